"""Two figures that are no goal of speed: what a wrong password tells, and the suggestion of beds in a large unit."""

import statistics
import time
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


def measure_suggestion(rooms: Rooms, table: Table) -> None:
    few, many = rooms.new("sqlite"), rooms.new("sqlite", many_houses=20)
    taken = in_turn(
        {
            "few": lambda: page_of(few.app, f"/referrals/{few.unit.referral}/beds", few.unit.board_token),
            "many": lambda: page_of(many.app, f"/referrals/{many.unit.referral}/beds", many.unit.manager_token),
            "list": lambda: page_of(many.app, "/residents", many.unit.list_token),
        },
        times={"few": 3, "many": 3, "list": 10},
    )
    table.add("-", "page of suggested beds among 18 beds against the list", ratio(taken["few"], taken["list"]))
    table.add("-", "the same in a unit of 24 houses and 666 beds", ratio(taken["many"], taken["list"]))
