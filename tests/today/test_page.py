"""The first page of the day, role by role: what waits in order, one row that is now, and who sees what."""

import datetime as dt
import re

import pytest

from safehouse.access.models import Approval
from safehouse.access.permissions import Role
from safehouse.residents.models import AlertKind, Denial, Matter, Sex
from safehouse.shelter.choices import LeaveKind
from safehouse.shelter.models import Cleaning, Extension
from safehouse.today.queries.page import DECISIONS, decided_since
from safehouse.trail.acts import Act
from safehouse.trail.operations import record
from tests.counting import statements
from tests.office import actor
from tests.today.office_of_today import World
from tests.today.test_resident_page import medicine, note

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def world(make):
    make.office()
    return World(make)


def today(browser, account):
    browser.sign_in(account)
    assert browser.get("/today").status_code == 200
    return browser.page[browser.page.index("<main") : browser.page.index("</main>")]


def rows(page):
    """(is now, time, title) of every duty, in order."""
    found = re.findall(
        r'<li( class="now")?><span class="at">([^<]*)</span><span><a(?: id="[^"]*")? href="[^"]*">([^<]*)</a>', page
    )
    return [(bool(now), at, title) for now, at, title in found]


# Where the day begins


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_signing_in_leads_to_today_and_it_is_the_first_of_the_navigation(world, browser, role):
    browser.sign_in(world.make.account(role, world.house, language="id"))
    assert browser.get("/").location == "/today"
    browser.get("/today")
    nav = re.findall(r'<li[^>]*><a href="([^"]+)"', browser.page[browser.page.index('<ul class="nav">') :])
    assert nav[0] == "/today"
    assert (nav[1], nav[2]) == {
        Role.STAFF: ("/residents", "/beds"),
        Role.CASEWORKER: ("/residents", "/agenda"),
        Role.MANAGER: ("/beds", "/referrals"),
    }[role]


def test_the_security_officer_keeps_her_own_first_page(world, browser):
    browser.sign_in(world.make.account(Role.SECURITY_OFFICER))
    assert browser.get("/").location == "/accounts"
    assert browser.get("/today").status_code == 404


def test_her_page_belongs_to_the_residents(world, browser):
    one = world.lives_here()
    browser.sign_in(world.staff).get(f"/residents/{one.ref}")
    assert re.search(r'href="/residents" aria-current="page"', browser.page)
    browser.get("/today")
    assert re.search(r'href="/today" aria-current="page"', browser.page)


# Empty


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_waits(world, browser, role, language):
    page = today(browser, world.make.account(role, world.house, language=language))
    assert rows(page) == [] and 'class="now"' not in page


def test_a_manager_reads_in_one_line_that_some_came_before_the_update(world, browser):
    one = world.lives_here()
    world.emergency(one)
    world.make.office().follows_arrivals_since = world.clock.now
    world.session.commit()
    page = today(browser, world.manager)
    assert rows(page) == [] and "1 resident came before the update" in page
    assert "came before the update" not in today(browser, world.staff)


# Order


def test_duties_stand_in_the_order_they_fall_due_and_the_first_late_one_is_now(world, browser):
    late = world.lives_here(alias="Kenari")
    later = world.lives_here(alias="Merbau")
    world.away(late, due_back=world.clock.now - 3 * HOUR)
    world.away(later, due_back=world.clock.now - HOUR)
    world.make.saved(Cleaning(bed_id=world.bed().id, since=world.clock.now))
    found = rows(today(browser, world.staff))
    assert [now for now, _at, _title in found] == [True, False, False]
    assert [at for _now, at, _title in found] == ["20:40", "22:40", "21 Nov"]


def test_who_is_missing_is_now_however_long_a_bed_waits_to_be_cleaned(world, browser):
    world.make.saved(Cleaning(bed_id=world.bed().id, since=world.clock.now - 2 * DAY))
    gone = world.lives_here(alias="Kenari")
    world.away(gone, from_at=world.clock.now, due_back=world.clock.now, without_notice=True)
    world.clock.forward(minutes=5)
    page = today(browser, world.staff)
    assert [now for now, _at, _title in rows(page)] == [True, False]
    assert page.index("Kenari") < page.index("Make bed")


