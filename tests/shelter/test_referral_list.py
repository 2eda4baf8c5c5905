"""Referrals that wait: who comes first, how long each waits, what comes next; and what was answered this week."""

import datetime as dt
import re

import pytest

from safehouse.access.models import Agency
from safehouse.access.permissions import Role
from safehouse.residents.models import DangerLevel
from safehouse.residents.operations.danger import assess_danger
from safehouse.shelter.choices import AnswerKind, ReferralState, RefusalGround, RoomPurpose, WaitingPlace
from safehouse.shelter.models import Hold
from safehouse.shelter.operations.answering import GivenAnswer, answer_referral
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.operations.holding import expire_holds, hold_beds
from safehouse.shelter.operations.screening import record_screening
from safehouse.shelter.rules.answering import overdue_by, place_in_line
from safehouse.shelter.rules.screening import Answers, Choice, Part
from tests.counting import statements
from tests.office import NOW, actor

TODAY = dt.date(2026, 11, 21)
EVERYTHING = Answers(dict.fromkeys(Part, Choice.NO))
A_LITTLE = Answers({Part.PREGNANCY: Choice.NO})


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def account(make, house):
    return make.account(Role.CASEWORKER, house)


@pytest.fixture
def page(browser, account):
    def read():
        # A screen nobody touches locks; whoever comes back has signed in again.
        return browser.sign_in(account).get("/referrals").text

    return read


def rows(page, heading):
    """The rows of one table as words."""
    part = page.split(f'id="{heading}"')[1].split("</section>")[0]
    found = re.findall(r"<tr role=\"row\".*?</tr>", part, re.DOTALL)[1:]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in found]


def in_danger(session, referral, level, by, now):
    household = household_of(session, referral=referral)
    assess_danger(session, household=household, level=level, grounds=[], words=None, now=now, by=actor(by))
    session.commit()


def given(session, referral, by, now, kind=AnswerKind.ACCEPTED, **more):
    answer_referral(session, referral=referral, given=GivenAnswer(kind, **more), today=TODAY, now=now, by=actor(by))
    session.commit()


def test_the_most_endangered_come_first_then_those_who_have_waited_longest(make, session, clock, account, page):
    numbers = {}
    for name, level in (
        ("low", DangerLevel.LOW),
        ("unasked", None),
        ("medium", DangerLevel.MEDIUM),
        ("high, later", DangerLevel.HIGH),
        ("high, latest", DangerLevel.HIGH),
    ):
        referral = make.referral(by=account)
        numbers[name] = f"R-{referral.number}"
        if level:
            in_danger(session, referral, level, account, clock.now)
        clock.forward(minutes=10)
    order = [row.split()[0] for row in rows(page(), "waiting")]
    assert order == [numbers[one] for one in ("high, later", "high, latest", "medium", "unasked", "low")]


def test_a_referral_that_was_asked_to_wait_keeps_its_position(make, session, clock, account, page):
    first = make.referral(by=account)
    clock.forward(hours=1)
    second = make.referral(by=account)
    given(
        session, first, account, clock.now, AnswerKind.WAITING, call_again=TODAY, waiting_place=WaitingPlace.RELATIVES
    )
    order = [row.split()[0] for row in rows(page(), "waiting")]
    assert order == [f"R-{first.number}", f"R-{second.number}"]
    assert first.state is ReferralState.WAITING


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        ({"minutes": 40}, "40 menit"),
        ({"hours": 2, "minutes": 34}, "2 jam 34 menit"),
        ({"hours": 23, "minutes": 59}, "23 jam"),
        ({"hours": 24}, "24 jam"),
        ({"hours": 26, "minutes": 5}, "26 jam, lewat 2 jam 5 menit"),
        ({"days": 3}, "3 hari, lewat 2 hari"),
    ],
)
def test_how_long_a_referral_waits_is_told_and_lateness_with_it(make, clock, account, page, waits, told):
    make.referral(by=account)
    clock.now = NOW + dt.timedelta(**waits)
    (row,) = rows(page(), "waiting")
    assert told in row and ("lewat" in row) == ("lewat" in told)


def test_the_next_step_is_told_in_words_with_one_button(make, session, clock, account, page, house):
    make.referral(by=account)
    assert "Penyaringan belum dimulai" in page() and ">Saring<" in page()
    referral = make.referral(by=account)
    record_screening(session, referral=referral, answers=A_LITTLE, reported=(), now=clock.now, by=actor(account))
    session.commit()
    assert "Penyaringan belum lengkap, 11 pertanyaan" in page() and ">Lanjutkan<" in page()
    record_screening(session, referral=referral, answers=EVERYTHING, reported=(), now=clock.now, by=actor(account))
    session.commit()
    assert "Penyaringan selesai, pilih tempat tidur" in page()
    room = make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=1)
    beds = [bed.id for bed in make.beds(room)]
    hold_beds(session, referral=referral, bed_ids=beds, hours=4, now=clock.now, by=actor(account))
    session.commit()
    assert "Rumah Satu dipesan sampai 22 Nov 03.40" in page() and "Catat kedatangan" in page()


