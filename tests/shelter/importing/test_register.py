import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehouse.indonesian import Fault
from safehouse.shelter.choices import Destination, ReferralSource
from safehouse.shelter.rules.importing.columns import propose
from safehouse.shelter.rules.importing.lines import corrected, read_lines
from safehouse.shelter.rules.importing.meanings import Kind, Meaning
from safehouse.shelter.rules.importing.places import Place
from safehouse.shelter.rules.importing.problems import Reason
from safehouse.shelter.rules.importing.register import Doubt, Held, RegisterCheck, check_register
from safehouse.shelter.rules.importing.times import moments, period
from safehouse.shelter.rules.importing.words import companion_of, destination_of, source_of, still_here
from safehouse.shelter.rules.importing.workbook import open_workbook
from tests.shelter.importing.workbooks import BEDS, HEADINGS, TODAY, checked, person, register_lines, workbook


def problems_of(check: RegisterCheck) -> list[tuple[int, Meaning | None, Reason, int | None]]:
    return [(problem.row, problem.meaning, problem.reason, problem.other_row) for problem in check.problems]


def test_a_row_becomes_a_person_with_one_bed_period() -> None:
    check = checked(
        person(
            1,
            "10-01-26",
            "Melati",
            "2a",
            "3 Februari 2026",
            age="17 thn",
            source="Unit PPA Polres",
            destination="rumah nenek",
        )
    )
    (found,) = check.people
    assert (found.row, found.number, found.alias, found.sex, found.age_months) == (2, "1", "Melati", "female", 204)
    assert (found.arrived, found.left, found.place) == (
        dt.date(2026, 1, 10),
        dt.date(2026, 2, 3),
        Place("Rumah Satu", "2", "A"),
    )
    assert (found.source, found.destination) == (ReferralSource.POLICE, Destination.EXTENDED_FAMILY)
    assert (found.birth_month, found.birth_estimated) == (dt.date(2009, 1, 1), True)
    assert check.problems == ()


@pytest.mark.parametrize("written", [dt.datetime(2026, 3, 2), "02-03-26", "2/3/2026", "02/03/2026", "2 Maret 2026"])
def test_dates_may_be_written_in_five_ways(written: object) -> None:
    assert checked(person(1, written, "Melati", "1A")).people[0].arrived == dt.date(2026, 3, 2)


@pytest.mark.parametrize("left", [None, "-", "–", "masih", "Masih tinggal", "belum", "s/d sekarang"])
def test_a_blank_a_dash_and_masih_mean_that_she_lives_here(left: str | None) -> None:
    check = checked(person(1, "1/11/2026", "Melati", "1A", left))
    assert check.people[0].left is None
    assert check.living_here == 1


def test_a_child_belongs_to_the_row_it_points_at() -> None:
    check = checked(
        person(7, "1/11/2026", "Melati", "1A", companion=2),
        person(8, "1/11/2026", "anak Melati", "1B", companion="ikut no 7", age="7 bln"),
        person(9, "1/11/2026", "anak Melati", "2A", companion="ikut Melati", age="7 bln", sex="lk"),
    )
    assert [(found.companion_of, found.family) for found in check.people] == [(None, 2), (2, 2), (2, 2)]
    assert all(found.doubts == () for found in check.people)


def test_numbers_that_begin_again_each_year_point_at_the_family_of_the_day() -> None:
    check = checked(
        person(1, "1/11/2025", "Melati", "1A", "9/11/2025", companion=1),
        person(2, "1/11/2025", "anak", "1B", "9/11/2025", companion="ikut no 1"),
        person(1, "1/2/2026", "Kenanga", "1A", "9/2/2026", companion=1),
        person(2, "1/2/2026", "anak", "1B", "9/2/2026", companion="ikut no 1"),
    )
    assert [found.family for found in check.people] == [2, 2, 4, 4]


