"""A fresh code for one purpose and one record. What it opens closes by itself a few minutes later."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, StepUp
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


@dataclass(frozen=True, slots=True)
class EarlierStepUp:
    who: str
    reason: str
    at: dt.datetime


def step_up(
    session: Session,
    *,
    sign_in_id: int,
    purpose: str,
    subject: uuid.UUID,
    reason: str,
    lasts: dt.timedelta,
    now: dt.datetime,
    by: Actor,
) -> StepUp:
    """Keep that this sign-in has just proved its second factor for this purpose and this record.

    The caller has checked the code (`check_code`) and commits.
    """
    made = StepUp(
        sign_in_id=sign_in_id,
        account_id=by.account_id,
        purpose=purpose,
        reason=reason,
        subject=subject,
        since=now,
        until=now + lasts,
    )
    session.add(made)
    session.flush()
    record(session, now=now, by=by, act=Act.STEPPED_UP, subject=subject, purpose=purpose)
    return made


def standing_step_up(
    session: Session, *, sign_in_id: int, purpose: str, subject: uuid.UUID, now: dt.datetime
) -> StepUp | None:
    """The step-up that still counts, of this sign-in, for this purpose and this very record; None otherwise."""
    return session.scalar(
        select(StepUp)
        .where(
            StepUp.sign_in_id == sign_in_id,
            StepUp.purpose == purpose,
            StepUp.subject == subject,
            StepUp.until > now,
        )
        .order_by(StepUp.id.desc())
        .limit(1)
    )


def end_step_up(session: Session, *, sign_in_id: int, subject: uuid.UUID, now: dt.datetime, by: Actor) -> None:
    """Close before the time is over: what was opened does not open again without a new code."""
    for one in session.scalars(
        select(StepUp).where(StepUp.sign_in_id == sign_in_id, StepUp.subject == subject, StepUp.until > now)
    ):
        one.until = max(now, one.since + dt.timedelta(microseconds=1))
        record(session, now=now, by=by, act=Act.STEP_UP_ENDED, subject=subject, purpose=one.purpose)


def earlier_step_ups(session: Session, *, purpose: str, subject: uuid.UUID, most: int = 20) -> list[EarlierStepUp]:
    """Who opened this record for this purpose, newest first."""
    rows = session.execute(
        select(Account.shown_name, StepUp.reason, StepUp.since)
        .join(Account, Account.id == StepUp.account_id)
        .where(StepUp.purpose == purpose, StepUp.subject == subject)
        .order_by(StepUp.id.desc())
        .limit(most)
    )
    return [EarlierStepUp(*row) for row in rows]
