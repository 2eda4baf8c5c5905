"""The programs the tests drive: PostgreSQL's server, started for the tests alone, and Chromium."""

import contextlib
import os
import platform
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg

# The database refuses to run as root; Debian's package brings this user for it.
SERVER_USER = "postgres"
STARTING_TAKES_AT_MOST = 60.0

# Nothing a test database holds must outlive a power cut. The zone is not UTC on purpose: a time written without
# its zone then comes back seven hours off and fails a test.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    # A test is one transaction, and holds a lock for each request in it that wrote something.
    "max_locks_per_transaction": "512",
    "shared_buffers": "32MB",
    "timezone": "Asia/Jakarta",
    "log_timezone": "UTC",
}

CHROMIUM_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
CHROMIUM_ON_MACS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
CHROMIUM_OF_PLAYWRIGHT = (
    os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""),
    "~/.cache/ms-playwright",
    "~/Library/Caches/ms-playwright",
)


@contextlib.contextmanager
def postgresql_server(**other_settings: str) -> Iterator[str]:
    """A PostgreSQL server of our own; yields the address of its `postgres` database as superuser.

    It listens on a socket in a folder only its user may enter, never on a network port: there is no port to fight
    over and no other user of the machine can reach it. When the block ends, however it ends, server and folder are
    gone.
    """
    programs = postgresql_programs()
    if programs is None:
        raise FileNotFoundError("PostgreSQL's server is not installed; `make test` says how to install it")
    # A socket's path may have 103 characters at most, and a Mac's own temporary folder uses up half of them.
    folder = Path(tempfile.mkdtemp(prefix="teduh-pg-", dir="/tmp"))
    try:
        as_user = _owned_by_server_user(folder)
        cluster, log = folder / "cluster", folder / "log"
        make_cluster = [programs / "initdb", "--pgdata", cluster, "--username=postgres", "--auth=trust"]
        make_cluster += ["--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run(make_cluster, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)
        settings = {**SETTINGS, **other_settings, "listen_addresses": "", "unix_socket_directories": str(folder)}
        command = [programs / "postgres", "-D", cluster]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with log.open("wb") as sink:
            process = subprocess.Popen(command, stdout=sink, stderr=sink, cwd=folder, **as_user)
        try:
            address = f"postgresql+psycopg://postgres@/postgres?host={folder}"
            _wait_until_it_answers(process, address, log)
            yield address
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(server: str, template: str | None = None) -> str:
    """A new database on that server, empty or a copy of `template` (an address this function gave earlier)."""
    name = f"t_{uuid.uuid4().hex[:16]}"
    source = _name_in(template) if template else "template0"
    with psycopg.connect(_for_psycopg(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    return server.replace("@/postgres?", f"@/{name}?")


def drop_database(server: str, address: str) -> None:
    """Remove a database again, also when somebody is still connected to it."""
    with psycopg.connect(_for_psycopg(server), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{_name_in(address)}" WITH (FORCE)')


def postgresql_programs() -> Path | None:
    """The folder that holds `initdb` and `postgres`, the newest when there are several."""
    folders = [Path(on_path).resolve().parent for on_path in [shutil.which("initdb")] if on_path]
    for pattern in (
        "usr/lib/postgresql/*/bin",
        "usr/pgsql-*/bin",
        "opt/homebrew/opt/postgresql*/bin",
        "usr/local/opt/postgresql*/bin",
        "Applications/Postgres.app/Contents/Versions/*/bin",
    ):
        folders += sorted(Path("/").glob(pattern), key=_version, reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def chromium_path() -> str | None:
    """The browser to start, for Playwright's `executable_path`; None means the one Playwright brought itself."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, CHROMIUM_NAMES)]
    if platform.system() == "Darwin":
        candidates += CHROMIUM_ON_MACS
    return next((path for path in candidates if path and Path(path).exists()), None)


def chromium_is_here() -> bool:
    """Whether there is a browser at all, installed on the machine or by Playwright."""
    own = (Path(folder).expanduser() for folder in CHROMIUM_OF_PLAYWRIGHT if folder)
    return chromium_path() is not None or any(any(folder.glob("chromium*")) for folder in own)


def chromium_flags() -> list[str]:
    """Switches for a browser that talks to the server under test and to nobody else."""
    flags = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ]
    # Chromium refuses to build its sandbox as root, and only then may it go without.
    return [*flags, "--no-sandbox"] if os.geteuid() == 0 else flags


def _owned_by_server_user(folder: Path) -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, SERVER_USER, SERVER_USER)
    return {"user": SERVER_USER, "group": SERVER_USER, "extra_groups": []}


def _wait_until_it_answers(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + STARTING_TAKES_AT_MOST
    while True:
        try:
            psycopg.connect(_for_psycopg(address), connect_timeout=2).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-3000:]}") from None
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _for_psycopg(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


def _name_in(address: str) -> str:
    return address.split("@/", 1)[1].split("?", 1)[0]


def _version(folder: Path) -> tuple[int, ...]:
    digits = "".join(letter if letter.isdigit() else " " for letter in str(folder))
    return tuple(int(number) for number in digits.split())
