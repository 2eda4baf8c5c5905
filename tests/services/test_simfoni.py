"""The sheet from which the national form is typed: gathered, counted rightly, sealed, and without a name."""

import datetime as dt
import json
import re

import pytest
from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, Household, Relationship, ReportedPerson, Resident, Sex, Side
from safehouse.residents.operations.matters import open_matter
from safehouse.services.choices import (
    Accompanied,
    AppointmentKind,
    Attendance,
    Funding,
    ProceduralCode,
    SchoolLevel,
    SchoolWay,
    SessionKind,
    SessionPlace,
    SupportKind,
    Track,
)
from safehouse.services.forms.simfoni import of_person, of_reported
from safehouse.services.models import CareSession, SimfoniSheet
from safehouse.services.operations.law import About, NewStage, open_way, record_stage
from safehouse.services.operations.schooling import NewSchooling, note_schooling
from safehouse.services.operations.simfoni import SheetChanged, fill_sheet
from safehouse.services.operations.support import NewSupport, record_support
from safehouse.services.queries.law import listed_stages
from safehouse.services.rules.simfoni import (
    OF_A_REPORTED,
    OF_A_VICTIM,
    Answers,
    Category,
    age_group,
    age_on,
    age_status,
    answers_from,
    category_of_appointment,
    category_of_leaving,
    category_of_session,
    category_of_stage,
    category_of_support,
    count_case,
    disabled_in_words,
    marital_in_words,
    served,
)
from safehouse.shelter.choices import Destination
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from safehouse.vault.operations import key_of, seal
from tests.counting import statements
from tests.office import actor

TODAY = dt.date(2026, 11, 21)
HIS_NAME, HER_NAME, NUMBER = "Gunarto Invented", "Ayunda Invented", "SIM-2026-4711"
LINE = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>")


def path(ward, page=""):
    return f"/residents/{ward.resident.ref}/simfoni{page}"


@pytest.fixture
def case(session, make, clock, ward, plan, beds):
    """A mother who is a victim, her daughter who is one too, a son who is none; one reported person in two matters."""
    household = session.get_one(Household, ward.resident.household_id)
    mother = ward.resident
    mother.birth_month = dt.date(1990, 3, 1)
    mother.name = seal(session, mother, "name", HER_NAME, key=key_of(session, mother.ref))
    daughter = make.resident(beds[1], household=household, birth_month=dt.date(2011, 2, 1))
    son = make.resident(beds[2], household=household, sex=Sex.MALE, birth_month=dt.date(2020, 5, 1))
    reported = ReportedPerson(
        household_id=household.id,
        relationship=Relationship.HUSBAND,
        noted_at=clock.now,
        noted_by_id=ward.maya.id,
    )
    reported.name = seal(session, reported, "name", HIS_NAME, key=key_of(session, household.ref))
    session.add(reported)
    for one in (daughter, son):
        session.add(
            Assignment(
                resident_id=one.id,
                account_id=ward.maya.id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=True,
                since=clock.now,
            )
        )
    session.commit()
    for sexual in (True, False):
        open_matter(
            session,
            household=household,
            sides={mother.id: Side.VICTIM, daughter.id: Side.VICTIM},
            reported={reported.id: Side.REPORTED},
            sexual_violence=sexual,
            child_offender=False,
            victim_reported_at=clock.now - dt.timedelta(hours=2),
            now=clock.now,
            by=actor(ward.maya),
        )
    session.commit()
    return household, mother, daughter, son, reported


def lines(page):
    """The sheet as it is read: heading by heading, label by label."""
    found = {}
    article = page.partition("<article")[2].partition("</article>")[0]
    for part in article.split("<h2>")[1:]:
        found[re.sub(r"\s*<.*", "", part.partition("</h2>")[0])] = dict(LINE.findall(part))
    return found


# Counting


def test_a_case_is_no_victim_and_a_victim_no_perpetrator():
    counted = count_case([1, 2, 3], {1: {Side.VICTIM}, 2: {Side.VICTIM}, 3: {Side.WITNESS}}, {}, reported_persons=1)
    assert (counted.victims, counted.perpetrators) == ((1, 2), 1)


def test_nobody_is_a_victim_because_she_lives_here():
    assert count_case([1, 2], {1: {Side.VICTIM}}, {}, reported_persons=0).victims == (1,)
    assert count_case([1, 2], {1: {Side.VICTIM}}, {2: True}, reported_persons=0).victims == (1, 2)


