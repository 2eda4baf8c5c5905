"""Signing in, step by step. Argon2 runs between the steps, in no transaction: the view commits before it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from safehouse.access.models import (
    Account,
    AccountState,
    Device,
    Factor,
    Level,
    RecoveryCode,
    SignIn,
    Throttle,
    Totp,
)
from safehouse.access.rules.codes import WINDOW, as_typed, clock_is_wrong, matching_step, step_of
from safehouse.access.rules.sign_ins import DEVICE_LIFE, MOST_SIGN_INS
from safehouse.access.rules.throttling import count_failure, waiting
from safehouse.access.signed import Signed
from safehouse.database import rows_changed
from safehouse.trail.acts import Act
from safehouse.trail.models import STRANGER, Actor, ActorKind, Result
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.keys import fingerprint, random_token
from safehouse.vault.models import DataKey
from safehouse.vault.operations import vault_of

NOBODY = 0  # no account has this number


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a factor, already charged to its counters. `wait` above zero: the answer is no, whatever is given."""

    account_id: int | None
    account_ref: uuid.UUID | None
    stored: str | None
    wait: dt.timedelta
    known: bool
    subject: bytes
    source: bytes
    turned_away: bool = False  # by where it came from, whatever the name: nothing is looked at, counted or written


class SignInEnded(Exception):
    """It was ended elsewhere while its person was on the way further: nothing follows from it."""


@dataclass(frozen=True, slots=True)
class Started:
    """A new sign-in: the token goes into the cookie and is kept nowhere else."""

    token: str
    sign_in: SignIn


def begin_password(
    session: Session, *, username: str, device_token: str | None, source: bytes, now: dt.datetime
) -> Attempt:
    """Charge an attempt and open the stored hash. Alike for accounts that do not exist, down to the rows written."""
    name = username.strip().lower()
    account = session.scalar(select(Account).where(Account.username == name, Account.role.is_not(None)))
    known = find_device(session, account_id=account.id if account else NOBODY, token=device_token, now=now) is not None
    subject = vault_of(session).digest("username", name)
    if not known and (pause := turned_away(session, source=source, now=now)):
        return Attempt(None, None, None, pause, known, subject, source, turned_away=True)
    wait = charge(session, subject=subject, factor=Factor.PASSWORD, known=known, source=source, now=now)
    if account is not None and (account.state is not AccountState.ACTIVE or account.password is None):
        account = None
    stored = None
    if account is not None:
        (stored,) = open_values(
            session, now=now, by=STRANGER, purpose="password", wanted=[Sealed(account, "password", account.ref)]
        )
    else:
        # The same work, the same statements and the same row as for an account that exists.
        session.scalars(select(DataKey).where(DataKey.owner.in_({uuid.uuid4()}))).all()
        record(session, now=now, by=STRANGER, act=Act.VALUE_OPENED, purpose="password", result=Result.FAILED)
    return Attempt(
        account.id if account else None, account.ref if account else None, stored, wait, known, subject, source
    )


def finish_password(
    session: Session, attempt: Attempt, *, right: bool, device_token: str | None, now: dt.datetime
) -> Started | None:
    """With the right password a sign-in that can only ask for the code (or, without a factor, nothing yet)."""
    right = right and not attempt.wait
    record(
        session,
        now=now,
        by=STRANGER,
        act=Act.PASSWORD_CHECKED,
        subject=attempt.account_ref,
        result=Result.DONE if right else Result.REFUSED,
    )
    if not right or attempt.account_id is None:
        return None
    clear(session, subject=attempt.subject, factor=Factor.PASSWORD, known=attempt.known)
    forgive(session, source=attempt.source, known=attempt.known)
    device = find_device(session, account_id=attempt.account_id, token=device_token, now=now)
    return start(session, account_id=attempt.account_id, level=Level.PASSWORD, device=device, now=now)


