"""Clocks the law sets, in clock hours: not working days, and the same in every time zone."""

import datetime as dt

POLICE_HOURS = 72
POLICE_TERM = dt.timedelta(hours=POLICE_HOURS)
HOUR = dt.timedelta(hours=1)


def police_deadline(victim_reported_at: dt.datetime) -> dt.datetime:
    """Until when the police are told of sexual violence: 3 x 24 hours after the victim's own report, in UTC."""
    if victim_reported_at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return victim_reported_at.astimezone(dt.UTC) + POLICE_TERM


def police_remaining(victim_reported_at: dt.datetime, now: dt.datetime) -> dt.timedelta:
    """How long is left; below nought when it is late."""
    return police_deadline(victim_reported_at) - now


def whole_hours(span: dt.timedelta) -> int:
    """Full hours in it, rounded down towards nought: "22 hours left" never promises more than there are."""
    hours = abs(span) // HOUR
    return hours if span >= dt.timedelta(0) else -hours
