"""What a screen keeps and what it forgets: the lock, the way back, paper."""

import datetime as dt

import pytest
from playwright.sync_api import Page
from sqlalchemy import select, update

from safehouse import utc_now
from safehouse.access.models import SignIn
from tests.browser.site import Site, follow

pytestmark = pytest.mark.browser


def test_a_locked_screen_gives_back_what_was_being_typed(site: Site, page: Page):
    site.let_in(page.context, "wulan")
    page.goto(f"{site.url}/referrals/new")
    page.select_option("[name=source]", "health")
    page.fill("[name=children-1-age]", "7 bl")
    page.fill("[name=their_reference]", "RSUD/17/XI")
    _idle_for(site, minutes=16)
    follow(page, "main form .btn:not(.alt)")
    assert page.url.startswith(f"{site.url}/lock")
    assert "RSUD/17/XI" not in page.content() and "Bu Wulan" not in page.content()
    page.fill("#password", site.people["wulan"].password)
    follow(page, "main form .btn")
    assert page.url.startswith(f"{site.url}/referrals/new")
    assert page.input_value("[name=their_reference]") == "RSUD/17/XI"
    assert page.input_value("[name=children-1-age]") == "7 bl"
    assert page.input_value("[name=source]") == "health"
    # Nothing was saved on the way.
    page.goto(f"{site.url}/referrals")
    assert "RSUD/17/XI" not in page.content()


def test_the_lock_button_hides_the_page_and_back_does_not_bring_it_back(site: Site, page: Page):
    site.let_in(page.context, "wulan")
    page.goto(f"{site.url}/beds")
    assert "Kenari" in page.content()
    follow(page, "button.lock")
    assert page.url.startswith(f"{site.url}/lock")
    page.go_back()
    assert page.url.startswith(f"{site.url}/lock")
    assert "Kenari" not in page.content() and "Bu Wulan" not in page.content()


def test_the_back_button_after_signing_out_shows_nothing(site: Site, page: Page):
    site.let_in(page.context, "wulan")
    page.goto(f"{site.url}/residents")
    page.goto(f"{site.url}/beds")
    follow(page, "form[action='/sign-out'] button")
    assert page.url == f"{site.url}/sign-in"
    for _press in range(2):
        page.go_back()
        assert page.url.startswith(f"{site.url}/sign-in")
        assert "Kenari" not in page.content() and "Rumah Satu" not in page.content()


def test_a_printed_board_is_black_on_white_and_holds_no_buttons(site: Site, new_context):
    page = new_context(color_scheme="dark").new_page()
    site.let_in(page.context, "hartati")
    page.goto(f"{site.url}/beds")
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".top", ".navbox", ".context", ".foot", ".skip", "form", "button", "main .btn"):
        assert not [one for one in page.locator(gone).all() if one.is_visible()], f"{gone} would be printed"
    for kept in ("h1", ".lead", ".printhead", ".house >> nth=0", ".bed.free >> nth=0", ".tape"):
        assert page.locator(kept).first.is_visible(), f"{kept} would be missing on paper"
    assert "Bu Hartati" in page.locator(".printhead").inner_text()
    colours = page.evaluate("""() => [...document.querySelectorAll('body, .bed .who, .bed .sub, .tape .stay')].map(
        one => getComputedStyle(one).color)""")
    assert set(colours) <= {"rgb(0, 0, 0)", "rgb(51, 51, 51)"}
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_on_a_phone_the_chart_opens_at_today_and_slides_freely(site: Site, new_context):
    page = new_context(width=390, height=844).new_page()
    site.let_in(page.context, "hartati")
    page.goto(f"{site.url}/beds")
    beds, today = page.locator(".tape thead .bedcol"), page.locator(".tape thead .today")
    names_end = beds.bounding_box()["x"] + beds.bounding_box()["width"]
    assert abs(today.bounding_box()["x"] - names_end) <= 10, "today stands beside the names of the beds"
    page.wait_for_timeout(1200)
    chart = page.locator(".tapebox")
    for there in (0, 90):
        chart.evaluate("(chart, there) => { chart.scrollLeft = there }", there)
        page.wait_for_timeout(100)
        assert chart.evaluate("chart => chart.scrollLeft") == there


def _idle_for(site: Site, *, minutes: int) -> None:
    """The newest sign-in was last used so long ago."""
    with site.rows() as session:
        newest = session.scalars(select(SignIn.id).order_by(SignIn.id.desc()).limit(1)).one()
        session.execute(
            update(SignIn).where(SignIn.id == newest).values(seen_at=utc_now() - dt.timedelta(minutes=minutes))
        )
        session.commit()
