"""A session is recorded on the page of its domain in one press, moves its goals, and is taken back as a whole."""

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.database import session_makers
from safehouse.residents.models import Resident
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    Attendance,
    Progress,
    SessionKind,
    SessionPlace,
)
from safehouse.services.forms.sessions import goal_field
from safehouse.services.models import Appointment, CareSession, Goal, GoalStep, Note, PlanDomain
from safehouse.services.operations.appointments import NewAppointment, make_appointment
from safehouse.services.operations.planning import end_goal, open_plan, set_goal, step_goal
from safehouse.services.operations.sessions import Outcome, SessionRefused, record_session, withdraw_session
from safehouse.services.queries.plans import goal_lines, newest_placement
from safehouse.services.queries.sessions import last_session_of, sessions_between, sessions_of_domain
from safehouse.services.rules.sessions import NewSession, SessionRefusal
from safehouse.shelter.models import Placement
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.counting import statements
from tests.office import Clock, Make, actor
from tests.services.filling import Filled

PSYCHOLOGY = Discipline.PSYCHOLOGY
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def path(ward, domain="psychology"):
    return f"/residents/{ward.resident.ref}/plan/{domain}"


def rows(session, model):
    session.expire_all()
    return list(session.scalars(select(model).order_by(model.id)))


@pytest.fixture
def goals(session, clock, ward, domain_of):
    """Two goals, set when the plan was opened; two days have gone by since then."""
    made = [
        set_goal(
            session,
            domain=domain_of(PSYCHOLOGY),
            resident=ward.resident,
            words=words,
            measure=None,
            now=clock.now,
            by=actor(ward.indah),
        )
        for words in ("Tidur sampai pagi", "Aman keluar rumah")
    ]
    session.commit()
    clock.forward(days=2)
    return made


@pytest.fixture
def indah(ward, plan, goals, browser):
    """Her psychologist, who has opened the page of her domain."""
    browser.sign_in(ward.indah).get(path(ward))
    return browser


@pytest.fixture
def recorded(session, clock, ward, domain_of, goals):
    """`recorded(progress, …)` is a session of psychology an hour ago, with what was said of the first goal."""

    def record(progress=Progress.NOT_DISCUSSED, *, at=None, note="", **more):
        made = record_session(
            session,
            domain=domain_of(PSYCHOLOGY),
            placement=newest_placement(session, ward.resident.id),
            resident=ward.resident,
            new=NewSession(
                **{"kind": SessionKind.INDIVIDUAL, "starts_at": at or clock.now - HOUR, "minutes": 60, **more}
            ),
            outcome=Outcome(progress=[(goals[0], progress)], note=note, discipline=PSYCHOLOGY),
            now=clock.now,
            by=actor(ward.indah),
        )
        session.commit()
        return made

    return record


def step_of(session, goal):
    session.expire_all()
    (lines,) = goal_lines(session, [goal.plan_domain_id]).values()
    return next(one.step for one in lines if one.goal.id == goal.id)


# The form


def test_the_shortest_session_is_one_press(indah, ward, session, clock):
    form = Filled(indah.page)
    assert indah.post(path(ward), fields=form.sent).status_code == 303
    (made,) = rows(session, CareSession)
    assert (made.attendance, made.minutes, made.place, made.kind) == (
        Attendance.ATTENDED,
        60,
        SessionPlace.HOUSE,
        SessionKind.INDIVIDUAL,
    )
    assert dt.timedelta(minutes=60) <= clock.now - made.starts_at < dt.timedelta(minutes=75)
    assert (made.by_id, made.ready, made.withdrawn_at) == (ward.indah.id, False, None)
    assert (form.presses, form.typed) == (1, 0)
    assert len(rows(session, GoalStep)) == 2, "what was not talked about has not moved"


def test_a_usual_session_takes_five_presses_and_no_typing(indah, ward, session, goals):
    form = Filled(indah.page)
    first, second = (goal_field(one.ref) for one in goals)
    form.press("length", "90").press(first, "forward").press(second, "same").press("ready")
    assert indah.post(path(ward), fields=form.sent).status_code == 303
    assert (form.presses, form.typed) == (5, 0)
    (made,) = rows(session, CareSession)
    assert (made.minutes, made.ready) == (90, True)
    assert [step_of(session, one) for one in goals] == [1, 0]


