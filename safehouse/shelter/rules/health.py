"""When a first health check and a doctor are late, who is told when, and what ends it. Nothing here says why."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from safehouse.gathered import Telling
from safehouse.residents.models import Examiner, HealthOutcome

FIRST_CHECK_WITHIN = dt.timedelta(hours=24)
# Whoever was examined on the way here is not examined twice.
COUNTS_BEFORE_ARRIVAL = dt.timedelta(days=7)
# Nobody is asked when exactly it happened, so most of the seventy-two hours may be over when she answers.
DOCTOR_WITHIN = dt.timedelta(hours=12)
HELP_IS_OF_USE_FOR = dt.timedelta(hours=120)
SAME_EVENT = dt.timedelta(hours=72)
BY_A_DOCTOR = frozenset({Examiner.CLINIC, Examiner.HOSPITAL})


@dataclass(frozen=True, slots=True)
class Check:
    """A health check that stands: when it was, when it was written down, by whom, and what came of it."""

    at: dt.datetime
    noted_at: dt.datetime
    examiner: Examiner | None
    outcome: HealthOutcome


def counts_from(arrived_at: dt.datetime) -> dt.datetime:
    """From when on a check is one of this stay."""
    return arrived_at - COUNTS_BEFORE_ARRIVAL


def had_first_check(arrived_at: dt.datetime, checks: Collection[Check]) -> bool:
    """Whether she was examined for this stay, or declined to be: that is her right, and it is not asked for again."""
    return any(one.at >= counts_from(arrived_at) for one in checks)


def doctor_needed_no_more(since: dt.datetime, checks: Mapping[int, Collection[Check]]) -> bool:
    """`checks` of everybody the screening was about. It does not say which of them needs the doctor: one who was seen
    by a clinic or a hospital is enough, and a no only once nobody of them was left unasked."""
    lately = {
        person: [one for one in found if one.noted_at >= since and one.at >= since - SAME_EVENT]
        for person, found in checks.items()
    }
    everything = [one for found in lately.values() for one in found]
    if any(one.examiner in BY_A_DOCTOR for one in everything):
        return True
    said_no = any(one.outcome is HealthOutcome.DECLINED for one in everything)
    return said_no and all(lately.values())


def told_of_first_check(arrived_at: dt.datetime, *, has_worker: bool) -> dict[Telling, dt.datetime]:
    """The house and her caseworker at once; the manager when it is late, at once where nobody answers for her."""
    return {
        Telling.STAFF: arrived_at,
        Telling.WORKER: arrived_at,
        Telling.MANAGER: arrived_at + FIRST_CHECK_WITHIN if has_worker else arrived_at,
    }


def told_of_doctor(
    told: dt.datetime, due: dt.datetime, manager_after: dt.timedelta, *, has_worker: bool
) -> dict[Telling, dt.datetime]:
    """The same, but that the manager is told after the set delay: the night is for those who can drive her there."""
    return {
        Telling.STAFF: told,
        Telling.WORKER: told,
        Telling.MANAGER: due + manager_after if has_worker else told,
    }
