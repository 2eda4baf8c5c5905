"""Three months of one plan, in a real browser with script off: a girl of 15, and everybody who works with her.

Each person signs in with both factors and does her own part; nothing is typed twice. Whatever page is passed is looked
at by axe as well, and what she presses is counted.
"""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from safehouse.access.models import Account, Office
from safehouse.residents.models import Resident
from safehouse.services.models import LegalProcess, Note, ProcessStage, SchoolLetter
from safehouse.services.school_letter_on_paper import on_paper
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from tests.browser.hand import Hand, name_of
from tests.browser.offices import HER_ALIAS, HER_NAME, HER_SCHOOL, with_a_girl_of_fifteen
from tests.browser.paper import is_tagged, pieces_of
from tests.browser.stories import House, path_of, story, write_day

pytestmark = pytest.mark.browser

# What a caseworker presses at most to write down a session, from the page of the domain; and the shortest one.
MOST_PRESSES_OF_A_SESSION, SHORTEST = 5, 1
# What the three months take each of them at most: fields, a day being three of them, and presses.
MOST = {
    "rahma": (22, 24),
    "anjar": (13, 20),
    "lestari": (35, 23),
    "puspita": (15, 11),
    "ratih": (35, 28),
    "wening": (0, 4),
    "kepala": (1, 3),
}

WEDNESDAY, ANOTHER_DAY = dt.date(2026, 11, 25), dt.date(2026, 12, 1)
HEARING, FOURTH_WEEK = dt.date(2026, 12, 8), dt.date(2026, 12, 21)
HELD, AGREED = 4, 5
SAVE = "main form#work .btn:not(.alt):not(.plain)"
NOTE = "Ia bercerita tentang malam itu, lalu diam lama."
GOAL = "Saya ingin tidur sampai pagi"
HER_WORDS = "Saya mau ujian bersama teman"
SUMMARY = "Tidur lebih lama, bangun lebih tenang"
CONCLUSION = "Tidurnya membaik dan ia kembali belajar."
ADVICE = "Pendampingan sampai putusan"
# Nothing of this belongs on a letter to a school: why she is away, where she is, who looks after her.
NEVER_TO_A_SCHOOL = (
    "kekerasan",
    "korban",
    "terlapor",
    "polisi",
    "visum",
    "rumah",
    "penghuni",
    "ppa",
    "teduh",
    "pemulihan",
)


@dataclass
class Girl:
    """Where her pages are."""

    ref: uuid.UUID
    code: str

    @property
    def plan(self) -> str:
        return f"/residents/{self.ref}/plan"

    def domain(self, which: str) -> str:
        return f"{self.plan}/{which}"


