"""From the lines of an inventory to houses, rooms, beds and closures."""

import datetime as dt
import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from safehouse.indonesian import Unreadable, read_date
from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.rules.importing.lines import Line, Lines
from safehouse.shelter.rules.importing.meanings import Meaning, is_dash, plain_words
from safehouse.shelter.rules.importing.places import Inventory, Place, house_key, label_key, split_place, split_room_bed
from safehouse.shelter.rules.importing.problems import Findings, Problem, Reason
from safehouse.shelter.rules.importing.words import RoomWords, room_words

MOST_COTS = 10
LONGEST_HOUSE, LONGEST_LABEL = 60, 20
LONGEST_REASON = 80


class ClosedBecause(StrEnum):
    """Why a bed cannot be used."""

    BROKEN = "broken"
    REPAIR = "repair"
    CLEANING = "cleaning"
    NOT_USED = "not_used"


@dataclass(frozen=True)
class BedClosed:
    reason: ClosedBecause
    until: dt.date | None
    words: str


@dataclass(frozen=True)
class BedFound:
    row: int
    place: Place
    closed: BedClosed | None
    remark: str
    fingerprint: str


@dataclass(frozen=True)
class RoomFound:
    """A room with its beds, in the order of the file."""

    house: str
    room: str
    purpose: RoomPurpose
    purpose_sure: bool
    purpose_words: str
    ground_floor: bool
    wheelchair: bool
    cots: int
    beds: tuple[BedFound, ...]

    @property
    def isolation(self) -> bool:
        return self.purpose is RoomPurpose.ISOLATION


@dataclass(frozen=True)
class InventoryCheck:
    """What an inventory says, and which of its rows cannot be true. `already` rows were taken over before."""

    rooms: tuple[RoomFound, ...]
    problems: tuple[Problem, ...]
    already: int

    @property
    def houses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(room.house for room in self.rooms))

    @property
    def beds(self) -> tuple[Place, ...]:
        return tuple(bed.place for room in self.rooms for bed in room.beds)

    @property
    def cots(self) -> int:
        return sum(room.cots for room in self.rooms)


def check_inventory(lines: Lines, *, today: dt.date, existing: Collection[Place] = ()) -> InventoryCheck:
    """Rooms and beds of an inventory. A bed that exists already is counted and not made again."""
    findings = Findings(lines.layout)
    known = Inventory(existing)
    seen: dict[tuple[str, str, str], int] = {}
    rooms: dict[tuple[str, str], _Room] = {}
    house_spelling = {house_key(place.house): place.house for place in existing}
    already = 0
    for line in lines.entries:
        if not findings.flaws(line) or (place := _place(line, findings)) is None:
            continue
        house = house_spelling.setdefault(place.key[0], place.house)
        place = Place(house, place.room, place.bed)
        if place.key in seen:
            findings.add(line, _bed_meaning(line), Reason.BED_TWICE, other_row=seen[place.key])
            continue
        seen[place.key] = line.row
        room = rooms.setdefault(place.key[:2], _Room(place.house, place.room))
        sound = room.describe(line, findings)
        closed = _closed(line, findings, today=today)
        if not sound or line.row in findings.rows:
            continue
        if known.find(*_labels(place)):
            already += 1
            continue
        room.beds.append(BedFound(line.row, place, closed, line.text(Meaning.REMARK), bed_fingerprint(place)))
    found = tuple(room.found() for room in rooms.values() if room.beds)
    return InventoryCheck(found, findings.sorted(), already)


def bed_fingerprint(place: Place) -> str:
    """What makes two beds of two runs the same: house, room and bed, however they are spelled."""
    return hashlib.sha256("\x1f".join(("bed-1", *place.key)).encode()).hexdigest()


def _labels(place: Place) -> tuple[str, str, str]:
    return place.house, place.room, place.bed


def _bed_meaning(line: Line) -> Meaning:
    return next(
        (meaning for meaning in (Meaning.PLACE, Meaning.ROOM_BED, Meaning.BED) if meaning in line.cells), Meaning.BED
    )


