"""Consent and arrival: in order, or in an emergency with what is missing due within a day."""

import re

import pytest
from markupsafe import escape
from sqlalchemy import func, select

from safehouse.access.permissions import Role
from safehouse.residents.models import Consent, ConsentItem, GivenBy, Relationship, Resident, Sex
from safehouse.residents.operations.safety import note_reported_person
from safehouse.residents.rules.consent_texts import ITEMS, RIGHTS
from safehouse.residents.rules.consenting import OF_AN_ADULT
from safehouse.shelter.choices import PlacementBasis, ReferralState, RoomPurpose
from safehouse.shelter.models import Decision, Placement, Referral, Stay
from safehouse.shelter.operations.deciding import decide_placement
from safehouse.shelter.operations.families import household_of
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.shelter.arriving import agree, come_in, consent_path, item_fields, reading, screen
from tests.shelter.test_placing import arrival, first_alias, first_option


@pytest.fixture
def house(make):
    house = make.house("Rumah Satu")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3, cots=1)
    return house


@pytest.fixture
def witness(make, house):
    return make.account(Role.STAFF, house, shown_name="Ratna")


@pytest.fixture
def staff(make, house):
    return make.account(Role.STAFF, house)


@pytest.fixture
def referral(make, staff):
    """A mother with a daughter of eleven and a boy of four."""
    return make.referral((Sex.FEMALE, 11 * 12), (Sex.MALE, 4 * 12), by=staff)


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def basis_of(session):
    session.expire_all()
    return set(session.scalars(select(Placement.basis)))


# Rule 2


def test_nobody_lives_here_on_a_decision_without_screening_consent_and_decision(
    browser, make, session, house, staff, witness, referral, clock
):
    """Of the three each alone, and any two of them, make an emergency; all three make an ordinary arrival."""
    head = make.account(Role.MANAGER, house, is_head=True)
    browser.sign_in(staff)
    screen(make, referral, staff)
    assert agree(browser, referral, witness, children=(1, 2)).status_code == 303, browser.page
    placed = come_in(browser, referral)
    assert placed.status_code == 303 and basis_of(session) == {PlacementBasis.EMERGENCY}, "the decision was missing"
    assert browser.post(f"/arrivals/{placed.location.split('done=')[1]}/undo").status_code == 303
    session.expire_all()
    decide_placement(session, referral=referral, house=house, granted=True, words="", now=clock.now, by=actor(head))
    session.commit()
    assert come_in(browser, referral).status_code == 303
    bases = list(session.scalars(select(Placement.basis).where(Placement.left_at.is_(None))))
    assert bases == [PlacementBasis.DECIDED] * 3


def test_a_decision_alone_leaves_an_emergency(browser, make, session, house, staff, referral, clock):
    head = make.account(Role.MANAGER, house, is_head=True)
    decide_placement(session, referral=referral, house=house, granted=True, words="", now=clock.now, by=actor(head))
    session.commit()
    browser.sign_in(staff)
    assert come_in(browser, referral).status_code == 303
    assert basis_of(session) == {PlacementBasis.EMERGENCY}


def test_a_decision_that_says_no_is_none_to_rest_on_and_stops_nobody_at_night(
    browser, make, session, house, staff, witness, referral, clock
):
    head = make.account(Role.MANAGER, house, is_head=True)
    screen(make, referral, staff)
    browser.sign_in(staff)
    agree(browser, referral, witness, children=(1, 2))
    decide_placement(
        session, referral=referral, house=house, granted=False, words="Penuh", now=clock.now, by=actor(head)
    )
    session.commit()
    assert come_in(browser, referral).status_code == 303
    assert basis_of(session) == {PlacementBasis.EMERGENCY}


# The emergency


def test_an_emergency_says_what_follows_and_who_decides(browser, make, house, staff, referral):
    make.account(Role.MANAGER, house, is_head=True, shown_name="Bu Sri")
    make.account(Role.STAFF, house)
    browser.sign_in(make.account(Role.STAFF, house, language="en"))
    beds = f"/referrals/{referral.ref}/beds"
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    assert "/arrival?" in chosen.location, "nobody at the door is sent to another page"
    browser.get(chosen.location)
    assert "Emergency arrival in" in browser.page and "Let them in now" in browser.page
    for words in ("Screening: twelve questions", "Consent, item by item", "The decision of the head", "House rules"):
        assert words in browser.page
    assert "Decides: Bu Sri (Head of the unit)" in browser.page


