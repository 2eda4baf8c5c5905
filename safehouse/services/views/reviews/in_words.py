"""What a review says, as its pages and its paper write it."""

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.services.models import Review
from safehouse.services.queries.reviews import (
    Advice,
)
from safehouse.services.rules.reviewing import Figures
from safehouse.services.views.reviews.finding import Read
from safehouse.services.views.seen import Seen
from safehouse.services.words import (
    DOMAINS,
    GOAL_STEPS,
    OVERALL,
    RECOMMENDATION_OUTCOMES,
    TRACKS,
)
from safehouse.web.language import day, language, short_day


def lead_of(seen: Seen, from_day: dt.date, until: dt.date) -> str:
    return _("%(alias)s, %(first)s to %(last)s.", alias=seen.resident.alias, first=day(from_day), last=day(until))


def paper_number(review: Review) -> str:
    return f"F29/{review.number:03d}/{ROMAN[review.until.month]}/{review.year}" if review.number else ""


ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def rows_of(figures: Figures) -> list[tuple[str, ...]]:
    """A line a domain: sessions, steps, appointments, goals, which way."""
    of = _l("%(part)s of %(whole)s")
    return [
        (
            str(DOMAINS[one.domain]),
            str(of) % {"part": one.held, "whole": one.agreed},
            str(of) % {"part": one.done, "whole": one.planned},
            _("%(kept)s kept, %(missed)s missed", kept=one.kept, missed=one.missed),
            str(of) % {"part": one.reached, "whole": one.goals},
            str(OVERALL[one.direction]) if one.direction else "",
        )
        for one in figures.domains
    ]


def care_of(figures: Figures) -> str:
    return _(
        "Examinations and treatments made: %(made)s. Visum made: %(visums)s.",
        made=figures.examinations,
        visums=figures.visums,
    )


def goal_rows(figures: Figures, read: Read) -> list[tuple[str, str, str, str]]:
    """(words, domain, then, now)"""
    return [
        (read.goals[one.ref], str(DOMAINS[one.domain]), step_words(one.then), step_words(one.now))
        for one in figures.goals
        if one.ref in read.goals
    ]


def step_words(step: int) -> str:
    return _("%(n)s of 5: %(step)s", n=step + 1, step=str(GOAL_STEPS[step]).lower())


def stage_rows(figures: Figures) -> list[tuple[str, str, str]]:
    """(way, stage, day)"""
    at = 0 if language() == "id" else 1
    return [(str(TRACKS[one.track]), (one.name_id, one.name_en)[at], day(one.on)) for one in figures.stages]


def summary_rows(figures: Figures, read: Read) -> list[tuple[str, str]]:
    return [(str(DOMAINS[one.domain]), read.summaries.get(one.domain, "")) for one in figures.domains]


def who_when(one: Advice) -> str:
    return _("%(name)s, due %(day)s", name=one.who, day=short_day(one.row.due))


def outcome_of(one: Advice) -> str:
    return str(RECOMMENDATION_OUTCOMES[one.row.outcome]) if one.row.outcome else _("Not said yet")
