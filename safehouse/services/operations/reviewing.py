"""A review: written as a draft, handed in with its figures, answered by a manager; what it advises, and what became of
it; a report by name for a court."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Approval
from safehouse.access.models import Act as ActRow
from safehouse.access.operations.acts import NotUndoable
from safehouse.access.operations.approvals import share_a_device
from safehouse.access.operations.asking import ApprovalRefused, ask_for, locked, reopen, settle
from safehouse.access.rules.approving import ApprovalFault, digest_of
from safehouse.residents.models import Resident
from safehouse.services.choices import NextPlan, Overall, RecommendationOutcome
from safehouse.services.models import Plan, Recommendation, Review
from safehouse.services.rules.reviewing import (
    ANSWER_WITHIN,
    KIND,
    MOST_RECOMMENDATIONS,
    NAMED,
    NAMED_ANSWER_WITHIN,
    PRINTING,
    Court,
    Figures,
    as_text,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class ReviewRefusal(StrEnum):
    WAITING = "waiting"  # handed in: it is not changed any more
    OUTCOMES_MISSING = "outcomes_missing"
    TOO_MANY = "too_many"
    DUE_IN_PAST = "due_in_past"
    OWN = "own"
    SAME_DEVICE = "same_device"
    DECIDED = "decided"
    EXPIRED = "expired"
    CHANGED = "changed"
    WORDS_MISSING = "words_missing"
    NOT_APPROVED = "not_approved"
    DONE = "done"


class ReviewRefused(Exception):
    """Nothing was written. `reason` says why."""

    def __init__(self, reason: ReviewRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Advised:
    """A recommendation: what, who sees to it, until when."""

    words: str
    responsible: Account
    due: dt.date


@dataclass(frozen=True, slots=True)
class Written:
    """What the worker writes. Empty words are kept as nothing."""

    overall: Overall | None
    next_plan: NextPlan | None
    conclusion: str
    own_words: str
    family: str
    advised: Sequence[Advised]
    outcomes: Mapping[int, RecommendationOutcome | None]  # of earlier recommendations, by id


def begin_review(
    session: Session,
    *,
    plan: Plan,
    resident: Resident,
    from_day: dt.date,
    until: dt.date,
    now: dt.datetime,
    by: Actor,
) -> Review:
    """The review of this plan that is being written; of two who begin at one moment both get the same."""
    wanted = select(Review).where(Review.plan_id == plan.id, Review.approved_at.is_(None))
    found = session.scalar(wanted)
    if found is not None:
        return found
    review = Review(plan_id=plan.id, from_day=from_day, until=until, begun_at=now, by_id=by.person_id)
    try:
        with session.begin_nested():
            session.add(review)
            session.flush()
    except IntegrityError:
        return session.scalars(wanted).one()
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="review")
    return review


def write_review(
    session: Session,
    *,
    review: Review,
    resident: Resident,
    until: dt.date,
    written: Written,
    today: dt.date,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Keep the draft as it is typed. Raises `ReviewRefused` for one that waits for an answer."""
    session.refresh(review, with_for_update=True)
    if review.handed_in_at is not None or review.approved_at is not None:
        raise ReviewRefused(ReviewRefusal.WAITING)
    if len(written.advised) > MOST_RECOMMENDATIONS:
        raise ReviewRefused(ReviewRefusal.TOO_MANY)
    if any(one.due < today for one in written.advised):
        raise ReviewRefused(ReviewRefusal.DUE_IN_PAST)
    key = key_of(session, resident.ref)
    review.until, review.by_id = until, by.person_id
    review.overall, review.next_plan = written.overall, written.next_plan
    for column in ("conclusion", "own_words", "family"):
        words: str = getattr(written, column)
        setattr(review, column, seal(session, review, column, words, key=key) if words else None)
    # A draft's advice is nobody's task yet: it is written anew with the draft.
    session.execute(delete(Recommendation).where(Recommendation.review_id == review.id))
    for one in written.advised:
        row = Recommendation(review_id=review.id, responsible_id=one.responsible.id, due=one.due)
        row.words = seal(session, row, "words", one.words, key=key)
        session.add(row)
    for number, outcome in written.outcomes.items():
        row = session.get_one(Recommendation, number)
        row.outcome, row.outcome_review_id = outcome, review.id if outcome else None
    session.flush()
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="review")


