"""Fields a page does not have. They are ignored, as nobody asks for them, and that somebody sent them is written down.

No browser adds a field by itself: a house, a role or an owner that came along was put there by hand. What counts as
asked for is what a form or view really looked at, so that no list of names has to be kept.
"""

from collections.abc import Iterator
from typing import Any

from flask import Flask, g, request
from werkzeug import Response
from werkzeug.datastructures import ImmutableMultiDict

from safehouse.access.guard import record_foreign_fields

# Every form of ours carries these, whether or not its view needs them.
OF_EVERY_FORM = {"csrf_token", "act_key"}


class Posted(ImmutableMultiDict[str, str]):
    """What was posted, and which of it was asked for."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(mapping)
        self.asked: set[str] = set(OF_EVERY_FORM)
        # Whether a form looked at all: a press that was answered before, or refused, is asked nothing.
        self.read = False

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, *rest: Any, **more: Any) -> Any:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, *rest, **more)

    def getlist(self, name: str, *rest: Any, **more: Any) -> Any:  # type: ignore[override]
        self.asked.add(name)
        return super().getlist(name, *rest, **more)

    def foreign(self) -> Iterator[str]:
        return (name for name in self.keys() if name not in self.asked)

    def forget(self, name: str) -> None:
        """This field was taken off the form: whoever sends it all the same was not asked."""
        self.asked -= {one for one in self.asked if one == name or one.startswith(f"{name}-")}


def init_app(app: Flask) -> None:
    @app.after_request
    def note(answer: Response) -> Response:
        if request.method == "POST" and "now" in g and not g.get("error_page", False):
            posted = request.form
            if isinstance(posted, Posted) and posted.read and any(posted.foreign()):
                record_foreign_fields()
        return answer
