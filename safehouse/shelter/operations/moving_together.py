"""A whole family goes to other beds at one moment, in one act that is taken back as one."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Act as ActRow
from safehouse.access.operations.acts import NotUndoable
from safehouse.residents.models import Household, Resident
from safehouse.shelter.choices import StayEnd
from safehouse.shelter.models import Bed, Placement, Stay
from safehouse.shelter.operations.cleaning import not_used_after_all, take_into_use
from safehouse.shelter.operations.families import must_not_share
from safehouse.shelter.operations.moving import (
    StayRefusal,
    StayRefused,
    check_after_start,
    check_free,
    clear_if_empty,
    house_of,
    is_barred,
    left_behind,
    lives_in,
    lock_household,
    moved_later,
    reopen_stay,
    stay_before,
)
from safehouse.shelter.operations.placing import Override, keep_override, lay_mattress
from safehouse.shelter.rules.arranging import Place
from safehouse.shelter.rules.moving_together import FamilyMove
from safehouse.shelter.rules.reasons import Standing
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record

A_LITTLE = dt.timedelta(microseconds=1)


def check_move_together(
    session: Session, *, household_id: int, way: FamilyMove, moved_at: dt.datetime, now: dt.datetime
) -> dict[int, Stay]:
    """The present stay of each of them, if all may go this way at this moment.

    Asked before a second person spends her code. Raises `StayRefused`.
    """
    if moved_at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    lock_household(session, household_id)
    stays = _open_stays(session, household_id)
    if set(stays) != {place.person_key for place in way.places}:
        raise StayRefused(StayRefusal.FAMILY_CHANGED)
    leaving = [stays[key].id for key in sorted(way.moving)]
    for key in sorted(way.moving):
        check_after_start(session, stays[key], moved_at)
    for place in way.places:
        if place.person_key in way.moving and place.bed_id is not None and not place.sharing:
            check_free(session, place.bed_id, moved_at, but=leaving)
    return stays


def move_together(
    session: Session,
    *,
    household: Household,
    way: FamilyMove,
    act: ActRow,
    moved_at: dt.datetime,
    now: dt.datetime,
    by: Actor,
    override: Override | None = None,
) -> list[Resident]:
    """Everybody of the family goes to her place, or nobody does; every placement and its limit go on. Who moved.

    Whoever keeps her bed is not touched. Never into a house that somebody lives or works in whom they must not meet,
    whoever signs; a way against advice needs an override. The act is about the first who moved. Raises `StayRefused`.
    """
    stays = check_move_together(session, household_id=household.id, way=way, moved_at=moved_at, now=now)
    movers = {
        one.id: one
        for one in session.scalars(select(Resident).where(Resident.id.in_(way.moving)).order_by(Resident.id))
    }
    house_id = way.option.house.id
    if any(one.house_id != house_id for one in movers.values()) and must_not_share(
        session, household=household, house_id=house_id, now=now, by=by
    ):
        raise StayRefused(StayRefusal.MUST_NOT_SHARE)
    if way.option.standing is Standing.ADVISED_AGAINST and override is None:
        raise StayRefused(StayRefusal.NEEDS_SECOND_PERSON)
    moment = _moment_of_their_own(moved_at, [stay for key, stay in stays.items() if key not in way.moving])
    left = {stays[key].bed_id for key in movers}
    beds = _beds_for(session, way.places)
    try:
        with session.begin_nested():
            _change_beds(session, {key: stays[key] for key in movers}, way.places, beds, moment)
    except IntegrityError as clash:
        # Somebody came in between after all.
        raise StayRefused(StayRefusal.BED_TAKEN) from clash
    left_behind(session, left, since=moment, now=now, by=by)
    take_into_use(session, bed_ids={beds[key] for key in movers}, at=moment)
    for one in movers.values():
        lives_in(session, one, house_id, since=moment)
        record(session, now=now, by=by, act=Act.MOVED, subject=one.ref)
    act.subject = next(iter(movers.values())).ref
    if override is not None:
        keep_override(
            session, act=act, household=household, reasons=way.option.reasons, override=override, now=now, by=by
        )
    return list(movers.values())


def undo_move_together(session: Session, *, act: ActRow, now: dt.datetime, by: Actor) -> list[Resident]:
    """All of them go back to the beds they came from, or none does, if nothing was built on it. Raises `NotUndoable`.

    The stays that were undone keep no length.
    """
    first = session.scalar(select(Resident).where(Resident.ref == act.subject))
    if first is None:
        raise NotUndoable
    lock_household(session, first.household_id)
    stays = _open_stays(session, first.household_id)
    if first.id not in stays or moved_later(session, act, first.household_id):
        raise NotUndoable
    moment = stays[first.id].started_at
    pairs = [
        (stay, stay_before(session, stay))
        for stay in stays.values()
        if stay.started_at == moment and _came_from_a_bed(session, stay)
    ]
    houses = {before.bed_id: house_of(session, session.get_one(Bed, before.bed_id)) for _stay, before in pairs}
    residents = {stay.id: session.get_one(Resident, stay.resident_id) for stay, _before in pairs}
    if not pairs or any(is_barred(session, residents[stay.id], houses[before.bed_id]) for stay, before in pairs):
        raise NotUndoable
    try:
        with session.begin_nested():
            for stay, _before in pairs:
                stay.ended_at, stay.ended_by = stay.started_at, StayEnd.UNDONE
            session.flush()
            for _stay, before in sorted(pairs, key=lambda pair: pair[1].sharing):
                reopen_stay(session, before, now)
            session.flush()
    except IntegrityError as clash:
        raise NotUndoable from clash
    # Nobody slept there: a mattress goes, and what was to be cleaned before is so again.
    for bed_id in clear_if_empty(session, {stay.bed_id for stay, _before in pairs}, now):
        not_used_after_all(session, bed_id=bed_id, since=moment)
    for stay, before in pairs:
        lives_in(session, residents[stay.id], houses[before.bed_id], since=now, again=True)
        record(session, now=now, by=by, act=Act.MOVED, subject=residents[stay.id].ref, purpose="undone")
    return list(residents.values())


def _open_stays(session: Session, household_id: int) -> dict[int, Stay]:
    """Where those of a household sleep who live here, by resident; locked for this transaction."""
    rows = session.scalars(
        select(Stay)
        .join(Placement, Placement.id == Stay.placement_id)
        .join(Resident, Resident.id == Stay.resident_id)
        .where(Stay.ended_at.is_(None), Placement.left_at.is_(None), Resident.household_id == household_id)
        .order_by(Resident.birth_month.is_not(None), Resident.birth_month, Resident.id)
        .with_for_update(of=(Stay, Placement))
    )
    return {stay.resident_id: stay for stay in rows}


def _moment_of_their_own(moved_at: dt.datetime, staying: Collection[Stay]) -> dt.datetime:
    """The moment all of them move, at which nobody of them has begun to sleep anywhere else: undoing tells by it who
    moved together."""
    begun = {stay.started_at for stay in staying}
    while moved_at in begun:
        moved_at += A_LITTLE
    return moved_at


def _came_from_a_bed(session: Session, stay: Stay) -> bool:
    """Not whoever arrived at that very moment."""
    moved = select(Stay.id).where(
        Stay.placement_id == stay.placement_id, Stay.ended_by == StayEnd.MOVED, Stay.ended_at == stay.started_at
    )
    return session.scalar(moved.limit(1)) is not None


def _beds_for(session: Session, places: Sequence[Place]) -> dict[int, int]:
    """The bed of each person; what is made on the spot is made now."""
    beds: dict[int, int] = {}
    for place in sorted(places, key=lambda one: one.sharing):
        if place.shares_with is not None:
            beds[place.person_key] = beds[place.shares_with]
        elif place.bed_id is not None:
            beds[place.person_key] = place.bed_id
        else:
            beds[place.person_key] = lay_mattress(session, room_id=place.room_id, kind=place.kind).id
    return beds


def _change_beds(
    session: Session, stays: Mapping[int, Stay], places: Sequence[Place], beds: Mapping[int, int], moment: dt.datetime
) -> None:
    for stay in stays.values():
        stay.ended_at, stay.ended_by = moment, StayEnd.MOVED
    session.flush()
    for place in sorted(places, key=lambda one: one.sharing):
        if place.person_key in stays:
            stay = stays[place.person_key]
            session.add(
                Stay(
                    placement_id=stay.placement_id,
                    resident_id=stay.resident_id,
                    bed_id=beds[place.person_key],
                    sharing=place.sharing,
                    started_at=moment,
                )
            )
    session.flush()
