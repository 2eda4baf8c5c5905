"""When what is owed to a resident is late, and who is told when. Clock hours, whatever the zone."""

import datetime as dt
from enum import StrEnum

from safehouse.gathered import Telling
from safehouse.residents.rules.clocks import police_deadline

POLICE_PRESSING = dt.timedelta(hours=24)
REVIEW_WITHIN = dt.timedelta(hours=72)
DENIAL_TOLD_FOR = dt.timedelta(days=7)
RETURN_WITHIN = dt.timedelta(hours=24)
LINK_TOLD_FOR = dt.timedelta(days=7)
EMERGENCY_TOLD_FOR = dt.timedelta(hours=24)


class DutyKind(StrEnum):
    """What is owed to a resident as a person."""

    POLICE = "residents:matter:tell_police"
    GRANT_USED = "residents:grant:used"
    GRANT_REVIEW = "residents:grant:review"
    RETURN = "residents:return:possible"
    DENIED_AT_WORK = "residents:denial:at_work"
    UNDER_ONE_ROOF = "residents:conflict:under_one_roof"  # they must never meet, and live in one house
    LINKED = "residents:conflict:linked"  # a check found a reported person in common, in another house
    IDENTITY_OPENED = "residents:identity:emergency"


def police_told(victim_reported_at: dt.datetime, *, has_worker: bool) -> dict[Telling, dt.datetime]:
    """Her caseworker at once, the manager a day before it is late; at once where nobody answers for her."""
    pressing = police_deadline(victim_reported_at) - POLICE_PRESSING
    return {
        Telling.WORKER: victim_reported_at,
        Telling.MANAGER: pressing if has_worker else victim_reported_at,
    }
