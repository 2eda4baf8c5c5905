"""Answering a referral: what an answer needs, that the last word is said once, and ten minutes to take it back."""

import datetime as dt
import re
import threading
import uuid

import pytest
from sqlalchemy import select

from safehouse.access.models import Account, Agency
from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.shelter.choices import (
    AnswerKind,
    ReferralState,
    RefusalGround,
    RoomPurpose,
    Urgency,
    WaitingPlace,
)
from safehouse.shelter.models import Hold, Referral, ReferralAnswer
from safehouse.shelter.operations.answering import AnswerRefusal, AnswerRefused, GivenAnswer, answer_referral
from safehouse.shelter.operations.holding import hold_beds
from safehouse.shelter.rules.answering import AnswerFault, Onward, faults_of, state_after
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import NOW, Make, actor

TODAY = dt.date(2026, 11, 21)
DAY = {"call_again-d": "23", "call_again-m": "11", "call_again-y": "2026"}
WAIT = DAY | {"kind": "waiting", "waiting_place": "relatives"}
REFUSE = {"kind": "refused", "ground": "hospital_care", "onward": "declined"}


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def referral(make):
    return make.referral()


@pytest.fixture
def agency(session):
    agency = Agency(name="RSUD Contoh")
    session.add(agency)
    session.commit()
    return agency


@pytest.fixture
def at_work(browser, make, house):
    return browser.sign_in(make.account(Role.CASEWORKER, house))


def path(referral):
    return f"/referrals/{referral.ref}/answer"


def answers(session):
    return list(session.scalars(select(ReferralAnswer).order_by(ReferralAnswer.id)))


def summary(page):
    """What the summary above the form says."""
    found = re.search(r'<div class="errors".*?</div>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0]) if found else ""


def test_an_accepted_family_goes_on_to_its_beds_and_still_waits_for_them(at_work, referral, session):
    answer = at_work.post(path(referral), kind="accepted")
    assert answer.status_code == 303 and answer.location.startswith(f"/referrals/{referral.ref}/beds?done=")
    session.refresh(referral)
    assert referral.state is ReferralState.NEW
    (given,) = answers(session)
    assert (given.kind, given.at, given.by_id) == (AnswerKind.ACCEPTED, NOW, at_work.account.id)
    assert Act.REFERRAL_ANSWERED in set(session.scalars(select(TrailEntry.act)))
    assert "Rujukan dijawab." in at_work.get(answer.location).text


def test_asked_to_wait_it_may_be_answered_again(at_work, referral, session):
    assert at_work.post(path(referral), fields=WAIT).status_code == 303
    session.refresh(referral)
    assert referral.state is ReferralState.WAITING
    assert at_work.get(path(referral)).status_code == 200
    assert at_work.post(path(referral), fields=REFUSE).status_code == 303
    assert [one.kind for one in answers(session)] == [AnswerKind.WAITING, AnswerKind.REFUSED]
    assert answers(session)[0].call_again == dt.date(2026, 11, 23)


def test_a_refusal_is_kept_with_its_reason_and_where_she_is_sent_on_to(at_work, referral, agency, session):
    at_work.post(path(referral), fields=REFUSE | {"onward": str(agency.ref)})
    (given,) = answers(session)
    assert (given.ground, given.onward_id, given.declined_onward) == (RefusalGround.HOSPITAL_CARE, agency.id, False)
    session.refresh(referral)
    assert referral.state is ReferralState.REFUSED


def test_a_new_agency_is_put_into_the_address_book_once(at_work, make, referral, agency, session):
    at_work.post(path(referral), fields=REFUSE | {"onward": "new", "new_agency": "Dinas Sosial Contoh"})
    other = make.referral()
    at_work.post(path(other), fields=REFUSE | {"onward": "", "new_agency": "dinas sosial contoh"})
    names = list(session.scalars(select(Agency.name).order_by(Agency.id)))
    assert names == ["RSUD Contoh", "Dinas Sosial Contoh"]
    assert len({one.onward_id for one in answers(session)}) == 1


def test_an_agency_we_no_longer_work_with_is_not_offered_and_not_taken(at_work, referral, agency, session):
    agency.suspended_at = NOW
    session.commit()
    assert "RSUD Contoh" not in at_work.get(path(referral)).text
    answer = at_work.post(path(referral), fields=REFUSE | {"onward": "new", "new_agency": "RSUD Contoh"})
    assert answer.status_code == 200 and "tidak lagi bekerja sama" in answer.text
    assert answers(session) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Belum dipilih"),
        ({"kind": "waiting", "waiting_place": "relatives"}, "Tulis tanggal pengirim dihubungi lagi."),
        (WAIT | {"call_again-d": "20"}, "sudah lewat"),
        (WAIT | {"call_again-d": "31"}, "31 November tidak ada"),
        (WAIT | {"call_again-y": "2027"}, "Lebih dari 60 hari lagi."),
        (WAIT | {"waiting_place": ""}, "Pilih di mana ia selama menunggu."),
        ({"kind": "refused", "onward": "declined"}, "Pilih alasannya."),
        ({"kind": "refused", "ground": "full"}, "Pilih tujuan rujukan"),
        ({"kind": "refused", "ground": "full", "onward": "new"}, "Tulis nama lembaganya."),
        (REFUSE | {"new_agency": "RSUD Lain"}, "Ada dua jawaban."),
        (REFUSE | {"ground": "pregnant"}, "Pilihan ini tidak"),
        (REFUSE | {"onward": str(uuid.UUID(int=7))}, "Pilihan ini tidak"),
    ],
)
def test_what_is_missing_is_told_and_nothing_typed_is_lost(at_work, referral, session, typed, told):
    answer = at_work.post(path(referral), fields=typed)
    assert answer.status_code == 200
    assert told in summary(answer.text), summary(answer.text)
    for name, value in typed.items():
        if value and name.startswith("call_again"):
            assert f'name="{name}"' in answer.text and f'value="{value}"' in answer.text
    session.refresh(referral)
    assert answers(session) == [] and referral.state is ReferralState.NEW


