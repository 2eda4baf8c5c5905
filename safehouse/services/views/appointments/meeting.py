"""What an appointment meets: shown before it is saved, and what else there is on that day."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from safehouse.access.current import now, signed
from safehouse.database import session
from safehouse.residents.models import Resident
from safehouse.residents.views.seen import zone_of
from safehouse.services.operations.appointments import (
    NewAppointment,
)
from safehouse.services.queries.appointments import (
    Beside,
    Besides,
    beside,
)
from safehouse.services.rules.appointments import day_of, midnight, overlaps
from safehouse.services.views.appointments_in_words import weekday
from safehouse.services.words import APPOINTMENT_PLACES, DOMAINS
from safehouse.web.forms import PageForm
from safehouse.web.language import clock_there, moment_there


def meetings(form: PageForm, resident: Resident, wanted: NewAppointment, *, without: int | None = None) -> list[Beside]:
    """What the wanted appointment meets. Unless the box was ticked under just that, the form is refused."""
    ends = wanted.at + dt.timedelta(minutes=wanted.minutes)
    around = beside(
        session,
        resident=resident,
        companion_id=wanted.companion.id if wanted.companion else None,
        begins=wanted.at,
        ends=ends,
        account_id=signed().account_id,
        role=signed().role,
        now=now(),
        without=without,
    )
    found = [one for one in around if overlaps(wanted.at, ends, one.begins, one.ends)]
    shown = _mark_of(found)
    if found and not (form["anyway"].data and form["seen"].data == shown):
        form.refuse(_("It meets something else. Look at it, then choose: another time, or save anyway."), "anyway")
        form["anyway"].data = False
    form["seen"].data = shown
    return found


def _mark_of(found: Iterable[Beside]) -> str:
    """Which clashes were shown, without naming them: some belong to people she must not know of."""
    told = ",".join(f"{one.what}:{one.id}" for one in found)
    return hashlib.sha256(told.encode()).hexdigest()


def in_words(found: Iterable[Beside], zone: ZoneInfo) -> list[tuple[str, str]]:
    """(from when to when, what)."""
    return [(_("%(begins)s to %(ends)s", **_clocks(one, zone)), _beside_in_words(one)) for one in found]


def _clocks(one: Beside, zone: ZoneInfo) -> dict[str, str]:
    if one.what is Besides.LEAVE or day_of(one.begins, zone) != day_of(one.ends, zone):
        return {"begins": moment_there(one.begins, zone), "ends": moment_there(one.ends, zone)}
    return {"begins": clock_there(one.begins, zone), "ends": clock_there(one.ends, zone)}


def _beside_in_words(one: Beside) -> str:
    if one.what is Besides.LEAVE:
        return _("She is out of the house.")
    if one.domain is None or one.place is None:
        return _("Who goes along has another appointment.")
    about = {"domain": DOMAINS[one.domain], "place": APPOINTMENT_PLACES[one.place]}
    if one.alias is None:
        return _("Her appointment: %(domain)s, %(place)s.", **about)
    return _("Who goes along is with %(alias)s: %(place)s.", alias=one.alias, place=about["place"])


def that_day(form: PageForm, resident: Resident, company: dict[str, int]) -> dict[str, Any]:
    """What else there is on the day that was typed; before that, on the seven days to come."""
    zone = zone_of(resident)
    first = form["day"].data or day_of(now(), zone)
    days = 1 if form["day"].data else 7
    found = beside(
        session,
        resident=resident,
        companion_id=company.get(form["companion"].data or ""),
        begins=midnight(first, zone),
        ends=midnight(first + dt.timedelta(days=days), zone),
        account_id=signed().account_id,
        role=signed().role,
        now=now(),
    )
    heading = weekday(first) if form["day"].data else _("The next seven days")
    words = in_words(found, zone)
    if days > 1:
        words = [(moment_there(one.begins, zone), _beside_in_words(one)) for one in found]
    return {"day_heading": heading, "on_that_day": words}