@story(with_a_girl_of_fifteen)
def test_three_months_of_a_girl_of_fifteen_become_a_review_that_is_right_in_every_figure(house: House):
    with house.site.rows() as session:
        girl = Girl(*session.execute(select(Resident.ref, Resident.code).where(Resident.alias == HER_ALIAS)).one())

    # Monday: her plan, and the first assessment.
    house.at(23, 9)
    house.comes_in("rahma")
    assert house.rows("rahma") == [girl.plan]
    her_plan_is_opened_and_read_to_her(house, girl)
    assert house.rows("rahma") == []
    a_step_is_planned(house, girl, due=dt.date(2027, 1, 15))
    house.at(23, 11, 30)
    house.comes_in("anjar")
    she_says_what_she_wants(house, girl)
    the_baseline_is_assessed(house, girl)

    # Tuesday: her health, her school, her case.
    house.at(24, 9)
    house.comes_in("lestari")
    a_check_up_and_a_visum(house, girl)
    wednesday = an_appointment(house, "lestari", girl, "health:check_up", WEDNESDAY, "clinic", "Mbak Wening")
    house.at(24, 11)
    house.comes_in("puspita")
    house.at(24, 11, 1)  # the code she signed in with is used up
    the_school_is_written_to(house, girl)
    house.at(24, 14)
    house.comes_in("ratih")
    her_case_is_opened(house, girl)
    hearing = an_appointment(house, "ratih", girl, "legal:hearing", HEARING, "court", "Bu Ratih")

    # Wednesday, nine o'clock: nobody came. Her health worker is told at once, the manager two days later.
    nobody_came_on_wednesday(house, wednesday)
    another_day = the_health_worker_agrees_on_another_day(house, wednesday)

    # The Mondays of the psychologist: one with nothing special, and one to which she did not come.
    a_session(house, girl, dt.date(2026, 11, 30), {}, at_most=SHORTEST)
    this_time_they_went(house, another_day)
    a_session(house, girl, dt.date(2026, 12, 7), {"attendance": "absent"})

    # Tuesday: the hearing, with company. She tries the door of the psychologist as well.
    house.at(HEARING, 13)
    house.comes_in("ratih")
    the_hearing_was_held(house, girl, hearing)
    the_note_of_another_discipline_is_not_there(house)

    # A usual session, and the assessment of the fourth week.
    a_session(house, girl, dt.date(2026, 12, 14), {GOAL: "forward", "length": "90"})
    a_session(house, girl, FOURTH_WEEK, {"kind": "assessment", GOAL: "forward", "length": "90", "place": "office"})
    how_it_goes_is_written_for_everybody(house, girl)

    # January: the step is done. February: the review, written by itself but for the words.
    house.at(dt.date(2027, 1, 14), 10)
    house.comes_in("rahma")
    the_step_is_done(house)
    her_page_says_how_it_goes(house, girl)
    house.at(dt.date(2027, 2, 22), 9)
    house.comes_in("rahma")
    the_coordinator_writes_the_review(house, girl)
    house.at(dt.date(2027, 2, 23), 9)
    house.comes_in("kepala")
    review = the_manager_approves_it(house, girl)
    house.at(dt.date(2027, 2, 23), 10)
    house.comes_in("rahma")
    the_report_is_right_in_every_figure(house, girl, review)
    for who, (fields, presses) in house.counted().items():
        assert fields <= MOST[who][0] and presses <= MOST[who][1], f"{who}: {fields} fields, {presses} presses"
    assert house.eye.faults == []


def press_save(house: House, who: str) -> Page:
    """She saves, and nothing has to be corrected."""
    page = house.presses(who, SAVE)
    assert not page.locator("main .errors").count(), page.locator("main").inner_text()
    return page


# Her plan


def her_plan_is_opened_and_read_to_her(house: House, girl: Girl) -> None:
    hand = house.hands["rahma"]
    page = house.presses("rahma", f"main .tasks a[href='{girl.plan}']")
    page = house.presses("rahma", "main a[href$='/plan/new']")
    hand.write(page.locator("main [name=need_psychology]"), "Tidur dan rasa aman")
    hand.write(page.locator("main [name=need_education]"), "Tetap terdaftar, tugas dari sekolah")
    page = press_save(house, "rahma")
    assert page.locator("main .plan li").count() == 5
    house.presses("rahma", "main a[href$='/plan/agreement']")
    hand.choose("reading", "aloud")
    hand.choose("signed", "spoken")
    hand.pick("witness", "Mbak Wening")
    page = press_save(house, "rahma")
    assert page.locator("main aside .st.ok").count() == 1, "read to her, and witnessed"
    house.opens("rahma", "/today")


def a_step_is_planned(house: House, girl: Girl, *, due: dt.date) -> None:
    """What it costs the unit has its source; she pays nothing."""
    hand = house.hands["rahma"]
    house.opens("rahma", girl.plan)
    house.presses("rahma", f"main .plan a[href='{girl.domain('social_work')}']")
    page = house.presses("rahma", "main a[href$='/actions/new']")
    hand.write(page.locator("main [name=what]"), "Perlengkapan sekolah")
    hand.pick("who", "Bu Rahma")
    write_day(hand, "due", due)
    hand.write(page.locator("main [name=cost]"), "250000")
    hand.choose("funding", "apbd")
    press_save(house, "rahma")


# The psychologist


def she_says_what_she_wants(house: House, girl: Girl) -> None:
    hand = house.hands["anjar"]
    house.opens("anjar", girl.domain("psychology"))
    page = house.presses("anjar", "main a[href$='/goals/new']")
    hand.write(page.locator("main [name=words]"), GOAL)
    page = press_save(house, "anjar")
    assert GOAL in page.locator("main .goals").inner_text()


def pressed_for_a_session(house: House, hand: Hand, answers: dict[str, str], *, note: str = "") -> int:
    """Write down a session on the page of the domain she has before her. How often she pressed."""
    presses, fields = len(hand.presses), len(hand.fields)
    for name, value in answers.items():
        hand.choose(name, value)
    if note:
        hand.write(hand.page.locator("main [name=note]"), note)
    page = press_save(house, "anjar")
    assert "done=" in page.url, page.locator("main").inner_text()
    assert len(hand.fields) - fields <= len(answers) + bool(note), "nothing else is filled in"
    return len(hand.presses) - presses


