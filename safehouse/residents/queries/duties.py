"""What is owed to residents as persons: the police clock, break-glass, a possible return, a denial among colleagues,
families under one roof that must never meet, or linked across houses, an identity opened in an emergency.

Six statements, whatever there is. Inside `seen_by`; nothing sealed is opened, numbers are compared by digest.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, Clearance, House, StepUp
from safehouse.access.permissions import Role
from safehouse.gathered import Duty, Telling
from safehouse.residents.models import (
    AliasUse,
    Assignment,
    Conflict,
    ConflictKind,
    Denial,
    Grant,
    Matter,
    Resident,
)
from safehouse.residents.queries.denials import denied_households
from safehouse.residents.queries.identifying import with_earlier
from safehouse.residents.queries.people import answered_for, living_seen_by, seen_by
from safehouse.residents.rules.clocks import police_deadline
from safehouse.residents.rules.duties import (
    DENIAL_TOLD_FOR,
    EMERGENCY_TOLD_FOR,
    LINK_TOLD_FOR,
    RETURN_WITHIN,
    REVIEW_WITHIN,
    DutyKind,
    police_told,
)
from safehouse.residents.rules.identifying import PURPOSE, IdentityReason


def duties(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[Duty]:
    """Everything owed that this person is told of, unordered; each says who else is told, and since when."""
    telling = {Role.CASEWORKER: Telling.WORKER, Role.MANAGER: Telling.MANAGER}.get(role or Role.STAFF)
    if telling is None:
        return []
    found = [
        *_police(session, account_id, role),
        *_grants(session, account_id, role),
        *_returns(session, account_id, role),
        *_denials(session, account_id, role, now),
        *_must_not_share(session, account_id, role, now),
        *_opened(session, account_id, role, now),
    ]
    return [one for one in found if one.told_to(telling, now)]


def _about() -> tuple[Any, ...]:
    return (Resident.ref, Resident.alias, Resident.code, House.name.label("house"), House.time_zone)


def _duty(kind: DutyKind, row: Any, due: dt.datetime, told: dict[Telling, dt.datetime], **more: Any) -> Duty:
    told_about = {"alias": row.alias, "code": row.code, "place": row.house, "time_zone": row.time_zone}
    return Duty(kind, more.pop("subject", row.ref), due, told, **told_about, figures=more)


def _police(session: Session, account_id: int, role: Role | None) -> Iterable[Duty]:
    """Reports of sexual violence of which the police have not been told. One duty a matter, in the name of the eldest
    she may see; the clock goes on after the family has left."""
    member = aliased(Resident)
    eldest = (
        select(member.id)
        .where(member.household_id == Matter.household_id, seen_by(account_id, role, member))
        .order_by(member.birth_month.is_not(None), member.birth_month, member.id)
        .limit(1)
        .correlate(Matter)
        .scalar_subquery()
    )
    rows = session.execute(
        select(*_about(), Matter.ref.label("matter"), Matter.victim_reported_at, answered_for().label("answered_for"))
        .select_from(Matter)
        .join(Resident, Resident.id == eldest)
        .outerjoin(House, House.id == Resident.house_id)
        .where(
            Matter.sexual_violence,
            Matter.victim_reported_at.is_not(None),
            Matter.police_told_at.is_(None),
            Matter.closed_at.is_(None),
        )
        .order_by(Matter.victim_reported_at, Matter.id)
    ).all()
    for row in rows:
        reported = row.victim_reported_at
        told = police_told(reported, has_worker=row.answered_for)
        yield _duty(DutyKind.POLICE, row, police_deadline(reported), told, subject=row.matter)


def _grants(session: Session, account_id: int, role: Role | None) -> Iterable[Duty]:
    """Break-glass not reviewed yet: her coordinator and the managers are told at once, never the one who took it."""
    coordinates = exists().where(
        Assignment.resident_id == Resident.id,
        Assignment.account_id == account_id,
        Assignment.coordinator,
        Assignment.until.is_(None),
    )
    rows = session.execute(
        select(*_about(), Grant.ref.label("grant"), Grant.since, Account.shown_name, coordinates.label("coordinates"))
        .join(Resident, Resident.id == Grant.resident_id)
        .join(Account, Account.id == Grant.account_id)
        .outerjoin(House, House.id == Resident.house_id)
        .where(
            Grant.reviewed_at.is_(None),
            Grant.account_id != account_id,
            seen_by(account_id, role),
        )
        .order_by(Grant.since, Grant.id)
    ).all()
    for row in rows:
        due = row.since + REVIEW_WITHIN
        taken = {"taker": row.shown_name, "taken_at": row.since}
        if role is Role.MANAGER:
            yield _duty(DutyKind.GRANT_REVIEW, row, due, {Telling.MANAGER: row.since}, subject=row.grant, **taken)
        elif row.coordinates:
            yield _duty(DutyKind.GRANT_USED, row, due, {Telling.WORKER: row.since}, **taken)


def _returns(session: Session, account_id: int, role: Role | None) -> Iterable[Duty]:
    """Someone who lives here has the number of someone who was here before and lives nowhere now. For the manager
    only, until answered."""
    rows = session.execute(
        with_earlier(
            select(*_about(), func.min(AliasUse.since).label("since"))
            .select_from(Resident)
            .join(House, House.id == Resident.house_id)
            .join(AliasUse, AliasUse.resident_id == Resident.id),
            aliased(Resident),
            account_id=account_id,
        )
        .where(Resident.id.in_(living_seen_by(account_id, role if role is Role.MANAGER else None)))
        .group_by(*_about(), Resident.id)
        .order_by(Resident.id)
    ).all()
    for row in rows:
        yield _duty(DutyKind.RETURN, row, row.since + RETURN_WITHIN, {Telling.MANAGER: row.since})


def _denials(session: Session, account_id: int, role: Role | None, now: dt.datetime) -> Iterable[Duty]:
    """A denial that hits someone who works in her house: her duties there pass to another. Told for a week."""
    denied, stand_in = aliased(Account), aliased(Account)
    rows = session.execute(
        select(*_about(), Denial.since, denied.shown_name.label("denied"), stand_in.shown_name.label("stand_in"))
        .join(Resident, Resident.id == Denial.resident_id)
        .join(House, House.id == Resident.house_id)
        .join(denied, denied.id == Denial.account_id)
        .outerjoin(stand_in, stand_in.id == Denial.stand_in_id)
        .where(
            Denial.until.is_(None),
            Denial.since > now - DENIAL_TOLD_FOR,
            exists().where(
                Clearance.account_id == Denial.account_id,
                Clearance.house_id == Resident.house_id,
                Clearance.until.is_(None),
            ),
            _of_managers(account_id, role),
        )
        .order_by(Denial.since, Denial.id)
    ).all()
    for row in rows:
        yield _duty(
            DutyKind.DENIED_AT_WORK,
            row,
            row.since + DENIAL_TOLD_FOR,
            {Telling.MANAGER: row.since},
            denied=row.denied,
            stand_in=row.stand_in,
        )


def _must_not_share(session: Session, account_id: int, role: Role | None, now: dt.datetime) -> Iterable[Duty]:
    """Families that must never meet and live in one house now, or one and a colleague who works there: found after
    they came, or before the house knew. And for a week a link that a check found with a family in another house: that
    there is one, not with whom, nor on which side this family stands; the page of the reasons says what she may know.

    A conflict is told once; never to the colleague it is about, nor to anyone who must know nothing of the other
    family.
    """
    together = and_(Conflict.household_id == Resident.household_id, _under_one_roof(account_id))
    hers = Conflict.household_id == Resident.household_id
    rows = session.execute(
        select(*_about(), Conflict.id.label("conflict"), Conflict.found_at, together.label("together"))
        .join(Conflict, or_(hers, Conflict.other_id == Resident.household_id))
        .join(House, House.id == Resident.house_id)
        .where(
            Conflict.lifted_at.is_(None),
            _of_managers(account_id, role),
            or_(together, _linked(account_id, now)),
        )
        .order_by(
            Conflict.id,
            together.desc(),
            hers.desc(),
            Resident.birth_month.is_not(None),
            Resident.birth_month,
            Resident.id,
        )
    ).all()
    told: set[int] = set()
    for row in rows:
        if row.conflict in told:
            continue
        told.add(row.conflict)
        if row.together:
            yield _duty(DutyKind.UNDER_ONE_ROOF, row, row.found_at, {Telling.MANAGER: row.found_at})
        else:
            yield _duty(DutyKind.LINKED, row, row.found_at + LINK_TOLD_FOR, {Telling.MANAGER: row.found_at})


def _under_one_roof(account_id: int) -> ColumnElement[bool]:
    """Whether the other family, or the colleague, is in the house in which `Resident` lives."""
    other = aliased(Resident)
    return or_(
        exists().where(
            other.household_id == Conflict.other_id,
            other.house_id == Resident.house_id,
            other.household_id.not_in(denied_households(account_id)),
        ),
        and_(
            # A denial has a duty of its own, which names who stands in.
            Conflict.kind != ConflictKind.DENIED,
            Conflict.account_id != account_id,
            exists().where(
                Clearance.account_id == Conflict.account_id,
                Clearance.house_id == Resident.house_id,
                Clearance.until.is_(None),
            ),
        ),
    )


def _linked(account_id: int, now: dt.datetime) -> ColumnElement[bool]:
    """Whether a check found lately that a reported person joins the family of `Resident` and one in another house.
    Not for a manager who is herself related to somebody one of the two families reported, or denied to one."""
    other, about_her = aliased(Resident), aliased(Conflict)
    return and_(
        Conflict.kind.in_((ConflictKind.REPORTED_LIVES_HERE, ConflictKind.SAME_REPORTED)),
        Conflict.found_at > now - LINK_TOLD_FOR,
        exists().where(
            other.household_id
            == case((Conflict.household_id == Resident.household_id, Conflict.other_id), else_=Conflict.household_id),
            other.house_id != Resident.house_id,
            other.household_id.not_in(denied_households(account_id)),
        ),
        ~exists().where(
            about_her.account_id == account_id,
            about_her.lifted_at.is_(None),
            about_her.household_id.in_((Conflict.household_id, Conflict.other_id)),
        ),
    )


def _opened(session: Session, account_id: int, role: Role | None, now: dt.datetime) -> Iterable[Duty]:
    """An identity opened because of an emergency: the managers of her house read it for a day."""
    rows = session.execute(
        select(*_about(), Account.shown_name, func.max(StepUp.since).label("since"))
        .join(StepUp, StepUp.subject == Resident.ref)
        .join(Account, Account.id == StepUp.account_id)
        .outerjoin(House, House.id == Resident.house_id)
        .where(
            StepUp.purpose == PURPOSE,
            StepUp.reason == IdentityReason.EMERGENCY,
            StepUp.since > now - EMERGENCY_TOLD_FOR,
            StepUp.account_id != account_id,
            _of_managers(account_id, role),
        )
        .group_by(*_about(), Account.shown_name, Resident.id)
        .order_by(Resident.id, Account.shown_name)
    ).all()
    for row in rows:
        told = {Telling.MANAGER: row.since}
        yield _duty(DutyKind.IDENTITY_OPENED, row, row.since + EMERGENCY_TOLD_FOR, told, taker=row.shown_name)


def _of_managers(account_id: int, role: Role | None) -> ColumnElement[bool]:
    """The residents a manager may see; for anyone else none, so that the question stays the same."""
    return seen_by(account_id, role if role is Role.MANAGER else None)
