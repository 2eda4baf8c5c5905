"""How the record is sorted for the person who reads it, and what she should look at first."""

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from safehouse.trail.acts import Act

LOOK_BACK = dt.timedelta(hours=24)
MANY_OPENINGS = 200
REFUSED_IN_A_ROW = 5
ADDRESS = "house.address"


class Kind(StrEnum):
    """The kinds of act a reader may filter by."""

    OPENED = "opened"
    REFUSED = "refused"
    SIGN_INS = "sign_ins"
    ACCOUNTS = "accounts"
    HOUSES = "houses"
    PLACING = "placing"
    SERVICES = "services"
    RECORD = "record"


KIND_OF: dict[Act, Kind] = {
    Act.VALUE_OPENED: Kind.OPENED,
    Act.SEAL_BROKEN: Kind.REFUSED,
    Act.ACCESS_REFUSED: Kind.REFUSED,
    Act.FIELDS_REFUSED: Kind.REFUSED,
    Act.CHAIN_VERIFIED: Kind.RECORD,
    Act.PASSWORD_CHECKED: Kind.SIGN_INS,
    Act.CODE_CHECKED: Kind.SIGN_INS,
    Act.RECOVERY_CODE_CHECKED: Kind.SIGN_INS,
    Act.SIGNED_IN: Kind.SIGN_INS,
    Act.SIGNED_OUT: Kind.SIGN_INS,
    Act.LOCKED: Kind.SIGN_INS,
    Act.UNLOCKED: Kind.SIGN_INS,
    Act.DRAFT_KEPT: Kind.SIGN_INS,
    Act.ACTIVATION_CHECKED: Kind.SIGN_INS,
    Act.FACTOR_BOUND: Kind.SIGN_INS,
    Act.ACCOUNT_MADE: Kind.ACCOUNTS,
    Act.ACCOUNT_CHANGED: Kind.ACCOUNTS,
    Act.ACCOUNT_DISABLED: Kind.ACCOUNTS,
    Act.ACCOUNT_ENABLED: Kind.ACCOUNTS,
    Act.ACTIVATION_ISSUED: Kind.ACCOUNTS,
    Act.PASSWORD_CHANGED: Kind.ACCOUNTS,
    Act.RECOVERY_CODES_MADE: Kind.ACCOUNTS,
    Act.DEVICE_REVOKED: Kind.ACCOUNTS,
    Act.DEVICE_CHANGED: Kind.ACCOUNTS,
    Act.CLEARANCE_CHANGED: Kind.ACCOUNTS,
    Act.DISCIPLINES_CHANGED: Kind.ACCOUNTS,
    Act.DELEGATION_MADE: Kind.ACCOUNTS,
    Act.DELEGATION_ENDED: Kind.ACCOUNTS,
    Act.THROTTLE_RELEASED: Kind.ACCOUNTS,
    Act.APPROVAL_ASKED: Kind.ACCOUNTS,
    Act.APPROVAL_DECIDED: Kind.ACCOUNTS,
    Act.FACTOR_RESET: Kind.ACCOUNTS,
    Act.PERSON_CONFIRMED: Kind.ACCOUNTS,
    Act.CO_SIGNED: Kind.PLACING,
    Act.UNDONE: Kind.PLACING,
    Act.STEPPED_UP: Kind.OPENED,
    Act.STEP_UP_ENDED: Kind.OPENED,
    Act.OFFICE_MADE: Kind.HOUSES,
    Act.OFFICE_CHANGED: Kind.HOUSES,
    Act.HOUSE_MADE: Kind.HOUSES,
    Act.HOUSE_CHANGED: Kind.HOUSES,
    Act.HOUSE_CLOSED: Kind.HOUSES,
    Act.RESIDENT_MADE: Kind.PLACING,
    Act.RESIDENT_CHANGED: Kind.PLACING,
    Act.ASSIGNMENT_MADE: Kind.PLACING,
    Act.ASSIGNMENT_ENDED: Kind.PLACING,
    Act.ROOM_MADE: Kind.HOUSES,
    Act.ROOM_CHANGED: Kind.HOUSES,
    Act.BED_MADE: Kind.HOUSES,
    Act.BED_CHANGED: Kind.HOUSES,
    Act.CLOSURE_MADE: Kind.HOUSES,
    Act.CLOSURE_ENDED: Kind.HOUSES,
    Act.REFERRAL_TAKEN: Kind.PLACING,
    Act.REFERRAL_CHANGED: Kind.PLACING,
    Act.HELD: Kind.PLACING,
    Act.HOLD_RELEASED: Kind.PLACING,
    Act.HOLD_EXPIRED: Kind.PLACING,
    Act.PLACED: Kind.PLACING,
    Act.PLACED_AGAINST_ADVICE: Kind.PLACING,
    Act.PLACEMENT_UNDONE: Kind.PLACING,
    Act.MOVED: Kind.PLACING,
    Act.EXIT_PLANNED: Kind.PLACING,
    Act.LEAVE_STARTED: Kind.PLACING,
    Act.LEAVE_ENDED: Kind.PLACING,
    Act.LEFT: Kind.PLACING,
    Act.DEPARTURE_UNDONE: Kind.PLACING,
    Act.DEPARTURE_REVIEWED: Kind.PLACING,
    Act.CHILD_CARER_NAMED: Kind.PLACING,
    Act.IMPORTED: Kind.PLACING,
    Act.IDENTITY_RECORDED: Kind.PLACING,
    Act.IDENTITY_SHOWN: Kind.OPENED,
    Act.SEARCHED: Kind.OPENED,
    Act.RETURN_ANSWERED: Kind.PLACING,
    Act.GRANT_TAKEN: Kind.OPENED,
    Act.GRANT_REVIEWED: Kind.PLACING,
    Act.REPORTED_PERSON_NOTED: Kind.PLACING,
    Act.RELATION_NOTED: Kind.ACCOUNTS,
    Act.RELATION_ENDED: Kind.ACCOUNTS,
    Act.CONFLICTS_CHECKED: Kind.PLACING,
    Act.CONFLICT_FOUND: Kind.PLACING,
    Act.CONFLICT_LIFTED: Kind.PLACING,
    Act.CONFLICT_EXPLAINED: Kind.OPENED,
    Act.DENIED: Kind.PLACING,
    Act.DENIAL_ENDED: Kind.PLACING,
    Act.MATTER_OPENED: Kind.PLACING,
    Act.POLICE_TOLD: Kind.PLACING,
    Act.DANGER_ASSESSED: Kind.PLACING,
    Act.ALERT_WRITTEN: Kind.PLACING,
    Act.ALERT_ENDED: Kind.PLACING,
    Act.MEDICINE_NOTED: Kind.PLACING,
    Act.MEDICINE_ENDED: Kind.PLACING,
    Act.HEALTH_CHECK_NOTED: Kind.PLACING,
    Act.HEALTH_CHECK_WITHDRAWN: Kind.PLACING,
    Act.GUARDIAN_NOTED: Kind.PLACING,
    Act.CONSENT_RECORDED: Kind.PLACING,
    Act.CONSENT_WITHDRAWN: Kind.PLACING,
    Act.REFERRAL_ANSWERED: Kind.PLACING,
    Act.SCREENED: Kind.PLACING,
    Act.PLACEMENT_DECIDED: Kind.PLACING,
    Act.INTAKE_RECORDED: Kind.PLACING,
    Act.BELONGINGS_LISTED: Kind.PLACING,
    Act.BELONGING_RETURNED: Kind.PLACING,
    Act.BED_LEFT_UNCLEAN: Kind.PLACING,
    Act.BED_READY: Kind.PLACING,
    Act.EXTENSION_ASKED: Kind.PLACING,
    Act.EXTENSION_DECIDED: Kind.PLACING,
    Act.PAPER_PRINTED: Kind.PLACING,
    Act.PLAN_OPENED: Kind.SERVICES,
    Act.PLAN_AGREED: Kind.SERVICES,
    Act.PLAN_CHANGED: Kind.SERVICES,
    Act.SESSION_RECORDED: Kind.SERVICES,
    Act.SESSION_WITHDRAWN: Kind.SERVICES,
    Act.NOTE_WRITTEN: Kind.SERVICES,
    Act.NOTE_REFUSED: Kind.REFUSED,
    Act.APPOINTMENT_MADE: Kind.SERVICES,
    Act.APPOINTMENT_SETTLED: Kind.SERVICES,
    Act.SUPPORT_RECORDED: Kind.SERVICES,
    Act.CARE_NOTED: Kind.SERVICES,
    Act.SCHOOLING_NOTED: Kind.SERVICES,
    Act.SCHOOL_LETTER_MADE: Kind.SERVICES,
    Act.STAGE_RECORDED: Kind.SERVICES,
    Act.LEGAL_NOTED: Kind.SERVICES,
    Act.MEDIATION_REFUSED: Kind.REFUSED,
    Act.REVIEW_HANDED_IN: Kind.SERVICES,
    Act.REVIEW_DECIDED: Kind.SERVICES,
    Act.REPORT_PRINTED: Kind.SERVICES,
    Act.SIMFONI_FILLED: Kind.SERVICES,
    Act.SIMFONI_ENTERED: Kind.SERVICES,
}


