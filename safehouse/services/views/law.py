"""The ways of a matter through law: opening one, its stages, letters of the investigator, orders that protect her."""

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.models import Matter
from safehouse.services.choices import ProtectionKind
from safehouse.services.forms.law import NoticeForm, OrderForm, StageForm, WayForm
from safehouse.services.law_in_words import FIELD_OF, REFUSALS, way_name
from safehouse.services.models import InvestigationNotice, LegalProcess, LegalStage, ProcessStage, ProtectionOrder
from safehouse.services.operations.law import (
    LawRefusal,
    LawRefused,
    NewOrder,
    NewStage,
    note_notice,
    open_way,
    record_order,
    record_refused_way,
    record_stage,
    settle_order,
    unsettle_order,
    withdraw_notice,
    withdraw_order,
    withdraw_stage,
)
from safehouse.services.queries.law import household_of, listed_stages, path_of, reached_in, renewal_of
from safehouse.services.rules.law import DAYS_OF_POLICE, WITH_AMOUNT, code_for
from safehouse.services.rules.walls import Reach
from safehouse.services.views.law_details import order_state
from safehouse.services.views.law_seen import (
    LEGAL,
    about,
    found_legal,
    here,
    home,
    matter_name,
    seen_through,
    stage_name,
)
from safehouse.services.views.seen import Seen
from safehouse.services.words import PROTECTIONS
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.forms import PageForm
from safehouse.web.language import day, moment_of, moment_there
from safehouse.web.shell import offer_undo

pages = Blueprint("law", __name__)

WAY, STAGE, NOTICE, ORDER, SETTLE = "law:way", "law:stage", "law:notice", "law:order", "law:settle"
offer_undo(STAGE, title=_l("The stage is saved."), endpoint="law.undo_stage")
offer_undo(NOTICE, title=_l("The letter is saved."), endpoint="law.undo_notice")
offer_undo(ORDER, title=_l("The order is saved."), endpoint="law.undo_order")
offer_undo(SETTLE, title=_l("No renewal of this order is asked for."), endpoint="law.undo_settling")


def _refuse(form: PageForm, refused: LawRefused, **fields: str) -> None:
    """The sentence stands beside the field it is about; `fields` say where a page calls it otherwise."""
    field = {LawRefusal(one): name for one, name in fields.items()}.get(
        refused.reason, FIELD_OF.get(refused.reason, "")
    )
    form.refuse(REFUSALS[refused.reason], field if field in form else "")


# A way


