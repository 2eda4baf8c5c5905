"""More days for a family: asked once for all who are meant, answered once by another person."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Approval
from safehouse.access.operations.acts import NotUndoable
from safehouse.access.operations.asking import ApprovalRefused, ask_for, locked, reopen, settle
from safehouse.access.rules.approving import ApprovalFault
from safehouse.residents.models import Danger, Household, Resident
from safehouse.residents.queries.danger import newest_danger
from safehouse.shelter.choices import ExtensionAnswer, ExtensionReason, OwnWish
from safehouse.shelter.models import Extension, Placement
from safehouse.shelter.rules.extending import (
    ANSWER_WITHIN,
    FARTHEST_DAYS,
    KIND,
    Asked,
    UntilFault,
    danger_counts,
    digest_of_request,
    limit_day,
    needs_way_home,
    why_not_grant,
    why_not_until,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, Actor
from safehouse.trail.operations import record
from safehouse.vault.models import DataKey
from safehouse.vault.operations import key_of, seal

DECIDE = "extension:decide"


class ExtensionRefusal(StrEnum):
    NOT_HERE = "not_here"
    WAITING_ALREADY = "waiting_already"
    NOT_LATER = "not_later"
    PASSED = "passed"
    TOO_FAR = "too_far"
    DANGER_TOO_OLD = "danger_too_old"
    WAY_HOME_MISSING = "way_home_missing"
    # about the answer
    MORE_THAN_ASKED = "more_than_asked"
    WORDS_MISSING = "words_missing"
    OWN = "own"
    DECIDED = "decided"
    EXPIRED = "expired"
    CHANGED = "changed"
    DANGER_CHANGED = "danger_changed"


class ExtensionRefused(Exception):
    """`day` is told where a day was wrong: the limit, or the last day that would do."""

    def __init__(self, reason: ExtensionRefusal, day: dt.date | None = None):
        super().__init__(reason)
        self.reason, self.day = reason, day


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `done` is what was done so far, `way_home` how she goes home; both are sealed."""

    until: dt.date
    reason: ExtensionReason
    own_wish: OwnWish
    done: str
    way_home: str | None = None


GRANTING = frozenset({ExtensionAnswer.AS_ASKED, ExtensionAnswer.FEWER_DAYS})
NEEDS_WORDS = frozenset({ExtensionAnswer.INCOMPLETE, ExtensionAnswer.REFUSED})


def check_request(
    session: Session,
    *,
    residents: Sequence[Resident],
    wanted: Wanted,
    today: dt.date,
    zone: dt.tzinfo,
    now: dt.datetime,
) -> list[Placement]:
    """Their placements, if so many days may be asked for them; whatever nobody answered in time, or can grant any
    more, is closed.

    Raises `ExtensionRefused`.
    """
    placements = _open_placements(session, residents)
    _close_lapsed(session, placements, zone, now)
    if session.scalar(
        select(Extension.id)
        .where(Extension.placement_id.in_([one.id for one in placements]), Extension.decided_at.is_(None))
        .limit(1)
    ):
        raise ExtensionRefused(ExtensionRefusal.WAITING_ALREADY)
    limit = max(_limit(one, zone) for one in placements)
    if fault := why_not_until(wanted.until, limit=limit, today=today):
        raise _refused(fault, limit=limit, today=today)
    if needs_way_home(_granted_before(session, placements)) and not wanted.way_home:
        raise ExtensionRefused(ExtensionRefusal.WAY_HOME_MISSING)
    return placements


