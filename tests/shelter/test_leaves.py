"""Out of the house and back: the beds are kept, children who stay have somebody with a name, nobody is discharged."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import AccountState
from safehouse.access.permissions import Role
from safehouse.residents.models import Conflict, ConflictKind, Danger, DangerLevel, Denial
from safehouse.shelter.choices import LeaveKind
from safehouse.shelter.models import Departure, Leave, Placement, Stay
from safehouse.shelter.operations.leaving import Caregiver, end_leave, leave_without_notice, start_leave
from safehouse.shelter.operations.moving import StayRefusal, StayRefused
from safehouse.shelter.queries.caregivers import carers_in
from safehouse.shelter.queries.stays import household_here
from safehouse.shelter.rules.staying import Presence, caregiver_of, children_staying
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.shelter.staying import at

HOUR = dt.timedelta(hours=1)


class AtWork:
    """A mother with a girl of ten and a boy of four who have been here for five days."""

    def __init__(self, make, session, clock):
        self.make, self.session, self.clock = make, session, clock
        self.house = make.house("Rumah Satu")
        self.beds = make.beds(make.room(self.house, "1", beds=4))
        self.household = make.household()
        arrived = clock.now - dt.timedelta(days=5)
        self.mother, self.girl, self.boy = (
            make.resident(bed, household=self.household, alias=alias, arrived=arrived, birth_month=born)
            for bed, alias, born in zip(
                self.beds,
                ("Kenari", "Randu", "Ulin"),
                (None, dt.date(2016, 1, 1), dt.date(2022, 1, 1)),
                strict=False,
            )
        )
        self.staff = make.account(Role.STAFF, self.house, shown_name="Ratna")
        self.by = actor(self.staff)

    @property
    def family(self):
        return household_here(
            self.session,
            household_id=self.household.id,
            account_id=self.staff.id,
            role=Role.STAFF,
            now=self.clock.now,
        )

    def living(self, resident):
        return next(one for one in self.family if one.id == resident.id)

    def leave(self, *residents, caregiver=None, kind=LeaveKind.HOSPITAL, since=None, hours=20):
        since = since or self.clock.now
        start_leave(
            self.session,
            residents=residents,
            kind=kind,
            from_at=since,
            due_back=since + hours * HOUR,
            family=self.family,
            caregiver=caregiver,
            now=self.clock.now,
            by=self.by,
        )

    def gone(self, *residents, caregiver=None, since=None):
        leave_without_notice(
            self.session,
            residents=residents,
            from_at=since or self.clock.now - HOUR,
            family=self.family,
            caregiver=caregiver,
            now=self.clock.now,
            by=self.by,
        )

    def leaves(self):
        self.session.flush()
        return list(self.session.scalars(select(Leave).order_by(Leave.id)))


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


def refused(reason):
    return pytest.raises(StayRefused, match=f"^{reason}$")


def path(resident, page):
    return f"/residents/{resident.ref}/{page}"


# Children who stay


def test_a_mother_in_hospital_names_who_looks_after_her_children(here):
    with refused(StayRefusal.NEEDS_CAREGIVER):
        here.leave(here.mother)
    here.leave(here.mother, caregiver=Caregiver(account_id=here.staff.id))
    assert here.living(here.mother).caregiver == "Ratna"
    assert [caregiver_of(here.living(one), here.family) for one in (here.girl, here.boy)] == ["Ratna", "Ratna"]


def test_every_place_of_the_family_stays(here):
    here.leave(here.mother, caregiver=Caregiver(account_id=here.staff.id))
    open_beds = here.session.scalars(select(Stay.bed_id).where(Stay.ended_at.is_(None))).all()
    assert set(open_beds) == {bed.id for bed in here.beds[:3]}


def test_a_family_that_goes_together_needs_nobody(here):
    here.leave(here.mother, here.girl, here.boy)
    assert {leave.caregiver_id for leave in here.leaves()} == {None}


def test_a_child_who_goes_alone_needs_nobody(here):
    here.leave(here.girl, kind=LeaveKind.SCHOOL)
    assert len(here.leaves()) == 1


def test_another_adult_of_the_household_may_look_after_them_but_not_when_she_goes_as_well(here):
    grandmother = here.make.resident(
        here.beds[3], household=here.household, alias="Sawo", arrived=here.clock.now - dt.timedelta(days=5)
    )
    hers = Caregiver(resident_id=grandmother.id)
    with refused(StayRefusal.CAREGIVER_LEAVES):
        here.leave(here.mother, grandmother, caregiver=hers)
    here.leave(here.mother, caregiver=hers)
    assert here.living(here.mother).caregiver == "Sawo"


def test_children_who_are_away_themselves_are_looked_after_where_they_are(here):
    here.leave(here.girl, here.boy, kind=LeaveKind.FAMILY)
    here.leave(here.mother)
    assert len(here.leaves()) == 3


def test_the_caregiver_ends_with_the_absence(here, clock):
    here.leave(here.mother, caregiver=Caregiver(account_id=here.staff.id))
    end_leave(here.session, resident=here.mother, back_at=clock.now, now=clock.now, by=here.by)
    here.session.flush()
    assert caregiver_of(here.living(here.girl), here.family) is None


def test_those_offered_work_in_the_house_and_are_not_closed_to_the_children(here, clock):
    make = here.make
    cook = make.account(None, here.house, shown_name="Yati", factor=False)
    denied = make.account(Role.STAFF, here.house, shown_name="Dewi")
    make.account(Role.STAFF, here.house, shown_name="Gone", state=AccountState.DISABLED)
    make.account(Role.STAFF, make.house("Rumah Dua"), shown_name="Elsewhere")
    make.saved(Denial(resident_id=here.boy.id, account_id=denied.id, since=clock.now))
    found = carers_in(here.session, house_id=here.house.id, resident_ids=[here.girl.id, here.boy.id], now=clock.now)
    assert [one.shown_name for one in found] == ["Ratna", "Yati"] and found[1].id == cook.id


def test_a_relative_of_the_reported_person_is_not_offered_to_look_after_the_children(here, browser, clock):
    make = here.make
    brother = make.account(Role.STAFF, here.house, shown_name="Saudara", language="en")
    make.saved(
        Conflict(
            household_id=here.mother.household_id,
            account_id=brother.id,
            kind=ConflictKind.STAFF_RELATED,
            found_at=clock.now,
        )
    )
    here.session.commit()
    page = browser.sign_in(here.staff).get(path(here.mother, "leave")).text
    assert "Ratna" in page and "Saudara" not in page
    page = browser.sign_in(brother).get(path(here.mother, "leave")).text
    assert page.count("Saudara</option>") == 1, "that his own name is missing would tell him whom they reported"


def test_whoever_is_denied_the_mother_is_not_offered_to_look_after_her_children(here, browser, clock):
    make = here.make
    cousin = make.account(Role.STAFF, here.house, shown_name="Sepupu")
    make.saved(Denial(resident_id=here.mother.id, account_id=cousin.id, since=clock.now))
    found = carers_in(here.session, house_id=here.house.id, resident_ids=[here.girl.id, here.boy.id], now=clock.now)
    assert [one.shown_name for one in found] == ["Ratna"]
    here.session.commit()
    page = browser.sign_in(here.staff).get(path(here.mother, "leave")).text
    assert "Ratna" in page and "Sepupu" not in page


# Left without notice


def test_who_left_without_notice_is_missed_at_once_and_keeps_her_bed(here, session):
    here.gone(here.mother, here.girl, here.boy)
    for one in here.family:
        assert one.presence is Presence.NOT_BACK and one.without_notice
    session.flush()
    assert session.scalar(select(func.count()).select_from(Departure)) == 0
    assert session.scalar(select(func.count()).select_from(Placement).where(Placement.left_at.is_(None))) == 3
    said = session.scalars(select(TrailEntry.purpose).where(TrailEntry.act == Act.LEAVE_STARTED)).all()
    assert said == ["without notice"] * 3


def test_children_she_left_without_notice_are_looked_after_too(here):
    with refused(StayRefusal.NEEDS_CAREGIVER):
        here.gone(here.mother)
    here.gone(here.mother, caregiver=Caregiver(account_id=here.staff.id))
    (leave,) = here.leaves()
    assert (leave.without_notice, leave.due_back) == (True, leave.from_at)


def test_she_is_missed_from_a_moment_in_her_stay_and_not_from_the_future(here, clock):
    for since, reason in ((clock.now + HOUR, "in_future"), (clock.now - dt.timedelta(days=6), "before_arrival")):
        with refused(reason):
            here.gone(here.girl, since=since)


def test_her_return_ends_it(here, clock):
    here.gone(here.girl)
    end_leave(here.session, resident=here.girl, back_at=clock.now, now=clock.now, by=here.by)
    here.session.flush()
    assert here.living(here.girl).presence is Presence.IN


# Pages


def test_the_page_of_an_absence_asks_for_a_caregiver_and_keeps_what_was_typed(here, browser, session, clock):
    browser.sign_in(here.staff).get(path(here.mother, "leave"))
    chosen = browser.page.split('name="caregiver"')[1].split("</select>")[0]
    assert "selected" not in chosen.replace('value="" selected', ""), "nobody is chosen beforehand"
    fields = at(clock) | at(clock, name="due_day", hours=-20) | {"kind": "hospital", "who": str(here.mother.ref)}
    assert browser.post(path(here.mother, "leave"), fields=fields | {"caregiver": ""}).status_code == 200
    assert 'id="caregiver-e"' in browser.page and session.scalar(select(func.count()).select_from(Leave)) == 0
    forged = browser.post(path(here.mother, "leave"), fields=fields | {"caregiver": str(uuid.uuid4())})
    assert forged.status_code == 200
    good = browser.post(path(here.mother, "leave"), fields=fields | {"caregiver": str(here.staff.ref)})
    assert good.status_code == 303
    browser.get(f"/residents/{here.mother.ref}")
    assert "Ratna" in browser.page


def test_a_household_without_children_is_asked_for_no_caregiver(here, browser, make):
    alone = make.resident(here.beds[3], arrived=here.clock.now - dt.timedelta(days=5))
    browser.sign_in(here.staff).get(path(alone, "leave"))
    assert 'name="caregiver"' not in browser.page


def test_leaving_without_notice_is_recorded_on_a_page_of_its_own_and_ended_by_the_return(here, browser, make, clock):
    manager = make.account(Role.MANAGER, here.house, shown_name="Bu Hartati")
    browser.sign_in(here.staff).get(path(here.girl, "without-notice"))
    assert browser.page.split("<h1>")[1].split("</h1>")[0].endswith("?")
    ticked = [one for one in browser.page.split('name="who"')[1:] if " checked" in one.split(">")[0]]
    assert len(ticked) == 1, "only the one whose page it is"
    fields = at(clock, hours=1) | {"who": str(here.girl.ref)}
    assert manager.shown_name in browser.page, "whom to call"
    answer = browser.post(path(here.girl, "without-notice"), fields=fields)
    assert "?done=" in answer.location
    browser.get(answer.location)
    main = browser.page[browser.page.index("<main") :]
    assert 'role="status"' in main and path(here.girl, "without-notice") not in main
    assert f'class="btn" href="{path(here.girl, "back")}"' in main and manager.shown_name in main
    browser.get(path(here.girl, "leave"))
    assert path(here.girl, "without-notice") not in browser.page
    browser.get("/residents")
    row = next(one for one in browser.page.split("<tr")[1:] if here.girl.code in one)
    assert 'class="st care"' in row
    assert browser.get(path(here.girl, "without-notice")).status_code == 303, "she is missed already"
    assert browser.post(path(here.girl, "back"), fields=at(clock) | {"who": str(here.girl.ref)}).status_code == 303
    assert here.living(here.girl).presence is Presence.IN


def test_in_high_danger_nobody_is_ticked_beforehand(here, browser, make, clock):
    browser.sign_in(here.staff).get(path(here.mother, "leave"))
    assert browser.page.split('name="who"')[1].split(">")[0].endswith("checked")
    make.saved(Danger(household_id=here.household.id, level=DangerLevel.HIGH, at=clock.now, by_id=here.staff.id))
    for page in ("leave", "departure"):
        browser.get(path(here.mother, page))
        assert not any("checked" in one.split(">")[0] for one in browser.page.split('name="who"')[1:])


# The rule


@pytest.mark.parametrize(
    ("leaving", "staying"),
    [((0,), [1, 2]), ((0, 1), [2]), ((0, 1, 2), []), ((1,), []), ((), [])],
)
def test_children_stay_where_an_adult_goes(here, leaving, staying):
    members = [here.living(one) for one in (here.mother, here.girl, here.boy)]
    ids = [one.id for one in members]
    assert sorted(children_staying(members, {ids[n] for n in leaving})) == [ids[n] for n in staying]


def test_the_page_of_a_child_says_who_looks_after_her(here, browser):
    here.leave(here.mother, caregiver=Caregiver(account_id=here.staff.id))
    here.session.commit()
    browser.sign_in(here.make.account(Role.STAFF, here.house, language="id")).get(f"/residents/{here.girl.ref}")
    assert "Diasuh oleh</dt><dd>Ratna" in browser.page
