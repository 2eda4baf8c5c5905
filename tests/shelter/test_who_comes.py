"""One more child at the door: a family grows or shrinks until it is placed, and grows after that; nobody is asked twice
for it, and nothing that was given is lost."""

import html
import re

import pytest
from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Consent, ConsentItem, Household, Resident, Sex
from safehouse.residents.operations.people import NewPerson
from safehouse.shelter.choices import PlacementBasis, ReferralState, RoomPurpose
from safehouse.shelter.models import Placement, Referral, ReferralPerson, Stay
from safehouse.shelter.operations.deciding import decide_placement
from safehouse.shelter.operations.taking import Comings, change_referral, take_referral
from safehouse.shelter.queries.deciding import readiness, standing_decision
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry, TrailSubject
from tests.office import actor
from tests.shelter.arriving import agree, come_in, consent_path, item_fields, reading, screen


@pytest.fixture
def house(make):
    house = make.house("Rumah Satu")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=5, cots=1)
    return house


@pytest.fixture
def witness(make, house):
    return make.account(Role.STAFF, house, shown_name="Ratna")


@pytest.fixture
def staff(make, house):
    return make.account(Role.STAFF, house, language="en")


@pytest.fixture
def referral(make, staff):
    """A mother with a boy of four."""
    return make.referral((Sex.MALE, 4 * 12), by=staff)


@pytest.fixture
def agreed(browser, session, referral, staff, witness):
    """Both have names, and agreed to everything."""
    browser.sign_in(staff)
    assert agree(browser, referral, witness, children=(1,)).status_code == 303, browser.page
    session.expire_all()
    return referral


def change(browser, referral, **fields):
    path = f"/referrals/{referral.ref}/change"
    browser.get(path)
    return browser.post(
        path, fields={"source": "police", "urgency": "now", "named": "1", "women": "0", "men": "0"} | fields
    )


GIRL = {"children-0-sex": "female", "children-0-age": "7"}


def people(session, referral):
    session.expire_all()
    return session.get_one(Referral, referral.id).people


def consents(session):
    session.expire_all()
    return {
        one.ref: (one.resident_id, one.item, one.granted, one.replaced_at) for one in session.scalars(select(Consent))
    }


def alias_of(session, resident_id):
    return session.get_one(Resident, resident_id).alias


def asked_of(page):
    return set(re.findall(r'name="(item_[a-z_0-9]+|guardian_[0-9]+|alias_[0-9]+)"', page))


# Until the family is placed


def test_one_more_child_is_added_and_she_alone_is_asked(browser, session, agreed, witness):
    before, [mother, boy] = consents(session), people(session, agreed)
    names = [alias_of(session, one.resident_id) for one in (mother, boy)]
    assert change(browser, agreed, **GIRL).status_code == 303, browser.page
    kept_mother, kept_boy, girl = people(session, agreed)
    assert (kept_mother.resident_id, kept_boy.resident_id) == (mother.resident_id, boy.resident_id)
    assert (girl.sex, girl.age_months, girl.resident_id) == (Sex.FEMALE, 84, None)
    browser.get(consent_path(agreed))
    assert asked_of(browser.page) == {
        "guardian_2",
        *(f"item_{item}" for item in (ConsentItem.STAY, ConsentItem.HEALTH_CHECK, ConsentItem.COUNSELLING)),
    }
    fields = reading(witness) | {"item_stay": "yes", "item_health_check": "yes", "guardian_2": "adult:0"}
    assert browser.post(consent_path(agreed), fields=fields).status_code == 303, browser.page
    after = consents(session)
    assert before.items() <= after.items(), "what was given stands as it stood"
    new = people(session, agreed)[2].resident_id
    assert {resident for resident, *_rest in (after[ref] for ref in after.keys() - before.keys())} == {new}
    assert [alias_of(session, one.resident_id) for one in people(session, agreed)[:2]] == names
    assert alias_of(session, new) not in names
    assert come_in(browser, agreed).status_code == 303
    assert len(session.scalars(select(Stay)).all()) == 3


