"""The person: who she is to the house, and who is answerable for her. Identity is sealed."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account, Discipline, House
from safehouse.database import Base, HasRef, closed_choice

OPEN = text("until IS NULL")


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class Household(HasRef, Base):
    """People who came together, or belong together."""

    __tablename__ = "household"
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[bytes | None]
    family_card: Mapped[bytes | None]


class Resident(HasRef, Base):
    """One person for ever; a return is a new placement.

    `birth_month` is the first day of the month she was born in, in the clear because room rules need it; the exact
    date is sealed. Where only an age in years is known it is the latest month that fits, so that a child counts as
    a child for longer. An adult whose age nobody asked has none.
    """

    __tablename__ = "resident"
    __table_args__ = (
        CheckConstraint("length(code) = 4", "code_length"),
        # The search for a house's residents is on every page of a night; those who left carry no house.
        Index(
            "ix_resident_house",
            "house_id",
            sqlite_where=text("house_id IS NOT NULL"),
            postgresql_where=text("house_id IS NOT NULL"),
        ),
        # Who came together: asked of one household, among everyone who was ever here.
        Index("ix_resident_household", "household_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey(Household.id))
    code: Mapped[str] = mapped_column(String(4), unique=True)
    alias: Mapped[str] = mapped_column(String(40))
    sex: Mapped[Sex] = mapped_column(closed_choice(Sex))
    birth_month: Mapped[dt.date | None] = mapped_column(Date)
    birth_estimated: Mapped[bool]
    # The day she comes of age, in the clear only around the month in which she does (`rules.ageing`): the exact date of
    # birth stays sealed.
    of_age_on: Mapped[dt.date | None] = mapped_column(Date)
    house_id: Mapped[int | None] = mapped_column(ForeignKey(House.id))
    arrived_by_import: Mapped[bool] = mapped_column(default=False)
    name: Mapped[bytes | None]
    nik: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    born: Mapped[bytes | None]
    home_village: Mapped[bytes | None]


class AliasUse(Base):
    """Which alias was used in which house, and when: it is not given again there within a year."""

    __tablename__ = "alias_use"
    # In which houses somebody lived: a manager is asked it of each resident who has left.
    __table_args__ = (Index("ix_alias_use_resident", "resident_id", "house_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    house_id: Mapped[int] = mapped_column(ForeignKey(House.id), index=True)
    alias: Mapped[str] = mapped_column(String(40))
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]


class Assignment(Base):
    """Who is answerable for a resident. An open assignment has no end; one open coordinator a resident."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_open_coordinator",
            "resident_id",
            unique=True,
            sqlite_where=text("until IS NULL AND coordinator"),
            postgresql_where=text("until IS NULL AND coordinator"),
        ),
        Index(
            "uq_assignment_open_account",
            "resident_id",
            "account_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_assignment_account", "account_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_assignment_resident", "resident_id"),
        CheckConstraint("until IS NULL OR until >= since", "period"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    discipline: Mapped[Discipline] = mapped_column(closed_choice(Discipline))
    coordinator: Mapped[bool]
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]


class Grant(HasRef, Base):
    """Break-glass: for half an hour someone sees a resident she is not assigned to. A third person reviews it."""

    __tablename__ = "resident_grant"
    __table_args__ = (
        CheckConstraint("until > since", "period"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> account_id", "other_person"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL) AND (reviewed_at IS NULL) = (justified IS NULL)",
            "reviewed",
        ),
        Index("ix_resident_grant_account", "account_id", "until"),
        Index("ix_resident_grant_resident", "resident_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    reason: Mapped[bytes]
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    reviewed_at: Mapped[dt.datetime | None]
    justified: Mapped[bool | None]


class ReturnAnswer(Base):
    """What a manager found when a resident has the number of someone who was here before: the same person, or not."""

    __tablename__ = "return_answer"
    __table_args__ = (
        UniqueConstraint("resident_id", "earlier_id"),
        CheckConstraint("resident_id <> earlier_id", "two_rows"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    earlier_id: Mapped[int] = mapped_column(ForeignKey(Resident.id))
    same: Mapped[bool]
    at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
