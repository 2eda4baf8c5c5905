"""One-time codes by time step (RFC 6238). A step is 30 seconds since 1970; a used step and all before it are spent."""

import datetime as dt
import re

import pyotp

STEP_SECONDS = 30
# The current step and one before it: slow typists and cheap phones. Never one ahead.
WINDOW = 2
SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def step_of(now: dt.datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def as_typed(text: str) -> str | None:
    """The six ASCII digits in what was typed, one blank in the middle allowed; anything else is no code.

    The library would also take full-width and Arabic-Indic digits, and so the same code under many spellings.
    """
    stripped = text.strip()
    if re.fullmatch(r"[0-9]{3} [0-9]{3}", stripped, re.ASCII):
        stripped = stripped.replace(" ", "")
    return stripped if SIX_DIGITS.fullmatch(stripped) else None


def matching_step(secret: str, code: str, *, now: dt.datetime, last_step: int, window: int = WINDOW) -> int | None:
    """The newest unused step in the window whose code this is. Neighbouring steps can show the same digits, so each
    is tried before refusing."""
    totp, current = pyotp.TOTP(secret), step_of(now)
    for step in range(current, current - window, -1):
        if step > last_step and pyotp.utils.strings_equal(totp.at(step * STEP_SECONDS), code):
            return step
    return None


def clock_is_wrong(now: dt.datetime, last_step: int) -> bool:
    """The stored step lies in the future: the computer's clock jumped ahead and back."""
    return last_step > step_of(now) + 2
