"""The suggested places for a family that was referred, each with its reasons; choosing one keeps its beds."""

import uuid
from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import by, may, now, posted, signed
from safehouse.access.guard import needs
from safehouse.access.operations.drafts import draft_for
from safehouse.access.permissions import Permission
from safehouse.access.queries import cleared_houses
from safehouse.database import session, use_session
from safehouse.residents.operations.safety import check_household
from safehouse.shelter.models import Referral
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.operations.holding import BedTaken, hold_beds
from safehouse.shelter.operations.placing import lock_beds
from safehouse.shelter.operations.taking import is_changeable
from safehouse.shelter.queries.deciding import readiness
from safehouse.shelter.queries.referrals import family_of, may_know_household, needs_of
from safehouse.shelter.reasons_in_words import say
from safehouse.shelter.rules.reasons import Standing
from safehouse.shelter.rules.suggesting import Option, Suggestions, suggest
from safehouse.shelter.views.families import family_in_words
from safehouse.shelter.views.finding import is_passed_on, passed_on
from safehouse.shelter.views.offering import place_name
from safehouse.shelter.views.placing.finding import (
    beds_of,
    find_option,
    held_until,
    hold_hours,
    pages,
    places_around,
    shown_option,
    waiting_referral,
)
from safehouse.shelter.views.pressed import pressed_bed, what_of_it
from safehouse.shelter.words import NEEDS, REFERRAL_SOURCES, URGENCIES
from safehouse.web.language import moment, today

MOST_ELSEWHERE = 3
MOST_SHOWN, EVERY_ONE = 12, 1000


@pages.route("/referrals/<uuid:ref>/beds", methods=["GET", "POST"])
@needs(Permission.PLACEMENT_DECIDE)
def beds(ref: uuid.UUID) -> ResponseReturnValue:
    """The suggested places. Choosing one keeps its beds for a few hours and goes on to the arrival."""
    referral = waiting_referral(ref)
    taken = "taken" in request.args
    if posted():
        answer = _choose(referral)
        if answer is not None:
            return answer
        taken = True
        use_session(writing=False)
        referral = waiting_referral(ref)
    pressed = pressed_bed()
    houses, others, given_first = places_around(referral, pressed)
    family, wanted = family_of(referral), needs_of(referral)
    theirs = referral.household_id
    found = suggest(family, wanted, houses, household=theirs, limit=MOST_SHOWN)
    every = suggest(family, wanted, houses, household=theirs, limit=EVERY_ONE).options if pressed else ()
    with_it = next((one for one in every if pressed and pressed.id in beds_of(one)), None)
    elsewhere = suggest(family, wanted, others, household=theirs, limit=MOST_ELSEWHERE)
    kept = set() if pressed else given_first
    options = _in_order(found.options, with_it, kept)
    held = bool(options) and bool(kept) and beds_of(options[0]) == kept
    told = may_know_household(session, referral, account_id=signed().account_id, role=signed().role)
    return render_template(
        "shelter/referrals/beds.html",
        referral=referral,
        taken=taken,
        held=held_until(referral) if held else "",
        pressed=pressed,
        of_it=what_of_it(pressed, with_it, family, wanted, houses) if pressed else "",
        options=[shown_option(one, referral) | {"pressed": one == with_it} for one in options],
        elsewhere=[
            shown_option(one, referral) for one in elsewhere.options if one.standing is not Standing.ADVISED_AGAINST
        ],
        barred=[one.name for one in found.barred],
        just_barred="barred" in request.args,
        may_record=told and may(Permission.CONFLICT_RECORD),
        may_explain=told and may(Permission.CONFLICT_EXPLAIN),
        over="over" in request.args,
        ready=readiness(session, referral, today=today()),
        remarks=[say(one) for one in found.remarks],
        more=found.more,
        lead=_lead(found, _full_elsewhere(found, elsewhere)),
        facts=_facts(referral),
        hold_hours=hold_hours(),
        changeable=is_changeable(referral),
    )


def _choose(referral: Referral) -> ResponseReturnValue | None:
    """Hold the beds of the chosen option. None when one of them was just taken, or may not be offered any more."""
    # What was noted since the page was drawn may keep them out of this house; that is kept, whatever is chosen.
    check_household(session, household=household_of(session, referral=referral), now=now(), by=by())
    closed = is_passed_on(referral)
    session.commit()
    if closed:
        return passed_on()
    option = find_option(referral, request.form.get("option", ""))
    if option is None:
        return None
    bed_ids = {place.bed_id for place in option.places if place.bed_id is not None}
    lock_beds(session, bed_ids)
    # What was free before the queue may be taken behind it.
    if find_option(referral, option.key) is None:
        return None
    try:
        if bed_ids:
            hold_beds(session, referral=referral, bed_ids=bed_ids, hours=hold_hours(), now=now(), by=by())
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


def _in_order(options: Sequence[Option], with_it: Option | None, kept: set[int]) -> list[Option]:
    """What was pressed, or is held for them, before the others; what is not advised keeps its place behind them."""
    if with_it is None:
        return sorted(options, key=lambda one: not kept <= beds_of(one)) if kept else list(options)
    if with_it.standing is Standing.ADVISED_AGAINST:
        return [*options, *(() if with_it in options else (with_it,))]
    return [with_it, *(one for one in options if one != with_it)]


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
