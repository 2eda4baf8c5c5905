"""When what a stay asks for is late, and who is told when. Moments are aware; days are those of the house."""

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from safehouse.gathered import Telling
from safehouse.shelter.rules.staying import LAST_DAYS, NEAR_DAYS

A_DAY = dt.timedelta(hours=24)
HOLD_NEARLY_OVER = dt.timedelta(hours=1)
# An accepted family that has not come: after this long the referral is no work of today any more.
EXPECTED_FOR = dt.timedelta(days=7)
# What a screening left unknown is asked again within a day, and not for ever.
ASKED_AGAIN_FOR = dt.timedelta(hours=72)


class DutyKind(StrEnum):
    """What the shelter finds to do."""

    CONFIRM = "shelter:placement:confirm"  # an emergency the head has not decided yet
    NOT_GRANTED = "shelter:placement:not_granted"  # the head said no, and they are here: an onward place is owed
    COMPLETE = "shelter:arrival:complete"  # what was put off when the family came
    ANSWER = "shelter:referral:answer"
    CALL_AGAIN = "shelter:referral:call_again"
    PLACE = "shelter:referral:place"  # accepted, and no bed yet
    HOLD_ENDING = "shelter:hold:ending"
    LIMIT_NEAR = "shelter:limit:near"
    LIMIT_OVER = "shelter:limit:over"
    EXTENSION = "shelter:extension:decide"
    NOT_BACK = "shelter:return:overdue"
    LEFT_WITHOUT_NOTICE = "shelter:leave:without_notice"
    CLEAN = "shelter:bed:clean"
    EXIT = "shelter:exit:planned"
    UNASSIGNED = "shelter:resident:unassigned"
    DANGER = "shelter:danger:never_assessed"
    ASK_AGAIN = "shelter:screening:ask_again"  # something of the screening was not known yet
    HEALTH_CHECK = "shelter:health:first_check"  # examined within a day, or asked and declined
    DOCTOR = "shelter:health:doctor"  # help that is of use for a few days only
    WENT_BACK = "shelter:departure:review"  # she left to the one she fled: a manager looks at it
    OPEN_CONSENT = "shelter:consent:open"  # put off at the arrival, or to be asked anew
    CHILD_ALONE = "shelter:child:alone"  # the last adult of hers left for good


class Missing(StrEnum):
    """What a family that lives here has not been asked yet, in the order it is asked."""

    SCREENING = "screening"
    CONSENT = "consent"
    HOUSE_RULES = "house_rules"
    ALLERGIES = "allergies"
    MEDICINES = "medicines"
    BELONGINGS = "belongings"


def follows(arrived_at: dt.datetime, since: dt.datetime | None) -> bool:
    """Whether this arrival owes what an arrival is asked now. Whoever came before is completed when there is time."""
    return since is None or arrived_at >= since


def end_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The last moment of a local day."""
    return dt.datetime.combine(day, dt.time.max, zone).astimezone(dt.UTC)


def start_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)


def limit_warning_since(last_day: dt.date, today: dt.date, zone: ZoneInfo) -> dt.datetime | None:
    """Since when the end of her time is told: three days before it, and anew the day before; None while it is far."""
    left = (last_day - today).days
    if left < 0 or left > NEAR_DAYS:
        return None
    return start_of(last_day - dt.timedelta(days=LAST_DAYS if left <= LAST_DAYS else NEAR_DAYS), zone)


def overdue_return_told(
    due_back: dt.datetime, manager_after: dt.timedelta, *, has_worker: bool
) -> dict[Telling, dt.datetime]:
    """The house and her caseworker at once; the manager after the set delay, at once where nobody answers for her."""
    return {
        Telling.STAFF: due_back,
        Telling.WORKER: due_back,
        Telling.MANAGER: due_back + manager_after if has_worker else due_back,
    }