def ask_extension(
    session: Session,
    *,
    residents: Sequence[Resident],
    wanted: Wanted,
    danger: Danger | None,
    today: dt.date,
    zone: dt.tzinfo,
    now: dt.datetime,
    by: Actor,
) -> list[Extension]:
    """Ask for more days for these of one household, in one request about the first. The caller commits.

    `danger` is the newest assessment of the household. Raises `ExtensionRefused`.
    """
    if danger is None or not danger_counts(danger.at, now):
        raise ExtensionRefused(ExtensionRefusal.DANGER_TOO_OLD)
    placements = check_request(session, residents=residents, wanted=wanted, today=today, zone=zone, now=now)
    rows = [
        Extension(
            placement_id=placement.id,
            placement=placement,
            number=_next_number(session, placement),
            from_day=_limit(placement, zone),
            until=wanted.until,
            reason=wanted.reason,
            own_wish=wanted.own_wish,
            danger_id=danger.id,
            danger=danger,
            asked_at=now,
            asked_by_id=by.person_id,
        )
        for placement in placements
    ]
    first = rows[0]
    key = _household_key(session, first)
    first.words = seal(session, first, "words", wanted.done, key=key)
    if wanted.way_home:
        first.way_home = seal(session, first, "way_home", wanted.way_home, key=key)
    approval = ask_for(
        session,
        kind=KIND,
        subject=first.ref,
        parameters=_digest(rows, zone, danger),
        reason=wanted.reason,
        within=ANSWER_WITHIN,
        now=now,
        by=by,
    )
    for row in rows:
        row.approval_id = approval.id
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError as clash:
        raise ExtensionRefused(ExtensionRefusal.WAITING_ALREADY) from clash
    for resident in residents:
        record(session, now=now, by=by, act=Act.EXTENSION_ASKED, subject=resident.ref, purpose=wanted.reason)
    return rows


def withdraw_request(session: Session, *, approval_id: int, now: dt.datetime, by: Actor) -> list[Extension]:
    """Whoever asked takes it back while nobody has answered. Raises `NotUndoable`."""
    approval = locked(session, session.get_one(Approval, approval_id))
    rows = _rows(session, approval)
    if approval.asked_by_id != by.account_id or approval.decided_at is not None or approval.expires_at <= now:
        raise NotUndoable
    approval.expires_at = now
    for row in rows:
        row.decided_at, row.granted, row.answered = now, False, ExtensionAnswer.WITHDRAWN
    for resident in _residents(session, rows):
        record(session, now=now, by=by, act=Act.EXTENSION_ASKED, subject=resident.ref, purpose="undone")
    session.flush()
    return rows


def decide_extension(
    session: Session,
    *,
    approval_id: int,
    answer: ExtensionAnswer,
    granted_until: dt.date | None = None,
    words: str | None = None,
    danger_seen: uuid.UUID | None = None,
    today: dt.date,
    zone: dt.tzinfo,
    now: dt.datetime,
    by: Actor,
) -> list[Extension]:
    """Answer the request for everyone it covers. Granted days move the limit and the planned exit at once.

    Fewer days need `granted_until`; asking for more, or refusing, needs `words`. Where the danger was assessed anew
    since the asking, days are granted only by someone who has seen that assessment: `danger_seen`. Raises
    `ExtensionRefused`; the caller rolls back.
    """
    approval = locked(session, session.get_one(Approval, approval_id))
    rows = _rows(session, approval)
    placements = {row.placement_id: row.placement for row in rows}
    granted = answer in GRANTING
    _settle(session, approval, rows, granted=granted, danger_seen=danger_seen, zone=zone, now=now, by=by)
    if answer in NEEDS_WORDS and not words:
        raise ExtensionRefused(ExtensionRefusal.WORDS_MISSING)
    limit, asked = max(row.from_day for row in rows), rows[0].until
    until = asked if answer is ExtensionAnswer.AS_ASKED else granted_until
    if granted:
        if until is None:
            raise ExtensionRefused(ExtensionRefusal.NOT_LATER, limit)
        if fault := why_not_grant(until, asked=asked, limit=limit, today=today):
            raise _refused(fault, limit=limit, today=today, asked=asked)
        answer = ExtensionAnswer.AS_ASKED if until == asked else ExtensionAnswer.FEWER_DAYS
    for row in rows:
        row.decided_at, row.granted, row.answered = now, granted, answer
        if granted and until is not None:
            placement = placements[row.placement_id]
            row.granted_until, row.exit_before = until, placement.planned_exit
            placement.limit_days = (until - placement.arrived_at.astimezone(zone).date()).days
            placement.planned_exit = until
    if words:
        rows[0].answer = seal(session, rows[0], "answer", words, key=_household_key(session, rows[0]))
    for resident in _residents(session, rows):
        record(session, now=now, by=by, act=Act.EXTENSION_DECIDED, subject=resident.ref, purpose=answer)
    session.flush()
    return rows


