"""Making residents, giving them aliases, and saying who is answerable for them."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountDiscipline, AccountState, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse, Assignment, Household, Resident, Sex
from safehouse.residents.rules.naming import new_code
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import new_key


class AssignmentRefusal(StrEnum):
    NOT_A_CASEWORKER = "not_a_caseworker"
    NOT_HER_DISCIPLINE = "not_her_discipline"
    ALREADY_ASSIGNED = "already_assigned"


class AssignmentRefused(Exception):
    def __init__(self, reason: AssignmentRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is known of a person when she comes. No name, no paper."""

    sex: Sex
    adult: bool
    age_months: int | None


def make_household(session: Session) -> Household:
    """A household with its key."""
    household = Household()
    session.add(household)
    session.flush()
    new_key(session, owner_kind=OwnerKind.HOUSEHOLD, owner=household.ref)
    return household


def make_resident(
    session: Session,
    *,
    household: Household,
    person: NewPerson,
    alias: str,
    today: dt.date,
    now: dt.datetime,
    by: Actor,
    by_import: bool = False,
    taken_codes: set[str] | None = None,
) -> Resident:
    """A resident with her own key and code; she lives nowhere yet. `today` is the local day her age was told on."""
    codes = set(session.scalars(select(Resident.code))) if taken_codes is None else taken_codes
    code = new_code(codes)
    codes.add(code)
    resident = Resident(
        household_id=household.id,
        code=code,
        alias=alias,
        sex=person.sex,
        birth_month=birth_month_of(person.age_months, today),
        birth_estimated=person.age_months is not None,
        arrived_by_import=by_import,
    )
    session.add(resident)
    session.flush()
    new_key(session, owner_kind=OwnerKind.RESIDENT, owner=resident.ref)
    record(session, now=now, by=by, act=Act.RESIDENT_MADE, subject=resident.ref)
    return resident


def birth_month_of(age_months: int | None, today: dt.date) -> dt.date | None:
    """The latest month of birth that gives this age today: a child counts as a child for as long as it may be one."""
    if age_months is None:
        return None
    months = today.year * 12 + today.month - 1 - age_months
    return dt.date(months // 12, months % 12 + 1, 1)


def use_alias(session: Session, *, resident: Resident, house_id: int, alias: str, since: dt.datetime) -> None:
    """From now on she goes by this name in this house."""
    resident.alias = alias
    session.add(AliasUse(resident_id=resident.id, house_id=house_id, alias=alias, since=since))


def rest_alias(session: Session, *, resident: Resident, until: dt.datetime) -> None:
    """She left the house: the name rests there for a year."""
    for use in session.scalars(select(AliasUse).where(AliasUse.resident_id == resident.id, AliasUse.until.is_(None))):
        use.until = max(until, use.since)


def assign(
    session: Session,
    *,
    resident: Resident,
    account: Account,
    discipline: Discipline,
    coordinator: bool,
    now: dt.datetime,
    by: Actor,
) -> Assignment:
    """Make a caseworker answerable for her. A new coordinator takes over from the one before."""
    if account.role is not Role.CASEWORKER or account.state is not AccountState.ACTIVE:
        raise AssignmentRefused(AssignmentRefusal.NOT_A_CASEWORKER)
    disciplines = set(
        session.scalars(select(AccountDiscipline.discipline).where(AccountDiscipline.account_id == account.id))
    )
    if discipline not in disciplines:
        raise AssignmentRefused(AssignmentRefusal.NOT_HER_DISCIPLINE)
    existing = session.scalars(
        select(Assignment).where(Assignment.resident_id == resident.id, Assignment.until.is_(None)).with_for_update()
    ).all()
    for one in existing:
        if one.account_id == account.id:
            if one.coordinator == coordinator and one.discipline is discipline:
                raise AssignmentRefused(AssignmentRefusal.ALREADY_ASSIGNED)
            _end(session, one, resident, now=now, by=by)
        elif coordinator and one.coordinator:
            _end(session, one, resident, now=now, by=by)
    session.flush()
    assignment = Assignment(
        resident_id=resident.id, account_id=account.id, discipline=discipline, coordinator=coordinator, since=now
    )
    session.add(assignment)
    record(
        session,
        now=now,
        by=by,
        act=Act.ASSIGNMENT_MADE,
        subject=resident.ref,
        subjects=(account.ref,),
        purpose="coordinator" if coordinator else discipline,
    )
    return assignment


def end_assignment(
    session: Session, *, resident: Resident, account: Account, named: bool = True, now: dt.datetime, by: Actor
) -> bool:
    """She is no longer answerable; from the next request on she does not see the resident. False when she was not.
    The record names her unless it must not."""
    assignment = session.scalar(
        select(Assignment)
        .where(Assignment.resident_id == resident.id, Assignment.account_id == account.id, Assignment.until.is_(None))
        .with_for_update()
    )
    if assignment is None:
        return False
    _end(session, assignment, resident, named=named, now=now, by=by)
    return True


def _end(
    session: Session, assignment: Assignment, resident: Resident, *, named: bool = True, now: dt.datetime, by: Actor
) -> None:
    assignment.until = now
    subjects = (session.get_one(Account, assignment.account_id).ref,) if named else ()
    record(session, now=now, by=by, act=Act.ASSIGNMENT_ENDED, subject=resident.ref, subjects=subjects)
