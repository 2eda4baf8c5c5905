"""A house in which one resident lives, with a caseworker of each discipline."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from safehouse.access.models import Account, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Resident
from safehouse.services.choices import DOMAINS_IN_ORDER
from safehouse.services.models import Plan, PlanDomain
from safehouse.services.operations.planning import open_plan
from safehouse.services.queries.plans import newest_placement
from tests.office import actor


@dataclass(frozen=True)
class Ward:
    """`resident` lives here; `maya` coordinates; the others are assigned in their discipline."""

    resident: Resident
    maya: Account
    indah: Account
    sekar: Account
    lestari: Account
    puspita: Account


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", beds=4))


@pytest.fixture
def ward(make, house, beds, session, clock) -> Ward:
    resident = make.resident(beds[0])
    people = {}
    for name, discipline in (
        ("Maya", Discipline.SOCIAL_WORK),
        ("Indah", Discipline.PSYCHOLOGY),
        ("Sekar", Discipline.LEGAL),
        ("Lestari", Discipline.HEALTH),
        ("Puspita", Discipline.EDUCATION),
    ):
        account = make.account(Role.CASEWORKER, house, shown_name=name, disciplines=(discipline,))
        session.add(
            Assignment(
                resident_id=resident.id,
                account_id=account.id,
                discipline=discipline,
                coordinator=discipline is Discipline.SOCIAL_WORK,
                since=clock.now,
            )
        )
        people[name.lower()] = account
    session.commit()
    return Ward(resident, **people)


@pytest.fixture
def manager(make, house):
    return make.account(Role.MANAGER, house, shown_name="Bu Hartati")


@pytest.fixture
def plan(ward, session, clock) -> Plan:
    """Her plan, open in every domain."""
    made = open_plan(
        session,
        resident=ward.resident,
        placement=newest_placement(session, ward.resident.id),
        needs=dict.fromkeys(DOMAINS_IN_ORDER, ""),
        now=clock.now,
        by=actor(ward.maya),
    )
    session.commit()
    return made


@pytest.fixture
def domain_of(session, plan):
    """`domain_of(Discipline.HEALTH)` is that domain of her plan."""

    def found(domain: Discipline) -> PlanDomain:
        return session.scalars(
            select(PlanDomain).where(PlanDomain.plan_id == plan.id, PlanDomain.domain == domain)
        ).one()

    return found
