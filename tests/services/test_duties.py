"""What a plan asks for is told to whoever answers for it at once, and to the manager after the set delay."""

import datetime as dt

import pytest

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Denial, Matter, MatterParty, Side
from safehouse.services.choices import (
    AppointmentKind,
    AppointmentPlace,
    AppointmentState,
    ChildrenMeanwhile,
    ProtectionKind,
    SafeWay,
    Transport,
)
from safehouse.services.models import Appointment, ProtectionOrder, Recommendation, Review
from safehouse.services.operations.planning import NewAction, plan_action
from safehouse.services.queries.duties import duties
from safehouse.services.rules.duties import DutyKind, months_after
from safehouse.vault.operations import key_of, seal
from tests.office import actor

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
K = DutyKind


@pytest.fixture(autouse=True)
def office(session, make):
    found = make.office()
    found.tell_manager_after_hours = 48
    session.commit()
    return found


@pytest.fixture
def told(session, clock):
    def kinds(account, *, at=None):
        found = duties(session, account_id=account.id, role=account.role, now=at or clock.now)
        return sorted(one.kind for one in found)

    return kinds


def appointment(make, ward, at, *, domain=Discipline.LEGAL, **more):
    return make.saved(
        Appointment(
            resident_id=ward.resident.id,
            domain=domain,
            kind=AppointmentKind.HEARING,
            at=at,
            minutes=60,
            ends_at=at + HOUR,
            place=AppointmentPlace.COURT,
            transport=Transport.NOT_YET,
            safe_way=SafeWay.SIDE_ENTRANCE,
            children=ChildrenMeanwhile.NONE,
            made_at=at - DAY,
            made_by_id=ward.sekar.id,
            state=more.pop("state", AppointmentState.PLANNED),
            **more,
        )
    )


def test_a_plan_is_asked_for_from_the_arrival_and_the_manager_is_told_when_it_is_late(ward, manager, told, clock):
    assert told(ward.maya) == [K.PLAN]
    assert told(ward.indah) == [] == told(manager)
    assert told(manager, at=clock.now + 4 * DAY) == []
    assert told(manager, at=clock.now + 7 * DAY) == [K.PLAN]


def test_whoever_lived_here_before_plans_were_kept_owes_none(ward, told, office, session, clock):
    office.follows_plans_since = clock.now
    session.commit()
    assert told(ward.maya) == []


def test_an_open_plan_is_asked_for_no_more(ward, plan, told):
    assert told(ward.maya) == []


def test_an_appointment_stands_on_the_page_a_day_before_of_the_house_and_of_whom_it_concerns(
    ward, plan, make, house, told, clock, manager
):
    staff = make.account(Role.STAFF, house)
    appointment(make, ward, clock.now + 30 * HOUR)
    assert told(staff) == [] and told(ward.sekar) == [K.APPOINTMENT], "whoever works with her sees the week"
    later = clock.now + 8 * HOUR
    for account in (staff, ward.sekar, ward.maya):
        assert told(account, at=later) == [K.APPOINTMENT]
    assert told(ward.indah, at=later) == [] == told(manager, at=later)


def test_whoever_goes_with_her_is_told_whatever_her_discipline(ward, plan, make, told, clock):
    appointment(make, ward, clock.now + 2 * HOUR, companion_id=ward.lestari.id)
    assert told(ward.lestari) == [K.APPOINTMENT]


def test_who_was_denied_since_is_no_companion_any_more(ward, plan, make, told, clock, session):
    one = appointment(make, ward, clock.now + 2 * HOUR, companion_id=ward.lestari.id)
    found = duties(session, account_id=ward.sekar.id, role=ward.sekar.role, now=clock.now)
    assert [duty.figures["companion"] for duty in found] == ["Lestari"]
    make.saved(Denial(resident_id=ward.resident.id, account_id=ward.lestari.id, since=clock.now))
    found = duties(session, account_id=ward.sekar.id, role=ward.sekar.role, now=clock.now)
    assert [(duty.subject, duty.figures["companion"]) for duty in found] == [(one.ref, None)]
    assert told(ward.lestari) == []


def test_an_appointment_nobody_says_anything_about_is_asked_after(ward, plan, make, told, clock, manager):
    appointment(make, ward, clock.now - 3 * HOUR)
    assert told(ward.sekar) == [K.UNSETTLED]
    assert told(manager) == []
    assert told(manager, at=clock.now + 46 * HOUR) == [K.UNSETTLED]


def test_a_no_show_is_told_to_the_worker_at_once_and_to_the_manager_after_48_hours(
    ward, plan, make, told, clock, manager, session
):
    missed = appointment(
        make,
        ward,
        clock.now - 2 * HOUR,
        state=AppointmentState.MISSED,
        settled_at=clock.now,
        settled_by_id=ward.sekar.id,
    )
    assert told(ward.sekar) == told(ward.maya) == [K.MISSED]
    assert told(ward.indah) == []
    assert told(manager, at=missed.ends_at + 48 * HOUR - dt.timedelta(minutes=1)) == []
    assert told(manager, at=missed.ends_at + 48 * HOUR) == [K.MISSED]


