"""What a manager must read on her first page because it cannot wait for her to look."""

import pytest
from sqlalchemy import select

from safehouse.access.models import House, SignIn, StepUp
from safehouse.access.permissions import Role
from safehouse.residents.models import Conflict, ConflictKind, Denial
from safehouse.residents.operations.denying import deny
from safehouse.residents.rules.duties import EMERGENCY_TOLD_FOR, LINK_TOLD_FOR
from safehouse.residents.rules.duties import DutyKind as Owed
from safehouse.residents.rules.identifying import PURPOSE, SHOWN, IdentityReason
from safehouse.shelter.choices import DecidedAs
from safehouse.shelter.models import Decision
from safehouse.shelter.rules.duties import DutyKind
from tests.office import actor
from tests.today.office_of_today import World


@pytest.fixture
def world(make):
    make.office()
    return World(make)


def apart(world, one, other=None, account=None, kind=ConflictKind.RELATIVES):
    first, second = sorted((one.household_id, other.household_id)) if other else (one.household_id, None)
    return world.make.saved(
        Conflict(
            household_id=first,
            other_id=second,
            account_id=account.id if account else None,
            kind=kind,
            found_at=world.clock.now,
            found_by_id=world.worker.id,
        )
    )


def test_families_that_must_never_meet_under_one_roof_are_told_to_the_manager_once(world):
    one, other = world.lives_here(alias="Kenari"), world.lives_here(alias="Ulin")
    conflict = apart(world, one, other)
    duty = world.only(world.manager)
    assert (duty.kind, duty.due_at) == (Owed.UNDER_ONE_ROOF, conflict.found_at)
    assert world.found(world.staff) == world.found(world.worker) == []
    other.house_id = world.make.house("Rumah Dua").id
    world.session.commit()
    assert world.found(world.manager) == []


def test_a_colleague_who_is_related_to_the_reported_person_is_told_to_managers_but_not_to_herself(world):
    one = world.lives_here()
    related = world.make.account(Role.MANAGER, world.house)
    conflict = apart(world, one, account=related, kind=ConflictKind.STAFF_RELATED)
    assert world.kinds(world.manager) == [Owed.UNDER_ONE_ROOF]
    assert world.found(related) == []
    conflict.lifted_at, conflict.lifted_by_id = world.clock.now, world.manager.id
    world.session.commit()
    assert world.found(world.manager) == []


def test_that_a_manager_is_denied_a_resident_of_her_house_is_told_to_the_other_and_not_to_her(world):
    one = world.lives_here(alias="Kenari")
    second = world.make.account(Role.MANAGER, world.house, shown_name="Bu Rini")
    deny(
        world.session,
        resident=one,
        denied=second,
        stand_in=world.manager,
        reason="Kerabat terlapor.",
        now=world.clock.now,
        by=actor(world.worker),
    )
    world.session.commit()
    assert world.kinds(world.manager) == [Owed.DENIED_AT_WORK]
    assert world.found(second) == []


@pytest.mark.parametrize("denied", [0, 1])
def test_a_manager_who_must_know_nothing_of_one_family_is_not_told_of_the_other_under_one_roof(world, denied):
    families = world.lives_here(alias="Kenari"), world.lives_here(alias="Ulin")
    apart(world, *families)
    her = world.make.account(Role.MANAGER, world.house)
    world.make.saved(Denial(resident_id=families[denied].id, account_id=her.id, since=world.clock.now))
    assert Owed.UNDER_ONE_ROOF not in world.kinds(her)
    assert Owed.UNDER_ONE_ROOF in world.kinds(world.manager)


def test_an_identity_opened_in_an_emergency_is_told_for_a_day(world, browser):
    one = world.lives_here()
    browser.sign_in(world.worker)
    sign_in = world.session.scalars(select(SignIn.id).where(SignIn.account_id == world.worker.id)).one()
    for reason in (IdentityReason.MEDICAL, IdentityReason.EMERGENCY):
        world.make.saved(
            StepUp(
                sign_in_id=sign_in,
                account_id=world.worker.id,
                purpose=PURPOSE,
                reason=reason,
                subject=one.ref,
                since=world.clock.now,
                until=world.clock.now + SHOWN,
            )
        )
    assert world.kinds(world.manager) == [Owed.IDENTITY_OPENED]
    assert world.found(world.worker) == []
    world.clock.now += EMERGENCY_TOLD_FOR
    assert world.found(world.manager) == []


