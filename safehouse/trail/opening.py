"""The one place that opens sealed values. A reading that cannot be recorded does not happen."""

import datetime as dt
import struct
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import bindparam, select, type_coerce
from sqlalchemy.orm import Session

from safehouse.prepared import RefText
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.models import DataKey, OwnerKind
from safehouse.vault.operations import FORMAT, HEAD, NONCE, cipher, label

# Everything of a key that unwrapping it asks for.
KEYS = select(
    type_coerce(DataKey.ref, RefText).label("ref"), DataKey.owner_kind, DataKey.owner, DataKey.version, DataKey.wrapped
).where(DataKey.owner.in_(bindparam("owners", expanding=True)))


class Sealed(NamedTuple):
    """A sealed column of a row, and whose key opens it."""

    row: Any
    column: str
    owner: uuid.UUID


class SealBroken(Exception):
    """The value was changed, moved or sealed with another key. It is an incident, never an empty value."""

    def __init__(self, subject: uuid.UUID):
        super().__init__("a sealed value does not open")
        self.subject = subject


class NotConfirmed(Exception):
    """This person's second factor was set up again and nobody has confirmed her yet."""


def open_values(session: Session, *, now: dt.datetime, by: Actor, purpose: str, wanted: Sequence[Sealed]) -> list[str]:
    """The opened values, in the order asked. The reading is recorded first, in the caller's transaction.

    The caller must commit before showing anything: what was not recorded was not read. Raises `SealBroken`, and
    `NotConfirmed` where a person whose factor is not confirmed asks for more than her own secrets.
    """
    if not session.info["writing"]:
        raise RuntimeError("sealed values open only in a writing session: the reading must be recorded")
    if not wanted:
        return []
    owners = {item.owner for item in wanted}
    if session.autoflush:
        session.flush()
    # Plain rows past the mapper: forty objects of it would cost more than opening forty values.
    rows = session.connection().execute(KEYS, {"owners": list(owners)})
    keys = {(key.owner, key.version): key for key in rows}
    if not by.confirmed and any(key.owner_kind is not OwnerKind.ACCOUNT for key in keys.values()):
        raise NotConfirmed
    columns = sorted({(item.row.__tablename__, item.column) for item in wanted})
    names = [f"{table}.{column}" for table, column in columns]
    record(
        session,
        now=now,
        by=by,
        act=Act.VALUE_OPENED,
        fields=names,
        purpose=purpose,
        subject=next(iter(owners)) if len(owners) == 1 else None,
        subjects=() if len(owners) == 1 else list(owners),
    )
    return [_opened(session, item, keys) for item in wanted]


def _opened(session: Session, item: Sealed, keys: dict[tuple[uuid.UUID, int], Any]) -> str:
    sealed: bytes = getattr(item.row, item.column)
    try:
        kind, version = HEAD.unpack_from(sealed)
        key = keys[item.owner, version]
        if kind != FORMAT:
            raise SealBroken(item.owner)
        start = HEAD.size + NONCE
        plain = cipher(session, key).decrypt(
            sealed[HEAD.size : start], sealed[start:], label(item.row, item.column, key)
        )
    except (InvalidTag, LookupError, ValueError, struct.error) as fault:
        raise SealBroken(item.owner) from fault
    return plain.decode()
