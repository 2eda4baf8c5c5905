"""Reads about referrals: who waits, what was answered, and the family as the rules see it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import Agency, House
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.models import DangerLevel, Resident, Sex
from safehouse.residents.queries.danger import danger_levels
from safehouse.shelter.choices import (
    AnswerKind,
    Need,
    ReferralSource,
    ReferralState,
    RefusalGround,
    Urgency,
    WaitingPlace,
)
from safehouse.shelter.models import (
    Bed,
    Hold,
    Placement,
    Referral,
    ReferralAnswer,
    ReferralPerson,
    Room,
    Screening,
)
from safehouse.shelter.rules.people import Person

WAITING = (ReferralState.NEW, ReferralState.WAITING)
ANSWERED_DAYS = 7


@dataclass(frozen=True, slots=True)
class Member:
    sex: Sex
    adult: bool
    age_months: int | None


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """The newest hold of a referral. `house` is one of hers or None; `over` says that it ran out."""

    until: dt.datetime
    over: bool
    house: str | None


@dataclass(frozen=True, slots=True)
class GivenLine:
    """The newest answer that stands."""

    kind: AnswerKind
    at: dt.datetime
    ground: RefusalGround | None
    onward: str | None
    call_again: dt.date | None
    waiting_place: WaitingPlace | None


@dataclass(frozen=True, slots=True)
class ScreeningLine:
    """How far the newest screening has come."""

    unknown: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """One referral on a list, with all that says how far it has come. `house` is one of hers or None."""

    ref: uuid.UUID
    number: int
    source: ReferralSource
    urgency: Urgency
    state: ReferralState
    taken_at: dt.datetime
    family: tuple[Member, ...]
    danger: DangerLevel | None
    screening: ScreeningLine | None
    held: HeldPlace | None
    answer: GivenLine | None
    placed_at: dt.datetime | None
    house: str | None

    @property
    def accepted(self) -> bool:
        """Accepted and on the way; once she is placed, the state says so."""
        return self.answer is not None and self.answer.kind is AnswerKind.ACCEPTED

    @property
    def answered_at(self) -> dt.datetime | None:
        """When the referrer was told; a family placed without further words was answered by that."""
        return self.answer.at if self.answer else self.placed_at


def find_referral(session: Session, ref: uuid.UUID) -> Referral | None:
    return session.scalar(select(Referral).where(Referral.ref == ref))


def referral_lines(session: Session, *, account_id: int, now: dt.datetime) -> list[ReferralLine]:
    """Those that wait and those answered within a week, in the order they came; in eight statements.

    Referrals are the whole unit's; in which house a family lives or will live is told to those who work there alone.
    """
    since = now - dt.timedelta(days=ANSWERED_DAYS)
    lately = select(ReferralAnswer.referral_id).where(ReferralAnswer.at > since)
    rows = session.execute(
        select(
            Referral.id,
            Referral.ref,
            Referral.number,
            Referral.source,
            Referral.urgency,
            Referral.state,
            Referral.taken_at,
            Referral.household_id,
        )
        .where(Referral.state.in_(WAITING) | (Referral.taken_at > since) | Referral.id.in_(lately))
        .order_by(Referral.taken_at, Referral.id)
    ).all()
    ids = [row.id for row in rows]
    families = _families(session, ids)
    dangers = danger_levels(session, [row.household_id for row in rows if row.household_id is not None])
    screenings = _screenings(session, ids)
    holds = _holds(session, ids, account_id=account_id, now=now)
    answers = _answers(session, ids)
    arrivals = _arrivals(session, ids)
    houses = _houses_lived_in(session, ids, account_id=account_id)
    return [
        ReferralLine(
            row.ref,
            row.number,
            row.source,
            row.urgency,
            row.state,
            row.taken_at,
            tuple(families.get(row.id, ())),
            dangers.get(row.household_id),
            screenings.get(row.id),
            holds.get(row.id),
            answers.get(row.id),
            arrivals.get(row.id),
            houses.get(row.id),
        )
        for row in rows
    ]


def _screenings(session: Session, ids: Sequence[int]) -> dict[int, ScreeningLine]:
    newest = select(func.max(Screening.id)).where(Screening.referral_id.in_(ids)).group_by(Screening.referral_id)
    rows = session.execute(
        select(Screening.referral_id, Screening.unknown, Screening.unanswered).where(Screening.id.in_(newest))
    )
    return {row[0]: ScreeningLine(row[1], row[2]) for row in rows}


def _holds(session: Session, ids: Sequence[int], *, account_id: int, now: dt.datetime) -> dict[int, HeldPlace]:
    """What is held, and what was held until it ran out. What was let go of by hand is neither."""
    held: dict[int, HeldPlace] = {}
    for referral_id, expires, released, house in session.execute(
        select(Hold.referral_id, Hold.expires_at, Hold.released_at, House.name)
        .join(Bed, Bed.id == Hold.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .outerjoin(House, and_(House.id == Room.house_id, House.id.in_(cleared_house_ids(account_id))))
        .where(Hold.referral_id.in_(ids))
        .order_by(Hold.id)
    ):
        over = expires <= now if released is None else released >= expires
        if released is not None and not over:
            held.pop(referral_id, None)
        else:
            held[referral_id] = HeldPlace(expires, over, house)
    return held


def _answers(session: Session, ids: Sequence[int]) -> dict[int, GivenLine]:
    rows = session.execute(
        select(
            ReferralAnswer.referral_id,
            ReferralAnswer.kind,
            ReferralAnswer.at,
            ReferralAnswer.ground,
            Agency.name,
            ReferralAnswer.call_again,
            ReferralAnswer.waiting_place,
        )
        .outerjoin(Agency, Agency.id == ReferralAnswer.onward_id)
        .where(ReferralAnswer.referral_id.in_(ids), ReferralAnswer.undone_at.is_(None))
        .order_by(ReferralAnswer.id)
    )
    return {row[0]: GivenLine(*row[1:]) for row in rows}


def _arrivals(session: Session, ids: Sequence[int]) -> dict[int | None, dt.datetime]:
    """When the family of a referral came in; a placing that was undone has no length and is none."""
    rows = session.execute(
        select(Placement.referral_id, Placement.arrived_at)
        .where(
            Placement.referral_id.in_(ids), or_(Placement.left_at.is_(None), Placement.left_at > Placement.arrived_at)
        )
        .order_by(Placement.arrived_at.desc())
    )
    return {row[0]: row[1] for row in rows}


def _houses_lived_in(session: Session, ids: Sequence[int], *, account_id: int) -> dict[int | None, str]:
    rows = session.execute(
        select(Placement.referral_id, House.name)
        .join(Resident, Resident.id == Placement.resident_id)
        .join(House, House.id == Resident.house_id)
        .where(Placement.referral_id.in_(ids), Placement.left_at.is_(None), House.id.in_(cleared_house_ids(account_id)))
    )
    return {row[0]: row[1] for row in rows}


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