def test_a_family_the_head_did_not_accept_is_owed_an_onward_place_as_long_as_it_is_here(world):
    one = world.lives_here()
    referral = world.emergency(one)
    world.screened(referral)
    decision = world.make.saved(
        Decision(
            number=1,
            referral_id=referral.id,
            house_id=world.house.id,
            granted=False,
            decided_as=DecidedAs.HEAD,
            at=world.clock.now,
            by_id=world.manager.id,
        )
    )
    for who in (world.worker, world.manager):
        assert DutyKind.NOT_GRANTED in world.kinds(who)
        assert DutyKind.CONFIRM not in world.kinds(who)
    decision.undone_at = world.clock.now
    world.session.commit()
    assert DutyKind.NOT_GRANTED not in world.kinds(world.worker)
    assert DutyKind.CONFIRM in world.kinds(world.manager)


# Families that a reported person joins, in two houses


@pytest.fixture
def elsewhere(world):
    """A family in another house, and its manager."""
    house = world.make.house("Rumah Dua")
    bed = world.make.beds(world.make.room(house, "1", beds=2))[0]
    resident = world.make.resident(bed, alias="Ulin", arrived=world.clock.now)
    return resident, world.make.account(Role.MANAGER, house, language="en")


def linked(world, account):
    return [one for one in world.found(account) if one.kind == Owed.LINKED]


@pytest.mark.parametrize("kind", list(ConflictKind))
def test_a_reported_person_found_in_another_house_is_told_to_the_managers_of_both_for_a_week(world, elsewhere, kind):
    here, (there, their_manager) = world.lives_here(alias="Kenari"), elsewhere
    apart(world, here, there, kind=kind)
    counts = kind in {ConflictKind.REPORTED_LIVES_HERE, ConflictKind.SAME_REPORTED}
    for account, own, other in ((world.manager, here, there), (their_manager, there, here)):
        found = linked(world, account)
        assert [(one.subject, one.alias) for one in found] == ([(own.ref, own.alias)] if counts else [])
        assert other.alias not in repr(found) and other.code not in repr(found)
    assert linked(world, world.worker) == linked(world, world.staff) == []
    world.clock.now += LINK_TOLD_FOR
    assert linked(world, world.manager) == linked(world, their_manager) == []


def test_who_manages_both_houses_is_told_once_and_under_one_roof_only_that(world, elsewhere, browser):
    here, (there, _their_manager) = world.lives_here(alias="Kenari"), elsewhere
    both = world.make.account(Role.MANAGER, world.house, there_house(world, there), language="en")
    apart(world, here, there, kind=ConflictKind.SAME_REPORTED)
    assert len(linked(world, both)) == 1
    browser.sign_in(world.manager).get("/today")
    assert f"/residents/{here.ref}/conflicts" in browser.page and "Ulin" not in browser.page
    browser.get(f"/residents/{here.ref}/conflicts")
    assert "Ulin" not in browser.page, "the page of the reasons says no more"
    there.house_id = here.house_id
    world.session.commit()
    assert [one.kind for one in world.found(both) if one.kind in {Owed.LINKED, Owed.UNDER_ONE_ROOF}] == [
        Owed.UNDER_ONE_ROOF
    ]


def there_house(world, resident):
    return world.session.get(House, resident.house_id)


@pytest.mark.parametrize("denied", ["here", "there"])
def test_a_link_is_told_to_nobody_who_must_know_nothing_of_one_of_the_families(world, elsewhere, denied):
    here, (there, _their_manager) = world.lives_here(alias="Kenari"), elsewhere
    apart(world, here, there, kind=ConflictKind.REPORTED_LIVES_HERE)
    her = world.make.account(Role.MANAGER, world.house)
    about = here if denied == "here" else there
    world.make.saved(Denial(resident_id=about.id, account_id=her.id, since=world.clock.now))
    assert linked(world, her) == [] and len(linked(world, world.manager)) == 1


@pytest.mark.parametrize("side", ["here", "there"])
def test_a_link_is_not_told_to_a_manager_related_to_somebody_they_reported(world, elsewhere, side):
    here, (there, _their_manager) = world.lives_here(alias="Kenari"), elsewhere
    apart(world, here, there, kind=ConflictKind.SAME_REPORTED)
    related = world.make.account(Role.MANAGER, world.house)
    apart(world, here if side == "here" else there, account=related, kind=ConflictKind.STAFF_RELATED)
    assert linked(world, related) == [] and len(linked(world, world.manager)) == 1


def test_a_link_that_was_lifted_or_with_a_family_that_left_is_told_no_more(world, elsewhere):
    here, (there, _their_manager) = world.lives_here(alias="Kenari"), elsewhere
    conflict = apart(world, here, there, kind=ConflictKind.SAME_REPORTED)
    lives_in, there.house_id = there.house_id, None
    world.session.commit()
    assert linked(world, world.manager) == []
    there.house_id = lives_in
    conflict.lifted_at, conflict.lifted_by_id = world.clock.now, world.manager.id
    world.session.commit()
    assert linked(world, world.manager) == []
