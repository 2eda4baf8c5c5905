"""Who may be told who a resident is, why, and how long it stays on the screen."""

import datetime as dt
from enum import StrEnum

SHOWN = dt.timedelta(minutes=2)
PURPOSE = "identity"


class IdentityReason(StrEnum):
    """Why an identity is opened. An emergency is told to the managers of her house at once."""

    MEDICAL = "medical"
    LEGAL_LETTER = "legal_letter"
    SCHOOL_PAPERS = "school_papers"
    CORRECTION = "correction"
    EMERGENCY = "emergency"


class SoughtBy(StrEnum):
    """What a person is looked for by."""

    ALIAS = "alias"
    NIK = "nik"
    PHONE = "phone"
    NAME = "name"


# security.md 4: thirty searches an hour a person, then a notice.
SEARCHES_AN_HOUR = 30
# Names are sealed: so many are opened and compared at most, the newest residents first.
NAMES_COMPARED = 200
MOST_FOUND = 50


def like_a_name(name: str) -> str:
    """A name as two spellings of it are compared: letters only, in lower case, in alphabetical order of its words.

    Indonesian names have no fixed order of family name and given name, and titles come and go.
    """
    letters = "".join(letter if letter.isalpha() else " " for letter in name.casefold())
    return " ".join(sorted(word for word in letters.split() if word not in TITLES))


TITLES = frozenset({"h", "hj", "haji", "hajah", "dr", "drs", "dra", "ir", "ny", "nyonya", "tn", "tuan", "sdri", "sdr"})


def name_matches(sought: str, name: str) -> bool:
    """Whether every word of the sought name stands in this name. Less than three letters find nobody."""
    wanted = like_a_name(sought).split()
    if sum(map(len, wanted)) < 3:
        return False
    return set(wanted) <= set(like_a_name(name).split())
