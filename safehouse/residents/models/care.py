"""What staff must know to keep her safe and well: danger, notes that change what they do, medicines."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models.people import Household, Resident

OPEN = text("until IS NULL")


class DangerLevel(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Danger(HasRef, Base):
    """How much danger a household was in when somebody assessed it. The newest counts; none is ever changed.

    `grounds` are the codes of what speaks for and against it; `words` is what the assessor adds, sealed.
    """

    __tablename__ = "danger"
    __table_args__ = (Index("ix_danger_household", "household_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey(Household.id))
    level: Mapped[DangerLevel] = mapped_column(closed_choice(DangerLevel))
    grounds: Mapped[str] = mapped_column(String(400), default="")
    words: Mapped[bytes | None]
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class AlertKind(StrEnum):
    """What staff must do, must never do, and what she does not tolerate."""

    DO = "do"
    NEVER = "never"
    ALLERGY = "allergy"


class Alert(HasRef, Base):
    """A note that changes what staff do. At most three of `do` and `never` stand at a time."""

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "period"),
        Index("ix_alert_resident", "resident_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    kind: Mapped[AlertKind] = mapped_column(closed_choice(AlertKind, "kind"))
    words: Mapped[bytes]
    since: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    until: Mapped[dt.datetime | None]


class Medicine(HasRef, Base):
    """A medicine she takes. `times` are local hours as `0700,1900`, empty when taken as needed."""

    __tablename__ = "medicine"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "period"),
        Index("ix_medicine_resident", "resident_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    name: Mapped[bytes]
    dose: Mapped[bytes | None]
    times: Mapped[str] = mapped_column(String(60), default="")
    checker_needed: Mapped[bool] = mapped_column(default=False)
    since: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    until: Mapped[dt.datetime | None]


class Examiner(StrEnum):
    """Who looked after her health."""

    HEALTH_WORKER = "health_worker"  # nurse, midwife or doctor who comes to the house
    CLINIC = "clinic"  # Puskesmas
    HOSPITAL = "hospital"


class HealthOutcome(StrEnum):
    """What staff must know after a health check; its findings stay with those who examined her."""

    NOTHING_NEEDED = "nothing_needed"
    CARE_NEEDED = "care_needed"
    DECLINED = "declined"  # she was offered one and did not want it


class HealthCheck(HasRef, Base):
    """That a resident was examined, or offered to be: `at` is when, `noted_at` when it was written down. `words` say
    what those who care for her must know, sealed. What was written down wrongly is withdrawn, never deleted."""

    __tablename__ = "health_check"
    __table_args__ = (
        CheckConstraint("(outcome = 'declined') = (examiner IS NULL)", "examined"),
        CheckConstraint("at <= noted_at", "not_in_the_future"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", "withdrawn"),
        Index("ix_health_check_resident", "resident_id", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    at: Mapped[dt.datetime]
    examiner: Mapped[Examiner | None] = mapped_column(closed_choice(Examiner, "examiner_choice"))
    outcome: Mapped[HealthOutcome] = mapped_column(closed_choice(HealthOutcome, "outcome_choice"))
    words: Mapped[bytes | None]
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[dt.datetime | None]
