"""What one person asked, another decides: once, in time, and only what was asked."""

import datetime as dt
import re
import threading
import uuid

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from safehouse.access.models import (
    Account,
    AccountState,
    Activation,
    Approval,
    Clearance,
    Device,
    Level,
    RecoveryCode,
    SignIn,
    Totp,
)
from safehouse.access.operations.accounts import make_account
from safehouse.access.operations.approvals import (
    ApprovalRefused,
    ask_factor_reset,
    ask_role,
    decide,
)
from safehouse.access.operations.enrolling import new_recovery_codes
from safehouse.access.operations.signing_in import start
from safehouse.access.permissions import Role
from safehouse.access.queries import find_account, waiting_approvals
from safehouse.access.rules.approving import ApprovalFault, AskedKind, Recognised, ResetReason
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.conftest import ENGINES
from tests.office import PASSWORD, Make, actor

CODE = re.compile(r'<p class="mono">([A-Z0-9 ]+)</p>')


@pytest.fixture
def officer(make):
    return make.account(Role.SECURITY_OFFICER, language="en", shown_name="Bagus")


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER, make.house("Rumah Satu"), language="en", shown_name="Hartati")


@pytest.fixture
def asked_role(make, session, clock, officer, manager):
    """The officer asked that Wening becomes manager."""
    account = make_account(
        session,
        username="wening",
        shown_name="Wening",
        role=None,
        house_ids=(),
        disciplines=(),
        is_head=False,
        valid_until=None,
        now=clock.now,
        by=actor(officer),
    )
    approval = ask_role(session, account=account, role=Role.MANAGER, is_head=False, now=clock.now, by=actor(officer))
    session.commit()
    return approval


@pytest.fixture
def asked_reset(make, session, clock, officer, manager):
    account = make.account(Role.STAFF, shown_name="Sulastri", username="sulastri")
    approval = ask_factor_reset(
        session,
        account=account,
        reason=ResetReason.PHONE_LOST,
        recognised=Recognised.VOICE,
        now=clock.now,
        by=actor(officer),
    )
    session.commit()
    return approval


def answer(browser, approval, say="approve", **typed):
    """Press a button of the row; saying yes with the code the phone shows then."""
    if say == "approve" and "code" not in typed:
        browser.make.clock.forward(seconds=30)  # a code counts once
        typed["code"] = browser.make.code(browser.account)
    return browser.post(f"/approvals/{approval.ref}", answer=say, **typed)


def subject(session, approval) -> Account:
    session.expire_all()
    return find_account(session, approval.subject)


def test_a_second_person_makes_the_manager_and_only_then_there_is_a_code(
    browser, new_browser, session, officer, manager, asked_role
):
    browser.sign_in(manager).get("/approvals")
    assert "Wening gets the role Manager." in browser.page
    assert "Bagus" in browser.page
    assert answer(browser, asked_role).status_code == 303
    account = subject(session, asked_role)
    assert (account.role, account.state) == (Role.MANAGER, AccountState.INVITED)
    office = new_browser().sign_in(officer)
    office.post(f"/accounts/{account.ref}/code")
    assert CODE.search(office.page)
    browser.get("/approvals")
    assert "Nothing waits for you." in browser.page
    assert "Wening gets the role Manager." in browser.page  # among what was decided


def test_the_head_of_the_unit_is_asked_for_by_name(browser, session, clock, officer, manager, make):
    account = make.account(Role.MANAGER, shown_name="Ratih")
    approval = ask_role(session, account=account, role=Role.MANAGER, is_head=True, now=clock.now, by=actor(officer))
    session.commit()
    browser.sign_in(manager).get("/approvals")
    assert "Ratih becomes manager and head of the unit." in browser.page
    answer(browser, approval)
    assert subject(session, approval).is_head


def test_a_refusal_changes_nothing(browser, session, manager, asked_role):
    browser.sign_in(manager)
    assert answer(browser, asked_role, "refuse").status_code == 303
    assert subject(session, asked_role).role is None
    session.expire_all()
    assert session.get(Approval, asked_role.id).granted is False


