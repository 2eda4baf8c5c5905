"""A review that was handed in: read, approved or sent back, and an approval taken back."""

import uuid

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, by, may, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.operations.approvals import record_refused_decision
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.services.forms.reviewing import APPROVE, ReviewAnswerForm
from safehouse.services.operations.reviewing import (
    ReviewRefusal,
    ReviewRefused,
    decide_review,
    undo_approval,
)
from safehouse.services.queries.reviews import (
    judged_by,
    recommendations,
)
from safehouse.services.rules.reviewing import from_text
from safehouse.services.views.reviews.finding import (
    REFUSALS,
    found_review,
    goals_of,
    pages,
    read_or_404,
)
from safehouse.services.views.reviews.in_words import (
    care_of,
    goal_rows,
    lead_of,
    outcome_of,
    paper_number,
    rows_of,
    stage_rows,
    summary_rows,
    who_when,
)
from safehouse.services.words import (
    NEXT_PLANS,
    OVERALL,
)
from safehouse.web.language import day
from safehouse.web.shell import offer_undo

DECIDE = "review:decide"
offer_undo(DECIDE, title=_l("Your answer to the review is saved."), endpoint="reviews.undo")


@pages.get("/reviews/<uuid:ref>")
@needs(Permission.PLAN_READ)
@opens_sealed
def shown(ref: uuid.UUID) -> ResponseReturnValue:
    """A review that was handed in."""
    return _show(ref, None)


@pages.route("/reviews/<uuid:ref>/decide", methods=["GET", "POST"])
@needs(Permission.REVIEW_DECIDE)
@opens_sealed
def decide(ref: uuid.UUID) -> ResponseReturnValue:
    """A manager approves it, or sends it back."""
    seen, review, _plan = found_review(ref)
    if review.approved_at is not None or review.handed_in_at is None:
        return redirect(url_for("reviews.shown", ref=ref), 303)
    form = ReviewAnswerForm(typed() or None)
    if posted() and form.validate():
        try:
            act = begin_act(session, key=act_key(), kind=DECIDE, now=now(), by=by(), subject=ref, undoable=True)
            decide_review(
                session,
                review=review,
                resident=seen.resident,
                granted=form["answer"].data == APPROVE,
                words=form["words"].data or "",
                year=seen.today.year,
                now=now(),
                by=by(),
            )
            if form["answer"].data != APPROVE:
                act.undo_until = None  # it is being written again at once
        except AlreadyDone as earlier:
            done = earlier.act.ref
            session.rollback()
            return redirect(url_for("reviews.shown", ref=ref, done=done), 303)
        except ReviewRefused as refused:
            session.rollback()
            unfinished = refused.reason is ReviewRefusal.WORDS_MISSING
            if not unfinished:
                record_refused_decision(session, subject=ref, reason=refused.reason, now=now(), by=by())
                session.commit()
            form.refuse(REFUSALS[refused.reason], "words" if unfinished else "answer")
        else:
            done = act.ref
            session.commit()
            if form["answer"].data == APPROVE:
                return redirect(url_for("reviews.shown", ref=ref, done=done), 303)
            return redirect(url_for("today.page"), 303)
    return _show(ref, form)


def _show(ref: uuid.UUID, form: ReviewAnswerForm | None) -> ResponseReturnValue:
    seen, review, plan = found_review(ref)
    if review.figures is None:
        abort(404)
    figures = from_text(review.figures)
    advised, judged = recommendations(session, review.id), judged_by(session, review.id)
    read = read_or_404(seen, review, [*advised, *judged], goals_of(figures), plan)
    became = [(read.advised[one.row.id], who_when(one), outcome_of(one)) for one in judged]
    advises = [(read.advised[one.row.id], who_when(one)) for one in advised]
    session.commit()
    use_session(writing=False)
    seen, review, plan = found_review(ref)
    return render_template(
        "services/review_shown.html",
        form=form,
        seen=seen,
        review=review,
        lead=lead_of(seen, review.from_day, review.until),
        approved=day(review.approved_at.astimezone(seen.zone).date()) if review.approved_at else "",
        number=paper_number(review),
        judged=became,
        rows=rows_of(figures),
        care=care_of(figures),
        goals=goal_rows(figures, read),
        stages=stage_rows(figures),
        summaries=summary_rows(figures, read),
        own_words=read.own_words,
        family=read.family,
        conclusion=read.conclusion,
        overall=OVERALL[review.overall] if review.overall else "",
        next_plan=NEXT_PLANS[review.next_plan] if review.next_plan else "",
        advised=advises,
        may_print=may(Permission.REPORT_PRINT),
        may_decide=may(Permission.REVIEW_DECIDE),
    )


@pages.post("/reviews/<uuid:ref>/undo")
@needs(Permission.REVIEW_DECIDE)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=DECIDE, now=now(), by=by())
    if act.subject is None:
        raise NotUndoable
    seen, review, _plan = found_review(act.subject)
    to = review.ref
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    undo_approval(session, review=review, resident=seen.resident, now=now(), by=by())
    session.commit()
    return redirect(url_for("reviews.decide", ref=to, undone=1), 303)
