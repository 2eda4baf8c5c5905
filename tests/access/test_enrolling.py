"""From an activation code to a full sign-in; and back in with a recovery code when the phone is lost."""

import re

import pyotp
import pytest
from sqlalchemy import func, select

from safehouse.access.models import (
    Account,
    AccountState,
    ActivationKind,
    Approval,
    Device,
    Level,
    RecoveryCode,
    SignIn,
    Totp,
)
from safehouse.access.operations.enrolling import (
    ALPHABET,
    RECOVERY_CODES,
    issue_activation,
    new_recovery_codes,
)
from safehouse.access.permissions import Role
from safehouse.trail.models import SYSTEM
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.vault.operations import key_of, seal
from tests.office import PASSWORD, actor

FRESH = "gerimis turun di ladang jagung"
SECRET = re.compile(r'<p class="mono">([A-Z2-7 ]+)</p>')
CODES = re.compile(r"<li>([A-Z0-9 ]{19})</li>")


@pytest.fixture
def invited(make):
    return make.account(Role.STAFF, factor=False, state=AccountState.INVITED, language="en")


@pytest.fixture
def code_for(session, clock):
    def issue(account, kind=ActivationKind.ACCOUNT):
        code = issue_activation(session, account=account, kind=kind, now=clock.now, by=SYSTEM)
        session.commit()
        return code

    return issue


def activate(browser, account, code, password=FRESH, **more):
    browser.get("/activation")
    return browser.post(
        "/activation",
        username=account.username,
        activation_code=code,
        password=password,
        password_again=more.pop("password_again", password),
        **more,
    )


def enrol(browser, clock):
    """Set up the factor as a phone would; the secret and the recovery codes."""
    browser.get("/activation/second-step")
    secret = SECRET.search(browser.page)[1].replace(" ", "")
    assert browser.post("/activation/second-step", code=pyotp.TOTP(secret).at(clock.now)).status_code == 200
    return secret, CODES.findall(browser.page)


# Activation


def test_from_an_activation_code_to_the_first_page(browser, invited, code_for, clock, session):
    assert activate(browser, invited, code_for(invited)).status_code == 303
    assert browser.get("/").location in {"/beds", "/account"} or browser.get("/").status_code == 303
    _, codes = enrol(browser, clock)
    assert len(codes) == RECOVERY_CODES
    answer = browser.post("/activation/recovery-codes", code=codes[4])
    assert answer.status_code == 303
    assert browser.get("/account").status_code == 200
    session.expire_all()
    assert session.get_one(Account, invited.id).state is AccountState.ACTIVE
    assert session.get_one(Account, invited.id).unconfirmed_since is None


def test_until_a_factor_is_bound_only_enrolment_sign_out_and_help_answer(browser, invited, code_for, app):
    activate(browser, invited, code_for(invited))
    answers = {}
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            answers[rule.rule] = browser.get(rule.rule).status_code
    opened = {path for path, status in answers.items() if status == 200}
    assert opened == {"/activation/second-step", "/help", "/sign-in", "/activation"}
    assert browser.post("/sign-out").location == "/sign-in"


def test_the_code_of_the_enrolment_does_not_sign_in(browser, new_browser, invited, code_for, clock, session):
    activate(browser, invited, code_for(invited))
    secret, _ = enrol(browser, clock)
    second = new_browser()
    second.get("/sign-in")
    second.get(second.post("/sign-in", username=invited.username, password=FRESH).location)
    assert second.post("/sign-in/code", code=pyotp.TOTP(secret).at(clock.now)).status_code == 200
    clock.forward(seconds=30)
    assert second.post("/sign-in/code", code=pyotp.TOTP(secret).at(clock.now)).status_code == 303


def test_a_factor_that_was_only_shown_does_not_sign_in(browser, new_browser, make, code_for, clock, session):
    account = make.account(factor=False, state=AccountState.INVITED)
    activate(browser, account, code_for(account))
    browser.get("/activation/second-step")
    secret = SECRET.search(browser.page)[1].replace(" ", "")
    session.expire_all()
    session.get_one(Account, account.id).state = AccountState.ACTIVE
    session.commit()
    second = new_browser().sign_in(account, level=Level.PASSWORD)
    second.get("/sign-in/code")
    assert second.post("/sign-in/code", code=pyotp.TOTP(secret).at(clock.now)).status_code == 200


def test_an_activation_code_works_once(browser, new_browser, invited, code_for):
    code = code_for(invited)
    assert activate(browser, invited, code).status_code == 303
    second = new_browser()
    assert activate(second, invited, code).status_code == 200


def test_an_activation_code_works_for_an_hour(browser, invited, code_for, clock):
    code = code_for(invited)
    clock.forward(minutes=60)
    assert activate(browser, invited, code).status_code == 200


def test_a_new_activation_code_kills_the_old_one(browser, invited, code_for):
    old, new = code_for(invited), code_for(invited)
    assert activate(browser, invited, old).status_code == 200
    assert activate(browser, invited, new).status_code == 303


def test_an_activation_code_belongs_to_one_account(browser, invited, code_for, make):
    code = code_for(invited)
    other = make.account(state=AccountState.INVITED)
    assert activate(browser, other, code).status_code == 200


