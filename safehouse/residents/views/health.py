"""The health checks of one resident: written down by whoever is on duty, read by those who care for her."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.forms.health import HealthCheckForm
from safehouse.residents.models import Examiner, HealthCheck, HealthOutcome, Resident
from safehouse.residents.operations.health import (
    HealthRefusal,
    HealthRefused,
    NewHealthCheck,
    ShownCheck,
    closed_checks,
    note_health_check,
    open_checks,
    withdraw_health_check,
)
from safehouse.residents.views.seen import others_of, seen_resident, zone_of
from safehouse.residents.words import EXAMINERS, HEALTH_OUTCOMES
from safehouse.trail.opening import NotConfirmed
from safehouse.web.language import moment_of, moment_there, zone
from safehouse.web.shell import offer_undo

pages = Blueprint("health", __name__)

NOTE, WITHDRAW = "health:note", "health:withdraw"
offer_undo(NOTE, title=_l("The health check is saved."), endpoint="health.undo")

REFUSALS = {
    HealthRefusal.IN_FUTURE: _l("This time has not come yet. Write when it happened."),
    HealthRefusal.NO_EXAMINER: _l("Choose who examined her."),
    HealthRefusal.OVER: _l("This was withdrawn in the meantime."),
}
FIELD_OF = {HealthRefusal.IN_FUTURE: "day", HealthRefusal.NO_EXAMINER: "examiner"}
LOOKS = {
    HealthOutcome.NOTHING_NEEDED: ("ok", "check"),
    HealthOutcome.CARE_NEEDED: ("care", "med"),
    HealthOutcome.DECLINED: ("wait", "info"),
}


@pages.route("/residents/<uuid:ref>/health-check", methods=["GET", "POST"])
@needs(Permission.INTAKE_RECORD)
@opens_sealed
def page(ref: uuid.UUID) -> ResponseReturnValue:
    resident = seen_resident(ref)
    there = zone_of(resident)
    local = now().astimezone(there)
    form = HealthCheckForm(typed() or None, day=local.date(), clock=local.time())
    if posted() and all([form.validate(), form.is_whole()]):
        answer = _note(form, resident, there)
        if answer is not None:
            return answer
        resident = seen_resident(ref)
    checks, closed = _opened(resident)
    use_session(writing=False)
    resident = seen_resident(ref)
    return render_template(
        "residents/health.html",
        form=form,
        resident=resident,
        checks=[
            (one, *LOOKS[one.outcome], check_in_words(one.at, one.outcome, one.examiner, there), _beside(one))
            for one in checks
        ],
        declined=bool(checks) and checks[0].outcome is HealthOutcome.DECLINED,
        closed=closed,
        others=[one for one in others_of(resident) if one.house_id is not None],
        zone="" if there.key == zone().key else local.tzname(),
    )


def check_in_words(at: dt.datetime, outcome: HealthOutcome, examiner: Examiner | None, there: ZoneInfo) -> str:
    """When, what came of it, and by whom, on one line."""
    came_of_it = str(HEALTH_OUTCOMES[outcome])
    what = f"{came_of_it}. {EXAMINERS[examiner]}" if examiner else came_of_it
    return _("%(when)s: %(what)s", when=moment_there(at, there), what=what)


def _note(form: HealthCheckForm, resident: Resident, there: ZoneInfo) -> ResponseReturnValue | None:
    """Write it down; None when the form says why not."""
    ref = resident.ref
    check = NewHealthCheck(
        moment_of(form["day"].data, form["clock"].data, there),
        form["outcome"].data,
        form["examiner"].data,
        form["words"].data or "",
    )
    try:
        act = begin_act(session, key=act_key(), kind=NOTE, now=now(), by=by(), undoable=True)
        act.subject = note_health_check(session, resident=resident, check=check, now=now(), by=by()).ref
    except AlreadyDone as earlier:
        return redirect(url_for("health.page", ref=ref, done=earlier.act.ref), 303)
    except HealthRefused as refused:
        session.rollback()
        form.refuse(REFUSALS[refused.reason], FIELD_OF.get(refused.reason, ""))
        return None
    done = act.ref
    session.commit()
    return redirect(url_for("health.page", ref=ref, done=done), 303)


@pages.post("/health-checks/<uuid:ref>/withdraw")
@needs(Permission.ALERT_WRITE)
def withdraw(ref: uuid.UUID) -> ResponseReturnValue:
    """It was written down wrongly. House staff withdraw only what they have just written, by its undo."""
    check, resident = _find(ref)
    to_her = resident.ref
    try:
        begin_act(session, key=act_key(), kind=WITHDRAW, now=now(), by=by(), subject=ref)
        withdraw_health_check(session, check=check, resident=resident, now=now(), by=by())
    except (AlreadyDone, HealthRefused):
        session.rollback()
    else:
        session.commit()
    return redirect(url_for("health.page", ref=to_her), 303)


@pages.post("/health-checks/<uuid:ref>/undo")
@needs(Permission.INTAKE_RECORD)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=NOTE, now=now(), by=by())
    check, resident = _find(act.subject or abort(404))
    to_her = resident.ref
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    try:
        withdraw_health_check(session, check=check, resident=resident, now=now(), by=by())
    except HealthRefused as refused:
        raise NotUndoable from refused
    session.commit()
    return redirect(url_for("health.page", ref=to_her, undone=1), 303)


def _opened(resident: Resident) -> tuple[list[ShownCheck], bool]:
    """Her checks, opened and recorded; and whether the words stay closed to someone nobody has confirmed yet."""
    try:
        checks = open_checks(session, resident=resident, now=now(), by=by())
    except NotConfirmed:
        session.rollback()
        return closed_checks(session, resident=resident), True
    session.commit()
    return checks, False


def _beside(one: ShownCheck) -> str:
    return _("Sealed, opens once you are confirmed") if one.words is None else one.words


def _find(ref: uuid.UUID) -> tuple[HealthCheck, Resident]:
    """A check of someone this person may see."""
    row = session.execute(
        select(HealthCheck, Resident)
        .join(Resident, Resident.id == HealthCheck.resident_id)
        .where(HealthCheck.ref == ref)
    ).first()
    if row is None:
        abort(404)
    seen_resident(row.Resident.ref)
    return row.HealthCheck, row.Resident
