"""Opening the ways of a matter, recording the stages they reach, notices of the investigator, orders that protect."""

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Approval
from safehouse.residents.models import Household, Matter, Resident
from safehouse.services.choices import Accompanied, NoticeCode, ProceduralCode, ProtectionKind, Track
from safehouse.services.models import (
    InvestigationNotice,
    LegalProcess,
    LegalStage,
    ProcessStage,
    ProtectionOrder,
)
from safehouse.services.queries.law import has_way, listed_stages, path_of, step_of
from safehouse.services.rules.law import WITH_AMOUNT, OrderFault, WayFault, in_order, why_not_order, why_not_way
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, Result
from safehouse.trail.operations import record
from safehouse.vault.models import DataKey
from safehouse.vault.operations import key_of, seal


class LawRefusal(StrEnum):
    LEFT = "left"  # a day after she left the house
    IN_FUTURE = "in_future"
    CLOSED = "closed"  # the matter is closed
    # opening a way
    NO_CODE = "no_code"
    SEXUAL_VIOLENCE = "sexual_violence"
    NEEDS_APPROVAL = "needs_approval"
    OPEN_ALREADY = "open_already"
    # stages
    NOT_OF_THIS_WAY = "not_of_this_way"
    RESTORATIVE = "restorative"
    OUT_OF_ORDER = "out_of_order"
    # orders
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    BEGINS_IN_FUTURE = "begins_in_future"
    TOO_LONG = "too_long"
    NOT_SEXUAL_VIOLENCE = "not_sexual_violence"
    NOT_LATER = "not_later"
    GIVEN_ON_ANOTHER_DAY = "given_on_another_day"
    RENEWED = "renewed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    # taking back
    GONE_ON = "gone_on"


class LawRefused(Exception):
    """Nothing was written. `reason` says why."""

    def __init__(self, reason: LawRefusal):
        super().__init__(reason)
        self.reason = reason


OF_WAY = {
    WayFault.NO_CODE: LawRefusal.NO_CODE,
    WayFault.SEXUAL_VIOLENCE: LawRefusal.SEXUAL_VIOLENCE,
    WayFault.NEEDS_APPROVAL: LawRefusal.NEEDS_APPROVAL,
}
OF_ORDER = {
    OrderFault.ENDS_BEFORE_IT_BEGINS: LawRefusal.ENDS_BEFORE_IT_BEGINS,
    OrderFault.BEGINS_IN_FUTURE: LawRefusal.BEGINS_IN_FUTURE,
    OrderFault.TOO_LONG: LawRefusal.TOO_LONG,
    OrderFault.NOT_SEXUAL_VIOLENCE: LawRefusal.NOT_SEXUAL_VIOLENCE,
    OrderFault.NOT_LATER: LawRefusal.NOT_LATER,
}


@dataclass(frozen=True, slots=True)
class About:
    """Whom a record is about: the resident through whom it is kept, her matter, and the days that count for her."""

    resident: Resident
    matter: Matter
    today: dt.date
    left_on: dt.date | None = None  # the day she left the house

    def check_day(self, day: dt.date) -> None:
        """A letter of a day still to come, or of one after she left, is not recorded. Raises `LawRefused`."""
        if self.matter.closed_at is not None:
            raise LawRefused(LawRefusal.CLOSED)
        if day > self.today:
            raise LawRefused(LawRefusal.IN_FUTURE)
        if self.left_on is not None and day > self.left_on:
            raise LawRefused(LawRefusal.LEFT)


# The ways of a matter


def open_way(
    session: Session,
    *,
    about: About,
    track: Track,
    code: ProceduralCode | None,
    approval: Approval | None = None,
    now: dt.datetime,
    by: Actor,
) -> LegalProcess:
    """The matter goes this way from now on; it goes each way once. `code` counts only for the criminal one. Mediation
    needs the approval that was granted for it. Raises `LawRefused`; the caller commits."""
    if about.matter.closed_at is not None:
        raise LawRefused(LawRefusal.CLOSED)
    if about.left_on is not None:
        raise LawRefused(LawRefusal.LEFT)
    fault = why_not_way(
        track,
        code=code,
        sexual_violence=about.matter.sexual_violence,
        child_offender=about.matter.child_offender,
    )
    if fault and not (fault is WayFault.NEEDS_APPROVAL and approval is not None):
        raise LawRefused(OF_WAY[fault])
    process = LegalProcess(
        matter_id=about.matter.id,
        track=track,
        procedural_code=code if track is Track.CRIMINAL else None,
        approval_id=approval.id if approval else None,
        opened_at=now,
        by_id=by.person_id,
    )
    if has_way(session, about.matter.id, track):
        raise LawRefused(LawRefusal.OPEN_ALREADY)
    try:
        with session.begin_nested():
            session.add(process)
            session.flush()
    except IntegrityError:
        raise LawRefused(LawRefusal.OPEN_ALREADY) from None
    record(session, now=now, by=by, act=Act.LEGAL_NOTED, subject=about.resident.ref, purpose="legal way")
    return process


