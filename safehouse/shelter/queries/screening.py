"""Reads about screenings, and who may read what was answered."""

import datetime as dt

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from safehouse.access.permissions import Role
from safehouse.residents.models import ReportedPerson
from safehouse.residents.queries.people import denied_to, visible_to
from safehouse.shelter.choices import ReferralState
from safehouse.shelter.models import Placement, Referral, Screening

OWN_ANSWERS_FOR = dt.timedelta(hours=12)


def newest_screening(session: Session, referral_id: int) -> Screening | None:
    return session.scalar(
        select(Screening).where(Screening.referral_id == referral_id).order_by(Screening.id.desc()).limit(1)
    )


def may_see_family(session: Session, *, referral: Referral, account_id: int, role: Role | None) -> bool:
    """Referrals that wait are the whole unit's. Once a family lives in a house, it is for those who may see one of
    them and to whom none of them is closed; a refused or withdrawn referral is closed."""
    if referral.state is not ReferralState.ACCEPTED:
        return referral.state in {ReferralState.NEW, ReferralState.WAITING}
    of_family = Placement.referral_id == referral.id
    seen = exists().where(of_family, Placement.resident_id.in_(visible_to(account_id, role)))
    denied = exists().where(of_family, Placement.resident_id.in_(denied_to(account_id)))
    return bool(session.scalar(select(seen & ~denied)))


def may_read_answers(screening: Screening, *, account_id: int, role: Role | None, now: dt.datetime) -> bool:
    """Caseworkers and managers; house staff only what they wrote themselves within the last 12 hours."""
    if role in {Role.CASEWORKER, Role.MANAGER}:
        return True
    return screening.made_by_id == account_id and now - screening.made_at <= OWN_ANSWERS_FOR


def reported_count(session: Session, household_id: int | None) -> int:
    """How many reported persons are noted for this household: their number, nothing of them."""
    if household_id is None:
        return 0
    return (
        session.scalar(
            select(func.count()).select_from(ReportedPerson).where(ReportedPerson.household_id == household_id)
        )
        or 0
    )
