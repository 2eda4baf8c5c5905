"""A referral is nowhere for a relative of the reported person and for whoever is denied to the family; everybody else
goes on with it."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from safehouse.access.permissions import Role
from safehouse.residents.models import Conflict, ConflictKind, Denial, Relationship, Resident
from safehouse.residents.operations.denying import deny
from safehouse.residents.operations.relations import keep_relation
from safehouse.residents.operations.safety import LiftReason, lift_conflict, note_reported_person
from safehouse.shelter.choices import Destination, ReferralSource, ReferralState, RoomPurpose
from safehouse.shelter.models import Cleaning, Referral, ReferralAnswer, Screening
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.operations.holding import hold_beds
from safehouse.shelter.operations.moving import depart
from safehouse.shelter.queries.board import board_rows
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.rooms import plan_of
from safehouse.shelter.queries.tonight import referrals_waiting
from safehouse.shelter.rules.board import board
from safehouse.shelter.rules.houses import BedState
from safehouse.today.queries.page import gathered
from tests.office import actor
from tests.shelter.arriving import come_in
from tests.shelter.test_screening import NO

PHONE = "0812-0000-0001"
PAGES = (
    "beds",
    "consent",
    "answer",
    "screening",
    "screening/result",
    "message",
    "change",
    "reported-persons",
    "never-together",
    "conflicts",
    "decision",
    "intake",
)
CLOSED = "Perbaikan"


@pytest.fixture
def house(make):
    house = make.house("Rumah Satu")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3)
    return house


@pytest.fixture
def manager(make, house):
    return make.account(Role.MANAGER, house)


def related(make, account, manager, referral):
    """The account told of a relative before; now he is reported."""
    session = make.session
    keep_relation(session, account=account, phone=PHONE, now=make.clock.now, by=actor(manager))
    note(make, referral, manager)


def note(make, referral, by):
    household = household_of(make.session, referral=referral)
    note_reported_person(
        make.session,
        household=household,
        relationship=Relationship.HUSBAND,
        phone=PHONE,
        now=make.clock.now,
        by=actor(by),
    )
    make.session.commit()


def denied(make, one, account, manager, stand_in=None):
    deny(
        make.session,
        resident=one,
        denied=account,
        stand_in=stand_in or manager,
        reason="Sepupu terlapor.",
        now=make.clock.now,
        by=actor(manager),
    )
    make.session.commit()


def residents(session):
    session.expire_all()
    return session.scalars(select(Resident).order_by(Resident.id)).all()


def kinds(session, account, clock):
    session.expire_all()
    return {one.kind for one in gathered(session, account_id=account.id, role=account.role, now=clock.now)}


def of_beds(session, account, clock):
    rows = board_rows(
        session, account_id=account.id, role=account.role, first=clock.now.date(), nights=3, now=clock.now
    )
    return board(rows, now=clock.now).figures


# Whoever is related


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_a_relative_of_the_reported_person_finds_the_waiting_family_at_no_address(
    new_browser, make, house, manager, role
):
    referral = make.referral()
    account = make.account(role, house)
    related(make, account, make.account(Role.MANAGER), referral)
    hers, others = new_browser().sign_in(account), new_browser().sign_in(make.account(role, house))
    path = f"/referrals/{referral.ref}"
    allowed = {page for page in PAGES if others.get(f"{path}/{page}").status_code in {200, 303}}
    assert {"beds", "screening"} <= allowed
    found = {page for page in PAGES if hers.get(f"{path}/{page}").status_code not in {403, 404}}
    assert found == set()
    assert {page for page in allowed if hers.get(f"{path}/{page}").status_code != 404} == set()
    assert hers.post(f"{path}/screening", fields=NO).status_code == 404
    assert hers.post(f"{path}/screening/result", fields={"level": "low", "why": "Aman."}).status_code == 404
    assert hers.post(f"{path}/withdraw").status_code == 404
    assert hers.post(f"{path}/answer", kind="accepted").status_code in {403, 404}
    assert make.session.scalars(select(Screening)).all() == []
    assert make.session.scalars(select(ReferralAnswer)).all() == []


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_it_stands_on_no_list_and_in_no_count_of_hers_and_waits_with_everybody_else(
    new_browser, make, session, house, clock, role
):
    referral = make.referral()
    account, other = make.account(role, house), make.account(role, house)
    related(make, account, make.account(Role.MANAGER), referral)
    clock.forward(hours=1)
    number = f"R-{referral.number}"
    for who, told in ((account, False), (other, True)):
        browser = new_browser().sign_in(who)
        for page in ("/referrals", "/referrals/new"):
            browser.get(page)
            assert (number in browser.page) is told, (page, role)
        assert browser.get("/today").status_code == 200
        assert referrals_waiting(session, account_id=who.id)[0] == told
        if role is not Role.STAFF:
            assert ("shelter:referral:answer" in kinds(session, who, clock)) is told


def test_whoever_closes_a_referral_to_herself_by_screening_is_led_to_the_list_without_a_reason(
    browser, make, session, house, manager, clock
):
    referral = make.referral(source=ReferralSource.SELF)
    worker, other = make.account(Role.CASEWORKER, house), make.account(Role.CASEWORKER, house)
    keep_relation(session, account=worker, phone=PHONE, now=clock.now, by=actor(manager))
    session.commit()
    browser.sign_in(worker)
    path = f"/referrals/{referral.ref}/screening"
    known = {"known": "yes", "reported-0-relationship": "husband", "reported-0-phone": PHONE}
    browser.get(path)
    answer = browser.post(path, fields=NO | known)
    assert (answer.status_code, answer.location) == (303, "/referrals?passed=1")
    browser.get(answer.location)
    assert "Rekan lain melanjutkan rujukan ini." in browser.page
    assert f"R-{referral.number}" not in browser.page and "saudara" not in browser.page
    assert browser.get(path).status_code == 404
    assert session.scalars(select(Screening.referral_id)).all() == [referral.id], "what she asked is kept"
    assert "shelter:referral:answer" in kinds(session, other, clock)
    assert "shelter:referral:answer" in kinds(session, manager, clock)
    assert "shelter:referral:answer" not in kinds(session, worker, clock)


def test_the_same_press_twice_leads_to_the_list_also_where_the_first_one_closed_it(
    browser, make, session, house, manager, clock
):
    referral = make.referral(source=ReferralSource.SELF)
    worker = make.account(Role.CASEWORKER, house)
    keep_relation(session, account=worker, phone=PHONE, now=clock.now, by=actor(manager))
    session.commit()
    browser.sign_in(worker)
    path = f"/referrals/{referral.ref}/screening"
    browser.get(path)
    key = re.search(r'name="act_key" value="([^"]+)"', browser.page)[1]
    fields = NO | {"known": "yes", "reported-0-relationship": "husband", "reported-0-phone": PHONE, "act_key": key}
    assert [browser.post(path, fields=fields).location for _press in range(2)] == ["/referrals?passed=1"] * 2
    assert len(session.scalars(select(Screening)).all()) == 1


def test_choosing_a_bed_finds_what_nobody_had_compared_and_leads_on_too(browser, make, session, house, manager, clock):
    referral = make.referral()
    worker = make.account(Role.CASEWORKER, house)
    household = household_of(session, referral=referral)
    note_reported_person(
        session,
        household=household,
        relationship=Relationship.HUSBAND,
        phone=PHONE,
        now=clock.now,
        by=actor(manager),
    )
    keep_relation(session, account=worker, phone=PHONE, now=clock.now, by=actor(manager))
    for one in session.scalars(select(Conflict)):
        session.delete(one)
    session.commit()
    browser.sign_in(worker)
    path = f"/referrals/{referral.ref}/beds"
    browser.get(path)
    option = re.search(r'name="option" value="([^"]+)"', browser.page)[1]
    answer = browser.post(path, option=option)
    assert (answer.status_code, answer.location) == (303, "/referrals?passed=1")


def test_writing_the_reported_person_down_leads_on_too(browser, make, session, house, manager, clock):
    referral = make.referral()
    worker = make.account(Role.CASEWORKER, house)
    keep_relation(session, account=worker, phone=PHONE, now=clock.now, by=actor(manager))
    session.commit()
    browser.sign_in(worker)
    path = f"/referrals/{referral.ref}/reported-persons"
    browser.get(path)
    answer = browser.post(path, relationship="husband", phone=PHONE)
    assert (answer.status_code, answer.location) == (303, "/referrals?passed=1")


def test_a_conflict_that_was_lifted_closes_nothing(browser, make, session, house, manager, clock):
    referral = make.referral()
    worker = make.account(Role.CASEWORKER, house)
    related(make, worker, manager, referral)
    browser.sign_in(worker)
    path = f"/referrals/{referral.ref}/screening"
    assert browser.get(path).status_code == 404
    (conflict,) = session.scalars(select(Conflict).where(Conflict.kind == ConflictKind.STAFF_RELATED))
    lift_conflict(session, conflict=conflict, reason=next(iter(LiftReason)), now=clock.now, by=actor(manager))
    session.commit()
    assert browser.get(path).status_code == 200


# Whoever is denied


def test_a_family_whose_placing_was_undone_waits_out_of_sight_of_whoever_is_denied(
    new_browser, make, session, house, manager
):
    referral = make.referral()
    staff, cousin = make.account(Role.STAFF, house), make.account(Role.STAFF, house)
    browser = new_browser().sign_in(staff)
    act = come_in(browser, referral).location.split("done=")[1]
    denied(make, residents(session)[0], cousin, manager, staff)
    assert browser.post(f"/arrivals/{act}/undo").status_code == 303
    session.expire_all()
    assert session.get_one(Referral, referral.id).state is ReferralState.NEW
    hers = new_browser().sign_in(cousin)
    path = f"/referrals/{referral.ref}"
    assert {hers.get(f"{path}/{page}").status_code for page in ("beds", "consent", "screening", "change")} == {404}
    hers.get("/referrals")
    assert f"R-{referral.number}" not in hers.page
    browser.get("/referrals")
    assert f"R-{referral.number}" in browser.page


def test_a_denial_made_after_they_came_hides_their_referral_and_its_house(new_browser, make, session, house, manager):
    referral = make.referral()
    staff, cousin = make.account(Role.STAFF, house), make.account(Role.STAFF, house)
    come_in(new_browser().sign_in(staff), referral)
    hers = new_browser().sign_in(cousin)
    hers.get("/referrals")
    assert f"R-{referral.number}" in hers.page and "Rumah Satu" in hers.page
    denied(make, residents(session)[0], cousin, manager, staff)
    hers.get("/referrals")
    main = hers.page.split("<main")[1]
    assert f"R-{referral.number}" not in main and "Rumah Satu" not in main
    assert hers.get(f"/referrals/{referral.ref}/intake").status_code == 404


def test_the_house_of_a_held_bed_is_not_told_to_whoever_is_denied(new_browser, make, session, house, manager, clock):
    """One of the family lived here before: it waits again, and a bed is kept for it."""
    referral, cousin = make.referral(), make.account(Role.STAFF, house)
    one = make.resident(household=make.household())
    referral.household_id = one.household_id
    bed = make.beds(make.room(house, "9", beds=1))[0]
    hold_beds(session, referral=referral, bed_ids=[bed.id], hours=4, now=clock.now, by=actor(manager))
    make.saved(Denial(resident_id=one.id, account_id=cousin.id, since=clock.now))
    session.commit()
    number = f"R-{referral.number}"
    for who, told in ((cousin, False), (manager, True)):
        browser = new_browser().sign_in(who)
        browser.get("/beds")
        assert (number in browser.page) is told
        assert (CLOSED in browser.page) is not told
        figures = of_beds(session, who, clock)
        assert (figures.held, figures.closed, figures.beds) == ((1, 0, 4) if told else (0, 1, 4))
        (view,) = house_views(
            session, house_ids=[house.id], today=clock.now.date(), now=clock.now, for_account_id=who.id
        )
        states = {one.id: one.state for room in view.rooms for one in room.beds}
        assert states[bed.id] is (BedState.HELD if told else BedState.CLOSED)
        lines = [one for room in plan_of(session, house, clock.now, for_account_id=who.id).rooms for one in room.beds]
        assert [(one.held, one.closed) for one in lines if one.ref == bed.ref] == [(told, not told)]


def test_a_bed_left_by_someone_denied_stays_closed_until_it_is_ready(new_browser, make, session, house, manager, clock):
    bed = make.beds(make.room(house, "9", beds=1))[0]
    one = make.resident(bed, arrived=clock.now - dt.timedelta(days=3))
    staff, cousin = make.account(Role.STAFF, house), make.account(Role.STAFF, house)
    denied(make, one, cousin, manager, staff)
    before = of_beds(session, cousin, clock)
    hers = new_browser().sign_in(cousin)
    hers.get("/beds")
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", hers.page.split("<main")[1]))
    clock.forward(minutes=5)
    depart(
        session,
        residents=[session.merge(one)],
        at=clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=clock.now,
        by=actor(staff),
    )
    session.commit()
    assert of_beds(session, cousin, clock) == before, "to her nothing happened"
    hers.get("/beds")
    assert re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", hers.page.split("<main")[1])) == shown
    assert "shelter:bed:clean" not in kinds(session, cousin, clock)
    assert "shelter:bed:clean" in kinds(session, staff, clock)
    (view,) = house_views(
        session, house_ids=[house.id], today=clock.now.date(), now=clock.now, for_account_id=cousin.id
    )
    left = next(each for room in view.rooms for each in room.beds if each.id == bed.id)
    assert (left.state, left.to_clean) == (BedState.CLOSED, False)
    lines = [each for room in plan_of(session, house, clock.now, for_account_id=cousin.id).rooms for each in room.beds]
    assert [each.closed for each in lines if each.ref == bed.ref] == [True]
    answer = hers.post(f"/beds/{bed.ref}/ready")
    assert answer.status_code == 303 and "done=" not in answer.location
    session.expire_all()
    assert session.scalars(select(Cleaning.ready_at)).one() is None
    clock.forward(days=20)
    assert of_beds(session, cousin, clock).closed == 1, "however long ago she left"
    new_browser().sign_in(staff).post(f"/beds/{bed.ref}/ready")
    session.expire_all()
    figures = of_beds(session, cousin, clock)
    assert (figures.closed, figures.free) == (0, 4)


def test_a_family_named_before_it_had_a_household_is_closed_too(new_browser, make, session, house, manager):
    referral, cousin = make.referral(), make.account(Role.STAFF, house)
    one = make.resident(household=make.household())
    session.get_one(Referral, referral.id).people[0].resident_id = one.id
    make.saved(Denial(resident_id=one.id, account_id=cousin.id, since=make.clock.now))
    session.commit()
    path = f"/referrals/{referral.ref}/beds"
    assert new_browser().sign_in(cousin).get(path).status_code == 404
    assert new_browser().sign_in(make.account(Role.STAFF, house)).get(path).status_code == 200
