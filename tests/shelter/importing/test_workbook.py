import contextlib
import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehouse.shelter.rules.importing.workbook import (
    Flaw,
    Limits,
    WhyRefused,
    WorkbookRefused,
    open_workbook,
    text_cell,
)
from tests.shelter.importing.workbooks import workbook

WHOLE = workbook([["No", "Nama"], [1, "Melati"], [2, dt.datetime(2026, 3, 2)]])


def why_refused(content: bytes, limits: Limits | None = None) -> WhyRefused:
    with pytest.raises(WorkbookRefused) as refused:
        open_workbook(content, limits)
    return refused.value.reason


def rezipped(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The same workbook with parts replaced or added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, None) or old.read(name))
        for name, part in changes.items():
            new.writestr(name, part)
    return kept.getvalue()


def test_cells_come_out_as_text_with_the_row_numbers_of_excel() -> None:
    sheet = open_workbook(
        workbook([["No", "Tanggal"], [], [1, dt.datetime(2026, 3, 2)], [2.0, dt.time(9, 30)], [1.5, True]])
    )[0]
    assert [(row.number, [cell.text for cell in row.cells]) for row in sheet.rows] == [
        (1, ["No", "Tanggal"]),
        (3, ["1", "2026-03-02"]),
        (4, ["2", "09:30"]),
        (5, ["1.5", "ya"]),
    ]


def test_a_formula_is_never_worked_out() -> None:
    sheet = open_workbook(workbook([["a", "b"], ["=1+1", '=HYPERLINK("http://evil.example","x")']]))[0]
    assert [(cell.text, cell.flaw) for cell in sheet.rows[1].cells] == [("", Flaw.FORMULA), ("", Flaw.FORMULA)]


def test_a_formula_typed_as_text_is_one_too() -> None:
    assert text_cell("=cmd|' /C calc'!A0").flaw is Flaw.FORMULA
    assert open_workbook(b"a;b\n1;=1+1\n")[0].rows[1].cells[1].flaw is Flaw.FORMULA


def test_control_characters_errors_and_endless_cells_are_no_values() -> None:
    assert text_cell("a\x07b").flaw is Flaw.CONTROL_CHARACTER
    assert text_cell("a_x0007_b").flaw is Flaw.CONTROL_CHARACTER
    assert text_cell("x" * 5_000_000).flaw is Flaw.TOO_LONG
    assert text_cell(" dua\n baris ").text == "dua baris"
    book = openpyxl.Workbook()
    book.active.append(["a", "#REF!"])
    book.active["B1"].data_type = "e"
    kept = io.BytesIO()
    book.save(kept)
    assert open_workbook(kept.getvalue())[0].rows[0].cells[1].flaw is Flaw.ERROR_VALUE


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n1 0 obj, <<>>, x\n2,3,4\n\x00\x01",
        b"\x89PNG\r\n\x1a\n\x00\x00,\x00\n,,",
        b"<html>,<table>,x\n,,\n",
        b"hanya satu kalimat",
        b"\x7fELF\x02\x01\x01\x00",
        b"MZ\x90\x00\x03",
    ],
)
def test_another_kind_of_file_under_the_name_of_a_workbook_is_refused(content: bytes) -> None:
    assert why_refused(content) is WhyRefused.NOT_A_WORKBOOK


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert why_refused(kept.getvalue()) is WhyRefused.NOT_A_WORKBOOK


def test_an_old_workbook_and_a_locked_one_are_told_apart() -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    assert why_refused(container) is WhyRefused.OLD_EXCEL
    assert why_refused(container + "EncryptedPackage".encode("utf-16-le")) is WhyRefused.PASSWORD


def test_nothing_at_all_is_refused() -> None:
    assert why_refused(b"") is WhyRefused.EMPTY_FILE
    assert why_refused(workbook([])) is WhyRefused.NO_ROWS


def test_a_damaged_workbook_is_refused() -> None:
    content = workbook([["a", "b"]])
    assert why_refused(content[: len(content) // 2]) is WhyRefused.DAMAGED
    cut_off = rezipped(content, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"})
    assert why_refused(cut_off) is WhyRefused.DAMAGED


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_workbook_with_any_bytes_changed_is_read_or_refused_and_never_breaks(changes: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for position, byte in changes:
        content[position % len(content)] = byte
    with contextlib.suppress(WorkbookRefused):
        open_workbook(bytes(content))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    content = workbook([["a", "b"]])
    assert why_refused(rezipped(content, {"xl/media/image1.png": b"0" * 60_000_000})) is WhyRefused.TOO_MUCH_INSIDE
    assert why_refused(rezipped(content, {"xl/worksheets/sheet1.xml": b" " * 20_000_000})) is WhyRefused.TOO_MUCH_INSIDE
    many = {f"xl/worksheets/x{number}.xml": b"<x/>" for number in range(600)}
    assert why_refused(rezipped(content, many)) is WhyRefused.TOO_MUCH_INSIDE


def test_a_workbook_with_macros_is_refused() -> None:
    assert why_refused(rezipped(workbook([["a"]]), {"xl/vbaProject.bin": b"x"})) is WhyRefused.MACROS


@pytest.mark.parametrize(
    "declaration",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet/>',
        b'<?xml version="1.0"?>' + b" " * 1_100_000 + b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><worksheet/>'.encode("utf-16"),
        '<?xml version="1.0" encoding="cp037"?><!DOCTYPE x><worksheet/>'.encode("cp037"),
    ],
)
def test_a_part_that_declares_entities_is_refused(declaration: bytes) -> None:
    content = rezipped(workbook([["a"]]), {"xl/worksheets/sheet1.xml": declaration})
    assert why_refused(content, Limits(ratio=100_000)) is WhyRefused.ENTITIES


def test_a_file_has_limits_in_every_direction() -> None:
    assert why_refused(b"a,b\n" * 10, Limits(bytes=20)) is WhyRefused.TOO_BIG
    assert why_refused(workbook([["a", "b"]] * 12), Limits(rows=10)) is WhyRefused.TOO_MANY_ROWS
    assert why_refused(workbook([["a"] * 61])) is WhyRefused.TOO_MANY_COLUMNS
    assert why_refused(workbook([["a"]], b=[["a"]], c=[["a"]]), Limits(sheets=2)) is WhyRefused.TOO_MANY_SHEETS


def test_a_lonely_cell_far_below_is_counted_as_one_row() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "No"
    book.active["A200000"] = "x"
    kept = io.BytesIO()
    book.save(kept)
    assert [row.number for row in open_workbook(kept.getvalue())[0].rows] == [1, 200_000]


@pytest.mark.parametrize(
    "content",
    [
        b"No;Nama\n1;Melati\n",
        "No,Nama\r\n1,Melati\r\n".encode("utf-8-sig"),
        "No\tNama\n1\tMelati\n".encode("utf-16"),
        b'"No","Nama"\n1,"Melati"\n',
    ],
)
def test_a_csv_is_read_whatever_separates_its_cells(content: bytes) -> None:
    rows = open_workbook(content)[0].rows
    assert [[cell.text for cell in row.cells] for row in rows] == [["No", "Nama"], ["1", "Melati"]]


def test_a_csv_of_windows_keeps_its_letters() -> None:
    assert open_workbook("No;Nama\n1;Zoë\n".encode("cp1252"))[0].rows[1].cells[1].text == "Zoë"
