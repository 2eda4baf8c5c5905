"""Houses, agencies, the people who work for the unit, and how they sign in."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from safehouse.access.permissions import Role
from safehouse.database import Base, HasRef, closed_choice

OPEN = text("until IS NULL")


class Realm(StrEnum):
    HOUSE = "house"
    PARTNER = "partner"


class AccountState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class Discipline(StrEnum):
    SOCIAL_WORK = "social_work"
    PSYCHOLOGY = "psychology"
    HEALTH = "health"
    LEGAL = "legal"
    EDUCATION = "education"


class Office(HasRef, Base):
    """The unit that owns the data. One row. Times are minutes unless the name says otherwise."""

    __tablename__ = "office"
    __table_args__ = (
        CheckConstraint("id = 1", "one_row"),
        CheckConstraint("idle_shared_minutes BETWEEN 1 AND 60", "idle_shared"),
        CheckConstraint("idle_own_minutes BETWEEN 1 AND 60", "idle_own"),
        CheckConstraint("code_after_minutes BETWEEN 1 AND 240", "code_after"),
        CheckConstraint("sign_in_hours BETWEEN 1 AND 12", "sign_in_hours"),
        CheckConstraint("hold_hours BETWEEN 1 AND 24", "hold_hours"),
        CheckConstraint("tell_manager_after_hours BETWEEN 0 AND 168", "tell_manager_after"),
        CheckConstraint("plan_within_days BETWEEN 1 AND 30", "plan_within"),
        CheckConstraint("review_every_months BETWEEN 1 AND 12", "review_every"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    title: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")
    demo: Mapped[bool] = mapped_column(default=False)
    key_check: Mapped[bytes] = mapped_column(LargeBinary(32))
    idle_shared_minutes: Mapped[int] = mapped_column(default=5)
    idle_own_minutes: Mapped[int] = mapped_column(default=15)
    code_after_minutes: Mapped[int] = mapped_column(default=30)
    sign_in_hours: Mapped[int] = mapped_column(default=8)
    hold_hours: Mapped[int] = mapped_column(default=4)
    # What is overdue appears at once for whoever answers for it, and for the manager after this many hours.
    tell_manager_after_hours: Mapped[int] = mapped_column(default=24, server_default="24")
    # A service plan is opened within so many days of the arrival, and looked at again every so many months.
    plan_within_days: Mapped[int] = mapped_column(default=3, server_default="3")
    review_every_months: Mapped[int] = mapped_column(default=3, server_default="3")
    # Whoever lived here before plans were kept owes none. None: since ever.
    follows_plans_since: Mapped[dt.datetime | None]
    # Whoever came before was taken in without what an arrival asks for now, and nobody is late with it. None: since
    # ever, as in an office that began with all of it.
    follows_arrivals_since: Mapped[dt.datetime | None]


class House(HasRef, Base):
    __tablename__ = "house"
    __table_args__ = (
        CheckConstraint("stay_limit_days BETWEEN 1 AND 365", "stay_limit"),
        CheckConstraint("boys_age BETWEEN 0 AND 18", "boys_age"),
        CheckConstraint("separation_age BETWEEN 0 AND 18", "separation_age"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")
    stay_limit_days: Mapped[int] = mapped_column(default=14)
    boys_age: Mapped[int] = mapped_column(default=12)
    separation_age: Mapped[int] = mapped_column(default=10)
    closed_at: Mapped[dt.datetime | None]
    address: Mapped[bytes | None]


class Agency(HasRef, Base):
    """The address book: who refers, who receives."""

    __tablename__ = "agency"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    suspended_at: Mapped[dt.datetime | None]


class Account(HasRef, Base):
    """One person who works for the unit; a guard or cook may have no sign-in (no role)."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("username = lower(username)", "username_lower"),
        CheckConstraint("(realm = 'partner') = (agency_id IS NOT NULL)", "partner_has_agency"),
        CheckConstraint("realm = 'house' OR (role IS NULL AND NOT is_head)", "partner_has_no_role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    realm: Mapped[Realm] = mapped_column(closed_choice(Realm), default=Realm.HOUSE)
    role: Mapped[Role | None] = mapped_column(closed_choice(Role))
    is_head: Mapped[bool] = mapped_column(default=False)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey(Agency.id))
    state: Mapped[AccountState] = mapped_column(closed_choice(AccountState, "state"))
    shown_name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(2))
    theme: Mapped[str | None] = mapped_column(String(5))
    password: Mapped[bytes | None]
    password_changed_at: Mapped[dt.datetime | None]
    # A factor set up again after a recovery code or a reset: nothing sealed about people or places opens until someone
    # who knows her has confirmed that it is she. A reset sets it already.
    unconfirmed_since: Mapped[dt.datetime | None]
    made_at: Mapped[dt.datetime]
    valid_until: Mapped[dt.datetime | None]


