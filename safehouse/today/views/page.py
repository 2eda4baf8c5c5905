"""The first page of the day: what waits, in the order it falls due, and one row that is now.

Staff see their night, a caseworker what is due, a manager what is out of the ordinary and what she decides.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.access.current import now, signed
from safehouse.access.guard import needs
from safehouse.access.permissions import Permission, Role
from safehouse.access.queries import cleared_houses, waiting_approvals
from safehouse.database import session
from safehouse.gathered import Duty
from safehouse.oversight.words import ACTS, purpose_in_words
from safehouse.residents.rules.duties import DutyKind as Owed
from safehouse.services.rules.duties import DutyKind as Planned
from safehouse.shelter.board_in_words import house_sum
from safehouse.shelter.queries.board import board_rows
from safehouse.shelter.queries.duties.arrivals import came_before
from safehouse.shelter.queries.tonight import InHouse, in_houses, nobody_answers_for, referrals_waiting
from safehouse.shelter.rules.board import board
from safehouse.shelter.rules.duties import DutyKind, Missing
from safehouse.shelter.rules.staying import Presence
from safehouse.shelter.views.families import person_in_words
from safehouse.shelter.words import LEAVE_KINDS
from safehouse.today.queries.page import decided_since, gathered
from safehouse.today.rules.clocks import State, state_of
from safehouse.today.rules.ordering import Rank, in_order, now_row, rank_of, zone_of
from safehouse.today.rules.telling import TELLINGS, is_night
from safehouse.today.views.blueprint import pages
from safehouse.today.views.in_words import about, at_of, clock_of, how_long, title_of
from safehouse.today.words import AWAY_COUNTED
from safehouse.web.language import clock, moment_there, today, zone

# What she decided since then is "tonight" or "today": long enough for a night and the morning after.
LATELY = dt.timedelta(hours=12)
A_MINUTE = dt.timedelta(minutes=1)
A_DAY = dt.timedelta(hours=24)
ASKED_OF_PLANS = frozenset({Planned.REVIEW_DECIDE, Planned.NAMED_REPORT, Planned.MEDIATION})
DECIDED_HERE = frozenset({DutyKind.CONFIRM, DutyKind.EXTENSION, DutyKind.WENT_BACK}) | ASKED_OF_PLANS
Sign = tuple[str, str, str]  # kind, icon, words

# The page on which a duty is done, addressed by its subject.
PAGES: dict[str, str] = {
    DutyKind.CONFIRM: "deciding.page",
    DutyKind.NOT_GRANTED: "today.resident",
    DutyKind.ANSWER: "referrals.answer",
    DutyKind.CALL_AGAIN: "referrals.answer",
    DutyKind.PLACE: "placing.beds",
    DutyKind.HOLD_ENDING: "placing.beds",
    DutyKind.LIMIT_NEAR: "extensions.ask",
    DutyKind.LIMIT_OVER: "extensions.ask",
    DutyKind.EXTENSION: "extensions.decide",
    DutyKind.NOT_BACK: "stays.back",
    DutyKind.LEFT_WITHOUT_NOTICE: "today.resident",
    DutyKind.EXIT: "stays.departure",
    DutyKind.UNASSIGNED: "assignments.page",
    DutyKind.DANGER: "today.resident",
    DutyKind.ASK_AGAIN: "referrals.screening",
    DutyKind.OPEN_CONSENT: "consenting.page",
    DutyKind.HEALTH_CHECK: "health.page",
    DutyKind.DOCTOR: "health.page",
    DutyKind.WENT_BACK: "stays.review",
    DutyKind.CHILD_ALONE: "stays.looked_after",
    Owed.POLICE: "matters.police",
    Owed.GRANT_USED: "today.resident",
    Owed.GRANT_REVIEW: "grants.review",
    Owed.RETURN: "returns.answer",
    Owed.DENIED_AT_WORK: "denials.page",
    Owed.LINKED: "safety.conflicts",
    Owed.UNDER_ONE_ROOF: "safety.conflicts",
    Owed.IDENTITY_OPENED: "identity.ask",
    Planned.PLAN: "plans.overview",
    Planned.ACTION: "domains.page",
    Planned.APPOINTMENT: "appointments.page",
    Planned.UNSETTLED: "appointments.page",
    Planned.MISSED: "appointments.page",
    Planned.REVIEW: "reviews.page",
    Planned.REVIEW_BACK: "reviews.page",
    Planned.REVIEW_DECIDE: "reviews.decide",
    Planned.NAMED_REPORT: "reports.decide_name",
    Planned.RECOMMENDATION: "reviews.recommendation",
    Planned.RENEWAL: "law.order",
    Planned.MEDIATION: "mediations.decide",
}


# What is still missing after an arrival is asked on one of these pages.
COMPLETE_ON: dict[Missing, str] = {
    Missing.SCREENING: "referrals.screening",
    Missing.CONSENT: "consenting.page",
    Missing.HOUSE_RULES: "intake.overview",
    Missing.ALLERGIES: "intake.overview",
    Missing.MEDICINES: "intake.overview",
    Missing.BELONGINGS: "intake.overview",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One duty, ready to be written down."""

    at: str
    title: str
    url: str
    who: tuple[str, str] | None
    about: str
    told: str
    sign: Sign
    now: bool
    id: str
    ready: str  # said in the row: where to post it