def test_what_was_answered_never_makes_a_witness_or_a_reported_child_a_victim():
    counted = count_case([1, 2], {1: {Side.WITNESS}, 2: {Side.REPORTED}}, {1: True, 2: True}, reported_persons=0)
    assert counted.victims == () and counted.perpetrators == 1


def test_whoever_stands_on_both_sides_of_two_matters_counts_once_as_each():
    counted = count_case([1], {1: {Side.VICTIM, Side.REPORTED}}, {}, reported_persons=2)
    assert counted.victims == (1,) and counted.perpetrators == 3


def test_served_is_whoever_has_one_service_recorded():
    assert served({Category.HEALTH: [TODAY]})
    assert not served({}) and not served({Category.HEALTH: []})


@pytest.mark.parametrize(
    ("born", "on", "age", "group", "status"),
    [
        (dt.date(2020, 11, 1), TODAY, 5, "0–5", "Anak"),
        (dt.date(2020, 10, 1), TODAY, 6, "6–12", "Anak"),
        (dt.date(2013, 10, 1), TODAY, 13, "13–17", "Anak"),
        (dt.date(2008, 11, 1), TODAY, 17, "13–17", "Anak"),
        (dt.date(2008, 10, 1), TODAY, 18, "18–24", "Dewasa"),
        (dt.date(2001, 10, 1), TODAY, 25, "25–44", "Dewasa"),
        (dt.date(1967, 10, 1), TODAY, 59, "45–59", "Dewasa"),
        (dt.date(1966, 10, 1), TODAY, 60, "60+", "Dewasa"),
        (None, TODAY, None, "", "Dewasa"),
    ],
)
def test_ages_fall_into_the_groups_of_the_form(born, on, age, group, status):
    assert age_on(born, None, on) == age
    assert (age_group(age), age_status(age)) == (group, status)


def test_on_her_18th_birthday_she_is_no_child_any_more():
    born = dt.date(2008, 11, 1)
    assert age_on(born, dt.date(2026, 11, 21), dt.date(2026, 11, 20)) == 17
    assert age_on(born, dt.date(2026, 11, 21), dt.date(2026, 11, 21)) == 18


# Words of the form


def test_what_was_done_falls_into_the_categories_of_the_form():
    assert category_of_session(Discipline.PSYCHOLOGY, SessionKind.TRAUMA) is Category.REHABILITATION
    assert category_of_session(Discipline.SOCIAL_WORK, SessionKind.SPIRITUAL) is Category.RELIGIOUS
    assert category_of_appointment(Discipline.LEGAL, AppointmentKind.HEARING) is Category.LAW_ENFORCEMENT
    assert category_of_appointment(Discipline.LEGAL, AppointmentKind.LEGAL_ADVICE) is Category.LEGAL_AID
    assert category_of_appointment(Discipline.LEGAL, AppointmentKind.VISUM) is Category.HEALTH
    assert category_of_stage(Track.CRIMINAL, Accompanied.WORKER) is Category.LAW_ENFORCEMENT
    assert category_of_stage(Track.DIVORCE, Accompanied.ADVOCATE) is Category.LEGAL_AID
    assert category_of_stage(Track.CRIMINAL, Accompanied.NOBODY) is None
    assert category_of_stage(Track.CRIMINAL, None) is None
    assert category_of_support(SupportKind.FOOD_PARCEL) is Category.REHABILITATION
    assert category_of_support(SupportKind.BUSINESS_START) is Category.REINTEGRATION
    assert category_of_leaving(Destination.OWN_FAMILY) is Category.REINTEGRATION
    assert category_of_leaving(Destination.HOME_COUNTRY) is Category.RETURN
    assert category_of_leaving(Destination.PARTNER) is None


def test_a_marriage_that_is_not_registered_is_sirri():
    assert marital_in_words({"marital": "kawin", "unregistered": "ya"}) == "Sirri"
    assert marital_in_words({"marital": "kawin"}) == "Menikah"
    assert marital_in_words({"marital": "cerai_mati", "unregistered": "ya"}) == "Duda/Janda"
    assert marital_in_words({}) == ""


def test_a_kind_of_disability_says_that_there_is_one():
    assert disabled_in_words({"disability": ["fisik", "ganda"]}) == "Ya: Fisik, Ganda"
    assert disabled_in_words({"disabled": "tidak"}) == "Tidak"
    assert disabled_in_words({}) == ""


