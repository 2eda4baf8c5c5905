"""What happened in the plans of one resident, in eleven statements however much it was. Nothing sealed is opened.

The caller has made sure that the person who looks may see this resident. What a discipline keeps to itself is no part
of it: neither what was said in a session nor what a treatment was for. Stages of law are for whoever reads the legal
domain further than its summary.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, type_coerce
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Discipline
from safehouse.access.permissions import Role
from safehouse.database import UtcDateTime
from safehouse.gathered import Happening, Topic
from safehouse.residents.models import MatterParty
from safehouse.services.choices import AppointmentState, Attendance, CareState
from safehouse.services.models import (
    Appointment,
    CareSession,
    Goal,
    GoalStep,
    LegalProcess,
    LegalStage,
    Plan,
    PlanAgreement,
    PlanDomain,
    ProcessStage,
    Review,
    SchoolLetter,
    Support,
    Treatment,
)
from safehouse.services.queries.plans import standing, workers_of
from safehouse.services.rules.goals import REACHED
from safehouse.services.rules.happenings import Happening as Kind
from safehouse.services.rules.walls import Reach, reaches
from safehouse.shelter.models import Placement

HELD = {
    Attendance.ATTENDED: Kind.SESSION,
    Attendance.ABSENT: Kind.SESSION_ABSENT,
    Attendance.MOVED: Kind.SESSION_MOVED,
}


def timeline(
    session: Session, *, resident_id: int, account_id: int, role: Role | None, there: ZoneInfo
) -> list[Happening]:
    """All of it, unordered. `there` is the zone of her house: what has only a day stands at its noon."""
    plans = (
        select(Plan.id).join(Placement, Placement.id == Plan.placement_id).where(Placement.resident_id == resident_id)
    )
    found = [
        *_plans(session, plans),
        *_sessions(session, plans),
        *_goals(session, plans),
        *_appointments(session, resident_id),
        *_days(session, plans, there),
        *_reviews(session, plans),
    ]
    stands = standing(workers_of(session, resident_id), account_id=account_id, role=role)
    if reaches(stands.reach(Discipline.LEGAL), Reach.GOALS):
        found += _stages(session, resident_id, there)
    return found


def _noon(day: dt.date | None, there: ZoneInfo) -> dt.datetime:
    if day is None:
        raise ValueError("only what has a day stands in the timeline")
    return dt.datetime.combine(day, dt.time(12), there).astimezone(dt.UTC)


def _plans(session: Session, plans: Select[int]) -> Iterable[Happening]:
    for at, who in session.execute(
        select(Plan.opened_at, Account.shown_name)
        .join(Account, Account.id == Plan.opened_by_id)
        .where(Plan.id.in_(plans))
    ):
        yield Happening(Kind.PLAN_OPENED, at, Topic.SERVICES, who)
    for at, who in session.execute(
        select(PlanAgreement.at, Account.shown_name)
        .join(Account, Account.id == PlanAgreement.read_by_id)
        .where(PlanAgreement.plan_id.in_(plans))
    ):
        yield Happening(Kind.PLAN_AGREED, at, Topic.SERVICES, who)


def _sessions(session: Session, plans: Select[int]) -> Iterable[Happening]:
    for domain, at, minutes, attendance, ready, who in session.execute(
        select(
            PlanDomain.domain,
            CareSession.starts_at,
            CareSession.minutes,
            CareSession.attendance,
            CareSession.ready,
            Account.shown_name,
        )
        .join(PlanDomain, PlanDomain.id == CareSession.plan_domain_id)
        .join(Account, Account.id == CareSession.by_id)
        .where(PlanDomain.plan_id.in_(plans), CareSession.withdrawn_at.is_(None))
    ):
        yield Happening(HELD[attendance], at, Topic.SERVICES, who, {"domain": domain, "minutes": minutes})
        if ready:
            yield Happening(Kind.READY, at, Topic.SERVICES, who)


def _goals(session: Session, plans: Select[int]) -> Iterable[Happening]:
    """Since when a goal was reached, for the first time."""
    for domain, at in session.execute(
        select(PlanDomain.domain, func.min(GoalStep.at))
        .join(Goal, Goal.id == GoalStep.goal_id)
        .join(PlanDomain, PlanDomain.id == Goal.plan_domain_id)
        .where(PlanDomain.plan_id.in_(plans), GoalStep.step == REACHED, GoalStep.withdrawn_at.is_(None))
        .group_by(Goal.id, PlanDomain.domain)
    ):
        yield Happening(Kind.GOAL_REACHED, at, Topic.SERVICES, figures={"domain": domain})


def _appointments(session: Session, resident_id: int) -> Iterable[Happening]:
    for domain, at, state, who in session.execute(
        select(Appointment.domain, Appointment.at, Appointment.state, Account.shown_name)
        .outerjoin(Account, Account.id == Appointment.companion_id)
        .where(
            Appointment.resident_id == resident_id,
            Appointment.state.in_([AppointmentState.KEPT, AppointmentState.MISSED]),
        )
    ):
        kind = Kind.APPOINTMENT_KEPT if state is AppointmentState.KEPT else Kind.APPOINTMENT_MISSED
        yield Happening(kind, at, Topic.SERVICES, who, {"domain": domain})


def _days(session: Session, plans: Select[int], there: ZoneInfo) -> Iterable[Happening]:
    """What has a day and no clock."""
    domains = select(PlanDomain.id).where(PlanDomain.plan_id.in_(plans))
    for on_day, who in session.execute(
        select(Treatment.on_day, Account.shown_name)
        .join(Account, Account.id == Treatment.by_id)
        .where(Treatment.plan_domain_id.in_(domains), Treatment.state == CareState.DONE, Treatment.on_day.is_not(None))
    ):
        yield Happening(Kind.CARE_DONE, _noon(on_day, there), Topic.SERVICES, who)
    for on_day, letter, who in session.execute(
        select(SchoolLetter.on_day, SchoolLetter.kind, Account.shown_name)
        .join(Account, Account.id == SchoolLetter.by_id)
        .where(SchoolLetter.plan_domain_id.in_(domains), SchoolLetter.withdrawn_at.is_(None))
    ):
        yield Happening(Kind.LETTER, _noon(on_day, there), Topic.SERVICES, who, {"letter": letter})
    for on_day, support, who in session.execute(
        select(Support.on, Support.kind, Account.shown_name)
        .join(Account, Account.id == Support.by_id)
        .where(Support.plan_domain_id.in_(domains), Support.withdrawn_at.is_(None))
    ):
        yield Happening(Kind.SUPPORT, _noon(on_day, there), Topic.SERVICES, who, {"support": support})


def _reviews(session: Session, plans: Select[int]) -> Iterable[Happening]:
    approved = type_coerce(Review.approved_at, UtcDateTime)
    for at, until, who in session.execute(
        select(approved, Review.until, Account.shown_name)
        .join(Account, Account.id == Review.by_id)
        .where(Review.plan_id.in_(plans), Review.approved_at.is_not(None))
    ):
        yield Happening(Kind.REVIEW, at, Topic.SERVICES, who, {"until": until})


def _stages(session: Session, resident_id: int, there: ZoneInfo) -> Iterable[Happening]:
    """Of matters she herself stands in."""
    matters = select(MatterParty.matter_id).where(MatterParty.resident_id == resident_id)
    for name_id, name_en, on_day, who in session.execute(
        select(LegalStage.name_id, LegalStage.name_en, ProcessStage.on_day, Account.shown_name)
        .join(LegalStage, LegalStage.id == ProcessStage.stage_id)
        .join(LegalProcess, LegalProcess.id == ProcessStage.process_id)
        .join(Account, Account.id == ProcessStage.by_id)
        .where(LegalProcess.matter_id.in_(matters), ProcessStage.withdrawn_at.is_(None))
    ):
        yield Happening(Kind.STAGE, _noon(on_day, there), Topic.SERVICES, who, {"stage": (name_id, name_en)})
