"""The record: who did or opened what. Append-only, chained, kept by the database itself (triggers in migrations).

It names people and things by `ref` and fields by name, never a value, and it outlives what it names.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.database import Base, closed_choice

SEQ = BigInteger().with_variant(Integer, "sqlite")


class ActorKind(StrEnum):
    ACCOUNT = "account"
    STRANGER = "stranger"  # someone who has not signed in
    SYSTEM = "system"
    PARTNER = "partner"


class Result(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: passed to every operation. `account_id` is None for the system and for strangers."""

    kind: ActorKind
    account_id: int | None = None
    account_ref: uuid.UUID | None = None
    sign_in_ref: uuid.UUID | None = None
    # False while someone still has to confirm that a factor set up again belongs to this person.
    confirmed: bool = True

    @property
    def person_id(self) -> int:
        """Her account's id; only a person who signed in has one."""
        if self.account_id is None:
            raise PermissionError("only a signed-in person does this")
        return self.account_id

    @property
    def person_ref(self) -> uuid.UUID:
        if self.account_ref is None:
            raise PermissionError("only a signed-in person does this")
        return self.account_ref


SYSTEM = Actor(ActorKind.SYSTEM)
STRANGER = Actor(ActorKind.STRANGER)


class TrailEntry(Base):
    __tablename__ = "trail_entry"
    __table_args__ = (
        Index("ix_trail_entry_at", "at"),
        Index("ix_trail_entry_actor", "actor", "seq"),
        Index("ix_trail_entry_subject", "subject", "seq"),
    )
    seq: Mapped[int] = mapped_column(SEQ, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(closed_choice(ActorKind, "actor_kind"))
    actor: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    sign_in: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    fields: Mapped[str] = mapped_column(String(400), default="")
    purpose: Mapped[str | None] = mapped_column(String(60))
    result: Mapped[Result] = mapped_column(closed_choice(Result))
    previous_mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class TrailSubject(Base):
    """The people of one reading that opened several files. The MAC of the entry covers them."""

    __tablename__ = "trail_subject"
    __table_args__ = (Index("ix_trail_subject_subject", "subject", "entry_seq"),)
    entry_seq: Mapped[int] = mapped_column(SEQ, ForeignKey(TrailEntry.seq), primary_key=True, autoincrement=False)
    subject: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
