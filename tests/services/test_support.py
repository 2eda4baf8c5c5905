"""What she was given: written down with who pays, never as a price for her."""

import datetime as dt
import uuid
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Agency, Discipline
from safehouse.services.choices import Funding, SupportKind
from safehouse.services.models import Support
from safehouse.services.operations.support import NewSupport, record_support
from safehouse.services.queries.support import support_between
from safehouse.services.rules.support import SupportRefusal, fault_of
from safehouse.services.rules.walls import Reach
from safehouse.services.views.domains import InDomain
from safehouse.services.views.support import drawn, sealed
from tests.counting import statements
from tests.office import actor

TODAY = dt.date(2026, 11, 21)
WORDS = "Kursus menjahit sepuluh hari"
GIVEN = {
    "kind": "skills",
    "words": WORDS,
    "on_day-d": "21",
    "on_day-m": "11",
    "on_day-y": "2026",
    "cost": "350.000",
    "funding": "baznas_zakat",
}


def path(ward):
    return f"/residents/{ward.resident.ref}/plan/social_work"


def count(session):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Support))


@pytest.fixture
def social(domain_of):
    return domain_of(Discipline.SOCIAL_WORK)


@pytest.fixture
def given(session, clock, ward, social):
    """`given(...)` is something she was given today."""

    def make(**more):
        new = {"kind": SupportKind.FOOD_PARCEL, "on_day": TODAY, "funding": Funding.APBD, "words": WORDS, **more}
        row = record_support(
            session,
            domain=social,
            resident=ward.resident,
            new=NewSupport(**new),
            arrived_on=TODAY,
            left_on=None,
            today=TODAY,
            now=clock.now,
            by=actor(ward.maya),
        )
        session.commit()
        return row

    return make


@pytest.mark.parametrize(
    ("day", "left", "fault"),
    [
        ("2026-11-21", None, None),
        ("2026-11-22", None, SupportRefusal.IN_FUTURE),
        ("2026-11-04", None, SupportRefusal.BEFORE_ARRIVAL),
        ("2026-11-12", "2026-11-11", SupportRefusal.LEFT),
        ("2026-11-11", "2026-11-11", None),
    ],
)
def test_something_is_given_on_a_day_of_her_stay(day, left, fault):
    left_on = dt.date.fromisoformat(left) if left else None
    found = fault_of(dt.date.fromisoformat(day), arrived_on=dt.date(2026, 11, 5), left_on=left_on, today=TODAY)
    assert found is fault


def test_what_she_was_given_is_saved_with_who_pays_and_can_be_taken_back(ward, social, browser, session):
    session.add(Agency(name="Baznas Contoh"))
    session.commit()
    agency = session.scalars(select(Agency)).one()
    browser.sign_in(ward.maya).get(f"/plan-domains/{social.ref}/supports/new")
    answer = browser.post(f"/plan-domains/{social.ref}/supports/new", fields={**GIVEN, "agency": str(agency.ref)})
    assert answer.status_code == 303
    row = session.scalars(select(Support)).one()
    assert (row.kind, row.cost, row.funding, row.on) == (SupportKind.SKILLS, 350_000, Funding.ZAKAT, TODAY)
    assert WORDS.encode() not in row.words and row.agency_id == agency.id
    page = browser.get(answer.location).text
    assert WORDS in page and "Rp350.000" in page and "Baznas Contoh" in page
    done = answer.location.partition("done=")[2]
    assert browser.post(f"/supports/{done}/undo").status_code == 303
    session.expire_all()
    assert session.scalars(select(Support)).one().withdrawn_at is not None
    assert WORDS not in browser.get(path(ward)).text


def test_two_presses_write_it_down_once(ward, social, browser, session):
    browser.sign_in(ward.maya)
    key = str(uuid.uuid4())
    for _ in range(2):
        browser.post(f"/plan-domains/{social.ref}/supports/new", fields=GIVEN, act_key=key)
    assert count(session) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"on_day-d": "22"},
        {"on_day-d": "1", "on_day-m": "1"},
        {"on_day-d": "31"},
        {"funding": ""},
        {"kind": ""},
        {"cost": "banyak"},
    ],
)
def test_what_cannot_be_so_is_a_sentence_and_nothing_typed_is_lost(ward, social, browser, session, wrong):
    browser.sign_in(ward.maya)
    answer = browser.post(f"/plan-domains/{social.ref}/supports/new", fields={**GIVEN, **wrong})
    assert answer.status_code == 200 and 'class="err"' in answer.text and WORDS in answer.text
    assert count(session) == 0


