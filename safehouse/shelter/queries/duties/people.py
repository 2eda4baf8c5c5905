"""Who lives here, as her duties need her; and one duty about a family, in the name of its eldest."""

import datetime as dt
import uuid
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import House
from safehouse.access.permissions import Role
from safehouse.access.rules.office import ZONES
from safehouse.gathered import Duty, Telling
from safehouse.residents.models import Danger, Resident
from safehouse.residents.queries.people import answered_for, living_seen_by
from safehouse.residents.rules.ageing import OF_AGE_YEARS, is_child
from safehouse.shelter.choices import LeaveKind, PlacementBasis
from safehouse.shelter.models import Bed, ChildCarer, Decision, Leave, Placement, Referral, Room, Screening, Stay
from safehouse.shelter.queries.caregivers import named_carer
from safehouse.shelter.queries.referrals import referrals_closed_to
from safehouse.shelter.rules.duties import DutyKind
from safehouse.shelter.rules.labels import bed_name


class _Plain(NamedTuple):
    resident_id: int
    ref: uuid.UUID
    alias: str
    code: str
    birth_month: dt.date | None
    of_age_on: dt.date | None
    household_id: int
    placement_id: int
    arrived_at: dt.datetime
    limit_days: int
    planned_exit: dt.date
    basis: PlacementBasis
    house: str
    time_zone: str
    room_label: str
    bed_label: str
    away_kind: LeaveKind | None
    away_from: dt.datetime | None
    due_back: dt.datetime | None
    without_notice: bool | None
    referral: uuid.UUID | None
    number: int | None
    decided: bool
    refused_at: dt.datetime | None
    screened: bool
    assessed: bool
    answered_for: bool
    adult_left_at: dt.datetime | None
    adult_here: bool
    cared_since: dt.datetime | None  # by somebody who was named and still can


class Here(_Plain):
    """Someone who lives here, as her duties need her."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def last_day(self) -> dt.date:
        """By the limit of the house, with the days granted since."""
        return self.arrived_at.astimezone(self.zone).date() + dt.timedelta(days=self.limit_days)

    @property
    def place(self) -> str:
        return f"{self.house}, {bed_name(self.room_label, self.bed_label)}"

    def today(self, now: dt.datetime) -> dt.date:
        return now.astimezone(self.zone).date()

    def child(self, now: dt.datetime) -> bool:
        return is_child(self.birth_month, self.of_age_on, self.today(now))


def living(session: Session, account_id: int, role: Role | None, now: dt.datetime) -> list[Here]:
    decided = exists().where(Decision.referral_id == Referral.id, Decision.undone_at.is_(None))
    refused_at = (
        select(Decision.at)
        .where(Decision.referral_id == Referral.id, Decision.undone_at.is_(None), Decision.granted.is_(False))
        .correlate(Referral)
        .scalar_subquery()
    )
    # With every question answered; that something is not known yet is an answer.
    screened = exists().where(Screening.referral_id == Referral.id, Screening.unanswered == 0)
    assessed = exists().where(Danger.household_id == Resident.household_id)
    adult, ended = aliased(Resident), aliased(Placement)
    of_age = _of_age(adult, now)
    adult_left_at = (
        select(func.max(ended.left_at))
        .join(adult, adult.id == ended.resident_id)
        .where(
            adult.household_id == Resident.household_id,
            of_age,
            ended.left_at > ended.arrived_at,
            ended.left_at >= Placement.arrived_at,
        )
        .correlate(Resident, Placement, House)
        .scalar_subquery()
    )
    adult_here = exists().where(adult.household_id == Resident.household_id, of_age, adult.house_id.is_not(None))
    rows = session.execute(
        select(
            Resident.id,
            Resident.ref,
            Resident.alias,
            Resident.code,
            Resident.birth_month,
            Resident.of_age_on,
            Resident.household_id,
            Placement.id,
            Placement.arrived_at,
            Placement.limit_days,
            Placement.planned_exit,
            Placement.basis,
            House.name,
            House.time_zone,
            Room.label,
            Bed.label,
            Leave.kind,
            Leave.from_at,
            Leave.due_back,
            Leave.without_notice,
            Referral.ref,
            Referral.number,
            decided,
            refused_at,
            screened,
            assessed,
            answered_for(),
            adult_left_at,
            adult_here,
            named_carer(ChildCarer.since, now),
        )
        .select_from(Stay)
        .join(Resident, Resident.id == Stay.resident_id)
        .join(Placement, Placement.id == Stay.placement_id)
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .outerjoin(Leave, and_(Leave.placement_id == Placement.id, Leave.back_at.is_(None)))
        # The pages of a referral that is closed to her are nowhere; what is due about these people, others are told.
        .outerjoin(
            Referral,
            and_(Referral.id == Placement.referral_id, Referral.id.not_in(referrals_closed_to(account_id))),
        )
        .where(Stay.ended_at.is_(None), Resident.id.in_(living_seen_by(account_id, role)))
        # Who is eldest speaks for a family; without a month of birth she is an adult.
        .order_by(Resident.household_id, Resident.birth_month.is_not(None), Resident.birth_month, Resident.id)
    ).all()
    return [Here(*tuple(row)) for row in rows]


def _of_age(adult: type[Resident], now: dt.datetime) -> ColumnElement[bool]:
    """Whether this member of her family is no child, as `is_child` says, on the day it is now in the `House` she lives
    in. Without a month of birth she is an adult."""
    days = {zone: now.astimezone(ZoneInfo(zone)).date() for zone in ZONES}
    first_too_late = {zone: dt.date(day.year - OF_AGE_YEARS, day.month, 1) for zone, day in days.items()}
    return func.coalesce(
        adult.of_age_on <= case(days, value=House.time_zone),
        adult.birth_month < case(first_too_late, value=House.time_zone),
        true(),
    )


def families(people: Iterable[Here], by: Callable[[Here], Hashable | None]) -> Iterable[list[Here]]:
    """Those of one household for whom the same is due; whoever has no key is left out. Eldest first."""
    together: dict[Hashable, list[Here]] = {}
    for one in people:
        if (key := by(one)) is not None:
            together.setdefault((one.household_id, key), []).append(one)
    return together.values()


def of_family(
    kind: DutyKind,
    family: Sequence[Here],
    due: dt.datetime,
    told: dict[Telling, dt.datetime],
    *,
    subject: uuid.UUID | None = None,
    all_day: bool = False,
    **figures: object,
) -> Duty:
    """One duty about a family, in the name of its eldest."""
    first = family[0]
    return Duty(
        kind,
        subject or first.ref,
        due,
        told,
        all_day=all_day,
        alias=first.alias,
        code=first.code,
        number=first.number if subject else None,
        place=first.place,
        time_zone=first.time_zone,
        figures={"others": len(family) - 1, **figures},
    )
