"""The health domain of a plan, as it is drawn: medical time limits, examinations, allergies and medicines."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.access.current import now, signed
from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.database import session
from safehouse.residents.models import Alert, AlertKind, HealthCheck, HealthOutcome, Medicine
from safehouse.residents.operations.care import standing_alerts, standing_medicines
from safehouse.residents.queries.health import standing_checks
from safehouse.residents.rules.clocks import HOUR, whole_hours
from safehouse.residents.words import EXAMINERS, HEALTH_OUTCOMES
from safehouse.services.choices import CareState, LimitAnswer, TreatmentKind
from safehouse.services.models import Pregnancy, UrgentCare
from safehouse.services.operations.health import open_pregnancy
from safehouse.services.queries.health import (
    CareCount,
    FundingTotal,
    TreatmentLine,
    VisumLine,
    care_counts,
    doctor_wanted_since,
    newest_limits,
    treatment_lines,
    visum_lines,
)
from safehouse.services.rules.health import OF_USE_FOR, Limit, is_late, is_running
from safehouse.services.rules.walls import Reach
from safehouse.services.views.domains import DETAILS, Details, InDomain, Texts
from safehouse.services.views.health.pregnancies import can_expect
from safehouse.services.words import CARE_LOOKS, CARE_STATES, FACILITIES, FUNDINGS, LIMIT_ANSWERS, TREATMENTS, VISUMS
from safehouse.shelter.rules.health import DOCTOR_WITHIN, HELP_IS_OF_USE_FOR, Check, doctor_needed_no_more
from safehouse.trail.opening import Sealed
from safehouse.web.forms import in_thousands
from safehouse.web.language import day, language, moment_there, short_day

WIDE = 300
# Of which hours are left few enough to be said in red, and in yellow.
HURRY, SOON = 12, 24
BESIDE = frozenset({TreatmentKind.IMMUNISATION, TreatmentKind.AID})
OUTCOME_LOOKS = {
    HealthOutcome.NOTHING_NEEDED: ("ok", "check"),
    HealthOutcome.CARE_NEEDED: ("care", "med"),
    HealthOutcome.DECLINED: ("wait", "info"),
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that is written about her health, closed."""

    treatments: list[TreatmentLine]
    visums: list[VisumLine]
    checks: Sequence[HealthCheck]
    allergies: list[Alert]
    medicines: list[Medicine]
    pregnancy: Pregnancy | None
    limits: UrgentCare | None


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A time limit as words and a bar; the words carry the meaning. `marks` divide the bar into days."""

    title: str
    kind: str
    icon: str
    words: str
    text: str
    width: int
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownCare:
    """A line of the table. `ref` and `endpoint` lead to where it is changed, `words` are opened."""

    day: dt.date | None
    name: str
    when: str
    place: str
    looks: tuple[str, str, str]
    cost: str = ""
    funding: str = ""
    words: str = ""
    endpoint: str = ""
    ref: UUID | None = None


def _rows(found: InDomain) -> Rows:
    resident, domain = found.seen.resident, found.domain
    return Rows(
        treatments=treatment_lines(session, domain.id),
        visums=visum_lines(session, domain.id),
        checks=standing_checks(session, resident.id),
        allergies=[one for one in standing_alerts(session, [resident]) if one.kind is AlertKind.ALLERGY],
        medicines=standing_medicines(session, resident),
        pregnancy=open_pregnancy(session, resident.id),
        limits=newest_limits(session, domain.id),
    )


def _sealed(found: InDomain) -> list[Sealed]:
    """What she opens who keeps the domain; nobody else opens anything of it."""
    if found.reach is not Reach.FULL:
        return []
    rows, owner = _rows(found), found.seen.resident.ref
    closed: list[tuple[Any, str]] = [(one.treatment, "words") for one in rows.treatments]
    closed += [(one.visum, column) for one in rows.visums for column in ("letter_number", "report_number")]
    closed += [(one, "words") for one in rows.allergies]
    closed += [(one, column) for one in rows.medicines for column in ("name", "dose")]
    closed += [(rows.pregnancy, "expected")] if rows.pregnancy else []
    return [Sealed(row, column, owner) for row, column in closed if getattr(row, column) is not None]


def _drawn(found: InDomain, texts: Texts) -> dict[str, Any]:
    if found.reach is Reach.SUMMARY:
        return {}
    if found.reach is Reach.GOALS:
        return _in_figures(found)
    rows = _rows(found)
    treated = [_treatment(one, found, texts) for one in rows.treatments if one.treatment.kind not in BESIDE]
    visums = [_visum(one, found, texts) for one in rows.visums]
    checks = [_check(one, found) for one in rows.checks]
    examinations = sorted(
        [*treated, *visums, *checks], key=lambda one: (one.day is not None, -(one.day or dt.date.min).toordinal())
    )
    asks_limits = can_expect(found.seen)
    clocks = list(_clocks(rows.limits, asks_limits, found.seen.zone))
    doctor = None if rows.limits else _doctor(rows, found)
    counts = Counter(
        {
            "done": sum(one.treatment.state is CareState.DONE for one in rows.treatments)
            + sum(one.visum.state is CareState.DONE for one in rows.visums)
            + sum(one.outcome is not HealthOutcome.DECLINED for one in rows.checks),
            "late": sum(is_late(one.treatment.state, one.treatment.on_day, found.seen.today) for one in rows.treatments)
            + sum(is_late(one.visum.state, one.visum.on_day, found.seen.today) for one in rows.visums),
        }
    )
    return {
        "lead": _lead(counts, rows.limits, asks_limits),
        "readers": _readers(),
        "health": {
            "clocks": [*([doctor] if doctor else []), *clocks],
            "examinations": examinations,
            "beside": [_treatment(one, found, texts) for one in rows.treatments if one.treatment.kind in BESIDE],
            "allergies": [(one.ref, _text(texts, one, "words"), day(one.since)) for one in rows.allergies],
            "medicines": [
                (one.ref, _text(texts, one, "name"), texts.get((one.ref, "dose"), ""), hours(one), one.checker_needed)
                for one in rows.medicines
            ],
            "pregnancy": _pregnancy(rows.pregnancy, found, texts),
            "pregnancy_ref": rows.pregnancy.ref if rows.pregnancy else None,
            "may_expect": asks_limits or rows.pregnancy is not None,
            "here": not found.seen.left,
        },
    }


def _in_figures(found: InDomain) -> dict[str, Any]:
    """A state and a day for each, and what they cost for a manager: never what for, never a word."""
    counted, totals = care_counts(session, found.domain.id)
    today = found.seen.today
    checks = [
        CareCount(visum=False, state=CareState.DONE, on_day=one.at.astimezone(found.seen.zone).date())
        for one in standing_checks(session, found.seen.resident.id)
        if one.outcome is not HealthOutcome.DECLINED
    ]
    lines = sorted(
        [*counted, *checks], key=lambda one: (one.on_day is not None, -(one.on_day or dt.date.min).toordinal())
    )
    counts = Counter(
        {
            "done": sum(one.state is CareState.DONE for one in lines),
            "late": sum(is_late(one.state, one.on_day, today) for one in lines),
        }
    )
    return {
        "lead": " ".join(_counted(counts)),
        "readers": _readers(),
        "health": {
            "figures": [
                (
                    _("Visum") if one.visum else _("Examination"),
                    day(one.on_day),
                    _looks(one.state, one.on_day, today),
                )
                for one in lines
            ],
            "totals": [_total(one) for one in totals] if signed().role is Role.MANAGER else None,
        },
    }


def _readers() -> list[str]:
    """Who reads what of her health, beside what is true of every domain."""
    return [
        _("The coordinator and managers: whether and when she was examined"),
        _("Managers: what it cost the unit"),
        _("Staff of the house: allergies, medicines and their times"),
    ]


def _total(one: FundingTotal) -> tuple[str, str, str]:
    return _source(one.funding), str(one.number), rupiah(one.cost)


def _source(funding: Any) -> str:
    return str(FUNDINGS[funding]) if funding else _("Nobody has said who pays")


def rupiah(amount: int | None) -> str:
    """`Rp 350.000`, empty where nothing is known."""
    return "" if amount is None else _("Rp %(amount)s", amount=in_thousands(amount))


def hours(medicine: Medicine) -> str:
    """When the shift gives it, in words."""
    mark = "." if language() == "id" else ":"
    times = [f"{one[:2]}{mark}{one[2:]}" for one in medicine.times.split(",") if one]
    return ", ".join(times) if times else _("when needed")


def _text(texts: Texts, row: Any, column: str) -> str:
    """What was opened; a value that stays closed says so."""
    return texts.get((row.ref, column), _("Sealed"))


def _looks(state: CareState, on_day: dt.date | None, today: dt.date) -> tuple[str, str, str]:
    if on_day is not None and is_late(state, on_day, today):
        return "care", "tri", ngettext("%(num)s day late", "%(num)s days late", (today - on_day).days)
    return (*CARE_LOOKS[state], str(CARE_STATES[state]))


def _when(on_day: dt.date | None, found: InDomain) -> str:
    if on_day is None:
        return _("no day yet")
    came = found.seen.placement.arrived_at.astimezone(found.seen.zone).date()
    return _("%(day)s, before she came here", day=short_day(on_day)) if on_day < came else short_day(on_day)


def _place(facility: Any, agency: str | None) -> str:
    return agency or str(FACILITIES[facility])


def _treatment(one: TreatmentLine, found: InDomain, texts: Texts) -> ShownCare:
    row = one.treatment
    return ShownCare(
        row.on_day,
        str(TREATMENTS[row.kind]),
        _when(row.on_day, found),
        _place(row.facility, one.agency),
        _looks(row.state, row.on_day, found.seen.today),
        rupiah(row.cost),
        _paid_by(row.cost, row.funding),
        texts.get((row.ref, "words"), ""),
        "examinations.change",
        row.ref,
    )


def _visum(one: VisumLine, found: InDomain, texts: Texts) -> ShownCare:
    row = one.visum
    letter, number = texts.get((row.ref, "letter_number"), ""), texts.get((row.ref, "report_number"), "")
    asked = ", ".join(part for part in (one.asked_by, letter, short_day(row.letter_on)) if part)
    said = [_("Asked for by %(who)s.", who=asked) if asked else "", _("Number %(n)s.", n=number) if number else ""]
    return ShownCare(
        row.on_day,
        str(VISUMS[row.kind]),
        _when(row.on_day, found),
        _place(row.facility, one.agency),
        _looks(row.state, row.on_day, found.seen.today),
        rupiah(row.cost),
        _paid_by(row.cost, row.funding) or (_("Nobody has said who pays") if row.state is CareState.DONE else ""),
        " ".join(part for part in said if part),
        "examinations.visum",
        row.ref,
    )


def _paid_by(cost: int | None, funding: Any) -> str:
    return str(FUNDINGS[funding]) if funding else ""


def _check(one: HealthCheck, found: InDomain) -> ShownCare:
    on_day = one.at.astimezone(found.seen.zone).date()
    kind, icon = OUTCOME_LOOKS[one.outcome]
    return ShownCare(
        on_day,
        _("Health check"),
        _when(on_day, found),
        str(EXAMINERS[one.examiner]) if one.examiner else "",
        (kind, icon, str(HEALTH_OUTCOMES[one.outcome])),
        endpoint="health.page",
        ref=found.seen.resident.ref,
    )


def _pregnancy(row: Pregnancy | None, found: InDomain, texts: Texts) -> str:
    if row is None:
        return ""
    if row.expected is None:
        return _("She expects a child; the day is not known.")
    text = texts.get((row.ref, "expected"))
    if text is None:
        return _("She expects a child; the day is sealed.")
    return _("She expects a child around %(day)s.", day=day(dt.date.fromisoformat(text)))


def _counted(counts: Counter[str]) -> list[str]:
    said = [
        ngettext("%(num)s examination done.", "%(num)s examinations done.", counts["done"])
        if counts["done"]
        else _("No examination yet.")
    ]
    if counts["late"]:
        said.append(ngettext("%(num)s is late.", "%(num)s are late.", counts["late"]))
    return said


def _lead(counts: Counter[str], limits: UrgentCare | None, asks_contraception: bool) -> str:
    running = sum(
        is_running(limit, answer, event_at=limits.event_at, now=now())
        for limits in ([limits] if limits else [])
        for limit, answer, _at in _answers(limits, asks_contraception)
    )
    said = _counted(counts)
    said.append(
        ngettext("%(num)s medical time limit is running.", "%(num)s medical time limits are running.", running)
        if running
        else _("No medical time limit is running.")
    )
    return " ".join(said)


def _answers(
    limits: UrgentCare, asks_contraception: bool
) -> Iterator[tuple[Limit, LimitAnswer | None, dt.datetime | None]]:
    yield Limit.HIV, limits.hiv, limits.hiv_at
    if asks_contraception or limits.contraception is not None:
        yield Limit.CONTRACEPTION, limits.contraception, limits.contraception_at


def _clocks(limits: UrgentCare | None, asks_contraception: bool, there: ZoneInfo) -> Iterator[ShownClock]:
    if limits is None:
        return
    titles = {
        Limit.HIV: _("Prevention of HIV after what happened, 72 hours"),
        Limit.CONTRACEPTION: _("Emergency contraception, 120 hours"),
    }
    for limit, answer, given_at in _answers(limits, asks_contraception):
        marks = tuple(WIDE * n // (OF_USE_FOR[limit].days) for n in range(1, OF_USE_FOR[limit].days))
        kind, icon, words, width = _how_far(limit, answer, given_at, limits.event_at)
        text = (
            _("Answered %(time)s. Kept as a service, without the name of a medicine.", time=_noted(limits, there))
            if answer
            else _(
                "Its time runs since %(since)s and ends %(until)s.",
                since=moment_there(limits.event_at, there),
                until=moment_there(limits.event_at + OF_USE_FOR[limit], there),
            )
        )
        yield ShownClock(titles[limit], kind, icon, words, text, width, marks)


def _noted(limits: UrgentCare, there: ZoneInfo) -> str:
    return moment_there(limits.noted_at, there)


def _how_far(
    limit: Limit, answer: LimitAnswer | None, given_at: dt.datetime | None, event_at: dt.datetime
) -> tuple[str, str, str, int]:
    """kind, icon, words and the width of the bar."""
    term = OF_USE_FOR[limit]
    if answer is LimitAnswer.GIVEN and given_at is not None:
        took = given_at - event_at
        hour = whole_hours(took) + 1
        if took > term:
            return "care", "tri", _("Given late, in hour %(n)s", n=hour), WIDE
        return "ok", "check", _("Given in hour %(n)s", n=hour), WIDE
    if answer is not None:
        return "", "dash", str(LIMIT_ANSWERS[answer]), 0
    left = event_at + term - now()
    if left <= dt.timedelta(0):
        return "care", "tri", _("Its time is over, and nobody has said what came of it"), WIDE
    width = int(WIDE * (term - left) / term)
    words = ngettext("%(num)s hour left", "%(num)s hours left", whole_hours(left))
    if left < HURRY * HOUR:
        return "care", "tri", words, width
    return "wait" if left < SOON * HOUR else "", "clock", words, width


def _doctor(rows: Rows, found: InDomain) -> ShownClock | None:
    """That a doctor is wanted soon, as the screening says, until one has seen her; whatever for."""
    since = doctor_wanted_since(session, found.seen.placement)
    if since is None or found.seen.left or now() >= since + HELP_IS_OF_USE_FOR:
        return None
    checks = [Check(one.at, one.noted_at, one.examiner, one.outcome) for one in rows.checks]
    if doctor_needed_no_more(since, {found.seen.resident.id: checks}):
        return None
    due = since + DOCTOR_WITHIN
    left = due - now()
    kind, icon = ("care", "tri") if left <= dt.timedelta(0) else ("wait", "clock")
    words = (
        ngettext("%(num)s hour late", "%(num)s hours late", whole_hours(-left))
        if left <= dt.timedelta(0)
        else ngettext("%(num)s hour left", "%(num)s hours left", whole_hours(left))
    )
    text = _(
        "Asked for at the screening %(since)s. Some help is of use for a few days only.",
        since=moment_there(since, found.seen.zone),
    )
    width = min(WIDE, int(WIDE * (now() - since) / DOCTOR_WITHIN))
    return ShownClock(
        _("See a doctor before %(until)s", until=moment_there(due, found.seen.zone)), kind, icon, words, text, width, ()
    )


DETAILS[Discipline.HEALTH] = Details(template="services/domains/health.html", sealed=_sealed, drawn=_drawn)
