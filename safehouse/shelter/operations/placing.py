"""Giving a family its beds, all of them in one transaction, or none."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountDiscipline, AccountState, CoSignature, Discipline, House
from safehouse.access.models import Act as ActRow
from safehouse.access.operations.acts import NotUndoable
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Household, Resident
from safehouse.residents.operations.people import (
    NewPerson,
    assign,
    end_assignment,
    make_resident,
    rest_alias,
    use_alias,
)
from safehouse.shelter.choices import BedKind, PlacementBasis, ReferralState, StayEnd
from safehouse.shelter.models import (
    AgainstAdvice,
    Bed,
    Departure,
    Leave,
    Placement,
    Referral,
    ReferralPerson,
    Stay,
)
from safehouse.shelter.operations.answering import waiting_state
from safehouse.shelter.operations.cleaning import not_used_after_all, take_into_use
from safehouse.shelter.operations.families import household_of, must_not_share
from safehouse.shelter.operations.holding import BedTaken, release_holds
from safehouse.shelter.queries.deciding import readiness
from safehouse.shelter.queries.leaves import LEAVE_LASTED
from safehouse.shelter.queries.referrals import may_know_household
from safehouse.shelter.rules.arranging import Place
from safehouse.shelter.rules.labels import laid_label
from safehouse.shelter.rules.reasons import Reason, ReasonKind, Standing
from safehouse.shelter.rules.suggesting import Option
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class PlacementRefusal(StrEnum):
    ALREADY_ANSWERED = "already_answered"
    BED_TAKEN = "bed_taken"
    IN_FUTURE = "in_future"
    BEFORE_BED_WAS_FREE = "before_bed_was_free"
    EXIT_BEFORE_ARRIVAL = "exit_before_arrival"
    EXIT_AFTER_LIMIT = "exit_after_limit"
    NEEDS_SECOND_PERSON = "needs_second_person"
    MUST_NOT_SHARE = "must_not_share"


class PlacementRefused(Exception):
    def __init__(self, reason: PlacementRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Override:
    """A place against advice: the reason in words and the second person's signature."""

    reason: str
    co_signature: CoSignature


def lock_beds(session: Session, bed_ids: Collection[int]) -> None:
    """Queue up at these beds: whoever comes second sees what the first has done. (On SQLite the writing transaction
    itself is the queue.)"""
    list(session.scalars(select(Bed.id).where(Bed.id.in_(bed_ids)).order_by(Bed.id).with_for_update()))


def needs_second_person(option: Option) -> bool:
    return option.standing is Standing.ADVISED_AGAINST


