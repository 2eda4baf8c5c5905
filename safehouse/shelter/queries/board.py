"""What the board is drawn from, in at most four statements, however many beds there are and however long their past.

No objects of the mapper are built here: rows go straight into named tuples.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, House
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.database import UtcDateTime
from safehouse.prepared import Prepared, RefText
from safehouse.residents.models import Resident
from safehouse.residents.queries.people import denied_to, seen_by
from safehouse.shelter.choices import BedKind
from safehouse.shelter.models import Bed, Cleaning, Closure, Hold, Leave, Placement, Referral, Room, Stay
from safehouse.shelter.queries.cleaning import left_by_denied
from safehouse.shelter.queries.houses import BED_OF_OPEN_STAY
from safehouse.shelter.queries.leaves import LEAVE_LASTED
from safehouse.shelter.queries.referrals import referrals_closed_to
from safehouse.shelter.rules.board import (
    BedRow,
    BoardRows,
    ClosureRow,
    HoldRow,
    HouseRow,
    LeaveRow,
    OtherHouse,
    RoomRow,
    StayRow,
    without_a_trace,
)

# Houses may lie in any time zone: the night of a date begins somewhere between these hours of UTC.
EARLIEST, LATEST = dt.timedelta(hours=-14), dt.timedelta(hours=12)
A_DAY = dt.timedelta(days=1)

# What changes from one reading to the next.
ACCOUNT: Any = bindparam("account", type_=Integer)
# Our own numbers, written into the statement as they are: thousands of parameters cost more than what they find.
ENDED: Any = bindparam("ended", type_=Integer, expanding=True, literal_execute=True)
# Planned once and for all on PostgreSQL, which takes a number it does not know for a tenth of the table.
ONE: Any = literal_column("1", Integer)
NOW, START, END = (bindparam(name, type_=UtcDateTime) for name in ("now", "start", "end"))


def board_rows(
    session: Session, *, account_id: int, role: Role | None, first: dt.date, nights: int, now: dt.datetime
) -> BoardRows:
    """Her houses with everybody who sleeps there now or slept there in these nights, and what keeps beds out of use.

    Staff also learn how many beds are free in the other houses of the unit.
    """
    midnight = dt.datetime.combine(first, dt.time(), dt.UTC)
    start, end = midnight + EARLIEST, midnight + dt.timedelta(days=nights) + LATEST
    values = {
        "account": account_id,
        "now": now,
        "start": start,
        "end": end,
        "first": min(start.date(), now.date() - A_DAY),
        "last": max(end.date(), now.date() + A_DAY),
    }
    houses, ended = _houses(session, values)
    stays, denied = _stays(session, role, {**values, "ended": ended}) if houses else ((), [])
    rows = BoardRows(
        houses, stays, _closures(session, values), _other_houses(session, values) if role is Role.STAFF else ()
    )
    return without_a_trace(rows, denied) if denied or _beside_closed(houses) else rows


def _beside_closed(houses: Sequence[HouseRow]) -> bool:
    return any(bed.closed_since is not None for house in houses for room in house.rooms for bed in room.beds)


# Each statement is put together once for the life of the program: that costs more than running it.


@cache
def _asking(statement: Callable[..., Select[*tuple[Any, ...]]], *of: Any, **which: Any) -> Prepared:
    return Prepared(statement(*of, **which))


@cache
def beds_and_past() -> Select[*tuple[Any, ...]]:
    """Her houses, rooms and beds, with the live hold of each bed, whether it is to be cleaned, since when it is closed
    to her alone because of either, and the numbers of its ended stays in the window."""
    return (
        select(
            House.id,
            House.name,
            House.time_zone,
            Room.id,
            Room.label,
            Room.purpose,
            Room.ground_floor,
            Room.wheelchair,
            Room.isolation,
            Room.removed_at.is_not(None),
            Bed.id,
            type_coerce(Bed.ref, RefText),
            Bed.label,
            Bed.kind,
            Bed.removed_at.is_not(None),
            Referral.number,
            Hold.expires_at,
            Cleaning.id.is_not(None),
            _closed_since(),
            _ended_in(),
        )
        .outerjoin(Room, and_(Room.house_id == House.id, or_(Room.removed_at.is_(None), Room.removed_at > START)))
        .outerjoin(Bed, and_(Bed.room_id == Room.id, or_(Bed.removed_at.is_(None), Bed.removed_at > START)))
        .outerjoin(Hold, and_(Hold.bed_id == Bed.id, Hold.released_at.is_(None), Hold.expires_at > NOW))
        .outerjoin(Referral, Referral.id == Hold.referral_id)
        .outerjoin(Cleaning, and_(Cleaning.bed_id == Bed.id, Cleaning.ready_at.is_(None)))
        .where(House.id.in_(cleared_house_ids(ACCOUNT)), House.closed_at.is_(None))
        .order_by(House.position, House.id, Room.position, Room.id, Bed.id)
    )


def _closed_since() -> ColumnElement[dt.datetime | None]:
    """Looked for only where something stands beside a bed: most have neither, and a long past behind them."""
    return case(
        (and_(Hold.id.is_not(None), Hold.referral_id.in_(referrals_closed_to(ACCOUNT))), Hold.held_at),
        (and_(Cleaning.id.is_not(None), left_by_denied(ACCOUNT)), Cleaning.since),
    )


def _ended_in() -> ScalarSelect[str]:
    """The ended stays of one bed that touch the window, as a list of numbers: one seek and one short walk in the index
    on (bed_id, started_at), whatever came before.

    Stays of a bed do not overlap, so only the last one that began before the window can reach into it; a child who
    shared that bed came with the woman who had it, or after her.
    """
    last, touching = aliased(Stay), aliased(Stay)
    last_before = (
        select(last.started_at)
        .where(
            last.bed_id == Bed.id,
            last.started_at < START,
            ~last.sharing,
            or_(last.ended_at.is_(None), last.ended_at > last.started_at),
        )
        .order_by(last.started_at.desc())
        .limit(ONE)
        .correlate(Bed)
        .scalar_subquery()
    )
    return (
        select(func.aggregate_strings(cast(touching.id, String), ","))
        .where(
            touching.bed_id == Bed.id,
            touching.started_at >= func.coalesce(last_before, START),
            touching.started_at < END,
            touching.ended_at > START,
            touching.ended_at > touching.started_at,
        )
        .correlate(Bed)
        .scalar_subquery()
    )


# Where in a row of `beds_and_past` each thing stands.
OF_HOUSE, OF_ROOM, OF_BED = (itemgetter(slice(*place)) for place in ((0, 3), (3, 10), (10, 19)))


def _houses(session: Session, values: dict[str, Any]) -> tuple[tuple[HouseRow, ...], list[int]]:
    rows = _asking(beds_and_past).ask(session, **values)
    houses: list[HouseRow] = []
    for (house_id, name, zone), of_house in groupby(rows, OF_HOUSE):
        rooms: list[RoomRow] = []
        for room, of_room in groupby(of_house, OF_ROOM):
            beds = [_bed(*OF_BED(row)) for row in of_room if row[10] is not None]
            if room[0] is not None:
                rooms.append(RoomRow._make((*room, tuple(sorted(beds, key=_in_order)))))
        houses.append(HouseRow(house_id, name, ZoneInfo(zone), tuple(rooms)))
    return tuple(houses), [int(number) for row in rows if row[-1] for number in row[-1].split(",")]


def _bed(
    bed_id: int,
    ref: str,
    label: str,
    kind: BedKind,
    removed: bool,
    referral: int | None,
    expires_at: dt.datetime,
    to_clean: bool,
    closed_since: dt.datetime | None,
) -> BedRow:
    hold = None if referral is None else HoldRow(referral, expires_at)
    return BedRow(bed_id, ref, label, kind, hold, removed, to_clean, closed_since)


def _in_order(bed: BedRow) -> tuple[bool, int, str, int]:
    """Beds by label, B before AA; what was laid on the spot comes last."""
    return bed.kind is BedKind.MATTRESS, len(bed.label), bed.label, bed.id


@cache
def stays_shown(role: Role | None, *, past: bool) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    """The open stays of her houses, found by the partial index, and with `past` the ended ones whose numbers are known.

    Weeks in which nobody left are frequent, and asking for nobody costs as much as asking for somebody.
    """
    beds = select(Bed.id).join(Room, Room.id == Bed.room_id).where(Room.house_id.in_(cleared_house_ids(ACCOUNT)))
    # Only those who live here now have a page that is opened from the board.
    opens = and_(Resident.house_id.is_not(None), seen_by(ACCOUNT, role))
    denied = Resident.id.in_(denied_to(ACCOUNT)).label("denied")

    def shown(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        return (
            select(
                Stay.id,
                Stay.bed_id,
                type_coerce(Resident.ref, RefText),
                Resident.alias,
                Resident.code,
                Resident.birth_month,
                Resident.of_age_on,
                Stay.sharing,
                Stay.started_at,
                Stay.ended_at,
                Placement.planned_exit,
                opens.label("opens"),
                Leave.kind,
                Leave.from_at,
                Leave.due_back,
                Leave.back_at,
                Leave.without_notice,
                _looking_after(),
                denied,
            )
            .join(Resident, Resident.id == Stay.resident_id)
            .join(Placement, Placement.id == Stay.placement_id)
            .outerjoin(
                Leave,
                and_(
                    Leave.placement_id == Stay.placement_id,
                    or_(Leave.back_at.is_(None), and_(LEAVE_LASTED, Leave.from_at < END, Leave.back_at > START)),
                ),
            )
            .where(condition)
        )

    living = shown(and_(Stay.ended_at.is_(None), BED_OF_OPEN_STAY.in_(beds)))
    return union_all(living, shown(and_(Stay.id.in_(ENDED), Stay.ended_at.is_not(None)))) if past else living


def _looking_after() -> ColumnElement[str | None]:
    """Who looks after the children she left in the house. Asked for each leave, of which there are few."""
    carer = aliased(Resident)
    return func.coalesce(
        select(Account.shown_name).where(Account.id == Leave.caregiver_id).correlate(Leave).scalar_subquery(),
        select(carer.alias).where(carer.id == Leave.caring_resident_id).correlate(Leave).scalar_subquery(),
    )


def _stays(session: Session, role: Role | None, values: dict[str, Any]) -> tuple[tuple[StayRow, ...], list[StayRow]]:
    """(the stays she may know of, those of residents who are denied to her)."""
    stays: dict[int, StayRow] = {}
    hidden: dict[int, StayRow] = {}
    if values["ended"]:
        rows = [tuple(row) for row in session.connection().execute(stays_shown(role, past=True), values)]
    else:
        rows = _asking(stays_shown, role, past=False).ask(session, **values)
    for *facts, kind, from_at, due_back, back_at, without_notice, caregiver, denied in rows:
        leaves = () if kind is None else (LeaveRow(kind, from_at, due_back, back_at, bool(without_notice), caregiver),)
        stay = StayRow._make((*facts, leaves))
        if denied:
            hidden[stay.id] = stay
            continue
        # A stay comes once for each leave in it.
        before = stays.get(stay.id)
        stays[stay.id] = stay if before is None else before._replace(leaves=before.leaves + stay.leaves)
    return tuple(stays.values()), list(hidden.values())


def _closures_then() -> Select[*tuple[Any, ...]]:
    first, last = bindparam("first", type_=Date), bindparam("last", type_=Date)
    return (
        select(Closure.room_id, Closure.bed_id, Closure.first_day, Closure.last_day, Closure.reason, Closure.ended_at)
        .where(
            Closure.first_day <= last,
            or_(Closure.last_day.is_(None), Closure.last_day >= first),
            or_(Closure.ended_at.is_(None), Closure.ended_at > START),
        )
        .order_by(Closure.id)
    )


def _closures(session: Session, values: dict[str, Any]) -> tuple[ClosureRow, ...]:
    """Closures of the whole unit that touch these days; there are few, and the rules pick theirs by room and bed."""
    return tuple([ClosureRow._make(row) for row in _asking(_closures_then).ask(session, **values)])


def _free_elsewhere() -> Select[*tuple[Any, ...]]:
    taken = select(Stay.bed_id).where(Stay.ended_at.is_(None))
    held = select(Hold.bed_id).where(Hold.released_at.is_(None), Hold.expires_at > NOW)
    return (
        select(House.id, House.name, House.time_zone, Room.id, Bed.id)
        .outerjoin(Room, and_(Room.house_id == House.id, Room.removed_at.is_(None)))
        .outerjoin(
            Bed,
            and_(
                Bed.room_id == Room.id,
                Bed.removed_at.is_(None),
                Bed.kind == BedKind.BED,
                Bed.id.not_in(taken),
                Bed.id.not_in(held),
            ),
        )
        .where(House.id.not_in(cleared_house_ids(ACCOUNT)), House.closed_at.is_(None))
        .order_by(House.position, House.id)
    )


def _other_houses(session: Session, values: dict[str, Any]) -> tuple[OtherHouse, ...]:
    """The other open houses and which of their beds nobody sleeps in or has reserved; closures are for the rules."""
    houses: dict[int, tuple[str, ZoneInfo]] = {}
    free: dict[int, list[tuple[int, int]]] = {}
    for house_id, name, zone, room_id, bed_id in _asking(_free_elsewhere).ask(session, **values):
        houses[house_id] = (name, ZoneInfo(zone))
        if bed_id is not None:
            free.setdefault(house_id, []).append((room_id, bed_id))
    return tuple(OtherHouse(name, zone, tuple(free.get(house_id, ()))) for house_id, (name, zone) in houses.items())
