"""Questions to the person at the keyboard, and where the office lies."""

import argparse
import getpass
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask_babel import gettext as _

from safehouse.cli.speaking import Parser, complain, say
from safehouse.settings import Settings, from_environment
from safehouse.starting import (
    CannotStart,
    OpenOffice,
    StartFault,
    kept_passphrase,
    open_office,
    passphrase_or_refuse,
    private_line,
    settings_as_kept,
    shows_password,
)

TRIES = 3


def add_place(parser: Parser) -> None:
    """Which office a command is about."""
    parser.options.add_argument(
        "--data",
        type=Path,
        default=argparse.SUPPRESS,
        metavar=_("FOLDER"),
        help=_("folder of the key and the data (instance)"),
    )
    database = parser.options.add_mutually_exclusive_group()
    database.add_argument(
        "--database-url",
        default=argparse.SUPPRESS,
        metavar="URL",
        help=_("PostgreSQL database to use instead of the encrypted file; an address without a password"),
    )
    database.add_argument(
        "--database-url-file",
        type=Path,
        default=argparse.SUPPRESS,
        metavar=_("FILE"),
        help=_("private file with that address, which may then contain a password"),
    )


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The settings of the environment, with what the command line says instead. Raises `CannotStart`."""
    url: str | None = getattr(arguments, "database_url", None)
    if url is not None and shows_password(url):
        raise CannotStart(StartFault.DATABASE_URL_SHOWN)
    if (file := getattr(arguments, "database_url_file", None)) is not None:
        url = private_line(file, missing=StartFault.DATABASE_URL_FILE_MISSING)
    settings = from_environment() if url is not None else settings_as_kept()
    folder = getattr(arguments, "data", settings.data_folder)
    return replace(settings, data_folder=folder.resolve(), database_url=url or settings.database_url)


def opened(arguments: argparse.Namespace, *, at_head: bool = True) -> OpenOffice:
    """The office of this command, its passphrase asked for where needed. Raises `CannotStart`."""
    return open_office(settings_of(arguments), passphrase, at_head=at_head)


def passphrase() -> str:
    """From the credential or file that was set up, else typed unseen. Raises `CannotStart`."""
    kept = kept_passphrase()
    if kept is None and sys.stdin.isatty():
        return getpass.getpass(_("Passphrase: "))
    return kept if kept is not None else passphrase_or_refuse()


def ask(
    question: str,
    *,
    default: str | None = None,
    wrong: Callable[[str], str | None] = lambda _text: None,
    given: str | None = None,
) -> str | None:
    """What was given on the command line, or typed; asked again while `wrong` answers with a sentence.

    None when it is not to be had: nothing usable was given and nobody is at the keyboard to ask.
    """
    if given is not None or not sys.stdin.isatty():
        answer = given if given is not None else default
        fault = wrong(answer) if answer is not None else _("Missing: %(what)s", what=question)
        if fault:
            complain(fault)
            return None
        return answer
    for _again in range(TRIES):
        say(f"{question} [{default}]: " if default else f"{question}: ")
        answer = input("> ").strip() or default or ""
        if not (fault := wrong(answer)):
            return answer
        complain(fault)
    return None
