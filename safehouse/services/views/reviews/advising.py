"""What an approved review advises: carried out in one press by whoever sees to it."""

import uuid

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Account
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.services.models import Plan, Recommendation, Review
from safehouse.services.operations.reviewing import (
    ReviewRefused,
    recommendation_done,
    recommendation_open,
)
from safehouse.services.views.reviews.finding import (
    pages,
    reads_all,
    seen_of,
)
from safehouse.services.views.seen import Seen
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import day
from safehouse.web.shell import offer_undo

DONE = "recommendation:done"
offer_undo(DONE, title=_l("Saved: it was carried out."), endpoint="reviews.undo_done")


@pages.route("/recommendations/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.PLAN_READ)
@opens_sealed
def recommendation(ref: uuid.UUID) -> ResponseReturnValue:
    """What an approved review advises, for whoever sees to it: it is written down as carried out in one press."""
    row, seen = _found_recommendation(ref)
    if posted():
        to = seen.resident.ref
        try:
            act = begin_act(session, key=act_key(), kind=DONE, now=now(), by=by(), subject=ref, undoable=True)
            recommendation_done(session, recommendation=row, resident=seen.resident, now=now(), by=by())
        except AlreadyDone as earlier:
            return redirect(url_for("reviews.recommendation", ref=ref, done=earlier.act.ref), 303)
        except ReviewRefused:
            session.rollback()
            return redirect(url_for("plans.overview", ref=to), 303)
        done = act.ref
        session.commit()
        return redirect(url_for("reviews.recommendation", ref=ref, done=done), 303)
    try:
        (words,) = open_values(
            session, now=now(), by=by(), purpose="review of a plan", wanted=[Sealed(row, "words", seen.resident.ref)]
        )
    except NotConfirmed:
        abort(404)
    session.commit()
    use_session(writing=False)
    row, seen = _found_recommendation(ref)
    return render_template(
        "services/recommendation.html", seen=seen, row=row, words=words, due=day(row.due), name=_name_of(row)
    )


@pages.post("/recommendations/<uuid:ref>/undo")
@needs(Permission.PLAN_READ)
def undo_done(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=DONE, now=now(), by=by())
    if act.subject is None:
        raise NotUndoable
    row, seen = _found_recommendation(act.subject)
    to = row.ref
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    if row.outcome is not None:
        raise NotUndoable
    recommendation_open(session, recommendation=row, resident=seen.resident, now=now(), by=by())
    session.commit()
    return redirect(url_for("reviews.recommendation", ref=to, undone=1), 303)


def _found_recommendation(ref: uuid.UUID) -> tuple[Recommendation, Seen]:
    """Of an approved review, for whoever sees to it and whoever reads the review; otherwise the same 404."""
    row = session.execute(
        select(Recommendation, Plan)
        .join(Review, Review.id == Recommendation.review_id)
        .join(Plan, Plan.id == Review.plan_id)
        .where(Recommendation.ref == ref, Review.approved_at.is_not(None))
    ).first()
    if row is None:
        abort(404)
    seen = seen_of(row.Plan)
    if row.Recommendation.responsible_id != by().person_id and not reads_all(seen):
        abort(404)
    return row.Recommendation, seen


def _name_of(row: Recommendation) -> str:
    return session.scalars(select(Account.shown_name).where(Account.id == row.responsible_id)).one()
