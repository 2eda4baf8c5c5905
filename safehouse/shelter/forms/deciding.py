"""The head's answer about a family: placed, or not, in her own words."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.web.forms import ChoiceField, PageForm

PLACE, REFUSE = "place", "refuse"


class DecisionForm(PageForm):
    answer = ChoiceField(
        _l("The decision"),
        [DataRequired()],
        choices=(
            (PLACE, _l("The family is placed")),
            (
                REFUSE,
                _l("The family cannot be placed here"),
                _l("Nobody has to leave because of it. An onward place is looked for first."),
            ),
        ),
    )
    words = TextAreaField(
        _l("Reasons and conditions"),
        [Length(max=1000)],
        description=_l("Needed when the family cannot be placed: why, and who looks for the next place."),
    )
