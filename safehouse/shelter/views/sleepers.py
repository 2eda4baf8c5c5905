"""Who would sleep where, in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from safehouse.shelter.choices import BedKind
from safehouse.shelter.rules.arranging import Place
from safehouse.shelter.rules.houses import RoomView
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.people import Person, is_woman


@dataclass(frozen=True, slots=True)
class Sleeper:
    """One of them, and the place she would have."""

    person: str
    bed: str


def sleepers(
    places: Sequence[Place],
    rooms: Sequence[RoomView],
    family: Sequence[Person],
    names: Mapping[int, str],
    *,
    aliases: bool = False,
    keeping: Collection[int] = (),
) -> list[Sleeper]:
    """`names` are what they are called: what they are before there is an alias, the aliases afterwards. Those in
    `keeping` have the bed they have now."""
    shown = []
    people = {one.key: one for one in family}
    for place in places:
        where = _where(place, rooms, people, names, aliases)
        if place.person_key in keeping:
            where = _("%(bed)s, as now", bed=where)
        shown.append(Sleeper(names[place.person_key], where))
    return shown


def _where(
    place: Place, rooms: Sequence[RoomView], family: Mapping[int, Person], names: Mapping[int, str], aliases: bool
) -> str:
    room = next(room for room in rooms if room.id == place.room_id)
    if place.shares_with is not None:
        if aliases:
            return _("in one bed with %(alias)s", alias=names[place.shares_with])
        if family[place.shares_with].adult and sum(is_woman(one) for one in family.values()) == 1:
            return _("in one bed with her mother")
        return _("in one bed with the %(person)s", person=names[place.shares_with].lower())
    bed = next((bed for bed in room.beds if bed.id == place.bed_id), None)
    if bed is None:
        if place.kind is BedKind.COT:
            return _("extra cot, room %(room)s", room=room.label)
        return _("extra mattress, room %(room)s", room=room.label)
    if bed.kind is BedKind.COT:
        return _("cot %(bed)s, room %(room)s", bed=bed.label, room=room.label)
    if bed.kind is BedKind.MATTRESS:
        return bed_name(room.label, bed.label)
    return _("bed %(bed)s", bed=bed_name(room.label, bed.label))
