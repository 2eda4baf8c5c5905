"""Reads for those who administer houses: rooms, beds, closures, and what stands in the way of changing them."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import House
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.queries.people import denied_to
from safehouse.shelter.choices import BedKind, RoomPurpose
from safehouse.shelter.models import Adjoining, Bed, Cleaning, Closure, Hold, Placement, Room, Stay
from safehouse.shelter.queries.cleaning import left_by_denied
from safehouse.shelter.queries.houses import BED_OF_OPEN_STAY
from safehouse.shelter.queries.referrals import referrals_closed_to
from safehouse.shelter.rules.labels import bed_name


@dataclass(frozen=True, slots=True)
class HouseLine:
    """A house in the list. Mattresses laid on the spot are not counted."""

    ref: uuid.UUID
    name: str
    rooms: int
    beds: int
    cots: int
    closed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class BedLine:
    """`name` is the bed together with its room."""

    ref: uuid.UUID
    label: str
    name: str
    kind: BedKind
    lived_in: bool
    held: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class RoomLine:
    ref: uuid.UUID
    label: str
    purpose: RoomPurpose
    ground_floor: bool
    wheelchair: bool
    isolation: bool
    adjoining: tuple[str, ...]
    closed: bool
    beds: tuple[BedLine, ...]


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """A closure now or to come. `bed` is empty when the whole room is closed."""

    ref: uuid.UUID
    room: str
    bed: str
    first_day: dt.date
    last_day: dt.date | None
    reason: str
    running: bool

    @property
    def bed_name(self) -> str:
        return bed_name(self.room, self.bed) if self.bed else ""


@dataclass(frozen=True, slots=True)
class HousePlan:
    rooms: tuple[RoomLine, ...]
    closures: tuple[ClosureLine, ...]


class ObstacleKind(StrEnum):
    LIVED_IN = "lived_in"
    HELD = "held"
    HIDDEN = "hidden"  # by someone of whom the person who asks must know nothing


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a bed cannot be taken out of use: named by the bed, never by who lives in it. What is hidden has no name."""

    kind: ObstacleKind
    bed: str


HIDDEN = Obstacle(ObstacleKind.HIDDEN, "")


def houses_of(session: Session, account_id: int) -> list[HouseLine]:
    """Her houses in the order of the unit, closed ones last, in one statement."""
    rooms = (
        select(func.count())
        .select_from(Room)
        .where(Room.house_id == House.id, Room.removed_at.is_(None))
        .scalar_subquery()
    )

    def beds(kind: BedKind) -> ColumnElement[int]:
        return (
            select(func.count())
            .select_from(Bed)
            .join(Room, Room.id == Bed.room_id)
            .where(Room.house_id == House.id, Room.removed_at.is_(None), Bed.removed_at.is_(None), Bed.kind == kind)
            .scalar_subquery()
        )

    rows = session.execute(
        select(House.ref, House.name, rooms, beds(BedKind.BED), beds(BedKind.COT), House.closed_at)
        .where(House.id.in_(cleared_house_ids(account_id)))
        .order_by(House.closed_at.is_not(None), House.position, House.id)
    )
    return [HouseLine(*row) for row in rows]


def plan_of(session: Session, house: House, now: dt.datetime, *, for_account_id: int | None = None) -> HousePlan:
    """The rooms and beds of one house and its closures, in four statements however many there are.

    For someone who must know nothing of a resident (`for_account_id`) her bed is closed, and a mattress laid for her
    is not there.
    """
    today = house_day(house, now)
    rooms = session.execute(
        select(Room.id, Room.ref, Room.label, Room.purpose, Room.ground_floor, Room.wheelchair, Room.isolation)
        .where(Room.house_id == house.id, Room.removed_at.is_(None))
        .order_by(Room.position, Room.id)
    ).all()
    labels = {room.id: room.label for room in rooms}
    beds = session.execute(
        select(
            Bed.id,
            Bed.ref,
            Bed.room_id,
            Bed.label,
            Bed.kind,
            _lived_in().label("lived_in"),
            _held(now).label("held"),
            _hidden(for_account_id, now).label("hidden"),
        )
        .join(Room, Room.id == Bed.room_id)
        .where(Room.house_id == house.id, Room.removed_at.is_(None), Bed.removed_at.is_(None))
    ).all()
    closures = _closures(session, house, today)
    shut = {(room_id, bed_id) for room_id, bed_id, line in closures if line.running}
    beside = _adjoining_labels(session, house, labels)
    lines: dict[int, list[BedLine]] = {room.id: [] for room in rooms}
    for bed in sorted(beds, key=lambda one: (one.kind is not BedKind.BED, len(one.label), one.label)):
        if bed.hidden and bed.kind is BedKind.MATTRESS:
            continue
        lines[bed.room_id].append(
            BedLine(
                bed.ref,
                bed.label,
                bed_name(labels[bed.room_id], bed.label),
                bed.kind,
                bool(bed.lived_in and not bed.hidden),
                bool(bed.held and not bed.hidden),
                (None, bed.id) in shut or bool(bed.hidden),
            )
        )
    return HousePlan(
        tuple(
            RoomLine(
                room.ref,
                room.label,
                room.purpose,
                room.ground_floor,
                room.wheelchair,
                room.isolation,
                tuple(beside.get(room.id, ())),
                (room.id, None) in shut,
                tuple(lines[room.id]),
            )
            for room in rooms
        ),
        tuple(line for _room, _bed, line in closures),
    )


