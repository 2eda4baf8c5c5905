"""`safehouse serve`: the office answers over a safe connection, from one process that keeps its key to itself."""

import datetime as dt
import ipaddress
import os
import pickle
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import request
from sqlalchemy import text

from safehouse.cli.serve import warn_of_broken_record
from safehouse.cli.speaking import speaking
from safehouse.serving import Handover, answering_app
from safehouse.settings import Settings, UnsafeSettings
from safehouse.starting import PASSPHRASE_FILE, app_from_environment, open_office, wired_app
from safehouse.vault.keys import Vault, read_wrapped
from tests.cli.commands import ROOT, clean_environment, command, fingerprints, free_port, running
from tests.cli.conftest import PASSPHRASE


@pytest.fixture
def settings(office) -> Settings:
    return Settings(data_folder=office, password_memory_kib=64, password_passes=1)


def test_an_office_answers_and_stops_cleanly_and_its_key_is_nowhere_to_be_seen(office, passphrase_file, tmp_path):
    vault = Vault(read_wrapped(office, PASSPHRASE))
    with running(
        "serve",
        "--data",
        office,
        port=free_port(),
        cwd=tmp_path,
        log=tmp_path / "log",
        environment={PASSPHRASE_FILE: str(passphrase_file)},
    ) as server:
        server.wait_until_it_answers()
        assert server.answering != server.process.pid
        for process in (server.process.pid, server.answering):
            for secret in (vault.root, vault.file_key, PASSPHRASE.encode()):
                for spelling in (secret, secret.hex().encode()):
                    assert spelling not in _what_others_see(process)
            assert _largest_core(process) == "0"
        assert server.stop() == 0
        assert "Record checked" in server.said
        assert "Stopped." in server.said
        assert "Traceback" not in server.said
    assert not [path.name for path in office.iterdir() if path.name.endswith(("-wal", "-shm"))]


def test_forms_that_never_arrive_wholly_keep_nobody_else_waiting(demo, tmp_path):
    port = free_port()
    with running("demo", "--data", demo, port=port, cwd=tmp_path, log=tmp_path / "log") as server, ExitStack() as open_:
        server.wait_until_it_answers()
        for _ in range(8):
            slow = open_.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall(
                b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\nusername=a"
            )
        time.sleep(1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as answer:
            assert answer.status == 200


def test_it_stops_when_asked_from_the_keyboard(demo, tmp_path):
    with running("demo", "--data", demo, port=free_port(), cwd=tmp_path, log=tmp_path / "log") as server:
        server.wait_until_it_answers()
        assert server.stop(signal.SIGINT) == 0


def test_where_processes_cannot_be_forked_the_key_goes_through_the_pipe(settings):
    given = Handover(b"\x07" * 32, settings, demo=False)
    loader = pickle.loads(pickle.dumps(partial(answering_app, given)))  # noqa: S301 - our own bytes
    assert loader.args == (given,)
    assert "07" not in repr(given)


def test_two_programs_share_no_port_and_whoever_kills_the_first_closes_the_house(demo, tmp_path):
    port = free_port()
    with running("demo", "--data", demo, port=port, cwd=tmp_path, log=tmp_path / "log") as server:
        server.wait_until_it_answers()
        with running("demo", "--data", demo, port=port, cwd=tmp_path, log=tmp_path / "second") as second:
            assert second.process.wait(timeout=60) == 1
            assert "is taken or not allowed" in second.said
        server.wait_until_it_answers()
        answering = server.answering
        server.stop(signal.SIGKILL)
        deadline = time.monotonic() + 20
        while _is_alive(answering):
            assert time.monotonic() < deadline, "the answering process lives on"
            time.sleep(0.1)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.10", "10.0.0.1", "server.example"])
def test_other_computers_are_let_in_over_an_encrypted_connection_only(address, office, capsys):
    before = fingerprints(office)
    assert command("serve", "--data", office, "--address", address) == 1
    assert "Give --certificate and --private-key" in capsys.readouterr().err
    assert fingerprints(office) == before


def test_with_a_certificate_of_its_own_it_answers_over_tls(office, passphrase_file, tmp_path):
    certificate, private_key = _certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=certificate)
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting))
    with running(
        "serve",
        "--data",
        office,
        "--address",
        "0.0.0.0",
        "--certificate",
        certificate,
        "--private-key",
        private_key,
        port=free_port(),
        cwd=tmp_path,
        log=tmp_path / "log",
        scheme="https",
        environment={PASSPHRASE_FILE: str(passphrase_file)},
    ) as server:
        server.wait_until_it_answers(opener)
        with opener.open(f"{server.url}/sign-in") as answer:
            cookies = answer.headers.get_all("Set-Cookie")
    assert cookies
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in cookies)


