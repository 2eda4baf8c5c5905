"""What happens to someone who lives here: another bed, a planned exit, the end of her stay."""

import datetime as dt
from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Act as ActRow
from safehouse.access.models import House
from safehouse.access.operations.acts import NotUndoable
from safehouse.residents.models import AliasUse, Household, Resident
from safehouse.residents.operations.people import rest_alias, use_alias
from safehouse.residents.queries.safety import barred_house_ids
from safehouse.shelter.choices import BedKind, Destination, StayEnd
from safehouse.shelter.models import Bed, Departure, Hold, Leave, Placement, Room, Stay
from safehouse.shelter.operations.cleaning import (
    leave_unclean,
    not_left_after_all,
    not_used_after_all,
    take_into_use,
)
from safehouse.shelter.operations.placing import Override, clear_mattress, keep_override
from safehouse.shelter.queries.leaves import LEAVE_LASTED
from safehouse.shelter.rules.extending import limit_day
from safehouse.shelter.rules.reasons import Reason, Standing, standing_of
from safehouse.shelter.rules.staying import Kin, left_alone
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record

MOVE = "stay:move"
MOVE_TOGETHER = "stay:move_together"
DEPARTURE = "stay:departure"


class StayRefusal(StrEnum):
    NOT_HERE = "not_here"
    SAME_BED = "same_bed"
    BED_TAKEN = "bed_taken"
    BEFORE_BED_WAS_FREE = "before_bed_was_free"
    IN_FUTURE = "in_future"
    BEFORE_ARRIVAL = "before_arrival"
    BEFORE_LAST_MOVE = "before_last_move"
    BACK_BEFORE_LEAVING = "back_before_leaving"
    AWAY_TOO_LONG = "away_too_long"
    ALREADY_AWAY = "already_away"
    STILL_AWAY_THEN = "still_away_then"
    NOT_AWAY = "not_away"
    AWAY_AFTERWARDS = "away_afterwards"
    EXIT_IN_PAST = "exit_in_past"
    EXIT_AFTER_LIMIT = "exit_after_limit"
    NEEDS_SECOND_PERSON = "needs_second_person"
    NEEDS_CAREGIVER = "needs_caregiver"
    CAREGIVER_LEAVES = "caregiver_leaves"
    CHILD_LEFT_BEHIND = "child_left_behind"
    CHILDREN_ALONE = "children_alone"
    MUST_NOT_SHARE = "must_not_share"
    FAMILY_CHANGED = "family_changed"


class StayRefused(Exception):
    """`last_day` is told where a day was too late: the last one that would do."""

    def __init__(self, reason: StayRefusal, last_day: dt.date | None = None):
        super().__init__(reason)
        self.reason, self.last_day = reason, last_day


def lock_household(session: Session, household_id: int) -> None:
    """Whoever moves somebody of this family waits here for those who do the same: where the others sleep must not
    change while it is weighed."""
    session.scalar(select(Household.id).where(Household.id == household_id).with_for_update(key_share=True))


def locked_placement(session: Session, resident: Resident) -> Placement:
    """Her placement, locked for this transaction. Raises `StayRefused` when she does not live here."""
    placement = session.scalar(
        select(Placement).where(Placement.resident_id == resident.id, Placement.left_at.is_(None)).with_for_update()
    )
    if placement is None:
        raise StayRefused(StayRefusal.NOT_HERE)
    return placement


def check_move(
    session: Session, *, resident: Resident, bed_id: int | None, moved_at: dt.datetime, now: dt.datetime
) -> Stay:
    """Her present stay, if she may go to this bed at this moment; `bed_id` is None for a mattress not yet laid.

    Asked before a second person spends her code. Raises `StayRefused`.
    """
    if moved_at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    current = open_stay(session, locked_placement(session, resident))
    if current.bed_id == bed_id and not current.sharing:
        raise StayRefused(StayRefusal.SAME_BED)
    check_after_start(session, current, moved_at)
    if bed_id is not None:
        check_free(session, bed_id, moved_at, but=[current.id])
    return current


