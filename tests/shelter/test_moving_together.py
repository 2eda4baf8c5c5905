"""A whole family moves in one act: all of them or nobody, each limit goes on, and one press takes it back."""

import datetime as dt
import re
import threading
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.operations.acts import NotUndoable, begin_act
from safehouse.access.permissions import Role
from safehouse.residents.models import Conflict, ConflictKind, Household, Sex
from safehouse.shelter.choices import BedKind, RoomPurpose, StayEnd
from safehouse.shelter.models import AgainstAdvice, Bed, Cleaning, Hold, Placement, Stay
from safehouse.shelter.operations.moving import MOVE_TOGETHER, StayRefusal
from safehouse.shelter.operations.moving_together import move_together, undo_move_together
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.rules.moving import Member
from safehouse.shelter.rules.moving_together import ways_together
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.browsing import Browser
from tests.office import Make
from tests.shelter.at_work import HOUR, AtWork, refused
from tests.shelter.staying import at, family, open_stay, path, settled

NO_NEEDS = frozenset()


class Family(AtWork):
    """A mother and her daughter of ten in two rooms, and a family room that is free."""

    def __init__(self, make, session, clock):
        super().__init__(make, session, clock)
        self.first, self.second = (self.beds(1)[0] for _ in range(2))
        self.room = make.room(self.house, "K9", RoomPurpose.MOTHER_CHILD, beds=2)
        self.mother, self.daughter = family(make, self.first, self.second)

    @property
    def both(self):
        return self.mother, self.daughter

    def ways(self):
        living = self.living(*self.both)
        houses = house_views(
            self.session,
            house_ids={one.house_id for one in living} | {self.house.id},
            today=self.clock.now.date(),
            now=self.clock.now,
        )
        return ways_together(
            [Member(one.person, one.house_id, one.room_label, one.bed_id, one.sharing) for one in living],
            NO_NEEDS,
            houses,
        )

    def go(self, way=None, *, moved_at=None, override=None):
        act = begin_act(
            self.session, key=uuid.uuid4(), kind=MOVE_TOGETHER, now=self.clock.now, by=self.by, undoable=True
        )
        move_together(
            self.session,
            household=self.session.get_one(Household, self.mother.household_id),
            way=way or self.ways()[0],
            act=act,
            moved_at=moved_at or self.clock.now,
            now=self.clock.now,
            by=self.by,
            override=override,
        )
        self.session.flush()
        return act

    def undo(self, act):
        back = undo_move_together(self.session, act=act, now=self.clock.now, by=self.by)
        self.session.flush()
        act.undone_by_id = self.act().id
        return back

    def rooms(self):
        return [self.session.get_one(Bed, self.stay(one).bed_id).room_id for one in self.both]

    def in_the_room(self):
        return self.rooms() == [self.room.id] * 2


@pytest.fixture
def here(make, session, clock):
    return Family(make, session, clock)


# What is kept


def test_all_of_them_move_at_once_and_nothing_of_their_stays_is_reset(here, clock):
    before = [(p.arrived_at, p.limit_days, p.planned_exit) for p in map(here.placement, here.both)]
    here.go()
    assert here.in_the_room()
    assert [(p.arrived_at, p.limit_days, p.planned_exit) for p in map(here.placement, here.both)] == before
    ended = here.session.scalars(select(Stay).where(Stay.ended_at.is_not(None)))
    assert [(stay.ended_by, stay.ended_at) for stay in ended] == [(StayEnd.MOVED, clock.now)] * 2
    assert here.session.scalar(select(func.count()).where(TrailEntry.act == Act.MOVED)) == 2
    left = here.session.scalars(select(Cleaning.bed_id).where(Cleaning.ready_at.is_(None)))
    assert set(left) == {here.first.id, here.second.id}


def test_whoever_keeps_her_bed_is_not_touched(here):
    stay = here.stay(here.mother)
    here.move(here.mother, here.make.beds(here.room)[0])
    kept = here.stay(here.mother).id
    assert kept != stay.id
    here.go()
    assert here.in_the_room() and here.stay(here.mother).id == kept


def test_one_press_takes_all_of_them_back(here, clock):
    here.move(here.mother, here.make.beds(here.room)[1])
    here.move(here.mother, here.first)
    act = here.go()
    assert [one.id for one in here.undo(act)] == [one.id for one in here.both]
    assert [here.stay(one).bed_id for one in here.both] == [here.first.id, here.second.id]
    undone = list(here.session.scalars(select(Stay).where(Stay.ended_by == StayEnd.UNDONE)))
    assert len(undone) == 2 and all(stay.started_at == stay.ended_at for stay in undone)
    assert {c.bed_id for c in here.session.scalars(select(Cleaning).where(Cleaning.ready_at.is_(None)))} == {
        bed.id for bed in here.make.beds(here.room) if bed.label == "B"
    }, "as it was before they moved"


