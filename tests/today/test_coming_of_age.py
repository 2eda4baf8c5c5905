"""At midnight of her 18th birthday, where her house is, rights and rooms change, and nobody is moved."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from safehouse.residents.models import ConsentItem, GivenBy, Guardian, Household, Relationship
from safehouse.residents.queries.consents import agreed_to
from safehouse.residents.rules.ageing import is_child
from safehouse.shelter.choices import Destination
from safehouse.shelter.models import Stay
from safehouse.shelter.operations.moving import depart
from safehouse.shelter.queries.board import board_rows
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.intake import asked_so_far
from safehouse.shelter.queries.stays import household_here
from safehouse.shelter.queries.tonight import in_houses
from safehouse.shelter.rules.board import AgeGroup, board
from safehouse.shelter.rules.duties import DutyKind, Missing
from tests.office import actor
from tests.today.office_of_today import World

MONTH, BIRTHDAY = dt.date(2008, 11, 1), dt.date(2026, 11, 22)
# Midnight of 22 November, where the house is.
ZONES = {
    "Asia/Jakarta": dt.datetime(2026, 11, 21, 17, tzinfo=dt.UTC),
    "Asia/Makassar": dt.datetime(2026, 11, 21, 16, tzinfo=dt.UTC),
    "Asia/Jayapura": dt.datetime(2026, 11, 21, 15, tzinfo=dt.UTC),
}
A_MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(params=ZONES)
def world(request, make):
    """It is one minute before midnight; the office itself is in Jakarta."""
    make.office()
    make.clock.now = ZONES[request.param] - A_MINUTE
    return World(make, zone=request.param)


@pytest.fixture
def girl(world):
    arrived = world.clock.now - dt.timedelta(hours=2)
    return world.lives_here(alias="Randu", birth_month=MONTH, of_age_on=BIRTHDAY, arrived=arrived)


def as_seen(world, girl):
    """Whether each reader takes her for an adult."""
    world.session.expire_all()
    now, account = world.clock.now, world.staff
    today = now.astimezone(ZoneInfo(world.house.time_zone)).date()
    mine = {"account_id": account.id, "role": account.role}
    [house] = house_views(world.session, house_ids=[world.house.id], today=today, now=now)
    [occupant] = [one for room in house.rooms for bed in room.beds for one in bed.occupants]
    rows = board_rows(world.session, **mine, first=today, nights=1, now=now)
    [shown] = board(rows, now=now).houses
    [sleeper] = [one for room in shown.rooms for bed in room.beds for one in bed.sleepers]
    [tonight] = in_houses(world.session, **mine, now=now)
    [living] = household_here(world.session, household_id=girl.household_id, **mine, now=now)
    [asked] = asked_so_far(world.session, residents=[girl], today=today)
    return {
        "rooms": occupant.adult,
        "board": sleeper.group is AgeGroup.ADULT,
        "tonight": tonight.adult,
        "moving": living.person.adult,
        "house rules": asked.rules is not None,
    }


def test_every_reader_takes_her_for_a_child_until_midnight_and_for_an_adult_from_then_on(world, girl):
    assert set(as_seen(world, girl).values()) == {False}
    world.clock.now += A_MINUTE
    assert set(as_seen(world, girl).values()) == {True}


def test_nobody_is_moved_by_her_birthday(world, girl):
    before = world.session.execute(select(Stay.bed_id, Stay.started_at, Stay.ended_at)).all()
    world.clock.now += A_MINUTE
    as_seen(world, girl)
    assert world.session.execute(select(Stay.bed_id, Stay.started_at, Stay.ended_at)).all() == before


def test_what_her_guardian_agreed_to_counts_until_midnight_and_then_she_is_asked_herself(world, girl):
    outside = world.make.saved(
        Guardian(child_id=girl.id, name=b"sealed", relationship=Relationship.MOTHER, since=world.clock.now - A_MINUTE)
    )
    referral = world.emergency(girl)
    world.screened(referral)
    world.asked(girl)
    consent = world.agreed(girl, ConsentItem.STAY)
    consent.given_by, consent.guardian_id = GivenBy.GUARDIAN, outside.id
    world.session.commit()
    today = BIRTHDAY - dt.timedelta(days=1)
    assert agreed_to(world.session, residents=[girl], item=ConsentItem.STAY, today=today)
    assert DutyKind.COMPLETE not in world.kinds(world.staff)
    world.clock.now += A_MINUTE
    assert not agreed_to(world.session, residents=[girl], item=ConsentItem.STAY, today=BIRTHDAY)
    [duty] = [one for one in world.found(world.staff) if one.kind == DutyKind.COMPLETE]
    assert duty.figures["missing"] == (Missing.CONSENT, Missing.HOUSE_RULES)
    assert duty.due_at == world.clock.now + dt.timedelta(days=1), "she is asked within a day of her midnight"


def test_a_sister_who_is_18_from_midnight_on_is_an_adult_who_stays_with_the_children(world, girl):
    household = world.session.get_one(Household, girl.household_id)
    mother = world.lives_here(household=household)
    world.lives_here(alias="Bayur", household=household, birth_month=dt.date(2019, 1, 1))
    depart(
        world.session,
        residents=[mother],
        at=world.clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=world.clock.now,
        by=actor(world.staff),
    )
    world.session.commit()
    assert DutyKind.CHILD_ALONE in world.kinds(world.worker)
    world.clock.now += A_MINUTE
    assert DutyKind.CHILD_ALONE not in world.kinds(world.worker)


@pytest.mark.parametrize("of_age_on", [None, dt.date(2026, 11, 21), dt.date(2026, 11, 22), dt.date(2026, 11, 30)])
@pytest.mark.parametrize("month", [None, dt.date(2008, 10, 1), MONTH, dt.date(2008, 12, 1)])
def test_the_statement_of_the_duties_says_of_every_sister_what_the_rule_says(world, month, of_age_on):
    """A boy is alone or not by the same rule the pages go by, whatever is known of his sister's birth."""
    household = world.make.household()
    mother = world.lives_here(household=household)
    world.lives_here(household=household, birth_month=month, of_age_on=of_age_on)
    world.lives_here(household=household, birth_month=dt.date(2019, 1, 1))
    depart(
        world.session,
        residents=[mother],
        at=world.clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=world.clock.now,
        by=actor(world.staff),
    )
    world.session.commit()
    for _midnight in range(2):
        today = world.clock.now.astimezone(ZoneInfo(world.house.time_zone)).date()
        alone = DutyKind.CHILD_ALONE in world.kinds(world.worker)
        assert alone == is_child(month, of_age_on, today)
        world.clock.now += A_MINUTE


def test_her_page_says_13_to_17_until_midnight(world, girl, browser):
    browser.sign_in(world.worker)
    assert "13 to 17" in ages_shown(browser, girl)
    world.clock.now += A_MINUTE
    assert "18 to 24" in ages_shown(browser, girl)


def ages_shown(browser, girl):
    return re.sub(r"\s+", " ", browser.get(f"/residents/{girl.ref}").text)