def test_everything_usual_is_filled_in_and_nothing_about_a_goal(indah, goals):
    form = Filled(indah.page)
    assert form.shown("attendance") == "attended"
    assert form.shown("length") == "60"
    assert form.shown("place") == "house"
    assert form.shown("kind") == "individual"
    assert {form.shown(goal_field(one.ref)) for one in goals} == {"not_discussed"}
    assert (form.shown("day-d"), form.shown("day-m"), form.shown("day-y")) == ("23", "11", "2026")
    assert form.shown("clock") == "22.30"
    assert form.shown("ready") is None and form.shown("note") == ""


def test_a_session_right_after_she_came_is_one_press_too(ward, plan, browser, session, clock):
    placement = newest_placement(session, ward.resident.id)
    placement.arrived_at = clock.now - dt.timedelta(minutes=7, seconds=20)
    session.commit()
    browser.sign_in(ward.indah).get(path(ward))
    assert browser.post(path(ward), fields=Filled(browser.page).sent).status_code == 303
    assert rows(session, CareSession)[0].starts_at == placement.arrived_at


def test_day_and_time_are_those_of_the_house_she_lives_in(indah, ward, session, house):
    house.time_zone = "Asia/Jayapura"
    session.commit()
    form = Filled(indah.get(path(ward)).text)
    assert (form.shown("day-d"), form.shown("clock")) == ("24", "00.30")
    indah.post(path(ward), fields=form.sent)
    assert rows(session, CareSession)[0].starts_at == dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC)


def test_only_kinds_of_this_discipline_are_offered(indah, ward, browser):
    assert Filled(indah.page).offered("kind") >= {"trauma", "play", "family"}
    browser.sign_in(ward.lestari).get(path(ward, "health"))
    form = Filled(browser.page)
    assert form.shown("kind") == "advice"
    assert not form.offered("kind") & {"trauma", "play", "lesson"}
    assert not form.offered("ready")


def test_where_sessions_are_rare_the_form_is_folded_and_opens_for_what_is_wrong(ward, plan, browser, clock):
    clock.forward(days=2)
    browser.sign_in(ward.sekar).get(path(ward, "legal"))
    assert "<details><summary>" in browser.page
    form = Filled(browser.page).type(minutes="5000")
    answer = browser.post(path(ward, "legal"), fields=form.sent)
    assert answer.status_code == 200 and "<details open>" in answer.text and "5000" in answer.text


def test_an_own_length_counts_instead_of_the_offered_ones(indah, ward, session):
    indah.post(path(ward), fields=Filled(indah.page).type(minutes="45").sent)
    assert rows(session, CareSession)[0].minutes == 45


def test_who_did_not_come_has_no_length(indah, ward, session):
    indah.post(path(ward), fields=Filled(indah.page).press("attendance", "absent").sent)
    (made,) = rows(session, CareSession)
    assert (made.attendance, made.minutes) == (Attendance.ABSENT, None)


def test_a_family_session_belongs_to_her_plan(indah, ward, session):
    indah.post(path(ward), fields=Filled(indah.page).press("kind", "family").sent)
    assert rows(session, CareSession)[0].kind is SessionKind.FAMILY


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"day__d": "24"}, "day-d"),
        ({"day__d": "1", "day__m": "1"}, "day-d"),
        ({"minutes": "1441"}, "minutes"),
        ({"minutes": "0"}, "minutes"),
        ({"day__d": "31", "day__m": "2"}, "day-d"),
        ({"clock": "25.00"}, "clock"),
        ({"next_day__d": "30", "next_day__m": "11", "next_day__y": "2026"}, "next_clock"),
        ({"next_clock": "10.00"}, "next_day"),
        (
            {"next_day__d": "20", "next_day__m": "11", "next_day__y": "2026", "next_clock": "10.00"},
            "next_day",
        ),
        (
            {"next_day__d": "30", "next_day__m": "11", "next_day__y": "2031", "next_clock": "10.00"},
            "next_day",
        ),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(indah, ward, session, written, field):
    form = Filled(indah.page).type(note="Ia tidur lima jam", **written)
    answer = indah.post(path(ward), fields=form.sent)
    assert answer.status_code == 200
    assert f'href="#{field}' in answer.text
    assert "Ia tidur lima jam" in answer.text
    assert all(f'value="{text}"' in answer.text for text in written.values())
    assert rows(session, CareSession) == [] and rows(session, Note) == [] and rows(session, Appointment) == []


