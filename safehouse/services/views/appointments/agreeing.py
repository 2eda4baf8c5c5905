"""Agreeing on an appointment, who goes along and how, and another day for the same."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, as_ref, by, now, posted, typed
from safehouse.access.guard import needs
from safehouse.access.models import Account, Agency, Discipline
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.queries import open_agencies
from safehouse.database import session, use_session
from safehouse.residents.models import Resident
from safehouse.residents.views.seen import seen_resident, zone_of
from safehouse.services.choices import (
    DOMAINS_IN_ORDER,
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    ChildrenMeanwhile,
    MissedAnswer,
)
from safehouse.services.forms.appointments import ALONE, LENGTHS, AppointmentForm, GoingForm, NewDayForm
from safehouse.services.models import Appointment
from safehouse.services.operations.appointments import (
    AppointmentRefused,
    NewAppointment,
    answer_missed,
    arrange_appointment,
    make_appointment,
    settle_appointment,
)
from safehouse.services.queries.appointments import (
    Beside,
    companions_of,
    has_family_here,
)
from safehouse.services.rules.appointments import KINDS, begins_at
from safehouse.services.views.appointments.finding import (
    ANSWER,
    FIELD_OF,
    SETTLE,
    WORDS,
    found_appointment,
    pages,
    seen_line,
)
from safehouse.services.views.appointments.meeting import in_words, meetings, that_day
from safehouse.services.views.appointments_in_words import written
from safehouse.services.words import APPOINTMENT_KINDS, DOMAINS
from safehouse.web.forms import PageForm

MAKE, ARRANGE = "appointment:make", "appointment:arrange"


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
    if posted() and form.validate() and _agency_is_named(form):
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
            meets = meetings(form, resident, wanted)
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
        chosen=form["what"].data or _first_of(request.args.get("domain"), request.args.get("kind")),
        meets=in_words(meets, zone_of(resident)),
        **that_day(form, resident, company),
    )


def _agency_is_named(form: AppointmentForm) -> bool:
    """Whoever goes to the office of an agency has to know which."""
    if form["place"].data is AppointmentPlace.AGENCY and not form["agency"].data:
        form.refuse(_("Choose with which agency: otherwise nobody knows where to go."), "agency")
        return False
    return True


def _saved(ref: uuid.UUID | None) -> str:
    return url_for("appointments.page", ref=ref, saved="appointment")


def _kinds_by_domain() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (str(DOMAINS[one]), [(f"{one}:{kind}", str(APPOINTMENT_KINDS[kind])) for kind in KINDS[one]])
        for one in DOMAINS_IN_ORDER
    ]


def _first_of(domain: str | None, kind: str | None) -> str:
    """What is chosen for somebody who comes from a domain: what its page says, or what is offered first in it."""
    try:
        wanted = Discipline(domain or "")
    except ValueError:
        return ""
    return f"{wanted}:{kind if kind in KINDS[wanted] else KINDS[wanted][0]}"


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


@pages.route("/appointments/<uuid:ref>/company", methods=["GET", "POST"])
@needs(Permission.APPOINTMENT_SETTLE)
def arrange(ref: uuid.UUID) -> ResponseReturnValue:
    """Who goes along and how, once it is found."""
    appointment, resident = found_appointment(ref)
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
    return render_template("services/appointment_company.html", form=form, one=written(seen_line(ref)))


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
    appointment, resident = found_appointment(ref)
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
        kind = ANSWER if appointment.state is AppointmentState.MISSED else SETTLE
        try:
            act = begin_act(session, key=act_key(), kind=kind, now=now(), by=by(), subject=ref, undoable=True)
            meets = meetings(form, resident, wanted, without=appointment.id)
            if not form.errors:
                following = _agree_on(wanted, appointment, resident)
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
    resident = found_appointment(ref)[1]
    return render_template(
        "services/appointment_move.html",
        form=form,
        one=written(seen_line(ref)),
        resident=resident,
        meets=in_words(meets, zone_of(resident)),
        **that_day(form, resident, company),
    )


def _agree_on(wanted: NewAppointment, appointment: Appointment, resident: Resident) -> Appointment | None:
    """One that nobody came to stays missed, with its answer; any other is moved."""
    if appointment.state is AppointmentState.MISSED:
        return answer_missed(
            session,
            appointment=appointment,
            resident=resident,
            answer=MissedAnswer.NEW_DAY,
            new=wanted,
            now=now(),
            by=by(),
        )
    return settle_appointment(
        session,
        appointment=appointment,
        resident=resident,
        state=AppointmentState.MOVED,
        new=wanted,
        now=now(),
        by=by(),
    )


def _usual_length(minutes: int) -> str:
    """The length that is offered nearest to the one it had."""
    return min((value for value, _words in LENGTHS), key=lambda value: abs(int(value) - minutes))
