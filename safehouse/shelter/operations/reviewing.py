"""A manager looks at the leaving of a woman who goes back to the one she fled. It stops nobody."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.residents.models import Resident
from safehouse.shelter.models import Departure, DepartureReview
from safehouse.shelter.queries.departures import WentBack
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record

# What was found, as the record says it: (safety plan, her own choice).
FOUND = {
    (True, True): "plan and own choice",
    (True, False): "not her choice",
    (False, True): "no safety plan",
    (False, False): "no safety plan, not her choice",
}


class AlreadyReviewed(Exception):
    """Another manager was first, or the leaving was taken back in the meantime."""


def review_departure(
    session: Session,
    *,
    family: Sequence[WentBack],
    safety_plan: bool,
    own_choice: bool,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Keep what the manager found about those who left together. Raises `AlreadyReviewed`.

    The caller took `family` from what this manager is to review.
    """
    standing = session.scalars(
        select(Departure.id)
        .where(Departure.id.in_([one.departure_id for one in family]), Departure.undone_at.is_(None))
        .with_for_update()
    ).all()
    if len(standing) < len(family):
        raise AlreadyReviewed
    try:
        with session.begin_nested():
            session.add_all(
                [
                    DepartureReview(
                        departure_id=one.departure_id,
                        at=now,
                        by_id=by.person_id,
                        safety_plan=safety_plan,
                        own_choice=own_choice,
                    )
                    for one in family
                ]
            )
    except IntegrityError as clash:
        raise AlreadyReviewed from clash
    for one in family:
        resident = session.get_one(Resident, one.resident_id)
        record(
            session,
            now=now,
            by=by,
            act=Act.DEPARTURE_REVIEWED,
            subject=resident.ref,
            purpose=FOUND[safety_plan, own_choice],
        )
