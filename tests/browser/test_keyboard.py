"""Everything can be done with the keyboard alone, and what has the focus can be seen."""

import pytest
from playwright.sync_api import Page

from tests.browser.site import Site, code_now

pytestmark = pytest.mark.browser

MOST_TABS = 160
# Where the focus is, and whether a bar that sticks to an edge lies over it. What is taller than the space between the
# bars cannot be shown whole.
FOCUS = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const shown = one.matches('.choice input') ? one.parentElement : one;
    const at = shown.getBoundingClientRect(), name = one.outerHTML.slice(0, 90);
    const bars = [...document.querySelectorAll('.top, .navbox')].filter(bar => !bar.contains(one)
        && ['sticky', 'fixed'].includes(getComputedStyle(bar).position));
    const room = innerHeight - bars.reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0);
    const over = [at.top + 2, (at.top + at.bottom) / 2, at.bottom - 2].map(
        y => document.elementFromPoint((at.left + at.right) / 2, y));
    const under = at.height < room && bars.some(bar => over.some(top => bar.contains(top)));
    const column = one.matches('.tape a') ? one.closest('tr').querySelector('.bedcol').getBoundingClientRect() : null;
    return {name: name, under: under || (column !== null && at.right < column.right + 8),
            seen: at.bottom > 0 && at.top < innerHeight && at.right > 0 && at.left < innerWidth};
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_the_sign_in_needs_no_mouse(site: Site, page: Page):
    person = site.people["asri"]
    page.goto(f"{site.url}/sign-in")
    tab_to(page, "#username")
    page.keyboard.type(person.username)
    tab_to(page, "#password")
    page.keyboard.type(person.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/code**")
    tab_to(page, "#code")
    page.keyboard.type(code_now(person.totp_secret))
    tab_to(page, "button.big")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today")


def test_a_referral_needs_no_mouse(new_site, page: Page):
    site = new_site("sqlite")
    site.let_in(page.context, "wulan")
    page.goto(f"{site.url}/referrals/new")
    tab_to(page, "[name=source]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=urgency]")
    page.keyboard.press("Space")
    tab_to(page, "[name=children-0-sex]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    tab_to(page, "[name=children-0-age]")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.wait_for_url("**/beds")
    assert "1 anak" in page.locator(".side").inner_text(), "Enter saves; it does not ask for more lines"
    tab_to(page, ".opt.best .btn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/arrival?**")
    tab_to(page, "main [name^=alias_]")
    page.keyboard.press("Space")
    tab_to(page, "main .btn:not(.alt)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/beds?done=**")


@pytest.mark.parametrize(("width", "height"), [(1366, 640), (390, 700)])
@pytest.mark.parametrize("path", ["/beds", "/referrals/new"])
def test_focus_is_never_under_a_sticky_bar(site: Site, new_context, path: str, width: int, height: int):
    page = new_context(width=width, height=height).new_page()
    site.let_in(page.context, "wulan")
    page.goto(site.url + path)
    hidden = []
    for key in ("Tab", "Shift+Tab"):
        for press in range(MOST_TABS):
            page.keyboard.press(key)
            focus = page.evaluate(FOCUS)
            if focus is None:
                assert press > 20, "the page has more to reach than that"
                break
            if focus["under"] or not focus["seen"]:
                hidden.append(f"{key}: {focus['name']}")
    assert not hidden, "\n".join(hidden)


def test_the_skip_link_leads_past_the_navigation(site: Site, page: Page):
    site.let_in(page.context, "wulan")
    page.goto(f"{site.url}/beds")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert page.evaluate("() => document.activeElement.matches('.skip')") and skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")
