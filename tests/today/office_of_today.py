"""Rows that make duties, on top of the invented office."""

import datetime as dt
import uuid

from safehouse.access.models import Account, Approval, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Assignment,
    Consent,
    ConsentItem,
    Danger,
    DangerLevel,
    Examiner,
    GivenBy,
    HealthCheck,
    HealthOutcome,
    Reading,
    Resident,
    Signing,
)
from safehouse.residents.queries.duties import duties as of_residents
from safehouse.shelter.choices import (
    ExtensionReason,
    IntakeItem,
    LeaveKind,
    OwnWish,
    PlacementBasis,
    ReferralState,
)
from safehouse.shelter.models import Extension, IntakeAnswer, Leave, Placement, Screening
from safehouse.shelter.queries.duties import duties as of_the_shelter
from safehouse.vault.operations import key_of, seal
from tests.office import Make


class World:
    """One house, the people who work in it, and what the rules ask of them."""

    def __init__(self, make: Make, *, zone: str = "Asia/Jakarta") -> None:
        self.make, self.session, self.clock = make, make.session, make.clock
        # Plans are asked for in the tests that are about them.
        make.office().follows_plans_since = make.clock.now + dt.timedelta(days=3650)
        self.house = make.house("Rumah Satu", time_zone=zone)
        self.beds = make.beds(make.room(self.house, "1", beds=6))
        self.staff = make.account(Role.STAFF, self.house, language="en")
        self.worker = make.account(Role.CASEWORKER, self.house, language="en")
        self.manager = make.account(Role.MANAGER, self.house, language="en", shown_name="Bu Hartati")
        self.taken = 0

    def bed(self):
        self.taken += 1
        return self.beds[self.taken - 1]

    def lives_here(self, *, assigned: bool = True, assessed: bool = True, checked: bool = True, **more) -> Resident:
        """Someone for whom nothing waits, unless told."""
        more.setdefault("arrived", self.clock.now - dt.timedelta(days=2))
        resident = self.make.resident(self.bed(), **more)
        if assigned:
            self.assign(resident, self.worker)
        if assessed:
            self.assess(resident)
        if checked:
            self.checks(resident, examiner=Examiner.HEALTH_WORKER)
        return resident

    def checks(self, resident: Resident, **more) -> HealthCheck:
        """She was examined as she came, unless told otherwise."""
        outcome = more.pop("outcome", HealthOutcome.NOTHING_NEEDED)
        more.setdefault("examiner", None if outcome is HealthOutcome.DECLINED else Examiner.CLINIC)
        at = more.pop("at", self.placement(resident).arrived_at)
        noted = {"noted_at": self.clock.now, "by_id": self.staff.id} | more
        return self.make.saved(HealthCheck(resident_id=resident.id, at=at, outcome=outcome, **noted))

    def assign(self, resident: Resident, account: Account, *, coordinator: bool = True) -> Assignment:
        return self.make.saved(
            Assignment(
                resident_id=resident.id,
                account_id=account.id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=coordinator,
                since=self.clock.now,
            )
        )

    def assess(self, resident: Resident) -> Danger:
        return self.make.saved(
            Danger(household_id=resident.household_id, level=DangerLevel.HIGH, at=self.clock.now, by_id=self.worker.id)
        )

    def placement(self, resident: Resident) -> Placement:
        return self.session.query(Placement).filter_by(resident_id=resident.id).one()

    def emergency(self, *residents: Resident):
        """These came in an emergency, with one referral."""
        referral = self.make.referral(by=self.staff, state=ReferralState.ACCEPTED)
        for resident in residents:
            placement = self.placement(resident)
            placement.referral_id, placement.basis = referral.id, PlacementBasis.EMERGENCY
        self.session.commit()
        return referral

    def screened(self, referral, *, unanswered: int = 0, unknown: int = 0) -> None:
        screening = Screening(
            referral_id=referral.id,
            level=DangerLevel.LOW,
            grounds="",
            unknown=unknown,
            unanswered=unanswered,
            made_at=self.clock.now,
            made_by_id=self.staff.id,
        )
        screening.answers = seal(self.session, screening, "answers", "{}", key=key_of(self.session, referral.ref))
        self.make.saved(screening)

    def agreed(self, resident: Resident, item: ConsentItem, **more) -> Consent:
        return self.make.saved(
            Consent(
                resident_id=resident.id,
                item=item,
                granted=more.pop("granted", True),
                text_version="1",
                language="id",
                reading=Reading.HERSELF,
                signed=next(iter(Signing)),
                read_by_id=self.staff.id,
                witness_id=self.worker.id,
                given_by=GivenBy.HERSELF,
                since=self.clock.now,
                **more,
            )
        )

    def asked(self, resident: Resident, *items: IntakeItem) -> None:
        for item in items or tuple(IntakeItem):
            self.session.add(
                IntakeAnswer(
                    placement_id=self.placement(resident).id,
                    item=item,
                    some=False,
                    at=self.clock.now,
                    by_id=self.staff.id,
                )
            )
        self.session.commit()

    def away(self, resident: Resident, *, due_back: dt.datetime, **more) -> Leave:
        return self.make.saved(
            Leave(
                placement_id=self.placement(resident).id,
                kind=more.pop("kind", LeaveKind.HOSPITAL),
                from_at=more.pop("from_at", self.clock.now - dt.timedelta(hours=12)),
                due_back=due_back,
                **more,
            )
        )

    def asks_for_days(self, resident: Resident, *, by: Account | None = None, days: int = 9) -> Extension:
        placement, asker = self.placement(resident), by or self.worker
        from_day = placement.arrived_at.date() + dt.timedelta(days=placement.limit_days)
        ref = uuid.uuid4()
        approval = self.make.saved(
            Approval(
                kind="extension",
                subject=ref,
                parameters=bytes(32),
                reason="legal_process",
                asked_by_id=asker.id,
                asked_at=self.clock.now,
                expires_at=self.clock.now + dt.timedelta(days=7),
            )
        )
        return self.make.saved(
            Extension(
                ref=ref,
                placement_id=placement.id,
                number=1,
                from_day=from_day,
                until=from_day + dt.timedelta(days=days),
                reason=ExtensionReason.LEGAL_PROCESS,
                own_wish=OwnWish.STAY,
                danger_id=self.assess(resident).id,
                approval_id=approval.id,
                asked_at=self.clock.now,
                asked_by_id=asker.id,
            )
        )

    # What is found

    def found(self, account: Account) -> list:
        self.session.expire_all()
        return [
            *of_the_shelter(self.session, account_id=account.id, role=account.role, now=self.clock.now),
            *of_residents(self.session, account_id=account.id, role=account.role, now=self.clock.now),
        ]

    def kinds(self, account: Account) -> list[str]:
        return sorted(str(one.kind) for one in self.found(account))

    def only(self, account: Account):
        (one,) = self.found(account)
        return one
