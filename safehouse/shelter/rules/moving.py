"""Where someone who lives here could move to: every room with a place to sleep, best first, each with its reasons."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from safehouse.shelter.choices import Need
from safehouse.shelter.rules.fitting import fit, in_order
from safehouse.shelter.rules.houses import BedView, HouseView, RoomView, opening
from safehouse.shelter.rules.people import Person, carers, is_infant, is_small
from safehouse.shelter.rules.reasons import AGAINST_ADVICE, Reason, ReasonCode, ReasonKind, Standing, standing_of, unmet
from safehouse.shelter.rules.suggesting import STANDINGS, WEIGHT


@dataclass(frozen=True, slots=True)
class Member:
    """One of a household, and where she sleeps now: the house and the bed by number, the room by its label."""

    person: Person
    house: int
    room: str
    bed: int
    sharing: bool


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """A room that has a place for her: its free beds (cots for an infant), and whether one more can be made.

    `reasons` are those of the room; sleeping on something made on the spot adds one of its own.
    """

    house: HouseView
    room: RoomView
    beds: tuple[BedView, ...]
    on_the_spot: bool
    cot: bool  # what would be made on the spot is a cot
    reasons: tuple[Reason, ...]

    @property
    def standing(self) -> Standing:
        """Of the best place in it."""
        return standing_of(self.reasons if self.beds else self.reasons_on_the_spot)

    @property
    def reasons_on_the_spot(self) -> tuple[Reason, ...]:
        extra = unmet(ReasonCode.EXTRA_MATTRESS, mattresses=int(not self.cot), cots=int(self.cot))
        return in_order([*self.reasons, extra])

    @property
    def met(self) -> int:
        return sum(reason.kind is ReasonKind.MET for reason in self._shown)

    @property
    def asked(self) -> int:
        return sum(reason.kind is not ReasonKind.REMARK for reason in self._shown)

    @property
    def _shown(self) -> tuple[Reason, ...]:
        return self.reasons if self.beds else self.reasons_on_the_spot


def rooms_to_move_to(
    person: Person,
    along: Sequence[Person],
    needs: frozenset[Need],
    houses: Sequence[HouseView],
    household: int,
    family: Sequence[Member] = (),
) -> tuple[RoomChoice, ...]:
    """Every room of these houses in which she could sleep, house by house; the house with the best room first.

    `along` are the small children who share her bed. A room against advice is among them, with what speaks against
    it; a family divided between houses is said to be divided. A house she must not share is not among them. `family`
    is everyone of her household who lives here, in whichever house: a child who would lose the adult she sleeps near
    is counted, and whoever has a bed of her own is not offered the floor of the same room.
    """
    ranked = []
    for house in houses:
        if house.barred:
            continue
        rooms = [
            choice
            for room in house.rooms
            if (
                choice := _choice(
                    person,
                    along,
                    needs,
                    house,
                    room,
                    household,
                    _apart(person, along, houses, house, household),
                    family,
                )
            )
        ]
        rooms.sort(key=_rank)
        if rooms:
            ranked.append((_rank(rooms[0]), house.id, rooms))
    return tuple(choice for _, _, rooms in sorted(ranked, key=lambda one: one[:2]) for choice in rooms)


def _choice(
    person: Person,
    along: Sequence[Person],
    needs: frozenset[Need],
    house: HouseView,
    room: RoomView,
    household: int,
    apart: Sequence[str],
    family: Sequence[Member],
) -> RoomChoice | None:
    offered = opening(room, household, {person.key, *(one.key for one in along)})
    beds = offered.cots if is_infant(person) else offered.beds
    on_the_spot = offered.mattresses > 0 and not any(
        member.person.key == person.key and not member.sharing and (member.house, member.room) == (house.id, room.label)
        for member in family
    )
    if not beds and not on_the_spot:
        return None
    reasons = fit(person, needs, room, house, household, along)
    if apart and not any(reason.code is ReasonCode.FAMILY_SPLIT for reason in reasons):
        rooms = ", ".join([f"{house.name} {room.label}", *apart])
        reasons = in_order(
            [
                *(one for one in reasons if one.code is not ReasonCode.ONE_ROOM),
                unmet(ReasonCode.FAMILY_SPLIT, rooms=rooms),
            ]
        )
    if alone := tuple(children_apart({person.key, *(one.key for one in along)}, family, house.id, room.label)):
        reasons = in_order([*(one for one in reasons if one.code is not ReasonCode.CHILDREN_WITHOUT_ADULT), *alone])
    return RoomChoice(house, room, beds, on_the_spot, is_infant(person), reasons)


def children_apart(moving: Collection[int], family: Sequence[Member], house: int, room: str) -> Iterator[Reason]:
    """What it would mean for the children of a family if only these of them went to this room.

    Counted is who has an adult of her own near her now and would not have her any more. A child who is apart already
    is no reason against a move that changes nothing about it.
    """
    keepers = {one.key for one in keepers_of([member.person for member in family])}
    before = {member.person.key: (member.house, member.room) for member in family}
    after = {key: (house, room) if key in moving else place for key, place in before.items()}
    counted = dict.fromkeys(
        (ReasonCode.CHILD_IN_ANOTHER_HOUSE, ReasonCode.SMALL_CHILD_ALONE, ReasonCode.CHILD_IN_ANOTHER_ROOM), 0
    )
    for member in family:
        key = member.person.key
        if key in keepers:
            continue
        if _near(before[key][:1], keepers, before) and not _near(after[key][:1], keepers, after):
            counted[ReasonCode.CHILD_IN_ANOTHER_HOUSE] += 1
        elif _near(before[key], keepers, before) and not _near(after[key], keepers, after):
            small = is_small(member.person)
            counted[ReasonCode.SMALL_CHILD_ALONE if small else ReasonCode.CHILD_IN_ANOTHER_ROOM] += 1
    return (unmet(code, children=children) for code, children in counted.items() if children)


def keepers_of(family: Sequence[Person]) -> list[Person]:
    """Whoever looks after the children of a family: its adults, or the girl of sixteen who came with her baby."""
    return [one for one in family if one.adult] or carers(family)


def _near(place: tuple[int | str, ...], keepers: Collection[int], places: dict[int, tuple[int, str]]) -> bool:
    """Whether one of them sleeps there; a place is a house, or a room in it."""
    return any(places[key][: len(place)] == place for key in keepers)


def _apart(
    person: Person, along: Sequence[Person], houses: Sequence[HouseView], there: HouseView, household: int
) -> list[str]:
    """Rooms of other houses in which her family would stay behind."""
    moving = {person.key, *(one.key for one in along)}
    return [
        f"{house.name} {room.label}"
        for house in houses
        if house.id != there.id
        for room in house.rooms
        if opening(room, household, moving).kin
    ]


def _rank(choice: RoomChoice) -> tuple[int, int, int, bool, int, int]:
    missing = {
        reason.code
        for reason in (choice.reasons if choice.beds else choice.reasons_on_the_spot)
        if reason.kind is ReasonKind.UNMET
    }
    return (
        STANDINGS.index(choice.standing),
        len(missing & AGAINST_ADVICE),
        sum(WEIGHT.get(code, 0) for code in missing),
        bool(choice.beds) and all(bed.to_clean for bed in choice.beds),
        choice.room.position,
        choice.room.id,
    )
