"""What the closed lists of this folder are called on screen."""
from flask_babel import lazy_gettext as _l

from safehouse.access.models import AccountState, ActivationKind, DelegationKind, Discipline
from safehouse.access.permissions import Role
from safehouse.access.rules.passwords import PasswordFault

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
    PasswordFault.CONTEXT: _l("This is made of names from this unit. Choose a sentence that has nothing to do with it."),
    PasswordFault.REPEATED: _l("Too simple. Choose a short sentence of several words."),
}
