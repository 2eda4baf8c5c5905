"""Relatives of those who work here, told by themselves and kept by the security officer."""

import datetime as dt

from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.residents.models import IndexedKind, OwnerOfIndex, StaffRelation
from safehouse.residents.operations.indexing import forget_number
from safehouse.residents.operations.safety import SafetyRefusal, SafetyRefused, check_account, index_given
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


def keep_relation(
    session: Session,
    *,
    account: Account,
    name: str | None = None,
    nik: str | None = None,
    phone: str | None = None,
    now: dt.datetime,
    by: Actor,
) -> StaffRelation:
    """Write down a relative, sealed with the account's key, and check whom this person must not come near.

    Nothing tells the caller whether the relative is known from elsewhere. Raises `Unreadable` for a number that is
    none and `SafetyRefused` when nothing is known. The caller commits.
    """
    known = {"name": name, "nik": nik, "phone": phone}
    given = {column: value.strip() for column, value in known.items() if value and value.strip()}
    if not given:
        raise SafetyRefused(SafetyRefusal.NOTHING_KNOWN)
    relation = StaffRelation(account_id=account.id, since=now)
    key = key_of(session, account.ref)
    for column, value in given.items():
        setattr(relation, column, seal(session, relation, column, value, key=key))
    session.add(relation)
    session.flush()
    index_given(session, OwnerOfIndex.STAFF_RELATION, relation.ref, given)
    record(
        session,
        now=now,
        by=by,
        act=Act.RELATION_NOTED,
        subject=account.ref,
        fields=[f"staff_relation.{column}" for column in sorted(given)],
    )
    check_account(session, account=account, now=now, by=by)
    return relation


def end_relation(session: Session, *, account: Account, relation: StaffRelation, now: dt.datetime, by: Actor) -> bool:
    """It was written down by mistake: it counts for nothing any more. False when it was ended before."""
    session.refresh(relation, with_for_update=True)
    if relation.until is not None or relation.account_id != account.id:
        return False
    relation.until = now
    session.flush()
    for kind in IndexedKind:
        forget_number(session, kind=kind, owner=relation.ref)
    record(session, now=now, by=by, act=Act.RELATION_ENDED, subject=account.ref)
    check_account(session, account=account, now=now, by=by)
    return True
