"""Access asked for by one person, decided by another within 24 hours, carried out at once.

Each kind has a digest of what was asked, made again when it is decided. How askings are kept and answered is in
`asking`; here is what they are about.
"""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, AccountState, Approval, Device, House, SignIn, Totp
from safehouse.access.operations.accounts import (
    AccountRefused,
    change_clearances,
    give_role,
    must_not_be_last,
    reset_factor,
)
from safehouse.access.operations.asking import ApprovalRefused, ask_for, locked, settle
from safehouse.access.permissions import Role
from safehouse.access.queries import (
    answered_by,
    asker_of_reset,
    cleared_house_ids,
    deciders_besides,
    houses_asked,
    houses_that_lost_a_manager,
    houses_with_manager,
    not_for_the_asker_of_the_reset,
    of_her_houses,
)
from safehouse.access.rules.accounts import SECOND_PERSON, AccountFault
from safehouse.access.rules.approving import (
    AFTER_RECOVERY,
    ALONE_FOR,
    ANSWER_WITHIN,
    CONFIRM_WITHIN,
    DEVICE_APART,
    ApprovalFault,
    AskedKind,
    Recognised,
    ResetReason,
    digest_of,
    person_digest,
    read_wanted_house,
    read_wanted_role,
    reset_reason,
    wanted_house,
    wanted_role,
)
from safehouse.database import rows_changed
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, Result
from safehouse.trail.opening import NotConfirmed
from safehouse.trail.operations import record

__all__ = [
    "ApprovalRefused",
    "Decision",
    "ask_factor_reset",
    "ask_houses",
    "ask_person",
    "ask_role",
    "decide",
    "find_decidable",
    "record_refused_decision",
    "share_a_device",
    "withdraw_houses",
]


@dataclass(frozen=True, slots=True)
class Decision:
    kind: AskedKind
    granted: bool


def ask_role(session: Session, *, account: Account, role: Role, is_head: bool, now: dt.datetime, by: Actor) -> Approval:
    """Ask that this person becomes manager or security officer. Until someone else agrees nothing changes."""
    _may_ask(session, account, by)
    if is_head and role is not Role.MANAGER:
        raise AccountRefused(AccountFault.HEAD_WITHOUT_MANAGER)
    unchanged = account.role is role and account.is_head == is_head
    if role not in SECOND_PERSON or account.state is AccountState.DISABLED or unchanged:
        raise AccountRefused(AccountFault.WRONG_STATE)
    if account.role is not role:
        must_not_be_last(session, account, now)
    return _ask(
        session,
        kind=AskedKind.ROLE,
        account=account,
        reason=wanted_role(role, is_head=is_head),
        within=ANSWER_WITHIN,
        now=now,
        by=by,
    )


def ask_houses(
    session: Session, *, account: Account, house_ids: Collection[int], now: dt.datetime, by: Actor
) -> list[int]:
    """Ask, house by house, that this person is let in; which of these houses have nobody to ask.

    A house without a manager of its own would wait for ever: whoever asks lets her in there at once
    (`change_clearances`). One that lost its manager a moment ago is not such a house: whoever asks may have taken her
    out for that, so another manager of the unit answers for it. What is asked already and still waits is not asked
    again.
    """
    if not by.confirmed:
        raise NotConfirmed
    if by.account_id is None or by.account_id == account.id:
        raise AccountRefused(AccountFault.OWN_ACCOUNT)
    besides = (by.account_id, account.id)
    answering = houses_with_manager(session, now=now, besides=besides)
    answering |= houses_that_lost_a_manager(session, since=now - ALONE_FOR, besides=besides)
    waiting = houses_asked(session, subject=account.ref, now=now)
    for house in dict.fromkeys(house_ids):
        if house in answering and house not in waiting:
            _ask(
                session,
                kind=AskedKind.HOUSE,
                account=account,
                reason=wanted_house(house),
                within=ANSWER_WITHIN,
                now=now,
                by=by,
            )
    return [house for house in dict.fromkeys(house_ids) if house not in answering]