def test_after_the_screening_the_consent_comes_before_the_door(browser, make, house, staff, witness, referral):
    screen(make, referral, staff)
    browser.sign_in(staff)
    beds = f"/referrals/{referral.ref}/beds"
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    assert chosen.location.startswith(consent_path(referral) + "?option=")
    option = chosen.location.split("option=")[1]
    answered = agree(browser, referral, witness, children=(1, 2), option=option)
    assert answered.location == f"/referrals/{referral.ref}/arrival?option={option}"
    browser.get(answered.location)
    alias = browser.make.session.scalars(select(Resident.alias).order_by(Resident.id)).first()
    assert f'value="{alias}" autocomplete="off" checked' in browser.page, "she keeps the name she has chosen"


# Consent before the arrival


def test_a_family_agrees_before_it_has_a_house_and_the_same_people_come_in(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    assert agree(browser, referral, witness, children=(1, 2)).status_code == 303, browser.page
    residents = session.scalars(select(Resident).order_by(Resident.id)).all()
    assert len(residents) == 3 and {one.house_id for one in residents} == {None}
    given = {(one.resident_id, one.item): one for one in session.scalars(select(Consent))}
    assert len(given) == 5 + 2 * 3
    assert {one.given_by for one in given.values()} == {GivenBy.HERSELF, GivenBy.GUARDIAN}
    assert {one.witness_id for one in given.values()} == {witness.id}
    assert come_in(browser, referral).status_code == 303
    session.expire_all()
    assert count(session, Resident) == 3 and count(session, Stay) == 3


def test_later_is_written_down_nowhere(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    fields = {"item_photograph_0": "later", "item_legal_aid_0": "no", "item_counselling": "later"}
    assert agree(browser, referral, witness, children=(1, 2), **fields).status_code == 303
    mother = session.scalars(select(Resident).order_by(Resident.id)).first()
    kept = {one.item: one.granted for one in session.scalars(select(Consent).where(Consent.resident_id == mother.id))}
    assert "photograph" not in kept and kept["legal_aid"] is False
    assert "counselling" not in {
        one.item for one in session.scalars(select(Consent).where(Consent.resident_id != mother.id))
    }


def test_nothing_on_the_page_of_consent_is_answered_beforehand(browser, staff, witness, referral):
    browser.sign_in(staff)
    browser.get(consent_path(referral))
    assert " checked" not in browser.page.split("<main")[1]
    assert browser.page.count(" selected") == browser.page.count('<option value="" selected')


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"witness": ""}, "witness"),
        ({"rights": []}, "rights"),
        ({"item_stay_0": ""}, "item_stay_0"),
        ({"item_stay": ""}, "item_stay"),
        ({"guardian_1": ""}, "guardian_1"),
        ({"opinion_1": ""}, "opinion_1"),
        ({"signed": "thumb"}, "sheet_number"),
        ({"until-d": "30", "until-m": "2", "until-y": "2027"}, "until"),
        ({"until-d": "1", "until-m": "1", "until-y": "2026"}, "until"),
    ],
)
def test_an_answer_that_is_missing_keeps_the_page_and_writes_nothing(
    browser, session, staff, witness, referral, wrong, field
):
    browser.sign_in(staff)
    answer = agree(browser, referral, witness, children=(1, 2), **wrong)
    assert answer.status_code == 200
    assert f'id="{field}-e"' in browser.page, "the sentence stands beside its field"
    assert (count(session, Consent), count(session, Resident)) == (0, 0)
    assert 'name="item_health_check_0" id="item_health_check_0" value="yes" autocomplete="off" checked' in browser.page


def test_a_child_of_four_is_not_asked_and_one_of_eleven_is(browser, staff, witness, referral):
    browser.sign_in(staff)
    browser.get(consent_path(referral))
    assert 'name="opinion_1"' in browser.page and 'name="opinion_2"' not in browser.page