def test_a_promoted_caseworker_keeps_her_houses_and_an_officer_loses_them(
    browser, session, clock, officer, manager, make
):
    account = make.account(Role.STAFF, make.house("Rumah Dua"))
    at_work = start(session, account_id=account.id, level=Level.FULL, device=None, now=clock.now)
    approval = ask_role(
        session, account=account, role=Role.SECURITY_OFFICER, is_head=False, now=clock.now, by=actor(officer)
    )
    session.commit()
    answer(browser.sign_in(manager), approval)
    assert subject(session, approval).role is Role.SECURITY_OFFICER
    assert (
        session.scalar(select(func.count()).where(Clearance.account_id == account.id, Clearance.until.is_(None))) == 0
    )
    assert session.get(SignIn, at_work.sign_in.id).ended_at is not None


def test_the_asker_finds_her_own_asking_nowhere(browser, session, clock, officer, asked_role):
    browser.sign_in(officer).get("/approvals")
    assert "Wening" not in browser.page
    missing = browser.post(f"/approvals/{uuid.uuid4()}", answer="approve")
    own = answer(browser, asked_role)
    assert own.status_code == missing.status_code == 404
    assert waiting_approvals(session, officer.id, clock.now) == 0
    assert subject(session, asked_role).role is None


def test_nobody_decides_about_herself(new_browser, session, clock, officer, manager, make):
    make.account(Role.MANAGER)
    approval = ask_factor_reset(
        session,
        account=manager,
        reason=ResetReason.PHONE_CHANGED,
        recognised=Recognised.IN_PERSON,
        now=clock.now,
        by=actor(officer),
    )
    session.commit()
    her = new_browser().sign_in(manager)
    her.get("/approvals")
    assert "Nothing waits for you." in her.page
    assert answer(her, approval).status_code == 404
    assert waiting_approvals(session, manager.id, clock.now) == 0
    with pytest.raises(ApprovalRefused) as refused:
        decide(session, approval=approval, granted=True, now=clock.now, by=actor(manager))
    assert refused.value.reason is ApprovalFault.OWN


def test_the_table_itself_refuses_an_asker_who_decides(session, clock, officer, asked_role):
    asked_role.decided_by_id, asked_role.decided_at, asked_role.granted = officer.id, clock.now, True
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("typed", [None, "", "000000", "abc", "9" * 40])
def test_saying_yes_takes_the_code_her_phone_shows_now(browser, session, manager, asked_role, typed):
    browser.sign_in(manager)
    assert answer(browser, asked_role, code=typed).status_code == 200
    assert "<title>Error:" in browser.page
    assert f'<input id="code-{asked_role.ref}" class="otp"' in browser.page
    assert f'<span class="err" id="code-{asked_role.ref}-e">' in browser.page
    assert f'<a href="#code-{asked_role.ref}">Your current code:' in browser.page
    assert subject(session, asked_role).role is None
    assert session.get(Approval, asked_role.id).decided_at is None
    assert answer(browser, asked_role).status_code == 303
    assert subject(session, asked_role).role is Role.MANAGER


def test_a_code_approves_once(browser, make, session, clock, officer, manager, asked_role):
    other = make.account(Role.STAFF)
    second = ask_role(session, account=other, role=Role.MANAGER, is_head=False, now=clock.now, by=actor(officer))
    session.commit()
    code = make.code(manager)
    browser.sign_in(manager)
    assert answer(browser, asked_role, code=code).status_code == 303
    assert answer(browser, second, code=code).status_code == 200
    assert subject(session, second).role is Role.STAFF


def test_the_code_of_the_half_minute_before_approves_nothing(browser, make, session, manager, asked_role):
    browser.sign_in(manager)
    assert answer(browser, asked_role, code=make.code(manager, steps=-1)).status_code == 200
    assert subject(session, asked_role).role is None


