"""Nobody is let into a house by the security officer alone: a manager of that house says whether she works there."""

import datetime as dt

import pytest
from sqlalchemy import select

from safehouse.access.models import Account, Approval, Clearance, House
from safehouse.access.operations.accounts import give_role
from safehouse.access.operations.approvals import ApprovalRefused, ask_houses, decide
from safehouse.access.permissions import Role
from safehouse.access.queries import waiting_approvals
from safehouse.access.rules.approving import ApprovalFault, AskedKind
from tests.access.test_accounts import CODE
from tests.access.test_approvals import answer
from tests.office import actor

PENDING = "works in Rumah Satu from then on."


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def manager(make, house):
    return make.account(Role.MANAGER, house, language="en", shown_name="Hartati")


@pytest.fixture
def officer(make):
    return make.account(Role.SECURITY_OFFICER, language="en", shown_name="Bagus")


@pytest.fixture
def office(browser, officer, manager):
    return browser.sign_in(officer)


def make_staff(office, *houses, username="wening", **typed):
    fields = {"shown_name": "Wening", "username": username, "role": "staff", **typed}
    return office.post("/accounts/new", fields=fields, houses=[str(house.ref) for house in houses])


def account_of(session, username="wening") -> Account:
    session.expire_all()
    return session.scalars(select(Account).where(Account.username == username)).one()


def works_in(session, account) -> set[str]:
    session.expire_all()
    wanted = select(House.name).join(Clearance, Clearance.house_id == House.id)
    return set(session.scalars(wanted.where(Clearance.account_id == account.id, Clearance.until.is_(None))))


def asking(session, account) -> Approval:
    wanted = select(Approval).where(Approval.kind == AskedKind.HOUSE, Approval.subject == account.ref)
    return session.scalars(wanted.order_by(Approval.id.desc()).limit(1)).one()


def test_an_account_made_for_a_house_sees_nobody_there_until_its_manager_agrees(
    office, new_browser, session, house, manager
):
    assert make_staff(office, house).status_code == 200
    assert CODE.search(office.page), "she may set herself up meanwhile"
    wening = account_of(session)
    assert works_in(session, wening) == set()
    office.get(f"/accounts/{wening.ref}")
    assert "Waiting for a second person" in office.page and f"Wening, House staff, {PENDING}" in office.page
    hers = new_browser().sign_in(manager)
    hers.get("/approvals")
    assert f"Wening, House staff, {PENDING}" in hers.page and "Approve only when you know" in hers.page
    assert answer(hers, asking(session, wening)).status_code == 303
    assert works_in(session, wening) == {"Rumah Satu"}


def test_a_refusal_lets_nobody_in(office, new_browser, session, house, manager):
    make_staff(office, house)
    answer(new_browser().sign_in(manager), asking(session, account_of(session)), "refuse")
    assert works_in(session, account_of(session)) == set()


def test_only_a_manager_of_that_house_is_asked(office, new_browser, make, session, clock, house, manager, officer):
    make_staff(office, house)
    approval = asking(session, account_of(session))
    others = (
        make.account(Role.MANAGER, make.house("Rumah Dua"), language="en"),
        make.account(Role.SECURITY_OFFICER, language="en"),
    )
    for other in others:
        browser = new_browser().sign_in(other)
        browser.get("/approvals")
        assert "Wening" not in browser.page and "Nothing waits for you." in browser.page
        assert answer(browser, approval).status_code == 404
        with pytest.raises(ApprovalRefused) as refused:
            decide(session, approval=session.get(Approval, approval.id), granted=True, now=clock.now, by=actor(other))
        assert refused.value.reason is ApprovalFault.NOT_HER_HOUSE
        session.rollback()
    clock.forward(seconds=30)
    assert answer(office, approval).status_code == 404, "nor the one who asked"
    assert works_in(session, account_of(session)) == set()


def test_what_is_not_answered_within_a_day_is_over(office, new_browser, session, clock, house, manager):
    make_staff(office, house)
    clock.now += dt.timedelta(hours=24)
    assert answer(new_browser().sign_in(manager), asking(session, account_of(session))).status_code == 200
    assert works_in(session, account_of(session)) == set()


