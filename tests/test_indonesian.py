import contextlib
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehouse.indonesian import (
    Fault,
    NikDoubt,
    Unreadable,
    age_in_months,
    birth_month_for,
    comes_of_age,
    is_child_by_month,
    mask_nik,
    nik_doubts,
    nik_facts,
    quarter_of,
    read_age,
    read_clock,
    read_date,
    read_date_parts,
    read_nik,
    read_phone,
    read_rupiah,
    read_sex,
    read_tick,
)

TODAY = dt.date(2026, 11, 21)
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))
THIS_CENTURY = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))


def fault_of(reader, *args, **kwargs) -> Fault:
    with pytest.raises(Unreadable) as refused:
        reader(*args, **kwargs)
    return refused.value.fault


# Dates


@pytest.mark.parametrize(
    "text",
    [
        "2/3/2026",
        "02/03/2026",
        "2-3-26",
        "02-03-26",
        "2.3.2026",
        "2 3 2026",
        "2 Maret 2026",
        "2 maret 26",
        "2 Mar 2026",
        "2-Mar-26",
        "02MAR2026",
        "2 March 2026",
        "2026-03-02",
        "2026-03-02 00:00:00",
        "2026/3/2",
        "02032026",
        "20260302",
        "Senin, 2 Maret 2026",
        " 2 / 3 / 2026 ",
        "2\u00a0Maret\u00a02026",
        "'2/3/2026",
        "2/III/2026",
        "2\u20133\u20132026",
    ],
)
def test_a_date_is_read_in_every_way_offices_write_it(text: str) -> None:
    assert read_date(text) == dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 Peb 2026", 2),
        ("1 Pebruari 2026", 2),
        ("1 Mrt 2026", 3),
        ("1 Mei 2026", 5),
        ("1 May 2026", 5),
        ("1 Agt 2026", 8),
        ("1 Ags 2026", 8),
        ("1 Aug 2026", 8),
        ("1 Sept 2026", 9),
        ("1 Okt. 2026", 10),
        ("1 Nopember 2026", 11),
        ("1 Des 2026", 12),
        ("1 Dec 2026", 12),
    ],
)
def test_months_are_read_in_old_and_new_spelling_and_in_english(text: str, month: int) -> None:
    assert read_date(text) == dt.date(2026, month, 1)


@given(DAYS)
def test_every_day_written_day_first_comes_back(day: dt.date) -> None:
    assert read_date(f"{day:%d/%m/%Y}") == day
    assert read_date(f"{day.day}.{day.month}.{day.year}") == day
    assert read_date(f"{day.day} {MONTHS[day.month - 1]} {day.year}") == day
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day:%d%m%Y}") == day
    assert read_date_parts(str(day.day), str(day.month), str(day.year)) == day


@given(THIS_CENTURY)
def test_two_digits_of_a_year_mean_this_century(day: dt.date) -> None:
    assert read_date(f"{day:%d-%m-%y}") == day


@given(st.dates(dt.date(1926, 11, 22), TODAY))
def test_two_digits_of_a_birth_year_never_give_a_future_birth(day: dt.date) -> None:
    assert read_date(f"{day:%d-%m-%y}", birth=True, today=TODAY) == day


def test_a_birth_year_of_two_digits_needs_to_know_today() -> None:
    assert fault_of(read_date, "7-8-95", birth=True) is Fault.MISSING_PART
    assert read_date("7-8-95", birth=True, today=TODAY) == dt.date(1995, 8, 7)
    assert read_date("29-2-24", birth=True, today=TODAY) == dt.date(2024, 2, 29)
    assert fault_of(read_date, "30-2-24", birth=True, today=TODAY) is Fault.NO_SUCH_DAY
    assert fault_of(read_date, "7-8-2027", birth=True, today=TODAY) is Fault.IN_FUTURE


