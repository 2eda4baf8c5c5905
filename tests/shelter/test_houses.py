"""Houses, rooms, beds and closures; and the address, which is nowhere but on its own page."""

import datetime as dt
import logging
import re
import threading
import uuid

import pytest
from sqlalchemy import func, select, text

from safehouse.access.models import Act as ActRow
from safehouse.access.models import Clearance, House
from safehouse.access.operations.houses import keep_address
from safehouse.access.permissions import Role
from safehouse.shelter.choices import BedKind, RoomPurpose
from safehouse.shelter.models import Adjoining, Bed, Closure, Hold, Room
from safehouse.shelter.rules.labels import bed_name, laid_label, next_labels
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry, TrailSubject
from tests.browsing import Browser
from tests.counting import statements
from tests.office import Make, actor

CANARY = "Jalan Kenanga Rahasia 99 Kelurahan Ujung"
TODAY = {"first_day-d": "21", "first_day-m": "11", "first_day-y": "2026"}
HOUSE = {
    "name": "Rumah Melati Air",
    "time_zone": "Asia/Makassar",
    "stay_limit_days": "7",
    "boys_age": "11",
    "separation_age": "9",
}
ROOM = {"label": "5", "purpose": "any_family", "position": "3"}


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def manager(make, house):
    return make.account(Role.MANAGER, house)


@pytest.fixture
def page(browser, manager):
    return browser.sign_in(manager)


@pytest.fixture
def addressed(session, house, manager, clock):
    keep_address(session, house=house, address=CANARY, now=clock.now, by=actor(manager))
    session.commit()
    return house


def acts_on(session, subject):
    return [
        (one.act, one.fields, one.purpose)
        for one in session.scalars(select(TrailEntry).where(TrailEntry.subject == subject).order_by(TrailEntry.seq))
    ]


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# Houses


def test_a_manager_who_makes_a_house_works_in_it_at_once(page, session, manager):
    answer = page.post("/houses/new", **HOUSE)
    assert answer.status_code == 303
    made = session.scalar(select(House).where(House.name == HOUSE["name"]))
    assert (made.stay_limit_days, made.boys_age, made.separation_age, made.time_zone) == (7, 11, 9, "Asia/Makassar")
    assert page.get(answer.location).status_code == 200
    assert session.scalar(select(Clearance).where(Clearance.house_id == made.id)).account_id == manager.id
    assert [act for act, *_ in acts_on(session, made.ref)] == [Act.HOUSE_MADE]
    cleared = session.scalar(select(TrailEntry).where(TrailEntry.act == Act.CLEARANCE_CHANGED))
    assert cleared.subject == manager.ref
    assert session.scalar(select(TrailSubject.subject).where(TrailSubject.entry_seq == cleared.seq)) == made.ref


def test_the_same_press_twice_makes_one_house(page, session):
    key = str(uuid.uuid4())
    answers = [page.post("/houses/new", act_key=key, **HOUSE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert session.scalar(select(func.count()).select_from(House).where(House.name == HOUSE["name"])) == 1


def test_two_houses_do_not_share_a_name(page, session, house):
    answer = page.post("/houses/new", **{**HOUSE, "name": "rumah satu"})
    assert answer.status_code == 200
    assert 'value="rumah satu"' in page.page and 'id="name-e"' in page.page
    assert 'value="7"' in page.page, "the rest of what was typed is still there"
    assert session.scalar(select(func.count()).select_from(House)) == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("stay_limit_days", "0"),
        ("stay_limit_days", "366"),
        ("stay_limit_days", "dua"),
        ("boys_age", "19"),
        ("separation_age", "-1"),
        ("time_zone", "Europe/Berlin"),
        ("time_zone", None),
        ("name", " "),
        ("name", "x" * 61),
        ("stay_limit_days", "9" * 40),
        ("name", "Rumah\x00Dua"),
    ],
)
def test_settings_that_cannot_be_are_refused_beside_their_field(page, session, house, field, wrong):
    answer = page.post(f"/houses/{house.ref}/settings", **{**HOUSE, field: wrong})
    assert answer.status_code == 200
    assert f'id="{field}-e"' in page.page
    session.expire_all()
    assert session.get_one(House, house.id).stay_limit_days == 14


