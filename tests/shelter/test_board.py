"""The board: everyone who may know sees at once who sleeps where, nobody else learns anything."""

import datetime as dt
import html
import re

import pytest
from sqlalchemy import select, text, update

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Sex
from safehouse.shelter.board_in_words import free_beds, house_sum, lead, places
from safehouse.shelter.choices import BedKind, LeaveKind, RoomPurpose
from safehouse.shelter.models import Bed, Closure, Hold, Leave, Placement, Stay
from safehouse.shelter.queries.board import beds_and_past, board_rows, stays_shown
from safehouse.shelter.rules.board import Board, Figures
from tests.counting import questions

MONDAY = dt.date(2026, 11, 16)
PEOPLE = (Role.STAFF, Role.CASEWORKER, Role.MANAGER)


def day(number, month=11):
    return dt.date(2026, month, number)


def at(number, hour=5, month=11):
    """Noon in Jakarta unless told."""
    return dt.datetime(2026, month, number, hour, tzinfo=dt.UTC)


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def room(make, house):
    return make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3)


@pytest.fixture
def open_board(new_browser, make):
    def open_it(role=Role.STAFF, *houses, language="en", path="/beds", account=None):
        browser = new_browser().sign_in(account or make.account(role, *houses, language=language))
        answer = browser.get(path)
        assert answer.status_code == 200, answer.status_code
        return browser.page

    return open_it


def put_exit(session, resident, when):
    session.execute(update(Placement).where(Placement.resident_id == resident.id).values(planned_exit=when))
    session.commit()


def leave_for_good(session, resident, when, by="left"):
    session.execute(
        update(Stay).where(Stay.resident_id == resident.id, Stay.ended_at.is_(None)).values(ended_at=when, ended_by=by)
    )
    session.execute(update(Placement).where(Placement.resident_id == resident.id).values(left_at=when))
    resident.house_id = None
    session.commit()