def record_refused_way(session: Session, *, resident: uuid.UUID, what: str, now: dt.datetime, by: Actor) -> None:
    """That somebody wanted to settle outside court what the law does not allow to be; called after the rollback."""
    record(
        session,
        now=now,
        by=by,
        act=Act.MEDIATION_REFUSED,
        subject=resident,
        purpose=what,
        result=Result.REFUSED,
    )


# Stages


@dataclass(frozen=True, slots=True)
class NewStage:
    """`on_day` is the day of the letter. `words` are for the legal discipline."""

    stage: LegalStage
    on_day: dt.date
    number: str | None = None
    accompanied: Accompanied | None = None
    amount: int | None = None
    reason: str | None = None
    words: str | None = None


def record_stage(
    session: Session, *, about: About, process: LegalProcess, new: NewStage, now: dt.datetime, by: Actor
) -> ProcessStage:
    """The way reached this stage. What is out of order needs a reason; restorative justice is never recorded. Raises
    `LawRefused`; the caller commits."""
    # Of two who record at one moment the second sees what the first has written.
    session.refresh(process, with_for_update=True)
    stage = new.stage
    if (stage.track, stage.procedural_code) != (process.track, process.procedural_code) or stage.retired_at is not None:
        raise LawRefused(LawRefusal.NOT_OF_THIS_WAY)
    if stage.refused:
        raise LawRefused(LawRefusal.RESTORATIVE)
    about.check_day(new.on_day)
    fits = _fits(session, process, stage, new.on_day)
    if not fits and not new.reason:
        raise LawRefused(LawRefusal.OUT_OF_ORDER)
    row = ProcessStage(
        process_id=process.id,
        stage_id=stage.id,
        on_day=new.on_day,
        accompanied=new.accompanied,
        amount=new.amount if process.track in WITH_AMOUNT else None,
        noted_at=now,
        by_id=by.person_id,
    )
    key = _key(session, about.matter)
    if new.number:
        row.number = seal(session, row, "number", new.number, key=key)
    if new.reason:
        row.reason = seal(session, row, "reason", new.reason, key=key)
    if new.words:
        row.words = seal(session, row, "words", new.words, key=key)
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.STAGE_RECORDED, subject=about.resident.ref)
    return row


def _fits(session: Session, process: LegalProcess, stage: LegalStage, on_day: dt.date) -> bool:
    rows = session.execute(
        select(ProcessStage.on_day, LegalStage)
        .join(LegalStage, LegalStage.id == ProcessStage.stage_id)
        .where(ProcessStage.process_id == process.id, ProcessStage.withdrawn_at.is_(None))
        .order_by(ProcessStage.on_day, ProcessStage.id)
    ).all()
    listed = listed_stages(session, [process.track], code=process.procedural_code)
    return in_order(
        step_of(stage),
        before=[step_of(one) for day, one in rows if day <= on_day],
        after=[step_of(one) for day, one in rows if day > on_day],
        path=path_of(listed),
    )


def withdraw_stage(session: Session, *, row: ProcessStage, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """It was recorded by mistake. Raises `LawRefused` when somebody has recorded another since."""
    session.refresh(row, with_for_update=True)
    later = session.scalar(
        select(ProcessStage.id)
        .where(ProcessStage.process_id == row.process_id, ProcessStage.id > row.id, ProcessStage.withdrawn_at.is_(None))
        .limit(1)
    )
    if row.withdrawn_at is not None or later is not None:
        raise LawRefused(LawRefusal.GONE_ON)
    row.withdrawn_at = now
    record(session, now=now, by=by, act=Act.STAGE_RECORDED, subject=resident.ref, purpose="withdrawn")


# Notices of the investigator


def note_notice(
    session: Session,
    *,
    about: About,
    code: NoticeCode,
    on_day: dt.date,
    number: str | None,
    now: dt.datetime,
    by: Actor,
) -> InvestigationNotice:
    """A letter of the investigator (SP2HP). Raises `LawRefused`; the caller commits."""
    about.check_day(on_day)
    row = InvestigationNotice(matter_id=about.matter.id, code=code, on_day=on_day, noted_at=now, by_id=by.person_id)
    if number:
        row.number = seal(session, row, "number", number, key=_key(session, about.matter))
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.LEGAL_NOTED, subject=about.resident.ref, purpose="notice")
    return row


