"""A family is at the door: aliases and the hour of its arrival, then all of it is placed in one transaction."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import Act, House
from safehouse.access.operations.acts import AlreadyDone, begin_act, find_undoable, mark_undone
from safehouse.access.operations.co_signing import CoSigningRefused, keep_refusal
from safehouse.access.operations.drafts import keep_draft
from safehouse.access.permissions import Permission, Role
from safehouse.access.queries import cleared_houses
from safehouse.database import session, use_session
from safehouse.residents.operations.safety import check_household
from safehouse.residents.queries.safety import told_barred_house_ids
from safehouse.shelter.forms.arriving import AgainstAdviceForm, PlacingForm, with_aliases
from safehouse.shelter.models import Referral
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.operations.placing import (
    Override,
    PlacementRefusal,
    PlacementRefused,
    lock_beds,
    needs_second_person,
    place_family,
    undo_placement,
)
from safehouse.shelter.queries.deciding import deciders, readiness, shown_decision
from safehouse.shelter.queries.referrals import placed_house_ids
from safehouse.shelter.rules.deciding import Lacking
from safehouse.shelter.rules.suggesting import Option
from safehouse.shelter.views.finding import is_passed_on, passed_on, seen_referral
from safehouse.shelter.views.naming import (
    alias_questions,
    aliases_fit,
    aliases_of,
    chosen_before,
    named_children,
    page_of_names,
)
from safehouse.shelter.views.placing.finding import (
    beds_of,
    find_option,
    held_beds,
    held_until,
    pages,
    shown_option,
    waiting_referral,
)
from safehouse.shelter.views.second_person import refuse_signature, signed_beside
from safehouse.shelter.words import DECIDED_AS
from safehouse.web.shell import offer_undo

offer_undo("placing:place", title=_l("The family is placed."), endpoint="placing.undo")

REFUSALS = {
    PlacementRefusal.ALREADY_ANSWERED: _l("This referral was answered by someone else in the meantime."),
    PlacementRefusal.IN_FUTURE: _l("This time has not come yet. Write when they arrived."),
    PlacementRefusal.BEFORE_BED_WAS_FREE: _l(
        "Someone still slept in one of these beds at that time. Write a later time."
    ),
    PlacementRefusal.EXIT_BEFORE_ARRIVAL: _l("The stay cannot end before it begins."),
    PlacementRefusal.EXIT_AFTER_LIMIT: _l("This is longer than the house allows."),
    PlacementRefusal.NEEDS_SECOND_PERSON: _l("This place needs a second person beside you."),
}

# What an emergency leaves for the day after, in the order it is done.
FOLLOWS = {
    Lacking.SCREENING: _l("Screening: twelve questions"),
    Lacking.CONSENT: _l("Consent, item by item"),
    Lacking.DECISION: _l("The decision of the head"),
}
ALWAYS_FOLLOWS = (_l("House rules"), _l("Allergies, medicines and belongings of each person"))


@pages.route("/referrals/<uuid:ref>/arrival", methods=["GET", "POST"])
@needs(Permission.PLACEMENT_DECIDE)
def arrival(ref: uuid.UUID) -> ResponseReturnValue:
    """Aliases and the hour of arrival; then all members are placed in one transaction."""
    referral = waiting_referral(ref)
    option = find_option(referral, request.args.get("option", ""))
    if option is None:
        return _lost(ref)
    if not beds_of(option) <= held_beds(referral):
        return _hold_over(ref)
    house = session.get_one(House, option.house.id)
    limit_days = house.stay_limit_days
    form = _arrival_form(referral, option, house)
    if posted() and not request.form.get("other_names") and all([form.validate(), aliases_fit(form)]):
        answer = _place(referral, house, form)
        if answer is not None:
            return answer
    use_session(writing=False)
    referral = waiting_referral(ref)
    there = now().astimezone(ZoneInfo(session.get_one(House, option.house.id).time_zone))
    ready = readiness(session, referral, today=there.date())
    refused = shown_decision(session, referral)
    return render_template(
        "shelter/referrals/arrival.html",
        ready=ready,
        follows=[str(FOLLOWS[one]) for one in ready.lacking] + [str(one) for one in ALWAYS_FOLLOWS],
        deciding=_deciding(referral, option.house.id),
        refused=refused is not None and not refused.granted,
        option_key=option.key,
        form=form,
        referral=referral,
        option=shown_option(option, referral),
        aliases=[form[name] for name in form._fields if name.startswith("alias_")],
        children=named_children(referral),
        against_advice=needs_second_person(option),
        limit_days=limit_days,
        held_until=held_until(referral),
    )


@pages.post("/arrivals/<uuid:ref>/undo")
@needs(Permission.PLACEMENT_DECIDE)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind="placing:place", now=now(), by=by())
    referral = seen_referral(act.subject) if act.subject else abort(404)
    try:
        mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    except AlreadyDone:
        session.rollback()
        return redirect(url_for("board.beds"), 303)
    if not placed_house_ids(session, referral_id=referral.id) <= {
        house.id for house in cleared_houses(session, signed().account_id)
    }:
        abort(404)  # since then she has stopped working there
    undo_placement(session, referral=referral, now=now(), by=by())
    session.commit()
    return redirect(url_for("placing.beds", ref=referral.ref, undone=1), 303)


def _place(referral: Referral, house: House, form: PlacingForm) -> ResponseReturnValue | None:
    zone = ZoneInfo(house.time_zone)
    arrived_at = dt.datetime.combine(form.arrived_day.data, form.arrived_clock.data, zone).astimezone(dt.UTC)
    ref, house_id = referral.ref, house.id
    try:
        act = begin_act(session, key=act_key(), kind="placing:place", now=now(), by=by(), subject=ref, undoable=True)
    except AlreadyDone as earlier:
        return redirect(url_for("board.beds", done=earlier.act.ref), 303)
    try:
        option = _locked_option(referral)
        override = _override(referral, act, option, house, form)
        local_day = arrived_at.astimezone(zone).date()
        place_family(
            session,
            referral=referral,
            option=option,
            aliases=aliases_of(referral, form),
            arrived_at=min(arrived_at, now()) if arrived_at - now() < dt.timedelta(minutes=1) else arrived_at,
            planned_exit=local_day + dt.timedelta(days=house.stay_limit_days),
            today=local_day,
            act=act,
            now=now(),
            by=by(),
            role=signed().role or Role.STAFF,
            override=override,
        )
    except CoSigningRefused as refused:
        keep_refusal(session, act=act, now=now(), by=by())
        session.commit()
        refuse_signature(form, refused)
        return None
    except PlacementRefused as refused:
        session.rollback()
        if refused.reason is PlacementRefusal.BED_TAKEN:
            return _lost(ref)
        if refused.reason is PlacementRefusal.MUST_NOT_SHARE:
            return _must_not_share(ref, house_id)
        if refused.reason is PlacementRefusal.ALREADY_ANSWERED:
            return redirect(url_for("referrals.listing"), 303)
        form.refuse(REFUSALS[refused.reason], "arrived_day")
        return None
    done = act.ref
    session.commit()
    return redirect(url_for("board.beds", done=done), 303)


def _locked_option(referral: Referral) -> Option:
    """The chosen option as it is now, with its beds locked. Raises `PlacementRefused` when it is gone."""
    option = find_option(referral, request.args.get("option", ""))
    if option is not None:
        lock_beds(session, {place.bed_id for place in option.places if place.bed_id is not None})
        option = find_option(referral, option.key)
    if option is None:
        raise PlacementRefused(PlacementRefusal.BED_TAKEN)
    return option


def _override(referral: Referral, act: Act, option: Option, house: House, form: PlacingForm) -> Override | None:
    if not needs_second_person(option):
        return None
    session.flush()
    return signed_beside(form, act, house_id=house.id, household_id=referral.household_id)


def _lost(ref: uuid.UUID) -> ResponseReturnValue:
    """Someone else has one of the beds now. What was typed waits for the next choice."""
    if posted():
        session.rollback()
        keep_draft(session, path=request.path, typed=request.form, now=now(), by=by())
        session.commit()
    return redirect(url_for("placing.beds", ref=ref, taken=1), 303)


def _hold_over(ref: uuid.UUID) -> ResponseReturnValue:
    """The hold ran out, or somebody chose another place for them: the places are offered again. What was typed waits
    for the next choice."""
    if posted():
        session.rollback()
        keep_draft(session, path=request.path, typed=request.form, now=now(), by=by())
        session.commit()
    return redirect(url_for("placing.beds", ref=ref, over=1), 303)


def _deciding(referral: Referral, house_id: int) -> list[str]:
    """Who may decide about this family in this house, as their colleagues call them."""
    return [
        f"{one.shown_name} ({DECIDED_AS[capacity]})"
        for one, capacity in deciders(session, referral, now=now(), house_ids=[house_id]).items()
    ]


def _must_not_share(ref: uuid.UUID, house_id: int) -> ResponseReturnValue:
    """The check of this moment found what none before had known. It is kept, so that the house is not offered again.

    Whoever must know nothing of those who live there reads what she reads when somebody was faster.
    """
    referral = waiting_referral(ref)
    household = household_of(session, referral=referral)
    check_household(session, household=household, now=now(), by=by())
    if is_passed_on(referral):
        session.commit()
        return passed_on()
    keep_draft(session, path=request.path, typed=request.form, now=now(), by=by())
    told = told_barred_house_ids(session, household_id=household.id, account_id=signed().account_id)
    session.commit()
    if house_id in told:
        return redirect(url_for("placing.beds", ref=ref, barred=1), 303)
    return redirect(url_for("placing.beds", ref=ref, taken=1), 303)


def _arrival_form(referral: Referral, option: Option, house: House) -> PlacingForm:
    there = now().astimezone(ZoneInfo(house.time_zone))
    page = page_of_names()
    kind = AgainstAdviceForm if needs_second_person(option) else PlacingForm
    asked = alias_questions(referral, house_id=house.id, page=page)
    form = with_aliases(kind, asked)(
        typed() or None, arrived_day=there.date(), arrived_clock=there.time(), **chosen_before(referral, asked)
    )
    form.names.data = str(page)
    return form