def test_the_american_order_is_never_tried() -> None:
    assert read_date("2/3/2026") == dt.date(2026, 3, 2)
    assert fault_of(read_date, "10/25/2026") is Fault.NO_SUCH_MONTH
    assert fault_of(read_date, "March 2, 2026") is Fault.NOT_A_DATE


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    assert read_date("2 Mar", today=TODAY) == dt.date(2027, 3, 2)
    assert read_date("28 Des", today=dt.date(2027, 1, 4)) == dt.date(2026, 12, 28)
    assert read_date("20/11", today=TODAY) == dt.date(2026, 11, 20)
    assert fault_of(read_date, "2 Mar") is Fault.MISSING_PART
    assert fault_of(read_date, "2 Mar", birth=True, today=TODAY) is Fault.MISSING_PART
    assert fault_of(read_date, "31/11", today=TODAY) is Fault.NO_SUCH_DAY


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.EMPTY),
        ("   ", Fault.EMPTY),
        ("31/11/2026", Fault.NO_SUCH_DAY),
        ("29/2/2026", Fault.NO_SUCH_DAY),
        ("32/13/2026", Fault.NO_SUCH_MONTH),
        ("0/1/2026", Fault.NO_SUCH_DAY),
        ("1/1/026", Fault.NOT_A_DATE),
        ("1/1/1026", Fault.YEAR_OUT_OF_RANGE),
        ("1O/03/2026", Fault.NOT_A_DATE),
        ("kemarin", Fault.NOT_A_DATE),
        ("1/2/3/2026", Fault.NOT_A_DATE),
        ("46035", Fault.NOT_A_DATE),
        ("２/3/2026", Fault.NOT_ASCII_DIGITS),
        ("٢/3/2026", Fault.NOT_ASCII_DIGITS),
        ("2\x00/3/2026", Fault.CONTROL_CHARACTER),
        ("9" * 5_000_000, Fault.TOO_LONG),
        ("Selasa, 2 Maret 2026", Fault.WRONG_WEEKDAY),
        ("Xyz, 2 Maret 2026", Fault.NOT_A_DATE),
        ("2 Mart 2026", Fault.NOT_A_DATE),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_its_reason(text: str, fault: Fault) -> None:
    assert fault_of(read_date, text) is fault


def test_a_refused_date_tells_which_part_was_wrong() -> None:
    with pytest.raises(Unreadable) as refused:
        read_date("31/11/2026")
    assert refused.value.detail == {"day": "31", "month": "11", "year": "2026"}


def test_three_fields_take_month_names_and_a_pasted_whole_date() -> None:
    assert read_date_parts("2", "Mar", "26") == dt.date(2026, 3, 2)
    assert read_date_parts("2", "maret", "2026") == dt.date(2026, 3, 2)
    assert read_date_parts("2/3/2026", "", "") == dt.date(2026, 3, 2)
    assert read_date_parts("7-8-95", "", "", birth=True, today=TODAY) == dt.date(1995, 8, 7)
    assert fault_of(read_date_parts, "", "", "") is Fault.EMPTY
    assert fault_of(read_date_parts, "2/3/2026", "4", "2026") is Fault.NOT_A_DATE
    assert fault_of(read_date_parts, "2", "3", "２０２６") is Fault.NOT_ASCII_DIGITS


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        (("", "3", "2026"), "day"),
        (("2", "", "2026"), "month"),
        (("2", "3", ""), "year"),
        (("2", "", ""), "month"),
    ],
)
def test_a_missing_field_of_a_date_is_named(parts: tuple[str, str, str], missing: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_date_parts(*parts)
    assert (refused.value.fault, refused.value.detail) == (Fault.MISSING_PART, {"part": missing})


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_and_never_breaks(text: str) -> None:
    for reader in (read_date, read_clock, read_age, read_sex, read_tick, read_nik, read_phone, read_rupiah):
        with contextlib.suppress(Unreadable):
            reader(text)


# Times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9", dt.time(9)),
        ("9.30", dt.time(9, 30)),
        ("09:30", dt.time(9, 30)),
        ("0930", dt.time(9, 30)),
        ("930", dt.time(9, 30)),
        ("9,30", dt.time(9, 30)),
        ("pukul 14.05 WIB", dt.time(14, 5)),
        ("jam 7", dt.time(7)),
        ("00.00", dt.time(0)),
        ("23:59:59", dt.time(23, 59)),
    ],
)
def test_a_time_is_read_with_point_colon_or_nothing(text: str, expected: dt.time) -> None:
    assert read_clock(text) == expected


