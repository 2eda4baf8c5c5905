"""What time itself does: holds run out, old rows go, children come of age, the record is checked.

Run every minute; a second run is idle.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from safehouse.access.operations.sweeping import Swept, sweep
from safehouse.faults import without_values
from safehouse.residents.operations.ageing import note_coming_of_age
from safehouse.shelter.operations.holding import expire_holds
from safehouse.shelter.operations.import_runs import drop_stale_imports
from safehouse.shelter.operations.importing import key_old_rows
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, Result, TrailEntry
from safehouse.trail.operations import record
from safehouse.trail.queries import Verdict, newest_time, verify

log = logging.getLogger("safehouse")

Makers = tuple[sessionmaker[Session], sessionmaker[Session]]
TICK_LOCK = 0x7469636B
EVERY_SECONDS = 60.0
VERIFIED_EVERY = dt.timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one run did. Not `alone`: another run was under way, and this one did nothing."""

    alone: bool
    holds: int = 0
    swept: Swept | None = None
    verdict: Verdict | None = None
    imports: int = 0


def tick(makers: Makers, *, now: dt.datetime, verifying: bool) -> Ticked:
    """One run, in transactions of its own. `verifying` walks the whole record; that is noted once a day."""
    reading, writing = makers
    with writing() as session:
        if not _alone(session):
            return Ticked(alone=False)
        # Like every request: the clock, never behind the newest entry of the record.
        now = max(now, newest_time(session) or now)
        holds = expire_holds(session, now=now)
        swept = sweep(session, now=now)
        imports = drop_stale_imports(session, now)
        key_old_rows(session)
        note_coming_of_age(session, now=now)
        session.commit()
    if not verifying:
        return Ticked(True, holds, swept, imports=imports)
    with reading() as session:
        verdict = verify(session)
    with writing() as session:
        if _alone(session):
            _note(session, verdict, now)
            session.commit()
    return Ticked(True, holds, swept, verdict, imports)


def keep_ticking(makers: Makers, *, clock: Callable[[], dt.datetime], stop: threading.Event) -> threading.Thread:
    """A thread that ticks every minute until `stop`; the record is verified once a day. A failed run is logged, and
    the next one tries again."""

    def run() -> None:
        verified = clock()
        while not stop.wait(EVERY_SECONDS):
            verifying = clock() - verified >= VERIFIED_EVERY
            try:
                done = tick(makers, now=clock(), verifying=verifying)
            except Exception as fault:  # noqa: BLE001 - whatever it was, the next minute tries again
                log.error("a tick failed; the next one follows in a minute\n%s", without_values(fault))  # noqa: TRY400
                continue
            if done.verdict is not None:
                verified = clock()
                if not done.verdict.whole:
                    log.critical("THE RECORD IS BROKEN at row %s (%s)", done.verdict.broken, done.verdict.fault)

    thread = threading.Thread(target=run, name="tick", daemon=True)
    thread.start()
    return thread


def _alone(session: Session) -> bool:
    """On SQLite the writing transaction itself is the lock; on PostgreSQL one is taken, or the run is left out."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": TICK_LOCK}))


def _note(session: Session, verdict: Verdict, now: dt.datetime) -> None:
    result = Result.DONE if verdict.whole else Result.FAILED
    last = session.execute(
        select(TrailEntry.at, TrailEntry.result)
        .where(TrailEntry.act == Act.CHAIN_VERIFIED)
        .order_by(TrailEntry.seq.desc())
        .limit(1)
    ).first()
    if last is None or last.result is not result or now - last.at >= VERIFIED_EVERY:
        now = max(now, newest_time(session) or now)
        record(session, now=now, by=SYSTEM, act=Act.CHAIN_VERIFIED, result=result, purpose=verdict.fault)
