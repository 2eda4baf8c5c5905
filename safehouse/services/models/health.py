"""Health: examinations and treatments, forensic reports without their result, a pregnancy, help that is of use for a
few days only. What each cost the unit."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account, Agency
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models import Resident
from safehouse.services.choices import CareState, Facility, Funding, LimitAnswer, TreatmentKind, VisumKind
from safehouse.services.models.planning import PlanDomain


class Treatment(HasRef, Base):
    """An examination or treatment, where and when. `words` are for the health discipline."""

    __tablename__ = "treatment"
    __table_args__ = (
        CheckConstraint("state NOT IN ('scheduled', 'done') OR on_day IS NOT NULL", "day"),
        CheckConstraint("cost IS NULL OR cost BETWEEN 0 AND 2000000000", "cost"),
        CheckConstraint("cost IS NULL OR cost = 0 OR funding IS NOT NULL", "cost_has_funding"),
        Index("ix_treatment_domain", "plan_domain_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    kind: Mapped[TreatmentKind] = mapped_column(closed_choice(TreatmentKind, "kind"))
    facility: Mapped[Facility] = mapped_column(closed_choice(Facility))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    on_day: Mapped[dt.date | None] = mapped_column(Date)
    state: Mapped[CareState] = mapped_column(closed_choice(CareState, "state_choice"))
    words: Mapped[bytes | None]
    cost: Mapped[int | None]
    funding: Mapped[Funding | None] = mapped_column(closed_choice(Funding, "funding"))
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    changed_at: Mapped[dt.datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))


class Visum(HasRef, Base):
    """A visum et repertum: who asked for it by which letter, where and when it was made, its number, and what it cost.
    There is no place for its result: that belongs to the investigation (`domain.md` 5). A medical letter needs no
    letter of an investigator."""

    __tablename__ = "visum"
    __table_args__ = (
        CheckConstraint("kind = 'medical_letter' OR letter_on IS NOT NULL", "letter"),
        CheckConstraint("state NOT IN ('scheduled', 'done') OR on_day IS NOT NULL", "day"),
        CheckConstraint("cost IS NULL OR cost BETWEEN 0 AND 2000000000", "cost"),
        CheckConstraint("cost IS NULL OR cost = 0 OR funding IS NOT NULL", "cost_has_funding"),
        Index("ix_visum_domain", "plan_domain_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    kind: Mapped[VisumKind] = mapped_column(closed_choice(VisumKind, "kind"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    letter_number: Mapped[bytes | None]
    letter_on: Mapped[dt.date | None] = mapped_column(Date)
    facility: Mapped[Facility] = mapped_column(closed_choice(Facility))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    on_day: Mapped[dt.date | None] = mapped_column(Date)
    report_number: Mapped[bytes | None]
    state: Mapped[CareState] = mapped_column(closed_choice(CareState, "state_choice"))
    cost: Mapped[int | None]
    funding: Mapped[Funding | None] = mapped_column(closed_choice(Funding, "funding"))
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    changed_at: Mapped[dt.datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))


class Pregnancy(HasRef, Base):
    """She is expecting a child. `expected` is the day, sealed; `until` when it is over, however it ended."""

    __tablename__ = "pregnancy"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", "period"),
        Index("ix_pregnancy_resident", "resident_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    expected: Mapped[bytes | None]
    since: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    until: Mapped[dt.datetime | None]


class UrgentCare(HasRef, Base):
    """Help that is of use for a few days only, without the name of a medicine: since when its time runs, as near as she
    can say, and what came of each. The newest that stands counts; what was written down wrongly is withdrawn."""

    __tablename__ = "urgent_care"
    __table_args__ = (
        CheckConstraint("event_at <= noted_at", "not_in_the_future"),
        CheckConstraint("(hiv IS NOT NULL AND hiv = 'given') = (hiv_at IS NOT NULL)", "hiv_given"),
        CheckConstraint(
            "(contraception IS NOT NULL AND contraception = 'given') = (contraception_at IS NOT NULL)",
            "contraception_given",
        ),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", "withdrawn"),
        Index("ix_urgent_care_domain", "plan_domain_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    event_at: Mapped[dt.datetime]
    hiv: Mapped[LimitAnswer | None] = mapped_column(closed_choice(LimitAnswer, "hiv"))
    hiv_at: Mapped[dt.datetime | None]
    contraception: Mapped[LimitAnswer | None] = mapped_column(closed_choice(LimitAnswer, "contraception"))
    contraception_at: Mapped[dt.datetime | None]
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[dt.datetime | None]
