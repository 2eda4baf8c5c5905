"""Pages about people who live in the houses: who sees whom, what is said, and that nothing typed is lost."""

import datetime as dt
import threading
import uuid
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select

from safehouse.access.models import Discipline, Throttle
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Household, Resident, Sex
from safehouse.shelter.choices import BedKind, Destination, LeaveKind, Need, RoomPurpose, StayEnd
from safehouse.shelter.models import AgainstAdvice, Bed, Departure, Hold, Leave, Placement, Referral, Stay
from safehouse.shelter.operations.moving import StayRefusal
from safehouse.shelter.stays_in_words import REFUSALS
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.browsing import Browser
from tests.office import Make

JAKARTA = ZoneInfo("Asia/Jakarta")
WITH_REF = ("", "move", "planned-exit", "leave", "back", "departure", "assignment")
NOBODY = "5f0c2f4e-8a53-4a3f-9d0b-0c9f2a6f1d11"
SETTLED = dt.timedelta(days=5)


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=4))


@pytest.fixture
def staff(browser, make, house):
    return browser.sign_in(make.account(Role.STAFF, house))


def settled(make, bed, **more):
    return make.resident(bed, arrived=make.clock.now - SETTLED, **more)


def family(make, first, second, **more):
    """A mother, and a daughter of ten in a bed of her own."""
    household = make.household()
    return (
        settled(make, first, household=household, alias="Kenari", **more),
        settled(make, second, household=household, alias="Anak Kenari", birth_month=dt.date(2016, 1, 1), **more),
    )


def at(clock, *, name="day", zone=JAKARTA, **ago):
    """Date and time as they are written into a form."""
    when = (clock.now - dt.timedelta(**ago)).astimezone(zone)
    hour = {"day": "clock", "due_day": "due_clock"}[name]
    return {
        f"{name}-d": str(when.day),
        f"{name}-m": str(when.month),
        f"{name}-y": str(when.year),
        hour: f"{when:%H.%M}",
    }


def path(resident, page=""):
    """Her own page, or one of those that hang on it."""
    return f"/residents/{resident.ref}/{page}".rstrip("/")


def open_stay(session, resident):
    session.expire_all()
    return session.scalar(select(Stay).where(Stay.resident_id == resident.id, Stay.ended_at.is_(None)))