def test_a_change_of_settings_names_the_fields_in_the_record(page, session, house):
    assert page.post(f"/houses/{house.ref}/settings", **{**HOUSE, "boys_age": "12"}).status_code == 303
    assert acts_on(session, house.ref) == [(Act.HOUSE_CHANGED, "name,time_zone,stay_limit_days,separation_age", None)]
    assert page.post(f"/houses/{house.ref}/settings", **{**HOUSE, "boys_age": "0"}).status_code == 303
    session.expire_all()
    assert session.get_one(House, house.id).boys_age == 0


def test_a_house_someone_lives_in_is_not_closed(page, session, make, house):
    bed = make.beds(make.room(house, "2", beds=1))[0]
    resident = make.resident(bed)
    assert page.post(f"/houses/{house.ref}/close").status_code == 200
    assert "2A" in page.page and resident.alias not in page.page
    session.expire_all()
    assert session.get_one(House, house.id).closed_at is None


def test_a_closed_house_stands_apart_and_opens_again(page, session, house):
    page.post(f"/houses/{house.ref}/close")
    page.get("/houses")
    assert page.page.index('id="closed"') < page.page.index(str(house.ref))
    assert page.get(f"/houses/{house.ref}").status_code == 200
    for path in ("settings", "rooms/new", "closures/new", "address", "close"):
        assert page.get(f"/houses/{house.ref}/{path}").status_code == 404, path
    page.post(f"/houses/{house.ref}/reopen")
    assert page.get(f"/houses/{house.ref}/settings").status_code == 200
    assert [act for act, *_ in acts_on(session, house.ref)] == [Act.HOUSE_CLOSED, Act.HOUSE_CHANGED]


def test_the_import_is_offered_only_where_it_exists(app, page):
    page.get("/houses")
    assert ('href="/import"' in page.page) is ("imports.start" in app.view_functions)


# Whose


def paths_of(session, house):
    """Every page of one house: rooms, beds and closures included."""
    room = session.scalar(select(Room).where(Room.house_id == house.id))
    bed = session.scalar(select(Bed).where(Bed.room_id == room.id))
    closure = session.scalar(select(Closure).join(Bed).where(Bed.room_id == room.id))
    within = ("", "/settings", "/close", "/address", "/address/open", "/rooms/new", "/closures/new", "/reopen")
    return [
        *(f"/houses/{house.ref}{end}" for end in within),
        f"/houses/rooms/{room.ref}",
        f"/houses/rooms/{room.ref}/beds/new",
        f"/houses/beds/{bed.ref}",
        f"/houses/closures/{closure.ref}/end",
    ]


@pytest.fixture
def furnished(make, session, house):
    room = make.room(house, "2", beds=2, cots=1)
    make.saved(Closure(bed_id=make.beds(room)[1].id, first_day=dt.date(2026, 11, 20), reason="Kasur basah"))
    return house


def test_another_managers_house_is_answered_like_one_that_does_not_exist(new_browser, make, session, furnished):
    stranger = new_browser().sign_in(make.account(Role.MANAGER, make.house()))
    for path in paths_of(session, furnished):
        missing = re.sub(r"[0-9a-f-]{36}", str(uuid.uuid4()), path)
        foreign = stranger.get(path), stranger.post(path, **HOUSE), stranger.post(path, do="remove")
        absent = stranger.get(missing), stranger.post(missing, **HOUSE), stranger.post(missing, do="remove")
        assert [one.status_code for one in (*foreign, *absent)] == [404] * 6, path
        assert words_of(foreign[0].text) == words_of(absent[0].text), path
    assert str(furnished.ref) not in stranger.get("/houses").text


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.SECURITY_OFFICER])
def test_only_managers_see_these_pages(new_browser, make, session, furnished, role):
    other = new_browser().sign_in(make.account(role, furnished))
    for path in ["/houses", "/houses/new", *paths_of(session, furnished)]:
        assert (other.get(path).status_code, other.post(path, **HOUSE).status_code) == (404, 404), path


def test_a_manager_opens_every_page_of_her_house(page, session, furnished):
    for path in ["/houses", "/houses/new", *paths_of(session, furnished)]:
        assert page.get(path).status_code in {200, 303}, path


# Rooms


