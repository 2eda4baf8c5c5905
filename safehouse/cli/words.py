"""What the command line says when it refuses: one sentence each, with what to do."""

from flask_babel import lazy_gettext as _l

from safehouse.access import words
from safehouse.access.rules.accounts import AccountFault
from safehouse.starting import CannotStart, StartFault

START_FAULTS = {
    StartFault.KEY_MISSING: _l("There is no key in %(folder)s. Set up an office with: safehouse init"),
    StartFault.KEY_READABLE_BY_OTHERS: _l(
        "Other users of this computer can read the key in %(folder)s. Make it private (chmod 600), then start again."
    ),
    StartFault.KEY_BROKEN: _l("The key file in %(folder)s is damaged. Put back a copy of it; nothing was changed."),
    StartFault.TWO_KEYS: _l("There are two key files in %(folder)s, a demo's and an office's. Move one away."),
    StartFault.PASSPHRASE_MISSING: _l(
        "The passphrase is missing. Start from a terminal, or set SAFEHOUSE_PASSPHRASE_FILE or a systemd credential."
    ),
    StartFault.PASSPHRASE_WRONG: _l("This passphrase does not open the key. Nothing was changed."),
    StartFault.PASSPHRASE_FILE_MISSING: _l("The passphrase file %(file)s is not there."),
    StartFault.PRIVATE_FILE_READABLE: _l(
        "Other users of this computer can read %(file)s. Make it private (chmod 600), then start again."
    ),
    StartFault.DATABASE_URL_FILE_MISSING: _l("The file %(file)s with the address of the database is not there."),
    StartFault.DATABASE_URL_SHOWN: _l(
        "This address contains a password, and everybody on this computer can see command lines. Write the address "
        "into a private file, name that with --database-url-file, and change the password."
    ),
    StartFault.DATABASE_MISSING: _l("There is a key in %(folder)s but no database. Put back the database file."),
    StartFault.DATABASE_UNREACHABLE: _l(
        "The database does not answer. Check that it runs and that its address is right."
    ),
    StartFault.WRONG_KEY: _l("This key belongs to another database. Nothing was changed."),
    StartFault.OFFICE_MISSING: _l("This database holds no office yet. Set one up with: safehouse init"),
    StartFault.CLEAR_KEY: _l("A key without a passphrase is for the demo alone; this database is not a demo."),
    StartFault.BEHIND_HEAD: _l("The database is of an older version. Bring it up to date with: safehouse db upgrade"),
    StartFault.AHEAD_OF_PROGRAM: _l(
        "The database is of a newer version (%(form)s) than this program. Install the newer program."
    ),
}

# What the accounts page says, except where it speaks of a page.
ACCOUNT_FAULTS = {
    **words.ACCOUNT_FAULTS,
    AccountFault.NAME_MISSING: _l("The name shown to colleagues is missing."),
    AccountFault.WRONG_STATE: _l("This account is disabled, or has no role to sign in with."),
}

CHAIN_FAULTS = {
    "gap": _l("a row is missing or out of order"),
    "previous": _l("it does not follow from the row before"),
    "changed": _l("its content was changed"),
}


def sentence(refused: CannotStart) -> str:
    return str(START_FAULTS[refused.fault]) % refused.detail
