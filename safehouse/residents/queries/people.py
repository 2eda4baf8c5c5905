"""Who may see whom. Every query about residents, here and in the folders to the right, starts from `seen_by`;
one resident is found by `find_resident`. A denial beats every right in both."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, AccountDiscipline, AccountState, Discipline
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.models import AliasUse, Assignment, Denial, Grant, Resident
from safehouse.residents.rules.naming import ALIAS_REST_DAYS

# Made once: an alias takes every column of its table along, which costs more than the question it stands in.
_NAMED, _TOGETHER, _USED = aliased(Resident), aliased(Resident), aliased(AliasUse)

MAY_BREAK_GLASS = frozenset({Role.CASEWORKER, Role.MANAGER})


def denied_to(account_id: int) -> Select[int]:
    """A subquery of the residents of whom this account must know nothing: those it is denied, and everyone who came
    with them. A child in a bed tells where her mother is."""
    return (
        select(_TOGETHER.id)
        .join(_NAMED, _NAMED.household_id == _TOGETHER.household_id)
        .join(Denial, Denial.resident_id == _NAMED.id)
        .where(Denial.account_id == account_id, Denial.until.is_(None))
    )


def denied_accounts(household_ids: Select[int] | Collection[int]) -> Select[int | None]:
    """A subquery of the accounts that must know nothing of anybody of these households: `denied_to` from the other
    side. Whoever is asked to stand beside this family, to sign or to look after a child, is none of them."""
    return (
        select(Denial.account_id)
        .join(Resident, Resident.id == Denial.resident_id)
        .where(
            Resident.household_id.in_(household_ids),
            Denial.account_id.is_not(None),
            Denial.until.is_(None),
        )
    )


def never_beside(session: Session, household_id: int | None) -> frozenset[int]:
    """The ids of the accounts that must know nothing of this household; a referral without one has nobody denied."""
    if household_id is None:
        return frozenset()
    return frozenset(one for one in session.scalars(denied_accounts([household_id])) if one is not None)


def seen_by(account_id: int, role: Role | None, resident: Any = Resident) -> ColumnElement[bool]:
    """Whom lists, boards and counts of this person are about: a condition on the `Resident` of the select around it, or
    on an alias of it.

    Staff: those who live in a house she is cleared for. Manager: those and the ones who lived there. Caseworker: those
    assigned to her, wherever they live. Anyone else: nobody. Never someone who is denied to her.

    It is asked of the rows a select is about and of nobody else: those who left years ago cost nothing.
    """
    houses = cleared_house_ids(account_id)
    not_denied = resident.id.not_in(denied_to(account_id))
    # Said outright, so that of those who live nowhere the answer is no and not unknown.
    lives_there = and_(resident.house_id.is_not(None), resident.house_id.in_(houses))
    match role:
        case Role.STAFF:
            return and_(lives_there, not_denied)
        case Role.MANAGER:
            lived_there = (
                exists().where(_USED.resident_id == resident.id, _USED.house_id.in_(houses)).correlate(resident)
            )
            return and_(or_(lives_there, and_(resident.house_id.is_(None), lived_there)), not_denied)
        case Role.CASEWORKER:
            return and_(resident.id.in_(_assigned_to(account_id)), not_denied)
        case _:
            return false()


def living_seen_by(account_id: int, role: Role | None) -> Select[int]:
    """A subquery of those among them who live in a house now: for a select in which they do not stand themselves, and
    for lists of the living, which both engines then begin with her houses."""
    # Of those who live in a house a manager sees whom its staff see.
    among = Role.STAFF if role is Role.MANAGER else role
    return select(Resident.id).where(Resident.house_id.is_not(None), seen_by(account_id, among))


def came_with(session: Session, *, resident: Resident, account_id: int, role: Role | None) -> list[Resident]:
    """Who else of her household is visible to this person, the eldest first; also who lives in no house any more."""
    return list(
        session.scalars(
            select(Resident)
            .where(
                Resident.household_id == resident.household_id,
                Resident.id != resident.id,
                seen_by(account_id, role),
            )
            .order_by(Resident.birth_month.is_not(None), Resident.birth_month, Resident.id)
        )
    )


def _assigned_to(account_id: int) -> Select[int]:
    return select(Assignment.resident_id).where(Assignment.account_id == account_id, Assignment.until.is_(None))


def find_resident(
    session: Session,
    *,
    account_id: int,
    role: Role | None,
    ref: uuid.UUID,
    now: dt.datetime,
    granted: bool = False,
) -> Resident | None:
    """The resident with this reference if this person may see her; None for foreign, forbidden and missing alike.

    Break-glass lets somebody look, and nothing else: only the pages that read one resident pass `granted`. Whatever
    changes something is for those she is visible to; half an hour must not become a lasting right.
    """
    allowed = seen_by(account_id, role)
    if granted and role in MAY_BREAK_GLASS:
        looking = select(Grant.resident_id).where(
            Grant.account_id == account_id,
            Grant.until > now,
            Grant.resident_id.not_in(denied_to(account_id)),
        )
        allowed = or_(allowed, Resident.id.in_(looking))
    return session.scalar(select(Resident).where(Resident.ref == ref, allowed))


def resting_aliases(session: Session, *, house_id: int, now: dt.datetime) -> set[str]:
    """Names used in this house within a year, and names in use in any house now: the board shows them side by side."""
    since = now - dt.timedelta(days=ALIAS_REST_DAYS)
    return set(
        session.scalars(
            select(AliasUse.alias).where(
                or_(AliasUse.until.is_(None), and_(AliasUse.house_id == house_id, AliasUse.until > since))
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Assigned:
    account_id: int
    account_ref: uuid.UUID
    shown_name: str
    discipline: Discipline
    coordinator: bool
    since: dt.datetime


def open_assignments(session: Session, resident_id: int) -> list[Assigned]:
    """Who is answerable for her now, the coordinator first."""
    rows = session.execute(
        select(
            Account.id, Account.ref, Account.shown_name, Assignment.discipline, Assignment.coordinator, Assignment.since
        )
        .join(Account, Account.id == Assignment.account_id)
        .where(Assignment.resident_id == resident_id, Assignment.until.is_(None))
        .order_by(Assignment.coordinator.desc(), Account.shown_name)
    )
    return [Assigned(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Assignable:
    """A caseworker, her disciplines, and how many residents she has now."""

    account_id: int
    ref: uuid.UUID
    shown_name: str
    disciplines: tuple[Discipline, ...]
    residents: int


def assignable_caseworkers(session: Session) -> list[Assignable]:
    """Every active caseworker with her load, in two statements."""
    load = (
        select(Assignment.account_id, func.count(func.distinct(Assignment.resident_id)).label("n"))
        .join(Resident, Resident.id == Assignment.resident_id)
        .where(Assignment.until.is_(None), Resident.house_id.is_not(None))
        .group_by(Assignment.account_id)
        .subquery()
    )
    rows = session.execute(
        select(Account.id, Account.ref, Account.shown_name, func.coalesce(load.c.n, 0))
        .outerjoin(load, load.c.account_id == Account.id)
        .where(Account.role == Role.CASEWORKER, Account.state == AccountState.ACTIVE)
        .order_by(Account.shown_name)
    ).all()
    disciplines: dict[int, list[Discipline]] = {}
    for account_id, discipline in session.execute(select(AccountDiscipline.account_id, AccountDiscipline.discipline)):
        disciplines.setdefault(account_id, []).append(discipline)
    return [
        Assignable(account_id, ref, name, tuple(sorted(disciplines.get(account_id, []))), load)
        for account_id, ref, name, load in rows
    ]


def answered_for(who: Any = Resident) -> ColumnElement[bool]:
    """Whether anybody is answerable for this resident (`Resident`, or an alias of it); a disabled caseworker answers
    for nobody."""
    return exists().where(
        Assignment.resident_id == who.id,
        Assignment.until.is_(None),
        Account.id == Assignment.account_id,
        Account.state == AccountState.ACTIVE,
    )
