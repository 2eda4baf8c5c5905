"""Three nights and days of a house, in a real browser with script off, by people who sign in with both factors.

The clock of the house stands still until the story moves it. Whatever page is passed is looked at by axe as well.
"""

import datetime as dt
import re
from collections import Counter

import pytest
from playwright.sync_api import Page, Route
from sqlalchemy import select

from safehouse.shelter.choices import PlacementBasis, StayEnd
from safehouse.shelter.models import Extension, Placement, Stay
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.browser.hand import Hand, name_of
from tests.browser.offices import (
    a_week_before_the_limit,
    on_saturday_night,
    with_one_bed_left_in_the_best_room,
)
from tests.browser.stories import House, hand_on, last_part, path_of, story, write_day
from tests.office import NOW

pytestmark = pytest.mark.browser

# What a tired night officer needs at most from the police at the door to four people in their beds.
MOST_FIELDS, MOST_PRESSES = 10, 12


# Saturday, 23.40: police at the door with a woman of 32, a girl of 9, a boy of 4 and a baby of 7 months.


@story(on_saturday_night)
def test_a_family_that_comes_at_midnight_sleeps_at_once_and_the_rest_is_done_on_sunday(house: House):
    house.at(21, 23, 40)
    night = house.comes_in("wening")
    assert house.rows("wening") == []
    referral = the_police_bring_a_family(house, night)
    best = night.page.locator(".opt.best")
    assert "Rumah Melati" in best.locator("h2").inner_text() and best.locator("h2").inner_text().endswith(" A")
    beds = best.locator("details li").all_text_contents()
    assert [bool(re.search(r" A [ABC]$|Boks 1", one)) for one in beds] == [True] * 4, beds
    they_come_in(house, night)
    assert len(night.fields) <= MOST_FIELDS and len(night.presses) <= MOST_PRESSES, night.told()
    house_sleeps = night.page.locator(".house").inner_text()
    assert house_sleeps.count(night.alias) == 4, "four people are on the board"

    # What was put off stands on the page of the day, and the head is asked at once.
    assert sorted(map(last_part, house.rows("wening"))) == ["health-check", "screening"]
    rest, check_up = (
        night.page.locator("main .tasks li", has=night.page.locator(f"a[href$='/{page}']")).inner_text()
        for page in ("screening", "health-check")
    )
    assert "R-1" in rest
    for row in (rest, check_up):
        assert "22 Nov" in row and night.alias in row, "due within a day"
    house.comes_in("kepala")
    waiting = [one.get_attribute("href") for one in house.hands["kepala"].page.locator("main table a").all()]
    assert f"/referrals/{referral}/decision" in waiting

    # Sunday morning: a caseworker is named, the head decides, and the paper prints.
    house.at(22, 8)
    morning = house.comes_in("kepala")
    (unassigned,) = [path for path in house.rows("kepala") if path.endswith("/assignment")]
    the_head_names_a_caseworker(house, morning, unassigned)
    paper = the_head_decides(house, morning, referral)
    assert paper.startswith(b"%PDF-") and b"/StructTreeRoot" in paper

    # Her caseworker does the rest, from the page of the day: screening, consents, what each is asked.
    house.at(22, 10)
    caseworker = house.comes_in("rahma")
    plans = ["plan"] * 4
    assert sorted(map(last_part, house.rows("rahma"))) == ["health-check", *plans, "screening"]
    the_caseworker_screens(house, caseworker)
    assert sorted(map(last_part, house.rows("rahma"))) == ["consent", "health-check", *plans]
    she_and_her_children_agree(house, caseworker)
    assert sorted(map(last_part, house.rows("rahma"))) == ["consent", "health-check", "intake", *plans]
    everyone_is_asked(house, caseworker)
    assert sorted(map(last_part, house.rows("rahma"))) == ["consent", "health-check", *plans]

    # A midwife comes in the afternoon; whatever they need next is begun with a plan for each of them.
    house.at(22, 15)
    house.comes_in("rahma")
    a_midwife_looks_at_each_of_them(house, house.hands["rahma"])
    assert sorted(map(last_part, house.rows("rahma"))) == ["consent", *plans]
    each_of_them_has_a_plan(house, house.hands["rahma"])
    assert house.rows("rahma") == [f"/referrals/{referral}/consent"], "one answer was put off"

    # On Monday she has slept, and says no to the photograph. A no is an answer.
    house.at(23, 9)
    house.comes_in("rahma")
    she_says_no_to_the_photograph(house, house.hands["rahma"])
    assert house.rows("rahma") == []
    house.comes_in("wening")
    assert house.rows("wening") == [], "the next shift finds nothing left over"
    every_step_is_in_the_record(house, night.alias)
    assert house.eye.faults == []


