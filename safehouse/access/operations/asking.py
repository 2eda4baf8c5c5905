"""One person asks, another answers. What was asked, and what follows, belongs to the folder that asks.

An asking carries a digest of its parameters. Whoever answers hands in the digest of things as they are then: whatever
changed in between voids the asking. What was granted is carried out by the caller, in the same transaction.
"""

import datetime as dt
import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from safehouse.access.models import Approval
from safehouse.access.rules.approving import ApprovalFault, AskedKind, why_not_decide
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import NotConfirmed
from safehouse.trail.operations import record


class ApprovalRefused(Exception):
    """Nothing was decided. `reason` says why."""

    def __init__(self, reason: ApprovalFault):
        super().__init__(reason)
        self.reason = reason


def ask_for(
    session: Session,
    *,
    kind: str,
    subject: uuid.UUID,
    parameters: bytes,
    reason: str,
    within: dt.timedelta,
    now: dt.datetime,
    by: Actor,
    beside_others: bool = False,
) -> Approval:
    """Ask for something about this subject. The newest asking of a kind about a subject is the one that counts;
    with `beside_others` the newest of each reason does."""
    session.execute(
        update(Approval)
        .where(
            Approval.kind == kind,
            Approval.subject == subject,
            *([Approval.reason == reason] if beside_others else []),
            Approval.decided_at.is_(None),
            Approval.expires_at > now,
        )
        .values(expires_at=now)
    )
    approval = Approval(
        kind=kind,
        subject=subject,
        reason=reason,
        asked_by_id=by.person_id,
        asked_at=now,
        parameters=parameters,
        expires_at=now + within,
    )
    session.add(approval)
    session.flush()
    record(session, now=now, by=by, act=Act.APPROVAL_ASKED, subject=subject, purpose=kind)
    return approval


def locked(session: Session, approval: Approval) -> Approval:
    """The asking as it is now: of two who answer at one moment the second waits here and reads the first answer."""
    return session.scalars(
        select(Approval).where(Approval.id == approval.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def settle(
    session: Session,
    *,
    approval: Approval,
    granted: bool,
    found: bytes | None,
    now: dt.datetime,
    by: Actor,
    own: bool = False,
    same_device: bool = False,
) -> None:
    """Answer a `locked` asking. `found` is the digest of its parameters as they are now, None when its subject is gone.

    Nobody answers what she asked for herself, whatever `own` says. Raises `ApprovalRefused`, and `NotConfirmed` for a
    person whose second step was set up anew.
    """
    if not by.confirmed:
        raise NotConfirmed
    fault = why_not_decide(
        now=now,
        expires_at=approval.expires_at,
        decided=approval.decided_at is not None,
        asked=approval.parameters,
        # Saying no needs no match: what has changed since is not given either way.
        found=found if granted else approval.parameters,
        own=own or by.account_id == approval.asked_by_id,
        same_device=same_device,
    )
    if fault:
        raise ApprovalRefused(fault)
    approval.decided_by_id, approval.decided_at, approval.granted = by.person_id, now, granted
    approval.carried_out_at = now if granted else None
    record(
        session,
        now=now,
        by=by,
        act=Act.APPROVAL_DECIDED,
        subject=approval.subject,
        purpose=f"{approval.kind}:{'granted' if granted else 'refused'}",
    )


def reopen(session: Session, *, approval: Approval, now: dt.datetime, by: Actor) -> None:
    """An answer is taken back by whoever gave it, and what it carried out with it: the asking waits again.

    Never one that gave somebody access: that is taken away by its own means.
    """
    if approval.kind in set(AskedKind) or approval.decided_by_id != by.account_id:
        raise PermissionError("this answer is not taken back")
    approval.decided_by_id = approval.decided_at = approval.granted = approval.carried_out_at = None
    record(session, now=now, by=by, act=Act.APPROVAL_DECIDED, subject=approval.subject, purpose="undone")
