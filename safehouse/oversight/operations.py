"""Checking the record."""

import datetime as dt

from sqlalchemy.orm import Session

from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, Result
from safehouse.trail.operations import record
from safehouse.trail.queries import Verdict


def note_check(session: Session, verdict: Verdict, *, now: dt.datetime, by: Actor) -> None:
    """Write down that the whole chain was walked, and where it broke if it did."""
    record(
        session,
        now=now,
        by=by,
        act=Act.CHAIN_VERIFIED,
        result=Result.DONE if verdict.whole else Result.FAILED,
        purpose=None if verdict.whole else f"entry {verdict.broken}",
    )
