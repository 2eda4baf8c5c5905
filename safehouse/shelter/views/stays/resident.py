"""One resident's stay: where she sleeps, how long, who is with her, what can be recorded."""

import uuid
from dataclasses import dataclass

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import now, signed
from safehouse.access.guard import needs
from safehouse.access.permissions import Permission
from safehouse.access.words import DISCIPLINES
from safehouse.database import session
from safehouse.residents.queries.people import Assigned, open_assignments
from safehouse.shelter.queries.stays import Living, Way, household_here, newest_way
from safehouse.shelter.rules.staying import Nearness, Presence
from safehouse.shelter.stays_in_words import say_day, say_left, say_limit
from safehouse.shelter.views.families import person_in_words
from safehouse.shelter.views.stays.finding import moment_there, pages, visible_resident
from safehouse.shelter.words import BASES, DESTINATIONS, LEAVE_KINDS, STAY_ENDS
from safehouse.web.language import day


@dataclass(frozen=True, slots=True)
class Relative:
    alias: str
    code: str
    group: str
    place: str
    ref: uuid.UUID | None  # None where her page is not open to the person who looks


@pages.get("/residents/<uuid:ref>/stay")
@needs(Permission.RESIDENT_READ)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    g.lock_when_idle = True
    person = signed()
    resident = visible_resident(ref)
    everyone = household_here(
        session, household_id=resident.household_id, account_id=person.account_id, role=person.role, now=now()
    )
    one = next((other for other in everyone if other.id == resident.id), None)
    others = [other for other in everyone if other.id != resident.id]
    way = newest_way(session, resident.id)
    return render_template(
        "shelter/stays/resident.html",
        resident=resident,
        one=one,
        way=way,
        relatives=[_relative(other) for other in others if other.visible or other.on_board],
        elsewhere=sum(not (other.visible or other.on_board) for other in others),
        day_in_words=say_day(one.term) if one else "",
        facts=_facts(one, way),
        warning=_warning(one),
        answering=[_answering(one) for one in open_assignments(session, resident.id)],
        beds=_beds(way),
        leaves=_leaves(way),
        group=person_in_words(one) if one else "",
        away=one is not None and one.due_back is not None,
    )


def _relative(other: Living) -> Relative:
    place = f"{other.house}, {other.bed}" if other.on_board or other.visible else ""
    return Relative(other.alias, other.code, person_in_words(other), place, other.ref if other.visible else None)


def _facts(one: Living | None, way: Way | None) -> list[tuple[str, str]]:
    if way is None:
        return []
    facts = [(_("Arrived"), moment_there(way.arrived_at, way.zone)), (_("Basis"), str(BASES[way.basis]))]
    if one is not None:
        until = _("%(day)s, %(left)s", day=day(one.planned_exit), left=say_left(one.term.days_left))
        return [
            (_("Bed"), f"{one.house}, {one.bed}"),
            *facts,
            (_("Planned exit"), until),
            (_("Limit of the stay"), say_limit(one.term, day(one.term.last_day))),
        ]
    if way.left_at is not None and way.place_kind is not None:
        facts += [(_("Left"), moment_there(way.left_at, way.zone)), (_("Went to"), str(DESTINATIONS[way.place_kind]))]
    return facts


def _warning(one: Living | None) -> tuple[str, str, str, str] | None:
    """What a person on duty must know first: kind, icon, heading, sentence."""
    if one is None:
        return None
    if one.presence is Presence.NOT_BACK and one.due_back is not None and one.away_kind is not None:
        return (
            "care",
            "tri",
            _("Not back in time"),
            _(
                "%(where)s, expected %(time)s. Find out what happened, then record the return or the departure.",
                where=LEAVE_KINDS[one.away_kind],
                time=moment_there(one.due_back, one.zone),
            ),
        )
    if one.presence is Presence.AWAY and one.due_back is not None and one.away_kind is not None:
        return (
            "wait",
            "away",
            _("Away"),
            _(
                "%(where)s, back %(time)s. The bed is kept.",
                where=LEAVE_KINDS[one.away_kind],
                time=moment_there(one.due_back, one.zone),
            ),
        )
    limit = day(one.term.last_day)
    match one.term.warning:
        case Nearness.OVER:
            return (
                "care",
                "tri",
                _("Past the limit of the stay"),
                _("The limit was %(day)s. Nobody has to leave because of it. Agree on what comes next.", day=limit),
            )
        case Nearness.LAST:
            return (
                "wait",
                "clock",
                _("The limit of the stay is here"),
                _("The limit is %(day)s. Agree today on what comes next.", day=limit),
            )
        case Nearness.NEAR:
            return (
                "wait",
                "clock",
                _("The limit of the stay is near"),
                _("The limit is %(day)s. Agree in good time on what comes next.", day=limit),
            )
    return None


def _answering(one: Assigned) -> tuple[str, str]:
    role = DISCIPLINES[one.discipline]
    words = _("%(discipline)s, coordinator", discipline=role) if one.coordinator else str(role)
    return one.shown_name, words


def _beds(way: Way | None) -> list[tuple[str, str, str, str]]:
    """Bed, since, until, why it ended; the newest first."""
    if way is None:
        return []
    return [
        (
            f"{one.house}, {one.bed}",
            moment_there(one.started_at, way.zone),
            moment_there(one.ended_at, way.zone) if one.ended_at else "",
            str(STAY_ENDS[one.ended_by]) if one.ended_by else _("Sleeps here now"),
        )
        for one in reversed(way.beds)
    ]


def _leaves(way: Way | None) -> list[tuple[str, str, str]]:
    if way is None:
        return []
    still_out = _("Not back") if way.left_at is None else _("Did not come back")
    return [
        (
            str(LEAVE_KINDS[one.kind]),
            moment_there(one.from_at, way.zone),
            moment_there(one.back_at, way.zone) if one.back_at else still_out,
        )
        for one in reversed(way.leaves)
    ]
