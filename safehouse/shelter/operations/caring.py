"""Who looks after a child who goes on living here although the last adult of hers has left for good."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.residents.models import Resident
from safehouse.shelter.models import ChildCarer
from safehouse.shelter.operations.moving import locked_placement
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record


def name_carer(
    session: Session,
    *,
    children: Sequence[Resident],
    account_id: int,
    account_ref: uuid.UUID,
    now: dt.datetime,
    by: Actor,
) -> None:
    """From now on this one of the staff looks after them; whoever was named before does no more. Raises `StayRefused`
    when one of them does not live here any more.

    The caller offered `account_id` from those who can look after these children.
    """
    for child in children:
        placement = locked_placement(session, child)
        before = session.scalar(
            select(ChildCarer).where(ChildCarer.placement_id == placement.id, ChildCarer.until.is_(None))
        )
        if before is not None:
            before.until = now
            session.flush()
        session.add(ChildCarer(placement_id=placement.id, account_id=account_id, since=now, by_id=by.person_id))
        session.flush()
        record(session, now=now, by=by, act=Act.CHILD_CARER_NAMED, subject=child.ref, subjects=(account_ref,))
