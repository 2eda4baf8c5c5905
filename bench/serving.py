"""The product's own server with the floors beside it, in processes of our own, and one client for all measurements."""

import json
import multiprocessing
import multiprocessing.connection
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from bench.floors import beside, floors_app
from bench.unit import Unit
from safehouse.serving import BLOCKING_THREADS, Handover, answering_app

ADDRESS = "127.0.0.1"
STARTS_WITHIN = 30.0
ENDS_WITHIN = 20.0


def page_of(app: Flask, path: str, token: str = "") -> str:
    """A page of the product, asked for without a server."""
    status, body = ask(app, path, token)
    if not status.startswith("200"):
        raise RuntimeError(f"{path} answered {status}")
    return body.decode()


def ask(
    app: Any, path: str, token: str = "", *, form: bytes | None = None, source: str = ADDRESS, cookies: str = ""
) -> tuple[str, bytes]:
    """(status, body) of one request to a WSGI application."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET" if form is None else "POST", "SCRIPT_NAME": "", "PATH_INFO": path,
        "QUERY_STRING": query, "SERVER_NAME": ADDRESS, "SERVER_PORT": "80", "HTTP_HOST": ADDRESS,
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": source, "HTTP_COOKIE": cookies or f"sid={token}",
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(form or b"")),
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": BytesIO(form or b""),
        "wsgi.errors": BytesIO(), "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    answered: list[str] = []
    chunks = app.wsgi_app(environ, lambda status, _headers, _exc=None: answered.append(status))
    try:
        return answered[0] if answered else "", b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()


@dataclass(frozen=True, slots=True)
class Answering:
    """What the process that answers is given."""

    handover: Handover
    unit: Unit


def app_with_floors(given: Answering) -> Flask:
    app = answering_app(given.handover)
    floors = floors_app(app.extensions["db_engine"], given.unit, partial(page_of, app_alone(app)))
    app.wsgi_app = beside(app.wsgi_app, floors.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def app_alone(app: Flask) -> Any:
    """The application as it answers before the floors stand beside it."""

    @dataclass
    class Alone:
        wsgi_app: Any

    return Alone(app.wsgi_app)


def _serve(given: Answering, port: int) -> None:
    """As `safehouse.serving.serve` starts it: one worker, as many threads."""
    server = Granian(
        "bench", address=ADDRESS, port=port, interface=Interfaces.WSGI, workers=1, blocking_threads=BLOCKING_THREADS,
        log_level=LogLevels.warning, log_access=False, workers_kill_timeout=5,
    )  # fmt: skip
    server.serve(target_loader=partial(app_with_floors, given), wrap_loader=False)


@contextmanager
def server(given: Answering) -> Iterator["Client"]:
    """A running server and a client of it; the process ends with the block."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port = probe.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(given, port))
    process.start()
    try:
        yield _client(process, port)
    finally:
        process.terminate()
        process.join(ENDS_WITHIN)
        if process.is_alive():
            process.kill()
            process.join()


def _client(process: Any, port: int) -> "Client":
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            client = Client(port)
            client.meter()
            return client
        except OSError:
            if time.monotonic() > deadline or not process.is_alive():
                raise RuntimeError("the server did not start") from None
            time.sleep(0.05)


class Client:
    """One kept connection; as little work as possible beside the server."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection((ADDRESS, port), timeout=30)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, path: str, token: str = "") -> bytes:
        """The bytes of a request, made once."""
        return f"GET {path} HTTP/1.1\r\nHost: {ADDRESS}\r\nCookie: sid={token}\r\n\r\n".encode()

    def get(self, request: bytes) -> bytes:
        """The body. Anything but a page is a fault of the measurement."""
        self.connection.sendall(request)
        got = self.connection.recv(262_144)
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:end].lower()
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(got[:200].decode(errors="replace"))
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(got) < end + 4 + length:
            got += self._more()
        return got[end + 4 :]

    def meter(self) -> tuple[float, int]:
        """(CPU seconds, most kB of memory) of the process that answers."""
        told = json.loads(self.get(self.request("/floor/meter")))
        return told["cpu"], told["memory"]

    def _more(self) -> bytes:
        if not (part := self.connection.recv(262_144)):
            raise ConnectionError("the server hung up")
        return part
