"""Medicines with their doses and times, which the shift gives, and what she does not tolerate."""

import datetime as dt
import uuid

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.models import Alert, AlertKind, Medicine, Resident
from safehouse.residents.operations.care import (
    CareRefusal,
    CareRefused,
    NewMedicine,
    bring_alert_back,
    bring_medicine_back,
    change_medicine,
    end_alert,
    end_medicine,
    note_medicine,
    write_allergy,
)
from safehouse.services.forms.health import AllergyForm, MedicineForm
from safehouse.services.rules.health import HealthFault
from safehouse.services.views.health.found import FAULTS, back_to, health_of, kept_health
from safehouse.services.views.pressing import press, take_back
from safehouse.services.views.seen import Seen
from safehouse.trail.opening import Sealed, open_values
from safehouse.web.forms import PageForm
from safehouse.web.shell import offer_undo

pages = Blueprint("medicines", __name__)

NOTE, CHANGE, END = "medicine:note", "medicine:change", "medicine:end"
NOTE_ALLERGY, END_ALLERGY = "allergy:note", "allergy:end"
offer_undo(NOTE, title=_l("The medicine is saved."), endpoint="medicines.undo_new")
offer_undo(END, title=_l("She takes this medicine no longer."), endpoint="medicines.undo_end")
offer_undo(NOTE_ALLERGY, title=_l("The allergy is saved."), endpoint="medicines.undo_allergy")
offer_undo(END_ALLERGY, title=_l("The allergy is ended."), endpoint="medicines.undo_allergy_end")

ENDED = {CareRefusal.OVER: _l("Somebody has ended this medicine in the meantime. Go back and look first.")}


