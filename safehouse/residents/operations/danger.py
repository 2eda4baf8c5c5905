"""Saying how much danger a household is in. Each assessment is a new row; the newest counts."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from safehouse.residents.models import Danger, DangerLevel, Household
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


def assess_danger(
    session: Session,
    *,
    household: Household,
    level: DangerLevel,
    grounds: Sequence[str],
    words: str | None,
    now: dt.datetime,
    by: Actor,
) -> Danger:
    """Write down how much danger there is, with the codes of what speaks for and against it.

    `words` is what the assessor adds; it is sealed with the household's key. The caller commits.
    """
    danger = Danger(household_id=household.id, level=level, grounds=",".join(grounds), at=now, by_id=by.person_id)
    if words:
        danger.words = seal(session, danger, "words", words, key=key_of(session, household.ref))
    session.add(danger)
    session.flush()
    record(session, now=now, by=by, act=Act.DANGER_ASSESSED, subject=household.ref)
    return danger
