"""The security officer finds every step in the record, by codes, and what she should look at stands first."""

import datetime as dt
import re
import uuid

import pytest
from sqlalchemy import select

from safehouse.access.permissions import Role
from safehouse.oversight.queries import A_PAGE, overview, page_of_record
from safehouse.oversight.rules import KIND_OF, MANY_OPENINGS, REFUSED_IN_A_ROW, Counted, Kind, Look, worth_a_look
from safehouse.oversight.words import ACTORS, ACTS, FIELDS, KINDS, LOOKS, RESULTS, act_in_words, purpose_in_words
from safehouse.schema import METADATA
from safehouse.trail.acts import Act
from safehouse.trail.models import STRANGER, SYSTEM, ActorKind, Result, TrailEntry
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.trail.queries import verify
from safehouse.vault.operations import key_of, seal
from tests.counting import statements
from tests.office import PASSWORD, actor


@pytest.fixture
def officer(make):
    return make.account(Role.SECURITY_OFFICER, shown_name="Pak Bagus")


@pytest.fixture
def wrote(session, clock):
    """Writes entries a second apart and commits them."""

    def write(*acts, by=SYSTEM, **more):
        for act in acts:
            record(session, now=clock.forward(seconds=1), by=by, act=act, **more)
        session.commit()

    return write


# Words


@pytest.mark.parametrize(
    ("words", "closed_list"),
    [(ACTS, Act), (KIND_OF, Act), (KINDS, Kind), (LOOKS, Look), (RESULTS, Result), (ACTORS, ActorKind)],
    ids=["acts", "kinds of acts", "kinds", "looks", "results", "actors"],
)
def test_everything_the_record_can_say_has_words(words, closed_list):
    assert set(words) == set(closed_list)


def test_every_kind_holds_some_act():
    assert set(KIND_OF.values()) == set(Kind)


def test_every_sealed_column_has_a_name_to_be_told_by(app):
    sealed = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if column.type.__class__.__name__ == "LargeBinary" and column.type.length is None
    }
    assert sealed == set(FIELDS)


def test_a_choice_from_a_list_is_told_in_its_own_words(app):
    with app.test_request_context():
        assert purpose_in_words(Act.ACCOUNT_MADE, "staff") not in {"", "staff"}
        assert purpose_in_words(Act.LOCKED, "idle") not in {"", "idle"}
        assert purpose_in_words(Act.ACCESS_REFUSED, "board.beds") not in {"", "board.beds"}
        assert purpose_in_words(Act.PLACED, None) == ""
        assert "name" not in act_in_words(Act.VALUE_OPENED, ())


# Pages of the record


def test_the_newest_fifty_come_first_and_the_rest_can_be_reached(session, wrote):
    wrote(*[Act.LOCKED] * (2 * A_PAGE + 20))
    newest = page_of_record(session)
    assert len(newest.entries) == A_PAGE
    assert newest.newer is None
    second = page_of_record(session, older_than=newest.older)
    assert second.entries[0].seq == newest.entries[-1].seq - 1
    back = page_of_record(session, newer_than=second.newer)
    assert [one.seq for one in back.entries] == [one.seq for one in newest.entries]
    assert back.newer is None
    seqs, page = [one.seq for one in newest.entries], newest
    while page.older:
        page = page_of_record(session, older_than=page.older)
        seqs += [one.seq for one in page.entries]
    assert seqs == list(range(seqs[0], 0, -1))


def test_an_account_is_found_as_doer_and_as_subject(session, make, wrote, officer):
    other = make.account()
    wrote(Act.LOCKED, by=actor(other))
    wrote(Act.ACCOUNT_DISABLED, by=actor(officer), subject=other.ref)
    wrote(Act.LOCKED, by=actor(officer))
    assert [one.act for one in page_of_record(session, account=other.ref).entries] == [Act.ACCOUNT_DISABLED, Act.LOCKED]