class Look(StrEnum):
    """Why something should be looked at, the gravest first."""

    CHAIN_BROKEN = "chain_broken"
    SEAL_BROKEN = "seal_broken"
    ADDRESS_OPENED = "address_opened"
    MANY_OPENINGS = "many_openings"
    SIGN_IN_REFUSED = "sign_in_refused"
    PAGES_REFUSED = "pages_refused"


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """One line of the list: what happened `times` times within the last day, last at `at`, by or to this account.

    Without `account`: a stranger, or a user name that belongs to nobody.
    """

    look: Look
    at: dt.datetime
    times: int = 1
    account: uuid.UUID | None = None
    subject: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What one account did in a time: how often it opened values and addresses and was refused, and when last."""

    account: uuid.UUID | None
    opened: int
    opened_at: dt.datetime | None
    addresses: int
    address_at: dt.datetime | None
    refused: int
    refused_at: dt.datetime | None


def worth_a_look(counted: list[Counted]) -> list[ToLookAt]:
    """Every opened address, every refused page, and openings in such number that somebody may be copying."""
    found = []
    for one in counted:
        if one.addresses and one.address_at:
            found.append(ToLookAt(Look.ADDRESS_OPENED, one.address_at, one.addresses, one.account))
        if one.opened > MANY_OPENINGS and one.opened_at:
            found.append(ToLookAt(Look.MANY_OPENINGS, one.opened_at, one.opened, one.account))
        if one.refused and one.refused_at:
            found.append(ToLookAt(Look.PAGES_REFUSED, one.refused_at, one.refused, one.account))
    return found


def gravest_first(found: list[ToLookAt]) -> list[ToLookAt]:
    order = list(Look)
    return sorted(found, key=lambda one: (order.index(one.look), -one.at.timestamp()))
