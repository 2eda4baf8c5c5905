"""The review every three months writes itself from what was recorded; what it says was approved by another person."""

import datetime as dt
import re
import zlib
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from flask import g
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from safehouse.access.models import Approval, Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import DangerLevel, Household
from safehouse.residents.operations.danger import assess_danger
from safehouse.services.choices import (
    ActionState,
    Attendance,
    Overall,
    RecommendationOutcome,
    SessionKind,
    SessionPlace,
)
from safehouse.services.models import CareSession, Goal, Recommendation, Review
from safehouse.services.operations.planning import NewAction, change_action, plan_action, set_goal, step_goal
from safehouse.services.operations.reviewing import (
    Advised,
    ReviewRefusal,
    ReviewRefused,
    Written,
    begin_review,
    decide_review,
    hand_in,
    write_review,
)
from safehouse.services.queries.gathering import gather
from safehouse.services.queries.plans import standing, workers_of
from safehouse.services.queries.reviews import find_review, judged_by, recommendations
from safehouse.services.rules.reviewing import as_text, direction, from_text, nights_between, period
from safehouse.services.views.reports import on_paper
from safehouse.services.views.reviews.finding import Read
from safehouse.services.views.seen import Seen
from safehouse.shelter.models import Placement
from safehouse.trail.acts import Act
from safehouse.trail.models import TrailEntry
from safehouse.trail.opening import Sealed, open_values
from safehouse.vault.operations import key_of, seal
from tests.office import actor

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
PSYCHOLOGY = Discipline.PSYCHOLOGY
HERS = "Saya tidak mau ditanya hal yang sama lagi"
CONCLUSION = "Tidur membaik, rasa aman bertambah"
FULL = {
    "do": "hand_in",
    "own_words": HERS,
    "family": "Kakak siap menemani",
    "overall": "forward",
    "conclusion": CONCLUSION,
    "next_plan": "stay",
}


def url(ward):
    return f"/residents/{ward.resident.ref}/review"


def advice(ward, n=0, words="Pendampingan pada sidang pertama", day="15", month="1", year="2027"):
    return {
        f"advised-{n}-words": words,
        f"advised-{n}-responsible": str(ward.sekar.ref),
        f"advised-{n}-due-d": day,
        f"advised-{n}-due-m": month,
        f"advised-{n}-due-y": year,
    }


@pytest.fixture
def season(ward, plan, session, clock, domain_of, make):
    """Three months: two sessions held, one missed, one withdrawn; a goal that came two steps; two steps planned, one
    done; everything after the plan was opened."""
    begun = clock.now
    goal = set_goal(
        session,
        domain=domain_of(PSYCHOLOGY),
        resident=ward.resident,
        words="Tidur enam jam",
        measure=None,
        now=clock.now,
        by=actor(ward.indah),
    )
    for n, (attendance, withdrawn) in enumerate(
        [
            (Attendance.ATTENDED, False),
            (Attendance.ATTENDED, False),
            (Attendance.ABSENT, False),
            (Attendance.ATTENDED, True),
        ]
    ):
        at = begun + (7 * n + 1) * DAY
        clock.now = at + HOUR
        make.saved(
            CareSession(
                plan_domain_id=domain_of(PSYCHOLOGY).id,
                kind=SessionKind.INDIVIDUAL,
                starts_at=at,
                minutes=60 if attendance is Attendance.ATTENDED else None,
                place=SessionPlace.HOUSE,
                attendance=attendance,
                noted_at=clock.now,
                by_id=ward.indah.id,
                withdrawn_at=clock.now if withdrawn else None,
            )
        )
        if n < 2:
            step_goal(
                session,
                goal=goal,
                resident=ward.resident,
                step=n + 1,
                at=clock.now,
                now=clock.now,
                by=actor(ward.indah),
            )
    for n in range(2):
        made = plan_action(
            session,
            domain=domain_of(Discipline.LEGAL),
            resident=ward.resident,
            new=NewAction(f"Langkah {n}", clock.now.date(), who=ward.sekar),
            now=clock.now,
            by=actor(ward.sekar),
        )
        if n == 0:
            change_action(
                session,
                action=made,
                resident=ward.resident,
                state=ActionState.DONE,
                due=made.due,
                done_on=None,
                cost=None,
                funding=None,
                today=clock.now.date(),
                now=clock.now,
                by=actor(ward.sekar),
            )
    household = session.get_one(Household, ward.resident.household_id)
    assess_danger(
        session,
        household=household,
        level=DangerLevel.MEDIUM,
        grounds=[],
        words=None,
        now=clock.now,
        by=actor(ward.maya),
    )
    session.commit()
    clock.now = begun + 30 * DAY
    return goal


