"""Her health is read by whoever keeps it; a visum never says what it found; what the shift gives has its times."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Agency, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Alert,
    Examiner,
    HealthOutcome,
    Medicine,
    Sex,
)
from safehouse.residents.operations.care import NewMedicine, note_medicine
from safehouse.residents.operations.health import NewHealthCheck, note_health_check
from safehouse.services.choices import CareState, Facility, Funding, LimitAnswer, TreatmentKind, VisumKind
from safehouse.services.models import Pregnancy, Treatment, UrgentCare, Visum
from safehouse.services.operations.health import (
    HealthFaulty,
    NewLimits,
    NewTreatment,
    NewVisum,
    Whose,
    end_pregnancy,
    note_limits,
    note_pregnancy,
    record_treatment,
    record_visum,
)
from safehouse.services.queries.health import health_between, newest_limits, visum_costs
from safehouse.services.queries.plans import newest_placement
from safehouse.services.rules.health import (
    HealthFault,
    Limit,
    fault_of_answer,
    fault_of_cost,
    fault_of_day,
    fault_of_event,
    fault_of_expected,
    is_late,
    is_running,
    may_be_pregnant,
)
from safehouse.shelter.choices import ReferralState
from safehouse.shelter.operations.screening import record_screening
from safehouse.shelter.rules.screening import Answers, Choice, Part
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.counting import statements
from tests.office import actor

WIB = ZoneInfo("Asia/Jakarta")
# NOW is Saturday 21 November 2026, 23.40 in Jakarta.
TODAY = dt.date(2026, 11, 21)
A_DAY = dt.timedelta(days=1)
HEALTH = Discipline.HEALTH
WORDS = "Kontrol luka minggu depan"
LETTER = "B/77/XI/2026"
REPORT = "VER/9/2026"


def on(day):
    return {"on_day-d": str(day.day), "on_day-m": str(day.month), "on_day-y": str(day.year)}


def page_of(ward):
    return f"/residents/{ward.resident.ref}/plan/health"


def count(session, model):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def domain(domain_of):
    return domain_of(HEALTH)


@pytest.fixture
def whose(ward, session):
    return Whose(ward.resident, newest_placement(session, ward.resident.id), WIB)


@pytest.fixture
def hers(ward, domain, whose, session, clock):
    """`hers(record, new)` is written down by Lestari."""

    def made(record, new):
        row = record(session, domain=domain, whose=whose, new=new, now=clock.now, by=actor(ward.lestari))
        session.commit()
        return row

    return made


@pytest.fixture
def treated(hers):
    return hers(
        record_treatment,
        NewTreatment(
            TreatmentKind.WOUND,
            Facility.HOSPITAL,
            CareState.DONE,
            TODAY - A_DAY,
            words=WORDS,
            cost=120_000,
            funding=Funding.APBD,
        ),
    )


@pytest.fixture
def visum(hers):
    return hers(
        record_visum,
        NewVisum(
            VisumKind.PHYSICAL,
            Facility.HOSPITAL,
            CareState.DONE,
            letter_number=LETTER,
            letter_on=TODAY - A_DAY,
            on_day=TODAY,
            report_number=REPORT,
            cost=350_000,
            funding=Funding.DAK_PPA,
        ),
    )


# Rules


@pytest.mark.parametrize(
    ("state", "on_day", "before", "left", "wrong"),
    [
        (CareState.REQUESTED, None, None, None, None),
        (CareState.SCHEDULED, None, None, None, HealthFault.NO_DAY),
        (CareState.DONE, None, None, None, HealthFault.NO_DAY),
        (CareState.DONE, TODAY, None, None, None),
        (CareState.DONE, TODAY - 400 * A_DAY, None, None, None),
        (CareState.DONE, TODAY + A_DAY, None, None, HealthFault.IN_FUTURE),
        (CareState.SCHEDULED, TODAY, None, None, None),
        (CareState.SCHEDULED, TODAY - A_DAY, None, None, HealthFault.DAY_OVER),
        (CareState.SCHEDULED, TODAY - A_DAY, TODAY - A_DAY, None, None),
        (CareState.SCHEDULED, TODAY + 800 * A_DAY, None, None, HealthFault.TOO_FAR),
        (CareState.DONE, dt.date(1990, 1, 1), None, None, HealthFault.BEFORE_BIRTH),
        (CareState.DONE, TODAY, None, TODAY - A_DAY, HealthFault.AFTER_LEAVING),
        (CareState.DONE, TODAY - A_DAY, None, TODAY - A_DAY, None),
        (CareState.CANCELLED, TODAY, None, TODAY - A_DAY, None),
        (CareState.REQUESTED, None, None, TODAY - A_DAY, HealthFault.LEFT),
    ],
)
def test_the_day_of_an_examination_is_possible(state, on_day, before, left, wrong):
    born = dt.date(1995, 8, 1)
    assert fault_of_day(state=state, on_day=on_day, before=before, today=TODAY, born=born, left=left) is wrong


def test_only_a_cost_asks_who_pays():
    assert fault_of_cost(350_000, None) is HealthFault.COST_WITHOUT_FUNDING
    assert fault_of_cost(350_000, Funding.APBD) is fault_of_cost(0, None) is fault_of_cost(None, None) is None


def test_what_was_agreed_is_late_from_the_next_day_on():
    assert not is_late(CareState.SCHEDULED, TODAY, TODAY)
    assert is_late(CareState.SCHEDULED, TODAY - A_DAY, TODAY)
    assert not is_late(CareState.DONE, TODAY - A_DAY, TODAY)


@pytest.mark.parametrize(
    ("day", "fits"), [(TODAY + 300 * A_DAY, True), (TODAY + 301 * A_DAY, False), (TODAY - 31 * A_DAY, False)]
)
def test_a_child_is_expected_within_ten_months(day, fits):
    assert (fault_of_expected(day, TODAY) is None) is fits


def test_no_boy_and_no_small_girl_is_asked_about_a_pregnancy():
    assert may_be_pregnant(Sex.FEMALE, None, child=False, today=TODAY)
    assert may_be_pregnant(Sex.FEMALE, dt.date(2011, 3, 1), child=True, today=TODAY)
    assert not may_be_pregnant(Sex.FEMALE, dt.date(2020, 3, 1), child=True, today=TODAY)
    assert not may_be_pregnant(Sex.MALE, None, child=False, today=TODAY)


EVENT = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(("limit", "hours"), [(Limit.HIV, 72), (Limit.CONTRACEPTION, 120)])
def test_help_is_of_use_for_its_hours_and_no_minute_longer(limit, hours):
    end = EVENT + dt.timedelta(hours=hours)
    assert is_running(limit, None, event_at=EVENT, now=end - dt.timedelta(minutes=1))
    assert not is_running(limit, None, event_at=EVENT, now=end)
    assert not is_running(limit, LimitAnswer.NOT_NEEDED, event_at=EVENT, now=EVENT)


@pytest.mark.parametrize(
    ("answer", "given_at", "wrong"),
    [
        (None, None, None),
        (LimitAnswer.GIVEN, EVENT, None),
        (LimitAnswer.GIVEN, None, HealthFault.NO_TIME),
        (LimitAnswer.NOT_NEEDED, EVENT, HealthFault.NOT_GIVEN),
        (LimitAnswer.GIVEN, EVENT - A_DAY, HealthFault.GIVEN_BEFORE),
        (LimitAnswer.GIVEN, EVENT + 3 * A_DAY, HealthFault.GIVEN_IN_FUTURE),
    ],
)
def test_what_was_given_has_its_time(answer, given_at, wrong):
    assert fault_of_answer(answer, given_at, event_at=EVENT, now=EVENT + A_DAY) is wrong


def test_an_event_lies_behind_us_and_not_long_ago():
    assert fault_of_event(EVENT, EVENT) is None
    assert fault_of_event(EVENT, EVENT - A_DAY) is HealthFault.EVENT_IN_FUTURE
    assert fault_of_event(EVENT, EVENT + 366 * A_DAY) is HealthFault.EVENT_LONG_AGO


# Walls


def test_there_is_no_place_for_what_a_visum_says():
    """Written out by hand on purpose: a column more is a result somebody could write down."""
    assert {column.name for column in Visum.__table__.columns} == {
        "id",
        "ref",
        "plan_domain_id",
        "kind",
        "asked_by_id",
        "letter_number",
        "letter_on",
        "facility",
        "agency_id",
        "on_day",
        "report_number",
        "state",
        "cost",
        "funding",
        "noted_at",
        "by_id",
        "changed_at",
        "changed_by_id",
    }


def test_no_page_asks_what_a_visum_says(ward, domain, browser):
    browser.sign_in(ward.lestari)
    page = browser.get(f"/plan-domains/{domain.ref}/visums/new").text
    asked = {part.partition('"')[0] for part in page.partition("<main")[2].split(' name="')[1:]}
    assert asked - {"csrf_token", "act_key", "display", "back"} == {
        "kind",
        "asked_by",
        "letter_number",
        "letter_on-d",
        "letter_on-m",
        "letter_on-y",
        "facility",
        "agency",
        "state",
        "on_day-d",
        "on_day-m",
        "on_day-y",
        "report_number",
        "cost",
        "funding",
    }
    assert "<textarea" not in page


def test_whoever_keeps_her_health_reads_all_of_it(ward, plan, treated, visum, browser):
    page = browser.sign_in(ward.lestari).get(page_of(ward)).text
    for told in (WORDS, LETTER, REPORT, "Rp 120.000", "Rp 350.000"):
        assert told in page


@pytest.mark.parametrize("name", ["maya", "manager"])
def test_the_coordinator_and_the_manager_read_states_and_days_and_never_what_for(
    ward, plan, treated, visum, manager, hers, whose, session, clock, browser, name
):
    note_pregnancy(session, whose=whose, expected=TODAY + 90 * A_DAY, now=clock.now, by=actor(ward.lestari))
    note_medicine(
        session, resident=ward.resident, medicine=NewMedicine("Tablet X", "satu", ()), now=clock.now, by=actor(manager)
    )
    hers(note_limits, NewLimits(clock.now - A_DAY, LimitAnswer.GIVEN, clock.now))
    browser.sign_in(manager if name == "manager" else ward.maya)
    page = browser.get(page_of(ward)).text
    assert "Visum" in page and "20 November 2026" in page
    for hidden in (WORDS, LETTER, REPORT, "Treatment of injuries", "Pengobatan luka", "Tablet X", "19 Februari", "HIV"):
        assert hidden not in page, hidden
    assert "/treatments/" not in page and "/visums/" not in page and "/plan-domains/" not in page
    # Number and cost by source are the manager's; the coordinator reads neither.
    assert ("Rp 350.000" in page) is ("Rp 120.000" in page) is (name == "manager")


@pytest.mark.parametrize("name", ["indah", "sekar", "puspita"])
def test_another_discipline_reads_nothing_of_it(ward, plan, treated, visum, browser, name):
    page = browser.sign_in(getattr(ward, name)).get(page_of(ward)).text
    for hidden in (WORDS, LETTER, REPORT, "Visum", "Rp ", "Rumah sakit", "Hospital"):
        assert hidden not in page, hidden


@pytest.mark.parametrize("name", ["maya", "indah", "sekar", "manager", "staff"])
def test_nobody_else_writes_in_her_health(
    ward, plan, domain, domain_of, treated, visum, manager, make, house, session, clock, browser, name
):
    medicine = note_medicine(
        session, resident=ward.resident, medicine=NewMedicine("Tablet", "1", ()), now=clock.now, by=actor(ward.lestari)
    )
    session.commit()
    others = {"manager": manager, "staff": make.account(Role.STAFF, house)}
    browser.sign_in(others.get(name) or getattr(ward, name))
    for where in (
        f"/plan-domains/{domain.ref}/treatments/new",
        f"/plan-domains/{domain.ref}/visums/new",
        f"/plan-domains/{domain.ref}/medicines/new",
        f"/plan-domains/{domain.ref}/allergies/new",
        f"/plan-domains/{domain.ref}/pregnancy",
        f"/plan-domains/{domain.ref}/time-limits",
        f"/treatments/{treated.ref}",
        f"/visums/{visum.ref}",
        f"/plan-medicines/{medicine.ref}",
    ):
        assert browser.get(where).status_code == 404, where
        assert browser.post(where).status_code == 404, where
    assert browser.post(f"/plan-medicines/{medicine.ref}/end").status_code == 404


def test_examinations_are_written_in_the_health_domain_only(ward, domain_of, browser, session):
    ward.lestari.state = "disabled"
    session.commit()
    browser.sign_in(ward.maya)
    assert browser.get(f"/plan-domains/{domain_of(HEALTH).ref}/treatments/new").status_code == 200
    social = domain_of(Discipline.SOCIAL_WORK)
    for thing in ("treatments/new", "visums/new", "medicines/new", "allergies/new", "pregnancy", "time-limits"):
        assert browser.get(f"/plan-domains/{social.ref}/{thing}").status_code == 404


# Examinations


def test_an_examination_is_written_down_and_goes_on(ward, domain, browser, session):
    where = f"/plan-domains/{domain.ref}/treatments/new"
    browser.sign_in(ward.lestari).get(where)
    fields = {"kind": "check_up", "facility": "clinic", "state": "scheduled", "words": WORDS, **on(TODAY + 3 * A_DAY)}
    assert browser.post(where, fields=fields).status_code == 303
    made = session.scalars(select(Treatment)).one()
    assert (made.kind, made.state, made.by_id) == (TreatmentKind.CHECK_UP, CareState.SCHEDULED, ward.lestari.id)
    assert WORDS.encode() not in made.words
    where = f"/treatments/{made.ref}"
    assert WORDS in browser.get(where).text
    fields |= {"state": "done", "words": "", "cost": "Rp 75.000", "funding": "apbd", **on(TODAY)}
    assert browser.post(where, fields=fields).status_code == 303
    session.expire_all()
    assert (made.state, made.on_day, made.cost, made.funding) == (CareState.DONE, TODAY, 75_000, Funding.APBD)
    assert made.words is None and made.changed_by_id == ward.lestari.id


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"state": "done", **on(TODAY + A_DAY)}, "on_day"),
        ({"state": "done", "on_day-d": "31", "on_day-m": "2", "on_day-y": "2026"}, "on_day"),
        ({"state": "scheduled"}, "on_day"),
        ({"state": "scheduled", **on(TODAY - A_DAY)}, "on_day"),
        ({"state": "done", "cost": "120.000", **on(TODAY)}, "funding"),
        ({"state": ""}, "state"),
    ],
)
def test_a_refused_examination_says_why_beside_the_field_and_loses_nothing(ward, domain, browser, session, more, field):
    where = f"/plan-domains/{domain.ref}/treatments/new"
    browser.sign_in(ward.lestari).get(where)
    answer = browser.post(where, fields={"kind": "wound", "facility": "hospital", "words": WORDS, **more})
    assert answer.status_code == 200 and f'href="#{field}' in answer.text and WORDS in answer.text
    assert count(session, Treatment) == 0


def test_an_examination_before_she_came_is_written_down_and_called_so(ward, domain, browser, session, clock):
    where = f"/plan-domains/{domain.ref}/treatments/new"
    browser.sign_in(ward.lestari).get(where)
    fields = {"kind": "inpatient", "facility": "hospital", "state": "done", **on(TODAY - 30 * A_DAY)}
    assert browser.post(where, fields=fields).status_code == 303
    page = browser.get(page_of(ward)).text
    assert "before she came here" in page or "sebelum ia" in page


def test_nothing_new_is_agreed_for_someone_who_left(ward, plan, domain, whose, browser, session, clock):
    whose.placement.left_at = clock.now
    session.commit()
    browser.sign_in(ward.lestari)
    for thing, fields in (
        (
            "treatments/new",
            {"kind": "wound", "facility": "clinic", "state": "scheduled", "words": WORDS, **on(TODAY + A_DAY)},
        ),
        ("medicines/new", {"name": WORDS, "dose": "1", "as_needed": "y"}),
        ("allergies/new", {"words": WORDS}),
    ):
        where = f"/plan-domains/{domain.ref}/{thing}"
        browser.get(where)
        answer = browser.post(where, fields=fields)
        assert answer.status_code == 200 and 'role="alert"' in answer.text and WORDS in answer.text, thing
    with pytest.raises(HealthFaulty) as refused:
        note_pregnancy(session, whose=whose, expected=None, now=clock.now, by=actor(ward.lestari))
    assert refused.value.reason is HealthFault.LEFT
    assert count(session, Treatment) == count(session, Medicine) == count(session, Alert) == 0


# Visum


def visum_fields(**more):
    return {
        "kind": "physical",
        "letter_number": LETTER,
        "letter_on-d": "20",
        "letter_on-m": "11",
        "letter_on-y": "2026",
        "facility": "hospital",
        "state": "requested",
        **more,
    }


def test_a_visum_is_asked_for_and_gets_its_number(ward, domain, browser, session, make):
    police = make.saved(Agency(name="Unit PPA Polres Contoh"))
    session.commit()
    where = f"/plan-domains/{domain.ref}/visums/new"
    browser.sign_in(ward.lestari).get(where)
    assert browser.post(where, fields=visum_fields(asked_by=str(police.ref))).status_code == 303
    made = session.scalars(select(Visum)).one()
    assert (made.asked_by_id, made.state, made.on_day) == (police.id, CareState.REQUESTED, None)
    assert LETTER.encode() not in made.letter_number
    police.suspended_at = made.noted_at
    session.commit()
    where = f"/visums/{made.ref}"
    assert LETTER in browser.get(where).text
    # An agency we work with no more stays where it stands.
    assert "Unit PPA Polres Contoh" in browser.page
    done = visum_fields(
        asked_by=str(police.ref), state="done", report_number=REPORT, cost="350.000", funding="dak_nonfisik_ppa"
    )
    assert browser.post(where, fields={**done, **on(TODAY)}).status_code == 303
    session.expire_all()
    assert (made.asked_by_id, made.state, made.cost, made.funding) == (
        police.id,
        CareState.DONE,
        350_000,
        Funding.DAK_PPA,
    )
    assert REPORT.encode() not in made.report_number


def test_a_visum_needs_the_letter_and_a_medical_letter_does_not(ward, domain, browser, session):
    where = f"/plan-domains/{domain.ref}/visums/new"
    browser.sign_in(ward.lestari).get(where)
    without = {"letter_on-d": "", "letter_on-m": "", "letter_on-y": "", "letter_number": ""}
    answer = browser.post(where, fields=visum_fields(report_number=REPORT, **without))
    assert answer.status_code == 200 and 'href="#letter_on' in answer.text and REPORT in answer.text
    assert browser.post(where, fields=visum_fields(**{"letter_on-d": "22"})).status_code == 200  # tomorrow
    assert count(session, Visum) == 0
    assert browser.post(where, fields=visum_fields(kind="medical_letter", **without)).status_code == 303


# Medicines and allergies


def medicine_fields(**more):
    return {"name": "Tablet tambah darah", "dose": "satu tablet", "times": "7, 19", **more}


def test_a_medicine_has_its_dose_and_times_and_a_second_person(ward, domain, browser, session):
    where = f"/plan-domains/{domain.ref}/medicines/new"
    browser.sign_in(ward.lestari).get(where)
    answer = browser.post(where, fields=medicine_fields(checker_needed="y"))
    assert answer.status_code == 303
    made = session.scalars(select(Medicine)).one()
    assert (made.times, made.checker_needed) == ("0700,1900", True)
    page = browser.get(answer.location).text
    assert "Tablet tambah darah" in page and "satu tablet" in page and "07.00, 19.00" in page
    # The shift reads it on her page.
    assert "Tablet tambah darah" in browser.get(f"/residents/{ward.resident.ref}").text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"times": ""}, "times"),
        ({"as_needed": "y"}, "times"),
        ({"times": "pagi"}, "times"),
        ({"dose": ""}, "dose"),
        ({"name": ""}, "name"),
    ],
)
def test_a_dose_without_a_time_is_refused_and_nothing_typed_is_lost(ward, domain, browser, session, more, field):
    where = f"/plan-domains/{domain.ref}/medicines/new"
    browser.sign_in(ward.lestari).get(where)
    answer = browser.post(where, fields=medicine_fields(**more))
    assert answer.status_code == 200 and f'href="#{field}' in answer.text
    assert ("satu tablet" in answer.text) or field == "dose"
    assert count(session, Medicine) == 0


def test_what_is_taken_when_needed_has_no_time(ward, domain, browser, session):
    where = f"/plan-domains/{domain.ref}/medicines/new"
    browser.sign_in(ward.lestari).get(where)
    assert browser.post(where, fields=medicine_fields(times="", as_needed="y")).status_code == 303
    assert session.scalars(select(Medicine)).one().times == ""


def test_a_changed_medicine_ends_the_old_line_so_that_what_was_given_stays_true(ward, domain, browser, session, clock):
    old = note_medicine(
        session,
        resident=ward.resident,
        medicine=NewMedicine("Tablet", "satu", (dt.time(7),)),
        now=clock.now,
        by=actor(ward.lestari),
    )
    session.commit()
    browser.sign_in(ward.lestari)
    where = f"/plan-medicines/{old.ref}"
    page = browser.get(where).text
    assert 'value="Tablet"' in page and 'value="satu"' in page and 'value="07.00"' in page
    assert browser.post(where, fields={"name": "Tablet", "dose": "dua", "times": "7"}).status_code == 303
    session.expire_all()
    assert old.until is not None and old.times == "0700"
    new = session.scalars(select(Medicine).where(Medicine.until.is_(None))).one()
    assert new.id != old.id and new.times == "0700"
    # The old line is gone for the one who had it open: a sentence, and nothing typed is lost.
    answer = browser.post(where, fields={"name": "Tablet", "dose": "tiga", "times": "8"})
    assert answer.status_code == 200 and 'value="tiga"' in answer.text
    assert count(session, Medicine) == 2


@pytest.mark.parametrize("kind", ["medicine", "allergy"])
def test_what_was_added_or_ended_is_taken_back_within_ten_minutes(ward, domain, browser, session, kind):
    browser.sign_in(ward.lestari)
    things, model, fields = {
        "medicine": ("medicines", Medicine, medicine_fields()),
        "allergy": ("allergies", Alert, {"words": "Penisilin"}),
    }[kind]
    where = f"/plan-domains/{domain.ref}/{things}/new"

    def standing():
        session.expire_all()
        return session.scalars(select(model).where(model.until.is_(None))).all()

    def undo(answer, way):
        browser.get(answer.location)
        assert f"/{way}" in browser.page
        action = browser.page.split(f"/{way}")[0].rsplit('"', 1)[1] + f"/{way}"
        assert browser.post(action).status_code == 303

    browser.get(where)
    undo(browser.post(where, fields=fields), "undo-new")
    assert not standing()
    browser.get(where)
    browser.post(where, fields=fields)
    (one,) = standing()
    ended = browser.post(f"/plan-{things}/{one.ref}/end")
    assert not standing()
    undo(ended, "undo-end")
    assert len(standing()) == 1


# Pregnancy


def test_a_pregnancy_is_noted_changed_ended_and_brought_back(ward, domain, browser, session):
    where = f"/plan-domains/{domain.ref}/pregnancy"
    browser.sign_in(ward.lestari).get(where)
    answer = browser.post(where, fields={"expected-d": "19", "expected-m": "2", "expected-y": "2027"})
    assert answer.status_code == 303
    made = session.scalars(select(Pregnancy)).one()
    assert b"2027" not in made.expected
    assert "19 Februari 2027" in browser.get(page_of(ward)).text
    assert 'value="2027"' in browser.get(where).text
    browser.post(where, fields={"expected-d": "1", "expected-m": "3", "expected-y": "2027"})
    assert count(session, Pregnancy) == 1
    assert "1 Maret 2027" in browser.get(page_of(ward)).text
    ended = browser.post(f"/pregnancies/{made.ref}/end")
    session.expire_all()
    assert made.until is not None
    browser.get(ended.location)
    action = browser.page.split("/undo-end")[0].rsplit('"', 1)[1] + "/undo-end"
    assert browser.post(action).status_code == 303
    session.expire_all()
    assert made.until is None


def test_an_impossible_day_of_birth_is_refused(ward, domain, browser, session):
    where = f"/plan-domains/{domain.ref}/pregnancy"
    browser.sign_in(ward.lestari).get(where)
    answer = browser.post(where, fields={"expected-d": "19", "expected-m": "2", "expected-y": "2029"})
    assert answer.status_code == 200 and 'href="#expected' in answer.text and 'value="2029"' in answer.text
    assert count(session, Pregnancy) == 0


def test_she_expects_one_child_at_a_time(ward, plan, whose, session, clock):
    about = {"whose": whose, "now": clock.now, "by": actor(ward.lestari)}
    first = note_pregnancy(session, expected=None, **about)
    with pytest.raises(HealthFaulty):
        note_pregnancy(session, expected=None, **about)
    end_pregnancy(session, pregnancy=first, **about)
    note_pregnancy(session, expected=None, **about)


def test_a_boy_is_not_asked_about_a_pregnancy(ward, plan, domain, session, browser):
    ward.resident.sex = Sex.MALE
    session.commit()
    browser.sign_in(ward.lestari)
    assert browser.get(f"/plan-domains/{domain.ref}/pregnancy").status_code == 404
    assert 'name="contraception"' not in browser.get(f"/plan-domains/{domain.ref}/time-limits").text
    assert 'id="pregnancy"' not in browser.get(page_of(ward)).text


# Time limits


def limit_fields(**more):
    return {
        "day-d": "21",
        "day-m": "11",
        "day-y": "2026",
        "clock": "10.00",
        "hiv": "given",
        "hiv_day-d": "21",
        "hiv_day-m": "11",
        "hiv_day-y": "2026",
        "hiv_clock": "16.30",
        "contraception": "not_needed",
        **more,
    }


def test_a_medical_time_limit_runs_until_it_is_answered_and_names_no_medicine(ward, domain, browser, session):
    where = f"/plan-domains/{domain.ref}/time-limits"
    browser.sign_in(ward.lestari).get(where)
    nothing_yet = {"hiv": "", "hiv_day-d": "", "hiv_day-m": "", "hiv_day-y": "", "hiv_clock": "", "contraception": ""}
    assert browser.post(where, fields=limit_fields(**nothing_yet)).status_code == 303
    page = browser.get(page_of(ward)).text
    # It is 23.40: thirteen hours and forty minutes of them are over.
    assert "58 jam" in page and "106 jam" in page and page.count('class="clk') == 2
    assert 'value="10.00"' in browser.get(where).text
    answer = browser.post(where, fields=limit_fields())
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert "jam ke-7" in page
    assert 'class="clk ok"' in page
    action = page.split('/undo"')[0].rsplit('"', 1)[1] + "/undo"
    assert browser.post(action).status_code == 303
    session.expire_all()
    standing = newest_limits(session, domain.id)
    assert standing.hiv is None and count(session, UrgentCare) == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"day-d": "22"}, "day"),
        ({"hiv_clock": "09.00"}, "hiv_day"),
        ({"hiv_clock": ""}, "hiv_clock"),
        ({"hiv": "declined"}, "hiv"),
        ({"contraception": "given"}, "contraception_day"),
        ({"clock": ""}, "clock"),
    ],
)
def test_impossible_times_are_refused_beside_their_field(ward, domain, browser, session, more, field):
    where = f"/plan-domains/{domain.ref}/time-limits"
    browser.sign_in(ward.lestari).get(where)
    answer = browser.post(where, fields=limit_fields(**more))
    assert answer.status_code == 200 and f'href="#{field}' in answer.text
    assert count(session, UrgentCare) == 0


def test_a_doctor_asked_for_at_the_screening_stands_on_the_page_until_one_has_seen_her(
    ward, plan, whose, browser, session, clock, make
):
    referral = make.referral(women=1, state=ReferralState.ACCEPTED)
    whose.placement.referral_id = referral.id
    record_screening(
        session,
        referral=referral,
        answers=Answers({Part.DOCTOR: Choice.TONIGHT}),
        reported=[],
        now=clock.now,
        by=actor(ward.maya),
    )
    session.commit()
    browser.sign_in(ward.lestari)
    assert browser.get(page_of(ward)).text.count('class="clk') == 1
    check = NewHealthCheck(clock.now, HealthOutcome.NOTHING_NEEDED, Examiner.CLINIC)
    note_health_check(session, resident=ward.resident, check=check, now=clock.now, by=actor(ward.lestari))
    session.commit()
    assert 'class="clk' not in browser.get(page_of(ward)).text


# Figures


def test_a_review_reads_what_was_done_and_what_it_cost(ward, plan, treated, visum, hers, session, clock):
    hers(
        record_treatment,
        NewTreatment(TreatmentKind.CHECK_UP, Facility.CLINIC, CareState.SCHEDULED, TODAY + A_DAY),
    )
    hers(
        record_treatment,
        NewTreatment(TreatmentKind.DENTAL, Facility.CLINIC, CareState.CANCELLED, TODAY, cost=5, funding=Funding.APBD),
    )
    for outcome, examiner in ((HealthOutcome.NOTHING_NEEDED, Examiner.CLINIC), (HealthOutcome.DECLINED, None)):
        check = NewHealthCheck(clock.now, outcome, examiner)
        note_health_check(session, resident=ward.resident, check=check, now=clock.now, by=actor(ward.lestari))
    session.commit()

    def between(first, last):
        return health_between(
            session, plan_id=plan.id, resident_id=ward.resident.id, from_day=first, until=last, there=WIB
        )

    found = between(TODAY - A_DAY, TODAY + A_DAY)
    assert (found.examinations, found.visums, found.planned, found.open) == (2, 1, 4, 1)
    assert [(one.funding, one.number, one.cost) for one in found.costs] == [
        (Funding.APBD, 1, 120_000),
        (Funding.DAK_PPA, 1, 350_000),
    ]
    assert found.cost == 470_000
    # The check was at 23.40 in Jakarta, still the day before by the clock of Greenwich or not: her house counts.
    assert between(TODAY + A_DAY, TODAY + A_DAY).examinations == 0
    assert between(TODAY - A_DAY, TODAY - A_DAY).cost == 120_000


def test_what_visums_cost_is_counted_by_who_pays_in_each_house(ward, plan, visum, hers, session, make, house):
    hers(
        record_visum,
        NewVisum(VisumKind.MEDICAL_LETTER, Facility.CLINIC, CareState.DONE, on_day=TODAY),
    )
    session.commit()

    def costs(*houses, day=TODAY):
        found = visum_costs(session, house_ids=[one.id for one in houses], from_day=day, until=day)
        return [(one.funding, one.number, one.cost) for one in found]

    assert costs(house) == [(Funding.DAK_PPA, 1, 350_000), (None, 1, 0)]
    assert costs(make.house("Rumah Dua")) == []
    assert costs(house, day=TODAY - A_DAY) == []


def test_every_writing_and_reading_stands_in_the_record(ward, plan, treated, visum, browser, session):
    browser.sign_in(ward.lestari).get(page_of(ward))
    session.expire_all()
    noted = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.CARE_NOTED).order_by(TrailEntry.seq)).all()
    assert [one.purpose for one in noted] == ["treatment", "visum"]
    opened = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.VALUE_OPENED)).all()[-1]
    assert {"treatment.words", "visum.letter_number", "visum.report_number"} <= set(opened.fields.split(","))
    assert opened.subject == ward.resident.ref


@pytest.mark.parametrize("name", ["lestari", "maya"])
def test_the_page_takes_the_same_statements_for_one_examination_and_for_many(
    app, ward, plan, hers, session, clock, browser, name
):
    browser.sign_in(getattr(ward, name))
    counts = []
    for n in (1, 6):
        for each in range(n):
            new = NewTreatment(TreatmentKind.WOUND, Facility.CLINIC, CareState.DONE, TODAY, words=f"Kata {each}")
            hers(record_treatment, new)
            hers(record_visum, NewVisum(VisumKind.MEDICAL_LETTER, Facility.CLINIC, CareState.DONE, on_day=TODAY))
            note_medicine(
                session,
                resident=ward.resident,
                medicine=NewMedicine(f"Obat {each}", "satu", ()),
                now=clock.now,
                by=actor(ward.lestari),
            )
        session.commit()
        counts.append(len(statements(app, browser, page_of(ward))))
    assert counts[0] == counts[1]
    assert len(browser.page) < 60_000