def move(
    session: Session,
    *,
    resident: Resident,
    bed: Bed,
    reasons: Sequence[Reason],
    act: ActRow,
    moved_at: dt.datetime,
    now: dt.datetime,
    by: Actor,
    override: Override | None = None,
) -> Stay:
    """Another bed; the placement and its limit go on. A small child sharing her bed comes along.

    `reasons` are those of the rule for this room: a place against advice needs an override. Raises `StayRefused`.
    """
    current = check_move(session, resident=resident, bed_id=bed.id, moved_at=moved_at, now=now)
    house_id = house_of(session, bed)
    if is_barred(session, resident, house_id):
        raise StayRefused(StayRefusal.MUST_NOT_SHARE)
    if standing_of(tuple(reasons)) is Standing.ADVISED_AGAINST and override is None:
        raise StayRefused(StayRefusal.NEEDS_SECOND_PERSON)
    beside = [] if current.sharing else _sharing(session, current.bed_id)
    made = []
    try:
        with session.begin_nested():
            for stay in (current, *beside):
                stay.ended_at, stay.ended_by = max(moved_at, stay.started_at), StayEnd.MOVED
            session.flush()
            for stay in (current, *beside):
                after = Stay(
                    placement_id=stay.placement_id,
                    resident_id=stay.resident_id,
                    bed_id=bed.id,
                    sharing=stay is not current,
                    started_at=stay.ended_at or moved_at,
                )
                session.add(after)
                made.append(after)
            session.flush()
    except IntegrityError as clash:
        # Somebody came in between after all.
        raise StayRefused(StayRefusal.BED_TAKEN) from clash
    left_behind(session, {current.bed_id}, since=moved_at, now=now, by=by)
    take_into_use(session, bed_ids=[bed.id], at=moved_at)
    for stay in made:
        mover = session.get_one(Resident, stay.resident_id)
        lives_in(session, mover, house_id, since=moved_at)
        record(session, now=now, by=by, act=Act.MOVED, subject=mover.ref)
    if override is not None:
        keep_override(
            session,
            act=act,
            household=session.get_one(Household, resident.household_id),
            reasons=reasons,
            override=override,
            now=now,
            by=by,
        )
    return made[0]


def undo_move(session: Session, *, resident: Resident, act: ActRow, now: dt.datetime, by: Actor) -> None:
    """Back to the bed she came from, with whoever shares it, if nothing was built on it. Raises `NotUndoable`.

    The stay that was undone keeps no length.
    """
    lock_household(session, resident.household_id)
    later = moved_later(session, act, resident.household_id, resident)
    current = session.scalar(
        select(Stay).where(Stay.resident_id == resident.id, Stay.ended_at.is_(None)).with_for_update()
    )
    if later or current is None:
        raise NotUndoable
    pairs = [(current, stay_before(session, current))]
    if not current.sharing:
        pairs += [(stay, stay_before(session, stay)) for stay in _sharing(session, current.bed_id)]
    left = session.get_one(Bed, pairs[0][1].bed_id)
    house_id = house_of(session, left)
    if any(before.bed_id != left.id for _stay, before in pairs) or is_barred(session, resident, house_id):
        raise NotUndoable
    try:
        with session.begin_nested():
            for stay, _before_it in pairs:
                stay.ended_at, stay.ended_by = stay.started_at, StayEnd.UNDONE
            session.flush()
            for _stay, before in sorted(pairs, key=lambda pair: pair[1].sharing):
                reopen_stay(session, before, now)
            session.flush()
    except IntegrityError as clash:
        raise NotUndoable from clash
    # Nobody slept there: a mattress goes, and what was to be cleaned before is so again.
    clear_if_empty(session, {current.bed_id}, now)
    not_used_after_all(session, bed_id=current.bed_id, since=current.started_at)
    for _stay, before in pairs:
        mover = session.get_one(Resident, before.resident_id)
        lives_in(session, mover, house_id, since=now, again=True)
        record(session, now=now, by=by, act=Act.MOVED, subject=mover.ref, purpose="undone")


def plan_exit(
    session: Session,
    *,
    residents: Sequence[Resident],
    day: dt.date,
    today: dt.date,
    zone: dt.tzinfo,
    now: dt.datetime,
    by: Actor,
) -> None:
    """The local day they plan to leave: not past, and within the limit of each. Raises `StayRefused`.

    The limit itself is moved by an extension and by nothing else.
    """
    if day < today:
        raise StayRefused(StayRefusal.EXIT_IN_PAST)
    placements = [locked_placement(session, resident) for resident in residents]
    last = min(
        limit_day(placement.arrived_at.astimezone(zone).date(), placement.limit_days) for placement in placements
    )
    if day > last:
        raise StayRefused(StayRefusal.EXIT_AFTER_LIMIT, last)
    for resident, placement in zip(residents, placements, strict=True):
        placement.planned_exit = day
        record(session, now=now, by=by, act=Act.EXIT_PLANNED, subject=resident.ref)


