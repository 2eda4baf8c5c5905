"""Accounts: made, changed, disabled and reset by the security officer, never by one person alone where it matters."""

import datetime as dt
import re
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import (
    Account,
    AccountDiscipline,
    AccountState,
    Activation,
    ActivationKind,
    Approval,
    Clearance,
    Delegation,
    Discipline,
    Factor,
    House,
    Level,
    Throttle,
)
from safehouse.access.operations.accounts import AccountRefused, disable_account, give_role, make_account
from safehouse.access.operations.enrolling import issue_activation
from safehouse.access.permissions import Role
from safehouse.access.rules.accounts import AccountFault
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, TrailEntry
from tests.counting import statements
from tests.office import PASSWORD, actor

CODE = re.compile(r'<p class="mono">([A-Z0-9 ]+)</p>')


@pytest.fixture
def officer(make):
    return make.account(Role.SECURITY_OFFICER, language="en", shown_name="Bagus")


@pytest.fixture
def house(make) -> House:
    return make.house("Rumah Satu")


@pytest.fixture
def office(browser, officer):
    return browser.sign_in(officer)


def new_account(browser, house, **typed):
    fields = {"shown_name": "Wening", "username": "wening", "role": "staff", "houses": str(house.ref), **typed}
    return browser.post("/accounts/new", **fields)


def found(session, username="wening") -> Account | None:
    session.expire_all()
    return session.scalar(select(Account).where(Account.username == username))


def test_a_new_account_shows_its_activation_code_once(office, house, session, clock):
    assert new_account(office, house).status_code == 200
    code = CODE.search(office.page)[1]
    account = found(session)
    assert (account.role, account.state) == (Role.STAFF, AccountState.INVITED)
    activation = session.scalar(select(Activation).where(Activation.account_id == account.id))
    assert activation.expires_at == clock.now + dt.timedelta(hours=1)
    office.get(f"/accounts/{account.ref}")
    assert code not in office.page


@pytest.mark.parametrize(("minutes", "status"), [(59, 303), (61, 200)])
def test_the_code_opens_activation_and_only_within_the_hour(office, new_browser, house, clock, minutes, status):
    new_account(office, house)
    typed = {
        "username": "wening",
        "activation_code": CODE.search(office.page)[1],
        "password": "hujan di atap seng tua",
        "password_again": "hujan di atap seng tua",
    }
    newcomer = new_browser()
    newcomer.get("/activation")
    clock.forward(minutes=minutes)
    assert newcomer.post("/activation", **typed).status_code == status
    expected = "/activation/second-step" if status == 303 else "/sign-in?next=/accounts"
    assert newcomer.get("/accounts").location == expected


def test_the_same_press_twice_makes_one_account_and_shows_no_second_code(office, house, session):
    key = str(uuid.uuid4())
    new_account(office, house, act_key=key)
    again = new_account(office, house, act_key=key)
    assert again.location == f"/accounts/{found(session).ref}"
    assert session.scalar(select(func.count()).select_from(Activation)) == 1


def test_someone_without_a_sign_in_needs_no_code(office, house, session):
    assert new_account(office, house, role="none").status_code == 303
    account = found(session)
    assert (account.role, account.state) == (None, AccountState.ACTIVE)
    assert session.scalar(select(func.count()).select_from(Activation)) == 0


def test_a_caseworker_has_her_disciplines_and_her_houses(office, make, house, session):
    second = make.house("Rumah Dua")
    new_account(
        office, house, role="caseworker", disciplines=["psychology", "health"], houses=[str(house.ref), str(second.ref)]
    )
    account = found(session)
    assert set(
        session.scalars(select(AccountDiscipline.discipline).where(AccountDiscipline.account_id == account.id))
    ) == {Discipline.PSYCHOLOGY, Discipline.HEALTH}
    assert session.scalar(select(func.count()).where(Clearance.account_id == account.id)) == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"username": "Wening Ayu"}, "Use small letters, digits, dot and hyphen"),
        ({"username": "wéning"}, "Use small letters, digits, dot and hyphen"),
        ({"username": ".wening"}, "Use small letters, digits, dot and hyphen"),
        ({"username": "w" * 41}, "Too long"),
        ({"username": ""}, "Not filled in yet."),
        ({"shown_name": ""}, "Not filled in yet."),
        ({"shown_name": "x" * 5000}, "Too long"),
        ({"shown_name": "We\x00ning"}, "invisible character"),
        ({"role": ""}, "Not chosen yet."),
        ({"role": "admin"}, "This choice is not offered."),
        ({"houses": str(uuid.uuid4())}, "This choice is not offered."),
        ({"houses": "1"}, "This choice is not offered."),
        ({"houses": ""}, "Choose at least one house"),
        ({"role": "caseworker"}, "Choose at least one discipline"),
        ({"role": "caseworker", "disciplines": "cooking"}, "This choice is not offered."),
        ({"disciplines": "health"}, "Only a caseworker has disciplines."),
        ({"is_head": "y"}, "Only a manager can be the head"),
        ({"role": "security_officer"}, "A security officer works for no house."),
        ({"valid_until-d": "31", "valid_until-m": "2", "valid_until-y": "2027"}, "does not exist"),
        ({"valid_until-d": "1", "valid_until-m": "1", "valid_until-y": "2026"}, "This day has passed."),
    ],
)
def test_an_account_that_cannot_be_gets_a_sentence_and_is_not_made(office, house, session, typed, sentence):
    fields = {"shown_name": "Wening", "username": "wening", "role": "staff", "houses": str(house.ref), **typed}
    assert office.post("/accounts/new", fields=fields).status_code == 200
    assert sentence in office.page
    assert "<title>Error:" in office.page
    assert session.scalar(select(func.count()).where(Account.shown_name == "Wening")) == 0


