"""What the closed lists of this folder are called on screen."""

from flask_babel import lazy_gettext as _l

from safehouse.residents.models import Sex

SEXES = {
    Sex.FEMALE: _l("Female"),
    Sex.MALE: _l("Male"),
}
