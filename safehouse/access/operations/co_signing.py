"""The person beside you: her name and her own code, for one act. Not a sign-in."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountState, Clearance, CoSignature, Factor
from safehouse.access.models import Act as ActRow
from safehouse.access.operations.signing_in import charge, clear, find_device, forgive, spend_code
from safehouse.access.permissions import Permission, allows
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, ActorKind, Result
from safehouse.trail.operations import record
from safehouse.vault.operations import vault_of


class CoSigningRefusal(StrEnum):
    YOURSELF = "yourself"
    # Unknown, not cleared for the house, disabled, unconfirmed, denied this family, or a wrong code: one answer.
    NO_MATCH = "no_match"
    WAIT = "wait"


class CoSigningRefused(Exception):
    def __init__(self, reason: CoSigningRefusal, wait: dt.timedelta = dt.timedelta()):
        super().__init__(reason)
        self.reason, self.wait = reason, wait


def co_sign(
    session: Session,
    *,
    act: ActRow,
    username: str,
    typed: str,
    house_id: int,
    device_token: str | None,
    source: bytes,
    now: dt.datetime,
    wall: dt.datetime,
    by: Actor,
    never: Collection[int] = (),
) -> CoSignature:
    """The second person agrees to this act with her own code, which is spent. Raises `CoSigningRefused`.

    `never` are the accounts that do not sign this one, whatever their code: where it is about a family, those who must
    know nothing of it.

    The try is counted before the code is looked at, under locks that last until the transaction ends: of many at the
    same moment each is judged after the one before it was counted. Whoever catches the refusal therefore does not
    roll back: she calls `keep_refusal` and commits. Before this is called nothing may be written but the act.
    """
    name = username.strip().lower()
    second = session.scalar(
        select(Account)
        .join(Clearance, Clearance.account_id == Account.id)
        .where(
            Account.username == name,
            Account.state == AccountState.ACTIVE,
            Clearance.house_id == house_id,
            Clearance.until.is_(None),
            Account.unconfirmed_since.is_(None),
            or_(Account.valid_until.is_(None), Account.valid_until > now),
        )
    )
    if second is not None and second.id == by.account_id:
        raise CoSigningRefused(CoSigningRefusal.YOURSELF)
    if second is not None and second.id in never:
        second = None
    known = second is not None and find_device(session, account_id=second.id, token=device_token, now=now) is not None
    subject = vault_of(session).digest("username", name)
    wait = charge(session, subject=subject, factor=Factor.CODE, known=known, source=source, now=now)
    if wait:
        raise CoSigningRefused(CoSigningRefusal.WAIT, wait)
    if second is None or second.role is None or not allows(second.role, Permission.PLACEMENT_DECIDE):
        raise CoSigningRefused(CoSigningRefusal.NO_MATCH)
    beside = Actor(ActorKind.ACCOUNT, second.id, second.ref, by.sign_in_ref)
    if not spend_code(
        session, account_id=second.id, account_ref=second.ref, typed=typed, now=now, wall=wall, by=beside
    ):
        raise CoSigningRefused(CoSigningRefusal.NO_MATCH)
    clear(session, subject=subject, factor=Factor.CODE, known=known)
    forgive(session, source=source, known=known)
    signature = CoSignature(account_id=second.id, act_id=act.id, at=now)
    session.add(signature)
    session.flush()
    record(session, now=now, by=beside, act=Act.CO_SIGNED, subject=act.ref)
    return signature


def keep_refusal(session: Session, *, act: ActRow, now: dt.datetime, by: Actor) -> None:
    """What was refused is written down and its count stays; the act it was for did not happen. The caller commits."""
    session.delete(act)
    record(session, now=now, by=by, act=Act.CO_SIGNED, result=Result.REFUSED)