def test_answers_come_back_as_they_were_kept():
    given = Answers({"place": "sekolah"}, {"a": {"violence": ["fisik"]}}, {"b": {"age": "60"}})
    assert answers_from(given.text()) == given and answers_from("") == Answers()


# The sheet


def test_what_is_known_stands_on_the_sheet_in_the_order_of_the_form(ward, case, browser, session, clock):
    _household, mother, daughter, _son, _reported = case
    page = browser.sign_in(ward.maya).get(path(ward)).text
    found = lines(page)
    assert list(found) == [
        "Kasus",
        f"Korban 1: {mother.alias} {mother.code}",
        f"Korban 2: {daughter.alias} {daughter.code}",
        "Pelaku 1",
        "Pelayanan",
    ]
    assert found["Kasus"]["Tanggal pelaporan"] == "21/11/2026"
    assert (found["Kasus"]["Jumlah korban"], found["Kasus"]["Jumlah pelaku"]) == ("2", "1")
    hers = found[f"Korban 1: {mother.alias} {mother.code}"]
    assert list(hers) == [
        "Bentuk kekerasan",
        "Jenis kelamin",
        "Kelompok usia",
        "Status usia",
        "Pendidikan",
        "Pekerjaan",
        "Status perkawinan",
        "Difabel",
        "Agama",
        "Kewarganegaraan",
    ]
    assert (hers["Bentuk kekerasan"], hers["Jenis kelamin"]) == ("Seksual", "Perempuan")
    assert (hers["Kelompok usia"], hers["Status usia"]) == ("25–44", "Dewasa")
    assert found[f"Korban 2: {daughter.alias} {daughter.code}"]["Kelompok usia"] == "13–17"
    assert found["Pelaku 1"]["Hubungan dengan korban"] == "Suami/Istri"
    assert list(found["Pelayanan"]) == [one.value for one in Category]
    assert found["Pelayanan"]["Rehabilitasi Sosial"] == "21/11/2026", "the day they came"


def test_no_name_stands_on_the_sheet_and_she_who_types_it_opens_it_behind_a_code(ward, case, browser):
    page = browser.sign_in(ward.maya).get(path(ward)).text
    assert HER_NAME not in page and HIS_NAME not in page
    assert f"/residents/{ward.resident.ref}/identity" in page


def test_what_was_done_stands_on_the_sheet_without_being_typed_again(ward, case, domain_of, browser, session, clock):
    session.add(
        CareSession(
            plan_domain_id=domain_of(Discipline.HEALTH).id,
            kind=SessionKind.ADVICE,
            starts_at=clock.now - dt.timedelta(minutes=30),
            minutes=20,
            place=SessionPlace.HOUSE,
            attendance=Attendance.ATTENDED,
            noted_at=clock.now,
            by_id=ward.lestari.id,
        )
    )
    about = {"resident": ward.resident, "now": clock.now, "by": actor(ward.maya), "today": TODAY}
    record_support(
        session,
        domain=domain_of(Discipline.SOCIAL_WORK),
        new=NewSupport(SupportKind.BUSINESS_START, TODAY, Funding.VILLAGE),
        arrived_on=TODAY,
        left_on=None,
        **about,
    )
    note_schooling(
        session,
        domain=domain_of(Discipline.EDUCATION),
        new=NewSchooling(SchoolLevel.VOCATIONAL, SchoolWay.NO_MORE),
        **about,
    )
    session.commit()
    found = lines(browser.sign_in(ward.maya).get(path(ward)).text)
    assert found["Pelayanan"]["Kesehatan"] == found["Pelayanan"]["Reintegrasi Sosial"] == "21/11/2026"
    assert found["Pelayanan"]["Bantuan Hukum"] == "–"
    assert found[f"Korban 1: {ward.resident.alias} {ward.resident.code}"]["Pendidikan"] == "SLTA"


def test_a_manager_sees_the_sheet_and_nobody_else_but_the_coordinator(ward, case, manager, make, house, browser):
    assert browser.sign_in(manager).get(path(ward)).status_code == 200
    for one in (ward.indah, ward.sekar, ward.puspita, make.account(Role.STAFF, house)):
        browser.sign_in(one)
        for page in ("", "/answers", "/entered"):
            assert browser.get(path(ward, page)).status_code in {403, 404}


