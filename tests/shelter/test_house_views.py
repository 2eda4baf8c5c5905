"""The houses the rules decide about are the houses in the tables."""

import datetime as dt

import pytest
from sqlalchemy import text, update

from safehouse.residents.models import Sex
from safehouse.shelter.choices import BedKind, RoomPurpose
from safehouse.shelter.models import Adjoining, Bed, Closure, Hold, Stay
from safehouse.shelter.queries.houses import house_views, open_stays
from safehouse.shelter.rules.houses import BedState
from tests.counting import questions

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def views(session, make):
    def read(*houses, today=TODAY, **more):
        return house_views(session, house_ids=[house.id for house in houses], today=today, now=make.clock.now, **more)

    return read


def states(house):
    return {f"{room.label}{bed.label}": bed.state for room in house.rooms for bed in room.beds}


def test_a_house_is_seen_with_its_rooms_and_beds_in_their_order(make, views):
    house = make.house("Rumah Satu", boys_age=14, separation_age=9)
    second = make.house("Rumah Dua")
    one = make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=2, cots=1, ground_floor=True, wheelchair=True)
    other = make.room(house, "2", RoomPurpose.ISOLATION, beds=1, isolation=True)
    make.saved(Adjoining(room_id=one.id, other_id=other.id))
    seen, empty = views(second, house)
    assert (seen.id, seen.ref, seen.name, seen.boys_age, seen.separation_age) == (
        house.id,
        house.ref,
        "Rumah Satu",
        14,
        9,
    )
    assert [room.label for room in seen.rooms] == ["1", "2"]
    assert [bed.label for bed in seen.rooms[0].beds] == ["A", "B", "Boks 1"]
    assert seen.rooms[0].beds[2].kind is BedKind.COT
    assert (seen.rooms[0].ground_floor, seen.rooms[0].wheelchair, seen.rooms[0].isolates) == (True, True, False)
    assert seen.rooms[1].isolates
    assert seen.rooms[0].adjoins(seen.rooms[1])
    assert seen.rooms[1].adjoining == {one.id}
    assert empty.rooms == ()


def test_an_occupant_has_her_household_her_sex_and_her_age_in_months(make, views):
    room = make.room(make.house(), beds=3)
    beds = make.beds(room)
    family = make.household()
    mother = make.resident(beds[0], household=family)
    child = make.resident(beds[0], household=family, sex=Sex.MALE, birth_month=dt.date(2025, 1, 1), sharing=True)
    almost = make.resident(beds[1], birth_month=dt.date(2008, 11, 1))
    grown = make.resident(beds[2], birth_month=dt.date(2008, 10, 1))
    (house,) = views(room.house)
    shared, second, third = house.rooms[0].beds
    assert [(one.key, one.household, one.sex, one.age_months, one.adult) for one in shared.occupants] == [
        (mother.id, family.id, Sex.FEMALE, None, True),
        (child.id, family.id, Sex.MALE, 22, False),
    ]
    assert [(one.key, one.adult) for one in second.occupants] == [(almost.id, False)]
    assert [(one.key, one.adult) for one in third.occupants] == [(grown.id, True)]


def test_who_left_or_was_undone_sleeps_nowhere(make, views, session):
    room = make.room(make.house(), beds=2)
    for bed, ended in zip(make.beds(room), ("left", "undone"), strict=True):
        resident = make.resident(bed)
        ending = make.clock.now if ended == "left" else Stay.started_at
        session.execute(update(Stay).where(Stay.resident_id == resident.id).values(ended_at=ending, ended_by=ended))
    session.commit()
    assert set(states(*views(room.house)).values()) == {BedState.FREE}


def test_a_bed_held_for_another_family_is_not_free(make, views, clock):
    room = make.room(make.house(), "1", beds=2)
    mine, theirs = make.beds(room)
    my_referral, their_referral = make.referral(), make.referral()
    until = clock.now + dt.timedelta(hours=4)
    for bed, referral in ((mine, my_referral), (theirs, their_referral)):
        make.saved(Hold(bed_id=bed.id, referral_id=referral.id, held_at=clock.now, expires_at=until))
    assert states(*views(room.house)) == {"1A": BedState.HELD, "1B": BedState.HELD}
    assert states(*views(room.house, for_referral_id=my_referral.id)) == {"1A": BedState.FREE, "1B": BedState.HELD}
    clock.now = until
    assert states(*views(room.house)) == {"1A": BedState.FREE, "1B": BedState.FREE}


