"""Relatives of those who work here: the security officer keeps them and never learns whether one of them is known."""

import logging

import pytest
from sqlalchemy import func, select

from safehouse.access.permissions import Role
from safehouse.residents.models import BlindIndex, Conflict, StaffRelation
from safehouse.residents.operations.relations import end_relation, keep_relation
from safehouse.residents.operations.safety import SafetyRefused, check_household
from safehouse.residents.queries.safety import barred_house_ids
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry, TrailSubject
from tests.office import actor
from tests.residents.safety import NIK, PHONE, family, place, reported

NAME = "Wiratmoko Adinegoro"


@pytest.fixture
def there(make):
    return place(make, "Rumah Satu")


@pytest.fixture
def officer(make):
    return make.account(Role.SECURITY_OFFICER)


@pytest.fixture
def colleague(make, there):
    return make.account(Role.STAFF, there.house, shown_name="Budi")


def kept(make, officer, colleague, **facts):
    relation = keep_relation(make.session, account=colleague, **facts, now=make.clock.now, by=actor(officer))
    make.session.commit()
    return relation


@pytest.mark.parametrize("facts", [{"nik": NIK}, {"phone": PHONE}, {"name": NAME}])
@pytest.mark.parametrize("first", ["relative", "reported"])
def test_a_relative_is_found_whichever_was_written_down_first(session, make, there, officer, colleague, facts, first):
    merbau = family(make)
    if first == "relative":
        kept(make, officer, colleague, **facts)
        reported(make, merbau, **facts)
    else:
        reported(make, merbau, **facts)
        kept(make, officer, colleague, **facts)
    assert barred_house_ids(session, household_id=merbau.household.id) == {there.house.id}


def test_a_relative_written_down_by_mistake_keeps_nobody_out_any_more(session, make, there, officer, colleague):
    merbau = family(make)
    reported(make, merbau, nik=NIK, name=NAME)
    relation = kept(make, officer, colleague, nik=NIK, name=NAME)
    assert end_relation(session, account=colleague, relation=relation, now=make.clock.now, by=actor(officer))
    session.commit()
    assert barred_house_ids(session, household_id=merbau.household.id) == set()
    check_household(session, household=merbau.household, now=make.clock.now, by=actor(there.manager))
    assert session.scalars(select(Conflict).where(Conflict.lifted_at.is_(None))).all() == []
    assert not end_relation(session, account=colleague, relation=relation, now=make.clock.now, by=actor(officer))


def test_one_of_two_relatives_that_match_keeps_them_out(session, make, there, officer, colleague):
    merbau = family(make)
    reported(make, merbau, nik=NIK, phone=PHONE)
    one = kept(make, officer, colleague, nik=NIK)
    kept(make, officer, colleague, phone=PHONE)
    end_relation(session, account=colleague, relation=one, now=make.clock.now, by=actor(officer))
    session.commit()
    assert barred_house_ids(session, household_id=merbau.household.id) == {there.house.id}


def test_nothing_is_kept_when_nothing_is_known(session, make, officer, colleague):
    with pytest.raises(SafetyRefused):
        kept(make, officer, colleague, name=" ")
    assert session.scalar(select(func.count()).select_from(StaffRelation)) == 0


@pytest.mark.parametrize("matches", [True, False])
def test_the_record_says_the_same_whether_a_relative_is_known_or_not(session, make, officer, colleague, matches):
    """The security officer reads the record: what a match adds to it would be the answer to a question."""
    merbau = family(make)
    reported(make, merbau, name=NAME, nik=NIK if matches else "3325010708900002")
    last = session.scalar(select(func.max(TrailEntry.seq)))
    kept(make, officer, colleague, name=NAME, nik=NIK)
    entries = session.scalars(select(TrailEntry).where(TrailEntry.seq > last).order_by(TrailEntry.seq)).all()
    assert session.scalar(select(func.count()).select_from(Conflict)) == int(matches)
    assert [(one.act, one.subject == colleague.ref) for one in entries] == [
        (Act.RELATION_NOTED, True),
        (Act.VALUE_OPENED, False),
        (Act.CONFLICTS_CHECKED, True),
    ]


