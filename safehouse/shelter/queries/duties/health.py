"""The first health check after an arrival, and a doctor for whom time is short. What for is said to nobody here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from safehouse.access.permissions import Role
from safehouse.gathered import Duty
from safehouse.residents.models import HealthCheck
from safehouse.residents.queries.people import living_seen_by
from safehouse.shelter.models import Placement, Screening
from safehouse.shelter.queries.duties.people import Here, families, of_family
from safehouse.shelter.rules.duties import DutyKind
from safehouse.shelter.rules.health import (
    DOCTOR_WITHIN,
    FIRST_CHECK_WITHIN,
    HELP_IS_OF_USE_FOR,
    Check,
    doctor_needed_no_more,
    had_first_check,
    told_of_doctor,
    told_of_first_check,
)

# placement -> her checks; placement -> since when a doctor is wanted soon
Checks = dict[int, list[Check]]
Wanted = dict[int, dt.datetime]


def health(
    session: Session,
    here: Sequence[Here],
    followed: Collection[int],
    manager_after: dt.timedelta,
    *,
    account_id: int,
    role: Role | None,
    now: dt.datetime,
) -> Iterable[Duty]:
    """Both, for families who live here, in one statement. `followed` are the placements that owe a first check."""
    checks, wanted = _noted(session, account_id, role)
    owing = [
        one
        for one in here
        if one.placement_id in followed and not had_first_check(one.arrived_at, checks[one.placement_id])
    ]
    for family in families(owing, lambda _one: True):
        arrived = min(one.arrived_at for one in family)
        told = told_of_first_check(arrived, has_worker=all(one.answered_for for one in family))
        yield of_family(DutyKind.HEALTH_CHECK, family, arrived + FIRST_CHECK_WITHIN, told)
    # Pages of a referral that is closed to her are nowhere; what was answered there, others are told.
    for family in families((one for one in here if one.placement_id in wanted), lambda one: one.number):
        since = max(wanted[one.placement_id] for one in family)
        if now >= since + HELP_IS_OF_USE_FOR:
            continue
        if doctor_needed_no_more(since, {one.resident_id: checks[one.placement_id] for one in family}):
            continue
        due, told_at = since + DOCTOR_WITHIN, max(since, min(one.arrived_at for one in family))
        told = told_of_doctor(told_at, due, manager_after, has_worker=all(one.answered_for for one in family))
        yield of_family(DutyKind.DOCTOR, family, due, told, until=due)


def _noted(session: Session, account_id: int, role: Role | None) -> tuple[Checks, Wanted]:
    """Of those who live here: the checks that stand, and what the newest screening of their referral says."""
    since = (
        select(Screening.doctor_since)
        .where(Screening.referral_id == Placement.referral_id)
        .order_by(Screening.id.desc())
        .limit(1)
        .correlate(Placement)
        .scalar_subquery()
    )
    checks: Checks = defaultdict(list)
    wanted: Wanted = {}
    for placement_id, doctor_since, at, noted_at, examiner, outcome in session.execute(
        select(
            Placement.id,
            since,
            HealthCheck.at,
            HealthCheck.noted_at,
            HealthCheck.examiner,
            HealthCheck.outcome,
        )
        .outerjoin(
            HealthCheck,
            and_(HealthCheck.resident_id == Placement.resident_id, HealthCheck.withdrawn_at.is_(None)),
        )
        .where(Placement.left_at.is_(None), Placement.resident_id.in_(living_seen_by(account_id, role)))
    ):
        if doctor_since is not None:
            wanted[placement_id] = doctor_since
        if at is not None:
            checks[placement_id].append(Check(at, noted_at, examiner, outcome))
    return checks, wanted
