"""Weeks of school, examinations, and letters to a school that say neither why nor where. Pure."""

import datetime as dt
import re
from enum import StrEnum

from safehouse.services.choices import ExamState, LetterKind
from safehouse.shelter.rules.tape import monday_of

A_WEEK = dt.timedelta(days=7)
USUAL_DAYS, MOST_DAYS = 5, 7
HIGHEST_GRADE = 13
# A week is told while somebody still remembers it.
WEEKS_TOLD = 6
# Farther ahead a year was mistyped.
FARTHEST = dt.timedelta(days=366)


class SchoolRefusal(StrEnum):
    GRADE = "grade"
    IN_FUTURE = "in_future"
    TOO_FAR = "too_far"
    BEFORE_ARRIVAL = "before_arrival"
    LEFT = "left"  # she lived here no more
    NO_SUCH_WEEK = "no_such_week"
    DAYS = "days"  # more days than the week has, or none of them said
    PERIOD = "period"  # ends before it begins
    NO_PERIOD = "no_period"
    ANSWERED_EARLY = "answered_early"  # before the letter was written
    WITHDRAWN = "withdrawn"


class Attended(StrEnum):
    """How many days of a week she learned, in one press."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class Letterhead(StrEnum):
    """What stands at the top of a letter to a school."""

    BLANK = "blank"  # room for paper of the department the unit belongs to
    OFFICE = "office"


# A letter without an end or a beginning asks nothing that a school could do.
NEEDS_PERIOD = frozenset({LetterKind.ABSENCE, LetterKind.TASKS})
HAPPENED = frozenset({ExamState.TAKEN, ExamState.MISSED})


def weeks_to_tell(*, arrived_on: dt.date, left_on: dt.date | None, today: dt.date) -> list[dt.date]:
    """The Mondays of the weeks that can be told now, the newest first: those in which she lived here."""
    newest = monday_of(min(today, left_on) if left_on else today)
    oldest = max(monday_of(arrived_on), monday_of(today) - A_WEEK * (WEEKS_TOLD - 1))
    return [newest - A_WEEK * n for n in range(max(0, (newest - oldest).days // 7 + 1))]


def days_of(said: Attended, days: int | None, of_days: int) -> int | None:
    """How many days that makes; None where it does not fit."""
    match said:
        case Attended.ALL:
            return of_days
        case Attended.NONE:
            return 0
    return days if days is not None and 0 < days < of_days else None


def fault_of_exam(
    state: ExamState, on_day: dt.date, *, arrived_on: dt.date, left_on: dt.date | None, today: dt.date
) -> SchoolRefusal | None:
    """Why this examination cannot be written down."""
    if state in HAPPENED and on_day > today:
        return SchoolRefusal.IN_FUTURE
    if on_day > today + FARTHEST:
        return SchoolRefusal.TOO_FAR
    if on_day < arrived_on:
        return SchoolRefusal.BEFORE_ARRIVAL
    return SchoolRefusal.LEFT if left_on is not None and on_day > left_on else None


def fault_of_period(
    kind: LetterKind, from_day: dt.date | None, until: dt.date | None, *, today: dt.date
) -> SchoolRefusal | None:
    """Why a letter cannot ask for these days. Days that are over may be asked for: she was away already."""
    if kind in NEEDS_PERIOD and (from_day is None or until is None):
        return SchoolRefusal.NO_PERIOD
    if until is not None and from_day is None:
        return SchoolRefusal.NO_PERIOD
    if from_day is not None and until is not None and until < from_day:
        return SchoolRefusal.PERIOD
    if max((day for day in (from_day, until) if day is not None), default=today) > today + FARTHEST:
        return SchoolRefusal.TOO_FAR
    return None


# 421 is what matters of schools are filed under; the unit's own short name would tell what it does.
FILED_UNDER = "421"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def letter_number(number: int, on_day: dt.date) -> str:
    """`421/007/XI/2026`: the number of the year, its month in Roman numerals (`domain.md` 9.5)."""
    return f"{FILED_UNDER}/{number:03}/{ROMAN[on_day.month - 1]}/{on_day.year}"


# Words by which the name of a unit tells what it is there for.
TELLING = re.compile(
    r"\b(ppa|p2tp2a|ppt|pkt|rptc|rpsa|rpsw|shelter|crisis|krisis|trauma|women|woman|refuge|safe|aman)\b"
    r"|perempuan|wanita|perlindungan|pelindungan|kekerasan|korban|penyintas|pemulihan|pengaduan"
)


def tells(name: str) -> bool:
    """Whether this name of a unit, read at a school, would say why she is away."""
    return TELLING.search(name.casefold()) is not None
