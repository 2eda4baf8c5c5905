"""Who a resident is: behind a reason and a code, for two minutes, each opening on record; found only in one's scope."""

import datetime as dt
import re
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import AccountState, Discipline, StepUp
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, BlindIndex, Grant, Resident
from safehouse.residents.operations.looking_up import WRITING
from safehouse.residents.rules.identifying import SEARCHES_AN_HOUR, name_matches
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry, TrailSubject

NIK = "3399994708950001"  # a woman born on 7 August 1995, in a province that has no such regency
NAME = "Rahasia Contoh Sekali"
PHONE = "0812-0000-0001"


@pytest.fixture
def house(make):
    make.office()
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", beds=6))


@pytest.fixture
def kenari(make, beds):
    return make.resident(beds[0], alias="Kenari")


@pytest.fixture
def maya(make, house, kenari):
    account = make.account(Role.CASEWORKER, house, shown_name="Maya", disciplines=(Discipline.SOCIAL_WORK,))
    give(make, account, kenari)
    return account


def give(make, account, resident):
    make.saved(
        Assignment(
            resident_id=resident.id,
            account_id=account.id,
            discipline=Discipline.SOCIAL_WORK,
            coordinator=True,
            since=make.clock.now,
        )
    )


def write(browser, resident, **typed):
    path = f"/residents/{resident.ref}/identity/record"
    browser.get(path)
    return browser.post(path, **typed)


def open_it(browser, make, resident, account, *, reason="medical", code=None):
    path = f"/residents/{resident.ref}/identity"
    browser.get(path)
    return browser.post(path, reason=reason, code=code or make.code(account))


def entries(session, act, result=Result.DONE):
    session.expire_all()
    return list(session.scalars(select(TrailEntry).where(TrailEntry.act == act, TrailEntry.result == result)))


# Writing it down


def test_what_is_written_is_sealed_and_never_shown_back(browser, make, session, kenari, maya):
    her = browser.sign_in(maya)
    answer = write(her, kenari, name=NAME, nik=NIK, phone=PHONE, home_village="Desa Contoh", address="Jalan Contoh 1")
    assert answer.status_code == 303
    session.expire_all()
    assert NAME.encode() not in (kenari.name or b"")
    page = her.get(f"/residents/{kenari.ref}/identity/record").text + her.get(f"/residents/{kenari.ref}/identity").text
    for canary in (NAME, NIK, "81200000001", "Desa Contoh", "Jalan Contoh"):
        assert canary not in page
    (entry,) = entries(session, Act.IDENTITY_RECORDED)
    assert NAME not in str(entry.fields)
    assert session.scalar(select(func.count()).select_from(BlindIndex)) == 2


def test_an_empty_box_leaves_what_is_there(browser, make, session, kenari, maya):
    her = browser.sign_in(maya)
    write(her, kenari, name=NAME)
    session.expire_all()
    before = session.get_one(Resident, kenari.id).name
    write(her, kenari, phone=PHONE)
    session.expire_all()
    assert before is not None
    assert session.get_one(Resident, kenari.id).name == before


def test_nothing_filled_in_and_a_nik_that_contradicts_are_said_beside_the_field(browser, session, kenari, maya):
    her = browser.sign_in(maya)
    assert "Belum ada yang diisi" in write(her, kenari).text
    doubted = write(her, kenari, nik=NIK, **{"born-d": "8", "born-m": "8", "born-y": "1995"}).text
    assert "NIK ini menyebut tanggal lahir lain" in doubted
    assert NIK in doubted, "what was typed stays"
    assert write(her, kenari, nik="9999994708950001").status_code == 200
    session.expire_all()
    assert kenari.nik is None
    assert write(her, kenari, nik=NIK, sure="y", **{"born-d": "8", "born-m": "8", "born-y": "1995"}).status_code == 303


def test_the_date_of_birth_is_sealed_and_only_its_month_is_kept_for_the_rooms(browser, session, kenari, maya):
    her = browser.sign_in(maya)
    write(her, kenari, **{"born-d": "7", "born-m": "Agustus", "born-y": "1995"})
    session.expire_all()
    assert kenari.birth_month == dt.date(1995, 8, 1)
    assert not kenari.birth_estimated
    tomorrow = write(her, kenari, **{"born-d": "22", "born-m": "12", "born-y": "2026"})
    assert tomorrow.status_code == 200


