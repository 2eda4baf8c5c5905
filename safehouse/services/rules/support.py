"""Goods, training and other help she was given. Pure."""

import datetime as dt
from enum import StrEnum


class SupportRefusal(StrEnum):
    IN_FUTURE = "in_future"
    BEFORE_ARRIVAL = "before_arrival"
    LEFT = "left"  # she lived here no more
    WITHDRAWN = "withdrawn"
    NOT_WITHDRAWN = "not_withdrawn"


def fault_of(on_day: dt.date, *, arrived_on: dt.date, left_on: dt.date | None, today: dt.date) -> SupportRefusal | None:
    """Why nothing can have been given to her here on this day."""
    if on_day > today:
        return SupportRefusal.IN_FUTURE
    if on_day < arrived_on:
        return SupportRefusal.BEFORE_ARRIVAL
    return SupportRefusal.LEFT if left_on is not None and on_day > left_on else None
