"""Taking a referral: who asks, for how many. No name, no identity paper."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Office
from safehouse.residents.models import Sex
from safehouse.residents.operations.people import NewPerson
from safehouse.shelter.choices import Need, ReferralSource, ReferralState, Urgency
from safehouse.shelter.models import Referral, ReferralNeed, ReferralPerson
from safehouse.shelter.operations.answering import take_back_withdrawn_answer, waiting_state, withdraw_answer
from safehouse.shelter.operations.deciding import FAMILY_CHANGED, undo_decision
from safehouse.shelter.operations.holding import release_holds
from safehouse.shelter.queries.deciding import standing_decision
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import key_of, new_key, seal


def take_referral(
    session: Session,
    *,
    source: ReferralSource,
    urgency: Urgency,
    people: Sequence[NewPerson],
    needs: Collection[Need],
    their_reference: str | None,
    contact: str | None,
    now: dt.datetime,
    by: Actor,
    message: str | None = None,
) -> Referral:
    """Write a referral down under the next number. The call-back contact and a pasted message are sealed with the
    referral's own key."""
    # Numbers follow one another; two referrals in one second queue up at the unit's row.
    session.execute(select(Office.id).with_for_update())
    number = (session.scalar(select(func.max(Referral.number))) or 0) + 1
    referral = Referral(
        number=number,
        source=source,
        urgency=urgency,
        state=ReferralState.NEW,
        taken_at=now,
        taken_by_id=by.person_id,
        their_reference=their_reference or None,
    )
    session.add(referral)
    session.flush()
    key = new_key(session, owner_kind=OwnerKind.REFERRAL, owner=referral.ref)
    if contact:
        referral.contact = seal(session, referral, "contact", contact, key=key)
    if message:
        referral.message = seal(session, referral, "message", message, key=key)
    write_family(session, referral=referral, people=people, needs=needs)
    record(session, now=now, by=by, act=Act.REFERRAL_TAKEN, subject=referral.ref)
    return referral


def write_family(session: Session, *, referral: Referral, people: Sequence[NewPerson], needs: Collection[Need]) -> None:
    """Adults first, then the children from the eldest, so that rows and pages read alike."""
    ordered = sorted(people, key=lambda one: (not one.adult, one.adult and one.sex is Sex.MALE, -(one.age_months or 0)))
    for position, one in enumerate(ordered):
        session.add(
            ReferralPerson(
                referral_id=referral.id, position=position, sex=one.sex, adult=one.adult, age_months=one.age_months
            )
        )
    for need in sorted(set(needs)):
        session.add(ReferralNeed(referral_id=referral.id, need=need))
    session.flush()


class NotChangeable(Exception):
    """Answered in the meantime."""


class PeopleAreNamed(Exception):
    """Its people have names and codes already: who agreed, and for whom, is not changed by a number on this page."""


def change_referral(
    session: Session,
    *,
    referral: Referral,
    source: ReferralSource,
    urgency: Urgency,
    people: Sequence[NewPerson],
    needs: Collection[Need],
    their_reference: str | None,
    contact: str | None,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Put right what was heard wrong on the telephone. Beds held for another family than this are let go, and a
    decision about another family than this counts no more.

    Once its people have names they stay who they are; everything else is still put right. An empty `contact` leaves
    the sealed one as it is. Raises `NotChangeable`, and `PeopleAreNamed` when other people are written down.
    """
    session.refresh(referral, with_for_update=True)
    if not is_changeable(referral):
        raise NotChangeable
    named = has_names(referral)
    if named and _written(referral) != _told(people):
        raise PeopleAreNamed
    if _is_another_family(referral, people, needs) and (decision := standing_decision(session, referral)) is not None:
        undo_decision(session, decision=decision, referral=referral, now=now, by=by, why=FAMILY_CHANGED)
    release_holds(session, referral=referral, now=now, by=by)
    referral.source, referral.urgency, referral.their_reference = source, urgency, their_reference or None
    if contact:
        referral.contact = seal(session, referral, "contact", contact, key=key_of(session, referral.ref))
    if not named:
        session.execute(delete(ReferralPerson).where(ReferralPerson.referral_id == referral.id))
    session.execute(delete(ReferralNeed).where(ReferralNeed.referral_id == referral.id))
    session.expire(referral)
    write_family(session, referral=referral, people=() if named else people, needs=needs)
    record(session, now=now, by=by, act=Act.REFERRAL_CHANGED, subject=referral.ref, purpose="corrected")


def is_changeable(referral: Referral) -> bool:
    """It waits: nobody of the family lives here under it now."""
    return referral.state in {ReferralState.NEW, ReferralState.WAITING}


def has_names(referral: Referral) -> bool:
    """Whether its people are residents already: they agreed before they came, or their placing was undone."""
    return any(one.resident_id is not None for one in referral.people)


def _is_another_family(referral: Referral, people: Sequence[NewPerson], needs: Collection[Need]) -> bool:
    """Whether other people, or people with other needs, would come than are written down; in whatever order."""
    return _written(referral) != _told(people) or {one.need for one in referral.needs} != set(needs)


def _written(referral: Referral) -> Counter[tuple[Sex, bool, int | None]]:
    return Counter((one.sex, one.adult, one.age_months) for one in referral.people)


def _told(people: Sequence[NewPerson]) -> Counter[tuple[Sex, bool, int | None]]:
    return Counter((one.sex, one.adult, one.age_months) for one in people)


def withdraw_referral(session: Session, *, referral: Referral, now: dt.datetime, by: Actor) -> None:
    """The family needs no place any more; whatever was held for it is free again."""
    release_holds(session, referral=referral, now=now, by=by)
    withdraw_answer(session, referral=referral, now=now, by=by)
    referral.state = ReferralState.WITHDRAWN
    record(session, now=now, by=by, act=Act.REFERRAL_CHANGED, subject=referral.ref, purpose="withdrawn")


def take_back_withdrawal(session: Session, *, referral: Referral, now: dt.datetime, by: Actor) -> None:
    """It was withdrawn by mistake: it waits again. What was held for it has to be chosen anew."""
    if referral.state is ReferralState.WITHDRAWN:
        take_back_withdrawn_answer(session, referral=referral, now=now)
        referral.state = waiting_state(session, referral)
        record(session, now=now, by=by, act=Act.REFERRAL_CHANGED, subject=referral.ref, purpose="withdrawal undone")