def close_changed(session: Session, *, approval_id: int, zone: dt.tzinfo, now: dt.datetime) -> bool:
    """Close a request that nobody can grant any more because the limit or who lives here changed: it must be asked for
    again, and can be at once. Whether it was one."""
    approval = locked(session, session.get_one(Approval, approval_id))
    rows = _rows(session, approval)
    if approval.decided_at is not None or _digest(rows, zone, rows[0].danger) == approval.parameters:
        return False
    _lapse(session, rows, now)
    approval.expires_at = min(approval.expires_at, now)
    session.flush()
    return True


def undo_decision(
    session: Session, *, approval_id: int, zone: dt.tzinfo, now: dt.datetime, by: Actor
) -> list[Extension]:
    """The request waits again, and the limit is the earlier one. Raises `NotUndoable` once something is built on it."""
    approval = locked(session, session.get_one(Approval, approval_id))
    rows = _rows(session, approval)
    if approval.decided_at is None or not rows or approval.expires_at <= now:
        raise NotUndoable
    for row in rows:
        placement = row.placement
        newer = session.scalar(
            select(Extension.id).where(Extension.placement_id == placement.id, Extension.number > row.number).limit(1)
        )
        moved_on = row.granted and _limit(placement, zone) != row.granted_until
        if newer is not None or moved_on or placement.left_at is not None or row.decided_at is None:
            raise NotUndoable
        if row.granted:
            placement.limit_days = (row.from_day - placement.arrived_at.astimezone(zone).date()).days
            # A day somebody planned in the meantime stands, as far as the limit lets it.
            agreed_since = placement.planned_exit != row.granted_until
            placement.planned_exit = (
                min(placement.planned_exit, row.from_day) if agreed_since else (row.exit_before or row.from_day)
            )
        row.decided_at = row.granted = row.granted_until = row.answered = row.exit_before = row.answer = None
    reopen(session, approval=approval, now=now, by=by)
    for resident in _residents(session, rows):
        record(session, now=now, by=by, act=Act.EXTENSION_DECIDED, subject=resident.ref, purpose="undone")
    session.flush()
    return rows


OF_APPROVAL = {
    ApprovalFault.OWN: ExtensionRefusal.OWN,
    ApprovalFault.DECIDED: ExtensionRefusal.DECIDED,
    ApprovalFault.EXPIRED: ExtensionRefusal.EXPIRED,
    ApprovalFault.CHANGED: ExtensionRefusal.CHANGED,
    ApprovalFault.SAME_DEVICE: ExtensionRefusal.OWN,
}


