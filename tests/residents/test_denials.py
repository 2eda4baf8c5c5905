"""Someone who must know nothing of a resident: she is nowhere for him, and no gap shows where she was."""

import pytest
from sqlalchemy import func, select

from safehouse.access.models import AccountState, Agency, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Conflict, Denial, Resident
from safehouse.residents.operations.denying import DenialRefusal, DenialRefused, deny, end_denial
from safehouse.residents.operations.people import assign
from safehouse.residents.queries.people import find_resident, seen_by
from safehouse.residents.queries.safety import barred_house_ids
from safehouse.shelter.choices import BedKind
from safehouse.shelter.models import Bed, Closure
from safehouse.shelter.queries.board import board_rows
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.rooms import plan_of
from safehouse.shelter.rules.board import board
from safehouse.shelter.rules.houses import BedState
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry, TrailSubject
from tests.office import actor
from tests.residents.safety import coordinator, family, place

REASON = "Sepupu terlapor, pernah bertanya-tanya."


@pytest.fixture
def there(make):
    return place(make, "Rumah Satu")


@pytest.fixture
def kenari(make, there):
    return family(make, there.beds[0], alias="Kenari")


def denied(make, who, account, stand_in=None, *, by=None, agency=None):
    by = by or make.account(Role.MANAGER)
    denial = deny(
        make.session,
        resident=who.one,
        denied=agency or account,
        stand_in=stand_in,
        reason=REASON,
        now=make.clock.now,
        by=actor(by),
    )
    make.session.commit()
    return denial


def ids_seen(session, account):
    return set(session.scalars(select(Resident.id).where(seen_by(account.id, account.role))))


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_a_denial_beats_every_right(session, make, there, kenari, role):
    account, stand_in = make.account(role, there.house, disciplines=(Discipline.SOCIAL_WORK,)), there.manager
    if role is Role.CASEWORKER:
        assign(
            session,
            resident=kenari.one,
            account=account,
            discipline=Discipline.SOCIAL_WORK,
            coordinator=True,
            now=make.clock.now,
            by=actor(stand_in),
        )
        session.commit()
    assert kenari.one.id in ids_seen(session, account)
    denied(make, kenari, account, stand_in)
    assert ids_seen(session, account) == set()
    found = find_resident(session, account_id=account.id, role=role, ref=kenari.one.ref, now=make.clock.now)
    assert found is None


def test_a_denial_is_for_everyone_who_came_with_her(session, make, there, kenari):
    child = make.resident(there.beds[1], household=kenari.household)
    account = make.account(Role.STAFF, there.house)
    denied(make, kenari, account, there.manager)
    assert ids_seen(session, account) == set()
    later = make.resident(there.beds[2], household=kenari.household)
    assert {child.id, later.id} & ids_seen(session, account) == set()


def test_whoever_is_denied_answers_for_nothing_about_her_any_more(session, make, there, kenari):
    caseworker = coordinator(make, there, kenari)
    denied(make, kenari, caseworker, there.manager)
    assert session.scalars(select(Assignment.until)).all() == [make.clock.now]


def test_where_the_denied_person_works_in_her_house_somebody_else_does_that_work(session, make, there, kenari):
    account = make.account(Role.STAFF, there.house)
    elsewhere = make.account(Role.STAFF, make.house())
    gone = make.account(Role.STAFF, there.house, state=AccountState.DISABLED)
    for stand_in, reason in (
        (None, DenialRefusal.NEEDS_STAND_IN),
        (account, DenialRefusal.NEEDS_STAND_IN),
        (elsewhere, DenialRefusal.STAND_IN_ELSEWHERE),
        (gone, DenialRefusal.STAND_IN_ELSEWHERE),
    ):
        with pytest.raises(DenialRefused) as refused:
            denied(make, kenari, account, stand_in)
        assert refused.value.reason is reason
    assert denied(make, kenari, account, there.manager).stand_in_id == there.manager.id


def test_a_stand_in_is_nobody_who_is_denied_as_well(session, make, there, kenari):
    one, other = make.account(Role.STAFF, there.house), make.account(Role.STAFF, there.house)
    denied(make, kenari, one, there.manager)
    with pytest.raises(DenialRefused) as refused:
        denied(make, kenari, other, one)
    assert refused.value.reason is DenialRefusal.STAND_IN_DENIED


def test_somebody_who_works_elsewhere_needs_no_stand_in(session, make, there, kenari):
    account = make.account(Role.STAFF, make.house())
    assert denied(make, kenari, account, there.manager).stand_in_id is None