def test_only_those_who_moved_go_back_even_when_another_of_them_moved_at_that_moment(here, clock):
    one, _other = here.make.beds(here.room)
    alone = here.move(here.mother, one)
    act = here.go(moved_at=clock.now)
    here.undo(act)
    assert (here.stay(here.mother).bed_id, here.stay(here.daughter).bed_id) == (one.id, here.second.id)
    here.undo_move(here.mother, alone)
    assert here.stay(here.mother).bed_id == here.first.id


def test_a_move_that_another_is_built_on_is_not_taken_back(here, clock):
    act = here.go()
    clock.now += HOUR / 60
    alone = here.move(here.daughter, here.second)
    with pytest.raises(NotUndoable):
        here.undo(act)
    assert here.stay(here.daughter).bed_id == here.second.id
    here.undo_move(here.daughter, alone)
    alone.undone_by_id = here.act().id
    here.session.flush()
    here.undo(act)
    assert [here.stay(one).bed_id for one in here.both] == [here.first.id, here.second.id]


def test_her_own_move_is_not_taken_back_under_the_move_of_all(here, clock):
    alone = here.move(here.daughter, here.make.beds(here.room)[1])
    here.go()
    with pytest.raises(NotUndoable):
        here.undo_move(here.daughter, alone)


def test_nobody_goes_back_when_one_of_the_beds_was_given_away(here):
    act = here.go()
    here.make.resident(here.second, arrived=here.clock.now)
    with pytest.raises(NotUndoable):
        here.undo(act)
    here.session.expire_all()
    assert here.stay(here.mother) is not None and here.in_the_room()


def test_a_baby_gets_a_cot_and_shares_a_bed_again_when_it_is_taken_back(here):
    baby = here.make.resident(
        here.first,
        household=here.session.get_one(Household, here.mother.household_id),
        sex=Sex.MALE,
        birth_month=dt.date(2026, 6, 1),
        sharing=True,
        arrived=here.clock.now - HOUR,
    )
    here.make.saved(Bed(room_id=here.room.id, label="Boks 1", kind=BedKind.COT))
    type(here).both = property(lambda self: (self.mother, self.daughter, baby))
    try:
        act = here.go()
        cot = here.session.get_one(Bed, here.stay(baby).bed_id)
        assert (cot.kind, here.stay(baby).sharing) == (BedKind.COT, False)
        here.undo(act)
        assert (here.stay(baby).bed_id, here.stay(baby).sharing) == (here.first.id, True)
    finally:
        type(here).both = property(lambda self: (self.mother, self.daughter))


# What is refused


def test_nobody_moves_when_the_last_bed_is_taken(here):
    way = here.ways()[0]
    here.make.resident(here.make.beds(here.room)[1])
    with refused(StayRefusal.BED_TAKEN):
        here.go(way)
    assert [here.stay(one).bed_id for one in here.both] == [here.first.id, here.second.id]


@pytest.mark.parametrize(("hours", "reason"), [(1, StayRefusal.IN_FUTURE), (-24 * 9, StayRefusal.BEFORE_ARRIVAL)])
def test_a_family_moves_neither_in_the_future_nor_before_it_came(here, clock, hours, reason):
    with refused(reason):
        here.go(moved_at=clock.now + hours * HOUR)


def test_a_family_of_which_somebody_left_is_looked_at_again(here):
    way = here.ways()[0]
    here.depart(here.daughter)
    with refused(StayRefusal.FAMILY_CHANGED):
        here.go(way)


def test_a_way_against_advice_needs_a_second_person(here):
    for bed in here.make.beds(here.room):
        here.make.resident(bed)
    here.make.room(here.house, "K8", RoomPurpose.GIRLS, beds=2)
    way = next(one for one in here.ways() if one.option.standing == "advised_against")
    with refused(StayRefusal.NEEDS_SECOND_PERSON):
        here.go(way)


