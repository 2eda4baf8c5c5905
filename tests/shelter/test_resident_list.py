"""Pages about people who live in the houses: who sees whom, and what the list says."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment
from safehouse.shelter.choices import BedKind, LeaveKind, RoomPurpose, StayEnd
from safehouse.shelter.models import Bed, Leave, Placement, Stay
from tests.counting import statements
from tests.shelter.staying import SETTLED, at, family, open_stay, path, settled

WITH_REF = ("", "move", "planned-exit", "leave", "back", "departure", "assignment")


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=4))


@pytest.fixture
def staff(browser, make, house):
    return browser.sign_in(make.account(Role.STAFF, house))


# Who sees whom


def test_staff_see_those_who_live_in_their_houses_and_nobody_else(browser, make, house, beds):
    other = make.house("Rumah Dua")
    mine = settled(make, beds[0], alias="Kenari")
    settled(make, make.beds(make.room(other, beds=1))[0], alias="Merbau")
    browser.sign_in(make.account(Role.STAFF, house))
    browser.get("/residents")
    assert "Kenari" in browser.page and mine.code in browser.page and "Merbau" not in browser.page
    assert "Rumah Satu, 1A" in browser.page


@pytest.mark.parametrize("page", WITH_REF)
@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER, Role.SECURITY_OFFICER, Role.CASEWORKER])
def test_a_foreign_resident_is_the_same_404_on_every_page(browser, make, house, page, role):
    other = make.house("Rumah Dua")
    foreign = settled(make, make.beds(make.room(other, beds=1))[0], alias="Merbau")
    browser.sign_in(make.account(role, *([] if role is Role.SECURITY_OFFICER else [house])))
    answers = []
    for ref in (foreign.ref, uuid.uuid4()):
        for how in (browser.get, browser.post):
            answer = how(f"/residents/{ref}/{page}".rstrip("/"))
            answers.append((answer.status_code, "Merbau" in browser.page))
    assert set(answers) == {(404, False)}
    assert browser.get("/residents/not-a-ref").status_code == 404


def test_a_caseworker_sees_those_assigned_to_her_and_not_another_ones(browser, new_browser, make, house, beds, session):
    residents = [settled(make, bed, alias=alias) for bed, alias in zip(beds, ("Kenari", "Merbau"), strict=False)]
    accounts = [make.account(Role.CASEWORKER, house, disciplines=(Discipline.SOCIAL_WORK,)) for _ in residents]
    for resident, account in zip(residents, accounts, strict=True):
        make.saved(
            Assignment(
                resident_id=resident.id,
                account_id=account.id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=True,
                since=make.clock.now,
            )
        )
    for account, hers, foreign in zip(accounts, residents, reversed(residents), strict=True):
        seen = new_browser().sign_in(account)
        seen.get("/residents")
        assert hers.code in seen.page and foreign.code not in seen.page
        for page in WITH_REF[:-1]:
            assert seen.get(path(hers, page)).status_code in {200, 303}
            assert seen.get(path(foreign, page)).status_code == 404
            assert seen.post(path(foreign, page)).status_code == 404


def test_the_security_officer_sees_no_resident(browser, make, beds):
    resident = settled(make, beds[0])
    browser.sign_in(make.account(Role.SECURITY_OFFICER))
    assert browser.get("/residents").status_code == 404
    for page in WITH_REF:
        assert browser.get(path(resident, page)).status_code == 404


def test_a_relative_in_a_house_she_does_not_work_in_is_counted_and_not_named(staff, make, beds):
    other = make.house("Rumah Dua")
    mother, _ = family(make, beds[0], make.beds(make.room(other, beds=1))[0])
    staff.get(path(mother))
    assert "Anak Kenari" not in staff.page and "Rumah Dua" not in staff.page
    assert "work in: 1" in staff.page or "tugas Anda: 1" in staff.page


def test_relatives_are_linked_where_they_may_be_opened(staff, make, beds):
    mother, daughter = family(make, *beds[:2])
    staff.get(path(mother))
    assert f'href="/residents/{daughter.ref}"' in staff.page


def test_no_alias_and_no_code_stands_in_a_title(staff, make, beds):
    mother, _daughter = family(make, *beds[:2])
    for page in WITH_REF[:-1]:
        if staff.get(path(mother, page)).status_code == 200:
            title = staff.page.split("<title>")[1].split("</title>")[0]
            assert mother.alias not in title and mother.code not in title


# The list


def test_the_list_says_who_is_away_who_is_not_back_and_who_is_past_her_day(staff, make, beds, clock):
    away, late, over = (settled(make, bed) for bed in beds[:3])
    for resident, due in ((away, clock.now + SETTLED), (late, clock.now - dt.timedelta(hours=1))):
        placement = make.session.scalars(select(Placement).where(Placement.resident_id == resident.id)).one()
        make.saved(
            Leave(
                placement_id=placement.id,
                kind=LeaveKind.HOSPITAL,
                due_back=due,
                from_at=clock.now - dt.timedelta(hours=3),
            )
        )
    placement = make.session.scalars(select(Placement).where(Placement.resident_id == over.id)).one()
    placement.planned_exit = clock.now.date() - dt.timedelta(days=2)
    make.session.commit()
    assert staff.get("/residents").headers["Refresh"]
    rows = staff.page.split("<tbody")[1].split("<tr")[1:]
    assert 'class="st wait"' in rows[0] and "26 Nov" in rows[0]
    assert 'class="st care"' in rows[1] and "21 Nov" in rows[1]
    assert 'class="st ok"' in rows[2] and "19 Nov" in rows[2] and "2" in rows[2]


def test_the_manager_is_told_how_many_have_nobody_and_can_list_them(browser, make, house, beds, clock):
    answered, alone = settled(make, beds[0]), settled(make, beds[1])
    caseworker = make.account(Role.CASEWORKER, house, shown_name="Maya")
    make.saved(
        Assignment(
            resident_id=answered.id,
            account_id=caseworker.id,
            discipline=Discipline.SOCIAL_WORK,
            coordinator=True,
            since=clock.now,
        )
    )
    browser.sign_in(make.account(Role.MANAGER, house))
    browser.get("/residents")
    assert "?assigned=none" in browser.page and "Maya" in browser.page and answered.code in browser.page
    browser.get("/residents?assigned=none")
    assert alone.code in browser.page and answered.code not in browser.page


def test_the_list_can_be_kept_to_one_house_of_hers(browser, make, house, beds):
    other, foreign = make.house("Rumah Dua"), make.house("Rumah Tiga")
    here = settled(make, beds[0])
    there = settled(make, make.beds(make.room(other, beds=1))[0])
    browser.sign_in(make.account(Role.STAFF, house, other))
    browser.get(f"/residents?house={other.ref}")
    assert there.code in browser.page and here.code not in browser.page
    for unknown in (foreign.ref, uuid.uuid4(), "x"):
        assert browser.get(f"/residents?house={unknown}").status_code == 404


def test_who_left_is_shown_to_managers_for_thirty_days(browser, new_browser, make, house, beds, clock):
    resident = settled(make, beds[0])
    browser.sign_in(make.account(Role.STAFF, house))
    browser.post(path(resident, "departure"), fields=at(clock) | {"place_kind": "own_family"})
    staff_page = browser.get("/residents?show=left")
    assert staff_page.status_code == 200 and resident.code not in browser.page
    manager = new_browser().sign_in(make.account(Role.MANAGER, house))
    manager.get("/residents?show=left")
    assert resident.code in manager.page
    assert manager.get(path(resident)).status_code == 200
    clock.forward(days=31)
    manager.sign_in(make.account(Role.MANAGER, house)).get("/residents?show=left")
    assert resident.code not in manager.page


def test_the_list_takes_three_statements_of_data_however_long_it_is(app, browser, make, house):
    browser.sign_in(make.account(Role.MANAGER, house))
    browser.get("/residents")
    counts = []
    for beds in (3, 27):
        for bed in make.beds(make.room(house, beds=1)) + [
            make.saved(Bed(room_id=make.room(house).id, label="A", kind=BedKind.BED)) for _ in range(beds - 1)
        ]:
            settled(make, bed)
        sent = statements(app, browser, "/residents")
        counts.append(len(sent))
        assert sum("assignment" in one or "FROM stay" in one or "FROM house" in one for one in sent) <= 4
        assert browser.page.count('<tr role="row"><th') == (4 if beds == 3 else 31), "and the headings"
    assert 3 < counts[0] == counts[1]


def test_her_page_takes_the_same_statements_for_a_large_family_and_a_long_way(
    app, browser, make, house, session, clock
):
    browser.sign_in(make.account(Role.MANAGER, house))
    counts = []
    for size in (1, 7):
        household = make.household()
        beds = make.beds(make.room(house, beds=size + 1))
        mother = settled(make, beds[0], household=household)
        for n, bed in enumerate(beds[1:]):
            settled(make, bed, household=household, birth_month=dt.date(2015, n + 1, 1))
        for n in range(size):
            stay = open_stay(session, mother)
            stay.ended_at, stay.ended_by = clock.now - dt.timedelta(hours=30 - n), StayEnd.MOVED
            session.flush()
            make.saved(
                Stay(placement_id=stay.placement_id, resident_id=mother.id, bed_id=beds[0].id, started_at=stay.ended_at)
            )
        browser.get(path(mother))
        counts.append(len(statements(app, browser, path(mother))))
    assert 3 < counts[0] == counts[1] <= 40