def place_family(
    session: Session,
    *,
    referral: Referral,
    option: Option,
    aliases: Mapping[int, str],
    arrived_at: dt.datetime,
    planned_exit: dt.date,
    today: dt.date,
    act: ActRow,
    now: dt.datetime,
    by: Actor,
    role: Role,
    override: Override | None = None,
) -> list[Placement]:
    """Place every member of the referred family as the option says. The caller commits.

    `aliases` maps the position in the family to the alias; `today` is the local day. The placement rests on the head's
    decision where that stands, the family was screened and everybody agreed to stay; otherwise it is an emergency, to
    be decided within a day. The limit is the house's. A caseworker who places becomes the family's coordinator, unless
    it follows others of whom she may know nothing: whoever coordinates for those answers for it too. Never in a house
    that somebody lives or works in whom they must not meet, whoever signs. Raises `PlacementRefused`.
    """
    # Two people may answer the same referral: the second waits here and finds it answered.
    session.refresh(referral, with_for_update=True)
    if referral.state not in {ReferralState.NEW, ReferralState.WAITING}:
        raise PlacementRefused(PlacementRefusal.ALREADY_ANSWERED)
    house = session.get_one(House, option.house.id)
    check_times(
        arrived_at=arrived_at, planned_exit=planned_exit, limit_days=house.stay_limit_days, today=today, now=now
    )
    if needs_second_person(option) and override is None:
        raise PlacementRefused(PlacementRefusal.NEEDS_SECOND_PERSON)
    household = household_of(session, referral=referral)
    # Whoever places a family writes alone: nobody whom it must never meet can come between this look and the end.
    if must_not_share(session, household=household, house_id=house.id, now=now, by=by):
        raise PlacementRefused(PlacementRefusal.MUST_NOT_SHARE)
    known = may_know_household(session, referral, account_id=by.person_id, role=role)
    release_holds(session, referral=referral, now=now, by=by)
    people = sorted(referral.people, key=lambda one: one.position)
    ready = readiness(session, referral, today=now.astimezone(ZoneInfo(house.time_zone)).date())
    basis = PlacementBasis.DECIDED if ready.rests_on_decision else PlacementBasis.EMERGENCY
    residents = _residents(session, people, aliases, household, today=today, now=now, by=by)
    beds = _beds_for(session, option.places)
    placements = []
    try:
        with session.begin_nested():
            for place in sorted(option.places, key=lambda one: one.sharing):
                resident = residents[place.person_key]
                placements.append(
                    _arrive(
                        session,
                        resident,
                        house=house,
                        bed_id=beds[place.person_key],
                        sharing=place.sharing,
                        referral=referral,
                        arrived_at=arrived_at,
                        planned_exit=planned_exit,
                        basis=basis,
                    )
                )
            session.flush()
    except IntegrityError as clash:
        _explain(session, clash, arrived_at=arrived_at, now=now)
    take_into_use(session, bed_ids=set(beds.values()), at=arrived_at)
    referral.state = ReferralState.ACCEPTED
    for resident in residents.values():
        use_alias(session, resident=resident, house_id=house.id, alias=resident.alias, since=arrived_at)
        record(session, now=now, by=by, act=Act.PLACED, subject=resident.ref, subjects=(referral.ref, house.ref))
    if override is not None:
        keep_override(session, act=act, household=household, reasons=option.reasons, override=override, now=now, by=by)
    if role is Role.CASEWORKER:
        answering = None if known else _coordinator_of(session, household)
        _answer_for_them(session, residents.values(), *(answering or _herself(session, by)), now=now, by=by)
    return placements


def name_family(
    session: Session,
    *,
    referral: Referral,
    aliases: Mapping[int, str],
    today: dt.date,
    now: dt.datetime,
    by: Actor,
) -> dict[int, Resident]:
    """The people of a referral get their names and codes before they arrive: consent is hers by name. Position in the
    family -> resident. Raises `PlacementRefused` when the referral was answered meanwhile; the caller commits."""
    session.refresh(referral, with_for_update=True)
    if referral.state not in {ReferralState.NEW, ReferralState.WAITING}:
        raise PlacementRefused(PlacementRefusal.ALREADY_ANSWERED)
    people = sorted(referral.people, key=lambda one: one.position)
    household = household_of(session, referral=referral)
    return _residents(session, people, aliases, household, today=today, now=now, by=by)


def undo_placement(session: Session, *, referral: Referral, now: dt.datetime, by: Actor) -> None:
    """Take the placing back: the stays keep no length, the beds are free, the referral waits again, and nobody answers
    for a family that waits.

    Only as long as nothing was built on it: no move, leave or departure. Raises `NotUndoable`.
    """
    placements = list(
        session.scalars(
            select(Placement).where(Placement.referral_id == referral.id, Placement.left_at.is_(None)).with_for_update()
        )
    )
    ids = [placement.id for placement in placements]
    stays = list(session.scalars(select(Stay).where(Stay.placement_id.in_(ids))))
    built_on = session.scalar(
        select(Leave.id).where(Leave.placement_id.in_(ids), LEAVE_LASTED).limit(1)
    ) or session.scalar(select(Departure.id).where(Departure.placement_id.in_(ids)).limit(1))
    if not placements or built_on or any(stay.ended_at is not None for stay in stays):
        raise NotUndoable
    for stay in stays:
        stay.ended_at, stay.ended_by = stay.started_at, StayEnd.UNDONE
        clear_mattress(session, stay.bed_id, now)
        not_used_after_all(session, bed_id=stay.bed_id, since=stay.started_at)
    for placement in placements:
        placement.left_at = placement.closed_at = placement.arrived_at
        resident = session.get_one(Resident, placement.resident_id)
        resident.house_id = None
        rest_alias(session, resident=resident, until=placement.arrived_at)
        for account in session.scalars(_answering_for(resident)).all():
            end_assignment(session, resident=resident, account=account, now=now, by=by)
        record(session, now=now, by=by, act=Act.PLACEMENT_UNDONE, subject=resident.ref)
    referral.state = waiting_state(session, referral)


