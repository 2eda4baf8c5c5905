"""Appointments as they are written on pages: what for, where, when, by the clock of the house."""

import datetime as dt
from dataclasses import dataclass

from babel.dates import format_date
from flask_babel import gettext as _

from safehouse.services.choices import AppointmentKind, Transport
from safehouse.services.queries.appointments import Line
from safehouse.services.words import (
    APPOINTMENT_KINDS,
    APPOINTMENT_LOOKS,
    APPOINTMENT_PLACES,
    APPOINTMENT_STATES,
    CHILDREN,
    DOMAINS,
    MISSED_ANSWERS,
    SAFE_WAYS,
    TRANSPORTS,
)
from safehouse.web.language import clock_there, language


@dataclass(frozen=True, slots=True)
class Written:
    """One appointment in words. An empty companion or transport is still to be found."""

    line: Line
    day: str  # Saturday 21 November
    begins: str
    ends: str
    what: str
    where: str
    companion: str
    transport: str
    way: str
    children: str
    state: str
    look: tuple[str, str]
    answer: str


def written(line: Line) -> Written:
    return Written(
        line,
        day=weekday(line.day),
        begins=clock_there(line.at, line.zone),
        ends=clock_there(line.ends_at, line.zone),
        what=what_for(line),
        where=line.agency or str(APPOINTMENT_PLACES[line.place]),
        companion=company(line),
        transport="" if line.transport is Transport.NOT_YET else str(TRANSPORTS[line.transport]),
        way=str(SAFE_WAYS[line.safe_way]),
        children=str(CHILDREN[line.children]),
        state=str(APPOINTMENT_STATES[line.state]),
        look=APPOINTMENT_LOOKS[line.state],
        answer=str(MISSED_ANSWERS[line.answer]) if line.answer else "",
    )


def what_for(line: Line) -> str:
    """Its kind for whoever may read it, otherwise the domain alone."""
    if line.kind is None or line.kind is AppointmentKind.OTHER:
        return str(DOMAINS[line.domain])
    return str(APPOINTMENT_KINDS[line.kind])


def company(line: Line) -> str:
    if line.companion:
        return line.companion
    if line.alone:
        return _("She chose to go alone")
    return "" if line.without_companion else _("Nobody needed")


def weekday(day: dt.date) -> str:
    """Saturday 21 November."""
    return format_date(day, "EEEE d MMMM", locale=language())


def span(first: dt.date, last: dt.date) -> str:
    """21 to 27 November."""
    pattern = "d" if (first.year, first.month) == (last.year, last.month) else "d MMMM"
    begins = format_date(first, pattern, locale=language())
    return _("%(first)s to %(last)s", first=begins, last=format_date(last, "d MMMM", locale=language()))
