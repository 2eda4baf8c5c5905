"""From the lines of a register to people and their stays, and every line that cannot be true.

What counts as the same row in a second run: number, day of arrival, alias and bed together (`fingerprints`). The
first fingerprint is of what the file said, the second of what a person corrected it to; a row is known when either
is. A changed age, a day of leaving filled in later or another spelling of the date make no new row.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from safehouse.indonesian import NikDoubt, SexName, birth_month_for, nik_doubts
from safehouse.shelter.choices import Destination, ReferralSource
from safehouse.shelter.rules.importing.lines import Lines
from safehouse.shelter.rules.importing.meanings import Meaning, plain_words
from safehouse.shelter.rules.importing.places import Inventory, Place
from safehouse.shelter.rules.importing.problems import Findings, Problem, Reason, says_nothing
from safehouse.shelter.rules.importing.rows import Draft, RowReader, bed_meaning
from safehouse.shelter.rules.importing.times import period
from safehouse.shelter.rules.importing.words import destination_of, source_of


class Doubt(StrEnum):
    """Something a person may want to look at; it hinders nothing."""

    CHILDREN_DIFFER = "children_differ"  # the mother's row says another number than there are rows pointing at it
    AGE_DIFFERS = "age_differs"  # age and birth date disagree; the birth date was taken
    NIK_OTHER_SEX = "nik_other_sex"
    NIK_OTHER_BIRTH_DATE = "nik_other_birth_date"
    SOURCE_NOT_RECOGNISED = "source_not_recognised"
    DESTINATION_NOT_RECOGNISED = "destination_not_recognised"


@dataclass(frozen=True)
class Person:
    """One row of a register that can be true: a resident and her one bed period.

    `family` is the row of the person at the head of the family, her own where she came alone. `birth_month` is the
    latest month that fits the age at arrival, or that of the birth date.
    """

    row: int
    number: str
    alias: str | None
    sex: SexName
    age_months: int
    birth_month: dt.date
    born: dt.date | None
    arrived: dt.date
    left: dt.date | None
    place: Place
    source: ReferralSource | None
    destination: Destination | None
    family: int
    companion_of: int | None
    name: str | None
    nik: str | None
    phone: str | None
    fingerprints: tuple[str, ...]
    doubts: tuple[Doubt, ...]

    @property
    def birth_estimated(self) -> bool:
        return self.born is None


@dataclass(frozen=True)
class Held:
    """A bed somebody already has, or had, in the house's own days."""

    place: Place
    since: dt.date
    until: dt.date | None


@dataclass(frozen=True)
class RegisterCheck:
    """What a register says. It may be written only when `problems` is empty."""

    people: tuple[Person, ...]
    problems: tuple[Problem, ...]
    already: tuple[int, ...]
    already_fingerprints: Mapping[int, str]

    @property
    def impossible_rows(self) -> tuple[int, ...]:
        return tuple(sorted({problem.row for problem in self.problems}))

    @property
    def living_here(self) -> int:
        return sum(person.left is None for person in self.people)


def check_register(
    lines: Lines,
    *,
    beds: Iterable[Place],
    today: dt.date,
    known: Collection[str] = (),
    held: Iterable[Held] = (),
    keyed: Callable[[str], str] = str,
) -> RegisterCheck:
    """People and stays of a register, checked row by row and against each other.

    `beds` are all that exist or are about to; `known` the fingerprints of rows taken over before; `held` the beds
    people of the system have. `today` is the day in the houses' zone. `keyed` gives fingerprints the form in which
    they are kept.
    """
    check = _Check(lines, Inventory(beds), today, keyed)
    return check.run(frozenset(known), tuple(held))


