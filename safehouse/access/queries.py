"""Reads about houses, accounts and approvals."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import (
    Account,
    AccountDiscipline,
    AccountState,
    Agency,
    Approval,
    Clearance,
    Delegation,
    Device,
    Discipline,
    Factor,
    House,
    Level,
    Office,
    Realm,
    RecoveryCode,
    SignIn,
    Throttle,
    Totp,
)
from safehouse.access.models import Act as ActRow
from safehouse.access.permissions import GRANTS, Permission, Role
from safehouse.access.rules.approving import HOUSE_PREFIX, AskedKind, read_wanted_house
from safehouse.database import UtcDateTime
from safehouse.trail.acts import Act
from safehouse.trail.models import ActorKind, Result, TrailEntry

# Statements that stand around every page are put together once: that costs more than running them.
ACCOUNT: Any = bindparam("account", type_=Integer)

# Reading one's own secrets while signing in is not a look at anybody.
OWN_PURPOSES = ("password", "code", "enrolment", "draft")


def cleared_house_ids(account_id: int) -> Select[int]:
    """A subquery: the houses this person works in now."""
    return select(Clearance.house_id).where(Clearance.account_id == account_id, Clearance.until.is_(None))


def cleared_houses(session: Session, account_id: int) -> list[House]:
    """Her open houses in the order of the unit."""
    return list(
        session.scalars(
            select(House)
            .where(House.id.in_(cleared_house_ids(account_id)), House.closed_at.is_(None))
            .order_by(House.position, House.id)
        )
    )


def open_house_ids(session: Session) -> list[int]:
    """Every open house of the unit, in its order."""
    return list(session.scalars(select(House.id).where(House.closed_at.is_(None)).order_by(House.position, House.id)))


def house_names(session: Session, account_id: int) -> list[str]:
    return list(session.scalars(_house_names(), {"account": account_id}))


@cache
def _house_names() -> Select[str]:
    return (
        select(House.name)
        .where(House.id.in_(cleared_house_ids(ACCOUNT)), House.closed_at.is_(None))
        .order_by(House.position, House.id)
    )


def find_cleared_house(session: Session, *, account_id: int, ref: uuid.UUID) -> House | None:
    """A house she is cleared for; None when it is another's or does not exist."""
    return session.scalar(select(House).where(House.ref == ref, House.id.in_(cleared_house_ids(account_id))))


def open_agencies(session: Session) -> list[Agency]:
    """The agencies of the address book we work with, by name."""
    return list(session.scalars(select(Agency).where(Agency.suspended_at.is_(None)).order_by(Agency.name)))


def waiting_approvals(session: Session, account_id: int, now: dt.datetime) -> int:
    """How many askings of other people, about other people, wait for an answer."""
    return session.scalar(_waiting_approvals(), {"account": account_id, "now": now}) or 0


@cache
def _waiting_approvals() -> Select[int]:
    me = select(Account.ref).where(Account.id == ACCOUNT).scalar_subquery()
    return (
        select(func.count())
        .select_from(Approval)
        .where(
            Approval.decided_at.is_(None),
            Approval.expires_at > bindparam("now", type_=UtcDateTime),
            Approval.asked_by_id != ACCOUNT,
            Approval.subject != me,
            Approval.kind.in_(list(AskedKind)),
            not_for_the_asker_of_the_reset(ACCOUNT),
            of_her_houses(ACCOUNT, bindparam("now", type_=UtcDateTime)),
        )
    )


@dataclass(frozen=True, slots=True)
class GivenAccess:
    """Somebody who may work in a house since a moment ago, or might until a moment ago."""

    name: str
    role: Role | None
    house: str
    since: dt.datetime
    until: dt.datetime | None


