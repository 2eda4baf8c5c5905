"""The root key and what is derived from it.

    root key (32 bytes)
     |- "db-file"            key of the encrypted SQLite file
     |- "kek/<family>"       wraps data keys: identity, location, auth, office
     |- "trail"              MAC of the record
     |- "digest/<purpose>"   keyed digests: user names and network sources in the throttle, one-time codes,
                             rows of a register that was brought in

In production the root key lies on disk only wrapped with a passphrase. A clear key file exists for the demo alone.
"""

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

WRAPPED_NAME, CLEAR_NAME = "root-key.json", "root-key.demo"


class Family(StrEnum):
    """Key families: a fault in one place cannot open another."""

    IDENTITY = "identity"
    LOCATION = "location"
    AUTH = "auth"
    OFFICE = "office"


class KeyUnreadable(Exception):
    """The key file is missing, readable by others, or does not open with this passphrase. Nothing was changed."""


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """The derived keys of one root key. Never printed, never pickled, never in a traceback."""

    root: bytes
    _known: dict[str, bytes] = field(default_factory=dict)

    def derived(self, label: str) -> bytes:
        """32 bytes for this label, the same for ever."""
        if label not in self._known:
            self._known[label] = HKDF(SHA256(), 32, salt=None, info=b"safehouse/1/" + label.encode()).derive(self.root)
        return self._known[label]

    @property
    def file_key(self) -> bytes:
        return self.derived("db-file")

    @property
    def check(self) -> bytes:
        """Stored in the office row: tells a wrong root key before anything is opened or written."""
        return self.derived("check")

    def kek(self, family: Family) -> AESGCM:
        return AESGCM(self.derived(f"kek/{family}"))

    def digest(self, purpose: str, *parts: str) -> bytes:
        """A keyed digest: worthless to someone who holds only the database."""
        return hmac.digest(self.derived(f"digest/{purpose}"), "\x1f".join(parts).encode(), "sha256")

    def __repr__(self) -> str:
        return "Vault(...)"

    def __reduce__(self) -> str:
        raise TypeError("keys are not pickled")


def new_root_key() -> bytes:
    return secrets.token_bytes(32)


def write_wrapped(folder: Path, root: bytes, passphrase: str) -> Path:
    """Wrap the root key with a passphrase (Argon2id, 256 MiB, AES-256-GCM) and write it, mode 0600."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    cost = {"time_cost": 3, "memory_cost": 256 * 1024, "parallelism": 4}
    body = AESGCM(_from_passphrase(passphrase, salt, cost)).encrypt(nonce, root, b"safehouse/root-key/1")
    text = json.dumps(
        {
            "format": 1,
            **cost,
            "salt": b64encode(salt).decode(),
            "nonce": b64encode(nonce).decode(),
            "wrapped": b64encode(body).decode(),
        }
    )
    return _write_private(folder / WRAPPED_NAME, text.encode())


def write_clear(folder: Path, root: bytes) -> Path:
    """For the demo alone: the key beside the data it protects protects nothing."""
    return _write_private(folder / CLEAR_NAME, root.hex().encode())


def read_wrapped(folder: Path, passphrase: str) -> bytes:
    body = _read_private(folder / WRAPPED_NAME)
    try:
        kept = json.loads(body)
        cost = {name: int(kept[name]) for name in ("time_cost", "memory_cost", "parallelism")}
        salt, nonce, wrapped = (b64decode(kept[name]) for name in ("salt", "nonce", "wrapped"))
    except (ValueError, KeyError, TypeError):
        raise KeyUnreadable("damaged") from None
    try:
        return AESGCM(_from_passphrase(passphrase, salt, cost)).decrypt(nonce, wrapped, b"safehouse/root-key/1")
    except (InvalidTag, ValueError):
        raise KeyUnreadable("passphrase") from None


def read_clear(folder: Path) -> bytes:
    try:
        root = bytes.fromhex(_read_private(folder / CLEAR_NAME).decode().strip())
    except ValueError:
        raise KeyUnreadable("damaged") from None
    if len(root) != 32:
        raise KeyUnreadable("damaged")
    return root


def _from_passphrase(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return hash_secret_raw(passphrase.encode(), salt, hash_len=32, type=Type.ID, **cost)


def _write_private(path: Path, body: bytes) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
    return path


def _read_private(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise KeyUnreadable("missing") from None
    if os.name == "posix" and mode & 0o077:
        raise KeyUnreadable("readable by others")
    return path.read_bytes()


def fingerprint(value: bytes) -> bytes:
    """SHA-256 of something already random: cookies, not passwords."""
    return hashlib.sha256(value).digest()


def random_token() -> str:
    """256 random bits, safe in a cookie or a form."""
    return secrets.token_urlsafe(32)
