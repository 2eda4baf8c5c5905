"""The page that moves somebody to another bed: what it offers, what it refuses, and that nothing typed is lost."""

import datetime as dt
import threading
import uuid
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Throttle
from safehouse.access.permissions import Role
from safehouse.residents.models import Household, Resident
from safehouse.shelter.choices import BedKind, Need, RoomPurpose
from safehouse.shelter.models import AgainstAdvice, Bed, Hold, Placement, Referral, Stay
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.browsing import Browser
from tests.office import Make
from tests.shelter.staying import at, open_stay, path, settled

NOBODY = "5f0c2f4e-8a53-4a3f-9d0b-0c9f2a6f1d11"


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=4))


@pytest.fixture
def staff(browser, make, house):
    return browser.sign_in(make.account(Role.STAFF, house))


# Moving


def test_she_is_moved_to_the_bed_that_was_chosen_and_it_can_be_undone(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    staff.get(path(resident, "move"))
    assert f'value="{beds[1].ref}"' in staff.page and f'value="{beds[0].ref}"' not in staff.page
    assert 'value="23.40"' in staff.page, "the time is now unless she says otherwise"
    moved = staff.post(path(resident, "move"), fields=at(clock) | {"place": str(beds[1].ref)})
    assert moved.status_code == 303 and moved.location.startswith(path(resident))
    assert open_stay(session, resident).bed_id == beds[1].id
    staff.get(moved.location)
    assert "undo" in staff.page and f"/moves/{moved.location.split('done=')[1]}/undo" in staff.page
    undone = staff.post(f"/moves/{moved.location.split('done=')[1]}/undo")
    assert undone.status_code == 303 and open_stay(session, resident).bed_id == beds[0].id


def test_a_move_right_after_the_arrival_is_not_before_it(staff, make, beds, session, clock):
    clock.now = clock.now.replace(second=40)
    resident = make.resident(beds[0], arrived=clock.now - dt.timedelta(seconds=10))
    staff.sign_in(make.account(Role.STAFF, beds[0].room.house))
    assert staff.post(path(resident, "move"), fields=at(clock) | {"place": str(beds[1].ref)}).status_code == 303
    assert open_stay(session, resident).bed_id == beds[1].id


def test_the_same_press_twice_moves_once(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    fields = at(clock) | {"place": str(beds[1].ref), "act_key": str(uuid.uuid4())}
    first, second = (staff.post(path(resident, "move"), fields=fields) for _ in range(2))
    assert first.status_code == 303 and second.location == first.location
    assert session.scalar(select(func.count()).select_from(Stay)) == 2


@pytest.mark.parametrize("forged", ["", "x", NOBODY, f"mattress:{NOBODY}", "mattress:", "mattress:x"])
def test_a_place_that_was_not_offered_moves_nobody(staff, make, beds, session, clock, forged):
    resident = settled(make, beds[0])
    answer = staff.post(path(resident, "move"), fields=at(clock, hours=1) | {"place": forged})
    assert answer.status_code == 200 and 'role="alert"' in staff.page
    assert 'value="22.40"' in staff.page
    assert open_stay(session, resident).bed_id == beds[0].id


def test_a_bed_of_a_house_she_does_not_work_in_is_neither_offered_nor_taken(staff, make, beds, session, clock):
    (foreign,) = make.beds(make.room(make.house("Rumah Dua"), beds=1))
    resident = settled(make, beds[0])
    staff.get(path(resident, "move"))
    assert str(foreign.ref) not in staff.page and "Rumah Dua" not in staff.page
    assert staff.post(path(resident, "move"), fields=at(clock) | {"place": str(foreign.ref)}).status_code == 200
    assert open_stay(session, resident).bed_id == beds[0].id


def test_a_bed_filled_in_the_meantime_is_said_to_be_and_the_answers_are_kept(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    staff.get(path(resident, "move"))
    make.resident(beds[1])
    answer = staff.post(
        path(resident, "move"),
        fields=at(clock, hours=2) | {"place": str(beds[1].ref), "reason": "Ingin dekat pintu", "second_code": "123456"},
    )
    assert answer.status_code == 200
    assert "just filled" in staff.page or "baru saja diisi" in staff.page
    assert 'value="21.40"' in staff.page and f'value="{beds[1].ref}"' not in staff.page
    assert open_stay(session, resident).bed_id == beds[0].id


def test_a_bed_reserved_or_closed_in_the_meantime_is_said_to_be(staff, make, beds, clock):
    resident = settled(make, beds[0])
    make.saved(
        Hold(
            bed_id=beds[1].id,
            referral_id=make.referral().id,
            held_at=clock.now,
            expires_at=clock.now + dt.timedelta(hours=4),
        )
    )
    staff.post(path(resident, "move"), fields=at(clock) | {"place": str(beds[1].ref)})
    assert "reserved for another" in staff.page or "baru saja dipesan" in staff.page


def test_a_mattress_is_laid_where_a_room_has_no_bed_left(staff, make, house, beds, session, clock):
    resident = settled(make, beds[0])
    full = make.room(house, "2", beds=1)
    make.resident(make.beds(full)[0])
    staff.get(path(resident, "move"))
    assert f'value="mattress:{full.ref}"' in staff.page
    assert staff.post(path(resident, "move"), fields=at(clock) | {"place": f"mattress:{full.ref}"}).status_code == 303
    mattress = session.get_one(Bed, open_stay(session, resident).bed_id)
    assert (mattress.kind, mattress.room_id, mattress.removed_at) == (BedKind.MATTRESS, full.id, None)
    staff.post(path(resident, "move"), fields=at(clock) | {"place": str(beds[2].ref)})
    session.expire_all()
    assert session.get_one(Bed, mattress.id).removed_at is not None


def test_a_third_mattress_in_a_room_is_refused(staff, make, house, beds, clock):
    resident = settled(make, beds[0])
    full = make.room(house, "2", beds=1)
    make.resident(make.beds(full)[0])
    for n in (1, 2):
        make.resident(make.saved(Bed(room_id=full.id, label=f"Kasur +{n}", kind=BedKind.MATTRESS)))
    staff.get(path(resident, "move"))
    assert f"mattress:{full.ref}" not in staff.page
    staff.post(path(resident, "move"), fields=at(clock) | {"place": f"mattress:{full.ref}"})
    assert "No more mattresses" in staff.page or "tidak muat kasur" in staff.page


def test_what_the_family_needed_when_it_came_counts_when_it_moves(staff, make, house, beds, session):
    make.room(house, "9", RoomPurpose.ADULT_WOMEN, beds=1, ground_floor=True)
    resident = settled(make, beds[0])
    referral = make.referral(needs=(Need.GROUND_FLOOR,))
    session.scalars(select(Placement).where(Placement.resident_id == resident.id)).one().referral_id = referral.id
    session.commit()
    staff.get(path(resident, "move"))
    assert staff.page.index("<h3>Kamar 9" if "<h3>Kamar 9" in staff.page else "<h3>Room 9") < staff.page.index(
        "<h3>Kamar 1" if "<h3>Kamar 1" in staff.page else "<h3>Room 1"
    )
    assert session.scalar(select(func.count()).select_from(Referral)) == 1


@pytest.fixture
def isolation(make, house):
    return make.beds(make.room(house, "8", RoomPurpose.ISOLATION, beds=1))[0]


def test_a_bed_against_advice_needs_a_reason_and_a_colleague_with_her_own_code(
    browser, make, house, beds, isolation, session, clock
):
    beside = make.account(Role.STAFF, house)
    browser.sign_in(make.account(Role.STAFF, house))
    resident = settled(make, beds[0])
    chosen = at(clock, hours=1) | {"place": str(isolation.ref)}
    answer = browser.post(path(resident, "move"), fields=chosen)
    assert answer.status_code == 200 and browser.page.count('aria-invalid="true"') == 3
    wrong = browser.post(
        path(resident, "move"),
        fields=chosen | {"reason": "Batuk sejak kemarin", "second_name": beside.username, "second_code": "000000"},
    )
    assert wrong.status_code == 200
    assert "Batuk sejak kemarin" in browser.page and beside.username in browser.page
    assert 'value="22.40"' in browser.page and "000000" not in browser.page
    assert f'value="{isolation.ref}" autocomplete="off" checked' in browser.page
    assert session.scalar(select(func.sum(Throttle.failures))) >= 1, "the wrong code is counted after the rollback"
    assert open_stay(session, resident).bed_id == beds[0].id
    assert (
        session.scalar(select(func.count()).where(TrailEntry.act == Act.CO_SIGNED, TrailEntry.result == "refused")) == 1
    )
    right = browser.post(
        path(resident, "move"),
        fields=chosen
        | {"reason": "Batuk sejak kemarin", "second_name": beside.username, "second_code": make.code(beside)},
    )
    assert right.status_code == 303 and open_stay(session, resident).bed_id == isolation.id
    kept = session.scalars(select(AgainstAdvice)).one()
    assert "isolation_room_kept" in kept.unmet and b"Batuk" not in kept.reason


def test_a_code_of_the_second_person_is_not_spent_on_a_move_that_cannot_be(
    browser, make, house, beds, isolation, session, clock
):
    beside = make.account(Role.STAFF, house)
    browser.sign_in(make.account(Role.STAFF, house))
    resident = settled(make, beds[0])
    signed = {
        "reason": "Batuk",
        "second_name": beside.username,
        "second_code": make.code(beside),
        "place": str(isolation.ref),
    }
    assert browser.post(path(resident, "move"), fields=at(clock, days=-1) | signed).status_code == 200
    assert browser.post(path(resident, "move"), fields=at(clock) | signed).status_code == 303
    assert open_stay(session, resident).bed_id == isolation.id


def test_nobody_is_her_own_second_person_and_a_stranger_to_the_house_is_none(
    browser, make, house, beds, isolation, session, clock
):
    account, stranger = make.account(Role.STAFF, house), make.account(Role.STAFF, make.house("Rumah Dua"))
    browser.sign_in(account)
    resident = settled(make, beds[0])
    for second in (account, stranger):
        answer = browser.post(
            path(resident, "move"),
            fields=at(clock)
            | {
                "place": str(isolation.ref),
                "reason": "Batuk",
                "second_name": second.username,
                "second_code": make.code(second),
            },
        )
        assert answer.status_code == 200
    assert open_stay(session, resident).bed_id == beds[0].id


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day-d": "31", "day-m": "11", "day-y": "2026"}, ("31 November",)),
        ({"clock": "25.00"}, ("25.00",)),
        ({"day-y": "2027"}, ("not come yet", "belum tiba")),
        ({"day-m": "10"}, ("before the arrival", "sebelum penghuni masuk")),
        ({"day-d": "", "day-m": "", "day-y": ""}, ("Not filled in", "Belum diisi")),
    ],
)
def test_an_impossible_time_is_named_and_comes_back_as_it_was_typed(staff, make, beds, session, clock, typed, said):
    resident = settled(make, beds[0])
    answer = staff.post(path(resident, "move"), fields=at(clock) | {"place": str(beds[1].ref)} | typed)
    assert answer.status_code == 200 and any(one in staff.page for one in said), staff.page
    assert all(f'value="{value}"' in staff.page for value in typed.values())
    assert f'value="{beds[1].ref}" autocomplete="off" checked' in staff.page
    assert staff.page.split("<title>")[1].startswith(("Error:", "Galat:"))
    assert open_stay(session, resident).bed_id == beds[0].id


def test_times_follow_the_clock_of_her_house(browser, make, session, clock):
    east = make.house("Rumah Timur", time_zone="Asia/Jayapura")
    first, second = make.beds(make.room(east, beds=2))
    browser.sign_in(make.account(Role.STAFF, east))
    resident = settled(make, first)
    browser.get(path(resident, "move"))
    assert 'value="1.40"' in browser.page or 'value="01.40"' in browser.page, "23.40 in Jakarta, 1.40 in Jayapura"
    assert 'value="22"' in browser.page and "WIT" in browser.page
    moved = browser.post(
        path(resident, "move"), fields=at(clock, hours=1, zone=ZoneInfo("Asia/Jayapura")) | {"place": str(second.ref)}
    )
    assert moved.status_code == 303
    assert open_stay(session, resident).started_at == clock.now - dt.timedelta(hours=1)


# A race on databases that really commit


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_people_who_choose_the_last_bed_give_one_move_and_one_sentence(lone_app, kind):
    app = lone_app(kind)
    with app.extensions["db_writing"]() as session:
        make = Make(session, app.extensions["test_clock"])
        house = make.house()
        first, second, last = make.beds(make.room(house, beds=3))
        residents = [settled(make, bed) for bed in (first, second)]
        browsers = [Browser(app, make).sign_in(make.account(Role.STAFF, house)) for _ in residents]
        pairs = [(browser, path(resident, "move")) for browser, resident in zip(browsers, residents, strict=True)]
        fields = at(make.clock) | {"place": str(last.ref)}
        for browser, url in pairs:
            browser.get(url)
            assert str(last.ref) in browser.page
        last_id, count = last.id, len(residents)
    answers, gate = [], threading.Barrier(count, timeout=60)

    def go(browser, url):
        gate.wait()
        answer = browser.post(url, fields=fields)
        answers.append((answer.status_code, "just filled" in browser.page or "baru saja diisi" in browser.page))

    threads = [threading.Thread(target=go, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(200, True), (303, False)]
    with app.extensions["db_reading"]() as session:
        assert session.scalar(select(func.count()).where(Stay.bed_id == last_id)) == 1
        assert session.scalar(select(func.count()).select_from(Household)) == 2
        assert session.scalar(select(func.count()).select_from(Resident)) == 2
