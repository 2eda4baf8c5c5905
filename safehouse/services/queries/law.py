"""Legal matters of a resident: the ways each goes, what was reached when, notices, orders, the next hearing.

Nothing sealed is opened here. The view has found the resident inside `seen_by` before it asks.

A matter is kept with the household it belongs to. Of a matter of another household in which she stands, and of one in
which she is the reported person of somebody in her own, her page says no more than that there is one.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, Approval
from safehouse.access.permissions import Role
from safehouse.residents.models import Household, Matter, MatterParty, Resident, Side
from safehouse.residents.queries.people import seen_by
from safehouse.services.choices import AppointmentKind, AppointmentPlace, AppointmentState, ProceduralCode, Track
from safehouse.services.models import (
    Appointment,
    InvestigationNotice,
    LegalProcess,
    LegalStage,
    ProcessStage,
    ProtectionOrder,
)
from safehouse.services.queries.plans import standing, workers_of
from safehouse.services.rules.law import MEDIATION, Step
from safehouse.services.rules.walls import Standing
from safehouse.shelter.models import Placement
from safehouse.shelter.models.stays import LASTED

TRACKS_IN_ORDER = tuple(Track)


def kept_with(party: Any = MatterParty, resident: Any = Resident) -> ColumnElement[bool]:
    """Of a party and her resident beside the `Matter`: whether the matter is kept with her."""
    other = aliased(MatterParty)
    victim_lives_too = exists().where(
        other.matter_id == party.matter_id, other.resident_id.is_not(None), other.side == Side.VICTIM
    )
    return and_(
        Matter.household_id == resident.household_id,
        or_(party.side != Side.REPORTED, ~victim_lives_too.correlate(party)),
    )


def _matters_of(*columns: Any, resident_id: int) -> Select[Any]:
    """The open matters in which she stands."""
    return (
        select(*columns)
        .select_from(MatterParty)
        .join(Matter, Matter.id == MatterParty.matter_id)
        .join(Resident, Resident.id == MatterParty.resident_id)
        .where(MatterParty.resident_id == resident_id, Matter.closed_at.is_(None))
    )


def kept_matters(resident_id: int) -> Select[*tuple[Any, ...]]:
    """Her matters, open and closed, of which whoever reads her plan may know how far they are: one statement's part."""
    return (
        select(MatterParty.matter_id)
        .join(Matter, Matter.id == MatterParty.matter_id)
        .join(Resident, Resident.id == MatterParty.resident_id)
        .where(MatterParty.resident_id == resident_id, kept_with())
    )


@dataclass(frozen=True, slots=True)
class StageReached:
    """That a way reached a stage on a day. The name is data, once in each language."""

    track: Track
    on_day: dt.date
    name_id: str
    name_en: str
    ends: bool

    def name(self, language: str) -> str:
        return self.name_id if language == "id" else self.name_en


