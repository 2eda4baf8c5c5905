"""Who may agree for whom, what it is worth on a day, and what the page refuses."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from safehouse.access.models import Agency, CoSignature, House
from safehouse.access.permissions import Role
from safehouse.residents.consents_in_words import REFUSALS
from safehouse.residents.models import (
    Consent,
    ConsentItem,
    Denial,
    GivenBy,
    Guardian,
    Household,
    Reading,
    Relationship,
    Sex,
    Side,
    Signing,
)
from safehouse.residents.operations.consents import (
    Answer,
    ConsentRefusal,
    ConsentRefused,
    Sitting,
    guardian_at_home,
    guardian_outside,
    mark_reported,
    record_answers,
    undo_withdrawal,
    withdraw_consent,
)
from safehouse.residents.operations.guardians import Outsider, is_reported
from safehouse.residents.operations.identifying import Identity, record_identity
from safehouse.residents.operations.matters import add_party, open_matter
from safehouse.residents.operations.safety import note_reported_person
from safehouse.residents.queries.consents import agreed_to, guardians_of
from safehouse.residents.rules.consent_texts import ITEMS, RIGHTS, VERSION
from safehouse.residents.rules.consenting import (
    Given,
    NotNow,
    counts,
    is_asked_herself,
    is_child,
    local_day,
    why_not_now,
)
from safehouse.shelter.queries.duties import _asked_so_far
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.office import actor
from tests.shelter.arriving import reading

TODAY = dt.date(2026, 11, 21)
days = st.dates(dt.date(1930, 1, 1), dt.date(2090, 12, 31))


@pytest.fixture
def house(make):
    return make.house()


@pytest.fixture
def staff(make, house):
    return make.account(Role.STAFF, house)


@pytest.fixture
def witness(make, house):
    return make.account(Role.STAFF, house)


@pytest.fixture
def family(make, house):
    """A mother and a daughter of eleven who live here."""
    beds, household = make.beds(make.room(house, beds=2)), make.household()
    mother = make.resident(beds[0], household=household, alias="Kenari")
    child = make.resident(beds[1], household=household, alias="Anak Kenari", birth_month=dt.date(2015, 6, 1))
    return mother, child


def sitting(reader, witness, **more):
    return Sitting(
        **{
            "reading": Reading.ALOUD,
            "language": "javanese",
            "signed": Signing.SPOKEN,
            "reader_id": reader.id,
            "witness_id": witness.id if witness else None,
        }
        | more
    )


def keep(session, clock, resident, staff, witness, *answers, **more):
    return record_answers(
        session,
        resident=resident,
        answers=answers or (Answer(ConsentItem.STAY, True),),
        **{"sitting": sitting(staff, witness), "today": TODAY} | more,
        now=clock.now,
        by=actor(staff),
    )


# Reaching 18


def test_one_day_before_her_18th_birthday_she_is_a_child_and_on_it_an_adult():
    born = dt.date(2008, 11, 21)
    assert is_child(None, dt.date(2026, 11, 20), born=born)
    assert not is_child(None, dt.date(2026, 11, 21), born=born)


@given(born=days, on=days)
def test_whoever_is_a_child_by_her_birthday_is_one_by_its_month(born, on):
    if born <= on and is_child(None, on, born=born):
        assert is_child(born.replace(day=1), on), "by the month she is a child for longer, never shorter"


@given(month=days.map(lambda day: day.replace(day=1)), on=days)
def test_once_grown_up_she_stays_grown_up(month, on):
    if not is_child(month, on):
        assert not is_child(month, on + dt.timedelta(days=1))
        assert not is_asked_herself(month, on)


def test_she_is_18_from_midnight_where_she_lives():
    eastern = ZoneInfo("Asia/Jayapura")
    before = dt.datetime(2026, 11, 30, 14, 59, tzinfo=dt.UTC)
    birth_month = dt.date(2008, 11, 1)
    assert is_child(birth_month, local_day(before, eastern))
    assert not is_child(birth_month, local_day(before + dt.timedelta(minutes=1), eastern))
    assert is_child(birth_month, local_day(before + dt.timedelta(minutes=1), ZoneInfo("Asia/Jakarta")))


@given(on=days, given_by=st.sampled_from([GivenBy.GUARDIAN, GivenBy.BEST_INTEREST]))
def test_what_others_agreed_to_counts_for_a_child_alone(on, given_by):
    assert counts(Given(True, given_by), child=True, on=on)
    assert why_not_now(Given(True, given_by), child=False, on=on) is NotNow.GROWN_UP


def test_the_last_day_still_counts_and_the_next_one_does_not():
    given_until = Given(True, GivenBy.HERSELF, until=TODAY)
    assert counts(given_until, child=False, on=TODAY)
    assert not counts(given_until, child=False, on=TODAY + dt.timedelta(days=1))


def test_when_she_turns_18_she_is_asked_herself(session, make, house, staff, witness, clock):
    child = make.resident(make.beds(make.room(house, beds=1))[0], birth_month=dt.date(2008, 11, 1))
    mother = make.resident(household=None)
    guardian = guardian_at_home(
        session, child=child, adult=mother, relationship=Relationship.MOTHER, now=clock.now, by=actor(staff)
    )
    keep(session, clock, child, staff, witness, guardian=guardian, child_agrees=True)
    last_day, first_day = dt.date(2026, 11, 30), dt.date(2026, 12, 1)
    assert agreed_to(session, residents=[child], item=ConsentItem.STAY, today=last_day) == {child.id}
    assert agreed_to(session, residents=[child], item=ConsentItem.STAY, today=first_day) == frozenset()
    keep(session, clock, child, staff, witness, today=first_day)
    assert agreed_to(session, residents=[child], item=ConsentItem.STAY, today=first_day) == {child.id}


# What is read to her


def test_a_changed_text_has_a_new_version():
    import hashlib

    words = "|".join(f"{key}:{text.id}:{text.en}" for key, text in [*RIGHTS.items(), *ITEMS.items()])
    assert (VERSION, hashlib.sha256(words.encode()).hexdigest()[:12]) == ("2026-11", "a9bcf28c891a"), (
        "whoever changes what is read gives it a new version"
    )


def test_every_item_has_a_text_in_both_languages():
    assert set(ITEMS) == set(ConsentItem)
    assert all(text.id and text.en and text.id != text.en for text in [*ITEMS.values(), *RIGHTS.values()])


# What is refused


def test_a_consent_without_witness_is_refused(session, family, staff, clock):
    with pytest.raises(ConsentRefused) as refused:
        keep(session, clock, family[0], staff, None)
    assert refused.value.reason is ConsentRefusal.NO_WITNESS
    assert session.scalar(select(func.count()).select_from(Consent)) == 0


def test_nobody_is_a_witness_of_her_own_reading(session, family, staff, clock):
    with pytest.raises(ConsentRefused) as refused:
        keep(session, clock, family[0], staff, staff)
    assert refused.value.reason is ConsentRefusal.WITNESS_IS_READER


def test_a_child_does_not_sign_for_herself_and_an_adult_has_no_guardian(session, family, staff, witness, clock):
    mother, child = family
    with pytest.raises(ConsentRefused):
        keep(session, clock, child, staff, witness, child_agrees=True)
    guardian = guardian_at_home(
        session, child=child, adult=mother, relationship=Relationship.MOTHER, now=clock.now, by=actor(staff)
    )
    with pytest.raises(ConsentRefused) as refused:
        keep(session, clock, mother, staff, witness, guardian=guardian)
    assert refused.value.reason is ConsentRefusal.NOT_HERS_TO_GIVE


def test_a_child_of_ten_is_asked_what_she_thinks(session, family, staff, witness, clock):
    mother, child = family
    guardian = guardian_at_home(
        session, child=child, adult=mother, relationship=Relationship.MOTHER, now=clock.now, by=actor(staff)
    )
    with pytest.raises(ConsentRefused) as refused:
        keep(session, clock, child, staff, witness, guardian=guardian)
    assert refused.value.reason is ConsentRefusal.CHILD_NOT_ASKED
    kept = keep(session, clock, child, staff, witness, guardian=guardian, child_agrees=False)
    assert kept[0].child_agrees is False and kept[0].granted, "a no is written down and talked about"


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (TODAY - dt.timedelta(days=1), ConsentRefusal.UNTIL_HAS_PASSED),
        (TODAY + dt.timedelta(days=400), ConsentRefusal.UNTIL_TOO_FAR),
    ],
)
def test_an_end_that_has_passed_or_is_too_far_away_is_refused(session, family, staff, witness, clock, until, reason):
    with pytest.raises(ConsentRefused) as refused:
        keep(session, clock, family[0], staff, witness, Answer(ConsentItem.PHOTOGRAPH, True, until))
    assert refused.value.reason is reason


def test_what_an_agency_may_be_told_always_ends(session, make, family, staff, witness, clock):
    from safehouse.residents.models import Told

    agency = make.saved(Agency(name="Unit PPA Polres"))
    with pytest.raises(ConsentRefused) as refused:
        keep(session, clock, family[0], staff, witness, Answer(ConsentItem.AGENCY, True, None, agency, Told.SAFE))
    assert refused.value.reason is ConsentRefusal.AGENCY_WITHOUT_END
    until = TODAY + dt.timedelta(days=90)
    keep(session, clock, family[0], staff, witness, Answer(ConsentItem.AGENCY, True, until, agency, Told.SAFE))
    keep(session, clock, family[0], staff, witness, Answer(ConsentItem.AGENCY, False, None, agency, Told.SAFE))
    standing = session.scalars(select(Consent).where(Consent.replaced_at.is_(None))).all()
    assert [one.granted for one in standing] == [False], "the new answer took the place of the old one"


def test_every_refusal_has_its_sentence():
    assert set(REFUSALS) == set(ConsentRefusal)


# Withdrawing


def test_a_yes_taken_back_counts_no_more_and_stays_written(session, family, staff, witness, clock):
    mother = family[0]
    (kept,) = keep(session, clock, mother, staff, witness)
    withdraw_consent(session, consent=kept, resident=mother, now=clock.now, by=actor(staff))
    assert agreed_to(session, residents=[mother], item=ConsentItem.STAY, today=TODAY) == frozenset()
    assert session.scalar(select(func.count()).select_from(Consent)) == 1
    with pytest.raises(ConsentRefused):
        withdraw_consent(session, consent=kept, resident=mother, now=clock.now, by=actor(staff))
    undo_withdrawal(session, consent=kept, resident=mother, now=clock.now, by=actor(staff))
    assert agreed_to(session, residents=[mother], item=ConsentItem.STAY, today=TODAY) == {mother.id}
    acts = list(session.scalars(select(TrailEntry.act).order_by(TrailEntry.seq)))
    assert acts[-3:] == [Act.CONSENT_RECORDED, Act.CONSENT_WITHDRAWN, Act.CONSENT_RECORDED]


def test_a_withdrawal_is_not_undone_over_a_newer_answer(session, family, staff, witness, clock):
    mother = family[0]
    (kept,) = keep(session, clock, mother, staff, witness)
    withdraw_consent(session, consent=kept, resident=mother, now=clock.now, by=actor(staff))
    keep(session, clock, mother, staff, witness, Answer(ConsentItem.STAY, False))
    with pytest.raises(ConsentRefused) as refused:
        undo_withdrawal(session, consent=kept, resident=mother, now=clock.now, by=actor(staff))
    assert refused.value.reason is ConsentRefusal.ANSWERED_SINCE


# A reported person as guardian


@pytest.fixture
def reported(session, make, family, clock):
    from safehouse.residents.models import Household

    household = session.get_one(Household, family[0].household_id)
    return note_reported_person(
        session,
        household=household,
        relationship=Relationship.HUSBAND,
        name="Slamet Riyadi",
        phone="0812 3456 7890",
        now=clock.now,
        by=actor(make.account(Role.CASEWORKER)),
    )


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


# The page of one resident


def answer_fields(witness, **more):
    return reading(witness) | {"item": "photograph", "said": "yes"} | more


def test_an_answer_is_added_withdrawn_with_one_press_and_brought_back(browser, session, family, staff, witness):
    mother = family[0]
    browser.sign_in(staff)
    path = f"/residents/{mother.ref}/consents"
    browser.get(path)
    added = browser.post(path, fields=answer_fields(witness))
    assert added.status_code == 303, browser.page
    browser.get(path)
    consent = session.scalars(select(Consent)).one()
    assert str(consent.ref) in browser.page and witness.shown_name in browser.page
    done = browser.post(f"/consents/{consent.ref}/withdraw")
    browser.get(done.location)
    act = done.location.split("done=")[1]
    assert f"/consents/{act}/undo" in browser.page
    session.expire_all()
    assert session.scalars(select(Consent)).one().withdrawn_at is not None
    assert browser.post(f"/consents/{act}/undo").status_code == 303
    session.expire_all()
    assert session.scalars(select(Consent)).one().withdrawn_at is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"witness": ""}, "witness"),
        ({"rights": ["leave", "free"]}, "rights"),
        ({"signed": "paper"}, "sheet_number"),
        ({"language": ""}, "language"),
        ({"said": "later"}, "said"),
        ({"until-d": "1", "until-m": "2", "until-y": "2020"}, "until"),
        ({"until-d": "31", "until-m": "11", "until-y": "2026"}, "until"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(
    browser, session, family, staff, witness, wrong, field
):
    browser.sign_in(staff)
    path = f"/residents/{family[0].ref}/consents"
    browser.get(path)
    assert browser.post(path, fields=answer_fields(witness) | wrong).status_code == 200
    assert f'id="{field}-e"' in browser.page
    assert session.scalar(select(func.count()).select_from(Consent)) == 0
    assert '<option value="photograph" selected>' in browser.page, "what was chosen stays chosen"


def test_a_reported_person_as_guardian_is_refused_beside_the_field(browser, session, family, reported, staff, witness):
    child = family[1]
    session.commit()
    browser.sign_in(staff)
    path = f"/residents/{child.ref}/consents"
    browser.get(path)
    fields = answer_fields(
        witness,
        item="stay",
        guardian="outside",
        opinion="yes",
        outside_name="Slamet Riyadi",
        outside_relationship="father",
        outside_reported="no",
    )
    assert browser.post(path, fields=fields).status_code == 200
    assert 'id="outside_name-e"' in browser.page and "Slamet Riyadi" in browser.page
    assert session.scalar(select(func.count()).select_from(Consent)) == 0
    assert session.scalar(select(func.count()).select_from(Guardian)) == 0
    refused = select(func.count()).where(TrailEntry.act == Act.CONSENT_RECORDED, TrailEntry.result == Result.REFUSED)
    assert session.scalar(refused) == 1
    said_so = fields | {"outside_name": "Sri Wahyuni", "outside_reported": "yes"}
    assert browser.post(path, fields=said_so).status_code == 200
    assert 'id="outside_reported-e"' in browser.page


def test_where_no_guardian_may_sign_two_of_the_staff_decide_for_the_child(
    browser, make, session, family, staff, witness
):
    child = family[1]
    browser.sign_in(staff)
    path = f"/residents/{child.ref}/consents"
    browser.get(path)
    fields = answer_fields(witness, item="stay", guardian="staff", opinion="yes")
    alone = browser.post(path, fields=fields)
    assert alone.status_code == 200 and 'id="reason-e"' in browser.page and 'id="second_code-e"' in browser.page
    beside = make.account(Role.STAFF, session.get_one(House, child.house_id))
    both = fields | {
        "reason": "Wali adalah terlapor; anak aman bersama ibu.",
        "second_name": witness.username,
        "second_code": make.code(witness),
    }
    assert browser.post(path, fields=both).status_code == 200, "the witness is a third person"
    assert 'id="witness-e"' in browser.page and session.scalar(select(func.count()).select_from(Consent)) == 0
    both |= {"second_name": beside.username, "second_code": make.code(beside)}
    assert browser.post(path, fields=both).status_code == 303, browser.page
    kept = session.scalars(select(Consent)).one()
    assert kept.given_by is GivenBy.BEST_INTEREST and kept.co_signature_id is not None
    assert b"terlapor" not in kept.reason


def test_whoever_is_denied_somebody_of_the_family_is_neither_witness_nor_second_person(
    browser, make, session, family, staff, witness, clock
):
    mother, child = family
    cousin = make.account(Role.STAFF, session.get_one(House, child.house_id), shown_name="Sepupu")
    make.saved(Denial(resident_id=mother.id, account_id=cousin.id, since=clock.now))
    browser.sign_in(staff)
    path = f"/residents/{child.ref}/consents"
    page = browser.get(path).text
    assert witness.shown_name in page and "Sepupu" not in page
    by_two = answer_fields(witness, item="stay", guardian="staff", opinion="yes", reason="Wali adalah terlapor.")
    signed = by_two | {"second_name": cousin.username, "second_code": make.code(cousin)}
    assert browser.post(path, fields=signed).status_code == 200 and 'id="second_code-e"' in browser.page
    assert browser.post(path, fields=signed | {"witness": str(cousin.ref)}).status_code == 200
    assert session.scalar(select(func.count()).select_from(Consent)) == 0
    assert session.scalar(select(func.count()).select_from(CoSignature)) == 0


def test_house_staff_do_not_reach_the_consents_of_another_house(browser, make, family, witness):
    browser.sign_in(make.account(Role.STAFF, make.house()))
    assert browser.get(f"/residents/{family[0].ref}/consents").status_code == 404
    assert browser.post(f"/residents/{family[0].ref}/consents", fields=answer_fields(witness)).status_code == 404


def test_a_boy_is_no_different(session, make, house, staff, witness, clock):
    boy = make.resident(make.beds(make.room(house, beds=1))[0], sex=Sex.MALE, birth_month=dt.date(2020, 1, 1))
    with pytest.raises(ConsentRefused):
        keep(session, clock, boy, staff, witness)


# Notes for staff


def test_at_most_three_notes_stand_and_the_fourth_is_refused_beside_its_field(browser, make, session, family, house):
    from safehouse.residents.models import Alert

    browser.sign_in(make.account(Role.MANAGER, house))
    path = f"/residents/{family[0].ref}/alerts"
    for n in range(3):
        browser.get(path)
        kind = "never" if n else "do"
        assert browser.post(path, kind=kind, words=f"Jangan sebut desanya {n}").status_code == 303
    assert browser.post(path, kind="do", words="Yang keempat").status_code == 200
    assert 'id="words-e"' in browser.page and 'value="Yang keempat"' in browser.page
    assert session.scalar(select(func.count()).select_from(Alert)) == 3
    alert = session.scalars(select(Alert).order_by(Alert.id)).first()
    assert b"desanya" not in alert.words
    ended = browser.post(f"/alerts/{alert.ref}/end")
    act = ended.location.split("done=")[1]
    browser.get(ended.location)
    assert "Jangan sebut desanya 0" not in browser.page.split("<form")[0] and f"/alerts/{act}/undo" in browser.page
    assert browser.post(f"/alerts/{act}/undo").status_code == 303
    session.expire_all()
    assert session.scalar(select(func.count()).where(Alert.until.is_(None))) == 3


def test_the_notes_of_one_page_are_one_entry_of_the_record(browser, make, session, family, house):
    manager = make.account(Role.MANAGER, house)
    browser.sign_in(manager)
    path = f"/residents/{family[0].ref}/alerts"
    for words in ("Satu", "Dua"):
        browser.post(path, kind="do", words=words)
    before = session.scalar(select(func.count()).where(TrailEntry.act == Act.VALUE_OPENED))
    browser.get(path)
    after = session.scalar(select(func.count()).where(TrailEntry.act == Act.VALUE_OPENED))
    assert after == before + 1


def test_house_staff_write_no_notes(browser, family, staff):
    browser.sign_in(staff)
    assert browser.get(f"/residents/{family[0].ref}/alerts").status_code == 404


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
        agreed, _asked = _asked_so_far(session, manager.id, manager.role)
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