def words(page):
    """What stands on the page, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", page))).split())


def beds_shown(page):
    return [words(line) for line in re.findall(r'<li class="bed .*?</li>', page, re.DOTALL)]


def tape_rows(page):
    table = re.search(r'<table class="tape">.*?</table>', page, re.DOTALL)[0]
    return re.findall(r'<tr><th scope="row" class="bedcol">.*?</tr>', table, re.DOTALL)


def now_part(page):
    return page[page.index('id="board"') : page.index('id="chart"')]


# What is on it


def test_the_board_opens_with_a_sentence(open_board, make, house, room):
    make.resident(make.beds(room)[0], alias="Kenari")
    page = open_board(Role.STAFF, house)
    assert "<title>Beds | Teduh</title>" in page
    assert "1 of 3 beds is taken tonight. 2 can be used now." in page


def test_every_bed_says_what_it_is(open_board, make, house, room, clock):
    full, held, closed = make.beds(room)
    resident = make.resident(full, alias="Kenari", arrived=at(10))
    referral = make.referral()
    make.saved(
        Hold(bed_id=held.id, referral_id=referral.id, held_at=clock.now, expires_at=clock.now + dt.timedelta(hours=6))
    )
    make.saved(Closure(bed_id=closed.id, first_day=day(18), last_day=day(25), reason="Ranjang rusak"))
    page = open_board(Role.STAFF, house)
    assert beds_shown(page) == [
        f"Bed 1A 1A Occupied: Kenari {resident.code} until 24 Nov",
        f"Bed 1B 1B Reserved Referral R-{referral.number} until 05:40",
        "Bed 1C 1C Closed Ranjang rusak until 25 Nov",
    ]
    assert "1 of 3 taken, 1 reserved, 1 closed" in page
    assert "None can be used now, 1 reserved, 1 closed." in page


def test_a_hold_that_ran_out_leaves_the_bed_free(open_board, make, house, room, clock):
    make.saved(
        Hold(
            bed_id=make.beds(room)[0].id,
            referral_id=make.referral().id,
            held_at=clock.now - dt.timedelta(hours=4),
            expires_at=clock.now,
        )
    )
    assert "Reserved" not in " ".join(beds_shown(open_board(Role.STAFF, house)))


def test_a_stay_past_its_day_is_said_in_days_and_in_the_first_sentence(open_board, make, house, room, session):
    resident = make.resident(make.beds(room)[0], alias="Mahoni", arrived=at(3))
    put_exit(session, resident, day(17))
    page = open_board(Role.STAFF, house)
    assert "4 days over" in beds_shown(page)[0]
    assert 'class="st care"' in page
    assert "Mahoni has passed the agreed stay." in page
    assert "past the agreed stay since 17 Nov" in tape_rows(page)[0]


def test_a_day_of_another_year_is_said_with_its_year(open_board, make, house, room, session):
    first, second, third = make.beds(room)
    put_exit(session, make.resident(first, alias="Ulin", arrived=at(10)), dt.date(2027, 1, 4))
    put_exit(session, make.resident(second, alias="Jati", arrived=at(10)), day(31, month=12))
    make.saved(Closure(bed_id=third.id, first_day=day(18), last_day=dt.date(2027, 2, 1), reason="Dicat"))
    account = make.account(Role.STAFF, house, language="id")
    page = open_board(account=account)
    said = beds_shown(page)
    assert [line.rpartition("s.d.")[2] for line in said] == [" 4 Jan 2027", " 31 Des", " 1 Feb 2027"]
    assert "s.d. 4 Jan 2027" in words(tape_rows(page)[0])
    assert words(tape_rows(page)[1]).endswith("s.d. 31 Des")


def test_who_is_away_has_a_day_of_return(open_board, make, house, room, session):
    first, second, _ = make.beds(room)
    for bed, alias, due in ((first, "Pinus", at(22)), (second, "Sawo", at(20))):
        resident = make.resident(bed, alias=alias, arrived=at(10))
        placement = session.scalar(select(Placement).where(Placement.resident_id == resident.id))
        make.saved(Leave(placement_id=placement.id, kind=LeaveKind.HOSPITAL, from_at=at(19), due_back=due))
    back, late, _ = beds_shown(open_board(Role.STAFF, house))
    assert "On leave: Pinus" in back
    assert back.endswith("On leave: Hospital back 22 Nov")
    assert late.endswith("On leave: Hospital was due back 20 Nov")


def test_a_sharing_child_stands_under_her_mother(open_board, make, house, room):
    bed = make.beds(room)[0]
    family = make.household()
    make.resident(bed, household=family, alias="Randu")
    baby = make.resident(bed, household=family, alias="Bayi Randu", birth_month=dt.date(2026, 4, 1), sharing=True)
    mother, child, *_ = beds_shown(open_board(Role.STAFF, house))
    assert "Randu" in mother
    assert f"Bed 1A Occupied: Bayi Randu {baby.code}, baby, shares the bed" in child


def test_an_exact_age_is_nowhere(open_board, make, house, room):
    first, second, third = make.beds(room)
    for bed, alias, born in (
        (first, "Kecapi", dt.date(2022, 7, 1)),
        (second, "Sukun", dt.date(2026, 4, 1)),
        (third, "Bungur", dt.date(2010, 2, 1)),
    ):
        make.resident(bed, alias=alias, birth_month=born, sex=Sex.MALE)
    page = words(now_part(open_board(Role.STAFF, house)))
    assert [group for group in ("child", "baby", "teenager") if group in page] == ["child", "baby", "teenager"]
    assert not re.search(r"\b(4|7|16)\s*(years|months|yr|mo|th|bl)\b", page)


def test_a_mattress_is_marked_and_counted_over_capacity(open_board, make, house, room):
    for bed in make.beds(room):
        make.resident(bed)
    mattress = make.saved(Bed(room_id=room.id, label="Kasur +1", kind=BedKind.MATTRESS))
    make.resident(mattress, alias="Bangkirai")
    page = open_board(Role.STAFF, house)
    assert "All 3 beds are taken tonight." in page
    assert "Over capacity: 4 people in 3 beds and 1 extra mattress." in page
    assert 'class="over">1 over capacity<' in page
    assert "Kasur tambahan 1 di Kamar" in beds_shown(page)[-1] and "+1" not in page
    assert "Kasur tambahan 1, over capacity" in beds_shown(page)[-1]
    assert 'class="bed full extra"' in page


def test_places_for_families_stand_beside_the_bed_count(open_board, make, house, room):
    page = words(open_board(Role.STAFF, house))
    assert "Family of 2: 1 free room Family of 3: 1 free room Family of 4: no free room" in page


def test_a_room_says_what_it_is_for_and_has(open_board, make, house):
    make.room(house, "4", RoomPurpose.ISOLATION, beds=1, ground_floor=True, wheelchair=True, isolation=True)
    page = open_board(Role.STAFF, house)
    assert "Isolation for health, ground floor, wheelchair access, can be used for isolation" in page


# Who sees what


@pytest.mark.parametrize("role", PEOPLE)
def test_nobody_sees_the_names_of_a_house_she_does_not_work_in(open_board, make, house, room, role):
    elsewhere = make.room(make.house("Rumah Dua"), "1", beds=3)
    make.resident(make.beds(elsewhere)[0], alias="Trembesi")
    page = open_board(role, house)
    assert "Trembesi" not in page
    assert ("Rumah Dua" in page) == (role is Role.STAFF)


def test_staff_see_how_many_beds_other_houses_have_free(open_board, make, house, room, clock):
    other = make.room(make.house("Rumah Dua"), "1", beds=4, cots=1)
    make.house("Rumah Tiga")
    make.house("Rumah Lama", closed_at=clock.now)
    first, second, third, _ = make.beds(other)[:4]
    make.resident(first)
    make.saved(
        Hold(
            bed_id=second.id,
            referral_id=make.referral().id,
            held_at=clock.now,
            expires_at=clock.now + dt.timedelta(hours=1),
        )
    )
    make.saved(Closure(bed_id=third.id, first_day=day(21), reason="Dicat"))
    page = words(open_board(Role.STAFF, house))
    assert "Rumah Dua: 1 free bed" in page
    assert "Rumah Tiga: no free bed" in page
    assert "Rumah Lama" not in page


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_staff_and_managers_open_whoever_lives_in_their_houses(open_board, make, house, room, role):
    resident = make.resident(make.beds(room)[0], alias="Kenari")
    page = open_board(role, house)
    assert page.count(f'href="/residents/{resident.ref}"') == 2, "on the board and in the chart"


def test_a_caseworker_opens_only_those_assigned_to_her(open_board, make, house, room, clock):
    hers, other, once = (
        make.resident(bed, alias=alias)
        for bed, alias in zip(make.beds(room), ("Kenari", "Merbau", "Ulin"), strict=True)
    )
    account = make.account(Role.CASEWORKER, house, language="en")
    for resident, until in ((hers, None), (once, clock.now)):
        make.saved(
            Assignment(
                resident_id=resident.id,
                account_id=account.id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=False,
                since=clock.now,
                until=until,
            )
        )
    page = open_board(account=account)
    assert re.findall(r'"/residents/([^/"]+)"', page) == [str(hers.ref)] * 2
    assert "Merbau" in page
    assert "Ulin" in page
    assert str(other.ref) not in page


def test_who_left_is_text_in_the_chart_and_not_on_the_board(open_board, make, house, room, session):
    resident = make.resident(make.beds(room)[0], alias="Waru", arrived=at(10))
    leave_for_good(session, resident, at(18))
    page = open_board(Role.MANAGER, house)
    assert "Waru" in tape_rows(page)[0]
    assert "Waru" not in now_part(page)
    assert str(resident.ref) not in page


@pytest.mark.parametrize("role", PEOPLE)
def test_a_free_bed_leads_to_placing_there(open_board, make, house, room, role):
    page = open_board(role, house)
    for bed in make.beds(room):
        assert f'href="/referrals/new?bed={bed.ref}"' in page


def test_the_security_officer_finds_no_board(browser, make, house, room):
    make.resident(make.beds(room)[0], alias="Kenari")
    answer = browser.sign_in(make.account(Role.SECURITY_OFFICER, house)).get("/beds")
    assert answer.status_code == 404
    assert "Kenari" not in browser.page


def test_the_board_locks_by_itself(browser, make, house):
    assert "/lock" in browser.sign_in(make.account(Role.STAFF, house)).get("/beds").headers["Refresh"]


# The chart


def test_the_chart_is_a_table_of_beds_and_nights(open_board, make, house, room):
    page = open_board(Role.STAFF, house)
    table = re.search(r'<table class="tape">.*?</table>', page, re.DOTALL)[0]
    assert [words(cell) for cell in re.findall(r"<thead>.*?</thead>", table, re.DOTALL)] == [
        "Bed Mon 16 Tue 17 Wed 18 Thu 19 Fri 20 Sat 21 today Sun 22 Mon 23 Tue 24 Wed 25 Thu 26 Fri 27 Sat 28 Sun 29"
    ]
    assert '<th colspan="15" scope="rowgroup"><span>Rumah Satu</span></th>' in table
    for row in tape_rows(page):
        spans = [int(n or 1) for n in re.findall(r'<td(?: colspan="(\d+)")?', row)]
        assert sum(spans) == 14
    assert 'tabindex="0"' in page[page.index("tapebox") : page.index("tapebox") + 200]


def test_an_undone_stay_is_not_drawn(open_board, make, house, room, session):
    resident = make.resident(make.beds(room)[0], alias="Waru", arrived=at(18))
    leave_for_good(session, resident, at(18), by="undone")
    assert "Waru" not in open_board(Role.STAFF, house)


def test_who_leaves_today_is_not_drawn_tonight(open_board, make, house, room, session):
    put_exit(session, make.resident(make.beds(room)[0], alias="Jati", arrived=at(10)), day(21))
    page = open_board(Role.STAFF, house)
    assert '<td colspan="5"><a class="stay from"' in tape_rows(page)[0]
    assert "Jati, goes home 21 Nov" in tape_rows(page)[0]
    assert "</a></td><td></td>" in tape_rows(page)[0], "the sixth night, tonight, is free"
    assert "until 21 Nov" in beds_shown(page)[0]


def test_another_week_is_reached_by_its_monday(open_board, make, house, room, session):
    resident = make.resident(make.beds(room)[0], alias="Waru", arrived=at(1, month=9))
    leave_for_good(session, resident, at(11, month=9))
    make.resident(make.beds(room)[1], alias="Ulin", arrived=at(10))
    account = make.account(Role.STAFF, house, language="en")
    assert "Waru" not in open_board(account=account)
    september = open_board(account=account, path="/beds?from=2026-09-07")
    first, second, _ = tape_rows(september)
    assert "Waru" in first
    assert '<td colspan="4">' in first
    assert "Ulin" not in second
    assert "Ulin" in now_part(september), "the board is always now"
    assert 'href="/beds?from=2026-08-31#chart"' in september
    assert 'href="/beds?from=2026-09-14#chart"' in september
    assert 'href="/beds#chart"' in september
    assert "7 to 20 September 2026" in september


@pytest.mark.parametrize(
    ("asked", "monday"),
    [
        ("2026-11-19", "16 to 29 November 2026"),
        ("2026-11-30", "30 Nov to 13 December 2026"),
        ("2026-12-28", "28 December 2026 to 10 January 2027"),
        ("2026-02-30", "16 to 29 November 2026"),
        ("besok", "16 to 29 November 2026"),
        ("0001-01-01", "16 to 29 November 2026"),
        ("9999-12-31", "16 to 29 November 2026"),
        ("２０２６-11-30", "16 to 29 November 2026"),
        ("%00" * 5000, "16 to 29 November 2026"),
        ("", "16 to 29 November 2026"),
    ],
)
def test_a_date_that_is_none_shows_this_week(open_board, make, house, room, asked, monday):
    assert monday in open_board(Role.STAFF, house, path=f"/beds?from={asked}")


def test_a_stay_that_reaches_into_the_weeks_is_drawn_however_long_ago_it_began(open_board, make, house, room, session):
    bed = make.beds(room)[0]
    mother = make.resident(bed, alias="Kenari", arrived=at(1, month=2))
    child = make.resident(
        bed, alias="Anak Kenari", arrived=at(1, month=3), sharing=True, birth_month=dt.date(2025, 1, 1)
    )
    undone = make.resident(make.beds(room)[1], alias="Pulai", arrived=at(1, month=2))
    leave_for_good(session, undone, at(1, month=2), by="undone")
    for resident in (mother, child):
        leave_for_good(session, resident, at(18))
    rows = tape_rows(open_board(Role.STAFF, house))
    assert [("Kenari" in row, "Anak Kenari" in row, "Pulai" in row) for row in rows[:3]] == [
        (True, False, False),
        (True, True, False),
        (False, False, False),
    ]


def test_the_chart_follows_the_date_of_the_house(open_board, make, clock):
    """Half past midnight in Jayapura: a new night has begun there, not yet in Jakarta."""
    clock.now = dt.datetime(2026, 11, 21, 15, 30, tzinfo=dt.UTC)
    house = make.house("Rumah Timur", time_zone="Asia/Jayapura")
    make.resident(
        make.beds(make.room(house, "1", beds=1))[0], alias="Matoa", arrived=clock.now - dt.timedelta(minutes=20)
    )
    page = open_board(Role.STAFF, house)
    assert '22</b><span class="vh"> today' in page
    (row,) = tape_rows(page)
    assert row.count("<td></td>") == 6, "drawn from the night of the 22nd"


def test_a_closure_reason_cannot_become_markup(open_board, make, house, room):
    make.saved(Closure(bed_id=make.beds(room)[0].id, first_day=day(20), reason="<b>Dicat</b>"))
    assert "<b>Dicat" not in open_board(Role.STAFF, house)


# Nothing yet


def test_an_empty_installation_tells_the_manager_where_to_begin(open_board):
    page = open_board(Role.MANAGER)
    assert "There are no beds yet." in page
    assert 'href="/houses"' in page
    assert "<table" not in page


def test_staff_without_a_house_are_told_whom_to_ask(open_board):
    assert "Ask the security officer" in open_board(Role.STAFF)


def test_a_house_without_beds_is_no_fault(open_board, make, house):
    make.room(house, "1")
    assert "There are no beds yet." in open_board(Role.STAFF, house)


# Sentences


def a_board(overdue=(), **figures):
    return Board((), Figures(**figures), tuple(overdue), {}, ())


SENTENCES = [
    (
        a_board(("Mahoni",), beds=18, taken=13, free=3, held=1, closed=1, persons=13),
        "13 of 18 beds are taken tonight. 3 can be used now, 1 reserved, 1 closed. Mahoni has passed the agreed stay.",
        (
            "13 dari 18 tempat tidur terisi malam ini. 3 bisa ditempati sekarang, 1 dipesan, 1 ditutup. "
            "Mahoni melewati masa tinggal."
        ),
    ),
    (
        a_board(beds=13, taken=13, persons=14, extra=1),
        "All 13 beds are taken tonight. Over capacity: 14 people in 13 beds and 1 extra mattress.",
        "Semua 13 tempat tidur terisi malam ini. Di atas kapasitas: 14 orang di 13 tempat tidur dan 1 kasur tambahan.",
    ),
    (
        a_board(("Jati", "Ulin"), beds=4, taken=3, closed=1, persons=5, extra=2),
        (
            "3 of 4 beds are taken tonight. None can be used now, 1 closed. "
            "Over capacity: 5 people in 3 beds and 2 extra mattresses. Jati and Ulin have passed the agreed stay."
        ),
        (
            "3 dari 4 tempat tidur terisi malam ini. Belum ada yang bisa ditempati, 1 ditutup. "
            "Di atas kapasitas: 5 orang di 3 tempat tidur dan 2 kasur tambahan. Jati dan Ulin melewati masa tinggal."
        ),
    ),
    (
        a_board(("Jati", "Ulin", "Sawo"), beds=4, taken=1, free=2, held=1, persons=2),
        (
            "1 of 4 beds is taken tonight. 2 can be used now, 1 reserved. 2 people live here. "
            "Jati and 2 other residents have passed the agreed stay."
        ),
        (
            "1 dari 4 tempat tidur terisi malam ini. 2 bisa ditempati sekarang, 1 dipesan. Penghuninya 2 orang. "
            "Jati dan 2 penghuni lain melewati masa tinggal."
        ),
    ),
    (
        a_board(beds=5, free=5),
        "None of the 5 beds is taken tonight. 5 can be used now.",
        "Dari 5 tempat tidur belum ada yang terisi malam ini. 5 bisa ditempati sekarang.",
    ),
    (
        a_board(beds=1, taken=1, persons=1),
        "The only bed is taken tonight.",
        "Satu-satunya tempat tidur terisi malam ini.",
    ),
    (
        a_board(beds=2, taken=1, closed=1, persons=1),
        "1 of 2 beds is taken tonight. None can be used now, 1 closed.",
        "1 dari 2 tempat tidur terisi malam ini. Belum ada yang bisa ditempati, 1 ditutup.",
    ),
]


@pytest.fixture
def speaking(app):
    """The words of the product in one of its languages."""

    def speak(language, say):
        with app.test_request_context("/beds", headers={"Cookie": f"language={language}"}):
            return say()

    return speak


@pytest.mark.parametrize(("board", "english", "_indonesian"), SENTENCES)
def test_the_first_sentences_in_english(speaking, board, english, _indonesian):
    assert speaking("en", lambda: lead(board)) == english


@pytest.mark.parametrize(("board", "_english", "indonesian"), SENTENCES)
def test_the_first_sentences_in_indonesian(speaking, board, _english, indonesian):
    assert speaking("id", lambda: lead(board)) == indonesian


def test_beds_that_are_to_be_cleaned_are_counted_apart_from_those_that_can_be_used(speaking):
    figures = Figures(beds=6, taken=3, free=3, persons=3, to_clean=1)
    board = a_board(**_plain(figures))
    assert "2 bisa ditempati sekarang. 1 perlu dibersihkan." in speaking("id", lambda: lead(board))
    assert "2 can be used now. 1 is to be cleaned." in speaking("en", lambda: lead(board))


def test_every_combination_of_free_reserved_and_closed_is_a_whole_sentence(speaking):
    for language in ("en", "id"):
        said = set()
        for free in (0, 2):
            for held in (0, 3):
                for closed in (0, 4):
                    figures = Figures(beds=20, taken=5, free=free, held=held, closed=closed, persons=5)
                    whole = speaking(
                        language, lambda figures=figures: f"{lead(a_board(**_plain(figures)))} {house_sum(figures)}"
                    )
                    assert "%(" not in whole
                    assert all(str(n) in whole for n in (free, held, closed) if n)
                    said.add(whole)
        assert len(said) == 8


def _plain(figures):
    return {name: getattr(figures, name) for name in Figures.__slots__}


def test_places_and_free_beds_in_both_languages(speaking):
    counts = {2: 2, 3: 1, 4: 0}
    assert [line[:2] for line in speaking("en", lambda: places(counts))] == [
        ("Family of 2:", "2 free rooms"),
        ("Family of 3:", "1 free room"),
        ("Family of 4:", "no free room"),
    ]
    assert [line[:2] for line in speaking("id", lambda: places(counts))] == [
        ("Keluarga 2 orang:", "2 kamar kosong"),
        ("Keluarga 3 orang:", "1 kamar kosong"),
        ("Keluarga 4 orang:", "tidak ada kamar kosong"),
    ]
    assert [speaking("id", lambda n=n: free_beds(n)) for n in (0, 1, 2)] == [
        "tidak ada tempat tidur kosong",
        "1 tempat tidur kosong",
        "2 tempat tidur kosong",
    ]


def test_the_page_is_indonesian_first(open_board, make, house, room):
    make.resident(make.beds(room)[0], alias="Kenari", arrived=at(10), birth_month=dt.date(2022, 7, 1))
    page = open_board(Role.STAFF, house, language=None)
    assert "<title>Tempat tidur | Teduh</title>" in page
    for said in (
        "Sekarang",
        "Tempatkan",
        "Kosong",
        "s.d. 24 Nov",
        "Kamar 1",
        "Dua minggu, per tempat tidur",
        "Minggu sebelumnya",
        "Sen<b>16</b>",
        ", anak",
    ):
        assert said in page, said


# How it is read


@pytest.fixture
def asked(session):
    """Every question this session sends from here on."""
    with questions(session.get_bind().engine) as asked:
        yield asked


@pytest.mark.parametrize("role", PEOPLE)
def test_three_beds_and_thirty_are_read_in_the_same_four_statements(make, session, asked, role):
    counts = []
    for rooms in (1, 10):
        account_houses = []
        for _ in range(2):
            house = make.house()
            account_houses.append(house)
            for _ in range(rooms):
                for bed in make.beds(make.room(house, beds=3)):
                    leave_for_good(session, make.resident(bed, arrived=at(12)), at(17))
                    make.resident(bed, arrived=at(18))
        account = make.account(role, *account_houses)
        account_id = account.id
        asked.clear()
        rows = board_rows(session, account_id=account_id, role=role, first=MONDAY, nights=14, now=make.clock.now)
        counts.append(len(asked))
        assert len(rows.stays) == 2 * rooms * 3 * 2
    assert counts[0] == counts[1] == (4 if role is Role.STAFF else 3)


def test_the_past_is_found_through_the_index_and_open_stays_through_theirs(new_engine):
    """However many stays there were: one seek a bed in (bed_id, started_at), and the partial index of open stays."""
    values = {"account": 1, "now": at(21, 16), "start": at(15), "end": at(30)}
    with new_engine("sqlite").connect() as connection:
        plans = []
        stays = stays_shown(Role.MANAGER, past=True)
        for statement in (beds_and_past().params(values), stays.params(**values, ended=[1, 2])):
            query = str(statement.compile(connection, compile_kwargs={"literal_binds": True})).replace(":", r"\:")
            plans.append([row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))])
    of_stays = [step for plan in plans for step in plan if re.search(r"\bstay(_\d)?\b", step)]
    assert sorted(of_stays) == sorted(
        [
            "SEARCH stay_1 USING INDEX ix_stay_bed_started (bed_id=? AND started_at<?)",  # who left it to be cleaned
            "SEARCH stay_2 USING INDEX ix_stay_bed_started (bed_id=? AND started_at>? AND started_at<?)",
            "SEARCH stay_3 USING INDEX ix_stay_bed_started (bed_id=? AND started_at<?)",
            "SCAN stay USING INDEX uq_stay_open_resident",
            "SEARCH stay USING INTEGER PRIMARY KEY (rowid=?)",
        ]
    ), plans
    assert not [step for plan in plans for step in plan if step in {"SCAN resident", "SCAN placement", "SCAN leave"}]
