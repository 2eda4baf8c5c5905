"""Break-glass: when someone who is not assigned may see a resident all the same (`security.md` 4)."""

import datetime as dt
from enum import StrEnum

LASTS = dt.timedelta(minutes=30)
REVIEW_WITHIN = dt.timedelta(hours=72)
SHORTEST_REASON = 20
MOST_UNREVIEWED = 3


class GrantFault(StrEnum):
    """Why no half hour is given, or a review does not count."""

    NO_SUCH_RESIDENT = "no_such_resident"  # unknown, denied, elsewhere: one answer
    ALREADY_HERS = "already_hers"
    TOO_MANY_UNREVIEWED = "too_many_unreviewed"
    OWN = "own"
    REVIEWED = "reviewed"


def has_too_many(unreviewed: int) -> bool:
    """`unreviewed` counts her earlier ones that nobody has reviewed yet."""
    return unreviewed >= MOST_UNREVIEWED


def why_no_review(*, taker_id: int, reviewer_id: int, reviewed: bool) -> GrantFault | None:
    if taker_id == reviewer_id:
        return GrantFault.OWN
    return GrantFault.REVIEWED if reviewed else None
