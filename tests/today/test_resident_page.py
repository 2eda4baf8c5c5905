"""The page of one resident: what everyone on duty must know, and nothing that is not theirs to read."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from safehouse.access.permissions import Role
from safehouse.residents.models import Alert, AlertKind, ConsentItem, Denial, Grant, Medicine
from safehouse.shelter.models import Placement
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from safehouse.vault.operations import key_of, seal
from tests.counting import statements
from tests.today.office_of_today import World

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def world(make):
    make.office()
    return World(make)


def note(world, resident, kind, words, **more):
    since = more.pop("since", world.clock.now)
    alert = Alert(resident_id=resident.id, kind=kind, since=since, by_id=world.worker.id, **more)
    alert.words = seal(world.session, alert, "words", words, key=key_of(world.session, resident.ref))
    return world.make.saved(alert)


def medicine(world, resident, name, dose, times):
    row = Medicine(resident_id=resident.id, times=times, since=world.clock.now, by_id=world.worker.id)
    key = key_of(world.session, resident.ref)
    row.name, row.dose = (
        seal(world.session, row, "name", name, key=key),
        seal(world.session, row, "dose", dose, key=key),
    )
    return world.make.saved(row)


def url(resident, **query):
    return f"/residents/{resident.ref}" + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def main(browser):
    return browser.page[browser.page.index("<main") : browser.page.index("</main>")]


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_everyone_on_duty_reads_what_to_do_and_what_never_to_do(world, browser, role):
    one = world.lives_here(alias="Kenari")
    note(world, one, AlertKind.NEVER, "Jangan sambungkan telepon keluarga")
    note(world, one, AlertKind.ALLERGY, "Penisilin")
    medicine(world, one, "Parasetamol", "500 mg", "0700,1900")
    account = {Role.STAFF: world.staff, Role.CASEWORKER: world.worker, Role.MANAGER: world.manager}[role]
    browser.sign_in(account)
    assert browser.get(url(one)).status_code == 200
    page = main(browser)
    assert "Jangan sambungkan telepon keluarga" in page and "Penisilin" in page
    assert page.index("Jangan sambungkan") < page.index("Penisilin"), "what must never be done stands first"
    assert "Parasetamol" in page and "500 mg" in page and "07:00, 19:00" in page
    assert "High" in page and "Rumah Satu, 1A" in page and "In the house" in page
    opened = world.session.scalars(select(TrailEntry).where(TrailEntry.act == Act.VALUE_OPENED)).all()
    hers = [entry for entry in opened if entry.subject == one.ref]
    assert len(hers) == 1, "one opening, one entry"
    assert set(hers[0].fields.split(",")) == {"alert.words", "medicine.name", "medicine.dose"}
    assert hers[0].actor == account.ref


def test_a_page_without_notes_opens_nothing(world, browser):
    one = world.lives_here()
    browser.sign_in(world.staff).get(url(one))
    assert not world.session.scalars(
        select(TrailEntry).where(TrailEntry.act == Act.VALUE_OPENED, TrailEntry.subject == one.ref)
    ).all()


def test_the_title_names_nobody(world, browser):
    one = world.lives_here(alias="Kenari")
    browser.sign_in(world.staff).get(url(one))
    title = browser.page.split("<title>")[1].split("</title>")[0]
    assert "Kenari" not in title and one.code not in title


def test_someone_whose_second_step_was_set_up_anew_works_on_without_what_is_sealed(world, browser):
    one = world.lives_here(alias="Kenari")
    note(world, one, AlertKind.NEVER, "Jangan sambungkan telepon keluarga")
    world.staff.unconfirmed_since = world.clock.now
    world.session.commit()
    browser.sign_in(world.staff)
    assert browser.get(url(one)).status_code == 200
    assert "Kenari" in main(browser) and "Jangan" not in main(browser)
    assert "stay closed" in main(browser)


# Who sees what


def test_staff_read_of_this_stay_and_its_care_and_not_the_case(world, browser):
    one = world.lives_here(alias="Kenari")
    note(world, one, AlertKind.DO, "Temani ke dapur")
    world.agreed(one, ConsentItem.COUNSELLING)
    world.asks_for_days(one)
    browser.sign_in(world.staff).get(url(one))
    staff = main(browser)
    browser.sign_in(world.worker).get(url(one))
    worker = main(browser)
    for words in ("Danger assessed", "More days asked for", "Psychological counselling: agreed"):
        assert words in worker and words not in staff, words
    for words in ("Came to Rumah Satu, 1A", "Note for staff written"):
        assert words in worker and words in staff, words
    assert 'value="safety"' in worker and 'value="safety"' not in staff
    assert "Open identity" in worker and "Open identity" not in staff
    assert "Reported persons" in worker and "Reported persons" not in staff


def test_staff_read_nothing_of_an_earlier_stay(world, browser):
    one = world.lives_here(alias="Kenari", arrived=world.clock.now - HOUR)
    earlier = world.make.saved(
        Placement(
            resident_id=one.id,
            arrived_at=world.clock.now - dt.timedelta(days=90),
            left_at=world.clock.now - dt.timedelta(days=60),
            limit_days=14,
            planned_exit=dt.date(2026, 9, 1),
            basis="decided",
        )
    )
    assert earlier.id
    note(world, one, AlertKind.DO, "Temani ke dapur").since = world.clock.now - dt.timedelta(days=80)
    world.session.commit()
    browser.sign_in(world.staff).get(url(one))
    assert "Note for staff written" not in main(browser) and "Temani ke dapur" in main(browser)
    browser.sign_in(world.manager).get(url(one))
    assert "Note for staff written" in main(browser)


@pytest.mark.parametrize("role", list(Role))
def test_a_foreign_resident_is_not_there(world, browser, role):
    one = world.lives_here(alias="Kenari")
    elsewhere = world.make.house("Rumah Dua")
    browser.sign_in(world.make.account(role, *([] if role is Role.SECURITY_OFFICER else [elsewhere])))
    for address in (url(one), url(one, topic="stay"), url(one, page=2)):
        answer = browser.get(address)
        assert answer.status_code == 404 and "Kenari" not in browser.page


def test_two_caseworkers_see_their_own_residents(world, browser):
    other = world.make.account(Role.CASEWORKER, world.house)
    mine, hers = world.lives_here(alias="Kenari"), world.lives_here(alias="Merbau", assigned=False)
    world.assign(hers, other)
    for account, own, foreign in ((world.worker, mine, hers), (other, hers, mine)):
        browser.sign_in(account)
        assert browser.get(url(own)).status_code == 200
        assert browser.get(url(foreign)).status_code == 404


def test_a_denial_closes_her_page_whoever_asks(world, browser):
    one = world.lives_here()
    for account in (world.staff, world.worker, world.manager):
        world.make.saved(Denial(resident_id=one.id, account_id=account.id, since=world.clock.now))
        assert browser.sign_in(account).get(url(one)).status_code == 404


def test_break_glass_opens_her_page_for_its_half_hour(world, browser):
    one = world.lives_here(alias="Kenari")
    taker = world.make.account(Role.CASEWORKER, world.house)
    grant = Grant(
        resident_id=one.id,
        account_id=taker.id,
        since=world.clock.now,
        until=world.clock.now + dt.timedelta(minutes=30),
    )
    grant.reason = seal(world.session, grant, "reason", "bahaya", key=key_of(world.session, one.ref))
    world.make.saved(grant)
    browser.sign_in(taker)
    assert browser.get(url(one)).status_code == 200
    world.clock.forward(minutes=30)
    assert browser.sign_in(taker).get(url(one)).status_code == 404


# Presence


def test_who_is_away_is_said_with_the_time_and_who_looks_after_the_children(world, browser):
    one = world.lives_here()
    leave = world.away(one, due_back=world.clock.now + 3 * HOUR, caregiver_id=world.worker.id)
    world.worker.shown_name = "Maya"
    world.session.commit()
    browser.sign_in(world.staff).get(url(one))
    assert "Hospital, back 22 Nov 02:40" in main(browser) and "Maya looks after the children" in main(browser)
    assert f"/residents/{one.ref}/back" in main(browser)
    leave.due_back = world.clock.now - HOUR
    world.session.commit()
    browser.get(url(one))
    assert "Not back in time" in main(browser)
    leave.without_notice = True
    world.session.commit()
    browser.get(url(one))
    assert "Left without notice" in main(browser) and "Not back in time" not in main(browser)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Jakarta", "21 Nov 21:40"), ("Asia/Makassar", "21 Nov 22:40 WITA"), ("Asia/Jayapura", "21 Nov 23:40 WIT")],
)
def test_times_are_those_of_her_house(make, browser, zone, shown):
    make.office()
    world = World(make, zone=zone)
    one = world.lives_here(arrived=world.clock.now - 2 * HOUR)
    browser.sign_in(world.staff).get(url(one))
    assert shown in main(browser)


# The timeline


def test_the_timeline_is_newest_first_filtered_and_paged(world, browser):
    one = world.lives_here(checked=False)
    for hour in range(30):
        since = world.clock.now - hour * HOUR
        note(world, one, AlertKind.DO, "x", since=since, until=world.clock.now)
    browser.sign_in(world.worker).get(url(one))
    stamps = re.findall(r'<time datetime="([^"]+)"', browser.page)
    assert len(stamps) == 20 and stamps == sorted(stamps, reverse=True)
    assert "page=2" in browser.page
    browser.get(url(one, topic="care", page=3))
    assert len(re.findall(r"<time ", browser.page)) == 20 and "page=4" not in browser.page
    browser.get(url(one, topic="stay"))
    assert "Came to" in browser.page and "Note for staff" not in browser.page
    for odd in ("x", "-1", "0", "99999999", "²"):
        assert browser.get(f"{url(one)}?page={odd}&topic={odd}").status_code == 200


def test_the_page_takes_the_same_number_of_statements_however_much_happened(world, browser, app):
    one = world.lives_here()
    browser.sign_in(world.worker).get(url(one))
    note(world, one, AlertKind.DO, "satu")
    few = len(statements(app, browser, url(one)))
    household = one.household_id
    for n in range(3):
        note(world, one, AlertKind.ALLERGY, f"alergi {n}")
        medicine(world, one, f"obat {n}", "1", "0700")
        other = world.lives_here()
        other.household_id = household
        world.assess(one)
    world.agreed(one, ConsentItem.STAY)
    world.asked(one)
    world.away(one, due_back=world.clock.now)
    world.asks_for_days(one)
    world.session.commit()
    assert len(statements(app, browser, url(one))) <= few + 1, "the names of who wrote the notes"
