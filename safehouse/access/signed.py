"""Who this request comes from: one frozen answer, read once, used by guard and views."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import LargeBinary, ScalarSelect, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from safehouse.access.models import (
    Account,
    AccountState,
    Clearance,
    Device,
    House,
    Level,
    Office,
    SignIn,
    Totp,
)
from safehouse.access.permissions import Permission, Role, allows
from safehouse.access.rules.sign_ins import CODE_PAGE_LIFE, ENROLLING_IDLE, Standing, standing
from safehouse.prepared import Prepared
from safehouse.trail.models import STRANGER, Actor, ActorKind, TrailEntry
from safehouse.vault.keys import fingerprint


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What every page says about the unit. `time_zone` is an IANA name."""

    title: str
    name: str
    time_zone: str
    demo: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed-in browser and its person as they were when the request came. Minutes are the unit's settings."""

    sign_in_id: int
    sign_in_ref: uuid.UUID
    csrf: str
    level: Level
    started_at: dt.datetime
    seen_at: dt.datetime
    code_at: dt.datetime | None
    locked_at: dt.datetime | None
    by_recovery: bool
    account_id: int
    account_ref: uuid.UUID
    username: str
    role: Role | None
    is_head: bool
    state: AccountState
    shown_name: str
    language: str | None
    theme: str | None
    unconfirmed_since: dt.datetime | None
    valid_until: dt.datetime | None
    own_device: bool
    has_factor: bool
    idle: dt.timedelta
    longest: dt.timedelta
    code_after: dt.timedelta
    house_names: str
    office: "OfficeFacts"

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.account_ref)

    @property
    def actor(self) -> Actor:
        return Actor(
            ActorKind.ACCOUNT,
            self.account_id,
            self.account_ref,
            self.sign_in_ref,
            confirmed=self.unconfirmed_since is None,
        )

    def may(self, permission: Permission) -> bool:
        return self.role is not None and allows(self.role, permission)

    def standing(self, now: dt.datetime) -> Standing:
        if self.state is AccountState.DISABLED or (self.valid_until is not None and self.valid_until <= now):
            return Standing.OVER
        if self.level is Level.PASSWORD:
            return Standing.LIVE if now - self.started_at < CODE_PAGE_LIFE else Standing.OVER
        if self.level is Level.ENROLLING:
            return Standing.LIVE if now - self.seen_at < ENROLLING_IDLE else Standing.OVER
        return standing(
            now=now,
            started_at=self.started_at,
            seen_at=self.seen_at,
            locked_at=self.locked_at,
            idle=self.idle,
            longest=self.longest,
        )


def find_signed(session: Session, token: str | None) -> tuple[Signed | None, dt.datetime | None]:
    """(who holds this token, when the record was last written), in one statement.

    The newest entry of the record is a floor under the clock: turning the computer's clock back revives nothing.
    """
    if not token:
        return None, session.scalar(_newest())
    rows = _holder().ask(session, digest=fingerprint(token.encode()))
    return _signed(*rows[0]) if rows else (None, session.scalar(_newest()))


@cache
def _newest() -> Select[dt.datetime]:
    return select(TrailEntry.at).order_by(TrailEntry.seq.desc()).limit(1)


@cache
def _holder() -> Prepared:
    """It stands before every page. The columns are in the order `_signed` takes them."""
    return Prepared(
        select(
            SignIn.id,
            SignIn.ref,
            SignIn.csrf,
            SignIn.level,
            SignIn.started_at,
            SignIn.seen_at,
            SignIn.code_at,
            SignIn.locked_at,
            SignIn.by_recovery,
            Account.id.label("account_id"),
            Account.ref.label("account_ref"),
            Account.username,
            Account.role,
            Account.is_head,
            Account.state,
            Account.shown_name,
            Account.language,
            Account.theme,
            Account.unconfirmed_since,
            Account.valid_until,
            Device.shared,
            exists().where(Totp.account_id == Account.id, Totp.confirmed_at.is_not(None)).label("has_factor"),
            Office.idle_shared_minutes,
            Office.idle_own_minutes,
            Office.sign_in_hours,
            Office.code_after_minutes,
            Office.title,
            Office.name,
            Office.time_zone,
            Office.demo,
            _newest().scalar_subquery().label("newest"),
            _house_names().label("house_names"),
        )
        .join(Account, Account.id == SignIn.account_id)
        .join(Office, Office.id == 1)
        .outerjoin(Device, Device.id == SignIn.device_id)
        .where(SignIn.token_digest == bindparam("digest", type_=LargeBinary), SignIn.ended_at.is_(None))
    )


def _house_names() -> ScalarSelect[str]:
    """The houses she works in, in the order of the unit and in one line."""
    return (
        select(func.aggregate_strings(House.name, ", ").aggregate_order_by(House.position, House.id))
        .join(Clearance, Clearance.house_id == House.id)
        .where(Clearance.account_id == Account.id, Clearance.until.is_(None), House.closed_at.is_(None))
        .correlate(Account)
        .scalar_subquery()
    )


def _signed(*row: Any) -> tuple[Signed, dt.datetime | None]:
    """The first columns are the first fields as they are; the others are reckoned from the unit's settings."""
    shared, has_factor, idle_shared, idle_own, hours, code_after, title, name, zone, demo, newest, houses = row[-12:]
    own_device = shared is False
    reckoned: list[Any] = [
        own_device,
        has_factor,
        dt.timedelta(minutes=idle_own if own_device else idle_shared),
        dt.timedelta(hours=hours),
        dt.timedelta(minutes=code_after),
        houses or "",
        OfficeFacts(title, name, zone, demo),
    ]
    return Signed(*row[:-12], *reckoned), newest


def actor_of(signed: Signed | None) -> Actor:
    return signed.actor if signed else STRANGER


def office_facts(session: Session) -> OfficeFacts:
    """For pages before anyone has signed in."""
    row = session.execute(select(Office.title, Office.name, Office.time_zone, Office.demo)).one()
    return OfficeFacts(row.title, row.name, row.time_zone, row.demo)
