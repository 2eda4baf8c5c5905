"""Every duty comes from the data at its moment, for those who must know, and goes when it is done."""

import datetime as dt
import uuid

import pytest

from safehouse.access.models import AccountState
from safehouse.access.permissions import Role
from safehouse.gathered import Telling
from safehouse.residents.models import (
    BlindIndex,
    ConsentItem,
    Denial,
    Grant,
    IndexedKind,
    Matter,
    OwnerOfIndex,
    ReturnAnswer,
    Sex,
)
from safehouse.residents.rules.duties import DutyKind as Owed
from safehouse.shelter.choices import AnswerKind, DecidedAs, Destination, IntakeItem, ReferralState, WaitingPlace
from safehouse.shelter.models import Cleaning, Decision, Hold, ReferralAnswer
from safehouse.shelter.operations.moving import depart
from safehouse.shelter.queries.duties.arrivals import came_before
from safehouse.shelter.rules.duties import DutyKind, Missing
from safehouse.vault.operations import key_of, seal
from tests.office import actor
from tests.today.office_of_today import World

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
A_MOMENT = dt.timedelta(microseconds=1)


@pytest.fixture
def world(make):
    make.office()
    return World(make)


def test_where_nothing_waits_nobody_is_told_anything(world):
    world.lives_here()
    assert world.found(world.staff) == world.found(world.worker) == world.found(world.manager) == []


# A family that came in an emergency


def test_an_emergency_waits_for_the_head_within_a_day_and_is_told_to_managers_at_once(world):
    mother = world.lives_here(arrived=world.clock.now)
    referral = world.emergency(mother)
    (confirm,) = [one for one in world.found(world.manager) if one.kind == DutyKind.CONFIRM]
    assert (confirm.subject, confirm.number) == (referral.ref, referral.number)
    assert confirm.due_at == world.clock.now + DAY
    assert DutyKind.CONFIRM not in world.kinds(world.staff) + world.kinds(world.worker)
    world.make.saved(
        Decision(
            number=1,
            referral_id=referral.id,
            house_id=world.house.id,
            granted=True,
            decided_as=DecidedAs.HEAD,
            at=world.clock.now,
            by_id=world.manager.id,
        )
    )
    assert DutyKind.CONFIRM not in world.kinds(world.manager)


def test_what_was_put_off_is_one_duty_a_family_that_shrinks_until_it_is_gone(world):
    household = world.make.household()
    mother = world.lives_here(household=household, arrived=world.clock.now)
    child = world.lives_here(
        household=household, arrived=world.clock.now, sex=Sex.MALE, birth_month=dt.date(2022, 3, 1), assigned=False
    )
    world.assign(child, world.worker)
    referral = world.emergency(mother, child)

    def missing():
        return [one.figures["missing"] for one in world.found(world.staff) if one.kind == DutyKind.COMPLETE]

    assert missing() == [tuple(Missing)]
    (duty,) = [one for one in world.found(world.worker) if one.kind == DutyKind.COMPLETE]
    assert duty.due_at == world.clock.now + DAY and duty.figures["others"] == 1 and duty.alias == mother.alias
    world.screened(referral, unanswered=3)
    assert missing() == [tuple(Missing)], "three questions are still to be asked"
    world.screened(referral)
    world.agreed(mother, ConsentItem.STAY)
    world.agreed(mother, ConsentItem.HOUSE_RULES)
    assert missing() == [(Missing.CONSENT, Missing.ALLERGIES, Missing.MEDICINES, Missing.BELONGINGS)], (
        "nobody agreed for the child; the rules of the house are read to grown-ups"
    )
    world.asked(mother)
    world.asked(child, IntakeItem.ALLERGIES, IntakeItem.MEDICINES)
    assert missing() == [(Missing.CONSENT, Missing.BELONGINGS)]


