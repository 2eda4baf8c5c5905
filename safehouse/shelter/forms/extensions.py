"""More days: what is asked for them, and how they are answered."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.residents.rules.danger import Answer, DangerGround
from safehouse.shelter.choices import ExtensionAnswer, ExtensionReason, OwnWish
from safehouse.shelter.forms.stays import WhoForm
from safehouse.shelter.rules.screening import Part
from safehouse.shelter.screening_in_words import PARTS
from safehouse.shelter.words import EXTENSION_REASONS, OWN_WISHES
from safehouse.web.forms import ChoiceField, DayField, PageForm

# The same six questions, in the same words, as in the screening.
DANGER_NOW = {ground: PARTS[Part(ground.value)] for ground in DangerGround}
ANSWERS = {Answer.YES: _l("Yes"), Answer.NO: _l("No"), Answer.UNKNOWN: _l("Not known yet")}


class ExtensionForm(WhoForm):
    """The six questions of danger are asked only when the last assessment no longer counts; nothing of them, and not
    what she herself wants, is ever filled in beforehand."""

    reason = ChoiceField(
        _l("Main reason"), [DataRequired()], choices=tuple(EXTENSION_REASONS.items()), coerce=ExtensionReason
    )
    until = DayField(_l("Until"), [DataRequired()])
    # Asked for only where the day is far away; the view says so.
    far = BooleanField(_l("Yes, so many days are needed"))
    own_wish = ChoiceField(
        _l("What she herself wants"), [DataRequired()], choices=tuple(OWN_WISHES.items()), coerce=OwnWish
    )
    done = TextAreaField(_l("What was done so far"), [DataRequired(), Length(max=1000)])
    way_home = TextAreaField(
        _l("Plan for going home"),
        [Length(max=1000)],
        description=_l("Where to, when, what is still missing. Needed from the second extension on."),
    )

    def without_danger(self) -> None:
        for ground in DangerGround:
            del self[danger_field(ground)]

    def danger(self) -> dict[DangerGround, Answer]:
        """What was answered; empty when it was not asked."""
        return {ground: self[danger_field(ground)].data for ground in DangerGround if danger_field(ground) in self}


def danger_field(ground: DangerGround) -> str:
    return f"danger_{ground}"


for _ground, _question in DANGER_NOW.items():
    setattr(
        ExtensionForm,
        danger_field(_ground),
        ChoiceField(_question, [DataRequired()], choices=tuple(ANSWERS.items()), coerce=Answer),
    )


class DecisionForm(PageForm):
    """`danger_seen` is the assessment the page showed: a newer one is looked at before days are granted."""

    danger_seen = HiddenField()
    answer = ChoiceField(_l("Decision"), [DataRequired()], coerce=ExtensionAnswer)
    until = DayField(_l("Another day"), description=_l("Only for fewer days than asked."))
    words = TextAreaField(
        _l("Words for the one who asked"),
        [Length(max=1000)],
        description=_l("Needed when you refuse or ask for more. A refusal says where she can go instead."),
    )
