"""What one press on a page of a plan changes, and what takes it back. Pages with a form do it themselves."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from flask import abort, redirect
from flask.typing import ResponseReturnValue

from safehouse.access.current import act_key, by, now
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.database import session
from safehouse.services.views.seen import Seen

Row = TypeVar("Row")


def press(
    ref: uuid.UUID,
    kind: str,
    found: Callable[[uuid.UUID], tuple[Row, Seen]],
    change: Callable[[Row, Seen], object],
    *,
    back: Callable[..., str],
    unless: type[Exception],
) -> ResponseReturnValue:
    """Change it, once and undoable; where `unless` is raised somebody did it before, and the page shows how it stands.

    `found` answers 404 for whatever this person may not change; `back` is the address she goes back to.
    """
    row, seen = found(ref)
    try:
        act = begin_act(session, key=act_key(), kind=kind, now=now(), by=by(), subject=ref, undoable=True)
        change(row, seen)
    except AlreadyDone as earlier:
        return redirect(back(seen, done=earlier.act.ref), 303)
    except unless:
        to = back(seen)
        session.rollback()
        return redirect(to, 303)
    to = back(seen, done=act.ref)
    session.commit()
    return redirect(to, 303)


def take_back(
    ref: uuid.UUID,
    kind: str,
    found: Callable[[uuid.UUID], tuple[Row, Seen]],
    change: Callable[[Row, Seen], object],
    *,
    back: Callable[..., str],
    unless: type[Exception],
) -> ResponseReturnValue:
    """Undo the act `ref`, which is her own and of this kind; where `unless` is raised it is too late for that."""
    act = find_undoable(session, ref=ref, kind=kind, now=now(), by=by())
    row, seen = found(act.subject or abort(404))
    to = back(seen, undone=1)
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    try:
        change(row, seen)
    except unless as refused:
        raise NotUndoable from refused
    session.commit()
    return redirect(to, 303)