@pytest.mark.parametrize("pressed", [("ready", "y"), ("minutes", None)])
def test_a_session_that_was_not_held_has_neither_length_nor_outcome(indah, ward, session, pressed):
    form = Filled(indah.page).press("attendance", "moved")
    name, value = pressed
    form = form.press(name, value) if value else form.type(minutes="40")
    answer = indah.post(path(ward), fields=form.sent)
    assert answer.status_code == 200 and f'href="#{name}' in answer.text
    assert rows(session, CareSession) == []


def test_no_goal_moves_in_a_session_that_was_not_held(indah, ward, session, goals):
    form = Filled(indah.page).press("attendance", "absent").press(goal_field(goals[0].ref), "back")
    answer = indah.post(path(ward), fields=form.sent)
    assert answer.status_code == 200 and 'href="#attendance' in answer.text
    assert rows(session, CareSession) == []


def test_what_was_typed_comes_back_after_the_lock(indah, ward, clock, session):
    form = Filled(indah.page).press("length", "30").type(note="Ia lebih tenang")
    clock.forward(minutes=20)
    answer = indah.post(path(ward), fields=form.sent)
    assert answer.status_code == 303 and "/lock" in answer.location
    assert rows(session, CareSession) == []
    indah.get(answer.location)
    back = indah.post("/unlock", password="kapal kecil menyeberang pelan", next=path(ward))
    page = indah.get(back.location)
    again = Filled(page.text)
    assert again.shown("note") == "Ia lebih tenang" and again.shown("length") == "30"


# What a session does


def test_a_session_moves_its_goals_and_each_step_has_its_day_and_author(indah, ward, session, goals):
    form = Filled(indah.page).press(goal_field(goals[0].ref), "forward")
    indah.post(path(ward), fields=form.sent)
    (made,) = rows(session, CareSession)
    step = rows(session, GoalStep)[-1]
    assert (step.goal_id, step.step, step.at, step.by_id, step.care_session_id) == (
        goals[0].id,
        1,
        made.starts_at,
        ward.indah.id,
        made.id,
    )
    page = indah.get(path(ward)).text
    assert page.count('class="on"') == 3, "one of the two goals stands at the second box"


def test_a_goal_set_after_the_session_began_moves_from_where_it_was_set(session, clock, goals, recorded):
    late = clock.now
    goals[0].set_at = late
    session.scalars(select(GoalStep).where(GoalStep.goal_id == goals[0].id)).one().at = late
    session.commit()
    recorded(Progress.FORWARD, at=late - HOUR)
    assert step_of(session, goals[0]) == 1


def test_an_earlier_session_written_down_later_leaves_the_newest_word(session, clock, goals, recorded, ward):
    step_goal(
        session,
        goal=goals[0],
        resident=ward.resident,
        step=3,
        at=clock.now,
        now=clock.now,
        by=actor(ward.indah),
    )
    session.commit()
    recorded(Progress.FORWARD, at=clock.now - HOUR)
    assert step_of(session, goals[0]) == 3
    steps = [one.step for one in session.scalars(select(GoalStep).where(GoalStep.goal_id == goals[0].id))]
    assert sorted(steps) == [0, 1, 3]


def test_a_goal_that_was_ended_meanwhile_is_refused_beside_it(indah, ward, session, clock, goals):
    form = Filled(indah.page).press(goal_field(goals[0].ref), "forward")
    end_goal(session, goal=goals[0], resident=ward.resident, now=clock.now, by=actor(ward.indah))
    session.commit()
    answer = indah.post(path(ward), fields=form.sent)
    assert answer.status_code == 200 and f'href="#{goal_field(goals[0].ref)}' in answer.text
    assert rows(session, CareSession) == []


def test_two_presses_record_one_session(indah, ward, session):
    sent = Filled(indah.page).sent
    first = indah.post(path(ward), fields=sent)
    again = indah.post(path(ward), fields=sent)
    assert first.location == again.location
    assert len(rows(session, CareSession)) == 1


def test_the_same_beginning_twice_is_told_from_a_second_session(indah, ward, session):
    indah.post(path(ward), fields=Filled(indah.page).sent)
    indah.get(path(ward))
    answer = indah.post(path(ward), fields=Filled(indah.page).sent)
    assert answer.status_code == 200 and 'href="#clock"' in answer.text
    assert len(rows(session, CareSession)) == 1
    indah.post(path(ward), fields=Filled(answer.text).type(clock="20.00").sent)
    assert len(rows(session, CareSession)) == 2


