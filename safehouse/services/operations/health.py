"""Examinations and treatments, a visum without its result, a pregnancy, and help that is of use for a few days only."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Agency
from safehouse.residents.models import Resident
from safehouse.services.choices import CareState, Facility, Funding, LimitAnswer, TreatmentKind, VisumKind
from safehouse.services.models import PlanDomain, Pregnancy, Treatment, UrgentCare, Visum
from safehouse.services.rules.health import (
    HealthFault,
    fault_of_answer,
    fault_of_cost,
    fault_of_day,
    fault_of_event,
    fault_of_expected,
)
from safehouse.shelter.models import Placement
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class HealthFaulty(Exception):
    """Nothing was written. `reason` says why, `part` of what where a page asks the same twice."""

    def __init__(self, reason: HealthFault, part: str = ""):
        super().__init__(reason)
        self.reason = reason
        self.part = part


@dataclass(frozen=True, slots=True)
class Whose:
    """The resident an examination is about, her stay, and the clock of her house."""

    resident: Resident
    placement: Placement
    there: ZoneInfo

    @property
    def left(self) -> dt.date | None:
        """The day she left."""
        return self.placement.left_at.astimezone(self.there).date() if self.placement.left_at else None

    def lives_here(self) -> None:
        """Raises `HealthFaulty` for a resident who left: nothing new is written down for her here."""
        if self.placement.left_at is not None:
            raise HealthFaulty(HealthFault.LEFT)


@dataclass(frozen=True, slots=True)
class NewTreatment:
    """`words` are for the health discipline; `cost` is the unit's, in whole rupiah."""

    kind: TreatmentKind
    facility: Facility
    state: CareState
    on_day: dt.date | None = None
    agency: Agency | None = None
    words: str = ""
    cost: int | None = None
    funding: Funding | None = None


@dataclass(frozen=True, slots=True)
class NewVisum:
    """Who asked for it, by which letter, where it is made, its number and what it cost. Never what it says."""

    kind: VisumKind
    facility: Facility
    state: CareState
    asked_by: Agency | None = None
    letter_number: str = ""
    letter_on: dt.date | None = None
    agency: Agency | None = None
    on_day: dt.date | None = None
    report_number: str = ""
    cost: int | None = None
    funding: Funding | None = None


def record_treatment(
    session: Session, *, domain: PlanDomain, whose: Whose, new: NewTreatment, now: dt.datetime, by: Actor
) -> Treatment:
    """An examination or treatment, asked for, agreed or done. Raises `HealthFaulty`. The caller commits."""
    _check(new, whose, before=None, now=now)
    row = Treatment(plan_domain_id=domain.id, noted_at=now, by_id=by.person_id)
    _fill_treatment(session, row, whose, new)
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="treatment")
    return row


def change_treatment(
    session: Session, *, treatment: Treatment, whose: Whose, new: NewTreatment, now: dt.datetime, by: Actor
) -> None:
    """How far it has come, and whatever was written down wrongly. Raises `HealthFaulty`."""
    session.refresh(treatment, with_for_update=True)
    _check(new, whose, before=treatment.on_day, now=now)
    _fill_treatment(session, treatment, whose, new)
    treatment.changed_at, treatment.changed_by_id = now, by.person_id
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="treatment")


def record_visum(
    session: Session, *, domain: PlanDomain, whose: Whose, new: NewVisum, now: dt.datetime, by: Actor
) -> Visum:
    """A visum somebody asked for. A medical letter needs no letter of an investigator. Raises `HealthFaulty`."""
    _check_visum(new, whose, before=None, now=now)
    row = Visum(plan_domain_id=domain.id, noted_at=now, by_id=by.person_id)
    _fill_visum(session, row, whose, new)
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="visum")
    return row


def change_visum(session: Session, *, visum: Visum, whose: Whose, new: NewVisum, now: dt.datetime, by: Actor) -> None:
    """How far it has come, its number, and what it cost. Raises `HealthFaulty`."""
    session.refresh(visum, with_for_update=True)
    _check_visum(new, whose, before=visum.on_day, now=now)
    _fill_visum(session, visum, whose, new)
    visum.changed_at, visum.changed_by_id = now, by.person_id
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="visum")


def _check(new: NewTreatment | NewVisum, whose: Whose, *, before: dt.date | None, now: dt.datetime) -> None:
    fault = fault_of_day(
        state=new.state,
        on_day=new.on_day,
        before=before,
        today=now.astimezone(whose.there).date(),
        born=whose.resident.birth_month,
        left=whose.left,
    ) or fault_of_cost(new.cost, new.funding)
    if fault:
        raise HealthFaulty(fault)


def _check_visum(new: NewVisum, whose: Whose, *, before: dt.date | None, now: dt.datetime) -> None:
    if new.letter_on is None and new.kind is not VisumKind.MEDICAL_LETTER:
        raise HealthFaulty(HealthFault.NO_LETTER)
    if new.letter_on is not None and new.letter_on > now.astimezone(whose.there).date():
        raise HealthFaulty(HealthFault.LETTER_IN_FUTURE)
    _check(new, whose, before=before, now=now)


def _fill_treatment(session: Session, row: Treatment, whose: Whose, new: NewTreatment) -> None:
    row.kind, row.facility, row.state, row.on_day = new.kind, new.facility, new.state, new.on_day
    row.agency_id = new.agency.id if new.agency else None
    row.cost, row.funding = new.cost, new.funding
    key = key_of(session, whose.resident.ref)
    row.words = seal(session, row, "words", new.words, key=key) if new.words else None


