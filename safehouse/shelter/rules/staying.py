"""Someone who lives here: where she is, how long she has been here, and what a page must not assume about her."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

SETTLED_AFTER = dt.timedelta(hours=48)
NEAR_DAYS, LAST_DAYS = 3, 1


class Presence(StrEnum):
    IN = "in"
    AWAY = "away"
    NOT_BACK = "not_back"  # away, and later than agreed


def presence(due_back: dt.datetime | None, now: dt.datetime) -> Presence:
    """`due_back` is None for someone who is not away."""
    if due_back is None:
        return Presence.IN
    return Presence.NOT_BACK if due_back < now else Presence.AWAY


class Nearness(StrEnum):
    """How near the end of the time a house gives. Nothing follows from it by itself: it is shown, that is all."""

    NEAR = "near"  # three days or two
    LAST = "last"  # the last day, or the day itself
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Term:
    """A placement counted in local days. A move changes none of it."""

    day: int  # nights slept here, 0 on the day of arrival
    limit_days: int
    last_day: dt.date  # by the limit
    planned_exit: dt.date
    days_left: int  # until the planned exit; negative when it has passed

    @property
    def limit_left(self) -> int:
        """Days until the limit; negative when it has passed."""
        return self.limit_days - self.day

    @property
    def warning(self) -> Nearness | None:
        """About the limit: from three days before it, more urgent from one day before it, then that it has passed."""
        left = self.limit_left
        if left < 0:
            return Nearness.OVER
        if left <= LAST_DAYS:
            return Nearness.LAST
        return Nearness.NEAR if left <= NEAR_DAYS else None


def term(arrived_on: dt.date, limit_days: int, planned_exit: dt.date, today: dt.date) -> Term:
    return Term(
        (today - arrived_on).days,
        limit_days,
        arrived_on + dt.timedelta(days=limit_days),
        planned_exit,
        (planned_exit - today).days,
    )


class Kin(Protocol):
    """One of a household, as she is now."""

    @property
    def id(self) -> int: ...
    @property
    def adult(self) -> bool: ...
    @property
    def presence(self) -> Presence: ...


def children_staying(household: Collection[Kin], leaving: Collection[int]) -> list[int]:
    """The children who stay in the house while an adult of theirs goes: somebody with a name looks after them."""
    if not any(one.adult and one.id in leaving for one in household):
        return []
    return [one.id for one in household if not one.adult and one.id not in leaving and one.presence is Presence.IN]


def left_alone(household: Collection[Kin], leaving: Collection[int]) -> list[int]:
    """The children who would go on living here without any adult of their own, because the last one leaves for good.
    A child who is away for some nights comes back to nobody as well."""
    going = [one for one in household if one.adult and one.id in leaving]
    if not going or any(one.adult and one.id not in leaving for one in household):
        return []
    return [one.id for one in household if not one.adult and one.id not in leaving]


class Cared(Kin, Protocol):
    @property
    def caregiver(self) -> str | None: ...


def caregiver_of(one: Cared, household: Collection[Cared]) -> str | None:
    """Who looks after this child while an adult of hers is away, or since the last one left; nobody is named for an
    adult."""
    if one.adult:
        return None
    if not any(other.adult for other in household):
        return one.caregiver
    return next((other.caregiver for other in household if other.adult and other.caregiver), None)


class Member(Protocol):
    @property
    def adult(self) -> bool: ...
    @property
    def arrived_at(self) -> dt.datetime: ...


def may_be_prefilled(one: Member, household: Collection[Member], now: dt.datetime) -> bool:
    """Whether a form may tick that she is present or gone before anybody looked.

    Not for a child without an adult of her own here, and not in anybody's first 48 hours.
    """
    accompanied = one.adult or any(other.adult for other in household)
    return accompanied and now - one.arrived_at >= SETTLED_AFTER
