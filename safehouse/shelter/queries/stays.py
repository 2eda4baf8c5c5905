"""People who live in the houses: the list, one of them, her household, her way through the beds.

Lists are rows of plain values: nothing sealed is opened, and the number of statements does not grow with the people.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Row, and_, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, House
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.indonesian import age_in_months
from safehouse.prepared import Prepared, RefText
from safehouse.residents.models import Assignment, Resident, Sex
from safehouse.residents.queries.people import living_seen_by, seen_by
from safehouse.residents.rules.ageing import is_child
from safehouse.shelter.choices import Destination, LeaveKind, Need, PlacementBasis, StayEnd
from safehouse.shelter.models import Bed, Departure, Leave, Placement, ReferralNeed, Room, Stay
from safehouse.shelter.models.stays import LASTED
from safehouse.shelter.queries.caregivers import named_carer
from safehouse.shelter.queries.leaves import LEAVE_LASTED
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.people import Person
from safehouse.shelter.rules.staying import Presence, Term, presence, term

LEFT_LATELY = dt.timedelta(days=30)
# Stands for the person who looks, in questions that are put together once.
WHO: Any = bindparam("account_id", type_=Integer)


@dataclass(frozen=True)
class Living:
    """Someone with an open stay, as she is at `now`. `visible` and `on_board` are about the person who looks."""

    now: dt.datetime
    id: int
    ref: uuid.UUID
    household_id: int
    alias: str
    code: str
    sex: Sex
    birth_month: dt.date | None
    of_age_on: dt.date | None
    house_id: int
    house_ref: uuid.UUID
    house: str
    time_zone: str
    room_label: str
    bed_id: int
    bed_label: str
    sharing: bool
    started_at: dt.datetime
    placement_id: int
    arrived_at: dt.datetime
    limit_days: int
    planned_exit: dt.date
    basis: PlacementBasis
    away_kind: LeaveKind | None
    away_from: dt.datetime | None
    due_back: dt.datetime | None
    without_notice: bool | None
    # Who looks after the children she left in the house, while she is away; of a child left alone, who was named.
    caregiver: str | None
    visible: bool
    on_board: bool  # in a house whose beds the looking person may see

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def today(self) -> dt.date:
        """The date in her house."""
        return self.now.astimezone(self.zone).date()

    @property
    def bed(self) -> str:
        return bed_name(self.room_label, self.bed_label)

    @property
    def age_months(self) -> int | None:
        return None if self.birth_month is None else age_in_months(self.birth_month, self.today)

    @property
    def adult(self) -> bool:
        """Without a month of birth she is an adult: a child's age is always asked."""
        return not is_child(self.birth_month, self.of_age_on, self.today)

    @property
    def presence(self) -> Presence:
        return Presence.NOT_BACK if self.without_notice else presence(self.due_back, self.now)

    @cached_property
    def term(self) -> Term:
        return term(self.arrived_at.astimezone(self.zone).date(), self.limit_days, self.planned_exit, self.today)

    @property
    def person(self) -> Person:
        """As the rules see her; her key is the one her occupancy carries."""
        return Person(self.id, self.sex, self.age_months, self.adult)


class Listed(NamedTuple):
    """One row of the list. Plain columns, in the order of the query: forty of them must cost next to nothing."""

    ref: str  # as it stands in an address
    alias: str
    code: str
    house_id: int
    room_label: str
    bed_label: str
    arrived_at: dt.datetime
    planned_exit: dt.date
    away_kind: LeaveKind | None
    due_back: dt.datetime | None
    without_notice: bool | None
    answering: str | None  # names of those answerable for her now, the coordinator first


def residents_listed(session: Session, *, account_id: int, role: Role | None) -> list[Listed]:
    """Everyone this person may see who lives in a house, in the order of houses, rooms and beds. One statement."""
    listed: list[Listed] = []
    for row in _list_of(role).ask(session, account_id=account_id):
        one = Listed._make(row)
        if listed and listed[-1].ref == one.ref:  # one row for each person answerable for her
            listed[-1] = one._replace(answering=f"{listed[-1].answering}, {one.answering}")
        else:
            listed.append(one)
    return listed