def test_a_certificate_without_its_key_or_a_missing_file_is_refused(office, tmp_path, capsys):
    certificate, _private_key = _certificate(tmp_path)
    assert command("serve", "--data", office, "--certificate", certificate) == 1
    assert "given together" in capsys.readouterr().err
    assert command("serve", "--data", office, "--certificate", certificate, "--private-key", tmp_path / "gone") == 1
    assert "is not there" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "eight"])
def test_a_port_that_cannot_be_is_not_understood(port, office):
    assert command("serve", "--data", office, "--port", port) == 2


def test_a_database_of_an_older_version_is_refused_and_the_way_out_named(office, settings, passphrase, capsys):
    _set_version(settings, None)
    assert command("serve", "--data", office) == 1
    assert "safehouse db upgrade" in capsys.readouterr().err


def test_a_database_of_a_newer_version_is_refused(office, settings, passphrase, capsys):
    _set_version(settings, "9999")
    for line in (("serve",), ("db", "upgrade")):
        assert command(*line, "--data", office) == 1
        assert "newer version (9999)" in capsys.readouterr().err


def test_a_broken_record_is_shouted_at_the_start(demo, capsys):
    settings = Settings(data_folder=demo)
    with open_office(settings, lambda: "") as office:
        _break_row(office.engine, 7)
        with speaking("en"):
            warn_of_broken_record(office)
    told = capsys.readouterr().err
    assert "THE RECORD IS BROKEN. Row 7 does not hold: its content was changed." in told
    assert told.startswith("!!!")


def test_the_source_of_a_request_is_what_a_trusted_proxy_wrote_and_nothing_else(settings):
    for hops, expected in ((0, "127.0.0.1"), (1, "203.0.113.9")):
        behind = Settings(
            data_folder=settings.data_folder,
            trusted_proxies=hops,
            https=True,
            password_memory_kib=64,
            password_passes=1,
        )
        with open_office(behind, lambda: PASSPHRASE) as office:
            seen = []
            app = wired_app(office)
            app.before_request_funcs.setdefault(None, []).insert(0, lambda seen=seen: seen.append(request.remote_addr))
            app.test_client().get("/sign-in", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
        assert seen == [expected]


def test_several_processes_start_only_where_browsers_come_over_tls(office, monkeypatch):
    monkeypatch.setenv("SAFEHOUSE_DATA", str(office))
    before = os.umask(0o022)
    try:
        with pytest.raises(UnsafeSettings, match="SAFEHOUSE_HTTPS"):
            app_from_environment()
    finally:
        os.umask(before)


def test_the_file_for_other_servers_names_the_application(office, passphrase_file):
    environment = clean_environment(
        {PASSPHRASE_FILE: str(passphrase_file), "SAFEHOUSE_DATA": str(office), "SAFEHOUSE_HTTPS": "1"}
    )
    line = "import wsgi; print(wsgi.application.test_client().get('/sign-in').status_code)"
    told = subprocess.run(
        [sys.executable, "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "200"


def _what_others_see(process: int) -> bytes:
    """Environment and command line, where this system shows them as files."""
    folder = Path(f"/proc/{process}")
    if folder.is_dir():
        return (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
    told = subprocess.run(["ps", "-E", "-ww", "-p", str(process)], capture_output=True, check=True)
    return told.stdout


def _largest_core(process: int) -> str:
    limits = Path(f"/proc/{process}/limits")
    if not limits.exists():
        return "0"
    line = next(line for line in limits.read_text().splitlines() if line.startswith("Max core file size"))
    return line.split()[4]


def _is_alive(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    if state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
        return False  # over, only not yet taken note of by whoever adopted it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _set_version(settings: Settings, version: str | None) -> None:
    with (
        open_office(settings, lambda: PASSPHRASE) as office,
        office.engine.execution_options(writing=True).begin() as connection,
    ):
        connection.execute(text("DELETE FROM alembic_version"))
        if version:
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})


def _break_row(engine, seq: int) -> None:
    """What only somebody with the file key and a tool of her own could do."""
    with engine.execution_options(writing=True).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trail_entry_no_update")
        connection.execute(text("UPDATE trail_entry SET purpose = 'something else' WHERE seq = :seq"), {"seq": seq})


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "private-key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
