"""The demo: one command, an invented office, and nothing written but its own folder."""

import datetime as dt
import http.cookiejar
import json
import re
import stat
import time
import urllib.parse
import urllib.request
from zoneinfo import ZoneInfo

import pyotp
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Discipline, House, Office
from safehouse.access.permissions import Role
from safehouse.access.rules.passwords import why_not_password
from safehouse.demo.building import BEGAN_DAYS_AGO, build_demo, open_demo
from safehouse.demo.cast import hashed_passwords
from safehouse.residents.models import (
    Alert,
    AliasUse,
    Assignment,
    Conflict,
    Consent,
    ConsentItem,
    DangerLevel,
    HealthCheck,
    HealthOutcome,
    Resident,
    StaffRelation,
)
from safehouse.residents.rules.duties import DutyKind as ResidentsDuty
from safehouse.residents.rules.naming import TREES
from safehouse.services.choices import Attendance, CareState, ExamState, Transport
from safehouse.services.models import (
    Action,
    Appointment,
    CareSession,
    Exam,
    Goal,
    GoalStep,
    LegalProcess,
    Note,
    Plan,
    PlanAgreement,
    PlanDomain,
    ProcessStage,
    ProtectionOrder,
    Recommendation,
    Review,
    Schooling,
    SchoolLetter,
    SimfoniSheet,
    Support,
    Treatment,
    Visum,
)
from safehouse.services.rules.duties import DutyKind as ServicesDuty
from safehouse.services.rules.duties import months_after
from safehouse.services.rules.goals import STEPS
from safehouse.settings import Settings
from safehouse.shelter.choices import BedKind, ExtensionAnswer, ReferralState, RoomPurpose
from safehouse.shelter.models import (
    Bed,
    Cleaning,
    Closure,
    Decision,
    Departure,
    Extension,
    Hold,
    IntakeAnswer,
    Leave,
    Placement,
    Referral,
    ReferralAnswer,
    Room,
    Screening,
    Stay,
)
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.rules.duties import DutyKind as ShelterDuty
from safehouse.shelter.rules.people import Person
from safehouse.shelter.rules.suggesting import suggest
from safehouse.starting import open_office, utc_now
from safehouse.today.queries.page import gathered
from safehouse.today.rules.ordering import in_order, now_row
from safehouse.trail.models import TrailEntry
from safehouse.trail.queries import verify
from safehouse.vault.keys import CLEAR_NAME
from tests.cli.commands import command, fingerprints, free_port, running
from tests.office import CHEAP

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def session(made_demo):
    office = open_office(Settings(data_folder=made_demo), lambda: "")
    with office, office.makers()[0]() as session:
        yield session


def test_the_demo_starts_from_an_empty_folder_lets_its_people_in_and_keeps_its_data(tmp_path):
    empty, data, port = tmp_path / "empty", tmp_path / "data", free_port()
    empty.mkdir()
    with running("demo", "--data", data, port=port, cwd=empty, log=tmp_path / "first") as demo:
        assert "Teduh" in demo.wait_until_it_answers()
        accounts = json.loads((data / "demo-accounts.json").read_text())
        for role in Role:
            first = next(account for account in accounts if account["role"] == role.value)
            assert f"{first['username']:<12} {first['password']}" in demo.said
        staff = accounts[0]
        assert _sign_in(demo.url, staff) not in {"/sign-in", "/sign-in/code"}
        assert demo.stop() == 0
        assert "Stopped." in demo.said
    assert list(empty.iterdir()) == []
    assert sorted(path.name for path in data.iterdir()) == ["demo-accounts.json", "root-key.demo", "teduh.db"]
    kept = fingerprints(data)
    began = time.monotonic()
    with running("demo", "--data", data, port=port, cwd=empty, log=tmp_path / "second") as demo:
        demo.wait_until_it_answers()
        assert time.monotonic() - began < 30
        demo.stop()
    after = fingerprints(data)
    assert after["demo-accounts.json"] == kept["demo-accounts.json"]
    assert after["root-key.demo"] == kept["root-key.demo"]
    office = open_office(Settings(data_folder=data), lambda: "")
    with office, office.makers()[0]() as session:
        assert (
            session.scalar(
                select(func.count()).select_from(TrailEntry).where(TrailEntry.act == "access:sign_in:started")
            )
            == 1
        )


