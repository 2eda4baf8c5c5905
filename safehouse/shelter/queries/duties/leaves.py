"""Out of the house: who left without a word, who is not back, which children are here without an adult of theirs."""

import datetime as dt
from collections.abc import Iterable, Sequence

from safehouse.gathered import Duty, Telling
from safehouse.shelter.queries.duties.people import Here, families, of_family
from safehouse.shelter.rules.duties import A_DAY, DutyKind, overdue_return_told


def away(here: Sequence[Here], manager_after: dt.timedelta, now: dt.datetime) -> Iterable[Duty]:
    """Who left without a word, at once and for everybody; who is not back at the agreed time."""
    away = [one for one in here if one.due_back is not None]
    for family in families(away, lambda one: (one.away_from, one.without_notice) if one.without_notice else None):
        since = family[0].away_from or now
        yield of_family(DutyKind.LEFT_WITHOUT_NOTICE, family, since, dict.fromkeys(Telling, since))
    late = [one for one in away if not one.without_notice and one.due_back is not None and one.due_back < now]
    for family in families(late, lambda one: (one.due_back, one.away_kind)):
        due = family[0].due_back or now
        answered_for = all(one.answered_for for one in family)
        told = overdue_return_told(due, manager_after, has_worker=answered_for)
        yield of_family(DutyKind.NOT_BACK, family, due, told, where=family[0].away_kind)


def children_alone(here: Sequence[Here], now: dt.datetime) -> Iterable[Duty]:
    """Children who go on living here although the last adult of theirs has left for good, until somebody is named who
    looks after them; again when that person cannot any more."""
    alone = [
        one
        for one in here
        if one.child(now)
        and not one.adult_here
        and one.adult_left_at is not None
        and (one.cared_since is None or one.cared_since < one.adult_left_at)
    ]
    for family in families(alone, lambda _one: True):
        left_at = max(one.adult_left_at for one in family if one.adult_left_at is not None)
        told = dict.fromkeys((Telling.WORKER, Telling.MANAGER), left_at)
        yield of_family(DutyKind.CHILD_ALONE, family, left_at + A_DAY, told)