def test_a_room_is_made_with_its_neighbours(page, session, make, house):
    first, second = make.room(house, "1"), make.room(house, "2")
    answer = page.post(
        f"/houses/{house.ref}/rooms/new",
        ground_floor="y",
        wheelchair="y",
        adjoining=[str(second.id), str(first.id)],
        **ROOM,
    )
    assert answer.status_code == 303
    room = session.scalar(select(Room).where(Room.label == "5"))
    assert (room.purpose, room.ground_floor, room.wheelchair, room.isolation, room.position) == (
        RoomPurpose.ANY_FAMILY,
        True,
        True,
        False,
        3,
    )
    assert {(one.room_id, one.other_id) for one in session.scalars(select(Adjoining))} == {
        (first.id, room.id),
        (second.id, room.id),
    }
    assert acts_on(session, room.ref) == [(Act.ROOM_MADE, "", None)]
    page.get(f"/houses/rooms/{first.ref}")
    assert re.search(rf'value="{room.id}"[^>]*checked', page.page), "the other room knows it too"


def test_a_room_of_another_house_is_no_neighbour(page, session, make, house):
    foreign = make.room(make.house(), "9")
    answer = page.post(f"/houses/{house.ref}/rooms/new", adjoining=str(foreign.id), **ROOM)
    assert answer.status_code == 200
    assert session.scalar(select(Room).where(Room.label == "5")) is None


def test_a_changed_room_keeps_only_the_neighbours_that_stay_ticked(page, session, make, house):
    rooms = [make.room(house, label) for label in "123"]
    session.add_all(
        [Adjoining(room_id=rooms[0].id, other_id=rooms[1].id), Adjoining(room_id=rooms[1].id, other_id=rooms[2].id)]
    )
    session.commit()
    page.post(f"/houses/rooms/{rooms[1].ref}", adjoining=str(rooms[2].id), **ROOM)
    assert [(one.room_id, one.other_id) for one in session.scalars(select(Adjoining))] == [(rooms[1].id, rooms[2].id)]
    assert acts_on(session, rooms[1].ref) == [(Act.ROOM_CHANGED, "label,position,purpose,adjoining", None)]


def test_labels_are_unique_in_a_house_and_free_in_another(page, session, make, house):
    make.room(house, "5a")
    make.room(make.house(), "6")
    answer = page.post(f"/houses/{house.ref}/rooms/new", **{**ROOM, "label": "5A"})
    assert answer.status_code == 200
    assert 'id="label-e"' in page.page and 'value="5A"' in page.page
    assert page.post(f"/houses/{house.ref}/rooms/new", **{**ROOM, "label": "6"}).status_code == 303


def test_a_removed_room_gives_its_label_back_and_keeps_its_history(page, session, make, house):
    old = make.room(house, "5", beds=2)
    key = str(uuid.uuid4())
    for _ in range(2):
        assert page.post(f"/houses/rooms/{old.ref}", do="remove", act_key=key).status_code == 303
    assert page.get(f"/houses/rooms/{old.ref}").status_code == 404
    assert page.post(f"/houses/{house.ref}/rooms/new", **ROOM).status_code == 303
    session.expire_all()
    rooms = list(session.scalars(select(Room).where(Room.label == "5").order_by(Room.id)))
    assert [room.removed_at is None for room in rooms] == [False, True]
    assert all(bed.removed_at is not None for bed in make.beds(old))
    assert acts_on(session, old.ref) == [(Act.ROOM_CHANGED, "removed_at", None)]


def test_nobody_loses_her_bed_because_a_room_is_removed(page, session, make, house):
    room = make.room(house, "2", beds=3)
    bed, kept, _free = make.beds(room)
    resident = make.resident(bed)
    make.saved(
        Hold(
            bed_id=kept.id,
            referral_id=make.referral().id,
            held_at=make.clock.now,
            expires_at=make.clock.now + dt.timedelta(hours=4),
        )
    )
    for path, said in (
        (f"/houses/rooms/{room.ref}", "2A"),
        (f"/houses/beds/{bed.ref}", "2A"),
        (f"/houses/beds/{kept.ref}", "2B"),
    ):
        assert page.post(path, do="remove").status_code == 200
        assert 'role="alert"' in page.page and said in page.page
        assert resident.alias not in page.page and resident.code not in page.page
    assert 'value="B"' in page.page, "the form beside the button still shows the bed"
    session.expire_all()
    assert session.get_one(Room, room.id).removed_at is None
    assert all(one.removed_at is None for one in make.beds(room))