def test_a_consent_that_was_refused_withdrawn_or_is_over_is_still_missing(world):
    mother = world.lives_here(arrived=world.clock.now)
    referral = world.emergency(mother)
    world.screened(referral)
    world.asked(mother)
    world.agreed(mother, ConsentItem.HOUSE_RULES)
    consent = world.agreed(mother, ConsentItem.STAY)
    assert DutyKind.COMPLETE not in world.kinds(world.staff)
    consent.until = dt.date(2026, 11, 21)
    world.session.commit()
    assert DutyKind.COMPLETE not in world.kinds(world.staff), "its last day counts"
    world.clock.forward(minutes=20)
    assert world.only(world.staff).figures["missing"] == (Missing.CONSENT,), "midnight in Jakarta"
    consent.until, consent.withdrawn_at = None, world.clock.now
    world.session.commit()
    assert world.only(world.staff).figures["missing"] == (Missing.CONSENT,)


def test_the_manager_is_told_of_what_is_missing_after_the_set_delay(world):
    world.emergency(world.lives_here(arrived=world.clock.now))
    world.make.office().tell_manager_after_hours = 6
    world.session.commit()
    world.clock.forward(hours=30, microseconds=-1)
    assert DutyKind.COMPLETE not in world.kinds(world.manager)
    world.clock.forward(microseconds=1)
    assert DutyKind.COMPLETE in world.kinds(world.manager)


# Nobody answers, nobody assessed


def test_a_resident_without_caseworker_is_told_to_the_manager_once_for_a_family(world):
    household = world.make.household()
    one = world.lives_here(household=household, assigned=False)
    world.lives_here(household=household, assigned=False)
    duty = world.only(world.manager)
    assert (duty.kind, duty.subject) == (DutyKind.UNASSIGNED, one.ref)
    assert duty.due_at == world.placement(one).arrived_at + DAY and duty.figures["others"] == 1
    assert world.found(world.staff) == world.found(world.worker) == []


def test_a_disabled_caseworker_answers_for_nobody(world):
    world.lives_here()
    world.worker.state = AccountState.DISABLED
    world.session.commit()
    assert world.kinds(world.manager) == [DutyKind.UNASSIGNED]


def test_a_household_whose_danger_nobody_assessed_is_told_to_its_caseworker(world):
    one = world.lives_here(assessed=False)
    duty = world.only(world.worker)
    assert (duty.kind, duty.due_at) == (DutyKind.DANGER, world.placement(one).arrived_at + DAY)
    world.assess(one)
    assert world.found(world.worker) == []


# Out of the house


def test_who_is_not_back_is_told_to_the_house_at_once_and_to_the_manager_after_the_delay(world):
    one = world.lives_here()
    due_back = world.clock.now
    world.away(one, due_back=due_back)
    assert world.found(world.staff) == [], "this very minute she is still in time"
    world.clock.forward(microseconds=1)
    for account in (world.staff, world.worker):
        duty = world.only(account)
        assert (duty.kind, duty.subject, duty.due_at) == (DutyKind.NOT_BACK, one.ref, due_back)
    world.clock.now = due_back + DAY - A_MOMENT
    assert world.found(world.manager) == []
    world.clock.now = due_back + DAY
    assert world.kinds(world.manager) == [DutyKind.NOT_BACK]


def test_the_manager_is_told_at_once_of_someone_not_back_for_whom_nobody_answers(world):
    world.away(world.lives_here(assigned=False), due_back=world.clock.now - A_MOMENT)
    assert DutyKind.NOT_BACK in world.kinds(world.manager)


def test_a_family_that_is_late_together_is_one_duty(world):
    household = world.make.household()
    for _ in range(3):
        world.away(world.lives_here(household=household), due_back=world.clock.now - HOUR)
    assert world.only(world.staff).figures["others"] == 2


def test_leaving_without_notice_is_told_to_everybody_at_once_and_only_so(world):
    one = world.lives_here()
    leave = world.away(one, due_back=world.clock.now - HOUR, from_at=world.clock.now - 2 * HOUR, without_notice=True)
    for account in (world.staff, world.worker, world.manager):
        duty = world.only(account)
        assert (duty.kind, duty.due_at) == (DutyKind.LEFT_WITHOUT_NOTICE, world.clock.now - 2 * HOUR)
    leave.back_at = world.clock.now
    world.session.commit()
    assert world.found(world.staff) == []


