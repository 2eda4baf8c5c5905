"""What happened in the plans of one resident, in three statements however much it was. Nothing sealed is opened.

The caller has made sure that the person who looks may see this resident. What a discipline keeps to itself is no part
of it: neither what was said in a session nor what a treatment was for. Stages of law are for whoever reads the legal
domain further than its summary.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    cast,
    false,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Discipline
from safehouse.database import UtcDateTime
from safehouse.gathered import Happening, Topic
from safehouse.services.choices import AppointmentState, Attendance, CareState, LetterKind, SupportKind
from safehouse.services.models import (
    Appointment,
    CareSession,
    Goal,
    GoalStep,
    LegalProcess,
    LegalStage,
    Plan,
    PlanAgreement,
    PlanDomain,
    ProcessStage,
    Review,
    SchoolLetter,
    Support,
    Treatment,
)
from safehouse.services.queries.law import kept_matters
from safehouse.services.rules.goals import REACHED
from safehouse.services.rules.happenings import Happening as Kind
from safehouse.services.rules.walls import Reach, Standing, reaches
from safehouse.shelter.models import Placement

# Choices of a row that are happenings of their own.
HELD: dict[str, Kind] = {
    Attendance.ATTENDED: Kind.SESSION,
    Attendance.ABSENT: Kind.SESSION_ABSENT,
    Attendance.MOVED: Kind.SESSION_MOVED,
    AppointmentState.KEPT: Kind.APPOINTMENT_KEPT,
    AppointmentState.MISSED: Kind.APPOINTMENT_MISSED,
}
OF_A_SESSION = frozenset({Kind.SESSION, Kind.SESSION_ABSENT, Kind.SESSION_MOVED})
SETTLED = (AppointmentState.KEPT, AppointmentState.MISSED)


def timeline(session: Session, *, resident_id: int, stands: Standing, there: ZoneInfo) -> list[Happening]:
    """All of it, unordered. `stands` is how the person who looks stands to her; `there` the zone of her house: what
    has only a day stands at its noon."""
    plans = (
        select(Plan.id).join(Placement, Placement.id == Plan.placement_id).where(Placement.resident_id == resident_id)
    )
    found = [
        one for one in [*_moments(session, plans, resident_id), *_days(session, plans, there)] if _is_read(one, stands)
    ]
    if reaches(stands.reach(Discipline.LEGAL), Reach.GOALS):
        found += _stages(session, resident_id, there)
    return found


# What is told of these belongs to one domain, whoever did it.
DOMAIN_OF = {
    Kind.CARE_DONE: Discipline.HEALTH,
    Kind.LETTER: Discipline.EDUCATION,
    Kind.SUPPORT: Discipline.SOCIAL_WORK,
}
FOR_EVERYBODY = frozenset({Kind.PLAN_OPENED, Kind.PLAN_AGREED, Kind.APPOINTMENT_KEPT, Kind.APPOINTMENT_MISSED})


def _is_read(one: Happening, stands: Standing) -> bool:
    """Sessions, goals reached and what was given stand where their domain is read as far as its goals; a review where
    all of them are. Appointments are no secret among those who see her."""
    kind = Kind(one.kind)
    if kind in FOR_EVERYBODY:
        return True
    domain = DOMAIN_OF.get(kind) or one.figures.get("domain")
    wanted = Discipline if domain is None else [Discipline(str(domain))]
    return all(reaches(stands.reach(each), Reach.GOALS) for each in wanted)


def _noon(day: dt.date, there: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), there).astimezone(dt.UTC)


def _moment(
    kind: Any,
    at: Any,
    who: Any = None,
    *,
    domain: Any = None,
    minutes: Any = None,
    ready: Any = None,
    until: Any = None,
) -> Select[Any]:
    """One kind of happening, in the columns all kinds share."""
    said = literal(kind.value, String) if isinstance(kind, Kind) else type_coerce(kind, String)
    return select(
        said.label("kind"),
        type_coerce(at, UtcDateTime).label("at"),
        (cast(null(), String) if who is None else who).label("who"),
        (cast(null(), String) if domain is None else type_coerce(domain, String)).label("domain"),
        (cast(null(), Integer) if minutes is None else minutes).label("minutes"),
        (false() if ready is None else ready).label("ready"),
        (cast(null(), Date) if until is None else until).label("until"),
    )


def _moments(session: Session, plans: Select[int], resident_id: int) -> Iterable[Happening]:
    """What has a moment, in one question."""
    name = Account.shown_name
    # Since when a goal was reached, for the first time.
    reached = func.min(GoalStep.at)
    asked = union_all(
        _moment(Kind.PLAN_OPENED, Plan.opened_at, name)
        .join(Account, Account.id == Plan.opened_by_id)
        .where(Plan.id.in_(plans)),
        _moment(Kind.PLAN_AGREED, PlanAgreement.at, name)
        .join(Account, Account.id == PlanAgreement.read_by_id)
        .where(PlanAgreement.plan_id.in_(plans)),
        _moment(
            CareSession.attendance,
            CareSession.starts_at,
            name,
            domain=PlanDomain.domain,
            minutes=CareSession.minutes,
            ready=CareSession.ready,
        )
        .join(PlanDomain, PlanDomain.id == CareSession.plan_domain_id)
        .join(Account, Account.id == CareSession.by_id)
        .where(PlanDomain.plan_id.in_(plans), CareSession.withdrawn_at.is_(None)),
        _moment(Kind.GOAL_REACHED, reached, domain=PlanDomain.domain)
        .select_from(GoalStep)
        .join(Goal, Goal.id == GoalStep.goal_id)
        .join(PlanDomain, PlanDomain.id == Goal.plan_domain_id)
        .where(PlanDomain.plan_id.in_(plans), GoalStep.step == REACHED, GoalStep.withdrawn_at.is_(None))
        .group_by(Goal.id, PlanDomain.domain),
        _moment(Appointment.state, Appointment.at, name, domain=Appointment.domain)
        .select_from(Appointment)
        .outerjoin(Account, Account.id == Appointment.companion_id)
        .where(Appointment.resident_id == resident_id, Appointment.state.in_(SETTLED)),
        _moment(Kind.REVIEW, Review.approved_at, name, until=Review.until)
        .join(Account, Account.id == Review.by_id)
        .where(Review.plan_id.in_(plans), Review.approved_at.is_not(None)),
    )
    for row in session.execute(asked):
        kind = HELD.get(row.kind) or Kind(row.kind)
        figures = {"domain": Discipline(row.domain)} if row.domain else {}
        if kind in OF_A_SESSION:
            figures["minutes"] = row.minutes
        if kind is Kind.REVIEW:
            figures = {"until": row.until}
        yield Happening(kind, row.at, Topic.SERVICES, row.who, figures)
        if row.ready:
            yield Happening(Kind.READY, row.at, Topic.SERVICES, row.who, {"domain": Discipline(row.domain)})


def _days(session: Session, plans: Select[int], there: ZoneInfo) -> Iterable[Happening]:
    """What has a day and no clock, in one question."""
    domains = select(PlanDomain.id).where(PlanDomain.plan_id.in_(plans))

    def told(kind: Kind, on: Any, what: Any, by: Any) -> Select[Any]:
        said = cast(null(), String) if what is None else type_coerce(what, String)
        return select(
            literal(kind.value, String).label("kind"), on.label("on"), Account.shown_name, said.label("what")
        ).join(Account, Account.id == by)

    asked = union_all(
        told(Kind.CARE_DONE, Treatment.on_day, None, Treatment.by_id).where(
            Treatment.plan_domain_id.in_(domains), Treatment.state == CareState.DONE, Treatment.on_day.is_not(None)
        ),
        told(Kind.LETTER, SchoolLetter.on_day, SchoolLetter.kind, SchoolLetter.by_id).where(
            SchoolLetter.plan_domain_id.in_(domains), SchoolLetter.withdrawn_at.is_(None)
        ),
        told(Kind.SUPPORT, Support.on, Support.kind, Support.by_id).where(
            Support.plan_domain_id.in_(domains), Support.withdrawn_at.is_(None)
        ),
    )
    for kind, on, who, what in session.execute(asked):
        figures: dict[str, object] = {}
        if kind == Kind.LETTER:
            figures = {"letter": LetterKind(what)}
        elif kind == Kind.SUPPORT:
            figures = {"support": SupportKind(what)}
        yield Happening(Kind(kind), _noon(on, there), Topic.SERVICES, who, figures)


def _stages(session: Session, resident_id: int, there: ZoneInfo) -> Iterable[Happening]:
    """Of matters that are kept with her: of another family's she learns no stage here, whatever side she stands on."""
    matters = kept_matters(resident_id)
    for name_id, name_en, on_day, who in session.execute(
        select(LegalStage.name_id, LegalStage.name_en, ProcessStage.on_day, Account.shown_name)
        .join(LegalStage, LegalStage.id == ProcessStage.stage_id)
        .join(LegalProcess, LegalProcess.id == ProcessStage.process_id)
        .join(Account, Account.id == ProcessStage.by_id)
        .where(LegalProcess.matter_id.in_(matters), ProcessStage.withdrawn_at.is_(None))
    ):
        yield Happening(Kind.STAGE, _noon(on_day, there), Topic.SERVICES, who, {"stage": (name_id, name_en)})