def the_baseline_is_assessed(house: House, girl: Girl) -> None:
    pressed = pressed_for_a_session(
        house, house.hands["anjar"], {"kind": "assessment", "length": "90", "place": "office"}, note=NOTE
    )
    assert pressed <= MOST_PRESSES_OF_A_SESSION
    page = house.hands["anjar"].page
    house.presses("anjar", "main a[href^='/notes/']")
    assert NOTE in page.locator("main").inner_text(), "whoever wrote it reads it"


def a_session(
    house: House, girl: Girl, day: dt.date, answers: dict[str, str], *, at_most: int = MOST_PRESSES_OF_A_SESSION
) -> None:
    """At noon she writes down what was before. The goal is asked by its words."""
    house.at(day, 12)
    hand = house.comes_in("anjar")
    page = house.opens("anjar", girl.domain("psychology"))
    asked = page.locator("main form#work fieldset", has=page.locator(f"legend:text-is('{GOAL}')"))
    goal = name_of(asked.locator("input").first)
    said = {goal if name == GOAL else name: value for name, value in answers.items()}
    assert pressed_for_a_session(house, hand, said) <= at_most, hand.told()


def how_it_goes_is_written_for_everybody(house: House, girl: Girl) -> None:
    hand = house.hands["anjar"]
    page = house.presses("anjar", "main aside a[href$='/words/summary']")
    hand.write(page.locator("main [name=words]"), SUMMARY)
    page = press_save(house, "anjar")
    held = page.locator("main table").first.locator("tbody tr", has=page.locator(".st.ok"))
    assert held.count() == HELD, "four were held"
    assert SUMMARY in page.locator("main aside").inner_text()


# Health


def a_check_up_and_a_visum(house: House, girl: Girl) -> None:
    hand = house.hands["lestari"]
    today = dt.date(2026, 11, 24)
    house.opens("lestari", girl.domain("health"))
    page = house.presses("lestari", "main a[href$='/treatments/new']")
    hand.choose("kind", "check_up")
    hand.choose("facility", "clinic")
    hand.choose("state", "done")
    write_day(hand, "on_day", today)
    hand.write(page.locator("main [name=cost]"), "85000")
    hand.choose("funding", "apbd")
    press_save(house, "lestari")
    page = house.presses("lestari", "main a[href$='/visums/new']")
    hand.choose("kind", "physical")
    hand.write(page.locator("main [name=letter_number]"), "R/123/XI/2026")
    write_day(hand, "letter_on", today)
    hand.choose("facility", "police_hospital")
    hand.choose("state", "done")
    write_day(hand, "on_day", today)
    hand.write(page.locator("main [name=report_number]"), "VER/45/XI/2026")
    hand.write(page.locator("main [name=cost]"), "450000")
    hand.choose("funding", "dak_nonfisik_ppa")
    page = press_save(house, "lestari")
    shown = page.locator("main").inner_text()
    assert "450.000" in shown or "450,000" in shown


def an_appointment(house: House, who: str, girl: Girl, what: str, day: dt.date, place: str, companion: str) -> str:
    """From the agenda, for her, at nine. Where it stands."""
    hand = house.hands[who]
    page = house.opens(who, "/agenda")
    hand.choose("resident", str(girl.ref))
    page = house.presses(who, "main form.filter .btn:not(.alt)")
    hand.choose("what", what)
    write_day(hand, "day", day)
    hand.write(page.locator("main [name=clock]"), "09.00")
    hand.choose("place", place)
    hand.pick("companion", companion)
    hand.choose("transport", "office_car")
    hand.choose("safe_way", "no_logo")
    page = press_save(house, who)
    assert re.fullmatch(r"/appointments/[0-9a-f-]{36}", path_of(page)), page.locator("main").inner_text()
    assert companion in page.locator("main").inner_text()
    return path_of(page)


def row_of(house: House, who: str, path: str) -> list[bool]:
    """Whether it stands on her page of the day, and if so whether its sign is the red one."""
    page = house.opens(who, "/today")
    rows = page.locator("main .tasks li:not(.done)", has=page.locator(f"a[href='{path}']"))
    return [row.locator(".st.care").count() > 0 for row in rows.all()]