def test_guessing_the_code_of_an_approval_is_slowed_down(browser, make, session, manager, asked_role):
    browser.sign_in(manager)
    for _ in range(6):
        answer(browser, asked_role, code="000000")
    assert answer(browser, asked_role, code=make.code(manager)).status_code == 200
    assert "Too many tries." in browser.page
    assert subject(session, asked_role).role is None
    assert (
        session.scalar(
            select(func.count()).where(TrailEntry.act == Act.CODE_CHECKED, TrailEntry.result == Result.REFUSED)
        )
        == 7
    )


def test_a_code_is_spent_when_the_asking_can_no_longer_be_granted(browser, make, session, clock, manager, asked_role):
    clock.forward(hours=24)
    code = make.code(manager)
    browser.sign_in(manager)
    answer(browser, asked_role, code=code)
    assert "The time to answer has passed." in browser.page
    session.expire_all()
    assert session.scalar(select(Totp.last_step).where(Totp.account_id == manager.id)) > 0


def test_saying_no_takes_no_code(browser, session, manager, asked_role):
    browser.sign_in(manager)
    assert answer(browser, asked_role, "refuse").status_code == 303
    session.expire_all()
    assert session.get(Approval, asked_role.id).granted is False
    assert session.scalar(select(func.count()).where(TrailEntry.act == Act.CODE_CHECKED)) == 0


def test_those_without_the_permission_decide_nothing(new_browser, make, session, asked_role):
    for role in (Role.STAFF, Role.CASEWORKER):
        other = new_browser().sign_in(make.account(role))
        assert other.get("/approvals").status_code == 404
        assert answer(other, asked_role).status_code == 404
    assert subject(session, asked_role).role is None


def test_an_asking_dies_after_24_hours(browser, session, clock, manager, asked_role):
    clock.forward(hours=24)
    browser.sign_in(manager).get("/approvals")
    assert "Nothing waits for you." in browser.page
    assert answer(browser, asked_role).status_code == 200
    assert "The time to answer has passed." in browser.page
    assert "<title>Error:" in browser.page
    assert subject(session, asked_role).role is None
    assert (
        session.scalar(
            select(func.count()).where(TrailEntry.act == Act.APPROVAL_DECIDED, TrailEntry.result == Result.REFUSED)
        )
        == 1
    )


def test_what_changed_since_voids_the_asking(browser, session, clock, make, manager, asked_role):
    house = make.house("Rumah Tiga")
    make.saved(Clearance(account_id=subject(session, asked_role).id, house_id=house.id, since=clock.now))
    assert answer(browser.sign_in(manager), asked_role).status_code == 200
    assert "What was asked has changed since." in browser.page
    assert subject(session, asked_role).role is None


def test_a_changed_reason_voids_the_asking(browser, session, manager, asked_role):
    asked_role.reason = "security_officer"
    session.commit()
    answer(browser.sign_in(manager), asked_role)
    assert "What was asked has changed since." in browser.page
    assert subject(session, asked_role).role is None


def test_the_newest_asking_counts(browser, session, clock, officer, manager, asked_role):
    account = subject(session, asked_role)
    clock.forward(minutes=1)
    newer = ask_role(session, account=account, role=Role.MANAGER, is_head=True, now=clock.now, by=actor(officer))
    session.commit()
    browser.sign_in(manager)
    answer(browser, asked_role)
    assert "The time to answer has passed." in browser.page
    assert answer(browser, newer).status_code == 303
    assert subject(session, newer).is_head


def test_a_decision_is_made_once(browser, new_browser, make, session, manager, asked_role):
    second = new_browser().sign_in(make.account(Role.MANAGER, language="en"))
    assert answer(browser.sign_in(manager), asked_role, "refuse").status_code == 303
    assert answer(second, asked_role).status_code == 200
    assert "Someone else has just decided this." in second.page
    assert subject(session, asked_role).role is None


