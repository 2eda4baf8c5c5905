"""Writing the record."""

import datetime as dt
import hmac
import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from safehouse.database import WRITE_LOCK
from safehouse.prepared import Prepared
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, Result, TrailEntry, TrailSubject
from safehouse.vault.operations import vault_of

FIRST_MAC = bytes(32)
# Put together once: a page that opens values waits for these.
LAST = Prepared(select(TrailEntry.seq, TrailEntry.mac).order_by(TrailEntry.seq.desc()).limit(1))
ENTRY, SUBJECTS = insert(TrailEntry), insert(TrailSubject)


def record(
    session: Session,
    *,
    now: dt.datetime,
    by: Actor,
    act: Act,
    subject: uuid.UUID | None = None,
    fields: Sequence[str] = (),
    purpose: str | None = None,
    result: Result = Result.DONE,
    subjects: Sequence[uuid.UUID] = (),
) -> int:
    """Append one entry and return its number. It stands or falls with the caller's transaction.

    `subjects` lists the people of a reading or act that touches several files; `fields` are names, never values.
    """
    if session.get_bind().dialect.name == "postgresql":
        # A writing transaction holds this lock from its beginning; any other takes it here.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITE_LOCK})
    if session.autoflush:
        session.flush()  # what was done is written before the entry about it, as any other question would see to
    last = LAST.ask(session)
    seq, previous = (last[0][0] + 1, last[0][1]) if last else (1, FIRST_MAC)
    row = {
        "seq": seq,
        "at": now,
        "actor_kind": by.kind,
        "actor": by.account_ref,
        "sign_in": by.sign_in_ref,
        "act": act,
        "subject": subject,
        "fields": ",".join(fields),
        "purpose": purpose,
        "result": result,
        "previous_mac": previous,
    }
    several = in_order(set(subjects))
    mac = chain_mac(vault_of(session).derived("trail"), previous, canonical(row, several))
    # Past the mapper: no object is wanted.
    connection = session.connection()
    connection.execute(ENTRY, {**row, "mac": mac})
    if several:
        connection.execute(SUBJECTS, [{"entry_seq": seq, "subject": one} for one in several])
    return seq


def canonical(row: dict[str, object], subjects: Sequence[uuid.UUID]) -> bytes:
    """One spelling of one entry. JSON keeps a newline in a value from looking like a second entry."""
    at: Any = row["at"]
    told = [
        row["seq"],
        at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        row["actor_kind"],
        _text(row["actor"]),
        _text(row["sign_in"]),
        row["act"],
        _text(row["subject"]),
        row["fields"],
        row["purpose"],
        row["result"],
        [str(one) for one in in_order(subjects)],
    ]
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()


def in_order(subjects: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """As they compare themselves, only that comparing plain numbers costs a tenth: a list opens forty files."""
    return sorted(subjects, key=lambda one: one.int)


def chain_mac(key: bytes, previous: bytes, told: bytes) -> bytes:
    return hmac.digest(key, previous + told, "sha256")


def _text(ref: object) -> str | None:
    return None if ref is None else str(ref)
