"""Beds that were left and are not said to be ready."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import House
from safehouse.access.queries import cleared_house_ids
from safehouse.gathered import Duty, Telling
from safehouse.shelter.models import Bed, Cleaning, Room
from safehouse.shelter.queries.cleaning import left_by_denied
from safehouse.shelter.rules.duties import DutyKind, end_of
from safehouse.shelter.rules.labels import bed_name


def unclean(session: Session, account_id: int) -> Iterable[Duty]:
    """Beds left and not said to be ready, in the houses she works in; not one that tells who has just left it."""
    rows = session.execute(
        select(Bed.ref, Room.label, Bed.label, House.name, House.time_zone, Cleaning.since)
        .select_from(Cleaning)
        .join(Bed, Bed.id == Cleaning.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .where(
            Cleaning.ready_at.is_(None),
            Bed.removed_at.is_(None),
            House.id.in_(cleared_house_ids(account_id)),
            ~left_by_denied(account_id),
        )
        .order_by(Cleaning.since, Cleaning.id)
    ).all()
    for ref, room, bed, house, time_zone, since in rows:
        zone = ZoneInfo(time_zone)
        yield Duty(
            DutyKind.CLEAN,
            ref,
            end_of(since.astimezone(zone).date(), zone),
            {Telling.STAFF: since},
            all_day=True,
            place=f"{house}, {bed_name(room, bed)}",
            time_zone=time_zone,
            figures={"bed": bed_name(room, bed)},
        )
