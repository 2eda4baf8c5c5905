import datetime as dt

import pytest

from safehouse.shelter.choices import RoomPurpose
from safehouse.shelter.rules.importing.inventory import ClosedBecause, check_inventory
from safehouse.shelter.rules.importing.lines import corrected
from safehouse.shelter.rules.importing.meanings import Kind, Meaning
from safehouse.shelter.rules.importing.places import Place
from safehouse.shelter.rules.importing.problems import Reason
from safehouse.shelter.rules.importing.words import room_words
from tests.shelter.importing.workbooks import TODAY, inventory, lines_of

HEADINGS = ["No", "Rumah", "Kamar", "TT", "Peruntukan", "Boks bayi", "Ket"]


def test_house_names_written_once_are_filled_down() -> None:
    found = inventory(
        [
            ["INVENTARIS"],
            [],
            HEADINGS,
            [1, "Rumah Satu", 1, "A", "Ibu dan anak", None, None],
            [2, None, 1, "B"],
            [3, "Rumah Dua", 1, "A"],
            [4, None, None, "B"],
            ["Jumlah", None, None, 4],
        ]
    )
    assert found.beds == (
        Place("Rumah Satu", "1", "A"),
        Place("Rumah Satu", "1", "B"),
        Place("Rumah Dua", "1", "A"),
        Place("Rumah Dua", "1", "B"),
    )
    assert found.houses == ("Rumah Satu", "Rumah Dua")
    assert found.problems == ()


def test_a_room_is_not_filled_down_into_the_next_house() -> None:
    found = inventory([HEADINGS, [1, "Rumah Satu", 1, "A"], [2, "Rumah Dua", None, "A"]])
    assert [(problem.row, problem.meaning, problem.reason) for problem in found.problems] == [
        (3, Meaning.ROOM, Reason.MISSING)
    ]


def test_one_cell_may_hold_house_room_and_bed() -> None:
    found = inventory(
        [
            ["No", "Lokasi tempat tidur", "Peruntukan"],
            [1, "Rumah Satu / 2A", "Isolasi"],
            [2, "Rumah Satu Kmr 2 TT B", None],
        ]
    )
    assert found.beds == (Place("Rumah Satu", "2", "A"), Place("Rumah Satu", "2", "B"))
    assert found.rooms[0].isolation


@pytest.mark.parametrize(
    ("text", "purpose", "ground", "wheelchair"),
    [
        ("Ibu dan anak", RoomPurpose.MOTHER_CHILD, False, False),
        ("Ibu & anak", RoomPurpose.MOTHER_CHILD, False, False),
        ("Perempuan dewasa", RoomPurpose.ADULT_WOMEN, False, False),
        ("Perempuan dewasa lantai 1", RoomPurpose.ADULT_WOMEN, True, False),
        ("Remaja putri 13 s/d 17 th", RoomPurpose.GIRLS, False, False),
        ("Ibu dan bayi, dekat kamar mandi", RoomPurpose.INFANTS, False, False),
        ("Ruang isolasi", RoomPurpose.ISOLATION, False, False),
        ("Lantai 1, akses kursi roda", RoomPurpose.ANY_FAMILY, True, True),
        ("Perempuan dewasa Lt. 2", RoomPurpose.ADULT_WOMEN, False, False),
        ("", RoomPurpose.ANY_FAMILY, False, False),
    ],
)
def test_the_purpose_of_a_room_is_read_from_its_words(
    text: str, purpose: RoomPurpose, ground: bool, wheelchair: bool
) -> None:
    words = room_words(text)
    assert (words.purpose, words.ground_floor, words.wheelchair) == (purpose, ground, wheelchair)


def test_a_purpose_that_is_not_said_is_marked_as_open() -> None:
    assert not room_words("Lantai 1, akses kursi roda").sure
    assert room_words("Umum").sure


def test_cots_are_counted_for_the_room() -> None:
    found = inventory(
        [HEADINGS, [1, "Rumah Satu", 1, "A", None, 1], [2, None, 1, "B", None, "1 buah"], [3, None, 2, "A", None, "√"]]
    )
    assert [room.cots for room in found.rooms] == [2, 1]
    assert found.cots == 3


