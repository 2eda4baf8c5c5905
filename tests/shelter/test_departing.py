"""Away and back, the end of a stay and its undoing, the planned exit and the limit."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from safehouse.access.operations.acts import NotUndoable
from safehouse.residents.models import AliasUse, Household
from safehouse.shelter.choices import Destination, LeaveKind
from safehouse.shelter.models import Departure, Hold, Leave
from safehouse.shelter.operations.moving import (
    StayRefusal,
    StayRefused,
)
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.rules.staying import Nearness, Presence, may_be_prefilled, presence, term
from tests.shelter.at_work import HOUR, JAKARTA, AtWork, mother_and_child, refused


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


# Away and back


def test_who_is_away_keeps_her_bed_and_her_placement(here, clock):
    first, *_ = here.beds()
    resident = here.make.resident(first)
    here.leave(resident)
    assert here.stay(resident).bed_id == first.id
    (seen,) = here.living(resident)
    assert (seen.presence, seen.away_kind) == (Presence.AWAY, LeaveKind.HOSPITAL)
    (house,) = house_views(here.session, house_ids=[here.house.id], today=clock.now.date(), now=clock.now)
    assert len(house.rooms[0].beds[0].occupants) == 1


def test_who_does_not_come_back_in_time_is_shown_so_and_discharged_by_nobody(here, clock):
    resident = here.make.resident(here.beds()[0])
    here.leave(resident, hours=2)
    clock.forward(hours=30)
    (seen,) = here.living(resident)
    assert seen.presence is Presence.NOT_BACK and here.placement(resident).left_at is None
    here.back(resident)
    (seen,) = here.living(resident)
    assert seen.presence is Presence.IN


def test_absences_of_one_resident_do_not_overlap(here, clock):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    here.leave(resident, since=clock.now - 6 * HOUR)
    with refused(StayRefusal.ALREADY_AWAY):
        here.leave(resident)
    here.back(resident, at=clock.now - 2 * HOUR)
    with refused(StayRefusal.STILL_AWAY_THEN):
        here.leave(resident, since=clock.now - 3 * HOUR)
    here.leave(resident, since=clock.now - 2 * HOUR)


@pytest.mark.parametrize(
    ("since", "hours", "reason"),
    [
        (1, 3, StayRefusal.IN_FUTURE),
        (-11, 3, StayRefusal.BEFORE_ARRIVAL),
        (-1, 0, StayRefusal.BACK_BEFORE_LEAVING),
        (-1, -1, StayRefusal.BACK_BEFORE_LEAVING),
    ],
)
def test_an_absence_begins_in_the_stay_and_ends_after_it_began(here, clock, since, hours, reason):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    with refused(reason):
        here.leave(resident, since=clock.now + since * HOUR, hours=hours)
    assert here.session.scalar(select(func.count()).select_from(Leave)) == 0


@pytest.mark.parametrize(("hours", "reason"), [(1, StayRefusal.IN_FUTURE), (-3, StayRefusal.BACK_BEFORE_LEAVING)])
def test_she_is_back_after_she_left_and_not_tomorrow(here, clock, hours, reason):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    here.leave(resident, since=clock.now - 2 * HOUR)
    with refused(reason):
        here.back(resident, at=clock.now + hours * HOUR)


def test_who_is_not_away_does_not_come_back(here):
    resident = here.make.resident(here.beds()[0])
    with refused(StayRefusal.NOT_AWAY):
        here.back(resident)


# The end of a stay


def test_a_departure_frees_the_bed_rests_the_alias_and_keeps_the_kind_of_place(here, clock):
    first, *_ = here.beds()
    resident = here.make.resident(first)
    here.depart(resident)
    assert resident.house_id is None and here.placement(resident).left_at == clock.now
    assert here.session.scalars(select(Departure.place_kind)).all() == [Destination.OWN_FAMILY]
    assert here.session.scalars(select(AliasUse.until)).all() == [clock.now]
    here.move(here.make.resident(here.beds(1)[0]), first)


def test_nobody_leaves_a_small_child_behind_in_her_bed(here):
    first, second, _ = here.beds()
    mother, child = mother_and_child(here, first)
    with refused(StayRefusal.CHILD_LEFT_BEHIND):
        here.depart(mother)
    here.session.rollback()
    here.move(child, second)
    here.depart(mother)
    assert here.stay(child).bed_id == second.id


@pytest.mark.parametrize(("hours", "reason"), [(1, StayRefusal.IN_FUTURE), (-11, StayRefusal.BEFORE_ARRIVAL)])
def test_a_departure_is_neither_in_the_future_nor_before_the_arrival(here, clock, hours, reason):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    with refused(reason):
        here.depart(resident, at=clock.now + hours * HOUR)


def test_a_departure_is_not_before_an_absence(here, clock):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    here.leave(resident, since=clock.now - 2 * HOUR)
    with refused(StayRefusal.AWAY_AFTERWARDS):
        here.depart(resident, at=clock.now - 3 * HOUR)


def test_who_leaves_while_away_never_came_back_and_is_away_again_when_it_is_undone(here, clock):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - 10 * HOUR)
    here.leave(resident, since=clock.now - 2 * HOUR)
    act = here.depart(resident)
    assert here.session.scalars(select(Leave.back_at)).all() == [None]
    here.undo_departure(act)
    (seen,) = here.living(resident)
    assert seen.presence is Presence.AWAY


def test_an_undone_departure_brings_back_all_who_left_by_it_and_nobody_else(here, clock):
    first, second, _ = here.beds()
    mother, child = mother_and_child(here, first)
    sister = here.make.resident(second, household=here.session.get_one(Household, mother.household_id))
    # At the same minute, by the same person, but in two acts.
    here.depart(sister)
    act = here.depart(mother, child)
    assert {one.id for one in here.undo_departure(act)} == {mother.id, child.id}
    assert (mother.house_id, child.house_id, sister.house_id) == (here.house.id, here.house.id, None)
    assert here.placement(mother).left_at is None and here.placement(sister).left_at == clock.now
    assert here.session.scalar(select(func.count()).where(Departure.undone_at.is_(None))) == 1
    assert {here.stay(mother).bed_id, here.stay(child).bed_id} == {first.id}
    here.depart(mother, child)


def test_a_departure_is_not_undone_into_a_bed_that_was_given_away(here):
    first, *_ = here.beds()
    resident = here.make.resident(first)
    act = here.depart(resident)
    here.move(here.make.resident(here.beds(1)[0]), first)
    with pytest.raises(NotUndoable):
        here.undo_departure(act)


def test_a_departure_is_not_undone_into_a_bed_that_is_gone_or_expected_for_others(here, clock):
    first, second, _ = here.beds()
    one, other = here.make.resident(first), here.make.resident(second)
    acts = here.depart(one), here.depart(other)
    first.removed_at = clock.now
    here.make.saved(
        Hold(bed_id=second.id, referral_id=here.make.referral().id, held_at=clock.now, expires_at=clock.now + HOUR)
    )
    for act in acts:
        with pytest.raises(NotUndoable):
            here.undo_departure(act)


def test_a_small_child_never_comes_back_beside_a_stranger(here):
    first, second, _ = here.beds()
    mother, child = mother_and_child(here, first)
    act = here.depart(child)
    here.move(mother, second)
    here.move(here.make.resident(here.beds(1)[0]), first)
    with pytest.raises(NotUndoable):
        here.undo_departure(act)


# Planned exit and limit


def test_a_planned_exit_lies_between_today_and_the_limit_of_everyone_meant(here, clock):
    first, second, _ = here.beds()
    early = here.make.resident(first, arrived=clock.now - dt.timedelta(days=4), limit_days=14)
    late = here.make.resident(second, arrived=clock.now - dt.timedelta(days=1), limit_days=14)
    today = clock.now.astimezone(JAKARTA).date()
    with refused(StayRefusal.EXIT_IN_PAST):
        here.plan(early, late, day=today - dt.timedelta(days=1))
    with pytest.raises(StayRefused) as told:
        here.plan(early, late, day=today + dt.timedelta(days=11))
    assert told.value.last_day == today + dt.timedelta(days=10)
    here.plan(early, late, day=today + dt.timedelta(days=10))
    assert {here.placement(early).planned_exit, here.placement(late).planned_exit} == {today + dt.timedelta(days=10)}


def test_passing_the_limit_discharges_nobody(here, clock):
    resident = here.make.resident(here.beds()[0], arrived=clock.now - dt.timedelta(days=13), limit_days=14)
    clock.forward(days=30)
    (seen,) = here.living(resident)
    assert (seen.term.day, seen.term.warning) == (43, Nearness.OVER)
    assert here.placement(resident).left_at is None and resident.house_id == here.house.id


@pytest.mark.parametrize(
    ("day", "warning"),
    [
        (0, None),
        (10, None),
        (11, Nearness.NEAR),
        (12, Nearness.NEAR),
        (13, Nearness.LAST),
        (14, Nearness.LAST),
        (15, Nearness.OVER),
    ],
)
def test_warnings_appear_three_days_and_one_day_before_the_limit(day, warning):
    arrived = dt.date(2026, 11, 1)
    assert term(arrived, 14, arrived + dt.timedelta(days=14), arrived + dt.timedelta(days=day)).warning is warning


def test_away_is_late_only_after_the_agreed_moment():
    now = dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)
    assert [presence(due, now) for due in (None, now, now - dt.timedelta(seconds=1))] == [
        Presence.IN,
        Presence.AWAY,
        Presence.NOT_BACK,
    ]


def test_nobody_assumes_where_a_child_alone_or_somebody_new_is(here, clock):
    first, second, third = here.beds()
    old = clock.now - dt.timedelta(days=4)
    mother, child = mother_and_child(here, first, arrived=old)
    alone = here.make.resident(second, birth_month=dt.date(2012, 1, 1), arrived=old)
    new = here.make.resident(third)
    seen = {one.id: one for one in here.living(mother, child, alone, new)}
    family = [seen[mother.id], seen[child.id]]
    assert [may_be_prefilled(one, family, clock.now) for one in family] == [True, True]
    assert not may_be_prefilled(seen[alone.id], [seen[alone.id]], clock.now)
    assert not may_be_prefilled(seen[new.id], [seen[new.id]], clock.now)
