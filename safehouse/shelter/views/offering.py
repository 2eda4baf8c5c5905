"""Which places a family could have right now: for whoever chooses beds, and for whoever answers a referral."""

from collections.abc import Set
from dataclasses import dataclass

from flask_babel import gettext as _

from safehouse.access.current import now, signed
from safehouse.access.queries import cleared_houses, open_house_ids
from safehouse.database import session
from safehouse.residents.queries.safety import barred_house_ids, told_barred_house_ids
from safehouse.shelter.models import Referral
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.referrals import family_of, needs_of
from safehouse.shelter.rules.houses import HouseView
from safehouse.shelter.rules.reasons import Standing
from safehouse.shelter.rules.suggesting import Option, suggest
from safehouse.web.language import today


@dataclass(frozen=True, slots=True)
class FreeNow:
    """The best place that meets every condition, and the best that fits at all without speaking against a rule."""

    full: str | None
    some: str | None


def houses_for(referral: Referral) -> tuple[HouseView, ...]:
    """Her own houses.

    A house that is barred by somebody of whom she must know nothing has no place for this family, and is not there.
    """
    return _seen(referral, _hers())


def houses_around(referral: Referral) -> tuple[tuple[HouseView, ...], tuple[HouseView, ...]]:
    """Her own houses, and the others of the unit: those she sees as beds and reasons, and places nobody in. Read
    together, as one picture of the unit and for the price of one."""
    hers = _hers()
    every = _seen(referral, hers | set(open_house_ids(session)))
    return tuple(one for one in every if one.id in hers), tuple(one for one in every if one.id not in hers)


def _hers() -> set[int]:
    return {house.id for house in cleared_houses(session, signed().account_id)}


def _seen(referral: Referral, house_ids: Set[int]) -> tuple[HouseView, ...]:
    barred = barred_house_ids(session, household_id=referral.household_id)
    told = barred and told_barred_house_ids(session, household_id=referral.household_id, account_id=signed().account_id)
    return house_views(
        session,
        house_ids=house_ids - (barred - told),
        today=today(),
        now=now(),
        for_referral_id=referral.id,
        barred=told,
        for_account_id=signed().account_id,
    )


def place_name(option: Option) -> str:
    """Rumah Dua, room 1."""
    rooms = ", ".join(room.label for room in option.rooms)
    return _("%(house)s, room %(rooms)s", house=option.house.name, rooms=rooms)


def free_now(referral: Referral) -> FreeNow:
    """What could be offered to this family at this moment, in any house of the unit; her own houses first."""
    family, wanted = family_of(referral), needs_of(referral)
    options = [
        option
        for houses in houses_around(referral)
        for option in suggest(family, wanted, houses, household=referral.household_id).options
    ]
    full = next((one for one in options if one.standing is Standing.RECOMMENDED), None)
    some = full or next((one for one in options if one.standing is Standing.POSSIBLE), None)
    return FreeNow(place_name(full) if full else None, place_name(some) if some else None)
