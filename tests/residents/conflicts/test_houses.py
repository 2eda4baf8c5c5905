"""What a conflict bars: a house in the suggestion, in placing and in moving."""

import datetime as dt
import re
import threading
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from safehouse.access.models import Account, Clearance
from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.residents.models import (
    BlindIndex,
    Conflict,
    Relationship,
)
from safehouse.residents.operations.safety import (
    note_reported_person,
)
from safehouse.residents.queries.safety import barred_house_ids
from safehouse.shelter.models import Referral, Stay
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.operations.moving import StayRefusal, StayRefused, move
from safehouse.shelter.operations.placing import PlacementRefusal, PlacementRefused, place_family
from safehouse.shelter.queries.houses import house_views
from safehouse.shelter.queries.referrals import family_of, needs_of
from safehouse.shelter.rules.suggesting import suggest
from tests.office import NOW, Make, actor
from tests.residents.conflicts.two_families import denied_to_her, name_resident
from tests.residents.safety import NIK, OTHER_NIK, family, place, reported
from tests.shelter.test_placing import arrival


def placed(make, there, referral, by, option=None, role=Role.MANAGER):
    """Place a referred family in the first place offered there, or in this one."""
    session, now = make.session, make.clock.now
    chosen = option
    if chosen is None:
        houses = house_views(session, house_ids=[there.house.id], today=now.date(), now=now)
        chosen = suggest(family_of(referral), needs_of(referral), houses).options[0]
    act = begin_act(session, key=uuid.uuid4(), kind="placing:place", now=now, by=by)
    return place_family(
        session,
        referral=referral,
        option=chosen,
        aliases={0: f"Ulin {referral.number}"},
        arrived_at=now,
        planned_exit=now.date() + dt.timedelta(days=3),
        today=now.date(),
        act=act,
        now=now,
        by=by,
        role=role,
    )


def referred(make, **facts):
    """A woman who is on her way, and whom she must not be found by."""
    referral = make.referral()
    household = household_of(make.session, referral=referral)
    by = actor(make.account(Role.CASEWORKER))
    if facts:
        note_reported_person(
            make.session,
            household=household,
            relationship=Relationship.HUSBAND,
            **facts,
            now=make.clock.now,
            by=by,
        )
    make.session.commit()
    return referral


def test_a_family_is_not_placed_where_someone_lives_whom_it_must_never_meet(session, make, two):
    there, kenari, _merbau = two
    reported(make, kenari, nik=NIK)
    referral = referred(make, nik=NIK)
    with pytest.raises(PlacementRefused) as refused:
        placed(make, there, referral, actor(there.manager))
    assert refused.value.reason is PlacementRefusal.MUST_NOT_SHARE
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Stay).where(Stay.ended_at.is_(None))) == 1


def test_what_nobody_had_compared_before_is_compared_when_a_family_is_placed(session, make, two):
    """She who lives there was given her NIK after the other family's reported person was written down."""
    there, kenari, _merbau = two
    referral = referred(make, nik=NIK)
    name_resident(session, kenari.one, nik=NIK)
    with pytest.raises(PlacementRefused) as refused:
        placed(make, there, referral, actor(there.manager))
    assert refused.value.reason is PlacementRefusal.MUST_NOT_SHARE


def test_the_page_of_places_shows_the_house_and_offers_no_bed_in_it(session, make, two, browser):
    there, kenari, _merbau = two
    elsewhere = make.house("Rumah Dua")
    make.room(elsewhere, "9", beds=2)
    session.add(Clearance(account_id=there.manager.id, house_id=elsewhere.id, since=make.clock.now))
    session.commit()
    reported(make, kenari, nik=NIK)
    referral = referred(make, nik=NIK)
    browser.sign_in(there.manager)
    assert browser.get(f"/referrals/{referral.ref}/beds").status_code == 200
    offered = re.findall(r'<li class="opt[^"]*"><div class="row"><h2>([^<]*)</h2>', browser.page)
    assert [one for one in offered if one.startswith("Rumah Satu")] == ["Rumah Satu"]
    assert any(one.startswith("Rumah Dua") for one in offered)
    assert "Kenari" not in browser.page