@given(st.times())
def test_every_minute_of_the_day_comes_back(time: dt.time) -> None:
    for text in (f"{time:%H.%M}", f"{time:%H:%M}", f"{time:%H%M}"):
        assert read_clock(text) == dt.time(time.hour, time.minute)


@pytest.mark.parametrize("text", ["24.00", "9.60", "9.3", "pagi", "9 malam", "-1", "12345"])
def test_a_time_that_no_clock_shows_is_refused(text: str) -> None:
    assert fault_of(read_clock, text) is Fault.NOT_A_TIME


# Ages


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("12 th", 144),
        ("7 bln", 7),
        ("7 bl", 7),
        ("16", 192),
        ("17 thn", 204),
        ("1 tahun 6 bulan", 18),
        (16, 192),
        (16.0, 192),
        ("1,5 tahun", 18),
        ("1.5", 18),
        ("1th 6bln", 18),
        ("12th.", 144),
        ("3 minggu", 0),
        ("10 hari", 0),
        ("6 bln 2 mgg", 6),
        ("0", 0),
        ("5 years", 60),
        ("2 months", 2),
        ("25 bln", 25),
        ("8 minggu", 1),
    ],
)
def test_an_age_is_read_in_months(text: str | int | float, months: int) -> None:
    assert read_age(text) == months


@given(st.integers(0, 99), st.integers(0, 11))
def test_every_age_written_in_years_and_months_comes_back(years: int, months: int) -> None:
    assert read_age(f"{years} th {months} bln") == years * 12 + months
    assert read_age(f"{years}") == years * 12


@pytest.mark.parametrize(
    "text",
    [
        "± 30",
        "30-an",
        "sekitar 30 th",
        "12 t4hun",
        "1.3",
        "12 12",
        "12 th 12",
        "bayi",
        "-4",
        "12 bln 3 th 4 bln",
        "3/4",
        True,
    ],
)
def test_an_age_that_would_have_to_be_guessed_is_refused(text: str | bool) -> None:
    assert fault_of(read_age, text) is Fault.NOT_AN_AGE


def test_nobody_is_older_than_a_hundred_and_twenty() -> None:
    assert read_age("120") == 1440
    assert fault_of(read_age, "121") is Fault.AGE_OUT_OF_RANGE


def test_a_person_comes_of_age_on_the_18th_birthday() -> None:
    assert comes_of_age(dt.date(2008, 11, 22)) == dt.date(2026, 11, 22)


def test_somebody_born_on_leap_day_turns_18_on_the_first_of_march() -> None:
    assert comes_of_age(dt.date(2008, 2, 29)) == dt.date(2026, 3, 1)


def test_with_only_a_birth_month_a_child_stays_one_until_that_month_is_over() -> None:
    month = dt.date(2008, 11, 1)
    assert is_child_by_month(month, dt.date(2026, 11, 1))
    assert is_child_by_month(month, dt.date(2026, 11, 30))
    assert not is_child_by_month(month, dt.date(2026, 12, 1))


@given(st.dates(dt.date(1950, 1, 1), TODAY), st.dates(dt.date(1968, 1, 1), dt.date(2040, 1, 1)))
def test_the_birth_month_never_makes_an_adult_of_a_child(born: dt.date, on: dt.date) -> None:
    if on < comes_of_age(born):
        assert is_child_by_month(born.replace(day=1), on)


