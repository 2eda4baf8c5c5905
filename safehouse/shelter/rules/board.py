"""From rows to the board: what every bed is now, and the figures of its sentences. Nothing here knows a language."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from safehouse.indonesian import age_in_months, is_child_by_month
from safehouse.residents.models import Sex
from safehouse.shelter.choices import BedKind, LeaveKind, RoomPurpose
from safehouse.shelter.rules.capacity import usable_places
from safehouse.shelter.rules.houses import BedState, BedView, HouseView, RoomView
from safehouse.shelter.rules.people import GIRLS_FROM_MONTHS, INFANT_MONTHS, Occupant


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold that is live now."""

    number: int
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class BedRow:
    """A bed that stands, or stood in the weeks that are shown (`removed`)."""

    id: int
    ref: UUID
    label: str
    kind: BedKind
    hold: HoldRow | None
    removed: bool


@dataclass(frozen=True, slots=True)
class RoomRow:
    id: int
    ref: UUID
    label: str
    position: int
    purpose: RoomPurpose
    ground_floor: bool
    wheelchair: bool
    isolation: bool
    removed: bool
    beds: tuple[BedRow, ...]


@dataclass(frozen=True, slots=True)
class HouseRow:
    id: int
    ref: UUID
    name: str
    zone: ZoneInfo
    rooms: tuple[RoomRow, ...]


@dataclass(frozen=True, slots=True)
class LeaveRow:
    kind: LeaveKind
    from_at: dt.datetime
    due_back: dt.datetime
    back_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class StayRow:
    """A bed period that is open now or touches the weeks that are shown. `opens`: the reader may open this person."""

    id: int
    bed_id: int
    resident_id: int
    ref: UUID
    household_id: int
    alias: str
    code: str
    sex: Sex
    birth_month: dt.date | None
    sharing: bool
    started_at: dt.datetime
    ended_at: dt.datetime | None
    planned_exit: dt.date
    opens: bool
    leaves: tuple[LeaveRow, ...]


@dataclass(frozen=True, slots=True)
class ClosureRow:
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


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Who has the bed now. `leave` while she is away, `late` when she should have been back, `days_over` counted from
    the agreed last day."""

    stay: StayRow
    group: AgeGroup
    days_over: int
    leave: LeaveRow | None
    late: bool


@dataclass(frozen=True, slots=True)
class BedNow:
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
        )


@dataclass(frozen=True, slots=True)
class RoomNow:
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
    open_stays = by_bed(stay for stay in rows.stays if stay.ended_at is None)
    houses = tuple(_house(house, open_stays, rows.closures, now) for house in rows.houses)
    sleepers = [one for house in houses for room in house.rooms for bed in room.beds for one in bed.sleepers]
    over = sorted(
        (one for one in sleepers if one.days_over), key=lambda one: (one.group is not AgeGroup.ADULT, -one.days_over)
    )
    return Board(
        houses,
        sum((house.figures for house in houses), Figures()),
        tuple(one.stay.alias for one in over),
        usable_places([_view(house) for house in houses]),
        tuple((other.name, _free_in(other, rows.closures, now)) for other in rows.others),
    )


def by_bed(stays: Iterable[StayRow]) -> dict[int, list[StayRow]]:
    """Stays of each bed: whoever has the bed before those who share it, then the earlier before the later."""
    beds: dict[int, list[StayRow]] = {}
    for stay in sorted(stays, key=lambda stay: (stay.sharing, stay.started_at, stay.id)):
        beds.setdefault(stay.bed_id, []).append(stay)
    return beds


def age_group(birth_month: dt.date | None, today: dt.date) -> AgeGroup:
    if birth_month is None or not is_child_by_month(birth_month, today):
        return AgeGroup.ADULT
    months = age_in_months(birth_month, today)
    if months < INFANT_MONTHS:
        return AgeGroup.INFANT
    return AgeGroup.TEENAGER if months >= GIRLS_FROM_MONTHS else AgeGroup.CHILD


def closure_on(day: dt.date, room_id: int, bed_id: int, closures: Sequence[ClosureRow]) -> ClosureRow | None:
    """What keeps this bed out of use on this day; the bed's own closure before that of its room."""
    shut = [
        one
        for one in closures
        if one.ended_at is None
        and one.first_day <= day
        and (one.last_day is None or one.last_day >= day)
        and (one.bed_id == bed_id or one.room_id == room_id)
    ]
    return min(shut, key=lambda one: one.bed_id is None, default=None)