def _open_placements(session: Session, residents: Sequence[Resident]) -> list[Placement]:
    """Their open placements in the order of the residents, locked. Raises `ExtensionRefused`."""
    found = {
        placement.resident_id: placement
        for placement in session.scalars(
            select(Placement)
            .where(Placement.resident_id.in_([one.id for one in residents]), Placement.left_at.is_(None))
            .order_by(Placement.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    if not residents or len(found) != len(residents):
        raise ExtensionRefused(ExtensionRefusal.NOT_HERE)
    return [found[one.id] for one in residents]


def _close_lapsed(session: Session, placements: Collection[Placement], zone: dt.tzinfo, now: dt.datetime) -> None:
    """What nobody answered in time, or could grant any more, waits no more."""
    waiting = set(
        session.scalars(
            select(Extension.approval_id).where(
                Extension.placement_id.in_([one.id for one in placements]), Extension.decided_at.is_(None)
            )
        )
    )
    for approval_id in sorted(waiting):
        approval = session.get_one(Approval, approval_id)
        if approval.expires_at <= now:
            _lapse(session, _rows(session, approval), now)
        else:
            close_changed(session, approval_id=approval_id, zone=zone, now=now)
    session.flush()


def _lapse(session: Session, rows: Sequence[Extension], now: dt.datetime) -> None:
    for row in rows:
        row.decided_at, row.granted, row.answered = now, False, ExtensionAnswer.LAPSED
        resident = session.get_one(Resident, row.placement.resident_id)
        record(session, now=now, by=SYSTEM, act=Act.EXTENSION_DECIDED, subject=resident.ref, purpose=row.answered)


def _rows(session: Session, approval: Approval) -> list[Extension]:
    """The rows of one request, the first first, with their placements locked as they are now."""
    rows = list(
        session.scalars(
            select(Extension)
            .where(Extension.approval_id == approval.id)
            .order_by(Extension.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    list(
        session.scalars(
            select(Placement)
            .where(Placement.id.in_([row.placement_id for row in rows]))
            .order_by(Placement.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
    return sorted(rows, key=lambda row: (row.ref != approval.subject, row.id))


def _settle(
    session: Session,
    approval: Approval,
    rows: Sequence[Extension],
    *,
    granted: bool,
    danger_seen: uuid.UUID | None,
    zone: dt.tzinfo,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Answer the asking itself, held against things as they are now. Raises `ExtensionRefused`."""
    asked_on, newest = rows[0].danger, _danger_now(session, rows[0])
    found = _digest(rows, zone, asked_on if newest.ref == danger_seen else newest)
    try:
        settle(session, approval=approval, granted=granted, found=found, now=now, by=by)
    except ApprovalRefused as refused:
        reason = OF_APPROVAL[refused.reason]
        if reason is ExtensionRefusal.CHANGED and _digest(rows, zone, asked_on) == approval.parameters:
            reason = ExtensionRefusal.DANGER_CHANGED
        raise ExtensionRefused(reason) from refused


def _danger_now(session: Session, row: Extension) -> Danger:
    """The newest assessment of the household; there is one since it was asked."""
    household_id = session.get_one(Resident, row.placement.resident_id).household_id
    return newest_danger(session, household_id) or row.danger


def _digest(rows: Sequence[Extension], zone: dt.tzinfo, danger: Danger) -> bytes:
    first = rows[0]
    return digest_of_request(
        first.ref,
        first.reason,
        first.own_wish,
        danger.ref,
        [
            Asked(row.placement_id, _limit(row.placement, zone), row.until, row.placement.left_at is None)
            for row in rows
        ],
    )


def _limit(placement: Placement, zone: dt.tzinfo) -> dt.date:
    return limit_day(placement.arrived_at.astimezone(zone).date(), placement.limit_days)


def _granted_before(session: Session, placements: Collection[Placement]) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Extension)
            .where(Extension.placement_id.in_([one.id for one in placements]), Extension.granted.is_(True))
        )
        or 0
    )


def _next_number(session: Session, placement: Placement) -> int:
    newest = session.scalar(select(func.max(Extension.number)).where(Extension.placement_id == placement.id))
    return (newest or 0) + 1


def _residents(session: Session, rows: Sequence[Extension]) -> list[Resident]:
    return [session.get_one(Resident, row.placement.resident_id) for row in rows]


def _household_key(session: Session, row: Extension) -> DataKey:
    resident = session.get_one(Resident, row.placement.resident_id)
    return key_of(session, session.get_one(Household, resident.household_id).ref)


def _refused(fault: UntilFault, *, limit: dt.date, today: dt.date, asked: dt.date | None = None) -> ExtensionRefused:
    match fault:
        case UntilFault.NOT_LATER:
            return ExtensionRefused(ExtensionRefusal.NOT_LATER, limit)
        case UntilFault.PASSED:
            return ExtensionRefused(ExtensionRefusal.PASSED, today)
        case UntilFault.MORE_THAN_ASKED:
            return ExtensionRefused(ExtensionRefusal.MORE_THAN_ASKED, asked)
        case UntilFault.TOO_FAR:
            return ExtensionRefused(ExtensionRefusal.TOO_FAR, today + dt.timedelta(days=FARTHEST_DAYS))
