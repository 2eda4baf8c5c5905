"""What each person is asked after she has come in; nothing is an answer, and what is kept is listed by two."""

import pytest
from sqlalchemy import func, select

from safehouse.access.permissions import Role
from safehouse.residents.models import Alert, AlertKind, Consent, ConsentItem, Denial, Medicine, Resident, Sex
from safehouse.shelter.choices import Destination, IntakeItem, RoomPurpose
from safehouse.shelter.models import Belonging, IntakeAnswer
from safehouse.shelter.operations.moving import depart
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import NOW, actor
from tests.shelter.arriving import come_in


@pytest.fixture
def house(make):
    house = make.house("Rumah Melintang")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3, cots=1)
    return house


@pytest.fixture
def beside(make, house):
    return make.account(Role.STAFF, house)


@pytest.fixture
def staff(make, house):
    return make.account(Role.STAFF, house, language="en", shown_name="Dewi Penjaga")


@pytest.fixture
def referral(browser, make, staff):
    referral = make.referral((Sex.MALE, 48), by=staff)
    browser.sign_in(staff)
    assert come_in(browser, referral).status_code == 303
    return referral


@pytest.fixture
def mother(session, referral):
    return session.scalars(select(Resident).order_by(Resident.id)).first()


def path(resident):
    return f"/residents/{resident.ref}/intake"


def asked(session):
    session.expire_all()
    return {one.item: one.some for one in session.scalars(select(IntakeAnswer))}


def test_the_whole_family_is_on_one_page_with_what_is_still_to_be_asked(browser, referral):
    browser.get(f"/referrals/{referral.ref}/intake")
    assert browser.page.count("to be asked") >= 8
    assert "Screening is still to be done" in browser.page and "The head decides by 22 Nov" in browser.page


def test_the_first_health_check_of_each_is_linked_until_it_is_written_down(browser, session, referral):
    browser.get(f"/referrals/{referral.ref}/intake")
    everyone = session.scalars(select(Resident)).all()
    assert "First health check by 22 Nov 23:40" in browser.page
    for one in everyone:
        page = f"/residents/{one.ref}/health-check"
        browser.get(f"/referrals/{referral.ref}/intake")
        assert f'href="{page}"' in browser.page
        now = {"day-d": "21", "day-m": "11", "day-y": "2026", "clock": "23.40"}
        assert browser.post(page, fields={"outcome": "declined", **now}).status_code == 303, browser.page
        browser.get(f"/referrals/{referral.ref}/intake")
        assert f'href="{page}"' not in browser.page
    assert "Health checks are written down" in browser.page


def test_each_part_may_be_saved_by_itself_and_nothing_is_an_answer(browser, session, referral, mother):
    browser.get(path(mother))
    saved = browser.post(path(mother), fields={"allergies": "nothing"})
    assert (saved.status_code, saved.location) == (303, f"/referrals/{referral.ref}/intake?saved=intake"), browser.page
    assert asked(session) == {IntakeItem.ALLERGIES: False}
    browser.post(path(mother), fields={"medicines": "nothing"})
    assert asked(session) == {IntakeItem.ALLERGIES: False, IntakeItem.MEDICINES: False}


def test_what_is_not_known_yet_is_asked_again(browser, session, mother):
    assert browser.post(path(mother), fields={"allergies": "unknown"}).status_code == 303
    assert asked(session) == {}


def test_an_allergy_is_sealed_and_stands_as_a_note_for_everybody(browser, session, mother):
    browser.post(path(mother), fields={"allergies": "something", "allergic_to": "Amoksisilin"})
    alert = session.scalars(select(Alert)).one()
    assert alert.kind is AlertKind.ALLERGY and b"Amoksisilin" not in alert.words
    browser.get(path(mother))
    assert "Amoksisilin" in browser.page
    browser.post(path(mother), fields={"allergies": "something", "allergic_to": "Kacang"})
    session.expire_all()
    standing = select(func.count()).where(Alert.until.is_(None))
    assert session.scalar(standing) == 2, "a second one takes no first one away"
    browser.get(path(mother))
    assert "Amoksisilin" in browser.page and "Kacang" in browser.page
    assert asked(session) == {IntakeItem.ALLERGIES: True}


