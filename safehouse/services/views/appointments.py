"""One appointment: agreeing on it, who goes along and how, what became of it."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, as_ref, by, may, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import Account, Agency, Discipline
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.access.queries import open_agencies
from safehouse.database import session, use_session
from safehouse.residents.models import Resident
from safehouse.residents.views.seen import seen_resident, zone_of
from safehouse.services.choices import (
    DOMAINS_IN_ORDER,
    AppointmentKind,
    AppointmentState,
    ChildrenMeanwhile,
    MissedAnswer,
)
from safehouse.services.forms.appointments import ALONE, LENGTHS, AppointmentForm, GoingForm, NewDayForm
from safehouse.services.models import Appointment
from safehouse.services.operations.appointments import (
    AppointmentRefusal,
    AppointmentRefused,
    NewAppointment,
    answer_missed,
    arrange_appointment,
    make_appointment,
    settle_appointment,
    unanswer_missed,
    unsettle_appointment,
)
from safehouse.services.queries.appointments import (
    Beside,
    Besides,
    Line,
    beside,
    companions_of,
    find_appointment,
    find_line,
    has_family_here,
    told_of,
)
from safehouse.services.rules.appointments import KINDS, begins_at, day_of, midnight, overlaps
from safehouse.services.views.agenda import back_to_agenda
from safehouse.services.views.appointments_in_words import Written, weekday, written
from safehouse.services.words import APPOINTMENT_KINDS, APPOINTMENT_PLACES, DOMAINS
from safehouse.web.forms import PageForm
from safehouse.web.language import clock_there, moment_there
from safehouse.web.shell import offer_undo

pages = Blueprint("appointments", __name__)

MAKE, ARRANGE = "appointment:make", "appointment:arrange"
SETTLE, ANSWER = "appointment:settle", "appointment:answer"
offer_undo(SETTLE, title=_l("What became of the appointment is saved."), endpoint="appointments.undo_settling")
offer_undo(ANSWER, title=_l("The answer is saved."), endpoint="appointments.undo_answer")

WORDS = {
    AppointmentRefusal.PAST: _l("This day is over. Choose today or a later day."),
    AppointmentRefusal.TOO_FAR: _l("This day is more than two years ahead. Look at the year again."),
    AppointmentRefusal.LEFT: _l("She does not live in the house any more. Nothing new can be agreed here."),
    AppointmentRefusal.LENGTH: _l("An appointment lasts a day at most."),
    AppointmentRefusal.OTHER_DOMAIN: _l("This belongs to another domain. Choose again."),
    AppointmentRefusal.NOT_TO_GO_ALONG: _l("This person cannot go along with her. Choose somebody else."),
    AppointmentRefusal.ALONE_WITH_COMPANION: _l("Either she goes alone, or somebody goes along."),
    AppointmentRefusal.LEAVES_THE_HOUSE: _l("She has to leave the house for this place. Choose another way."),
    AppointmentRefusal.SETTLED: _l("Somebody has already said what became of it. Nothing was changed."),
    AppointmentRefusal.NOT_YET: _l("Its time has not come yet. Nothing was changed."),
    AppointmentRefusal.NO_NEW_DAY: _l("Choose the new day."),
    AppointmentRefusal.NOT_MISSED: _l("This was not missed, or somebody has answered it. Nothing was changed."),
    AppointmentRefusal.GONE_ON: _l("Something has happened since, so this cannot be taken back any more."),
}
FIELD_OF = {
    AppointmentRefusal.PAST: "day",
    AppointmentRefusal.TOO_FAR: "day",
    AppointmentRefusal.LENGTH: "minutes",
    AppointmentRefusal.OTHER_DOMAIN: "what",
    AppointmentRefusal.NOT_TO_GO_ALONG: "companion",
    AppointmentRefusal.ALONE_WITH_COMPANION: "companion",
    AppointmentRefusal.LEAVES_THE_HOUSE: "safe_way",
}


@pages.get("/appointments/new")
@needs(Permission.APPOINTMENT_MAKE)
def begin() -> ResponseReturnValue:
    """On to the page of the resident chosen on the agenda; back to it while nobody is chosen."""
    ref = as_ref(request.args.get("resident"))
    if ref is None:
        return redirect(url_for("agenda.week", choose=1), 303)
    return redirect(url_for("appointments.new", ref=ref), 303)


@pages.route("/residents/<uuid:ref>/appointments/new", methods=["GET", "POST"])
@needs(Permission.APPOINTMENT_MAKE)
def new(ref: uuid.UUID) -> ResponseReturnValue:
    """Agree on an appointment. What it meets is shown, and saved only after a look at it."""
    resident = seen_resident(ref)
    form = AppointmentForm(typed() or None, minutes="60")
    people = _offer_company(form, resident)
    company = {key: one.id for key, one in people.items()}
    agencies = {str(one.ref): one for one in open_agencies(session)}
    groups = _kinds_by_domain()
    form["what"].choices = [each for _domain, kinds in groups for each in kinds]
    form["agency"].choices = [("", _("No agency")), *((key, one.name) for key, one in agencies.items())]
    meets: list[Beside] = []
    if posted() and form.validate():
        domain, kind = form["what"].data.split(":")
        wanted = NewAppointment(
            domain=Discipline(domain),
            kind=AppointmentKind(kind),
            at=begins_at(form["day"].data, form["clock"].data, zone_of(resident)),
            minutes=int(form["minutes"].data),
            place=form["place"].data,
            agency=agencies.get(form["agency"].data or ""),
            companion=people.get(form["companion"].data or ""),
            alone=form["companion"].data == ALONE,
            transport=form["transport"].data,
            safe_way=form["safe_way"].data,
            children=_children(form),
        )
        try:
            # Before anything is compared: pressed twice, an appointment would meet itself.
            act = begin_act(session, key=act_key(), kind=MAKE, now=now(), by=by())
            meets = _meetings(form, resident, wanted)
            if not form.errors:
                made = make_appointment(session, resident=resident, new=wanted, now=now(), by=by())
                act.subject = made_ref = made.ref
                session.commit()
                return redirect(_saved(made_ref), 303)
            session.rollback()
        except AlreadyDone as earlier:
            return redirect(_saved(earlier.act.subject), 303)
        except AppointmentRefused as refused:
            session.rollback()
            form.refuse(WORDS[refused.reason], FIELD_OF.get(refused.reason, ""))
    use_session(writing=False)
    resident = seen_resident(ref)
    return render_template(
        "services/appointment_new.html",
        form=form,
        resident=resident,
        left=resident.house_id is None,
        groups=groups,
        chosen=form["what"].data or _first_of(request.args.get("domain")),
        meets=_in_words(meets, zone_of(resident)),
        **_that_day(form, resident, company),
    )


def _saved(ref: uuid.UUID | None) -> str:
    return url_for("appointments.page", ref=ref, saved="appointment")


def _kinds_by_domain() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (str(DOMAINS[one]), [(f"{one}:{kind}", str(APPOINTMENT_KINDS[kind])) for kind in KINDS[one]])
        for one in DOMAINS_IN_ORDER
    ]


def _first_of(domain: str | None) -> str:
    """What is offered first to somebody who comes from the page of a domain."""
    try:
        wanted = Discipline(domain or "")
    except ValueError:
        return ""
    return f"{wanted}:{KINDS[wanted][0]}"


def _offer_company(form: PageForm, resident: Resident) -> dict[str, Account]:
    """Who may go along, by reference. Nobody is asked about children who has none here."""
    people = {str(one.ref): one for one in companions_of(session, resident)}
    form["companion"].choices = [
        ("", _("Not found yet")),
        (ALONE, _("She chose to go alone")),
        *((key, one.shown_name) for key, one in people.items()),
    ]
    if not has_family_here(session, resident):
        del form["children"]
    return people


def _children(form: PageForm) -> ChildrenMeanwhile:
    found: ChildrenMeanwhile = form["children"].data if "children" in form else ChildrenMeanwhile.NONE
    return found


def _meetings(
    form: PageForm, resident: Resident, wanted: NewAppointment, *, without: int | None = None
) -> list[Beside]:
    """What the wanted appointment meets. Unless the box was ticked under just that, the form is refused."""
    ends = wanted.at + dt.timedelta(minutes=wanted.minutes)
    around = beside(
        session,
        resident=resident,
        companion_id=wanted.companion.id if wanted.companion else None,
        begins=wanted.at,
        ends=ends,
        account_id=signed().account_id,
        role=signed().role,
        now=now(),
        without=without,
    )
    found = [one for one in around if overlaps(wanted.at, ends, one.begins, one.ends)]
    shown = _mark_of(found)
    if found and not (form["anyway"].data and form["seen"].data == shown):
        form.refuse(_("It meets something else. Look at it, then choose: another time, or save anyway."), "anyway")
        form["anyway"].data = False
    form["seen"].data = shown
    return found


def _mark_of(found: Iterable[Beside]) -> str:
    """Which clashes were shown, without naming them: some belong to people she must not know of."""
    told = ",".join(f"{one.what}:{one.id}" for one in found)
    return hashlib.sha256(told.encode()).hexdigest()


def _in_words(found: Iterable[Beside], zone: ZoneInfo) -> list[tuple[str, str]]:
    """(from when to when, what)."""
    return [(_("%(begins)s to %(ends)s", **_clocks(one, zone)), _beside_in_words(one)) for one in found]


def _clocks(one: Beside, zone: ZoneInfo) -> dict[str, str]:
    if one.what is Besides.LEAVE or day_of(one.begins, zone) != day_of(one.ends, zone):
        return {"begins": moment_there(one.begins, zone), "ends": moment_there(one.ends, zone)}
    return {"begins": clock_there(one.begins, zone), "ends": clock_there(one.ends, zone)}


def _beside_in_words(one: Beside) -> str:
    if one.what is Besides.LEAVE:
        return _("She is out of the house.")
    if one.domain is None or one.place is None:
        return _("Who goes along has another appointment.")
    about = {"domain": DOMAINS[one.domain], "place": APPOINTMENT_PLACES[one.place]}
    if one.alias is None:
        return _("Her appointment: %(domain)s, %(place)s.", **about)
    return _("Who goes along is with %(alias)s: %(place)s.", alias=one.alias, place=about["place"])


def _that_day(form: PageForm, resident: Resident, company: dict[str, int]) -> dict[str, Any]:
    """What else there is on the day that was typed; before that, on the seven days to come."""
    zone = zone_of(resident)
    first = form["day"].data or day_of(now(), zone)
    days = 1 if form["day"].data else 7
    found = beside(
        session,
        resident=resident,
        companion_id=company.get(form["companion"].data or ""),
        begins=midnight(first, zone),
        ends=midnight(first + dt.timedelta(days=days), zone),
        account_id=signed().account_id,
        role=signed().role,
        now=now(),
    )
    heading = weekday(first) if form["day"].data else _("The next seven days")
    words = _in_words(found, zone)
    if days > 1:
        words = [(moment_there(one.begins, zone), _beside_in_words(one)) for one in found]
    return {"day_heading": heading, "on_that_day": words}


@pages.get("/appointments/<uuid:ref>")
@needs(Permission.AGENDA_READ)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    """What was agreed, and what became of it."""
    person = signed()
    line = find_line(session, account_id=person.account_id, role=person.role, ref=ref) or abort(404)
    return render_template("services/appointment.html", **_shown(line, told_of(session, ref)))


def _shown(line: Line, told: Any) -> dict[str, Any]:
    one: Written = written(line)
    reason = request.args.get("refused")
    said = []
    if told.settled_at is not None:
        said.append(_("%(who)s, %(at)s", who=told.settled_by, at=moment_there(told.settled_at, line.zone)))
    return {
        "one": one,
        "line": line,
        "facts": _facts(one),
        "settled": said[0] if said else "",
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


@pages.route("/appointments/<uuid:ref>/company", methods=["GET", "POST"])
@needs(Permission.APPOINTMENT_SETTLE)
def arrange(ref: uuid.UUID) -> ResponseReturnValue:
    """Who goes along and how, once it is found."""
    appointment, resident = _found(ref)
    form = GoingForm(typed() or None, **_going_of(appointment))
    people = _offer_company(form, resident)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=ARRANGE, now=now(), by=by(), subject=ref)
            arrange_appointment(
                session,
                appointment=appointment,
                resident=resident,
                companion=people.get(form["companion"].data or ""),
                alone=form["companion"].data == ALONE,
                transport=form["transport"].data,
                safe_way=form["safe_way"].data,
                children=_children(form),
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return redirect(_saved(ref), 303)
        except AppointmentRefused as refused:
            session.rollback()
            form.refuse(WORDS[refused.reason], FIELD_OF.get(refused.reason, ""))
        else:
            session.commit()
            return redirect(_saved(ref), 303)
    use_session(writing=False)
    return render_template("services/appointment_company.html", form=form, one=written(_line(ref)))


def _going_of(appointment: Appointment) -> dict[str, Any]:
    companion = session.get(Account, appointment.companion_id) if appointment.companion_id else None
    return {
        "companion": ALONE if appointment.alone else str(companion.ref) if companion else "",
        "transport": appointment.transport,
        "safe_way": appointment.safe_way,
        "children": appointment.children,
    }


@pages.route("/appointments/<uuid:ref>/new-day", methods=["GET", "POST"])
@needs(Permission.APPOINTMENT_SETTLE)
def move(ref: uuid.UUID) -> ResponseReturnValue:
    """Another day for the same: one that is moved, or one nobody came to."""
    appointment, resident = _found(ref)
    form = NewDayForm(typed() or None, minutes=_usual_length(appointment.minutes), **_going_of(appointment))
    people = _offer_company(form, resident)
    company = {key: one.id for key, one in people.items()}
    meets: list[Beside] = []
    if posted() and form.validate():
        wanted = NewAppointment(
            domain=appointment.domain,
            kind=appointment.kind,
            at=begins_at(form["day"].data, form["clock"].data, zone_of(resident)),
            minutes=int(form["minutes"].data),
            place=appointment.place,
            agency=session.get(Agency, appointment.agency_id) if appointment.agency_id else None,
            companion=people.get(form["companion"].data or ""),
            alone=form["companion"].data == ALONE,
            transport=form["transport"].data,
            safe_way=form["safe_way"].data,
            children=_children(form),
        )
        missed = appointment.state is AppointmentState.MISSED
        about = {"appointment": appointment, "resident": resident, "new": wanted, "now": now(), "by": by()}
        try:
            kind = ANSWER if missed else SETTLE
            act = begin_act(session, key=act_key(), kind=kind, now=now(), by=by(), subject=ref, undoable=True)
            meets = _meetings(form, resident, wanted, without=appointment.id)
            if not form.errors:
                following = (
                    answer_missed(session, **about, answer=MissedAnswer.NEW_DAY)
                    if missed
                    else settle_appointment(session, **about, state=AppointmentState.MOVED)
                )
                where, done = following.ref if following else ref, act.ref
                session.commit()
                return redirect(url_for("appointments.page", ref=where, done=done), 303)
            session.rollback()
        except AlreadyDone as earlier:
            return redirect(url_for("appointments.page", ref=ref, done=earlier.act.ref), 303)
        except AppointmentRefused as refused:
            session.rollback()
            form.refuse(WORDS[refused.reason], FIELD_OF.get(refused.reason, ""))
    use_session(writing=False)
    resident = _found(ref)[1]
    return render_template(
        "services/appointment_move.html",
        form=form,
        one=written(_line(ref)),
        resident=resident,
        meets=_in_words(meets, zone_of(resident)),
        **_that_day(form, resident, company),
    )


def _usual_length(minutes: int) -> str:
    """The length that is offered nearest to the one it had."""
    return min((value for value, _words in LENGTHS), key=lambda value: abs(int(value) - minutes))


def _line(ref: uuid.UUID) -> Line:
    person = signed()
    return find_line(session, account_id=person.account_id, role=person.role, ref=ref) or abort(404)


def _found(ref: uuid.UUID) -> tuple[Appointment, Resident]:
    """The appointment and the resident, if she may see her; otherwise the same 404."""
    person = signed()
    return find_appointment(session, account_id=person.account_id, role=person.role, ref=ref) or abort(404)


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
@needs(Permission.APPOINTMENT_SETTLE)
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
    appointment, resident = _found(ref)
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
    appointment, resident = _found(subject)
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    try:
        operation(session, appointment=appointment, resident=resident, now=now(), by=by())
    except AppointmentRefused as refused:
        session.rollback()
        return redirect(url_for("appointments.page", ref=subject, refused=refused.reason), 303)
    session.commit()
    return redirect(url_for("appointments.page", ref=subject, undone=1), 303)
