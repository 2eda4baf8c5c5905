"""Days that come: the end of the time a house gives, an earlier day that was agreed, more days that were asked for."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Approval, House
from safehouse.access.permissions import Role
from safehouse.gathered import Duty, Telling
from safehouse.residents.models import Resident
from safehouse.residents.queries.people import seen_by
from safehouse.shelter.choices import ExtensionReason
from safehouse.shelter.models import Extension, Placement
from safehouse.shelter.queries.duties.people import Here, families, of_family
from safehouse.shelter.rules.duties import DutyKind, end_of, limit_warning_since, start_of


def days(here: Sequence[Here], extending: Collection[int], now: dt.datetime) -> Iterable[Duty]:
    """The end of the time a house gives, and an earlier day that was agreed."""
    for family in families(here, lambda one: (one.last_day, one.time_zone)):
        first, last_day = family[0], family[0].last_day
        due = end_of(last_day, first.zone)
        if all(one.placement_id in extending for one in family):
            continue
        if due < now:
            told = dict.fromkeys(
                (Telling.WORKER, Telling.MANAGER), start_of(last_day + dt.timedelta(days=1), first.zone)
            )
            yield of_family(DutyKind.LIMIT_OVER, family, due, told, all_day=True)
        elif since := limit_warning_since(last_day, first.today(now), first.zone):
            told = {Telling.WORKER: since, Telling.MANAGER: since}
            yield of_family(DutyKind.LIMIT_NEAR, family, due, told, all_day=True)
    planned = [one for one in here if one.planned_exit < one.last_day]
    for family in families(planned, lambda one: (one.planned_exit, one.time_zone)):
        first, day = family[0], family[0].planned_exit
        since = start_of(day - dt.timedelta(days=1), first.zone)
        told = dict.fromkeys((Telling.STAFF, Telling.WORKER), since)
        yield of_family(DutyKind.EXIT, family, end_of(day, first.zone), told, all_day=True)


class Extending(NamedTuple):
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


def extending_now(session: Session, account_id: int, role: Role | None, now: dt.datetime) -> list[Extending]:
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
            seen_by(account_id, role),
        )
        .order_by(Extension.approval_id, Extension.id)
    ).all()
    return [Extending(*tuple(row)) for row in rows]


def to_decide(extending: Iterable[Extending], account_id: int) -> Iterable[Duty]:
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
