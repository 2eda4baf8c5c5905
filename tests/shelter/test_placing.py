"""From a referral to a family in its beds."""

import re
import threading
import uuid
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from safehouse.access.permissions import Role
from safehouse.residents.models import Denial, Resident, Sex
from safehouse.shelter.choices import PlacementBasis, ReferralState, RoomPurpose, StayEnd
from safehouse.shelter.models import AgainstAdvice, Bed, Hold, Placement, Referral, Stay
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.browsing import Browser
from tests.office import Make

JAKARTA = ZoneInfo("Asia/Jakarta")
TAKEN = {"source": "police", "urgency": "now", "women": "1", "men": "0"}


@pytest.fixture
def house(make):
    house = make.house("Rumah Satu")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=3, cots=1)
    return house


def take(browser, *children, **more):
    rows = {}
    for n, (sex, age) in enumerate(children):
        rows |= {f"children-{n}-sex": sex, f"children-{n}-age": age}
    return browser.post("/referrals/new", fields=TAKEN | rows | more)


def first_option(page):
    return page.split('name="option" value="')[1].split('"')[0]


def choose_buttons(page):
    return re.findall(r'<button[^>]*name="option"[^>]*>(.*?)</button>', page, re.DOTALL)


def first_alias(page, position=0):
    return page.split(f'name="alias_{position}"')[1].split('value="')[1].split('"')[0]


def place(browser, beds_path):
    """Choose the best place and record the arrival with the first alias offered."""
    browser.get(beds_path)
    chosen = browser.post(beds_path, option=first_option(browser.page))
    assert chosen.status_code == 303, browser.page
    browser.get(chosen.location)
    return browser.post(chosen.location, fields=arrival(browser))


def arrival(browser, **more):
    local = browser.make.clock.now.astimezone(JAKARTA)
    return {
        "alias_0": first_alias(browser.page),
        "arrived_day-d": str(local.day),
        "arrived_day-m": str(local.month),
        "arrived_day-y": str(local.year),
        "arrived_clock": f"{local:%H.%M}",
        "names": "0",
    } | more


def test_a_mother_with_three_children_is_placed_in_one_room(browser, make, house, session):
    browser.sign_in(make.account(Role.CASEWORKER, house))
    answer = take(browser, ("female", "9"), ("male", "4"), ("female", "7 bln"))
    assert answer.status_code == 303
    placed = place(browser, answer.location)
    assert placed.status_code == 303 and placed.location.startswith("/beds?done="), browser.page
    stays = session.scalars(select(Stay)).all()
    assert len(stays) == 4 and all(stay.ended_at is None for stay in stays)
    assert len({stay.bed_id for stay in stays if not stay.sharing}) == 4
    residents = session.scalars(select(Resident).order_by(Resident.id)).all()
    assert {one.house_id for one in residents} == {house.id}
    assert residents[1].alias == f"Anak {residents[0].alias} 1"
    assert session.scalars(select(Referral.state)).all() == [ReferralState.ACCEPTED]
    acts = set(session.scalars(select(TrailEntry.act)))
    assert {Act.REFERRAL_TAKEN, Act.HELD, Act.PLACED, Act.RESIDENT_MADE} <= acts


def test_a_resident_without_name_or_paper_can_be_admitted(browser, make, house, session):
    browser.sign_in(make.account(Role.STAFF, house))
    placed = place(browser, take(browser).location)
    assert placed.status_code == 303
    resident = session.scalars(select(Resident)).one()
    assert (resident.name, resident.nik, resident.phone) == (None, None, None)
    assert len(resident.code) == 4


def test_without_a_decision_every_arrival_is_an_emergency_whoever_places(browser, new_browser, make, house, session):
    make.room(house, "2", RoomPurpose.ADULT_WOMEN, beds=2)
    browser.sign_in(make.account(Role.STAFF, house))
    place(browser, take(browser).location)
    other = new_browser().sign_in(make.account(Role.MANAGER, house))
    place(other, take(other).location)
    assert set(session.scalars(select(Placement.basis))) == {PlacementBasis.EMERGENCY}


def test_the_same_press_twice_places_once(browser, make, house, session):
    browser.sign_in(make.account(Role.STAFF, house))
    beds = take(browser).location
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    browser.get(chosen.location)
    fields = arrival(browser) | {"act_key": str(uuid.uuid4())}
    first = browser.post(chosen.location, fields=fields)
    assert first.status_code == 303
    browser.post(chosen.location, fields=fields)
    assert session.scalar(select(func.count()).select_from(Stay)) == 1


