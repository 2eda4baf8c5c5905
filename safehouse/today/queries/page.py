"""Everything that waits for one person, from every folder, and what she did herself today."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.permissions import Role
from safehouse.gathered import Duty
from safehouse.residents.queries.duties import duties as of_residents
from safehouse.services.queries.duties import duties as of_the_plans
from safehouse.services.rules.reviewing import KIND as PLAN_REVIEW
from safehouse.shelter.queries.duties import duties as of_the_shelter
from safehouse.shelter.rules.extending import KIND as EXTENSION
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry

# What a manager decides; the rest of her work is seen where it was done.
DECISIONS = frozenset(
    {
        Act.APPROVAL_DECIDED,
        Act.ASSIGNMENT_MADE,
        Act.CONFLICT_LIFTED,
        Act.DEPARTURE_REVIEWED,
        Act.EXTENSION_DECIDED,
        Act.GRANT_REVIEWED,
        Act.PLACEMENT_DECIDED,
        Act.REFERRAL_ANSWERED,
        Act.RETURN_ANSWERED,
        Act.REVIEW_DECIDED,
    }
)
MOST = 20
# Of these an entry of its own tells the answer.
SAID_ELSEWHERE = (f"{EXTENSION}:", f"{PLAN_REVIEW}:")


def gathered(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[Duty]:
    """What every folder finds, unordered. A new folder is added here."""
    return [
        *of_the_shelter(session, account_id=account_id, role=role, now=now),
        *of_residents(session, account_id=account_id, role=role, now=now),
        *of_the_plans(session, account_id=account_id, role=role, now=now),
    ]


@dataclass(frozen=True, slots=True)
class Decided:
    """Something this person decided, as the record has it. `purpose` is the answer, in the record's own words."""

    act: Act
    at: dt.datetime
    subject: uuid.UUID | None
    purpose: str | None


def decided_since(session: Session, *, account_ref: uuid.UUID, since: dt.datetime) -> list[Decided]:
    """Her own decisions after this moment, newest first, one line each; what was taken back again is left out."""
    rows = session.execute(
        select(TrailEntry.act, TrailEntry.at, TrailEntry.subject, TrailEntry.purpose)
        .where(
            TrailEntry.actor == account_ref,
            TrailEntry.at > since,
            TrailEntry.act.in_([*DECISIONS, Act.UNDONE]),
            TrailEntry.result == Result.DONE,
        )
        .order_by(TrailEntry.seq.desc())
        .limit(200)
    )
    undone: set[uuid.UUID | None] = set()
    found: dict[tuple[str, dt.datetime], Decided] = {}
    for act, at, subject, purpose in rows:
        if act == Act.UNDONE or purpose == "undone":
            undone.add(subject)
        elif subject not in undone and not (purpose or "").startswith(SAID_ELSEWHERE):
            # One press about a whole family is one decision; of more days the answer itself is among them.
            found.setdefault((act, at), Decided(Act(act), at, subject, purpose))
    return list(found.values())[:MOST]
