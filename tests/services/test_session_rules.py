"""What a session may be, and the ladder of a goal: no order of sessions leads off it, and taking one back restores."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehouse.access.models import Discipline
from safehouse.services.choices import Attendance, Progress, SessionKind
from safehouse.services.rules.appointments import KINDS as AGREED_KINDS
from safehouse.services.rules.goals import NOT_BEGUN, REACHED
from safehouse.services.rules.sessions import (
    KEPT_BY_A_SESSION,
    KINDS,
    NEXT_KIND,
    NewSession,
    Said,
    SessionRefusal,
    fault_of,
    moved_to,
    stood_at,
    usual_start,
)

NOW = dt.datetime(2026, 11, 21, 16, 40, tzinfo=dt.UTC)
ARRIVED = NOW - dt.timedelta(days=30)
HOUR = dt.timedelta(hours=1)
MOMENTS = st.integers(0, 500).map(lambda hours: ARRIVED + hours * HOUR)
PROGRESS = st.sampled_from(list(Progress))


def individual(**more):
    return NewSession(**{"kind": SessionKind.INDIVIDUAL, "starts_at": NOW - HOUR, "minutes": 60, **more})


def fault(new, *, domain=Discipline.PSYCHOLOGY, progress=(), left_at=None):
    return fault_of(new, domain=domain, progress=progress, arrived_at=ARRIVED, left_at=left_at, now=NOW)


def test_a_usual_session_is_without_fault():
    assert fault(individual()) is None
    assert fault(individual(ready=True), progress=[Progress.FORWARD]) is None
    assert fault(individual(starts_at=NOW)) is None
    assert fault(individual(starts_at=ARRIVED)) is None
    assert fault(individual(attendance=Attendance.ABSENT, minutes=None)) is None


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (individual(starts_at=NOW + dt.timedelta(minutes=1)), SessionRefusal.IN_FUTURE),
        (individual(starts_at=ARRIVED - dt.timedelta(minutes=1)), SessionRefusal.BEFORE_ARRIVAL),
        (individual(minutes=0), SessionRefusal.LENGTH),
        (individual(minutes=1441), SessionRefusal.LENGTH),
        (individual(minutes=-30), SessionRefusal.LENGTH),
        (individual(minutes=None), SessionRefusal.NO_LENGTH),
        (individual(attendance=Attendance.ABSENT), SessionRefusal.LENGTH_WITHOUT_SESSION),
        (individual(attendance=Attendance.MOVED), SessionRefusal.LENGTH_WITHOUT_SESSION),
        (individual(attendance=Attendance.ABSENT, minutes=None, ready=True), SessionRefusal.READY_WITHOUT_SESSION),
        (individual(kind=SessionKind.LESSON), SessionRefusal.OTHER_DOMAIN),
    ],
)
def test_what_cannot_have_been_is_refused_with_its_reason(new, refusal):
    assert fault(new) is refusal


@pytest.mark.parametrize("minutes", [1, 1440])
def test_a_session_lasts_from_a_minute_to_a_day(minutes):
    assert fault(individual(minutes=minutes)) is None


def test_nobody_is_met_here_after_she_left():
    left = NOW - dt.timedelta(days=2)
    assert fault(individual(), left_at=left) is SessionRefusal.AFTER_SHE_LEFT
    assert fault(individual(starts_at=left), left_at=left) is None


def test_a_goal_does_not_move_in_a_session_that_was_not_held():
    absent = individual(attendance=Attendance.ABSENT, minutes=None)
    assert fault(absent, progress=[Progress.NOT_DISCUSSED]) is None
    assert fault(absent, progress=[Progress.NOT_DISCUSSED, Progress.SAME]) is SessionRefusal.PROGRESS_WITHOUT_SESSION


@pytest.mark.parametrize("domain", [Discipline.HEALTH, Discipline.LEGAL, Discipline.EDUCATION])
def test_only_psychology_and_social_work_say_that_she_is_ready(domain):
    new = individual(kind=KINDS[domain][0], ready=True)
    assert fault(new, domain=domain) is SessionRefusal.READY_ELSEWHERE


@pytest.mark.parametrize("domain", list(Discipline))
def test_every_domain_offers_sessions_and_agrees_only_on_what_it_has(domain):
    assert KINDS[domain] and len(set(KINDS[domain])) == len(KINDS[domain])
    assert {NEXT_KIND[domain], *KEPT_BY_A_SESSION[domain]} <= set(AGREED_KINDS[domain])


def test_every_kind_of_session_is_offered_somewhere():
    assert {one for kinds in KINDS.values() for one in kinds} == set(SessionKind)


# When a session has probably begun


@given(MOMENTS, st.one_of(st.none(), MOMENTS), st.integers(0, 3599))
def test_what_is_filled_in_as_the_beginning_is_never_refused(now, left_at, seconds):
    now += dt.timedelta(seconds=seconds)
    left_at = left_at if left_at is None or left_at <= now else None
    begun = usual_start(now, arrived_at=ARRIVED, left_at=left_at)
    new = individual(starts_at=begun)
    assert (
        fault_of(new, domain=Discipline.PSYCHOLOGY, progress=(), arrived_at=ARRIVED, left_at=left_at, now=now) is None
    )


def test_the_beginning_that_is_filled_in_is_an_hour_ago_on_a_quarter():
    assert usual_start(NOW, arrived_at=ARRIVED, left_at=None) == NOW.replace(hour=15, minute=30)


# The ladder


def climb(sessions):
    """Record these sessions one after another; what each of them wrote, None where the goal was not talked about."""
    said, written = [Said(ARRIVED, NOT_BEGUN)], []
    for at, progress in sessions:
        step = moved_to(said, at=at, progress=progress)
        one = None if step is None else Said(at, step)
        written.append(one)
        if one is not None:
            said = sorted([*said, one], key=lambda each: each.at)
    return said, written


@given(st.lists(st.tuples(MOMENTS, PROGRESS), max_size=40))
def test_no_order_of_sessions_leads_off_the_ladder(sessions):
    said, _written = climb(sessions)
    assert all(NOT_BEGUN <= one.step <= REACHED for one in said)


@given(st.lists(st.tuples(MOMENTS, PROGRESS), max_size=20), MOMENTS, PROGRESS)
def test_taking_back_the_last_session_restores_every_step_exactly(sessions, at, progress):
    before, _written = climb(sessions)
    after, written = climb([*sessions, (at, progress)])
    if written[-1] is not None:
        # Of several words on one moment the one taken back is the last.
        after.reverse()
        after.remove(written[-1])
        after.reverse()
    assert after == before


@given(st.lists(st.tuples(MOMENTS, PROGRESS), max_size=20), MOMENTS)
def test_a_session_in_between_goes_on_from_where_the_goal_stood_then(sessions, at):
    said, _written = climb(sessions)
    stood = stood_at(said, at)
    assert moved_to(said, at=at, progress=Progress.FORWARD) == min(stood + 1, REACHED)
    assert moved_to(said, at=at, progress=Progress.BACK) == max(stood - 1, NOT_BEGUN)
    assert moved_to(said, at=at, progress=Progress.SAME) == stood
    assert moved_to(said, at=at, progress=Progress.NOT_DISCUSSED) is None
