"""Who may look after children whose mother is away, and who is called when somebody is missing."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from safehouse.access.models import Account, AccountState, Clearance, House, Realm
from safehouse.access.permissions import Role
from safehouse.residents.models import Conflict, Denial, Resident
from safehouse.residents.queries.people import denied_accounts
from safehouse.shelter.models import ChildCarer, Placement


class Carer(NamedTuple):
    """One of the staff of a house, with or without a sign-in of her own."""

    id: int
    ref: uuid.UUID
    shown_name: str


def carers_in(
    session: Session,
    *,
    house_id: int,
    resident_ids: Collection[int],
    for_account_id: int | None = None,
    now: dt.datetime,
) -> list[Carer]:
    """The staff of this house by name, without anybody who must know nothing of these residents or of one who came
    with them, or who is related to what happened to them. Whoever asks (`for_account_id`) never misses herself for
    that reason: her own name would tell her whom they reported."""
    families = select(Resident.household_id).where(Resident.id.in_(resident_ids))
    related = select(Conflict.account_id).where(
        Conflict.household_id.in_(families), Conflict.account_id.is_not(None), Conflict.lifted_at.is_(None)
    )
    rows = session.execute(
        select(Account.id, Account.ref, Account.shown_name)
        .join(Clearance, Clearance.account_id == Account.id)
        .where(
            Clearance.house_id == house_id,
            Clearance.until.is_(None),
            Account.realm == Realm.HOUSE,
            Account.state != AccountState.DISABLED,
            or_(Account.valid_until.is_(None), Account.valid_until > now),
            Account.id.not_in(denied_accounts(families)),
            or_(Account.id.not_in(related), Account.id == for_account_id),
        )
        .order_by(Account.shown_name, Account.id)
    )
    return [Carer(*row) for row in rows]


def named_carer(wanted: InstrumentedAttribute[Any], now: dt.datetime) -> ScalarSelect[Any]:
    """A subquery beside a `Placement`, its `Resident` and the `House` she lives in: of whoever was named to look after
    this child the name, or since when; nothing once that person cannot any more."""
    carer, member = aliased(Account), aliased(Resident)
    denied = (
        select(Denial.id)
        .join(member, member.id == Denial.resident_id)
        .where(member.household_id == Resident.household_id, Denial.account_id == carer.id, Denial.until.is_(None))
        .correlate(Resident, carer)
    )
    return (
        select(carer.shown_name if wanted is Account.shown_name else wanted)
        .select_from(ChildCarer)
        .join(carer, carer.id == ChildCarer.account_id)
        .join(
            Clearance,
            and_(Clearance.account_id == carer.id, Clearance.house_id == House.id, Clearance.until.is_(None)),
        )
        .where(
            ChildCarer.placement_id == Placement.id,
            ChildCarer.until.is_(None),
            carer.state != AccountState.DISABLED,
            or_(carer.valid_until.is_(None), carer.valid_until > now),
            ~denied.exists(),
        )
        .correlate(Placement, Resident, House)
        .scalar_subquery()
    )


def managers_to_call(session: Session, *, house_id: int, household_id: int, now: dt.datetime) -> list[str]:
    """The managers of this house by name, without anybody who must know nothing of this family."""
    return list(
        session.scalars(
            select(Account.shown_name)
            .join(Clearance, Clearance.account_id == Account.id)
            .where(
                Clearance.house_id == house_id,
                Clearance.until.is_(None),
                Account.role == Role.MANAGER,
                Account.state == AccountState.ACTIVE,
                or_(Account.valid_until.is_(None), Account.valid_until > now),
                Account.id.not_in(denied_accounts([household_id])),
            )
            .order_by(Account.shown_name, Account.id)
        )
    )
