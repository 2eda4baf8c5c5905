"""Someone must know nothing of a resident. From the next page she is nowhere for that person."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountState, Agency, Clearance
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Conflict, ConflictKind, Denial, Household, Resident
from safehouse.residents.operations.people import end_assignment
from safehouse.residents.operations.safety import check_household
from safehouse.residents.queries.denials import shared_house_ids
from safehouse.residents.queries.people import denied_accounts
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class DenialRefusal(StrEnum):
    ALREADY_DENIED = "already_denied"
    YOURSELF = "yourself"
    LAST_MANAGER = "last_manager"  # then nobody could decide for her any more, nor end the denial
    NEEDS_STAND_IN = "needs_stand_in"
    STAND_IN_ELSEWHERE = "stand_in_elsewhere"
    STAND_IN_DENIED = "stand_in_denied"


class DenialRefused(Exception):
    def __init__(self, reason: DenialRefusal):
        super().__init__(reason)
        self.reason = reason


def deny(
    session: Session,
    *,
    resident: Resident,
    denied: Account | Agency,
    stand_in: Account | None,
    reason: str,
    now: dt.datetime,
    by: Actor,
) -> Denial:
    """This person or agency must know nothing of her and of those who came with her. The caller commits.

    Where the person works in her house, `stand_in` does that person's duties for her; nothing she needs is left undone.
    Whoever was answerable for her is no longer. The record names the resident and not who is denied: those who read it
    may be the ones. Raises `DenialRefused`: nobody denies herself, and a manager stays who may see her, because only
    she decides for her and ends a denial. Where there is none the security officer names another manager first; for
    that she needs to know nothing of the resident.
    """
    account = denied if isinstance(denied, Account) else None
    if account is not None and account.id == by.person_id:
        raise DenialRefused(DenialRefusal.YOURSELF)
    household = session.get_one(Household, resident.household_id)
    here = shared_house_ids(session, account_id=account.id, household_id=household.id) if account else frozenset()
    if account is not None:
        _check_manager_left(session, account, household, here)
    if here:
        _check_stand_in(session, denied, stand_in, household, here)
    denial = Denial(
        resident_id=resident.id,
        account_id=account.id if account else None,
        agency_id=denied.id if account is None else None,
        stand_in_id=stand_in.id if here and stand_in else None,
        since=now,
    )
    denial.reason = seal(session, denial, "reason", reason, key=key_of(session, resident.ref))
    if _stands(session, denial, household):
        raise DenialRefused(DenialRefusal.ALREADY_DENIED)
    try:
        with session.begin_nested():
            session.add(denial)
    except IntegrityError as clash:
        raise DenialRefused(DenialRefusal.ALREADY_DENIED) from clash
    record(session, now=now, by=by, act=Act.DENIED, subject=resident.ref)
    if account is not None:
        _relieve(session, account, household, now=now, by=by)
        check_household(session, household=household, now=now, by=by)
    return denial


def end_denial(session: Session, *, denial: Denial, now: dt.datetime, by: Actor) -> bool:
    """From the next page she is seen again by whoever has a right to. False when it was ended before."""
    session.refresh(denial, with_for_update=True)
    if denial.until is not None:
        return False
    denial.until = now
    session.flush()
    resident = session.get_one(Resident, denial.resident_id)
    record(session, now=now, by=by, act=Act.DENIAL_ENDED, subject=resident.ref)
    another = session.scalar(
        select(Denial.id)
        .join(Resident, Resident.id == Denial.resident_id)
        .where(
            Resident.household_id == resident.household_id,
            Denial.account_id == denial.account_id,
            Denial.until.is_(None),
        )
        .limit(1)
    )
    if denial.account_id is not None and another is None:
        for conflict in session.scalars(
            select(Conflict).where(
                Conflict.household_id == resident.household_id,
                Conflict.account_id == denial.account_id,
                Conflict.kind == ConflictKind.DENIED,
                Conflict.lifted_at.is_(None),
            )
        ):
            conflict.lifted_at, conflict.lifted_by_id = now, by.person_id
    return True


def _check_manager_left(session: Session, account: Account, household: Household, here: frozenset[int]) -> None:
    """Another active manager, who is not denied, works in each of her houses in which this one does; where she lives
    nowhere, there is one at all."""
    if account.role is not Role.MANAGER:
        return
    others = select(Account.id).where(
        Account.role == Role.MANAGER,
        Account.state == AccountState.ACTIVE,
        Account.id != account.id,
        Account.id.not_in(denied_accounts([household.id])),
    )
    lives_in = select(Resident.house_id).where(Resident.household_id == household.id, Resident.house_id.is_not(None))
    if session.scalar(lives_in.limit(1)) is None:
        left = session.scalar(others.limit(1)) is not None
    else:
        managed = session.scalars(
            select(Clearance.house_id).where(Clearance.account_id.in_(others), Clearance.until.is_(None))
        )
        left = here <= set(managed)
    if not left:
        raise DenialRefused(DenialRefusal.LAST_MANAGER)


def _check_stand_in(
    session: Session,
    denied: Account | Agency,
    stand_in: Account | None,
    household: Household,
    here: frozenset[int],
) -> None:
    if stand_in is None or stand_in.id == denied.id:
        raise DenialRefused(DenialRefusal.NEEDS_STAND_IN)
    works_in = set(
        session.scalars(
            select(Clearance.house_id).where(Clearance.account_id == stand_in.id, Clearance.until.is_(None))
        )
    )
    if stand_in.state is AccountState.DISABLED or not here <= works_in:
        raise DenialRefused(DenialRefusal.STAND_IN_ELSEWHERE)
    if session.scalar(
        select(Denial.id)
        .join(Resident, Resident.id == Denial.resident_id)
        .where(Resident.household_id == household.id, Denial.account_id == stand_in.id, Denial.until.is_(None))
        .limit(1)
    ):
        raise DenialRefused(DenialRefusal.STAND_IN_DENIED)


def _stands(session: Session, denial: Denial, household: Household) -> bool:
    """Whether she, or one of those who came with her, is denied to them already: a denial is for all of them."""
    whom = (
        Denial.account_id == denial.account_id
        if denial.account_id is not None
        else Denial.agency_id == denial.agency_id
    )
    return bool(
        session.scalar(
            select(
                exists().where(
                    Denial.resident_id == Resident.id,
                    Resident.household_id == household.id,
                    whom,
                    Denial.until.is_(None),
                )
            )
        )
    )


def _relieve(session: Session, account: Account, household: Household, *, now: dt.datetime, by: Actor) -> None:
    """Whoever must know nothing of her answers for nothing about her. The record does not say who that was: beside the
    entry of the denial it would name who is denied."""
    for resident in session.scalars(
        select(Resident)
        .join(Assignment, Assignment.resident_id == Resident.id)
        .where(
            Resident.household_id == household.id,
            Assignment.account_id == account.id,
            Assignment.until.is_(None),
        )
    ).all():
        end_assignment(session, resident=resident, account=account, named=False, now=now, by=by)
    session.flush()