def test_capitals_in_a_user_name_are_kept_small(office, house, session):
    new_account(office, house, username="WENING")
    assert found(session) is not None


def test_a_user_name_belongs_to_one_person(office, make, house, session):
    make.account(username="wening")
    assert new_account(office, house).status_code == 200
    assert "belongs to someone already" in office.page
    assert "Wening" in office.page
    assert session.scalar(select(func.count()).where(Account.username == "wening")) == 1


def test_the_last_day_of_an_account_still_counts(office, new_browser, house, session, clock):
    new_account(office, house, fields={"valid_until-d": "22", "valid_until-m": "11", "valid_until-y": "2026"})
    account = found(session)
    account.state = AccountState.ACTIVE
    session.commit()
    clock.now = dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC)  # 23.00 in Jakarta
    assert new_browser().sign_in(account).get("/account").status_code == 200
    clock.forward(hours=2)
    assert new_browser().sign_in(account).get("/account").location.startswith("/sign-in")


@pytest.mark.parametrize("role", ["manager", "security_officer"])
def test_a_manager_or_officer_has_no_role_and_no_code_until_a_second_person_agrees(office, make, house, session, role):
    make.account(Role.MANAGER, house)
    typed = {"houses": None} if role == "security_officer" else {}
    assert new_account(office, house, role=role, **typed).status_code == 303
    account = found(session)
    assert account.role is None
    kinds = set(session.scalars(select(Approval.kind).where(Approval.subject == account.ref)))
    assert kinds == ({"role", "house"} if role == "manager" else {"role"})
    assert office.post(f"/accounts/{account.ref}/code").status_code == 200
    assert not CODE.search(office.page)
    assert session.scalar(select(func.count()).select_from(Activation)) == 0


def test_where_nobody_could_approve_a_manager_the_page_says_what_to_do(office, house, session):
    office.get("/accounts/new")
    assert "account command" in office.page
    new_account(office, house, role="manager")
    assert "Nobody else could approve this." in office.page
    assert found(session) is None


def test_the_list_shows_everybody_in_a_fixed_number_of_statements(office, make, house, app):
    make.account(Role.CASEWORKER, house, disciplines=(Discipline.HEALTH,), shown_name="Indah")
    few = len(statements(app, office, "/accounts"))
    for n in range(12):
        make.account(Role.CASEWORKER, house, disciplines=(Discipline.LEGAL,), shown_name=f"Teman {n}")
    make.account(None, house, shown_name="Joko")
    assert len(statements(app, office, "/accounts")) == few
    assert "Indah" in office.page
    assert "Caseworker: Health" in office.page
    assert "Joko" in office.page


def test_only_the_security_officer_reaches_the_accounts(new_browser, make, officer):
    for role in (Role.STAFF, Role.CASEWORKER, Role.MANAGER):
        other = new_browser().sign_in(make.account(role))
        for path in (
            "/accounts",
            "/accounts/new",
            f"/accounts/{officer.ref}",
            f"/accounts/{officer.ref}/role",
            "/settings",
        ):
            assert other.get(path).status_code == 404
        assert other.post("/accounts/new", username="x", shown_name="x", role="staff").status_code == 404


