"""Keeping the keyed digests by which equal numbers are found without opening anything."""

import uuid

from sqlalchemy import delete
from sqlalchemy.orm import Session

from safehouse.residents.models import BlindIndex, IndexedKind, OwnerOfIndex
from safehouse.residents.queries.indexing import digest_of


def index_number(
    session: Session, *, kind: IndexedKind, owner_kind: OwnerOfIndex, owner: uuid.UUID, number: str
) -> None:
    """From now on this owner is found by this number; another one of its kind is forgotten. The caller commits.

    The number is brought to one spelling first: `0812…` and `+62 812…` are one phone. Raises `Unreadable` when it is
    no number of this kind.
    """
    digest = digest_of(session, kind, number)
    forget_number(session, kind=kind, owner=owner)
    session.add(BlindIndex(kind=kind, digest=digest, owner_kind=owner_kind, owner=owner))
    session.flush()


def forget_number(session: Session, *, kind: IndexedKind, owner: uuid.UUID) -> None:
    """This owner has no number of this kind any more, or must no longer be found by it."""
    session.execute(delete(BlindIndex).where(BlindIndex.owner == owner, BlindIndex.kind == kind))
