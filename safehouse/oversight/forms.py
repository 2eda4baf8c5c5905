"""Choosing what to see of the record."""

from flask_babel import lazy_gettext as _l

from safehouse.oversight.rules import Kind
from safehouse.oversight.words import KINDS
from safehouse.web.forms import ChoiceField, DayField, PageForm


class TrailFilter(PageForm):
    account = ChoiceField(_l("Account"))
    kind = ChoiceField(_l("Act"), coerce=Kind, choices=[("", _l("All")), *KINDS.items()])
    since = DayField(_l("Since"))
    until = DayField(_l("Until"))
