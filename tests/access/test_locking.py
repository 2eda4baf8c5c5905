"""The screen locks by itself and at a press; unlocking asks for the password, after a while also for a code."""

import re

import pytest
from sqlalchemy import func, select

from safehouse.access.models import AccountState, Draft, SignIn
from safehouse.access.permissions import Role
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, TrailEntry
from safehouse.trail.operations import record
from tests.office import PASSWORD


@pytest.fixture
def signed_in(browser, make):
    """(account, browser) on a device of the house."""
    account = make.account(Role.SECURITY_OFFICER, language="en", shown_name="Pak Bagus")
    return account, browser.sign_in(account)


def on_her_own_device(browser, make, account):
    browser.get("/sign-in")
    browser.get(browser.post("/sign-in", username=account.username, password=PASSWORD).location)
    assert browser.post("/sign-in/code", code=make.code(account), own_device="y").status_code == 303


def is_locked(browser):
    answer = browser.get("/account")
    return answer.status_code == 303 and answer.location.startswith("/lock")


# When


def test_a_device_of_the_house_locks_after_five_minutes(signed_in, clock):
    _, browser = signed_in
    clock.forward(minutes=4, seconds=59)
    assert not is_locked(browser)
    clock.forward(minutes=5)
    assert is_locked(browser)


def test_her_own_device_locks_after_fifteen_minutes(browser, make, clock):
    on_her_own_device(browser, make, make.account())
    clock.forward(minutes=14, seconds=59)
    assert not is_locked(browser)
    clock.forward(minutes=15)
    assert is_locked(browser)


def test_work_keeps_the_screen_open(signed_in, clock):
    _, browser = signed_in
    for _ in range(6):
        clock.forward(minutes=4)
        assert not is_locked(browser)


def test_pressing_lock_locks_at_once_and_is_recorded(signed_in, session):
    account, browser = signed_in
    browser.get("/account")
    answer = browser.post("/lock", back="/account")
    assert answer.location == "/lock?next=/account"
    assert is_locked(browser)
    newest = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.LOCKED)).all()[-1]
    assert newest.actor == account.ref


def test_locking_ends_no_sign_in_on_another_device(signed_in, new_browser):
    account, browser = signed_in
    other = new_browser().sign_in(account)
    browser.post("/lock")
    assert not is_locked(other)


# What a locked screen shows


def test_a_locked_screen_shows_no_name_house_or_number(signed_in, make):
    _, browser = signed_in
    browser.post("/lock")
    for path in ("/lock", "/help"):
        assert browser.get(path).status_code == 200
        assert "Pak Bagus" not in browser.page
        assert 'aria-label="Main"' not in browser.page
    assert browser.get("/no/such/page").location == "/lock"


@pytest.mark.parametrize("path", ["/help", "/", "/lock", "/no/such/page", "/static/teduh.css"])
def test_a_page_opened_beside_a_locked_screen_does_not_open_it(signed_in, clock, path):
    _, browser = signed_in
    clock.forward(minutes=6)
    browser.get(path).close()
    assert is_locked(browser)


def test_changing_the_language_of_a_locked_screen_does_not_open_it(signed_in, clock):
    _, browser = signed_in
    clock.forward(minutes=6)
    browser.get("/lock")
    browser.post("/display", language="id")
    assert is_locked(browser)


def test_a_page_without_text_boxes_locks_without_being_touched(signed_in, app, make):
    """Such pages ask the browser to go to the lock by itself; a page one types in does not reload."""
    _, browser = signed_in
    assert "Refresh" not in browser.get("/accounts/new").headers


# Opening it again


