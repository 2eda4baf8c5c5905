"""`safehouse trail verify`: walk the whole record."""

import argparse

from flask_babel import gettext as _

from safehouse.cli.asking import add_place, opened
from safehouse.cli.speaking import Commands, Parser, complain, say
from safehouse.cli.words import CHAIN_FAULTS
from safehouse.trail.queries import verify


def add(commands: Commands) -> None:
    parser: Parser = commands.add_parser("trail", help=_("check the record"))
    below = parser.commands()
    verifying: Parser = below.add_parser("verify", help=_("walk the whole record and name the first broken row"))
    add_place(verifying)
    verifying.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with opened(arguments) as office:
        reading, _writing = office.makers()
        with reading() as session:
            verdict = verify(session)
    if verdict.whole:
        say(_("Record: %(rows)s rows hold", rows=verdict.rows))
        return 0
    complain(
        _(
            "Row %(row)s does not hold: %(fault)s. The %(rows)s rows before it do.",
            row=verdict.broken,
            fault=CHAIN_FAULTS[str(verdict.fault)],
            rows=verdict.rows,
        )
    )
    return 1
