"""What happened in a plan stands on her page, as far as whoever looks may read it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.gathered import Topic
from safehouse.services.choices import (
    Attendance,
    CareState,
    Facility,
    Funding,
    LetterKind,
    SessionKind,
    SessionPlace,
    SupportKind,
    TreatmentKind,
)
from safehouse.services.models import CareSession, SchoolLetter, Support, Treatment
from safehouse.services.operations.planning import set_goal, step_goal
from safehouse.services.queries.plans import standing, workers_of
from safehouse.services.queries.timeline import timeline
from safehouse.services.rules.happenings import Happening as K
from safehouse.today.words import IN_PLAN
from safehouse.vault.operations import key_of, seal
from tests.office import actor

HOUR = dt.timedelta(hours=1)
THERE = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def happened(session, ward):
    def found(account):
        stands = standing(workers_of(session, ward.resident.id), account_id=account.id, role=account.role)
        return timeline(session, resident_id=ward.resident.id, stands=stands, there=THERE)

    return found


def test_every_happening_has_words():
    assert set(IN_PLAN) == set(K)


def test_what_was_done_stands_there_with_its_day_and_who_wrote_it_down(
    ward, plan, session, clock, make, domain_of, happened
):
    goal = set_goal(
        session,
        domain=domain_of(Discipline.PSYCHOLOGY),
        resident=ward.resident,
        words="Tidur",
        measure=None,
        now=clock.now,
        by=actor(ward.indah),
    )
    for step in (4, 4):
        step_goal(
            session, goal=goal, resident=ward.resident, step=step, at=clock.now, now=clock.now, by=actor(ward.indah)
        )
    for attendance, withdrawn in (
        (Attendance.ATTENDED, None),
        (Attendance.ABSENT, None),
        (Attendance.MOVED, clock.now),
    ):
        session.add(
            CareSession(
                plan_domain_id=domain_of(Discipline.PSYCHOLOGY).id,
                kind=SessionKind.INDIVIDUAL,
                starts_at=clock.now - HOUR,
                minutes=45 if attendance is Attendance.ATTENDED else None,
                place=SessionPlace.HOUSE,
                attendance=attendance,
                ready=attendance is Attendance.ATTENDED,
                noted_at=clock.now,
                by_id=ward.indah.id,
                withdrawn_at=withdrawn,
            )
        )
    today = clock.now.date()
    session.add(
        Treatment(
            plan_domain_id=domain_of(Discipline.HEALTH).id,
            kind=TreatmentKind.WOUND,
            facility=Facility.CLINIC,
            on_day=today,
            state=CareState.DONE,
            noted_at=clock.now,
            by_id=ward.lestari.id,
        )
    )
    session.add(
        Support(
            plan_domain_id=domain_of(Discipline.SOCIAL_WORK).id,
            kind=SupportKind.FOOD_PARCEL,
            on=today,
            funding=Funding.APBD,
            noted_at=clock.now,
            by_id=ward.maya.id,
        )
    )
    letter = SchoolLetter(
        plan_domain_id=domain_of(Discipline.EDUCATION).id,
        kind=LetterKind.TASKS,
        year=today.year,
        number=1,
        on_day=today,
        made_at=clock.now,
        by_id=ward.puspita.id,
    )
    letter.school = seal(session, letter, "school", "SMP Contoh", key=key_of(session, ward.resident.ref))
    session.add(letter)
    session.commit()
    found = {one.kind: one for one in happened(ward.maya)}
    assert set(found) == {
        K.PLAN_OPENED,
        K.SESSION,
        K.SESSION_ABSENT,
        K.READY,
        K.GOAL_REACHED,
        K.CARE_DONE,
        K.SUPPORT,
        K.LETTER,
    }
    assert {one.topic for one in found.values()} == {Topic.SERVICES}
    assert found[K.SESSION].who == "Indah" and found[K.SESSION].figures["minutes"] == 45
    assert found[K.SESSION].figures["domain"] is Discipline.PSYCHOLOGY
    assert found[K.SUPPORT].figures == {"support": SupportKind.FOOD_PARCEL}
    assert found[K.LETTER].figures == {"letter": LetterKind.TASKS}
    assert found[K.CARE_DONE].figures == {}, "what a treatment was for stays with its discipline"
    assert found[K.SUPPORT].at.astimezone(THERE).hour == 12
    assert found[K.GOAL_REACHED].at == clock.now


def test_what_another_discipline_did_is_not_told_by_the_day(ward, plan, session, clock, domain_of, happened, manager):
    clock.forward(hours=2)
    session.add(
        CareSession(
            plan_domain_id=domain_of(Discipline.PSYCHOLOGY).id,
            kind=SessionKind.INDIVIDUAL,
            starts_at=clock.now - HOUR,
            minutes=45,
            place=SessionPlace.HOUSE,
            attendance=Attendance.ATTENDED,
            ready=True,
            noted_at=clock.now,
            by_id=ward.indah.id,
        )
    )
    session.add(
        Support(
            plan_domain_id=domain_of(Discipline.SOCIAL_WORK).id,
            kind=SupportKind.FOOD_PARCEL,
            on=clock.now.astimezone(THERE).date(),
            funding=Funding.APBD,
            noted_at=clock.now,
            by_id=ward.maya.id,
        )
    )
    session.commit()
    told = {person: {one.kind for one in happened(person)} for person in (ward.maya, ward.indah, ward.sekar, manager)}
    assert told[ward.maya] == told[manager] == {K.PLAN_OPENED, K.SESSION, K.READY, K.SUPPORT}
    assert told[ward.indah] == {K.PLAN_OPENED, K.SESSION, K.READY}
    assert told[ward.sekar] == {K.PLAN_OPENED}


def test_staff_read_nothing_of_it_on_her_page(ward, plan, make, house, browser):
    browser.sign_in(make.account(Role.STAFF, house, language="en"))
    page = browser.get(f"/residents/{ward.resident.ref}").text
    assert "Service plan opened" not in page
    assert "/plan/" not in page and '/plan"' not in page
    browser.sign_in(ward.maya)
    ward.maya.language = "en"
    assert '/plan"' in browser.get(f"/residents/{ward.resident.ref}").text
