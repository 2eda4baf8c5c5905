"""What happened with her and what is agreed for her: sessions, notes, how far a goal has come, appointments."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account, Agency, Discipline
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models import Resident
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    Attendance,
    ChildrenMeanwhile,
    MissedAnswer,
    SafeWay,
    SessionKind,
    SessionPlace,
    Transport,
)
from safehouse.services.models.planning import Goal, PlanDomain

A_DAY_OF_MINUTES = 24 * 60


class Appointment(HasRef, Base):
    """Something agreed for a day and a clock: who goes with her, how, and by which way she is safe. Whoever lives in
    the house with her sees that she goes, not why."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint(f"minutes BETWEEN 1 AND {A_DAY_OF_MINUTES}", "minutes"),
        CheckConstraint("(state = 'planned') = (settled_at IS NULL)", "settled"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", "settled_by"),
        CheckConstraint("missed_answer IS NULL OR state = 'missed'", "missed_answer"),
        CheckConstraint("(missed_answer IS NULL) = (answered_at IS NULL)", "answered"),
        CheckConstraint("ends_at > at", "period"),
        Index("ix_appointment_resident", "resident_id", "at"),
        Index("ix_appointment_companion", "companion_id", "at"),
        # A week of the agenda is asked of everybody's appointments, and not of all there ever were.
        Index("ix_appointment_at", "at"),
        Index(
            "ix_appointment_planned",
            "at",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        Index(
            "ix_appointment_missed",
            "settled_at",
            sqlite_where=text("state = 'missed' AND answered_at IS NULL"),
            postgresql_where=text("state = 'missed' AND answered_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    domain: Mapped[Discipline] = mapped_column(closed_choice(Discipline, "domain"))
    kind: Mapped[AppointmentKind] = mapped_column(closed_choice(AppointmentKind, "kind"))
    at: Mapped[dt.datetime]
    minutes: Mapped[int]
    # `at` and `minutes` as a moment, so that what overlaps is found without arithmetic in the database.
    ends_at: Mapped[dt.datetime]
    place: Mapped[AppointmentPlace] = mapped_column(closed_choice(AppointmentPlace, "place"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    companion_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    alone: Mapped[bool] = mapped_column(default=False)  # she chose to go without company
    transport: Mapped[Transport] = mapped_column(closed_choice(Transport, "transport"))
    safe_way: Mapped[SafeWay] = mapped_column(closed_choice(SafeWay, "safe_way"))
    children: Mapped[ChildrenMeanwhile] = mapped_column(closed_choice(ChildrenMeanwhile, "children"))
    made_at: Mapped[dt.datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    state: Mapped[AppointmentState] = mapped_column(closed_choice(AppointmentState, "state_choice"))
    settled_at: Mapped[dt.datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    # The appointment whose place this one takes: that one was moved, or missed.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"))
    missed_answer: Mapped[MissedAnswer | None] = mapped_column(closed_choice(MissedAnswer, "missed_choice"))
    answered_at: Mapped[dt.datetime | None]


class CareSession(HasRef, Base):
    """A meeting with her, or with her family. `minutes` stand where it took place. What was recorded wrongly is
    withdrawn, never deleted."""

    __tablename__ = "care_session"
    __table_args__ = (
        CheckConstraint("(attendance = 'attended') = (minutes IS NOT NULL)", "attended"),
        CheckConstraint(f"minutes IS NULL OR minutes BETWEEN 1 AND {A_DAY_OF_MINUTES}", "minutes"),
        CheckConstraint("starts_at <= noted_at", "not_in_the_future"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", "withdrawn"),
        CheckConstraint("NOT ready OR attendance = 'attended'", "ready"),
        Index("ix_care_session_domain", "plan_domain_id", "starts_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    kind: Mapped[SessionKind] = mapped_column(closed_choice(SessionKind, "kind"))
    starts_at: Mapped[dt.datetime]
    minutes: Mapped[int | None]
    place: Mapped[SessionPlace] = mapped_column(closed_choice(SessionPlace, "place"))
    attendance: Mapped[Attendance] = mapped_column(closed_choice(Attendance))
    # "Siap bersosialisasi": she is ready to live among others again.
    ready: Mapped[bool] = mapped_column(default=False)
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey(Appointment.id), unique=True)
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[dt.datetime | None]


class GoalStep(Base):
    """How far a goal had come, and who said so: 0 not begun, 4 reached. A session that found no change writes the same
    step again, which is a point on the line."""

    __tablename__ = "goal_step"
    __table_args__ = (
        CheckConstraint("step BETWEEN 0 AND 4", "step"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", "withdrawn"),
        Index("ix_goal_step_goal", "goal_id", "at"),
        Index("ix_goal_step_session", "care_session_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey(Goal.id))
    step: Mapped[int]
    at: Mapped[dt.datetime]
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    care_session_id: Mapped[int | None] = mapped_column(ForeignKey(CareSession.id))
    withdrawn_at: Mapped[dt.datetime | None]


class Note(HasRef, Base):
    """What only the author's discipline reads, of those assigned to her. Never changed; something is added by another
    note. `discipline` is the one she was assigned in when she wrote it."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_domain", "plan_domain_id", "at"), Index("ix_note_session", "care_session_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    care_session_id: Mapped[int | None] = mapped_column(ForeignKey(CareSession.id))
    author_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    discipline: Mapped[Discipline] = mapped_column(closed_choice(Discipline))
    words: Mapped[bytes]
    at: Mapped[dt.datetime]
