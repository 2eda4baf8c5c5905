"""What happened in the invented office in the last two months, told in order through the real operations."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from safehouse.access.models import Account, Discipline, House
from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.demo.cast import actor
from safehouse.demo.houses import Built
from safehouse.residents.models import Resident, Sex
from safehouse.residents.operations.people import NewPerson, assign
from safehouse.residents.rules.naming import child_alias
from safehouse.shelter.choices import Destination, LeaveKind, Need, ReferralSource, Urgency
from safehouse.shelter.models import Bed, Referral
from safehouse.shelter.operations.holding import hold_beds
from safehouse.shelter.operations.leaving import start_leave
from safehouse.shelter.operations.moving import depart, move, plan_exit
from safehouse.shelter.operations.placing import place_family
from safehouse.shelter.operations.rooms import make_closure
from safehouse.shelter.operations.taking import take_referral, withdraw_referral
from safehouse.shelter.rules.arranging import Place
from safehouse.shelter.rules.houses import HouseView
from safehouse.shelter.rules.reasons import Standing
from safehouse.shelter.rules.suggesting import Option

WOMAN = NewPerson(Sex.FEMALE, adult=True, age_months=None)
ONE, TWO = "Rumah Satu", "Rumah Dua"


def girl(years: int, months: int = 0) -> NewPerson:
    return NewPerson(Sex.FEMALE, adult=False, age_months=years * 12 + months)


def boy(years: int, months: int = 0) -> NewPerson:
    return NewPerson(Sex.MALE, adult=False, age_months=years * 12 + months)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A family: an alias for its eldest, who they are (eldest first), and a bed for each.

    "<" instead of a bed: beside the mother. `left` is how many days ago they went, and where to.
    """

    alias: str
    days_ago: int
    hour: int
    people: tuple[NewPerson, ...]
    house: str
    room: str
    beds: tuple[str, ...]
    source: ReferralSource
    by: str
    left: tuple[int, Destination] | None = None
    needs: tuple[Need, ...] = ()


ARRIVALS = (
    # Those who have left.
    Arrival(
        "Merbau",
        52,
        15,
        (WOMAN, girl(8), boy(5)),
        ONE,
        "1",
        ("A", "B", "C"),
        ReferralSource.POLICE,
        "ratih",
        left=(41, Destination.EXTENDED_FAMILY),
    ),
    Arrival(
        "Ulin", 47, 21, (WOMAN,), ONE, "2", ("A",), ReferralSource.SELF, "tari", left=(36, Destination.INDEPENDENT)
    ),
    Arrival(
        "Sawo",
        40,
        10,
        (WOMAN,),
        TWO,
        "2",
        ("A",),
        ReferralSource.SOCIAL_AFFAIRS,
        "ratih",
        left=(24, Destination.SOCIAL_HOME),
    ),
    Arrival(
        "Waru",
        38,
        23,
        (WOMAN, girl(11), boy(7), girl(4)),
        TWO,
        "1",
        ("A", "B", "C", "D"),
        ReferralSource.POLICE,
        "yuni",
        left=(20, Destination.OWN_FAMILY),
    ),
    Arrival(
        "Ketapang",
        35,
        13,
        (girl(16, 2),),
        ONE,
        "4",
        ("A",),
        ReferralSource.SCHOOL,
        "ratih",
        left=(23, Destination.EXTENDED_FAMILY),
    ),
    Arrival(
        "Bungur",
        30,
        19,
        (WOMAN, boy(0, 10)),
        ONE,
        "3",
        ("A", "C"),
        ReferralSource.HEALTH,
        "tari",
        left=(18, Destination.OTHER_REGION),
    ),
    Arrival(
        "Matoa", 26, 9, (WOMAN,), ONE, "2", ("B",), ReferralSource.NGO, "ratih", left=(15, Destination.INDEPENDENT)
    ),
    Arrival("Meranti", 22, 16, (WOMAN,), TWO, "2", ("B",), ReferralSource.LPSK, "ratih", left=(13, Destination.LPSK)),
    # Those who live there now: fourteen people.
    Arrival("Jati", 19, 11, (WOMAN,), TWO, "2", ("A",), ReferralSource.VILLAGE, "ratih"),
    Arrival("Mahoni", 17, 20, (WOMAN,), ONE, "2", ("A",), ReferralSource.POLICE, "tari"),
    Arrival("Sengon", 12, 14, (WOMAN, boy(2, 2)), TWO, "2", ("B", "<"), ReferralSource.SAPA129, "wulan"),
    Arrival("Trembesi", 11, 17, (girl(15, 4),), ONE, "4", ("A",), ReferralSource.SCHOOL, "ratih"),
    Arrival("Pinus", 9, 8, (WOMAN,), ONE, "2", ("B",), ReferralSource.HEALTH, "wulan", needs=(Need.PREGNANT,)),
    Arrival(
        "Kenari",
        6,
        19,
        (WOMAN, girl(9), boy(6, 2), girl(3, 2)),
        ONE,
        "1",
        ("A", "B", "C", "<"),
        ReferralSource.POLICE,
        "ratih",
    ),
    Arrival("Randu", 4, 18, (WOMAN, girl(0, 7)), ONE, "3", ("A", "C"), ReferralSource.HEALTH, "tari"),
    Arrival("Gaharu", 3, 12, (WOMAN,), TWO, "2", ("B",), ReferralSource.OTHER_UNIT, "yuni"),
    Arrival("Damar", 2, 16, (WOMAN,), TWO, "3", ("A",), ReferralSource.HEALTH, "yuni", needs=(Need.ISOLATION,)),
)

