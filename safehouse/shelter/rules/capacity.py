"""How many families could be taken in tonight, as against how many beds are free."""

from collections.abc import Iterable, Iterator, Sequence

from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.rules.houses import HouseView, Opening, opening

FAMILY_SIZES = (2, 3, 4)
ANY_CHILD = frozenset({RoomPurpose.MOTHER_CHILD, RoomPurpose.ANY_FAMILY})


def places_for_families(free_beds: Iterable[int]) -> dict[int, int]:
    """For 2, 3 and 4 persons: how many families of that size, a mother and her children, could be taken in now, from
    the free beds of each room that takes any family and that nobody sleeps or is expected in.

    A room counts for a size when such a family, with no special need, would be recommended it: kept for mothers
    with children or for any family, not for isolation, and a free bed for each. Rooms kept for infants are left out,
    for not every family has one; cots and mattresses are no beds. A room takes one family, however large it is. The
    sizes are three separate answers and are not to be added up.
    """
    free = list(free_beds)
    return {size: sum([beds >= size for beds in free]) for size in FAMILY_SIZES}


def takes_any_family(purpose: RoomPurpose, *, isolates: bool) -> bool:
    """Whether a room is kept for families whatever their children's ages, and not for isolation."""
    return purpose in ANY_CHILD and not isolates


def largest_family(houses: Sequence[HouseView]) -> int:
    """How many persons the largest family could have that would still be recommended one room; 0 when none would."""
    return max((len(room.beds) for room in _rooms_for_any_family(houses) if len(room.beds) >= 2), default=0)


def _rooms_for_any_family(houses: Sequence[HouseView]) -> Iterator[Opening]:
    for house in houses:
        for room in () if house.barred else house.rooms:
            if takes_any_family(room.purpose, isolates=room.isolates):
                offered = opening(room)
                if offered.undisturbed:
                    yield offered