def test_a_referral_answered_twice_says_so_and_keeps_what_was_typed(
    at_work, new_browser, make, house, referral, session
):
    at_work.get(path(referral))
    other = new_browser().sign_in(make.account(Role.MANAGER, house))
    other.post(path(referral), fields=REFUSE)
    late = at_work.post(path(referral), fields=REFUSE | {"onward": "new", "new_agency": "Panti Contoh"})
    assert late.status_code == 200 and "baru saja dijawab orang lain: Tidak dapat diterima" in late.text
    assert 'value="Panti Contoh"' in late.text
    assert len(answers(session)) == 1
    assert session.scalars(select(Agency)).all() == []
    assert at_work.get(path(referral)).location == "/referrals"


def test_the_same_press_twice_answers_once(at_work, referral, session):
    fields = REFUSE | {"act_key": str(uuid.uuid4())}
    first, second = (at_work.post(path(referral), fields=fields) for _ in range(2))
    assert (first.status_code, second.location) == (303, first.location)
    assert len(answers(session)) == 1


@pytest.mark.parametrize("fields", [REFUSE, WAIT], ids=["refused", "waiting"])
def test_beds_held_for_a_family_that_is_not_coming_are_free_again(at_work, make, house, referral, session, fields):
    beds = [bed.id for bed in make.beds(make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=1))]
    hold_beds(session, referral=referral, bed_ids=beds, hours=4, now=NOW, by=actor(at_work.account))
    session.commit()
    at_work.post(path(referral), fields=fields)
    session.expire_all()
    assert all(hold.released_at is not None for hold in session.scalars(select(Hold)))


@pytest.mark.parametrize(
    ("fields", "state"),
    [({"kind": "accepted"}, ReferralState.NEW), (WAIT, ReferralState.NEW), (REFUSE, ReferralState.NEW)],
)
def test_an_answer_is_taken_back_within_ten_minutes(at_work, clock, referral, session, fields, state):
    done = at_work.post(path(referral), fields=fields).location.split("done=")[1]
    clock.forward(minutes=9)
    at_work.sign_in(at_work.account)
    undone = at_work.post(f"/referrals/{done}/undo-answer")
    assert undone.status_code == 303 and undone.location == "/referrals?undone=1"
    session.expire_all()
    assert referral.state is state
    assert [one.undone_at is not None for one in answers(session)] == [True]
    assert at_work.get(path(referral)).status_code == 200


