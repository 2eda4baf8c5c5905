"""Commands of the product as a person starts them, in this process or in one of their own."""

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from safehouse.cli import main

ROOT = Path(__file__).resolve().parents[2]
STARTING_TAKES_AT_MOST = 60.0
STOPPING_TAKES_AT_MOST = 25.0


def command(*arguments: object) -> int:
    """Run a command in this process, in English; the mask it sets is put back for the tests that follow."""
    mask = os.umask(0o022)
    try:
        return main(["--lang", "en", *map(str, arguments)])
    except SystemExit as left:
        return int(left.code or 0)
    finally:
        os.umask(mask)


class Running:
    """A command that runs in a process of its own, with everything it said."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, url: str) -> None:
        self.process, self.log, self.url = process, log, url

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def answering(self) -> int:
        """The process that answers: the only child of the one that was started."""
        told = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=True)
        (child,) = told.stdout.split()
        return int(child)

    def wait_until_it_answers(self, opener: urllib.request.OpenerDirector | None = None) -> str:
        deadline = time.monotonic() + STARTING_TAKES_AT_MOST
        while True:
            try:
                with (opener or urllib.request.build_opener()).open(f"{self.url}/sign-in", timeout=5) as answer:
                    return answer.read().decode()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"it does not answer:\n{self.said[-3000:]}")
                time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(timeout=STOPPING_TAKES_AT_MOST)


@contextlib.contextmanager
def running(
    *arguments: object, port: int, cwd: Path, log: Path, scheme: str = "http", environment: dict[str, str] | None = None
) -> Iterator[Running]:
    """Start a command; whatever happens, it has ended when the block ends."""
    line = [sys.executable, "-m", "safehouse", "--lang", "en", *map(str, arguments), "--port", str(port)]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            line, cwd=cwd, env=clean_environment(environment), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
        )
    started = Running(process, log, f"{scheme}://127.0.0.1:{port}")
    try:
        yield started
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=STOPPING_TAKES_AT_MOST)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def clean_environment(more: dict[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAFEHOUSE", "CREDENTIALS"))}
    return {**kept, "PYTHONPATH": str(ROOT), **(more or {})}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fingerprints(folder: Path) -> dict[str, str]:
    """Every file of the folder with the digest of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
