"""Appointments: agreed with open eyes, read without the reason by whoever lives with her, answered when nobody came."""

import datetime as dt
import threading
import uuid
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.database import session_makers
from safehouse.residents.models import Denial, Resident
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    ChildrenMeanwhile,
    MissedAnswer,
    SafeWay,
    Transport,
)
from safehouse.services.models import Appointment
from safehouse.services.operations.appointments import (
    AppointmentRefusal,
    AppointmentRefused,
    NewAppointment,
    answer_missed,
    arrange_appointment,
    make_appointment,
    settle_appointment,
    unanswer_missed,
    unsettle_appointment,
)
from safehouse.services.queries.appointments import (
    agenda,
    companions_of,
    next_appointments,
    waiting_for_a_word,
)
from safehouse.services.queries.plans import newest_placement
from safehouse.shelter.choices import LeaveKind
from safehouse.shelter.models import Leave
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.counting import statements
from tests.office import Clock, Make, actor

WIB = ZoneInfo("Asia/Jakarta")
# NOW is Saturday 21 November 2026, 23.40 in Jakarta.
WEDNESDAY = dt.date(2026, 11, 25)
HEARING = ("Sidang", "Court hearing")
LEGAL = Discipline.LEGAL


def at(day: dt.date, clock: str, zone: ZoneInfo = WIB) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), zone).astimezone(dt.UTC)


def agreed(moment: dt.datetime, **more) -> NewAppointment:
    wanted = {
        "domain": LEGAL,
        "kind": AppointmentKind.HEARING,
        "at": moment,
        "minutes": 120,
        "place": AppointmentPlace.COURT,
        "transport": Transport.OFFICE_CAR,
        "safe_way": SafeWay.SIDE_ENTRANCE,
    }
    return NewAppointment(**{**wanted, **more})


HALF_PAST_EIGHT = at(WEDNESDAY, "08:30")


@pytest.fixture
def hearing(session, clock, ward):
    """`hearing(moment, ...)` is an appointment of hers in court, Sekar goes along."""

    def made(moment: dt.datetime = HALF_PAST_EIGHT, *, resident=None, **more) -> Appointment:
        new = agreed(moment, **{"companion": ward.sekar, **more})
        row = make_appointment(
            session, resident=resident or ward.resident, new=new, now=clock.now, by=actor(ward.sekar)
        )
        session.commit()
        return row

    return made


@pytest.fixture
def ratna(make, house):
    return make.account(Role.STAFF, house, shown_name="Ratna")


def fields(**more):
    wanted = {
        "what": "legal:hearing",
        "day-d": "25",
        "day-m": "11",
        "day-y": "2026",
        "clock": "08.30",
        "minutes": "120",
        "place": "court",
        "transport": "office_car",
        "safe_way": "side_entrance",
    }
    return {**wanted, **more}


def path(ward):
    return f"/residents/{ward.resident.ref}/appointments/new"


def names_the_hearing(page: str) -> bool:
    return any(word in page for word in HEARING)


def reload(session, row):
    session.expire_all()
    return session.get_one(type(row), row.id)


def count(session):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Appointment))


# Agreeing


def test_an_appointment_is_agreed_on_one_page_and_shows_in_the_agenda(ward, browser, session):
    browser.sign_in(ward.sekar).get(path(ward))
    answer = browser.post(path(ward), fields=fields(companion=str(ward.sekar.ref)))
    assert answer.status_code == 303
    made = session.scalars(select(Appointment)).one()
    assert (made.at, made.ends_at) == (at(WEDNESDAY, "08:30"), at(WEDNESDAY, "10:30"))
    assert (made.companion_id, made.state) == (ward.sekar.id, AppointmentState.PLANNED)
    page = browser.get("/agenda").text
    assert ward.resident.alias in page and names_the_hearing(page) and "Sekar" in page and "08.30" in page


