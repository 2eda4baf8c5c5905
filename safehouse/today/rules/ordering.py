"""In which order a day is worked, and which row is now."""

import datetime as dt
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from safehouse.gathered import Duty
from safehouse.today.rules.clocks import State, state_of


def in_order(duties: Iterable[Duty]) -> list[Duty]:
    """As they fall due; of two at one moment always the same one first."""
    return sorted(duties, key=lambda one: (one.due_at, one.kind, one.number or 0, one.code or "", one.subject))


def now_row(ordered: Sequence[Duty], now: dt.datetime, unit_zone: ZoneInfo) -> Duty | None:
    """The one row to begin with: what is late longest, else what is due next today. Nothing due today: none."""
    first = next(iter(ordered), None)
    if first is None or state_of(first, now, zone_of(first, unit_zone)) not in {State.OVERDUE, State.TODAY}:
        return None
    return first


def zone_of(duty: Duty, unit_zone: ZoneInfo) -> ZoneInfo:
    """The zone of its house; that of the unit for what belongs to no house."""
    return ZoneInfo(duty.time_zone) if duty.time_zone else unit_zone
