"""What a person changes about her own signing in: devices and open sign-ins. All of it takes effect at once."""

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Device, SignIn
from safehouse.access.operations.enrolling import keep_password
from safehouse.access.operations.signing_in import end_all
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


def change_password(
    session: Session, *, account: Account, password_hash: str, keep_sign_in: int, now: dt.datetime, by: Actor
) -> None:
    """Keep the new password; whoever is signed in as her anywhere else is out."""
    keep_password(session, account=account, password_hash=password_hash, now=now, by=by)
    end_all(session, account_id=account.id, now=now, by=by, purpose="password", but=keep_sign_in)


def revoke_device(session: Session, *, device: Device, now: dt.datetime, by: Actor) -> None:
    """This browser is a stranger's again, and what is signed in there as her ends."""
    device.revoked_at = now
    record(session, now=now, by=by, act=Act.DEVICE_REVOKED, subject=device.ref)
    for sign_in in session.scalars(select(SignIn).where(SignIn.device_id == device.id, SignIn.ended_at.is_(None))):
        end_sign_in(session, sign_in=sign_in, now=now, by=by)


def share_device(session: Session, *, device: Device, now: dt.datetime, by: Actor) -> None:
    """From mine to shared: it locks sooner from the next request on. The way back is a full sign-in."""
    if device.shared:
        return
    device.shared = True
    record(session, now=now, by=by, act=Act.DEVICE_CHANGED, subject=device.ref, fields=("device.shared",))


def end_sign_in(session: Session, *, sign_in: SignIn, now: dt.datetime, by: Actor) -> None:
    sign_in.ended_at = now
    record(session, now=now, by=by, act=Act.SIGNED_OUT, subject=sign_in.ref, purpose="ended by owner")


def end_other_sign_ins(session: Session, *, account_id: int, keep: int, now: dt.datetime, by: Actor) -> int:
    """All but the one she is using, half-finished ones included. How many ended."""
    return end_all(session, account_id=account_id, now=now, by=by, purpose="ended by owner", but=keep)


def find_own_device(session: Session, *, account_id: int, ref: uuid.UUID) -> Device | None:
    return session.scalar(
        select(Device).where(Device.ref == ref, Device.account_id == account_id, Device.revoked_at.is_(None))
    )


def find_own_sign_in(session: Session, *, account_id: int, ref: uuid.UUID) -> SignIn | None:
    return session.scalar(
        select(SignIn).where(SignIn.ref == ref, SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    )