def test_the_accounts_file_is_for_its_owner_alone(made_demo):
    mode = stat.S_IMODE((made_demo / "demo-accounts.json").stat().st_mode)
    assert mode == 0o600
    accounts = json.loads((made_demo / "demo-accounts.json").read_text())
    assert all(set(account) == {"username", "role", "password", "totp_secret"} for account in accounts)
    assert {account["role"] for account in accounts} == {role.value for role in Role}
    assert [why_not_password(account["password"], (account["username"],)) for account in accounts] == [None] * 10


def test_fresh_codes_are_printed_without_opening_anything(made_demo, capsys):
    before = fingerprints(made_demo)
    assert command("demo", "codes", "--data", made_demo) == 0
    told = capsys.readouterr().out
    accounts = json.loads((made_demo / "demo-accounts.json").read_text())
    now = int(time.time())
    for account in accounts:
        totp = pyotp.TOTP(account["totp_secret"])
        line = next(line for line in told.splitlines() if account["username"] in line.split())
        assert line.split()[-1] in {totp.at(now), totp.at(now - 30)}
    assert fingerprints(made_demo) == before


def test_without_a_demo_there_are_no_codes(tmp_path, capsys):
    assert command("demo", "codes", "--data", tmp_path / "nothing") == 1
    assert "There is no demo" in capsys.readouterr().err


def test_two_houses_eighteen_beds_and_fourteen_residents(session):
    assert session.scalars(select(Office.demo)).one() is True
    assert session.scalar(select(func.count()).select_from(House)) == 2
    kinds = dict(session.execute(select(Bed.kind, func.count()).group_by(Bed.kind)).all())
    assert kinds == {BedKind.BED: 18, BedKind.COT: 1}
    assert {room.purpose for room in session.scalars(select(Room))} == set(RoomPurpose)
    assert session.scalars(select(Room.isolation).where(Room.purpose == RoomPurpose.ISOLATION)).one()
    assert session.scalar(select(func.count()).select_from(Room).where(Room.wheelchair, Room.ground_floor)) == 1
    assert session.scalar(select(func.count()).select_from(Stay).where(Stay.ended_at.is_(None))) == 14
    assert session.scalar(select(func.count()).select_from(Stay).where(Stay.ended_at.is_(None), Stay.sharing)) == 2
    living = session.scalars(select(Resident).where(Resident.house_id.is_not(None))).all()
    assert len(living) == 14
    assert all(resident.alias.removeprefix("Anak ").rstrip(" 123") in TREES for resident in living)


def test_everything_a_board_must_show_is_there(session):
    today = utc_now().astimezone().date()
    open_placements = session.scalars(select(Placement).where(Placement.left_at.is_(None))).all()
    exits = {placement.resident.alias: placement.planned_exit for placement in open_placements}
    assert [alias for alias, day in exits.items() if (today - day).days in {2, 3, 4}] == ["Mahoni"]
    assert abs((exits["Jati"] - today).days) <= 1  # the office's today, wherever this computer is
    assert session.scalars(select(Leave.kind).where(Leave.back_at.is_(None))).one() == "hospital"
    assert session.scalar(select(func.count()).select_from(Closure).where(Closure.ended_at.is_(None))) == 1
    assert (
        session.scalar(
            select(func.count()).select_from(Hold).where(Hold.released_at.is_(None), Hold.expires_at > utc_now())
        )
        == 1
    )
    assert (
        session.scalar(
            select(func.count())
            .select_from(Referral)
            .where(Referral.state.in_((ReferralState.NEW, ReferralState.WAITING)))
        )
        == 3
    )
    assert session.scalar(select(func.count()).select_from(Departure)) >= 8
    assert session.scalar(select(func.count()).select_from(Stay).where(Stay.ended_by == "moved")) == 2


