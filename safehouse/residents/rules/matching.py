"""Whether two written-down people are one and the same. Names are compared as they are said, not as they are spelled
out: titles and degrees do not count, and the many spellings of Muhammad are one.

The numbers decide first: whoever has another NIK is another person, whatever he is called. A name of two words or more
is taken for the same person. A name of one word is as frequent as a first name elsewhere: it counts only where both
say that he was the same to them (both their teacher, husband of the one and former husband of the other).
"""

import re
import unicodedata

from safehouse.residents.models import Relationship

_TITLE = re.compile(
    "almh?|bapak|bpk|bu|dr|dra|drg|drs|gus|h|hjh?|ibu|ir|kh|kiai|kyai|mas|mbak|ny|nyai|nyonya|pak|prof|raden|rd|sdri?|"
    "saudara|saudari|tn|tuan|ust|ustadz?|ustaz"
)
_MUHAMMAD = frozenset(("m", "md", "moch", "moh", "mohamad", "mohammad", "mohd", "muh", "muhamad", "muhammad"))
_ALIKE = (
    frozenset({Relationship.HUSBAND, Relationship.FORMER_HUSBAND, Relationship.PARTNER}),
    frozenset({Relationship.FATHER, Relationship.STEPFATHER}),
)
# Nothing is said by these about who he was to her.
_SAYS_NOTHING = frozenset({Relationship.UNKNOWN, Relationship.STRANGER})


def comparable_name(name: str) -> str:
    """The name in the one spelling in which two are compared; empty when nothing of a name is left."""
    plain = unicodedata.normalize("NFKD", name.split(",", maxsplit=1)[0]).casefold()
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’`ʼ]", "", plain)).split()
    while len(words) > 1 and _TITLE.fullmatch(words[0]):
        words = words[1:]
    if len(words) > 1 and words[0] in _MUHAMMAD:
        words[0] = "muhammad"
    return " ".join(words)


def comparable_plate(plate: str) -> str:
    """`G 1234 ab`, `G-1234-AB` and `g1234ab` are one vehicle."""
    return re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", plate).upper())


def same_name(one: str, other: str) -> bool:
    """Names of two words or more that are said alike."""
    mine = comparable_name(one)
    return " " in mine and mine == comparable_name(other)


def same_reported(one: str, to_one: Relationship, other: str, to_other: Relationship) -> bool:
    """Whether these two names are one reported person, given what he is to each of the two families."""
    mine = comparable_name(one)
    if not mine or mine != comparable_name(other):
        return False
    return " " in mine or _same_to_both(to_one, to_other)


def _same_to_both(one: Relationship, other: Relationship) -> bool:
    if one == other:
        return one not in _SAYS_NOTHING
    return any({one, other} <= alike for alike in _ALIKE)