def test_a_no_show_nobody_answers_for_is_the_managers_at_once(ward, plan, make, told, clock, manager, session):
    for account in (ward.maya, ward.indah, ward.sekar, ward.lestari, ward.puspita):
        account.state = "disabled"
    session.commit()
    appointment(
        make, ward, clock.now - 2 * HOUR, state=AppointmentState.MISSED, settled_at=clock.now, settled_by_id=manager.id
    )
    assert told(manager) == [K.MISSED]


def test_a_step_is_told_three_days_before_and_belongs_to_whoever_does_it(
    ward, plan, told, clock, session, domain_of, manager
):
    today = (clock.now + 7 * HOUR).date()  # where the house is
    plan_action(
        session,
        domain=domain_of(Discipline.HEALTH),
        resident=ward.resident,
        new=NewAction("Kontrol luka", today + 5 * DAY, who=ward.puspita),
        now=clock.now,
        by=actor(ward.lestari),
    )
    session.commit()
    assert told(ward.lestari) == []
    later = clock.now + 3 * DAY
    for account in (ward.lestari, ward.puspita, ward.maya):
        assert told(account, at=later) == [K.ACTION]
    assert told(ward.indah, at=later) == [] == told(manager, at=later)
    assert told(manager, at=clock.now + 9 * DAY) == [K.ACTION]


def test_a_review_is_due_every_three_months_and_told_two_weeks_before(ward, plan, told, clock, manager):
    due = dt.datetime.combine(months_after(clock.now.date(), 3), dt.time(), dt.UTC)
    assert told(ward.maya, at=due - 20 * DAY) == []
    assert told(ward.maya, at=due - 10 * DAY) == [K.REVIEW]
    assert told(manager, at=due + DAY) == []
    assert told(manager, at=due + 4 * DAY) == [K.REVIEW]


def test_a_review_handed_in_waits_for_a_manager_and_for_nobody_else(ward, plan, told, clock, manager, make):
    make.saved(
        Review(
            plan_id=plan.id,
            from_day=clock.now.date() - 90 * DAY,
            until=clock.now.date(),
            begun_at=clock.now,
            by_id=ward.maya.id,
            overall="forward",
            next_plan="stay",
            handed_in_at=clock.now,
            figures="{}",
        )
    )
    assert told(manager) == [K.REVIEW_DECIDE]
    assert told(ward.maya) == []


def test_what_an_approved_review_advises_is_told_to_whoever_answers_for_it(ward, plan, told, clock, make, session):
    review = make.saved(
        Review(
            plan_id=plan.id,
            from_day=clock.now.date() - 90 * DAY,
            until=clock.now.date(),
            begun_at=clock.now,
            by_id=ward.maya.id,
            overall="forward",
            next_plan="stay",
            handed_in_at=clock.now,
            figures="{}",
            approved_at=clock.now,
            year=2026,
            number=1,
        )
    )
    advice = Recommendation(review_id=review.id, responsible_id=ward.sekar.id, due=clock.now.date() + DAY)
    advice.words = seal(session, advice, "words", "Dampingi sidang", key=key_of(session, ward.resident.ref))
    make.saved(advice)
    assert told(ward.sekar) == told(ward.maya) == [K.RECOMMENDATION]
    assert told(ward.indah) == []
    advice.done_at = clock.now
    session.commit()
    assert told(ward.sekar) == []


def test_a_protection_order_is_renewed_in_time_by_the_legal_companion(ward, plan, told, clock, make, manager, session):
    matter = make.saved(
        Matter(
            household_id=ward.resident.household_id,
            sexual_violence=False,
            child_offender=False,
            opened_at=clock.now,
            opened_by_id=ward.sekar.id,
        )
    )
    make.saved(MatterParty(matter_id=matter.id, resident_id=ward.resident.id, side=Side.VICTIM))
    order = make.saved(
        ProtectionOrder(
            matter_id=matter.id,
            kind=ProtectionKind.COURT,
            from_day=clock.now.date() - 300 * DAY,
            until=clock.now.date() + 30 * DAY,
            noted_at=clock.now,
            by_id=ward.sekar.id,
        )
    )
    assert told(ward.sekar) == []
    soon = clock.now + 12 * DAY
    assert told(ward.sekar, at=soon) == told(ward.maya, at=soon) == [K.RENEWAL]
    assert told(ward.indah, at=soon) == []
    make.saved(
        ProtectionOrder(
            matter_id=matter.id,
            kind=ProtectionKind.COURT,
            from_day=order.until,
            until=order.until + 365 * DAY,
            renews_id=order.id,
            noted_at=clock.now,
            by_id=ward.sekar.id,
        )
    )
    assert told(ward.sekar, at=soon) == []


def test_the_same_day_months_later_is_the_last_of_a_shorter_month():
    assert months_after(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)
    assert months_after(dt.date(2026, 11, 21), 3) == dt.date(2027, 2, 21)


@pytest.mark.parametrize("role", [Role.SECURITY_OFFICER])
def test_the_security_officer_is_told_nothing(ward, plan, make, house, told, clock, role):
    appointment(make, ward, clock.now - 3 * HOUR)
    assert told(make.account(role, house)) == []