def withdraw_houses(
    session: Session, *, account: Account, house_ids: Collection[int], now: dt.datetime, by: Actor
) -> None:
    """She is not to be let into these houses after all: nobody can agree to it any more."""
    withdrawn = rows_changed(
        session,
        update(Approval)
        .where(
            Approval.kind == AskedKind.HOUSE,
            Approval.subject == account.ref,
            Approval.reason.in_([wanted_house(house) for house in house_ids]),
            Approval.decided_at.is_(None),
            Approval.expires_at > now,
        )
        .values(expires_at=now),
    )
    if withdrawn:
        record(session, now=now, by=by, act=Act.APPROVAL_ASKED, subject=account.ref, purpose="withdrawn")


def ask_factor_reset(
    session: Session, *, account: Account, reason: ResetReason, recognised: Recognised, now: dt.datetime, by: Actor
) -> Approval:
    """Ask that a lost second step is taken away. Until someone else agrees everything stays as it is."""
    _may_ask(session, account, by)
    if not _may_be_reset(session, account):
        raise AccountRefused(AccountFault.WRONG_STATE)
    if account.role is Role.SECURITY_OFFICER:
        must_not_be_last(session, account, now)
    return _ask(
        session,
        kind=AskedKind.FACTOR_RESET,
        account=account,
        reason=reset_reason(reason, recognised),
        within=ANSWER_WITHIN,
        now=now,
        by=by,
    )


def ask_person(session: Session, *, account: Account, now: dt.datetime, by: Actor) -> Approval:
    """Ask again that someone confirms a person who set her second step up anew: the first asking lasts seven days."""
    _may_ask(session, account, by)
    if account.unconfirmed_since is None or account.state is not AccountState.ACTIVE:
        raise AccountRefused(AccountFault.WRONG_STATE)
    earlier = session.scalar(
        select(Approval.reason)
        .where(Approval.kind == AskedKind.PERSON, Approval.subject == account.ref)
        .order_by(Approval.id.desc())
        .limit(1)
    )
    return _ask(
        session,
        kind=AskedKind.PERSON,
        account=account,
        reason=earlier or AFTER_RECOVERY,
        within=CONFIRM_WITHIN,
        now=now,
        by=by,
    )


def find_decidable(session: Session, *, ref: uuid.UUID, account_id: int, now: dt.datetime) -> Approval | None:
    """An asking this person may look at: of another person, about another person. Otherwise there is none.

    Nor is there one for whoever asked for the reset after which a person is to be confirmed.
    """
    me = aliased(Account)
    return session.scalar(
        select(Approval)
        .join(me, me.id == account_id)
        .where(
            Approval.ref == ref,
            Approval.asked_by_id != account_id,
            Approval.subject != me.ref,
            Approval.kind.in_(list(AskedKind)),
            not_for_the_asker_of_the_reset(account_id),
            of_her_houses(account_id, now),
        )
    )


