"""Reviews of a plan: the open one, those that were approved, and what they advised. Nothing sealed is opened."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, Approval
from safehouse.services.models import Plan, Recommendation, Review
from safehouse.services.rules.reviewing import NAMED, NAMED_PRINTED_WITHIN


def open_review(session: Session, plan_id: int) -> Review | None:
    """The review that is being written, or waits for an answer."""
    return session.scalar(select(Review).where(Review.plan_id == plan_id, Review.approved_at.is_(None)))


def approved_reviews(session: Session, plan_id: int) -> list[Review]:
    """Newest first."""
    return list(
        session.scalars(
            select(Review)
            .where(Review.plan_id == plan_id, Review.approved_at.is_not(None))
            .order_by(Review.until.desc(), Review.id.desc())
        )
    )


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommendation and who answers for it; its words are closed."""

    row: Recommendation
    who: str
    who_ref: uuid.UUID


def recommendations(session: Session, review_id: int) -> list[Advice]:
    rows = session.execute(
        select(Recommendation, Account.shown_name, Account.ref)
        .join(Account, Account.id == Recommendation.responsible_id)
        .where(Recommendation.review_id == review_id)
        .order_by(Recommendation.due, Recommendation.id)
    )
    return [Advice(*row) for row in rows]


def judged_by(session: Session, review_id: int) -> list[Advice]:
    """What an earlier review advised and this one says the outcome of."""
    rows = session.execute(
        select(Recommendation, Account.shown_name, Account.ref)
        .join(Account, Account.id == Recommendation.responsible_id)
        .where(Recommendation.outcome_review_id == review_id)
        .order_by(Recommendation.due, Recommendation.id)
    )
    return [Advice(*row) for row in rows]


def find_review(session: Session, ref: uuid.UUID) -> tuple[Review, Plan] | None:
    row = session.execute(select(Review, Plan).join(Plan, Plan.id == Review.plan_id).where(Review.ref == ref)).first()
    return (row.Review, row.Plan) if row else None


@dataclass(frozen=True, slots=True)
class NamedAsking:
    """Somebody asked to print a report by name."""

    approval: Approval
    asked_by: str
    decided_by: str | None

    def stands(self, now: dt.datetime) -> bool:
        """Whether it was granted and may still be printed."""
        approval = self.approval
        return (
            bool(approval.granted)
            and approval.decided_at is not None
            and now <= (approval.decided_at + NAMED_PRINTED_WITHIN)
        )

    def waits(self, now: dt.datetime) -> bool:
        return self.approval.decided_at is None and self.approval.expires_at > now


def newest_named(session: Session, review: Review) -> NamedAsking | None:
    """The newest asking to print this review by name."""
    asker, decider = aliased(Account), aliased(Account)
    row = session.execute(
        select(Approval, asker.shown_name, decider.shown_name)
        .join(asker, asker.id == Approval.asked_by_id)
        .outerjoin(decider, decider.id == Approval.decided_by_id)
        .where(Approval.kind == NAMED, Approval.subject == review.ref)
        .order_by(Approval.id.desc())
        .limit(1)
    ).first()
    return NamedAsking(*row) if row else None
