"""The tables, all of them, and bringing a database to the newest form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

import safehouse.access.models
import safehouse.residents.models
import safehouse.services.models
import safehouse.shelter.models
import safehouse.trail.models
import safehouse.vault.models  # noqa: F401
from safehouse.database import Base

METADATA = Base.metadata
PACKAGE = Path(__file__).parent
MIGRATION_LOCK = 0x736865


def beside_or_above(name: str) -> Path:
    """A folder of the product: inside the package when installed, one level up in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(beside_or_above("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current(engine: Engine) -> str | None:
    """The form this database has now; None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database to this form, wholly or not at all: one transaction, one process at a time."""
    _migrate(engine, lambda config: command.upgrade(config, to))


def downgrade(engine: Engine, to: str = "base") -> None:
    _migrate(engine, lambda config: command.downgrade(config, to))


def _migrate(engine: Engine, step: Callable[[Config], object]) -> None:
    with engine.execution_options(writing=True).connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw: Any = connection.connection.driver_connection
        if sqlite:
            # A table rebuild would fire cascades; outside a transaction, where this pragma counts.
            raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
                step(alembic_config(connection))
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                    raise RuntimeError(f"the migration leaves rows without their parent: {len(broken)}")
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys = ON")
