"""What happens to someone who lives here: another bed, a planned exit, away and back, the end of her stay."""
import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Act as ActRow
from safehouse.access.operations.acts import NotUndoable
from safehouse.residents.models import Household, Resident
from safehouse.residents.operations import rest_alias, use_alias
from safehouse.shelter.choices import Destination, LeaveKind, StayEnd
from safehouse.shelter.models import Bed, Departure, Leave, Placement, Room, Stay
from safehouse.shelter.operations.placing import Override, clear_mattress, keep_override
from safehouse.shelter.rules.reasons import Reason, Standing, standing_of
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


class StayRefusal(StrEnum):
    NOT_HERE = "not_here"
    SAME_BED = "same_bed"
    BED_TAKEN = "bed_taken"
    IN_FUTURE = "in_future"
    BEFORE_ARRIVAL = "before_arrival"
    BACK_BEFORE_LEAVING = "back_before_leaving"
    ALREADY_AWAY = "already_away"
    NOT_AWAY = "not_away"
    EXIT_IN_PAST = "exit_in_past"
    EXIT_AFTER_LIMIT = "exit_after_limit"
    NEEDS_SECOND_PERSON = "needs_second_person"


class StayRefused(Exception):
    def __init__(self, reason: StayRefusal):
        super().__init__(reason)
        self.reason = reason


def open_placement(session: Session, resident: Resident) -> Placement:
    """Her placement, locked for this transaction. Raises `StayRefused` when she does not live here."""
    placement = session.scalar(select(Placement).where(Placement.resident_id == resident.id,
                                                       Placement.left_at.is_(None)).with_for_update())
    if placement is None:
        raise StayRefused(StayRefusal.NOT_HERE)
    return placement


def move(session: Session, *, resident: Resident, bed: Bed, reasons: Sequence[Reason], act: ActRow,
         moved_at: dt.datetime, now: dt.datetime, by: Actor, override: Override | None = None) -> Stay:
    """Another bed; the placement and its limit go on. A small child sharing her bed comes along.

    `reasons` are those of the rule for this room: a place against advice needs an override. Raises `StayRefused`.
    """
    if moved_at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    if standing_of(tuple(reasons)) is Standing.ADVISED_AGAINST and override is None:
        raise StayRefused(StayRefusal.NEEDS_SECOND_PERSON)
    placement = open_placement(session, resident)
    current = session.scalars(select(Stay).where(Stay.placement_id == placement.id, Stay.ended_at.is_(None))).one()
    if current.bed_id == bed.id and not current.sharing:
        raise StayRefused(StayRefusal.SAME_BED)
    if moved_at < current.started_at:
        raise StayRefused(StayRefusal.BEFORE_ARRIVAL)
    beside = [] if current.sharing else list(session.scalars(
        select(Stay).where(Stay.bed_id == current.bed_id, Stay.sharing, Stay.ended_at.is_(None))))
    house_id = session.scalars(select(Room.house_id).where(Room.id == bed.room_id)).one()
    made = []
    try:
        with session.begin_nested():
            for stay in (current, *beside):
                stay.ended_at, stay.ended_by = max(moved_at, stay.started_at), StayEnd.MOVED
            session.flush()
            for stay in (current, *beside):
                after = Stay(placement_id=stay.placement_id, resident_id=stay.resident_id, bed_id=bed.id,
                             sharing=stay is not current, started_at=stay.ended_at or moved_at)
                session.add(after)
                made.append(after)
            session.flush()
    except IntegrityError as clash:
        raise StayRefused(StayRefusal.BED_TAKEN) from clash
    clear_mattress(session, current.bed_id, now)
    for stay in made:
        mover = session.get_one(Resident, stay.resident_id)
        if mover.house_id != house_id:
            rest_alias(session, resident=mover, until=moved_at)
            use_alias(session, resident=mover, house_id=house_id, alias=mover.alias, since=moved_at)
            mover.house_id = house_id
        record(session, now=now, by=by, act=Act.MOVED, subject=mover.ref)
    if override is not None:
        keep_override(session, act=act, household=session.get_one(Household, resident.household_id), reasons=reasons,
                      override=override, now=now, by=by)
    return made[0]


def plan_exit(session: Session, *, residents: Sequence[Resident], day: dt.date, today: dt.date, zone: dt.tzinfo,
              now: dt.datetime, by: Actor) -> None:
    """The local day they are to leave by: not past, and within the limit each came with. Raises `StayRefused`."""
    if day < today:
        raise StayRefused(StayRefusal.EXIT_IN_PAST)
    for resident in residents:
        placement = open_placement(session, resident)
        last = placement.arrived_at.astimezone(zone).date() + dt.timedelta(days=placement.limit_days)
        if day > last:
            raise StayRefused(StayRefusal.EXIT_AFTER_LIMIT)
        placement.planned_exit = day
        record(session, now=now, by=by, act=Act.EXIT_PLANNED, subject=resident.ref)


