"""Who must never share a house: found by numbers, names, plates and matters, written down by hand, lifted by the
manager; in the suggestion, in placing and in moving."""

import datetime as dt
import logging
import re
import threading
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from safehouse.access.models import Account, AccountState, Clearance
from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    BlindIndex,
    Conflict,
    ConflictKind,
    Denial,
    IndexedKind,
    Matter,
    MatterParty,
    OwnerOfIndex,
    Relationship,
    ReportedPerson,
    Side,
)
from safehouse.residents.operations.indexing import index_number
from safehouse.residents.operations.relations import keep_relation
from safehouse.residents.operations.safety import (
    LiftReason,
    SafetyRefusal,
    SafetyRefused,
    check_household,
    lift_conflict,
    note_relatives,
    note_reported_person,
)
from safehouse.residents.queries.safety import barred_house_ids, find_conflict, never_with
from safehouse.residents.rules.matching import comparable_name, comparable_plate, same_name, same_reported
from safehouse.shelter.models import Referral, Stay
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.operations.moving import StayRefusal, StayRefused, move
from safehouse.shelter.operations.placing import PlacementRefusal, PlacementRefused, place_family
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.referrals import family_of, needs_of
from safehouse.shelter.rules.suggesting import suggest
from safehouse.trail.acts import Act
from safehouse.trail.models import ActorKind, TrailEntry, TrailSubject
from safehouse.vault.operations import key_of, seal
from tests.office import NOW, Make, actor
from tests.residents.safety import NIK, OTHER_NIK, PHONE, family, place, reported
from tests.shelter.test_placing import arrival


@pytest.fixture
def two(make):
    """Two families: one lives in the first house, the other comes."""
    there = place(make, "Rumah Satu")
    return there, family(make, there.beds[0], alias="Kenari"), family(make, alias="Merbau")


def standing(session):
    return set(session.execute(select(Conflict.household_id, Conflict.other_id, Conflict.kind)).all())


def name_resident(session, resident, name=None, nik=None):
    if name:
        resident.name = seal(session, resident, "name", name, key=key_of(session, resident.ref))
    if nik:
        index_number(session, kind=IndexedKind.NIK, owner_kind=OwnerOfIndex.RESIDENT, owner=resident.ref, number=nik)
    session.commit()


def check(make, who):
    by = make.account(Role.CASEWORKER)
    found = check_household(make.session, household=who.household, now=make.clock.now, by=actor(by))
    make.session.commit()
    return found


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


# What is kept


def test_a_check_that_is_asked_again_keeps_nothing_twice(session, make, two):
    _there, kenari, merbau = two
    reported(make, kenari, nik=NIK)
    reported(make, merbau, nik=NIK)
    assert [check(make, who) for who in (kenari, merbau, kenari)] == [0, 0, 0]
    assert session.scalar(select(func.count()).select_from(Conflict)) == 1


def test_what_was_lifted_comes_back_only_with_a_newer_fact(session, make, two):
    _there, kenari, merbau = two
    reported(make, kenari, name="Slamet Riyadi")
    reported(make, merbau, name="Slamet Riyadi")
    (conflict,) = session.scalars(select(Conflict))
    manager = actor(make.account(Role.MANAGER))
    make.clock.forward(minutes=5)
    lift_conflict(session, conflict=conflict, reason=LiftReason.OTHER_PEOPLE, now=make.clock.now, by=manager)
    session.commit()
    assert check(make, merbau) == 0
    make.clock.forward(minutes=5)
    reported(make, merbau, name="Slamet Riyadi")
    assert [one.lifted_at is None for one in session.scalars(select(Conflict).order_by(Conflict.id))] == [False, True]


def test_nobody_lifts_a_conflict_twice(session, make, two):
    _there, kenari, merbau = two
    by = actor(make.account(Role.MANAGER))
    note_relatives(session, household=kenari.household, other=merbau.household, now=make.clock.now, by=by)
    (conflict,) = session.scalars(select(Conflict))
    lift_conflict(session, conflict=conflict, reason=LiftReason.WRITTEN_BY_MISTAKE, now=make.clock.now, by=by)
    with pytest.raises(SafetyRefused) as refused:
        lift_conflict(session, conflict=conflict, reason=LiftReason.WRITTEN_BY_MISTAKE, now=make.clock.now, by=by)
    assert refused.value.reason is SafetyRefusal.NOT_STANDING


