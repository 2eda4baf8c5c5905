"""The plan of a family that lives in a house, with one thing of each kind in it, through the real operations.

`text` goes into whatever people write. The references that come back name what addresses are made of.
"""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from safehouse.access.models import Account, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Alert, AlertKind, Medicine
from safehouse.services.choices import (
    DOMAINS_IN_ORDER,
    AppointmentKind,
    AppointmentPlace,
    CareState,
    Facility,
    Funding,
    LimitAnswer,
    Progress,
    TreatmentKind,
    VisumKind,
    WordsKind,
)
from safehouse.services.models import CareSession, Goal, Note, PlanDomain
from safehouse.services.operations.appointments import NewAppointment, make_appointment
from safehouse.services.operations.health import (
    NewLimits,
    NewTreatment,
    NewVisum,
    Whose,
    note_limits,
    note_pregnancy,
    record_treatment,
    record_visum,
)
from safehouse.services.operations.planning import NewAction, open_plan, plan_action, set_goal, write_words
from safehouse.services.operations.sessions import Outcome, record_session
from safehouse.services.queries.plans import newest_placement
from safehouse.services.rules.sessions import KINDS, NewSession
from tests.office import actor
from tests.web.law import OF_LAW, go_through_law
from tests.web.reviews import OF_A_REVIEW, review_twice
from tests.web.schools import OF_SCHOOL, go_to_school

if TYPE_CHECKING:
    from tests.web.things import Family

# What belongs to the plan of a resident, and is found by nobody who may not see her.
OF_A_PLAN = (
    "plan_domain",
    "goal",
    "action",
    "appointment",
    "care_session",
    "note",
    "health_domain",
    "treatment",
    "visum",
    "medicine",
    "allergy",
    "pregnancy",
    *OF_LAW,
    *OF_SCHOOL,
    *OF_A_REVIEW,
)


def write_plan(family: "Family") -> dict[str, uuid.UUID]:
    """Her plan, open in every domain; kept by whoever is assigned to her."""
    session, now, by = family.make.session, family.now, family.by(Role.CASEWORKER)
    plan = open_plan(
        session,
        resident=family.mother,
        placement=newest_placement(session, family.mother.id),
        needs=dict.fromkeys(DOMAINS_IN_ORDER, family.words("Butuh", 600)),
        now=now,
        by=by,
    )
    domains = {one.domain: one for one in session.scalars(select(PlanDomain).where(PlanDomain.plan_id == plan.id))}
    psychology = domains[Discipline.PSYCHOLOGY]
    about = {"domain": psychology, "resident": family.mother, "now": now, "by": by}
    write_words(session, kind=WordsKind.SUMMARY, words=family.words("Membaik"), **about)
    goal = set_goal(session, words=family.words("Tidur sampai pagi"), measure=family.words("Catatan"), **about)
    step = NewAction(
        family.words("Konseling"),
        family.today,
        who=family.accounts[Role.CASEWORKER],
        cost=350_000,
        funding=Funding.APBD,
    )
    action = plan_action(session, new=step, **about)
    appointment = make_appointment(
        session,
        resident=family.mother,
        new=NewAppointment(
            Discipline.HEALTH,
            AppointmentKind.CHECK_UP,
            now + dt.timedelta(minutes=5),
            60,
            AppointmentPlace.CLINIC,
            companion=family.accounts[Role.CASEWORKER],
        ),
        now=now,
        by=by,
    )
    care_session, note = hold_session(
        family, psychology, goal, Discipline.SOCIAL_WORK, family.accounts[Role.CASEWORKER]
    )
    health = look_after_her_health(family, domains[Discipline.HEALTH])
    law = go_through_law(family, domains[Discipline.LEGAL])
    school = go_to_school(family, domains[Discipline.EDUCATION], domains[Discipline.SOCIAL_WORK])
    session.commit()
    return {
        **review_twice(family, plan),
        **health,
        **law,
        **school,
        "plan_domain": psychology.ref,
        "goal": goal.ref,
        "action": action.ref,
        "appointment": appointment.ref,
        "care_session": care_session.ref,
        "note": note.ref,
    }


def look_after_her_health(family: "Family", domain: PlanDomain) -> dict[str, uuid.UUID]:
    """One of each that whoever keeps this domain writes down; what the shift gives was asked when she came."""
    session, now, by = family.make.session, family.now, family.by(Role.CASEWORKER)
    whose = Whose(family.mother, newest_placement(session, family.mother.id), dt.UTC)
    about = {"domain": domain, "whose": whose, "now": now, "by": by}
    treatment = record_treatment(
        session,
        new=NewTreatment(
            TreatmentKind.WOUND,
            Facility.CLINIC,
            CareState.DONE,
            family.today,
            words=family.words("Kontrol"),
            cost=120_000,
            funding=Funding.APBD,
        ),
        **about,
    )
    visum = record_visum(
        session,
        new=NewVisum(
            VisumKind.PHYSICAL,
            Facility.HOSPITAL,
            CareState.DONE,
            letter_number=family.words("B/77", 60),
            letter_on=family.today,
            on_day=family.today,
            report_number=family.words("VER/9", 60),
            cost=350_000,
            funding=Funding.DAK_PPA,
        ),
        **about,
    )
    note_limits(session, new=NewLimits(now, LimitAnswer.GIVEN, now), **about)
    expected = family.today + dt.timedelta(days=90)
    pregnancy = note_pregnancy(session, whose=whose, expected=expected, now=now, by=by)
    medicine = session.scalars(select(Medicine).where(Medicine.resident_id == family.mother.id)).one()
    allergy = session.scalars(
        select(Alert).where(Alert.resident_id == family.mother.id, Alert.kind == AlertKind.ALLERGY)
    ).one()
    return {
        "health_domain": domain.ref,
        "treatment": treatment.ref,
        "visum": visum.ref,
        "medicine": medicine.ref,
        "allergy": allergy.ref,
        "pregnancy": pregnancy.ref,
    }


def hold_session(
    family: "Family", domain: PlanDomain, goal: Goal | None, discipline: Discipline, worker: Account
) -> tuple[CareSession, Note]:
    """A session of this domain an hour ago at most, with a note that only `discipline` reads."""
    session, now = family.make.session, family.now
    held = record_session(
        session,
        domain=domain,
        placement=newest_placement(session, family.mother.id),
        resident=family.mother,
        new=NewSession(KINDS[domain.domain][0], now - dt.timedelta(minutes=family.make.next() % 50), 45),
        outcome=Outcome(
            progress=[(goal, Progress.FORWARD)] if goal else [],
            note=family.words(f"Ia berkata kepada {discipline}"),
            discipline=discipline,
        ),
        now=now,
        by=actor(worker),
    )
    return held, session.scalars(select(Note).where(Note.care_session_id == held.id)).one()
