"""The first health check and the doctor in time: who is told when, what ends them, and that nobody reads why."""

import datetime as dt
import re

import pytest

from safehouse.access.permissions import Role
from safehouse.gathered import Telling
from safehouse.residents.models import Examiner, HealthOutcome
from safehouse.shelter.models import Screening
from safehouse.shelter.operations.screening import record_screening
from safehouse.shelter.rules.duties import DutyKind
from safehouse.shelter.rules.screening import Answers, Choice, Part
from tests.counting import statements
from tests.office import actor
from tests.today.office_of_today import World
from tests.today.test_page import rows, today

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
A_MOMENT = dt.timedelta(microseconds=1)
RECENT = Answers({Part.RECENT: Choice.YES})


@pytest.fixture
def world(make):
    make.office()
    return World(make)


def health(world, account):
    return [one for one in world.found(account) if one.kind == DutyKind.HEALTH_CHECK]


def doctor(world, account):
    return [one for one in world.found(account) if one.kind == DutyKind.DOCTOR]


def answered(world, referral, answers, anew=None):
    """The twelve questions, as somebody of the house answers them."""
    screening = record_screening(
        world.session,
        referral=referral,
        answers=answers,
        anew=anew,
        reported=[],
        now=world.clock.now,
        by=actor(world.staff),
    )
    world.session.commit()
    return screening


def one_for_the_doctor(world, **more):
    one = world.lives_here(arrived=world.clock.now, **more)
    referral = world.emergency(one)
    answered(world, referral, RECENT)
    return one, referral


# The first health check


def test_a_first_health_check_is_owed_within_a_day_of_the_arrival(world):
    one = world.lives_here(arrived=world.clock.now, checked=False)
    for account in (world.staff, world.worker):
        (duty,) = health(world, account)
        assert (duty.subject, duty.due_at) == (one.ref, world.clock.now + DAY)
    assert health(world, world.manager) == []
    world.clock.forward(hours=24, microseconds=-1)
    assert health(world, world.manager) == []
    world.clock.forward(microseconds=1)
    assert len(health(world, world.manager)) == 1, "late"
    world.checks(one, at=world.clock.now)
    assert health(world, world.staff) == health(world, world.manager) == []


def test_where_nobody_answers_for_her_the_manager_is_told_at_once(world):
    world.lives_here(arrived=world.clock.now, checked=False, assigned=False)
    (duty,) = health(world, world.manager)
    assert duty.told[Telling.MANAGER] == world.clock.now


@pytest.mark.parametrize(("before", "owed"), [(dt.timedelta(days=7), False), (dt.timedelta(days=7) + A_MOMENT, True)])
def test_a_check_within_the_week_before_she_came_counts(world, before, owed):
    one = world.lives_here(arrived=world.clock.now, checked=False)
    world.checks(one, at=world.clock.now - before, examiner=Examiner.HOSPITAL)
    assert bool(health(world, world.staff)) is owed


def test_a_no_ends_it_and_a_withdrawn_check_brings_it_back(world):
    one = world.lives_here(arrived=world.clock.now, checked=False)
    check = world.checks(one, outcome=HealthOutcome.DECLINED)
    assert health(world, world.staff) == []
    check.withdrawn_at = world.clock.now
    world.session.commit()
    assert len(health(world, world.staff)) == 1


def test_a_family_is_one_duty_about_those_who_still_owe_it(world):
    household = world.make.household()
    about = {"household": household, "arrived": world.clock.now, "checked": False}
    mother = world.lives_here(**about)
    child = world.lives_here(birth_month=dt.date(2020, 3, 1), **about)
    (duty,) = health(world, world.staff)
    assert (duty.subject, duty.figures["others"]) == (mother.ref, 1)
    world.checks(mother)
    (duty,) = health(world, world.staff)
    assert (duty.subject, duty.figures["others"]) == (child.ref, 0)


