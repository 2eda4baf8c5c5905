"""Settings of the unit: within limits, recorded, in force from the next page."""

import pytest
from sqlalchemy import select

from safehouse.access.models import Office
from safehouse.access.permissions import Role
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry

GOOD = {
    "title": "Teduh",
    "name": "UPTD PPA Kabupaten Contoh",
    "time_zone": "Asia/Makassar",
    "idle_shared_minutes": "3",
    "idle_own_minutes": "10",
    "code_after_minutes": "20",
    "sign_in_hours": "9",
    "hold_hours": "6",
    "tell_manager_after_hours": "0",
    "plan_within_days": "5",
    "review_every_months": "6",
}


@pytest.fixture
def office(browser, make):
    return browser.sign_in(make.account(Role.SECURITY_OFFICER, language="en"))


def test_settings_are_kept_and_only_what_changed_is_named_in_the_record(office, session):
    office.get("/settings")
    assert office.post("/settings", **GOOD).location == "/settings?saved=1"
    session.expire_all()
    row = session.scalar(select(Office))
    assert (row.time_zone, row.idle_shared_minutes, row.sign_in_hours, row.hold_hours) == ("Asia/Makassar", 3, 9, 6)
    assert (row.tell_manager_after_hours, row.plan_within_days, row.review_every_months) == (0, 5, 6)
    fields = session.scalar(select(TrailEntry.fields).where(TrailEntry.act == Act.OFFICE_CHANGED))
    assert "office.hold_hours" in fields
    assert "office.title" not in fields
    office.get("/settings?saved=1")
    assert "Settings saved." in office.page


def test_a_shorter_lock_counts_from_the_next_page(office, clock):
    office.post("/settings", **GOOD)
    office.get("/settings")
    clock.forward(minutes=3, seconds=1)
    assert office.get("/settings").location.startswith("/lock")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": ""}, "Not filled in yet."),
        ({"title": "x" * 41}, "Too long"),
        ({"title": "Rumah Aman Kita"}, "tells what kind of place this is"),
        ({"title": "Shelter"}, "tells what kind of place this is"),
        ({"name": ""}, "Not filled in yet."),
        ({"time_zone": "Europe/Berlin"}, "This choice is not offered."),
        ({"idle_shared_minutes": "0"}, "Write a number from 1 to 60."),
        ({"idle_shared_minutes": "lima"}, "This is not a whole number."),
        ({"idle_own_minutes": "61"}, "Write a number from 1 to 60."),
        ({"code_after_minutes": "-1"}, "Write a number from 1 to 240."),
        ({"sign_in_hours": "13"}, "Write a number from 1 to 12."),
        ({"hold_hours": "999999999999999"}, "This number is too large."),
        ({"hold_hours": ""}, "Not filled in yet."),
        ({"tell_manager_after_hours": "169"}, "Write a number from 0 to 168."),
        ({"plan_within_days": "0"}, "Write a number from 1 to 30."),
        ({"review_every_months": "13"}, "Write a number from 1 to 12."),
    ],
)
def test_a_setting_outside_its_limits_gets_a_sentence_and_nothing_is_kept(office, session, typed, sentence):
    assert office.post("/settings", **{**GOOD, **typed}).status_code == 200
    assert sentence in office.page
    session.expire_all()
    assert session.scalar(select(Office.hold_hours)) == 4


def test_the_demo_mark_and_the_key_check_cannot_be_posted(office, session):
    before = session.execute(select(Office.demo, Office.key_check)).one()
    office.post("/settings", **GOOD, demo="y", key_check="x", id="2")
    session.expire_all()
    assert session.execute(select(Office.demo, Office.key_check)).one() == before
