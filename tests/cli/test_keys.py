"""A wrong, missing or carelessly kept key opens nothing and changes nothing (security cases 33 and 36)."""

import os
import shutil
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select, text
from werkzeug.datastructures import MultiDict

from safehouse.access.models import Account, House
from safehouse.access.operations.drafts import keep_draft
from safehouse.access.operations.houses import keep_address
from safehouse.database import make_engine, session_makers
from safehouse.founding import NewOffice, found_office
from safehouse.residents.models import Resident
from safehouse.schema import METADATA
from safehouse.settings import Settings
from safehouse.starting import (
    CREDENTIAL,
    DATABASE_URL_CREDENTIAL,
    DATABASE_URL_FILE,
    PASSPHRASE_FILE,
    OpenOffice,
    app_from_environment,
    open_office,
    settings_as_kept,
    utc_now,
)
from safehouse.trail.models import Actor, ActorKind
from safehouse.vault.keys import CLEAR_NAME, WRAPPED_NAME, read_wrapped
from tests.cli.commands import command, fingerprints
from tests.cli.conftest import PASSPHRASE, wrap_cheaply, write_passphrase
from tests.servers import fresh_database

COMMANDS = (("serve", "--port", "1"), ("tick",), ("trail", "verify"), ("db", "upgrade"), ("account", "code", "hartati"))


@pytest.fixture
def crashed(office) -> Path:
    """An office whose last server was killed: its write-ahead log still lies beside the file."""
    settings = Settings(data_folder=office)
    opened = open_office(settings, lambda: PASSPHRASE)
    with opened.engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("UPDATE office SET title = 'Naungan'"))
        kept = office.with_name("crashed")
        shutil.copytree(office, kept)
    # The rows were not committed, but the log and its index are there as after a power cut.
    opened.engine.dispose()
    for leftover in kept.glob("*-shm"):
        leftover.unlink()
    assert any(path.name.endswith("-wal") for path in kept.iterdir())
    return kept


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: "-".join(words[:2]))
def test_a_wrong_passphrase_is_refused_in_one_sentence_and_no_byte_changes(
    arguments, crashed, tmp_path, monkeypatch, capfd
):
    monkeypatch.setenv(PASSPHRASE_FILE, str(write_passphrase(tmp_path / "wrong", "delapan perahu kertas tenggelam")))
    before = fingerprints(crashed)
    assert command(*arguments, "--data", crashed) == 1
    assert fingerprints(crashed) == before
    told = capfd.readouterr()
    assert told.err.strip() == "This passphrase does not open the key. Nothing was changed."
    assert told.out == ""


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: "-".join(words[:2]))
def test_the_key_of_another_office_is_refused_in_one_sentence_and_no_byte_changes(
    arguments, crashed, passphrase, capfd
):
    (crashed / WRAPPED_NAME).unlink()
    wrap_cheaply(crashed, os.urandom(32))
    before = fingerprints(crashed)
    assert command(*arguments, "--data", crashed) == 1
    assert fingerprints(crashed) == before
    assert capfd.readouterr().err.strip() == "This key belongs to another database. Nothing was changed."


def test_what_a_crash_left_behind_is_still_there_for_the_right_key(crashed, passphrase):
    assert command("trail", "verify", "--data", crashed) == 0


def test_a_key_that_others_can_read_is_refused(office, passphrase, capfd):
    (office / WRAPPED_NAME).chmod(0o644)
    before = fingerprints(office)
    assert command("serve", "--data", office) == 1
    assert "Other users of this computer can read the key" in capfd.readouterr().err
    assert fingerprints(office) == before


def test_a_passphrase_file_that_others_can_read_is_refused(office, tmp_path, monkeypatch, capfd):
    file = write_passphrase(tmp_path / "open", PASSPHRASE)
    file.chmod(0o640)
    monkeypatch.setenv(PASSPHRASE_FILE, str(file))
    assert command("serve", "--data", office) == 1
    assert "Other users of this computer can read" in capfd.readouterr().err