def test_one_more_adult_chooses_a_name_and_answers_for_herself(browser, session, agreed, witness):
    before = consents(session)
    assert change(browser, agreed, women="1").status_code == 303
    browser.get(consent_path(agreed))
    asked = asked_of(browser.page)
    assert "alias_2" in asked and "item_stay_2" in asked and not {"alias_0", "item_stay_0"} & asked
    name = html.unescape(re.search(r'name="alias_2"[^>]*value="([^"]+)"', browser.page)[1])
    fields = reading(witness) | item_fields(2) | {"alias_2": name}
    assert browser.post(consent_path(agreed), fields=fields).status_code == 303, browser.page
    assert before.items() <= consents(session).items()
    assert alias_of(session, people(session, agreed)[2].resident_id) == name


def test_until_the_newcomer_is_asked_not_everybody_has_agreed(browser, session, clock, agreed):
    today = clock.now.date()
    assert readiness(session, agreed, today=today).agreed
    change(browser, agreed, **GIRL)
    session.expire_all()
    assert not readiness(session, session.get_one(Referral, agreed.id), today=today).agreed


def test_a_child_who_does_not_come_is_left_out_and_comes_after_all_with_everything_she_agreed_to(
    browser, session, agreed
):
    before, [mother, boy] = consents(session), people(session, agreed)
    boy_id, mother_id = boy.resident_id, mother.resident_id
    boy_ref = session.get_one(Resident, boy_id).ref
    assert change(browser, agreed, without="1").status_code == 303, browser.page
    assert [one.resident_id for one in people(session, agreed)] == [mother_id]
    assert consents(session) == before, "his name and what was said for him are kept"
    page = browser.get(f"/referrals/{agreed.ref}/change").text
    assert "Who comes after all?" in page and str(boy_ref) in page
    assert change(browser, agreed, again=str(boy_ref)).status_code == 303, browser.page
    [_mother, again] = people(session, agreed)
    assert (again.resident_id, again.adult, again.sex) == (boy_id, False, Sex.MALE)
    assert consents(session) == before
    browser.get(consent_path(agreed))
    assert not asked_of(browser.page), "nobody is asked again"


def test_where_nobody_would_be_left_the_form_says_so_and_keeps_what_was_typed(browser, session, agreed):
    answer = browser.get(f"/referrals/{agreed.ref}/change")
    answer = browser.post(
        f"/referrals/{agreed.ref}/change",
        fields={
            "source": "police",
            "urgency": "now",
            "named": "1",
            "women": "0",
            "men": "0",
            "without": ["0", "1"],
            "their_reference": "B-77",
        },
    )
    assert answer.status_code == 200
    assert "Withdraw the referral instead" in browser.page and 'value="B-77"' in browser.page
    assert len(people(session, agreed)) == 2


def test_a_newcomer_whose_age_cannot_be_read_is_refused_with_all_that_was_typed(browser, session, agreed):
    answer = change(browser, agreed, **{"children-0-sex": "female", "children-0-age": "lama"}, their_reference="B-78")
    assert answer.status_code == 200
    assert 'value="lama"' in browser.page and 'value="B-78"' in browser.page
    assert len(people(session, agreed)) == 2


def test_the_decision_about_another_family_counts_no_more(browser, make, session, clock, house, agreed):
    head = make.account(Role.MANAGER, house, is_head=True)
    decide_placement(session, referral=agreed, house=house, granted=True, words="", now=clock.now, by=actor(head))
    session.commit()
    change(browser, agreed, needs="pregnant")
    change(browser, agreed, **GIRL)
    session.expire_all()
    assert standing_decision(session, session.get_one(Referral, agreed.id)) is None


def test_saving_without_any_change_of_people_leaves_decision_and_people(browser, make, session, clock, house, agreed):
    head = make.account(Role.MANAGER, house, is_head=True)
    decide_placement(session, referral=agreed, house=house, granted=True, words="", now=clock.now, by=actor(head))
    session.commit()
    ids = [one.resident_id for one in people(session, agreed)]
    assert change(browser, agreed, their_reference="B-79").status_code == 303
    assert [one.resident_id for one in people(session, agreed)] == ids
    assert standing_decision(session, session.get_one(Referral, agreed.id)) is not None


