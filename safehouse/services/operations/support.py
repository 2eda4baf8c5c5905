"""Writing down what she was given, and taking it back where it was recorded wrongly."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from safehouse.access.models import Agency
from safehouse.residents.models import Resident
from safehouse.services.choices import Funding, SupportKind
from safehouse.services.models import PlanDomain, Support
from safehouse.services.rules.support import SupportRefusal, fault_of
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class SupportRefused(Exception):
    """Nothing was written. `reason` says why."""

    def __init__(self, reason: SupportRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NewSupport:
    """`cost` in whole rupiah, the unit's own; somebody always pays, even for what cost nothing."""

    kind: SupportKind
    on_day: dt.date
    funding: Funding
    words: str | None = None
    agency: Agency | None = None
    cost: int | None = None


def record_support(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    new: NewSupport,
    arrived_on: dt.date,
    left_on: dt.date | None,
    today: dt.date,
    now: dt.datetime,
    by: Actor,
) -> Support:
    """She was given this, on a local day of her stay. Raises `SupportRefused`. The caller commits."""
    fault = fault_of(new.on_day, arrived_on=arrived_on, left_on=left_on, today=today)
    if fault is not None:
        raise SupportRefused(fault)
    row = Support(
        plan_domain_id=domain.id,
        kind=new.kind,
        on=new.on_day,
        agency_id=new.agency.id if new.agency else None,
        cost=new.cost,
        funding=new.funding,
        noted_at=now,
        by_id=by.person_id,
    )
    if new.words:
        row.words = seal(session, row, "words", new.words, key=key_of(session, resident.ref))
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.SUPPORT_RECORDED, subject=resident.ref, purpose=new.kind)
    return row


def withdraw_support(session: Session, *, support: Support, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """It was recorded wrongly, and counts no more. Raises `SupportRefused` when it was withdrawn before."""
    session.refresh(support, with_for_update=True)
    if support.withdrawn_at is not None:
        raise SupportRefused(SupportRefusal.WITHDRAWN)
    support.withdrawn_at = now
    record(session, now=now, by=by, act=Act.SUPPORT_RECORDED, subject=resident.ref, purpose="withdrawn")


def bring_support_back(session: Session, *, support: Support, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """It was withdrawn by mistake. Raises `SupportRefused` when it counts."""
    session.refresh(support, with_for_update=True)
    if support.withdrawn_at is None:
        raise SupportRefused(SupportRefusal.NOT_WITHDRAWN)
    support.withdrawn_at = None
    record(session, now=now, by=by, act=Act.SUPPORT_RECORDED, subject=resident.ref, purpose=support.kind)
