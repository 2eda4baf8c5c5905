"""From a referral to a family in its beds: suggested places with reasons, choosing, placing."""

import datetime as dt
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.cookies import DEVICE, cookie_name
from safehouse.access.current import act_key, by, may, now, posted, signed, source, typed
from safehouse.access.guard import needs
from safehouse.access.models import Act, House, Office
from safehouse.access.operations.acts import AlreadyDone, begin_act, find_undoable, mark_undone
from safehouse.access.operations.co_signing import CoSigningRefusal, CoSigningRefused, co_sign, keep_refusal
from safehouse.access.operations.drafts import draft_for, keep_draft
from safehouse.access.permissions import Permission, Role
from safehouse.access.queries import cleared_houses
from safehouse.access.views.sign_in import in_words
from safehouse.database import session, use_session
from safehouse.residents.operations.safety import check_household
from safehouse.residents.queries.people import never_beside
from safehouse.residents.queries.safety import told_barred_house_ids
from safehouse.shelter.choices import BedKind
from safehouse.shelter.forms.arriving import AgainstAdviceForm, PlacingForm, with_aliases
from safehouse.shelter.models import Hold, Referral
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.operations.holding import BedTaken, hold_beds
from safehouse.shelter.operations.placing import (
    Override,
    PlacementRefusal,
    PlacementRefused,
    lock_beds,
    needs_second_person,
    place_family,
    undo_placement,
)
from safehouse.shelter.operations.taking import is_changeable
from safehouse.shelter.queries.deciding import deciders, readiness, shown_decision
from safehouse.shelter.queries.referrals import WAITING, bed_place, family_of, needs_of, placed_house_ids
from safehouse.shelter.reasons_in_words import KINDS, STANDING_SIGNS, STANDINGS, say
from safehouse.shelter.rules.deciding import Lacking
from safehouse.shelter.rules.people import is_woman
from safehouse.shelter.rules.reasons import Standing
from safehouse.shelter.rules.suggesting import Option, Suggestions, find, suggest
from safehouse.shelter.views.families import called, family_in_words
from safehouse.shelter.views.finding import is_passed_on, passed_on, seen_referral
from safehouse.shelter.views.naming import (
    alias_questions,
    aliases_fit,
    aliases_of,
    chosen_before,
    named_children,
    page_of_names,
)
from safehouse.shelter.views.offering import houses_for, place_name
from safehouse.shelter.words import DECIDED_AS, NEEDS, REFERRAL_SOURCES, URGENCIES
from safehouse.web.language import moment, today
from safehouse.web.shell import offer_undo

pages = Blueprint("placing", __name__)