class _Check:
    def __init__(self, lines: Lines, inventory: Inventory, today: dt.date, keyed: Callable[[str], str]) -> None:
        self.lines = lines
        self.layout = lines.layout
        self.inventory = inventory
        self.findings = Findings(lines.layout)
        self.rows = RowReader(self.findings, lines.layout.has, inventory, today, keyed)

    def run(self, known: frozenset[str], held: tuple[Held, ...]) -> RegisterCheck:
        already: list[Draft] = []
        drafts: list[Draft] = []
        for line in self.lines.entries:
            prints = self.rows.fingerprints(line)
            if known.intersection(prints):
                already.append(self.rows.read_known(line, prints))
            else:
                drafts.append(self.rows.read(line, prints))
        self._resolve_companions(drafts, already)
        twice = self._rows_twice(drafts)
        self._beds_taken([draft for draft in drafts if draft.row not in twice], held)
        self._people_twice([draft for draft in drafts if draft.row not in twice])
        people = self._people([draft for draft in drafts if draft.row not in self.findings.rows])
        return RegisterCheck(
            people,
            self.findings.sorted(),
            tuple(draft.row for draft in already),
            {draft.row: next(mark for mark in draft.fingerprints if mark in known) for draft in already},
        )

    # Rows against each other

    def _resolve_companions(self, drafts: list[Draft], already: list[Draft]) -> None:
        by_number: dict[str, list[Draft]] = defaultdict(list)
        by_alias: dict[str, list[Draft]] = defaultdict(list)
        for draft in [*drafts, *already]:
            if draft.number:
                by_number[draft.number].append(draft)
            if draft.alias and not draft.companion.points:
                by_alias[plain_words(draft.alias)].append(draft)
        for draft in drafts:
            if not draft.companion.points:
                continue
            found = _pointed_at(draft, by_number, by_alias)
            if len(found) == 1:
                draft.points_at = found[0]
            else:
                reason = Reason.COMPANION_UNCLEAR if found else Reason.COMPANION_MISSING
                self.findings.add(draft.line, Meaning.COMPANION, reason, other_row=found[0].row if found else None)
        for draft in drafts:
            if draft.points_at is not None and _head(draft) is None:
                self.findings.add(
                    draft.line, Meaning.COMPANION, Reason.COMPANION_UNCLEAR, other_row=draft.points_at.row
                )

    def _rows_twice(self, drafts: list[Draft]) -> set[int]:
        first: dict[str, Draft] = {}
        twice = set()
        for draft in drafts:
            other = first.setdefault(draft.fingerprints[-1], draft)
            if other is not draft:
                self.findings.add(draft.line, Meaning.NUMBER, Reason.ROW_TWICE, other_row=other.row)
                twice.add(draft.row)
        return twice

    def _beds_taken(self, drafts: list[Draft], held: tuple[Held, ...]) -> None:
        """Two people in one bed at a time, found by going through each bed once in the order of arrival."""
        by_bed: dict[tuple[str, str, str], list[_Period]] = defaultdict(list)
        for draft in drafts:
            if draft.place is not None and (stay := _stay(draft)) is not None:
                by_bed[draft.place.key].append(stay)
        for has in held:
            if (known := self.inventory.find(has.place.house, has.place.room, has.place.bed)) is not None:
                start, end = period(has.since, has.until)
                by_bed[known.key].append(_Period(start, end, 0, None, has.since, has.until))
        for periods in by_bed.values():
            self._overlaps(periods, lambda draft: bed_meaning(draft.line, self.layout.has), Reason.BED_TAKEN)

    def _people_twice(self, drafts: list[Draft]) -> None:
        """One person in two places at a time: one NIK, or one alias with one sex and age.

        Children who came along are named after their mother and may be twins, so an alias says nothing about them.
        """
        by_person: dict[tuple[str, ...], list[_Period]] = defaultdict(list)
        for draft in drafts:
            if (stay := _stay(draft)) is None:
                continue
            if draft.nik:
                by_person["nik", draft.nik].append(stay)
            elif draft.alias and not draft.companion.points and draft.sex and draft.age_months is not None:
                by_person["alias", plain_words(draft.alias), draft.sex, str(draft.age_months)].append(stay)
        for periods in by_person.values():
            self._overlaps(periods, lambda draft: Meaning.NIK if draft.nik else Meaning.ALIAS, Reason.PERSON_TWICE)

    def _overlaps(self, periods: list["_Period"], meaning_of: Callable[[Draft], Meaning], reason: Reason) -> None:
        # At one moment those already here come first, then rows in the order of the file.
        periods.sort(key=lambda stay: (stay.start, stay.row))
        longest: _Period | None = None
        for stay in periods:
            if longest is not None and stay.start < longest.end:
                # The row further down is reported: a register is kept in order and mistakes are added below.
                later, earlier = (stay, longest) if stay.row > longest.row else (longest, stay)
                if later.draft is not None:
                    self.findings.add(
                        later.draft.line,
                        meaning_of(later.draft),
                        reason,
                        other_row=earlier.row or None,
                        since=earlier.since,
                        until=earlier.until,
                    )
            if longest is None or stay.end > longest.end:
                longest = stay

    # What is sound

    def _people(self, drafts: list[Draft]) -> tuple[Person, ...]:
        children: dict[int, int] = defaultdict(int)
        for draft in drafts:
            if draft.points_at is not None:
                children[draft.points_at.row] += 1
        people = [person for draft in drafts if (person := self._person(draft, children[draft.row])) is not None]
        by_row = {person.row: person for person in people}
        return tuple(_with_her_mother(person, by_row.get(person.family)) for person in people)

    def _person(self, draft: Draft, children: int) -> Person | None:
        arrived, place, sex, age = draft.arrived, draft.place, draft.sex, draft.age_months
        if arrived is None or place is None or sex is None or age is None:
            return None
        line = draft.line
        source = source_of(line.text(Meaning.REFERRED_BY))
        destination = destination_of(line.text(Meaning.DESTINATION)) if draft.left else None
        born = draft.born
        head = _head(draft)
        doubts = []
        if draft.companion.children is not None and draft.companion.children != children:
            doubts.append(Doubt.CHILDREN_DIFFER)
        if draft.age_differs:
            doubts.append(Doubt.AGE_DIFFERS)
        if draft.nik:
            doubts += [_OF_NIK[doubt] for doubt in nik_doubts(draft.nik, sex=sex, born=born)]
        if source is ReferralSource.OTHER:
            doubts.append(Doubt.SOURCE_NOT_RECOGNISED)
        if draft.left and destination is None and plain_words(line.text(Meaning.DESTINATION)):
            doubts.append(Doubt.DESTINATION_NOT_RECOGNISED)
        return Person(
            row=draft.row,
            number=draft.number,
            alias=draft.alias,
            sex=sex,
            age_months=age,
            birth_month=born.replace(day=1) if born else birth_month_for(age, arrived),
            born=born,
            arrived=arrived,
            left=draft.left,
            place=place,
            source=source,
            destination=destination,
            family=draft.row if head is None else head.row,
            companion_of=draft.points_at.row if draft.points_at else None,
            name=None if says_nothing(line.cell(Meaning.NAME)) else line.text(Meaning.NAME),
            nik=draft.nik,
            phone=draft.phone,
            fingerprints=draft.fingerprints,
            doubts=tuple(doubts),
        )


