"""The houses of the stories, as they stood when the story began: real rows, and people who can sign in."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from safehouse.access.models import Account, Discipline, House
from safehouse.access.permissions import Role
from safehouse.demo.cast import DemoAccount
from safehouse.residents.models import Assignment, Danger, DangerLevel, Examiner, HealthCheck, HealthOutcome, Resident
from safehouse.shelter.choices import RoomPurpose
from safehouse.vault.operations import key_of, seal
from tests.office import PASSWORD, Clock, Make

Person = tuple[str, str, Role, dict[str, Any]]
TEAM: tuple[Person, ...] = (
    ("wening", "Mbak Wening", Role.STAFF, {}),
    ("sekar", "Mbak Sekar", Role.STAFF, {}),
    ("rahma", "Bu Rahma", Role.CASEWORKER, {"disciplines": (Discipline.SOCIAL_WORK,)}),
    ("anjar", "Bu Anjar", Role.CASEWORKER, {"disciplines": (Discipline.PSYCHOLOGY,)}),
    ("kepala", "Bu Ningsih", Role.MANAGER, {"is_head": True}),
    ("dewi", "Bu Dewi", Role.MANAGER, {}),
)
# The plan of a resident has a worker for each domain.
OF_THE_PLAN: tuple[Person, ...] = (
    ("lestari", "Bu Lestari", Role.CASEWORKER, {"disciplines": (Discipline.HEALTH,)}),
    ("puspita", "Bu Puspita", Role.CASEWORKER, {"disciplines": (Discipline.EDUCATION,)}),
    ("ratih", "Bu Ratih", Role.CASEWORKER, {"disciplines": (Discipline.LEGAL,)}),
)
DISCIPLINE_OF = {
    "rahma": Discipline.SOCIAL_WORK,
    "anjar": Discipline.PSYCHOLOGY,
    "lestari": Discipline.HEALTH,
    "puspita": Discipline.EDUCATION,
    "ratih": Discipline.LEGAL,
}


@dataclass
class Staffed:
    """A house with its team; `make` adds rooms and residents."""

    make: Make
    house: House
    accounts: dict[str, Account]

    @property
    def people(self) -> list[DemoAccount]:
        return [
            DemoAccount(one.username, str(one.role), PASSWORD, self.make.secrets[one.id])
            for one in self.accounts.values()
        ]

    def living(self, room: str, beds: int, purpose: RoomPurpose, *, taken: int, cots: int = 0, **more) -> None:
        """A room of so many beds, so many of them slept in for some days: nothing waits for those who sleep there."""
        made = self.make.room(self.house, room, purpose, beds=beds, cots=cots, **more)
        since = self.make.clock.now - dt.timedelta(days=3)
        for bed in self.make.beds(made)[:taken]:
            resident = self.make.resident(bed, arrived=since, limit_days=30)
            self.answered_for(resident, "anjar", since)

    def assigned(self, resident: Resident, who: str, since: dt.datetime, *, coordinator: bool = False) -> None:
        self.make.saved(
            Assignment(
                resident_id=resident.id,
                account_id=self.accounts[who].id,
                discipline=DISCIPLINE_OF[who],
                coordinator=coordinator,
                since=since,
            )
        )

    def answered_for(self, resident: Resident, who: str, since: dt.datetime) -> None:
        """Her caseworker looks after her, and has said how much danger there is; she was examined when she came."""
        account = self.accounts[who]
        self.assigned(resident, who, since, coordinator=True)
        self.make.saved(
            Danger(
                household_id=resident.household_id,
                level=DangerLevel.LOW,
                grounds="threat-,weapon-,worse-",
                at=since,
                by_id=account.id,
            )
        )
        self.make.saved(
            HealthCheck(
                resident_id=resident.id,
                at=since,
                examiner=Examiner.HEALTH_WORKER,
                outcome=HealthOutcome.NOTHING_NEEDED,
                noted_at=since,
                by_id=account.id,
            )
        )


def staffed(
    session: Session, clock: Callable[[], dt.datetime], *, limit_days: int = 14, team: Sequence[Person] = TEAM
) -> Staffed:
    make = Make(session, Clock(clock()))
    # Those who live here already came before the house kept plans; whoever comes from now on has one.
    make.office().follows_plans_since = make.clock.now
    house = make.house("Rumah Melati", stay_limit_days=limit_days)
    accounts = {
        username: make.account(role, house, username=username, shown_name=name, **more)
        for username, name, role, more in team
    }
    return Staffed(make, house, accounts)


def on_saturday_night(session: Session, clock: Callable[[], dt.datetime]) -> list[DemoAccount]:
    """Room A has three beds and a cot free, B is full, C has two of four free, D is for isolation and taken."""
    office = staffed(session, clock)
    office.living("A", 3, RoomPurpose.MOTHER_CHILD, taken=0, cots=1, ground_floor=True)
    office.living("B", 3, RoomPurpose.ADULT_WOMEN, taken=3)
    office.living("C", 4, RoomPurpose.ANY_FAMILY, taken=2)
    office.living("D", 1, RoomPurpose.ISOLATION, taken=1, isolation=True)
    return office.people


def a_week_before_the_limit(session: Session, clock: Callable[[], dt.datetime]) -> list[DemoAccount]:
    """A house that gives seven days. She came this afternoon, and Bu Rahma looks after her."""
    office = staffed(session, clock, limit_days=7)
    room, _other = (
        office.make.room(office.house, label, RoomPurpose.ADULT_WOMEN, beds=2, ground_floor=True) for label in "AB"
    )
    since = dt.datetime(2026, 11, 15, 8, tzinfo=dt.UTC)
    kenari = office.make.resident(office.make.beds(room)[0], alias="Kenari", arrived=since, limit_days=7)
    office.answered_for(kenari, "rahma", since)
    return office.people


def with_one_bed_left_in_the_best_room(session: Session, clock: Callable[[], dt.datetime]) -> list[DemoAccount]:
    """One bed in the room for women; in the room for families there is another, which is second best."""
    office = staffed(session, clock)
    office.living("A", 2, RoomPurpose.ADULT_WOMEN, taken=1)
    office.living("B", 2, RoomPurpose.ANY_FAMILY, taken=1)
    return office.people


# The girl of the story of a plan: what she is called here, her name, and where she went to school.
HER_ALIAS, HER_NAME, HER_SCHOOL = "Cemara", "Ratna Anjani Wulandari", "SMP Negeri 7 Sukajaya"


def with_a_girl_of_fifteen(session: Session, clock: Callable[[], dt.datetime]) -> list[DemoAccount]:
    """She has come this night, alone. Somebody of each discipline is assigned to her; managers are told of what is late
    after two days."""
    office = staffed(session, clock, team=(*TEAM, *OF_THE_PLAN))
    office.make.office().tell_manager_after_hours = 48
    room = office.make.room(office.house, "A", RoomPurpose.GIRLS, beds=2, ground_floor=True)
    since = office.make.clock.now
    girl = office.make.resident(
        office.make.beds(room)[0], alias=HER_ALIAS, arrived=since, limit_days=150, birth_month=dt.date(2011, 4, 1)
    )
    girl.name = seal(session, girl, "name", HER_NAME, key=key_of(session, girl.ref))
    office.answered_for(girl, "rahma", since)
    for who in ("anjar", "lestari", "puspita", "ratih"):
        office.assigned(girl, who, since)
    return office.people