def test_whoever_came_before_arrivals_were_followed_owes_none(world):
    world.lives_here(arrived=world.clock.now - DAY, checked=False)
    world.make.office().follows_arrivals_since = world.clock.now
    world.session.commit()
    assert health(world, world.staff) == []


# A doctor in time


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ({Part.RECENT: Choice.YES}, True),
        ({Part.RECENT: Choice.UNKNOWN}, True),
        ({Part.DOCTOR: Choice.TONIGHT}, True),
        ({Part.RECENT: Choice.NO, Part.DOCTOR: Choice.LATER}, False),
        ({Part.THREAT: Choice.YES}, False),
    ],
)
def test_a_doctor_is_wanted_by_what_was_answered_and_nobody_reads_which_answer_it_was(world, chosen, wanted):
    one = world.lives_here(arrived=world.clock.now)
    answered(world, world.emergency(one), Answers(chosen))
    found = doctor(world, world.staff)
    assert bool(found) is wanted
    if found:
        due = world.clock.now + 12 * HOUR
        assert (found[0].subject, found[0].due_at, dict(found[0].figures)) == (
            one.ref,
            due,
            {"others": 0, "until": due},
        )


def test_staff_and_caseworker_are_told_at_once_and_the_manager_after_the_delay(world):
    one_for_the_doctor(world)
    assert len(doctor(world, world.staff)) == len(doctor(world, world.worker)) == 1
    world.clock.forward(hours=36, microseconds=-1)
    assert doctor(world, world.manager) == []
    world.clock.forward(microseconds=1)
    assert len(doctor(world, world.manager)) == 1


def test_where_nobody_answers_for_her_the_manager_is_told_of_the_doctor_at_once(world):
    one_for_the_doctor(world, assigned=False)
    assert len(doctor(world, world.manager)) == 1


def test_the_clock_of_the_doctor_runs_from_the_screening_though_she_came_later(world):
    referral = world.make.referral(by=world.staff)
    answered(world, referral, RECENT)
    said = world.clock.now
    world.clock.forward(hours=5)
    one = world.lives_here(arrived=world.clock.now)
    world.placement(one).referral_id = referral.id
    world.session.commit()
    (duty,) = doctor(world, world.staff)
    assert (duty.due_at, duty.told[Telling.STAFF]) == (said + 12 * HOUR, said + 5 * HOUR)


def test_it_ends_quietly_when_no_help_is_of_use_any_more(world):
    one_for_the_doctor(world)
    world.clock.forward(hours=120, microseconds=-1)
    assert len(doctor(world, world.staff)) == 1
    world.clock.forward(microseconds=1)
    assert doctor(world, world.staff) == doctor(world, world.manager) == []


@pytest.mark.parametrize(
    ("examiner", "still"), [(Examiner.CLINIC, False), (Examiner.HOSPITAL, False), (Examiner.HEALTH_WORKER, True)]
)
def test_a_clinic_or_a_hospital_ends_it_and_a_visit_to_the_house_does_not(world, examiner, still):
    one, _referral = one_for_the_doctor(world)
    world.clock.forward(hours=2)
    world.checks(one, at=world.clock.now, examiner=examiner)
    assert bool(doctor(world, world.staff)) is still


def test_a_hospital_she_came_from_ends_it_when_it_is_written_down_after_the_screening(world):
    one, _referral = one_for_the_doctor(world)
    world.checks(one, at=world.clock.now - 73 * HOUR, examiner=Examiner.HOSPITAL)
    assert len(doctor(world, world.staff)) == 1, "that was before it happened"
    world.checks(one, at=world.clock.now - 6 * HOUR, examiner=Examiner.HOSPITAL)
    assert doctor(world, world.staff) == []


def test_a_check_written_down_before_the_screening_does_not_end_it(world):
    one = world.lives_here(arrived=world.clock.now, checked=False)
    world.checks(one, examiner=Examiner.HOSPITAL)
    world.clock.forward(hours=1)
    answered(world, world.emergency(one), RECENT)
    assert len(doctor(world, world.staff)) == 1