def test_a_bed_whose_hold_has_run_out_can_be_removed(page, session, make, house):
    bed = make.beds(make.room(house, beds=1))[0]
    make.saved(
        Hold(
            bed_id=bed.id,
            referral_id=make.referral().id,
            held_at=make.clock.now - dt.timedelta(hours=5),
            expires_at=make.clock.now - dt.timedelta(hours=1),
        )
    )
    assert page.post(f"/houses/beds/{bed.ref}", do="remove").status_code == 303
    assert acts_on(session, bed.ref) == [(Act.BED_CHANGED, "removed_at", None)]


# Beds


def test_labels_go_on_from_the_last_letter():
    assert next_labels([], 3) == ["A", "B", "C"]
    assert next_labels(["A", "c", "Boks 1"], 2) == ["D", "E"]
    assert next_labels(["Z"], 2) == ["AA", "AB"]
    assert next_labels(["AZ", "ZZ"], 1) == ["AAA"]
    assert (bed_name("2", "A"), bed_name("2", "Boks 1"), bed_name("Depan", "A")) == ("2A", "2 Boks 1", "Depan A")
    assert bed_name("2", "Kasur +1") == "Kasur tambahan 1 di Kamar 2" and bed_name("2", "Kasur 1") == "2 Kasur 1"
    assert bed_name("Depan", laid_label("Boks", {"Boks +1"})) == "Boks tambahan 2 di Kamar Depan"


def test_several_beds_are_added_at_once(page, session, make, house):
    room = make.room(house, "2", beds=2)
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = page.post(f"/houses/rooms/{room.ref}/beds/new", kind="bed", count="2", act_key=key)
        assert answer.status_code == 303
    page.post(f"/houses/rooms/{room.ref}/beds/new", kind="cot", count="1")
    assert [(bed.label, bed.kind) for bed in make.beds(room)] == [
        ("A", BedKind.BED),
        ("B", BedKind.BED),
        ("C", BedKind.BED),
        ("D", BedKind.BED),
        ("E", BedKind.COT),
    ]
    made = session.scalar(select(func.count()).select_from(TrailEntry).where(TrailEntry.act == Act.BED_MADE))
    assert made == 3


@pytest.mark.parametrize(("kind", "count"), [("mattress", "1"), ("bed", "0"), ("bed", "21"), ("bed", ""), (None, "2")])
def test_beds_that_are_not_offered_are_not_added(page, make, house, kind, count):
    room = make.room(house)
    assert page.post(f"/houses/rooms/{room.ref}/beds/new", kind=kind, count=count).status_code == 200
    assert 'class="err"' in page.page
    assert make.beds(room) == []


def test_a_bed_is_renamed_but_not_like_its_neighbour(page, session, make, house):
    bed = make.beds(make.room(house, "2", beds=2))[0]
    assert page.post(f"/houses/beds/{bed.ref}", label="b").status_code == 200
    assert 'id="label-e"' in page.page and 'value="b"' in page.page
    assert page.post(f"/houses/beds/{bed.ref}", label="Jendela").status_code == 303
    assert acts_on(session, bed.ref) == [(Act.BED_CHANGED, "label", None)]
    session.expire_all()
    assert session.get_one(Bed, bed.id).label == "Jendela"


def test_a_mattress_is_not_administered_here(page, make, house):
    mattress = make.saved(Bed(room_id=make.room(house).id, label="Kasur +1", kind=BedKind.MATTRESS))
    assert page.get(f"/houses/beds/{mattress.ref}").status_code == 404


# Closures


def close(page, house, what, first=(21, 11, 2026), last=None, reason="Atap bocor"):
    days = dict(zip(("first_day-d", "first_day-m", "first_day-y"), map(str, first), strict=True))
    if last:
        days |= dict(zip(("last_day-d", "last_day-m", "last_day-y"), map(str, last), strict=True))
    return page.post(f"/houses/{house.ref}/closures/new", what=str(what.ref), reason=reason, fields=days)