@dataclass(frozen=True)
class _Period:
    start: tuple[int, int]
    end: tuple[int, int]
    row: int
    draft: Draft | None
    since: dt.date
    until: dt.date | None


_OF_NIK = {NikDoubt.OTHER_SEX: Doubt.NIK_OTHER_SEX, NikDoubt.OTHER_BIRTH_DATE: Doubt.NIK_OTHER_BIRTH_DATE}


def _stay(draft: Draft) -> _Period | None:
    """The period of a row whose own days can be true."""
    if draft.arrived is None or not draft.left_read or (draft.left is not None and draft.left < draft.arrived):
        return None
    start, end = period(draft.arrived, draft.left)
    return _Period(start, end, draft.row, draft, draft.arrived, draft.left)


def _pointed_at(draft: Draft, by_number: Mapping[str, list[Draft]], by_alias: Mapping[str, list[Draft]]) -> list[Draft]:
    """The rows a companion may mean: one, or none, or several that cannot be told apart."""
    companion = draft.companion
    named = by_alias.get(companion.alias or "", []) if companion.number is None else by_number.get(companion.number, [])
    found = [target for target in named if target is not draft]
    # Numbers begin again each year and aliases come back; a family arrives on one day.
    return found if len(found) < 2 else [target for target in found if target.arrived == draft.arrived] or found


def _head(draft: Draft) -> Draft | None:
    """The person a chain of companions leads to; None where it runs in a circle."""
    passed = {draft.row}
    while draft.points_at is not None:
        draft = draft.points_at
        if draft.row in passed:
            return None
        passed.add(draft.row)
    return draft


def _with_her_mother(person: Person, head: Person | None) -> Person:
    """Who left on the same day as the head of her family went where she went; a register names that once."""
    if person.left is None or person.destination is not None:
        return person
    together = head is not None and head.left == person.left
    return replace(person, destination=(head.destination if together and head else None) or Destination.UNKNOWN)