def test_an_activation_code_may_be_typed_small_and_without_blanks(browser, invited, code_for):
    assert activate(browser, invited, code_for(invited).replace(" ", "").lower()).status_code == 303


def test_a_disabled_account_is_not_activated(browser, invited, code_for, session):
    code = code_for(invited)
    invited.state = AccountState.DISABLED
    session.commit()
    assert activate(browser, invited, code).status_code == 200


@pytest.mark.parametrize(
    "password",
    [
        "pendek",
        "a" * 129,
        "password1234",
        "rumah aman 2026",
        "abababababab",
        "123456789012",
        "teduhteduh2026",
        "abcdefghijklm",
    ],
)
def test_a_weak_password_is_refused_and_the_code_stays_good(browser, invited, code_for, password):
    code = code_for(invited)
    assert activate(browser, invited, code, password).status_code == 200
    assert 'id="password-e"' in browser.page
    assert activate(browser, invited, code).status_code == 303


def test_two_different_passwords_are_refused_and_the_code_stays_good(browser, invited, code_for):
    code = code_for(invited)
    assert activate(browser, invited, code, password_again=FRESH + "!").status_code == 200
    assert activate(browser, invited, code).status_code == 303


def test_guessing_activation_codes_is_slowed_down(browser, invited, code_for):
    code = code_for(invited)
    for _ in range(6):
        activate(browser, invited, "ABCD EFGH JKMN")
    assert activate(browser, invited, code).status_code == 200


def test_a_new_password_does_not_get_around_the_second_factor(browser, make, code_for, session):
    account = make.account()
    assert activate(browser, account, code_for(account, ActivationKind.PASSWORD)).status_code == 303
    assert browser.get("/account").location == "/sign-in/code"
    assert browser.get("/activation/second-step").location == "/sign-in/code"
    browser.get("/sign-in/code")
    assert browser.post("/sign-in/code", code="000000").status_code == 200
    assert browser.post("/sign-in/code", code=make.code(account)).status_code == 303


def test_activation_ends_every_sign_in_there_was(browser, new_browser, make, code_for):
    account = make.account()
    old = new_browser().sign_in(account)
    activate(browser, account, code_for(account, ActivationKind.PASSWORD))
    assert old.get("/account").location.startswith("/sign-in")


def test_an_enrolment_left_alone_runs_out(browser, invited, code_for, clock):
    activate(browser, invited, code_for(invited))
    clock.forward(minutes=29)
    assert browser.get("/activation/second-step").status_code == 200
    clock.forward(minutes=30)
    assert browser.get("/activation/second-step").location == "/sign-in"


def test_the_secret_is_shown_only_while_it_is_being_set_up(browser, invited, code_for, clock):
    activate(browser, invited, code_for(invited))
    secret, _ = enrol(browser, clock)
    assert browser.get("/activation/second-step").location == "/activation/recovery-codes"
    browser.get("/activation/recovery-codes")
    assert secret not in browser.page.replace(" ", "")
    assert CODES.findall(browser.page) == []


def test_a_wrong_code_sets_nothing_up(browser, invited, code_for, session):
    activate(browser, invited, code_for(invited))
    browser.get("/activation/second-step")
    for wrong in ("000000", "", "12345", "１２３４５６"):
        assert browser.post("/activation/second-step", code=wrong).status_code == 200
    assert (
        session.scalar(
            select(func.count()).select_from(Totp).where(Totp.confirmed_at.is_not(None), Totp.account_id == invited.id)
        )
        == 0
    )


def test_the_recovery_codes_must_have_been_written_down(browser, invited, code_for, clock):
    activate(browser, invited, code_for(invited))
    _, codes = enrol(browser, clock)
    assert browser.post("/activation/recovery-codes", code="ABCD EFGH JKMN PQRS").status_code == 200
    assert browser.get("/account").location == "/activation/second-step"
    browser.get("/activation/recovery-codes")
    browser.post("/activation/recovery-codes", again="1")
    again = CODES.findall(browser.page)
    assert not set(again) & set(codes)
    assert browser.post("/activation/recovery-codes", code=codes[0]).status_code == 200
    assert browser.post("/activation/recovery-codes", code=again[0].lower().replace(" ", "")).status_code == 303


def test_codes_people_copy_by_hand_have_no_letters_that_look_alike():
    assert not set("01OIL") & set(ALPHABET)
    assert len(ALPHABET) ** 12 > 2**58
    assert len(ALPHABET) ** 16 > 2**78


# Recovery


@pytest.fixture
def lost_phone(make, session, clock):
    """(account, its recovery codes)."""
    account = make.account(Role.MANAGER, make.house(), language="en")
    codes = new_recovery_codes(session, account=account, now=clock.now, by=SYSTEM)
    session.commit()
    return account, codes


def recover(browser, account, code):
    browser.get("/sign-in")
    browser.get(browser.post("/sign-in", username=account.username, password=PASSWORD).location)
    browser.get("/sign-in/recovery")
    return browser.post("/sign-in/recovery", code=code)


