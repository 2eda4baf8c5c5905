"""What the closed lists of this folder are called on screen."""

from flask_babel import lazy_gettext as _l

from safehouse.access.models import AccountState, ActivationKind, DelegationKind, Discipline
from safehouse.access.permissions import Role
from safehouse.access.rules.accounts import AccountFault
from safehouse.access.rules.approving import ApprovalFault, Recognised, ResetReason
from safehouse.access.rules.passwords import PasswordFault
from safehouse.trail.acts import Act

ROLES = {
    Role.STAFF: _l("House staff"),
    Role.CASEWORKER: _l("Caseworker"),
    Role.MANAGER: _l("Manager"),
    Role.SECURITY_OFFICER: _l("Security officer"),
}
ACCOUNT_STATES = {
    AccountState.INVITED: _l("Waiting for activation"),
    AccountState.ACTIVE: _l("Active"),
    AccountState.DISABLED: _l("Disabled"),
}
DISCIPLINES = {
    Discipline.SOCIAL_WORK: _l("Social work"),
    Discipline.PSYCHOLOGY: _l("Psychology"),
    Discipline.HEALTH: _l("Health"),
    Discipline.LEGAL: _l("Law"),
    Discipline.EDUCATION: _l("Education"),
}
DELEGATIONS = {
    DelegationKind.PLH: _l("Plh (acting for a while)"),
    DelegationKind.PLT: _l("Plt (acting in a vacant post)"),
}
ACTIVATIONS = {
    ActivationKind.ACCOUNT: _l("New password and second step"),
    ActivationKind.PASSWORD: _l("New password; the second step stays"),
}
PASSWORD_FAULTS = {
    PasswordFault.TOO_SHORT: _l("Too short. Use at least 12 characters; a short sentence is easy to remember."),
    PasswordFault.TOO_LONG: _l("Too long. Use at most 128 characters."),
    PasswordFault.COMMON: _l("Many people use this password. Choose a sentence only you would think of."),
    PasswordFault.CONTEXT: _l(
        "This is made of names from this unit. Choose a sentence that has nothing to do with it."
    ),
    PasswordFault.REPEATED: _l("Too simple. Choose a short sentence of several words."),
}
ROLE_HINTS = {
    Role.STAFF: _l("Beds, residents and placing in her own houses"),
    Role.CASEWORKER: _l("The residents assigned to her, by discipline"),
    Role.MANAGER: _l("Decides for her houses. Needs a second person"),
    Role.SECURITY_OFFICER: _l("Accounts and the record, no resident pages. Needs a second person"),
}
RESET_REASONS = {
    ResetReason.PHONE_LOST: _l("Phone lost"),
    ResetReason.PHONE_BROKEN: _l("Phone broken"),
    ResetReason.PHONE_CHANGED: _l("New phone"),
}
RECOGNISED = {
    Recognised.IN_PERSON: _l("Meeting her in person"),
    Recognised.VOICE: _l("Telephone, a voice you know"),
}
ACCOUNT_FAULTS = {
    AccountFault.USERNAME_SPELLING: _l("Use small letters, digits, dot and hyphen, for example dewi.a."),
    AccountFault.USERNAME_TAKEN: _l("This user name belongs to someone already. Choose another one."),
    AccountFault.NAME_MISSING: _l("Not filled in yet."),
    AccountFault.OFFICER_HAS_HOUSES: _l("A security officer works for no house. Leave the houses empty."),
    AccountFault.DISCIPLINES_WITHOUT_CASEWORK: _l("Only a caseworker has disciplines. Leave them empty."),
    AccountFault.HEAD_WITHOUT_MANAGER: _l("Only a manager can be the head of the unit."),
    AccountFault.OWN_ACCOUNT: _l("Nobody changes this about herself. Ask another security officer."),
    AccountFault.LAST_OF_ROLE: _l("This is the last active account with this role. Make another one first."),
    AccountFault.NO_SECOND_PERSON: _l(
        "Nobody else could approve this. Make the account with the account command on "
        "the computer that runs the system."
    ),
    AccountFault.WRONG_STATE: _l("The account is no longer in the state shown. Load its page again."),
    AccountFault.ALREADY_ACTING: _l("Someone already acts as head in these days. Choose other days or end that first."),
}
APPROVAL_FAULTS = {
    ApprovalFault.EXPIRED: _l("The time to answer has passed. Nothing was changed; it has to be asked again."),
    ApprovalFault.CHANGED: _l("What was asked has changed since. Nothing was done; it has to be asked again."),
    ApprovalFault.DECIDED: _l("Someone else has just decided this. Her decision stands."),
    ApprovalFault.OWN: _l("Nobody decides about herself or what she asked for."),
    ApprovalFault.NOT_HER_HOUSE: _l("Only a manager of this house decides who works in it."),
    ApprovalFault.SAME_DEVICE: _l(
        "This was asked on this very device less than an hour ago. Answer on your own device."
    ),
}
ZONE_NAMES = {
    "Asia/Jakarta": _l("WIB (Jakarta)"),
    "Asia/Makassar": _l("WITA (Makassar)"),
    "Asia/Jayapura": _l("WIT (Jayapura)"),
}
# The history of an account.
ACCOUNT_ACTS = {
    Act.ACCOUNT_MADE: _l("Account made"),
    Act.ACCOUNT_CHANGED: _l("Account changed"),
    Act.ACCOUNT_DISABLED: _l("Account disabled"),
    Act.ACCOUNT_ENABLED: _l("Account enabled again"),
    Act.ACTIVATION_ISSUED: _l("Code handed out"),
    Act.PASSWORD_CHANGED: _l("Password changed"),
    Act.FACTOR_BOUND: _l("Second step set up"),
    Act.FACTOR_RESET: _l("Second step removed"),
    Act.RECOVERY_CODES_MADE: _l("Recovery codes made"),
    Act.CLEARANCE_CHANGED: _l("Houses changed"),
    Act.DISCIPLINES_CHANGED: _l("Disciplines changed"),
    Act.DELEGATION_MADE: _l("Acting head entered"),
    Act.DELEGATION_ENDED: _l("Acting as head ended"),
    Act.THROTTLE_RELEASED: _l("Sign-in released"),
    Act.APPROVAL_ASKED: _l("Second person asked"),
    Act.APPROVAL_DECIDED: _l("Second person answered"),
    Act.PERSON_CONFIRMED: _l("Person confirmed"),
}
# What someone opened, by the purpose the record keeps; any other is READING_OF_ANOTHER_KIND.
READINGS = {
    "transport": _l("Address of a house, to bring someone there"),
    "emergency_services": _l("Address of a house, for the emergency services"),
    "official_letter": _l("Address of a house, for a letter"),
    "other_duty": _l("Address of a house, for another duty"),
}
READING_OF_ANOTHER_KIND = _l("Other sealed values")
