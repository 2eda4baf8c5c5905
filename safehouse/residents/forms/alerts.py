"""A note that changes what staff do."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from safehouse.residents.models import AlertKind
from safehouse.residents.words import ALERT_KINDS
from safehouse.web.forms import ChoiceField, PageForm


class AlertForm(PageForm):
    kind = ChoiceField(
        _l("Kind of note"),
        [DataRequired()],
        choices=[(kind, ALERT_KINDS[kind]) for kind in (AlertKind.DO, AlertKind.NEVER)],
        coerce=AlertKind,
    )
    words = StringField(
        _l("What staff do or never do"),
        [DataRequired(), Length(max=160)],
        description=_l("One act in one sentence. Not what happened to her."),
    )
