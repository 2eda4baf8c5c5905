"""Who went back to the one she fled, and whose leaving no manager has looked at yet."""

import datetime as dt
import uuid
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, AccountState, Clearance, House, Office
from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse, Conflict, Denial, Resident
from safehouse.residents.queries.people import seen_by
from safehouse.shelter.choices import Destination, StayEnd
from safehouse.shelter.models import Bed, Departure, DepartureReview, Placement, Room, Stay


class WentBack(NamedTuple):
    """One who went back to her husband or partner, as the manager reads it."""

    departure_id: int
    resident_id: int
    ref: uuid.UUID
    alias: str
    code: str
    household_id: int
    act_id: int | None
    at: dt.datetime
    recorded_by: str | None
    house: str
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def to_review(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[list[WentBack]]:
    """Those of a family who left together, the eldest first, as this manager is to review them. One statement.

    As far as she may see them: also after they left, and not once they live in a house again. What was written down
    as over already, from a register or before arrivals were followed, is owed by nobody. Whoever recorded the leaving
    reviews it only where no other manager could; who is related to what happened to them reviews nothing.
    """
    another, recorder, member = aliased(Account), aliased(Account), aliased(Resident)

    def related(to: Any) -> ColumnElement[bool]:
        return exists().where(
            Conflict.account_id == to, Conflict.household_id == Resident.household_id, Conflict.lifted_at.is_(None)
        )

    denied = (
        select(Denial.account_id)
        .join(member, member.id == Denial.resident_id)
        .where(member.household_id == Resident.household_id, Denial.account_id == another.id, Denial.until.is_(None))
        .correlate(Resident, another)
    )
    others_could = exists().where(
        another.id != account_id,
        another.role == Role.MANAGER,
        another.state == AccountState.ACTIVE,
        or_(another.valid_until.is_(None), another.valid_until > now),
        Clearance.account_id == another.id,
        Clearance.until.is_(None),
        Clearance.house_id == AliasUse.house_id,
        AliasUse.resident_id == Resident.id,
        ~denied.exists(),
        ~related(another.id),
    )
    rows = session.execute(
        select(
            Departure.id,
            Resident.id,
            Resident.ref,
            Resident.alias,
            Resident.code,
            Resident.household_id,
            Departure.act_id,
            Departure.at,
            recorder.shown_name,
            House.name,
            House.time_zone,
        )
        .select_from(Departure)
        .join(Placement, Placement.id == Departure.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .join(Stay, (Stay.placement_id == Placement.id) & (Stay.ended_by == StayEnd.LEFT))
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .outerjoin(recorder, recorder.id == Departure.by_id)
        .where(
            Departure.place_kind == Destination.PARTNER,
            Departure.undone_at.is_(None),
            Departure.act_id.is_not(None),
            ~exists().where(Office.follows_arrivals_since > Departure.at),
            ~exists().where(DepartureReview.departure_id == Departure.id),
            Resident.house_id.is_(None),
            seen_by(account_id, role if role is Role.MANAGER else None),
            ~related(account_id),
            or_(Departure.by_id.is_distinct_from(account_id), ~others_could),
        )
        .order_by(
            Resident.household_id,
            Departure.act_id,
            Resident.birth_month.is_not(None),
            Resident.birth_month,
            Resident.id,
        )
    ).all()
    gone = [WentBack(*tuple(row)) for row in rows]
    return [list(family) for _key, family in groupby(gone, key=lambda one: (one.household_id, one.act_id))]


def find_to_review(families: Sequence[Sequence[WentBack]], ref: uuid.UUID) -> Sequence[WentBack] | None:
    """The family in which this one left; None for foreign, forbidden, reviewed and missing alike."""
    return next((family for family in families if any(one.ref == ref for one in family)), None)
