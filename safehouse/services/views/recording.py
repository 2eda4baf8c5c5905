"""Recording a session on the page of its domain: the form with everything usual filled in, and saving it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from safehouse.access.current import act_key, by, now, typed
from safehouse.access.models import Discipline
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.words import DISCIPLINES
from safehouse.database import session
from safehouse.services.choices import AppointmentPlace, Attendance, SessionPlace
from safehouse.services.forms.sessions import SessionForm, goal_field, session_form
from safehouse.services.models import Appointment, PlanDomain
from safehouse.services.operations.appointments import AppointmentRefusal, AppointmentRefused, NewAppointment
from safehouse.services.operations.sessions import Outcome, SessionRefused, record_session
from safehouse.services.queries.plans import GoalLine
from safehouse.services.queries.sessions import (
    NoteLine,
    SessionLine,
    agreed_sessions,
    notes_of_sessions,
    sessions_of_domain,
)
from safehouse.services.rules.appointments import begins_at, midnight
from safehouse.services.rules.sessions import (
    KINDS,
    LENGTHS,
    NEXT_KIND,
    SAYS_READY,
    USUAL_LENGTH,
    NewSession,
    SessionRefusal,
    usual_start,
)
from safehouse.services.views.seen import Seen
from safehouse.services.words import ATTENDANCE_LOOKS, ATTENDANCES, SESSION_KINDS
from safehouse.web.language import moment_of, moment_there
from safehouse.web.shell import offer_undo

RECORD = "session:record"
offer_undo(RECORD, title=_l("The session is saved."), endpoint="sessions.undo")

# Shown on the page of the domain; the older ones are one link away.
NEWEST = 10
# How long back an appointment nobody has settled is still offered as this session.
LOOK_BACK = dt.timedelta(days=7)
A_DAY = dt.timedelta(days=1)

REFUSALS = {
    SessionRefusal.OTHER_DOMAIN: _l("This kind of session belongs to another domain."),
    SessionRefusal.IN_FUTURE: _l("This time has not come yet. Write when the session began."),
    SessionRefusal.BEFORE_ARRIVAL: _l("She came here later than that. Look at the day and the time again."),
    SessionRefusal.AFTER_SHE_LEFT: _l("She had left by then. Look at the day and the time again."),
    SessionRefusal.NO_LENGTH: _l("She came: choose how long the session was."),
    SessionRefusal.LENGTH: _l("A session lasts from 1 minute to 24 hours. Write the minutes again."),
    SessionRefusal.LENGTH_WITHOUT_SESSION: _l("The session did not take place, so it has no length. Empty this box."),
    SessionRefusal.PROGRESS_WITHOUT_SESSION: _l("The session did not take place, so no goal was talked about in it."),
    SessionRefusal.READY_WITHOUT_SESSION: _l("The session did not take place. Say this after the next one."),
    SessionRefusal.READY_ELSEWHERE: _l("This is said in the psychological or the social domain."),
    SessionRefusal.TWICE: _l("A session at this time is saved already. Look at it below, or write another time."),
    SessionRefusal.GOAL_OVER: _l("This goal was ended in the meantime."),
}
FIELD_OF = {
    SessionRefusal.OTHER_DOMAIN: "kind",
    SessionRefusal.IN_FUTURE: "day",
    SessionRefusal.BEFORE_ARRIVAL: "day",
    SessionRefusal.AFTER_SHE_LEFT: "day",
    SessionRefusal.NO_LENGTH: "length",
    SessionRefusal.LENGTH: "minutes",
    SessionRefusal.LENGTH_WITHOUT_SESSION: "minutes",
    SessionRefusal.PROGRESS_WITHOUT_SESSION: "attendance",
    SessionRefusal.READY_WITHOUT_SESSION: "ready",
    SessionRefusal.READY_ELSEWHERE: "attendance",
    SessionRefusal.TWICE: "clock",
}
NOT_AGREED = {
    AppointmentRefusal.PAST: (_l("This day is over. Choose today or a later day."), "next_day"),
    AppointmentRefusal.TOO_FAR: (_l("This day is more than two years ahead. Look at the year again."), "next_day"),
    AppointmentRefusal.LEFT: (_l("She lives here no more. Leave the next session empty."), "next_day"),
    AppointmentRefusal.SETTLED: (_l("Somebody has said already what became of this appointment."), "agreed"),
    AppointmentRefusal.NOT_YET: (_l("The time of this appointment has not come yet."), "agreed"),
    AppointmentRefusal.NO_NEW_DAY: (_l("It was moved: write the new day and time."), "next_day"),
}
PLACES = {
    SessionPlace.OFFICE: AppointmentPlace.OFFICE,
    SessionPlace.HOUSE: AppointmentPlace.HOUSE,
    SessionPlace.MOBILE: AppointmentPlace.HOUSE,
    SessionPlace.OUTREACH: AppointmentPlace.HOUSE,
    SessionPlace.ONLINE: AppointmentPlace.ONLINE,
}


@dataclass(frozen=True, slots=True)
class Recording:
    """The form, and what it was made of: rows of the session that is open, and the names of the goals, which outlast
    it."""

    form: SessionForm
    goals: list[GoalLine]
    agreed: list[Appointment]
    named: list[tuple[int, uuid.UUID]]

    def call_goals(self, words: dict[int, str]) -> None:
        """Give each goal its words; one that stays closed has its number."""
        for n, (goal_id, ref) in enumerate(self.named, start=1):
            self.form.said_of(ref).label.text = words.get(goal_id) or _("Goal %(n)s", n=n)

    @property
    def touched(self) -> bool:
        """Whether something was typed that must be seen: a refusal, or a draft that came back."""
        return bool(self.form.errors or typed())


def recording(seen: Seen, domain: PlanDomain, goals: Sequence[GoalLine]) -> Recording:
    """The form for a session of this domain. A goal that was ended stays asked where something is said of it: to be
    refused in words, and not dropped."""
    sent = typed()
    asked = [one for one in goals if one.goal.ended_at is None or goal_field(one.goal.ref) in sent]
    today = midnight(seen.today, seen.zone)
    agreed = agreed_sessions(
        session, resident_id=seen.resident.id, domain=domain.domain, begin=today - LOOK_BACK, until=today + A_DAY
    )
    meant = next((one for one in reversed(agreed) if one.at >= today), None)
    begun = usual_start(now(), arrived_at=seen.placement.arrived_at, left_at=seen.placement.left_at)
    if meant is not None and seen.placement.arrived_at <= meant.at <= now():
        begun = meant.at
    local = begun.astimezone(seen.zone)
    usual = {
        "agreed": meant.ref if meant else None,
        "day": local.date(),
        "clock": local.time(),
        "kind": KINDS[domain.domain][0],
        "length": meant.minutes if meant and meant.minutes in LENGTHS else USUAL_LENGTH,
    }
    form = session_form([one.goal.ref for one in asked])(sent or None, **usual)
    form["kind"].choices = [(one, SESSION_KINDS[one]) for one in KINDS[domain.domain]]
    if agreed:
        form["agreed"].choices = [
            ("", _("No, or another one")),
            *((str(one.ref), moment_there(one.at, seen.zone)) for one in agreed),
        ]
    else:
        del form["agreed"]
    if domain.domain not in SAYS_READY:
        del form["ready"]
    return Recording(form, asked, agreed, [(one.goal.id, one.goal.ref) for one in asked])


def save(made: Recording, seen: Seen, domain: PlanDomain) -> ResponseReturnValue | None:
    """Record it, and lead back to the page; None when the form says why not."""
    form = made.form
    if not all([form.validate(), _next_is_whole(form, seen.zone)]):
        return None
    to: dict[str, Any] = {"ref": seen.resident.ref, "domain": domain.domain}
    progress = [(one.goal, form.said_of(one.goal.ref).data) for one in made.goals]
    try:
        act = begin_act(session, key=act_key(), kind=RECORD, now=now(), by=by(), undoable=True)
        act.subject = record_session(
            session,
            domain=domain,
            placement=seen.placement,
            resident=seen.resident,
            new=_session(form, seen),
            outcome=Outcome(
                progress=progress,
                note=form["note"].data or "",
                discipline=seen.standing.own,
                agreed=_chosen(made),
                next=_next(form, seen, domain.domain),
            ),
            now=now(),
            by=by(),
        ).ref
    except AlreadyDone as earlier:
        done = earlier.act.ref
        session.rollback()
        return redirect(url_for("domains.page", **to, done=done), 303)
    except SessionRefused as refused:
        field = goal_field(refused.goal.ref) if refused.goal else FIELD_OF[refused.reason]
        session.rollback()
        form.refuse(REFUSALS[refused.reason], field)
        return None
    except AppointmentRefused as refused:
        session.rollback()
        form.refuse(*NOT_AGREED[refused.reason])
        return None
    done = act.ref
    session.commit()
    return redirect(url_for("domains.page", **to, done=done), 303)


def _next_is_whole(form: SessionForm, there: ZoneInfo) -> bool:
    """A next session has a day and a time still to come, or neither."""
    day, clock = form["next_day"], form["next_clock"]
    if day.errors or clock.errors:
        return True
    if day.data is not None and clock.data is not None and begins_at(day.data, clock.data, there) <= now():
        form.refuse(_("The next session is still to come. Write a later day or time."), "next_day")
        return False
    if (day.data is None) == (clock.data is None):
        return True
    form.refuse(_("Write the day and the time of the next session."), "next_day" if day.data is None else "next_clock")
    return False


def _session(form: SessionForm, seen: Seen) -> NewSession:
    """What was said. The length that is always filled in counts only where the session took place."""
    attendance: Attendance = form["attendance"].data
    minutes = form["minutes"].data
    if minutes is None and attendance is Attendance.ATTENDED:
        minutes = form["length"].data
    return NewSession(
        kind=form["kind"].data,
        starts_at=moment_of(form["day"].data, form["clock"].data, seen.zone, not_before=seen.placement.arrived_at),
        minutes=minutes,
        place=form["place"].data,
        attendance=attendance,
        ready="ready" in form and form["ready"].data,
    )


def _chosen(made: Recording) -> Appointment | None:
    wanted: uuid.UUID | None = made.form["agreed"].data if "agreed" in made.form else None
    return next((one for one in made.agreed if one.ref == wanted), None)


def _next(form: SessionForm, seen: Seen, domain: Discipline) -> NewAppointment | None:
    """The next session, in the place and of the length of this one."""
    if form["next_day"].data is None:
        return None
    return NewAppointment(
        domain=domain,
        kind=NEXT_KIND[domain],
        at=begins_at(form["next_day"].data, form["next_clock"].data, seen.zone),
        minutes=form["minutes"].data or form["length"].data or USUAL_LENGTH,
        place=PLACES[form["place"].data],
    )


# What was recorded before


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session in one row. `kind` and `notes` only for those who may read them."""

    ref: uuid.UUID
    when: str
    looks: tuple[str, str, str]
    length: str
    kind: str
    who: str
    notes: tuple[NoteLine, ...]
    withdrawn: bool


