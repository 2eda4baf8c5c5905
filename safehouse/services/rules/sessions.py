"""What a session may be, and where it leaves a goal. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from safehouse.access.models import Discipline
from safehouse.services.choices import AppointmentKind, Attendance, Progress, SessionKind, SessionPlace
from safehouse.services.rules.goals import NOT_BEGUN, next_step

# What a meeting is for in each domain, in the order in which it is offered. The first is what is assumed.
KINDS = {
    Discipline.PSYCHOLOGY: (
        SessionKind.INDIVIDUAL,
        SessionKind.ASSESSMENT,
        SessionKind.TRAUMA,
        SessionKind.PLAY,
        SessionKind.GROUP,
        SessionKind.FAMILY,
        SessionKind.CRISIS,
        SessionKind.FOR_COURT,
    ),
    Discipline.HEALTH: (
        SessionKind.ADVICE,
        SessionKind.ASSESSMENT,
        SessionKind.EXERCISE,
        SessionKind.FAMILY,
        SessionKind.ACCOMPANIMENT,
    ),
    Discipline.EDUCATION: (
        SessionKind.LESSON,
        SessionKind.ASSESSMENT,
        SessionKind.ADVICE,
        SessionKind.GROUP,
        SessionKind.FAMILY,
        SessionKind.ACCOMPANIMENT,
    ),
    Discipline.LEGAL: (
        SessionKind.ADVICE,
        SessionKind.ACCOMPANIMENT,
        SessionKind.FAMILY,
    ),
    Discipline.SOCIAL_WORK: (
        SessionKind.INDIVIDUAL,
        SessionKind.ASSESSMENT,
        SessionKind.FAMILY,
        SessionKind.GROUP,
        SessionKind.ACCOMPANIMENT,
        SessionKind.CRISIS,
        SessionKind.LESSON,
        SessionKind.SPIRITUAL,
    ),
}
# Where meetings with her are most of the work; in the other domains they are rare.
MOSTLY_SESSIONS = frozenset({Discipline.PSYCHOLOGY, Discipline.SOCIAL_WORK})
# Who may say that she is ready to live among others again.
SAYS_READY = frozenset({Discipline.PSYCHOLOGY, Discipline.SOCIAL_WORK})
# Appointments that are kept by a session of that domain; of the others something else is written down.
KEPT_BY_A_SESSION = {
    Discipline.PSYCHOLOGY: (
        AppointmentKind.COUNSELLING,
        AppointmentKind.ASSESSMENT,
        AppointmentKind.FAMILY_MEETING,
    ),
    Discipline.HEALTH: (),
    Discipline.EDUCATION: (AppointmentKind.TRAINING,),
    Discipline.LEGAL: (AppointmentKind.LEGAL_ADVICE,),
    Discipline.SOCIAL_WORK: (
        AppointmentKind.ACCOMPANIMENT,
        AppointmentKind.FAMILY_MEETING,
        AppointmentKind.ASSESSMENT,
        AppointmentKind.TRAINING,
    ),
}
# What the next session is agreed as.
NEXT_KIND = {
    Discipline.PSYCHOLOGY: AppointmentKind.COUNSELLING,
    Discipline.HEALTH: AppointmentKind.OTHER,
    Discipline.EDUCATION: AppointmentKind.OTHER,
    Discipline.LEGAL: AppointmentKind.LEGAL_ADVICE,
    Discipline.SOCIAL_WORK: AppointmentKind.ACCOMPANIMENT,
}
LENGTHS = (30, 60, 90)
USUAL_LENGTH = 60
SHORTEST, LONGEST = 1, 24 * 60
QUARTER = 15


class SessionRefusal(StrEnum):
    OTHER_DOMAIN = "other_domain"  # this kind of meeting belongs to another domain
    IN_FUTURE = "in_future"
    BEFORE_ARRIVAL = "before_arrival"
    AFTER_SHE_LEFT = "after_she_left"
    NO_LENGTH = "no_length"
    LENGTH = "length"
    LENGTH_WITHOUT_SESSION = "length_without_session"
    PROGRESS_WITHOUT_SESSION = "progress_without_session"
    READY_WITHOUT_SESSION = "ready_without_session"
    READY_ELSEWHERE = "ready_elsewhere"
    TWICE = "twice"  # a session of this domain with this beginning stands already
    GOAL_OVER = "goal_over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class NewSession:
    """What is said of a meeting. `minutes` only where it took place."""

    kind: SessionKind
    starts_at: dt.datetime
    minutes: int | None
    place: SessionPlace = SessionPlace.HOUSE
    attendance: Attendance = Attendance.ATTENDED
    ready: bool = False


def fault_of(
    new: NewSession,
    *,
    domain: Discipline,
    progress: Sequence[Progress],
    arrived_at: dt.datetime,
    left_at: dt.datetime | None,
    now: dt.datetime,
) -> SessionRefusal | None:
    """Why this cannot have been, or None."""
    held = new.attendance is Attendance.ATTENDED
    faults = (
        (new.kind not in KINDS[domain], SessionRefusal.OTHER_DOMAIN),
        (new.starts_at > now, SessionRefusal.IN_FUTURE),
        (new.starts_at < arrived_at, SessionRefusal.BEFORE_ARRIVAL),
        (left_at is not None and new.starts_at > left_at, SessionRefusal.AFTER_SHE_LEFT),
        (held and new.minutes is None, SessionRefusal.NO_LENGTH),
        (not held and new.minutes is not None, SessionRefusal.LENGTH_WITHOUT_SESSION),
        (new.minutes is not None and not SHORTEST <= new.minutes <= LONGEST, SessionRefusal.LENGTH),
        (
            not held and any(one is not Progress.NOT_DISCUSSED for one in progress),
            SessionRefusal.PROGRESS_WITHOUT_SESSION,
        ),
        (new.ready and not held, SessionRefusal.READY_WITHOUT_SESSION),
        (new.ready and domain not in SAYS_READY, SessionRefusal.READY_ELSEWHERE),
    )
    return next((refusal for wrong, refusal in faults if wrong), None)


def usual_start(now: dt.datetime, *, arrived_at: dt.datetime, left_at: dt.datetime | None) -> dt.datetime:
    """When a session that is written down now has probably begun: its usual length ago, on a quarter of an hour, while
    she lived here."""
    begun = min(now, left_at or now) - dt.timedelta(minutes=USUAL_LENGTH)
    quarter = begun.replace(minute=begun.minute - begun.minute % QUARTER, second=0, microsecond=0)
    return max(quarter, arrived_at)


@dataclass(frozen=True, slots=True)
class Said:
    """A goal was at this step at that moment."""

    at: dt.datetime
    step: int


def stood_at(said: Sequence[Said], at: dt.datetime) -> int:
    """Where a goal stood at a moment. `said` is in the order of time; of several words on one moment the last written
    counts last."""
    before = [one.step for one in said if one.at <= at]
    return before[-1] if before else NOT_BEGUN


def moved_to(said: Sequence[Said], *, at: dt.datetime, progress: Progress) -> int | None:
    """Where a session at this moment leaves a goal; None: it was not talked about."""
    return next_step(stood_at(said, at), progress)