def test_a_manager_who_may_see_her_stays(session, make, there, kenari):
    """Only a manager decides for her and ends a denial."""
    stand_in = make.account(Role.STAFF, there.house)
    make.account(Role.MANAGER, there.house, state=AccountState.DISABLED)
    make.account(Role.MANAGER, make.house())
    with pytest.raises(DenialRefused) as refused:
        denied(make, kenari, there.manager, stand_in)
    assert refused.value.reason is DenialRefusal.LAST_MANAGER
    second = make.account(Role.MANAGER, there.house)
    assert denied(make, kenari, there.manager, stand_in).account_id == there.manager.id
    with pytest.raises(DenialRefused) as refused:
        denied(make, kenari, second, stand_in)
    assert refused.value.reason is DenialRefusal.LAST_MANAGER


def test_of_someone_who_lives_nowhere_one_manager_of_the_unit_stays(session, make, there, kenari):
    kenari.one.house_id = None
    session.commit()
    caseworker = make.account(Role.CASEWORKER)
    with pytest.raises(DenialRefused) as refused:
        denied(make, kenari, there.manager, by=caseworker)
    assert refused.value.reason is DenialRefusal.LAST_MANAGER
    make.account(Role.MANAGER, make.house())
    assert denied(make, kenari, there.manager, by=caseworker).stand_in_id is None


def test_a_manager_of_another_house_is_denied_without_looking_for_a_second_one(session, make, there, kenari):
    elsewhere = place(make, "Rumah Dua")
    assert denied(make, kenari, elsewhere.manager).account_id == elsewhere.manager.id


def test_nobody_denies_herself(session, make, there, kenari):
    second = make.account(Role.MANAGER, there.house)
    with pytest.raises(DenialRefused) as refused:
        denied(make, kenari, second, there.manager, by=second)
    assert refused.value.reason is DenialRefusal.YOURSELF


def test_the_page_says_beside_the_name_that_another_manager_is_needed_first(session, make, there, kenari, browser):
    caseworker = coordinator(make, there, kenari)
    url = f"/residents/{kenari.one.ref}/denials"
    browser.sign_in(caseworker)
    answer = browser.post(url, fields=form(there.manager, caseworker))
    assert answer.status_code == 200 and 'id="who-e"' in browser.page and REASON in browser.page
    assert session.scalars(select(Denial)).all() == []


def test_an_agency_is_denied_like_a_person(session, make, there, kenari):
    agency = make.saved(Agency(name="Dinas Contoh"))
    denial = denied(make, kenari, None, agency=agency)
    assert (denial.agency_id, denial.account_id, denial.stand_in_id) == (agency.id, None, None)
    with pytest.raises(DenialRefused):
        denied(make, kenari, None, agency=agency)


def test_a_denial_that_ended_lets_her_be_seen_again_and_the_house_shared(session, make, there, kenari):
    account = make.account(Role.STAFF, there.house)
    denial = denied(make, kenari, account, there.manager)
    assert barred_house_ids(session, household_id=kenari.household.id) == {there.house.id}
    assert end_denial(session, denial=denial, now=make.clock.now, by=actor(there.manager))
    assert not end_denial(session, denial=denial, now=make.clock.now, by=actor(there.manager))
    session.commit()
    assert kenari.one.id in ids_seen(session, account)
    assert barred_house_ids(session, household_id=kenari.household.id) == set()
    assert [one.lifted_at for one in session.scalars(select(Conflict))] == [make.clock.now]


def test_the_record_never_says_who_is_denied(session, make, there, kenari):
    account = make.account(Role.CASEWORKER, there.house, disciplines=(Discipline.SOCIAL_WORK,))
    assign(
        session,
        resident=kenari.one,
        account=account,
        discipline=Discipline.SOCIAL_WORK,
        coordinator=True,
        now=make.clock.now,
        by=actor(there.manager),
    )
    session.commit()
    last = session.scalar(select(func.max(TrailEntry.seq)))
    denied(make, kenari, account, there.manager)
    later = session.scalars(select(TrailEntry).where(TrailEntry.seq > last)).all()
    assert [one.subject for one in later if one.act == Act.DENIED] == [kenari.one.ref]
    assert [one.subject for one in later if one.act == Act.ASSIGNMENT_ENDED] == [kenari.one.ref]
    told = {one.subject for one in later} | set(
        session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq > last))
    )
    assert account.ref not in told


