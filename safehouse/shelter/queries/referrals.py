"""Reads about referrals: who waits, what was answered, and the family as the rules see it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from safehouse.access.models import House
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.models import Resident, Sex
from safehouse.shelter.choices import Need, ReferralSource, ReferralState, Urgency
from safehouse.shelter.models import Bed, Hold, Placement, Referral, ReferralPerson, Room
from safehouse.shelter.rules.people import Person

WAITING = (ReferralState.NEW, ReferralState.WAITING)
ANSWERED_DAYS = 7


@dataclass(frozen=True, slots=True)
class Member:
    sex: Sex
    adult: bool
    age_months: int | None


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """One referral on a list. `held_until` and `house` say how far it has come; `house` is one of hers or None."""

    ref: uuid.UUID
    number: int
    source: ReferralSource
    urgency: Urgency
    state: ReferralState
    taken_at: dt.datetime
    family: tuple[Member, ...]
    held_until: dt.datetime | None
    house: str | None


def find_referral(session: Session, ref: uuid.UUID) -> Referral | None:
    return session.scalar(select(Referral).where(Referral.ref == ref))


def referral_lines(session: Session, *, account_id: int, now: dt.datetime) -> list[ReferralLine]:
    """Those that wait, the oldest first, then those answered within a week, newest first; in four statements.

    Referrals are the whole unit's; in which house a family lives is told to those who work there alone.
    """
    rows = session.execute(
        select(
            Referral.id,
            Referral.ref,
            Referral.number,
            Referral.source,
            Referral.urgency,
            Referral.state,
            Referral.taken_at,
        )
        .where(Referral.state.in_(WAITING) | (Referral.taken_at > now - dt.timedelta(days=ANSWERED_DAYS)))
        .order_by(Referral.taken_at)
    ).all()
    ids = [row.id for row in rows]
    families = _families(session, ids)
    held: dict[int, dt.datetime] = {}
    for referral_id, expires in session.execute(
        select(Hold.referral_id, func.min(Hold.expires_at))
        .where(Hold.referral_id.in_(ids), Hold.released_at.is_(None), Hold.expires_at > now)
        .group_by(Hold.referral_id)
    ):
        held[referral_id] = expires if expires.tzinfo else expires.replace(tzinfo=dt.UTC)
    placed = session.execute(
        select(Placement.referral_id, House.name)
        .join(Resident, Resident.id == Placement.resident_id)
        .join(House, House.id == Resident.house_id)
        .where(Placement.referral_id.in_(ids), Placement.left_at.is_(None), House.id.in_(cleared_house_ids(account_id)))
    )
    houses: dict[int | None, str] = {row[0]: row[1] for row in placed}
    lines = [
        ReferralLine(
            row.ref,
            row.number,
            row.source,
            row.urgency,
            row.state,
            row.taken_at,
            tuple(families.get(row.id, ())),
            held.get(row.id),
            houses.get(row.id),
        )
        for row in rows
    ]
    waiting = [line for line in lines if line.state in WAITING]
    answered = [line for line in reversed(lines) if line.state not in WAITING]
    return waiting + answered


def _families(session: Session, ids: Sequence[int]) -> dict[int, list[Member]]:
    families: dict[int, list[Member]] = {}
    for referral_id, sex, adult, months in session.execute(
        select(ReferralPerson.referral_id, ReferralPerson.sex, ReferralPerson.adult, ReferralPerson.age_months)
        .where(ReferralPerson.referral_id.in_(ids))
        .order_by(ReferralPerson.referral_id, ReferralPerson.position)
    ):
        families.setdefault(referral_id, []).append(Member(sex, adult, months))
    return families


def family_of(referral: Referral) -> tuple[Person, ...]:
    """The family as the rules see it; the key of a person is her position in it."""
    return tuple(Person(one.position, one.sex, one.age_months, one.adult) for one in referral.people)


def needs_of(referral: Referral) -> frozenset[Need]:
    return frozenset(one.need for one in referral.needs)


def placed_house_ids(session: Session, *, referral_id: int) -> set[int]:
    """The houses in which the people of this referral live now."""
    return set(
        session.scalars(
            select(Resident.house_id)
            .join(Placement, Placement.resident_id == Resident.id)
            .where(Placement.referral_id == referral_id, Placement.left_at.is_(None), Resident.house_id.is_not(None))
        )
    )


def bed_place(session: Session, ref: uuid.UUID) -> tuple[int, int] | None:
    """(bed, house) of a bed that stands, or None."""
    row = session.execute(
        select(Bed.id, Room.house_id).join(Room, Room.id == Bed.room_id).where(Bed.ref == ref, Bed.removed_at.is_(None))
    ).first()
    return (row[0], row[1]) if row else None
