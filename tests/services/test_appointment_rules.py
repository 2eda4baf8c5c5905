"""Which appointments meet, what belongs to which domain, and who reads what one is for."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.services.choices import AppointmentKind, AppointmentPlace, SafeWay
from safehouse.services.rules.appointments import (
    KINDS,
    begins_at,
    day_of,
    goes_out_inside,
    midnight,
    overlaps,
    reads_kind,
)

MOMENT = st.integers(min_value=0, max_value=200)
LENGTH = st.integers(min_value=1, max_value=60)
START = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def minute(n: int) -> dt.datetime:
    return START + dt.timedelta(minutes=n)


@given(MOMENT, LENGTH, MOMENT, LENGTH)
def test_two_appointments_meet_exactly_when_some_minute_belongs_to_both(begins, lasts, other, other_lasts):
    shared = set(range(begins, begins + lasts)) & set(range(other, other + other_lasts))
    meet = overlaps(minute(begins), minute(begins + lasts), minute(other), minute(other + other_lasts))
    assert meet == bool(shared)
    assert meet == overlaps(minute(other), minute(other + other_lasts), minute(begins), minute(begins + lasts))


@given(MOMENT, LENGTH, LENGTH)
def test_one_that_begins_as_the_other_ends_does_not_meet_it(begins, lasts, then):
    assert not overlaps(minute(begins), minute(begins + lasts), minute(begins + lasts), minute(begins + lasts + then))


def test_every_kind_is_agreed_in_some_domain():
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(AppointmentKind)
    assert set(KINDS) == set(Discipline)


@pytest.mark.parametrize(
    ("name", "utc"), [("Asia/Jakarta", 17), ("Asia/Makassar", 16), ("Asia/Jayapura", 15)], ids=["WIB", "WITA", "WIT"]
)
def test_a_day_begins_by_the_clock_of_the_house(name, utc):
    zone, day = ZoneInfo(name), dt.date(2026, 11, 25)
    begins = midnight(day, zone)
    assert begins == dt.datetime(2026, 11, 24, utc, tzinfo=dt.UTC)
    assert day_of(begins, zone) == day
    assert day_of(begins - dt.timedelta(microseconds=1), zone) == day - dt.timedelta(days=1)
    assert begins_at(day, dt.time(0, 30), zone) == begins + dt.timedelta(minutes=30)


@pytest.mark.parametrize(
    ("role", "own", "coordinator", "along", "reads"),
    [
        (Role.STAFF, None, False, False, False),
        (Role.STAFF, None, False, True, False),
        (Role.SECURITY_OFFICER, None, False, True, False),
        (Role.MANAGER, None, False, False, True),
        (Role.CASEWORKER, Discipline.LEGAL, False, False, True),
        (Role.CASEWORKER, Discipline.SOCIAL_WORK, True, False, True),
        (Role.CASEWORKER, Discipline.SOCIAL_WORK, False, False, False),
        (Role.CASEWORKER, Discipline.HEALTH, False, False, False),
        (Role.CASEWORKER, Discipline.HEALTH, False, True, True),
        (Role.CASEWORKER, None, False, True, False),
    ],
)
def test_what_a_hearing_is_for_is_read_by_its_domain_and_by_who_goes_along(role, own, coordinator, along, reads):
    assert reads_kind(role, own, coordinator=coordinator, domain=Discipline.LEGAL, goes_along=along) is reads


def test_nobody_stays_in_the_house_and_is_in_court():
    assert goes_out_inside(AppointmentPlace.COURT, SafeWay.INSIDE)
    assert not goes_out_inside(AppointmentPlace.HOUSE, SafeWay.INSIDE)
    assert not goes_out_inside(AppointmentPlace.ONLINE, SafeWay.INSIDE)
    assert not goes_out_inside(AppointmentPlace.COURT, SafeWay.NO_LOGO)
