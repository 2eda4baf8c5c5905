"""More days than the limit: asked by one, decided by another, and never more than was asked."""

import datetime as dt
import re
import threading
import uuid
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select

from safehouse.access.models import Approval, Discipline
from safehouse.access.operations.acts import NotUndoable
from safehouse.access.permissions import Role
from safehouse.access.queries import waiting_approvals
from safehouse.residents.models import Assignment, Danger, DangerLevel, Denial
from safehouse.residents.operations.danger import assess_danger
from safehouse.shelter.choices import Destination, ExtensionAnswer, ExtensionReason, OwnWish
from safehouse.shelter.models import Closure, Extension, Placement, Stay
from safehouse.shelter.operations.extending import (
    ExtensionRefusal,
    ExtensionRefused,
    Wanted,
    ask_extension,
    decide_extension,
    undo_decision,
)
from safehouse.shelter.operations.moving import depart
from safehouse.shelter.queries.extensions import course_of, find_request, waiting_extensions
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.conftest import ENGINES
from tests.office import Make, actor

JAKARTA = ZoneInfo("Asia/Jakarta")
CALM = {f"danger_{one}": "no" for one in ("threat", "weapon", "worse", "knows_place", "phone_traced", "self_harm")}


class AtWork:
    """A seven-day house with a mother and her daughter in it, a caseworker who asks and managers who decide."""

    def __init__(self, make, session, clock):
        self.make, self.session, self.clock = make, session, clock
        self.house = make.house("Rumah Satu", stay_limit_days=7)
        self.room = make.room(self.house, "1", beds=4)
        self.beds = make.beds(self.room)
        household = make.household()
        self.household = household
        self.mother = make.resident(self.beds[0], household=household, alias="Kenari", arrived=clock.now, limit_days=7)
        self.daughter = make.resident(
            self.beds[1],
            household=household,
            alias="Randu",
            arrived=clock.now,
            limit_days=7,
            birth_month=dt.date(2016, 1, 1),
        )
        self.worker = make.account(
            Role.CASEWORKER, self.house, disciplines=(Discipline.SOCIAL_WORK,), shown_name="Maya"
        )
        for resident in (self.mother, self.daughter):
            make.saved(
                Assignment(
                    resident_id=resident.id,
                    account_id=self.worker.id,
                    discipline=Discipline.SOCIAL_WORK,
                    coordinator=True,
                    since=clock.now,
                )
            )
        self.manager = make.account(Role.MANAGER, self.house, shown_name="Hartati")

    @property
    def today(self):
        return self.clock.now.astimezone(JAKARTA).date()

    def day(self, n):
        """The local day n days from today."""
        return self.today + dt.timedelta(days=n)

    def danger(self, level=DangerLevel.MEDIUM):
        return assess_danger(
            self.session,
            household=self.household,
            level=level,
            grounds=["threat"],
            words=None,
            now=self.clock.now,
            by=actor(self.worker),
        )

    def ask(self, until, *residents, by=None, danger=None, way_home=None):
        rows = ask_extension(
            self.session,
            residents=residents or (self.mother, self.daughter),
            wanted=Wanted(until, ExtensionReason.LEGAL_PROCESS, OwnWish.STAY, "BAP pertama selesai", way_home),
            danger=danger or self.danger(),
            today=self.today,
            zone=JAKARTA,
            now=self.clock.now,
            by=actor(by or self.worker),
        )
        self.session.commit()
        return rows

    def decide(self, rows, answer=ExtensionAnswer.AS_ASKED, *, until=None, words=None, by=None):
        try:
            decided = decide_extension(
                self.session,
                approval_id=rows[0].approval_id,
                answer=answer,
                granted_until=until,
                words=words,
                today=self.today,
                zone=JAKARTA,
                now=self.clock.now,
                by=actor(by or self.manager),
            )
        except ExtensionRefused:
            self.session.rollback()
            raise
        self.session.commit()
        return decided

    def undo(self, rows, by=None):
        return undo_decision(
            self.session,
            approval_id=rows[0].approval_id,
            zone=JAKARTA,
            now=self.clock.now,
            by=actor(by or self.manager),
        )

    def placement(self, resident=None):
        self.session.expire_all()
        return self.session.scalars(
            select(Placement).where(Placement.resident_id == (resident or self.mother).id)
        ).one()

    def limits(self):
        """Limit and planned exit of both, in days from today."""
        return [
            (one.arrived_at.astimezone(JAKARTA).date() + dt.timedelta(days=one.limit_days), one.planned_exit)
            for one in (self.placement(self.mother), self.placement(self.daughter))
        ]


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


