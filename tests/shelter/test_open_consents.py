"""What was put off is asked again: it stands open where consents are read, on her page and in the work of the day."""

import datetime as dt
import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Consent, ConsentItem, Resident, Sex
from safehouse.residents.rules.consenting import FOR_A_CHILD, OF_AN_ADULT, NotNow, still_open
from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.models import Placement
from safehouse.shelter.queries.duties import duties
from safehouse.shelter.rules.duties import DutyKind, Missing
from tests.shelter.arriving import agree, come_in, consent_path, reading, screen
from tests.shelter.staying import at, path

PUT_OFF = (ConsentItem.COUNSELLING, ConsentItem.PHOTOGRAPH)


# The rule


@given(
    last=st.dictionaries(st.sampled_from(ConsentItem), st.none() | st.sampled_from(NotNow)),
    child=st.booleans(),
)
def test_an_item_is_open_exactly_while_it_has_no_answer_that_is_her_own_last_word(last, child):
    open_items = still_open(last, child=child)
    for item in FOR_A_CHILD if child else OF_AN_ADULT:
        answered = item in last and last[item] not in {NotNow.OVER, NotNow.GROWN_UP, NotNow.GUARDIAN_REPORTED}
        assert (item not in open_items) == answered
    assert set(open_items) <= set(FOR_A_CHILD if child else OF_AN_ADULT)


def test_a_no_and_a_yes_taken_back_are_answers():
    last = dict.fromkeys(OF_AN_ADULT, NotNow.REFUSED) | {ConsentItem.PHOTOGRAPH: NotNow.WITHDRAWN}
    assert still_open(last, child=False) == ()


# A family


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
    return make.account(Role.STAFF, house, language="en")


@pytest.fixture
def referral(make, staff):
    """A mother with a boy of four."""
    return make.referral((Sex.MALE, 4 * 12), by=staff)


def said_later(*positions):
    return {f"item_{item}_{position}": "later" for item in PUT_OFF for position in positions}


def items_asked(page):
    return set(re.findall(r'name="(item_[a-z_0-9]+)"', page))


def duty_of(session, account, clock):
    found = duties(session, account_id=account.id, role=account.role, now=clock.now)
    return next((one for one in found if one.kind == DutyKind.OPEN_CONSENT), None)


def mother_of(session):
    return session.scalars(select(Resident).where(Resident.sex == Sex.FEMALE)).one()


