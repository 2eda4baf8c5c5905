"""Who must never share a house: reported persons are written down, and every new fact is compared with all the others.

A check opens names and number plates that nobody is shown: the system reads them, once, and the record says so. Numbers
are compared by their digests, without opening anything.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.residents.models import (
    Conflict,
    ConflictKind,
    Household,
    IndexedKind,
    OwnerOfIndex,
    Relationship,
    ReportedPerson,
    Resident,
    StaffRelation,
)
from safehouse.residents.operations.comparing import (
    Finding,
    Place,
    by_denial,
    by_matter,
    by_number,
    by_words,
    relatives_by_name,
    relatives_by_number,
    reported_near,
)
from safehouse.residents.operations.guardians import mark_guardians
from safehouse.residents.operations.indexing import index_number
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class SafetyRefusal(StrEnum):
    NOTHING_KNOWN = "nothing_known"
    SAME_HOUSEHOLD = "same_household"
    ALREADY_STANDS = "already_stands"
    NOT_STANDING = "not_standing"


class SafetyRefused(Exception):
    def __init__(self, reason: SafetyRefusal):
        super().__init__(reason)
        self.reason = reason


class LiftReason(StrEnum):
    """Why a conflict no longer stands."""

    OTHER_PEOPLE = "other_people"
    WRITTEN_BY_MISTAKE = "written_by_mistake"
    BOTH_AGREE = "both_agree"


def note_reported_person(
    session: Session,
    *,
    household: Household,
    relationship: Relationship,
    name: str | None = None,
    nik: str | None = None,
    phone: str | None = None,
    plate: str | None = None,
    compare: bool = True,
    now: dt.datetime,
    by: Actor,
) -> ReportedPerson:
    """Write down whom this household was hurt by or must not be found by, and check whom it must never meet. Whoever
    was written down as the guardian of a child and is this person decides for nobody any more. Without `compare` the
    check waits until a bed is chosen: it is made then, always.

    Everything is sealed with the household's key; the numbers are indexed. One fact is enough. Raises `Unreadable` for
    a number that is none and `SafetyRefused` when nothing is known. The caller commits.
    """
    known = {"name": name, "nik": nik, "phone": phone, "plate": plate}
    given = {column: value.strip() for column, value in known.items() if value and value.strip()}
    if not given:
        raise SafetyRefused(SafetyRefusal.NOTHING_KNOWN)
    reported = ReportedPerson(
        household_id=household.id, relationship=relationship, noted_at=now, noted_by_id=by.person_id
    )
    key = key_of(session, household.ref)
    for column, value in given.items():
        setattr(reported, column, seal(session, reported, column, value, key=key))
    session.add(reported)
    session.flush()
    index_given(session, OwnerOfIndex.REPORTED_PERSON, reported.ref, given)
    record(
        session,
        now=now,
        by=by,
        act=Act.REPORTED_PERSON_NOTED,
        subject=household.ref,
        fields=[f"reported_person.{column}" for column in sorted(given)],
    )
    if compare:
        check_household(session, household=household, now=now, by=by)
    mark_guardians(session, household=household, now=now, by=by)
    return reported


def index_given(session: Session, owner_kind: OwnerOfIndex, owner: uuid.UUID, given: dict[str, str]) -> None:
    """Index whatever numbers there are among these values."""
    for kind in IndexedKind:
        if kind in given:
            index_number(session, kind=kind, owner_kind=owner_kind, owner=owner, number=given[kind])


def note_relatives(session: Session, *, household: Household, other: Household, now: dt.datetime, by: Actor) -> None:
    """These two must never share a house, said by a person who knows. Raises `SafetyRefused`."""
    if household.id == other.id:
        raise SafetyRefused(SafetyRefusal.SAME_HOUSEHOLD)
    smaller, larger = sorted((household.id, other.id))
    if session.scalar(
        select(Conflict.id).where(
            Conflict.household_id == smaller,
            Conflict.other_id == larger,
            Conflict.kind == ConflictKind.RELATIVES,
            Conflict.lifted_at.is_(None),
        )
    ):
        raise SafetyRefused(SafetyRefusal.ALREADY_STANDS)
    session.add(
        Conflict(
            household_id=smaller,
            other_id=larger,
            kind=ConflictKind.RELATIVES,
            found_at=now,
            found_by_id=by.person_id,
        )
    )
    session.flush()
    _record_found(session, household.ref, other.ref, ConflictKind.RELATIVES, now=now, by=by)


def check_household(session: Session, *, household: Household, now: dt.datetime, by: Actor) -> int:
    """Compare what is known of this household with everyone else, and keep each new conflict. How many are new.

    Asking again changes nothing. What a manager lifted comes back only with a fact that was written down later.
    """
    residents = list(session.scalars(select(Resident).where(Resident.household_id == household.id)))
    reported = list(session.scalars(select(ReportedPerson).where(ReportedPerson.household_id == household.id)))
    found = [
        *by_number(session, household, residents, reported),
        *by_words(session, household, residents, reported, now=now),
        *by_matter(session, household, residents),
        *by_denial(session, household, residents),
    ]
    record(session, now=now, by=by, act=Act.CONFLICTS_CHECKED, subject=household.ref)
    return _keep(session, found, seen_from=household, now=now, by=by)


def check_account(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> int:
    """Compare the relatives of someone who works here with every reported person. How many new conflicts.

    A conflict that rested on a relative who was written down by mistake is lifted, as soon as that is certain: the
    name of a reported person whose family is neither here nor on its way is not opened for it. The record says that it
    was checked, names everyone who was opened, and is the same whether anything was found or not: the security officer
    keeps relatives and reads the record.
    """
    relations = open_relations(session, account)
    matched = list(
        session.scalars(
            select(Conflict.household_id).where(
                Conflict.account_id == account.id,
                Conflict.kind == ConflictKind.STAFF_RELATED,
                Conflict.lifted_at.is_(None),
            )
        )
    )
    near = reported_near(session, now=now)
    found = [*relatives_by_number(session, account, relations), *relatives_by_name(session, relations, near, now=now)]
    record(session, now=now, by=by, act=Act.CONFLICTS_CHECKED, subject=account.ref)
    still = {one.household_id for one in found} | _not_compared(session, matched, relations, near)
    for conflict in session.scalars(
        select(Conflict).where(
            Conflict.account_id == account.id,
            Conflict.kind == ConflictKind.STAFF_RELATED,
            Conflict.lifted_at.is_(None),
            Conflict.household_id.not_in(still),
        )
    ):
        conflict.lifted_at, conflict.lifted_by_id = now, by.person_id
    session.flush()
    return _keep(session, found, seen_from=None, now=now, by=by)


def _not_compared(
    session: Session,
    households: Collection[int],
    relations: Collection[StaffRelation],
    near: Collection[ReportedPerson],
) -> set[int]:
    """Those of these households of which a name was left closed that a named relative might still have."""
    if not any(one.name for one in relations):
        return set()
    return set(
        session.scalars(
            select(ReportedPerson.household_id).where(
                ReportedPerson.household_id.in_(households),
                ReportedPerson.name.is_not(None),
                ReportedPerson.id.not_in([one.id for one in near]),
            )
        )
    )


def lift_conflict(session: Session, *, conflict: Conflict, reason: LiftReason, now: dt.datetime, by: Actor) -> None:
    """They may share a house after all; the row stays, with who lifted it. Raises `SafetyRefused` when it was lifted
    before.

    What stood between a household and someone who works here is recorded as one more check of that household, as it
    was when it was found: the security officer, who keeps the relatives of staff, reads the record, and a lifting that
    names one household only would tell her of a match.
    """
    session.refresh(conflict, with_for_update=True)
    if conflict.lifted_at is not None:
        raise SafetyRefused(SafetyRefusal.NOT_STANDING)
    conflict.lifted_at, conflict.lifted_by_id = now, by.person_id
    session.flush()
    household = session.get_one(Household, conflict.household_id)
    if conflict.other_id is None:
        record(session, now=now, by=by, act=Act.CONFLICTS_CHECKED, subject=household.ref)
        return
    refs = (household.ref, session.get_one(Household, conflict.other_id).ref)
    record(session, now=now, by=by, act=Act.CONFLICT_LIFTED, subject=conflict.ref, subjects=refs, purpose=reason)


def open_relations(session: Session, account: Account) -> list[StaffRelation]:
    """The relatives of this account that were not taken back."""
    return list(
        session.scalars(
            select(StaffRelation)
            .where(StaffRelation.account_id == account.id, StaffRelation.until.is_(None))
            .order_by(StaffRelation.id)
        )
    )


def _keep(
    session: Session, found: Iterable[Finding], *, seen_from: Household | None, now: dt.datetime, by: Actor
) -> int:
    """A row for each finding that does not stand yet and was not lifted since it could be known. How many."""
    newest: dict[Place, dt.datetime] = {}
    for one in found:
        place = one.place
        newest[place] = max(one.since, newest.get(place, one.since))
    known = _known(session, {smaller for smaller, *_rest in newest}) if newest else {}
    made = []
    for place, since in newest.items():
        if place in known and ((lifted_at := known[place]) is None or since <= lifted_at):
            continue
        smaller, larger, account_id, kind = place
        made.append(Conflict(household_id=smaller, other_id=larger, account_id=account_id, kind=kind, found_at=now))
    session.add_all(made)
    session.flush()
    if seen_from is not None:
        for conflict in made:
            other_id = conflict.other_id if conflict.household_id == seen_from.id else conflict.household_id
            # What stands between a household and someone who works here is in no line of its own: whoever keeps the
            # relatives of staff reads the record.
            if conflict.other_id is not None and other_id is not None:
                other = session.get_one(Household, other_id)
                _record_found(session, seen_from.ref, other.ref, conflict.kind, now=now, by=by)
    return len(made)


def _known(session: Session, household_ids: Collection[int]) -> dict[Place, dt.datetime | None]:
    """place -> when it was lifted last, None where it stands."""
    known: dict[Place, dt.datetime | None] = {}
    for household_id, other_id, account_id, kind, lifted_at in session.execute(
        select(Conflict.household_id, Conflict.other_id, Conflict.account_id, Conflict.kind, Conflict.lifted_at)
        .where(Conflict.household_id.in_(household_ids))
        .order_by(Conflict.id)
    ):
        place = (household_id, other_id, account_id, kind)
        # A row that stands outweighs every one that was lifted.
        if place not in known or known[place] is not None:
            known[place] = lifted_at
    return known


def _record_found(
    session: Session, household: uuid.UUID, other: uuid.UUID, kind: ConflictKind, *, now: dt.datetime, by: Actor
) -> None:
    record(session, now=now, by=by, act=Act.CONFLICT_FOUND, subject=household, subjects=(other,), purpose=kind)
