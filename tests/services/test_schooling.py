"""School: days learned, letters that say neither why nor where, and names of schools behind a page of their own."""

import datetime as dt
import json
import re
import threading
import zlib

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Discipline, Office
from safehouse.access.permissions import Role
from safehouse.residents.models import Resident
from safehouse.services.choices import ExamState, LetterKind, SchoolLevel, SchoolWay
from safehouse.services.models import Exam, PlanDomain, Schooling, SchoolLetter, SchoolWeek
from safehouse.services.operations.planning import open_plan
from safehouse.services.operations.schooling import (
    Days,
    NewLetter,
    NewSchooling,
    make_letter,
    note_exam,
    note_schooling,
    tell_week,
)
from safehouse.services.queries.plans import newest_placement
from safehouse.services.queries.schooling import school_between
from safehouse.services.rules.schooling import (
    Attended,
    SchoolRefusal,
    days_of,
    fault_of_exam,
    fault_of_period,
    letter_number,
    tells,
    weeks_to_tell,
)
from safehouse.services.school_letter_on_paper import on_paper
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from safehouse.vault.operations import key_of, seal
from safehouse.web.papers import typeset
from tests.counting import statements
from tests.office import Clock, Make, actor

EDUCATION = Discipline.EDUCATION
# NOW is Saturday 21 November 2026, 23.40 in Jakarta.
TODAY = dt.date(2026, 11, 21)
MONDAY = dt.date(2026, 11, 16)
OLD_SCHOOL, NEW_SCHOOL, WRITTEN_TO = "SMP Negeri Melati", "SMP Cendana", "SMP Flamboyan"
HER_NAME = "Ayunda Invented"
# What a letter to a school never says.
NEVER = (
    "korban",
    "kekerasan",
    "rumah aman",
    "perlindungan",
    "penampungan",
    "tinggal",
    "uptd",
    "ppa",
    "perkara",
    "polisi",
    "pelaku",
    "terlapor",
    "teduh",
    "rumah satu",
)


def path(ward):
    return f"/residents/{ward.resident.ref}/plan/education"


def count(session, model):
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def education(domain_of):
    return domain_of(EDUCATION)


@pytest.fixture
def school(session, clock, ward, education):
    """Everything there is about school."""
    about = {"domain": education, "resident": ward.resident, "now": clock.now, "by": actor(ward.puspita)}
    note_schooling(
        session,
        new=NewSchooling(
            SchoolLevel.LOWER_SECONDARY, SchoolWay.ONLINE, grade=8, last_school=OLD_SCHOOL, new_school=NEW_SCHOOL
        ),
        today=TODAY,
        **about,
    )
    tell_week(session, monday=MONDAY, days=4, of_days=5, **about)
    days = Days(TODAY, None, TODAY)
    note_exam(session, on_day=dt.date(2026, 12, 7), words="Matematika", state=ExamState.PLANNED, days=days, **about)
    letter = make_letter(session, new=NewLetter(LetterKind.STAY_ENROLLED, WRITTEN_TO), today=TODAY, **about)
    session.commit()
    return letter


@pytest.fixture
def named(session, ward):
    resident = ward.resident
    resident.name = seal(session, resident, "name", HER_NAME, key=key_of(session, resident.ref))
    session.commit()


# Rules


def test_only_weeks_in_which_she_lived_here_can_be_told():
    weeks = weeks_to_tell(arrived_on=dt.date(2026, 11, 5), left_on=None, today=TODAY)
    assert weeks == [MONDAY, dt.date(2026, 11, 9), dt.date(2026, 11, 2)]
    left = weeks_to_tell(arrived_on=dt.date(2026, 11, 5), left_on=dt.date(2026, 11, 8), today=TODAY)
    assert left == [dt.date(2026, 11, 2)]
    assert len(weeks_to_tell(arrived_on=dt.date(2020, 1, 1), left_on=None, today=TODAY)) == 6


