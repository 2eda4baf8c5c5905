"""Who lives in the houses now, and who left lately."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import now, signed
from safehouse.access.guard import needs
from safehouse.access.permissions import Permission, Role
from safehouse.database import session
from safehouse.shelter.queries.stays import (
    Listed,
    houses_to_choose,
    left_lately,
    names_answering,
    residents_listed,
)
from safehouse.shelter.rules.labels import bed_name
from safehouse.shelter.rules.staying import NEAR_DAYS, Presence, presence
from safehouse.shelter.stays_in_words import say_left
from safehouse.shelter.views.stays.finding import moment_there, pages
from safehouse.shelter.words import DESTINATIONS, LEAVE_KINDS
from safehouse.web.language import short_day


class Line(NamedTuple):
    """One row, ready to be written down."""

    url: str
    alias: str
    code: str
    place: str
    state: str
    away: str
    until: str
    until_kind: str
    answering: str


@pages.get("/residents")
@needs(Permission.RESIDENT_READ)
def listing() -> ResponseReturnValue:
    g.lock_when_idle = True
    person = signed()
    manager, mine = person.role is Role.MANAGER, person.role is Role.CASEWORKER
    if manager and request.args.get("show") == "left":
        return _left()
    everyone = residents_listed(session, account_id=person.account_id, role=person.role)
    answering = names_answering(session, account_id=person.account_id, role=person.role)
    houses = houses_to_choose(session, account_id=person.account_id)
    houses |= {one.house_ref: one.house for one in everyone}
    house = _asked_house(houses)
    shown = [one for one in everyone if house is None or one.house_ref == house]
    unassigned = [one for one in shown if one.id not in answering]
    only_unassigned = manager and request.args.get("assigned") == "none"
    return render_template(
        "shelter/stays/listing.html",
        lead=_lead(shown, mine=mine),
        houses=houses,
        house=house,
        mine=mine,
        lines=_lines(unassigned if only_unassigned else shown, answering),
        manager=manager,
        only_unassigned=only_unassigned,
        unassigned=len(unassigned) if manager else 0,
    )


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


def _lines(shown: Sequence[Listed], answering: dict[int, list[str]]) -> list[Line]:
    # One address is built, and each date written, once: the same work for every row would cost more than the rows.
    before, after = url_for("stays.page", ref=uuid.UUID(int=0)).split(str(uuid.UUID(int=0)))
    until = _until_writer()
    lines = []
    for one in shown:
        state, away = _whereabouts(one) if one.away_kind else ("in", "")
        written, kind = until(one.planned_exit, one.time_zone)
        lines.append(
            Line(
                f"{before}{one.ref}{after}",
                one.alias,
                one.code,
                f"{one.house}, {bed_name(one.room_label, one.bed_label)}",
                state,
                away,
                written,
                kind,
                ", ".join(answering.get(one.id, ())),
            )
        )
    return lines


def _whereabouts(one: Listed) -> tuple[str, str]:
    """Of someone who is away: (away or not back, where and until when)."""
    if one.away_kind is None or one.due_back is None:
        return Presence.IN, ""
    where, back = LEAVE_KINDS[one.away_kind], moment_there(one.due_back, ZoneInfo(one.time_zone))
    state = presence(one.due_back, now())
    if state is Presence.NOT_BACK:
        return state, _("%(where)s, expected %(time)s", where=where, time=back)
    return state, _("%(where)s, back %(time)s", where=where, time=back)


def _until_writer() -> Callable[[dt.date, str], tuple[str, str]]:
    """Writes the agreed day and says how near it is: over, near, or neither."""

    @cache
    def write(planned: dt.date, time_zone: str) -> tuple[str, str]:
        left = (planned - now().astimezone(ZoneInfo(time_zone)).date()).days
        if left > NEAR_DAYS:
            return _("until %(day)s", day=short_day(planned)), ""
        return (
            _("until %(day)s, %(left)s", day=short_day(planned), left=say_left(left)),
            "over" if left < 0 else "near",
        )

    return write
