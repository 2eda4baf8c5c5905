"""The free bed that was pressed on the board: named on the pages that follow, and offered first if it suits.

It is carried in the address. One that is no bed, or not one of hers, is as if none was pressed.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import has_request_context, request
from flask_babel import gettext as _

from safehouse.access.current import as_ref, signed
from safehouse.database import session
from safehouse.shelter.choices import BedKind, Need
from safehouse.shelter.queries.rooms import find_bed
from safehouse.shelter.reasons_in_words import say
from safehouse.shelter.rules.houses import BedState, BedView, HouseView, RoomView
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.people import Person, is_infant
from safehouse.shelter.rules.reasons import AGAINST_ADVICE, ReasonCode, ReasonKind, Standing, unmet
from safehouse.shelter.rules.suggesting import Option

# The steps between the board and the beds that know nothing of it.
CARRIES = frozenset({"referrals.screening", "referrals.screened", "placing.beds"})


@dataclass(frozen=True, slots=True)
class Pressed:
    """`title` is the bed as people of the unit say it: Rumah Satu, 2D."""

    id: int
    ref: uuid.UUID
    title: str


def pressed_bed() -> Pressed | None:
    """The bed that was pressed, as long as it is one of hers."""
    ref = _ref()
    bed = find_bed(session, account_id=signed().account_id, ref=ref) if ref else None
    if bed is None:
        return None
    return Pressed(bed.id, bed.ref, f"{bed.room.house.name}, {bed_name(bed.room.label, bed.label)}")


def carry_pressed(endpoint: str, values: dict[str, Any]) -> None:
    """Given to Flask: a link to one of the next steps takes the bed along."""
    if endpoint in CARRIES and "bed" not in values and has_request_context() and (ref := _ref()):
        values["bed"] = ref


def what_of_it(
    pressed: Pressed,
    option: Option | None,
    family: Sequence[Person],
    needs: frozenset[Need],
    houses: Sequence[HouseView],
) -> str:
    """Whether it is offered to this family, and why not. `option` is the first that uses it."""
    if option is not None and option.standing is not Standing.ADVISED_AGAINST:
        return _("It is offered first.")
    if option is not None:
        against = next(one for one in option.reasons if one.kind is ReasonKind.UNMET and one.code in AGAINST_ADVICE)
        return _("It is not advised for this family: %(reason)s.", reason=say(against).rstrip("."))
    return _why_not(pressed, family, needs, houses)


def _why_not(pressed: Pressed, family: Sequence[Person], needs: frozenset[Need], houses: Sequence[HouseView]) -> str:
    found = _in_houses(pressed, houses)
    if found is None:
        return _("It cannot be had now.")
    house, room, bed = found
    if house.barred:
        return _("It is not offered: they must not share this house.")
    if bed.state is BedState.FULL:
        return _("It was just filled.")
    if bed.state is BedState.HELD:
        return _("It was just reserved for another family.")
    if bed.state is BedState.CLOSED:
        return _("It is closed.")
    if room.isolates != (Need.ISOLATION in needs):
        code = ReasonCode.ISOLATION_ROOM_KEPT if room.isolates else ReasonCode.NOT_AN_ISOLATION_ROOM
        return _("It is not offered: %(reason)s.", reason=say(unmet(code, room=room.label)).rstrip("."))
    if bed.kind is BedKind.COT and not any(is_infant(one) for one in family):
        return _("It is not offered: a cot is for a baby.")
    if len(family) == 1:
        return _("It is not offered to this family.")
    return _("It is not offered: in its room not all %(n)s of them find a bed.", n=len(family))


def _in_houses(pressed: Pressed, houses: Sequence[HouseView]) -> tuple[HouseView, RoomView, BedView] | None:
    return next(
        ((house, room, bed) for house in houses for room in house.rooms for bed in room.beds if bed.id == pressed.id),
        None,
    )


def _ref() -> uuid.UUID | None:
    return as_ref(request.values.get("bed"))
