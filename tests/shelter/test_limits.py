"""The limit of a stay: counted in local days of the house, moved by an extension and by nothing else."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehouse.access.permissions import Role
from safehouse.shelter.operations.moving import plan_exit
from safehouse.shelter.rules.extending import (
    FARTHEST_DAYS,
    Asked,
    UntilFault,
    danger_counts,
    default_until,
    digest_of_request,
    limit_day,
    needs_way_home,
    why_not_grant,
    why_not_until,
)
from safehouse.shelter.rules.staying import Nearness, term
from safehouse.shelter.stays_in_words import say_day, say_limit
from tests.office import actor

TODAY = dt.date(2026, 11, 21)
JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
days = st.dates(min_value=dt.date(2024, 1, 1), max_value=dt.date(2030, 12, 31))
lengths = st.integers(min_value=1, max_value=365)


# Counting


@given(arrived=days, limit=lengths, slept=st.integers(min_value=0, max_value=800))
def test_warnings_begin_three_days_and_one_day_before_the_limit_of_any_length(arrived, limit, slept):
    today = arrived + dt.timedelta(days=slept)
    seen = term(arrived, limit, arrived + dt.timedelta(days=limit), today)
    left = limit - slept
    expected = Nearness.OVER if left < 0 else Nearness.LAST if left <= 1 else Nearness.NEAR if left <= 3 else None
    assert (seen.warning, seen.day, seen.limit_left) == (expected, slept, left)
    assert seen.last_day == limit_day(arrived, limit)


@given(arrived=days, limit=lengths, more=lengths, slept=st.integers(min_value=0, max_value=800))
def test_more_days_move_the_limit_by_as_many_and_the_day_of_the_stay_by_none(arrived, limit, more, slept):
    today = arrived + dt.timedelta(days=slept)
    before = term(arrived, limit, today, today)
    after = term(arrived, limit + more, today, today)
    assert after.day == before.day and after.last_day - before.last_day == dt.timedelta(days=more)


def test_the_day_of_a_stay_is_a_local_day_of_the_house(make, session, clock):
    """23.40 in Jakarta on the 21st is the 22nd in Jayapura already."""
    from safehouse.shelter.queries.stays import household_here

    seen = []
    for zone in ("Asia/Jakarta", "Asia/Jayapura"):
        house = make.house(time_zone=zone)
        resident = make.resident(
            make.beds(make.room(house, beds=1))[0], arrived=clock.now - dt.timedelta(hours=24), limit_days=7
        )
        manager = make.account(Role.MANAGER, house)
        (one,) = household_here(
            session,
            household_id=resident.household_id,
            account_id=manager.id,
            role=Role.MANAGER,
            now=clock.now + dt.timedelta(minutes=30),
        )
        seen.append((one.term.day, one.term.last_day))
    assert seen == [(2, dt.date(2026, 11, 27)), (1, dt.date(2026, 11, 28))]


# What may be asked and granted


@given(limit=days, today=days, house=lengths)
def test_the_day_offered_may_always_be_asked_for_unless_the_limit_is_more_than_a_year_ahead(limit, today, house):
    offered = default_until(limit, today, house)
    fault = why_not_until(offered, limit=limit, today=today)
    if limit < today + dt.timedelta(days=FARTHEST_DAYS):
        assert fault is None
    else:
        assert fault is UntilFault.NOT_LATER


@given(limit=days, today=days, until=days)
def test_a_day_is_asked_for_after_the_limit_from_today_on_and_within_a_year(limit, today, until):
    allowed = limit < until and today <= until <= today + dt.timedelta(days=FARTHEST_DAYS)
    assert (why_not_until(until, limit=limit, today=today) is None) == allowed


@given(limit=days, today=days, asked=days, granted=days)
def test_what_is_granted_is_never_more_than_was_asked_nor_less_than_the_limit(limit, today, asked, granted):
    if why_not_grant(granted, asked=asked, limit=limit, today=today) is None:
        assert limit < granted <= asked


@given(st.datetimes(min_value=dt.datetime(2026, 1, 1), max_value=dt.datetime(2026, 12, 31)), st.timedeltas())
def test_danger_counts_for_three_times_24_hours(at, age):
    assessed = at.replace(tzinfo=dt.UTC)
    try:
        now = assessed + age
    except OverflowError:
        return
    assert danger_counts(assessed, now) == (age <= dt.timedelta(days=3))


def test_danger_nobody_assessed_counts_for_nothing():
    assert not danger_counts(None, dt.datetime(2026, 11, 21, tzinfo=dt.UTC))


@pytest.mark.parametrize(("granted", "needed"), [(0, False), (1, True), (5, True)])
def test_the_way_home_is_part_of_every_extension_after_the_first(granted, needed):
    assert needs_way_home(granted) is needed


def test_the_digest_of_a_request_knows_everything_that_counts_and_no_order():
    subject, danger = uuid.uuid4(), uuid.uuid4()
    first, second = Asked(1, TODAY, TODAY + dt.timedelta(days=9), True), Asked(2, TODAY, TODAY, True)
    whole = digest_of_request(subject, "threat", "stay", danger, [first, second])
    assert whole == digest_of_request(subject, "threat", "stay", danger, [second, first])
    others = [
        digest_of_request(uuid.uuid4(), "threat", "stay", danger, [first, second]),
        digest_of_request(subject, "health", "stay", danger, [first, second]),
        digest_of_request(subject, "threat", "go_home", danger, [first, second]),
        digest_of_request(subject, "threat", "stay", uuid.uuid4(), [first, second]),
        digest_of_request(subject, "threat", "stay", danger, [first]),
        digest_of_request(subject, "threat", "stay", danger, [first, Asked(2, TODAY, TODAY, False)]),
        digest_of_request(
            subject, "threat", "stay", danger, [Asked(1, TODAY, TODAY + dt.timedelta(days=10), True), second]
        ),
        digest_of_request(
            subject, "threat", "stay", danger, [Asked(1, TODAY + dt.timedelta(days=1), first.until, True), second]
        ),
    ]
    assert whole not in others and len(set(others)) == len(others)


# What is shown


@pytest.fixture
def speaking(app):
    def speak(language):
        from flask import g

        context = app.test_request_context("/", headers={"Cookie": f"language={language}"})
        context.push()
        g.signed = None
        return context

    return speak


def test_the_day_she_came_has_no_number_and_the_day_of_the_limit_has_that_of_the_limit(speaking):
    """So that a house of seven days warns on day 4 and on day 6, and day 7 is the last of seven."""
    context = speaking("id")
    try:
        terms = [term(TODAY, 7, TODAY + dt.timedelta(days=7), TODAY + dt.timedelta(days=n)) for n in range(9)]
        assert [say_day(one) for one in terms] == [
            "Datang hari ini, batas 7 hari",
            *(f"Hari ke-{n} dari 7" for n in range(1, 8)),
            "Hari ke-8, lewat batas 7 hari",
        ]
        assert [n for n, one in enumerate(terms) if one.warning is Nearness.NEAR] == [4, 5]
        assert [n for n, one in enumerate(terms) if one.warning is Nearness.LAST] == [6, 7]
    finally:
        context.pop()


def test_the_list_says_the_day_and_how_long_still(browser, make, clock):
    house = make.house("Rumah Satu")
    beds = make.beds(make.room(house, beds=3))
    for bed, arrived, limit in zip(beds, (4, 18, 0), (7, 14, 14), strict=True):
        make.resident(bed, arrived=clock.now - dt.timedelta(days=arrived), limit_days=limit)
    browser.sign_in(make.account(Role.STAFF, house, language="id")).get("/residents")
    for sentence in ("Hari ke-4, s.d. 24 Nov, 3 hari lagi", "Hari ke-18, s.d. 17 Nov, lewat 4 hari"):
        assert sentence in browser.page, sentence
    assert "Datang hari ini, s.d. 5 Des" in browser.page


def test_a_planned_exit_before_the_limit_is_free_and_leaves_the_limit_alone(make, session, clock):
    house = make.house()
    resident = make.resident(make.beds(make.room(house, beds=1))[0], arrived=clock.now, limit_days=7)
    manager = make.account(Role.MANAGER, house)
    from sqlalchemy import select

    from safehouse.shelter.models import Placement

    for n in (3, 7, 1):
        plan_exit(
            session,
            residents=[resident],
            day=TODAY + dt.timedelta(days=n),
            today=TODAY,
            zone=JAKARTA,
            now=clock.now,
            by=actor(manager),
        )
        placement = session.scalars(select(Placement)).one()
        assert (placement.limit_days, placement.planned_exit) == (7, TODAY + dt.timedelta(days=n))


def test_the_limit_is_said_with_how_far_it_is(speaking):
    context = speaking("id")
    try:
        seen = term(TODAY, 7, TODAY, TODAY + dt.timedelta(days=9))
        assert say_limit(seen, "28 November 2026") == "28 November 2026, lewat 2 hari"
    finally:
        context.pop()