def refused(reason):
    return pytest.raises(ExtensionRefused, match=f"^{reason}$")


def boxes(day, name="until"):
    return {f"{name}-d": str(day.day), f"{name}-m": str(day.month), f"{name}-y": str(day.year)}


def typed(here, until, **more):
    return {
        "who": [str(here.mother.ref), str(here.daughter.ref)],
        "reason": "legal_process",
        "own_wish": "stay",
        "done": "BAP pertama selesai",
        **boxes(until),
        **CALM,
        **more,
    }


def url(resident):
    return f"/residents/{resident.ref}/extension"


# The story


def test_day_seven_and_the_hearing_on_day_sixteen(here, new_browser, clock, session):
    """A seven-day house, warnings on day 4 and 6, ten days asked, the asker cannot approve, nine are granted."""
    arrived = here.today
    worker = new_browser().sign_in(here.worker)
    warned = {}
    for day in range(7):
        worker.sign_in(here.worker).get(f"/residents/{here.mother.ref}")
        note = worker.page.split('class="note ')[1].split('"')[0] if 'class="note ' in worker.page else ""
        warned[day] = (note, "clock" in note or note)
        if day == 5:
            stay = session.scalars(select(Stay).where(Stay.resident_id == here.mother.id)).one()
            moved = (
                new_browser()
                .sign_in(here.worker)
                .post(
                    f"/residents/{here.mother.ref}/move",
                    fields={
                        "place": str(here.beds[2].ref),
                        **boxes(here.today, "day"),
                        "clock": f"{clock.now.astimezone(JAKARTA):%H.%M}",
                    },
                )
            )
            assert moved.status_code == 303 and stay.placement_id == here.placement().id
            assert here.placement().limit_days == 7 and here.placement().planned_exit == arrived + dt.timedelta(days=7)
        if day < 6:
            clock.forward(days=1)
    assert [bool(warned[day][0]) for day in range(7)] == [False, False, False, False, True, True, True]
    worker.sign_in(here.worker)
    asked = worker.post(url(here.mother), fields=typed(here, arrived + dt.timedelta(days=17)))
    assert asked.status_code == 303
    request = session.scalars(select(Extension).order_by(Extension.id)).first()
    assert worker.get(f"/extensions/{request.ref}").status_code == 404, "a caseworker decides nothing"
    manager = new_browser().sign_in(here.manager)
    assert manager.get(f"/extensions/{request.ref}").status_code == 200
    assert "BAP pertama selesai" in manager.page and "Maya" in manager.page and "Randu" in manager.page
    nine = {"answer": "fewer_days", **boxes(arrived + dt.timedelta(days=16))}
    assert manager.post(f"/extensions/{request.ref}", fields=nine).status_code == 303
    assert here.limits() == [(arrived + dt.timedelta(days=16),) * 2] * 2
    course = course_of(session, placement_id=here.placement().id, zone=JAKARTA)
    assert (course.first_limit, course.limit) == (arrived + dt.timedelta(days=7), arrived + dt.timedelta(days=16))
    (step,) = course.steps
    assert (step.until, step.granted_until) == (arrived + dt.timedelta(days=17), arrived + dt.timedelta(days=16))
    assert (step.asked_by, step.decided_by) == ("Maya", "Hartati")
    manager.get("/beds")
    assert "7 Des" in manager.page, "the board knows the new last day at once"


# Asking