def test_relatives_written_by_hand_stand_once_and_never_within_one_family(session, make, two):
    _there, kenari, merbau = two
    by = actor(make.account(Role.CASEWORKER))
    note_relatives(session, household=merbau.household, other=kenari.household, now=make.clock.now, by=by)
    for other, reason in (
        (kenari, SafetyRefusal.ALREADY_STANDS),
        (merbau, SafetyRefusal.SAME_HOUSEHOLD),
    ):
        with pytest.raises(SafetyRefused) as refused:
            note_relatives(session, household=merbau.household, other=other.household, now=make.clock.now, by=by)
        assert refused.value.reason is reason


def test_a_reported_person_of_whom_nothing_is_known_is_refused(session, make, two):
    _there, kenari, _merbau = two
    with pytest.raises(SafetyRefused):
        reported(make, kenari, name="  ", phone="")


def test_a_check_of_names_is_one_reading_by_the_system_that_names_everyone_it_opened(session, make, two):
    _there, kenari, merbau = two
    reported(make, kenari, name="Slamet Riyadi")
    last = session.scalar(select(func.max(TrailEntry.seq)))
    reported(make, merbau, name="Joko Susilo")
    entries = session.scalars(select(TrailEntry).where(TrailEntry.seq > last)).all()
    (opened,) = [one for one in entries if one.act == Act.VALUE_OPENED]
    assert (opened.actor_kind, opened.purpose) == (ActorKind.SYSTEM, "conflict check")
    subjects = set(session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq == opened.seq)))
    assert subjects == {kenari.household.ref, merbau.household.ref}


def test_a_check_without_names_opens_nothing(session, make, two):
    _there, kenari, merbau = two
    reported(make, kenari, name="Slamet Riyadi")
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert check(make, merbau) == 0
    acts = set(session.scalars(select(TrailEntry.act).where(TrailEntry.seq > last)))
    assert acts == {Act.CONFLICTS_CHECKED}


def test_nothing_of_a_reported_person_stands_in_the_record_the_log_or_the_table(session, make, two, caplog):
    _there, kenari, merbau = two
    facts = {"name": "Burhanuddin Wiratmoko", "nik": NIK, "phone": PHONE, "plate": "G 4711 ZZ"}
    with caplog.at_level(logging.DEBUG):
        reported(make, kenari, **facts)
        reported(make, merbau, **facts)
    told = caplog.text + " ".join(f"{one.fields} {one.purpose}" for one in session.scalars(select(TrailEntry)))
    for value in (*facts.values(), "6281200000001", "G4711ZZ"):
        assert value not in told


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


# In the houses


def placed(make, there, referral, by, option=None, role=Role.MANAGER):
    """Place a referred family in the first place offered there, or in this one."""
    session, now = make.session, make.clock.now
    chosen = option
    if chosen is None:
        houses = house_views(session, house_ids=[there.house.id], today=now.date(), now=now)
        chosen = suggest(family_of(referral), needs_of(referral), houses).options[0]
    act = begin_act(session, key=uuid.uuid4(), kind="placing:place", now=now, by=by)
    return place_family(
        session,
        referral=referral,
        option=chosen,
        aliases={0: f"Ulin {referral.number}"},
        arrived_at=now,
        planned_exit=now.date() + dt.timedelta(days=3),
        today=now.date(),
        act=act,
        now=now,
        by=by,
        role=role,
    )


def referred(make, **facts):
    """A woman who is on her way, and whom she must not be found by."""
    referral = make.referral()
    household = household_of(make.session, referral=referral)
    by = actor(make.account(Role.CASEWORKER))
    if facts:
        note_reported_person(
            make.session,
            household=household,
            relationship=Relationship.HUSBAND,
            **facts,
            now=make.clock.now,
            by=by,
        )
    make.session.commit()
    return referral