@pytest.mark.parametrize("swept", [False, True])
def test_a_hold_that_ran_out_says_so(make, session, clock, account, page, house, swept):
    referral = make.referral(by=account)
    beds = [bed.id for bed in make.beds(make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=1))]
    hold_beds(session, referral=referral, bed_ids=beds, hours=4, now=clock.now, by=actor(account))
    session.commit()
    clock.now = NOW + dt.timedelta(hours=4, minutes=1)
    if swept:
        assert expire_holds(session, now=clock.now) == 1
        session.commit()
    told = rows(page(), "waiting")[0]
    assert "Tempat tidur tidak lagi dipesan sejak 22 Nov 03.40" in told and "Cari tempat tidur" in told


def test_a_hold_let_go_by_hand_is_no_hold_that_ran_out(make, session, clock, account, page, house):
    referral = make.referral(by=account)
    beds = [bed.id for bed in make.beds(make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=1))]
    hold_beds(session, referral=referral, bed_ids=beds, hours=4, now=clock.now, by=actor(account))
    session.query(Hold).update({"released_at": clock.now})
    session.commit()
    assert "dipesan" not in rows(page(), "waiting")[0]


def test_what_was_answered_this_week_stands_with_what_followed(make, session, clock, account, page, house):
    agency = Agency(name="RSUD Contoh")
    session.add(agency)
    waiting, refused, alone, accepted, old = (make.referral(by=account) for _ in range(5))
    given(session, old, account, clock.now, AnswerKind.REFUSED, ground=RefusalGround.FULL, declined=True)
    clock.now = NOW + dt.timedelta(days=7, hours=1)
    for one in (waiting, refused, alone, accepted):
        one.taken_at = clock.now - dt.timedelta(hours=2)
    session.commit()
    day = dt.date(2026, 12, 1)
    place = WaitingPlace.RELATIVES
    given(session, waiting, account, clock.now, AnswerKind.WAITING, call_again=day, waiting_place=place)
    ground = RefusalGround.HOSPITAL_CARE
    given(session, refused, account, clock.now, AnswerKind.REFUSED, ground=ground, onward=agency)
    given(session, alone, account, clock.now, AnswerKind.REFUSED, ground=RefusalGround.FULL, declined=True)
    given(session, accepted, account, clock.now)
    read = page()
    told = {row.split()[0]: row for row in rows(read, "answered")}
    assert set(told) == {f"R-{one.number}" for one in (refused, alone, accepted)}
    (asked,) = rows(read, "waiting")
    assert asked.split()[0] == f"R-{waiting.number}", "whoever is asked to wait stands in one list"
    assert "Dihubungi lagi 1 Des. Sampai saat itu: Rumah kerabat" in asked
    assert "Perlu rawat inap. Dirujuk ke RSUD Contoh." in told[f"R-{refused.number}"]
    assert "Ia menolak dirujuk." in told[f"R-{alone.number}"]
    assert all("2 jam" in row for row in told.values())
    coming = rows(read, "coming")
    assert [row.split()[0] for row in coming] == [f"R-{accepted.number}"]
    assert f"R-{accepted.number}" not in " ".join(rows(read, "waiting"))


def test_in_which_house_beds_are_held_is_told_to_those_who_work_there_alone(make, session, clock, account, page):
    there = make.house("Rumah Sana")
    referral = make.referral(by=account)
    beds = [bed.id for bed in make.beds(make.room(there, "1", RoomPurpose.MOTHER_CHILD, beds=1))]
    hold_beds(session, referral=referral, bed_ids=beds, hours=4, now=clock.now, by=actor(account))
    session.commit()
    read = page()
    assert "Rumah Sana" not in read and "Dipesan sampai" in read


def test_the_list_takes_the_same_statements_however_long_it_is(app, browser, make, session, clock, account):
    browser.sign_in(account)

    make.referral(by=account)
    browser.get("/referrals")
    one = len(statements(app, browser, "/referrals"))
    for n in range(12):
        referral = make.referral((make.referral(by=account).people[0].sex, 30), by=account)
        record_screening(session, referral=referral, answers=EVERYTHING, reported=(), now=clock.now, by=actor(account))
        if n % 2:
            given(session, referral, account, clock.now)
    session.commit()
    assert len(statements(app, browser, "/referrals")) == one


def test_a_longer_wait_never_moves_someone_back():
    early, late = NOW, NOW + dt.timedelta(hours=1)
    for level in (*DangerLevel, None):
        assert place_in_line(level, early) < place_in_line(level, late)
    assert place_in_line(DangerLevel.HIGH, late) < place_in_line(None, early) < place_in_line(DangerLevel.LOW, early)
    assert overdue_by(dt.timedelta(hours=24)) is None
    assert overdue_by(dt.timedelta(hours=26)) == dt.timedelta(hours=2)
