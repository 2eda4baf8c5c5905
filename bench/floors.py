"""The two floors the product is measured against, and the meter of the process that answers.

**hello** is a bare Flask view. **lean** is the same page as the product's, with rows from Core tuples and the same
markup, but without sign-in, language, form tokens, sealing and record: what stands around the rows is taken from one
page of the product and is plain text from then on.
"""

import datetime as dt
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, jsonify, render_template
from markupsafe import Markup
from sqlalchemy import Engine, Select, and_, func, select

from bench.unit import Unit
from safehouse.access.models import Account, House
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.models import Assignment, Resident
from safehouse.shelter.models import Bed, Closure, Leave, Placement, Room, Stay
from safehouse.shelter.queries.board import EARLIEST, LATEST, beds_and_past, stays_shown

MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
NIGHTS, A_DAY = 14, dt.timedelta(days=1)
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def beside(product: Wsgi, floors: Wsgi) -> Wsgi:
    """One server answers both: `/floor/…` is the floors', everything else the product's."""

    def either(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return (floors if environ["PATH_INFO"].startswith("/floor/") else product)(environ, start_response)

    return either


def floors_app(engine: Engine, unit: Unit, page_of_product: Callable[[str, str], str]) -> Flask:
    """`page_of_product(path, token)` is asked for each page once, when it is first wanted."""
    if engine.dialect.name == "postgresql":
        # As the product reads. And a transaction rolled back makes the driver forget whatever it has prepared, which
        # would cost the product's page that is asked for next.
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    app = Flask("floors", template_folder=str(Path(__file__).parent / "templates"), static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    around: dict[str, list[Markup]] = {}

    def parts(path: str, token: str, cut: re.Pattern[str]) -> list[Markup]:
        if path not in around:
            around[path] = [Markup(part) for part in cut.split(page_of_product(path, token))]  # noqa: S704 - our own page
        return around[path]

    @app.get("/floor/hello")
    def hello() -> str:
        return "Halo"

    @app.get("/floor/meter")
    def meter() -> Any:
        """CPU seconds and the most memory (kB) of this process so far."""
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return jsonify(cpu=time.process_time(), memory=most // 1024 if sys.platform == "darwin" else most)

    @app.get("/floor/list")
    def residents() -> str:
        before, after = parts("/residents", unit.list_token, ROWS_OF_LIST)
        return render_template("lean_list.html", before=before, lines=list_lines(engine, unit), after=after)

    @app.get("/floor/board")
    def board() -> str:
        before, between, after = parts("/beds", unit.board_token, ROWS_OF_BOARD)
        houses, chart = board_lines(engine, unit)
        return render_template(
            "lean_board.html", before=before, houses=houses, between=between, chart=chart, after=after
        )

    return app


ROWS_OF_LIST = re.compile(r'(?<=<tbody role="rowgroup">).*(?=</tbody>)', re.DOTALL)
ROWS_OF_BOARD = re.compile(
    r'(?<=<div class="houses">).*?(?=</div>\s*</section>\s*(?:<section class="sec|$))'
    r"|(?<=</thead>\n).*(?=</table>)",
    re.DOTALL,
)

_LIVING: Select[Any] = (
    select(
        Resident.id, Resident.ref, Resident.alias, Resident.code, House.name, House.time_zone, Room.label, Bed.label,
        Placement.arrived_at, Placement.planned_exit, Leave.kind, Leave.due_back,
    )
    .select_from(Stay)
    .join(Resident, Resident.id == Stay.resident_id)
    .join(Placement, Placement.id == Stay.placement_id)
    .join(Bed, Bed.id == Stay.bed_id)
    .join(Room, Room.id == Bed.room_id)
    .join(House, House.id == Room.house_id)
    .outerjoin(Leave, and_(Leave.placement_id == Placement.id, Leave.back_at.is_(None)))
)  # fmt: skip


def list_lines(engine: Engine, unit: Unit) -> list[tuple[Any, ...]]:
    hers = select(Resident.id).where(Resident.house_id.in_(cleared_house_ids(unit.list_account)))
    living = LIVING.get(unit.list_account)
    if living is None:
        living = LIVING[unit.list_account] = (
            _LIVING.where(Stay.ended_at.is_(None), Resident.id.in_(hers)).order_by(
                House.position, House.id, Room.position, Room.id, func.length(Bed.label), Bed.label
            ),
            select(Assignment.resident_id, Account.shown_name)
            .join(Account, Account.id == Assignment.account_id)
            .where(Assignment.until.is_(None), Assignment.resident_id.in_(hers)),
        )
    now = dt.datetime.now(dt.UTC)
    today = now.astimezone(ZoneInfo("Asia/Jakarta")).date()
    with engine.connect() as connection:
        rows = connection.execute(living[0]).all()
        answering = dict(connection.execute(living[1]).all())
    lines = []
    for number, ref, alias, code, house, zone, room, bed, arrived, until, kind, due in rows:
        away = due and f"{kind}, {due.astimezone(ZoneInfo(zone)):%d.%m %H.%M}"
        left = (until - today).days
        stay = f"Hari {(today - arrived.astimezone(ZoneInfo(zone)).date()).days}, {_until(until)}"
        if left < 0:
            stay += f", lewat {-left} hari"
        elif left <= 3:
            stay += f", {left} hari lagi"
        lines.append((
            f"/residents/{ref}", alias, code, f"{house}, {room}{bed}", due and (due < now), away,
            stay, "over" if left < 0 else "near" if left <= 3 else "",
            answering.get(number, ""),
        ))  # fmt: skip
    return lines


LIVING: dict[int, tuple[Select[Any], Select[Any]]] = {}
_CLOSED = select(Closure.room_id, Closure.bed_id, Closure.first_day, Closure.last_day, Closure.reason).where(
    Closure.ended_at.is_(None)
)


def board_lines(engine: Engine, unit: Unit) -> tuple[list[Any], list[Any]]:
    """Houses with rooms and beds, and the chart, of the week the unit was made in."""
    now = dt.datetime.now(dt.UTC)
    first = unit.first_monday
    midnight = dt.datetime.combine(first, dt.time(), dt.UTC)
    values = {
        "account": unit.board_account,
        "now": now,
        "start": midnight + EARLIEST,
        "end": midnight + dt.timedelta(days=NIGHTS) + LATEST,
    }
    with engine.connect() as connection:
        beds = connection.execute(beds_and_past(), values).all()
        ended = [int(number) for row in beds if row[-1] for number in row[-1].split(",")]
        stays: dict[int, list[Any]] = {}
        for stay in connection.execute(stays_shown(Role.STAFF, past=bool(ended)), {**values, "ended": ended}):
            stays.setdefault(stay[1], []).append(stay)
        shut = {bed: rest for _room, bed, *rest in connection.execute(_CLOSED)}
    houses: list[Any] = []
    chart: list[Any] = []
    for (house, zone), of_house in groupby(beds, key=lambda row: (row[1], row[2])):
        today = now.astimezone(ZoneInfo(zone)).date()
        rooms: list[Any] = []
        rows: list[Any] = []
        for label, of_room in groupby(of_house, key=lambda row: row[4]):
            lines: list[Any] = []
            for row in of_room:
                bed_id, bed, held = row[10], f"{label}{row[12]}", row[15]
                of_bed = stays.get(bed_id, ())
                lines += _lines(bed, row[11], held, bed_id in shut, of_bed, today)
                for sharing in (False, True):
                    layers = [layer for stay in of_bed if stay[7] is sharing for layer in _layers(stay, today, first)]
                    if held and not sharing:
                        layers.append((today, today + A_DAY, "held", "", f"R-{held}", ""))
                    if bed_id in shut and not sharing:
                        layers.append((shut[bed_id][0], dt.date.max, "shut", "", shut[bed_id][2], ""))
                    if layers or not sharing:
                        rows.append((bed, _cells(layers, first)))
            rooms.append((label, lines))
        houses.append((house, rooms))
        chart.append((house, rows))
    return houses, chart


def _lines(bed: str, ref: str, held: int | None, shut: bool, stays: Any, today: dt.date) -> list[tuple[Any, ...]]:
    lines = [
        (bed, stay[3], f"/residents/{stay[2]}", stay[4], _until(stay[10]), stay[12], stay[10] < today)
        for stay in stays
        if stay[9] is None
    ]
    word = "Terpakai" if held else "Tutup" if shut else "Kosong"
    return lines or [(bed, word, "", ref, "", None, False)]


def _layers(stay: Any, today: dt.date, first: dt.date) -> list[tuple[Any, ...]]:
    url, alias, until = f"/residents/{stay[2]}", stay[3], stay[10]
    start = stay[8].date()
    end = stay[9].date() if stay[9] else max(until, today + A_DAY)
    goes_on = _until(until) if end > first + NIGHTS * A_DAY else ""
    layers = [(start, end, "", url, alias, goes_on), (max(start, until), end, "over", url, alias, "")]
    if stay[12]:
        layers.append((stay[13].date(), max(stay[14].date(), today + A_DAY), "away", url, alias, goes_on))
    return layers


def _cells(layers: list[tuple[Any, ...]], first: dt.date) -> list[tuple[Any, ...]]:
    nights: list[Any] = [None] * NIGHTS
    for layer in layers:
        for at in range(max(0, (layer[0] - first).days), min(NIGHTS, (layer[1] - first).days)):
            nights[at] = layer
    cells: list[tuple[Any, ...]] = []
    for _which, same in groupby(nights, key=id):
        layer, *more = same
        cells += [(0, "", "", "", "")] * (1 + len(more)) if layer is None else [(1 + len(more), *layer[2:])]
    return cells


def _until(day: dt.date) -> str:
    return f"s.d. {day.day} {MONTHS[day.month]}"
