"""Alembic's entry. The connection is handed over by `safehouse.schema`, which knows the key of the file."""
from alembic import context

from safehouse.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
