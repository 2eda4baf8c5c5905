"""Finding residents inside what a person may see, and who may have been here before."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import House
from safehouse.access.permissions import Role
from safehouse.residents.models import BlindIndex, OwnerOfIndex, Resident, ReturnAnswer
from safehouse.residents.queries.people import denied_to, living_seen_by, seen_by
from safehouse.residents.rules.identifying import MOST_FOUND


@dataclass(frozen=True, slots=True)
class Found:
    """A resident who was found: never by name on the page. `house` is None when she does not live in one now."""

    ref: uuid.UUID
    alias: str
    code: str
    house: str | None


def found_in_words(residents: Sequence[Resident], houses: dict[int, str]) -> list[Found]:
    return [
        Found(one.ref, one.alias, one.code, houses.get(one.house_id) if one.house_id else None) for one in residents
    ]


def names_of_houses(session: Session) -> dict[int, str]:
    """Every house of the unit by its id, for the lines of those who were found in one."""
    return {row.id: row.name for row in session.execute(select(House.id, House.name))}


def residents_called(session: Session, *, account_id: int, role: Role | None, sought: str) -> list[Resident]:
    """By alias (any part of it) or by the whole code, among those visible to her; living here first."""
    code = sought.strip().upper()
    pattern = sought.strip().lower().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return list(
        session.scalars(
            select(Resident)
            .where(
                seen_by(account_id, role),
                (func.lower(Resident.alias).like(f"%{pattern}%", escape="\\")) | (Resident.code == code),
            )
            .order_by(Resident.house_id.is_(None), Resident.alias, Resident.id)
            .limit(MOST_FOUND)
        )
    )


def residents_owning(
    session: Session, *, account_id: int, role: Role | None, owners: Sequence[uuid.UUID]
) -> list[Resident]:
    """Those of these residents who are visible to her."""
    return list(
        session.scalars(
            select(Resident)
            .where(Resident.ref.in_(owners), seen_by(account_id, role))
            .order_by(Resident.alias, Resident.id)
            .limit(MOST_FOUND)
        )
    )


def newest_visible(session: Session, *, account_id: int, role: Role | None, most: int) -> list[Resident]:
    """The residents visible to her, those who live here first, then the newest."""
    return list(
        session.scalars(
            select(Resident)
            .where(seen_by(account_id, role))
            .order_by(Resident.house_id.is_(None), Resident.id.desc())
            .limit(most)
        )
    )


@dataclass(frozen=True, slots=True)
class PossibleReturn:
    """A resident who has the NIK or telephone of someone who was here before, not answered yet.

    `earlier_alias` is None when the manager who looks may not see the earlier one: then only that there is one."""

    ref: uuid.UUID
    alias: str
    code: str
    earlier_id: int
    earlier_ref: uuid.UUID
    earlier_alias: str | None
    earlier_code: str | None


def with_earlier(asked: Select[*tuple[Any, ...]], earlier: Any, *, account_id: int) -> Select[*tuple[Any, ...]]:
    """Each `Resident` of this question who lives in a house, beside everyone (`earlier`) who was here before her, has
    her number, and of whom nobody has answered whether the two are one; never one of whom this account must know
    nothing.

    An earlier one who lives in a house now has not come back as somebody else: that two have one number says only that
    somebody has written down a number she wanted to find."""
    mine, hers = aliased(BlindIndex), aliased(BlindIndex)
    return (
        asked.join(mine, and_(mine.owner == Resident.ref, mine.owner_kind == OwnerOfIndex.RESIDENT))
        .join(
            hers,
            and_(
                hers.digest == mine.digest,
                hers.kind == mine.kind,
                hers.owner_kind == OwnerOfIndex.RESIDENT,
                hers.owner != mine.owner,
            ),
        )
        .join(earlier, and_(earlier.ref == hers.owner, earlier.id < Resident.id))
        .where(
            Resident.house_id.is_not(None),
            earlier.house_id.is_(None),
            # Two people of one family may share a telephone.
            earlier.household_id != Resident.household_id,
            earlier.id.not_in(denied_to(account_id)),
            ~exists().where(ReturnAnswer.resident_id == Resident.id, ReturnAnswer.earlier_id == earlier.id),
        )
    )


def possible_returns(
    session: Session, *, account_id: int, role: Role | None, resident_id: int | None = None
) -> list[PossibleReturn]:
    """For the manager: residents in her houses whose number belongs to an earlier resident too. One statement."""
    if role is not Role.MANAGER:
        return []
    earlier = aliased(Resident)
    asked = (
        with_earlier(
            select(
                Resident.ref,
                Resident.alias,
                Resident.code,
                earlier.id,
                earlier.ref,
                earlier.alias,
                earlier.code,
                seen_by(account_id, role, earlier).label("seen"),
            ),
            earlier,
            account_id=account_id,
        )
        .where(Resident.id.in_(living_seen_by(account_id, role)))
        .distinct()
        .order_by(Resident.ref, earlier.id)
    )
    if resident_id is not None:
        asked = asked.where(Resident.id == resident_id)
    return [
        PossibleReturn(
            ref, alias, code, earlier_id, earlier_ref, its_alias if seen else None, its_code if seen else None
        )
        for ref, alias, code, earlier_id, earlier_ref, its_alias, its_code, seen in session.execute(asked)
    ]