def every_step_is_in_the_record(house: House, alias: str) -> None:
    with house.site.rows() as session:
        assert set(session.scalars(select(Placement.basis).where(Placement.referral_id.is_not(None)))) == {
            PlacementBasis.EMERGENCY
        }
        acts = Counter(session.scalars(select(TrailEntry.act).where(TrailEntry.result == Result.DONE)))
        assert not [one for one in session.scalars(select(TrailEntry.fields)) if one and alias in one]
    assert acts[Act.PLACED] == acts[Act.ASSIGNMENT_MADE] == 4
    assert acts[Act.CONSENT_RECORDED] == 6, "each of them, the mother for the house rules and once more on Monday"
    assert acts[Act.HEALTH_CHECK_NOTED] == acts[Act.PLAN_OPENED] == 4
    done_once = (Act.REFERRAL_TAKEN, Act.HELD, Act.SCREENED, Act.PLACEMENT_DECIDED, Act.PAPER_PRINTED)
    assert [acts[one] for one in done_once] == [1] * len(done_once)


def the_police_bring_a_family(house: House, hand: Hand) -> str:
    """Only what is known at the door. Answers with the referral's own address."""
    page = house.presses("wening", "main a[href='/referrals/new']")
    hand.choose("source", "police")
    hand.choose("urgency", "now")
    months = "7 mo" if house.language == "en" else "7 bl"
    for at, (sex, age) in enumerate((("female", "9"), ("male", "4"), ("male", months))):
        hand.choose(f"children-{at}-sex", sex)
        hand.write(page.locator(f"[name=children-{at}-age]"), age)
    page = house.presses("wening", "main form .btn:not(.alt)")
    found = re.search(r"/referrals/([0-9a-f-]{36})/beds", page.url)
    assert found, page.url
    return found[1]


def they_come_in(house: House, hand: Hand) -> None:
    """The proposed room, a name she chooses herself, and the door."""
    page = house.presses("wening", ".opt.best form .btn")
    names = page.locator("main [name^=alias_]").first
    hand.alias = str(names.get_attribute("value"))
    hand.choose(name_of(names), hand.alias)
    page = house.presses("wening", "main form .btn:not(.alt):not(.plain)")
    assert re.search(r"/beds\?done=", page.url), page.locator("main").inner_text()
    assert page.locator(".undo").is_visible()


def the_head_names_a_caseworker(house: House, hand: Hand, path: str) -> None:
    page = house.opens("kepala", path)
    bu_rahma = page.locator("main label", has_text="Bu Rahma")
    hand.presses.append("Bu Rahma")
    bu_rahma.click()
    hand.choose("coordinator", "yes")
    house.presses("kepala", "main form .btn:not(.plain)")


def the_head_decides(house: House, hand: Hand, referral: str) -> bytes:
    """She decides from her page of the day and takes the paper along."""
    house.opens("kepala", "/today")
    page = house.presses("kepala", f"main table a.btn[href='/referrals/{referral}/decision']")
    hand.choose("answer", "place")
    page = house.presses("kepala", "main form .btn:not(.plain)")
    return hand.take(page.locator(f"form[action='/referrals/{referral}/decision/paper'] .btn")).path().read_bytes()


def the_caseworker_screens(house: House, hand: Hand) -> None:
    """Twelve questions: she was threatened, her phone may be traced, there is a baby; the rest is no. What is not known
    would be asked again, so here everything is."""
    page = house.presses("rahma", "main .tasks a[href$='/screening']")
    said = {"threat": "yes", "phone_traced": "yes", "infants": "yes"}
    for name in dict.fromkeys(name_of(one) for one in page.locator("main form#work input[type=radio]").all()):
        hand.choose(name, said.get(name, "no"))
    page = house.presses("rahma", "main form#work .btn:not(.alt)")
    assert path_of(page).endswith("/screening/result"), page.locator("main").inner_text()


