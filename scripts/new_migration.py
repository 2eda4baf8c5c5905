"""Write the next migration: what differs between the models and an empty database at head.

    python scripts/new_migration.py "add a column"

Read what it wrote before committing it: checks, triggers and exclusions are not seen by the comparison, and a table
with guards that is rebuilt on SQLite needs `drop_guards` before and `create_guards` after (`safehouse/guards.py`).
"""

import secrets
import sys
import tempfile

from alembic import command

from safehouse import schema
from safehouse.database import make_engine


def main(message: str) -> None:
    number = f"{int(schema.head() or 0) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/head.db", file_key=secrets.token_bytes(32))
        schema.upgrade(engine)
        with engine.connect() as connection:
            config = schema.alembic_config(connection)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1])
