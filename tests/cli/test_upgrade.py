"""An upgrade happens wholly or not at all, also when the computer dies in the middle (security case 61)."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from safehouse import schema
from safehouse.guards import POSTGRESQL, SQLITE
from tests.cli.commands import ROOT, clean_environment

SCRIPT = Path(__file__).with_name("killed_upgrade.py")
# After so many statements: the first few, and then at intervals that hit every kind. A server is asked less often.
STEPS = {"sqlite": (1, 2, 3, *range(5, 1000, 7)), "postgresql": (2, *range(10, 1000, 29))}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_upgrade_killed_at_any_step_leaves_nothing_half_done_and_can_be_run_again(kind, new_engine, vault, tmp_path):
    engine = new_engine(kind, upgraded=False)
    address = f"sqlite:///{tmp_path}/0.db" if kind == "sqlite" else engine.url.render_as_string(hide_password=False)
    steps = [str(step) for step in STEPS[kind]]
    told = subprocess.run(
        [sys.executable, SCRIPT, address, vault.file_key.hex(), *steps],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    outcomes = [line.split() for line in told.stdout.splitlines()]
    killed = [left for _step, outcome, *left in outcomes if outcome == "killed"]
    assert len(killed) >= 3
    assert killed == [["0"]] * len(killed), "a killed upgrade left tables behind"
    assert outcomes[-1][1] == "finished", "the last run goes through, on what the killed ones left"
    assert schema.current(engine) == schema.head()
    with engine.connect() as connection:
        if kind == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            made = {
                name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            }
            assert made >= set(SQLITE)
        else:
            made = {name for (name,) in connection.exec_driver_sql("SELECT tgname FROM pg_trigger")}
            assert made >= set(POSTGRESQL)
        assert set(schema.METADATA.tables) <= set(inspect(connection).get_table_names())