# Opening it


def test_it_opens_for_two_minutes_in_this_sign_in_and_every_view_is_recorded(browser, make, session, kenari, maya):
    her = browser.sign_in(maya)
    write(her, kenari, name=NAME, nik=NIK)
    assert open_it(her, make, kenari, maya).status_code == 303
    shown = her.get(f"/residents/{kenari.ref}/identity/shown")
    assert NAME in shown.text
    assert NIK in shown.text
    assert shown.headers["Refresh"].startswith("120;")
    assert "noprint" in shown.text
    assert "<nav" not in shown.text
    opened = entries(session, Act.IDENTITY_SHOWN)
    assert [one.purpose for one in opened] == ["medical"]
    assert session.scalar(
        select(TrailSubject.subject).where(TrailSubject.entry_seq == opened[0].seq)
    ) == kenari.ref or (opened[0].subject == kenari.ref)
    make.clock.forward(seconds=121)
    closed = her.get(f"/residents/{kenari.ref}/identity/shown")
    assert closed.status_code == 303
    assert NAME not in closed.text
    assert "Maya" in her.get(f"/residents/{kenari.ref}/identity").text


def test_closing_it_asks_for_a_new_code(browser, make, kenari, maya):
    her = browser.sign_in(maya)
    write(her, kenari, name=NAME)
    open_it(her, make, kenari, maya)
    her.get(f"/residents/{kenari.ref}/identity/shown")
    make.clock.forward(seconds=20)
    her.post(f"/residents/{kenari.ref}/identity/close")
    assert her.get(f"/residents/{kenari.ref}/identity/shown").status_code == 303


def test_a_code_for_one_resident_does_not_open_another(browser, make, beds, kenari, maya):
    """security.md case 28."""
    other = make.resident(beds[1], alias="Merbau")
    give(make, maya, other)
    her = browser.sign_in(maya)
    write(her, kenari, name=NAME)
    write(her, other, name="Orang Lain Contoh")
    open_it(her, make, kenari, maya)
    answer = her.get(f"/residents/{other.ref}/identity/shown")
    assert answer.status_code == 303
    assert "Orang Lain" not in answer.text


def test_another_sign_in_of_the_same_person_does_not_see_it(browser, new_browser, make, kenari, maya):
    her = browser.sign_in(maya)
    write(her, kenari, name=NAME)
    open_it(her, make, kenari, maya)
    elsewhere = new_browser().sign_in(maya)
    assert elsewhere.get(f"/residents/{kenari.ref}/identity/shown").status_code == 303


def test_a_wrong_or_used_code_opens_nothing(browser, make, session, kenari, maya):
    her = browser.sign_in(maya)
    write(her, kenari, name=NAME)
    assert open_it(her, make, kenari, maya, code="000000").status_code == 200
    code = make.code(maya)
    assert open_it(her, make, kenari, maya, code=code).status_code == 303
    assert open_it(her, make, kenari, maya, code=code).status_code == 200
    assert session.scalar(select(func.count()).select_from(StepUp)) == 1


def test_staff_never_open_an_identity_and_a_stranger_to_her_gets_what_is_missing(
    browser, new_browser, make, house, kenari
):
    staff = browser.sign_in(make.account(Role.STAFF, house))
    foreign = new_browser().sign_in(make.account(Role.CASEWORKER, house))
    for who in (staff, foreign):
        for part in ("identity", "identity/shown", "identity/record"):
            assert who.get(f"/residents/{kenari.ref}/{part}").status_code == 404


# Break-glass


def take(browser, make, account, code, reason="Ia sakit keras dan pendampingnya tidak dapat dihubungi", typed=None):
    browser.get("/emergency-opening")
    make.clock.forward(seconds=31)
    return browser.post("/emergency-opening", resident=code, reason=reason, code=typed or make.code(account))


