"""Who a resident is: opened behind a reason and a code for two minutes, written down without being shown."""

import datetime as dt
import uuid

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.stepping_up import earlier_step_ups, end_step_up, standing_step_up, step_up
from safehouse.access.permissions import Permission
from safehouse.access.views.own_code import own_code
from safehouse.database import session, use_session
from safehouse.indonesian import NikDoubt, nik_doubts
from safehouse.residents.forms.identifying import IdentityForm, OpenIdentityForm
from safehouse.residents.models import Household, Resident
from safehouse.residents.operations.identifying import (
    OF_THE_HOUSEHOLD,
    OF_THE_PERSON,
    Identity,
    open_identity,
    record_identity,
)
from safehouse.residents.operations.looking_up import spend_look_ups
from safehouse.residents.operations.safety import check_household
from safehouse.residents.rules.identifying import PURPOSE, SHOWN, IdentityReason
from safehouse.residents.safety_in_words import too_many_look_ups
from safehouse.residents.views.seen import acts_for, seen_resident, today_of
from safehouse.residents.words import IDENTITY_REASONS
from safehouse.web.language import day as in_full
from safehouse.web.language import moment

pages = Blueprint("identity", __name__)

LABELS = {
    "name": _l("Name"),
    "nik": _l("NIK"),
    "phone": _l("Telephone"),
    "born": _l("Date of birth"),
    "home_village": _l("Home village"),
    "address": _l("Home address of the family"),
    "family_card": _l("Number of the family card"),
}
# What is compared with everyone who is known.
COMPARED = ("name", "nik", "phone")
DOUBTS = {
    NikDoubt.OTHER_SEX: _l("This NIK belongs to someone of the other sex."),
    NikDoubt.OTHER_BIRTH_DATE: _l("This NIK says another date of birth."),
}


@pages.route("/residents/<uuid:ref>/identity", methods=["GET", "POST"])
@needs(Permission.IDENTITY_OPEN)
def ask(ref: uuid.UUID) -> ResponseReturnValue:
    """What for, and a code; what was opened before, and by whom."""
    resident = seen_resident(ref, granted=True)
    form = OpenIdentityForm(typed() or None)
    if posted() and form.validate() and own_code(form):
        step_up(
            session,
            sign_in_id=signed().sign_in_id,
            purpose=PURPOSE,
            subject=ref,
            reason=form.reason.data,
            lasts=SHOWN,
            now=now(),
            by=by(),
        )
        session.commit()
        return redirect(url_for("identity.shown", ref=ref), 303)
    use_session(writing=False)
    resident = seen_resident(ref, granted=True)
    household = session.get_one(Household, resident.household_id)
    earlier = [
        (moment(one.at), one.who, IDENTITY_REASONS[IdentityReason(one.reason)])
        for one in earlier_step_ups(session, purpose=PURPOSE, subject=ref)
    ]
    return render_template(
        "residents/identity.html",
        form=form,
        resident=resident,
        earlier=earlier,
        acting=acts_for(ref),
        known=[LABELS[one] for one in _known(resident, household)],
    )


@pages.get("/residents/<uuid:ref>/identity/shown")
@needs(Permission.IDENTITY_OPEN)
@opens_sealed
def shown(ref: uuid.UUID) -> ResponseReturnValue:
    """Two minutes, this sign-in, this resident; then the code is asked again."""
    resident = seen_resident(ref, granted=True)
    standing = standing_step_up(session, sign_in_id=signed().sign_in_id, purpose=PURPOSE, subject=ref, now=now())
    if standing is None:
        session.rollback()
        return redirect(url_for("identity.ask", ref=ref), 303)
    household = session.get_one(Household, resident.household_id)
    identity = open_identity(
        session, resident=resident, household=household, purpose=standing.reason, now=now(), by=by()
    )
    left = max(1, int((standing.until - now()).total_seconds()))
    reason = IDENTITY_REASONS[IdentityReason(standing.reason)]
    session.commit()
    use_session(writing=False)
    g.gate_page = True  # without navigation to other pages
    resident = seen_resident(ref, granted=True)
    answer = current_app.make_response(
        render_template(
            "residents/identity_shown.html", resident=resident, facts=_facts(identity), reason=reason, seconds=left
        )
    )
    answer.headers["Refresh"] = f"{left}; url={url_for('identity.ask', ref=ref)}"
    return answer


