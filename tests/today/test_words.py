"""Every duty has words and a page, every happening a sentence, in both languages."""

import datetime as dt

import pytest

from safehouse.access.models import Act as ActRow
from safehouse.access.models import CoSignature
from safehouse.gathered import Topic
from safehouse.residents.models import (
    AlertKind,
    ConsentItem,
    Grant,
    Guardian,
    HealthOutcome,
    Household,
    Matter,
    Relationship,
    ReportedPerson,
)
from safehouse.residents.queries.timeline import timeline as personal
from safehouse.residents.rules.duties import DutyKind as Owed
from safehouse.residents.rules.happenings import Happening as Personal
from safehouse.services.rules.duties import DutyKind as Planned
from safehouse.shelter.choices import DecidedAs, Destination, ExtensionAnswer, KeptWhere, StayEnd
from safehouse.shelter.models import Belonging, Decision, Departure, Stay
from safehouse.shelter.queries.timeline import timeline as of_the_stay
from safehouse.shelter.rules.duties import DutyKind, Missing
from safehouse.shelter.rules.happenings import Happening as InStay
from safehouse.today.views.page import COMPLETE_ON, PAGES
from safehouse.today.words import MISSING, OWED, PERSONAL, PLANNED, SHELTER_DUTIES, STAYS, TOPIC_ICONS, TOPICS
from safehouse.vault.operations import key_of, seal
from tests.today.office_of_today import World
from tests.today.test_resident_page import main, medicine, note, url

HOUR = dt.timedelta(hours=1)


def test_every_duty_has_words_and_a_page_that_exists(app):
    assert set(PLANNED) == set(Planned)
    assert set(SHELTER_DUTIES) == set(DutyKind) and set(OWED) == set(Owed) and set(MISSING) == set(Missing)
    # What is asked after an arrival has several pages, and a bed is said to be ready in its row.
    assert set(PAGES) == (set(DutyKind) | set(Owed) | set(Planned)) - {DutyKind.COMPLETE, DutyKind.CLEAN}
    assert set(COMPLETE_ON) == set(Missing)
    assert {*PAGES.values(), *COMPLETE_ON.values()} <= set(app.view_functions)


def test_every_happening_has_words_and_every_topic_a_sign():
    assert set(STAYS) == set(InStay) and set(PERSONAL) == set(Personal)
    assert set(TOPICS) == set(TOPIC_ICONS) == set(Topic)


def lived_through_everything(world):
    """Someone to whom everything a timeline can tell has happened."""
    session, now = world.session, world.clock.now
    one = world.lives_here(alias="Kenari", arrived=now - dt.timedelta(days=12))
    placement = world.placement(one)
    world.screened(world.emergency(one))
    session.add(
        Decision(
            number=7,
            referral_id=placement.referral_id,
            house_id=world.house.id,
            granted=True,
            decided_as=DecidedAs.HEAD,
            at=now - 9 * HOUR,
            by_id=world.manager.id,
        )
    )
    stay = session.query(Stay).filter_by(resident_id=one.id).one()
    stay.ended_at, stay.ended_by = now - 8 * HOUR, StayEnd.MOVED
    session.flush()
    session.add(Stay(placement_id=placement.id, resident_id=one.id, bed_id=world.bed().id, started_at=now - 8 * HOUR))
    world.away(one, from_at=now - 7 * HOUR, due_back=now - 6 * HOUR, back_at=now - 6 * HOUR)
    world.away(one, from_at=now - 5 * HOUR, due_back=now - 5 * HOUR, back_at=now - 4 * HOUR, without_notice=True)
    world.asked(one)
    act = world.make.saved(
        ActRow(key=one.ref, account_id=world.staff.id, kind="intake:record", at=now, subject=one.ref)
    )
    signature = world.make.saved(CoSignature(account_id=world.worker.id, act_id=act.id, at=now))
    thing = Belonging(
        placement_id=placement.id,
        kept=next(iter(KeptWhere)),
        listed_at=now,
        listed_by_id=world.staff.id,
        co_signature_id=signature.id,
    )
    thing.what = seal(session, thing, "what", "Kenanga", key=key_of(session, one.ref))
    row = world.asks_for_days(one)
    row.decided_at, row.granted, row.granted_until, row.answered = now, True, row.until, ExtensionAnswer.AS_ASKED
    departure = Departure(placement_id=placement.id, at=now, place_kind=Destination.OWN_FAMILY, by_id=world.staff.id)
    note(world, one, AlertKind.DO, "x", until=now)
    medicine(world, one, "x", "1", "0700").until = now
    world.checks(one, outcome=HealthOutcome.DECLINED)
    world.agreed(one, ConsentItem.STAY, withdrawn_at=now)
    grant = Grant(resident_id=one.id, account_id=world.manager.id, since=now, until=now + HOUR)
    grant.reason = seal(session, grant, "reason", "Kenanga", key=key_of(session, one.ref))
    guardian = Guardian(child_id=one.id, relationship=Relationship.MOTHER, since=now)
    guardian.name = seal(session, guardian, "name", "Kenanga", key=key_of(session, one.ref))
    family = session.get_one(Household, one.household_id)
    reported = ReportedPerson(
        household_id=family.id, relationship=Relationship.HUSBAND, noted_at=now, noted_by_id=world.worker.id
    )
    reported.name = seal(session, reported, "name", "Kenanga", key=key_of(session, family.ref))
    matter = Matter(
        household_id=family.id,
        sexual_violence=True,
        child_offender=False,
        victim_reported_at=now - HOUR,
        police_told_at=now,
        opened_at=now,
        opened_by_id=world.worker.id,
    )
    session.add_all([thing, departure, grant, guardian, reported, matter])
    other = world.assign(one, world.make.account(world.worker.role, world.house), coordinator=False)
    other.until = now
    session.commit()
    return one


@pytest.mark.parametrize("language", ["id", "en"])
def test_everything_that_can_happen_is_told_in_a_sentence(make, browser, language):
    make.office()
    world = World(make)
    one = lived_through_everything(world)
    happened = [
        *personal(world.session, resident_id=one.id),
        *of_the_stay(world.session, resident_id=one.id),
    ]
    assert {item.kind for item in happened} == set(InStay) | set(Personal)
    world.manager.language = language
    world.session.commit()
    browser.sign_in(world.manager)
    for page in (1, 2):
        assert browser.get(url(one, page=page)).status_code == 200
        assert "%(" not in main(browser)
        assert "Kenanga" not in main(browser), "a timeline opens nothing sealed"


def test_an_asking_that_nobody_answered_in_time_has_no_answer(make):
    make.office()
    world = World(make)
    one = world.lives_here()
    row = world.asks_for_days(one)
    row.decided_at, row.granted, row.answered = world.clock.now, False, ExtensionAnswer.LAPSED
    world.session.commit()
    told = {item.kind for item in of_the_stay(world.session, resident_id=one.id)}
    assert InStay.EXTENSION_ASKED in told and InStay.EXTENSION_DECIDED not in told