@dataclass(frozen=True, slots=True)
class Ask:
    """Something a manager decides in its row. `approve` is empty where a page of its own is needed."""

    title: str
    who: tuple[str, str] | None
    about: str
    asked: str
    waits: str
    url: str
    verb: str
    approve: str
    id: str


@dataclass(frozen=True, slots=True)
class Tonight:
    """One resident on the list of the night."""

    ref: uuid.UUID
    alias: str
    code: str
    group: str
    place: str
    presence: Sign
    known: list[Sign]


@pages.get("/today")
@needs(Permission.TODAY_READ)
def page() -> ResponseReturnValue:
    g.lock_when_idle = True
    person = signed()
    found = in_order(gathered(session, account_id=person.account_id, role=person.role, now=now()), now(), zone())
    match person.role:
        case Role.STAFF:
            return _staff(found)
        case Role.CASEWORKER:
            return _caseworker(found)
        case _:
            return _manager(found)


# Staff


def _staff(found: Sequence[Duty]) -> ResponseReturnValue:
    person = signed()
    everyone = in_houses(session, account_id=person.account_id, role=person.role, now=now())
    houses = [house.name for house in cleared_houses(session, person.account_id)]
    return render_template(
        "today/staff.html",
        title=_tonight_at(houses),
        lead=_who_is_where(everyone),
        rows=_rows(found),
        tonight=[_tonight(one, several=len(houses) > 1) for one in everyone],
        night=_is_night(),
    )


def _tonight_at(houses: Sequence[str]) -> str:
    night = _is_night()
    if len(houses) == 1:
        return _("Tonight at %(house)s", house=houses[0]) if night else _("Today at %(house)s", house=houses[0])
    return _("Tonight in your houses") if night else _("Today in your houses")


def _who_is_where(everyone: Sequence[InHouse]) -> str:
    """How many live here, how many are in, and where the others are."""
    if not everyone:
        return _("Nobody lives here tonight.")
    away = [one for one in everyone if one.presence is Presence.AWAY and not one.without_notice]
    gone = [one for one in everyone if one.presence is not Presence.IN and one not in away]
    home = len(everyone) - len(away) - len(gone)
    residents = ngettext("%(num)s resident", "%(num)s residents", len(everyone))
    if home == len(everyone):
        return _("%(residents)s, all of them in.", residents=residents)
    counted = Counter(one.away_kind for one in away if one.away_kind)
    parts = [_("%(n)s in the house", n=home)]
    parts += [str(AWAY_COUNTED[kind]) % {"n": counted[kind]} for kind in AWAY_COUNTED if counted[kind]]
    if gone:
        parts.append(_("%(n)s not back", n=len(gone)))
    return _("%(residents)s: %(where)s.", residents=residents, where=", ".join(parts))


def _tonight(one: InHouse, *, several: bool) -> Tonight:
    place = f"{one.house}, {one.bed}" if several else one.bed
    return Tonight(one.ref, one.alias, one.code, person_in_words(one), place, _presence(one), _to_know(one))


def _presence(one: InHouse) -> Sign:
    if one.away_kind is None or one.due_back is None:
        return "ok", "check", _("In the house")
    if one.without_notice:
        return "care", "tri", _("Left without notice")
    where, time = LEAVE_KINDS[one.away_kind], moment_there(one.due_back, one.zone)
    if one.presence is Presence.NOT_BACK:
        return "care", "tri", _("%(where)s, expected %(time)s", where=where, time=time)
    return "wait", "away", _("%(where)s, back %(time)s", where=where, time=time)


def _to_know(one: InHouse) -> list[Sign]:
    """That there is something to read on her page; what it says is opened there."""
    signs: list[Sign] = []
    if one.notes:
        signs.append(("stop", "tri", ngettext("%(num)s note for staff", "%(num)s notes for staff", one.notes)))
    if one.allergies:
        signs.append(("care", "pill", _("Allergy")))
    elif not one.asked:
        signs.append(("", "ring", _("Allergies not asked yet")))
    if one.medicines:
        signs.append(("", "pill", ngettext("%(num)s medicine", "%(num)s medicines", one.medicines)))
    if one.caregiver:
        signs.append(("wait", "people", _("Children with %(name)s", name=one.caregiver)))
    return signs


