"""School: where she was, how she goes on, what was written to a school, and how many days she learned."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account
from safehouse.database import Base, HasRef, closed_choice
from safehouse.services.choices import ExamState, LetterKind, SchoolLevel, SchoolWay
from safehouse.services.models.planning import PlanDomain


class Schooling(HasRef, Base):
    """How she learns; the newest counts. The names of schools are as secret as the house."""

    __tablename__ = "schooling"
    __table_args__ = (
        CheckConstraint("grade IS NULL OR grade BETWEEN 1 AND 13", "grade"),
        Index("ix_schooling_domain", "plan_domain_id", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    level: Mapped[SchoolLevel] = mapped_column(closed_choice(SchoolLevel))
    grade: Mapped[int | None]
    last_school: Mapped[bytes | None]
    way: Mapped[SchoolWay] = mapped_column(closed_choice(SchoolWay))
    new_school: Mapped[bytes | None]
    # The school was asked not to strike her from its records (Dapodik), and when its head agreed to keep silent.
    stays_enrolled: Mapped[bool | None]
    silence_agreed_on: Mapped[dt.date | None] = mapped_column(Date)
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class SchoolLetter(HasRef, Base):
    """A letter to a school: its number, and what is asked. It names neither the reason nor the house."""

    __tablename__ = "school_letter"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("until IS NULL OR until >= from_day", "period"),
        CheckConstraint("answered_on IS NULL OR answered_on >= on_day", "answered"),
        Index("ix_school_letter_domain", "plan_domain_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    kind: Mapped[LetterKind] = mapped_column(closed_choice(LetterKind, "kind"))
    year: Mapped[int]
    number: Mapped[int]
    on_day: Mapped[dt.date] = mapped_column(Date)
    school: Mapped[bytes]
    from_day: Mapped[dt.date | None] = mapped_column(Date)
    until: Mapped[dt.date | None] = mapped_column(Date)
    answered_on: Mapped[dt.date | None] = mapped_column(Date)
    made_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[dt.datetime | None]


class SchoolWeek(Base):
    """How many of a week's days she learned; one row a week, the newest word counts."""

    __tablename__ = "school_week"
    __table_args__ = (
        UniqueConstraint("plan_domain_id", "monday"),
        CheckConstraint("days BETWEEN 0 AND of_days AND of_days BETWEEN 1 AND 7", "days"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    monday: Mapped[dt.date] = mapped_column(Date)
    days: Mapped[int]
    of_days: Mapped[int]
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class Exam(HasRef, Base):
    """An examination at school. `words` name it, for the education discipline."""

    __tablename__ = "exam"
    __table_args__ = (Index("ix_exam_domain", "plan_domain_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    on_day: Mapped[dt.date] = mapped_column(Date)
    words: Mapped[bytes | None]
    state: Mapped[ExamState] = mapped_column(closed_choice(ExamState))
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    changed_at: Mapped[dt.datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
