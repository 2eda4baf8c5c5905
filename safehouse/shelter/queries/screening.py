"""Reads about screenings, and who may read what was answered."""

import datetime as dt

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from safehouse.access.permissions import Role
from safehouse.residents.models import ReportedPerson, Resident
from safehouse.residents.queries.people import seen_by
from safehouse.shelter.choices import ReferralState
from safehouse.shelter.models import Placement, Referral, Screening

# A night and its handing over.
OWN_ANSWERS_FOR = dt.timedelta(hours=12)


def in_one_sitting(screening: Screening, now: dt.datetime) -> bool:
    """Whether what was answered then may stand chosen when the questions are opened again: something is put right, or
    the page was left for an hour. After that nothing about her safety is chosen for whoever asks; she asks anew."""
    return now - screening.made_at <= OWN_ANSWERS_FOR


def newest_screening(session: Session, referral_id: int) -> Screening | None:
    return session.scalar(
        select(Screening).where(Screening.referral_id == referral_id).order_by(Screening.id.desc()).limit(1)
    )


def may_see_family(session: Session, *, referral: Referral, account_id: int, role: Role | None) -> bool:
    """A referral she was found by (`find_referral`), which is not closed to her. While it waits it is the whole unit's.
    Once a family lives in a house, it is for those who may see one of them; a refused or withdrawn one is closed."""
    if referral.state is not ReferralState.ACCEPTED:
        return referral.state in {ReferralState.NEW, ReferralState.WAITING}
    seen = exists().where(
        Placement.referral_id == referral.id, Resident.id == Placement.resident_id, seen_by(account_id, role)
    )
    return bool(session.scalar(select(seen)))


def may_read_answers(
    session: Session, screening: Screening, *, account_id: int, role: Role | None, now: dt.datetime
) -> bool:
    """Caseworkers and managers; house staff only what they wrote themselves within the last 12 hours.

    A row holds what was answered before it too: whoever goes on where somebody else began does not read the beginning.
    """
    if role in {Role.CASEWORKER, Role.MANAGER}:
        return True
    if not in_one_sitting(screening, now):
        return False
    of_others = exists().where(Screening.referral_id == screening.referral_id, Screening.made_by_id != account_id)
    return not session.scalar(select(of_others))


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
