"""Open a file somebody chose as a workbook: only an .xlsx or a CSV, decided by content and never by its name.

What comes out is text. A real date becomes `2026-03-02`, a number its shortest form, a formula a flaw: formulas are
never worked out, because what they would show depends on who opens the file and when.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import openpyxl

MEGABYTE = 1024 * 1024


class WhyRefused(StrEnum):
    """Why a file is not read at all."""

    EMPTY_FILE = "empty_file"
    TOO_BIG = "too_big"
    NOT_A_WORKBOOK = "not_a_workbook"
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"
    MACROS = "macros"
    TOO_MUCH_INSIDE = "too_much_inside"
    ENTITIES = "entities"
    DAMAGED = "damaged"
    TOO_MANY_SHEETS = "too_many_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NO_ROWS = "no_rows"
    NO_HEADINGS = "no_headings"


class WorkbookRefused(ValueError):
    """The file cannot be used; nothing of it was read."""

    def __init__(self, reason: WhyRefused) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """How much a file may hold. The defaults fit ten years of a busy office many times over."""

    bytes: int = 10 * MEGABYTE
    inside: int = 50 * MEGABYTE
    entries: int = 500
    ratio: int = 200
    small_part: int = 5 * MEGABYTE
    sheets: int = 40
    rows: int = 10_000
    last_row: int = 1_048_576  # what Excel has; a file may claim any number and make us walk there
    columns: int = 60
    cell: int = 2_000


class Flaw(StrEnum):
    """Why the content of one cell is not a value."""

    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as text. With a flaw the text is empty, so that nothing can be made of it by accident."""

    text: str
    flaw: Flaw | None = None

    @property
    def blank(self) -> bool:
        return not self.text and self.flaw is None


