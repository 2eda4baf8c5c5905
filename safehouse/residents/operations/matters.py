"""Legal matters of a household: who stands on which side, and when the police were told."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.residents.models import Household, Matter, MatterParty, Resident, Side
from safehouse.residents.operations.safety import check_household
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class MatterRefusal(StrEnum):
    NO_PARTY = "no_party"
    NO_REPORT_TIME = "no_report_time"
    IN_FUTURE = "in_future"
    TOLD_IN_FUTURE = "told_in_future"
    TOLD_BEFORE_REPORT = "told_before_report"
    ALREADY_TOLD = "already_told"
    ALREADY_PARTY = "already_party"


class MatterRefused(Exception):
    def __init__(self, reason: MatterRefusal):
        super().__init__(reason)
        self.reason = reason


def open_matter(
    session: Session,
    *,
    household: Household,
    sides: Mapping[int, Side],
    reported: Mapping[int, Side] | None = None,
    sexual_violence: bool,
    child_offender: bool,
    victim_reported_at: dt.datetime | None,
    now: dt.datetime,
    by: Actor,
) -> Matter:
    """One legal case. `sides` are residents by id, `reported` reported persons by id. The caller commits.

    Of sexual violence the moment of the victim's own report is needed: it starts the clock of 3 x 24 hours. Raises
    `MatterRefused`.
    """
    if not sides:
        raise MatterRefused(MatterRefusal.NO_PARTY)
    if sexual_violence and victim_reported_at is None:
        raise MatterRefused(MatterRefusal.NO_REPORT_TIME)
    if victim_reported_at is not None and victim_reported_at > now:
        raise MatterRefused(MatterRefusal.IN_FUTURE)
    matter = Matter(
        household_id=household.id,
        sexual_violence=sexual_violence,
        child_offender=child_offender,
        victim_reported_at=victim_reported_at,
        opened_at=now,
        opened_by_id=by.person_id,
    )
    session.add(matter)
    session.flush()
    session.add_all(MatterParty(matter_id=matter.id, resident_id=one, side=side) for one, side in sides.items())
    session.add_all(
        MatterParty(matter_id=matter.id, reported_id=one, side=side) for one, side in (reported or {}).items()
    )
    session.flush()
    record(session, now=now, by=by, act=Act.MATTER_OPENED, subject=household.ref)
    check_household(session, household=household, now=now, by=by)
    return matter


def add_party(session: Session, *, matter: Matter, resident: Resident, side: Side, now: dt.datetime, by: Actor) -> None:
    """Another resident stands in this matter too; opposite sides never share a house. Raises `MatterRefused`."""
    if session.scalar(
        select(MatterParty.id).where(MatterParty.matter_id == matter.id, MatterParty.resident_id == resident.id)
    ):
        raise MatterRefused(MatterRefusal.ALREADY_PARTY)
    session.add(MatterParty(matter_id=matter.id, resident_id=resident.id, side=side))
    session.flush()
    household = session.get_one(Household, matter.household_id)
    record(
        session,
        now=now,
        by=by,
        act=Act.MATTER_OPENED,
        subject=household.ref,
        subjects=(resident.ref,),
    )
    check_household(session, household=household, now=now, by=by)
    if resident.household_id != household.id:
        check_household(session, household=session.get_one(Household, resident.household_id), now=now, by=by)


def tell_police(
    session: Session, *, matter: Matter, told_at: dt.datetime, number: str | None, now: dt.datetime, by: Actor
) -> None:
    """The police know; the clock has stopped. The number of their report is sealed. Raises `MatterRefused`."""
    session.refresh(matter, with_for_update=True)
    if matter.police_told_at is not None:
        raise MatterRefused(MatterRefusal.ALREADY_TOLD)
    if told_at > now:
        raise MatterRefused(MatterRefusal.TOLD_IN_FUTURE)
    if matter.victim_reported_at is not None and told_at < matter.victim_reported_at:
        raise MatterRefused(MatterRefusal.TOLD_BEFORE_REPORT)
    household = session.get_one(Household, matter.household_id)
    matter.police_told_at = told_at
    if number:
        matter.police_report_number = seal(
            session, matter, "police_report_number", number, key=key_of(session, household.ref)
        )
    session.flush()
    record(session, now=now, by=by, act=Act.POLICE_TOLD, subject=household.ref)
