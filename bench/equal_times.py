"""Whether the time of an answer tells which user names exist: `python -m bench.equal_times`.

Wrong passwords at real cost, known and unknown names in turn, on an encrypted SQLite file. The medians may differ by
15 ms at most. Judged is the time of the processor: on a busy machine the clock on the wall measures the neighbours.
"""

import datetime as dt
import re
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask.testing import FlaskClient

from safehouse import create_app, schema
from safehouse.access.hashing import Hasher
from safehouse.access.models import Account, AccountState, Office
from safehouse.access.permissions import Role
from safehouse.database import make_engine
from safehouse.settings import Settings
from safehouse.vault.keys import Vault
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import new_key, seal

TRIES = 25
MOST_APART = 0.015
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class _Clock:
    """Each try comes a day after the one before: nobody has to wait."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 21, 16, 40, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


def measure(tries: int = TRIES) -> dict[str, tuple[float, float]]:
    """Median seconds, (of the processor, on the wall), for a name that exists and one that does not."""
    with tempfile.TemporaryDirectory() as folder:
        settings, vault, clock = Settings(data_folder=Path(folder)), Vault(secrets.token_bytes(32)), _Clock()
        engine = make_engine(settings.database, file_key=vault.file_key)
        schema.upgrade(engine)
        app = create_app(settings, engine=engine, vault=vault, clock=clock)
        with app.extensions["db_writing"]() as session:
            session.add(Office(title="Teduh", name="UPTD PPA Contoh", key_check=vault.check))
            account = Account(
                username="dewi", role=Role.STAFF, state=AccountState.ACTIVE, shown_name="Dewi", made_at=clock.now
            )
            session.add(account)
            session.flush()
            key = new_key(session, owner_kind=OwnerKind.ACCOUNT, owner=account.ref)
            hasher: Hasher = app.extensions["hasher"]
            account.password = seal(session, account, "password", hasher.hash("perahu kertas di sungai"), key=key)
            session.commit()
        client = app.test_client()
        seen: dict[str, list[tuple[float, float]]] = {"dewi": [], "ratna": []}
        for turn in range(tries + 2):
            for name, times in seen.items():
                clock.now += dt.timedelta(days=1)
                took = _try(client, name)
                if turn >= 2:
                    times.append(took)
        engine.dispose()
    return {"known": _medians(seen["dewi"]), "unknown": _medians(seen["ratna"])}


def _medians(times: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(one[0] for one in times), statistics.median(one[1] for one in times)


def _try(client: FlaskClient, username: str) -> tuple[float, float]:
    found = TOKEN.search(client.get("/sign-in").get_data(as_text=True))
    token = found[1] if found else ""
    begun = time.process_time(), time.perf_counter()
    client.post("/sign-in", data={"csrf_token": token, "username": username, "password": "bukan kata sandinya"})
    return time.process_time() - begun[0], time.perf_counter() - begun[1]


if __name__ == "__main__":
    medians = measure()
    for name, (processor, wall) in medians.items():
        print(f"{name:8} {processor * 1000:6.1f} ms of the processor, {wall * 1000:6.1f} ms on the wall")
    apart = abs(medians["known"][0] - medians["unknown"][0])
    print(f"apart    {apart * 1000:6.1f} ms, at most {MOST_APART * 1000:.0f}")
    sys.exit(apart > MOST_APART)
