"""The person: who she is to the house, who is answerable for her, who must not come near her, what she agreed to."""

from safehouse.residents.models.agreeing import (
    Consent,
    ConsentItem,
    GivenBy,
    Guardian,
    Reading,
)
from safehouse.residents.models.care import Alert, AlertKind, Danger, DangerLevel, Medicine
from safehouse.residents.models.people import AliasUse, Assignment, Grant, Household, Resident, ReturnAnswer, Sex
from safehouse.residents.models.safety import (
    BlindIndex,
    Conflict,
    ConflictKind,
    Denial,
    IndexedKind,
    Matter,
    MatterParty,
    OwnerOfIndex,
    Relationship,
    ReportedPerson,
    Side,
    StaffRelation,
)

__all__ = [
    "Alert",
    "AlertKind",
    "AliasUse",
    "Assignment",
    "BlindIndex",
    "Conflict",
    "ConflictKind",
    "Consent",
    "ConsentItem",
    "Danger",
    "DangerLevel",
    "Denial",
    "GivenBy",
    "Grant",
    "Guardian",
    "Household",
    "IndexedKind",
    "Matter",
    "MatterParty",
    "Medicine",
    "OwnerOfIndex",
    "Reading",
    "Relationship",
    "ReportedPerson",
    "Resident",
    "ReturnAnswer",
    "Sex",
    "Side",
    "StaffRelation",
]
