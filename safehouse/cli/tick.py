"""`safehouse tick`: what time itself does, for a timer where no `safehouse serve` runs."""

import argparse

from flask_babel import gettext as _

from safehouse.cli.asking import add_place, opened
from safehouse.cli.speaking import Commands, Parser, complain, say
from safehouse.cli.words import CHAIN_FAULTS
from safehouse.starting import utc_now
from safehouse.ticking import tick


def add(commands: Commands) -> None:
    parser: Parser = commands.add_parser(
        "tick",
        help=_("do what is due, once"),
        description=_(
            "Ends holds that have run out, deletes old sign-ins and drafts, notes who comes of age this month, and "
            "checks the record. `safehouse serve` does this every minute by itself."
        ),
    )
    add_place(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    with opened(arguments) as office:
        done = tick(office.makers(), now=utc_now(), verifying=True)
    if not done.alone or done.swept is None or done.verdict is None:
        say(_("Another run is under way; nothing was done."))
        return 0
    say(_("Holds ended: %(holds)s", holds=done.holds))
    swept = done.swept
    say(
        _(
            "Deleted: %(sign_ins)s sign-ins, %(devices)s browsers, %(codes)s activation codes, %(drafts)s drafts, "
            "%(imports)s imports",
            sign_ins=swept.sign_ins,
            devices=swept.devices,
            codes=swept.activations,
            drafts=swept.drafts,
            imports=done.imports,
        )
    )
    if done.verdict.whole:
        say(_("Record: %(rows)s rows hold", rows=done.verdict.rows))
        return 0
    complain(
        _(
            "WARNING: THE RECORD IS BROKEN. Row %(row)s does not hold: %(fault)s.",
            row=done.verdict.broken,
            fault=CHAIN_FAULTS[str(done.verdict.fault)],
        )
    )
    return 1
