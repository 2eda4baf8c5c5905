"""Requests for more days: what waits for an answer, and what was asked and granted before."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, Approval, House
from safehouse.access.permissions import Role
from safehouse.residents.models import Danger, DangerLevel, Household, Resident
from safehouse.residents.queries.people import seen_by
from safehouse.shelter.choices import ExtensionAnswer, ExtensionReason, OwnWish
from safehouse.shelter.models import Bed, Closure, Extension, Hold, Placement, Room, Stay
from safehouse.shelter.rules.extending import limit_day
from safehouse.shelter.rules.labels import bed_name


@dataclass(frozen=True, slots=True)
class Request:
    """One request for more days and everyone it covers; `resident` is whom it is about first.

    `limit` is the limit when it was asked, the latest of those covered. `own` when the person who looks asked herself:
    then somebody else answers.
    """

    ref: uuid.UUID
    approval_id: int
    household_id: int
    household: uuid.UUID
    resident: uuid.UUID
    resident_id: int
    alias: str
    code: str
    house_id: int
    house: str
    time_zone: str
    arrived_at: dt.datetime
    limit: dt.date
    until: dt.date
    planned_exit: dt.date
    reason: ExtensionReason
    own_wish: OwnWish
    danger: DangerLevel
    danger_at: dt.datetime
    asked_at: dt.datetime
    asked_by: str
    expires_at: dt.datetime
    decided_at: dt.datetime | None
    own: bool
    placements: tuple[int, ...] = ()
    with_her: tuple[str, ...] = ()  # aliases of the others it covers
    beds: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def days(self) -> int:
        """How many more days are asked for."""
        return (self.until - self.limit).days


def find_request(session: Session, *, ref: uuid.UUID, account_id: int) -> Request | None:
    """The request with this reference, answered or not, if all it covers are residents this manager may see."""
    approval = select(Extension.approval_id).where(Extension.ref == ref).scalar_subquery()
    return next(iter(_requests(session, account_id, Extension.approval_id == approval)), None)


def _requests(session: Session, account_id: int, wanted: ColumnElement[bool]) -> list[Request]:
    """One for each asking. Whoever may not see one of those covered answers nothing about any of them."""
    rows = session.execute(_question(account_id).where(wanted)).all()
    requests: dict[int, Request] = {}
    hidden = set()
    # The one it was asked about comes first, and the others are added to her request.
    for row in sorted(rows, key=lambda row: (row.ref != row.subject, row.id)):
        _id, _subject, *facts, placement_id, room, bed, seen = row
        one = Request(*facts)
        if not seen:
            hidden.add(one.approval_id)
        bed_in_words = bed_name(room, bed)
        first = requests.get(one.approval_id)
        requests[one.approval_id] = (
            replace(one, placements=(placement_id,), beds=(bed_in_words,))
            if first is None
            else replace(
                first,
                limit=max(first.limit, one.limit),
                placements=(*first.placements, placement_id),
                with_her=(*first.with_her, one.alias),
                beds=first.beds if bed_in_words in first.beds else (*first.beds, bed_in_words),
            )
        )
    return [one for one in requests.values() if one.approval_id not in hidden]


def _question(account_id: int) -> Select[*tuple[Any, ...]]:
    asker = aliased(Account)
    return (
        select(
            Extension.id,
            Approval.subject,
            Extension.ref,
            Extension.approval_id,
            Household.id,
            Household.ref.label("household"),
            Resident.ref.label("resident"),
            Resident.id.label("resident_id"),
            Resident.alias,
            Resident.code,
            House.id.label("house_id"),
            House.name,
            House.time_zone,
            Placement.arrived_at,
            Extension.from_day,
            Extension.until,
            Placement.planned_exit,
            Extension.reason,
            Extension.own_wish,
            Danger.level,
            Danger.at,
            Extension.asked_at,
            asker.shown_name,
            Approval.expires_at,
            Extension.decided_at,
            (Extension.asked_by_id == account_id).label("own"),
            Placement.id.label("placement_id"),
            Room.label.label("room"),
            Bed.label.label("bed"),
            seen_by(account_id, Role.MANAGER).label("seen"),
        )
        .join(Approval, Approval.id == Extension.approval_id)
        .join(Placement, Placement.id == Extension.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .join(Household, Household.id == Resident.household_id)
        .join(Stay, and_(Stay.placement_id == Placement.id, Stay.ended_at.is_(None)))
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .join(Danger, Danger.id == Extension.danger_id)
        .join(asker, asker.id == Extension.asked_by_id)
        .where(Placement.left_at.is_(None))
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a placement, in the order they were asked."""

    ref: uuid.UUID
    number: int
    asked_at: dt.datetime
    asked_by: str
    limit: dt.date
    until: dt.date
    decided_at: dt.datetime | None
    decided_by: str | None
    answered: ExtensionAnswer | None
    granted_until: dt.date | None
    expires_at: dt.datetime

    def waits(self, now: dt.datetime) -> bool:
        return self.decided_at is None and self.expires_at > now