def test_a_family_asks_once_and_every_placement_has_its_row(here, session):
    rows = here.ask(here.day(14))
    assert len(rows) == 2 and len({row.approval_id for row in rows}) == 1
    assert {row.from_day for row in rows} == {here.day(7)} and {row.number for row in rows} == {1}
    assert rows[0].words and not rows[1].words, "the words stand once"
    approval = session.get_one(Approval, rows[0].approval_id)
    assert (approval.kind, approval.subject) == ("extension", rows[0].ref)
    assert approval.expires_at - approval.asked_at == dt.timedelta(days=7)
    assert here.limits() == [(here.day(7), here.day(7))] * 2, "asking changes nothing"


def test_a_request_for_more_days_is_no_kind_of_access(here, session, clock):
    here.ask(here.day(14))
    officer = here.make.account(Role.SECURITY_OFFICER)
    for account in (here.manager, officer):
        assert waiting_approvals(session, account.id, clock.now) == 0


@pytest.mark.parametrize(
    ("days", "reason"),
    [(7, ExtensionRefusal.NOT_LATER), (-1, ExtensionRefusal.NOT_LATER), (366, ExtensionRefusal.TOO_FAR)],
)
def test_the_day_asked_for_lies_after_the_limit_and_within_a_year(here, days, reason):
    with refused(reason):
        here.ask(here.day(days))


def test_after_the_limit_a_day_that_has_passed_is_not_asked_for(here, clock):
    clock.forward(days=20)
    with refused(ExtensionRefusal.PASSED):
        here.ask(here.day(-1))
    assert here.ask(here.day(0))


def test_the_danger_is_at_most_three_days_old(here, clock):
    danger = here.danger()
    clock.forward(days=3)
    assert here.ask(here.day(10), here.mother, danger=danger)
    clock.forward(seconds=1)
    with refused(ExtensionRefusal.DANGER_TOO_OLD):
        here.ask(here.day(10), here.daughter, danger=danger)


def test_from_the_second_extension_on_the_way_home_is_needed(here):
    here.decide(here.ask(here.day(9)))
    with refused(ExtensionRefusal.WAY_HOME_MISSING):
        here.ask(here.day(12))
    assert here.ask(here.day(12), way_home="Ke keluarga besar setelah sidang")[0].number == 2


def test_a_refused_request_is_no_extension_of_the_count(here):
    here.decide(here.ask(here.day(9)), ExtensionAnswer.REFUSED, words="Ada tempat di RPTC")
    assert here.ask(here.day(12))[0].number == 2, "no plan for going home is asked yet"


def test_one_request_waits_at_a_time(here):
    here.ask(here.day(9), here.daughter)
    with refused(ExtensionRefusal.WAITING_ALREADY):
        here.ask(here.day(9))


def test_a_request_nobody_answered_in_seven_days_is_asked_anew(here, clock, session):
    first = here.ask(here.day(20))
    clock.forward(days=7)
    with refused(ExtensionRefusal.EXPIRED):
        here.decide(first)
    again = here.ask(here.day(20))
    session.expire_all()
    assert {session.get_one(Extension, row.id).answered for row in first} == {ExtensionAnswer.LAPSED}
    assert [row.number for row in again] == [2, 2]


def test_someone_who_left_is_not_asked_for(here, clock, session):
    depart(
        session,
        residents=[here.daughter],
        at=clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=clock.now,
        by=actor(here.manager),
    )
    with refused(ExtensionRefusal.NOT_HERE):
        here.ask(here.day(9))


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
    assert waiting_extensions(session, account_id=here.manager.id, now=clock.now) == []
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
    assert len(waiting_extensions(session, account_id=here.manager.id, now=clock.now)) == 1
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


# What waits