def test_the_police_clock_in_its_last_day_is_no_work_of_another_day(world, browser):
    hers = world.lives_here(alias="Kenari")
    world.make.saved(
        Matter(
            household_id=hers.household_id,
            sexual_violence=True,
            child_offender=False,
            victim_reported_at=world.clock.now - 60 * HOUR,
            opened_at=world.clock.now,
            opened_by_id=world.worker.id,
        )
    )
    page = today(browser, world.worker)
    assert [now for now, _at, _title in rows(page)] == [True]


def test_without_anything_late_the_next_of_today_is_now_and_tomorrow_is_not(world, browser):
    world.make.referral(by=world.staff)
    assert [now for now, _at, _title in rows(today(browser, world.worker))] == [False], "due tomorrow"
    world.make.saved(Cleaning(bed_id=world.bed().id, since=world.clock.now))
    assert [now for now, _at, _title in rows(today(browser, world.staff))] == [True]


def test_every_row_leads_to_a_page_that_opens(world, browser):
    household = world.make.household()
    mother = world.lives_here(alias="Kenari", household=household, assessed=False, arrived=world.clock.now)
    world.emergency(mother)
    gone = world.lives_here(assessed=False, arrived=world.clock.now - 16 * DAY)
    world.away(gone, from_at=world.clock.now - 3 * DAY, due_back=world.clock.now - 2 * DAY)
    asking = world.lives_here(arrived=world.clock.now - 12 * DAY)
    world.asks_for_days(asking)
    world.make.referral(by=world.staff)
    world.make.saved(Cleaning(bed_id=world.bed().id, since=world.clock.now))
    for account in (world.staff, world.worker, world.manager):
        page = today(browser, account)
        links = set(re.findall(r'href="(/[^"#]+)', page))
        assert links
        for link in links:
            assert browser.get(link, follow=True).status_code == 200, (account.role, link)


def test_a_planned_exit_is_prepared_before_its_day_and_recorded_on_it(world, browser):
    one = world.lives_here()
    world.placement(one).planned_exit = dt.date(2026, 11, 23)
    world.session.commit()
    world.clock.forward(minutes=20)
    page = today(browser, world.staff)
    assert f'href="/residents/{one.ref}/planned-exit">Prepare the planned exit</a>' in page
    world.clock.forward(hours=24)
    page = today(browser, world.staff)
    assert (
        f'href="/residents/{one.ref}/departure">Planned exit today: record the departure or change the plan</a>' in page
    )


# Staff


def test_staff_read_who_sleeps_where_and_that_there_is_something_to_know(world, browser):
    household = world.make.household()
    mother = world.lives_here(alias="Kenari", household=household)
    world.lives_here(alias="Anak Kenari", household=household, sex=Sex.MALE, birth_month=dt.date(2022, 3, 1))
    away = world.lives_here(alias="Merbau")
    late = world.lives_here(alias="Ulin")
    note(world, mother, AlertKind.NEVER, "Jangan sambungkan telepon")
    note(world, mother, AlertKind.ALLERGY, "Penisilin")
    medicine(world, mother, "Parasetamol", "500 mg", "0700")
    world.away(away, due_back=world.clock.now + DAY)
    world.away(late, due_back=world.clock.now - HOUR, kind=LeaveKind.FAMILY)
    page = today(browser, world.staff)
    assert "Tonight at Rumah Satu" in page
    assert "4 residents: 2 in the house, 1 in hospital, 1 not back." in page
    table = page[page.index("<tbody") :]
    assert "1 note for staff" in table and "Allergy" in table and "1 medicine" in table
    assert "Jangan" not in page and "Penisilin" not in page and "Parasetamol" not in page, "what it says stays sealed"
    assert "Allergies not asked yet" in table
    assert "Hospital, back 22 Nov 23:40" in table and "Visit to family, expected 21 Nov 22:40" in table
    assert "Boy" in table and "2022" not in table
    assert table.index("Kenari") < table.index("Merbau")


def test_everyone_in_is_said_in_one_sentence(world, browser):
    world.lives_here()
    assert "1 resident, all of them in." in today(browser, world.staff)


def test_by_day_the_page_says_today(world, browser):
    world.clock.now = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)
    assert "Today at Rumah Satu" in today(browser, world.staff)


def test_two_houses_are_named_on_every_row(world, browser, make):
    other = make.house("Rumah Dua")
    make.resident(make.beds(make.room(other, "9", beds=1))[0], alias="Ulin", arrived=world.clock.now - 2 * DAY)
    world.lives_here(alias="Kenari")
    page = today(browser, make.account(Role.STAFF, world.house, other, language="en"))
    assert "Tonight in your houses" in page
    assert "Rumah Satu, 1A" in page and "Rumah Dua, 9A" in page


