"""One appointment, and what became of it: each answer is one press, and can be taken back."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, by, may, now, signed
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session
from safehouse.services.choices import (
    AppointmentState,
    MissedAnswer,
)
from safehouse.services.operations.appointments import (
    AppointmentRefusal,
    AppointmentRefused,
    answer_missed,
    settle_appointment,
    unanswer_missed,
    unsettle_appointment,
)
from safehouse.services.queries.appointments import (
    Line,
    Told,
    find_line,
    told_of,
)
from safehouse.services.rules.appointments import day_of
from safehouse.services.views.agenda import back_to_agenda
from safehouse.services.views.appointments.finding import ANSWER, SETTLE, WORDS, found_appointment, pages
from safehouse.services.views.appointments_in_words import Written, written
from safehouse.web.language import moment_there
from safehouse.web.shell import offer_undo

offer_undo(SETTLE, title=_l("What became of the appointment is saved."), endpoint="appointments.undo_settling")
offer_undo(ANSWER, title=_l("The answer is saved."), endpoint="appointments.undo_answer")


@pages.get("/appointments/<uuid:ref>")
@needs(Permission.AGENDA_READ)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    """What was agreed, and what became of it."""
    person = signed()
    line = find_line(session, account_id=person.account_id, role=person.role, ref=ref) or abort(404)
    return render_template("services/appointment.html", **_shown(line, told_of(session, ref)))


def _shown(line: Line, told: Told) -> dict[str, Any]:
    one: Written = written(line)
    reason = request.args.get("refused")
    settled = ""
    if told.settled_at is not None:
        settled = _("%(who)s, %(at)s", who=told.settled_by, at=moment_there(told.settled_at, line.zone))
    return {
        "one": one,
        "line": line,
        "facts": _facts(one),
        "settled": settled,
        "made": _("%(who)s, %(at)s", who=told.made_by, at=moment_there(told.made_at, line.zone)),
        "before": (told.before[0], moment_there(told.before[1], line.zone)) if told.before else None,
        "after": (told.after[0], moment_there(told.after[1], line.zone)) if told.after else None,
        "came": line.day <= day_of(now(), line.zone),
        "begun": line.at <= now(),
        "settles": may(Permission.APPOINTMENT_SETTLE),
        "refused": str(WORDS[AppointmentRefusal(reason)]) if reason in set(AppointmentRefusal) else "",
    }


def _facts(one: Written) -> list[tuple[str, str]]:
    return [
        (_("When"), _("%(day)s, %(begins)s to %(ends)s", day=one.day, begins=one.begins, ends=one.ends)),
        (_("What for"), one.what),
        (_("Where"), one.where),
        (_("Who goes along"), one.companion or _("Not found yet")),
        (_("Transport"), one.transport or _("Not found yet")),
        (_("Safe way"), one.way),
        (_("Her children meanwhile"), one.children),
    ]


# What became of it, each one press


@pages.post("/appointments/<uuid:ref>/kept")
@needs(Permission.APPOINTMENT_SETTLE)
def kept(ref: uuid.UUID) -> ResponseReturnValue:
    return _settle(ref, AppointmentState.KEPT)


@pages.post("/appointments/<uuid:ref>/missed")
@needs(Permission.APPOINTMENT_SETTLE)
def missed(ref: uuid.UUID) -> ResponseReturnValue:
    return _settle(ref, AppointmentState.MISSED)


@pages.post("/appointments/<uuid:ref>/cancelled")
@needs(Permission.APPOINTMENT_MAKE)
def cancelled(ref: uuid.UUID) -> ResponseReturnValue:
    return _settle(ref, AppointmentState.CANCELLED)


def _settle(ref: uuid.UUID, state: AppointmentState) -> ResponseReturnValue:
    return _pressed(ref, SETTLE, settle_appointment, state=state)


@pages.post("/appointments/<uuid:ref>/reached")
@needs(Permission.APPOINTMENT_SETTLE)
def reached(ref: uuid.UUID) -> ResponseReturnValue:
    """She was missed, somebody spoke with her since, and nothing further is to be done."""
    return _pressed(ref, ANSWER, answer_missed, answer=MissedAnswer.REACHED)


@pages.post("/appointments/<uuid:ref>/not-needed")
@needs(Permission.APPOINTMENT_SETTLE)
def not_needed(ref: uuid.UUID) -> ResponseReturnValue:
    """She was missed, and the appointment is not needed any more."""
    return _pressed(ref, ANSWER, answer_missed, answer=MissedAnswer.NOT_NEEDED)


def _pressed(ref: uuid.UUID, kind: str, operation: Callable[..., object], **more: Any) -> ResponseReturnValue:
    appointment, resident = found_appointment(ref)
    try:
        act = begin_act(session, key=act_key(), kind=kind, now=now(), by=by(), subject=ref, undoable=True)
        operation(session, appointment=appointment, resident=resident, now=now(), by=by(), **more)
    except AlreadyDone as earlier:
        return redirect(_after(ref, done=earlier.act.ref), 303)
    except AppointmentRefused as refused:
        session.rollback()
        return redirect(url_for("appointments.page", ref=ref, refused=refused.reason), 303)
    done = act.ref
    session.commit()
    return redirect(_after(ref, done=done), 303)


def _after(ref: uuid.UUID, **said: Any) -> str:
    """Back to the week it was pressed on, or to the appointment."""
    day = back_to_agenda(request.form.get("day"))
    return url_for("agenda.week", day=day, **said) if day else url_for("appointments.page", ref=ref, **said)


@pages.post("/appointments/<uuid:ref>/undo-settling")
@needs(Permission.APPOINTMENT_SETTLE)
def undo_settling(ref: uuid.UUID) -> ResponseReturnValue:
    return _undo(ref, SETTLE, unsettle_appointment)


@pages.post("/appointments/<uuid:ref>/undo-answer")
@needs(Permission.APPOINTMENT_SETTLE)
def undo_answer(ref: uuid.UUID) -> ResponseReturnValue:
    return _undo(ref, ANSWER, unanswer_missed)


def _undo(ref: uuid.UUID, kind: str, operation: Callable[..., object]) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=kind, now=now(), by=by())
    if act.subject is None:
        raise NotUndoable
    subject = act.subject
    appointment, resident = found_appointment(subject)
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    try:
        operation(session, appointment=appointment, resident=resident, now=now(), by=by())
    except AppointmentRefused as refused:
        session.rollback()
        return redirect(url_for("appointments.page", ref=subject, refused=refused.reason), 303)
    session.commit()
    return redirect(url_for("appointments.page", ref=subject, undone=1), 303)