def test_a_recovery_code_opens_only_the_setting_up_of_a_new_factor(browser, lost_phone):
    account, codes = lost_phone
    assert recover(browser, account, codes[0]).location == "/activation/second-step"
    for path in ("/account", "/beds", "/houses"):
        assert browser.get(path).location == "/activation/second-step"


def test_a_recovery_code_works_once(browser, new_browser, lost_phone):
    account, codes = lost_phone
    assert recover(browser, account, codes[0]).status_code == 303
    second = new_browser()
    assert recover(second, account, codes[0]).status_code == 200
    assert recover(second, account, codes[1]).status_code == 303


def test_a_recovery_code_needs_the_password_first(browser, lost_phone):
    _, codes = lost_phone
    browser.get("/sign-in")
    assert browser.post("/sign-in/recovery", code=codes[0]).location == "/sign-in"


def test_a_recovery_code_of_another_person_does_not_work(browser, lost_phone, make):
    _, codes = lost_phone
    assert recover(browser, make.account(), codes[0]).status_code == 200


def test_recovery_ends_other_sign_ins_forgets_devices_and_the_old_factor(
    browser, new_browser, lost_phone, session, make, clock
):
    account, codes = lost_phone
    other = new_browser()
    other.sign_in_by_hand(account, PASSWORD)
    recover(browser, account, codes[0])
    assert other.get("/account").location.startswith("/sign-in")
    session.expire_all()
    assert (
        session.scalar(
            select(func.count()).select_from(Device).where(Device.account_id == account.id, Device.revoked_at.is_(None))
        )
        == 0
    )
    old_code = make.code(account)
    secret, new_codes = enrol(browser, clock)
    assert pyotp.TOTP(secret).at(clock.now) != old_code
    assert len(new_codes) == RECOVERY_CODES
    assert (
        session.scalar(select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account.id))
        == RECOVERY_CODES
    )


def test_after_recovery_someone_must_confirm_the_person_before_places_open(browser, lost_phone, session, clock, make):
    account, codes = lost_phone
    recover(browser, account, codes[0])
    _, kept = enrol(browser, clock)
    assert browser.post("/activation/recovery-codes", code=kept[0]).status_code == 303
    assert browser.get("/account").status_code == 200
    session.expire_all()
    account = session.get_one(Account, account.id)
    assert account.unconfirmed_since == clock.now
    asked = session.scalars(select(Approval).where(Approval.subject == account.ref)).one()
    assert (asked.kind, asked.asked_by_id, asked.decided_at) == ("person", account.id, None)
    house = make.house()
    house.address = seal(session, house, "address", "Jalan Pepaya 3", key=key_of(session, house.ref))
    session.commit()
    half = actor(account)
    half = type(half)(half.kind, half.account_id, half.account_ref, half.sign_in_ref, confirmed=False)
    with pytest.raises(NotConfirmed):
        open_values(session, now=clock.now, by=half, purpose="test", wanted=[Sealed(house, "address", house.ref)])


def test_the_code_seen_at_recovery_is_spent_with_the_next(browser, new_browser, lost_phone, clock):
    """Someone looks over her shoulder: neither the code typed nor the one after it opens anything."""
    account, codes = lost_phone
    recover(browser, account, codes[0])
    secret, _ = enrol(browser, clock)
    watcher = new_browser()
    watcher.get("/sign-in")
    watcher.get(watcher.post("/sign-in", username=account.username, password=PASSWORD).location)
    assert watcher.post("/sign-in/code", code=pyotp.TOTP(secret).at(clock.now)).status_code == 200
    clock.forward(seconds=30)
    assert watcher.post("/sign-in/code", code=pyotp.TOTP(secret).at(clock.now)).status_code == 200
    clock.forward(seconds=30)
    assert watcher.post("/sign-in/code", code=pyotp.TOTP(secret).at(clock.now)).status_code == 303


def test_guessing_recovery_codes_is_slowed_down(browser, lost_phone):
    account, codes = lost_phone
    recover(browser, account, "ABCD EFGH JKMN PQRS")
    for _ in range(5):
        browser.post("/sign-in/recovery", code="ABCD EFGH JKMN PQRS")
    assert browser.post("/sign-in/recovery", code=codes[0]).status_code == 200
    assert "Too many tries" in browser.page


def test_recovery_codes_are_kept_only_as_digests(lost_phone, session, app):
    account, codes = lost_phone
    kept = list(session.scalars(select(RecoveryCode.digest).where(RecoveryCode.account_id == account.id)))
    assert len(set(kept)) == RECOVERY_CODES
    assert {len(digest) for digest in kept} == {32}
    plain = {code.replace(" ", "").encode() for code in codes}
    assert not plain & set(kept)


def test_the_sign_in_of_an_enrolment_ends_when_the_full_one_begins(browser, invited, code_for, clock, session):
    activate(browser, invited, code_for(invited))
    _, codes = enrol(browser, clock)
    browser.post("/activation/recovery-codes", code=codes[0])
    session.expire_all()
    levels = list(
        session.scalars(select(SignIn.level).where(SignIn.account_id == invited.id, SignIn.ended_at.is_(None)))
    )
    assert levels == [Level.FULL]
