"""Who sleeps where tonight, and whether there is something to know about her: one statement, nothing opened."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, House
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.indonesian import age_in_months
from safehouse.residents.models import Alert, AlertKind, Medicine, Resident, Sex
from safehouse.residents.queries.people import answered_for, denied_to, living_seen_by
from safehouse.residents.rules.ageing import is_child
from safehouse.shelter.choices import IntakeItem, LeaveKind, ReferralState
from safehouse.shelter.models import Bed, IntakeAnswer, Leave, Placement, Referral, Room, Stay
from safehouse.shelter.queries.referrals import referrals_closed_to
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.staying import Presence, presence


@dataclass(frozen=True)
class InHouse:
    """One resident, as the people on duty need her: in which bed, whether she is in, how much there is to read."""

    now: dt.datetime
    ref: uuid.UUID
    alias: str
    code: str
    sex: Sex
    birth_month: dt.date | None
    of_age_on: dt.date | None
    house: str
    time_zone: str
    room_label: str
    bed_label: str
    away_kind: LeaveKind | None
    due_back: dt.datetime | None
    without_notice: bool | None
    caregiver: str | None
    notes: int
    allergies: int
    medicines: int
    asked: bool  # whether anybody asked for allergies

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def bed(self) -> str:
        return bed_name(self.room_label, self.bed_label)

    @property
    def presence(self) -> Presence:
        return presence(self.due_back, self.now)

    @property
    def age_months(self) -> int | None:
        return (
            None if self.birth_month is None else age_in_months(self.birth_month, self.now.astimezone(self.zone).date())
        )

    @property
    def adult(self) -> bool:
        today = self.now.astimezone(self.zone).date()
        return not is_child(self.birth_month, self.of_age_on, today)


def in_houses(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[InHouse]:
    """Everyone this person may see who lives in a house, in the order of houses, rooms and beds."""
    caregiver, carer = aliased(Account), aliased(Resident)

    def alerts(*kinds: AlertKind) -> ScalarSelect[int]:
        return (
            select(func.count())
            .where(Alert.resident_id == Resident.id, Alert.until.is_(None), Alert.kind.in_(kinds))
            .correlate(Resident)
            .scalar_subquery()
        )

    medicines = (
        select(func.count())
        .where(Medicine.resident_id == Resident.id, Medicine.until.is_(None))
        .correlate(Resident)
        .scalar_subquery()
    )
    asked = exists().where(IntakeAnswer.placement_id == Placement.id, IntakeAnswer.item == IntakeItem.ALLERGIES)
    rows = session.execute(
        select(
            Resident.ref,
            Resident.alias,
            Resident.code,
            Resident.sex,
            Resident.birth_month,
            Resident.of_age_on,
            House.name,
            House.time_zone,
            Room.label,
            Bed.label,
            Leave.kind,
            Leave.due_back,
            Leave.without_notice,
            func.coalesce(caregiver.shown_name, carer.alias),
            alerts(AlertKind.DO, AlertKind.NEVER),
            alerts(AlertKind.ALLERGY),
            medicines,
            asked,
        )
        .select_from(Stay)
        .join(Resident, Resident.id == Stay.resident_id)
        .join(Placement, Placement.id == Stay.placement_id)
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .outerjoin(Leave, and_(Leave.placement_id == Placement.id, Leave.back_at.is_(None)))
        .outerjoin(caregiver, caregiver.id == Leave.caregiver_id)
        .outerjoin(carer, carer.id == Leave.caring_resident_id)
        .where(Stay.ended_at.is_(None), Resident.id.in_(living_seen_by(account_id, role)))
        .order_by(
            House.position, House.id, Room.position, Room.id, func.length(Bed.label), Bed.label, Stay.sharing, Stay.id
        )
    ).all()
    return [InHouse(now, *tuple(row)) for row in rows]


class Unanswered(NamedTuple):
    """A family that lives in a house and for which nobody answers: the house, and its referral where there is one."""

    house: str
    number: int | None


def nobody_answers_for(session: Session, *, account_id: int) -> list[Unanswered]:
    """The families in her houses without any caseworker, longest here first. No name: she may not see them yet."""
    member = aliased(Resident)
    looked_after = exists().where(member.household_id == Resident.household_id, answered_for(member))
    rows = session.execute(
        select(House.name, func.max(Referral.number))
        .select_from(Resident)
        .join(House, House.id == Resident.house_id)
        .join(Placement, and_(Placement.resident_id == Resident.id, Placement.left_at.is_(None)))
        .outerjoin(Referral, Referral.id == Placement.referral_id)
        .where(
            House.id.in_(cleared_house_ids(account_id)),
            ~looked_after,
            Resident.id.not_in(denied_to(account_id)),
            or_(Referral.id.is_(None), Referral.id.not_in(referrals_closed_to(account_id))),
        )
        .group_by(Resident.household_id, House.id, House.name)
        .order_by(func.min(Placement.arrived_at), Resident.household_id)
    )
    return [Unanswered(house, number) for house, number in rows]


def referrals_waiting(session: Session, *, account_id: int) -> tuple[int, dt.datetime | None]:
    """How many referrals nobody has answered, or that were asked to wait, and since when the oldest; without those of
    which she must know nothing."""
    row = session.execute(
        select(func.count(), func.min(Referral.taken_at)).where(
            Referral.state.in_((ReferralState.NEW, ReferralState.WAITING)),
            Referral.id.not_in(referrals_closed_to(account_id)),
        )
    ).one()
    return row[0], row[1]
