"""The code of the person beside you cannot be guessed, one try after another or many at the same moment."""

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Act as ActRow
from safehouse.access.models import Device, Factor, Throttle
from safehouse.access.permissions import Role
from safehouse.access.rules.throttling import FREE_STRANGER
from safehouse.residents.models import Denial, Household, Resident
from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.models import AgainstAdvice
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from safehouse.vault.keys import fingerprint
from tests.browsing import Browser
from tests.conftest import ENGINES
from tests.office import Make
from tests.shelter.staying import at, path, settled

NO_MATCH = "Name and code do not belong together"
WAIT = "Too many tries."


class Night:
    """Someone sleeps in an ordinary room; the only other bed stands in the isolation room."""

    def __init__(self, make):
        self.make = make
        self.house = make.house()
        bed = make.beds(make.room(self.house, "1", RoomPurpose.ADULT_WOMEN, beds=1))[0]
        isolation = make.beds(make.room(self.house, "8", RoomPurpose.ISOLATION, beds=1))[0]
        self.beside = make.account(Role.STAFF, self.house)
        self.url = path(settled(make, bed), "move")
        self.fields = at(make.clock) | {"place": str(isolation.ref), "reason": "Batuk"}
        # Plain text from here on: a row read again would begin a transaction, and others would wait for its end.
        self.name = self.beside.username
        make.session.rollback()

    def colleague(self, browser):
        browser.sign_in(self.make.account(Role.STAFF, self.house, language="en"))
        self.make.session.rollback()
        return browser

    def move(self, browser, code, name=None):
        fields = self.fields | {"second_name": name or self.name, "second_code": code}
        return browser.post(self.url, fields=fields)


@pytest.fixture
def night(make):
    return Night(make)


def refused(session):
    wanted = select(func.count()).where(TrailEntry.act == Act.CO_SIGNED, TrailEntry.result == Result.REFUSED)
    return session.scalar(wanted)


def test_wrong_codes_of_the_second_person_are_counted_one_by_one(browser, make, session, night):
    night.colleague(browser)
    for _ in range(FREE_STRANGER):
        night.move(browser, "000000")
        assert NO_MATCH in browser.page
    night.move(browser, make.code(night.beside))
    assert WAIT in browser.page, "the right one comes too late"
    assert session.scalar(select(func.count()).select_from(AgainstAdvice)) == 0
    assert session.scalar(select(func.count()).select_from(ActRow)) == 0, "nothing was done under any key"
    assert refused(session) == FREE_STRANGER + 1


def test_a_name_from_another_house_is_counted_on_the_counter_that_is_looked_at(browser, make, session, clock, night):
    """Her own browser or not: to this house she is a stranger, for the count as well as for the answer."""
    stranger = make.account(Role.STAFF, make.house())
    make.saved(
        Device(
            digest=fingerprint(b"pass"),
            account_id=stranger.id,
            label="Android",
            made_at=clock.now,
            expires_at=clock.now + dt.timedelta(days=9),
        )
    )
    night.colleague(browser).client.set_cookie("device", "pass")
    for _ in range(FREE_STRANGER):
        night.move(browser, "000000", stranger.username)
        assert NO_MATCH in browser.page
    night.move(browser, "000000", stranger.username)
    assert WAIT in browser.page
    assert session.scalar(select(func.count()).where(Throttle.known, Throttle.failures > 0)) == 0


def test_whoever_must_know_nothing_of_her_does_not_sign_for_her_whatever_the_code(browser, make, session, clock, night):
    night.colleague(browser)
    household = session.scalars(select(Resident)).one().household_id
    child = make.resident(household=session.get_one(Household, household))
    denial = make.saved(Denial(resident_id=child.id, account_id=night.beside.id, since=clock.now))
    night.move(browser, make.code(night.beside))
    assert NO_MATCH in browser.page and refused(session) == 1
    assert session.scalar(select(func.count()).select_from(AgainstAdvice)) == 0
    denial.until = clock.now
    session.commit()
    assert night.move(browser, make.code(night.beside)).status_code == 303


def test_a_right_code_takes_its_own_charge_back_and_no_other(browser, make, session, night):
    night.colleague(browser)
    night.move(browser, "000000")
    assert night.move(browser, make.code(night.beside)).status_code == 303
    session.expire_all()
    counted = {one.factor: one.failures for one in session.scalars(select(Throttle))}
    assert counted == {Factor.CODE: 0, Factor.SOURCE: 1}, "the wrong try stays with the network source"


@pytest.mark.parametrize("kind", ENGINES)
def test_of_many_guesses_at_the_same_moment_no_more_are_looked_at_than_one_by_one(lone_app, kind):
    app = lone_app(kind)
    with app.extensions["db_writing"]() as session:
        night = Night(Make(session, app.extensions["test_clock"]))
        browsers = [night.colleague(Browser(app, night.make)) for _ in range(3 * FREE_STRANGER)]
    gate, pages = threading.Barrier(len(browsers)), []

    def guess(browser):
        gate.wait(30)
        night.move(browser, "000000")
        pages.append(browser.page)

    threads = [threading.Thread(target=guess, args=(browser,), daemon=True) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(pages) == len(browsers)
    assert sum(NO_MATCH in page for page in pages) == FREE_STRANGER
    assert sum(WAIT in page for page in pages) == len(browsers) - FREE_STRANGER
    with app.extensions["db_reading"]() as session:
        assert refused(session) == len(browsers)
        assert session.scalar(select(func.count()).select_from(AgainstAdvice)) == 0
