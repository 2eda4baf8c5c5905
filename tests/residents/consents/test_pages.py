"""The consents of one resident and the notes for staff on their pages, and what these refuse."""

import pytest
from sqlalchemy import func, select

from safehouse.access.models import CoSignature, House
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Consent,
    Denial,
    GivenBy,
    Guardian,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.shelter.arriving import reading

# The page of one resident


def answer_fields(witness, **more):
    return reading(witness) | {"item": "photograph", "said": "yes"} | more


def test_an_answer_is_added_withdrawn_with_one_press_and_brought_back(browser, session, family, staff, witness):
    mother = family[0]
    browser.sign_in(staff)
    path = f"/residents/{mother.ref}/consents"
    browser.get(path)
    added = browser.post(path, fields=answer_fields(witness))
    assert added.status_code == 303, browser.page
    browser.get(path)
    consent = session.scalars(select(Consent)).one()
    assert str(consent.ref) in browser.page and witness.shown_name in browser.page
    done = browser.post(f"/consents/{consent.ref}/withdraw")
    browser.get(done.location)
    act = done.location.split("done=")[1]
    assert f"/consents/{act}/undo" in browser.page
    session.expire_all()
    assert session.scalars(select(Consent)).one().withdrawn_at is not None
    assert browser.post(f"/consents/{act}/undo").status_code == 303
    session.expire_all()
    assert session.scalars(select(Consent)).one().withdrawn_at is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"witness": ""}, "witness"),
        ({"rights": ["leave", "free"]}, "rights"),
        ({"signed": "paper"}, "sheet_number"),
        ({"language": ""}, "language"),
        ({"said": "later"}, "said"),
        ({"until-d": "1", "until-m": "2", "until-y": "2020"}, "until"),
        ({"until-d": "31", "until-m": "11", "until-y": "2026"}, "until"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(
    browser, session, family, staff, witness, wrong, field
):
    browser.sign_in(staff)
    path = f"/residents/{family[0].ref}/consents"
    browser.get(path)
    assert browser.post(path, fields=answer_fields(witness) | wrong).status_code == 200
    assert f'id="{field}-e"' in browser.page
    assert session.scalar(select(func.count()).select_from(Consent)) == 0
    assert '<option value="photograph" selected>' in browser.page, "what was chosen stays chosen"


def test_a_reported_person_as_guardian_is_refused_beside_the_field(browser, session, family, reported, staff, witness):
    child = family[1]
    session.commit()
    browser.sign_in(staff)
    path = f"/residents/{child.ref}/consents"
    browser.get(path)
    fields = answer_fields(
        witness,
        item="stay",
        guardian="outside",
        opinion="yes",
        outside_name="Slamet Riyadi",
        outside_relationship="father",
        outside_reported="no",
    )
    assert browser.post(path, fields=fields).status_code == 200
    assert 'id="outside_name-e"' in browser.page and "Slamet Riyadi" in browser.page
    assert session.scalar(select(func.count()).select_from(Consent)) == 0
    assert session.scalar(select(func.count()).select_from(Guardian)) == 0
    refused = select(func.count()).where(TrailEntry.act == Act.CONSENT_RECORDED, TrailEntry.result == Result.REFUSED)
    assert session.scalar(refused) == 1
    said_so = fields | {"outside_name": "Sri Wahyuni", "outside_reported": "yes"}
    assert browser.post(path, fields=said_so).status_code == 200
    assert 'id="outside_reported-e"' in browser.page


def test_where_no_guardian_may_sign_two_of_the_staff_decide_for_the_child(
    browser, make, session, family, staff, witness
):
    child = family[1]
    browser.sign_in(staff)
    path = f"/residents/{child.ref}/consents"
    browser.get(path)
    fields = answer_fields(witness, item="stay", guardian="staff", opinion="yes")
    alone = browser.post(path, fields=fields)
    assert alone.status_code == 200 and 'id="reason-e"' in browser.page and 'id="second_code-e"' in browser.page
    beside = make.account(Role.STAFF, session.get_one(House, child.house_id))
    both = fields | {
        "reason": "Wali adalah terlapor; anak aman bersama ibu.",
        "second_name": witness.username,
        "second_code": make.code(witness),
    }
    assert browser.post(path, fields=both).status_code == 200, "the witness is a third person"
    assert 'id="witness-e"' in browser.page and session.scalar(select(func.count()).select_from(Consent)) == 0
    both |= {"second_name": beside.username, "second_code": make.code(beside)}
    assert browser.post(path, fields=both).status_code == 303, browser.page
    kept = session.scalars(select(Consent)).one()
    assert kept.given_by is GivenBy.BEST_INTEREST and kept.co_signature_id is not None
    assert b"terlapor" not in kept.reason


def test_whoever_is_denied_somebody_of_the_family_is_neither_witness_nor_second_person(
    browser, make, session, family, staff, witness, clock
):
    mother, child = family
    cousin = make.account(Role.STAFF, session.get_one(House, child.house_id), shown_name="Sepupu")
    make.saved(Denial(resident_id=mother.id, account_id=cousin.id, since=clock.now))
    browser.sign_in(staff)
    path = f"/residents/{child.ref}/consents"
    page = browser.get(path).text
    assert witness.shown_name in page and "Sepupu" not in page
    by_two = answer_fields(witness, item="stay", guardian="staff", opinion="yes", reason="Wali adalah terlapor.")
    signed = by_two | {"second_name": cousin.username, "second_code": make.code(cousin)}
    assert browser.post(path, fields=signed).status_code == 200 and 'id="second_code-e"' in browser.page
    assert browser.post(path, fields=signed | {"witness": str(cousin.ref)}).status_code == 200
    assert session.scalar(select(func.count()).select_from(Consent)) == 0
    assert session.scalar(select(func.count()).select_from(CoSignature)) == 0


def test_house_staff_do_not_reach_the_consents_of_another_house(browser, make, family, witness):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    assert browser.get(f"/residents/{family[0].ref}/consents").status_code == 404
    assert browser.post(f"/residents/{family[0].ref}/consents", fields=answer_fields(witness)).status_code == 404


# Notes for staff


def test_at_most_three_notes_stand_and_the_fourth_is_refused_beside_its_field(browser, make, session, family, house):
    from safehouse.residents.models import Alert

    browser.sign_in(make.account(Role.MANAGER, house))
    path = f"/residents/{family[0].ref}/alerts"
    for n in range(3):
        browser.get(path)
        kind = "never" if n else "do"
        assert browser.post(path, kind=kind, words=f"Jangan sebut desanya {n}").status_code == 303
    assert browser.post(path, kind="do", words="Yang keempat").status_code == 200
    assert 'id="words-e"' in browser.page and 'value="Yang keempat"' in browser.page
    assert session.scalar(select(func.count()).select_from(Alert)) == 3
    alert = session.scalars(select(Alert).order_by(Alert.id)).first()
    assert b"desanya" not in alert.words
    ended = browser.post(f"/alerts/{alert.ref}/end")
    act = ended.location.split("done=")[1]
    browser.get(ended.location)
    assert "Jangan sebut desanya 0" not in browser.page.split("<form")[0] and f"/alerts/{act}/undo" in browser.page
    assert browser.post(f"/alerts/{act}/undo").status_code == 303
    session.expire_all()
    assert session.scalar(select(func.count()).where(Alert.until.is_(None))) == 3


def test_the_notes_of_one_page_are_one_entry_of_the_record(browser, make, session, family, house):
    manager = make.account(Role.MANAGER, house)
    browser.sign_in(manager)
    path = f"/residents/{family[0].ref}/alerts"
    for words in ("Satu", "Dua"):
        browser.post(path, kind="do", words=words)
    before = session.scalar(select(func.count()).where(TrailEntry.act == Act.VALUE_OPENED))
    browser.get(path)
    after = session.scalar(select(func.count()).where(TrailEntry.act == Act.VALUE_OPENED))
    assert after == before + 1


def test_house_staff_write_no_notes(browser, family, staff):
    browser.sign_in(staff)
    assert browser.get(f"/residents/{family[0].ref}/alerts").status_code == 404