@pages.route("/plan-domains/<uuid:ref>/legal-processes/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def way(ref: uuid.UUID) -> ResponseReturnValue:
    """The matter goes a way: the criminal one, a civil one, to LPSK, for money."""
    seen, _domain, matter = found_legal(ref)
    if matter is None and posted():
        abort(404)
    # Offered to be looked at, never taken for an answer that was not given.
    offered = code_for(_begun(matter, seen)) if matter and not posted() else None
    form = WayForm(typed() or None, code=offered)
    if posted() and matter and form.validate():
        back = home(seen, saved="legal_way")
        try:
            begin_act(session, key=act_key(), kind=WAY, now=now(), by=by(), subject=ref)
            open_way(
                session,
                about=about(seen, matter),
                track=form["track"].data,
                code=form["code"].data,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except LawRefused as refused:
            session.rollback()
            if refused.reason is LawRefusal.SEXUAL_VIOLENCE:
                _record_refused(seen.resident.ref, "mediation")
            _refuse(form, refused, left="track")
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    seen, _domain, matter = found_legal(ref)
    return render_template(
        "services/law/way.html",
        form=form,
        seen=seen,
        home=home(seen),
        here=here(),
        matter=matter_name(matter, seen.zone) if matter else "",
    )


def _begun(matter: Matter, seen: Seen) -> dt.date:
    """Since when the matter is known: rather the report of the victim than the day it was written down here."""
    known = [one for one in (matter.victim_reported_at, matter.police_told_at) if one is not None]
    return min(known, default=matter.opened_at).astimezone(seen.zone).date()


def _record_refused(resident: uuid.UUID, what: str) -> None:
    """What the law does not allow is written down as refused, in a transaction of its own after the rollback."""
    record_refused_way(session, resident=resident, what=what, now=now(), by=by())
    session.commit()


# Stages


@pages.route("/legal-processes/<uuid:ref>/stages/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def stage(ref: uuid.UUID) -> ResponseReturnValue:
    """The way reached a stage."""
    process, seen = _found_process(ref)
    stages = listed_stages(session, [process.track], code=process.procedural_code)
    form = StageForm(typed() or None, stage=_next(process, stages), on_day=seen.today)
    form["stage"].choices = [("", _("Choose the stage")), *((str(one.ref), stage_name(one)) for one in stages)]
    if process.track not in WITH_AMOUNT:
        del form["amount"]
    if posted() and form.validate():
        wanted = NewStage(
            stage=next(one for one in stages if one.ref == form["stage"].data),
            on_day=form["on_day"].data,
            number=form["number"].data or None,
            accompanied=form["accompanied"].data,
            amount=form["amount"].data if "amount" in form else None,
            reason=form["reason"].data or None,
            words=form["words"].data or None,
        )
        resident = seen.resident.ref
        try:
            act = begin_act(session, key=act_key(), kind=STAGE, now=now(), by=by(), undoable=True)
            matter = session.get_one(Matter, process.matter_id)
            row = record_stage(session, about=about(seen, matter), process=process, new=wanted, now=now(), by=by())
            act.subject = row.ref
            session.flush()
        except AlreadyDone as earlier:
            return redirect(home(seen, done=earlier.act.ref), 303)
        except LawRefused as refused:
            session.rollback()
            if refused.reason is LawRefusal.RESTORATIVE:
                _record_refused(resident, "restorative_justice")
            _refuse(form, refused)
        else:
            back = home(seen, done=act.ref)
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    process, seen = _found_process(ref)
    return render_template(
        "services/law/stage.html",
        form=form,
        seen=seen,
        home=home(seen),
        here=here(),
        way=way_name(process),
        readers=_("the legal discipline"),
    )


def _found_process(ref: uuid.UUID) -> tuple[LegalProcess, Seen]:
    """A way of a matter the person keeps; otherwise the same 404."""
    process = session.scalar(select(LegalProcess).where(LegalProcess.ref == ref)) or abort(404)
    return process, seen_through(process.matter_id)


def _next(process: LegalProcess, stages: list[LegalStage]) -> uuid.UUID | None:
    """The stage that comes next on the path, offered first."""
    farthest = max((one.position for one in reached_in(session, process.id) if not one.aside), default=-1)
    ahead = [one for one in path_of(stages) if one > farthest]
    return next((one.ref for one in stages if ahead and one.position == min(ahead) and not one.aside), None)


@pages.post("/legal-stages-reached/<uuid:ref>/undo")
@needs(Permission.PLAN_KEEP)
def undo_stage(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=STAGE, now=now(), by=by())
    row = session.scalar(select(ProcessStage).where(ProcessStage.ref == act.subject)) or abort(404)
    seen = seen_through(session.get_one(LegalProcess, row.process_id).matter_id)
    _taken_back(lambda: withdraw_stage(session, row=row, resident=seen.resident, now=now(), by=by()))
    return _undone(act, seen)


# Letters of the investigator


@pages.route("/plan-domains/<uuid:ref>/notices/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def notice(ref: uuid.UUID) -> ResponseReturnValue:
    """The investigator wrote how far the matter is (SP2HP)."""
    seen, _domain, matter = found_legal(ref)
    if matter is None:
        abort(404)
    form = NoticeForm(typed() or None, on_day=seen.today)
    if posted() and form.validate():
        try:
            act = begin_act(session, key=act_key(), kind=NOTICE, now=now(), by=by(), undoable=True)
            row = note_notice(
                session,
                about=about(seen, matter),
                code=form["code"].data,
                on_day=form["on_day"].data,
                number=form["number"].data or None,
                now=now(),
                by=by(),
            )
            act.subject = row.ref
            session.flush()
        except AlreadyDone as earlier:
            return redirect(home(seen, done=earlier.act.ref), 303)
        except LawRefused as refused:
            session.rollback()
            _refuse(form, refused)
        else:
            back = home(seen, done=act.ref)
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    seen, _domain, matter = found_legal(ref)
    return render_template(
        "services/law/notice.html",
        form=form,
        seen=seen,
        home=home(seen),
        here=here(),
        matter=matter_name(matter, seen.zone) if matter else "",
    )


@pages.post("/notices/<uuid:ref>/undo")
@needs(Permission.PLAN_KEEP)
def undo_notice(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=NOTICE, now=now(), by=by())
    row = session.scalar(select(InvestigationNotice).where(InvestigationNotice.ref == act.subject)) or abort(404)
    seen = seen_through(row.matter_id)
    _taken_back(lambda: withdraw_notice(session, row=row, resident=seen.resident, now=now(), by=by()))
    return _undone(act, seen)


# Orders that protect her


@pages.route("/plan-domains/<uuid:ref>/orders/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def new_order(ref: uuid.UUID) -> ResponseReturnValue:
    """The police or a court keeps the reported person away from her."""
    seen, _domain, matter = found_legal(ref)
    if matter is None:
        abort(404)
    form = OrderForm(typed() or None, from_day=seen.today)
    if posted() and form.validate():
        saved = _save_order(form, seen, matter, None)
        if saved is not None:
            return saved
    use_session(writing=False)
    seen, _domain, matter = found_legal(ref)
    return render_template(
        "services/law/order_new.html",
        form=form,
        seen=seen,
        home=home(seen),
        here=here(),
        title=_("Protection order"),
        lead=matter_name(matter, seen.zone) if matter else "",
    )


@pages.route("/protection-orders/<uuid:ref>/renewal", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def renewal(ref: uuid.UUID) -> ResponseReturnValue:
    """The order goes on, or another one follows it."""
    order, seen = _found_order(ref)
    form = OrderForm(
        typed() or None,
        kind=ProtectionKind.COURT if order.kind in DAYS_OF_POLICE else order.kind,
        from_day=order.until + dt.timedelta(days=1),
    )
    if posted() and form.validate():
        saved = _save_order(form, seen, session.get_one(Matter, order.matter_id), order)
        if saved is not None:
            return saved
    use_session(writing=False)
    order, seen = _found_order(ref)
    return render_template(
        "services/law/order_new.html",
        form=form,
        seen=seen,
        home=home(seen),
        here=here(),
        title=_("Renewal of a protection order"),
        lead=_("The order before is valid until %(day)s.", day=day(order.until)),
    )


def _save_order(
    form: OrderForm, seen: Seen, matter: Matter, renews: ProtectionOrder | None
) -> ResponseReturnValue | None:
    """None: refused, and the sentence stands in the form."""
    kind, clock = form["kind"].data, form["clock"].data
    if clock is not None and kind not in DAYS_OF_POLICE:
        form.refuse(REFUSALS[LawRefusal.GIVEN_ON_ANOTHER_DAY], "clock")
        return None
    wanted = NewOrder(
        kind=kind,
        from_day=form["from_day"].data,
        until=form["until"].data,
        given_at=moment_of(form["from_day"].data, clock, seen.zone) if clock is not None else None,
        number=form["number"].data or None,
    )
    try:
        act = begin_act(session, key=act_key(), kind=ORDER, now=now(), by=by(), undoable=True)
        row = record_order(session, about=about(seen, matter), new=wanted, renews=renews, now=now(), by=by())
        act.subject = row.ref
        session.flush()
    except AlreadyDone as earlier:
        return redirect(home(seen, done=earlier.act.ref), 303)
    except LawRefused as refused:
        session.rollback()
        _refuse(form, refused, left="from_day")
        return None
    back = home(seen, done=act.ref)
    session.commit()
    return redirect(back, 303)


@pages.get("/protection-orders/<uuid:ref>")
@needs(Permission.PLAN_READ)
@opens_sealed
def order(ref: uuid.UUID) -> ResponseReturnValue:
    """One order: until when it holds, and whether its renewal is asked for. The number is for whoever keeps it."""
    order, seen = _found_order(ref, least=Reach.GOALS)
    keeps = seen.standing.keeps(LEGAL)
    household = household_of(session, session.get_one(Matter, order.matter_id)).ref
    number = ""
    if keeps and order.number is not None:
        try:
            (number,) = open_values(
                session, now=now(), by=by(), purpose="plan", wanted=[Sealed(order, "number", household)]
            )
        except NotConfirmed:
            session.rollback()
    session.commit()
    use_session(writing=False)
    order, seen = _found_order(ref, least=Reach.GOALS)
    renewed = renewal_of(session, order.id)
    facts: list[tuple[str, Any]] = [(_("Who gave it?"), str(PROTECTIONS[order.kind])), (_("From"), day(order.from_day))]
    if order.given_at is not None:
        facts.append((_("Given"), moment_there(order.given_at, seen.zone)))
    facts.append((_("Last day"), day(order.until)))
    if number:
        facts.append((_("Number of the order"), number))
    if renewed is not None:
        facts.append((_("Renewed until"), day(renewed)))
    return render_template(
        "services/law/order.html",
        seen=seen,
        order=order,
        home=home(seen),
        lead=_("Valid until %(day)s.", day=day(order.until)),
        facts=facts,
        state=order_state(order, renewed=renewed is not None, today=seen.today),
        open=keeps and renewed is None and order.settled_at is None,
    )


@pages.post("/protection-orders/<uuid:ref>/no-renewal")
@needs(Permission.PLAN_KEEP)
def settle(ref: uuid.UUID) -> ResponseReturnValue:
    """It is not to be renewed."""
    order, seen = _found_order(ref)
    try:
        act = begin_act(session, key=act_key(), kind=SETTLE, now=now(), by=by(), subject=ref, undoable=True)
        settle_order(session, order=order, resident=seen.resident, now=now(), by=by())
    except AlreadyDone as earlier:
        return redirect(home(seen, done=earlier.act.ref), 303)
    except LawRefused:
        session.rollback()
        return redirect(url_for("law.order", ref=ref), 303)
    back = home(seen, done=act.ref)
    session.commit()
    return redirect(back, 303)


@pages.post("/protection-orders-recorded/<uuid:ref>/undo")
@needs(Permission.PLAN_KEEP)
def undo_order(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=ORDER, now=now(), by=by())
    order, seen = _found_order(act.subject)
    _taken_back(lambda: withdraw_order(session, order=order, resident=seen.resident, now=now(), by=by()))
    return _undone(act, seen)


@pages.post("/protection-orders-settled/<uuid:ref>/undo")
@needs(Permission.PLAN_KEEP)
def undo_settling(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=SETTLE, now=now(), by=by())
    order, seen = _found_order(act.subject)
    _taken_back(lambda: unsettle_order(session, order=order, resident=seen.resident, now=now(), by=by()))
    return _undone(act, seen)


def _found_order(ref: uuid.UUID | None, *, least: Reach = Reach.FULL) -> tuple[ProtectionOrder, Seen]:
    """An order of a matter this person reads so far; otherwise the same 404."""
    order = session.scalar(
        select(ProtectionOrder).where(ProtectionOrder.ref == ref, ProtectionOrder.withdrawn_at.is_(None))
    )
    if order is None:
        abort(404)
    return order, seen_through(order.matter_id, least=least)


def _taken_back(withdraw: Any) -> None:
    """What something was built on meanwhile is not taken back."""
    try:
        withdraw()
    except LawRefused:
        raise NotUndoable from None


def _undone(act: Any, seen: Seen) -> ResponseReturnValue:
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    back = home(seen, undone=1)
    session.commit()
    return redirect(back, 303)
