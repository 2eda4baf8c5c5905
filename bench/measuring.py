"""How figures are taken: two or more things in turn, round after round, and the median of the rounds.

Other work on the machine slows neighbours alike, so only figures of one run are set against each other. A ratio is
the median of the ratios of single rounds: what happened in one round happened to both.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

QUICK = os.environ.get("BENCH_QUICK", "") == "1"
ROUNDS = 5 if QUICK else 25
WORDS_OF_TRANSACTIONS = ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA", "COMMIT", "ROLLBACK")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `limit` is None for a figure that is told and not judged. `held` is the line a goal that
    is missed must not cross: `docs/performance.md` says why it is missed."""

    goal: str
    what: str
    value: float
    limit: float | None
    at_least: bool = False
    unit: str = "times"
    held: float | None = None

    @property
    def met(self) -> bool:
        return self.limit is None or self._within(self.limit)

    @property
    def holds(self) -> bool:
        """Whether the goal is met, or missed by no more than we know of."""
        return self.met or (self.held is not None and self._within(self.held))

    def _within(self, line: float) -> bool:
        return self.value >= line if self.at_least else self.value <= line


@dataclass
class Table:
    figures: list[Figure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(
        self,
        goal: str,
        what: str,
        value: float,
        limit: float | None = None,
        *,
        at_least: bool = False,
        unit: str = "times",
        held: float | None = None,
    ) -> None:
        self.figures.append(Figure(goal, what, value, limit, at_least, unit, held))
        print(_line(self.figures[-1]), flush=True)

    def not_measured(self, what: str) -> None:
        self.missing.append(what)
        print(f"  -   {what}", flush=True)

    @property
    def passed(self) -> bool:
        """Nothing went unmeasured, and nothing is worse than it is known to be."""
        return not self.missing and all(figure.holds for figure in self.figures)

    def show(self) -> None:
        print()
        print(f"{'goal':<5} {'what':<62} {'measured':>12} {'goal':>14}  verdict")
        for figure in self.figures:
            print(_line(figure))
        for what in self.missing:
            print(f"not measured: {what}")
        missed = sum(not figure.met for figure in self.figures)
        worse = sum(not figure.holds for figure in self.figures)
        print()
        print(f"Goals missed: {missed}. Worse than the line they hold: {worse}. Not measured: {len(self.missing)}.")


def _line(figure: Figure) -> str:
    goal = "" if figure.limit is None else f"{'≥' if figure.at_least else '≤'} {_number(figure.limit)} {figure.unit}"
    verdict = "" if figure.limit is None else "met" if figure.met else _missed(figure)
    return f"{figure.goal:<5} {figure.what:<62} {_number(figure.value) + ' ' + figure.unit:>12} {goal:>14}  {verdict}"


def _missed(figure: Figure) -> str:
    if figure.held is None:
        return "MISSED"
    line = f"{'≥' if figure.at_least else '≤'} {_number(figure.held)}"
    return f"missed, holds {line}" if figure.holds else f"MISSED, and worse than {line}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def in_turn(
    things: Mapping[str, Callable[[], Any]],
    *,
    times: Mapping[str, int],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, list[float]]:
    """Seconds of one call, for each round; the order turns round from one round to the next."""
    for thing in things.values():
        for _ in range(3):
            thing()
    taken: dict[str, list[float]] = {name: [] for name in things}
    names = list(things)
    for at in range(rounds):
        for name in names if at % 2 == 0 else reversed(names):
            thing, count = things[name], times[name]
            start = clock()
            for _ in range(count):
                thing()
            taken[name].append((clock() - start) / count)
    return taken


def ratio(above: list[float], below: list[float]) -> float:
    """How many times the first costs of the second: the median over the rounds."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collects every statement sent to the database, but for the beginning and end of transactions."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(WORDS_OF_TRANSACTIONS):
            seen.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
