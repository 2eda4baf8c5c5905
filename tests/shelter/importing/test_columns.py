import pytest

from safehouse.shelter.rules.importing.columns import LayoutFault, likeliest, propose
from safehouse.shelter.rules.importing.lines import LeftOut, corrected, read_lines
from safehouse.shelter.rules.importing.meanings import Kind, Meaning, meaning_of_heading
from safehouse.shelter.rules.importing.workbook import WorkbookRefused, open_workbook
from tests.shelter.importing.workbooks import HEADINGS, person, register_lines, workbook


def layout_of(rows, kind=Kind.REGISTER):
    return propose(open_workbook(workbook(rows))[0], kind)


def meanings_of(rows, kind=Kind.REGISTER) -> dict[str, Meaning]:
    return {column.heading: column.meaning for column in layout_of(rows, kind).columns}


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("NAMA SAMARAN", Meaning.ALIAS),
        ("Alias", Meaning.ALIAS),
        ("Inisial", Meaning.ALIAS),
        ("TGL MASUK", Meaning.ARRIVED),
        ("Tanggal masuk", Meaning.ARRIVED),
        ("Tgl. Msk", Meaning.ARRIVED),
        ("Tgl Msk RA", Meaning.ARRIVED),
        ("L/P", Meaning.SEX),
        ("JK", Meaning.SEX),
        ("Jenis Kelamin", Meaning.SEX),
        ("Umur", Meaning.AGE),
        ("USIA (th)", Meaning.AGE),
        ("Kamar/TT", Meaning.ROOM_BED),
        ("Kmr", Meaning.ROOM),
        ("Bed", Meaning.BED),
        ("Tempat tidur", Meaning.BED),
        ("No. TT", Meaning.BED),
        ("Tgl. Keluar", Meaning.LEFT),
        ("Tanggal Pulang", Meaning.LEFT),
        ("Nama Korban", Meaning.NAME),
        ("NIK", Meaning.NIK),
        ("No. KTP", Meaning.NIK),
        ("No HP", Meaning.PHONE),
        ("Telp.", Meaning.PHONE),
        ("TGL LHR", Meaning.BORN),
        ("TTL", Meaning.BORN),
        ("No.", Meaning.NUMBER),
        ("Rumah", Meaning.HOUSE),
        ("RUMAH + KAMAR + TEMPAT TIDUR", Meaning.PLACE),
        ("Rumah/Kamar/TT", Meaning.PLACE),
        ("Dirujuk oleh", Meaning.REFERRED_BY),
        ("Sumber rujukan", Meaning.REFERRED_BY),
        ("Tujuan", Meaning.DESTINATION),
        ("Ket.", Meaning.REMARK),
        ("Psikologis", Meaning.SERVICE),
        ("Jenis Kekerasan", Meaning.VIOLENCE),
        ("Jml anak", Meaning.COMPANION),
        ("Cuaca", None),
    ],
)
def test_headings_are_known_in_many_spellings(heading: str, meaning: Meaning | None) -> None:
    assert meaning_of_heading(heading, Kind.REGISTER) is meaning


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Peruntukan", Meaning.PURPOSE),
        ("Boks bayi", Meaning.COTS),
        ("Jml boks", Meaning.COTS),
        ("KAMAR", Meaning.ROOM),
        ("T. Tidur", Meaning.BED),
    ],
)
def test_headings_of_an_inventory_are_known(heading: str, meaning: Meaning) -> None:
    assert meaning_of_heading(heading, Kind.INVENTORY) is meaning


def test_the_headings_are_found_below_titles_and_empty_rows() -> None:
    layout = layout_of([["BUKU REGISTER PENGHUNI"], ["(RAHASIA)"], [], HEADINGS, person(1, "1/2/2026", "Melati", "1A")])
    assert layout.first_row == 5
    assert layout.problems() == ()


def test_headings_may_stand_in_two_rows() -> None:
    layout = layout_of(
        [
            ["No", "Tanggal", None, "Alias", "JK", "Usia", "Penempatan", None, None, "Layanan", None],
            [None, "Masuk", "Keluar", None, None, None, "Rumah", "Kamar", "TT", "Psi", "Hukum"],
            [1, "1/2/2026", "-", "Melati", "P", "30", "Rumah Satu", "1", "A", "v", "x"],
        ]
    )
    assert [column.meaning for column in layout.columns] == [
        Meaning.NUMBER,
        Meaning.ARRIVED,
        Meaning.LEFT,
        Meaning.ALIAS,
        Meaning.SEX,
        Meaning.AGE,
        Meaning.HOUSE,
        Meaning.ROOM,
        Meaning.BED,
        Meaning.SERVICE,
        Meaning.SERVICE,
    ]
    assert (layout.first_row, layout.problems()) == (3, ())


def test_cells_tell_what_a_heading_alone_does_not() -> None:
    rows = [
        ["No", "Tgl Masuk", "Alias", "JK", "Usia", "Rumah", "Kamar"],
        [1, "1/2/26", "Melati", "P", "30", "Rumah Satu", "2A"],
    ]
    assert meanings_of(rows)["Kamar"] is Meaning.ROOM_BED
    rows = [["No", "Tgl Masuk", "Alias", "JK", "Usia", "KMR"], [1, "1/2/26", "Melati", "P", "30", "R1-2A"]]
    assert meanings_of(rows)["KMR"] is Meaning.PLACE
    rows = [
        ["No", "Tgl Masuk", "Alias", "Gdr", "Thn", "Rumah Aman"],
        [1, "1/2/26", "Melati", "P", "30 th", "Rumah Satu / 2A"],
    ]
    assert meanings_of(rows) == {
        "No": Meaning.NUMBER,
        "Tgl Masuk": Meaning.ARRIVED,
        "Alias": Meaning.ALIAS,
        "Gdr": Meaning.SEX,
        "Thn": Meaning.AGE,
        "Rumah Aman": Meaning.PLACE,
    }


