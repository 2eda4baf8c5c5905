"""Counting what is asked of the database: a page must not ask more because there is more to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from tests.browsing import Browser


@contextmanager
def questions(engine: Engine) -> Iterator[list[str]]:
    """Collects every question sent to the database meanwhile; what is written does not count."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def statements(app: Flask, browser: Browser, url: str) -> list[str]:
    """What a page asks of the database."""
    with questions(app.extensions["db_engine"]) as asked:
        assert browser.get(url).status_code == 200
    return asked