def depart(
    session: Session,
    *,
    residents: Sequence[Resident],
    at: dt.datetime,
    place_kind: Destination,
    now: dt.datetime,
    by: Actor,
    act: ActRow | None = None,
    family: Sequence[Kin] = (),
    children_stay: bool = False,
) -> None:
    """Their stay ends: the bed is free, the alias rests, the placement has left. Raises `StayRefused`.

    `family` is everyone of the household who lives here. Where the last adult goes and children stay, that is meant
    only if somebody says so: `children_stay`. A leave that is open stays open: she never came back from it. A small
    child who shares the bed of someone who leaves must leave as well or have a bed of her own first.
    """
    if at > now:
        raise StayRefused(StayRefusal.IN_FUTURE)
    leaving = {resident.id for resident in residents}
    if left_alone(family, leaving) and not children_stay:
        raise StayRefused(StayRefusal.CHILDREN_ALONE)
    emptied = set()
    for resident in residents:
        placement = locked_placement(session, resident)
        stay = open_stay(session, placement)
        check_after_start(session, stay, at)
        if session.scalar(
            select(Leave.id)
            .where(Leave.placement_id == placement.id, LEAVE_LASTED, or_(Leave.from_at > at, Leave.back_at > at))
            .limit(1)
        ):
            raise StayRefused(StayRefusal.AWAY_AFTERWARDS)
        if not stay.sharing and any(one.resident_id not in leaving for one in _sharing(session, stay.bed_id)):
            raise StayRefused(StayRefusal.CHILD_LEFT_BEHIND)
        stay.ended_at, stay.ended_by = at, StayEnd.LEFT
        emptied.add(stay.bed_id)
        placement.left_at = at
        resident.house_id = None
        rest_alias(session, resident=resident, until=at)
        session.add(
            Departure(
                placement_id=placement.id,
                at=at,
                place_kind=place_kind,
                by_id=by.account_id,
                act_id=act.id if act else None,
            )
        )
        record(session, now=now, by=by, act=Act.LEFT, subject=resident.ref, purpose=place_kind)
    session.flush()
    left_behind(session, emptied, since=at, now=now, by=by)