def test_the_password_unlocks_and_leads_back(signed_in):
    _, browser = signed_in
    browser.get("/account")
    browser.post("/lock", back="/account")
    browser.get("/lock?next=/account")
    answer = browser.post("/unlock", password=PASSWORD, next="/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert not is_locked(browser)


@pytest.mark.parametrize("wrong", ["", "bukan kata sandinya", PASSWORD.title()])
def test_a_wrong_password_does_not_unlock(signed_in, wrong):
    _, browser = signed_in
    browser.post("/lock")
    browser.get("/lock")
    assert browser.post("/unlock", password=wrong).status_code == 200
    assert is_locked(browser)


def test_a_code_does_not_replace_the_password(signed_in, make):
    account, browser = signed_in
    browser.post("/lock")
    browser.get("/lock")
    assert browser.post("/unlock", code=make.code(account)).status_code == 200
    assert is_locked(browser)


def test_after_half_an_hour_the_code_is_asked_too(signed_in, make, clock):
    account, browser = signed_in
    clock.forward(minutes=30)
    browser.get("/lock")
    assert 'name="code"' in browser.page
    assert browser.post("/unlock", password=PASSWORD).status_code == 200
    assert browser.post("/unlock", password=PASSWORD, code="000000").status_code == 200
    clock.forward(seconds=30)
    assert browser.post("/unlock", password=PASSWORD, code=make.code(account)).status_code == 303
    assert not is_locked(browser)


def test_looking_at_the_lock_does_not_shorten_the_absence(signed_in, clock):
    _, browser = signed_in
    clock.forward(minutes=31)
    browser.get("/lock")
    clock.forward(minutes=2)
    browser.get("/lock")
    assert browser.post("/unlock", password=PASSWORD).status_code == 200
    assert is_locked(browser)


def test_within_half_an_hour_the_password_is_enough(signed_in, clock):
    _, browser = signed_in
    clock.forward(minutes=29)
    browser.get("/lock")
    assert 'name="code"' not in browser.page
    assert browser.post("/unlock", password=PASSWORD).status_code == 303


def test_unlocking_gives_a_new_identifier_and_the_old_one_is_dead(signed_in, app):
    _, browser = signed_in
    old = browser.client.get_cookie("sid").value
    browser.post("/lock")
    browser.get("/lock")
    browser.post("/unlock", password=PASSWORD)
    assert browser.client.get_cookie("sid").value != old
    thief = app.test_client()
    thief.set_cookie("sid", old)
    assert thief.get("/account").location.startswith("/sign-in")


def test_unlocking_does_not_prolong_the_sign_in(signed_in, session, clock):
    account, browser = signed_in
    started = session.scalars(select(SignIn.started_at).where(SignIn.account_id == account.id)).one()
    clock.forward(minutes=20)
    browser.get("/lock")
    browser.post("/unlock", password=PASSWORD)
    session.expire_all()
    live = session.scalars(select(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))).one()
    assert (live.started_at, live.seen_at) == (started, clock.now)


def test_guessing_at_the_lock_is_slowed_down(signed_in):
    _, browser = signed_in
    browser.post("/lock")
    browser.get("/lock")
    for _ in range(6):
        browser.post("/unlock", password="bukan kata sandinya")
    assert browser.post("/unlock", password=PASSWORD).status_code == 200
    assert "Too many tries" in browser.page


def test_someone_else_signs_in_from_the_lock(signed_in, new_browser, make):
    account, browser = signed_in
    browser.post("/lock")
    browser.get("/lock")
    assert browser.post("/sign-out").location == "/sign-in"
    assert browser.sign_in_by_hand(make.account(), PASSWORD).status_code == 303
    assert account.username not in browser.get("/account").get_data(as_text=True)


def test_a_disabled_person_cannot_unlock(signed_in, session):
    account, browser = signed_in
    browser.post("/lock")
    browser.get("/lock")
    account.state = AccountState.DISABLED
    session.commit()
    assert browser.post("/unlock", password=PASSWORD).location == "/sign-in"


# The limit


def test_a_sign_in_ends_after_eight_hours_of_work(signed_in, clock):
    _, browser = signed_in
    for _ in range(8 * 15 - 1):
        clock.forward(minutes=4)
        assert browser.get("/help").status_code == 200
    assert not is_locked(browser)
    clock.forward(minutes=4)
    assert browser.get("/account").location == "/sign-in?next=/account"