def test_what_was_recorded_wrongly_is_withdrawn_and_brought_back_within_ten_minutes(ward, given, browser, session):
    row = given()
    browser.sign_in(ward.maya)
    answer = browser.post(f"/supports/{row.ref}/withdraw")
    done = answer.location.partition("done=")[2]
    assert WORDS not in browser.get(path(ward)).text
    assert browser.post(f"/supports/{done}/undo-withdraw").status_code == 303
    assert WORDS in browser.get(path(ward)).text
    assert browser.post(f"/supports/{row.ref}/withdraw").status_code == 303
    assert browser.post(f"/supports/{row.ref}/withdraw").status_code == 303, "the second press finds it done"


def test_the_words_are_for_whoever_keeps_the_domain_alone(ward, given, plan, manager, browser):
    given()
    assert WORDS in browser.sign_in(ward.maya).get(path(ward)).text
    page = browser.sign_in(manager).get(path(ward)).text
    assert WORDS not in page and 'id="supports"' in page
    page = browser.sign_in(ward.sekar).get(path(ward)).text
    assert WORDS not in page and 'id="supports"' not in page


def test_nobody_of_another_discipline_writes_or_withdraws(ward, given, social, browser):
    row = given()
    browser.sign_in(ward.puspita)
    assert browser.get(f"/plan-domains/{social.ref}/supports/new").status_code == 404
    assert browser.post(f"/supports/{row.ref}/withdraw").status_code == 404


def test_support_is_written_in_its_own_domain_only(ward, plan, domain_of, browser):
    browser.sign_in(ward.puspita)
    assert browser.get(f"/plan-domains/{domain_of(Discipline.EDUCATION).ref}/supports/new").status_code == 404


def test_the_page_takes_as_many_statements_for_forty_as_for_one(app, ward, given, browser):
    given()
    browser.sign_in(ward.maya)
    few = len(statements(app, browser, path(ward)))
    for _ in range(39):
        given()
    assert len(statements(app, browser, path(ward))) == few
    assert len(browser.page.encode()) < 60_000


def test_the_review_reads_what_counts_from_a_day_to_a_day(ward, given, plan, browser, session):
    given(cost=50_000)
    withdrawn = given()
    browser.sign_in(ward.maya).post(f"/supports/{withdrawn.ref}/withdraw")
    session.expire_all()
    (line,) = support_between(session, plan.id, begin=TODAY, until=TODAY)
    assert (line.kind, line.cost, line.funding, line.who) == (SupportKind.FOOD_PARCEL, 50_000, Funding.APBD, "Maya")
    assert support_between(session, plan.id, begin=dt.date(2026, 1, 1), until=dt.date(2026, 11, 20)) == []


def test_a_text_stays_with_its_row_whatever_was_written_while_the_page_was_opened(app, ward, session, clock, domain_of):
    domain = domain_of(Discipline.SOCIAL_WORK)

    def given(words):
        today = TODAY
        new = NewSupport(SupportKind.FOOD_PARCEL, today, Funding.VILLAGE, words=words)
        about = {"domain": domain, "resident": ward.resident, "arrived_on": today, "left_on": None, "today": today}
        made = record_support(session, new=new, now=clock.now, by=actor(ward.maya), **about)
        session.commit()
        return made.ref

    first = given("Beras lima kilogram")
    seen = SimpleNamespace(resident=ward.resident)
    found = InDomain(seen, domain, None, Reach.FULL)
    with app.test_request_context():
        opened = {(one.row.ref, one.column): "Beras lima kilogram" for one in sealed(found)}
    second = given("Uang transpor")
    with app.test_request_context():
        shown = {one["ref"]: one["words"] for one in drawn(found, opened)["supports"]}
    assert shown == {first: "Beras lima kilogram", second: ""}
