"""Where a family that lives here could go together, and what it means for the children when only one of them goes."""

from dataclasses import replace

import pytest

from safehouse.residents.models import Sex
from safehouse.shelter.choices import BedKind, RoomPurpose
from safehouse.shelter.rules.houses import with_wanted
from safehouse.shelter.rules.moving import Member, children_apart, rooms_to_move_to
from safehouse.shelter.rules.moving_together import ways_together
from safehouse.shelter.rules.people import Occupant, Person
from safehouse.shelter.rules.reasons import ReasonCode, ReasonKind, Standing
from safehouse.shelter.rules.suggesting import find, suggest
from tests.shelter.rooms_and_families import (
    MOTHER,
    NO_NEEDS,
    WOMAN_THERE,
    bed,
    cot,
    girl,
    house,
    mother_child,
    option_for,
    room,
    women,
)

HOUSEHOLD = 7
DAUGHTER, TODDLER, BABY = girl(2, 10), girl(3, 3), girl(4, 0, 5)


def slept_in(person, **more):
    """A bed she has."""
    return bed(Occupant(HOUSEHOLD, person.sex, person.age_months, person.adult, person.key), **more)


def member(person, there, place, *, in_bed=0, sharing=False):
    return Member(person, there.id, place.label, place.beds[in_bed].id, sharing)


def split_family(*others):
    """The mother in one room, her daughter in another; and these other rooms."""
    hers, the_daughters = women([slept_in(MOTHER)]), women([slept_in(DAUGHTER)])
    there = house(hers, the_daughters, *others)
    return [member(MOTHER, there, hers), member(DAUGHTER, there, the_daughters)], there


# All together


def test_a_family_is_brought_together_in_one_room_first():
    free = mother_child(2)
    family, there = split_family(free)
    best, *_others = ways_together(family, NO_NEEDS, [there])
    assert (best.together, best.best, best.moving) == (True, True, frozenset({1, 2}))
    assert {place.room_id for place in best.places} == {free.id}


def test_her_own_bed_counts_as_free_and_she_keeps_it():
    hers, the_daughters = mother_child([bed(), slept_in(MOTHER)]), women([slept_in(DAUGHTER)])
    there = house(hers, the_daughters)
    family = [member(MOTHER, there, hers, in_bed=1), member(DAUGHTER, there, the_daughters)]
    way = next(one for one in ways_together(family, NO_NEEDS, [there]) if one.together)
    assert way.moving == {DAUGHTER.key}
    assert {place.person_key: place.bed_id for place in way.places} == {1: hers.beds[1].id, 2: hers.beds[0].id}


def test_changing_beds_about_in_their_own_room_is_no_way():
    theirs = mother_child([bed(), slept_in(MOTHER), slept_in(DAUGHTER)])
    there = house(theirs)
    family = [member(MOTHER, there, theirs, in_bed=1), member(DAUGHTER, there, theirs, in_bed=2)]
    assert ways_together(family, NO_NEEDS, [there]) == ()


def test_a_bed_for_a_child_who_lies_on_a_mattress_in_the_same_room_is_a_way():
    theirs = mother_child([bed(), slept_in(MOTHER), slept_in(DAUGHTER, kind=BedKind.MATTRESS)])
    there = house(theirs)
    family = [member(MOTHER, there, theirs, in_bed=1), member(DAUGHTER, there, theirs, in_bed=2)]
    (way,) = ways_together(family, NO_NEEDS, [there])
    assert way.moving == {DAUGHTER.key}


def test_whoever_lies_on_a_mattress_in_that_room_stays_on_it():
    hers = mother_child([slept_in(MOTHER), slept_in(DAUGHTER, kind=BedKind.MATTRESS)])
    other = women([slept_in(girl(5, 8))])
    there = house(hers, other)
    family = [
        member(MOTHER, there, hers),
        member(DAUGHTER, there, hers, in_bed=1),
        member(girl(5, 8), there, other),
    ]
    way = next(one for one in ways_together(family, NO_NEEDS, [there]) if one.together)
    assert way.moving == {5} or {place.bed_id for place in way.places} >= {hers.beds[1].id}
    assert DAUGHTER.key not in way.moving


def test_a_baby_in_her_mothers_bed_gets_the_cot_of_the_new_room():
    hers, free = women([slept_in(MOTHER)]), room(RoomPurpose.INFANTS, [bed(), cot()])
    there = house(hers, free)
    family = [member(MOTHER, there, hers), member(BABY, there, hers, sharing=True)]
    best = ways_together(family, NO_NEEDS, [there])[0]
    assert {place.person_key: place.kind for place in best.places} == {1: BedKind.BED, 4: BedKind.COT}


def test_a_family_is_never_divided_silently():
    family, there = split_family(women(1), women(1))
    ways = ways_together(family, NO_NEEDS, [there])
    for way in ways:
        if not way.together:
            assert {ReasonCode.FAMILY_SPLIT, ReasonCode.ADJOINING_ROOMS} & {
                one.code for one in way.option.reasons if one.kind is ReasonKind.UNMET
            }


def test_a_house_they_must_not_share_is_no_way():
    family, there = split_family()
    barred = replace(house(mother_child(2)), barred=True)
    assert all(way.option.house.id != barred.id for way in ways_together(family, NO_NEEDS, [there, barred]))


def test_a_way_against_advice_is_never_the_best():
    family, there = split_family(room(RoomPurpose.GIRLS, 2))
    ways = ways_together(family, NO_NEEDS, [there])
    assert ways and not any(way.best for way in ways if way.option.standing is Standing.ADVISED_AGAINST)


# Only one of them


