"""The review every three months, and the sheet from which the national form is typed."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account, Approval
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models import Household
from safehouse.services.choices import NextPlan, Overall, RecommendationOutcome
from safehouse.services.models.planning import Plan


class Review(HasRef, Base):
    """How things went from a day to a day: what was gathered, what the worker concludes, what the manager says to it.

    A draft has no `handed_in_at`. Handing in fixes the figures (`figures`, counts only, as JSON), so that the report
    stays what was approved. Sent back it is a draft again. Approved it has its number of the year.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("until >= from_day", "period"),
        CheckConstraint("(handed_in_at IS NULL) = (figures IS NULL)", "figures"),
        CheckConstraint("handed_in_at IS NULL OR (overall IS NOT NULL AND next_plan IS NOT NULL)", "complete"),
        CheckConstraint("approved_at IS NULL OR handed_in_at IS NOT NULL", "approved"),
        CheckConstraint("(approved_at IS NULL) = (number IS NULL)", "numbered"),
        CheckConstraint("(number IS NULL) = (year IS NULL)", "year"),
        UniqueConstraint("year", "number"),
        Index(
            "uq_review_open",
            "plan_id",
            unique=True,
            sqlite_where=text("approved_at IS NULL"),
            postgresql_where=text("approved_at IS NULL"),
        ),
        Index("ix_review_plan", "plan_id", "until"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id))
    from_day: Mapped[dt.date] = mapped_column(Date)
    until: Mapped[dt.date] = mapped_column(Date)
    begun_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    overall: Mapped[Overall | None] = mapped_column(closed_choice(Overall))
    next_plan: Mapped[NextPlan | None] = mapped_column(closed_choice(NextPlan))
    conclusion: Mapped[bytes | None]
    own_words: Mapped[bytes | None]
    family: Mapped[bytes | None]
    handed_in_at: Mapped[dt.datetime | None]
    figures: Mapped[str | None] = mapped_column(String(8000))
    approval_id: Mapped[int | None] = mapped_column(ForeignKey(Approval.id))
    answer: Mapped[bytes | None]
    approved_at: Mapped[dt.datetime | None]
    year: Mapped[int | None]
    number: Mapped[int | None]


class Recommendation(HasRef, Base):
    """What a review advises, who sees to it, until when. The next review says what became of it."""

    __tablename__ = "recommendation"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (outcome_review_id IS NULL)", "outcome"),
        Index("ix_recommendation_review", "review_id"),
        Index("ix_recommendation_responsible", "responsible_id", "due"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey(Review.id))
    words: Mapped[bytes]
    responsible_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    due: Mapped[dt.date] = mapped_column(Date)
    done_at: Mapped[dt.datetime | None]
    outcome: Mapped[RecommendationOutcome | None] = mapped_column(closed_choice(RecommendationOutcome))
    outcome_review_id: Mapped[int | None] = mapped_column(ForeignKey(Review.id))


class SimfoniSheet(HasRef, Base):
    """What the national form asks of a family's case and nobody knows yet, sealed as one; the rest is gathered when
    the sheet is opened. `entered_at` says that it was typed into SIMFONI-PPA, and by whom."""

    __tablename__ = "simfoni_sheet"
    __table_args__ = (
        CheckConstraint("(entered_at IS NULL) = (entered_by_id IS NULL)", "entered"),
        UniqueConstraint("household_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey(Household.id))
    answers: Mapped[bytes | None]
    changed_at: Mapped[dt.datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    entered_at: Mapped[dt.datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    case_number: Mapped[bytes | None]
