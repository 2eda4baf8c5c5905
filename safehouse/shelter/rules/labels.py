"""What beds are called: A, B, C in each room, and in one word together with the room."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice

_LETTERS = re.compile("[A-Z]{1,2}")


def next_labels(used: Collection[str], count: int) -> list[str]:
    """The next labels of a room in which these are in use: after C comes D, after Z comes AA. None is used twice."""
    taken = {label.upper() for label in used}
    highest = max((_number(label) for label in taken if _LETTERS.fullmatch(label)), default=0)
    return list(islice(_free(highest + 1, taken), count))


@lru_cache(maxsize=4096)
def bed_name(room: str, bed: str) -> str:
    """A bed as people of the house say it: 2A; with a longer label 2 Boks 1."""
    return f"{room}{bed}" if room[-1:].isdigit() and _LETTERS.fullmatch(bed) else f"{room} {bed}"


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