def test_a_no_of_one_of_a_family_ends_it_only_once_nobody_was_left_unasked(world):
    household = world.make.household()
    about = {"household": household, "arrived": world.clock.now, "checked": False}
    mother, daughter = world.lives_here(**about), world.lives_here(birth_month=dt.date(2011, 3, 1), **about)
    answered(world, world.emergency(mother, daughter), RECENT)
    (duty,) = doctor(world, world.staff)
    assert (duty.subject, duty.figures["others"]) == (mother.ref, 1)
    world.checks(mother, outcome=HealthOutcome.DECLINED)
    assert len(doctor(world, world.staff)) == 1, "the screening does not say whom it is about"
    no = world.checks(daughter, outcome=HealthOutcome.DECLINED)
    assert doctor(world, world.staff) == []
    no.withdrawn_at = world.clock.now
    world.session.commit()
    assert len(doctor(world, world.staff)) == 1
    world.checks(daughter, examiner=Examiner.HOSPITAL)
    assert doctor(world, world.staff) == []


def test_answers_that_are_carried_along_start_no_new_clock(world):
    _one, referral = one_for_the_doctor(world)
    said = world.clock.now
    world.clock.forward(hours=20)
    assert answered(world, referral, RECENT, anew=Answers()).doctor_since == said
    assert answered(world, referral, RECENT).doctor_since == said, "said again within three days: the same"
    world.clock.forward(hours=60)
    assert answered(world, referral, RECENT, anew=Answers({Part.DOCTOR: Choice.NO})).doctor_since == said
    later = world.clock.now
    assert answered(world, referral, RECENT).doctor_since == later, "less than 72 hours ago, and more than 72 hours on"
    world.clock.forward(hours=120)
    assert answered(world, referral, RECENT, anew=Answers()).doctor_since is None
    assert doctor(world, world.staff) == []


def test_a_corrected_answer_takes_the_doctor_back(world):
    _one, referral = one_for_the_doctor(world)
    answered(world, referral, Answers({Part.RECENT: Choice.NO}))
    assert world.session.query(Screening).order_by(Screening.id.desc()).first().doctor_since is None
    assert doctor(world, world.staff) == []


# On the page


def test_the_row_of_the_staff_says_before_when_and_never_why(world, browser):
    one, _referral = one_for_the_doctor(world)
    page = today(browser, world.staff)
    titles = [title for _now, _at, title in rows(page)]
    assert "See a doctor before 22 Nov 11:40" in titles, "12 hours after 23.40"
    assert f'href="/residents/{one.ref}/health-check"' in page
    for word in ("72", "120", "happened", "violence", "rape"):
        assert word not in " ".join(titles)
    browser.get(f"/residents/{one.ref}/health-check")
    said = re.sub(r"<[^>]+>", " ", browser.page[browser.page.index("<h1") : browser.page.index("</main>")])
    assert "72 hours" not in said and "120" not in said and "See a doctor" not in said


def test_the_moment_is_that_of_the_house(make, browser):
    make.office()
    world = World(make, zone="Asia/Jayapura")
    one_for_the_doctor(world)
    assert "See a doctor before 22 Nov 13:40 WIT" in today(browser, world.staff)


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_however_many_checks_there_are_today_takes_the_same_number_of_statements(world, browser, app, role):
    account = {Role.STAFF: world.staff, Role.CASEWORKER: world.worker, Role.MANAGER: world.manager}[role]
    one_for_the_doctor(world)
    browser.sign_in(account).get("/today")
    few = len(statements(app, browser, "/today"))
    for _more in range(3):
        one, _referral = one_for_the_doctor(world, checked=False)
        for hours in range(3):
            world.checks(one, at=world.clock.now - hours * HOUR)
    assert len(statements(app, browser, "/today")) == few