def test_the_family_of_last_night_waits_for_a_caseworker(session):
    assigned = select(Assignment.resident_id).where(Assignment.until.is_(None))
    left = session.scalars(
        select(Resident.alias)
        .where(Resident.house_id.is_not(None), Resident.id.not_in(assigned))
        .order_by(Resident.alias)
    ).all()
    assert left == ["Anak Randu", "Randu"]


@pytest.mark.parametrize(
    ("username", "kinds"),
    [
        (
            "wulan",
            {
                ShelterDuty.COMPLETE,
                ShelterDuty.EXIT,
                ShelterDuty.CLEAN,
                ShelterDuty.HEALTH_CHECK,
                ShelterDuty.DOCTOR,
            },
        ),
        (
            "ratih",
            {
                ShelterDuty.LIMIT_OVER,
                ShelterDuty.EXIT,
                ShelterDuty.CALL_AGAIN,
                ResidentsDuty.POLICE,
                ServicesDuty.PLAN,
                ServicesDuty.ACTION,
                ServicesDuty.MISSED,
                ServicesDuty.REVIEW,
                ServicesDuty.RECOMMENDATION,
            },
        ),
        ("galuh", {ServicesDuty.MISSED}),
        ("asri", {ServicesDuty.ACTION}),
        (
            "hartati",
            {
                ShelterDuty.LIMIT_OVER,
                ShelterDuty.CONFIRM,
                ShelterDuty.EXTENSION,
                ShelterDuty.UNASSIGNED,
                ServicesDuty.ACTION,
            },
        ),
    ],
)
def test_everyone_finds_some_work_and_one_row_to_begin_with(session, username, kinds):
    account = session.scalars(select(Account).where(Account.username == username)).one()
    zone, now = ZoneInfo("Asia/Jakarta"), utc_now()
    found = in_order(gathered(session, account_id=account.id, role=account.role, now=now), now, zone)
    assert kinds <= {one.kind for one in found}
    # As many as a person reads through: of the thirteen plans no more waits than of everything else together.
    assert len(found) <= 20
    assert now_row(found, now, zone) in found


def test_everybody_but_the_family_of_last_night_was_asked_agreed_and_was_decided_about(session):
    """Whoever came before last night has her papers; of last night's family the rest waits on the page of the day."""
    placements = session.scalars(select(Placement).where(Placement.left_at.is_(None))).all()
    agreed = set(
        session.scalars(select(Consent.resident_id).where(Consent.item == ConsentItem.STAY, Consent.granted)).all()
    )
    decided = set(session.scalars(select(Decision.referral_id)).all())
    asked = session.execute(select(IntakeAnswer.placement_id, func.count()).group_by(IntakeAnswer.placement_id)).all()
    without = [one.resident.alias for one in placements if one.resident_id not in agreed]
    assert sorted(without) == ["Anak Randu", "Randu"]
    assert {one.resident.alias for one in placements if one.referral_id not in decided} == set(without)
    assert sum(1 for _placement, items in asked if items < 3) == len(without)
    assert set(session.scalars(select(Screening.level))) == set(DangerLevel)
    numbers = session.scalars(select(Decision.number).order_by(Decision.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))


def test_everybody_but_the_family_of_last_night_was_seen_by_a_nurse_or_declined(session):
    living = select(Resident).where(Resident.house_id.is_not(None))
    checked = set(session.scalars(select(HealthCheck.resident_id)))
    unchecked = sorted(one.alias for one in session.scalars(living) if one.id not in checked)
    assert unchecked == ["Anak Randu", "Randu"]
    assert set(session.scalars(select(HealthCheck.outcome))) == set(HealthOutcome)
    assert session.scalar(select(func.count()).select_from(HealthCheck).where(HealthCheck.words.is_not(None))) == 2


