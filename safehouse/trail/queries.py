"""Reading and checking the record."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.trail.models import TrailEntry, TrailSubject
from safehouse.trail.operations import FIRST_MAC, canonical, chain_mac
from safehouse.vault.operations import vault_of

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken` is the number of the first entry that does not hold, or None; `rows` how many hold before it."""

    rows: int
    broken: int | None
    fault: str | None  # gap, previous, changed

    @property
    def whole(self) -> bool:
        return self.broken is None


def verify(session: Session) -> Verdict:
    """Walk the whole chain. A changed, missing, added or reordered entry is found and named."""
    key, previous, expected = vault_of(session).derived("trail"), FIRST_MAC, 1
    for entry, subjects in _in_order(session):
        row = {
            name: getattr(entry, name)
            for name in ("seq", "at", "actor_kind", "actor", "sign_in", "act", "subject", "fields", "purpose", "result")
        }
        if entry.seq != expected:
            return Verdict(expected - 1, expected, "gap")
        if entry.previous_mac != previous:
            return Verdict(expected - 1, entry.seq, "previous")
        if chain_mac(key, previous, canonical(row, subjects)) != entry.mac:
            return Verdict(expected - 1, entry.seq, "changed")
        previous, expected = entry.mac, expected + 1
    return Verdict(expected - 1, None, None)


def newest_time(session: Session) -> dt.datetime | None:
    """When the newest entry was written. Turning the clock back cannot go behind it."""
    return session.scalar(select(TrailEntry.at).order_by(TrailEntry.seq.desc()).limit(1))


def _in_order(session: Session) -> Iterator[tuple[TrailEntry, list[uuid.UUID]]]:
    last = 0
    while True:
        entries = list(
            session.scalars(select(TrailEntry).where(TrailEntry.seq > last).order_by(TrailEntry.seq).limit(BATCH))
        )
        if not entries:
            return
        last = entries[-1].seq
        subjects: dict[int, list[uuid.UUID]] = {}
        for seq, subject in session.execute(
            select(TrailSubject.entry_seq, TrailSubject.subject).where(
                TrailSubject.entry_seq.between(entries[0].seq, last)
            )
        ):
            subjects.setdefault(seq, []).append(subject)
        for entry in entries:
            yield entry, subjects.get(entry.seq, [])
            session.expunge(entry)
