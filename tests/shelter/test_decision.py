"""The head decides before a family comes, or within a day after an emergency; a no sends nobody away."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Delegation, DelegationKind
from safehouse.access.permissions import Role
from safehouse.residents.models import Denial, Resident, Sex
from safehouse.shelter.choices import DecidedAs, PlacementBasis, RoomPurpose
from safehouse.shelter.models import Decision, Placement, Stay
from safehouse.shelter.operations.deciding import DecisionRefusal
from safehouse.shelter.rules.deciding import Lacking, Readiness, capacity
from safehouse.shelter.views.deciding import CAPACITY_ON_PAPER, REFUSALS
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.shelter.arriving import come_in


@pytest.fixture
def house(make):
    house = make.house("Rumah Satu")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3, cots=1)
    return house


@pytest.fixture
def staff(make, house):
    return make.account(Role.STAFF, house)


@pytest.fixture
def head(make, house):
    return make.account(Role.MANAGER, house, is_head=True, shown_name="Bu Sri", language="en")


@pytest.fixture
def referral(browser, make, staff):
    """A family that came in at night, as an emergency."""
    referral = make.referral((Sex.MALE, 48), by=staff)
    browser.sign_in(staff)
    assert come_in(browser, referral).status_code == 303
    return referral


def path(referral):
    return f"/referrals/{referral.ref}/decision"


def decisions(session):
    session.expire_all()
    return list(session.scalars(select(Decision).where(Decision.undone_at.is_(None))))


# Who decides


@pytest.mark.parametrize(
    ("is_head", "acting", "any_head", "expected"),
    [
        (True, [], True, DecidedAs.HEAD),
        (False, [], True, None),
        (False, [], False, DecidedAs.MANAGER),
        (False, [(1, DelegationKind.PLH)], True, DecidedAs.PLH),
        (False, [(1, DelegationKind.PLT)], False, DecidedAs.PLT),
        (False, [(2, DelegationKind.PLH)], False, None),
        (True, [(2, DelegationKind.PLH)], True, DecidedAs.HEAD),
    ],
)
def test_the_head_decides_or_whoever_acts_for_her_and_a_manager_where_there_is_none(
    is_head, acting, any_head, expected
):
    assert capacity(account_id=1, is_head=is_head, acting=acting, any_head=any_head) is expected


def test_an_ordinary_arrival_rests_on_all_three():
    assert Readiness(True, True, True).rests_on_decision
    for ready in (Readiness(False, True, True), Readiness(True, False, True), Readiness(True, True, False)):
        assert not ready.rests_on_decision and len(ready.lacking) == 1
    assert Readiness(False, False, False).lacking == tuple(Lacking)


def test_the_head_decides_after_an_emergency_with_the_next_number(browser, new_browser, session, head, referral, clock):
    boss = new_browser().sign_in(head)
    boss.get(path(referral))
    for words in ("The family is here. The decision is due by 22 Nov", "in an emergency", "Rumah Satu"):
        assert words in boss.page
    done = boss.post(path(referral), answer="place")
    assert done.status_code == 303, boss.page
    (decision,) = decisions(session)
    assert (decision.number, decision.granted, decision.decided_as) == (1, True, DecidedAs.HEAD)
    assert set(session.scalars(select(Placement.basis))) == {PlacementBasis.EMERGENCY}, "how they came stays"
    boss.get(done.location)
    act = done.location.split("done=")[1]
    assert f"/decisions/{act}/undo" in boss.page
    assert boss.post(f"/decisions/{act}/undo").status_code == 303
    assert decisions(session) == []
    boss.post(path(referral), answer="place")
    assert decisions(session)[0].number == 2, "a number is not given twice"


def test_a_decision_cannot_be_undone_after_ten_minutes(new_browser, session, head, referral, clock):
    boss = new_browser().sign_in(head)
    act = boss.post(path(referral), answer="place").location.split("done=")[1]
    for _ in range(6):
        clock.forward(minutes=2)
        boss.get("/beds")
    assert boss.post(f"/decisions/{act}/undo").status_code == 409
    assert len(decisions(session)) == 1


def test_a_no_needs_words_and_sends_nobody_away(new_browser, session, head, referral):
    boss = new_browser().sign_in(head)
    assert boss.post(path(referral), answer="refuse").status_code == 200
    assert 'id="words-e"' in boss.page and 'value="refuse" autocomplete="off" checked' in boss.page
    assert boss.post(path(referral), answer="refuse", words="Butuh rawat inap, RSUD dihubungi").status_code == 303
    (decision,) = decisions(session)
    assert not decision.granted and b"RSUD" not in decision.words
    boss.get(path(referral))
    assert "Nobody leaves because of this" in boss.page
    assert session.scalar(select(func.count()).where(Stay.ended_at.is_(None))) == 2


def test_an_answer_nobody_chose_is_none(new_browser, session, head, referral):
    boss = new_browser().sign_in(head)
    assert boss.post(path(referral), answer="").status_code == 200 and 'id="answer-e"' in boss.page
    assert decisions(session) == []


def test_a_manager_beside_the_head_decides_nothing_and_reads_who_does(
    new_browser, make, session, house, head, referral
):
    other = new_browser().sign_in(make.account(Role.MANAGER, house, language="en"))
    other.get(path(referral))
    assert "May decide now: Bu Sri." in other.page and 'name="answer"' not in other.page
    assert other.post(path(referral), answer="place").status_code == 200
    assert decisions(session) == []


def test_an_acting_head_decides_in_her_capacity(new_browser, make, session, house, head, referral, clock):
    acting = make.account(Role.MANAGER, house)
    make.saved(
        Delegation(
            account_id=acting.id,
            kind=DelegationKind.PLH,
            since=clock.now - dt.timedelta(days=1),
            until=clock.now + dt.timedelta(days=1),
        )
    )
    new_browser().sign_in(acting).post(path(referral), answer="place")
    assert decisions(session)[0].decided_as is DecidedAs.PLH


def test_whoever_placed_them_leaves_the_decision_to_another_head(browser, new_browser, make, session, house, head):
    second = make.account(Role.MANAGER, house, is_head=True, language="en", shown_name="Pak Budi")
    referral = make.referral(by=second)
    browser.sign_in(second)
    assert come_in(browser, referral).status_code == 303
    browser.get(path(referral))
    assert "You placed this family yourself." in browser.page and "May decide now: Bu Sri." in browser.page
    assert browser.post(path(referral), answer="place").status_code == 200
    assert decisions(session) == []
    assert new_browser().sign_in(head).post(path(referral), answer="place").status_code == 303


def test_in_an_office_of_one_manager_she_decides_and_the_record_says_so(browser, make, session, house):
    alone = make.account(Role.MANAGER, house, language="en")
    referral = make.referral(by=alone)
    browser.sign_in(alone)
    come_in(browser, referral)
    browser.get(path(referral))
    assert "Nobody else can decide now, so you may." in browser.page
    assert browser.post(path(referral), answer="place").status_code == 303
    assert decisions(session)[0].decided_as is DecidedAs.MANAGER
    purposes = session.scalars(select(TrailEntry.purpose).where(TrailEntry.act == Act.PLACEMENT_DECIDED)).all()
    assert purposes == ["own placement"]


def test_a_family_is_decided_about_once(new_browser, make, session, house, head, referral):
    boss, again = new_browser().sign_in(head), new_browser().sign_in(head)
    again.get(path(referral))
    assert boss.post(path(referral), answer="place").status_code == 303
    assert again.post(path(referral), answer="refuse", words="Tidak").status_code == 200
    assert [one.granted for one in decisions(session)] == [True]


def test_the_same_press_twice_decides_once(new_browser, session, head, referral):
    boss = new_browser().sign_in(head)
    fields = {"answer": "place", "act_key": "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"}
    first, second = (boss.post(path(referral), fields=fields) for _ in range(2))
    assert first.status_code == 303 and second.location == first.location
    assert len(decisions(session)) == 1


def test_against_the_advice_is_named_with_what_was_not_met(browser, new_browser, make, session, house, head, staff):
    beside = make.account(Role.STAFF, house)
    referral = make.referral((Sex.MALE, 14 * 12), by=staff)
    browser.sign_in(staff)
    from tests.shelter.test_placing import arrival, first_option

    beds = f"/referrals/{referral.ref}/beds"
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    browser.get(chosen.location)
    fields = arrival(
        browser, reason="Ibu tidak mau berpisah", second_name=beside.username, second_code=make.code(beside)
    )
    assert browser.post(chosen.location, fields=fields).status_code == 303
    boss = new_browser().sign_in(head)
    boss.get(path(referral))
    assert "A boy is older than this house takes in" in boss.page


def test_a_decision_waits_for_nobody_who_is_denied_or_leads_another_house(
    new_browser, make, session, house, head, referral, clock
):
    elsewhere = new_browser().sign_in(make.account(Role.MANAGER, make.house(), is_head=True))
    assert elsewhere.get(path(referral)).status_code == 404
    resident = session.scalars(select(Resident)).first()
    make.saved(Denial(resident_id=resident.id, account_id=head.id, since=clock.now))
    denied = new_browser().sign_in(head)
    assert denied.get(path(referral)).status_code == 404
    assert denied.post(path(referral), answer="place").status_code == 404


def test_house_staff_do_not_decide(browser, referral):
    assert browser.get(path(referral)).status_code == 404
    assert browser.post(path(referral), answer="place").status_code == 404


def test_late_is_said_and_ends_no_stay(new_browser, session, head, referral, clock):
    clock.forward(hours=30)
    boss = new_browser().sign_in(head)
    boss.get(path(referral))
    assert "The 24 hours are over" in boss.page
    assert boss.post(path(referral), answer="place").status_code == 303


def test_every_refusal_and_every_capacity_has_its_words():
    assert set(REFUSALS) == set(DecisionRefusal)
    assert set(CAPACITY_ON_PAPER) == set(DecidedAs)
