"""What a session said stays with the discipline that heard it; whoever else asks finds nothing, and is written down."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment
from safehouse.residents.operations.denying import deny
from safehouse.services.choices import SessionKind
from safehouse.services.models import CareSession, Note
from safehouse.services.operations.sessions import Outcome, record_session, withdraw_session
from safehouse.services.queries.plans import newest_placement
from safehouse.services.rules.sessions import KINDS, NewSession
from safehouse.shelter.choices import PlacementBasis
from safehouse.shelter.models import Placement
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.office import actor
from tests.services.filling import Filled
from tests.web.world import plain

PSYCHOLOGY = Discipline.PSYCHOLOGY
WORDS = "Ia bermimpi buruk tentang malam itu"
MORE = "Ia menambahkan satu hal"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def noted(session, clock, ward, domain_of):
    """`noted(discipline, by)` is a session of this domain with a note, recorded by that worker."""

    def record(discipline=PSYCHOLOGY, by=None, words=WORDS):
        clock.forward(hours=3)
        made = record_session(
            session,
            domain=domain_of(discipline),
            placement=newest_placement(session, ward.resident.id),
            resident=ward.resident,
            new=NewSession(KINDS[discipline][0], clock.now - HOUR, 60),
            outcome=Outcome(note=words, discipline=discipline),
            now=clock.now,
            by=actor(by or ward.indah),
        )
        session.commit()
        return session.scalars(select(Note).where(Note.care_session_id == made.id)).one()

    return record


def refusals(session):
    session.expire_all()
    return list(session.scalars(select(TrailEntry).where(TrailEntry.act == Act.NOTE_REFUSED)))


def missing(browser):
    answer = browser.get(f"/notes/{uuid.uuid4()}")
    assert answer.status_code == 404
    return plain(answer.text)


def test_the_author_writes_a_note_with_the_session_and_reads_it_again(ward, plan, browser, session, clock):
    clock.forward(days=2)
    url = f"/residents/{ward.resident.ref}/plan/psychology"
    browser.sign_in(ward.indah).get(url)
    assert browser.post(url, fields=Filled(browser.page).type(note=WORDS).sent).status_code == 303
    note = session.scalars(select(Note)).one()
    assert (note.discipline, note.author_id) == (PSYCHOLOGY, ward.indah.id)
    assert b"mimpi" not in note.words
    page = browser.get(url).text
    assert f"/notes/{note.ref}" in page and WORDS not in page
    assert WORDS in browser.get(f"/notes/{note.ref}").text


def test_a_reading_stands_in_the_record_before_it_is_shown(ward, plan, noted, browser, session):
    note = noted()
    browser.sign_in(ward.indah).get(f"/notes/{note.ref}")
    session.expire_all()
    opened = session.scalars(
        select(TrailEntry).where(TrailEntry.act == Act.VALUE_OPENED, TrailEntry.fields == "note.words")
    ).one()
    assert (opened.subject, opened.actor, opened.result) == (ward.resident.ref, ward.indah.ref, Result.DONE)


def test_a_colleague_of_the_same_discipline_reads_it_while_she_is_assigned(
    ward, plan, noted, browser, session, make, house, clock
):
    note = noted()
    ayu = make.account(Role.CASEWORKER, house, disciplines=(PSYCHOLOGY,))
    browser.sign_in(ayu)
    assert browser.get(f"/notes/{note.ref}").status_code == 404
    assigned = make.saved(
        Assignment(
            resident_id=ward.resident.id,
            account_id=ayu.id,
            discipline=PSYCHOLOGY,
            coordinator=False,
            since=clock.now,
        )
    )
    session.commit()
    assert WORDS in browser.get(f"/notes/{note.ref}").text
    assigned.until = clock.now
    session.commit()
    assert browser.get(f"/notes/{note.ref}").status_code == 404


@pytest.mark.parametrize("name", ["maya", "sekar", "lestari", "puspita", "manager", "foreign"])
def test_everybody_else_finds_nothing_and_is_written_down(
    ward, plan, noted, manager, make, house, browser, session, name
):
    note = noted()
    foreign = make.account(Role.CASEWORKER, house, disciplines=(PSYCHOLOGY,))
    person = {"manager": manager, "foreign": foreign}.get(name) or getattr(ward, name)
    browser.sign_in(person).get("/account")
    nothing = missing(browser)
    answer = browser.get(f"/notes/{note.ref}")
    assert (answer.status_code, plain(answer.text)) == (404, nothing)
    (entry,) = refusals(session)
    assert (entry.actor, entry.subject, entry.purpose, entry.result) == (
        person.ref,
        ward.resident.ref,
        "psychology",
        Result.REFUSED,
    )


@pytest.mark.parametrize("role", [Role.STAFF, Role.SECURITY_OFFICER])
def test_staff_and_the_security_officer_have_no_page_of_notes(ward, plan, noted, make, house, browser, role):
    note = noted()
    browser.sign_in(make.account(role, *([] if role is Role.SECURITY_OFFICER else [house]))).get("/account")
    nothing = missing(browser)
    answer = browser.get(f"/notes/{note.ref}")
    assert (answer.status_code, plain(answer.text)) == (404, nothing)


def test_a_note_of_law_is_closed_to_psychology_as_well(ward, plan, noted, browser, session):
    note = noted(Discipline.LEGAL, ward.sekar, "Ia mengubah keterangannya")
    browser.sign_in(ward.sekar)
    assert "Ia mengubah" in browser.get(f"/notes/{note.ref}").text
    browser.sign_in(ward.indah)
    assert browser.get(f"/notes/{note.ref}").status_code == 404
    assert [one.actor for one in refusals(session)] == [ward.indah.ref]


def test_whoever_is_denied_the_resident_reads_her_notes_no_more(ward, plan, noted, browser, session, clock, manager):
    note = noted()
    deny(
        session,
        resident=ward.resident,
        denied=ward.indah,
        stand_in=ward.maya,
        reason="Saudara terlapor",
        now=clock.now,
        by=actor(manager),
    )
    session.commit()
    browser.sign_in(ward.indah)
    assert browser.get(f"/notes/{note.ref}").status_code == 404
    assert len(refusals(session)) == 1


def test_who_is_not_confirmed_yet_reads_no_note(ward, plan, noted, browser, session, clock):
    note = noted()
    ward.indah.unconfirmed_since = clock.now
    session.commit()
    page = browser.sign_in(ward.indah).get(f"/notes/{note.ref}")
    assert page.status_code == 200 and WORDS not in page.text


# Adding to it


def test_something_is_added_and_nothing_is_changed(ward, plan, noted, browser, session):
    note = noted()
    about = session.get_one(CareSession, note.care_session_id)
    url = f"/sessions/{about.ref}/notes/new"
    page = browser.sign_in(ward.indah).get(f"/notes/{note.ref}").text
    assert url in page
    before = note.words
    browser.get(url)
    assert browser.post(url, words=MORE).status_code == 303
    session.expire_all()
    assert len(session.scalars(select(Note)).all()) == 2 and session.get_one(Note, note.id).words == before
    page = browser.get(f"/notes/{note.ref}").text
    assert page.index(WORDS) < page.index(MORE)


def test_an_empty_note_is_refused_and_two_presses_write_one(ward, plan, noted, browser, session):
    note = noted()
    url = f"/sessions/{session.get_one(CareSession, note.care_session_id).ref}/notes/new"
    browser.sign_in(ward.indah).get(url)
    assert browser.post(url, words="  ").status_code == 200
    key = str(uuid.uuid4())
    for _ in range(2):
        assert browser.post(url, words=MORE, act_key=key).status_code == 303
    assert len(session.scalars(select(Note)).all()) == 2


def test_nobody_adds_to_a_session_of_another_discipline(ward, plan, noted, manager, browser, session):
    note = noted()
    url = f"/sessions/{session.get_one(CareSession, note.care_session_id).ref}/notes/new"
    for person in (ward.sekar, ward.maya, manager):
        browser.sign_in(person)
        assert browser.get(url).status_code == 404
        assert browser.post(url, words=MORE).status_code == 404
    assert len(session.scalars(select(Note)).all()) == 1


def test_the_coordinator_who_keeps_a_domain_writes_notes_of_her_own_discipline(
    ward, plan, noted, browser, session, domain_of
):
    """While nobody is assigned for it she records there; the notes of those before her stay closed to her."""
    before = noted(Discipline.EDUCATION, ward.puspita)
    ward.puspita.state = "disabled"
    session.commit()
    url = f"/sessions/{session.get_one(CareSession, before.care_session_id).ref}/notes/new"
    browser.sign_in(ward.maya).get(url)
    assert browser.post(url, words=MORE).status_code == 303
    written = session.scalars(select(Note).where(Note.author_id == ward.maya.id)).one()
    assert written.discipline is Discipline.SOCIAL_WORK
    page = browser.get(f"/notes/{written.ref}").text
    assert MORE in page and WORDS not in page
    assert browser.get(f"/notes/{before.ref}").status_code == 404


def test_the_note_of_a_withdrawn_session_stays_and_says_so(ward, plan, noted, browser, session, clock):
    note = noted()
    about = session.get_one(CareSession, note.care_session_id)
    withdraw_session(session, care_session=about, resident=ward.resident, now=clock.now, by=actor(ward.indah))
    ward.indah.language = "en"
    session.commit()
    browser.sign_in(ward.indah)
    page = browser.get(f"/residents/{ward.resident.ref}/plan/psychology").text
    assert f"/notes/{note.ref}" in page and "Withdrawn" in page
    page = browser.get(f"/notes/{note.ref}").text
    assert WORDS in page and "This session was withdrawn" in page


def test_a_note_is_found_by_no_search_and_stands_on_no_other_page(ward, plan, noted, browser):
    noted()
    browser.sign_in(ward.indah)
    about = f"/residents/{ward.resident.ref}"
    for url in (f"{about}/plan", f"{about}/plan/psychology", f"{about}/plan/psychology/sessions", about, "/today"):
        page = browser.get(url, follow=True)
        assert page.status_code == 200 and "bermimpi" not in page.text


def test_a_note_on_an_earlier_stay_is_still_read(ward, plan, noted, browser, session, make, beds, clock):
    """A return begins a new plan; what was heard in the one before belongs to the same resident."""
    note = noted()
    old = newest_placement(session, ward.resident.id)
    old.left_at = clock.now
    clock.forward(days=40)
    session.commit()
    session.add(
        Placement(
            resident_id=ward.resident.id,
            arrived_at=clock.now,
            limit_days=14,
            planned_exit=clock.now.date(),
            basis=PlacementBasis.DECIDED,
        )
    )
    session.commit()
    page = browser.sign_in(ward.indah).get(f"/notes/{note.ref}")
    assert page.status_code == 200 and WORDS in page.text
    assert "/notes/new" not in page.text


def test_every_kind_of_session_is_said_with_the_note(ward, plan, noted, browser, session):
    note = noted()
    session.get_one(CareSession, note.care_session_id).kind = SessionKind.TRAUMA
    ward.indah.language = "en"
    session.commit()
    assert "Trauma therapy" in browser.sign_in(ward.indah).get(f"/notes/{note.ref}").text