def test_a_bed_is_said_to_be_ready_from_its_row(world, browser):
    bed = world.bed()
    world.make.saved(Cleaning(bed_id=bed.id, since=world.clock.now))
    page = today(browser, world.staff)
    assert f'action="/beds/{bed.ref}/ready"' in page
    answer = browser.post(f"/beds/{bed.ref}/ready", fields={"from": "today"})
    assert answer.location.startswith("/today?done=")
    assert rows(today(browser, world.staff)) == []


# Caseworker


def test_a_caseworker_reads_what_is_late_what_is_due_and_what_comes(world, browser):
    world.worker.shown_name = "Maya"
    world.away(world.lives_here(alias="Kenari"), due_back=world.clock.now - HOUR)
    world.make.referral(by=world.staff)
    world.make.saved(
        Matter(
            household_id=world.lives_here(alias="Mahoni").household_id,
            sexual_violence=True,
            child_offender=False,
            victim_reported_at=world.clock.now - 24 * HOUR,
            opened_at=world.clock.now,
            opened_by_id=world.worker.id,
        )
    )
    page = today(browser, world.worker)
    assert "Good evening, Maya" in page
    assert "You are assigned to 2 residents. Late: 1." in page
    due, later = page.split('id="tomorrow"')
    tomorrow, week = later.split('id="coming"')
    assert "Find out why she is not back" in due and "1 hour late" in due
    assert "Answer referral R-" in tomorrow and "Later, 24 hours left" in tomorrow
    assert "Tell the police" in week and "Answer referral" not in week


def test_a_caseworker_is_told_of_families_nobody_answers_for_by_number_and_house_only(world, browser):
    mother, child = (world.lives_here(alias=name, assigned=False, assessed=False) for name in ("Randu", "Cempaka"))
    child.household_id = mother.household_id
    referral = world.emergency(mother, child)
    page = today(browser, world.worker)
    assert "No caseworker yet: 1 family" in page
    assert f"R-{referral.number} in Rumah Satu. The manager assigns." in page
    for hidden in ("Randu", "Cempaka", mother.code, str(mother.ref), str(referral.ref)):
        assert hidden not in page
    elsewhere = world.make.account(Role.CASEWORKER, world.make.house("Rumah Dua"), language="en")
    assert "No caseworker yet" not in today(browser, elsewhere)
    world.assign(child, world.worker)
    assert "No caseworker yet" not in today(browser, world.worker)


def test_a_family_that_is_closed_to_a_caseworker_is_not_counted_for_her(world, browser):
    resident = world.lives_here(assigned=False)
    world.make.saved(Denial(resident_id=resident.id, account_id=world.worker.id, since=world.clock.now))
    assert "No caseworker yet" not in today(browser, world.worker)


def test_a_stay_past_its_limit_is_counted_once(world, browser):
    world.lives_here(arrived=world.clock.now - 20 * DAY, limit_days=7)
    page = today(browser, world.manager)
    assert "1 stay past its limit. Everything else goes its way." in page


def test_staff_let_somebody_in_from_the_top_of_the_page(world, browser):
    world.lives_here(alias="Kenari")
    page = today(browser, world.staff)
    assert page.index('href="/referrals/new"') < page.index('id="duties"') < page.index("Kenari")


def test_what_was_not_known_is_asked_again_within_a_day_until_somebody_knows_more(world, browser):
    resident = world.lives_here()
    referral = world.emergency(resident)
    world.screened(referral, unknown=4)
    words = "Ask again what was not known: 4 of 12 questions"
    assert words in today(browser, world.staff) and words in today(browser, world.worker)
    assert f'href="/referrals/{referral.ref}/screening"' in browser.page
    assert words not in today(browser, world.manager)
    world.clock.forward(hours=1)
    world.screened(referral, unknown=4)
    assert words in today(browser, world.worker), "asked, and nobody knows more"
    world.screened(referral, unknown=1)
    assert "Ask again" not in today(browser, world.worker)


def test_what_was_not_known_is_not_asked_for_ever(world, browser):
    world.screened(world.emergency(world.lives_here()), unknown=2)
    world.clock.forward(hours=71)
    assert "Ask again" in today(browser, world.worker)
    world.clock.forward(hours=2)
    assert "Ask again" not in today(browser, world.worker)


