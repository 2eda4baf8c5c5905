"""Who went back to the one she fled: a manager looks whether she has a safety plan, and whether she chose it."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from safehouse.access.permissions import Role
from safehouse.gathered import Duty, Telling
from safehouse.shelter.queries.departures import to_review
from safehouse.shelter.rules.duties import A_DAY, DutyKind


def went_back(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> Iterable[Duty]:
    """One duty a family, told to managers at once; nobody else is asked, and for nobody else is anything read."""
    if role is not Role.MANAGER:
        return
    for family in to_review(session, account_id=account_id, role=role, now=now):
        first = family[0]
        yield Duty(
            DutyKind.WENT_BACK,
            first.ref,
            first.at + A_DAY,
            {Telling.MANAGER: first.at},
            alias=first.alias,
            code=first.code,
            place=first.house,
            time_zone=first.time_zone,
            figures={"others": len(family) - 1},
        )
