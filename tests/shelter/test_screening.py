"""The twelve questions: what they lead to, who reads the answers, and that unknown is an answer."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from safehouse.access.permissions import Role
from safehouse.residents.models import Danger, DangerLevel, ReportedPerson, Resident
from safehouse.residents.queries.danger import newest_danger
from safehouse.residents.rules.danger import Answer, DangerGround, codes_of, grounds_from, level_of
from safehouse.residents.words import DANGER_GROUNDS
from safehouse.schema import METADATA
from safehouse.shelter.choices import Need, ReferralState
from safehouse.shelter.models import Referral, Screening
from safehouse.shelter.rules.screening import (
    CHOICES,
    PARTS,
    WITH_DETAIL,
    Answers,
    Choice,
    Part,
    Question,
    Tonight,
    answers_from,
    danger_of,
    needs_from,
    tonight,
)
from safehouse.shelter.screening_in_words import CHOICES as CHOICE_WORDS
from safehouse.shelter.screening_in_words import DETAILS, QUESTIONS, TONIGHT
from safehouse.shelter.screening_in_words import PARTS as PART_WORDS
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry

NO = {part.value: "no" for part in Part}


@pytest.fixture
def house(make):
    return make.house("Rumah Satu")


@pytest.fixture
def referral(make):
    return make.referral()


@pytest.fixture
def at_work(browser, make, house):
    return browser.sign_in(make.account(Role.CASEWORKER, house))


def asking(referral):
    return f"/referrals/{referral.ref}/screening"


def result(referral):
    return f"/referrals/{referral.ref}/screening/result"


def newest(session):
    return session.scalars(select(Screening).order_by(Screening.id.desc()).limit(1)).one()


def summary(page):
    found = re.search(r'<div class="errors".*?</div>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", found[0]) if found else ""


def chosen(page):
    return dict(re.findall(r'type="radio" name="([^"]+)" id="[^"]+" value="([^"]+)" autocomplete="off" checked', page))


def openings(session, purpose):
    return session.scalar(select(func.count()).select_from(TrailEntry).where(TrailEntry.purpose == purpose))


# The rules


def test_there_are_twelve_questions_and_unknown_is_the_last_answer_to_each():
    assert len(Question) == 12 == len(PARTS)
    assert sorted(part for parts in PARTS.values() for part in parts) == sorted(Part)
    assert all(choices[-1] is Choice.UNKNOWN for choices in CHOICES.values())
    for words, kinds in ((QUESTIONS, Question), (PART_WORDS, Part), (CHOICE_WORDS, Choice), (TONIGHT, Tonight)):
        assert set(words) == set(kinds)
    assert set(DETAILS) == set(WITH_DETAIL)
    assert set(DANGER_GROUNDS) == {(ground, answer) for ground in DangerGround for answer in Answer}


GRADES = st.sampled_from([Answer.NO, Answer.UNKNOWN, None, Answer.YES])
WORSE = {Answer.NO: 0, Answer.UNKNOWN: 1, None: 1, Answer.YES: 2}


@given(st.fixed_dictionaries(dict.fromkeys(DangerGround, GRADES)), st.sampled_from(list(DangerGround)), GRADES)
def test_a_worse_answer_never_means_less_danger(answers, ground, other):
    order = list(DangerLevel)
    changed = {**answers, ground: other}
    if WORSE[other] >= WORSE[answers[ground]]:
        assert order.index(level_of(changed)) >= order.index(level_of(answers))


@given(st.fixed_dictionaries(dict.fromkeys(DangerGround, GRADES)))
def test_low_danger_means_that_every_answer_is_no(answers):
    assert (level_of(answers) is DangerLevel.LOW) == all(answer is Answer.NO for answer in answers.values())
    back = {one.ground: one.answer for one in grounds_from(codes_of(answers))}
    assert back == {ground: answer for ground, answer in answers.items() if answer is not None}


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({DangerGround.THREAT: Answer.YES}, DangerLevel.HIGH),
        ({DangerGround.WEAPON: Answer.YES}, DangerLevel.HIGH),
        ({DangerGround.SELF_HARM: Answer.YES}, DangerLevel.HIGH),
        ({DangerGround.WORSE: Answer.YES}, DangerLevel.MEDIUM),
        ({DangerGround.WORSE: Answer.YES, DangerGround.KNOWS_PLACE: Answer.YES}, DangerLevel.HIGH),
        ({DangerGround.THREAT: Answer.UNKNOWN}, DangerLevel.MEDIUM),
        ({DangerGround.THREAT: Answer.UNKNOWN, DangerGround.WEAPON: Answer.UNKNOWN}, DangerLevel.HIGH),
        ({}, DangerLevel.LOW),
    ],
)
def test_one_grave_answer_or_two_others_make_the_danger_high(answers, level):
    assert level_of({**dict.fromkeys(DangerGround, Answer.NO), **answers}) is level


def test_a_code_of_another_hand_is_no_ground():
    assert grounds_from(["", "threat", "weather", "worse-", "weapon?"]) == grounds_from(["weapon?", "worse-", "threat"])


def test_what_was_not_asked_is_open_and_what_is_not_known_is_answered():
    nothing = Answers()
    assert (len(nothing.unanswered), len(nothing.unknown)) == (12, 0)
    assert danger_of(nothing)[1] == []
    unknown = Answers(dict.fromkeys(Part, Choice.UNKNOWN))
    assert (len(unknown.unanswered), len(unknown.unknown)) == (0, 12)
    half = Answers({Part.THREAT: Choice.UNKNOWN})
    assert Question.DANGER in half.unanswered and Question.DANGER not in half.unknown
    assert needs_from(unknown) == frozenset()
    assert set(tonight(unknown)) == {Tonight.WITHIN_72_HOURS, Tonight.PHONE_LOCATION}


def test_answers_are_written_and_read_alike_and_newer_ones_stand_on_top():
    old = Answers({Part.THREAT: Choice.YES, Part.MOBILITY: Choice.STAIRS}, {Question.FAITH: "halal, “salat”"})
    assert answers_from(old.written()) == old
    both = old.completed_by(Answers({Part.THREAT: Choice.NO}, {Question.LANGUAGE: "Sunda"}))
    assert both.chosen == {Part.THREAT: Choice.NO, Part.MOBILITY: Choice.STAIRS}
    assert both.details == {Question.FAITH: "halal, “salat”", Question.LANGUAGE: "Sunda"}


# Asking


def test_nothing_is_chosen_beforehand_and_unknown_stands_last(at_work, referral):
    page = at_work.get(asking(referral)).text.split('id="work"')[1]
    assert " checked" not in page
    for part in Part:
        values = re.findall(rf'name="{part.value}" id="[^"]+" value="([^"]+)"', page)
        assert values[-1] == "unknown", part
    for word in ("memukul", "kronologi", "ceritakan", "pelaku"):
        assert word not in page


def test_an_answered_screening_leads_to_a_level_with_its_reasons(at_work, referral, session):
    typed = NO | {"threat": "yes", "weapon": "unknown", "phone_traced": "yes", "recent": "yes", "doctor": "tonight"}
    answer = at_work.post(asking(referral), fields=typed)
    assert answer.location == result(referral), summary(at_work.page)
    page = at_work.get(answer.location).text
    assert "Bahaya tinggi, perlu tempat malam ini" in page
    assert "Ia atau anaknya diancam akan dilukai atau dibunuh" in page
    assert "Belum diketahui apakah terlapor memiliki senjata atau jaringan" in page
    assert "Terlapor tidak tahu ia di mana" not in page, "what is not so is no reason for a high danger"
    assert "Matikan lokasi di teleponnya" in page and "72 jam" in page
    assert "1 belum diketahui dan dihitung sebagai kemungkinan ya" in page
    assert f"/referrals/{referral.ref}/beds" in page
    session.expire_all()
    danger = newest_danger(session, referral.household_id)
    assert (
        danger.level is DangerLevel.HIGH
        and danger.grounds == "threat,weapon?,worse-,knows_place-,phone_traced,self_harm-"
    )
    acts = set(session.scalars(select(TrailEntry.act)))
    assert {Act.SCREENED, Act.DANGER_ASSESSED, Act.CONFLICTS_CHECKED, Act.VALUE_OPENED} <= acts
    assert "Tinggi" in at_work.get("/referrals").text


def test_a_question_left_open_is_named_and_every_other_answer_stays(at_work, referral, session):
    typed = NO | {"threat": None, "faith": None, "language_more": "bahasa Madura", "mobility": "wheelchair"}
    answer = at_work.post(asking(referral), fields=typed)
    assert answer.status_code == 200
    told = summary(answer.text)
    assert "diancam" in told and "ibadah" in told and told.count("Belum dipilih") == 2
    assert 'value="bahasa Madura"' in answer.text
    kept = chosen(answer.text)
    assert kept["mobility"] == "wheelchair" and len(kept) == len(Part) - 2
    assert session.scalars(select(Screening)).all() == []


def test_unknown_everywhere_is_a_whole_screening(at_work, referral, session):
    answer = at_work.post(asking(referral), fields={part.value: "unknown" for part in Part})
    assert answer.location == result(referral)
    one = newest(session)
    assert (one.unknown, one.unanswered, one.level) == (12, 0, DangerLevel.HIGH)


def test_an_unfinished_screening_is_saved_and_its_open_questions_stay_open(at_work, referral, session):
    answer = at_work.post(asking(referral), threat="unknown", pregnancy="yes", later="1")
    assert answer.location == "/referrals"
    one = newest(session)
    assert (one.unknown, one.unanswered) == (0, 11)
    kept = chosen(at_work.get(asking(referral)).text)
    assert kept == {"threat": "unknown", "pregnancy": "yes"}
    assert "Penyaringan belum lengkap, 11 pertanyaan" in at_work.get("/referrals").text
    assert "11 belum dijawab" in at_work.get(result(referral)).text


def test_nothing_answered_is_no_screening(at_work, referral, session):
    answer = at_work.post(asking(referral), later="1")
    assert answer.status_code == 200 and "Belum ada jawaban" in summary(answer.text)
    assert session.scalars(select(Screening)).all() == []


def test_without_an_answer_about_danger_nobody_is_called_endangered(at_work, referral, session):
    at_work.post(asking(referral), faith="no", later="1")
    assert session.scalars(select(Danger)).all() == []
    assert "Belum dinilai" in at_work.get("/referrals").text
    assert "Bahaya belum dinilai" in at_work.get(result(referral)).text


def test_what_the_room_must_allow_is_added_and_nothing_is_taken_away(at_work, make, session):
    referral = make.referral(needs=(Need.PREGNANT,))
    at_work.post(asking(referral), fields=NO | {"mobility": "wheelchair", "contagious": "yes"})
    at_work.post(asking(referral), fields=NO | {"mobility": "stairs"})
    session.expire_all()
    assert {one.need for one in referral.needs} == set(Need)


def test_a_corrected_screening_is_a_new_one_and_the_newest_counts(at_work, referral, session):
    at_work.post(asking(referral), fields=NO | {"threat": "yes", "faith_more": "puasa"})
    page = at_work.get(asking(referral)).text
    assert chosen(page)["threat"] == "yes" and 'value="puasa"' in page
    at_work.post(asking(referral), fields=NO)
    assert session.scalar(select(func.count()).select_from(Screening)) == 2
    session.expire_all()
    assert newest_danger(session, referral.household_id).level is DangerLevel.LOW
    assert newest_danger(session, referral.household_id).level is DangerLevel.LOW
    assert 'value="puasa"' not in at_work.get(asking(referral)).text


def test_the_same_press_twice_screens_once(at_work, referral, session):
    fields = NO | {"act_key": "7a0e3a3e-2c6e-4a06-9a4d-0a4f7a6f1d10"}
    first, second = (at_work.post(asking(referral), fields=fields) for _ in range(2))
    assert first.location == second.location
    assert session.scalar(select(func.count()).select_from(Screening)) == 1


# Who must not find her


def test_who_must_not_find_her_is_sealed_and_counted(at_work, referral, session):
    row = {"reported-0-relationship": "husband", "reported-0-name": "Kenangawan", "reported-0-phone": "081234567890"}
    answer = at_work.post(asking(referral), fields=NO | row | {"known": None})
    assert answer.status_code == 303, summary(at_work.page)
    session.expire_all()
    (one,) = session.scalars(select(ReportedPerson))
    assert one.household_id == session.get_one(Referral, referral.id).household_id
    assert "1 orang sudah tercatat" in at_work.get(asking(referral)).text
    assert chosen(at_work.page)["known"] == "yes"
    told = [
        str(tuple(row))
        for table in METADATA.sorted_tables
        for row in session.execute(text(f'SELECT * FROM "{table.name}"'))
    ]
    assert "Kenangawan" not in " ".join(told) and "81234567890" not in " ".join(told)
    # Once noted, saying that it is known asks for nobody again.
    assert at_work.post(asking(referral), fields=NO | {"known": "yes"}).status_code == 303


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"reported-0-relationship": "husband"}, "Satu saja cukup"),
        ({"reported-0-name": "Kenangawan"}, "Belum dipilih"),
        ({"reported-0-relationship": "husband", "reported-0-nik": "123"}, "NIK"),
        ({"reported-1-relationship": "father", "reported-1-phone": "12"}, "telepon"),
        ({"reported-0-relationship": "neighbour's", "reported-0-name": "Kenangawan"}, "Pilihan ini tidak"),
    ],
)
def test_a_person_nobody_can_be_found_by_is_refused_and_comes_back(at_work, referral, session, row, told):
    answer = at_work.post(asking(referral), fields=NO | row)
    assert answer.status_code == 200 and told in summary(answer.text)
    for value in row.values():
        assert value.replace("'", "&#39;") in answer.text or value == "neighbour's"
    assert session.scalars(select(Screening)).all() == []
    assert session.scalars(select(ReportedPerson)).all() == []


def test_saying_that_he_is_known_asks_for_one_fact(at_work, referral, session):
    answer = at_work.post(asking(referral), fields=NO | {"known": "yes"})
    assert answer.status_code == 200 and "Tulis yang diketahui" in summary(answer.text)
    assert session.scalars(select(Screening)).all() == []


# Who reads


def test_staff_see_the_level_and_the_room_but_no_answers_of_others(
    at_work, new_browser, make, house, referral, session
):
    at_work.post(asking(referral), fields=NO | {"threat": "yes", "mobility": "wheelchair", "avoid_more": "Kenangasari"})
    staff = new_browser().sign_in(make.account(Role.STAFF, house))
    page = staff.get(result(referral)).text
    assert "Bahaya tinggi" in page and "kursi roda" in page.lower()
    assert "diancam" not in page and "Kenangasari" not in page and "Jawaban disegel" in page
    assert staff.get(asking(referral)).location == result(referral)
    assert openings(session, "screening result") == 0


def test_staff_read_what_they_wrote_themselves_for_twelve_hours(new_browser, make, house, clock, referral):
    account = make.account(Role.STAFF, house)
    staff = new_browser().sign_in(account)
    staff.post(asking(referral), fields=NO | {"faith_more": "puasa"})
    assert 'value="puasa"' in staff.get(asking(referral)).text
    clock.forward(hours=12)
    assert 'value="puasa"' in staff.sign_in(account).get(asking(referral)).text
    clock.forward(minutes=1)
    assert staff.sign_in(account).get(asking(referral)).location == result(referral)


def test_a_second_person_is_asked_only_what_is_still_open(at_work, new_browser, make, house, referral, session):
    rest = {name: value for name, value in NO.items() if name not in {"faith", "language"}}
    at_work.post(asking(referral), fields=rest | {"threat": "yes", "avoid_more": "Kenangasari", "later": "1"})
    staff = new_browser().sign_in(make.account(Role.STAFF, house))
    page = staff.get(asking(referral)).text
    asked = set(re.findall(r'type="radio" name="([^"]+)"', page))
    assert asked == {"faith", "language"} and "Kenangasari" not in page
    assert "10 pertanyaan sudah dijawab dan disegel" in page
    # What she could not see she cannot change either.
    sent = staff.post(asking(referral), fields={"faith": "yes", "language": "unknown", "threat": "no"})
    assert sent.location == result(referral), summary(staff.page)
    page = at_work.get(asking(referral)).text
    assert chosen(page)["threat"] == "yes" and chosen(page)["faith"] == "yes" and "Kenangasari" in page
    assert (newest(session).unknown, newest(session).unanswered) == (1, 0)


def test_every_reading_of_the_answers_is_recorded(at_work, referral, session):
    at_work.post(asking(referral), fields=NO)
    before = openings(session, "screening"), openings(session, "screening result")
    at_work.get(asking(referral))
    at_work.get(result(referral))
    assert (openings(session, "screening"), openings(session, "screening result")) == (before[0] + 1, before[1] + 1)


def test_nothing_of_the_answers_is_in_the_clear(at_work, referral, session):
    at_work.post(asking(referral), fields=NO | {"avoid": "yes", "avoid_more": "Kecamatan Kenangasari"})
    told = [
        str(tuple(row))
        for table in METADATA.sorted_tables
        for row in session.execute(text(f'SELECT * FROM "{table.name}"'))
    ]
    assert "Kenangasari" not in " ".join(told)
    assert "Kenangasari" not in at_work.get(result(referral)).text + at_work.get("/referrals").text


# A judgement by hand


def test_a_level_changed_by_hand_needs_a_reason_which_is_sealed(at_work, referral, session):
    at_work.post(asking(referral), fields=NO)
    refused = at_work.post(result(referral), level="high", why="")
    assert refused.status_code == 200 and "Belum diisi" in summary(refused.text)
    at_work.post(result(referral), level="high", why="Saudara terlapor terlihat di depan Kenangapuri")
    page = at_work.get(result(referral)).text
    assert "Bahaya tinggi" in page and "Kenangapuri" in page and "dinilai oleh petugas" in page
    session.expire_all()
    danger = newest_danger(session, referral.household_id)
    assert danger.level is DangerLevel.HIGH and b"Kenangapuri" not in danger.words
    assert "Tinggi" in at_work.get("/referrals").text


def test_staff_may_say_there_is_more_danger_but_not_less(new_browser, make, house, referral, session):
    staff = new_browser().sign_in(make.account(Role.STAFF, house))
    staff.post(asking(referral), fields=NO | {"worse": "yes"})
    refused = staff.post(result(referral), level="low", why="tenang")
    assert refused.status_code == 200 and "Hanya pendamping atau pengelola" in summary(refused.text)
    assert "tenang" in refused.text
    assert staff.post(result(referral), level="high", why="motor lewat dua kali").status_code == 303
    session.expire_all()
    assert newest_danger(session, referral.household_id).level is DangerLevel.HIGH


# Where it stands in the procedure


def test_the_result_without_a_screening_leads_to_the_questions(at_work, referral):
    assert at_work.get(result(referral)).location == asking(referral)


@pytest.mark.parametrize("state", [ReferralState.REFUSED, ReferralState.WITHDRAWN])
def test_a_closed_referral_is_not_screened(at_work, make, session, state):
    referral = make.referral(state=state)
    assert at_work.get(asking(referral)).location == "/referrals"
    assert at_work.post(asking(referral), fields=NO).location == "/referrals"
    assert session.scalars(select(Screening)).all() == []


def test_after_an_emergency_those_of_the_house_screen_and_others_find_nothing(
    browser, new_browser, make, house, session
):
    bed = make.beds(make.room(house, "1", beds=1))[0]
    resident = make.resident(bed)
    referral = make.referral(state=ReferralState.ACCEPTED, household_id=resident.household_id)
    session.execute(text("UPDATE placement SET referral_id = :one"), {"one": referral.id})
    session.commit()
    staff = browser.sign_in(make.account(Role.STAFF, house))
    assert staff.post(asking(referral), fields=NO | {"threat": "yes"}).location == result(referral)
    page = staff.get(result(referral)).text
    assert f"/referrals/{referral.ref}/beds" not in page and "Bahaya tinggi" in page
    assert (
        session.get_one(Resident, resident.id).household_id
        == newest_danger(session, resident.household_id).household_id
    )
    elsewhere = new_browser().sign_in(make.account(Role.STAFF, make.house()))
    unassigned = new_browser().sign_in(make.account(Role.CASEWORKER, house))
    for other in (elsewhere, unassigned):
        assert other.get(asking(referral)).status_code == 404
        assert other.get(result(referral)).status_code == 404
        assert other.post(asking(referral), fields=NO).status_code == 404


def test_a_family_still_finds_its_beds_without_any_screening(browser, make, house, referral):
    make.room(house, "1", beds=2)
    staff = browser.sign_in(make.account(Role.STAFF, house))
    assert staff.get(f"/referrals/{referral.ref}/beds").status_code == 200


def test_the_screening_says_who_has_asked_already(at_work, make):
    police, herself = make.referral(), make.referral(source="self")
    assert "Polisi sudah mencatat" in at_work.get(asking(police)).text
    assert "Pendamping menanyakannya sekali" in at_work.get(asking(herself)).text


def test_a_new_referral_leads_straight_to_the_questions_where_there_is_time(browser, make, house, session):
    staff = browser.sign_in(make.account(Role.STAFF, house))
    taken = {"source": "police", "urgency": "today", "women": "1", "men": "0"}
    asked = staff.post("/referrals/new", fields=taken, screen="1")
    assert asked.location == asking(session.scalars(select(Referral)).one())
    hurried = staff.post("/referrals/new", fields=taken)
    assert hurried.location.endswith("/beds")
    assert "Saring dulu" in staff.get(hurried.location).text


# Going on where somebody else began


HALF = {name: value for name, value in NO.items() if name not in {"faith", "left_behind"}}


def test_staff_who_answer_one_open_question_do_not_become_readers_of_the_others(
    new_browser, make, house, referral, session
):
    worker, night = make.account(Role.CASEWORKER, house), make.account(Role.STAFF, house)
    told = {"later": "1", "avoid_more": "Kecamatan Sukamaju", "health_more": "Kontrol paru"}
    new_browser().sign_in(worker).post(asking(referral), fields=HALF | told)
    staff = new_browser().sign_in(night)
    staff.get(asking(referral))
    assert staff.post(asking(referral), fields={"faith": "no", "later": "1"}).status_code == 303
    staff.get(asking(referral))
    assert "Sukamaju" not in staff.page and "paru" not in staff.page and "faith" not in chosen(staff.page)
    staff.get(result(referral))
    assert "Sukamaju" not in staff.page and "<h1" in staff.page
    assert openings(session, "screening") == 0 and openings(session, "screening, to go on") == 3


def test_what_somebody_judged_by_hand_is_not_lowered_by_finishing_the_questions(
    new_browser, make, house, referral, session
):
    worker = new_browser().sign_in(make.account(Role.CASEWORKER, house))
    worker.post(asking(referral), fields=HALF | {"later": "1"})
    assert (
        worker.post(result(referral), fields={"level": "high", "why": "Terlapor di depan kantor."}).status_code == 303
    )

    def level():
        session.expire_all()
        return newest_danger(session, session.get(Referral, referral.id).household_id)

    by_hand = level()
    assert by_hand.level is DangerLevel.HIGH
    staff = new_browser().sign_in(make.account(Role.STAFF, house))
    assert staff.post(asking(referral), fields={"faith": "no", "later": "1"}).status_code == 303
    assert (level().id, level().level) == (by_hand.id, DangerLevel.HIGH)
    assert worker.post(asking(referral), fields=NO).status_code == 303
    assert level().id == by_hand.id, "and who may lower it does so by hand, saying why"
    assert worker.post(result(referral), fields={"level": "low", "why": "Ia sudah pergi."}).status_code == 303
    assert level().level is DangerLevel.LOW
    assert staff.post(result(referral), fields={"level": "medium", "why": "Ia kembali."}).status_code == 303
    assert level().level is DangerLevel.MEDIUM


def test_staff_who_correct_an_answer_lower_nothing_and_a_caseworker_does(new_browser, make, house, referral, session):
    staff = new_browser().sign_in(make.account(Role.STAFF, house))
    assert staff.post(asking(referral), fields=NO | {"threat": "yes"}).status_code == 303
    assert staff.post(asking(referral), fields=NO).status_code == 303

    def level():
        session.expire_all()
        return newest_danger(session, session.get(Referral, referral.id).household_id).level

    assert level() is DangerLevel.HIGH
    worker = new_browser().sign_in(make.account(Role.CASEWORKER, house))
    assert worker.post(asking(referral), fields=NO).status_code == 303
    assert level() is DangerLevel.LOW


def test_an_unconfirmed_account_adds_answers_and_takes_none_away(new_browser, make, house, referral, session):
    worker, night = make.account(Role.CASEWORKER, house), make.account(Role.STAFF, house)
    told = {"later": "1", "threat": "yes", "contagious": "yes", "health_more": "Kontrol paru"}
    new_browser().sign_in(worker).post(asking(referral), fields=HALF | told)
    night.unconfirmed_since = make.clock.now
    session.commit()
    staff = new_browser().sign_in(night)
    staff.get(asking(referral))
    assert "Kontrol paru" not in staff.page and chosen(staff.page) == {}
    assert 'name="threat"' not in staff.page and 'name="faith"' in staff.page
    assert staff.post(asking(referral), fields={"threat": "no", "faith": "no", "later": "1"}).status_code == 303
    session.expire_all()
    assert newest(session).unanswered == 1
    assert newest_danger(session, session.get(Referral, referral.id).household_id).level is DangerLevel.HIGH
    assert staff.post(asking(referral), fields={"left_behind": "no"}).status_code == 303
    session.expire_all()
    assert (newest(session).unanswered, newest(session).level) == (0, DangerLevel.HIGH)
    again = staff.get(asking(referral))
    assert (again.status_code, again.location) == (303, result(referral)), "all is asked"
    reader = new_browser().sign_in(worker)
    reader.get(asking(referral))
    assert "Kontrol paru" in reader.page and chosen(reader.page)["threat"] == "yes"


def test_the_next_day_no_answer_about_her_safety_is_chosen_for_whoever_asks(new_browser, make, house, referral, clock):
    worker = make.account(Role.CASEWORKER, house)
    at_work = new_browser().sign_in(worker)
    typed = NO | {
        "threat": "yes",
        "mobility": "wheelchair",
        "mobility_more": "Pinjam dari puskesmas",
        "avoid_more": "Pasar",
    }
    at_work.post(asking(referral), fields=typed)
    clock.forward(hours=11)
    at_work = new_browser().sign_in(worker)
    at_work.get(asking(referral))
    assert chosen(at_work.page) == {name: typed[name] for name in NO} and "Pasar" in at_work.page
    clock.forward(hours=2)
    at_work = new_browser().sign_in(worker)
    at_work.get(asking(referral))
    rooms = {"pregnancy", "infants", "mobility", "disability", "language", "faith"}
    assert chosen(at_work.page) == {name: typed[name] for name in rooms}
    assert "Pinjam dari puskesmas" in at_work.page and "Pasar" not in at_work.page
    at_work.post(asking(referral), fields={name: typed[name] for name in rooms})
    assert 'id="threat-e"' in at_work.page, "what is asked anew is asked whole"


def test_what_was_left_open_the_next_day_stays_as_it_was_answered(new_browser, make, house, referral, session, clock):
    worker = make.account(Role.CASEWORKER, house)
    at_work = new_browser().sign_in(worker)
    typed = NO | {
        "threat": "yes",
        "mobility": "wheelchair",
        "mobility_more": "Pinjam dari puskesmas",
        "avoid_more": "Pasar",
    }
    at_work.post(asking(referral), fields=typed)
    clock.forward(hours=13)
    at_work = new_browser().sign_in(worker)
    later = {"later": "1", "mobility": "no", "avoid": "no", "weapon": "unknown"}
    assert at_work.post(asking(referral), fields=later).status_code == 303
    at_work.get(asking(referral))
    found = chosen(at_work.page)
    assert (found["threat"], found["weapon"], found["mobility"], found["avoid"]) == ("yes", "unknown", "no", "no")
    assert "Pinjam dari puskesmas" not in at_work.page and "Pasar" not in at_work.page, (
        "words go with the answer they stood by"
    )
    assert "faith" not in found and newest(session).unanswered == 5


def test_a_doctor_is_wanted_from_the_first_answer_on_whatever_is_asked_again_later(
    new_browser, make, house, referral, session, clock
):
    worker = make.account(Role.CASEWORKER, house)
    began = clock.now
    new_browser().sign_in(worker).post(asking(referral), fields=NO | {"recent": "yes"})
    assert newest(session).doctor_since == began
    clock.forward(hours=13)
    new_browser().sign_in(worker).post(asking(referral), fields={"later": "1", "mobility": "wheelchair"})
    assert newest(session).doctor_since == began, "carried along"
    clock.forward(hours=120)
    new_browser().sign_in(worker).post(asking(referral), fields={"later": "1", "mobility": "no"})
    assert newest(session).doctor_since is None, "no help is of use any more, and nobody said it anew"
    clock.forward(hours=13)
    new_browser().sign_in(worker).post(asking(referral), fields={"later": "1", "recent": "yes"})
    assert newest(session).doctor_since == clock.now, "something happened again"


def test_everything_that_is_wrong_is_told_at_once(at_work, referral):
    typed = {"threat": "yes", "reported-0-relationship": "husband", "pregnancy_more": "x" * 300}
    answer = at_work.post(asking(referral), fields=typed)
    told = summary(answer.text)
    assert "Satu saja cukup" in told and "Belum dipilih" in told
