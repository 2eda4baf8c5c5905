"""The paper that is signed: tagged, without time or place of its making, and nothing on it is a command."""

import json
import re
import zlib

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Office
from safehouse.access.permissions import Role
from safehouse.residents.models import Resident, Sex
from safehouse.shelter.choices import DecidedAs, RoomPurpose
from safehouse.shelter.models import Decision, Referral
from safehouse.shelter.views.deciding import on_paper
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from safehouse.web.papers import typeset
from tests.shelter.arriving import come_in

# What the typesetter would carry out, were it ever taken for its source.
INERT = ['#eval("1+1")', "#panic()", "*tebal*", "$x^2$", "@rujukan", '#import "x"', "]", "<label>", "\\"]


@pytest.fixture
def house(make):
    house = make.house("Rumah Melintang")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3, cots=1)
    return house


@pytest.fixture
def head(make, house):
    return make.account(Role.MANAGER, house, is_head=True, shown_name="Bu Sri Kepala", language="en")


@pytest.fixture
def decided(browser, make, session, house, head):
    staff = make.account(Role.STAFF, house, shown_name="Dewi Penjaga")
    referral = make.referral((Sex.MALE, 48), (Sex.FEMALE, 7), by=staff)
    browser.sign_in(staff)
    assert come_in(browser, referral).status_code == 303
    browser.sign_in(head)
    assert browser.post(f"/referrals/{referral.ref}/decision", answer="place").status_code == 303
    return referral


def facts_of(app, session, referral):
    """What is printed about this referral."""
    from flask import g

    row = session.scalars(select(Referral).where(Referral.id == referral.id)).one()
    decision = session.scalars(select(Decision)).one()
    with app.test_request_context():
        g.now, g.signed = decision.at, None
        return on_paper(row, decision)


def test_the_paper_comes_under_a_name_that_says_nothing_and_is_recorded(browser, session, decided):
    answer = browser.post(f"/referrals/{decided.ref}/decision/paper")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lembar-1.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.data.startswith(b"%PDF-")
    assert session.scalar(select(func.count()).where(TrailEntry.act == Act.PAPER_PRINTED)) == 1


def test_it_is_tagged_and_says_neither_when_nor_where_it_was_made(browser, decided):
    made = browser.post(f"/referrals/{decided.ref}/decision/paper").data
    plain = made + b"".join(_streams(made))
    assert (
        b"/MarkInfo" in plain and b"/StructTreeRoot" in plain and b"/Lang (id" in plain.replace(b"/Lang(", b"/Lang (")
    )
    assert b"pdfuaid" in plain, "it says that it can be read aloud"
    assert not re.search(rb"CreationDate|ModDate|CreateDate|ModifyDate|/Author", plain)
    assert b"/home/" not in plain


def test_the_same_facts_make_the_same_paper(app, session, decided):
    facts = facts_of(app, session, decided)
    assert typeset("berita_acara", facts) == typeset("berita_acara", facts)


def test_it_names_aliases_and_no_house_no_address_and_nobody_who_works_here(app, session, decided):
    facts = facts_of(app, session, decided)
    printed = json.dumps(facts, ensure_ascii=False)
    for one in session.scalars(select(Resident)):
        assert one.alias in printed and one.code in printed
    assert "Melintang" not in printed and "Dewi" not in printed and "Sri" not in printed and "Teduh" not in printed
    assert f"Kantor {facts['office']}" in printed, "they were handed over at the office"


@pytest.mark.parametrize("capacity", list(DecidedAs))
def test_the_capacity_of_whoever_decided_is_printed(app, session, decided, capacity):
    session.scalars(select(Decision)).one().decided_as = capacity
    session.flush()
    facts = facts_of(app, session, decided)
    expected = {"head": "Kepala UPTD", "plh": "Plh. Kepala UPTD", "plt": "Plt. Kepala UPTD", "manager": "Pengelola"}
    assert facts["signatures"][-1]["role"] == f"{expected[capacity]},"
    assert typeset("berita_acara", facts).startswith(b"%PDF-")


def test_it_is_in_indonesian_whoever_prints_it(app, session, browser, decided):
    facts = facts_of(app, session, decided)
    assert facts["heading"] == "Berita Acara Penempatan"
    assert facts["opening"].startswith("Pada hari ini, ")


@pytest.mark.parametrize("text", INERT)
def test_a_name_that_looks_like_a_command_is_printed_as_it_is(app, session, decided, text):
    facts = facts_of(app, session, decided)
    facts["people"][0][1] = facts["office"] = facts["decision"] = text
    facts["remarks"] = [text]
    assert typeset("berita_acara", facts).startswith(b"%PDF-")


def test_a_long_family_runs_over_to_the_next_page(app, session, decided):
    facts = facts_of(app, session, decided)
    facts["people"] = [[str(n), f"Anak Kenari {n}", "K7Q4", "Anak"] for n in range(1, 60)]
    assert typeset("berita_acara", facts).startswith(b"%PDF-")


def test_a_paper_without_a_decision_does_not_exist(browser, make, session, house, head):
    referral = make.referral()
    browser.sign_in(head)
    assert browser.post(f"/referrals/{referral.ref}/decision/paper").status_code == 404


def _streams(made):
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


@pytest.mark.parametrize("name", ["Rumah \U0001f3e0", "ꦥꦩꦺꦫꦶꦤ꧀ꦠꦃ", "a\x07b", "a\u202eb"])
def test_an_unusual_letter_keeps_no_paper_from_being_printed(browser, session, decided, name):
    office = session.scalars(select(Office)).one()
    office.name = name
    session.commit()
    referral = session.scalars(select(Referral)).first()
    sheet = browser.post(f"/referrals/{referral.ref}/decision/paper")
    assert sheet.status_code == 200
    assert sheet.data.startswith(b"%PDF")


def test_reasons_and_conditions_stand_on_the_paper_and_printing_them_is_recorded(browser, make, session, house, head):
    referral = make.referral(by=head)
    browser.sign_in(head)
    words = "Hanya sampai Jumat.\n#panic()"
    assert browser.post(f"/referrals/{referral.ref}/decision", answer="place", words=words).status_code == 303
    answer = browser.post(f"/referrals/{referral.ref}/decision/paper")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    opened = [one for one in session.scalars(select(TrailEntry)) if one.act == Act.VALUE_OPENED]
    assert ("decision.words", "decision printed") in {(one.fields, one.purpose) for one in opened}


def test_only_a_paper_with_words_has_a_part_for_them(app, session, decided):
    facts = facts_of(app, session, decided)
    assert facts["condition"] == facts["condition_heading"] == ""
    assert len(typeset("berita_acara", facts | {"condition": "Sampai Jumat", "condition_heading": "Alasan"})) > 0
