"""Goal 1: the list and the board beside the floors, on the product's own server. And the server's memory."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from bench.measuring import QUICK, ROUNDS, Table, ratio
from bench.rooms import Room, Rooms
from bench.serving import Client, server

PAGES = ("list", "board")
TIMES = {"hello": 100, "floor list": 25, "floor board": 25, "list": 25, "board": 25}
NAMES = {"list": "list of 40 residents", "board": "board of 18 beds"}
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
REQUESTS_FOR_MEMORY = 200
# Goals that are missed, and by how much at most; why is told in docs/performance.md and docs/decisions/0008.
HELD_CPU = {"board": 2.0}
HELD_RATE = {"list": 0.055, "board": 0.035}


def measure(rooms: Rooms, table: Table) -> None:
    with ExitStack() as stack:
        clients: dict[str, Client] = {}
        requests: dict[str, dict[str, bytes]] = {}
        for kind in rooms.kinds:
            room = rooms.new(kind)
            clients[kind] = stack.enter_context(server(room.answering()))
            requests[kind] = _requests(clients[kind], room)
        cpu, wall = _rounds(clients, requests)
        for kind in rooms.kinds:
            for page in PAGES:
                times = ratio(cpu[kind][page], cpu[kind][f"floor {page}"])
                what = f"CPU of the {NAMES[page]}, {ENGINES[kind]}, against lean"
                table.add("1", what, times, 1.5, held=HELD_CPU.get(page))
        for page in PAGES:
            rate = ratio(wall["sqlite"]["hello"], wall["sqlite"][page])
            table.add("1", f"rate of the {NAMES[page]} against hello", rate, 0.10, at_least=True, held=HELD_RATE[page])
            floor = ratio(wall["sqlite"]["hello"], wall["sqlite"][f"floor {page}"])
            table.add("1", f"rate of the lean {page} against hello", floor)
        for page in PAGES:
            if "postgresql" not in rooms.kinds:
                table.not_measured(f"goal 1, {page} on PostgreSQL: its server is not installed")
                continue
            rate = ratio(wall["sqlite"][page], wall["postgresql"][page])
            table.add("1", f"rate of the {NAMES[page]} on PostgreSQL against SQLite", rate, 0.5, at_least=True)
        _memory(clients["sqlite"], requests["sqlite"], table)


def _requests(client: Client, room: Room) -> dict[str, bytes]:
    asked = {
        "hello": client.request("/floor/hello"),
        "floor list": client.request("/floor/list"),
        "floor board": client.request("/floor/board"),
        "list": client.request("/residents", room.unit.list_token),
        "board": client.request("/beds", room.unit.board_token),
    }
    bodies = {name: client.get(request) for name, request in asked.items()}
    for page in PAGES:
        same_size(page, bodies[page], bodies[f"floor {page}"])
    return asked


def same_size(page: str, product: bytes, lean: bytes) -> None:
    """A floor that no longer draws what the product draws is no floor."""
    for tag in (b"<tr", b"<td"):
        if abs(product.count(tag) - lean.count(tag)) > product.count(tag) * 0.05:
            raise RuntimeError(
                f"the lean {page} has {lean.count(tag)} {tag.decode()}, the product {product.count(tag)}"
            )
    if not 0.8 < len(lean) / len(product) < 1.25:
        raise RuntimeError(f"the lean {page} has {len(lean)} bytes, the product {len(product)}")


Rounds = dict[str, dict[str, list[float]]]


def _rounds(clients: Mapping[str, Client], requests: Mapping[str, Mapping[str, bytes]]) -> tuple[Rounds, Rounds]:
    """(CPU of the answering process, time of the asking one) of one request, by engine and page, for each round."""
    cpu: Rounds = {kind: {name: [] for name in TIMES} for kind in clients}
    wall: Rounds = {kind: {name: [] for name in TIMES} for kind in clients}
    for kind, client in clients.items():
        for request in requests[kind].values():
            for _ in range(20):
                client.get(request)
    for at in range(ROUNDS):
        for name, times in list(TIMES.items())[:: 1 if at % 2 == 0 else -1]:
            for kind, client in clients.items():
                get = partial(client.get, requests[kind][name])
                before, start = client.meter()[0], time.perf_counter()
                for _ in range(times):
                    get()
                wall[kind][name].append((time.perf_counter() - start) / times)
                cpu[kind][name].append((client.meter()[0] - before) / times)
    return cpu, wall


def _memory(client: Client, requests: Mapping[str, bytes], table: Table) -> None:
    for at in range(REQUESTS_FOR_MEMORY // (4 if QUICK else 1)):
        client.get(requests[PAGES[at % 2]])
    table.add(
        "8",
        f"memory of the answering process after {REQUESTS_FOR_MEMORY} pages",
        client.meter()[1] / 1024,
        250,
        unit="MB",
    )
