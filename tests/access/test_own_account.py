"""My account: what a person changes about her own signing in, and nothing else."""

import re
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import (
    Account,
    AccountState,
    Clearance,
    Device,
    Factor,
    Level,
    RecoveryCode,
    SignIn,
    Throttle,
    Totp,
)
from safehouse.access.operations.signing_in import start
from safehouse.access.permissions import Role
from safehouse.residents.models import Resident
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from safehouse.trail.opening import Sealed, open_values
from safehouse.vault.operations import key_of, seal
from tests.office import PASSWORD, actor

SECRETS = re.compile(r'value="[^"]{30,}"|number [A-Z0-9]+')
FRESH = "gerimis turun di ladang jagung"


@pytest.fixture
def me(make):
    return make.account(Role.STAFF, make.house("Rumah Satu"), language="en", shown_name="Dewi")


@pytest.fixture
def mine(browser, me):
    return browser.sign_in(me)


def change_password(browser, make, me, **typed):
    fields = {"password": PASSWORD, "code": make.code(me), "new_password": FRESH, "new_password_again": FRESH, **typed}
    return browser.post("/account/password", **fields)


def device(make, account, *, shared=True, label="Android"):
    row = Device(
        digest=uuid.uuid4().bytes * 2,
        account_id=account.id,
        label=label,
        shared=shared,
        made_at=make.clock.now,
        expires_at=make.clock.now.replace(year=2027),
    )
    return make.saved(row)


def signed_in_on(make, account, row):
    started = start(make.session, account_id=account.id, level=Level.FULL, device=row, now=make.clock.now)
    make.session.commit()
    return started


def test_the_page_says_who_she_is_and_where_she_works(mine):
    assert mine.get("/account").status_code == 200
    assert "Dewi, House staff, Rumah Satu" in mine.page


def test_every_role_opens_her_own_account(new_browser, make):
    for role in Role:
        assert new_browser().sign_in(make.account(role)).get("/account").status_code == 200


def test_a_new_password_needs_the_old_one_and_a_code_and_then_counts(mine, new_browser, make, me):
    assert change_password(mine, make, me).status_code == 303
    make.clock.forward(minutes=1)
    assert new_browser().sign_in_by_hand(me, PASSWORD).status_code == 200
    assert new_browser().sign_in_by_hand(me, FRESH).status_code == 303


def test_a_new_password_ends_the_sign_ins_on_other_devices_and_keeps_this_one(mine, new_browser, make, me):
    other = new_browser().sign_in(me)
    assert change_password(mine, make, me).status_code == 303
    assert mine.get("/account").status_code == 200
    assert other.get("/account").location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"password": "bukan sandi saya itu"}, "The password does not match."),
        ({"code": "000000"}, "The code does not match or has changed."),
        ({"code": "٠٠٠٠٠٠"}, "The code does not match or has changed."),
        ({"new_password_again": "lain sama sekali"}, "The two do not match."),
        ({"new_password": "pendek", "new_password_again": "pendek"}, "Too short."),
        ({"new_password": "Dewi Dewi 123", "new_password_again": "Dewi Dewi 123"}, "names from this unit"),
        ({"new_password": "x" * 200, "new_password_again": "x" * 200}, "Too long."),
        ({"new_password": PASSWORD, "new_password_again": PASSWORD}, "the password you have now"),
        ({"new_password": ""}, "Not filled in yet."),
    ],
)
def test_a_password_that_cannot_be_changed_gets_a_sentence_and_stays(mine, new_browser, make, me, typed, sentence):
    assert change_password(mine, make, me, **typed).status_code == 200
    assert sentence in mine.page
    assert "<title>Error:" in mine.page
    assert PASSWORD not in mine.page
    make.clock.forward(minutes=1)
    assert new_browser().sign_in_by_hand(me, PASSWORD).status_code == 303


def test_a_wrong_password_does_not_use_up_the_code(mine, make, me):
    change_password(mine, make, me, password="bukan sandi saya itu")
    assert change_password(mine, make, me).status_code == 303


def test_guessing_the_password_on_an_open_screen_is_slowed_down(mine, make, me):
    for _ in range(6):
        change_password(mine, make, me, password="bukan sandi saya itu")
    assert change_password(mine, make, me).status_code == 200
    assert "Too many tries" in mine.page


