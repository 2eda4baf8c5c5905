"""Taking a referral: who asks, for how many. No name, no identity paper."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Office
from safehouse.indonesian import age_in_months
from safehouse.residents.models import Household, Resident, Sex
from safehouse.residents.operations.people import NewPerson
from safehouse.residents.rules.ageing import is_child
from safehouse.shelter.choices import Need, ReferralSource, ReferralState, Urgency
from safehouse.shelter.models import Referral, ReferralNeed, ReferralPerson
from safehouse.shelter.operations.answering import take_back_withdrawn_answer, waiting_state, withdraw_answer
from safehouse.shelter.operations.deciding import FAMILY_CHANGED, undo_decision
from safehouse.shelter.operations.holding import release_holds
from safehouse.shelter.queries.deciding import standing_decision
from safehouse.shelter.queries.referrals import left_out
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
    joins: Household | None = None,
) -> Referral:
    """Write a referral down under the next number. The call-back contact and a pasted message are sealed with the
    referral's own key. Those who follow a family that lives here already belong to its household: it is `joins`."""
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
        household_id=joins.id if joins else None,
    )
    session.add(referral)
    session.flush()
    key = new_key(session, owner_kind=OwnerKind.REFERRAL, owner=referral.ref)
    if contact:
        referral.contact = seal(session, referral, "contact", contact, key=key)
    if message:
        referral.message = seal(session, referral, "message", message, key=key)
    write_family(session, referral=referral, people=people, needs=needs)
    subjects = (joins.ref,) if joins else ()
    record(session, now=now, by=by, act=Act.REFERRAL_TAKEN, subject=referral.ref, subjects=subjects)
    return referral


def write_family(session: Session, *, referral: Referral, people: Sequence[NewPerson], needs: Collection[Need]) -> None:
    """Adults first, then the children from the eldest, so that rows and pages read alike."""
    _write_people(session, referral, people, first=0)
    for need in sorted(set(needs)):
        session.add(ReferralNeed(referral_id=referral.id, need=need))
    session.flush()


def _write_people(session: Session, referral: Referral, people: Sequence[NewPerson], *, first: int) -> None:
    ordered = sorted(people, key=lambda one: (not one.adult, one.adult and one.sex is Sex.MALE, -(one.age_months or 0)))
    for position, one in enumerate(ordered, first):
        session.add(
            ReferralPerson(
                referral_id=referral.id, position=position, sex=one.sex, adult=one.adult, age_months=one.age_months
            )
        )


class NotChangeable(Exception):
    """Answered in the meantime."""


class PeopleAreNamed(Exception):
    """Its people have names and codes already: who agreed, and for whom, is not changed by a number on this page."""


class NobodyComes(Exception):
    """Of the whole family nobody would be left."""


@dataclass(frozen=True, slots=True)
class Comings:
    """Who comes otherwise than a family with names was written down: who comes too, who does not come (by position),
    and who was left out and comes after all. `today` is the local day."""

    today: dt.date
    also: Sequence[NewPerson] = ()
    without: Collection[int] = ()
    again: Sequence[Resident] = ()

    @property
    def anybody(self) -> bool:
        return bool(self.also or self.without or self.again)


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
    comings: Comings | None = None,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Put right what was heard wrong on the telephone. Beds held for another family than this are let go, and a
    decision about another family than this counts no more.

    Once its people have names they stay who they are, with everything they agreed to: `people` then says the same as
    before, and `comings` who comes too or does not come. An empty `contact` leaves the sealed one as it is. Raises
    `NotChangeable`, `PeopleAreNamed` when others are written down over people with names, and `NobodyComes`.
    """
    session.refresh(referral, with_for_update=True)
    if not is_changeable(referral):
        raise NotChangeable
    named = has_names(referral) or comings is not None
    if comings is None and named and _written(referral) != _told(people):
        raise PeopleAreNamed
    others = comings.anybody if comings else _written(referral) != _told(people)
    if (others or _needs_differ(referral, needs)) and (decision := standing_decision(session, referral)) is not None:
        undo_decision(session, decision=decision, referral=referral, now=now, by=by, why=FAMILY_CHANGED)
    release_holds(session, referral=referral, now=now, by=by)
    referral.source, referral.urgency, referral.their_reference = source, urgency, their_reference or None
    if contact:
        referral.contact = seal(session, referral, "contact", contact, key=key_of(session, referral.ref))
    if comings is not None:
        _change_people(session, referral, comings, now=now, by=by)
    elif not named:
        session.execute(delete(ReferralPerson).where(ReferralPerson.referral_id == referral.id))
    session.execute(delete(ReferralNeed).where(ReferralNeed.referral_id == referral.id))
    session.expire(referral)
    write_family(session, referral=referral, people=() if named else people, needs=needs)
    record(session, now=now, by=by, act=Act.REFERRAL_CHANGED, subject=referral.ref, purpose="corrected")


def _change_people(session: Session, referral: Referral, comings: Comings, *, now: dt.datetime, by: Actor) -> None:
    """Nobody's place in the family changes, and nobody who is left out loses her name or what she agreed to."""
    before = list(referral.people)
    gone = [one for one in before if one.position in comings.without]
    back = _who_may_come_back(session, referral, comings.again)
    if len(gone) == len(before) and not comings.also and not back:
        raise NobodyComes
    first = max(one.position for one in before) + 1
    today = comings.today
    for one in gone:
        session.delete(one)
    session.flush()
    for position, resident in enumerate(back, first):
        child = is_child(resident.birth_month, resident.of_age_on, today)
        months = age_in_months(resident.birth_month, today) if child and resident.birth_month else None
        session.add(
            ReferralPerson(
                referral_id=referral.id,
                position=position,
                sex=resident.sex,
                adult=not child,
                age_months=months,
                resident_id=resident.id,
            )
        )
    _write_people(session, referral, comings.also, first=first + len(back))
    session.flush()
    if comings.anybody:
        known = [one.resident_id for one in gone if one.resident_id is not None] + [one.id for one in back]
        refs = session.scalars(select(Resident.ref).where(Resident.id.in_(known))).all()
        record(
            session,
            now=now,
            by=by,
            act=Act.REFERRAL_CHANGED,
            subject=referral.ref,
            subjects=refs,
            purpose="who comes",
        )


def _who_may_come_back(session: Session, referral: Referral, again: Sequence[Resident]) -> list[Resident]:
    """Those of them who still come with nobody: two referrals of one household queue up for the same child."""
    if not again:
        return []
    session.execute(select(Household.id).where(Household.id == referral.household_id).with_for_update(key_share=True))
    free = {one.id for one in left_out(session, referral)}
    return [one for one in again if one.id in free]


def is_changeable(referral: Referral) -> bool:
    """It waits: nobody of the family lives here under it now."""
    return referral.state in {ReferralState.NEW, ReferralState.WAITING}


def has_names(referral: Referral) -> bool:
    """Whether its people are residents already: they agreed before they came, or their placing was undone."""
    return any(one.resident_id is not None for one in referral.people)


def _needs_differ(referral: Referral, needs: Collection[Need]) -> bool:
    return {one.need for one in referral.needs} != set(needs)


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