@pytest.mark.parametrize(
    ("said", "days", "found"),
    [
        (Attended.ALL, None, 5),
        (Attended.NONE, None, 0),
        (Attended.SOME, 3, 3),
        (Attended.SOME, None, None),
        (Attended.SOME, 0, None),
        (Attended.SOME, 5, None),
        (Attended.SOME, 6, None),
    ],
)
def test_some_days_are_more_than_none_and_fewer_than_all(said, days, found):
    assert days_of(said, days, 5) == found


@pytest.mark.parametrize(
    ("state", "day", "fault"),
    [
        (ExamState.PLANNED, "2026-12-07", None),
        (ExamState.TAKEN, "2026-12-07", SchoolRefusal.IN_FUTURE),
        (ExamState.TAKEN, "2026-11-21", None),
        (ExamState.MISSED, "2026-11-01", SchoolRefusal.BEFORE_ARRIVAL),
        (ExamState.PLANNED, "2028-11-21", SchoolRefusal.TOO_FAR),
    ],
)
def test_an_examination_is_on_a_day_on_which_it_can_be(state, day, fault):
    found = fault_of_exam(state, dt.date.fromisoformat(day), arrived_on=dt.date(2026, 11, 5), left_on=None, today=TODAY)
    assert found is fault


def test_no_examination_is_taken_here_after_she_left():
    left = {"arrived_on": dt.date(2026, 11, 5), "left_on": dt.date(2026, 11, 10), "today": TODAY}
    assert fault_of_exam(ExamState.TAKEN, dt.date(2026, 11, 11), **left) is SchoolRefusal.LEFT


@pytest.mark.parametrize(
    ("kind", "first", "last", "fault"),
    [
        (LetterKind.STAY_ENROLLED, None, None, None),
        (LetterKind.ABSENCE, None, None, SchoolRefusal.NO_PERIOD),
        (LetterKind.ABSENCE, TODAY, None, SchoolRefusal.NO_PERIOD),
        (LetterKind.TRANSFER, None, TODAY, SchoolRefusal.NO_PERIOD),
        (LetterKind.ABSENCE, TODAY, TODAY - dt.timedelta(days=1), SchoolRefusal.PERIOD),
        (LetterKind.ABSENCE, TODAY, TODAY, None),
        (LetterKind.TASKS, TODAY, TODAY + dt.timedelta(days=800), SchoolRefusal.TOO_FAR),
    ],
)
def test_a_letter_that_asks_for_days_names_them(kind, first, last, fault):
    assert fault_of_period(kind, first, last, today=TODAY) is fault


def test_the_number_of_a_letter_has_its_month_in_roman_numerals():
    assert letter_number(7, TODAY) == "421/007/XI/2026"
    assert letter_number(123, dt.date(2027, 4, 1)) == "421/123/IV/2027"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("UPTD PPA Kabupaten Contoh", True),
        ("Rumah Aman Contoh", True),
        ("Dinas Pemberdayaan Perempuan", True),
        ("P2TP2A Contoh", True),
        ("Dinas Sosial Kabupaten Contoh", False),
        ("Yayasan Teduh", False),
        ("Yayasan Pappa", False),
    ],
)
def test_a_name_that_says_what_the_unit_does_is_known(name, told):
    assert tells(name) is told


# What is shown, and to whom


def test_whoever_keeps_the_domain_reads_all_but_the_names_of_schools(ward, school, browser):
    page = browser.sign_in(ward.puspita).get(path(ward)).text
    assert "Matematika" in page and "421/001/XI/2026" in page and "SMP, MTs" in page
    assert "Daring" in page or "Online" in page or "daring" in page
    for name in (OLD_SCHOOL, NEW_SCHOOL, WRITTEN_TO):
        assert name not in page


def test_names_of_schools_stand_on_a_page_of_their_own_and_every_opening_is_recorded(
    ward, school, education, browser, session
):
    browser.sign_in(ward.puspita)
    where = f"/plan-domains/{education.ref}/schools"
    assert where in browser.get(path(ward)).text
    for _ in range(2):
        page = browser.get(where).text
        assert all(name in page for name in (OLD_SCHOOL, NEW_SCHOOL, WRITTEN_TO))
    session.expire_all()
    opened = session.scalars(select(TrailEntry).where(TrailEntry.purpose == "school names")).all()
    assert len(opened) == 2 and all(one.subject == ward.resident.ref for one in opened)