@dataclass(frozen=True, slots=True)
class Course:
    """The limits of one placement: the first, and every request for more."""

    arrived_at: dt.datetime
    first_limit: dt.date
    limit: dt.date
    steps: tuple[Step, ...]

    @property
    def granted(self) -> int:
        return sum(step.granted_until is not None for step in self.steps)


def course_of(session: Session, *, placement_id: int, zone: ZoneInfo) -> Course:
    """How the limit of this placement came to be what it is. Two statements."""
    arrived_at, limit_days = session.execute(
        select(Placement.arrived_at, Placement.limit_days).where(Placement.id == placement_id)
    ).one()
    limit = limit_day(arrived_at.astimezone(zone).date(), limit_days)
    steps = tuple(Step(*row) for row in session.execute(_steps_of(placement_id)))
    before = next((step.limit for step in steps if step.granted_until is not None), limit)
    return Course(arrived_at, before, limit, steps)


def _steps_of(placement_id: int) -> Select[*tuple[Any, ...]]:
    asker, decider = aliased(Account), aliased(Account)
    return (
        select(
            Extension.ref,
            Extension.number,
            Extension.asked_at,
            asker.shown_name,
            Extension.from_day,
            Extension.until,
            Extension.decided_at,
            decider.shown_name,
            Extension.answered,
            Extension.granted_until,
            Approval.expires_at,
        )
        .join(Approval, Approval.id == Extension.approval_id)
        .join(asker, asker.id == Extension.asked_by_id)
        .outerjoin(decider, decider.id == Approval.decided_by_id)
        .where(Extension.placement_id == placement_id)
        .order_by(Extension.number)
    )


def granted_before(session: Session, placement_ids: Collection[int]) -> int:
    """How many extensions were granted so far, the most of any of these placements."""
    counts = session.scalars(
        select(func.count())
        .select_from(Extension)
        .where(Extension.placement_id.in_(placement_ids), Extension.granted.is_(True))
        .group_by(Extension.placement_id)
    )
    return max(counts, default=0)


def words_of(session: Session, *, ref: uuid.UUID) -> Extension | None:
    """The row that carries the sealed words of the request this one belongs to: the one it was asked about first."""
    approval = select(Extension.approval_id).where(Extension.ref == ref).scalar_subquery()
    return session.scalar(
        select(Extension).where(Extension.approval_id == approval).order_by(Extension.words.is_(None), Extension.id)
    )


def danger_before(
    session: Session, *, household_id: int, before: dt.datetime
) -> tuple[DangerLevel, dt.datetime] | None:
    """What the assessment before this moment said, and when."""
    row = session.execute(
        select(Danger.level, Danger.at)
        .where(Danger.household_id == household_id, Danger.at < before)
        .order_by(Danger.at.desc(), Danger.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


@dataclass(frozen=True, slots=True)
class InTheWay:
    """What stands against the beds in these days: a closure with its reason, or beds kept for another family."""

    bed: str
    first_day: dt.date | None
    last_day: dt.date | None
    reason: str | None


def in_the_way(session: Session, *, placement_ids: Sequence[int], until: dt.date, now: dt.datetime) -> list[InTheWay]:
    """What was planned with their beds up to this day. One statement each for closures and holds."""
    beds = select(Stay.bed_id).where(Stay.placement_id.in_(placement_ids), Stay.ended_at.is_(None))
    closures = session.execute(
        select(Room.label, Bed.label, Closure.first_day, Closure.last_day, Closure.reason)
        .select_from(Closure)
        .join(Bed, or_(Bed.id == Closure.bed_id, Bed.room_id == Closure.room_id))
        .join(Room, Room.id == Bed.room_id)
        .where(
            Bed.id.in_(beds),
            Closure.ended_at.is_(None),
            Closure.first_day <= until,
            or_(Closure.last_day.is_(None), Closure.last_day >= now.date()),
        )
        .order_by(Closure.first_day, Bed.id)
    )
    holds = session.execute(
        select(Room.label, Bed.label)
        .select_from(Hold)
        .join(Bed, Bed.id == Hold.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .where(Hold.bed_id.in_(beds), Hold.released_at.is_(None), Hold.expires_at > now)
        .order_by(Bed.id)
    )
    return [
        *(InTheWay(bed_name(room, bed), first, last, reason) for room, bed, first, last, reason in closures),
        *(InTheWay(bed_name(room, bed), None, None, None) for room, bed in holds),
    ]
