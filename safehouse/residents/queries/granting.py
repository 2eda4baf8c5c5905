"""Break-glass: what waits for a review, and who was told."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account
from safehouse.access.permissions import Role
from safehouse.residents.models import Grant, Resident
from safehouse.residents.queries.people import seen_by


@dataclass(frozen=True, slots=True)
class Granted:
    """One half hour. `alias` is None for whoever must not know residents: the security officer sees the code."""

    ref: uuid.UUID
    resident_ref: uuid.UUID
    alias: str | None
    code: str
    taker_id: int
    taker: str
    since: dt.datetime
    until: dt.datetime
    reviewed_at: dt.datetime | None
    reviewer: str | None
    justified: bool | None


def grants_to_review(session: Session, *, account_id: int, role: Role | None, since: dt.datetime) -> list[Granted]:
    """What this person may review, the unreviewed first, and what was reviewed since then. Her own are never there.

    A manager sees those about residents visible to her; the security officer all of them, by code only.
    """
    reviewer = aliased(Account)
    asked = (
        select(
            Grant.ref,
            Resident.ref.label("resident_ref"),
            Resident.alias,
            Resident.code,
            Account.id.label("taker_id"),
            Account.shown_name,
            Grant.since,
            Grant.until,
            Grant.reviewed_at,
            reviewer.shown_name.label("reviewer"),
            Grant.justified,
        )
        .join(Resident, Resident.id == Grant.resident_id)
        .join(Account, Account.id == Grant.account_id)
        .outerjoin(reviewer, reviewer.id == Grant.reviewed_by_id)
        .where(Grant.account_id != account_id, or_(Grant.reviewed_at.is_(None), Grant.reviewed_at > since))
        .order_by(Grant.reviewed_at.is_not(None), Grant.since.desc())
        .limit(50)
    )
    if role is not Role.SECURITY_OFFICER:
        asked = asked.where(seen_by(account_id, role))
    hidden = role is Role.SECURITY_OFFICER
    return [
        Granted(
            ref=row.ref,
            resident_ref=row.resident_ref,
            alias=None if hidden else row.alias,
            code=row.code,
            taker_id=row.taker_id,
            taker=row.shown_name,
            since=row.since,
            until=row.until,
            reviewed_at=row.reviewed_at,
            reviewer=row.reviewer,
            justified=row.justified,
        )
        for row in session.execute(asked)
    ]


def running_until(session: Session, *, account_id: int, resident_id: int, now: dt.datetime) -> dt.datetime | None:
    """Until when she may look at this resident by break-glass; None when she may not."""
    return session.scalar(
        select(func.max(Grant.until)).where(
            Grant.account_id == account_id, Grant.resident_id == resident_id, Grant.until > now
        )
    )


def find_reviewable(
    session: Session, *, ref: uuid.UUID, account_id: int, role: Role | None
) -> tuple[Grant, Resident] | None:
    """A grant this person may review, with its resident; None for foreign, forbidden, her own and missing alike."""
    asked = (
        select(Grant, Resident)
        .join(Resident, Resident.id == Grant.resident_id)
        .where(Grant.ref == ref, Grant.account_id != account_id)
    )
    if role is not Role.SECURITY_OFFICER:
        asked = asked.where(seen_by(account_id, role))
    found = session.execute(asked).first()
    return (found[0], found[1]) if found else None