def test_the_same_press_twice_is_one_answer(browser, session, manager, asked_role):
    browser.sign_in(manager)
    key = str(uuid.uuid4())
    assert answer(browser, asked_role, act_key=key).status_code == 303
    assert answer(browser, asked_role, act_key=key).location == "/approvals"


@pytest.mark.parametrize("say", ["", "maybe", None])
def test_an_answer_that_was_not_offered_decides_nothing(browser, session, manager, asked_role, say):
    browser.sign_in(manager)
    assert answer(browser, asked_role, say).status_code == 200
    session.expire_all()
    assert session.get(Approval, asked_role.id).decided_at is None


def test_an_answer_without_its_token_or_key_decides_nothing(browser, session, manager, asked_role):
    browser.sign_in(manager)
    assert answer(browser, asked_role, csrf_token="").status_code == 400
    assert answer(browser, asked_role, act_key="").status_code == 400
    session.expire_all()
    assert session.get(Approval, asked_role.id).decided_at is None


def test_asker_and_decider_use_different_devices(browser, session, clock, officer, manager, asked_role):
    shared = uuid.uuid4().bytes * 2
    rows = [
        Device(
            digest=shared,
            account_id=one.id,
            label="Windows",
            made_at=clock.now,
            expires_at=clock.now + dt.timedelta(days=9),
        )
        for one in (officer, manager)
    ]
    session.add_all(rows)
    session.flush()
    start(session, account_id=officer.id, level=Level.FULL, device=rows[0], now=clock.now).sign_in.ended_at = clock.now
    here = start(session, account_id=manager.id, level=Level.FULL, device=rows[1], now=clock.now)
    session.commit()
    browser.client.set_cookie("sid", here.token)
    browser.account = manager
    browser.get("/approvals")
    answer(browser, asked_role)
    assert "on this very device less than an hour ago" in browser.page
    assert subject(session, asked_role).role is None
    clock.forward(hours=1, minutes=1)
    here = start(session, account_id=manager.id, level=Level.FULL, device=rows[1], now=clock.now)
    session.commit()
    browser.client.set_cookie("sid", here.token)
    browser.get("/approvals")
    assert answer(browser, asked_role).status_code == 303


def test_a_granted_reset_leaves_nothing_of_the_old_second_step(
    browser, new_browser, session, clock, make, officer, manager
):
    account = make.account(Role.STAFF, shown_name="Sulastri", username="sulastri")
    new_recovery_codes(session, account=account, now=clock.now, by=actor(account))
    session.add(
        Device(
            digest=b"d" * 32,
            account_id=account.id,
            label="Android",
            made_at=clock.now,
            expires_at=clock.now + dt.timedelta(days=9),
        )
    )
    session.commit()
    at_work = new_browser().sign_in(account)
    office = new_browser().sign_in(officer)
    assert (
        office.post(f"/accounts/{account.ref}/factor-reset", reason="phone_lost", recognised="voice").status_code == 303
    )
    approval = session.scalar(select(Approval))
    assert at_work.get("/account").status_code == 200  # nothing changes before the second person
    browser.sign_in(manager).get("/approvals")
    assert "Phone lost. Recognised by: Telephone, a voice you know." in browser.page
    assert answer(browser, approval).status_code == 303
    assert at_work.get("/account").location.startswith("/sign-in")
    session.expire_all()
    assert session.get(Account, account.id).state is AccountState.INVITED
    assert session.scalar(select(func.count()).where(Totp.account_id == account.id)) == 0
    assert (
        session.scalar(
            select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
        )
        == 0
    )
    assert session.scalar(select(func.count()).where(Device.account_id == account.id, Device.revoked_at.is_(None))) == 0
    assert new_browser().sign_in_by_hand(account, PASSWORD).status_code == 200
    office.post(f"/accounts/{account.ref}/code")
    fresh, her = "kabut turun ke lembah", new_browser()
    her.get("/activation")
    her.post(
        "/activation",
        username="sulastri",
        activation_code=CODE.search(office.page)[1],
        password=fresh,
        password_again=fresh,
    )
    assert her.get("/account").location == "/activation/second-step"