def check_code(
    session: Session,
    *,
    signed: Signed,
    typed: str,
    source: bytes,
    now: dt.datetime,
    wall: dt.datetime,
    window: int = WINDOW,
) -> tuple[bool, dt.timedelta]:
    """(whether this code counts, how long to wait before the next try). A code counts once, ever.

    `wall` is the computer's own clock: codes follow it, while everything else never runs backwards.
    """
    known = _device_of(session, signed) is not None
    subject = vault_of(session).digest("username", signed.username)
    wait = charge(session, subject=subject, factor=Factor.CODE, known=known, source=source, now=now)
    right = not wait and spend_code(
        session,
        account_id=signed.account_id,
        account_ref=signed.account_ref,
        typed=typed,
        now=now,
        wall=wall,
        by=signed.actor,
        window=window,
    )
    record(
        session,
        now=now,
        by=signed.actor,
        act=Act.CODE_CHECKED,
        subject=signed.account_ref,
        result=Result.DONE if right else Result.REFUSED,
    )
    if right:
        clear(session, subject=subject, factor=Factor.CODE, known=known)
        forgive(session, source=source, known=known)
    return right, wait


def spend_code(
    session: Session,
    *,
    account_id: int,
    account_ref: uuid.UUID,
    typed: str,
    now: dt.datetime,
    wall: dt.datetime,
    by: Actor,
    window: int = WINDOW,
) -> bool:
    """Use up the code. Of many at the same moment one conditional update wins; an older or used step never counts."""
    totp = session.scalar(select(Totp).where(Totp.account_id == account_id, Totp.confirmed_at.is_not(None)))
    code = as_typed(typed)
    if totp is None:
        return False
    (secret,) = open_values(session, now=now, by=by, purpose="code", wanted=[Sealed(totp, "secret", account_ref)])
    if code is None:
        return False
    step = matching_step(secret, code, now=wall, last_step=totp.last_step, window=window)
    if step is None:
        return False
    return (
        rows_changed(session, update(Totp).where(Totp.id == totp.id, Totp.last_step < step).values(last_step=step)) == 1
    )


def clock_jumped(session: Session, *, account_id: int, wall: dt.datetime) -> bool:
    last = session.scalar(select(Totp.last_step).where(Totp.account_id == account_id))
    return last is not None and clock_is_wrong(wall, last)


def check_recovery_code(
    session: Session, *, signed: Signed, typed: str, source: bytes, now: dt.datetime
) -> tuple[bool, dt.timedelta]:
    """(whether it counts, how long to wait). Throttled together with the codes; a recovery code counts once."""
    known = _device_of(session, signed) is not None
    subject = vault_of(session).digest("username", signed.username)
    wait = charge(session, subject=subject, factor=Factor.CODE, known=known, source=source, now=now)
    digest = recovery_digest(session, signed.account_ref, typed)
    used = (
        0
        if wait
        else rows_changed(
            session,
            update(RecoveryCode)
            .where(
                RecoveryCode.account_id == signed.account_id,
                RecoveryCode.digest == digest,
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=now),
        )
    )
    record(
        session,
        now=now,
        by=signed.actor,
        act=Act.RECOVERY_CODE_CHECKED,
        subject=signed.account_ref,
        result=Result.DONE if used == 1 else Result.REFUSED,
    )
    if used != 1:
        return False, wait
    clear(session, subject=subject, factor=Factor.CODE, known=known)
    forgive(session, source=source, known=known)
    return True, wait


def recovery_digest(session: Session, account_ref: uuid.UUID, typed: str) -> bytes:
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return vault_of(session).digest("recovery", str(account_ref), plain)


def start(
    session: Session,
    *,
    account_id: int,
    level: Level,
    device: Device | None,
    now: dt.datetime,
    by_recovery: bool = False,
) -> Started:
    """A new sign-in with a new identifier. Nothing the browser brought along is adopted."""
    token = random_token()
    sign_in = SignIn(
        token_digest=fingerprint(token.encode()),
        csrf=random_token(),
        account_id=account_id,
        device_id=device.id if device else None,
        level=level,
        started_at=now,
        seen_at=now,
        by_recovery=by_recovery,
    )
    session.add(sign_in)
    session.flush()
    return Started(token, sign_in)


