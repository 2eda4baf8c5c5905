"""Which families must never share a house: found by numbers, names, plates and matters."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from safehouse.access.models import AccountState, Clearance
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Conflict,
    ConflictKind,
    Matter,
    MatterParty,
    Relationship,
    Side,
)
from safehouse.residents.operations.relations import keep_relation
from safehouse.residents.operations.safety import (
    note_reported_person,
)
from safehouse.residents.queries.safety import barred_house_ids, never_with
from safehouse.residents.rules.matching import comparable_name, comparable_plate, same_name, same_reported
from tests.office import actor
from tests.residents.conflicts.two_families import check, name_resident
from tests.residents.safety import NIK, OTHER_NIK, PHONE, family, place, reported


def standing(session):
    return set(session.execute(select(Conflict.household_id, Conflict.other_id, Conflict.kind)).all())


# What is found


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ({"nik": NIK}, {"nik": f"{NIK[:6]} {NIK[6:12]} {NIK[12:]}"}),
        ({"phone": PHONE}, {"phone": "+62 812 0000 0001"}),
        ({"plate": "G 1234 AB"}, {"plate": "g-1234-ab"}),
        ({"name": "Slamet Riyadi"}, {"name": "Bpk. SLAMET  RIYADI, S.H."}),
        ({"name": "Moh. Yusuf Ansori", "nik": NIK}, {"name": "Muhammad Yusuf Ansori"}),
    ],
)
def test_two_families_hurt_by_the_same_person_must_not_share_a_house(session, make, two, mine, other):
    there, kenari, merbau = two
    reported(make, kenari, **mine)
    reported(make, merbau, Relationship.UNKNOWN, **other)
    pair = sorted((kenari.household.id, merbau.household.id))
    assert standing(session) == {(*pair, ConflictKind.SAME_REPORTED)}
    assert barred_house_ids(session, household_id=merbau.household.id) == {there.house.id}


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ({"nik": NIK}, {"nik": OTHER_NIK}),
        ({"name": "Slamet Riyadi", "nik": NIK}, {"name": "Slamet Riyadi", "nik": OTHER_NIK}),
        ({"name": "Slamet"}, {"name": "Slamet"}),
        ({"name": "Slamet Riyadi"}, {"name": "Slamet Raharjo"}),
        ({"plate": "G 1234 AB"}, {"plate": "G 1234 AC"}),
        ({"phone": PHONE}, {"phone": "0812-0000-0002"}),
    ],
)
def test_two_people_are_not_taken_for_one(session, make, two, mine, other):
    _there, kenari, merbau = two
    reported(make, kenari, Relationship.HUSBAND, **mine)
    reported(make, merbau, Relationship.TEACHER, **other)
    assert standing(session) == set()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Relationship.TEACHER, Relationship.TEACHER, True),
        (Relationship.HUSBAND, Relationship.FORMER_HUSBAND, True),
        (Relationship.FATHER, Relationship.STEPFATHER, True),
        (Relationship.HUSBAND, Relationship.TEACHER, False),
        (Relationship.UNKNOWN, Relationship.UNKNOWN, False),
        (Relationship.STRANGER, Relationship.STRANGER, False),
    ],
)
def test_a_name_of_one_word_counts_only_where_he_was_the_same_to_both(one, other, same):
    assert same_reported("Slamet", one, "pak Slamet", other) is same
    assert same_reported("Slamet Riyadi", one, "Slamet Riyadi", other)


@pytest.mark.parametrize("nik_of", ["resident", "reported"])
def test_a_resident_who_is_the_others_reported_person_never_shares_her_house(session, make, two, nik_of):
    there, kenari, merbau = two
    if nik_of == "resident":
        name_resident(session, kenari.one, nik=NIK)
        reported(make, merbau, Relationship.MOTHER, nik=NIK)
    else:
        reported(make, kenari, Relationship.MOTHER, nik=NIK)
        name_resident(session, merbau.one, nik=NIK)
        assert check(make, merbau) == 1
    ((*_pair, kind),) = standing(session)
    assert kind is ConflictKind.REPORTED_LIVES_HERE
    assert barred_house_ids(session, household_id=merbau.household.id) == {there.house.id}


def test_a_resident_whose_name_is_that_of_a_reported_person_is_found_when_it_is_written_down(session, make, two):
    _there, kenari, merbau = two
    name_resident(session, kenari.one, name="Siti Aminah")
    reported(make, merbau, Relationship.MOTHER, name="Hj. Siti Aminah")
    ((*_pair, kind),) = standing(session)
    assert kind is ConflictKind.REPORTED_LIVES_HERE


def test_two_residents_of_one_number_are_one_person_who_came_back_and_no_conflict(session, make, two):
    _there, kenari, merbau = two
    name_resident(session, kenari.one, nik=NIK)
    name_resident(session, merbau.one, nik=NIK)
    assert check(make, merbau) == 0 and standing(session) == set()


@pytest.mark.parametrize(
    ("mine", "other", "apart"),
    [
        (Side.VICTIM, Side.REPORTED, True),
        (Side.WITNESS, Side.REPORTED, True),
        (Side.VICTIM, Side.WITNESS, False),
        (Side.REPORTED, Side.REPORTED, False),
    ],
)
def test_opposite_sides_of_a_matter_never_share_a_house(session, make, two, mine, other, apart):
    _there, kenari, merbau = two
    matter = Matter(
        household_id=kenari.household.id,
        sexual_violence=False,
        child_offender=True,
        opened_at=make.clock.now,
        opened_by_id=make.account().id,
    )
    session.add(matter)
    session.flush()
    session.add(MatterParty(matter_id=matter.id, resident_id=kenari.one.id, side=mine))
    session.add(MatterParty(matter_id=matter.id, resident_id=merbau.one.id, side=other))
    session.commit()
    check(make, merbau)
    assert {kind for *_pair, kind in standing(session)} == ({ConflictKind.OPPOSITE_SIDES} if apart else set())


def test_a_relative_of_the_reported_person_keeps_the_family_out_of_every_house_she_works_in(session, make, two):
    there, _kenari, merbau = two
    officer, colleague = make.account(Role.SECURITY_OFFICER), make.account(Role.STAFF, there.house)
    keep_relation(session, account=colleague, nik=NIK, now=make.clock.now, by=actor(officer))
    reported(make, merbau, nik=NIK)
    (conflict,) = session.scalars(select(Conflict))
    assert (conflict.account_id, conflict.kind) == (colleague.id, ConflictKind.STAFF_RELATED)
    assert barred_house_ids(session, household_id=merbau.household.id) == {there.house.id}


def test_whoever_begins_or_ends_to_work_in_a_house_changes_at_once_which_houses_are_barred(session, make, two):
    there, _kenari, merbau = two
    elsewhere = place(make, "Rumah Dua")
    colleague = make.account(Role.STAFF, there.house)
    reported(make, merbau, name="Slamet Riyadi")
    keep_relation(
        session,
        account=colleague,
        name="Slamet Riyadi",
        now=make.clock.now,
        by=actor(make.account(Role.SECURITY_OFFICER)),
    )
    clearance = session.scalars(select(Clearance).where(Clearance.account_id == colleague.id)).one()
    clearance.until = make.clock.now
    session.add(Clearance(account_id=colleague.id, house_id=elsewhere.house.id, since=make.clock.now))
    session.commit()
    assert barred_house_ids(session, household_id=merbau.household.id) == {elsewhere.house.id}
    colleague.state = AccountState.DISABLED
    session.commit()
    assert barred_house_ids(session, household_id=merbau.household.id) == set()


def test_a_family_that_left_bars_no_house_and_one_that_is_away_for_a_night_does(session, make, two):
    there, kenari, merbau = two
    reported(make, kenari, nik=NIK)
    reported(make, merbau, nik=NIK)
    assert barred_house_ids(session, household_id=merbau.household.id) == {there.house.id}
    kenari.one.house_id = None
    session.commit()
    assert barred_house_ids(session, household_id=merbau.household.id) == set()


def test_a_referral_without_a_household_has_no_conflicts(session):
    assert barred_house_ids(session, household_id=None) == frozenset()


def test_the_barred_houses_are_found_in_one_statement(session, make, two, statements):
    _there, kenari, merbau = two
    reported(make, kenari, nik=NIK)
    reported(make, merbau, nik=NIK)
    household_id = merbau.household.id
    with statements() as count:
        barred_house_ids(session, household_id=household_id)
    assert len(count) == 1


# What holds for all families

NAMES = st.sampled_from(["Slamet Riyadi", "Pak Slamet Riyadi", "Joko Susilo", "Joko", None])
PEOPLE = st.fixed_dictionaries(
    {
        "name": NAMES,
        "nik": st.sampled_from([NIK, OTHER_NIK, None]),
        "phone": st.sampled_from([PHONE, None]),
        "plate": st.sampled_from(["G 1 A", None]),
    }
).filter(lambda facts: any(facts.values()))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(PEOPLE, st.sampled_from(list(Relationship))), min_size=2, max_size=4))
def test_a_conflict_stands_for_both_families_alike(session, make, everyone):
    families = []
    for facts, relationship in everyone:
        one = family(make)
        note_reported_person(
            session,
            household=one.household,
            relationship=relationship,
            **facts,
            now=make.clock.now,
            by=actor(make.account(Role.CASEWORKER)),
        )
        families.append(one.household.id)
    session.flush()
    never = {one: set(session.scalars(never_with(one))) for one in families}
    for one in families:
        assert one not in never[one]
        assert {other for other in families if one in never[other]} == never[one] & set(families)
    session.rollback()


@given(st.text(max_size=60))
def test_a_name_is_brought_to_one_spelling_once_and_for_all(text):
    once = comparable_name(text)
    assert comparable_name(once) == once
    assert comparable_plate(comparable_plate(text)) == comparable_plate(text)
    assert not same_name(text, text) or " " in once


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Ny. Siti Aminah", "siti aminah"),
        ("dr. Hj. Nur'aini Putri, Sp.A.", "nuraini putri"),
        ("M. Yusuf", "muhammad yusuf"),
        ("Moh. Yusuf", "muhammad yusuf"),
        ("Ibu", "ibu"),
        ("José Ramos-Horta", "jose ramos horta"),
        ("", ""),
    ],
)
def test_titles_degrees_and_spellings_of_muhammad_do_not_count(written, compared):
    assert comparable_name(written) == compared
