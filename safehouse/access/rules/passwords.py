"""Which new passwords are refused. Length, not composition; common and context words do not count."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from zxcvbn.frequency_lists import FREQUENCY_LISTS

LEAST, MOST = 12, 128
# Words anyone would try here first.
CONTEXT_WORDS = (
    "teduh",
    "rumahaman",
    "rumah aman",
    "uptd",
    "uptdppa",
    "p2tp2a",
    "ppa",
    "safehouse",
    "perlindungan",
    "rahasia",
    "indonesia",
    "password",
    "katasandi",
    "sandi",
    "bismillah",
    "qwerty",
)
COMMON = frozenset(FREQUENCY_LISTS["passwords"])


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    CONTEXT = "context"
    REPEATED = "repeated"


def normalised(password: str) -> str:
    """NFC and nothing else: what the keyboard of another computer would give."""
    return unicodedata.normalize("NFC", password)


def why_not_password(password: str, context: Sequence[str] = ()) -> PasswordFault | None:
    """What is wrong with a new password, or None. `context` holds the person's and the unit's own names.

    Source: NIST SP 800-63B-4 (length, lists of common and context-specific words, no composition rules).
    """
    text = normalised(password)
    if len(text) < LEAST:
        return PasswordFault.TOO_SHORT
    if len(text) > MOST:
        return PasswordFault.TOO_LONG
    plain = text.casefold()
    if plain in COMMON or plain.strip("0123456789!.?@# ") in COMMON:
        return PasswordFault.COMMON
    if len(set(plain)) < 5 or _is_sequence(plain):
        return PasswordFault.REPEATED
    rest = plain
    for word in sorted({w.casefold() for w in (*CONTEXT_WORDS, *context) if len(w) > 2}, key=len, reverse=True):
        rest = rest.replace(word, "").replace(word.replace(" ", ""), "")
    # A password that is little more than such words and a number is refused; a sentence that contains one is not.
    if len(rest.strip("0123456789!.?@#-_ ")) < 6 and len(rest) < len(plain):
        return PasswordFault.CONTEXT
    return None


def _is_sequence(text: str) -> bool:
    return all(ord(b) - ord(a) == 1 for a, b in pairwise(text)) or text in "01234567890123456789"