def test_a_missing_key_passphrase_or_database_is_named(office, tmp_path, monkeypatch, capfd):
    assert command("serve", "--data", tmp_path / "nowhere") == 1
    assert "There is no key in" in capfd.readouterr().err
    assert not (tmp_path / "nowhere").exists()
    assert command("serve", "--data", office) == 1
    assert "The passphrase is missing" in capfd.readouterr().err
    monkeypatch.setenv(PASSPHRASE_FILE, str(tmp_path / "gone"))
    assert command("serve", "--data", office) == 1
    assert "is not there" in capfd.readouterr().err
    monkeypatch.setenv(PASSPHRASE_FILE, str(write_passphrase(tmp_path / "right", PASSPHRASE)))
    (office / "teduh.db").unlink()
    assert command("serve", "--data", office) == 1
    assert "no database" in capfd.readouterr().err


@pytest.mark.parametrize("damage", ["", "{}", "no json", '{"format": 1, "salt": "?"}'])
def test_a_damaged_key_is_named(damage, office, passphrase, capfd):
    (office / WRAPPED_NAME).write_text(damage)
    before = fingerprints(office)
    assert command("serve", "--data", office) == 1
    assert "is damaged" in capfd.readouterr().err
    assert fingerprints(office) == before


def test_a_systemd_credential_opens_the_office(office, tmp_path, monkeypatch, capfd):
    write_passphrase(tmp_path / "safehouse-passphrase", PASSPHRASE)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert command("trail", "verify", "--data", office) == 0
    assert "rows hold" in capfd.readouterr().out


def test_a_clear_key_opens_no_real_office(office, passphrase, capfd):
    root = read_wrapped(office, PASSPHRASE)
    (office / CLEAR_NAME).touch(mode=0o600)
    (office / CLEAR_NAME).write_text(root.hex())
    assert command("tick", "--data", office) == 1
    assert "two key files" in capfd.readouterr().err
    (office / WRAPPED_NAME).unlink()
    assert command("tick", "--data", office) == 1
    assert "for the demo alone" in capfd.readouterr().err


def test_on_postgresql_the_key_of_another_office_is_refused_and_nothing_is_written(
    postgresql, tmp_path, passphrase, capfd
):
    address = fresh_database(postgresql)
    new = NewOffice("UPTD PPA", "Teduh", "Asia/Makassar", security_officer="bayu", manager="hartati")
    ours = Settings(data_folder=tmp_path / "ours", database_url=address)
    found_office(ours, new, passphrase=PASSPHRASE, now=utc_now())
    wrap_cheaply(ours.data_folder, read_wrapped(ours.data_folder, PASSPHRASE))
    (tmp_path / "theirs").mkdir()
    wrap_cheaply(tmp_path / "theirs", os.urandom(32))
    before = _everything(ours)
    assert command("tick", "--data", tmp_path / "theirs", "--database-url", address) == 1
    assert "This key belongs to another database" in capfd.readouterr().err
    assert _everything(ours) == before
    assert command("tick", "--data", tmp_path / "ours", "--database-url", address) == 0


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://teduh:rahasia@db/teduh",
        "postgresql+psycopg://teduh:rahasia@/teduh?host=/run/db",
        "postgresql:///teduh?user=teduh&password=rahasia",
        "postgresql:///teduh?sslpass%77ord=rahasia",
    ],
)
@pytest.mark.parametrize("line", ["init", "serve", "tick", "db upgrade", "trail verify"])
def test_an_address_with_a_password_is_refused_on_the_command_line(line, address, tmp_path, passphrase, capsys):
    assert command(*line.split(), "--data", tmp_path / "data", "--database-url", address) == 1
    told = capsys.readouterr()
    assert "everybody on this computer can see command lines" in told.err
    assert "rahasia" not in told.out + told.err
    assert not (tmp_path / "data").exists()


