"""In which order a day is worked, and which row is now."""

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import IntEnum
from zoneinfo import ZoneInfo

from safehouse.gathered import Duty
from safehouse.residents.rules.duties import POLICE_PRESSING
from safehouse.residents.rules.duties import DutyKind as Owed
from safehouse.shelter.rules.duties import DutyKind
from safehouse.today.rules.clocks import State, state_of


class Rank(IntEnum):
    """What comes before what, whatever has waited longer: first a person who is missing, last the house itself."""

    GONE = 0  # left without a word
    NOT_BACK = 1
    POLICE = 2  # a day and less until the police must know
    HOLD = 3  # a bed is about to be given up
    LATE = 4  # by the clock
    TODAY = 5  # due today, or on a whole day that is over
    HOUSE = 6  # the same, of beds and not of people
    LATER = 7


ALWAYS: dict[str, Rank] = {
    DutyKind.LEFT_WITHOUT_NOTICE: Rank.GONE,
    DutyKind.NOT_BACK: Rank.NOT_BACK,
    DutyKind.HOLD_ENDING: Rank.HOLD,
}
HOUSEKEEPING: frozenset[str] = frozenset({DutyKind.CLEAN})


def rank_of(duty: Duty, now: dt.datetime, unit_zone: ZoneInfo) -> Rank:
    """How much before the others this is done, as things are now."""
    if (always := ALWAYS.get(duty.kind)) is not None:
        return always
    if duty.kind == Owed.POLICE and duty.due_at - now <= POLICE_PRESSING:
        return Rank.POLICE
    state = state_of(duty, now, zone_of(duty, unit_zone))
    if state not in {State.OVERDUE, State.TODAY}:
        return Rank.LATER
    if duty.kind in HOUSEKEEPING:
        return Rank.HOUSE
    return Rank.LATE if state is State.OVERDUE and not duty.all_day else Rank.TODAY


def in_order(duties: Iterable[Duty], now: dt.datetime, unit_zone: ZoneInfo) -> list[Duty]:
    """By what comes before what, then as they fall due; of two at one moment always the same one first."""
    return sorted(
        duties,
        key=lambda one: (
            rank_of(one, now, unit_zone),
            one.due_at,
            one.kind,
            one.number or 0,
            one.code or "",
            one.subject,
        ),
    )


def now_row(ordered: Sequence[Duty], now: dt.datetime, unit_zone: ZoneInfo) -> Duty | None:
    """The one row to begin with. Nothing late and nothing due today: none."""
    first = next(iter(ordered), None)
    return None if first is None or rank_of(first, now, unit_zone) is Rank.LATER else first


def zone_of(duty: Duty, unit_zone: ZoneInfo) -> ZoneInfo:
    """The zone of its house; that of the unit for what belongs to no house."""
    return ZoneInfo(duty.time_zone) if duty.time_zone else unit_zone
