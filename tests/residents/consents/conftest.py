"""A mother and her daughter in a house, those who read to them, and the reported person."""

import datetime as dt

import pytest

from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Relationship,
)
from safehouse.residents.operations.safety import note_reported_person
from tests.office import actor


@pytest.fixture
def house(make):
    return make.house()


@pytest.fixture
def staff(make, house):
    return make.account(Role.STAFF, house)


@pytest.fixture
def witness(make, house):
    return make.account(Role.STAFF, house)


@pytest.fixture
def family(make, house):
    """A mother and a daughter of eleven who live here."""
    beds, household = make.beds(make.room(house, beds=2)), make.household()
    mother = make.resident(beds[0], household=household, alias="Kenari")
    child = make.resident(beds[1], household=household, alias="Anak Kenari", birth_month=dt.date(2015, 6, 1))
    return mother, child


@pytest.fixture
def reported(session, make, family, clock):
    from safehouse.residents.models import Household

    household = session.get_one(Household, family[0].household_id)
    return note_reported_person(
        session,
        household=household,
        relationship=Relationship.HUSBAND,
        name="Slamet Riyadi",
        phone="0812 3456 7890",
        now=clock.now,
        by=actor(make.account(Role.CASEWORKER)),
    )
