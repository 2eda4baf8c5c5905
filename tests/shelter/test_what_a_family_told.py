"""Who follows a family asks for a place in the whole unit. What the family told stays with those who may see it."""

import pytest
from sqlalchemy import select

from safehouse.access.models import AccountDiscipline, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Assignment,
    Danger,
    DangerLevel,
    Household,
    Relationship,
    ReportedPerson,
    Resident,
)
from safehouse.residents.operations.danger import assess_danger
from safehouse.residents.operations.safety import note_reported_person
from safehouse.residents.queries.danger import newest_danger
from safehouse.shelter.choices import Destination, RoomPurpose
from safehouse.shelter.models import Referral
from safehouse.shelter.operations.moving import depart
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.shelter.arriving import come_in
from tests.shelter.test_screening import NO

HIS_NAME, JUDGED = "Sukarno Wiryo", "Ia menunggu di depan sekolah anaknya"
SAFETY = ("reported-persons", "never-together", "conflicts")


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def mother(make, house):
    return make.resident(make.beds(make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3))[0])


@pytest.fixture
def worker(make, house, mother):
    """She answers for the mother."""
    worker = make.account(Role.CASEWORKER, house, language="en")
    make.saved(
        Assignment(
            resident_id=mother.id,
            account_id=worker.id,
            discipline=Discipline.SOCIAL_WORK,
            coordinator=True,
            since=make.clock.now,
        )
    )
    return worker


@pytest.fixture
def elsewhere(make):
    """Another house, its caseworker and its manager."""
    house = make.house("Rumah Dua")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3)
    return [make.account(role, house, language="en") for role in (Role.CASEWORKER, Role.MANAGER)]


@pytest.fixture
def daughter(make, session, worker, mother):
    """She follows her mother, who told of him, and of whom somebody judged how much danger she is in."""
    family = session.get_one(Household, mother.household_id)
    note_reported_person(
        session,
        household=family,
        relationship=Relationship.HUSBAND,
        name=HIS_NAME,
        now=make.clock.now,
        by=actor(worker),
    )
    assess_danger(
        session,
        household=family,
        level=DangerLevel.HIGH,
        grounds=["weapon"],
        words=JUDGED,
        now=make.clock.now,
        by=actor(worker),
    )
    session.commit()
    return make.referral(women=1, by=worker, household_id=family.id)


def paths(referral):
    return [f"/referrals/{referral.ref}/{page}" for page in SAFETY]


def test_whom_a_family_reported_is_read_by_nobody_else_because_somebody_follows_it(
    new_browser, session, elsewhere, worker, daughter
):
    opened = f"/referrals/{daughter.ref}/reported-persons/opened"
    for stranger in elsewhere:
        browser = new_browser().sign_in(stranger)
        for page in paths(daughter):
            assert browser.get(page).status_code == 404, (stranger.role, page)
            assert browser.post(page, fields={"relationship": "husband", "name": "Budi Hartono"}).status_code == 404
        assert browser.post(opened).status_code == 404
        assert HIS_NAME not in browser.page
        browser.get(f"/referrals/{daughter.ref}/beds")
        assert "reported-persons" not in browser.page, "no link leads nowhere"
    assert len(session.scalars(select(ReportedPerson)).all()) == 1
    assert not session.scalars(select(TrailEntry).where(TrailEntry.purpose == "reported persons")).all()
    browser = new_browser().sign_in(worker)
    assert browser.get(paths(daughter)[0]).status_code == 200
    assert browser.post(opened).status_code == 200 and HIS_NAME in browser.page
    browser.get(f"/referrals/{daughter.ref}/beds")
    assert "reported-persons" in browser.page


def test_it_stays_so_when_the_family_has_left_before_she_came(new_browser, make, session, elsewhere, mother, daughter):
    depart(
        session,
        residents=[mother],
        at=make.clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=make.clock.now,
        by=actor(elsewhere[0]),
    )
    session.commit()
    browser = new_browser().sign_in(elsewhere[0])
    assert browser.get(paths(daughter)[0]).status_code == 404


def test_a_family_that_nobody_knows_yet_is_open_to_whoever_takes_it_in(new_browser, make, elsewhere, worker):
    referral = make.referral(by=worker)
    assert new_browser().sign_in(elsewhere[0]).get(paths(referral)[0]).status_code == 200


