"""A health check: written down by who is on duty, sealed, taken back for ten minutes, withdrawn where it was wrong."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Examiner, HealthCheck, HealthOutcome
from safehouse.residents.operations.health import (
    HealthRefusal,
    HealthRefused,
    NewHealthCheck,
    note_health_check,
    withdraw_health_check,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.counting import statements
from tests.office import NOW, actor

HOUR = dt.timedelta(hours=1)
# 21 November, 23.40 in the house.
FIELDS = {
    "outcome": "care_needed",
    "examiner": "clinic",
    "day-d": "21",
    "day-m": "11",
    "day-y": "2026",
    "clock": "21.15",
    "words": "Istirahat dua hari",
}


@pytest.fixture
def house(make):
    return make.house("Rumah Melintang")


@pytest.fixture
def mother(make, house):
    return make.resident(make.beds(make.room(house, "1", beds=2))[0], arrived=NOW - HOUR)


@pytest.fixture
def staff(make, house):
    return make.account(Role.STAFF, house, language="en", shown_name="Dewi Penjaga")


@pytest.fixture
def worker(make, house, mother):
    worker = make.account(Role.CASEWORKER, house, language="en")
    make.saved(
        Assignment(
            resident_id=mother.id, account_id=worker.id, discipline=Discipline.HEALTH, coordinator=True, since=NOW
        )
    )
    return worker


def path(resident):
    return f"/residents/{resident.ref}/health-check"


def acts(session, act):
    return session.scalar(select(func.count()).where(TrailEntry.act == act))


def only(session):
    session.expire_all()
    return session.scalars(select(HealthCheck)).one()


def noted(session, resident, by, **more):
    check = NewHealthCheck(
        more.pop("at", NOW), more.pop("outcome", HealthOutcome.NOTHING_NEEDED), more.pop("examiner", Examiner.CLINIC)
    )
    row = note_health_check(session, resident=resident, check=check, now=NOW, by=actor(by))
    session.commit()
    return row


# What stands


def test_a_check_before_she_came_stands_with_its_words_sealed(session, mother, staff):
    check = NewHealthCheck(NOW - 5 * HOUR, HealthOutcome.CARE_NEEDED, Examiner.HOSPITAL, "Jahitan dibuka Senin")
    row = note_health_check(session, resident=mother, check=check, now=NOW, by=actor(staff))
    session.commit()
    assert (row.at, row.noted_at, row.by_id) == (NOW - 5 * HOUR, NOW, staff.id)
    assert b"Jahitan" not in row.words
    assert acts(session, Act.HEALTH_CHECK_NOTED) == 1


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (
            NewHealthCheck(NOW + dt.timedelta(microseconds=1), HealthOutcome.NOTHING_NEEDED, Examiner.CLINIC),
            HealthRefusal.IN_FUTURE,
        ),
        (NewHealthCheck(NOW, HealthOutcome.CARE_NEEDED), HealthRefusal.NO_EXAMINER),
    ],
)
def test_a_check_of_tomorrow_or_by_nobody_is_refused(session, mother, staff, check, reason):
    with pytest.raises(HealthRefused) as refused:
        note_health_check(session, resident=mother, check=check, now=NOW, by=actor(staff))
    assert refused.value.reason is reason


def test_whoever_declined_was_examined_by_nobody(session, mother, staff):
    row = noted(session, mother, staff, outcome=HealthOutcome.DECLINED, examiner=Examiner.CLINIC)
    assert row.examiner is None
    row.examiner = Examiner.CLINIC
    with pytest.raises(IntegrityError):
        session.commit()


def test_a_check_is_withdrawn_once(session, mother, staff):
    row = noted(session, mother, staff)
    withdraw_health_check(session, check=row, resident=mother, now=NOW, by=actor(staff))
    session.commit()
    with pytest.raises(HealthRefused) as refused:
        withdraw_health_check(session, check=row, resident=mother, now=NOW, by=actor(staff))
    assert refused.value.reason is HealthRefusal.OVER
    assert acts(session, Act.HEALTH_CHECK_WITHDRAWN) == 1


# Pages


def test_staff_write_a_check_down_and_everybody_who_cares_for_her_reads_it(browser, session, mother, staff):
    browser.sign_in(staff).get(path(mother))
    saved = browser.post(path(mother), fields=FIELDS)
    assert (saved.status_code, saved.location.partition("=")[0]) == (303, f"{path(mother)}?done"), browser.page
    row = only(session)
    assert (row.outcome, row.examiner) == (HealthOutcome.CARE_NEEDED, Examiner.CLINIC)
    assert row.at == dt.datetime(2026, 11, 21, 14, 15, tzinfo=dt.UTC)
    browser.get(saved.location)
    assert "21 Nov 21:15: Care is needed. Puskesmas" in browser.page
    assert "Istirahat dua hari" in browser.page and "Dewi Penjaga" in browser.page
    opened = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.VALUE_OPENED)).all()
    assert opened[-1].purpose == "health check" and "health_check.words" in str(opened[-1].fields)


def test_what_to_do_after_a_check_stands_on_her_page(browser, mother, staff):
    browser.sign_in(staff).get(f"/residents/{mother.ref}")
    assert "Not written down yet" in browser.page
    browser.post(path(mother), fields=FIELDS)
    browser.get(f"/residents/{mother.ref}")
    assert "21 Nov 21:15: Care is needed. Puskesmas" in browser.page
    assert "After the health check" in browser.page and "Istirahat dua hari" in browser.page


def test_her_timeline_tells_it_under_care_and_nothing_of_what_was_withdrawn(browser, session, mother, staff, worker):
    wrong = noted(session, mother, staff, examiner=Examiner.HOSPITAL)
    withdraw_health_check(session, check=wrong, resident=mother, now=NOW, by=actor(staff))
    noted(session, mother, staff)
    noted(session, mother, staff, outcome=HealthOutcome.DECLINED)
    for account in (staff, worker):
        browser.sign_in(account).get(f"/residents/{mother.ref}?topic=care")
        assert "Health check: Nothing more is needed. Puskesmas" in browser.page
        assert "Health check offered, she declined" in browser.page
        assert "Hospital" not in browser.page


def test_an_old_check_of_another_stay_is_not_on_her_page(browser, session, mother, staff):
    noted(session, mother, staff, at=NOW - dt.timedelta(days=8))
    browser.sign_in(staff).get(f"/residents/{mother.ref}")
    assert "Not written down yet" in browser.page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"examiner": ""}, "examiner"),
        ({"day-d": "22"}, "day"),
        ({"clock": "25.00"}, "clock"),
        ({"clock": ""}, "clock"),
        ({"words": "x" * 501}, "words"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(browser, session, mother, staff, typed, field):
    browser.sign_in(staff).get(path(mother))
    assert browser.post(path(mother), fields=FIELDS | typed).status_code == 200
    assert f'id="{field}-e"' in browser.page
    assert session.scalar(select(func.count()).select_from(HealthCheck)) == 0


def test_a_no_needs_nobody_who_examined_her_and_is_offered_again(browser, session, mother, staff):
    browser.sign_in(staff).get(path(mother))
    saved = browser.post(path(mother), fields=FIELDS | {"outcome": "declined", "examiner": "", "words": ""})
    assert saved.status_code == 303, browser.page
    row = only(session)
    assert (row.outcome, row.examiner, row.words) == (HealthOutcome.DECLINED, None, None)
    browser.get(saved.location)
    assert "Offer it again when she has rested" in browser.page


def test_two_presses_are_one_check(browser, session, mother, staff):
    browser.sign_in(staff).get(path(mother))
    fields = FIELDS | {"act_key": str(uuid.uuid4())}
    first, second = (browser.post(path(mother), fields=fields) for _press in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert session.scalar(select(func.count()).select_from(HealthCheck)) == 1


def test_it_is_taken_back_for_ten_minutes_by_whoever_wrote_it(
    browser, new_browser, make, house, session, mother, staff
):
    browser.sign_in(staff).get(path(mother))
    saved = browser.post(path(mother), fields=FIELDS)
    act = saved.location.rpartition("=")[2]
    browser.get(saved.location)
    undo = f"/health-checks/{act}/undo"
    assert undo in browser.page and "The health check is saved" in browser.page
    other = new_browser().sign_in(make.account(Role.STAFF, house))
    other.get(path(mother))
    assert other.post(undo).status_code in {404, 409}
    assert only(session).withdrawn_at is None
    assert browser.post(undo).status_code == 303
    assert only(session).withdrawn_at is not None
    browser.get(path(mother))
    assert "Istirahat dua hari" not in browser.page


def test_after_ten_minutes_it_stays(browser, clock, session, mother, staff):
    browser.sign_in(staff).get(path(mother))
    act = browser.post(path(mother), fields=FIELDS).location.rpartition("=")[2]
    clock.forward(minutes=10, seconds=1)
    browser.get(path(mother))
    browser.post(f"/health-checks/{act}/undo")
    assert only(session).withdrawn_at is None


def test_a_caseworker_withdraws_what_was_wrong_and_staff_do_not(browser, new_browser, session, mother, staff, worker):
    browser.sign_in(staff).get(path(mother))
    browser.post(path(mother), fields=FIELDS)
    withdraw = f"/health-checks/{only(session).ref}/withdraw"
    browser.get(path(mother))
    assert withdraw not in browser.page
    assert browser.post(withdraw).status_code == 404
    hers = new_browser().sign_in(worker)
    hers.get(path(mother))
    assert withdraw in hers.page
    assert hers.post(withdraw).status_code == 303
    assert only(session).withdrawn_at is not None
    assert hers.post(withdraw).status_code == 303, "pressed twice"
    assert acts(session, Act.HEALTH_CHECK_WITHDRAWN) == 1


def test_who_works_elsewhere_finds_nothing(browser, make, session, mother, staff):
    row = noted(session, mother, staff)
    for role in (Role.STAFF, Role.CASEWORKER, Role.MANAGER):
        browser.sign_in(make.account(role, make.house()))
        assert browser.get(path(mother)).status_code == 404
        assert browser.post(path(mother), fields=FIELDS).status_code == 404
        assert browser.post(f"/health-checks/{row.ref}/withdraw").status_code == 404
    assert only(session).withdrawn_at is None


def test_whoever_came_with_her_is_one_step_away(browser, make, session, house, mother, staff):
    child = make.resident(make.beds(make.room(house, "2", beds=1))[0], birth_month=dt.date(2020, 3, 1))
    child.household_id = mother.household_id
    session.commit()
    browser.sign_in(staff).get(path(mother))
    assert path(child) in browser.page


def test_the_page_takes_the_same_number_of_statements_however_many_checks_there_are(
    app, browser, session, mother, staff
):
    browser.sign_in(staff).get(path(mother))
    browser.post(path(mother), fields=FIELDS)
    few = len(statements(app, browser, path(mother)))
    for _more in range(5):
        browser.post(path(mother), fields=FIELDS)
    assert len(statements(app, browser, path(mother))) == few
