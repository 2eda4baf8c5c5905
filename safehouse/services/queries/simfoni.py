"""What the unit knows already of a family's case, for the sheet from which the national form is typed. Nothing sealed
is opened."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Assignment,
    Matter,
    MatterParty,
    Relationship,
    ReportedPerson,
    Resident,
    Sex,
    Side,
)
from safehouse.residents.queries.people import seen_by
from safehouse.services.choices import AppointmentState, Attendance, CareState, SchoolLevel
from safehouse.services.models import (
    Appointment,
    CareSession,
    LegalProcess,
    Plan,
    PlanDomain,
    ProcessStage,
    Review,
    Schooling,
    SchoolLetter,
    SimfoniSheet,
    Support,
    Treatment,
    Visum,
)
from safehouse.services.rules.simfoni import (
    CHANNEL_OF,
    Category,
    category_of_appointment,
    category_of_leaving,
    category_of_session,
    category_of_stage,
    category_of_support,
)
from safehouse.shelter.models import Departure, Placement, Referral
from safehouse.shelter.models.stays import LASTED


@dataclass(frozen=True, slots=True)
class CasePerson:
    """One of the family, as far as the person who looks answers for her. `sides` are those of all matters of the
    family she stands in; `arrived_on` is the first day of her newest stay."""

    id: int
    ref: uuid.UUID
    alias: str
    code: str
    sex: Sex
    birth_month: dt.date | None
    of_age_on: dt.date | None
    sides: frozenset[Side]
    arrived_on: dt.date | None
    schooling: SchoolLevel | None


@dataclass(frozen=True, slots=True)
class CaseReported:
    """A reported person: what he is to the family. Who he is stays closed."""

    id: int
    ref: uuid.UUID
    relationship: Relationship


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """`others` are of the family too, and somebody else answers for them. `channel` is how the first word of them
    came, as the form calls it, where that is known."""

    people: tuple[CasePerson, ...]
    others: int
    reported: tuple[CaseReported, ...]
    sexual_violence: bool
    reported_on: dt.date | None
    channel: str
    services: dict[Category, tuple[dt.date, ...]]


def case_facts(
    session: Session, *, household_id: int, account_id: int, role: Role | None, there: ZoneInfo
) -> CaseFacts:
    """The case of a family, in a fixed number of statements. Of the family are shown those for whom this person
    answers: a manager all she sees, a caseworker those she coordinates."""
    rows = session.execute(
        select(
            Resident.id,
            Resident.ref,
            Resident.alias,
            Resident.code,
            Resident.sex,
            Resident.birth_month,
            Resident.of_age_on,
            answers_for(account_id, role).label("hers"),
        )
        .where(Resident.household_id == household_id)
        .order_by(Resident.id)
    ).all()
    ids = [row.id for row in rows if row.hers]
    # Where one of them is witness or reported person of another family, that is no part of this case.
    own_matters = select(Matter.id).where(Matter.household_id == household_id)
    sides: dict[int, set[Side]] = {}
    for resident_id, side in session.execute(
        select(MatterParty.resident_id, MatterParty.side).where(
            MatterParty.resident_id.in_(ids), MatterParty.matter_id.in_(own_matters)
        )
    ):
        if resident_id is not None:
            sides.setdefault(resident_id, set()).add(side)
    sexual, reported_at = session.execute(
        select(func.count().filter(Matter.sexual_violence), func.min(Matter.victim_reported_at)).where(
            Matter.household_id == household_id
        )
    ).one()
    arrived, first, services = _stays(session, ids, there)
    _gather(session, ids, own_matters, there, services)
    levels = _levels(session, ids)
    channel, taken_at = first
    when = min((one for one in (reported_at, taken_at) if one is not None), default=None)
    return CaseFacts(
        tuple(
            CasePerson(
                row.id,
                row.ref,
                row.alias,
                row.code,
                row.sex,
                row.birth_month,
                row.of_age_on,
                frozenset(sides.get(row.id, ())),
                arrived.get(row.id),
                levels.get(row.id),
            )
            for row in rows
            if row.hers
        ),
        len(rows) - len(ids),
        tuple(
            CaseReported(*row)
            for row in session.execute(
                select(ReportedPerson.id, ReportedPerson.ref, ReportedPerson.relationship)
                .where(ReportedPerson.household_id == household_id)
                .order_by(ReportedPerson.id)
            )
        ),
        sexual_violence=bool(sexual),
        reported_on=when.astimezone(there).date() if when else None,
        channel=channel,
        services={one: tuple(sorted(services[one])) for one in Category if services.get(one)},
    )


def answers_for(account_id: int, role: Role | None) -> ColumnElement[bool]:
    """Whether this person fills the sheet for this `Resident`."""
    sees = seen_by(account_id, role)
    if role is Role.MANAGER:
        return sees
    coordinates = (
        select(Assignment.id)
        .where(
            Assignment.resident_id == Resident.id,
            Assignment.account_id == account_id,
            Assignment.coordinator,
            Assignment.until.is_(None),
        )
        .exists()
    )
    return sees & coordinates


Given = dict[Category, set[dt.date]]


def _add(services: Given, category: Category | None, day: dt.date) -> None:
    if category is not None:
        services.setdefault(category, set()).add(day)


def _stays(
    session: Session, ids: list[int], there: ZoneInfo
) -> tuple[dict[int, dt.date], tuple[str, dt.datetime | None], Given]:
    """The first day of each one's newest stay, how the first word of them came, and what that was as a service."""
    services: Given = {}
    arrived: dict[int, dt.date] = {}
    channel, taken = "", None
    for resident_id, arrived_at, source, taken_at in session.execute(
        select(Placement.resident_id, Placement.arrived_at, Referral.source, Referral.taken_at)
        .outerjoin(Referral, Referral.id == Placement.referral_id)
        .where(Placement.resident_id.in_(ids), LASTED)
        .order_by(Placement.arrived_at, Placement.id)
    ):
        arrived[resident_id] = arrived_at.astimezone(there).date()
        # A roof and what one needs belong to social rehabilitation (`domain.md` 5).
        _add(services, Category.REHABILITATION, arrived[resident_id])
        if taken_at is not None:
            _add(services, Category.COMPLAINT, taken_at.astimezone(there).date())
            if taken is None:
                channel, taken = CHANNEL_OF.get(source, "rujukan"), taken_at
    for at, place in session.execute(
        select(Departure.at, Departure.place_kind)
        .join(Placement, Placement.id == Departure.placement_id)
        .where(Placement.resident_id.in_(ids), Departure.undone_at.is_(None))
    ):
        _add(services, category_of_leaving(place), at.astimezone(there).date())
    return arrived, (channel, taken), services


