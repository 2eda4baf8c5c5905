"""What service plans find to do for one person: in seven statements, whatever there is. Inside `seen_by`; nothing
sealed is opened.

A caseworker is told of her own domain, of everything she herself said she would do, and as coordinator of the rest.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, AccountState, Approval, Discipline, House, Office
from safehouse.access.permissions import Role
from safehouse.gathered import Duty, Telling
from safehouse.residents.models import Assignment, Denial, Household, Matter, Resident
from safehouse.residents.queries.people import answered_for, seen_by
from safehouse.services.choices import ActionState, AppointmentState
from safehouse.services.models import (
    Action,
    Appointment,
    Plan,
    PlanDomain,
    ProtectionOrder,
    Recommendation,
    Review,
)
from safehouse.services.queries.law import eldest_of, eldest_of_asking
from safehouse.services.rules.duties import (
    ACTION_TOLD_BEFORE,
    APPOINTMENT_TOLD_BEFORE,
    RENEW_BEFORE,
    RENEWAL_TOLD_BEFORE,
    REVIEW_TOLD_BEFORE,
    WEEK_TOLD_BEFORE,
    DutyKind,
    end_of,
    months_after,
    told_from,
)
from safehouse.services.rules.law import MEDIATION
from safehouse.services.rules.reviewing import NAMED
from safehouse.shelter.models import Placement

OPEN_ACTION = (ActionState.PLANNED, ActionState.RUNNING, ActionState.POSTPONED)
TELLINGS = {Role.STAFF: Telling.STAFF, Role.CASEWORKER: Telling.WORKER, Role.MANAGER: Telling.MANAGER}


class _Asking:
    """Who asks, when, and how things are set in this office."""

    def __init__(self, session: Session, account_id: int, role: Role | None, now: dt.datetime) -> None:
        office = session.execute(
            select(
                Office.time_zone,
                Office.tell_manager_after_hours,
                Office.plan_within_days,
                Office.review_every_months,
                Office.follows_plans_since,
            )
        ).one()
        self.session, self.account_id, self.role, self.now = session, account_id, role, now
        self.zone = ZoneInfo(office.time_zone)
        self.manager_after = dt.timedelta(hours=office.tell_manager_after_hours)
        self.plan_within = dt.timedelta(days=office.plan_within_days)
        self.review_every: int = office.review_every_months
        self.follows_since: dt.datetime | None = office.follows_plans_since
        self.mine = aliased(Assignment)

    def about(self, *more: Any) -> Select[Any]:
        """Someone she may see, where she lives, and how the person who asks is assigned to her."""
        return (
            select(
                Resident.ref,
                Resident.alias,
                Resident.code,
                House.name.label("house"),
                House.time_zone,
                self.mine.discipline.label("own"),
                func.coalesce(self.mine.coordinator, false()).label("coordinates"),
                answered_for().label("answered_for"),
                *more,
            )
            .select_from(Resident)
            .outerjoin(House, House.id == Resident.house_id)
            .outerjoin(
                self.mine,
                and_(
                    self.mine.resident_id == Resident.id,
                    self.mine.account_id == self.account_id,
                    self.mine.until.is_(None),
                ),
            )
            .where(seen_by(self.account_id, self.role))
        )

    def zone_of(self, row: Row[Any]) -> ZoneInfo:
        return ZoneInfo(row.time_zone) if row.time_zone else self.zone

    def concerned(self, row: Row[Any], domain: Discipline | None = None, who: int | None = None) -> bool:
        """Whether a caseworker is told of it: her domain, her own word, or hers to coordinate."""
        if self.role is not Role.CASEWORKER:
            return True
        return bool(row.coordinates) or row.own == domain or who == self.account_id

    def duty(
        self, kind: DutyKind, row: Row[Any], due: dt.datetime, told: dict[Telling, dt.datetime], **more: Any
    ) -> Duty:
        return Duty(
            kind,
            more.pop("subject", row.ref),
            due,
            told,
            all_day=more.pop("all_day", False),
            alias=row.alias,
            code=row.code,
            place=row.house,
            time_zone=row.time_zone,
            figures=more,
        )


def duties(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[Duty]:
    """Everything of service plans that waits for this person, unordered; each says who else is told, and since when."""
    telling = TELLINGS.get(role or Role.SECURITY_OFFICER)
    if telling is None:
        return []
    asking = _Asking(session, account_id, role, now)
    found = list(_appointments(asking))
    if role is not Role.STAFF:
        found += [
            *_plans_and_reviews(asking),
            *_actions(asking),
            *_recommendations(asking),
            *_renewals(asking),
            *_asked(asking),
        ]
    return [one for one in found if one.told_to(telling, now)]


def _appointments(asking: _Asking) -> Iterable[Duty]:
    """Today's, those nobody has said anything about, and those nobody came to."""
    until = asking.now + WEEK_TOLD_BEFORE
    companion = aliased(Account)  # whether anybody answers for her is asked of `Account` itself
    together = aliased(Resident)
    # Who was denied or disabled since goes with her no more: somebody else has to be found.
    cannot_go = or_(
        companion.state != AccountState.ACTIVE,
        exists().where(
            Denial.account_id == Appointment.companion_id,
            Denial.until.is_(None),
            Denial.resident_id == together.id,
            together.household_id == Resident.household_id,
        ),
    )
    rows = asking.session.execute(
        asking.about(
            Appointment.ref.label("appointment"),
            Appointment.domain,
            Appointment.state,
            Appointment.at,
            Appointment.ends_at,
            Appointment.place,
            Appointment.transport,
            Appointment.settled_at,
            Appointment.companion_id,
            case((cannot_go, None), else_=companion.shown_name).label("companion"),
        )
        .join(Appointment, Appointment.resident_id == Resident.id)
        .outerjoin(companion, companion.id == Appointment.companion_id)
        .where(
            or_(
                and_(Appointment.state == AppointmentState.PLANNED, Appointment.at <= until),
                and_(Appointment.state == AppointmentState.MISSED, Appointment.answered_at.is_(None)),
            )
        )
        .order_by(Appointment.at, Appointment.id)
    ).all()
    for row in rows:
        if not asking.concerned(row, row.domain, row.companion_id):
            continue
        figures = {
            "subject": row.appointment,
            "domain": row.domain,
            "where": row.place,
            "companion": row.companion,
            "transport": row.transport,
        }
        worker = told_from(row.ends_at, row.ends_at, asking.manager_after, has_worker=row.answered_for)
        if row.state == AppointmentState.MISSED:
            since = row.settled_at
            told = {Telling.WORKER: since, Telling.MANAGER: worker[Telling.MANAGER]}
            yield asking.duty(DutyKind.MISSED, row, row.at, told, **figures)
        elif row.ends_at <= asking.now:
            yield asking.duty(DutyKind.UNSETTLED, row, row.ends_at, {Telling.STAFF: row.ends_at, **worker}, **figures)
        else:
            told = {Telling.STAFF: row.at - APPOINTMENT_TOLD_BEFORE, Telling.WORKER: row.at - WEEK_TOLD_BEFORE}
            yield asking.duty(DutyKind.APPOINTMENT, row, row.at, told, **figures)


