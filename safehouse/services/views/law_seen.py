"""What every page about a matter begins with: the matter, the resident through whom it is kept, and who looks."""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import as_ref, signed
from safehouse.access.models import Discipline
from safehouse.database import session
from safehouse.residents.models import Matter, Resident
from safehouse.services.models import LegalStage, PlanDomain
from safehouse.services.operations.law import About
from safehouse.services.queries.law import open_matters, ways_to
from safehouse.services.rules.walls import Reach, reaches
from safehouse.services.views.seen import Seen, found_domain, seen_plan
from safehouse.web.language import day, language

LEGAL = Discipline.LEGAL


def found_legal(ref: uuid.UUID) -> tuple[Seen, PlanDomain, Matter | None]:
    """The legal domain with this reference, if the person keeps it, and the matter named behind the question mark: the
    newest where none is. None: nothing is kept with her yet. Otherwise the same 404."""
    seen, domain = found_domain(ref)
    if domain.domain is not LEGAL:
        abort(404)
    matters = open_matters(session, seen.resident.id)
    wanted = request.args.get("matter")
    if wanted is None:
        return seen, domain, next(iter(matters), None)
    return seen, domain, next((one for one in matters if str(one.ref) == wanted), None) or abort(404)


def seen_through(matter_id: int, *, least: Reach = Reach.FULL) -> Seen:
    """The resident through whom this person reads a matter at least so far: the one whose page she comes from, else the
    eldest. Otherwise the same 404."""
    person = signed()
    found = [
        one.resident
        for one in ways_to(session, matter_id, account_id=person.account_id, role=person.role)
        if reaches(one.standing.reach(LEGAL), least)
    ]
    if not found:
        abort(404)
    came_from = as_ref(request.args.get("of"))
    return seen_plan(came_from if came_from in found else found[0])


def about(seen: Seen, matter: Matter) -> About:
    """The days that count for her."""
    left_at = seen.placement.left_at
    left_on = left_at.astimezone(seen.zone).date() if left_at else None
    return About(session.get_one(Resident, seen.resident.id), matter, seen.today, left_on)


def home(seen: Seen, **more: Any) -> str:
    """Her legal page; the whole plan where it has no legal part."""
    domain = (
        select(PlanDomain.id).where(PlanDomain.plan_id == seen.plan.id, PlanDomain.domain == LEGAL)
        if seen.plan
        else None
    )
    if domain is None or session.scalar(domain) is None:
        return url_for("plans.overview", ref=seen.resident.ref, **more)
    return url_for("domains.page", ref=seen.resident.ref, domain=LEGAL, **more)


def here() -> str:
    """The address of this page with what stands behind the question mark, so that a press comes back to it."""
    return request.full_path.rstrip("?")


def stage_name(stage: LegalStage) -> str:
    """The stage in the language of the page: the names are data."""
    return stage.name_id if language() == "id" else stage.name_en


def matter_name(matter: Matter, there: ZoneInfo) -> str:
    """A matter among others, by what it is about and since when it is known."""
    opened = day(matter.opened_at.astimezone(there).date())
    if matter.sexual_violence:
        return _("Sexual violence, opened %(day)s", day=opened)
    return _("Matter opened %(day)s", day=opened)
