"""What every page of a plan begins with: the resident, her plan, and how far the person who looks may read."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from flask import abort
from sqlalchemy import select

from safehouse.access.current import now, signed
from safehouse.access.models import Discipline
from safehouse.database import session
from safehouse.residents.models import Resident
from safehouse.residents.views.seen import seen_resident, zone_of
from safehouse.services.models import Plan, PlanDomain
from safehouse.services.queries.plans import Worker, newest_placement, plan_of, standing, workers_of
from safehouse.services.rules.walls import Reach, Standing, reaches
from safehouse.shelter.models import Placement


@dataclass(frozen=True)
class Seen:
    """A resident and her newest placement, with everyone assigned to her."""

    resident: Resident
    placement: Placement
    plan: Plan | None
    workers: list[Worker]
    standing: Standing

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_of(self.resident)

    @property
    def today(self) -> dt.date:
        """The date where she lives."""
        return now().astimezone(self.zone).date()

    @property
    def left(self) -> bool:
        return self.placement.left_at is not None

    def keeps_any(self) -> bool:
        """Whether the person records anything in this plan."""
        return any(self.standing.keeps(one) for one in Discipline)


def seen_plan(ref: uuid.UUID) -> Seen:
    """The resident with her plan, which may not be open yet. Foreign, forbidden, missing and never placed are one 404;
    so is everything for those who read nothing of a plan."""
    person = signed()
    resident = seen_resident(ref)
    placement = newest_placement(session, resident.id) or abort(404)
    workers = workers_of(session, resident.id)
    found = standing(workers, account_id=person.account_id, role=person.role)
    if all(found.reach(one) is Reach.NOTHING for one in Discipline):
        abort(404)
    return Seen(resident, placement, plan_of(session, placement.id), workers, found)


def seen_domain(ref: uuid.UUID, domain: str, *, least: Reach = Reach.SUMMARY) -> tuple[Seen, PlanDomain, Reach]:
    """A domain of an open plan that this person reads at least so far; otherwise the same 404."""
    seen = seen_plan(ref)
    try:
        wanted = Discipline(domain)
    except ValueError:
        abort(404)
    reach = seen.standing.reach(wanted)
    if seen.plan is None or not reaches(reach, least):
        abort(404)
    found = session.scalar(select(PlanDomain).where(PlanDomain.plan_id == seen.plan.id, PlanDomain.domain == wanted))
    return seen, found or abort(404), reach


def kept_domain(domain: PlanDomain) -> Seen:
    """The plan this domain is part of, if the person keeps the domain; otherwise the same 404."""
    ref = session.scalars(
        select(Resident.ref)
        .join(Placement, Placement.resident_id == Resident.id)
        .join(Plan, Plan.placement_id == Placement.id)
        .where(Plan.id == domain.plan_id)
    ).one()
    seen = seen_plan(ref)
    if seen.plan is None or seen.plan.id != domain.plan_id or not seen.standing.keeps(domain.domain):
        abort(404)
    return seen


def found_domain(ref: uuid.UUID) -> tuple[Seen, PlanDomain]:
    """A domain by its own reference, if the person keeps it."""
    domain = session.scalar(select(PlanDomain).where(PlanDomain.ref == ref)) or abort(404)
    return kept_domain(domain), domain