def start_fully(
    session: Session, *, signed: Signed, device_token: str | None, own_device: bool, label: str, now: dt.datetime
) -> tuple[Started, str]:
    """(the full sign-in, the device pass for the cookie). The half one ends; a third open one ends the oldest."""
    token = device_token if _is_our_pass(session, device_token) else None
    device = find_device(session, account_id=signed.account_id, token=token, now=now)
    token = token or random_token()
    if device is None:
        device = Device(
            digest=fingerprint(token.encode()),
            account_id=signed.account_id,
            label=label,
            made_at=now,
            expires_at=now + DEVICE_LIFE,
        )
        stale = session.scalar(
            select(Device).where(Device.digest == device.digest, Device.account_id == signed.account_id)
        )
        if stale is not None:  # revoked or run out: this browser gets a new pass
            token = random_token()
            device.digest = fingerprint(token.encode())
        session.add(device)
    device.shared = not own_device
    device.expires_at = now + DEVICE_LIFE
    session.flush()
    follow(session, sign_in_id=signed.sign_in_id, now=now)
    full = start(session, account_id=signed.account_id, level=Level.FULL, device=device, now=now)
    full.sign_in.code_at = now
    by = Actor(ActorKind.ACCOUNT, signed.account_id, signed.account_ref, full.sign_in.ref)
    for extra in session.scalars(
        select(SignIn)
        .where(
            SignIn.account_id == signed.account_id,
            SignIn.level == Level.FULL,
            SignIn.ended_at.is_(None),
            SignIn.id != full.sign_in.id,
        )
        .order_by(SignIn.seen_at.desc())
        .offset(MOST_SIGN_INS - 1)
    ):
        extra.ended_at = now
        record(session, now=now, by=by, act=Act.SIGNED_OUT, subject=extra.ref, purpose="too many")
    record(session, now=now, by=by, act=Act.SIGNED_IN, subject=full.sign_in.ref)
    return full, token


def unlock(session: Session, *, signed: Signed, now: dt.datetime, with_code: bool) -> Started:
    """The same sign-in under a new identifier; its start, and so its end, stay what they were."""
    if not end(session, sign_in_id=signed.sign_in_id, now=now) and not _pressed_twice(session, signed):
        raise SignInEnded
    device = _device_of(session, signed)
    started = start(session, account_id=signed.account_id, level=Level.FULL, device=device, now=now)
    started.sign_in.started_at = signed.started_at
    started.sign_in.code_at = now if with_code else signed.code_at
    by = Actor(ActorKind.ACCOUNT, signed.account_id, signed.account_ref, started.sign_in.ref)
    record(session, now=now, by=by, act=Act.UNLOCKED, subject=started.sign_in.ref)
    return started


def _pressed_twice(session: Session, signed: Signed) -> bool:
    """It was ended by unlocking it a moment ago, not by anybody who wanted it to end: what came of it is open."""
    return (
        session.scalar(
            select(SignIn.id)
            .where(
                SignIn.account_id == signed.account_id,
                SignIn.level == Level.FULL,
                SignIn.ended_at.is_(None),
                SignIn.started_at == signed.started_at,
            )
            .limit(1)
        )
        is not None
    )


def lock(session: Session, *, signed: Signed, now: dt.datetime) -> None:
    session.execute(
        update(SignIn)
        .where(SignIn.id == signed.sign_in_id, SignIn.locked_at.is_(None))
        .values(locked_at=now, seen_at=now)
    )
    record(session, now=now, by=signed.actor, act=Act.LOCKED, subject=signed.sign_in_ref)


def sign_out(session: Session, *, signed: Signed, now: dt.datetime) -> None:
    end(session, sign_in_id=signed.sign_in_id, now=now)
    record(session, now=now, by=signed.actor, act=Act.SIGNED_OUT, subject=signed.sign_in_ref)


def end(session: Session, *, sign_in_id: int, now: dt.datetime) -> bool:
    """False when it had been ended before."""
    return (
        rows_changed(
            session, update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=now)
        )
        == 1
    )


def follow(session: Session, *, sign_in_id: int, now: dt.datetime) -> None:
    """End this sign-in so that another can take its place. Raises `SignInEnded`: what somebody ended on purpose while
    a password was being hashed does not live on in its successor."""
    if not end(session, sign_in_id=sign_in_id, now=now):
        raise SignInEnded


