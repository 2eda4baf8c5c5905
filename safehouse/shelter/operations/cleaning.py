"""A bed that somebody left is cleaned before the next one sleeps in it, unless the night does not wait for that."""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.operations.acts import NotUndoable
from safehouse.shelter.models import Bed, Cleaning, Stay
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record

READY = "bed:ready"


class AlreadyReady(Exception):
    """Somebody said so before, or somebody sleeps in it."""


def leave_unclean(session: Session, *, bed: Bed, since: dt.datetime, now: dt.datetime, by: Actor) -> None:
    """Somebody left this bed: it is to be cleaned, until someone says that it is ready."""
    if _open(session, bed.id) is not None:
        return
    session.add(Cleaning(bed_id=bed.id, since=since))
    record(session, now=now, by=by, act=Act.BED_LEFT_UNCLEAN, subject=bed.ref)


def take_into_use(session: Session, *, bed_ids: Collection[int], at: dt.datetime) -> None:
    """Somebody sleeps here from now on: whatever was to be cleaned is her bed. Nobody has said that it was ready."""
    for cleaning in session.scalars(
        select(Cleaning).where(Cleaning.bed_id.in_(bed_ids), Cleaning.ready_at.is_(None)).with_for_update()
    ):
        cleaning.ready_at = max(at, cleaning.since)


def not_used_after_all(session: Session, *, bed_id: int, since: dt.datetime) -> None:
    """The stay that began then was undone: what it had closed is to be cleaned as before."""
    closed = session.scalar(
        select(Cleaning)
        .where(
            Cleaning.bed_id == bed_id,
            Cleaning.ready_at.is_not(None),
            Cleaning.ready_at >= since,
            Cleaning.ready_by_id.is_(None),
        )
        .order_by(Cleaning.id.desc())
        .limit(1)
    )
    if closed is not None and _open(session, bed_id) is None:
        closed.ready_at = None


def not_left_after_all(session: Session, *, bed_id: int, left_at: dt.datetime | None) -> None:
    """Whoever left then goes on in this bed: nothing is to be cleaned for that."""
    cleaning = _open(session, bed_id)
    if cleaning is not None and cleaning.since == left_at:
        session.delete(cleaning)
        session.flush()


def say_ready(session: Session, *, bed: Bed, now: dt.datetime, by: Actor) -> Cleaning:
    """The bed is clean. Raises `AlreadyReady`."""
    cleaning = _open(session, bed.id)
    if cleaning is None:
        raise AlreadyReady
    cleaning.ready_at, cleaning.ready_by_id = max(now, cleaning.since), by.person_id
    record(session, now=now, by=by, act=Act.BED_READY, subject=bed.ref)
    return cleaning


def undo_ready(session: Session, *, ref: uuid.UUID | None, now: dt.datetime, by: Actor) -> Bed:
    """It is to be cleaned after all. Raises `NotUndoable` when somebody sleeps in it, or it was left again."""
    cleaning = session.scalar(select(Cleaning).where(Cleaning.ref == ref).with_for_update())
    if cleaning is None or cleaning.ready_by_id != by.account_id or _open(session, cleaning.bed_id) is not None:
        raise NotUndoable
    slept_in = select(Stay.id).where(Stay.bed_id == cleaning.bed_id, Stay.ended_at.is_(None)).limit(1)
    if session.scalar(slept_in) is not None:
        raise NotUndoable
    cleaning.ready_at = cleaning.ready_by_id = None
    bed = session.get_one(Bed, cleaning.bed_id)
    record(session, now=now, by=by, act=Act.BED_READY, subject=bed.ref, purpose="undone")
    return bed


def _open(session: Session, bed_id: int) -> Cleaning | None:
    return session.scalar(
        select(Cleaning).where(Cleaning.bed_id == bed_id, Cleaning.ready_at.is_(None)).with_for_update()
    )
