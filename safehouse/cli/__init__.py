"""The command line: `safehouse init | serve | demo | account | import | tick | trail verify | db upgrade`.

One module a subject, each with `add(commands)`. Nothing here decides anything: commands open the office, call what the
pages call, commit, and say what happened in the language of the person at the keyboard.
"""

import sys
from collections.abc import Sequence

from safehouse.cli import account, db, demo, importing, init, serve, tick, trail
from safehouse.cli.speaking import Parser, complain, language_of, speaking
from safehouse.cli.words import sentence
from safehouse.starting import CannotStart, harden

SUBJECTS = (init, serve, demo, account, importing, tick, trail, db)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: refused, with the reason on the error output; 2: not understood."""
    language, rest = language_of(sys.argv[1:] if argv is None else argv)
    harden()
    with speaking(language):
        arguments = parser().parse_args(rest)
        try:
            done: int = arguments.run(arguments)
        except CannotStart as refused:
            complain(sentence(refused))
            return 1
        except KeyboardInterrupt:
            return 130
    return done


def parser() -> Parser:
    """Every command with its help, in the language that is spoken."""
    from flask_babel import gettext as _

    top = Parser(
        prog="safehouse",
        description=_("The operations system of a safe house."),
        epilog=_("Add --lang en for English."),
    )
    commands = top.commands()
    for subject in SUBJECTS:
        subject.add(commands)
    return top
