"""What the pages between a referral and its beds share: the family, the places it could have, what is held for it."""

import uuid

from flask import Blueprint, abort, redirect, url_for
from sqlalchemy import select

from safehouse.access.current import now, signed
from safehouse.access.models import Office
from safehouse.access.queries import cleared_houses
from safehouse.database import session
from safehouse.shelter.models import Hold, Referral
from safehouse.shelter.queries.referrals import WAITING, family_of, needs_of, placed_house_ids
from safehouse.shelter.reasons_in_words import KINDS, STANDING_SIGNS, STANDINGS, say
from safehouse.shelter.rules.houses import HouseView, with_wanted
from safehouse.shelter.rules.reasons import Standing
from safehouse.shelter.rules.suggesting import Option, find
from safehouse.shelter.views.families import called
from safehouse.shelter.views.finding import seen_referral
from safehouse.shelter.views.offering import houses_around, houses_for, place_name
from safehouse.shelter.views.pressed import Pressed, pressed_bed
from safehouse.shelter.views.sleepers import sleepers
from safehouse.web.language import moment

pages = Blueprint("placing", __name__)


def waiting_referral(ref: uuid.UUID) -> Referral:
    """The referral, if it still waits for an answer. An answered one leads back to the list: whoever presses Back
    after placing a family has done nothing forbidden."""
    referral = seen_referral(ref)
    if referral.state not in WAITING:
        theirs = placed_house_ids(session, referral_id=referral.id)
        if theirs and not theirs & {house.id for house in cleared_houses(session, signed().account_id)}:
            abort(404)
        abort(redirect(url_for("referrals.listing"), 303))
    return referral


def places_for(referral: Referral, pressed: Pressed | None = None) -> tuple[HouseView, ...]:
    """Her houses. The bed that was pressed is given out first; where none was, those that are held for this family."""
    return with_wanted(houses_for(referral), _first(referral, pressed))


def places_around(
    referral: Referral, pressed: Pressed | None
) -> tuple[tuple[HouseView, ...], tuple[HouseView, ...], set[int]]:
    """Her houses in the same way, the other houses of the unit, and the beds that are given out first."""
    own, others = houses_around(referral)
    first = _first(referral, pressed)
    return with_wanted(own, first), others, first


def _first(referral: Referral, pressed: Pressed | None) -> set[int]:
    return {pressed.id} if pressed else held_beds(referral)


def find_option(referral: Referral, key: str) -> Option | None:
    """The place that was chosen, as long as it is to be had."""
    if not key:
        return None
    places = places_for(referral, pressed_bed())
    return find(key, family_of(referral), needs_of(referral), places, household=referral.household_id)


def beds_of(option: Option) -> set[int]:
    """The beds it takes; what is made on the spot is none yet."""
    return {place.bed_id for place in option.places if place.bed_id is not None}


def held_beds(referral: Referral) -> set[int]:
    """The beds this family was promised, as long as the hold lasts."""
    return set(
        session.scalars(
            select(Hold.bed_id).where(
                Hold.referral_id == referral.id, Hold.released_at.is_(None), Hold.expires_at > now()
            )
        )
    )


def shown_option(option: Option, referral: Referral) -> dict[str, object]:
    """One way to take the family in, as the pages show it."""
    kind, icon = STANDING_SIGNS[option.standing]
    return {
        "key": option.key,
        "best": option.best,
        "split": option.split,
        "title": place_name(option),
        "sign": (kind, icon, str(STANDINGS[option.standing]) % {"met": option.met, "asked": option.asked}),
        "reasons": [(KINDS[reason.kind], say(reason)) for reason in option.reasons],
        "sleepers": sleepers(option.places, option.rooms, family_of(referral), called(family_of(referral))),
        "against": option.standing is Standing.ADVISED_AGAINST,
    }


def held_until(referral: Referral) -> str:
    """Until when the beds are kept for them, in words; nothing where none are."""
    expires = session.scalar(
        select(Hold.expires_at)
        .where(Hold.referral_id == referral.id, Hold.released_at.is_(None), Hold.expires_at > now())
        .limit(1)
    )
    return moment(expires)


def hold_hours() -> int:
    """How long a chosen place is kept for a family on its way."""
    return session.scalars(select(Office.hold_hours)).one()
