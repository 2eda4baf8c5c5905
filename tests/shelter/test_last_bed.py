"""Two people, the last bed, sixty rounds, both engines: never two in it, and the loser gets a clean answer."""

import datetime as dt
import threading
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Account
from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.models import Referral, Stay
from safehouse.shelter.operations.placing import PlacementRefusal, PlacementRefused, lock_beds, place_family
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.referrals import family_of, needs_of
from safehouse.shelter.rules.suggesting import find, suggest
from tests.office import NOW, Make, actor

ROUNDS = 60


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_people_and_the_last_bed(lone_app, kind):
    app = lone_app(kind)
    writing = app.extensions["db_writing"]
    for number in range(ROUNDS):
        with writing() as session:
            make = Make(session, app.extensions["test_clock"], counter=1000 * number)
            house = make.house()
            bed = make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=1))[0]
            people = [make.account(Role.MANAGER, house) for _ in range(2)]
            referrals = [make.referral(by=one).id for one in people]
            bed_id, house_id, accounts = bed.id, house.id, [one.id for one in people]
        gate, results = threading.Barrier(2), []

        def place(account_id, referral_id, *, house_id=house_id, bed_id=bed_id, gate=gate, results=results):
            with writing() as session:
                by = actor(session.get_one(Account, account_id))
                referral = session.get_one(Referral, referral_id)
                houses = house_views(session, house_ids=[house_id], today=NOW.date(), now=NOW)
                family, needs = family_of(referral), needs_of(referral)
                # Only the bed itself counts here; a mattress beside it would be another answer.
                key = next(one for one in suggest(family, needs, houses).options if not one.over_capacity).key
                session.rollback()
                gate.wait()
                lock_beds(session, [bed_id])
                houses = house_views(session, house_ids=[house_id], today=NOW.date(), now=NOW)
                option = find(key, family, needs, houses)
                if option is None:
                    results.append("seen")
                    return
                act = begin_act(session, key=uuid.uuid4(), kind="placing:place", now=NOW, by=by)
                try:
                    place_family(
                        session,
                        referral=session.get_one(Referral, referral_id),
                        option=option,
                        aliases={0: f"Kenari {account_id}"},
                        arrived_at=NOW,
                        planned_exit=NOW.date() + dt.timedelta(days=14),
                        today=NOW.date(),
                        act=act,
                        now=NOW,
                        by=by,
                        role=Role.MANAGER,
                    )
                except PlacementRefused as refused:
                    results.append(refused.reason)
                    return
                session.commit()
                results.append("placed")

        threads = [threading.Thread(target=place, args=pair) for pair in zip(accounts, referrals, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, results)) in (["placed", "seen"], [PlacementRefusal.BED_TAKEN, "placed"])
        with app.extensions["db_reading"]() as session:
            assert session.scalar(select(func.count()).select_from(Stay).where(Stay.bed_id == bed_id)) == 1
