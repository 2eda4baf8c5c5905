"""Setting up an office: once, in an empty place, with a passphrase that is never an argument."""

import os
import pty
import select
import subprocess
import sys
import time

import pytest
from sqlalchemy import select as sql_select
from sqlalchemy.exc import OperationalError

import safehouse.founding
from safehouse.access.models import Account, AccountState, Activation, Office
from safehouse.access.operations.enrolling import check_activation
from safehouse.access.permissions import Role
from safehouse.settings import Settings
from safehouse.starting import PASSPHRASE_FILE, open_office, utc_now
from safehouse.trail.models import TrailEntry
from safehouse.vault.keys import WRAPPED_NAME
from tests.cli.commands import clean_environment, command, fingerprints
from tests.cli.conftest import PASSPHRASE, write_passphrase
from tests.servers import fresh_database

ANSWERS = (
    "--name",
    "UPTD PPA Kabupaten Contoh",
    "--zone",
    "WITA",
    "--security-officer",
    "bayu",
    "--manager",
    "hartati",
)


def test_an_office_is_set_up_in_an_empty_folder(tmp_path, passphrase, capsys):
    folder = tmp_path / "new" / "data"
    assert command("init", "--data", folder, *ANSWERS) == 0
    told = capsys.readouterr().out
    assert sorted(path.name for path in folder.iterdir()) == [WRAPPED_NAME, "teduh.db"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    with open_office(Settings(data_folder=folder), lambda: PASSPHRASE) as office:
        _reading, writing = office.makers()
        with writing() as session:
            row = session.scalars(sql_select(Office)).one()
            assert (row.title, row.time_zone, row.demo) == ("Teduh", "Asia/Makassar", False)
            people = {one.username: one for one in session.scalars(sql_select(Account))}
            assert {name: (one.role, one.state, one.is_head) for name, one in people.items()} == {
                "bayu": (Role.SECURITY_OFFICER, AccountState.INVITED, False),
                "hartati": (Role.MANAGER, AccountState.INVITED, True),
            }
            for line in told.splitlines():
                name, _, code = line.strip().partition(" ")
                if name in people:
                    found, _wait = check_activation(session, username=name, typed=code, source=b"test", now=utc_now())
                    assert found is people.pop(name)
            assert people == {}
            acts = list(session.scalars(sql_select(TrailEntry.act).order_by(TrailEntry.seq)))
    assert acts[:1] == ["access:office:made"]
    assert acts.count("access:account:made") == 2


def test_a_folder_that_holds_a_key_or_a_database_is_never_touched(office, tmp_path, passphrase, capsys):
    before = fingerprints(office)
    assert command("init", "--data", office, *ANSWERS) == 1
    assert "already a key or a database" in capsys.readouterr().err
    assert fingerprints(office) == before
    (office / WRAPPED_NAME).unlink()
    before = fingerprints(office)
    assert command("init", "--data", office, *ANSWERS) == 1
    assert fingerprints(office) == before


def test_a_place_in_use_is_refused_before_anything_is_asked(office, postgresql, tmp_path, passphrase, capsys):
    assert command("init", "--data", office) == 1
    assert "already a key or a database" in capsys.readouterr().err, "nothing was answered, and nothing is missed"
    address = fresh_database(postgresql)
    assert command("init", "--data", tmp_path / "one", "--database-url", address, *ANSWERS) == 0
    capsys.readouterr()
    assert command("init", "--data", tmp_path / "two", "--database-url", address) == 1
    assert "already a key or a database" in capsys.readouterr().err


def test_a_setup_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(*_args, **_more):
        raise OperationalError("no room on the disk", None, Exception("full"))

    monkeypatch.setattr(safehouse.founding.schema, "upgrade", fail)
    new = safehouse.founding.NewOffice("UPTD", "Teduh", "Asia/Jakarta", "bayu", "hartati")
    with pytest.raises(OperationalError):
        safehouse.founding.found_office(
            Settings(data_folder=tmp_path / "data"), new, passphrase=PASSPHRASE, now=utc_now()
        )
    assert list((tmp_path / "data").iterdir()) == []


def test_on_postgresql_an_office_is_set_up_once(postgresql, tmp_path, passphrase, capsys):
    address = fresh_database(postgresql)
    assert command("init", "--data", tmp_path / "one", "--database-url", address, *ANSWERS) == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == [WRAPPED_NAME]
    assert command("trail", "verify", "--data", tmp_path / "one", "--database-url", address) == 0
    assert command("init", "--data", tmp_path / "two", "--database-url", address, *ANSWERS) == 1
    assert "already a key or a database" in capsys.readouterr().err
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (("--zone", "Mars/Base"), "time zone is not known"),
        (("--manager", "Bayu"), "two different people"),
        (("--manager", "bu hartati"), "Use small letters"),
        (("--name", ""), "Write between 1 and 120 characters"),
        (("--title", "x" * 41), "Write between 1 and 40 characters"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(changed, told, tmp_path, passphrase, capsys):
    assert command("init", "--data", tmp_path / "data", *ANSWERS, *changed) == 1
    assert told in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_weak_passphrase_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(PASSPHRASE_FILE, str(write_passphrase(tmp_path / "weak", "rahasia")))
    assert command("init", "--data", tmp_path / "data", *ANSWERS) == 1
    assert "Too short" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_with_nobody_at_the_keyboard_the_missing_answer_is_named(tmp_path, passphrase, capsys):
    assert command("init", "--data", tmp_path / "data", "--name", "UPTD PPA") == 1
    assert "Missing: User name of the security officer" in capsys.readouterr().err


def test_the_passphrase_is_no_argument(tmp_path, capsys):
    assert command("init", "--passphrase", PASSPHRASE) == 2
    capsys.readouterr()
    assert command("init", "--help") == 0
    assert "--passphrase" not in capsys.readouterr().out


def test_a_person_at_a_terminal_is_asked_and_the_passphrase_stays_unseen(tmp_path):
    folder = tmp_path / "data"
    screen, keyboard = pty.openpty()
    asking = subprocess.Popen(
        [sys.executable, "-m", "safehouse", "--lang", "en", "init", "--data", folder],
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        cwd=tmp_path,
        env=clean_environment(),
        close_fds=True,
        start_new_session=True,
    )
    os.close(keyboard)
    shown = ""
    for question, answer in (
        ("Name of the office", "UPTD PPA"),
        ("Name shown on screen", ""),
        ("Time zone", "WIT"),
        ("security officer", "BAYU"),
        ("first manager", "bayu"),
        ("two different people", "hartati"),
        ("Passphrase: ", PASSPHRASE),
        ("again: ", PASSPHRASE),
    ):
        shown += _until(screen, question)
        os.write(screen, f"{answer}\n".encode())
    shown += _until(screen, "safehouse serve")
    assert asking.wait(timeout=30) == 0
    os.close(screen)
    assert PASSPHRASE not in shown
    with open_office(Settings(data_folder=folder), lambda: PASSPHRASE) as office:
        reading, _writing = office.makers()
        with reading() as session:
            assert session.scalars(sql_select(Office.time_zone)).one() == "Asia/Jayapura"
            assert len(session.scalars(sql_select(Activation)).all()) == 2


def _until(screen: int, text: str, *, seconds: float = 30) -> str:
    seen, deadline = "", time.monotonic() + seconds
    while text not in seen:
        ready, _, _ = select.select([screen], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"waited for {text!r}, saw {seen!r}"
        seen += os.read(screen, 4096).decode(errors="replace")
    return seen