def _plans_and_reviews(asking: _Asking) -> Iterable[Duty]:
    """A plan that is to be opened, a review that is due, one that was sent back, one that waits for an answer."""
    approved = (
        select(func.max(Review.until))
        .where(Review.plan_id == Plan.id, Review.approved_at.is_not(None))
        .correlate(Plan)
        .scalar_subquery()
    )
    rows = asking.session.execute(
        asking.about(
            Placement.arrived_at,
            Plan.id.label("plan"),
            Plan.opened_at,
            approved.label("reviewed"),
            Review.ref.label("review"),
            Review.handed_in_at,
            Review.answer.is_not(None).label("answered"),
            Review.by_id,
        )
        .join(Placement, and_(Placement.resident_id == Resident.id, Placement.left_at.is_(None)))
        .outerjoin(Plan, Plan.placement_id == Placement.id)
        .outerjoin(Review, and_(Review.plan_id == Plan.id, Review.approved_at.is_(None)))
        .order_by(Resident.id)
    ).all()
    for row in rows:
        there = asking.zone_of(row)
        if row.plan is None:
            if (asking.follows_since is None or row.arrived_at >= asking.follows_since) and asking.concerned(row):
                due = end_of((row.arrived_at.astimezone(there) + asking.plan_within).date(), there)
                told = told_from(row.arrived_at, due, asking.manager_after, has_worker=row.answered_for)
                yield asking.duty(DutyKind.PLAN, row, due, told, all_day=True)
            continue
        if row.handed_in_at is not None:
            yield asking.duty(
                DutyKind.REVIEW_DECIDE,
                row,
                row.handed_in_at + dt.timedelta(days=7),
                {Telling.MANAGER: row.handed_in_at},
                subject=row.review,
            )
            continue
        begun = row.reviewed or row.opened_at.astimezone(there).date()
        due = end_of(months_after(begun, asking.review_every), there)
        told = told_from(due - REVIEW_TOLD_BEFORE, due, asking.manager_after, has_worker=row.answered_for)
        if not asking.concerned(row, who=row.by_id):
            continue
        if row.answered:
            told = {Telling.WORKER: row.opened_at, Telling.MANAGER: told[Telling.MANAGER]}
            yield asking.duty(DutyKind.REVIEW_BACK, row, due, told, all_day=True)
        else:
            yield asking.duty(DutyKind.REVIEW, row, due, told, all_day=True)


