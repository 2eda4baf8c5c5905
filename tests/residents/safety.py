"""Two families, their houses, and what tests about their safety do again and again."""

from dataclasses import dataclass

from safehouse.access.models import Account, Discipline, House
from safehouse.access.permissions import Role
from safehouse.residents.models import Household, Relationship, Resident
from safehouse.residents.operations.people import assign
from safehouse.residents.operations.safety import note_reported_person
from tests.office import Make, actor

# Invented: nobody has these.
NIK, OTHER_NIK = "3325014708950001", "3325010708900002"
PHONE = "0812-0000-0001"


@dataclass
class Family:
    """A household and one of its people."""

    household: Household
    one: Resident


@dataclass
class Place:
    """A house with beds and someone who manages it."""

    house: House
    beds: list
    manager: Account


def place(make: Make, name: str | None = None, beds: int = 4) -> Place:
    house = make.house(name)
    return Place(house, make.beds(make.room(house, beds=beds)), make.account(Role.MANAGER, house))


def family(make: Make, bed=None, **more) -> Family:
    household = make.household()
    return Family(household, make.resident(bed, household=household, **more))


def reported(make: Make, who: Family, relationship: Relationship = Relationship.HUSBAND, **facts):
    by = make.account(Role.CASEWORKER)
    found = note_reported_person(
        make.session, household=who.household, relationship=relationship, **facts, now=make.clock.now, by=actor(by)
    )
    make.session.commit()
    return found


def coordinator(make: Make, there: Place, who: Family) -> Account:
    """The caseworker of this house who coordinates the help for this family."""
    caseworker = make.account(Role.CASEWORKER, there.house, disciplines=(Discipline.SOCIAL_WORK,))
    assign(
        make.session,
        resident=who.one,
        account=caseworker,
        discipline=Discipline.SOCIAL_WORK,
        coordinator=True,
        now=make.clock.now,
        by=actor(there.manager),
    )
    make.session.commit()
    return caseworker
