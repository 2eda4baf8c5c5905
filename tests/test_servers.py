"""The servers that other tests stand on start, answer, and leave nothing behind."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.servers import chromium_flags, chromium_is_here, drop_database, fresh_database, postgresql_server


def test_a_database_server_starts_answers_and_is_gone_afterwards():
    with postgresql_server() as server:
        folder = Path(make_url(server).query["host"])
        assert folder.is_dir()
        first, second = fresh_database(server), fresh_database(server)
        engine = create_engine(first)
        with engine.begin() as connection:
            assert connection.scalar(text("select 1")) == 1
            connection.execute(text("create table only_here (id integer)"))
        engine.dispose()
        copy = fresh_database(server, template=first)
        assert _tables(first) == _tables(copy) == {"only_here"}
        assert _tables(second) == set()
        drop_database(server, copy)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(copy.replace("+psycopg", ""))
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first.replace("+psycopg", ""))


def test_a_database_server_is_gone_also_after_a_failure():
    class OurMistake(Exception):
        pass

    folder = None
    with pytest.raises(OurMistake), postgresql_server() as server:  # noqa: PT012  the block is what fails
        folder = Path(make_url(server).query["host"])
        raise OurMistake
    assert folder is not None
    assert not folder.exists()


def test_the_browser_leaves_its_sandbox_only_as_root(monkeypatch):
    assert chromium_is_here()
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert "--no-sandbox" in chromium_flags()
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "--no-sandbox" not in chromium_flags()


def _tables(address):
    engine = create_engine(address)
    with engine.connect() as connection:
        names = set(connection.scalars(text("select tablename from pg_tables where schemaname = 'public'")))
    engine.dispose()
    return names
