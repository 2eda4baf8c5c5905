"""What an examination must say of itself, and until when help after violence is of use (`domain.md` 4.4)."""

import datetime as dt
from enum import StrEnum

from safehouse.residents.models import Sex
from safehouse.services.choices import CareState, Funding, LimitAnswer
from safehouse.shelter.rules.people import can_be_pregnant

FARTHEST = dt.timedelta(days=2 * 365)
# A child is expected within ten months, and may be a month late.
LONGEST_EXPECTED = dt.timedelta(days=300)
LATEST_BIRTH = dt.timedelta(days=30)
# Who writes a year ago meant another year.
LONGEST_AGO = dt.timedelta(days=365)


class HealthFault(StrEnum):
    NO_DAY = "no_day"
    IN_FUTURE = "in_future"  # done on a day that has not come
    DAY_OVER = "day_over"  # agreed for a day that is over
    TOO_FAR = "too_far"
    BEFORE_BIRTH = "before_birth"
    AFTER_LEAVING = "after_leaving"
    LEFT = "left"  # nothing new where she lives no more
    COST_WITHOUT_FUNDING = "cost_without_funding"
    NO_LETTER = "no_letter"  # a visum needs the letter of an investigator
    LETTER_IN_FUTURE = "letter_in_future"
    NOT_EXPECTED = "not_expected"  # no child is born on this day
    EXPECTED_ALREADY = "expected_already"
    OVER = "over"
    EVENT_IN_FUTURE = "event_in_future"
    EVENT_LONG_AGO = "event_long_ago"
    NO_TIME = "no_time"  # given, but when
    NOT_GIVEN = "not_given"  # a time, but not given
    GIVEN_BEFORE = "given_before"  # before anything happened
    GIVEN_IN_FUTURE = "given_in_future"


def fault_of_day(
    *,
    state: CareState,
    on_day: dt.date | None,
    before: dt.date | None,
    today: dt.date,
    born: dt.date | None,
    left: dt.date | None,
) -> HealthFault | None:
    """What is wrong with the day of an examination. It may lie before she came: a hospital may have examined her on the
    way. `before` is the day that stood so far, `born` the month of her birth, `left` the day she left."""
    if on_day is None:
        if state in {CareState.SCHEDULED, CareState.DONE}:
            return HealthFault.NO_DAY
        return HealthFault.LEFT if left and state is CareState.REQUESTED else None
    if born is not None and on_day < born:
        return HealthFault.BEFORE_BIRTH
    if on_day > today + FARTHEST:
        return HealthFault.TOO_FAR
    if left is not None and on_day > left and state is not CareState.CANCELLED:
        return HealthFault.AFTER_LEAVING
    if state is CareState.DONE and on_day > today:
        return HealthFault.IN_FUTURE
    if state is CareState.SCHEDULED and on_day < today and on_day != before:
        return HealthFault.DAY_OVER
    return None


def fault_of_cost(cost: int | None, funding: Funding | None) -> HealthFault | None:
    return HealthFault.COST_WITHOUT_FUNDING if cost and funding is None else None


def is_late(state: CareState, on_day: dt.date | None, today: dt.date) -> bool:
    """Agreed for a day that is over, and nobody has said what became of it."""
    return state is CareState.SCHEDULED and on_day is not None and on_day < today


def fault_of_expected(expected: dt.date | None, today: dt.date) -> HealthFault | None:
    if expected is None or today - LATEST_BIRTH <= expected <= today + LONGEST_EXPECTED:
        return None
    return HealthFault.NOT_EXPECTED


def may_be_pregnant(sex: Sex, birth_month: dt.date | None, *, child: bool, today: dt.date) -> bool:
    """A woman, or a girl of ten or more."""
    months = None if birth_month is None else (today.year - birth_month.year) * 12 + today.month - birth_month.month
    return can_be_pregnant(sex, adult=not child, age_months=months)


class Limit(StrEnum):
    """Help that is of use for a few days only after what happened."""

    HIV = "hiv"
    CONTRACEPTION = "contraception"


OF_USE_FOR = {Limit.HIV: dt.timedelta(hours=72), Limit.CONTRACEPTION: dt.timedelta(hours=120)}


def fault_of_event(event_at: dt.datetime, now: dt.datetime) -> HealthFault | None:
    if event_at > now:
        return HealthFault.EVENT_IN_FUTURE
    return HealthFault.EVENT_LONG_AGO if now - event_at > LONGEST_AGO else None


def fault_of_answer(
    answer: LimitAnswer | None, given_at: dt.datetime | None, *, event_at: dt.datetime, now: dt.datetime
) -> HealthFault | None:
    """What was given has its time; nothing else has one."""
    if answer is not LimitAnswer.GIVEN:
        return HealthFault.NOT_GIVEN if given_at is not None else None
    if given_at is None:
        return HealthFault.NO_TIME
    if given_at < event_at:
        return HealthFault.GIVEN_BEFORE
    return HealthFault.GIVEN_IN_FUTURE if given_at > now else None


def is_running(limit: Limit, answer: LimitAnswer | None, *, event_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether help can still be of use and nobody has said what came of it."""
    return answer is None and now < event_at + OF_USE_FOR[limit]
