"""One engine for the application, one session for a request, and the column types tables share.

Two engines are supported: one encrypted SQLite file (SQLCipher, raw key) and PostgreSQL through psycopg 3.
"""

import datetime as dt
import uuid
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from flask import Flask, current_app, g
from sqlalchemy import (
    DateTime,
    Delete,
    Engine,
    Enum,
    MetaData,
    QueuePool,
    Update,
    Uuid,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator
from werkzeug.local import LocalProxy

BUSY_SECONDS = 10
# Prepared statements a connection to SQLite keeps. Once they are full the driver prepares anything new at each use,
# which costs more than carrying it out. Its usual hundred are full after a few pages.
STATEMENTS_KEPT = 1000
# Any number, the same everywhere: transactions that write queue up here on PostgreSQL.
WRITE_LOCK = 0x7465647568


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment. Goes in aware, comes out aware and in UTC; a naive value is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """SQLite keeps a moment as text in UTC. A list reads eighty of them: one call each instead of four."""
        return _moment if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(f"{text}+00:00")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: UtcDateTime}


class HasRef:
    """A row that appears in a URL or seals values: its public name exists before the row is written."""

    ref: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"ref": uuid.uuid4(), **values})


def closed_choice(enum_class: type[StrEnum], column: str | None = None) -> Enum:
    """A text column that holds only the values of this enum, checked by the database.

    Name the column when a table uses one enum twice: constraint names are per table.
    """
    return Enum(
        enum_class,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=column or enum_class.__name__.lower(),
        values_callable=lambda e: [m.value for m in e],
    )


class WrongKey(Exception):
    """The database file does not open with this key, or is no database. Nothing was changed."""


def make_engine(url: str, *, file_key: bytes | None = None) -> Engine:
    """An engine for `sqlite:///path` (encrypted with the 32 bytes of `file_key`) or for a PostgreSQL address."""
    if url.startswith("sqlite:///"):
        return _sqlite_engine(Path(url.removeprefix("sqlite:///")), file_key)
    return _postgresql_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))


def _postgresql_engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=5, max_overflow=5, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        # As on SQLite, a statement that is asked again and again is planned once, whatever is put into it: planning
        # anew takes five times as long as carrying out. And nothing here is worth compiling, which PostgreSQL begins
        # with as soon as a long past makes a guess look dear: fifteen milliseconds for a tenth of one.
        connection.autocommit = True
        connection.execute("SET plan_cache_mode = force_generic_plan")
        connection.execute("SET jit = off")
        # What stands in no transaction of ours, as everything that only reads, cannot change a row. Our transactions
        # say for themselves that they may: `BEGIN READ WRITE` takes no way more than `BEGIN`.
        connection.execute("SET default_transaction_read_only = on")
        connection.autocommit = False
        connection.read_only = False

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        # Whoever writes also writes the record, one after the other. Queueing at the start instead of at the first
        # entry keeps two writers from waiting for each other's rows.
        if connection.get_execution_options().get("writing", False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")

    return engine


def _sqlite_engine(path: Path, file_key: bytes | None) -> Engine:
    if file_key is None or len(file_key) != 32:
        raise ValueError("an SQLite file is always encrypted: a key of 32 bytes is needed")

    def connect() -> Any:
        connection = sqlcipher.connect(
            str(path),
            check_same_thread=False,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            cached_statements=STATEMENTS_KEPT,
        )
        connection.execute(f"PRAGMA key = \"x'{file_key.hex()}'\"")
        try:
            # Read before anything is set: with a wrong key this fails and the file is left as it was.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlcipher.DatabaseError as unreadable:
            connection.close()
            raise WrongKey(str(path)) from unreadable
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        return connection

    # Parameters of a failed statement are values; they have no place in a log.
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=connect,
        poolclass=QueuePool,
        pool_size=5,
        max_overflow=20,
        pool_use_lifo=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        options = connection.get_execution_options()
        reads_only = bool(options.get("reading", False))
        if connection.info.get("reads_only", False) is not reads_only:
            connection.connection.driver_connection.execute(f"PRAGMA query_only = {int(reads_only)}").fetchall()
            connection.info["reads_only"] = reads_only
        if options.get("writing", False):
            # A transaction that will write takes the lock first: upgrading later can fail at once, without waiting.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # Takes no lock and cannot fail; asking the driver itself costs a tenth.
            connection.connection.driver_connection.execute("BEGIN")

    return engine


def rows_changed(session: Session, statement: Update | Delete) -> int:
    """Carry out an update or delete and say how many rows it changed: of two at the same moment, who won."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    count: int = getattr(done, "rowcount")  # noqa: B009 - typed only on cursor results
    return count


@event.listens_for(Session, "before_flush")
def _reading_only_reads(session: Session, _context: object, _instances: object) -> None:
    """What a page changed by mistake while it was reading is refused, not lost on one engine and kept on the other."""
    if session.info.get("writing") is False:
        raise RuntimeError("this session reads; what changes something asks for a writing one")


def session_makers(engine: Engine, **info: Any) -> tuple[sessionmaker[Session], sessionmaker[Session]]:
    """(reading, writing): two makers on one engine. `info` travels with every session they make."""
    # On PostgreSQL a statement sees what is committed when it begins, in a transaction or outside; outside saves two
    # of seven ways to the server and back. On SQLite the transaction holds the picture of a whole page still.
    # Neither can change a row, whatever statement it is given.
    if engine.dialect.name == "postgresql":
        reading = engine.execution_options(isolation_level="AUTOCOMMIT")
    else:
        reading = engine.execution_options(reading=True)
    return (
        sessionmaker(reading, info={**info, "writing": False}),
        sessionmaker(engine.execution_options(writing=True), info={**info, "writing": True}),
    )


def init_app(app: Flask, engine: Engine, **info: Any) -> None:
    app.extensions["db_engine"] = engine
    app.extensions["db_reading"], app.extensions["db_writing"] = session_makers(engine, **info)

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        end_session()


def end_session() -> None:
    """Close the session of this request, if it has one. What was not committed is gone."""
    if (open_session := g.pop("db_session", None)) is not None:
        open_session.close()


def use_session(*, writing: bool) -> None:
    """From here on this request reads only, or may write. An open session is closed first: on SQLite a second
    session beside an open one waits for its own lock. Reading goes on in the session that reads already."""
    if writing or g.get("db_writing", False):
        end_session()
    g.db_writing = writing


def _of_this_request() -> Session:
    if "db_session" not in g:
        kind = "db_writing" if g.get("db_writing", False) else "db_reading"
        g.db_session = current_app.extensions[kind]()
    return g.db_session


session: Session = LocalProxy(_of_this_request)  # type: ignore[assignment]
