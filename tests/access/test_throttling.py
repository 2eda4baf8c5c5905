"""Guessing is hopeless, and a stranger who guesses cannot lock the night officer out."""

import datetime as dt

import pytest
from sqlalchemy import select

from safehouse.access.models import Factor, Level, Throttle
from safehouse.access.operations.signing_in import charge, clear
from safehouse.access.rules.throttling import (
    SOURCE_LIMIT,
    STRANGER_A_DAY,
    STRANGER_IN_A_ROW,
    count_failure,
    wait_after,
    waiting,
)
from tests.office import NOW, PASSWORD

WRONG = "bukan kata sandinya"
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (99, 900)],
)
def test_a_stranger_waits_twice_as_long_each_time(failures, seconds):
    assert wait_after(failures, known=False) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (9, 0), (10, 30), (11, 60), (19, 300), (500, 300)])
def test_a_known_browser_waits_five_minutes_at_most(failures, seconds):
    assert wait_after(failures, known=True) == dt.timedelta(seconds=seconds)


def counter(factor=Factor.PASSWORD, *, known=False):
    return Throttle(subject=bytes(32), factor=factor, known=known, failures=0, window_started_at=NOW, window_failures=0)


def fail(row, times, *, every, now=NOW):
    for _ in range(times):
        now += every
        count_failure(row, now)
    return now


def test_fifty_failures_of_strangers_in_a_day_close_the_day():
    row = counter()
    now = fail(row, STRANGER_A_DAY, every=20 * MINUTE)
    assert waiting(row, now) == NOW + dt.timedelta(days=1) - now
    assert waiting(row, NOW + dt.timedelta(days=1)) == dt.timedelta()


def test_a_hundred_failures_in_a_row_close_the_name_to_strangers():
    row = counter()
    now = fail(row, STRANGER_IN_A_ROW - 1, every=60 * MINUTE)
    assert waiting(row, now + 60 * MINUTE) == dt.timedelta()
    now = fail(row, 1, every=60 * MINUTE, now=now)
    assert waiting(row, now + dt.timedelta(days=3650)) > dt.timedelta()


def test_a_known_browser_is_never_closed_for_good():
    row = counter(known=True)
    now = fail(row, 500, every=6 * MINUTE)
    assert waiting(row, now + 6 * MINUTE) == dt.timedelta()


def test_one_source_has_thirty_failures_in_a_quarter_of_an_hour():
    row = counter(Factor.SOURCE)
    now = fail(row, SOURCE_LIMIT - 1, every=dt.timedelta(seconds=10))
    assert waiting(row, now) == dt.timedelta()
    now = fail(row, 1, every=dt.timedelta(seconds=10), now=now)
    assert dt.timedelta() < waiting(row, now) <= 15 * MINUTE
    assert waiting(row, NOW + 15 * MINUTE) == dt.timedelta()


def test_an_attempt_is_counted_before_it_is_looked_at(session, clock):
    """Parallel guesses are all counted: the charge comes first and only success takes it back."""
    wait = charge(session, subject=b"s" * 32, factor=Factor.CODE, known=False, source=b"q" * 32, now=clock.now)
    assert wait == dt.timedelta()
    counts = {
        row.factor: row.failures
        for row in session.scalars(select(Throttle).where(Throttle.subject.in_([b"s" * 32, b"q" * 32])))
    }
    assert counts == {Factor.CODE: 1, Factor.SOURCE: 1}


def test_waiting_is_not_prolonged_by_trying(session, clock):
    def attempt():
        return charge(session, subject=b"s" * 32, factor=Factor.CODE, known=False, source=b"q" * 32, now=clock.now)

    for _ in range(5):
        attempt()
    assert attempt() == dt.timedelta(seconds=30)
    clock.forward(seconds=20)
    assert attempt() == dt.timedelta(seconds=10)
    clock.forward(seconds=10)
    assert attempt() == dt.timedelta()


