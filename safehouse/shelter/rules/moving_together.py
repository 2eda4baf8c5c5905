"""Where a family that lives here could go all together: as one that arrives is placed, best first, with reasons.

Its own beds count as free, and whoever would stay in her own room keeps her bed. A way that would only change the beds
about is none.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from safehouse.shelter.choices import BedKind, Need
from safehouse.shelter.rules.arranging import Place
from safehouse.shelter.rules.houses import HouseView, without
from safehouse.shelter.rules.moving import Member
from safehouse.shelter.rules.reasons import Standing
from safehouse.shelter.rules.suggesting import Option, suggest

EVERY_WAY = 1000


@dataclass(frozen=True, slots=True)
class FamilyMove:
    """One way to go on living together. `option` is what is said of it, `places` are those to be taken: of them only
    `moving` change the bed."""

    option: Option
    places: tuple[Place, ...]
    moving: frozenset[int]
    best: bool = False

    @property
    def key(self) -> str:
        return self.option.key

    @property
    def together(self) -> bool:
        """All of them in one room."""
        return len(self.option.rooms) == 1


def ways_together(
    family: Sequence[Member], needs: frozenset[Need], houses: Sequence[HouseView]
) -> tuple[FamilyMove, ...]:
    """Every way for the whole family, best first. The same family, needs and houses give the same answer."""
    now = {member.person.key: member for member in family}
    found = suggest([member.person for member in family], needs, without(houses, set(now)), limit=EVERY_WAY)
    laid = frozenset(
        bed.id for house in houses for room in house.rooms for bed in room.beds if bed.kind is BedKind.MATTRESS
    )
    ways: list[FamilyMove] = []
    for option in found.options:
        places = _settled(option, now, laid)
        moving = frozenset(
            place.person_key
            for place in places
            if (place.bed_id, place.sharing) != (now[place.person_key].bed, now[place.person_key].sharing)
        )
        if moving and _is_a_change(option, places, now, laid):
            first = not ways and option.standing is not Standing.ADVISED_AGAINST
            ways.append(FamilyMove(option, places, moving, first))
    return tuple(ways)


def _is_a_change(option: Option, places: Sequence[Place], now: Mapping[int, Member], laid: Collection[int]) -> bool:
    """Somebody comes into another room, or has a better place to sleep in her own."""
    if not all(_in_her_room(option, place, now[place.person_key]) for place in places):
        return True
    makeshift = sum(place.sharing or place.extra for place in places)
    return makeshift < sum(member.sharing or member.bed in laid for member in now.values())


def _in_her_room(option: Option, place: Place, member: Member) -> bool:
    room = next(room for room in option.rooms if room.id == place.room_id)
    return (option.house.id, room.label) == (member.house, member.room)


def _settled(option: Option, now: Mapping[int, Member], laid: Collection[int]) -> tuple[Place, ...]:
    """Who sleeps where, with everybody in her own bed whose bed is among them: beds of a room are equal. Whoever lies
    on a mattress and would lie on one in the same room stays on it."""
    taken = {place.person_key: place for place in option.places if place.shares_with is None}
    for key in sorted(taken):
        member, mine = now[key], taken[key]
        holder = next((one for one, place in taken.items() if place.bed_id == member.bed), None)
        if member.bed in laid and mine.extra and not member.sharing and _in_her_room(option, mine, member):
            taken[key] = replace(mine, bed_id=member.bed)
        if member.sharing or holder is None or holder == key:
            continue
        theirs = taken[holder]
        if (theirs.room_id, theirs.kind) == (mine.room_id, mine.kind):
            taken[key] = replace(mine, bed_id=theirs.bed_id)
            taken[holder] = replace(theirs, bed_id=mine.bed_id)
    return tuple(
        taken[place.person_key] if place.shares_with is None else replace(place, bed_id=taken[place.shares_with].bed_id)
        for place in option.places
    )
