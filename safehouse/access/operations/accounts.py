"""People who work for the unit: making, changing, disabling, and what is theirs. Who may ask is decided before.

Nobody changes herself here, and the last manager and the last security officer stay (`AccountRefused`).
"""

import datetime as dt
import uuid
from collections.abc import Collection

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import (
    Account,
    AccountDiscipline,
    AccountState,
    Activation,
    ActivationKind,
    Clearance,
    Delegation,
    DelegationKind,
    Device,
    Discipline,
    Factor,
    Office,
    RecoveryCode,
    Throttle,
    Totp,
)
from safehouse.access.operations.enrolling import issue_activation
from safehouse.access.operations.signing_in import end_all
from safehouse.access.permissions import Role
from safehouse.access.rules.accounts import (
    NEVER_NONE_LEFT,
    AccountFault,
    username_as_kept,
    why_not_role,
    why_not_username,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import NotConfirmed
from safehouse.trail.operations import record
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import new_key, vault_of


class AccountRefused(Exception):
    """The account stays as it is. `reason` says why."""

    def __init__(self, reason: AccountFault):
        super().__init__(reason)
        self.reason = reason


def make_account(
    session: Session,
    *,
    username: str,
    shown_name: str,
    role: Role | None,
    house_ids: Collection[int],
    disciplines: Collection[Discipline],
    is_head: bool,
    valid_until: dt.datetime | None,
    now: dt.datetime,
    by: Actor,
) -> Account:
    """A new person with her key and her houses. With a role she waits for activation (`issue_activation`); without
    one she works here and does not sign in. Raises `AccountRefused`, also when the user name is taken.

    Managers and security officers need a second person: pages make the account without a role and ask for it.
    """
    _sure(by)
    name = username_as_kept(username)
    fault = why_not_username(name) or why_not_role(role, houses=house_ids, disciplines=disciplines, is_head=is_head)
    if fault is None and not shown_name.strip():
        fault = AccountFault.NAME_MISSING
    if fault:
        raise AccountRefused(fault)
    account = Account(
        username=name,
        shown_name=shown_name.strip(),
        role=role,
        is_head=is_head,
        made_at=now,
        state=AccountState.ACTIVE if role is None else AccountState.INVITED,
        valid_until=valid_until,
    )
    try:
        # Two may choose one name at the same moment; the database decides.
        with session.begin_nested():
            session.add(account)
    except IntegrityError as clash:
        raise AccountRefused(AccountFault.USERNAME_TAKEN) from clash
    new_key(session, owner_kind=OwnerKind.ACCOUNT, owner=account.ref)
    record(session, now=now, by=by, act=Act.ACCOUNT_MADE, subject=account.ref, purpose=role)
    change_clearances(session, account=account, house_ids=house_ids, among=house_ids, now=now, by=by)
    change_disciplines(session, account=account, disciplines=disciplines, now=now, by=by)
    return account


def change_facts(
    session: Session, *, account: Account, shown_name: str, valid_until: dt.datetime | None, now: dt.datetime, by: Actor
) -> None:
    """Her shown name and how long the account lasts. Nobody gives her own account a longer or shorter life."""
    changed = []
    if account.shown_name != shown_name.strip():
        account.shown_name = shown_name.strip()
        changed.append("account.shown_name")
    if account.valid_until != valid_until:
        _not_herself(account, by)
        if valid_until is not None:
            _not_the_last(session, account, now)
        account.valid_until = valid_until
        changed.append("account.valid_until")
    if changed:
        record(session, now=now, by=by, act=Act.ACCOUNT_CHANGED, subject=account.ref, fields=changed)


def change_clearances(
    session: Session,
    *,
    account: Account,
    house_ids: Collection[int],
    among: Collection[int],
    now: dt.datetime,
    by: Actor,
) -> None:
    """She works in exactly these of the houses in `among`; other clearances are left alone."""
    if house_ids and account.role is Role.SECURITY_OFFICER:
        raise AccountRefused(AccountFault.OFFICER_HAS_HOUSES)
    held = {
        row.house_id: row
        for row in session.scalars(
            select(Clearance).where(Clearance.account_id == account.id, Clearance.until.is_(None)).with_for_update()
        )
    }
    added = [house for house in dict.fromkeys(house_ids) if house not in held]
    ended = [row for house, row in held.items() if house in among and house not in house_ids]
    for row in ended:
        row.until = now
    session.flush()
    session.add_all(Clearance(account_id=account.id, house_id=house, since=now) for house in added)
    if added or ended:
        session.flush()
        record(session, now=now, by=by, act=Act.CLEARANCE_CHANGED, subject=account.ref, fields=("clearance.house_id",))


def change_disciplines(
    session: Session, *, account: Account, disciplines: Collection[Discipline], now: dt.datetime, by: Actor
) -> None:
    if disciplines and account.role is not Role.CASEWORKER:
        raise AccountRefused(AccountFault.DISCIPLINES_WITHOUT_CASEWORK)
    held = set(session.scalars(select(AccountDiscipline.discipline).where(AccountDiscipline.account_id == account.id)))
    if held == set(disciplines):
        return
    session.execute(
        delete(AccountDiscipline).where(
            AccountDiscipline.account_id == account.id, AccountDiscipline.discipline.not_in(disciplines)
        )
    )
    session.add_all(
        AccountDiscipline(account_id=account.id, discipline=one)
        for one in Discipline
        if one in disciplines and one not in held
    )
    session.flush()
    record(
        session,
        now=now,
        by=by,
        act=Act.DISCIPLINES_CHANGED,
        subject=account.ref,
        fields=("account_discipline.discipline",),
    )


def give_role(
    session: Session, *, account: Account, role: Role | None, is_head: bool, now: dt.datetime, by: Actor
) -> None:
    """Another role, from her next sign-in on. What belonged to the old role alone is taken away with it."""
    _not_herself(account, by)
    if is_head and role is not Role.MANAGER:
        raise AccountRefused(AccountFault.HEAD_WITHOUT_MANAGER)
    if role is account.role and is_head == account.is_head:
        return
    if role is not account.role:
        _not_the_last(session, account, now)
    account.role, account.is_head = role, is_head
    if role is Role.SECURITY_OFFICER:
        held = set(
            session.scalars(
                select(Clearance.house_id).where(Clearance.account_id == account.id, Clearance.until.is_(None))
            )
        )
        change_clearances(session, account=account, house_ids=(), among=held, now=now, by=by)
    if role is not Role.CASEWORKER:
        change_disciplines(session, account=account, disciplines=(), now=now, by=by)
    if account.state is not AccountState.DISABLED:
        account.state = _state_of(session, account)
    _cancel_codes(session, account, now)
    end_all(session, account_id=account.id, now=now, by=by, purpose="role")
    record(
        session,
        now=now,
        by=by,
        act=Act.ACCOUNT_CHANGED,
        subject=account.ref,
        fields=("account.role", "account.is_head"),
        purpose=role,
    )


def disable_account(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> None:
    """Her next request fails, on every device; a code that waits for her is dead. What she wrote keeps her name."""
    _not_herself(account, by)
    if account.state is AccountState.DISABLED:
        raise AccountRefused(AccountFault.WRONG_STATE)
    _not_the_last(session, account, now)
    account.state = AccountState.DISABLED
    _cancel_codes(session, account, now)
    end_all(session, account_id=account.id, now=now, by=by, purpose="disabled")
    record(session, now=now, by=by, act=Act.ACCOUNT_DISABLED, subject=account.ref)


def enable_account(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> None:
    """As she was: with password and second step when she had them, waiting for activation otherwise."""
    _not_herself(account, by)
    if account.state is not AccountState.DISABLED:
        raise AccountRefused(AccountFault.WRONG_STATE)
    account.state = _state_of(session, account)
    record(session, now=now, by=by, act=Act.ACCOUNT_ENABLED, subject=account.ref)


def new_code(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> tuple[str, ActivationKind]:
    """(the code to hand over, what it opens). For someone who waits: password and second step. For someone who
    forgot her password: a new password only, so that no single person can take over an account."""
    _not_herself(account, by)
    if account.role is None or account.state is AccountState.DISABLED:
        raise AccountRefused(AccountFault.WRONG_STATE)
    kind = ActivationKind.ACCOUNT if account.state is AccountState.INVITED else ActivationKind.PASSWORD
    return issue_activation(session, account=account, kind=kind, now=now, by=by), kind


def reset_factor(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> None:
    """Two people agreed: sign-ins, codes, devices and the second step are gone; she starts again with activation.

    From now on until someone confirms her (`bind_factor` asks for it) nobody knows who set the new one up.
    """
    _not_herself(account, by)
    if account.role is Role.SECURITY_OFFICER:
        _not_the_last(session, account, now)
    end_all(session, account_id=account.id, now=now, by=by, purpose="factor reset")
    _cancel_codes(session, account, now)
    session.execute(delete(Totp).where(Totp.account_id == account.id))
    session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
        .values(used_at=now)
    )
    session.execute(
        update(Device).where(Device.account_id == account.id, Device.revoked_at.is_(None)).values(revoked_at=now)
    )
    account.state, account.unconfirmed_since = AccountState.INVITED, now
    record(session, now=now, by=by, act=Act.FACTOR_RESET, subject=account.ref)


def end_sign_ins(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> int:
    """End all of hers, at once. How many ended."""
    _sure(by)
    return end_all(session, account_id=account.id, now=now, by=by, purpose="ended by officer")


def release_throttle(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> int:
    """Sign-in and activation with this name answer again everywhere. How many counters were closed."""
    _sure(by)
    rows = list(
        session.scalars(
            select(Throttle)
            .where(
                Throttle.subject.in_(throttle_subjects(session, account.username)),
                Throttle.factor.in_((Factor.PASSWORD, Factor.CODE)),
                ~Throttle.known,
                Throttle.until > now,
            )
            .with_for_update()
        )
    )
    for row in rows:
        row.failures, row.window_failures, row.window_started_at, row.until = 0, 0, now, None
    if rows:
        record(session, now=now, by=by, act=Act.THROTTLE_RELEASED, subject=account.ref)
    return len(rows)


def throttle_subjects(session: Session, username: str) -> tuple[bytes, bytes]:
    """Under which digests tries with this name are counted: signing in, and activating."""
    vault = vault_of(session)
    return vault.digest("username", username), vault.digest("activation", username)


def delegate(
    session: Session,
    *,
    account: Account,
    kind: DelegationKind,
    since: dt.datetime,
    until: dt.datetime,
    now: dt.datetime,
    by: Actor,
) -> Delegation:
    """She acts as head from `since` to `until`. There is one acting head at a time."""
    _not_herself(account, by)
    if account.state is AccountState.DISABLED or account.role in {None, Role.SECURITY_OFFICER}:
        raise AccountRefused(AccountFault.WRONG_STATE)
    # Everyone who delegates takes the lock on the one office row first, so two overlapping periods cannot both pass.
    _lock_office(session)
    if session.scalar(
        select(exists().where(Delegation.ended_at.is_(None), Delegation.since <= until, Delegation.until >= since))
    ):
        raise AccountRefused(AccountFault.ALREADY_ACTING)
    delegation = Delegation(account_id=account.id, kind=kind, since=since, until=until)
    session.add(delegation)
    session.flush()
    record(session, now=now, by=by, act=Act.DELEGATION_MADE, subject=account.ref, purpose=kind)
    return delegation


def end_delegation(
    session: Session, *, delegation: Delegation, account_ref: uuid.UUID, now: dt.datetime, by: Actor
) -> None:
    _sure(by)
    if delegation.ended_at is not None or delegation.until <= now:
        raise AccountRefused(AccountFault.WRONG_STATE)
    delegation.ended_at = now
    record(session, now=now, by=by, act=Act.DELEGATION_ENDED, subject=account_ref, purpose=delegation.kind)


def must_not_be_last(session: Session, account: Account, now: dt.datetime) -> None:
    """Raises `AccountRefused` when nobody else with her role could sign in."""
    _not_the_last(session, account, now)


def _sure(by: Actor) -> None:
    """Someone whose own second step nobody has confirmed yet decides nothing about other people."""
    if not by.confirmed:
        raise NotConfirmed


def _not_herself(account: Account, by: Actor) -> None:
    _sure(by)
    if by.account_id == account.id:
        raise AccountRefused(AccountFault.OWN_ACCOUNT)


def _not_the_last(session: Session, account: Account, now: dt.datetime) -> None:
    if account.role not in NEVER_NONE_LEFT or account.state is not AccountState.ACTIVE:
        return
    # All of this role are locked in one order: two officers who disable each other cannot both succeed.
    active = session.scalars(
        select(Account)
        .where(Account.role == account.role, Account.state == AccountState.ACTIVE)
        .order_by(Account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not any(other.id != account.id and (other.valid_until is None or other.valid_until > now) for other in active):
        raise AccountRefused(AccountFault.LAST_OF_ROLE)


def _state_of(session: Session, account: Account) -> AccountState:
    if account.role is None:
        return AccountState.ACTIVE
    # Someone who is setting her second step up again with a recovery code has none at this moment; she was let in
    # before, and no activation code may put another person in her place.
    known = session.scalar(
        select(
            or_(
                exists().where(Totp.account_id == account.id, Totp.confirmed_at.is_not(None)),
                exists().where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)),
            )
        )
    )
    return AccountState.ACTIVE if known and account.password is not None else AccountState.INVITED


def _cancel_codes(session: Session, account: Account, now: dt.datetime) -> None:
    session.execute(
        update(Activation)
        .where(Activation.account_id == account.id, Activation.used_at.is_(None), Activation.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )


def _lock_office(session: Session) -> None:
    session.execute(select(Office.id).with_for_update())
