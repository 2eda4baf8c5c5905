"""Going out, coming back and leaving without notice are taken back for ten minutes, and then count nowhere."""

import datetime as dt

import pytest
from sqlalchemy import select

from safehouse.access.models import Account, Clearance
from safehouse.access.operations.acts import NotUndoable
from safehouse.access.permissions import Role
from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.models import Leave
from safehouse.shelter.operations.leaving import undo_leave
from safehouse.shelter.operations.placing import undo_placement
from safehouse.shelter.queries.board import board_rows
from safehouse.shelter.queries.stays import newest_way
from safehouse.shelter.queries.timeline import timeline
from safehouse.shelter.rules.happenings import Happening
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.shelter.at_work import HOUR, AtWork
from tests.shelter.staying import at, family, path, settled


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=4))


@pytest.fixture
def staff(browser, make, house):
    return browser.sign_in(make.account(Role.STAFF, house, language="en"))


def out(staff, clock, resident, *who, more=()):
    """Recorded as gone to hospital an hour ago; the address of the page that offers to take it back."""
    fields = at(clock, hours=1) | at(clock, name="due_day", hours=-20) | {"kind": "hospital"} | dict(more)
    answer = staff.post(path(resident, "leave"), fields=fields | {"who": [str(one.ref) for one in who or (resident,)]})
    assert answer.status_code == 303, staff.page
    return answer.location


def undo(staff, where):
    """Press the button that page offers."""
    staff.get(where)
    action = next(one for one in staff.page.split('action="')[1:] if "/undo" in one.split('"')[0]).split('"')[0]
    return staff.post(action)


def leaves(session):
    session.expire_all()
    return session.scalars(select(Leave).order_by(Leave.id)).all()


def test_a_whole_family_that_did_not_go_after_all_is_in_again(staff, make, beds, session, clock):
    mother, daughter = family(make, *beds[:2])
    where = out(staff, clock, mother, mother, daughter)
    assert "done=" in where
    staff.get(where)
    assert "The absence is saved. The bed is kept." in staff.page
    assert undo(staff, where).location == path(mother)
    assert all(one.back_at == one.from_at for one in leaves(session)) and len(leaves(session)) == 2
    staff.get(path(mother))
    assert f'href="{path(mother, "leave")}"' in staff.page and f'href="{path(mother, "back")}"' not in staff.page
    assert "Went out" not in staff.page and "Came back" not in staff.page
    said = session.scalars(select(TrailEntry.purpose).where(TrailEntry.act == Act.LEAVE_STARTED)).all()
    assert said == ["hospital", "hospital", "undone", "undone"]
    assert undo_again(staff, where) == 409


def undo_again(staff, where):
    return staff.post(f"/absences/{where.split('done=')[1]}/undo").status_code


