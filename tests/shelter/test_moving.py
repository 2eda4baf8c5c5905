"""What happens to someone who lives here. The tables decide; a refusal leaves everything as it was."""

import datetime as dt
import random
import threading
import uuid
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from safehouse.access.operations.acts import NotUndoable, begin_act
from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse, Household, Resident, Sex
from safehouse.shelter.choices import BedKind, Destination, LeaveKind, Need, RoomPurpose, StayEnd
from safehouse.shelter.models import Bed, Departure, Hold, Leave, Placement, Room, Stay
from safehouse.shelter.operations.leaving import end_leave, start_leave
from safehouse.shelter.operations.moving import (
    DEPARTURE,
    MOVE,
    StayRefusal,
    StayRefused,
    depart,
    move,
    plan_exit,
    undo_departure,
    undo_move,
)
from safehouse.shelter.operations.placing import lay_mattress, lock_beds
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.stays import household_here
from safehouse.shelter.rules.moving import rooms_to_move_to
from safehouse.shelter.rules.reasons import ReasonCode, Standing, met, unmet
from safehouse.shelter.rules.staying import Nearness, Presence, may_be_prefilled, presence, term
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import Make, actor

JAKARTA = ZoneInfo("Asia/Jakarta")
FINE = (met(ReasonCode.PURPOSE_FITS, purpose="adult_women"),)
HOUR = dt.timedelta(hours=1)
SMALL = dt.date(2025, 1, 1)


class AtWork:
    """A house, and somebody who does things in it."""

    def __init__(self, make, session, clock):
        self.make, self.session, self.clock = make, session, clock
        self.house = make.house("Rumah Satu")
        self.by = actor(make.account(Role.MANAGER, self.house))

    def beds(self, count=3, **more):
        return self.make.beds(self.make.room(more.pop("house", self.house), beds=count, **more))

    def act(self, kind=MOVE, subject=None):
        return begin_act(
            self.session,
            key=uuid.uuid4(),
            kind=kind,
            now=self.clock.now,
            by=self.by,
            undoable=True,
            subject=subject.ref if subject else None,
        )

    def move(self, resident, bed, *, at=None, reasons=FINE, override=None):
        act = self.act(subject=resident)
        move(
            self.session,
            resident=resident,
            bed=bed,
            reasons=reasons,
            act=act,
            moved_at=at or self.clock.now,
            now=self.clock.now,
            by=self.by,
            override=override,
        )
        self.session.flush()
        return act

    def undo_move(self, resident, act):
        undo_move(self.session, resident=resident, act=act, now=self.clock.now, by=self.by)

    def leave(self, *residents, since=None, hours=20, kind=LeaveKind.HOSPITAL):
        since = since or self.clock.now
        start_leave(
            self.session,
            residents=residents,
            kind=kind,
            from_at=since,
            due_back=since + hours * HOUR,
            now=self.clock.now,
            by=self.by,
        )

    def back(self, resident, at=None):
        end_leave(self.session, resident=resident, back_at=at or self.clock.now, now=self.clock.now, by=self.by)

    def depart(self, *residents, at=None):
        act = self.act(DEPARTURE)
        depart(
            self.session,
            residents=residents,
            at=at or self.clock.now,
            place_kind=Destination.OWN_FAMILY,
            now=self.clock.now,
            by=self.by,
            act=act,
        )
        return act

    def undo_departure(self, act):
        return undo_departure(self.session, act=act, now=self.clock.now, by=self.by)

    def plan(self, *residents, day):
        plan_exit(
            self.session,
            residents=residents,
            day=day,
            today=self.clock.now.astimezone(JAKARTA).date(),
            zone=JAKARTA,
            now=self.clock.now,
            by=self.by,
        )

    def placement(self, resident):
        return self.session.scalars(
            select(Placement).where(Placement.resident_id == resident.id).order_by(Placement.id.desc())
        ).first()

    def living(self, *residents):
        """As the pages see those who live here."""
        found = [
            one
            for household in {resident.household_id for resident in residents}
            for one in household_here(
                self.session,
                household_id=household,
                account_id=self.by.account_id,
                role=Role.MANAGER,
                now=self.clock.now,
            )
        ]
        return [one for resident in residents for one in found if one.id == resident.id]

    def stay(self, resident):
        return self.session.scalar(select(Stay).where(Stay.resident_id == resident.id, Stay.ended_at.is_(None)))


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


def refused(reason):
    return pytest.raises(StayRefused, match=reason)