def apart(moving, family, there, place):
    return {reason.code: reason.detail["children"] for reason in children_apart(moving, family, there.id, place.label)}


@pytest.fixture
def home():
    """A mother, her daughter of ten and her toddler in one room, and a free room beside."""
    theirs = mother_child([slept_in(MOTHER), slept_in(DAUGHTER), slept_in(TODDLER)])
    free, far = women(2), women(2)
    there, elsewhere = house(theirs, free), house(far)
    family = [
        member(MOTHER, there, theirs),
        member(DAUGHTER, there, theirs, in_bed=1),
        member(TODDLER, there, theirs, in_bed=2),
    ]
    return family, there, free, elsewhere, far, theirs


def test_a_small_child_left_without_her_mother_is_against_advice(home):
    family, there, free, *_rest = home
    assert apart({1}, family, there, free) == {
        ReasonCode.SMALL_CHILD_ALONE: 1,
        ReasonCode.CHILD_IN_ANOTHER_ROOM: 1,
    }
    choices = rooms_to_move_to(MOTHER, [], NO_NEEDS, [there], HOUSEHOLD, family)
    assert next(one for one in choices if one.room.id == free.id).standing is Standing.ADVISED_AGAINST


def test_a_child_in_another_house_than_her_mother_is_against_advice_whatever_her_age(home):
    family, _there, _free, elsewhere, far, _theirs = home
    assert apart({1}, family, elsewhere, far) == {ReasonCode.CHILD_IN_ANOTHER_HOUSE: 2}
    assert apart({2}, family, elsewhere, far) == {ReasonCode.CHILD_IN_ANOTHER_HOUSE: 1}


def test_whoever_has_a_bed_is_not_offered_the_floor_of_her_own_room(home):
    family, there, _free, _elsewhere, _far, theirs = home
    rooms = {one.room.id for one in rooms_to_move_to(MOTHER, [], NO_NEEDS, [there], HOUSEHOLD, family)}
    assert theirs.id not in rooms
    beside = [family[0], replace(family[1], bed=family[0].bed, sharing=True), family[2]]
    choices = rooms_to_move_to(DAUGHTER, [], NO_NEEDS, [there], HOUSEHOLD, beside)
    assert next(one for one in choices if one.room.id == theirs.id).on_the_spot, "she shares a bed"


def test_an_older_child_in_another_room_is_said_and_needs_no_second_person(home):
    family, there, free, *_rest = home
    assert apart({2}, family, there, free) == {ReasonCode.CHILD_IN_ANOTHER_ROOM: 1}
    choices = rooms_to_move_to(DAUGHTER, [], NO_NEEDS, [there], HOUSEHOLD, family)
    choice = next(one for one in choices if one.room.id == free.id)
    assert choice.standing is Standing.POSSIBLE
    assert ReasonCode.CHILDREN_WITHOUT_ADULT not in {reason.code for reason in choice.reasons}, "said once"


def test_moving_within_the_room_or_back_to_her_mother_takes_nobody_away(home):
    family, there, free, _elsewhere, _far, theirs = home
    assert apart({1}, family, there, theirs) == {}
    away = [family[0], replace(family[1], room=free.label, bed=free.beds[0].id), family[2]]
    assert apart({2}, away, there, theirs) == {}


def test_a_child_who_is_apart_already_is_no_reason_against_a_move(home):
    family, there, free, *_rest = home
    away = [family[0], family[1], replace(family[2], room="9")]
    assert apart({1}, away[::2], there, free) == {}


def test_a_second_adult_of_hers_keeps_the_child(home):
    family, there, free, *_rest = home
    grandmother = Person(9, Sex.FEMALE, None, True)
    assert apart({1}, [*family, replace(family[0], person=grandmother)], there, free) == {}


def test_a_mother_of_sixteen_is_the_adult_of_her_baby(home):
    _family, there, free, _elsewhere, _far, theirs = home
    young = girl(11, 16)
    family = [member(young, there, theirs), member(BABY, there, theirs, in_bed=1)]
    assert apart({11}, family, there, free) == {ReasonCode.SMALL_CHILD_ALONE: 1}


def test_children_without_any_adult_have_none_to_lose(home):
    _family, there, free, _elsewhere, _far, theirs = home
    family = [member(girl(11, 9), there, theirs), member(TODDLER, there, theirs, in_bed=1)]
    assert apart({11}, family, there, free) == {}


# A bed that is wanted


def test_a_bed_that_is_wanted_is_given_out_before_the_others_of_its_room():
    place = women(3)
    there = house(place)
    wanted = with_wanted([there], {place.beds[2].id})
    assert option_for(place, suggest([MOTHER], NO_NEEDS, [there]).options).places[0].bed_id == place.beds[0].id
    option = option_for(place, suggest([MOTHER], NO_NEEDS, wanted).options)
    assert option.places[0].bed_id == place.beds[2].id
    assert find(option.key, [MOTHER], NO_NEEDS, [there]) is None, "another bed is another choice"


def test_the_same_beds_are_the_same_choice_whichever_of_them_was_wanted():
    place = mother_child(4)
    there = house(place)
    family = [MOTHER, DAUGHTER]
    pressed = option_for(place, suggest(family, NO_NEEDS, with_wanted([there], {place.beds[3].id})).options)
    held = with_wanted([there], {one.bed_id for one in pressed.places})
    assert find(pressed.key, family, NO_NEEDS, held) is not None


def test_a_wanted_bed_somebody_has_is_not_given_out():
    place = women([bed(WOMAN_THERE), bed()])
    wanted = with_wanted([house(place)], {place.beds[0].id})
    assert option_for(place, suggest([MOTHER], NO_NEEDS, wanted).options).places[0].bed_id == place.beds[1].id
