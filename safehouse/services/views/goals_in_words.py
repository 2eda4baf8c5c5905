"""A goal as it is shown: the ladder, which way it goes, and the line over time with its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from safehouse.services.queries.plans import GoalLine, Rung
from safehouse.services.rules.goals import REACHED, STEPS, GoalState
from safehouse.services.words import GOAL_LOOKS, GOAL_STATES, GOAL_STEPS
from safehouse.web.language import day, short_day

WIDE, HIGH, EDGE = 168, 44, 6


@dataclass(frozen=True, slots=True)
class ShownGoal:
    """`step` counts boxes of five. `words` and `measure` are opened; `told` says the line in words."""

    n: int
    ref: UUID
    words: str
    measure: str
    since: str
    step: int
    step_name: str
    state: str
    kind: str
    icon: str
    open: bool
    points: str
    dots: tuple[tuple[int, int], ...]
    told: str
    span: str


def shown_goal(line: GoalLine, *, n: int, words: str, measure: str, there: ZoneInfo) -> ShownGoal:
    """A goal, ready to be written down. `n` is its number on the page."""
    rungs = line.rungs
    state = line.state
    kind, icon = GOAL_LOOKS[state]
    name = str(GOAL_STATES[state])
    if state is GoalState.REACHED:
        name = _("Reached %(day)s", day=short_day(_first_reached(rungs).at.astimezone(there).date()))
    dots = tuple(_dots(rungs))
    return ShownGoal(
        n=n,
        ref=line.goal.ref,
        words=words,
        measure=measure,
        since=_("Since %(day)s", day=day(line.goal.set_at.astimezone(there).date())),
        step=line.step + 1,
        step_name=str(GOAL_STEPS[line.step]).lower(),
        state=name,
        kind=kind,
        icon=icon,
        open=line.goal.ended_at is None,
        points=" ".join(f"{x},{y}" for x, y in dots),
        dots=dots,
        told=_told(rungs, there),
        span=_(
            "%(first)s to %(last)s",
            first=short_day(rungs[0].at.astimezone(there).date()),
            last=short_day(rungs[-1].at.astimezone(there).date()),
        )
        if rungs
        else "",
    )


def _first_reached(rungs: Sequence[Rung]) -> Rung:
    """Since when it has been reached without going back."""
    found = rungs[-1]
    for one in reversed(rungs):
        if one.step != REACHED:
            break
        found = one
    return found


def _dots(rungs: Sequence[Rung]) -> list[tuple[int, int]]:
    """Where each word on the goal stands, by time; all on one moment stand side by side."""
    if not rungs:
        return []
    begin, end = rungs[0].at, rungs[-1].at
    whole = (end - begin).total_seconds()
    found = []
    for n, one in enumerate(rungs):
        share = (one.at - begin).total_seconds() / whole if whole else n / max(1, len(rungs) - 1)
        found.append(
            (round(EDGE + share * (WIDE - 2 * EDGE)), round(HIGH - EDGE - one.step * (HIGH - 2 * EDGE) / STEPS[-1]))
        )
    return found


def _told(rungs: Sequence[Rung], there: ZoneInfo) -> str:
    said = [
        _("%(day)s: %(n)s of 5, %(who)s", day=short_day(one.at.astimezone(there).date()), n=one.step + 1, who=one.who)
        for one in rungs
    ]
    return "; ".join(said)
