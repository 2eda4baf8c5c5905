"""Who may agree for a child, and what it is worth once this is the reported person."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from safehouse.access.models import House
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    ConsentItem,
    Household,
    Relationship,
    Side,
)
from safehouse.residents.operations.consents import (
    ConsentRefusal,
    ConsentRefused,
    guardian_at_home,
    guardian_outside,
    mark_reported,
)
from safehouse.residents.operations.guardians import Outsider, is_reported
from safehouse.residents.operations.identifying import Identity, record_identity
from safehouse.residents.operations.matters import add_party, open_matter
from safehouse.residents.operations.safety import note_reported_person
from safehouse.residents.queries.consents import agreed_to, guardians_of
from safehouse.residents.rules.consenting import (
    counts,
)
from safehouse.shelter.queries.duties.arrivals import asked_so_far
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.residents.consents.giving import TODAY, keep


@pytest.mark.parametrize(
    "person",
    [
        Outsider("Bapak Slamet Riyadi", Relationship.FATHER),
        Outsider("Orang lain", Relationship.FATHER, "+62 812-3456-7890"),
    ],
)
def test_a_reported_person_is_known_by_name_or_number(session, family, reported, staff, clock, person):
    assert is_reported(session, household_id=family[1].household_id, person=person, now=clock.now, by=actor(staff))
    other = Outsider("Sri Wahyuni", Relationship.OTHER_FAMILY, "0813 1111 2222")
    assert not is_reported(session, household_id=family[1].household_id, person=other, now=clock.now, by=actor(staff))
    opened = session.scalar(select(func.count()).where(TrailEntry.purpose == "guardian"))
    assert opened >= 1, "the names were opened, and the record says so"


def test_what_a_guardian_agreed_to_counts_no_more_once_she_is_the_reported_person(
    session, family, reported, staff, witness, clock
):
    _mother, child = family
    guardian = guardian_outside(
        session,
        child=child,
        person=Outsider("Tak dikenal", Relationship.FATHER),
        now=clock.now,
        by=actor(staff),
    )
    keep(session, clock, child, staff, witness, guardian=guardian, child_agrees=True)
    assert agreed_to(session, residents=[child], item=ConsentItem.STAY, today=TODAY) == {child.id}
    mark_reported(session, guardian=guardian, reported=reported, child=child, now=clock.now, by=actor(staff))
    session.flush()
    assert agreed_to(session, residents=[child], item=ConsentItem.STAY, today=TODAY) == frozenset()
    with pytest.raises(ConsentRefused) as refused:
        keep(session, clock, child, staff, witness, guardian=guardian, child_agrees=True)
    assert refused.value.reason is ConsentRefusal.GUARDIAN_REPORTED


def test_a_caseworker_says_that_a_guardian_is_the_reported_person(
    browser, make, session, family, reported, staff, witness, house, clock
):
    child = family[1]
    guardian = guardian_outside(
        session, child=child, person=Outsider("Tak dikenal", Relationship.FATHER), now=clock.now, by=actor(staff)
    )
    keep(session, clock, child, staff, witness, guardian=guardian, child_agrees=True)
    session.commit()
    browser.sign_in(staff)
    browser.get(f"/residents/{child.ref}/consents")
    assert f"/guardians/{guardian.ref}/reported" not in browser.page
    assert browser.post(f"/guardians/{guardian.ref}/reported", reported=str(reported.ref)).status_code == 404
    browser.sign_in(make.account(Role.MANAGER, house))
    browser.get(f"/residents/{child.ref}/consents")
    assert f"/guardians/{guardian.ref}/reported" in browser.page
    assert browser.post(f"/guardians/{guardian.ref}/reported", reported=str(child.ref)).status_code == 404
    assert browser.post(f"/guardians/{guardian.ref}/reported", reported=str(reported.ref)).status_code == 303
    session.expire_all()
    assert agreed_to(session, residents=[child], item=ConsentItem.STAY, today=TODAY) == frozenset()
    browser.get(f"/residents/{child.ref}/consents")
    assert 'class="st care"' in browser.page


# Whoever is found to be the reported person later

MAN = "Budi Contoh Santoso"


@pytest.fixture
def says_yes(session, family, staff, witness, clock):
    """A guardian agrees that the daughter stays; answers with him."""

    def agree(guardian, child=None):
        keep(session, clock, child or family[1], staff, witness, guardian=guardian, child_agrees=True)
        session.commit()
        return guardian

    return agree


@pytest.fixture
def outside(session, family, staff, clock):
    """A man who does not live here decides for the daughter."""

    def note(name=MAN, phone="0812-0000-0001", child=None):
        person = Outsider(name, Relationship.FATHER, phone)
        return guardian_outside(session, child=child or family[1], person=person, now=clock.now, by=actor(staff))

    return note


@pytest.fixture
def still_agreed(session, make, clock):
    """Whether the consent counts, as the page says it and as the duties of the shelter say it: they never differ."""

    def ask(child):
        counted = agreed_to(session, residents=[child], item=ConsentItem.STAY, today=TODAY) == {child.id}
        manager = make.account(Role.MANAGER, session.get_one(House, child.house_id))
        agreed, _asked = asked_so_far(session, manager.id, manager.role)
        given_then = agreed[child.id][ConsentItem.STAY]
        assert counts(given_then, child=True, on=TODAY) == counted
        return counted

    return ask


@pytest.mark.parametrize(
    "known",
    [{"name": MAN}, {"phone": "+62 812 0000 0001"}, {"name": "Pak Budi Contoh Santoso, S.H.", "plate": "G 1234 AB"}],
    ids=["by_name", "by_number", "by_name_and_plate"],
)
def test_a_guardian_written_down_as_reported_person_later_agreed_to_nothing(
    session, family, staff, clock, outside, says_yes, still_agreed, known
):
    mother, child = family
    says_yes(outside())
    assert still_agreed(child)
    household = session.get_one(Household, mother.household_id)
    note_reported_person(
        session, household=household, relationship=Relationship.FATHER, **known, now=clock.now, by=actor(staff)
    )
    assert not still_agreed(child)
    noted = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.GUARDIAN_NOTED)).all()
    assert noted[-1].purpose == "reported person" and noted[-1].subject == child.ref


def test_another_man_stays_the_guardian_when_somebody_is_reported(
    session, family, staff, clock, outside, says_yes, still_agreed
):
    mother, child = family
    says_yes(outside("Slamet Contoh", "0812-0000-0002"))
    household = session.get_one(Household, mother.household_id)
    note_reported_person(
        session,
        household=household,
        relationship=Relationship.FATHER,
        name=MAN,
        phone="0812-0000-0001",
        now=clock.now,
        by=actor(staff),
    )
    assert still_agreed(child)


def test_a_mother_found_to_be_the_reported_person_by_what_is_written_down_of_her_agreed_to_nothing(
    session, family, staff, clock, says_yes, still_agreed
):
    mother, child = family
    household = session.get_one(Household, mother.household_id)
    for relationship, nik in ((Relationship.MOTHER, "3325014708950001"), (Relationship.FATHER, None)):
        note_reported_person(
            session, household=household, relationship=relationship, name="Sari Contoh", nik=nik, now=clock.now,
            by=actor(staff),
        )  # fmt: skip
    says_yes(
        guardian_at_home(
            session, child=child, adult=mother, relationship=Relationship.MOTHER, now=clock.now, by=actor(staff)
        )
    )
    assert still_agreed(child)
    record_identity(
        session,
        resident=mother,
        household=household,
        identity=Identity(nik="3325014708950001"),
        now=clock.now,
        by=actor(staff),
    )
    assert not still_agreed(child)


def test_with_another_nik_she_is_not_the_reported_person_whatever_she_is_called(
    session, family, staff, clock, says_yes, still_agreed
):
    mother, child = family
    household = session.get_one(Household, mother.household_id)
    note_reported_person(
        session,
        household=household,
        relationship=Relationship.OTHER_FAMILY,
        name="Sari Contoh",
        nik="3325014708950001",
        phone="0812-0000-0001",
        now=clock.now,
        by=actor(staff),
    )
    says_yes(
        guardian_at_home(
            session, child=child, adult=mother, relationship=Relationship.MOTHER, now=clock.now, by=actor(staff)
        )
    )
    record_identity(
        session,
        resident=mother,
        household=household,
        identity=Identity(name="Sari Contoh", nik="3325010708900002", phone="0812-0000-0001"),
        now=clock.now,
        by=actor(staff),
    )
    assert still_agreed(child), "a family shares a telephone; a NIK is one person's"


def test_a_mother_on_the_reported_side_of_the_matter_decides_for_no_child(
    session, family, staff, witness, clock, says_yes, still_agreed
):
    mother, child = family
    household, by = session.get_one(Household, mother.household_id), actor(staff)
    guardian = says_yes(
        guardian_at_home(session, child=child, adult=mother, relationship=Relationship.MOTHER, now=clock.now, by=by)
    )
    matter = open_matter(
        session,
        household=household,
        sides={child.id: Side.VICTIM},
        sexual_violence=False,
        child_offender=False,
        victim_reported_at=None,
        now=clock.now,
        by=by,
    )
    assert still_agreed(child)
    add_party(session, matter=matter, resident=mother, side=Side.REPORTED, now=clock.now, by=by)
    assert not still_agreed(child)
    assert [one.reported for one in guardians_of(session, child)] == [True]
    assert is_reported(session, household_id=household.id, adults=[mother], now=clock.now, by=by)
    with pytest.raises(ConsentRefused) as refused:
        keep(session, clock, child, staff, witness, guardian=guardian, child_agrees=True)
    assert refused.value.reason is ConsentRefusal.GUARDIAN_REPORTED
    matter.closed_at = clock.now
    session.flush()
    assert still_agreed(child)
    assert not is_reported(session, household_id=household.id, adults=[mother], now=clock.now, by=by)


def test_in_the_matter_of_another_family_she_hurt_her_child_too(
    session, make, family, staff, clock, says_yes, still_agreed
):
    mother, child = family
    by, neighbour = actor(staff), make.resident(household=make.household())
    says_yes(
        guardian_at_home(session, child=child, adult=mother, relationship=Relationship.MOTHER, now=clock.now, by=by)
    )
    matter = open_matter(
        session,
        household=session.get_one(Household, neighbour.household_id),
        sides={neighbour.id: Side.VICTIM, mother.id: Side.REPORTED},
        sexual_violence=False,
        child_offender=False,
        victim_reported_at=None,
        now=clock.now,
        by=by,
    )
    assert still_agreed(child), "what is between her and somebody else takes nothing from her child"
    add_party(session, matter=matter, resident=child, side=Side.VICTIM, now=clock.now, by=by)
    assert not still_agreed(child)
    assert is_reported(session, household_id=child.household_id, adults=[mother], now=clock.now, by=by)


def test_a_guardian_marked_by_hand_is_not_accepted_again_under_his_own_name_or_number(
    session, make, family, staff, clock, outside, says_yes, still_agreed
):
    mother, child = family
    household, by = session.get_one(Household, mother.household_id), actor(staff)
    brother = make.resident(
        make.beds(make.room(session.get_one(House, child.house_id), beds=1))[0],
        household=household,
        birth_month=dt.date(2015, 7, 1),
    )
    person = note_reported_person(
        session, household=household, relationship=Relationship.FATHER, plate="G 1234 AB", now=clock.now, by=by
    )
    guardian = says_yes(outside())
    says_yes(outside("Om Budi", child=brother), child=brother)
    mark_reported(session, guardian=guardian, reported=person, child=child, now=clock.now, by=by)
    assert not still_agreed(child)
    assert not still_agreed(brother), "with the same number he is the same man for her brother"
    for again in (
        Outsider(MAN, Relationship.FATHER, "0812-0000-0009"),
        Outsider("Somebody Else", Relationship.FATHER, "0812-0000-0001"),
    ):
        assert is_reported(session, household_id=household.id, person=again, now=clock.now, by=by)
    aunt = Outsider("Siti Contoh", Relationship.OTHER_FAMILY, "0812-0000-0003")
    assert not is_reported(session, household_id=household.id, person=aunt, now=clock.now, by=by)