def handed_in(browser, ward, **more):
    browser.sign_in(ward.maya).get(url(ward))
    answer = browser.post(url(ward), fields=FULL | advice(ward) | more)
    assert answer.status_code == 303, browser.page
    return answer


def approve(browser, manager, review):
    browser.sign_in(manager).get(f"/reviews/{review.ref}/decide")
    return browser.post(f"/reviews/{review.ref}/decide", fields={"answer": "approve"})


def one_review(session):
    session.expire_all()
    return session.scalars(select(Review)).one()


def test_the_figures_of_a_review_are_those_that_were_recorded(ward, plan, season, session, clock):
    placement = session.get_one(Placement, plan.placement_id)
    there = ZoneInfo("Asia/Jakarta")
    opened = plan.opened_at.astimezone(there).date()
    found = gather(
        session,
        plan=plan,
        placement=placement,
        resident=ward.resident,
        from_day=opened,
        until=clock.now.astimezone(there).date(),
        there=there,
    )
    psychology = next(one for one in found.domains if one.domain is PSYCHOLOGY)
    legal = next(one for one in found.domains if one.domain is Discipline.LEGAL)
    assert (psychology.held, psychology.agreed, psychology.goals, psychology.reached) == (2, 3, 1, 0)
    assert psychology.direction is Overall.FORWARD
    assert (legal.done, legal.planned, legal.direction) == (1, 2, None)
    assert [(one.then, one.now) for one in found.goals] == [(0, 2)]
    assert (found.nights, found.danger) == (30, "medium")
    assert from_text(as_text(found)) == found


def test_a_session_shows_in_the_review_without_being_typed_again(ward, season, browser):
    browser.sign_in(ward.maya)
    page = browser.get(url(ward)).text
    assert re.search(r"2 (dari|of) 3", page) and "Tidur enam jam" in page


def test_a_draft_keeps_everything_and_asks_nobody(ward, season, browser, session):
    browser.sign_in(ward.maya).get(url(ward))
    answer = browser.post(url(ward), fields={"do": "draft", "own_words": HERS} | advice(ward))
    assert answer.status_code == 303
    review = one_review(session)
    assert review.handed_in_at is None and HERS.encode() not in review.own_words
    assert session.scalar(select(func.count()).select_from(Approval)) == 0
    page = browser.get(url(ward)).text
    assert HERS in page and "Pendampingan pada sidang pertama" in page


@pytest.mark.parametrize("missing", ["overall", "conclusion", "next_plan"])
def test_a_review_that_is_not_complete_is_not_handed_in_and_nothing_typed_is_lost(
    ward, season, browser, session, missing
):
    browser.sign_in(ward.maya).get(url(ward))
    answer = browser.post(url(ward), fields={name: value for name, value in FULL.items() if name != missing})
    assert answer.status_code == 200 and HERS in answer.text and f'href="#{missing}' in answer.text
    assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_advice_that_is_due_on_a_day_that_is_over_is_refused(ward, season, browser, session):
    browser.sign_in(ward.maya).get(url(ward))
    answer = browser.post(url(ward), fields=FULL | advice(ward, day="1", month="11", year="2026"))
    assert answer.status_code == 200 and CONCLUSION in answer.text
    assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_only_the_coordinator_writes_it(ward, season, browser, manager, make, house):
    for account in (ward.indah, ward.sekar, manager, make.account(Role.STAFF, house)):
        browser.sign_in(account)
        assert browser.get(url(ward)).status_code == 404


def test_a_manager_approves_it_and_it_has_its_number(ward, season, browser, session, manager):
    handed_in(browser, ward)
    assert one_review(session).figures is not None
    answer = approve(browser, manager, one_review(session))
    assert answer.status_code == 303
    review = one_review(session)
    assert (review.year, review.number) == (review.until.year, 1) and review.approved_at is not None
    page = browser.get(answer.location).text
    assert HERS in page and CONCLUSION in page and "/undo" in page


