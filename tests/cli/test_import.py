"""`safehouse import`: the same checks as on the page; it refuses and lists, or writes everything."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from safehouse.access.models import Account, Clearance, House
from safehouse.residents.models import Resident
from safehouse.settings import Settings
from safehouse.shelter.models import Bed, Stay
from safehouse.starting import open_office
from safehouse.trail.acts import Act
from safehouse.trail.models import ActorKind, TrailEntry
from tests.cli.commands import command
from tests.cli.conftest import PASSPHRASE
from tests.shelter.importing.workbooks import HEADINGS, person, workbook

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
FILES = (SAMPLES / "inventaris.xlsx", SAMPLES / "register.xlsx")

pytestmark = pytest.mark.usefixtures("passphrase")


def counted(folder: Path) -> list[int]:
    with open_office(Settings(data_folder=folder), lambda: PASSPHRASE) as office:
        reading, _writing = office.makers()
        with reading() as session:
            return [session.scalar(select(func.count()).select_from(table)) for table in (House, Bed, Resident, Stay)]


def test_every_impossible_row_is_listed_with_column_and_reason_and_nothing_is_written(office, capsys):
    before = counted(office)
    assert command("import", *FILES, "--data", office) == 1
    said = capsys.readouterr()
    assert "TGL. MSK: Day of arrival (arrived)" in said.out
    assert "Register: 37 residents, 7 of them living here now" in said.out
    lines = said.err.splitlines()
    assert (
        "row 41, TGL. PULANG: The day of leaving, 1 September 2025, is before the day of arrival, 9 September 2025."
        in lines[0]
    )
    assert "row 42, TGL. MSK: The date 31 November does not exist." in lines[1]
    assert "row 43, RUMAH + KAMAR + TT: The person of row 40 has this bed since 18 December 2025." in lines[2]
    assert counted(office) == before == [0, 0, 0, 0]


def test_what_is_corrected_and_left_out_on_the_command_line_is_brought_in_once(office, capsys):
    corrected = ("--leave-out", "41", "--set", "42:arrived=30 November 2025", "--set", "43:place=Rumah Kenari / 2B")
    assert command("import", *FILES, "--data", office, *corrected) == 0
    assert "Brought in: 39 residents, 8 of them living here now; 1 rows left out on purpose" in capsys.readouterr().out
    assert counted(office) == [3, 23, 39, 39]
    # The same files again: the rows are known as the file says them, corrected or left out.
    assert command("import", *FILES, "--data", office) == 0
    assert "Nothing was added." in capsys.readouterr().out
    assert counted(office) == [3, 23, 39, 39]


def test_the_record_says_that_the_system_did_it_in_the_managers_name(office, tmp_path):
    file = tmp_path / "buku.csv"
    file.write_text("Rumah;Kamar;TT\nRumah Satu;1;A\nRumah Satu;1;B\n")
    assert command("import", file, "--as", "hartati", "--data", office) == 0
    with open_office(Settings(data_folder=office), lambda: PASSPHRASE) as opened, opened.makers()[0]() as session:
        manager = session.scalars(select(Account).where(Account.username == "hartati")).one()
        entry = session.scalars(select(TrailEntry).where(TrailEntry.act == Act.IMPORTED)).one()
        assert (entry.actor_kind, entry.actor) == (ActorKind.SYSTEM, manager.ref)
        assert session.scalars(select(Clearance)).one().account_id == manager.id


def test_checking_writes_nothing(office, tmp_path, capsys):
    file = tmp_path / "buku.csv"
    file.write_text("Rumah;Kamar;TT\nRumah Satu;1;A\nRumah Satu;1;B\n")
    assert command("import", file, "--check", "--data", office) == 0
    assert "Nothing was written." in capsys.readouterr().out
    assert counted(office) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--as", "nobody"], "nobody is no manager"),
        (["--as", "bayu"], "bayu is no manager"),
        (["--leave-out", "41;42"], "numbers with commas"),
        (["--leave-out", "999"], "no entry in row 999"),
        (["--set", "41=1/9/2025"], "not understood"),
        (["--set", "41:nonsense=1"], "not understood"),
        (["--set", "41:nik=1"], "no column is taken for nik"),
        (["--set", "999:left=1/9/2025"], "no entry in row 999"),
    ],
)
def test_what_is_not_understood_is_said_in_one_sentence(office, capsys, arguments, sentence):
    assert command("import", *FILES, *arguments, "--data", office) == 1
    assert sentence in capsys.readouterr().err
    assert counted(office) == [0, 0, 0, 0]


def test_files_that_are_no_registers_are_refused_in_words(office, tmp_path, capsys):
    pdf = tmp_path / "register.xlsx"
    pdf.write_bytes(b"%PDF-1.7\n1 0 obj\n")
    columns = tmp_path / "kolom.csv"
    columns.write_text("No;Nama Samaran;L/P;Umur\n1;Kenari;P;30\n2;Ulin;P;31\n")
    for files, sentence in (
        ([pdf], "This is not a workbook."),
        ([tmp_path / "none.xlsx"], "cannot be read"),
        ([FILES[1], FILES[1]], "of one kind"),
        ([columns], "No column says"),
    ):
        assert command("import", *files, "--data", office) == 1
        assert sentence in capsys.readouterr().err


def test_names_in_the_register_are_never_said(office, tmp_path, capsys):
    inventory, register = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    inventory.write_bytes(workbook([("Rumah", "Kamar", "TT"), ("Rumah Satu", "1", "A"), ("", "1", "B")]))
    headings = (*HEADINGS, "Nama Korban", "NIK")
    register.write_bytes(workbook([headings, (*person(1, "2/11/2026", "Kenari", "1A"), "Kemuning Sasmita", "123")]))
    assert command("import", inventory, register, "--data", office) == 1
    said = capsys.readouterr()
    assert "row 2, NIK: This is not a NIK." in said.err
    assert "Kemuning" not in said.out + said.err