# Limits


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_the_limit_is_told_from_three_days_before_and_is_past_at_midnight_in_the_house(make, zone):
    make.office()
    world = World(make, zone=zone)
    here = dt.timezone({"Asia/Jakarta": 7 * HOUR, "Asia/Makassar": 8 * HOUR, "Asia/Jayapura": 9 * HOUR}[zone])
    arrived = dt.datetime(2026, 11, 14, 12, tzinfo=here)
    world.lives_here(arrived=arrived, limit_days=7)

    def at(day, hour=0, minute=0, **less):
        world.clock.now = (dt.datetime(2026, 11, day, hour, minute, tzinfo=here) - dt.timedelta(**less)).astimezone(
            dt.UTC
        )
        return world.kinds(world.worker)

    assert at(18, microseconds=1) == []
    assert at(18) == [DutyKind.LIMIT_NEAR], "day 4 of 7"
    assert world.only(world.manager).told[Telling.MANAGER] == world.clock.now
    assert at(20) == [DutyKind.LIMIT_NEAR], "day 6 of 7"
    assert world.only(world.worker).told[Telling.WORKER] == world.clock.now, "told anew"
    assert at(21, 23, 59) == [DutyKind.LIMIT_NEAR], "the last day itself"
    assert at(22) == [DutyKind.LIMIT_OVER]
    assert world.kinds(world.manager) == [DutyKind.LIMIT_OVER]
    assert world.found(world.staff) == []


def test_days_that_were_asked_for_wait_for_a_manager_who_did_not_ask(world):
    one = world.lives_here(arrived=world.clock.now - 12 * DAY)
    asker = world.make.account(Role.MANAGER, world.house)
    row = world.asks_for_days(one, by=asker)
    duty = world.only(world.manager)
    assert (duty.kind, duty.subject) == (DutyKind.EXTENSION, row.ref)
    assert world.found(asker) == [], "whoever asked decides nothing"
    assert world.found(world.worker) == [], "and the caseworker waits for the answer"
    world.clock.forward(days=7)
    assert DutyKind.EXTENSION not in world.kinds(world.manager), "nobody answered in time"
    assert DutyKind.LIMIT_OVER in world.kinds(world.worker)


def test_an_exit_before_the_limit_is_told_the_day_before(world):
    one = world.lives_here()
    world.placement(one).planned_exit = dt.date(2026, 11, 23)
    world.session.commit()
    assert world.found(world.staff) == []
    world.clock.forward(minutes=20)
    duty = world.only(world.staff)
    assert (duty.kind, duty.all_day) == (DutyKind.EXIT, True)
    assert world.kinds(world.worker) == [DutyKind.EXIT] and world.found(world.manager) == []


# Referrals and beds


def test_an_unanswered_referral_is_told_to_those_who_answer(world):
    referral = world.make.referral(by=world.staff)
    duty = world.only(world.worker)
    assert (duty.kind, duty.number, duty.due_at) == (DutyKind.ANSWER, referral.number, world.clock.now + DAY)
    assert world.kinds(world.manager) == [DutyKind.ANSWER] and world.found(world.staff) == []
    referral.state = ReferralState.WITHDRAWN
    world.session.commit()
    assert world.found(world.worker) == []


def answer(world, referral, kind, state, **more):
    referral.state = state
    return world.make.saved(
        ReferralAnswer(referral_id=referral.id, kind=kind, at=world.clock.now, by_id=world.worker.id, **more)
    )


def test_a_referral_that_was_asked_to_wait_comes_back_on_its_day(world):
    referral = world.make.referral(by=world.staff)
    answer(
        world,
        referral,
        AnswerKind.WAITING,
        ReferralState.WAITING,
        call_again=dt.date(2026, 11, 22),
        waiting_place=WaitingPlace.RELATIVES,
    )
    assert world.found(world.worker) == []
    world.clock.forward(minutes=20)
    assert world.only(world.worker).kind == DutyKind.CALL_AGAIN, "midnight in Jakarta"
    answer(
        world,
        referral,
        AnswerKind.WAITING,
        ReferralState.WAITING,
        call_again=dt.date(2026, 11, 25),
        waiting_place=WaitingPlace.RELATIVES,
    )
    assert world.found(world.worker) == [], "the newest answer counts"


