"""Why a line of an office's workbook cannot be true: closed codes, which the page turns into words."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from safehouse.indonesian import Fault, Unreadable
from safehouse.shelter.rules.importing.columns import Layout
from safehouse.shelter.rules.importing.lines import Line
from safehouse.shelter.rules.importing.meanings import SEALED, Meaning, is_dash, plain_words
from safehouse.shelter.rules.importing.workbook import Cell, Flaw

Value = TypeVar("Value")
SHOWN_LENGTH = 60


class Reason(StrEnum):
    """What is wrong with a line."""

    MISSING = "missing"
    UNREADABLE = "unreadable"  # `fault` says how
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"
    NOT_A_COUNT = "not_a_count"
    BED_TWICE = "bed_twice"
    PURPOSE_DIFFERS = "purpose_differs"
    PLACE_UNREADABLE = "place_unreadable"
    BED_UNKNOWN = "bed_unknown"
    HOUSE_NOT_HERS = "house_not_hers"  # a house of this name exists, but she does not work there or it is closed
    BED_TAKEN = "bed_taken"  # by `other_row`, or, without one, by somebody who already has it
    LEFT_BEFORE_ARRIVING = "left_before_arriving"
    ARRIVES_IN_FUTURE = "arrives_in_future"
    LEAVES_IN_FUTURE = "leaves_in_future"
    BORN_AFTER_ARRIVING = "born_after_arriving"
    ROW_TWICE = "row_twice"
    PERSON_TWICE = "person_twice"
    COMPANION_MISSING = "companion_missing"
    COMPANION_UNCLEAR = "companion_unclear"


@dataclass(frozen=True)
class Problem:
    """One thing that cannot be true, with the row as Excel numbers it. `shown` is None for what is sealed."""

    row: int
    meaning: Meaning | None
    heading: str
    reason: Reason
    fault: Fault | None = None
    detail: tuple[tuple[str, str], ...] = ()
    shown: str | None = None
    other_row: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def rows(self) -> tuple[int, ...]:
        """Every row that may be the wrong one, the reported one first."""
        return (self.row,) if self.other_row is None else (self.row, self.other_row)


_NOTHING = frozenset({"tidak ada", "tdk ada", "tidak punya", "tdk punya", "belum ada", "kosong", "n a"})


def says_nothing(cell: Cell) -> bool:
    """Whether a cell is blank or only says so: a dash, `tidak ada`."""
    return cell.flaw is None and (is_dash(cell.text) or plain_words(cell.text) in _NOTHING)


_OF_FLAW = {
    Flaw.FORMULA: Reason.FORMULA,
    Flaw.ERROR_VALUE: Reason.ERROR_VALUE,
    Flaw.CONTROL_CHARACTER: Reason.CONTROL_CHARACTER,
    Flaw.TOO_LONG: Reason.TOO_LONG,
}


class Findings:
    """Collects the problems of one sheet while its lines are read."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.problems: list[Problem] = []
        self._wrong: dict[int, set[Meaning | None]] = defaultdict(set)

    def add(
        self,
        line: Line,
        meaning: Meaning | None,
        reason: Reason,
        *,
        fault: Fault | None = None,
        detail: tuple[tuple[str, str], ...] = (),
        other_row: int | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
    ) -> None:
        shown = None
        if meaning is not None and meaning not in SEALED and (text := line.text(meaning)):
            shown = text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
        elif meaning in SEALED:
            detail = ()
        self._wrong[line.row].add(meaning)
        self.problems.append(
            Problem(
                line.row,
                meaning,
                self._layout.heading_of(meaning),
                reason,
                fault,
                detail,
                shown,
                other_row,
                since,
                until,
            )
        )

    def flaws(self, line: Line) -> bool:
        """Name every cell that holds no value; whether the line is sound so far."""
        for meaning, cell in line.cells.items():
            if cell.flaw is not None:
                self.add(line, meaning, _OF_FLAW[cell.flaw])
        return not any(cell.flaw for cell in line.cells.values())

    def read(self, line: Line, meaning: Meaning, reader: Callable[[str], Value]) -> Value | None:
        """The value of a cell that must have one, or None with the problem named."""
        cell = line.cell(meaning)
        if cell.flaw is not None:
            return None
        if says_nothing(cell):
            self.add(line, meaning, Reason.MISSING)
            return None
        try:
            return reader(cell.text)
        except Unreadable as unreadable:
            self.add(line, meaning, Reason.UNREADABLE, fault=unreadable.fault, detail=tuple(unreadable.detail.items()))
            return None

    def read_if_any(self, line: Line, meaning: Meaning, reader: Callable[[str], Value]) -> Value | None:
        """The value of a cell that may be blank."""
        return None if says_nothing(line.cell(meaning)) else self.read(line, meaning, reader)

    @property
    def rows(self) -> Collection[int]:
        """The rows in which something is wrong so far."""
        return self._wrong.keys()

    def wrong(self, line: Line, meaning: Meaning) -> bool:
        """Whether something is wrong in this cell so far."""
        return meaning in self._wrong.get(line.row, ())

    def sorted(self) -> tuple[Problem, ...]:
        return tuple(sorted(self.problems, key=lambda problem: problem.row))
