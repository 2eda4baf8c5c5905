"""Pages of going out and coming back, of the planned exit, and of the end of a stay."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.permissions import Role
from safehouse.residents.models import Household, Sex
from safehouse.shelter.choices import Destination, RoomPurpose
from safehouse.shelter.models import Departure, Leave, Placement
from safehouse.shelter.operations.moving import StayRefusal
from safehouse.shelter.stays_in_words import REFUSALS
from tests.shelter.staying import at, family, open_stay, path, settled


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=4))


@pytest.fixture
def staff(browser, make, house):
    return browser.sign_in(make.account(Role.STAFF, house))


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


def test_going_back_to_him_is_asked_about_once_more_and_never_forbidden(staff, make, beds, clock, session):
    resident = settled(make, beds[0])
    fields = at(clock) | {"place_kind": "partner"}
    asked = staff.post(path(resident, "departure"), fields=fields)
    assert asked.status_code == 200 and 'name="back_to_him"' in asked.text
    assert "rencana keamanannya" in asked.text or "safety plan" in asked.text
    assert session.scalar(select(func.count()).select_from(Departure)) == 0
    assert staff.post(path(resident, "departure"), fields=fields | {"back_to_him": "y"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(Departure)) == 1
