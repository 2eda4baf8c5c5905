"""`safehouse db upgrade`: bring the database to the form this program knows."""

import argparse

from flask_babel import gettext as _

from safehouse import schema
from safehouse.cli.asking import add_place, opened
from safehouse.cli.speaking import Commands, Parser, say
from safehouse.starting import CannotStart, StartFault, check_head


def add(commands: Commands) -> None:
    parser: Parser = commands.add_parser("db", help=_("look after the database"))
    below = parser.commands()
    upgrading: Parser = below.add_parser(
        "upgrade",
        help=_("bring the database to this program's version"),
        description=_("Brings the database to this program's version, wholly or not at all. Make a copy of it first."),
    )
    add_place(upgrading)
    upgrading.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with opened(arguments, at_head=False) as office:
        before = schema.current(office.engine)
        try:
            check_head(office.engine)
        except CannotStart as behind:
            if behind.fault is not StartFault.BEHIND_HEAD:
                raise
            schema.upgrade(office.engine)
        after = schema.current(office.engine)
    if before == after:
        say(_("The database is up to date (%(form)s).", form=after))
    else:
        say(_("The database went from %(before)s to %(after)s.", before=before or "-", after=after))
    return 0
