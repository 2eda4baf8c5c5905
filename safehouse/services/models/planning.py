"""A plan, its domains, what she wants to reach, and what will be done."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account, Agency, Discipline
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models import Reading, Signing
from safehouse.services.choices import ActionState, Funding, SupportKind, WordsKind
from safehouse.shelter.models import Placement


class Plan(HasRef, Base):
    """The service plan of one placement. A return is a new placement and begins a new plan."""

    __tablename__ = "plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id), unique=True)
    opened_at: Mapped[dt.datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class PlanAgreement(Base):
    """The plan was read to her and she agreed: signed on paper, by thumb, or spoken before a witness. After a change
    it is read again; the newest counts."""

    __tablename__ = "plan_agreement"
    __table_args__ = (
        CheckConstraint("signed <> 'spoken' OR witness_id IS NOT NULL", "spoken_has_witness"),
        CheckConstraint("witness_id IS NULL OR witness_id <> read_by_id", "other_witness"),
        Index("ix_plan_agreement_plan", "plan_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id))
    at: Mapped[dt.datetime]
    reading: Mapped[Reading] = mapped_column(closed_choice(Reading))
    signed: Mapped[Signing] = mapped_column(closed_choice(Signing, "signed_choice"))
    sheet_number: Mapped[str | None] = mapped_column(String(30))
    read_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    witness_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))


class PlanDomain(HasRef, Base):
    """One discipline's part of a plan: kept by whoever of that discipline is assigned to her, by the coordinator while
    nobody is."""

    __tablename__ = "plan_domain"
    __table_args__ = (UniqueConstraint("plan_id", "domain"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey(Plan.id))
    domain: Mapped[Discipline] = mapped_column(closed_choice(Discipline))
    opened_at: Mapped[dt.datetime]


class DomainWords(HasRef, Base):
    """What she needs in a domain, or how it goes, in words for everyone who works with her. The newest counts."""

    __tablename__ = "domain_words"
    __table_args__ = (Index("ix_domain_words_domain", "plan_domain_id", "kind", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    kind: Mapped[WordsKind] = mapped_column(closed_choice(WordsKind, "kind"))
    words: Mapped[bytes]
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class Goal(HasRef, Base):
    """What she wants to reach, in her own words, and by what it is seen. `ended_at` without the last step: given up."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= set_at", "period"),
        Index("ix_goal_domain", "plan_domain_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    words: Mapped[bytes]
    measure: Mapped[bytes | None]
    set_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    ended_at: Mapped[dt.datetime | None]


class Action(HasRef, Base):
    """A step of the plan: what will be done, by whom or by which agency, until when, and who pays for it. `cost` is
    the unit's, in whole rupiah; she is never charged."""

    __tablename__ = "plan_action"
    __table_args__ = (
        CheckConstraint("who_id IS NOT NULL OR agency_id IS NOT NULL", "somebody"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", "done"),
        CheckConstraint("cost IS NULL OR cost BETWEEN 0 AND 2000000000", "cost"),
        CheckConstraint("cost IS NULL OR cost = 0 OR funding IS NOT NULL", "cost_has_funding"),
        Index("ix_plan_action_domain", "plan_domain_id"),
        Index("ix_plan_action_who", "who_id", "due"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    what: Mapped[bytes]
    who_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    due: Mapped[dt.date] = mapped_column(Date)
    state: Mapped[ActionState] = mapped_column(closed_choice(ActionState, "state_choice"))
    done_on: Mapped[dt.date | None] = mapped_column(Date)
    cost: Mapped[int | None]
    funding: Mapped[Funding | None] = mapped_column(closed_choice(Funding, "funding"))
    made_at: Mapped[dt.datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    changed_at: Mapped[dt.datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))


class Support(HasRef, Base):
    """Goods, training or a start in business she was given. `cost` is the unit's."""

    __tablename__ = "support"
    __table_args__ = (
        CheckConstraint("cost IS NULL OR cost BETWEEN 0 AND 2000000000", "cost"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", "withdrawn"),
        Index("ix_support_domain", "plan_domain_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_domain_id: Mapped[int] = mapped_column(ForeignKey(PlanDomain.id))
    kind: Mapped[SupportKind] = mapped_column(closed_choice(SupportKind, "kind"))
    words: Mapped[bytes | None]
    on: Mapped[dt.date] = mapped_column(Date)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    cost: Mapped[int | None]
    funding: Mapped[Funding] = mapped_column(closed_choice(Funding, "funding"))
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[dt.datetime | None]
