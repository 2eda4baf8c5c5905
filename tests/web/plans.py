"""The plan of a family that lives in a house, with one thing of each kind in it, through the real operations.

`text` goes into whatever people write. The references that come back name what addresses are made of.
"""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.services.choices import DOMAINS_IN_ORDER, AppointmentKind, AppointmentPlace, Funding, WordsKind
from safehouse.services.models import PlanDomain
from safehouse.services.operations.appointments import NewAppointment, make_appointment
from safehouse.services.operations.planning import NewAction, open_plan, plan_action, set_goal, write_words
from safehouse.services.queries.plans import newest_placement

if TYPE_CHECKING:
    from tests.web.things import Family

# What belongs to the plan of a resident, and is found by nobody who may not see her.
OF_A_PLAN = ("plan_domain", "goal", "action", "appointment")


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
    session.commit()
    return {"plan_domain": psychology.ref, "goal": goal.ref, "action": action.ref, "appointment": appointment.ref}
