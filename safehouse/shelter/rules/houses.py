"""Houses, rooms and beds as the rules of the shelter see them, at one moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from safehouse.shelter.choices import BedKind, RoomPurpose
from safehouse.shelter.rules.people import Occupant

MATTRESSES_A_ROOM = 2
FAMILY_PURPOSES = frozenset({RoomPurpose.MOTHER_CHILD, RoomPurpose.INFANTS, RoomPurpose.ANY_FAMILY})


class BedState(StrEnum):
    FREE = "free"
    FULL = "full"
    HELD = "held"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class BedView:
    """A bed, and who sleeps in it. A held bed names the people it is held for where they are known; `to_clean` says
    that somebody left it and nobody has said that it is ready. A `wanted` one is given out before the others of its
    room: it was pressed on the board, is held for this family, or is the bed she has.

    A bed held for the very family a place is sought for is handed in as free.
    """

    id: int
    ref: UUID
    label: str
    kind: BedKind
    state: BedState
    occupants: tuple[Occupant, ...] = ()
    to_clean: bool = False
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class RoomView:
    id: int
    ref: UUID
    label: str
    position: int
    purpose: RoomPurpose
    ground_floor: bool
    wheelchair: bool
    isolation: bool
    beds: tuple[BedView, ...]
    adjoining: frozenset[int] = frozenset()  # ids of rooms behind a connecting door or next door

    @property
    def isolates(self) -> bool:
        return self.isolation or self.purpose is RoomPurpose.ISOLATION

    def adjoins(self, other: "RoomView") -> bool:
        return other.id in self.adjoining or self.id in other.adjoining


@dataclass(frozen=True, slots=True)
class HouseView:
    """A house with its rooms and its own ages.

    Boys are taken in with their mother up to and including `boys_age`, in completed years; from `separation_age`
    a boy never shares a room with women and girls who are not his family. `barred` says that somebody who lives
    or works here and somebody of the family must never share a house: no place in it is offered, and none can be
    chosen, whoever signs. Who they are is not known to the rules.
    """

    id: int
    ref: UUID
    name: str
    boys_age: int = 12
    separation_age: int = 10
    rooms: tuple[RoomView, ...] = ()
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What one room has to offer, and who is already there."""

    room: RoomView
    beds: tuple[BedView, ...]  # free, in the order they are given out
    cots: tuple[BedView, ...]
    mattresses: int  # how many more may be laid on the spot
    kin: tuple[Occupant, ...]
    others: tuple[Occupant, ...]
    expected: int  # beds held for people nobody has described

    @property
    def undisturbed(self) -> bool:
        """Nobody else sleeps in the room or is expected there."""
        return not self.others and not self.expected

    @property
    def can_take_a_family(self) -> bool:
        """A room kept for families that still could take one: two free beds, or nobody in it."""
        return (
            self.room.purpose in FAMILY_PURPOSES
            and not self.room.isolates
            and (len(self.beds) >= 2 or (len(self.beds) == 1 and self.undisturbed and not self.kin))
        )


def opening(room: RoomView, household: int | None = None, moving: Collection[int] = ()) -> Opening:
    """What the room offers to this household; people with these keys are about to move and are looked through."""
    sleepers = [one for bed in room.beds for one in bed.occupants if one.key not in moving]
    kin = tuple(one for one in sleepers if household is not None and one.household == household)
    free = sorted(
        (bed for bed in room.beds if bed.state is BedState.FREE),
        key=lambda bed: (bed.to_clean, len(bed.label), bed.label, bed.id),
    )
    laid = sum(bed.kind is BedKind.MATTRESS and bed.state in (BedState.FULL, BedState.HELD) for bed in room.beds)
    in_use = any(bed.kind is not BedKind.MATTRESS and bed.state is not BedState.CLOSED for bed in room.beds)
    return Opening(
        room=room,
        beds=tuple(bed for bed in free if bed.kind is BedKind.BED),
        cots=tuple(bed for bed in free if bed.kind is BedKind.COT),
        # A room whose every bed is closed is being repaired: nobody sleeps on its floor.
        mattresses=max(0, MATTRESSES_A_ROOM - laid) if in_use else 0,
        kin=kin,
        others=tuple(one for one in sleepers if household is None or one.household != household),
        expected=sum(bed.state is BedState.HELD and not bed.occupants for bed in room.beds),
    )


def with_wanted(houses: Sequence[HouseView], bed_ids: Collection[int]) -> tuple[HouseView, ...]:
    """The same houses, with these beds given out before the others of their rooms."""
    return tuple(
        replace(
            house,
            rooms=tuple(
                replace(room, beds=tuple(replace(bed, wanted=bed.id in bed_ids) for bed in room.beds))
                for room in house.rooms
            ),
        )
        for house in houses
    )


def without(houses: Sequence[HouseView], leaving: Collection[int]) -> tuple[HouseView, ...]:
    """The same houses as if these people slept nowhere: a bed that only they have is free, and wanted."""
    return tuple(
        replace(house, rooms=tuple(replace(room, beds=_left(room.beds, leaving)) for room in house.rooms))
        for house in houses
    )


def _left(beds: Sequence[BedView], leaving: Collection[int]) -> tuple[BedView, ...]:
    after = []
    for bed in beds:
        staying = tuple(one for one in bed.occupants if one.key not in leaving)
        if bed.state is BedState.FULL and bed.occupants and not staying:
            after.append(replace(bed, state=BedState.FREE, occupants=(), wanted=True))
        else:
            after.append(replace(bed, occupants=staying))
    return tuple(after)
