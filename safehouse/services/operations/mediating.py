"""Mediation of a matter: asked for with a reason, answered by a manager, refused where the law forbids it."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Approval
from safehouse.access.operations.asking import ask_for, locked, settle
from safehouse.residents.models import Matter
from safehouse.services.choices import Track
from safehouse.services.models import LegalProcess
from safehouse.services.operations.law import About, LawRefusal, LawRefused, open_way
from safehouse.services.queries.law import has_way, party_marks
from safehouse.services.rules.law import (
    ANSWER_WITHIN,
    MEDIATION,
    MediationReason,
    mediation_digest,
    reasons_for,
    why_not_mediate,
)
from safehouse.trail.models import Actor


def ask_mediation(session: Session, *, about: About, reason: MediationReason, now: dt.datetime, by: Actor) -> Approval:
    """Ask a manager whether this matter may be mediated. Sexual violence only where the offender is a child. Raises
    `LawRefused`; the caller commits."""
    matter = about.matter
    if matter.closed_at is not None:
        raise LawRefused(LawRefusal.CLOSED)
    if about.left_on is not None:
        raise LawRefused(LawRefusal.LEFT)
    facts = {"sexual_violence": matter.sexual_violence, "child_offender": matter.child_offender}
    if why_not_mediate(**facts) or reason not in reasons_for(**facts):
        raise LawRefused(LawRefusal.SEXUAL_VIOLENCE)
    if has_way(session, matter.id, Track.MEDIATION):
        raise LawRefused(LawRefusal.OPEN_ALREADY)
    return ask_for(
        session,
        kind=MEDIATION,
        subject=matter.ref,
        parameters=_digest(session, matter, reason),
        reason=reason,
        within=ANSWER_WITHIN,
        now=now,
        by=by,
    )


def decide_mediation(
    session: Session, *, approval: Approval, about: About, granted: bool, now: dt.datetime, by: Actor
) -> LegalProcess | None:
    """Answer the asking; granted, the matter goes this way from now on. Whoever asked does not answer, and what has
    changed since voids it. Raises `ApprovalRefused` and `LawRefused`; the caller commits."""
    approval = locked(session, approval)
    matter = session.scalars(
        select(Matter).where(Matter.id == about.matter.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    found = _digest(session, matter, approval.reason) if matter.closed_at is None else None
    settle(session, approval=approval, granted=granted, found=found, now=now, by=by)
    if not granted:
        return None
    return open_way(session, about=about, track=Track.MEDIATION, code=None, approval=approval, now=now, by=by)


def _digest(session: Session, matter: Matter, reason: str) -> bytes:
    return mediation_digest(
        matter.ref,
        sexual_violence=matter.sexual_violence,
        child_offender=matter.child_offender,
        reason=reason,
        parties=party_marks(session, matter.id),
    )
