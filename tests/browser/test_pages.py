"""Every page of every role, looked at as people have it before them: on a computer, on a phone, by day and by night."""

import gzip
import re

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response
from sqlalchemy import select, update

from safehouse.access.models import Account
from safehouse.residents.models import Resident
from tests.browser.hand import AXE, EVERY_RULE, LOOK
from tests.browser.pages import VISITORS, Visitor, answers_to, needed, pages_for
from tests.browser.site import Site, code_now, follow

pytestmark = pytest.mark.browser

# An office computer, a phone, and the narrowest phone there is.
WIDTHS = (1366, 390, 320)
LARGEST = 60 * 1024  # bytes of page and stylesheet as they travel
# Whether it is light or dark changes colours and nothing else.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
# What does not fit: the page slides sideways, something beside the chart does, or words are cut off at an edge.
MISFITS = """() => {
    const ends = document.documentElement.clientWidth, page = document.documentElement.scrollWidth, found = [];
    if (page > ends) found.push('the page slides sideways, ' + page + ' in ' + ends);
    for (const one of document.querySelectorAll('body *')) {
        if (one.closest('.vh, thead, svg, option') || one.matches('input, select, textarea')) continue;
        const name = one.outerHTML.slice(0, 120), flow = getComputedStyle(one).overflowX;
        if (page > ends && !one.closest('.tapebox') && one.getBoundingClientRect().right > ends + 1)
            found.push('sticks out: ' + name);
        if (flow !== 'visible' && one.scrollWidth > one.clientWidth + 1 && !one.matches('.tapebox, .stay'))
            found.push((flow === 'auto' || flow === 'scroll' ? 'slides by itself: ' : 'cuts off: ') + name);
    }
    return found;
}"""


