"""Examinations, treatments, and visums without what they say."""

import uuid

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Agency
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.services.forms.health import TreatmentForm, VisumForm
from safehouse.services.models import PlanDomain, Treatment, Visum
from safehouse.services.operations.health import (
    HealthFaulty,
    NewTreatment,
    NewVisum,
    change_treatment,
    change_visum,
    record_treatment,
    record_visum,
)
from safehouse.services.views.health.found import FAULTS, FIELD_OF, back_to, kept_health, offer_agencies, ref_of, whose
from safehouse.services.views.seen import Seen, kept_domain
from safehouse.trail.opening import Sealed, open_values
from safehouse.web.forms import PageForm

pages = Blueprint("examinations", __name__)

TREAT, RETREAT = "treatment:record", "treatment:change"
ASK_VISUM, CHANGE_VISUM = "visum:record", "visum:change"


@pages.route("/plan-domains/<uuid:ref>/treatments/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def new(ref: uuid.UUID) -> ResponseReturnValue:
    """An examination or treatment, asked for, agreed or done."""
    seen, domain = kept_health(ref)
    form = TreatmentForm(typed() or None)
    agencies = offer_agencies(form, "agency")
    if posted() and form.validate():
        back = back_to(seen, saved="treatment")
        try:
            begin_act(session, key=act_key(), kind=TREAT, now=now(), by=by(), subject=ref)
            wanted = _treatment(form, agencies)
            record_treatment(session, domain=domain, whose=whose(seen), new=wanted, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except HealthFaulty as faulty:
            _refuse(form, faulty)
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    seen, domain = kept_health(ref)
    return render_template("services/health/treatment.html", form=form, seen=seen, back=back_to(seen), new=True)


@pages.route("/treatments/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
@opens_sealed
def change(ref: uuid.UUID) -> ResponseReturnValue:
    """How far an examination has come, and whatever was written down wrongly."""
    treatment, seen = _found_treatment(ref)
    words = _opened(seen, treatment, "words")["words"] if not posted() else ""
    treatment, seen = _found_treatment(ref)
    form = TreatmentForm(
        typed() or None,
        kind=treatment.kind,
        facility=treatment.facility,
        state=treatment.state,
        on_day=treatment.on_day,
        words=words,
        cost=treatment.cost,
        funding=treatment.funding,
    )
    agencies = offer_agencies(form, "agency", standing=[treatment.agency_id])
    _choose(form, "agency", ref_of(agencies, treatment.agency_id))
    if posted() and form.validate():
        back = back_to(seen, saved="treatment")
        try:
            begin_act(session, key=act_key(), kind=RETREAT, now=now(), by=by(), subject=ref)
            wanted = _treatment(form, agencies)
            change_treatment(session, treatment=treatment, whose=whose(seen), new=wanted, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except HealthFaulty as faulty:
            _refuse(form, faulty)
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    treatment, seen = _found_treatment(ref)
    return render_template("services/health/treatment.html", form=form, seen=seen, back=back_to(seen), new=False)


@pages.route("/plan-domains/<uuid:ref>/visums/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def new_visum(ref: uuid.UUID) -> ResponseReturnValue:
    """A visum somebody asked for: who, by which letter, where, and what it cost. Never what it says."""
    seen, domain = kept_health(ref)
    form = VisumForm(typed() or None)
    agencies = offer_agencies(form, "asked_by", "agency")
    if posted() and form.validate():
        back = back_to(seen, saved="visum")
        try:
            begin_act(session, key=act_key(), kind=ASK_VISUM, now=now(), by=by(), subject=ref)
            wanted = _visum(form, agencies)
            record_visum(session, domain=domain, whose=whose(seen), new=wanted, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except HealthFaulty as faulty:
            _refuse(form, faulty)
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    seen, domain = kept_health(ref)
    return render_template("services/health/visum.html", form=form, seen=seen, back=back_to(seen), new=True)


@pages.route("/visums/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
@opens_sealed
def visum(ref: uuid.UUID) -> ResponseReturnValue:
    """How far a visum has come, its number, and what it cost."""
    found, seen = _found_visum(ref)
    numbers = _opened(seen, found, "letter_number", "report_number") if not posted() else {}
    found, seen = _found_visum(ref)
    form = VisumForm(
        typed() or None,
        kind=found.kind,
        letter_on=found.letter_on,
        facility=found.facility,
        state=found.state,
        on_day=found.on_day,
        cost=found.cost,
        funding=found.funding,
        **numbers,
    )
    agencies = offer_agencies(form, "asked_by", "agency", standing=[found.asked_by_id, found.agency_id])
    _choose(form, "asked_by", ref_of(agencies, found.asked_by_id))
    _choose(form, "agency", ref_of(agencies, found.agency_id))
    if posted() and form.validate():
        back = back_to(seen, saved="visum")
        try:
            begin_act(session, key=act_key(), kind=CHANGE_VISUM, now=now(), by=by(), subject=ref)
            wanted = _visum(form, agencies)
            change_visum(session, visum=found, whose=whose(seen), new=wanted, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except HealthFaulty as faulty:
            _refuse(form, faulty)
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    found, seen = _found_visum(ref)
    return render_template("services/health/visum.html", form=form, seen=seen, back=back_to(seen), new=False)


def _treatment(form: PageForm, agencies: dict[str, Agency]) -> NewTreatment:
    return NewTreatment(
        kind=form["kind"].data,
        facility=form["facility"].data,
        state=form["state"].data,
        on_day=form["on_day"].data,
        agency=agencies.get(form["agency"].data or ""),
        words=form["words"].data or "",
        cost=form["cost"].data,
        funding=form["funding"].data,
    )


def _visum(form: PageForm, agencies: dict[str, Agency]) -> NewVisum:
    return NewVisum(
        kind=form["kind"].data,
        facility=form["facility"].data,
        state=form["state"].data,
        asked_by=agencies.get(form["asked_by"].data or ""),
        letter_number=form["letter_number"].data or "",
        letter_on=form["letter_on"].data,
        agency=agencies.get(form["agency"].data or ""),
        on_day=form["on_day"].data,
        report_number=form["report_number"].data or "",
        cost=form["cost"].data,
        funding=form["funding"].data,
    )


def _refuse(form: PageForm, faulty: HealthFaulty) -> None:
    session.rollback()
    form.refuse(FAULTS[faulty.reason], FIELD_OF.get(faulty.reason, ""))


def _choose(form: PageForm, field: str, ref: str) -> None:
    """What stands so far, unless somebody has typed."""
    if not typed():
        form[field].data = ref


def _opened(seen: Seen, row: Treatment | Visum, *columns: str) -> dict[str, str]:
    """What stands in these columns, opened in one entry of the record; empty where nothing was written."""
    there = [one for one in columns if getattr(row, one) is not None]
    wanted = [Sealed(row, one, seen.resident.ref) for one in there]
    texts = open_values(session, now=now(), by=by(), purpose="plan", wanted=wanted)
    session.commit()
    return dict.fromkeys(columns, "") | dict(zip(there, texts, strict=True))


def _found_treatment(ref: uuid.UUID) -> tuple[Treatment, Seen]:
    """A treatment of a domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(Treatment, PlanDomain)
        .join(PlanDomain, PlanDomain.id == Treatment.plan_domain_id)
        .where(Treatment.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.Treatment, kept_domain(row.PlanDomain)


def _found_visum(ref: uuid.UUID) -> tuple[Visum, Seen]:
    """A visum of a domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(Visum, PlanDomain).join(PlanDomain, PlanDomain.id == Visum.plan_domain_id).where(Visum.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.Visum, kept_domain(row.PlanDomain)