def test_only_whoever_keeps_the_domain_records_in_it(ward, plan, goals, manager, browser, session):
    sent = Filled(browser.sign_in(ward.indah).get(path(ward)).text).sent
    for account in (ward.sekar, ward.maya, manager):
        browser.sign_in(account)
        page = browser.get(path(ward)).text
        assert 'id="work"' not in page
        del sent["csrf_token"], sent["act_key"]
        assert browser.post(path(ward), fields=sent).status_code == 404
        sent |= {"csrf_token": "", "act_key": ""}
    assert rows(session, CareSession) == []


# What was agreed


@pytest.fixture
def agreed(session, clock, ward, plan, goals):
    """Counselling today, agreed two days ago for two hours before now."""
    made = make_appointment(
        session,
        resident=ward.resident,
        new=NewAppointment(PSYCHOLOGY, AppointmentKind.COUNSELLING, clock.now - 2 * HOUR, 90, AppointmentPlace.HOUSE),
        now=clock.now - 2 * HOUR,
        by=actor(ward.indah),
    )
    session.commit()
    return made


def next_session(form):
    return form.type(next_day__d="30", next_day__m="11", next_day__y="2026", next_clock="10.00")


def test_the_next_session_is_agreed_in_the_same_act(indah, ward, session, clock):
    indah.post(path(ward), fields=next_session(Filled(indah.page)).sent)
    (made,) = rows(session, Appointment)
    assert (made.kind, made.place, made.state, made.minutes) == (
        AppointmentKind.COUNSELLING,
        AppointmentPlace.HOUSE,
        AppointmentState.PLANNED,
        60,
    )
    assert made.at == dt.datetime(2026, 11, 30, 3, 0, tzinfo=dt.UTC)


def test_what_was_agreed_for_today_is_filled_in_and_kept_by_one_press(ward, agreed, indah, session, clock):
    form = Filled(indah.page)
    assert (form.shown("agreed"), form.shown("length"), form.shown("clock")) == (str(agreed.ref), "90", "21.40")
    assert indah.post(path(ward), fields=form.sent).status_code == 303
    (made,) = rows(session, CareSession)
    (appointment,) = rows(session, Appointment)
    assert (made.appointment_id, appointment.state) == (appointment.id, AppointmentState.KEPT)


def test_one_who_did_not_come_has_missed_it_and_a_new_day_answers_it(ward, agreed, indah, session):
    form = next_session(Filled(indah.page).press("attendance", "absent"))
    assert indah.post(path(ward), fields=form.sent).status_code == 303
    missed, following = rows(session, Appointment)
    assert (missed.state, missed.missed_answer, following.follows_id) == (
        AppointmentState.MISSED,
        "new_day",
        missed.id,
    )


def test_what_is_moved_needs_its_new_day(ward, agreed, indah, session):
    form = Filled(indah.page).press("attendance", "moved")
    answer = indah.post(path(ward), fields=form.sent)
    assert answer.status_code == 200 and 'href="#next_day' in answer.text
    assert rows(session, CareSession) == []
    assert indah.post(path(ward), fields=next_session(Filled(answer.text)).sent).status_code == 303
    moved, following = rows(session, Appointment)
    assert (moved.state, following.state) == (AppointmentState.MOVED, AppointmentState.PLANNED)


# Taking it back


def undo_of(browser, answer):
    browser.get(answer.location)
    return "/sessions/" + browser.page.split('action="/sessions/')[1].split('"')[0]


def test_a_session_is_taken_back_within_ten_minutes_with_all_it_did(ward, agreed, indah, session, goals):
    form = next_session(Filled(indah.page).press(goal_field(goals[0].ref), "forward"))
    undo = undo_of(indah, indah.post(path(ward), fields=form.sent))
    assert step_of(session, goals[0]) == 1
    assert indah.post(undo).status_code == 303
    (made,) = rows(session, CareSession)
    assert made.withdrawn_at is not None
    assert step_of(session, goals[0]) == 0
    assert [one.state for one in rows(session, Appointment)] == [AppointmentState.PLANNED, AppointmentState.CANCELLED]
    assert indah.post(path(ward), fields=Filled(indah.get(path(ward)).text).sent).status_code == 303
    assert next(one.state for one in rows(session, Appointment)) is AppointmentState.KEPT