def test_taking_a_refusal_back_leaves_an_earlier_request_to_wait_standing(at_work, referral, session):
    at_work.post(path(referral), fields=WAIT)
    done = at_work.post(path(referral), fields=REFUSE).location.split("done=")[1]
    at_work.post(f"/referrals/{done}/undo-answer")
    session.expire_all()
    assert referral.state is ReferralState.WAITING


def test_after_ten_minutes_or_by_another_person_nothing_is_taken_back(
    at_work, new_browser, make, house, clock, referral, session
):
    done = at_work.post(path(referral), fields=REFUSE).location.split("done=")[1]
    other = new_browser().sign_in(make.account(Role.MANAGER, house))
    assert other.post(f"/referrals/{done}/undo-answer").status_code in {404, 409}
    clock.forward(minutes=11)
    at_work.sign_in(at_work.account)
    assert at_work.post(f"/referrals/{done}/undo-answer").status_code in {404, 409}
    session.expire_all()
    assert referral.state is ReferralState.REFUSED


def test_withdrawing_is_an_answer_and_taking_it_back_lets_the_earlier_one_stand(at_work, referral, session):
    at_work.post(path(referral), kind="accepted")
    done = at_work.post(f"/referrals/{referral.ref}/withdraw").location.split("done=")[1]
    session.expire_all()
    assert [(one.kind, one.undone_at is None) for one in answers(session)] == [
        (AnswerKind.ACCEPTED, False),
        (AnswerKind.WITHDRAWN, True),
    ]
    assert referral.state is ReferralState.WITHDRAWN
    at_work.post(f"/referrals/{done}/undo-withdrawal")
    session.expire_all()
    assert [one.undone_at is None for one in answers(session)] == [True, False]
    assert referral.state is ReferralState.NEW


def test_staff_take_and_screen_but_do_not_answer(browser, make, house, referral, session):
    browser.sign_in(make.account(Role.STAFF, house))
    assert browser.get(path(referral)).status_code == 404
    assert browser.post(path(referral), fields=REFUSE).status_code == 404
    assert path(referral) not in browser.get("/referrals").text
    assert browser.get(f"/referrals/{referral.ref}/screening").status_code == 200
    assert answers(session) == []


def test_the_page_says_what_is_no_ground_to_refuse(at_work, referral):
    page = at_work.get(path(referral)).text
    for word in ("Disabilitas", "hamil", "HIV", "Agama", "surat", "polisi"):
        assert word in page.split("<aside")[1], word
    for ground in ("disab", "hamil", "HIV", "agama", "KTP", "polisi"):
        assert ground not in page.split('name="ground"')[1].split("</select>")[0]