def test_a_family_never_moves_into_a_house_it_must_not_share(here):
    other = here.make.house("Rumah Dua")
    bed, *_free = here.make.beds(here.make.room(other, "1", RoomPurpose.ADULT_WOMEN, beds=1))
    here.make.room(other, "2", RoomPurpose.MOTHER_CHILD, beds=2)
    stranger = here.make.resident(bed)
    views = house_views(here.session, house_ids=[other.id], today=here.clock.now.date(), now=here.clock.now)
    living = here.living(*here.both)
    way = ways_together(
        [Member(one.person, one.house_id, one.room_label, one.bed_id, one.sharing) for one in living], NO_NEEDS, views
    )[0]
    first, second = sorted((here.mother.household_id, stranger.household_id))
    here.make.saved(Conflict(household_id=first, other_id=second, kind=ConflictKind.RELATIVES, found_at=here.clock.now))
    with refused(StayRefusal.MUST_NOT_SHARE):
        here.go(way)


# The page


@pytest.fixture
def staff(browser, make, here):
    return browser.sign_in(make.account(Role.STAFF, here.house, language="en"))


def together(resident):
    return path(resident, "move/together")


def first_way(page):
    return re.search(r'name="place" (?:id="[^"]+" )?value="([0-9a-f]{64})"', page)[1]


def test_the_move_page_says_who_would_stay_behind_and_moves_all_of_them_with_one_press(staff, here):
    staff.get(path(here.daughter, "move"))
    assert "If only Anak Kenari moves, Kenari stays behind." in staff.page
    moved = staff.post(together(here.daughter), place=first_way(staff.page), at_once="1")
    assert moved.status_code == 303
    here.session.expire_all()
    assert here.in_the_room()
    staff.get(moved.location)
    assert "The family has moved." in staff.page
    undone = staff.post(f"/moves/together/{moved.location.split('done=')[1]}/undo")
    assert undone.status_code == 303
    here.session.expire_all()
    assert [here.stay(one).bed_id for one in here.both] == [here.first.id, here.second.id]


def test_the_same_press_twice_moves_them_once(staff, here):
    staff.get(together(here.mother))
    fields = at(here.clock) | {"place": first_way(staff.page), "act_key": str(uuid.uuid4())}
    first, second = (staff.post(together(here.mother), fields=fields) for _ in range(2))
    assert first.status_code == 303 and second.location == first.location
    assert here.session.scalar(select(func.count()).select_from(Stay)) == 4


def test_a_place_taken_in_the_meantime_is_said_and_the_time_is_kept(staff, here):
    staff.get(together(here.mother))
    key = first_way(staff.page)
    here.make.resident(here.make.beds(here.room)[0])
    answer = staff.post(together(here.mother), fields=at(here.clock, hours=2) | {"place": key})
    assert answer.status_code == 200 and "This place was just filled." in staff.page
    assert 'value="21.40"' in staff.page or 'value="21:40"' in staff.page
    here.session.expire_all()
    assert [here.stay(one).bed_id for one in here.both] == [here.first.id, here.second.id]


def test_a_bed_held_for_others_is_not_offered_to_the_family(here):
    held = here.make.beds(here.room)[0]
    here.make.saved(
        Hold(
            bed_id=held.id,
            referral_id=here.make.referral().id,
            held_at=here.clock.now,
            expires_at=here.clock.now + 4 * HOUR,
        )
    )
    assert held.id not in {place.bed_id for way in here.ways() for place in way.places}


def test_a_place_against_advice_needs_a_reason_and_a_colleague_here_too(staff, here, make):
    beside = make.account(Role.STAFF, here.house)
    for bed in make.beds(here.room):
        make.resident(bed)
    make.room(here.house, "K8", RoomPurpose.GIRLS, beds=2)
    way = next(one for one in here.ways() if one.option.standing == "advised_against" and one.together)
    chosen = at(here.clock) | {"place": way.key}
    assert staff.post(together(here.mother), fields=chosen).status_code == 200
    assert staff.page.count('aria-invalid="true"') == 3
    signed = {"reason": "Tidak ada kamar lain", "second_name": beside.username}
    assert staff.post(together(here.mother), fields=chosen | signed | {"second_code": "000000"}).status_code == 200
    assert "Name and code do not belong together" in staff.page
    right = staff.post(together(here.mother), fields=chosen | signed | {"second_code": make.code(beside)})
    assert right.status_code == 303
    kept = here.session.scalars(select(AgainstAdvice)).one()
    assert "girls_room" in kept.unmet and b"kamar" not in kept.reason


def test_a_family_that_lives_partly_elsewhere_is_moved_by_nobody_who_sees_only_a_part_of_it(staff, here, make):
    (far,) = make.beds(make.room(make.house("Rumah Dua"), beds=1))
    household = here.session.get_one(Household, here.mother.household_id)
    settled(make, far, household=household, alias="Ulin", birth_month=dt.date(2014, 1, 1))
    staff.get(path(here.mother, "move"))
    assert "Move all of them" not in staff.page and "Ulin" not in staff.page
    assert staff.get(together(here.mother)).status_code == 404