def test_break_glass_opens_one_resident_for_half_an_hour(browser, make, session, house, beds, kenari, maya):
    """security.md case 26."""
    yohana = make.account(Role.CASEWORKER, house, shown_name="Yohana")
    other = make.resident(beds[1], alias="Merbau")
    her = browser.sign_in(yohana)
    page = f"/residents/{kenari.ref}/identity"
    assert her.get(page).status_code == 404
    assert take(her, make, yohana, kenari.code.lower()).status_code == 303
    assert her.get(page).status_code == 200
    assert her.get(f"/residents/{other.ref}/identity").status_code == 404
    assert (
        "Kenari"
        not in her.post("/residents/find", by="alias", sought="Kenari").text.split("<main")[1].split("</form>")[1]
    )
    make.clock.forward(minutes=30)
    her.sign_in(yohana)
    assert her.get(page).status_code == 404
    assert len(entries(session, Act.GRANT_TAKEN)) == 1
    grant = session.scalars(select(Grant)).one()
    assert b"sakit" not in grant.reason


@pytest.mark.parametrize("reason", ["", "terlalu pendek"])
def test_break_glass_needs_a_reason_that_says_something(browser, make, session, house, kenari, reason):
    yohana = make.account(Role.CASEWORKER, house)
    her = browser.sign_in(yohana)
    assert take(her, make, yohana, kenari.code, reason=reason).status_code == 200
    assert session.scalar(select(func.count()).select_from(Grant)) == 0


def test_an_unknown_code_a_denied_resident_and_one_who_left_are_one_answer(browser, make, session, house, beds, kenari):
    from safehouse.residents.models import Denial

    yohana = make.account(Role.CASEWORKER, house)
    denied = make.resident(beds[1])
    make.saved(Denial(resident_id=denied.id, account_id=yohana.id, since=make.clock.now))
    gone = make.resident(house_id=None)
    her = browser.sign_in(yohana)
    answers = {
        take(her, make, yohana, code).text.split('class="errors"')[1].split("</ul>")[0]
        for code in ("ZZZZ", denied.code, gone.code)
    }
    assert len(answers) == 1
    assert session.scalar(select(func.count()).select_from(Grant)) == 0
    assert len(entries(session, Act.GRANT_TAKEN, Result.REFUSED)) == 3


def test_three_unreviewed_openings_block_the_next(browser, new_browser, make, session, house, beds, kenari):
    yohana = make.account(Role.CASEWORKER, house, shown_name="Yohana")
    manager = make.account(Role.MANAGER, house)
    her = browser.sign_in(yohana)
    others = [make.resident(bed) for bed in beds[1:4]]
    for one in others:
        assert take(her, make, yohana, one.code).status_code == 303
    for code in (kenari.code, "ZZZZ"):  # which codes live in a house is not told
        assert "belum ditinjau" in take(her, make, yohana, code).text
    boss = new_browser().sign_in(manager)
    listing = boss.get("/emergency-openings").text
    assert listing.count("Yohana") == 3
    grant = session.scalars(select(Grant)).first()
    path = f"/emergency-openings/{grant.ref}"
    assert "sakit keras" in boss.get(path).text
    assert boss.post(path, answer="").status_code == 200
    assert boss.post(path, answer="needed").status_code == 303
    assert take(her, make, yohana, kenari.code).status_code == 303


def test_nobody_reviews_her_own_opening_and_the_security_officer_sees_codes_only(
    browser, new_browser, make, session, house, kenari
):
    elsewhere = make.house("Rumah Dua")
    manager = make.account(Role.MANAGER, elsewhere, shown_name="Bu Hartati")
    officer = make.account(Role.SECURITY_OFFICER)
    her = browser.sign_in(manager)
    assert take(her, make, manager, kenari.code).status_code == 303
    grant = session.scalars(select(Grant)).one()
    assert her.get(f"/emergency-openings/{grant.ref}").status_code == 404
    guard = new_browser().sign_in(officer)
    seen = guard.get(f"/emergency-openings/{grant.ref}").text
    assert kenari.code in seen
    assert "Kenari" not in seen
    assert "sakit keras" not in seen
    assert guard.post(f"/emergency-openings/{grant.ref}", answer="not_needed").status_code == 303
    session.expire_all()
    assert grant.justified is False


