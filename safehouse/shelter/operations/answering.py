"""Answering a referral: accepted, asked to wait, not accepted. The last word is said once, whoever says it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Act as ActRow
from safehouse.access.models import Agency
from safehouse.access.operations.acts import NotUndoable
from safehouse.shelter.choices import AnswerKind, ReferralState, RefusalGround, WaitingPlace
from safehouse.shelter.models import Referral, ReferralAnswer
from safehouse.shelter.operations.holding import release_holds
from safehouse.shelter.rules.answering import AnswerFault, Onward, faults_of, state_after
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import new_key

OPEN_STATES = frozenset({ReferralState.NEW, ReferralState.WAITING})


class AnswerRefusal(StrEnum):
    ALREADY_ANSWERED = "already_answered"
    AGENCY_SUSPENDED = "agency_suspended"
    INCOMPLETE = "incomplete"


class AnswerRefused(Exception):
    def __init__(self, reason: AnswerRefusal, faults: Sequence[AnswerFault] = ()):
        super().__init__(reason)
        self.reason, self.faults = reason, tuple(faults)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What the page asked for. `onward` is an agency of the address book, `new_agency` the name of one that is not in
    it yet; at most one of them, or `declined`."""

    kind: AnswerKind
    ground: RefusalGround | None = None
    onward: Agency | None = None
    new_agency: str | None = None
    declined: bool = False
    call_again: dt.date | None = None
    waiting_place: WaitingPlace | None = None


def answer_referral(
    session: Session, *, referral: Referral, given: GivenAnswer, today: dt.date, now: dt.datetime, by: Actor
) -> ReferralAnswer:
    """Write down what the referrer is told. A refusal and a request to wait let go of held beds. The caller commits.

    Raises `AnswerRefused`: of two people who answer at one moment the second is told so, and nothing is written.
    """
    session.refresh(referral, with_for_update=True)
    if referral.state not in OPEN_STATES or last_word(session, referral) is not None:
        raise AnswerRefused(AnswerRefusal.ALREADY_ANSWERED)
    faults = faults_of(
        given.kind,
        today=today,
        call_again=given.call_again,
        waiting_place=given.waiting_place,
        ground=given.ground,
        onward=Onward(given.onward is not None, given.new_agency, given.declined),
    )
    if faults:
        raise AnswerRefused(AnswerRefusal.INCOMPLETE, faults)
    refused, waiting = given.kind is AnswerKind.REFUSED, given.kind is AnswerKind.WAITING
    onward = _agency(session, given) if refused else None
    answer = ReferralAnswer(
        referral_id=referral.id,
        kind=given.kind,
        ground=given.ground if refused else None,
        onward_id=onward.id if onward else None,
        declined_onward=refused and given.declined,
        call_again=given.call_again if waiting else None,
        waiting_place=given.waiting_place if waiting else None,
        at=now,
        by_id=by.person_id,
    )
    try:
        with session.begin_nested():
            session.add(answer)
    except IntegrityError as clash:
        raise AnswerRefused(AnswerRefusal.ALREADY_ANSWERED) from clash
    if refused or waiting:
        release_holds(session, referral=referral, now=now, by=by)
    referral.state = state_after(given.kind, referral.state)
    record(session, now=now, by=by, act=Act.REFERRAL_ANSWERED, subject=referral.ref, purpose=given.kind.value)
    return answer


def last_word(session: Session, referral: Referral) -> ReferralAnswer | None:
    """The answer that stands, if the referral has one that is more than a request to wait."""
    return session.scalar(
        select(ReferralAnswer).where(
            ReferralAnswer.referral_id == referral.id,
            ReferralAnswer.undone_at.is_(None),
            ReferralAnswer.kind != AnswerKind.WAITING,
        )
    )


def undo_answer(session: Session, *, referral: Referral, act: ActRow, now: dt.datetime, by: Actor) -> None:
    """Take back the answer this act gave: the referral waits as it did before. Beds let go by it are not held again.

    Raises `NotUndoable` when something was built on it: a family placed, or another answer since.
    """
    session.refresh(referral, with_for_update=True)
    answer = session.scalar(
        select(ReferralAnswer)
        .where(ReferralAnswer.referral_id == referral.id, ReferralAnswer.undone_at.is_(None))
        .order_by(ReferralAnswer.id.desc())
        .limit(1)
    )
    if answer is None or answer.by_id != act.account_id or answer.at != act.at:
        raise NotUndoable
    if referral.state is ReferralState.ACCEPTED:
        raise NotUndoable
    answer.undone_at = now
    session.flush()
    referral.state = waiting_state(session, referral)
    record(session, now=now, by=by, act=Act.REFERRAL_CHANGED, subject=referral.ref, purpose="answer undone")


def withdraw_answer(session: Session, *, referral: Referral, now: dt.datetime, by: Actor) -> None:
    """The family needs no place any more: the last word, also after it was accepted."""
    accepted = last_word(session, referral)
    if accepted is not None:
        accepted.undone_at = now
        session.flush()
    session.add(ReferralAnswer(referral_id=referral.id, kind=AnswerKind.WITHDRAWN, at=now, by_id=by.person_id))
    session.flush()


def take_back_withdrawn_answer(session: Session, *, referral: Referral, now: dt.datetime) -> None:
    """It was withdrawn by mistake: what had been answered before stands again."""
    withdrawn = last_word(session, referral)
    if withdrawn is None or withdrawn.kind is not AnswerKind.WITHDRAWN:
        return
    withdrawn.undone_at = now
    session.flush()
    replaced = session.scalar(
        select(ReferralAnswer).where(
            ReferralAnswer.referral_id == referral.id,
            ReferralAnswer.kind == AnswerKind.ACCEPTED,
            ReferralAnswer.undone_at == withdrawn.at,
        )
    )
    if replaced is not None:
        replaced.undone_at = None
        session.flush()


def waiting_state(session: Session, referral: Referral) -> ReferralState:
    """How an unanswered referral waits: it was asked to, or it is new."""
    asked = session.scalar(
        select(ReferralAnswer.id)
        .where(
            ReferralAnswer.referral_id == referral.id,
            ReferralAnswer.undone_at.is_(None),
            ReferralAnswer.kind == AnswerKind.WAITING,
        )
        .limit(1)
    )
    return ReferralState.WAITING if asked else ReferralState.NEW


def _agency(session: Session, given: GivenAnswer) -> Agency | None:
    """The agency she is sent on to; a name that is not in the address book yet is put into it."""
    agency = given.onward
    if agency is None and given.new_agency:
        agency = session.scalar(select(Agency).where(func.lower(Agency.name) == given.new_agency.lower()))
        if agency is None:
            return _new_agency(session, given.new_agency)
    if agency is not None and agency.suspended_at is not None:
        raise AnswerRefused(AnswerRefusal.AGENCY_SUSPENDED)
    return agency


def _new_agency(session: Session, name: str) -> Agency:
    try:
        with session.begin_nested():
            agency = Agency(name=name)
            session.add(agency)
    except IntegrityError:  # a colleague wrote the same name down at this moment
        return session.scalars(select(Agency).where(Agency.name == name)).one()
    new_key(session, owner_kind=OwnerKind.AGENCY, owner=agency.ref)
    return agency
