"""What happened in the invented office in the last half year, told in order through the real operations."""

import datetime as dt
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from safehouse.access.models import Discipline, House
from safehouse.access.permissions import Role
from safehouse.demo.families import (
    ARRIVALS,
    ASSIGNMENTS,
    JUST_LEFT,
    LAST_NIGHT,
    ONE,
    TWO,
    WOMAN,
    Arrival,
    boy,
    girl,
)
from safehouse.demo.gaharu import plan_of_gaharu
from safehouse.demo.kenari import plans_of_kenari
from safehouse.demo.other_plans import other_plans
from safehouse.demo.papers import NOTHING, accept, agree, ask_at_arrival, decide, examine, screen, screen_referral
from safehouse.demo.plan_book import Event, happenings
from safehouse.demo.safety import (
    ASKED_DAYS,
    GRANTED_DAYS,
    ask_more_days,
    colleague_names_a_relative,
    grant_days,
    never_pass_on_calls,
    report_runs,
    write_down_who_she_is,
)
from safehouse.demo.stage import Stage
from safehouse.residents.models import Resident
from safehouse.residents.operations.people import NewPerson, assign
from safehouse.shelter.choices import (
    AnswerKind,
    Destination,
    ExtensionReason,
    LeaveKind,
    Need,
    ReferralSource,
    RefusalGround,
    Urgency,
    WaitingPlace,
)
from safehouse.shelter.models import Bed, Cleaning, Referral
from safehouse.shelter.operations.answering import GivenAnswer, answer_referral
from safehouse.shelter.operations.cleaning import say_ready
from safehouse.shelter.operations.holding import hold_beds
from safehouse.shelter.operations.leaving import start_leave
from safehouse.shelter.operations.moving import depart, move, plan_exit
from safehouse.shelter.operations.placing import place_family
from safehouse.shelter.operations.rooms import make_closure
from safehouse.shelter.operations.taking import take_referral, withdraw_referral
from safehouse.shelter.rules.arranging import Place
from safehouse.shelter.rules.houses import HouseView
from safehouse.shelter.rules.reasons import Standing
from safehouse.shelter.rules.screening import Choice, Part, Question
from safehouse.shelter.rules.suggesting import Option

LATE_IN_THE_EVENING = (22, 40)
DAYS_UNTIL_VERDICT = 240
FRESH, STALE = dt.timedelta(hours=3), dt.timedelta(hours=20)


