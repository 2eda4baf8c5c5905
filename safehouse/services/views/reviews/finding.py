"""A review, found for whoever may read it, and everything of it opened in one entry of the record."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import by, now
from safehouse.access.models import Discipline
from safehouse.database import session
from safehouse.residents.models import Resident
from safehouse.services.choices import WordsKind
from safehouse.services.models import DomainWords, Goal, Plan, PlanDomain, Review
from safehouse.services.operations.reviewing import (
    ReviewRefusal,
)
from safehouse.services.queries.gathering import gather
from safehouse.services.queries.plans import newest_words
from safehouse.services.queries.reviews import (
    Advice,
    find_review,
)
from safehouse.services.rules.reviewing import Figures
from safehouse.services.rules.walls import Reach, reaches
from safehouse.services.views.seen import Seen, seen_plan
from safehouse.shelter.models import Placement
from safehouse.trail.opening import NotConfirmed, Sealed, open_values

pages = Blueprint("reviews", __name__)

REFUSALS = {
    ReviewRefusal.WAITING: _l("This review was handed in and waits for an answer. It is not changed meanwhile."),
    ReviewRefusal.TOO_MANY: _l("More recommendations than anybody carries out. Keep the most important ones."),
    ReviewRefusal.DUE_IN_PAST: _l("A recommendation is due on a day that is over. Write a later day."),
    ReviewRefusal.OWN: _l("You wrote this review yourself. Another manager answers."),
    ReviewRefusal.SAME_DEVICE: _l("Answer on your own device."),
    ReviewRefusal.DECIDED: _l("This review was answered in the meantime."),
    ReviewRefusal.EXPIRED: _l("Nobody answered in time. It has to be handed in again."),
    ReviewRefusal.CHANGED: _l("The review has changed since it was handed in. It has to be handed in again."),
    ReviewRefusal.WORDS_MISSING: _l("Write what is missing."),
    ReviewRefusal.DONE: _l("This was written down in the meantime."),
}


@dataclass(frozen=True, slots=True)
class Read:
    """Everything of a review that was opened, in the order of the page."""

    advised: Mapping[int, str]
    summaries: Mapping[Discipline, str]
    goals: Mapping[str, str]
    conclusion: str = ""
    own_words: str = ""
    family: str = ""
    answer: str = ""


def reads_all(seen: Seen) -> bool:
    """A review gathers every domain: it is for whoever reads the goals of all of them."""
    return all(reaches(seen.standing.reach(one), Reach.GOALS) for one in Discipline)


def found_review(ref: uuid.UUID) -> tuple[Seen, Review, Plan]:
    """A review this person may read; otherwise the same 404."""
    row = find_review(session, ref)
    if row is None:
        abort(404)
    review, plan = row
    seen = seen_of(plan)
    if not reads_all(seen):
        abort(404)
    return seen, review, plan


def seen_of(plan: Plan) -> Seen:
    ref = session.scalars(
        select(Resident.ref)
        .join(Placement, Placement.resident_id == Resident.id)
        .where(Placement.id == plan.placement_id)
    ).one()
    return seen_plan(ref)


def open_read(seen: Seen, review: Review | None, advised: Sequence[Advice], goals: Sequence[Goal], plan: Plan) -> Read:
    """Open a review, what it advises, the summaries of the domains and the goals, in one entry of the record. The
    caller commits before she shows it. Of a review that was handed in the summaries are those of that moment: what is
    written later was approved by nobody."""
    owner = seen.resident.ref
    words = {name: getattr(review, name) for name in ("conclusion", "own_words", "family", "answer")} if review else {}
    written = [name for name, sealed in words.items() if sealed is not None]
    summaries = _summaries(plan, review.handed_in_at if review else None)
    wanted = [Sealed(review, name, owner) for name in written]
    wanted += [Sealed(one.row, "words", owner) for one in advised]
    wanted += [Sealed(one, "words", owner) for one in summaries.values()]
    wanted += [Sealed(one, "words", owner) for one in goals]
    texts = iter(open_values(session, now=now(), by=by(), purpose="review of a plan", wanted=wanted))
    said = {name: next(texts) for name in written}
    return Read(
        advised={one.row.id: next(texts) for one in advised},
        summaries={domain: next(texts) for domain in summaries},
        goals={str(one.ref): next(texts) for one in goals},
        **said,
    )


def _summaries(plan: Plan, by_then: dt.datetime | None) -> dict[Discipline, DomainWords]:
    domains = {
        row.id: row.domain
        for row in session.execute(select(PlanDomain.id, PlanDomain.domain).where(PlanDomain.plan_id == plan.id))
    }
    found = newest_words(session, list(domains), by_then=by_then)
    return {domains[number]: row for (number, kind), row in found.items() if kind is WordsKind.SUMMARY}


def goals_of(figures: Figures) -> list[Goal]:
    """The goals these figures are about, closed."""
    refs = [uuid.UUID(one.ref) for one in figures.goals]
    rows = {one.ref: one for one in session.scalars(select(Goal).where(Goal.ref.in_(refs)))}
    return [rows[ref] for ref in refs if ref in rows]


def figures_now(seen: Seen, plan: Plan, from_day: dt.date, until: dt.date) -> Figures:
    return gather(
        session,
        plan=plan,
        placement=seen.placement,
        resident=seen.resident,
        from_day=from_day,
        until=until,
        there=seen.zone,
    )


def read_or_404(
    seen: Seen, review: Review | None, advised: Sequence[Advice], goals: Sequence[Goal], plan: Plan
) -> Read:
    try:
        return open_read(seen, review, advised, goals, plan)
    except NotConfirmed:
        abort(404)
