"""How near a duty is, in units people use. Never more time than there is: what is left is rounded down."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from safehouse.gathered import Duty

# Up to here hours are counted: a clock of 3 x 24 hours is told in hours from its beginning.
HOURS_LEFT = dt.timedelta(hours=72)
HOURS_OVER = dt.timedelta(hours=48)
AN_HOUR = dt.timedelta(hours=1)
A_DAY = dt.timedelta(days=1)
SOON = dt.timedelta(days=7)


class State(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"  # within seven days
    LATER = "later"


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Span:
    """So much time, in one unit. Nought is less than a minute, or the day itself."""

    n: int
    unit: Unit


def state_of(duty: Duty, now: dt.datetime, zone: ZoneInfo) -> State:
    """`zone` is that of the duty's house. What is due at this very moment is due today."""
    if duty.due_at < now:
        return State.OVERDUE
    days = days_until(duty.due_at, now, zone)
    if days == 0:
        return State.TODAY
    return State.SOON if days <= SOON.days else State.LATER


def days_until(due_at: dt.datetime, now: dt.datetime, zone: ZoneInfo) -> int:
    """Local days from today to the day it is due; negative when that day has passed."""
    return (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days


def span_of(duty: Duty, now: dt.datetime, zone: ZoneInfo) -> Span:
    """How long until it is late, or how long it has been. A duty for a whole day is counted in days."""
    if duty.all_day:
        return Span(abs(days_until(duty.due_at, now, zone)), Unit.DAYS)
    late = duty.due_at < now
    return in_units(abs(duty.due_at - now), hours_up_to=HOURS_OVER if late else HOURS_LEFT)


def in_units(length: dt.timedelta, *, hours_up_to: dt.timedelta = HOURS_OVER) -> Span:
    """A length of time, rounded down."""
    if length < AN_HOUR:
        return Span(int(length.total_seconds() // 60), Unit.MINUTES)
    if length <= hours_up_to:
        return Span(length // AN_HOUR, Unit.HOURS)
    return Span(length // A_DAY, Unit.DAYS)
