"""The workbooks of one import from the first look to the last: what was read, what a person answered, what holds.

A file is parsed once. What is kept between two pages is its lines as plain text, and the answers beside them; both are
sealed by whoever keeps them.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from safehouse.shelter.rules.importing.columns import Layout, likeliest, propose
from safehouse.shelter.rules.importing.inventory import InventoryCheck, check_inventory
from safehouse.shelter.rules.importing.lines import Lines, corrected, read_lines
from safehouse.shelter.rules.importing.meanings import NOT_TAKEN, Kind, Meaning
from safehouse.shelter.rules.importing.places import Inventory, Place, house_key
from safehouse.shelter.rules.importing.problems import Findings, Problem, Reason
from safehouse.shelter.rules.importing.register import Held, Person, RegisterCheck, check_register
from safehouse.shelter.rules.importing.rows import RowReader
from safehouse.shelter.rules.importing.times import moments
from safehouse.shelter.rules.importing.workbook import (
    Cell,
    Flaw,
    Sheet,
    SheetRow,
    WhyRefused,
    WorkbookRefused,
    open_workbook,
)

ORDER = (Kind.INVENTORY, Kind.REGISTER)


# What was read


def read_file(content: bytes, kind: Kind) -> Sheet:
    """The sheet of a workbook that fits this kind best. Raises `WorkbookRefused`."""
    sheet, _layout = likeliest(open_workbook(content), kind)
    return sheet


def recognise(content: bytes) -> tuple[Kind, Sheet]:
    """What a workbook is by its columns, for those who give files without saying. Raises `WorkbookRefused`."""
    sheets = open_workbook(content)
    best: tuple[int, Kind, Sheet] | None = None
    for kind in ORDER:
        try:
            sheet, layout = likeliest(sheets, kind)
        except WorkbookRefused:
            continue
        fit = len({column.meaning for column in layout.columns} - NOT_TAKEN) - 3 * len(layout.problems())
        if best is None or fit > best[0]:
            best = (fit, kind, sheet)
    if best is None:
        raise WorkbookRefused(WhyRefused.NO_HEADINGS)
    return best[1], best[2]


def sheet_as_text(sheet: Sheet) -> str:
    """A sheet as one text that can be sealed and read back."""
    rows = [
        [row.number, [cell.text if cell.flaw is None else {"flaw": cell.flaw.value} for cell in row.cells]]
        for row in sheet.rows
    ]
    return json.dumps({"name": sheet.name, "rows": rows}, ensure_ascii=False, separators=(",", ":"))


def sheet_from_text(text: str) -> Sheet:
    kept = json.loads(text)
    return Sheet(
        kept["name"],
        tuple(
            SheetRow(
                number, tuple(Cell(cell) if isinstance(cell, str) else Cell("", Flaw(cell["flaw"])) for cell in cells)
            )
            for number, cells in kept["rows"]
        ),
    )


# What a person answered

Corrections = Mapping[int, Mapping[Meaning, str]]


@dataclass(frozen=True)
class Answers:
    """The meanings she confirmed, the cells she corrected, the rows she left out, by the kind of file."""

    columns: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    corrections: Mapping[Kind, Corrections] = field(default_factory=dict)
    left_out: Mapping[Kind, frozenset[int]] = field(default_factory=dict)

    def corrections_of(self, kind: Kind) -> Corrections:
        return self.corrections.get(kind, {})

    def left_out_of(self, kind: Kind) -> frozenset[int]:
        return self.left_out.get(kind, frozenset())

    def with_columns(self, columns: Mapping[Kind, Mapping[str, str]]) -> "Answers":
        return replace(self, columns=dict(columns))

    def with_rows(self, kind: Kind, corrections: Corrections, left_out: Iterable[int]) -> "Answers":
        """These corrections and rows instead of those this kind had; a row without a correction has none."""
        corrected_rows = {row: dict(cells) for row, cells in corrections.items() if cells}
        return replace(
            self,
            corrections={**self.corrections, kind: corrected_rows},
            left_out={**self.left_out, kind: frozenset(left_out)},
        )


def answers_as_text(answers: Answers) -> str:
    return json.dumps(
        {
            "columns": {kind: dict(chosen) for kind, chosen in answers.columns.items()},
            "corrections": {
                kind: {str(row): dict(cells) for row, cells in rows.items()}
                for kind, rows in answers.corrections.items()
            },
            "left_out": {kind: sorted(rows) for kind, rows in answers.left_out.items()},
        },
        ensure_ascii=False,
    )


def answers_from_text(text: str) -> Answers:
    kept = json.loads(text)
    return Answers(
        {Kind(kind): chosen for kind, chosen in kept["columns"].items()},
        {
            Kind(kind): {
                int(row): {Meaning(meaning): cell for meaning, cell in cells.items()} for row, cells in rows.items()
            }
            for kind, rows in kept["corrections"].items()
        },
        {Kind(kind): frozenset(rows) for kind, rows in kept["left_out"].items()},
    )


# What holds


@dataclass(frozen=True)
class Sleeping:
    """Somebody of the system has, or had, this bed."""

    place: Place
    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True)
class Facts:
    """What the office's own data says at one moment, as far as the importing person may see it.

    `zones` are those of her houses by `house_key`; `zone` is the unit's, which a new house gets. `other_houses` are
    names, in small letters, of houses she cannot add beds to. `keyed` gives the fingerprint of a row the form of
    those in `known`.
    """

    now: dt.datetime
    zone: ZoneInfo
    zones: Mapping[str, ZoneInfo]
    places: tuple[Place, ...]
    sleeping: tuple[Sleeping, ...]
    known: frozenset[str]
    other_houses: frozenset[str]
    keyed: Callable[[str], str]

    @property
    def today(self) -> dt.date:
        """The day it is in every one of her houses: in none of them may anything lie in the future."""
        return min(self.now.astimezone(zone).date() for zone in (self.zone, *self.zones.values()))

    def zone_of(self, place: Place) -> ZoneInfo:
        return self.zones.get(house_key(place.house), self.zone)

    def held(self) -> tuple[Held, ...]:
        """The same beds in the houses' own days."""
        return tuple(
            Held(
                one.place,
                one.since.astimezone(zone).date(),
                None if one.until is None else one.until.astimezone(zone).date(),
            )
            for one in self.sleeping
            for zone in (self.zone_of(one.place),)
        )