def test_pressing_twice_changes_the_password_once_and_is_no_mistake(mine, make, me):
    mine.get("/account/password")
    key = str(uuid.uuid4())
    assert change_password(mine, make, me, act_key=key).status_code == 303
    assert change_password(mine, make, me, act_key=key).location == "/account"


def test_new_recovery_codes_are_shown_once_and_the_old_ones_die(mine, make, session, me):
    session.add(RecoveryCode(account_id=me.id, digest=b"o" * 32))
    session.commit()
    assert mine.post("/account/recovery-codes", code=make.code(me)).status_code == 200
    assert mine.page.count("<li>") >= 10
    assert "Your new recovery codes" in mine.page
    assert session.scalar(select(func.count()).where(RecoveryCode.account_id == me.id)) == 10
    assert not session.scalar(select(RecoveryCode).where(RecoveryCode.digest == b"o" * 32))
    mine.get("/account/recovery-codes")
    assert "codes mono" not in mine.page


def test_recovery_codes_are_not_made_without_a_current_code(mine, session, me):
    for typed in ({"code": "123456"}, {"code": ""}, {}):
        assert mine.post("/account/recovery-codes", **typed).status_code == 200
    assert session.scalar(select(func.count()).where(RecoveryCode.account_id == me.id)) == 0


def test_for_new_codes_only_the_code_of_this_moment_counts(mine, make, session, me):
    before = session.scalars(select(RecoveryCode.digest)).all()
    for old in (make.code(me, steps=-2), make.code(me, steps=2)):
        assert mine.post("/account/recovery-codes", code=old).status_code == 200
        assert "The code does not match or has changed." in mine.page
    assert session.scalars(select(RecoveryCode.digest)).all() == before


def test_too_many_wrong_codes_are_told_beside_the_field_and_in_words_about_codes(mine, me):
    told = set()
    for n in range(12):
        assert mine.post("/account/recovery-codes", code=f"{n:06}").status_code == 200
        told.add(mine.page.split('id="code-e"')[1].split("</span>")[0].split(">")[-1])
        assert "Sign-in with this name" not in mine.page
    assert any(one.startswith("Too many tries. Wait") for one in told), told


def test_a_lost_code_page_does_not_make_a_second_set(mine, make, session, me):
    key = str(uuid.uuid4())
    mine.post("/account/recovery-codes", code=make.code(me), act_key=key)
    before = set(session.scalars(select(RecoveryCode.digest)))
    make.clock.forward(minutes=1)
    assert mine.post("/account/recovery-codes", code=make.code(me), act_key=key).status_code == 303
    assert set(session.scalars(select(RecoveryCode.digest))) == before


def test_ending_all_other_sign_ins_takes_effect_at_once_on_the_other_devices(mine, new_browser, me):
    others = [new_browser().sign_in(me), new_browser().sign_in(me, level=Level.PASSWORD)]
    assert mine.post("/account/sign-ins/end-others").status_code == 303
    assert mine.get("/account").status_code == 200
    for other in others:
        assert other.get("/account").location.startswith("/sign-in")


def test_ending_one_sign_in_leaves_the_others(mine, new_browser, make, session, me):
    row = device(make, me)
    started = signed_in_on(make, me, row)
    third = new_browser().sign_in(me)
    mine.get("/account")
    assert "Android" in mine.page
    assert mine.post(f"/account/sign-ins/{started.sign_in.ref}/end").status_code == 303
    session.expire_all()
    assert session.get(SignIn, started.sign_in.id).ended_at is not None
    assert third.get("/account").status_code == 200


def test_a_forgotten_device_loses_its_pass_and_what_is_signed_in_there(mine, make, session, me):
    row = device(make, me)
    started = signed_in_on(make, me, row)
    assert mine.post(f"/account/devices/{row.ref}/revoke").status_code == 303
    session.expire_all()
    assert session.get(Device, row.id).revoked_at is not None
    assert session.get(SignIn, started.sign_in.id).ended_at is not None