def test_a_closure_stands_on_the_page_until_it_is_ended(page, session, make, house):
    room = make.room(house, "2", beds=1)
    assert close(page, house, room, last=(30, 11, 2026)).status_code == 303
    closure = session.scalar(select(Closure))
    assert (closure.room_id, closure.first_day, closure.last_day, closure.reason) == (
        room.id,
        dt.date(2026, 11, 21),
        dt.date(2026, 11, 30),
        "Atap bocor",
    )
    page.get(f"/houses/{house.ref}")
    assert "Atap bocor" in page.page
    key = str(uuid.uuid4())
    for _ in range(2):
        assert page.post(f"/houses/closures/{closure.ref}/end", act_key=key).status_code == 303
    page.get(f"/houses/{house.ref}")
    assert "Atap bocor" not in page.page
    assert [act for act, *_ in acts_on(session, closure.ref)] == [Act.CLOSURE_MADE, Act.CLOSURE_ENDED]


def test_days_are_those_of_the_house(page, make):
    """23.40 in Jakarta on the 21st is 01.40 on the 22nd in Jayapura."""
    east = make.house("Rumah Timur", time_zone="Asia/Jayapura")
    page.sign_in(make.account(Role.MANAGER, east))
    page.get(f"/houses/{east.ref}/closures/new")
    assert 'name="first_day-d" type="text" inputmode="numeric" autocomplete="off" spellcheck="false" value="22"' in (
        page.page
    )
    assert close(page, east, make.room(east, "1"), first=(20, 11, 2026), last=(21, 11, 2026)).status_code == 200
    assert 'id="last_day-e"' in page.page


def test_nobody_is_closed_out_of_her_bed(page, session, make, house):
    room = make.room(house, "2", beds=2)
    bed, other = make.beds(room)
    resident = make.resident(bed, limit_days=4)  # to leave by 25 November
    for what in (room, bed):
        for first in ((21, 11, 2026), (25, 11, 2026)):
            assert close(page, house, what, first=first).status_code == 200
            assert "2A" in words_of(page.page) and 'id="what-e"' in page.page
            assert resident.alias not in page.page and resident.code not in page.page
            assert 'value="Atap bocor"' in page.page
    assert close(page, house, other).status_code == 303
    assert close(page, house, room, first=(26, 11, 2026)).status_code == 303


def test_whoever_stays_past_her_day_is_not_closed_out_either(page, make, house):
    bed = make.beds(make.room(house, "2", beds=1))[0]
    make.resident(bed, arrived=make.clock.now - dt.timedelta(days=30), limit_days=14)
    assert close(page, house, bed).status_code == 200


def test_a_bed_kept_for_a_family_is_not_closed_today(page, make, house):
    bed = make.beds(make.room(house, "2", beds=1))[0]
    make.saved(
        Hold(
            bed_id=bed.id,
            referral_id=make.referral().id,
            held_at=make.clock.now,
            expires_at=make.clock.now + dt.timedelta(minutes=10),
        )
    )
    assert close(page, house, bed).status_code == 200
    assert close(page, house, bed, first=(22, 11, 2026)).status_code == 303


def test_one_room_is_not_closed_twice_over_the_same_days(page, make, house):
    room = make.room(house, "2")
    assert close(page, house, room, last=(25, 11, 2026)).status_code == 303
    assert close(page, house, room, first=(25, 11, 2026)).status_code == 200
    assert close(page, house, room, first=(26, 11, 2026)).status_code == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"what": str(uuid.uuid4())}, "what"),
        ({"what": ""}, "what"),
        ({"what": "x"}, "what"),
        ({"reason": ""}, "reason"),
        ({"reason": "y" * 81}, "reason"),
        ({"first_day-m": "13"}, "first_day"),
        ({"first_day-d": ""}, "first_day"),
        ({"last_day-d": "20", "last_day-m": "11", "last_day-y": "2026"}, "last_day"),
    ],
)
def test_a_closure_that_cannot_be_is_refused_beside_its_field(page, session, make, house, change, field):
    room = make.room(house, "2")
    answer = page.post(
        f"/houses/{house.ref}/closures/new", fields={"what": str(room.ref), "reason": "Cat basah", **TODAY, **change}
    )
    assert answer.status_code == 200
    assert f'id="{field}-e"' in page.page
    assert session.scalar(select(Closure)) is None


# The address