def test_the_address_of_the_database_may_come_from_a_private_file(
    postgresql, tmp_path, passphrase, monkeypatch, capsys
):
    address = fresh_database(postgresql).replace("postgres@", "postgres:rahasia@")
    new = NewOffice("UPTD PPA", "Teduh", "Asia/Makassar", security_officer="bayu", manager="hartati")
    folder = tmp_path / "office"
    found_office(Settings(data_folder=folder, database_url=address), new, passphrase=PASSPHRASE, now=utc_now())
    file = write_passphrase(tmp_path / DATABASE_URL_CREDENTIAL, address)
    assert command("tick", "--data", folder, "--database-url-file", file) == 0
    monkeypatch.setenv("SAFEHOUSE_DATABASE_URL", address)
    assert command("tick", "--data", folder) == 0
    monkeypatch.delenv("SAFEHOUSE_DATABASE_URL")
    monkeypatch.setenv(DATABASE_URL_FILE, str(file))
    assert command("tick", "--data", folder) == 0
    monkeypatch.setenv("SAFEHOUSE_DATA", str(folder))
    monkeypatch.setenv("SAFEHOUSE_HTTPS", "1")
    engine = app_from_environment().extensions["db_engine"]
    assert engine.dialect.name == "postgresql"
    engine.dispose()
    monkeypatch.delenv(DATABASE_URL_FILE)
    (tmp_path / CREDENTIAL).write_text(PASSPHRASE)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert settings_as_kept().database_url == address
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    capsys.readouterr()
    file.chmod(0o640)
    assert command("tick", "--data", folder, "--database-url-file", file) == 1
    assert "Make it private" in capsys.readouterr().err
    assert command("tick", "--data", folder, "--database-url-file", tmp_path / "none") == 1
    assert "is not there" in capsys.readouterr().err
    assert command("tick", "--data", folder, "--database-url-file", file, "--database-url", address) == 2


def test_nothing_readable_lies_in_the_file_the_log_or_a_temporary_file(demo, tmp_path, monkeypatch):
    """Canaries in an alias, an address and a draft: not in any file, before and after the log is folded in."""
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    canary = f"KENARI-{uuid.uuid4().hex}"
    office = open_office(Settings(data_folder=demo), lambda: "")
    with office:
        _plant(office, canary)
        with office.engine.connect() as connection:
            # A sort too large for a page goes to a temporary file, if to any.
            connection.execute(
                text(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
                    "SELECT DISTINCT alias || :canary || i FROM resident, n ORDER BY 1 DESC LIMIT 1"
                ),
                {"canary": canary},
            )
            _nowhere(canary, demo, tmp_path)
            assert (demo / "teduh.db-wal").stat().st_size > 0
        raw = office.engine.raw_connection()
        raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw.close()
        assert (demo / "teduh.db-wal").stat().st_size == 0
        _nowhere(canary, demo, tmp_path)
    _nowhere(canary, demo, tmp_path)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_sealed_is_readable_in_no_column(kind, lone_app, vault):
    app, canary = lone_app(kind), f"KENARI-{uuid.uuid4().hex}"
    engine = app.extensions["db_engine"]
    from tests.office import Clock, Make

    with app.extensions["db_writing"]() as session:
        made = Make(session, Clock())
        house = made.house()
        made.account(None, house)
    office = OpenOffice(Settings(), vault, engine, demo=False)
    _plant(office, canary, alias=False)
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)):
                for value in row:
                    seen = value if isinstance(value, bytes) else str(value).encode()
                    assert canary.encode() not in seen, table.name


def _plant(office: OpenOffice, canary: str, *, alias: bool = True) -> None:
    _reading, writing = office.makers()
    now = utc_now()
    with writing() as session:
        account = session.scalars(select(Account).order_by(Account.id)).first()
        by = Actor(ActorKind.ACCOUNT, account.id, account.ref)
        keep_address(session, house=session.scalars(select(House)).first(), address=canary, now=now, by=by)
        keep_draft(session, path="/referrals/new", typed=MultiDict({"contact": canary}), now=now, by=by)
        if alias:
            session.scalars(select(Resident)).first().alias = canary[:40]
        session.commit()


def _nowhere(canary: str, *folders: Path) -> None:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                assert canary[:20].encode() not in path.read_bytes(), path
    descriptors = Path("/proc/self/fd")
    if descriptors.exists():  # files that SQLite has opened and already unlinked
        names = [str(link.readlink()) for link in descriptors.iterdir() if link.is_symlink()]
        assert not [name for name in names if "etilqs" in name]


def _everything(settings: Settings) -> list[object]:
    engine = make_engine(settings.database)
    reading, _writing = session_makers(engine)
    with reading() as session:
        rows = [session.execute(select(table)).all() for table in METADATA.sorted_tables]
    engine.dispose()
    return rows
