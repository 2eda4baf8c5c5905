"""When a signed-in browser is live, locked or over."""

import datetime as dt
from enum import StrEnum

SEEN_EVERY = dt.timedelta(minutes=1)
DEVICE_LIFE = dt.timedelta(days=90)
# The password was right and the code does not come; a second factor is being set up and nobody goes on.
CODE_PAGE_LIFE = dt.timedelta(minutes=10)
ENROLLING_IDLE = dt.timedelta(minutes=30)
MOST_SIGN_INS = 2


class Standing(StrEnum):
    LIVE = "live"
    LOCKED = "locked"
    OVER = "over"


def standing(
    *,
    now: dt.datetime,
    started_at: dt.datetime,
    seen_at: dt.datetime,
    locked_at: dt.datetime | None,
    idle: dt.timedelta,
    longest: dt.timedelta,
) -> Standing:
    """`longest` counts from the start, whatever happens in between; `idle` from the last request."""
    if now - started_at >= longest:
        return Standing.OVER
    if locked_at is not None or now - seen_at >= idle:
        return Standing.LOCKED
    return Standing.LIVE


def code_is_due(*, now: dt.datetime, seen_at: dt.datetime, after: dt.timedelta) -> bool:
    """Away for so long that unlocking asks for a code too."""
    return now - seen_at >= after
