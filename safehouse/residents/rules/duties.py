"""When what is owed to a resident is late, and who is told when. Clock hours, whatever the zone."""

import datetime as dt
from enum import StrEnum

from safehouse.gathered import Telling

# UU 12/2022: the police are told within 3 x 24 hours of the victim's own report.
POLICE_WITHIN = dt.timedelta(hours=72)
POLICE_PRESSING = dt.timedelta(hours=24)
REVIEW_WITHIN = dt.timedelta(hours=72)
DENIAL_TOLD_FOR = dt.timedelta(days=7)
RETURN_WITHIN = dt.timedelta(hours=24)


class DutyKind(StrEnum):
    """What is owed to a resident as a person."""

    POLICE = "residents:matter:tell_police"
    GRANT_USED = "residents:grant:used"
    GRANT_REVIEW = "residents:grant:review"
    RETURN = "residents:return:possible"
    DENIED_AT_WORK = "residents:denial:at_work"


def police_due(victim_reported_at: dt.datetime) -> dt.datetime:
    return victim_reported_at + POLICE_WITHIN


def police_told(victim_reported_at: dt.datetime, *, has_worker: bool) -> dict[Telling, dt.datetime]:
    """Her caseworker at once, the manager a day before it is late; at once where nobody answers for her."""
    pressing = police_due(victim_reported_at) - POLICE_PRESSING
    return {
        Telling.WORKER: victim_reported_at,
        Telling.MANAGER: pressing if has_worker else victim_reported_at,
    }