@pytest.mark.parametrize(("hour", "words"), [(5, "morning"), (12, "day"), (16, "afternoon"), (20, "evening")])
def test_she_is_greeted_by_the_clock_of_the_unit(world, browser, hour, words):
    world.clock.now = dt.datetime(2026, 11, 22, hour, tzinfo=dt.timezone(7 * HOUR)).astimezone(dt.UTC)
    assert f"Good {words}" in today(browser, world.worker)


# Manager


def test_a_manager_decides_in_the_row_and_sees_what_she_decided(world, browser):
    one = world.lives_here(alias="Kenari", arrived=world.clock.now - 12 * DAY)
    row = world.asks_for_days(one)
    world.clock.forward(hours=1)
    page = today(browser, world.manager)
    assert "1 thing waits for you" in page and "1 to decide" in page
    assert f'action="/extensions/{row.ref}/approval"' in page and f'href="/extensions/{row.ref}"' in page
    assert "Kenari" in page and "1 hour" in page


def test_whoever_asked_does_not_decide_in_the_row(world, browser):
    asker = world.make.account(Role.MANAGER, world.house, language="en")
    row = world.asks_for_days(world.lives_here(arrived=world.clock.now - 12 * DAY), by=asker)
    assert str(row.ref) not in today(browser, asker)
    assert str(row.ref) in today(browser, world.manager)


def test_a_manager_reads_how_things_stand(world, browser):
    world.lives_here()
    world.make.referral(by=world.staff)
    world.clock.forward(hours=26)
    page = today(browser, world.manager)
    assert "1 waiting, the oldest for 26 hours" in page
    assert "1 of 6" in page


def test_an_approval_about_an_account_is_linked(world, browser, make):
    other = make.account(Role.STAFF, world.house)
    make.saved(
        Approval(
            kind="person",
            subject=other.ref,
            parameters=bytes(32),
            reason="recovery_code",
            asked_by_id=other.id,
            asked_at=world.clock.now,
            expires_at=world.clock.now + DAY,
        )
    )
    page = today(browser, world.manager)
    assert 'href="/approvals"' in page and "1 thing waits for you" in page


def test_what_was_decided_is_listed_once_a_press_and_not_when_it_was_taken_back(world, session):
    one, other = world.lives_here(), world.lives_here()
    by = actor(world.manager)

    def write(act, resident, **more):
        record(session, now=world.clock.now, by=by, act=act, subject=resident.ref, **more)

    since = world.clock.now - HOUR
    for resident in (one, other):
        write(Act.EXTENSION_DECIDED, resident, purpose="as_asked")
    world.clock.forward(minutes=1)
    write(Act.ASSIGNMENT_MADE, one, purpose="social_work")
    write(Act.MOVED, one)
    session.commit()
    found = decided_since(session, account_ref=world.manager.ref, since=since)
    assert [one.act for one in found] == [Act.ASSIGNMENT_MADE, Act.EXTENSION_DECIDED]
    assert Act.MOVED not in DECISIONS
    world.clock.forward(minutes=1)
    for resident in (one, other):
        write(Act.EXTENSION_DECIDED, resident, purpose="undone")
    session.commit()
    assert decided_since(session, account_ref=world.worker.ref, since=since) == []
    found = decided_since(session, account_ref=world.manager.ref, since=since)
    assert Act.EXTENSION_DECIDED not in [one.act for one in found]


# Statements


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_the_page_takes_the_same_number_of_statements_however_much_waits(world, browser, app, role):
    account = {Role.STAFF: world.staff, Role.CASEWORKER: world.worker, Role.MANAGER: world.manager}[role]
    world.lives_here()
    browser.sign_in(account).get("/today")
    few = len(statements(app, browser, "/today"))
    for n in range(4):
        one = world.lives_here(assessed=False, arrived=world.clock.now - 13 * DAY)
        world.emergency(one)
        note(world, one, AlertKind.DO, "x")
        world.away(one, due_back=world.clock.now - HOUR)
        world.make.referral(by=world.staff)
        if n < 2:
            world.asks_for_days(one)
    world.make.saved(Cleaning(bed_id=world.bed().id, since=world.clock.now))
    assert world.session.query(Extension).count() == 2
    assert len(statements(app, browser, "/today")) == few
    assert few <= 32
