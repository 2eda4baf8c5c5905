"""From a folder and a passphrase to an application that may answer, or to the one reason why not.

The order matters: the key first, then proof that the database belongs to it, and only then the first connection that
could change a byte.
"""

import datetime as dt
import hmac
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import sqlcipher3.dbapi2 as sqlcipher
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from safehouse import create_app, schema
from safehouse.access.models import Office
from safehouse.database import make_engine, session_makers
from safehouse.settings import Settings, UnsafeSettings, from_environment
from safehouse.vault.keys import CLEAR_NAME, WRAPPED_NAME, KeyUnreadable, Vault, read_clear, read_wrapped

PASSPHRASE_FILE = "SAFEHOUSE_PASSPHRASE_FILE"
CREDENTIAL = "safehouse-passphrase"
DATABASE_URL_FILE = "SAFEHOUSE_DATABASE_URL_FILE"
DATABASE_URL_CREDENTIAL = "safehouse-database-url"


class StartFault(StrEnum):
    """Why nothing is opened. Every one of these leaves the files as they were."""

    KEY_MISSING = "key_missing"
    KEY_READABLE_BY_OTHERS = "key_readable_by_others"
    KEY_BROKEN = "key_broken"
    TWO_KEYS = "two_keys"
    PASSPHRASE_MISSING = "passphrase_missing"
    PASSPHRASE_WRONG = "passphrase_wrong"
    PASSPHRASE_FILE_MISSING = "passphrase_file_missing"
    PRIVATE_FILE_READABLE = "private_file_readable"
    DATABASE_URL_FILE_MISSING = "database_url_file_missing"
    DATABASE_URL_SHOWN = "database_url_shown"
    DATABASE_MISSING = "database_missing"
    DATABASE_UNREACHABLE = "database_unreachable"
    WRONG_KEY = "wrong_key"
    OFFICE_MISSING = "office_missing"
    CLEAR_KEY = "clear_key"
    BEHIND_HEAD = "behind_head"
    AHEAD_OF_PROGRAM = "ahead_of_program"


class CannotStart(Exception):
    """`fault` says why; `detail` fills its sentence. Nothing was changed."""

    def __init__(self, fault: StartFault, **detail: str) -> None:
        super().__init__(fault)
        self.fault, self.detail = fault, detail


@dataclass(frozen=True, slots=True, repr=False)
class OpenOffice:
    """An office whose key was proven to belong to its database. Close it when done."""

    settings: Settings
    vault: Vault
    engine: Engine
    demo: bool

    def makers(self) -> tuple[sessionmaker[Session], sessionmaker[Session]]:
        """(reading, writing)"""
        return session_makers(self.engine, vault=self.vault)

    def __enter__(self) -> "OpenOffice":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()


def harden() -> None:
    """Whatever this process writes is its user's alone, and a crash leaves no picture of its memory."""
    os.umask(0o077)
    try:
        import resource
    except ImportError:  # Windows writes none unless somebody asks for it
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_office(settings: Settings, passphrase: Callable[[], str], *, at_head: bool = True) -> OpenOffice:
    """The office of these settings. Raises `CannotStart`; with `at_head` also when the database waits for an upgrade.

    `passphrase` is called only where a wrapped key is found.
    """
    root, clear = find_root_key(settings.data_folder, passphrase)
    vault = Vault(root)
    if path := database_file(settings):
        if not path.exists() or path.stat().st_size == 0:
            raise CannotStart(StartFault.DATABASE_MISSING, folder=str(settings.data_folder))
        if not opens_with(path, vault.file_key):
            raise CannotStart(StartFault.WRONG_KEY)
    engine = make_engine(settings.database, file_key=vault.file_key)
    try:
        demo = _check_office(engine, vault, clear=clear)
        if at_head:
            check_head(engine)
    except OperationalError as unreachable:
        engine.dispose()
        raise CannotStart(StartFault.DATABASE_UNREACHABLE) from unreachable
    except BaseException:
        engine.dispose()
        raise
    return OpenOffice(settings, vault, engine, demo)


def find_root_key(folder: Path, passphrase: Callable[[], str]) -> tuple[bytes, bool]:
    """(the root key, whether it lay there in the clear). Raises `CannotStart`."""
    clear, wrapped = (folder / CLEAR_NAME).exists(), (folder / WRAPPED_NAME).exists()
    if clear and wrapped:
        raise CannotStart(StartFault.TWO_KEYS, folder=str(folder))
    if not clear and not wrapped:
        raise CannotStart(StartFault.KEY_MISSING, folder=str(folder))
    try:
        return (read_clear(folder), True) if clear else (read_wrapped(folder, passphrase()), False)
    except KeyUnreadable as why:
        known = {
            "readable by others": StartFault.KEY_READABLE_BY_OTHERS,
            "passphrase": StartFault.PASSPHRASE_WRONG,
            "missing": StartFault.KEY_MISSING,
        }
        raise CannotStart(known.get(str(why), StartFault.KEY_BROKEN), folder=str(folder)) from None
    except (ValueError, KeyError, TypeError):
        raise CannotStart(StartFault.KEY_BROKEN, folder=str(folder)) from None


