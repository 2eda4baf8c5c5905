"""What an answer to a referral must hold, and what follows from it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from safehouse.residents.models import DangerLevel
from safehouse.shelter.choices import AnswerKind, ReferralState, RefusalGround, Urgency, WaitingPlace

ANSWER_WITHIN = dt.timedelta(hours=24)
FURTHEST_CALL = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Onward:
    """Where someone who cannot be accepted is sent on to: an agency of the address book, a new one by its name, or
    nowhere because she does not want to."""

    known: bool = False
    new_name: str | None = None
    declined: bool = False

    @property
    def ways(self) -> int:
        return self.known + bool(self.new_name) + self.declined


class AnswerFault(StrEnum):
    NO_CALL_DAY = "no_call_day"
    CALL_DAY_PAST = "call_day_past"
    CALL_DAY_FAR = "call_day_far"
    NO_PLACE = "no_place"
    NO_GROUND = "no_ground"
    NO_ONWARD = "no_onward"
    TWO_ONWARDS = "two_onwards"


def faults_of(
    kind: AnswerKind,
    *,
    today: dt.date,
    call_again: dt.date | None = None,
    waiting_place: WaitingPlace | None = None,
    ground: RefusalGround | None = None,
    onward: Onward | None = None,
) -> tuple[AnswerFault, ...]:
    """What is missing. What belongs to another kind of answer is not looked at: the page keeps it, nobody uses it."""
    if kind is AnswerKind.WAITING:
        return (*_faults_of_day(call_again, today), *(() if waiting_place else (AnswerFault.NO_PLACE,)))
    if kind is AnswerKind.REFUSED:
        ways = onward.ways if onward else 0
        missing = () if ground else (AnswerFault.NO_GROUND,)
        if ways == 1:
            return missing
        return (*missing, AnswerFault.TWO_ONWARDS if ways else AnswerFault.NO_ONWARD)
    return ()


def _faults_of_day(call_again: dt.date | None, today: dt.date) -> tuple[AnswerFault, ...]:
    if call_again is None:
        return (AnswerFault.NO_CALL_DAY,)
    if call_again < today:
        return (AnswerFault.CALL_DAY_PAST,)
    return (AnswerFault.CALL_DAY_FAR,) if call_again > today + FURTHEST_CALL else ()


class Doubt(StrEnum):
    """What an answer is asked about once more, before it is written. It is never kept from being given."""

    WAITS_UNSAFE = "waits_unsafe"  # a place that meets every condition is free, and she is not safe until then
    NOT_FULL = "not_full"  # she is refused for want of a place, and one is free


def doubt_about(
    kind: AnswerKind,
    *,
    urgency: Urgency,
    waiting_place: WaitingPlace | None,
    ground: RefusalGround | None,
    full: str | None,
    some: str | None,
) -> Doubt | None:
    """Whether the answer goes against what is free now: `full` meets every condition, `some` fits."""
    if kind is AnswerKind.WAITING and full is not None:
        unsafe = urgency is Urgency.NOW or waiting_place is WaitingPlace.NOWHERE_SAFE
        return Doubt.WAITS_UNSAFE if unsafe else None
    if kind is AnswerKind.REFUSED and ground is RefusalGround.FULL and some is not None:
        return Doubt.NOT_FULL
    return None


def state_after(kind: AnswerKind, before: ReferralState) -> ReferralState:
    """An accepted family still waits for its beds: only placing it ends the waiting."""
    match kind:
        case AnswerKind.REFUSED:
            return ReferralState.REFUSED
        case AnswerKind.WAITING:
            return ReferralState.WAITING
        case AnswerKind.WITHDRAWN:
            return ReferralState.WITHDRAWN
        case _:
            return before


# Whom a page shows first. Someone nobody has asked yet stands above a danger known to be low.
_BY_DANGER = {DangerLevel.HIGH: 0, DangerLevel.MEDIUM: 1, None: 2, DangerLevel.LOW: 3}


def place_in_line(level: DangerLevel | None, taken_at: dt.datetime) -> tuple[int, dt.datetime]:
    """A sorting key: danger first, then who has waited longest. Being asked to wait changes nothing in it."""
    return _BY_DANGER[level], taken_at


def overdue_by(waits: dt.timedelta) -> dt.timedelta | None:
    """By how much an answer is late; None within its 24 hours."""
    return waits - ANSWER_WITHIN if waits > ANSWER_WITHIN else None
