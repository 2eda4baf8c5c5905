"""A bed that was left is cleaned before the next night, and the night is not stopped by it."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.residents.models import Denial, Sex
from safehouse.shelter.choices import LeaveKind, RoomPurpose
from safehouse.shelter.models import Cleaning, Hold, Leave
from safehouse.shelter.operations.cleaning import AlreadyReady, say_ready
from safehouse.shelter.operations.placing import lay_mattress, place_family, undo_placement
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.rules.people import Person
from safehouse.shelter.rules.reasons import ReasonCode
from safehouse.shelter.rules.suggesting import suggest
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.shelter.at_work import AtWork, mother_and_child

JAKARTA = ZoneInfo("Asia/Jakarta")
HOUR = dt.timedelta(hours=1)
WOMAN = Person(0, Sex.FEMALE, None, True)


@pytest.fixture
def here(make, session, clock):
    return AtWork(make, session, clock)


def unclean(here):
    here.session.flush()
    return set(here.session.scalars(select(Cleaning.bed_id).where(Cleaning.ready_at.is_(None))))


def best(here):
    today = here.clock.now.astimezone(JAKARTA).date()
    views = house_views(here.session, house_ids=[here.house.id], today=today, now=here.clock.now)
    return suggest([WOMAN], frozenset(), views).options[0]


def place(here, bed_id=None):
    """A woman placed as suggested, or in this bed."""
    referral = here.make.referral()
    today = here.clock.now.astimezone(JAKARTA).date()
    views = house_views(here.session, house_ids=[here.house.id], today=today, now=here.clock.now)
    options = suggest([WOMAN], frozenset(), views).options
    option = next(one for one in options if bed_id in (None, one.places[0].bed_id))
    place_family(
        here.session,
        referral=referral,
        option=option,
        aliases={0: "Pinus"},
        arrived_at=here.clock.now,
        planned_exit=today + dt.timedelta(days=7),
        today=today,
        act=begin_act(here.session, key=uuid.uuid4(), kind="placing:place", now=here.clock.now, by=here.by),
        now=here.clock.now,
        by=here.by,
        role=Role.MANAGER,
    )
    here.session.flush()
    return referral


# When a bed is to be cleaned


def test_a_bed_that_was_left_is_to_be_cleaned(here, clock):
    first, second, _ = here.beds()
    here.depart(here.make.resident(first), at=clock.now)
    here.move(here.make.resident(second), _)
    assert unclean(here) == {first.id, second.id}
    since = here.session.scalars(select(Cleaning.since)).all()
    assert since == [clock.now, clock.now]


def test_a_bed_that_somebody_still_has_is_not(here):
    first, second, _ = here.beds()
    _mother, child = mother_and_child(here, first)
    here.move(child, second)
    assert unclean(here) == set()
    here.depart(child)
    assert unclean(here) == {second.id}


def test_a_mattress_is_gone_and_not_to_be_cleaned(here):
    from safehouse.shelter.choices import BedKind

    room = here.make.room(here.house, beds=1)
    mattress = lay_mattress(here.session, room_id=room.id, kind=BedKind.BED)
    here.depart(here.make.resident(mattress))
    assert unclean(here) == set()


def test_a_move_or_departure_taken_back_leaves_nothing_to_clean(here):
    first, second, _ = here.beds()
    resident = here.make.resident(first)
    here.undo_move(resident, here.move(resident, second))
    assert unclean(here) == set()
    here.undo_departure(here.depart(resident))
    assert unclean(here) == set()


def test_a_bed_left_again_is_to_be_cleaned_again_once(here, clock):
    first, second, _ = here.beds()
    here.depart(here.make.resident(first))
    resident = here.make.resident(second)
    here.move(resident, first)
    assert unclean(here) == {second.id}, "somebody sleeps in the first"
    clock.forward(hours=2)
    here.depart(resident)
    assert unclean(here) == {first.id, second.id}
    assert here.session.scalar(select(func.count()).select_from(Cleaning)) == 3


def test_whoever_is_placed_in_it_ends_the_cleaning_and_taking_that_back_brings_it_again(here):
    (only,) = here.beds(1)
    here.depart(here.make.resident(only))
    referral = place(here)
    (cleaning,) = here.session.scalars(select(Cleaning)).all()
    assert cleaning.ready_at is not None and cleaning.ready_by_id is None, "nobody has said that it was ready"
    undo_placement(here.session, referral=referral, now=here.clock.now, by=here.by)
    assert unclean(here) == {only.id}


def test_a_move_into_it_taken_back_brings_the_cleaning_again(here):
    first, second, _ = here.beds()
    here.depart(here.make.resident(second))
    resident = here.make.resident(first)
    act = here.move(resident, second)
    assert unclean(here) == {first.id}
    here.undo_move(resident, act)
    assert unclean(here) == {second.id}


# What is suggested


def test_a_clean_bed_is_suggested_first_and_one_still_to_be_cleaned_with_a_remark(here):
    here.make.room(here.house, "1", RoomPurpose.ADULT_WOMEN)
    first, second = here.beds(2, label="2")
    here.depart(here.make.resident(first))
    assert best(here).places[0].bed_id == second.id
    here.make.resident(second)
    option = best(here)
    assert option.places[0].bed_id == first.id
    said = {reason.code: dict(reason.detail) for reason in option.reasons}
    assert said[ReasonCode.BED_TO_BE_CLEANED] == {"beds": "2A"}
    assert option.standing is not None and option.best, "nobody is turned away for sheets"


def test_between_equal_rooms_the_clean_one_comes_first(here):
    (unclean_bed,) = here.beds(1, label="1")
    (clean,) = here.beds(1, label="2")
    assert best(here).places[0].bed_id == unclean_bed.id
    here.depart(here.make.resident(unclean_bed))
    assert best(here).places[0].bed_id == clean.id


# Ready


def test_one_press_says_that_a_bed_is_ready_and_it_can_be_taken_back(here, browser, session, clock):
    (bed,) = here.beds(1)
    here.depart(here.make.resident(bed))
    session.commit()
    staff = browser.sign_in(here.make.account(Role.STAFF, here.house))
    answer = staff.post(f"/beds/{bed.ref}/ready")
    assert answer.status_code == 303 and answer.location.startswith("/beds?done=")
    session.expire_all()
    assert unclean(here) == set()
    staff.get(answer.location)
    done = answer.location.split("done=")[1]
    assert f"/beds/{done}/unready" in staff.page
    assert staff.post(f"/beds/{done}/unready").status_code == 303
    session.expire_all()
    assert unclean(here) == {bed.id}
    said = session.execute(select(TrailEntry.act, TrailEntry.purpose).where(TrailEntry.subject == bed.ref)).all()
    assert [tuple(one) for one in said] == [
        (Act.BED_LEFT_UNCLEAN, None),
        (Act.BED_READY, None),
        (Act.BED_READY, "undone"),
    ]


def test_the_same_press_twice_or_a_slower_colleague_changes_nothing(here, browser, session):
    (bed,) = here.beds(1)
    here.depart(here.make.resident(bed))
    session.commit()
    staff = browser.sign_in(here.make.account(Role.STAFF, here.house))
    fields = {"act_key": str(uuid.uuid4())}
    first, second = (staff.post(f"/beds/{bed.ref}/ready", fields=fields) for _ in range(2))
    assert first.location == second.location
    assert staff.post(f"/beds/{bed.ref}/ready").location == "/beds"
    with pytest.raises(AlreadyReady):
        say_ready(session, bed=bed, now=here.clock.now, by=here.by)


def test_a_bed_somebody_was_put_into_is_not_taken_back_to_unclean(here, browser, session):
    (bed,) = here.beds(1)
    here.depart(here.make.resident(bed))
    session.commit()
    staff = browser.sign_in(here.make.account(Role.STAFF, here.house))
    done = staff.post(f"/beds/{bed.ref}/ready").location.split("done=")[1]
    place(here)
    session.commit()
    assert staff.post(f"/beds/{done}/unready").status_code == 409


def test_whoever_must_know_nothing_of_who_left_it_by_now_does_not_take_it_back(here, browser, session, clock):
    (bed,) = here.beds(1)
    resident = here.make.resident(bed)
    clock.forward(hours=2)
    here.depart(resident, at=clock.now)
    session.commit()
    account = here.make.account(Role.STAFF, here.house)
    browser.sign_in(account)
    done = browser.post(f"/beds/{bed.ref}/ready").location.split("done=")[1]
    here.make.saved(Denial(resident_id=resident.id, account_id=account.id, since=clock.now))
    assert browser.post(f"/beds/{done}/unready").status_code == 404
    assert unclean(here) == set()


def test_beds_of_a_house_she_does_not_work_in_are_the_same_404(here, new_browser, session):
    (bed,) = here.beds(1)
    here.depart(here.make.resident(bed))
    session.commit()
    elsewhere = new_browser().sign_in(here.make.account(Role.STAFF, here.make.house("Rumah Dua")))
    officer = new_browser().sign_in(here.make.account(Role.SECURITY_OFFICER))
    for stranger in (elsewhere, officer):
        for ref in (bed.ref, uuid.uuid4()):
            assert stranger.post(f"/beds/{ref}/ready").status_code == 404
    assert unclean(here) == {bed.id}


def test_the_bed_to_move_to_says_that_it_is_to_be_cleaned(here, browser, session):
    first, second = here.beds(2, label="1")
    here.depart(here.make.resident(second))
    resident = here.make.resident(first)
    browser.sign_in(here.make.account(Role.STAFF, here.house)).get(f"/residents/{resident.ref}/move")
    offered = browser.page.split(f'value="{second.ref}"')[1].split("</label>")[0]
    assert "dibersihkan" in offered or "to be cleaned" in offered


def test_actors_are_named_in_the_record_of_a_bed(here, session):
    (bed,) = here.beds(1)
    here.depart(here.make.resident(bed))
    say_ready(session, bed=bed, now=here.clock.now, by=actor(here.make.account(Role.STAFF, here.house)))
    session.flush()
    actors = session.scalars(select(TrailEntry.actor).where(TrailEntry.subject == bed.ref)).all()
    assert len(set(actors)) == 2 and None not in actors


# The board


def test_the_board_says_what_is_to_be_cleaned_and_takes_one_press(here, browser, session, clock):
    first, second = here.beds(2, label="1")
    here.depart(here.make.resident(first))
    held = here.make.resident(second)
    here.depart(held)
    here.make.saved(
        Hold(
            bed_id=second.id,
            referral_id=here.make.referral().id,
            held_at=clock.now,
            expires_at=clock.now + 4 * HOUR,
        )
    )
    staff = browser.sign_in(here.make.account(Role.STAFF, here.house, language="id"))
    staff.get("/beds")
    rows = [one for one in staff.page.split('<li class="bed ')[1:] if "Perlu dibersihkan" in one]
    assert [one.split('"')[0] for one in rows] == ["free", "held"], "it waits for whoever is expected as well"
    for bed, row in zip((first, second), rows, strict=True):
        assert f'formaction="/beds/{bed.ref}/ready"' in row and "Sudah siap" in row
    assert "Tempatkan" in rows[0], "and can be given out all the same"
    staff.post(f"/beds/{first.ref}/ready")
    staff.get("/beds")
    assert staff.page.count("Perlu dibersihkan") == 1


def test_the_board_says_who_looks_after_the_children_and_who_is_missed(here, browser, session, clock):
    beds = here.beds(4, label="1")
    household = here.make.household()
    mother = here.make.resident(beds[0], household=household, alias="Kenari")
    here.make.resident(beds[1], household=household, alias="Randu", birth_month=dt.date(2016, 1, 1))
    missed = here.make.resident(beds[2], alias="Ulin")
    staff = here.make.account(Role.STAFF, here.house, shown_name="Ratna", language="id")
    here.make.saved(
        Leave(
            placement_id=here.placement(mother).id,
            kind=LeaveKind.HOSPITAL,
            from_at=clock.now,
            due_back=clock.now + 20 * HOUR,
            caregiver_id=staff.id,
        )
    )
    here.make.saved(
        Leave(
            placement_id=here.placement(missed).id,
            kind=LeaveKind.OTHER,
            from_at=clock.now,
            due_back=clock.now,
            without_notice=True,
        )
    )
    browser.sign_in(staff).get("/beds")
    rows = {
        name: next(one for one in browser.page.split('<li class="bed ')[1:] if name in one)
        for name in ("Kenari", "Ulin")
    }
    assert "Anak-anak diasuh Ratna" in rows["Kenari"]
    assert "Belum kembali, pergi tanpa pamit" in rows["Ulin"] and 'class="st care"' in rows["Ulin"]


def test_from_the_page_of_today_the_press_leads_back_there(here, browser, session):
    (bed,) = here.beds(1)
    here.depart(here.make.resident(bed))
    session.commit()
    staff = browser.sign_in(here.make.account(Role.STAFF, here.house))
    answer = staff.post(f"/beds/{bed.ref}/ready", fields={"from": "today"})
    assert answer.status_code == 303 and answer.location.startswith("/today?done=")
