"""The entries of a sheet by meaning, without totals, notes and repeated headings; and what a person corrected."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from safehouse.indonesian import Unreadable, read_date
from safehouse.shelter.rules.importing.columns import Layout, cell_at
from safehouse.shelter.rules.importing.meanings import NOT_TAKEN, Kind, Meaning, plain_words
from safehouse.shelter.rules.importing.workbook import BLANK, Cell, Sheet, SheetRow, text_cell


class LeftOut(StrEnum):
    """Rows of a sheet that are no entries."""

    TOTAL = "total"
    HEADING = "heading"
    COLUMN_NUMBERS = "column_numbers"
    NOTE = "note"  # a signature or a month's name alone in its row, or a number with nothing beside it
    ON_PURPOSE = "on_purpose"


@dataclass(frozen=True)
class Line:
    """One entry: the row Excel shows, and its cells by meaning."""

    row: int
    cells: Mapping[Meaning, Cell]
    corrected: frozenset[Meaning] = frozenset()
    original: Mapping[Meaning, Cell] = field(default_factory=dict)

    def text(self, meaning: Meaning) -> str:
        return self.cells.get(meaning, BLANK).text

    def cell(self, meaning: Meaning) -> Cell:
        return self.cells.get(meaning, BLANK)


@dataclass(frozen=True)
class Lines:
    """The entries of a sheet, and the rows that are none with the reason."""

    layout: Layout
    entries: tuple[Line, ...]
    left_out: Mapping[int, LeftOut]


_TOTAL = re.compile(r"(?:sub ?|grand )?(?:jumlah|total|jml)\b|rekap(?:itulasi)?\b", re.ASCII)


def read_lines(sheet: Sheet, layout: Layout) -> Lines:
    """The entries of a sheet by meaning. A house written once is filled down in an inventory."""
    columns = {column.index: column.meaning for column in layout.columns if column.meaning not in NOT_TAKEN}
    headings = {column.index: plain_words(column.heading) for column in layout.columns if column.heading}
    entries: list[Line] = []
    left_out: dict[int, LeftOut] = {}
    above: dict[Meaning, Cell] = {}
    for row in sheet.rows:
        if row.number < layout.first_row:
            continue
        if reason := _no_entry(row, headings, columns):
            left_out[row.number] = reason
            continue
        cells = {meaning: cell_at(row, index) for index, meaning in columns.items() if not cell_at(row, index).blank}
        if layout.kind is Kind.INVENTORY:
            _fill_down(cells, above)
        entries.append(Line(row.number, cells, original=cells))
    return Lines(layout, tuple(entries), left_out)


def _no_entry(row: SheetRow, headings: Mapping[int, str], columns: Mapping[int, Meaning]) -> LeftOut | None:
    filled = {index: cell for index, cell in enumerate(row.cells) if not cell.blank}
    texts = [cell.text for cell in filled.values()]
    words = {index: plain_words(cell.text) for index, cell in filled.items()}
    leading = next((text for text in words.values() if text and not text.isdecimal()), "")
    dated = any(columns.get(index) is Meaning.ARRIVED and _is_date(cell.text) for index, cell in filled.items())
    if _TOTAL.match(leading) and not dated:
        return LeftOut.TOTAL
    if len(filled) > 2 and sum(words[index] == headings.get(index) for index in filled) > len(filled) / 2:
        return LeftOut.HEADING
    if len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]:
        return LeftOut.COLUMN_NUMBERS
    numbers_only = all(columns.get(index) is Meaning.NUMBER for index in filled)
    alone = len(filled) == 1 and not any(columns.get(index) in _ENOUGH for index in filled)
    if alone or numbers_only:
        return LeftOut.NOTE
    return None


def _is_date(text: str) -> bool:
    try:
        read_date(text)
    except Unreadable:
        return False
    return True


# A cell that can be an entry by itself: a bed below its house and room.
_ENOUGH = frozenset({Meaning.BED, Meaning.ROOM_BED, Meaning.PLACE})


def _fill_down(cells: dict[Meaning, Cell], above: dict[Meaning, Cell]) -> None:
    if Meaning.HOUSE in cells and cells[Meaning.HOUSE] != above.get(Meaning.HOUSE):
        above.pop(Meaning.ROOM, None)
    for meaning in (Meaning.HOUSE, Meaning.ROOM):
        if meaning in cells:
            above[meaning] = cells[meaning]
        elif meaning in above:
            cells[meaning] = above[meaning]


def corrected(lines: Lines, corrections: Mapping[int, Mapping[Meaning, str]], left_out: Iterable[int] = ()) -> Lines:
    """The lines with what a person typed instead, and without the rows she left out on purpose.

    A correction is a new text for one cell; an empty one makes the cell blank. What the file said stays beside it, so
    that a second run of the same file is recognised.
    """
    dropped = set(left_out)
    entries = []
    for line in lines.entries:
        if line.row in dropped:
            continue
        changes = {
            meaning: text_cell(text)
            for meaning, text in corrections.get(line.row, {}).items()
            if meaning in lines.layout.choices() and meaning not in NOT_TAKEN
        }
        entries.append(replace(line, cells={**line.cells, **changes}, corrected=line.corrected | changes.keys()))
    known = {line.row for line in lines.entries}
    on_purpose = dict.fromkeys(sorted(dropped & known), LeftOut.ON_PURPOSE)
    return replace(lines, entries=tuple(entries), left_out={**lines.left_out, **on_purpose})
