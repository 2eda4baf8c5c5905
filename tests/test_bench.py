"""The benchmark can be started, its floors draw what the product draws, and what it counts without a clock holds."""

import datetime as dt
import importlib
import pkgutil
from functools import partial

import pytest

import bench
from bench.counting import (
    MOST_AROUND,
    MOST_BYTES_OF_PAGE,
    MOST_FOR_DATA,
    counts,
    largest_page,
    seen_written,
)
from bench.floors import floors_app
from bench.measuring import Table
from bench.pages import same_size
from bench.past import fill
from bench.rooms import Room
from bench.serving import page_of
from bench.unit import build
from safehouse import create_app
from safehouse.settings import Settings
from tests.conftest import ENGINES
from tests.office import CHEAP


@pytest.fixture(params=ENGINES)
def room(request, new_engine, vault, tmp_path):
    """A unit with a past, as the benchmark makes it."""
    engine = new_engine(request.param)
    now = dt.datetime.now(dt.UTC)
    unit = build(engine, vault, now=now, hasher=CHEAP, many_houses=0)
    fill(engine, unit, now=now, first=0, last=200)
    settings = Settings(data_folder=tmp_path, password_memory_kib=64, password_passes=1)
    app = create_app(settings, engine=engine, vault=vault)
    return Room(request.param, "", vault, engine, unit, settings, app)


def test_every_piece_of_the_benchmark_can_be_started():
    names = [module.name for module in pkgutil.iter_modules(bench.__path__, "bench.")]
    assert len(names) > 8
    for name in names:
        importlib.import_module(name)


def test_lists_ask_the_database_a_few_times_however_long_they_are(room):
    around, data = counts(room.app, room.engine, room.unit)
    assert around <= MOST_AROUND
    assert {name: count for name, count in data.items() if count > MOST_FOR_DATA} == {}
    assert data["list of 40 residents"] == data["list of 15 residents"]


def test_who_reads_is_written_down_as_seen_once_a_minute(room):
    assert seen_written(room) == 3


def test_no_page_is_heavy(room):
    path, size = largest_page(room.app, room.unit)
    assert size <= MOST_BYTES_OF_PAGE, path


def test_the_floors_draw_what_the_product_draws(room):
    floors = floors_app(room.engine, room.unit, partial(page_of, room.app))
    for page, path, token in (("list", "/residents", room.unit.list_token), ("board", "/beds", room.unit.board_token)):
        same_size(page, page_of(room.app, path, token).encode(), page_of(floors, f"/floor/{page}").encode())


def test_a_missed_goal_is_told(capsys):
    table = Table()
    table.add("1", "as it should be", 1.2, 1.5)
    assert table.passed
    table.add("1", "too slow", 1.6, 1.5)
    table.add("1", "too seldom", 0.05, 0.1, at_least=True)
    assert not table.passed
    table.show()
    assert capsys.readouterr().out.count("MISSED") == 4, "once when measured, once in the table"


def test_a_goal_missed_by_no_more_than_is_known_is_told_and_one_that_is_worse_fails(capsys):
    table = Table()
    table.add("1", "as slow as it is known to be", 1.9, 1.5, held=2.0)
    table.add("1", "as seldom as it is known to be", 0.06, 0.1, at_least=True, held=0.05)
    assert table.passed
    table.show()
    assert "Goals missed: 2. Worse than the line they hold: 0." in capsys.readouterr().out
    table.add("1", "slower than it is known to be", 2.1, 1.5, held=2.0)
    assert not table.passed


def test_what_was_not_measured_is_not_passed():
    table = Table()
    table.not_measured("everything on PostgreSQL")
    assert not table.passed
