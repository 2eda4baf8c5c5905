"""The household a referral is about. It exists before anyone is admitted: conflicts are checked first."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.residents.models import Household, Resident
from safehouse.residents.operations.people import make_household
from safehouse.shelter.models import Referral, ReferralPerson


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