@pytest.mark.parametrize(
    ("remark", "because", "until"),
    [
        ("rusak, diperbaiki s/d 25 Nov", ClosedBecause.BROKEN, dt.date(2026, 11, 25)),
        ("renovasi s.d. 2/12/2026", ClosedBecause.REPAIR, dt.date(2026, 12, 2)),
        ("Atap bocor", ClosedBecause.BROKEN, None),
        ("fumigasi sampai 30 November 2026", ClosedBecause.CLEANING, dt.date(2026, 11, 30)),
    ],
)
def test_a_broken_bed_is_closed_to_the_day_that_is_named(
    remark: str, because: ClosedBecause, until: dt.date | None
) -> None:
    closed = inventory([HEADINGS, [1, "Rumah Satu", 1, "A", None, None, remark]]).rooms[0].beds[0].closed
    assert closed is not None
    assert (closed.reason, closed.until, closed.words) == (because, until, remark)


@pytest.mark.parametrize("remark", ["dekat jendela", "rusak, diperbaiki s/d 2 Nov", "sudah diperbaiki", "tidak rusak"])
def test_a_remark_that_closes_nothing_leaves_the_bed_open(remark: str) -> None:
    assert inventory([HEADINGS, [1, "Rumah Satu", 1, "A", None, None, remark]]).rooms[0].beds[0].closed is None


def test_rows_that_cannot_be_true_are_named_and_the_others_kept() -> None:
    found = inventory(
        [
            HEADINGS,
            [1, "Rumah Satu", 1, "A", "Ibu dan anak"],
            [2, None, 1, "a"],
            [3, None, 1, "B", "Isolasi"],
            [4, None, 2, None],
            [5, None, 3, "=1+1"],
            [6, None, 3, "A", None, "banyak"],
            [7, None, 4, "A", None, None, "rusak s/d 31 November"],
            [8, None, 5, "x" * 21],
        ]
    )
    assert [(problem.row, problem.meaning, problem.reason, problem.other_row) for problem in found.problems] == [
        (3, Meaning.BED, Reason.BED_TWICE, 2),
        (4, Meaning.PURPOSE, Reason.PURPOSE_DIFFERS, 2),
        (5, Meaning.BED, Reason.MISSING, None),
        (6, Meaning.BED, Reason.FORMULA, None),
        (7, Meaning.COTS, Reason.NOT_A_COUNT, None),
        (8, Meaning.REMARK, Reason.UNREADABLE, None),
        (9, Meaning.BED, Reason.TOO_LONG, None),
    ]
    assert found.beds == (Place("Rumah Satu", "1", "A"),)


def test_a_corrected_row_is_checked_again() -> None:
    lines = lines_of([HEADINGS, [1, "Rumah Satu", 1, "A"], [2, None, 1, "A"]], Kind.INVENTORY)
    assert check_inventory(lines, today=TODAY).problems
    assert check_inventory(corrected(lines, {3: {Meaning.BED: "B"}}), today=TODAY).problems == ()
    assert len(check_inventory(corrected(lines, {}, [3]), today=TODAY).beds) == 1


def test_a_second_run_finds_every_bed_there_already() -> None:
    lines = lines_of([HEADINGS, [1, "RUMAH SATU", "Kamar 01", "TT A"], [2, None, "Kamar 01", "TT B"]], Kind.INVENTORY)
    again = check_inventory(lines, today=TODAY, existing=[Place("Rumah Satu", "1", "A"), Place("Rumah Satu", "1", "B")])
    assert (again.rooms, again.problems, again.already) == ((), (), 2)


def test_a_new_bed_takes_the_spelling_of_the_house_that_exists() -> None:
    lines = lines_of([HEADINGS, [1, "RUMAH 1", "Kamar 2", "c"]], Kind.INVENTORY)
    assert check_inventory(lines, today=TODAY, existing=[Place("Rumah Satu", "1", "A")]).beds == (
        Place("Rumah Satu", "2", "C"),
    )
