"""Someone who was here before: a return is a new placement, linked to the old one."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.residents.models import Resident, ReturnAnswer
from safehouse.shelter.models import Placement
from safehouse.shelter.models.stays import LASTED
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


class AlreadyAnswered(Exception):
    """Another manager answered this before."""


def answer_return(
    session: Session, *, resident: Resident, earlier: Resident, same: bool, now: dt.datetime, by: Actor
) -> None:
    """Keep the manager's answer. The same person: her placement follows the last one of the earlier row.

    Both rows stay: what was written about her then keeps its own keys. Raises `AlreadyAnswered`.
    """
    try:
        with session.begin_nested():
            session.add(
                ReturnAnswer(resident_id=resident.id, earlier_id=earlier.id, same=same, at=now, by_id=by.account_id)
            )
            session.flush()
    except IntegrityError as clash:
        raise AlreadyAnswered from clash
    if same:
        placement = _first(session, resident)
        before = _last(session, earlier)
        if placement is not None and placement.previous_id is None and before is not None:
            placement.previous_id = before.id
    record(
        session,
        now=now,
        by=by,
        act=Act.RETURN_ANSWERED,
        subject=resident.ref,
        subjects=(earlier.ref,),
        purpose="same person" if same else "another person",
    )


def _first(session: Session, resident: Resident) -> Placement | None:
    return session.scalar(
        select(Placement)
        .where(Placement.resident_id == resident.id, LASTED)
        .order_by(Placement.arrived_at, Placement.id)
        .limit(1)
    )


def _last(session: Session, resident: Resident) -> Placement | None:
    return session.scalar(
        select(Placement)
        .where(Placement.resident_id == resident.id, LASTED)
        .order_by(Placement.arrived_at.desc(), Placement.id.desc())
        .limit(1)
    )