def house_day(house: House, now: dt.datetime) -> dt.date:
    """The house's own date at this moment."""
    return now.astimezone(ZoneInfo(house.time_zone)).date()


def other_rooms(session: Session, *, house_id: int, but: int | None) -> list[Room]:
    """The rooms of the house without this one, in their order."""
    return list(
        session.scalars(
            select(Room)
            .where(Room.house_id == house_id, Room.removed_at.is_(None), Room.id != (but or 0))
            .order_by(Room.position, Room.id)
        )
    )


def adjoining_ids(session: Session, room_id: int) -> set[int]:
    pairs = session.execute(
        select(Adjoining.room_id, Adjoining.other_id).where(
            or_(Adjoining.room_id == room_id, Adjoining.other_id == room_id)
        )
    )
    return {other if one == room_id else one for one, other in pairs}


def find_room(session: Session, *, account_id: int, ref: uuid.UUID, removed: bool = False) -> Room | None:
    """A room in an open house she is cleared for; one that was removed only on asking."""
    wanted = select(Room).join(House, House.id == Room.house_id).where(Room.ref == ref, _is_hers(account_id))
    return session.scalar(wanted if removed else wanted.where(Room.removed_at.is_(None)))


def find_bed(session: Session, *, account_id: int, ref: uuid.UUID, removed: bool = False) -> Bed | None:
    """A bed or cot in an open house she is cleared for; one that was removed only on asking.

    Never a mattress: it comes and goes with its person.
    """
    wanted = (
        select(Bed)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .where(Bed.ref == ref, Bed.kind != BedKind.MATTRESS, _is_hers(account_id))
    )
    return session.scalar(wanted if removed else wanted.where(Bed.removed_at.is_(None), Room.removed_at.is_(None)))


def find_closure(session: Session, *, account_id: int, ref: uuid.UUID) -> tuple[Closure, House] | None:
    """A closure, ended or not, and its house: an open one she is cleared for."""
    found = session.execute(
        select(Closure, House)
        .outerjoin(Bed, Bed.id == Closure.bed_id)
        .join(Room, or_(Room.id == Closure.room_id, Room.id == Bed.room_id))
        .join(House, House.id == Room.house_id)
        .where(Closure.ref == ref, _is_hers(account_id))
    ).first()
    return (found[0], found[1]) if found else None


def beds_in(session: Session, *, house_id: int | None = None, room_id: int | None = None) -> list[int]:
    """The beds in use of a house or of a room, mattresses among them."""
    return list(
        session.scalars(
            select(Bed.id)
            .join(Room, Room.id == Bed.room_id)
            .where(
                Bed.removed_at.is_(None),
                Room.removed_at.is_(None),
                Room.id == room_id if room_id is not None else Room.house_id == house_id,
            )
        )
    )


def in_use(
    session: Session, bed_ids: Collection[int], now: dt.datetime, *, for_account_id: int | None
) -> list[Obstacle]:
    """Which of these beds someone lives in, or are kept for a family, at this moment, as far as this account may know
    of them."""
    rows = session.execute(
        select(Room.label, Bed.label, _lived_in(), _hidden(for_account_id, now))
        .join(Room, Room.id == Bed.room_id)
        .where(Bed.id.in_(bed_ids), or_(_lived_in(), _held(now)))
        .order_by(Room.position, Room.id, Bed.label)
    )
    return [
        HIDDEN if hidden else Obstacle(ObstacleKind.LIVED_IN if lived_in else ObstacleKind.HELD, bed_name(room, bed))
        for room, bed, lived_in, hidden in rows
    ]