class Clearance(Base):
    """Which houses a person works in."""

    __tablename__ = "clearance"
    __table_args__ = (
        Index("uq_clearance_open", "account_id", "house_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        CheckConstraint("until IS NULL OR until >= since", "period"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    house_id: Mapped[int] = mapped_column(ForeignKey(House.id))
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]


class AccountDiscipline(Base):
    __tablename__ = "account_discipline"
    __table_args__ = (UniqueConstraint("account_id", "discipline"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    discipline: Mapped[Discipline] = mapped_column(closed_choice(Discipline))


class DelegationKind(StrEnum):
    PLH = "plh"  # pelaksana harian: the head is away for a while
    PLT = "plt"  # pelaksana tugas: the post is vacant


class Delegation(HasRef, Base):
    """Someone acts as head for a dated period; papers print it."""

    __tablename__ = "delegation"
    __table_args__ = (CheckConstraint("until >= since", "period"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    kind: Mapped[DelegationKind] = mapped_column(closed_choice(DelegationKind, "kind"))
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class Totp(HasRef, Base):
    """The second factor. `last_step` is the newest 30-second step whose code was used; none at or below it counts."""

    __tablename__ = "totp"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), unique=True)
    secret: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[dt.datetime | None]


class RecoveryCode(Base):
    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[dt.datetime | None]


class ActivationKind(StrEnum):
    ACCOUNT = "account"  # new password and new second factor
    PASSWORD = "password"  # new password; the second factor stays


class Activation(Base):
    """A one-hour code handed over in person."""

    __tablename__ = "activation"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    kind: Mapped[ActivationKind] = mapped_column(closed_choice(ActivationKind, "kind"))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    cancelled_at: Mapped[dt.datetime | None]


class Device(HasRef, Base):
    """A browser in which this person has signed in fully. It never replaces a factor."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("digest", "account_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    shared: Mapped[bool] = mapped_column(default=True)
    label: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]


class Level(StrEnum):
    PASSWORD = "password"  # the password was right; the code is due
    ENROLLING = "enrolling"  # may set up the second factor, nothing else
    FULL = "full"


class SignIn(HasRef, Base):
    """A signed-in browser. The cookie carries 256 random bits; only their SHA-256 is kept."""

    __tablename__ = "sign_in"
    __table_args__ = (
        Index(
            "ix_sign_in_open",
            "account_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    device_id: Mapped[int | None] = mapped_column(ForeignKey(Device.id))
    level: Mapped[Level] = mapped_column(closed_choice(Level))
    started_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    code_at: Mapped[dt.datetime | None]
    locked_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    # Set with a recovery code: the factor may be set up again, and someone must confirm the person afterwards.
    by_recovery: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account] = relationship()
    device: Mapped[Device | None] = relationship()


class Factor(StrEnum):
    PASSWORD = "password"
    CODE = "code"
    SOURCE = "source"


class Throttle(Base):
    """Failures counted. `subject` is a keyed digest of a user name or network source, so that names without an
    account are throttled alike and no address can be read here."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("subject", "factor", "known"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(LargeBinary(32))
    factor: Mapped[Factor] = mapped_column(closed_choice(Factor))
    known: Mapped[bool]
    failures: Mapped[int] = mapped_column(default=0)
    window_started_at: Mapped[dt.datetime]
    window_failures: Mapped[int] = mapped_column(default=0)
    until: Mapped[dt.datetime | None]


class Draft(HasRef, Base):
    """What someone had typed when the screen locked. Sealed with her key, given back once."""

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id), index=True)
    path: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes]
    made_at: Mapped[dt.datetime]


class Act(HasRef, Base):
    """One changing request. The key comes from the form: a repeated one answers with the first result."""

    __tablename__ = "act"
    __table_args__ = (CheckConstraint("undone_by_id IS NULL OR undo_until IS NOT NULL", "undoable"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    at: Mapped[dt.datetime]
    undo_until: Mapped[dt.datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("act.id"))


class Approval(HasRef, Base):
    """Asked by one, decided by another. `parameters` is a digest of what exactly was asked: changed parameters void
    the answer."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", "other_person"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (granted IS NULL)", "decided"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[uuid.UUID] = mapped_column(Uuid)
    parameters: Mapped[bytes] = mapped_column(LargeBinary(32))
    reason: Mapped[str] = mapped_column(String(40))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    asked_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    decided_at: Mapped[dt.datetime | None]
    granted: Mapped[bool | None]
    carried_out_at: Mapped[dt.datetime | None]


class StepUp(HasRef, Base):
    """A fresh code for one purpose and one record, in one sign-in. Carried by no link; over when `until` has passed."""

    __tablename__ = "step_up"
    __table_args__ = (
        CheckConstraint("until > since", "period"),
        Index("ix_step_up_sign_in", "sign_in_id"),
        Index("ix_step_up_subject", "subject"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    sign_in_id: Mapped[int] = mapped_column(ForeignKey(SignIn.id))
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    purpose: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(40))
    subject: Mapped[uuid.UUID] = mapped_column(Uuid)
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]


class CoSignature(Base):
    """The second person beside you, by her own code: not a sign-in, used once."""

    __tablename__ = "co_signature"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    act_id: Mapped[int] = mapped_column(ForeignKey(Act.id), unique=True)
    at: Mapped[dt.datetime]
