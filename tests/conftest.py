"""What every test may ask for. A test that touches the database runs twice: encrypted SQLite and PostgreSQL."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy.orm import Session, sessionmaker

from safehouse import create_app, schema
from safehouse.access.hashing import Hasher
from safehouse.database import make_engine
from safehouse.settings import Settings
from safehouse.vault.keys import Vault
from tests.browsing import Browser
from tests.office import Clock, Make
from tests.servers import fresh_database, postgresql_server

ENGINES = ("sqlite", "postgresql")


# How long an example takes is the machine's business: a property holds or it does not.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(secrets.token_bytes(32))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[object]:
    with postgresql_server() as server:
        yield server


@pytest.fixture
def new_engine(vault, tmp_path, request):
    """Makes engines on databases of their own, at head: for races, migrations and everything that really commits."""
    made = []

    def make(kind: str, *, upgraded: bool = True):
        if kind == "sqlite":
            engine = make_engine(f"sqlite:///{tmp_path}/{len(made)}.db", file_key=vault.file_key)
        else:
            engine = make_engine(fresh_database(request.getfixturevalue("postgresql")))
        if upgraded:
            schema.upgrade(engine)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.dispose()


def _office_app(engine, vault, folder: Path):
    clock = Clock()
    app = create_app(
        Settings(data_folder=folder, password_memory_kib=64, password_passes=1), engine=engine, vault=vault, clock=clock
    )
    app.extensions["hasher"] = Hasher(memory_kib=64, passes=1, at_once=2)
    app.testing = True
    app.extensions["test_clock"] = clock
    return app


@pytest.fixture(scope="session", params=ENGINES)
def office_app(request, vault, tmp_path_factory):
    """The application on a database built by the migrations, once for each engine."""
    folder = tmp_path_factory.mktemp(f"office-{request.param}-{os.getpid()}")
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{folder}/office.db", file_key=vault.file_key)
    else:
        engine = make_engine(fresh_database(request.getfixturevalue("postgresql")))
    schema.upgrade(engine)
    app = _office_app(engine, vault, folder)
    with app.extensions["db_writing"]() as session:
        Make(session, app.extensions["test_clock"]).office()
    yield app
    engine.dispose()


@pytest.fixture
def app(office_app):
    """The application inside one outer transaction, which is rolled back. A commit inside it is a savepoint.

    Tests of races and of the browser need a database of their own instead (`new_engine`).
    """
    with office_app.extensions["db_engine"].execution_options(writing=True).connect() as connection:
        outer = connection.begin()
        usual = {kind: office_app.extensions[kind] for kind in ("db_reading", "db_writing")}
        for kind in usual:
            office_app.extensions[kind] = sessionmaker(
                connection,
                join_transaction_mode="create_savepoint",
                info={"vault": office_app.extensions["vault"], "writing": kind == "db_writing"},
            )
        yield office_app
        office_app.extensions.update(usual)
        outer.rollback()


@pytest.fixture
def clock(app) -> Clock:
    clock = app.extensions["test_clock"]
    clock.__init__()
    return clock


@pytest.fixture
def session(app, clock) -> Iterator[Session]:
    with app.extensions["db_writing"]() as session:
        yield session


@pytest.fixture
def make(session, clock) -> Make:
    return Make(session, clock)


@pytest.fixture
def browser(app, make) -> Browser:
    return Browser(app, make)


@pytest.fixture
def new_browser(app, make):
    return lambda: Browser(app, make)


@pytest.fixture
def lone_app(new_engine, vault, tmp_path):
    """Makes an application whose commits are real, on a database of its own: `lone_app("sqlite")`."""

    def make(kind: str):
        app = _office_app(new_engine(kind), vault, tmp_path)
        with app.extensions["db_writing"]() as session:
            Make(session, app.extensions["test_clock"]).office()
        return app

    return make