def test_medicines_keep_their_dose_and_hours_sealed(browser, session, mother):
    fields = {
        "medicines": "something",
        "medicine_rows-0-name": "Sertralin",
        "medicine_rows-0-dose": "50 mg",
        "medicine_rows-0-times": "7, 19.30",
    }
    assert browser.post(path(mother), fields=fields).status_code == 303, browser.page
    medicine = session.scalars(select(Medicine)).one()
    assert medicine.times == "0700,1930" and b"Sertralin" not in medicine.name and b"50" not in medicine.dose
    browser.get(path(mother))
    assert "Sertralin" in browser.page and "07:00, 19:30" in browser.page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"allergies": "something"}, "allergic_to"),
        ({"medicines": "something"}, "medicines"),
        ({"medicines": "something", "medicine_rows-0-dose": "50 mg"}, "medicine_rows-0-name"),
        (
            {"medicines": "something", "medicine_rows-0-name": "Obat", "medicine_rows-0-times": "25.00"},
            "medicine_rows-0-times",
        ),
        ({"medicines": "nothing", "medicine_rows-0-name": "Obat"}, "medicines"),
        ({"belongings": "something", "belonging_rows-0-what": "Telepon"}, "belonging_rows-0-kept"),
        (
            {"belongings": "something", "belonging_rows-0-what": "Telepon", "belonging_rows-0-kept": "safe"},
            "second_code",
        ),
        ({"rules": "yes"}, "witness"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(browser, session, mother, typed, field):
    browser.get(path(mother))
    assert browser.post(path(mother), fields=typed).status_code == 200
    assert f'id="{field}-e"' in browser.page
    assert asked(session) == {} and session.scalar(select(func.count()).select_from(Medicine)) == 0


def test_an_empty_page_is_not_saved(browser, session, mother):
    assert browser.post(path(mother), fields={}).status_code == 200
    assert "Nothing was answered yet" in browser.page


def test_belongings_are_listed_by_two_and_the_receipt_names_neither_house_nor_staff(
    browser, make, session, mother, beside
):
    things = {
        "belongings": "something",
        "belonging_rows-0-what": "Telepon, dimatikan",
        "belonging_rows-0-kept": "safe",
        "belonging_rows-1-what": "Uang Rp 85.000",
        "belonging_rows-1-kept": "with_her",
        "second_name": beside.username,
    }
    wrong = browser.post(path(mother), fields=things | {"second_code": "000000"})
    assert wrong.status_code == 200 and "Uang Rp 85.000" in browser.page
    assert session.scalar(select(func.count()).select_from(Belonging)) == 0
    assert browser.post(path(mother), fields=things | {"second_code": make.code(beside)}).status_code == 303
    rows = session.scalars(select(Belonging).order_by(Belonging.id)).all()
    assert len(rows) == 2 and b"Telepon" not in rows[0].what
    assert asked(session) == {IntakeItem.BELONGINGS: True}
    browser.get(f"/residents/{mother.ref}/belongings")
    paper = browser.page.split('class="paper"')[1].split("</article>")[0]
    assert "Telepon, dimatikan" in paper and mother.alias in paper
    assert "Melintang" not in paper and "Dewi" not in paper and "Teduh" not in paper
    assert session.scalar(select(func.count()).where(TrailEntry.act == Act.PAPER_PRINTED)) == 1
    given = browser.post(f"/belongings/{rows[0].ref}/return")
    assert given.status_code == 303
    session.expire_all()
    assert session.get_one(Belonging, rows[0].id).returned_at is not None


def test_whoever_is_denied_her_child_neither_lists_her_things_nor_hears_the_house_rules(
    browser, make, session, house, mother, beside
):
    child = session.scalars(
        select(Resident).where(Resident.household_id == mother.household_id, Resident.id != mother.id)
    ).first()
    cousin = make.account(Role.STAFF, house, shown_name="Sepupu")
    make.saved(Denial(resident_id=child.id, account_id=cousin.id, since=make.clock.now))
    page = browser.get(path(mother)).text
    assert beside.shown_name in page and "Sepupu" not in page
    things = {
        "belongings": "something",
        "belonging_rows-0-what": "Kartu",
        "belonging_rows-0-kept": "safe",
        "second_name": cousin.username,
        "second_code": make.code(cousin),
    }
    assert browser.post(path(mother), fields=things).status_code == 200 and 'id="second_code-e"' in browser.page
    assert session.scalar(select(func.count()).select_from(Belonging)) == 0


def test_the_house_rules_are_read_to_adults_with_a_witness(browser, session, mother, beside):
    browser.get(path(mother))
    fields = {"rules": "yes", "reading": "aloud", "language": "javanese", "witness": str(beside.ref)}
    assert browser.post(path(mother), fields=fields).status_code == 303, browser.page
    kept = session.scalars(select(Consent)).one()
    assert kept.item is ConsentItem.HOUSE_RULES and kept.witness_id == beside.id
    browser.get(path(mother))
    assert 'name="rules"' not in browser.page
    child = session.scalars(select(Resident).order_by(Resident.id.desc())).first()
    browser.get(path(child))
    assert 'name="rules"' not in browser.page


def test_each_opening_of_her_answers_is_recorded_and_nothing_is_opened_on_the_list(browser, session, referral, mother):
    browser.post(path(mother), fields={"allergies": "something", "allergic_to": "Kacang"})
    opened = select(func.count()).where(TrailEntry.act == Act.VALUE_OPENED)
    before = session.scalar(opened)
    browser.get(f"/referrals/{referral.ref}/intake")
    assert session.scalar(opened) == before
    browser.get(path(mother))
    assert session.scalar(opened) == before + 1


def test_another_house_asks_nobody_here(browser, new_browser, make, mother, session, beside):
    stranger = new_browser().sign_in(make.account(Role.STAFF, make.house()))
    for url in (path(mother), f"/residents/{mother.ref}/belongings"):
        assert stranger.get(url).status_code == 404
    assert stranger.post(path(mother), fields={"allergies": "nothing"}).status_code == 404


def test_the_page_of_a_family_asks_a_fixed_number_of_questions(browser, make, session, referral, staff):
    from sqlalchemy import event

    engine = session.get_bind()
    counted = []

    def count(*_args):
        counted.append(1)

    browser.get(f"/referrals/{referral.ref}/intake")
    event.listen(engine, "before_cursor_execute", count)
    browser.get(f"/referrals/{referral.ref}/intake")
    event.remove(engine, "before_cursor_execute", count)
    assert len(counted) <= 25


def test_a_hurried_nothing_at_the_door_takes_no_allergy_off_her_page(browser, session, mother):
    browser.get(path(mother))
    browser.post(path(mother), fields={"allergies": "something", "allergic_to": "Penisilin"})
    browser.get(path(mother))
    refused = browser.post(path(mother), fields={"allergies": "nothing"})
    assert refused.status_code == 200
    assert "An allergy is written down" in refused.text
    assert "Penisilin" in browser.get(f"/residents/{mother.ref}").text


def test_who_came_in_with_a_recovery_code_asks_and_writes_at_night(browser, session, mother, staff):
    browser.get(path(mother))
    browser.post(path(mother), fields={"allergies": "something", "allergic_to": "Penisilin"})
    staff.unconfirmed_since = NOW
    session.commit()
    page = browser.get(path(mother))
    assert page.status_code == 200
    assert "Penisilin" not in page.text
    assert browser.post(path(mother), fields={"medicines": "nothing"}).status_code == 303


def test_her_things_are_given_back_after_she_has_left(browser, new_browser, make, session, house, mother, beside):
    browser.get(path(mother))
    things = {
        "belongings": "something",
        "belonging_rows-0-what": "Kartu",
        "belonging_rows-0-kept": "safe",
        "second_name": beside.username,
        "second_code": make.code(beside),
    }
    assert browser.post(path(mother), fields=things).status_code == 303, browser.page
    assert "Give them back first" in browser.get(f"/residents/{mother.ref}/departure").text
    head = new_browser().sign_in(make.account(Role.MANAGER, house))
    family = session.scalars(select(Resident).where(Resident.household_id == mother.household_id)).all()
    depart(
        session,
        residents=family,
        at=make.clock.now,
        place_kind=Destination.OWN_FAMILY,
        now=make.clock.now,
        by=actor(beside),
    )
    session.commit()
    head.get(f"/residents/{mother.ref}/belongings")
    assert "Kartu" in head.page
    thing = session.scalars(select(Belonging)).one()
    assert head.post(f"/belongings/{thing.ref}/return").location.endswith("/belongings?saved=belongings")
    session.expire_all()
    assert thing.returned_at is not None


def test_an_allergy_or_a_medicine_written_down_wrongly_is_ended_by_her_caseworker_and_not_by_staff(
    browser, new_browser, make, session, house, mother
):
    browser.get(path(mother))
    told = {
        "allergies": "something",
        "allergic_to": "Penisilin",
        "medicines": "something",
        "medicine_rows-0-name": "Parasetamol",
    }
    assert browser.post(path(mother), fields=told).status_code == 303, browser.page
    allergy, medicine = session.scalars(select(Alert)).one(), session.scalars(select(Medicine)).one()
    assert browser.post(f"/alerts/{allergy.ref}/end").status_code == 404
    assert browser.post(f"/medicines/{medicine.ref}/end").status_code == 404
    stranger = new_browser().sign_in(make.account(Role.MANAGER, make.house()))
    assert stranger.post(f"/medicines/{medicine.ref}/end").status_code == 404
    head = new_browser().sign_in(make.account(Role.MANAGER, house))
    head.get(f"/residents/{mother.ref}/alerts")
    assert f"/alerts/{allergy.ref}/end" in head.page
    assert head.post(f"/alerts/{allergy.ref}/end").status_code == 303
    head.get(path(mother))
    assert f"/medicines/{medicine.ref}/end" in head.page
    for _twice in range(2):
        assert head.post(f"/medicines/{medicine.ref}/end").status_code == 303
    session.expire_all()
    assert allergy.until is not None and medicine.until is not None
    assert session.scalar(select(func.count()).where(TrailEntry.act == Act.MEDICINE_ENDED)) == 1
    head.get(f"/residents/{mother.ref}")
    assert "Penisilin" not in head.page and "Parasetamol" not in head.page
