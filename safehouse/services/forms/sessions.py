"""What is said of a session: everything usual is filled in, so that the shortest one is one press."""

import uuid
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from safehouse.services.choices import Attendance, Progress, SessionKind, SessionPlace
from safehouse.services.rules.sessions import LENGTHS, USUAL_LENGTH
from safehouse.services.words import ATTENDANCES, PROGRESS, SESSION_PLACES
from safehouse.web.forms import ChoiceField, ClockField, DayField, PageForm


class SessionForm(PageForm):
    """`kind` and `agreed` are offered by the view. `minutes` counts where it is written, else `length`."""

    agreed = ChoiceField(
        _l("Was it agreed before?"),
        coerce=uuid.UUID,
        description=_l("What you write here settles the appointment as well."),
    )
    attendance = ChoiceField(
        _l("Attendance"),
        [DataRequired()],
        choices=tuple(ATTENDANCES.items()),
        coerce=Attendance,
        default=Attendance.ATTENDED,
    )
    length = ChoiceField(
        _l("Length"),
        choices=[(str(n), _l("%(n)s minutes", n=n)) for n in LENGTHS],
        coerce=int,
        default=USUAL_LENGTH,
    )
    minutes = IntegerField(_l("Another length, in minutes"))
    day = DayField(_l("Day of the session"), [DataRequired()])
    clock = ClockField(_l("Began at"), [InputRequired()], description=_l("For example 09.30"))
    kind = ChoiceField(_l("Kind of session"), [DataRequired()], coerce=SessionKind)
    place = ChoiceField(
        _l("Place"),
        [DataRequired()],
        choices=tuple(SESSION_PLACES.items()),
        coerce=SessionPlace,
        default=SessionPlace.HOUSE,
    )
    next_day = DayField(_l("Next session"))
    next_clock = ClockField(_l("At what time?"), description=_l("For example 09.30"))
    ready = BooleanField(_l("Ready to live among others again"))
    note = TextAreaField(_l("Note"), [Length(max=4000)])

    def goals(self) -> list[ChoiceField]:
        """What is said of each goal, in the order of the page."""
        return [field for field in self if field.name.startswith(GOAL)]

    def said_of(self, goal: uuid.UUID) -> ChoiceField:
        field: ChoiceField = self[goal_field(goal)]
        return field


GOAL = "goal_"


def goal_field(goal: uuid.UUID) -> str:
    """The name of the field of this goal: by the goal and not by its place, so that a goal that was ended or added
    meanwhile never moves another."""
    return f"{GOAL}{goal.hex}"


def session_form(goals: Sequence[uuid.UUID]) -> type[SessionForm]:
    """The form with one question for each of these goals; what they are called is put in by the view once opened."""
    return type(
        "SessionFormOfAPlan",
        (SessionForm,),
        {
            goal_field(goal): ChoiceField(
                "",
                [DataRequired()],
                choices=tuple(PROGRESS.items()),
                coerce=Progress,
                default=Progress.NOT_DISCUSSED,
            )
            for goal in goals
        },
    )


class NoteForm(PageForm):
    words = TextAreaField(_l("Note"), [DataRequired(), Length(max=4000)])
