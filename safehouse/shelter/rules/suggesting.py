"""Which places suit a family, best first, each with its reasons.

The whole family in one room comes first, then two adjoining rooms of one house, then two rooms of one house that do
not adjoin; a family is never divided between houses, and never divided without saying so. Places against advice are
shown with what speaks against them. Nothing here knows a name.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from safehouse.shelter.choices import Need, RoomPurpose
from safehouse.shelter.rules.arranging import Place, arrange, arrange_in_two
from safehouse.shelter.rules.capacity import largest_family
from safehouse.shelter.rules.fitting import Lodging, Plan, in_order, weigh
from safehouse.shelter.rules.houses import HouseView, Opening, RoomView, opening
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.people import Person, carers, is_infant, is_teenage_girl, is_woman
from safehouse.shelter.rules.reasons import (
    AGAINST_ADVICE,
    HOUSE_WIDE,
    Reason,
    ReasonCode,
    ReasonKind,
    Standing,
    met,
    remark,
    standing_of,
    unmet,
)

PAIRS_A_HOUSE = 6

# How much an unmet condition counts when places of the same standing are put in order. Never shown.
WEIGHT: Mapping[ReasonCode, int] = {
    ReasonCode.FAMILY_SPLIT: 60,
    ReasonCode.CHILD_IN_ANOTHER_ROOM: 50,
    ReasonCode.NO_WHEELCHAIR_ACCESS: 45,
    ReasonCode.UPPER_FLOOR: 40,
    ReasonCode.ADJOINING_ROOMS: 30,
    ReasonCode.FAMILY_ROOM_NEEDED_FOR_FAMILIES: 20,
    ReasonCode.ROOM_SHARED: 15,
    ReasonCode.SOMEONE_EXPECTED: 15,
    ReasonCode.BOY_AGE_UNKNOWN: 15,
    ReasonCode.EXTRA_MATTRESS: 12,  # for each made on the spot
    ReasonCode.PURPOSE_DIFFERS: 10,
}
STANDINGS = tuple(Standing)


@dataclass(frozen=True, slots=True)
class Option:
    """One way to take the whole family in.

    `key` names this choice of places; posted later it finds the same option as long as the places are still free and
    nothing new speaks against them. `split` asks for a choice on purpose. `met` of `asked` conditions are fulfilled.
    """

    key: str
    house: HouseView
    rooms: tuple[RoomView, ...]
    places: tuple[Place, ...]
    standing: Standing
    reasons: tuple[Reason, ...]
    split: bool = False
    best: bool = False

    @property
    def met(self) -> int:
        return sum(reason.kind is ReasonKind.MET for reason in self.reasons)

    @property
    def asked(self) -> int:
        return sum(reason.kind is not ReasonKind.REMARK for reason in self.reasons)

    @property
    def over_capacity(self) -> int:
        """How many mattresses or cots would have to be made on the spot."""
        return sum(place.extra for place in self.places)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Options in order, remarks on all of them, and how many more there are than are shown.

    `barred` are the houses that have a place for them and must not be shared: shown, never offered.
    """

    options: tuple[Option, ...]
    remarks: tuple[Reason, ...]
    more: int = 0
    barred: tuple[HouseView, ...] = ()

    @property
    def best(self) -> Option | None:
        return next((option for option in self.options if option.best), None)


def suggest(
    family: Sequence[Person],
    needs: frozenset[Need],
    houses: Sequence[HouseView],
    *,
    household: int | None = None,
    limit: int = 12,
) -> Suggestions:
    """Places for the family, best first. At most `limit`, among them the best of each house while there is room.

    `household` is given when members of the family already live in one of the houses. The same family, needs and
    houses always give the same answer, in whatever order they are handed in.
    """
    options = _every_option(family, needs, houses, household)
    shown = _shortlist(options, limit)
    barred = tuple(
        one
        for one in sorted(houses, key=lambda house: house.id)
        if one.barred and _every_option(family, needs, [replace(one, barred=False)], household)
    )
    return Suggestions(
        shown, _remarks(family, needs, houses, options, barred), more=len(options) - len(shown), barred=barred
    )


def find(
    key: str,
    family: Sequence[Person],
    needs: frozenset[Need],
    houses: Sequence[HouseView],
    *,
    household: int | None = None,
) -> Option | None:
    """The option with this key, whether it was on the short list or not; None when it is no longer to be had."""
    return next((one for one in _every_option(family, needs, houses, household) if one.key == key), None)