def she_and_her_children_agree(house: House, hand: Hand) -> None:
    """Read aloud, item by item; she answers for her children, and puts off the photograph."""
    page = house.presses("rahma", "main .tasks a[href$='/consent']")
    how_it_was_read(hand)
    for name in items_of_consent(page):
        hand.choose(name, "later" if "photograph" in name else "yes")
    for guardian in page.locator("main select[name^=guardian_]").all():
        hand.choose(name_of(guardian), "adult:0")
    she_says_yes_before_a_witness(house, hand)
    assert path_of(house.hands["rahma"].page).endswith("/intake"), page.locator("main").inner_text()


def how_it_was_read(hand: Hand) -> None:
    hand.choose("reading", "aloud")
    hand.choose("language", "indonesian")
    for right in hand.page.locator("main [name=rights]").all():
        hand.page.locator(f"label[for='{right.get_attribute('id')}']").click()


def items_of_consent(page: Page) -> list[str]:
    return [name_of(one) for one in page.locator("main input[type=radio][value=later]").all()]


def she_says_yes_before_a_witness(house: House, hand: Hand) -> Page:
    hand.choose("signed", "spoken")
    hand.pick("witness", "Mbak Sekar")
    return house.presses("rahma", "main form#work .btn:not(.alt):not(.plain)")


def she_says_no_to_the_photograph(house: House, hand: Hand) -> None:
    """Only what is still open is asked."""
    page = house.presses("rahma", "main .tasks a[href$='/consent']")
    (item,) = items_of_consent(page)
    assert "photograph" in item
    how_it_was_read(hand)
    hand.choose(item, "no")
    page = she_says_yes_before_a_witness(house, hand)
    assert not page.locator("main form#work .bad, main [role=alert]").count(), page.locator("main").inner_text()


def a_midwife_looks_at_each_of_them(house: House, hand: Hand) -> None:
    """The page of the day leads to the first of them, and her page to the others."""
    page = house.presses("rahma", "main .tasks a[href$='/health-check']")
    everybody = [path_of(page), *hand_on(page, "main aside a[href$='/health-check']")]
    assert len(everybody) == 4
    for path in everybody:
        house.opens("rahma", path)
        hand.choose("outcome", "nothing_needed")
        hand.choose("examiner", "health_worker")
        page = house.presses("rahma", "main form#work .btn:not(.plain)")
        assert "done=" in page.url, page.locator("main").inner_text()
    house.opens("rahma", "/today")


def each_of_them_has_a_plan(house: House, hand: Hand) -> None:
    """A child has her own. What is not needed is taken out; here it all stays."""
    for path in hand_on(hand.page, "main .tasks a[href$='/plan']"):
        house.opens("rahma", path)
        house.presses("rahma", "main a[href$='/plan/new']")
        page = house.presses("rahma", "main form#work .btn:not(.plain)")
        assert path_of(page) == path, page.locator("main").inner_text()
    house.opens("rahma", "/today")


def everyone_is_asked(house: House, hand: Hand) -> None:
    """Each of the four: nothing she does not tolerate but what the mother names; the rules are read to her."""
    (path,) = hand_on(house.opens("rahma", "/today"), "main .tasks a[href$='/intake']")
    for at in range(4):
        page = house.opens("rahma", path)
        page = house.presses("rahma", f"main table tbody tr:nth-child({at + 1}) a.btn")
        for name in ("allergies", "medicines", "belongings"):
            hand.choose(name, "something" if (at, name) == (0, "allergies") else "nothing")
        if at == 0:
            hand.write(page.locator("main [name=allergic_to]"), "Penisilin")
            hand.choose("rules", "yes")
            hand.choose("reading", "aloud")
            hand.choose("language", "indonesian")
            hand.pick("witness", "Mbak Sekar")
        page = house.presses("rahma", "main form#work .btn:not(.plain)")
        assert re.fullmatch(r"/referrals/[^/]+/intake", path_of(page)), page.locator("main").inner_text()