def test_who_was_left_out_stands_in_the_record(browser, session, agreed):
    boy = session.get_one(Resident, people(session, agreed)[1].resident_id).ref
    session.expire_all()
    assert change(browser, agreed, without="1").status_code == 303, browser.page
    session.expire_all()
    entry = session.scalars(
        select(TrailEntry).where(TrailEntry.act == Act.REFERRAL_CHANGED, TrailEntry.purpose == "who comes")
    ).one()
    assert entry.subject == agreed.ref
    assert session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq == entry.seq)).all() == [boy]


def test_a_family_without_names_is_written_down_anew_as_before(browser, session, staff, referral):
    browser.sign_in(staff)
    page = browser.get(f"/referrals/{referral.ref}/change").text
    assert "Who has a name already" not in page
    family = {"source": "police", "urgency": "now", "women": "2", "men": "0"}
    assert browser.post(f"/referrals/{referral.ref}/change", fields=family).status_code == 303
    assert [one.adult for one in people(session, referral)] == [True, True]


# Once it lives here


@pytest.fixture
def mother(browser, make, session, referral, staff, witness):
    """She lives here with her boy; everything was asked of both."""
    screen(make, referral, staff)
    browser.sign_in(staff)
    agree(browser, referral, witness, children=(1,))
    come_in(browser, referral)
    session.expire_all()
    return session.scalars(select(Resident).where(Resident.sex == Sex.FEMALE)).one()


def follow(browser, mother, **fields):
    path = f"/residents/{mother.ref}/family/new"
    browser.get(path)
    return browser.post(path, fields={"source": "police", "urgency": "now", "women": "0", "men": "0"} | fields)


def newest(session):
    session.expire_all()
    return session.scalars(select(Referral).order_by(Referral.id.desc())).first()


def test_a_daughter_who_follows_comes_into_the_same_household_and_her_mother_decides_for_her(
    browser, session, mother, witness
):
    before = consents(session)
    stays = session.execute(select(Stay.id, Stay.bed_id, Stay.ended_at)).all()
    assert f"/residents/{mother.ref}/family/new" in browser.get(f"/residents/{mother.ref}").text
    assert follow(browser, mother, **GIRL).status_code == 303, browser.page
    joined = newest(session)
    assert (joined.household_id, joined.state, len(joined.people)) == (mother.household_id, ReferralState.NEW, 1)
    browser.get(consent_path(joined))
    assert f'value="home:{mother.ref}"' in browser.page
    name = html.unescape(re.search(r'name="alias_0"[^>]*value="([^"]+)"', browser.page)[1])
    fields = reading(witness) | {"item_stay": "yes", "guardian_0": f"home:{mother.ref}", "alias_0": name}
    assert browser.post(consent_path(joined), fields=fields).status_code == 303, browser.page
    assert come_in(browser, joined).status_code == 303, browser.page
    after = consents(session)
    assert before.items() <= after.items()
    girl = session.get_one(Resident, newest(session).people[0].resident_id)
    assert (girl.household_id, girl.house_id) == (mother.household_id, mother.house_id)
    assert {resident for resident, *_rest in (after[ref] for ref in after.keys() - before.keys())} == {girl.id}
    assert set(stays) <= set(session.execute(select(Stay.id, Stay.bed_id, Stay.ended_at)).all()), "nobody was moved"
    assert girl.alias in browser.get(f"/residents/{mother.ref}").text


def test_a_small_child_who_follows_is_offered_a_bed_with_her_mother_and_not_as_a_child_alone(browser, session, mother):
    follow(browser, mother, **{"children-0-sex": "female", "children-0-age": "2"})
    joined = newest(session)
    assert come_in(browser, joined).status_code == 303, browser.page
    session.expire_all()
    placement = session.scalars(select(Placement).where(Placement.referral_id == joined.id)).one()
    assert placement.basis is PlacementBasis.EMERGENCY, "the head decides about her by herself"


def test_a_refusal_keeps_what_was_typed_about_who_follows(browser, session, mother):
    answer = follow(browser, mother, their_reference="B-80")
    assert answer.status_code == 200
    assert 'value="B-80"' in browser.page and 'id="women-e"' in browser.page
    assert len(session.scalars(select(Referral)).all()) == 1