def start_leave(session: Session, *, residents: Sequence[Resident], kind: LeaveKind, from_at: dt.datetime,
                due_back: dt.datetime, now: dt.datetime, by: Actor) -> None:
    """They are out of the house; their beds stay theirs. Raises `StayRefused`."""
    if from_at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    if due_back <= from_at:
        raise StayRefused(StayRefusal.BACK_BEFORE_LEAVING)
    for resident in residents:
        placement = open_placement(session, resident)
        if from_at < placement.arrived_at:
            raise StayRefused(StayRefusal.BEFORE_ARRIVAL)
        try:
            with session.begin_nested():
                session.add(Leave(placement_id=placement.id, kind=kind, from_at=from_at, due_back=due_back))
        except IntegrityError as clash:
            raise StayRefused(StayRefusal.ALREADY_AWAY) from clash
        record(session, now=now, by=by, act=Act.LEAVE_STARTED, subject=resident.ref, purpose=kind)


def end_leave(session: Session, *, resident: Resident, back_at: dt.datetime, now: dt.datetime, by: Actor) -> None:
    """She is back. Raises `StayRefused`."""
    placement = open_placement(session, resident)
    leave = session.scalar(select(Leave).where(Leave.placement_id == placement.id, Leave.back_at.is_(None))
                           .with_for_update())
    if leave is None:
        raise StayRefused(StayRefusal.NOT_AWAY)
    if back_at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    if back_at < leave.from_at:
        raise StayRefused(StayRefusal.BACK_BEFORE_LEAVING)
    leave.back_at = back_at
    record(session, now=now, by=by, act=Act.LEAVE_ENDED, subject=resident.ref)


def depart(session: Session, *, residents: Sequence[Resident], at: dt.datetime, place_kind: Destination,
           now: dt.datetime, by: Actor) -> None:
    """Their stay ends: the bed is free, the alias rests, the placement has left. Raises `StayRefused`."""
    if at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    for resident in residents:
        placement = open_placement(session, resident)
        stay = session.scalars(select(Stay).where(Stay.placement_id == placement.id, Stay.ended_at.is_(None))).one()
        if at < stay.started_at:
            raise StayRefused(StayRefusal.BEFORE_ARRIVAL)
        stay.ended_at, stay.ended_by = at, StayEnd.LEFT
        clear_mattress(session, stay.bed_id, now)
        leave = session.scalar(select(Leave).where(Leave.placement_id == placement.id, Leave.back_at.is_(None)))
        if leave is not None:
            leave.back_at = max(at, leave.from_at)
        placement.left_at = at
        resident.house_id = None
        rest_alias(session, resident=resident, until=at)
        session.add(Departure(placement_id=placement.id, at=at, place_kind=place_kind, by_id=by.account_id))
        record(session, now=now, by=by, act=Act.LEFT, subject=resident.ref, purpose=place_kind)
    session.flush()


def undo_departure(session: Session, *, residents: Sequence[Resident], at: dt.datetime, now: dt.datetime,
                   by: Actor) -> None:
    """They did not leave after all: each goes on in the bed she had, if nobody has it. Raises `NotUndoable`.

    The departure stays in its table as undone, and the record keeps both.
    """
    for resident in residents:
        placement = session.scalar(
            select(Placement).where(Placement.resident_id == resident.id, Placement.left_at == at).with_for_update())
        if placement is None or resident.house_id is not None:
            raise NotUndoable
        departure = session.scalar(select(Departure).where(Departure.placement_id == placement.id,
                                                             Departure.undone_at.is_(None)))
        stay = session.scalar(select(Stay).where(Stay.placement_id == placement.id, Stay.ended_by == StayEnd.LEFT))
        if departure is None or stay is None:
            raise NotUndoable
        bed = session.get_one(Bed, stay.bed_id)
        try:
            with session.begin_nested():
                bed.removed_at = None
                stay.ended_at = stay.ended_by = placement.left_at = None
                departure.undone_at = now
                session.flush()
        except IntegrityError as clash:
            raise NotUndoable from clash
        resident.house_id = session.scalars(select(Room.house_id).where(Room.id == bed.room_id)).one()
        use_alias(session, resident=resident, house_id=resident.house_id, alias=resident.alias, since=now)
        record(session, now=now, by=by, act=Act.DEPARTURE_UNDONE, subject=resident.ref)
