"""Where people sleep: rooms, beds, what is closed and what is still to be cleaned."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from safehouse.access.models import Account, House
from safehouse.database import Base, HasRef, closed_choice
from safehouse.shelter.choices import BedKind, RoomPurpose


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
    house_id: Mapped[int] = mapped_column(ForeignKey(House.id), index=True)
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
    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id), index=True)
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


class Cleaning(HasRef, Base):
    """A bed someone left, until it is said to be ready for the next."""

    __tablename__ = "cleaning"
    __table_args__ = (
        Index(
            "uq_cleaning_open_bed",
            "bed_id",
            unique=True,
            sqlite_where=text("ready_at IS NULL"),
            postgresql_where=text("ready_at IS NULL"),
        ),
        CheckConstraint("ready_at IS NULL OR ready_at >= since", "period"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bed_id: Mapped[int] = mapped_column(ForeignKey(Bed.id))
    since: Mapped[dt.datetime]
    ready_at: Mapped[dt.datetime | None]
    ready_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
