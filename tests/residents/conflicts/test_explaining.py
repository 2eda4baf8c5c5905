"""What is kept of a conflict, who writes one down by hand, who reads why it stands, and who lifts it."""

import logging

import pytest
from sqlalchemy import func, select

from safehouse.access.permissions import Role
from safehouse.residents.models import (
    Conflict,
    ConflictKind,
    ReportedPerson,
)
from safehouse.residents.operations.relations import keep_relation
from safehouse.residents.operations.safety import (
    LiftReason,
    SafetyRefusal,
    SafetyRefused,
    lift_conflict,
    note_relatives,
)
from safehouse.residents.queries.safety import find_conflict
from safehouse.shelter.operations.families import household_of
from safehouse.trail.acts import Act
from safehouse.trail.models import ActorKind, TrailEntry, TrailSubject
from tests.office import actor
from tests.residents.conflicts.two_families import check, denied_to_her
from tests.residents.safety import NIK, PHONE, family, place, reported

# What is kept


def test_a_check_that_is_asked_again_keeps_nothing_twice(session, make, two):
    _there, kenari, merbau = two
    reported(make, kenari, nik=NIK)
    reported(make, merbau, nik=NIK)
    assert [check(make, who) for who in (kenari, merbau, kenari)] == [0, 0, 0]
    assert session.scalar(select(func.count()).select_from(Conflict)) == 1


def test_what_was_lifted_comes_back_only_with_a_newer_fact(session, make, two):
    _there, kenari, merbau = two
    reported(make, kenari, name="Slamet Riyadi")
    reported(make, merbau, name="Slamet Riyadi")
    (conflict,) = session.scalars(select(Conflict))
    manager = actor(make.account(Role.MANAGER))
    make.clock.forward(minutes=5)
    lift_conflict(session, conflict=conflict, reason=LiftReason.OTHER_PEOPLE, now=make.clock.now, by=manager)
    session.commit()
    assert check(make, merbau) == 0
    make.clock.forward(minutes=5)
    reported(make, merbau, name="Slamet Riyadi")
    assert [one.lifted_at is None for one in session.scalars(select(Conflict).order_by(Conflict.id))] == [False, True]


def test_nobody_lifts_a_conflict_twice(session, make, two):
    _there, kenari, merbau = two
    by = actor(make.account(Role.MANAGER))
    note_relatives(session, household=kenari.household, other=merbau.household, now=make.clock.now, by=by)
    (conflict,) = session.scalars(select(Conflict))
    lift_conflict(session, conflict=conflict, reason=LiftReason.WRITTEN_BY_MISTAKE, now=make.clock.now, by=by)
    with pytest.raises(SafetyRefused) as refused:
        lift_conflict(session, conflict=conflict, reason=LiftReason.WRITTEN_BY_MISTAKE, now=make.clock.now, by=by)
    assert refused.value.reason is SafetyRefusal.NOT_STANDING


def test_relatives_written_by_hand_stand_once_and_never_within_one_family(session, make, two):
    _there, kenari, merbau = two
    by = actor(make.account(Role.CASEWORKER))
    note_relatives(session, household=merbau.household, other=kenari.household, now=make.clock.now, by=by)
    for other, reason in (
        (kenari, SafetyRefusal.ALREADY_STANDS),
        (merbau, SafetyRefusal.SAME_HOUSEHOLD),
    ):
        with pytest.raises(SafetyRefused) as refused:
            note_relatives(session, household=merbau.household, other=other.household, now=make.clock.now, by=by)
        assert refused.value.reason is reason


def test_a_reported_person_of_whom_nothing_is_known_is_refused(session, make, two):
    _there, kenari, _merbau = two
    with pytest.raises(SafetyRefused):
        reported(make, kenari, name="  ", phone="")


def test_a_check_of_names_is_one_reading_by_the_system_that_names_everyone_it_opened(session, make, two):
    _there, kenari, merbau = two
    reported(make, kenari, name="Slamet Riyadi")
    last = session.scalar(select(func.max(TrailEntry.seq)))
    reported(make, merbau, name="Joko Susilo")
    entries = session.scalars(select(TrailEntry).where(TrailEntry.seq > last)).all()
    (opened,) = [one for one in entries if one.act == Act.VALUE_OPENED]
    assert (opened.actor_kind, opened.purpose) == (ActorKind.SYSTEM, "conflict check")
    subjects = set(session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq == opened.seq)))
    assert subjects == {kenari.household.ref, merbau.household.ref}


