"""One changing request: done once, and for ten minutes undoable where it says so."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Act as ActRow
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record

UNDO_FOR = dt.timedelta(minutes=10)


class AlreadyDone(Exception):
    """The same press came twice. `act` is the first one; its result stands."""

    def __init__(self, act: ActRow):
        super().__init__(act.kind)
        self.act = act


class NotUndoable(Exception):
    """Too late, undone already, someone else's, or of another kind."""


def begin_act(
    session: Session,
    *,
    key: uuid.UUID,
    kind: str,
    now: dt.datetime,
    by: Actor,
    subject: uuid.UUID | None = None,
    undoable: bool = False,
) -> ActRow:
    """Open this act, or raise `AlreadyDone` with the first. Of two at the same moment, the second waits and sees it."""
    earlier = _by_key(session, key)
    if earlier is None:
        act = ActRow(
            key=key,
            account_id=by.person_id,
            kind=kind,
            subject=subject,
            at=now,
            undo_until=now + UNDO_FOR if undoable else None,
        )
        try:
            with session.begin_nested():
                session.add(act)
            return act
        except IntegrityError:
            earlier = _by_key(session, key)
    if earlier is None or earlier.account_id != by.account_id or earlier.kind != kind:
        raise NotUndoable  # a key that is not this person's: nothing may be learnt from it
    raise AlreadyDone(earlier)


def find_undoable(session: Session, *, ref: uuid.UUID, kind: str, now: dt.datetime, by: Actor) -> ActRow:
    """Her own act of this kind, not undone, within its ten minutes; otherwise `NotUndoable`."""
    act = session.scalar(select(ActRow).where(ActRow.ref == ref).with_for_update())
    if (
        act is None
        or act.account_id != by.account_id
        or act.kind != kind
        or act.undone_by_id is not None
        or act.undo_until is None
        or act.undo_until < now
    ):
        raise NotUndoable
    return act


def mark_undone(session: Session, *, act: ActRow, key: uuid.UUID, now: dt.datetime, by: Actor) -> ActRow:
    """Undo writes a new act; nothing is erased."""
    undoing = begin_act(session, key=key, kind=f"undo:{act.kind}"[:40], now=now, by=by, subject=act.subject)
    session.flush()
    act.undone_by_id = undoing.id
    record(session, now=now, by=by, act=Act.UNDONE, subject=act.subject, purpose=act.kind)
    return undoing


def _by_key(session: Session, key: uuid.UUID) -> ActRow | None:
    return session.scalar(select(ActRow).where(ActRow.key == key))
