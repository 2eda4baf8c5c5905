"""Requests for more days that wait: whom they wait for, and the page they are decided on."""

import uuid

import pytest
from sqlalchemy import event, select

from safehouse.access.permissions import Role
from safehouse.residents.models import DangerLevel, Denial
from safehouse.residents.operations.danger import assess_danger
from safehouse.shelter.choices import ExtensionAnswer
from safehouse.shelter.models import Closure
from safehouse.shelter.queries.extensions import find_request
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.office import actor
from tests.shelter.more_days import AtWork, boxes, typed, url


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


# What waits


def test_a_request_is_read_by_the_managers_of_her_house_with_all_it_covers(here, session, clock):
    rows = here.ask(here.day(16))
    far = here.make.resident(here.beds[3], arrived=clock.now, limit_days=20, alias="Ulin")
    danger = assess_danger(
        session,
        household=session.get_one(type(here.household), far.household_id),
        level=DangerLevel.LOW,
        grounds=[],
        words=None,
        now=clock.now,
        by=actor(here.manager),
    )
    own = here.ask(here.day(30), far, danger=danger, by=here.manager)
    found = [find_request(session, ref=one.ref, account_id=here.manager.id) for one in (rows[0], own[0])]
    assert [(one.alias, one.with_her, one.days, one.own) for one in found] == [
        ("Kenari", ("Randu",), 9, False),
        ("Ulin", (), 10, True),
    ]
    assert found[0].ref == rows[0].ref and found[0].danger is DangerLevel.MEDIUM
    elsewhere = here.make.account(Role.MANAGER, here.make.house("Rumah Dua"))
    assert find_request(session, ref=rows[0].ref, account_id=elsewhere.id) is None


def test_a_request_takes_one_statement_however_many_it_covers(here, session, app):
    ref = here.ask(here.day(16))[0].ref
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    engine = app.extensions["db_engine"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert find_request(session, ref=ref, account_id=here.manager.id).with_her
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum("extension" in one for one in sent) == 1


# The page


def test_the_asker_sees_the_page_and_reads_that_she_cannot_approve(here, browser, session):
    rows = here.ask(here.day(9), by=here.manager)
    browser.sign_in(here.manager).get(f"/extensions/{rows[0].ref}")
    assert "ajuan sendiri" in browser.page or "your own request" in browser.page
    assert 'name="answer"' not in browser.page
    for path, fields in (("", {"answer": "as_asked"}), ("/approval", {})):
        answer = browser.post(f"/extensions/{rows[0].ref}{path}", fields=fields)
        assert answer.status_code == 200 and 'role="alert"' in browser.page
    assert here.limits()[0][0] == here.day(7)
    said = session.scalars(
        select(TrailEntry.purpose).where(TrailEntry.act == Act.EXTENSION_DECIDED, TrailEntry.result == Result.REFUSED)
    ).all()
    assert said == ["own", "own"]


def test_it_is_approved_in_the_row_and_undone_within_ten_minutes(here, browser, session, clock):
    rows = here.ask(here.day(9))
    browser.sign_in(here.manager)
    approved = browser.post(f"/extensions/{rows[0].ref}/approval")
    assert approved.status_code == 303 and here.limits()[0] == (here.day(9), here.day(9))
    done = approved.location.split("done=")[1]
    assert browser.post(f"/extensions/{done}/undo").status_code == 303
    assert here.limits()[0] == (here.day(7), here.day(7))
    again = browser.post(f"/extensions/{rows[0].ref}/approval")
    clock.forward(minutes=11)
    browser.sign_in(here.manager)
    assert browser.post(f"/extensions/{again.location.split('done=')[1]}/undo").status_code == 409
    assert here.limits()[0][0] == here.day(9)


def test_a_decision_without_words_comes_back_with_what_was_chosen(here, browser):
    rows = here.ask(here.day(9))
    browser.sign_in(here.manager)
    answer = browser.post(f"/extensions/{rows[0].ref}", fields={"answer": "refused"})
    assert answer.status_code == 200 and 'id="words-e"' in browser.page
    assert browser.page.split('value="refused"')[1].split(">")[0].endswith("checked")
    later = browser.post(f"/extensions/{rows[0].ref}", fields={"answer": "fewer_days", **boxes(here.day(12))})
    assert later.status_code == 200 and 'id="until-e"' in browser.page


def test_what_the_manager_wrote_is_read_by_whoever_asked_and_the_reading_is_recorded(here, browser, session):
    here.decide(here.ask(here.day(9)), ExtensionAnswer.INCOMPLETE, words="Tulis tanggal sidang")
    browser.sign_in(here.worker).get(url(here.mother))
    assert "Tulis tanggal sidang" in browser.page
    opened = session.scalars(select(TrailEntry.fields).where(TrailEntry.act == Act.VALUE_OPENED)).all()
    assert opened == ["extension.answer"]


def test_what_is_planned_with_the_beds_is_shown_before_deciding(here, browser):
    here.make.saved(Closure(bed_id=here.beds[1].id, first_day=here.day(8), last_day=here.day(9), reason="cat ulang"))
    rows = here.ask(here.day(9))
    browser.sign_in(here.manager).get(f"/extensions/{rows[0].ref}")
    assert "cat ulang" in browser.page and "1A, 1B" in browser.page


@pytest.mark.parametrize("role", list(Role))
def test_foreign_requests_are_the_same_404(here, new_browser, role):
    rows = here.ask(here.day(9))
    other = here.make.house(f"Rumah {role}")
    browser = new_browser().sign_in(here.make.account(role, *([] if role is Role.SECURITY_OFFICER else [other])))
    for ref in (rows[0].ref, uuid.uuid4()):
        assert browser.get(f"/extensions/{ref}").status_code == 404
        assert browser.post(f"/extensions/{ref}", fields={"answer": "as_asked"}).status_code == 404
        assert browser.post(f"/extensions/{ref}/approval").status_code == 404
    assert browser.get(url(here.mother)).status_code == 404
    assert browser.post(url(here.mother), fields=typed(here, here.day(9))).status_code == 404


def test_a_manager_who_must_know_nothing_of_one_of_them_answers_for_none(here, browser, session, clock):
    rows = here.ask(here.day(9))
    here.make.saved(Denial(resident_id=here.daughter.id, account_id=here.manager.id, since=clock.now))
    browser.sign_in(here.manager)
    assert browser.get(f"/extensions/{rows[0].ref}").status_code == 404
    assert browser.post(f"/extensions/{rows[0].ref}/approval").status_code == 404
    assert here.limits()[0][0] == here.day(7)


def test_fewer_days_without_a_day_ask_for_the_day(here, browser):
    rows = here.ask(here.day(12), here.mother)
    manager = browser.sign_in(here.manager)
    answer = manager.post(f"/extensions/{rows[0].ref}", fields={"answer": "fewer_days"})
    assert answer.status_code == 200 and ("Write the date." in answer.text or "Tulis tanggalnya." in answer.text)
