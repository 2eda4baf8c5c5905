"""The moments an old register means. It knows days; a stay needs an hour, or a bed could not change hands in a day."""

import datetime as dt
from zoneinfo import ZoneInfo

ARRIVES, LEAVES = dt.time(14), dt.time(10)
# Somebody who came and went on one day lies between the one who left that morning and the one who came after noon.
VISIT_ARRIVES, VISIT_LEAVES = dt.time(11), dt.time(13)

HalfDay = tuple[int, int]
NEVER: HalfDay = (dt.date.max.toordinal() + 1, 0)


def period(arrived: dt.date, left: dt.date | None) -> tuple[HalfDay, HalfDay]:
    """Start and end as values that can be compared: the bed left and taken on one day does not overlap."""
    if left == arrived:
        return (arrived.toordinal(), VISIT_ARRIVES.hour), (arrived.toordinal(), VISIT_LEAVES.hour)
    end = NEVER if left is None else (left.toordinal(), LEAVES.hour)
    return (arrived.toordinal(), ARRIVES.hour), end


def moments(
    arrived: dt.date,
    left: dt.date | None,
    *,
    zone: ZoneInfo,
    now: dt.datetime,
) -> tuple[dt.datetime, dt.datetime | None]:
    """The same two moments in UTC on the clock of the house: in at 14.00, out at 10.00, a visit from 11.00 to 13.00.

    Nothing lies after `now`: on the day of the import itself the hours are drawn together towards midnight, so that
    the order of those who left and those who came stays what it was.
    """
    if left == arrived:
        return _moment(arrived, VISIT_ARRIVES, zone, now), _moment(arrived, VISIT_LEAVES, zone, now)
    return _moment(arrived, ARRIVES, zone, now), None if left is None else _moment(left, LEAVES, zone, now)


def _moment(day: dt.date, hour: dt.time, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    exact = dt.datetime.combine(day, hour, zone).astimezone(dt.UTC)
    last = dt.datetime.combine(day, ARRIVES, zone).astimezone(dt.UTC)
    midnight = dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
    if last <= now or now <= midnight:
        return exact
    return midnight + (exact - midnight) * ((now - midnight) / (last - midnight))