def test_a_family_is_not_placed_where_someone_lives_whom_it_must_never_meet(session, make, two):
    there, kenari, _merbau = two
    reported(make, kenari, nik=NIK)
    referral = referred(make, nik=NIK)
    with pytest.raises(PlacementRefused) as refused:
        placed(make, there, referral, actor(there.manager))
    assert refused.value.reason is PlacementRefusal.MUST_NOT_SHARE
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Stay).where(Stay.ended_at.is_(None))) == 1


def test_what_nobody_had_compared_before_is_compared_when_a_family_is_placed(session, make, two):
    """She who lives there was given her NIK after the other family's reported person was written down."""
    there, kenari, _merbau = two
    referral = referred(make, nik=NIK)
    name_resident(session, kenari.one, nik=NIK)
    with pytest.raises(PlacementRefused) as refused:
        placed(make, there, referral, actor(there.manager))
    assert refused.value.reason is PlacementRefusal.MUST_NOT_SHARE


def test_the_page_of_places_shows_the_house_and_offers_no_bed_in_it(session, make, two, browser):
    there, kenari, _merbau = two
    elsewhere = make.house("Rumah Dua")
    make.room(elsewhere, "9", beds=2)
    session.add(Clearance(account_id=there.manager.id, house_id=elsewhere.id, since=make.clock.now))
    session.commit()
    reported(make, kenari, nik=NIK)
    referral = referred(make, nik=NIK)
    browser.sign_in(there.manager)
    assert browser.get(f"/referrals/{referral.ref}/beds").status_code == 200
    offered = re.findall(r'<li class="opt[^"]*"><div class="row"><h2>([^<]*)</h2>', browser.page)
    assert [one for one in offered if one.startswith("Rumah Satu")] == ["Rumah Satu"]
    assert any(one.startswith("Rumah Dua") for one in offered)
    assert "Kenari" not in browser.page


def test_a_place_that_was_offered_before_the_conflict_was_known_cannot_be_chosen_any_more(session, make, two, browser):
    there, kenari, _merbau = two
    referral = referred(make, name="Slamet Riyadi")
    browser.sign_in(there.manager)
    browser.get(f"/referrals/{referral.ref}/beds")
    option = browser.page.split('name="option" value="')[1].split('"')[0]
    reported(make, kenari, name="Slamet Riyadi")
    answer = browser.post(f"/referrals/{referral.ref}/beds", option=option)
    assert answer.status_code == 200 and 'name="option"' not in browser.page