# Day 7 of a house that gives seven days, and a hearing on day 16.


@story(a_week_before_the_limit)
def test_nine_of_ten_days_are_granted_by_somebody_else_and_a_move_resets_nothing(house: House):
    came = 15  # November, in the afternoon: day 0
    house.clock.now = NOW  # the house was made at this hour; everything below lies where the story says
    limit, asked, granted = dt.date(2026, 11, 22), dt.date(2026, 12, 2), dt.date(2026, 12, 1)

    # Nobody is told on day 3. On day 4 her caseworker and the manager are, and on day 6 anew.
    for day, told_since in ((3, None), (4, 19), (5, 19), (6, 21)):
        house.at(came + day, 9)
        for who in ("rahma", "kepala"):
            hand = house.comes_in(who)
            rows = hand.page.locator("main .tasks li").all_inner_texts()
            assert len(rows) == (0 if told_since is None else 1), rows
            assert told_since is None or re.search(rf"\b{told_since} Nov,? 00[.:]00", rows[0]), rows
        if day == 5:
            her_page = she_moves_to_another_bed(house)

    # Day 7. Bu Dewi asks for ten days more; she is a manager, and cannot approve what she asked for herself.
    house.at(came + 7, 9)
    dewi = house.comes_in("dewi")
    request = ten_days_more_are_asked_for(house, dewi, her_page, until=asked)
    page = house.opens("dewi", request)
    assert page.locator("main form").count() == 0, "nothing to decide with"
    assert "/extensions/" not in "".join(house.rows("dewi"))
    caseworker = house.comes_in("rahma").page
    answer = caseworker.goto(house.site.url + request)
    assert answer is not None and answer.status == 404

    # The head grants nine: until the hearing, on day 16.
    house.at(came + 7, 11)
    head = house.comes_in("kepala")
    assert head.page.locator(f"main table a[href='{request}']").count() > 0
    house.opens("kepala", request)
    nine_days_are_granted(house, head, until=granted)

    # The board knows the new day at once; the history knows what was asked and what was given.
    house.comes_in("wening")
    board = house.opens("wening", "/beds").locator("main").inner_text()
    assert re.search(r"(s\.d\.|until) 1 De[sc]", board), board
    assert days_in_words(house.opens("wening", her_page)) == ("7", "16")
    house.comes_in("rahma")
    history = house.opens("rahma", her_page).locator("main").inner_text()
    for day in (asked, granted):
        assert re.search(rf"\b{day.day} De[sc]ember 2026", history), history
    with house.site.rows() as session:
        (placement,) = session.scalars(select(Placement))
        assert (placement.limit_days, placement.planned_exit) == (16, granted)
        (extension,) = session.scalars(select(Extension))
        assert (extension.from_day, extension.until, extension.granted_until) == (limit, asked, granted)
        assert session.scalars(select(Stay.ended_by).order_by(Stay.id)).all() == [StayEnd.MOVED, None]
    assert house.eye.faults == []


def she_moves_to_another_bed(house: House) -> str:
    """On day 5, to the other room. Her days are counted as before. Answers with the address of her page."""
    hand = house.comes_in("wening")
    house.opens("wening", "/residents")
    page = house.presses("wening", "main table a[href^='/residents/']")
    her_page = path_of(page)
    before = days_in_words(page)
    page = house.presses("wening", "main a[href$='/move']")
    other_room = page.locator("main .opt").last.locator("[name=place]").first
    hand.choose("place", str(other_room.get_attribute("value")))
    house.presses("wening", "main form#work .btn:not(.plain)")
    page = house.opens("wening", her_page)
    assert days_in_words(page) == before == ("5", "7")
    assert "B A" in page.locator("main").inner_text()
    return her_page


def days_in_words(page: Page) -> tuple[str, str] | None:
    found = re.search(r"(?:Hari ke-|[Dd]ay )(\d+) (?:dari|of) (\d+)", page.locator("main").inner_text())
    return (found[1], found[2]) if found else None