@dataclass(frozen=True)
class Checked:
    """The files against each other and against the office. Written only when there is no problem left."""

    inventory: InventoryCheck | None
    register: RegisterCheck | None
    lines: Mapping[Kind, Lines]
    problems: Mapping[Kind, tuple[Problem, ...]]
    left_out_prints: tuple[tuple[str, ...], ...]

    @property
    def sound(self) -> bool:
        return not any(self.problems.values())

    @property
    def impossible(self) -> dict[Kind, tuple[int, ...]]:
        return {kind: tuple(sorted({one.row for one in found})) for kind, found in self.problems.items()}

    @property
    def impossible_rows(self) -> int:
        return sum(len(rows) for rows in self.impossible.values())

    @property
    def people(self) -> tuple[Person, ...]:
        return self.register.people if self.register else ()

    @property
    def new_beds(self) -> int:
        return len(self.inventory.beds) if self.inventory else 0

    @property
    def nothing_new(self) -> bool:
        return self.sound and not self.people and not self.new_beds and not self.left_out_prints

    @property
    def already(self) -> int:
        """Rows that were taken over in an earlier run."""
        return (self.inventory.already if self.inventory else 0) + (len(self.register.already) if self.register else 0)


def layout_of(sheet: Sheet, kind: Kind, answers: Answers) -> Layout:
    """What the columns mean: as proposed, or as the person said. Raises `ValueError` for what was not offered."""
    layout = propose(sheet, kind)
    return layout.with_choices(answers.columns[kind]) if kind in answers.columns else layout