def _asked(asking: _Asking) -> Iterable[Duty]:
    """Reports that are to be printed by name, matters that are to be mediated: a manager who did not ask for it
    answers."""
    of_report = (
        select(Placement.resident_id)
        .join(Plan, Plan.placement_id == Placement.id)
        .join(Review, Review.plan_id == Plan.id)
        .where(Review.ref == Approval.subject)
        .correlate(Approval)
        .scalar_subquery()
    )
    of_matter = eldest_of_asking(asking.account_id, asking.role)
    rows = asking.session.execute(
        asking.about(
            Approval.kind,
            Approval.ref.label("approval"),
            Approval.subject,
            Approval.asked_at,
            Approval.expires_at,
            Approval.asked_by_id,
        )
        .join(Approval, Resident.id == case((Approval.kind == NAMED, of_report), else_=of_matter))
        .where(Approval.kind.in_([NAMED, MEDIATION]), Approval.decided_at.is_(None), Approval.expires_at > asking.now)
        .order_by(Approval.id)
    ).all()
    for row in rows:
        if row.asked_by_id == asking.account_id:
            continue
        told = {Telling.MANAGER: row.asked_at}
        if row.kind == NAMED:
            yield asking.duty(DutyKind.NAMED_REPORT, row, row.expires_at, told, subject=row.subject)
        else:
            yield asking.duty(DutyKind.MEDIATION, row, row.expires_at, told, subject=row.approval)


def _actions(asking: _Asking) -> Iterable[Duty]:
    """Steps of plans that are due within days, or late."""
    horizon = (asking.now + ACTION_TOLD_BEFORE).date() + dt.timedelta(days=1)
    rows = asking.session.execute(
        asking.about(Action.ref.label("action"), Action.due, Action.made_at, Action.who_id, PlanDomain.domain)
        .join(Placement, and_(Placement.resident_id == Resident.id, Placement.left_at.is_(None)))
        .join(Plan, Plan.placement_id == Placement.id)
        .join(PlanDomain, PlanDomain.plan_id == Plan.id)
        .join(Action, Action.plan_domain_id == PlanDomain.id)
        .where(Action.state.in_(OPEN_ACTION), Action.due <= horizon)
        .order_by(Action.due, Action.id)
    ).all()
    for row in rows:
        if asking.concerned(row, row.domain, row.who_id):
            due = end_of(row.due, asking.zone_of(row))
            since = max(due - ACTION_TOLD_BEFORE, row.made_at)
            told = told_from(since, due, asking.manager_after, has_worker=row.answered_for)
            yield asking.duty(
                DutyKind.ACTION, row, due, told, subject=row.action, domain=row.domain, resident=row.ref, all_day=True
            )


def _recommendations(asking: _Asking) -> Iterable[Duty]:
    """What approved reviews advise and nobody has done."""
    horizon = (asking.now + ACTION_TOLD_BEFORE).date() + dt.timedelta(days=1)
    rows = asking.session.execute(
        asking.about(Recommendation.ref.label("recommendation"), Recommendation.due, Recommendation.responsible_id)
        .join(Placement, Placement.resident_id == Resident.id)
        .join(Plan, Plan.placement_id == Placement.id)
        .join(Review, Review.plan_id == Plan.id)
        .join(Recommendation, Recommendation.review_id == Review.id)
        .where(
            Review.approved_at.is_not(None),
            Recommendation.done_at.is_(None),
            Recommendation.outcome.is_(None),
            Recommendation.due <= horizon,
        )
        .order_by(Recommendation.due, Recommendation.id)
    ).all()
    for row in rows:
        if asking.concerned(row, who=row.responsible_id):
            due = end_of(row.due, asking.zone_of(row))
            told = told_from(due - ACTION_TOLD_BEFORE, due, asking.manager_after, has_worker=row.answered_for)
            yield asking.duty(DutyKind.RECOMMENDATION, row, due, told, subject=row.recommendation, all_day=True)


def _renewals(asking: _Asking) -> Iterable[Duty]:
    """Protection orders that end and are to be renewed in time; one duty an order, in the name of the eldest who
    stands in the matter."""
    renewed = aliased(ProtectionOrder)
    horizon = (asking.now + RENEW_BEFORE + RENEWAL_TOLD_BEFORE).date() + dt.timedelta(days=1)
    rows = asking.session.execute(
        asking.about(ProtectionOrder.ref.label("order"), ProtectionOrder.until)
        .join(Household, Household.id == Resident.household_id)
        .join(Matter, Matter.household_id == Household.id)
        .join(ProtectionOrder, ProtectionOrder.matter_id == Matter.id)
        .where(
            Resident.id == eldest_of(asking.account_id, asking.role),
            Matter.closed_at.is_(None),
            ProtectionOrder.withdrawn_at.is_(None),
            ProtectionOrder.settled_at.is_(None),
            ProtectionOrder.until <= horizon,
            ~exists().where(renewed.renews_id == ProtectionOrder.id, renewed.withdrawn_at.is_(None)),
        )
        .order_by(ProtectionOrder.until, ProtectionOrder.id)
    ).all()
    for row in rows:
        if asking.concerned(row, Discipline.LEGAL):
            due = end_of(row.until - RENEW_BEFORE, asking.zone_of(row))
            told = told_from(due - RENEWAL_TOLD_BEFORE, due, asking.manager_after, has_worker=row.answered_for)
            yield asking.duty(DutyKind.RENEWAL, row, due, told, subject=row.order, until=row.until, all_day=True)
