"""Break-glass opens the page of a resident for half an hour, and no plan: whatever the role of who looks."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Grant
from safehouse.services.choices import DOMAINS_IN_ORDER, WordsKind
from safehouse.services.operations.planning import set_goal, write_words
from safehouse.trail.models import TrailEntry
from safehouse.vault.operations import key_of, seal
from tests.office import actor
from tests.web.world import plain

SUMMARY = "Lebih tenang di malam hari"


@pytest.fixture
def spoken(ward, session, clock, domain_of):
    """Something is written for everybody who works with her."""
    about = {"domain": domain_of(Discipline.PSYCHOLOGY), "resident": ward.resident, "now": clock.now}
    write_words(session, kind=WordsKind.SUMMARY, words=SUMMARY, by=actor(ward.indah), **about)
    set_goal(session, words="Tidur enam jam", measure=None, by=actor(ward.indah), **about)
    session.commit()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CASEWORKER])
def test_nobody_who_looks_by_break_glass_reads_how_a_plan_goes(role, ward, spoken, make, session, clock, browser):
    elsewhere = make.account(role, make.house("Rumah Dua"), disciplines=(Discipline.PSYCHOLOGY,), language="en")
    hers = f"/residents/{ward.resident.ref}"
    assert browser.sign_in(elsewhere).get(hers).status_code == 404
    grant = Grant(
        resident_id=ward.resident.id,
        account_id=elsewhere.id,
        since=clock.now,
        until=clock.now + dt.timedelta(minutes=30),
    )
    grant.reason = seal(session, grant, "reason", "bahaya", key=key_of(session, ward.resident.ref))
    make.saved(grant)
    page = browser.get(hers)
    assert page.status_code == 200
    assert SUMMARY not in page.text and "/plan" not in page.text
    assert "Service plan opened" not in page.text, "nor what was done in it"
    session.expire_all()
    read = session.scalars(select(TrailEntry).where(TrailEntry.actor == elsewhere.ref, TrailEntry.fields != "")).all()
    assert not any("domain_words" in one.fields for one in read), "nothing of it was opened"
    nobodys = f"/residents/{uuid.uuid4()}"
    for page in ["/plan", *(f"/plan/{one}" for one in DOMAINS_IN_ORDER), "/review", "/simfoni"]:
        answer, nothing = browser.get(hers + page), browser.get(nobodys + page)
        assert (answer.status_code, plain(answer.text)) == (404, plain(nothing.text)), page