def test_of_those_somebody_else_answers_for_she_reads_only_how_many_there_are(ward, case, browser, session):
    _household, _mother, daughter, son, _reported = case
    for one in (daughter, son):
        session.scalars(select(Assignment).where(Assignment.resident_id == one.id)).one().coordinator = False
    session.commit()
    page = browser.sign_in(ward.maya).get(path(ward)).text
    assert daughter.code not in page and son.code not in page
    assert list(lines(page))[1:3] == [f"Korban 1: {ward.resident.alias} {ward.resident.code}", "Pelaku 1"]
    assert 'class="small soft">2 ' in page


def test_another_familys_matter_is_no_part_of_her_case(ward, case, make, beds, browser, session, clock):
    """She is reported herself in the matter of another family that lives here."""
    other = make.resident(beds[3])
    session.commit()
    household = session.get_one(Household, other.household_id)
    matter = open_matter(
        session,
        household=household,
        sides={other.id: Side.VICTIM, ward.resident.id: Side.REPORTED},
        sexual_violence=False,
        child_offender=False,
        victim_reported_at=None,
        now=clock.now,
        by=actor(ward.maya),
    )
    about = About(other, matter, TODAY)
    process = open_way(
        session, about=about, track=Track.CRIMINAL, code=ProceduralCode.KUHAP_2025, now=clock.now, by=actor(ward.sekar)
    )
    stage = listed_stages(session, [Track.CRIMINAL], code=ProceduralCode.KUHAP_2025)[0]
    reached = NewStage(stage, TODAY, accompanied=Accompanied.WORKER)
    record_stage(session, about=about, process=process, new=reached, now=clock.now, by=actor(ward.sekar))
    session.commit()
    found = lines(browser.sign_in(ward.maya).get(path(ward)).text)
    assert (found["Kasus"]["Jumlah korban"], found["Kasus"]["Jumlah pelaku"]) == ("2", "1")
    assert found["Pelayanan"]["Bantuan Hukum"] == "–"


# Answering, typing


def answered(case, **more):
    _household, mother, _daughter, son, reported = case
    return {
        "seen": "",
        "incident_on-d": "1",
        "incident_on-m": "10",
        "incident_on-y": "2026",
        "c_channel": "rujukan",
        "c_place": "rumah_tangga",
        "c_domestic": "ya",
        "c_types": ["kdrt_fisik", "pemerkosaan"],
        f"{of_person(mother.ref)}violence": ["fisik", "seksual"],
        f"{of_person(mother.ref)}occupation": "rumah_tangga",
        f"{of_person(mother.ref)}marital": "kawin",
        f"{of_person(mother.ref)}unregistered": "ya",
        f"{of_person(mother.ref)}citizenship": "wni",
        f"{of_person(son.ref)}victim": "ya",
        f"{of_person(son.ref)}violence": ["psikis"],
        f"{of_reported(reported.ref)}relation": "pasangan",
        f"{of_reported(reported.ref)}sex": "laki_laki",
        f"{of_reported(reported.ref)}age": "25_59",
        **more,
    }


def test_answers_are_sealed_as_one_with_the_key_of_the_family_and_stand_on_the_sheet(ward, case, browser, session):
    household, mother, _daughter, son, _reported = case
    browser.sign_in(ward.maya).get(path(ward, "/answers"))
    assert browser.post(path(ward, "/answers"), fields=answered(case)).status_code == 303
    session.expire_all()
    sheet = session.scalars(select(SimfoniSheet)).one()
    assert sheet.household_id == household.id and b"rumah_tangga" not in sheet.answers
    found = lines(browser.get(path(ward)).text)
    assert found["Kasus"]["Tempat kejadian"] == "Rumah Tangga"
    assert found["Kasus"]["Jenis kasus"] == "KDRT Fisik, Pemerkosaan"
    assert (found["Kasus"]["Tanggal kejadian"], found["Kasus"]["Jumlah korban"]) == ("01/10/2026", "3")
    hers = found[f"Korban 1: {mother.alias} {mother.code}"]
    assert (hers["Bentuk kekerasan"], hers["Status perkawinan"]) == ("Fisik, Seksual", "Sirri")
    assert hers["Pekerjaan"] == "Ibu Rumah Tangga"
    assert found[f"Korban 3: {son.alias} {son.code}"]["Bentuk kekerasan"] == "Psikis"
    assert found["Pelaku 1"] | {"Kelompok usia": "25–59", "Status usia": "Dewasa"} == found["Pelaku 1"]
    opened = session.scalars(select(TrailEntry).where(TrailEntry.purpose == "national form")).all()
    assert opened and all("simfoni_sheet.answers" in one.fields for one in opened)
    assert session.scalars(select(TrailEntry).where(TrailEntry.act == Act.SIMFONI_FILLED)).one()


