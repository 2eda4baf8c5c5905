"""The list and its order, moving one resident, and what holds for every family and every house."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehouse.residents.models import Sex
from safehouse.shelter.choices import BedKind, Need, RoomPurpose
from safehouse.shelter.rules.capacity import largest_family, places_for_families, takes_any_family
from safehouse.shelter.rules.fitting import fit
from safehouse.shelter.rules.houses import BedState, BedView, HouseView, RoomView, opening
from safehouse.shelter.rules.people import Occupant, Person, carers
from safehouse.shelter.rules.reasons import ReasonCode, ReasonKind, Standing
from safehouse.shelter.rules.suggesting import find, suggest
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
    room,
    unmet_codes,
    women,
)

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


def places_of(houses):
    """What the board counts, from the rooms the suggestion sees."""
    openings = [(room, opening(room)) for one in houses if not one.barred for room in one.rooms]
    return places_for_families(
        len(free.beds)
        for room, free in openings
        if takes_any_family(room.purpose, isolates=room.isolates) and free.undisturbed
    )


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
    assert places_of(houses) == {2: 2, 3: 1, 4: 1}
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
    before = places_of(houses)
    with_rooms = [one for one in houses if one.rooms]
    if not with_rooms:
        assert set(before.values()) == {0}
        return
    chosen = data.draw(st.sampled_from(with_rooms))
    grown = data.draw(st.sampled_from(chosen.rooms))
    rooms = tuple(replace(one, beds=(*one.beds, bed())) if one is grown else one for one in chosen.rooms)
    after = places_of([replace(chosen, rooms=rooms) if one is chosen else one for one in houses])
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
    assert places_of(houses)[size] == len(recommended)
