"""Clocks in words people use, one row that is now, and ages as groups."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehouse.gathered import Duty, Telling
from safehouse.residents.rules.clocks import police_deadline
from safehouse.residents.rules.duties import DutyKind as Owed
from safehouse.residents.rules.duties import police_told
from safehouse.shelter.rules.duties import (
    DutyKind,
    end_of,
    limit_warning_since,
    overdue_return_told,
    start_of,
)
from safehouse.today.rules.clocks import Span, State, Unit, in_units, span_of, state_of
from safehouse.today.rules.ordering import Rank, in_order, now_row, rank_of, zone_of
from safehouse.today.rules.telling import ages_around, is_night
from tests.office import NOW

WIB, WITA, WIT = (ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"))
moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1)).map(lambda one: one.replace(tzinfo=dt.UTC))
spans = st.timedeltas(dt.timedelta(), dt.timedelta(days=400))
zones = st.sampled_from((WIB, WITA, WIT))


WHOLE_DAYS = {DutyKind.CLEAN, DutyKind.LIMIT_NEAR, DutyKind.LIMIT_OVER, DutyKind.EXIT, DutyKind.CALL_AGAIN}


def due(at, **more) -> Duty:
    return Duty("shelter:return:overdue", uuid.uuid4(), at, {Telling.STAFF: at}, **more)


# Clocks


@given(spans)
def test_a_length_is_never_told_longer_than_it_is(length):
    span = in_units(length)
    one = {Unit.MINUTES: dt.timedelta(minutes=1), Unit.HOURS: dt.timedelta(hours=1), Unit.DAYS: dt.timedelta(days=1)}
    assert span.n * one[span.unit] <= length < (span.n + 1) * one[span.unit]


@pytest.mark.parametrize(
    ("left", "span"),
    [
        (dt.timedelta(hours=72), Span(72, Unit.HOURS)),
        (dt.timedelta(hours=72, seconds=1), Span(3, Unit.DAYS)),
        (dt.timedelta(hours=22, minutes=59), Span(22, Unit.HOURS)),
        (dt.timedelta(hours=1), Span(1, Unit.HOURS)),
        (dt.timedelta(minutes=59, seconds=59), Span(59, Unit.MINUTES)),
        (dt.timedelta(seconds=59), Span(0, Unit.MINUTES)),
        (dt.timedelta(), Span(0, Unit.MINUTES)),
        (-dt.timedelta(minutes=1), Span(1, Unit.MINUTES)),
        (-dt.timedelta(hours=48), Span(48, Unit.HOURS)),
        (-dt.timedelta(days=3), Span(3, Unit.DAYS)),
    ],
)
def test_what_is_left_and_what_is_late_is_counted_in_the_unit_people_use(left, span):
    assert span_of(due(NOW + left), NOW, WIB) == span


def test_a_whole_day_is_counted_in_days_of_the_house():
    last = end_of(dt.date(2026, 11, 18), WIB)
    assert span_of(due(last, all_day=True), NOW, WIB) == Span(3, Unit.DAYS)
    assert state_of(due(last, all_day=True), NOW, WIB) is State.OVERDUE


@given(moments, spans, zones)
def test_a_clock_of_hours_does_not_know_zones(now, left, zone):
    assert span_of(due(now + left), now, zone) == span_of(due(now + left), now, WIB)


@given(moments, zones)
def test_what_is_due_is_late_only_after_its_moment(now, zone):
    assert state_of(due(now), now, zone) is State.TODAY
    assert state_of(due(now - dt.timedelta(microseconds=1)), now, zone) is State.OVERDUE


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_a_day_ends_at_the_midnight_of_the_house(zone):
    day = dt.date(2026, 11, 22)
    duty = due(end_of(day, zone), all_day=True)
    midnight = start_of(day + dt.timedelta(days=1), zone)
    assert state_of(duty, start_of(day, zone), zone) is State.TODAY
    assert state_of(duty, midnight - dt.timedelta(microseconds=1), zone) is State.TODAY
    assert state_of(duty, midnight, zone) is State.OVERDUE
    assert state_of(duty, start_of(day, zone) - dt.timedelta(microseconds=1), zone) is State.SOON


def test_the_same_moment_is_today_in_one_zone_and_tomorrow_in_another():
    # 23.40 in Jakarta is 01.40 in Jayapura.
    duty = due(NOW + dt.timedelta(hours=1))
    assert state_of(duty, NOW, WIB) is State.SOON, "00.40 tomorrow in Jakarta"
    assert state_of(duty, NOW, WIT) is State.TODAY, "02.40 of the same day in Jayapura"


def test_seven_days_and_no_more_are_soon():
    day = NOW.astimezone(WIB).date()
    assert state_of(due(end_of(day + dt.timedelta(days=7), WIB), all_day=True), NOW, WIB) is State.SOON
    assert state_of(due(end_of(day + dt.timedelta(days=8), WIB), all_day=True), NOW, WIB) is State.LATER


# The police clock


@given(moments)
def test_the_police_are_told_within_three_times_twenty_four_clock_hours(reported):
    assert police_deadline(reported) - reported == dt.timedelta(hours=72)
    told = police_told(reported, has_worker=True)
    assert told[Telling.WORKER] == reported
    assert police_deadline(reported) - told[Telling.MANAGER] == dt.timedelta(hours=24)


@given(moments)
def test_where_nobody_answers_for_her_the_manager_is_told_of_the_police_clock_at_once(reported):
    assert police_told(reported, has_worker=False)[Telling.MANAGER] == reported


# Returns and limits


@given(moments, st.timedeltas(dt.timedelta(), dt.timedelta(days=7)))
def test_an_overdue_return_is_told_to_the_house_at_once_and_to_the_manager_after_the_delay(due_back, delay):
    told = overdue_return_told(due_back, delay, has_worker=True)
    assert told == {Telling.STAFF: due_back, Telling.WORKER: due_back, Telling.MANAGER: due_back + delay}
    assert overdue_return_told(due_back, delay, has_worker=False)[Telling.MANAGER] == due_back


@pytest.mark.parametrize(("left", "told"), [(4, None), (3, 3), (2, 3), (1, 1), (0, 1), (-1, None)])
def test_the_limit_is_told_three_days_before_and_anew_the_day_before(left, told):
    last = dt.date(2026, 12, 5)
    since = limit_warning_since(last, last - dt.timedelta(days=left), WIB)
    assert since == (None if told is None else start_of(last - dt.timedelta(days=told), WIB))


# Order


KINDS = [*DutyKind, *Owed]
NEAR = st.timedeltas(dt.timedelta(days=-10), dt.timedelta(days=10))


@st.composite
def some_duties(draw):
    """Duties as they are found: who is missing is late by definition, beds are cleaned within a day."""
    found = []
    for kind, away in draw(st.lists(st.tuples(st.sampled_from(KINDS), NEAR), max_size=12)):
        if kind in {DutyKind.LEFT_WITHOUT_NOTICE, DutyKind.NOT_BACK}:
            due_at = NOW - abs(away)
        elif kind is DutyKind.HOLD_ENDING:
            due_at = NOW + dt.timedelta(minutes=draw(st.integers(0, 60)))
        else:
            due_at = NOW + away
        found.append(Duty(kind, uuid.uuid4(), due_at, {Telling.STAFF: NOW}, all_day=kind in WHOLE_DAYS))
    return found


@given(some_duties())
def test_at_most_one_row_is_now_and_it_is_the_first_that_presses(found):
    ordered = in_order(found, NOW, WIB)
    assert sorted(one.subject for one in ordered) == sorted(one.subject for one in found), "nothing is lost"
    assert in_order(reversed(found), NOW, WIB) == ordered, "the same order, however they were found"
    first = now_row(ordered, NOW, WIB)
    pressing = [one for one in ordered if state_of(one, NOW, WIB) in {State.OVERDUE, State.TODAY}]
    assert first is not None or not pressing
    assert first is None or first is ordered[0]


@given(some_duties())
def test_a_person_who_is_missing_comes_before_everything(found):
    kinds = [one.kind for one in in_order(found, NOW, WIB)]
    for before, kind in enumerate((DutyKind.LEFT_WITHOUT_NOTICE, DutyKind.NOT_BACK)):
        if kind in kinds:
            earlier = kinds[: kinds.index(kind)]
            assert set(earlier) <= {DutyKind.LEFT_WITHOUT_NOTICE} if before else not earlier


@given(some_duties())
def test_beds_and_whole_days_are_never_now_while_something_is_late_by_the_clock(found):
    ordered = in_order(found, NOW, WIB)
    first = now_row(ordered, NOW, WIB)
    if any(not one.all_day and one.due_at < NOW for one in found):
        assert first is not None and not first.all_day
    if any(one.kind is not DutyKind.CLEAN and rank_of(one, NOW, WIB) is not Rank.LATER for one in found):
        assert first is not None and first.kind is not DutyKind.CLEAN


@given(some_duties())
def test_what_is_alike_is_done_as_it_falls_due(found):
    ordered = in_order(found, NOW, WIB)
    for rank in Rank:
        due_at = [one.due_at for one in ordered if rank_of(one, NOW, WIB) is rank]
        assert due_at == sorted(due_at)


@pytest.mark.parametrize(("hours", "rank"), [(72, Rank.LATER), (25, Rank.LATER), (24, Rank.POLICE), (-5, Rank.POLICE)])
def test_the_police_clock_comes_before_beds_in_its_last_day(hours, rank):
    duty = Duty(Owed.POLICE, uuid.uuid4(), NOW + dt.timedelta(hours=hours), {Telling.WORKER: NOW})
    assert rank_of(duty, NOW, WIB) is rank


def test_a_duty_of_no_house_follows_the_clock_of_the_unit():
    assert zone_of(due(NOW), WITA) == WITA
    assert zone_of(due(NOW, time_zone="Asia/Jayapura"), WITA) == WIT


# Ages and nights


@given(st.integers(0, 1440))
def test_an_age_is_shown_as_a_group_of_years(months):
    youngest, oldest = ages_around(months)
    assert youngest <= months // 12 and (oldest is None or months // 12 <= oldest)


def test_eighteen_begins_a_group_and_seventeen_ends_one():
    assert ages_around(18 * 12 - 1) == (13, 17)
    assert ages_around(18 * 12) == (18, 24)
    assert ages_around(60 * 12) == (60, None)


@pytest.mark.parametrize(("hour", "night"), [(17, False), (18, True), (23, True), (0, True), (4, True), (5, False)])
def test_a_night_is_from_six_in_the_evening_to_five(hour, night):
    assert is_night(dt.time(hour)) is night