def statements(app, browser, url):
    """How many statements a page takes."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("SELECT"):
            sent.append(statement)

    engine = app.extensions["db_engine"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert browser.get(url).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sent


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
    assert 3 < counts[0] == counts[1] <= 30


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


# Away and back


def test_an_absence_is_recorded_and_ended(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    staff.get(path(resident, "leave"))
    assert 'name="who"' not in staff.page, "there is nobody else to choose"
    fields = at(clock, hours=1) | at(clock, name="due_day", hours=-20) | {"kind": "hospital"}
    assert staff.post(path(resident, "leave"), fields=fields).status_code == 303
    staff.get(path(resident))
    assert f'href="{path(resident, "back")}"' in staff.page
    assert open_stay(session, resident).bed_id == beds[0].id
    assert staff.post(path(resident, "back"), fields=at(clock)).status_code == 303
    assert session.scalars(select(Leave.back_at)).one() == clock.now
    assert staff.get(path(resident, "back")).status_code == 303, "who is in does not come back"


def test_only_those_who_are_ticked_go_out(staff, make, beds, session, clock):
    mother, daughter = family(make, *beds[:2])
    staff.get(path(mother, "leave"))
    assert staff.page.count(" checked") == 2
    fields = at(clock) | at(clock, name="due_day", hours=-2) | {"kind": "court", "who": str(mother.ref)}
    fields["caregiver"] = str(staff.account.ref)
    assert staff.post(path(mother, "leave"), fields=fields).status_code == 303
    assert session.scalar(select(func.count()).select_from(Leave)) == 1
    staff.get("/residents")
    assert open_stay(session, daughter) is not None


def test_nothing_is_assumed_about_a_child_alone_or_about_somebody_new(staff, make, beds, clock):
    child = settled(make, beds[0], birth_month=dt.date(2012, 1, 1))
    new = make.resident(beds[1])
    for resident in (child, new):
        for page in ("leave", "departure"):
            staff.get(path(resident, page))
            who = staff.page.split('name="who"')
            assert len(who) == 2 and "checked" not in who[1].split(">")[0]
            answer = staff.post(
                path(resident, page),
                fields=at(clock) | at(clock, name="due_day", hours=-2) | {"kind": "court", "place_kind": "own_family"},
            )
            assert answer.status_code == 200, "she must be ticked on purpose"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"due_day-d": "20"}, ("after leaving", "sesudah waktu pergi")),
        ({"day-y": "2027"}, ("not come yet", "belum tiba")),
        ({"day-m": "10"}, ("before the arrival", "sebelum penghuni masuk")),
        ({"kind": "holiday"}, ("not offered", "tidak tersedia")),
        ({"kind": ""}, ("Not chosen", "Belum dipilih")),
    ],
)
def test_an_impossible_absence_is_named_and_nothing_typed_is_lost(staff, make, beds, session, clock, typed, said):
    resident = settled(make, beds[0])
    fields = at(clock, hours=3) | at(clock, name="due_day", hours=-20) | {"kind": "hospital"} | typed
    assert staff.post(path(resident, "leave"), fields=fields).status_code == 200
    assert any(one in staff.page for one in said), staff.page
    assert 'value="20.40"' in staff.page and 'value="19.40"' in staff.page
    assert session.scalar(select(func.count()).select_from(Leave)) == 0


def test_a_second_absence_is_refused_while_the_first_lasts(staff, make, beds, clock):
    resident = settled(make, beds[0])
    fields = at(clock) | at(clock, name="due_day", hours=-20) | {"kind": "hospital"}
    staff.post(path(resident, "leave"), fields=fields)
    assert staff.post(path(resident, "leave"), fields=fields).status_code == 200
    assert "already recorded as away" in staff.page or "sudah tercatat di luar" in staff.page


# Planned exit


def test_a_planned_exit_beyond_the_limit_names_the_last_day(staff, make, beds, session, clock):
    mother, daughter = family(make, *beds[:2])
    late = {"day-d": "15", "day-m": "12", "day-y": "2026", "who": [str(mother.ref), str(daughter.ref)]}
    assert staff.post(path(mother, "planned-exit"), fields=late).status_code == 200
    assert "30 November 2026" in staff.page and 'value="15"' in staff.page
    good = late | {"day-d": "25", "day-m": "Nov"}
    assert staff.post(path(mother, "planned-exit"), fields=good).status_code == 303
    session.expire_all()
    assert set(session.scalars(select(Placement.planned_exit))) == {dt.date(2026, 11, 25)}
    assert staff.post(path(mother, "planned-exit"), fields=good | {"day-d": "20"}).status_code == 200


def test_after_the_limit_the_page_says_so_and_nobody_is_sent_away(staff, make, beds, session, clock):
    resident = make.resident(beds[0], arrived=clock.now - dt.timedelta(days=20))
    staff.get(path(resident))
    assert "20" in staff.page.split('class="idline"')[1].split("</p>")[0]
    assert 'class="note care"' in staff.page
    staff.get(path(resident, "planned-exit"))
    assert 'class="note care"' in staff.page and "day-d" not in staff.page
    assert open_stay(session, resident) is not None


def test_beyond_the_limit_nobody_plans_an_exit_and_the_page_leads_to_more_days(browser, make, beds, session, clock):
    resident = make.resident(beds[0], arrived=clock.now - dt.timedelta(days=10))
    manager = browser.sign_in(make.account(Role.MANAGER, beds[0].room.house))
    manager.get(path(resident, "planned-exit"))
    assert path(resident, "extension") in manager.page
    later = {"day-d": "5", "day-m": "12", "day-y": "2026", "who": [str(resident.ref)]}
    assert manager.post(path(resident, "planned-exit"), fields=later).status_code == 200
    assert "25 November 2026" in manager.page and 'id="day-e"' in manager.page
    session.expire_all()
    assert session.scalars(select(Placement.planned_exit)).one() == dt.date(2026, 11, 25)
    clock.forward(days=10)
    manager.sign_in(manager.account).get(path(resident, "planned-exit"))
    assert "day-d" not in manager.page and path(resident, "extension") in manager.page


# The end of a stay


def test_a_family_leaves_together_and_it_can_be_undone(staff, make, beds, session, clock):
    mother, daughter = family(make, *beds[:2])
    staff.get(path(mother, "departure"))
    assert "<h1>" in staff.page and staff.page.split("<h1>")[1].split("</h1>")[0].endswith("?")
    fields = at(clock) | {"place_kind": "extended_family", "who": [str(mother.ref), str(daughter.ref)]}
    left = staff.post(path(mother, "departure"), fields=fields)
    assert left.status_code == 303 and left.location.startswith("/residents?done=")
    assert open_stay(session, mother) is None and open_stay(session, daughter) is None
    assert staff.get(path(mother)).status_code == 404, "house staff do not see who left"
    staff.get(left.location)
    ref = left.location.split("done=")[1]
    assert f"/departures/{ref}/undo" in staff.page
    assert staff.post(f"/departures/{ref}/undo").location == path(mother)
    assert open_stay(session, mother).bed_id == beds[0].id and open_stay(session, daughter).bed_id == beds[1].id
    assert session.scalar(select(func.count()).where(Departure.undone_at.is_(None))) == 0
    assert staff.post(f"/departures/{ref}/undo").status_code == 409


@pytest.mark.parametrize("page", ["leave", "departure", "planned-exit"])
def test_the_same_press_twice_records_once(staff, make, beds, session, clock, page):
    mother, daughter = family(make, *beds[:2])
    fields = (
        at(clock)
        | at(clock, name="due_day", hours=-2)
        | {
            "kind": "court",
            "place_kind": "own_family",
            "who": [str(mother.ref), str(daughter.ref)],
            "act_key": str(uuid.uuid4()),
        }
    )
    if page == "planned-exit":
        fields |= {"day-d": "25"}
    first, second = (staff.post(path(mother, page), fields=fields) for _ in range(2))
    assert first.status_code == 303 and second.location == first.location
    assert session.scalar(select(func.count()).select_from(Leave)) == (2 if page == "leave" else 0)
    assert session.scalar(select(func.count()).select_from(Departure)) == (2 if page == "departure" else 0)


def test_undo_of_a_departure_ends_after_ten_minutes_and_is_hers_alone(staff, new_browser, make, house, beds, clock):
    resident = settled(make, beds[0])
    left = staff.post(path(resident, "departure"), fields=at(clock) | {"place_kind": "unknown"})
    ref = left.location.split("done=")[1]
    assert new_browser().sign_in(make.account(Role.STAFF, house)).post(f"/departures/{ref}/undo").status_code == 409
    for _ in range(6):
        clock.forward(minutes=2)
        staff.get("/residents")
    assert staff.post(f"/departures/{ref}/undo").status_code == 409


def test_where_she_goes_is_asked_and_never_filled_in_beforehand(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    staff.get(path(resident, "departure"))
    select_box = staff.page.split('name="place_kind"')[1].split("</select>")[0]
    assert " selected" not in select_box or 'value="" selected' in select_box
    for wrong in ("", "moon"):
        assert (
            staff.post(path(resident, "departure"), fields=at(clock, hours=1) | {"place_kind": wrong}).status_code
            == 200
        )
        assert 'value="22.40"' in staff.page
    assert open_stay(session, resident) is not None


def test_a_child_in_her_bed_is_not_left_behind(staff, make, beds, session, clock):
    household = make.household()
    mother = settled(make, beds[0], household=household)
    child = settled(make, beds[0], household=household, sex=Sex.MALE, birth_month=dt.date(2025, 1, 1), sharing=True)
    fields = at(clock) | {"place_kind": "own_family"}
    assert staff.post(path(mother, "departure"), fields=fields | {"who": str(mother.ref)}).status_code == 200
    assert open_stay(session, mother) is not None
    both = fields | {"who": [str(mother.ref), str(child.ref)]}
    assert staff.post(path(mother, "departure"), fields=both).status_code == 303


def test_a_child_stays_without_an_adult_of_her_own_only_if_somebody_says_so(staff, make, beds, session, clock):
    mother, daughter = family(make, *beds[:2])
    staff.account.language = "en"
    session.commit()
    fields = at(clock) | {"place_kind": "own_family", "who": str(mother.ref)}
    assert staff.post(path(mother, "departure"), fields=fields).status_code == 200
    assert 'id="children_stay-e"' in staff.page and "without an adult of their own" in staff.page
    assert open_stay(session, mother) is not None
    assert staff.post(path(mother, "departure"), fields=fields | {"children_stay": "y"}).status_code == 303
    assert open_stay(session, mother) is None and open_stay(session, daughter) is not None


def test_where_another_adult_stays_nobody_is_asked_about_the_children(staff, make, beds, session, clock):
    mother, daughter = family(make, *beds[:2])
    settled(make, beds[2], household=session.get(Household, mother.household_id), alias="Bibi")
    fields = at(clock) | {"place_kind": "own_family", "who": str(mother.ref)}
    assert staff.post(path(mother, "departure"), fields=fields).status_code == 303
    assert open_stay(session, daughter) is not None
    alone = settled(make, beds[3])
    staff.get(path(alone, "departure"))
    assert "children_stay" not in staff.page


def test_somebody_of_another_household_cannot_be_ticked(staff, make, beds, session, clock):
    mother, _daughter = family(make, *beds[:2])
    stranger = settled(make, beds[2])
    answer = staff.post(
        path(mother, "departure"),
        fields=at(clock) | {"place_kind": "own_family", "who": [str(mother.ref), str(stranger.ref)]},
    )
    assert answer.status_code == 200 and open_stay(session, stranger) is not None
    assert open_stay(session, mother) is not None, "all of them or nobody"
    assert (
        staff.post(path(mother, "departure"), fields=at(clock) | {"place_kind": "own_family", "who": "x"}).status_code
        == 200
    )


def test_the_page_of_someone_who_left_sends_every_action_back_to_it(browser, make, house, beds, clock):
    resident = settled(make, beds[0])
    browser.sign_in(make.account(Role.MANAGER, house))
    browser.post(path(resident, "departure"), fields=at(clock) | {"place_kind": "own_family"})
    for page in ("move", "planned-exit", "leave", "back", "departure"):
        assert browser.get(path(resident, page)).location == path(resident)
        assert browser.post(path(resident, page)).location == path(resident)
    browser.get(path(resident))
    assert "/departure" not in browser.page.split("<main")[1].split("</main>")[0]


def test_every_refusal_has_its_sentence():
    assert set(REFUSALS) == set(StayRefusal)
    assert len(set(map(str, Destination))) == len(Destination)


# Races on databases that really commit


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


def test_going_back_to_him_is_asked_about_once_more_and_never_forbidden(staff, make, beds, clock, session):
    resident = settled(make, beds[0])
    fields = at(clock) | {"place_kind": "partner"}
    asked = staff.post(path(resident, "departure"), fields=fields)
    assert asked.status_code == 200 and 'name="back_to_him"' in asked.text
    assert "rencana keamanannya" in asked.text or "safety plan" in asked.text
    assert session.scalar(select(func.count()).select_from(Departure)) == 0
    assert staff.post(path(resident, "departure"), fields=fields | {"back_to_him": "y"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Departure)) == 1