def test_an_opening_that_was_not_needed_is_over_at_once_and_one_that_was_goes_on(
    browser, new_browser, make, session, house, kenari
):
    elsewhere = make.house("Rumah Dua")
    taker = make.account(Role.MANAGER, elsewhere, shown_name="Bu Hartati", language="id")
    officer = make.account(Role.SECURITY_OFFICER)
    for answer, status in (("needed", 200), ("not_needed", 404)):
        her, guard = browser.sign_in(taker), new_browser().sign_in(officer)
        assert take(her, make, taker, kenari.code).status_code == 303
        assert her.get(f"/residents/{kenari.ref}").status_code == 200
        until = (make.clock.now + dt.timedelta(minutes=30, hours=7)).strftime("%H.%M")
        assert f"Terbuka karena darurat sampai {until}" in her.page and "Hanya untuk membaca." in her.page
        make.clock.forward(minutes=4)
        grant = session.scalars(select(Grant).order_by(Grant.id.desc())).first()
        assert guard.post(f"/emergency-openings/{grant.ref}", answer=answer).status_code == 303
        session.expire_all()
        assert (grant.until == make.clock.now) is (answer == "not_needed")
        assert her.get(f"/residents/{kenari.ref}").status_code == status
        make.clock.forward(minutes=40)


def test_break_glass_is_found_where_she_looked_in_vain_on_the_list_and_in_the_help(browser, make, house):
    link = 'href="/emergency-opening"'
    for role in (Role.CASEWORKER, Role.MANAGER, Role.STAFF):
        browser.sign_in(make.account(role, house))
        offered = role is not Role.STAFF
        browser.get("/residents")
        assert (link in browser.page) is offered and 'href="/residents/find"' in browser.page
        browser.post("/residents/find", by="alias", sought="Nobody")
        assert (link in browser.page) is offered
        browser.get("/help")
        assert (link in browser.page) is offered


def test_what_is_recorded_is_said_without_opening_it_and_saving_is_confirmed(browser, session, maya, kenari):
    maya.language = "en"
    session.commit()
    her = browser.sign_in(maya)
    her.get(f"/residents/{kenari.ref}")
    assert her.page.count("Not recorded yet") == 2
    assert write(her, kenari, name=NAME).location.endswith("?saved=identity")
    opened = len(entries(session, Act.IDENTITY_SHOWN))
    her.get(f"/residents/{kenari.ref}?saved=identity")
    assert "The identity is saved." in her.page and 'role="status"' in her.page
    assert her.page.count("Recorded, sealed") == 1 and her.page.count("Not recorded yet") == 1
    assert NAME not in her.page and len(entries(session, Act.IDENTITY_SHOWN)) == opened
    for typed in ("<b>", "Rahasia", "1"):
        her.get(f"/residents/{kenari.ref}?saved={typed}")
        main = her.page[her.page.index("<main") : her.page.index("</main>")]
        assert "Rahasia" not in main and 'role="status"' not in main


def test_a_family_card_and_a_day_of_birth_are_refused_in_their_own_words(browser, maya, kenari, session):
    maya.language = "id"
    session.commit()
    her = browser.sign_in(maya)
    write(her, kenari, family_card="12345")
    assert "Ini bukan nomor kartu keluarga. Nomor KK berisi 16 angka." in her.page and "NIK ini" not in her.page
    write(her, kenari, fields={"born-d": "1", "born-m": "1", "born-y": "2027"})
    assert "Tanggal itu belum tiba. Tulis tanggal ia lahir." in her.page


# Finding


def test_alias_and_code_find_for_everyone_and_only_in_her_scope(browser, new_browser, make, house, kenari):
    """security.md case 30."""
    elsewhere = make.house("Rumah Dua")
    bed = make.beds(make.room(elsewhere, "1", beds=1))[0]
    hidden = make.resident(bed, alias="Merbau")
    staff = browser.sign_in(make.account(Role.STAFF, house))
    assert f"/residents/{kenari.ref}" in staff.post("/residents/find", sought="kena").text
    assert f"/residents/{kenari.ref}" in staff.post("/residents/find", sought=kenari.code.lower()).text
    nobody = staff.post("/residents/find", sought="Merbau")
    assert str(hidden.ref) not in nobody.text
    assert "Tidak ada di antara penghuni" in nobody.text
    everything = staff.post("/residents/find", sought="%")
    assert f"/residents/{kenari.ref}" not in everything.text