def test_a_column_that_looks_like_identity_is_sealed_whatever_its_heading() -> None:
    rows = [[*HEADINGS, "X"], [*person(1, "1/2/26", "Melati", "1A"), "3507014708950001"]]
    column = layout_of(rows).columns[-1]
    assert (column.meaning, column.sealed, column.samples) == (Meaning.NIK, True, ())


def test_samples_show_what_is_in_a_column_but_nothing_sealed_and_no_stories() -> None:
    story = "Cerita panjang yang tidak boleh tampil di halaman mana pun."
    rows = [[*HEADINGS, "Nama", "Kisah"], [*person(1, "1/2/26", "Melati", "1A"), "Nama Karangan", story]]
    samples = {column.heading: column.samples for column in layout_of(rows).columns}
    assert samples["Nama Samaran"] == ("Melati",)
    assert samples["Nama"] == samples["Kisah"] == ()


def test_a_person_may_change_any_meaning_and_it_survives_the_form() -> None:
    layout = layout_of([[*HEADINGS[:2], "Panggilan", *HEADINGS[3:]], person(1, "1/2/26", "Melati", "1A")])
    assert not layout.has(Meaning.ALIAS)
    changed = layout.with_choices({**layout.chosen(), "c2": "alias"})
    assert changed.has(Meaning.ALIAS)
    assert layout.with_choices(changed.chosen()) == changed
    for forged in ("purpose", "boss", ""):
        with pytest.raises(ValueError, match=f"{forged}|not a valid"):
            layout.with_choices({"c2": forged})


def test_a_meaning_that_is_needed_or_chosen_twice_is_named() -> None:
    layout = layout_of([HEADINGS, person(1, "1/2/26", "Melati", "1A")])
    without_bed = layout.with_choices({"c8": "skip"})
    assert [(problem.fault, problem.meaning) for problem in without_bed.problems()] == [
        (LayoutFault.MISSING, Meaning.PLACE)
    ]
    twice = layout.with_choices({"c9": "arrived"})
    assert [(problem.fault, problem.columns) for problem in twice.problems()] == [(LayoutFault.TWICE, (1, 9))]


def test_a_sheet_without_headings_is_refused() -> None:
    with pytest.raises(WorkbookRefused):
        layout_of([["a", "b"], [1, 2]])


def test_the_right_sheet_of_a_workbook_is_taken() -> None:
    content = workbook([["Petunjuk"], ["Isi lembar kedua"]], Buku=[HEADINGS, person(1, "1/2/26", "Melati", "1A")])
    sheet, _ = likeliest(open_workbook(content), Kind.REGISTER)
    assert sheet.name == "Buku"


def test_totals_notes_column_numbers_and_repeated_headings_are_left_out_and_counted() -> None:
    lines = register_lines(
        [str(number) for number in range(1, 12)],
        person(1, "1/2/26", "Melati", "1A"),
        [None, "FEBRUARI"],
        HEADINGS,
        person(2, "1/3/26", "Kenanga", "1B"),
        [None, "JUMLAH", None, "2", None, "0"],
        [3],
        ["Total 2 orang"],
        [None, None, "Mengetahui"],
    )
    assert [line.row for line in lines.entries] == [3, 6]
    assert lines.left_out == {
        2: LeftOut.COLUMN_NUMBERS,
        4: LeftOut.NOTE,
        5: LeftOut.HEADING,
        7: LeftOut.TOTAL,
        8: LeftOut.NOTE,
        9: LeftOut.TOTAL,
        10: LeftOut.NOTE,
    }


def test_an_alias_that_begins_like_a_total_stays_a_person() -> None:
    assert len(register_lines(person(1, "1/2/26", "Jumlah", "1A"), person(2, "1/2/26", "Totalia", "1B")).entries) == 2


def test_what_is_not_needed_is_not_taken_over() -> None:
    sheet = open_workbook(
        workbook([[*HEADINGS, "Jenis Kekerasan", "Psi"], [*person(1, "1/2/26", "Melati", "1A"), "fisik", "v"]])
    )[0]
    line = read_lines(sheet, propose(sheet, Kind.REGISTER)).entries[0]
    assert not {Meaning.VIOLENCE, Meaning.SERVICE, Meaning.SKIP} & line.cells.keys()


def test_a_correction_replaces_one_cell_and_keeps_what_the_file_said() -> None:
    lines = register_lines(person(1, "32/13/2026", "Melati", "1A"), person(2, "1/3/26", "Kenanga", "1B"))
    after = corrected(lines, {2: {Meaning.ARRIVED: " 3/2/2026 ", Meaning.SERVICE: "x"}}, [3, 99])
    assert [line.row for line in after.entries] == [2]
    assert after.entries[0].text(Meaning.ARRIVED) == "3/2/2026"
    assert after.entries[0].original[Meaning.ARRIVED].text == "32/13/2026"
    assert after.left_out == {3: LeftOut.ON_PURPOSE}