@given(st.integers(0, 1440), DAYS)
def test_the_birth_month_of_an_age_gives_that_age_back(months: int, on: dt.date) -> None:
    assert age_in_months(birth_month_for(months, on), on) == months


def test_nobody_has_an_age_below_nought() -> None:
    assert age_in_months(dt.date(2027, 1, 1), TODAY) == 0
    assert age_in_months(dt.date(2026, 4, 1), TODAY) == 7


# Sex and ticks


@pytest.mark.parametrize("text", ["P", "p", "pr", "Pr", "Pr.", "perempuan", "W", "Wanita", "female", " P "])
def test_a_woman_is_read(text: str) -> None:
    assert read_sex(text) == "female"


@pytest.mark.parametrize("text", ["L", "lk", "Lk.", "laki-laki", "Laki laki", "laki2", "pria", "male"])
def test_a_man_is_read(text: str) -> None:
    assert read_sex(text) == "male"


@pytest.mark.parametrize("text", ["L/P", "1", "X", "Ｐ"])
def test_a_sex_is_never_guessed(text: str) -> None:
    assert fault_of(read_sex, text) is Fault.NOT_A_SEX


def test_ticks_are_read_whatever_mark_was_used() -> None:
    assert all(read_tick(text) is True for text in ("v", "V", "√", "✓", "ya", "x", "1"))
    assert all(read_tick(text) is False for text in ("-", "tidak", "0"))
    assert read_tick("") is None
    assert fault_of(read_tick, "mungkin") is Fault.NOT_A_TICK


# Identity numbers


def test_a_nik_tells_region_sex_and_birth_day() -> None:
    facts = nik_facts("3507014708950001")
    assert (facts.region, facts.sex, facts.born(TODAY)) == ("350701", "female", dt.date(1995, 8, 7))
    assert nik_facts("3507010708950001").sex == "male"
    assert nik_facts("3507010708250001").born(TODAY) == dt.date(2025, 8, 7)


def test_a_nik_may_be_typed_in_groups() -> None:
    assert read_nik("3507 0147 0895 0001") == read_nik("3507.01.470895.0001") == "3507014708950001"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("350701470895000", Fault.NOT_A_NIK),
        ("35070147089500012", Fault.NOT_A_NIK),
        ("9907014708950001", Fault.UNKNOWN_PROVINCE),
        ("3507013208950001", Fault.NOT_A_NIK),
        ("3507010008950001", Fault.NOT_A_NIK),
        ("3507014008950001", Fault.NOT_A_NIK),
        ("3507017208950001", Fault.NOT_A_NIK),
        ("3507013102950001", Fault.NOT_A_NIK),
        ("3507012902950001", Fault.NOT_A_NIK),
        ("3507011513950001", Fault.NOT_A_NIK),
        ("3507014708950000", Fault.NOT_A_NIK),
        ("350701470895000l", Fault.NOT_A_NIK),
        ("３507014708950001", Fault.NOT_ASCII_DIGITS),
        ("٣507014708950001", Fault.NOT_ASCII_DIGITS),
        ("", Fault.EMPTY),
    ],
)
def test_a_number_that_cannot_be_a_nik_is_refused(text: str, fault: Fault) -> None:
    assert fault_of(read_nik, text) is fault


@given(st.dates(dt.date(1930, 1, 1), TODAY), st.booleans(), st.integers(1, 9999))
def test_every_nik_made_from_a_birth_day_tells_it_again(born: dt.date, woman: bool, serial: int) -> None:
    nik = f"350701{born.day + 40 * woman:02d}{born:%m%y}{serial:04d}"
    facts = nik_facts(nik)
    assert (facts.day, facts.month, facts.year_of_century) == (born.day, born.month, born.year % 100)
    assert facts.sex == ("female" if woman else "male")
    assert nik_doubts(nik, sex=facts.sex, born=born) == ()


