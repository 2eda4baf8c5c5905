"""One bed in words: `Rumah Satu / 2A`, `R1-2A`, `Rumah Satu Kmr 2 TT A`, and the bed of the inventory it means."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from safehouse.shelter.rules.importing.meanings import plain_words


@dataclass(frozen=True, order=True)
class Place:
    """One bed by house, room and bed, in the spelling of the inventory."""

    house: str
    room: str
    bed: str

    @property
    def key(self) -> tuple[str, str, str]:
        return house_key(self.house), label_key(self.room), label_key(self.bed)


_ROOM_WORD = r"(?:kamar|kmr|km|ruangan|ruang|room|rg)"
_BED_WORD = r"(?:tempat tidur|t tidur|ranjang|kasur|dipan|tt|bed)"
_LABEL_WORDS = re.compile(rf"^(?:{_ROOM_WORD}|{_BED_WORD})\b|^(?:no|nomor)\b")


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """What makes two labels of a room or bed the same: `Kamar 02` is `2`, `TT a` is `A`."""
    words = plain_words(text)
    while (shorter := _LABEL_WORDS.sub("", words).strip()) != words and shorter:
        words = shorter
    return re.sub(r"\b0+(?=[0-9])", "", words).replace(" ", "")


_NUMBER_WORDS = {
    "satu": "1",
    "dua": "2",
    "tiga": "3",
    "empat": "4",
    "lima": "5",
    "enam": "6",
    "tujuh": "7",
    "delapan": "8",
    "sembilan": "9",
    "sepuluh": "10",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
}
_HOUSE_WORDS = frozenset({"rumah", "rmh", "house", "shelter", "wisma", "ra", "r", "aman", "gedung", "unit"})


@lru_cache(maxsize=4096)
def house_key(text: str) -> str:
    """What makes two spellings of a house the same: `RUMAH SATU`, `Rumah 1` and `R1` are one house."""
    words = re.sub(r"(?<=[a-z])(?=[0-9])", " ", plain_words(text)).split()
    telling = [word for word in words if word not in _HOUSE_WORDS] or words
    return " ".join(_NUMBER_WORDS.get(word, word.lstrip("0") or word) for word in telling)


_WITH_WORDS = re.compile(
    rf"{_ROOM_WORD}\.?\s*(?:no\.?\s*)?(?P<room>[\w ]{{1,20}}?)[\s,./\-–]*{_BED_WORD}\.?\s*"
    r"(?:no\.?\s*)?(?P<bed>\w{1,6})",
    re.IGNORECASE,
)
_SEPARATED = re.compile(
    rf"(?:{_ROOM_WORD}\.?\s*)?(?P<room>[\w ]{{1,20}}?)\s*[-/.,|]\s*(?P<bed>[0-9]{{1,3}}|[A-Za-z])", re.IGNORECASE
)
_TOGETHER = re.compile(rf"(?:{_ROOM_WORD}\.?\s*)?(?P<room>[0-9]{{1,3}})\s*(?P<bed>[A-Za-z])", re.IGNORECASE)
_LETTER_FIRST = re.compile(r"(?P<room>[A-Za-z])\s*(?P<bed>[0-9]{1,3})")
_NAMED = re.compile(r"(?P<room>[A-Za-z]{3,20})\s+(?P<bed>[0-9]{1,3}|[A-Za-z])")


@lru_cache(maxsize=4096)
def split_room_bed(text: str) -> tuple[str, str] | None:
    """Room and bed of `2A`, `2/A`, `Kmr 2 TT A`, `Mawar 3`; nothing where only a number stands."""
    text = text.strip()[:60]
    for pattern in (_WITH_WORDS, _TOGETHER, _SEPARATED, _LETTER_FIRST, _NAMED):
        if match := pattern.fullmatch(text):
            room, bed = match["room"].strip(), match["bed"].strip()
            return (room, bed) if label_key(room) and label_key(bed) else None
    return None


_HOUSE_THEN_WORD = re.compile(rf"(?P<house>.{{1,40}}?)[\s,/|\-–:]+(?P<rest>{_ROOM_WORD}\b.+)", re.IGNORECASE)
_THREE_PARTS = re.compile(
    r"(?P<house>.{1,40}?)\s*[/|,;\-–]\s*(?P<room>[\w ]{1,20}?)\s*[/|,;\-–]\s*(?P<bed>[\w ]{1,12})"
)
_TWO_PARTS = re.compile(r"(?P<house>.{1,40}?)\s*[/|,;:\-–]\s*(?P<rest>.{1,30})")
_SPACED = re.compile(r"(?P<house>.{1,40}\S)\s+(?P<rest>\S{1,8})")


@lru_cache(maxsize=4096)
def split_place(text: str) -> Place | None:
    """House, room and bed written in one cell, by the shape of the text alone."""
    text = text.strip()[:80]
    if match := _HOUSE_THEN_WORD.fullmatch(text):
        return _with_house(match["house"], match["rest"])
    if match := _THREE_PARTS.fullmatch(text):
        if label_key(match["room"]) and label_key(match["bed"]):
            return Place(match["house"].strip(), match["room"].strip(), match["bed"].strip())
        return None
    for pattern in (_TWO_PARTS, _SPACED):
        if (match := pattern.fullmatch(text)) and (place := _with_house(match["house"], match["rest"])):
            return place
    return None


def _with_house(house: str, rest: str) -> Place | None:
    house = house.strip(" ,;:/|-–")
    pair = split_room_bed(rest)
    # A lone letter or figure before the bed is a room, not a house.
    if pair is None or len(house_key(house)) < 1 or re.fullmatch(r"[0-9]{1,3}", house):
        return None
    return Place(house, *pair)


class Inventory:
    """The beds that exist, found again in whatever spelling a register uses."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = frozenset(places)
        self._by_key = {place.key: place for place in self.places}
        self._houses = {key[0] for key in self._by_key}
        self._by_room_bed: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._run_together: dict[str, list[Place]] = defaultdict(list)
        for (house, room, bed), place in self._by_key.items():
            self._by_room_bed[room, bed].append(place)
            self._run_together[f"{house}|{room}{bed}"].append(place)

    def find(self, house: str, room: str, bed: str) -> Place | None:
        """The bed with these three labels; without a house only where there is a single house."""
        if not house:
            found = self._by_room_bed.get((label_key(room), label_key(bed)), [])
            return found[0] if len(self._houses) == 1 and found else None
        return self._by_key.get((house_key(house), label_key(room), label_key(bed)))

    def find_in_house(self, house: str, room_bed: str) -> Place | None:
        """The bed written in one cell beside its house; `12` only where it can be a single bed."""
        pair = split_room_bed(room_bed)
        if pair and (place := self.find(house, *pair)):
            return place
        key = house_key(house) if house else next(iter(self._houses)) if len(self._houses) == 1 else ""
        together = self._run_together.get(f"{key}|{label_key(room_bed)}", [])
        return together[0] if len(together) == 1 else None

    def find_written(self, text: str) -> Place | None:
        """The bed of one cell that holds everything."""
        place = split_place(text)
        if place and (known := self.find(place.house, place.room, place.bed)):
            return known
        if len(self._houses) == 1 and (known := self.find_in_house("", text)):
            return known
        # The house by its beginning: "Melati 2A" where a house is called Melati.
        words = plain_words(text).split()
        for count in range(len(words) - 1, 0, -1):
            head, rest = " ".join(words[:count]), " ".join(words[count:])
            if house_key(head) in self._houses and (known := self.find_in_house(head, rest)):
                return known
        return None