def test_a_place_that_was_offered_before_the_conflict_was_known_cannot_be_chosen_any_more(session, make, two, browser):
    there, kenari, _merbau = two
    referral = referred(make, name="Slamet Riyadi")
    browser.sign_in(there.manager)
    browser.get(f"/referrals/{referral.ref}/beds")
    option = browser.page.split('name="option" value="')[1].split('"')[0]
    reported(make, kenari, name="Slamet Riyadi")
    answer = browser.post(f"/referrals/{referral.ref}/beds", option=option)
    assert answer.status_code == 200 and 'name="option"' not in browser.page


def test_nobody_moves_into_a_house_that_must_not_be_shared_and_another_bed_at_home_is_free(session, make, two, browser):
    there, kenari, _merbau = two
    elsewhere = place(make, "Rumah Dua")
    merbau = family(make, elsewhere.beds[0], alias="Merbau")
    session.add(Clearance(account_id=there.manager.id, house_id=elsewhere.house.id, since=make.clock.now))
    session.commit()
    reported(make, kenari, nik=NIK)
    reported(make, merbau, nik=NIK)
    browser.sign_in(there.manager)
    browser.get(f"/residents/{merbau.one.ref}/move")
    assert str(there.beds[1].ref) not in browser.page and str(elsewhere.beds[1].ref) in browser.page
    assert "Rumah Satu" in browser.page and "Kenari" not in browser.page
    by = actor(there.manager)
    for bed, refusal in ((there.beds[1], StayRefusal.MUST_NOT_SHARE), (elsewhere.beds[1], None)):
        act = begin_act(session, key=uuid.uuid4(), kind="stay:move", now=make.clock.now, by=by)
        moving = {
            "resident": merbau.one,
            "bed": bed,
            "reasons": (),
            "act": act,
            "moved_at": make.clock.now,
            "now": make.clock.now,
            "by": by,
        }
        if refusal is None:
            assert move(session, **moving).bed_id == bed.id
        else:
            with pytest.raises(StayRefused) as refused:
                move(session, **moving)
            assert refused.value.reason is refusal


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.sampled_from([NIK, OTHER_NIK]), min_size=2, max_size=6))
def test_two_who_must_never_meet_are_never_placed_in_one_house(session, make, niks):
    """Whoever comes, in whatever order, takes the first place offered; nobody is offered a house she must not share."""
    houses = [place(make, beds=6) for _ in range(2)]
    by = actor(make.account(Role.MANAGER, *(one.house for one in houses)))
    lives: dict[int, set[str]] = {}
    now = make.clock.now
    for nik in niks:
        referral = referred(make, nik=nik)
        views = house_views(
            session,
            house_ids=[one.house.id for one in houses],
            today=now.date(),
            now=now,
            barred=barred_house_ids(session, household_id=referral.household_id),
        )
        for option in suggest(family_of(referral), needs_of(referral), views).options[:1]:
            placed(make, houses[0], referral, by, option)
            session.commit()
            assert nik not in lives.setdefault(option.house.id, set())
            lives[option.house.id].add(nik)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_two_families_that_must_never_meet_one_is_placed_when_both_come_at_the_same_moment(lone_app, kind):
    app = lone_app(kind)
    writing = app.extensions["db_writing"]
    for number in range(8):
        with writing() as session:
            make = Make(session, app.extensions["test_clock"], counter=1000 * number)
            there = place(make, f"Rumah {number}")
            make.room(there.house, beds=4)
            coming = [referred(make, nik=f"33250147089500{number + 1:02}").id for _ in range(2)]
            house_id, account_id = there.house.id, there.manager.id
        gate, results = threading.Barrier(2, timeout=20), []

        def come(at, referral_id, *, house_id=house_id, account_id=account_id, gate=gate, results=results):
            with app.extensions["db_reading"]() as session:
                referral = session.get_one(Referral, referral_id)
                houses = house_views(session, house_ids=[house_id], today=NOW.date(), now=NOW)
                options = suggest(family_of(referral), needs_of(referral), houses).options
                option = options[at]
            gate.wait()
            with writing() as session:
                make = Make(session, app.extensions["test_clock"])
                by = actor(session.get_one(Account, account_id))
                try:
                    placed(make, None, session.get_one(Referral, referral_id), by, option)
                    session.commit()
                except PlacementRefused as refused:
                    results.append(refused.reason)
                else:
                    results.append("placed")

        threads = [threading.Thread(target=come, args=pair) for pair in enumerate(coming)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, results)) == [str(PlacementRefusal.MUST_NOT_SHARE), "placed"]


