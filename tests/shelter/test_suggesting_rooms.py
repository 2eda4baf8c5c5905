"""Which room and beds a family gets: all together in one room, cots, shared beds, mattresses, and single beds."""

from safehouse.residents.models import Sex
from safehouse.shelter.choices import BedKind, Need, RoomPurpose
from safehouse.shelter.rules.houses import BedState
from safehouse.shelter.rules.people import Occupant, Person
from safehouse.shelter.rules.reasons import ReasonCode, Standing
from safehouse.shelter.rules.suggesting import suggest
from tests.shelter.rooms_and_families import (
    MOTHER,
    NO_NEEDS,
    WOMAN_THERE,
    bed,
    boy,
    codes,
    cot,
    girl,
    house,
    mother_child,
    option_for,
    room,
    unmet_codes,
    women,
)

# A family together


def test_a_whole_family_is_placed_in_one_room_first():
    wide, small, next_door = mother_child(4), mother_child(2), mother_child(2)
    best = suggest([MOTHER, girl(2, 7), boy(3, 6), girl(4, 9)], NO_NEEDS, [house(small, next_door, wide)]).best
    assert best is not None
    assert best.rooms == (wide,)
    assert best.standing is Standing.RECOMMENDED
    assert (best.met, best.asked) == (5, 5)
    assert not best.split


def test_a_family_too_large_for_one_room_is_offered_adjoining_rooms_before_distant_ones():
    near = mother_child(3)
    adjoining, far = mother_child(3, beside=[near]), mother_child(3)
    family = [MOTHER, *(girl(key, 4 + key) for key in range(2, 7))]
    options = suggest(family, NO_NEEDS, [house(near, far, adjoining)]).options
    two_rooms = [one for one in options if len(one.rooms) == 2]
    assert set(two_rooms[0].rooms) == {near, adjoining}
    assert ReasonCode.ADJOINING_ROOMS in unmet_codes(two_rooms[0].reasons)
    assert not two_rooms[0].split
    assert all(one.split and ReasonCode.FAMILY_SPLIT in unmet_codes(one.reasons) for one in two_rooms[1:])
    assert all(one.standing is Standing.POSSIBLE for one in two_rooms)


def test_a_family_is_never_divided_between_houses():
    suggestions = suggest(
        [MOTHER, girl(2, 8), girl(3, 9), girl(4, 10), girl(5, 11)], NO_NEEDS, [house(women(1)), house(women(1))]
    )
    assert suggestions.options == ()
    assert ReasonCode.NO_PLACE_FOR_ALL in codes(suggestions.remarks)


def test_small_children_stay_with_their_mother_when_a_family_is_divided():
    first, second = mother_child(2), mother_child(3)
    family = [MOTHER, girl(2, 16), girl(3, 3), boy(4, 9), girl(5, 14)]
    divided = [one for one in suggest(family, NO_NEEDS, [house(first, second)]).options if len(one.rooms) == 2]
    assert divided
    for option in divided:
        where = {place.person_key: place.room_id for place in option.places}
        assert where[3] == where[1]


def test_children_who_would_sleep_without_an_adult_are_named():
    family = [MOTHER, girl(2, 16), girl(3, 8), girl(4, 9), girl(5, 10), girl(6, 11)]
    option = suggest(family, NO_NEEDS, [house(mother_child(3), mother_child(3))]).options[-1]
    assert ReasonCode.CHILDREN_WITHOUT_ADULT in codes(option.reasons)


def test_a_second_adult_goes_with_the_children_in_the_second_room():
    grandmother = Person(9, Sex.FEMALE, None, True)
    family = [MOTHER, grandmother, girl(2, 6), girl(3, 7), girl(4, 8), girl(5, 9)]
    option = next(
        one
        for one in suggest(family, NO_NEEDS, [house(mother_child(3), mother_child(3))]).options
        if len(one.rooms) == 2
    )
    where = {place.person_key: place.room_id for place in option.places}
    assert where[9] != where[1]
    assert ReasonCode.CHILDREN_WITHOUT_ADULT not in codes(option.reasons)


def test_a_house_with_a_room_for_all_does_not_offer_to_divide_the_family():
    options = suggest([MOTHER, girl(2, 8)], NO_NEEDS, [house(mother_child(2), women(1), women(1))]).options
    assert all(len(one.rooms) == 1 for one in options)


def test_a_family_prefers_a_room_with_nobody_else():
    shared, empty = mother_child([bed(WOMAN_THERE), bed(), bed()]), mother_child(2)
    options = suggest([MOTHER, girl(2, 8)], NO_NEEDS, [house(shared, empty)]).options
    assert options[0].rooms == (empty,)
    assert option_for(shared, options).standing is Standing.POSSIBLE
    assert ReasonCode.ROOM_SHARED in unmet_codes(option_for(shared, options).reasons)


def test_the_room_that_leaves_the_fewest_beds_empty_comes_first():
    wide, tight = mother_child(5), mother_child(2)
    best = suggest([MOTHER, girl(2, 8)], NO_NEEDS, [house(wide, tight)]).best
    assert best is not None
    assert best.rooms == (tight,)


def test_members_who_already_live_in_the_house_are_no_strangers():
    hers = mother_child([bed(Occupant(7, Sex.FEMALE, None, True)), bed()])
    best = suggest([boy(2, 11)], NO_NEEDS, [house(hers)], household=7).best
    assert best is not None
    assert best.standing is Standing.RECOMMENDED


# Cots, shared beds, mattresses


