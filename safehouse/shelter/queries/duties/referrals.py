"""Referrals that wait: unanswered, to be called again, accepted and still without a bed, held for an hour more."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from safehouse.gathered import Duty, Telling
from safehouse.shelter.choices import AnswerKind, ReferralState
from safehouse.shelter.models import Hold, Placement, Referral, ReferralAnswer
from safehouse.shelter.models.stays import LASTED
from safehouse.shelter.queries.referrals import referrals_closed_to
from safehouse.shelter.rules.duties import A_DAY, EXPECTED_FOR, HOLD_NEARLY_OVER, DutyKind, end_of, start_of

OPEN_ANSWERS = (ReferralState.NEW, ReferralState.WAITING)


def referrals(session: Session, account_id: int, zone: ZoneInfo, now: dt.datetime) -> Iterable[Duty]:
    """Unanswered, to be called again, accepted and still without a bed, held for less than an hour more. What is closed
    to one person stays with everybody else."""
    answer = aliased(ReferralAnswer)
    newest = (
        select(func.max(answer.id))
        .where(answer.referral_id == Referral.id, answer.undone_at.is_(None))
        .correlate(Referral)
        .scalar_subquery()
    )
    held_until = (
        select(func.min(Hold.expires_at))
        .where(Hold.referral_id == Referral.id, Hold.released_at.is_(None), Hold.expires_at > now)
        .scalar_subquery()
    )
    placed = exists().where(Placement.referral_id == Referral.id, LASTED)
    rows = session.execute(
        select(
            Referral.ref,
            Referral.number,
            Referral.state,
            Referral.taken_at,
            ReferralAnswer.kind,
            ReferralAnswer.call_again,
            ReferralAnswer.at,
            held_until.label("held_until"),
        )
        .outerjoin(ReferralAnswer, ReferralAnswer.id == newest)
        .where(
            or_(
                and_(
                    Referral.state.in_(OPEN_ANSWERS),
                    or_(ReferralAnswer.kind.is_(None), ReferralAnswer.kind != AnswerKind.ACCEPTED),
                ),
                # An accepted one still waits, or is accepted by having been placed before.
                and_(
                    Referral.state.in_((*OPEN_ANSWERS, ReferralState.ACCEPTED)),
                    ReferralAnswer.kind == AnswerKind.ACCEPTED,
                    or_(ReferralAnswer.at > now - EXPECTED_FOR, held_until.is_not(None)),
                ),
            ),
            ~placed,
            Referral.id.not_in(referrals_closed_to(account_id)),
        )
        .order_by(Referral.id)
    ).all()
    for row in rows:
        yield from _of_referral(row, zone, now)


def _of_referral(row: Any, zone: ZoneInfo, now: dt.datetime) -> Iterable[Duty]:
    def duty(kind: DutyKind, due: dt.datetime, told: dict[Telling, dt.datetime], **more: Any) -> Duty:
        return Duty(kind, row.ref, due, told, number=row.number, **more)

    both = (Telling.WORKER, Telling.MANAGER)
    house = (Telling.STAFF, Telling.WORKER)
    if row.kind is AnswerKind.ACCEPTED:
        if row.held_until is None:
            yield duty(DutyKind.PLACE, row.at + A_DAY, dict.fromkeys(house, row.at))
    elif row.kind is AnswerKind.WAITING and row.call_again is not None:
        due, since = end_of(row.call_again, zone), start_of(row.call_again, zone)
        yield duty(DutyKind.CALL_AGAIN, due, dict.fromkeys(both, since), all_day=True)
    else:
        yield duty(DutyKind.ANSWER, row.taken_at + A_DAY, dict.fromkeys(both, row.taken_at))
    if row.held_until is not None:
        told = dict.fromkeys(house, row.held_until - HOLD_NEARLY_OVER)
        yield duty(DutyKind.HOLD_ENDING, row.held_until, told)
