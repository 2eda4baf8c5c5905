"""From an activation code to a person who can sign in with two factors."""

import datetime as dt
import secrets
import uuid

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from safehouse.access.models import (
    Account,
    AccountState,
    Activation,
    ActivationKind,
    Approval,
    Device,
    Factor,
    Level,
    RecoveryCode,
    Totp,
)
from safehouse.access.operations.signing_in import (
    NOBODY,
    Started,
    burn_steps,
    charge,
    clear,
    end_all,
    follow,
    forgive,
    recovery_digest,
    start,
    turned_away,
)
from safehouse.access.rules.approving import AFTER_RECOVERY, AFTER_RESET, CONFIRM_WITHIN, AskedKind, person_digest
from safehouse.access.rules.codes import as_typed, matching_step
from safehouse.access.signed import Signed
from safehouse.database import rows_changed
from safehouse.trail.acts import Act
from safehouse.trail.models import STRANGER, Actor, Result
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal, vault_of

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without 0 O 1 I L
ACTIVATION_LENGTH, ACTIVATION_LIFE = 12, dt.timedelta(hours=1)
RECOVERY_CODES, RECOVERY_LENGTH = 10, 16  # 16 letters of 31: 79 bits


def random_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def grouped(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def issue_activation(session: Session, *, account: Account, kind: ActivationKind, now: dt.datetime, by: Actor) -> str:
    """A code for one hour, shown once and handed over in person. Any earlier one dies."""
    session.execute(
        update(Activation)
        .where(Activation.account_id == account.id, Activation.used_at.is_(None), Activation.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )
    code = random_code(ACTIVATION_LENGTH)
    session.add(
        Activation(
            account_id=account.id,
            kind=kind,
            digest=_activation_digest(session, account.ref, code),
            expires_at=now + ACTIVATION_LIFE,
        )
    )
    record(session, now=now, by=by, act=Act.ACTIVATION_ISSUED, subject=account.ref, purpose=kind)
    return grouped(code)


def check_activation(
    session: Session, *, username: str, typed: str, source: bytes, now: dt.datetime
) -> tuple[Account | None, dt.timedelta]:
    """(the account this code opens, how long to wait). Nothing is used up yet: the password comes first."""
    name = username.strip().lower()
    account = session.scalar(select(Account).where(Account.username == name))
    subject = vault_of(session).digest("activation", name)
    if pause := turned_away(session, source=source, now=now):
        return None, pause
    wait = charge(session, subject=subject, factor=Factor.CODE, known=False, source=source, now=now)
    found = _live_activation(session, account, typed, now)
    opens = found is not None and not wait and account is not None and account.state is not AccountState.DISABLED
    record(
        session,
        now=now,
        by=STRANGER,
        act=Act.ACTIVATION_CHECKED,
        subject=account.ref if opens and account else None,
        result=Result.DONE if opens else Result.REFUSED,
    )
    if not opens:
        return None, wait
    clear(session, subject=subject, factor=Factor.CODE, known=False)
    forgive(session, source=source, known=False)
    return account, wait


def activate(session: Session, *, account: Account, typed: str, password_hash: str, now: dt.datetime) -> Started | None:
    """Use the code up and keep the new password. Of two at the same moment one counts.

    A new person goes on to the second factor; after a mere password reset the old factor stays and is asked for.
    Returns None when the code has been used or has run out since.
    """
    activation = _live_activation(session, account, typed, now)
    if (
        activation is None
        or rows_changed(
            session,
            update(Activation).where(Activation.id == activation.id, Activation.used_at.is_(None)).values(used_at=now),
        )
        != 1
    ):
        return None
    keep_password(session, account=account, password_hash=password_hash, now=now, by=STRANGER)
    end_all(session, account_id=account.id, now=now, by=STRANGER, purpose="activation")
    if activation.kind is ActivationKind.PASSWORD:
        return start(session, account_id=account.id, level=Level.PASSWORD, device=None, now=now)
    session.execute(delete(Totp).where(Totp.account_id == account.id))
    new_factor(session, account=account)
    return start(session, account_id=account.id, level=Level.ENROLLING, device=None, now=now)


def keep_password(session: Session, *, account: Account, password_hash: str, now: dt.datetime, by: Actor) -> None:
    account.password = seal(session, account, "password", password_hash, key=key_of(session, account.ref))
    account.password_changed_at = now
    record(session, now=now, by=by, act=Act.PASSWORD_CHANGED, subject=account.ref, fields=("account.password",))


def new_factor(session: Session, *, account: Account) -> Totp:
    """A fresh secret of 160 bits, not usable until a code proves that it arrived."""
    totp = Totp(account_id=account.id, last_step=0)
    totp.secret = seal(session, totp, "secret", pyotp.random_base32(32), key=key_of(session, account.ref))
    session.add(totp)
    session.flush()
    return totp


def start_enrolling(session: Session, *, signed: Signed, now: dt.datetime) -> Started:
    """A recovery code opens only the page that sets the factor up again.

    The old factor is gone, every other sign-in of hers ends, and no browser is known any more.
    """
    follow(session, sign_in_id=signed.sign_in_id, now=now)
    end_all(session, account_id=signed.account_id, now=now, by=signed.actor, purpose="recovery")
    session.execute(
        update(Device).where(Device.account_id == signed.account_id, Device.revoked_at.is_(None)).values(revoked_at=now)
    )
    session.execute(delete(Totp).where(Totp.account_id == signed.account_id))
    new_factor(session, account=session.get_one(Account, signed.account_id))
    return start(session, account_id=signed.account_id, level=Level.ENROLLING, device=None, now=now, by_recovery=True)


def show_factor(session: Session, *, signed: Signed, now: dt.datetime) -> str | None:
    """The secret of the factor being set up (base32), or None when it is set up already."""
    totp = session.scalar(select(Totp).where(Totp.account_id == signed.account_id, Totp.confirmed_at.is_(None)))
    if totp is None:
        return None
    (secret,) = open_values(
        session, now=now, by=signed.actor, purpose="enrolment", wanted=[Sealed(totp, "secret", signed.account_ref)]
    )
    return secret


def bind_factor(session: Session, *, signed: Signed, typed: str, now: dt.datetime, wall: dt.datetime) -> bool:
    """Finish enrolment with a correct code; the step of that code is spent.

    After a recovery or a reset, someone must confirm that it is she.
    """
    totp = session.scalar(select(Totp).where(Totp.account_id == signed.account_id, Totp.confirmed_at.is_(None)))
    code = as_typed(typed)
    if totp is None or code is None:
        return False
    (secret,) = open_values(
        session, now=now, by=signed.actor, purpose="enrolment", wanted=[Sealed(totp, "secret", signed.account_ref)]
    )
    step = matching_step(secret, code, now=wall, last_step=totp.last_step)
    if step is None:
        record(
            session,
            now=now,
            by=signed.actor,
            act=Act.CODE_CHECKED,
            subject=signed.account_ref,
            result=Result.REFUSED,
            purpose="enrolment",
        )
        return False
    totp.last_step, totp.confirmed_at = step, now
    account = session.get_one(Account, signed.account_id)
    account.state = AccountState.ACTIVE
    if signed.by_recovery or account.unconfirmed_since is not None:
        burn_steps(session, totp=totp, wall=wall)
        account.unconfirmed_since = now
        session.add(
            Approval(
                kind=AskedKind.PERSON,
                subject=account.ref,
                parameters=person_digest(account.ref, now),
                reason=AFTER_RECOVERY if signed.by_recovery else AFTER_RESET,
                asked_by_id=account.id,
                asked_at=now,
                expires_at=now + CONFIRM_WITHIN,
            )
        )
        record(session, now=now, by=signed.actor, act=Act.APPROVAL_ASKED, subject=account.ref, purpose="person")
    record(session, now=now, by=signed.actor, act=Act.FACTOR_BOUND, subject=account.ref)
    return True


def new_recovery_codes(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> list[str]:
    """Ten codes, shown once. Any earlier ones die."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [random_code(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account.id, digest=recovery_digest(session, account.ref, code)) for code in codes
    )
    record(session, now=now, by=by, act=Act.RECOVERY_CODES_MADE, subject=account.ref)
    return [grouped(code) for code in codes]


def is_recovery_code(session: Session, *, account: Account, typed: str) -> bool:
    """Whether this is one of her unused codes; asked once when she has written them down. Nothing is used up."""
    digest = recovery_digest(session, account.ref, typed)
    return (
        session.scalar(
            select(RecoveryCode.id).where(
                RecoveryCode.account_id == account.id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None)
            )
        )
        is not None
    )


def _live_activation(session: Session, account: Account | None, typed: str, now: dt.datetime) -> Activation | None:
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    number, ref = (account.id, account.ref) if account else (NOBODY, uuid.uuid4())
    return session.scalar(
        select(Activation).where(
            Activation.account_id == number,
            Activation.digest == _activation_digest(session, ref, plain),
            Activation.used_at.is_(None),
            Activation.cancelled_at.is_(None),
            Activation.expires_at > now,
        )
    )


def _activation_digest(session: Session, ref: uuid.UUID, plain: str) -> bytes:
    return vault_of(session).digest("activation", str(ref), plain)
