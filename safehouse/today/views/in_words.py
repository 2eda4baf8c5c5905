"""Duties, clocks and happenings as sentences."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.access.words import DISCIPLINES
from safehouse.gathered import Duty, Happening
from safehouse.residents.rules.duties import DutyKind as Owed
from safehouse.residents.rules.happenings import Happening as Personal
from safehouse.residents.words import (
    ALERT_KINDS,
    CONSENT_ITEMS,
    DANGER_LEVELS,
    EXAMINERS,
    GIVEN_BY,
    HEALTH_OUTCOMES,
    RELATIONSHIPS,
)
from safehouse.services.choices import Transport
from safehouse.services.rules.duties import DutyKind as Planned
from safehouse.services.rules.happenings import Happening as InPlan
from safehouse.services.words import APPOINTMENT_PLACES, DOMAINS, LETTER_KINDS, SUPPORTS, TRANSPORTS
from safehouse.shelter.rules.duties import DutyKind
from safehouse.shelter.words import BASES, DESTINATIONS, EXTENSION_REASONS, INTAKE_ITEMS, LEAVE_KINDS
from safehouse.today.rules.clocks import Span, State, Unit, in_units, span_of, state_of
from safehouse.today.words import ANSWERS, EXIT_DUE, IN_PLAN, MISSING, OWED, PERSONAL, PLANNED, SHELTER_DUTIES, STAYS
from safehouse.web.language import clock_there, day, language, moment_there, short_day, zone

# Clocks


def length(span: Span) -> str:
    match span.unit:
        case Unit.MINUTES if span.n == 0:
            return _("less than a minute")
        case Unit.MINUTES:
            return ngettext("%(num)s minute", "%(num)s minutes", span.n)
        case Unit.HOURS:
            return ngettext("%(num)s hour", "%(num)s hours", span.n)
        case Unit.DAYS:
            return ngettext("%(num)s day", "%(num)s days", span.n)


def how_long(since: dt.datetime, now: dt.datetime) -> str:
    """How long something has waited."""
    return length(in_units(max(now - since, dt.timedelta())))


def clock_of(duty: Duty, now: dt.datetime, there: ZoneInfo) -> tuple[str, str, str]:
    """(kind, icon, words) of the sign: how late it is, or how much time is left."""
    state, span = state_of(duty, now, there), span_of(duty, now, there)
    if state is State.OVERDUE:
        return "care", "tri", _("%(length)s late", length=length(span))
    if state is State.TODAY:
        if duty.all_day:
            return "wait", "clock", _("Today")
        return "wait", "clock", _("Today, %(length)s left", length=length(span))
    if duty.all_day:
        return "", "ring", _("Tomorrow") if span.n == 1 else _("Later, in %(length)s", length=length(span))
    return "", "ring", _("Later, %(length)s left", length=length(span))


def at_of(duty: Duty, now: dt.datetime, there: ZoneInfo) -> str:
    """What stands before the row: the time on its own day, else the date."""
    on = duty.due_at.astimezone(there).date()
    if duty.all_day or on != now.astimezone(there).date():
        return short_day(on)
    return clock_there(duty.due_at, there)


# Duties


def number_of(duty: Duty) -> str:
    return _("R-%(number)s", number=duty.number) if duty.number is not None else ""


def title_of(duty: Duty, *, due: bool = False) -> str:
    """What to do. `due` is the day itself or a later one: a planned exit is prepared before, and recorded then."""
    if due and duty.kind == DutyKind.EXIT:
        return str(EXIT_DUE)
    words: Mapping[Any, Any] = OWED if isinstance(duty.kind, Owed) else SHELTER_DUTIES
    if isinstance(duty.kind, Planned):
        words = PLANNED
    there = ZoneInfo(duty.time_zone) if duty.time_zone else zone()
    figures = {
        name: moment_there(value, there) if isinstance(value, dt.datetime) else value
        for name, value in duty.figures.items()
    }
    if isinstance(duty.kind, Planned):
        figures |= {name: CHOICES_OF_PLANS[name][figures[name]] for name in CHOICES_OF_PLANS if name in figures}
    return str(words[duty.kind]) % {**figures, "number": number_of(duty)}


def about(duty: Duty) -> str:
    """What follows the one who is named: who else, where, and what must be known to do it."""
    others = duty.figures.get("others")
    together = ngettext("and %(num)s more", "and %(num)s more", others) if isinstance(others, int) and others else ""
    rest = ", ".join(part for part in (duty.place, number_of(duty) if duty.alias else "", _more(duty)) if part)
    if not duty.alias:
        return rest
    return (f" {together}" if together else "") + (f", {rest}" if rest else "")


def _more(duty: Duty) -> str:
    figures: Mapping[str, Any] = duty.figures
    match duty.kind:
        case DutyKind.COMPLETE:
            return _("still missing: %(what)s", what=", ".join(str(MISSING[one]) for one in figures["missing"]))
        case DutyKind.OPEN_CONSENT:
            return _("still open: %(what)s", what=", ".join(_inside(CONSENT_ITEMS[one]) for one in figures["items"]))
        case DutyKind.EXTENSION:
            reason = _inside(EXTENSION_REASONS[figures["reason"]])
            return _("until %(day)s, %(reason)s", day=short_day(figures["until"]), reason=reason)
        case Planned.APPOINTMENT | Planned.UNSETTLED | Planned.MISSED:
            return _with_whom(figures)
        case Planned.RENEWAL:
            return _("it ends on %(day)s", day=short_day(figures["until"]))
        case DutyKind.NOT_BACK:
            return _inside(LEAVE_KINDS[figures["where"]])
        case Owed.DENIED_AT_WORK if figures["stand_in"]:
            return _("%(denied)s; her duties for her pass to %(stand_in)s", **figures)
        case Owed.DENIED_AT_WORK:
            return _("%(denied)s; nobody is named to do her duties for her", **figures)
    return ""


def _with_whom(figures: Mapping[str, Any]) -> str:
    """Who goes with her, and how they get there; said where it is still open."""
    companion = figures["companion"]
    said = [_("with %(name)s", name=companion) if companion else _("nobody goes with her yet")]
    if figures["transport"] != Transport.NOT_NEEDED:
        said.append(_inside(_("Transport: %(how)s", how=_inside(TRANSPORTS[figures["transport"]]))))
    return ", ".join(said)


def _inside(words: object) -> str:
    """As it stands in the middle of a sentence."""
    text = str(words)
    return text[:1].lower() + text[1:]


# Happenings


def happening_in_words(one: Happening, there: ZoneInfo) -> str:
    words: Mapping[Any, Any] = PERSONAL if isinstance(one.kind, Personal) else STAYS
    if isinstance(one.kind, InPlan):
        words = IN_PLAN
    return str(words[one.kind]) % _figures(one, there)


def _figures(one: Happening, there: ZoneInfo) -> dict[str, str]:
    """Every figure in words: choices by their lists, moments and days as people write them, a yes or no last."""
    said: dict[str, str] = {}
    for name, value in one.figures.items():
        if name == "stage":
            said[name] = value[0 if language() == "id" else 1]  # type: ignore[index]
        elif name in CHOICES:
            said[name] = str(CHOICES[name][value])
        elif isinstance(value, dt.datetime):
            said[name] = moment_there(value, there)
        elif isinstance(value, dt.date):
            said[name] = day(value)
        elif not isinstance(value, bool):
            said[name] = str(value)
    for name, value in one.figures.items():
        if isinstance(value, bool):
            yes, no = ANSWERS[one.kind]  # type: ignore[index]
            said[name] = str(yes if value else no) % said
    return said


CHOICES_OF_PLANS: Mapping[str, Mapping[Any, Any]] = {"domain": DOMAINS, "where": APPOINTMENT_PLACES}
CHOICES: Mapping[str, Mapping[Any, Any]] = {
    "domain": DOMAINS,
    "letter": LETTER_KINDS,
    "support": SUPPORTS,
    "level": DANGER_LEVELS,
    "basis": BASES,
    "where": LEAVE_KINDS,
    "destination": DESTINATIONS,
    "reason": EXTENSION_REASONS,
    "asked": INTAKE_ITEMS,
    "consent": CONSENT_ITEMS,
    "discipline": DISCIPLINES,
    "alert": ALERT_KINDS,
    "relationship": RELATIONSHIPS,
    "given_by": GIVEN_BY,
    "examiner": EXAMINERS,
    "outcome": HEALTH_OUTCOMES,
}