# No gap


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER, Role.MANAGER])
def test_her_bed_shows_and_counts_as_closed_and_nothing_else_of_her_is_there(
    session, make, there, kenari, new_browser, role
):
    family(make, there.beds[1], alias="Merbau")
    account, other = make.account(role, there.house), make.account(role, there.house)
    denied(make, kenari, account, there.manager)
    pages = {}
    for who in (account, other):
        browser = new_browser().sign_in(who)
        assert browser.get("/beds").status_code == 200
        pages[who.id] = browser.page
    assert "Kenari" not in pages[account.id] and kenari.one.code not in pages[account.id]
    assert "Kenari" in pages[other.id]
    assert str(kenari.one.ref) not in pages[account.id]
    of_denied, of_other = (
        board(
            board_rows(
                session,
                account_id=who.id,
                role=role,
                first=make.clock.now.date(),
                nights=14,
                now=make.clock.now,
            ),
            now=make.clock.now,
        ).figures
        for who in (account, other)
    )
    assert (of_other.beds, of_other.taken, of_other.closed, of_other.persons) == (4, 2, 0, 2)
    assert (of_denied.beds, of_denied.taken, of_denied.closed, of_denied.persons) == (4, 1, 1, 1)
    assert of_denied.beds == of_denied.taken + of_denied.free + of_denied.held + of_denied.closed


def test_a_mattress_laid_for_her_is_not_there(session, make, there, kenari):
    bed = make.saved(Bed(room_id=there.beds[0].room_id, label="Kasur +1", kind=BedKind.MATTRESS))
    merbau = family(make, bed, alias="Merbau")
    account = make.account(Role.MANAGER, there.house)
    denied(make, merbau, account, there.manager)
    (house,) = house_views(
        session,
        house_ids=[there.house.id],
        today=make.clock.now.date(),
        now=make.clock.now,
        for_account_id=account.id,
    )
    assert {one.label for room in house.rooms for one in room.beds} == {"A", "B", "C", "D"}
    browser_rows = board_rows(
        session, account_id=account.id, role=account.role, first=make.clock.now.date(), nights=3, now=make.clock.now
    )
    assert {one.label for house in browser_rows.houses for room in house.rooms for one in room.beds} == set("ABCD")
    plan = plan_of(session, there.house, make.clock.now, for_account_id=account.id)
    assert {one.label for room in plan.rooms for one in room.beds} == set("ABCD")


def test_the_places_offered_to_someone_denied_show_her_bed_as_closed(session, make, there, kenari):
    account = make.account(Role.STAFF, there.house)
    denied(make, kenari, account, there.manager)
    (house,) = house_views(
        session,
        house_ids=[there.house.id],
        today=make.clock.now.date(),
        now=make.clock.now,
        for_account_id=account.id,
    )
    beds = {one.id: one for room in house.rooms for one in room.beds}
    assert (beds[there.beds[0].id].state, beds[there.beds[0].id].occupants) == (BedState.CLOSED, ())
    # Beside her nobody is put to sleep by someone who would call the room empty.
    assert {one.state for one in beds.values()} == {BedState.CLOSED}


def test_lists_and_counts_of_someone_denied_leave_her_out(session, make, there, kenari, new_browser):
    family(make, there.beds[1], alias="Merbau")
    account = make.account(Role.MANAGER, there.house)
    denied(make, kenari, account, there.manager)
    browser = new_browser().sign_in(account)
    for url in ("/residents", "/today", "/beds", f"/houses/{there.house.ref}", "/referrals"):
        assert browser.get(url).status_code == 200, url
        assert "Kenari" not in browser.page and str(kenari.one.ref) not in browser.page, url


def test_her_bed_cannot_be_closed_and_answers_like_a_bed_that_is(session, make, there, kenari, browser):
    account = make.account(Role.MANAGER, there.house, language="en")
    denied(make, kenari, account, there.manager)
    today = make.clock.now.date()
    days = {"first_day-d": str(today.day), "first_day-m": str(today.month), "first_day-y": str(today.year)}
    room, hers, closed = there.beds[0].room, there.beds[0], there.beds[1]

    def close(what):
        return browser.post(
            f"/houses/{there.house.ref}/closures/new", fields={"what": str(what.ref), "reason": "Cat basah", **days}
        )

    browser.sign_in(account)
    assert close(closed).status_code == 303
    refusals = []
    for bed in (closed, hers):
        assert close(bed).status_code == 200
        refusals.append(browser.page.split('id="what-e"')[1].split("<select")[0])
    assert refusals[0] == refusals[1]
    assert "It is closed on some of these days already. End that closure first." in refusals[0]
    assert session.scalars(select(Closure.bed_id)).all() == [closed.id]
    # Nor may the room be closed, or the bed, the room and the house be given up; why is not said.
    for path, fields in (
        (f"/houses/{there.house.ref}/closures/new", {"what": str(room.ref), "reason": "Cat basah", **days}),
        (f"/houses/beds/{hers.ref}", {"do": "remove"}),
        (f"/houses/rooms/{room.ref}", {"do": "remove"}),
        (f"/houses/{there.house.ref}/close", {}),
    ):
        assert browser.post(path, fields=fields).status_code == 200, path
        assert "It cannot be taken out of use now. Try again later." in browser.page, path
        assert "Someone lives in" not in browser.page, path


