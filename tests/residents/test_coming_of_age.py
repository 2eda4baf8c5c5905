"""Reaching 18: a child the day before, an adult from midnight where she lives, and one sealed date opened once."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from safehouse.indonesian import comes_of_age, is_child_by_month
from safehouse.residents.models import Household, Resident
from safehouse.residents.operations.ageing import note_coming_of_age
from safehouse.residents.operations.identifying import Identity, record_identity
from safehouse.residents.rules.ageing import by_the_month, is_child, known_months, shown_of_age_on
from safehouse.ticking import tick
from safehouse.trail.acts import Act
from safehouse.trail.models import ActorKind, Result, TrailEntry
from safehouse.vault.operations import key_of, seal
from tests.office import actor

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
A_DAY = dt.timedelta(days=1)
MONTH = dt.date(2008, 11, 1)
births = st.dates(dt.date(1930, 1, 1), dt.date(2070, 12, 31))
days = st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31))
moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 12, 31), timezones=st.just(dt.UTC))


# The rule


def test_one_day_before_her_18th_birthday_she_is_a_child_and_on_it_an_adult():
    assert is_child(MONTH, dt.date(2026, 11, 21), dt.date(2026, 11, 20))
    assert not is_child(MONTH, dt.date(2026, 11, 21), dt.date(2026, 11, 21))


def test_where_only_the_month_is_known_she_is_a_child_until_it_is_over():
    assert is_child(MONTH, None, dt.date(2026, 11, 30))
    assert not is_child(MONTH, None, dt.date(2026, 12, 1))


def test_an_adult_whose_age_nobody_asked_is_no_child():
    assert not is_child(None, None, dt.date(2026, 11, 21))


@given(born=births, on=days)
def test_by_her_day_she_is_a_child_exactly_while_fewer_than_18_years_are_complete(born, on):
    completed = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    assert is_child(born.replace(day=1), comes_of_age(born), on) == (completed < 18)


@given(born=births, on=days)
def test_the_month_alone_never_makes_an_adult_of_a_child_and_lags_by_less_than_a_month(born, on):
    month, of_age_on = born.replace(day=1), comes_of_age(born)
    if is_child(month, of_age_on, on):
        assert is_child(month, None, on)
    if not is_child(month, of_age_on, on - 30 * A_DAY):
        assert not is_child(month, None, on)


@given(month=births.map(lambda day: day.replace(day=1)), of_age_on=st.none() | days, on=days)
def test_once_grown_up_she_stays_grown_up(month, of_age_on, on):
    if not is_child(month, of_age_on, on):
        assert not is_child(month, of_age_on, on + A_DAY)


@given(born=births, now=moments, zone=st.sampled_from(ZONES))
def test_wherever_she_lives_what_is_shown_now_says_what_her_birthday_says(born, now, zone):
    """The day is shown around the month in which it falls, so at every moment and in every zone nothing is missing."""
    on = now.astimezone(ZoneInfo(zone)).date()
    assert is_child(born.replace(day=1), shown_of_age_on(born, now), on) == (on < comes_of_age(born))


@given(born=births, now=moments)
def test_the_day_is_in_the_clear_around_one_month_of_her_life_and_at_no_other_time(born, now):
    day = comes_of_age(born)
    first = day.replace(day=1) if born.day != 29 or born.month != 2 else dt.date(day.year, 2, 1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    shown = shown_of_age_on(born, now)
    assert (shown is not None) == (first - A_DAY <= now.date() <= last + A_DAY)
    assert shown in {None, day}


@given(month=births.map(lambda day: day.replace(day=1)), on=days)
def test_going_by_the_month_is_written_as_the_first_day_after_it(month, on):
    assert is_child(month, by_the_month(month), on) == is_child_by_month(month, on)


@pytest.mark.parametrize(
    ("now", "months"),
    [
        (dt.datetime(2026, 11, 15, tzinfo=dt.UTC), [dt.date(2008, 11, 1)]),
        (dt.datetime(2026, 11, 30, 0, 0, tzinfo=dt.UTC), [dt.date(2008, 11, 1), dt.date(2008, 12, 1)]),
        (dt.datetime(2027, 1, 1, 23, 59, tzinfo=dt.UTC), [dt.date(2008, 12, 1), dt.date(2009, 1, 1)]),
    ],
)
def test_which_months_of_birth_have_their_day_known(now, months):
    assert known_months(now) == months


# The tick


@pytest.fixture
def bed(make):
    make.office()
    return make.beds(make.room(make.house("Rumah Satu"), beds=1))[0]


@pytest.fixture
def girl(make, session, bed):
    """Born on 22 November 2008; her exact date was written down long ago."""
    resident = make.resident(bed, alias="Randu", birth_month=MONTH)
    return sealed(session, resident, "2008-11-22")


def sealed(session, resident, born):
    resident.born = seal(session, resident, "born", born, key=key_of(session, resident.ref))
    session.commit()
    return resident


def run(app, clock):
    makers = app.extensions["db_reading"], app.extensions["db_writing"]
    assert tick(makers, now=clock.now, verifying=False).alone


def of_age_on(session, resident):
    session.expire_all()
    return session.get_one(Resident, resident.id).of_age_on


def openings(session):
    session.expire_all()
    return session.scalars(
        select(TrailEntry).where(TrailEntry.act == Act.VALUE_OPENED, TrailEntry.fields.contains("resident.born"))
    ).all()


def test_the_tick_opens_her_date_once_in_the_month_she_comes_of_age_and_that_is_recorded(app, clock, session, girl):
    clock.now = dt.datetime(2026, 11, 3, 1, 0, tzinfo=dt.UTC)
    run(app, clock)
    assert of_age_on(session, girl) == dt.date(2026, 11, 22)
    clock.forward(minutes=1)
    run(app, clock)
    [entry] = openings(session)
    assert (entry.actor_kind, entry.subject, entry.fields, entry.purpose, entry.result) == (
        ActorKind.SYSTEM,
        girl.ref,
        "resident.born",
        "coming of age",
        Result.DONE,
    )


def test_the_tick_opens_nothing_of_anybody_else(app, clock, make, session, bed):
    clock.now = dt.datetime(2026, 11, 15, 1, 0, tzinfo=dt.UTC)
    sealed(session, make.resident(birth_month=dt.date(2008, 10, 1)), "2008-10-31")
    sealed(session, make.resident(birth_month=dt.date(2008, 12, 1)), "2008-12-01")
    sealed(session, make.resident(birth_month=dt.date(1990, 11, 1)), "1990-11-22")
    make.resident(birth_month=MONTH)  # nobody knows her exact date
    run(app, clock)
    assert openings(session) == []
    assert session.scalars(select(Resident).where(Resident.of_age_on.is_not(None))).all() == []


def test_when_her_month_is_over_the_day_is_forgotten_and_not_opened_again(app, clock, session, girl):
    clock.now = dt.datetime(2026, 11, 3, 1, 0, tzinfo=dt.UTC)
    run(app, clock)
    for day in (1, 2, 3):
        clock.now = dt.datetime(2026, 12, day, 12, 0, tzinfo=dt.UTC)
        run(app, clock)
    assert of_age_on(session, girl) is None
    assert not is_child(girl.birth_month, None, dt.date(2026, 12, 3))
    assert len(openings(session)) == 1


def test_who_is_born_on_the_first_of_the_month_is_known_before_its_midnight(app, clock, make, session, bed):
    girl = sealed(session, make.resident(bed, birth_month=dt.date(2008, 12, 1)), "2008-12-01")
    # Midnight of 1 December in Jayapura is 15.00 UTC of the day before.
    clock.now = dt.datetime(2026, 11, 30, 14, 58, tzinfo=dt.UTC)
    run(app, clock)
    assert of_age_on(session, girl) == dt.date(2026, 12, 1)


def test_a_date_that_does_not_open_is_one_incident_and_stops_neither_the_tick_nor_the_others(
    app, clock, make, session, girl
):
    broken = make.resident(birth_month=MONTH)
    broken.born = b"\x01" + b"\x00" * 40
    session.commit()
    other = sealed(session, make.resident(birth_month=MONTH), "2008-11-05")
    clock.now = dt.datetime(2026, 11, 3, 1, 0, tzinfo=dt.UTC)
    run(app, clock)
    run(app, clock)
    assert of_age_on(session, girl) == dt.date(2026, 11, 22)
    assert of_age_on(session, other) == dt.date(2026, 11, 5)
    assert of_age_on(session, broken) == dt.date(2026, 12, 1), "she goes by the month"
    session.expire_all()
    [entry] = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.SEAL_BROKEN)).all()
    assert (entry.subject, entry.result) == (broken.ref, Result.FAILED)


def test_an_office_that_is_not_set_up_yet_ticks(app, clock):
    run(app, clock)


# Writing the date down


@pytest.fixture
def maya(make):
    return make.account(shown_name="Maya")


def write(session, resident, born, clock, maya):
    household = session.get_one(Household, resident.household_id)
    identity = Identity(born=born)
    record_identity(session, resident=resident, household=household, identity=identity, now=clock.now, by=actor(maya))
    session.commit()


def test_a_date_written_in_the_month_counts_at_once(clock, make, session, bed, maya):
    clock.now = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
    girl = make.resident(bed, birth_month=dt.date(2009, 6, 1))
    write(session, girl, dt.date(2008, 11, 22), clock, maya)
    assert (girl.birth_month, girl.of_age_on) == (MONTH, dt.date(2026, 11, 22))
    write(session, girl, dt.date(2008, 11, 23), clock, maya)
    assert girl.of_age_on == dt.date(2026, 11, 23)
    assert note_coming_of_age(session, now=clock.now) == 0, "it need not be opened"


def test_a_date_corrected_into_another_month_takes_the_day_away(clock, session, girl, maya):
    clock.now = dt.datetime(2026, 11, 3, 1, 0, tzinfo=dt.UTC)
    note_coming_of_age(session, now=clock.now)
    write(session, girl, dt.date(2009, 3, 5), clock, maya)
    assert (girl.birth_month, girl.of_age_on) == (dt.date(2009, 3, 1), None)