def test_a_house_without_a_manager_is_given_at_once(office, make, session, clock, house, manager):
    empty = make.house("Rumah Dua")
    make.account(Role.MANAGER, empty, valid_until=clock.now)  # has left
    make.account(Role.STAFF, empty)
    make_staff(office, house, empty)
    assert works_in(session, account_of(session)) == {"Rumah Dua"}


def test_two_houses_are_asked_of_the_managers_of_each(office, new_browser, make, session, house, manager):
    two = make.house("Rumah Dua")
    other = make.account(Role.MANAGER, two)
    make_staff(office, house, two)
    wening = account_of(session)
    answer(new_browser().sign_in(other), asking(session, wening))
    assert works_in(session, wening) == {"Rumah Dua"}
    first = session.scalars(select(Approval).where(Approval.kind == AskedKind.HOUSE).order_by(Approval.id)).first()
    answer(new_browser().sign_in(manager), first)
    assert works_in(session, wening) == {"Rumah Dua", "Rumah Satu"}


def test_changing_an_account_asks_for_a_new_house_and_ends_an_old_one_at_once(
    office, make, session, clock, house, manager
):
    old = make.house("Rumah Dua")
    make.account(Role.MANAGER, old)
    sari = make.account(Role.STAFF, old, shown_name="Sari")
    change = f"/accounts/{sari.ref}/change"
    assert office.post(change, shown_name="Sari", houses=str(house.ref)).status_code == 303
    assert works_in(session, sari) == set()
    approval = asking(session, sari)
    office.get(change)
    assert f'value="{house.ref}" autocomplete="off" checked' in office.page, "what waits is ticked"
    clock.forward(minutes=1)
    office.post(change, shown_name="Sari", houses=str(house.ref))
    assert asking(session, sari).id == approval.id, "and is not asked twice"
    office.post(change, shown_name="Sari", houses=str(old.ref))
    session.expire_all()
    assert session.get_one(Approval, approval.id).expires_at == clock.now, "nobody agrees to it any more"


def test_who_worked_without_a_sign_in_is_asked_for_again_when_she_gets_one(
    office, new_browser, make, session, house, manager
):
    guard = make.account(None, house, shown_name="Wening", factor=False)
    office.post(f"/accounts/{guard.ref}/role", role="staff")
    assert works_in(session, guard) == set()
    answer(new_browser().sign_in(manager), asking(session, guard))
    assert works_in(session, guard) == {"Rumah Satu"}


def test_another_role_than_the_one_asked_for_voids_the_asking(office, new_browser, session, clock, house, manager):
    make_staff(office, house)
    office.post(f"/accounts/{account_of(session).ref}/role", role="caseworker")
    browser = new_browser().sign_in(manager)
    assert answer(browser, asking(session, account_of(session))).status_code == 200
    assert "has changed since" in browser.page
    assert works_in(session, account_of(session)) == set()


@pytest.mark.parametrize("first", [AskedKind.ROLE, AskedKind.HOUSE])
def test_role_and_house_of_a_new_manager_are_agreed_to_in_either_order(
    office, new_browser, session, house, manager, first
):
    make_staff(office, house, role="manager")
    wening = account_of(session)
    askings = {one.kind: one for one in session.scalars(select(Approval).where(Approval.subject == wening.ref))}
    browser = new_browser().sign_in(manager)
    for kind in (first, *(set(askings) - {first})):
        assert answer(browser, askings[kind]).status_code == 303
    assert (account_of(session).role, works_in(session, wening)) == (Role.MANAGER, {"Rumah Satu"})


def test_a_security_officer_by_now_is_let_into_no_house(office, new_browser, session, clock, house, manager, officer):
    make_staff(office, house)
    wening = account_of(session)
    give_role(session, account=wening, role=Role.SECURITY_OFFICER, is_head=False, now=clock.now, by=actor(manager))
    session.commit()
    assert answer(new_browser().sign_in(manager), asking(session, wening)).status_code == 200
    assert works_in(session, wening) == set()


def test_nobody_asks_for_a_house_for_herself(session, clock, house, manager, officer):
    with pytest.raises(Exception, match="own_account"):
        ask_houses(session, account=officer, house_ids=[house.id], now=clock.now, by=actor(officer))


# A house whose manager was taken out a moment ago


@pytest.fixture
def friend(make):
    return make.account(Role.STAFF, make.house("Rumah Tiga"), shown_name="Wening")


