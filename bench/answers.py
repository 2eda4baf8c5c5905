"""Figures that are no goal of speed: what a wrong password tells, and the dearest pages beside the list."""

import statistics
import time
from functools import partial
from urllib.parse import urlencode

from bench.measuring import QUICK, Table, in_turn, ratio
from bench.rooms import Room, Rooms
from bench.serving import ask, page_of

TRIES = 8 if QUICK else 16
MOST_APART = 15  # milliseconds


def measure_sign_in(rooms: Rooms, table: Table) -> None:
    """A wrong password for a name that exists and for one that does not, in turn, each from an address of its own.

    Neighbours on the machine can add more to one answer than the difference looked for, so the work of the answers is
    judged, in CPU time of all threads; the time until the answer is told beside it.
    """
    room = rooms.new("sqlite")
    work: dict[str, list[float]] = {"known": [], "unknown": []}
    waited: dict[str, list[float]] = {"known": [], "unknown": []}
    for at in range(-1, TRIES):
        names = {"known": room.unit.usernames[max(at, 0)], "unknown": f"tidak{at}ada"}
        for turn, kind in enumerate(list(names)[:: 1 if at % 2 == 0 else -1]):
            cpu, start = time.process_time(), time.perf_counter()
            _try(room, names[kind], source=f"127.0.{at + 2}.{turn + 1}")
            if at >= 0:
                waited[kind].append(time.perf_counter() - start)
                work[kind].append(time.process_time() - cpu)
    table.add(
        "S7", f"sign-in, known and unknown names: work, medians of {TRIES} apart", _apart(work), MOST_APART, unit="ms"
    )
    table.add("-", "the same by the clock", _apart(waited), unit="ms")


def _apart(taken: dict[str, list[float]]) -> float:
    return abs(statistics.median(taken["known"]) - statistics.median(taken["unknown"])) * 1000


def _try(room: Room, username: str, *, source: str) -> None:
    gate = "a-gate-of-the-benchmark"
    typed = {"username": username, "password": "bukan kata sandi siapa pun",
             "csrf_token": room.vault.digest("gate", gate).hex()}  # fmt: skip
    status, _body = ask(room.app, "/sign-in", form=urlencode(typed).encode(), source=source, cookies=f"gate={gate}")
    if not status.startswith("200"):
        raise RuntimeError(f"signing in answered {status}")


def measure_dear_pages(rooms: Rooms, table: Table) -> None:
    """The pages that ask and think most, in lists of 40 residents of the same run."""
    few, many = rooms.new("sqlite"), rooms.new("sqlite", many_houses=20)
    unit, resident = few.unit, few.unit.residents[0]
    asked = {
        "page of suggested beds among 18 beds": (few, f"/referrals/{unit.referral}/beds", unit.board_token),
        "the same in a unit of 24 houses and 666 beds": (
            many,
            f"/referrals/{many.unit.referral}/beds",
            many.unit.manager_token,
        ),
        "list of a manager of 55 people, with 5,000 who left": (few, "/residents", unit.manager_token),
        "first page of the day of a manager of 55 people": (few, "/today", unit.manager_token),
        "first page of the day of staff, 15 people": (few, "/today", unit.board_token),
        "page of one resident, for staff": (few, f"/residents/{resident}", unit.list_token),
        "page of one resident, for a manager": (few, f"/residents/{resident}", unit.manager_token),
    }
    pages = {what: partial(page_of, room.app, path, token) for what, (room, path, token) in asked.items()}
    taken = in_turn(
        {**pages, "list": partial(page_of, few.app, "/residents", unit.list_token)},
        times={**dict.fromkeys(pages, 3), "list": 10},
    )
    for what in pages:
        table.add("-", f"{what}, in lists", ratio(taken[what], taken["list"]))
