"""The main job, from the first day of a new colleague to a family asleep: with script off, as a person does it."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.hand import Hand, name_of
from tests.browser.site import Site, code_now, follow

pytestmark = pytest.mark.browser

PASSWORD = "perahu tua di tepi danau"
MOST_FIELDS, MOST_PRESSES = 12, 15


@pytest.mark.parametrize(("engine", "width", "language"), [("sqlite", 1366, "id"), ("postgresql", 390, "en")])
def test_from_activation_to_a_placed_family_on_the_board(new_site, new_context, engine, width, language):
    site = new_site(engine)
    officer = new_context().new_page()
    site.sign_in(officer, "bayu")
    code = make_account(officer)
    agree(site, new_context().new_page())
    page = new_context(width=width).new_page()
    if language == "en":
        page.goto(f"{site.url}/sign-in")
        follow(page, "button[value=en]")
        assert page.locator("html").get_attribute("lang") == "en"
    activate(page, site, code)

    # Her first page.
    assert page.url == f"{site.url}/today"
    if page.locator("html").get_attribute("lang") != language:
        follow(page, f"button[value^='{language} ']:visible")
    hand = Hand(page)
    sleepers = place_a_family(hand)
    told = hand.told()
    assert len(hand.fields) <= MOST_FIELDS and len(hand.presses) <= MOST_PRESSES, told
    assert len(sleepers) == 4 and page.locator(".undo").is_visible(), told
    where = seen_on_the_board(page, hand)
    assert where == sleepers, "the board shows them where the suggestion said"

    # The same on the other screen.
    page.set_viewport_size({"width": 390 if width == 1366 else 1366, "height": 900})
    page.goto(f"{site.url}/beds")
    assert seen_on_the_board(page, hand) == sleepers
    every_step_is_in_the_record(officer, site, hand)


def make_account(page: Page) -> str:
    """The security officer makes an account for house staff and reads the activation code out."""
    page.goto(page.url.rpartition("/")[0] + "/accounts/new")
    page.fill("[name=shown_name]", "Mbak Sulastri")
    page.fill("[name=username]", "sulastri")
    page.click("[name=role][value=staff] + label")
    page.locator("[name=houses] + label").last.click()
    follow(page, "main form .btn")
    return page.locator("main .panel .mono").inner_text()


def agree(site: Site, page: Page) -> None:
    """A manager of the house says that she works there."""
    site.let_in(page.context, "hartati")
    page.goto(f"{site.url}/approvals")
    page.locator("main form input.otp").first.fill(code_now(site.people["hartati"].totp_secret))
    follow(page, "main form .btn")
    assert page.locator("main form input.otp").count() == 0, "nothing more waits"


def activate(page: Page, site: Site, code: str) -> None:
    """Password, second step by the typed secret, a recovery code typed back: that signs her in."""
    page.goto(f"{site.url}/sign-in")
    follow(page, "a[href$='/activation']")
    page.fill("#username", "sulastri")
    page.fill("#activation_code", code)
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    follow(page, "main form .btn")
    assert page.locator("svg.qr").is_visible()
    secret = page.locator("main .mono").inner_text().replace(" ", "")
    page.fill("#code", code_now(secret))
    follow(page, "main form .btn")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.fill("#code", codes[3])
    follow(page, "main form .btn")


def place_a_family(hand: Hand) -> dict[str, str]:
    """A mother with a girl of 9, a boy of 4 and a baby of 7 months. Answers with where the suggestion puts each."""
    page = hand.page
    hand.press(page.locator("nav a[href='/referrals']"))
    hand.press(page.locator("main a.btn[href^='/referrals/new']"))
    hand.choose("source", "police")
    hand.choose("urgency", "now")
    english = page.locator("html").get_attribute("lang") == "en"
    for at, (sex, age) in enumerate((("female", "9"), ("male", "4"), ("male", "7 mo" if english else "7 bl"))):
        hand.choose(f"children-{at}-sex", sex)
        hand.write(page.locator(f"[name=children-{at}-age]"), age)
    hand.press(page.locator("main form .btn:not(.alt)"))
    best = page.locator(".opt.best")
    assert best.count() == 1, "one suggestion is the best"
    beds = best.locator("details li").all_inner_texts()
    title = best.locator("h2").inner_text()
    hand.press(best.locator("form .btn"))
    alias = page.locator("main [name^=alias_]").first
    hand.alias = str(alias.get_attribute("value"))
    hand.choose(name_of(alias), hand.alias)
    hand.press(page.locator("main form .btn:not(.alt):not(.plain)"))
    assert re.search(r"/beds\?done=", page.url), page.locator("main").inner_text()
    return told_places(title, beds, hand.alias)


def told_places(title: str, beds: list[str], alias: str) -> dict[str, str]:
    """who -> house and bed, as the words of the suggestion say. The mother comes first, the children in their order."""
    house = re.split(r", (?:kamar|room) ", title)[0]
    names = [alias, *(f"{alias} {n}" for n in range(1, len(beds)))]
    places: dict[str, str] = {}
    for name, line in zip(names, beds, strict=True):
        own = re.search(r"(?:tempat tidur|bed) (\S+)$", line)
        # Whoever shares a bed shares it with the mother.
        places[name] = f"{house} {own[1]}" if own else places[alias]
    return places


def seen_on_the_board(page: Page, hand: Hand) -> dict[str, str]:
    """who -> house and bed, as the board has it now."""
    found: dict[str, str] = {}
    for house in page.locator(".house").all():
        bed = ""
        for row in house.locator(".bed").all():
            named = row.locator(".b").inner_text().split()
            bed = named[-1] if named else bed
            who = row.locator(".who")
            if who.count() and re.search(rf"\b{hand.alias}\b", who.inner_text()):
                child = re.search(r"\d$", who.inner_text())
                name = f"{hand.alias} {child[0]}" if child else hand.alias
                found[name] = f"{house.get_attribute('aria-label')} {bed}"
                assert who.is_visible()
    return found


def every_step_is_in_the_record(page: Page, site: Site, hand: Hand) -> None:
    """The account, the enrolment, the referral, the beds and the arrival of four people, and not one alias."""
    page.goto(f"{site.url}/trail")
    lines = [row.locator("th, td").all_inner_texts() for row in page.locator("main table tbody tr").all()]
    by_her = [act for _at, who, act, _on, result, _why in lines if who == "Mbak Sulastri" and result == "Berhasil"]
    about_her = [
        act for _at, _who, act, on, result, _why in lines if "Akun Mbak Sulastri" in on and result == "Berhasil"
    ]
    assert {
        "Membuat akun",
        "Memberi kode aktivasi",
        "Memasukkan kode aktivasi",
        "Mengganti kata sandi",
        "Memasang langkah kedua",
        "Membuat kode cadangan baru",
    } <= set(about_her), about_her
    assert {"Masuk", "Mencatat rujukan", "Memesan tempat tidur"} <= set(by_her), by_her
    assert by_her.count("Mencatat penghuni baru") == by_her.count("Menempatkan keluarga") == 4, by_her
    assert hand.alias not in page.content()
