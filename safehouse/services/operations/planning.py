"""Opening a plan, what she needs and wants, the steps of the plan, and reading it to her."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Agency, Discipline
from safehouse.residents.models import Reading, Resident, Signing
from safehouse.services.choices import ActionState, Funding, WordsKind
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
from safehouse.services.rules.goals import NOT_BEGUN, STEPS
from safehouse.shelter.models import Placement
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class PlanRefusal(StrEnum):
    OPEN_ALREADY = "open_already"
    NOBODY = "nobody"  # a step that nobody does
    COST_WITHOUT_FUNDING = "cost_without_funding"
    DONE_IN_FUTURE = "done_in_future"
    DUE_IN_PAST = "due_in_past"
    OVER = "over"
    SAME_STEP = "same_step"
    NO_WITNESS = "no_witness"
    READER_IS_WITNESS = "reader_is_witness"
    NO_SHEET = "no_sheet"
    BEFORE_LAST_STEP = "before_last_step"
    IN_FUTURE = "in_future"


class PlanRefused(Exception):
    """Nothing was written. `reason` says why."""

    def __init__(self, reason: PlanRefusal):
        super().__init__(reason)
        self.reason = reason


def open_plan(
    session: Session,
    *,
    resident: Resident,
    placement: Placement,
    needs: Mapping[Discipline, str],
    now: dt.datetime,
    by: Actor,
) -> Plan:
    """The plan of this placement, with a domain for each of `needs`; what is said of a need may be empty.

    Raises `PlanRefused` when somebody has opened it meanwhile. The caller commits.
    """
    plan = Plan(placement_id=placement.id, opened_at=now, opened_by_id=by.person_id)
    try:
        with session.begin_nested():
            session.add(plan)
            session.flush()
    except IntegrityError:
        raise PlanRefused(PlanRefusal.OPEN_ALREADY) from None
    record(session, now=now, by=by, act=Act.PLAN_OPENED, subject=resident.ref)
    for domain, words in needs.items():
        added = add_domain(session, plan=plan, domain=domain, resident=resident, now=now, by=by)
        if words:
            write_words(session, domain=added, resident=resident, kind=WordsKind.NEED, words=words, now=now, by=by)
    return plan


def add_domain(
    session: Session, *, plan: Plan, domain: Discipline, resident: Resident, now: dt.datetime, by: Actor
) -> PlanDomain:
    """This domain of the plan; the one that stands already where there is one."""
    wanted = select(PlanDomain).where(PlanDomain.plan_id == plan.id, PlanDomain.domain == domain)
    found = session.scalar(wanted)
    if found is not None:
        return found
    added = PlanDomain(plan_id=plan.id, domain=domain, opened_at=now)
    try:
        with session.begin_nested():
            session.add(added)
            session.flush()
    except IntegrityError:
        return session.scalars(wanted).one()
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose=domain)
    return added


def write_words(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    kind: WordsKind,
    words: str,
    now: dt.datetime,
    by: Actor,
) -> DomainWords:
    """What she needs in this domain, or how it goes. The words before stay, and count no more."""
    row = DomainWords(plan_domain_id=domain.id, kind=kind, at=now, by_id=by.person_id)
    row.words = seal(session, row, "words", words, key=key_of(session, resident.ref))
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose=kind)
    return row


def set_goal(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    words: str,
    measure: str | None,
    now: dt.datetime,
    by: Actor,
) -> Goal:
    """A goal in her own words. It stands at the first step, not begun, from now on."""
    goal = Goal(plan_domain_id=domain.id, set_at=now, by_id=by.person_id)
    key = key_of(session, resident.ref)
    goal.words = seal(session, goal, "words", words, key=key)
    if measure:
        goal.measure = seal(session, goal, "measure", measure, key=key)
    session.add(goal)
    session.flush()
    session.add(GoalStep(goal_id=goal.id, step=NOT_BEGUN, at=now, noted_at=now, by_id=by.person_id))
    session.flush()
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="goal")
    return goal


def newest_step(session: Session, goal: Goal) -> GoalStep | None:
    """Where the goal stands."""
    return session.scalar(
        select(GoalStep)
        .where(GoalStep.goal_id == goal.id, GoalStep.withdrawn_at.is_(None))
        .order_by(GoalStep.at.desc(), GoalStep.id.desc())
        .limit(1)
    )


def step_goal(
    session: Session,
    *,
    goal: Goal,
    resident: Resident,
    step: int,
    at: dt.datetime,
    care_session: CareSession | None = None,
    now: dt.datetime,
    by: Actor,
) -> GoalStep:
    """The goal was at this step at that moment; 0 not begun, 4 reached. Raises `PlanRefused` for a goal given up, and
    for a moment before the newest word on it or still to come."""
    session.refresh(goal, with_for_update=True)
    if goal.ended_at is not None:
        raise PlanRefused(PlanRefusal.OVER)
    if step not in STEPS:
        raise ValueError(step)
    if at > now:
        raise PlanRefused(PlanRefusal.IN_FUTURE)
    last = newest_step(session, goal)
    if last is not None and at < last.at and care_session is None:
        raise PlanRefused(PlanRefusal.BEFORE_LAST_STEP)
    row = GoalStep(
        goal_id=goal.id,
        step=step,
        at=at,
        noted_at=now,
        by_id=by.person_id,
        care_session_id=care_session.id if care_session else None,
    )
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="goal step")
    return row


def end_goal(session: Session, *, goal: Goal, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """She wants this no longer. Raises `PlanRefused` when it was ended before."""
    session.refresh(goal, with_for_update=True)
    if goal.ended_at is not None:
        raise PlanRefused(PlanRefusal.OVER)
    goal.ended_at = now
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="goal ended")


def bring_goal_back(session: Session, *, goal: Goal, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """It was ended by mistake."""
    goal.ended_at = None
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="goal")


@dataclass(frozen=True, slots=True)
class NewAction:
    """`cost` in whole rupiah, the unit's own."""

    what: str
    due: dt.date
    who: Account | None = None
    agency: Agency | None = None
    cost: int | None = None
    funding: Funding | None = None


