"""What the stories share: a house whose clock stands still until the story moves it, the people who work there, and an
eye on every page they pass."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.hand import Eye, Hand
from tests.browser.site import Site, follow
from tests.office import Clock

BOTH_WAYS = [("sqlite", 1366, "id"), ("postgresql", 390, "en")]
HERE = dt.timezone(dt.timedelta(hours=7))


@dataclass
class House:
    """The house of a story: who works there, what the clock says, and an eye on every page."""

    site: Site
    clock: Clock
    width: int
    language: str
    new_context: Callable[..., BrowserContext]
    eye: Eye
    hands: dict[str, Hand] = field(default_factory=dict)
    worked: dict[str, list[Hand]] = field(default_factory=dict)

    def at(self, day: int | dt.date, hour: int, minute: int = 0) -> None:
        """It is that time in the house, on this day, or on a day of November 2026."""
        on = dt.date(2026, 11, day) if isinstance(day, int) else day
        self.clock.now = dt.datetime.combine(on, dt.time(hour, minute), HERE).astimezone(dt.UTC)

    def comes_in(self, who: str) -> Hand:
        """She signs in on her own computer or phone, with her password and the code her phone shows."""
        page = self.new_context(width=self.width, accept_downloads=True).new_page()
        self.site.sign_in(page, who)
        if page.locator("html").get_attribute("lang") != self.language:
            follow(page, f"button[value^='{self.language} ']:visible")
        self.hands[who] = Hand(page)
        self.worked.setdefault(who, []).append(self.hands[who])
        self.opens(who, "/today")
        return self.hands[who]

    def opens(self, who: str, path: str) -> Page:
        page = self.hands[who].page
        page.goto(f"{self.site.url}{path}")
        assert page.locator("html").get_attribute("lang") == self.language
        self.eye.look_at(page)
        return page

    def presses(self, who: str, selector: str) -> Page:
        """She presses it, and the page that comes is looked at."""
        hand = self.hands[who]
        what = hand.page.locator(selector)
        assert what.count(), (
            f"nothing to press at {selector}\n{hand.page.url}\n{hand.page.locator('main').inner_text()}"
        )
        hand.press(what.first)
        self.eye.look_at(hand.page)
        return hand.page

    def rows(self, who: str) -> list[str]:
        """What waits for her, in its order, by where it is done."""
        page = self.opens(who, "/today")
        return [str(row.get_attribute("href")) for row in page.locator("main .tasks li:not(.done) a").all()]

    def counted(self) -> dict[str, tuple[int, int]]:
        """How many fields and how many presses everybody's work took, in all her visits."""
        return {
            who: (sum(len(one.fields) for one in hands), sum(len(one.presses) for one in hands))
            for who, hands in self.worked.items()
        }


def story(office):
    """The same story on both databases, at both widths, in both languages."""
    return pytest.mark.parametrize(
        "house",
        [(*way, office) for way in BOTH_WAYS],
        indirect=True,
        ids=[f"{engine}-{width}-{language}" for engine, width, language in BOTH_WAYS],
    )


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


def hand_on(page: Page, links: str) -> list[str]:
    return [str(one.get_attribute("href")) for one in page.locator(links).all()]


def last_part(path: str) -> str:
    return path.rpartition("/")[2]


def write_day(hand: Hand, name: str, day: dt.date) -> None:
    for part, value in (("d", day.day), ("m", day.month), ("y", day.year)):
        hand.write(hand.page.locator(f"main [name={name}-{part}]"), str(value))
