"""Small workbooks and lines for the tests of the import."""

import datetime as dt
import io
from collections.abc import Sequence

import openpyxl

from safehouse.shelter.rules.importing.columns import propose
from safehouse.shelter.rules.importing.inventory import InventoryCheck, check_inventory
from safehouse.shelter.rules.importing.lines import Lines, read_lines
from safehouse.shelter.rules.importing.meanings import Kind
from safehouse.shelter.rules.importing.places import Place
from safehouse.shelter.rules.importing.register import RegisterCheck, check_register
from safehouse.shelter.rules.importing.workbook import open_workbook

TODAY = dt.date(2026, 11, 21)
HEADINGS = (
    "No",
    "Tgl Masuk",
    "Nama Samaran",
    "L/P",
    "Umur",
    "Anak ikut",
    "Dirujuk oleh",
    "Rumah",
    "Kamar/TT",
    "Tgl Keluar",
    "Tujuan",
)
BEDS = tuple(Place(house, room, bed) for house in ("Rumah Satu", "Rumah Dua") for room in ("1", "2") for bed in "AB")


def workbook(rows: Sequence[Sequence[object]], **others: Sequence[Sequence[object]]) -> bytes:
    """An .xlsx of one sheet, and of further sheets by name."""
    book = openpyxl.Workbook()
    book.active.title = "Register"
    for sheet, content in [(book.active, rows), *((book.create_sheet(name), rows) for name, rows in others.items())]:
        for row in content:
            sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def lines_of(rows: Sequence[Sequence[object]], kind: Kind) -> Lines:
    sheet = open_workbook(workbook(rows))[0]
    return read_lines(sheet, propose(sheet, kind))


def register_lines(*rows: Sequence[object]) -> Lines:
    return lines_of([HEADINGS, *rows], Kind.REGISTER)


def person(
    number: int, arrived: object, alias: str, bed: str, left: object = None, **other: object
) -> tuple[object, ...]:
    """A register row under `HEADINGS`; the first entry of a sheet is row 2."""
    return (
        number,
        arrived,
        alias,
        other.get("sex", "P"),
        other.get("age", "30 th"),
        other.get("companion"),
        other.get("source", "datang sendiri"),
        other.get("house", "Rumah Satu"),
        bed,
        left,
        other.get("destination"),
    )


def checked(*rows: Sequence[object], **options: object) -> RegisterCheck:
    return check_register(register_lines(*rows), beds=BEDS, today=TODAY, **options)  # type: ignore[arg-type]


def inventory(rows: Sequence[Sequence[object]]) -> InventoryCheck:
    return check_inventory(lines_of(rows, Kind.INVENTORY), today=TODAY)
