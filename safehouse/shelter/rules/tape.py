"""The tape chart: one row a bed, one column a night, what every night of a bed is. A night has the date it begins on.

All days are the house's own. The day somebody leaves is no night of hers and is not drawn.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from operator import itemgetter
from typing import NamedTuple

from safehouse.shelter.rules.board import BedRow, ClosureRow, HoldRow, HouseNow, LeaveRow, RoomRow, StayRow

NIGHTS = 14
A_DAY = dt.timedelta(days=1)


class Paint(IntEnum):
    """What a night is, from the bottom up: what comes later hides what comes before."""

    HELD = 1
    SHUT = 2
    STAY = 3
    OVER = 4  # past the agreed last day
    AWAY = 5


class Span(NamedTuple):
    """Nights of one kind, side by side. Without `paint` the bed is free.

    `before` and `after` say that what is drawn goes on outside the chart; `named` marks the first span of a stay.
    """

    nights: int
    paint: Paint | None = None
    source: StayRow | HoldRow | ClosureRow | None = None
    before: bool = False
    after: bool = False
    named: bool = False


class TapeRow(NamedTuple):
    """`sharing`: a child's nights in the bed of the row above."""

    room: RoomRow
    bed: BedRow
    sharing: bool
    spans: tuple[Span, ...]

    @property
    def empty(self) -> bool:
        return self.spans == NOTHING


class _Layer(NamedTuple):
    """Nights from `start` up to but not including `end`; `of_start` and `of_end` are those of the whole stay."""

    paint: Paint
    source: StayRow | HoldRow | ClosureRow
    start: dt.date
    end: dt.date
    of_start: dt.date
    of_end: dt.date


FREE = tuple(Span(nights) for nights in range(NIGHTS + 1))
NOTHING = (FREE[NIGHTS],)
PAINT = START = itemgetter(0)


def monday_of(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def tape(
    house: HouseNow, stays: Mapping[int, Sequence[StayRow]], closures: Sequence[ClosureRow], *, first: dt.date
) -> tuple[TapeRow, ...]:
    """The rows of one house for the 14 nights from `first`. A bed that is gone has a row while somebody slept in it."""
    rows: list[TapeRow] = []
    for room in house.row.rooms:
        for bed in room.beds:
            of_bed = stays.get(bed.id, ())
            layers = [_shut(one, house) for one in closures if one.bed_id == bed.id or one.room_id == room.id]
            if bed.hold:
                layers.append(_held(bed.hold, house))
            for stay in of_bed:
                if not stay.sharing:
                    layers += _layers_of(stay, house)
            row = TapeRow(room, bed, False, _spans(layers, first))
            if not row.empty or not (bed.removed or room.removed):
                rows.append(row)
            if of_bed and of_bed[-1].sharing:  # who shares comes after whoever has the bed
                shared = _side_by_side([_layers_of(stay, house) for stay in of_bed if stay.sharing])
                beside = [TapeRow(room, bed, True, _spans(layers, first)) for layers in shared]
                rows += [row for row in beside if not row.empty]
    return tuple(rows)


def _layers_of(stay: StayRow, house: HouseNow) -> list[_Layer]:
    zone, last = house.row.zone, stay.planned_exit
    start = stay.started_at.astimezone(zone).date()
    if stay.ended_at is not None:
        end = stay.ended_at.astimezone(zone).date()
    else:
        # Who stays past the agreed day has the bed tonight; for how long after that nobody has said.
        end = last if last >= house.today else house.today + A_DAY
    layers = [_Layer(Paint.STAY, stay, start, end, start, end)]
    if last < end:
        layers.append(_Layer(Paint.OVER, stay, max(start, last), end, start, end))
    for leave in stay.leaves:
        away, back = _nights_away(leave, house)
        layers.append(_Layer(Paint.AWAY, stay, max(start, away), min(end, back), start, end))
    return layers


def _nights_away(leave: LeaveRow, house: HouseNow) -> tuple[dt.date, dt.date]:
    away = leave.from_at.astimezone(house.row.zone).date()
    if leave.back_at is not None:
        return away, leave.back_at.astimezone(house.row.zone).date()
    due = leave.due_back.astimezone(house.row.zone).date()
    # Nobody is back before she is back: tonight is a night away, however long ago she was due.
    return away, due if due >= house.today else house.today + A_DAY


def _held(hold: HoldRow, house: HouseNow) -> _Layer:
    """A hold lasts hours: it is drawn for tonight, longer only when it runs past another midnight."""
    end = max(house.today + A_DAY, hold.expires_at.astimezone(house.row.zone).date())
    return _Layer(Paint.HELD, hold, house.today, end, house.today, end)


def _shut(one: ClosureRow, house: HouseNow) -> _Layer:
    end = one.last_day + A_DAY if one.last_day else dt.date.max
    if one.ended_at is not None:
        end = min(end, one.ended_at.astimezone(house.row.zone).date())
    return _Layer(Paint.SHUT, one, one.first_day, end, one.first_day, end)


def _side_by_side(stays: Sequence[Sequence[_Layer]]) -> list[list[_Layer]]:
    """Children who share a bed at the same time stand in rows of their own; one after the other in the same row."""
    rows: list[list[_Layer]] = []
    for layers in stays:
        whole = layers[0]
        free = next(
            (row for row in rows if all(one.of_end <= whole.start or one.of_start >= whole.end for one in row)), None
        )
        if free is None:
            rows.append(list(layers))
        else:
            free.extend(layers)
    return rows


def _spans(layers: Iterable[_Layer], first: dt.date) -> tuple[Span, ...]:
    """Layer upon layer: each cuts out of those below it what it hides."""
    runs: list[tuple[int, int, _Layer]] = []
    for layer in sorted(layers, key=PAINT):
        start, end = max(0, (layer.start - first).days), min(NIGHTS, (layer.end - first).days)
        if start >= end:
            continue
        seen = []
        for run_start, run_end, below in runs:
            if run_start < start:
                seen.append((run_start, min(run_end, start), below))
            if run_end > end:
                seen.append((max(run_start, end), run_end, below))
        runs = [*seen, (start, end, layer)]
    if not runs:
        return NOTHING
    runs.sort(key=START)
    spans: list[Span] = []
    named: list[object] = []
    at = 0
    for start, end, layer in runs:
        if at < start:
            spans.append(FREE[start - at])
        source = layer.source
        before = start == 0 and layer.of_start < first
        after = end == NIGHTS and layer.of_end > first + NIGHTS * A_DAY
        new = all(one is not source for one in named)
        spans.append(Span(end - start, layer.paint, source, before, after, new))
        named.append(source)
        at = end
    if at < NIGHTS:
        spans.append(FREE[NIGHTS - at])
    return tuple(spans)
