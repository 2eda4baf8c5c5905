"""Houses as the rules of the shelter see them: rooms, beds, and who sleeps in each, at one moment."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, false, or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import House
from safehouse.database import UtcDateTime
from safehouse.indonesian import age_in_months
from safehouse.residents.models import Resident, Sex
from safehouse.residents.queries.people import denied_to
from safehouse.residents.rules.ageing import is_child
from safehouse.shelter.choices import BedKind
from safehouse.shelter.models import Adjoining, Bed, Cleaning, Closure, Hold, Room, Stay
from safehouse.shelter.queries.cleaning import left_by_denied
from safehouse.shelter.queries.referrals import referrals_closed_to
from safehouse.shelter.rules.houses import BedState, BedView, HouseView, RoomView
from safehouse.shelter.rules.people import Occupant

# Without the addition SQLite looks each bed up in the index on (bed_id, started_at) and walks through everybody
# who ever slept there. Like this it reads the partial index of open stays, which is as long as the house is full.
BED_OF_OPEN_STAY = Stay.bed_id + 0

HOUSES: Any = bindparam("houses", expanding=True, type_=Integer)
ACCOUNT: Any = bindparam("account", type_=Integer)
NOW: Any = bindparam("now", type_=UtcDateTime)


def house_views(
    session: Session,
    *,
    house_ids: Collection[int],
    today: dt.date,
    now: dt.datetime,
    for_referral_id: int | None = None,
    barred: Collection[int] = (),
    for_account_id: int | None = None,
) -> tuple[HouseView, ...]:
    """The open ones among these houses in the order of the unit, in four statements however many there are.

    Ages are those of `today`; a closure counts by the house's own date at `now`. A bed held for `for_referral_id`
    is free, for it is kept for the very family a place is sought for. A bed someone sleeps in is full, closed or not.
    `barred` are the houses the family must never be in. For someone who must know nothing of a resident
    (`for_account_id`) her bed is closed; so is one she has just left, and one that is held for her.
    """
    asked = {"houses": list(house_ids), "now": now, "account": for_account_id}
    rows = session.execute(_places(told=for_account_id is not None), asked).all()
    sleepers, hidden = _sleepers(session, house_ids, today, for_account_id)
    # Nobody is put to sleep beside somebody the chooser must know nothing of: she would call the room empty.
    beside = {row[6] for row in rows if row[14] in hidden}
    shut = _shut(session, house_ids, {row[0]: now.astimezone(ZoneInfo(row[5])).date() for row in rows})
    adjoining = _adjoining(session, house_ids)

    houses: dict[int, HouseView] = {}
    rooms: dict[int, dict[int, RoomView]] = {}
    beds: dict[int, list[BedView]] = {}
    for (
        house_id,
        house_ref,
        name,
        boys_age,
        separation_age,
        _zone,
        room_id,
        room_ref,
        room_label,
        position,
        purpose,
        ground_floor,
        wheelchair,
        isolation,
        bed_id,
        bed_ref,
        bed_label,
        kind,
        held_for,
        cleaning,
        closed_to_her,
    ) in rows:
        if house_id not in houses:
            houses[house_id] = HouseView(house_id, house_ref, name, boys_age, separation_age, barred=house_id in barred)
            rooms[house_id] = {}
        if room_id is not None and room_id not in rooms[house_id]:
            rooms[house_id][room_id] = RoomView(
                room_id,
                room_ref,
                room_label,
                position,
                purpose,
                ground_floor,
                wheelchair,
                isolation,
                (),
                frozenset(adjoining.get(room_id, ())),
            )
            beds[room_id] = []
        if bed_id is not None:
            occupants = tuple(sleepers.get(bed_id, ()))
            held = held_for is not None and held_for != for_referral_id
            if bed_id in hidden and kind is BedKind.MATTRESS:
                continue
            closed = (None, bed_id) in shut or (room_id, None) in shut or bed_id in hidden or room_id in beside
            if closed_to_her and (held_for is None or held_for != for_referral_id):
                closed, held = True, False
            state = _state(occupants, held, closed)
            to_clean = cleaning is not None and not occupants and not closed_to_her
            beds[room_id].append(BedView(bed_id, bed_ref, bed_label, kind, state, occupants, to_clean))
    return tuple(_whole(house, rooms[house.id].values(), beds) for house in houses.values())


@cache
def _places(*, told: bool) -> Select[*tuple[Any, ...]]:
    """Every bed of these houses with what stands beside it; `told` when somebody looks who may be denied to a resident.
    Put together once: that costs more than carrying it out."""
    return (
        select(
            House.id,
            House.ref,
            House.name,
            House.boys_age,
            House.separation_age,
            House.time_zone,
            Room.id,
            Room.ref,
            Room.label,
            Room.position,
            Room.purpose,
            Room.ground_floor,
            Room.wheelchair,
            Room.isolation,
            Bed.id,
            Bed.ref,
            Bed.label,
            Bed.kind,
            Hold.referral_id,
            Cleaning.id,
            _closed_to(ACCOUNT if told else None).label("closed"),
        )
        .outerjoin(Room, and_(Room.house_id == House.id, Room.removed_at.is_(None)))
        .outerjoin(Bed, and_(Bed.room_id == Room.id, Bed.removed_at.is_(None)))
        .outerjoin(Hold, and_(Hold.bed_id == Bed.id, Hold.released_at.is_(None), Hold.expires_at > NOW))
        .outerjoin(Cleaning, and_(Cleaning.bed_id == Bed.id, Cleaning.ready_at.is_(None)))
        .where(House.id.in_(HOUSES), House.closed_at.is_(None))
        .order_by(House.position, House.id, Room.position, Room.id, Bed.id)
    )


def _closed_to(account_id: Any) -> ColumnElement[bool]:
    """Whether what stands beside a bed, a hold or that it is to be cleaned, tells of somebody who is denied to her."""
    if account_id is None:
        return false()
    return or_(
        and_(Hold.id.is_not(None), Hold.referral_id.in_(referrals_closed_to(account_id))),
        and_(Cleaning.id.is_not(None), left_by_denied(account_id)),
    )


def _state(occupants: tuple[Occupant, ...], held: bool, closed: bool) -> BedState:
    if occupants:
        return BedState.FULL
    if closed:
        return BedState.CLOSED
    return BedState.HELD if held else BedState.FREE


def _whole(house: HouseView, rooms: Iterable[RoomView], beds: dict[int, list[BedView]]) -> HouseView:
    with_beds = tuple(
        RoomView(
            room.id,
            room.ref,
            room.label,
            room.position,
            room.purpose,
            room.ground_floor,
            room.wheelchair,
            room.isolation,
            tuple(sorted(beds[room.id], key=lambda bed: (len(bed.label), bed.label, bed.id))),
            room.adjoining,
        )
        for room in rooms
    )
    return replace(house, rooms=with_beds)


def _sleepers(
    session: Session, house_ids: Collection[int], today: dt.date, account_id: int | None
) -> tuple[dict[int, list[Occupant]], set[int]]:
    """Who sleeps in which bed tonight, a sharing child after the woman whose bed it is; and the beds of those of whom
    this account must know nothing."""
    sleepers: dict[int, list[Occupant]] = {}
    hidden = set()
    for bed_id, resident_id, household_id, sex, birth_month, of_age_on, denied in session.execute(
        _open_stays(told=account_id is not None), {"houses": list(house_ids), "account": account_id}
    ):
        if denied:
            hidden.add(bed_id)
        else:
            sleepers.setdefault(bed_id, []).append(
                occupant(resident_id, household_id, sex, birth_month, of_age_on, today)
            )
    return sleepers, hidden


@cache
def _open_stays(*, told: bool) -> Select[int, int, int, Sex, dt.date | None, dt.date | None, bool]:
    return open_stays(HOUSES, ACCOUNT if told else None)


def open_stays(
    house_ids: Any, account_id: Any = None
) -> Select[int, int, int, Sex, dt.date | None, dt.date | None, bool]:
    denied = false() if account_id is None else Resident.id.in_(denied_to(account_id))
    return (
        select(
            Stay.bed_id,
            Stay.resident_id,
            Resident.household_id,
            Resident.sex,
            Resident.birth_month,
            Resident.of_age_on,
            denied.label("denied"),
        )
        .join(Resident, Resident.id == Stay.resident_id)
        .where(Stay.ended_at.is_(None), BED_OF_OPEN_STAY.in_(beds_of(house_ids)))
        .order_by(Stay.sharing, Stay.id)
    )


def beds_of(house_ids: Any) -> Select[int]:
    """The beds that stand in these houses."""
    return select(Bed.id).join(Room, Room.id == Bed.room_id).where(Room.house_id.in_(house_ids))


def occupant(
    resident_id: int,
    household_id: int | None,
    sex: Sex,
    birth_month: dt.date | None,
    of_age_on: dt.date | None,
    today: dt.date,
) -> Occupant:
    """A resident as the rules see her. Without a month of birth she is an adult: a child's age is always asked."""
    if birth_month is None:
        return Occupant(household_id, sex, None, adult=True, key=resident_id)
    return Occupant(
        household_id,
        sex,
        age_in_months(birth_month, today),
        adult=not is_child(birth_month, of_age_on, today),
        key=resident_id,
    )


