"""One demo and one office, made once; every test that changes something gets a copy of its own."""

import datetime as dt
import json
import os
import shutil
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safehouse.demo.building import open_demo
from safehouse.founding import NewOffice, found_office
from safehouse.settings import Settings
from safehouse.starting import DATABASE_URL_FILE, PASSPHRASE_FILE
from safehouse.vault import keys
from safehouse.vault.keys import WRAPPED_NAME, read_wrapped

PASSPHRASE = "tujuh perahu kertas menyeberangi danau"


@dataclass(frozen=True)
class Codes:
    security_officer: str
    manager: str


@pytest.fixture(autouse=True)
def nobody_has_set_anything_up(monkeypatch):
    for name in (
        "SAFEHOUSE_DATA",
        "SAFEHOUSE_DATABASE_URL",
        DATABASE_URL_FILE,
        "SAFEHOUSE_HTTPS",
        PASSPHRASE_FILE,
        "CREDENTIALS_DIRECTORY",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "instance"
    office, made = open_demo(folder, Settings(), now=dt.datetime.now(dt.UTC))
    office.engine.dispose()
    assert made
    return folder


@pytest.fixture
def demo(made_demo, tmp_path) -> Path:
    return shutil.copytree(made_demo, tmp_path / "demo")


@pytest.fixture(scope="session")
def made_office(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("office") / "data"
    new = NewOffice("UPTD PPA Kabupaten Contoh", "Teduh", "Asia/Jakarta", security_officer="bayu", manager="hartati")
    codes = found_office(Settings(data_folder=folder), new, passphrase=PASSPHRASE, now=dt.datetime.now(dt.UTC))
    wrap_cheaply(folder, read_wrapped(folder, PASSPHRASE))
    return folder, codes


@pytest.fixture
def office(made_office, tmp_path) -> Path:
    return shutil.copytree(made_office[0], tmp_path / "office")


@pytest.fixture(scope="session")
def passphrase_file(tmp_path_factory) -> Path:
    return write_passphrase(tmp_path_factory.mktemp("secret") / "passphrase", PASSPHRASE)


@pytest.fixture
def passphrase(passphrase_file, monkeypatch) -> None:
    """The right passphrase is at hand, as a file that only we can read."""
    monkeypatch.setenv(PASSPHRASE_FILE, str(passphrase_file))


def wrap_cheaply(folder: Path, root: bytes) -> None:
    """The same key wrapped with the same passphrase, at a cost no attacker would notice: only for tests that open
    one office dozens of times. What an office really gets is what `found_office` writes."""
    (folder / WRAPPED_NAME).unlink(missing_ok=True)
    cost = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
    salt, nonce = os.urandom(16), os.urandom(12)
    body = AESGCM(keys._from_passphrase(PASSPHRASE, salt, cost)).encrypt(nonce, root, b"safehouse/root-key/1")
    parts = {"salt": salt, "nonce": nonce, "wrapped": body}
    kept = {"format": 1, **cost, **{name: b64encode(part).decode() for name, part in parts.items()}}
    keys._write_private(folder / WRAPPED_NAME, json.dumps(kept).encode())


def write_passphrase(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text + "\n", encoding="utf-8")
    return path