def _gather(session: Session, ids: list[int], own_matters: Select[int], there: ZoneInfo, services: Given) -> None:
    """Everything that was done for them, as a day in its category."""
    plans = select(Plan.id).join(Placement, Placement.id == Plan.placement_id).where(Placement.resident_id.in_(ids))
    domains = select(PlanDomain.id).where(PlanDomain.plan_id.in_(plans))
    for domain, kind, at in session.execute(
        select(PlanDomain.domain, CareSession.kind, CareSession.starts_at)
        .join(PlanDomain, PlanDomain.id == CareSession.plan_domain_id)
        .where(
            PlanDomain.plan_id.in_(plans),
            CareSession.withdrawn_at.is_(None),
            CareSession.attendance == Attendance.ATTENDED,
        )
    ):
        _add(services, category_of_session(domain, kind), at.astimezone(there).date())
    for domain, agreed, at in session.execute(
        select(Appointment.domain, Appointment.kind, Appointment.at).where(
            Appointment.resident_id.in_(ids), Appointment.state == AppointmentState.KEPT
        )
    ):
        _add(services, category_of_appointment(domain, agreed), at.astimezone(there).date())
    for table in (Treatment, Visum):
        _add_days(
            services,
            Category.HEALTH,
            session.scalars(
                select(table.on_day).where(
                    table.plan_domain_id.in_(domains), table.state == CareState.DONE, table.on_day.is_not(None)
                )
            ),
        )
    matters = select(MatterParty.matter_id).where(
        MatterParty.resident_id.in_(ids), MatterParty.matter_id.in_(own_matters)
    )
    for track, accompanied, on_day in session.execute(
        select(LegalProcess.track, ProcessStage.accompanied, ProcessStage.on_day)
        .join(LegalProcess, LegalProcess.id == ProcessStage.process_id)
        .where(LegalProcess.matter_id.in_(matters), ProcessStage.withdrawn_at.is_(None))
    ):
        _add(services, category_of_stage(track, accompanied), on_day)
    for given, on_day in session.execute(
        select(Support.kind, Support.on).where(Support.plan_domain_id.in_(domains), Support.withdrawn_at.is_(None))
    ):
        _add(services, category_of_support(given), on_day)
    _add_days(
        services,
        Category.REHABILITATION,
        session.scalars(
            select(SchoolLetter.on_day).where(
                SchoolLetter.plan_domain_id.in_(domains), SchoolLetter.withdrawn_at.is_(None)
            )
        ),
    )
    _add_days(
        services,
        Category.REHABILITATION,
        session.scalars(select(Review.until).where(Review.plan_id.in_(plans), Review.approved_at.is_not(None))),
    )


def _add_days(services: Given, category: Category, days: Iterable[dt.date | None]) -> None:
    for day in days:
        if day is not None:
            _add(services, category, day)


def _levels(session: Session, ids: list[int]) -> dict[int, SchoolLevel]:
    """The last level of school that was written down for each."""
    rows = session.execute(
        select(Placement.resident_id, Schooling.level)
        .join(PlanDomain, PlanDomain.id == Schooling.plan_domain_id)
        .join(Plan, Plan.id == PlanDomain.plan_id)
        .join(Placement, Placement.id == Plan.placement_id)
        .where(Placement.resident_id.in_(ids))
        .order_by(Schooling.at, Schooling.id)
    )
    return {row.resident_id: row.level for row in rows}


def sheet_of(session: Session, household_id: int) -> SimfoniSheet | None:
    return session.scalar(select(SimfoniSheet).where(SimfoniSheet.household_id == household_id))


def entered_by(session: Session, sheet: SimfoniSheet) -> str:
    """Who typed it into the national system."""
    name: str | None = session.scalar(select(Account.shown_name).where(Account.id == sheet.entered_by_id))
    return name or ""