def test_an_accepted_family_waits_for_a_bed_until_it_has_one(world):
    referral = world.make.referral(by=world.staff)
    answer(world, referral, AnswerKind.ACCEPTED, ReferralState.ACCEPTED)
    assert world.only(world.staff).kind == DutyKind.PLACE
    hold = world.make.saved(
        Hold(
            bed_id=world.bed().id,
            referral_id=referral.id,
            held_at=world.clock.now,
            expires_at=world.clock.now + 4 * HOUR,
        )
    )
    assert world.found(world.staff) == []
    world.clock.now = hold.expires_at - HOUR - A_MOMENT
    assert world.found(world.staff) == []
    world.clock.now = hold.expires_at - HOUR
    assert world.only(world.staff).kind == DutyKind.HOLD_ENDING
    world.clock.now = hold.expires_at
    assert world.only(world.staff).kind == DutyKind.PLACE, "the hold ran out"
    resident = world.lives_here()
    world.placement(resident).referral_id = referral.id
    world.session.commit()
    assert DutyKind.PLACE not in world.kinds(world.staff)


@pytest.mark.parametrize("state", [ReferralState.NEW, ReferralState.WAITING, ReferralState.ACCEPTED])
def test_an_accepted_family_that_did_not_come_for_a_week_is_no_work_of_today(world, state):
    referral = world.make.referral(by=world.staff)
    answer(world, referral, AnswerKind.ACCEPTED, state)
    world.clock.forward(days=7)
    world.clock.now -= A_MOMENT
    assert world.only(world.staff).kind == DutyKind.PLACE
    world.clock.now += A_MOMENT
    assert world.found(world.staff) == world.found(world.worker) == []
    hold = Hold(
        bed_id=world.bed().id,
        referral_id=referral.id,
        held_at=world.clock.now,
        expires_at=world.clock.now + HOUR,
    )
    world.make.saved(hold)
    assert world.only(world.staff).kind == DutyKind.HOLD_ENDING, "what is held for them is told all the same"


def test_a_left_bed_waits_for_the_staff_of_its_house(world):
    bed = world.bed()
    cleaning = world.make.saved(Cleaning(bed_id=bed.id, since=world.clock.now))
    duty = world.only(world.staff)
    assert (duty.kind, duty.subject) == (DutyKind.CLEAN, bed.ref)
    assert world.found(world.worker) == world.found(world.manager) == []
    stranger = world.make.account(Role.STAFF, world.make.house("Rumah Dua"))
    assert world.found(stranger) == []
    cleaning.ready_at, cleaning.ready_by_id = world.clock.now, world.staff.id
    world.session.commit()
    assert world.found(world.staff) == []


# What is owed to her as a person


def report(world, resident, **more):
    return world.make.saved(
        Matter(
            household_id=resident.household_id,
            sexual_violence=more.pop("sexual_violence", True),
            child_offender=False,
            victim_reported_at=more.pop("reported", world.clock.now),
            opened_at=world.clock.now,
            opened_by_id=world.worker.id,
            **more,
        )
    )


def test_the_police_clock_runs_from_her_report_and_reaches_the_manager_a_day_before(world):
    one = world.lives_here()
    matter = report(world, one)
    duty = world.only(world.worker)
    assert (duty.kind, duty.subject) == (Owed.POLICE, matter.ref)
    assert duty.due_at == world.clock.now + 72 * HOUR
    assert world.found(world.staff) == world.found(world.manager) == []
    world.clock.forward(hours=48, microseconds=-1)
    assert world.found(world.manager) == []
    world.clock.forward(microseconds=1)
    assert world.kinds(world.manager) == [Owed.POLICE]
    matter.police_told_at = world.clock.now
    world.session.commit()
    assert world.found(world.worker) == world.found(world.manager) == []


def test_other_reports_and_closed_ones_start_no_clock(world):
    one = world.lives_here()
    report(world, one, sexual_violence=False)
    report(world, one, closed_at=world.clock.now)
    report(world, one, reported=None)
    assert world.found(world.worker) == []


def test_a_household_of_several_is_one_police_clock(world):
    household = world.make.household()
    mother = world.lives_here(household=household)
    world.lives_here(household=household, birth_month=dt.date(2015, 1, 1))
    report(world, mother)
    assert world.only(world.worker).alias == mother.alias


def broke_glass(world, resident, account, **more):
    grant = Grant(
        resident_id=resident.id,
        account_id=account.id,
        since=world.clock.now,
        until=world.clock.now + dt.timedelta(minutes=30),
        **more,
    )
    grant.reason = seal(world.session, grant, "reason", "bahaya", key=key_of(world.session, resident.ref))
    return world.make.saved(grant)