def test_an_account_that_does_not_exist_and_a_partners_account_look_the_same(office):
    for path in ("", "/change", "/role", "/disable", "/enable", "/factor-reset", "/delegations/new"):
        assert office.get(f"/accounts/{uuid.uuid4()}{path}").status_code == 404
    for path in ("/code", "/person", "/release", "/sign-ins/end", f"/delegations/{uuid.uuid4()}/end"):
        assert office.post(f"/accounts/{uuid.uuid4()}{path}").status_code == 404
    assert office.get("/accounts/1").status_code == 404


def test_every_page_of_an_account_opens(office, make, house):
    account = make.account(Role.CASEWORKER, house, disciplines=(Discipline.HEALTH,))
    for path in ("", "/change", "/role", "/disable", "/enable", "/factor-reset", "/delegations/new"):
        assert office.get(f"/accounts/{account.ref}{path}").status_code == 200
    for path in ("/code", "/person", "/release", "/sign-ins/end"):
        assert office.get(f"/accounts/{account.ref}{path}").location == f"/accounts/{account.ref}"


def test_name_houses_and_disciplines_change_and_the_record_says_so(office, make, house, session):
    second = make.house("Rumah Dua")
    account = make.account(Role.CASEWORKER, house, disciplines=(Discipline.HEALTH,))
    answer = office.post(
        f"/accounts/{account.ref}/change",
        shown_name="Sekar",
        houses=str(second.ref),
        disciplines="legal",
        fields={"valid_until-d": "31", "valid_until-m": "12", "valid_until-y": "2026"},
    )
    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Account, account.id).shown_name == "Sekar"
    open_now = session.scalars(
        select(Clearance.house_id).where(Clearance.account_id == account.id, Clearance.until.is_(None))
    )
    assert list(open_now) == [second.id]
    assert session.scalar(select(func.count()).where(Clearance.account_id == account.id)) == 2
    acts = set(session.scalars(select(TrailEntry.act).where(TrailEntry.subject == account.ref)))
    assert {Act.ACCOUNT_CHANGED, Act.CLEARANCE_CHANGED, Act.DISCIPLINES_CHANGED} <= acts
    office.get(f"/accounts/{account.ref}")
    assert "Houses changed, Bagus" in office.page


def test_fields_that_are_not_on_the_page_change_nothing(office, make, house, session):
    account = make.account(Role.STAFF, house, shown_name="Dewi")
    office.post(
        f"/accounts/{account.ref}/change",
        shown_name="Dewi",
        houses=str(house.ref),
        role="manager",
        is_head="y",
        state="disabled",
        username="raja",
        disciplines="health",
        realm="partner",
    )
    session.expire_all()
    kept = session.get(Account, account.id)
    assert (kept.role, kept.is_head, kept.state, kept.username) == (
        Role.STAFF,
        False,
        AccountState.ACTIVE,
        account.username,
    )
    assert session.scalar(select(func.count()).where(AccountDiscipline.account_id == account.id)) == 0


def test_a_security_officer_is_given_no_house(office, make, house, session):
    other = make.account(Role.SECURITY_OFFICER)
    office.post(f"/accounts/{other.ref}/change", shown_name="Rini", houses=str(house.ref))
    assert session.scalar(select(func.count()).where(Clearance.account_id == other.id)) == 0


def test_a_role_change_among_staff_counts_at_once_and_ends_the_sign_ins(office, new_browser, make, house, session):
    account = make.account(Role.CASEWORKER, house, disciplines=(Discipline.HEALTH,))
    at_work = new_browser().sign_in(account)
    assert office.post(f"/accounts/{account.ref}/role", role="staff").status_code == 303
    session.expire_all()
    assert session.get(Account, account.id).role is Role.STAFF
    assert session.scalar(select(func.count()).where(AccountDiscipline.account_id == account.id)) == 0
    assert at_work.get("/account").location.startswith("/sign-in")


def test_nobody_changes_disables_or_resets_herself(office, make, officer, session):
    make.account(Role.SECURITY_OFFICER)
    for path, typed in (
        ("/role", {"role": "staff"}),
        ("/disable", {}),
        ("/code", {}),
        ("/factor-reset", {"reason": "phone_lost", "recognised": "voice"}),
    ):
        assert office.post(f"/accounts/{officer.ref}{path}", **typed).status_code == 200
        assert "Nobody changes this about herself." in office.page
    office.post(
        f"/accounts/{officer.ref}/change",
        fields={"shown_name": "Bagus", "valid_until-d": "1", "valid_until-m": "1", "valid_until-y": "2030"},
    )
    session.expire_all()
    kept = session.get(Account, officer.id)
    assert (kept.role, kept.state, kept.valid_until) == (Role.SECURITY_OFFICER, AccountState.ACTIVE, None)


