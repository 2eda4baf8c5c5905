"""Rooms and beds; a referral, a placement, and the bed periods in it.

The spine is referral -> placement -> stay.
"""

from safehouse.shelter.models.importing import ImportedRow, ImportRun
from safehouse.shelter.models.places import Adjoining, Bed, Cleaning, Closure, Room
from safehouse.shelter.models.referrals import (
    Decision,
    Hold,
    Referral,
    ReferralAnswer,
    ReferralNeed,
    ReferralPerson,
    Screening,
)
from safehouse.shelter.models.stays import (
    AgainstAdvice,
    Belonging,
    ChildCarer,
    Departure,
    DepartureReview,
    Extension,
    IntakeAnswer,
    Leave,
    Placement,
    Stay,
)

__all__ = [
    "Adjoining",
    "AgainstAdvice",
    "Bed",
    "Belonging",
    "ChildCarer",
    "Cleaning",
    "Closure",
    "Decision",
    "Departure",
    "DepartureReview",
    "Extension",
    "Hold",
    "ImportRun",
    "ImportedRow",
    "IntakeAnswer",
    "Leave",
    "Placement",
    "Referral",
    "ReferralAnswer",
    "ReferralNeed",
    "ReferralPerson",
    "Room",
    "Screening",
    "Stay",
]