def test_nobody_moves_into_a_house_that_must_not_be_shared_and_another_bed_at_home_is_free(session, make, two, browser):
    there, kenari, _merbau = two
    elsewhere = place(make, "Rumah Dua")
    merbau = family(make, elsewhere.beds[0], alias="Merbau")
    session.add(Clearance(account_id=there.manager.id, house_id=elsewhere.house.id, since=make.clock.now))
    session.commit()
    reported(make, kenari, nik=NIK)
    reported(make, merbau, nik=NIK)
    browser.sign_in(there.manager)
    browser.get(f"/residents/{merbau.one.ref}/move")
    assert str(there.beds[1].ref) not in browser.page and str(elsewhere.beds[1].ref) in browser.page
    assert "Rumah Satu" in browser.page and "Kenari" not in browser.page
    by = actor(there.manager)
    for bed, refusal in ((there.beds[1], StayRefusal.MUST_NOT_SHARE), (elsewhere.beds[1], None)):
        act = begin_act(session, key=uuid.uuid4(), kind="stay:move", now=make.clock.now, by=by)
        moving = {
            "resident": merbau.one,
            "bed": bed,
            "reasons": (),
            "act": act,
            "moved_at": make.clock.now,
            "now": make.clock.now,
            "by": by,
        }
        if refusal is None:
            assert move(session, **moving).bed_id == bed.id
        else:
            with pytest.raises(StayRefused) as refused:
                move(session, **moving)
            assert refused.value.reason is refusal


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.sampled_from([NIK, OTHER_NIK]), min_size=2, max_size=6))
def test_two_who_must_never_meet_are_never_placed_in_one_house(session, make, niks):
    """Whoever comes, in whatever order, takes the first place offered; nobody is offered a house she must not share."""
    houses = [place(make, beds=6) for _ in range(2)]
    by = actor(make.account(Role.MANAGER, *(one.house for one in houses)))
    lives: dict[int, set[str]] = {}
    now = make.clock.now
    for nik in niks:
        referral = referred(make, nik=nik)
        views = house_views(
            session,
            house_ids=[one.house.id for one in houses],
            today=now.date(),
            now=now,
            barred=barred_house_ids(session, household_id=referral.household_id),
        )
        for option in suggest(family_of(referral), needs_of(referral), views).options[:1]:
            placed(make, houses[0], referral, by, option)
            session.commit()
            assert nik not in lives.setdefault(option.house.id, set())
            lives[option.house.id].add(nik)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_two_families_that_must_never_meet_one_is_placed_when_both_come_at_the_same_moment(lone_app, kind):
    app = lone_app(kind)
    writing = app.extensions["db_writing"]
    for number in range(8):
        with writing() as session:
            make = Make(session, app.extensions["test_clock"], counter=1000 * number)
            there = place(make, f"Rumah {number}")
            make.room(there.house, beds=4)
            coming = [referred(make, nik=f"33250147089500{number + 1:02}").id for _ in range(2)]
            house_id, account_id = there.house.id, there.manager.id
        gate, results = threading.Barrier(2, timeout=20), []

        def come(at, referral_id, *, house_id=house_id, account_id=account_id, gate=gate, results=results):
            with app.extensions["db_reading"]() as session:
                referral = session.get_one(Referral, referral_id)
                houses = house_views(session, house_ids=[house_id], today=NOW.date(), now=NOW)
                options = suggest(family_of(referral), needs_of(referral), houses).options
                option = options[at]
            gate.wait()
            with writing() as session:
                make = Make(session, app.extensions["test_clock"])
                by = actor(session.get_one(Account, account_id))
                try:
                    placed(make, None, session.get_one(Referral, referral_id), by, option)
                    session.commit()
                except PlacementRefused as refused:
                    results.append(refused.reason)
                else:
                    results.append("placed")

        threads = [threading.Thread(target=come, args=pair) for pair in enumerate(coming)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, results)) == [str(PlacementRefusal.MUST_NOT_SHARE), "placed"]


# The pages