def test_what_she_put_off_is_asked_again_by_itself_and_her_yes_stays(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    answer = agree(browser, referral, witness, children=(1,), **said_later(0))
    assert answer.status_code == 303, browser.page
    browser.get(consent_path(referral))
    assert items_asked(browser.page) == {f"item_{item}_0" for item in PUT_OFF}
    assert "Something is still open" in browser.page
    assert f"/referrals/{referral.ref}/beds" in browser.page, "nobody is kept from going on"
    before = session.scalars(select(Consent.ref)).all()
    fields = reading(witness) | {f"item_{item}_0": "no" for item in PUT_OFF}
    assert browser.post(consent_path(referral), fields=fields).status_code == 303
    session.expire_all()
    kept = session.scalars(select(Consent).where(Consent.replaced_at.is_(None))).all()
    assert set(before) < {one.ref for one in kept}
    assert {one.item for one in kept if not one.granted} == set(PUT_OFF)
    browser.get(consent_path(referral))
    assert not items_asked(browser.page)


def test_what_was_put_off_for_a_child_is_asked_again_for_the_child_alone(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    agree(browser, referral, witness, children=(1,), item_counselling="later")
    browser.get(consent_path(referral))
    assert items_asked(browser.page) == {"item_counselling"}
    assert 'value="adult:0"' in browser.page, "her mother decides for him, though she has answered everything herself"
    fields = reading(witness) | {"item_counselling": "yes", "guardian_1": "adult:0"}
    assert browser.post(consent_path(referral), fields=fields).status_code == 303, browser.page
    assert not items_asked(browser.get(consent_path(referral)).text)


def test_saying_later_once_more_is_no_mistake_and_keeps_it_open(browser, session, staff, witness, referral):
    browser.sign_in(staff)
    agree(browser, referral, witness, children=(1,), **said_later(0))
    browser.get(consent_path(referral))
    fields = reading(witness) | said_later(0)
    assert browser.post(consent_path(referral), fields=fields).status_code == 303
    assert items_asked(browser.get(consent_path(referral)).text) == {f"item_{item}_0" for item in PUT_OFF}


def test_a_reading_without_any_answer_is_refused_with_all_that_was_typed(browser, staff, witness, referral):
    browser.sign_in(staff)
    agree(browser, referral, witness, children=(1,), **said_later(0))
    browser.get(consent_path(referral))
    answer = browser.post(consent_path(referral), fields=reading(witness, sheet_number="S-12"))
    assert answer.status_code == 200
    assert "Nothing was answered yet" in browser.page and 'value="S-12"' in browser.page


def settled(browser, make, referral, staff, witness, **said):
    """A family that came in with everything but what it put off."""
    screen(make, referral, staff)
    browser.sign_in(staff)
    agree(browser, referral, witness, children=(1,), **said)
    come_in(browser, referral)


def test_the_work_of_the_day_says_what_is_open_until_there_is_an_answer(
    browser, make, session, clock, house, staff, witness, referral
):
    settled(browser, make, referral, staff, witness, **said_later(0))
    duty = duty_of(session, staff, clock)
    arrived = session.scalars(select(Placement.arrived_at)).first()
    assert (duty.subject, duty.figures["items"], duty.figures["others"]) == (referral.ref, PUT_OFF, 0)
    assert duty.due_at == arrived + dt.timedelta(hours=72)
    browser.get("/today")
    assert "Ask again what she put off" in browser.page
    assert f'href="{consent_path(referral)}"' in browser.page
    assert "still open: " in browser.page
    browser.get(consent_path(referral))
    assert (
        browser.post(
            consent_path(referral), fields=reading(witness) | {f"item_{item}_0": "no" for item in PUT_OFF}
        ).status_code
        == 303
    )
    session.expire_all()
    assert duty_of(session, staff, clock) is None


def test_after_three_days_her_caseworker_alone_goes_on_being_told(
    browser, make, session, clock, house, staff, witness, referral
):
    settled(browser, make, referral, staff, witness, **said_later(0))
    worker = make.account(Role.CASEWORKER, house)
    manager = make.account(Role.MANAGER, house)
    for resident in session.scalars(select(Resident)):
        session.add(
            Assignment(
                resident_id=resident.id,
                account_id=worker.id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=True,
                since=clock.now,
            )
        )
    session.commit()
    clock.forward(hours=73)
    assert duty_of(session, staff, clock) is None
    assert duty_of(session, worker, clock) is not None
    assert duty_of(session, manager, clock) is None, "a photograph that was put off is no matter for a manager"


def test_while_staying_itself_is_to_be_asked_one_duty_says_so(
    browser, make, session, clock, house, staff, witness, referral
):
    settled(browser, make, referral, staff, witness, **(said_later(0) | {"item_stay_0": "later"}))
    assert duty_of(session, staff, clock) is None
    found = duties(session, account_id=staff.id, role=staff.role, now=clock.now)
    [complete] = [one for one in found if one.kind == DutyKind.COMPLETE]
    assert Missing.CONSENT in complete.figures["missing"]


def test_her_page_and_her_consents_show_what_is_open_and_lead_to_it_in_one_press(
    browser, make, session, staff, witness, referral
):
    settled(browser, make, referral, staff, witness, **said_later(0))
    mother = mother_of(session)
    link = f'href="/residents/{mother.ref}/consents?item=photograph#answer"'
    browser.get(f"/residents/{mother.ref}")
    assert link in browser.page and "still to be asked" in browser.page
    browser.get(f"/residents/{mother.ref}/consents")
    assert link in browser.page and "Still open" in browser.page
    browser.get(f"/residents/{mother.ref}/consents?item=photograph")
    assert re.search(
        r'<option[^>]*value="photograph"[^>]* selected|<option[^>]* selected[^>]*value="photograph"', browser.page
    )
    fields = reading(witness) | {"item": "photograph", "said": "no"}
    assert browser.post(f"/residents/{mother.ref}/consents?item=photograph", fields=fields).status_code == 303
    browser.get(f"/residents/{mother.ref}/consents")
    assert link not in browser.page
    assert f"item={ConsentItem.COUNSELLING}#answer" in html.unescape(browser.page)


def test_the_page_after_the_arrival_says_that_a_consent_is_open(browser, make, session, staff, witness, referral):
    settled(browser, make, referral, staff, witness, **said_later(0))
    browser.get(f"/referrals/{referral.ref}/intake")
    assert "Some consents are still open" in browser.page
    assert consent_path(referral) in browser.page


def test_whoever_put_nothing_off_has_nothing_open(browser, make, session, clock, staff, witness, referral):
    settled(browser, make, referral, staff, witness)
    assert duty_of(session, staff, clock) is None
    assert "Some consents are still open" not in browser.get(f"/referrals/{referral.ref}/intake").text
    assert items_asked(browser.get(consent_path(referral)).text) == set()


def test_who_has_left_keeps_nobody_from_asking_the_others(browser, session, clock, staff, witness, referral):
    browser.sign_in(staff)
    agree(browser, referral, witness, children=(1,), **said_later(0))
    come_in(browser, referral)
    session.expire_all()
    boy = session.scalars(select(Resident).where(Resident.sex == Sex.MALE)).one()
    fields = at(clock) | {"place_kind": "own_family", "who": str(boy.ref)}
    assert browser.post(path(boy, "departure"), fields=fields).status_code == 303
    assert browser.get(consent_path(referral)).status_code == 200
    assert items_asked(browser.page) == {f"item_{item}_0" for item in PUT_OFF}
    assert boy.alias not in browser.page, "he is asked nothing here"
    fields = reading(witness) | {f"item_{item}_0": "no" for item in PUT_OFF}
    assert browser.post(consent_path(referral), fields=fields).status_code == 303, browser.page
    foreign = browser.sign_in(browser.make.account(Role.STAFF, browser.make.house("Rumah Dua")))
    assert foreign.get(consent_path(referral)).status_code == 404
