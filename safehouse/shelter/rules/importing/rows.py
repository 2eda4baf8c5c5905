"""One row of a register by itself: its days, its bed, its person, and what makes it the same row in a second run."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from safehouse.indonesian import (
    SexName,
    Unreadable,
    age_in_months,
    read_age,
    read_date,
    read_nik,
    read_phone,
    read_sex,
)
from safehouse.shelter.rules.importing.lines import Line
from safehouse.shelter.rules.importing.meanings import Meaning, plain_words
from safehouse.shelter.rules.importing.places import Inventory, Place
from safehouse.shelter.rules.importing.problems import Findings, Reason, says_nothing
from safehouse.shelter.rules.importing.words import Companion, companion_of, still_here

LONGEST_ALIAS, LONGEST_NAME = 40, 120


@dataclass
class Draft:
    """A row while it is checked: None for whatever could not be read."""

    line: Line
    number: str
    alias: str | None
    arrived: dt.date | None
    left: dt.date | None
    left_read: bool
    place: Place | None
    sex: SexName | None
    age_months: int | None
    born: dt.date | None
    companion: Companion
    fingerprints: tuple[str, ...]
    nik: str | None = None
    phone: str | None = None
    age_differs: bool = False
    points_at: "Draft | None" = None

    @property
    def row(self) -> int:
        return self.line.row


class RowReader:
    """Reads rows one at a time and names in `findings` what cannot be true of a row alone."""

    def __init__(
        self,
        findings: Findings,
        has: Callable[..., bool],
        inventory: Inventory,
        today: dt.date,
        keyed: Callable[[str], str] = str,
    ) -> None:
        self.findings = findings
        self.keyed = keyed
        self.has = has
        self.inventory = inventory
        self.today = today

    def read(self, line: Line, prints: tuple[str, ...]) -> Draft:
        findings = self.findings
        findings.flaws(line)
        arrived = findings.read(line, Meaning.ARRIVED, read_date)
        left_read, left = self._left(line)
        born = findings.read_if_any(line, Meaning.BORN, partial(read_date, birth=True, today=self.today))
        draft = Draft(
            line=line,
            number=_number(line),
            alias=self._alias(line),
            arrived=arrived,
            left=left,
            left_read=left_read,
            place=self._place(line),
            sex=findings.read(line, Meaning.SEX, read_sex),
            age_months=None,
            born=born,
            companion=self._companion(line),
            fingerprints=prints,
            nik=findings.read_if_any(line, Meaning.NIK, read_nik),
            phone=findings.read_if_any(line, Meaning.PHONE, read_phone),
        )
        self._days(draft)
        self._age(draft)
        return draft

    def _left(self, line: Line) -> tuple[bool, dt.date | None]:
        """Whether the cell could be read, and the day; a dash, `masih` and a blank cell mean she lives here."""
        cell = line.cell(Meaning.LEFT)
        if cell.flaw is not None:
            return False, None
        if still_here(cell.text):
            return True, None
        left = self.findings.read(line, Meaning.LEFT, read_date)
        return left is not None, left

    def _alias(self, line: Line) -> str | None:
        if len(line.text(Meaning.NAME)) > LONGEST_NAME:
            self.findings.add(line, Meaning.NAME, Reason.TOO_LONG)
        if not self.has(Meaning.ALIAS):
            # The import gives her one from the list of the house.
            return None
        alias = self.findings.read(line, Meaning.ALIAS, str)
        if alias and len(alias) > LONGEST_ALIAS:
            self.findings.add(line, Meaning.ALIAS, Reason.TOO_LONG)
        return alias

    def _place(self, line: Line) -> Place | None:
        meaning = bed_meaning(line, self.has)
        if any(line.cell(part).flaw for part in (Meaning.HOUSE, Meaning.ROOM, meaning)):
            return None
        if line.cell(meaning).blank:
            self.findings.add(line, meaning, Reason.MISSING)
            return None
        if (place := self._find(line)) is None:
            self.findings.add(line, meaning, Reason.BED_UNKNOWN)
        return place

    def _find(self, line: Line) -> Place | None:
        house = line.text(Meaning.HOUSE)
        if not line.cell(Meaning.PLACE).blank:
            return self.inventory.find_written(line.text(Meaning.PLACE))
        if not line.cell(Meaning.ROOM_BED).blank:
            return self.inventory.find_in_house(house, line.text(Meaning.ROOM_BED))
        return self.inventory.find(house, line.text(Meaning.ROOM), line.text(Meaning.BED))

    def _companion(self, line: Line) -> Companion:
        cell = line.cell(Meaning.COMPANION)
        if cell.flaw is not None:
            return Companion()
        companion = companion_of(cell.text)
        if companion is None:
            self.findings.add(line, Meaning.COMPANION, Reason.COMPANION_UNCLEAR)
            return Companion()
        return companion

    def _days(self, draft: Draft) -> None:
        line, arrived, left = draft.line, draft.arrived, draft.left
        if arrived is not None and arrived > self.today:
            self.findings.add(line, Meaning.ARRIVED, Reason.ARRIVES_IN_FUTURE)
        if left is not None and left > self.today:
            self.findings.add(line, Meaning.LEFT, Reason.LEAVES_IN_FUTURE)
        if arrived is not None and left is not None and left < arrived:
            self.findings.add(line, Meaning.LEFT, Reason.LEFT_BEFORE_ARRIVING, since=arrived, until=left)

    def _age(self, draft: Draft) -> None:
        line, born, arrived = draft.line, draft.born, draft.arrived
        if born is None:
            if not self.findings.wrong(line, Meaning.BORN) or not says_nothing(line.cell(Meaning.AGE)):
                # A blank age is never taken for an adult: a girl who came alone would be one by mistake.
                meaning = Meaning.AGE if self.has(Meaning.AGE) else Meaning.BORN
                draft.age_months = self.findings.read(line, meaning, read_age)
            return
        written = self.findings.read_if_any(line, Meaning.AGE, read_age)
        if arrived is None:
            return
        if born > arrived:
            self.findings.add(line, Meaning.BORN, Reason.BORN_AFTER_ARRIVING)
            return
        draft.age_months = age_in_months(born, arrived) - (born.day > arrived.day)
        draft.age_months = max(0, draft.age_months)
        draft.age_differs = written is not None and abs(written - draft.age_months) > 12

    def fingerprints(self, line: Line) -> tuple[str, ...]:
        as_filed = self._fingerprint(replace(line, cells=line.original))
        if not line.corrected:
            return (as_filed,)
        return tuple(dict.fromkeys((as_filed, self._fingerprint(line))))

    def _fingerprint(self, line: Line) -> str:
        place = self._find(line)
        written = "/".join(
            line.text(part) for part in (Meaning.HOUSE, Meaning.ROOM, Meaning.BED, Meaning.ROOM_BED, Meaning.PLACE)
        )
        parts = (
            "row-1",
            _number(line),
            _read_or_as_written(read_date, line.text(Meaning.ARRIVED)),
            plain_words(line.text(Meaning.ALIAS)),
            "/".join(place.key) if place else plain_words(written),
        )
        # What goes into it can be guessed: only its keyed form leaves this place (`queries.importing.row_key`).
        return self.keyed(hashlib.sha256("\x1f".join(parts).encode()).hexdigest())

    def read_known(self, line: Line, prints: tuple[str, ...]) -> Draft:
        """A row taken over before: only what other rows may point at, and nothing about it is a problem any more."""
        try:
            arrived = read_date(line.text(Meaning.ARRIVED))
        except Unreadable:
            arrived = None
        return Draft(
            line,
            _number(line),
            line.text(Meaning.ALIAS),
            arrived,
            None,
            False,
            None,
            None,
            None,
            None,
            companion_of(line.text(Meaning.COMPANION)) or Companion(),
            prints,
        )


def bed_meaning(line: Line, has: Callable[[Meaning], bool]) -> Meaning:
    """The column a fault about the bed belongs to."""
    order = (Meaning.PLACE, Meaning.ROOM_BED, Meaning.BED)
    return next(
        (meaning for meaning in order if not line.cell(meaning).blank),
        next((meaning for meaning in order if has(meaning)), Meaning.PLACE),
    )


def _number(line: Line) -> str:
    words = plain_words(line.text(Meaning.NUMBER)).replace(" ", "/")
    return words.lstrip("0") or words


def _read_or_as_written(reader: Callable[[str], dt.date], text: str) -> str:
    try:
        return reader(text).isoformat()
    except Unreadable:
        return plain_words(text)