def test_undo_gives_the_beds_back_and_the_referral_waits_again(browser, make, house, session):
    browser.sign_in(make.account(Role.MANAGER, house))
    placed = place(browser, take(browser, ("male", "4")).location)
    ref = placed.location.split("done=")[1]
    undone = browser.post(f"/arrivals/{ref}/undo")
    assert undone.status_code == 303
    session.expire_all()
    assert {stay.ended_by for stay in session.scalars(select(Stay))} == {StayEnd.UNDONE}
    assert set(session.scalars(select(Resident.house_id))) == {None}
    assert session.scalars(select(Referral.state)).one() is ReferralState.NEW
    again = place(browser, undone.location)
    assert again.status_code == 303, "the same family can be placed again"
    assert session.scalar(select(func.count()).select_from(Resident)) == 2


def test_undo_ends_after_ten_minutes(browser, make, house, clock):
    browser.sign_in(make.account(Role.MANAGER, house))
    placed = place(browser, take(browser).location)
    ref = placed.location.split("done=")[1]
    for _ in range(6):
        clock.forward(minutes=2)
        browser.get("/referrals")
    assert browser.post(f"/arrivals/{ref}/undo").status_code == 409


def test_another_person_cannot_undo(browser, new_browser, make, house):
    browser.sign_in(make.account(Role.MANAGER, house))
    placed = place(browser, take(browser).location)
    other = new_browser().sign_in(make.account(Role.MANAGER, house))
    other.get("/referrals")
    assert other.post(f"/arrivals/{placed.location.split('done=')[1]}/undo").status_code == 409


def test_a_boy_above_the_age_needs_a_reason_and_a_colleague(browser, make, house, session):
    beside = make.account(Role.STAFF, house)
    browser.sign_in(make.account(Role.CASEWORKER, house))
    beds = take(browser, ("male", "14")).location
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    browser.get(chosen.location)
    alone = browser.post(chosen.location, fields=arrival(browser))
    assert alone.status_code == 200 and session.scalar(select(func.count()).select_from(Stay)) == 0
    wrong = browser.post(
        chosen.location,
        fields=arrival(browser, reason="Ibu tidak mau berpisah", second_name=beside.username, second_code="000000"),
    )
    assert wrong.status_code == 200 and "Ibu tidak mau berpisah" in browser.page
    assert session.scalar(select(func.count()).select_from(Stay)) == 0
    right = browser.post(
        chosen.location,
        fields=arrival(
            browser, reason="Ibu tidak mau berpisah", second_name=beside.username, second_code=make.code(beside)
        ),
    )
    assert right.status_code == 303, browser.page
    kept = session.scalars(select(AgainstAdvice)).one()
    assert "boy_over_age" in kept.unmet and b"berpisah" not in kept.reason
    assert session.scalar(select(func.count()).where(TrailEntry.act == Act.PLACED_AGAINST_ADVICE)) == 1


def test_whoever_is_denied_the_family_does_not_sign_for_its_place(browser, make, house, session):
    cousin = make.account(Role.STAFF, house)
    browser.sign_in(make.account(Role.CASEWORKER, house))
    beds = take(browser, ("male", "14")).location
    household = make.household()
    session.scalars(select(Referral)).one().household_id = household.id
    one = make.resident(household=household)
    session.commit()
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    browser.get(chosen.location)
    make.saved(Denial(resident_id=one.id, account_id=cousin.id, since=make.clock.now))
    signed = {"reason": "Ibu tidak mau berpisah", "second_name": cousin.username, "second_code": make.code(cousin)}
    answer = browser.post(chosen.location, fields=arrival(browser, **signed))
    assert answer.status_code == 200 and 'id="second_code-e"' in browser.page
    assert session.scalar(select(func.count()).select_from(Stay)) == 0


def test_nobody_signs_beside_herself(browser, make, house, session):
    account = make.account(Role.CASEWORKER, house)
    browser.sign_in(account)
    beds = take(browser, ("male", "14")).location
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    browser.get(chosen.location)
    browser.post(
        chosen.location,
        fields=arrival(
            browser, reason="Ibu tidak mau berpisah", second_name=account.username, second_code=make.code(account)
        ),
    )
    assert session.scalar(select(func.count()).select_from(Stay)) == 0


