"""A chat message that was pasted."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.web.forms import PageForm


class PasteForm(PageForm):
    text = TextAreaField(
        _l("The message"),
        [DataRequired(), Length(max=4000)],
        description=_l("Paste it whole. It is sealed; only how many people, ages and needs are taken from it."),
    )
    bed = HiddenField()