def test_who_is_opened_again_later_does_not_tell_whom_a_relative_matched(session, make, there, officer, colleague):
    """Two families, one of them matched, are gone for long; the officer writes down another relative and reads the
    record of both checks."""
    matched, other = family(make), family(make)
    reported(make, matched, name=NAME)
    reported(make, other, name="Prabowati Kencanasari")
    first = kept(make, officer, colleague, name=NAME)
    make.clock.forward(days=40)
    here = family(make, there.beds[0])
    reported(make, here, name="Sulistyowati Harumdani")
    last = session.scalar(select(func.max(TrailEntry.seq)))
    second = kept(make, officer, colleague, name="Kusumawardhana Adiprana")
    opened = session.scalars(select(TrailEntry).where(TrailEntry.seq > last, TrailEntry.act == Act.VALUE_OPENED)).one()
    told = set(session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq == opened.seq)))
    assert told == {colleague.ref, here.household.ref}
    assert barred_house_ids(session, household_id=matched.household.id) == {there.house.id}, "it stands"
    for relation in (first, second):
        end_relation(session, account=colleague, relation=relation, now=make.clock.now, by=actor(officer))
        session.commit()
    assert barred_house_ids(session, household_id=matched.household.id) == set(), "no relative is left to match"


def test_the_page_of_a_match_is_the_page_without_one(session, make, there, officer, colleague, browser):
    merbau = family(make, alias="Merbau")
    reported(make, merbau, nik=NIK)
    browser.sign_in(officer)
    url = f"/accounts/{colleague.ref}/relations"
    pages = []
    for nik in (NIK, "3325010708900002"):
        assert browser.post(url, fields={"name": "", "nik": nik, "phone": ""}).status_code == 303
        browser.get(url)
        pages.append(browser.page)
        relation = session.scalars(select(StaffRelation).where(StaffRelation.until.is_(None))).one()
        assert browser.post(url, fields={"end": str(relation.ref)}).status_code == 303
    for page in pages:
        assert "Merbau" not in page and NIK not in page
    assert pages[0].count("<tr") == pages[1].count("<tr")


def test_names_and_numbers_show_only_after_an_opening_that_is_recorded(
    session, make, officer, colleague, browser, caplog
):
    browser.sign_in(officer)
    url = f"/accounts/{colleague.ref}/relations"
    with caplog.at_level(logging.DEBUG):
        assert browser.post(url, fields={"name": NAME, "nik": NIK, "phone": PHONE}).status_code == 303
        browser.get(url)
    assert NAME not in browser.page and NIK not in browser.page and NAME not in caplog.text and NIK not in caplog.text
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert browser.post(f"{url}/opened").status_code == 200
    assert NAME in browser.page and NIK in browser.page
    opened = session.scalars(select(TrailEntry).where(TrailEntry.seq > last, TrailEntry.act == Act.VALUE_OPENED)).one()
    assert (opened.subject, opened.actor) == (colleague.ref, officer.ref)
    assert session.scalar(select(func.count()).select_from(BlindIndex)) == 2


def test_a_number_that_is_none_is_refused_beside_its_field_and_nothing_is_lost(
    session, make, officer, colleague, browser
):
    browser.sign_in(officer)
    url = f"/accounts/{colleague.ref}/relations"
    answer = browser.post(url, fields={"name": NAME, "nik": "123", "phone": ""})
    assert answer.status_code == 200 and 'id="nik-e"' in browser.page and NAME in browser.page
    assert browser.post(url, fields={"name": "", "nik": "", "phone": ""}).status_code == 200
    assert 'id="name-e"' in browser.page
    assert session.scalar(select(func.count()).select_from(StaffRelation)) == 0


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_only_the_security_officer_reads_relatives(make, there, colleague, browser, role):
    browser.sign_in(make.account(role, there.house))
    assert browser.get(f"/accounts/{colleague.ref}/relations").status_code == 404
