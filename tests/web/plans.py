"""The plan of a family that lives in a house, with one thing of each kind in it, through the real operations.

`text` goes into whatever people write. The references that come back name what addresses are made of.
"""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from safehouse.access.models import Account, Discipline
from safehouse.access.permissions import Role
from safehouse.services.choices import DOMAINS_IN_ORDER, AppointmentKind, AppointmentPlace, Funding, Progress, WordsKind
from safehouse.services.models import CareSession, Goal, Note, PlanDomain
from safehouse.services.operations.appointments import NewAppointment, make_appointment
from safehouse.services.operations.planning import NewAction, open_plan, plan_action, set_goal, write_words
from safehouse.services.operations.sessions import Outcome, record_session
from safehouse.services.queries.plans import newest_placement
from safehouse.services.rules.sessions import KINDS, NewSession
from tests.office import actor

if TYPE_CHECKING:
    from tests.web.things import Family

# What belongs to the plan of a resident, and is found by nobody who may not see her.
OF_A_PLAN = ("plan_domain", "goal", "action", "appointment", "care_session", "note")


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
    session.commit()
    return {
        "plan_domain": psychology.ref,
        "goal": goal.ref,
        "action": action.ref,
        "appointment": appointment.ref,
        "care_session": care_session.ref,
        "note": note.ref,
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