@pages.route("/plan-domains/<uuid:ref>/medicines/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def new(ref: uuid.UUID) -> ResponseReturnValue:
    """A medicine the shift gives her from now on."""
    seen, _domain = kept_health(ref)
    form = MedicineForm(typed() or None)
    if posted() and _fits(form, seen):
        try:
            act = begin_act(session, key=act_key(), kind=NOTE, now=now(), by=by(), undoable=True)
            made = note_medicine(session, resident=seen.resident, medicine=_medicine(form), now=now(), by=by())
            act.subject = made.ref
        except AlreadyDone as earlier:
            return redirect(back_to(seen, done=earlier.act.ref), 303)
        back = back_to(seen, done=act.ref)
        session.commit()
        return redirect(back, 303)
    use_session(writing=False)
    seen, _domain = kept_health(ref)
    return render_template("services/health/medicine.html", form=form, seen=seen, back=back_to(seen), new=True)


@pages.route("/plan-medicines/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
@opens_sealed
def change(ref: uuid.UUID) -> ResponseReturnValue:
    """She takes it in another way from now on."""
    medicine, seen = _found(ref)
    before = {} if posted() else _opened(medicine, seen)
    medicine, seen = _found(ref)
    form = MedicineForm(
        typed() or None,
        times=tuple(dt.time(int(one[:2]), int(one[2:])) for one in medicine.times.split(",") if one),
        as_needed=not medicine.times,
        checker_needed=medicine.checker_needed,
        **before,
    )
    if posted() and _fits(form, seen):
        back = back_to(seen, saved="medicine")
        try:
            begin_act(session, key=act_key(), kind=CHANGE, now=now(), by=by(), subject=ref)
            wanted = _medicine(form)
            change_medicine(session, medicine=medicine, resident=seen.resident, new=wanted, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except CareRefused as refused:
            session.rollback()
            form.refuse(ENDED[refused.reason])
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    medicine, seen = _found(ref)
    return render_template("services/health/medicine.html", form=form, seen=seen, back=back_to(seen), new=False)


@pages.post("/plan-medicines/<uuid:ref>/end")
@needs(Permission.PLAN_KEEP)
def end(ref: uuid.UUID) -> ResponseReturnValue:
    """She takes it no longer."""
    return press(ref, END, _found, _end, back=back_to, unless=CareRefused)


@pages.post("/plan-medicines/<uuid:ref>/undo-new")
@needs(Permission.PLAN_KEEP)
def undo_new(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, NOTE, _found, _end, back=back_to, unless=CareRefused)


@pages.post("/plan-medicines/<uuid:ref>/undo-end")
@needs(Permission.PLAN_KEEP)
def undo_end(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, END, _found, _bring_back, back=back_to, unless=CareRefused)


def _end(medicine: Medicine, seen: Seen) -> None:
    end_medicine(session, medicine=medicine, resident=seen.resident, now=now(), by=by())


def _bring_back(medicine: Medicine, seen: Seen) -> None:
    bring_medicine_back(session, medicine=medicine, resident=seen.resident, now=now(), by=by())


@pages.route("/plan-domains/<uuid:ref>/allergies/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def allergy(ref: uuid.UUID) -> ResponseReturnValue:
    """Something she does not tolerate; everybody who works with her reads it."""
    seen, _domain = kept_health(ref)
    form = AllergyForm(typed() or None)
    if posted() and form.validate() and _lives_here(form, seen):
        try:
            act = begin_act(session, key=act_key(), kind=NOTE_ALLERGY, now=now(), by=by(), undoable=True)
            made = write_allergy(session, resident=seen.resident, words=form["words"].data, now=now(), by=by())
            act.subject = made.ref
        except AlreadyDone as earlier:
            return redirect(back_to(seen, done=earlier.act.ref), 303)
        back = back_to(seen, done=act.ref)
        session.commit()
        return redirect(back, 303)
    use_session(writing=False)
    seen, _domain = kept_health(ref)
    return render_template("services/health/allergy.html", form=form, seen=seen, back=back_to(seen))


@pages.post("/plan-allergies/<uuid:ref>/end")
@needs(Permission.PLAN_KEEP)
def end_allergy(ref: uuid.UUID) -> ResponseReturnValue:
    """It was wrong, or she tolerates it by now."""
    return press(ref, END_ALLERGY, _found_allergy, _end_allergy, back=back_to, unless=CareRefused)


@pages.post("/plan-allergies/<uuid:ref>/undo-new")
@needs(Permission.PLAN_KEEP)
def undo_allergy(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, NOTE_ALLERGY, _found_allergy, _end_allergy, back=back_to, unless=CareRefused)


@pages.post("/plan-allergies/<uuid:ref>/undo-end")
@needs(Permission.PLAN_KEEP)
def undo_allergy_end(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, END_ALLERGY, _found_allergy, _bring_allergy_back, back=back_to, unless=CareRefused)


def _end_allergy(allergy: Alert, seen: Seen) -> None:
    end_alert(session, alert=allergy, resident=seen.resident, now=now(), by=by())


def _bring_allergy_back(allergy: Alert, seen: Seen) -> None:
    bring_alert_back(session, alert=allergy, resident=seen.resident, now=now(), by=by())


def _fits(form: PageForm, seen: Seen) -> bool:
    return all([form.validate(), form.is_whole()]) and _lives_here(form, seen)


def _lives_here(form: PageForm, seen: Seen) -> bool:
    """The shift gives nothing to someone who left."""
    if seen.left:
        form.refuse(FAULTS[HealthFault.LEFT])
        return False
    return True


def _medicine(form: PageForm) -> NewMedicine:
    return NewMedicine(
        name=form["name"].data,
        dose=form["dose"].data,
        times=form["times"].data or (),
        checker_needed=form["checker_needed"].data,
    )


def _opened(medicine: Medicine, seen: Seen) -> dict[str, str]:
    wanted = [Sealed(medicine, "name", seen.resident.ref)]
    if medicine.dose is not None:
        wanted.append(Sealed(medicine, "dose", seen.resident.ref))
    name, *dose = open_values(session, now=now(), by=by(), purpose="plan", wanted=wanted)
    session.commit()
    return {"name": name, "dose": dose[0] if dose else ""}


def _found(ref: uuid.UUID) -> tuple[Medicine, Seen]:
    """A medicine of someone whose health domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(Medicine, Resident).join(Resident, Resident.id == Medicine.resident_id).where(Medicine.ref == ref)
    ).first()
    if row is None:
        abort(404)
    seen, _domain = health_of(row.Resident)
    return row.Medicine, seen


def _found_allergy(ref: uuid.UUID) -> tuple[Alert, Seen]:
    """An allergy of someone whose health domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(Alert, Resident)
        .join(Resident, Resident.id == Alert.resident_id)
        .where(Alert.ref == ref, Alert.kind == AlertKind.ALLERGY)
    ).first()
    if row is None:
        abort(404)
    seen, _domain = health_of(row.Resident)
    return row.Alert, seen