SHUT = (
    select(Closure.room_id, Closure.bed_id, Closure.first_day, Closure.last_day, Room.house_id)
    .outerjoin(Bed, Bed.id == Closure.bed_id)
    .join(Room, or_(Room.id == Closure.room_id, Room.id == Bed.room_id))
    .where(
        Closure.ended_at.is_(None),
        Closure.first_day <= bindparam("first", type_=Date),
        or_(Closure.last_day.is_(None), Closure.last_day >= bindparam("last", type_=Date)),
        Room.house_id.in_(HOUSES),
    )
)


def _shut(session: Session, house_ids: Collection[int], days: dict[int, dt.date]) -> set[tuple[int | None, int | None]]:
    """(room, None) and (None, bed) out of use on the house's own day."""
    if not days:
        return set()
    within = {"houses": list(house_ids), "first": max(days.values()), "last": min(days.values())}
    rows = session.execute(SHUT, within)
    return {
        (room_id, bed_id)
        for room_id, bed_id, first, last, house_id in rows
        if house_id in days and first <= days[house_id] and (last is None or last >= days[house_id])
    }


SIDE_BY_SIDE = (
    select(Adjoining.room_id, Adjoining.other_id)
    .join(Room, Room.id == Adjoining.room_id)
    .where(Room.house_id.in_(HOUSES))
)


def _adjoining(session: Session, house_ids: Collection[int]) -> dict[int, set[int]]:
    beside: dict[int, set[int]] = {}
    for one, other in session.execute(SIDE_BY_SIDE, {"houses": list(house_ids)}):
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    return beside