def test_an_approval_is_taken_back_within_ten_minutes(ward, season, browser, session, manager):
    handed_in(browser, ward)
    answer = approve(browser, manager, one_review(session))
    browser.get(answer.location)
    undo = browser.page.split("/undo")[0].rsplit('"', 1)[1] + "/undo"
    assert browser.post(undo).status_code == 303
    review = one_review(session)
    assert review.approved_at is None and review.number is None and review.handed_in_at is not None


def test_what_is_sent_back_is_written_on_with_the_words_of_the_manager(ward, season, browser, session, manager):
    handed_in(browser, ward)
    review = one_review(session)
    browser.sign_in(manager).get(f"/reviews/{review.ref}/decide")
    answer = browser.post(f"/reviews/{review.ref}/decide", fields={"answer": "send_back"})
    assert answer.status_code == 200, "sending back needs words"
    answer = browser.post(
        f"/reviews/{review.ref}/decide", fields={"answer": "send_back", "words": "Tambahkan rencana sekolah"}
    )
    assert answer.status_code == 303
    browser.sign_in(ward.maya)
    page = browser.get(url(ward)).text
    assert "Tambahkan rencana sekolah" in page and CONCLUSION in page
    assert browser.post(url(ward), fields=FULL | advice(ward)).status_code == 303
    assert one_review(session).handed_in_at is not None


def test_what_changed_after_handing_in_voids_the_asking(ward, season, browser, session, clock, manager):
    handed_in(browser, ward)
    review = one_review(session)
    review.figures = as_text(from_text(review.figures)).replace('"nights":30', '"nights":31')
    session.commit()
    with pytest.raises(ReviewRefused) as refused:
        decide_review(
            session,
            review=review,
            resident=ward.resident,
            granted=True,
            words="",
            year=2026,
            now=clock.now,
            by=actor(manager),
        )
    assert refused.value.reason is ReviewRefusal.CHANGED


def test_nobody_approves_what_she_wrote_herself(ward, plan, season, session, clock):
    review = begin_review(
        session,
        plan=plan,
        resident=ward.resident,
        from_day=clock.now.date() - 30 * DAY,
        until=clock.now.date(),
        now=clock.now,
        by=actor(ward.maya),
    )
    written = Written(
        Overall.SAME, "stay", CONCLUSION, "", "", [Advised("Lanjutkan", ward.indah, clock.now.date() + DAY)], {}
    )
    write_review(
        session,
        review=review,
        resident=ward.resident,
        until=review.until,
        written=written,
        today=clock.now.date(),
        now=clock.now,
        by=actor(ward.maya),
    )
    figures = gather(
        session,
        plan=plan,
        placement=session.get_one(Placement, plan.placement_id),
        resident=ward.resident,
        from_day=review.from_day,
        until=review.until,
        there=ZoneInfo("Asia/Jakarta"),
    )
    hand_in(session, review=review, resident=ward.resident, figures=figures, now=clock.now, by=actor(ward.maya))
    with pytest.raises(ReviewRefused) as refused:
        decide_review(
            session,
            review=review,
            resident=ward.resident,
            granted=True,
            words="",
            year=2026,
            now=clock.now,
            by=actor(ward.maya),
        )
    assert refused.value.reason is ReviewRefusal.OWN


def test_the_next_review_starts_with_what_the_last_one_advised(ward, season, browser, session, manager, clock):
    handed_in(browser, ward)
    approve(browser, manager, one_review(session))
    clock.forward(days=60)
    browser.sign_in(ward.maya)
    page = browser.get(url(ward)).text
    assert page.index("Pendampingan pada sidang pertama") < page.index('id="figures"')
    assert 'name="earlier_' in page and not re.search(r'name="earlier_[^>]* checked', page)
    answer = browser.post(url(ward), fields=FULL)
    assert answer.status_code == 200, "what became of it is asked"
    field = re.search(r'name="(earlier_[0-9a-f]+)"', answer.text)[1]
    assert browser.post(url(ward), fields=FULL | {field: "partly"}).status_code == 303
    session.expire_all()
    judged = session.scalars(select(Recommendation).where(Recommendation.outcome.is_not(None))).one()
    assert judged.outcome is RecommendationOutcome.PARTLY
    later = session.scalars(select(Review).order_by(Review.id.desc())).first()
    first = session.scalars(select(Review).order_by(Review.id)).first()
    assert later.from_day == first.until + DAY and judged.outcome_review_id == later.id