def mother_and_child(here, bed, **more):
    household = here.make.household()
    mother = here.make.resident(bed, household=household, **more)
    child = here.make.resident(bed, household=household, sex=Sex.MALE, birth_month=SMALL, sharing=True, **more)
    return mother, child


# Moving


def test_a_move_on_day_five_resets_nothing(here, clock):
    first, second, _ = here.beds()
    arrived = clock.now - dt.timedelta(days=5)
    resident = here.make.resident(first, arrived=arrived, limit_days=14)
    planned = here.placement(resident).planned_exit
    here.move(resident, second)
    placement = here.placement(resident)
    assert (placement.arrived_at, placement.limit_days, placement.planned_exit, placement.left_at) == (
        arrived,
        14,
        planned,
        None,
    )
    seen = here.living(resident)
    assert [(one.bed_id, one.term.day) for one in seen] == [(second.id, 5)]


def test_the_bed_left_is_free_at_once_and_the_stays_follow_one_another(here, clock):
    first, second, _ = here.beds()
    resident = here.make.resident(first)
    here.move(resident, second)
    stays = list(here.session.scalars(select(Stay).order_by(Stay.id)))
    assert [(stay.bed_id, stay.ended_by) for stay in stays] == [(first.id, StayEnd.MOVED), (second.id, None)]
    assert stays[0].ended_at == stays[1].started_at == clock.now
    here.move(here.make.resident(here.beds(1)[0]), first)
    assert here.session.scalar(select(func.count()).where(TrailEntry.act == Act.MOVED)) == 2


def test_a_child_who_shares_the_bed_moves_along_and_goes_on_sharing(here):
    first, second, _ = here.beds()
    mother, child = mother_and_child(here, first)
    here.move(mother, second)
    assert (here.stay(child).bed_id, here.stay(child).sharing) == (second.id, True)
    assert (here.stay(mother).bed_id, here.stay(mother).sharing) == (second.id, False)


def test_a_child_who_shares_a_bed_can_get_one_of_her_own(here):
    first, second, _ = here.beds()
    mother, child = mother_and_child(here, first)
    here.move(child, second)
    assert (here.stay(child).bed_id, here.stay(child).sharing) == (second.id, False)
    assert here.stay(mother).bed_id == first.id


def test_the_house_follows_the_bed_and_the_alias_rests_in_the_house_that_was_left(here, clock):
    other = here.make.house("Rumah Dua")
    (bed,) = here.beds(1, house=other)
    resident = here.make.resident(here.beds(1)[0])
    here.move(resident, bed)
    assert resident.house_id == other.id
    uses = {use.house_id: use.until for use in here.session.scalars(select(AliasUse))}
    assert uses == {here.house.id: clock.now, other.id: None}


def test_a_bed_somebody_has_is_refused_and_nothing_changes(here):
    first, second, _ = here.beds()
    resident, other = here.make.resident(first), here.make.resident(second)
    with refused(StayRefusal.BED_TAKEN):
        here.move(resident, second)
    here.session.rollback()
    assert (here.stay(resident).bed_id, here.stay(other).bed_id) == (first.id, second.id)


def test_a_move_to_an_hour_at_which_somebody_still_slept_there_is_refused(here, clock):
    first, second, third = here.beds()
    resident = here.make.resident(first, arrived=clock.now - 5 * HOUR)
    other = here.make.resident(second, arrived=clock.now - 5 * HOUR)
    here.move(other, third, at=clock.now - HOUR)
    with refused(StayRefusal.BEFORE_BED_WAS_FREE):
        here.move(resident, second, at=clock.now - 2 * HOUR)
    here.move(resident, second, at=clock.now - HOUR)


@pytest.mark.parametrize(("hours", "reason"), [(1, StayRefusal.IN_FUTURE), (-6, StayRefusal.BEFORE_ARRIVAL)])
def test_a_move_is_neither_in_the_future_nor_before_the_arrival(here, clock, hours, reason):
    first, second, _ = here.beds()
    resident = here.make.resident(first, arrived=clock.now - 5 * HOUR)
    with refused(reason):
        here.move(resident, second, at=clock.now + hours * HOUR)


def test_a_move_is_not_before_the_last_one(here, clock):
    first, second, third = here.beds()
    resident = here.make.resident(first, arrived=clock.now - 5 * HOUR)
    here.move(resident, second, at=clock.now - HOUR)
    with refused(StayRefusal.BEFORE_LAST_MOVE):
        here.move(resident, third, at=clock.now - 2 * HOUR)


