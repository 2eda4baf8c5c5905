"""Who may agree for herself, what it is worth on a day, what is refused, and what is taken back."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from safehouse.access.models import Agency
from safehouse.residents.consents_in_words import REFUSALS
from safehouse.residents.models import (
    Consent,
    ConsentItem,
    GivenBy,
    Relationship,
    Sex,
)
from safehouse.residents.operations.consents import (
    Answer,
    ConsentRefusal,
    ConsentRefused,
    guardian_at_home,
    undo_withdrawal,
    withdraw_consent,
)
from safehouse.residents.queries.consents import agreed_to
from safehouse.residents.rules.ageing import is_child
from safehouse.residents.rules.consent_texts import ITEMS, RIGHTS, VERSION
from safehouse.residents.rules.consenting import (
    Given,
    NotNow,
    counts,
    is_asked_herself,
    why_not_now,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.office import actor
from tests.residents.consents.giving import TODAY, keep

days = st.dates(dt.date(1930, 1, 1), dt.date(2090, 12, 31))


# Reaching 18


@given(month=days.map(lambda day: day.replace(day=1)), on=days)
def test_whoever_has_grown_up_is_not_asked_what_she_thinks_as_a_child_is(month, on):
    if not is_child(month, None, on):
        assert not is_asked_herself(month, None, on)


def test_a_child_of_ten_is_asked_herself_until_the_day_she_comes_of_age():
    month = dt.date(2008, 11, 1)
    assert is_asked_herself(month, dt.date(2026, 11, 21), dt.date(2026, 11, 20))
    assert not is_asked_herself(month, dt.date(2026, 11, 21), dt.date(2026, 11, 21))


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


def test_a_boy_is_no_different(session, make, house, staff, witness, clock):
    boy = make.resident(make.beds(make.room(house, beds=1))[0], sex=Sex.MALE, birth_month=dt.date(2020, 1, 1))
    with pytest.raises(ConsentRefused):
        keep(session, clock, boy, staff, witness)