def test_what_keeps_families_apart_and_what_changes_their_days_is_there(session):
    """Two households that never share a house, in two houses; more days granted, and more days that wait."""
    (conflict,) = session.scalars(select(Conflict)).all()
    houses = set(
        session.scalars(
            select(Resident.house_id).where(Resident.household_id.in_([conflict.household_id, conflict.other_id]))
        )
    )
    assert len(houses) == 2
    answers = session.scalars(select(Extension.answered).order_by(Extension.asked_at)).all()
    assert answers == [*[ExtensionAnswer.AS_ASKED] * 5, ExtensionAnswer.FEWER_DAYS, None]
    assert session.scalar(select(func.count()).select_from(Alert).where(Alert.until.is_(None))) == 2
    assert session.scalar(select(func.count()).select_from(Cleaning).where(Cleaning.ready_at.is_(None))) == 1
    assert session.scalars(select(ReferralAnswer.ground).where(ReferralAnswer.ground.is_not(None))).all() != []
    assert session.scalar(select(func.count()).select_from(StaffRelation)) == 1
    assert session.scalar(select(func.count()).select_from(Resident).where(Resident.nik.is_not(None))) == 2


def test_everybody_but_the_newest_has_a_plan_that_was_read_to_her(session):
    """Of those without one the first is to be written within days, by whoever answers for her."""
    planned = select(Placement.resident_id).join(Plan, Plan.placement_id == Placement.id)
    living = select(Resident.alias).where(Resident.house_id.is_not(None))
    without = session.scalars(living.where(Resident.id.not_in(planned)).order_by(Resident.alias)).all()
    assert without == ["Anak Randu", "Damar", "Randu"]
    assert set(session.scalars(select(Plan.id))) == set(session.scalars(select(PlanAgreement.plan_id)))
    assert set(session.scalars(select(PlanDomain.domain))) == set(Discipline)


def test_plans_hold_what_the_pages_of_a_plan_can_show(session):
    """Goals on every step of the ladder, meetings that took place, were moved and were missed, examinations, letters
    to schools, ways through law, goods, a review and what it advised."""
    assert set(session.scalars(select(GoalStep.step))) == set(STEPS)
    assert set(session.scalars(select(CareSession.attendance))) == set(Attendance)
    assert set(session.scalars(select(Treatment.state))) >= {CareState.SCHEDULED, CareState.DONE}
    assert set(session.scalars(select(Exam.state))) == {ExamState.PLANNED}
    for table in (Goal, Note, Visum, Schooling, SchoolLetter, LegalProcess, ProcessStage, ProtectionOrder, Support):
        assert session.scalar(select(func.count()).select_from(table)), f"nothing in {table.__tablename__}"
    assert session.scalars(select(SimfoniSheet.entered_at.is_not(None))).all() == [True]


def test_one_thing_of_each_kind_is_late_or_near(session):
    """An examination with the police tomorrow without a car, one step of a plan three days late, one approved review
    with advice that is still open, and the next within days."""
    today = utc_now().astimezone(ZoneInfo("Asia/Jakarta")).date()
    without = session.scalars(
        select(Appointment).where(Appointment.transport == Transport.NOT_YET, Appointment.state == "planned")
    ).one()
    assert abs((without.at.date() - today).days - 1) <= 1
    late = session.scalars(select(Action).where(Action.state == "planned", Action.due < today)).one()
    assert abs((today - late.due).days - 3) <= 1
    review = session.scalars(select(Review)).one()
    assert review.approved_at is not None
    due = months_after(review.until, session.scalars(select(Office.review_every_months)).one())
    assert 2 <= (due - today).days <= 8
    advised = session.scalars(select(Recommendation.done_at.is_not(None)).order_by(Recommendation.id)).all()
    assert advised == [True, False, False]