BLANK = Cell("")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with the number Excel shows beside it."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> int:
        return sum(not cell.blank for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[SheetRow, ...]


_OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


def open_workbook(content: bytes, limits: Limits | None = None) -> list[Sheet]:
    """The sheets of a file that hold anything, empty rows left out. Raises `WorkbookRefused`."""
    limits = limits or Limits()
    if not content.strip():
        raise WorkbookRefused(WhyRefused.EMPTY_FILE)
    if len(content) > limits.bytes:
        raise WorkbookRefused(WhyRefused.TOO_BIG)
    if content.startswith(_OLD_CONTAINER):
        # Excel keeps a password-protected .xlsx in the container of the old format.
        protected = "EncryptedPackage".encode("utf-16-le") in content
        raise WorkbookRefused(WhyRefused.PASSWORD if protected else WhyRefused.OLD_EXCEL)
    sheets = _open_xlsx(content, limits) if content.startswith(b"PK") else [_open_csv(content, limits)]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise WorkbookRefused(WhyRefused.NO_ROWS)
    return sheets


# Office Open XML


def _open_xlsx(content: bytes, limits: Limits) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _guard_archive(archive, limits)
        # A race between threads here could at worst silence openpyxl elsewhere; it only warns about cosmetics.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="openpyxl")
            return list(_xlsx_sheets(content, limits))
    except WorkbookRefused:
        raise
    except Exception as broken:
        # Neither zipfile nor openpyxl has one error for a damaged part: they fail wherever it is first felt, with a
        # TypeError, a zlib.error, whatever comes. A file from outside must never be an error of ours.
        raise WorkbookRefused(WhyRefused.DAMAGED) from broken


def _guard_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse before anything is unpacked; `zipfile` never unpacks more of an entry than the size it declares."""
    entries = archive.infolist()
    if len(entries) > limits.entries or sum(entry.file_size for entry in entries) > limits.inside:
        raise WorkbookRefused(WhyRefused.TOO_MUCH_INSIDE)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise WorkbookRefused(WhyRefused.DAMAGED)
    if "xl/workbook.xml" not in names:
        raise WorkbookRefused(WhyRefused.NOT_A_WORKBOOK)
    if any(name.endswith("vbaProject.bin") for name in names):
        raise WorkbookRefused(WhyRefused.MACROS)
    for entry in entries:
        if entry.file_size > MEGABYTE and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise WorkbookRefused(WhyRefused.TOO_MUCH_INSIDE)
        if entry.filename.endswith((".xml", ".rels", ".vml")):
            bulky = entry.filename.startswith("xl/worksheets/") or entry.filename == "xl/sharedStrings.xml"
            if entry.file_size > limits.small_part and not bulky:
                raise WorkbookRefused(WhyRefused.TOO_MUCH_INSIDE)
            _guard_declarations(archive, entry)


def _guard_declarations(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No part of a workbook declares a document type; one that does wants an entity of its own, or a file of ours."""
    with archive.open(entry) as part:
        head = part.read(8)
        if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or b"\x00" in head:
            # Written in UTF-16 or EBCDIC to slip past the search below; no spreadsheet program does this.
            raise WorkbookRefused(WhyRefused.ENTITIES)
        kept = head
        while chunk := part.read(MEGABYTE):
            if b"<!DOCTYPE" in kept + chunk or b"<!ENTITY" in kept + chunk:
                raise WorkbookRefused(WhyRefused.ENTITIES)
            kept = chunk[-16:]


def _xlsx_sheets(content: bytes, limits: Limits) -> Iterator[Sheet]:
    workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        if len(workbook.worksheets) > limits.sheets:
            raise WorkbookRefused(WhyRefused.TOO_MANY_SHEETS)
        for worksheet in workbook.worksheets:
            # The dimensions a file states are often wrong, and a wrong one would hide rows.
            worksheet.reset_dimensions()
            yield _sheet(str(worksheet.title), _xlsx_rows(worksheet, limits), limits)
    finally:
        workbook.close()


def _xlsx_rows(
    worksheet: "openpyxl.worksheet._read_only.ReadOnlyWorksheet",
    limits: Limits,
) -> Iterator[tuple[int, list[Cell]]]:
    seen = 0
    for number, row in enumerate(worksheet.iter_rows(), 1):
        seen += len(row)
        if seen > limits.rows * limits.columns * 10:
            raise WorkbookRefused(WhyRefused.TOO_MANY_COLUMNS)
        yield number, [_xlsx_cell(cell.value, cell.data_type, limits) for cell in row]


def _xlsx_cell(value: object, kind: str, limits: Limits) -> Cell:
    if value is None:
        return BLANK
    if kind == "f":
        return Cell("", Flaw.FORMULA)
    if kind == "e":
        return Cell("", Flaw.ERROR_VALUE)
    if isinstance(value, bool):
        return Cell("ya" if value else "tidak")
    if isinstance(value, dt.datetime):
        return Cell(value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds"))
    if isinstance(value, dt.date):
        return Cell(value.isoformat())
    if isinstance(value, dt.time):
        return Cell(value.isoformat("minutes"))
    if isinstance(value, float):
        return Cell(str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value))
    return text_cell(str(value), limits)


def text_cell(text: str, limits: Limits | None = None) -> Cell:
    """A cell from text that came from outside: a file, or a correction typed on a page."""
    if len(text) > (limits or Limits()).cell:
        return Cell("", Flaw.TOO_LONG)
    # openpyxl and Excel write other control characters as _x0001_; both forms are refused.
    if any(unicodedata.category(character) == "Cc" and character not in "\t\r\n" for character in text) or re.search(
        r"_x00(?:0[0-8BCEF]|1[0-9A-F]|7F)_", text, re.IGNORECASE
    ):
        return Cell("", Flaw.CONTROL_CHARACTER)
    text = " ".join(text.split())
    if text.startswith("="):
        return Cell("", Flaw.FORMULA)
    return Cell(text) if text else BLANK


def _sheet(name: str, rows: Iterable[tuple[int, list[Cell]]], limits: Limits) -> Sheet:
    kept: list[SheetRow] = []
    for number, cells in rows:
        if number > limits.last_row:
            raise WorkbookRefused(WhyRefused.TOO_MANY_ROWS)
        while cells and cells[-1].blank:
            cells.pop()
        if not cells:
            continue
        if len(cells) > limits.columns:
            raise WorkbookRefused(WhyRefused.TOO_MANY_COLUMNS)
        kept.append(SheetRow(number, tuple(cells)))
        if len(kept) > limits.rows:
            raise WorkbookRefused(WhyRefused.TOO_MANY_ROWS)
    return Sheet(name, tuple(kept))


# Comma-separated text


def _open_csv(content: bytes, limits: Limits) -> Sheet:
    text = _decoded(content)
    if _NOT_TEXT.search(text) or text.lstrip()[:1] == "<" or text.startswith("%PDF"):
        raise WorkbookRefused(WhyRefused.NOT_A_WORKBOOK)
    separator = _separator(text)
    if separator is None:
        raise WorkbookRefused(WhyRefused.NOT_A_WORKBOOK)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _sheet("", _csv_rows(reader, limits), limits)
    except csv.Error as broken:
        raise WorkbookRefused(WhyRefused.DAMAGED) from broken


def _csv_rows(reader: Iterable[list[str]], limits: Limits) -> Iterator[tuple[int, list[Cell]]]:
    for number, row in enumerate(reader, 1):
        yield number, [text_cell(text, limits) for text in row]


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookRefused(WhyRefused.NOT_A_WORKBOOK)


def _separator(text: str) -> str | None:
    """The character most lines are cut by; a text without any is no table."""
    lines = text.splitlines()[:50]
    counts = {separator: sum(separator in line for line in lines) for separator in (";", "\t", ",")}
    best = max(counts, key=lambda separator: counts[separator])
    return best if counts[best] >= max(2, len(lines) // 2) else None
