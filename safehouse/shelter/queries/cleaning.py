"""Beds that were left and are not said to be ready."""

import uuid

from sqlalchemy import ColumnElement, Integer, false, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.queries import cleared_house_ids
from safehouse.residents.queries.people import denied_to
from safehouse.shelter.models import Bed, Cleaning, Room, Stay

# Made once: an alias takes every column of its table along, which costs more than the question it stands in.
_LEFT = aliased(Stay)


def left_by_denied(account_id: int) -> ColumnElement[bool]:
    """Whether the `Cleaning` of the select around this began when somebody left of whom this account must know nothing.

    To her that bed is closed, as it was before, until somebody else has said that it is ready.
    """
    # Back from the day it was left: the first or second row, however many slept there before. Who shared her bed came
    # with her, so that one of them speaks for both.
    last = (
        select(_LEFT.resident_id)
        .where(_LEFT.bed_id == Cleaning.bed_id, _LEFT.started_at < Cleaning.since, _LEFT.ended_at == Cleaning.since)
        .order_by(_LEFT.started_at.desc())
        .limit(literal_column("1", Integer))
        .correlate(Cleaning)
        .scalar_subquery()
    )
    return func.coalesce(last.in_(denied_to(account_id)), false())


def is_closed_bed(session: Session, bed: Bed, *, account_id: int) -> bool:
    """Whether this bed is closed to her alone: somebody who is denied to her has left it to be cleaned."""
    open_one = select(Cleaning.id).where(
        Cleaning.bed_id == bed.id, Cleaning.ready_at.is_(None), left_by_denied(account_id)
    )
    return session.scalar(open_one) is not None


def cleared_bed(session: Session, *, ref: uuid.UUID, account_id: int) -> Bed | None:
    """The bed with this reference, if it stands in a house she works in."""
    return session.scalar(
        select(Bed)
        .join(Room, Room.id == Bed.room_id)
        .where(Bed.ref == ref, Bed.removed_at.is_(None), Room.house_id.in_(cleared_house_ids(account_id)))
    )
