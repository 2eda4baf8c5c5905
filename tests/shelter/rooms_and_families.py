"""What the tests of suggesting share: people, beds, rooms and houses in few words, and the reasons of an option."""

from collections.abc import Sequence
from itertools import count
from uuid import UUID

from safehouse.residents.models import Sex
from safehouse.shelter.choices import BedKind, Need, RoomPurpose
from safehouse.shelter.rules.houses import BedState, BedView, HouseView, RoomView
from safehouse.shelter.rules.people import Occupant, Person
from safehouse.shelter.rules.reasons import Reason, ReasonCode, ReasonKind
from safehouse.shelter.rules.suggesting import Option

NO_NEEDS: frozenset[Need] = frozenset()
MOTHER = Person(1, Sex.FEMALE, None, True)
WOMAN_THERE = Occupant(900, Sex.FEMALE, None, True)
numbers = count(1)


def girl(key: int, years: int, months: int = 0) -> Person:
    return Person(key, Sex.FEMALE, years * 12 + months, False)


def boy(key: int, years: int, months: int = 0) -> Person:
    return Person(key, Sex.MALE, years * 12 + months, False)


def bed(occupant: Occupant | None = None, *, kind: BedKind = BedKind.BED, state: BedState | None = None) -> BedView:
    number = next(numbers)
    return BedView(
        number,
        UUID(int=number),
        str(number),
        kind,
        state or (BedState.FULL if occupant else BedState.FREE),
        (occupant,) if occupant else (),
    )


def cot() -> BedView:
    return bed(kind=BedKind.COT)


def room(
    purpose: RoomPurpose,
    beds: int | Sequence[BedView] = 1,
    *,
    ground_floor: bool = False,
    wheelchair: bool = False,
    beside: Sequence[RoomView] = (),
) -> RoomView:
    number = next(numbers)
    views = tuple(bed() for _ in range(beds)) if isinstance(beds, int) else tuple(beds)
    return RoomView(
        number,
        UUID(int=number),
        f"K{number}",
        number,
        purpose,
        ground_floor,
        wheelchair,
        False,
        views,
        frozenset(other.id for other in beside),
    )


def house(*rooms: RoomView, boys_age: int = 12, barred: bool = False) -> HouseView:
    number = next(numbers)
    return HouseView(number, UUID(int=number), f"Rumah {number}", boys_age=boys_age, rooms=rooms, barred=barred)


def mother_child(
    beds: int | Sequence[BedView] = 2,
    *,
    ground_floor: bool = False,
    wheelchair: bool = False,
    beside: Sequence[RoomView] = (),
) -> RoomView:
    return room(RoomPurpose.MOTHER_CHILD, beds, ground_floor=ground_floor, wheelchair=wheelchair, beside=beside)


def women(beds: int | Sequence[BedView] = 1, *, ground_floor: bool = False) -> RoomView:
    return room(RoomPurpose.ADULT_WOMEN, beds, ground_floor=ground_floor)


def unmet_codes(reasons: Sequence[Reason]) -> set[ReasonCode]:
    return {reason.code for reason in reasons if reason.kind is ReasonKind.UNMET}


def codes(reasons: Sequence[Reason]) -> set[ReasonCode]:
    return {reason.code for reason in reasons}


def option_for(wanted: RoomView, options: Sequence[Option]) -> Option:
    return next(one for one in options if [room.id for room in one.rooms] == [wanted.id])