@pytest.mark.parametrize("name", ["maya", "sekar", "indah", "lestari"])
def test_nobody_else_opens_the_names_of_schools(ward, school, education, browser, name):
    browser.sign_in(getattr(ward, name))
    for wanted in ("schools", "schooling", "school-weeks/new", "exams/new", "school-letters/new"):
        assert browser.get(f"/plan-domains/{education.ref}/{wanted}").status_code == 404
    for wanted in (f"/school-letters/{school.ref}", f"/school-letters/{school.ref}/paper"):
        assert browser.get(wanted).status_code == 404


def test_the_coordinator_reads_how_she_goes_on_her_weeks_and_that_a_letter_went_out(ward, school, browser):
    page = browser.sign_in(ward.maya).get(path(ward)).text
    assert "421/001/XI/2026" in page and f"/school-letters/{school.ref}" not in page
    assert 'id="weeks"' in page and "Matematika" not in page and "SMP, MTs" not in page


def test_another_discipline_reads_nothing_of_school(ward, school, browser):
    page = browser.sign_in(ward.sekar).get(path(ward)).text
    assert 'id="school"' not in page and 'id="letters"' not in page and "421/001" not in page


def test_an_education_page_of_another_domain_is_not_found(ward, plan, domain_of, browser):
    browser.sign_in(ward.indah)
    assert browser.get(f"/plan-domains/{domain_of(Discipline.PSYCHOLOGY).ref}/schooling").status_code == 404


def test_a_page_takes_as_many_statements_for_twenty_letters_as_for_one(
    app, ward, school, education, browser, session, clock
):
    browser.sign_in(ward.puspita)
    few = len(statements(app, browser, path(ward)))
    about = {"domain": education, "resident": ward.resident, "now": clock.now, "by": actor(ward.puspita)}
    for n in range(1, 20):
        make_letter(session, new=NewLetter(LetterKind.STAY_ENROLLED, WRITTEN_TO), today=TODAY, **about)
        tell_week(session, monday=MONDAY - dt.timedelta(days=7 * n), days=5, of_days=5, **about)
        note_exam(session, on_day=TODAY, words="IPA", state=ExamState.TAKEN, days=Days(TODAY, None, TODAY), **about)
    session.commit()
    assert len(statements(app, browser, path(ward))) == few
    assert len(browser.page.encode()) < 60_000


# Writing


def test_how_she_learns_is_written_and_a_name_left_empty_stays(ward, school, education, browser, session):
    browser.sign_in(ward.puspita).get(f"/plan-domains/{education.ref}/schooling")
    assert OLD_SCHOOL not in browser.page
    answer = browser.post(
        f"/plan-domains/{education.ref}/schooling",
        fields={"level": "lower_secondary", "way": "transfer", "enrolled": "yes", "grade": "9"},
    )
    assert answer.status_code == 303
    session.expire_all()
    newest = session.scalars(select(Schooling).order_by(Schooling.id.desc())).first()
    assert (newest.way, newest.grade, newest.stays_enrolled) == (SchoolWay.TRANSFER, 9, True)
    assert newest.last_school is None
    assert OLD_SCHOOL in browser.get(f"/plan-domains/{education.ref}/schools").text


@pytest.mark.parametrize(
    "wrong",
    [{"grade": "14"}, {"silence_agreed_on-d": "1", "silence_agreed_on-m": "12", "silence_agreed_on-y": "2026"}],
)
def test_an_impossible_grade_or_a_promise_to_come_is_a_sentence_and_nothing_is_lost(
    ward, education, browser, session, wrong
):
    browser.sign_in(ward.puspita)
    answer = browser.post(
        f"/plan-domains/{education.ref}/schooling",
        fields={"level": "primary", "way": "online", "enrolled": "no", "last_school": "SD Kemuning", **wrong},
    )
    assert answer.status_code == 200 and 'class="err"' in answer.text and "SD Kemuning" in answer.text
    assert count(session, Schooling) == 0