def test_a_choice_that_was_not_offered_places_nobody(browser, make, house, session):
    browser.sign_in(make.account(Role.STAFF, house))
    beds = take(browser).location
    browser.get(beds)
    answer = browser.post(beds, option="0" * 64)
    assert answer.status_code == 200 and session.scalar(select(func.count()).select_from(Hold)) == 0


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(browser, make, house, session):
    browser.sign_in(make.account(Role.STAFF, house))
    answer = browser.post(
        "/referrals/new",
        fields={
            "women": "1",
            "men": "0",
            "children-0-sex": "female",
            "children-0-age": "sembilan",
            "children-1-age": "4",
            "their_reference": "B/12/XI",
        },
    )
    assert answer.status_code == 200
    assert "sembilan" in browser.page and "B/12/XI" in browser.page
    assert browser.page.count('aria-invalid="true"') >= 4
    assert session.scalar(select(func.count()).select_from(Referral)) == 0


def test_an_arrival_in_the_future_is_refused_and_the_alias_stays_chosen(browser, make, house, session):
    browser.sign_in(make.account(Role.STAFF, house))
    beds = take(browser).location
    browser.get(beds)
    chosen = browser.post(beds, option=first_option(browser.page))
    browser.get(chosen.location)
    fields = arrival(browser) | {"arrived_day-y": "2027"}
    assert browser.post(chosen.location, fields=fields).status_code == 200
    assert f'value="{fields["alias_0"]}" autocomplete="off" checked' in browser.page
    assert session.scalar(select(func.count()).select_from(Stay)) == 0


def test_a_referral_answered_by_someone_else_places_nobody_twice(browser, new_browser, make, house, session):
    make.room(house, "2", RoomPurpose.ADULT_WOMEN, beds=2)
    browser.sign_in(make.account(Role.STAFF, house))
    other = new_browser().sign_in(make.account(Role.STAFF, house))
    beds = take(browser).location
    other.get(beds)
    assert place(browser, beds).status_code == 303
    gone = other.post(beds, option=first_option(other.page))
    assert (gone.status_code, gone.location) == (303, "/referrals")
    assert session.scalar(select(func.count()).select_from(Stay)) == 1


def test_the_loser_of_the_last_bed_reads_so_and_keeps_her_answers(browser, new_browser, make, session):
    house = make.house()
    make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=1)
    make.room(house, "2", RoomPurpose.MOTHER_CHILD, beds=2)
    slow = browser.sign_in(make.account(Role.STAFF, house))
    quick = new_browser().sign_in(make.account(Role.STAFF, house))
    beds = take(slow).location
    slow.get(beds)
    chosen = slow.post(beds, option=first_option(slow.page))
    slow.get(chosen.location)
    typed = arrival(slow, arrived_clock="23.05")
    # Her hold ran out while she was talking, and a colleague took the bed.
    make.clock.forward(hours=4, minutes=1)
    slow.sign_in(session.get_one(type(make.account()), session.scalars(select(Referral.taken_by_id)).one()))
    assert place(quick.sign_in(make.account(Role.STAFF, house)), take(quick).location).status_code == 303
    slow.get("/referrals")
    lost = slow.post(chosen.location, fields=typed)
    assert lost.status_code == 303 and "taken=1" in lost.location
    slow.get(lost.location)
    again = slow.post(beds, option=first_option(slow.page))
    assert "draft=" in again.location
    slow.get(again.location)
    assert 'value="23.05"' in slow.page, "what she had typed came back"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_fifty_at_once_on_the_last_bed_leave_one_stay(lone_app, kind):
    app = lone_app(kind)
    with app.extensions["db_writing"]() as session:
        make = Make(session, app.extensions["test_clock"])
        house = make.house()
        room = make.room(house, "1", RoomPurpose.ADULT_WOMEN, beds=1)
        bed_id = make.beds(room)[0].id
        browsers = []
        for _ in range(10):
            account = make.account(Role.STAFF, house)
            browser = Browser(app, make).sign_in(account)
            browsers.append((browser, [f"/referrals/{make.referral(by=account).ref}/beds" for _ in range(5)]))
        # Every one of them has seen the bed free before anyone chooses it.
        shown = []
        for browser, paths in browsers:
            for path in paths:
                browser.get(path)
                shown.append((browser, path, first_option(browser.page)))
        tokens = {id(browser): browser.token for browser, _ in browsers}
        session.commit()
    results, gate = [], threading.Barrier(len(shown))

    def choose(browser, path, option):
        client = app.test_client()
        client.set_cookie("sid", browser.client.get_cookie("sid").value)
        body = {"csrf_token": tokens[id(browser)], "act_key": str(uuid.uuid4()), "option": option}
        gate.wait()
        chosen = client.post(path, data=body)
        if chosen.status_code != 303:
            results.append(chosen.status_code)
            return
        page = client.get(chosen.location).get_data(as_text=True)
        browser_now = app.extensions["test_clock"].now.astimezone(JAKARTA)
        placed = client.post(
            chosen.location,
            data={
                **body,
                "act_key": str(uuid.uuid4()),
                "alias_0": first_alias(page),
                "names": "0",
                "arrived_day-d": str(browser_now.day),
                "arrived_day-m": str(browser_now.month),
                "arrived_day-y": str(browser_now.year),
                "arrived_clock": f"{browser_now:%H.%M}",
            },
        )
        results.append((placed.status_code, placed.location))

    threads = [threading.Thread(target=choose, args=one) for one in shown]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.extensions["db_reading"]() as session:
        assert session.scalar(select(func.count()).select_from(Stay).where(Stay.bed_id == bed_id, ~Stay.sharing)) == 1
        laid = session.scalar(select(func.count()).select_from(Bed)) - 1
        assert session.scalar(select(func.count()).select_from(Stay)) == 1 + laid <= 3
    assert len(results) == len(shown)
    assert not [one for one in results if one == 500 or (isinstance(one, tuple) and one[0] == 500)]