def test_a_pointer_that_leads_nowhere_or_in_a_circle_is_named() -> None:
    check = checked(
        person(1, "1/2/2026", "Melati", "1A", companion="ikut no 9"),
        person(2, "1/2/2026", "Kenanga", "1B", companion="ikut ibu"),
        person(3, "1/2/2026", "Mawar", "2A", companion="ikut no 4"),
        person(4, "1/2/2026", "Anggrek", "2B", companion="ikut no 3"),
        person(5, "1/2/2026", "Dahlia", "1A", companion="ikut no 5", house="Rumah Dua"),
    )
    assert problems_of(check) == [
        (2, Meaning.COMPANION, Reason.COMPANION_MISSING, None),
        (3, Meaning.COMPANION, Reason.COMPANION_UNCLEAR, None),
        (4, Meaning.COMPANION, Reason.COMPANION_UNCLEAR, 5),
        (5, Meaning.COMPANION, Reason.COMPANION_UNCLEAR, 4),
        (6, Meaning.COMPANION, Reason.COMPANION_MISSING, None),
    ]


def test_a_child_without_her_mothers_row_is_named_when_that_is_left_out() -> None:
    lines = register_lines(
        person(1, "32/1/2026", "Melati", "1A", companion=1), person(2, "1/2/2026", "anak", "1B", companion="ikut no 1")
    )
    check = check_register(corrected(lines, {}, [2]), beds=BEDS, today=TODAY)
    assert problems_of(check) == [(3, Meaning.COMPANION, Reason.COMPANION_MISSING, None)]


def test_days_that_cannot_be_are_named() -> None:
    check = checked(
        person(1, "9/9/2026", "Melati", "1A", "1/9/2026"),
        person(2, "32/13/2026", "Kenanga", "1B"),
        person(3, "31/11/2026", "Mawar", "1B"),
        person(4, "22/11/2026", "Anggrek", "2A"),
        person(5, "1/11/2026", "Dahlia", "2B", "24/11/2026"),
        person(6, None, "Cempaka", "1B"),
        person(7, "=TODAY()", "Seruni", "1B"),
    )
    assert problems_of(check) == [
        (2, Meaning.LEFT, Reason.LEFT_BEFORE_ARRIVING, None),
        (3, Meaning.ARRIVED, Reason.UNREADABLE, None),
        (4, Meaning.ARRIVED, Reason.UNREADABLE, None),
        (5, Meaning.ARRIVED, Reason.ARRIVES_IN_FUTURE, None),
        (6, Meaning.LEFT, Reason.LEAVES_IN_FUTURE, None),
        (7, Meaning.ARRIVED, Reason.MISSING, None),
        (8, Meaning.ARRIVED, Reason.FORMULA, None),
    ]
    assert [check.problems[place].fault for place in (1, 2)] == [Fault.NO_SUCH_MONTH, Fault.NO_SUCH_DAY]
    assert (check.problems[2].heading, check.problems[2].shown) == ("Tgl Masuk", "31/11/2026")
    assert check.people == ()


def test_somebody_who_comes_today_has_not_come_too_early() -> None:
    assert checked(person(1, "21/11/2026", "Melati", "1A")).problems == ()


def test_age_sex_alias_and_bed_must_be_said() -> None:
    check = checked(
        person(1, "1/2/2026", "Melati", "1A", age="kecil"),
        person(2, "1/2/2026", "Kenanga", "1B", sex="?"),
        person(3, "1/2/2026", None, "2A"),
        person(4, "1/2/2026", "Mawar", None),
        person(5, "1/2/2026", "Dahlia", "9Z"),
        person(6, "1/2/2026", "Seruni", "2B", age="-"),
        person(7, "1/2/2026", "Nusa Indah " * 5, "1A", house="Rumah Dua"),
    )
    assert [problem[1:3] for problem in problems_of(check)] == [
        (Meaning.AGE, Reason.UNREADABLE),
        (Meaning.SEX, Reason.UNREADABLE),
        (Meaning.ALIAS, Reason.MISSING),
        (Meaning.ROOM_BED, Reason.MISSING),
        (Meaning.ROOM_BED, Reason.BED_UNKNOWN),
        (Meaning.AGE, Reason.MISSING),
        (Meaning.ALIAS, Reason.TOO_LONG),
    ]


def test_two_people_in_one_bed_tonight_are_named_with_both_rows() -> None:
    check = checked(person(1, "30/10/2026", "Melati", "1A"), person(2, "30/10/2026", "Kenanga", "1A", "masih"))
    (problem,) = check.problems
    assert (problem.rows, problem.reason, problem.meaning) == ((3, 2), Reason.BED_TAKEN, Meaning.ROOM_BED)
    assert (problem.since, problem.until) == (dt.date(2026, 10, 30), None)