def test_ten_minutes_later_it_is_withdrawn_on_a_page_of_its_own(ward, indah, session, clock, goals):
    form = Filled(indah.page).press(goal_field(goals[0].ref), "forward")
    undo = undo_of(indah, indah.post(path(ward), fields=form.sent))
    clock.forward(minutes=4)
    indah.get(path(ward))
    clock.forward(minutes=4)
    indah.get(path(ward))
    clock.forward(minutes=4)
    assert indah.post(undo).status_code == 409
    (made,) = rows(session, CareSession)
    assert indah.get(f"/sessions/{made.ref}/withdraw").status_code == 200
    assert indah.post(f"/sessions/{made.ref}/withdraw").status_code == 303
    assert rows(session, CareSession)[0].withdrawn_at is not None and step_of(session, goals[0]) == 0
    assert last_session_of(session, made.plan_domain_id) is None


def test_withdrawing_restores_every_goal_exactly(session, clock, ward, goals, recorded):
    recorded(Progress.FORWARD, at=clock.now - 5 * HOUR)
    recorded(Progress.FORWARD, at=clock.now - 4 * HOUR)
    before = [(one.goal_id, one.step, one.at) for one in rows(session, GoalStep)]
    wrong = recorded(Progress.BACK, at=clock.now - 3 * HOUR)
    assert step_of(session, goals[0]) == 1
    withdraw_session(session, care_session=wrong, resident=ward.resident, now=clock.now, by=actor(ward.indah))
    session.commit()
    assert step_of(session, goals[0]) == 2
    stands = [one for one in rows(session, GoalStep) if one.withdrawn_at is None]
    assert [(one.goal_id, one.step, one.at) for one in stands] == before
    with pytest.raises(SessionRefused) as refused:
        withdraw_session(session, care_session=wrong, resident=ward.resident, now=clock.now, by=actor(ward.indah))
    assert refused.value.reason is SessionRefusal.WITHDRAWN


def test_what_was_recorded_and_withdrawn_stands_in_the_record(session, clock, ward, recorded):
    made = recorded(Progress.SAME, note="Ia menangis")
    withdraw_session(session, care_session=made, resident=ward.resident, now=clock.now, by=actor(ward.indah))
    session.commit()
    entries = session.scalars(select(TrailEntry).where(TrailEntry.subject == ward.resident.ref)).all()
    acts = [one.act for one in entries]
    for act in (Act.SESSION_RECORDED, Act.NOTE_WRITTEN, Act.SESSION_WITHDRAWN):
        assert acts.count(act) == 1
    assert "menangis" not in "".join(f"{one.purpose}{one.fields}" for one in entries)


# What was recorded before


def test_sessions_are_listed_newest_first_and_older_ones_are_a_link_away(ward, indah, session, clock, recorded):
    for n in range(13):
        recorded(at=clock.now - (n + 1) * HOUR, minutes=10 + n)
    page = indah.get(path(ward)).text
    assert page.index("10 menit") < page.index("11 menit") < page.index("19 menit")
    assert "20 menit" not in page and f"{path(ward)}/sessions" in page
    assert len(page.encode()) < 60_000
    older = indah.get(f"{path(ward)}/sessions?page=2").text
    assert "22 menit" in older and "19 menit" not in older
    assert indah.get(f"{path(ward)}/sessions?page=0").status_code == 404


def test_the_coordinator_and_managers_see_that_there_were_sessions_and_not_what_for(
    ward, plan, goals, recorded, manager, browser, session
):
    made = recorded(kind=SessionKind.CRISIS, note="Ia menangis")
    for account in (ward.indah, ward.maya, manager):
        account.language = "en"
    session.commit()
    page = browser.sign_in(ward.indah).get(path(ward)).text
    assert "60 minutes" in page and "Crisis</span>" in page and "/notes/" in page and str(made.ref) in page
    for account in (ward.maya, manager):
        browser.sign_in(account)
        for url in (path(ward), f"{path(ward)}/sessions"):
            page = browser.get(url).text
            assert "60 minutes" in page
            assert "Crisis" not in page and "/notes/" not in page and str(made.ref) not in page
    browser.sign_in(ward.sekar)
    assert "60 menit" not in browser.get(path(ward)).text
    assert browser.get(f"{path(ward)}/sessions").status_code == 404


