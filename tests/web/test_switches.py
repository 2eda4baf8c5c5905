"""Language and colours can be switched on a half-filled page, and what was typed is there afterwards."""

import re

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Account, Draft
from safehouse.access.permissions import Role
from tests.office import PASSWORD

PAGE = "/accounts/new"
SWITCH = re.compile(r'<button[^>]*name="display" value="([^"]+)"[^>]*>')


@pytest.fixture
def officer(browser, make):
    browser.sign_in(make.account(Role.SECURITY_OFFICER, language="id"))
    browser.get(PAGE)
    return browser


@pytest.mark.parametrize(("to", "shown"), [("en", 'lang="en"'), ("dark", 'data-theme="dark"'), ("light", "light")])
def test_what_was_typed_is_back_after_a_switch(officer, session, to, shown):
    answer = officer.post("/display", display=f"{to} {PAGE}", shown_name="Wening", username="wening", role="staff")
    assert answer.status_code == 303 and answer.location.startswith(f"{PAGE}?draft=")
    officer.get(answer.location)
    assert 'value="Wening"' in officer.page and shown in officer.page
    assert re.search(r'value="staff"[^>]* checked', officer.page)
    assert session.scalar(select(func.count()).select_from(Draft)) == 0, "given back once"
    again = officer.post("/display", display=f"id {answer.location}", shown_name="Wening lagi")
    assert again.location.count("draft=") == 1
    officer.get(again.location)
    assert 'value="Wening lagi"' in officer.page


def test_every_switch_of_a_page_with_a_form_sends_the_form_along(officer):
    switches = [one[0] for one in SWITCH.finditer(officer.page)]
    assert len(switches) == 6  # above and, for a phone, below
    for one in switches:
        assert 'form="work"' in one and 'formaction="/display"' in one and "formnovalidate" in one
    officer.get("/accounts?page=2")
    assert set(SWITCH.findall(officer.page)) == {f"{to} /accounts?page=2" for to in ("dark", "light", "en")}
    assert not re.search(r'<button[^>]*name="display"[^>]*form=', officer.page)


def test_without_anything_typed_it_is_the_same_page(officer):
    assert officer.post("/display", display="en /accounts?page=2").location == "/accounts?page=2"


def test_a_field_called_like_a_switch_switches_nothing(officer, make, session):
    officer.post("/display", fields={"display": f"dark {PAGE}", "language": "en", "theme": "light"})
    session.expire_all()
    account = session.get_one(Account, officer.account.id)
    assert (account.language, account.theme) == ("id", "dark")


def test_no_password_or_code_is_kept(officer):
    answer = officer.post("/display", display=f"en {PAGE}", password=PASSWORD, code="123456")
    assert answer.location == PAGE


@pytest.mark.parametrize("here", ["//jahat.example", "https://jahat.example", "/nowhere", "/static/teduh.css"])
def test_a_switch_leads_to_no_other_place(officer, session, here):
    answer = officer.post("/display", display=f"en {here}", shown_name="Wening")
    assert answer.location == "/"
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_locked_screen_keeps_nothing(officer, session):
    officer.post("/lock")
    officer.get("/lock")
    officer.post("/display", display=f"en {PAGE}", shown_name="Wening")
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
