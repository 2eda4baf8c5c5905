"""What a manager said yes to is what is shown and printed, and nothing else: tried by whoever wants it otherwise."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from safehouse.access.models import Approval, Device, Discipline, SignIn
from safehouse.services.choices import WordsKind
from safehouse.services.operations.planning import write_words
from safehouse.services.rules.reviewing import NAMED
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from safehouse.vault.operations import key_of, seal
from tests.office import actor
from tests.services.test_reviews import FULL, advice, approve, handed_in, one_review, url

EARLIER, LATER = "Lebih tenang di malam hari", "Hasil visum tertulis di sini"


def summary(session, ward, domain, words, clock):
    write_words(
        session,
        domain=domain,
        resident=ward.resident,
        kind=WordsKind.SUMMARY,
        words=words,
        now=clock.now,
        by=actor(ward.indah),
    )
    session.commit()


@pytest.fixture
def months(plan, clock):
    """Her plan has been kept for a while."""
    clock.forward(days=30)


@pytest.fixture
def named(ward, session):
    """She has a name that can be printed."""
    ward.resident.name = seal(session, ward.resident, "name", "Suharti", key=key_of(session, ward.resident.ref))
    session.commit()


def ask_by_name(browser, ward, review):
    where = f"/reviews/{review.ref}/named-report"
    browser.sign_in(ward.maya).get(where)
    assert browser.post(where, fields={"court": "district"}).status_code == 303
    return where


def answer_by_name(browser, manager, where):
    browser.sign_in(manager).get(f"{where}/decide")
    return browser.post(f"{where}/decide", fields={"answer": "approve"})


def take_back(browser, manager, review):
    """Undo the approval from the bar of the manager's page."""
    browser.sign_in(manager)
    page = browser.get(approve(browser, manager, review).location).text
    return page.split("/undo")[0].rsplit('"', 1)[1] + "/undo"


def test_a_summary_written_after_handing_in_is_on_no_page_of_the_review_and_on_no_paper(
    ward, months, domain_of, browser, session, manager, clock
):
    summary(session, ward, domain_of(Discipline.PSYCHOLOGY), EARLIER, clock)
    clock.forward(minutes=1)
    handed_in(browser, ward)
    clock.forward(minutes=1)
    summary(session, ward, domain_of(Discipline.PSYCHOLOGY), LATER, clock)
    review = one_review(session)
    page = browser.sign_in(manager).get(f"/reviews/{review.ref}/decide").text
    assert EARLIER in page and LATER not in page, "what she says yes to"
    approve(browser, manager, review)
    page = browser.get(f"/reviews/{review.ref}").text
    assert EARLIER in page and LATER not in page


def test_what_is_written_next_shows_in_the_next_review(ward, months, domain_of, browser, session, manager, clock):
    handed_in(browser, ward)
    clock.forward(minutes=1)
    approve(browser, manager, one_review(session))
    clock.forward(days=80)
    summary(session, ward, domain_of(Discipline.PSYCHOLOGY), LATER, clock)
    assert LATER in browser.sign_in(ward.maya).get(f"/residents/{ward.resident.ref}/review").text


def test_a_yes_to_her_name_ends_with_the_approval_it_was_given_for(
    ward, named, months, browser, session, manager, clock
):
    handed_in(browser, ward)
    review = one_review(session)
    undo = take_back(browser, manager, review)
    where = ask_by_name(browser, ward, review)
    assert answer_by_name(browser, manager, where).status_code == 303
    assert 'name="code"' in browser.sign_in(ward.maya).get(where).text
    browser.sign_in(manager).get(where)
    assert browser.post(undo).status_code == 303
    clock.forward(minutes=1)
    approve(browser, manager, one_review(session))
    page = browser.sign_in(ward.maya).get(where).text
    assert 'name="code"' not in page and 'name="court"' in page, "it is asked for anew"


def test_an_asking_for_her_name_does_not_wait_for_an_approval_that_was_taken_back(
    ward, named, months, browser, session, manager, clock
):
    handed_in(browser, ward)
    review = one_review(session)
    undo = take_back(browser, manager, review)
    where = ask_by_name(browser, ward, review)
    browser.sign_in(manager).get(f"{where}/decide")
    assert browser.post(undo).status_code == 303
    session.expire_all()
    asking = session.scalars(select(Approval).where(Approval.kind == NAMED)).one()
    assert asking.decided_at is None and asking.expires_at <= clock.now
    clock.forward(minutes=1)
    approve(browser, manager, one_review(session))
    assert 'name="court"' in browser.sign_in(ward.maya).get(where).text


