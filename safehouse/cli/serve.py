"""`safehouse serve`: open the office and answer."""

import argparse
import time
from dataclasses import replace
from pathlib import Path

from flask_babel import gettext as _

from safehouse.cli.asking import add_place, passphrase, settings_of
from safehouse.cli.speaking import Commands, Parser, complain, say
from safehouse.cli.words import CHAIN_FAULTS
from safehouse.serving import Listening, PortTaken, is_loopback, serve
from safehouse.starting import OpenOffice, open_office
from safehouse.trail.queries import verify


def add(commands: Commands) -> None:
    parser: Parser = commands.add_parser(
        "serve",
        help=_("open the office and answer browsers"),
        description=_(
            "Asks for the passphrase and answers browsers. Only this computer can reach it, unless a certificate is "
            "given or a proxy in front takes care of encryption."
        ),
    )
    add_place(parser)
    parser.options.add_argument(
        "--address", default="127.0.0.1", metavar=_("ADDRESS"), help=_("network address to answer on (127.0.0.1)")
    )
    parser.options.add_argument("--port", type=_port, default=8000, metavar=_("NUMBER"), help=_("port (8000)"))
    parser.options.add_argument(
        "--certificate", type=Path, metavar=_("FILE"), help=_("certificate with its chain (PEM)")
    )
    parser.options.add_argument(
        "--private-key", type=Path, metavar=_("FILE"), help=_("private key of the certificate (PEM)")
    )
    parser.options.add_argument(
        "--behind-proxy",
        type=int,
        nargs="?",
        const=1,
        default=0,
        metavar=_("NUMBER"),
        help=_("a proxy on this network takes care of encryption; how many proxies (1)"),
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    if fault := _why_not(arguments):
        complain(fault)
        return 1
    settings = settings_of(arguments)
    https = bool(arguments.certificate) or arguments.behind_proxy > 0
    settings = replace(settings, https=https, trusted_proxies=max(0, arguments.behind_proxy))
    with open_office(settings, passphrase) as office:
        if office.demo:
            complain(_("This folder holds a demo. Start it with: safehouse demo"))
            return 1
        warn_of_broken_record(office)
        where = Listening(_plain(arguments.address), arguments.port, arguments.certificate, arguments.private_key)
        return answer(office, where)


def answer(office: OpenOffice, where: Listening) -> int:
    """Answer until stopped; say so when it begins."""
    try:
        serve(office, where, ready=lambda: say(_("Open: %(url)s  Stop with Ctrl+C.", url=where.url)))
    except PortTaken:
        complain(
            _(
                "%(address)s port %(port)s is taken or not allowed. Choose another with --port.",
                address=where.address,
                port=where.port,
            )
        )
        return 1
    say(_("Stopped."))
    return 0


def warn_of_broken_record(office: OpenOffice) -> None:
    """Work goes on, for people are in the house; but nobody can overlook it."""
    reading, _writing = office.makers()
    started = time.monotonic()
    with reading() as session:
        verdict = verify(session)
    if verdict.whole:
        say(
            _(
                "Record checked: %(rows)s rows hold (%(seconds)s s).",
                rows=verdict.rows,
                seconds=f"{time.monotonic() - started:.1f}",
            )
        )
        return
    complain("!" * 78)
    complain(
        _(
            "WARNING: THE RECORD IS BROKEN. Row %(row)s does not hold: %(fault)s.",
            row=verdict.broken,
            fault=CHAIN_FAULTS[str(verdict.fault)],
        )
    )
    complain(_("Somebody changed the database outside this system. Tell the head of the unit now."))
    complain("!" * 78)


def _why_not(arguments: argparse.Namespace) -> str | None:
    certificate, private_key = arguments.certificate, arguments.private_key
    if (certificate is None) != (private_key is None):
        return _("A certificate and its private key are given together.")
    for file in (certificate, private_key):
        if file is not None and not file.is_file():
            return _("The file %(file)s is not there.", file=file)
    if certificate is None and not arguments.behind_proxy and not is_loopback(_plain(arguments.address)):
        return _(
            "On %(address)s other computers could read everything on the way. Give --certificate and "
            "--private-key, or --behind-proxy when a proxy takes care of encryption.",
            address=arguments.address,
        )
    return None


def _plain(address: str) -> str:
    return "127.0.0.1" if address == "localhost" else address


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError(text)
    return port