def test_a_number_or_name_finds_in_her_scope_and_is_recorded_without_what_was_typed(
    browser, new_browser, make, session, house, beds, kenari, maya
):
    her = browser.sign_in(maya)
    write(her, kenari, name=NAME, nik=NIK, phone=PHONE)
    for sought_by, sought in (("nik", NIK), ("phone", "+62 812 0000 0001"), ("name", "contoh rahasia")):
        found = her.post("/residents/find", by=sought_by, sought=sought).text
        assert f"/residents/{kenari.ref}" in found, sought_by
        assert NAME not in found
    foreign = new_browser().sign_in(make.account(Role.CASEWORKER, house))
    for sought_by, sought in (("nik", NIK), ("name", "Rahasia Contoh")):
        assert str(kenari.ref) not in foreign.post("/residents/find", by=sought_by, sought=sought).text
    searched = [one for one in entries(session, Act.SEARCHED) if one.purpose != WRITING]
    assert [one.purpose for one in searched] == ["by nik", "by phone", "by name", "by nik", "by name"]


def test_staff_cannot_search_by_identity_whatever_they_post(browser, make, session, house, kenari):
    staff = browser.sign_in(make.account(Role.STAFF, house))
    staff.post("/residents/find", by="nik", sought=NIK)
    assert entries(session, Act.SEARCHED) == []


def test_the_same_press_again_is_another_search(browser, make, session, kenari, maya):
    """A key that was used once must not open a way around the limit and the record."""
    her = browser.sign_in(maya)
    key = str(uuid.uuid4())
    for n in range(SEARCHES_AN_HOUR + 3):
        page = her.post("/residents/find", by="nik", sought=NIK, act_key=key).text
        assert ("kali dalam satu jam" in page) is (n >= SEARCHES_AN_HOUR), n
    assert "kali dalam satu jam" in her.post("/residents/find", by="name", sought=NAME, act_key=key).text
    assert len(entries(session, Act.SEARCHED)) == SEARCHES_AN_HOUR
    assert len(entries(session, Act.SEARCHED, Result.REFUSED)) == 4


def test_more_than_thirty_searches_an_hour_are_refused_and_recorded(browser, make, session, maya):
    her = browser.sign_in(maya)
    for _n in range(SEARCHES_AN_HOUR):
        her.get("/residents/find")
        her.post("/residents/find", by="nik", sought=NIK)
    her.get("/residents/find")
    assert "kali dalam satu jam" in her.post("/residents/find", by="nik", sought=NIK).text
    assert len(entries(session, Act.SEARCHED, Result.REFUSED)) == 1
    make.clock.forward(minutes=61)
    her.sign_in(maya)
    her.get("/residents/find")
    assert "kali dalam satu jam" not in her.post("/residents/find", by="nik", sought=NIK).text


@pytest.mark.parametrize(
    ("sought", "name", "finds"),
    [
        ("siti aminah", "Hj. Aminah, SITI", True),
        ("siti", "Sitinjak", False),
        ("si", "Si", False),
        ("", "Siti", False),
        ("hj.", "Hj. Siti", False),
    ],
)
def test_names_are_compared_word_by_word_in_any_order(sought, name, finds):
    assert name_matches(sought, name) is finds


# Someone who was here before


def test_a_number_that_takes_the_place_of_another_is_a_line_of_its_own(browser, session, kenari, maya):
    her = browser.sign_in(maya)
    write(her, kenari, nik=NIK, name=NAME)
    write(her, kenari, nik="3399994708950002", phone=PHONE, sure="y")
    write(her, kenari, name="Nama Lain Contoh")
    assert [(one.fields, one.purpose) for one in entries(session, Act.IDENTITY_RECORDED)] == [
        ("name,nik", None),
        ("phone", None),
        ("nik", "changed"),
        ("name", None),
    ]


