"""Who is told what, and ages as groups."""

import datetime as dt

from safehouse.access.permissions import Role
from safehouse.gathered import Telling, Topic

# House staff know a stay and the care it asks for, not the chronology of a case.
FOR_STAFF = frozenset({Topic.STAY, Topic.CARE})
TELLINGS = {Role.STAFF: Telling.STAFF, Role.CASEWORKER: Telling.WORKER, Role.MANAGER: Telling.MANAGER}

# The first year of each group; the last has no end.
AGE_GROUPS = (0, 1, 5, 13, 18, 25, 35, 45, 60)


def ages_around(months: int) -> tuple[int, int | None]:
    """The group of years somebody of this age belongs to: first and last year, both included."""
    years = months // 12
    at = max(place for place, first in enumerate(AGE_GROUPS) if first <= years)
    last = AGE_GROUPS[at + 1] - 1 if at + 1 < len(AGE_GROUPS) else None
    return AGE_GROUPS[at], last


def is_night(local: dt.time) -> bool:
    """Whether people say tonight: from six in the evening to five in the morning."""
    return local >= dt.time(18) or local < dt.time(5)
