"""Started by a test: upgrades a database and kills itself at one statement after another.

Arguments: the address, the hex of the file's key. Says for each number whether it got that far, and what it left.
"""

import os
import signal
import sys

from sqlalchemy import event, inspect

from safehouse import schema
from safehouse.database import make_engine


def upgrade_until(address: str, key: bytes, last: int) -> None:
    """Never returns alive when the upgrade has more statements than `last`."""
    engine = make_engine(address, file_key=key)
    count = 0

    @event.listens_for(engine, "after_cursor_execute")
    def after(*_args: object) -> None:
        nonlocal count
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)

    schema.upgrade(engine)
    engine.dispose()


def left_behind(address: str, key: bytes) -> int:
    """How many tables a killed upgrade left."""
    engine = make_engine(address, file_key=key)
    with engine.connect() as connection:
        tables = len(inspect(connection).get_table_names())
    engine.dispose()
    return tables


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(address: str, key: str, *steps: str) -> None:
    for step in map(int, steps):
        child = os.fork()
        if child == 0:
            upgrade_until(address, bytes.fromhex(key), step)
            os._exit(0)
        _child, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            say(f"{step} finished")
            return
        say(f"{step} killed {left_behind(address, bytes.fromhex(key))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
