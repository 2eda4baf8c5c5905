"""A woman goes back to the one she fled: nobody stops her, and a manager looks whether she is prepared."""

import datetime as dt

import pytest
from sqlalchemy import select

from safehouse.access.models import Office
from safehouse.access.permissions import Role
from safehouse.residents.models import Conflict, ConflictKind, Denial, Household
from safehouse.shelter.models import Departure, DepartureReview
from safehouse.shelter.queries.departures import to_review
from safehouse.shelter.rules.duties import DutyKind
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.shelter.staying import at, path
from tests.today.office_of_today import World

DAY = dt.timedelta(days=1)
PREPARED = {"safety_plan": "yes", "own_choice": "yes"}


@pytest.fixture
def world(make):
    make.office()
    return World(make)


@pytest.fixture
def browsers(new_browser):
    """A signed-in browser for each person."""
    open_ones = {}

    def of(account):
        if account.id not in open_ones:
            open_ones[account.id] = new_browser().sign_in(account)
        return open_ones[account.id]

    return of


def back_to_him(browsers, world, *leaving, by=None, place_kind="partner"):
    first = leaving[0]
    fields = at(world.clock) | {"place_kind": place_kind, "back_to_him": "y", "who": [str(one.ref) for one in leaving]}
    answer = browsers(by or world.staff).post(path(first, "departure"), fields=fields)
    assert answer.status_code == 303
    return answer.location.split("done=")[1]


def asked(world, account):
    return [one for one in world.found(account) if one.kind == DutyKind.WENT_BACK]


def review(browsers, account, resident, **answers):
    return browsers(account).post(path(resident, "departure/review"), fields=PREPARED | answers)


def test_a_return_to_the_partner_is_told_to_managers_at_once_until_one_has_looked(world, browsers, session):
    household = world.make.household()
    mother = world.lives_here(alias="Kenari", household=household)
    child = world.lives_here(alias="Randu", household=household, birth_month=dt.date(2019, 1, 1))
    back_to_him(browsers, world, mother, child)
    (duty,) = asked(world, world.manager)
    assert (duty.subject, duty.due_at, duty.figures["others"]) == (mother.ref, world.clock.now + DAY, 1)
    assert asked(world, world.staff) == asked(world, world.worker) == []
    manager = browsers(world.manager)
    manager.get("/today")
    where = path(mother, "departure/review")
    assert f'href="{where}"' in manager.page and "Left " in manager.page
    manager.get(where)
    assert " checked" not in manager.page and "Kenari" in manager.page and "Randu" in manager.page
    assert manager.post(where, fields={"safety_plan": "yes"}).status_code == 200, "both are answered"
    assert review(browsers, world.manager, mother, safety_plan="no").location == "/today?saved=review"
    assert asked(world, world.manager) == []
    rows = session.scalars(select(DepartureReview)).all()
    assert [(one.safety_plan, one.own_choice, one.by_id) for one in rows] == [(False, True, world.manager.id)] * 2
    said = session.execute(
        select(TrailEntry.subject, TrailEntry.purpose).where(TrailEntry.act == Act.DEPARTURE_REVIEWED)
    ).all()
    assert said == [(mother.ref, "no safety plan"), (child.ref, "no safety plan")]
    manager.get("/today")
    assert "without a safety plan" in manager.page, "what she decided tonight"
    assert manager.get(where).status_code == 404


def test_elsewhere_is_nobodys_review_and_neither_is_what_was_taken_back(world, browsers):
    one, other = world.lives_here(alias="Kenari"), world.lives_here(alias="Ulin")
    back_to_him(browsers, world, one, place_kind="own_family")
    done = back_to_him(browsers, world, other)
    assert len(asked(world, world.manager)) == 1
    assert browsers(world.staff).post(f"/departures/{done}/undo").status_code == 303
    assert asked(world, world.manager) == []
    assert review(browsers, world.manager, other).status_code == 404