def check_times(
    *, arrived_at: dt.datetime, planned_exit: dt.date, limit_days: int, today: dt.date, now: dt.datetime
) -> None:
    """Arrival not in the future, exit after arrival and within the house's limit. Raises `PlacementRefused`."""
    if arrived_at > now:
        raise PlacementRefused(PlacementRefusal.IN_FUTURE)
    if planned_exit < today:
        raise PlacementRefused(PlacementRefusal.EXIT_BEFORE_ARRIVAL)
    if planned_exit > today + dt.timedelta(days=limit_days):
        raise PlacementRefused(PlacementRefusal.EXIT_AFTER_LIMIT)


def lay_mattress(session: Session, *, room_id: int, kind: BedKind) -> Bed:
    """A mattress (or cot) laid on the spot, counted over capacity; its label is the next free number."""
    used = set(session.scalars(select(Bed.label).where(Bed.room_id == room_id, Bed.removed_at.is_(None))))
    label = laid_label("Boks" if kind is BedKind.COT else "Kasur", used)
    bed = Bed(room_id=room_id, label=label, kind=BedKind.MATTRESS)
    session.add(bed)
    session.flush()
    return bed


def clear_mattress(session: Session, bed_id: int, now: dt.datetime) -> None:
    """A mattress goes when its person leaves it."""
    bed = session.get_one(Bed, bed_id)
    if bed.kind is BedKind.MATTRESS:
        bed.removed_at = now