def test_waiting_requests_are_those_of_her_houses_the_soonest_limit_first(here, session, clock):
    rows = here.ask(here.day(16))
    far = here.make.resident(here.beds[3], arrived=clock.now, limit_days=20, alias="Ulin")
    danger = assess_danger(
        session,
        household=session.get_one(type(here.household), far.household_id),
        level=DangerLevel.LOW,
        grounds=[],
        words=None,
        now=clock.now,
        by=actor(here.manager),
    )
    here.ask(here.day(30), far, danger=danger, by=here.manager)
    found = waiting_extensions(session, account_id=here.manager.id, now=clock.now)
    assert [(one.alias, one.with_her, one.days, one.own) for one in found] == [
        ("Kenari", ("Randu",), 9, False),
        ("Ulin", (), 10, True),
    ]
    assert found[0].ref == rows[0].ref and found[0].danger is DangerLevel.MEDIUM
    elsewhere = here.make.account(Role.MANAGER, here.make.house("Rumah Dua"))
    assert waiting_extensions(session, account_id=elsewhere.id, now=clock.now) == []
    assert find_request(session, ref=rows[0].ref, account_id=elsewhere.id) is None
    assert waiting_extensions(session, account_id=here.manager.id, now=clock.now + dt.timedelta(days=7)) == []