def previous(seen: Seen, domain: PlanDomain, *, page: int = 1) -> tuple[list[ShownSession], bool]:
    """One page of the sessions of a domain, newest first, and whether there are older ones."""
    keeps = seen.standing.keeps(domain.domain)
    lines = sessions_of_domain(session, domain.id, withdrawn=keeps, limit=NEWEST + 1, offset=(page - 1) * NEWEST)
    shown = lines[:NEWEST]
    notes: dict[int, list[NoteLine]] = {}
    own = seen.standing.own
    if own is not None and seen.standing.reads_notes_of(own):
        notes = notes_of_sessions(session, [one.id for one in shown], discipline=own)
    return [_shown(one, seen, notes.get(one.id, []), keeps=keeps) for one in shown], len(lines) > NEWEST


def _shown(one: SessionLine, seen: Seen, notes: list[NoteLine], *, keeps: bool) -> ShownSession:
    looks = (*ATTENDANCE_LOOKS[one.attendance], str(ATTENDANCES[one.attendance]))
    return ShownSession(
        ref=one.ref,
        when=moment_there(one.at, seen.zone),
        looks=("", "cross", _("Withdrawn")) if one.withdrawn else looks,
        length=ngettext("%(num)s minute", "%(num)s minutes", one.minutes) if one.minutes else "",
        kind=str(SESSION_KINDS[one.kind]) if keeps else "",
        who=one.who,
        notes=tuple(notes),
        withdrawn=one.withdrawn,
    )


def readers_of_the_note(seen: Seen) -> str:
    """Who will read what is written into a note now."""
    own = seen.standing.own
    if own is None:
        raise ValueError("only someone who is assigned to her writes a note")
    return _("her caseworkers in %(discipline)s only, and it is in no report", discipline=str(DISCIPLINES[own]).lower())