def test_a_nik_that_disagrees_is_a_doubt_and_no_error() -> None:
    assert nik_doubts("3507014708950001", sex="male", born=dt.date(1995, 8, 8)) == (
        NikDoubt.OTHER_SEX,
        NikDoubt.OTHER_BIRTH_DATE,
    )


def test_a_masked_nik_shows_only_its_ends() -> None:
    assert mask_nik("3507014708950001") == "3507••••••••0001"
    assert mask_nik("350701") == "••••••••••••••••"


# Phones


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("62811234567", "+62811234567"),
        ("81234567890", "+6281234567890"),
        ("+62 (0)812 3456 7890", "+6281234567890"),
        ("0062 812 3456 7890", "+6281234567890"),
        ("(021) 555 0123", "+62215550123"),
        ("0285-391234", "+62285391234"),
        ("+60 12-345 6789", "+60123456789"),
        ("\u202a+62 812\u20113456\u20117890\u202c", "+6281234567890"),
    ],
)
def test_a_phone_number_becomes_e164(text: str, expected: str) -> None:
    assert read_phone(text) == expected


@given(st.from_regex(r"\A8[1-9][0-9]{7,10}\Z"))
def test_every_mobile_number_is_the_same_however_it_is_begun(national: str) -> None:
    assert {read_phone(f"{start}{national}") for start in ("0", "62", "+62", "+62 ", "", "0062")} == {f"+62{national}"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("129", Fault.NOT_A_PHONE),
        ("081234567", Fault.NOT_A_PHONE),
        ("0812", Fault.NOT_A_PHONE),
        ("+6262811234567", Fault.NOT_A_PHONE),
        ("0812345678901234", Fault.NOT_A_PHONE),
        ("62211234567", Fault.NOT_A_PHONE),
        ("0812 3456 789O", Fault.NOT_A_PHONE),
        ("０812-3456-7890", Fault.NOT_ASCII_DIGITS),
        ("+0812345678", Fault.NOT_A_PHONE),
    ],
)
def test_a_number_nobody_can_call_is_refused(text: str, fault: Fault) -> None:
    assert fault_of(read_phone, text) is fault


# Money


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rp1.500.000", 1_500_000),
        ("Rp 1.500.000", 1_500_000),
        ("1500000", 1_500_000),
        ("Rp. 1.500.000,-", 1_500_000),
        ("1.500.000,00", 1_500_000),
        ("IDR 1.500.000", 1_500_000),
        ("1,5 juta", 1_500_000),
        ("500 rb", 500_000),
        ("0", 0),
    ],
)
def test_rupiah_are_read_with_points_between_thousands(text: str, expected: int) -> None:
    assert read_rupiah(text) == expected


@given(st.integers(0, 10**14))
def test_every_amount_comes_back(amount: int) -> None:
    grouped = f"{amount:,}".replace(",", ".")
    assert read_rupiah(f"Rp{grouped}") == read_rupiah(f"{grouped},00") == read_rupiah(str(amount)) == amount


@pytest.mark.parametrize("text", ["1,500,000", "1.50", "1.500,50", "-5", "$5", "1.5.000", "seribu"])
def test_an_amount_with_two_readings_is_refused(text: str) -> None:
    assert fault_of(read_rupiah, text) is Fault.NOT_AN_AMOUNT


# Quarters


def test_the_first_quarter_ends_at_midnight_in_the_house_and_not_in_london() -> None:
    jakarta = ZoneInfo("Asia/Jakarta")
    assert quarter_of(dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC), jakarta) == (2026, 2)
    assert quarter_of(dt.datetime(2026, 3, 31, 16, 59, 59, tzinfo=dt.UTC), jakarta) == (2026, 1)
    assert quarter_of(dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC), jakarta) == (2027, 1)
    with pytest.raises(TypeError):
        quarter_of(dt.datetime(2026, 3, 31), jakarta)
