"""Undo belongs to whoever acted, and only as long as she still works where the act counts."""

import pytest
from sqlalchemy import select

from safehouse.access.models import Clearance
from safehouse.access.permissions import Role
from safehouse.residents.models import Resident
from safehouse.shelter.choices import ReferralState, RoomPurpose
from safehouse.shelter.models import Departure, Referral, Stay
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.shelter.staying import at, path, settled
from tests.shelter.test_placing import place, take

ROLES = (Role.STAFF, Role.MANAGER)


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=3))


@pytest.fixture
def no_longer_there(session, clock):
    """She stops working in this house; her other houses stay hers."""

    def end(account, house):
        session.scalar(
            select(Clearance).where(
                Clearance.account_id == account.id, Clearance.house_id == house.id, Clearance.until.is_(None)
            )
        ).until = clock.now
        session.commit()

    return end


def open_beds(session):
    session.expire_all()
    return list(session.scalars(select(Stay.bed_id).where(Stay.ended_at.is_(None))))


@pytest.mark.parametrize("role", ROLES)
def test_who_no_longer_works_there_brings_nobody_back(
    browser, make, session, clock, house, beds, no_longer_there, role
):
    account = make.account(role, house, make.house())
    resident = settled(make, beds[0])
    browser.sign_in(account)
    left = browser.post(path(resident, "departure"), fields=at(clock) | {"place_kind": "unknown"})
    ref = left.location.split("done=")[1]
    no_longer_there(account, house)
    assert browser.post(f"/departures/{ref}/undo").status_code == 404
    assert open_beds(session) == []
    assert session.scalars(select(Departure.undone_at)).all() == [None]
    assert session.get(Resident, resident.id).house_id is None
    assert session.scalar(select(TrailEntry.act).where(TrailEntry.act == Act.DEPARTURE_UNDONE)) is None


@pytest.mark.parametrize("left", ["now", "before"])
@pytest.mark.parametrize("role", ROLES)
def test_who_no_longer_works_there_undoes_no_move(
    browser, make, session, clock, house, beds, no_longer_there, role, left
):
    """Neither out of a house that is closed to her by now, nor into one."""
    other = make.house("Rumah Dua")
    there = make.beds(make.room(other, "1", RoomPurpose.ADULT_WOMEN, beds=1))[0]
    account = make.account(role, house, other)
    resident = settled(make, beds[0])
    moved = browser.sign_in(account).post(path(resident, "move"), fields=at(clock) | {"place": str(there.ref)})
    assert moved.status_code == 303 and open_beds(session) == [there.id]
    no_longer_there(account, other if left == "now" else house)
    assert browser.post(f"/moves/{moved.location.split('done=')[1]}/undo").status_code == 404
    assert open_beds(session) == [there.id]


@pytest.mark.parametrize("role", [*ROLES, Role.CASEWORKER])
def test_who_no_longer_works_there_takes_no_placing_back(browser, make, session, house, beds, no_longer_there, role):
    account = make.account(role, house)
    placed = place(browser.sign_in(account), take(browser).location)
    before = open_beds(session)
    assert len(before) == 1
    no_longer_there(account, house)
    assert browser.post(f"/arrivals/{placed.location.split('done=')[1]}/undo").status_code == 404
    assert open_beds(session) == before
    assert session.scalars(select(Referral.state)).one() is ReferralState.ACCEPTED