def kept_passphrase() -> str | None:
    """The passphrase from a systemd credential or a private file; None where neither is set up.

    It never comes from the command line or the environment itself: both can be read by others on the machine.
    """
    if (credential := _credential(CREDENTIAL)) is not None:
        return credential
    if named := os.environ.get(PASSPHRASE_FILE):
        return private_line(Path(named), missing=StartFault.PASSPHRASE_FILE_MISSING)
    return None


def kept_database_url() -> str | None:
    """The address of the database from a private file or a systemd credential; None where neither is set up."""
    if named := os.environ.get(DATABASE_URL_FILE):
        return private_line(Path(named), missing=StartFault.DATABASE_URL_FILE_MISSING)
    return _credential(DATABASE_URL_CREDENTIAL)


def settings_as_kept() -> Settings:
    """The settings of the environment, with the address of the database from wherever it is kept."""
    settings = from_environment()
    return settings if settings.database_url else replace(settings, database_url=kept_database_url())


def shows_password(url: str) -> bool:
    """Whether this address carries a password: everybody on a computer sees the command lines of all."""
    try:
        parts = urlsplit(url)
        return bool(parts.password) or any("password" in name.lower() for name, _value in parse_qsl(parts.query))
    except ValueError:  # no address at all: connecting will say so
        return False


def private_line(path: Path, *, missing: StartFault) -> str:
    """The first line of a file that its user alone may read. Raises `CannotStart`."""
    if not path.is_file():
        raise CannotStart(missing, file=str(path))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise CannotStart(StartFault.PRIVATE_FILE_READABLE, file=str(path))
    return _first_line(path)


def database_file(settings: Settings) -> Path | None:
    """The encrypted file, or None when the office uses PostgreSQL."""
    if settings.database_url is not None and not settings.database_url.startswith("sqlite:///"):
        return None
    return Path(settings.database.removeprefix("sqlite:///"))


def opens_with(path: Path, file_key: bytes) -> bool:
    """Whether this key opens this file. Not one byte changes, whatever the answer.

    An ordinary connection would not do: even with a wrong key, SQLite folds a write-ahead log left by a crash into
    the file when it closes. `immutable` keeps it from looking at anything but the file itself.
    """
    address = f"{path.resolve().as_uri()}?immutable=1"
    for _ in range(3):  # a running server may be writing just this page
        connection = sqlcipher.connect(address, uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE").fetchall()
            connection.execute(f"PRAGMA key = \"x'{file_key.hex()}'\"").fetchall()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return True
        except sqlcipher.DatabaseError:
            time.sleep(0.05)
        finally:
            connection.close()
    return False


def check_head(engine: Engine) -> None:
    """The database has the form this program knows, not an older and not a newer one. Raises `CannotStart`."""
    now, head = schema.current(engine), schema.head()
    if now == head:
        return
    known = {script.revision for script in ScriptDirectory.from_config(schema.alembic_config()).walk_revisions()}
    if now is not None and now not in known:
        raise CannotStart(StartFault.AHEAD_OF_PROGRAM, form=now)
    raise CannotStart(StartFault.BEHIND_HEAD)


def wired_app(office: OpenOffice) -> Flask:
    """The application of this office. Addresses written by proxies count only as far as we were told of proxies."""
    app = create_app(office.settings, engine=office.engine, vault=office.vault)
    if hops := office.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_prefix=0)  # type: ignore[method-assign]
    return app


def app_from_environment() -> Flask:
    """For servers that start several processes (`wsgi.py`): everything from `SAFEHOUSE_…` and a credential."""
    harden()
    settings = settings_as_kept()
    if not settings.https:
        raise UnsafeSettings("set SAFEHOUSE_HTTPS=1: browsers may reach this application over TLS only")
    return wired_app(open_office(settings, passphrase_or_refuse))


def passphrase_or_refuse() -> str:
    """The kept passphrase, for starts with nobody at the keyboard."""
    kept = kept_passphrase()
    if kept is None:
        raise CannotStart(StartFault.PASSPHRASE_MISSING)
    return kept


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _check_office(engine: Engine, vault: Vault, *, clear: bool) -> bool:
    """Whether this is a demo. Raises `CannotStart` when the office was made with another key."""
    with engine.connect() as connection:
        found = (
            connection.execute(select(Office.key_check, Office.demo)).first()
            if inspect(connection).has_table(Office.__tablename__)
            else None
        )
    if found is None:
        raise CannotStart(StartFault.OFFICE_MISSING)
    if not hmac.compare_digest(found.key_check, vault.check):
        raise CannotStart(StartFault.WRONG_KEY)
    if clear and not found.demo:
        raise CannotStart(StartFault.CLEAR_KEY)
    return bool(found.demo)


def _credential(name: str) -> str | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    # systemd itself guards who may read this folder
    return _first_line(Path(folder) / name) if folder and (Path(folder) / name).exists() else None


def _first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
