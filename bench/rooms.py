"""Databases to measure on, made in a temporary folder and gone with it."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from bench.past import fill
from bench.serving import Answering
from bench.unit import Unit, build
from safehouse import create_app, utc_now
from safehouse.access.hashing import Hasher
from safehouse.database import make_engine
from safehouse.serving import Handover
from safehouse.settings import Settings
from safehouse.vault.keys import Vault
from tests.servers import drop_database, fresh_database, postgresql_programs, postgresql_server

# What an office would run: unlike for the tests, what was committed survives a power cut.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "shared_buffers": "128MB"}
FEW = 1_000


@dataclass
class Room:
    """One database of one engine, its unit, and an application on it."""

    kind: str
    url: str
    vault: Vault
    engine: Engine
    unit: Unit
    settings: Settings
    app: Flask

    def answering(self) -> Answering:
        """For a server on this database. Our own connections are closed: they are not shared between processes."""
        self.engine.dispose()
        return Answering(Handover(self.vault.root, self.settings, demo=False), self.unit)


class Rooms:
    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder, self.server = folder, server
        self.vault = Vault(secrets.token_bytes(32))
        usual = Settings()
        self.hasher = Hasher(usual.password_memory_kib, usual.password_passes, usual.hashers)
        self.open = ExitStack()
        self.made = 0
        self.now = utc_now()

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("sqlite", "postgresql") if self.server else ("sqlite",)

    def new(self, kind: str, *, many_houses: int = 0) -> Room:
        """A unit with a short past."""
        url = self._empty(kind)
        engine = make_engine(url, file_key=self.vault.file_key)
        unit = build(engine, self.vault, now=self.now, hasher=self.hasher, many_houses=many_houses)
        fill(engine, unit, now=self.now, first=0, last=FEW)
        return self._room(kind, url, engine, unit)

    def copy(self, room: Room) -> Room:
        """The same database again, to be changed on its own."""
        room.engine.dispose()
        if room.kind == "sqlite":
            with room.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            room.engine.dispose()
            url = self._empty("sqlite")
            shutil.copy(room.url.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
        else:
            url = fresh_database(self.server or "", template=room.url)
            self.open.callback(drop_database, self.server or "", url)
        return self._room(room.kind, url, make_engine(url, file_key=self.vault.file_key), room.unit)

    def _empty(self, kind: str) -> str:
        self.made += 1
        if kind == "sqlite":
            return f"sqlite:///{self.folder}/{self.made}.db"
        url = fresh_database(self.server or "")
        self.open.callback(drop_database, self.server or "", url)
        return url

    def _room(self, kind: str, url: str, engine: Engine, unit: Unit) -> Room:
        self.open.callback(engine.dispose)
        settings = Settings(data_folder=self.folder, database_url=url)
        app = create_app(settings, engine=engine, vault=self.vault)
        return Room(kind, url, self.vault, engine, unit, settings, app)


@contextmanager
def rooms(folder: Path) -> Iterator[Rooms]:
    """On both engines; without PostgreSQL's server on SQLite alone."""
    with ExitStack() as stack:
        has_server = postgresql_programs() is not None
        server = stack.enter_context(postgresql_server(**DURABLE)) if has_server else None
        made = Rooms(folder, server)
        stack.enter_context(made.open)
        yield made