def test_a_caseworker_writes_down_a_reported_person_of_a_referral_and_sees_the_barred_house_only(
    session, make, two, browser
):
    there, kenari, _merbau = two
    reported(make, kenari, nik=NIK)
    referral = make.referral()
    browser.sign_in(make.account(Role.CASEWORKER, there.house))
    url = f"/referrals/{referral.ref}/reported-persons"
    assert browser.get(url).status_code == 200 and "Rumah Satu" not in browser.page.split("<main")[1]
    facts = {"relationship": "husband", "name": "Slamet Riyadi", "nik": NIK, "phone": "", "plate": ""}
    assert browser.post(url, fields=facts).status_code == 303
    browser.get(url)
    shown = browser.page.split("<main")[1]
    assert "Rumah Satu" in shown and "Kenari" not in shown and "Slamet" not in shown and NIK not in shown
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert browser.post(f"{url}/opened").status_code == 200
    assert "Slamet Riyadi" in browser.page and NIK in browser.page
    opened = session.scalars(select(TrailEntry).where(TrailEntry.seq > last, TrailEntry.act == Act.VALUE_OPENED)).one()
    session.refresh(referral)
    assert opened.subject == household_of(session, referral=referral).ref


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"nik": "123"}, "nik"),
        ({"phone": "abc"}, "phone"),
        ({"relationship": ""}, "relationship"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_a_reported_person_is_said_beside_the_field_and_nothing_is_lost(
    session, make, two, browser, wrong, field
):
    there, kenari, _merbau = two
    browser.sign_in(there.manager)
    url = f"/residents/{kenari.one.ref}/reported-persons"
    facts = {"relationship": "husband", "name": "Slamet Riyadi", "nik": "", "phone": "", "plate": ""} | wrong
    assert browser.post(url, fields=facts).status_code == 200
    assert f'id="{field}-e"' in browser.page and facts["name"] in browser.page
    assert session.scalar(select(func.count()).select_from(ReportedPerson)) == 0


def test_relatives_are_written_by_hand_and_the_manager_reads_why_and_lifts_it(session, make, two, browser):
    there, kenari, _merbau = two
    elsewhere = place(make, "Rumah Dua")
    ulin, sengon = family(make, there.beds[1], alias="Ulin"), family(make, elsewhere.beds[0], alias="Sengon")
    reported(make, kenari, nik=NIK)
    reported(make, sengon, nik=NIK)
    browser.sign_in(there.manager)
    url = f"/residents/{kenari.one.ref}"
    browser.get(f"{url}/never-together")
    assert "Ulin" in browser.page and "Sengon" not in browser.page
    assert browser.post(f"{url}/never-together", fields={"other": str(ulin.one.ref)}).status_code == 303
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert browser.get(f"{url}/conflicts").status_code == 200
    assert f"Ulin {ulin.one.code}" in browser.page
    assert "Sengon" not in browser.page and "Rumah Dua" not in browser.page.split("<main")[1]
    explained = session.scalars(
        select(TrailEntry).where(TrailEntry.seq > last, TrailEntry.act == Act.CONFLICT_EXPLAINED)
    ).one()
    assert explained.subject == kenari.household.ref
    by_hand = session.scalars(select(Conflict).where(Conflict.kind == ConflictKind.RELATIVES)).one()
    assert browser.post(f"{url}/conflicts", fields={"conflict": str(by_hand.ref)}).status_code == 200
    assert 'id="reason-e"' in browser.page
    lifting = {"conflict": str(by_hand.ref), "reason": "written_by_mistake"}
    assert browser.post(f"{url}/conflicts", fields=lifting).status_code == 303
    session.expire_all()
    assert by_hand.lifted_by_id == there.manager.id
    lifted = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.CONFLICT_LIFTED)).one()
    assert lifted.purpose == "written_by_mistake"


def test_nobody_reads_a_conflict_about_herself(session, make, two, browser):
    there, kenari, _merbau = two
    reported(make, kenari, nik=NIK)
    keep_relation(
        session,
        account=there.manager,
        nik=NIK,
        now=make.clock.now,
        by=actor(make.account(Role.SECURITY_OFFICER)),
    )
    session.commit()
    (conflict,) = session.scalars(select(Conflict))
    url = f"/residents/{kenari.one.ref}/conflicts"
    browser.sign_in(there.manager)
    assert browser.get(url).status_code == 200 and str(conflict.ref) not in browser.page
    assert '<th role="rowheader"' not in browser.page


def denied_to_her(make, there, who):
    """A second manager of the house, who must know nothing of this family that lives in it. To her another room is
    free."""
    make.room(there.house, beds=2)
    her = make.account(Role.MANAGER, there.house)
    make.saved(Denial(resident_id=who.one.id, account_id=her.id, since=make.clock.now))
    return her


def test_a_barred_house_is_not_shown_to_whoever_must_know_nothing_of_those_who_live_there(session, make, two, browser):
    """She would learn by a number that somebody she looks for is here, and where."""
    there, kenari, _merbau = two
    her = denied_to_her(make, there, kenari)
    name_resident(session, kenari.one, nik=NIK)
    referral = make.referral()
    browser.sign_in(her)
    url = f"/referrals/{referral.ref}"
    pages = {}
    for nik in (OTHER_NIK, NIK):
        facts = {"relationship": "sibling", "name": "", "nik": nik, "phone": "", "plate": ""}
        assert browser.post(f"{url}/reported-persons", fields=facts).status_code == 303
        browser.get(f"{url}/reported-persons")
        pages[nik] = browser.page.split("<main")[1]
    session.expire_all()
    assert barred_house_ids(session, household_id=referral.household_id) == {there.house.id}
    assert "Rumah Satu" not in pages[NIK] and pages[NIK].count("<aside") == pages[OTHER_NIK].count("<aside")
    aside = [re.sub(r"<[^>]+>", " ", page.split("<aside")[1]) for page in pages.values()]
    assert aside[0] == aside[1]
    browser.get(f"{url}/beds")
    assert "Tidak boleh di rumah ini" not in browser.page and 'name="option"' not in browser.page
    assert f"{url}/conflicts" not in browser.page
    browser.sign_in(there.manager)
    browser.get(f"{url}/reported-persons")
    assert "Rumah Satu" in browser.page.split("<main")[1]


