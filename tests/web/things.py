"""Everything that is written about a family during a stay, once each, through the real operations.

`text` goes into whatever people write. The references that come back name what addresses are made of.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from safehouse.access.models import Account, Agency, CoSignature, Discipline, House
from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    AlertKind,
    Assignment,
    ConsentItem,
    DangerLevel,
    Examiner,
    HealthOutcome,
    Household,
    Reading,
    Relationship,
    Resident,
    Side,
    Signing,
    Told,
)
from safehouse.residents.operations.care import NewMedicine, write_alert
from safehouse.residents.operations.consents import (
    Answer,
    BestInterest,
    Outsider,
    Sitting,
    guardian_outside,
    record_answers,
)
from safehouse.residents.operations.danger import assess_danger
from safehouse.residents.operations.denying import deny
from safehouse.residents.operations.granting import take_grant
from safehouse.residents.operations.health import NewHealthCheck, note_health_check
from safehouse.residents.operations.identifying import Identity, record_identity
from safehouse.residents.operations.matters import open_matter, tell_police
from safehouse.residents.operations.relations import keep_relation
from safehouse.residents.operations.safety import note_relatives, note_reported_person
from safehouse.residents.rules.consenting import Tongue
from safehouse.shelter.choices import (
    ExtensionAnswer,
    ExtensionReason,
    KeptWhere,
    LeaveKind,
    OwnWish,
    PlacementBasis,
    ReferralState,
)
from safehouse.shelter.models import AgainstAdvice, Belonging, Cleaning, Placement, Referral
from safehouse.shelter.operations.deciding import decide_placement
from safehouse.shelter.operations.extending import Wanted, ask_extension, decide_extension
from safehouse.shelter.operations.intake import (
    NewBelonging,
    answer_allergies,
    answer_belongings,
    answer_medicines,
)
from safehouse.shelter.operations.leaving import start_leave
from safehouse.shelter.operations.screening import record_screening
from safehouse.shelter.rules.screening import Answers, Choice, Part, Question
from safehouse.trail.models import Actor
from safehouse.vault.operations import key_of, seal
from tests.office import Make, actor
from tests.web.plans import OF_A_PLAN, write_plan

ANSWERED = Answers(
    {
        Part.THREAT: Choice.YES,
        Part.WEAPON: Choice.NO,
        Part.WORSE: Choice.UNKNOWN,
        Part.KNOWN: Choice.YES,
        Part.DOCTOR: Choice.NO,
    }
)
A_DAY = dt.timedelta(days=1)
# What belongs to those who live somewhere, and is found by nobody who may not see them.
OF_A_FAMILY = (
    "resident",
    "child",
    "away",
    "consent",
    "alert",
    "health_check",
    "belonging",
    "matter",
    "grant",
    "extension",
    *OF_A_PLAN,
)


@dataclass
class Family:
    """A mother and a child who live in a house, and who works there."""

    make: Make
    house: House
    mother: Resident
    child: Resident
    accounts: dict[Role, Account]
    beside: Account
    text: str

    @property
    def now(self) -> dt.datetime:
        return self.make.clock.now

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def by(self, role: Role) -> Actor:
        return actor(self.accounts[role])

    def words(self, start: str, longest: int = 200) -> str:
        return f"{start} {self.text}"[:longest]

    def signature(self, kind: str) -> CoSignature:
        """A colleague stood beside."""
        act = begin_act(self.make.session, key=uuid.uuid4(), kind=kind, now=self.now, by=self.by(Role.STAFF))
        self.make.session.flush()
        signature = CoSignature(account_id=self.beside.id, act_id=act.id, at=self.now)
        self.make.session.add(signature)
        self.make.session.flush()
        return signature


def write_everything(family: Family, referral: Referral) -> dict[str, uuid.UUID]:
    """`referral` still waits; the one they came with is made here."""
    session = family.make.session
    household = session.get_one(Household, family.mother.household_id)
    refs = _papers(family, household)
    refs |= _care(family)
    refs |= _safety(family, household)
    refs |= _days(family, household)
    refs |= write_plan(family)
    record_screening(
        session, referral=referral, answers=_answers(family), reported=[], now=family.now, by=family.by(Role.STAFF)
    )
    session.commit()
    return refs


def _answers(family: Family) -> Answers:
    return Answers(ANSWERED.chosen, {Question.HEALTH: family.words("Asma")})


def _papers(family: Family, household: Household) -> dict[str, uuid.UUID]:
    """How they came, what they agreed to, and what was decided."""
    session, now = family.make.session, family.now
    placed = family.make.referral(women=1, state=ReferralState.ACCEPTED, by=family.accounts[Role.STAFF])
    placed.household_id = household.id
    for placement in session.query(Placement).filter(Placement.resident_id.in_([family.mother.id, family.child.id])):
        placement.referral_id, placement.basis = placed.id, PlacementBasis.EMERGENCY
    placed.people[0].resident_id = family.mother.id
    session.flush()
    record_screening(
        session, referral=placed, answers=_answers(family), reported=[], now=now, by=family.by(Role.CASEWORKER)
    )
    agency = family.make.saved(Agency(name=family.words(f"Puskesmas {family.make.next()}", 120)))
    # One reads, another hears it, and a third stands beside where two of the staff decide.
    sitting = Sitting(
        Reading.ALOUD,
        Tongue.INDONESIAN,
        Signing.SPOKEN,
        reader_id=family.accounts[Role.CASEWORKER].id,
        witness_id=family.accounts[Role.STAFF].id,
    )
    (stay, *_rest) = record_answers(
        session,
        resident=family.mother,
        answers=[
            Answer(ConsentItem.STAY, True),
            Answer(ConsentItem.AGENCY, True, until=family.today + 30 * A_DAY, agency=agency, tells=Told.SAFE),
        ],
        sitting=sitting,
        today=family.today,
        now=now,
        by=family.by(Role.CASEWORKER),
    )
    aunt = Outsider(family.words("Bibi", 100), Relationship.OTHER_FAMILY, "0812-0000-0031")
    guardian_outside(session, child=family.child, person=aunt, now=now, by=family.by(Role.CASEWORKER))
    record_answers(
        session,
        resident=family.child,
        answers=[Answer(ConsentItem.STAY, True)],
        sitting=sitting,
        today=family.today,
        best_interest=BestInterest(family.words("Tidak ada wali"), family.signature("consent:family")),
        now=now,
        by=family.by(Role.CASEWORKER),
    )
    decision = decide_placement(
        session,
        referral=placed,
        house=family.house,
        granted=True,
        words=family.words("Dengan syarat"),
        now=now,
        by=family.by(Role.MANAGER),
    )
    against = AgainstAdvice(
        act_id=family.signature("placing:place").act_id,
        household_id=household.id,
        co_signature_id=family.signature("placing:beside").id,
        unmet="split",
    )
    against.reason = seal(
        session, against, "reason", family.words("Tidak ada lain"), key=key_of(session, household.ref)
    )
    session.add(against)
    session.commit()
    return {"placed": placed.ref, "consent": stay.ref, "decision": decision.ref}


def _care(family: Family) -> dict[str, uuid.UUID]:
    """What staff must do for her, what she takes and what she brought."""
    session, now, by = family.make.session, family.now, family.by(Role.CASEWORKER)
    placement = session.query(Placement).filter_by(resident_id=family.mother.id).one()
    about = {"placement": placement, "resident": family.mother, "now": now, "by": by}
    alert = write_alert(
        session, resident=family.mother, kind=AlertKind.NEVER, words=family.words("Jangan"), now=now, by=by
    )
    check = note_health_check(
        session,
        resident=family.mother,
        check=NewHealthCheck(now, HealthOutcome.CARE_NEEDED, Examiner.CLINIC, family.words("Istirahat")),
        now=now,
        by=by,
    )
    answer_allergies(session, words=family.words("Penisilin"), **about)
    medicine = NewMedicine(family.words("Tablet", 100), family.words("satu", 60), (dt.time(7),))
    answer_medicines(session, medicines=[medicine], **about)
    answer_belongings(
        session,
        belongings=[NewBelonging(family.words("Kartu", 100), KeptWhere.SAFE)],
        co_signature=family.signature("intake:ask"),
        **about,
    )
    session.flush()
    belonging = session.query(Belonging).filter_by(placement_id=placement.id).one()
    identity = Identity(
        name=family.words("Nama", 100),
        nik="3399994708950001",
        phone="0812-0000-0032",
        born=dt.date(1995, 8, 7),
        home_village=family.words("Desa", 100),
        address=family.words("Jalan", 100),
        family_card="3399990102030004",
    )
    household = session.get_one(Household, family.mother.household_id)
    record_identity(session, resident=family.mother, household=household, identity=identity, now=now, by=by)
    session.commit()
    return {"alert": alert.ref, "health_check": check.ref, "belonging": belonging.ref}


def _safety(family: Family, household: Household) -> dict[str, uuid.UUID]:
    """Who must not come near them, what the police know, and who opened her page without being assigned."""
    session, now = family.make.session, family.now
    worker, manager = family.by(Role.CASEWORKER), family.by(Role.MANAGER)
    reported = note_reported_person(
        session,
        household=household,
        relationship=Relationship.HUSBAND,
        name=family.words("Terlapor", 100),
        nik="3399990708900002",
        phone="0812-0000-0033",
        plate=family.words("B 1", 20),
        now=now,
        by=worker,
    )
    note_relatives(session, household=household, other=family.make.household(), now=now, by=worker)
    agency = family.make.saved(Agency(name=family.words(f"Kantor {family.make.next()}", 120)))
    deny(
        session,
        resident=family.mother,
        denied=agency,
        stand_in=None,
        reason=family.words("Kerabat"),
        now=now,
        by=manager,
    )
    keep_relation(
        session,
        account=family.beside,
        name=family.words("Saudara", 100),
        phone="0812-0000-0034",
        nik="3399990102880003",
        now=now,
        by=family.by(Role.SECURITY_OFFICER),
    )
    about = {
        "household": household,
        "sexual_violence": True,
        "child_offender": False,
        "victim_reported_at": now - A_DAY,
    }
    sides, against = {family.mother.id: Side.VICTIM}, {reported.id: Side.REPORTED}
    told = open_matter(session, sides=sides, reported=against, now=now, by=worker, **about)
    tell_police(session, matter=told, told_at=now, number=family.words("LP/1", 50), now=now, by=worker)
    open_one = open_matter(session, sides=sides, reported=against, now=now, by=worker, **about)
    other = family.make.account(Role.CASEWORKER, family.house)
    grant = take_grant(
        session,
        code=family.mother.code,
        reason=family.words("Ia pingsan"),
        role=Role.CASEWORKER,
        now=now,
        by=actor(other),
    )
    session.commit()
    return {"matter": open_one.ref, "grant": grant.ref}


def _days(family: Family, household: Household) -> dict[str, uuid.UUID]:
    """More days, asked twice; a child at school; a bed to be cleaned."""
    session, now, zone = family.make.session, family.now, dt.UTC
    worker, manager = family.by(Role.CASEWORKER), family.by(Role.MANAGER)
    for resident in (family.mother, family.child):
        family.make.saved(
            Assignment(
                resident_id=resident.id,
                account_id=family.accounts[Role.CASEWORKER].id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=True,
                since=now,
            )
        )
    danger = assess_danger(
        session,
        household=household,
        level=DangerLevel.HIGH,
        grounds=["threat"],
        words=family.words("Ia tahu"),
        now=now,
        by=worker,
    )
    wanted = Wanted(
        family.today + 40 * A_DAY,
        ExtensionReason.HEALTH,
        OwnWish.STAY,
        family.words("Sudah diperiksa"),
        family.words("Ke desa"),
    )
    about = {"today": family.today, "zone": zone, "now": now}
    asked = {"residents": [family.mother], "wanted": wanted, "danger": danger, **about}
    (first,) = ask_extension(session, by=worker, **asked)
    decide_extension(
        session,
        approval_id=first.approval_id,
        answer=ExtensionAnswer.INCOMPLETE,
        words=family.words("Lengkapi"),
        by=manager,
        **about,
    )
    (second,) = ask_extension(session, by=worker, **asked)
    room = family.make.room(family.house, f"C{family.make.next()}", beds=2)
    slept_in, left = family.make.beds(room)
    away = family.make.resident(slept_in, alias=family.words("Ulin", 40))
    start_leave(
        session,
        residents=[away],
        kind=LeaveKind.HOSPITAL,
        from_at=now - dt.timedelta(minutes=30),
        due_back=now + A_DAY,
        now=now,
        by=family.by(Role.STAFF),
    )
    cleaning = family.make.saved(Cleaning(bed_id=left.id, since=now))
    return {"extension": second.ref, "away": away.ref, "cleaning": cleaning.ref, "unclean": left.ref}
