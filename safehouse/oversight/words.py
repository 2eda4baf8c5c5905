"""What the record says, in words: acts, purposes, results, and what is worth a look."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.rules.approving import AskedKind
from safehouse.access.words import ACTIVATIONS, DELEGATIONS, DISCIPLINES, ROLES
from safehouse.oversight.rules import Kind, Look
from safehouse.residents.safety_in_words import LIFT_REASONS
from safehouse.residents.words import ALERT_KINDS, CONFLICT_KINDS, GIVEN_BY, GRANT_FAULTS, IDENTITY_REASONS
from safehouse.shelter.rules.extending import KIND as EXTENSION
from safehouse.shelter.words import ANSWER_KINDS, DESTINATIONS, EXTENSION_ANSWERS, EXTENSION_REASONS, LEAVE_KINDS
from safehouse.trail.acts import Act
from safehouse.trail.models import ActorKind, Result

ACTS = {
    Act.VALUE_OPENED: _l("Opened sealed values"),
    Act.SEAL_BROKEN: _l("Found a broken seal"),
    Act.ACCESS_REFUSED: _l("Was refused a page"),
    Act.FIELDS_REFUSED: _l("Sent fields the page does not have"),
    Act.CHAIN_VERIFIED: _l("Checked the record"),
    Act.PASSWORD_CHECKED: _l("Gave a password"),
    Act.CODE_CHECKED: _l("Gave a code"),
    Act.RECOVERY_CODE_CHECKED: _l("Gave a recovery code"),
    Act.SIGNED_IN: _l("Signed in"),
    Act.SIGNED_OUT: _l("A sign-in ended"),
    Act.LOCKED: _l("The screen locked"),
    Act.UNLOCKED: _l("Unlocked the screen"),
    Act.DRAFT_KEPT: _l("Unfinished text was kept"),
    Act.ACTIVATION_CHECKED: _l("Gave an activation code"),
    Act.FACTOR_BOUND: _l("Set up the second step"),
    Act.ACCOUNT_MADE: _l("Made an account"),
    Act.ACCOUNT_CHANGED: _l("Changed an account"),
    Act.ACCOUNT_DISABLED: _l("Disabled an account"),
    Act.ACCOUNT_ENABLED: _l("Enabled an account"),
    Act.ACTIVATION_ISSUED: _l("Issued an activation code"),
    Act.PASSWORD_CHANGED: _l("Changed the password"),
    Act.RECOVERY_CODES_MADE: _l("Made new recovery codes"),
    Act.DEVICE_REVOKED: _l("Removed a device"),
    Act.DEVICE_CHANGED: _l("Changed a device"),
    Act.CLEARANCE_CHANGED: _l("Changed the houses of an account"),
    Act.DISCIPLINES_CHANGED: _l("Changed the fields of work of an account"),
    Act.DELEGATION_MADE: _l("Named an acting head"),
    Act.DELEGATION_ENDED: _l("Ended the term of an acting head"),
    Act.THROTTLE_RELEASED: _l("Reopened a closed sign-in"),
    Act.APPROVAL_ASKED: _l("Asked for an approval"),
    Act.APPROVAL_DECIDED: _l("Answered an approval"),
    Act.FACTOR_RESET: _l("Reset the second step"),
    Act.PERSON_CONFIRMED: _l("Confirmed a person"),
    Act.CO_SIGNED: _l("Signed beside a colleague"),
    Act.UNDONE: _l("Took something back"),
    Act.STEPPED_UP: _l("Proved her second step again"),
    Act.STEP_UP_ENDED: _l("Closed what a fresh code had opened"),
    Act.OFFICE_MADE: _l("Set up the unit"),
    Act.OFFICE_CHANGED: _l("Changed the settings of the unit"),
    Act.HOUSE_MADE: _l("Added a house"),
    Act.HOUSE_CHANGED: _l("Changed a house"),
    Act.HOUSE_CLOSED: _l("Closed a house"),
    Act.RESIDENT_MADE: _l("Wrote down a new resident"),
    Act.RESIDENT_CHANGED: _l("Changed a resident's record"),
    Act.ASSIGNMENT_MADE: _l("Assigned a resident"),
    Act.ASSIGNMENT_ENDED: _l("Ended an assignment"),
    Act.IDENTITY_RECORDED: _l("Wrote down who a resident is"),
    Act.IDENTITY_SHOWN: _l("Opened who a resident is"),
    Act.RETURN_ANSWERED: _l("Answered whether a resident was here before"),
    Act.SEARCHED: _l("Looked for a person by number or name"),
    Act.GRANT_TAKEN: _l("Opened a resident's page in an emergency"),
    Act.GRANT_REVIEWED: _l("Reviewed an emergency opening"),
    Act.REPORTED_PERSON_NOTED: _l("Wrote down a reported person"),
    Act.RELATION_NOTED: _l("Wrote down a relative of someone who works here"),
    Act.RELATION_ENDED: _l("Removed a relative of someone who works here"),
    Act.CONFLICTS_CHECKED: _l("Checked who must not share a house"),
    Act.CONFLICT_FOUND: _l("Wrote down who must not share a house"),
    Act.CONFLICT_LIFTED: _l("Lifted a bar to sharing a house"),
    Act.CONFLICT_EXPLAINED: _l("Opened why two must not share a house"),
    Act.DENIED: _l("Closed a resident to someone"),
    Act.DENIAL_ENDED: _l("Opened a resident to someone again"),
    Act.MATTER_OPENED: _l("Wrote down a report of violence"),
    Act.POLICE_TOLD: _l("Wrote down that the police were told"),
    Act.DANGER_ASSESSED: _l("Assessed the danger"),
    Act.ALERT_WRITTEN: _l("Wrote a note for staff"),
    Act.ALERT_ENDED: _l("Ended a note for staff"),
    Act.MEDICINE_NOTED: _l("Wrote down a medicine"),
    Act.MEDICINE_ENDED: _l("Ended a medicine"),
    Act.HEALTH_CHECK_NOTED: _l("Wrote down a health check"),
    Act.HEALTH_CHECK_WITHDRAWN: _l("Withdrew a health check"),
    Act.GUARDIAN_NOTED: _l("Wrote down a guardian"),
    Act.CONSENT_RECORDED: _l("Recorded a consent"),
    Act.CONSENT_WITHDRAWN: _l("Recorded that a consent was taken back"),
    Act.ROOM_MADE: _l("Added a room"),
    Act.ROOM_CHANGED: _l("Changed a room"),
    Act.BED_MADE: _l("Added a bed"),
    Act.BED_CHANGED: _l("Changed a bed"),
    Act.CLOSURE_MADE: _l("Closed a room or bed"),
    Act.CLOSURE_ENDED: _l("Reopened a room or bed"),
    Act.REFERRAL_TAKEN: _l("Took a referral"),
    Act.REFERRAL_CHANGED: _l("Changed a referral"),
    Act.REFERRAL_ANSWERED: _l("Answered a referral"),
    Act.SCREENED: _l("Recorded a screening"),
    Act.PLACEMENT_DECIDED: _l("Decided a placement"),
    Act.INTAKE_RECORDED: _l("Recorded what was asked at arrival"),
    Act.BELONGINGS_LISTED: _l("Listed belongings"),
    Act.BELONGING_RETURNED: _l("Gave belongings back"),
    Act.BED_LEFT_UNCLEAN: _l("A bed is to be cleaned"),
    Act.BED_READY: _l("Said that a bed is ready"),
    Act.EXTENSION_ASKED: _l("Asked for more days"),
    Act.EXTENSION_DECIDED: _l("Answered a request for more days"),
    Act.PAPER_PRINTED: _l("Printed a paper"),
    Act.HELD: _l("Held a bed"),
    Act.HOLD_RELEASED: _l("Released a held bed"),
    Act.HOLD_EXPIRED: _l("A held bed became free"),
    Act.PLACED: _l("Placed a family"),
    Act.PLACED_AGAINST_ADVICE: _l("Placed a family against the advice"),
    Act.PLACEMENT_UNDONE: _l("Took a placement back"),
    Act.MOVED: _l("Moved a resident to another bed"),
    Act.EXIT_PLANNED: _l("Planned the day of leaving"),
    Act.LEAVE_STARTED: _l("Wrote down a leave"),
    Act.LEAVE_ENDED: _l("Wrote down a return"),
    Act.LEFT: _l("Wrote down the end of a stay"),
    Act.DEPARTURE_UNDONE: _l("Took the end of a stay back"),
    Act.DEPARTURE_REVIEWED: _l("Looked at a return to the partner"),
    Act.CHILD_CARER_NAMED: _l("Named who looks after a child"),
    Act.IMPORTED: _l("Imported a register"),
}

RESULTS = {
    Result.DONE: _l("Done"),
    Result.REFUSED: _l("Refused"),
    Result.FAILED: _l("Failed"),
}

ACTORS = {
    ActorKind.ACCOUNT: _l("An account that no longer exists"),
    ActorKind.STRANGER: _l("Not signed in"),
    ActorKind.SYSTEM: _l("The system"),
    ActorKind.PARTNER: _l("A partner"),
}

KINDS = {
    Kind.OPENED: _l("Openings"),
    Kind.REFUSED: _l("Refusals and broken seals"),
    Kind.SIGN_INS: _l("Signing in and out"),
    Kind.ACCOUNTS: _l("Accounts"),
    Kind.HOUSES: _l("Houses, rooms and beds"),
    Kind.PLACING: _l("Referrals and residents"),
    Kind.RECORD: _l("Checks of the record"),
}

LOOKS = {
    Look.CHAIN_BROKEN: _l("The record was changed from outside"),
    Look.SEAL_BROKEN: _l("A sealed value did not open"),
    Look.ADDRESS_OPENED: _l("The address of a house was opened"),
    Look.MANY_OPENINGS: _l("More than 200 openings in one day"),
    Look.SIGN_IN_REFUSED: _l("Sign-in refused several times in a row"),
    Look.PAGES_REFUSED: _l("Pages refused"),
}

# Every sealed column; what was opened is named, never shown.
FIELDS = {
    "account.password": _l("password"),
    "against_advice.reason": _l("reason against the advice"),
    "draft.body": _l("unfinished text"),
    "house.address": _l("address of the house"),
    "import_run.answers": _l("corrections of an import"),
    "import_run.inventory": _l("inventory being imported"),
    "import_run.register": _l("register being imported"),
    "referral.contact": _l("contact of the referrer"),
    "alert.words": _l("note for staff"),
    "belonging.what": _l("belongings"),
    "consent.reason": _l("reason of a decision for a child"),
    "danger.words": _l("words about the danger"),
    "decision.words": _l("words of a decision"),
    "denial.reason": _l("reason to close a resident to someone"),
    "extension.answer": _l("answer to a request for more days"),
    "extension.way_home": _l("plan for going home"),
    "extension.words": _l("reason for more days"),
    "guardian.name": _l("name of the guardian"),
    "health_check.words": _l("words about a health check"),
    "guardian.nik": _l("NIK of the guardian"),
    "guardian.phone": _l("telephone of the guardian"),
    "household.address": _l("address of the family"),
    "household.family_card": _l("number of the family card"),
    "matter.police_report_number": _l("number of the police report"),
    "medicine.dose": _l("dose of a medicine"),
    "medicine.name": _l("medicine"),
    "referral.message": _l("pasted message"),
    "reported_person.name": _l("name of a reported person"),
    "reported_person.nik": _l("NIK of a reported person"),
    "reported_person.phone": _l("telephone of a reported person"),
    "reported_person.plate": _l("number plate of a reported person"),
    "resident.born": _l("date of birth"),
    "resident.home_village": _l("home village"),
    "resident_grant.reason": _l("reason of an emergency opening"),
    "screening.answers": _l("answers of the screening"),
    "staff_relation.name": _l("name of a relative of staff"),
    "staff_relation.nik": _l("NIK of a relative of staff"),
    "staff_relation.phone": _l("telephone of a relative of staff"),
    "resident.name": _l("name"),
    "resident.nik": _l("NIK"),
    "resident.phone": _l("telephone"),
    "totp.secret": _l("second step"),
}

# Why something was done, in the words of the code that did it.
PURPOSES = {
    "": _l("another page"),
    "decision printed": _l("to print a decision"),
    "decision read": _l("to read a decision again"),
    "emergency_services": _l("ambulance, fire brigade or police"),
    "ended by owner": _l("ended by the person herself"),
    "import": _l("to bring in a register"),
    "inventory": _l("inventory"),
    "made the house": _l("for the house she set up"),
    "official_letter": _l("official letter"),
    "other_duty": _l("another duty"),
    "transport": _l("transport of a resident"),
    "undone": _l("taken back"),
    "activation": _l("account activated"),
    "by hand": _l("by hand"),
    "conflict check": _l("to find who must not share a house"),
    "denial": _l("to read why someone must know nothing"),
    "relatives of staff": _l("to look after the relatives of staff"),
    "reported persons": _l("to look after the reported persons"),
    "code": _l("to check the code"),
    "coordinator": _l("as coordinator"),
    "disabled": _l("account disabled"),
    "draft": _l("unfinished text came back"),
    "ended by officer": _l("ended by the security officer"),
    "enrolment": _l("second step being set up"),
    "factor reset": _l("second step reset"),
    "idle": _l("nobody was there"),
    "nothing": _l("a page that does not exist"),
    "over": _l("its time was over"),
    "password": _l("to check the password"),
    "person": _l("that it is really this person"),
    "recovery": _l("recovery code used"),
    "register": _l("register"),
    "role": _l("role changed"),
    "too many": _l("third sign-in of one person"),
    "withdrawal undone": _l("withdrawal taken back"),
    "answer undone": _l("answer taken back"),
    "pasted message": _l("to read the pasted message again"),
    "screening": _l("to go on with the screening"),
    "screening result": _l("to read the result of the screening"),
    "without notice": _l("left without notice"),
    "beyond the limit": _l("later than the limit of the house"),
    "alerts": _l("notes for staff and medicines"),
    "belongings": _l("belongings"),
    "health check": _l("health checks"),
    "corrected": _l("corrected"),
    "guardian": _l("whether a guardian is a reported person"),
    "family changed": _l("not counted any more: other people come than were decided about"),
    "plan and own choice": _l("with a safety plan, by her own choice"),
    "no safety plan": _l("without a safety plan"),
    "not her choice": _l("not by her own choice"),
    "no safety plan, not her choice": _l("without a safety plan, not by her own choice"),
    "own placement": _l("of a family she had placed herself"),
    "reported person": _l("as a reported person"),
    "withdrawn": _l("withdrawn"),
    "search": _l("to find a resident"),
    "while writing it down": _l("while writing it down"),
    "changed": _l("an earlier number was changed"),
    "identity": _l("to open an identity"),
    "review": _l("to review an emergency opening"),
    "by nik": _l("by NIK"),
    "by phone": _l("by telephone"),
    "by name": _l("by name"),
    "justified": _l("was needed"),
    "coming of age": _l("to know on which day she comes of age"),
    "not justified": _l("was not needed"),
    "same person": _l("the same person"),
    "another person": _l("another person"),
}

# What an approval was asked for.
ASKED: dict[str, Any] = {
    AskedKind.ROLE: _l("role with more rights"),
    AskedKind.FACTOR_RESET: _l("second step reset"),
    AskedKind.HOUSE: _l("work in a house"),
    AskedKind.PERSON: _l("that it is really this person"),
    EXTENSION: _l("more days"),
}

# What was taken back, by the kind of act.
UNDONE = {
    "bed:ready": _l("that a bed is ready"),
    "extension:ask": _l("a request for more days"),
    "extension:decide": _l("an answer to a request for more days"),
    "alert:end": _l("the end of a note"),
    "consent:withdraw": _l("a withdrawal of consent"),
    "decision:take": _l("a decision"),
    "health:note": _l("a health check"),
    "placing:place": _l("a placement"),
    "referral:answer": _l("an answer to a referral"),
    "referral:withdraw": _l("a withdrawal"),
    "stay:back": _l("a return to the house"),
    "stay:departure": _l("the end of a stay"),
    "stay:leave": _l("an absence"),
    "stay:move": _l("a move"),
    "stay:without_notice": _l("that somebody left without notice"),
}

# Where the purpose of an act is a choice from one of our lists.
CHOSEN: dict[Act, Mapping[Any, Any]] = {
    Act.ACTIVATION_ISSUED: ACTIVATIONS,
    Act.ACCOUNT_MADE: ROLES,
    Act.ACCOUNT_CHANGED: ROLES,
    Act.DELEGATION_MADE: DELEGATIONS,
    Act.DELEGATION_ENDED: DELEGATIONS,
    Act.ASSIGNMENT_MADE: DISCIPLINES,
    Act.ASSIGNMENT_ENDED: DISCIPLINES,
    Act.ALERT_ENDED: ALERT_KINDS,
    Act.ALERT_WRITTEN: ALERT_KINDS,
    Act.CONFLICT_FOUND: CONFLICT_KINDS,
    Act.CONFLICT_LIFTED: LIFT_REASONS,
    Act.CONSENT_RECORDED: GIVEN_BY,
    Act.LEAVE_STARTED: LEAVE_KINDS,
    Act.EXTENSION_ASKED: EXTENSION_REASONS,
    Act.EXTENSION_DECIDED: EXTENSION_ANSWERS,
    Act.LEFT: DESTINATIONS,
    Act.REFERRAL_ANSWERED: ANSWER_KINDS,
    Act.APPROVAL_ASKED: ASKED,
    Act.IDENTITY_SHOWN: IDENTITY_REASONS,
    Act.VALUE_OPENED: IDENTITY_REASONS,
    Act.GRANT_TAKEN: GRANT_FAULTS,
    Act.UNDONE: UNDONE,
}


# A page that was refused or not found, by the part of the product it belongs to.
PARTS_OF_THE_PRODUCT = {
    "access": _l("signing in"),
    "enrolment": _l("activation"),
    "own_account": _l("my account"),
    "accounts": _l("accounts"),
    "approvals": _l("approvals"),
    "office": _l("settings"),
    "houses": _l("houses"),
    "imports": _l("import"),
    "board": _l("beds"),
    "referrals": _l("referrals"),
    "alerts": _l("notes for staff"),
    "consenting": _l("consent"),
    "consents": _l("consent"),
    "deciding": _l("decision"),
    "intake": _l("questions after the arrival"),
    "placing": _l("placement"),
    "extensions": _l("more days"),
    "cleaning": _l("beds to be cleaned"),
    "stays": _l("residents"),
    "today": _l("what waits today, or a resident"),
    "assignments": _l("assignment"),
    "finding": _l("finding a resident"),
    "grants": _l("emergency opening"),
    "health": _l("health checks"),
    "identity": _l("identity of a resident"),
    "returns": _l("someone who was here before"),
    "trail": _l("record"),
    "web": _l("help or display"),
    "nothing": _l("an address that does not exist"),
    "static": _l("a file of the pages"),
}


def act_in_words(act: Act, fields: tuple[str, ...]) -> str:
    """What was done; of an opening also which values, by name."""
    if act is Act.VALUE_OPENED and fields:
        return _("Opened: %(what)s", what=", ".join(str(FIELDS.get(field, field)) for field in fields))
    return str(ACTS[act])


def purpose_in_words(act: Act, purpose: str | None) -> str:
    """Why; the name of a page or a number stays as it was written."""
    if purpose is None:
        return ""
    if act is Act.CHAIN_VERIFIED:
        return _("entry %(n)s", n=purpose.rpartition(" ")[2])
    if act is Act.APPROVAL_DECIDED:
        kind, _colon, answer = purpose.partition(":")
        what = str(ASKED.get(kind, kind))
        if answer == "granted":
            return _("granted: %(what)s", what=what)
        return _("refused: %(what)s", what=what) if answer else what
    if act in {Act.ACCESS_REFUSED, Act.FIELDS_REFUSED} and (
        part := PARTS_OF_THE_PRODUCT.get(purpose.partition(".")[0])
    ):
        return _("Page: %(part)s", part=part)
    if purpose in CHOSEN.get(act, {}):
        return str(CHOSEN[act][purpose])
    return str(PURPOSES.get(purpose, purpose))
