"""Rooms, beds and cots of a house, and taking them out of use for a while or for good."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import House
from safehouse.access.operations.houses import close_house
from safehouse.shelter.choices import BedKind, RoomPurpose
from safehouse.shelter.models import Adjoining, Bed, Closure, Room
from safehouse.shelter.operations.placing import lock_beds
from safehouse.shelter.queries.rooms import (
    Obstacle,
    ObstacleKind,
    adjoining_ids,
    beds_in,
    house_day,
    in_the_way,
    in_use,
    is_closed_between,
)
from safehouse.shelter.rules.labels import next_labels
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


class RoomRefusal(StrEnum):
    LABEL_TAKEN = "label_taken"
    IN_USE = "in_use"
    ALREADY_CLOSED = "already_closed"
    OVER_BEFORE_IT_BEGINS = "over_before_it_begins"
    GONE = "gone"


class RoomRefused(Exception):
    """`obstacles` names the beds that stand in the way, when that is the reason."""

    def __init__(self, reason: RoomRefusal, obstacles: Sequence[Obstacle] = ()):
        super().__init__(reason)
        self.reason = reason
        self.obstacles = tuple(obstacles)


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What is known about a room. `adjoining` holds the ids of rooms of the same house."""

    label: str
    position: int
    purpose: RoomPurpose
    ground_floor: bool
    wheelchair: bool
    isolation: bool
    adjoining: frozenset[int]


_COLUMNS = tuple(one.name for one in fields(RoomFacts) if one.name != "adjoining")


def make_room(session: Session, *, house: House, facts: RoomFacts, now: dt.datetime, by: Actor) -> Room:
    """A room without beds. Raises `RoomRefused` when another room of the house has this label."""
    _queue_at(session, house.id)
    _refuse_taken_room_label(session, house.id, facts.label, but=None)
    room = Room(house_id=house.id, **{name: getattr(facts, name) for name in _COLUMNS})
    try:
        with session.begin_nested():
            session.add(room)
    except IntegrityError as clash:
        raise RoomRefused(RoomRefusal.LABEL_TAKEN) from clash
    _set_adjoining(session, room, facts.adjoining)
    record(session, now=now, by=by, act=Act.ROOM_MADE, subject=room.ref)
    return room


def change_room(session: Session, *, room: Room, facts: RoomFacts, now: dt.datetime, by: Actor) -> None:
    """Give the room these facts. Who lives in it stays, whatever the room is for now. Raises `RoomRefused`."""
    _queue_at(session, room.house_id)
    _refuse_removed(session, room)
    changed = [name for name in _COLUMNS if getattr(room, name) != getattr(facts, name)]
    if "label" in changed:
        _refuse_taken_room_label(session, room.house_id, facts.label, but=room.id)
    try:
        with session.begin_nested():
            for name in changed:
                setattr(room, name, getattr(facts, name))
    except IntegrityError as clash:
        raise RoomRefused(RoomRefusal.LABEL_TAKEN) from clash
    if _set_adjoining(session, room, facts.adjoining):
        changed.append("adjoining")
    if changed:
        record(session, now=now, by=by, act=Act.ROOM_CHANGED, subject=room.ref, fields=changed)


def remove_room(session: Session, *, room: Room, now: dt.datetime, by: Actor) -> None:
    """The room and its beds are no longer used; what happened in them stays. Raises `RoomRefused`."""
    _queue_at(session, room.house_id)
    _refuse_removed(session, room)
    bed_ids = _free_beds(session, beds_in(session, room_id=room.id), now, by)
    beds = list(session.scalars(select(Bed).where(Bed.id.in_(bed_ids))))
    room.removed_at = now
    for bed in beds:
        bed.removed_at = now
    record(session, now=now, by=by, act=Act.ROOM_CHANGED, subject=room.ref, fields=("removed_at",))
    for bed in beds:
        record(session, now=now, by=by, act=Act.BED_CHANGED, subject=bed.ref, fields=("removed_at",))


def add_beds(session: Session, *, room: Room, kind: BedKind, count: int, now: dt.datetime, by: Actor) -> list[Bed]:
    """So many beds or cots, their labels going on from those in the room."""
    _queue_at(session, room.house_id)
    _refuse_removed(session, room)
    used = list(session.scalars(select(Bed.label).where(Bed.room_id == room.id, Bed.removed_at.is_(None))))
    beds = [Bed(room_id=room.id, label=label, kind=kind) for label in next_labels(used, count)]
    try:
        with session.begin_nested():
            session.add_all(beds)
    except IntegrityError as clash:
        raise RoomRefused(RoomRefusal.LABEL_TAKEN) from clash
    for bed in beds:
        record(session, now=now, by=by, act=Act.BED_MADE, subject=bed.ref)
    return beds


def rename_bed(session: Session, *, bed: Bed, label: str, now: dt.datetime, by: Actor) -> None:
    """Raises `RoomRefused` when another bed of the room has this label."""
    _queue_at(session, bed.room.house_id)
    _refuse_removed(session, bed)
    if bed.label == label:
        return
    others = session.scalars(
        select(Bed.label).where(Bed.room_id == bed.room_id, Bed.id != bed.id, Bed.removed_at.is_(None))
    )
    if label.casefold() in {one.casefold() for one in others}:
        raise RoomRefused(RoomRefusal.LABEL_TAKEN)
    try:
        with session.begin_nested():
            bed.label = label
    except IntegrityError as clash:
        raise RoomRefused(RoomRefusal.LABEL_TAKEN) from clash
    record(session, now=now, by=by, act=Act.BED_CHANGED, subject=bed.ref, fields=("label",))


