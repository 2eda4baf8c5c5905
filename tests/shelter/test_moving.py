"""Moving to another bed, undoing the move, and where she could go; a refusal leaves everything as it was."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from safehouse.access.operations.acts import NotUndoable
from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse
from safehouse.shelter.choices import BedKind, Need, RoomPurpose, StayEnd
from safehouse.shelter.models import Bed, Hold, Stay
from safehouse.shelter.operations.moving import (
    StayRefusal,
)
from safehouse.shelter.operations.placing import lay_mattress
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.stays import household_here
from safehouse.shelter.rules.moving import rooms_to_move_to
from safehouse.shelter.rules.reasons import ReasonCode, Standing, unmet
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.shelter.at_work import HOUR, AtWork, mother_and_child, refused


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


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
