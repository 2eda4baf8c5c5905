"""What the shelter finds to do for one person: in seven statements, however many residents and referrals there are.

Inside `visible_to` and the houses she works in; referrals are the whole unit's, but for those that are closed to her.
Nothing sealed is opened.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, AccountState, Approval, House, Office
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.gathered import Duty, Telling
from safehouse.indonesian import is_child_by_month
from safehouse.residents.models import Assignment, Consent, ConsentItem, Danger, Guardian, Resident
from safehouse.residents.queries.consents import decides_no_more
from safehouse.residents.queries.people import visible_to
from safehouse.residents.rules.consenting import Given, counts
from safehouse.shelter.choices import AnswerKind, ExtensionReason, IntakeItem, LeaveKind, PlacementBasis, ReferralState
from safehouse.shelter.models import (
    Bed,
    Cleaning,
    Decision,
    Extension,
    Hold,
    IntakeAnswer,
    Leave,
    Placement,
    Referral,
    ReferralAnswer,
    Room,
    Screening,
    Stay,
)
from safehouse.shelter.queries.cleaning import left_by_denied
from safehouse.shelter.queries.referrals import referrals_closed_to
from safehouse.shelter.rules.duties import (
    A_DAY,
    ASKED_AGAIN_FOR,
    EXPECTED_FOR,
    HOLD_NEARLY_OVER,
    DutyKind,
    Missing,
    end_of,
    follows,
    limit_warning_since,
    overdue_return_told,
    start_of,
)
from safehouse.shelter.rules.labels import bed_name

OPEN_ANSWERS = (ReferralState.NEW, ReferralState.WAITING)
ASKED = {
    Missing.ALLERGIES: IntakeItem.ALLERGIES,
    Missing.MEDICINES: IntakeItem.MEDICINES,
    Missing.BELONGINGS: IntakeItem.BELONGINGS,
}
AGREED = {Missing.CONSENT: ConsentItem.STAY, Missing.HOUSE_RULES: ConsentItem.HOUSE_RULES}


# resident -> what was agreed; placement -> what was asked
Agreed = dict[int, dict[ConsentItem, Given]]
Asked = dict[int, set[IntakeItem]]


class _Plain(NamedTuple):
    resident_id: int
    ref: uuid.UUID
    alias: str
    code: str
    birth_month: dt.date | None
    household_id: int
    placement_id: int
    arrived_at: dt.datetime
    limit_days: int
    planned_exit: dt.date
    basis: PlacementBasis
    house: str
    time_zone: str
    room_label: str
    bed_label: str
    away_kind: LeaveKind | None
    away_from: dt.datetime | None
    due_back: dt.datetime | None
    without_notice: bool | None
    referral: uuid.UUID | None
    number: int | None
    decided: bool
    refused_at: dt.datetime | None
    screened: bool
    assessed: bool
    answered_for: bool
    adult_left_at: dt.datetime | None
    adult_here: bool


class _Here(_Plain):
    """Someone who lives here, as her duties need her."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def last_day(self) -> dt.date:
        """By the limit of the house, with the days granted since."""
        return self.arrived_at.astimezone(self.zone).date() + dt.timedelta(days=self.limit_days)

    @property
    def place(self) -> str:
        return f"{self.house}, {bed_name(self.room_label, self.bed_label)}"

    def today(self, now: dt.datetime) -> dt.date:
        return now.astimezone(self.zone).date()

    def child(self, now: dt.datetime) -> bool:
        return self.birth_month is not None and is_child_by_month(self.birth_month, self.today(now))


