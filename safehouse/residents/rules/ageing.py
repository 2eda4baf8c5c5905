"""Who is a child on a day. A day is the local day of the house she lives in.

A child is somebody who has not completed 18 years (UU 35/2014): at 17 years and 364 days she is one, from midnight of
her 18th birthday on she is an adult. Who was born on 29 February has completed 18 years when 28 February is over, and
is an adult from 1 March on.

The exact date of birth is sealed, and lists open nothing sealed. So the day she comes of age (`of_age_on`) stands in
the clear around the month in which she does, and at no other time; before it and after it the month of birth alone
says the same.
"""

import datetime as dt

from safehouse.indonesian import comes_of_age, is_child_by_month

OF_AGE_YEARS = 18
A_DAY = dt.timedelta(days=1)


def is_child(birth_month: dt.date | None, of_age_on: dt.date | None, on: dt.date) -> bool:
    """By the day she comes of age where that is known, else by the month: a child until the month of her 18th birthday
    is over. An adult whose age nobody asked has neither."""
    if of_age_on is not None:
        return on < of_age_on
    return birth_month is not None and is_child_by_month(birth_month, on)


def known_months(now: dt.datetime) -> list[dt.date]:
    """The months of birth of those whose coming of age is known by its day now: it is this month, or was until
    yesterday, or is from tomorrow on.

    By the date in UTC; the day on either side is for the time zones. Wherever a house lies, and whoever moves from one
    to another, the day is known when her midnight comes, and stays until every month by itself says the same.
    """
    today = now.astimezone(dt.UTC).date()
    months = {(day.year, day.month) for day in (today - A_DAY, today, today + A_DAY)}
    return [dt.date(year - OF_AGE_YEARS, month, 1) for year, month in sorted(months)]


def shown_of_age_on(born: dt.date, now: dt.datetime) -> dt.date | None:
    """The day she comes of age where it may stand in the clear now, else None."""
    return comes_of_age(born) if born.replace(day=1) in known_months(now) else None


def by_the_month(birth_month: dt.date | None) -> dt.date | None:
    """From when on the month alone calls her an adult."""
    if birth_month is None:
        return None
    year, month = birth_month.year + OF_AGE_YEARS, birth_month.month
    return dt.date(year + 1, 1, 1) if month == 12 else dt.date(year, month + 1, 1)