@cache
def _list_of(role: Role | None) -> Prepared:
    """The question is the same for everyone of a role, so it is put together once."""
    return Prepared(
        select(
            type_coerce(Resident.ref, RefText),
            Resident.alias,
            Resident.code,
            House.id,
            Room.label,
            Bed.label,
            Placement.arrived_at,
            Placement.planned_exit,
            Leave.kind,
            Leave.due_back,
            Leave.without_notice,
            Account.shown_name,
        )
        .select_from(Stay)
        .join(Resident, Resident.id == Stay.resident_id)
        .join(Placement, Placement.id == Stay.placement_id)
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .outerjoin(Leave, and_(Leave.placement_id == Placement.id, Leave.back_at.is_(None)))
        .outerjoin(Assignment, and_(Assignment.resident_id == Resident.id, Assignment.until.is_(None)))
        .outerjoin(Account, Account.id == Assignment.account_id)
        .where(Stay.ended_at.is_(None), Resident.id.in_(living_seen_by(WHO, role)))
        .order_by(
            House.position,
            House.id,
            Room.position,
            Room.id,
            func.length(Bed.label),
            Bed.label,
            Stay.sharing,
            Stay.id,
            Assignment.coordinator.desc(),
            Account.shown_name,
        )
    )


def household_here(
    session: Session, *, household_id: int, account_id: int, role: Role | None, now: dt.datetime
) -> list[Living]:
    """Everyone of this household who lives in a house, adults first; `visible` and `on_board` say who is seen."""
    carer = aliased(Resident)
    visible = seen_by(account_id, role)
    on_board = House.id.in_(cleared_house_ids(account_id))
    rows = session.execute(
        select(
            Resident.id,
            Resident.ref,
            Resident.household_id,
            Resident.alias,
            Resident.code,
            Resident.sex,
            Resident.birth_month,
            Resident.of_age_on,
            House.id,
            House.ref,
            House.name,
            House.time_zone,
            Room.label,
            Bed.id,
            Bed.label,
            Stay.sharing,
            Stay.started_at,
            Placement.id,
            Placement.arrived_at,
            Placement.limit_days,
            Placement.planned_exit,
            Placement.basis,
            Leave.kind,
            Leave.from_at,
            Leave.due_back,
            Leave.without_notice,
            func.coalesce(Account.shown_name, carer.alias, named_carer(Account.shown_name, now)),
            visible.label("visible"),
            on_board.label("on_board"),
        )
        .select_from(Stay)
        .join(Resident, Resident.id == Stay.resident_id)
        .join(Placement, Placement.id == Stay.placement_id)
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .outerjoin(Leave, and_(Leave.placement_id == Placement.id, Leave.back_at.is_(None)))
        .outerjoin(Account, Account.id == Leave.caregiver_id)
        .outerjoin(carer, carer.id == Leave.caring_resident_id)
        .where(Stay.ended_at.is_(None), Resident.household_id == household_id)
        .order_by(Resident.birth_month.is_not(None), Resident.birth_month, Resident.id)
    )
    return [Living(now, *tuple(row)) for row in rows]


class HouseOfList(NamedTuple):
    ref: str
    name: str
    time_zone: str


def houses_of_list(session: Session, *, account_id: int, role: Role | None) -> dict[int, HouseOfList]:
    """Her open houses and those where somebody of her list lives, in the order of the unit. One statement."""
    rows = _houses_of(role).ask(session, account_id=account_id)
    return {number: HouseOfList(*facts) for number, *facts in rows}


@cache
def _houses_of(role: Role | None) -> Prepared:
    hers = and_(House.id.in_(cleared_house_ids(WHO)), House.closed_at.is_(None))
    lived_in = select(Resident.house_id).where(Resident.house_id.is_not(None), seen_by(WHO, role))
    return Prepared(
        select(House.id, type_coerce(House.ref, RefText), House.name, House.time_zone)
        .where(or_(hers, House.id.in_(lived_in)))
        .order_by(House.position, House.id)
    )


