"""A plan is opened, kept by whom it belongs to, and read only as far as the walls allow."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.services.choices import ActionState, WordsKind
from safehouse.services.models import Action, DomainWords, Goal, GoalStep, Plan, PlanAgreement, PlanDomain
from safehouse.services.operations.planning import (
    NewAction,
    PlanRefusal,
    PlanRefused,
    change_action,
    plan_action,
    set_goal,
    step_goal,
    write_words,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.counting import statements
from tests.office import actor

HER_WORDS = "Saya ingin tidur sampai pagi"
SUMMARY = "Tidurnya membaik"
PSYCHOLOGY = Discipline.PSYCHOLOGY


def path(ward, domain=None):
    return f"/residents/{ward.resident.ref}/plan" + (f"/{domain}" if domain else "")


def count(session, model):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def goal(session, clock, ward, domain_of):
    made = set_goal(
        session,
        domain=domain_of(PSYCHOLOGY),
        resident=ward.resident,
        words=HER_WORDS,
        measure="catatan tidur",
        now=clock.now,
        by=actor(ward.indah),
    )
    write_words(
        session,
        domain=domain_of(PSYCHOLOGY),
        resident=ward.resident,
        kind=WordsKind.SUMMARY,
        words=SUMMARY,
        now=clock.now,
        by=actor(ward.indah),
    )
    session.commit()
    return made


def test_the_coordinator_opens_a_plan_with_the_domains_she_ticks(ward, browser, session):
    browser.sign_in(ward.maya)
    assert path(ward) + "/new" in browser.get(path(ward)).text
    browser.get(path(ward) + "/new")
    answer = browser.post(
        path(ward) + "/new", fields={"domains": ["psychology", "legal"], "need_psychology": "Mimpi buruk setiap malam"}
    )
    assert answer.status_code == 303
    assert count(session, Plan) == 1
    assert set(session.scalars(select(PlanDomain.domain))) == {Discipline.PSYCHOLOGY, Discipline.LEGAL}
    need = session.scalars(select(DomainWords)).one()
    assert need.kind is WordsKind.NEED and b"Mimpi" not in need.words


def test_two_presses_open_one_plan(ward, browser, session):
    browser.sign_in(ward.maya).get(path(ward) + "/new")
    key = str(uuid.uuid4())
    for _ in range(2):
        browser.post(path(ward) + "/new", fields={"domains": ["health"]}, act_key=key)
    assert count(session, Plan) == 1


def test_a_plan_without_a_domain_is_not_opened_and_nothing_typed_is_lost(ward, browser, session):
    browser.sign_in(ward.maya).get(path(ward) + "/new")
    answer = browser.post(path(ward) + "/new", fields={"need_health": "Batuk lama"})
    assert answer.status_code == 200 and "Batuk lama" in answer.text
    assert count(session, Plan) == 0


@pytest.mark.parametrize(
    ("name", "words", "summary"),
    [("indah", True, True), ("maya", True, True), ("sekar", False, True), ("lestari", False, True)],
)
def test_a_domain_is_read_as_far_as_the_walls_allow(ward, plan, goal, browser, name, words, summary):
    browser.sign_in(getattr(ward, name))
    page = browser.get(path(ward, "psychology")).text
    assert (HER_WORDS in page, SUMMARY in page) == (words, summary)


def test_a_manager_reads_goals_and_summaries_and_keeps_nothing(ward, plan, goal, manager, browser, domain_of):
    browser.sign_in(manager)
    page = browser.get(path(ward, "psychology")).text
    assert HER_WORDS in page and SUMMARY in page
    assert f"/plan-domains/{domain_of(PSYCHOLOGY).ref}" not in page
    assert browser.get(f"/plan-domains/{domain_of(PSYCHOLOGY).ref}/goals/new").status_code == 404


@pytest.mark.parametrize("role", [Role.STAFF, Role.SECURITY_OFFICER])
def test_staff_and_the_security_officer_read_nothing_of_a_plan(ward, plan, goal, make, house, browser, role):
    browser.sign_in(make.account(role, house))
    assert browser.get(path(ward)).status_code == 404
    assert browser.get(path(ward, "psychology")).status_code == 404


def test_a_caseworker_who_is_not_assigned_finds_nothing(ward, plan, make, house, browser):
    browser.sign_in(make.account(Role.CASEWORKER, house, disciplines=(PSYCHOLOGY,)))
    assert browser.get(path(ward)).status_code == 404


def test_nobody_keeps_a_domain_of_another_discipline(ward, plan, goal, browser, domain_of):
    browser.sign_in(ward.sekar)
    for wanted in (
        f"/plan-domains/{domain_of(PSYCHOLOGY).ref}/goals/new",
        f"/plan-domains/{domain_of(PSYCHOLOGY).ref}/words/summary",
        f"/plan-domains/{domain_of(PSYCHOLOGY).ref}/actions/new",
        f"/goals/{goal.ref}/step",
    ):
        assert browser.get(wanted).status_code == 404
    assert browser.post(f"/goals/{goal.ref}/end").status_code == 404


def test_the_coordinator_keeps_a_domain_while_nobody_of_its_discipline_is_assigned(
    ward, plan, browser, session, domain_of
):
    browser.sign_in(ward.maya)
    wanted = f"/plan-domains/{domain_of(Discipline.EDUCATION).ref}/goals/new"
    assert browser.get(wanted).status_code == 404
    ward.puspita.state = "disabled"
    session.commit()
    assert browser.get(wanted).status_code == 200


def test_a_goal_climbs_and_each_step_has_its_day_and_author(ward, plan, goal, browser, session, clock):
    browser.sign_in(ward.indah)
    clock.forward(minutes=4)
    assert HER_WORDS in browser.get(f"/goals/{goal.ref}/step").text
    assert browser.post(f"/goals/{goal.ref}/step", fields={"step": "2"}).status_code == 303
    session.expire_all()
    steps = session.scalars(select(GoalStep).where(GoalStep.goal_id == goal.id).order_by(GoalStep.id)).all()
    assert [one.step for one in steps] == [0, 2]
    assert steps[-1].by_id == ward.indah.id
    page = browser.get(path(ward, "psychology")).text
    assert page.count('class="on"') == 3 and "<polyline" in page


def test_a_goal_that_was_ended_comes_back_within_ten_minutes(ward, plan, goal, browser, session):
    browser.sign_in(ward.indah).get(path(ward, "psychology"))
    answer = browser.post(f"/goals/{goal.ref}/end")
    browser.get(answer.location)
    session.expire_all()
    assert session.get(Goal, goal.id).ended_at is not None
    undo = browser.page.split("/undo-end")[0].rsplit('"', 1)[1] + "/undo-end"
    assert browser.post(undo).status_code == 303
    session.expire_all()
    assert session.get(Goal, goal.id).ended_at is None


def test_a_goal_given_up_goes_no_further(session, clock, ward, goal):
    goal.ended_at = clock.now
    session.commit()
    with pytest.raises(PlanRefused) as refused:
        step_goal(session, goal=goal, resident=ward.resident, step=1, at=clock.now, now=clock.now, by=actor(ward.indah))
    assert refused.value.reason is PlanRefusal.OVER


def test_a_step_needs_somebody_who_does_it_and_nothing_typed_is_lost(ward, plan, browser, session, domain_of):
    browser.sign_in(ward.lestari)
    where = f"/plan-domains/{domain_of(Discipline.HEALTH).ref}/actions/new"
    browser.get(where)
    fields = {"what": "Kontrol luka", "due-d": "1", "due-m": "12", "due-y": "2026", "cost": "Rp 350.000"}
    answer = browser.post(where, fields=fields)
    assert answer.status_code == 200 and "Kontrol luka" in answer.text and "350.000" in answer.text
    assert count(session, Action) == 0
    answer = browser.post(where, fields=fields | {"who": str(ward.lestari.ref)})
    assert answer.status_code == 200 and count(session, Action) == 0  # a cost nobody pays
    answer = browser.post(where, fields=fields | {"who": str(ward.lestari.ref), "funding": "apbd"})
    assert answer.status_code == 303
    made = session.scalars(select(Action)).one()
    assert (made.cost, made.funding, made.due, made.state) == (
        350_000,
        "apbd",
        dt.date(2026, 12, 1),
        ActionState.PLANNED,
    )
    assert b"Kontrol" not in made.what
    page = browser.get(f"/actions/{made.ref}")
    assert page.status_code == 200 and "Kontrol luka" in page.text


def test_what_is_done_was_not_done_tomorrow(session, clock, ward, plan, domain_of):
    made = plan_action(
        session,
        domain=domain_of(Discipline.HEALTH),
        resident=ward.resident,
        new=NewAction("Kontrol luka", clock.now.date(), who=ward.lestari),
        now=clock.now,
        by=actor(ward.lestari),
    )
    today = clock.now.date()
    wanted = {"due": today, "cost": None, "funding": None, "today": today, "now": clock.now, "by": actor(ward.lestari)}
    with pytest.raises(PlanRefused):
        change_action(
            session,
            action=made,
            resident=ward.resident,
            state=ActionState.DONE,
            done_on=today + dt.timedelta(days=1),
            **wanted,
        )
    change_action(session, action=made, resident=ward.resident, state=ActionState.DONE, done_on=None, **wanted)
    assert made.done_on == today


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reading": "aloud", "signed": "spoken"}, "witness"),
        ({"reading": "herself", "signed": "paper"}, "sheet_number"),
    ],
)
def test_an_agreement_without_its_witness_or_sheet_is_refused(ward, plan, browser, session, fields, field):
    browser.sign_in(ward.maya).get(path(ward) + "/agreement")
    answer = browser.post(path(ward) + "/agreement", fields=fields)
    assert answer.status_code == 200 and f'href="#{field}' in answer.text
    assert count(session, PlanAgreement) == 0


def test_a_plan_read_aloud_with_a_witness_is_agreed_until_it_changes(
    ward, plan, browser, session, make, house, clock, domain_of
):
    ratna = make.account(Role.STAFF, house, shown_name="Ratna")
    browser.sign_in(ward.maya).get(path(ward) + "/agreement")
    answer = browser.post(
        path(ward) + "/agreement", fields={"reading": "aloud", "signed": "spoken", "witness": str(ratna.ref)}
    )
    assert answer.status_code == 303
    made = session.scalars(select(PlanAgreement)).one()
    assert (made.read_by_id, made.witness_id) == (ward.maya.id, ratna.id)
    assert 'class="st ok"' in browser.get(path(ward)).text
    set_goal(
        session,
        domain=domain_of(PSYCHOLOGY),
        resident=ward.resident,
        words=HER_WORDS,
        measure=None,
        now=clock.now + dt.timedelta(minutes=1),
        by=actor(ward.indah),
    )
    session.commit()
    assert 'class="st wait"' in browser.get(path(ward)).text


def test_every_change_and_every_reading_stands_in_the_record(ward, plan, goal, browser, session):
    browser.sign_in(ward.sekar).get(path(ward, "psychology"))
    session.expire_all()
    acts = list(session.scalars(select(TrailEntry.act).order_by(TrailEntry.seq)))
    assert acts.count(Act.PLAN_OPENED) == 1
    assert Act.PLAN_CHANGED in acts
    opened = session.scalars(
        select(TrailEntry).where(TrailEntry.act == Act.VALUE_OPENED).order_by(TrailEntry.seq)
    ).all()
    assert opened[-1].subject == ward.resident.ref and opened[-1].actor == ward.sekar.ref


def test_the_pages_of_a_plan_take_the_same_statements_for_one_goal_and_for_many(
    app, ward, plan, session, clock, browser, domain_of
):
    browser.sign_in(ward.indah)
    counts = []
    for n in (1, 6):
        for each in range(n):
            set_goal(
                session,
                domain=domain_of(PSYCHOLOGY),
                resident=ward.resident,
                words=f"Sasaran {each}",
                measure="diukur",
                now=clock.now,
                by=actor(ward.indah),
            )
        session.commit()
        counts.append([len(statements(app, browser, path(ward, where))) for where in (None, "psychology")])
    assert counts[0] == counts[1]