def nobody_came_on_wednesday(house: House, appointment: str) -> None:
    house.at(25, 8)
    house.comes_in("wening")
    assert row_of(house, "wening", appointment) == [False], "whoever goes along sees it in the morning"
    house.at(25, 10, 5)
    house.comes_in("wening")
    assert row_of(house, "wening", appointment) == [True], "over, and nobody has said what became of it"
    house.presses("wening", f"main .tasks a[href='{appointment}']")
    house.presses("wening", f"main form[action='{appointment}/missed'] .btn")
    house.at(25, 10, 10)
    house.comes_in("lestari")
    assert row_of(house, "lestari", appointment) == [True], "red for her worker at once"
    house.comes_in("anjar")
    assert row_of(house, "anjar", appointment) == [], "it is not about her domain"
    for day, hour, minute, told in ((25, 10, 10, []), (27, 9, 55, []), (27, 10, 5, [True])):
        house.at(day, hour, minute)
        house.comes_in("kepala")
        assert row_of(house, "kepala", appointment) == told, "the manager is told after 48 hours"


def the_health_worker_agrees_on_another_day(house: House, appointment: str) -> str:
    """What was missed has its answer, and waits for nobody any more. Answers with where the new one stands."""
    house.at(27, 11)
    hand = house.comes_in("lestari")
    house.presses("lestari", f"main .tasks a[href='{appointment}']")
    page = house.presses("lestari", f"main a[href='{appointment}/new-day']")
    write_day(hand, "day", ANOTHER_DAY)
    hand.write(page.locator("main [name=clock]"), "09.00")
    page = press_save(house, "lestari")
    assert path_of(page) != appointment
    another = path_of(page)
    for who in ("lestari", "kepala"):
        house.comes_in(who)
        assert row_of(house, who, appointment) == []
    return another


def this_time_they_went(house: House, appointment: str) -> None:
    house.at(ANOTHER_DAY, 10, 5)
    house.comes_in("wening")
    house.presses("wening", f"main .tasks a[href='{appointment}']")
    house.presses("wening", f"main form[action='{appointment}/kept'] .btn")
    assert row_of(house, "wening", appointment) == []


# School


def the_school_is_written_to(house: House, girl: Girl) -> None:
    """How she learns, and a letter that asks for tasks: it names her and what is asked."""
    hand = house.hands["puspita"]
    house.opens("puspita", girl.domain("education"))
    page = house.presses("puspita", "main a[href$='/schooling']")
    hand.choose("level", "lower_secondary")
    hand.write(page.locator("main [name=grade]"), "9")
    hand.write(page.locator("main [name=last_school]"), HER_SCHOOL)
    hand.choose("way", "same_school")
    hand.choose("enrolled", "yes")
    press_save(house, "puspita")
    page = house.presses("puspita", "main a[href$='/school-letters/new']")
    hand.choose("kind", "tasks")
    hand.write(page.locator("main [name=school]"), HER_SCHOOL)
    write_day(hand, "from_day", dt.date(2026, 11, 25))
    write_day(hand, "until", dt.date(2027, 2, 26))
    press_save(house, "puspita")
    page = house.presses("puspita", "main a[href$='/paper']")
    hand.choose("letterhead", "blank")
    hand.write(page.locator("main [name=code]"), house.site.code("puspita"))
    sheet = hand.take(page.locator(SAVE).first)
    letter = sheet.path().read_bytes()
    assert letter.startswith(b"%PDF-") and is_tagged(letter)
    assert re.fullmatch(r"lembar-\d+\.pdf", sheet.suggested_filename)
    printed = pieces_of(letter)
    assert {HER_NAME, "9", f"{HER_SCHOOL}", "25 November 2026", "26 Februari 2027"} <= set(printed)
    with house.site.rows() as session:
        (row,) = session.scalars(select(SchoolLetter))
        facts = on_paper(row, school=HER_SCHOOL, name=HER_NAME, grade=9, letterhead="")
        office = session.scalars(select(Office)).one()
        told = [office.name, "Rumah Melati", HER_ALIAS, girl.code, *session.scalars(select(Account.shown_name))]
    given = "\n".join(texts_in(facts))
    for text in ("\n".join(printed), given):
        assert not [word for word in (*NEVER_TO_A_SCHOOL, *told) if word.casefold() in text.casefold()], text
    assert words_of(printed) >= words_of([given]), "everything given to the typesetter stands on the sheet"