def test_a_reported_person_outside_never_signs_for_the_children(
    browser, make, session, clock, house, staff, witness, referral
):
    household = household_of(session, referral=referral)
    note_reported_person(
        session,
        household=household,
        relationship=Relationship.HUSBAND,
        name="Slamet Riyadi",
        phone="0812 3456 7890",
        now=clock.now,
        by=actor(make.account(Role.CASEWORKER)),
    )
    session.commit()
    browser.sign_in(staff)
    outside = {
        "guardian_1": "outside",
        "guardian_2": "outside",
        "outside_name": "Pak Slamet Riyadi",
        "outside_relationship": "father",
        "outside_reported": "no",
    }
    refused = agree(browser, referral, witness, children=(1, 2), **outside)
    assert refused.status_code == 200 and 'id="outside_name-e"' in browser.page
    assert (count(session, Consent), count(session, Resident)) == (0, 0)
    decided = {
        "guardian_1": "staff",
        "guardian_2": "staff",
        "reason": "Ayah adalah terlapor.",
        "second_name": witness.username,
        "second_code": make.code(witness),
    }
    assert agree(browser, referral, witness, children=(1, 2), **decided).status_code == 200
    assert 'id="witness-e"' in browser.page and count(session, Consent) == 0, "the witness is a third person"
    beside = make.account(Role.STAFF, house)
    decided |= {"second_name": beside.username, "second_code": make.code(beside)}
    assert agree(browser, referral, witness, children=(1, 2), **decided).status_code == 303, browser.page
    children = session.scalars(select(Consent).where(Consent.given_by == GivenBy.BEST_INTEREST)).all()
    assert len({one.resident_id for one in children}) == 2 and len({one.co_signature_id for one in children}) == 1


