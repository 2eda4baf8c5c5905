"""A placement and the bed periods in it.

A placement is one resident from arrival to leaving; a stay is one bed period in it, open while `ended_at` is empty. No
overlap of stays in one bed is written by hand in the migrations: an exclusion on PostgreSQL, neighbour triggers on
SQLite.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, false, or_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from safehouse.access.models import Account, Act, Approval, CoSignature
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models import Danger, Household, Resident
from safehouse.shelter.choices import (
    Destination,
    ExtensionAnswer,
    ExtensionReason,
    IntakeItem,
    KeptWhere,
    LeaveKind,
    OwnWish,
    PlacementBasis,
    StayEnd,
)
from safehouse.shelter.models.places import Bed
from safehouse.shelter.models.referrals import Referral

OPEN_STAY = text("ended_at IS NULL")
OPEN_BED = text("ended_at IS NULL AND NOT sharing")
IN_HOUSE = text("left_at IS NULL")
OUT = text("back_at IS NULL")
CARING = text("until IS NULL")


class Placement(HasRef, Base):
    """One resident from arrival to leaving. `planned_exit` is the local day she is to leave by: the limit of the
    house when she came, until someone plans another. A move changes neither."""

    __tablename__ = "placement"
    __table_args__ = (
        Index(
            "uq_placement_open_resident", "resident_id", unique=True, sqlite_where=IN_HOUSE, postgresql_where=IN_HOUSE
        ),
        # What became of one resident: the page about her asks for all her stays.
        Index("ix_placement_resident", "resident_id"),
        CheckConstraint("left_at IS NULL OR left_at >= arrived_at", "period"),
        CheckConstraint("closed_at IS NULL OR left_at IS NOT NULL", "closed_after_leaving"),
        CheckConstraint("limit_days BETWEEN 1 AND 3650", "limit"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey(Referral.id), index=True)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    arrived_at: Mapped[dt.datetime]
    limit_days: Mapped[int]
    planned_exit: Mapped[dt.date] = mapped_column(Date)
    basis: Mapped[PlacementBasis] = mapped_column(closed_choice(PlacementBasis, "basis"))
    left_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]

    resident: Mapped[Resident] = relationship()


# A placing that was taken back has no length and is none.
LASTED = or_(Placement.left_at.is_(None), Placement.left_at > Placement.arrived_at)


class Stay(Base):
    """One resident in one bed for one period. An undone stay has no length and so overlaps nothing."""

    __tablename__ = "stay"
    __table_args__ = (
        Index("uq_stay_open_bed", "bed_id", unique=True, sqlite_where=OPEN_BED, postgresql_where=OPEN_BED),
        Index("uq_stay_open_resident", "resident_id", unique=True, sqlite_where=OPEN_STAY, postgresql_where=OPEN_STAY),
        # As of a date: one seek per bed. A plain index on bed_id alone is far slower at ten million rows.
        Index("ix_stay_bed_started", "bed_id", "started_at"),
        Index("ix_stay_placement", "placement_id"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", "period"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", "ended_by"),
        CheckConstraint("ended_by IS NULL OR ended_by <> 'undone' OR ended_at = started_at", "undone_is_empty"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id))
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    bed_id: Mapped[int] = mapped_column(ForeignKey(Bed.id))
    sharing: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[StayEnd | None] = mapped_column(closed_choice(StayEnd, "ended_by_choice"))

    bed: Mapped[Bed] = relationship()


class Leave(Base):
    """Away while the bed is kept. One that was taken back has no length, and counts nowhere."""

    __tablename__ = "leave"
    __table_args__ = (
        Index("uq_leave_open_placement", "placement_id", unique=True, sqlite_where=OUT, postgresql_where=OUT),
        # The board draws the leaves of those it shows, not every leave there ever was.
        Index("ix_leave_placement", "placement_id"),
        CheckConstraint("due_back >= from_at", "period"),
        CheckConstraint("back_at IS NULL OR back_at >= from_at", "back"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id))
    kind: Mapped[LeaveKind] = mapped_column(closed_choice(LeaveKind, "kind"))
    from_at: Mapped[dt.datetime]
    due_back: Mapped[dt.datetime]
    back_at: Mapped[dt.datetime | None]
    # Who looks after the children she leaves in the house: one of the staff, or an adult of her household.
    caregiver_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    caring_resident_id: Mapped[int | None] = mapped_column(ForeignKey(Resident.id))
    # She left without telling anyone: the bed stays hers, and somebody must look after her safety at once.
    without_notice: Mapped[bool] = mapped_column(default=False, server_default=false())
    # What wrote it last, going out or coming back; who went together was recorded in one act.
    act_id: Mapped[int | None] = mapped_column(ForeignKey(Act.id), index=True)


class ChildCarer(Base):
    """Who looks after a child who goes on living here although the last adult of hers has left. Another name ends the
    one before."""

    __tablename__ = "child_carer"
    __table_args__ = (
        Index(
            "uq_child_carer_open_placement", "placement_id", unique=True, sqlite_where=CARING, postgresql_where=CARING
        ),
        CheckConstraint("until IS NULL OR until >= since", "period"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    since: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    until: Mapped[dt.datetime | None]


class Departure(Base):
    """The end of a placement: when, and what kind of place she goes to. An undone one stays, and counts no more."""

    __tablename__ = "departure"
    __table_args__ = (
        Index(
            "uq_departure_standing",
            "placement_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_departure_at", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id))
    at: Mapped[dt.datetime]
    place_kind: Mapped[Destination] = mapped_column(closed_choice(Destination, "place_kind"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    # Who left together was recorded in one act, and is brought back together.
    act_id: Mapped[int | None] = mapped_column(ForeignKey(Act.id), index=True)
    undone_at: Mapped[dt.datetime | None]


class DepartureReview(Base):
    """A manager looked at the leaving of a woman who goes back to the one she fled: that she has a safety plan, and
    that the choice was hers. It stops nobody."""

    __tablename__ = "departure_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    departure_id: Mapped[int] = mapped_column(ForeignKey(Departure.id), unique=True)
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    safety_plan: Mapped[bool]
    own_choice: Mapped[bool]


class AgainstAdvice(HasRef, Base):
    """A bed chosen although the rules advise against it: why, and who stood beside."""

    __tablename__ = "against_advice"
    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey(Act.id), unique=True)
    household_id: Mapped[int] = mapped_column(ForeignKey(Household.id))
    co_signature_id: Mapped[int] = mapped_column(ForeignKey(CoSignature.id), unique=True)
    unmet: Mapped[str] = mapped_column(String(400))
    reason: Mapped[bytes]


class Extension(HasRef, Base):
    """More days, asked by one and decided by another. `from_day` is the limit when they were asked for, `until` the
    last day asked for; `granted_until` is what was given, never later. The danger was assessed within three days
    before asking.

    A family asks once: each placement has its row, all of them one approval, and the words stand in the first.
    `exit_before` is the planned exit the granting replaced, should it be undone.
    """

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("granted_until IS NULL OR granted_until <= until", "not_more_than_asked"),
        CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", "decided"),
        CheckConstraint("granted IS NULL OR (granted_until IS NOT NULL) = granted", "granted"),
        CheckConstraint("(decided_at IS NULL) = (answered IS NULL)", "answered"),
        CheckConstraint("granted IS NULL OR granted = (answered IN ('as_asked', 'fewer_days'))", "answered_so"),
        CheckConstraint("until > from_day", "more_days"),
        UniqueConstraint("placement_id", "number"),
        Index("ix_extension_approval", "approval_id"),
        Index(
            "uq_extension_waiting",
            "placement_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id))
    number: Mapped[int]
    from_day: Mapped[dt.date] = mapped_column(Date)
    until: Mapped[dt.date] = mapped_column(Date)
    reason: Mapped[ExtensionReason] = mapped_column(closed_choice(ExtensionReason))
    own_wish: Mapped[OwnWish] = mapped_column(closed_choice(OwnWish))
    words: Mapped[bytes | None]
    way_home: Mapped[bytes | None]
    danger_id: Mapped[int] = mapped_column(ForeignKey(Danger.id))
    approval_id: Mapped[int] = mapped_column(ForeignKey(Approval.id))
    asked_at: Mapped[dt.datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    decided_at: Mapped[dt.datetime | None]
    granted: Mapped[bool | None]
    granted_until: Mapped[dt.date | None] = mapped_column(Date)
    answered: Mapped[ExtensionAnswer | None] = mapped_column(closed_choice(ExtensionAnswer, "answered_choice"))
    exit_before: Mapped[dt.date | None] = mapped_column(Date)
    answer: Mapped[bytes | None]

    placement: Mapped[Placement] = relationship()
    danger: Mapped[Danger] = relationship()


class IntakeAnswer(Base):
    """That something was asked at arrival, and whether there is anything: no answer means it is still to be asked."""

    __tablename__ = "intake_answer"
    __table_args__ = (UniqueConstraint("placement_id", "item"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id))
    item: Mapped[IntakeItem] = mapped_column(closed_choice(IntakeItem))
    some: Mapped[bool]
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class Belonging(HasRef, Base):
    """A thing she brought, listed with a second person beside."""

    __tablename__ = "belonging"
    __table_args__ = (
        CheckConstraint("returned_at IS NULL OR returned_at >= listed_at", "period"),
        Index("ix_belonging_placement", "placement_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id))
    what: Mapped[bytes]
    kept: Mapped[KeptWhere] = mapped_column(closed_choice(KeptWhere))
    listed_at: Mapped[dt.datetime]
    listed_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    co_signature_id: Mapped[int] = mapped_column(ForeignKey(CoSignature.id))
    returned_at: Mapped[dt.datetime | None]