def texts_in(facts: Any) -> list[str]:
    """Every text among the facts that is printed: the title is for the window alone."""
    if isinstance(facts, str):
        return [facts]
    printed = [one for name, one in facts.items() if name != "title"] if isinstance(facts, dict) else facts
    return [text for one in printed for text in texts_in(one)]


def words_of(texts: list[str]) -> set[str]:
    return {word for text in texts for word in text.split()}


# Law


def her_case_is_opened(house: House, girl: Girl) -> None:
    """The matter, that the police were told in time, the criminal way and its first stage."""
    hand = house.hands["ratih"]
    house.opens("ratih", girl.domain("legal"))
    page = house.presses("ratih", "main a[href$='/matters/new']")
    hand.choose("sexual_violence", "yes")
    write_day(hand, "day", dt.date(2026, 11, 22))
    hand.write(page.locator("main [name=clock]"), "00.30")
    hand.choose("child_offender", "no")
    hand.choose("side_0", "victim")
    press_save(house, "ratih")
    house.opens("ratih", girl.domain("legal"))
    page = house.presses("ratih", "main a[href$='/police']")
    write_day(hand, "day", dt.date(2026, 11, 24))
    hand.write(page.locator("main [name=clock]"), "13.00")
    hand.write(page.locator("main [name=number]"), "LP/B/77/XI/2026")
    press_save(house, "ratih")
    house.opens("ratih", girl.domain("legal"))
    house.presses("ratih", "main a[href*='/legal-processes/new']")
    hand.choose("track", "criminal")
    press_save(house, "ratih")
    page = house.presses("ratih", "main .way a[href*='/stages/new']")
    pick_stage(house, "Laporan polisi", "Report to the police")
    write_day(hand, "on_day", dt.date(2026, 11, 24))
    hand.choose("accompanied", "worker")
    hand.write(page.locator("main [name=reason]"), "Konsultasi dilakukan lembaga lain")
    press_save(house, "ratih")


def pick_stage(house: House, indonesian: str, english: str) -> None:
    """A stage of the list, by what it is called."""
    house.hands["ratih"].pick("stage", indonesian if house.language == "id" else english)


def the_hearing_was_held(house: House, girl: Girl, hearing: str) -> None:
    hand = house.hands["ratih"]
    assert row_of(house, "ratih", hearing) == [True]
    house.presses("ratih", f"main .tasks a[href='{hearing}']")
    house.presses("ratih", f"main form[action='{hearing}/kept'] .btn")
    house.opens("ratih", girl.domain("legal"))
    page = house.presses("ratih", "main .way a[href*='/stages/new']")
    pick_stage(house, "Persidangan", "Trial")
    write_day(hand, "on_day", HEARING)
    hand.choose("accompanied", "worker")
    hand.write(page.locator("main [name=reason]"), "Perkara lama dibuka kembali")
    press_save(house, "ratih")
    with house.site.rows() as session:
        (process,) = session.scalars(select(LegalProcess))
        stages = session.scalars(select(ProcessStage).order_by(ProcessStage.on_day)).all()
        assert [one.process_id for one in stages] == [process.id] * 2
        assert [one.on_day for one in stages] == [dt.date(2026, 11, 24), HEARING]


def the_note_of_another_discipline_is_not_there(house: House) -> None:
    """The same page as for a note that never was, and a word in the record."""
    with house.site.rows() as session:
        (note,) = session.scalars(select(Note.ref))
    page = house.hands["ratih"].page
    said = []
    for ref in (note, uuid.uuid4()):
        answer = page.goto(f"{house.site.url}/notes/{ref}")
        assert answer is not None and answer.status == 404
        house.eye.look_at(page)
        said.append(page.locator("main").inner_text())
    assert said[0] == said[1] and NOTE not in page.content()
    with house.site.rows() as session:
        (refused,) = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.NOTE_REFUSED))
        assert refused.actor == session.scalar(select(Account.ref).where(Account.username == "ratih"))


# The review


def the_step_is_done(house: House) -> None:
    hand = house.hands["rahma"]
    house.presses("rahma", "main .tasks a[href$='/social_work#steps']")
    house.presses("rahma", "main a[href^='/actions/']")
    hand.choose("state", "done")
    press_save(house, "rahma")
    assert house.rows("rahma") == []