MOST_ELSEWHERE = 3

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


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Who sleeps where, before there is an alias."""

    person: str
    bed: str


@pages.route("/referrals/<uuid:ref>/beds", methods=["GET", "POST"])
@needs(Permission.PLACEMENT_DECIDE)
def beds(ref: uuid.UUID) -> ResponseReturnValue:
    """The suggested places. Choosing one keeps its beds for a few hours and goes on to the arrival."""
    referral = _waiting(ref)
    taken = "taken" in request.args
    if posted():
        answer = _choose(referral)
        if answer is not None:
            return answer
        taken = True
    use_session(writing=False)
    referral = _waiting(ref)
    asked = _asked_bed()
    found = _suggestions(referral)
    elsewhere = suggest(family_of(referral), needs_of(referral), houses_for(referral, own=False), limit=MOST_ELSEWHERE)
    kept = {asked} if asked else _held_beds(referral)
    options = sorted(found.options, key=lambda one: not kept <= _beds_of(one)) if kept else list(found.options)
    held = bool(options) and not asked and bool(kept) and _beds_of(options[0]) == kept
    return render_template(
        "shelter/referrals/beds.html",
        referral=referral,
        taken=taken,
        held=_held_until(referral) if held else "",
        options=[_shown(one, referral) for one in options],
        elsewhere=[_shown(one, referral) for one in elsewhere.options if one.standing is not Standing.ADVISED_AGAINST],
        barred=[one.name for one in found.barred],
        just_barred="barred" in request.args,
        may_record=may(Permission.CONFLICT_RECORD),
        may_explain=may(Permission.CONFLICT_EXPLAIN),
        over="over" in request.args,
        ready=readiness(session, referral, today=today()),
        remarks=[say(one) for one in found.remarks],
        more=found.more,
        lead=_lead(found, _full_elsewhere(found, elsewhere)),
        facts=_facts(referral),
        hold_hours=_hold_hours(),
        changeable=is_changeable(referral),
    )


@pages.route("/referrals/<uuid:ref>/arrival", methods=["GET", "POST"])
@needs(Permission.PLACEMENT_DECIDE)
def arrival(ref: uuid.UUID) -> ResponseReturnValue:
    """Aliases and the hour of arrival; then all members are placed in one transaction."""
    referral = _waiting(ref)
    option = _find_option(referral, request.args.get("option", ""))
    if option is None:
        return _lost(ref)
    if not _beds_of(option) <= _held_beds(referral):
        return _hold_over(ref)
    house = session.get_one(House, option.house.id)
    limit_days = house.stay_limit_days
    form = _arrival_form(referral, option, house)
    if posted() and not request.form.get("other_names") and all([form.validate(), aliases_fit(form)]):
        answer = _place(referral, house, form)
        if answer is not None:
            return answer
    use_session(writing=False)
    referral = _waiting(ref)
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
        option=_shown(option, referral),
        aliases=[form[name] for name in form._fields if name.startswith("alias_")],
        children=named_children(referral),
        against_advice=needs_second_person(option),
        limit_days=limit_days,
        held_until=_held_until(referral),
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


def _choose(referral: Referral) -> ResponseReturnValue | None:
    """Hold the beds of the chosen option. None when one of them was just taken, or may not be offered any more."""
    # What was noted since the page was drawn may keep them out of this house; that is kept, whatever is chosen.
    check_household(session, household=household_of(session, referral=referral), now=now(), by=by())
    closed = is_passed_on(referral)
    session.commit()
    if closed:
        return passed_on()
    option = _find_option(referral, request.form.get("option", ""))
    if option is None:
        return None
    bed_ids = {place.bed_id for place in option.places if place.bed_id is not None}
    lock_beds(session, bed_ids)
    # What was free before the queue may be taken behind it.
    if _find_option(referral, option.key) is None:
        return None
    try:
        if bed_ids:
            hold_beds(session, referral=referral, bed_ids=bed_ids, hours=_hold_hours(), now=now(), by=by())
    except BedTaken:
        session.rollback()
        return None
    path = url_for("placing.arrival", ref=referral.ref)
    draft = draft_for(session, account_id=signed().account_id, path=path, now=now())
    ready = readiness(session, referral, today=today())
    session.commit()
    # Whoever had the time for the screening reads the consent next; everybody else is at the door already.
    if draft is None and ready.screened and not ready.agreed:
        return redirect(url_for("consenting.page", ref=referral.ref, option=option.key), 303)
    return redirect(url_for("placing.arrival", ref=referral.ref, option=option.key, draft=draft), 303)


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
        form.refuse(
            _co_signing_sentence(refused),
            "second_name" if refused.reason is CoSigningRefusal.YOURSELF else "second_code",
        )
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
    option = _find_option(referral, request.args.get("option", ""))
    if option is not None:
        lock_beds(session, {place.bed_id for place in option.places if place.bed_id is not None})
        option = _find_option(referral, option.key)
    if option is None:
        raise PlacementRefused(PlacementRefusal.BED_TAKEN)
    return option


def _override(referral: Referral, act: Act, option: Option, house: House, form: PlacingForm) -> Override | None:
    if not needs_second_person(option):
        return None
    session.flush()
    signature = co_sign(
        session,
        act=act,
        username=form["second_name"].data,
        typed=form["second_code"].data,
        house_id=house.id,
        device_token=_device_token(),
        source=source(),
        now=now(),
        wall=current_app.extensions["clock"](),
        by=by(),
        never=never_beside(session, referral.household_id),
    )
    return Override(form["reason"].data, signature)


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
    referral = _waiting(ref)
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


def _waiting(ref: uuid.UUID) -> Referral:
    """The referral, if it still waits for an answer. An answered one leads back to the list: whoever presses Back
    after placing a family has done nothing forbidden."""
    referral = seen_referral(ref)
    if referral.state not in WAITING:
        theirs = placed_house_ids(session, referral_id=referral.id)
        if theirs and not theirs & {house.id for house in cleared_houses(session, signed().account_id)}:
            abort(404)
        abort(redirect(url_for("referrals.listing"), 303))
    return referral


def _suggestions(referral: Referral) -> Suggestions:
    return suggest(family_of(referral), needs_of(referral), houses_for(referral))


def _find_option(referral: Referral, key: str) -> Option | None:
    return find(key, family_of(referral), needs_of(referral), houses_for(referral)) if key else None


def _beds_of(option: Option) -> set[int]:
    return {place.bed_id for place in option.places if place.bed_id is not None}


def _held_beds(referral: Referral) -> set[int]:
    """The beds this family was promised, as long as the hold lasts."""
    return set(
        session.scalars(
            select(Hold.bed_id).where(
                Hold.referral_id == referral.id, Hold.released_at.is_(None), Hold.expires_at > now()
            )
        )
    )


def _asked_bed() -> int | None:
    try:
        place = bed_place(session, uuid.UUID(request.args.get("bed", "")))
    except ValueError:
        return None
    return place[0] if place else None


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


def _shown(option: Option, referral: Referral) -> dict[str, object]:
    kind, icon = STANDING_SIGNS[option.standing]
    return {
        "key": option.key,
        "best": option.best,
        "split": option.split,
        "title": place_name(option),
        "sign": (kind, icon, str(STANDINGS[option.standing]) % {"met": option.met, "asked": option.asked}),
        "reasons": [(KINDS[reason.kind], say(reason)) for reason in option.reasons],
        "sleepers": _sleepers(option, referral),
        "against": option.standing is Standing.ADVISED_AGAINST,
    }


def _sleepers(option: Option, referral: Referral) -> list[Sleeper]:
    """Who sleeps where, in words."""
    family = {one.key: one for one in family_of(referral)}
    labels: dict[int | None, str] = {bed.id: bed.label for room in option.rooms for bed in room.beds}
    rooms = {room.id: room.label for room in option.rooms}
    names = called(list(family.values()))
    shown = []
    for place in option.places:
        room = rooms[place.room_id]
        if place.shares_with is not None:
            carer = family[place.shares_with]
            where = (
                _("in one bed with her mother")
                if carer.adult and sum(is_woman(one) for one in family.values()) == 1
                else _("in one bed with the %(person)s", person=names[place.shares_with].lower())
            )
        elif place.extra:
            where = (
                _("extra cot, room %(room)s", room=room)
                if place.kind is BedKind.COT
                else _("extra mattress, room %(room)s", room=room)
            )
        elif place.kind is BedKind.COT:
            where = _("cot %(bed)s, room %(room)s", bed=labels[place.bed_id], room=room)
        else:
            where = _("bed %(room)s%(bed)s", room=room, bed=labels[place.bed_id])
        shown.append(Sleeper(names[place.person_key], where))
    return shown


def _full_elsewhere(found: Suggestions, elsewhere: Suggestions) -> dict[str, str]:
    """Her own houses and the first place in another one that meets every condition, where none of hers does."""
    if any(one.standing is Standing.RECOMMENDED for one in found.options):
        return {}
    place = next((place_name(one) for one in elsewhere.options if one.standing is Standing.RECOMMENDED), None)
    mine = ", ".join(house.name for house in cleared_houses(session, signed().account_id))
    return {"mine": mine, "place": place} if place else {}


def _lead(found: Suggestions, elsewhere: dict[str, str]) -> str:
    good = sum(one.standing is Standing.RECOMMENDED for one in found.options)
    if elsewhere and found.options:
        return _("In %(mine)s no place meets every condition. %(place)s does.", **elsewhere)
    if elsewhere:
        return _("In %(mine)s there is no place for this family. %(place)s meets every condition.", **elsewhere)
    if not found.options:
        return _("There is no place for this family tonight.")
    if good == 0:
        return _("No place meets every condition. Choose with the reasons in view.")
    if good == 1:
        return _("One place meets every condition.")
    return _("%(n)s places meet every condition. The best comes first.", n=good)


def _facts(referral: Referral) -> list[tuple[str, str]]:
    family = family_of(referral)
    facts = [
        (
            _("Referred by"),
            _("%(source)s, %(time)s", source=REFERRAL_SOURCES[referral.source], time=moment(referral.taken_at)),
        ),
        (_("People"), family_in_words(family)),
        (_("Place needed"), str(URGENCIES[referral.urgency])),
    ]
    wanted = sorted(needs_of(referral))
    if wanted:
        facts.append((_("The room must allow"), ", ".join(str(NEEDS[need]) for need in wanted)))
    return facts


def _held_until(referral: Referral) -> str:
    expires = session.scalar(
        select(Hold.expires_at)
        .where(Hold.referral_id == referral.id, Hold.released_at.is_(None), Hold.expires_at > now())
        .limit(1)
    )
    return moment(expires)


def _hold_hours() -> int:
    return session.scalars(select(Office.hold_hours)).one()


def _device_token() -> str | None:
    return request.cookies.get(cookie_name(DEVICE))


def _co_signing_sentence(refused: CoSigningRefused) -> str:
    if refused.reason is CoSigningRefusal.YOURSELF:
        return _("The second person is somebody else. Ask a colleague beside you.")
    if refused.reason is CoSigningRefusal.WAIT:
        return in_words(refused.wait)
    return _("Name and code do not belong together, or she does not work in this house. Try again with a new code.")