def remove_bed(session: Session, *, bed: Bed, now: dt.datetime, by: Actor) -> None:
    """No longer used; who slept in it stays written. Raises `RoomRefused`."""
    _queue_at(session, bed.room.house_id)
    _refuse_removed(session, bed)
    _free_beds(session, [bed.id], now, by)
    bed.removed_at = now
    record(session, now=now, by=by, act=Act.BED_CHANGED, subject=bed.ref, fields=("removed_at",))


def make_closure(
    session: Session,
    *,
    house: House,
    room: Room | None,
    bed: Bed | None,
    first_day: dt.date,
    last_day: dt.date | None,
    reason: str,
    now: dt.datetime,
    by: Actor,
) -> Closure:
    """Take a room or a bed out of use from one local day to another, both included. Raises `RoomRefused`.

    Exactly one of `room` and `bed` is given. Nobody may live in it, nor it be kept for a family, on those days.
    """
    if last_day is not None and last_day < house_day(house, now):
        raise RoomRefused(RoomRefusal.OVER_BEFORE_IT_BEGINS)
    room_id, bed_id = (room.id if room else None), (bed.id if bed else None)
    _queue_at(session, house.id)
    bed_ids = beds_in(session, room_id=room_id) if room_id is not None else [bed_id] if bed_id is not None else []
    lock_beds(session, bed_ids)
    if is_closed_between(session, room_id=room_id, bed_id=bed_id, first_day=first_day, last_day=last_day):
        raise RoomRefused(RoomRefusal.ALREADY_CLOSED)
    if obstacles := in_the_way(
        session,
        bed_ids,
        first_day=first_day,
        last_day=last_day,
        zone=ZoneInfo(house.time_zone),
        now=now,
        for_account_id=by.account_id,
    ):
        if bed_id is not None and obstacles[0].kind is ObstacleKind.HIDDEN:
            # For her this bed is closed: it answers like every bed that is.
            raise RoomRefused(RoomRefusal.ALREADY_CLOSED)
        raise RoomRefused(RoomRefusal.IN_USE, obstacles)
    closure = Closure(room_id=room_id, bed_id=bed_id, first_day=first_day, last_day=last_day, reason=reason)
    session.add(closure)
    session.flush()
    record(session, now=now, by=by, act=Act.CLOSURE_MADE, subject=closure.ref)
    return closure


def end_closure(session: Session, *, closure: Closure, now: dt.datetime, by: Actor) -> None:
    """In use again from this moment."""
    closure.ended_at = now
    record(session, now=now, by=by, act=Act.CLOSURE_ENDED, subject=closure.ref)


def close_empty_house(session: Session, *, house: House, now: dt.datetime, by: Actor) -> None:
    """Close a house nobody lives in and no family is on its way to. Raises `RoomRefused`."""
    _free_beds(session, beds_in(session, house_id=house.id), now, by)
    close_house(session, house=house, now=now, by=by)


def _queue_at(session: Session, house_id: int) -> None:
    """Two managers changing the same house go one after the other. (On SQLite the writing transaction is the queue.)

    Rows that merely point at the house do not wait.
    """
    session.execute(select(House.id).where(House.id == house_id).with_for_update(key_share=True))


def _free_beds(session: Session, bed_ids: Collection[int], now: dt.datetime, by: Actor) -> Collection[int]:
    """The same beds, held still against anyone who is placing a family; or `RoomRefused` when one is in use."""
    lock_beds(session, bed_ids)
    if obstacles := in_use(session, bed_ids, now, for_account_id=by.account_id):
        raise RoomRefused(RoomRefusal.IN_USE, obstacles)
    return bed_ids


def _refuse_removed(session: Session, row: Room | Bed) -> None:
    """Someone may have removed it while this change waited in the queue."""
    session.refresh(row)
    if row.removed_at is not None:
        raise RoomRefused(RoomRefusal.GONE)


def _refuse_taken_room_label(session: Session, house_id: int, label: str, *, but: int | None) -> None:
    """ "2a" and "2A" on two doors would be read as one."""
    for room_id, taken in session.execute(
        select(Room.id, Room.label).where(Room.house_id == house_id, Room.removed_at.is_(None))
    ):
        if room_id != but and taken.casefold() == label.casefold():
            raise RoomRefused(RoomRefusal.LABEL_TAKEN)


def _set_adjoining(session: Session, room: Room, wanted: frozenset[int]) -> bool:
    """Whether anything changed. Each pair stands once, the smaller id first."""
    before = adjoining_ids(session, room.id)
    for pair in session.scalars(
        select(Adjoining).where(or_(Adjoining.room_id == room.id, Adjoining.other_id == room.id))
    ):
        if not {pair.room_id, pair.other_id} - {room.id} & wanted:
            session.delete(pair)
    for other in sorted(wanted - before):
        session.add(Adjoining(room_id=min(room.id, other), other_id=max(room.id, other)))
    session.flush()
    return before != wanted