def test_a_check_without_names_opens_nothing(session, make, two):
    _there, kenari, merbau = two
    reported(make, kenari, name="Slamet Riyadi")
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert check(make, merbau) == 0
    acts = set(session.scalars(select(TrailEntry.act).where(TrailEntry.seq > last)))
    assert acts == {Act.CONFLICTS_CHECKED}


def test_nothing_of_a_reported_person_stands_in_the_record_the_log_or_the_table(session, make, two, caplog):
    _there, kenari, merbau = two
    facts = {"name": "Burhanuddin Wiratmoko", "nik": NIK, "phone": PHONE, "plate": "G 4711 ZZ"}
    with caplog.at_level(logging.DEBUG):
        reported(make, kenari, **facts)
        reported(make, merbau, **facts)
    told = caplog.text + " ".join(f"{one.fields} {one.purpose}" for one in session.scalars(select(TrailEntry)))
    for value in (*facts.values(), "6281200000001", "G4711ZZ"):
        assert value not in told


# The pages


def test_a_caseworker_writes_down_a_reported_person_of_a_referral_and_sees_the_barred_house_only(
    session, make, two, browser
):
    there, kenari, _merbau = two
    reported(make, kenari, nik=NIK)
    referral = make.referral()
    browser.sign_in(make.account(Role.CASEWORKER, there.house))
    url = f"/referrals/{referral.ref}/reported-persons"
    assert browser.get(url).status_code == 200 and "Rumah Satu" not in browser.page.split("<main")[1]
    facts = {"relationship": "husband", "name": "Slamet Riyadi", "nik": NIK, "phone": "", "plate": ""}
    assert browser.post(url, fields=facts).status_code == 303
    browser.get(url)
    shown = browser.page.split("<main")[1]
    assert "Rumah Satu" in shown and "Kenari" not in shown and "Slamet" not in shown and NIK not in shown
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert browser.post(f"{url}/opened").status_code == 200
    assert "Slamet Riyadi" in browser.page and NIK in browser.page
    opened = session.scalars(select(TrailEntry).where(TrailEntry.seq > last, TrailEntry.act == Act.VALUE_OPENED)).one()
    session.refresh(referral)
    assert opened.subject == household_of(session, referral=referral).ref


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"nik": "123"}, "nik"),
        ({"phone": "abc"}, "phone"),
        ({"relationship": ""}, "relationship"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_a_reported_person_is_said_beside_the_field_and_nothing_is_lost(
    session, make, two, browser, wrong, field
):
    there, kenari, _merbau = two
    browser.sign_in(there.manager)
    url = f"/residents/{kenari.one.ref}/reported-persons"
    facts = {"relationship": "husband", "name": "Slamet Riyadi", "nik": "", "phone": "", "plate": ""} | wrong
    assert browser.post(url, fields=facts).status_code == 200
    assert f'id="{field}-e"' in browser.page and facts["name"] in browser.page
    assert session.scalar(select(func.count()).select_from(ReportedPerson)) == 0


def test_relatives_are_written_by_hand_and_the_manager_reads_why_and_lifts_it(session, make, two, browser):
    there, kenari, _merbau = two
    elsewhere = place(make, "Rumah Dua")
    ulin, sengon = family(make, there.beds[1], alias="Ulin"), family(make, elsewhere.beds[0], alias="Sengon")
    reported(make, kenari, nik=NIK)
    reported(make, sengon, nik=NIK)
    browser.sign_in(there.manager)
    url = f"/residents/{kenari.one.ref}"
    browser.get(f"{url}/never-together")
    assert "Ulin" in browser.page and "Sengon" not in browser.page
    assert browser.post(f"{url}/never-together", fields={"other": str(ulin.one.ref)}).status_code == 303
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert browser.get(f"{url}/conflicts").status_code == 200
    assert f"Ulin {ulin.one.code}" in browser.page
    assert "Sengon" not in browser.page and "Rumah Dua" not in browser.page.split("<main")[1]
    explained = session.scalars(
        select(TrailEntry).where(TrailEntry.seq > last, TrailEntry.act == Act.CONFLICT_EXPLAINED)
    ).one()
    assert explained.subject == kenari.household.ref
    by_hand = session.scalars(select(Conflict).where(Conflict.kind == ConflictKind.RELATIVES)).one()
    assert browser.post(f"{url}/conflicts", fields={"conflict": str(by_hand.ref)}).status_code == 200
    assert 'id="reason-e"' in browser.page
    lifting = {"conflict": str(by_hand.ref), "reason": "written_by_mistake"}
    assert browser.post(f"{url}/conflicts", fields=lifting).status_code == 303
    session.expire_all()
    assert by_hand.lifted_by_id == there.manager.id
    lifted = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.CONFLICT_LIFTED)).one()
    assert lifted.purpose == "written_by_mistake"


