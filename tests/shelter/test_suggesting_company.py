"""Who may sleep beside whom, and what each one needs of a room."""

from dataclasses import replace

import pytest

from safehouse.residents.models import Sex
from safehouse.shelter.choices import Need, RoomPurpose
from safehouse.shelter.rules.people import Occupant, Person
from safehouse.shelter.rules.reasons import ReasonCode, Standing
from safehouse.shelter.rules.suggesting import find, suggest
from tests.shelter.rooms_and_families import (
    MOTHER,
    NO_NEEDS,
    WOMAN_THERE,
    bed,
    boy,
    codes,
    girl,
    house,
    mother_child,
    room,
    unmet_codes,
    women,
)

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
