"""Everything a review counts, gathered from what was recorded: nobody types it again. In twelve statements; nothing
sealed is opened."""

import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import Discipline
from safehouse.residents.models import Danger, Resident
from safehouse.services.choices import DOMAINS_IN_ORDER, ActionState, AppointmentState, Attendance
from safehouse.services.models import (
    Action,
    Appointment,
    CareSession,
    Goal,
    GoalStep,
    LegalProcess,
    LegalStage,
    Plan,
    PlanDomain,
    ProcessStage,
)
from safehouse.services.queries.health import health_between
from safehouse.services.queries.law import kept_matters
from safehouse.services.rules.goals import REACHED
from safehouse.services.rules.reviewing import (
    DomainFigures,
    Figures,
    GoalFigures,
    StageFigures,
    direction,
    nights_between,
    step_at,
)
from safehouse.shelter.models import Placement


def gather(
    session: Session,
    *,
    plan: Plan,
    placement: Placement,
    resident: Resident,
    from_day: dt.date,
    until: dt.date,
    there: ZoneInfo,
) -> Figures:
    """The figures of a plan from a day to a day, both included, on the clock of her house."""
    begin = dt.datetime.combine(from_day, dt.time.min, there).astimezone(dt.UTC)
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min, there).astimezone(dt.UTC)
    wanted = select(PlanDomain.id, PlanDomain.domain).where(PlanDomain.plan_id == plan.id)
    domains = {row.id: row.domain for row in session.execute(wanted)}
    sessions = _sessions(session, domains, begin, end)
    steps = _steps(session, domains, from_day, until)
    appointments = _appointments(session, resident.id, begin, end)
    goals = _goals(session, domains, begin, end)
    danger = session.scalar(
        select(Danger.level)
        .where(Danger.household_id == resident.household_id, Danger.at < end)
        .order_by(Danger.at.desc(), Danger.id.desc())
        .limit(1)
    )
    health = health_between(
        session, plan_id=plan.id, resident_id=resident.id, from_day=from_day, until=until, there=there
    )
    arrived = placement.arrived_at.astimezone(there).date()
    left = placement.left_at.astimezone(there).date() if placement.left_at else None
    return Figures(
        arrived=arrived,
        nights=nights_between(arrived, left, from_day, until),
        danger=danger.value if danger else None,
        domains=tuple(
            DomainFigures(
                domain=one,
                held=sessions[one, Attendance.ATTENDED],
                agreed=sum(sessions[one, kind] for kind in Attendance),
                done=steps[one, True],
                planned=steps[one, True] + steps[one, False],
                kept=appointments[one, AppointmentState.KEPT],
                missed=appointments[one, AppointmentState.MISSED],
                goals=sum(goal.domain is one for goal in goals),
                reached=sum(goal.domain is one and goal.now == REACHED for goal in goals),
                direction=direction((goal.then, goal.now) for goal in goals if goal.domain is one),
            )
            for one in DOMAINS_IN_ORDER
            if one in domains.values()
        ),
        goals=tuple(goals),
        stages=tuple(_stages(session, resident.id, from_day, until)),
        examinations=health.examinations,
        visums=health.visums,
    )


def _sessions(
    session: Session, domains: dict[int, Discipline], begin: dt.datetime, end: dt.datetime
) -> Counter[tuple[Discipline, Attendance]]:
    rows = session.execute(
        select(CareSession.plan_domain_id, CareSession.attendance).where(
            CareSession.plan_domain_id.in_(domains),
            CareSession.starts_at >= begin,
            CareSession.starts_at < end,
            CareSession.withdrawn_at.is_(None),
        )
    )
    return Counter((domains[number], attendance) for number, attendance in rows)


def _steps(
    session: Session, domains: dict[int, Discipline], from_day: dt.date, until: dt.date
) -> Counter[tuple[Discipline, bool]]:
    """(domain, whether it was done in this time): what was due or done in it."""
    done_in_it = and_(Action.state == ActionState.DONE, Action.done_on >= from_day, Action.done_on <= until)
    open_in_it = and_(
        Action.state.not_in([ActionState.CANCELLED, ActionState.DECLINED]),
        or_(Action.done_on.is_(None), Action.done_on > until),
        Action.due >= from_day,
        Action.due <= until,
    )
    rows = session.execute(
        select(Action.plan_domain_id, done_in_it).where(Action.plan_domain_id.in_(domains), or_(done_in_it, open_in_it))
    )
    return Counter((domains[number], bool(done)) for number, done in rows)


def _appointments(
    session: Session, resident_id: int, begin: dt.datetime, end: dt.datetime
) -> Counter[tuple[Discipline, AppointmentState]]:
    rows = session.execute(
        select(Appointment.domain, Appointment.state).where(
            Appointment.resident_id == resident_id, Appointment.at >= begin, Appointment.at < end
        )
    )
    return Counter((domain, state) for domain, state in rows)


def _goals(session: Session, domains: dict[int, Discipline], begin: dt.datetime, end: dt.datetime) -> list[GoalFigures]:
    """Those she pursued in this time, in the order they were set; a goal given up before it counts no more."""
    goals = session.scalars(
        select(Goal)
        .where(
            Goal.plan_domain_id.in_(domains), Goal.set_at < end, or_(Goal.ended_at.is_(None), Goal.ended_at >= begin)
        )
        .order_by(Goal.set_at, Goal.id)
    ).all()
    steps: dict[int, list[tuple[dt.datetime, int]]] = {}
    for goal_id, at, step in session.execute(
        select(GoalStep.goal_id, GoalStep.at, GoalStep.step)
        .where(GoalStep.goal_id.in_([one.id for one in goals]), GoalStep.withdrawn_at.is_(None), GoalStep.at < end)
        .order_by(GoalStep.at, GoalStep.id)
    ):
        steps.setdefault(goal_id, []).append((at, step))
    return [
        GoalFigures(
            str(one.ref),
            domains[one.plan_domain_id],
            then=step_at(steps.get(one.id, []), begin - dt.timedelta(microseconds=1)),
            now=step_at(steps.get(one.id, []), end),
        )
        for one in goals
    ]


def _stages(session: Session, resident_id: int, from_day: dt.date, until: dt.date) -> list[StageFigures]:
    """Reached in this time, in matters that are kept with her."""
    matters = kept_matters(resident_id)
    rows = session.execute(
        select(LegalProcess.track, LegalStage.name_id, LegalStage.name_en, ProcessStage.on_day)
        .join(LegalProcess, LegalProcess.id == ProcessStage.process_id)
        .join(LegalStage, LegalStage.id == ProcessStage.stage_id)
        .where(
            LegalProcess.matter_id.in_(matters),
            ProcessStage.on_day >= from_day,
            ProcessStage.on_day <= until,
            ProcessStage.withdrawn_at.is_(None),
        )
        .order_by(ProcessStage.on_day, ProcessStage.id)
    )
    return [StageFigures(*row) for row in rows]
