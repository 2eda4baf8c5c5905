"""Which cells of an impossible row a person is asked about, and what becomes of what she types."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from safehouse.shelter.rules.importing.files import Answers, Checked
from safehouse.shelter.rules.importing.lines import Line, Lines
from safehouse.shelter.rules.importing.meanings import SEALED, Kind, Meaning
from safehouse.shelter.rules.importing.problems import Problem, Reason

_BED = (Meaning.PLACE, Meaning.HOUSE, Meaning.ROOM, Meaning.ROOM_BED, Meaning.BED)
_DAYS = (Meaning.ARRIVED, Meaning.LEFT)
# The fault may lie in another cell than the one it was found in.
_ALSO: dict[Reason, tuple[Meaning, ...]] = {
    Reason.PLACE_UNREADABLE: _BED,
    Reason.BED_UNKNOWN: _BED,
    Reason.BED_TWICE: _BED,
    Reason.HOUSE_NOT_HERS: (Meaning.HOUSE, Meaning.PLACE),
    Reason.BED_TAKEN: (*_BED, *_DAYS),
    Reason.PERSON_TWICE: (Meaning.ALIAS, *_DAYS),
    Reason.ROW_TWICE: (Meaning.NUMBER, Meaning.ALIAS, Meaning.ARRIVED, *_BED),
    Reason.LEFT_BEFORE_ARRIVING: _DAYS,
    Reason.BORN_AFTER_ARRIVING: (Meaning.ARRIVED, Meaning.BORN),
}


@dataclass(frozen=True)
class CellToCorrect:
    """`text` is what stands there now; nothing of a sealed cell."""

    meaning: Meaning
    heading: str
    text: str
    sealed: bool
    flawed: bool


@dataclass(frozen=True)
class RowToCorrect:
    """A row with its faults; or one that is sound by itself while another row says it is not (`blamed_by`)."""

    kind: Kind
    row: int
    problems: tuple[Problem, ...]
    blamed_by: tuple[int, ...]
    cells: tuple[CellToCorrect, ...]


@dataclass(frozen=True)
class Changed:
    """A row she corrected or left out, which she may take back. `headings` are the columns she changed."""

    kind: Kind
    row: int
    left_out: bool
    headings: tuple[str, ...]


def rows_to_correct(kind: Kind, checked: Checked) -> list[RowToCorrect]:
    """Every impossible row of this file in the order of the file, each followed by the rows it collides with."""
    if kind not in checked.lines:
        return []
    lines = {line.row: line for line in checked.lines[kind].entries}
    own: dict[int, list[Problem]] = defaultdict(list)
    blamed: dict[int, list[int]] = defaultdict(list)
    meanings: dict[int, set[Meaning]] = defaultdict(set)
    already = set(checked.register.already) if checked.register and kind is Kind.REGISTER else set()
    for problem in checked.problems.get(kind, ()):
        own[problem.row].append(problem)
        about = {*_ALSO.get(problem.reason, ()), *([problem.meaning] if problem.meaning else [])}
        meanings[problem.row] |= about
        if problem.other_row is not None and problem.other_row in lines and problem.other_row not in already:
            blamed[problem.other_row].append(problem.row)
            meanings[problem.other_row] |= about
    order = [
        *dict.fromkeys(
            row for wrong in sorted(own) for row in (wrong, *(one.other_row for one in own[wrong])) if row in meanings
        )
    ]
    return [
        RowToCorrect(
            kind,
            row,
            tuple(own.get(row, ())),
            tuple(dict.fromkeys(blamed.get(row, ()))),
            _cells(lines[row], checked.lines[kind], meanings[row]),
        )
        for row in order
        if row is not None and row in lines
    ]


def changed_rows(kind: Kind, lines: Lines, answers: Answers) -> list[Changed]:
    """What she did so far, in the order of the file."""
    corrections, left_out = answers.corrections_of(kind), answers.left_out_of(kind)
    return [
        Changed(
            kind, row, row in left_out, tuple(lines.layout.heading_of(meaning) for meaning in corrections.get(row, ()))
        )
        for row in sorted({*corrections, *left_out})
    ]


def with_typed(
    answers: Answers, lines: Lines, typed: Mapping[tuple[int, Meaning], str], *, out: set[int], back: set[int]
) -> Answers:
    """The answers with what was typed now. `lines` are those of the file, uncorrected.

    What the file says already is no correction. A cell whose content could not be shown (sealed, a formula) stays as
    it was when nothing is typed; a dash empties it.
    """
    kind = lines.layout.kind
    filed = {line.row: line for line in lines.entries}
    corrections = {row: dict(cells) for row, cells in answers.corrections_of(kind).items() if row not in back}
    for (row, meaning), text in typed.items():
        if row not in filed or row in back or not lines.layout.has(meaning):
            continue
        cell = filed[row].cell(meaning)
        here = corrections.setdefault(row, {})
        if meaning in SEALED:
            if text:
                here[meaning] = text
        elif text == cell.text:
            here.pop(meaning, None)
        else:
            here[meaning] = text
    left_out = (answers.left_out_of(kind) | (out & filed.keys())) - back
    return answers.with_rows(kind, corrections, left_out)


def _cells(line: Line, lines: Lines, meanings: set[Meaning]) -> tuple[CellToCorrect, ...]:
    """In the order of the columns of the file."""
    return tuple(
        CellToCorrect(
            column.meaning,
            column.heading,
            "" if column.sealed else line.text(column.meaning),
            column.sealed,
            line.cell(column.meaning).flaw is not None,
        )
        for column in lines.layout.columns
        if column.meaning in meanings
    )