def test_lifting_what_stood_between_a_family_and_a_colleague_is_recorded_as_one_more_check(session, make, two):
    """The security officer keeps the relatives of staff and reads the record: it must not tell her of a match."""
    there, kenari, _merbau = two
    reported(make, kenari, nik=NIK)
    officer, colleague = make.account(Role.SECURITY_OFFICER), make.account(Role.STAFF, there.house)
    keep_relation(session, account=colleague, nik=NIK, now=make.clock.now, by=actor(officer))
    (conflict,) = session.scalars(select(Conflict))
    last = session.scalar(select(func.max(TrailEntry.seq)))
    lift_conflict(
        session, conflict=conflict, reason=LiftReason.OTHER_PEOPLE, now=make.clock.now, by=actor(there.manager)
    )
    session.commit()
    lifted = session.scalars(select(TrailEntry).where(TrailEntry.seq > last)).all()
    assert [(one.act, one.subject, one.purpose) for one in lifted] == [
        (Act.CONFLICTS_CHECKED, kenari.household.ref, None)
    ]
    assert session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq > last)).all() == []
    assert (conflict.lifted_at, conflict.lifted_by_id) == (make.clock.now, there.manager.id), "the row says who"


def test_nobody_reads_a_conflict_about_herself(session, make, two, browser):
    there, kenari, _merbau = two
    reported(make, kenari, nik=NIK)
    keep_relation(
        session,
        account=there.manager,
        nik=NIK,
        now=make.clock.now,
        by=actor(make.account(Role.SECURITY_OFFICER)),
    )
    session.commit()
    (conflict,) = session.scalars(select(Conflict))
    url = f"/residents/{kenari.one.ref}/conflicts"
    browser.sign_in(there.manager)
    assert browser.get(url).status_code == 200 and str(conflict.ref) not in browser.page
    assert '<th role="rowheader"' not in browser.page


def test_a_manager_neither_reads_nor_lifts_what_stands_between_this_family_and_one_denied_to_her(
    session, make, two, browser
):
    there, kenari, _merbau = two
    ulin = family(make, there.beds[1], alias="Ulin")
    her = denied_to_her(make, there, kenari)
    reported(make, kenari, nik=NIK)
    reported(make, ulin, nik=NIK)
    conflict = session.scalars(select(Conflict).where(Conflict.kind == ConflictKind.SAME_REPORTED)).one()
    url = f"/residents/{ulin.one.ref}/conflicts"
    lifting = {"conflict": str(conflict.ref), "reason": "other_people"}
    browser.sign_in(her)
    last = session.scalar(select(func.max(TrailEntry.seq)))
    assert browser.get(url).status_code == 200
    assert str(conflict.ref) not in browser.page and '<th role="rowheader"' not in browser.page
    assert kenari.household.ref not in set(
        session.scalars(select(TrailSubject.subject).where(TrailSubject.entry_seq > last))
    )
    assert browser.post(url, fields=lifting).status_code == 200
    found = find_conflict(session, household_id=ulin.household.id, ref=conflict.ref, account_id=her.id)
    session.expire_all()
    assert found is None and conflict.lifted_at is None
    browser.sign_in(there.manager)
    assert browser.post(url, fields=lifting).status_code == 303
    session.expire_all()
    assert conflict.lifted_by_id == there.manager.id


@pytest.mark.parametrize("role", [Role.STAFF, Role.CASEWORKER])
def test_why_is_for_the_manager_alone(make, two, browser, role):
    there, kenari, _merbau = two
    browser.sign_in(make.account(role, there.house))
    assert browser.get(f"/residents/{kenari.one.ref}/conflicts").status_code == 404
    assert browser.get(f"/referrals/{make.referral().ref}/conflicts").status_code == 404