def test_a_house_she_does_not_work_in_is_shown_with_reasons_and_cannot_be_chosen(browser, make, session):
    own, other = make.house("Rumah Satu"), make.house("Rumah Dua")
    make.room(own, "1", RoomPurpose.ADULT_WOMEN, beds=1)
    make.resident(make.beds(make.room(other, "8", RoomPurpose.ADULT_WOMEN, beds=1))[0], alias="Kempas")
    make.room(other, "9", RoomPurpose.MOTHER_CHILD, beds=4)
    browser.sign_in(make.account(Role.STAFF, own))
    beds = take(browser, ("female", "9"), ("male", "4")).location
    browser.get(beds)
    assert "Rumah Dua" in browser.page and "Kempas" not in browser.page
    assert not [button for button in choose_buttons(browser.page) if "Rumah Dua" in button]
    manager = make.account(Role.MANAGER, own, other)
    browser.sign_in(manager)
    browser.get(beds)
    foreign = first_option(browser.page)
    assert "Rumah Dua" in choose_buttons(browser.page)[0]
    browser.sign_in(make.account(Role.STAFF, own))
    browser.get(beds)
    assert browser.post(beds, option=foreign).status_code == 200
    assert session.scalar(select(func.count()).select_from(Hold)) == 0


def test_a_referral_withdrawn_by_mistake_waits_again(browser, make, house, session):
    browser.sign_in(make.account(Role.STAFF, house))
    ref = session.scalars(select(Referral.ref)).first() or take(browser).location.split("/")[2]
    done = browser.post(f"/referrals/{ref}/withdraw").location.split("done=")[1]
    assert session.scalars(select(Referral.state)).one() is ReferralState.WITHDRAWN
    browser.get(f"/referrals?done={done}")
    assert browser.post(f"/referrals/{done}/undo-withdrawal").status_code == 303
    session.expire_all()
    assert session.scalars(select(Referral.state)).one() is ReferralState.NEW


def test_a_family_whose_beds_are_held_is_led_to_its_arrival(browser, make, house):
    browser.sign_in(make.account(Role.STAFF, house))
    beds = take(browser, ("male", "4")).location
    browser.get(beds)
    held = browser.post(beds, option=first_option(browser.page)).location.split("option=")[1]
    make.room(house, "0", RoomPurpose.MOTHER_CHILD, beds=4, ground_floor=True)
    browser.get(beds)
    assert first_option(browser.page) == held, "what was promised comes first"
    assert (
        "Catat kedatangan di" in choose_buttons(browser.page)[0]
        or "Record the arrival in" in choose_buttons(browser.page)[0]
    )