def test_someone_alone_has_nobody_to_move_together_with(staff, here, make):
    (bed,) = make.beds(make.room(here.house, beds=1))
    assert staff.get(together(settled(make, bed))).status_code == 404


def test_a_small_child_left_alone_is_said_before_pressing_and_needs_a_second_person(staff, here, make):
    (bed,) = make.beds(make.room(here.house, "K7", beds=1))
    household = here.session.get_one(Household, here.mother.household_id)
    mattress = make.saved(Bed(room_id=here.first.room_id, label="Kasur +1", kind=BedKind.MATTRESS))
    settled(make, mattress, household=household, alias="Anak Dua", birth_month=dt.date(2023, 1, 1))
    staff.get(path(here.mother, "move"))
    assert "1 small child would sleep in a room without an adult of her own" in staff.page
    staff.post(path(here.mother, "move"), fields=at(here.clock) | {"place": str(bed.ref)})
    assert staff.page.count('aria-invalid="true"') == 3, "reason, name and code of the second person"
    assert open_stay(here.session, here.mother).bed_id == here.first.id


# Races on databases that really commit


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_families_and_the_last_room_give_one_move_and_one_sentence(lone_app, kind):
    app = lone_app(kind)
    with app.extensions["db_writing"]() as session:
        make = Make(session, app.extensions["test_clock"])
        house = make.house()
        beds = [make.beds(make.room(house, beds=1))[0] for _ in range(4)]
        mothers = [family(make, *beds[:2])[0], family(make, *beds[2:])[0]]
        last = make.room(house, "K9", RoomPurpose.MOTHER_CHILD, beds=2)
        browsers = [Browser(app, make).sign_in(make.account(Role.STAFF, house, language="en")) for _ in mothers]
        presses = []
        for browser, mother in zip(browsers, mothers, strict=True):
            browser.get(path(mother, "move"))
            presses.append((browser, together(mother), first_way(browser.page)))
        last_id = last.id
    answers, gate = [], threading.Barrier(2, timeout=60)

    def go(browser, url, key):
        gate.wait()
        answer = browser.post(url, place=key, at_once="1")
        answers.append((answer.status_code, "just filled" in browser.page))

    threads = [threading.Thread(target=go, args=press) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(200, True), (303, False)]
    with app.extensions["db_reading"]() as session:
        theirs = select(func.count()).select_from(Stay).join(Bed, Bed.id == Stay.bed_id).where(Bed.room_id == last_id)
        assert session.scalar(theirs) == 2
        assert session.scalar(select(func.count()).where(Stay.ended_at.is_(None))) == 4
        assert session.scalar(select(func.count()).select_from(Placement)) == 4


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_mother_and_child_moved_by_two_people_at_once_are_not_torn_apart_unseen(lone_app, kind):
    """One moves the mother away, the other all of them: whoever comes second sees where the first has put them."""
    app = lone_app(kind)
    with app.extensions["db_writing"]() as session:
        make = Make(session, app.extensions["test_clock"])
        house = make.house()
        first, second, third = (make.beds(make.room(house, beds=1))[0] for _ in range(3))
        mother, _daughter = family(make, first, second)
        room = make.room(house, "K9", RoomPurpose.MOTHER_CHILD, beds=2)
        browsers = [Browser(app, make).sign_in(make.account(Role.STAFF, house, language="en")) for _ in range(2)]
        browsers[0].get(path(mother, "move"))
        key = first_way(browsers[0].page)
        presses = [
            (browsers[0], together(mother), {"place": key, "at_once": "1"}),
            (browsers[1], path(mother, "move"), at(make.clock) | {"place": str(third.ref)}),
        ]
        room_id, third_id = room.id, third.id
    codes, gate = [], threading.Barrier(2, timeout=60)

    def go(browser, url, fields):
        gate.wait()
        codes.append(browser.post(url, fields=fields).status_code)

    threads = [threading.Thread(target=go, args=press) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303, 303]
    with app.extensions["db_reading"]() as session:
        rooms = sorted(session.scalars(select(Bed.room_id).join(Stay).where(Stay.ended_at.is_(None))))
        beds = set(session.scalars(select(Stay.bed_id).where(Stay.ended_at.is_(None))))
        assert rooms == [room_id, room_id] or (third_id in beds and room_id in rooms), "one after the other"
