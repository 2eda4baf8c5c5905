"""What was tried against the office and must never work again: each test is one attack."""

import io
import re
import uuid
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from sqlalchemy import func, select

from safehouse.access.guard import LARGEST_OF_STRANGERS, PUBLIC
from safehouse.access.models import (
    Account,
    AccountState,
    Activation,
    Clearance,
    Discipline,
    Draft,
    House,
    SignIn,
    Throttle,
)
from safehouse.access.operations.acts import begin_act
from safehouse.access.operations.co_signing import CoSigningRefusal, CoSigningRefused, co_sign
from safehouse.access.operations.drafts import carried_text, carry_text, keep_draft, take_draft
from safehouse.access.operations.enrolling import new_recovery_codes
from safehouse.access.operations.signing_in import charge, end_all
from safehouse.access.operations.sweeping import KEPT, sweep
from safehouse.access.permissions import ONLY_CONFIRMED, Role
from safehouse.access.rules.throttling import SOURCE_LIMIT
from safehouse.residents.models import Assignment, Denial, Matter, ReportedPerson
from safehouse.shelter.choices import ReferralState
from safehouse.shelter.models import Placement
from safehouse.shelter.rules.importing.workbook import WhyRefused, WorkbookRefused, open_workbook
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, ActorKind, TrailEntry
from tests.browsing import Browser
from tests.office import PASSWORD, Make, actor
from tests.shelter.test_screening import NO

WRONG = "perahu besar berlabuh cepat"


def entries(session):
    session.commit()
    return session.scalar(select(func.count()).select_from(TrailEntry))


# Where somebody is led


@pytest.mark.parametrize(
    "target",
    ["/\t/jahat.example", "/\t/jahat.example/beds", "/\n/jahat.example", "/\r/beds", "/beds\x00", "/beds\u00a0"],
)
def test_an_address_a_browser_would_read_differently_is_none_of_ours(browser, make, target):
    browser.sign_in(make.account(Role.STAFF, make.house())).get("/account")
    for answer in (
        browser.get("/lock", query_string={"next": target}),
        browser.post("/display", theme="dark", back=target),
    ):
        assert answer.status_code == 303
        assert answer.location == "/"


def test_an_origin_nobody_can_read_is_foreign_and_no_fault_of_ours(app):
    answer = app.test_client().post("/sign-in", headers={"Origin": "http://[x"})
    assert answer.status_code == 400


# What a stranger learns


def test_no_public_page_says_what_kind_of_place_this_is(app, browser, make):
    client = app.test_client()
    pages = [
        client.get(path, headers={"Cookie": f"language={language}"}).get_data(as_text=True)
        for path in ("/help", "/sign-in", "/activation")
        for language in ("id", "en")
    ]
    browser.sign_in(make.account(Role.STAFF, make.house())).get("/account")
    browser.post("/lock")
    pages += [browser.get(path).get_data(as_text=True) for path in ("/help", "/lock")]
    with client.get("/static/teduh.css") as stylesheet:
        assert not re.search(r"penghuni|resident|shelter|safe.?house", stylesheet.get_data(as_text=True), re.IGNORECASE)
    for page in pages:
        assert not re.search(
            r"penghuni|rujukan|keluarga|tempat tidur|samaran|perempuan|SAPA|resident|referral|family"
            r"|shelter|women|\bbeds?\b",
            page,
            re.IGNORECASE,
        )


def test_the_house_of_a_family_is_told_to_those_who_work_there_alone(new_browser, make, session):
    here, there = make.house("Rumah Sini"), make.house("Rumah Sana")
    resident = make.resident(make.beds(make.room(there, beds=1))[0])
    referral = make.referral()
    placement = session.scalars(select(Placement).where(Placement.resident_id == resident.id)).one()
    placement.referral_id, referral.state = referral.id, ReferralState.ACCEPTED
    session.commit()
    assert "Rumah Sana" in new_browser().sign_in(make.account(Role.STAFF, there)).get("/referrals").text
    page = new_browser().sign_in(make.account(Role.STAFF, here)).get("/referrals").text
    assert f"R-{referral.number}" in page
    assert "Rumah Sana" not in page


def test_the_log_of_a_fault_holds_no_value(lone_app, caplog):
    app = lone_app("sqlite")

    alias, address = "Trembesi", "Jalan Pepaya 7"

    def broken():
        try:
            {}[address]
        except KeyError as cause:
            raise ValueError(alias) from cause

    broken.access = PUBLIC
    app.add_url_rule("/broken", "broken", broken)
    assert app.test_client().get("/broken").status_code == 500
    assert "ValueError" in caplog.text
    assert "KeyError" in caplog.text
    assert "in broken" in caplog.text
    assert alias not in caplog.text
    assert address not in caplog.text


