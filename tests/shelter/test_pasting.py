"""A pasted chat message: what is understood, and that nothing of it is ever seen outside its seal."""

import json
import logging
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select, text

from safehouse.access.models import Draft
from safehouse.access.permissions import Role
from safehouse.residents.models import Sex
from safehouse.schema import METADATA
from safehouse.shelter.choices import Need, ReferralSource
from safehouse.shelter.models import Referral
from safehouse.shelter.rules.pasting import Child, Understood, understand
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import PASSWORD

GIRL, BOY = Sex.FEMALE, Sex.MALE
MESSAGE = (
    "Selamat malam Bu, kami dari Polres. Ada ibu Kenangawati 32 th bawa 2 anak, 9 thn cewek, 4 th laki2 dan bayi 7 bln."
    " Hamil, pakai kursi roda. NIK 3374015507940002, hp 0812-3456-7890. Suami 41 th bernama Kenangadi masih mencari."
)
CANARIES = ("kenangawati", "kenangadi", "3374015507940002", "0812-3456-7890", "masih mencari")


@pytest.mark.parametrize(
    ("message", "understood"),
    [
        (
            MESSAGE,
            Understood(
                1,
                0,
                (Child(GIRL, 108), Child(BOY, 48), Child(None, 7)),
                frozenset({Need.PREGNANT, Need.WHEELCHAIR}),
                ReferralSource.POLICE,
            ),
        ),
        ("1 ibu 2 anak", Understood(1, 0, (Child(None, None), Child(None, None)))),
        ("seorang ibu dgn dua anak perempuan", Understood(1, 0, (Child(GIRL, None), Child(GIRL, None)))),
        ("ibu dan 3 anak (9th, 7 th, 5th)", Understood(1, 0, (Child(None, 108), Child(None, 84), Child(None, 60)))),
        ("anak perempuan 15 th sendirian", Understood(0, 0, (Child(GIRL, 180),))),
        ("2 perempuan dewasa dan satu bayi", Understood(2, 0, (Child(None, None),))),
        ("perempuan 30 th, anak 2 (L 5 th, P 3 th)", Understood(1, 0, (Child(BOY, 60), Child(GIRL, 36)))),
        ("perempuan umur 34, anak 1 laki2 usia 2 tahun 6 bulan", Understood(1, 0, (Child(BOY, 30),))),
        ("ibu muda 19th bawa bayi 2minggu", Understood(1, 0, (Child(None, 0),))),
        ("ibu 25 thn hamil 6 bulan", Understood(1, needs=frozenset({Need.PREGNANT}))),
        ("ibu tidak hamil", Understood(1)),
        (
            "puskesmas: ibu tidak bisa naik tangga",
            Understood(1, 0, (), frozenset({Need.GROUND_FLOOR}), ReferralSource.HEALTH),
        ),
        ("a mother with two children, girl 9 years, boy 4 years", Understood(1, 0, (Child(GIRL, 108), Child(BOY, 48)))),
        ("suami 40 th masih di rumah", Understood()),
        ("halo, apakah ada orang", Understood()),
        (
            "korban KDRT a.n. Siti Aminah, 28 th, hamil 6 bulan, bawa 2 anak: laki2 5 tahun dan perempuan 10 bln",
            Understood(1, 0, (Child(BOY, 60), Child(GIRL, 10)), frozenset({Need.PREGNANT})),
        ),
        ("28 th, dengan bayi 7 bln", Understood(1, 0, (Child(None, 7),))),
        ("korban bawa 2 anak", Understood(1, 0, (Child(None, None), Child(None, None)))),
        ("istri dari pelaku membawa anak perempuan 4 th", Understood(1, 0, (Child(GIRL, 48),))),
        ("dia bawa anaknya laki2 5 th", Understood(1, 0, (Child(BOY, 60),))),
        ("korban hamil 6 bulan", Understood(1, needs=frozenset({Need.PREGNANT}))),
        ("ia 31 tahun", Understood(1)),
        ("korban anak perempuan 15 th sendirian", Understood(0, 0, (Child(GIRL, 180),))),
        ("anak perempuan 15 th hamil", Understood(0, 0, (Child(GIRL, 180),), frozenset({Need.PREGNANT}))),
        ("2 anak, tidak hamil", Understood(0, 0, (Child(None, None), Child(None, None)))),
        ("pria 40 th menunggu di luar", Understood()),
        ("", Understood()),
    ],
)
def test_everyday_messages_are_understood(message, understood):
    assert understand(message) == understood


