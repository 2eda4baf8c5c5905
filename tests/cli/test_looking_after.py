"""Commands for the person who looks after the server: record, accounts, versions, and the minute's work."""

import datetime as dt

import pytest
from sqlalchemy import func, select, text

from safehouse.access.models import (
    Account,
    AccountState,
    Activation,
    ActivationKind,
    Clearance,
    Device,
    Draft,
    Factor,
    Level,
    SignIn,
    Throttle,
)
from safehouse.access.operations.enrolling import issue_activation
from safehouse.access.operations.signing_in import start
from safehouse.access.permissions import Role
from safehouse.settings import Settings
from safehouse.shelter.models import Hold, ImportRun
from safehouse.starting import open_office
from safehouse.ticking import TICK_LOCK, tick
from safehouse.trail.models import SYSTEM, TrailEntry
from tests.cli.commands import command
from tests.cli.conftest import PASSPHRASE


def test_the_first_broken_row_of_the_record_is_named(demo, capsys):
    assert command("trail", "verify", "--data", demo) == 0
    assert "rows hold" in capsys.readouterr().out
    with (
        open_office(Settings(data_folder=demo), lambda: "") as office,
        office.engine.execution_options(writing=True).begin() as connection,
    ):
        for trigger in ("trail_entry_no_delete", "trail_entry_no_update"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.execute(text("UPDATE trail_entry SET act = 'trail:value:opened' WHERE seq IN (12, 40)"))
    assert command("trail", "verify", "--data", demo) == 1
    assert "Row 12 does not hold: its content was changed. The 11 rows before it do." in capsys.readouterr().err
    assert command("tick", "--data", demo) == 1
    assert "THE RECORD IS BROKEN. Row 12" in capsys.readouterr().err


def test_a_person_at_the_server_helps_when_nobody_can_sign_in(office, passphrase, capsys):
    create = ("account", "create", "siti.aminah", "--data", office, "--name", "Bu Siti", "--role", "security_officer")
    assert command(*create) == 0
    assert "Activation code of siti.aminah" in capsys.readouterr().out
    assert command(*create) == 1
    assert "This user name belongs to someone already" in capsys.readouterr().err
    assert command("account", "code", "SITI.AMINAH", "--data", office) == 0
    assert "Activation code of siti.aminah" in capsys.readouterr().out
    assert command("account", "disable", "siti.aminah", "--data", office) == 0
    assert command("account", "code", "siti.aminah", "--data", office) == 1
    assert "disabled" in capsys.readouterr().err
    assert command("account", "code", "nobody", "--data", office) == 1
    assert "Not found: nobody" in capsys.readouterr().err
    with open_office(Settings(data_folder=office), lambda: PASSPHRASE) as opened, opened.makers()[0]() as session:
        account = session.scalars(select(Account).where(Account.username == "siti.aminah")).one()
        assert (account.role, account.state) == (Role.SECURITY_OFFICER, AccountState.DISABLED)
        told = session.execute(
            select(TrailEntry.act, TrailEntry.actor_kind)
            .where(TrailEntry.subject == account.ref)
            .order_by(TrailEntry.seq)
        ).all()
        assert {kind for _act, kind in told} == {"system"}
        assert told[0].act == "access:account:made"
        assert "access:account:disabled" in [act for act, _kind in told]


def test_an_emergency_account_gets_its_houses(demo, capsys):
    line = (
        "account",
        "create",
        "lestari",
        "--data",
        demo,
        "--name",
        "Bu Lestari",
        "--role",
        "caseworker",
        "--discipline",
        "health",
        "--house",
        "Rumah Dua",
    )
    assert command(*line, "--house", "Rumah Tiga") == 1
    assert "Not found: Rumah Tiga" in capsys.readouterr().err
    assert command(*line) == 0
    with open_office(Settings(data_folder=demo), lambda: "") as opened, opened.makers()[0]() as session:
        assert (
            session.scalar(
                select(func.count())
                .select_from(Clearance)
                .join(Account, Account.id == Clearance.account_id)
                .where(Account.username == "lestari")
            )
            == 1
        )


def test_an_upgrade_of_a_database_that_is_up_to_date_says_so(demo, capsys):
    assert command("db", "upgrade", "--data", demo) == 0
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize("line", [(), ("nothing",), ("account",), ("trail",), ("db", "downgrade"), ("serve", "--x")])
def test_what_is_not_understood_points_to_the_help(line, capsys):
    assert command(*line) == 2
    assert "--help" in capsys.readouterr().err


def test_the_command_line_speaks_indonesian_unless_told_otherwise(tmp_path, capsys):
    from safehouse.cli import main

    assert main(["trail", "verify", "--data", str(tmp_path)]) == 1
    first = capsys.readouterr().err
    assert main(["trail", "verify", "--lang", "en", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("There is no key")
    assert first.startswith("Belum ada kunci")


def test_the_tick_command_says_what_it_did_and_a_second_run_is_idle(demo, capsys):
    with open_office(Settings(data_folder=demo), lambda: "") as office:
        _reading, writing = office.makers()
        with writing() as session:
            hold = session.scalars(select(Hold).where(Hold.released_at.is_(None))).one()
            hold.held_at -= dt.timedelta(hours=9)
            hold.expires_at -= dt.timedelta(hours=9)
            session.commit()
    assert command("tick", "--data", demo) == 0
    assert "Holds ended: 1" in capsys.readouterr().out
    rows = _rows(demo)
    assert command("tick", "--data", demo) == 0
    assert "Holds ended: 0" in capsys.readouterr().out
    assert _rows(demo) == rows


def test_what_signing_in_left_behind_goes_when_its_time_is_over(app, make, clock):
    account, session = make.account(), make.session
    now = clock.now
    day = dt.timedelta(days=1)

    def device(made, *, revoked=None):
        return make.saved(
            Device(
                digest=bytes([make.next()]) * 32,
                account_id=account.id,
                label="Chrome",
                made_at=made,
                expires_at=made + 90 * day,
                revoked_at=revoked,
            )
        )

    fresh, old = device(now - 5 * day), device(now - 91 * day)
    device(now - 95 * day, revoked=now - 91 * day)
    in_use = device(now - 91 * day)
    for started, ended, seen_on in (
        (now - 91 * day, now - 90 * day - dt.timedelta(hours=1), None),
        (now - 92 * day, None, old),
        (now - 89 * day, now - 88 * day, in_use),
        (now - day, None, fresh),
    ):
        sign_in = start(session, account_id=account.id, level=Level.FULL, device=seen_on, now=started).sign_in
        sign_in.ended_at = ended
    for made in (now - day - dt.timedelta(minutes=1), now - day + dt.timedelta(minutes=1)):
        session.add(Draft(account_id=account.id, path=f"/{made:%H%M}", body=b"sealed", made_at=made))
    issue_activation(session, account=account, kind=ActivationKind.ACCOUNT, now=now - 92 * day, by=SYSTEM)
    issue_activation(session, account=account, kind=ActivationKind.ACCOUNT, now=now, by=SYSTEM)
    for subject, factor, began in (
        (b"1", Factor.SOURCE, 2 * day),
        (b"2", Factor.SOURCE, 0 * day),
        (b"3", Factor.PASSWORD, 2 * day),
    ):
        session.add(Throttle(subject=subject * 32, factor=factor, known=False, window_started_at=now - began))
    session.commit()

    done = tick(_makers(app), now=now, verifying=False)
    assert done.alone
    swept = done.swept
    assert (swept.sign_ins, swept.devices, swept.activations, swept.drafts, swept.sources) == (2, 2, 1, 1, 1)
    assert not tick(_makers(app), now=now, verifying=False).swept.anything
    session.expire_all()
    left = {
        table: session.scalar(select(func.count()).select_from(table).where(table.account_id == account.id))
        for table in (SignIn, Device, Activation, Draft)
    }
    assert left == {SignIn: 2, Device: 2, Activation: 1, Draft: 1}


def test_an_import_nobody_finished_goes_after_a_day(app, make, clock):
    account = make.account()
    for hours in (25, 23):
        make.saved(ImportRun(account_id=account.id, made_at=clock.now - dt.timedelta(hours=hours), register=b"sealed"))
    assert tick(_makers(app), now=clock.now, verifying=False).imports == 1
    assert make.session.scalar(select(func.count()).select_from(ImportRun)) == 1


def test_verifying_is_noted_once_a_day(app, make, clock):
    make.account()
    verified = select(func.count()).select_from(TrailEntry).where(TrailEntry.act == "trail:chain:verified")
    for hours, expected in ((0, 1), (1, 1), (21, 2)):
        done = tick(_makers(app), now=clock.forward(hours=hours), verifying=True)
        assert done.verdict.whole
        assert make.session.scalar(verified) == expected
        make.session.rollback()


def test_of_two_runs_at_once_one_does_nothing(new_engine, vault):
    from safehouse.database import session_makers

    engine = new_engine("postgresql")
    makers = session_makers(engine, vault=vault)
    with engine.begin() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": TICK_LOCK})
        assert not tick(makers, now=dt.datetime.now(dt.UTC), verifying=True).alone
    assert tick(makers, now=dt.datetime.now(dt.UTC), verifying=True).alone


def _makers(app):
    return app.extensions["db_reading"], app.extensions["db_writing"]


def _rows(folder) -> int:
    with open_office(Settings(data_folder=folder), lambda: "") as office, office.makers()[0]() as session:
        return session.scalar(select(func.count()).select_from(TrailEntry))
