"""What beds are called: A, B, C in each room, and in one word together with the room.

These are names, like that of a house: they are in the language of the office, whoever reads them.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice

_LETTERS = re.compile("[A-Z]{1,2}")
# How what is laid on the spot is written down: short, and never the label of a bed of the house.
_LAID = re.compile(r"(Kasur|Boks) \+([1-9][0-9]?)")


def next_labels(used: Collection[str], count: int) -> list[str]:
    """The next labels of a room in which these are in use: after C comes D, after Z comes AA. None is used twice."""
    taken = {label.upper() for label in used}
    highest = max((_number(label) for label in taken if _LETTERS.fullmatch(label)), default=0)
    return list(islice(_free(highest + 1, taken), count))


@lru_cache(maxsize=4096)
def bed_name(room: str, bed: str) -> str:
    """A bed as people of the house say it: 2A; with a longer label 2 Boks 1; Kasur tambahan 1 di Kamar 2."""
    if laid := laid_name(bed):
        return f"{laid} di Kamar {room}"
    return f"{room}{bed}" if room[-1:].isdigit() and _LETTERS.fullmatch(bed) else f"{room} {bed}"


def laid_label(kind: str, used: Collection[str]) -> str:
    """The label of the next mattress (or cot, "Boks") laid in a room where these are in use."""
    return next(label for n in range(1, 100) if (label := f"{kind} +{n}") not in used)


def laid_name(bed: str) -> str:
    """Kasur tambahan 1, within its room; nothing for a bed that stands there."""
    laid = _LAID.fullmatch(bed)
    return f"{laid[1]} tambahan {laid[2]}" if laid else ""


def laid_short(room: str, bed: str) -> str:
    """2 kasur 1, where a column is narrow and says whose beds stand in it."""
    laid = _LAID.fullmatch(bed)
    return f"{room} {laid[1].lower()} {laid[2]}" if laid else bed_name(room, bed)


def _free(number: int, taken: set[str]) -> Iterator[str]:
    while True:
        if (label := _label(number)) not in taken:
            yield label
        number += 1


def _number(label: str) -> int:
    number = 0
    for letter in label:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _label(number: int) -> str:
    label = ""
    while number:
        number, letter = divmod(number - 1, 26)
        label = chr(ord("A") + letter) + label
    return label