def keep_override(
    session: Session,
    *,
    act: ActRow,
    household: Household,
    reasons: Sequence[Reason],
    override: Override,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Why a place against advice was chosen, sealed with the household's key; the record names what was unmet."""
    unmet = ",".join(reason.code for reason in reasons if reason.kind is ReasonKind.UNMET)[:400]
    row = AgainstAdvice(act_id=act.id, household_id=household.id, co_signature_id=override.co_signature.id, unmet=unmet)
    row.reason = seal(session, row, "reason", override.reason, key=key_of(session, household.ref))
    session.add(row)
    record(session, now=now, by=by, act=Act.PLACED_AGAINST_ADVICE, subject=household.ref, fields=unmet.split(","))


def _residents(
    session: Session,
    people: Sequence[ReferralPerson],
    aliases: Mapping[int, str],
    household: Household,
    *,
    today: dt.date,
    now: dt.datetime,
    by: Actor,
) -> dict[int, Resident]:
    residents = {}
    for one in people:
        alias = aliases[one.position]
        if one.resident_id is not None:
            resident = session.get_one(Resident, one.resident_id)
            resident.alias = alias
        else:
            resident = make_resident(
                session,
                household=household,
                person=NewPerson(one.sex, one.adult, one.age_months),
                alias=alias,
                today=today,
                now=now,
                by=by,
            )
            one.resident_id = resident.id
        residents[one.position] = resident
    return residents


def _beds_for(session: Session, places: Sequence[Place]) -> dict[int, int]:
    """The bed of each person; what is made on the spot is made now, and shared where the option shares it."""
    beds = {
        place.person_key: lay_mattress(session, room_id=place.room_id, kind=place.kind).id
        for place in places
        if place.extra
    }
    for place in places:
        if place.bed_id is not None:
            beds[place.person_key] = place.bed_id
    for place in places:
        if place.shares_with is not None:
            beds[place.person_key] = beds[place.shares_with]
    return beds


def _arrive(
    session: Session,
    resident: Resident,
    *,
    house: House,
    bed_id: int,
    sharing: bool,
    referral: Referral,
    arrived_at: dt.datetime,
    planned_exit: dt.date,
    basis: PlacementBasis,
) -> Placement:
    previous = session.scalar(
        select(Placement.id).where(Placement.resident_id == resident.id).order_by(Placement.arrived_at.desc()).limit(1)
    )
    placement = Placement(
        resident_id=resident.id,
        referral_id=referral.id,
        previous_id=previous,
        arrived_at=arrived_at,
        limit_days=house.stay_limit_days,
        planned_exit=planned_exit,
        basis=basis,
    )
    session.add(placement)
    session.flush()
    session.add(
        Stay(placement_id=placement.id, resident_id=resident.id, bed_id=bed_id, sharing=sharing, started_at=arrived_at)
    )
    resident.house_id = house.id
    return placement


def _explain(session: Session, clash: IntegrityError, *, arrived_at: dt.datetime, now: dt.datetime) -> None:
    """The table refused: either somebody has the bed now, or had it still at the hour that was written."""
    said = str(clash.orig)
    if "uq_stay_open_bed" in said or "stay.bed_id" in said:
        raise PlacementRefused(PlacementRefusal.BED_TAKEN) from clash
    if "overlap" in said or "ex_stay_bed_period" in said:
        recent = now - arrived_at < dt.timedelta(minutes=1)
        raise PlacementRefused(
            PlacementRefusal.BED_TAKEN if recent else PlacementRefusal.BEFORE_BED_WAS_FREE
        ) from clash
    raise clash


def _answer_for_them(
    session: Session,
    residents: Collection[Resident],
    account: Account,
    discipline: Discipline | None,
    *,
    now: dt.datetime,
    by: Actor,
) -> None:
    if discipline is None:
        return
    for resident in residents:
        if account not in session.scalars(_answering_for(resident)).all():
            assign(session, resident=resident, account=account, discipline=discipline, coordinator=True, now=now, by=by)


def _herself(session: Session, by: Actor) -> tuple[Account, Discipline | None]:
    """The caseworker who places, in her own discipline; none where she has none."""
    account = session.get_one(Account, by.account_id)
    disciplines = sorted(
        session.scalars(select(AccountDiscipline.discipline).where(AccountDiscipline.account_id == account.id))
    )
    own = Discipline.SOCIAL_WORK if Discipline.SOCIAL_WORK in disciplines else next(iter(disciplines), None)
    return account, own


def _coordinator_of(session: Session, household: Household) -> tuple[Account, Discipline] | None:
    """Who coordinates for others of the household, first for those who live in a house, in a discipline she has."""
    row = session.execute(
        select(Account, Assignment.discipline)
        .join(Assignment, Assignment.account_id == Account.id)
        .join(Resident, Resident.id == Assignment.resident_id)
        .join(
            AccountDiscipline,
            (AccountDiscipline.account_id == Account.id) & (AccountDiscipline.discipline == Assignment.discipline),
        )
        .where(
            Resident.household_id == household.id,
            Assignment.until.is_(None),
            Assignment.coordinator,
            Account.role == Role.CASEWORKER,
            Account.state == AccountState.ACTIVE,
        )
        .order_by(Resident.house_id.is_(None), Assignment.since, Assignment.id)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def _answering_for(resident: Resident) -> Select[Account]:
    return (
        select(Account)
        .join(Assignment, Assignment.account_id == Account.id)
        .where(Assignment.resident_id == resident.id, Assignment.until.is_(None))
    )


__all__ = [
    "BedTaken",
    "Override",
    "PlacementRefusal",
    "PlacementRefused",
    "check_times",
    "clear_mattress",
    "keep_override",
    "lay_mattress",
    "lock_beds",
    "name_family",
    "needs_second_person",
    "place_family",
    "undo_placement",
]
