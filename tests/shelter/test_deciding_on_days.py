"""Deciding on more days: by another than who asked, never more than was asked, and undone by whoever decided."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from safehouse.access.operations.acts import NotUndoable
from safehouse.access.permissions import Role
from safehouse.residents.models import DangerLevel
from safehouse.shelter.choices import Destination, ExtensionAnswer, ExtensionReason
from safehouse.shelter.models import Extension, Placement
from safehouse.shelter.operations.extending import ExtensionRefusal, decide_extension
from safehouse.shelter.operations.moving import depart
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.conftest import ENGINES
from tests.office import Make, actor
from tests.shelter.more_days import JAKARTA, AtWork, race, refused


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


# Deciding


def test_granted_days_move_the_limit_and_the_planned_exit_of_everyone(here):
    rows = here.decide(here.ask(here.day(16)))
    assert here.limits() == [(here.day(16), here.day(16))] * 2
    assert {row.answered for row in rows} == {ExtensionAnswer.AS_ASKED}


def test_the_asker_does_not_approve(here, session):
    rows = here.ask(here.day(9), by=here.manager)
    with refused(ExtensionRefusal.OWN):
        here.decide(rows)
    assert here.limits()[0][0] == here.day(7)
    other = here.make.account(Role.MANAGER, here.house)
    assert here.decide(rows, by=other)


def test_more_days_than_asked_are_not_granted(here):
    rows = here.ask(here.day(9))
    with refused(ExtensionRefusal.MORE_THAN_ASKED):
        here.decide(rows, ExtensionAnswer.FEWER_DAYS, until=here.day(10))
    with refused(ExtensionRefusal.NOT_LATER):
        here.decide(rows, ExtensionAnswer.FEWER_DAYS, until=here.day(7))
    with refused(ExtensionRefusal.NOT_LATER):
        here.decide(rows, ExtensionAnswer.FEWER_DAYS)
    assert here.decide(rows, ExtensionAnswer.FEWER_DAYS, until=here.day(8))


@pytest.mark.parametrize("answer", [ExtensionAnswer.REFUSED, ExtensionAnswer.INCOMPLETE])
def test_a_no_has_words_and_moves_nothing(here, answer):
    rows = here.ask(here.day(9))
    with refused(ExtensionRefusal.WORDS_MISSING):
        here.decide(rows, answer)
    decided = here.decide(rows, answer, words="Tulis hasil sidang")
    assert decided[0].answer and not decided[0].granted and here.limits()[0] == (here.day(7), here.day(7))


def test_a_request_is_answered_once(here):
    rows = here.ask(here.day(9))
    here.decide(rows)
    with refused(ExtensionRefusal.DECIDED):
        here.decide(rows, by=here.make.account(Role.MANAGER, here.house))


@pytest.mark.parametrize("what", ["until", "reason", "limit", "left"])
def test_whatever_changed_since_voids_the_request(here, session, clock, what):
    rows = here.ask(here.day(9))
    if what == "until":
        rows[1].until = here.day(12)
    elif what == "reason":
        rows[0].reason = ExtensionReason.HEALTH
    elif what == "limit":
        here.placement(here.daughter).limit_days = 8
    else:
        depart(
            session,
            residents=[here.daughter],
            at=clock.now,
            place_kind=Destination.OWN_FAMILY,
            now=clock.now,
            by=actor(here.manager),
        )
    session.commit()
    with refused(ExtensionRefusal.CHANGED):
        here.decide(rows)
    assert here.decide(rows, ExtensionAnswer.REFUSED, words="Ajukan lagi"), "a no is always possible"


def leaves(here, session, resident, by=None):
    depart(
        session,
        residents=[resident],
        at=here.clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=here.clock.now,
        by=actor(by or here.manager),
    )
    session.commit()


def test_days_are_granted_on_the_newest_danger_and_on_no_older_one(here, session, clock):
    rows = here.ask(here.day(9))
    clock.forward(minutes=3)
    newer = here.danger(DangerLevel.HIGH)
    session.commit()
    with refused(ExtensionRefusal.DANGER_CHANGED):
        here.decide(rows)
    assert here.limits()[0][0] == here.day(7)
    decided = decide_extension(
        session,
        approval_id=rows[0].approval_id,
        answer=ExtensionAnswer.AS_ASKED,
        danger_seen=newer.ref,
        today=here.today,
        zone=JAKARTA,
        now=clock.now,
        by=actor(here.manager),
    )
    assert {row.answered for row in decided} == {ExtensionAnswer.AS_ASKED}
    here.undo(rows)
    with refused(ExtensionRefusal.DANGER_CHANGED):
        here.decide(rows)


def test_a_newer_danger_stops_the_press_in_the_row_and_is_shown_before_deciding(here, browser, session, clock):
    here.manager.language = "en"
    rows = here.ask(here.day(9))
    clock.forward(minutes=3)
    here.danger(DangerLevel.HIGH)
    session.commit()
    browser.sign_in(here.manager)
    stopped = browser.post(f"/extensions/{rows[0].ref}/approval")
    assert stopped.status_code == 200 and "assessed anew since this was asked" in browser.page
    assert "High" in browser.page and here.limits()[0][0] == here.day(7)
    seen = re.search(r'name="danger_seen"[^>]*value="([^"]+)"', browser.page)[1]
    here.danger(DangerLevel.LOW)
    session.commit()
    fields = {"answer": "as_asked", "danger_seen": seen}
    assert browser.post(f"/extensions/{rows[0].ref}", fields=fields).status_code == 200, "newer again"
    fields["danger_seen"] = re.search(r'name="danger_seen"[^>]*value="([^"]+)"', browser.page)[1]
    assert browser.post(f"/extensions/{rows[0].ref}", fields=fields).status_code == 303, browser.page
    assert here.limits()[0][0] == here.day(9)


def test_a_danger_of_long_ago_is_called_so(here, browser, clock):
    here.manager.language = "en"
    rows = here.ask(here.day(20))
    clock.forward(days=2)
    browser.sign_in(here.manager)
    browser.get(f"/extensions/{rows[0].ref}")
    assert "more than three days ago" not in browser.page
    clock.forward(days=2)
    browser.sign_in(here.manager)
    browser.get(f"/extensions/{rows[0].ref}")
    assert "The danger was assessed more than three days ago" in browser.page


def test_a_request_nobody_can_grant_any_more_is_closed_and_asked_anew(here, browser, session, clock):
    here.manager.language = "en"
    rows = here.ask(here.day(9))
    leaves(here, session, here.daughter)
    browser.sign_in(here.manager)
    answer = browser.post(f"/extensions/{rows[0].ref}/approval")
    assert answer.status_code == 200 and "It must be asked for again." in browser.page
    assert 'name="answer"' not in browser.page, "nothing is left to decide"
    session.expire_all()
    assert {session.get_one(Extension, row.id).answered for row in rows} == {ExtensionAnswer.LAPSED}
    assert here.decide(here.ask(here.day(9), here.mother)), "at once"


@pytest.mark.parametrize("who", ["mother", "daughter"])
def test_whoever_asks_anew_after_one_of_them_left_waits_for_no_answer_to_the_first(here, session, who):
    stays = {"mother": here.daughter, "daughter": here.mother}[who]
    first = here.ask(here.day(9))
    leaves(here, session, getattr(here, who))
    again = here.ask(here.day(9), stays)
    session.expire_all()
    assert {session.get_one(Extension, row.id).answered for row in first} == {ExtensionAnswer.LAPSED}
    assert here.decide(again) and here.placement(stays).planned_exit == here.day(9)


def test_a_newer_danger_alone_closes_no_request(here, session, clock):
    here.ask(here.day(9))
    clock.forward(hours=1)
    here.danger(DangerLevel.HIGH)
    with refused(ExtensionRefusal.WAITING_ALREADY):
        here.ask(here.day(9))


def test_an_undone_decision_gives_back_the_earlier_limit_and_plan(here, session, clock):
    for resident in (here.mother, here.daughter):
        here.placement(resident).planned_exit = here.day(5)
        session.commit()
    rows = here.ask(here.day(16))
    here.decide(rows)
    assert here.limits() == [(here.day(16), here.day(16))] * 2
    here.undo(rows)
    session.commit()
    assert here.limits() == [(here.day(7), here.day(5))] * 2
    assert {session.get_one(Extension, row.id).decided_at for row in rows} == {None}
    assert here.decide(rows, ExtensionAnswer.FEWER_DAYS, until=here.day(8)), "it waits again"


def test_a_decision_is_undone_by_whoever_made_it_and_not_once_something_is_built_on_it(here, session):
    rows = here.ask(here.day(16))
    here.decide(rows)
    with pytest.raises(PermissionError):
        here.undo(rows, by=here.make.account(Role.MANAGER, here.house))
    session.rollback()
    here.ask(here.day(20), way_home="Ke kakak")
    with pytest.raises(NotUndoable):
        here.undo(rows)


def test_every_step_stands_in_the_record(here, session):
    rows = here.ask(here.day(16))
    here.decide(rows)
    here.undo(rows)
    acts = session.execute(
        select(TrailEntry.act, TrailEntry.purpose)
        .where(TrailEntry.subject == here.daughter.ref)
        .order_by(TrailEntry.seq)
    ).all()
    assert [tuple(one) for one in acts] == [
        (Act.EXTENSION_ASKED, "legal_process"),
        (Act.EXTENSION_DECIDED, "as_asked"),
        (Act.EXTENSION_DECIDED, "undone"),
    ]


# At the same moment


@pytest.mark.parametrize("kind", ENGINES)
def test_of_two_managers_who_decide_at_the_same_moment_one_does(lone_app, kind):
    app = lone_app(kind)
    clock = app.extensions["test_clock"]
    with app.extensions["db_writing"]() as session:
        here = AtWork(Make(session, clock), session, clock)
        rows = here.ask(here.day(16))
        approval_id, today = rows[0].approval_id, here.today
        deciders = [actor(here.make.account(Role.MANAGER, here.house)) for _ in range(4)]

    def press(by, n):
        return lambda own: decide_extension(
            own,
            approval_id=approval_id,
            answer=ExtensionAnswer.FEWER_DAYS,
            granted_until=today + dt.timedelta(days=10 + n),
            today=today,
            zone=JAKARTA,
            now=clock.now,
            by=by,
        )

    outcomes = race(app, [press(by, n) for n, by in enumerate(deciders)])
    assert outcomes.count("done") == 1 and outcomes.count(ExtensionRefusal.DECIDED) == 3
    with app.extensions["db_reading"]() as session:
        assert len(set(session.scalars(select(Placement.limit_days)))) == 1
        assert len(set(session.scalars(select(Extension.granted_until)))) == 1