def test_a_bed_may_change_hands_on_one_day_and_serve_a_visit_between() -> None:
    assert (
        checked(
            person(1, "1/2/2026", "Melati", "1A", "9/2/2026"),
            person(2, "9/2/2026", "Kenanga", "1A", "9/2/2026"),
            person(3, "9/2/2026", "Mawar", "1A", "1/3/2026"),
        ).problems
        == ()
    )


def test_the_row_further_down_is_the_one_reported() -> None:
    check = checked(
        person(1, "5/2/2026", "Melati", "1A", "9/2/2026"), person(2, "1/2/2026", "Kenanga", "1A", "6/2/2026")
    )
    assert problems_of(check) == [(3, Meaning.ROOM_BED, Reason.BED_TAKEN, 2)]


def test_a_bed_somebody_of_the_system_has_is_taken() -> None:
    bed = Place("Rumah Satu", "1", "A")
    rows = (person(1, "1/11/2026", "Melati", "1A"),)
    assert problems_of(checked(*rows, held=[Held(bed, dt.date(2026, 11, 10), None)])) == [
        (2, Meaning.ROOM_BED, Reason.BED_TAKEN, None)
    ]
    assert checked(*rows, held=[Held(bed, dt.date(2026, 10, 1), dt.date(2026, 11, 1))]).problems == ()


def test_one_person_cannot_be_in_two_beds_but_may_move_on_a_day() -> None:
    there = {"house": "Rumah Dua"}
    check = checked(
        person(1, "1/2/2026", "Melati", "1A", "9/2/2026"), person(2, "5/2/2026", "melati", "1A", "12/2/2026", **there)
    )
    assert problems_of(check) == [(3, Meaning.ALIAS, Reason.PERSON_TWICE, 2)]
    assert (
        checked(
            person(1, "1/2/2026", "Melati", "1A", "9/2/2026"), person(2, "9/2/2026", "Melati", "1A", **there)
        ).problems
        == ()
    )
    # Old registers give an alias again, also to somebody else at the same time.
    assert (
        checked(person(1, "1/2/2026", "Melati", "1A"), person(2, "1/3/2026", "Melati", "1B", age="19")).problems == ()
    )


def test_a_row_copied_twice_is_named_once() -> None:
    row = person(1, "1/2/2026", "Melati", "1A", "9/2/2026")
    assert problems_of(checked(row, row)) == [(3, Meaning.NUMBER, Reason.ROW_TWICE, 2)]


def sealed_check(nik: str, phone: str = "-", born: str = "-", **other: object) -> RegisterCheck:
    headings = [*HEADINGS, "Nama", "NIK", "No HP", "Tgl Lahir"]
    row = [*person(1, "1/2/2026", "Melati", "1A", **other), "Nama Karangan", nik, phone, born]
    sheet = open_workbook(workbook([headings, row]))[0]
    return check_register(read_lines(sheet, propose(sheet, Kind.REGISTER)), beds=BEDS, today=TODAY)


def test_identity_is_read_but_never_echoed() -> None:
    (found,) = sealed_check("3507014708950001", "0812-3456-7890", "07-08-95").people
    assert (found.name, found.nik, found.phone) == ("Nama Karangan", "3507014708950001", "+6281234567890")
    assert (found.born, found.birth_month, found.birth_estimated) == (dt.date(1995, 8, 7), dt.date(1995, 8, 1), False)
    check = sealed_check("3507014708950000", "12", "31/2/95")
    assert {problem.meaning for problem in check.problems} == {Meaning.NIK, Meaning.PHONE, Meaning.BORN}
    assert all(problem.shown is None and problem.detail == () for problem in check.problems)


def test_no_identity_paper_and_no_phone_are_no_fault() -> None:
    (found,) = sealed_check("-", "tidak ada").people
    assert (found.nik, found.phone, found.born) == (None, None, None)


def test_disagreements_are_doubts_and_hinder_nothing() -> None:
    (found,) = sealed_check("3507014708950001", born="7-8-94", age="50", companion=2, source="Forum X", sex="L").people
    assert set(found.doubts) == {
        Doubt.CHILDREN_DIFFER,
        Doubt.AGE_DIFFERS,
        Doubt.NIK_OTHER_SEX,
        Doubt.NIK_OTHER_BIRTH_DATE,
        Doubt.SOURCE_NOT_RECOGNISED,
    }