def test_nobody_follows_somebody_who_is_foreign_or_has_left(browser, make, session, mother):
    path = f"/residents/{mother.ref}/family/new"
    elsewhere = make.account(Role.STAFF, make.house("Rumah Dua"))
    browser.sign_in(elsewhere)
    assert browser.get(path).status_code == 404
    assert browser.post(path, fields=GIRL).status_code == 404
    browser.sign_in(session.get_one(type(elsewhere), session.scalars(select(Referral.taken_by_id)).first()))
    session.get_one(Resident, mother.id).house_id = None
    session.commit()
    assert browser.get(path).status_code == 404


def test_what_was_typed_while_she_left_waits_on_the_page_for_another_family(browser, make, session, house, mother):
    worker = make.account(Role.CASEWORKER, house, language="en")
    make.saved(
        Assignment(
            resident_id=mother.id,
            account_id=worker.id,
            discipline=Discipline.SOCIAL_WORK,
            coordinator=True,
            since=make.clock.now,
        )
    )
    browser.sign_in(worker).get(f"/residents/{mother.ref}/family/new")
    session.get_one(Resident, mother.id).house_id = None
    session.commit()
    path = f"/residents/{mother.ref}/family/new"
    kept = browser.post(path, fields={"source": "police", "urgency": "now", "their_reference": "B-81"} | GIRL)
    assert kept.status_code == 303 and kept.location.startswith("/referrals/new?draft=")
    browser.get(kept.location)
    assert 'value="B-81"' in browser.page
    assert len(session.scalars(select(Referral)).all()) == 1


def test_the_record_says_whom_somebody_follows(browser, session, mother):
    follow(browser, mother, **GIRL)
    entry = session.scalars(select(TrailEntry).where(TrailEntry.subject == newest(session).ref)).first()
    household = session.get_one(Household, mother.household_id)
    assert entry.act == Act.REFERRAL_TAKEN
    assert session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq == entry.seq)).all() == [
        household.ref
    ]


def test_the_same_press_twice_writes_one_referral(browser, session, mother):
    key = {"act_key": "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"}
    first = follow(browser, mother, **GIRL, **key)
    second = follow(browser, mother, **GIRL, **key)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(session.scalars(select(Referral)).all()) == 2


# Two at once


def test_what_was_typed_about_who_comes_too_never_replaces_a_family_whose_names_are_gone(
    browser, make, session, agreed
):
    """A page on which everybody had a name; meanwhile a colleague wrote that quite others come."""
    assert change(browser, agreed, without=["0", "1"], women="2").status_code == 303, browser.page
    assert [one.resident_id for one in people(session, agreed)] == [None, None]
    path = f"/referrals/{agreed.ref}/change"
    fields = {"source": "police", "urgency": "now", "named": "1", "women": "0", "men": "0"} | GIRL
    assert browser.post(path, fields=fields).status_code == 303, browser.page
    assert sorted(one.adult for one in people(session, agreed)) == [False, True, True], "the girl comes too"


def test_whoever_was_left_out_comes_after_all_with_one_referral_only(browser, session, clock, staff, agreed):
    boy_id = people(session, agreed)[1].resident_id
    change(browser, agreed, without="1")
    session.expire_all()
    boy, first = session.get_one(Resident, boy_id), session.get_one(Referral, agreed.id)
    other = take_referral(
        session,
        source=first.source,
        urgency=first.urgency,
        people=[NewPerson(Sex.FEMALE, True, None)],
        needs=[],
        their_reference=None,
        contact=None,
        joins=session.get_one(Household, first.household_id),
        now=clock.now,
        by=actor(staff),
    )
    for referral in (first, other):
        change_referral(
            session,
            referral=referral,
            source=referral.source,
            urgency=referral.urgency,
            people=[],
            needs=[],
            their_reference=None,
            contact=None,
            comings=Comings(clock.now.date(), again=[boy]),  # both pages still offered him
            now=clock.now,
            by=actor(staff),
        )
    session.commit()
    assert session.scalars(select(ReferralPerson.referral_id).where(ReferralPerson.resident_id == boy_id)).all() == [
        first.id
    ]
