"""The head's decision about a family: before it comes, or within a day after an emergency. It sends nobody away."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Account, House, Office
from safehouse.shelter.choices import PlacementBasis
from safehouse.shelter.models import Decision, Referral
from safehouse.shelter.queries.deciding import (
    deciders,
    decides_as,
    is_emergency,
    open_placements,
    placed_by,
    standing_decision,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal

OWN = "own placement"
UNDONE = "undone"
FAMILY_CHANGED = "family changed"


class DecisionRefusal(StrEnum):
    NOT_HERS = "not_hers"
    OWN_PLACEMENT = "own_placement"
    ALREADY_DECIDED = "already_decided"
    NEEDS_WORDS = "needs_words"


class DecisionRefused(Exception):
    def __init__(self, reason: DecisionRefusal):
        super().__init__(reason)
        self.reason = reason


def decide_placement(
    session: Session,
    *,
    referral: Referral,
    house: House | None,
    granted: bool,
    words: str,
    now: dt.datetime,
    by: Actor,
) -> Decision:
    """Keep the decision under the next number. Raises `DecisionRefused`; the caller commits.

    Who placed the family in an emergency leaves the decision to another head, manager or acting head; where nobody
    else could take it she does, and the record says so. A refusal ends no stay: her onward way is looked for.
    """
    # Numbers follow one another, and of two who decide at one moment the second finds it decided.
    session.execute(select(Office.id).with_for_update())
    session.refresh(referral, with_for_update=True)
    if standing_decision(session, referral) is not None:
        raise DecisionRefused(DecisionRefusal.ALREADY_DECIDED)
    account = session.get_one(Account, by.person_id)
    capacity = decides_as(session, referral, account, now=now)
    if capacity is None:
        raise DecisionRefused(DecisionRefusal.NOT_HERS)
    own = is_own(session, referral, account, now=now)
    if own and others_could(session, referral, account, now=now):
        raise DecisionRefused(DecisionRefusal.OWN_PLACEMENT)
    if not granted and not words:
        raise DecisionRefused(DecisionRefusal.NEEDS_WORDS)
    decision = Decision(
        number=(session.scalar(select(func.max(Decision.number))) or 0) + 1,
        referral_id=referral.id,
        house_id=house.id if house else None,
        granted=granted,
        decided_as=capacity,
        at=now,
        by_id=account.id,
    )
    if words:
        decision.words = seal(session, decision, "words", words, key=key_of(session, referral.ref))
    try:
        with session.begin_nested():
            session.add(decision)
    except IntegrityError as clash:
        raise DecisionRefused(DecisionRefusal.ALREADY_DECIDED) from clash
    record(
        session,
        now=now,
        by=by,
        act=Act.PLACEMENT_DECIDED,
        subject=referral.ref,
        fields=[capacity, "granted" if granted else "refused"],
        purpose=OWN if own else None,
    )
    return decision


def read_words(
    session: Session, *, decision: Decision, referral: Referral, purpose: str, now: dt.datetime, by: Actor
) -> str:
    """The reasons and conditions the head wrote, opened and recorded; nothing where she wrote none."""
    if decision.words is None:
        return ""
    wanted = [Sealed(decision, "words", referral.ref)]
    return open_values(session, now=now, by=by, purpose=purpose, wanted=wanted)[0]


def undo_decision(
    session: Session, *, decision: Decision, referral: Referral, now: dt.datetime, by: Actor, why: str = UNDONE
) -> None:
    """It is open again; the number is not given twice. Whoever came on it meanwhile lives here as an emergency now:
    no stay rests on a decision that was taken back, and the next one is due within a day of the arrival."""
    # An arrival at this moment either finds the decision gone, or is found here.
    session.refresh(referral, with_for_update=True)
    decision.undone_at = now
    for placement in open_placements(session, referral):
        placement.basis = PlacementBasis.EMERGENCY
    record(session, now=now, by=by, act=Act.PLACEMENT_DECIDED, subject=referral.ref, purpose=why)


def is_own(session: Session, referral: Referral, account: Account, *, now: dt.datetime) -> bool:
    """Whether she placed this family herself, in an emergency."""
    placer = placed_by(session, referral)
    return placer is not None and placer[0] == account.id and is_emergency(open_placements(session, referral))


def others_could(session: Session, referral: Referral, account: Account, *, now: dt.datetime) -> bool:
    """Whether somebody else could take this decision now."""
    return any(one.id != account.id for one in deciders(session, referral, now=now))


def record_printed(session: Session, *, decision: Decision, referral: Referral, now: dt.datetime, by: Actor) -> None:
    """A sheet of paper with people on it left this computer."""
    record(session, now=now, by=by, act=Act.PAPER_PRINTED, subject=referral.ref, fields=[f"decision {decision.number}"])