def test_a_lock_does_not_survive_the_limit(signed_in, clock):
    _, browser = signed_in
    browser.post("/lock")
    clock.forward(hours=9)
    assert browser.get("/lock").location == "/sign-in"


# The clock set back


def test_a_locked_screen_stays_locked_when_the_clock_is_set_back(signed_in, clock):
    _, browser = signed_in
    clock.forward(minutes=6)
    assert is_locked(browser)
    clock.forward(hours=-3)
    assert is_locked(browser)


def test_an_idle_screen_locks_though_the_clock_was_set_back(signed_in, clock, session):
    """Something was recorded meanwhile: time does not run behind it."""
    _, browser = signed_in
    record(session, now=clock.forward(minutes=6), by=SYSTEM, act=Act.CHAIN_VERIFIED)
    session.commit()
    clock.forward(hours=-1)
    assert is_locked(browser)


def test_an_ended_sign_in_stays_ended_when_the_clock_is_set_back(signed_in, clock):
    _, browser = signed_in
    clock.forward(hours=8)
    assert browser.get("/account").location.startswith("/sign-in")
    clock.forward(hours=-8)
    assert browser.get("/account").location.startswith("/sign-in")


def test_the_record_never_runs_backwards(signed_in, clock, session):
    _, browser = signed_in
    browser.post("/lock")
    clock.forward(hours=-2)
    browser.get("/lock")
    browser.post("/unlock", password=PASSWORD)
    times = list(session.scalars(select(TrailEntry.at).order_by(TrailEntry.seq)))
    assert times == sorted(times)


# What was being typed

NEW_ACCOUNT = {"shown_name": "Bu Ratna & anak-anak <3", "username": "ratna", "role": "staff"}


@pytest.mark.parametrize("away", [{"minutes": 6}, {"minutes": 40}])
def test_a_form_sent_after_the_lock_comes_back_filled_in(signed_in, clock, make, session, away):
    account, browser = signed_in
    browser.get("/accounts/new")
    clock.forward(**away)
    assert browser.post("/accounts/new", **NEW_ACCOUNT).location.startswith("/lock")
    browser.get("/lock")
    clock.forward(seconds=30)
    back = browser.post("/unlock", password=PASSWORD, code=make.code(account))
    assert back.location.startswith("/accounts/new?draft=")
    assert browser.get(back.location).status_code == 200
    assert 'value="Bu Ratna &amp; anak-anak &lt;3"' in browser.page
    assert 'value="ratna"' in browser.page
    assert re.search(r'value="staff"[^>]* checked', browser.page)
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
    browser.get(back.location)
    assert "Bu Ratna" not in browser.page


def test_a_form_sent_after_the_last_hour_comes_back_at_the_next_sign_in(signed_in, clock, make):
    account, browser = signed_in
    browser.get("/accounts/new")
    clock.forward(hours=9)
    assert browser.post("/accounts/new", **NEW_ACCOUNT).location == "/sign-in"
    back = browser.sign_in_by_hand(account, PASSWORD)
    assert back.location.startswith("/accounts/new?draft=")
    browser.get(back.location)
    assert "Bu Ratna" in browser.page


def test_nothing_of_a_late_form_is_done(signed_in, clock, session):
    from safehouse.access.models import Account

    _, browser = signed_in
    browser.get("/accounts/new")
    before = session.scalar(select(func.count()).select_from(Account))
    clock.forward(minutes=6)
    browser.post("/accounts/new", **NEW_ACCOUNT)
    assert session.scalar(select(func.count()).select_from(Account)) == before