def check_files(sheets: Mapping[Kind, Sheet], answers: Answers, facts: Facts) -> Checked:
    """Everything that can be said about these files now. Their layouts have no problem of their own."""
    lines: dict[Kind, Lines] = {}
    for kind, sheet in sheets.items():
        read = read_lines(sheet, layout_of(sheet, kind, answers))
        lines[kind] = corrected(read, answers.corrections_of(kind), answers.left_out_of(kind))
    problems: dict[Kind, tuple[Problem, ...]] = {}
    inventory, register, places = None, None, facts.places
    prints: tuple[tuple[str, ...], ...] = ()
    if Kind.INVENTORY in lines:
        inventory = check_inventory(lines[Kind.INVENTORY], today=facts.today, existing=facts.places)
        problems[Kind.INVENTORY] = (*inventory.problems, *_houses_not_hers(inventory, facts))
        places = (*facts.places, *inventory.beds)
    if Kind.REGISTER in lines:
        register = check_register(
            lines[Kind.REGISTER],
            beds=places,
            today=facts.today,
            known=facts.known,
            held=facts.held(),
            keyed=facts.keyed,
        )
        problems[Kind.REGISTER] = register.problems or beds_taken(register.people, facts)
        prints = _left_out_prints(sheets[Kind.REGISTER], answers, places, facts)
    return Checked(inventory, register, lines, problems, prints)


def beds_taken(people: Iterable[Person], facts: Facts) -> tuple[Problem, ...]:
    """Whose bed somebody of the system has at the very hour: the days alone may look free."""
    by_place: dict[tuple[str, str, str], list[Sleeping]] = defaultdict(list)
    for one in facts.sleeping:
        by_place[one.place.key].append(one)
    found = []
    for person in people:
        zone = facts.zone_of(person.place)
        start, end = moments(person.arrived, person.left, zone=zone, now=facts.now)
        for one in by_place.get(person.place.key, ()):
            if (end is None or one.since < end) and (one.until is None or start < one.until):
                found.append(_taken(person, one, zone))
                break
    return tuple(found)


def still_new(people: Iterable[Person], known: Collection[str]) -> bool:
    """Whether nobody brought one of these rows in meanwhile."""
    return not any(mark in known for person in people for mark in person.fingerprints)


def _taken(person: Person, has: Sleeping, zone: ZoneInfo) -> Problem:
    return Problem(
        person.row,
        Meaning.PLACE,
        "",
        Reason.BED_TAKEN,
        since=has.since.astimezone(zone).date(),
        until=None if has.until is None else has.until.astimezone(zone).date(),
    )


def _houses_not_hers(inventory: InventoryCheck, facts: Facts) -> Sequence[Problem]:
    first: dict[str, Problem] = {}
    for room in inventory.rooms:
        if room.house.casefold() in facts.other_houses and house_key(room.house) not in facts.zones:
            first.setdefault(
                room.house, Problem(room.beds[0].row, Meaning.HOUSE, "", Reason.HOUSE_NOT_HERS, shown=room.house)
            )
    return tuple(first.values())


def _left_out_prints(
    sheet: Sheet,
    answers: Answers,
    places: Iterable[Place],
    facts: Facts,
) -> tuple[tuple[str, ...], ...]:
    """What makes the rows left out on purpose the same in a second run."""
    layout = layout_of(sheet, Kind.REGISTER, answers)
    reader = RowReader(Findings(layout), layout.has, Inventory(places), facts.today, facts.keyed)
    left_out = answers.left_out_of(Kind.REGISTER)
    prints = [reader.fingerprints(line) for line in read_lines(sheet, layout).entries if line.row in left_out]
    return tuple(one for one in prints if not facts.known.intersection(one))
