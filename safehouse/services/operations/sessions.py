"""Recording a session with all that came of it in one act, and taking it back as a whole."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from safehouse.access.models import Discipline
from safehouse.residents.models import Resident
from safehouse.services.choices import AppointmentState, Attendance, MissedAnswer, Progress
from safehouse.services.models import Appointment, CareSession, Goal, GoalStep, PlanDomain
from safehouse.services.operations.appointments import (
    AppointmentRefused,
    NewAppointment,
    answer_missed,
    make_appointment,
    settle_appointment,
    unanswer_missed,
    unsettle_appointment,
)
from safehouse.services.operations.notes import write_note
from safehouse.services.operations.planning import PlanRefusal, PlanRefused, step_goal
from safehouse.services.rules.sessions import NewSession, Said, SessionRefusal, fault_of, moved_to
from safehouse.shelter.models import Placement
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


class SessionRefused(Exception):
    """Nothing was written. `reason` says why; `goal` which goal it is about, where it is about one."""

    def __init__(self, reason: SessionRefusal, goal: Goal | None = None):
        super().__init__(reason)
        self.reason = reason
        self.goal = goal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a session beside the session itself. `note` is for the discipline its author is assigned in;
    `agreed` is the appointment this session was; `next` what was agreed for later."""

    progress: Sequence[tuple[Goal, Progress]] = ()
    note: str = ""
    discipline: Discipline | None = None
    agreed: Appointment | None = None
    next: NewAppointment | None = None


def record_session(
    session: Session,
    *,
    domain: PlanDomain,
    placement: Placement,
    resident: Resident,
    new: NewSession,
    outcome: Outcome,
    now: dt.datetime,
    by: Actor,
) -> CareSession:
    """The session; each goal that was talked about moves by one step from where it stood then, the note is sealed, the
    appointment it was is settled and the next one agreed.

    Raises `SessionRefused`, and `AppointmentRefused` for what cannot be agreed. The caller commits, or takes all of it
    back.
    """
    # Two presses from two devices: the second waits here and finds the first.
    session.refresh(domain, with_for_update=True)
    fault = fault_of(
        new,
        domain=domain.domain,
        progress=[one for _goal, one in outcome.progress],
        arrived_at=placement.arrived_at,
        left_at=placement.left_at,
        now=now,
    )
    if fault is not None:
        raise SessionRefused(fault)
    if _stands_already(session, domain, new.starts_at):
        raise SessionRefused(SessionRefusal.TWICE)
    row = CareSession(
        plan_domain_id=domain.id,
        kind=new.kind,
        starts_at=new.starts_at,
        minutes=new.minutes,
        place=new.place,
        attendance=new.attendance,
        ready=new.ready,
        appointment_id=outcome.agreed.id if outcome.agreed else None,
        noted_at=now,
        by_id=by.person_id,
    )
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.SESSION_RECORDED, subject=resident.ref, purpose=domain.domain)
    for goal, progress in outcome.progress:
        _move(session, goal, progress, row, resident, now, by)
    if outcome.note and outcome.discipline is not None:
        write_note(
            session,
            domain=domain,
            resident=resident,
            discipline=outcome.discipline,
            words=outcome.note,
            care_session=row,
            now=now,
            by=by,
        )
    _agree(session, row, resident, outcome, now, by)
    return row


def _stands_already(session: Session, domain: PlanDomain, starts_at: dt.datetime) -> bool:
    return (
        session.scalar(
            select(CareSession.id)
            .where(
                CareSession.plan_domain_id == domain.id,
                CareSession.starts_at == starts_at,
                CareSession.withdrawn_at.is_(None),
            )
            .limit(1)
        )
        is not None
    )


def _move(
    session: Session,
    goal: Goal,
    progress: Progress,
    row: CareSession,
    resident: Resident,
    now: dt.datetime,
    by: Actor,
) -> None:
    if progress is Progress.NOT_DISCUSSED:
        return
    session.refresh(goal, with_for_update=True)
    # A goal that was agreed in the session itself is written down after it began: it is not older than itself.
    at = max(row.starts_at, goal.set_at)
    step = moved_to(_said(session, goal), at=at, progress=progress)
    if step is None:
        return
    try:
        step_goal(session, goal=goal, resident=resident, step=step, at=at, care_session=row, now=now, by=by)
    except PlanRefused as refused:
        if refused.reason is PlanRefusal.OVER:
            raise SessionRefused(SessionRefusal.GOAL_OVER, goal) from refused
        raise