def _every_option(
    family: Sequence[Person], needs: frozenset[Need], houses: Sequence[HouseView], household: int | None
) -> list[Option]:
    if len({person.key for person in family}) != len(family):
        raise ValueError("every person of a family has a key of her own")
    if not family:
        return []
    members = tuple(sorted(family, key=lambda person: person.key))
    options = [
        option
        for house in sorted(houses, key=lambda house: house.id)
        if not house.barred
        for option in _in_house(members, needs, house, household)
    ]
    if len(members) == 1:
        options = _keep_family_rooms(members[0], options, houses)
    options.sort(key=lambda option: _rank(option, members, needs))
    if options and options[0].standing is not Standing.ADVISED_AGAINST:
        options[0] = replace(options[0], best=True)
    return options


def _in_house(
    family: tuple[Person, ...], needs: frozenset[Need], house: HouseView, household: int | None
) -> list[Option]:
    rooms = sorted(house.rooms, key=lambda room: (room.position, room.id))
    everywhere = [opening(room, household) for room in rooms]
    has_adult = any(one.adult for one in family) or any(one.adult for room in everywhere for one in room.kin)
    # A room for isolation is for those who need it and for nobody else; they go nowhere else.
    openings = [one for one in everywhere if one.room.isolates == (Need.ISOLATION in needs)]

    options = list(_in_one_room(family, needs, house, openings, has_adult))
    if any(_settles(option) for option in options):
        # With a real bed for everybody there is no call for a mattress on the floor, still less for a second room.
        return [option for option in options if not option.over_capacity]
    return options + _in_two_rooms(family, needs, house, openings, has_adult)


def _in_one_room(
    family: tuple[Person, ...], needs: frozenset[Need], house: HouseView, openings: Sequence[Opening], has_adult: bool
) -> Iterator[Option]:
    for room in openings:
        if places := arrange(family, carers(family), room, room.mattresses):
            plan = Plan(house, (Lodging(room, family),), needs, has_adult)
            yield _option(plan, places)


def _in_two_rooms(
    family: tuple[Person, ...], needs: frozenset[Need], house: HouseView, openings: Sequence[Opening], has_adult: bool
) -> list[Option]:
    """Only the most promising pairs are worked out, adjoining ones before others."""
    if len(family) < 2:
        return []
    burden = {one.room.id: _burden(weigh(Plan(house, (Lodging(one, family),), needs, has_adult))) for one in openings}
    pairs: list[tuple[tuple[bool, bool, int, int, int, int], Opening, Opening]] = []
    for one, other in combinations([room for room in openings if room.beds], 2):
        beds = len(one.beds) + len(other.beds)
        if beds + one.mattresses + other.mattresses + len(family) // 2 < len(family):
            continue
        heavier, lighter = sorted((burden[one.room.id], burden[other.room.id]), reverse=True)
        apart = not one.room.adjoins(other.room)
        first, second = sorted((one, other), key=lambda room: (burden[room.room.id], -len(room.beds)))
        pairs.append(((apart, beds < len(family), heavier, lighter, beds, len(pairs)), first, second))
    options = []
    for (apart, *_), first, second in sorted(pairs, key=lambda pair: pair[0])[:PAIRS_A_HOUSE]:
        if divided := _divide(family, first, second):
            lodgings, places = divided
            options.append(_option(Plan(house, lodgings, needs, has_adult), places, split=apart))
    return options


def _divide(
    family: tuple[Person, ...], first: Opening, second: Opening
) -> tuple[tuple[Lodging, Lodging], tuple[Place, ...]] | None:
    """Real beds either way round before a mattress; the carer is in the first of the two lodgings."""
    for near, apart, mattresses in ((first, second, False), (second, first, False), (first, second, True)):
        if divided := arrange_in_two(family, near, apart, mattresses):
            here, there, places = divided
            return (Lodging(near, here), Lodging(apart, there)), places
    return None


def _option(plan: Plan, places: tuple[Place, ...], split: bool = False) -> Option:
    reasons = in_order([*weigh(plan), *_sleeping_places(plan.party, places), *_to_be_cleaned(plan, places)])
    return _named(
        Option(
            "",
            plan.house,
            tuple(lodging.room for lodging in plan.lodgings),
            places,
            standing_of(reasons),
            reasons,
            split,
        )
    )


