"""The samples in the documentation stay what their maker says they are."""

import runpy
from pathlib import Path

from safehouse.shelter.rules.importing.columns import likeliest
from safehouse.shelter.rules.importing.inventory import check_inventory
from safehouse.shelter.rules.importing.lines import read_lines
from safehouse.shelter.rules.importing.meanings import Kind, Meaning
from safehouse.shelter.rules.importing.problems import Reason
from safehouse.shelter.rules.importing.register import check_register
from safehouse.shelter.rules.importing.workbook import open_workbook
from tests.shelter.importing.workbooks import TODAY

SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


def lines_of(folder: Path, name: str, kind: Kind):
    sheet, layout = likeliest(open_workbook((folder / name).read_bytes()), kind)
    assert layout.problems() == ()
    return read_lines(sheet, layout)


def test_the_samples_hold_three_houses_and_three_rows_that_cannot_be_true() -> None:
    inventory = check_inventory(lines_of(SAMPLES, "inventaris.xlsx", Kind.INVENTORY), today=TODAY)
    assert (len(inventory.houses), len(inventory.beds), inventory.problems) == (3, 20, ())
    check = check_register(lines_of(SAMPLES, "register.xlsx", Kind.REGISTER), beds=inventory.beds, today=TODAY)
    assert [(problem.rows, problem.meaning, problem.reason) for problem in check.problems] == [
        ((41,), Meaning.LEFT, Reason.LEFT_BEFORE_ARRIVING),
        ((42,), Meaning.ARRIVED, Reason.UNREADABLE),
        ((43, 40), Meaning.PLACE, Reason.BED_TAKEN),
    ]
    assert (len(check.people), check.living_here) == (37, 7)
    assert all(person.doubts == () for person in check.people)


def test_the_samples_are_what_their_maker_makes(tmp_path: Path) -> None:
    runpy.run_path(str(SAMPLES / "make_samples.py"))["make"](tmp_path)
    for name, kind in (("inventaris.xlsx", Kind.INVENTORY), ("register.xlsx", Kind.REGISTER)):
        assert lines_of(tmp_path, name, kind) == lines_of(SAMPLES, name, kind)
