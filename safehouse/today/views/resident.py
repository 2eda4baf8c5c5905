"""The page of one resident: what everyone on duty must know, then what the person who looks may do and read.

Staff see what a night needs: alias, bed, presence, notes, medicines, household, danger, agreements, and what happened
in this stay. The chronology of a case is for those who answer for her and for managers.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import by, may, now, signed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Discipline
from safehouse.access.permissions import Permission, Role
from safehouse.access.words import DISCIPLINES
from safehouse.database import session, use_session
from safehouse.gathered import Happening, Topic
from safehouse.indonesian import age_in_months
from safehouse.residents.models import AlertKind, ConsentItem, DangerLevel, HealthCheck, Resident
from safehouse.residents.operations.care import OpenedCare, ShownMedicine, open_care
from safehouse.residents.queries.consents import ConsentLine, consent_lines, open_in
from safehouse.residents.queries.danger import newest_danger
from safehouse.residents.queries.granting import running_until
from safehouse.residents.queries.health import newest_check
from safehouse.residents.queries.people import Assigned, open_assignments
from safehouse.residents.queries.timeline import timeline as personal
from safehouse.residents.rules.ageing import OF_AGE_YEARS, is_child
from safehouse.residents.views.health import check_in_words
from safehouse.residents.views.seen import acts_for, seen_resident
from safehouse.residents.words import ALERT_KINDS, CONSENT_ITEMS, DANGER_LEVELS
from safehouse.services.queries.glances import Glance, glances
from safehouse.services.queries.plans import standing, workers_of
from safehouse.services.queries.timeline import timeline as of_the_plan
from safehouse.services.rules.walls import Reach, Standing
from safehouse.services.words import APPOINTMENT_PLACES, DOMAIN_ICONS
from safehouse.services.words import DOMAINS as DOMAIN_NAMES
from safehouse.shelter.queries.stays import Living, Way, household_here, newest_way
from safehouse.shelter.queries.timeline import timeline as of_the_stay
from safehouse.shelter.rules.health import counts_from
from safehouse.shelter.rules.staying import Nearness, Presence, caregiver_of
from safehouse.shelter.stays_in_words import say_day, say_left, say_limit
from safehouse.shelter.views.families import person_in_words
from safehouse.shelter.views.stays.finding import call_the_manager
from safehouse.shelter.words import BASES, DESTINATIONS, LEAVE_KINDS
from safehouse.today.rules.telling import FOR_STAFF, ages_around
from safehouse.today.views.blueprint import pages
from safehouse.today.views.in_words import happening_in_words
from safehouse.today.words import TOPIC_ICONS, TOPICS
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import clock, day, language, moment_there, short_day

ON_A_PAGE = 20
Note = tuple[str, str, str, str]  # kind, icon, heading, sentence


@dataclass(frozen=True, slots=True)
class Relative:
    alias: str
    code: str
    group: str
    place: str
    ref: uuid.UUID | None  # None where her page is not open to the person who looks


@dataclass(frozen=True, slots=True)
class Line:
    """One happening, ready to be written down."""

    at: str
    machine: str  # the same moment, for machines
    icon: str
    words: str
    who: str


@pages.get("/residents/<uuid:ref>")
@needs(Permission.RESIDENT_READ)
@opens_sealed
def resident(ref: uuid.UUID) -> ResponseReturnValue:
    g.lock_when_idle = True
    person = signed()
    found = seen_resident(ref, granted=True)
    acting = acts_for(ref)
    way = newest_way(session, found.id)
    there = way.zone if way else ZoneInfo(person.office.time_zone)
    check = _check_of(found, way)
    checked = _checked(check, there)
    care = _care_of(found, check)
    plan = _plan_of(found, there, acting=acting, opened=care is not None)
    # What was not recorded was not read: it stands before anything is shown.
    session.commit()
    use_session(writing=False)
    found = seen_resident(ref, granted=True)
    everyone = household_here(
        session, household_id=found.household_id, account_id=person.account_id, role=person.role, now=now()
    )
    one = next((other for other in everyone if other.id == found.id), None)
    others = [other for other in everyone if other.id != found.id]
    danger = newest_danger(session, found.household_id)
    answering = open_assignments(session, found.id)
    agreed = consent_lines(session, resident=found, today=now().astimezone(there).date())
    return render_template(
        "today/resident.html",
        resident=found,
        one=one,
        idline=_idline(one, answering),
        away=one is not None and one.due_back is not None,
        looking=None if acting else _looking(found),
        warning=_warning(one, there),
        notes=_notes(care) if care else [],
        medicines=[_medicine(medicine) for medicine in care.medicines] if care else [],
        sealed=care is None,
        domains=_domains(plan, there),
        plan_url=url_for("plans.overview", ref=ref) if acting and care and plan.read else "",
        facts=[
            *_looked_after(one, everyone),
            *_facts(one, way, danger.level if danger else None, checked),
        ],
        relatives=[_relative(other) for other in others if other.visible or other.on_board],
        elsewhere=sum(not (other.visible or other.on_board) for other in others),
        answering=[_answering(assigned) for assigned in answering],
        consents=_consents(agreed),
        still_open=_still_open(found, agreed, now().astimezone(there).date()),
        acting=acting,
        identity=[
            (_("Name"), _recorded(found.name)),
            (_("NIK"), _recorded(found.nik)),
            (_("Age group"), _ages(found, there)),
        ],
        steps=_steps(found, one, everyone) if acting else [],
        **_timeline(found, way, there, plan.stands if acting else None),
    )


def _care_of(found: Resident, check: HealthCheck | None) -> OpenedCare | None:
    """Her notes, medicines and what was written beside a health check, opened in one entry of the record. Someone whose
    second step was set up anew works on, and reads them once she is confirmed: None."""
    try:
        return open_care(session, resident=found, check=check, now=now(), by=by())
    except NotConfirmed:
        session.rollback()
        return None


def _check_of(found: Resident, way: Way | None) -> HealthCheck | None:
    """The last health check that counts for her stay here."""
    if way is None or way.left_at is not None:
        return None
    return newest_check(session, found.id, since=counts_from(way.arrived_at))


# Her service plan, a line a domain


@dataclass(frozen=True, slots=True)
class DomainShown:
    icon: str
    name: str
    words: str
    sub: str
    sign: tuple[str, str, str]  # kind, icon, words
    url: str


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """Her plan as far as this person reads it. `summaries` are opened."""

    ref: uuid.UUID
    stands: Standing
    domains: Sequence[Glance]
    summaries: Mapping[Discipline, str]

    def reads(self, domain: Discipline) -> bool:
        return self.stands.reach(domain) is not Reach.NOTHING

    @property
    def read(self) -> bool:
        return any(self.reads(one.domain) for one in self.domains)


def _plan_of(found: Resident, there: ZoneInfo, *, acting: bool, opened: bool) -> PlanSeen:
    """How it goes in each domain, in the words written for everybody who works with her. Staff read none of them, nor
    does anybody who looks by break-glass, whatever her role."""
    person = signed()
    seen = PlanSeen(
        found.ref,
        standing(workers_of(session, found.id), account_id=person.account_id, role=person.role if acting else None),
        glances(session, resident_id=found.id, today=now().astimezone(there).date(), now=now()),
        {},
    )
    if not opened:
        return seen
    written = [one for one in seen.domains if one.summary is not None and seen.reads(one.domain)]
    words = open_values(
        session,
        now=now(),
        by=by(),
        purpose="plan",
        wanted=[Sealed(one.summary, "words", found.ref) for one in written],
    )
    return replace(seen, summaries={one.domain: said for one, said in zip(written, words, strict=True)})


def _domains(seen: PlanSeen, there: ZoneInfo) -> list[DomainShown]:
    """Staff are told of the next appointment, and of nothing else."""
    shown = []
    for one in seen.domains:
        reads = seen.reads(one.domain)
        following = ""
        if one.next is not None:
            where = str(APPOINTMENT_PLACES[one.next.place])
            following = _("Next: %(time)s, %(where)s", time=moment_there(one.next.at, there), where=where)
        words = _("Appointment agreed") if following else _("No appointment")
        if reads:
            words = seen.summaries.get(one.domain, "") or (_goals(one) if one.open else _("Not in the plan"))
        shown.append(
            DomainShown(
                DOMAIN_ICONS[one.domain],
                str(DOMAIN_NAMES[one.domain]),
                words,
                following,
                _sign(one) if reads else ("", "", ""),
                url_for("domains.page", ref=seen.ref, domain=one.domain) if reads and one.open else "",
            )
        )
    return shown


def _goals(one: Glance) -> str:
    if not one.goals:
        return _("No goal yet.")
    return _("Goals reached: %(reached)s of %(goals)s", reached=one.reached, goals=one.goals)


def _sign(one: Glance) -> tuple[str, str, str]:
    if one.missed:
        return "care", "tri", _("Missed appointment")
    if one.overdue is not None:
        return "care", "tri", _("Overdue since %(day)s", day=short_day(one.overdue))
    if not one.open:
        return "", "", ""
    if one.goals and one.goals == one.reached:
        return "ok", "check", _("Reached")
    return "", "half", _("Running")


# The head, and what everyone on duty must know


def _idline(one: Living | None, answering: Sequence[Assigned]) -> list[str]:
    if one is None:
        return []
    coordinator = next((assigned.shown_name for assigned in answering if assigned.coordinator), None)
    parts = [f"{one.house}, {one.bed}", person_in_words(one), say_day(one.term)]
    return [*parts, _("Coordinator: %(name)s", name=coordinator)] if coordinator else parts


def _notes(care: OpenedCare) -> list[Note]:
    """At most three of what to do and never to do, the allergies, and what to do after a health check."""
    looks = {AlertKind.NEVER: ("stop", "tri"), AlertKind.ALLERGY: ("care", "pill"), AlertKind.DO: ("wait", "info")}
    order = (AlertKind.NEVER, AlertKind.ALLERGY, AlertKind.DO)
    return [
        (*looks[alert.kind], str(ALERT_KINDS[alert.kind]), alert.words)
        for alert in sorted(care.alerts, key=lambda one: order.index(one.kind))
    ] + ([("wait", "med", _("After the health check"), care.after_check)] if care.after_check else [])


def _medicine(medicine: ShownMedicine) -> tuple[str, str, str]:
    point = "." if language() == "id" else ":"
    times = ", ".join(f"{one[:2]}{point}{one[2:]}" for one in medicine.times)
    return medicine.name, medicine.dose, times or _("When needed")


def _looking(found: Resident) -> Note:
    """Seen by break-glass: until when, and what it is good for."""
    until = running_until(session, account_id=signed().account_id, resident_id=found.id, now=now())
    return (
        "wait",
        "clock",
        _("Open because of an emergency until %(time)s", time=clock(until)),
        _("For reading only. Her caseworker or the manager writes down what changes."),
    )


def _warning(one: Living | None, there: ZoneInfo) -> Note | None:
    """What a person on duty must know first: where she is, else how near the limit is."""
    if one is None:
        return None
    if one.without_notice and one.away_from is not None:
        since = moment_there(one.away_from, there)
        text = _("Since %(time)s. The bed is kept. Find out whether she is safe.", time=since)
        return "care", "tri", _("Left without notice"), f"{text} {call_the_manager(one)}"
    if one.due_back is not None and one.away_kind is not None:
        return _away(one, there)
    return _limit(one)


def _away(one: Living, there: ZoneInfo) -> Note:
    where, back = LEAVE_KINDS[one.away_kind], moment_there(one.due_back, there)  # type: ignore[index,arg-type]
    if one.presence is Presence.NOT_BACK:
        text = _(
            "%(where)s, expected %(time)s. Find out what happened, then record the return or the departure.",
            where=where,
            time=back,
        )
        return "care", "tri", _("Not back in time"), text
    text = _("%(where)s, back %(time)s. The bed is kept.", where=where, time=back)
    if one.caregiver and one.adult:
        text += " " + _("%(name)s looks after the children.", name=one.caregiver)
    return "wait", "away", _("Away"), text


def _limit(one: Living) -> Note | None:
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
            text = _("The limit is %(day)s. Agree today on what comes next.", day=limit)
            return "wait", "clock", _("The limit of the stay is here"), text
        case Nearness.NEAR:
            text = _("The limit is %(day)s. Agree in good time on what comes next.", day=limit)
            return "wait", "clock", _("The limit of the stay is near"), text
    return None


# Facts beside her


def _looked_after(one: Living | None, everyone: Sequence[Living]) -> list[tuple[str, str]]:
    """Of a child whose mother is away: by whom."""
    name = caregiver_of(one, everyone) if one else None
    return [(_("Looked after by"), name)] if name else []


def _facts(one: Living | None, way: Way | None, danger: DangerLevel | None, checked: str) -> list[tuple[str, str]]:
    level = (_("Danger"), str(DANGER_LEVELS[danger]) if danger else _("Not assessed yet"))
    if way is None:
        return [level]
    facts = [(_("Arrived"), moment_there(way.arrived_at, way.zone)), (_("Basis"), str(BASES[way.basis]))]
    if one is not None:
        until = _("%(day)s, %(left)s", day=day(one.planned_exit), left=say_left(one.term.days_left))
        present = {
            Presence.IN: _("In the house"),
            Presence.AWAY: _("Away"),
            Presence.NOT_BACK: _("Not back yet"),
        }[one.presence]
        return [
            (_("Presence"), present),
            (_("Bed"), f"{one.house}, {one.bed}"),
            level,
            (_("Health check"), checked),
            *facts,
            (_("Planned exit"), until),
            (_("Limit of the stay"), say_limit(one.term, day(one.term.last_day))),
        ]
    if way.left_at is not None and way.place_kind is not None:
        facts += [(_("Left"), moment_there(way.left_at, way.zone)), (_("Went to"), str(DESTINATIONS[way.place_kind]))]
    return [*facts, level]


def _checked(check: HealthCheck | None, there: ZoneInfo) -> str:
    if check is None:
        return _("Not written down yet")
    return check_in_words(check.at, check.outcome, check.examiner, there)


def _relative(other: Living) -> Relative:
    return Relative(
        other.alias,
        other.code,
        person_in_words(other),
        f"{other.house}, {other.bed}",
        other.ref if other.visible else None,
    )


def _answering(one: Assigned) -> tuple[str, str]:
    role = DISCIPLINES[one.discipline]
    words = _("%(discipline)s, coordinator", discipline=role) if one.coordinator else str(role)
    return one.shown_name, words


def _consents(agreed: Sequence[ConsentLine]) -> list[tuple[str, str, str, str]]:
    """(item, kind, icon, words): her last word on each item, and whether it counts today. What single agencies may be
    told stands on the page of consents."""
    last = {one.item: one for one in reversed(agreed) if not one.replaced and one.item is not ConsentItem.AGENCY}
    return [(str(CONSENT_ITEMS[item]), *_worth(last[item])) for item in ConsentItem if item in last]


def _still_open(found: Resident, agreed: Sequence[ConsentLine], on: dt.date) -> list[tuple[ConsentItem, str]]:
    """What she put off or is to be asked anew, while she lives here."""
    if found.house_id is None:
        return []
    child = is_child(found.birth_month, found.of_age_on, on)
    return [(item, str(CONSENT_ITEMS[item])) for item in open_in(agreed, child=child)]


def _worth(one: ConsentLine) -> tuple[str, str, str]:
    if one.not_now is None:
        return "ok", "check", _("Agreed")
    return ("wait", "clock", _("Counts no more")) if one.granted else ("", "cross", _("Not agreed"))


def _recorded(sealed: bytes | None) -> str:
    """Whether it was written down; what it says stays closed."""
    return _("Not recorded yet") if sealed is None else _("Recorded, sealed")


def _ages(found: Resident, there: ZoneInfo) -> str:
    """Her age as a group of years; never the age."""
    if found.birth_month is None:
        return _("Adult")
    on = now().astimezone(there).date()
    months, child = age_in_months(found.birth_month, on), is_child(found.birth_month, found.of_age_on, on)
    # Between the first of her month and her 18th birthday she is 17.
    youngest, oldest = ages_around(min(months, OF_AGE_YEARS * 12 - 1) if child else months)
    if oldest is None:
        return _("%(age)s or older", age=youngest)
    return _("%(youngest)s to %(oldest)s", youngest=youngest, oldest=oldest)


# What can be done for her: permission, page, label. The first ones only for someone who lives here.
STEPS_HERE = (
    (Permission.STAY_MOVE, "stays.planned_exit", _l("Change the planned exit")),
    (Permission.REFERRAL_TAKE, "referrals.joining", _l("Someone of her family follows")),
    (Permission.EXTENSION_ASK, "extensions.ask", _l("Ask for more days")),
    (Permission.LEAVE_RECORD, "stays.without_notice", _l("She left without notice")),
    (Permission.INTAKE_RECORD, "intake.person", _l("Allergies, medicines, belongings")),
    (Permission.INTAKE_RECORD, "health.page", _l("Health checks")),
    (Permission.DEPARTURE_RECORD, "stays.departure", _l("Record the departure")),
)
# For children without an adult of their own here.
ALONE = (Permission.LEAVE_RECORD, "stays.looked_after", _l("Who looks after the children"))
STEPS = (
    (Permission.ALERT_WRITE, "alerts.page", _l("Notes for staff")),
    (Permission.INTAKE_RECORD, "intake.receipt", _l("What she gave into keeping")),
    (Permission.CONFLICT_RECORD, "safety.reported", _l("Reported persons")),
    (Permission.CONFLICT_RECORD, "safety.never_together", _l("Who must not share a house with her")),
    (Permission.CONFLICT_EXPLAIN, "safety.conflicts", _l("Why they must not share a house")),
    (Permission.CONFLICT_RECORD, "denials.page", _l("Close her record to someone")),
    (Permission.MATTER_RECORD, "matters.listing", _l("Reports of violence")),
)


def _steps(found: Resident, one: Living | None, everyone: Sequence[Living]) -> list[tuple[str, str]]:
    """Address and label of what this person may do here. Whoever is away already does not leave without notice."""
    here = STEPS_HERE if one is not None else ()
    if one is not None and not any(other.adult for other in everyone):
        here = (ALONE, *here)
    return [
        (url_for(endpoint, ref=found.ref), str(label))
        for permission, endpoint, label in (*here, *STEPS)
        if may(permission) and not (endpoint == "stays.without_notice" and one is not None and one.due_back is not None)
    ]


# What happened


def _timeline(found: Resident, way: Way | None, there: ZoneInfo, stands: Standing | None) -> dict[str, object]:
    """`stands` is None for somebody who looks by break-glass: what was done in her plan is no part of that."""
    everything = [
        *personal(session, resident_id=found.id),
        *of_the_stay(session, resident_id=found.id),
    ]
    if stands is not None:
        everything += of_the_plan(session, resident_id=found.id, stands=stands, there=there)
    topics = list(Topic)
    if signed().role is Role.STAFF:
        topics = [topic for topic in Topic if topic in FOR_STAFF]
        since = way.arrived_at if way is not None and way.left_at is None else now()
        everything = [one for one in everything if one.topic in FOR_STAFF and one.at >= since]
    asked = next((topic for topic in topics if topic == request.args.get("topic")), None)
    shown = [one for one in everything if asked is None or one.topic is asked]
    shown.sort(key=lambda one: (one.at, one.kind), reverse=True)
    page = _page()
    first = (page - 1) * ON_A_PAGE
    ref = found.ref

    def url(number: int) -> str:
        return url_for("today.resident", ref=ref, topic=asked, page=number, _anchor="timeline")

    return {
        "topic": asked,
        "topics": [(topic, TOPICS[topic]) for topic in topics],
        "happened": [_line(one, there) for one in shown[first : first + ON_A_PAGE]],
        "older": url(page + 1) if len(shown) > first + ON_A_PAGE else "",
        "newer": url(page - 1) if page > 1 else "",
    }


def _page() -> int:
    """Which page of the timeline; the first where the address says nothing of use."""
    asked = request.args.get("page", "1")
    return int(asked) if asked.isdecimal() and 0 < len(asked) < 6 and int(asked) > 0 else 1


def _line(one: Happening, there: ZoneInfo) -> Line:
    machine = one.at.astimezone(there).isoformat(timespec="minutes")
    return Line(_moment(one.at, there), machine, TOPIC_ICONS[one.topic], happening_in_words(one, there), one.who or "")


def _moment(at: dt.datetime, there: ZoneInfo) -> str:
    """21 Nov 02.14; with the year and without the time where it was another year."""
    on = at.astimezone(there).date()
    return moment_there(at, there) if on.year == now().astimezone(there).year else day(on)
