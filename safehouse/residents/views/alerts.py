"""What staff must do or never do for a resident: at most three notes, so that each is read."""

import uuid

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.forms.alerts import AlertForm
from safehouse.residents.models import Alert, Resident
from safehouse.residents.operations.care import (
    MOST_NOTES,
    NOTES,
    CareRefusal,
    CareRefused,
    bring_alert_back,
    end_alert,
    open_alerts,
    write_alert,
)
from safehouse.residents.views.seen import seen_resident
from safehouse.residents.words import ALERT_KINDS
from safehouse.web.language import day
from safehouse.web.shell import offer_undo

pages = Blueprint("alerts", __name__)

WRITE, END = "alert:write", "alert:end"
offer_undo(END, title=_l("The note is ended."), endpoint="alerts.undo")

REFUSALS = {
    CareRefusal.AT_MOST_THREE: _l("At most three notes stand at a time: more are read by nobody. End one first."),
    CareRefusal.OVER: _l("This note was ended in the meantime."),
}


@pages.route("/residents/<uuid:ref>/alerts", methods=["GET", "POST"])
@needs(Permission.ALERT_WRITE)
@opens_sealed
def page(ref: uuid.UUID) -> ResponseReturnValue:
    resident = seen_resident(ref)
    form = AlertForm(typed() or None)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=WRITE, now=now(), by=by(), subject=ref)
            write_alert(
                session,
                resident=resident,
                kind=form["kind"].data,
                words=form["words"].data,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            return redirect(url_for("alerts.page", ref=ref), 303)
        except CareRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], "words")
            resident = seen_resident(ref)
        else:
            session.commit()
            return redirect(url_for("alerts.page", ref=ref, saved="alert"), 303)
    alerts = open_alerts(session, resident=resident, now=now(), by=by())
    session.commit()
    use_session(writing=False)
    notes = [one for one in alerts if one.kind in NOTES]
    return render_template(
        "residents/alerts.html",
        form=form,
        resident=seen_resident(ref),
        notes=[(one, str(ALERT_KINDS[one.kind]), day(one.since)) for one in notes],
        allergies=[one for one in alerts if one.kind not in NOTES],
        most=MOST_NOTES,
        full=len(notes) >= MOST_NOTES,
    )


@pages.post("/alerts/<uuid:ref>/end")
@needs(Permission.ALERT_WRITE)
def end(ref: uuid.UUID) -> ResponseReturnValue:
    alert, resident = _find(ref)
    to_her = resident.ref
    try:
        act = begin_act(session, key=act_key(), kind=END, now=now(), by=by(), subject=alert.ref, undoable=True)
        end_alert(session, alert=alert, resident=resident, now=now(), by=by())
    except AlreadyDone as earlier:
        return redirect(url_for("alerts.page", ref=to_her, done=earlier.act.ref), 303)
    except CareRefused:
        session.rollback()
        return redirect(url_for("alerts.page", ref=to_her), 303)
    done = act.ref
    session.commit()
    return redirect(url_for("alerts.page", ref=to_her, done=done), 303)


@pages.post("/alerts/<uuid:ref>/undo")
@needs(Permission.ALERT_WRITE)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=END, now=now(), by=by())
    alert, resident = _find(act.subject or abort(404))
    to_her = resident.ref
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    try:
        bring_alert_back(session, alert=alert, resident=resident, now=now(), by=by())
    except CareRefused as refused:
        raise NotUndoable from refused
    session.commit()
    return redirect(url_for("alerts.page", ref=to_her, undone=1), 303)


def _find(ref: uuid.UUID) -> tuple[Alert, Resident]:
    """A note or an allergy of someone this person may see."""
    row = session.execute(
        select(Alert, Resident).join(Resident, Resident.id == Alert.resident_id).where(Alert.ref == ref)
    ).first()
    if row is None:
        abort(404)
    seen_resident(row.Resident.ref)
    return row.Alert, row.Resident
