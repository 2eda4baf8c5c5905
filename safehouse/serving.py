"""One server process of our own, for one office.

granian starts the process that answers as a child of this one. The key reaches it in the memory it inherits, or where
the system cannot do that (Windows, macOS) through the pipe Python opens between the two; never through the
environment, the command line or a file.
"""

import gc
import ipaddress
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from sqlalchemy import select

from safehouse.access.models import Office
from safehouse.database import make_engine, session_makers
from safehouse.settings import Settings
from safehouse.starting import OpenOffice, harden, utc_now, wired_app
from safehouse.ticking import keep_ticking
from safehouse.vault.keys import Vault

# A form that arrives slowly, or never wholly, keeps one of these until it is there or its sender has gone. More of
# them than processors cost nothing; with two, two strangers could shut the office out.
BLOCKING_THREADS = 16
STOPPING_TAKES_AT_MOST = 20


class PortTaken(Exception):
    """Another program listens there, or this user may not."""


@dataclass(frozen=True, slots=True, repr=False)
class Handover:
    """What the answering process is given."""

    root: bytes
    settings: Settings
    demo: bool


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to answer. Certificate and key belong together."""

    address: str
    port: int
    certificate: Path | None = None
    private_key: Path | None = None

    @property
    def url(self) -> str:
        scheme = "https" if self.certificate else "http"
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{scheme}://{host}:{self.port}"


def is_loopback(address: str) -> bool:
    """Only this computer can reach it."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def serve(office: OpenOffice, where: Listening, *, ready: Callable[[], None]) -> None:
    """Answer until the process is told to stop. `ready` is called when the port is ours. Raises `PortTaken`.

    The office's connections are closed first: they must not be shared with the process that answers.
    """
    office.engine.dispose()
    check_port(where)
    server = Granian(
        "safehouse",
        address=where.address,
        port=where.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        log_level=LogLevels.error,  # it warns of more threads than processors
        log_access=False,  # who asked from which address is location data
        ssl_cert=where.certificate,
        ssl_key=where.private_key,
        workers_kill_timeout=STOPPING_TAKES_AT_MOST,
    )
    server.on_startup(ready)
    loader = partial(answering_app, Handover(office.vault.root, office.settings, office.demo))
    try:
        server.serve(target_loader=loader, wrap_loader=False)
    finally:
        settle(office)


def check_port(where: Listening) -> None:
    """Raises `PortTaken`. granian itself would share the port with whatever runs there, another office even."""
    family = socket.AF_INET6 if ":" in where.address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # a port just left counts as free; on Windows the same option would share it
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((where.address, where.port))
        except OSError as refused:
            raise PortTaken from refused


def answering_app(handover: Handover) -> Flask:
    """Runs in the process that answers: its own connections, and the minute's work in a thread."""
    harden()
    vault = Vault(handover.root)
    engine = make_engine(handover.settings.database, file_key=vault.file_key)
    app = wired_app(OpenOffice(handover.settings, vault, engine, handover.demo))
    keep_ticking(session_makers(engine, vault=vault), clock=utc_now, stop=threading.Event())
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    # What stands here stays until the end. Looking through it for garbage again and again stops a page for a tenth of
    # a second each time.
    gc.collect()
    gc.freeze()
    return app


def settle(office: OpenOffice) -> None:
    """The last connection to an SQLite file folds its write-ahead log in and removes it."""
    with office.engine.connect() as connection:
        connection.execute(select(Office.id))
    office.engine.dispose()


def _end_with_parent() -> None:
    """Whoever kills the process that was started must not leave an open house behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