def test_a_week_is_told_in_one_press_and_the_later_word_counts(ward, education, browser, session):
    page = browser.sign_in(ward.puspita).get(path(ward)).text
    assert f'name="monday" value="{MONDAY}"' in page and 'name="said" value="all"' in page
    where = f"/plan-domains/{education.ref}/school-weeks/new"
    for said, days in (("all", 5), ("none", 0)):
        answer = browser.post(where, fields={"monday": str(MONDAY), "of_days": "5", "days": "", "said": said})
        assert answer.status_code == 303
        session.expire_all()
        row = session.scalars(select(SchoolWeek)).one()
        assert (row.days, row.of_days) == (days, 5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"said": "some", "days": ""},
        {"said": "some", "days": "5"},
        {"said": "all", "of_days": "8"},
        {"said": "all", "of_days": "0"},
        {"monday": "2026-11-23"},
        {"monday": "2026-11-09"},
        {"monday": "2026-11-17"},
    ],
)
def test_a_week_that_cannot_be_so_is_refused(ward, education, browser, session, wrong):
    browser.sign_in(ward.puspita)
    fields = {"monday": str(MONDAY), "of_days": "5", "days": "", "said": "all", **wrong}
    answer = browser.post(f"/plan-domains/{education.ref}/school-weeks/new", fields=fields)
    assert answer.status_code == 200 and 'class="err"' in answer.text
    assert count(session, SchoolWeek) == 0


def test_an_examination_is_written_down_and_what_became_of_it(ward, education, browser, session):
    browser.sign_in(ward.puspita)
    where = f"/plan-domains/{education.ref}/exams/new"
    day = {"on_day-d": "7", "on_day-m": "12", "on_day-y": "2026"}
    refused = browser.post(where, fields={**day, "state": "taken", "words": "Fisika"})
    assert refused.status_code == 200 and "Fisika" in refused.text and count(session, Exam) == 0
    assert browser.post(where, fields={**day, "state": "planned", "words": "Fisika"}).status_code == 303
    exam = session.scalars(select(Exam)).one()
    assert b"Fisika" not in exam.words
    changed = browser.post(f"/exams/{exam.ref}", fields={**day, "state": "later"})
    assert changed.status_code == 303
    session.expire_all()
    assert session.scalars(select(Exam)).one().state is ExamState.LATER


# Letters


def test_a_letter_has_the_next_number_of_its_year_and_a_number_taken_back_is_not_given_again(
    ward, education, browser, session, clock
):
    browser.sign_in(ward.puspita)
    where = f"/plan-domains/{education.ref}/school-letters/new"
    for n in (1, 2):
        answer = browser.post(where, fields={"kind": "tasks", "school": WRITTEN_TO, **period()})
        letter = session.scalars(select(SchoolLetter).order_by(SchoolLetter.id.desc())).first()
        assert answer.status_code == 303 and answer.location.startswith(f"/school-letters/{letter.ref}")
        assert (letter.year, letter.number) == (2026, n) and WRITTEN_TO.encode() not in letter.school
    taken_back = browser.post(f"/school-letters/{letter.ref}/withdraw")
    assert taken_back.status_code == 303
    browser.post(where, fields={"kind": "stay_enrolled", "school": WRITTEN_TO})
    session.expire_all()
    assert session.scalars(select(SchoolLetter.number).order_by(SchoolLetter.id)).all() == [1, 2, 3]
    clock.forward(days=41)
    browser.sign_in(ward.puspita).post(where, fields={"kind": "stay_enrolled", "school": WRITTEN_TO})
    session.expire_all()
    newest = session.scalars(select(SchoolLetter).order_by(SchoolLetter.id.desc())).first()
    assert (newest.year, newest.number) == (2027, 1)


def period(first="23", last="28"):
    return {
        "from_day-d": first,
        "from_day-m": "11",
        "from_day-y": "2026",
        "until-d": last,
        "until-m": "11",
        "until-y": "2026",
    }


