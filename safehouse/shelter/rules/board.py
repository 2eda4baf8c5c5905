"""From rows to the board: what every bed is now, and the figures of its sentences. Nothing here knows a language.

What there is one of for each bed or person is a named tuple: those are made several times as fast as frozen objects.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from safehouse.indonesian import age_in_months
from safehouse.residents.rules.ageing import is_child
from safehouse.shelter.choices import BedKind, LeaveKind, RoomPurpose
from safehouse.shelter.rules.capacity import places_for_families, takes_any_family
from safehouse.shelter.rules.houses import BedState
from safehouse.shelter.rules.people import GIRLS_FROM_MONTHS, INFANT_MONTHS


class HoldRow(NamedTuple):
    """A hold that is live now."""

    number: int
    expires_at: dt.datetime


class BedRow(NamedTuple):
    """A bed that stands, or stood in the weeks that are shown (`removed`). `to_clean`: somebody left it and nobody has
    said that it is ready. `closed_since`: what stands beside it, being kept or to be cleaned, tells of somebody of whom
    the reader must know nothing."""

    id: int
    ref: str
    label: str
    kind: BedKind
    hold: HoldRow | None
    removed: bool
    to_clean: bool = False
    closed_since: dt.datetime | None = None


class RoomRow(NamedTuple):
    id: int
    label: str
    purpose: RoomPurpose
    ground_floor: bool
    wheelchair: bool
    isolation: bool
    removed: bool
    beds: tuple[BedRow, ...]


class HouseRow(NamedTuple):
    id: int
    name: str
    zone: ZoneInfo
    rooms: tuple[RoomRow, ...]


class LeaveRow(NamedTuple):
    kind: LeaveKind
    from_at: dt.datetime
    due_back: dt.datetime
    back_at: dt.datetime | None
    without_notice: bool = False
    caregiver: str | None = None  # of the children she left in the house


class StayRow(NamedTuple):
    """A bed period that is open now or touches the weeks that are shown. `opens`: the reader may open this person."""

    id: int
    bed_id: int
    ref: str
    alias: str
    code: str
    birth_month: dt.date | None
    of_age_on: dt.date | None
    sharing: bool
    started_at: dt.datetime
    ended_at: dt.datetime | None
    planned_exit: dt.date
    opens: bool
    leaves: tuple[LeaveRow, ...]


class ClosureRow(NamedTuple):
    """Local days, both included. `ended_at` is when somebody opened the room or bed again before its time."""

    room_id: int | None
    bed_id: int | None
    first_day: dt.date
    last_day: dt.date | None
    reason: str
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OtherHouse:
    """A house the reader does not work in: its free beds as (room, bed), without anybody."""

    name: str
    zone: ZoneInfo
    free: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class BoardRows:
    houses: tuple[HouseRow, ...]
    stays: tuple[StayRow, ...]
    closures: tuple[ClosureRow, ...]
    others: tuple[OtherHouse, ...]


class AgeGroup(StrEnum):
    """All a list says about age."""

    INFANT = "infant"
    CHILD = "child"
    TEENAGER = "teenager"
    ADULT = "adult"


class Sleeper(NamedTuple):
    """Who has the bed now. `leave` while she is away, `late` when she should have been back, `days_over` counted from
    the agreed last day."""

    stay: StayRow
    group: AgeGroup
    days_over: int
    leave: LeaveRow | None
    late: bool


class BedNow(NamedTuple):
    """One bed now. `closure` only where it decides the state; a sharing child comes after the woman whose bed it is."""

    row: BedRow
    state: BedState
    sleepers: tuple[Sleeper, ...]
    closure: ClosureRow | None

    @property
    def extra(self) -> bool:
        return self.row.kind is BedKind.MATTRESS


@dataclass(frozen=True, slots=True)
class Figures:
    """Beds are the beds of the house; cots are counted apart, and mattresses only when somebody lies on them."""

    beds: int = 0
    taken: int = 0
    free: int = 0
    held: int = 0
    closed: int = 0
    persons: int = 0
    extra: int = 0
    cots: int = 0
    cots_free: int = 0
    to_clean: int = 0  # of those that are free

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.beds + other.beds,
            self.taken + other.taken,
            self.free + other.free,
            self.held + other.held,
            self.closed + other.closed,
            self.persons + other.persons,
            self.extra + other.extra,
            self.cots + other.cots,
            self.cots_free + other.cots_free,
            self.to_clean + other.to_clean,
        )


class RoomNow(NamedTuple):
    row: RoomRow
    beds: tuple[BedNow, ...]


@dataclass(frozen=True, slots=True)
class HouseNow:
    """`today` is the date in the house, which may be ahead of the office's."""

    row: HouseRow
    today: dt.date
    rooms: tuple[RoomNow, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Board:
    """`overdue` names those past their agreed stay, adults before children and the longest first."""

    houses: tuple[HouseNow, ...]
    figures: Figures
    overdue: tuple[str, ...]
    places: Mapping[int, int]
    others: tuple[tuple[str, int], ...]


def board(rows: BoardRows, *, now: dt.datetime) -> Board:
    """The board at this moment."""
    open_stays = by_bed([stay for stay in rows.stays if stay.ended_at is None])
    houses = tuple(_house(house, open_stays, rows.closures, now) for house in rows.houses)
    sleepers = [one for house in houses for room in house.rooms for bed in room.beds for one in bed.sleepers]
    over = sorted(
        (one for one in sleepers if one.days_over), key=lambda one: (one.group is not AgeGroup.ADULT, -one.days_over)
    )
    return Board(
        houses,
        sum((house.figures for house in houses), Figures()),
        tuple(one.stay.alias for one in over),
        places_for_families(_free_for_a_family(houses)),
        tuple((other.name, _free_in(other, rows.closures, now)) for other in rows.others),
    )


# What stands beside a bed that is closed for one reader only: the reason most closures have.
NEUTRAL_REASON = "Perbaikan"


def without_a_trace(rows: BoardRows, denied: Sequence[StayRow]) -> BoardRows:
    """The board of someone who must know nothing of these stays: their beds are closed, now and then, and a mattress
    that was laid for one of them was never laid. No gap is left, in the beds or in the figures. A bed that is closed
    to her because of what stands beside it stays closed until that is over."""
    beds = {stay.bed_id for stay in denied}
    zones: dict[int, ZoneInfo] = {}
    houses = []
    closures = []
    for house in rows.houses:
        rooms = []
        for room in house.rooms:
            closures += [
                ClosureRow(None, bed.id, bed.closed_since.astimezone(house.zone).date(), None, NEUTRAL_REASON, None)
                for bed in room.beds
                if bed.closed_since is not None
            ]
            zones |= {bed.id: house.zone for bed in room.beds if bed.id in beds}
            kept = [bed for bed in room.beds if bed.id not in beds or bed.kind is not BedKind.MATTRESS]
            # What is to be cleaned or held for someone is nothing about a bed that is closed.
            rooms.append(
                room._replace(
                    beds=tuple(
                        bed._replace(hold=None, to_clean=False, closed_since=None)
                        if bed.closed_since is not None or (bed.id in beds and _is_open(bed, denied))
                        else bed
                        for bed in kept
                    )
                )
            )
        houses.append(house._replace(rooms=tuple(rooms)))
    for stay in denied:
        if (zone := zones.get(stay.bed_id)) is None:
            continue
        first = stay.started_at.astimezone(zone).date()
        last = None if stay.ended_at is None else stay.ended_at.astimezone(zone).date() - dt.timedelta(days=1)
        if last is None or last >= first:
            closures.append(ClosureRow(None, stay.bed_id, first, last, NEUTRAL_REASON, None))
    return BoardRows(tuple(houses), rows.stays, (*rows.closures, *closures), rows.others)


def _is_open(bed: BedRow, stays: Sequence[StayRow]) -> bool:
    return any(stay.bed_id == bed.id and stay.ended_at is None for stay in stays)


def by_bed(stays: Iterable[StayRow]) -> dict[int, list[StayRow]]:
    """Stays of each bed: whoever has the bed before those who share it, then the earlier before the later."""
    beds: dict[int, list[StayRow]] = {}
    for stay in sorted(stays, key=lambda stay: (stay.sharing, stay.started_at, stay.id)):
        beds.setdefault(stay.bed_id, []).append(stay)
    return beds


def age_group(birth_month: dt.date | None, of_age_on: dt.date | None, today: dt.date) -> AgeGroup:
    if birth_month is None or not is_child(birth_month, of_age_on, today):
        return AgeGroup.ADULT
    months = age_in_months(birth_month, today)
    if months < INFANT_MONTHS:
        return AgeGroup.INFANT
    return AgeGroup.TEENAGER if months >= GIRLS_FROM_MONTHS else AgeGroup.CHILD


def closures_on(day: dt.date, closures: Iterable[ClosureRow]) -> list[ClosureRow]:
    """What is out of use on this day; closures of beds before those of rooms."""
    shut = [
        one
        for one in closures
        if one.ended_at is None and one.first_day <= day and (one.last_day is None or one.last_day >= day)
    ]
    return sorted(shut, key=lambda one: one.bed_id is None)


def closure_of(room_id: int, bed_id: int, shut: Iterable[ClosureRow]) -> ClosureRow | None:
    """What keeps this bed out of use; the bed's own closure before that of its room."""
    for one in shut:
        if one.bed_id == bed_id or one.room_id == room_id:
            return one
    return None


def _house(
    house: HouseRow, stays: Mapping[int, Sequence[StayRow]], closures: Sequence[ClosureRow], now: dt.datetime
) -> HouseNow:
    today = now.astimezone(house.zone).date()
    shut = closures_on(today, closures)
    rooms = [
        RoomNow(
            room, tuple([_bed(room, bed, stays.get(bed.id), shut, today, now) for bed in room.beds if not bed.removed])
        )
        for room in house.rooms
        if not room.removed
    ]
    return HouseNow(house, today, tuple(rooms), _figures([bed for room in rooms for bed in room.beds]))


def _bed(
    room: RoomRow,
    bed: BedRow,
    stays: Sequence[StayRow] | None,
    shut: Sequence[ClosureRow],
    today: dt.date,
    now: dt.datetime,
) -> BedNow:
    if stays:
        return BedNow(bed, BedState.FULL, tuple([_sleeper(stay, today, now) for stay in stays]), None)
    if closure := closure_of(room.id, bed.id, shut):
        return BedNow(bed, BedState.CLOSED, (), closure)
    return BedNow(bed, BedState.HELD if bed.hold else BedState.FREE, (), None)


def _sleeper(stay: StayRow, today: dt.date, now: dt.datetime) -> Sleeper:
    out = [one for one in stay.leaves if one.back_at is None and one.from_at <= now]
    leave = out[0] if out else None
    return Sleeper(
        stay,
        age_group(stay.birth_month, stay.of_age_on, today),
        max(0, (today - stay.planned_exit).days),
        leave,
        leave is not None and (leave.without_notice or leave.due_back < now),
    )


def _figures(beds: Sequence[BedNow]) -> Figures:
    states = Counter([bed.state for bed in beds if bed.row.kind is BedKind.BED])
    cots = [bed.state for bed in beds if bed.row.kind is BedKind.COT]
    return Figures(
        beds=states.total(),
        taken=states[BedState.FULL],
        free=states[BedState.FREE],
        held=states[BedState.HELD],
        closed=states[BedState.CLOSED],
        persons=sum([len(bed.sleepers) for bed in beds]),
        extra=sum([bed.extra and bed.state is BedState.FULL for bed in beds]),
        cots=len(cots),
        cots_free=cots.count(BedState.FREE),
        to_clean=sum([bed.row.kind is BedKind.BED and bed.state is BedState.FREE and bed.row.to_clean for bed in beds]),
    )


def _free_for_a_family(houses: Iterable[HouseNow]) -> Iterator[int]:
    """The free beds of each room that any family could have to itself tonight."""
    taken = (BedState.FULL, BedState.HELD)
    for house in houses:
        for room in house.rooms:
            row = room.row
            if takes_any_family(row.purpose, isolates=row.isolation) and not any(
                bed.state in taken for bed in room.beds
            ):
                yield sum(bed.state is BedState.FREE and bed.row.kind is BedKind.BED for bed in room.beds)


def _free_in(other: OtherHouse, closures: Sequence[ClosureRow], now: dt.datetime) -> int:
    shut = closures_on(now.astimezone(other.zone).date(), closures)
    return sum([closure_of(room_id, bed_id, shut) is None for room_id, bed_id in other.free])