def undo_departure(session: Session, *, act: ActRow, now: dt.datetime, by: Actor) -> list[Resident]:
    """Whoever left by this act did not leave after all: each goes on in the bed she had. Raises `NotUndoable`.

    Nobody is put into a bed that somebody else has or is expected in, nor a small child beside a stranger. The
    departure stays in its table as undone, and the record keeps both.
    """
    gone = session.execute(
        select(Departure, Placement, Stay, Resident)
        .join(Placement, Placement.id == Departure.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .join(Stay, Stay.placement_id == Placement.id)
        .where(Departure.act_id == act.id, Departure.undone_at.is_(None), Stay.ended_by == StayEnd.LEFT)
        .order_by(Stay.sharing, Stay.id)
        .with_for_update(of=Placement)
    ).all()
    if not gone or any(resident.house_id is not None for *_rest, resident in gone):
        raise NotUndoable
    for departure, placement, stay, resident in gone:
        if is_barred(session, resident, house_of(session, session.get_one(Bed, stay.bed_id))):
            raise NotUndoable
        try:
            with session.begin_nested():
                placement.left_at = None
                departure.undone_at = now
                reopen_stay(session, stay, now)
                session.flush()
        except IntegrityError as clash:
            raise NotUndoable from clash
        lives_in(session, resident, house_of(session, session.get_one(Bed, stay.bed_id)), since=now, again=True)
        record(session, now=now, by=by, act=Act.DEPARTURE_UNDONE, subject=resident.ref)
    return [resident for *_rest, resident in gone]


def moved_later(session: Session, act: ActRow, household_id: int, resident: Resident | None = None) -> bool:
    """Whether a later move of this family stands; with `resident` hers, and those of all together."""
    theirs = ActRow.subject.in_(select(Resident.ref).where(Resident.household_id == household_id))
    hers = theirs if resident is None else ActRow.subject == resident.ref
    later = (
        select(ActRow.id)
        .where(
            ActRow.id > act.id,
            ActRow.undone_by_id.is_(None),
            or_(and_(ActRow.kind == MOVE, hers), and_(ActRow.kind == MOVE_TOGETHER, theirs)),
        )
        .limit(1)
    )
    return session.scalar(later) is not None


def open_stay(session: Session, placement: Placement) -> Stay:
    return session.scalars(select(Stay).where(Stay.placement_id == placement.id, Stay.ended_at.is_(None))).one()


def _sharing(session: Session, bed_id: int) -> list[Stay]:
    """The small children beside whoever has this bed."""
    return list(
        session.scalars(
            select(Stay).where(Stay.bed_id == bed_id, Stay.sharing, Stay.ended_at.is_(None)).order_by(Stay.id)
        )
    )


def house_of(session: Session, bed: Bed) -> int:
    return session.scalars(select(Room.house_id).where(Room.id == bed.room_id)).one()


def is_barred(session: Session, resident: Resident, house_id: int) -> bool:
    """Whether she would come into a house in which somebody lives or works whom she must never meet. Another bed of
    the house she lives in changes nothing about that."""
    return house_id != resident.house_id and house_id in barred_house_ids(session, household_id=resident.household_id)


def check_after_start(session: Session, stay: Stay, moment: dt.datetime) -> None:
    if moment >= stay.started_at:
        return
    came_from = session.scalar(
        select(Stay.id).where(Stay.placement_id == stay.placement_id, Stay.ended_by == StayEnd.MOVED).limit(1)
    )
    raise StayRefused(StayRefusal.BEFORE_LAST_MOVE if came_from else StayRefusal.BEFORE_ARRIVAL)


def check_free(session: Session, bed_id: int, since: dt.datetime, but: Collection[int]) -> None:
    """Nobody has had this bed from that moment on, `but` by these stays. A stay without length was undone and had
    none."""
    ends = list(
        session.scalars(
            select(Stay.ended_at).where(
                Stay.bed_id == bed_id,
                ~Stay.sharing,
                Stay.id.not_in(but),
                or_(Stay.ended_at.is_(None), (Stay.ended_at > since) & (Stay.ended_at != Stay.started_at)),
            )
        )
    )
    if None in ends:
        raise StayRefused(StayRefusal.BED_TAKEN)
    if ends:
        raise StayRefused(StayRefusal.BEFORE_BED_WAS_FREE)


def stay_before(session: Session, stay: Stay) -> Stay:
    """The stay she was moved from into this one. Raises `NotUndoable`."""
    before = session.scalar(
        select(Stay)
        .where(Stay.placement_id == stay.placement_id, Stay.ended_by == StayEnd.MOVED, Stay.id < stay.id)
        .order_by(Stay.id.desc())
        .limit(1)
    )
    if before is None or before.ended_at != stay.started_at:
        raise NotUndoable
    return before


def reopen_stay(session: Session, stay: Stay, now: dt.datetime) -> None:
    """She goes on in the bed she had. Raises `NotUndoable` when the bed is gone, kept for others, or has become a
    stranger's; the tables refuse when somebody sleeps there."""
    bed = session.get_one(Bed, stay.bed_id)
    room = session.get_one(Room, bed.room_id)
    house = session.get_one(House, room.house_id)
    removed = bed.removed_at is not None and bed.kind is not BedKind.MATTRESS
    held = session.scalar(
        select(Hold.id).where(Hold.bed_id == bed.id, Hold.released_at.is_(None), Hold.expires_at > now).limit(1)
    )
    if removed or room.removed_at is not None or house.closed_at is not None or held is not None:
        raise NotUndoable
    if stay.sharing:
        household = select(Resident.household_id).where(Resident.id == stay.resident_id).scalar_subquery()
        carer = session.scalar(
            select(Stay.id)
            .join(Resident, Resident.id == Stay.resident_id)
            .where(Stay.bed_id == bed.id, ~Stay.sharing, Stay.ended_at.is_(None), Resident.household_id == household)
        )
        if carer is None:
            raise NotUndoable
    bed.removed_at = None
    not_left_after_all(session, bed_id=bed.id, left_at=stay.ended_at)
    stay.ended_at = stay.ended_by = None
    session.flush()


def left_behind(session: Session, bed_ids: Collection[int], *, since: dt.datetime, now: dt.datetime, by: Actor) -> None:
    """What the last person has left: a mattress goes, a bed is to be cleaned."""
    for bed_id in clear_if_empty(session, bed_ids, now):
        leave_unclean(session, bed=session.get_one(Bed, bed_id), since=since, now=now, by=by)
    session.flush()


def clear_if_empty(session: Session, bed_ids: Collection[int], now: dt.datetime) -> list[int]:
    """A mattress goes when the last person has left it, not when a child beside her has. The other empty beds."""
    empty = []
    for bed_id in sorted(bed_ids):
        if session.scalar(select(Stay.id).where(Stay.bed_id == bed_id, Stay.ended_at.is_(None)).limit(1)) is None:
            clear_mattress(session, bed_id, now)
            if session.get_one(Bed, bed_id).kind is not BedKind.MATTRESS:
                empty.append(bed_id)
    session.flush()
    return empty


def lives_in(session: Session, resident: Resident, house_id: int, *, since: dt.datetime, again: bool = False) -> None:
    """`resident.house_id` follows the open stay, and her alias with it; `again` takes up the use that just rested."""
    if resident.house_id == house_id:
        return
    rest_alias(session, resident=resident, until=since)
    rested = session.scalar(
        select(AliasUse)
        .where(AliasUse.resident_id == resident.id, AliasUse.house_id == house_id, AliasUse.alias == resident.alias)
        .order_by(AliasUse.id.desc())
        .limit(1)
    )
    if again and rested is not None:
        rested.until = None
    else:
        use_alias(session, resident=resident, house_id=house_id, alias=resident.alias, since=since)
    resident.house_id = house_id
