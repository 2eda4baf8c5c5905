"""Which bed for whom: examples as sentences first, then what holds for every family and every house."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehouse.residents.models import Sex
from safehouse.shelter.choices import BedKind, Need, RoomPurpose
from safehouse.shelter.rules.capacity import largest_family, usable_places
from safehouse.shelter.rules.fitting import fit
from safehouse.shelter.rules.houses import BedState, BedView, HouseView, RoomView
from safehouse.shelter.rules.people import Occupant, Person, carers
from safehouse.shelter.rules.reasons import Reason, ReasonCode, ReasonKind, Standing
from safehouse.shelter.rules.suggesting import Option, find, suggest

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


# Boys, men, children without family


@pytest.mark.parametrize(("age", "accepted"), [(boy(2, 12), True), (boy(2, 12, 11), True), (boy(2, 13), False)])
def test_a_boy_is_accepted_up_to_and_including_the_age_of_the_house(age: Person, accepted: bool):
    option = suggest([MOTHER, age], NO_NEEDS, [house(mother_child(2), boys_age=12)]).options[0]
    assert (option.standing is Standing.RECOMMENDED) == accepted
    assert (ReasonCode.BOY_OVER_AGE in unmet_codes(option.reasons)) != accepted


def test_a_boy_over_the_age_of_one_house_is_recommended_in_another_and_both_are_shown():
    younger, older = house(mother_child(2), boys_age=12), house(mother_child(2), boys_age=15)
    options = suggest([MOTHER, boy(2, 14)], NO_NEEDS, [younger, older]).options
    assert [(one.house.id, one.standing) for one in options] == [
        (older.id, Standing.RECOMMENDED),
        (younger.id, Standing.ADVISED_AGAINST),
    ]


def test_a_boy_whose_age_nobody_knows_is_never_simply_recommended():
    option = suggest([MOTHER, Person(2, Sex.MALE, None, False)], NO_NEEDS, [house(mother_child(2))]).options[0]
    assert option.standing is Standing.POSSIBLE
    assert ReasonCode.BOY_AGE_UNKNOWN in unmet_codes(option.reasons)


@pytest.mark.parametrize(("years", "against"), [(9, False), (10, True)])
def test_a_boy_of_ten_does_not_share_a_room_with_women_of_another_family(years: int, against: bool):
    shared = mother_child([bed(WOMAN_THERE), bed(), bed()])
    option = suggest([MOTHER, boy(2, years)], NO_NEEDS, [house(shared)]).options[0]
    assert (ReasonCode.BOY_WITH_UNRELATED in unmet_codes(option.reasons)) == against
    assert (option.standing is Standing.ADVISED_AGAINST) == against


def test_a_woman_is_not_placed_where_a_boy_of_another_family_sleeps():
    shared = women([bed(WOMAN_THERE), bed(Occupant(900, Sex.MALE, 130, False)), bed()])
    option = suggest([MOTHER], NO_NEEDS, [house(shared)]).options[0]
    assert ReasonCode.UNRELATED_BOY_IN_ROOM in unmet_codes(option.reasons)


def test_a_man_is_advised_against_everywhere_and_stays_visible():
    options = suggest(
        [MOTHER, Person(2, Sex.MALE, None, True)], NO_NEEDS, [house(mother_child(2)), house(mother_child(3))]
    )
    assert len(options.options) == 2
    assert all(one.standing is Standing.ADVISED_AGAINST for one in options.options)
    assert options.best is None
    assert ReasonCode.ONLY_AGAINST_ADVICE in codes(options.remarks)


def test_a_girl_of_fifteen_without_family_gets_the_girls_room():
    girls = room(RoomPurpose.GIRLS, 2)
    suggestions = suggest([girl(1, 15)], NO_NEEDS, [house(mother_child(2), women(2), girls)])
    assert suggestions.best is not None
    assert suggestions.best.rooms == (girls,)
    assert ReasonCode.NO_UNRELATED_ADULT in codes(suggestions.best.reasons)


@pytest.mark.parametrize("family", [[MOTHER], [MOTHER, girl(2, 15)], [girl(2, 12, 11)], [boy(2, 14)]])
def test_the_girls_room_is_for_girls_of_thirteen_to_seventeen_without_family(family: list[Person]):
    girls = room(RoomPurpose.GIRLS, 2)
    option = suggest(family, NO_NEEDS, [house(girls)]).options[0]
    assert option.standing is Standing.ADVISED_AGAINST
    assert ReasonCode.GIRLS_ROOM in unmet_codes(option.reasons)


def test_a_child_without_family_does_not_sleep_among_adults_who_are_not_her_family():
    option = suggest([girl(1, 8)], NO_NEEDS, [house(mother_child([bed(WOMAN_THERE), bed()]))]).options[0]
    assert ReasonCode.WITH_UNRELATED_ADULT in unmet_codes(option.reasons)
    assert option.standing is Standing.ADVISED_AGAINST


def test_an_adult_does_not_join_a_child_who_is_there_without_her_family():
    shared = women([bed(Occupant(5, Sex.FEMALE, 170, False)), bed()])
    option = suggest([MOTHER], NO_NEEDS, [house(shared)]).options[0]
    assert ReasonCode.CHILD_ALONE_IN_ROOM in unmet_codes(option.reasons)


def test_a_mother_of_sixteen_has_her_baby_beside_her():
    best = suggest([girl(1, 16), boy(2, 0, 2)], NO_NEEDS, [house(room(RoomPurpose.INFANTS, 1))]).best
    assert best is not None
    assert best.places[1].shares_with == 1
    assert best.standing is Standing.RECOMMENDED


# Needs


def test_a_wheelchair_user_is_offered_the_room_it_can_enter_first():
    upstairs, reachable = women(2), room(RoomPurpose.ADULT_WOMEN, 2, ground_floor=True, wheelchair=True)
    options = suggest([MOTHER], frozenset({Need.WHEELCHAIR}), [house(upstairs, reachable)]).options
    assert options[0].rooms == (reachable,)
    assert options[0].standing is Standing.RECOMMENDED
    assert unmet_codes(options[1].reasons) == {ReasonCode.NO_WHEELCHAIR_ACCESS, ReasonCode.UPPER_FLOOR}
    assert options[1].standing is Standing.POSSIBLE


@pytest.mark.parametrize("need", [Need.PREGNANT, Need.GROUND_FLOOR])
def test_who_is_pregnant_or_cannot_climb_stairs_sleeps_on_the_ground_floor(need: Need):
    upstairs, below = women(1), women(1, ground_floor=True)
    options = suggest([MOTHER], frozenset({need}), [house(upstairs, below)]).options
    assert options[0].rooms == (below,)
    assert unmet_codes(options[1].reasons) == {ReasonCode.UPPER_FLOOR}


def test_a_room_a_wheelchair_can_enter_is_left_to_those_who_need_it():
    reachable, other = room(RoomPurpose.ADULT_WOMEN, 1, ground_floor=True, wheelchair=True), women(1)
    best = suggest([MOTHER], NO_NEEDS, [house(reachable, other)]).best
    assert best is not None
    assert best.rooms == (other,)


def test_contagious_people_are_offered_isolation_rooms_only_and_nobody_else_is():
    isolation = room(RoomPurpose.ISOLATION, 2)
    open_house = house(isolation, women(2), mother_child(2))
    ill = suggest([MOTHER], frozenset({Need.ISOLATION}), [open_house])
    assert [one.rooms for one in ill.options] == [(isolation,)]
    assert ill.options[0].standing is Standing.RECOMMENDED
    assert all(isolation not in one.rooms for one in suggest([MOTHER], NO_NEEDS, [open_house]).options)


def test_a_house_without_a_room_for_isolation_says_so():
    suggestions = suggest([MOTHER], frozenset({Need.ISOLATION}), [house(women(2))])
    assert suggestions.options == ()
    assert codes(suggestions.remarks) == {ReasonCode.NO_ISOLATION_ROOM}


def test_an_isolation_room_that_somebody_sleeps_in_is_advised_against():
    isolation = room(RoomPurpose.ISOLATION, [bed(WOMAN_THERE), bed()])
    option = suggest([MOTHER], frozenset({Need.ISOLATION}), [house(isolation)]).options[0]
    assert option.standing is Standing.ADVISED_AGAINST
    assert ReasonCode.ISOLATION_ROOM_IN_USE in unmet_codes(option.reasons)


def test_two_families_that_must_not_share_a_house_are_kept_apart_without_saying_why():
    barred, other = house(women(1), barred=True), house(women(1))
    found = suggest([MOTHER], NO_NEEDS, [barred, other])
    assert [one.house.id for one in found.options] == [other.id]
    assert [one.id for one in found.barred] == [barred.id]


def test_a_place_in_a_house_that_must_not_be_shared_cannot_be_chosen_even_against_advice():
    open_house = house(women(1))
    (option,) = suggest([MOTHER], NO_NEEDS, [open_house]).options
    assert find(option.key, [MOTHER], NO_NEEDS, [replace(open_house, barred=True)]) is None
    nowhere = suggest([MOTHER], NO_NEEDS, [replace(open_house, barred=True)])
    assert nowhere.options == () and codes(nowhere.remarks) == {ReasonCode.ONLY_BARRED}


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


# The list


def test_held_full_and_closed_beds_are_not_given_out():
    free = bed()
    beds = [bed(WOMAN_THERE), bed(state=BedState.HELD), bed(state=BedState.CLOSED), free]
    option = suggest([MOTHER], NO_NEEDS, [house(women(beds))]).options[0]
    assert [place.bed_id for place in option.places] == [free.id]


def test_a_bed_held_for_someone_nobody_described_is_said():
    option = suggest([MOTHER], NO_NEEDS, [house(women([bed(state=BedState.HELD), bed()]))]).options[0]
    assert option.standing is Standing.RECOMMENDED
    assert ReasonCode.SOMEONE_EXPECTED in codes(option.reasons)


def test_every_house_shows_its_best_place_even_far_down_the_list():
    near, far = house(*(women(1) for _ in range(20))), house(room(RoomPurpose.GIRLS, 1))
    suggestions = suggest([MOTHER], NO_NEEDS, [near, far])
    assert len(suggestions.options) == 12
    assert suggestions.options[-1].house.id == far.id
    assert suggestions.more == 9


def test_a_choice_posted_later_is_found_by_its_key_even_when_it_was_not_listed():
    houses = [house(*(women(1) for _ in range(20)))]
    last = suggest([MOTHER], NO_NEEDS, houses, limit=20).options[-1]
    assert find(last.key, [MOTHER], NO_NEEDS, houses) == last
    assert find("0" * 64, [MOTHER], NO_NEEDS, houses) is None


def test_a_choice_is_not_found_again_once_its_bed_is_taken():
    free, other = bed(), bed()
    before = house(women([free, other]))
    chosen = suggest([MOTHER], NO_NEEDS, [before]).options[0]
    taken = replace(free, state=BedState.FULL, occupants=(WOMAN_THERE,))
    after = replace(before, rooms=(replace(before.rooms[0], beds=(taken, other)),))
    assert find(chosen.key, [MOTHER], NO_NEEDS, [after]) is None


def test_a_choice_is_not_found_again_once_something_grave_speaks_against_it():
    before = house(mother_child([bed(), bed(), bed()]))
    family = [MOTHER, boy(2, 11)]
    chosen = suggest(family, NO_NEEDS, [before]).options[0]
    beds = before.rooms[0].beds
    last = replace(beds[2], state=BedState.FULL, occupants=(WOMAN_THERE,))
    after = replace(before, rooms=(replace(before.rooms[0], beds=(*beds[:2], last)),))
    assert find(chosen.key, family, NO_NEEDS, [after]) is None
    assert suggest(family, NO_NEEDS, [after]).options[0].places == chosen.places


def test_the_largest_family_that_would_fit_is_named_when_no_room_takes_all():
    family = [MOTHER, *(girl(key, 8) for key in range(2, 9))]
    suggestions = suggest(family, NO_NEEDS, [house(mother_child(4)), house(mother_child(3))])
    assert [(one.code, one.detail) for one in suggestions.remarks] == [
        (ReasonCode.NO_PLACE_FOR_ALL, {"persons": 8}),
        (ReasonCode.LARGEST_FAMILY, {"persons": 4}),
    ]


def test_two_members_with_one_key_are_refused():
    with pytest.raises(ValueError, match="key of her own"):
        suggest([MOTHER, MOTHER], NO_NEEDS, [])


# Moving one resident


def test_moving_a_child_away_from_her_mother_says_that_it_splits_the_family():
    mother, child = Occupant(7, Sex.FEMALE, None, True, key=1), Occupant(7, Sex.FEMALE, 96, False, key=2)
    hers, distant = mother_child([bed(mother), bed(child)]), mother_child(2)
    lived_in = house(hers, distant)
    assert ReasonCode.FAMILY_SPLIT in unmet_codes(fit(girl(2, 8), NO_NEEDS, distant, lived_in, 7))
    assert unmet_codes(fit(girl(2, 8), NO_NEEDS, hers, lived_in, 7)) == set()


def test_moving_a_mother_away_says_that_her_children_stay_without_an_adult():
    mother, child = Occupant(7, Sex.FEMALE, None, True, key=1), Occupant(7, Sex.FEMALE, 96, False, key=2)
    theirs, next_room = mother_child([bed(mother), bed(child)]), mother_child(2)
    lived_in = house(theirs, replace(next_room, adjoining=frozenset({theirs.id})))
    reasons = fit(MOTHER, NO_NEEDS, lived_in.rooms[1], lived_in, 7)
    assert ReasonCode.ADJOINING_ROOMS in unmet_codes(reasons)
    assert next(one.detail["room"] for one in reasons if one.code is ReasonCode.CHILDREN_WITHOUT_ADULT) == theirs.label


def test_who_moves_is_not_taken_for_somebody_else_in_her_own_room():
    herself = Occupant(None, Sex.FEMALE, None, True, key=1)
    family_room = women([bed(herself), bed()])
    assert unmet_codes(fit(MOTHER, NO_NEEDS, family_room, house(family_room), None)) == set()


def test_a_room_against_advice_is_shown_to_the_mover_with_its_reasons():
    isolation, girls = room(RoomPurpose.ISOLATION), room(RoomPurpose.GIRLS)
    lived_in = house(isolation, girls)
    assert unmet_codes(fit(MOTHER, NO_NEEDS, isolation, lived_in, 7)) == {ReasonCode.ISOLATION_ROOM_KEPT}
    assert unmet_codes(fit(MOTHER, NO_NEEDS, girls, lived_in, 7)) == {ReasonCode.GIRLS_ROOM}
    assert unmet_codes(fit(boy(2, 13), NO_NEEDS, girls, lived_in, 7)) == {
        ReasonCode.BOY_OVER_AGE,
        ReasonCode.GIRLS_ROOM,
    }


# Places usable by a family


def test_places_for_families_count_empty_family_rooms_and_no_other_bed():
    houses = [
        house(
            mother_child(2),
            room(RoomPurpose.ANY_FAMILY, 4),
            women(6),
            room(RoomPurpose.ISOLATION, 4),
            mother_child([bed(WOMAN_THERE), bed(), bed()]),
            mother_child([bed(), bed(state=BedState.HELD)]),
            mother_child([bed(), cot()]),
        )
    ]
    assert usable_places(houses) == {2: 2, 3: 1, 4: 1}
    assert largest_family(houses) == 4


# What holds for every family and every house


MONTHS = st.one_of(st.integers(0, 90), st.integers(0, 215), st.none())
OFTEN = st.sampled_from([BedState.FREE] * 4 + list(BedState))
PURPOSES = st.sampled_from([*RoomPurpose, RoomPurpose.MOTHER_CHILD, RoomPurpose.ANY_FAMILY, RoomPurpose.ADULT_WOMEN])
SEXES = st.sampled_from(Sex)


@st.composite
def families(draw: st.DrawFn) -> list[Person]:
    adults = [
        Person(key, draw(st.sampled_from([Sex.FEMALE] * 5 + [Sex.MALE])), None, True)
        for key in range(draw(st.sampled_from([1, 1, 1, 2, 0])))
    ]
    least = 0 if adults else 1
    children = [Person(10 + key, draw(SEXES), draw(MONTHS), False) for key in range(draw(st.integers(least, 4)))]
    return adults + children


@st.composite
def occupants(draw: st.DrawFn) -> Occupant:
    adult = draw(st.booleans())
    return Occupant(draw(st.one_of(st.none(), st.integers(1, 3))), draw(SEXES), None if adult else draw(MONTHS), adult)


@st.composite
def neighbourhoods(draw: st.DrawFn) -> list[HouseView]:
    houses = []
    for house_id in range(1, draw(st.integers(1, 3)) + 1):
        rooms = []
        for place in range(draw(st.sampled_from([3, 2, 4, 1, 0]))):
            room_id, beds = house_id * 10 + place, []
            for bed_id in range(room_id * 10, room_id * 10 + draw(st.integers(0, 4))):
                state = draw(OFTEN)
                there = (draw(occupants()),) if state is BedState.FULL else ()
                kind = draw(st.sampled_from([BedKind.BED, BedKind.BED, *BedKind]))
                beds.append(BedView(bed_id, UUID(int=bed_id), str(bed_id), kind, state, there))
            rooms.append(
                RoomView(
                    room_id,
                    UUID(int=room_id),
                    str(room_id),
                    place,
                    draw(PURPOSES),
                    draw(st.booleans()),
                    draw(st.booleans()),
                    False,
                    tuple(beds),
                    draw(st.frozensets(st.integers(house_id * 10, house_id * 10 + 3), max_size=2)),
                )
            )
        houses.append(
            HouseView(
                house_id,
                UUID(int=house_id),
                str(house_id),
                draw(st.integers(9, 15)),
                10,
                tuple(rooms),
                draw(st.integers(0, 5)) == 5,
            )
        )
    return houses


NEEDS = st.sampled_from(
    [NO_NEEDS, NO_NEEDS, *(frozenset({need}) for need in Need), frozenset({Need.WHEELCHAIR, Need.PREGNANT})]
)
everything = settings(max_examples=150, deadline=None)


@everything
@given(families(), NEEDS, neighbourhoods())
def test_every_option_places_each_person_once_and_no_bed_twice(family, needs, houses):
    for option in suggest(family, needs, houses).options:
        assert [place.person_key for place in option.places] == sorted(person.key for person in family)
        own_beds = [place.bed_id for place in option.places if place.bed_id is not None and not place.sharing]
        assert len(own_beds) == len(set(own_beds))
        free = {one.id: one for room in option.rooms for one in room.beds if one.state is BedState.FREE}
        assert set(own_beds) <= set(free)
        assert all(place.extra == (place.bed_id is None) for place in option.places if not place.sharing)
        assert all(free[place.bed_id].kind is place.kind for place in option.places if place.bed_id is not None)


@everything
@given(families(), NEEDS, neighbourhoods())
def test_only_small_children_share_and_only_with_a_carer_in_the_same_room(family, needs, houses):
    people = {person.key: person for person in family}
    carer_keys = {person.key for person in carers(family)}
    for option in suggest(family, needs, houses).options:
        place_of = {place.person_key: place for place in option.places}
        for place in filter(lambda place: place.sharing, option.places):
            carer = place_of[place.shares_with]
            assert place.shares_with in carer_keys
            assert (people[place.person_key].age_months or 0) < 60
            assert (carer.bed_id, carer.room_id) == (place.bed_id, place.room_id)
            assert not carer.sharing
        for room_view in option.rooms:
            assert sum(place.extra and place.room_id == room_view.id for place in option.places) <= 2


@everything
@given(families(), NEEDS, neighbourhoods())
def test_a_boy_over_the_limit_a_man_and_a_divided_family_are_always_said(family, needs, houses):
    for option in suggest(family, needs, houses).options:
        missing = unmet_codes(option.reasons)
        limit = (option.house.boys_age + 1) * 12
        boys = [one for one in family if one.sex is Sex.MALE and not one.adult]
        assert (ReasonCode.BOY_OVER_AGE in missing) == any((one.age_months or 0) >= limit for one in boys)
        assert (ReasonCode.ADULT_MAN in missing) == any(one.sex is Sex.MALE and one.adult for one in family)
        assert (ReasonCode.FAMILY_SPLIT in missing) == option.split
        assert bool(missing & {ReasonCode.FAMILY_SPLIT, ReasonCode.ADJOINING_ROOMS}) == (len(option.rooms) > 1)
        assert {place.room_id for place in option.places} == {room_view.id for room_view in option.rooms}


@everything
@given(families(), NEEDS, neighbourhoods())
def test_what_is_recommended_lacks_nothing_and_stands_before_what_lacks_something(family, needs, houses):
    options = suggest(family, needs, houses).options
    for option in options:
        assert (option.standing is Standing.RECOMMENDED) == (not unmet_codes(option.reasons))
        assert option.asked - option.met == len([one for one in option.reasons if one.kind is ReasonKind.UNMET])
    places = [list(Standing).index(option.standing) for option in options]
    assert places == sorted(places)
    assert [option.best for option in options[1:]] == [False] * len(options[1:])


@everything
@given(families(), NEEDS, neighbourhoods(), st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_the_question(family, needs, houses, chance):
    first = suggest(family, needs, houses)
    shuffled_houses = []
    for one in houses:
        rooms = [
            replace(room_view, beds=tuple(chance.sample(room_view.beds, len(room_view.beds))))
            for room_view in one.rooms
        ]
        shuffled_houses.append(replace(one, rooms=tuple(chance.sample(rooms, len(rooms)))))
    chance.shuffle(shuffled_houses)
    again = suggest(chance.sample(family, len(family)), needs, shuffled_houses)
    assert [option.key for option in first.options] == [option.key for option in again.options]
    assert [option.reasons for option in first.options] == [option.reasons for option in again.options]
    assert first.remarks == again.remarks


@everything
@given(families(), NEEDS, neighbourhoods())
def test_keys_differ_between_options_and_find_them_again(family, needs, houses):
    options = suggest(family, needs, houses).options
    assert len({option.key for option in options}) == len(options)
    for option in options:
        assert find(option.key, family, needs, houses) == option


@everything
@given(neighbourhoods(), st.data())
def test_one_more_free_bed_never_leaves_fewer_places_for_families(houses, data):
    before = usable_places(houses)
    with_rooms = [one for one in houses if one.rooms]
    if not with_rooms:
        assert set(before.values()) == {0}
        return
    chosen = data.draw(st.sampled_from(with_rooms))
    grown = data.draw(st.sampled_from(chosen.rooms))
    rooms = tuple(replace(one, beds=(*one.beds, bed())) if one is grown else one for one in chosen.rooms)
    after = usable_places([replace(chosen, rooms=rooms) if one is chosen else one for one in houses])
    assert all(after[size] >= before[size] for size in before)


@everything
@given(neighbourhoods(), st.sampled_from([2, 3, 4]))
def test_places_for_families_are_the_rooms_that_would_be_recommended(houses, size):
    family = [MOTHER, *(girl(key, 7) for key in range(2, size + 1))]
    recommended = [
        option
        for option in suggest(family, NO_NEEDS, houses, limit=100).options
        if option.standing is Standing.RECOMMENDED
    ]
    assert usable_places(houses)[size] == len(recommended)
