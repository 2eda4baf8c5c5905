"""Find the headings of a sheet and propose what each column means, by its words and by what stands below it.

A `Layout` is plain data: it goes into a form, a person changes a meaning, and it comes back.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from safehouse.indonesian import Unreadable, read_age, read_date, read_nik, read_phone, read_sex
from safehouse.shelter.rules.importing.meanings import (
    CHOICES,
    NOT_TAKEN,
    SEALED,
    Kind,
    Meaning,
    meaning_of_heading,
)
from safehouse.shelter.rules.importing.places import split_place, split_room_bed
from safehouse.shelter.rules.importing.workbook import (
    BLANK,
    Cell,
    Sheet,
    SheetRow,
    WhyRefused,
    WorkbookRefused,
)

HEADINGS_WITHIN = 30
SAMPLES = 3
SAMPLE_LENGTH = 24
LOOKED_AT = 300
MOST = 0.6  # of the cells looked at; totals and notes below a table are among them


@dataclass(frozen=True)
class Column:
    """One column of the file and what it is taken for."""

    index: int
    heading: str
    meaning: Meaning
    sure: bool
    samples: tuple[str, ...]
    filled: int

    @property
    def sealed(self) -> bool:
        return self.meaning in SEALED


class LayoutFault(StrEnum):
    """Why rows cannot be read with these meanings yet."""

    MISSING = "missing"  # no column has this meaning, and it is needed
    TWICE = "twice"  # two columns have it, and it can be only one


@dataclass(frozen=True)
class LayoutProblem:
    fault: LayoutFault
    meaning: Meaning
    columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Layout:
    """How one sheet is read: where its headings are, what its columns mean."""

    kind: Kind
    sheet: str
    first_row: int  # the first row below the headings, as Excel numbers it
    columns: tuple[Column, ...]

    def column_of(self, meaning: Meaning) -> Column | None:
        return next((column for column in self.columns if column.meaning is meaning), None)

    def has(self, *meanings: Meaning) -> bool:
        return any(column.meaning in meanings for column in self.columns)

    def heading_of(self, meaning: Meaning | None) -> str:
        column = self.column_of(meaning) if meaning else None
        return column.heading if column else ""

    def choices(self) -> tuple[Meaning, ...]:
        return CHOICES[self.kind]

    def chosen(self) -> dict[str, str]:
        """The meanings as a form carries them: `{"c0": "number", …}`."""
        return {f"c{column.index}": column.meaning.value for column in self.columns}

    def with_choices(self, posted: Mapping[str, str]) -> "Layout":
        """The layout with the meanings a person chose; a value that was not offered raises `ValueError`."""
        columns = []
        for column in self.columns:
            value = posted.get(f"c{column.index}")
            meaning = column.meaning if value is None else Meaning(value)
            if meaning not in self.choices():
                raise ValueError(meaning)
            columns.append(
                replace(
                    column,
                    meaning=meaning,
                    sure=column.sure or value is not None,
                    samples=() if meaning in SEALED else column.samples,
                )
            )
        return replace(self, columns=tuple(columns))

    def problems(self) -> tuple[LayoutProblem, ...]:
        """What must be settled before the rows can be read."""
        found = [
            LayoutProblem(LayoutFault.MISSING, group[0])
            for group in _NEEDED[self.kind]
            if not any(self._all(choice) for choice in _ways(group))
        ]
        for meaning, times in Counter(column.meaning for column in self.columns).items():
            if times > 1 and meaning not in NOT_TAKEN:
                found.append(
                    LayoutProblem(
                        LayoutFault.TWICE,
                        meaning,
                        tuple(column.index for column in self.columns if column.meaning is meaning),
                    )
                )
        return tuple(found)

    def _all(self, meanings: tuple[Meaning, ...]) -> bool:
        return all(self.has(meaning) for meaning in meanings)


def _ways(group: tuple[Meaning, ...]) -> tuple[tuple[Meaning, ...], ...]:
    """The ways in which one need can be met: a bed by three columns, by two or by one."""
    return (*_INSTEAD.get(group[0], ()), group)


_NEEDED: dict[Kind, tuple[tuple[Meaning, ...], ...]] = {
    Kind.INVENTORY: ((Meaning.PLACE,),),
    Kind.REGISTER: ((Meaning.ARRIVED,), (Meaning.SEX,), (Meaning.AGE,), (Meaning.PLACE,)),
}
_INSTEAD: dict[Meaning, tuple[tuple[Meaning, ...], ...]] = {
    # A register of an office with a single house names no house.
    Meaning.PLACE: ((Meaning.ROOM, Meaning.BED), (Meaning.ROOM_BED,)),
    Meaning.AGE: ((Meaning.BORN,),),
}


# Finding the headings


def propose(sheet: Sheet, kind: Kind) -> Layout:
    """What the columns of this sheet probably mean. Raises `WorkbookRefused` where no headings are found."""
    best: tuple[int, int, int, list[str]] | None = None
    for position, row in enumerate(sheet.rows[:HEADINGS_WITHIN]):
        single = [cell.text for cell in row.cells]
        candidates = [(1, single)]
        below = sheet.rows[position + 1] if position + 1 < len(sheet.rows) else None
        if below is not None and below.number == row.number + 1:
            candidates.append((2, _two_rows(row, below, kind)))
        for height, headings in candidates:
            # One line is preferred: a second one must add a meaning, not only repeat them.
            score = len({meaning for text in headings if (meaning := meaning_of_heading(text, kind))}) * 2 - height
            if best is None or score > best[0]:
                best = (score, position, height, headings)
    if best is None or best[0] < 3:
        raise WorkbookRefused(WhyRefused.NO_HEADINGS)
    _, position, height, headings = best
    body = sheet.rows[position + height :]
    first_row = sheet.rows[position].number + height
    return Layout(kind, sheet.name, first_row, _columns(headings, body, kind))


def likeliest(sheets: Iterable[Sheet], kind: Kind) -> tuple[Sheet, Layout]:
    """The sheet of a workbook that fits this kind best. Raises `WorkbookRefused` where none does."""
    found: list[tuple[int, int, Sheet, Layout]] = []
    for order, sheet in enumerate(sheets):
        try:
            layout = propose(sheet, kind)
        except WorkbookRefused:
            continue
        fit = len({column.meaning for column in layout.columns} - NOT_TAKEN) - 3 * len(layout.problems())
        found.append((fit, -order, sheet, layout))
    if not found:
        raise WorkbookRefused(WhyRefused.NO_HEADINGS)
    _, _, sheet, layout = max(found, key=lambda candidate: candidate[:2])
    return sheet, layout


def _two_rows(upper: SheetRow, lower: SheetRow, kind: Kind) -> list[str]:
    """Headings in two lines, the upper one merged over several columns: `Tanggal` above `Masuk` and `Keluar`."""
    headings: list[str] = []
    spanning = ""
    for index in range(max(len(upper.cells), len(lower.cells))):
        above = cell_at(upper, index).text
        below = cell_at(lower, index).text
        spanning = above or spanning
        both = f"{spanning} {below}".strip()
        # `Penempatan` above `Rumah`, `Kamar`, `TT` says nothing that the lower line does not.
        lower_alone = meaning_of_heading(both, kind) is None and meaning_of_heading(below, kind) is not None
        headings.append(above if not below else below if lower_alone else both)
    return headings


def cell_at(row: SheetRow, index: int) -> Cell:
    return row.cells[index] if index < len(row.cells) else BLANK


# Meanings


def _columns(headings: list[str], body: tuple[SheetRow, ...], kind: Kind) -> tuple[Column, ...]:
    width = max([len(headings), *(len(row.cells) for row in body)])
    values = [[text for row in body[:LOOKED_AT] if (text := cell_at(row, index).text)] for index in range(width)]
    texts = [headings[index] if index < len(headings) else "" for index in range(width)]
    meanings: list[Meaning | None] = [meaning_of_heading(text, kind) for text in texts]
    sure = [meaning is not None for meaning in meanings]
    for index, meaning in enumerate(meanings):
        meanings[index] = _by_content(meaning, values[index], meanings, kind)
    _fill_gaps(meanings, values, kind)
    _settle_doubles(meanings, values)
    return tuple(
        Column(
            index,
            texts[index],
            meaning := meanings[index] or Meaning.SKIP,
            sure[index],
            _samples(values[index], meaning, known=sure[index]),
            len(values[index]),
        )
        for index in range(width)
        if texts[index] or values[index]
    )


def _by_content(
    meaning: Meaning | None,
    values: list[str],
    all_of_them: list[Meaning | None],
    kind: Kind,
) -> Meaning | None:
    """What stands below a heading can make it another one: `Kamar` above `2A`, `Umur` above dates."""
    if not values:
        return meaning
    if meaning in (Meaning.ROOM, Meaning.BED, Meaning.ROOM_BED, Meaning.HOUSE):
        other = Meaning.BED if meaning is Meaning.ROOM else Meaning.ROOM
        if meaning in (Meaning.ROOM, Meaning.BED) and other in all_of_them:
            return meaning
        whole = _share(values, lambda text: split_place(text) is not None)
        if meaning is Meaning.HOUSE:
            # A house called "Melati 2" splits too; only a sheet without rooms and beds puts all in this cell.
            alone = not {Meaning.ROOM, Meaning.BED, Meaning.ROOM_BED, Meaning.PLACE} & set(all_of_them)
            return Meaning.PLACE if alone and whole > MOST else meaning
        pair = _share(values, lambda text: split_room_bed(text) is not None)
        if pair > MOST:
            return Meaning.ROOM_BED
        if whole > MOST and Meaning.HOUSE not in all_of_them:
            return Meaning.PLACE
    if (
        meaning is Meaning.PLACE
        and Meaning.HOUSE in all_of_them
        and _share(values, lambda text: split_room_bed(text) is not None) > MOST
    ):
        return Meaning.ROOM_BED
    if meaning is Meaning.AGE and _share(values, _reads(read_date)) > MOST:
        return Meaning.BORN
    if meaning is Meaning.DESTINATION and kind is Kind.REGISTER and _share(values, _reads(read_date)) > MOST:
        return Meaning.LEFT
    return meaning


def _fill_gaps(meanings: list[Meaning | None], values: list[list[str]], kind: Kind) -> None:
    """Give a column without a known heading the meaning its cells show, if nothing else has it."""
    if kind is not Kind.REGISTER:
        return
    shows: tuple[tuple[Meaning, Callable[[str], bool]], ...] = (
        (Meaning.NIK, _reads(read_nik)),
        (Meaning.PHONE, _reads(read_phone)),
        (Meaning.COMPANION, lambda text: "ikut" in text.casefold()),
        (Meaning.SEX, _reads(read_sex)),
        (Meaning.AGE, lambda text: bool(re.search(r"[a-z]", text, re.IGNORECASE)) and _reads(read_age)(text)),
        (Meaning.ARRIVED, _reads(read_date)),
        (Meaning.LEFT, _reads(read_date)),
    )
    for index, meaning in enumerate(meanings):
        if meaning is not None or not values[index]:
            continue
        for candidate, reads in shows:
            if candidate not in meanings and _share(values[index], reads) > MOST:
                meanings[index] = candidate
                break


def _settle_doubles(meanings: list[Meaning | None], values: list[list[str]]) -> None:
    """Of two columns with one meaning the fuller one keeps it; services may be as many as they like."""
    for meaning in set(meanings) - {None} - NOT_TAKEN:
        places = [index for index, found in enumerate(meanings) if found is meaning]
        for index in sorted(places, key=lambda index: (-len(values[index]), index))[1:]:
            meanings[index] = None


def _share(values: list[str], holds: Callable[[str], bool]) -> float:
    return sum(holds(value) for value in values) / len(values)


def _reads(reader: Callable[[str], object]) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        try:
            reader(text)
        except Unreadable:
            return False
        return True

    return holds


def _samples(values: list[str], meaning: Meaning, *, known: bool) -> tuple[str, ...]:
    """A few cells to recognise a column by; none of a sealed one, and none of a column of long stories."""
    if meaning in SEALED or not values:
        return ()
    if not known and sum(map(len, values)) / len(values) > SAMPLE_LENGTH:
        return ()
    distinct = list(dict.fromkeys(values))[:SAMPLES]
    return tuple(text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…" for text in distinct)
