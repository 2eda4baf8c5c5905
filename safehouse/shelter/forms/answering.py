"""Answering a referral."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from safehouse.shelter.choices import AnswerKind, RefusalGround, WaitingPlace
from safehouse.shelter.words import REFUSAL_GROUNDS, WAITING_PLACES
from safehouse.web.forms import ChoiceField, DayField, PageForm

NEW, DECLINED = "new", "declined"
ANSWERS = (
    (
        AnswerKind.ACCEPTED,
        _l("Accept"),
        _l("You choose the beds on the next page. They are held for some hours."),
    ),
    (
        AnswerKind.WAITING,
        _l("Ask to wait"),
        _l("No place fits yet. The referral keeps its position and is called again on a day."),
    ),
    (
        AnswerKind.REFUSED,
        _l("Cannot be accepted"),
        _l("Needs a reason and where she is sent on to. Nobody is turned away without another way."),
    ),
)


class AnswerForm(PageForm):
    """Which fields are needed depends on the answer; what belongs to another answer may be filled in and is kept."""

    kind = ChoiceField(_l("Answer"), [DataRequired()], choices=ANSWERS, coerce=AnswerKind)
    call_again = DayField(_l("Call again at the latest on"))
    waiting_place = ChoiceField(_l("Until then she is"), choices=tuple(WAITING_PLACES.items()), coerce=WaitingPlace)
    ground = ChoiceField(
        _l("Reason"), choices=[("", _l("Choose a reason")), *REFUSAL_GROUNDS.items()], coerce=RefusalGround
    )
    onward = ChoiceField(_l("Sent on to"))
    new_agency = StringField(
        _l("Another agency"),
        [Length(max=120)],
        description=_l("Only if it is not in the list. Name of the agency, never of a person."),
    )
    asked = HiddenField()
    sure = BooleanField(_l("Yes, save this answer all the same"))

    def offer(self, agencies: Sequence[tuple[uuid.UUID, str]]) -> None:
        """The agencies of the address book, a way to name another one, and her own refusal to be sent on."""
        choices: list[Any] = [("", _("Choose where to"))]
        choices += [(str(ref), name) for ref, name in agencies]
        choices += [(NEW, _("Another agency, written below")), (DECLINED, _("She does not want to be sent on"))]
        self.onward.choices = choices
