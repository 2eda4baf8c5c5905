"""Keeping beds for a family on its way. A hold runs out by itself."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.shelter.models import Bed, Hold, Referral
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, Actor
from safehouse.trail.operations import record


class BedTaken(Exception):
    """Someone else was just placed in this bed, or holds it."""


def hold_beds(
    session: Session, *, referral: Referral, bed_ids: Collection[int], hours: int, now: dt.datetime, by: Actor
) -> dt.datetime:
    """Keep these beds for this referral and let go of what it held before. Until when; or `BedTaken`.

    The caller has seen that nobody sleeps there; the index decides between two holds of the same second.
    """
    release_holds(session, referral=referral, now=now, by=by)
    expires = now + dt.timedelta(hours=hours)
    list(session.scalars(select(Bed.id).where(Bed.id.in_(bed_ids)).order_by(Bed.id).with_for_update()))
    _release_expired(session, now=now, bed_ids=bed_ids)
    try:
        with session.begin_nested():
            session.add_all(
                Hold(bed_id=bed_id, referral_id=referral.id, held_at=now, expires_at=expires)
                for bed_id in sorted(bed_ids)
            )
    except IntegrityError as clash:
        raise BedTaken from clash
    record(session, now=now, by=by, act=Act.HELD, subject=referral.ref)
    return expires


def release_holds(session: Session, *, referral: Referral, now: dt.datetime, by: Actor) -> int:
    """Let go of whatever this referral holds. How many beds."""
    live = list(
        session.scalars(
            select(Hold).where(Hold.referral_id == referral.id, Hold.released_at.is_(None)).with_for_update()
        )
    )
    for hold in live:
        hold.released_at = now
    session.flush()
    if live:
        record(session, now=now, by=by, act=Act.HOLD_RELEASED, subject=referral.ref)
    return len(live)


def expire_holds(session: Session, *, now: dt.datetime) -> int:
    """Release every hold whose time is over. How many; a second run finds none."""
    return _release_expired(session, now=now)


def _release_expired(session: Session, *, now: dt.datetime, bed_ids: Collection[int] | None = None) -> int:
    over = select(Hold).where(Hold.released_at.is_(None), Hold.expires_at <= now).with_for_update()
    if bed_ids is not None:
        over = over.where(Hold.bed_id.in_(bed_ids))
    holds = list(session.scalars(over))
    referrals = set()
    for hold in holds:
        hold.released_at = now
        referrals.add(hold.referral_id)
    session.flush()
    for ref in session.scalars(select(Referral.ref).where(Referral.id.in_(referrals)).order_by(Referral.id)):
        record(session, now=now, by=SYSTEM, act=Act.HOLD_EXPIRED, subject=ref)
    return len(holds)
