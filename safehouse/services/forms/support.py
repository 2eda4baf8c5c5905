"""Goods, training or a start she was given."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from safehouse.services.choices import Funding, SupportKind
from safehouse.services.words import FUNDINGS, SUPPORTS
from safehouse.web.forms import ChoiceField, DayField, PageForm, RupiahField


class SupportForm(PageForm):
    """`agency` is the ref of an agency."""

    kind = ChoiceField(
        _l("What was she given?"), [DataRequired()], choices=[("", _l("Choose")), *SUPPORTS.items()], coerce=SupportKind
    )
    words = StringField(_l("More about it"), [Length(max=200)], description=_l("For example: sewing course, ten days."))
    on_day = DayField(_l("On which day?"), [DataRequired()])
    agency = ChoiceField(_l("Which agency gave it?"))
    cost = RupiahField(
        _l("Cost to the unit, in rupiah"), description=_l("For the accounts only. She is never charged.")
    )
    funding = ChoiceField(
        _l("Who pays?"), [DataRequired()], choices=[("", _l("Choose")), *FUNDINGS.items()], coerce=Funding
    )
