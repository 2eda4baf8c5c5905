"""When what a service plan asks for is late, and who is told when. Moments are aware; days are those of the house."""

import calendar
import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from safehouse.gathered import Telling

# An appointment is told a day before, so that a car and a companion are found.
APPOINTMENT_TOLD_BEFORE = dt.timedelta(hours=24)
# Whoever works with her sees the week.
WEEK_TOLD_BEFORE = dt.timedelta(days=7)
ACTION_TOLD_BEFORE = dt.timedelta(days=3)
REVIEW_TOLD_BEFORE = dt.timedelta(days=14)
# UU 23/2004 Pasal 32: a protection order is renewed at the latest seven days before it ends.
RENEW_BEFORE = dt.timedelta(days=7)
RENEWAL_TOLD_BEFORE = dt.timedelta(days=14)


class DutyKind(StrEnum):
    """What service plans find to do."""

    PLAN = "services:plan:open"
    ACTION = "services:action:due"
    APPOINTMENT = "services:appointment:today"
    UNSETTLED = "services:appointment:unsettled"  # its time is over, and nobody said what became of it
    MISSED = "services:appointment:missed"
    REVIEW = "services:review:due"
    REVIEW_BACK = "services:review:sent_back"
    REVIEW_DECIDE = "services:review:decide"
    NAMED_REPORT = "services:report:by_name"
    RECOMMENDATION = "services:recommendation:due"
    RENEWAL = "services:order:renewal"
    MEDIATION = "services:mediation:decide"


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def end_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The last moment of a local day."""
    return dt.datetime.combine(day, dt.time.max, zone).astimezone(dt.UTC)


def told_from(
    since: dt.datetime, late: dt.datetime, manager_after: dt.timedelta, *, has_worker: bool
) -> dict[Telling, dt.datetime]:
    """Whoever answers for it from `since`; the manager after the set delay once it is late, at once then where nobody
    answers for it."""
    return {Telling.WORKER: since, Telling.MANAGER: late + manager_after if has_worker else late}