# (days ago, whose family, who answers for it, for what, as coordinator). Gaharu and Damar are left for the manager.
ASSIGNMENTS = (
    (16, "Mahoni", "ratih", Discipline.SOCIAL_WORK, True),
    (15, "Mahoni", "laras", Discipline.LEGAL, False),
    (11, "Sengon", "galuh", Discipline.PSYCHOLOGY, True),
    (10, "Trembesi", "galuh", Discipline.PSYCHOLOGY, False),
    (10, "Trembesi", "laras", Discipline.EDUCATION, False),
    (8, "Pinus", "asri", Discipline.HEALTH, True),
    (5, "Kenari", "galuh", Discipline.PSYCHOLOGY, False),
    (3, "Randu", "asri", Discipline.HEALTH, True),
)


@dataclass
class Story:
    """Tells it. `now` is the moment the demo is made; everything lies before it."""

    session: Session
    built: Built
    accounts: dict[str, Account]
    now: dt.datetime
    zone: ZoneInfo
    families: dict[str, list[Resident]] = field(default_factory=dict)
    events: list[tuple[dt.datetime, Callable[[dt.datetime], None]]] = field(default_factory=list)

    def tell(self) -> None:
        for one in ARRIVALS:
            self._at(one.days_ago, one.hour, partial(self._arrive, one))
            if one.left:
                days_ago, kind = one.left
                self._at(days_ago, 10, partial(self._leave, one, kind))
        for days_ago, alias, who, discipline, coordinator in ASSIGNMENTS:
            self._at(days_ago, 9, partial(self._assign, alias, who, discipline, coordinator))
        self._at(33, 14, self._referral_withdrawn)
        # Sengon and her son came late at night; the small room for the two of them was free two days later.
        self._at(10, 15, self._sengon_moves)
        self._at(3, 15, self._jati_leaves_today)
        self._at(2, 9, self._bed_breaks)
        self._at(1, 7, self._pinus_goes_to_hospital)
        self._before(70, self._mother_with_infant_asks)
        self._before(25, self._mother_with_three_asks)
        for when, happens in sorted(self.events, key=lambda event: event[0]):
            happens(when)
            self.session.flush()

    def _at(self, days_ago: int, hour: int, happens: Callable[[dt.datetime], None]) -> None:
        day = self.now.astimezone(self.zone).date() - dt.timedelta(days=days_ago)
        when = dt.datetime.combine(day, dt.time(hour), self.zone)
        self.events.append((when.astimezone(dt.UTC), happens))

    def _before(self, minutes: int, happens: Callable[[dt.datetime], None]) -> None:
        self.events.append((self.now - dt.timedelta(minutes=minutes), happens))

    def _day(self, when: dt.datetime) -> dt.date:
        return when.astimezone(self.zone).date()

    def _arrive(self, one: Arrival, when: dt.datetime) -> None:
        """Referred, and placed forty minutes later."""
        account, house = self.accounts[one.by], self.built.house(one.house)
        by = actor(account)
        referral = self._refer(one.people, one.needs, one.source, Urgency.TODAY, who=one.by, when=when)
        placed_at = when + dt.timedelta(minutes=40)
        act = begin_act(
            self.session, key=uuid.uuid4(), kind="referral:place", now=placed_at, by=by, subject=referral.ref
        )
        names = {0: one.alias} | {
            at: child_alias(one.alias, at, len(one.people) - 1) for at in range(1, len(one.people))
        }
        placements = place_family(
            self.session,
            referral=referral,
            option=self._option(one, house),
            aliases=names,
            arrived_at=placed_at,
            planned_exit=self._day(placed_at) + dt.timedelta(days=house.stay_limit_days),
            today=self._day(placed_at),
            act=act,
            now=placed_at,
            by=by,
            role=account.role or Role.STAFF,
        )
        self.families[one.alias] = [self.session.get_one(Resident, placement.resident_id) for placement in placements]

    def _option(self, one: Arrival, house: House) -> Option:
        """The place they were given, as the page would have offered it."""
        places = []
        for at, label in enumerate(one.beds):
            bed = self.built.bed(one.house, one.room, one.beds[0] if label == "<" else label)
            places.append(Place(at, bed.room_id, bed.id, bed.kind, shares_with=0 if label == "<" else None))
        return Option(
            key=one.alias,
            house=HouseView(house.id, house.ref, house.name),
            rooms=(),
            places=tuple(places),
            standing=Standing.RECOMMENDED,
            reasons=(),
        )

    def _refer(
        self,
        people: tuple[NewPerson, ...],
        needs: tuple[Need, ...],
        source: ReferralSource,
        urgency: Urgency,
        *,
        who: str,
        when: dt.datetime,
    ) -> Referral:
        return take_referral(
            self.session,
            source=source,
            urgency=urgency,
            people=people,
            needs=needs,
            their_reference=None,
            contact="Petugas piket, 0800 0000 000",
            now=when,
            by=actor(self.accounts[who]),
        )

    def _leave(self, one: Arrival, kind: Destination, when: dt.datetime) -> None:
        depart(
            self.session,
            residents=self.families[one.alias],
            at=when,
            place_kind=kind,
            now=when,
            by=actor(self.accounts[one.by]),
        )

    def _assign(self, alias: str, who: str, discipline: Discipline, coordinator: bool, when: dt.datetime) -> None:
        for resident in self.families[alias]:
            assign(
                self.session,
                resident=resident,
                account=self.accounts[who],
                discipline=discipline,
                coordinator=coordinator,
                now=when,
                by=actor(self.accounts["hartati"]),
            )

    def _referral_withdrawn(self, when: dt.datetime) -> None:
        referral = self._refer((WOMAN,), (), ReferralSource.FAMILY, Urgency.PLANNED, who="wulan", when=when)
        withdraw_referral(
            self.session, referral=referral, now=when + dt.timedelta(hours=2), by=actor(self.accounts["wulan"])
        )

    def _sengon_moves(self, when: dt.datetime) -> None:
        by = actor(self.accounts["wulan"])
        act = begin_act(self.session, key=uuid.uuid4(), kind="stay:move", now=when, by=by)
        move(
            self.session,
            resident=self.families["Sengon"][0],
            bed=self.built.bed(TWO, "4", "A"),
            reasons=(),
            act=act,
            moved_at=when,
            now=when,
            by=by,
        )

    def _jati_leaves_today(self, when: dt.datetime) -> None:
        plan_exit(
            self.session,
            residents=self.families["Jati"],
            day=self._day(self.now),
            today=self._day(when),
            zone=self.zone,
            now=when,
            by=actor(self.accounts["ratih"]),
        )

    def _bed_breaks(self, when: dt.datetime) -> None:
        bed: Bed = self.built.bed(ONE, "4", "B")
        make_closure(
            self.session,
            house=self.built.house(ONE),
            room=None,
            bed=bed,
            first_day=self._day(when),
            last_day=self._day(self.now) + dt.timedelta(days=4),
            reason="Ranjang rusak",
            now=when,
            by=actor(self.accounts["hartati"]),
        )

    def _pinus_goes_to_hospital(self, when: dt.datetime) -> None:
        due = dt.datetime.combine(self._day(self.now) + dt.timedelta(days=1), dt.time(16), self.zone)
        start_leave(
            self.session,
            residents=self.families["Pinus"],
            kind=LeaveKind.HOSPITAL,
            from_at=when,
            due_back=due.astimezone(dt.UTC),
            now=when,
            by=actor(self.accounts["wulan"]),
        )

    def _mother_with_infant_asks(self, when: dt.datetime) -> None:
        """A bed is kept for them; the officer on duty rang back that they are on their way."""
        referral = self._refer((WOMAN, girl(0, 5)), (), ReferralSource.POLICE, Urgency.NOW, who="wulan", when=when)
        bed = self.built.bed(ONE, "3", "B")
        hold_beds(
            self.session,
            referral=referral,
            bed_ids=[bed.id],
            hours=4,
            now=when + dt.timedelta(minutes=20),
            by=actor(self.accounts["wulan"]),
        )

    def _mother_with_three_asks(self, when: dt.datetime) -> None:
        self._refer((WOMAN, girl(10), boy(7), girl(4)), (), ReferralSource.HEALTH, Urgency.TODAY, who="tari", when=when)