def test_break_glass_is_told_to_her_coordinator_and_reviewed_by_a_manager_who_did_not_take_it(world):
    one = world.lives_here()
    taker = world.make.account(Role.MANAGER, world.house)
    grant = broke_glass(world, one, taker)
    told = world.only(world.worker)
    assert (told.kind, told.subject) == (Owed.GRANT_USED, one.ref)
    review = world.only(world.manager)
    assert (review.kind, review.subject, review.due_at) == (
        Owed.GRANT_REVIEW,
        grant.ref,
        world.clock.now + 72 * HOUR,
    )
    assert world.found(taker) == world.found(world.staff) == []
    beside = world.make.account(Role.CASEWORKER, world.house)
    world.assign(one, beside, coordinator=False)
    assert world.found(beside) == [], "who coordinates is told"
    grant.reviewed_at, grant.reviewed_by_id, grant.justified = world.clock.now, world.manager.id, True
    world.session.commit()
    assert world.found(world.worker) == world.found(world.manager) == []


def test_a_number_seen_before_is_told_to_the_manager_only_and_until_it_is_answered(world):
    earlier = world.make.resident(alias="Ulin")
    now = world.lives_here()
    for resident in (earlier, now):
        world.session.add(
            BlindIndex(kind=IndexedKind.NIK, digest=b"n" * 32, owner_kind=OwnerOfIndex.RESIDENT, owner=resident.ref)
        )
    world.session.add(
        BlindIndex(kind=IndexedKind.PHONE, digest=b"p" * 32, owner_kind=OwnerOfIndex.GUARDIAN, owner=uuid.uuid4())
    )
    world.session.commit()
    duty = world.only(world.manager)
    assert (duty.kind, duty.subject) == (Owed.RETURN, now.ref)
    assert world.found(world.worker) == world.found(world.staff) == []
    world.make.saved(
        ReturnAnswer(resident_id=now.id, earlier_id=earlier.id, same=False, at=world.clock.now, by_id=world.manager.id)
    )
    assert world.found(world.manager) == []


def test_a_denial_that_hits_a_colleague_of_the_house_is_told_to_managers_for_a_week(world):
    one = world.lives_here()
    other = world.make.account(Role.STAFF, world.house, shown_name="Ratna")
    world.make.saved(Denial(resident_id=one.id, account_id=world.staff.id, stand_in_id=other.id, since=world.clock.now))
    duty = world.only(world.manager)
    assert duty.kind == Owed.DENIED_AT_WORK and duty.figures["stand_in"] == "Ratna"
    assert world.found(world.staff) == world.found(other) == world.found(world.worker) == []
    world.clock.forward(days=7)
    assert world.found(world.manager) == []


def test_a_denial_of_someone_who_works_elsewhere_is_no_duty(world):
    one = world.lives_here()
    stranger = world.make.account(Role.STAFF, world.make.house("Rumah Dua"))
    world.make.saved(Denial(resident_id=one.id, account_id=stranger.id, since=world.clock.now))
    assert world.found(world.manager) == []


# Who is told


def everything_at_once(world):
    """A resident about whom every duty there is stands open."""
    one = world.lives_here(assessed=False, arrived=world.clock.now - 20 * DAY)
    world.emergency(one)
    report(world, one)
    world.away(one, due_back=world.clock.now - 2 * DAY, from_at=world.clock.now - 3 * DAY)
    broke_glass(world, one, world.make.account(Role.MANAGER, world.house))
    return one


def test_a_denial_hides_every_duty_about_her(world):
    one = everything_at_once(world)
    accounts = (world.staff, world.worker, world.manager)
    assert all(world.found(account) for account in accounts)
    for account in accounts:
        world.session.add(Denial(resident_id=one.id, account_id=account.id, since=world.clock.now - 8 * DAY))
    world.session.commit()
    assert [world.found(account) for account in accounts] == [[], [], []]


def test_nobody_is_told_of_residents_of_others(world):
    everything_at_once(world)
    elsewhere = world.make.house("Rumah Dua")
    for role in (Role.STAFF, Role.CASEWORKER, Role.MANAGER):
        assert world.found(world.make.account(role, elsewhere)) == [], role
    assert world.found(world.make.account(Role.CASEWORKER, world.house)) == [], "assigned to nobody"
    assert world.found(world.make.account(Role.SECURITY_OFFICER)) == []