def look_closely(page: Page) -> list[str]:
    """Everything wrong with this page at every width, by day and by night."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, kind, values in (("light", "tag", EVERY_RULE), ("dark", "rule", RULES_OF_COLOUR)):
            page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme} {one}" for one in page.evaluate(LOOK, [kind, values])]
    return found


def misfits(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} {one}" for one in page.evaluate(MISFITS)]
    return found


def title_faults(page: Page, names: set[str]) -> list[str]:
    """A title names the kind of page and nobody: it stays in the history of the browser."""
    kind, _bar, product = page.title().partition(" | ")
    words = set(re.findall(r"\w+", kind))
    found = [f"title names {word}" for word in words & names]
    if not kind.strip() or product != "Teduh":
        found.append(f"title does not begin with its kind: {page.title()}")
    if re.search(r"R-?\d", kind):
        found.append(f"title holds a number: {kind}")
    return found


@pytest.fixture(scope="session")
def names(site) -> set[str]:
    """Every alias and every code of the office."""
    with site.rows() as session:
        people = session.execute(select(Resident.alias, Resident.code)).all()
    return {word for alias, code in people for word in (*re.findall(r"[A-Z][a-z]{3,}", alias), code)} - {"Anak"}


@pytest.fixture(scope="session")
def style(site) -> int:
    with site.app.test_client().get("/static/teduh.css") as answer:
        return len(gzip.compress(answer.get_data()))


@pytest.fixture(scope="session")
def looked_at() -> set[object]:
    """What was looked at closely: the same page of another role with the same parts is not gone over again."""
    return set()


def _is_complaint(line: ConsoleMessage) -> bool:
    """A browser asks for an icon by itself, and tells it when there is none."""
    return line.type in {"error", "warning"} and not line.location["url"].endswith("/favicon.ico")


def token_for(site: Site, visitor: Visitor) -> str | None:
    if visitor.username is None:
        return None
    return site.token_of(visitor.username, level=visitor.level, locked=visitor.locked)


# Roles that see much the same come together, so that the same is gone over once.
TOGETHER = {
    "before signing in": VISITORS[:5],
    "house staff and caseworker": VISITORS[5:7],
    "manager": VISITORS[7:8],
    "security officer": VISITORS[8:],
}


@pytest.mark.parametrize("group", TOGETHER, ids=lambda group: group.replace(" ", "_"))
def test_every_page_passes_axe(site: Site, new_context, group: str, names, style, looked_at):
    """And fits every screen, is quiet in the console, gives nobody away in its title, and travels on a slow line."""
    faults = []
    for visitor in TOGETHER[group]:
        faults += [
            f"{visitor.name}: {one}" for one in _faults_of_pages(site, new_context, visitor, names, style, looked_at)
        ]
    assert not faults, "\n".join(faults)


def _faults_of_pages(site: Site, new_context, visitor: Visitor, names, style, looked_at) -> list[str]:
    context = new_context(script=True)
    context.add_init_script(path=AXE)
    token = token_for(site, visitor)
    if token:
        site.carry(context, token)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if _is_complaint(line) else None)
    faults, seen = [], 0
    for endpoint, path, shape in pages_for(site, visitor, token):
        said.clear()
        answer = page.goto(site.url + path)
        assert isinstance(answer, Response) and answer.status == 200, f"{path} answers {answer}"
        found = [*misfits(page), *title_faults(page, names)]
        # The first page of each visitor shows the navigation as she has it.
        if shape not in looked_at or not seen:
            found += look_closely(page)
            looked_at.add(shape)
        found += [f"the console says {line}" for line in said]
        size = len(gzip.compress(answer.body())) + style
        if size > LARGEST:
            found.append(f"{size} bytes as it travels")
        faults += [f"{endpoint} {path}: {one}" for one in found]
        seen += 1
    assert seen, f"{visitor.name} sees nothing"
    return faults


@pytest.mark.parametrize("username", ["wulan", "hartati", "bayu"])
def test_english_pages_hold_the_same_layout(site: Site, new_context, username: str):
    """The longest labels fit as well, on the phone and on the computer."""
    visitor = next(one for one in VISITORS if one.username == username and one.name != "locked")
    context, token = new_context(), token_for(site, visitor)
    site.carry(context, token)
    page = context.new_page()
    faults = []
    _speak(site, username, "en")
    try:
        for endpoint, path, _shape in pages_for(site, visitor, token):
            page.goto(site.url + path)
            found = misfits(page)
            if page.evaluate("() => document.documentElement.lang") != "en":
                found.append("is not in English")
            faults += [f"{endpoint} {path}: {one}" for one in found]
    finally:
        _speak(site, username, None)
    assert not faults, "\n".join(faults)


def _speak(site: Site, username: str, language: str | None) -> None:
    with site.rows() as session:
        session.execute(update(Account).where(Account.username == username).values(language=language))
        session.commit()


def test_no_page_is_left_out(site: Site):
    """Each page that answers a GET was opened by somebody above, or leads on to one that was."""
    seen = {
        endpoint
        for visitor in VISITORS
        for endpoint, _path, status, _page in answers_to(site, visitor, token_for(site, visitor))
        if status in {200, 303}
    }
    assert needed(site) - seen == set()


@pytest.mark.parametrize(
    ("username", "path"),
    [
        (None, "/sign-in"),
        (None, "/activation"),
        ("wulan", "/referrals/new"),
        ("wulan", "/account/password"),
        ("hartati", "/houses/new"),
        ("hartati", "/import"),
        ("bayu", "/accounts/new"),
    ],
)
def test_a_form_that_comes_back_passes_axe(site: Site, new_context, username, path):
    """Its title begins with the fault, and the list of faults has the focus."""
    context = new_context(script=True)
    context.add_init_script(path=AXE)
    if username:
        site.let_in(context, username)
    page = context.new_page()
    page.goto(site.url + path)
    follow(page, "main form .btn:not(.alt)")
    assert page.title().startswith("Galat: ")
    assert page.evaluate("() => document.activeElement.matches('.errors')")
    assert [*look_closely(page), *misfits(page)] == []


def test_what_is_shown_once_passes_axe(site: Site, new_context):
    """An activation code, new recovery codes, an opened address, an identity, names of reported persons and relatives,
    the reason of a denial."""
    found = []
    for username, open_it in (
        ("bayu", _activation_code),
        ("ratih", _recovery_codes),
        ("hartati", _address_shown),
        ("galuh", _identity_shown),
        ("ratih", _reported_persons_opened),
        ("hartati", _reason_of_a_denial_opened),
        ("bayu", _relatives_opened),
    ):
        context = new_context(script=True)
        context.add_init_script(path=AXE)
        site.let_in(context, username)
        page = context.new_page()
        open_it(site, page)
        found += [f"{page.url}: {one}" for one in (*look_closely(page), *misfits(page))]
    assert not found, "\n".join(found)


def _activation_code(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/accounts")
    follow(page, "main a:has-text('Orang'):visible")
    follow(page, "form[action$='/code'] .btn")
    assert page.locator("main .mono").is_visible()


def _recovery_codes(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/account/recovery-codes")
    page.fill("#code", code_now(site.people["ratih"].totp_secret))
    follow(page, "main form .btn")
    assert page.locator(".codes li").count() == 10


def _address_shown(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/houses")
    follow(page, "main table a >> nth=0")
    follow(page, "a[href$='/address/open']")
    page.click("main [name=purpose] + label >> nth=0")
    page.fill("#code", code_now(site.people["hartati"].totp_secret))
    follow(page, "main form .btn")
    assert "Jalan Contoh" in page.locator("main").inner_text()


def _page_of(site: Site, alias: str) -> str:
    with site.rows() as session:
        return f"{site.url}/residents/{session.scalars(select(Resident.ref).where(Resident.alias == alias)).one()}"


def _identity_shown(site: Site, page: Page) -> None:
    page.goto(f"{_page_of(site, 'Kenari')}/identity")
    page.click("main [name=reason] + label >> nth=0")
    page.fill("#code", code_now(site.people["galuh"].totp_secret))
    follow(page, "main form .btn:not(.alt)")
    assert "Penghuni Contoh" in page.locator("main").inner_text()


def _reported_persons_opened(site: Site, page: Page) -> None:
    page.goto(f"{_page_of(site, 'Kenari')}/reported-persons")
    follow(page, "main form[action$='/opened'] .btn")
    assert "Terlapor Contoh" in page.locator("main").inner_text()


def _reason_of_a_denial_opened(site: Site, page: Page) -> None:
    page.goto(f"{_page_of(site, 'Akasia')}/denials")
    follow(page, "main form[action$='/opened'] button")
    assert "Kerabat terlapor" in page.locator("main").inner_text()


def _relatives_opened(site: Site, page: Page) -> None:
    with site.rows() as session:
        ref = session.scalars(select(Account.ref).where(Account.username == "yuni")).one()
    page.goto(f"{site.url}/accounts/{ref}/relations")
    follow(page, "main form[action$='/opened'] .btn")
    assert "Kerabat Contoh" in page.locator("main").inner_text()