@pytest.fixture
def reset_and_enrolled(browser, new_browser, make, session, clock, officer, manager, asked_reset):
    """(the officer's browser, the asking whether it is she): the officer asked, the manager granted, and whoever held
    the activation code has set up a second step."""
    answer(browser.sign_in(manager), asked_reset)
    office = new_browser().sign_in(officer)
    office.post(f"/accounts/{asked_reset.subject}/code")
    fresh, her = "kabut turun ke lembah", new_browser()
    her.get("/activation")
    her.post(
        "/activation",
        username="sulastri",
        activation_code=CODE.search(office.page)[1],
        password=fresh,
        password_again=fresh,
    )
    enrol(her, make, subject(session, asked_reset))
    approval = session.scalar(select(Approval).where(Approval.kind == AskedKind.PERSON))
    assert approval is not None, "nobody is asked whether it is she"
    return office, approval


def test_after_a_reset_someone_confirms_that_it_is_she(browser, session, clock, reset_and_enrolled):
    _, approval = reset_and_enrolled
    account = subject(session, approval)
    assert (account.state, account.unconfirmed_since) == (AccountState.ACTIVE, clock.now)
    assert browser.get("/approvals").status_code == 200
    assert "Her second step was removed and set up anew." in browser.page
    assert answer(browser, approval).status_code == 303
    assert subject(session, approval).unconfirmed_since is None


def test_whoever_asked_for_the_reset_does_not_confirm_the_person(session, clock, officer, manager, reset_and_enrolled):
    office, approval = reset_and_enrolled
    office.get("/approvals")
    assert "Nothing waits for you." in office.page
    assert waiting_approvals(session, officer.id, clock.now) == 0
    assert waiting_approvals(session, manager.id, clock.now) == 1
    assert answer(office, approval).status_code == 404
    assert answer(office, approval, "refuse").status_code == 404
    with pytest.raises(ApprovalRefused) as refused:
        decide(session, approval=approval, granted=True, now=clock.now, by=actor(officer))
    assert refused.value.reason is ApprovalFault.OWN
    assert subject(session, approval).unconfirmed_since is not None


def test_nor_when_another_officer_asks_again(new_browser, make, session, clock, officer, reset_and_enrolled):
    _, first = reset_and_enrolled
    clock.forward(days=8)
    other = new_browser().sign_in(make.account(Role.SECURITY_OFFICER))
    assert other.post(f"/accounts/{first.subject}/person").status_code == 303
    again = session.scalar(select(Approval).order_by(Approval.id.desc()).limit(1))
    assert again.id != first.id
    assert answer(new_browser().sign_in(officer), again).status_code == 404
    assert subject(session, again).unconfirmed_since is not None


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"reason": "phone_lost"},
        {"reason": "bored", "recognised": "voice"},
        {"reason": "phone_lost", "recognised": "letter"},
    ],
)
def test_a_reset_asks_only_from_the_closed_lists(browser, session, make, officer, manager, typed):
    account = make.account()
    assert browser.sign_in(officer).post(f"/accounts/{account.ref}/factor-reset", **typed).status_code == 200
    assert session.scalar(select(func.count()).select_from(Approval)) == 0


def test_a_second_step_set_up_anew_in_between_voids_the_reset(browser, session, manager, asked_reset):
    account = subject(session, asked_reset)
    totp = session.scalar(select(Totp).where(Totp.account_id == account.id))
    totp.ref = uuid.uuid4()
    session.commit()
    answer(browser.sign_in(manager), asked_reset)
    assert "What was asked has changed since." in browser.page
    assert session.scalar(select(func.count()).where(Totp.account_id == account.id)) == 1


def test_someone_without_a_second_step_is_not_reset(browser, session, make, officer, manager):
    account = make.account(state=AccountState.INVITED, factor=False)
    browser.sign_in(officer).post(f"/accounts/{account.ref}/factor-reset", reason="phone_lost", recognised="voice")
    assert session.scalar(select(func.count()).select_from(Approval)) == 0


