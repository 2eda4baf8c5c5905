"""The review every three months, its answer, and a report by name."""

import uuid
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import FormField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.services.choices import NextPlan, Overall, RecommendationOutcome
from safehouse.services.rules.reviewing import MOST_RECOMMENDATIONS, Court
from safehouse.services.words import COURTS, NEXT_PLANS, OVERALL, RECOMMENDATION_OUTCOMES
from safehouse.web.forms import ChoiceField, DayField, PageForm, RowsField

ROWS = 3
EARLIER = "earlier_"


class RecommendationForm(PageForm):
    words = StringField(_l("What is advised?"), [DataRequired(), Length(max=300)])
    responsible = ChoiceField(_l("Who sees to it?"), [DataRequired()], coerce=uuid.UUID)
    due = DayField(_l("By when?"), [DataRequired()])


class ReviewForm(PageForm):
    """A draft may leave everything open; what handing in needs, the view asks for."""

    own_words = TextAreaField(
        _l("In her own words"),
        [Length(max=1500)],
        description=_l("Read it back to her before you save. She may say nothing."),
    )
    family = TextAreaField(_l("Family and surroundings"), [Length(max=1500)])
    overall = ChoiceField(_l("As a whole"), choices=tuple(OVERALL.items()), coerce=Overall)
    conclusion = TextAreaField(_l("Conclusion"), [Length(max=3000)])
    next_plan = ChoiceField(_l("What comes next"), choices=tuple(NEXT_PLANS.items()), coerce=NextPlan)
    advised = RowsField(
        FormField(RecommendationForm),
        _l("Recommendations"),
        each=_l("Recommendation %(n)s"),
        min_entries=ROWS,
        max_entries=MOST_RECOMMENDATIONS,
    )


def review_form(earlier: Sequence[uuid.UUID]) -> type[ReviewForm]:
    """The form with a question for each earlier recommendation."""
    fields = {
        f"{EARLIER}{ref.hex}": ChoiceField(
            "", choices=tuple(RECOMMENDATION_OUTCOMES.items()), coerce=RecommendationOutcome
        )
        for ref in earlier
    }
    return type("ReviewFormWithEarlier", (ReviewForm,), fields)


APPROVE, SEND_BACK = "approve", "send_back"


class ReviewAnswerForm(PageForm):
    answer = ChoiceField(
        _l("Your answer"),
        [DataRequired()],
        choices=((APPROVE, _l("Approve the review")), (SEND_BACK, _l("Send it back to be completed"))),
    )
    words = TextAreaField(
        _l("Words to whoever wrote it"), [Length(max=600)], description=_l("Needed when you send it back.")
    )


class NamedForm(PageForm):
    court = ChoiceField(_l("For which court?"), [DataRequired()], choices=tuple(COURTS.items()), coerce=Court)


class CodeForm(PageForm):
    code = StringField(
        _l("Your current code"), [Length(max=12)], description=_l("From your phone. It is used up by this.")
    )


class NamedAnswerForm(PageForm):
    answer = ChoiceField(
        _l("Your answer"),
        [DataRequired()],
        choices=((APPROVE, _l("May be printed by name")), (SEND_BACK, _l("May not be printed by name"))),
    )