def test_nobody_is_born_after_arriving() -> None:
    assert problems_of(sealed_check("-", born="2/3/2026")) == [(2, Meaning.BORN, Reason.BORN_AFTER_ARRIVING, None)]


def test_a_child_who_left_with_her_mother_went_where_she_went() -> None:
    check = checked(
        person(1, "1/2/2026", "Melati", "1A", "9/2/2026", companion=2, destination="kos/mandiri"),
        person(2, "1/2/2026", "anak", "1B", "9/2/2026", companion="ikut no 1", age="3"),
        person(3, "1/2/2026", "anak", "2A", "12/2/2026", companion="ikut no 1", age="4"),
    )
    assert [found.destination for found in check.people] == [
        Destination.INDEPENDENT,
        Destination.INDEPENDENT,
        Destination.UNKNOWN,
    ]


def test_a_second_run_of_the_same_file_adds_nothing() -> None:
    rows = (
        person(1, "1/2/2026", "Melati", "1A", companion=1),
        person(2, "1/2/2026", "anak", "1B", companion="ikut no 1", age="3"),
    )
    marks = [mark for found in checked(*rows).people for mark in found.fingerprints]
    again = checked(*rows, known=marks, held=[Held(Place("Rumah Satu", "1", "A"), dt.date(2026, 2, 1), None)])
    assert (again.people, again.problems, again.already) == ((), (), (2, 3))
    assert again.already_fingerprints[2] == marks[0]
    later = checked(
        person("01", dt.datetime(2026, 2, 1), "MELATI", "1/A", "9/2/2026", age="31", companion=1), known=marks
    )
    assert later.already == (2,)


def test_a_child_added_later_finds_her_mother_among_the_rows_taken_before() -> None:
    mother = person(1, "1/2/2026", "Melati", "1A", companion=1)
    marks = checked(mother).people[0].fingerprints
    check = checked(mother, person(2, "1/2/2026", "anak", "1B", companion="ikut no 1", age="3"), known=marks)
    assert [found.family for found in check.people] == [2]
    assert check.already_fingerprints == {2: marks[0]}


def test_a_corrected_row_is_known_again_from_the_file_and_from_the_correction() -> None:
    lines = register_lines(person(1, "32/13/2026", "Melati", "1A"))
    check = check_register(corrected(lines, {2: {Meaning.ARRIVED: "3/2/2026"}}), beds=BEDS, today=TODAY)
    assert check.problems == ()
    from_file, from_correction = check.people[0].fingerprints
    assert check_register(lines, beds=BEDS, today=TODAY, known=[from_file]).already == (2,)
    assert checked(person(1, "3/2/2026", "Melati", "1A"), known=[from_correction]).already == (2,)


def test_a_correction_is_checked_against_every_other_row_again() -> None:
    lines = register_lines(person(1, "1/2/2026", "Melati", "1A"), person(2, "1/2/2026", "Kenanga", "9Z"))
    check = check_register(corrected(lines, {3: {Meaning.ROOM_BED: "1A"}}), beds=BEDS, today=TODAY)
    assert problems_of(check) == [(3, Meaning.ROOM_BED, Reason.BED_TAKEN, 2)]


def test_a_register_of_ten_thousand_rows_is_read_whole() -> None:
    start = dt.date(2005, 1, 1)
    rows = [
        person(
            number,
            start + dt.timedelta(number // 8 * 6),
            f"Alias {number}",
            "12"[number % 4 // 2] + "AB"[number % 2],
            start + dt.timedelta(number // 8 * 6 + 5),
            house=("Rumah Satu", "Rumah Dua")[number % 8 // 4],
        )
        for number in range(9_990)
    ]
    lines = register_lines(*rows)
    check = check_register(lines, beds=BEDS, today=TODAY)
    assert (len(check.people), check.problems) == (9_990, ())


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12), st.sampled_from("AB")), max_size=12))
def test_overlaps_are_found_exactly_where_two_periods_of_a_bed_meet(stays: list[tuple[int, int, str]]) -> None:
    start = dt.date(2026, 1, 1)
    rows = [
        person(number, start + dt.timedelta(begin), f"Alias {number}", f"1{bed}", start + dt.timedelta(begin + nights))
        for number, (begin, nights, bed) in enumerate(stays)
    ]
    spans = [
        (period(start + dt.timedelta(begin), start + dt.timedelta(begin + nights)), bed) for begin, nights, bed in stays
    ]
    meet = any(
        a[1] == b[1] and a[0][0] < b[0][1] and b[0][0] < a[0][1] for at, a in enumerate(spans) for b in spans[:at]
    )
    assert any(problem.reason is Reason.BED_TAKEN for problem in checked(*rows).problems) == meet


