"""What is true of all who live here, whatever happens in whatever order and whoever moves at the same moment."""

import datetime as dt
import random
import threading
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.operations.acts import NotUndoable, begin_act
from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse, Resident
from safehouse.shelter.choices import BedKind
from safehouse.shelter.models import Bed, Placement, Room, Stay
from safehouse.shelter.operations.moving import (
    MOVE,
    StayRefusal,
    StayRefused,
    move,
)
from safehouse.shelter.operations.placing import lay_mattress, lock_beds
from tests.office import Make, actor
from tests.shelter.at_work import FINE, AtWork, mother_and_child


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


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
