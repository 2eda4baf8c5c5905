"""Which houses a household must never share, and why: read for the rules of placing and for the manager."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, or_, select, union_all
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountState, Clearance, House
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.models import Conflict, ConflictKind, Household, ReportedPerson, Resident
from safehouse.residents.queries.denials import denied_households
from safehouse.residents.queries.people import denied_to, seen_by


def barred_house_ids(session: Session, *, household_id: int | None) -> frozenset[int]:
    """The houses this household must never be in, in one statement: someone lives there whom it must never meet, or
    someone works there who must not come near it. Whoever is away for some nights still lives there.

    Nobody is named. A referral without a household has no conflicts yet. This is for placing and moving, which keep
    apart whoever looks; what is shown to somebody is `told_barred_house_ids`.
    """
    if household_id is None:
        return frozenset()
    return frozenset(session.scalars(_barred(household_id)))


def told_barred_house_ids(session: Session, *, household_id: int | None, account_id: int) -> frozenset[int]:
    """Those of them this person may be told of: without the ones that are barred only because somebody lives there of
    whom she must know nothing. To her such a house has no place for this family, and no reason is given."""
    if household_id is None:
        return frozenset()
    return frozenset(session.scalars(_barred(household_id, told_to=account_id)))


def never_with(household_id: int) -> Select[int]:
    """A subquery of the households that must never share a house with this one."""
    return select(_other(household_id)).where(
        (Conflict.household_id == household_id) | (Conflict.other_id == household_id),
        Conflict.other_id.is_not(None),
        Conflict.lifted_at.is_(None),
    )


def _other(household_id: int) -> ColumnElement[int]:
    """Of the two households of a conflict the one that is not this."""
    return case((Conflict.household_id == household_id, Conflict.other_id), else_=Conflict.household_id)


def _barred(household_id: int, *, told_to: int | None = None) -> Select[int]:
    lived_in = select(Resident.house_id).where(
        Resident.house_id.is_not(None), Resident.household_id.in_(never_with(household_id))
    )
    if told_to is not None:
        lived_in = lived_in.where(Resident.household_id.not_in(denied_households(told_to)))
    # Clearances are looked at now: whoever begins or ends to work in a house changes nothing that is kept here.
    worked_in = (
        select(Clearance.house_id)
        .join(Account, Account.id == Clearance.account_id)
        .join(Conflict, Conflict.account_id == Clearance.account_id)
        .where(
            Conflict.household_id == household_id,
            Conflict.lifted_at.is_(None),
            Clearance.until.is_(None),
            Account.state != AccountState.DISABLED,
        )
    )
    barred = union_all(lived_in, worked_in).subquery()
    return select(barred.c[0]).distinct()


def barred_houses(session: Session, *, household_id: int | None, account_id: int) -> list[str]:
    """The names of her houses that this household must never share, as far as she may be told. Another's houses are
    not named."""
    ids = told_barred_house_ids(session, household_id=household_id, account_id=account_id)
    return list(
        session.scalars(
            select(House.name)
            .where(House.id.in_(ids), House.id.in_(cleared_house_ids(account_id)), House.closed_at.is_(None))
            .order_by(House.position, House.id)
        )
    )


def reported_of(session: Session, household_id: int) -> list[ReportedPerson]:
    """The reported persons of a household, the earlier first; nothing is opened."""
    return list(
        session.scalars(
            select(ReportedPerson).where(ReportedPerson.household_id == household_id).order_by(ReportedPerson.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody who lives in a house and can be named to the person who looks."""

    id: int
    ref: uuid.UUID
    household_id: int
    alias: str
    code: str


def others_living_here(session: Session, *, household_id: int, account_id: int, role: Role | None) -> list[Neighbour]:
    """Everyone of another household whom she sees on her board or answers for, by alias."""
    rows = session.execute(
        select(Resident.id, Resident.ref, Resident.household_id, Resident.alias, Resident.code)
        .where(
            Resident.household_id != household_id,
            Resident.house_id.is_not(None),
            or_(Resident.house_id.in_(cleared_house_ids(account_id)), seen_by(account_id, role)),
            Resident.id.not_in(denied_to(account_id)),
        )
        .order_by(Resident.alias, Resident.code)
    )
    return [Neighbour(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Explained:
    """One conflict that stands, as the manager may read it: who is in another's house is not named."""

    ref: uuid.UUID
    kind: ConflictKind
    found_at: dt.datetime
    found_by: str | None  # nobody: a check found it
    colleague: str | None
    other: uuid.UUID | None  # the household
    people: tuple[tuple[str, str], ...]  # alias and code
    elsewhere: bool  # some of them live in a house that is not hers


def explained_conflicts(session: Session, *, household_id: int, account_id: int) -> list[Explained]:
    """The conflicts of this household that stand, the latest first, in two statements.

    Nobody reads what is about herself, or about a family of whom she must know nothing: another manager reads that.
    """
    other_id = _other(household_id)
    found_by = Account.__table__.alias("found_by")
    rows = session.execute(
        select(
            Conflict.ref,
            Conflict.kind,
            Conflict.found_at,
            found_by.c.shown_name,
            Account.shown_name,
            Household.id,
            Household.ref,
        )
        .outerjoin(found_by, found_by.c.id == Conflict.found_by_id)
        .outerjoin(Account, Account.id == Conflict.account_id)
        .outerjoin(Household, and_(Conflict.other_id.is_not(None), Household.id == other_id))
        .where(
            or_(Conflict.household_id == household_id, Conflict.other_id == household_id),
            Conflict.lifted_at.is_(None),
            _told_to(account_id, household_id),
        )
        .order_by(Conflict.found_at.desc(), Conflict.id.desc())
    ).all()
    people: dict[int, list[tuple[str, str]]] = {}
    elsewhere = set()
    for household, alias, code, named in session.execute(
        select(
            Resident.household_id,
            Resident.alias,
            Resident.code,
            Resident.house_id.in_(cleared_house_ids(account_id)),
        )
        .where(Resident.household_id.in_([row[5] for row in rows if row[5]]), Resident.house_id.is_not(None))
        .order_by(Resident.birth_month.is_not(None), Resident.birth_month, Resident.id)
    ):
        if named:
            people.setdefault(household, []).append((alias, code))
        else:
            elsewhere.add(household)
    return [
        Explained(ref, kind, found_at, by_hand, colleague, other, tuple(people.get(number, ())), number in elsewhere)
        for ref, kind, found_at, by_hand, colleague, number, other in rows
    ]


def find_conflict(session: Session, *, household_id: int, ref: uuid.UUID, account_id: int) -> Conflict | None:
    """A conflict of this household that is not about the person who looks, nor about a family of whom she must know
    nothing; ended denials end theirs by themselves."""
    return session.scalar(
        select(Conflict).where(
            Conflict.ref == ref,
            or_(Conflict.household_id == household_id, Conflict.other_id == household_id),
            _told_to(account_id, household_id),
            Conflict.kind != ConflictKind.DENIED,
        )
    )


def _told_to(account_id: int, household_id: int) -> ColumnElement[bool]:
    """Whether this person may know of a conflict: it is not about herself, and the other family is not denied to her.
    A conflict with a colleague has no other family."""
    return and_(
        Conflict.account_id.is_distinct_from(account_id),
        or_(Conflict.other_id.is_(None), _other(household_id).not_in(denied_households(account_id))),
    )
