"""Break-glass: taking half an hour with one resident, and the review by a third person."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.access.permissions import Role
from safehouse.residents.models import Grant, Resident
from safehouse.residents.queries.people import denied_to, seen_by
from safehouse.residents.rules.granting import LASTS, GrantFault, has_too_many, why_no_review
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, Result
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal

A_MOMENT = dt.timedelta(microseconds=1)


class GrantRefused(Exception):
    def __init__(self, reason: GrantFault):
        super().__init__(reason)
        self.reason = reason


def take_grant(session: Session, *, code: str, reason: str, role: Role | None, now: dt.datetime, by: Actor) -> Grant:
    """Half an hour with the resident of this code, who lives in a house now. The caller has checked her own code.

    Raises `GrantRefused`: unknown, denied and gone residents are one answer.
    """
    # Her own row is the queue: two askings at one moment are counted one after the other.
    list(session.scalars(select(Account.id).where(Account.id == by.account_id).with_for_update()))
    account_id = by.account_id or 0
    unreviewed = session.scalar(
        select(func.count()).select_from(Grant).where(Grant.account_id == account_id, Grant.reviewed_at.is_(None))
    )
    # Before any code is looked at: otherwise the answer would tell which codes live in a house.
    if has_too_many(unreviewed or 0):
        raise GrantRefused(GrantFault.TOO_MANY_UNREVIEWED)
    resident = session.scalar(
        select(Resident).where(
            Resident.code == code,
            Resident.house_id.is_not(None),
            Resident.id.not_in(denied_to(account_id)),
        )
    )
    if resident is None:
        raise GrantRefused(GrantFault.NO_SUCH_RESIDENT)
    visible = session.scalar(select(Resident.id).where(Resident.id == resident.id, seen_by(account_id, role)))
    if visible is not None:
        raise GrantRefused(GrantFault.ALREADY_HERS)
    grant = Grant(resident_id=resident.id, account_id=account_id, since=now, until=now + LASTS)
    grant.reason = seal(session, grant, "reason", reason, key=key_of(session, resident.ref))
    session.add(grant)
    session.flush()
    record(session, now=now, by=by, act=Act.GRANT_TAKEN, subject=resident.ref)
    return grant


def record_refused_grant(session: Session, *, reason: GrantFault, now: dt.datetime, by: Actor) -> None:
    """A try that gave nothing is written down as well; called after the rollback."""
    record(session, now=now, by=by, act=Act.GRANT_TAKEN, purpose=reason, result=Result.REFUSED)


def review_grant(session: Session, *, grant: Grant, justified: bool, now: dt.datetime, by: Actor) -> None:
    """A third person says whether it was needed; one that was not is over at once. Raises `GrantRefused`; of two at
    one moment the first counts."""
    session.refresh(grant, with_for_update=True)
    fault = why_no_review(
        taker_id=grant.account_id, reviewer_id=by.account_id or 0, reviewed=grant.reviewed_at is not None
    )
    if fault:
        raise GrantRefused(fault)
    grant.reviewed_at, grant.reviewed_by_id, grant.justified = now, by.account_id, justified
    if not justified:
        # Nothing may be over before it began, not even one that is reviewed in the moment it was taken.
        grant.until = min(grant.until, max(now, grant.since + A_MOMENT))
    resident = session.get_one(Resident, grant.resident_id)
    taker = session.get_one(Account, grant.account_id)
    record(
        session,
        now=now,
        by=by,
        act=Act.GRANT_REVIEWED,
        subject=resident.ref,
        subjects=(taker.ref,),
        purpose="justified" if justified else "not justified",
    )
