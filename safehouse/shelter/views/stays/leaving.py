"""Planned exit, out of the house and back, the end of a stay. Each for those of a household who are meant."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import Act
from safehouse.access.operations.acts import find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.models import Resident
from safehouse.residents.views.seen import seen_resident
from safehouse.shelter.choices import Destination
from safehouse.shelter.forms.stays import (
    BackForm,
    CaredForm,
    DepartureForm,
    LeaveForm,
    PlannedExitForm,
    WhoForm,
    WithoutNoticeForm,
)
from safehouse.shelter.operations.leaving import (
    Caregiver,
    end_leave,
    leave_without_notice,
    start_leave,
    undo_leave,
    undo_return,
)
from safehouse.shelter.operations.moving import (
    DEPARTURE,
    StayRefusal,
    StayRefused,
    depart,
    plan_exit,
    undo_departure,
)
from safehouse.shelter.queries.caregivers import carers_in
from safehouse.shelter.queries.intake import things_in_keeping
from safehouse.shelter.queries.stays import Living
from safehouse.shelter.rules.staying import Presence, left_alone
from safehouse.shelter.views.stays.finding import (
    Household,
    ask_who,
    call_the_manager,
    chosen,
    clock_hint,
    find_household,
    local_now,
    open_act,
    pages,
    refuse,
    residents_of,
    ticked_beforehand,
    to_her_page,
)
from safehouse.web.language import day as in_full
from safehouse.web.language import moment_of
from safehouse.web.shell import offer_undo

EXIT, LEAVE, WITHOUT_NOTICE, BACK = "stay:exit", "stay:leave", "stay:without_notice", "stay:back"
offer_undo(DEPARTURE, title=_l("The departure is recorded."), endpoint="stays.undo_leaving")
offer_undo(LEAVE, title=_l("The absence is saved. The bed is kept."), endpoint="stays.undo_absence")
offer_undo(WITHOUT_NOTICE, title=_l("Saved: left without notice. The bed is kept."), endpoint="stays.undo_missing")
offer_undo(BACK, title=_l("Saved: back in the house."), endpoint="stays.undo_back")

FIRST_DAY = frozenset(
    {
        StayRefusal.IN_FUTURE,
        StayRefusal.BEFORE_ARRIVAL,
        StayRefusal.BEFORE_LAST_MOVE,
        StayRefusal.STILL_AWAY_THEN,
        StayRefusal.AWAY_AFTERWARDS,
        StayRefusal.EXIT_IN_PAST,
        StayRefusal.EXIT_AFTER_LIMIT,
    }
)
DUE_DAY = frozenset({StayRefusal.BACK_BEFORE_LEAVING, StayRefusal.AWAY_TOO_LONG})
# What her page says after it; what can be undone says so there.
SAID = {EXIT: "exit"}
BACK_DAY = FIRST_DAY | DUE_DAY
CAREGIVER = frozenset({StayRefusal.NEEDS_CAREGIVER, StayRefusal.CAREGIVER_LEAVES})
CHILDREN = frozenset({StayRefusal.CHILDREN_ALONE})
WHO = frozenset({StayRefusal.ALREADY_AWAY, StayRefusal.NOT_AWAY, StayRefusal.CHILD_LEFT_BEHIND})


@pages.route("/residents/<uuid:ref>/planned-exit", methods=["GET", "POST"])
@needs(Permission.STAY_MOVE)
def planned_exit(ref: uuid.UUID) -> ResponseReturnValue:
    act, done = open_act(EXIT, ref) if posted() else (None, None)
    if done is not None:
        return to_her_page(ref, saved=SAID[EXIT])
    family = find_household(ref)
    if family is None:
        return to_her_page(ref)
    one = family.one
    form = PlannedExitForm(
        typed() or None, day=max(one.planned_exit, one.today), who=[other.ref for other in family.seen]
    )
    ask_who(form, family.seen)
    if act is not None and form.validate():

        def carry_out(residents: Sequence[Resident], _act: Act) -> None:
            plan_exit(
                session,
                residents=residents,
                day=form["day"].data,
                today=one.today,
                zone=one.zone,
                now=now(),
                by=by(),
            )

        answer = _record(form, family, chosen(form, family.seen), act, carry_out, ((FIRST_DAY, "day"),))
        if answer is not None:
            return answer
    use_session(writing=False)
    return render_template(
        "shelter/stays/planned_exit.html",
        form=form,
        one=one,
        limit=in_full(one.term.last_day),
        past_limit=one.term.last_day < one.today,
    )


@pages.route("/residents/<uuid:ref>/leave", methods=["GET", "POST"])
@needs(Permission.LEAVE_RECORD)
def leave(ref: uuid.UUID) -> ResponseReturnValue:
    act, done = open_act(LEAVE, ref, undoable=True) if posted() else (None, None)
    if done is not None:
        return to_her_page(ref, done=done)
    family = find_household(ref)
    if family is None:
        return to_her_page(ref)
    one, here = family.one, local_now(family.one.zone)
    home = [other for other in family.seen if other.presence is Presence.IN]
    # She stays on her own page even while she is away: then the page says that it is recorded already.
    candidates = home if one in home else [one, *home]
    form = LeaveForm(typed() or None, day=here.date(), clock=here.time(), who=ticked_beforehand(home, family))
    ask_who(form, candidates, family)
    carers = _ask_caregiver(form, family)
    form["clock"].description = form["due_clock"].description = clock_hint(one.zone)
    if act is not None and form.validate():

        def carry_out(residents: Sequence[Resident], act: Act) -> None:
            start_leave(
                session,
                residents=residents,
                kind=form["kind"].data,
                from_at=moment_of(form["day"].data, form["clock"].data, one.zone, not_before=one.arrived_at),
                due_back=moment_of(form["due_day"].data, form["due_clock"].data, one.zone),
                family=family.everyone,
                caregiver=_chosen_caregiver(form, carers),
                act=act,
                now=now(),
                by=by(),
            )

        answer = _record(
            form,
            family,
            chosen(form, candidates),
            act,
            carry_out,
            ((FIRST_DAY, "day"), (DUE_DAY, "due_day"), (WHO, "who"), (CAREGIVER, "caregiver")),
        )
        if answer is not None:
            return answer
    use_session(writing=False)
    return render_template("shelter/stays/leave.html", form=form, one=one)


@pages.route("/residents/<uuid:ref>/without-notice", methods=["GET", "POST"])
@needs(Permission.LEAVE_RECORD)
def without_notice(ref: uuid.UUID) -> ResponseReturnValue:
    """She is gone and told nobody: her bed is kept, nobody is discharged, and she is missed from now on."""
    act, done = open_act(WITHOUT_NOTICE, ref, undoable=True) if posted() else (None, None)
    if done is not None:
        return to_her_page(ref, done=done)
    family = find_household(ref)
    if family is None or family.one.presence is not Presence.IN:
        return to_her_page(ref)
    one, here = family.one, local_now(family.one.zone)
    home = [other for other in family.seen if other.presence is Presence.IN]
    form = WithoutNoticeForm(typed() or None, day=here.date(), clock=here.time(), who=[one.ref])
    ask_who(form, home)
    carers = _ask_caregiver(form, family)
    form["clock"].description = clock_hint(one.zone)
    if act is not None and form.validate():

        def carry_out(residents: Sequence[Resident], act: Act) -> None:
            leave_without_notice(
                session,
                residents=residents,
                from_at=moment_of(form["day"].data, form["clock"].data, one.zone, not_before=one.arrived_at),
                family=family.everyone,
                caregiver=_chosen_caregiver(form, carers),
                act=act,
                now=now(),
                by=by(),
            )

        answer = _record(
            form,
            family,
            chosen(form, home),
            act,
            carry_out,
            ((FIRST_DAY, "day"), (WHO, "who"), (CAREGIVER, "caregiver")),
        )
        if answer is not None:
            return answer
    use_session(writing=False)
    return render_template("shelter/stays/without_notice.html", form=form, one=one, call=call_the_manager(one))


def _ask_caregiver(form: CaredForm, family: Household) -> dict[uuid.UUID, Caregiver]:
    """Offer the adults of the household and the staff of the house; no question where no child could stay behind."""
    everyone = family.everyone
    if all(one.adult for one in everyone) or not any(one.adult for one in everyone):
        del form["caregiver"]
        return {}
    adults = [one for one in family.seen if one.adult and one.presence is Presence.IN]
    staff = carers_in(
        session,
        house_id=family.one.house_id,
        resident_ids=[one.id for one in everyone if not one.adult],
        for_account_id=signed().account_id,
        now=now(),
    )
    form["caregiver"].choices = [
        ("", _("Nobody stays behind")),
        *((one.ref, f"{one.alias} {one.code}") for one in adults),
        *((one.ref, one.shown_name) for one in staff),
    ]
    carers = {one.ref: Caregiver(account_id=one.id) for one in staff}
    return carers | {one.ref: Caregiver(resident_id=one.id) for one in adults}


def _chosen_caregiver(form: CaredForm, carers: dict[uuid.UUID, Caregiver]) -> Caregiver | None:
    return carers.get(form["caregiver"].data) if "caregiver" in form else None


@pages.route("/residents/<uuid:ref>/back", methods=["GET", "POST"])
@needs(Permission.LEAVE_RECORD)
def back(ref: uuid.UUID) -> ResponseReturnValue:
    act, done = open_act(BACK, ref, undoable=True) if posted() else (None, None)
    if done is not None:
        return to_her_page(ref, done=done)
    family = find_household(ref)
    if family is None or family.one.presence is Presence.IN:
        return to_her_page(ref)
    one, here = family.one, local_now(family.one.zone)
    away = [other for other in family.seen if other.presence is not Presence.IN]
    form = BackForm(typed() or None, day=here.date(), clock=here.time(), who=ticked_beforehand(away, family))
    ask_who(form, away, family)
    form["clock"].description = clock_hint(one.zone)
    if act is not None and form.validate():

        def carry_out(residents: Sequence[Resident], act: Act) -> None:
            back_at = moment_of(form["day"].data, form["clock"].data, one.zone, not_before=one.away_from)
            for resident in residents:
                end_leave(session, resident=resident, back_at=back_at, act=act, now=now(), by=by())

        answer = _record(form, family, chosen(form, away), act, carry_out, ((BACK_DAY, "day"), (WHO, "who")))
        if answer is not None:
            return answer
    use_session(writing=False)
    return render_template("shelter/stays/back.html", form=form, one=one)


@pages.route("/residents/<uuid:ref>/departure", methods=["GET", "POST"])
@needs(Permission.DEPARTURE_RECORD)
def departure(ref: uuid.UUID) -> ResponseReturnValue:
    act, done = open_act(DEPARTURE, ref, undoable=True) if posted() else (None, None)
    if done is not None:
        return redirect(url_for("stays.listing", done=done), 303)
    family = find_household(ref)
    if family is None:
        return to_her_page(ref)
    one, here = family.one, local_now(family.one.zone)
    form = DepartureForm(
        typed() or None, day=here.date(), clock=here.time(), who=ticked_beforehand(family.seen, family)
    )
    ask_who(form, family.seen, family)
    if not left_alone(family.everyone, {other.id for other in family.everyone if other.adult}):
        del form["children_stay"]
    form["clock"].description = clock_hint(one.zone)
    if act is not None and form.validate() and _is_sure(form, chosen(form, family.seen)):

        def carry_out(residents: Sequence[Resident], act: Act) -> None:
            act.subject = residents[0].ref
            depart(
                session,
                residents=residents,
                place_kind=form["place_kind"].data,
                act=act,
                family=family.everyone,
                children_stay="children_stay" in form and form["children_stay"].data,
                now=now(),
                by=by(),
                at=moment_of(form["day"].data, form["clock"].data, one.zone, not_before=one.started_at),
            )

        fields = ((FIRST_DAY, "day"), (WHO, "who"), (CHILDREN, "children_stay"))
        answer = _record(form, family, chosen(form, family.seen), act, carry_out, fields)
        if answer is not None:
            return answer
    use_session(writing=False)
    return render_template(
        "shelter/stays/departure.html",
        form=form,
        one=one,
        several=len(family.seen) > 1,
        ask_partner=form["place_kind"].data is Destination.PARTNER,
        in_keeping=things_in_keeping(session, [other.id for other in family.seen]),
    )


def _is_sure(form: DepartureForm, leaving: Sequence[Living]) -> bool:
    """Going back to him is warned of once, and forbidden to nobody: what has happened can be recorded."""
    if form["place_kind"].data is not Destination.PARTNER or form["back_to_him"].data:
        return True
    if any(one.adult for one in leaving):
        warning = _(
            "She goes back to her husband or partner. Speak through the safety plan with her first: whom to call, "
            "where to go, what is packed. Then tick this and record it."
        )
    else:
        warning = _(
            "A child does not decide this alone: call her caseworker and the manager before she goes. "
            "If she has gone already, call them now, then tick this and record it."
        )
    form.refuse(warning, "back_to_him")
    return False


@pages.post("/absences/<uuid:ref>/undo")
@needs(Permission.LEAVE_RECORD)
def undo_absence(ref: uuid.UUID) -> ResponseReturnValue:
    return _undo(ref, LEAVE, undo_leave)


@pages.post("/missing/<uuid:ref>/undo")
@needs(Permission.LEAVE_RECORD)
def undo_missing(ref: uuid.UUID) -> ResponseReturnValue:
    return _undo(ref, WITHOUT_NOTICE, undo_leave)


@pages.post("/returns/<uuid:ref>/undo")
@needs(Permission.LEAVE_RECORD)
def undo_back(ref: uuid.UUID) -> ResponseReturnValue:
    return _undo(ref, BACK, undo_return)


@pages.post("/departures/<uuid:ref>/undo")
@needs(Permission.DEPARTURE_RECORD)
def undo_leaving(ref: uuid.UUID) -> ResponseReturnValue:
    return _undo(ref, DEPARTURE, undo_departure)


def _undo(ref: uuid.UUID, kind: str, take_back: Callable[..., Sequence[Resident]]) -> ResponseReturnValue:
    """Take back what she recorded, for everyone it was recorded for."""
    act = find_undoable(session, ref=ref, kind=kind, now=now(), by=by())
    meant = take_back(session, act=act, now=now(), by=by())
    for resident in meant:
        seen_resident(resident.ref)  # whoever may not see her any more changes nothing about her
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    session.commit()
    return to_her_page(meant[0].ref)


def _record(
    form: WhoForm,
    family: Household,
    meant: Sequence[Living],
    act: Act,
    carry_out: Callable[[Sequence[Resident], Act], None],
    fields: Sequence[tuple[frozenset[StayRefusal], str]],
) -> ResponseReturnValue | None:
    """Carry it out for everyone who is meant, or for nobody; None when the form says why not.

    Whoever recorded a departure may not see the page of the one who left any more: then the list is next.
    """
    ref, gone = family.one.ref, act.kind == DEPARTURE
    said: dict[str, Any] = {"saved": SAID[act.kind]} if act.kind in SAID else {"done": act.ref}
    try:
        carry_out(residents_of(meant), act)
        session.commit()
    except StayRefused as refused:
        session.rollback()
        if refused.reason is StayRefusal.NOT_HERE:
            return to_her_page(ref)
        refuse(form, refused, *fields)
        return None
    return redirect(url_for("stays.listing", **said), 303) if gone else to_her_page(ref, **said)
