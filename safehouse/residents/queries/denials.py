"""Who must know nothing of a resident, and whom that hits."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, AccountState, Agency, Clearance, House, Realm
from safehouse.residents.models import Denial, Resident


@dataclass(frozen=True, slots=True)
class Denied:
    """One denial that stands. `who` is the shown name of a person or the name of an agency."""

    ref: uuid.UUID
    who: str
    agency: bool
    alias: str
    since: dt.datetime
    stand_in: str | None


def denied_households(account_id: int) -> Select[int]:
    """A subquery of the households of whom this account must know nothing: one denied member is enough."""
    return (
        select(Resident.household_id)
        .join(Denial, Denial.resident_id == Resident.id)
        .where(Denial.account_id == account_id, Denial.until.is_(None))
    )


def denials_of(session: Session, *, household_id: int, but_account_id: int) -> list[Denied]:
    """The denials of this household that stand, the latest first; never the one about the person who looks."""
    stand_in = aliased(Account)
    rows = session.execute(
        select(Denial.ref, Account.shown_name, Agency.name, Resident.alias, Denial.since, stand_in.shown_name)
        .join(Resident, Resident.id == Denial.resident_id)
        .outerjoin(Account, Account.id == Denial.account_id)
        .outerjoin(Agency, Agency.id == Denial.agency_id)
        .outerjoin(stand_in, stand_in.id == Denial.stand_in_id)
        .where(
            Resident.household_id == household_id,
            Denial.until.is_(None),
            Denial.account_id.is_distinct_from(but_account_id),
        )
        .order_by(Denial.since.desc(), Denial.id.desc())
    )
    return [
        Denied(ref, person or agency, person is None, alias, since, duties)
        for ref, person, agency, alias, since, duties in rows
    ]


def find_denial(session: Session, *, household_id: int, ref: uuid.UUID, but_account_id: int) -> Denial | None:
    return session.scalar(
        select(Denial)
        .join(Resident, Resident.id == Denial.resident_id)
        .where(
            Resident.household_id == household_id,
            Denial.ref == ref,
            Denial.until.is_(None),
            Denial.account_id.is_distinct_from(but_account_id),
        )
    )


def shared_house_ids(session: Session, *, account_id: int, household_id: int) -> frozenset[int]:
    """The houses in which this person works and somebody of the household lives."""
    return frozenset(
        session.scalars(
            select(Clearance.house_id)
            .join(Resident, Resident.house_id == Clearance.house_id)
            .where(
                Clearance.account_id == account_id,
                Clearance.until.is_(None),
                Resident.household_id == household_id,
            )
            .distinct()
        )
    )


def colleagues(session: Session, *, but_account_id: int) -> list[Account]:
    """Everyone who works for the unit now, with a sign-in or without one, by name."""
    return list(
        session.scalars(
            select(Account)
            .where(Account.realm == Realm.HOUSE, Account.state != AccountState.DISABLED, Account.id != but_account_id)
            .order_by(Account.shown_name, Account.id)
        )
    )


def working_in(session: Session, *, household_id: int) -> list[Account]:
    """Everyone who works where this household lives, by name: a stand-in is one of them."""
    houses = select(Resident.house_id).where(Resident.household_id == household_id, Resident.house_id.is_not(None))
    return list(
        session.scalars(
            select(Account)
            .join(Clearance, Clearance.account_id == Account.id)
            .join(House, House.id == Clearance.house_id)
            .where(
                Clearance.until.is_(None),
                Clearance.house_id.in_(houses),
                Account.state != AccountState.DISABLED,
                Account.role.is_not(None),
            )
            .distinct()
            .order_by(Account.shown_name, Account.id)
        )
    )
