"""Data keys: one for each person, household, referral, house, account, agency and the office, wrapped by its family."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.database import Base, HasRef, closed_choice
from safehouse.vault.keys import Family


class OwnerKind(StrEnum):
    RESIDENT = "resident"
    HOUSEHOLD = "household"
    REFERRAL = "referral"
    ACCOUNT = "account"
    HOUSE = "house"
    AGENCY = "agency"
    OFFICE = "office"


FAMILY_OF = {
    OwnerKind.RESIDENT: Family.IDENTITY,
    OwnerKind.HOUSEHOLD: Family.IDENTITY,
    OwnerKind.REFERRAL: Family.IDENTITY,
    OwnerKind.ACCOUNT: Family.AUTH,
    OwnerKind.HOUSE: Family.LOCATION,
    OwnerKind.AGENCY: Family.OFFICE,
    OwnerKind.OFFICE: Family.OFFICE,
}


class DataKey(HasRef, Base):
    """A wrapped key. Destroying it makes everything sealed with it unreadable for ever."""

    __tablename__ = "data_key"
    __table_args__ = (
        UniqueConstraint("owner", "version"),
        CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", "destroyed"),
        CheckConstraint("version BETWEEN 1 AND 65535", "version"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_kind: Mapped[OwnerKind] = mapped_column(closed_choice(OwnerKind, "owner_kind"))
    owner: Mapped[uuid.UUID] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(default=1)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary(60))
    kek_version: Mapped[int] = mapped_column(default=1)
    destroyed_at: Mapped[dt.datetime | None]