def stages_between(session: Session, resident_id: int, first: dt.date, last: dt.date) -> list[StageReached]:
    """What was reached from the first day to the last, in the order of the days, in one statement."""
    rows = session.execute(
        _reached(_matters_of(Matter.id, resident_id=resident_id).where(kept_with()))
        .where(ProcessStage.on_day >= first, ProcessStage.on_day <= last)
        .order_by(ProcessStage.on_day, ProcessStage.id)
    )
    return [StageReached(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class WhereItStands:
    """One way of one matter, and the newest stage it reached; none yet where it was only opened."""

    track: Track
    code: ProceduralCode | None
    newest: StageReached | None


def where_it_stands(session: Session, resident_id: int) -> list[WhereItStands]:
    """Every way of her matters, the criminal one first, in one statement."""
    later = aliased(ProcessStage)
    is_newest = ~exists().where(
        later.process_id == ProcessStage.process_id,
        later.withdrawn_at.is_(None),
        or_(later.on_day > ProcessStage.on_day, and_(later.on_day == ProcessStage.on_day, later.id > ProcessStage.id)),
    )
    rows = session.execute(
        select(
            LegalProcess.track,
            LegalProcess.procedural_code,
            ProcessStage.on_day,
            LegalStage.name_id,
            LegalStage.name_en,
            LegalStage.ends,
        )
        .select_from(LegalProcess)
        .outerjoin(
            ProcessStage,
            and_(ProcessStage.process_id == LegalProcess.id, ProcessStage.withdrawn_at.is_(None), is_newest),
        )
        .outerjoin(LegalStage, LegalStage.id == ProcessStage.stage_id)
        .where(LegalProcess.matter_id.in_(_matters_of(Matter.id, resident_id=resident_id).where(kept_with())))
        .order_by(LegalProcess.opened_at, LegalProcess.id)
    ).all()
    found = [
        WhereItStands(
            track, code, None if on_day is None else StageReached(track, on_day, name_id, name_en, ends is True)
        )
        for track, code, on_day, name_id, name_en, ends in rows
    ]
    return sorted(found, key=lambda one: TRACKS_IN_ORDER.index(one.track))


def _reached(matters: Select[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(LegalProcess.track, ProcessStage.on_day, LegalStage.name_id, LegalStage.name_en, LegalStage.ends)
        .select_from(ProcessStage)
        .join(LegalProcess, LegalProcess.id == ProcessStage.process_id)
        .join(LegalStage, LegalStage.id == ProcessStage.stage_id)
        .where(LegalProcess.matter_id.in_(matters), ProcessStage.withdrawn_at.is_(None))
    )


# The page of her legal plan


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage a way reached, as it was recorded; its sealed columns are closed."""

    row: ProcessStage
    stage: LegalStage


@dataclass(frozen=True, slots=True)
class Way:
    """One way of a matter. `listed` are the stages it may still record, in their order; `reached` what it did, in the
    order of the days."""

    process: LegalProcess
    listed: tuple[LegalStage, ...]
    reached: tuple[Reached, ...]

    @property
    def over(self) -> bool:
        return any(one.stage.ends for one in self.reached)


@dataclass(frozen=True, slots=True)
class Order:
    """An order that protects her. `renewed`: a later one names it."""

    row: ProtectionOrder
    renewed: bool


@dataclass(frozen=True, slots=True)
class MatterInLaw:
    """A matter with everything recorded about it. `household` is whose key opens what is sealed."""

    matter: Matter
    household: uuid.UUID
    side: Side
    ways: tuple[Way, ...]
    notices: tuple[InvestigationNotice, ...]
    orders: tuple[Order, ...]
    mediation: uuid.UUID | None  # an asking nobody has answered yet


def matters_with_processes(session: Session, resident_id: int, *, now: dt.datetime) -> list[MatterInLaw]:
    """The matters kept with her, the newest first, in six statements however much there is."""
    rows = session.execute(
        _matters_of(Matter, MatterParty.side, Household.ref, waiting_mediation(now), resident_id=resident_id)
        .join(Household, Household.id == Matter.household_id)
        .where(kept_with())
        .order_by(Matter.opened_at.desc(), Matter.id.desc())
    ).all()
    ids = [matter.id for matter, *_rest in rows]
    ways = _ways(session, ids)
    notices: dict[int, list[InvestigationNotice]] = {}
    for notice in session.scalars(
        select(InvestigationNotice)
        .where(InvestigationNotice.matter_id.in_(ids), InvestigationNotice.withdrawn_at.is_(None))
        .order_by(InvestigationNotice.on_day, InvestigationNotice.id)
    ):
        notices.setdefault(notice.matter_id, []).append(notice)
    orders: dict[int, list[Order]] = {}
    standing_orders = list(
        session.scalars(
            select(ProtectionOrder)
            .where(ProtectionOrder.matter_id.in_(ids), ProtectionOrder.withdrawn_at.is_(None))
            .order_by(ProtectionOrder.until.desc(), ProtectionOrder.id.desc())
        )
    )
    renewed = {one.renews_id for one in standing_orders}
    for order in standing_orders:
        orders.setdefault(order.matter_id, []).append(Order(order, order.id in renewed))
    return [
        MatterInLaw(
            matter,
            household,
            side,
            tuple(ways.get(matter.id, ())),
            tuple(notices.get(matter.id, ())),
            tuple(orders.get(matter.id, ())),
            asking,
        )
        for matter, side, household, asking in rows
    ]


def waiting_mediation(now: dt.datetime) -> Any:
    """Of a `Matter`: the asking for its mediation that still waits."""
    return (
        select(Approval.ref)
        .where(
            Approval.kind == MEDIATION,
            Approval.subject == Matter.ref,
            Approval.decided_at.is_(None),
            Approval.expires_at > now,
        )
        .order_by(Approval.id.desc())
        .limit(1)
        .correlate(Matter)
        .scalar_subquery()
    )


def _ways(session: Session, matter_ids: Collection[int]) -> dict[int, list[Way]]:
    processes = list(
        session.scalars(
            select(LegalProcess)
            .where(LegalProcess.matter_id.in_(matter_ids))
            .order_by(LegalProcess.opened_at, LegalProcess.id)
        )
    )
    reached: dict[int, list[Reached]] = {}
    for row, stage in session.execute(
        select(ProcessStage, LegalStage)
        .join(LegalStage, LegalStage.id == ProcessStage.stage_id)
        .where(ProcessStage.process_id.in_([one.id for one in processes]), ProcessStage.withdrawn_at.is_(None))
        .order_by(ProcessStage.on_day, ProcessStage.id)
    ):
        reached.setdefault(row.process_id, []).append(Reached(row, stage))
    listed: dict[tuple[Track, ProceduralCode | None], list[LegalStage]] = {}
    for stage in listed_stages(session, {one.track for one in processes}):
        listed.setdefault((stage.track, stage.procedural_code), []).append(stage)
    found: dict[int, list[Way]] = {}
    for one in sorted(processes, key=lambda one: TRACKS_IN_ORDER.index(one.track)):
        found.setdefault(one.matter_id, []).append(
            Way(one, tuple(listed.get((one.track, one.procedural_code), ())), tuple(reached.get(one.id, ())))
        )
    return found


def listed_stages(
    session: Session, tracks: Collection[Track], *, code: ProceduralCode | None = None, retired: bool = False
) -> list[LegalStage]:
    """The stages of these ways in their order; those no longer used only with `retired`."""
    return list(
        session.scalars(
            select(LegalStage)
            .where(
                LegalStage.track.in_(tracks),
                *([] if code is None else [LegalStage.procedural_code == code]),
                *([] if retired else [LegalStage.retired_at.is_(None)]),
            )
            .order_by(LegalStage.position, LegalStage.id)
        )
    )


def stands_elsewhere(session: Session, resident_id: int) -> list[Side]:
    """On which side she stands in open matters that are kept with somebody else."""
    rows = _matters_of(MatterParty.side, resident_id=resident_id).where(~kept_with()).order_by(MatterParty.id)
    return list(session.scalars(rows))


@dataclass(frozen=True, slots=True)
class NextHearing:
    ref: uuid.UUID
    at: dt.datetime
    place: AppointmentPlace
    companion: str | None
    alone: bool


def next_hearing(session: Session, resident_id: int, *, now: dt.datetime) -> NextHearing | None:
    """The next day in court that was agreed on."""
    row = session.execute(
        select(Appointment.ref, Appointment.at, Appointment.place, Account.shown_name, Appointment.alone)
        .outerjoin(Account, Account.id == Appointment.companion_id)
        .where(
            Appointment.resident_id == resident_id,
            Appointment.kind == AppointmentKind.HEARING,
            Appointment.state == AppointmentState.PLANNED,
            Appointment.ends_at > now,
        )
        .order_by(Appointment.at, Appointment.id)
        .limit(1)
    ).first()
    return NextHearing(*row) if row else None


# One matter, by somebody who looks


def eldest_of(account_id: int, role: Role | None) -> Any:
    """Of a `Matter`: the eldest with whom it is kept and whom this person may see, in whose name she is told of it."""
    member, party = aliased(Resident), aliased(MatterParty)
    return (
        _eldest(member, party, account_id, role)
        .where(party.matter_id == Matter.id, kept_with(party, member))
        .correlate(Matter)
        .scalar_subquery()
    )


def eldest_of_asking(account_id: int, role: Role | None) -> Any:
    """Of an `Approval` about a matter: the same."""
    member, party = aliased(Resident), aliased(MatterParty)
    return (
        _eldest(member, party, account_id, role)
        .join(Matter, Matter.id == party.matter_id)
        .where(Matter.ref == Approval.subject, Matter.closed_at.is_(None), kept_with(party, member))
        .correlate(Approval)
        .scalar_subquery()
    )


def _eldest(member: Any, party: Any, account_id: int, role: Role | None) -> Select[*tuple[Any, ...]]:
    return (
        select(member.id)
        .join(party, party.resident_id == member.id)
        .where(seen_by(account_id, role, member))
        .order_by(member.birth_month.is_not(None), member.birth_month, member.id)
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Through:
    """A resident through whom somebody reads a matter, and how she stands to her."""

    resident: uuid.UUID
    standing: Standing


def ways_to(session: Session, matter_id: int, *, account_id: int, role: Role | None) -> list[Through]:
    """Those with whom this open matter is kept and whom this person may see, the eldest first."""
    rows = session.execute(
        select(Resident.id, Resident.ref)
        .join(MatterParty, MatterParty.resident_id == Resident.id)
        .join(Matter, Matter.id == MatterParty.matter_id)
        .where(
            Matter.id == matter_id,
            Matter.closed_at.is_(None),
            kept_with(),
            seen_by(account_id, role),
            exists().where(Placement.resident_id == Resident.id, LASTED),
        )
        .order_by(Resident.birth_month.is_not(None), Resident.birth_month, Resident.id)
    ).all()
    return [
        Through(ref, standing(workers_of(session, resident_id), account_id=account_id, role=role))
        for resident_id, ref in rows
    ]


def open_matters(session: Session, resident_id: int) -> list[Matter]:
    """The open matters kept with her, the newest first."""
    rows = _matters_of(Matter, resident_id=resident_id).where(kept_with())
    return list(session.scalars(rows.order_by(Matter.opened_at.desc(), Matter.id.desc())))


def find_asking(session: Session, ref: uuid.UUID) -> tuple[Approval, Matter, str] | None:
    """An asking for mediation, the open matter it is about, and who asked."""
    row = session.execute(
        select(Approval, Matter, Account.shown_name)
        .join(Matter, Matter.ref == Approval.subject)
        .join(Account, Account.id == Approval.asked_by_id)
        .where(Approval.ref == ref, Approval.kind == MEDIATION, Matter.closed_at.is_(None))
    ).first()
    return (row[0], row[1], row[2]) if row else None


def household_of(session: Session, matter: Matter) -> Household:
    return session.get_one(Household, matter.household_id)


def party_marks(session: Session, matter_id: int) -> list[str]:
    """Who stands where in a matter, without a name: enough to see that it changed."""
    rows = session.execute(
        select(MatterParty.resident_id, MatterParty.reported_id, MatterParty.side).where(
            MatterParty.matter_id == matter_id
        )
    )
    return [f"{resident}:{reported}:{side}" for resident, reported, side in rows]


def has_way(session: Session, matter_id: int, track: Track) -> bool:
    found = select(func.count()).where(LegalProcess.matter_id == matter_id, LegalProcess.track == track)
    return bool(session.scalar(found))


def step_of(stage: LegalStage) -> Step:
    """A stage as the order of stages counts it."""
    return Step(stage.id, stage.position, again=stage.again, ends=stage.ends, aside=stage.aside)


def path_of(stages: Sequence[LegalStage]) -> list[int]:
    """The positions everybody goes through."""
    return [one.position for one in stages if not one.aside and not one.refused and one.retired_at is None]


def reached_in(session: Session, process_id: int) -> list[LegalStage]:
    """The stages one way reached, in the order of the days."""
    return list(
        session.scalars(
            select(LegalStage)
            .join(ProcessStage, ProcessStage.stage_id == LegalStage.id)
            .where(ProcessStage.process_id == process_id, ProcessStage.withdrawn_at.is_(None))
            .order_by(ProcessStage.on_day, ProcessStage.id)
        )
    )


def renewal_of(session: Session, order_id: int) -> dt.date | None:
    """Until when the order holds that renewed this one."""
    return session.scalar(
        select(ProtectionOrder.until).where(
            ProtectionOrder.renews_id == order_id, ProtectionOrder.withdrawn_at.is_(None)
        )
    )
