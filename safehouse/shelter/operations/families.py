"""The household a referral is about. It exists before anyone is admitted: conflicts are checked first."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.residents.models import Household, Resident
from safehouse.residents.operations.people import make_household
from safehouse.residents.operations.safety import check_household
from safehouse.residents.queries.safety import barred_house_ids
from safehouse.shelter.models import Referral, ReferralPerson
from safehouse.trail.models import Actor


def household_of(session: Session, *, referral: Referral) -> Household:
    """The household of this referral; made now, with its key, when nobody needed it before. The caller commits."""
    if referral.household_id is not None:
        return session.get_one(Household, referral.household_id)
    # A placing that was undone has left its residents behind: they keep their household.
    known = session.scalar(
        select(Resident.household_id)
        .join(ReferralPerson, ReferralPerson.resident_id == Resident.id)
        .where(ReferralPerson.referral_id == referral.id)
        .limit(1)
    )
    household = make_household(session) if known is None else session.get_one(Household, known)
    referral.household_id = household.id
    return household


def must_not_share(session: Session, *, household: Household, house_id: int, now: dt.datetime, by: Actor) -> bool:
    """Whether somebody lives or works in this house whom the household must never meet, checked now."""
    check_household(session, household=household, now=now, by=by)
    return house_id in barred_house_ids(session, household_id=household.id)
