"""Writing a review: what the last one advised first, then what was gathered, then what the worker concludes."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Account
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.services.choices import RecommendationOutcome
from safehouse.services.forms.reviewing import EARLIER, ReviewForm, review_form
from safehouse.services.models import Goal, Plan, Review
from safehouse.services.operations.reviewing import (
    Advised,
    ReviewRefusal,
    ReviewRefused,
    Written,
    begin_review,
    hand_in,
    write_review,
)
from safehouse.services.queries.reviews import (
    Advice,
    approved_reviews,
    open_review,
    recommendations,
)
from safehouse.services.rules.reviewing import period
from safehouse.services.views.reviews.finding import (
    REFUSALS,
    Read,
    figures_now,
    goals_of,
    pages,
    read_or_404,
)
from safehouse.services.views.reviews.in_words import (
    care_of,
    goal_rows,
    lead_of,
    rows_of,
    stage_rows,
    summary_rows,
    who_when,
)
from safehouse.services.views.seen import Seen, seen_plan
from safehouse.web.forms import NOT_CHOSEN, NOT_FILLED

WRITE, HAND_IN = "review:write", "hand_in"


@pages.route("/residents/<uuid:ref>/review", methods=["GET", "POST"])
@needs(Permission.REVIEW_WRITE)
@opens_sealed
def page(ref: uuid.UUID) -> ResponseReturnValue:
    """Write the review: the advice of the last one first, then what was gathered, then what the worker concludes."""
    seen, plan = _own(ref)
    review = open_review(session, plan.id)
    # What is sent from a page that was open before it was handed in is refused below, and comes back.
    if review is not None and review.handed_in_at is not None and not posted():
        return redirect(url_for("reviews.shown", ref=review.ref), 303)
    past = approved_reviews(session, plan.id)
    earlier = recommendations(session, past[0].id) if past else []
    from_day, until = _period(seen, plan, past)
    figures = figures_now(seen, plan, from_day, until)
    advised = recommendations(session, review.id) if review else []
    read = read_or_404(seen, review, [*earlier, *advised], goals_of(figures), plan)
    form = _form(seen, review, earlier, advised, read)
    if posted() and form.validate() and _days_fit(form, seen) and _is_complete(form, earlier):
        answer = _save(form, seen, plan, from_day, until, earlier)
        if answer is not None:
            return answer
        seen, review, everything, goals, plan = _again(ref)
        read = read_or_404(seen, review, everything, goals, plan)
        earlier = everything[: len(earlier)]
    asked = [(form[f"{EARLIER}{one.row.ref.hex}"], read.advised[one.row.id], who_when(one)) for one in earlier]
    session.commit()
    use_session(writing=False)
    seen, plan = _own(ref)
    return render_template(
        "services/review.html",
        form=form,
        seen=seen,
        lead=lead_of(seen, from_day, until),
        earlier=asked,
        rows=rows_of(figures),
        care=care_of(figures),
        goals=goal_rows(figures, read),
        stages=stage_rows(figures),
        summaries=summary_rows(figures, read),
        sent_back=read.answer,
    )


def _own(ref: uuid.UUID) -> tuple[Seen, Plan]:
    """The plan of someone this person coordinates; otherwise the same 404."""
    seen = seen_plan(ref)
    if seen.plan is None or not seen.standing.coordinator:
        abort(404)
    return seen, seen.plan


def _period(seen: Seen, plan: Plan, past: Sequence[Review]) -> tuple[dt.date, dt.date]:
    opened = plan.opened_at.astimezone(seen.zone).date()
    return period(opened, past[0].until if past else None, seen.today)


def _again(ref: uuid.UUID) -> tuple[Seen, Review | None, list[Advice], list[Goal], Plan]:
    """After a refusal: everything found anew, to be shown beside what was typed."""
    seen, plan = _own(ref)
    review = open_review(session, plan.id)
    past = approved_reviews(session, plan.id)
    earlier = recommendations(session, past[0].id) if past else []
    advised = recommendations(session, review.id) if review else []
    figures = figures_now(seen, plan, *_period(seen, plan, past))
    return seen, review, [*earlier, *advised], goals_of(figures), plan


def _form(
    seen: Seen, review: Review | None, earlier: Sequence[Advice], advised: Sequence[Advice], read: Read
) -> ReviewForm:
    """What was typed, else the draft. An earlier recommendation that is on record as done is answered so; nothing else
    is answered beforehand."""
    before: dict[str, Any] = {
        f"{EARLIER}{one.row.ref.hex}": one.row.outcome
        or (RecommendationOutcome.DONE if one.row.done_at is not None else None)
        for one in earlier
    }
    if review is not None:
        before |= {
            "own_words": read.own_words,
            "family": read.family,
            "conclusion": read.conclusion,
            "overall": review.overall,
            "next_plan": review.next_plan,
            "advised": [
                {"words": read.advised[one.row.id], "responsible": one.who_ref, "due": one.row.due} for one in advised
            ],
        }
    form = review_form([one.row.ref for one in earlier])(typed() or None, **before)
    for one in earlier:
        form[f"{EARLIER}{one.row.ref.hex}"].label.text = read.advised[one.row.id]
    people = [("", _("Choose who")), *((str(one.ref), one.name) for one in seen.workers)]
    for row in form["advised"].entries:
        row["responsible"].choices = people
    return form


def _days_fit(form: ReviewForm, seen: Seen) -> bool:
    """What is advised is due on a day that has not passed."""
    late = [row for row in form["advised"].filled if row["due"].data < seen.today]
    for row in late:
        row["due"].errors = [*row["due"].errors, str(REFUSALS[ReviewRefusal.DUE_IN_PAST])]
    return not late


def _is_complete(form: ReviewForm, earlier: Sequence[Advice]) -> bool:
    """Handing in needs every answer; a draft needs none."""
    if request.form.get("do") != HAND_IN:
        return True
    fine = True
    for one in earlier:
        field = form[f"{EARLIER}{one.row.ref.hex}"]
        if field.data is None:
            form.refuse(NOT_CHOSEN, field.name)
            fine = False
    for name, sentence in (("overall", NOT_CHOSEN), ("conclusion", NOT_FILLED), ("next_plan", NOT_CHOSEN)):
        if not form[name].data:
            form.refuse(sentence, name)
            fine = False
    return fine


def _save(
    form: ReviewForm, seen: Seen, plan: Plan, from_day: dt.date, until: dt.date, earlier: Sequence[Advice]
) -> ResponseReturnValue | None:
    ref = seen.resident.ref
    handed = request.form.get("do") == HAND_IN
    known = {account.ref: account for account in _accounts(seen)}
    written = Written(
        overall=form["overall"].data,
        next_plan=form["next_plan"].data,
        conclusion=form["conclusion"].data or "",
        own_words=form["own_words"].data or "",
        family=form["family"].data or "",
        advised=[
            Advised(row["words"].data, known[row["responsible"].data], row["due"].data)
            for row in form["advised"].filled
        ],
        outcomes={one.row.id: form[f"{EARLIER}{one.row.ref.hex}"].data for one in earlier},
    )
    try:
        begin_act(session, key=act_key(), kind=WRITE, now=now(), by=by(), subject=ref)
        review = begin_review(
            session, plan=plan, resident=seen.resident, from_day=from_day, until=until, now=now(), by=by()
        )
        write_review(
            session,
            review=review,
            resident=seen.resident,
            until=until,
            written=written,
            today=seen.today,
            now=now(),
            by=by(),
        )
        if handed:
            figures = figures_now(seen, plan, review.from_day, until)
            hand_in(session, review=review, resident=seen.resident, figures=figures, now=now(), by=by())
    except AlreadyDone:
        session.rollback()
        return redirect(url_for("plans.overview", ref=ref, saved="review"), 303)
    except ReviewRefused as refused:
        session.rollback()
        form.refuse(REFUSALS[refused.reason])
        return None
    to = review.ref
    session.commit()
    if handed:
        return redirect(url_for("reviews.shown", ref=to, saved="review_handed_in"), 303)
    return redirect(url_for("reviews.page", ref=ref, saved="review"), 303)


def _accounts(seen: Seen) -> list[Account]:
    return list(session.scalars(select(Account).where(Account.id.in_([one.account_id for one in seen.workers]))))
