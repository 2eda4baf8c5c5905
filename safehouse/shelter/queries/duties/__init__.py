"""What the shelter finds to do for one person: in eight statements, however many residents and referrals there are;
for managers in one more, about those who left.

Inside `seen_by` and the houses she works in; referrals are the whole unit's, but for those that are closed to her.
Nothing sealed is opened.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Office
from safehouse.access.permissions import Role
from safehouse.gathered import Duty, Telling
from safehouse.shelter.queries.duties.arrivals import arrivals, asked_so_far, households, unknown
from safehouse.shelter.queries.duties.beds import unclean
from safehouse.shelter.queries.duties.departures import went_back
from safehouse.shelter.queries.duties.health import health
from safehouse.shelter.queries.duties.leaves import away, children_alone
from safehouse.shelter.queries.duties.limits import days, extending_now, to_decide
from safehouse.shelter.queries.duties.people import living
from safehouse.shelter.queries.duties.referrals import referrals
from safehouse.shelter.rules.duties import follows


def duties(session: Session, *, account_id: int, role: Role | None, now: dt.datetime) -> list[Duty]:
    """Everything that waits in the shelter for this person, unordered; each says who else is told, and since when."""
    office = session.execute(
        select(Office.time_zone, Office.tell_manager_after_hours, Office.follows_arrivals_since)
    ).one()
    manager_after = dt.timedelta(hours=office.tell_manager_after_hours)
    here = living(session, account_id, role, now)
    followed = {one.placement_id for one in here if follows(one.arrived_at, office.follows_arrivals_since)}
    agreed, asked = asked_so_far(session, account_id, role)
    extending = extending_now(session, account_id, role, now)
    found = [
        *arrivals(here, followed, agreed, asked, manager_after, now),
        *households(here, followed),
        *children_alone(here, now),
        *unknown(session, here, now),
        *health(session, here, followed, manager_after, account_id=account_id, role=role, now=now),
        *away(here, manager_after, now),
        *went_back(session, account_id=account_id, role=role, now=now),
        *days(here, {one.placement_id for one in extending}, now),
        *to_decide(extending, account_id),
        *referrals(session, account_id, ZoneInfo(office.time_zone), now),
        *unclean(session, account_id),
    ]
    telling = {Role.STAFF: Telling.STAFF, Role.CASEWORKER: Telling.WORKER, Role.MANAGER: Telling.MANAGER}.get(
        role or Role.SECURITY_OFFICER
    )
    return [one for one in found if telling is not None and one.told_to(telling, now)]
