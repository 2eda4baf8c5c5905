"""Mass assignment (security case 24): a field a page does not have is ignored, and that it was sent is written down."""

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Account, Clearance, Discipline
from safehouse.access.permissions import Role
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.office import PASSWORD


def noted(session):
    session.expire_all()
    return list(
        session.execute(select(TrailEntry.purpose, TrailEntry.result).where(TrailEntry.act == Act.FIELDS_REFUSED))
    )


@pytest.fixture
def officer(browser, make):
    return browser.sign_in(make.account(Role.SECURITY_OFFICER))


def test_role_house_and_owner_are_ignored_where_the_page_does_not_ask_for_them(officer, make, session):
    house, account = make.house(), make.account(Role.CASEWORKER, disciplines=(Discipline.HEALTH,))
    foreign = {"role": "manager", "is_head": "y", "house_id": "1", "account_id": "1", "state": "active"}
    answer = officer.post(
        f"/accounts/{account.ref}/change",
        shown_name="Sari",
        disciplines="health",
        houses=str(house.ref),
        fields=foreign,
    )
    assert answer.status_code == 303
    session.expire_all()
    account = session.get_one(Account, account.id)
    assert (account.shown_name, account.role, account.is_head) == ("Sari", Role.CASEWORKER, False)
    assert noted(session) == [("accounts.change", Result.REFUSED)]


def test_a_field_taken_off_the_form_for_this_person_is_foreign_too(officer, make, session):
    house, other = make.house(), make.account(Role.SECURITY_OFFICER)
    answer = officer.post(
        f"/accounts/{other.ref}/change", shown_name="Bayu", houses=str(house.ref), disciplines="health"
    )
    assert answer.status_code == 303
    assert session.scalar(select(func.count()).select_from(Clearance)) == 0
    assert len(noted(session)) == 1


def test_names_that_were_sent_are_not_kept(officer, make, session):
    account = make.account()
    officer.post(f"/accounts/{account.ref}/role", fields={"role": "staff", "Siti tinggal di sini": "ya"})
    ((purpose, _result),) = noted(session)
    assert purpose == "accounts.role"


def test_what_our_own_pages_send_is_never_foreign(officer, make, session):
    house, account = make.house(), make.account()
    officer.post(f"/accounts/{account.ref}/change", shown_name="Sari", houses=str(house.ref), **{"valid_until-d": ""})
    officer.post("/display", language="en", back="/accounts")
    officer.post("/lock", back=f"/accounts/{account.ref}/change", shown_name="Sa", anything="else")
    officer.get("/lock")
    officer.post("/unlock", password=PASSWORD, next="/accounts")
    assert noted(session) == []


def test_a_press_that_comes_twice_says_nothing_about_its_fields(officer, make, session):
    account = make.account(Role.STAFF)
    officer.get(f"/accounts/{account.ref}/disable")
    key = "5f0c2f4e-8a53-4a3f-9d0b-0c9f2a6f1d11"
    for _ in range(2):
        officer.post(f"/accounts/{account.ref}/disable", act_key=key)
    assert noted(session) == []