def test_nothing_is_chosen_beforehand(at_work, referral):
    assert " checked" not in at_work.get(path(referral)).text.split('id="work"')[1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_two_who_answer_at_one_moment_one_wins(lone_app, kind):
    app = lone_app(kind)
    writing = app.extensions["db_writing"]
    for number in range(12):
        with writing() as session:
            make = Make(session, app.extensions["test_clock"], counter=1000 * number)
            house = make.house()
            people = [make.account(Role.MANAGER, house).id for _ in range(2)]
            referral_id = make.referral(by=session.get_one(Account, people[0])).id
        gate, results = threading.Barrier(2), []
        kinds = (
            GivenAnswer(AnswerKind.REFUSED, ground=RefusalGround.FULL, new_agency=f"Lembaga {number}"),
            GivenAnswer(AnswerKind.ACCEPTED),
        )

        def answer(account_id, given, *, referral_id=referral_id, gate=gate, results=results):
            with writing() as session:
                by = actor(session.get_one(Account, account_id))
                session.rollback()
                gate.wait()
                begin_act(session, key=uuid.uuid4(), kind="referral:answer", now=NOW, by=by)
                referral = session.get_one(Referral, referral_id)
                try:
                    answer_referral(session, referral=referral, given=given, today=TODAY, now=NOW, by=by)
                except AnswerRefused as refused:
                    results.append(refused.reason.value)
                    return
                session.commit()
                results.append("answered")

        threads = [threading.Thread(target=answer, args=pair) for pair in zip(people, kinds, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == [AnswerRefusal.ALREADY_ANSWERED.value, "answered"]
        with app.extensions["db_reading"]() as session:
            standing = session.scalars(select(ReferralAnswer).where(ReferralAnswer.referral_id == referral_id)).all()
            assert len(standing) == 1


def test_an_answer_needs_exactly_what_belongs_to_it():
    assert faults_of(AnswerKind.ACCEPTED, today=TODAY) == ()
    assert faults_of(AnswerKind.WAITING, today=TODAY) == (AnswerFault.NO_CALL_DAY, AnswerFault.NO_PLACE)
    full = RefusalGround.FULL
    for onward, told in (
        (None, (AnswerFault.NO_ONWARD,)),
        (Onward(), (AnswerFault.NO_ONWARD,)),
        (Onward(known=True), ()),
        (Onward(new_name="Panti"), ()),
        (Onward(declined=True), ()),
        (Onward(known=True, declined=True), (AnswerFault.TWO_ONWARDS,)),
        (Onward(new_name="Panti", declined=True), (AnswerFault.TWO_ONWARDS,)),
    ):
        assert faults_of(AnswerKind.REFUSED, today=TODAY, ground=full, onward=onward) == told
    assert state_after(AnswerKind.ACCEPTED, ReferralState.WAITING) is ReferralState.WAITING
    place = WaitingPlace.HOSPITAL
    assert faults_of(AnswerKind.WAITING, today=TODAY, call_again=TODAY, waiting_place=place) == ()


@pytest.fixture
def free_room(make, house):
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=2))


def test_the_page_says_what_is_free_now(at_work, referral, free_room):
    assert "Rumah Satu, kamar 1 memenuhi semua syarat." in at_work.get(path(referral)).text


@pytest.mark.parametrize(
    ("urgency", "fields", "question"),
    [
        (Urgency.NOW, WAIT, "Tempat diperlukan sekarang. Rumah Satu, kamar 1 memenuhi semua syarat."),
        (Urgency.PLANNED, WAIT | {"waiting_place": "nowhere_safe"}, "Ia belum aman dan tempat diperlukan."),
        (Urgency.PLANNED, REFUSE | {"ground": "full"}, "Masih ada tempat: Rumah Satu, kamar 1."),
    ],
)
def test_an_answer_against_a_free_place_is_asked_about_once_more_and_then_given(
    at_work, make, free_room, session, urgency, fields, question
):
    referral = make.referral(urgency=urgency)
    asked = at_work.post(path(referral), fields=fields)
    assert asked.status_code == 200 and question in summary(asked.text)
    assert answers(session) == []
    code = re.search(r'name="asked" type="hidden" value="([^"]+)"', asked.text)[1]
    other = "not_full" if code == "waits_unsafe" else "waits_unsafe"
    assert at_work.post(path(referral), fields=fields | {"asked": other, "sure": "y"}).status_code == 200
    assert at_work.post(path(referral), fields=fields | {"asked": code}).status_code == 200
    assert at_work.post(path(referral), fields=fields | {"asked": code, "sure": "y"}).status_code == 303
    assert len(answers(session)) == 1


@pytest.mark.parametrize("fields", [WAIT, REFUSE])
def test_whoever_is_safe_until_then_is_asked_to_wait_without_a_question(at_work, make, free_room, session, fields):
    assert at_work.post(path(make.referral(urgency=Urgency.PLANNED)), fields=fields).status_code == 303


def test_a_place_in_a_house_she_does_not_work_in_counts_as_free(at_work, make, session):
    make.room(make.house("Rumah Dua"), "1", RoomPurpose.ADULT_WOMEN, beds=1)
    referral = make.referral(urgency=Urgency.NOW)
    assert "Rumah Dua, kamar 1 memenuhi semua syarat." in summary(at_work.post(path(referral), fields=WAIT).text)


def test_nothing_is_asked_where_nothing_is_free(at_work, make, session):
    assert at_work.post(path(make.referral(urgency=Urgency.NOW)), fields=WAIT).status_code == 303