def test_whoever_recorded_the_leaving_reviews_it_only_where_nobody_else_could(world, browsers, session):
    one = world.lives_here()
    back_to_him(browsers, world, one, by=world.manager)
    assert len(asked(world, world.manager)) == 1, "a house with one manager works"
    second = world.make.account(Role.MANAGER, world.house, language="en")
    assert asked(world, world.manager) == [] and len(asked(world, second)) == 1
    assert review(browsers, world.manager, one).status_code == 404
    denial = world.make.saved(Denial(resident_id=one.id, account_id=second.id, since=world.clock.now))
    assert asked(world, second) == [] and len(asked(world, world.manager)) == 1
    assert review(browsers, second, one).status_code == 404
    denial.until = world.clock.now
    second.valid_until = world.clock.now
    session.commit()
    assert len(asked(world, world.manager)) == 1, "her work there is over"


def test_a_manager_who_is_related_to_him_is_not_asked_and_keeps_nobody_from_being_asked(world, browsers, session):
    one = world.lives_here()
    second = world.make.account(Role.MANAGER, world.house, language="en")
    world.make.saved(
        Conflict(
            household_id=one.household_id,
            account_id=world.manager.id,
            kind=ConflictKind.STAFF_RELATED,
            found_at=world.clock.now,
        )
    )
    back_to_him(browsers, world, one, by=second)
    assert asked(world, world.manager) == [], "she would judge whether it was the wish of the woman her relative hurt"
    assert review(browsers, world.manager, one).status_code == 404
    assert len(asked(world, second)) == 1, "nobody else could"
    assert review(browsers, second, one).status_code == 303


def test_a_manager_of_another_house_is_told_nothing(world, browsers):
    one = world.lives_here()
    elsewhere = world.make.account(Role.MANAGER, world.make.house("Rumah Dua"))
    back_to_him(browsers, world, one)
    assert asked(world, elsewhere) == []
    assert review(browsers, elsewhere, one).status_code == 404
    assert review(browsers, world.worker, one).status_code == 404


def test_of_two_managers_the_first_counts(world, browsers, session):
    one = world.lives_here()
    back_to_him(browsers, world, one)
    second = world.make.account(Role.MANAGER, world.house, language="en")
    assert review(browsers, second, one).status_code == 303
    assert review(browsers, world.manager, one).status_code == 404
    assert len(session.scalars(select(DepartureReview)).all()) == 1


def test_who_is_back_again_or_left_before_anybody_asked_is_no_such_duty(world, browsers, session):
    one, other = world.lives_here(), world.lives_here()
    back_to_him(browsers, world, one)
    back_to_him(browsers, world, other)
    session.scalars(select(Office)).one().follows_arrivals_since = world.clock.now + DAY
    session.commit()
    assert asked(world, world.manager) == []
    session.scalars(select(Office)).one().follows_arrivals_since = None
    one.house_id = world.house.id
    session.commit()
    assert [duty.subject for duty in asked(world, world.manager)] == [other.ref]
    for departure in session.scalars(select(Departure)):
        departure.act_id = None  # as a register brings it in
    session.commit()
    assert asked(world, world.manager) == []


def test_however_many_went_back_it_is_one_question_to_the_tables(world, browsers, session):
    for _ in range(3):
        household = world.make.household()
        members = [world.lives_here(household=household) for _ in range(2)]
        back_to_him(browsers, world, *members)
    found = to_review(session, account_id=world.manager.id, role=Role.MANAGER, now=world.clock.now)
    assert [len(family) for family in found] == [2, 2, 2]
    assert to_review(session, account_id=world.staff.id, role=Role.STAFF, now=world.clock.now) == []


def test_a_child_who_goes_to_him_alone_is_warned_of_in_other_words_and_recorded_all_the_same(world, browsers, session):
    mother = world.lives_here()
    child = world.lives_here(
        household=session.get(Household, mother.household_id), alias="Randu", birth_month=dt.date(2010, 1, 1)
    )
    staff = browsers(world.staff)
    fields = at(world.clock) | {"place_kind": "partner", "who": str(child.ref)}
    assert staff.post(path(child, "departure"), fields=fields).status_code == 200
    assert "A child does not decide this alone" in staff.page
    assert staff.post(path(child, "departure"), fields=fields | {"back_to_him": "y"}).status_code == 303
    assert [duty.subject for duty in asked(world, world.manager)] == [child.ref]
