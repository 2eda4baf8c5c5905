"""Making keys and sealing values. Opening is not here: `trail.opening` records each reading before it happens."""

import secrets
import struct
import uuid
from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.database import HasRef
from safehouse.vault.keys import Vault
from safehouse.vault.models import FAMILY_OF, DataKey, OwnerKind

FORMAT = 1
HEAD = struct.Struct(">BH")  # format, key version
NONCE = 12


def vault_of(session: Session) -> Vault:
    vault: Vault = session.info["vault"]
    return vault


def new_key(session: Session, *, owner_kind: OwnerKind, owner: uuid.UUID) -> DataKey:
    """A fresh key for this owner. The caller commits; without the key nothing of this owner can be sealed."""
    (key,) = new_keys(session, owner_kind=owner_kind, owners=(owner,))
    return key


def new_keys(session: Session, *, owner_kind: OwnerKind, owners: Sequence[uuid.UUID]) -> list[DataKey]:
    """A fresh key for each of these owners, in their order: hundreds cost one statement."""
    keys = []
    kek = vault_of(session).kek(FAMILY_OF[owner_kind])
    for owner in owners:
        key = DataKey(owner_kind=owner_kind, owner=owner)
        nonce = secrets.token_bytes(NONCE)
        plain = AESGCM.generate_key(256)
        key.wrapped = nonce + kek.encrypt(nonce, plain, _key_label(key))
        _ciphers(session)[str(key.ref)] = AESGCM(plain)
        keys.append(key)
    session.add_all(keys)
    session.flush()
    return keys


def key_of(session: Session, owner: uuid.UUID) -> DataKey:
    """The newest key of this owner. Raises `NoResultFound` when it never had one."""
    newest = select(DataKey).where(DataKey.owner == owner).order_by(DataKey.version.desc()).limit(1)
    return session.scalars(newest).one()


def seal(session: Session, row: HasRef, column: str, value: str, *, key: DataKey) -> bytes:
    """The sealed form of a value for this very row and column: copied anywhere else, it does not open."""
    nonce = secrets.token_bytes(NONCE)
    sealed = cipher(session, key).encrypt(nonce, value.encode(), label(row, column, key))
    return HEAD.pack(FORMAT, key.version) + nonce + sealed


def label(row: Any, column: str, key: DataKey) -> bytes:
    """Associated data: format, table, column, row and key."""
    return f"{FORMAT}|{row.__tablename__}|{column}|{row.ref!s}|{key.ref!s}".encode()


def cipher(session: Session, key: DataKey) -> AESGCM:
    """The cipher of a data key, unwrapped once a session."""
    ciphers, ref = _ciphers(session), str(key.ref)  # some questions read it as text
    if ref not in ciphers:
        if key.wrapped is None:
            raise LookupError("this key was destroyed")
        kek = vault_of(session).kek(FAMILY_OF[key.owner_kind])
        ciphers[ref] = AESGCM(kek.decrypt(key.wrapped[:NONCE], key.wrapped[NONCE:], _key_label(key)))
    return ciphers[ref]


def _key_label(key: DataKey) -> bytes:
    return f"data_key|{key.ref}|{key.owner_kind}|{key.owner}|{key.version or 1}".encode()


def _ciphers(session: Session) -> dict[str, AESGCM]:
    known: dict[str, AESGCM] = session.info.setdefault("ciphers", {})
    return known
