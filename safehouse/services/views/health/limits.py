"""Until when help after violence is of use, and what came of it: a service, without the name of a medicine."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.services.forms.health import LimitsForm
from safehouse.services.models import PlanDomain, UrgentCare
from safehouse.services.operations.health import HealthFaulty, NewLimits, note_limits, withdraw_limits
from safehouse.services.queries.health import newest_limits
from safehouse.services.rules.health import HealthFault
from safehouse.services.views.health.found import FAULTS, FIELD_OF, back_to, kept_health, whose
from safehouse.services.views.health.pregnancies import can_expect
from safehouse.services.views.pressing import take_back
from safehouse.services.views.seen import Seen, kept_domain
from safehouse.web.forms import PageForm
from safehouse.web.language import moment_of
from safehouse.web.shell import offer_undo

pages = Blueprint("limits", __name__)

NOTE = "limits:note"
offer_undo(NOTE, title=_l("The time limits are saved."), endpoint="limits.undo")

PARTS = ("hiv", "contraception")


@pages.route("/plan-domains/<uuid:ref>/time-limits", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    seen, domain = kept_health(ref)
    form = _form(newest_limits(session, domain.id), seen)
    if posted() and all([form.validate(), _times_are_whole(form)]):
        try:
            act = begin_act(session, key=act_key(), kind=NOTE, now=now(), by=by(), undoable=True)
            wanted = _wanted(form, seen.zone)
            made = note_limits(session, domain=domain, whose=whose(seen), new=wanted, now=now(), by=by())
            act.subject = made.ref
        except AlreadyDone as earlier:
            return redirect(back_to(seen, done=earlier.act.ref), 303)
        except HealthFaulty as faulty:
            session.rollback()
            form.refuse(FAULTS[faulty.reason], _field_of(faulty))
        else:
            back = back_to(seen, done=act.ref)
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    seen, domain = kept_health(ref)
    return render_template("services/health/limits.html", form=form, seen=seen, back=back_to(seen))


@pages.post("/time-limits/<uuid:ref>/undo")
@needs(Permission.PLAN_KEEP)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, NOTE, _found, _withdraw, back=back_to, unless=HealthFaulty)


def _withdraw(limits: UrgentCare, seen: Seen) -> None:
    withdraw_limits(session, limits=limits, whose=whose(seen), now=now(), by=by())


def _found(ref: uuid.UUID) -> tuple[UrgentCare, Seen]:
    """Of a domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(UrgentCare, PlanDomain)
        .join(PlanDomain, PlanDomain.id == UrgentCare.plan_domain_id)
        .where(UrgentCare.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.UrgentCare, kept_domain(row.PlanDomain)


def _form(standing: UrgentCare | None, seen: Seen) -> LimitsForm:
    """What was said before is gone on from; what cannot concern her is not asked."""
    before: dict[str, object] = {}
    if standing is not None:
        for day, clock, at in (
            ("day", "clock", standing.event_at),
            ("hiv_day", "hiv_clock", standing.hiv_at),
            ("contraception_day", "contraception_clock", standing.contraception_at),
        ):
            there = at.astimezone(seen.zone) if at else None
            before |= {day: there and there.date(), clock: there and there.time()}
        before |= {"hiv": standing.hiv, "contraception": standing.contraception}
    form = LimitsForm(typed() or None, **before)
    if not can_expect(seen):
        for name in ("contraception", "contraception_day", "contraception_clock"):
            del form[name]
    return form


def _times_are_whole(form: PageForm) -> bool:
    """Day and time of what was given belong together."""
    whole = True
    for part in PARTS:
        if part not in form:
            continue
        day, clock = form[f"{part}_day"], form[f"{part}_clock"]
        if not day.errors and not clock.errors and (day.data is None) != (clock.data is None):
            form.refuse(FAULTS[HealthFault.NO_TIME], f"{part}_clock" if clock.data is None else f"{part}_day")
            whole = False
    return whole


def _wanted(form: PageForm, there: ZoneInfo) -> NewLimits:
    event_at = moment_of(form["day"].data, form["clock"].data, there)
    asked = "contraception" in form
    return NewLimits(
        event_at,
        hiv=form["hiv"].data,
        hiv_at=_given(form, "hiv", there, event_at),
        contraception=form["contraception"].data if asked else None,
        contraception_at=_given(form, "contraception", there, event_at) if asked else None,
    )


def _given(form: PageForm, part: str, there: ZoneInfo, event_at: dt.datetime) -> dt.datetime | None:
    day, clock = form[f"{part}_day"].data, form[f"{part}_clock"].data
    return moment_of(day, clock, there, not_before=event_at) if day is not None and clock is not None else None


def _field_of(faulty: HealthFaulty) -> str:
    if not faulty.part:
        return FIELD_OF.get(faulty.reason, "")
    return faulty.part if faulty.reason is HealthFault.NOT_GIVEN else f"{faulty.part}_day"
