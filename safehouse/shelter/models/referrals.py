"""A request for shelter: from whom, for how many, what was asked and what was answered."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from safehouse.access.models import Account, Agency, House
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models import DangerLevel, Household, Resident, Sex
from safehouse.shelter.choices import (
    AnswerKind,
    DecidedAs,
    Need,
    ReferralSource,
    ReferralState,
    RefusalGround,
    Urgency,
    WaitingPlace,
)
from safehouse.shelter.models.places import Bed

LIVE = text("released_at IS NULL")


class Referral(HasRef, Base):
    """A request for shelter: from whom, for how many. No name, no identity paper."""

    __tablename__ = "referral"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    source: Mapped[ReferralSource] = mapped_column(closed_choice(ReferralSource, "source"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    their_reference: Mapped[str | None] = mapped_column(String(60))
    urgency: Mapped[Urgency] = mapped_column(closed_choice(Urgency))
    state: Mapped[ReferralState] = mapped_column(closed_choice(ReferralState, "state"), index=True)
    taken_at: Mapped[dt.datetime]
    taken_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    contact: Mapped[bytes | None]
    # Made when screening starts: conflicts are checked before anyone is admitted.
    household_id: Mapped[int | None] = mapped_column(ForeignKey(Household.id))
    # A pasted chat message, sealed with the referral's key: only what was counted in it is kept in the clear.
    message: Mapped[bytes | None]

    people: Mapped[list["ReferralPerson"]] = relationship(back_populates="referral", order_by="ReferralPerson.position")
    needs: Mapped[list["ReferralNeed"]] = relationship(back_populates="referral")


class ReferralPerson(Base):
    """One member of the family that is referred. An adult's age is not asked."""

    __tablename__ = "referral_person"
    __table_args__ = (
        UniqueConstraint("referral_id", "position"),
        CheckConstraint("adult OR age_months IS NOT NULL", "child_has_age"),
        CheckConstraint("age_months IS NULL OR age_months BETWEEN 0 AND 1440", "age"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey(Referral.id))
    position: Mapped[int]
    sex: Mapped[Sex] = mapped_column(closed_choice(Sex))
    adult: Mapped[bool]
    age_months: Mapped[int | None]
    resident_id: Mapped[int | None] = mapped_column(ForeignKey(Resident.id))

    referral: Mapped[Referral] = relationship(back_populates="people")


class ReferralNeed(Base):
    __tablename__ = "referral_need"
    __table_args__ = (UniqueConstraint("referral_id", "need"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey(Referral.id))
    need: Mapped[Need] = mapped_column(closed_choice(Need))

    referral: Mapped[Referral] = relationship(back_populates="needs")


class Hold(Base):
    """A bed kept for a referral for a few hours. It expires by itself; taking one first releases the expired."""

    __tablename__ = "hold"
    __table_args__ = (
        Index("uq_hold_live_bed", "bed_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_hold_referral", "referral_id"),
        CheckConstraint("expires_at > held_at", "period"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bed_id: Mapped[int] = mapped_column(ForeignKey(Bed.id))
    referral_id: Mapped[int] = mapped_column(ForeignKey(Referral.id))
    held_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    released_at: Mapped[dt.datetime | None]


class Screening(HasRef, Base):
    """The twelve answers, sealed with the referral's key, and the danger they lead to. A corrected screening is a new
    row; the newest counts. `unknown` is how many questions were answered with "not known yet", `unanswered` how many
    nobody has answered so far. `doctor_since` is since when a doctor should see one of them soon, whatever for."""

    __tablename__ = "screening"
    __table_args__ = (
        CheckConstraint("unknown >= 0 AND unanswered >= 0 AND unknown + unanswered <= 12", "unknown"),
        Index("ix_screening_referral", "referral_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey(Referral.id))
    level: Mapped[DangerLevel] = mapped_column(closed_choice(DangerLevel))
    grounds: Mapped[str] = mapped_column(String(400))
    unknown: Mapped[int]
    unanswered: Mapped[int]
    answers: Mapped[bytes]
    doctor_since: Mapped[dt.datetime | None]
    made_at: Mapped[dt.datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class ReferralAnswer(HasRef, Base):
    """What the referrer is told. Asking to wait may be followed by another answer; accepting, refusing and withdrawing
    are the last word, once. A refusal has a ground and an onward agency, or she declined to be sent on (unmet need)."""

    __tablename__ = "referral_answer"
    __table_args__ = (
        CheckConstraint("kind <> 'refused' OR ground IS NOT NULL", "refusal_has_ground"),
        CheckConstraint("kind <> 'refused' OR (onward_id IS NOT NULL) <> declined_onward", "refusal_leads_on"),
        CheckConstraint("kind = 'refused' OR (onward_id IS NULL AND NOT declined_onward)", "onward_of_refusal"),
        CheckConstraint("kind <> 'waiting' OR call_again IS NOT NULL", "waiting_has_day"),
        Index(
            "uq_referral_answer_last_word",
            "referral_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL AND kind <> 'waiting'"),
            postgresql_where=text("undone_at IS NULL AND kind <> 'waiting'"),
        ),
        Index("ix_referral_answer_referral", "referral_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey(Referral.id))
    kind: Mapped[AnswerKind] = mapped_column(closed_choice(AnswerKind, "kind"))
    ground: Mapped[RefusalGround | None] = mapped_column(closed_choice(RefusalGround, "ground"))
    onward_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    declined_onward: Mapped[bool] = mapped_column(default=False)
    call_again: Mapped[dt.date | None] = mapped_column(Date)
    waiting_place: Mapped[WaitingPlace | None] = mapped_column(closed_choice(WaitingPlace, "waiting_place"))
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    undone_at: Mapped[dt.datetime | None]


class Decision(HasRef, Base):
    """The head's decision that a family is placed (or not), with a number for the berita acara. It may come first, or
    within a day after an emergency. One standing decision a referral."""

    __tablename__ = "decision"
    __table_args__ = (
        Index(
            "uq_decision_standing",
            "referral_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey(Referral.id))
    house_id: Mapped[int | None] = mapped_column(ForeignKey(House.id))
    granted: Mapped[bool]
    decided_as: Mapped[DecidedAs] = mapped_column(closed_choice(DecidedAs))
    words: Mapped[bytes | None]
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    undone_at: Mapped[dt.datetime | None]
