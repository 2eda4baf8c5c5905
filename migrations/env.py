"""Alembic's entry. The connection is handed over by `safehouse.schema`, which knows the key of the file."""

from typing import Any

from alembic import context
from sqlalchemy import BigInteger, Connection, Enum

from safehouse import schema
from safehouse.database import UtcDateTime


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=schema.METADATA,
        render_as_batch=True,
        compare_type=True,
        render_item=written_out,
    )
    with context.begin_transaction():
        context.run_migrations()


def written_out(kind: str, thing: Any, _context: Any) -> str | bool:
    """Our own column types as plain ones: a migration must not change when a model does."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Enum):
        values = ", ".join(repr(value) for value in thing.enums)
        return f"sa.Enum({values}, name={thing.name!r}, native_enum=False, create_constraint=True, length=32)"
    if kind == "type" and isinstance(thing, BigInteger):
        return "sa.BigInteger().with_variant(sa.Integer(), 'sqlite')"
    return False


run(context.config.attributes["connection"])