def hand_in(
    session: Session, *, review: Review, resident: Resident, figures: Figures, now: dt.datetime, by: Actor
) -> None:
    """Give the review to the managers, with its figures as they are now. It is changed no more until it comes back.

    Raises `ReviewRefused`.
    """
    session.refresh(review, with_for_update=True)
    if review.handed_in_at is not None or review.approved_at is not None:
        raise ReviewRefused(ReviewRefusal.WAITING)
    if review.overall is None or review.next_plan is None or review.conclusion is None:
        raise ReviewRefused(ReviewRefusal.WORDS_MISSING)
    review.figures, review.handed_in_at, review.answer = as_text(figures), now, None
    session.flush()
    approval = ask_for(
        session,
        kind=KIND,
        subject=review.ref,
        parameters=_digest(session, review),
        reason="review",
        within=ANSWER_WITHIN,
        now=now,
        by=by,
    )
    review.approval_id = approval.id
    session.flush()
    record(session, now=now, by=by, act=Act.REVIEW_HANDED_IN, subject=resident.ref)


def _digest(session: Session, review: Review) -> bytes:
    """Of everything a manager reads before she answers: whatever of it changes voids the asking."""
    advice = session.execute(
        select(Recommendation.ref, Recommendation.due, Recommendation.responsible_id, Recommendation.words)
        .where(Recommendation.review_id == review.id)
        .order_by(Recommendation.id)
    ).all()
    return digest_of(
        KIND,
        review.ref,
        review.figures,
        review.overall,
        review.next_plan,
        *(sealed.hex() if sealed else "" for sealed in (review.conclusion, review.own_words, review.family)),
        *(f"{ref}:{due}:{who}:{bytes(words).hex()}" for ref, due, who, words in advice),
    )


OF_APPROVAL = {
    ApprovalFault.OWN: ReviewRefusal.OWN,
    ApprovalFault.DECIDED: ReviewRefusal.DECIDED,
    ApprovalFault.EXPIRED: ReviewRefusal.EXPIRED,
    ApprovalFault.CHANGED: ReviewRefusal.CHANGED,
    ApprovalFault.SAME_DEVICE: ReviewRefusal.SAME_DEVICE,
}