def ten_days_more_are_asked_for(house: House, hand: Hand, her_page: str, *, until: dt.date) -> str:
    """A reason, the danger assessed anew, her own wish. Answers with the address where it is decided."""
    house.opens("dewi", her_page)
    page = house.presses("dewi", "main a[href$='/extension']")
    hand.choose("reason", "legal_process")
    write_day(hand, "until", until)
    for name in dict.fromkeys(name_of(one) for one in page.locator("main [name^=danger_]").all()):
        hand.choose(name, "unknown" if name == "danger_phone_traced" else "no")
    hand.choose("own_wish", "stay")
    hand.write(page.locator("main [name=done]"), "Sidang tanggal 1 Desember, hari ke-16.")
    page = house.presses("dewi", "main form#work .btn:not(.plain)")
    assert "done=" in page.url, page.locator("main").inner_text()
    with house.site.rows() as session:
        return f"/extensions/{session.scalars(select(Extension.ref)).one()}"


def nine_days_are_granted(house: House, hand: Hand, *, until: dt.date) -> None:
    hand.choose("answer", "fewer_days")
    write_day(hand, "until", until)
    page = house.presses("kepala", "main form#work .btn:not(.plain)")
    assert "done=" in page.url, page.locator("main").inner_text()


# The last bed of the best room, and two officers who press in the same second.


@story(with_one_bed_left_in_the_best_room)
def test_of_two_officers_who_press_in_the_same_second_one_gets_the_bed_and_one_the_next_best(house: House):
    house.at(21, 23, 40)
    first, second = house.comes_in("wening"), house.comes_in("sekar")
    offered = {who: a_woman_needs_a_bed(house, who) for who in ("wening", "sekar")}
    assert offered["wening"] == offered["sekar"], "both see the same bed as the best"

    both_press_at_once(house, "wening", "sekar", ".opt.best form .btn")
    winners = [who for who in ("wening", "sekar") if "/arrival" in house.hands[who].page.url]
    assert len(winners) == 1, [hand.page.url for hand in (first, second)]
    winner = winners[0]
    loser = "sekar" if winner == "wening" else "wening"

    # The one goes on to the door; the other is told at once, with another bed as the best.
    page = house.hands[loser].page
    house.eye.look_at(page)
    assert page.locator("main [role=alert]").is_visible(), page.locator("main").inner_text()
    next_best = page.locator(".opt.best, .opt").first.locator("details li").first.text_content()
    assert next_best and next_best != offered[loser]
    for who in (winner, loser):
        if who == loser:
            house.presses(loser, ".opt form .btn")
        hand = house.hands[who]
        names = hand.page.locator("main [name^=alias_]").first
        hand.alias = str(names.get_attribute("value"))
        hand.choose(name_of(names), hand.alias)
        page = house.presses(who, "main form#work .btn:not(.alt):not(.plain)")
        assert "/beds?done=" in page.url, page.locator("main").inner_text()
    with house.site.rows() as session:
        tonight = session.scalars(select(Stay.bed_id).where(Stay.started_at > NOW - dt.timedelta(hours=1))).all()
        assert len(tonight) == len(set(tonight)) == 2, "one stay in each bed"
    assert house.eye.faults == []


def a_woman_needs_a_bed(house: House, who: str) -> str:
    """Writes a referral for a woman alone; the bed that is proposed to her."""
    hand = house.hands[who]
    house.presses(who, "main a[href='/referrals/new']")
    hand.choose("source", "police")
    hand.choose("urgency", "now")
    page = house.presses(who, "main form .btn:not(.alt)")
    assert page.locator(".opt.best").count() == 1, f"{page.url}\n{page.locator('main').inner_text()}"
    return str(page.locator(".opt.best details li").first.text_content())


def both_press_at_once(house: House, one: str, other: str, selector: str) -> None:
    """Both presses are on their way before either is answered."""
    pages = [house.hands[who].page for who in (one, other)]
    on_their_way: list[Route] = []
    for page in pages:
        page.route(
            "**/*", lambda route: on_their_way.append(route) if route.request.method == "POST" else route.continue_()
        )
        page.locator(selector).first.click(no_wait_after=True)
    while len(on_their_way) < len(pages):
        pages[0].wait_for_timeout(20)
    with pages[0].expect_navigation(), pages[1].expect_navigation():
        for route in on_their_way:
            route.continue_()
    for page in pages:
        page.unroute_all()