def test_her_own_bed_is_no_move(here):
    first, *_ = here.beds()
    resident = here.make.resident(first)
    with refused(StayRefusal.SAME_BED):
        here.move(resident, first)


def test_a_place_against_advice_needs_a_second_person(here):
    first, second, _ = here.beds()
    resident = here.make.resident(first)
    with refused(StayRefusal.NEEDS_SECOND_PERSON):
        here.move(resident, second, reasons=(unmet(ReasonCode.ISOLATION_ROOM_KEPT, room="1"),))


def test_a_mattress_is_laid_for_the_move_and_gone_when_it_is_left(here, clock):
    first, second, _ = here.beds()
    resident = here.make.resident(first)
    mattress = lay_mattress(here.session, room_id=second.room_id, kind=BedKind.MATTRESS)
    here.move(resident, mattress)
    assert mattress.removed_at is None
    here.move(resident, second)
    assert mattress.removed_at == clock.now


def test_a_mattress_stays_while_somebody_still_lies_on_it(here):
    _first, second, _ = here.beds()
    mattress = here.make.saved(Bed(room_id=second.room_id, label="Kasur +1", kind=BedKind.MATTRESS))
    mother, child = mother_and_child(here, mattress)
    here.move(child, second)
    assert mattress.removed_at is None
    here.depart(mother)
    assert mattress.removed_at is not None


# Undoing a move


def test_an_undone_move_leaves_a_stay_of_no_length_and_everyone_where_she_was(here):
    other = here.make.house("Rumah Dua")
    (bed,) = here.beds(1, house=other)
    first, *_ = here.beds()
    mother, child = mother_and_child(here, first)
    act = here.move(mother, bed)
    here.undo_move(mother, act)
    assert [(here.stay(one).bed_id, here.stay(one).sharing) for one in (mother, child)] == [
        (first.id, False),
        (first.id, True),
    ]
    assert (mother.house_id, child.house_id) == (here.house.id, here.house.id)
    undone = here.session.scalars(select(Stay).where(Stay.ended_by == StayEnd.UNDONE)).all()
    assert len(undone) == 2 and all(stay.ended_at == stay.started_at for stay in undone)
    open_uses = select(func.count()).select_from(AliasUse).where(AliasUse.until.is_(None))
    assert here.session.scalar(open_uses.where(AliasUse.house_id == here.house.id)) == 2
    assert here.session.scalar(open_uses.where(AliasUse.house_id == other.id)) == 0


def test_a_mattress_comes_back_with_the_move_that_left_it(here):
    first, second, _ = here.beds()
    mattress = here.make.saved(Bed(room_id=first.room_id, label="Kasur +1", kind=BedKind.MATTRESS))
    resident = here.make.resident(mattress)
    here.undo_move(resident, here.move(resident, second))
    assert (here.stay(resident).bed_id, mattress.removed_at) == (mattress.id, None)


def test_only_the_last_move_is_undone(here, clock):
    first, second, third = here.beds()
    resident = here.make.resident(first)
    act = here.move(resident, second)
    clock.forward(minutes=1)
    here.move(resident, third)
    with pytest.raises(NotUndoable):
        here.undo_move(resident, act)


def test_a_move_is_not_undone_into_a_bed_that_somebody_has_or_expects(here, clock):
    first, second, third = here.beds()
    resident, other = here.make.resident(first), here.make.resident(third)
    act = here.move(resident, second)
    here.session.commit()
    here.move(other, first)
    with pytest.raises(NotUndoable):
        here.undo_move(resident, act)
    here.session.rollback()
    here.make.saved(
        Hold(bed_id=first.id, referral_id=here.make.referral().id, held_at=clock.now, expires_at=clock.now + HOUR)
    )
    with pytest.raises(NotUndoable):
        here.undo_move(resident, act)


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


# Where she could go


def choices(here, resident, needs=frozenset(), houses=None):
    seen = household_here(
        here.session,
        household_id=resident.household_id,
        account_id=here.by.account_id,
        role=Role.MANAGER,
        now=here.clock.now,
    )
    one = next(one for one in seen if one.id == resident.id)
    along = [other.person for other in seen if other.sharing and other.bed_id == one.bed_id and not one.sharing]
    views = house_views(
        here.session,
        house_ids=[house.id for house in houses or [here.house]],
        today=here.clock.now.date(),
        now=here.clock.now,
    )
    return rooms_to_move_to(one.person, along, needs, views, one.household_id)


