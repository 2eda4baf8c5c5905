"""How the command line speaks: Indonesian unless told otherwise, from the same catalogue as the pages."""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from flask_babel import Babel
from flask_babel import gettext as _

LANGUAGES = ("id", "en")
TRANSLATIONS = Path(__file__).parents[1] / "translations"


def language_of(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """(the language of `--lang`, wherever it stands; the arguments without it)."""
    language, rest, coming = "id", [], False
    for argument in arguments:
        if coming:
            language, coming = argument, False
        elif argument == "--lang":
            coming = True
        elif argument.startswith("--lang="):
            language = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    return (language if language in LANGUAGES else "id"), rest


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within this block sentences are given in this language."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a letter shows another instead of failing
            stream.reconfigure(errors="replace")
    voice = Flask("safehouse.cli")
    voice.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(voice, default_locale="id", locale_selector=lambda: language)
    with voice.app_context():
        yield


def say(text: str = "") -> None:
    print(text, flush=True)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Words(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Help and refusals in the language that is spoken."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"formatter_class": Words, "add_help": False, "allow_abbrev": False, **more})
        self.arguments = self.add_argument_group(_("arguments"))
        self.options = self.add_argument_group(_("options"))
        self.options.add_argument("-h", "--help", action="help", help=_("show this help"))

    def commands(self, *, required: bool = True) -> "argparse._SubParsersAction[Parser]":
        return self.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=required, parser_class=Parser)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        complain(_("This command is incomplete or unknown. Help: %(command)s --help", command=self.prog))
        sys.exit(2)


Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name