def test_who_did_not_come_back_after_all_is_out_as_before(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    out(staff, clock, resident)
    (before,) = leaves(session)
    due_back = before.due_back
    back = staff.post(path(resident, "back"), fields=at(clock))
    assert "done=" in back.location
    assert undo(staff, back.location).location == path(resident)
    (after,) = leaves(session)
    assert after.back_at is None and after.due_back == due_back
    staff.get(path(resident))
    assert f'href="{path(resident, "back")}"' in staff.page and "Came back" not in staff.page
    assert staff.post(path(resident, "back"), fields=at(clock)).status_code == 303


def test_who_did_not_leave_without_notice_after_all_is_missed_by_nobody(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    missed = staff.post(path(resident, "without-notice"), fields=at(clock, hours=1))
    staff.get("/today")
    assert "Left without notice" in staff.page
    assert undo(staff, missed.location).status_code == 303
    staff.get("/today")
    assert "Left without notice" not in staff.page
    staff.get(path(resident))
    assert "Left without notice" not in staff.page


def test_the_same_press_twice_leads_to_the_same_undo(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    key = {"act_key": "5f0e2a86-19a4-4c3e-9a9b-6a35a7b1a001"}
    assert out(staff, clock, resident, more=key) == out(staff, clock, resident, more=key)
    assert len(leaves(session)) == 1


def test_what_was_built_on_it_keeps_it_standing(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    gone = out(staff, clock, resident)
    back = staff.post(path(resident, "back"), fields=at(clock)).location
    assert undo_again(staff, gone) == 409, "she is back already"
    out(staff, clock, resident, more=at(clock))
    assert staff.post(f"/returns/{back.split('done=')[1]}/undo").status_code == 409, "she went out again"
    assert [one.back_at is None for one in leaves(session)] == [False, True]


def test_nobody_comes_back_from_where_she_left_for_good(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    out(staff, clock, resident)
    back = staff.post(path(resident, "back"), fields=at(clock, minutes=30)).location
    staff.post(path(resident, "departure"), fields=at(clock) | {"place_kind": "own_family"})
    assert staff.post(f"/returns/{back.split('done=')[1]}/undo").status_code == 409


def test_undo_is_hers_alone_and_ends_with_her_work_there(staff, new_browser, make, house, beds, session, clock):
    resident = settled(make, beds[0])
    where = out(staff, clock, resident)
    other = new_browser().sign_in(make.account(Role.STAFF, house))
    assert undo_again(other, where) == 409
    session.scalar(
        select(Clearance).join(Account, Account.id == Clearance.account_id).where(Account.id == staff.account.id)
    ).until = clock.now
    session.commit()
    assert undo_again(staff, where) == 404
    assert leaves(session)[0].back_at is None


# What was taken back counts nowhere


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


def taken_back(here, resident, *, since):
    """A leave that began then and was taken back."""
    here.leave(resident, since=since)
    leave = here.session.scalars(select(Leave).order_by(Leave.id.desc())).first()
    leave.back_at = leave.from_at
    here.session.flush()


def test_it_stands_on_no_board_and_in_no_timeline(here, clock):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    taken_back(here, resident, since=clock.now - 2 * HOUR)
    here.session.commit()
    shown = board_rows(
        here.session,
        account_id=here.by.account_id,
        role=Role.MANAGER,
        first=(clock.now - dt.timedelta(days=3)).date(),
        nights=7,
        now=clock.now,
    )
    assert [one.leaves for one in shown.stays] == [()]
    kinds = {one.kind for one in timeline(here.session, resident_id=resident.id)}
    assert not kinds & {Happening.WENT_OUT, Happening.CAME_BACK}
    assert newest_way(here.session, resident.id).leaves == ()


def test_it_is_in_the_way_of_no_leave_departure_or_undone_placing(here, make, clock, session):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    referral = make.referral(by=session.get(Account, here.by.account_id))
    here.placement(resident).referral_id = referral.id
    taken_back(here, resident, since=clock.now - HOUR)
    here.leave(resident, since=clock.now - 3 * HOUR)
    here.back(resident, at=clock.now - 2 * HOUR)
    with pytest.raises(NotUndoable):
        undo_placement(session, referral=referral, now=clock.now, by=here.by)
    session.scalars(select(Leave).order_by(Leave.id.desc())).first().back_at = clock.now - 3 * HOUR
    here.depart(resident, at=clock.now - 2 * HOUR)
    other = here.make.resident(here.beds()[0])
    here.placement(other).referral_id = referral.id
    taken_back(here, other, since=clock.now)
    undo_placement(session, referral=referral, now=clock.now, by=here.by)
    assert here.stay(other) is None


def test_a_leave_that_nobody_pressed_is_not_taken_back(here, clock, session):
    """What an act wrote is found by that act alone."""
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    act = here.act("stay:leave", resident)
    here.leave(resident)
    with pytest.raises(NotUndoable):
        undo_leave(session, act=act, now=clock.now, by=here.by)


def test_a_return_at_the_very_minute_of_leaving_is_taken_back_like_any_other(staff, make, beds, session, clock):
    resident = settled(make, beds[0])
    out(staff, clock, resident)
    staff.post(path(resident, "back"), fields=at(clock, minutes=30))
    out(staff, clock, resident, more=at(clock, minutes=10))
    back = staff.post(path(resident, "back"), fields=at(clock, minutes=10))
    assert undo(staff, back.location).location == path(resident)
    assert [one.back_at is None for one in leaves(session)] == [False, True]