def _house(
    house: HouseRow, stays: Mapping[int, Sequence[StayRow]], closures: Sequence[ClosureRow], now: dt.datetime
) -> HouseNow:
    today = now.astimezone(house.zone).date()
    rooms = tuple(
        RoomNow(
            room,
            tuple(_bed(room, bed, stays.get(bed.id, ()), closures, today, now) for bed in room.beds if not bed.removed),
        )
        for room in house.rooms
        if not room.removed
    )
    figures = sum((_count(bed) for room in rooms for bed in room.beds), Figures())
    return HouseNow(house, today, rooms, figures)


def _bed(
    room: RoomRow,
    bed: BedRow,
    stays: Sequence[StayRow],
    closures: Sequence[ClosureRow],
    today: dt.date,
    now: dt.datetime,
) -> BedNow:
    if stays:
        return BedNow(bed, BedState.FULL, tuple(_sleeper(stay, today, now) for stay in stays), None)
    if closure := closure_on(today, room.id, bed.id, closures):
        return BedNow(bed, BedState.CLOSED, (), closure)
    return BedNow(bed, BedState.HELD if bed.hold else BedState.FREE, (), None)


def _sleeper(stay: StayRow, today: dt.date, now: dt.datetime) -> Sleeper:
    leave = next((one for one in stay.leaves if one.back_at is None and one.from_at <= now), None)
    return Sleeper(
        stay,
        age_group(stay.birth_month, today),
        max(0, (today - stay.planned_exit).days),
        leave,
        leave is not None and leave.due_back < now,
    )


def _count(bed: BedNow) -> Figures:
    persons, full, free = len(bed.sleepers), bed.state is BedState.FULL, bed.state is BedState.FREE
    match bed.row.kind:
        case BedKind.MATTRESS:
            return Figures(persons=persons, extra=full)
        case BedKind.COT:
            return Figures(persons=persons, cots=1, cots_free=free)
        case _:
            return Figures(
                beds=1,
                taken=full,
                free=free,
                held=bed.state is BedState.HELD,
                closed=bed.state is BedState.CLOSED,
                persons=persons,
            )


def _view(house: HouseNow) -> HouseView:
    """The house as the rules of placing see it, as far as counting the places for families asks for it."""
    return HouseView(
        house.row.id,
        house.row.ref,
        house.row.name,
        rooms=tuple(
            RoomView(
                room.row.id,
                room.row.ref,
                room.row.label,
                room.row.position,
                room.row.purpose,
                room.row.ground_floor,
                room.row.wheelchair,
                room.row.isolation,
                tuple(
                    BedView(
                        bed.row.id,
                        bed.row.ref,
                        bed.row.label,
                        bed.row.kind,
                        bed.state,
                        tuple(_occupants(bed, house.today)),
                    )
                    for bed in room.beds
                ),
            )
            for room in house.rooms
        ),
    )


def _occupants(bed: BedNow, today: dt.date) -> Iterator[Occupant]:
    for sleeper in bed.sleepers:
        stay = sleeper.stay
        months = age_in_months(stay.birth_month, today) if stay.birth_month else None
        yield Occupant(stay.household_id, stay.sex, months, sleeper.group is AgeGroup.ADULT, stay.resident_id)


def _free_in(other: OtherHouse, closures: Sequence[ClosureRow], now: dt.datetime) -> int:
    today = now.astimezone(other.zone).date()
    return sum(closure_on(today, room_id, bed_id, closures) is None for room_id, bed_id in other.free)
