"""How people in Indonesia write dates, times, ages, phone numbers, identity numbers and amounts.

Every `read_…` function takes what a person typed and answers with a plain value, or raises `Unreadable` with
the reason as a closed code. Nothing is guessed: a text that can be read in two ways is refused. Pages turn the
code into a sentence; this module has no words for people, knows no clock and no database.

Only the ten ASCII digits count as digits. `str.isdigit` and `int` also take full-width, Arabic and superscript
digits, which look right on a screen and are never found again by a search, so those are refused by name.
"""

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

__all__ = [
    "Fault",
    "NikDoubt",
    "NikFacts",
    "Unreadable",
    "age_in_months",
    "birth_month_for",
    "comes_of_age",
    "is_child_by_month",
    "mask_nik",
    "nik_doubts",
    "nik_facts",
    "quarter_of",
    "read_age",
    "read_clock",
    "read_date",
    "read_date_parts",
    "read_nik",
    "read_phone",
    "read_rupiah",
    "read_sex",
    "read_tick",
]

SexName = Literal["female", "male"]

LONGEST = 100
EARLIEST_YEAR, LATEST_YEAR = 1900, 2099
OLDEST_AGE_YEARS = 120


class Fault(StrEnum):
    """Why a text could not be read."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    NOT_ASCII_DIGITS = "not_ascii_digits"
    MISSING_PART = "missing_part"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_MONTH = "no_such_month"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    WRONG_WEEKDAY = "wrong_weekday"
    IN_FUTURE = "in_future"
    NOT_A_TIME = "not_a_time"
    NOT_AN_AGE = "not_an_age"
    AGE_OUT_OF_RANGE = "age_out_of_range"
    NOT_A_SEX = "not_a_sex"
    NOT_A_TICK = "not_a_tick"
    NOT_A_NIK = "not_a_nik"
    UNKNOWN_PROVINCE = "unknown_province"
    NOT_A_PHONE = "not_a_phone"
    NOT_AN_AMOUNT = "not_an_amount"


class Unreadable(ValueError):
    """A text that cannot be read. `detail` holds the parts a sentence may need (`day`, `month`, `part`)."""

    def __init__(self, fault: Fault, **detail: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.detail: dict[str, str] = detail


_MONTH_NAMES = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb", "pebruari", "peb", "febuari"),
    ("maret", "march", "mar", "mrt"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu", "ags", "agt", "agst", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "december", "des", "dec"),
)
_ROMAN_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_MONTHS |= {name: number for number, name in enumerate(_ROMAN_MONTHS, 1)}

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("senin", "monday", "mon"),
            ("selasa", "tuesday", "tue"),
            ("rabu", "wednesday", "wed"),
            ("kamis", "thursday", "thu"),
            ("jumat", "jum'at", "friday", "fri"),
            ("sabtu", "saturday", "sat"),
            ("minggu", "ahad", "sunday", "sun"),
        )
    )
    for name in names
}

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[t ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?")
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})(?:\s*[-/.\s]\s*|(?=[a-z]))([0-9]{1,2}|[a-z]+)\.?(?:(?:\s*[-/.,\s]\s*|(?<=[a-z]))([0-9]+))?"
)
_RUN_OF_EIGHT = re.compile(r"[0-9]{8}")
_WEEKDAY_FIRST = re.compile(r"([a-z']+)[,\s]\s*(?=[0-9])")


def _clean(text: object) -> str:
    """The text in small letters with plain spaces; refuses what no person types on purpose."""
    if not isinstance(text, str):
        text = "" if text is None else str(text)
    if len(text) > LONGEST:
        raise Unreadable(Fault.TOO_LONG, longest=str(LONGEST))
    kept: list[str] = []
    for character in text:
        kind = unicodedata.category(character)
        if kind == "Cf":
            # Invisible direction marks that come along when a number is copied from a chat.
            continue
        if kind[0] == "Z" or character in "\t\r\n":
            kept.append(" ")
        elif kind == "Cc":
            raise Unreadable(Fault.CONTROL_CHARACTER)
        elif kind[0] == "N" and character not in "0123456789":
            raise Unreadable(Fault.NOT_ASCII_DIGITS)
        else:
            kept.append("-" if kind == "Pd" else character)
    # A spreadsheet shows a leading apostrophe where somebody forced a number to stay text.
    cleaned = " ".join("".join(kept).casefold().split()).removeprefix("'")
    if not cleaned:
        raise Unreadable(Fault.EMPTY)
    return cleaned


# Dates


def read_date(text: str, *, birth: bool = False, today: dt.date | None = None) -> dt.date:
    """The day a person wrote: `2/3/2026`, `02-03-26`, `2.3.2026`, `2 Maret 2026`, `Senin, 2 Mar 26`, `2026-03-02`.

    The day always comes before the month; the order of the United States is never tried. Two digits of a year
    mean 20xx; for a birth date they mean the latest such year that is not in the future, for which `today` is
    needed. A day without a year (`2 Mar`) is the one nearest to `today`, and is refused without `today` and for
    births.
    """
    cleaned = _clean(text)
    weekday: int | None = None
    if named := _WEEKDAY_FIRST.match(cleaned):
        if (weekday := _WEEKDAYS.get(named[1])) is None:
            raise Unreadable(Fault.NOT_A_DATE)
        cleaned = cleaned[named.end() :]
    found = _date_from(cleaned, birth=birth, today=today)
    if weekday is not None and found.weekday() != weekday:
        raise Unreadable(Fault.WRONG_WEEKDAY)
    return found


def read_date_parts(day: str, month: str, year: str, *, birth: bool = False, today: dt.date | None = None) -> dt.date:
    """A day from three fields; the month as a number or a name. A whole date pasted into the first field counts.

    A pasted date is taken only when the other two fields are empty, so that nothing typed is thrown away.
    """
    given = [_part(value) for value in (day, month, year)]
    if not any(given):
        raise Unreadable(Fault.EMPTY)
    if not given[1] and not given[2] and not re.fullmatch(r"[0-9]{1,2}", given[0]):
        return read_date(given[0], birth=birth, today=today)
    for name, value in zip(("day", "month", "year"), given, strict=True):
        if not value:
            raise Unreadable(Fault.MISSING_PART, part=name)
    if not re.fullmatch(r"[0-9]{1,2}", given[0]) or not re.fullmatch(r"[0-9]+", given[2]):
        raise Unreadable(Fault.NOT_A_DATE)
    return _day(given[0], given[1].removesuffix("."), given[2], birth=birth, today=today)


def _part(value: str) -> str:
    try:
        return _clean(value)
    except Unreadable as unreadable:
        if unreadable.fault is Fault.EMPTY:
            return ""
        raise


def _date_from(cleaned: str, *, birth: bool, today: dt.date | None) -> dt.date:
    if match := _YEAR_FIRST.fullmatch(cleaned):
        return _day(match[3], match[2], match[1], birth=birth, today=today)
    if _RUN_OF_EIGHT.fullmatch(cleaned):
        # 19 and 20 are no months, so a run of eight digits has one reading at most.
        if cleaned[4:6] in ("19", "20"):
            return _day(cleaned[:2], cleaned[2:4], cleaned[4:], birth=birth, today=today)
        return _day(cleaned[6:], cleaned[4:6], cleaned[:4], birth=birth, today=today)
    match = _DAY_FIRST.fullmatch(cleaned)
    if match is None:
        raise Unreadable(Fault.NOT_A_DATE)
    if match[3] is None:
        return _day_without_year(match[1], match[2], birth=birth, today=today)
    return _day(match[1], match[2], match[3], birth=birth, today=today)


def _month_number(month: str) -> int:
    if re.fullmatch(r"[0-9]{1,2}", month):
        number = int(month)
        if not 1 <= number <= 12:
            raise Unreadable(Fault.NO_SUCH_MONTH, month=str(number))
        return number
    if month not in _MONTHS:
        raise Unreadable(Fault.NOT_A_DATE)
    return _MONTHS[month]


def _day(day: str, month: str, year: str, *, birth: bool, today: dt.date | None) -> dt.date:
    if len(year) not in (2, 4):
        raise Unreadable(Fault.NOT_A_DATE)
    number = _month_number(month)
    full_year = int(year)
    if len(year) == 2:
        full_year += 2000
        if birth:
            if today is None:
                raise Unreadable(Fault.MISSING_PART, part="century")
            latest = _real_day(int(day), number, full_year, fallback=full_year - 100)
            if latest > today:
                full_year -= 100
    if not EARLIEST_YEAR <= full_year <= LATEST_YEAR:
        raise Unreadable(Fault.YEAR_OUT_OF_RANGE, year=str(full_year))
    found = _real_day(int(day), number, full_year)
    if birth and today is not None and found > today:
        raise Unreadable(Fault.IN_FUTURE)
    return found


def _real_day(day: int, month: int, year: int, fallback: int | None = None) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        if fallback is not None:
            # 29 February of the one century and not of the other; let the second reading decide.
            return _real_day(day, month, fallback)
        raise Unreadable(Fault.NO_SUCH_DAY, day=str(day), month=str(month), year=str(year)) from None


def _day_without_year(day: str, month: str, *, birth: bool, today: dt.date | None) -> dt.date:
    if birth or today is None:
        raise Unreadable(Fault.MISSING_PART, part="year")
    number = _month_number(month)
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(dt.date(year, number, int(day)))
        except ValueError:
            continue
    if not candidates:
        raise Unreadable(Fault.NO_SUCH_DAY, day=str(int(day)), month=str(number), year=str(today.year))
    return min(candidates, key=lambda found: abs(found - today))


_CLOCK = re.compile(r"(?:pukul|jam|pkl\.?)?\s*([0-9]{1,2})(?:\s*[.:,]\s*([0-9]{2})(?:[.:]([0-9]{2}))?)?")
_CLOCK_RUN = re.compile(r"(?:pukul|jam|pkl\.?)?\s*([0-9]{1,2})([0-9]{2})")


def read_clock(text: str) -> dt.time:
    """The time of day a person wrote, in 24 hours: `9`, `9.30`, `09:30`, `0930`, `pukul 14.05 WIB`."""
    cleaned = re.sub(r"\s*(?:wib|wita|wit)$", "", _clean(text))
    match = _CLOCK.fullmatch(cleaned) or _CLOCK_RUN.fullmatch(cleaned)
    if match is None:
        raise Unreadable(Fault.NOT_A_TIME)
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 23 or minute > 59:
        raise Unreadable(Fault.NOT_A_TIME)
    return dt.time(hour, minute)


# Ages

_AGE_UNITS = {
    "years": ("tahun", "thn", "th", "tn", "years", "year", "yrs", "yr", "y"),
    "months": ("bulan", "bln", "bl", "months", "month", "mos", "mo"),
    "weeks": ("minggu", "mgg", "mg", "weeks", "week"),
    "days": ("hari", "hr", "days", "day"),
}
_UNIT_OF = {word: unit for unit, words in _AGE_UNITS.items() for word in words}
_AGE_PIECE = re.compile(r"([0-9]{1,4})(?:[.,]([05])(?![0-9]))?\s*([a-z]*)\.?,?\s*")


def read_age(text: str | int | float) -> int:
    """An age in whole months: `12 th`, `7 bln`, `1 tahun 6 bulan`, `1,5 th`; a bare number means years.

    Weeks and days count only as "not yet a month more": `3 minggu` is 0 months.
    """
    if isinstance(text, bool):
        raise Unreadable(Fault.NOT_AN_AGE)
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    cleaned = _clean(text).removesuffix(" old")
    counted: dict[str, int] = {}
    position = 0
    while position < len(cleaned):
        piece = _AGE_PIECE.match(cleaned, position)
        if piece is None:
            raise Unreadable(Fault.NOT_AN_AGE)
        unit = _UNIT_OF.get(piece[3]) if piece[3] else "years"
        half = piece[2] == "5"
        if (
            unit is None
            or unit in counted
            or (not piece[3] and piece.end() < len(cleaned))
            or (counted and not piece[3])
            or (half and unit != "years")
        ):
            raise Unreadable(Fault.NOT_AN_AGE)
        counted[unit] = int(piece[1]) * (12 if unit == "years" else 1) + (6 if half else 0)
        position = piece.end()
    months = counted.get("years", 0) + counted.get("months", 0)
    if counted.get("weeks", 0) > 52 or counted.get("days", 0) > 365:
        raise Unreadable(Fault.NOT_AN_AGE)
    if not counted.keys() & {"years", "months"}:
        months = int((counted.get("weeks", 0) * 7 + counted.get("days", 0)) / 30.5)
    if months > OLDEST_AGE_YEARS * 12:
        raise Unreadable(Fault.AGE_OUT_OF_RANGE)
    return months


def age_in_months(birth_month: dt.date, on: dt.date) -> int:
    """Months from the month of birth to the month of `on`; never below nought. Days are not looked at."""
    return max(0, (on.year - birth_month.year) * 12 + on.month - birth_month.month)


def birth_month_for(age_months: int, on: dt.date) -> dt.date:
    """The first day of the latest month in which a person of this age on this day can have been born.

    The latest is the protective one: somebody of "17 years" is taken to have turned 17 just now.
    """
    months = on.year * 12 + on.month - 1 - age_months
    return dt.date(months // 12, months % 12 + 1, 1)


def comes_of_age(born: dt.date) -> dt.date:
    """The 18th birthday, the first day as an adult. Born on 29 February: 1 March, when the 18th year is complete; 18
    years after a leap year there is never another one."""
    year = born.year + 18
    return dt.date(year, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=year)


def is_child_by_month(birth_month: dt.date, on: dt.date) -> bool:
    """Under 18 when only the month of birth is known: a child until the end of the month of the 18th birthday."""
    return (on.year, on.month) <= (birth_month.year + 18, birth_month.month)


# Words in cells

_SEXES: dict[str, SexName] = {
    **dict.fromkeys(
        ("p", "pr", "prp", "per", "perempuan", "w", "wnt", "wanita", "putri", "f", "female", "woman", "girl"), "female"
    ),
    **dict.fromkeys(
        (
            "l",
            "lk",
            "laki",
            "laki-laki",
            "laki laki",
            "laki2",
            "lk2",
            "lk-lk",
            "lakilaki",
            "pria",
            "putra",
            "m",
            "male",
            "man",
            "boy",
        ),
        "male",
    ),
}
_TICKS = dict.fromkeys(("v", "√", "✓", "✔", "☑", "ya", "y", "x", "yes", "ada", "sudah", "sdh", "1", "true"), True)
_TICKS |= dict.fromkeys(("-", "tidak", "tdk", "t", "n", "no", "belum", "blm", "0", "false", "☐"), False)


def read_sex(text: str) -> SexName:
    """`P`, `pr`, `Perempuan`, `W` are female, `L`, `lk`, `Laki-laki`, `Pria` male."""
    found = _SEXES.get(_clean(text).removesuffix("."))
    if found is None:
        raise Unreadable(Fault.NOT_A_SEX)
    return found


def read_tick(text: str) -> bool | None:
    """A mark in a tick column: `v`, `√`, `ya` and `x` all mean yes; blank means nothing was said."""
    cleaned = _part(text)
    if not cleaned:
        return None
    if cleaned not in _TICKS:
        raise Unreadable(Fault.NOT_A_TICK)
    return _TICKS[cleaned]


# Identity number

_PROVINCES = frozenset(
    f"{code:02d}"
    for first, last in ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 96))
    for code in range(first, last + 1)
)


class NikDoubt(StrEnum):
    """A difference between the number and what else is known: a warning, never a reason to refuse."""

    OTHER_SEX = "other_sex"
    OTHER_BIRTH_DATE = "other_birth_date"


@dataclass(frozen=True)
class NikFacts:
    """What an identity number says about itself. The century is not in it."""

    region: str
    sex: SexName
    day: int
    month: int
    year_of_century: int

    def born(self, today: dt.date) -> dt.date:
        """The latest possible birth date that is not in the future."""
        for century in (2000, 1900):
            try:
                born = dt.date(century + self.year_of_century, self.month, self.day)
            except ValueError:
                continue
            if born <= today:
                return born
        # Only 29 February 2000 seen from before it gets here.
        raise Unreadable(Fault.IN_FUTURE)


def read_nik(text: str) -> str:
    """The 16 digits of a NIK, typed with or without spaces, dots and dashes between them."""
    digits = re.sub(r"[ .\-]", "", _clean(text))
    if not re.fullmatch(r"[0-9]{16}", digits):
        raise Unreadable(Fault.NOT_A_NIK)
    if digits[:2] not in _PROVINCES:
        raise Unreadable(Fault.UNKNOWN_PROVINCE)
    facts = _facts_from(digits)
    # 29 February of year 00 is a day of 2000; every other year 4 divides is a leap year in both centuries.
    leap_or_not = 2000 if facts.year_of_century % 4 == 0 else 2001
    if not 1 <= facts.month <= 12 or not 1 <= facts.day <= calendar.monthrange(leap_or_not, facts.month)[1]:
        raise Unreadable(Fault.NOT_A_NIK)
    if digits[12:] == "0000":
        raise Unreadable(Fault.NOT_A_NIK)
    return digits


def nik_facts(nik: str) -> NikFacts:
    """Region of first registration, sex and birth day from a NIK that can be read."""
    return _facts_from(read_nik(nik))


def nik_doubts(nik: str, *, sex: SexName | None = None, born: dt.date | None = None) -> tuple[NikDoubt, ...]:
    """Where the number and the other answers differ."""
    facts = nik_facts(nik)
    doubts = []
    if sex is not None and sex != facts.sex:
        doubts.append(NikDoubt.OTHER_SEX)
    if born is not None and (born.day, born.month, born.year % 100) != (facts.day, facts.month, facts.year_of_century):
        doubts.append(NikDoubt.OTHER_BIRTH_DATE)
    return tuple(doubts)


def mask_nik(nik: str) -> str:
    """`3507••••••••0001`: the first and last four digits, nothing at all of a text that is not 16 digits."""
    if not re.fullmatch(r"[0-9]{16}", nik):
        return "•" * 16
    return f"{nik[:4]}{'•' * 8}{nik[12:]}"


def _facts_from(digits: str) -> NikFacts:
    day = int(digits[6:8])
    return NikFacts(
        region=digits[:6],
        sex="female" if day > 40 else "male",
        day=day - 40 if day > 40 else day,
        month=int(digits[8:10]),
        year_of_century=int(digits[10:12]),
    )


# Phone and money


def read_phone(text: str) -> str:
    """A phone number in E.164: `0812-3456-7890`, `62812…`, `+62 812…`, `(021) 555 0123`, `+60 12-345 6789`.

    `62812…` without a plus is the country code, not an area code; taken literally it would become a "valid"
    landline in North Sumatra. A number whose leading 0 a spreadsheet swallowed is taken for mobiles only.
    """
    cleaned = _clean(text)
    if not re.fullmatch(r"\+?[0-9 .()/\-]+", cleaned):
        raise Unreadable(Fault.NOT_A_PHONE)
    digits = re.sub(r"[^0-9]", "", cleaned)
    if cleaned.startswith("+"):
        if not digits.startswith("62"):
            if not re.fullmatch(r"[1-9][0-9]{7,14}", digits):
                raise Unreadable(Fault.NOT_A_PHONE)
            return f"+{digits}"
        national = digits[2:].removeprefix("0")
    elif digits.startswith("0062"):
        national = digits[4:].removeprefix("0")
    elif digits.startswith("628"):
        national = digits[2:]
    elif digits.startswith("0"):
        national = digits[1:]
    elif digits.startswith("8"):
        national = digits
    else:
        raise Unreadable(Fault.NOT_A_PHONE)
    mobile = re.fullmatch(r"8[0-9]{8,11}", national)
    landline = re.fullmatch(r"[2-79][0-9]{6,10}", national)
    country_code_twice = re.fullmatch(r"628[0-9]{8,}", national)
    if country_code_twice or not (mobile or landline):
        raise Unreadable(Fault.NOT_A_PHONE)
    return f"+62{national}"


_AMOUNT = re.compile(
    r"(?:rp\.?|idr)?\s*([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})(?:,([0-9]{1,2}|-))?(?:\s*(ribu|rb|juta|jt))?"
)
_TIMES = {None: 1, "ribu": 1_000, "rb": 1_000, "juta": 1_000_000, "jt": 1_000_000}


def read_rupiah(text: str) -> int:
    """Whole rupiah: `Rp1.500.000`, `1500000`, `Rp 1.500.000,-`, `1.500.000,00`, `1,5 juta`, `500 rb`.

    A point groups thousands and a comma begins the decimals, never the other way round.
    """
    match = _AMOUNT.fullmatch(_clean(text))
    if match is None:
        raise Unreadable(Fault.NOT_AN_AMOUNT)
    decimals = (match[2] or "").removeprefix("-")
    times = _TIMES[match[3]]
    # In hundredths, so that a half million stays exact.
    hundredths = (int(match[1].replace(".", "")) * 100 + int(decimals.ljust(2, "0") or 0)) * times
    if hundredths % 100 or hundredths >= 10**17:
        raise Unreadable(Fault.NOT_AN_AMOUNT)
    return hundredths // 100


# Calendar quarters


def quarter_of(instant: dt.datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Year and triwulan of an aware moment on the clock of `zone`."""
    if instant.tzinfo is None:
        raise TypeError("a moment without a zone belongs to no quarter")
    local = instant.astimezone(zone)
    return local.year, (local.month - 1) // 3 + 1