def test_her_bed_is_closed_wherever_the_same_beds_are_counted(session, make, there, kenari):
    """The board, the plan of the house and the places offered for a family say the same of it."""
    account = make.account(Role.MANAGER, there.house)
    denied(make, kenari, account, there.manager)
    now, today, hers = make.clock.now, make.clock.now.date(), there.beds[0]
    seen = board(board_rows(session, account_id=account.id, role=account.role, first=today, nights=1, now=now), now=now)
    on_board = {bed.row.id: bed.state for house in seen.houses for room in house.rooms for bed in room.beds}
    offered = {
        bed.id: bed.state
        for house in house_views(session, house_ids=[there.house.id], today=today, now=now, for_account_id=account.id)
        for room in house.rooms
        for bed in room.beds
    }
    plan = plan_of(session, there.house, now, for_account_id=account.id)
    planned = {bed.ref: bed.closed for room in plan.rooms for bed in room.beds}
    assert on_board.keys() == offered.keys() and len(planned) == len(offered)
    assert (on_board[hers.id], offered[hers.id], planned[hers.ref]) == (BedState.CLOSED, BedState.CLOSED, True)
    # No bed that is no free one on the board is offered, either.
    free = {bed for bed, state in on_board.items() if state is BedState.FREE}
    assert {bed for bed, state in offered.items() if state is BedState.FREE} <= free


# The page


def form(account, stand_in=None, **more):
    return {
        "who": f"account:{account.ref}",
        "stand_in": str(stand_in.ref) if stand_in else "",
        "reason": REASON,
    } | more


def test_a_manager_writes_down_who_must_know_nothing_and_ends_it_again(session, make, there, kenari, browser):
    account = make.account(Role.STAFF, there.house, shown_name="Budi")
    url = f"/residents/{kenari.one.ref}/denials"
    browser.sign_in(there.manager)
    assert browser.post(url, fields=form(account)).status_code == 200
    assert 'id="stand_in-e"' in browser.page and REASON in browser.page
    assert browser.post(url, fields=form(account, there.manager)).status_code == 303
    browser.get(url)
    assert "Budi" in browser.page and REASON not in browser.page
    (denial,) = session.scalars(select(Denial))
    assert browser.post(f"{url}/opened", fields={"open": str(denial.ref)}).status_code == 200
    assert REASON in browser.page
    assert browser.post(url, fields={"end": str(denial.ref)}).status_code == 303
    session.expire_all()
    assert denial.until == make.clock.now


def test_a_caseworker_enters_a_denial_and_does_not_end_it(session, make, there, kenari, browser):
    caseworker = coordinator(make, there, kenari)
    url = f"/residents/{kenari.one.ref}/denials"
    browser.sign_in(caseworker)
    assert browser.post(url, fields=form(make.account(Role.STAFF))).status_code == 303
    (denial,) = session.scalars(select(Denial))
    assert browser.post(url, fields={"end": str(denial.ref)}).status_code == 404


def test_nobody_reads_or_writes_a_denial_about_herself(session, make, there, kenari, browser):
    account = make.account(Role.MANAGER, there.house)
    denied(make, kenari, account, there.manager)
    url = f"/residents/{kenari.one.ref}/denials"
    browser.sign_in(account)
    missing = browser.get(f"/residents/{make.resident().ref}/denials").status_code
    assert missing == 404
    assert browser.get(url).status_code == 404
    assert browser.post(url, fields=form(there.manager)).status_code == 404
    assert (
        browser.post(f"{url}/opened", fields={"open": str(session.scalars(select(Denial.ref)).one())}).status_code
        == 404
    )


def test_pressing_twice_denies_once(session, make, there, kenari, browser):
    account = make.account(Role.STAFF)
    browser.sign_in(there.manager)
    url = f"/residents/{kenari.one.ref}/denials"
    key = "7b0c7a0e-6d3a-4a51-9f43-3b9f0c1d2e3f"
    for _ in range(2):
        assert browser.post(url, fields=form(account, act_key=key)).status_code == 303
    assert len(session.scalars(select(Denial)).all()) == 1


def test_someone_who_does_not_see_her_finds_no_page(make, there, kenari, browser):
    browser.sign_in(make.account(Role.CASEWORKER, there.house))
    assert browser.get(f"/residents/{kenari.one.ref}/denials").status_code == 404