def newly_given_access(session: Session, *, account_id: int, since: dt.datetime, now: dt.datetime) -> list[GivenAccess]:
    """Who was let into the houses of this person after `since`, newest first; she herself is left out.

    Who was let in and taken out again stays on the list: a short visit is what she should hear of first. So does every
    manager who was taken out, of her houses and of those that have no manager left: whoever wanted to let somebody in
    unasked would begin with that.
    """
    hers = Clearance.house_id.in_(cleared_house_ids(account_id))
    left_alone = ~_has_manager(Clearance.house_id, now)
    manager_ended = and_(Clearance.until > since, Account.role == Role.MANAGER)
    rows = session.execute(
        select(Account.shown_name, Account.role, House.name, Clearance.since, Clearance.until)
        .join(Account, Account.id == Clearance.account_id)
        .join(House, House.id == Clearance.house_id)
        .where(
            or_(and_(Clearance.since > since, hers), and_(manager_ended, or_(hers, left_alone))),
            Clearance.account_id != account_id,
            House.closed_at.is_(None),
        )
        .order_by(func.coalesce(Clearance.until, Clearance.since).desc(), Clearance.id.desc())
    ).all()
    return [GivenAccess(*row) for row in rows]


def asker_of_reset() -> ScalarSelect[int | None]:
    """Who asked for the newest reset carried out about the subject of the asking this stands in.

    She had the activation code in her hands: she is the one person who cannot say whose second step it is now.
    """
    reset = aliased(Approval)
    return (
        select(reset.asked_by_id)
        .where(reset.kind == AskedKind.FACTOR_RESET, reset.subject == Approval.subject, reset.granted.is_(True))
        .order_by(reset.decided_at.desc(), reset.id.desc())
        .limit(1)
        .correlate(Approval)
        .scalar_subquery()
    )


def not_for_the_asker_of_the_reset(account_id: Any) -> ColumnElement[bool]:
    return or_(Approval.kind != AskedKind.PERSON, func.coalesce(asker_of_reset(), 0) != account_id)


def of_her_houses(account_id: Any, now: Any) -> ColumnElement[bool]:
    """Whether someone is let into a house is for the managers `answered_by` names; every other asking passes."""
    houses = answered_by(account_id, now).with_only_columns(_asked_about(House.id))
    return or_(Approval.kind != AskedKind.HOUSE, Approval.reason.in_(houses))


def answered_by(account_id: Any, now: Any) -> Select[int]:
    """A subquery of the houses of which this manager says who works there: her own, and those that have no manager
    who could say so now."""
    me = aliased(Account)
    manages = exists().where(Clearance.house_id == House.id, Clearance.account_id == me.id, Clearance.until.is_(None))
    return (
        select(House.id)
        .join(me, me.id == account_id)
        .where(me.role == Role.MANAGER, or_(manages, ~_has_manager(House.id, now)))
    )


def _has_manager(house_id: Any, now: Any) -> ColumnElement[bool]:
    """Whether a manager works in this house who could answer now."""
    there, who = aliased(Clearance), aliased(Account)
    return exists().where(
        there.house_id == house_id, there.until.is_(None), who.id == there.account_id, *_could_answer(who, now)
    )


def _could_answer(who: Any, now: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        who.role == Role.MANAGER,
        who.state == AccountState.ACTIVE,
        who.unconfirmed_since.is_(None),
        or_(who.valid_until.is_(None), who.valid_until > now),
    )


def _asked_about(house_id: Any) -> ColumnElement[str]:
    """A house as `wanted_house` writes it, in the database's own words."""
    return literal(HOUSE_PREFIX) + cast(house_id, String)


def houses_with_manager(session: Session, *, now: dt.datetime, besides: Collection[int]) -> set[int]:
    """Houses with a manager who could say today whether somebody works there, other than these people."""
    return set(
        session.scalars(
            select(Clearance.house_id)
            .join(Account, Account.id == Clearance.account_id)
            .where(
                Clearance.until.is_(None),
                Account.id.not_in(besides),
                *_could_answer(Account, now),
            )
        )
    )