def in_the_way(
    session: Session,
    bed_ids: Collection[int],
    *,
    first_day: dt.date,
    last_day: dt.date | None,
    zone: ZoneInfo,
    now: dt.datetime,
    for_account_id: int | None,
) -> list[Obstacle]:
    """Which of these beds are slept in or kept for a family on one of these local days, as far as this account may
    know of them.

    Who lives there now is expected until her planned day, and longer when that has passed: nobody is sent away.
    """
    today = now.astimezone(zone).date()
    start = dt.datetime.combine(first_day, dt.time(), zone)
    hers = Stay.resident_id.in_(denied_to(for_account_id)) if for_account_id is not None else false()
    theirs = Hold.referral_id.in_(referrals_closed_to(for_account_id)) if for_account_id is not None else false()
    found: dict[str, ObstacleKind] = {}
    for room, bed, started, ended, planned_exit, hidden in session.execute(
        select(Room.label, Bed.label, Stay.started_at, Stay.ended_at, Placement.planned_exit, hers)
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(Placement, Placement.id == Stay.placement_id)
        .where(Stay.bed_id.in_(bed_ids), or_(Stay.ended_at.is_(None), Stay.ended_at > start))
        .order_by(Room.position, Room.id, Bed.label)
    ):
        came = started.astimezone(zone).date()
        # The day she leaves is free again for the painter; the night before was hers.
        until = max(planned_exit, today) if ended is None else ended.astimezone(zone).date() - dt.timedelta(days=1)
        if first_day <= until and (last_day is None or came <= last_day) and came <= until:
            name = bed_name(room, bed)
            # Whoever else sleeps or slept in it: that she did stays unsaid.
            found[name] = (
                ObstacleKind.HIDDEN if hidden or found.get(name) is ObstacleKind.HIDDEN else ObstacleKind.LIVED_IN
            )
    for room, bed, expires, hidden in session.execute(
        select(Room.label, Bed.label, Hold.expires_at, theirs)
        .join(Bed, Bed.id == Hold.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .where(Hold.bed_id.in_(bed_ids), Hold.released_at.is_(None), Hold.expires_at > now)
        .order_by(Room.position, Room.id, Bed.label)
    ):
        if first_day <= expires.astimezone(zone).date():
            found.setdefault(bed_name(room, bed), ObstacleKind.HIDDEN if hidden else ObstacleKind.HELD)
    return [HIDDEN if kind is ObstacleKind.HIDDEN else Obstacle(kind, bed) for bed, kind in found.items()]


def is_closed_between(
    session: Session, *, room_id: int | None, bed_id: int | None, first_day: dt.date, last_day: dt.date | None
) -> bool:
    """Whether this very room or bed is closed on one of these days already."""
    overlaps = and_(
        or_(Closure.last_day.is_(None), Closure.last_day >= first_day), Closure.first_day <= (last_day or dt.date.max)
    )
    same = Closure.room_id == room_id if room_id is not None else Closure.bed_id == bed_id
    return bool(session.scalar(select(exists().where(same, Closure.ended_at.is_(None), overlaps))))


def _is_hers(account_id: int) -> ColumnElement[bool]:
    return and_(House.id.in_(cleared_house_ids(account_id)), House.closed_at.is_(None))


def _lived_in() -> ColumnElement[bool]:
    return exists().where(Bed.id == BED_OF_OPEN_STAY, Stay.ended_at.is_(None))


def _hidden(account_id: int | None, now: dt.datetime) -> ColumnElement[bool]:
    """Somebody sleeps in it, has just left it or is about to come of whom this account must know nothing."""
    if account_id is None:
        return false()
    return or_(
        exists().where(
            Bed.id == BED_OF_OPEN_STAY, Stay.ended_at.is_(None), Stay.resident_id.in_(denied_to(account_id))
        ),
        exists().where(Cleaning.bed_id == Bed.id, Cleaning.ready_at.is_(None), left_by_denied(account_id)),
        exists().where(
            Hold.bed_id == Bed.id,
            Hold.released_at.is_(None),
            Hold.expires_at > now,
            Hold.referral_id.in_(referrals_closed_to(account_id)),
        ),
    )


def _held(now: dt.datetime) -> ColumnElement[bool]:
    return exists().where(Hold.bed_id == Bed.id, Hold.released_at.is_(None), Hold.expires_at > now)


def _closures(session: Session, house: House, today: dt.date) -> list[tuple[int | None, int | None, ClosureLine]]:
    rows = session.execute(
        select(
            Closure.room_id,
            Closure.bed_id,
            Closure.ref,
            Room.label,
            Bed.label,
            Closure.first_day,
            Closure.last_day,
            Closure.reason,
        )
        .outerjoin(Bed, Bed.id == Closure.bed_id)
        .join(Room, or_(Room.id == Closure.room_id, Room.id == Bed.room_id))
        .where(
            Room.house_id == house.id,
            Room.removed_at.is_(None),
            Bed.removed_at.is_(None),
            Closure.ended_at.is_(None),
            or_(Closure.last_day.is_(None), Closure.last_day >= today),
        )
        .order_by(Closure.first_day, Room.position, Room.id, Bed.label)
    )
    return [
        (room_id, bed_id, ClosureLine(ref, room, bed or "", first, last, reason, first <= today))
        for room_id, bed_id, ref, room, bed, first, last, reason in rows
    ]


def _adjoining_labels(session: Session, house: House, labels: dict[int, str]) -> dict[int, list[str]]:
    beside: dict[int, set[int]] = {}
    for one, other in session.execute(
        select(Adjoining.room_id, Adjoining.other_id)
        .join(Room, Room.id == Adjoining.room_id)
        .where(Room.house_id == house.id)
    ):
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    # In the order the rooms stand in; a removed one is no longer beside anything.
    return {one: [labels[other] for other in labels if other in others] for one, others in beside.items()}