SOME_WORDS = (
    "ibu bapak anak bayi perempuan laki2 cewek hamil kursi roda 9 4 32 thn th bln bulan dua tiga , . dan ( ) L P usia"
    " suami 0812-3456-7890 3374015507940002 Sari polres puskesmas tidak"
)
WORDS = st.sampled_from(SOME_WORDS.split())
OURS = {word for kind in (Sex, Need, ReferralSource) for one in kind for word in re.findall(r"[^\W\d]+", one)} | {
    "null"
}


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join)))
@example("9" * 400)
@example("anak " * 300)
@example("99 anak 999 th 999 bulan")
def test_no_number_and_no_word_of_a_message_comes_out(message):
    found = understand(message)
    told = json.dumps(
        [found.women, found.men, [[c.sex, c.age_months] for c in found.children], sorted(found.needs), found.source]
    )
    assert not re.search(r"\d{6}", told)
    assert set(re.findall(r"[^\W\d]+", told)) <= {
        word for one in OURS for word in [one, *re.findall(r"[^\W\d]+", one)]
    } | {"null"}
    assert 0 <= found.women <= 10 and 0 <= found.men <= 10 and len(found.children) <= 16
    assert all(c.age_months is None or 0 <= c.age_months < 18 * 12 for c in found.children)


def pasted(browser, message=MESSAGE):
    """Paste, and stand before the referral it was understood as."""
    answer = browser.post("/referrals/paste", text=message)
    assert answer.status_code == 303, browser.page
    return answer.location


def fields_of(page):
    """What the form of the page would send."""
    form = page.split('id="work"')[1].split("</form>")[0]
    typed = dict(re.findall(r'<input[^>]* name="([^"]+)" type="text"[^>]* value="([^"]*)"', form))
    typed |= dict(re.findall(r'<input id="[^"]*" name="([^"]+)" type="hidden" value="([^"]+)"', form))
    typed |= dict(
        re.findall(r'type="radio" name="([^"]+)" id="[^"]+" value="([^"]+)" autocomplete="off" checked', form)
    )
    chosen = re.search(r'name="source".*?<option value="([^"]*)" selected', form, re.DOTALL)
    return typed | ({"source": chosen[1]} if chosen else {})


def test_a_message_fills_in_the_form_and_nothing_is_saved_before_it_is_looked_over(browser, make, session):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    where = pasted(browser)
    page = browser.get(where).text
    assert session.scalars(select(Referral)).all() == []
    typed = fields_of(page)
    assert typed["women"] == "1" and typed["source"] == "police"
    assert (typed["children-0-sex"], typed["children-0-age"]) == ("female", "9 th")
    assert (typed["children-1-sex"], typed["children-1-age"]) == ("male", "4 th")
    assert "children-2-sex" not in typed and typed["children-2-age"] == "7 bl"
    assert "Hapus pesan ini" in page


def test_what_was_looked_over_becomes_a_referral_with_its_message_sealed(browser, make, session):
    account = make.account(Role.CASEWORKER, make.house())
    browser.sign_in(account)
    typed = fields_of(browser.get(pasted(browser)).text) | {"urgency": "now", "children-2-sex": "female"}
    answer = browser.post("/referrals/new", fields=typed)
    assert answer.status_code == 303, browser.page
    referral = session.scalars(select(Referral)).one()
    assert [(one.adult, one.age_months) for one in referral.people] == [
        (True, None),
        (False, 108),
        (False, 48),
        (False, 7),
    ]
    assert referral.message is not None and b"kenangawati" not in referral.message.lower()
    assert session.scalars(select(Draft)).all() == []
    page = browser.get(f"/referrals/{referral.ref}/message").text
    assert "Kenangawati" in page
    opened = [one for one in session.scalars(select(TrailEntry)) if one.act == Act.VALUE_OPENED]
    assert ("referral.message", "pasted message") in {(one.fields, one.purpose) for one in opened}


