"""The frame around a page: drawn once for everyone it looks the same to, then filled in for each page.

The frame is a third of what a simple page costs, and from page to page only a few words of it change. Those are left
open as holes when it is drawn: the page itself, the token, the names of the person and her houses, address and time.
What is kept between requests are the pieces between the holes: navigation, words and icons, nobody's data. Everything
that decides how the pieces look is in `Look`, by which they are kept.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from flask import Flask, current_app
from markupsafe import Markup

from safehouse.access.permissions import Role

KEPT = 128  # looks; an office needs a few dozen
MARK = "\0"  # stands around the name of a hole; no text of ours and no form of ours holds it
HOLES = ("page_title", "above", "main", "token", "here", "who", "houses", "day", "time")


class Look(NamedTuple):
    """All that the pieces depend on."""

    language: str
    theme: str
    role: Role | None
    place: str  # the blueprint, for the item of the navigation she is in
    waiting: int  # approvals
    title: str
    demo: bool
    in_houses: bool
    typing: bool  # the page has a form to keep when the screen is locked
    mounted: str  # the path under which the whole product is served


class Pieces:
    """A drawn frame, taken apart at its holes."""

    def __init__(self, drawn: Markup) -> None:
        self.parts: list[str] = [*drawn.split(MARK)]
        self.names = [str(name) for name in self.parts[1::2]]

    def filled(self, values: Mapping[str, str]) -> list[str]:
        """The parts in order: markup of ours, and between them the values, for the template to escape and show."""
        parts = self.parts.copy()
        parts[1::2] = [values[name] for name in self.names]
        return parts


def init_app(app: Flask) -> None:
    @lru_cache(maxsize=KEPT)
    def frame(look: Look) -> Pieces:
        holes = {name: f"{MARK}{name}{MARK}" for name in HOLES}
        return Pieces(app.jinja_env.get_template("frame.html").module.frame(look, holes))  # type: ignore[attr-defined]

    app.extensions["frame"] = frame


def frame_of(look: Look) -> Pieces:
    kept: Callable[[Look], Pieces] = current_app.extensions["frame"]
    return kept(look)