def test_two_presses_make_one_letter(ward, education, browser, session):
    browser.sign_in(ward.puspita)
    where = f"/plan-domains/{education.ref}/school-letters/new"
    key = "6a6a6a6a-6a6a-4a6a-8a6a-6a6a6a6a6a6a"
    answers = [
        browser.post(where, fields={"kind": "stay_enrolled", "school": WRITTEN_TO}, act_key=key) for _ in range(2)
    ]
    assert count(session, SchoolLetter) == 1
    assert answers[0].location.partition("?")[0] == answers[1].location


@pytest.mark.parametrize("wrong", [{}, period("28", "23")])
def test_a_leave_without_its_days_is_refused_and_nothing_typed_is_lost(ward, education, browser, session, wrong):
    browser.sign_in(ward.puspita)
    fields = {"kind": "absence", "school": WRITTEN_TO, **wrong}
    answer = browser.post(f"/plan-domains/{education.ref}/school-letters/new", fields=fields)
    assert answer.status_code == 200 and WRITTEN_TO in answer.text and 'class="err"' in answer.text
    assert count(session, SchoolLetter) == 0


def test_a_letter_taken_back_is_brought_back_within_ten_minutes(ward, school, browser, session, clock):
    browser.sign_in(ward.puspita)
    done = browser.post(f"/school-letters/{school.ref}/withdraw").location.partition("done=")[2]
    assert browser.get(f"/school-letters/{school.ref}/paper").status_code == 404
    assert f"/school-letters/{done}/undo-withdraw" in browser.get(path(ward) + f"?done={done}").text
    assert browser.post(f"/school-letters/{done}/undo-withdraw").status_code == 303
    session.expire_all()
    assert session.scalars(select(SchoolLetter)).one().withdrawn_at is None


def test_the_answer_of_a_school_comes_after_the_letter_and_not_tomorrow(ward, school, browser, session):
    browser.sign_in(ward.puspita)
    for day in ("20", "22"):
        fields = {"answered_on-d": day, "answered_on-m": "11", "answered_on-y": "2026"}
        answer = browser.post(f"/school-letters/{school.ref}", fields=fields)
        assert answer.status_code == 200 and 'class="err"' in answer.text
    browser.post(f"/school-letters/{school.ref}", fields={**fields, "answered_on-d": "21"})
    session.expire_all()
    assert session.scalars(select(SchoolLetter)).one().answered_on == TODAY


def test_a_letter_is_printed_with_her_own_code_and_recorded(ward, school, named, browser, make, session):
    browser.sign_in(ward.puspita)
    where = f"/school-letters/{school.ref}/paper"
    assert HER_NAME not in browser.get(where).text
    refused = browser.post(where, fields={"letterhead": "blank", "code": "000000"})
    assert refused.mimetype == "text/html" and 'class="err"' in refused.text
    sheet = browser.post(where, fields={"letterhead": "blank", "code": make.code(ward.puspita)})
    assert (sheet.status_code, sheet.mimetype) == (200, "application/pdf")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="lembar-1.pdf"'
    assert "no-store" in sheet.headers["Cache-Control"]
    session.expire_all()
    assert session.scalar(select(func.count()).where(TrailEntry.act == Act.PAPER_PRINTED)) == 1
    opened = session.scalars(select(TrailEntry).where(TrailEntry.purpose == "school letter printed")).one()
    assert "resident.name" in opened.fields and opened.subject == ward.resident.ref


def test_it_is_tagged_and_says_neither_when_nor_where_it_was_made(ward, school, named, browser, make):
    browser.sign_in(ward.puspita)
    where = f"/school-letters/{school.ref}/paper"
    made = browser.post(where, fields={"letterhead": "blank", "code": make.code(ward.puspita)}).data
    plain = made + b"".join(streams(made))
    assert b"/MarkInfo" in plain and b"/StructTreeRoot" in plain and b"pdfuaid" in plain
    assert not re.search(rb"CreationDate|ModDate|CreateDate|ModifyDate|/Author", plain)


def streams(made):
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", made, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


