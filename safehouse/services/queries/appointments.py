"""Appointments: the agenda of a person, what waits for a word, what stands beside a new one. Nothing sealed is opened.

Everything is inside `seen_by`. What an appointment is for is None for whoever must not read it.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, AccountState, Agency, Clearance, Discipline, House, Office
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Denial, Resident
from safehouse.residents.queries.people import denied_accounts, seen_by
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    ChildrenMeanwhile,
    MissedAnswer,
    SafeWay,
    Transport,
)
from safehouse.services.models import Appointment
from safehouse.services.rules.appointments import STAYS_IN, day_of, midnight, reads_kind
from safehouse.shelter.models import Leave, Placement
from safehouse.shelter.queries.leaves import LEAVE_LASTED

A_DAY = dt.timedelta(days=1)
# What was moved or cancelled takes nobody's time.
STANDS = (AppointmentState.PLANNED, AppointmentState.KEPT, AppointmentState.MISSED)


@dataclass(frozen=True, slots=True)
class NextAppointment:
    """The next one of a resident, by its domain and place; what it is for is not read."""

    ref: uuid.UUID
    domain: Discipline
    at: dt.datetime
    place: AppointmentPlace


def next_appointments(
    session: Session, resident_ids: Collection[int], *, now: dt.datetime
) -> dict[int, NextAppointment]:
    """The next appointment of each of these residents who has one, in one statement. The view has found them inside
    `seen_by`."""
    earlier = aliased(Appointment)
    sooner = exists().where(
        earlier.resident_id == Appointment.resident_id,
        earlier.state == AppointmentState.PLANNED,
        earlier.ends_at > now,
        or_(earlier.at < Appointment.at, and_(earlier.at == Appointment.at, earlier.id < Appointment.id)),
    )
    rows = session.execute(
        select(Appointment.resident_id, Appointment.ref, Appointment.domain, Appointment.at, Appointment.place).where(
            Appointment.resident_id.in_(resident_ids),
            Appointment.state == AppointmentState.PLANNED,
            Appointment.ends_at > now,
            ~sooner,
        )
    )
    return {row.resident_id: NextAppointment(row.ref, row.domain, row.at, row.place) for row in rows}


@dataclass(frozen=True)
class Line:
    """One appointment as this person reads it. Without `kind` she sees that the resident goes, not why."""

    ref: uuid.UUID
    resident: uuid.UUID
    alias: str
    code: str
    lives_here: bool
    domain: Discipline
    kind: AppointmentKind | None
    agency: str | None
    at: dt.datetime
    ends_at: dt.datetime
    place: AppointmentPlace
    companion: str | None
    alone: bool
    transport: Transport
    safe_way: SafeWay
    children: ChildrenMeanwhile
    state: AppointmentState
    answer: MissedAnswer | None
    time_zone: str

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def day(self) -> dt.date:
        """The date where she lives."""
        return day_of(self.at, self.zone)

    @property
    def planned(self) -> bool:
        return self.state is AppointmentState.PLANNED

    @property
    def unanswered(self) -> bool:
        return self.state is AppointmentState.MISSED and self.answer is None

    @property
    def without_transport(self) -> bool:
        return self.planned and self.transport is Transport.NOT_YET

    @property
    def without_companion(self) -> bool:
        """Somebody is still to be found; inside the house nobody is missing."""
        return self.planned and self.companion is None and not self.alone and self.place not in STAYS_IN


def agenda(
    session: Session,
    *,
    account_id: int,
    role: Role | None,
    first: dt.date,
    last: dt.date,
    resident: uuid.UUID | None = None,
) -> list[Line]:
    """Every appointment of those she may see, from the first day to the last, each day as it is where the resident
    lives; in the order of the clock, in one statement."""
    # The day begins at another moment in each house: asked is what lies in it in any of them.
    begins, ends = midnight(first, ZoneInfo("UTC")) - A_DAY, midnight(last, ZoneInfo("UTC")) + 2 * A_DAY
    asked = _lines(account_id, role).where(Appointment.at >= begins, Appointment.at < ends)
    if resident is not None:
        asked = asked.where(Resident.ref == resident)
    return [one for one in _read(session, asked, account_id, role) if first <= one.day <= last]


def waiting_for_a_word(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[Line]:
    """Whose time is over and nobody said what became of it, and those nobody came to and nobody answered; the longest
    past first, in one statement."""
    # That it has begun is said for the index, which holds what is planned by its beginning.
    begun = and_(Appointment.state == AppointmentState.PLANNED, Appointment.at < now)
    unsettled = and_(begun, Appointment.ends_at <= now)
    unanswered = and_(Appointment.state == AppointmentState.MISSED, Appointment.answered_at.is_(None))
    return _read(session, _lines(account_id, role).where(or_(unsettled, unanswered)), account_id, role)


def find_line(session: Session, *, account_id: int, role: Role | None, ref: uuid.UUID) -> Line | None:
    """One appointment of somebody she may see."""
    found = _read(session, _lines(account_id, role).where(Appointment.ref == ref), account_id, role)
    return found[0] if found else None


def _lines(account_id: int, role: Role | None) -> Select[Any]:
    mine = aliased(Assignment)
    columns: tuple[Any, ...] = (
        Appointment,
        Resident.ref.label("resident"),
        Resident.alias,
        Resident.code,
        Resident.house_id,
        Account.shown_name.label("companion"),
        or_(Account.state != AccountState.ACTIVE, _must_not_go()).label("cannot_go"),
        Agency.name.label("agency"),
        mine.discipline.label("own"),
        mine.coordinator,
        House.time_zone,
        Office.time_zone.label("office_zone"),
    )
    return (
        select(*columns)
        .select_from(Appointment)
        .join(Resident, Resident.id == Appointment.resident_id)
        .join(Office, Office.id == 1)
        .outerjoin(House, House.id == Resident.house_id)
        .outerjoin(Account, Account.id == Appointment.companion_id)
        .outerjoin(Agency, Agency.id == Appointment.agency_id)
        .outerjoin(mine, and_(mine.resident_id == Resident.id, mine.account_id == account_id, mine.until.is_(None)))
        .where(seen_by(account_id, role))
        .order_by(Appointment.at, Appointment.id)
    )


def _must_not_go() -> ColumnElement[bool]:
    """Whether who was to go along must know nothing of her by now."""
    named = aliased(Resident)
    return exists().where(
        Denial.account_id == Appointment.companion_id,
        Denial.until.is_(None),
        named.id == Denial.resident_id,
        named.household_id == Resident.household_id,
    )


def _read(session: Session, asked: Select[Any], account_id: int, role: Role | None) -> list[Line]:
    return [_line(row, account_id, role) for row in session.execute(asked)]


def _line(row: Any, account_id: int, role: Role | None) -> Line:
    one: Appointment = row.Appointment
    along = one.companion_id == account_id
    reads = reads_kind(role, row.own, coordinator=bool(row.coordinator), domain=one.domain, goes_along=along)
    return Line(
        one.ref,
        row.resident,
        row.alias,
        row.code,
        lives_here=row.house_id is not None,
        domain=one.domain,
        kind=one.kind if reads else None,
        # Whoever goes along must know where to; the name of an agency can say what for.
        agency=row.agency if reads or along else None,
        at=one.at,
        ends_at=one.ends_at,
        place=one.place,
        # Whoever cannot go along any more is still to be replaced; of what is over it stays written who did.
        companion=None if one.state is AppointmentState.PLANNED and row.cannot_go else row.companion,
        alone=one.alone,
        transport=one.transport,
        safe_way=one.safe_way,
        children=one.children,
        state=one.state,
        answer=one.missed_answer,
        time_zone=row.time_zone or row.office_zone,
    )


def find_appointment(
    session: Session, *, account_id: int, role: Role | None, ref: uuid.UUID
) -> tuple[Appointment, Resident] | None:
    """The appointment and the resident, if this person may see her; None for foreign, forbidden and missing alike."""
    row = session.execute(
        select(Appointment, Resident)
        .join(Resident, Resident.id == Appointment.resident_id)
        .where(Appointment.ref == ref, seen_by(account_id, role))
    ).first()
    return (row.Appointment, row.Resident) if row else None


@dataclass(frozen=True, slots=True)
class Named:
    """A resident to choose by alias and code."""

    ref: uuid.UUID
    alias: str
    code: str


def living_by_alias(session: Session, *, account_id: int, role: Role | None) -> list[Named]:
    """Those she may see who live in a house now, by alias."""
    rows = session.execute(
        select(Resident.ref, Resident.alias, Resident.code)
        .where(Resident.house_id.is_not(None), seen_by(account_id, role))
        .order_by(Resident.alias, Resident.code)
    )
    return [Named(*row) for row in rows]


def has_family_here(session: Session, resident: Resident) -> bool:
    """Whether anybody of her household lives in a house besides her."""
    other = aliased(Resident)
    asked = exists().where(
        other.household_id == resident.household_id, other.id != resident.id, other.house_id.is_not(None)
    )
    return bool(session.scalar(select(asked)))


def companions_of(session: Session, resident: Resident) -> list[Account]:
    """Who may go along with her, by name: everyone active who works in her house, a caseworker only if she is assigned
    to her, and nobody who must know nothing of her. Whoever goes along must be able to read that she does."""
    works_there = exists().where(
        Clearance.account_id == Account.id, Clearance.house_id == resident.house_id, Clearance.until.is_(None)
    )
    assigned = exists().where(
        Assignment.account_id == Account.id, Assignment.resident_id == resident.id, Assignment.until.is_(None)
    )
    other_role = or_(Account.role.is_(None), Account.role.in_([Role.STAFF, Role.MANAGER]))
    denied = denied_accounts([resident.household_id])
    return list(
        session.scalars(
            select(Account)
            .where(
                Account.state == AccountState.ACTIVE,
                Account.id.not_in(denied),
                or_(and_(other_role, works_there), and_(Account.role == Role.CASEWORKER, assigned)),
            )
            .order_by(Account.shown_name, Account.id)
        )
    )


class Besides(StrEnum):
    """What else there is at a time."""

    HERS = "hers"
    COMPANIONS = "companions"  # another appointment of who goes along
    LEAVE = "leave"  # she is out of the house


@dataclass(frozen=True, slots=True)
class Beside:
    """Something else on that day. Of another resident only those are named whom the person who looks may see."""

    what: Besides
    id: int
    begins: dt.datetime
    ends: dt.datetime
    place: AppointmentPlace | None = None
    domain: Discipline | None = None
    alias: str | None = None


def beside(
    session: Session,
    *,
    resident: Resident,
    companion_id: int | None,
    begins: dt.datetime,
    ends: dt.datetime,
    account_id: int,
    role: Role | None,
    now: dt.datetime,
    without: int | None = None,
) -> list[Beside]:
    """What else there is between the two moments, for her and for who goes along, in two statements; `without` is the
    appointment that is being moved."""
    hers = Appointment.resident_id == resident.id
    theirs = hers if companion_id is None else or_(hers, Appointment.companion_id == companion_id)
    rows = session.execute(
        select(Appointment, Resident.alias, seen_by(account_id, role).label("seen"))
        .join(Resident, Resident.id == Appointment.resident_id)
        .where(theirs, Appointment.state.in_(STANDS), Appointment.at < ends, Appointment.ends_at > begins)
        .order_by(Appointment.at, Appointment.id)
    ).all()
    found = [_beside(row, resident) for row in rows if row.Appointment.id != without]
    return found + _leaves(session, resident, begins, ends, now)


def _beside(row: Any, resident: Resident) -> Beside:
    one: Appointment = row.Appointment
    if one.resident_id == resident.id:
        return Beside(Besides.HERS, one.id, one.at, one.ends_at, one.place, one.domain)
    if row.seen:
        return Beside(Besides.COMPANIONS, one.id, one.at, one.ends_at, one.place, one.domain, row.alias)
    return Beside(Besides.COMPANIONS, one.id, one.at, one.ends_at)


def _leaves(
    session: Session, resident: Resident, begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> list[Beside]:
    """When she is out of the house: until she came back, or is expected; whoever is late is out until now."""
    rows = session.execute(
        select(Leave.id, Leave.from_at, Leave.due_back, Leave.back_at)
        .join(Placement, Placement.id == Leave.placement_id)
        .where(Placement.resident_id == resident.id, LEAVE_LASTED, Leave.from_at < ends)
        .order_by(Leave.from_at, Leave.id)
    )
    found = [Beside(Besides.LEAVE, row.id, row.from_at, row.back_at or max(row.due_back, now)) for row in rows]
    return [one for one in found if one.ends > begins]


@dataclass(frozen=True, slots=True)
class Told:
    """Who agreed on it and who said what became of it; the appointments before and after it."""

    made_by: str
    made_at: dt.datetime
    settled_by: str | None
    settled_at: dt.datetime | None
    answered_at: dt.datetime | None
    before: tuple[uuid.UUID, dt.datetime] | None
    after: tuple[uuid.UUID, dt.datetime] | None


def told_of(session: Session, ref: uuid.UUID) -> Told:
    """What else there is to say of an appointment the view has found, in one statement."""
    maker, settler, before, after = aliased(Account), aliased(Account), aliased(Appointment), aliased(Appointment)
    row = session.execute(
        select(
            Appointment,
            maker.shown_name.label("maker"),
            settler.shown_name.label("settler"),
            before.ref.label("before"),
            before.at.label("before_at"),
            after.ref.label("after"),
            after.at.label("after_at"),
        )
        .join(maker, maker.id == Appointment.made_by_id)
        .outerjoin(settler, settler.id == Appointment.settled_by_id)
        .outerjoin(before, before.id == Appointment.follows_id)
        .outerjoin(after, and_(after.follows_id == Appointment.id, after.state != AppointmentState.CANCELLED))
        .where(Appointment.ref == ref)
        .order_by(after.id.desc())
        .limit(1)
    ).one()
    one: Appointment = row.Appointment
    return Told(
        row.maker,
        one.made_at,
        row.settler,
        one.settled_at,
        one.answered_at,
        (row.before, row.before_at) if row.before else None,
        (row.after, row.after_at) if row.after else None,
    )