def test_each_factor_has_its_own_count(session, clock):
    for _ in range(6):
        charge(session, subject=b"s" * 32, factor=Factor.PASSWORD, known=False, source=b"q" * 32, now=clock.now)
    assert (
        charge(session, subject=b"s" * 32, factor=Factor.CODE, known=False, source=b"r" * 32, now=clock.now)
        == dt.timedelta()
    )


def test_success_from_a_known_browser_reopens_the_name_to_strangers_and_not_the_other_way_round(session, clock):
    for known in (False, True):
        for _ in range(12):
            charge(session, subject=b"s" * 32, factor=Factor.CODE, known=known, source=b"q" * 32, now=clock.now)
            clock.forward(minutes=16)
    clear(session, subject=b"s" * 32, factor=Factor.CODE, known=False)
    session.flush()
    left = {row.known: row.failures for row in session.scalars(select(Throttle).where(Throttle.subject == b"s" * 32))}
    assert left == {False: 0, True: 12}
    clear(session, subject=b"s" * 32, factor=Factor.CODE, known=True)
    session.flush()
    assert {row.failures for row in session.scalars(select(Throttle).where(Throttle.subject == b"s" * 32))} == {0}


def test_a_hundred_failures_of_strangers_do_not_stop_the_known_browser(browser, new_browser, make, clock):
    account = make.account(language="en")
    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
    browser.get("/account")
    browser.post("/sign-out")

    stranger = new_browser()
    stranger.get("/sign-in")
    for _ in range(STRANGER_IN_A_ROW):
        clock.forward(minutes=40)
        assert stranger.post("/sign-in", username=account.username, password=WRONG).status_code == 200
    clock.forward(days=2)
    assert stranger.sign_in_by_hand(account, PASSWORD).status_code == 200, "right, but from a stranger's browser"
    assert "perangkat" in stranger.page or "device" in stranger.page

    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
    clock.forward(minutes=1)
    assert new_browser().sign_in_by_hand(account, PASSWORD).status_code == 303, "she is back: the name is open again"


def test_wrong_codes_are_slowed_down_like_wrong_passwords(browser, make, clock):
    account = make.account(language="en")
    browser.sign_in(account, level=Level.PASSWORD).get("/sign-in/code")
    for _ in range(5):
        assert browser.post("/sign-in/code", code="000000").status_code == 200
    assert browser.post("/sign-in/code", code=make.code(account)).status_code == 200
    assert "Too many tries" in browser.page
    clock.forward(seconds=31)
    assert browser.post("/sign-in/code", code=make.code(account)).status_code == 303


def test_the_right_password_does_not_open_while_waiting(browser, make, clock):
    account = make.account()
    browser.get("/sign-in")
    for _ in range(5):
        browser.post("/sign-in", username=account.username, password=WRONG)
    assert browser.post("/sign-in", username=account.username, password=PASSWORD).status_code == 200
    clock.forward(seconds=31)
    assert browser.post("/sign-in", username=account.username, password=PASSWORD).status_code == 303


def test_a_name_that_belongs_to_nobody_is_slowed_down_alike(browser, make):
    account = make.account()
    pages = []
    for name in (account.username, "siapakah.ini"):
        browser.get("/sign-in")
        for _ in range(6):
            browser.post("/sign-in", username=name, password=WRONG)
        pages.append('role="status"' in browser.page)
    assert pages == [True, True]


def test_one_source_cannot_try_many_names(browser, make, clock):
    account = make.account(language="en")
    browser.get("/sign-in")
    for n in range(SOURCE_LIMIT):
        browser.post("/sign-in", username=f"siapa{n}", password=WRONG)
    assert browser.post("/sign-in", username=account.username, password=PASSWORD).status_code == 200
    clock.forward(minutes=16)
    assert browser.post("/sign-in", username=account.username, password=PASSWORD).status_code == 303


def test_no_name_and_no_address_can_be_read_from_the_counters(browser, make, session):
    account = make.account(username="dewi.lestari")
    browser.sign_in_by_hand(account, WRONG)
    kept = b"".join(session.scalars(select(Throttle.subject)))
    assert b"dewi" not in kept
    assert b"127.0.0.1" not in kept
