"""Health checks: that she was examined, or was offered it and declined, and what those who care for her must know.

The findings stay with those who examined her. What was written down wrongly is withdrawn, never deleted.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.residents.models import Examiner, HealthCheck, HealthOutcome, Resident
from safehouse.residents.queries.health import standing_checks
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class HealthRefusal(StrEnum):
    IN_FUTURE = "in_future"
    NO_EXAMINER = "no_examiner"
    OVER = "over"  # withdrawn in the meantime


class HealthRefused(Exception):
    def __init__(self, reason: HealthRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NewHealthCheck:
    """`at` may lie before she came: a hospital may have examined her on the way. Who declined has no examiner."""

    at: dt.datetime
    outcome: HealthOutcome
    examiner: Examiner | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check as it is read; `words` are None where they stay closed to whoever looks."""

    ref: uuid.UUID
    at: dt.datetime
    outcome: HealthOutcome
    examiner: Examiner | None
    words: str | None
    by: str


def note_health_check(
    session: Session, *, resident: Resident, check: NewHealthCheck, now: dt.datetime, by: Actor
) -> HealthCheck:
    """She was examined, or declined. The caller commits. Raises `HealthRefused`."""
    if check.at > now:
        raise HealthRefused(HealthRefusal.IN_FUTURE)
    declined = check.outcome is HealthOutcome.DECLINED
    if not declined and check.examiner is None:
        raise HealthRefused(HealthRefusal.NO_EXAMINER)
    row = HealthCheck(
        resident_id=resident.id,
        at=check.at,
        examiner=None if declined else check.examiner,
        outcome=check.outcome,
        noted_at=now,
        by_id=by.person_id,
    )
    if check.words:
        row.words = seal(session, row, "words", check.words, key=key_of(session, resident.ref))
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.HEALTH_CHECK_NOTED, subject=resident.ref)
    return row


def withdraw_health_check(
    session: Session, *, check: HealthCheck, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was written down wrongly and counts no more. Raises `HealthRefused` when it was withdrawn before."""
    session.refresh(check, with_for_update=True)
    if check.withdrawn_at is not None:
        raise HealthRefused(HealthRefusal.OVER)
    check.withdrawn_at = now
    session.flush()
    record(session, now=now, by=by, act=Act.HEALTH_CHECK_WITHDRAWN, subject=resident.ref)


def open_checks(session: Session, *, resident: Resident, now: dt.datetime, by: Actor) -> list[ShownCheck]:
    """Her checks with what was written beside them, in one entry of the record; none is written where there is
    nothing to open. Needs a writing session; the caller commits before she shows them."""
    rows = standing_checks(session, resident.id)
    worded = [row for row in rows if row.words is not None]
    opened = open_values(
        session,
        now=now,
        by=by,
        purpose="health check",
        wanted=[Sealed(row, "words", resident.ref) for row in worded],
    )
    return _shown(session, rows, {row.id: words for row, words in zip(worded, opened, strict=True)})


def closed_checks(session: Session, *, resident: Resident) -> list[ShownCheck]:
    """The same for someone who opens nothing until another person has confirmed her."""
    rows = standing_checks(session, resident.id)
    return _shown(session, rows, {row.id: None for row in rows if row.words is not None})


def _shown(session: Session, rows: Sequence[HealthCheck], words: dict[int, str] | dict[int, None]) -> list[ShownCheck]:
    writers = select(Account.id, Account.shown_name).where(Account.id.in_({row.by_id for row in rows}))
    names = {number: name for number, name in session.execute(writers)}  # noqa: C416 - rows are no pairs to the types
    return [
        ShownCheck(row.ref, row.at, row.outcome, row.examiner, words.get(row.id, ""), names[row.by_id]) for row in rows
    ]