# Caseworker


def _caseworker(found: Sequence[Duty]) -> ResponseReturnValue:
    person = signed()
    everyone = in_houses(session, account_id=person.account_id, role=person.role, now=now())
    states = Counter(_state(one) for one in found)
    pressing = [one for one in found if rank_of(one, now(), zone()) is not Rank.LATER]
    coming = [one for one in found if one not in pressing]
    return render_template(
        "today/caseworker.html",
        title=_greeting(person.shown_name),
        lead=_what_is_due(len(everyone), states[State.OVERDUE], states[State.TODAY]),
        rows=_rows(pressing),
        tomorrow=_rows([one for one in coming if one.due_at <= now() + A_DAY]),
        coming=_rows([one for one in coming if one.due_at > now() + A_DAY]),
        unanswered=_nobody_answers(),
    )


def _nobody_answers() -> tuple[str, str] | None:
    """How many families in her houses nobody answers for, and which, by the number of their referral: she may not see
    them yet, and leads them only once a manager says so."""
    found = nobody_answers_for(session, account_id=signed().account_id)
    if not found:
        return None
    named = [
        _("R-%(number)s in %(house)s", number=one.number, house=one.house) if one.number is not None else one.house
        for one in found
    ]
    counted = ngettext("No caseworker yet: %(num)s family", "No caseworker yet: %(num)s families", len(found))
    return counted, _("%(which)s. The manager assigns.", which=", ".join(named))


def _greeting(name: str) -> str:
    hour = now().astimezone(zone()).hour
    if 4 <= hour < 11:
        return _("Good morning, %(name)s", name=name)
    if 11 <= hour < 15:
        return _("Good day, %(name)s", name=name)
    return _("Good afternoon, %(name)s", name=name) if 15 <= hour < 18 else _("Good evening, %(name)s", name=name)


def _what_is_due(people: int, late: int, due: int) -> str:
    sentences = [
        ngettext("You are assigned to %(num)s resident.", "You are assigned to %(num)s residents.", people)
        if people
        else _("No residents are assigned to you now.")
    ]
    if late and due:
        sentences.append(_("Late: %(late)s. Due today: %(due)s.", late=late, due=due))
    elif late:
        sentences.append(_("Late: %(late)s.", late=late))
    elif due:
        sentences.append(_("Due today: %(due)s.", due=due))
    return " ".join(sentences)


# Manager


def _manager(found: Sequence[Duty]) -> ResponseReturnValue:
    person = signed()
    asked = [one for one in found if one.kind in DECIDED_HERE]
    approvals = waiting_approvals(session, person.account_id, now())
    rest = [one for one in found if one.kind not in DECIDED_HERE]
    waiting = len(found) + approvals
    return render_template(
        "today/manager.html",
        title=ngettext("%(num)s thing waits for you", "%(num)s things wait for you", waiting)
        if waiting
        else _("Nothing waits for you"),
        lead=_what_waits(found, len(asked) + approvals),
        asked=[_ask(one) for one in asked],
        approvals=approvals,
        rows=_rows(rest),
        decided=_decided(),
        came_before=came_before(session, account_id=person.account_id, role=person.role),
        facts=_how_things_stand(),
        night=_is_night(),
    )


def _what_waits(found: Sequence[Duty], to_decide: int) -> str:
    """How much of it is late, to be decided, or about a limit; the rest goes its way."""
    over = sum(one.kind is DutyKind.LIMIT_OVER for one in found)
    # A stay past its limit is late as well; it is counted once.
    late = sum(_state(one) is State.OVERDUE for one in found) - over
    parts = [
        ngettext("%(num)s to decide", "%(num)s to decide", to_decide) if to_decide else "",
        ngettext("%(num)s stay past its limit", "%(num)s stays past their limit", over) if over else "",
        ngettext("%(num)s late", "%(num)s late", late) if late else "",
    ]
    said = ", ".join(part for part in parts if part)
    if not said:
        return _("Everything else goes its way.") if found else _("Every stay is within its limit.")
    return _("%(what)s. Everything else goes its way.", what=said)


