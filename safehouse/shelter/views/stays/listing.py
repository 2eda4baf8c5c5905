"""Who lives in the houses now, and who left lately."""
import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import now, signed
from safehouse.access.guard import needs
from safehouse.access.permissions import Permission, Role
from safehouse.access.queries import cleared_houses
from safehouse.database import session
from safehouse.shelter.queries.stays import Living, left_lately, names_answering, residents_here
from safehouse.shelter.rules.staying import NEAR_DAYS, Presence
from safehouse.shelter.stays_in_words import say_left
from safehouse.shelter.views.stays.finding import moment_there, pages
from safehouse.shelter.words import DESTINATIONS, LEAVE_KINDS
from safehouse.web.language import short_day


@dataclass(frozen=True, slots=True)
class Line:
    """One row, ready to be written down."""

    url: str
    alias: str
    code: str
    place: str
    state: Presence
    away: str
    until: str
    until_kind: str
    answering: str


@pages.get("/residents")
@needs(Permission.RESIDENT_READ)
def listing() -> ResponseReturnValue:
    g.lock_when_idle = True
    person = signed()
    if person.role is Role.MANAGER and request.args.get("show") == "left":
        return _left()
    everyone = residents_here(session, account_id=person.account_id, role=person.role, now=now())
    answering = names_answering(session, account_id=person.account_id, role=person.role)
    houses = {house.ref: house.name for house in cleared_houses(session, person.account_id)}
    houses |= {one.house_ref: one.house for one in everyone}
    house = _asked_house(houses)
    shown = [one for one in everyone if house is None or one.house_ref == house]
    unassigned = [one for one in shown if one.id not in answering]
    manager = person.role is Role.MANAGER
    only_unassigned = manager and request.args.get("assigned") == "none"
    return render_template(
        "shelter/stays/listing.html", lead=_lead(shown, mine=person.role is Role.CASEWORKER),
        lines=_lines(unassigned if only_unassigned else shown, answering), houses=houses, house=house,
        mine=person.role is Role.CASEWORKER, manager=manager, only_unassigned=only_unassigned,
        unassigned=len(unassigned) if manager else 0)


def _left() -> ResponseReturnValue:
    person = signed()
    gone = left_lately(session, account_id=person.account_id, role=person.role, now=now())
    rows = [(one, moment_there(one.at, ZoneInfo(one.time_zone)), str(DESTINATIONS[one.place_kind])) for one in gone]
    return render_template("shelter/stays/left.html", rows=rows)


def _asked_house(houses: dict[uuid.UUID, str]) -> uuid.UUID | None:
    """The house asked for; one she does not work in is not there."""
    if not (asked := request.args.get("house", "")):
        return None
    try:
        ref = uuid.UUID(asked)
    except ValueError:
        abort(404)
    return ref if ref in houses else abort(404)


def _lead(shown: Sequence[Living], *, mine: bool) -> str:
    away = sum(one.presence is not Presence.IN for one in shown)
    late = sum(one.presence is Presence.NOT_BACK for one in shown)
    everyone, home = len(shown), len(shown) - away
    if not everyone:
        return _("No residents are assigned to you now.") if mine else _("Nobody lives here tonight.")
    if not away:
        return _("%(n)s residents, all of them in.", n=everyone)
    if not late:
        return _("%(n)s residents: %(home)s in, %(away)s away.", n=everyone, home=home, away=away)
    return _("%(n)s residents: %(home)s in, %(away)s away, of whom %(late)s not back in time.", n=everyone, home=home,
             away=away, late=late)


def _lines(shown: Sequence[Living], answering: dict[int, list[str]]) -> list[Line]:
    once = _once(short_day)
    # One address is built; the others differ in the reference alone.
    pattern = url_for("stays.page", ref=uuid.UUID(int=0))
    return [Line(url=pattern.replace(str(uuid.UUID(int=0)), str(one.ref)), alias=one.alias, code=one.code,
                 place=f"{one.house}, {one.bed}", state=one.presence, away=_away(one), until=_until(one, once),
                 until_kind=_until_kind(one), answering=", ".join(answering.get(one.id, ()))) for one in shown]


def _away(one: Living) -> str:
    if one.away_kind is None or one.due_back is None:
        return ""
    back = moment_there(one.due_back, one.zone)
    if one.presence is Presence.NOT_BACK:
        return _("%(where)s, expected %(time)s", where=LEAVE_KINDS[one.away_kind], time=back)
    return _("%(where)s, back %(time)s", where=LEAVE_KINDS[one.away_kind], time=back)


def _until(one: Living, write: Callable[[dt.date], str]) -> str:
    if one.term.days_left > NEAR_DAYS:
        return _("until %(day)s", day=write(one.planned_exit))
    return _("until %(day)s, %(left)s", day=write(one.planned_exit), left=say_left(one.term))


def _until_kind(one: Living) -> str:
    if one.term.days_left < 0:
        return "over"
    return "near" if one.term.days_left <= NEAR_DAYS else ""


def _once(write: Callable[[dt.date], str]) -> Callable[[dt.date], str]:
    written: dict[dt.date, str] = {}

    def once(when: dt.date) -> str:
        if when not in written:
            written[when] = write(when)
        return written[when]
    return once