@pytest.mark.parametrize("hour", [0, 3, 10, 20, 23])
def test_the_story_keeps_its_order_whatever_the_hour_is(vault, new_engine, hour):
    now = dt.datetime(2026, 11, 21, hour, 59, tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(dt.UTC)
    with Session(new_engine("sqlite"), info={"vault": vault, "writing": True}) as session:
        build_demo(session, vault=vault, passwords=hashed_passwords(CHEAP), now=now)
        times = session.scalars(select(TrailEntry.at).order_by(TrailEntry.seq)).all()
        assert times == sorted(times)
        assert times[-1] <= now
        assert session.scalar(select(func.count()).select_from(Stay).where(Stay.ended_at.is_(None))) == 14


def test_no_alias_was_used_twice_in_a_house(session):
    used = session.execute(select(AliasUse.house_id, AliasUse.alias)).all()
    assert len(used) == len(set(used))


def test_a_mother_with_three_children_finds_one_room_for_all(session):
    referral = session.scalars(select(Referral).order_by(Referral.number.desc())).first()
    family = [Person(one.position, one.sex, one.age_months, one.adult) for one in referral.people]
    houses = house_views(
        session, house_ids=session.scalars(select(House.id)).all(), today=utc_now().date(), now=utc_now()
    )
    best = suggest(family, frozenset(), houses).best
    assert len(family) == 4
    assert best is not None
    assert [room.label for room in best.rooms] == ["1"]
    assert best.over_capacity == 0


def test_the_story_was_recorded_in_its_order_and_holds(session):
    times = session.scalars(select(TrailEntry.at).order_by(TrailEntry.seq)).all()
    assert times == sorted(times)
    assert (utc_now() - times[0]).days == BEGAN_DAYS_AGO
    assert times[-1] <= utc_now()
    assert verify(session).whole


def test_a_demo_that_was_broken_off_is_made_again(made_demo, tmp_path):
    folder = tmp_path / "half"
    folder.mkdir()
    (folder / CLEAR_NAME).touch(mode=0o600)
    (folder / CLEAR_NAME).write_text("ab" * 32)
    (folder / "teduh.db").touch()
    office, made = open_demo(folder, Settings(password_memory_kib=64, password_passes=1), now=utc_now())
    with office, office.makers()[0]() as session:
        assert made
        assert session.scalar(select(func.count()).select_from(Account)) == 10


def test_a_real_office_is_never_turned_into_a_demo(office, capsys):
    before = fingerprints(office)
    assert command("demo", "--data", office) == 1
    assert "A real office lies in" in capsys.readouterr().err
    assert fingerprints(office) == before


def test_a_demo_without_its_key_is_left_alone(demo, capsys):
    (demo / CLEAR_NAME).unlink()
    before = fingerprints(demo)
    assert command("demo", "--data", demo) == 1
    assert "key in" in capsys.readouterr().err
    assert fingerprints(demo) == before


def test_a_demo_is_not_served_as_an_office(demo, capsys):
    assert command("serve", "--data", demo) == 1
    assert "holds a demo" in capsys.readouterr().err


def _sign_in(url: str, account: dict[str, str]) -> str:
    """Both factors, as a browser would; the path where it ends."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = opener.open(f"{url}/sign-in").read().decode()
    for path, fields in (
        ("/sign-in", {"username": account["username"], "password": account["password"]}),
        ("/sign-in/code", {"code": pyotp.TOTP(account["totp_secret"]).now()}),
    ):
        form = urllib.parse.urlencode({"csrf_token": TOKEN.search(page)[1], **fields}).encode()
        answer = opener.open(f"{url}{path}", form)
        page = answer.read().decode()
    return urllib.parse.urlsplit(answer.url).path
