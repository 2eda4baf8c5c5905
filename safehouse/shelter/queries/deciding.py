"""What a decision about a family needs to know: the facts, who may take it, and how far the family is."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountState, Clearance, Delegation, House
from safehouse.access.models import Act as ActRow
from safehouse.access.permissions import Permission, Role, allows
from safehouse.residents.models import Conflict, ConsentItem, Resident
from safehouse.residents.queries.consents import agreed_to
from safehouse.residents.queries.people import denied_to, seen_by
from safehouse.shelter.choices import BedKind, DecidedAs, PlacementBasis
from safehouse.shelter.models import AgainstAdvice, Bed, Decision, Hold, Placement, Referral, Room, Screening, Stay
from safehouse.shelter.models.stays import LASTED
from safehouse.shelter.rules.deciding import Readiness, capacity


@dataclass(frozen=True, slots=True)
class Standing:
    """The decision that stands, with the words of the capacity it was taken in."""

    ref: uuid.UUID
    number: int
    house_id: int | None
    granted: bool
    decided_as: DecidedAs
    at: dt.datetime
    by_id: int
    by: str
    has_words: bool


def standing_decision(session: Session, referral: Referral) -> Decision | None:
    return session.scalar(select(Decision).where(Decision.referral_id == referral.id, Decision.undone_at.is_(None)))


def shown_decision(session: Session, referral: Referral) -> Standing | None:
    row = session.execute(
        select(Decision, Account.shown_name)
        .join(Account, Account.id == Decision.by_id)
        .where(Decision.referral_id == referral.id, Decision.undone_at.is_(None))
    ).first()
    if row is None:
        return None
    one = row.Decision
    return Standing(
        one.ref,
        one.number,
        one.house_id,
        one.granted,
        one.decided_as,
        one.at,
        one.by_id,
        row.shown_name,
        one.words is not None,
    )


def earlier_decision(session: Session, referral: Referral) -> int | None:
    """The number of the newest decision that counts no more, where none stands."""
    newest = session.execute(
        select(Decision.number, Decision.undone_at)
        .where(Decision.referral_id == referral.id)
        .order_by(Decision.number.desc())
        .limit(1)
    ).first()
    return newest.number if newest is not None and newest.undone_at is not None else None


def residents_of(session: Session, referral: Referral) -> list[Resident]:
    """The people of this referral who have a name here, in the order of the family."""
    known = [one.resident_id for one in referral.people if one.resident_id is not None]
    rows = {one.id: one for one in session.scalars(select(Resident).where(Resident.id.in_(known)))}
    return [rows[number] for number in known]


def aliases_given(session: Session, referral: Referral) -> dict[int, str]:
    """Position in the family -> the alias chosen when the consent was read, or at an arrival that was undone."""
    names = {one.id: one.alias for one in residents_of(session, referral)}
    return {one.position: names[one.resident_id] for one in referral.people if one.resident_id is not None}


def readiness(session: Session, referral: Referral, *, today: dt.date) -> Readiness:
    """Screened, agreed by every one of them, decided by the head: as it stands now, on this local day."""
    residents = residents_of(session, referral)
    complete = len(residents) == len(referral.people)
    agreed = complete and agreed_to(session, residents=residents, item=ConsentItem.STAY, today=today) >= {
        one.id for one in residents
    }
    decision = standing_decision(session, referral)
    screened = session.scalar(select(exists().where(Screening.referral_id == referral.id)))
    return Readiness(bool(screened), agreed, decision is not None and decision.granted)


def open_placements(session: Session, referral: Referral) -> list[Placement]:
    """Where its people live now, the first to arrive first."""
    return list(
        session.scalars(
            select(Placement)
            .where(Placement.referral_id == referral.id, Placement.left_at.is_(None))
            .order_by(Placement.arrived_at, Placement.id)
        )
    )


def held_house_ids(session: Session, referral: Referral, *, now: dt.datetime) -> set[int]:
    """The houses in which beds are held for it now."""
    return set(
        session.scalars(
            select(Room.house_id)
            .join(Bed, Bed.room_id == Room.id)
            .join(Hold, Hold.bed_id == Bed.id)
            .where(Hold.referral_id == referral.id, Hold.released_at.is_(None), Hold.expires_at > now)
        )
    )


def held_until(session: Session, referral: Referral, *, now: dt.datetime) -> dt.datetime | None:
    """Until when beds are held for it; None where none is held now."""
    return session.scalar(
        select(Hold.expires_at)
        .where(Hold.referral_id == referral.id, Hold.released_at.is_(None), Hold.expires_at > now)
        .limit(1)
    )


def mattresses_of(session: Session, placements: Sequence[Placement]) -> int:
    """On how many mattresses or cots laid on the spot, over capacity, they sleep now."""
    return (
        session.scalar(
            select(func.count(Bed.id.distinct()))
            .join(Stay, Stay.bed_id == Bed.id)
            .where(
                Stay.placement_id.in_([one.id for one in placements]),
                Stay.ended_at.is_(None),
                Bed.kind == BedKind.MATTRESS,
            )
        )
        or 0
    )


def placed_by(session: Session, referral: Referral) -> tuple[int, str] | None:
    """(account, name) of whoever recorded the arrival that stands."""
    row = session.execute(
        select(Account.id, Account.shown_name)
        .join(ActRow, ActRow.account_id == Account.id)
        .where(ActRow.kind == "placing:place", ActRow.subject == referral.ref, ActRow.undone_by_id.is_(None))
        .order_by(ActRow.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def unmet_advice(session: Session, referral: Referral) -> tuple[str, ...]:
    """What spoke against the place when it was chosen, as codes; nothing for a place that was advised."""
    unmet = session.scalar(
        select(AgainstAdvice.unmet)
        .join(ActRow, ActRow.id == AgainstAdvice.act_id)
        .where(ActRow.kind == "placing:place", ActRow.subject == referral.ref, ActRow.undone_by_id.is_(None))
        .order_by(ActRow.id.desc())
        .limit(1)
    )
    return tuple(filter(None, (unmet or "").split(",")))


def deciders(
    session: Session, referral: Referral, *, now: dt.datetime, house_ids: Collection[int] = ()
) -> dict[Account, DecidedAs]:
    """Everyone who can decide about this family at this moment, and in which capacity, by name.

    Who is away for good, denied to one of them, related to what happened to them or not working in their house decides
    nothing, and holds up nobody who can. `house_ids` are houses in which they are about to live.
    """
    able = _able(session, referral, now=now, house_ids=house_ids)
    numbers = {one.id for one in able}
    acting = [
        (one.account_id, one.kind)
        for one in session.scalars(
            select(Delegation)
            .where(Delegation.ended_at.is_(None), Delegation.since <= now, Delegation.until >= now)
            .order_by(Delegation.id)
        )
        if one.account_id in numbers
    ]
    any_head = any(one.is_head for one in able)
    found = {one: capacity(account_id=one.id, is_head=one.is_head, acting=acting, any_head=any_head) for one in able}
    return {one: as_what for one, as_what in found.items() if as_what is not None}


def decides_as(session: Session, referral: Referral, account: Account, *, now: dt.datetime) -> DecidedAs | None:
    """In which capacity she decides about this family at this moment, or None when it is not hers to decide."""
    return deciders(session, referral, now=now).get(account)


def leads_all_of(session: Session, referral: Referral, *, account_id: int) -> bool:
    """Whether this manager may know of everyone of this family: none is denied to her, and each who was placed lives
    or last lived in a house of hers."""
    known = [one.resident_id for one in referral.people if one.resident_id is not None]
    placed = exists().where(
        Placement.resident_id == Resident.id,
        Placement.referral_id == referral.id,
        LASTED,
    )
    hidden = session.scalar(
        select(Resident.id)
        .where(
            Resident.id.in_(known),
            Resident.id.in_(denied_to(account_id)) | (placed & ~seen_by(account_id, Role.MANAGER)),
        )
        .limit(1)
    )
    return hidden is None


def _able(session: Session, referral: Referral, *, now: dt.datetime, house_ids: Collection[int]) -> list[Account]:
    managers = select(Account).where(
        Account.role.in_([role for role in Role if allows(role, Permission.PLACEMENT_CONFIRM)]),
        Account.state == AccountState.ACTIVE,
        Account.unconfirmed_since.is_(None),
        (Account.valid_until.is_(None)) | (Account.valid_until > now),
        ~exists().where(
            Conflict.account_id == Account.id,
            Conflict.household_id == referral.household_id,
            Conflict.lifted_at.is_(None),
        ),
    )
    for house_id in house_ids:
        managers = managers.where(
            Account.id.in_(
                select(Clearance.account_id).where(Clearance.house_id == house_id, Clearance.until.is_(None))
            )
        )
    return [
        one
        for one in session.scalars(managers.order_by(Account.shown_name, Account.id))
        if leads_all_of(session, referral, account_id=one.id)
    ]


def zone_of(session: Session, house_id: int) -> ZoneInfo:
    return ZoneInfo(session.get_one(House, house_id).time_zone)


def is_emergency(placements: Sequence[Placement]) -> bool:
    return any(one.basis is PlacementBasis.EMERGENCY for one in placements)