def test_a_number_of_somebody_who_lives_in_a_house_is_no_return_and_is_not_told(
    browser, new_browser, make, session, house, beds, maya
):
    """Whoever writes number after number into one record would learn who is in another house."""
    elsewhere = make.house("Rumah Dua")
    far = make.resident(make.beds(make.room(elsewhere, "1", beds=1))[0], alias="Jati")
    mine = make.resident(beds[2], alias="Ulin")
    for one in (far, mine):
        give(make, maya, one)
    her = browser.sign_in(maya)
    write(her, far, nik=NIK)
    boss = new_browser().sign_in(make.account(Role.MANAGER, house))
    pages = []
    for nik in ("3399994708950002", NIK):
        write(her, mine, nik=nik, sure="y")
        pages.append((boss.get(f"/residents/{mine.ref}/returns").text, boss.get("/today").text))
    assert plain(pages[0][0]) == plain(pages[1][0])
    assert plain(pages[0][1]) == plain(pages[1][1])
    far.house_id = None
    session.commit()
    assert plain(boss.get(f"/residents/{mine.ref}/returns").text) != plain(pages[1][0])
    assert plain(boss.get("/today").text) != plain(pages[1][1])


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


def test_a_number_seen_before_is_for_the_manager_only_and_links_the_placements(
    browser, new_browser, make, session, house, beds, kenari, maya
):
    from safehouse.shelter.models import Placement

    before = make.resident(beds[1], alias="Jati")
    give(make, maya, before)
    manager = make.account(Role.MANAGER, house)
    her = browser.sign_in(maya)
    now_here = make.resident(beds[2], alias="Ulin")
    give(make, maya, now_here)
    write(her, before, nik=NIK)
    before.house_id = None
    session.commit()
    write(her, now_here, nik=NIK)
    assert her.get(f"/residents/{now_here.ref}/returns").status_code == 404
    boss = new_browser().sign_in(manager)
    page = boss.get(f"/residents/{now_here.ref}/returns").text
    assert "Jati" in page
    assert "Ulin" in page
    answer = boss.post(f"/residents/{now_here.ref}/returns", earlier=str(before.ref), answer="same")
    assert answer.status_code == 303
    session.expire_all()
    first = session.scalars(select(Placement).where(Placement.resident_id == before.id)).one()
    second = session.scalars(select(Placement).where(Placement.resident_id == now_here.id)).one()
    assert second.previous_id == first.id
    assert "Jati" not in boss.get(f"/residents/{now_here.ref}/returns").text
    assert boss.post(f"/residents/{now_here.ref}/returns", earlier=str(kenari.ref), answer="same").status_code == 200


def test_a_disabled_account_opens_nothing_with_what_it_had_open(browser, make, session, kenari, maya):
    her = browser.sign_in(maya)
    write(her, kenari, name=NAME)
    open_it(her, make, kenari, maya)
    maya.state = AccountState.DISABLED
    session.commit()
    assert NAME not in her.get(f"/residents/{kenari.ref}/identity/shown", follow=True).text


def test_who_broke_the_glass_looks_and_changes_nothing(browser, make, house, kenari, maya):
    """Otherwise half an hour becomes an assignment, a move or a denial that lasts."""
    elsewhere = make.account(Role.MANAGER, make.house("Rumah Dua"))
    her = browser.sign_in(elsewhere)
    assert take(her, make, elsewhere, kenari.code).status_code == 303
    page = her.get(f"/residents/{kenari.ref}")
    assert page.status_code == 200
    assert her.get(f"/residents/{kenari.ref}/identity").status_code == 200
    parts = (
        "assignment",
        "move",
        "planned-exit",
        "leave",
        "without-notice",
        "departure",
        "denials",
        "alerts",
        "consents",
        "conflicts",
        "never-together",
        "reported-persons",
        "matters/new",
        "extension",
        "intake",
        "returns",
        "identity/record",
    )
    assert {part: her.get(f"/residents/{kenari.ref}/{part}").status_code for part in parts} == dict.fromkeys(parts, 404)
    for part in parts:
        assert f"/residents/{kenari.ref}/{part}" not in page.text, part