def test_nothing_of_the_message_is_on_a_page_in_the_record_or_in_a_log(browser, make, session, caplog):
    browser.sign_in(make.account(Role.MANAGER, make.house()))
    told = []
    with caplog.at_level(logging.DEBUG):
        where = pasted(browser)
        told.append(where)
        page = browser.get(where).text
        told.append(page)
        wrong = fields_of(page) | {"women": "many"}
        told.append(browser.post("/referrals/new", fields=wrong).text)
        saved = browser.post("/referrals/new", fields=fields_of(page) | {"urgency": "now", "children-2-sex": "male"})
        ref = session.scalars(select(Referral.ref)).one()
        told += [saved.location, browser.get(saved.location).text]
        for path in ("/referrals", "/referrals/new", f"/referrals/{ref}/answer", f"/referrals/{ref}/screening"):
            answer = browser.get(path)
            assert answer.status_code == 200
            told.append(answer.text + str(answer.headers))
    told.append(caplog.text)
    for table in METADATA.sorted_tables:
        told += [str(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{table.name}"'))]
    everything = "\n".join(told).lower()
    assert [canary for canary in CANARIES if canary in everything] == []


def test_children_whose_age_is_not_told_are_asked_for(browser, make):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    page = browser.get(pasted(browser, "ibu dan 2 anak")).text
    assert "1 perempuan dewasa, 2 anak" in page and "Untuk 2 anak" in page


def test_children_without_an_adult_are_asked_about(browser, make):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    page = browser.get(pasted(browser, "ada 2 anak, laki2 5 tahun dan perempuan 10 bln")).text
    assert "Tidak ada orang dewasa terbaca. Siapa yang datang bersama anak-anak ini?" in page
    assert "Tidak ada orang dewasa" not in browser.get(pasted(browser, "ibu dan 2 anak")).text


@pytest.mark.parametrize(
    ("family", "possible"),
    [
        ({"women": "1"}, True),
        ({"women": "0", "men": "1"}, False),
        ({"women": "0", "children-0-sex": "male", "children-0-age": "15"}, False),
        ({"women": "0", "children-0-sex": "female", "children-0-age": "9"}, False),
        ({"women": "0", "children-0-sex": "female", "children-0-age": "10"}, True),
    ],
)
def test_pregnant_is_somebody_who_can_be(browser, make, session, family, possible):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    typed = {"source": "police", "urgency": "now", "men": "0", "needs": "pregnant"} | family
    answer = browser.post("/referrals/new", fields=typed)
    assert (answer.status_code == 303) is possible
    assert ("tidak ada yang mungkin hamil" in answer.text) is not possible
    assert len(session.scalars(select(Referral)).all()) == possible


def test_a_message_nobody_understands_is_kept_all_the_same(browser, make, session):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    page = browser.get(pasted(browser, "tolong segera hubungi kami")).text
    typed = fields_of(page)
    assert "women" in typed and typed["women"] == ""
    empty = browser.post("/referrals/new", fields=typed | {"source": "self", "urgency": "now"})
    assert empty.status_code == 200 and session.scalars(select(Referral)).all() == []
    typed = fields_of(empty.text) | {"women": "1"}
    assert browser.post("/referrals/new", fields=typed | {"source": "self", "urgency": "now"}).status_code == 303
    assert session.scalars(select(Referral)).one().message is not None


def test_another_persons_message_is_never_taken(browser, new_browser, make, session):
    house = make.house()
    where = pasted(browser.sign_in(make.account(Role.STAFF, house)))
    other = new_browser().sign_in(make.account(Role.MANAGER, house))
    page = other.get(where).text
    assert "9 th" not in page and 'name="text"' in page
    stolen = where.split("text=")[1].split("&")[0]
    other.post("/referrals/new", source="self", urgency="now", women="1", men="0", pasted=stolen)
    assert session.scalars(select(Referral)).one().message is None


def test_a_message_on_its_way_is_never_offered_as_something_unfinished(browser, make, clock):
    account = make.account(Role.STAFF, make.house())
    browser.sign_in(account)
    pasted(browser)
    browser.post("/lock", back="/referrals")
    back = browser.post("/unlock", password=PASSWORD)
    assert "draft=" not in (back.location or "")


def test_staff_do_not_read_the_message_again_and_a_missing_one_is_no_page(browser, new_browser, make):
    house = make.house()
    browser.sign_in(make.account(Role.STAFF, house))
    ref = make.referral().ref
    assert browser.get(f"/referrals/{ref}/message").status_code == 404
    assert (
        new_browser().sign_in(make.account(Role.CASEWORKER, house)).get(f"/referrals/{ref}/message").status_code == 404
    )


@pytest.mark.parametrize("message", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_message_is_refused_with_a_sentence(browser, make, message, session):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    answer = browser.post("/referrals/paste", text=message)
    assert answer.status_code == 200 and 'class="err"' in browser.page
    assert session.scalars(select(Draft)).all() == []


def test_what_was_corrected_comes_back_after_the_screen_had_locked(browser, make, session):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    where = pasted(browser)
    typed = fields_of(browser.get(where).text) | {"urgency": "now", "children-2-sex": "female", "women": "2"}
    browser.post("/lock", back=where, **typed)
    back = browser.post("/unlock", password=PASSWORD).location
    assert back.startswith(where) and "draft=" in back
    again = fields_of(browser.get(back).text)
    assert again["women"] == "2" and again["pasted"] == typed["pasted"]
    assert browser.post("/referrals/new", fields=again | {"urgency": "now"}).status_code == 303
    assert session.scalars(select(Referral)).one().message is not None