# Moments and words

WITA = ZoneInfo("Asia/Makassar")


def test_a_stay_begins_at_two_and_ends_at_ten_on_the_clock_of_the_house() -> None:
    now = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
    arrived, left = moments(dt.date(2026, 2, 1), dt.date(2026, 2, 9), zone=WITA, now=now)
    assert (arrived, left) == (dt.datetime(2026, 2, 1, 6, tzinfo=dt.UTC), dt.datetime(2026, 2, 9, 2, tzinfo=dt.UTC))
    assert moments(dt.date(2026, 2, 1), None, zone=WITA, now=now)[1] is None


def test_nothing_lies_after_now_and_the_order_of_the_day_stays() -> None:
    today = dt.date(2026, 11, 21)
    now = dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC)
    _, left = moments(dt.date(2026, 11, 1), today, zone=WITA, now=now)
    came, went = moments(today, today, zone=WITA, now=now)
    arrived, _ = moments(today, None, zone=WITA, now=now)
    assert left is not None
    assert went is not None
    assert left < came < went < arrived <= now


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("SAPA 129", ReferralSource.SAPA129),
        ("Unit PPA Polres", ReferralSource.POLICE),
        ("datang sendiri", ReferralSource.SELF),
        ("Puskesmas", ReferralSource.HEALTH),
        ("RSUD", ReferralSource.HEALTH),
        ("Dinsos", ReferralSource.SOCIAL_AFFAIRS),
        ("PATBM desa", ReferralSource.VILLAGE),
        ("Satgas PPA kec.", ReferralSource.VILLAGE),
        ("LBH Apik", ReferralSource.NGO),
        ("UPTD PPA Kab. X", ReferralSource.OTHER_UNIT),
        ("UPTD PPA", ReferralSource.OWN_UNIT),
        ("Guru SMP", ReferralSource.SCHOOL),
        ("kakak", ReferralSource.FAMILY),
        ("tetangga", ReferralSource.PUBLIC),
        ("entah", ReferralSource.OTHER),
        ("-", None),
    ],
)
def test_who_referred_is_recognised(text: str, source: ReferralSource | None) -> None:
    assert source_of(text) is source


@pytest.mark.parametrize(
    ("text", "destination"),
    [
        ("rumah nenek", Destination.EXTENDED_FAMILY),
        ("pulang ke keluarga ibu", Destination.OWN_FAMILY),
        ("kos/mandiri", Destination.INDEPENDENT),
        ("LKSA", Destination.CHILD_CARE_HOME),
        ("Sentra", Destination.SOCIAL_HOME),
        ("kerabat di luar kota", Destination.EXTENDED_FAMILY),
        ("kembali ke suami", Destination.PARTNER),
        ("RSUD", Destination.HOSPITAL),
        ("ponpes", Destination.BOARDING_SCHOOL),
        ("xyz", None),
        ("", None),
    ],
)
def test_where_she_went_is_recognised(text: str, destination: Destination | None) -> None:
    assert destination_of(text) is destination


def test_the_column_of_children_counts_or_points() -> None:
    assert [
        companion_of(text) and companion_of(text).number
        for text in ("ikut no 4", "ikut no. 04", "Ikut Ibu No 4", "ikut 4")
    ] == ["4"] * 4
    assert companion_of("2").children == companion_of("2 anak").children == 2
    assert companion_of("ikut Sawo").alias == "sawo"
    assert companion_of("entah") is None
    assert not companion_of("-").points
    assert companion_of("?") is None
    assert still_here("")
    assert not any(still_here(text) for text in ("3/2/2026", "?", "ya"))