@pytest.mark.parametrize("kind", list(LetterKind))
def test_no_letter_says_why_she_is_away_nor_where_she_is(session, ward, school, kind):
    school.kind = kind
    facts = on_paper(school, school=WRITTEN_TO, name=HER_NAME, grade=8, letterhead="")
    printed = json.dumps(facts, ensure_ascii=False)
    assert HER_NAME in printed and WRITTEN_TO in printed and "421/001/XI/2026" in printed
    assert not [word for word in NEVER if word in printed.casefold()]
    assert ward.resident.alias not in printed and ward.resident.code not in printed
    assert OLD_SCHOOL not in printed and NEW_SCHOOL not in printed
    office = session.scalars(select(Office)).one()
    assert office.name not in printed and office.title not in printed
    assert typeset("school_letter", facts) == typeset("school_letter", facts)


def test_a_name_not_written_down_leaves_a_line_and_a_name_like_a_command_is_printed_as_it_is(school):
    for name in ("", '#eval("1+1")', "*tebal* $x$ @a <b>", "漢字"):
        facts = on_paper(school, school="SMP #panic()", name=name, grade=None, letterhead="")
        assert typeset("school_letter", facts).startswith(b"%PDF-")


def test_a_unit_whose_name_tells_is_not_printed_at_the_top(ward, school, browser, make, session):
    browser.sign_in(ward.puspita)
    where = f"/school-letters/{school.ref}/paper"
    told = browser.post(where, fields={"letterhead": "office", "code": make.code(ward.puspita)})
    assert told.mimetype == "text/html" and 'class="err"' in told.text
    session.scalars(select(Office)).one().name = "Dinas Sosial Kabupaten Contoh"
    session.commit()
    neutral = browser.post(where, fields={"letterhead": "office", "code": make.code(ward.puspita)})
    assert neutral.mimetype == "application/pdf"


def test_somebody_who_waits_to_be_confirmed_prints_no_name(ward, school, named, browser, make, session, clock):
    ward.puspita.unconfirmed_since = clock.now
    session.commit()
    browser.sign_in(ward.puspita)
    where = f"/school-letters/{school.ref}/paper"
    answer = browser.post(where, fields={"letterhead": "blank", "code": make.code(ward.puspita)})
    assert answer.mimetype == "text/html" and HER_NAME not in answer.text


# The review


def test_the_review_reads_school_from_a_day_to_a_day(session, ward, plan, school):
    found = school_between(session, plan.id, begin=MONDAY, until=dt.date(2026, 12, 31))
    assert (found.level, found.way) == (SchoolLevel.LOWER_SECONDARY, SchoolWay.ONLINE)
    assert (found.days, found.of_days, len(found.letters), len(found.exams)) == (4, 5, 1, 1)
    before = school_between(session, plan.id, begin=dt.date(2026, 1, 1), until=dt.date(2026, 11, 15))
    assert (before.weeks, before.letters, before.exams) == ((), (), ())


# Races


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_letters_written_in_the_same_moment_have_numbers_of_their_own(lone_app, engine):
    app = lone_app(engine)
    writing = app.extensions["db_writing"]
    with writing() as session:
        make = Make(session, Clock())
        house = make.house()
        worker = make.account(Role.CASEWORKER, house)
        resident = make.resident(make.beds(make.room(house, beds=1))[0])
        plan = open_plan(
            session,
            resident=resident,
            placement=newest_placement(session, resident.id),
            needs={EDUCATION: ""},
            now=make.clock.now,
            by=actor(worker),
        )
        domain_id, by = (
            session.scalars(select(PlanDomain.id).where(PlanDomain.plan_id == plan.id)).one(),
            actor(worker),
        )
        resident_id = resident.id
        session.commit()
    together = threading.Barrier(4)

    def write():
        together.wait()
        with writing() as session:
            make_letter(
                session,
                domain=session.get_one(PlanDomain, domain_id),
                resident=session.get_one(Resident, resident_id),
                new=NewLetter(LetterKind.STAY_ENROLLED, WRITTEN_TO),
                today=TODAY,
                now=Clock().now,
                by=by,
            )
            session.commit()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with writing() as session:
        assert sorted(session.scalars(select(SchoolLetter.number))) == [1, 2, 3, 4]