def test_a_wrong_code_of_the_second_person_writes_nothing_and_is_recorded(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    wrong = {
        "guardian_1": "staff",
        "guardian_2": "staff",
        "reason": "Wali tidak dapat dihubungi.",
        "second_name": witness.username,
        "second_code": "000000",
    }
    assert agree(browser, referral, witness, children=(1, 2), **wrong).status_code == 200
    assert 'id="second_code-e"' in browser.page and "Wali tidak dapat dihubungi." in browser.page
    assert (count(session, Consent), count(session, Resident)) == (0, 0)


def test_the_same_press_twice_keeps_each_answer_once(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    browser.get(consent_path(referral))
    fields = reading(witness) | item_fields(0, children=True) | {"alias_0": first_alias(browser.page)}
    fields |= {"guardian_1": "adult:0", "guardian_2": "adult:0", "opinion_1": "yes"}
    fields["act_key"] = "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"
    first = browser.post(consent_path(referral), fields=fields)
    second = browser.post(consent_path(referral), fields=fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert count(session, Resident) == 3 and count(session, Consent) == 11


def test_after_an_emergency_the_same_page_asks_what_was_put_off(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    come_in(browser, referral)
    browser.get(consent_path(referral))
    assert 'name="alias_0"' not in browser.page, "they have their names"
    answered = agree(browser, referral, witness, children=(1, 2))
    assert answered.location == f"/referrals/{referral.ref}/intake", browser.page
    assert count(session, Consent) == 11
    browser.get(consent_path(referral))
    assert 'name="item_stay_0"' not in browser.page, "nobody is asked twice"


def test_whoever_does_not_see_the_family_does_not_read_its_consent(browser, new_browser, make, staff, referral):
    browser.sign_in(staff)
    come_in(browser, referral)
    stranger = new_browser().sign_in(make.account(Role.STAFF, make.house()))
    assert stranger.get(consent_path(referral)).status_code == 404
    assert stranger.get(f"/referrals/{referral.ref}/intake").status_code == 404


# A hold that ran out


def test_an_arrival_after_the_hold_ran_out_offers_the_places_again_and_keeps_what_was_typed(
    browser, session, staff, referral, clock
):
    browser.sign_in(staff)
    beds = f"/referrals/{referral.ref}/beds"
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    browser.get(chosen.location)
    typed = arrival(browser, arrived_clock="23.05")
    clock.forward(hours=4, minutes=1)
    browser.sign_in(staff)
    browser.get("/referrals")
    late = browser.post(chosen.location, fields=typed)
    assert late.status_code == 303 and "over=1" in late.location
    browser.get(late.location)
    assert 'role="alert"' in browser.page
    assert count(session, Stay) == 0 and session.scalars(select(Referral.state)).one() is ReferralState.NEW
    again = browser.post(beds, option=first_option(browser.page))
    browser.get(again.location)
    assert 'value="23.05"' in browser.page


@pytest.mark.parametrize(
    "when",
    [
        {"arrived_day-y": "2027"},
        {"arrived_day-d": "31", "arrived_day-m": "11"},
        {"arrived_clock": "25.00"},
    ],
)
def test_a_time_of_arrival_that_is_none_is_said_beside_its_field(browser, session, staff, referral, when):
    browser.sign_in(staff)
    beds = f"/referrals/{referral.ref}/beds"
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    browser.get(chosen.location)
    assert browser.post(chosen.location, fields=arrival(browser) | when).status_code == 200
    assert 'id="arrived_day-e"' in browser.page or 'id="arrived_clock-e"' in browser.page
    assert count(session, Stay) == 0


# Rule 22


def test_a_family_without_name_number_or_paper_agrees_and_comes_in(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    agree(browser, referral, witness, children=(1, 2))
    assert come_in(browser, referral).status_code == 303
    for one in session.scalars(select(Resident)):
        assert (one.name, one.nik, one.phone, one.born) == (None,) * 4
    assert count(session, Decision) == 0
    assert session.scalar(select(func.count()).where(TrailEntry.act == Act.CONSENT_RECORDED)) == 3


def test_a_form_from_before_the_consent_corrects_the_referral_and_never_who_comes(
    browser, make, session, staff, witness, referral
):
    staff.language = "en"
    session.commit()
    browser.sign_in(staff)
    assert agree(browser, referral, witness, children=(1, 2)).status_code == 303, browser.page
    session.expire_all()
    people = [(one.resident_id, one.sex, one.age_months) for one in session.get_one(Referral, referral.id).people]
    path = f"/referrals/{referral.ref}/change"
    assert path in browser.get(f"/referrals/{referral.ref}/beds").text
    assert "They have names already" in browser.get(path).text, "whoever opens the page now says who comes too"
    family = {"source": "health", "urgency": "today", "women": "1", "men": "0", "needs": "pregnant"}
    for n, (_resident, sex, months) in enumerate(people[1:]):
        age = f"{months} mo" if months % 12 else str(months // 12)
        family |= {f"children-{n}-sex": sex.value, f"children-{n}-age": age}
    more = browser.post(path, fields=family | {"women": "2"})
    assert more.status_code == 200 and 'id="women-e"' in browser.page
    assert browser.post(path, fields=family).status_code == 303, browser.page
    session.expire_all()
    corrected = session.get_one(Referral, referral.id)
    assert [(one.resident_id, one.sex, one.age_months) for one in corrected.people] == people
    assert (corrected.source, [one.need for one in corrected.needs]) == ("health", ["pregnant"])
    assert count(session, Resident) == 3
    assert come_in(browser, referral).status_code == 303, "the same people come in"
    assert count(session, Resident) == 3


CURRENT = re.compile(r'<ol class="steps[^"]*".*?</ol>', re.DOTALL)


def test_every_page_of_the_way_to_the_door_shows_the_same_five_steps(browser, session, staff, referral):
    staff.language = "en"
    session.commit()
    browser.sign_in(staff)
    beds = f"/referrals/{referral.ref}/beds"
    browser.get(beds)
    arrival_page = browser.post(beds, option=first_option(browser.page)).location
    pages = {
        "Referral": "/referrals/new",
        "Screening": f"/referrals/{referral.ref}/screening",
        "Beds": beds,
        "Consent": consent_path(referral),
        "Arrival": arrival_page,
    }
    for step, page in pages.items():
        shown = CURRENT.findall(browser.get(page).text)
        assert len(shown) == 1, page
        words = [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<li.*?</li>", shown[0], re.DOTALL)]
        assert len(words) == 5 and all(name in word for name, word in zip(pages, words, strict=True)), words
        (now,) = re.findall(r'<li[^>]*aria-current="step".*?</li>', shown[0], re.DOTALL)
        assert step in now


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_consent_sheet_is_printed_empty(browser, make, language):
    house = make.house("Rumah Melintang")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3)
    browser.sign_in(make.account(Role.STAFF, house, language=language))
    page = browser.get("/consent-sheet").text
    sheet = page.split("<article")[1].split("</article>")[0]
    assert "Rumah Melintang" not in sheet
    for text in (*RIGHTS.values(), *(ITEMS[item] for item in OF_AN_ADULT), ITEMS[ConsentItem.AGENCY]):
        assert str(escape(text.in_language(language))) in sheet
    assert "/consent-sheet" in browser.get(f"/referrals/{make.referral().ref}/consent").text


def test_after_an_emergency_the_board_leads_on_to_what_was_put_off(browser, make):
    house = make.house("Rumah Satu")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3)
    browser.sign_in(make.account(Role.STAFF, house))
    referral = make.referral()
    placed = come_in(browser, referral)
    page = browser.get(placed.location).text
    assert f"/referrals/{referral.ref}/intake" in page
    assert f"/referrals/{referral.ref}/intake" not in browser.get("/beds").text
