"""`safehouse account`: for the day nobody can sign in who could help. The record says the system did it."""

import argparse
from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, ActivationKind, Discipline, House
from safehouse.access.operations.accounts import AccountRefused, disable_account, make_account, new_code
from safehouse.access.operations.enrolling import issue_activation
from safehouse.access.permissions import Role
from safehouse.access.rules.accounts import username_as_kept
from safehouse.cli.asking import add_place, opened
from safehouse.cli.speaking import Commands, Parser, complain, say
from safehouse.cli.words import ACCOUNT_FAULTS
from safehouse.starting import utc_now
from safehouse.trail.models import SYSTEM


class NotFound(Exception):
    """`what` names a house or account nobody knows."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def add(commands: Commands) -> None:
    parser: Parser = commands.add_parser(
        "account",
        help=_("help when nobody can sign in"),
        description=_(
            "For the day when nobody can sign in who could help. Otherwise use the accounts page. The record notes it."
        ),
    )
    below = parser.commands()
    creating: Parser = below.add_parser("create", help=_("make an account and print its activation code"))
    creating.options.add_argument("--name", required=True, metavar=_("TEXT"), help=_("name shown to colleagues"))
    creating.options.add_argument("--role", required=True, choices=[role.value for role in Role], help=_("role"))
    creating.options.add_argument(
        "--house",
        action="append",
        default=[],
        metavar=_("NAME"),
        help=_("name of a house she works in; may be repeated"),
    )
    creating.options.add_argument(
        "--discipline",
        action="append",
        default=[],
        choices=[one.value for one in Discipline],
        help=_("discipline of a caseworker; may be repeated"),
    )
    creating.options.add_argument("--head", action="store_true", help=_("a manager who is the head of the unit"))
    for name, what, parser_of in (
        ("create", _create, creating),
        ("code", _code, below.add_parser("code", help=_("print a new activation code"))),
        ("disable", _disable, below.add_parser("disable", help=_("end an account; its next request fails"))),
    ):
        parser_of.arguments.add_argument("username", metavar=_("USER"), help=_("user name"))
        add_place(parser_of)
        parser_of.set_defaults(run=run, what=what, prog=name)


def run(arguments: argparse.Namespace) -> int:
    what: Callable[[Session, argparse.Namespace], str] = arguments.what
    with opened(arguments) as office:
        _reading, writing = office.makers()
        with writing() as session:
            try:
                told = what(session, arguments)
            except AccountRefused as refused:
                complain(str(ACCOUNT_FAULTS[refused.reason]))
                return 1
            except NotFound as unknown:
                complain(_("Not found: %(what)s", what=unknown.what))
                return 1
            session.commit()
    say(told)
    return 0


def _create(session: Session, arguments: argparse.Namespace) -> str:
    houses = [_house(session, name) for name in arguments.house]
    now = utc_now()
    account = make_account(
        session,
        username=arguments.username,
        shown_name=arguments.name,
        role=Role(arguments.role),
        house_ids=[house.id for house in houses],
        disciplines=[Discipline(one) for one in arguments.discipline],
        is_head=arguments.head,
        valid_until=None,
        now=now,
        by=SYSTEM,
    )
    code = issue_activation(session, account=account, kind=ActivationKind.ACCOUNT, now=now, by=SYSTEM)
    return _code_for(account, code)


def _code(session: Session, arguments: argparse.Namespace) -> str:
    account = _account(session, arguments.username)
    code, kind = new_code(session, account=account, now=utc_now(), by=SYSTEM)
    told = _code_for(account, code)
    if kind is ActivationKind.PASSWORD:
        told += "\n" + _("It gives a new password; the second step stays. Whoever lost her phone needs a new account.")
    return told


def _disable(session: Session, arguments: argparse.Namespace) -> str:
    account = _account(session, arguments.username)
    disable_account(session, account=account, now=utc_now(), by=SYSTEM)
    return _("%(user)s is disabled.", user=account.username)


def _code_for(account: Account, code: str) -> str:
    return _("Activation code of %(user)s, valid for one hour: %(code)s", user=account.username, code=code)


def _account(session: Session, username: str) -> Account:
    account = session.scalar(select(Account).where(Account.username == username_as_kept(username)))
    if account is None:
        raise NotFound(username)
    return account


def _house(session: Session, name: str) -> House:
    house = session.scalar(select(House).where(House.name == name))
    if house is None:
        raise NotFound(name)
    return house