def test_two_presses_make_one_appointment(ward, browser, session):
    browser.sign_in(ward.sekar).get(path(ward))
    key = str(uuid.uuid4())
    answers = [browser.post(path(ward), fields=fields(), act_key=key) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert count(session) == 1


@pytest.mark.parametrize(
    ("wrong", "field", "kept"),
    [
        ({"day-d": "31"}, "day-d", 'value="31"'),
        ({"day-d": "20"}, "day-d", 'value="20"'),
        ({"day-y": "2062"}, "day-d", 'value="2062"'),
        ({"clock": "25.00"}, "clock", "25.00"),
        ({"safe_way": "inside"}, "safe_way", "08.30"),
        ({"what": ""}, "what", "08.30"),
        ({"place": ""}, "place", "08.30"),
        ({"place": "agency", "safe_way": "ordinary"}, "agency", "08.30"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_nothing_typed_is_lost(ward, browser, session, wrong, field, kept):
    browser.sign_in(ward.sekar).get(path(ward))
    answer = browser.post(path(ward), fields=fields(**wrong))
    assert answer.status_code == 200 and f'href="#{field}' in answer.text
    assert kept in answer.text and 'value="11"' in answer.text
    assert count(session) == 0


def test_today_can_be_agreed_until_midnight_and_yesterday_not(ward, session, clock):
    today = clock.now.astimezone(WIB).date()
    for moment in (at(today, "00:00"), at(today, "09:00"), at(today, "23:59")):
        make_appointment(session, resident=ward.resident, new=agreed(moment), now=clock.now, by=actor(ward.sekar))
    with pytest.raises(AppointmentRefused) as refused:
        make_appointment(
            session,
            resident=ward.resident,
            new=agreed(at(today, "00:00") - dt.timedelta(minutes=1)),
            now=clock.now,
            by=actor(ward.sekar),
        )
    assert refused.value.reason is AppointmentRefusal.PAST


@pytest.mark.parametrize("name", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"], ids=["WIB", "WITA", "WIT"])
def test_the_day_is_the_one_of_her_house_in_every_zone(make, session, clock, name):
    zone = ZoneInfo(name)
    house = make.house(time_zone=name)
    resident = make.resident(make.beds(make.room(house, "1", beds=1))[0])
    manager = make.account(Role.MANAGER, house)
    # Half past midnight there: the day has begun, whatever the clock of the unit says.
    now = dt.datetime(2026, 11, 22, 0, 30, tzinfo=zone).astimezone(dt.UTC)
    with pytest.raises(AppointmentRefused):
        make_appointment(
            session,
            resident=resident,
            new=agreed(at(dt.date(2026, 11, 21), "23:30", zone)),
            now=now,
            by=actor(manager),
        )
    made = make_appointment(
        session, resident=resident, new=agreed(at(dt.date(2026, 11, 22), "00:10", zone)), now=now, by=actor(manager)
    )
    session.commit()
    for each, found in ((21, []), (22, [made.ref]), (23, [])):
        day = dt.date(2026, 11, each)
        lines = agenda(session, account_id=manager.id, role=Role.MANAGER, first=day, last=day)
        assert [one.ref for one in lines] == found


def test_nothing_is_agreed_for_who_has_left(ward, browser, session):
    ward.resident.house_id = None
    session.commit()
    browser.sign_in(ward.sekar)
    assert "tidak tinggal" in browser.get(path(ward)).text or "does not live" in browser.page
    assert browser.post(path(ward), fields=fields()).status_code == 200
    assert count(session) == 0


def test_staff_agree_on_nothing_and_a_stranger_finds_nothing(ward, browser, make, house, ratna, hearing):
    row = hearing()
    browser.sign_in(ratna)
    assert browser.get(path(ward)).status_code == 404
    browser.sign_in(make.account(Role.CASEWORKER, house, disciplines=(LEGAL,)))
    for wanted in (path(ward), f"/appointments/{row.ref}", f"/appointments/{row.ref}/new-day"):
        assert browser.get(wanted).status_code == 404
    for press in ("kept", "missed", "cancelled", "reached", "not-needed"):
        assert browser.post(f"/appointments/{row.ref}/{press}").status_code == 404
    assert ward.resident.alias not in browser.get("/agenda").text


def test_nobody_who_must_know_nothing_of_her_goes_along(ward, session, clock, ratna, browser, hearing):
    session.add(Denial(resident_id=ward.resident.id, account_id=ratna.id, since=clock.now))
    session.commit()
    row = hearing()
    assert ratna.id not in {one.id for one in companions_of(session, ward.resident)}
    with pytest.raises(AppointmentRefused) as refused:
        hearing(at(WEDNESDAY, "14:00"), companion=ratna)
    assert refused.value.reason is AppointmentRefusal.NOT_TO_GO_ALONG
    session.rollback()
    browser.sign_in(ratna)
    assert ward.resident.alias not in browser.get("/agenda?day=2026-11-25").text
    assert ward.resident.alias not in browser.get("/agenda/sheet?day=2026-11-25").text
    assert browser.get(f"/appointments/{row.ref}").status_code == 404


def test_who_cannot_go_along_any_more_is_to_be_replaced_and_stays_written_where_she_went(
    ward, session, clock, ratna, hearing, make, house
):
    yuni = make.account(Role.STAFF, house, shown_name="Yuni")
    rows = [hearing(at(WEDNESDAY, "08:30"), companion=ratna), hearing(at(WEDNESDAY, "14:00"), companion=yuni)]
    asked = {"account_id": ward.maya.id, "role": Role.CASEWORKER, "first": WEDNESDAY, "last": WEDNESDAY}

    def companions():
        session.commit()
        return [one.companion for one in agenda(session, **asked)]

    assert companions() == ["Ratna", "Yuni"]
    session.add(Denial(resident_id=ward.resident.id, account_id=ratna.id, since=clock.now))
    yuni.state = "disabled"
    assert companions() == [None, None]
    clock.now = at(WEDNESDAY, "18:00")
    for row in rows:
        settle_appointment(
            session,
            appointment=row,
            resident=ward.resident,
            state=AppointmentState.KEPT,
            now=clock.now,
            by=actor(ward.maya),
        )
    assert companions() == ["Ratna", "Yuni"]


def test_a_caseworker_goes_along_only_with_whom_she_may_see(ward, session, make, house, ratna):
    other = make.account(Role.CASEWORKER, house, shown_name="Wulan", disciplines=(LEGAL,))
    names = {one.shown_name for one in companions_of(session, ward.resident)}
    assert {"Maya", "Sekar", "Ratna"} <= names and other.shown_name not in names


# Clashes


def clash(browser, ward, **more):
    browser.get(path(ward))
    return browser.post(path(ward), fields=fields(companion=str(ward.sekar.ref), **more))


def seen_mark(page):
    return page.split('name="seen" value="')[1].split('"')[0]


def test_a_clash_is_shown_and_saved_only_after_the_box_was_ticked(ward, browser, session, hearing):
    hearing(at(WEDNESDAY, "09:00"))
    browser.sign_in(ward.sekar)
    answer = clash(browser, ward)
    assert answer.status_code == 200 and 'name="anyway"' in answer.text and "09.00" in answer.text
    assert count(session) == 1
    again = clash(browser, ward, anyway="y", seen=seen_mark(answer.text))
    assert again.status_code == 303
    assert count(session) == 2


def test_a_clash_that_came_meanwhile_is_shown_before_it_is_saved(ward, browser, session, hearing):
    hearing(at(WEDNESDAY, "09:00"))
    browser.sign_in(ward.sekar)
    mark = seen_mark(clash(browser, ward).text)
    hearing(at(WEDNESDAY, "10:00"))
    answer = clash(browser, ward, anyway="y", seen=mark)
    assert answer.status_code == 200 and "10.00" in answer.text
    assert count(session) == 2


def test_an_appointment_right_after_another_clashes_with_nothing(ward, browser, session, hearing):
    hearing(at(WEDNESDAY, "06:30"))
    hearing(at(WEDNESDAY, "10:30"))
    browser.sign_in(ward.sekar)
    assert clash(browser, ward).status_code == 303


def test_what_was_cancelled_or_moved_takes_no_time(ward, browser, session, clock, hearing):
    row = hearing(at(WEDNESDAY, "09:00"))
    settle_appointment(
        session,
        appointment=row,
        resident=ward.resident,
        state=AppointmentState.CANCELLED,
        now=clock.now,
        by=actor(ward.sekar),
    )
    session.commit()
    browser.sign_in(ward.sekar)
    assert clash(browser, ward).status_code == 303


def test_the_companions_other_appointment_names_nobody_the_maker_may_not_see(
    ward, browser, session, make, beds, hearing
):
    other = make.resident(beds[1])
    hearing(at(WEDNESDAY, "09:00"), resident=other, place=AppointmentPlace.POLICE, kind=AppointmentKind.POLICE_REPORT)
    browser.sign_in(ward.maya)
    answer = clash(browser, ward)
    assert answer.status_code == 200 and 'name="anyway"' in answer.text
    assert other.alias not in answer.text and other.code not in answer.text


def test_her_leave_is_shown_as_a_clash(ward, browser, session, clock):
    placement = newest_placement(session, ward.resident.id)
    session.add(
        Leave(
            placement_id=placement.id,
            kind=LeaveKind.HOSPITAL,
            from_at=clock.now,
            due_back=at(WEDNESDAY, "09:00"),
        )
    )
    session.commit()
    browser.sign_in(ward.sekar)
    answer = clash(browser, ward)
    assert answer.status_code == 200 and 'name="anyway"' in answer.text
    assert clash(browser, ward, clock="11.00").status_code == 303


# Who reads what


def test_staff_see_that_she_goes_and_not_why(ward, browser, hearing, ratna):
    row = hearing()
    psychology = hearing(
        at(WEDNESDAY, "13:00"),
        domain=Discipline.PSYCHOLOGY,
        kind=AppointmentKind.PSYCHIATRIST,
        place=AppointmentPlace.HOSPITAL,
    )
    browser.sign_in(ratna)
    pages = [browser.get("/agenda?day=2026-11-25").text, browser.get("/agenda/sheet?day=2026-11-25").text]
    pages += [browser.get(f"/appointments/{one.ref}").text for one in (row, psychology)]
    pages += [browser.get(f"/appointments/{row.ref}/{page}").text for page in ("company", "new-day")]
    for page in pages:
        assert ward.resident.alias in page
        for told in (*HEARING, "Psikiater", "Psychiatrist"):
            assert told not in page


def test_a_caseworker_reads_what_her_own_domain_is_for_and_of_others_the_domain(ward, browser, hearing):
    hearing()
    for name, reads in (("sekar", True), ("maya", True), ("lestari", False)):
        browser.sign_in(getattr(ward, name))
        assert names_the_hearing(browser.get("/agenda?day=2026-11-25").text) is reads, name


def test_the_paper_names_no_code_no_reason_and_no_house(ward, browser, hearing, house):
    hearing()
    browser.sign_in(ward.sekar)
    paper = browser.get("/agenda/sheet?day=2026-11-25").text.split("<article")[1].split("</article")[0]
    assert ward.resident.alias in paper and "08.30" in paper and "Sekar" in paper
    for told in (ward.resident.code, *HEARING, house.name, "Hukum", "Legal"):
        assert told not in paper


def test_the_agenda_says_how_much_is_still_to_be_found(ward, browser, hearing):
    hearing(transport=Transport.NOT_YET)
    hearing(at(WEDNESDAY, "13:00"), companion=None)
    hearing(at(WEDNESDAY, "15:00"), companion=None, alone=True)
    browser.sign_in(ward.sekar)
    page = browser.get("/agenda").text
    lead = page.split('class="lead">')[1].split("</p>")[0]
    assert lead.startswith("3 ") and lead.count("1 ") == 2


def test_the_agenda_is_one_persons_when_she_is_chosen(ward, browser, session, make, beds, hearing, ratna):
    other = make.resident(beds[1])
    hearing()
    hearing(at(WEDNESDAY, "09:00"), resident=other)
    browser.sign_in(ratna)
    rows = browser.get(f"/agenda?resident={other.ref}").text.split("<table")[1]
    assert other.alias in rows and ward.resident.alias not in rows
    for nonsense in ("day=gestern", "day=9999-12-31", f"resident={uuid.uuid4()}", "resident=x"):
        assert browser.get(f"/agenda?{nonsense}").status_code == 200
    assert browser.get(f"/appointments/new?resident={other.ref}").status_code == 404  # staff agree on nothing


def test_making_begins_with_choosing_somebody(ward, browser):
    browser.sign_in(ward.sekar)
    assert browser.get("/appointments/new").location.endswith("choose=1")
    assert browser.get(f"/appointments/new?resident={ward.resident.ref}").location.endswith(path(ward))


@pytest.mark.parametrize(
    ("address", "chosen"),
    [
        ("domain=legal&kind=hearing", "legal:hearing"),
        ("domain=health", "health:check_up"),
        ("domain=health&kind=hearing", "health:check_up"),
        ("domain=cooking&kind=hearing", None),
    ],
)
def test_who_comes_from_a_domain_finds_it_chosen(ward, browser, address, chosen):
    page = browser.sign_in(ward.sekar).get(f"{path(ward)}?{address}").text
    options = page.split('name="what"')[1].split("</select")[0]
    assert options.count(" selected") == (1 if chosen else 0)
    assert chosen is None or f'value="{chosen}" selected' in options


# What became of it


def press(browser, row, what, **more):
    browser.get(f"/appointments/{row.ref}")
    return browser.post(f"/appointments/{row.ref}/{what}", **more)


def test_kept_is_one_press_in_the_agenda_and_can_be_taken_back(ward, browser, session, clock, hearing, ratna):
    row = hearing()
    clock.now = at(WEDNESDAY, "11:00")
    browser.sign_in(ratna)
    page = browser.get("/agenda").text
    assert f"/appointments/{row.ref}/kept" in page
    answer = browser.post(f"/appointments/{row.ref}/kept", day="2026-11-25")
    assert "/agenda?day=2026-11-25" in answer.location
    assert reload(session, row).state is AppointmentState.KEPT
    browser.get(answer.location)
    undo = browser.page.split("/undo-settling")[0].rsplit('"', 1)[1] + "/undo-settling"
    assert browser.post(undo).status_code == 303
    assert reload(session, row).state is AppointmentState.PLANNED


def test_what_has_not_begun_was_not_missed_and_what_is_tomorrow_not_kept(ward, browser, session, hearing):
    row = hearing()
    browser.sign_in(ward.sekar)
    for what in ("kept", "missed"):
        answer = press(browser, row, what)
        assert "refused=not_yet" in answer.location
        assert browser.get(answer.location).status_code == 200
    assert reload(session, row).state is AppointmentState.PLANNED


def test_who_comes_early_on_the_day_has_come(ward, session, clock, hearing):
    row = hearing()
    clock.now = at(WEDNESDAY, "07:00")
    settle_appointment(
        session,
        appointment=row,
        resident=ward.resident,
        state=AppointmentState.KEPT,
        now=clock.now,
        by=actor(ward.sekar),
    )
    assert row.state is AppointmentState.KEPT


def test_of_two_who_say_different_things_the_first_is_believed(ward, browser, session, clock, hearing, ratna):
    row = hearing()
    clock.now = at(WEDNESDAY, "11:00")
    browser.sign_in(ratna)
    press(browser, row, "kept")
    browser.sign_in(ward.sekar)
    answer = press(browser, row, "missed")
    assert "refused=settled" in answer.location and "Ratna" in browser.get(answer.location).text
    assert reload(session, row).state is AppointmentState.KEPT


def test_a_moved_appointment_is_followed_by_the_new_one_and_comes_back(ward, browser, session, hearing):
    row = hearing()
    browser.sign_in(ward.sekar).get(f"/appointments/{row.ref}/new-day")
    moved = {name: value for name, value in fields().items() if name not in {"what", "place"}} | {"day-d": "26"}
    answer = browser.post(f"/appointments/{row.ref}/new-day", fields=moved)
    assert answer.status_code == 303
    assert reload(session, row).state is AppointmentState.MOVED
    following = session.scalars(select(Appointment).where(Appointment.follows_id == row.id)).one()
    assert (following.kind, following.place, following.at.astimezone(WIB).day) == (row.kind, row.place, 26)
    assert f"/appointments/{following.ref}" in answer.location
    browser.get(answer.location)
    undo = browser.page.split("/undo-settling")[0].rsplit('"', 1)[1] + "/undo-settling"
    assert browser.post(undo).status_code == 303
    assert reload(session, row).state is AppointmentState.PLANNED
    assert reload(session, following).state is AppointmentState.CANCELLED


def test_the_appointment_that_is_moved_is_no_clash_with_itself(ward, browser, session, hearing):
    row = hearing()
    browser.sign_in(ward.sekar).get(f"/appointments/{row.ref}/new-day")
    moved = {name: value for name, value in fields(clock="09.00").items() if name not in {"what", "place"}}
    assert browser.post(f"/appointments/{row.ref}/new-day", fields=moved).status_code == 303
    assert reload(session, row).state is AppointmentState.MOVED


def test_what_went_on_from_a_new_day_is_not_taken_back(ward, session, clock, hearing):
    row = hearing()
    about = {"resident": ward.resident, "now": clock.now, "by": actor(ward.sekar)}
    following = settle_appointment(
        session,
        appointment=row,
        state=AppointmentState.MOVED,
        new=agreed(at(dt.date(2026, 11, 22), "08:30")),
        **about,
    )
    about["now"] = clock.now = at(dt.date(2026, 11, 22), "10:30")
    settle_appointment(session, appointment=following, state=AppointmentState.KEPT, **about)
    with pytest.raises(AppointmentRefused) as refused:
        unsettle_appointment(session, appointment=row, **about)
    assert refused.value.reason is AppointmentRefusal.GONE_ON


def test_nobody_came_waits_for_an_answer_until_somebody_gives_one(ward, browser, session, clock, hearing):
    row = hearing()
    clock.now = at(WEDNESDAY, "11:00")
    browser.sign_in(ward.sekar)
    press(browser, row, "missed")
    session.expire_all()
    asked = {"account_id": ward.sekar.id, "role": Role.CASEWORKER}
    assert [one.ref for one in waiting_for_a_word(session, **asked, now=clock.now) if one.unanswered] == [row.ref]
    clock.now = at(dt.date(2026, 11, 26), "07:00")
    browser.sign_in(ward.sekar)
    assert 'id="waiting"' in browser.get("/agenda").text
    answer = press(browser, row, "reached")
    assert reload(session, row).missed_answer is MissedAnswer.REACHED
    assert 'id="waiting"' not in browser.get("/agenda").text
    browser.get(answer.location)
    undo = browser.page.split("/undo-answer")[0].rsplit('"', 1)[1] + "/undo-answer"
    assert browser.post(undo).status_code == 303
    assert reload(session, row).missed_answer is None


def test_a_missed_appointment_gets_a_new_day_and_stays_missed(ward, session, clock, hearing):
    row = hearing()
    clock.now = at(WEDNESDAY, "11:00")
    about = {"resident": ward.resident, "now": clock.now, "by": actor(ward.sekar)}
    settle_appointment(session, appointment=row, state=AppointmentState.MISSED, **about)
    new = agreed(at(dt.date(2026, 11, 27), "08:00"))
    following = answer_missed(session, appointment=row, answer=MissedAnswer.NEW_DAY, new=new, **about)
    assert (row.state, row.missed_answer, following.follows_id) == (
        AppointmentState.MISSED,
        MissedAnswer.NEW_DAY,
        row.id,
    )
    with pytest.raises(AppointmentRefused):
        answer_missed(session, appointment=row, answer=MissedAnswer.REACHED, **about)
    unanswer_missed(session, appointment=row, **about)
    assert (row.missed_answer, following.state) == (None, AppointmentState.CANCELLED)


def test_who_goes_along_is_found_later_also_by_staff(ward, browser, session, hearing, ratna):
    row = hearing(companion=None, transport=Transport.NOT_YET)
    browser.sign_in(ratna).get(f"/appointments/{row.ref}/company")
    found = {"companion": str(ratna.ref), "transport": "hired_car", "safe_way": "no_logo"}
    assert browser.post(f"/appointments/{row.ref}/company", fields=found).status_code == 303
    row = reload(session, row)
    assert (row.companion_id, row.transport, row.safe_way) == (ratna.id, Transport.HIRED_CAR, SafeWay.NO_LOGO)
    answer = browser.post(f"/appointments/{row.ref}/company", fields=found | {"safe_way": "inside"})
    assert answer.status_code == 200 and 'href="#safe_way' in answer.text


def test_children_are_asked_about_only_where_somebody_of_hers_lives_here(ward, browser, session, make, beds):
    browser.sign_in(ward.sekar)
    assert 'name="children"' not in browser.get(path(ward)).text
    child = make.resident(beds[1])
    child.household_id = ward.resident.household_id
    session.commit()
    assert 'name="children"' in browser.get(path(ward)).text
    assert browser.post(path(ward), fields=fields()).status_code == 200
    assert browser.post(path(ward), fields=fields(children="with_staff")).status_code == 303
    assert session.scalars(select(Appointment)).one().children is ChildrenMeanwhile.WITH_STAFF


def test_what_is_over_is_not_arranged_any_more(ward, session, clock, hearing):
    row = hearing()
    about = {"resident": ward.resident, "now": clock.now, "by": actor(ward.sekar)}
    settle_appointment(session, appointment=row, state=AppointmentState.CANCELLED, **about)
    with pytest.raises(AppointmentRefused) as refused:
        arrange_appointment(
            session,
            appointment=row,
            companion=None,
            alone=True,
            transport=Transport.NOT_NEEDED,
            safe_way=SafeWay.ORDINARY,
            children=ChildrenMeanwhile.NONE,
            **about,
        )
    assert refused.value.reason is AppointmentRefusal.SETTLED


def test_every_change_of_an_appointment_stands_in_the_record(ward, session, clock, hearing):
    row = hearing()
    clock.now = at(WEDNESDAY, "11:00")
    settle_appointment(
        session,
        appointment=row,
        resident=ward.resident,
        state=AppointmentState.KEPT,
        now=clock.now,
        by=actor(ward.sekar),
    )
    session.commit()
    entries = session.scalars(select(TrailEntry).order_by(TrailEntry.seq)).all()
    acts = [(one.act, one.subject) for one in entries if one.act.startswith("services:appointment")]
    assert acts == [(Act.APPOINTMENT_MADE, ward.resident.ref), (Act.APPOINTMENT_SETTLED, ward.resident.ref)]


# Figures


def test_the_next_appointment_of_each_resident_comes_in_one_statement(ward, session, clock, make, beds, hearing):
    other = make.resident(beds[1])
    first = hearing()
    hearing(at(WEDNESDAY, "13:00"))
    hers = hearing(at(WEDNESDAY, "09:00"), resident=other)
    found = next_appointments(session, [ward.resident.id, other.id], now=clock.now)
    assert {key: one.ref for key, one in found.items()} == {ward.resident.id: first.ref, other.id: hers.ref}
    assert next_appointments(session, [ward.resident.id], now=at(WEDNESDAY, "20:00")) == {}


def test_the_agenda_takes_the_same_statements_for_one_appointment_and_for_many(
    app, ward, browser, make, beds, hearing, ratna
):
    browser.sign_in(ratna)
    counts = []
    for n in (1, 12):
        for each in range(n):
            resident = make.resident(beds[1]) if each == 1 else None
            row = hearing(at(WEDNESDAY, "08:30") + dt.timedelta(hours=3 * each), resident=resident)
        counts.append(
            [
                len(statements(app, browser, page))
                for page in ("/agenda", "/agenda/sheet?day=2026-11-25", f"/appointments/{row.ref}")
            ]
        )
    assert counts[0] == counts[1]
    assert len(browser.get("/agenda").data) < 60_000


def test_the_form_takes_the_same_statements_however_much_there_is(app, ward, browser, make, house, hearing):
    browser.sign_in(ward.sekar)
    counts = []
    for n in (1, 8):
        for each in range(n):
            make.account(Role.STAFF, house)
            hearing(at(WEDNESDAY, "08:30") + dt.timedelta(hours=3 * each))
        counts.append(len(statements(app, browser, path(ward))))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_settle_at_once_and_the_first_is_believed(new_engine, vault, kind):
    """On a database of its own, where both transactions really are open at once."""
    _reading, writing = session_makers(new_engine(kind), vault=vault)
    clock = Clock()
    with writing() as session:
        make = Make(session, clock)
        make.office()
        house = make.house()
        manager = make.account(Role.MANAGER, house)
        resident = make.resident(make.beds(make.room(house, "1", beds=1))[0])
        row = make_appointment(session, resident=resident, new=agreed(clock.now), now=clock.now, by=actor(manager))
        session.commit()
        row_id, resident_id, who = row.id, resident.id, actor(manager)
    start, said = threading.Barrier(2), []

    def settle(state):
        with writing() as own:
            start.wait()
            try:
                settle_appointment(
                    own,
                    appointment=own.get_one(Appointment, row_id),
                    resident=own.get_one(Resident, resident_id),
                    state=state,
                    now=clock.now + dt.timedelta(minutes=1),
                    by=who,
                )
                own.commit()
                said.append(state)
            except AppointmentRefused as refused:
                said.append(refused.reason)

    people = [
        threading.Thread(target=settle, args=(state,)) for state in (AppointmentState.KEPT, AppointmentState.MISSED)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert said.count(AppointmentRefusal.SETTLED) == 1
    with writing() as session:
        assert session.get_one(Appointment, row_id).state in said
