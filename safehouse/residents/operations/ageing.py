"""Reaching 18: the day stands in the clear around the month in which it comes, so that no list opens what is sealed."""

import datetime as dt

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from safehouse.indonesian import comes_of_age
from safehouse.residents.models import Resident
from safehouse.residents.rules.ageing import by_the_month, known_months
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, Result
from safehouse.trail.opening import SealBroken, Sealed, open_values
from safehouse.trail.operations import record

COMING_OF_AGE = "coming of age"


def note_coming_of_age(session: Session, *, now: dt.datetime) -> int:
    """Find out on which day everybody comes of age who does this month, and forget it again where the month is over.
    How many days were found; a second run finds none.

    Each sealed date is opened once, by the system, and that is recorded. Rights and rooms follow from the day by
    themselves at her midnight; nobody is moved. The caller commits.
    """
    months = known_months(now)
    session.execute(
        update(Resident)
        .where(
            Resident.of_age_on.is_not(None), or_(Resident.birth_month.is_(None), Resident.birth_month.not_in(months))
        )
        .values(of_age_on=None)
    )
    coming = session.scalars(
        select(Resident)
        .where(Resident.birth_month.in_(months), Resident.of_age_on.is_(None), Resident.born.is_not(None))
        .order_by(Resident.id)
        .with_for_update()
    ).all()
    for resident in coming:
        resident.of_age_on = _opened_day(session, resident, now)
    return len(coming)


def _opened_day(session: Session, resident: Resident, now: dt.datetime) -> dt.date | None:
    """A date that does not open is an incident and is written down as one, once: she goes by the month then."""
    try:
        with session.begin_nested():
            wanted = [Sealed(resident, "born", resident.ref)]
            [born] = open_values(session, now=now, by=SYSTEM, purpose=COMING_OF_AGE, wanted=wanted)
    except SealBroken as broken:
        record(
            session,
            now=now,
            by=SYSTEM,
            act=Act.SEAL_BROKEN,
            subject=broken.subject,
            purpose=COMING_OF_AGE,
            result=Result.FAILED,
        )
        return by_the_month(resident.birth_month)
    return comes_of_age(dt.date.fromisoformat(born))