def test_a_disabled_persons_next_request_fails(office, new_browser, make, house):
    account = make.account(Role.STAFF, house)
    at_work = new_browser().sign_in(account)
    half = new_browser().sign_in(account, level=Level.PASSWORD)
    assert at_work.get("/account").status_code == 200
    office.get(f"/accounts/{account.ref}/disable")
    assert office.post(f"/accounts/{account.ref}/disable").status_code == 303
    assert at_work.get("/account").location.startswith("/sign-in")
    assert half.post("/sign-in/code", code=make.code(account)).location.startswith("/sign-in")
    assert new_browser().sign_in_by_hand(account, PASSWORD).status_code == 200


def test_a_code_handed_out_before_does_not_revive_a_disabled_account(office, new_browser, house, session):
    new_account(office, house)
    code = CODE.search(office.page)[1]
    ref = found(session).ref
    office.post(f"/accounts/{ref}/disable")
    newcomer = new_browser()
    newcomer.get("/activation")
    answer = newcomer.post(
        "/activation",
        username="wening",
        activation_code=code,
        password="hujan di atap seng tua",
        password_again="hujan di atap seng tua",
    )
    assert answer.status_code == 200
    assert found(session).state is AccountState.DISABLED


def test_an_enabled_account_is_as_it_was(office, new_browser, make, house, session):
    account = make.account(Role.STAFF, house)
    office.post(f"/accounts/{account.ref}/disable")
    assert office.post(f"/accounts/{account.ref}/code").status_code == 200
    assert not CODE.search(office.page)
    assert office.post(f"/accounts/{account.ref}/enable").status_code == 303
    assert new_browser().sign_in_by_hand(account, PASSWORD).status_code == 303
    assert office.post(f"/accounts/{account.ref}/enable").status_code == 200
    assert "no longer in the state shown" in office.page


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SECURITY_OFFICER])
def test_the_last_of_a_role_can_be_neither_disabled_nor_given_another_role(make, session, clock, role, officer):
    by = actor(make.account(Role.STAFF))
    last = officer if role is Role.SECURITY_OFFICER else make.account(Role.MANAGER)
    for attempt in (
        lambda: disable_account(session, account=last, now=clock.now, by=by),
        lambda: give_role(session, account=last, role=Role.STAFF, is_head=False, now=clock.now, by=by),
    ):
        with pytest.raises(AccountRefused) as refused:
            attempt()
        assert refused.value.reason is AccountFault.LAST_OF_ROLE
    make.account(role, state=AccountState.INVITED)
    make.account(role, valid_until=clock.now)
    with pytest.raises(AccountRefused):
        disable_account(session, account=last, now=clock.now, by=by)
    make.account(role)
    disable_account(session, account=last, now=clock.now, by=by)
    assert last.state is AccountState.DISABLED


def test_a_forgotten_password_is_replaced_and_the_second_step_still_asked(office, new_browser, make, house):
    account = make.account(Role.STAFF, house)
    office.post(f"/accounts/{account.ref}/code")
    fresh = "angin malam lewat jendela"
    her = new_browser()
    her.get("/activation")
    answer = her.post(
        "/activation",
        username=account.username,
        activation_code=CODE.search(office.page)[1],
        password=fresh,
        password_again=fresh,
    )
    assert answer.status_code == 303
    assert her.get("/account").location == "/sign-in/code"
    her.get("/sign-in/code")
    assert her.post("/sign-in/code", code="000000").status_code == 200
    assert her.get("/account").location == "/sign-in/code"
    assert her.post("/sign-in/code", code=make.code(account)).status_code == 303
    assert her.get("/account").status_code == 200


def test_a_new_code_kills_the_one_before(office, house, session):
    new_account(office, house)
    ref = found(session).ref
    office.post(f"/accounts/{ref}/code")
    alive = select(func.count()).select_from(Activation).where(Activation.cancelled_at.is_(None))
    assert session.scalar(alive) == 1


def test_the_officer_ends_all_sign_ins_of_a_person(office, new_browser, make, house):
    account = make.account(Role.STAFF, house)
    at_work = new_browser().sign_in(account)
    office.get(f"/accounts/{account.ref}")
    assert "Signed in on 1 device" in office.page
    office.post(f"/accounts/{account.ref}/sign-ins/end")
    assert at_work.get("/account").location.startswith("/sign-in")


