"""A reported person never decides for a child: whoever is one is found, however she was written down.

Numbers are compared by their digests; names are opened for it, and shown to nobody.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from safehouse.residents.models import (
    BlindIndex,
    Guardian,
    Household,
    IndexedKind,
    OwnerOfIndex,
    Relationship,
    ReportedPerson,
    Resident,
)
from safehouse.residents.queries.consents import accused_in_matters
from safehouse.residents.queries.indexing import owners_with, same_numbers
from safehouse.residents.rules.matching import comparable_name, same_name
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.models import DataKey

AMONG = (OwnerOfIndex.REPORTED_PERSON, OwnerOfIndex.GUARDIAN, OwnerOfIndex.RESIDENT)


@dataclass(frozen=True, slots=True)
class Outsider:
    """A guardian who does not live here."""

    name: str
    relationship: Relationship
    phone: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """Someone who is compared: whose numbers are indexed, and where the name is sealed."""

    ref: uuid.UUID
    name: Sealed | None
    reported_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Deciding:
    """One row of a guardian, the child it is about, and the adult who lives here, if it is one."""

    guardian: Guardian
    child_ref: uuid.UUID
    adult: Resident | None

    @property
    def known(self) -> _Known:
        """Herself: an adult of the house by what is known of her, an outsider by what was written down here."""
        if self.adult is not None:
            return _of_resident(self.adult, self.guardian.reported_id)
        name = Sealed(self.guardian, "name", self.child_ref) if self.guardian.name is not None else None
        return _Known(self.guardian.ref, name, self.guardian.reported_id)


def is_reported(
    session: Session,
    *,
    household_id: int,
    person: Outsider | None = None,
    adults: Collection[Resident] = (),
    now: dt.datetime,
    by: Actor,
) -> bool:
    """Whether this outsider, or one of these adults, is a reported person of this household: by number, by name, on
    the reported side of an open matter, or as a guardian who was found to be one before.

    Numbers are compared without opening anything; names are opened for it, which the record says: whoever catches the
    answer commits, also when it is yes. Raises `Unreadable` for a number that is none.
    """
    household = session.get_one(Household, household_id)
    on_that_side = list(session.scalars(select(Resident).where(Resident.id.in_(accused_in_matters(household_id)))))
    marked = [one for one in _deciding(session, household) if one.guardian.reported_id is not None]
    accused = [
        *_reported_of(session, household),
        *(one.known for one in marked),
        *(_of_resident(one) for one in on_that_side),
    ]
    if not accused:
        return False
    refs = {one.ref for one in accused}
    if any(one.ref in refs for one in adults):
        return True
    if person is not None and person.phone:
        for kind in AMONG:
            if refs & set(owners_with(session, kind=IndexedKind.PHONE, number=person.phone, owner_kind=kind)):
                return True
    alike = same_numbers(session, [one.ref for one in adults], among=AMONG)
    if any(one.other in refs for one in alike):
        return True
    mine = [one for one in map(_of_resident, adults) if one.name is not None]
    named = [one for one in accused if one.name is not None]
    if not named or (person is None and not mine):
        return False
    names = _names(session, [*named, *mine], now=now, by=by)
    asked = [names[one.ref] for one in mine if one.ref in names] + ([person.name] if person is not None else [])
    return any(called_alike(names[one.ref], other) for one in named if one.ref in names for other in asked)


def mark_guardians(session: Session, *, household: Household, now: dt.datetime, by: Actor) -> int:
    """Every guardian of this household's children who is, by number or by name, a reported person of it or a guardian
    already found to be one: what she agreed to counts no more. How many are new.

    Whoever is found may lead to the next, written down under another name with the same number. With two NIK they are
    two people, whatever they are called and whoever's telephone it is. The system opens the names; nobody is shown
    them.
    """
    found = 0
    while newly := _mark_once(session, household, now=now, by=by):
        found += newly
    return found


def _mark_once(session: Session, household: Household, *, now: dt.datetime, by: Actor) -> int:
    deciding = _deciding(session, household)
    open_ones = [one for one in deciding if one.guardian.reported_id is None]
    accused = [
        *_reported_of(session, household),
        *(one.known for one in deciding if one.guardian.reported_id is not None),
    ]
    if not open_ones or not accused:
        return 0
    reported = {one.ref: one.reported_id for one in accused}
    asked = [one.known for one in open_ones]
    niks = _nik_digests(session, [one.ref for one in [*accused, *asked]])
    alike: dict[uuid.UUID, set[uuid.UUID]] = {}
    for one in same_numbers(session, {one.ref for one in asked} - set(reported), among=AMONG):
        alike.setdefault(one.mine, set()).add(one.other)
    # Whoever opens a name opens it for a reason: where the numbers tell already, none is needed.
    unknown = [one for one in asked if one.ref not in reported and not alike.get(one.ref, set()) & set(reported)]
    names: dict[uuid.UUID, str] = {}
    if any(one.name for one in unknown) and any(one.name for one in accused):
        names = _names(session, [*accused, *unknown], now=now, by=SYSTEM)

    def same(one: _Known, other: _Known) -> bool:
        if one.ref == other.ref:
            return True
        if one.ref in niks and other.ref in niks and niks[one.ref] != niks[other.ref]:
            return False
        if other.ref in alike.get(one.ref, ()):
            return True
        return one.ref in names and other.ref in names and called_alike(names[other.ref], names[one.ref])

    found = 0
    for row, person in zip(open_ones, asked, strict=True):
        match = next((other for other in accused if same(person, other)), None)
        if match is not None:
            row.guardian.reported_id = match.reported_id
            record_marked(session, child_ref=row.child_ref, now=now, by=by)
            found += 1
    session.flush()
    return found


def record_marked(session: Session, *, child_ref: uuid.UUID, now: dt.datetime, by: Actor) -> None:
    record(session, now=now, by=by, act=Act.GUARDIAN_NOTED, subject=child_ref, purpose="reported person")


def called_alike(one: str, other: str) -> bool:
    """A name of one word is enough here: it stands beside this very child, and asking another adult harms nobody."""
    return same_name(one, other) or (bool(comparable_name(one)) and comparable_name(one) == comparable_name(other))


def _deciding(session: Session, household: Household) -> list[_Deciding]:
    """Everyone who ever was a guardian of a child of this household."""
    child, adult = aliased(Resident), aliased(Resident)
    rows = session.execute(
        select(Guardian, child.ref, adult)
        .join(child, child.id == Guardian.child_id)
        .outerjoin(adult, adult.id == Guardian.adult_id)
        .where(child.household_id == household.id)
        .order_by(Guardian.id)
    )
    return [_Deciding(guardian, ref, lives_here) for guardian, ref, lives_here in rows]


def _reported_of(session: Session, household: Household) -> list[_Known]:
    rows = session.scalars(
        select(ReportedPerson).where(ReportedPerson.household_id == household.id).order_by(ReportedPerson.id)
    )
    return [
        _Known(one.ref, Sealed(one, "name", household.ref) if one.name is not None else None, one.id) for one in rows
    ]


def _of_resident(one: Resident, reported_id: int | None = None) -> _Known:
    return _Known(one.ref, Sealed(one, "name", one.ref) if one.name is not None else None, reported_id)


def _names(session: Session, people: Iterable[_Known], *, now: dt.datetime, by: Actor) -> dict[uuid.UUID, str]:
    """Their names, in one recorded reading. Whoever's key was destroyed is left out."""
    sealed = {one.ref: one.name for one in people if one.name is not None}
    kept = set(
        session.scalars(
            select(DataKey.owner).where(
                DataKey.owner.in_({one.owner for one in sealed.values()}), DataKey.wrapped.is_not(None)
            )
        )
    )
    wanted = {ref: one for ref, one in sealed.items() if one.owner in kept}
    opened = open_values(session, now=now, by=by, purpose="guardian", wanted=list(wanted.values()))
    return dict(zip(wanted, opened, strict=True))


def _nik_digests(session: Session, refs: Sequence[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    rows = session.execute(
        select(BlindIndex.owner, BlindIndex.digest).where(
            BlindIndex.owner.in_(refs), BlindIndex.kind == IndexedKind.NIK
        )
    )
    return {owner: digest for owner, digest in rows}  # noqa: C416
