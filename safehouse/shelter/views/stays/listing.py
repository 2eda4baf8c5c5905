"""Who lives in the houses now, and who left lately."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import now, signed
from safehouse.access.guard import needs
from safehouse.access.permissions import Permission, Role
from safehouse.database import session
from safehouse.shelter.queries.stays import (
    HouseOfList,
    Listed,
    houses_of_list,
    left_lately,
    residents_listed,
)
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.staying import NEAR_DAYS, Presence, presence
from safehouse.shelter.stays_in_words import say_left
from safehouse.shelter.views.stays.finding import pages
from safehouse.shelter.words import DESTINATIONS, LEAVE_KINDS
from safehouse.web.language import language, moment_there, short_day

NO_REF = uuid.UUID(int=0)


# One row, ready to be written down: address, alias, code, bed, presence, where she is, day of her stay, how near, who
# answers for her.
Line = tuple[str, str, str, str, str, str, str, str, str]


@pages.get("/residents")
@needs(Permission.RESIDENT_READ)
def listing() -> ResponseReturnValue:
    g.lock_when_idle = True
    person = signed()
    manager, mine = person.role is Role.MANAGER, person.role is Role.CASEWORKER
    if manager and request.args.get("show") == "left":
        return _left()
    everyone = residents_listed(session, account_id=person.account_id, role=person.role)
    houses = houses_of_list(session, account_id=person.account_id, role=person.role)
    house = _asked_house(houses)
    shown = everyone if house is None else [one for one in everyone if one.house_id == house]
    unassigned = [one for one in shown if not one.answering]
    only_unassigned = manager and request.args.get("assigned") == "none"
    return render_template(
        "shelter/stays/listing.html",
        lead=_lead(shown, mine=mine),
        houses=houses.values(),
        house=None if house is None else houses[house].ref,
        mine=mine,
        lines=_lines(unassigned if only_unassigned else shown, houses),
        manager=manager,
        only_unassigned=only_unassigned,
        unassigned=len(unassigned) if manager else 0,
    )


def _left() -> ResponseReturnValue:
    person = signed()
    gone = left_lately(session, account_id=person.account_id, role=person.role, now=now())
    rows = [(one, moment_there(one.at, ZoneInfo(one.time_zone)), str(DESTINATIONS[one.place_kind])) for one in gone]
    return render_template("shelter/stays/left.html", rows=rows)


def _asked_house(houses: dict[int, HouseOfList]) -> int | None:
    """The house asked for; one she does not work in is not there."""
    if not (asked := request.args.get("house", "")):
        return None
    return next((number for number, one in houses.items() if one.ref == asked), None) or abort(404)


def _lead(shown: Sequence[Listed], *, mine: bool) -> str:
    away = [one.due_back for one in shown if one.due_back is not None]
    late = sum(due < now() for due in away)
    everyone, home = len(shown), len(shown) - len(away)
    if not everyone:
        return _("No residents are assigned to you now.") if mine else _("Nobody lives here tonight.")
    if not away:
        return _("%(n)s residents, all of them in.", n=everyone)
    if not late:
        return _("%(n)s residents: %(home)s in, %(away)s away.", n=everyone, home=home, away=len(away))
    return _(
        "%(n)s residents: %(home)s in, %(away)s away, of whom %(late)s not back in time.",
        n=everyone,
        home=home,
        away=len(away),
        late=late,
    )


def _lines(shown: Sequence[Listed], houses: dict[int, HouseOfList]) -> list[Line]:
    # One address is built, and each sentence and date looked up, once: for every row it would cost more than the row.
    before, after = url_for("today.resident", ref=NO_REF).split(str(NO_REF))
    until = _until_writer()
    there = {number: _here_and_now(house) for number, house in houses.items()}
    lines: list[Line] = []
    for one in shown:
        ref, alias, code, house_id, room, bed, arrived_at, planned, away_kind, _due, _without, answering = one
        house, zone, today = there[house_id]
        state, away = _whereabouts(one, zone) if away_kind else (Presence.IN, "")
        written, kind = until((today - arrived_at.astimezone(zone).date()).days, (planned - today).days, planned)
        place = f"{house}, {bed_name(room, bed)}"
        lines.append((f"{before}{ref}{after}", alias, code, place, state, away, written, kind, answering or ""))
    return lines


def _here_and_now(house: HouseOfList) -> tuple[str, ZoneInfo, dt.date]:
    zone = ZoneInfo(house.time_zone)
    return house.name, zone, now().astimezone(zone).date()


def _whereabouts(one: Listed, there: ZoneInfo) -> tuple[str, str]:
    """Of someone who is away: (away or not back, where and until when)."""
    if one.away_kind is None or one.due_back is None:
        return Presence.IN, ""
    where, back = LEAVE_KINDS[one.away_kind], moment_there(one.due_back, there)
    if one.without_notice:
        return Presence.NOT_BACK, _("left without notice, last seen %(time)s", time=back)
    state = presence(one.due_back, now())
    if state is Presence.NOT_BACK:
        return state, _("%(where)s, expected %(time)s", where=where, time=back)
    return state, _("%(where)s, back %(time)s", where=where, time=back)


def _until_writer() -> Callable[[int, int, dt.date], tuple[str, str]]:
    """Writes the day of the stay and the planned exit, so many days from now, and says how near that is: over, near,
    or neither."""
    tongue = language()
    first_far, first_near, far, near = _ways_to_say_it(tongue)

    @cache
    def write(day: int, left: int, planned: dt.date) -> tuple[str, str]:
        said: dict[str, object] = {"day": day, "until": short_day(planned, tongue)}
        if left > NEAR_DAYS:
            return (far if day > 0 else first_far) % said, ""
        said["left"] = _days_left(left, tongue)
        return (near if day > 0 else first_near) % said, "over" if left < 0 else "near"

    return write


@cache
def _ways_to_say_it(_tongue: str) -> tuple[str, str, str, str]:
    """What a row says of a stay: on the first day and later, and each while the exit is far and while it is near.
    Looked up once in each language."""
    return (
        _("Came today, until %(until)s"),
        _("Came today, until %(until)s, %(left)s"),
        _("Day %(day)s, until %(until)s"),
        _("Day %(day)s, until %(until)s, %(left)s"),
    )


@lru_cache(maxsize=256)
def _days_left(days: int, _tongue: str) -> str:
    return say_left(days)