def test_what_counts_between_two_days_is_gathered_for_a_review(session, clock, ward, plan, recorded):
    first = recorded(at=clock.now - 30 * HOUR)
    recorded(at=clock.now - 3 * HOUR, attendance=Attendance.ABSENT, minutes=None)
    wrong = recorded(at=clock.now - 2 * HOUR)
    withdraw_session(session, care_session=wrong, resident=ward.resident, now=clock.now, by=actor(ward.indah))
    session.commit()
    found = sessions_between(session, plan.id, begin=clock.now - 40 * HOUR, until=clock.now)
    assert [(one.attendance, one.minutes, one.domain) for one in found] == [
        (Attendance.ATTENDED, 60, PSYCHOLOGY),
        (Attendance.ABSENT, None, PSYCHOLOGY),
    ]
    assert sessions_between(session, plan.id, begin=clock.now - 3 * HOUR, until=clock.now) == found[1:]
    assert last_session_of(session, first.plan_domain_id) == found[0]
    assert len(sessions_of_domain(session, first.plan_domain_id, withdrawn=True, limit=10)) == 3
    assert len(sessions_of_domain(session, first.plan_domain_id, withdrawn=False, limit=10)) == 2


def test_a_session_counts_on_the_page_of_the_plan_without_being_typed_again(ward, indah, session, recorded):
    recorded()
    ward.indah.language = "en"
    session.commit()
    assert "Sessions: 1." in indah.get(f"/residents/{ward.resident.ref}/plan").text


def test_the_page_takes_the_same_statements_for_one_session_and_for_ten(app, ward, indah, clock, recorded):
    counts = []
    for n in range(10):
        recorded(at=clock.now - (n + 1) * HOUR, note="Catatan")
        if n in {0, 9}:
            counts.append([len(statements(app, indah, url)) for url in (path(ward), f"{path(ward)}/sessions")])
    assert counts[0] == counts[1]


def test_a_session_of_one_who_left_is_still_recorded_for_when_she_lived_here(
    ward, plan, goals, browser, session, clock
):
    placement = newest_placement(session, ward.resident.id)
    placement.left_at = clock.now - DAY
    session.commit()
    browser.sign_in(ward.indah).get(path(ward))
    form = Filled(browser.page)
    assert form.shown("day-d") == "22"
    wrong = browser.post(path(ward), fields=form.sent | {"day-d": "23"})
    assert wrong.status_code == 200 and 'href="#day' in wrong.text
    assert browser.post(path(ward), fields=Filled(wrong.text).sent | {"day-d": "22"}).status_code == 303
    assert session.scalar(select(func.count()).select_from(CareSession)) == 1


# Two at the same moment


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_two_who_record_the_same_session_at_once_one_does(new_engine, vault, kind):
    """On a database of its own, where both transactions really are open at once. The goal moves by one step."""
    _reading, writing = session_makers(new_engine(kind), vault=vault)
    clock = Clock()
    with writing() as session:
        make = Make(session, clock)
        make.office()
        house = make.house()
        who = actor(make.account(Role.CASEWORKER, house))
        resident = make.resident(make.beds(make.room(house, "1", beds=1))[0])
        about = {"resident": resident, "now": clock.now, "by": who}
        placement = newest_placement(session, resident.id)
        plan = open_plan(session, placement=placement, needs={PSYCHOLOGY: ""}, **about)
        domain = session.scalars(select(PlanDomain).where(PlanDomain.plan_id == plan.id)).one()
        goal = set_goal(session, domain=domain, words="Tidur", measure=None, **about)
        session.commit()
        ids = domain.id, placement.id, resident.id, goal.id
    start, said = threading.Barrier(2), []

    def record():
        with writing() as own:
            start.wait()
            domain, placement, resident, goal = (
                own.get_one(model, one) for model, one in zip((PlanDomain, Placement, Resident, Goal), ids, strict=True)
            )
            try:
                record_session(
                    own,
                    domain=domain,
                    placement=placement,
                    resident=resident,
                    new=NewSession(SessionKind.INDIVIDUAL, clock.now, 60),
                    outcome=Outcome(progress=[(goal, Progress.FORWARD)]),
                    now=clock.now,
                    by=who,
                )
                own.commit()
                said.append("recorded")
            except SessionRefused as refused:
                said.append(refused.reason)

    people = [threading.Thread(target=record) for _ in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(said) == ["recorded", SessionRefusal.TWICE]
    with writing() as session:
        assert session.scalars(select(GoalStep.step).order_by(GoalStep.id)).all() == [0, 1]
