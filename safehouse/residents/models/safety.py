"""Who must not come near a resident, and which households never share a house. Everything that names a person is
sealed; equality of numbers is found through keyed digests, without opening anything."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account, Agency
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models.people import Household, Resident

STANDING = text("lifted_at IS NULL")
OPEN = text("until IS NULL")


class Relationship(StrEnum):
    """What the reported person is to the resident."""

    HUSBAND = "husband"
    FORMER_HUSBAND = "former_husband"
    PARTNER = "partner"
    FATHER = "father"
    STEPFATHER = "stepfather"
    MOTHER = "mother"
    SIBLING = "sibling"
    OTHER_FAMILY = "other_family"
    NEIGHBOUR = "neighbour"
    TEACHER = "teacher"
    EMPLOYER = "employer"
    OFFICIAL = "official"
    ACQUAINTANCE = "acquaintance"
    STRANGER = "stranger"
    UNKNOWN = "unknown"


class ReportedPerson(HasRef, Base):
    """Someone a household was hurt by or must not be found by. Sealed with the household's key."""

    __tablename__ = "reported_person"
    __table_args__ = (
        CheckConstraint("name IS NOT NULL OR nik IS NOT NULL OR phone IS NOT NULL OR plate IS NOT NULL", "known_by"),
        Index("ix_reported_person_household", "household_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey(Household.id))
    relationship: Mapped[Relationship] = mapped_column(closed_choice(Relationship))
    name: Mapped[bytes | None]
    nik: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    plate: Mapped[bytes | None]
    noted_at: Mapped[dt.datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class StaffRelation(HasRef, Base):
    """A relative of someone who works here, told by herself and kept by the security officer. Sealed with the key of
    the account. `until` is set when it was written down by mistake."""

    __tablename__ = "staff_relation"
    __table_args__ = (
        CheckConstraint("name IS NOT NULL OR nik IS NOT NULL OR phone IS NOT NULL", "known_by"),
        Index("ix_staff_relation_account", "account_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    name: Mapped[bytes | None]
    nik: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]


class IndexedKind(StrEnum):
    NIK = "nik"
    PHONE = "phone"


class OwnerOfIndex(StrEnum):
    RESIDENT = "resident"
    REPORTED_PERSON = "reported_person"
    STAFF_RELATION = "staff_relation"
    GUARDIAN = "guardian"


class BlindIndex(Base):
    """A keyed digest of a sealed number: equal numbers are found, none can be read."""

    __tablename__ = "blind_index"
    __table_args__ = (UniqueConstraint("owner", "kind"), Index("ix_blind_index_digest", "digest"))
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[IndexedKind] = mapped_column(closed_choice(IndexedKind, "kind"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    owner_kind: Mapped[OwnerOfIndex] = mapped_column(closed_choice(OwnerOfIndex, "owner_kind"))
    owner: Mapped[uuid.UUID] = mapped_column(Uuid)


class ConflictKind(StrEnum):
    SAME_REPORTED = "same_reported"  # both were hurt by the same person
    REPORTED_LIVES_HERE = "reported_lives_here"  # the one's reported person is the other
    OPPOSITE_SIDES = "opposite_sides"  # of one legal matter
    RELATIVES = "relatives"  # related, or related to the reported person
    STAFF_RELATED = "staff_related"  # someone who works here is related to the reported person
    DENIED = "denied"  # someone who works here is denied to her


class Conflict(HasRef, Base):
    """A household that must never be in one house with another, or in a house where someone works.

    Found by a check or written down by a person; lifted, never deleted. Each pair of households stands once a kind,
    the smaller id first.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("(other_id IS NULL) <> (account_id IS NULL)", "household_or_account"),
        CheckConstraint("other_id IS NULL OR household_id < other_id", "in_order"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", "lifted"),
        Index(
            "uq_conflict_standing_households",
            "household_id",
            "other_id",
            "kind",
            unique=True,
            sqlite_where=text("lifted_at IS NULL AND other_id IS NOT NULL"),
            postgresql_where=text("lifted_at IS NULL AND other_id IS NOT NULL"),
        ),
        Index(
            "uq_conflict_standing_account",
            "household_id",
            "account_id",
            "kind",
            unique=True,
            sqlite_where=text("lifted_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=text("lifted_at IS NULL AND account_id IS NOT NULL"),
        ),
        Index("ix_conflict_other", "other_id", sqlite_where=STANDING, postgresql_where=STANDING),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey(Household.id))
    other_id: Mapped[int | None] = mapped_column(ForeignKey(Household.id))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    kind: Mapped[ConflictKind] = mapped_column(closed_choice(ConflictKind, "kind"))
    found_at: Mapped[dt.datetime]
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))  # nobody: a check found it
    lifted_at: Mapped[dt.datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))


class Denial(HasRef, Base):
    """Someone who must know nothing of a resident: it beats every right. Where it hits someone who works in her
    house, `stand_in_id` names who does that person's duties for her."""

    __tablename__ = "denial"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (agency_id IS NULL)", "account_or_agency"),
        CheckConstraint("stand_in_id IS NULL OR stand_in_id <> account_id", "stand_in"),
        CheckConstraint("until IS NULL OR until >= since", "period"),
        Index("ix_denial_account", "account_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "uq_denial_open_account",
            "resident_id",
            "account_id",
            unique=True,
            sqlite_where=text("until IS NULL AND account_id IS NOT NULL"),
            postgresql_where=text("until IS NULL AND account_id IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    account_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    reason: Mapped[bytes | None]
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]


class Side(StrEnum):
    VICTIM = "victim"
    WITNESS = "witness"
    REPORTED = "reported"  # a resident can be the reported person: a child in conflict with the law


class Matter(HasRef, Base):
    """One legal case of a household. Of sexual violence the police are told within 3 x 24 hours of the victim's own
    report (UU 12/2022): the clock starts at `victim_reported_at`."""

    __tablename__ = "matter"
    __table_args__ = (
        CheckConstraint(
            "police_told_at IS NULL OR victim_reported_at IS NULL OR police_told_at >= victim_reported_at",
            "told_after_report",
        ),
        CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", "period"),
        Index("ix_matter_household", "household_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey(Household.id))
    sexual_violence: Mapped[bool]
    child_offender: Mapped[bool]
    victim_reported_at: Mapped[dt.datetime | None]
    police_told_at: Mapped[dt.datetime | None]
    police_report_number: Mapped[bytes | None]
    opened_at: Mapped[dt.datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    closed_at: Mapped[dt.datetime | None]


class MatterParty(Base):
    """Who stands on which side of a matter. Opposite sides never share a house."""

    __tablename__ = "matter_party"
    __table_args__ = (
        CheckConstraint("(resident_id IS NULL) <> (reported_id IS NULL)", "resident_or_reported"),
        UniqueConstraint("matter_id", "resident_id"),
        Index("ix_matter_party_resident", "resident_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey(Matter.id))
    resident_id: Mapped[int | None] = mapped_column(ForeignKey(Resident.id))
    reported_id: Mapped[int | None] = mapped_column(ForeignKey(ReportedPerson.id))
    side: Mapped[Side] = mapped_column(closed_choice(Side))