def decide(session: Session, *, approval: Approval, granted: bool, now: dt.datetime, by: Actor) -> Decision:
    """Answer and, when granted, carry it out in the same transaction. Of two answers at one moment the first counts.

    Raises `ApprovalRefused`, or `AccountRefused` when what was asked is no longer possible.
    """
    approval = locked(session, approval)
    account = session.scalar(
        select(Account)
        .where(Account.ref == approval.subject)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    kind = AskedKind(approval.kind)
    if kind is AskedKind.HOUSE and read_wanted_house(approval.reason) not in set(
        session.scalars(answered_by(by.person_id, now))
    ):
        raise ApprovalRefused(ApprovalFault.NOT_HER_HOUSE)
    settle(
        session,
        approval=approval,
        granted=granted,
        found=None if account is None else _digest(session, kind, account, approval.reason),
        own=(
            by.account_ref == approval.subject
            or (kind is AskedKind.PERSON and _asked_for_the_reset(session, approval, by))
        ),
        same_device=granted and kind is not AskedKind.PERSON and share_a_device(session, approval, by, now),
        now=now,
        by=by,
    )
    if granted and account is not None:
        _carry_out(session, kind, account, approval.reason, now, by)
    return Decision(kind, granted)


def record_refused_decision(session: Session, *, subject: uuid.UUID, reason: str, now: dt.datetime, by: Actor) -> None:
    """An answer that could not be given is written down too; called after the rollback."""
    record(session, now=now, by=by, act=Act.APPROVAL_DECIDED, subject=subject, purpose=reason, result=Result.REFUSED)


def _carry_out(session: Session, kind: AskedKind, account: Account, reason: str, now: dt.datetime, by: Actor) -> None:
    match kind:
        case AskedKind.ROLE:
            role, is_head = read_wanted_role(reason)
            give_role(session, account=account, role=role, is_head=is_head, now=now, by=by)
        case AskedKind.HOUSE:
            house = read_wanted_house(reason)
            held = set(session.scalars(cleared_house_ids(account.id)))
            change_clearances(session, account=account, house_ids={*held, house}, among=(), now=now, by=by)
        case AskedKind.FACTOR_RESET:
            reset_factor(session, account=account, now=now, by=by)
        case AskedKind.PERSON:
            account.unconfirmed_since = None
            record(session, now=now, by=by, act=Act.PERSON_CONFIRMED, subject=account.ref)


def _may_ask(session: Session, account: Account, by: Actor) -> None:
    if not by.confirmed:
        raise NotConfirmed
    if by.account_id is None or by.account_id == account.id:
        raise AccountRefused(AccountFault.OWN_ACCOUNT)
    if not deciders_besides(session, by.account_id, account.id):
        raise AccountRefused(AccountFault.NO_SECOND_PERSON)


def _may_be_reset(session: Session, account: Account) -> bool:
    return (
        account.state is AccountState.ACTIVE
        and session.scalar(select(exists().where(Totp.account_id == account.id))) is True
    )


def _ask(
    session: Session,
    *,
    kind: AskedKind,
    account: Account,
    reason: str,
    within: dt.timedelta,
    now: dt.datetime,
    by: Actor,
) -> Approval:
    return ask_for(
        session,
        kind=kind,
        subject=account.ref,
        parameters=_digest(session, kind, account, reason),
        reason=reason,
        within=within,
        # Each house is asked of its own managers.
        beside_others=kind is AskedKind.HOUSE,
        now=now,
        by=by,
    )


def _digest(session: Session, kind: AskedKind, account: Account, reason: str) -> bytes:
    """What the second person agrees to, as it is now."""
    match kind:
        case AskedKind.ROLE:
            # Houses that wait for an answer count as hers: the two may be agreed to in either order.
            waiting = session.scalars(
                select(Approval.reason).where(
                    Approval.kind == AskedKind.HOUSE, Approval.subject == account.ref, Approval.decided_at.is_(None)
                )
            )
            houses = session.scalars(
                select(House.ref)
                .where(
                    or_(
                        House.id.in_(cleared_house_ids(account.id)),
                        House.id.in_([read_wanted_house(one) for one in waiting]),
                    )
                )
                .order_by(House.id)
            )
            return digest_of(
                kind,
                account.ref,
                reason,
                account.username,
                account.role,
                account.is_head,
                account.state,
                account.valid_until,
                *houses,
            )
        case AskedKind.HOUSE:
            # A role that needs a second person has been agreed to by one; any other changes what is asked.
            role = None if account.role in SECOND_PERSON else account.role
            return digest_of(kind, account.ref, reason, account.username, role, account.state is AccountState.DISABLED)
        case AskedKind.FACTOR_RESET:
            factor = session.scalar(select(Totp.ref).where(Totp.account_id == account.id))
            return digest_of(kind, account.ref, reason, account.role, account.state, factor)
        case AskedKind.PERSON:
            since = account.unconfirmed_since
            return digest_of(kind, "confirmed") if since is None else person_digest(account.ref, since)


def _asked_for_the_reset(session: Session, approval: Approval, by: Actor) -> bool:
    return session.scalar(select(exists().where(Approval.id == approval.id, asker_of_reset() == by.account_id))) is True


def share_a_device(session: Session, approval: Approval, by: Actor, now: dt.datetime) -> bool:
    """Whether the asker used, within the hour, the very browser the answer comes from."""
    mine, hers = aliased(Device), aliased(Device)
    asker = aliased(SignIn)
    return (
        session.scalar(
            select(
                exists().where(
                    SignIn.ref == by.sign_in_ref,
                    mine.id == SignIn.device_id,
                    hers.digest == mine.digest,
                    asker.device_id == hers.id,
                    asker.account_id == approval.asked_by_id,
                    asker.seen_at > now - DEVICE_APART,
                )
            )
        )
        is True
    )
