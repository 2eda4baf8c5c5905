"""A resident's plan, its domains and goals, and how a person stands to them. Nothing sealed is opened.

The view has found the resident inside `seen_by` before it asks here.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, AccountState, Agency, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment
from safehouse.services.choices import DOMAINS_IN_ORDER, ActionState, Attendance, WordsKind
from safehouse.services.models import (
    Action,
    CareSession,
    DomainWords,
    Goal,
    GoalStep,
    Plan,
    PlanAgreement,
    PlanDomain,
)
from safehouse.services.rules.goals import NOT_BEGUN, REACHED, GoalState, state_of
from safehouse.services.rules.walls import Standing
from safehouse.shelter.models.stays import LASTED, Placement


@dataclass(frozen=True, slots=True)
class Worker:
    """Who is assigned to her in a discipline."""

    account_id: int
    ref: uuid.UUID
    name: str
    discipline: Discipline
    coordinator: bool


def workers_of(session: Session, resident_id: int) -> list[Worker]:
    """Everyone active who is assigned to her, the coordinator first. A disabled account answers for nobody."""
    rows = session.execute(
        select(Account.id, Account.ref, Account.shown_name, Assignment.discipline, Assignment.coordinator)
        .join(Account, Account.id == Assignment.account_id)
        .where(
            Assignment.resident_id == resident_id,
            Assignment.until.is_(None),
            Account.state == AccountState.ACTIVE,
            Account.role == Role.CASEWORKER,
        )
        .order_by(Assignment.coordinator.desc(), Account.shown_name, Account.id)
    )
    return [Worker(*row) for row in rows]


def standing(workers: Sequence[Worker], *, account_id: int, role: Role | None) -> Standing:
    """How this person stands to the resident these workers are assigned to."""
    own = next((one for one in workers if one.account_id == account_id), None)
    return Standing(
        role,
        own.discipline if own else None,
        coordinator=own is not None and own.coordinator,
        kept=frozenset(one.discipline for one in workers),
    )


def newest_placement(session: Session, resident_id: int) -> Placement | None:
    """Where she lives now, or lived last. None for someone who never stayed."""
    return session.scalar(
        select(Placement)
        .where(Placement.resident_id == resident_id, LASTED)
        .order_by(Placement.left_at.is_(None).desc(), Placement.arrived_at.desc(), Placement.id.desc())
        .limit(1)
    )


def newest_plan_id(session: Session, resident_id: int) -> int | None:
    """The plan of the placement she lives under, or lived under last; None where it has none."""
    newest = (
        select(Placement.id)
        .where(Placement.resident_id == resident_id, LASTED)
        .order_by(Placement.left_at.is_(None).desc(), Placement.arrived_at.desc(), Placement.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return session.scalar(select(Plan.id).where(Plan.placement_id == newest))


def plan_of(session: Session, placement_id: int) -> Plan | None:
    return session.scalar(select(Plan).where(Plan.placement_id == placement_id))


@dataclass(frozen=True, slots=True)
class DomainLine:
    """One domain of a plan in figures. `need` and `summary` are the newest words, closed."""

    id: int
    ref: uuid.UUID
    domain: Discipline
    sessions: int  # attended
    absences: int
    actions: int  # steps that are neither cancelled nor declined
    actions_done: int
    overdue: dt.date | None  # since when the step that is late longest is late
    need: DomainWords | None
    summary: DomainWords | None


def domain_lines(session: Session, plan_id: int, *, today: dt.date) -> list[DomainLine]:
    """The domains of a plan in their order, in two statements."""
    held = (
        select(
            CareSession.plan_domain_id,
            func.sum(case((CareSession.attendance == Attendance.ATTENDED, 1), else_=0)).label("attended"),
            func.sum(case((CareSession.attendance == Attendance.ABSENT, 1), else_=0)).label("absent"),
        )
        .where(CareSession.withdrawn_at.is_(None))
        .group_by(CareSession.plan_domain_id)
        .subquery()
    )
    open_state = Action.state.in_([ActionState.PLANNED, ActionState.RUNNING, ActionState.POSTPONED])
    steps = (
        select(
            Action.plan_domain_id,
            func.count().label("n"),
            func.sum(case((Action.state == ActionState.DONE, 1), else_=0)).label("done"),
            func.min(case((and_(open_state, Action.due < today), Action.due))).label("overdue"),
        )
        .where(Action.state.not_in([ActionState.CANCELLED, ActionState.DECLINED]))
        .group_by(Action.plan_domain_id)
        .subquery()
    )
    rows = session.execute(
        select(
            PlanDomain.id,
            PlanDomain.ref,
            PlanDomain.domain,
            func.coalesce(held.c.attended, 0).label("sessions"),
            func.coalesce(held.c.absent, 0).label("absences"),
            func.coalesce(steps.c.n, 0).label("actions"),
            func.coalesce(steps.c.done, 0).label("done"),
            steps.c.overdue,
        )
        .outerjoin(held, held.c.plan_domain_id == PlanDomain.id)
        .outerjoin(steps, steps.c.plan_domain_id == PlanDomain.id)
        .where(PlanDomain.plan_id == plan_id)
    ).all()
    words = newest_words(session, [row.id for row in rows])
    lines = [
        DomainLine(
            row.id,
            row.ref,
            row.domain,
            sessions=row.sessions,
            absences=row.absences,
            actions=row.actions,
            actions_done=row.done,
            overdue=row.overdue,
            need=words.get((row.id, WordsKind.NEED)),
            summary=words.get((row.id, WordsKind.SUMMARY)),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda one: DOMAINS_IN_ORDER.index(one.domain))


def newest_words(
    session: Session, domain_ids: Collection[int], *, by_then: dt.datetime | None = None
) -> dict[tuple[int, WordsKind], DomainWords]:
    """The words that count for each domain and kind, closed; with `by_then` those that counted at that moment."""
    later = aliased(DomainWords)
    wanted: ColumnElement[bool] = DomainWords.plan_domain_id.in_(domain_ids)
    known: ColumnElement[bool] = later.at.is_not(None)
    if by_then is not None:
        wanted, known = and_(wanted, DomainWords.at <= by_then), later.at <= by_then
    newer = (
        select(later.id)
        .where(
            known,
            later.plan_domain_id == DomainWords.plan_domain_id,
            later.kind == DomainWords.kind,
            or_(later.at > DomainWords.at, and_(later.at == DomainWords.at, later.id > DomainWords.id)),
        )
        .exists()
    )
    rows = session.scalars(select(DomainWords).where(wanted, ~newer))
    return {(one.plan_domain_id, one.kind): one for one in rows}


@dataclass(frozen=True, slots=True)
class Rung:
    """A goal was at this step, said by this person on this day."""

    at: dt.datetime
    step: int
    who: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal and how it went; its words are closed. The newest rung is where it stands."""

    goal: Goal
    rungs: tuple[Rung, ...] = field(default=())

    @property
    def step(self) -> int:
        return self.rungs[-1].step if self.rungs else NOT_BEGUN

    @property
    def state(self) -> GoalState:
        return state_of([one.step for one in self.rungs], ended=self.goal.ended_at is not None)

    @property
    def reached(self) -> bool:
        return self.step == REACHED


