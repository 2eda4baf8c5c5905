"""More days than the limit: what may be asked for and granted. Days are local days of the house.

Passing the limit discharges nobody. A move does not touch it; only a granted extension moves it.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from safehouse.access.rules.approving import digest_of

KIND = "extension"
ANSWER_WITHIN = dt.timedelta(days=7)
DANGER_COUNTS_FOR = dt.timedelta(days=3)
FARTHEST_DAYS = 365
FAR_DAYS = 60  # beyond that it is asked once more whether the day is meant


class UntilFault(StrEnum):
    """Why a day cannot be asked for, or granted."""

    NOT_LATER = "not_later"  # not after the limit she has
    PASSED = "passed"
    TOO_FAR = "too_far"
    MORE_THAN_ASKED = "more_than_asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for one placement, as it counts: whatever of it changes voids the asking."""

    placement: int
    limit: dt.date
    until: dt.date
    here: bool


def limit_day(arrived_on: dt.date, limit_days: int) -> dt.date:
    """The last day of the limit. An extension makes `limit_days` more; nothing else does."""
    return arrived_on + dt.timedelta(days=limit_days)


def default_until(limit: dt.date, today: dt.date, house_days: int) -> dt.date:
    """The day offered when more days are asked for: as many again as the house gives, from the limit or from today."""
    return min(max(limit, today) + dt.timedelta(days=house_days), today + dt.timedelta(days=FARTHEST_DAYS))


def why_not_until(until: dt.date, *, limit: dt.date, today: dt.date) -> UntilFault | None:
    """`limit` is the latest limit of those it is asked for."""
    if until <= limit:
        return UntilFault.NOT_LATER
    if until < today:
        return UntilFault.PASSED
    if until > today + dt.timedelta(days=FARTHEST_DAYS):
        return UntilFault.TOO_FAR
    return None


def why_not_grant(granted: dt.date, *, asked: dt.date, limit: dt.date, today: dt.date) -> UntilFault | None:
    """Fewer days may be granted than were asked for, never more."""
    if granted > asked:
        return UntilFault.MORE_THAN_ASKED
    return why_not_until(granted, limit=limit, today=today)


def danger_counts(assessed_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the danger was assessed lately enough to ask for more days on it."""
    return assessed_at is not None and now - assessed_at <= DANGER_COUNTS_FOR


def needs_way_home(granted_before: int) -> bool:
    """From the second extension on, how she goes home is part of the request."""
    return granted_before > 0


def digest_of_request(
    subject: uuid.UUID, reason: str, own_wish: str, danger: uuid.UUID, asked: Iterable[Asked]
) -> bytes:
    rows = sorted((one.placement, one.limit, one.until, one.here) for one in asked)
    return digest_of(KIND, subject, reason, own_wish, danger, *[part for row in rows for part in row])