@dataclass
class Story:
    """Tells it. Everything lies before the stage's `now`."""

    stage: Stage
    events: list[tuple[dt.datetime, Event]] = field(default_factory=list)

    def tell(self) -> None:
        for one in ARRIVALS:
            self._comes(one)
        self._family_of_last_night()
        for days_ago, alias, who, discipline, coordinator in ASSIGNMENTS:
            self._on(days_ago, 9, partial(self._assign, alias, who, discipline, coordinator))
        self._on(33, 14, self._referral_withdrawn)
        self._on(20, 10, partial(colleague_names_a_relative, self.stage))
        self._on(14, 11, partial(write_down_who_she_is, self.stage, "Mahoni", "ratih"))
        # Sengon and her son came late at night; the small room for the two of them was free two days later.
        self._on(10, 15, self._sengon_moves)
        self._on(10, 17, self._beds_are_ready)
        self._on(7, 11, self._referral_refused)
        self._on(5, 10, partial(never_pass_on_calls, self.stage))
        self._on(5, 11, partial(write_down_who_she_is, self.stage, "Kenari", "ratih"))
        until_verdict = partial(self._more_days, "Gaharu", "laras", ExtensionReason.LEGAL_PROCESS, "Saksi di sidang")
        self._on(147, 10, partial(until_verdict, days=DAYS_UNTIL_VERDICT))
        self._on(146, 8, partial(grant_days, self.stage, "Gaharu"))
        self._on(
            13, 10, partial(self._more_days, "Kenari", "ratih", ExtensionReason.THREAT, "Laporan dan visum", days=30)
        )
        self._on(12, 8, partial(grant_days, self.stage, "Kenari"))
        self._on(4, 10, partial(self._more_days, "Pinus", "asri", ExtensionReason.HEALTH, "Pemeriksaan di puskesmas"))
        self._on(3, 8, partial(grant_days, self.stage, "Pinus", days=GRANTED_DAYS))
        self._on(3, 15, self._jati_leaves_today)
        self._on(2, 9, self._bed_breaks)
        self._on(1, 7, self._pinus_goes_to_hospital)
        self._on(1, 10, partial(report_runs, self.stage))
        self._on(1, 11, self._family_is_asked_to_wait)
        self._on(1, 14, partial(self._more_days, "Trembesi", "galuh", ExtensionReason.SCHOOL_EXAM, "Ujian di sekolah"))
        self._before(150, self._kemiri_leaves)
        self._before(70, self._mother_with_infant_asks)
        self._before(25, self._mother_with_three_asks)
        plans = [*plans_of_kenari(self.stage), plan_of_gaharu(self.stage), *other_plans(self.stage)]
        self.events += happenings(plans)
        for when, happens in sorted(self.events, key=lambda event: event[0]):
            happens(when)
            self.stage.session.flush()

    def _on(self, days_ago: int, hour: int, happens: Event) -> None:
        self.events.append((self.stage.at(days_ago, hour), happens))

    def _before(self, minutes: int, happens: Event) -> None:
        self.events.append((self.stage.now - dt.timedelta(minutes=minutes), happens))

    # Families come and go

    def _comes(self, one: Arrival) -> None:
        """A family's first day: everything before the door opens where it was planned, else what can be done then."""
        stage = self.stage
        asked = stage.at(one.days_ago, one.hour)
        steps: list[tuple[int, Event]] = [(0, partial(self._refer_family, one)), (10, partial(screen, stage, one))]
        if one.planned:
            steps += [(15, partial(accept, stage, one)), (20, partial(agree, stage, one))]
            steps += [(30, partial(decide, stage, one))]
        steps += [(40, partial(self._arrive, one))]
        if not one.planned:
            steps += [(65, partial(agree, stage, one))]
            self.events.append((stage.at(one.days_ago - 1, 8, 30), partial(decide, stage, one)))
        steps += [(80, partial(ask_at_arrival, stage, one))]
        self.events.append((stage.at(one.days_ago - 1, 7, 30), partial(examine, stage, one)))
        self.events += [(asked + dt.timedelta(minutes=minutes), happens) for minutes, happens in steps]
        if one.left:
            days_ago, kind = one.left
            self._on(days_ago, 10, partial(self._leave, one, kind))
            self._on(days_ago, 12, self._beds_are_ready)

    def _family_of_last_night(self) -> None:
        """An emergency: a bed first. Some of what is asked could not be asked at that hour, and the head was asleep."""
        stage, one = self.stage, LAST_NIGHT
        evenings = [stage.at(days_ago, *LATE_IN_THE_EVENING) for days_ago in range(3)]
        asked = max(evening for evening in evenings if evening <= stage.now - FRESH)
        if stage.now - asked > STALE:
            asked = stage.now - FRESH * 3
        not_yet = (Question.DISABILITY, Question.FAITH, Question.LEFT_BEHIND)
        steps: list[tuple[int, Event]] = [
            (0, partial(self._refer_family, one)),
            (10, partial(screen, stage, one, but=not_yet)),
            (40, partial(self._arrive, one)),
            (60, partial(ask_at_arrival, stage, one, belongings=False)),
        ]
        self.events += [(asked + dt.timedelta(minutes=minutes), happens) for minutes, happens in steps]

    def _refer_family(self, one: Arrival, when: dt.datetime) -> None:
        urgency = Urgency.TODAY if one.planned else Urgency.NOW
        referral = self._refer(one.people, one.needs, one.source, urgency, who=one.by, when=when)
        self.stage.referrals[one.alias] = referral

    def _arrive(self, one: Arrival, when: dt.datetime) -> None:
        stage, referral = self.stage, self.stage.referrals[one.alias]
        account, house = stage.accounts[one.by], stage.built.house(one.house)
        placements = place_family(
            stage.session,
            referral=referral,
            option=self._option(one, house),
            aliases=one.names,
            arrived_at=when,
            planned_exit=stage.day(when) + dt.timedelta(days=house.stay_limit_days),
            today=stage.day(when),
            act=stage.act("referral:place", one.by, when, referral.ref),
            now=when,
            by=stage.by(one.by),
            role=account.role or Role.STAFF,
        )
        living = {placement.resident_id for placement in placements}
        positions = sorted(referral.people, key=lambda person: person.position)
        stage.families[one.alias] = [
            stage.session.get_one(Resident, person.resident_id) for person in positions if person.resident_id in living
        ]

    def _option(self, one: Arrival, house: House) -> Option:
        """The place they were given, as the page would have offered it."""
        places = []
        for at, label in enumerate(one.beds):
            bed = self.stage.built.bed(one.house, one.room, one.beds[0] if label == "<" else label)
            places.append(Place(at, bed.room_id, bed.id, bed.kind, shares_with=0 if label == "<" else None))
        return Option(
            key=one.alias,
            house=HouseView(house.id, house.ref, house.name),
            rooms=(),
            places=tuple(places),
            standing=Standing.RECOMMENDED,
            reasons=(),
        )

    def _leave(self, one: Arrival, kind: Destination, when: dt.datetime) -> None:
        depart(
            self.stage.session,
            residents=self.stage.families[one.alias],
            at=when,
            place_kind=kind,
            now=when,
            by=self.stage.by(one.by),
        )

    def _kemiri_leaves(self, when: dt.datetime) -> None:
        self._leave(JUST_LEFT, Destination.INDEPENDENT, when)

    def _beds_are_ready(self, when: dt.datetime) -> None:
        """Whatever was left is clean again."""
        session = self.stage.session
        beds = select(Bed).join(Cleaning, Cleaning.bed_id == Bed.id).where(Cleaning.ready_at.is_(None)).order_by(Bed.id)
        for bed in session.scalars(beds).all():
            say_ready(session, bed=bed, now=when, by=self.stage.by("wulan"))

    def _assign(self, alias: str, who: str, discipline: Discipline, coordinator: bool, when: dt.datetime) -> None:
        for resident in self.stage.families[alias]:
            assign(
                self.stage.session,
                resident=resident,
                account=self.stage.accounts[who],
                discipline=discipline,
                coordinator=coordinator,
                now=when,
                by=self.stage.by("hartati"),
            )

    def _sengon_moves(self, when: dt.datetime) -> None:
        move(
            self.stage.session,
            resident=self.stage.eldest("Sengon"),
            bed=self.stage.built.bed(TWO, "4", "A"),
            reasons=(),
            act=self.stage.act("stay:move", "wulan", when),
            moved_at=when,
            now=when,
            by=self.stage.by("wulan"),
        )

    def _more_days(
        self, alias: str, who: str, reason: ExtensionReason, done: str, when: dt.datetime, *, days: int = ASKED_DAYS
    ) -> None:
        ask_more_days(self.stage, alias, who, when, reason=reason, done=done, days=days)

    def _jati_leaves_today(self, when: dt.datetime) -> None:
        plan_exit(
            self.stage.session,
            residents=self.stage.families["Jati"],
            day=self.stage.day(self.stage.now),
            today=self.stage.day(when),
            zone=self.stage.zone,
            now=when,
            by=self.stage.by("ratih"),
        )

    def _pinus_goes_to_hospital(self, when: dt.datetime) -> None:
        due = dt.datetime.combine(
            self.stage.day(self.stage.now) + dt.timedelta(days=1), dt.time(16), self.stage.zone
        ).astimezone(dt.UTC)
        start_leave(
            self.stage.session,
            residents=self.stage.families["Pinus"],
            kind=LeaveKind.HOSPITAL,
            from_at=when,
            due_back=due,
            now=when,
            by=self.stage.by("wulan"),
        )

    def _bed_breaks(self, when: dt.datetime) -> None:
        make_closure(
            self.stage.session,
            house=self.stage.built.house(ONE),
            room=None,
            bed=self.stage.built.bed(ONE, "4", "B"),
            first_day=self.stage.day(when),
            last_day=self.stage.day(self.stage.now) + dt.timedelta(days=4),
            reason="Ranjang rusak",
            now=when,
            by=self.stage.by("hartati"),
        )

    # Referrals

    def _refer(
        self,
        people: tuple[NewPerson, ...],
        needs: tuple[Need, ...],
        source: ReferralSource,
        urgency: Urgency,
        *,
        who: str,
        when: dt.datetime,
        message: str | None = None,
    ) -> Referral:
        return take_referral(
            self.stage.session,
            source=source,
            urgency=urgency,
            people=people,
            needs=needs,
            their_reference=None,
            contact="Petugas piket, 0800 0000 000",
            message=message,
            now=when,
            by=self.stage.by(who),
        )

    def _answer(self, referral: Referral, given: GivenAnswer, who: str, when: dt.datetime) -> None:
        answer_referral(
            self.stage.session,
            referral=referral,
            given=given,
            today=self.stage.day(when),
            now=when,
            by=self.stage.by(who),
        )

    def _referral_withdrawn(self, when: dt.datetime) -> None:
        referral = self._refer((WOMAN,), (), ReferralSource.FAMILY, Urgency.PLANNED, who="wulan", when=when)
        withdraw_referral(
            self.stage.session,
            referral=referral,
            now=when + dt.timedelta(hours=2),
            by=self.stage.by("wulan"),
        )

    def _referral_refused(self, when: dt.datetime) -> None:
        """She needs a hospital more than a house, and is sent on to one."""
        referral = self._refer((WOMAN,), (), ReferralSource.PUBLIC, Urgency.TODAY, who="ratih", when=when)
        given = GivenAnswer(AnswerKind.REFUSED, ground=RefusalGround.HOSPITAL_CARE, new_agency="RSUD Contoh")
        self._answer(referral, given, "ratih", when + dt.timedelta(minutes=30))

    def _family_is_asked_to_wait(self, when: dt.datetime) -> None:
        """They are with relatives until today, when somebody calls again."""
        referral = self._refer((WOMAN, boy(8)), (), ReferralSource.VILLAGE, Urgency.PLANNED, who="wulan", when=when)
        later = when + dt.timedelta(minutes=40)
        screen_referral(self.stage, referral, NOTHING, later, who="wulan")
        given = GivenAnswer(
            AnswerKind.WAITING, call_again=self.stage.day(self.stage.now), waiting_place=WaitingPlace.RELATIVES
        )
        self._answer(referral, given, "wulan", later + dt.timedelta(minutes=10))

    def _mother_with_infant_asks(self, when: dt.datetime) -> None:
        """A bed is kept for them; the officer on duty rang back that they are on their way."""
        referral = self._refer((WOMAN, girl(0, 5)), (), ReferralSource.POLICE, Urgency.NOW, who="wulan", when=when)
        chosen = NOTHING | {Part.WORSE: Choice.YES, Part.INFANTS: Choice.YES}
        screen_referral(self.stage, referral, chosen, when + dt.timedelta(minutes=10), who="wulan")
        bed = self.stage.built.bed(ONE, "3", "B")
        hold_beds(
            self.stage.session,
            referral=referral,
            bed_ids=[bed.id],
            hours=4,
            now=when + dt.timedelta(minutes=20),
            by=self.stage.by("wulan"),
        )

    def _mother_with_three_asks(self, when: dt.datetime) -> None:
        """A message came by chat; nobody has asked the twelve questions yet."""
        people = (WOMAN, girl(10), boy(7), girl(4))
        said = "Halo. Ibu dengan 3 anak, umur 10, 7 dan 4 tahun, perlu tempat hari ini. Puskesmas Contoh."
        self._refer(people, (), ReferralSource.HEALTH, Urgency.TODAY, who="tari", when=when, message=said)
