"""Choosing keeps the beds for four hours. When they are over, the beds are anybody's, whether a clock swept or not."""

import datetime as dt

import pytest
from sqlalchemy import select

from safehouse.access.permissions import Role
from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.models import Hold, Stay
from safehouse.shelter.operations.holding import BedTaken, expire_holds, hold_beds
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.shelter.test_placing import arrival, first_option

HOURS = dt.timedelta(hours=4)


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def bed(make, house):
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=1))[0]


@pytest.fixture
def staff(make, house):
    return make.account(Role.STAFF, house, language="id")


@pytest.fixture
def hold(session, clock, staff):
    def keep(referral, bed, *, at=None):
        until = hold_beds(session, referral=referral, bed_ids=[bed.id], hours=4, now=at or clock.now, by=actor(staff))
        session.commit()
        return until

    return keep


def beds_of(referral):
    return f"/referrals/{referral.ref}/beds"


def test_choosing_keeps_the_bed_for_four_hours_and_the_board_says_until_when(browser, make, session, clock, staff, bed):
    referral = make.referral()
    browser.sign_in(staff).get(beds_of(referral))
    assert browser.post(beds_of(referral), option=first_option(browser.page)).status_code == 303
    (kept,) = session.scalars(select(Hold)).all()
    assert (kept.bed_id, kept.expires_at) == (bed.id, clock.now + HOURS)
    browser.get("/beds")
    row = browser.page.split('<li class="bed held"')[1].split("</li>")[0]
    assert f"R-{referral.number}" in row and "sampai 03.40" in row


def test_a_bed_whose_hold_ran_out_is_offered_and_chosen_for_another_family(
    browser, make, session, clock, staff, bed, hold
):
    first, second = make.referral(), make.referral()
    hold(first, bed)
    clock.forward(hours=4)
    browser.sign_in(staff).get(beds_of(second))
    assert browser.post(beds_of(second), option=first_option(browser.page)).status_code == 303
    session.expire_all()
    kept = {one.referral_id: one.released_at for one in session.scalars(select(Hold))}
    assert kept[second.id] is None and kept[first.id] == clock.now
    said = session.scalars(select(TrailEntry.subject).where(TrailEntry.act == Act.HOLD_EXPIRED)).all()
    assert said == [first.ref], "that it ran out is written down, though nobody swept"


def test_until_the_last_second_the_bed_is_kept(session, make, clock, bed, hold, staff):
    first, second = make.referral(), make.referral()
    until = hold(first, bed)
    with pytest.raises(BedTaken):
        hold(second, bed, at=until - dt.timedelta(seconds=1))
    session.rollback()
    assert hold(second, bed, at=until)


def test_a_family_whose_hold_ran_out_is_not_placed_in_a_bed_kept_for_another(
    browser, make, session, clock, staff, bed, hold
):
    first, second = make.referral(), make.referral()
    browser.sign_in(staff).get(beds_of(first))
    chosen = browser.post(beds_of(first), option=first_option(browser.page)).location
    browser.get(chosen)
    typed = arrival(browser)
    clock.forward(hours=4, minutes=1)
    hold(second, bed)
    late = browser.sign_in(staff).post(chosen, fields=typed)
    assert late.status_code == 303 and late.location.startswith(beds_of(first)), "the places are offered again"
    assert session.scalars(select(Stay)).all() == []


def test_sweeping_twice_releases_once(session, make, clock, bed, hold):
    hold(make.referral(), bed)
    clock.forward(hours=4)
    assert [expire_holds(session, now=clock.now) for _ in range(2)] == [1, 0]


def test_holding_anew_lets_go_of_what_the_family_held_before(session, make, house, clock, bed, hold):
    other = make.beds(make.room(house, "2", beds=1))[0]
    referral = make.referral()
    hold(referral, bed)
    hold(referral, other)
    live = session.scalars(select(Hold.bed_id).where(Hold.released_at.is_(None))).all()
    assert live == [other.id]
