"""Goals 3 and 4: statements and bytes. Nothing here is timed; the tests ask the same."""

import datetime as dt
import gzip
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from bench.measuring import Table, statements
from bench.rooms import Room, Rooms
from bench.serving import ask, page_of
from bench.unit import Unit
from safehouse import create_app

MOST_FOR_DATA, MOST_AROUND = 4, 4
MOST_BYTES_OF_LIST, MOST_BYTES_OF_PAGE = 2_048, 60 * 1024
LINK = re.compile(r'href="(/[^"#]*)')
MOST_PAGES = 60
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def measure(rooms: Rooms, table: Table) -> None:
    for kind in rooms.kinds:
        room = rooms.new(kind)
        around, data = counts(room.app, room.engine, room.unit)
        table.add("3", f"statements around a page, {ENGINES[kind]}", around, MOST_AROUND, unit="")
        for name, count in data.items():
            table.add("3", f"statements for the data of the {name}, {ENGINES[kind]}", count, MOST_FOR_DATA, unit="")
        written = seen_written(room)
        table.add("3", f"'last seen' written in three minutes of reading, {ENGINES[kind]}", written, 3, unit="")
    room = rooms.new("sqlite")
    size = len(gzip.compress(page_of(room.app, "/residents", room.unit.list_token).encode(), 6))
    # Held because forty addresses nobody can guess do not fit into the goal: docs/performance.md.
    table.add("4", "list of 40 residents, compressed", size / 1024, MOST_BYTES_OF_LIST / 1024, unit="kB", held=4.4)
    path, size = largest_page(room.app, room.unit)
    table.add(
        "4", f"largest page with its stylesheet, compressed: {path}", size / 1024, MOST_BYTES_OF_PAGE / 1024, unit="kB"
    )


def counts(app: Flask, engine: Engine, unit: Unit) -> tuple[int, dict[str, int]]:
    """(statements of a page that reads nothing for itself, what each list asks for beyond those)."""
    around = max(_count(app, engine, "/help", token) for token in (unit.board_token, unit.manager_token))
    pages = {
        "board": ("/beds", unit.board_token),
        "list of 40 residents": ("/residents", unit.list_token),
        "list of 15 residents": ("/residents", unit.board_token),
        "manager's list": ("/residents", unit.manager_token),
        "referrals": ("/referrals", unit.board_token),
        "houses": ("/houses", unit.manager_token),
        "accounts": ("/accounts", unit.officer_token),
    }
    return around, {
        name: _count(app, engine, path, token) - _count(app, engine, "/help", token)
        for name, (path, token) in pages.items()
    }


def _count(app: Flask, engine: Engine, path: str, token: str) -> int:
    page_of(app, path, token)
    with statements(engine) as seen:
        page_of(app, path, token)
    return len(seen)


def seen_written(room: Room) -> int:
    """How often a person who looks at the board every ten seconds for three minutes is written down as seen."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)
    app = create_app(room.settings, engine=room.engine, vault=room.vault, clock=lambda: moment)
    with statements(room.engine) as seen:
        for _ in range(18):
            page_of(app, "/beds", room.unit.board_token)
            moment += dt.timedelta(seconds=10)
    return sum(statement.startswith("UPDATE sign_in SET seen_at") for statement in seen)


def largest_page(app: Flask, unit: Unit) -> tuple[str, int]:
    """The page with most bytes that somebody can reach by following links, and its size with the stylesheet."""
    sheet = len(gzip.compress(Path(str(app.static_folder), "teduh.css").read_bytes(), 6))
    size, path = max(
        (len(gzip.compress(body, 6)), path)
        for token in (unit.board_token, unit.list_token, unit.manager_token, unit.officer_token)
        for path, body in _reached(app, token)
    )
    return path.partition("?")[0], size + sheet


def _reached(app: Flask, token: str) -> Iterator[tuple[str, bytes]]:
    waiting, known = ["/beds", "/accounts", "/help"], {"/beds", "/accounts", "/help"}
    kinds: set[str] = set()
    while waiting and len(kinds) < MOST_PAGES:
        path = waiting.pop(0)
        kind = re.sub("[0-9a-f-]{36}", "*", path.partition("?")[0])
        if kind in kinds:
            continue
        status, body = ask(app, path, token)
        if not status.startswith("200") or kind.startswith("/static/"):
            continue
        kinds.add(kind)
        yield kind, body
        for link in LINK.findall(body.decode(errors="replace")):
            address = unescape(link)
            if address not in known:
                known.add(address)
                waiting.append(address)