def _named(option: Option) -> Option:
    """Give an option its key: who sleeps in which room, in which beds they do, and what speaks against it so gravely
    that it must be seen first. Beds of a room are equal, so it is the same option whoever of them has which."""
    rooms = {room.id: room for room in option.rooms}
    beds = {bed.id: bed.ref for room in option.rooms for bed in room.beds}
    lines = [str(option.house.ref)]
    lines += [
        f"{place.person_key} {rooms[place.room_id].ref} {place.kind} {place.shares_with}"
        for place in sorted(option.places, key=lambda place: place.person_key)
    ]
    lines += sorted(str(beds[bed]) for bed in {place.bed_id for place in option.places if place.bed_id is not None})
    lines += sorted(code for code in _unmet_codes(option) if code in AGAINST_ADVICE)
    return replace(option, key=hashlib.sha256("\n".join(lines).encode()).hexdigest())


def _sleeping_places(family: Iterable[Person], places: Sequence[Place]) -> Iterator[Reason]:
    infants = {one.key for one in family if is_infant(one)}
    mattresses = sum(place.extra and place.person_key not in infants for place in places)
    cots = sum(place.extra and place.person_key in infants for place in places)
    if mattresses or cots:
        yield unmet(ReasonCode.EXTRA_MATTRESS, mattresses=mattresses, cots=cots)
    else:
        beds = len({place.bed_id for place in places if place.person_key not in infants})
        babies = sum(place.person_key in infants for place in places)
        beside = sum(place.sharing and place.person_key in infants for place in places)
        yield met(ReasonCode.ENOUGH_BEDS, persons=len(places), beds=beds, beside=beside, cots=babies - beside)
    if infants and not cots:
        if beside := sum(place.sharing and place.person_key in infants for place in places):
            yield remark(ReasonCode.INFANT_SHARES_BED, children=beside)
        else:
            yield met(ReasonCode.COT_FOR_INFANT, cots=len(infants))
    if small := sum(place.sharing and place.person_key not in infants for place in places):
        yield remark(ReasonCode.SMALL_CHILD_SHARES_BED, children=small)


def _to_be_cleaned(plan: Plan, places: Sequence[Place]) -> Iterator[Reason]:
    """Beds somebody left that are not said to be ready: at two in the morning nobody is turned away for sheets."""
    chosen = {place.bed_id for place in places}
    names = [
        bed_name(lodging.room.label, bed.label)
        for lodging in plan.lodgings
        for bed in lodging.room.beds
        if bed.to_clean and bed.id in chosen
    ]
    if names:
        yield remark(ReasonCode.BED_TO_BE_CLEANED, beds=", ".join(names))


def _unclean(option: Option) -> int:
    """How many of its beds are still to be cleaned."""
    chosen = {place.bed_id for place in option.places}
    return sum(bed.to_clean and bed.id in chosen for room in option.rooms for bed in room.beds)


def _keep_family_rooms(person: Person, options: list[Option], houses: Sequence[HouseView]) -> list[Option]:
    """A room for a family is not filled with one person while a single bed that suits her is free, and it is said."""
    family_rooms = _family_rooms(houses)
    if not family_rooms or not any(
        _is_single(person, option) and option.standing is Standing.RECOMMENDED for option in options
    ):
        return options
    kept: list[Option] = []
    for option in options:
        room = option.rooms[0]
        if room.id in family_rooms:
            reason = unmet(ReasonCode.FAMILY_ROOM_NEEDED_FOR_FAMILIES, room=room.label)
        elif _is_single(person, option):
            reason = met(ReasonCode.KEEPS_FAMILY_ROOM_FREE, rooms=len(family_rooms))
        else:
            kept.append(option)
            continue
        reasons = in_order([*option.reasons, reason])
        kept.append(replace(option, reasons=reasons, standing=standing_of(reasons)))
    return kept


def _family_rooms(houses: Sequence[HouseView]) -> frozenset[int]:
    return frozenset(room.id for house in houses for room in house.rooms if opening(room).can_take_a_family)


def _is_single(person: Person, option: Option) -> bool:
    """A bed in the kind of room that is meant for a person on her own."""
    purpose = option.rooms[0].purpose
    return (purpose is RoomPurpose.ADULT_WOMEN and is_woman(person)) or (
        purpose is RoomPurpose.GIRLS and is_teenage_girl(person)
    )