@dataclass(frozen=True, slots=True)
class Gone:
    ref: uuid.UUID
    alias: str
    code: str
    house: str
    time_zone: str
    at: dt.datetime
    place_kind: Destination


def left_lately(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[Gone]:
    """Who left within 30 days and has not come back, the last first. One statement."""
    # Begins with the few who left lately: SQLite, left to itself, begins with every stay there ever was.
    lately = select(Departure.placement_id).where(Departure.at >= now - LEFT_LATELY).correlate(None)
    rows = session.execute(
        select(
            Resident.ref, Resident.alias, Resident.code, House.name, House.time_zone, Departure.at, Departure.place_kind
        )
        .select_from(Departure)
        .join(Placement, Placement.id == Departure.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .join(Stay, and_(Stay.placement_id == Placement.id, Stay.ended_by == StayEnd.LEFT))
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .where(
            Departure.undone_at.is_(None),
            Departure.at >= now - LEFT_LATELY,
            Stay.placement_id.in_(lately),
            Resident.house_id.is_(None),
            seen_by(account_id, role),
        )
        .order_by(Departure.at.desc(), Resident.id)
    )
    return [Gone(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Sleeping:
    """One bed period."""

    house: str
    bed: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    ended_by: StayEnd | None


@dataclass(frozen=True, slots=True)
class Away:
    """One leave, over or not."""

    kind: LeaveKind
    from_at: dt.datetime
    back_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Way:
    """Her newest placement: where she slept, when she was away, and how it ended."""

    arrived_at: dt.datetime
    limit_days: int
    basis: PlacementBasis
    time_zone: str
    left_at: dt.datetime | None
    place_kind: Destination | None
    beds: tuple[Sleeping, ...]
    leaves: tuple[Away, ...]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def newest_way(session: Session, resident_id: int) -> Way | None:
    """None for someone who was never placed. Beds in which nobody slept, because it was undone, are left out."""
    newest = (
        select(Placement.id)
        .where(Placement.resident_id == resident_id)
        .order_by(Placement.left_at.is_(None).desc(), LASTED.desc(), Placement.arrived_at.desc(), Placement.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Placement.arrived_at,
            Placement.limit_days,
            Placement.basis,
            Placement.left_at,
            Departure.place_kind,
            House.name,
            House.time_zone,
            Room.label,
            Bed.label,
            Stay.started_at,
            Stay.ended_at,
            Stay.ended_by,
        )
        .join(Stay, Stay.placement_id == Placement.id)
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .outerjoin(Departure, and_(Departure.placement_id == Placement.id, Departure.undone_at.is_(None)))
        .where(Placement.id == newest)
        .order_by(Stay.started_at, Stay.id)
    ).all()
    if not rows:
        return None
    leaves = session.execute(
        select(Leave.kind, Leave.from_at, Leave.back_at)
        .where(Leave.placement_id == newest, LEAVE_LASTED)
        .order_by(Leave.from_at)
    ).all()
    return _way(rows, [Away(*row) for row in leaves])


def _way(rows: Sequence[Row], leaves: Sequence[Away]) -> Way:  # type: ignore[type-arg]
    beds = tuple(
        Sleeping(house, bed_name(room, bed), started, ended, ended_by)
        for *_, house, _zone, room, bed, started, ended, ended_by in rows
        if ended_by is not StayEnd.UNDONE
    )
    last = rows[-1]
    return Way(
        last.arrived_at, last.limit_days, last.basis, last.time_zone, last.left_at, last.place_kind, beds, tuple(leaves)
    )


def needs_of_placement(session: Session, placement_id: int) -> frozenset[Need]:
    """What the family needed when it was referred; nothing for someone who came without a referral."""
    return needs_of_placements(session, [placement_id])


def needs_of_placements(session: Session, placement_ids: Collection[int]) -> frozenset[Need]:
    """What any of them needed when they were referred. One statement."""
    return frozenset(
        session.scalars(
            select(ReferralNeed.need)
            .join(Placement, Placement.referral_id == ReferralNeed.referral_id)
            .where(Placement.id.in_(placement_ids))
        )
    )
