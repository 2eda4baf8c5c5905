"""One resident's plan as her workers keep it: what the invented office writes into it, through the real operations."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.demo.stage import Stage
from safehouse.residents.models import Reading, Resident, Signing
from safehouse.residents.operations.people import assign
from safehouse.services.choices import (
    ActionState,
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    Attendance,
    Funding,
    Progress,
    SafeWay,
    SessionKind,
    SessionPlace,
    SupportKind,
    Transport,
    WordsKind,
)
from safehouse.services.models import Action, Appointment, Goal, Plan, PlanDomain
from safehouse.services.operations.appointments import NewAppointment, make_appointment, settle_appointment
from safehouse.services.operations.planning import (
    NewAction,
    agree_plan,
    change_action,
    open_plan,
    plan_action,
    set_goal,
    write_words,
)
from safehouse.services.operations.schooling import Days
from safehouse.services.operations.sessions import Outcome, record_session
from safehouse.services.operations.support import NewSupport, record_support
from safehouse.services.rules.sessions import NewSession
from safehouse.shelter.models import Placement

Event = Callable[[dt.datetime], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal in her own words, and by what it is seen."""

    words: str
    measure: str


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting, and which way each goal went that was talked about."""

    kind: SessionKind
    minutes: int | None = 60
    progress: Mapping[str, Progress] = field(default_factory=dict)
    note: str = ""
    place: SessionPlace = SessionPlace.HOUSE
    attendance: Attendance = Attendance.ATTENDED
    ready: bool = False
    agreed: str = ""  # the appointment it was


@dataclass
class PlanBook:
    """What is written into the plan of the resident at this place of her family. `diary` holds it with its moments;
    goals, steps and appointments are found again by short names."""

    stage: Stage
    family: str
    at: int = 0
    diary: list[tuple[dt.datetime, Event]] = field(default_factory=list)
    goals: dict[str, Goal] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    appointments: dict[str, Appointment] = field(default_factory=dict)

    def on(self, days_ago: int, clock: tuple[int, int], what: Callable[..., object], *args: Any, **more: Any) -> None:
        """This is done on that day, at that time by the clock of her house."""

        def happens(when: dt.datetime) -> None:
            what(*args, when=when, **more)

        self.diary.append((self.stage.at(days_ago, *clock), happens))

    @property
    def resident(self) -> Resident:
        return self.stage.families[self.family][self.at]

    @property
    def placement(self) -> Placement:
        wanted = select(Placement).where(Placement.resident_id == self.resident.id, Placement.left_at.is_(None))
        return self.stage.session.scalars(wanted).one()

    @property
    def plan(self) -> Plan:
        return self.stage.session.scalars(select(Plan).where(Plan.placement_id == self.placement.id)).one()

    def domain(self, of: Discipline) -> PlanDomain:
        wanted = select(PlanDomain).where(PlanDomain.plan_id == self.plan.id, PlanDomain.domain == of)
        return self.stage.session.scalars(wanted).one()

    def ago(self, days: int) -> dt.date:
        """The day so many days before today; after it where `days` is negative."""
        return self.stage.day(self.stage.now) - dt.timedelta(days=days)

    def days(self, when: dt.datetime) -> Days:
        return Days(self.stage.day(self.placement.arrived_at), None, self.stage.day(when))

    def about(self, who: str, when: dt.datetime) -> dict[str, Any]:
        """Whom it is about, who writes it, and when."""
        return {
            "session": self.stage.session,
            "resident": self.resident,
            "now": when,
            "by": self.stage.by(who),
        }

    # The plan itself

    def worker(self, who: str, discipline: Discipline, *, when: dt.datetime) -> None:
        assign(
            account=self.stage.accounts[who], discipline=discipline, coordinator=False, **self.about("hartati", when)
        )

    def open(self, who: str, needs: Mapping[Discipline, str], *, when: dt.datetime) -> None:
        open_plan(placement=self.placement, needs=needs, **self.about(who, when))

    def read_to_her(self, who: str, *, when: dt.datetime) -> None:
        agree_plan(
            plan=self.plan,
            reading=Reading.ALOUD,
            signed=Signing.PAPER,
            sheet_number=f"RL-{self.resident.id:03}",
            witness=None,
            **self.about(who, when),
        )

    def summary(self, of: Discipline, who: str, words: str, *, when: dt.datetime) -> None:
        write_words(domain=self.domain(of), kind=WordsKind.SUMMARY, words=words, **self.about(who, when))

    def wish(self, name: str, of: Discipline, who: str, wish: Wish, *, when: dt.datetime) -> None:
        self.goals[name] = set_goal(
            domain=self.domain(of), words=wish.words, measure=wish.measure, **self.about(who, when)
        )

    def step(
        self,
        name: str,
        of: Discipline,
        who: str,
        what: str,
        due: dt.date,
        *,
        cost: int | None = None,
        funding: Funding | None = None,
        when: dt.datetime,
    ) -> None:
        """A step of the plan that she does who writes it."""
        new = NewAction(what, due, who=self.stage.accounts[who], cost=cost, funding=funding)
        self.actions[name] = plan_action(domain=self.domain(of), new=new, **self.about(who, when))

    def step_done(self, name: str, who: str, *, when: dt.datetime) -> None:
        action = self.actions[name]
        change_action(
            action=action,
            state=ActionState.DONE,
            due=action.due,
            done_on=None,
            cost=action.cost,
            funding=action.funding,
            today=self.stage.day(when),
            **self.about(who, when),
        )

    # What happens

    def session(
        self, of: Discipline, who: str, held: Held, own: Discipline | None = None, *, when: dt.datetime
    ) -> None:
        """It is written down as it ends. `own` is the discipline she is assigned in who held it, where that is not the
        one of the domain."""
        lasted = dt.timedelta(minutes=held.minutes or 0)
        record_session(
            domain=self.domain(of),
            placement=self.placement,
            new=NewSession(held.kind, when - lasted, held.minutes, held.place, held.attendance, held.ready),
            outcome=Outcome(
                progress=[(self.goals[name], progress) for name, progress in held.progress.items()],
                note=held.note,
                discipline=own or of,
                agreed=self.appointments[held.agreed] if held.agreed else None,
            ),
            **self.about(who, when),
        )

    def appointment(
        self,
        name: str,
        of: Discipline,
        kind: AppointmentKind,
        who: str,
        at: dt.datetime,
        place: AppointmentPlace,
        *,
        minutes: int = 60,
        transport: Transport | None = None,
        way: SafeWay | None = None,
        when: dt.datetime,
    ) -> None:
        """She who agrees on it goes along."""
        new = NewAppointment(
            of,
            kind,
            at,
            minutes,
            place,
            companion=self.stage.accounts[who],
            transport=transport,
            safe_way=way,
        )
        self.appointments[name] = make_appointment(new=new, **self.about(who, when))

    def kept(self, name: str, who: str, *, when: dt.datetime) -> None:
        settle_appointment(appointment=self.appointments[name], state=AppointmentState.KEPT, **self.about(who, when))

    def given(self, who: str, kind: SupportKind, words: str, cost: int, funding: Funding, *, when: dt.datetime) -> None:
        today = self.stage.day(when)
        record_support(
            domain=self.domain(Discipline.SOCIAL_WORK),
            new=NewSupport(kind, today, funding, words, cost=cost),
            arrived_on=self.stage.day(self.placement.arrived_at),
            left_on=None,
            today=today,
            **self.about(who, when),
        )


def happenings(books: Sequence[PlanBook]) -> list[tuple[dt.datetime, Event]]:
    """Everything that is written into these plans."""
    return [one for book in books for one in book.diary]