def duties(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[Duty]:
    """Everything that waits in the shelter for this person, unordered; each says who else is told, and since when."""
    office = session.execute(
        select(Office.time_zone, Office.tell_manager_after_hours, Office.follows_arrivals_since)
    ).one()
    manager_after = dt.timedelta(hours=office.tell_manager_after_hours)
    here = _living(session, account_id, role, now.astimezone(ZoneInfo(office.time_zone)).date())
    followed = {one.placement_id for one in here if follows(one.arrived_at, office.follows_arrivals_since)}
    agreed, asked = _asked_so_far(session, account_id, role)
    extending = _extending(session, account_id, role, now)
    found = [
        *_arrivals(here, followed, agreed, asked, manager_after, now),
        *_households(here, followed),
        *_children_alone(here, now),
        *_unknown(session, here, now),
        *_away(here, manager_after, now),
        *_days(here, {one.placement_id for one in extending}, now),
        *_to_decide(extending, account_id),
        *_referrals(session, account_id, ZoneInfo(office.time_zone), now),
        *_unclean(session, account_id),
    ]
    telling = {Role.STAFF: Telling.STAFF, Role.CASEWORKER: Telling.WORKER, Role.MANAGER: Telling.MANAGER}.get(
        role or Role.SECURITY_OFFICER
    )
    return [one for one in found if telling is not None and one.told_to(telling, now)]


def came_before(session: Session, *, account_id: int, role: Role | None) -> int:
    """How many live here who came before arrivals were followed, and were not asked all that is asked now."""
    asked = (
        select(func.count())
        .select_from(IntakeAnswer)
        .where(IntakeAnswer.placement_id == Placement.id, IntakeAnswer.item.in_(ASKED.values()))
        .scalar_subquery()
    )
    return (
        session.scalar(
            select(func.count())
            .select_from(Placement)
            .where(
                Placement.left_at.is_(None),
                Placement.arrived_at < select(Office.follows_arrivals_since).scalar_subquery(),
                asked < len(ASKED),
                Placement.resident_id.in_(visible_to(account_id, role)),
            )
        )
        or 0
    )


def _living(session: Session, account_id: int, role: Role | None, today: dt.date) -> list[_Here]:
    decided = exists().where(Decision.referral_id == Referral.id, Decision.undone_at.is_(None))
    refused_at = (
        select(Decision.at)
        .where(Decision.referral_id == Referral.id, Decision.undone_at.is_(None), Decision.granted.is_(False))
        .correlate(Referral)
        .scalar_subquery()
    )
    # With every question answered; that something is not known yet is an answer.
    screened = exists().where(Screening.referral_id == Referral.id, Screening.unanswered == 0)
    assessed = exists().where(Danger.household_id == Resident.household_id)
    answered_for = exists().where(
        Assignment.resident_id == Resident.id,
        Assignment.until.is_(None),
        Account.id == Assignment.account_id,
        Account.state == AccountState.ACTIVE,
    )
    adult, ended = aliased(Resident), aliased(Placement)
    # A child is one until the end of the month of the 18th birthday; without a month of birth she is an adult.
    of_age = or_(adult.birth_month.is_(None), adult.birth_month < dt.date(today.year - 18, today.month, 1))
    adult_left_at = (
        select(func.max(ended.left_at))
        .join(adult, adult.id == ended.resident_id)
        .where(
            adult.household_id == Resident.household_id,
            of_age,
            ended.left_at > ended.arrived_at,
            ended.left_at >= Placement.arrived_at,
        )
        .correlate(Resident, Placement)
        .scalar_subquery()
    )
    adult_here = exists().where(adult.household_id == Resident.household_id, of_age, adult.house_id.is_not(None))
    rows = session.execute(
        select(
            Resident.id,
            Resident.ref,
            Resident.alias,
            Resident.code,
            Resident.birth_month,
            Resident.household_id,
            Placement.id,
            Placement.arrived_at,
            Placement.limit_days,
            Placement.planned_exit,
            Placement.basis,
            House.name,
            House.time_zone,
            Room.label,
            Bed.label,
            Leave.kind,
            Leave.from_at,
            Leave.due_back,
            Leave.without_notice,
            Referral.ref,
            Referral.number,
            decided,
            refused_at,
            screened,
            assessed,
            answered_for,
            adult_left_at,
            adult_here,
        )
        .select_from(Stay)
        .join(Resident, Resident.id == Stay.resident_id)
        .join(Placement, Placement.id == Stay.placement_id)
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .outerjoin(Leave, and_(Leave.placement_id == Placement.id, Leave.back_at.is_(None)))
        # The pages of a referral that is closed to her are nowhere; what is due about these people, others are told.
        .outerjoin(
            Referral,
            and_(Referral.id == Placement.referral_id, Referral.id.not_in(referrals_closed_to(account_id))),
        )
        .where(Stay.ended_at.is_(None), Resident.id.in_(visible_to(account_id, role)))
        # Who is eldest speaks for a family; without a month of birth she is an adult.
        .order_by(Resident.household_id, Resident.birth_month.is_not(None), Resident.birth_month, Resident.id)
    ).all()
    return [_Here(*tuple(row)) for row in rows]


# A family that came


def _asked_so_far(session: Session, account_id: int, role: Role | None) -> tuple[Agreed, Asked]:
    """Of those who live here: what each agreed to, and what was asked of each at arrival."""
    visible = visible_to(account_id, role)
    agreed: Agreed = {}
    for resident_id, item, given_by, until, reported in session.execute(
        select(Consent.resident_id, Consent.item, Consent.given_by, Consent.until, decides_no_more().label("reported"))
        .join(Placement, and_(Placement.resident_id == Consent.resident_id, Placement.left_at.is_(None)))
        .outerjoin(Guardian, Guardian.id == Consent.guardian_id)
        .where(
            Consent.item.in_(AGREED.values()),
            Consent.granted,
            Consent.withdrawn_at.is_(None),
            Consent.replaced_at.is_(None),
            Consent.resident_id.in_(visible),
        )
    ):
        given = Given(True, given_by, until, guardian_reported=reported)
        agreed.setdefault(resident_id, {})[item] = given
    asked: Asked = {}
    for placement_id, asked_item in session.execute(
        select(IntakeAnswer.placement_id, IntakeAnswer.item)
        .join(Placement, Placement.id == IntakeAnswer.placement_id)
        .where(Placement.left_at.is_(None), Placement.resident_id.in_(visible))
    ):
        asked.setdefault(placement_id, set()).add(asked_item)
    return agreed, asked


def _arrivals(
    here: Sequence[_Here],
    followed: Collection[int],
    agreed: Agreed,
    asked: Asked,
    manager_after: dt.timedelta,
    now: dt.datetime,
) -> Iterable[Duty]:
    """One duty a family to decide an emergency, one for everything that was put off; both within a day of arriving.
    `followed` are the placements that owe this."""
    of_referral = sorted((one for one in here if one.number is not None), key=lambda one: one.number or 0)
    for _number, members in groupby(of_referral, key=lambda one: one.number):
        family = list(members)
        first, due = family[0], min(one.arrived_at for one in family) + A_DAY
        if first.referral is None:
            continue
        emergency = any(one.basis is PlacementBasis.EMERGENCY for one in family)
        owes = first.placement_id in followed
        if owes and emergency and not first.decided:
            yield _of_family(DutyKind.CONFIRM, family, due, {Telling.MANAGER: due - A_DAY}, subject=first.referral)
        if first.refused_at is not None:
            told = dict.fromkeys((Telling.WORKER, Telling.MANAGER), first.refused_at)
            yield _of_family(DutyKind.NOT_GRANTED, family, first.refused_at + A_DAY, told, subject=first.ref)
        if owes and (missing := _missing(family, agreed, asked, now)):
            yield _of_family(
                DutyKind.COMPLETE,
                family,
                due,
                {Telling.STAFF: due - A_DAY, Telling.WORKER: due - A_DAY, Telling.MANAGER: due + manager_after},
                subject=first.referral,
                missing=missing,
            )


def _missing(
    family: Sequence[_Here],
    agreed: Agreed,
    asked: Asked,
    now: dt.datetime,
) -> tuple[Missing, ...]:
    """What was not asked of all of them yet. The house rules are agreed to by the adults; a child who came alone is
    told them, and agrees to nothing herself."""
    adults = [one for one in family if not one.child(now)]

    def agree(people: Sequence[_Here], item: ConsentItem) -> bool:
        return all(
            (given := agreed.get(one.resident_id, {}).get(item)) is not None
            and counts(given, child=one.child(now), on=one.today(now))
            for one in people
        )

    found = [Missing.SCREENING] if not family[0].screened else []
    if not agree(family, AGREED[Missing.CONSENT]):
        found.append(Missing.CONSENT)
    if not agree(adults, AGREED[Missing.HOUSE_RULES]):
        found.append(Missing.HOUSE_RULES)
    found += [
        what for what, item in ASKED.items() if not all(item in asked.get(one.placement_id, ()) for one in family)
    ]
    return tuple(found)


def _households(here: Sequence[_Here], followed: Collection[int]) -> Iterable[Duty]:
    """Nobody answers for her; nobody has ever assessed in how much danger her household is."""
    for _household, members in groupby(here, key=lambda one: one.household_id):
        family = list(members)
        arrived = min(one.arrived_at for one in family)
        # Where the screening is still to be done it brings the assessment with it.
        screening_brings_it = any(one.number is not None and not one.screened for one in family)
        owes = any(one.placement_id in followed for one in family)
        if owes and not family[0].assessed and not screening_brings_it:
            yield _of_family(DutyKind.DANGER, family, arrived + A_DAY, {Telling.WORKER: arrived})
        if alone := [one for one in family if not one.answered_for]:
            arrived = min(one.arrived_at for one in alone)
            yield _of_family(DutyKind.UNASSIGNED, alone, arrived + A_DAY, {Telling.MANAGER: arrived})


def _children_alone(here: Sequence[_Here], now: dt.datetime) -> Iterable[Duty]:
    """Children who go on living here although the last adult of theirs has left for good."""
    alone = [one for one in here if one.child(now) and not one.adult_here and one.adult_left_at is not None]
    for family in _families(alone, lambda _one: True):
        left_at = max(one.adult_left_at for one in family if one.adult_left_at is not None)
        told = dict.fromkeys((Telling.WORKER, Telling.MANAGER), left_at)
        yield _of_family(DutyKind.CHILD_ALONE, family, left_at + A_DAY, told)


def _unknown(session: Session, here: Sequence[_Here], now: dt.datetime) -> Iterable[Duty]:
    """What "not known yet" was answered to is asked once more: until somebody did and knows more, or for three days."""
    families: dict[int, list[_Here]] = {}
    for one in here:
        if one.number is not None:
            families.setdefault(one.number, []).append(one)
    rows = session.execute(
        select(Referral.number, Screening.unknown, Screening.unanswered, Screening.made_at)
        .join(Referral, Referral.id == Screening.referral_id)
        .where(Screening.made_at > now - ASKED_AGAIN_FOR)
        .order_by(Screening.id)
    )
    # Those in which something was never asked have a duty of their own.
    complete = [row for row in rows if row.number in families and not row.unanswered]
    for number, made in groupby(sorted(complete, key=lambda row: row.number), key=lambda row: row.number):
        *before, newest = made
        if not newest.unknown or any(one.unknown > newest.unknown for one in before):
            continue
        yield _of_family(
            DutyKind.ASK_AGAIN,
            family := families[number],
            newest.made_at + A_DAY,
            dict.fromkeys((Telling.STAFF, Telling.WORKER), newest.made_at),
            subject=family[0].referral,
            unknown=newest.unknown,
        )


# Out of the house


def _away(here: Sequence[_Here], manager_after: dt.timedelta, now: dt.datetime) -> Iterable[Duty]:
    """Who left without a word, at once and for everybody; who is not back at the agreed time."""
    away = [one for one in here if one.due_back is not None]
    for family in _families(away, lambda one: (one.away_from, one.without_notice) if one.without_notice else None):
        since = family[0].away_from or now
        yield _of_family(DutyKind.LEFT_WITHOUT_NOTICE, family, since, dict.fromkeys(Telling, since))
    late = [one for one in away if not one.without_notice and one.due_back is not None and one.due_back < now]
    for family in _families(late, lambda one: (one.due_back, one.away_kind)):
        due = family[0].due_back or now
        answered_for = all(one.answered_for for one in family)
        told = overdue_return_told(due, manager_after, has_worker=answered_for)
        yield _of_family(DutyKind.NOT_BACK, family, due, told, where=family[0].away_kind)


# Days that come


def _days(here: Sequence[_Here], extending: Collection[int], now: dt.datetime) -> Iterable[Duty]:
    """The end of the time a house gives, and an earlier day that was agreed."""
    for family in _families(here, lambda one: (one.last_day, one.time_zone)):
        first, last_day = family[0], family[0].last_day
        due = end_of(last_day, first.zone)
        if all(one.placement_id in extending for one in family):
            continue
        if due < now:
            told = dict.fromkeys(
                (Telling.WORKER, Telling.MANAGER), start_of(last_day + dt.timedelta(days=1), first.zone)
            )
            yield _of_family(DutyKind.LIMIT_OVER, family, due, told, all_day=True)
        elif since := limit_warning_since(last_day, first.today(now), first.zone):
            told = {Telling.WORKER: since, Telling.MANAGER: since}
            yield _of_family(DutyKind.LIMIT_NEAR, family, due, told, all_day=True)
    planned = [one for one in here if one.planned_exit < one.last_day]
    for family in _families(planned, lambda one: (one.planned_exit, one.time_zone)):
        first, day = family[0], family[0].planned_exit
        since = start_of(day - dt.timedelta(days=1), first.zone)
        told = dict.fromkeys((Telling.STAFF, Telling.WORKER), since)
        yield _of_family(DutyKind.EXIT, family, end_of(day, first.zone), told, all_day=True)


class _Extending(NamedTuple):
    """One placement of a request; all of one request are decided together, as about `subject`."""

    placement_id: int
    subject: uuid.UUID
    asked_by_id: int
    from_day: dt.date
    until: dt.date
    reason: ExtensionReason
    asked_at: dt.datetime
    expires_at: dt.datetime
    asked_by: str
    alias: str
    code: str
    house: str
    time_zone: str


def _extending(session: Session, account_id: int, role: Role | None, now: dt.datetime) -> list[_Extending]:
    """Days asked for and not answered, while the asking lasts."""
    rows = session.execute(
        select(
            Extension.placement_id,
            Approval.subject,
            Extension.asked_by_id,
            Extension.from_day,
            Extension.until,
            Extension.reason,
            Extension.asked_at,
            Approval.expires_at,
            Account.shown_name,
            Resident.alias,
            Resident.code,
            House.name,
            House.time_zone,
        )
        .join(Approval, Approval.id == Extension.approval_id)
        .join(Account, Account.id == Extension.asked_by_id)
        .join(Placement, Placement.id == Extension.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .join(House, House.id == Resident.house_id)
        .where(
            Extension.decided_at.is_(None),
            Approval.expires_at > now,
            Placement.left_at.is_(None),
            Resident.id.in_(visible_to(account_id, role)),
        )
        .order_by(Extension.approval_id, Extension.id)
    ).all()
    return [_Extending(*tuple(row)) for row in rows]


def _to_decide(extending: Iterable[_Extending], account_id: int) -> Iterable[Duty]:
    """One duty a request, for the managers besides whoever asked."""
    for subject, members in groupby(extending, key=lambda one: one.subject):
        family = list(members)
        first = family[0]
        if first.asked_by_id == account_id:
            continue
        yield Duty(
            DutyKind.EXTENSION,
            subject,
            min(first.expires_at, end_of(first.from_day, ZoneInfo(first.time_zone))),
            {Telling.MANAGER: first.asked_at},
            alias=first.alias,
            code=first.code,
            place=first.house,
            time_zone=first.time_zone,
            figures={
                "others": len(family) - 1,
                "until": first.until,
                "reason": first.reason,
                "asked_by": first.asked_by,
                "asked_at": first.asked_at,
            },
        )


# Referrals and beds


def _referrals(session: Session, account_id: int, zone: ZoneInfo, now: dt.datetime) -> Iterable[Duty]:
    """Unanswered, to be called again, accepted and still without a bed, held for less than an hour more. What is closed
    to one person stays with everybody else."""
    answer = aliased(ReferralAnswer)
    newest = (
        select(func.max(answer.id))
        .where(answer.referral_id == Referral.id, answer.undone_at.is_(None))
        .correlate(Referral)
        .scalar_subquery()
    )
    held_until = (
        select(func.min(Hold.expires_at))
        .where(Hold.referral_id == Referral.id, Hold.released_at.is_(None), Hold.expires_at > now)
        .scalar_subquery()
    )
    # A placing that was taken back lasted no time.
    placed = exists().where(
        Placement.referral_id == Referral.id,
        or_(Placement.left_at.is_(None), Placement.left_at > Placement.arrived_at),
    )
    rows = session.execute(
        select(
            Referral.ref,
            Referral.number,
            Referral.state,
            Referral.taken_at,
            ReferralAnswer.kind,
            ReferralAnswer.call_again,
            ReferralAnswer.at,
            held_until.label("held_until"),
        )
        .outerjoin(ReferralAnswer, ReferralAnswer.id == newest)
        .where(
            or_(
                and_(
                    Referral.state.in_(OPEN_ANSWERS),
                    or_(ReferralAnswer.kind.is_(None), ReferralAnswer.kind != AnswerKind.ACCEPTED),
                ),
                # An accepted one still waits, or is accepted by having been placed before.
                and_(
                    Referral.state.in_((*OPEN_ANSWERS, ReferralState.ACCEPTED)),
                    ReferralAnswer.kind == AnswerKind.ACCEPTED,
                    or_(ReferralAnswer.at > now - EXPECTED_FOR, held_until.is_not(None)),
                ),
            ),
            ~placed,
            Referral.id.not_in(referrals_closed_to(account_id)),
        )
        .order_by(Referral.id)
    ).all()
    for row in rows:
        yield from _of_referral(row, zone, now)


def _of_referral(row: Any, zone: ZoneInfo, now: dt.datetime) -> Iterable[Duty]:
    def duty(kind: DutyKind, due: dt.datetime, told: dict[Telling, dt.datetime], **more: Any) -> Duty:
        return Duty(kind, row.ref, due, told, number=row.number, **more)

    both = (Telling.WORKER, Telling.MANAGER)
    house = (Telling.STAFF, Telling.WORKER)
    if row.kind is AnswerKind.ACCEPTED:
        if row.held_until is None:
            yield duty(DutyKind.PLACE, row.at + A_DAY, dict.fromkeys(house, row.at))
    elif row.kind is AnswerKind.WAITING and row.call_again is not None:
        due, since = end_of(row.call_again, zone), start_of(row.call_again, zone)
        yield duty(DutyKind.CALL_AGAIN, due, dict.fromkeys(both, since), all_day=True)
    else:
        yield duty(DutyKind.ANSWER, row.taken_at + A_DAY, dict.fromkeys(both, row.taken_at))
    if row.held_until is not None:
        told = dict.fromkeys(house, row.held_until - HOLD_NEARLY_OVER)
        yield duty(DutyKind.HOLD_ENDING, row.held_until, told)


def _unclean(session: Session, account_id: int) -> Iterable[Duty]:
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


def _families(people: Iterable[_Here], by: Callable[[_Here], Hashable | None]) -> Iterable[list[_Here]]:
    """Those of one household for whom the same is due; whoever has no key is left out. Eldest first."""
    together: dict[Hashable, list[_Here]] = {}
    for one in people:
        if (key := by(one)) is not None:
            together.setdefault((one.household_id, key), []).append(one)
    return together.values()


def _of_family(
    kind: DutyKind,
    family: Sequence[_Here],
    due: dt.datetime,
    told: dict[Telling, dt.datetime],
    *,
    subject: uuid.UUID | None = None,
    all_day: bool = False,
    **figures: object,
) -> Duty:
    """One duty about a family, in the name of its eldest."""
    first = family[0]
    return Duty(
        kind,
        subject or first.ref,
        due,
        told,
        all_day=all_day,
        alias=first.alias,
        code=first.code,
        number=first.number if subject else None,
        place=first.place,
        time_zone=first.time_zone,
        figures={"others": len(family) - 1, **figures},
    )
