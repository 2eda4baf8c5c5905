"""A free bed pressed on the board is named until a family has it, and offered first to the family it suits."""

import re
import uuid

import pytest
from sqlalchemy import select

from safehouse.access.permissions import Role
from safehouse.residents.models import Sex
from safehouse.shelter.choices import Need, RoomPurpose
from safehouse.shelter.models import Hold, Stay
from tests.shelter.test_placing import arrival, first_option

PRESSED = "You pressed Rumah Satu, 1C."


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def bed(make, house):
    """The third bed of a room in which the first two are free as well."""
    return make.beds(make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=3))[2]


@pytest.fixture
def staff(browser, make, house):
    return browser.sign_in(make.account(Role.STAFF, house, language="en"))


def beds_of(referral, bed=None):
    return f"/referrals/{referral.ref}/beds" + (f"?bed={bed.ref}" if bed else "")


def titles(page):
    return re.findall(r"<li class=\"opt[^>]*><div class=\"row\"><h2>([^<]+)", page.split("In other houses")[0])


def test_the_bed_pressed_on_the_board_is_named_on_every_page_that_follows(staff, make, bed):
    referral = make.referral()
    staff.get("/beds")
    pressed = re.search(rf'href="(/referrals/new\?bed={bed.ref})"', staff.page)[1]
    for page in (
        pressed,
        f"/referrals?bed={bed.ref}",
        f"/referrals/paste?bed={bed.ref}",
        beds_of(referral, bed),
    ):
        assert PRESSED in staff.get(page).text, page


def test_it_is_carried_through_a_new_referral_and_its_screening(staff, bed):
    staff.get(f"/referrals/new?bed={bed.ref}")
    new = {"source": "police", "urgency": "now", "women": "1", "men": "0", "bed": str(bed.ref)}
    assert staff.post("/referrals/new", fields=new).location.endswith(f"/beds?bed={bed.ref}")
    assert f"bed={bed.ref}" in staff.post("/referrals/new", fields=new | {"screen": "1"}).location


def test_that_very_bed_is_offered_first_and_she_gets_it(staff, make, house, bed, session):
    make.room(house, "2", RoomPurpose.ADULT_WOMEN, beds=1, ground_floor=True)
    referral = make.referral(needs=(Need.GROUND_FLOOR,))
    staff.get(beds_of(referral))
    assert titles(staff.page)[0] == "Rumah Satu, room 2", "that is the better place"
    staff.get(beds_of(referral, bed))
    assert "It is offered first." in staff.page and titles(staff.page)[0] == "Rumah Satu, room 1"
    assert "With Rumah Satu, 1C, which you pressed" in staff.page
    chosen = staff.post(beds_of(referral, bed), option=first_option(staff.page))
    assert chosen.status_code == 303
    assert session.scalars(select(Hold.bed_id).where(Hold.released_at.is_(None))).all() == [bed.id]
    path = re.sub(r"&?bed=[0-9a-f-]+", "", chosen.location)
    staff.get(path)
    assert "bed 1C" in staff.page, "found again by what is held, whatever the address carries"
    assert staff.post(path, fields=arrival(staff)).status_code == 303
    assert session.scalars(select(Stay.bed_id)).one() == bed.id


def test_two_beds_with_the_one_that_was_pressed_are_found_again_at_the_door(staff, make, house):
    third = make.beds(make.room(house, "4", RoomPurpose.MOTHER_CHILD, beds=4))[3]
    referral = make.referral((Sex.FEMALE, 120))
    staff.get(beds_of(referral, third))
    chosen = staff.post(beds_of(referral, third), option=first_option(staff.page))
    assert "/arrival?option=" in chosen.location and staff.get(chosen.location).status_code == 200
    assert "bed 4D" in staff.page


def test_a_bed_the_family_does_not_fit_is_said_to_be_why(staff, make, house, bed):
    (isolation,) = make.beds(make.room(house, "8", RoomPurpose.ISOLATION, beds=1))
    staff.get(beds_of(make.referral(), isolation))
    assert "You pressed Rumah Satu, 8A." in staff.page
    assert "It is not offered: Room 8 is kept for people who must sleep apart for health." in staff.page
    make.resident(bed)
    staff.get(beds_of(make.referral(), bed))
    assert PRESSED in staff.page and "It was just filled." in staff.page


def test_a_family_that_does_not_fit_into_its_room_is_told(staff, make, house):
    small, _family_room = make.room(house, "5", beds=1), make.room(house, "6", RoomPurpose.MOTHER_CHILD, beds=3)
    family = make.referral((Sex.FEMALE, 120), (Sex.FEMALE, 90))
    staff.get(beds_of(family, make.beds(small)[0]))
    assert "in its room not all 3 of them find a bed" in staff.page
    assert titles(staff.page)[0] == "Rumah Satu, room 6"


def test_a_place_against_advice_is_not_put_first(staff, make, house):
    (girls,) = make.beds(make.room(house, "7", RoomPurpose.GIRLS, beds=1))
    make.room(house, "2", RoomPurpose.ADULT_WOMEN, beds=1)
    staff.get(beds_of(make.referral(), girls))
    assert "It is not advised for this family: Room 7 is only for girls of 13 to 17 without family." in staff.page
    assert titles(staff.page) == ["Rumah Satu, room 2", "Rumah Satu, room 7"]


def test_a_bed_of_another_house_and_one_that_never_was_are_as_if_none_was_pressed(staff, make, bed):
    (foreign,) = make.beds(make.room(make.house("Rumah Dua"), beds=1))
    referral = make.referral()
    for ref in (foreign.ref, uuid.uuid4(), "x"):
        for page in (f"/referrals/new?bed={ref}", f"/referrals/{referral.ref}/beds?bed={ref}"):
            answer = staff.get(page)
            assert answer.status_code == 200 and "You pressed" not in answer.text