def codes(choice):
    return {reason.code for reason in choice.reasons}


def test_the_best_room_comes_first_and_those_against_advice_last_with_their_reasons(here):
    upstairs, *_ = here.beds(2, label="1")
    here.beds(1, label="2", ground_floor=True)
    here.beds(1, label="3", purpose=RoomPurpose.ISOLATION)
    resident = here.make.resident(upstairs)
    found = choices(here, resident, frozenset({Need.PREGNANT}))
    assert [choice.room.label for choice in found] == ["2", "1", "3"]
    assert [choice.standing for choice in found] == [Standing.RECOMMENDED, Standing.POSSIBLE, Standing.ADVISED_AGAINST]
    assert ReasonCode.UPPER_FLOOR in codes(found[1]) and ReasonCode.ISOLATION_ROOM_KEPT in codes(found[2])


def test_a_mother_is_weighed_together_with_the_child_in_her_bed(here):
    first, *_ = here.beds(2, label="1", purpose=RoomPurpose.MOTHER_CHILD)
    here.beds(2, label="2", purpose=RoomPurpose.MOTHER_CHILD)
    mother, _child = mother_and_child(here, first)
    found = {choice.room.label: choice for choice in choices(here, mother)}
    assert ReasonCode.FAMILY_SPLIT not in codes(found["2"]) and ReasonCode.PURPOSE_FITS in codes(found["2"])
    assert found["2"].standing is Standing.RECOMMENDED


def test_a_family_divided_between_houses_is_said_to_be_divided(here):
    other = here.make.house("Rumah Dua")
    first, second, _ = here.beds(3, label="1", purpose=RoomPurpose.MOTHER_CHILD)
    here.beds(2, house=other, label="5", purpose=RoomPurpose.MOTHER_CHILD)
    household = here.make.household()
    mother = here.make.resident(first, household=household)
    here.make.resident(second, household=household, birth_month=dt.date(2016, 1, 1))
    here.by = actor(here.make.account(Role.MANAGER, here.house, other))
    found = {choice.room.label: choice for choice in choices(here, mother, houses=[here.house, other])}
    assert ReasonCode.FAMILY_SPLIT in codes(found["5"]) and ReasonCode.FAMILY_SPLIT not in codes(found["1"])


def test_an_infant_is_offered_cots_and_a_grown_person_beds(here):
    first, _second = here.beds(2, cots=1, purpose=RoomPurpose.INFANTS)[:2]
    household = here.make.household()
    mother = here.make.resident(first, household=household)
    baby = here.make.resident(first, household=household, birth_month=dt.date(2026, 6, 1), sharing=True)
    (for_baby,), (for_mother,) = choices(here, baby), choices(here, mother)
    assert {bed.kind for bed in for_baby.beds} == {BedKind.COT} and for_baby.cot
    assert {bed.kind for bed in for_mother.beds} == {BedKind.BED} and not for_mother.cot


def test_at_most_two_mattresses_are_laid_in_a_room(here):
    (bed,) = here.beds(1, label="1")
    (other,) = here.beds(1, label="2")
    resident = here.make.resident(other)
    here.make.resident(bed)
    for n in (1, 2):
        found = {choice.room.label: choice for choice in choices(here, resident)}
        assert found["1"].on_the_spot and ReasonCode.EXTRA_MATTRESS in {
            reason.code for reason in found["1"].reasons_on_the_spot
        }
        here.make.resident(here.make.saved(Bed(room_id=bed.room_id, label=f"Kasur +{n}", kind=BedKind.MATTRESS)))
    assert "1" not in {choice.room.label for choice in choices(here, resident)}


# Always true