def plan_action(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    new: NewAction,
    today: dt.date | None = None,
    now: dt.datetime,
    by: Actor,
) -> Action:
    """A step of the plan. Raises `PlanRefused` without somebody who does it, for a cost nobody pays, and for a day that
    is over where she lives (`today`, where it is told)."""
    if today is not None and new.due < today:
        raise PlanRefused(PlanRefusal.DUE_IN_PAST)
    if new.who is None and new.agency is None:
        raise PlanRefused(PlanRefusal.NOBODY)
    _check_cost(new.cost, new.funding)
    row = Action(
        plan_domain_id=domain.id,
        who_id=new.who.id if new.who else None,
        agency_id=new.agency.id if new.agency else None,
        due=new.due,
        state=ActionState.PLANNED,
        cost=new.cost,
        funding=new.funding,
        made_at=now,
        made_by_id=by.person_id,
    )
    row.what = seal(session, row, "what", new.what, key=key_of(session, resident.ref))
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="action")
    return row


def change_action(
    session: Session,
    *,
    action: Action,
    resident: Resident,
    state: ActionState,
    due: dt.date,
    done_on: dt.date | None,
    cost: int | None,
    funding: Funding | None,
    today: dt.date,
    now: dt.datetime,
    by: Actor,
) -> None:
    """How far a step has come, until when it is due now, what it cost. `done_on` counts only for what is done; without
    it that is today. Raises `PlanRefused`."""
    _check_cost(cost, funding)
    done = (done_on or today) if state is ActionState.DONE else None
    if done is not None and done > today:
        raise PlanRefused(PlanRefusal.DONE_IN_FUTURE)
    session.refresh(action, with_for_update=True)
    action.state, action.due, action.done_on, action.cost, action.funding = state, due, done, cost, funding
    action.changed_at, action.changed_by_id = now, by.person_id
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="action")


def _check_cost(cost: int | None, funding: Funding | None) -> None:
    if cost and funding is None:
        raise PlanRefused(PlanRefusal.COST_WITHOUT_FUNDING)


def agree_plan(
    session: Session,
    *,
    plan: Plan,
    resident: Resident,
    reading: Reading,
    signed: Signing,
    sheet_number: str | None,
    witness: Account | None,
    now: dt.datetime,
    by: Actor,
) -> PlanAgreement:
    """The plan was read to her, and she agreed. On paper it has a sheet, spoken a witness who is not the one who read.
    Raises `PlanRefused`."""
    if signed is Signing.SPOKEN and witness is None:
        raise PlanRefused(PlanRefusal.NO_WITNESS)
    if witness is not None and witness.id == by.person_id:
        raise PlanRefused(PlanRefusal.READER_IS_WITNESS)
    if signed is not Signing.SPOKEN and not sheet_number:
        raise PlanRefused(PlanRefusal.NO_SHEET)
    row = PlanAgreement(
        plan_id=plan.id,
        at=now,
        reading=reading,
        signed=signed,
        sheet_number=sheet_number,
        read_by_id=by.person_id,
        witness_id=witness.id if witness else None,
    )
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.PLAN_AGREED, subject=resident.ref, purpose=signed)
    return row
