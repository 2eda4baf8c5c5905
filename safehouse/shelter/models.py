"""Rooms and beds; a referral, a placement, and the bed periods in it.

The spine is referral -> placement -> stay. A placement is one resident from arrival to leaving; a stay is one bed
period in it, open while `ended_at` is empty. No overlap of stays in one bed is written by hand in the migrations:
an exclusion on PostgreSQL, neighbour triggers on SQLite.
"""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from safehouse.access.models import Account, Act, Agency, CoSignature, House
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models import Household, Resident, Sex
from safehouse.shelter.choices import (
    BedKind,
    Destination,
    LeaveKind,
    Need,
    PlacementBasis,
    ReferralSource,
    ReferralState,
    RoomPurpose,
    StayEnd,
    Urgency,
)

OPEN_STAY = text("ended_at IS NULL")
OPEN_BED = text("ended_at IS NULL AND NOT sharing")
IN_HOUSE = text("left_at IS NULL")
LIVE = text("released_at IS NULL")
OUT = text("back_at IS NULL")


class Room(HasRef, Base):
    __tablename__ = "room"
    __table_args__ = (
        # A removed room may give its label to the next one.
        Index(
            "uq_room_house_label",
            "house_id",
            "label",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    house_id: Mapped[int] = mapped_column(ForeignKey(House.id))
    label: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    purpose: Mapped[RoomPurpose] = mapped_column(closed_choice(RoomPurpose, "purpose"))
    ground_floor: Mapped[bool] = mapped_column(default=False)
    wheelchair: Mapped[bool] = mapped_column(default=False)
    isolation: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[dt.datetime | None]

    house: Mapped[House] = relationship()


class Adjoining(Base):
    """Two rooms of one house with a door between them, or doors side by side. Each pair stands once."""

    __tablename__ = "adjoining"
    __table_args__ = (UniqueConstraint("room_id", "other_id"), CheckConstraint("room_id < other_id", "in_order"))
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id))
    other_id: Mapped[int] = mapped_column(ForeignKey(Room.id))


class Bed(HasRef, Base):
    """A bed, a cot, or a mattress laid on the spot (`removed_at` is set when its person leaves it)."""

    __tablename__ = "bed"
    __table_args__ = (
        # A removed mattress may give its label to the next one.
        Index(
            "uq_bed_room_label",
            "room_id",
            "label",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id))
    label: Mapped[str] = mapped_column(String(20))
    kind: Mapped[BedKind] = mapped_column(closed_choice(BedKind, "kind"))
    removed_at: Mapped[dt.datetime | None]

    room: Mapped[Room] = relationship()


class Closure(HasRef, Base):
    """A room or bed out of use from one local day to another (both included), or until someone ends it."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("(room_id IS NULL) <> (bed_id IS NULL)", "room_or_bed"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", "period"),
        CheckConstraint("length(reason) > 0", "reason"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey(Room.id))
    bed_id: Mapped[int | None] = mapped_column(ForeignKey(Bed.id))
    first_day: Mapped[dt.date] = mapped_column(Date)
    last_day: Mapped[dt.date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(80))
    ended_at: Mapped[dt.datetime | None]


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


class Placement(HasRef, Base):
    """One resident from arrival to leaving. `planned_exit` is the local day she is to leave by: the limit of the
    house when she came, until someone plans another. A move changes neither."""

    __tablename__ = "placement"
    __table_args__ = (
        Index(
            "uq_placement_open_resident", "resident_id", unique=True, sqlite_where=IN_HOUSE, postgresql_where=IN_HOUSE
        ),
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
    """Away while the bed is kept."""

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
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey(Placement.id))
    at: Mapped[dt.datetime]
    place_kind: Mapped[Destination] = mapped_column(closed_choice(Destination, "place_kind"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    # Who left together was recorded in one act, and is brought back together.
    act_id: Mapped[int | None] = mapped_column(ForeignKey(Act.id), index=True)
    undone_at: Mapped[dt.datetime | None]


class AgainstAdvice(HasRef, Base):
    """A bed chosen although the rules advise against it: why, and who stood beside."""

    __tablename__ = "against_advice"
    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey(Act.id), unique=True)
    household_id: Mapped[int] = mapped_column(ForeignKey(Household.id))
    co_signature_id: Mapped[int] = mapped_column(ForeignKey(CoSignature.id), unique=True)
    unmet: Mapped[str] = mapped_column(String(400))
    reason: Mapped[bytes]


class ImportedRow(Base):
    """A row of an office's register that was read before: importing it again adds nothing.

    The fingerprint is a keyed digest. Without a placement the row was left out on purpose.
    """

    __tablename__ = "imported_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey(Placement.id))
    at: Mapped[dt.datetime]


class ImportRun(HasRef, Base):
    """Workbooks somebody wants to bring in: their lines and her answers, sealed with her own key until she is done.

    Afterwards only the figures stay, for a day. No file name is kept: offices put people's names into them.
    """

    __tablename__ = "import_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    made_at: Mapped[dt.datetime]
    inventory: Mapped[bytes | None]
    register: Mapped[bytes | None]
    answers: Mapped[bytes | None]
    done_at: Mapped[dt.datetime | None]
    figures: Mapped[str | None] = mapped_column(String(400))