def test_whoever_must_know_nothing_reads_that_the_bed_is_gone_when_the_conflict_is_found_at_the_door(
    session, make, two, browser
):
    there, kenari, _merbau = two
    her = denied_to_her(make, there, kenari)
    for who, said in ((her, "taken=1"), (there.manager, "barred=1")):
        referral = referred(make, nik=NIK)
        browser.sign_in(who)
        browser.get(f"/referrals/{referral.ref}/beds")
        option = browser.page.split('name="option" value="')[1].split('"')[0]
        door = browser.post(f"/referrals/{referral.ref}/beds", option=option).location
        browser.get(door)
        name_resident(session, kenari.one, nik=NIK)
        answer = browser.post(door, fields=arrival(browser))
        assert answer.status_code == 303 and said in answer.location, answer.location
        session.execute(delete(BlindIndex).where(BlindIndex.owner == kenari.one.ref))
        session.execute(delete(Conflict))
        session.commit()


def test_nobody_moves_where_somebody_lives_of_whom_this_person_must_know_nothing_and_no_reason_is_given(
    session, make, two, browser
):
    there, kenari, _merbau = two
    elsewhere = place(make, "Rumah Dua")
    merbau = family(make, elsewhere.beds[0], alias="Merbau")
    her = denied_to_her(make, there, kenari)
    session.add(Clearance(account_id=her.id, house_id=elsewhere.house.id, since=make.clock.now))
    session.commit()
    reported(make, kenari, nik=NIK)
    reported(make, merbau, nik=NIK)
    browser.sign_in(her)
    browser.get(f"/residents/{merbau.one.ref}/move")
    shown = browser.page.split("<main")[1]
    assert str(elsewhere.beds[1].ref) in shown
    assert "Rumah Satu" not in shown and str(there.beds[1].ref) not in shown


def test_a_manager_neither_reads_nor_lifts_what_stands_between_this_family_and_one_denied_to_her(
    session, make, two, browser
):
    there, kenari, _merbau = two
    ulin = family(make, there.beds[1], alias="Ulin")
    her = denied_to_her(make, there, kenari)
    reported(make, kenari, nik=NIK)
    reported(make, ulin, nik=NIK)
    conflict = session.scalars(select(Conflict).where(Conflict.kind == ConflictKind.SAME_REPORTED)).one()
    url = f"/residents/{ulin.one.ref}/conflicts"
    lifting = {"conflict": str(conflict.ref), "reason": "other_people"}
    browser.sign_in(her)
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert browser.get(url).status_code == 200
    assert str(conflict.ref) not in browser.page and '<th role="rowheader"' not in browser.page
    assert kenari.household.ref not in set(
        session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq > last))
    )
    assert browser.post(url, fields=lifting).status_code == 200
    found = find_conflict(session, household_id=ulin.household.id, ref=conflict.ref, account_id=her.id)
    session.expire_all()
    assert found is None and conflict.lifted_at is None
    browser.sign_in(there.manager)
    assert browser.post(url, fields=lifting).status_code == 303
    session.expire_all()
    assert conflict.lifted_by_id == there.manager.id


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER])
def test_why_is_for_the_manager_alone(make, two, browser, role):
    there, kenari, _merbau = two
    browser.sign_in(make.account(role, there.house))
    assert browser.get(f"/residents/{kenari.one.ref}/conflicts").status_code == 404
    assert browser.get(f"/referrals/{make.referral().ref}/conflicts").status_code == 404