def her_page_says_how_it_goes(house: House, girl: Girl) -> None:
    """What the psychologist wrote for everybody stands on the page of the resident, without being typed again; what
    she wrote for herself does not."""
    page = house.opens("rahma", f"/residents/{girl.ref}")
    shown = page.locator("main").inner_text()
    assert SUMMARY in shown and NOTE not in shown


def the_coordinator_writes_the_review(house: House, girl: Girl) -> None:
    """Figures are there; she writes what she concludes, and what she advises."""
    hand = house.hands["rahma"]
    page = house.presses("rahma", "main .tasks a[href$='/review']")
    hand.write(page.locator("main [name=own_words]"), HER_WORDS)
    hand.choose("overall", "forward")
    hand.write(page.locator("main [name=conclusion]"), CONCLUSION)
    hand.choose("next_plan", "stay")
    hand.write(page.locator("main [name=advised-0-words]"), ADVICE)
    hand.pick("advised-0-responsible", "Bu Ratih")
    write_day(hand, "advised-0-due", dt.date(2027, 5, 1))
    page = press_save(house, "rahma")
    assert path_of(page).startswith("/reviews/")


def the_manager_approves_it(house: House, girl: Girl) -> str:
    hand = house.hands["kepala"]
    page = house.presses("kepala", "main a[href^='/reviews/']")
    assert CONCLUSION in page.locator("main").inner_text()
    hand.choose("answer", "approve")
    page = press_save(house, "kepala")
    assert "done=" in page.url
    return path_of(page)


def the_report_is_right_in_every_figure(house: House, girl: Girl, review: str) -> None:
    house.opens("rahma", girl.plan)
    page = house.presses("rahma", f"main a[href='{review}']")
    report = house.hands["rahma"].take(page.locator(f"form[action='{review}/report'] .btn")).path().read_bytes()
    assert report.startswith(b"%PDF-") and is_tagged(report)
    printed = pieces_of(report)
    for known in (
        # Domain, sessions, steps, appointments kept, goals reached, and which way it went.
        ["Psikologis", f"{HELD} dari {AGREED}", "0 dari 0", "0 dari 0", "0 dari 1", "Maju"],
        ["Kesehatan", "0 dari 0", "0 dari 0", "1 dari 2", "0 dari 0", "–"],
        ["Pendidikan", "0 dari 0", "0 dari 0", "0 dari 0", "0 dari 0", "–"],
        ["Hukum", "0 dari 0", "0 dari 0", "1 dari 1", "0 dari 0", "–"],
        ["Sosial dan ekonomi", "0 dari 0", "1 dari 1", "0 dari 0", "0 dari 0", "–"],
        ["Pemeriksaan dan pengobatan yang dilakukan: 1. Visum yang dibuat: 1, tanpa hasilnya."],
        [GOAL, "1 dari 5: belum mulai", "3 dari 5: sedang berjalan"],
        ["•", "Pidana: Laporan polisi, 24 November 2026.", "•", "Pidana: Persidangan, 8 Desember 2026."],
        ["Penerima manfaat", ":", f"{HER_ALIAS} {girl.code}"],
        ["Masa laporan", ":", "23 November 2026 sampai 22 Februari 2027"],
        ["Penerima manfaat berada dalam layanan sejak 21 November 2026. Dalam masa laporan ini 91 malam."],
        ["3. Tingkat bahaya", "Rendah"],
        ["Psikologis", ":", SUMMARY],
        [HER_WORDS],
        [CONCLUSION, "Secara keseluruhan: Maju. Rencana berikutnya: Lanjut tinggal."],
        [ADVICE, "Bidang hukum", "1 Mei 2027", "23 Februari 2027"],
        ["Koordinator rencana layanan", "Menyetujui,", "Kepala UPTD"],
        ["Nomor F29/001/II/2027"],
    ):
        assert stands_in(printed, known), f"{known} in\n{printed}"
    text = "\n".join(printed)
    assert not [one for one in (NOTE, HER_NAME, HER_SCHOOL, "Rumah Melati", "Bu Rahma") if one in text]


def stands_in(pieces: list[str], wanted: list[str]) -> bool:
    """Whether these stand on the sheet one after the other."""
    return any(pieces[at : at + len(wanted)] == wanted for at in range(len(pieces)))