def _said(session: Session, goal: Goal) -> list[Said]:
    rows = session.execute(
        select(GoalStep.at, GoalStep.step)
        .where(GoalStep.goal_id == goal.id, GoalStep.withdrawn_at.is_(None))
        .order_by(GoalStep.at, GoalStep.id)
    )
    return [Said(*row) for row in rows]


def _agree(
    session: Session, row: CareSession, resident: Resident, outcome: Outcome, now: dt.datetime, by: Actor
) -> None:
    """What was agreed for this time is settled by what is said of it; what is agreed for later is written down."""
    agreed, following = outcome.agreed, outcome.next
    if agreed is None:
        if following is not None:
            make_appointment(session, resident=resident, new=following, now=now, by=by)
        return
    about: dict[str, Any] = {"session": session, "appointment": agreed, "resident": resident, "now": now, "by": by}
    match row.attendance:
        case Attendance.MOVED:
            settle_appointment(state=AppointmentState.MOVED, new=following, **about)
        case Attendance.ABSENT:
            settle_appointment(state=AppointmentState.MISSED, **about)
            if following is not None:
                answer_missed(answer=MissedAnswer.NEW_DAY, new=following, **about)
        case Attendance.ATTENDED:
            settle_appointment(state=AppointmentState.KEPT, **about)
            if following is not None:
                make_appointment(session, resident=resident, new=following, now=now, by=by)


def withdraw_session(
    session: Session, *, care_session: CareSession, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was recorded wrongly: it counts no more, nor do its goal steps, and what it had settled or agreed stands as
    before, unless somebody has gone on from there. Its note stays: what was heard was heard. Raises `SessionRefused`
    when it was withdrawn before. The caller commits."""
    session.refresh(care_session, with_for_update=True)
    if care_session.withdrawn_at is not None:
        raise SessionRefused(SessionRefusal.WITHDRAWN)
    domain = session.get_one(PlanDomain, care_session.plan_domain_id)
    care_session.withdrawn_at = now
    session.execute(
        update(GoalStep)
        .where(GoalStep.care_session_id == care_session.id, GoalStep.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session="fetch")
    )
    record(session, now=now, by=by, act=Act.SESSION_WITHDRAWN, subject=resident.ref, purpose=domain.domain)
    _open_again(session, care_session, resident, now, by)
    for one in _agreed_with(session, care_session, domain, resident):
        settle_appointment(
            session, appointment=one, resident=resident, state=AppointmentState.CANCELLED, now=now, by=by
        )


def _open_again(session: Session, care_session: CareSession, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """The appointment this session was, unless it has been answered since."""
    if care_session.appointment_id is None:
        return
    appointment = session.get_one(Appointment, care_session.appointment_id)
    about: dict[str, Any] = {
        "session": session,
        "appointment": appointment,
        "resident": resident,
        "now": now,
        "by": by,
    }
    # Free for the session that is recorded in its stead.
    care_session.appointment_id = None
    try:
        if appointment.answered_at == care_session.noted_at:
            unanswer_missed(**about)
        unsettle_appointment(**about)
    except AppointmentRefused:
        # Somebody has gone on from there: what she agreed since then stands.
        return


def _agreed_with(
    session: Session, care_session: CareSession, domain: PlanDomain, resident: Resident
) -> Sequence[Appointment]:
    """What was agreed for later in the same act, and still stands open."""
    return session.scalars(
        select(Appointment).where(
            Appointment.resident_id == resident.id,
            Appointment.domain == domain.domain,
            Appointment.made_at == care_session.noted_at,
            Appointment.made_by_id == care_session.by_id,
            Appointment.state == AppointmentState.PLANNED,
        )
    ).all()