def test_what_was_answered_before_is_shown_to_be_gone_on_from(ward, case, browser):
    browser.sign_in(ward.maya)
    browser.post(path(ward, "/answers"), fields=answered(case))
    page = browser.get(path(ward, "/answers")).text
    assert 'value="rumah_tangga" selected' in page and 'value="pemerkosaan" autocomplete="off" checked' in page


@pytest.mark.parametrize(
    "wrong", [{"incident_on-y": "2027"}, {"incident_on-d": "31", "incident_on-m": "9"}, {"c_place": "bulan"}]
)
def test_an_impossible_answer_is_a_sentence_and_nothing_is_lost(ward, case, browser, session, wrong):
    browser.sign_in(ward.maya)
    answer = browser.post(path(ward, "/answers"), fields=answered(case, **wrong))
    assert answer.status_code == 200 and 'class="err"' in answer.text
    assert 'value="pemerkosaan" autocomplete="off" checked' in answer.text
    assert session.scalar(select(SimfoniSheet)) is None


def test_an_answer_is_about_whom_it_was_given_whoever_came_to_the_family_meanwhile(
    ward, case, make, browser, session, clock
):
    """While the page was open another child was given to her, who stands before the others in the list."""
    _household, _mother, daughter, son, _reported = case
    hers = session.scalars(select(Assignment).where(Assignment.resident_id == daughter.id)).one()
    hers.until = clock.now
    session.commit()
    browser.sign_in(ward.maya).get(path(ward, "/answers"))
    fields = answered(case)
    session.add(
        Assignment(
            resident_id=daughter.id,
            account_id=ward.maya.id,
            discipline=Discipline.SOCIAL_WORK,
            coordinator=True,
            since=clock.now,
        )
    )
    session.commit()
    assert browser.post(path(ward, "/answers"), fields=fields).status_code == 303
    found = lines(browser.get(path(ward)).text)
    assert found[f"Korban 2: {daughter.alias} {daughter.code}"]["Bentuk kekerasan"] == "Seksual", "what the matter says"
    assert found[f"Korban 3: {son.alias} {son.code}"]["Bentuk kekerasan"] == "Psikis"


def seen_at(browser, ward):
    page = browser.get(path(ward, "/answers")).text
    return re.search(r'name="seen" value="([^"]*)"', page)[1]


def test_it_is_typed_by_somebody_and_a_later_answer_asks_for_typing_it_again(ward, case, browser, session, clock):
    browser.sign_in(ward.maya)
    browser.post(path(ward, "/answers"), fields=answered(case))
    answer = browser.post(path(ward, "/entered"), fields={"case_number": NUMBER})
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert NUMBER in page and "Maya" in page
    session.expire_all()
    sheet = session.scalars(select(SimfoniSheet)).one()
    assert NUMBER.encode() not in sheet.case_number
    assert (sheet.entered_at, sheet.entered_by_id) == (clock.now, ward.maya.id)
    since = seen_at(browser, ward)
    browser.post(path(ward, "/answers"), fields=answered(case, seen=since))
    session.expire_all()
    assert session.scalars(select(SimfoniSheet)).one().entered_at, "the same answers change nothing"
    browser.post(path(ward, "/answers"), fields=answered(case, seen=since, c_place="sekolah"))
    session.expire_all()
    sheet = session.scalars(select(SimfoniSheet)).one()
    assert sheet.entered_at is None and sheet.case_number is not None


def test_that_it_was_typed_is_taken_back_within_ten_minutes(ward, case, browser, session):
    browser.sign_in(ward.maya)
    done = browser.post(path(ward, "/entered"), fields={"case_number": ""}).location.partition("done=")[2]
    assert f"/simfoni/{done}/undo" in browser.get(path(ward) + f"?done={done}").text
    assert browser.post(f"/simfoni/{done}/undo").status_code == 303
    session.expire_all()
    assert session.scalars(select(SimfoniSheet)).one().entered_at is None


