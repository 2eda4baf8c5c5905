"""The resident a page is about: whether the person may see her, and the clock of the house she lives in."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from flask import abort

from safehouse.access.current import now, signed
from safehouse.access.models import House
from safehouse.database import session
from safehouse.residents.models import Resident
from safehouse.residents.queries.people import came_with, find_resident


def seen_resident(ref: uuid.UUID, *, granted: bool = False) -> Resident:
    """The resident, if the person may see her; foreign, forbidden and missing are the same 404.

    `granted` also lets pass who may only look, by break-glass: for the few pages that show and change nothing.
    """
    person = signed()
    found = find_resident(session, account_id=person.account_id, role=person.role, ref=ref, now=now(), granted=granted)
    return found or abort(404)


def acts_for(ref: uuid.UUID) -> bool:
    """Whether she may write too: by break-glass she looks, and does nothing."""
    person = signed()
    return find_resident(session, account_id=person.account_id, role=person.role, ref=ref, now=now()) is not None


def others_of(resident: Resident) -> list[Resident]:
    """Those who came with her and whom the person may see, the eldest first; also who lives in no house any more."""
    person = signed()
    return came_with(session, resident=resident, account_id=person.account_id, role=person.role)


def zone_of(resident: Resident) -> ZoneInfo:
    """The clock of the house she lives in; where she lives nowhere, the unit's."""
    house = session.get(House, resident.house_id) if resident.house_id else None
    return ZoneInfo(house.time_zone if house else signed().office.time_zone)


def today_of(resident: Resident) -> dt.date:
    """The date where she lives; where she lives nowhere, the unit's."""
    return now().astimezone(zone_of(resident)).date()
