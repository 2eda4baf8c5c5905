"""Two reviews of the plan of a family: one approved, with a recommendation, and one that waits for its answer."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from safehouse.access.permissions import Role
from safehouse.services.choices import NextPlan, Overall
from safehouse.services.models import Plan, Recommendation, Review
from safehouse.services.operations.reviewing import (
    Advised,
    Written,
    begin_review,
    decide_review,
    hand_in,
    write_review,
)
from safehouse.services.queries.gathering import gather
from safehouse.shelter.models import Placement

if TYPE_CHECKING:
    from tests.web.things import Family

OF_A_REVIEW = ("review", "review_waiting", "recommendation")


def review_twice(family: "Family", plan: Plan) -> dict[str, uuid.UUID]:
    """The second begins where the first ended."""
    session, now = family.make.session, family.now
    approved = _handed_in(family, plan)
    decide_review(
        session,
        review=approved,
        resident=family.mother,
        granted=True,
        words=family.words("Baik"),
        year=family.today.year,
        now=now,
        by=family.by(Role.MANAGER),
    )
    waiting = _handed_in(family, plan)
    advised = session.query(Recommendation).filter_by(review_id=approved.id).one()
    session.commit()
    return {"review": approved.ref, "review_waiting": waiting.ref, "recommendation": advised.ref}


def _handed_in(family: "Family", plan: Plan) -> Review:
    session, today = family.make.session, family.today
    about = {"now": family.now, "by": family.by(Role.CASEWORKER)}
    review = begin_review(
        session, plan=plan, resident=family.mother, from_day=today - dt.timedelta(days=1), until=today, **about
    )
    advised = Advised(family.words("Lanjutkan"), family.accounts[Role.CASEWORKER], today + dt.timedelta(days=7))
    written = Written(
        Overall.SAME,
        NextPlan.STAY,
        family.words("Tenang"),
        family.words("Saya lebih baik"),
        family.words("Bibi datang"),
        [advised],
        {},
    )
    write_review(
        session, review=review, resident=family.mother, until=review.until, written=written, today=today, **about
    )
    figures = gather(
        session,
        plan=plan,
        placement=session.get_one(Placement, plan.placement_id),
        resident=family.mother,
        from_day=review.from_day,
        until=review.until,
        there=dt.UTC,
    )
    hand_in(session, review=review, resident=family.mother, figures=figures, **about)
    return review