def test_a_name_closed_to_strangers_is_opened_again(office, make, new_browser, house, session, app, clock):
    account = make.account(Role.STAFF, house)
    subject = app.extensions["vault"].digest("username", account.username)
    make.saved(
        Throttle(
            subject=subject,
            factor=Factor.PASSWORD,
            known=False,
            failures=100,
            window_failures=50,
            window_started_at=clock.now,
            until=clock.now + dt.timedelta(days=36500),
        )
    )
    assert new_browser().sign_in_by_hand(account, PASSWORD).status_code == 200
    office.get(f"/accounts/{account.ref}")
    assert "closed on unknown devices" in office.page
    assert office.post(f"/accounts/{account.ref}/release").status_code == 303
    assert new_browser().sign_in_by_hand(account, PASSWORD).status_code == 303
    office.get(f"/accounts/{account.ref}")
    assert "closed on unknown devices" not in office.page
    assert session.scalar(select(TrailEntry.act).where(TrailEntry.act == Act.THROTTLE_RELEASED))


PERIOD = {"since-d": "1", "since-m": "12", "since-y": "2026", "until-d": "10", "until-m": "12", "until-y": "2026"}


def test_an_acting_head_is_entered_with_days_and_ended_early(office, make, house, session):
    account = make.account(Role.MANAGER, house)
    make.account(Role.MANAGER, house)
    assert office.post(f"/accounts/{account.ref}/delegations/new", fields={"kind": "plh", **PERIOD}).status_code == 303
    row = session.scalar(select(Delegation))
    assert (row.since, row.until) == (
        dt.datetime(2026, 11, 30, 17, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 10, 16, 59, 59, tzinfo=dt.UTC),
    )
    office.get(f"/accounts/{account.ref}")
    assert "10 December 2026" in office.page
    assert office.post(f"/accounts/{account.ref}/delegations/{row.ref}/end").status_code == 303
    session.expire_all()
    assert session.scalar(select(Delegation.ended_at)) is not None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "raja"}, "This choice is not offered."),
        ({"since-d": "", "since-m": "", "since-y": ""}, "Write day, month and year."),
        ({"until-d": "30", "until-m": "2"}, "does not exist"),
        ({"until-d": "1", "until-m": "11"}, "The last day comes before the first day."),
        ({"since-y": "2025", "until-y": "2025"}, "These days have passed."),
    ],
)
def test_impossible_days_of_an_acting_head_get_a_sentence(office, make, session, typed, sentence):
    account = make.account(Role.MANAGER)
    office.post(f"/accounts/{account.ref}/delegations/new", fields={"kind": "plh", **PERIOD, **typed})
    assert sentence in office.page
    assert session.scalar(select(func.count()).select_from(Delegation)) == 0


def test_there_is_one_acting_head_at_a_time(office, make, session):
    first, second = make.account(Role.MANAGER), make.account(Role.CASEWORKER)
    office.post(f"/accounts/{first.ref}/delegations/new", fields={"kind": "plh", **PERIOD})
    office.post(f"/accounts/{second.ref}/delegations/new", fields={"kind": "plt", **PERIOD, "since-d": "10"})
    assert "already acts as head" in office.page
    assert session.scalar(select(func.count()).select_from(Delegation)) == 1


def test_an_officer_nobody_has_confirmed_yet_decides_nothing_about_others(browser, make, house, session, clock):
    unsure = make.account(Role.SECURITY_OFFICER, unconfirmed_since=clock.now)
    browser.sign_in(unsure)
    assert new_account(browser, house).status_code == 403
    other = make.account(Role.STAFF, house)
    assert browser.post(f"/accounts/{other.ref}/disable").status_code == 403
    assert browser.post(f"/accounts/{other.ref}/sign-ins/end").status_code == 403
    assert browser.post("/settings").status_code == 403
    session.expire_all()
    assert session.get(Account, other.id).state is AccountState.ACTIVE
    assert found(session) is None


def test_the_command_line_makes_a_first_officer_who_can_be_activated(session, clock):
    account = make_account(
        session,
        username="bagus.p",
        shown_name="Bagus",
        role=Role.SECURITY_OFFICER,
        house_ids=(),
        disciplines=(),
        is_head=False,
        valid_until=None,
        now=clock.now,
        by=SYSTEM,
    )
    code = issue_activation(session, account=account, kind=ActivationKind.ACCOUNT, now=clock.now, by=SYSTEM)
    assert re.fullmatch(r"([A-Z0-9]{4} ){2}[A-Z0-9]{4}", code)
    assert account.state is AccountState.INVITED


def test_a_script_in_a_shown_name_stays_text(office, house, session):
    new_account(office, house, shown_name="<script>alert(1)</script>")
    office.get("/accounts")
    assert "&lt;script&gt;" in office.page
    office.get(f"/accounts/{found(session).ref}")
    assert "<script>" not in office.page