def test_back_after_placing_leads_to_the_list(browser, make, house):
    browser.sign_in(make.account(Role.STAFF, house))
    beds = take(browser).location
    assert place(browser, beds).status_code == 303
    assert browser.get(beds).location == "/referrals"


def test_a_family_placed_where_she_does_not_work_is_missing_on_every_page_of_its_way(browser, new_browser, make, house):
    browser.sign_in(make.account(Role.MANAGER, house))
    beds = take(browser).location
    assert place(browser, beds).status_code == 303
    theirs, missing = beds.split("/beds")[0], f"/referrals/{uuid.uuid4()}"
    elsewhere = new_browser().sign_in(make.account(Role.MANAGER, make.house("Rumah Dua")))
    for page in ("beds", "arrival?option=00", "answer"):
        for referral in (theirs, missing):
            assert elsewhere.get(f"{referral}/{page}").status_code == 404, page
            assert elsewhere.post(f"{referral}/{page}", fields={"kind": "accepted"}).status_code == 404, page
    # Who works there has pressed Back, and did nothing forbidden.
    assert browser.get(beds).location == "/referrals"
    assert browser.get(f"{theirs}/answer").location == "/referrals"


def test_a_referral_heard_wrong_is_corrected_without_typing_it_again(browser, make, house, session):
    browser.sign_in(make.account(Role.STAFF, house))
    beds = take(browser, ("female", "9"), ("male", "4"), needs="pregnant", their_reference="B/9").location
    browser.get(beds)
    browser.post(beds, option=first_option(browser.page))
    path = beds.replace("/beds", "/change").split("?")[0]
    assert path in (browser.get(beds).get_data(as_text=True))
    browser.get(path)
    assert 'value="B/9"' in browser.page
    assert browser.page.count(" checked") >= 4, "what was chosen is still chosen"
    wrong = browser.post(path, fields=TAKEN | {"children-0-sex": "female", "children-0-age": "sembilan"})
    assert wrong.status_code == 200
    right = TAKEN | {"source": "health", "children-0-sex": "female", "children-0-age": "8"}
    assert browser.post(path, fields=right).status_code == 303
    session.expire_all()
    referral = session.scalars(select(Referral)).one()
    assert [(one.adult, one.age_months) for one in referral.people] == [(True, None), (False, 96)]
    assert (referral.source, list(referral.needs)) == ("health", [])
    assert session.scalars(select(Hold.released_at)).first() is not None, "beds held for the larger family are let go"


def test_an_answered_referral_is_not_changed_any_more(browser, make, house, session):
    browser.sign_in(make.account(Role.STAFF, house))
    beds = take(browser).location
    place(browser, beds)
    path = beds.replace("/beds", "/change").split("?")[0]
    assert browser.get(path).status_code == 404
    assert browser.post(path, fields=TAKEN | {"women": "2"}).status_code == 404


def test_a_full_house_of_hers_is_told_apart_from_another_house_with_a_place(browser, make):
    mine, other = make.house("Rumah Satu"), make.house("Rumah Dua")
    make.room(mine, "1", RoomPurpose.ISOLATION, beds=1, isolation=True)
    make.room(other, "1", RoomPurpose.ADULT_WOMEN, beds=1)
    browser.sign_in(make.account(Role.CASEWORKER, mine))
    page = browser.get(f"/referrals/{make.referral().ref}/beds").text
    assert "Di Rumah Satu tidak ada tempat untuk keluarga ini. Rumah Dua, kamar 1 memenuhi semua syarat." in page
    make.room(mine, "2", RoomPurpose.MOTHER_CHILD, beds=1)
    page = browser.get(f"/referrals/{make.referral().ref}/beds").text
    assert "Di Rumah Satu tidak ada tempat yang memenuhi semua syarat. Rumah Dua, kamar 1 memenuhinya." in page


def test_a_baby_beside_her_mother_is_not_counted_among_the_beds(browser, make):
    house = make.house("Rumah Satu")
    make.room(house, "1", RoomPurpose.MOTHER_CHILD, beds=4)
    browser.sign_in(make.account(Role.CASEWORKER, house))
    family = make.referral((Sex.FEMALE, 108), (Sex.MALE, 84), (Sex.FEMALE, 7))
    page = browser.get(f"/referrals/{family.ref}/beds").text
    assert "4 orang memakai 3 tempat tidur; bayi tidur di samping ibunya" in page
    assert "seranjang dengan ibunya" in page