@pages.post("/residents/<uuid:ref>/identity/close")
@needs(Permission.IDENTITY_OPEN)
def close(ref: uuid.UUID) -> ResponseReturnValue:
    """Closed before the two minutes are over: without a new code it does not open again."""
    seen_resident(ref, granted=True)
    end_step_up(session, sign_in_id=signed().sign_in_id, subject=ref, now=now(), by=by())
    session.commit()
    return redirect(url_for("today.resident", ref=ref), 303)


@pages.route("/residents/<uuid:ref>/identity/record", methods=["GET", "POST"])
@needs(Permission.IDENTITY_RECORD)
@opens_sealed
def write(ref: uuid.UUID) -> ResponseReturnValue:
    """Written down, never shown back here. An empty box leaves what is there."""
    resident = seen_resident(ref)
    today = today_of(resident)
    form = IdentityForm(typed() or None, meta={"today": today})
    if posted() and form.validate() and _fits(form, resident, today):
        answer = _written(form, resident)
        if answer is not None:
            return answer
    session.rollback()
    use_session(writing=False)
    resident = seen_resident(ref)
    household = session.get_one(Household, resident.household_id)
    return render_template(
        "residents/identity_record.html",
        form=form,
        resident=resident,
        known=[LABELS[one] for one in _known(resident, household)],
        doubted=bool(form.nik.errors) or form.sure.data,
    )


def _written(form: IdentityForm, resident: Resident) -> ResponseReturnValue | None:
    """Write it down and compare it; None with a sentence in the form when it was too much within the hour."""
    ref, household = resident.ref, session.get_one(Household, resident.household_id)
    try:
        act = begin_act(session, key=act_key(), kind="identity:record", now=now(), by=by(), subject=ref)
    except AlreadyDone:
        return redirect(url_for("today.resident", ref=ref), 303)
    fields = [f"resident.{one}" for one in COMPARED if form[one].data]
    if not spend_look_ups(session, fields=fields, now=now(), by=by()):
        session.delete(act)
        session.commit()
        form.refuse(too_many_look_ups())
        return None
    record_identity(session, resident=resident, household=household, identity=_typed(form), now=now(), by=by())
    session.flush()
    check_household(session, household=household, now=now(), by=by())
    session.commit()
    return redirect(url_for("today.resident", ref=ref, saved="identity"), 303)


def _fits(form: IdentityForm, resident: Resident, today: dt.date) -> bool:
    if form.born.data and form.born.data > today:
        form.refuse(_("This day has not come yet. Write the day she was born."), "born")
    if form.nik.data and not form.sure.data:
        for doubt in nik_doubts(form.nik.data, sex=resident.sex.value, born=form.born.data):
            form.refuse(_("%(doubt)s Compare it with the paper, then tick the box below.", doubt=DOUBTS[doubt]), "nik")
    if not any(form[one].data for one in (*OF_THE_PERSON, *OF_THE_HOUSEHOLD)):
        form.refuse(_("Nothing is filled in yet. Write what is known, or go back."))
    return not form.mistakes()


def _typed(form: IdentityForm) -> Identity:
    return Identity(**{one: form[one].data or None for one in (*OF_THE_PERSON, *OF_THE_HOUSEHOLD)})


def _known(resident: Resident, household: Household) -> list[str]:
    """Which values are there, without opening any."""
    return [one for one in OF_THE_PERSON if getattr(resident, one) is not None] + [
        one for one in OF_THE_HOUSEHOLD if getattr(household, one) is not None
    ]


def _facts(identity: Identity) -> list[tuple[str, str]]:
    facts = []
    for name, label in LABELS.items():
        value = getattr(identity, name)
        if value is not None:
            facts.append((str(label), in_full(value) if isinstance(value, dt.date) else value))
    return facts
