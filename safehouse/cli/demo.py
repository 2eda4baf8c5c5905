"""`safehouse demo`: an invented office on this computer, and codes to sign in with."""

import argparse
import datetime as dt
import sys
from pathlib import Path

import pyotp
from flask_babel import gettext as _

from safehouse.access.permissions import Role
from safehouse.access.words import ROLES
from safehouse.cli.serve import answer, warn_of_broken_record
from safehouse.cli.speaking import Commands, Parser, complain, say
from safehouse.demo.building import NotForDemo, Occupied, open_demo
from safehouse.demo.cast import ACCOUNTS_FILE, DemoAccount, read_accounts
from safehouse.serving import Listening
from safehouse.settings import from_environment
from safehouse.starting import utc_now

STEP = 30


def add(commands: Commands) -> None:
    parser: Parser = commands.add_parser(
        "demo",
        help=_("try it with invented data"),
        description=_("Makes an invented office and serves it on this computer. The next start keeps the data."),
    )
    _folder(parser, Path("instance"))
    parser.options.add_argument("--port", type=int, default=8000, metavar=_("NUMBER"), help=_("port (8000)"))
    parser.set_defaults(run=run)
    below = parser.commands(required=False)
    codes: Parser = below.add_parser("codes", help=_("print fresh codes"))
    _folder(codes, argparse.SUPPRESS)
    codes.set_defaults(run=print_codes)


def _folder(parser: Parser, default: object) -> None:
    parser.options.add_argument(
        "--data", type=Path, default=default, metavar=_("FOLDER"), help=_("folder of the demo (instance)")
    )


def run(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.data.resolve()
    say(_("Opening the demo in %(folder)s ...", folder=arguments.data))
    try:
        office, _made = open_demo(folder, from_environment(), now=utc_now())
    except NotForDemo as occupied:
        complain(
            _("A real office lies in %(folder)s. Choose another folder with --data.", folder=arguments.data)
            if occupied.reason is Occupied.REAL_OFFICE
            else _(
                "The demo's key in %(folder)s is gone, so its data cannot be opened. Delete the folder to begin anew.",
                folder=arguments.data,
            )
        )
        return 1
    with office:
        warn_of_broken_record(office)
        say(_("This is a demo: its key lies open beside its data. Never enter anything about real people."))
        _show(read_accounts(folder), arguments.data, one_a_role=True)
        return answer(office, Listening("127.0.0.1", arguments.port))


def print_codes(arguments: argparse.Namespace) -> int:
    accounts = read_accounts(arguments.data)
    if not accounts:
        complain(_("There is no demo in %(folder)s. Make one with: safehouse demo", folder=arguments.data))
        return 1
    _show(accounts, arguments.data, one_a_role=False)
    return 0


def _show(accounts: list[DemoAccount], folder: Path, *, one_a_role: bool) -> None:
    now = utc_now()
    shown: set[str] = set()
    say()
    role, username, password, code = _("Role"), _("User name"), _("Password"), _("Code")
    say(f"  {role:<22} {username:<12} {password:<32} {code}")
    for account in accounts:
        if one_a_role and account.role in shown:
            continue
        shown.add(account.role)
        code = pyotp.TOTP(account.totp_secret).at(now)
        say(f"  {ROLES[Role(account.role)]!s:<22} {account.username:<12} {account.password:<32} {code}")
    seconds = STEP - int(now.timestamp()) % STEP + STEP
    until = (now + dt.timedelta(seconds=seconds)).astimezone()
    say()
    say(
        _(
            "Each code works once, until %(time)s. Fresh ones: %(command)s",
            time=f"{until:%H:%M:%S}",
            command=f"{_called()} demo codes" + ("" if folder == Path("instance") else f" --data {folder}"),
        )
    )
    if one_a_role:
        say(_("Everyone else is in %(file)s.", file=folder / ACCOUNTS_FILE))
    say()


def _called() -> str:
    """As this program was called: `make run` calls it by its path."""
    return sys.argv[0] if not Path(sys.argv[0]).is_absolute() else "safehouse"
