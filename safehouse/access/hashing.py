"""Argon2id with a limit on how many run at once. Never called while a transaction is open."""

import threading
from dataclasses import dataclass, field

from pwdlib.exceptions import HasherNotAvailable
from pwdlib.hashers.argon2 import Argon2Hasher

from safehouse.access.rules.passwords import normalised

WAIT_SECONDS = 5


class Busy(Exception):
    """Too many people sign in at this moment; trying again helps."""


@dataclass
class Hasher:
    """Hashing and checking passwords. An unknown user is checked against a hash of nothing, and costs the same."""

    memory_kib: int
    passes: int
    at_once: int
    _gate: threading.BoundedSemaphore = field(init=False)
    _argon: Argon2Hasher = field(init=False)
    _nobody: str = field(init=False)

    def __post_init__(self) -> None:
        self._gate = threading.BoundedSemaphore(self.at_once)
        self._argon = Argon2Hasher(time_cost=self.passes, memory_cost=self.memory_kib, parallelism=4)
        self._nobody = self._argon.hash("nobody has this password")

    def hash(self, password: str) -> str:
        with self._turn():
            return self._argon.hash(normalised(password))

    def matches(self, password: str, stored: str | None) -> bool:
        """True when this password made the stored hash. With no stored hash the answer is False, as slowly."""
        with self._turn():
            try:
                right = self._argon.verify(normalised(password), stored or self._nobody)
            except (HasherNotAvailable, ValueError):
                right = False
        return right and stored is not None

    def is_dated(self, stored: str) -> bool:
        """The cost in the settings has changed since: hash again at the next success."""
        return self._argon.check_needs_rehash(stored)

    def _turn(self) -> "_Turn":
        return _Turn(self._gate)


class _Turn:
    def __init__(self, gate: threading.BoundedSemaphore):
        self.gate = gate

    def __enter__(self) -> None:
        if not self.gate.acquire(timeout=WAIT_SECONDS):
            raise Busy

    def __exit__(self, *_: object) -> None:
        self.gate.release()
