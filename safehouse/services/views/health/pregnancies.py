"""She expects a child: noted, its day sealed, and ended without a word on how."""

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
from safehouse.residents.models import Resident
from safehouse.residents.rules.ageing import is_child
from safehouse.services.forms.health import PregnancyForm
from safehouse.services.models import Pregnancy
from safehouse.services.operations.health import (
    HealthFaulty,
    bring_pregnancy_back,
    end_pregnancy,
    expect_on,
    note_pregnancy,
    open_pregnancy,
)
from safehouse.services.rules.health import may_be_pregnant
from safehouse.services.views.health.found import FAULTS, FIELD_OF, back_to, health_of, kept_health, whose
from safehouse.services.views.pressing import press, take_back
from safehouse.services.views.seen import Seen
from safehouse.trail.opening import Sealed, open_values
from safehouse.web.shell import offer_undo

pages = Blueprint("pregnancies", __name__)

NOTE, CHANGE, END = "pregnancy:note", "pregnancy:change", "pregnancy:end"
offer_undo(NOTE, title=_l("The pregnancy is saved."), endpoint="pregnancies.undo_new")
offer_undo(END, title=_l("The pregnancy is over."), endpoint="pregnancies.undo_end")


def can_expect(seen: Seen) -> bool:
    """Whether this may be asked about her at all."""
    resident = seen.resident
    child = is_child(resident.birth_month, resident.of_age_on, seen.today)
    return may_be_pregnant(resident.sex, resident.birth_month, child=child, today=seen.today)


@pages.route("/plan-domains/<uuid:ref>/pregnancy", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
@opens_sealed
def page(ref: uuid.UUID) -> ResponseReturnValue:
    """That she expects a child, or another day of it."""
    seen, _domain = kept_health(ref)
    if not can_expect(seen):
        abort(404)
    standing = open_pregnancy(session, seen.resident.id)
    expected = None if posted() else _opened(standing, seen)
    seen, _domain = kept_health(ref)
    form = PregnancyForm(typed() or None, expected=expected)
    if posted() and form.validate():
        about = {"whose": whose(seen), "expected": form["expected"].data, "now": now(), "by": by()}
        try:
            if standing is None:
                act = begin_act(session, key=act_key(), kind=NOTE, now=now(), by=by(), undoable=True)
                act.subject = note_pregnancy(session, **about).ref
                back = back_to(seen, done=act.ref)
            else:
                begin_act(session, key=act_key(), kind=CHANGE, now=now(), by=by(), subject=standing.ref)
                expect_on(session, pregnancy=standing, **about)
                back = back_to(seen, saved="pregnancy")
        except AlreadyDone as earlier:
            return redirect(back_to(seen, done=earlier.act.ref), 303)
        except HealthFaulty as faulty:
            session.rollback()
            form.refuse(FAULTS[faulty.reason], FIELD_OF.get(faulty.reason, ""))
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    seen, _domain = kept_health(ref)
    standing = open_pregnancy(session, seen.resident.id)
    return render_template("services/health/pregnancy.html", form=form, seen=seen, back=back_to(seen), new=not standing)


@pages.post("/pregnancies/<uuid:ref>/end")
@needs(Permission.PLAN_KEEP)
def end(ref: uuid.UUID) -> ResponseReturnValue:
    """It is over; how is written nowhere."""
    return press(ref, END, _found, _end, back=back_to, unless=HealthFaulty)


@pages.post("/pregnancies/<uuid:ref>/undo-new")
@needs(Permission.PLAN_KEEP)
def undo_new(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, NOTE, _found, _end, back=back_to, unless=HealthFaulty)


@pages.post("/pregnancies/<uuid:ref>/undo-end")
@needs(Permission.PLAN_KEEP)
def undo_end(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, END, _found, _bring_back, back=back_to, unless=HealthFaulty)


def _end(pregnancy: Pregnancy, seen: Seen) -> None:
    end_pregnancy(session, pregnancy=pregnancy, whose=whose(seen), now=now(), by=by())


def _bring_back(pregnancy: Pregnancy, seen: Seen) -> None:
    bring_pregnancy_back(session, pregnancy=pregnancy, whose=whose(seen), now=now(), by=by())


def _opened(pregnancy: Pregnancy | None, seen: Seen) -> dt.date | None:
    """The day that is expected so far."""
    if pregnancy is None or pregnancy.expected is None:
        return None
    wanted = [Sealed(pregnancy, "expected", seen.resident.ref)]
    (text,) = open_values(session, now=now(), by=by(), purpose="plan", wanted=wanted)
    session.commit()
    return dt.date.fromisoformat(text)


def _found(ref: uuid.UUID) -> tuple[Pregnancy, Seen]:
    """Of someone whose health domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(Pregnancy, Resident).join(Resident, Resident.id == Pregnancy.resident_id).where(Pregnancy.ref == ref)
    ).first()
    if row is None:
        abort(404)
    seen, _domain = health_of(row.Resident)
    return row.Pregnancy, seen