def test_what_was_done_since_it_was_typed_is_told(ward, case, domain_of, browser, session, clock):
    browser.sign_in(ward.maya)
    browser.post(path(ward, "/entered"), fields={"case_number": ""})
    clock.forward(days=2)
    record_support(
        session,
        domain=domain_of(Discipline.SOCIAL_WORK),
        resident=ward.resident,
        new=NewSupport(SupportKind.FOOD_PARCEL, TODAY + dt.timedelta(days=2), Funding.APBD),
        arrived_on=TODAY,
        left_on=None,
        today=TODAY + dt.timedelta(days=2),
        now=clock.now,
        by=actor(ward.maya),
    )
    session.commit()
    page = browser.sign_in(ward.maya).get(path(ward)).text
    assert "Rehabilitasi Sosial: 23/11/2026" in page


def test_whoever_saved_meanwhile_is_not_overwritten(ward, case, manager, browser, new_browser, session):
    browser.sign_in(ward.maya)
    other = new_browser().sign_in(manager)
    before = seen_at(browser, ward)
    assert other.post(path(ward, "/answers"), fields=answered(case, seen=before)).status_code == 303
    answer = browser.post(path(ward, "/answers"), fields=answered(case, seen=before, c_place="sekolah"))
    assert answer.status_code == 200 and 'value="sekolah" selected' in answer.text
    assert lines(browser.get(path(ward)).text)["Kasus"]["Tempat kejadian"] == "Rumah Tangga"


def test_saving_over_what_was_not_seen_is_refused(session, ward, case, clock):
    household = case[0]
    about = {"household": household, "now": clock.now, "by": actor(ward.maya)}
    fill_sheet(session, answers=Answers({"place": "sekolah"}), seen_at=None, **about)
    with pytest.raises(SheetChanged):
        fill_sheet(session, answers=Answers(), seen_at=None, **about)


def test_somebody_who_waits_to_be_confirmed_reads_no_answer(ward, case, browser, session, clock):
    browser.sign_in(ward.maya).post(path(ward, "/answers"), fields=answered(case))
    ward.maya.unconfirmed_since = clock.now
    session.commit()
    page = browser.sign_in(ward.maya).get(path(ward))
    assert page.status_code == 200 and "<article" not in page.text
    assert browser.get(path(ward, "/answers")).status_code == 303


def test_the_sheet_takes_as_many_statements_for_a_large_family_and_weighs_little(
    app, ward, case, make, beds, browser, session, clock
):
    household = case[0]
    browser.sign_in(ward.maya)
    few = len(statements(app, browser, path(ward)))
    for n in range(3):
        child = make.resident(beds[3], household=household, sharing=True, birth_month=dt.date(2024 - n, 2, 1))
        session.add(
            Assignment(
                resident_id=child.id,
                account_id=ward.maya.id,
                discipline=Discipline.SOCIAL_WORK,
                coordinator=True,
                since=clock.now,
            )
        )
        session.commit()
    assert len(statements(app, browser, path(ward))) == few
    assert len(browser.page.encode()) < 60_000
    browser.get(path(ward, "/answers"))
    assert len(browser.page.encode()) < 60_000


def test_nothing_the_form_asks_of_a_person_is_free_text():
    assert all(choices for _name, _on, choices, _many in (*OF_A_VICTIM, *OF_A_REPORTED))
    assert json.loads(Answers().text()) == {"case": {}, "people": {}, "reported": {}}


def test_a_resident_who_is_reported_herself_is_a_perpetrator_and_no_victim(
    ward, case, make, beds, browser, session, clock
):
    household, mother, _daughter, son, _reported = case
    open_matter(
        session,
        household=household,
        sides={mother.id: Side.VICTIM, son.id: Side.REPORTED},
        sexual_violence=False,
        child_offender=True,
        victim_reported_at=None,
        now=clock.now,
        by=actor(ward.maya),
    )
    session.commit()
    found = lines(browser.sign_in(ward.maya).get(path(ward)).text)
    assert (found["Kasus"]["Jumlah korban"], found["Kasus"]["Jumlah pelaku"]) == ("2", "2")
    theirs = found[f"Pelaku 2: {son.alias} {son.code}"]
    assert (theirs["Kelompok usia"], theirs["Status usia"], theirs["Jenis kelamin"]) == ("0–17", "Anak", "Laki-laki")
    assert session.scalar(select(Resident).where(Resident.id == son.id))
