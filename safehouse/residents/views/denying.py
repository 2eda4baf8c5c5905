"""Who must know nothing of a resident."""

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import act_key, as_ref, by, may, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Account, Agency
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.queries import open_agencies
from safehouse.database import session, use_session
from safehouse.residents.forms.safety import DenialForm
from safehouse.residents.models import Resident
from safehouse.residents.operations.denying import DenialRefused, deny, end_denial
from safehouse.residents.queries.denials import colleagues, denials_of, find_denial, working_in
from safehouse.residents.safety_in_words import DENIAL_FIELDS, DENIAL_REFUSALS
from safehouse.residents.views.seen import seen_resident
from safehouse.trail.opening import Sealed, open_values
from safehouse.web.language import day

pages = Blueprint("denials", __name__)

ACCOUNT, AGENCY = "account", "agency"


@pages.route("/residents/<uuid:ref>/denials", methods=["GET", "POST"])
@needs(Permission.CONFLICT_RECORD)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    resident = seen_resident(ref)
    if posted() and "end" in request.form:
        return _end(resident)
    form = DenialForm(typed() or None)
    _offer(form, resident)
    if posted() and form.validate():
        answer = _deny(form, resident)
        if answer is not None:
            return answer
    return _shown(ref, form, {})


@pages.post("/residents/<uuid:ref>/denials/opened")
@needs(Permission.CONFLICT_RECORD)
@opens_sealed
def opened(ref: uuid.UUID) -> ResponseReturnValue:
    """The reason of one denial, once; the reading is recorded before it is shown."""
    resident = seen_resident(ref)
    wanted = as_ref(request.form.get("open")) or abort(404)
    denial = find_denial(
        session, household_id=resident.household_id, ref=wanted, but_account_id=signed().account_id
    ) or abort(404)
    named = session.get_one(Resident, denial.resident_id)
    (reason,) = open_values(session, now=now(), by=by(), purpose="denial", wanted=[Sealed(denial, "reason", named.ref)])
    session.commit()
    form = DenialForm(None)
    use_session(writing=False)
    _offer(form, seen_resident(ref))
    return _shown(ref, form, {wanted: reason})


def _shown(ref: uuid.UUID, form: DenialForm, reasons: dict[uuid.UUID, str]) -> ResponseReturnValue:
    use_session(writing=False)
    resident = seen_resident(ref)
    denials = denials_of(session, household_id=resident.household_id, but_account_id=signed().account_id)
    return render_template(
        "residents/denials.html",
        form=form,
        resident=resident,
        denials=[(one, day(one.since), reasons.get(one.ref, "")) for one in denials],
        may_end=may(Permission.CONFLICT_EXPLAIN),
        saved="saved" in request.args,
    )


def _offer(form: DenialForm, resident: Resident) -> None:
    """Everyone who works for the unit but herself, and the agencies; as stand-ins those who work where she lives."""
    me = signed().account_id
    form["who"].choices = [
        ("", _("Choose a person or an agency")),
        *((f"{ACCOUNT}:{one.ref}", one.shown_name) for one in colleagues(session, but_account_id=me)),
        *((f"{AGENCY}:{one.ref}", _("%(name)s (agency)", name=one.name)) for one in open_agencies(session)),
    ]
    form["stand_in"].choices = [
        ("", _("Nobody needed")),
        *((str(one.ref), one.shown_name) for one in working_in(session, household_id=resident.household_id)),
    ]


def _deny(form: DenialForm, resident: Resident) -> ResponseReturnValue | None:
    ref = resident.ref
    kind, wanted = form["who"].data.split(":")
    denied = _account(wanted) if kind == ACCOUNT else _agency(wanted)
    stand_in = _account(form["stand_in"].data) if form["stand_in"].data else None
    try:
        begin_act(session, key=act_key(), kind="denial:make", now=now(), by=by(), subject=ref)
        deny(
            session,
            resident=resident,
            denied=denied,
            stand_in=stand_in,
            reason=form["reason"].data,
            now=now(),
            by=by(),
        )
    except AlreadyDone:
        return redirect(url_for("denials.page", ref=ref), 303)
    except DenialRefused as refused:
        session.rollback()
        form.refuse(DENIAL_REFUSALS[refused.reason], DENIAL_FIELDS.get(refused.reason, "stand_in"))
        return None
    session.commit()
    return redirect(url_for("denials.page", ref=ref, saved=1), 303)


def _account(ref: str) -> Account:
    return session.scalars(select(Account).where(Account.ref == uuid.UUID(ref))).one()


def _agency(ref: str) -> Agency:
    return session.scalars(select(Agency).where(Agency.ref == uuid.UUID(ref))).one()


def _end(resident: Resident) -> ResponseReturnValue:
    """The manager lets this person see her again. Pressing twice ends it once."""
    ref = resident.ref
    if not may(Permission.CONFLICT_EXPLAIN):
        abort(404)
    wanted = as_ref(request.form.get("end")) or abort(404)
    try:
        begin_act(session, key=act_key(), kind="denial:end", now=now(), by=by(), subject=ref)
    except AlreadyDone:
        return redirect(url_for("denials.page", ref=ref), 303)
    denial = find_denial(
        session, household_id=resident.household_id, ref=wanted, but_account_id=signed().account_id
    ) or abort(404)
    end_denial(session, denial=denial, now=now(), by=by())
    session.commit()
    return redirect(url_for("denials.page", ref=ref), 303)