def test_waiting_requests_take_one_statement_however_many_there_are(here, session, clock, app):
    here.ask(here.day(16))
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    engine = app.extensions["db_engine"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert waiting_extensions(session, account_id=here.manager.id, now=clock.now)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum("extension" in one for one in sent) == 1


# The pages


def test_nothing_of_danger_and_of_her_own_wish_is_filled_in_beforehand(here, browser):
    browser.sign_in(here.worker).get(url(here.mother))
    for name in ("own_wish", "reason", *CALM):
        boxes_of = [one for one in browser.page.split("<input")[1:] if f'name="{name}"' in one]
        assert boxes_of and not any(" checked" in one for one in boxes_of), name


def test_the_day_offered_is_as_many_days_again_as_the_house_gives(here, browser):
    browser.sign_in(here.worker).get(url(here.mother))
    until = here.day(14)
    assert f'value="{until.day}"' in browser.page and f'value="{until.month}"' in browser.page


def test_a_fresh_assessment_is_shown_and_not_asked_again(here, browser, session):
    here.danger()
    session.commit()
    browser.sign_in(here.worker).get(url(here.mother))
    assert "danger_threat" not in browser.page
    fields = {name: value for name, value in typed(here, here.day(10)).items() if name not in CALM}
    assert browser.post(url(here.mother), fields=fields).status_code == 303
    assert session.scalar(select(func.count()).select_from(Danger)) == 1


def test_an_old_assessment_is_asked_anew_and_kept_with_its_grounds(here, browser, session, clock):
    here.danger(DangerLevel.HIGH)
    session.commit()
    clock.forward(days=4)
    browser.sign_in(here.worker)
    missing = {name: value for name, value in typed(here, here.day(10)).items() if name not in CALM}
    assert browser.post(url(here.mother), fields=missing).status_code == 200 and 'role="alert"' in browser.page
    answer = browser.post(url(here.mother), fields=typed(here, here.day(10), danger_worse="yes"))
    assert answer.status_code == 303
    newest = session.scalars(select(Danger).order_by(Danger.id.desc())).first()
    assert newest.level is DangerLevel.MEDIUM and newest.grounds.startswith("threat-,weapon-,worse,")


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(here, browser, session):
    browser.sign_in(here.worker)
    answer = browser.post(url(here.mother), fields=typed(here, here.day(3)))
    assert answer.status_code == 200 and 'id="until-e"' in browser.page and "BAP pertama selesai" in browser.page
    assert session.scalar(select(func.count()).select_from(Extension)) == 0
    assert session.scalar(select(func.count()).select_from(Danger)) == 0, "nothing is written, the danger neither"


def test_the_same_press_twice_asks_once(here, browser, session):
    browser.sign_in(here.worker)
    fields = typed(here, here.day(10), act_key=str(uuid.uuid4()))
    first, second = (browser.post(url(here.mother), fields=fields) for _ in range(2))
    assert first.status_code == second.status_code == 303 and first.location == second.location
    assert session.scalar(select(func.count()).select_from(Approval)) == 1


def test_a_request_is_taken_back_while_nobody_answered(here, browser, session, clock):
    browser.sign_in(here.worker)
    done = browser.post(url(here.mother), fields=typed(here, here.day(10))).location.split("done=")[1]
    browser.get(url(here.mother))
    assert '<form id="work"' not in browser.page, "it waits: there is nothing to fill in"
    assert browser.post(f"/extensions/{done}/withdrawal").status_code == 303
    assert waiting_extensions(session, account_id=here.manager.id, now=clock.now) == []
    assert browser.post(url(here.mother), fields=typed(here, here.day(10))).status_code == 303


def test_the_asker_sees_the_page_and_reads_that_she_cannot_approve(here, browser, session):
    rows = here.ask(here.day(9), by=here.manager)
    browser.sign_in(here.manager).get(f"/extensions/{rows[0].ref}")
    assert "ajuan sendiri" in browser.page or "your own request" in browser.page
    assert 'name="answer"' not in browser.page
    for path, fields in (("", {"answer": "as_asked"}), ("/approval", {})):
        answer = browser.post(f"/extensions/{rows[0].ref}{path}", fields=fields)
        assert answer.status_code == 200 and 'role="alert"' in browser.page
    assert here.limits()[0][0] == here.day(7)
    said = session.scalars(
        select(TrailEntry.purpose).where(TrailEntry.act == Act.EXTENSION_DECIDED, TrailEntry.result == Result.REFUSED)
    ).all()
    assert said == ["own", "own"]


def test_it_is_approved_in_the_row_and_undone_within_ten_minutes(here, browser, session, clock):
    rows = here.ask(here.day(9))
    browser.sign_in(here.manager)
    approved = browser.post(f"/extensions/{rows[0].ref}/approval")
    assert approved.status_code == 303 and here.limits()[0] == (here.day(9), here.day(9))
    done = approved.location.split("done=")[1]
    assert browser.post(f"/extensions/{done}/undo").status_code == 303
    assert here.limits()[0] == (here.day(7), here.day(7))
    again = browser.post(f"/extensions/{rows[0].ref}/approval")
    clock.forward(minutes=11)
    browser.sign_in(here.manager)
    assert browser.post(f"/extensions/{again.location.split('done=')[1]}/undo").status_code == 409
    assert here.limits()[0][0] == here.day(9)


def test_a_decision_without_words_comes_back_with_what_was_chosen(here, browser):
    rows = here.ask(here.day(9))
    browser.sign_in(here.manager)
    answer = browser.post(f"/extensions/{rows[0].ref}", fields={"answer": "refused"})
    assert answer.status_code == 200 and 'id="words-e"' in browser.page
    assert browser.page.split('value="refused"')[1].split(">")[0].endswith("checked")
    later = browser.post(f"/extensions/{rows[0].ref}", fields={"answer": "fewer_days", **boxes(here.day(12))})
    assert later.status_code == 200 and 'id="until-e"' in browser.page


def test_what_the_manager_wrote_is_read_by_whoever_asked_and_the_reading_is_recorded(here, browser, session):
    here.decide(here.ask(here.day(9)), ExtensionAnswer.INCOMPLETE, words="Tulis tanggal sidang")
    browser.sign_in(here.worker).get(url(here.mother))
    assert "Tulis tanggal sidang" in browser.page
    opened = session.scalars(select(TrailEntry.fields).where(TrailEntry.act == Act.VALUE_OPENED)).all()
    assert opened == ["extension.answer"]


def test_what_is_planned_with_the_beds_is_shown_before_deciding(here, browser):
    here.make.saved(Closure(bed_id=here.beds[1].id, first_day=here.day(8), last_day=here.day(9), reason="cat ulang"))
    rows = here.ask(here.day(9))
    browser.sign_in(here.manager).get(f"/extensions/{rows[0].ref}")
    assert "cat ulang" in browser.page and "1A, 1B" in browser.page


@pytest.mark.parametrize("role", list(Role))
def test_foreign_requests_are_the_same_404(here, new_browser, role):
    rows = here.ask(here.day(9))
    other = here.make.house(f"Rumah {role}")
    browser = new_browser().sign_in(here.make.account(role, *([] if role is Role.SECURITY_OFFICER else [other])))
    for ref in (rows[0].ref, uuid.uuid4()):
        assert browser.get(f"/extensions/{ref}").status_code == 404
        assert browser.post(f"/extensions/{ref}", fields={"answer": "as_asked"}).status_code == 404
        assert browser.post(f"/extensions/{ref}/approval").status_code == 404
    assert browser.get(url(here.mother)).status_code == 404
    assert browser.post(url(here.mother), fields=typed(here, here.day(9))).status_code == 404


def test_a_manager_who_must_know_nothing_of_one_of_them_answers_for_none(here, browser, session, clock):
    rows = here.ask(here.day(9))
    here.make.saved(Denial(resident_id=here.daughter.id, account_id=here.manager.id, since=clock.now))
    assert waiting_extensions(session, account_id=here.manager.id, now=clock.now) == []
    browser.sign_in(here.manager)
    assert browser.get(f"/extensions/{rows[0].ref}").status_code == 404
    assert browser.post(f"/extensions/{rows[0].ref}/approval").status_code == 404
    assert here.limits()[0][0] == here.day(7)


# At the same moment


def race(app, presses):
    gate, outcomes = threading.Barrier(len(presses)), []

    def run(press):
        with app.extensions["db_writing"]() as own:
            gate.wait()
            try:
                press(own)
                own.commit()
                outcomes.append("done")
            except ExtensionRefused as refusal:
                own.rollback()
                outcomes.append(refusal.reason)

    threads = [threading.Thread(target=run, args=(press,)) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


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


@pytest.mark.parametrize("kind", ENGINES)
def test_of_two_askings_at_the_same_moment_one_waits(lone_app, kind):
    app = lone_app(kind)
    clock = app.extensions["test_clock"]
    with app.extensions["db_writing"]() as session:
        here = AtWork(Make(session, clock), session, clock)
        danger_id = here.danger().id
        session.commit()
        ids, today = (here.mother.id, here.daughter.id), here.today
        askers = [actor(here.make.account(Role.CASEWORKER, here.house)) for _ in range(3)]
    from safehouse.residents.models import Resident

    def press(by):
        return lambda own: ask_extension(
            own,
            residents=[own.get_one(Resident, one) for one in ids],
            wanted=Wanted(today + dt.timedelta(days=9), ExtensionReason.THREAT, OwnWish.STAY, "…"),
            danger=own.get_one(Danger, danger_id),
            today=today,
            zone=JAKARTA,
            now=clock.now,
            by=by,
        )

    outcomes = race(app, [press(by) for by in askers])
    assert outcomes.count("done") == 1 and outcomes.count(ExtensionRefusal.WAITING_ALREADY) == 2
    with app.extensions["db_reading"]() as session:
        assert session.scalar(select(func.count()).select_from(Extension)) == 2
        assert session.scalar(select(func.count()).select_from(Approval)) == 1


def test_a_day_far_away_is_asked_about_once_more(here, browser):
    worker = browser.sign_in(here.worker)
    far = here.today + dt.timedelta(days=61)
    asked = worker.post(url(here.mother), fields=typed(here, far))
    assert asked.status_code == 200 and 'name="far"' in asked.text
    assert worker.post(url(here.mother), fields=typed(here, far) | {"far": "y"}).status_code == 303


def test_fewer_days_without_a_day_ask_for_the_day(here, browser):
    rows = here.ask(here.day(12), here.mother)
    manager = browser.sign_in(here.manager)
    answer = manager.post(f"/extensions/{rows[0].ref}", fields={"answer": "fewer_days"})
    assert answer.status_code == 200 and ("Write the date." in answer.text or "Tulis tanggalnya." in answer.text)