def test_what_was_typed_is_kept_sealed_and_without_passwords_and_codes(signed_in, clock, session):
    _, browser = signed_in
    browser.get("/account/password")
    clock.forward(minutes=6)
    browser.post(
        "/account/password", password=PASSWORD, new_password="gerimis turun di ladang", code="123456", note="Bu Ratna"
    )
    draft = session.scalars(select(Draft)).one()
    assert b"Ratna" not in draft.body
    from safehouse.trail.models import STRANGER
    from safehouse.trail.opening import Sealed, open_values

    (body,) = open_values(
        session, now=clock.now, by=STRANGER, purpose="draft", wanted=[Sealed(draft, "body", signed_in[0].ref)]
    )
    assert body == '[["note", "Bu Ratna"]]'


def test_a_late_form_with_another_token_is_not_kept(signed_in, clock, session):
    _, browser = signed_in
    browser.get("/accounts/new")
    clock.forward(minutes=6)
    browser.post("/accounts/new", csrf_token="x" * 43, **NEW_ACCOUNT)
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_draft_comes_back_to_its_own_person_and_page_alone(signed_in, new_browser, clock, make, session):
    _, browser = signed_in
    browser.get("/accounts/new")
    clock.forward(minutes=6)
    browser.post("/accounts/new", **NEW_ACCOUNT)
    ref = session.scalars(select(Draft.ref)).one()
    other = new_browser().sign_in(make.account(Role.SECURITY_OFFICER))
    other.get(f"/accounts/new?draft={ref}")
    assert "Bu Ratna" not in other.page
    browser.get("/lock")
    browser.post("/unlock", password=PASSWORD)
    browser.get(f"/account/password?draft={ref}")
    assert "Bu Ratna" not in browser.page
    for wrong in ("", "x", "00000000-0000-0000-0000-000000000000"):
        assert browser.get(f"/accounts/new?draft={wrong}").status_code == 200
    browser.get(f"/accounts/new?draft={ref}")
    assert "Bu Ratna" in browser.page


def test_a_draft_is_offered_for_a_day(signed_in, clock, make):
    account, browser = signed_in
    browser.get("/accounts/new")
    clock.forward(hours=9)
    browser.post("/accounts/new", **NEW_ACCOUNT)
    clock.forward(hours=24)
    assert browser.sign_in_by_hand(account, PASSWORD).location == "/"


def test_pressing_kunci_keeps_what_is_being_typed(browser, make, clock):
    house = make.house()
    account = make.account(Role.STAFF, house)
    browser.sign_in(account)
    browser.get("/referrals/new?bed=")
    assert 'form="work" formaction="/lock"' in browser.page and '<form id="work"' in browser.page
    locked = browser.post("/lock", back="/referrals/new", their_reference="B/7/XI", women="2")
    browser.get(locked.location)
    back = browser.post("/unlock", password=PASSWORD)
    assert "draft=" in back.location
    browser.get(back.location)
    assert 'value="B/7/XI"' in browser.page and 'value="2"' in browser.page
    assert "Tulisan Anda kembali" in browser.page or "What you had typed is back" in browser.page


def test_a_page_reached_with_a_choice_in_its_address_gets_its_text_back_too(browser, make):
    account = make.account(Role.STAFF, make.house())
    browser.sign_in(account)
    browser.get("/referrals/new")
    locked = browser.post("/lock", back="/referrals/new?bed=x&draft=old", their_reference="B/8/XI")
    browser.get(locked.location)
    back = browser.post("/unlock", password=PASSWORD)
    assert back.location.startswith("/referrals/new?bed=x&draft=") and "old" not in back.location
    browser.get(back.location)
    assert 'value="B/8/XI"' in browser.page


def test_every_page_that_lets_kunci_send_its_form_has_that_form_once(browser, make):
    house = make.house()
    resident = make.resident(make.beds(make.room(house, beds=2))[0])
    browser.sign_in(make.account(Role.MANAGER, house))
    for path in (
        "/referrals/new",
        f"/residents/{resident.ref}/leave",
        f"/residents/{resident.ref}/move",
        f"/houses/{house.ref}/settings",
        "/houses/new",
    ):
        browser.get(path)
        assert browser.page.count('<form id="work"') == 1, path
        assert browser.page.index('form="work" hidden') < browser.page.index('form="work" formaction'), path