def check_everything_agrees(session, residents):
    session.flush()
    session.expire_all()
    open_stays = {stay.resident_id: stay for stay in session.scalars(select(Stay).where(Stay.ended_at.is_(None)))}
    uses = {}
    for use in session.scalars(select(AliasUse).where(AliasUse.until.is_(None))):
        uses.setdefault(use.resident_id, []).append(use.house_id)
    for resident in residents:
        stay = open_stays.get(resident.id)
        lives_in = session.get_one(Room, session.get_one(Bed, stay.bed_id).room_id).house_id if stay else None
        assert resident.house_id == lives_in, "she lives where her open stay is"
        assert uses.get(resident.id, []) == ([lives_in] if lives_in else []), "her alias is in use there only"
        placement = session.scalars(select(Placement).where(Placement.resident_id == resident.id)).one()
        assert (placement.left_at is None) == (stay is not None)
        if stay and stay.sharing:
            beside = [
                session.get_one(Resident, other.resident_id)
                for other in open_stays.values()
                if other.bed_id == stay.bed_id and not other.sharing
            ]
            assert [one.household_id for one in beside] == [resident.household_id], "never beside a stranger"
    for bed in session.scalars(select(Bed).where(Bed.kind == BedKind.MATTRESS)):
        in_use = any(stay.bed_id == bed.id for stay in open_stays.values())
        assert (bed.removed_at is None) == in_use, "a mattress is there as long as somebody lies on it"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_in_whatever_order_everyone_lives_where_she_sleeps(here, clock, seed):
    chance = random.Random(seed)
    second = here.make.house("Rumah Dua")
    beds = here.beds(4) + here.beds(4, house=second)
    start = clock.now - dt.timedelta(days=3)
    mother, child = mother_and_child(here, beds[0], arrived=start)
    residents = [mother, child, here.make.resident(beds[1], arrived=start), here.make.resident(beds[4], arrived=start)]
    moves, departures, done, refusals = [], [], 0, 0
    for _ in range(60):
        clock.forward(minutes=chance.randrange(0, 4))
        one = chance.choice(residents)
        session = here.session
        try:
            with session.begin_nested():
                match chance.randrange(8):
                    case 0 | 1:
                        moves.append((one, here.move(one, chance.choice(beds))))
                    case 2:
                        room = session.get_one(Room, chance.choice(beds).room_id)
                        mattress = lay_mattress(session, room_id=room.id, kind=BedKind.MATTRESS)
                        moves.append((one, here.move(one, mattress)))
                    case 3:
                        here.leave(one, since=clock.now - dt.timedelta(minutes=chance.randrange(5)))
                    case 4:
                        here.back(one)
                    case 5:
                        meant = {mother, child} if one in {mother, child} and chance.random() < 0.8 else {one}
                        departures.append(here.depart(*sorted(meant, key=lambda each: each.id)))
                    case 6 if moves:
                        here.undo_move(*moves.pop())
                    case 7 if departures:
                        here.undo_departure(departures.pop())
                session.flush()
            done += 1
        except (StayRefused, NotUndoable):
            refusals += 1
        check_everything_agrees(session, residents)
    assert done > 10 and refusals > 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_two_who_move_into_the_last_bed_one_does_sixty_times_over(lone_app, kind):
    app = lone_app(kind)
    clock = app.extensions["test_clock"]
    with app.extensions["db_writing"]() as session:
        make = Make(session, clock)
        house = make.house()
        *theirs, last = [bed.id for bed in make.beds(make.room(house, beds=3))]
        by = actor(make.account(Role.MANAGER, house))
        ids = [make.resident(session.get_one(Bed, bed_id)).id for bed_id in theirs]
        session.commit()
    rounds, gate = 60, threading.Barrier(2, timeout=60)
    free, results = [last], [[] for _ in range(rounds)]

    def go(resident_id):
        for at in range(rounds):
            gate.wait()
            bed_id = free[-1]
            with app.extensions["db_writing"]() as session:
                act = begin_act(session, key=uuid.uuid4(), kind=MOVE, now=clock.now, by=by)
                lock_beds(session, [bed_id])
                try:
                    left = session.scalars(
                        select(Stay.bed_id).where(Stay.resident_id == resident_id, Stay.ended_at.is_(None))
                    ).one()
                    move(
                        session,
                        resident=session.get_one(Resident, resident_id),
                        bed=session.get_one(Bed, bed_id),
                        reasons=FINE,
                        act=act,
                        moved_at=clock.now,
                        now=clock.now,
                        by=by,
                    )
                    session.commit()
                    results[at].append(("moved", left))
                except StayRefused as told:
                    session.rollback()
                    results[at].append((told.reason, bed_id))
            if gate.wait() == 0:
                # The bed the winner left is the last free one of the next round.
                free.append(next((bed for how, bed in results[at] if how == "moved"), bed_id))
                clock.forward(seconds=1)
            gate.wait()

    threads = [threading.Thread(target=go, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sorted(how for how, _bed in one) for one in results] == [[StayRefusal.BED_TAKEN, "moved"]] * rounds
    with app.extensions["db_reading"]() as session:
        beds = list(session.scalars(select(Stay.bed_id).where(Stay.ended_at.is_(None))))
        assert len(beds) == len(set(beds)) == 2
        assert session.scalar(select(func.count()).where(Stay.ended_at.is_not(None))) == rounds