def screened(new_browser, referral, by):
    """Nothing about her own danger."""
    assert new_browser().sign_in(by).post(f"/referrals/{referral.ref}/screening", fields=NO).status_code == 303


def test_the_result_of_her_screening_says_nothing_of_what_was_judged_about_her_mother(
    new_browser, elsewhere, worker, daughter
):
    screened(new_browser, daughter, worker)
    result = f"/referrals/{daughter.ref}/screening/result"
    for stranger in elsewhere:
        browser = new_browser().sign_in(stranger)
        assert browser.get(result).status_code == 200
        assert "High danger" in browser.page and JUDGED not in browser.page and "weapon" not in browser.page.lower()
    browser = new_browser().sign_in(worker)
    browser.get(result)
    assert JUDGED in browser.page


def test_nobody_who_does_not_see_them_says_that_a_family_is_in_less_danger(
    new_browser, session, elsewhere, worker, daughter
):
    screened(new_browser, daughter, worker)
    result = f"/referrals/{daughter.ref}/screening/result"
    for stranger in elsewhere:
        browser = new_browser().sign_in(stranger)
        browser.get(result)
        answer = browser.post(result, fields={"level": "low", "why": "Tidak ada apa-apa lagi"})
        assert answer.status_code == 200 and "Tidak ada apa-apa lagi" in browser.page, "what she typed is kept"
    session.expire_all()
    assert newest_danger(session, daughter.household_id).level is DangerLevel.HIGH
    browser = new_browser().sign_in(worker)
    assert browser.post(result, fields={"level": "low", "why": "Ia ditahan"}).status_code == 303


def test_answers_about_who_follows_never_lower_the_danger_of_those_who_live_here(
    new_browser, make, session, worker, mother, daughter
):
    session.query(Danger).delete()
    session.commit()
    make.saved(
        Danger(
            household_id=mother.household_id,
            level=DangerLevel.HIGH,
            grounds="weapon",
            at=make.clock.now,
            by_id=worker.id,
        )
    )
    screened(new_browser, daughter, worker)
    assert session.scalars(select(TrailEntry).where(TrailEntry.act == Act.SCREENED)).all()
    session.expire_all()
    assert newest_danger(session, mother.household_id).level is DangerLevel.HIGH


def answering(session, referral):
    session.expire_all()
    placed = [one.resident_id for one in session.get_one(Referral, referral.id).people]
    return session.scalars(
        select(Assignment.account_id).where(Assignment.resident_id.in_(placed), Assignment.until.is_(None))
    ).all()


def social_worker(make, account):
    make.saved(AccountDiscipline(account_id=account.id, discipline=Discipline.SOCIAL_WORK))


def test_whoever_takes_her_in_elsewhere_does_not_become_the_one_who_answers_for_her_family(
    new_browser, make, session, elsewhere, worker, daughter
):
    caseworker, _manager = elsewhere
    for one in (caseworker, worker):
        social_worker(make, one)
    browser = new_browser().sign_in(caseworker)
    assert come_in(browser, daughter).status_code == 303, browser.page
    assert answering(session, daughter) == [worker.id]
    her = session.get_one(Resident, session.get_one(Referral, daughter.id).people[0].resident_id)
    assert browser.get(f"/residents/{her.ref}/reported-persons").status_code == 404


def test_where_nobody_answers_for_the_family_whoever_takes_her_in_does(
    new_browser, make, session, elsewhere, worker, daughter
):
    caseworker, _manager = elsewhere
    social_worker(make, caseworker)
    session.query(Assignment).delete()
    session.commit()
    assert come_in(new_browser().sign_in(caseworker), daughter).status_code == 303
    assert answering(session, daughter) == [caseworker.id]


def test_a_placing_that_was_taken_back_leaves_nobody_who_answers_and_can_be_done_again(
    new_browser, make, session, house, worker
):
    make.room(house, "2", RoomPurpose.MOTHER_CHILD, beds=3)
    social_worker(make, worker)
    referral = make.referral(by=worker)
    browser = new_browser().sign_in(worker)
    placed = come_in(browser, referral)
    assert answering(session, referral) == [worker.id]
    done = placed.location.split("done=")[1]
    assert browser.post(f"/arrivals/{done}/undo").status_code == 303
    assert answering(session, referral) == []
    assert come_in(browser, referral).status_code == 303, "at two in the morning she chooses again"
    assert answering(session, referral) == [worker.id]