def test_what_was_carried_out_is_written_down_in_one_press_and_taken_back(ward, season, browser, session, manager):
    handed_in(browser, ward)
    approve(browser, manager, one_review(session))
    advised = session.scalars(select(Recommendation)).one()
    browser.sign_in(ward.indah)
    assert browser.get(f"/recommendations/{advised.ref}").status_code == 404
    browser.sign_in(ward.sekar)
    assert "Pendampingan pada sidang pertama" in browser.get(f"/recommendations/{advised.ref}").text
    answer = browser.post(f"/recommendations/{advised.ref}")
    browser.get(answer.location)
    session.expire_all()
    assert session.get(Recommendation, advised.id).done_at is not None
    undo = browser.page.split("/undo")[0].rsplit('"', 1)[1] + "/undo"
    assert browser.post(undo).status_code == 303
    session.expire_all()
    assert session.get(Recommendation, advised.id).done_at is None


# On paper


def text_of(pdf: bytes) -> str:
    """Everything the PDF holds, streams unpacked."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream.strip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(found).decode("latin-1")


def test_the_progress_report_is_a_tagged_pdf_with_neutral_name_and_stands_in_the_record(
    ward, season, browser, session, manager
):
    handed_in(browser, ward)
    review = one_review(session)
    approve(browser, manager, review)
    browser.sign_in(ward.maya).get(f"/reviews/{review.ref}")
    sheet = browser.post(f"/reviews/{review.ref}/report")
    assert sheet.status_code == 200 and sheet.data.startswith(b"%PDF")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="lembar-1.pdf"'
    plain = text_of(sheet.data)
    assert "/StructTreeRoot" in plain and "pdfuaid:part" in plain
    assert "CreationDate" not in plain
    session.expire_all()
    printed = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.REPORT_PRINTED)).one()
    assert printed.purpose == "by alias" and printed.actor == ward.maya.ref


def test_a_review_that_is_not_approved_is_not_printed(ward, season, browser, session, manager):
    handed_in(browser, ward)
    review = one_review(session)
    browser.get(f"/reviews/{review.ref}")
    assert browser.post(f"/reviews/{review.ref}/report").status_code == 404
    assert browser.get(f"/reviews/{review.ref}/named-report").status_code == 404


def test_by_name_needs_a_managers_yes_and_her_own_code(ward, season, browser, session, manager, make, clock):
    ward.resident.name = seal(session, ward.resident, "name", "Suharti", key=key_of(session, ward.resident.ref))
    session.commit()
    handed_in(browser, ward)
    review = one_review(session)
    approve(browser, manager, review)
    where = f"/reviews/{review.ref}/named-report"
    browser.sign_in(ward.maya).get(where)
    assert browser.post(where, fields={"court": "district"}).status_code == 303
    assert 'name="code"' not in browser.get(where).text
    assert browser.post(where, fields={"code": make.code(ward.maya)}).mimetype == "text/html"
    assert browser.get(f"{where}/decide").status_code == 404, "nobody answers her own asking"
    browser.sign_in(manager).get(f"{where}/decide")
    assert browser.post(f"{where}/decide", fields={"answer": "approve"}).status_code == 303
    assert 'name="code"' not in browser.get(where).text, "only whoever asked prints it"
    browser.sign_in(ward.maya).get(where)
    wrong = browser.post(where, fields={"code": "000000"})
    assert wrong.status_code == 200 and wrong.mimetype == "text/html"
    sheet = browser.post(where, fields={"code": make.code(ward.maya)})
    assert sheet.mimetype == "application/pdf"
    session.expire_all()
    printed = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.REPORT_PRINTED)).one()
    assert printed.purpose == "by name"
    clock.forward(hours=25)
    browser.sign_in(ward.maya)
    assert 'name="code"' not in browser.get(where).text, "it is printed within a day"


# Rules


@given(opened=st.dates(), last=st.none() | st.dates(), today=st.dates())
def test_a_review_never_covers_a_day_that_is_still_to_come(opened, last, today):
    last = min(last, dt.date(9999, 12, 30)) if last else None
    first, until = period(opened, last, today)
    assert first <= until == today


@given(steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8))
def test_the_direction_of_a_domain_is_that_of_its_goals_together(steps):
    found = direction(steps)
    total = sum(now - then for then, now in steps)
    assert (found is None) == (not steps)
    if steps:
        assert found is (Overall.FORWARD if total > 0 else Overall.BACK if total < 0 else Overall.SAME)


def test_nights_are_midnights_with_a_bed_within_the_time():
    day = dt.date(2026, 9, 5)
    assert nights_between(day, None, day, dt.date(2026, 11, 21)) == 77
    assert nights_between(day, dt.date(2026, 9, 7), day, dt.date(2026, 11, 21)) == 2
    assert nights_between(day, None, dt.date(2026, 12, 1), dt.date(2026, 11, 21)) == 0


def test_every_figure_of_the_paper_is_the_one_that_was_approved(app, ward, season, browser, session, manager):
    handed_in(browser, ward)
    review = one_review(session)
    approve(browser, manager, review)
    facts = printed_facts(app, session, ward, name="")
    domains = {row[0]: row[1:] for row in facts["domains"]}
    assert domains["Psikologis"] == ["2 dari 3", "0 dari 0", "0 dari 0", "0 dari 1", "Maju"]
    assert domains["Hukum"] == ["0 dari 0", "1 dari 2", "0 dari 0", "0 dari 0", "–"]
    assert facts["goals"] == [["Tidur enam jam", "1 dari 5: belum mulai", "3 dari 5: sedang berjalan"]]
    assert "30 malam" in facts["stay"] and facts["danger"]
    assert facts["person"][0] == ["Penerima manfaat", f"{ward.resident.alias} {ward.resident.code}"]
    assert facts["advice"] == [["Pendampingan pada sidang pertama", "Bidang hukum", "15 Januari 2027"]]
    assert [one["role"] for one in facts["signatures"]] == ["Disusun oleh,", "Menyetujui,"]
    everything = str(facts)
    for name in ("Maya", "Indah", "Sekar", "Rumah Satu", "Bu Hartati"):
        assert not re.search(rf"\b{name}\b", everything), "nobody who works here and no house stands on paper"


def test_a_report_by_name_has_neither_alias_nor_code(app, ward, season, browser, session, manager):
    handed_in(browser, ward)
    approve(browser, manager, one_review(session))
    facts = printed_facts(app, session, ward, name="Suharti")
    everything = str(facts)
    assert "Suharti" in everything
    assert ward.resident.alias not in everything and ward.resident.code not in everything


def printed_facts(app, session, ward, *, name):
    """What is printed about this review, as the coordinator prints it."""
    with app.test_request_context():
        g.now, g.signed = (
            one_review(session).approved_at,
            SimpleNamespace(
                account_id=ward.maya.id,
                role=ward.maya.role,
                office=SimpleNamespace(time_zone="Asia/Jakarta"),
                shown_name="Maya",
            ),
        )
        review, plan = find_review(session, one_review(session).ref)
        seen = Seen(
            ward.resident,
            session.get_one(Placement, plan.placement_id),
            plan,
            workers_of(session, ward.resident.id),
            standing(workers_of(session, ward.resident.id), account_id=ward.maya.id, role=ward.maya.role),
        )
        figures = from_text(review.figures)
        advised, judged = recommendations(session, review.id), judged_by(session, review.id)

        def opened(row):
            wanted = [Sealed(row, "words", ward.resident.ref)]
            return open_values(session, now=g.now, by=actor(ward.maya), purpose="plan", wanted=wanted)[0]

        read = Read(
            advised={one.row.id: opened(one.row) for one in [*advised, *judged]},
            summaries={},
            goals={str(one.ref): opened(one) for one in session.scalars(select(Goal))},
            conclusion=CONCLUSION,
        )
        return on_paper(seen, review, figures, read, advised, judged, name=name)