def change(office, account, *houses):
    fields = {"shown_name": account.shown_name}
    return office.post(f"/accounts/{account.ref}/change", fields=fields, houses=[str(one.ref) for one in houses])


def house_of(session, name):
    return session.scalars(select(House).where(House.name == name)).one()


def test_taking_its_manager_out_first_lets_nobody_into_a_house(
    office, new_browser, make, session, clock, house, manager, officer, friend
):
    two, three = make.house("Rumah Dua"), house_of(session, "Rumah Tiga")
    other = make.account(Role.MANAGER, two, language="en")
    assert change(office, friend, three, house).status_code == 303
    assert works_in(session, friend) == {"Rumah Tiga"}
    change(office, friend, three)
    assert change(office, manager, two).status_code == 303
    assert works_in(session, manager) == set(), "she is out, and in the other house only once its manager agrees"
    clock.forward(hours=23)
    change(office.sign_in(officer), friend, three, house)
    assert works_in(session, friend) == {"Rumah Tiga"}, "the house has had a manager a moment ago"
    browser = new_browser().sign_in(other)
    browser.get("/approvals")
    assert PENDING in browser.page
    told = browser.page.split('aria-labelledby="given"')[1].split("</section>")[0]
    assert "Hartati" in told and "Rumah Satu" in told and "Ended" in told
    assert answer(browser, asking(session, friend)).status_code == 303
    assert works_in(session, friend) == {"Rumah Satu", "Rumah Tiga"}


def test_after_a_day_without_a_manager_her_word_is_enough_again(
    office, make, session, clock, house, manager, officer, friend
):
    change(office, manager, make.house("Rumah Dua"))
    clock.forward(hours=24)
    change(office.sign_in(officer), friend, house_of(session, "Rumah Tiga"), house)
    assert works_in(session, friend) == {"Rumah Satu", "Rumah Tiga"}


@pytest.mark.parametrize("way", ["disable", "role", "valid_until"])
def test_shutting_its_manager_out_first_lets_nobody_into_a_house(
    office, make, session, clock, house, manager, officer, friend, way
):
    make.account(Role.MANAGER, make.house("Rumah Dua"))
    if way == "disable":
        done = office.post(f"/accounts/{manager.ref}/disable")
    elif way == "role":
        done = office.post(f"/accounts/{manager.ref}/role", role="staff")
    else:
        day = clock.now.date()
        ends = {"valid_until-d": str(day.day), "valid_until-m": str(day.month), "valid_until-y": str(day.year)}
        fields = {"shown_name": "Hartati"} | ends
        done = office.post(f"/accounts/{manager.ref}/change", fields=fields, houses=[str(house.ref)])
        clock.forward(hours=23)
        office.sign_in(officer)
    assert done.status_code == 303, office.page
    change(office, friend, house_of(session, "Rumah Tiga"), house)
    assert works_in(session, friend) == {"Rumah Tiga"}
    assert asking(session, friend).expires_at > clock.now


def test_what_was_asked_of_a_manager_who_went_is_answered_by_another(
    office, new_browser, make, session, house, manager, friend
):
    other = make.account(Role.MANAGER, make.house("Rumah Dua"), language="en")
    change(office, friend, house_of(session, "Rumah Tiga"), house)
    browser = new_browser().sign_in(other)
    assert answer(browser, asking(session, friend)).status_code == 404, "it is her colleague's"
    session.scalars(select(Clearance).where(Clearance.account_id == manager.id)).one().until = make.clock.now
    session.commit()
    assert waiting_approvals(session, other.id, make.clock.now) == 1
    assert answer(browser, asking(session, friend)).status_code == 303
    assert works_in(session, friend) == {"Rumah Satu", "Rumah Tiga"}


def test_a_manager_who_was_taken_out_of_a_house_with_another_is_told_to_that_one_alone(
    office, new_browser, make, session, house, manager
):
    stays = make.account(Role.MANAGER, house, language="en", shown_name="Sinta")
    elsewhere = make.account(Role.MANAGER, make.house("Rumah Dua"), language="en", shown_name="Rini")
    change(office, manager, house_of(session, "Rumah Dua"))
    for account, told in ((stays, True), (elsewhere, False)):
        browser = new_browser().sign_in(account)
        browser.get("/approvals")
        assert ("Ended" in browser.page) is told