def recover(browser, make, session, clock, account) -> None:
    """Walk through a sign-in with a recovery code and a newly set up second step."""
    code = new_recovery_codes(session, account=account, now=clock.now, by=actor(account))[0]
    session.commit()
    browser.get("/sign-in")
    browser.post("/sign-in", username=account.username, password=PASSWORD)
    browser.get("/sign-in/recovery")
    assert browser.post("/sign-in/recovery", code=code).location == "/activation/second-step"
    assert browser.get("/account").location == "/activation/second-step"
    enrol(browser, make, account)


def enrol(browser, make, account) -> None:
    browser.get("/activation/second-step")
    make.secrets[account.id] = re.search(r'<p class="mono">([A-Z2-7 ]+)</p>', browser.page)[1].replace(" ", "")
    browser.post("/activation/second-step", code=make.code(account))
    kept = re.search(r'<ol class="codes mono"><li>([A-Z0-9 ]+)</li>', browser.page)[1]
    assert browser.post("/activation/recovery-codes", code=kept).status_code == 303


def test_a_recovery_code_works_once_opens_only_enrolment_and_needs_a_confirmation(
    browser, new_browser, make, session, clock, manager
):
    account = make.account(Role.STAFF, shown_name="Sulastri")
    her = new_browser()
    recover(her, make, session, clock, account)
    approval = session.scalar(select(Approval))
    assert subject(session, approval).unconfirmed_since is not None
    browser.sign_in(manager).get("/approvals")
    assert "Names and addresses open again for Sulastri." in browser.page
    assert answer(browser, approval).status_code == 303
    assert subject(session, approval).unconfirmed_since is None
    assert her.get("/account").status_code == 200
    assert session.scalar(select(TrailEntry.act).where(TrailEntry.act == Act.PERSON_CONFIRMED))


def test_a_second_recovery_voids_the_first_confirmation(browser, new_browser, make, session, clock, manager):
    account = make.account(Role.STAFF)
    recover(new_browser(), make, session, clock, account)
    first = session.scalar(select(Approval))
    clock.forward(minutes=2)
    recover(new_browser(), make, session, clock, account)
    answer(browser.sign_in(manager), first)
    assert "What was asked has changed since." in browser.page
    assert subject(session, first).unconfirmed_since is not None


def test_a_confirmation_nobody_gave_in_seven_days_is_asked_again(
    browser, new_browser, make, session, clock, officer, manager
):
    account = make.account(Role.STAFF)
    recover(new_browser(), make, session, clock, account)
    clock.forward(days=8)
    office = new_browser().sign_in(officer)
    office.get(f"/accounts/{account.ref}")
    assert "Ask again for her confirmation" in office.page
    assert office.post(f"/accounts/{account.ref}/person").status_code == 303
    newest = session.scalar(select(Approval).order_by(Approval.id.desc()).limit(1))
    assert answer(browser.sign_in(manager), newest).status_code == 303
    assert subject(session, newest).unconfirmed_since is None


def test_someone_unconfirmed_approves_nothing(browser, session, clock, make, asked_role):
    unsure = make.account(Role.MANAGER, unconfirmed_since=clock.now)
    assert answer(browser.sign_in(unsure), asked_role).status_code == 403
    assert subject(session, asked_role).role is None


def test_a_wish_that_would_take_the_last_manager_is_refused_when_it_is_carried_out(
    browser, session, clock, make, officer, manager
):
    other = make.account(Role.SECURITY_OFFICER, language="en")
    second = make.account(Role.MANAGER)
    approval = ask_role(
        session, account=second, role=Role.SECURITY_OFFICER, is_head=False, now=clock.now, by=actor(officer)
    )
    manager.state = AccountState.DISABLED
    session.commit()
    answer(browser.sign_in(other), approval)
    assert "the last active account with this role" in browser.page
    assert subject(session, approval).role is Role.MANAGER
    session.expire_all()
    assert session.get(Approval, approval.id).decided_at is None