def test_a_device_becomes_shared_again_at_once(make, browser, session, me):
    row = device(make, me, shared=False)
    started = signed_in_on(make, me, row)
    browser.client.set_cookie("sid", started.token)
    browser.get("/account")
    assert "Mine alone" in browser.page
    assert browser.post(f"/account/devices/{row.ref}/shared").status_code == 303
    browser.get("/account")
    assert "Mine alone" not in browser.page
    make.clock.forward(minutes=6)
    assert browser.get("/account").location.startswith("/lock")


def test_no_press_makes_a_device_hers_alone(mine, make, session, me):
    row = device(make, me)
    mine.post(f"/account/devices/{row.ref}/shared", own_device="y", shared="")
    session.expire_all()
    assert session.get(Device, row.id).shared
    assert mine.post(f"/account/devices/{row.ref}/own").status_code == 404


def test_what_belongs_to_someone_else_looks_like_what_does_not_exist(mine, make, me):
    other = make.account()
    theirs = device(make, other)
    started = signed_in_on(make, other, theirs)
    pages = {
        (mine.post(path).status_code, SECRETS.sub("", mine.page))
        for path in (
            f"/account/devices/{theirs.ref}/revoke",
            f"/account/devices/{theirs.ref}/shared",
            f"/account/sign-ins/{started.sign_in.ref}/end",
            f"/account/devices/{uuid.uuid4()}/revoke",
            f"/account/sign-ins/{uuid.uuid4()}/end",
        )
    }
    assert len(pages) == 1
    assert pages.pop()[0] == 404


def test_posting_role_house_or_state_to_her_own_account_changes_nothing(mine, make, session, me):
    foreign = make.house("Rumah Dua")
    more = {
        "role": "manager",
        "is_head": "y",
        "state": "disabled",
        "houses": str(foreign.ref),
        "username": "raja",
        "account_id": "1",
        "valid_until": "",
        "unconfirmed_since": "",
        "shown_name": "Raja",
    }
    change_password(mine, make, me, **more)
    make.clock.forward(minutes=1)
    mine.post("/account/recovery-codes", code=make.code(me), **more)
    mine.post("/account/sign-ins/end-others", **more)
    mine.post("/account", **more)
    session.expire_all()
    account = session.get(Account, me.id)
    assert (account.role, account.is_head, account.state, account.shown_name) == (
        Role.STAFF,
        False,
        AccountState.ACTIVE,
        "Dewi",
    )
    assert session.scalar(select(func.count()).where(Clearance.house_id == foreign.id)) == 0


def test_nothing_on_her_page_removes_the_second_step(mine, session, me, app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/account/") and "POST" in (rule.methods or ()):
            path = rule.rule.replace("<uuid:ref>", str(uuid.uuid4()))
            mine.post(path, factor="", totp="", remove="y", password=PASSWORD)
    assert session.scalar(select(Totp).where(Totp.account_id == me.id, Totp.confirmed_at.is_not(None))) is not None


def test_she_reads_how_often_she_opened_what(mine, make, session, me):
    resident: Resident = make.resident()
    resident.name = seal(session, resident, "name", "Nama", key=key_of(session, resident.ref))
    for purpose in ("transport", "something else", "something else"):
        open_values(
            session, now=make.clock.now, by=actor(me), purpose=purpose, wanted=[Sealed(resident, "name", resident.ref)]
        )
    session.commit()
    mine.get("/account")
    assert "Other sealed values" in mine.page
    assert "<dd>2</dd>" in mine.page
    make.clock.forward(days=7, minutes=1)
    fresh = mine.sign_in(me)
    fresh.get("/account")
    assert "Nothing sealed." in fresh.page


def test_every_change_of_her_own_is_in_the_record(mine, make, session, me):
    row = device(make, me, shared=False)
    change_password(mine, make, me)
    mine.post(f"/account/devices/{row.ref}/shared")
    mine.post(f"/account/devices/{row.ref}/revoke")
    acts = set(session.scalars(select(TrailEntry.act).where(TrailEntry.actor == me.ref)))
    assert {Act.PASSWORD_CHANGED, Act.DEVICE_CHANGED, Act.DEVICE_REVOKED} <= acts


def test_the_throttle_of_the_password_page_counts_as_sign_in_does(mine, make, session, me):
    change_password(mine, make, me, password="bukan sandi saya itu")
    assert session.scalar(select(func.count()).where(Throttle.factor == Factor.PASSWORD, Throttle.failures > 0)) == 1
