"""The hand of a person who works with the pages, and the eye of somebody who looks over her shoulder."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Download, Locator, Page

from tests.browser.site import follow

AXE = Path(__file__).parents[1] / "vendored" / "axe.min.js"
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """([kind, values]) => axe.run(document, {runOnly: {type: kind, values: values}, resultTypes: ['violations']})
    .then(found => found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' ')))"""


@dataclass
class Hand:
    """The hand of a person: it presses and fills in, and counts both. Choosing among answers is a field and a press."""

    page: Page
    presses: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    alias: str = ""

    def press(self, what: Locator) -> None:
        self.presses.append(" ".join(what.inner_text().split()))
        follow(self.page, what)

    def write(self, what: Locator, text: str) -> None:
        self._fills(name_of(what))
        what.fill(text)

    def choose(self, name: str, value: str) -> None:
        """One of the visible answers, or of a list."""
        self._fills(name)
        self.presses.append(f"{name}: {value}")
        answers = self.page.locator(f'main [name="{name}"]')
        if answers.first.evaluate("one => one.tagName") == "SELECT":
            answers.select_option(value)
        else:
            self.page.locator(f'main [name="{name}"][value="{value}"] + label').click()

    def pick(self, name: str, called: str) -> None:
        """One of a list, by what it is called."""
        self._fills(name)
        self.presses.append(f"{name}: {called}")
        self.page.locator(f'main [name="{name}"]').select_option(label=called)

    def take(self, what: Locator) -> Download:
        """Press what gives a sheet to take along."""
        self.presses.append(" ".join(what.inner_text().split()))
        with self.page.expect_download() as download:
            what.click()
        return download.value

    def _fills(self, name: str) -> None:
        """A field is counted once, however often it is corrected; one of the same name on another page is another."""
        self.fields.add(f"{name} of {urlsplit(self.page.url).path}")

    def told(self) -> str:
        return (
            f"{len(self.fields)} fields: {', '.join(sorted(self.fields))}\n"
            f"{len(self.presses)} presses: {', '.join(self.presses)}"
        )


def name_of(what: Locator) -> str:
    return str(what.get_attribute("name"))


@dataclass
class Eye:
    """Looks at the very page somebody else has before her, in a browser that may run script, and remembers what is
    wrong with it."""

    context: BrowserContext
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.add_init_script(path=AXE)

    def look_at(self, page: Page) -> None:
        url, shown = page.url.partition("#")[0], page.content()
        width = (page.viewport_size or {"width": 1366})["width"]
        self.context.route(url, lambda asked: asked.fulfill(body=shown, content_type="text/html; charset=utf-8"))
        beside = self.context.new_page()
        beside.set_viewport_size({"width": width, "height": 900})
        beside.goto(url)
        found = beside.evaluate(LOOK, ["tag", EVERY_RULE])
        sideways = beside.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")
        self.faults += [f"{url} {width}: {one}" for one in found + (["slides sideways"] if sideways else [])]
        self.seen.add(f"{url.partition('?')[0]} {width}")
        beside.close()
        self.context.unroute(url)