def houses_that_lost_a_manager(session: Session, *, since: dt.datetime, besides: Collection[int]) -> set[int]:
    """Houses in which, after `since`, somebody other than these people was a manager and is none any more: taken out
    of the house, shut out of her account, given an end, or given another role.

    Which role she had before is not kept with the account: any change of it counts.
    """
    ended = (
        select(Clearance.house_id)
        .join(Account, Account.id == Clearance.account_id)
        .where(Clearance.until > since, Account.role == Role.MANAGER, Account.id.not_in(besides))
    )
    was_changed = and_(TrailEntry.act == Act.ACCOUNT_CHANGED, TrailEntry.fields.contains("account.role"))
    is_stopped = and_(
        Account.role == Role.MANAGER,
        or_(
            TrailEntry.act == Act.ACCOUNT_DISABLED,
            and_(TrailEntry.act == Act.ACCOUNT_CHANGED, TrailEntry.fields.contains("account.valid_until")),
        ),
    )
    changed = (
        select(Clearance.house_id)
        .join(Account, Account.id == Clearance.account_id)
        .join(TrailEntry, TrailEntry.subject == Account.ref)
        .where(
            or_(Clearance.until.is_(None), Clearance.until > since),
            Account.id.not_in(besides),
            TrailEntry.at > since,
            TrailEntry.result == Result.DONE,
            or_(was_changed, is_stopped),
        )
    )
    return {*session.scalars(ended), *session.scalars(changed)}


def houses_asked(session: Session, *, subject: uuid.UUID, now: dt.datetime) -> set[int]:
    """Houses this person is to be let into as soon as one of their managers agrees."""
    return {
        read_wanted_house(reason)
        for reason in session.scalars(
            select(Approval.reason).where(
                Approval.kind == AskedKind.HOUSE,
                Approval.subject == subject,
                Approval.decided_at.is_(None),
                Approval.expires_at > now,
            )
        )
    }


def find_account(session: Session, ref: uuid.UUID) -> Account | None:
    return session.scalar(select(Account).where(Account.ref == ref))


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One person on the list of accounts."""

    ref: uuid.UUID
    shown_name: str
    username: str
    role: Role | None
    is_head: bool
    state: AccountState
    has_factor: bool
    unconfirmed: bool
    made_at: dt.datetime
    valid_until: dt.datetime | None
    last_signed_in: dt.datetime | None
    houses: list[str]
    disciplines: list[Discipline]
    asked: frozenset[AskedKind]


@dataclass(frozen=True, slots=True)
class Asking:
    """Something one person asked for and another decides."""

    ref: uuid.UUID
    kind: AskedKind
    reason: str
    subject: uuid.UUID
    subject_name: str
    subject_role: Role | None
    house: str | None
    asked_by: str
    asked_at: dt.datetime
    expires_at: dt.datetime
    decided_by: str | None
    decided_at: dt.datetime | None
    granted: bool | None


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    ref: uuid.UUID
    label: str | None
    shared: bool | None
    started_at: dt.datetime
    seen_at: dt.datetime
    locked: bool
    this: bool


@dataclass(frozen=True, slots=True)
class KnownDevice:
    ref: uuid.UUID
    label: str
    shared: bool
    made_at: dt.datetime
    this: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a history: when, what, by whom (None: nobody signed in, or the system)."""

    at: dt.datetime
    act: Act
    purpose: str | None
    by: str | None


def account_lines(session: Session, now: dt.datetime) -> list[AccountLine]:
    """Everybody who works for the unit, in five statements however many there are."""
    factor = exists().where(Totp.account_id == Account.id, Totp.confirmed_at.is_not(None))
    last = (
        select(func.max(SignIn.started_at))
        .where(SignIn.account_id == Account.id, SignIn.level == Level.FULL)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Account, factor.label("has_factor"), last.label("last"))
        .where(Account.realm == Realm.HOUSE)
        .order_by(Account.state == AccountState.DISABLED, func.lower(Account.shown_name), Account.id)
    ).all()
    houses: dict[int, list[str]] = {}
    for account_id, name in session.execute(
        select(Clearance.account_id, House.name)
        .join(House, House.id == Clearance.house_id)
        .where(Clearance.until.is_(None), House.closed_at.is_(None))
        .order_by(House.position, House.id)
    ):
        houses.setdefault(account_id, []).append(name)
    disciplines: dict[int, list[Discipline]] = {}
    for account_id, one in session.execute(
        select(AccountDiscipline.account_id, AccountDiscipline.discipline).order_by(AccountDiscipline.id)
    ):
        disciplines.setdefault(account_id, []).append(one)
    asked: dict[uuid.UUID, set[AskedKind]] = {}
    for subject, kind in session.execute(
        select(Approval.subject, Approval.kind).where(
            Approval.decided_at.is_(None), Approval.expires_at > now, Approval.kind.in_(list(AskedKind))
        )
    ):
        asked.setdefault(subject, set()).add(AskedKind(kind))
    return [
        AccountLine(
            ref=account.ref,
            shown_name=account.shown_name,
            username=account.username,
            role=account.role,
            is_head=account.is_head,
            state=account.state,
            has_factor=has_factor,
            unconfirmed=account.unconfirmed_since is not None,
            made_at=account.made_at,
            valid_until=account.valid_until,
            last_signed_in=last_at,
            houses=houses.get(account.id, []),
            disciplines=disciplines.get(account.id, []),
            asked=frozenset(asked.get(account.ref, ())),
        )
        for account, has_factor, last_at in rows
    ]


