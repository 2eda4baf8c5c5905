"""The head decides before a family comes, or within a day after an emergency; a no sends nobody away."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from safehouse.access.models import AccountState, Clearance, Delegation, DelegationKind, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Conflict, ConflictKind, Denial, Resident, Sex
from safehouse.shelter.choices import BedKind, DecidedAs, Destination, PlacementBasis, RoomPurpose
from safehouse.shelter.models import Bed, Decision, Placement, Referral, Stay
from safehouse.shelter.operations.deciding import DecisionRefusal
from safehouse.shelter.operations.moving import depart
from safehouse.shelter.queries.deciding import readiness
from safehouse.shelter.queries.duties import duties
from safehouse.shelter.rules.deciding import Lacking, Readiness, capacity
from safehouse.shelter.rules.duties import DutyKind
from safehouse.shelter.views.deciding import CAPACITY_ON_PAPER, REFUSALS
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.shelter.arriving import agree, come_in, screen
from tests.shelter.test_placing import arrival, first_option


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


# A decision that falls


def test_who_came_on_a_decision_that_is_taken_back_is_an_emergency_to_be_decided(
    browser, new_browser, make, session, staff, head, house, clock
):
    worker = make.account(Role.CASEWORKER, house)
    referral = make.referral((Sex.MALE, 48), by=staff)
    screen(make, referral, worker)
    boss = new_browser().sign_in(head)
    act = boss.post(path(referral), answer="place").location.split("done=")[1]
    browser.sign_in(staff)
    assert agree(browser, referral, worker, children=(1,)).status_code == 303
    assert come_in(browser, referral).status_code == 303
    assert set(session.scalars(select(Placement.basis))) == {PlacementBasis.DECIDED}
    assert boss.post(f"/decisions/{act}/undo").status_code == 303
    assert decisions(session) == []
    assert set(session.scalars(select(Placement.basis))) == {PlacementBasis.EMERGENCY}
    waiting = duties(session, account_id=head.id, role=Role.MANAGER, now=clock.now)
    assert [one.subject for one in waiting if one.kind == DutyKind.CONFIRM] == [referral.ref]
    boss.get(path(referral))
    assert "Decision number 1 counts no more" in boss.page


def test_an_old_undo_takes_no_later_decision_back(new_browser, session, head, referral, clock):
    boss = new_browser().sign_in(head)
    first = boss.post(path(referral), answer="place").location.split("done=")[1]
    standing = decisions(session)[0]
    standing.undone_at = standing.at
    session.commit()
    clock.forward(minutes=2)
    assert boss.post(path(referral), answer="refuse", words="Butuh rawat inap").status_code == 303
    assert boss.post(f"/decisions/{first}/undo").status_code == 409
    assert [one.granted for one in decisions(session)] == [False]


def test_the_decision_about_another_family_counts_no_more(browser, new_browser, make, session, staff, head, house):
    referral = make.referral((Sex.MALE, 48), by=staff)
    boss = new_browser().sign_in(head)
    boss.post(path(referral), answer="place")
    browser.sign_in(make.account(Role.STAFF, house, language="en"))
    change = f"/referrals/{referral.ref}/change"
    browser.get(change)
    assert "This family was decided about already" in browser.page
    same = {"source": "police", "women": "1", "men": "0", "children-0-sex": "male", "children-0-age": "4", "later": "1"}
    assert browser.post(change, fields=same | {"urgency": "today"}).status_code == 303, browser.page
    assert len(decisions(session)) == 1, "who asks and how soon changes nothing about whom it is about"
    assert browser.post(change, fields=same | {"urgency": "today", "women": "2"}).status_code == 303, browser.page
    assert decisions(session) == []
    assert not readiness(session, session.get(Referral, referral.id), today=make.clock.now.date()).decided
    record = session.execute(
        select(TrailEntry.purpose, TrailEntry.actor_kind)
        .where(TrailEntry.act == Act.PLACEMENT_DECIDED)
        .order_by(TrailEntry.seq.desc())
    ).first()
    assert record.purpose == "family changed"
    boss.get(path(referral))
    assert "Decision number 1 counts no more" in boss.page and 'name="answer"' in boss.page


def test_other_needs_are_another_family(browser, make, session, staff, head, house):
    referral = make.referral(by=staff)
    make.saved(
        Decision(
            number=1,
            referral_id=referral.id,
            granted=True,
            decided_as=DecidedAs.HEAD,
            at=make.clock.now,
            by_id=head.id,
        )
    )
    browser.sign_in(staff)
    fields = {"source": "police", "urgency": "now", "women": "1", "men": "0", "later": "1", "needs": "wheelchair"}
    assert browser.post(f"/referrals/{referral.ref}/change", fields=fields).status_code == 303, browser.page
    assert decisions(session) == []


# Nobody who cannot decide holds it up


def _denied(make, session, head, house, referral):
    resident = session.scalars(select(Resident)).first()
    make.saved(Denial(resident_id=resident.id, account_id=head.id, since=make.clock.now))


def _expired(make, session, head, house, referral):
    head.valid_until = make.clock.now - dt.timedelta(days=1)


def _disabled(make, session, head, house, referral):
    head.state = AccountState.DISABLED


def _unconfirmed(make, session, head, house, referral):
    head.unconfirmed_since = make.clock.now


def _elsewhere(make, session, head, house, referral):
    session.scalars(select(Clearance).where(Clearance.account_id == head.id)).one().house_id = make.house().id


def _related(make, session, head, house, referral):
    household = session.scalars(select(Referral.household_id)).one()
    make.saved(
        Conflict(household_id=household, account_id=head.id, kind=ConflictKind.STAFF_RELATED, found_at=make.clock.now)
    )


@pytest.mark.parametrize("away", [_denied, _expired, _disabled, _unconfirmed, _elsewhere, _related])
def test_a_manager_decides_where_the_head_cannot(new_browser, make, session, house, head, referral, away):
    manager = make.account(Role.MANAGER, house, language="en")
    before = new_browser().sign_in(manager)
    assert before.post(path(referral), answer="place").status_code == 200, "while the head can, she does"
    away(make, session, head, house, referral)
    session.commit()
    assert before.post(path(referral), answer="place").status_code == 303, before.page
    assert [one.decided_as for one in decisions(session)] == [DecidedAs.MANAGER]


def test_an_acting_head_whose_account_is_closed_holds_nothing_up(new_browser, make, session, house, referral, clock):
    gone = make.account(Role.MANAGER, house, state=AccountState.DISABLED)
    make.saved(
        Delegation(
            account_id=gone.id,
            kind=DelegationKind.PLH,
            since=clock.now - dt.timedelta(days=1),
            until=clock.now + dt.timedelta(days=1),
        )
    )
    manager = new_browser().sign_in(make.account(Role.MANAGER, house))
    assert manager.post(path(referral), answer="place").status_code == 303


def test_a_relative_of_the_reported_person_decides_nothing(new_browser, make, session, house, head, referral):
    _related(make, session, head, house, referral)
    boss = new_browser().sign_in(head)
    assert boss.post(path(referral), answer="place").status_code == 404, "the referral is nowhere for her"
    assert decisions(session) == []


def test_who_placed_them_decides_where_the_only_other_manager_is_denied(browser, make, session, house):
    one, other = make.account(Role.MANAGER, house), make.account(Role.MANAGER, house)
    referral = make.referral(by=one)
    browser.sign_in(one)
    assert come_in(browser, referral).status_code == 303
    assert browser.post(path(referral), answer="place").status_code == 200, "the other decides"
    _denied(make, session, other, house, referral)
    assert browser.post(path(referral), answer="place").status_code == 303


# Whose houses it concerns


def test_a_manager_of_another_house_reads_nothing_after_they_left(
    new_browser, make, session, house, head, referral, clock
):
    boss = new_browser().sign_in(head)
    boss.post(path(referral), answer="place")
    stranger = new_browser().sign_in(make.account(Role.MANAGER, make.house(), language="en"))
    assert stranger.get(path(referral)).status_code == 404
    clock.forward(minutes=3)
    depart(
        session,
        residents=list(session.scalars(select(Resident))),
        at=clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=clock.now,
        by=actor(head),
    )
    session.commit()
    assert stranger.get(path(referral)).status_code == 404
    assert stranger.post(f"{path(referral)}/paper").status_code == 404
    assert boss.get(path(referral)).status_code == 200
    assert boss.post(f"{path(referral)}/paper").status_code == 200


def test_the_house_in_which_beds_are_held_is_named_to_those_who_work_there(browser, new_browser, make, staff, head):
    referral = make.referral((Sex.MALE, 48), by=staff)
    browser.sign_in(staff)
    browser.get(f"/referrals/{referral.ref}/beds")
    browser.post(f"/referrals/{referral.ref}/beds", option=first_option(browser.page))
    stranger = new_browser().sign_in(make.account(Role.MANAGER, make.house(), language="en"))
    stranger.get(path(referral))
    assert "Rumah Satu" not in stranger.page and "a house that is not one of yours" in stranger.page
    boss = new_browser().sign_in(head)
    boss.get(path(referral))
    assert "Rumah Satu" in boss.page


# What she wrote


def test_what_the_head_wrote_is_read_by_the_caseworker_and_every_reading_recorded(
    browser, new_browser, make, session, house, head, referral
):
    boss = new_browser().sign_in(head)
    boss.post(path(referral), answer="place", words="Hanya sampai Jumat, lalu Rumah Dua")
    assert "Hanya sampai Jumat, lalu Rumah Dua" in boss.get(path(referral)).text
    worker = make.account(Role.CASEWORKER, house)
    for one in session.scalars(select(Resident)).all():
        make.saved(
            Assignment(
                resident_id=one.id,
                account_id=worker.id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=True,
                since=make.clock.now,
            )
        )
    browser.sign_in(worker)
    link = f"{path(referral)}/words"
    assert link in browser.get(f"/referrals/{referral.ref}/intake").text
    page = browser.get(link).text
    assert "Hanya sampai Jumat, lalu Rumah Dua" in page
    opened = [one for one in session.scalars(select(TrailEntry)) if one.act == Act.VALUE_OPENED]
    assert [one.purpose for one in opened if one.fields == "decision.words"] == ["decision read"] * 2
    browser.sign_in(make.account(Role.STAFF, house))
    assert browser.get(link).status_code == 404
    browser.sign_in(make.account(Role.CASEWORKER, make.house()))
    assert browser.get(link).status_code == 404


def test_a_decision_without_words_has_no_page_of_its_own(new_browser, session, head, referral):
    boss = new_browser().sign_in(head)
    assert boss.get(f"{path(referral)}/words").status_code == 404
    boss.post(path(referral), answer="place")
    assert boss.get(f"{path(referral)}/words").status_code == 404


def test_a_settled_decision_stays_about_its_house_and_tells_the_mattresses(
    new_browser, make, session, house, head, referral
):
    other = make.house("Rumah Dua")
    make.saved(Clearance(account_id=head.id, house_id=other.id, since=make.clock.now))
    mattress = Bed(room_id=make.room(other, "3").id, label="Kasur +1", kind=BedKind.MATTRESS)
    boss = new_browser().sign_in(head)
    boss.post(path(referral), answer="place")
    session.add(mattress)
    session.flush()
    stay = session.scalars(select(Stay).where(Stay.ended_at.is_(None))).first()
    stay.bed_id = mattress.id
    for one in session.scalars(select(Resident)).all():
        one.house_id = other.id
    session.commit()
    facts = boss.get(path(referral)).text.split("<dl")[1].split("</dl>")[0]
    assert "Rumah Satu" in facts and "Rumah Dua" not in facts
    assert "1 extra mattress" in facts
