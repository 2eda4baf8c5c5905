"""The agenda: seven days of appointments, and one of them on paper for whoever goes along."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.access.current import as_ref, now, signed
from safehouse.access.guard import needs
from safehouse.access.permissions import Permission, Role
from safehouse.database import session
from safehouse.services.queries.appointments import Line, agenda, living_by_alias, waiting_for_a_word
from safehouse.services.rules.appointments import A_WEEK, FARTHEST
from safehouse.services.views.appointments_in_words import span, weekday, written
from safehouse.services.words import APPOINTMENT_PLACES
from safehouse.web.language import today

pages = Blueprint("agenda", __name__)

# So many weeks back and ahead can be chosen from the list; every other is reached by turning pages.
WEEKS_BACK, WEEKS_AHEAD = 4, 12


@pages.get("/agenda")
@needs(Permission.AGENDA_READ)
def week() -> ResponseReturnValue:
    """Seven days from the one in the address, or from today; of everybody she may see, or of one. Three statements."""
    person = signed()
    this_day = today()
    first = chosen_day(request.args.get("day"), this_day)
    last = first + dt.timedelta(days=A_WEEK - 1)
    resident = as_ref(request.args.get("resident"))
    account_id, role = person.account_id, person.role
    lines = agenda(session, account_id=account_id, role=role, first=first, last=last, resident=resident)
    waiting = waiting_for_a_word(session, account_id=account_id, role=role, now=now())
    people = living_by_alias(session, account_id=account_id, role=role)
    days = [(day, [written(one) for one in those]) for day, those in _by_day(lines)]
    return render_template(
        "services/agenda.html",
        title=_("Agenda %(days)s", days=span(first, last)),
        lead=lead(lines),
        days=[(weekday(day), day, rows) for day, rows in days],
        # What waits from days before stands on the page of this week, where she looks first.
        waiting=[written(one) for one in waiting if one.day < first] if first == this_day and not resident else [],
        presses=[one.ref for one in lines if one.planned and one.at <= now()],
        people=people,
        resident=resident,
        mine=role is Role.CASEWORKER,
        first=first,
        weeks=_weeks(this_day, first),
        before=url_for("agenda.week", day=first - dt.timedelta(days=A_WEEK), resident=resident),
        after=url_for("agenda.week", day=first + dt.timedelta(days=A_WEEK), resident=resident),
        this_week=first == this_day,
        choose="choose" in request.args,
    )


@pages.get("/agenda/sheet")
@needs(Permission.AGENDA_READ)
def sheet() -> ResponseReturnValue:
    """One day on paper: alias, clock, place and way. What an appointment is for stands on no paper, nor a code, nor a
    house."""
    person = signed()
    day = chosen_day(request.args.get("day"), today())
    lines = agenda(session, account_id=person.account_id, role=person.role, first=day, last=day)
    return render_template(
        "services/agenda_sheet.html",
        day=day,
        heading=weekday(day),
        # Of an agency the name could say what for.
        rows=[(written(one), APPOINTMENT_PLACES[one.place]) for one in lines if one.planned],
    )


def lead(lines: Iterable[Line]) -> str:
    """How many there are, and for how many of them something is still to be found."""
    lines = list(lines)
    if not lines:
        return _("Nothing is agreed for these days.")
    said = [ngettext("%(num)s appointment.", "%(num)s appointments.", len(lines))]
    if cars := sum(one.without_transport for one in lines):
        said.append(ngettext("%(num)s has no transport yet.", "%(num)s have no transport yet.", cars))
    if alone := sum(one.without_companion for one in lines):
        said.append(ngettext("%(num)s has nobody to go along yet.", "%(num)s have nobody to go along yet.", alone))
    return " ".join(said)


def chosen_day(text: str | None, this_day: dt.date) -> dt.date:
    """The day in the address; today where there is none, or one that is no day or too far away."""
    try:
        day = dt.date.fromisoformat(text or "")
    except ValueError:
        return this_day
    return day if abs(day - this_day) <= FARTHEST else this_day


def _by_day(lines: list[Line]) -> Iterable[tuple[dt.date, list[Line]]]:
    # In houses with other clocks the same moment is another day; within a day the order of the moments stays.
    ordered = sorted(lines, key=lambda one: one.day)
    return [(day, list(those)) for day, those in groupby(ordered, key=lambda one: one.day)]


def _weeks(this_day: dt.date, first: dt.date) -> list[tuple[dt.date, str]]:
    """The weeks to choose from, with the one that is shown."""
    begins = {this_day + dt.timedelta(days=A_WEEK * n) for n in range(-WEEKS_BACK, WEEKS_AHEAD + 1)} | {first}
    return [(one, span(one, one + dt.timedelta(days=A_WEEK - 1))) for one in sorted(begins)]


def back_to_agenda(text: str | None) -> str | None:
    """The page of the agenda a press came from, as its form says; None where it came from elsewhere."""
    if text is None:
        return None
    return str(chosen_day(text, today()))
