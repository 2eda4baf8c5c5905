"""A family that came: what was put off at its arrival, who answers for it, what "not known yet" was answered to."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Office
from safehouse.access.permissions import Role
from safehouse.gathered import Duty, Telling
from safehouse.residents.models import Consent, ConsentItem, Guardian
from safehouse.residents.queries.consents import decides_no_more
from safehouse.residents.queries.people import living_seen_by
from safehouse.residents.rules.consenting import Given, counts, still_open, why_not_now
from safehouse.shelter.choices import IntakeItem, PlacementBasis
from safehouse.shelter.models import IntakeAnswer, Placement, Referral, Screening
from safehouse.shelter.queries.duties.people import Here, of_family
from safehouse.shelter.rules.duties import A_DAY, ASKED_AGAIN_FOR, DutyKind, Missing, start_of

ASKED = {
    Missing.ALLERGIES: IntakeItem.ALLERGIES,
    Missing.MEDICINES: IntakeItem.MEDICINES,
    Missing.BELONGINGS: IntakeItem.BELONGINGS,
}
AGREED = {Missing.CONSENT: ConsentItem.STAY, Missing.HOUSE_RULES: ConsentItem.HOUSE_RULES}
# resident -> her last word on each item; placement -> what was asked
Agreed = dict[int, dict[ConsentItem, Given]]
Asked = dict[int, set[IntakeItem]]


def asked_so_far(session: Session, account_id: int, role: Role | None) -> tuple[Agreed, Asked]:
    """Of those who live here: the last word of each on every item, and what was asked of each at arrival."""
    living = living_seen_by(account_id, role)
    agreed: Agreed = {}
    for resident_id, item, granted, given_by, until, withdrawn_at, reported in session.execute(
        select(
            Consent.resident_id,
            Consent.item,
            Consent.granted,
            Consent.given_by,
            Consent.until,
            Consent.withdrawn_at,
            decides_no_more().label("reported"),
        )
        .join(Placement, and_(Placement.resident_id == Consent.resident_id, Placement.left_at.is_(None)))
        .outerjoin(Guardian, Guardian.id == Consent.guardian_id)
        .where(
            Consent.item != ConsentItem.AGENCY,
            Consent.replaced_at.is_(None),
            Consent.resident_id.in_(living),
        )
        .order_by(Consent.id)
    ):
        given = Given(granted, given_by, until, withdrawn=withdrawn_at is not None, guardian_reported=reported)
        agreed.setdefault(resident_id, {})[item] = given
    asked: Asked = {}
    for placement_id, asked_item in session.execute(
        select(IntakeAnswer.placement_id, IntakeAnswer.item)
        .join(Placement, Placement.id == IntakeAnswer.placement_id)
        .where(Placement.left_at.is_(None), Placement.resident_id.in_(living))
    ):
        asked.setdefault(placement_id, set()).add(asked_item)
    return agreed, asked


def arrivals(
    here: Sequence[Here],
    followed: Collection[int],
    agreed: Agreed,
    asked: Asked,
    manager_after: dt.timedelta,
    now: dt.datetime,
) -> Iterable[Duty]:
    """One duty a family to decide an emergency, one for everything that was put off; both within a day of arriving.
    `followed` are the placements that owe this."""
    of_referral = sorted((one for one in here if one.number is not None), key=lambda one: one.number or 0)
    for _number, members in groupby(of_referral, key=lambda one: one.number):
        family = list(members)
        first, due = family[0], min(one.arrived_at for one in family) + A_DAY
        if first.referral is None:
            continue
        emergency = any(one.basis is PlacementBasis.EMERGENCY for one in family)
        owes = first.placement_id in followed
        if owes and emergency and not first.decided:
            yield of_family(DutyKind.CONFIRM, family, due, {Telling.MANAGER: due - A_DAY}, subject=first.referral)
        if first.refused_at is not None:
            told = dict.fromkeys((Telling.WORKER, Telling.MANAGER), first.refused_at)
            yield of_family(DutyKind.NOT_GRANTED, family, first.refused_at + A_DAY, told, subject=first.ref)
        missing = _missing(family, agreed, asked, now)
        if owes and missing:
            # Whoever became 18 here is asked herself within a day from that midnight on.
            due = _since(family, now) + A_DAY if set(missing) <= set(AGREED) else due
            yield of_family(
                DutyKind.COMPLETE,
                family,
                due,
                {Telling.STAFF: due - A_DAY, Telling.WORKER: due - A_DAY, Telling.MANAGER: due + manager_after},
                subject=first.referral,
                missing=missing,
            )
        # While staying itself is to be asked, the same page asks this too.
        if owes and Missing.CONSENT not in missing:
            yield from _still_open(family, agreed, now)


def _still_open(family: Sequence[Here], agreed: Agreed, now: dt.datetime) -> Iterable[Duty]:
    """Consents that were put off, or count no more: to be asked again within three days. Her caseworker goes on being
    told until there is an answer, and a no is one; the house is told while the family is new."""
    waiting = [one for one in family if _open_items(one, agreed, now)]
    if not waiting:
        return
    since = _since(family, now)
    told = {Telling.WORKER: since}
    if now <= since + ASKED_AGAIN_FOR:
        told[Telling.STAFF] = since
    items = {item for one in waiting for item in _open_items(one, agreed, now)}
    yield of_family(
        DutyKind.OPEN_CONSENT,
        waiting,
        since + ASKED_AGAIN_FOR,
        told,
        subject=family[0].referral,
        items=tuple(item for item in ConsentItem if item in items),
    )


def _since(family: Sequence[Here], now: dt.datetime) -> dt.datetime:
    """Since when their consents are asked for: they came, or the last of them to come of age here did."""
    of_age = [
        start_of(one.of_age_on, one.zone)
        for one in family
        if one.of_age_on is not None and one.of_age_on <= one.today(now)
    ]
    return max(min(one.arrived_at for one in family), *of_age) if of_age else min(one.arrived_at for one in family)


def _open_items(one: Here, agreed: Agreed, now: dt.datetime) -> tuple[ConsentItem, ...]:
    child, on = one.child(now), one.today(now)
    last = {item: why_not_now(given, child=child, on=on) for item, given in agreed.get(one.resident_id, {}).items()}
    return still_open(last, child=child)


def _missing(
    family: Sequence[Here],
    agreed: Agreed,
    asked: Asked,
    now: dt.datetime,
) -> tuple[Missing, ...]:
    """What was not asked of all of them yet. The house rules are agreed to by the adults; a child who came alone is
    told them, and agrees to nothing herself."""
    adults = [one for one in family if not one.child(now)]

    def agree(people: Sequence[Here], item: ConsentItem) -> bool:
        return all(
            (given := agreed.get(one.resident_id, {}).get(item)) is not None
            and counts(given, child=one.child(now), on=one.today(now))
            for one in people
        )

    found = [Missing.SCREENING] if not family[0].screened else []
    if not agree(family, AGREED[Missing.CONSENT]):
        found.append(Missing.CONSENT)
    if not agree(adults, AGREED[Missing.HOUSE_RULES]):
        found.append(Missing.HOUSE_RULES)
    found += [
        what for what, item in ASKED.items() if not all(item in asked.get(one.placement_id, ()) for one in family)
    ]
    return tuple(found)


def households(here: Sequence[Here], followed: Collection[int]) -> Iterable[Duty]:
    """Nobody answers for her; nobody has ever assessed in how much danger her household is."""
    for _household, members in groupby(here, key=lambda one: one.household_id):
        family = list(members)
        arrived = min(one.arrived_at for one in family)
        # Where the screening is still to be done it brings the assessment with it.
        screening_brings_it = any(one.number is not None and not one.screened for one in family)
        owes = any(one.placement_id in followed for one in family)
        if owes and not family[0].assessed and not screening_brings_it:
            yield of_family(DutyKind.DANGER, family, arrived + A_DAY, {Telling.WORKER: arrived})
        if alone := [one for one in family if not one.answered_for]:
            arrived = min(one.arrived_at for one in alone)
            yield of_family(DutyKind.UNASSIGNED, alone, arrived + A_DAY, {Telling.MANAGER: arrived})


def unknown(session: Session, here: Sequence[Here], now: dt.datetime) -> Iterable[Duty]:
    """What "not known yet" was answered to is asked once more: until somebody did and knows more, or for three days."""
    families: dict[int, list[Here]] = {}
    for one in here:
        if one.number is not None:
            families.setdefault(one.number, []).append(one)
    rows = session.execute(
        select(Referral.number, Screening.unknown, Screening.unanswered, Screening.made_at)
        .join(Referral, Referral.id == Screening.referral_id)
        .where(Screening.made_at > now - ASKED_AGAIN_FOR)
        .order_by(Screening.id)
    )
    # Those in which something was never asked have a duty of their own.
    complete = [row for row in rows if row.number in families and not row.unanswered]
    for number, made in groupby(sorted(complete, key=lambda row: row.number), key=lambda row: row.number):
        *before, newest = made
        if not newest.unknown or any(one.unknown > newest.unknown for one in before):
            continue
        yield of_family(
            DutyKind.ASK_AGAIN,
            family := families[number],
            newest.made_at + A_DAY,
            dict.fromkeys((Telling.STAFF, Telling.WORKER), newest.made_at),
            subject=family[0].referral,
            unknown=newest.unknown,
        )


def came_before(session: Session, *, account_id: int, role: Role | None) -> int:
    """How many live here who came before arrivals were followed, and were not asked all that is asked now."""
    asked = (
        select(func.count())
        .select_from(IntakeAnswer)
        .where(IntakeAnswer.placement_id == Placement.id, IntakeAnswer.item.in_(ASKED.values()))
        .scalar_subquery()
    )
    return (
        session.scalar(
            select(func.count())
            .select_from(Placement)
            .where(
                Placement.left_at.is_(None),
                Placement.arrived_at < select(Office.follows_arrivals_since).scalar_subquery(),
                asked < len(ASKED),
                Placement.resident_id.in_(living_seen_by(account_id, role)),
            )
        )
        or 0
    )