def test_a_barred_house_is_not_shown_to_whoever_must_know_nothing_of_those_who_live_there(session, make, two, browser):
    """She would learn by a number that somebody she looks for is here, and where."""
    there, kenari, _merbau = two
    her = denied_to_her(make, there, kenari)
    name_resident(session, kenari.one, nik=NIK)
    referral = make.referral()
    browser.sign_in(her)
    url = f"/referrals/{referral.ref}"
    pages = {}
    for nik in (OTHER_NIK, NIK):
        facts = {"relationship": "sibling", "name": "", "nik": nik, "phone": "", "plate": ""}
        assert browser.post(f"{url}/reported-persons", fields=facts).status_code == 303
        browser.get(f"{url}/reported-persons")
        pages[nik] = browser.page.split("<main")[1]
    session.expire_all()
    assert barred_house_ids(session, household_id=referral.household_id) == {there.house.id}
    assert "Rumah Satu" not in pages[NIK] and pages[NIK].count("<aside") == pages[OTHER_NIK].count("<aside")
    aside = [re.sub(r"<[^>]+>", " ", page.split("<aside")[1]) for page in pages.values()]
    assert aside[0] == aside[1]
    browser.get(f"{url}/beds")
    assert "Tidak boleh di rumah ini" not in browser.page and 'name="option"' not in browser.page
    assert f"{url}/conflicts" not in browser.page
    browser.sign_in(there.manager)
    browser.get(f"{url}/reported-persons")
    assert "Rumah Satu" in browser.page.split("<main")[1]


def test_whoever_must_know_nothing_reads_that_the_bed_is_gone_when_the_conflict_is_found_at_the_door(
    session, make, two, browser
):
    there, kenari, _merbau = two
    her = denied_to_her(make, there, kenari)
    for who, said in ((her, "taken=1"), (there.manager, "barred=1")):
        referral = referred(make, nik=NIK)
        browser.sign_in(who)
        browser.get(f"/referrals/{referral.ref}/beds")
        option = browser.page.split('name="option" value="')[1].split('"')[0]
        door = browser.post(f"/referrals/{referral.ref}/beds", option=option).location
        browser.get(door)
        name_resident(session, kenari.one, nik=NIK)
        answer = browser.post(door, fields=arrival(browser))
        assert answer.status_code == 303 and said in answer.location, answer.location
        session.execute(delete(BlindIndex).where(BlindIndex.owner == kenari.one.ref))
        session.execute(delete(Conflict))
        session.commit()


def test_nobody_moves_where_somebody_lives_of_whom_this_person_must_know_nothing_and_no_reason_is_given(
    session, make, two, browser
):
    there, kenari, _merbau = two
    elsewhere = place(make, "Rumah Dua")
    merbau = family(make, elsewhere.beds[0], alias="Merbau")
    her = denied_to_her(make, there, kenari)
    session.add(Clearance(account_id=her.id, house_id=elsewhere.house.id, since=make.clock.now))
    session.commit()
    reported(make, kenari, nik=NIK)
    reported(make, merbau, nik=NIK)
    browser.sign_in(her)
    browser.get(f"/residents/{merbau.one.ref}/move")
    shown = browser.page.split("<main")[1]
    assert str(elsewhere.beds[1].ref) in shown
    assert "Rumah Satu" not in shown and str(there.beds[1].ref) not in shown
