"""Who is answerable for whom: decided by the manager, seen by nobody before and by nobody after."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import AccountState, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment
from safehouse.residents.operations.people import AssignmentRefusal
from safehouse.residents.views.assignments import REFUSALS
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry

NOBODY = "5f0c2f4e-8a53-4a3f-9d0b-0c9f2a6f1d11"


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", beds=4))


@pytest.fixture
def manager(browser, make, house):
    return browser.sign_in(make.account(Role.MANAGER, house))


@pytest.fixture
def maya(make, house):
    return make.account(
        Role.CASEWORKER, house, shown_name="Maya", disciplines=(Discipline.PSYCHOLOGY, Discipline.SOCIAL_WORK)
    )


def path(resident):
    return f"/residents/{resident.ref}/assignment"


def choice(account, discipline=Discipline.SOCIAL_WORK, coordinator="yes", **more):
    return {"caseworker": f"{account.ref}:{discipline}", "coordinator": coordinator} | more


def open_ones(session):
    session.expire_all()
    return session.scalars(select(Assignment).where(Assignment.until.is_(None)).order_by(Assignment.id)).all()


def test_a_household_is_assigned_at_once_and_the_caseworker_sees_it_at_once(
    manager, new_browser, make, beds, maya, session
):
    household = make.household()
    mother = make.resident(beds[0], household=household)
    child = make.resident(beds[1], household=household, birth_month=dt.date(2016, 1, 1))
    hers = new_browser().sign_in(maya)
    assert hers.get(f"/residents/{mother.ref}").status_code == 404
    manager.get(path(mother))
    assert manager.page.count('name="who"') == 2 == manager.page.split('name="caseworker"')[0].count(" checked")
    answer = manager.post(path(mother), fields=choice(maya, who=[str(mother.ref), str(child.ref)]))
    assert answer.status_code == 303
    assert {(one.resident_id, one.coordinator) for one in open_ones(session)} == {(mother.id, True), (child.id, True)}
    assert hers.get(f"/residents/{child.ref}").status_code == 200
    assert session.scalar(select(func.count()).where(TrailEntry.act == Act.ASSIGNMENT_MADE)) == 2


def test_a_new_coordinator_takes_over_and_other_disciplines_stay(manager, make, house, beds, maya, session):
    resident = make.resident(beds[0])
    indah = make.account(Role.CASEWORKER, house, disciplines=(Discipline.SOCIAL_WORK,))
    for fields in (choice(maya), choice(indah)):
        assert manager.post(path(resident), fields=fields | {"who": str(resident.ref)}).status_code == 303
    assert [(one.account_id, one.coordinator) for one in open_ones(session)] == [(indah.id, True)]
    manager.post(path(resident), fields=choice(maya, Discipline.PSYCHOLOGY, "no", who=str(resident.ref)))
    assert [(one.account_id, one.coordinator) for one in open_ones(session)] == [(indah.id, True), (maya.id, False)]
    manager.get(path(resident))
    assert manager.page.count('name="end"') == 2


def test_an_assignment_that_ends_closes_the_record_to_her_at_once(manager, new_browser, make, beds, maya, session):
    resident = make.resident(beds[0])
    manager.post(path(resident), fields=choice(maya, who=str(resident.ref)))
    hers = new_browser().sign_in(maya)
    assert hers.get(f"/residents/{resident.ref}").status_code == 200
    for _ in range(2):
        assert manager.post(path(resident), end=str(maya.ref)).status_code == 303
    assert open_ones(session) == []
    assert hers.get(f"/residents/{resident.ref}").status_code == 404


@pytest.mark.parametrize("forged", ["x", NOBODY])
def test_ending_the_assignment_of_nobody_is_a_404(manager, make, beds, forged):
    assert manager.post(path(make.resident(beds[0])), end=forged).status_code == 404


@pytest.mark.parametrize(
    ("load", "words"), [(14, ()), (15, ("full load", "sudah penuh")), (20, ("too many", "terlalu banyak"))]
)
def test_a_heavy_load_is_said_before_anyone_is_added_to_it(manager, make, beds, maya, clock, load, words):
    for _ in range(load):
        make.saved(
            Assignment(
                resident_id=make.resident(house_id=beds[0].room.house_id).id,
                account_id=maya.id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=False,
                since=clock.now,
            )
        )
    manager.get(path(make.resident(beds[0])))
    assert f"{load} " in manager.page
    said = [word for word in ("full load", "sudah penuh", "too many", "terlalu banyak") if word in manager.page]
    assert bool(said) == bool(words) and set(said) <= set(words)


def test_with_many_caseworkers_a_list_takes_the_place_of_buttons(manager, make, house, beds):
    for _ in range(9):
        make.account(Role.CASEWORKER, house, disciplines=(Discipline.HEALTH,))
    manager.get(path(make.resident(beds[0])))
    assert '<select id="caseworker"' in manager.page and "0 " in manager.page.split("<select")[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"caseworker": ""},
        {"caseworker": "x:y"},
        {"coordinator": ""},
        {"coordinator": "perhaps"},
        {"who": "x"},
        {"who": []},
    ],
)
def test_a_choice_that_was_not_offered_assigns_nobody(manager, make, beds, maya, session, wrong):
    resident = make.resident(beds[0])
    fields = choice(maya, who=str(resident.ref)) | wrong
    assert manager.post(path(resident), fields=fields).status_code == 200
    assert 'role="alert"' in manager.page and open_ones(session) == []


def test_a_discipline_she_does_not_have_and_a_disabled_account_are_not_offered(
    manager, make, house, beds, maya, session
):
    gone = make.account(Role.CASEWORKER, house, disciplines=(Discipline.LEGAL,), state=AccountState.DISABLED)
    staff = make.account(Role.STAFF, house)
    resident = make.resident(beds[0])
    for fields in (choice(maya, Discipline.LEGAL), choice(gone, Discipline.LEGAL), choice(staff)):
        assert manager.post(path(resident), fields=fields | {"who": str(resident.ref)}).status_code == 200
    assert open_ones(session) == []


def test_somebody_of_another_household_cannot_be_assigned_along(manager, make, beds, maya, session):
    resident, stranger = make.resident(beds[0]), make.resident(beds[1])
    fields = choice(maya, who=[str(resident.ref), str(stranger.ref)])
    assert manager.post(path(resident), fields=fields).status_code == 200 and open_ones(session) == []


def test_assigning_in_just_the_same_way_again_is_said_and_changes_nothing(manager, make, beds, maya, session):
    resident = make.resident(beds[0])
    fields = choice(maya, who=str(resident.ref))
    manager.post(path(resident), fields=fields)
    assert manager.post(path(resident), fields=fields).status_code == 200
    assert len(open_ones(session)) == 1
    assert session.scalar(select(func.count()).select_from(Assignment)) == 1


def test_the_same_press_twice_assigns_once(manager, make, beds, maya, session):
    resident = make.resident(beds[0])
    fields = choice(maya, who=str(resident.ref), act_key=str(uuid.uuid4()))
    assert [manager.post(path(resident), fields=fields).status_code for _ in range(2)] == [303, 303]
    assert session.scalar(select(func.count()).select_from(Assignment)) == 1


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.SECURITY_OFFICER])
def test_only_a_manager_decides_who_is_answerable(browser, make, house, beds, maya, role, session):
    resident = make.resident(beds[0])
    browser.sign_in(make.account(role, *([] if role is Role.SECURITY_OFFICER else [house])))
    assert browser.get(path(resident)).status_code == 404
    assert browser.post(path(resident), fields=choice(maya, who=str(resident.ref))).status_code == 404
    assert open_ones(session) == []


def test_a_manager_of_another_house_decides_nothing_here(browser, make, beds, maya, session):
    resident = make.resident(beds[0])
    browser.sign_in(make.account(Role.MANAGER, make.house("Rumah Dua")))
    assert browser.get(path(resident)).status_code == 404
    assert browser.post(path(resident), fields=choice(maya, who=str(resident.ref))).status_code == 404


def test_an_office_without_caseworkers_is_told_who_makes_accounts(manager, make, beds):
    manager.get(path(make.resident(beds[0])))
    assert 'name="caseworker"' not in manager.page


def test_every_refusal_has_its_sentence():
    assert set(REFUSALS) == set(AssignmentRefusal)