def find_colleague(session: Session, ref: uuid.UUID) -> Account | None:
    """Someone who works for the unit; partners' accounts are not among them."""
    return session.scalar(select(Account).where(Account.ref == ref, Account.realm == Realm.HOUSE))


def open_houses(session: Session) -> list[House]:
    return list(session.scalars(select(House).where(House.closed_at.is_(None)).order_by(House.position, House.id)))


def account_disciplines(session: Session, account_id: int) -> list[Discipline]:
    return list(
        session.scalars(
            select(AccountDiscipline.discipline)
            .where(AccountDiscipline.account_id == account_id)
            .order_by(AccountDiscipline.id)
        )
    )


def delegations_of(session: Session, account_id: int) -> list[Delegation]:
    """Periods in which she acts or acted as head, the newest ten."""
    return list(
        session.scalars(
            select(Delegation).where(Delegation.account_id == account_id).order_by(Delegation.since.desc()).limit(10)
        )
    )


def find_delegation(session: Session, *, account_id: int, ref: uuid.UUID) -> Delegation | None:
    return session.scalar(
        select(Delegation).where(Delegation.ref == ref, Delegation.account_id == account_id).with_for_update()
    )


def done_before(session: Session, *, key: uuid.UUID, account_id: int) -> bool:
    """Whether this very press of hers has been carried out already."""
    return session.scalar(select(exists().where(ActRow.key == key, ActRow.account_id == account_id))) is True


def recovery_codes_left(session: Session, account_id: int) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def factor_since(session: Session, account_id: int) -> dt.datetime | None:
    """When her second step was set up; None while she has none."""
    return session.scalar(select(Totp.confirmed_at).where(Totp.account_id == account_id))


def open_sign_ins(session: Session, *, account_id: int, now: dt.datetime, this: int | None = None) -> list[OpenSignIn]:
    """Where she is signed in now, newest first; `this` is the sign-in that asks."""
    longest = dt.timedelta(hours=session.scalars(select(Office.sign_in_hours)).one())
    rows = session.execute(
        select(SignIn, Device.label, Device.shared)
        .outerjoin(Device, Device.id == SignIn.device_id)
        .where(
            SignIn.account_id == account_id,
            SignIn.level == Level.FULL,
            SignIn.ended_at.is_(None),
            SignIn.started_at > now - longest,
        )
        .order_by(SignIn.started_at.desc())
    ).all()
    return [
        OpenSignIn(row.ref, label, shared, row.started_at, row.seen_at, row.locked_at is not None, row.id == this)
        for row, label, shared in rows
    ]


def known_devices(session: Session, *, account_id: int, now: dt.datetime, sign_in: int) -> list[KnownDevice]:
    here = select(SignIn.device_id).where(SignIn.id == sign_in).scalar_subquery()
    rows = session.execute(
        select(Device, (Device.id == here).label("this"))
        .where(Device.account_id == account_id, Device.revoked_at.is_(None), Device.expires_at > now)
        .order_by(Device.made_at.desc(), Device.id.desc())
    ).all()
    return [KnownDevice(row.ref, row.label, row.shared, row.made_at, bool(this)) for row, this in rows]


def readings_since(session: Session, *, account_ref: uuid.UUID, since: dt.datetime) -> list[tuple[str | None, int]]:
    """(purpose, how often): what this person opened of other people, as the record tells it."""
    rows = session.execute(
        select(TrailEntry.purpose, func.count())
        .where(
            TrailEntry.actor == account_ref,
            TrailEntry.at >= since,
            TrailEntry.act == Act.VALUE_OPENED,
            TrailEntry.purpose.not_in(OWN_PURPOSES),
        )
        .group_by(TrailEntry.purpose)
        .order_by(func.count().desc(), TrailEntry.purpose)
    ).all()
    return [(purpose, times) for purpose, times in rows]


