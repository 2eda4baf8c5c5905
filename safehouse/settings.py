"""What the person who runs Teduh decides outside the database. Read once at start."""

import os
from dataclasses import dataclass
from pathlib import Path


class UnsafeSettings(Exception):
    """These settings would expose people. The sentence says which one and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`data_folder` holds the key file and, without `database_url`, the encrypted SQLite file.

    `https` is true when browsers reach us over TLS, from our own certificate or through a proxy in front: cookies
    are then `Secure` and carry the `__Host-` prefix. `trusted_proxies` is how many proxies in front of us write
    `X-Forwarded-For`; with 0 the header is ignored.
    """

    data_folder: Path = Path("instance")
    database_url: str | None = None
    https: bool = False
    trusted_proxies: int = 0
    # How many Argon2 computations run at once; the rest wait.
    hashers: int = max(1, min(os.cpu_count() or 1, 4))
    # Argon2id cost: KiB of memory and passes. The default fits an office computer (46 MiB, 1 pass, RFC 9106 family).
    password_memory_kib: int = 64 * 1024
    password_passes: int = 3

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_folder / 'teduh.db'}"


def from_environment() -> Settings:
    """Settings from `SAFEHOUSE_…` variables; every one has a safe default."""
    return Settings(
        data_folder=Path(os.environ.get("SAFEHOUSE_DATA", "instance")),
        database_url=os.environ.get("SAFEHOUSE_DATABASE_URL") or None,
        https=os.environ.get("SAFEHOUSE_HTTPS", "") == "1",
        trusted_proxies=int(os.environ.get("SAFEHOUSE_TRUSTED_PROXIES", "0")),
    )
