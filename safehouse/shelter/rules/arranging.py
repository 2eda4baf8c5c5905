"""Who sleeps where inside a room. Beds of a room are equal, so they are given out in order, never searched through."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from safehouse.shelter.choices import BedKind
from safehouse.shelter.rules.houses import BedView, Opening
from safehouse.shelter.rules.people import Person, carers, is_infant, is_small

INFANTS_BESIDE_A_CARER = 2  # twins; a bigger small child sleeps beside her only when nobody else does


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person sleeps.

    Without `bed_id` the place is made on the spot: a mattress, or a cot for an infant (`extra`). A small child
    beside the woman who cares for her has that woman's bed and names her in `shares_with`.
    """

    person_key: int
    room_id: int
    bed_id: int | None
    kind: BedKind
    shares_with: int | None = None
    extra: bool = False

    @property
    def sharing(self) -> bool:
        return self.shares_with is not None


def arrange(
    party: Sequence[Person], family_carers: Collection[Person], room: Opening, mattresses: int
) -> tuple[Place, ...] | None:
    """Give everyone in the party a place in the room, or nobody.

    An infant gets a cot, else sleeps beside a carer, else gets a cot made on the spot. When beds are short a small
    child sleeps beside a carer who has nobody beside her, then mattresses are laid, at most `mattresses`.
    """
    women = [one for one in party if one in family_carers]
    infants = sorted(filter(is_infant, party), key=_by_age)
    sleepers = [one for one in party if not is_infant(one)]
    short = len(sleepers) - len(room.beds)
    small = sorted(filter(is_small, sleepers), key=_by_age)
    if short - min(len(small), len(women)) > mattresses:
        return None
    beside = _beside_carers(women, infants[len(room.cots) :], small[: max(0, short)])

    # Carers first, so that whoever shares shares a real bed; the eldest children lie best on a mattress.
    in_beds = sorted(
        (one for one in sleepers if one.key not in beside),
        key=lambda one: (one not in women, not one.adult, *_by_age(one)),
    )
    cot_of = {one.key: cot.id for one, cot in zip(infants, _given_out(room.cots, len(infants)), strict=False)}
    bed_of = {one.key: bed.id for one, bed in zip(in_beds, _given_out(room.beds, len(in_beds)), strict=False)}

    places = []
    for one in sorted(party, key=lambda one: one.key):
        if (carer := beside.get(one.key)) is not None:
            kind = BedKind.BED if carer in bed_of else BedKind.MATTRESS
            places.append(Place(one.key, room.room.id, bed_of.get(carer), kind, shares_with=carer))
        else:
            kind, given = (BedKind.COT, cot_of) if is_infant(one) else (BedKind.BED, bed_of)
            extra = one.key not in given
            on_the_spot = BedKind.COT if kind is BedKind.COT else BedKind.MATTRESS
            places.append(Place(one.key, room.room.id, given.get(one.key), on_the_spot if extra else kind, extra=extra))
    return tuple(places) if sum(place.extra for place in places) <= mattresses else None


def _given_out(beds: Sequence[BedView], count: int) -> list[BedView]:
    """As many as are needed, those that are wanted among them; in the order of the room, whichever they are."""
    chosen = sorted(range(len(beds)), key=lambda at: (not beds[at].wanted, at))[:count]
    return [beds[at] for at in sorted(chosen)]


def _beside_carers(women: Sequence[Person], infants: Sequence[Person], small: Sequence[Person]) -> dict[int, int]:
    """Who sleeps beside whom: infants wherever there is still room beside a woman, then one small child each."""
    count = {one.key: 0 for one in women}
    beside: dict[int, int] = {}
    for most, children in ((INFANTS_BESIDE_A_CARER, infants), (1, small)):
        for child in children:
            freest = min(count, key=lambda key: count[key], default=None)
            if freest is not None and count[freest] < most:
                beside[child.key] = freest
                count[freest] += 1
    return beside


def arrange_in_two(
    family: Sequence[Person], first: Opening, second: Opening, mattresses: bool
) -> tuple[tuple[Person, ...], tuple[Person, ...], tuple[Place, ...]] | None:
    """Divide a family between two rooms: (in the first, in the second, the places), or None.

    A carer keeps every small child with her, and of the others as many as her room takes, the youngest first.
    Another adult goes to the second room, so that the children there are not alone.
    """
    family_carers = carers(family)
    elders = sorted(family, key=lambda one: (not one.adult, -(one.age_months or 0), one.key))
    heart = family_carers[0] if family_carers else elders[0]
    near = [one for one in family if one is heart or is_small(one)]
    rest = sorted((one for one in family if one not in near), key=lambda one: (one.adult, *_by_age(one)))
    here = first.mattresses if mattresses else 0
    there = second.mattresses if mattresses else 0
    for stay in range(len(rest) - 1, -1, -1):
        party, apart = tuple(near + rest[:stay]), tuple(rest[stay:])
        one = arrange(party, family_carers, first, here)
        other = arrange(apart, family_carers, second, there) if one is not None else None
        if one is not None and other is not None:
            return party, apart, tuple(sorted(one + other, key=lambda place: place.person_key))
    return None


def _by_age(one: Person) -> tuple[int, int]:
    """Youngest first; an unknown age last."""
    return (one.age_months if one.age_months is not None else 10_000, one.key)
