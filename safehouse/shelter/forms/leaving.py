"""What is asked after somebody left: by the manager about her safety, by everybody about the children who stay."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired

from safehouse.shelter.forms.stays import WhoForm
from safehouse.web.forms import ChoiceField, ChoicesField, PageForm

YES, NO = "yes", "no"


class ReviewForm(PageForm):
    """Neither answer is ever filled in beforehand."""

    safety_plan = ChoiceField(
        _l("Does she have a safety plan?"),
        [DataRequired()],
        choices=((YES, _l("Yes, she knows whom to call and where to go")), (NO, _l("No, or nobody knows"))),
    )
    own_choice = ChoiceField(
        _l("Did she choose this herself?"),
        [DataRequired()],
        choices=((YES, _l("Yes, she said so herself")), (NO, _l("No, or nobody knows"))),
    )


class LookedAfterForm(WhoForm):
    who = ChoicesField(_l("Which children?"), [DataRequired()], coerce=uuid.UUID)
    caregiver = ChoiceField(_l("Who looks after them?"), [DataRequired()], coerce=uuid.UUID)
