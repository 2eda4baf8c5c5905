"""Out of the house and back: the bed is kept, and the children who stay are cared for by somebody with a name. What
was recorded by mistake is taken back: a leave of no length is none."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Act as ActRow
from safehouse.access.operations.acts import NotUndoable
from safehouse.residents.models import Resident
from safehouse.shelter.choices import LeaveKind
from safehouse.shelter.models import Leave, Placement
from safehouse.shelter.operations.moving import StayRefusal, StayRefused, locked_placement
from safehouse.shelter.queries.leaves import LEAVE_LASTED
from safehouse.shelter.rules.staying import Kin, children_staying
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record

WITHOUT_NOTICE, TAKEN_BACK = "without notice", "undone"

# A bed is kept for someone who comes back; a day far away would never become overdue.
LONGEST_AWAY = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Caregiver:
    """Who looks after the children who stay: one of the staff of the house, or an adult of the household."""

    account_id: int | None = None
    resident_id: int | None = None


def start_leave(
    session: Session,
    *,
    residents: Sequence[Resident],
    kind: LeaveKind,
    from_at: dt.datetime,
    due_back: dt.datetime,
    now: dt.datetime,
    by: Actor,
    family: Sequence[Kin] = (),
    caregiver: Caregiver | None = None,
    act: ActRow | None = None,
) -> None:
    """They are out of the house; their beds, and those of whoever stays, are kept. Raises `StayRefused`.

    `family` is everyone of the household who lives here. Where adults go and children stay, `caregiver` is needed.
    """
    if due_back <= from_at <= now:
        raise StayRefused(StayRefusal.BACK_BEFORE_LEAVING)
    if due_back - from_at > LONGEST_AWAY:
        raise StayRefused(StayRefusal.AWAY_TOO_LONG)
    _start(session, residents, kind, from_at, due_back, now, by, family=family, caregiver=caregiver, act=act)


def leave_without_notice(
    session: Session,
    *,
    residents: Sequence[Resident],
    from_at: dt.datetime,
    now: dt.datetime,
    by: Actor,
    family: Sequence[Kin] = (),
    caregiver: Caregiver | None = None,
    act: ActRow | None = None,
) -> None:
    """They left without telling anyone, at this moment or before. Their beds are kept and nobody is discharged; they
    are missed from the first moment on. Raises `StayRefused`."""
    _start(
        session,
        residents,
        LeaveKind.OTHER,
        from_at,
        from_at,
        now,
        by,
        family=family,
        caregiver=caregiver,
        act=act,
        without_notice=True,
    )


def end_leave(
    session: Session,
    *,
    resident: Resident,
    back_at: dt.datetime,
    now: dt.datetime,
    by: Actor,
    act: ActRow | None = None,
) -> None:
    """She is back. Raises `StayRefused`."""
    leave = _open_leave(session, locked_placement(session, resident))
    if leave is None:
        raise StayRefused(StayRefusal.NOT_AWAY)
    if back_at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    if back_at < leave.from_at:
        raise StayRefused(StayRefusal.BACK_BEFORE_LEAVING)
    leave.back_at, leave.act_id = back_at, act.id if act else None
    record(session, now=now, by=by, act=Act.LEAVE_ENDED, subject=resident.ref)


def undo_leave(session: Session, *, act: ActRow, now: dt.datetime, by: Actor) -> list[Resident]:
    """Whoever went out by this act did not after all: the leave keeps no length. Raises `NotUndoable` once one of them
    is back, or has left for good."""
    written = _written_by(session, act)
    if any(leave.back_at is not None for leave, _placement, _resident in written):
        raise NotUndoable
    for leave, _placement, resident in written:
        leave.back_at = leave.from_at
        record(session, now=now, by=by, act=Act.LEAVE_STARTED, subject=resident.ref, purpose=TAKEN_BACK)
    session.flush()
    return [resident for *_rest, resident in written]


def undo_return(session: Session, *, act: ActRow, now: dt.datetime, by: Actor) -> list[Resident]:
    """Whoever came back by this act is out as before, to be back when it was agreed. Raises `NotUndoable` once one of
    them went out again, or has left for good."""
    written = _written_by(session, act)
    last = {placement.id: leave.id for leave, placement, _resident in written}
    lasted = session.execute(
        select(Leave.placement_id, func.max(Leave.id))
        .where(Leave.placement_id.in_(last), LEAVE_LASTED)
        .group_by(Leave.placement_id)
    )
    if any(newest > last[placement_id] for placement_id, newest in lasted):
        raise NotUndoable
    try:
        with session.begin_nested():
            for leave, *_rest in written:
                leave.back_at = leave.act_id = None
            session.flush()
    except IntegrityError as clash:
        raise NotUndoable from clash
    for *_rest, resident in written:
        record(session, now=now, by=by, act=Act.LEAVE_ENDED, subject=resident.ref, purpose=TAKEN_BACK)
    return [resident for *_rest, resident in written]


def _written_by(session: Session, act: ActRow) -> list[tuple[Leave, Placement, Resident]]:
    """The leaves this act wrote last, each with who lives here. Raises `NotUndoable` where one of them does no more."""
    rows = session.execute(
        select(Leave, Placement, Resident)
        .join(Placement, Placement.id == Leave.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .where(Leave.act_id == act.id)
        .order_by(Leave.id)
        .with_for_update(of=Placement)
    ).all()
    if not rows or any(placement.left_at is not None for _leave, placement, _resident in rows):
        raise NotUndoable
    return [(leave, placement, resident) for leave, placement, resident in rows]


def _start(
    session: Session,
    residents: Sequence[Resident],
    kind: LeaveKind,
    from_at: dt.datetime,
    due_back: dt.datetime,
    now: dt.datetime,
    by: Actor,
    *,
    family: Sequence[Kin],
    caregiver: Caregiver | None,
    act: ActRow | None,
    without_notice: bool = False,
) -> None:
    if from_at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    leaving = {resident.id for resident in residents}
    stay_behind = children_staying(family, leaving)
    if stay_behind and caregiver is None:
        raise StayRefused(StayRefusal.NEEDS_CAREGIVER)
    if stay_behind and caregiver is not None and caregiver.resident_id in leaving:
        raise StayRefused(StayRefusal.CAREGIVER_LEAVES)
    adults = {one.id for one in family if one.adult}
    for resident in residents:
        placement = locked_placement(session, resident)
        if from_at < placement.arrived_at:
            raise StayRefused(StayRefusal.BEFORE_ARRIVAL)
        if _open_leave(session, placement) is not None:
            raise StayRefused(StayRefusal.ALREADY_AWAY)
        if session.scalar(
            select(Leave.id).where(Leave.placement_id == placement.id, LEAVE_LASTED, Leave.back_at > from_at).limit(1)
        ):
            raise StayRefused(StayRefusal.STILL_AWAY_THEN)
        leave = Leave(
            placement_id=placement.id,
            kind=kind,
            from_at=from_at,
            due_back=due_back,
            without_notice=without_notice,
            act_id=act.id if act else None,
        )
        if stay_behind and caregiver is not None and resident.id in adults:
            leave.caregiver_id, leave.caring_resident_id = caregiver.account_id, caregiver.resident_id
        try:
            with session.begin_nested():
                session.add(leave)
        except IntegrityError as clash:
            raise StayRefused(StayRefusal.ALREADY_AWAY) from clash
        record(
            session,
            now=now,
            by=by,
            act=Act.LEAVE_STARTED,
            subject=resident.ref,
            purpose=WITHOUT_NOTICE if without_notice else kind,
        )


def _open_leave(session: Session, placement: Placement) -> Leave | None:
    return session.scalar(
        select(Leave).where(Leave.placement_id == placement.id, Leave.back_at.is_(None)).with_for_update()
    )