def decide_review(
    session: Session,
    *,
    review: Review,
    resident: Resident,
    granted: bool,
    words: str,
    year: int,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Approve a review, which gives it its number of the year, or send it back with words. Raises `ReviewRefused`."""
    session.refresh(review, with_for_update=True)
    if review.approval_id is None or review.handed_in_at is None or review.approved_at is not None:
        raise ReviewRefused(ReviewRefusal.DECIDED)
    if not granted and not words:
        raise ReviewRefused(ReviewRefusal.WORDS_MISSING)
    approval = locked(session, session.get_one(Approval, review.approval_id))
    try:
        settle(session, approval=approval, granted=granted, found=_digest(session, review), now=now, by=by)
    except ApprovalRefused as refused:
        raise ReviewRefused(OF_APPROVAL.get(refused.reason, ReviewRefusal.CHANGED)) from refused
    if granted:
        number = _next_number(session, year)
        review.approved_at, review.year, review.number = now, year, number
    else:
        review.handed_in_at = review.figures = None
    review.answer = seal(session, review, "answer", words, key=key_of(session, resident.ref)) if words else None
    session.flush()
    purpose = "granted" if granted else "sent back"
    record(session, now=now, by=by, act=Act.REVIEW_DECIDED, subject=resident.ref, purpose=purpose)


def _next_number(session: Session, year: int) -> int:
    """Writers queue, so that of two approvals each has its own."""
    return (session.scalar(select(func.max(Review.number)).where(Review.year == year)) or 0) + 1


def undo_approval(session: Session, *, review: Review, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """The review waits for an answer again. Raises `NotUndoable` once the next one has begun, or it was printed: a
    paper with its number is out. Whoever asked for its name asks anew when it is approved again."""
    session.refresh(review, with_for_update=True)
    if review.approved_at is None or review.approval_id is None or _gone_on_from(session, review):
        raise NotUndoable
    reopen(session, approval=locked(session, session.get_one(Approval, review.approval_id)), now=now, by=by)
    session.execute(
        update(Approval)
        .where(
            Approval.kind == NAMED,
            Approval.subject == review.ref,
            Approval.decided_at.is_(None),
            Approval.expires_at > now,
        )
        .values(expires_at=now)
    )
    review.approved_at = review.year = review.number = review.answer = None
    session.flush()
    record(session, now=now, by=by, act=Act.REVIEW_DECIDED, subject=resident.ref, purpose="undone")


def _gone_on_from(session: Session, review: Review) -> bool:
    later = exists().where(Review.plan_id == review.plan_id, Review.id > review.id)
    printed = exists().where(ActRow.kind == PRINTING, ActRow.subject == review.ref, ActRow.at >= review.approved_at)
    return session.scalar(select(or_(later, printed))) is True


def recommendation_done(
    session: Session, *, recommendation: Recommendation, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was carried out; the next review says so. Raises `ReviewRefused` when that was written down before."""
    session.refresh(recommendation, with_for_update=True)
    if recommendation.done_at is not None or recommendation.outcome is not None:
        raise ReviewRefused(ReviewRefusal.DONE)
    recommendation.done_at = now
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="recommendation")


def recommendation_open(
    session: Session, *, recommendation: Recommendation, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was written down as done by mistake."""
    recommendation.done_at = None
    record(session, now=now, by=by, act=Act.PLAN_CHANGED, subject=resident.ref, purpose="recommendation")


def ask_named(session: Session, *, review: Review, court: Court, now: dt.datetime, by: Actor) -> Approval:
    """Ask that the report be printed by name, for a court. Raises `ReviewRefused` for one that is not approved."""
    if review.approved_at is None:
        raise ReviewRefused(ReviewRefusal.NOT_APPROVED)
    return ask_for(
        session,
        kind=NAMED,
        subject=review.ref,
        parameters=_named_digest(review, court),
        reason=court,
        within=NAMED_ANSWER_WITHIN,
        now=now,
        by=by,
    )


def _named_digest(review: Review, court: Court) -> bytes:
    return digest_of(NAMED, review.ref, review.figures, review.approved_at, court)


def is_about_this(review: Review, asking: Approval) -> bool:
    """Whether an asking for its name is about the review as it was approved: an answer to an earlier approval, which
    was taken back, gives nothing."""
    return asking.parameters == _named_digest(review, Court(asking.reason))


def decide_named(
    session: Session, *, review: Review, approval: Approval, granted: bool, now: dt.datetime, by: Actor
) -> None:
    """Answer the asking; her name leaves by it, so the answer comes from another browser than the asking. Raises
    `ReviewRefused`."""
    found = _named_digest(review, Court(approval.reason))
    approval = locked(session, approval)
    same = granted and share_a_device(session, approval, by, now)
    try:
        settle(session, approval=approval, granted=granted, found=found, same_device=same, now=now, by=by)
    except ApprovalRefused as refused:
        raise ReviewRefused(OF_APPROVAL.get(refused.reason, ReviewRefusal.CHANGED)) from refused


def record_report(session: Session, *, resident: Resident, named: bool, now: dt.datetime, by: Actor) -> None:
    """That a report was printed, before it is."""
    record(
        session,
        now=now,
        by=by,
        act=Act.REPORT_PRINTED,
        subject=resident.ref,
        purpose="by name" if named else "by alias",
    )