def test_two_caseworkers_are_told_of_their_own_residents(world):
    other = world.make.account(Role.CASEWORKER, world.house)
    mine = world.lives_here(assessed=False)
    hers = world.lives_here(assessed=False, assigned=False)
    world.assign(hers, other)
    assert {one.code for one in world.found(world.worker)} == {mine.code}
    assert {one.code for one in world.found(other)} == {hers.code}


def test_a_child_who_came_alone_agrees_to_no_house_rules(world):
    girl = world.lives_here(birth_month=dt.date(2011, 1, 1))
    referral = world.emergency(girl)
    world.screened(referral)
    (duty,) = [one for one in world.found(world.staff) if one.kind == DutyKind.COMPLETE]
    assert Missing.HOUSE_RULES not in duty.figures["missing"]
    assert Missing.CONSENT in duty.figures["missing"]


# Whoever came before


def test_a_family_that_came_before_arrivals_were_followed_is_late_with_nothing(world):
    office = world.make.office()
    before = world.lives_here(assessed=False)
    world.emergency(before)
    alone = world.lives_here(assessed=False)
    assert DutyKind.CONFIRM in world.kinds(world.manager) and DutyKind.COMPLETE in world.kinds(world.worker)
    assert DutyKind.DANGER in world.kinds(world.worker), alone.alias
    office.follows_arrivals_since = world.clock.now
    world.session.commit()
    assert world.found(world.staff) == world.found(world.worker) == world.found(world.manager) == []
    new = world.lives_here(assessed=False, arrived=world.clock.now)
    world.emergency(new)
    assert world.kinds(world.staff) == [DutyKind.COMPLETE]
    assert world.kinds(world.manager) == [DutyKind.CONFIRM]


def test_whoever_came_before_is_counted_for_the_manager_until_she_was_asked(world):
    def counted(account):
        return came_before(world.session, account_id=account.id, role=account.role)

    before = world.lives_here()
    assert counted(world.manager) == 0, "an office that follows arrivals since ever"
    world.make.office().follows_arrivals_since = world.clock.now
    world.session.commit()
    world.lives_here(arrived=world.clock.now)
    assert counted(world.manager) == 1
    assert counted(world.make.account(Role.MANAGER, world.make.house())) == 0
    world.asked(before)
    assert counted(world.manager) == 0


# A child whose mother left


def test_a_child_whose_last_adult_left_for_good_is_told_to_her_caseworker_and_managers(world):
    household = world.make.household()
    mother = world.lives_here(alias="Kenari", household=household)
    aunt = world.lives_here(alias="Merbau", household=household)
    child = world.lives_here(alias="Randu", household=household, birth_month=dt.date(2020, 1, 1))
    for resident in (mother, aunt):
        assert world.found(world.manager) == []
        depart(
            world.session,
            residents=[resident],
            at=world.clock.now,
            place_kind=Destination.OWN_FAMILY,
            now=world.clock.now,
            by=actor(world.staff),
        )
        world.session.commit()
    duty = world.only(world.worker)
    assert (duty.kind, duty.subject, duty.due_at) == (DutyKind.CHILD_ALONE, child.ref, world.clock.now + DAY)
    assert world.kinds(world.manager) == [DutyKind.CHILD_ALONE]
    assert DutyKind.CHILD_ALONE not in world.kinds(world.staff)
    depart(
        world.session,
        residents=[child],
        at=world.clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=world.clock.now,
        by=actor(world.staff),
    )
    world.session.commit()
    assert DutyKind.CHILD_ALONE not in world.kinds(world.worker)


def test_a_child_who_came_alone_or_whose_mother_is_away_for_a_night_is_no_such_duty(world):
    world.lives_here(birth_month=dt.date(2015, 1, 1))
    household = world.make.household()
    mother = world.lives_here(household=household)
    world.lives_here(household=household, birth_month=dt.date(2020, 1, 1))
    world.away(mother, due_back=world.clock.now + 12 * HOUR)
    for account in (world.worker, world.manager):
        assert DutyKind.CHILD_ALONE not in world.kinds(account)
