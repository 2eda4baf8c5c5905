"""Reads about referrals: who waits, what was answered, and the family as the rules see it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Agency, House
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.models import Conflict, Danger, DangerLevel, Resident, Sex
from safehouse.residents.queries.people import denied_to, seen_by
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
from safehouse.shelter.models.stays import LASTED
from safehouse.shelter.rules.people import Person

WAITING = (ReferralState.NEW, ReferralState.WAITING)
ANSWERED_DAYS = 7

# Made once: an alias takes every column of its table along, which costs more than the question it stands in.
_CLOSED, _DENIED = aliased(Referral), aliased(Resident)


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


def referrals_closed_to(account_id: int) -> Select[int]:
    """A subquery of the referrals of which this account must know nothing, whether they wait or were answered: those of
    a household with which a check found her related on the reported side, and those of anyone who is denied to her.

    Every reading of a referral leaves these out, and every page of one is nowhere for her.
    """
    hers = _DENIED.id.in_(denied_to(account_id))
    return select(_CLOSED.id).where(
        or_(
            _CLOSED.household_id.in_(
                select(Conflict.household_id).where(Conflict.account_id == account_id, Conflict.lifted_at.is_(None))
            ),
            _CLOSED.household_id.in_(select(_DENIED.household_id).where(hers)),
            # Taken before households were made with the first question, and named since.
            and_(
                _CLOSED.household_id.is_(None),
                exists()
                .where(ReferralPerson.referral_id == _CLOSED.id, _DENIED.id == ReferralPerson.resident_id, hers)
                .correlate(_CLOSED),
            ),
        )
    )


def is_closed_to(session: Session, referral_id: int, *, account_id: int) -> bool:
    """Whether this account must know nothing of this referral, as far as is known by now."""
    closed = select(Referral.id).where(Referral.id == referral_id, Referral.id.in_(referrals_closed_to(account_id)))
    return session.scalar(closed) is not None


def find_referral(session: Session, ref: uuid.UUID, *, account_id: int) -> Referral | None:
    """The referral with this reference; None for a missing one and for one of which she must know nothing alike."""
    return session.scalar(
        select(Referral).where(Referral.ref == ref, Referral.id.not_in(referrals_closed_to(account_id)))
    )


def follows_others(session: Session, referral: Referral) -> bool:
    """Whether it waits for somebody whose family lives, or lived, in a house already."""
    lived = select(Placement.id).join(Resident, Resident.id == Placement.resident_id)
    return (
        referral.state in WAITING
        and referral.household_id is not None
        and session.scalar(lived.where(Resident.household_id == referral.household_id, LASTED).limit(1)) is not None
    )


def may_know_household(session: Session, referral: Referral, *, account_id: int, role: Role | None) -> bool:
    """Whether this person may read, and lower, what is known of the household of a referral she may see.

    A referral that waits is the whole unit's, and so is what is told in it. Where its family lives, or lived, in a
    house already, what that family told is for those who may see one of them: who follows it opens nothing.
    """
    if referral.household_id is None:
        return True
    lived = exists().where(Placement.resident_id == Resident.id, LASTED)
    seen = session.scalars(
        select(seen_by(account_id, role)).where(Resident.household_id == referral.household_id, lived)
    ).all()
    return not seen or any(seen)


def referral_lines(session: Session, *, account_id: int, now: dt.datetime) -> list[ReferralLine]:
    """Those that wait and those answered within a week, in the order they came; in four statements.

    Referrals are the whole unit's, but for those that are closed to her; in which house a family lives or will live is
    told to those who work there alone.
    """
    since = now - dt.timedelta(days=ANSWERED_DAYS)
    rows = session.execute(_LINES, {"since": since, "waiting": list(WAITING), "account": account_id}).all()
    ids = [row.id for row in rows]
    families = _families(session, ids)
    holds = _holds(session, ids, account_id=account_id, now=now)
    arrivals, houses = _placed(session, ids, account_id=account_id)
    return [
        ReferralLine(
            row.ref,
            row.number,
            row.source,
            row.urgency,
            row.state,
            row.taken_at,
            tuple(families.get(row.id, ())),
            row.danger,
            None if row.unknown is None else ScreeningLine(row.unknown, row.unanswered),
            holds.get(row.id),
            None
            if row.kind is None
            else GivenLine(row.kind, row.at, row.ground, row.onward, row.call_again, row.waiting_place),
            arrivals.get(row.id),
            houses.get(row.id),
        )
        for row in rows
    ]


# The newest of each kind stands beside its referral: what came before it is history.
_NEWEST_SCREENING = (
    select(func.max(Screening.id)).where(Screening.referral_id == Referral.id).correlate(Referral).scalar_subquery()
)
_NEWEST_ANSWER = (
    select(func.max(ReferralAnswer.id))
    .where(ReferralAnswer.referral_id == Referral.id, ReferralAnswer.undone_at.is_(None))
    .correlate(Referral)
    .scalar_subquery()
)
_NEWEST_DANGER = (
    select(Danger.level)
    .where(Danger.household_id == Referral.household_id)
    .order_by(Danger.id.desc())
    .limit(1)
    .correlate(Referral)
    .scalar_subquery()
)
_LATELY = aliased(ReferralAnswer)
_ACCOUNT: Any = bindparam("account", type_=Integer)
_LINES = (
    select(
        Referral.id,
        Referral.ref,
        Referral.number,
        Referral.source,
        Referral.urgency,
        Referral.state,
        Referral.taken_at,
        _NEWEST_DANGER.label("danger"),
        Screening.unknown,
        Screening.unanswered,
        ReferralAnswer.kind,
        ReferralAnswer.at,
        ReferralAnswer.ground,
        Agency.name.label("onward"),
        ReferralAnswer.call_again,
        ReferralAnswer.waiting_place,
    )
    .outerjoin(Screening, Screening.id == _NEWEST_SCREENING)
    .outerjoin(ReferralAnswer, ReferralAnswer.id == _NEWEST_ANSWER)
    .outerjoin(Agency, Agency.id == ReferralAnswer.onward_id)
    .where(
        Referral.id.not_in(referrals_closed_to(_ACCOUNT)),
        Referral.state.in_(bindparam("waiting", expanding=True))
        | (Referral.taken_at > bindparam("since"))
        | Referral.id.in_(select(_LATELY.referral_id).where(_LATELY.at > bindparam("since"))),
    )
    .order_by(Referral.taken_at, Referral.id)
)


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


def _placed(
    session: Session, ids: Sequence[int], *, account_id: int
) -> tuple[dict[int | None, dt.datetime], dict[int | None, str]]:
    """When the family of a referral came in, and the house of hers it lives in now. A placing that was undone has no
    length and is none."""
    arrivals: dict[int | None, dt.datetime] = {}
    houses: dict[int | None, str] = {}
    for referral_id, arrived_at, left_at, house in session.execute(
        select(Placement.referral_id, Placement.arrived_at, Placement.left_at, House.name)
        .join(Resident, Resident.id == Placement.resident_id)
        .outerjoin(House, and_(House.id == Resident.house_id, House.id.in_(cleared_house_ids(account_id))))
        .where(Placement.referral_id.in_(ids), LASTED)
        .order_by(Placement.arrived_at.desc())
    ):
        arrivals[referral_id] = arrived_at
        if left_at is None and house is not None:
            houses[referral_id] = house
    return arrivals, houses


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


def left_out(session: Session, referral: Referral) -> list[Resident]:
    """Who was named with this family and does not come with it now: of its household, living nowhere, never placed, and
    with no referral of her own."""
    if referral.household_id is None:
        return []
    return list(
        session.scalars(
            select(Resident)
            .where(
                Resident.household_id == referral.household_id,
                Resident.house_id.is_(None),
                ~exists().where(ReferralPerson.resident_id == Resident.id),
                ~exists().where(Placement.resident_id == Resident.id, LASTED),
            )
            .order_by(Resident.id)
        )
    )


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
