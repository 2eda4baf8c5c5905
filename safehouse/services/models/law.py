"""Law: the ways a matter goes, the stages of each way as data, notices of the investigator, orders that protect her."""

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from safehouse.access.models import Account, Approval
from safehouse.database import Base, HasRef, closed_choice
from safehouse.residents.models import Matter
from safehouse.services.choices import Accompanied, NoticeCode, ProceduralCode, ProtectionKind, Track


class LegalStage(HasRef, Base):
    """One stage of a way through law: data, because the law changes. The criminal way has its stages once for each
    procedural code. `again` may be reached more than once (the file returned); `ends` closes the way; `refused` is
    never recorded."""

    __tablename__ = "legal_stage"
    __table_args__ = (
        UniqueConstraint("track", "procedural_code", "key"),
        CheckConstraint("(track = 'criminal') = (procedural_code IS NOT NULL)", "code"),
        CheckConstraint("position >= 0", "position"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    track: Mapped[Track] = mapped_column(closed_choice(Track))
    procedural_code: Mapped[ProceduralCode | None] = mapped_column(closed_choice(ProceduralCode))
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    name_id: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    again: Mapped[bool] = mapped_column(default=False)
    ends: Mapped[bool] = mapped_column(default=False)
    refused: Mapped[bool] = mapped_column(default=False)
    # A way out that does not belong to the ordinary path, such as an investigation that was stopped.
    aside: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[dt.datetime | None]


class LegalProcess(HasRef, Base):
    """A matter going one way. Mediation needs an approval, and is refused for sexual violence unless the offender is a
    child (UU 12/2022 Pasal 23)."""

    __tablename__ = "legal_process"
    __table_args__ = (
        UniqueConstraint("matter_id", "track"),
        CheckConstraint("(track = 'criminal') = (procedural_code IS NOT NULL)", "code"),
        CheckConstraint("(track = 'mediation') = (approval_id IS NOT NULL)", "mediation_approved"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey(Matter.id))
    track: Mapped[Track] = mapped_column(closed_choice(Track))
    procedural_code: Mapped[ProceduralCode | None] = mapped_column(closed_choice(ProceduralCode))
    approval_id: Mapped[int | None] = mapped_column(ForeignKey(Approval.id))
    opened_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))


class ProcessStage(HasRef, Base):
    """A way reached a stage: the day of the letter, its number, who went with her. Out of order it has a reason.
    `amount` is in whole rupiah, of restitution and the victim fund. `words` are for the legal discipline."""

    __tablename__ = "process_stage"
    __table_args__ = (
        CheckConstraint("amount IS NULL OR amount >= 0", "amount"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", "withdrawn"),
        Index("ix_process_stage_process", "process_id", "on_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey(LegalProcess.id))
    stage_id: Mapped[int] = mapped_column(ForeignKey(LegalStage.id))
    on_day: Mapped[dt.date] = mapped_column(Date)
    number: Mapped[bytes | None]
    accompanied: Mapped[Accompanied | None] = mapped_column(closed_choice(Accompanied))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[bytes | None]
    words: Mapped[bytes | None]
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[dt.datetime | None]


class InvestigationNotice(HasRef, Base):
    """A letter of the investigator on how far the matter is (SP2HP)."""

    __tablename__ = "investigation_notice"
    __table_args__ = (Index("ix_investigation_notice_matter", "matter_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey(Matter.id))
    code: Mapped[NoticeCode] = mapped_column(closed_choice(NoticeCode))
    on_day: Mapped[dt.date] = mapped_column(Date)
    number: Mapped[bytes | None]
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[dt.datetime | None]


class ProtectionOrder(HasRef, Base):
    """An order that keeps the reported person away from her, from a day to a day. A renewal is a new order that names
    the one before; `settled_at` says that no renewal is wanted. `given_at` is the moment the police gave theirs, where
    somebody knows it: of sexual violence LPSK is asked within 24 hours of it."""

    __tablename__ = "protection_order"
    __table_args__ = (
        CheckConstraint("until >= from_day", "period"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", "settled"),
        Index("ix_protection_order_matter", "matter_id"),
        Index("ix_protection_order_until", "until"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey(Matter.id))
    kind: Mapped[ProtectionKind] = mapped_column(closed_choice(ProtectionKind, "kind"))
    from_day: Mapped[dt.date] = mapped_column(Date)
    until: Mapped[dt.date] = mapped_column(Date)
    given_at: Mapped[dt.datetime | None]
    number: Mapped[bytes | None]
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("protection_order.id"), unique=True)
    noted_at: Mapped[dt.datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    settled_at: Mapped[dt.datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    withdrawn_at: Mapped[dt.datetime | None]