@pytest.mark.parametrize("path", ["/static/nothing.css", "/static/a%00b", "/static/../teduh.css"])
def test_a_file_that_is_not_there_is_no_fault_of_ours(app, path):
    answer = app.test_client().get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer.headers


# What lies on the disk


def upload(browser, content):
    """As a browser sends it. The client of the tests would itself use a temporary file."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (("csrf_token", browser.token), ("act_key", uuid.uuid4()))
    ]
    parts.append(
        b'--x\r\nContent-Disposition: form-data; name="register"; filename="register.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n" + content + b"\r\n--x--\r\n"
    )
    return browser.client.post("/import", data=b"".join(parts), content_type="multipart/form-data; boundary=x")


def test_an_upload_is_never_laid_on_the_disk(browser, make, monkeypatch):
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", lambda *_, **__: pytest.fail("a file in the clear"))
    browser.sign_in(make.account(Role.MANAGER, make.house())).get("/import")
    assert upload(browser, b"Nama;NIK\n" + b"Suharti;3201\n" * 100_000).status_code == 200


def test_who_may_not_send_files_is_refused_before_they_are_read(browser, make):
    browser.sign_in(make.account(Role.STAFF, make.house())).get("/account")
    assert upload(browser, b"x" * 3_000_000).status_code == 413


# Keeping the computer busy


def test_a_stranger_sends_no_large_forms(app):
    answer = app.test_client().post("/sign-in", data={"password": "x" * (LARGEST_OF_STRANGERS + 1)})
    assert answer.status_code == 413


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_form_that_arrives_slowly_keeps_no_connection_to_the_database(lone_app, signed_in):
    app = lone_app("sqlite")
    held = []

    class Slow:
        def read(self, size):
            held.append(app.extensions["db_engine"].pool.checkedout())
            return b"username=siapa"[:size]

    client = app.test_client()
    if signed_in:
        with app.extensions["db_writing"]() as session:
            make = Make(session, app.extensions["test_clock"])
            client = Browser(app, make).sign_in(make.account()).client
    answer = client.post(
        "/display",
        environ_overrides={"wsgi.input": Slow(), "CONTENT_LENGTH": "14"},
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400
    assert set(held) == {0}


def test_a_source_that_is_shut_out_costs_no_hash_and_writes_nothing(browser, make, session, app, monkeypatch):
    browser.get("/sign-in")
    for n in range(SOURCE_LIMIT):
        browser.post("/sign-in", username=f"siapa{n}", password=WRONG)
    kept, counted = entries(session), session.scalar(select(func.count()).select_from(Throttle))
    monkeypatch.setattr(app.extensions["hasher"], "matches", lambda *_: pytest.fail("hashed"))
    for n in range(5):
        assert browser.post("/sign-in", username=f"lagi{n}", password=WRONG).status_code == 200
        assert 'role="status"' in browser.page
    browser.get("/activation")
    assert (
        browser.post(
            "/activation", username="lagi", activation_code="ABCD EFGH JKMN", password=PASSWORD, password_again=PASSWORD
        ).status_code
        == 200
    )
    assert entries(session) == kept
    assert session.scalar(select(func.count()).select_from(Throttle)) == counted


def test_signing_in_now_and_then_does_not_open_the_source_for_the_names_of_others(new_browser, make, clock):
    mine = make.account()
    stranger = new_browser()
    for n in range(SOURCE_LIMIT - 1):
        stranger.get("/sign-in")
        stranger.post("/sign-in", username=f"siapa{n}", password=WRONG)
    assert stranger.sign_in_by_hand(mine, PASSWORD).status_code == 303
    other = new_browser()
    other.get("/sign-in")
    other.post("/sign-in", username="siapa.lagi", password=WRONG)
    other.post("/sign-in", username="siapa.pula", password=WRONG)
    assert 'role="status"' in other.page


def test_all_addresses_of_one_ipv6_subscriber_are_one_source(app, session):
    with app.test_client() as client:
        token = re.search(r'csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]
        for n in range(3):
            client.post(
                "/sign-in",
                data={"csrf_token": token, "username": "siapa", "password": WRONG},
                environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{n + 1}"},
            )
        client.post(
            "/sign-in",
            data={"csrf_token": token, "username": "siapa", "password": WRONG},
            environ_base={"REMOTE_ADDR": "2001:db8:1:3::1"},
        )
    session.commit()
    counts = sorted(session.scalars(select(Throttle.window_failures).where(Throttle.factor == "source")))
    assert counts == [1, 3]


def test_names_nobody_tries_any_more_are_forgotten(session, clock):
    for n in range(3):
        charge(session, subject=bytes([n]) * 32, factor="password", known=False, source=b"s" * 32, now=clock.now)
    sweep(session, now=clock.forward(days=KEPT.days - 1))
    assert session.scalar(select(func.count()).select_from(Throttle)) == 3
    sweep(session, now=clock.forward(days=2))
    assert session.scalar(select(func.count()).select_from(Throttle)) == 0


def test_a_workbook_that_claims_a_far_row_is_not_walked_to_it():
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Nama", "Kamar"])
    book.save(made)
    forged = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(forged, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = re.sub(rb'r="([AB]?)1"', rb'r="\g<1>999999999999"', part)
            new.writestr(name, part)
    with pytest.raises(WorkbookRefused) as refused:
        open_workbook(forged.getvalue())
    assert refused.value.reason is WhyRefused.TOO_MANY_ROWS


# One person alone


def test_nobody_alone_takes_the_place_of_someone_who_is_setting_up_her_second_step_again(
    new_browser, make, session, clock
):
    """The officer disables and enables her in that very moment: no activation code for password and second step."""
    officer, victim = make.account(Role.SECURITY_OFFICER), make.account(Role.MANAGER)
    make.account(Role.MANAGER)
    codes = new_recovery_codes(session, account=victim, now=clock.now, by=actor(victim))
    session.commit()
    hers = new_browser()
    hers.get("/sign-in")
    hers.get(hers.post("/sign-in", username=victim.username, password=PASSWORD).location)
    hers.get("/sign-in/recovery")
    assert hers.post("/sign-in/recovery", code=codes[0]).location == "/activation/second-step"
    browser = new_browser().sign_in(officer)
    browser.get(f"/accounts/{victim.ref}")
    for press in ("disable", "enable", "code"):
        browser.post(f"/accounts/{victim.ref}/{press}")
    session.expire_all()
    assert session.get_one(Account, victim.id).state is AccountState.ACTIVE
    assert [one.kind for one in session.scalars(select(Activation))] == ["password"]


@pytest.mark.parametrize("why", ["unconfirmed_since", "valid_until"])
def test_who_is_not_confirmed_or_whose_account_ran_out_signs_for_nobody(session, make, clock, why):
    house = make.house()
    me, beside = make.account(Role.STAFF, house), make.account(Role.STAFF, house, **{why: clock.now})
    act = begin_act(session, key=uuid.uuid4(), kind="placing:place", now=clock.now, by=actor(me))
    session.flush()
    with pytest.raises(CoSigningRefused) as refused:
        co_sign(
            session,
            act=act,
            username=beside.username,
            typed=make.code(beside),
            house_id=house.id,
            device_token=None,
            source=b"s" * 32,
            now=clock.now,
            wall=clock.now,
            by=actor(me),
        )
    assert refused.value.reason is CoSigningRefusal.NO_MATCH


def test_who_is_not_confirmed_decides_nothing(app, new_browser, make, session, clock):
    house = make.house()
    resident = make.resident(make.beds(make.room(house, beds=1))[0])
    caseworker = make.account(Role.CASEWORKER, house, disciplines=(Discipline.SOCIAL_WORK,))
    browser = new_browser().sign_in(make.account(Role.MANAGER, house, unconfirmed_since=clock.now))
    browser.get(f"/residents/{resident.ref}/assignment")
    before = entries(session)
    answer = browser.post(
        f"/residents/{resident.ref}/assignment",
        who=str(resident.ref),
        caseworker=f"{caseworker.ref}:social_work",
        coordinator="yes",
    )
    assert answer.status_code == 403
    assert browser.post("/houses/new", name="Rumah Baru").status_code == 403
    assert browser.post(f"/houses/{house.ref}/address", address="Jalan Lain 1").status_code == 403
    assert session.scalar(select(func.count()).select_from(Assignment)) == 0
    assert session.scalar(select(func.count()).select_from(House)) == 1
    assert session.scalar(select(func.count()).select_from(Clearance)) == 2
    assert entries(session) == before + 3, "each try is in the record"
    assert (
        session.scalars(select(TrailEntry.act).order_by(TrailEntry.seq.desc()).limit(3)).all()
        == [Act.ACCESS_REFUSED] * 3
    )
    assert ONLY_CONFIRMED


def test_what_she_had_typed_stays_closed_until_she_is_confirmed(session, make, clock):
    account = make.account()
    keep_draft(session, path="/referrals/new", typed=written(contact="Pak RT 0812"), now=clock.now, by=actor(account))
    session.commit()
    ref = str(session.scalars(select(Draft.ref)).one())
    doubtful = Actor(ActorKind.ACCOUNT, account.id, account.ref, uuid.uuid4(), confirmed=False)
    assert take_draft(session, ref=ref, path="/referrals/new", now=clock.now, by=doubtful) is None
    assert take_draft(session, ref=ref, path="/referrals/new", now=clock.now, by=actor(account)) is not None


def written(**typed):
    from werkzeug.datastructures import MultiDict

    return MultiDict(typed)


# In the same moment


def test_a_sign_in_that_is_ended_while_its_password_is_hashed_does_not_live_on(
    browser, make, session, clock, app, monkeypatch
):
    account = make.account(Role.STAFF, make.house())
    browser.sign_in(account).get("/account")
    browser.post("/lock")
    browser.get("/lock")
    hasher = app.extensions["hasher"]
    usual = hasher.matches

    def slowly(password, stored):
        end_all(session, account_id=account.id, now=clock.now, by=actor(account), purpose="ended by officer")
        session.commit()
        return usual(password, stored)

    monkeypatch.setattr(hasher, "matches", slowly)
    assert browser.post("/unlock", password=PASSWORD).location == "/sign-in"
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None))) == 0


def test_unlocking_twice_in_one_moment_opens_the_screen(browser, make, app):
    """Two presses of a tired hand: the second must not throw her out."""
    browser.sign_in(make.account(Role.STAFF, make.house())).get("/account")
    browser.post("/lock")
    browser.get("/lock")
    hasher = app.extensions["hasher"]
    usual, second = hasher.matches, []

    def both(password, stored):
        if not second:
            second.append(None)
            again = app.test_client()
            again.set_cookie("sid", browser.client.get_cookie("sid").value)
            second[0] = again.post("/unlock", data={"csrf_token": browser.token, "password": PASSWORD})
        return usual(password, stored)

    hasher.matches = both
    try:
        answer = browser.post("/unlock", password=PASSWORD)
    finally:
        del hasher.matches
    assert second[0].location == answer.location == "/"
    assert browser.get("/account").status_code == 200


def test_who_is_not_confirmed_writes_down_nobody_and_the_pages_of_the_night_work(
    app, new_browser, make, session, clock
):
    """Who a resident is, who must know nothing of her, and what the police know may wait; a screening may not."""
    house = make.house()
    resident = make.resident(make.beds(make.room(house, beds=2))[0])
    colleague = make.account(Role.STAFF, house)
    browser = new_browser().sign_in(make.account(Role.MANAGER, house, unconfirmed_since=clock.now))
    hers = f"/residents/{resident.ref}"
    for page, typed in (
        ("identity/record", {"name": "Contoh"}),
        ("reported-persons", {"relationship": "husband", "name": "Contoh Sekali"}),
        ("denials", {"who": f"account:{colleague.ref}", "stand_in": str(colleague.ref), "reason": "Kerabat terlapor."}),
        ("never-together", {"other": str(resident.ref)}),
        ("matters/new", {"sexual_violence": "no"}),
    ):
        assert browser.get(f"{hers}/{page}").status_code == 200, page
        assert browser.post(f"{hers}/{page}", fields=typed).status_code == 403, page
    for model in (ReportedPerson, Denial, Matter):
        assert session.scalar(select(func.count()).select_from(model)) == 0, model
    for page in ("/today", "/beds", "/referrals", hers, f"{hers}/alerts", f"{hers}/consents"):
        assert browser.get(page).status_code == 200, page
    assert browser.post(f"{hers}/alerts", kind="do", words="Kunci kamar pada malam hari.").status_code == 303
    referral = make.referral()
    screening = f"/referrals/{referral.ref}/screening"
    browser.get(screening)
    row = {"reported": "yes", "reported-0-relationship": "husband", "reported-0-name": "Contoh Sekali"}
    assert browser.post(screening, fields=NO | row).status_code == 303
    assert session.scalar(select(func.count()).select_from(ReportedPerson)) == 1


def test_a_carried_text_from_before_goes_to_nobody_who_is_not_confirmed(session, make, clock):
    account = make.account(Role.STAFF, make.house())
    ref = carry_text(session, text="Ibu Contoh di jalan", now=clock.now, by=actor(account))
    account.unconfirmed_since = clock.forward(minutes=5)
    session.commit()
    doubtful = replace(actor(account), confirmed=False)
    assert carried_text(session, ref=ref, now=clock.now, by=doubtful) is None
    own = carry_text(session, text="Ibu lain", now=clock.forward(minutes=5), by=doubtful)
    assert carried_text(session, ref=own, now=clock.now, by=doubtful) == "Ibu lain"
    assert carried_text(session, ref=ref, now=clock.now, by=actor(account)) == "Ibu Contoh di jalan"
