"""Asking for more days than the limit: what is asked, when it may be asked, and the page it is asked on."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Approval
from safehouse.access.permissions import Role
from safehouse.access.queries import waiting_approvals
from safehouse.residents.models import Assignment, Danger, DangerLevel
from safehouse.shelter.choices import Destination, ExtensionAnswer, ExtensionReason, OwnWish
from safehouse.shelter.models import Extension, Stay
from safehouse.shelter.operations.extending import ExtensionRefusal, Wanted, ask_extension
from safehouse.shelter.operations.moving import depart
from safehouse.shelter.queries.extensions import course_of
from tests.conftest import ENGINES
from tests.office import Make, actor
from tests.shelter.more_days import CALM, JAKARTA, AtWork, boxes, race, refused, typed, url


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


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


# The page


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
    assert set(session.scalars(select(Extension.answered))) == {ExtensionAnswer.WITHDRAWN}
    assert browser.post(url(here.mother), fields=typed(here, here.day(10))).status_code == 303


def test_whoever_no_longer_sees_one_of_those_it_covers_takes_it_back_for_nobody(here, browser, session, clock):
    browser.sign_in(here.worker)
    done = browser.post(url(here.mother), fields=typed(here, here.day(10))).location.split("done=")[1]
    assert len(session.scalars(select(Extension.id)).all()) == 2
    answering = session.scalars(select(Assignment).where(Assignment.resident_id == here.daughter.id)).one()
    answering.until = clock.now
    session.commit()
    assert browser.post(f"/extensions/{done}/withdrawal").status_code == 404
    session.expire_all()
    assert set(session.scalars(select(Extension.decided_at))) == {None}


def test_a_day_far_away_is_asked_about_once_more(here, browser):
    worker = browser.sign_in(here.worker)
    far = here.today + dt.timedelta(days=61)
    asked = worker.post(url(here.mother), fields=typed(here, far))
    assert asked.status_code == 200 and 'name="far"' in asked.text
    assert worker.post(url(here.mother), fields=typed(here, far) | {"far": "y"}).status_code == 303


# At the same moment


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