def test_kind_and_days_narrow_the_list(session, wrote, clock):
    wrote(Act.LOCKED, Act.PLACED)
    before = clock.now
    clock.forward(days=1)
    wrote(Act.PLACED)
    placed = page_of_record(session, kind=Kind.PLACING).entries
    assert [one.act for one in placed] == [Act.PLACED, Act.PLACED]
    assert len(page_of_record(session, kind=Kind.PLACING, since=before + dt.timedelta(hours=1)).entries) == 1
    assert len(page_of_record(session, kind=Kind.PLACING, until=before + dt.timedelta(hours=1)).entries) == 1
    assert page_of_record(session, since=clock.now + dt.timedelta(days=1)).entries == []


def test_a_reading_of_several_files_names_them_all(session, wrote):
    files = [uuid.uuid4() for _ in range(3)]
    wrote(Act.VALUE_OPENED, subjects=files)
    assert page_of_record(session).entries[0].subjects == tuple(sorted(files))


# What needs a look


def looks(session, clock):
    return [(one.look, one.times, one.account) for one in overview(session, now=clock.now).looks]


def test_refused_pages_are_grouped_by_person(session, make, wrote, clock):
    curious, other = make.account(), make.account()
    wrote(*[Act.ACCESS_REFUSED] * 3, by=actor(curious), result=Result.REFUSED)
    wrote(Act.ACCESS_REFUSED, by=actor(other), result=Result.REFUSED)
    assert sorted(looks(session, clock)) == sorted(
        [(Look.PAGES_REFUSED, 3, curious.ref), (Look.PAGES_REFUSED, 1, other.ref)]
    )
    clock.forward(hours=25)
    assert looks(session, clock) == []


def test_an_opened_address_a_broken_seal_and_a_broken_record_are_shown_the_gravest_first(session, make, wrote, clock):
    manager = make.account(Role.MANAGER)
    wrote(Act.VALUE_OPENED, by=actor(manager), fields=["house.address"], subject=uuid.uuid4())
    wrote(Act.VALUE_OPENED, by=actor(manager), fields=["account.password"], subject=uuid.uuid4())
    wrote(Act.SEAL_BROKEN, by=actor(manager), subject=uuid.uuid4(), result=Result.FAILED)
    wrote(Act.CHAIN_VERIFIED, result=Result.FAILED, purpose="entry 7")
    assert looks(session, clock) == [
        (Look.CHAIN_BROKEN, 1, None),
        (Look.SEAL_BROKEN, 1, None),
        (Look.ADDRESS_OPENED, 1, manager.ref),
    ]
    wrote(Act.CHAIN_VERIFIED)
    assert Look.CHAIN_BROKEN not in [one[0] for one in looks(session, clock)]


@pytest.mark.parametrize(("openings", "seen"), [(MANY_OPENINGS, False), (MANY_OPENINGS + 1, True)])
def test_more_than_two_hundred_openings_a_day_are_shown(openings, seen):
    moment = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    found = worth_a_look([Counted(uuid.uuid4(), openings, moment, 0, None, 0, None)])
    assert [one.look for one in found] == ([Look.MANY_OPENINGS] if seen else [])


def test_sign_ins_refused_in_a_row_are_shown_until_one_succeeds(session, make, wrote, clock):
    account = make.account()
    wrote(*[Act.PASSWORD_CHECKED] * (REFUSED_IN_A_ROW - 1), by=STRANGER, subject=account.ref, result=Result.REFUSED)
    assert looks(session, clock) == []
    wrote(Act.PASSWORD_CHECKED, by=STRANGER, subject=account.ref, result=Result.REFUSED)
    assert looks(session, clock) == [(Look.SIGN_IN_REFUSED, REFUSED_IN_A_ROW, account.ref)]
    wrote(Act.PASSWORD_CHECKED, by=STRANGER, subject=account.ref)
    assert looks(session, clock) == []


def test_tries_at_names_that_belong_to_nobody_are_shown_too(session, wrote, clock):
    wrote(*[Act.PASSWORD_CHECKED] * REFUSED_IN_A_ROW, by=STRANGER, result=Result.REFUSED)
    assert looks(session, clock) == [(Look.SIGN_IN_REFUSED, REFUSED_IN_A_ROW, None)]


# The page


