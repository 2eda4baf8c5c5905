"""A child whose last adult left has somebody with a name who looks after her, and is told of again without one."""

import datetime as dt

import pytest
from sqlalchemy import select

from safehouse.access.models import AccountState, Clearance
from safehouse.access.permissions import Role
from safehouse.residents.models import Denial, Household
from safehouse.shelter.choices import Destination
from safehouse.shelter.models import ChildCarer
from safehouse.shelter.operations.moving import depart
from safehouse.shelter.rules.duties import DutyKind
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry, TrailSubject
from tests.office import actor
from tests.shelter.staying import path
from tests.today.office_of_today import World

HOUR = dt.timedelta(hours=1)
BORN = dt.date(2015, 1, 1)


class Alone(World):
    """A girl whose mother left for good an hour ago."""

    def __init__(self, make):
        super().__init__(make)
        self.mother = self.lives_here(alias="Kenari")
        self.girl = self.lives_here(alias="Randu", birth_month=BORN, household=self.household)
        self.carer = make.account(Role.STAFF, self.house, shown_name="Bu Sri", language="en")
        self.leaves(self.mother)

    @property
    def household(self):
        return self.session.get(Household, self.mother.household_id)

    def leaves(self, resident):
        depart(
            self.session,
            residents=[resident],
            at=self.clock.now - HOUR,
            place_kind=Destination.OWN_FAMILY,
            now=self.clock.now,
            by=actor(self.staff),
        )
        self.session.commit()

    def told(self, account=None):
        return DutyKind.CHILD_ALONE in self.kinds(account or self.manager)


@pytest.fixture
def here(make):
    make.office()
    return Alone(make)


def named(browser, here, *children, carer=None):
    who = [str(one.ref) for one in children or (here.girl,)]
    return browser.post(
        path(here.girl, "looked-after"), fields={"who": who, "caregiver": str((carer or here.carer).ref)}
    )


def test_the_duty_leads_to_a_page_and_ends_with_a_name(here, browser, session):
    browser.sign_in(here.manager).get("/today")
    assert here.told() and here.told(here.worker)
    where = path(here.girl, "looked-after")
    assert f'href="{where}"' in browser.page
    browser.get(where)
    assert "Bu Sri" in browser.page and " selected" not in browser.page.split('name="caregiver"')[1].split("<option")[2]
    assert browser.post(where, fields={"who": str(here.girl.ref), "caregiver": ""}).status_code == 200
    assert named(browser, here).location == f"{path(here.girl)}?saved=carer"
    assert not here.told() and not here.told(here.worker)
    browser.get(path(here.girl))
    assert "Looked after by</dt><dd>Bu Sri" in browser.page and f'href="{where}"' in browser.page
    seq = session.scalars(select(TrailEntry.seq).where(TrailEntry.act == Act.CHILD_CARER_NAMED)).one()
    assert here.carer.ref in session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq == seq)).all()


@pytest.mark.parametrize("reason", ["disabled", "over", "elsewhere", "denied"])
def test_a_name_that_can_no_longer_look_after_her_is_told_again(here, browser, session, clock, reason):
    named(browser.sign_in(here.manager), here)
    assert not here.told()
    match reason:
        case "disabled":
            here.carer.state = AccountState.DISABLED
        case "over":
            here.carer.valid_until = clock.now
        case "elsewhere":
            session.scalars(select(Clearance).where(Clearance.account_id == here.carer.id)).one().until = clock.now
        case "denied":
            session.add(Denial(resident_id=here.mother.id, account_id=here.carer.id, since=clock.now))
    session.commit()
    assert here.told()
    browser.get(path(here.girl))
    assert "Bu Sri" not in browser.page
    browser.get(path(here.girl, "looked-after"))
    assert "Bu Sri" not in browser.page


def test_another_name_ends_the_one_before(here, browser, session):
    named(browser.sign_in(here.worker), here)
    browser.get(path(here.girl, "looked-after"))
    assert "Until now: Bu Sri." in browser.page
    here.clock.forward(minutes=3)
    named(browser, here, carer=here.staff)
    first, second = session.scalars(select(ChildCarer).order_by(ChildCarer.id)).all()
    assert first.until == here.clock.now and (second.until, second.account_id) == (None, here.staff.id)
    assert not here.told()


def test_the_same_press_twice_names_once(here, browser, session):
    fields = {
        "who": str(here.girl.ref),
        "caregiver": str(here.carer.ref),
        "act_key": "0b4a2d9e-58c7-4a06-8a2c-6b1f2e3d4c5b",
    }
    browser.sign_in(here.manager)
    one, two = (browser.post(path(here.girl, "looked-after"), fields=fields) for _ in range(2))
    assert one.location == two.location and len(session.scalars(select(ChildCarer)).all()) == 1


def test_a_name_from_before_the_last_adult_left_counts_no_more(here, browser, make, session):
    named(browser.sign_in(here.manager), here)
    aunt = here.lives_here(alias="Merbau", household=here.household)
    assert not here.told()
    browser.get(path(here.girl))
    assert "Bu Sri" not in browser.page, "her aunt is here"
    assert browser.get(path(here.girl, "looked-after")).status_code == 303
    here.clock.forward(hours=3)
    here.leaves(aunt)
    assert here.told()


def test_one_of_two_children_without_a_name_is_still_told(here, browser):
    boy = here.lives_here(alias="Ulin", birth_month=dt.date(2019, 1, 1), household=here.household)
    named(browser.sign_in(here.manager), here)
    (duty,) = [one for one in here.found(here.manager) if one.kind == DutyKind.CHILD_ALONE]
    assert duty.subject == boy.ref
    named(browser, here, here.girl, boy)
    assert not here.told()


def test_nobody_who_may_not_look_after_her_is_named(here, browser, make, session):
    stranger = make.account(Role.STAFF, make.house("Rumah Dua"))
    assert named(browser.sign_in(here.manager), here, carer=stranger).status_code == 200
    assert session.scalars(select(ChildCarer)).all() == []
    assert browser.get(path(here.mother, "looked-after")).location == path(here.mother)
    assert browser.sign_in(stranger).get(path(here.girl, "looked-after")).status_code == 404