def test_the_address_is_sealed_and_never_shown_back(page, session, house):
    answer = page.post(f"/houses/{house.ref}/address", address=CANARY)
    assert answer.status_code == 303
    session.expire_all()
    sealed = session.get_one(House, house.id).address
    assert CANARY.encode() not in sealed
    for path in (answer.location, f"/houses/{house.ref}/address", f"/houses/{house.ref}/address/open"):
        assert "Kenanga" not in page.get(path).text, path
    assert acts_on(session, house.ref) == [(Act.HOUSE_CHANGED, "address", None)]


def test_a_reason_and_a_current_code_open_the_address_for_two_minutes(page, session, make, manager, addressed):
    answer = page.post(f"/houses/{addressed.ref}/address/open", purpose="transport", code=make.code(manager))
    assert answer.status_code == 200 and CANARY in page.page
    assert answer.headers["Refresh"] == f"120; url=/houses/{addressed.ref}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<nav" not in page.page
    assert re.search(rf'class="[^"]*noprint[^"]*"><section[^>]*><p>{CANARY}', page.page)
    opened = session.scalar(
        select(TrailEntry).where(TrailEntry.act == Act.VALUE_OPENED, TrailEntry.subject == addressed.ref)
    )
    assert (opened.purpose, opened.fields, opened.actor) == ("transport", "house.address", manager.ref)


def test_a_code_opens_the_address_once(page, make, manager, addressed):
    code = make.code(manager)
    assert CANARY in page.post(f"/houses/{addressed.ref}/address/open", purpose="transport", code=code).text
    again = page.post(f"/houses/{addressed.ref}/address/open", purpose="transport", code=code)
    assert again.status_code == 200 and "Kenanga" not in again.text and 'id="code-e"' in again.text


@pytest.mark.parametrize("wrong", ["000000", "", "１２３４５６", "abc", "9" * 13])
def test_a_wrong_code_opens_nothing(page, session, make, addressed, wrong):
    answer = page.post(f"/houses/{addressed.ref}/address/open", purpose="emergency_services", code=wrong)
    assert answer.status_code == 200 and "Kenanga" not in answer.text and 'id="code-e"' in answer.text
    assert re.search(r'value="emergency_services"[^>]*checked', page.page)
    assert not any(act == Act.VALUE_OPENED for act, *_ in acts_on(session, addressed.ref))


def test_the_code_of_half_a_minute_ago_does_not_open_an_address(page, make, manager, addressed):
    answer = page.post(f"/houses/{addressed.ref}/address/open", purpose="transport", code=make.code(manager, steps=-1))
    assert "Kenanga" not in answer.text


def test_without_a_reason_from_the_list_no_code_is_spent(page, make, manager, addressed):
    for purpose in (None, "", "curiosity"):
        answer = page.post(f"/houses/{addressed.ref}/address/open", purpose=purpose, code=make.code(manager))
        assert "Kenanga" not in answer.text and 'id="purpose-e"' in answer.text
    right = page.post(f"/houses/{addressed.ref}/address/open", purpose="transport", code=make.code(manager))
    assert CANARY in right.text


def test_guessing_codes_is_slowed_down(page, make, manager, addressed):
    for _ in range(12):
        page.post(f"/houses/{addressed.ref}/address/open", purpose="transport", code="000000")
    answer = page.post(f"/houses/{addressed.ref}/address/open", purpose="transport", code=make.code(manager))
    assert "Kenanga" not in answer.text


def test_a_house_without_an_address_opens_none(page, make, manager, house):
    page.get(f"/houses/{house.ref}/address/open")
    assert '<form method="post" action="/houses/' not in page.page
    answer = page.post(f"/houses/{house.ref}/address/open", purpose="transport", code=make.code(manager))
    assert answer.status_code == 200 and 'role="alert"' in answer.text


def test_someone_nobody_has_confirmed_yet_opens_no_address(browser, make, addressed):
    account = make.account(Role.MANAGER, addressed, unconfirmed_since=make.clock.now)
    answer = browser.sign_in(account).post(
        f"/houses/{addressed.ref}/address/open", purpose="transport", code=make.code(account)
    )
    assert answer.status_code == 403 and "Kenanga" not in answer.text


