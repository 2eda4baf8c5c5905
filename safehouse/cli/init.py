"""`safehouse init`: a new office in an empty folder."""

import argparse
import getpass
import sys
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from safehouse.access.rules.accounts import username_as_kept, why_not_username
from safehouse.access.rules.passwords import why_not_password
from safehouse.access.words import PASSWORD_FAULTS
from safehouse.cli.asking import add_place, ask, settings_of
from safehouse.cli.speaking import Commands, Parser, complain, say
from safehouse.cli.words import ACCOUNT_FAULTS
from safehouse.founding import AlreadyThere, NewOffice, found_office, is_taken
from safehouse.settings import Settings
from safehouse.starting import CannotStart, StartFault, kept_passphrase, utc_now

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}


def add(commands: Commands) -> None:
    parser: Parser = commands.add_parser(
        "init",
        help=_("set up a new office"),
        description=_(
            "Sets up a new office in an empty folder: its key, its encrypted database and the first two accounts. "
            "What is not given is asked for; the passphrase is never an argument."
        ),
    )
    add_place(parser)
    parser.options.add_argument("--name", metavar=_("TEXT"), help=_("name of the office"))
    parser.options.add_argument("--title", metavar=_("TEXT"), help=_("name shown on screen (Teduh)"))
    parser.options.add_argument("--zone", metavar=_("ZONE"), help=_("WIB, WITA, WIT, or a name such as Asia/Jakarta"))
    parser.options.add_argument("--security-officer", metavar=_("USER"), help=_("user name of the security officer"))
    parser.options.add_argument("--manager", metavar=_("USER"), help=_("user name of the first manager"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    try:
        if is_taken(settings):
            return _refuse(settings)
    except OperationalError:
        raise CannotStart(StartFault.DATABASE_UNREACHABLE) from None
    name = ask(_("Name of the office"), given=arguments.name, wrong=_too_long(120))
    title = name and ask(
        _("Name shown on screen; choose a neutral one"), given=arguments.title, default="Teduh", wrong=_too_long(40)
    )
    zone = title and ask(_("Time zone (WIB, WITA, WIT)"), given=arguments.zone, default="WIB", wrong=_no_zone)
    officer = zone and ask(_("User name of the security officer"), given=arguments.security_officer, wrong=_no_username)
    manager = officer and ask(
        _("User name of the first manager"), given=arguments.manager, wrong=lambda typed: _no_second(typed, officer)
    )
    secret = manager and _new_passphrase()
    if not (name and title and zone and officer and manager and secret):
        return 1
    office = NewOffice(
        name=name,
        title=title,
        time_zone=ZONES.get(zone.upper(), zone),
        security_officer=username_as_kept(officer),
        manager=username_as_kept(manager),
    )
    say(_("Setting up. This takes a few seconds."))
    try:
        codes = found_office(settings, office, passphrase=secret, now=utc_now())
    except AlreadyThere:
        return _refuse(settings)
    except OperationalError:
        raise CannotStart(StartFault.DATABASE_UNREACHABLE) from None
    say(_("The office is set up in %(folder)s.", folder=settings.data_folder))
    say(
        _(
            "Without the passphrase nobody can open the data again. Write it down and keep it in a sealed "
            "envelope in the safe."
        )
    )
    say()
    say(_("Activation codes, valid for one hour. Hand them over in person:"))
    for username, code in codes.items():
        say(f"  {username:<20} {code}")
    say()
    say(_("Start with: safehouse serve --data %(folder)s", folder=arguments.data))
    return 0


def _refuse(settings: Settings) -> int:
    complain(
        _(
            "There is already a key or a database in %(place)s. Nothing was changed.",
            place=_("this database") if settings.database_url else settings.data_folder,
        )
    )
    return 1


def _new_passphrase() -> str | None:
    secret = kept_passphrase()
    if secret is None:
        if not sys.stdin.isatty():
            raise CannotStart(StartFault.PASSPHRASE_MISSING)
        say(_("The passphrase protects all data. Choose a sentence of several words."))
        secret = getpass.getpass(_("Passphrase: "))
        if secret != getpass.getpass(_("The same passphrase again: ")):
            complain(_("The two passphrases differ. Nothing was set up."))
            return None
    if fault := why_not_password(secret):
        complain(str(PASSWORD_FAULTS[fault]))
        return None
    return secret


def _too_long(most: int) -> Callable[[str], str | None]:
    def wrong(typed: str) -> str | None:
        if not typed.strip() or len(typed) > most or not typed.isprintable():
            return _("Write between 1 and %(most)s characters.", most=most)
        return None

    return wrong


def _no_zone(typed: str) -> str | None:
    try:
        ZoneInfo(ZONES.get(typed.upper(), typed))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _("This time zone is not known. Write WIB, WITA or WIT.")
    return None


def _no_username(typed: str) -> str | None:
    fault = why_not_username(username_as_kept(typed))
    return str(ACCOUNT_FAULTS[fault]) if fault else None


def _no_second(typed: str, first: str) -> str | None:
    if username_as_kept(typed) == username_as_kept(first):
        return _("Choose two different people.")
    return _no_username(typed)