def withdraw_notice(
    session: Session, *, row: InvestigationNotice, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was written down by mistake."""
    session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None:
        raise LawRefused(LawRefusal.GONE_ON)
    row.withdrawn_at = now
    record(session, now=now, by=by, act=Act.LEGAL_NOTED, subject=resident.ref, purpose="withdrawn")


# Orders that protect her


@dataclass(frozen=True, slots=True)
class NewOrder:
    """`given_at` is the moment the police gave it, where somebody knows it."""

    kind: ProtectionKind
    from_day: dt.date
    until: dt.date
    given_at: dt.datetime | None = None
    number: str | None = None


def record_order(
    session: Session,
    *,
    about: About,
    new: NewOrder,
    renews: ProtectionOrder | None = None,
    now: dt.datetime,
    by: Actor,
) -> ProtectionOrder:
    """An order that keeps the reported person away from her; with `renews` the renewal of that one, which is then no
    longer to be asked for. Raises `LawRefused`; the caller commits."""
    if about.matter.closed_at is not None:
        raise LawRefused(LawRefusal.CLOSED)
    if renews is not None:
        _check_renewable(session, renews)
    fault = why_not_order(
        new.kind,
        from_day=new.from_day,
        until=new.until,
        today=about.today,
        sexual_violence=about.matter.sexual_violence,
        renews=renews.until if renews else None,
    )
    if fault:
        raise LawRefused(OF_ORDER[fault])
    if about.left_on is not None and new.from_day > about.left_on:
        raise LawRefused(LawRefusal.LEFT)
    if new.given_at is not None and new.given_at > now:
        raise LawRefused(LawRefusal.BEGINS_IN_FUTURE)
    row = ProtectionOrder(
        matter_id=about.matter.id,
        kind=new.kind,
        from_day=new.from_day,
        until=new.until,
        given_at=new.given_at,
        renews_id=renews.id if renews else None,
        noted_at=now,
        by_id=by.person_id,
    )
    if new.number:
        row.number = seal(session, row, "number", new.number, key=_key(session, about.matter))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise LawRefused(LawRefusal.RENEWED) from None
    record(
        session,
        now=now,
        by=by,
        act=Act.LEGAL_NOTED,
        subject=about.resident.ref,
        purpose="renewal" if renews else "protection order",
    )
    return row


def settle_order(session: Session, *, order: ProtectionOrder, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """No renewal of this order is wanted. Raises `LawRefused`."""
    _check_renewable(session, order)
    order.settled_at, order.settled_by_id = now, by.person_id
    record(session, now=now, by=by, act=Act.LEGAL_NOTED, subject=resident.ref, purpose="no renewal")


def unsettle_order(
    session: Session, *, order: ProtectionOrder, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """A renewal is to be asked for after all."""
    session.refresh(order, with_for_update=True)
    if order.settled_at is None:
        raise LawRefused(LawRefusal.GONE_ON)
    order.settled_at = order.settled_by_id = None
    record(session, now=now, by=by, act=Act.LEGAL_NOTED, subject=resident.ref, purpose="undone")


def withdraw_order(
    session: Session, *, order: ProtectionOrder, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was recorded by mistake: what it renewed is to be renewed again. Raises `LawRefused` for one that was renewed
    itself."""
    session.refresh(order, with_for_update=True)
    if order.withdrawn_at is not None or _renewal_of(session, order) is not None:
        raise LawRefused(LawRefusal.GONE_ON)
    order.withdrawn_at, order.renews_id = now, None
    record(session, now=now, by=by, act=Act.LEGAL_NOTED, subject=resident.ref, purpose="withdrawn")


def _check_renewable(session: Session, order: ProtectionOrder) -> None:
    session.refresh(order, with_for_update=True)
    if order.withdrawn_at is not None:
        raise LawRefused(LawRefusal.WITHDRAWN)
    if order.settled_at is not None:
        raise LawRefused(LawRefusal.SETTLED)
    if _renewal_of(session, order) is not None:
        raise LawRefused(LawRefusal.RENEWED)


def _renewal_of(session: Session, order: ProtectionOrder) -> int | None:
    return session.scalar(
        select(ProtectionOrder.id).where(ProtectionOrder.renews_id == order.id, ProtectionOrder.withdrawn_at.is_(None))
    )


def _key(session: Session, matter: Matter) -> DataKey:
    """What is recorded about a matter is sealed with the key of the household it belongs to."""
    return key_of(session, session.get_one(Household, matter.household_id).ref)