def _unmet_codes(option: Option) -> set[ReasonCode]:
    return {reason.code for reason in option.reasons if reason.kind is ReasonKind.UNMET}


def _settles(option: Option) -> bool:
    """A real bed for all, and nothing about the room against advice; what bars the house is the same in every room."""
    return not option.over_capacity and not _unmet_codes(option) & (AGAINST_ADVICE - HOUSE_WIDE)


def _burden(reasons: Iterable[Reason]) -> int:
    missing = [reason.code for reason in reasons if reason.kind is ReasonKind.UNMET]
    return sum(1000 if code in AGAINST_ADVICE else WEIGHT[code] for code in missing)


def _rank(option: Option, family: Sequence[Person], needs: frozenset[Need]) -> tuple[object, ...]:
    """Advice, what is unmet, comfort, what is left for others, and then the order of the house.

    Between equals: clean beds before those still to be cleaned, own beds before shared ones, no special room for
    those who do not need it, a room that is filled before one that is left half empty.
    """
    missing = _unmet_codes(option)
    weight = sum(WEIGHT.get(code, 0) for code in missing)
    weight += WEIGHT[ReasonCode.EXTRA_MATTRESS] * max(0, option.over_capacity - 1)
    sharing = sum(place.sharing for place in option.places)
    infants = any(is_infant(one) for one in family)
    special = sum(
        (room.wheelchair and Need.WHEELCHAIR not in needs) * 2
        + (room.ground_floor and not needs & {Need.WHEELCHAIR, Need.GROUND_FLOOR, Need.PREGNANT})
        - 3 * (infants and room.purpose is RoomPurpose.INFANTS)
        for room in option.rooms
    )
    used = len({place.bed_id for place in option.places if place.bed_id is not None})
    left = sum(len(opening(room).beds) for room in option.rooms) - used
    return (
        STANDINGS.index(option.standing),
        len(missing & AGAINST_ADVICE),
        weight,
        _unclean(option),
        sharing,
        special,
        left,
        option.house.id,
        tuple((room.position, room.id) for room in option.rooms),
        option.key,
    )


def _shortlist(options: Sequence[Option], limit: int) -> tuple[Option, ...]:
    """The first half of the list is the best there is; then every house shows its best, even where it is far down."""
    order = {option.key: index for index, option in enumerate(options)}
    chosen = {option.key: option for option in options[: (limit + 1) // 2]}
    best_of_house: dict[int, Option] = {}
    for option in options:
        best_of_house.setdefault(option.house.id, option)
    for option in (*best_of_house.values(), *options):
        if len(chosen) < limit:
            chosen.setdefault(option.key, option)
    return tuple(sorted(chosen.values(), key=lambda option: order[option.key]))


def _remarks(
    family: Sequence[Person],
    needs: frozenset[Need],
    all_houses: Sequence[HouseView],
    options: Sequence[Option],
    barred: Sequence[HouseView],
) -> tuple[Reason, ...]:
    remarks = []
    houses = [one for one in all_houses if not one.barred]
    if barred and not options:
        return (remark(ReasonCode.ONLY_BARRED),)
    if not any(opening(room).beds for house in houses for room in house.rooms):
        remarks.append(remark(ReasonCode.NOTHING_FREE))
    if Need.ISOLATION in needs and not options:
        remarks.append(remark(ReasonCode.NO_ISOLATION_ROOM))
    elif family and not options:
        remarks.append(remark(ReasonCode.NO_PLACE_FOR_ALL, persons=len(family)))
    elif options and all(option.standing is Standing.ADVISED_AGAINST for option in options):
        remarks.append(remark(ReasonCode.ONLY_AGAINST_ADVICE))
    if len(family) > 1 and not any(len(option.rooms) == 1 for option in options):
        if options:
            remarks.append(remark(ReasonCode.NO_ONE_ROOM_FOR_ALL, persons=len(family)))
        if (largest := largest_family(houses)) and Need.ISOLATION not in needs:
            remarks.append(remark(ReasonCode.LARGEST_FAMILY, persons=largest))
    if any(reason.code is ReasonCode.KEEPS_FAMILY_ROOM_FREE for option in options for reason in option.reasons):
        remarks.append(remark(ReasonCode.KEEPS_FAMILY_ROOM_FREE, rooms=len(_family_rooms(houses))))
    return tuple(remarks)