def account_history(session: Session, *, account_ref: uuid.UUID, acts: list[Act], most: int = 20) -> list[Happening]:
    """What was done about this account, newest first."""
    doer = aliased(Account)
    rows = session.execute(
        select(TrailEntry.at, TrailEntry.act, TrailEntry.purpose, TrailEntry.actor_kind, doer.shown_name)
        .outerjoin(doer, doer.ref == TrailEntry.actor)
        .where(TrailEntry.subject == account_ref, TrailEntry.act.in_(acts), TrailEntry.result == "done")
        .order_by(TrailEntry.seq.desc())
        .limit(most)
    ).all()
    return [
        Happening(at, Act(act), purpose, name if kind is ActorKind.ACCOUNT else None)
        for at, act, purpose, kind, name in rows
    ]


def closed_counters(session: Session, *, subjects: tuple[bytes, ...], after: dt.datetime) -> int:
    """How many counters keep strangers out beyond this moment."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Throttle)
            .where(
                Throttle.subject.in_(subjects),
                Throttle.factor.in_((Factor.PASSWORD, Factor.CODE)),
                ~Throttle.known,
                Throttle.until > after,
            )
        )
        or 0
    )


def deciders_besides(session: Session, *account_ids: int) -> int:
    """How many people could decide an asking when these may not."""
    roles = [role for role, granted in GRANTS.items() if Permission.APPROVAL_DECIDE in granted]
    return (
        session.scalar(
            select(func.count())
            .select_from(Account)
            .where(Account.role.in_(roles), Account.state == AccountState.ACTIVE, Account.id.not_in(account_ids))
        )
        or 0
    )


def askings_for(session: Session, *, account_id: int, now: dt.datetime) -> list[Asking]:
    """What waits for this person: asked by others, about others, still open; what ends first stands first."""
    return _askings(
        session,
        account_id,
        Approval.decided_at.is_(None),
        Approval.expires_at > now,
        now=now,
        order=Approval.expires_at,
    )


def decided_askings(session: Session, *, account_id: int, since: dt.datetime, now: dt.datetime) -> list[Asking]:
    """What was decided lately among the things she could have decided, newest first."""
    return _askings(session, account_id, Approval.decided_at >= since, now=now, order=Approval.decided_at.desc())


def askings_about(session: Session, *, subject: uuid.UUID, now: dt.datetime) -> list[Asking]:
    """What is asked about this account and still waits, whoever asked."""
    return _askings(
        session,
        None,
        Approval.subject == subject,
        Approval.decided_at.is_(None),
        Approval.expires_at > now,
        now=now,
        order=Approval.expires_at,
    )


def _askings(
    session: Session, account_id: int | None, *wanted: ColumnElement[bool], now: dt.datetime, order: Any
) -> list[Asking]:
    about, asker, decider = aliased(Account), aliased(Account), aliased(Account)
    query = (
        select(Approval, about.shown_name, about.role, House.name, asker.shown_name, decider.shown_name)
        .join(about, about.ref == Approval.subject)
        .join(asker, asker.id == Approval.asked_by_id)
        .outerjoin(decider, decider.id == Approval.decided_by_id)
        .outerjoin(House, (Approval.kind == AskedKind.HOUSE) & (Approval.reason == _asked_about(House.id)))
        .where(Approval.kind.in_(list(AskedKind)), *wanted)
        .order_by(order, Approval.id)
        .limit(50)
    )
    if account_id is not None:
        query = query.where(
            Approval.asked_by_id != account_id,
            about.id != account_id,
            not_for_the_asker_of_the_reset(account_id),
            of_her_houses(account_id, now),
        )
    return [
        Asking(
            row.ref,
            AskedKind(row.kind),
            row.reason,
            row.subject,
            name,
            role,
            house,
            asked_by,
            row.asked_at,
            row.expires_at,
            decided_by,
            row.decided_at,
            row.granted,
        )
        for row, name, role, house, asked_by, decided_by in session.execute(query).all()
    ]