def _ask(one: Duty) -> Ask:
    figures = one.figures
    if one.kind == DutyKind.EXTENSION:
        asked_at = figures["asked_at"]
        asked = _("%(name)s, %(time)s", name=figures["asked_by"], time=moment_there(asked_at, _zone(one)))  # type: ignore[arg-type]
    elif one.kind in ASKED_OF_PLANS:
        asked_at = min(one.told.values())
        asked = _("Asked %(time)s", time=moment_there(asked_at, _zone(one)))
    elif one.kind == DutyKind.WENT_BACK:
        asked_at = min(one.told.values())
        asked = _("Left %(time)s", time=moment_there(asked_at, _zone(one)))
    else:
        asked_at = min(one.told.values())
        asked = _("Arrived %(time)s", time=moment_there(asked_at, _zone(one)))
    return Ask(
        title_of(one),
        (one.alias, one.code) if one.alias and one.code else None,
        about(one),
        asked,
        how_long(asked_at, now()),  # type: ignore[arg-type]
        url_of(one),
        _("Review") if one.kind == DutyKind.WENT_BACK else _("Decide"),
        url_for("extensions.approve", ref=one.subject) if one.kind == DutyKind.EXTENSION else "",
        f"ask-{one.subject}",
    )


@dataclass(frozen=True, slots=True)
class Done:
    at: str
    what: str
    answer: str


def _decided() -> list[Done]:
    """What she decided herself tonight, newest first."""
    lately = decided_since(session, account_ref=signed().account_ref, since=now() - LATELY)
    return [Done(clock(one.at), str(ACTS[one.act]), purpose_in_words(one.act, one.purpose)) for one in lately]


def _how_things_stand() -> list[tuple[str, str]]:
    """Beds and referrals, beside what waits."""
    person = signed()
    rows = board_rows(session, account_id=person.account_id, role=person.role, first=today(), nights=1, now=now())
    figures = board(rows, now=now()).figures
    waiting, oldest = referrals_waiting(session, account_id=person.account_id)
    referrals = _("None waiting")
    if waiting and oldest is not None:
        referrals = _("%(n)s waiting, the oldest for %(length)s", n=waiting, length=how_long(oldest, now()))
    beds = house_sum(figures) if figures.beds else _("No beds yet")
    return [(_("Beds"), beds), (_("Referrals"), referrals)]


# Rows


def _rows(ordered: Sequence[Duty]) -> list[Row]:
    first = now_row(ordered, now(), zone())
    return [_row(one, is_now=one is first) for one in ordered]


def _row(one: Duty, *, is_now: bool) -> Row:
    there = _zone(one)
    role = signed().role
    told = one.told[TELLINGS[role]] if role in TELLINGS else None
    # What is late from the moment it is told says so already.
    since = moment_there(told, there) if told is not None and abs(one.due_at - told) >= A_MINUTE else ""
    return Row(
        at_of(one, now(), there),
        title_of(one, due=_is_due(one)),
        url_of(one),
        (one.alias, one.code) if one.alias and one.code else None,
        about(one),
        _("Shown since %(time)s", time=since) if since else "",
        clock_of(one, now(), there),
        is_now,
        f"row-{one.subject}",
        url_for("cleaning.ready", ref=one.subject) if one.kind == DutyKind.CLEAN else "",
    )


def url_of(one: Duty) -> str:
    """Where it is done."""
    if one.kind == DutyKind.CLEAN:
        return url_for("board.beds")
    if one.kind == Planned.ACTION:
        # Whoever is told of a step may read it; who keeps the domain goes on from there.
        return url_for("domains.page", ref=one.figures["resident"], domain=one.figures["domain"], _anchor="steps")
    return url_for(_endpoint(one), ref=one.subject)


def _endpoint(one: Duty) -> str:
    if one.kind == DutyKind.COMPLETE:
        return COMPLETE_ON[one.figures["missing"][0]]  # type: ignore[index]
    if one.kind in {DutyKind.LIMIT_NEAR, DutyKind.LIMIT_OVER} and signed().role is Role.MANAGER:
        return "today.resident"  # whoever asks does not decide: she looks first
    if one.kind in {Planned.REVIEW, Planned.REVIEW_BACK} and signed().role is Role.MANAGER:
        return "plans.overview"  # the coordinator writes it
    if one.kind == DutyKind.EXIT and not _is_due(one):
        return "stays.planned_exit"  # her departure is recorded on the day she leaves
    return PAGES[one.kind]


def _is_due(one: Duty) -> bool:
    return _state(one) in {State.TODAY, State.OVERDUE}


def _is_night() -> bool:
    return is_night(now().astimezone(zone()).time())


def _zone(one: Duty) -> ZoneInfo:
    return zone_of(one, zone())


def _state(one: Duty) -> State:
    return state_of(one, now(), _zone(one))
