"""Whoever carries the same number, found by keyed digests: nothing is opened, and nothing can be read here."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from safehouse.indonesian import read_nik, read_phone
from safehouse.residents.models import BlindIndex, IndexedKind, OwnerOfIndex
from safehouse.vault.operations import vault_of

SPELLING = {IndexedKind.NIK: read_nik, IndexedKind.PHONE: read_phone}


def digest_of(session: Session, kind: IndexedKind, number: str) -> bytes:
    """The keyed digest of a number in its one spelling. Raises `Unreadable` when it is no number of this kind."""
    return vault_of(session).digest(f"index/{kind}", SPELLING[kind](number))


def owners_with(session: Session, *, kind: IndexedKind, number: str, owner_kind: OwnerOfIndex) -> list[uuid.UUID]:
    """The refs of all who carry this number, in a fixed order. Raises `Unreadable`."""
    return list(
        session.scalars(
            select(BlindIndex.owner)
            .where(
                BlindIndex.digest == digest_of(session, kind, number),
                BlindIndex.kind == kind,
                BlindIndex.owner_kind == owner_kind,
            )
            .order_by(BlindIndex.id)
        )
    )


@dataclass(frozen=True, slots=True)
class SameNumber:
    """Two who carry one number."""

    mine: uuid.UUID
    other: uuid.UUID
    other_kind: OwnerOfIndex


def same_numbers(session: Session, owners: Collection[uuid.UUID], *, among: Iterable[OwnerOfIndex]) -> list[SameNumber]:
    """Everyone of these kinds, other than the owners themselves, who carries a number of theirs. One statement."""
    if not owners:
        return []
    mine, other = aliased(BlindIndex), aliased(BlindIndex)
    rows = session.execute(
        select(mine.owner, other.owner, other.owner_kind)
        .join(other, (other.digest == mine.digest) & (other.kind == mine.kind))
        .where(mine.owner.in_(owners), other.owner.not_in(owners), other.owner_kind.in_(list(among)))
        .distinct()
    )
    return [SameNumber(*row) for row in rows]
