"""Goal 2: a million past stays change nothing."""

import datetime as dt
import time

from bench.measuring import QUICK, Table, in_turn, ratio
from bench.past import fill
from bench.rooms import FEW, Room, Rooms
from bench.serving import page_of
from safehouse.access.permissions import Role
from safehouse.shelter.queries.board import board_rows
from safehouse.shelter.rules.tape import NIGHTS

MANY = 100_000 if QUICK else 1_000_000
LONG_AGO = dt.timedelta(weeks=26)
LIMITS = {"sqlite": (1.5, 3), "postgresql": (2, 6)}
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def measure(rooms: Rooms, table: Table) -> None:
    for kind in rooms.kinds:
        few = rooms.new(kind)
        many = rooms.copy(few)
        start = time.monotonic()
        fill(many.engine, many.unit, now=rooms.now, first=FEW, last=MANY, guarded=kind == "sqlite")
        print(f"  -   {MANY:,} past stays on {ENGINES[kind]} in {time.monotonic() - start:.0f} s", flush=True)
        # PostgreSQL works in a process of its own, so its time is taken by the clock.
        clock = time.process_time if kind == "sqlite" else time.perf_counter
        then = f"/beds?from={many.unit.first_monday - LONG_AGO}"
        boards = in_turn(
            {
                "few": lambda few=few: page_of(few.app, "/beds", few.unit.board_token),
                "many": lambda many=many: page_of(many.app, "/beds", many.unit.board_token),
                "then": lambda many=many, then=then: page_of(many.app, then, many.unit.board_token),
            },
            times={"few": 10, "many": 10, "then": 10}, clock=clock,
        )  # fmt: skip
        reads = in_turn(
            {"few": lambda few=few: _read(few), "many": lambda many=many: _read(many)}, times={"few": 10, "many": 10},
            clock=clock,
        )  # fmt: skip
        of_query, of_past = LIMITS[kind]
        table.add(
            "2",
            f"board with {MANY:,} past stays against {FEW:,}, {ENGINES[kind]}",
            ratio(boards["many"], boards["few"]),
            1.2,
        )
        table.add("2", f"its query, {ENGINES[kind]}", ratio(reads["many"], reads["few"]), of_query)
        table.add(
            "2",
            f"board of half a year ago against today's, {ENGINES[kind]}",
            ratio(boards["then"], boards["many"]),
            of_past,
        )
    if "postgresql" not in rooms.kinds:
        table.not_measured("goal 2 on PostgreSQL: its server is not installed")


def _read(room: Room) -> None:
    with room.app.extensions["db_reading"]() as session:
        board_rows(
            session,
            account_id=room.unit.board_account,
            role=Role.STAFF,
            first=room.unit.first_monday,
            nights=NIGHTS,
            now=dt.datetime.now(dt.UTC),
        )
