"""What the legal domain of a plan adds to its page: clocks that run, the stages of each way, letters and orders."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.access.current import may, now, signed
from safehouse.access.models import Discipline
from safehouse.access.permissions import Permission
from safehouse.database import session
from safehouse.residents.queries.matters import MatterLine
from safehouse.residents.rules.clocks import whole_hours
from safehouse.residents.views.matters import TermShown, police_clock
from safehouse.services.choices import ProtectionKind, Track
from safehouse.services.law_in_words import ELSEWHERE, WENT_WITH_HER, way_name
from safehouse.services.models import ProcessStage, ProtectionOrder
from safehouse.services.queries.law import (
    MatterInLaw,
    Order,
    Reached,
    Way,
    matters_with_processes,
    next_hearing,
    path_of,
    stands_elsewhere,
)
from safehouse.services.rules.duties import RENEWAL_TOLD_BEFORE
from safehouse.services.rules.law import LPSK_TERM, WITH_AMOUNT, protected_since, reasons_for, renewal_due
from safehouse.services.rules.walls import Reach, reaches
from safehouse.services.views.domains import DETAILS, Details, InDomain, Texts
from safehouse.services.views.law_seen import matter_name, stage_name
from safehouse.services.words import APPOINTMENT_PLACES, NOTICE_CODES, PROTECTIONS, TRACKS
from safehouse.trail.opening import Sealed
from safehouse.web.forms import in_thousands
from safehouse.web.language import day, moment_there, short_day

WIDE = 300


@dataclass(frozen=True, slots=True)
class ShownStage:
    """One line of the list of stages. `state`: done, now or later."""

    state: str
    icon: str
    name: str
    day: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownWay:
    ref: UUID
    name: str
    over: bool
    stages: tuple[ShownStage, ...]


@dataclass(frozen=True, slots=True)
class ShownOrder:
    ref: UUID
    name: str
    period: str
    number: str
    kind: str
    icon: str
    state: str


@dataclass(frozen=True, slots=True)
class ShownMatter:
    """`facts` are (what, words); each clock is (title, how it stands, in how many days)."""

    ref: UUID
    name: str
    facts: tuple[tuple[str, str], ...]
    clocks: tuple[tuple[str, TermShown, int], ...]
    ways: tuple[ShownWay, ...]
    notices: tuple[tuple[str, str, str], ...]
    orders: tuple[ShownOrder, ...]
    police_told: bool
    may_ask_mediation: bool
    mediation: UUID | None


def _sealed(found: InDomain) -> list[Sealed]:
    if not found.full:
        return []
    matters = matters_with_processes(session, found.seen.resident.id, now=now())
    return [Sealed(row, column, owner) for row, column, owner in _closed(matters, found)]


def _closed(matters: list[MatterInLaw], found: InDomain) -> Iterator[tuple[Any, str, UUID]]:
    """Everything sealed that this person reads here, in one order. Words of a stage are for the legal discipline, and
    for whoever wrote them."""
    for one in matters:
        columns: list[tuple[Any, str]] = [(one.matter, "police_report_number")]
        columns += [
            (reached.row, column)
            for way in one.ways
            for reached in way.reached
            for column in ("number", "reason", "words")
            if column != "words" or _reads_words(reached.row, found)
        ]
        columns += [(notice, "number") for notice in one.notices]
        columns += [(order.row, "number") for order in one.orders]
        yield from ((row, column, one.household) for row, column in columns if getattr(row, column) is not None)


def _reads_words(row: ProcessStage, found: InDomain) -> bool:
    return found.seen.standing.reads_notes_of(Discipline.LEGAL) or row.by_id == signed().account_id


def _drawn(found: InDomain, opened: Texts) -> dict[str, Any]:
    """Goals-readers see stages and days; of a summary-reader's page nothing here is part."""
    if not reaches(found.reach, Reach.GOALS):
        return {"law": None}
    resident, there = found.seen.resident, found.seen.zone
    matters = matters_with_processes(session, resident.id, now=now())
    hearing = next_hearing(session, resident.id, now=now())
    said = ""
    if hearing is not None:
        place = str(APPOINTMENT_PLACES[hearing.place])
        company = _("with %(name)s", name=hearing.companion) if hearing.companion else _("nobody goes with her yet")
        company = _("she goes alone") if hearing.alone else company
        said = _("%(at)s, %(place)s, %(company)s", at=moment_there(hearing.at, there), place=place, company=company)
    return {
        "lead": _lead(matters),
        "side": "services/domains/legal_side.html",
        "law": {
            "beside": _beside(matters, full=found.full),
            "matters": [_shown(one, opened, found, n=_number(matters, one)) for one in matters],
            "elsewhere": [str(ELSEWHERE[side]) for side in stands_elsewhere(session, resident.id)],
            "hearing": said,
            "hearing_url": url_for("appointments.page", ref=hearing.ref) if hearing else "",
            "new_hearing": url_for("appointments.new", ref=resident.ref, domain="legal", kind="hearing")
            if found.full and may(Permission.APPOINTMENT_MAKE) and not found.seen.left
            else "",
            "decides": may(Permission.MEDIATION_DECIDE),
        },
    }