def _fill_visum(session: Session, row: Visum, whose: Whose, new: NewVisum) -> None:
    row.kind, row.facility, row.state, row.on_day = new.kind, new.facility, new.state, new.on_day
    row.asked_by_id = new.asked_by.id if new.asked_by else None
    row.agency_id = new.agency.id if new.agency else None
    row.letter_on, row.cost, row.funding = new.letter_on, new.cost, new.funding
    key = key_of(session, whose.resident.ref)
    row.letter_number = seal(session, row, "letter_number", new.letter_number, key=key) if new.letter_number else None
    row.report_number = seal(session, row, "report_number", new.report_number, key=key) if new.report_number else None


def open_pregnancy(session: Session, resident_id: int) -> Pregnancy | None:
    """The one that is not over; its day stays closed."""
    return session.scalar(
        select(Pregnancy)
        .where(Pregnancy.resident_id == resident_id, Pregnancy.until.is_(None))
        .order_by(Pregnancy.id.desc())
        .limit(1)
    )


def note_pregnancy(
    session: Session, *, whose: Whose, expected: dt.date | None, now: dt.datetime, by: Actor
) -> Pregnancy:
    """She expects a child; the day may not be known. Raises `HealthFaulty`, also when one is noted already."""
    whose.lives_here()
    _check_expected(expected, whose, now)
    # Two who write at one moment queue here, so that she is not expecting twice.
    session.refresh(whose.resident, with_for_update=True)
    if open_pregnancy(session, whose.resident.id) is not None:
        raise HealthFaulty(HealthFault.EXPECTED_ALREADY)
    row = Pregnancy(resident_id=whose.resident.id, since=now, by_id=by.person_id)
    _expect(session, row, whose, expected)
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="pregnancy")
    return row


def expect_on(
    session: Session, *, pregnancy: Pregnancy, whose: Whose, expected: dt.date | None, now: dt.datetime, by: Actor
) -> None:
    """Another day is expected, or none is known any more. Raises `HealthFaulty`."""
    _check_expected(expected, whose, now)
    session.refresh(pregnancy, with_for_update=True)
    if pregnancy.until is not None:
        raise HealthFaulty(HealthFault.OVER)
    _expect(session, pregnancy, whose, expected)
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="pregnancy")


def end_pregnancy(session: Session, *, pregnancy: Pregnancy, whose: Whose, now: dt.datetime, by: Actor) -> None:
    """It is over, however it ended: that is said nowhere. Raises `HealthFaulty` when it was ended before."""
    session.refresh(pregnancy, with_for_update=True)
    if pregnancy.until is not None:
        raise HealthFaulty(HealthFault.OVER)
    pregnancy.until = now
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="pregnancy over")


def bring_pregnancy_back(session: Session, *, pregnancy: Pregnancy, whose: Whose, now: dt.datetime, by: Actor) -> None:
    """It was ended by mistake. Raises `HealthFaulty` when another has been noted meanwhile."""
    session.refresh(whose.resident, with_for_update=True)
    if open_pregnancy(session, whose.resident.id) is not None:
        raise HealthFaulty(HealthFault.EXPECTED_ALREADY)
    pregnancy.until = None
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="pregnancy")


def _check_expected(expected: dt.date | None, whose: Whose, now: dt.datetime) -> None:
    if fault := fault_of_expected(expected, now.astimezone(whose.there).date()):
        raise HealthFaulty(fault)


def _expect(session: Session, row: Pregnancy, whose: Whose, expected: dt.date | None) -> None:
    key = key_of(session, whose.resident.ref)
    row.expected = seal(session, row, "expected", expected.isoformat(), key=key) if expected else None


@dataclass(frozen=True, slots=True)
class NewLimits:
    """When it happened, as near as she can say, and what came of the help: `None` while nobody has said."""

    event_at: dt.datetime
    hiv: LimitAnswer | None = None
    hiv_at: dt.datetime | None = None
    contraception: LimitAnswer | None = None
    contraception_at: dt.datetime | None = None


def note_limits(
    session: Session, *, domain: PlanDomain, whose: Whose, new: NewLimits, now: dt.datetime, by: Actor
) -> UrgentCare:
    """Until when help is of use, and what came of it. What was said before stays and counts no more. Raises
    `HealthFaulty`; its `part` is the help that is meant."""
    whose.lives_here()
    if fault := fault_of_event(new.event_at, now):
        raise HealthFaulty(fault)
    for part, answer, given_at in (
        ("hiv", new.hiv, new.hiv_at),
        ("contraception", new.contraception, new.contraception_at),
    ):
        if fault := fault_of_answer(answer, given_at, event_at=new.event_at, now=now):
            raise HealthFaulty(fault, part)
    row = UrgentCare(
        plan_domain_id=domain.id,
        event_at=new.event_at,
        hiv=new.hiv,
        hiv_at=new.hiv_at,
        contraception=new.contraception,
        contraception_at=new.contraception_at,
        noted_at=now,
        by_id=by.person_id,
    )
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="time limits")
    return row


def withdraw_limits(session: Session, *, limits: UrgentCare, whose: Whose, now: dt.datetime, by: Actor) -> None:
    """It was written down wrongly; what stood before counts again. Raises `HealthFaulty`."""
    session.refresh(limits, with_for_update=True)
    if limits.withdrawn_at is not None:
        raise HealthFaulty(HealthFault.OVER)
    limits.withdrawn_at = now
    record(session, now=now, by=by, act=Act.CARE_NOTED, subject=whose.resident.ref, purpose="time limits")