def test_an_infant_gets_a_cot_when_there_is_one():
    with_cot = room(RoomPurpose.INFANTS, [bed(), cot()])
    best = suggest([MOTHER, girl(2, 0, 5)], NO_NEEDS, [house(with_cot)]).best
    assert best is not None
    assert [place.kind for place in best.places] == [BedKind.BED, BedKind.COT]
    assert ReasonCode.COT_FOR_INFANT in codes(best.reasons)


def test_an_infant_without_a_cot_sleeps_beside_her_mother_and_it_is_said():
    best = suggest([MOTHER, girl(2, 0, 5)], NO_NEEDS, [house(mother_child(1))]).best
    assert best is not None
    mother, infant = best.places
    assert infant.bed_id == mother.bed_id
    assert infant.shares_with == 1
    assert ReasonCode.INFANT_SHARES_BED in codes(best.reasons)
    assert best.over_capacity == 0


def test_a_mother_with_an_infant_is_offered_a_room_for_infants_first():
    infants, others = room(RoomPurpose.INFANTS, [bed(), cot()]), mother_child([bed(), cot()])
    best = suggest([MOTHER, boy(2, 0, 11)], NO_NEEDS, [house(others, infants)]).best
    assert best is not None
    assert best.rooms == (infants,)


def test_a_child_of_twelve_months_needs_a_bed_and_no_cot():
    best = suggest([MOTHER, girl(2, 1)], NO_NEEDS, [house(mother_child([bed(), bed(), cot()]))]).best
    assert best is not None
    assert best.places[1].kind is BedKind.BED


def test_a_small_child_shares_her_mothers_bed_only_when_beds_are_short():
    family = [MOTHER, girl(2, 4), girl(3, 8)]
    short, enough = mother_child(2), mother_child(3)
    options = suggest(family, NO_NEEDS, [house(short, enough)]).options
    assert options[0].rooms == (enough,)
    shared = option_for(short, options)
    assert {place.person_key for place in shared.places if place.sharing} == {2}
    assert shared.standing is Standing.RECOMMENDED
    assert ReasonCode.SMALL_CHILD_SHARES_BED in codes(shared.reasons)


def test_a_child_of_five_has_a_bed_of_her_own_or_a_mattress():
    option = suggest([MOTHER, girl(2, 5)], NO_NEEDS, [house(mother_child(1))]).options[0]
    assert option.places[1].extra
    assert option.places[1].kind is BedKind.MATTRESS
    assert option.standing is Standing.POSSIBLE
    assert ReasonCode.EXTRA_MATTRESS in unmet_codes(option.reasons)


def test_at_most_two_mattresses_are_laid_in_a_room_those_already_there_included():
    family = [MOTHER, girl(2, 8), girl(3, 9)]
    one_laid = mother_child([bed(), bed(WOMAN_THERE, kind=BedKind.MATTRESS)])
    assert suggest(family, NO_NEEDS, [house(one_laid)]).options == ()
    assert suggest(family, NO_NEEDS, [house(mother_child(1))]).options[0].over_capacity == 2
    assert suggest([*family, girl(4, 10)], NO_NEEDS, [house(mother_child(1))]).options == ()


def test_no_mattress_is_offered_in_a_house_where_a_bed_is_free_for_everybody():
    options = suggest([MOTHER, girl(2, 8)], NO_NEEDS, [house(mother_child(1), mother_child(2))]).options
    assert all(one.over_capacity == 0 for one in options)


def test_nobody_sleeps_in_a_room_whose_every_bed_is_closed():
    closed = mother_child([bed(state=BedState.CLOSED), bed(state=BedState.CLOSED)])
    suggestions = suggest([MOTHER], NO_NEEDS, [house(closed)])
    assert suggestions.options == ()
    assert codes(suggestions.remarks) == {ReasonCode.NOTHING_FREE, ReasonCode.NO_PLACE_FOR_ALL}


# Family rooms and single beds


def test_a_family_room_is_not_filled_with_one_woman_while_a_single_bed_is_free_and_it_is_said():
    family_room, single = room(RoomPurpose.ANY_FAMILY, 2), women([bed(WOMAN_THERE), bed()])
    suggestions = suggest([MOTHER], NO_NEEDS, [house(family_room), house(single)])
    assert suggestions.best is not None
    assert suggestions.best.rooms == (single,)
    assert ReasonCode.KEEPS_FAMILY_ROOM_FREE in codes(suggestions.best.reasons)
    assert ReasonCode.KEEPS_FAMILY_ROOM_FREE in codes(suggestions.remarks)
    other = option_for(family_room, suggestions.options)
    assert other.standing is Standing.POSSIBLE
    assert unmet_codes(other.reasons) == {ReasonCode.FAMILY_ROOM_NEEDED_FOR_FAMILIES}


def test_a_family_room_is_open_to_one_woman_when_no_single_bed_is_free():
    family_room, full = room(RoomPurpose.ANY_FAMILY, 2), women([bed(WOMAN_THERE)])
    suggestions = suggest([MOTHER], NO_NEEDS, [house(family_room, full)])
    assert suggestions.best is not None
    assert suggestions.best.rooms == (family_room,)
    assert suggestions.remarks == ()


def test_a_single_bed_she_cannot_reach_does_not_keep_her_out_of_a_family_room():
    upstairs, family_room = women(1), room(RoomPurpose.ANY_FAMILY, 2, ground_floor=True, wheelchair=True)
    best = suggest([MOTHER], frozenset({Need.WHEELCHAIR}), [house(upstairs, family_room)]).best
    assert best is not None
    assert best.rooms == (family_room,)
    assert best.standing is Standing.RECOMMENDED
