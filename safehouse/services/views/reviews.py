"""The review every three months: what was gathered, what the worker writes, the manager answers, what it advised."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, may, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Account, Discipline
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.operations.approvals import record_refused_decision
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.models import Resident
from safehouse.services.choices import RecommendationOutcome, WordsKind
from safehouse.services.forms.reviewing import APPROVE, EARLIER, ReviewAnswerForm, ReviewForm, review_form
from safehouse.services.models import DomainWords, Goal, Plan, PlanDomain, Recommendation, Review
from safehouse.services.operations.reviewing import (
    Advised,
    ReviewRefusal,
    ReviewRefused,
    Written,
    begin_review,
    decide_review,
    hand_in,
    recommendation_done,
    recommendation_open,
    undo_approval,
    write_review,
)
from safehouse.services.queries.gathering import gather
from safehouse.services.queries.plans import newest_words
from safehouse.services.queries.reviews import (
    Advice,
    approved_reviews,
    find_review,
    judged_by,
    open_review,
    recommendations,
)
from safehouse.services.rules.reviewing import Figures, from_text, period
from safehouse.services.rules.walls import Reach, reaches
from safehouse.services.views.seen import Seen, seen_plan
from safehouse.services.words import (
    DOMAINS,
    GOAL_STEPS,
    NEXT_PLANS,
    OVERALL,
    RECOMMENDATION_OUTCOMES,
    TRACKS,
)
from safehouse.shelter.models import Placement
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.forms import NOT_CHOSEN, NOT_FILLED
from safehouse.web.language import day, language, short_day
from safehouse.web.shell import offer_undo

pages = Blueprint("reviews", __name__)

WRITE, DECIDE, DONE = "review:write", "review:decide", "recommendation:done"
HAND_IN = "hand_in"
offer_undo(DECIDE, title=_l("Your answer to the review is saved."), endpoint="reviews.undo")
offer_undo(DONE, title=_l("Saved: it was carried out."), endpoint="reviews.undo_done")

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
    seen = _seen_of(plan)
    if not reads_all(seen):
        abort(404)
    return seen, review, plan


def _seen_of(plan: Plan) -> Seen:
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


# Writing


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
    read = _read(seen, review, [*earlier, *advised], goals_of(figures), plan)
    form = _form(seen, review, earlier, advised, read)
    if posted() and form.validate() and _days_fit(form, seen) and _is_complete(form, earlier):
        answer = _save(form, seen, plan, from_day, until, earlier)
        if answer is not None:
            return answer
        seen, review, everything, goals, plan = _again(ref)
        read = _read(seen, review, everything, goals, plan)
        earlier = everything[: len(earlier)]
    asked = [(form[f"{EARLIER}{one.row.ref.hex}"], read.advised[one.row.id], _who_when(one)) for one in earlier]
    session.commit()
    use_session(writing=False)
    seen, plan = _own(ref)
    return render_template(
        "services/review.html",
        form=form,
        seen=seen,
        lead=_lead(seen, from_day, until),
        earlier=asked,
        rows=rows_of(figures),
        care=care_of(figures),
        goals=goal_rows(figures, read),
        stages=stage_rows(figures),
        summaries=summary_rows(figures, read),
        sent_back=read.answer,
        next_review=day(until),
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


def _read(seen: Seen, review: Review | None, advised: Sequence[Advice], goals: Sequence[Goal], plan: Plan) -> Read:
    try:
        return open_read(seen, review, advised, goals, plan)
    except NotConfirmed:
        abort(404)


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
                {"words": read.advised[one.row.id], "responsible": _ref_of(seen, one), "due": one.row.due}
                for one in advised
            ],
        }
    form = review_form([one.row.ref for one in earlier])(typed() or None, **before)
    for one in earlier:
        form[f"{EARLIER}{one.row.ref.hex}"].label.text = read.advised[one.row.id]
    people = [("", _("Choose who")), *((str(ref), name) for ref, name in _responsible(seen))]
    for row in form["advised"].entries:
        row["responsible"].choices = people
    return form


def _responsible(seen: Seen) -> list[tuple[uuid.UUID, str]]:
    """Everyone assigned to her."""
    numbers = [one.account_id for one in seen.workers]
    rows = {row.id: row for row in session.execute(select(Account.id, Account.ref).where(Account.id.in_(numbers)))}
    return [(rows[one.account_id].ref, one.name) for one in seen.workers]


def _ref_of(seen: Seen, one: Advice) -> uuid.UUID | None:
    return session.scalar(select(Account.ref).where(Account.id == one.row.responsible_id))


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


# Reading and answering


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
    read = _read(seen, review, [*advised, *judged], goals_of(figures), plan)
    became = [(read.advised[one.row.id], _who_when(one), _outcome(one)) for one in judged]
    advises = [(read.advised[one.row.id], _who_when(one)) for one in advised]
    session.commit()
    use_session(writing=False)
    seen, review, plan = found_review(ref)
    return render_template(
        "services/review_shown.html",
        form=form,
        seen=seen,
        review=review,
        lead=_lead(seen, review.from_day, review.until),
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


# What it advised


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
    seen = _seen_of(row.Plan)
    if row.Recommendation.responsible_id != by().person_id and not reads_all(seen):
        abort(404)
    return row.Recommendation, seen


def _name_of(row: Recommendation) -> str:
    return session.scalars(select(Account.shown_name).where(Account.id == row.responsible_id)).one()


# In words


def _lead(seen: Seen, from_day: dt.date, until: dt.date) -> str:
    return _("%(alias)s, %(first)s to %(last)s.", alias=seen.resident.alias, first=day(from_day), last=day(until))


def paper_number(review: Review) -> str:
    return f"F29/{review.number:03d}/{ROMAN[review.until.month]}/{review.year}" if review.number else ""


ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def rows_of(figures: Figures) -> list[tuple[str, ...]]:
    """A line a domain: sessions, steps, appointments, goals, which way."""
    of = _l("%(part)s of %(whole)s")
    return [
        (
            str(DOMAINS[one.domain]),
            str(of) % {"part": one.held, "whole": one.agreed},
            str(of) % {"part": one.done, "whole": one.planned},
            _("%(kept)s kept, %(missed)s missed", kept=one.kept, missed=one.missed),
            str(of) % {"part": one.reached, "whole": one.goals},
            str(OVERALL[one.direction]) if one.direction else "",
        )
        for one in figures.domains
    ]


def care_of(figures: Figures) -> str:
    return _(
        "Examinations and treatments made: %(made)s. Visum made: %(visums)s.",
        made=figures.examinations,
        visums=figures.visums,
    )


def goal_rows(figures: Figures, read: Read) -> list[tuple[str, str, str, str]]:
    """(words, domain, then, now)"""
    return [
        (read.goals[one.ref], str(DOMAINS[one.domain]), step_words(one.then), step_words(one.now))
        for one in figures.goals
        if one.ref in read.goals
    ]


def step_words(step: int) -> str:
    return _("%(n)s of 5: %(step)s", n=step + 1, step=str(GOAL_STEPS[step]).lower())


def stage_rows(figures: Figures) -> list[tuple[str, str, str]]:
    """(way, stage, day)"""
    at = 0 if language() == "id" else 1
    return [(str(TRACKS[one.track]), (one.name_id, one.name_en)[at], day(one.on)) for one in figures.stages]


def summary_rows(figures: Figures, read: Read) -> list[tuple[str, str]]:
    return [(str(DOMAINS[one.domain]), read.summaries.get(one.domain, "")) for one in figures.domains]


def _who_when(one: Advice) -> str:
    return _("%(name)s, due %(day)s", name=one.who, day=short_day(one.row.due))


def _outcome(one: Advice) -> str:
    return str(RECOMMENDATION_OUTCOMES[one.row.outcome]) if one.row.outcome else _("Not said yet")