def test_the_number_of_askings_stands_in_the_navigation(browser, manager, asked_role):
    browser.sign_in(manager).get("/approvals")
    assert re.search(r'class="count">1<', browser.page)


# Who was let into a house without an approval

GIVEN = re.compile(r'<section[^>]*aria-labelledby="given".*?</section>', re.DOTALL)


def given_section(browser):
    browser.get("/approvals")
    found = GIVEN.search(browser.page)
    return found[0] if found else None


def test_a_manager_sees_at_once_who_was_let_into_her_houses(browser, session, clock, make, officer):
    first, second, other = make.house("Rumah Satu"), make.house("Rumah Dua"), make.house("Rumah Tiga")
    manager = make.account(Role.MANAGER, first, second, language="en", shown_name="Hartati")
    make.account(Role.STAFF, other, shown_name="Ratih")
    browser.sign_in(manager)
    assert "Nobody new in your houses." in given_section(browser)
    make_account(
        session,
        username="wening",
        shown_name="Wening",
        role=Role.STAFF,
        house_ids=[second.id, other.id],
        disciplines=(),
        is_head=False,
        valid_until=None,
        now=clock.now,
        by=actor(officer),
    )
    session.commit()
    shown = given_section(browser)
    assert "Wening" in shown and "House staff" in shown and "Rumah Dua" in shown
    assert "Rumah Tiga" not in shown and "Ratih" not in shown and "Hartati" not in shown
    assert waiting_approvals(session, manager.id, clock.now) == 0
    clock.forward(days=7)
    assert "Nobody new in your houses." in given_section(browser.sign_in(manager))


def test_whoever_was_let_in_and_out_again_is_told_of_too(browser, session, clock, make):
    house = make.house()
    gone = make.account(Role.STAFF, house, shown_name="Ratih")
    session.scalar(select(Clearance).where(Clearance.account_id == gone.id)).until = clock.now
    session.commit()
    told = given_section(browser.sign_in(make.account(Role.MANAGER, house)))
    assert "Ratih" in told
    assert "Berakhir" in told or "Ended" in told


def test_only_managers_see_who_was_let_in(browser, make, officer):
    make.account(Role.STAFF, make.house(), shown_name="Ratih")
    assert given_section(browser.sign_in(officer)) is None
    assert "Ratih" not in browser.page


@pytest.mark.parametrize("kind", ENGINES)
def test_of_two_decisions_at_the_same_moment_one_wins(lone_app, kind):
    app = lone_app(kind)
    clock = app.extensions["test_clock"]
    with app.extensions["db_writing"]() as session:
        make = Make(session, clock)
        officer = make.account(Role.SECURITY_OFFICER)
        deciders = [actor(make.account(Role.MANAGER)) for _ in range(6)]
        account = make.account(Role.STAFF)
        account_id = account.id
        approval_id = ask_role(
            session, account=account, role=Role.MANAGER, is_head=False, now=clock.now, by=actor(officer)
        ).id
        session.commit()
    gate, outcomes = threading.Barrier(len(deciders)), []

    def press(by, granted):
        with app.extensions["db_writing"]() as own:
            gate.wait()
            try:
                decide(own, approval=own.get(Approval, approval_id), granted=granted, now=clock.now, by=by)
                own.commit()
                outcomes.append(granted)
            except ApprovalRefused as refused:
                own.rollback()
                outcomes.append(refused.reason)

    threads = [threading.Thread(target=press, args=(by, n % 2 == 0)) for n, by in enumerate(deciders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(ApprovalFault.DECIDED) == len(deciders) - 1
    with app.extensions["db_reading"]() as session:
        role = session.scalar(select(Account.role).where(Account.id == account_id))
        assert (role is Role.MANAGER) == (True in outcomes)
        assert session.scalar(select(func.count()).select_from(Activation)) == 0
