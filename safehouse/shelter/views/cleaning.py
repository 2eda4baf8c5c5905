"""Saying that a bed is clean and ready: one press, taken back within ten minutes."""

import uuid

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, by, now, signed
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session
from safehouse.shelter.operations.cleaning import READY, AlreadyReady, say_ready, undo_ready
from safehouse.shelter.queries.cleaning import cleared_bed, is_closed_bed
from safehouse.web.shell import offer_undo

pages = Blueprint("cleaning", __name__)

offer_undo(READY, title=_l("The bed is said to be ready."), endpoint="cleaning.undo")


@pages.post("/beds/<uuid:ref>/ready")
@needs(Permission.BED_READY)
def ready(ref: uuid.UUID) -> ResponseReturnValue:
    bed = cleared_bed(session, ref=ref, account_id=signed().account_id) or abort(404)
    if is_closed_bed(session, bed, account_id=signed().account_id):
        return _back()  # as at every bed that is closed
    try:
        act = begin_act(session, key=act_key(), kind=READY, now=now(), by=by(), undoable=True)
        act.subject = say_ready(session, bed=bed, now=now(), by=by()).ref
        done = act.ref
        session.commit()
    except AlreadyDone as earlier:
        done = earlier.act.ref
    except AlreadyReady:
        # What she wanted is so already: somebody was quicker, or somebody sleeps there.
        session.rollback()
        return _back()
    return _back(done=done)


@pages.post("/beds/<uuid:ref>/unready")
@needs(Permission.BED_READY)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=READY, now=now(), by=by())
    bed = undo_ready(session, ref=act.subject, now=now(), by=by())
    if cleared_bed(session, ref=bed.ref, account_id=signed().account_id) is None:
        abort(404)
    session.flush()
    if is_closed_bed(session, bed, account_id=signed().account_id):
        abort(404)  # since then whoever left it must not be known to her
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    session.commit()
    return _back(undone=1)


def _back(**more: object) -> ResponseReturnValue:
    """The page the button stood on: what waits today, or the board."""
    here = "today.page" if request.form.get("from") == "today" else "board.beds"
    return redirect(url_for(here, **more), 303)  # type: ignore[arg-type]
