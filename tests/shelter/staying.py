"""What the tests of a stay share: people who settled in some days ago, and the times and addresses of their pages."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select

from safehouse.shelter.models import Stay

JAKARTA = ZoneInfo("Asia/Jakarta")
SETTLED = dt.timedelta(days=5)


def settled(make, bed, **more):
    return make.resident(bed, arrived=make.clock.now - SETTLED, **more)


def family(make, first, second, **more):
    """A mother, and a daughter of ten in a bed of her own."""
    household = make.household()
    return (
        settled(make, first, household=household, alias="Kenari", **more),
        settled(make, second, household=household, alias="Anak Kenari", birth_month=dt.date(2016, 1, 1), **more),
    )


def at(clock, *, name="day", zone=JAKARTA, **ago):
    """Date and time as they are written into a form."""
    when = (clock.now - dt.timedelta(**ago)).astimezone(zone)
    hour = {"day": "clock", "due_day": "due_clock"}[name]
    return {
        f"{name}-d": str(when.day),
        f"{name}-m": str(when.month),
        f"{name}-y": str(when.year),
        hour: f"{when:%H.%M}",
    }


def path(resident, page=""):
    """Her own page, or one of those that hang on it."""
    return f"/residents/{resident.ref}/{page}".rstrip("/")


def open_stay(session, resident):
    session.expire_all()
    return session.scalar(select(Stay).where(Stay.resident_id == resident.id, Stay.ended_at.is_(None)))