def test_the_page_says_who_did_what_and_names_files_by_code(browser, make, session, clock, officer, app):
    house = make.house("Rumah Satu")
    manager = make.account(Role.MANAGER, house, shown_name="Bu Maya")
    resident = make.resident(make.beds(make.room(house, beds=1))[0], alias="Trembesi Senja")
    resident.name = seal(session, resident, "name", "Nama Rahasia", key=key_of(session, resident.ref))
    session.commit()
    open_values(
        session,
        now=clock.forward(minutes=1),
        by=actor(manager),
        purpose="reveal",
        wanted=[Sealed(resident, "name", resident.ref)],
    )
    session.commit()
    page = browser.sign_in(officer).get("/trail").get_data(as_text=True)
    assert "Bu Maya" in page
    for secret in ("Trembesi", "Nama Rahasia", resident.code + "<", str(resident.ref), "trail:value:opened"):
        assert secret not in page
    code = app.extensions["vault"].digest("trail-code", str(resident.ref)).hex()[:6]
    assert code in page


def test_the_page_costs_the_same_for_one_entry_and_for_fifty(browser, app, wrote, officer, make):
    browser.sign_in(officer)
    browser.get("/trail")
    few = len(statements(app, browser, "/trail"))
    for _ in range(60):
        wrote(Act.ACCESS_REFUSED, by=actor(make.account()), result=Result.REFUSED, subjects=[uuid.uuid4()])
    browser.get("/trail")
    assert len(statements(app, browser, "/trail")) == few


def test_filters_are_kept_while_paging(browser, wrote, officer):
    wrote(*[Act.LOCKED] * (A_PAGE + 5))
    browser.sign_in(officer).get("/trail?kind=sign_ins&since-d=1&since-m=1&since-y=2020&_external=1&_scheme=gopher")
    older = re.search(r'href="(/trail\?[^"]*older=\d+[^"]*)"', browser.page)
    assert older
    target = older[1].replace("&amp;", "&")
    assert "kind=sign_ins" in target
    assert "since-y=2020" in target
    assert browser.get(target).status_code == 200
    assert re.search(r'href="/trail\?[^"]*newer=\d+', browser.page)


@pytest.mark.parametrize(
    "query",
    [
        "kind=everything",
        "account=nobody",
        f"account={uuid.UUID(int=5)}",
        "since-d=31&since-m=2&since-y=2026",
        "since-d=2&since-m=1&since-y=2026&until-d=1&until-m=1&until-y=2026",
        "since-d=x",
    ],
)
def test_a_filter_that_cannot_be_read_says_so_and_shows_the_list(browser, wrote, officer, query):
    wrote(Act.PLACED)
    answer = browser.sign_in(officer).get(f"/trail?{query}")
    assert answer.status_code == 200
    assert 'class="errors"' in browser.page
    assert "<tbody" in browser.page


@pytest.mark.parametrize("query", ["older=-1", "older=abc", "newer=99999999999999999999999", "older=0", "newer=1e9"])
def test_a_page_number_that_cannot_be_read_shows_the_newest(browser, officer, query):
    assert browser.sign_in(officer).get(f"/trail?{query}").status_code == 200


def test_pressing_check_walks_the_chain_and_writes_down_what_it_found(browser, session, officer, make):
    browser.sign_in(officer).get("/trail")
    assert browser.post("/trail/check").status_code == 303
    newest = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert (newest.act, newest.result, newest.actor) == (Act.CHAIN_VERIFIED, Result.DONE, officer.ref)
    assert verify(session).whole
    browser.get("/trail")


def test_the_security_officer_finds_a_sign_in_step_by_step(browser, new_browser, session, make, officer):
    worker = make.account(shown_name="Bu Ratna")
    assert new_browser().sign_in_by_hand(worker, PASSWORD).status_code == 303
    acts = [one.act for one in page_of_record(session, account=worker.ref).entries]
    for step in (Act.PASSWORD_CHECKED, Act.CODE_CHECKED, Act.SIGNED_IN):
        assert step in acts
    browser.sign_in(officer).get(f"/trail?account={worker.ref}")
    assert "Bu Ratna" in browser.page