def end_all(
    session: Session, *, account_id: int, now: dt.datetime, by: Actor, purpose: str, but: int | None = None
) -> int:
    """End every open sign-in of this person, on every device, at once; `but` is the one to keep. How many ended."""
    ended = 0
    for sign_in in session.scalars(select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))):
        if sign_in.id != but:
            sign_in.ended_at = now
            record(session, now=now, by=by, act=Act.SIGNED_OUT, subject=sign_in.ref, purpose=purpose)
            ended += 1
    return ended


def find_device(session: Session, *, account_id: int, token: str | None, now: dt.datetime) -> Device | None:
    """This browser's pass for this person, if it still holds."""
    if not token:
        return None
    return session.scalar(
        select(Device).where(
            Device.digest == fingerprint(token.encode()),
            Device.account_id == account_id,
            Device.revoked_at.is_(None),
            Device.expires_at > now,
        )
    )


def turned_away(session: Session, *, source: bytes, now: dt.datetime) -> dt.timedelta:
    """How long this network source has to wait, whatever it tries. It costs us one look: nobody keeps the computer
    busy with passwords to hash, or fills the record, by going on."""
    return waiting(
        session.scalar(
            select(Throttle).where(Throttle.subject == source, Throttle.factor == Factor.SOURCE, ~Throttle.known)
        ),
        now,
    )


def charge(
    session: Session, *, subject: bytes, factor: Factor, known: bool, source: bytes, now: dt.datetime
) -> dt.timedelta:
    """Count this attempt as failed before it is looked at: parallel guesses are all counted. How long to wait."""
    counters = [_counter(session, subject, factor, known, now)]
    if not known:
        counters.append(_counter(session, source, Factor.SOURCE, False, now))
    wait = max(waiting(counter, now) for counter in counters)
    if not wait:
        for counter in counters:
            count_failure(counter, now)
    return wait


def clear(session: Session, *, subject: bytes, factor: Factor, known: bool) -> None:
    """Success: the count begins anew. A sign-in from a known browser also reopens a factor closed to strangers."""
    for row in session.scalars(select(Throttle).where(Throttle.subject == subject, Throttle.factor == factor)):
        if row.known is known or known:
            row.failures, row.until = 0, None


def forgive(session: Session, *, source: bytes, known: bool) -> None:
    """Success takes back its own charge to the network source and no other: whoever has an account could otherwise
    sign in now and then and try the names of others without end."""
    if known:
        return
    row = session.scalar(
        select(Throttle)
        .where(Throttle.subject == source, Throttle.factor == Factor.SOURCE, ~Throttle.known)
        .with_for_update()
    )
    if row is not None:
        row.failures, row.window_failures = max(0, row.failures - 1), max(0, row.window_failures - 1)
        row.until = None


def burn_steps(session: Session, *, totp: Totp, wall: dt.datetime) -> None:
    """The current and the next step no longer count: what was read over a shoulder is worthless."""
    totp.last_step = max(totp.last_step, step_of(wall) + 1)


def _is_our_pass(session: Session, token: str | None) -> bool:
    """Whether we gave this pass to some person in this browser. One that somebody else put there is not adopted."""
    return (
        bool(token)
        and session.scalar(select(Device.id).where(Device.digest == fingerprint(str(token).encode())).limit(1))
        is not None
    )


def _counter(session: Session, subject: bytes, factor: Factor, known: bool, now: dt.datetime) -> Throttle:
    row = session.scalar(
        select(Throttle)
        .where(Throttle.subject == subject, Throttle.factor == factor, Throttle.known == known)
        .with_for_update()
    )
    if row is None:
        row = Throttle(
            subject=subject, factor=factor, known=known, failures=0, window_started_at=now, window_failures=0
        )
        session.add(row)
        session.flush()
    return row


def _device_of(session: Session, signed: Signed) -> Device | None:
    return session.scalar(
        select(Device)
        .join(SignIn, SignIn.device_id == Device.id)
        .where(SignIn.id == signed.sign_in_id, Device.revoked_at.is_(None))
    )