def refuse_the_record_of_openings(connection):
    if connection.dialect.name == "sqlite":
        connection.execute(
            text(
                "CREATE TRIGGER full_disk BEFORE INSERT ON trail_entry WHEN NEW.purpose = 'official_letter' "
                "BEGIN SELECT RAISE(ABORT, 'no more room'); END"
            )
        )
        return
    connection.execute(
        text(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF NEW.purpose = 'official_letter' THEN RAISE EXCEPTION 'no more room'; END IF; RETURN NEW; END $$"
        )
    )
    connection.execute(
        text("CREATE TRIGGER full_disk BEFORE INSERT ON trail_entry FOR EACH ROW EXECUTE FUNCTION full_disk()")
    )


def test_a_reading_that_cannot_be_recorded_does_not_happen(page, session, make, manager, addressed, caplog):
    refuse_the_record_of_openings(session.connection())
    session.commit()
    with caplog.at_level(logging.DEBUG):
        answer = page.post(f"/houses/{addressed.ref}/address/open", purpose="official_letter", code=make.code(manager))
    assert answer.status_code == 500
    assert "Kenanga" not in answer.text and "Kenanga" not in caplog.text
    assert not any(act == Act.VALUE_OPENED for act, *_ in acts_on(session, addressed.ref))


def test_the_address_is_nowhere_but_on_its_own_page(
    page, new_browser, make, session, manager, furnished, addressed, caplog
):
    with caplog.at_level(logging.DEBUG):
        page.post(f"/houses/{addressed.ref}/address", address=CANARY + "\nlantai 2")
        opened = page.post(f"/houses/{addressed.ref}/address/open", purpose="other_duty", code=make.code(manager))
        assert CANARY in opened.text and CANARY not in str(opened.headers)
        everyone = [page, *(new_browser().sign_in(make.account(role, addressed)) for role in Role)]
        for one in everyone:
            for path in ["/houses", "/houses/new", *paths_of(session, furnished), "/houses/unknown", "/help"]:
                for answer in (one.get(path), one.post(path, act_key="not a key")):
                    assert "Kenanga" not in answer.text and "Kenanga" not in str(answer.headers), path
    assert "Kenanga" not in caplog.text
    for row in session.execute(select(TrailEntry.__table__)):
        assert "Kenanga" not in str(tuple(row))
    for row in session.execute(select(ActRow.__table__)):
        assert "Kenanga" not in str(tuple(row))


def test_an_address_that_is_too_long_comes_back_to_be_shortened(page, session, house):
    answer = page.post(f"/houses/{house.ref}/address", address=CANARY + " x" * 400)
    assert answer.status_code == 200 and CANARY in answer.text and 'id="address-e"' in answer.text
    session.expire_all()
    assert session.get_one(House, house.id).address is None


# Cost and races


@pytest.mark.parametrize("path", ["/houses", "/houses/{ref}"])
def test_six_rooms_cost_no_more_statements_than_one(app, page, session, make, house, path):
    first = make.room(house, "0", beds=2)
    path = path.format(ref=house.ref)
    page.get(path)
    before = len(statements(app, page, path))
    for n in range(1, 6):
        room = make.room(house, str(n), beds=3, cots=1)
        make.saved(Adjoining(room_id=first.id, other_id=room.id))
        bed, other, *_ = make.beds(room)
        make.resident(bed)
        make.saved(Closure(bed_id=other.id, first_day=dt.date(2026, 11, 1), reason="Cat basah"))
    assert before and len(statements(app, page, path)) == before


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("what", ["room", "house"])
def test_two_managers_with_the_same_label_get_one_sentence(lone_app, engine, what):
    app = lone_app(engine)
    with app.extensions["db_writing"]() as session:
        make = Make(session, app.extensions["test_clock"])
        house = make.house()
        browsers = [Browser(app, make).sign_in(make.account(Role.MANAGER, house)) for _ in range(2)]
        path, typed = (f"/houses/{house.ref}/rooms/new", ROOM) if what == "room" else ("/houses/new", HOUSE)
    start, answers = threading.Barrier(2), []

    def press(browser):
        start.wait()
        answers.append(browser.post(path, **typed))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 303]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert refused.text.count('class="err"') == 1
    with app.extensions["db_reading"]() as session:
        made = (
            select(func.count()).select_from(Room)
            if what == "room"
            else (select(func.count()).select_from(House).where(House.name == HOUSE["name"]))
        )
        assert session.scalar(made) == 1
