"""Who is answerable for a resident."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from safehouse.web.forms import ChoiceField, ChoicesField, PageForm

YES, NO = "yes", "no"


class AssignmentForm(PageForm):
    """`caseworker` is the ref of an account and one of her disciplines: `<ref>:<discipline>`."""

    who = ChoicesField(_l("For whom?"), [DataRequired()], coerce=uuid.UUID)
    caseworker = ChoiceField(_l("Caseworker"), [DataRequired()])
    coordinator = ChoiceField(
        _l("Does she coordinate?"),
        [DataRequired()],
        choices=((YES, _l("Yes")), (NO, _l("No"))),
        description=_l("One coordinator for each resident. A new one takes over from the one before."),
    )