def test_a_closed_room_closes_its_beds_and_a_closed_bed_only_itself(make, views):
    house = make.house()
    broken, painted = make.room(house, "1", beds=2), make.room(house, "2", beds=2)
    make.saved(Closure(bed_id=make.beds(broken)[0].id, first_day=TODAY, last_day=TODAY, reason="Ranjang rusak"))
    make.saved(Closure(room_id=painted.id, first_day=TODAY, reason="Dicat"))
    make.saved(Closure(bed_id=make.beds(broken)[1].id, first_day=TODAY + dt.timedelta(days=1), reason="Dicat"))
    assert states(*views(house)) == {
        "1A": BedState.CLOSED,
        "1B": BedState.FREE,
        "2A": BedState.CLOSED,
        "2B": BedState.CLOSED,
    }


def test_a_closure_that_was_ended_or_is_over_closes_nothing(make, views, clock):
    room = make.room(make.house(), beds=1)
    (bed,) = make.beds(room)
    make.saved(Closure(bed_id=bed.id, first_day=TODAY, reason="Ranjang rusak", ended_at=clock.now))
    make.saved(
        Closure(
            bed_id=bed.id,
            first_day=TODAY - dt.timedelta(days=9),
            last_day=TODAY - dt.timedelta(days=1),
            reason="Ranjang rusak",
        )
    )
    assert set(states(*views(room.house)).values()) == {BedState.FREE}


def test_a_bed_someone_sleeps_in_is_full_even_when_its_room_is_closed(make, views):
    room = make.room(make.house(), beds=1)
    make.resident(make.beds(room)[0])
    make.saved(Closure(room_id=room.id, first_day=TODAY, reason="Atap bocor"))
    assert set(states(*views(room.house)).values()) == {BedState.FULL}


def test_a_closure_follows_the_date_of_the_house(make, views, clock):
    clock.now = dt.datetime(2026, 11, 21, 15, 30, tzinfo=dt.UTC)  # 22.30 in Jakarta, 0.30 of the 22nd in Jayapura
    west, east = make.house(), make.house(time_zone="Asia/Jayapura")
    for house in (west, east):
        room = make.room(house, "1", beds=1)
        make.saved(Closure(bed_id=make.beds(room)[0].id, first_day=dt.date(2026, 11, 22), reason="Disemprot"))
    jakarta, jayapura = views(west, east)
    assert states(jakarta) == {"1A": BedState.FREE}
    assert states(jayapura) == {"1A": BedState.CLOSED}


def test_what_was_taken_away_and_what_is_another_house_is_not_there(make, views, clock, session):
    house, other, closed = make.house(), make.house(), make.house(closed_at=clock.now)
    room, gone = make.room(house, beds=1), make.room(house, beds=1, removed_at=clock.now)
    make.saved(Bed(room_id=room.id, label="Kasur 1", kind=BedKind.MATTRESS, removed_at=clock.now))
    make.room(other, beds=1)
    make.room(closed, beds=1)
    (seen,) = views(house, closed)
    assert [(one.id, [bed.label for bed in one.beds]) for one in seen.rooms] == [(room.id, ["A"])]
    assert gone.id not in [one.id for one in seen.rooms]
    assert views() == ()


@pytest.fixture
def asked(session):
    """Every question this session sends from here on."""
    with questions(session.get_bind().engine) as asked:
        yield asked


@pytest.mark.parametrize("beds", [1, 9])
def test_any_number_of_houses_and_beds_is_read_in_four_statements(make, session, asked, beds):
    house_ids = []
    for _ in range(beds):
        house = make.house()
        house_ids.append(house.id)
        for bed in make.beds(make.room(house, beds=beds)):
            make.resident(bed)
    asked.clear()
    houses = house_views(session, house_ids=house_ids, today=TODAY, now=make.clock.now)
    assert sum(len(room.beds) for house in houses for room in house.rooms) == beds * beds
    assert len(asked) <= 4


def test_open_stays_are_read_without_walking_through_those_that_ended(new_engine):
    """A bed's past must not make tonight slower: only the partial index of open stays is read."""
    with new_engine("sqlite").connect() as connection:
        query = open_stays([1, 2]).compile(connection, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert any("stay USING INDEX uq_stay_open" in step for step in plan), plan
    assert not any("ix_stay_bed_started" in step for step in plan), plan