def goal_lines(session: Session, domain_ids: Collection[int]) -> dict[int, list[GoalLine]]:
    """The goals of these domains in the order they were set, by domain, in two statements. Of several words on one
    moment the last written counts last."""
    goals = session.scalars(
        select(Goal).where(Goal.plan_domain_id.in_(domain_ids)).order_by(Goal.set_at, Goal.id)
    ).all()
    rungs: dict[int, list[Rung]] = {}
    for goal_id, at, step, who in session.execute(
        select(GoalStep.goal_id, GoalStep.at, GoalStep.step, Account.shown_name)
        .join(Account, Account.id == GoalStep.by_id)
        .where(GoalStep.goal_id.in_([one.id for one in goals]), GoalStep.withdrawn_at.is_(None))
        .order_by(GoalStep.at, GoalStep.id)
    ):
        rungs.setdefault(goal_id, []).append(Rung(at, step, who))
    found: dict[int, list[GoalLine]] = {}
    for goal in goals:
        found.setdefault(goal.plan_domain_id, []).append(GoalLine(goal, tuple(rungs.get(goal.id, ()))))
    return found


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A step of a domain; what it is stays closed."""

    action: Action
    who: str | None
    agency: str | None


def action_lines(session: Session, domain_ids: Collection[int]) -> dict[int, list[ActionLine]]:
    """The steps of these domains, what is open first, by the day they are due; by domain, in one statement."""
    closed = Action.state.in_([ActionState.DONE, ActionState.CANCELLED, ActionState.DECLINED])
    rows = session.execute(
        select(Action, Account.shown_name, Agency.name)
        .outerjoin(Account, Account.id == Action.who_id)
        .outerjoin(Agency, Agency.id == Action.agency_id)
        .where(Action.plan_domain_id.in_(domain_ids))
        .order_by(closed, Action.due, Action.id)
    )
    found: dict[int, list[ActionLine]] = {}
    for action, who, agency in rows:
        found.setdefault(action.plan_domain_id, []).append(ActionLine(action, who, agency))
    return found


def newest_agreement(session: Session, plan_id: int) -> PlanAgreement | None:
    """The last time the plan was read to her."""
    return session.scalar(
        select(PlanAgreement)
        .where(PlanAgreement.plan_id == plan_id)
        .order_by(PlanAgreement.at.desc(), PlanAgreement.id.desc())
        .limit(1)
    )


def changed_since(session: Session, plan_id: int, at: dt.datetime) -> bool:
    """Whether a goal or a step was added after this moment: then the plan is to be read to her again."""
    domains = select(PlanDomain.id).where(PlanDomain.plan_id == plan_id)
    newer = or_(
        select(Goal.id).where(Goal.plan_domain_id.in_(domains), Goal.set_at > at).exists(),
        select(Action.id).where(Action.plan_domain_id.in_(domains), Action.made_at > at).exists(),
    )
    return bool(session.scalar(select(newer)))


def by_domain(workers: Sequence[Worker]) -> Mapping[Discipline, Worker]:
    """Who keeps each domain for which somebody is assigned; of several the coordinator, else the first by name."""
    found: dict[Discipline, Worker] = {}
    for one in workers:
        found.setdefault(one.discipline, one)
    return found