def test_an_approval_stands_once_a_paper_with_its_number_is_out(ward, months, browser, session, manager):
    handed_in(browser, ward)
    review = one_review(session)
    undo = take_back(browser, manager, review)
    browser.sign_in(ward.maya).get(f"/reviews/{review.ref}")
    assert browser.post(f"/reviews/{review.ref}/report").data.startswith(b"%PDF")
    browser.sign_in(manager).get(f"/reviews/{review.ref}")
    assert browser.post(undo).status_code == 409
    assert one_review(session).number == 1


def test_the_yes_to_her_name_comes_from_another_browser_than_the_asking(
    ward, named, months, browser, session, manager, clock
):
    handed_in(browser, ward)
    review = one_review(session)
    approve(browser, manager, review)
    where = ask_by_name(browser, ward, review)
    later = clock.now + dt.timedelta(days=1)
    for one in (ward.maya, manager):
        browser.sign_in(one)
        device = Device(
            account_id=one.id, digest=b"one browser".ljust(32), label="", made_at=clock.now, expires_at=later
        )
        session.add(device)
        session.flush()
        newest = session.scalars(select(SignIn).where(SignIn.account_id == one.id).order_by(SignIn.id.desc())).first()
        newest.device_id = device.id
        session.commit()
    browser.get(f"{where}/decide")
    answer = browser.post(f"{where}/decide", fields={"answer": "approve"})
    assert answer.status_code == 200
    session.expire_all()
    assert session.scalars(select(Approval).where(Approval.kind == NAMED)).one().granted is None
    refused = session.scalars(
        select(TrailEntry).where(TrailEntry.act == Act.APPROVAL_DECIDED, TrailEntry.result == Result.REFUSED)
    ).one()
    assert (refused.actor, refused.purpose) == (manager.ref, "same_device")


def test_an_answer_that_could_not_be_given_stands_in_the_record(ward, months, browser, session, manager, clock):
    handed_in(browser, ward)
    review = one_review(session)
    browser.sign_in(manager).get(f"/reviews/{review.ref}/decide")
    clock.forward(days=31)
    browser.sign_in(manager).get(f"/reviews/{review.ref}/decide")
    assert browser.post(f"/reviews/{review.ref}/decide", fields={"answer": "approve"}).status_code == 200
    session.expire_all()
    refused = session.scalars(
        select(TrailEntry).where(TrailEntry.act == Act.APPROVAL_DECIDED, TrailEntry.result == Result.REFUSED)
    ).one()
    assert (refused.actor, refused.subject, refused.purpose) == (manager.ref, review.ref, "expired")


# Nothing typed is lost to what somebody else did meanwhile


def test_what_was_typed_into_a_review_that_was_handed_in_meanwhile_comes_back(ward, months, browser, session):
    handed_in(browser, ward)
    answer = browser.post(url(ward), fields=FULL | advice(ward) | {"conclusion": "Kalimat dari jendela lama"})
    assert answer.status_code == 200
    assert "Kalimat dari jendela lama" in answer.text and 'class="errors"' in answer.text
    assert one_review(session).handed_in_at is not None


def test_needs_written_while_somebody_opened_the_plan_come_back(ward, browser, new_browser, session):
    opening = f"/residents/{ward.resident.ref}/plan/new"
    other = new_browser().sign_in(ward.indah)
    other.get(opening)
    browser.sign_in(ward.maya).get(opening)
    key = str(uuid.uuid4())
    hers = {"domains": ["psychology"], "need_psychology": "Tidur malam", "act_key": key}
    assert browser.post(opening, fields=hers).status_code == 303
    assert browser.post(opening, fields=hers).status_code == 303, "the same press twice"
    answer = other.post(opening, fields={"domains": ["legal"], "need_legal": "Didampingi di sidang"})
    assert answer.status_code == 200
    assert "Didampingi di sidang" in answer.text and 'class="err"' in answer.text
