"""How far a family that came has been asked everything. Nothing sealed is opened."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from safehouse.residents.models import ConsentItem, Resident
from safehouse.residents.queries.consents import last_words
from safehouse.residents.rules.ageing import is_child
from safehouse.residents.rules.consenting import still_open
from safehouse.shelter.choices import IntakeItem
from safehouse.shelter.models import Belonging, IntakeAnswer, Placement
from safehouse.shelter.models.stays import LASTED


@dataclass(frozen=True, slots=True)
class AskedSoFar:
    """One person who lives here: which items were answered (and whether there is anything), what she agreed to, and
    which consents are `open`: put off, or to be asked anew.

    `rules` is None for a child: the house rules are read to the adults, or to a child who came alone.
    """

    resident: Resident
    placement_id: int
    answers: dict[IntakeItem, bool]
    agreed: bool
    rules: bool | None
    open: tuple[ConsentItem, ...]

    @property
    def complete(self) -> bool:
        return self.agreed and self.rules is not False and set(self.answers) == set(IntakeItem)


def asked_so_far(session: Session, *, residents: Collection[Resident], today: dt.date) -> list[AskedSoFar]:
    """Those of them who live here, in their order; in three statements, however many they are."""
    open_ones = {
        one.resident_id: one
        for one in session.scalars(
            select(Placement).where(
                Placement.resident_id.in_([one.id for one in residents]), Placement.left_at.is_(None)
            )
        )
    }
    here = [one for one in residents if one.id in open_ones]
    answers: dict[int, dict[IntakeItem, bool]] = {}
    for placement_id, item, some in session.execute(
        select(IntakeAnswer.placement_id, IntakeAnswer.item, IntakeAnswer.some).where(
            IntakeAnswer.placement_id.in_([one.id for one in open_ones.values()])
        )
    ):
        answers.setdefault(placement_id, {})[item] = some
    said = last_words(session, residents=here, today=today)
    found = []
    for one in here:
        child, hers = is_child(one.birth_month, one.of_age_on, today), said[one.id]
        agreed, rules = (item in hers and hers[item] is None for item in (ConsentItem.STAY, ConsentItem.HOUSE_RULES))
        found.append(
            AskedSoFar(
                one,
                open_ones[one.id].id,
                answers.get(open_ones[one.id].id, {}),
                agreed,
                None if child else rules,
                still_open(hers, child=child),
            )
        )
    return found


def open_placement(session: Session, resident: Resident) -> Placement | None:
    return session.scalar(select(Placement).where(Placement.resident_id == resident.id, Placement.left_at.is_(None)))


def newest_placement(session: Session, resident: Resident) -> Placement | None:
    """Her last one, whether she still lives here or not; one that was taken back only where there is no other."""
    return session.scalar(
        select(Placement)
        .where(Placement.resident_id == resident.id)
        .order_by(LASTED.desc(), Placement.arrived_at.desc(), Placement.id.desc())
        .limit(1)
    )


def things_in_keeping(session: Session, resident_ids: Collection[int]) -> int:
    """How many things of these residents the house still keeps; what they are stays sealed."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Belonging)
            .join(Placement, Placement.id == Belonging.placement_id)
            .where(Placement.resident_id.in_(resident_ids), Belonging.returned_at.is_(None))
        )
        or 0
    )
