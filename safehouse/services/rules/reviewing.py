"""What a review covers, and its figures. They are fixed when it is handed in, so that the paper says what was approved.

Days are local days of the house, both ends included.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from safehouse.access.models import Discipline
from safehouse.services.choices import Overall, Track

KIND = "plan_review"
NAMED = "named_report"
# The act of printing a report, under its review.
PRINTING = "report:print"
# A manager reads a review when there is time for it; a report by name is for a hearing that is near.
ANSWER_WITHIN = dt.timedelta(days=30)
NAMED_ANSWER_WITHIN = dt.timedelta(hours=24)
NAMED_PRINTED_WITHIN = dt.timedelta(hours=24)
MOST_RECOMMENDATIONS = 6


class Court(StrEnum):
    """For whom a report is printed by name. Nobody else receives one."""

    DISTRICT = "district"
    RELIGIOUS = "religious"


@dataclass(frozen=True, slots=True)
class DomainFigures:
    """One domain in the time of a review. `agreed` sessions are those held, missed and moved; `planned` steps those due
    or done in that time, without cancelled and declined ones."""

    domain: Discipline
    held: int
    agreed: int
    done: int
    planned: int
    kept: int
    missed: int
    goals: int
    reached: int
    direction: Overall | None


@dataclass(frozen=True, slots=True)
class GoalFigures:
    """Where a goal stood when the time began, and where it stands at its end: 0 to 4."""

    ref: str
    domain: Discipline
    then: int
    now: int


@dataclass(frozen=True, slots=True)
class StageFigures:
    """A stage of law that was reached."""

    track: Track
    name_id: str
    name_en: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything counted, without a word of anybody. `danger` is the newest level before the end, `nights` those she
    slept under this placement within the time."""

    arrived: dt.date
    nights: int
    danger: str | None
    domains: tuple[DomainFigures, ...]
    goals: tuple[GoalFigures, ...]
    stages: tuple[StageFigures, ...]
    examinations: int = 0  # health checks, examinations and treatments that were made
    visums: int = 0


def period(opened_on: dt.date, last_until: dt.date | None, today: dt.date) -> tuple[dt.date, dt.date]:
    """From the day after the last review, or from the opening of the plan, to today."""
    begin = last_until + dt.timedelta(days=1) if last_until else opened_on
    return min(begin, today), today


def nights_between(arrived: dt.date, left: dt.date | None, from_day: dt.date, until: dt.date) -> int:
    """Midnights within the time at which she had a bed here."""
    begin = max(arrived, from_day)
    end = min(left, until) if left else until
    return max(0, (end - begin).days)


def direction(goals: Iterable[tuple[int, int]]) -> Overall | None:
    """Which way the goals of a domain went together; None where there is none."""
    steps = [now - then for then, now in goals]
    if not steps:
        return None
    total = sum(steps)
    if total > 0:
        return Overall.FORWARD
    return Overall.BACK if total < 0 else Overall.SAME


def as_text(figures: Figures) -> str:
    """The figures as they are kept."""
    return json.dumps(asdict(figures), ensure_ascii=True, separators=(",", ":"), default=str)


def from_text(kept: str) -> Figures:
    """The figures as they were when the review was handed in."""
    found = json.loads(kept)
    return Figures(
        arrived=dt.date.fromisoformat(found["arrived"]),
        nights=found["nights"],
        danger=found["danger"],
        domains=tuple(
            DomainFigures(
                **{
                    **one,
                    "domain": Discipline(one["domain"]),
                    "direction": Overall(one["direction"]) if one["direction"] else None,
                }
            )
            for one in found["domains"]
        ),
        goals=tuple(GoalFigures(**{**one, "domain": Discipline(one["domain"])}) for one in found["goals"]),
        stages=tuple(
            StageFigures(**{**one, "track": Track(one["track"]), "on": dt.date.fromisoformat(one["on"])})
            for one in found["stages"]
        ),
        examinations=found.get("examinations", 0),
        visums=found.get("visums", 0),
    )


def step_at(steps: Sequence[tuple[dt.datetime, int]], at: dt.datetime) -> int:
    """Where a goal stood at this moment; not begun before its first word. `steps` in the order of time."""
    found = 0
    for when, step in steps:
        if when > at:
            break
        found = step
    return found
