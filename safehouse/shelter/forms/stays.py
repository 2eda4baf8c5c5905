"""What is asked about someone who lives here: another bed, a planned exit, out of the house, back, gone."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from safehouse.shelter.choices import Destination, LeaveKind
from safehouse.shelter.words import DESTINATIONS, LEAVE_KINDS
from safehouse.web.forms import ChoiceField, ChoicesField, ClockField, DayField, PageForm


class MoveForm(PageForm):
    """`place` is the ref of a bed, or `mattress:` and the ref of a room."""

    place = ChoiceField(_l("New place"), [DataRequired()])
    day = DayField(_l("Date of the move"), [DataRequired()])
    clock = ClockField(_l("At"), [InputRequired()])
    # Asked for only when the chosen place is advised against; the view says so.
    reason = TextAreaField(
        _l("Why this place all the same?"),
        [Length(max=500)],
        description=_l("The resident's own wish, what else was tried, until when."),
    )
    second_name = StringField(_l("User name of the colleague beside you"), [Length(max=40)])
    second_code = StringField(
        _l("Her current code"), [Length(max=12)], description=_l("She types it herself. It is used up by this.")
    )


class WhoForm(PageForm):
    """Asks who of a household is meant; the view takes the question out where there is nothing to choose."""

    who = ChoicesField(_l("Who?"), [DataRequired()], coerce=uuid.UUID)


class PlannedExitForm(WhoForm):
    day = DayField(_l("To leave by"), [DataRequired()])


class CaredForm(WhoForm):
    """Asks who looks after children who stay; the view takes the question out where there are none."""

    caregiver = ChoiceField(
        _l("Who looks after the children who stay?"),
        coerce=uuid.UUID,
        description=_l("Needed when an adult goes and children of hers stay in the house."),
    )


class LeaveForm(CaredForm):
    who = ChoicesField(_l("Tick who goes"), [DataRequired()], coerce=uuid.UUID)
    kind = ChoiceField(_l("Where to?"), [DataRequired()], choices=tuple(LEAVE_KINDS.items()), coerce=LeaveKind)
    day = DayField(_l("Out since"), [DataRequired()])
    clock = ClockField(_l("At"), [InputRequired()])
    due_day = DayField(_l("Expected back"), [DataRequired()])
    due_clock = ClockField(_l("Expected at"), [InputRequired()])


class WithoutNoticeForm(CaredForm):
    day = DayField(_l("Last seen on"), [DataRequired()])
    clock = ClockField(_l("At"), [InputRequired()])


class BackForm(WhoForm):
    day = DayField(_l("Back on"), [DataRequired()])
    clock = ClockField(_l("At"), [InputRequired()])


class DepartureForm(WhoForm):
    """The view takes the question about children out where none could stay alone."""

    who = ChoicesField(_l("Tick who goes"), [DataRequired()], coerce=uuid.UUID)
    children_stay = BooleanField(
        _l("The children stay here without an adult of their own"),
        description=_l("Only if it is so. Her caseworker and the managers are told at once."),
    )
    place_kind = ChoiceField(
        _l("Goes to"),
        [DataRequired()],
        coerce=Destination,
        choices=[("", _l("Choose a kind of place")), *DESTINATIONS.items()],
    )
    # Asked for only where she goes back to him; the view says why. Whoever records it can always tick it.
    back_to_him = BooleanField(
        _l("I have read this"),
        description=_l("A manager looks at it afterwards. She may always come back."),
    )
    day = DayField(_l("Left on"), [DataRequired()])
    clock = ClockField(_l("At"), [InputRequired()])
