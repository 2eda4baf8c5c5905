"""What a resident agreed to, who gave the consent, and who may give it for a child."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account, Agency, CoSignature
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models.people import Resident
from safehouse.residents.models.safety import Relationship, ReportedPerson


class Guardian(HasRef, Base):
    """Who may decide for a child: an adult who lives with her, or someone outside (named, sealed with the child's
    key). Marked as the reported person she never signs, visits or receives the child."""

    __tablename__ = "guardian"
    __table_args__ = (
        CheckConstraint("(adult_id IS NULL) <> (name IS NULL)", "resident_or_outsider"),
        CheckConstraint("adult_id IS NULL OR adult_id <> child_id", "other_person"),
        Index("ix_guardian_child", "child_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    adult_id: Mapped[int | None] = mapped_column(ForeignKey(Resident.id))
    name: Mapped[bytes | None]
    nik: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    relationship: Mapped[Relationship] = mapped_column(closed_choice(Relationship))
    reported_id: Mapped[int | None] = mapped_column(ForeignKey(ReportedPerson.id))
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]


class ConsentItem(StrEnum):
    """What is asked, each apart. Only `stay` is needed to live here; refusing the others never affects shelter."""

    STAY = "stay"
    HOUSE_RULES = "house_rules"
    HEALTH_CHECK = "health_check"
    COUNSELLING = "counselling"
    LEGAL_AID = "legal_aid"
    AGENCY = "agency"  # telling one agency one thing
    PHOTOGRAPH = "photograph"
    AFTER_CARE = "after_care"


class Reading(StrEnum):
    HERSELF = "herself"
    ALOUD = "aloud"
    INTERPRETER = "interpreter"


class GivenBy(StrEnum):
    HERSELF = "herself"
    GUARDIAN = "guardian"
    BEST_INTEREST = "best_interest"  # two of the staff decide for a child whose guardian may not


class Signing(StrEnum):
    """How she said so."""

    PAPER = "paper"  # on a numbered sheet
    THUMB = "thumb"
    SPOKEN = "spoken"


class Told(StrEnum):
    """The one thing an agency may be told. Never more than it must act on."""

    SAFE = "safe"
    EXAMINATION_DAY = "examination_day"
    HEARING_DAY = "hearing_day"
    HIGH_DANGER = "high_danger"
    NOT_FAMILY = "not_family"  # that it must not call her family


class Consent(HasRef, Base):
    """One item, one answer: hers, her guardian's, or two staff's for a child. Withdrawn, never deleted."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("(item = 'agency') = (agency_id IS NOT NULL)", "agency"),
        CheckConstraint("(item = 'agency') = (tells IS NOT NULL)", "one_thing"),
        CheckConstraint("item <> 'agency' OR NOT granted OR until IS NOT NULL", "agency_ends"),
        CheckConstraint("(given_by = 'guardian') = (guardian_id IS NOT NULL)", "guardian"),
        CheckConstraint("(given_by = 'best_interest') = (co_signature_id IS NOT NULL)", "two_staff"),
        CheckConstraint("given_by <> 'best_interest' OR reason IS NOT NULL", "best_interest_reason"),
        CheckConstraint("given_by = 'best_interest' OR witness_id IS NOT NULL", "witness"),
        CheckConstraint("witness_id IS NULL OR witness_id <> read_by_id", "other_witness"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= since", "withdrawn"),
        CheckConstraint("withdrawn_at IS NULL OR granted", "only_a_yes_is_withdrawn"),
        Index("ix_consent_resident", "resident_id"),
        Index(
            "uq_consent_standing",
            "resident_id",
            "item",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND replaced_at IS NULL AND item <> 'agency'"),
            postgresql_where=text("withdrawn_at IS NULL AND replaced_at IS NULL AND item <> 'agency'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    item: Mapped[ConsentItem] = mapped_column(closed_choice(ConsentItem, "item"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    tells: Mapped[Told | None] = mapped_column(closed_choice(Told, "tells"))
    granted: Mapped[bool]
    text_version: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(20))
    reading: Mapped[Reading] = mapped_column(closed_choice(Reading))
    signed: Mapped[Signing] = mapped_column(closed_choice(Signing, "signed"))
    read_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    witness_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    given_by: Mapped[GivenBy] = mapped_column(closed_choice(GivenBy, "given_by"))
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey(Guardian.id))
    co_signature_id: Mapped[int | None] = mapped_column(ForeignKey(CoSignature.id))
    # What a child of ten or older said when she was asked herself: a no is written down and talked about.
    child_agrees: Mapped[bool | None]
    reason: Mapped[bytes | None]
    sheet_number: Mapped[str | None] = mapped_column(String(30))
    since: Mapped[dt.datetime]
    until: Mapped[dt.date | None] = mapped_column(Date)
    withdrawn_at: Mapped[dt.datetime | None]
    replaced_at: Mapped[dt.datetime | None]
