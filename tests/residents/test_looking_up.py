"""Searches, and names and numbers that are written down and compared, are one budget of thirty an hour."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Act as ActRow
from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Conflict, Guardian, Household, Relationship, ReportedPerson
from safehouse.residents.operations.identifying import Identity, record_identity
from safehouse.residents.operations.looking_up import LOOK_UP, WRITING, spend_look_ups
from safehouse.residents.rules.identifying import SEARCHES_AN_HOUR
from safehouse.shelter.models import Screening
from safehouse.shelter.operations.screening import NewReported, record_screening
from safehouse.shelter.rules.screening import Answers
from safehouse.trail.acts import Act
from safehouse.trail.models import Result
from tests.office import actor
from tests.residents.test_identity import NAME, NIK, PHONE, entries, give, write
from tests.shelter.arriving import reading
from tests.shelter.test_screening import NO, asking


@pytest.fixture
def house(make):
    make.office()
    return make.house("Rumah Satu")


@pytest.fixture
def beds(make, house):
    return make.beds(make.room(house, "1", beds=6))


@pytest.fixture
def kenari(make, beds):
    return make.resident(beds[0], alias="Kenari")


@pytest.fixture
def maya(make, house, kenari):
    account = make.account(Role.CASEWORKER, house, disciplines=(Discipline.SOCIAL_WORK,))
    give(make, account, kenari)
    return account


def spent(make, session, account, many):
    """So many of this hour's look-ups are used up; answers with how many are counted now."""
    assert spend_look_ups(session, fields=["resident.nik"] * many, now=make.clock.now, by=actor(account))
    session.commit()
    return counted(session, account)


def counted(session, account):
    asked = select(func.count()).select_from(ActRow).where(ActRow.kind == LOOK_UP, ActRow.account_id == account.id)
    return session.scalar(asked)


def test_names_and_numbers_that_are_written_down_count_like_searches(browser, make, session, kenari, maya):
    """Whatever is written down is compared with everyone, and a page shows what was found."""
    her = browser.sign_in(maya)
    assert write(her, kenari, name=NAME, nik=NIK, phone=PHONE, home_village="Desa Contoh").status_code == 303
    assert counted(session, maya) == 3
    (entry,) = entries(session, Act.SEARCHED)
    assert (entry.purpose, entry.fields) == (WRITING, "resident.name,resident.nik,resident.phone")
    path = f"/residents/{kenari.ref}/reported-persons"
    her.get(path)
    assert her.post(path, relationship="husband", name="Budi Contoh", plate="G 1234 AB").status_code == 303
    assert counted(session, maya) == 5
    assert spent(make, session, maya, SEARCHES_AN_HOUR - 5) == SEARCHES_AN_HOUR
    assert "kali dalam satu jam" in her.post("/residents/find", by="nik", sought=NIK).text


def test_what_is_written_down_beyond_the_limit_is_refused_and_nothing_typed_is_lost(
    browser, make, session, house, kenari, maya
):
    her = browser.sign_in(maya)
    spent(make, session, maya, SEARCHES_AN_HOUR - 1)
    key = str(uuid.uuid4())
    refused = write(her, kenari, name=NAME, nik=NIK, act_key=key)
    assert refused.status_code == 200
    assert "kali dalam satu jam" in refused.text
    assert NAME in refused.text
    assert NIK in refused.text
    path = f"/residents/{kenari.ref}/reported-persons"
    refused = her.post(path, relationship="husband", name=NAME, nik=NIK)
    assert "kali dalam satu jam" in refused.text
    assert NAME in refused.text
    session.expire_all()
    assert kenari.name is None
    assert session.scalar(select(func.count()).select_from(ReportedPerson)) == 0
    assert len(entries(session, Act.SEARCHED, Result.REFUSED)) == 2
    assert counted(session, maya) == SEARCHES_AN_HOUR - 1
    make.clock.forward(minutes=61)
    her.sign_in(maya)
    assert write(her, kenari, name=NAME, nik=NIK, act_key=key).status_code == 303