def _lead(matters: list[MatterInLaw]) -> str:
    """Where each way stands, in a sentence; the first three."""
    said = [
        _(
            "%(way)s: %(stage)s since %(day)s.",
            way=TRACKS[way.process.track],
            stage=stage_name(way.reached[-1].stage),
            day=short_day(way.reached[-1].row.on_day),
        )
        for one in matters
        for way in one.ways
        if way.reached
    ]
    return " ".join(said[:3]) or _("No stage is recorded.")


def _beside(matters: list[MatterInLaw], *, full: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """What is asked for in money, and what a civil court decides: where it stands, beside the stages."""
    panels: dict[str, list[tuple[str, str]]] = {}
    for one in matters:
        for way in one.ways:
            track = way.process.track
            if track in {Track.CRIMINAL, Track.MEDIATION}:
                continue
            panels.setdefault(_heading(track), []).append((str(TRACKS[track]), _stands(way, full=full)))
    return list(panels.items())


def _heading(track: Track) -> str:
    if track in WITH_AMOUNT:
        return _("Restitution and victim fund")
    return _("LPSK") if track is Track.LPSK else _("Civil court")


def _stands(way: Way, *, full: bool) -> str:
    if not way.reached:
        return _("No stage yet")
    newest = way.reached[-1]
    said = [stage_name(newest.stage), short_day(newest.row.on_day)]
    if full and newest.row.amount is not None:
        said.append(f"Rp {in_thousands(newest.row.amount)}")
    return ", ".join(said)


def _number(matters: list[MatterInLaw], one: MatterInLaw) -> int | None:
    """Which of several it is, the oldest first; none where there is only one."""
    return len(matters) - matters.index(one) if len(matters) > 1 else None


def _shown(one: MatterInLaw, opened: Texts, found: InDomain, *, n: int | None) -> ShownMatter:
    there, matter = found.seen.zone, one.matter
    facts = []
    number = opened.get((matter.ref, "police_report_number"), "")
    if number:
        facts.append((_("Number of the police report"), number))
    if matter.police_told_at is not None and not matter.sexual_violence:
        facts.append((_("Police told"), moment_there(matter.police_told_at, there)))
    if matter.child_offender:
        facts.append((_("The reported person is a child"), _("Yes")))
    goes_mediation = any(way.process.track is Track.MEDIATION for way in one.ways)
    facts_of_violence = {"sexual_violence": matter.sexual_violence, "child_offender": matter.child_offender}
    return ShownMatter(
        matter.ref,
        _("%(name)s (matter %(n)s)", name=matter_name(matter, there), n=n) if n else matter_name(matter, there),
        tuple(facts),
        tuple(_clocks(one, there)),
        tuple(_way(way, opened, full=found.full) for way in one.ways),
        tuple(
            (str(NOTICE_CODES[each.code]), short_day(each.on_day), opened.get((each.ref, "number"), ""))
            for each in one.notices
        ),
        tuple(_order(each, opened, found.seen.today) for each in one.orders),
        matter.police_told_at is not None,
        may_ask_mediation=bool(reasons_for(**facts_of_violence)) and not goes_mediation and one.mediation is None,
        mediation=one.mediation,
    )


def _way(way: Way, opened: Texts, *, full: bool) -> ShownWay:
    """What was reached, in the order of the days; then what the path still holds."""
    lines = [_reached(each, opened, last=each is way.reached[-1], full=full) for each in way.reached]
    if not way.over:
        farthest = max((each.stage.position for each in way.reached if not each.stage.aside), default=-1)
        ahead = set(path_of(way.listed))
        lines += [
            ShownStage("later", "ring", stage_name(stage), "", ())
            for stage in way.listed
            if stage.position in ahead and not stage.aside and not stage.refused and stage.position > farthest
        ]
    return ShownWay(way.process.ref, way_name(way.process), way.over, tuple(lines))


def _reached(one: Reached, opened: Texts, *, last: bool, full: bool) -> ShownStage:
    row, now_here = one.row, last and not one.stage.ends
    return ShownStage(
        "now" if now_here else "done",
        "half" if now_here else "check",
        stage_name(one.stage),
        short_day(row.on_day),
        tuple(_told(row, opened)) if full else (),
    )


def _told(row: ProcessStage, opened: Texts) -> Iterator[str]:
    """What stands beside a stage for whoever keeps the domain."""
    if number := opened.get((row.ref, "number")):
        yield number
    if row.amount is not None:
        yield f"Rp {in_thousands(row.amount)}"
    if row.accompanied is not None:
        yield str(WENT_WITH_HER[row.accompanied])
    if words := opened.get((row.ref, "words")):
        yield words
    if reason := opened.get((row.ref, "reason")):
        yield _("Out of order: %(reason)s", reason=reason)


def _clocks(one: MatterInLaw, there: ZoneInfo) -> Iterator[tuple[str, TermShown, int]]:
    matter = one.matter
    line = MatterLine(
        ref=matter.ref,
        sexual_violence=matter.sexual_violence,
        child_offender=matter.child_offender,
        victim_reported_at=matter.victim_reported_at,
        police_told_at=matter.police_told_at,
        has_number=matter.police_report_number is not None,
        opened_at=matter.opened_at,
        opened_by="",
        parties=(),
    )
    if shown := police_clock(line, there):
        yield _("Tell the police, 3 x 24 hours"), shown, 3
    first = min(
        (each.row for each in one.orders if each.row.kind is ProtectionKind.POLICE_SEXUAL),
        key=lambda row: (row.from_day, row.id),
        default=None,
    )
    if first is not None:
        yield _("Ask LPSK to protect her, 1 x 24 hours"), _lpsk_clock(first, _asked_of_lpsk(one), there), 1


def _asked_of_lpsk(one: MatterInLaw) -> dt.date | None:
    """The first day on which something was recorded of the way to LPSK."""
    days = [each.row.on_day for way in one.ways if way.process.track is Track.LPSK for each in way.reached]
    return min(days, default=None)


def _lpsk_clock(order: ProtectionOrder, asked_on: dt.date | None, there: ZoneInfo) -> TermShown:
    """From the protection by the police on; it stops with the first stage of the way to LPSK."""
    since = protected_since(order.from_day, order.given_at, there)
    due = since + LPSK_TERM
    started = _("Protected by the police since %(time)s.", time=moment_there(since, there))
    if asked_on is not None:
        late = asked_on > due.astimezone(there).date()
        words = (
            _("Asked late, on %(day)s", day=short_day(asked_on))
            if late
            else _("Asked on %(day)s", day=short_day(asked_on))
        )
        return TermShown("care" if late else "ok", "tri" if late else "check", words, started, WIDE)
    text = started + " " + _("Due %(time)s.", time=moment_there(due, there))
    left = due - now()
    hours = whole_hours(left)
    if left < dt.timedelta(0):
        words = ngettext("%(num)s hour late", "%(num)s hours late", -hours)
        return TermShown("care", "tri", words, text, WIDE)
    words = ngettext("%(num)s hour left", "%(num)s hours left", hours)
    kind, icon = ("care", "tri") if hours < 6 else ("wait", "clock")
    return TermShown(kind, icon, words, text, max(0, WIDE * (LPSK_TERM - left) // LPSK_TERM))


def _order(one: Order, opened: Texts, today: dt.date) -> ShownOrder:
    row = one.row
    return ShownOrder(
        row.ref,
        str(PROTECTIONS[row.kind]),
        _("%(first)s to %(last)s", first=short_day(row.from_day), last=day(row.until)),
        opened.get((row.ref, "number"), ""),
        *order_state(row, renewed=one.renewed, today=today),
    )


def order_state(row: ProtectionOrder, *, renewed: bool, today: dt.date) -> tuple[str, str, str]:
    """How an order stands towards its end: kind, icon, words."""
    if renewed:
        return "ok", "check", _("Renewed")
    if row.settled_at is not None:
        return "", "cross", _("No renewal wanted")
    if row.until < today:
        return "care", "tri", _("Ended, not renewed")
    due = renewal_due(row.until)
    if due <= today:
        return "care", "tri", _("Ask for the renewal now")
    near = due - RENEWAL_TOLD_BEFORE <= today
    return (
        ("wait", "clock", _("Ask for the renewal by %(day)s", day=short_day(due)))
        if near
        else ("", "ring", _("In force"))
    )


DETAILS[Discipline.LEGAL] = Details("services/domains/legal.html", _sealed, _drawn)