def _place(line: Line, findings: Findings) -> Place | None:
    """The bed of a line; labels are kept without the words for room and bed in front of them."""
    place: Place | None
    if Meaning.PLACE in line.cells:
        place = split_place(line.text(Meaning.PLACE))
        if place is None:
            findings.add(line, Meaning.PLACE, Reason.PLACE_UNREADABLE)
            return None
    else:
        house = findings.read(line, Meaning.HOUSE, str)
        if Meaning.ROOM_BED in line.cells:
            pair = split_room_bed(line.text(Meaning.ROOM_BED))
            if pair is None:
                findings.add(line, Meaning.ROOM_BED, Reason.PLACE_UNREADABLE)
                return None
            room, bed = pair
        else:
            room = findings.read(line, Meaning.ROOM, str) or ""
            bed = findings.read(line, Meaning.BED, str) or ""
        if not house or not room or not bed:
            return None
        place = Place(house, room, bed)
    if not all(place.key):
        findings.add(line, _bed_meaning(line), Reason.PLACE_UNREADABLE)
        return None
    place = Place(place.house, _short(place.room), _short(place.bed))
    if len(place.house) > LONGEST_HOUSE or max(len(place.room), len(place.bed)) > LONGEST_LABEL:
        findings.add(line, _bed_meaning(line), Reason.TOO_LONG)
        return None
    return place


def _short(label: str) -> str:
    """`Kamar 02` is shown as `2`, `tt a` as `A`; a room with a name keeps it as written."""
    key = label_key(label)
    return key.upper() if re.fullmatch(r"[a-z]|[0-9]+[a-z]?", key) else label.strip()


class _Room:
    """A room while its lines are read: its words may stand beside any of its beds."""

    def __init__(self, house: str, room: str) -> None:
        self.house, self.room = house, room
        self.beds: list[BedFound] = []
        self.words: RoomWords | None = None
        self.written = ""
        self.written_row = 0
        self.cots = 0

    def describe(self, line: Line, findings: Findings) -> bool:
        written = line.text(Meaning.PURPOSE)
        if plain_words(written):
            words = room_words(written)
            if self.words is not None and words != self.words:
                findings.add(line, Meaning.PURPOSE, Reason.PURPOSE_DIFFERS, other_row=self.written_row)
                return False
            if self.words is None:
                self.words, self.written, self.written_row = words, written, line.row
        cots = _count(line.text(Meaning.COTS))
        if cots is None:
            findings.add(line, Meaning.COTS, Reason.NOT_A_COUNT)
            return False
        self.cots += cots
        return True

    def found(self) -> RoomFound:
        words = self.words or room_words("")
        return RoomFound(
            self.house,
            self.room,
            words.purpose,
            words.sure,
            self.written,
            words.ground_floor,
            words.wheelchair,
            self.cots,
            tuple(self.beds),
        )


def _count(text: str) -> int | None:
    words = plain_words(text)
    if is_dash(text) or words in ("tidak", "tidak ada", "tdk", "0"):
        return 0
    if words in ("v", "ya", "ada") or text.strip() in ("√", "✓", "✔"):
        return 1
    match = re.fullmatch(r"([0-9]{1,2})(?: (?:buah|bh|unit|boks|box))?", words)
    return int(match[1]) if match and int(match[1]) <= MOST_COTS else None


_CLOSED: tuple[tuple[ClosedBecause, str], ...] = (
    (ClosedBecause.BROKEN, r"rusak|patah|bocor|jebol|broken"),
    (ClosedBecause.REPAIR, r"perbaikan|diperbaiki|renovasi|dicat|repair"),
    (ClosedBecause.CLEANING, r"dibersihkan|fumigasi|pembersihan|kutu|kepinding|tumila"),
    (
        ClosedBecause.NOT_USED,
        (
            r"ditutup|tidak dipakai|tdk dipakai|dikosongkan|jangan dipakai|tidak digunakan|gudang|"
            r"closed"
        ),
    ),
)
_GOOD_AGAIN = re.compile(r"\b(?:sudah|telah|selesai|sdh)\b|\btidak (?:rusak|bocor)\b")
_UNTIL = re.compile(
    r"(?:\bs\s*[/.]\s*d\b\.?|\bsampai(?: dengan)?\b|\bhingga\b|\buntil\b)\s*(?:tgl\.?|tanggal)?\s*(.+)$", re.IGNORECASE
)


def _closed(line: Line, findings: Findings, *, today: dt.date) -> BedClosed | None:
    """`rusak, diperbaiki s/d 25 Nov` closes a bed to that day; a day that has passed closes nothing."""
    remark = line.text(Meaning.REMARK)
    words = plain_words(remark)
    because = next((reason for reason, pattern in _CLOSED if re.search(rf"\b(?:{pattern})\b", words)), None)
    if because is None or _GOOD_AGAIN.search(words):
        return None
    until: dt.date | None = None
    if match := _UNTIL.search(remark):
        try:
            until = read_date(match[1].strip(" .)"), today=today)
        except Unreadable as unreadable:
            findings.add(line, Meaning.REMARK, Reason.UNREADABLE, fault=unreadable.fault)
            return None
        if until < today:
            return None
    return BedClosed(because, until, remark[:LONGEST_REASON])