def test_the_home_address_is_compared_with_nobody_and_costs_nothing(browser, make, session, kenari, maya):
    her = browser.sign_in(maya)
    spent(make, session, maya, SEARCHES_AN_HOUR)
    assert write(her, kenari, address="Jalan Contoh 1", home_village="Desa Contoh").status_code == 303


def test_a_guardian_outside_is_compared_and_counts(browser, make, session, house, beds, maya):
    child = make.resident(beds[2], alias="Anak Kenari", birth_month=dt.date(2019, 6, 1))
    give(make, maya, child)
    witness = make.account(Role.STAFF, house)
    her = browser.sign_in(maya)
    path = f"/residents/{child.ref}/consents"
    fields = reading(witness) | {
        "item": "stay",
        "said": "yes",
        "guardian": "outside",
        "outside_name": "Rahayu Contoh Sekali",
        "outside_relationship": "other_family",
        "outside_phone": PHONE,
        "outside_reported": "no",
    }
    spent(make, session, maya, SEARCHES_AN_HOUR - 3)
    her.get(path)
    assert her.post(path, fields=fields).status_code == 303
    assert counted(session, maya) == SEARCHES_AN_HOUR - 1
    her.get(path)
    refused = her.post(path, fields=fields)
    assert "kali dalam satu jam" in refused.text
    assert "Rahayu Contoh Sekali" in refused.text
    assert session.scalar(select(func.count()).select_from(Guardian)) == 1
    assert [one.fields for one in entries(session, Act.SEARCHED, Result.REFUSED)] == ["guardian.name,guardian.phone"]


def test_a_screening_is_never_stopped_and_compares_later_what_is_too_much(browser, make, session, house, kenari):
    """At night the questions are asked to the end; the check is made when a bed is chosen, before anyone is placed."""
    known = Identity(nik=NIK)
    household = session.get_one(Household, kenari.household_id)
    record_identity(
        session, resident=kenari, household=household, identity=known, now=make.clock.now, by=actor(make.account())
    )
    session.commit()
    staff = make.account(Role.STAFF, house)
    row = {"reported": "yes", "reported-0-relationship": "husband", "reported-0-nik": NIK}
    her = browser.sign_in(staff)
    first, second = make.referral(), make.referral()
    her.get(asking(first))
    assert her.post(asking(first), fields=NO | row).status_code == 303
    assert counted(session, staff) == 1
    assert session.scalar(select(func.count()).select_from(Conflict)) == 1
    spent(make, session, staff, SEARCHES_AN_HOUR - 1)
    her.get(asking(second))
    assert her.post(asking(second), fields=NO | row).status_code == 303
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Screening)) == 2
    assert session.scalar(select(func.count()).select_from(ReportedPerson)) == 2
    assert len(entries(session, Act.SEARCHED, Result.REFUSED)) == 1
    compared = select(func.count()).select_from(Conflict).where(Conflict.household_id == kenari.household_id)
    assert session.scalar(compared) == 1
    beds_page = f"/referrals/{second.ref}/beds"
    her.get(beds_page)
    option = her.page.split('name="option" value="')[1].split('"')[0]
    assert her.post(beds_page, option=option).status_code == 200
    session.expire_all()
    assert session.scalar(compared) == 2
    assert 'name="option"' not in her.page


def test_for_a_family_that_lives_here_already_a_screening_compares_at_once(make, session, house, beds, kenari):
    """Nobody would choose a bed for them any more."""
    by = actor(make.account(Role.STAFF, house))
    for resident in (kenari, other := make.resident(beds[1], alias="Ulin")):
        assert resident.house_id == house.id
    record_identity(
        session,
        resident=other,
        household=session.get_one(Household, other.household_id),
        identity=Identity(nik=NIK),
        now=make.clock.now,
        by=by,
    )
    referral = make.referral(household_id=kenari.household_id)
    record_screening(
        session,
        referral=referral,
        answers=Answers(),
        reported=[NewReported(Relationship.HUSBAND, nik=NIK)],
        compare=False,
        now=make.clock.now,
        by=by,
    )
    session.commit()
    assert session.scalar(select(func.count()).select_from(Conflict)) == 1
