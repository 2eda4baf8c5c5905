import pytest

from safehouse.shelter.rules.importing.places import Inventory, Place, split_place, split_room_bed

TWO_A = Place("Rumah Satu", "2", "A")
INVENTORY = Inventory(
    [
        TWO_A,
        Place("Rumah Satu", "1", "A"),
        Place("Rumah Dua", "2", "A"),
        Place("Rumah Dua", "10", "B"),
        Place("Rumah Melati", "Mawar", "1"),
    ]
)


@pytest.mark.parametrize(
    "text", ["2A", "2 A", "2/A", "2-A", "2.a", "Kmr 2 TT A", "kamar 2, bed a", "Kmr. 2/A", "KMR 2 TEMPAT TIDUR A"]
)
def test_room_and_bed_of_one_cell_are_told_apart(text: str) -> None:
    room, bed = split_room_bed(text) or ("", "")
    assert (room, bed.upper()) == ("2", "A")


@pytest.mark.parametrize("text", ["12", "A", "", "Ruang tamu", "R1-2A", "2A/2B", "2AB"])
def test_a_cell_that_is_not_one_room_and_one_bed_is_not_split(text: str) -> None:
    assert split_room_bed(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Rumah Satu / 2A",
        "R1-2A",
        "Rumah Satu Kmr 2 TT A",
        "Rumah 1, kamar 2, tempat tidur A",
        "R.1/2/A",
        "rumah satu 2a",
        "RUMAH SATU - 2 - A",
        "Satu/2A",
    ],
)
def test_a_bed_written_in_one_cell_is_found_in_the_inventory(text: str) -> None:
    assert INVENTORY.find_written(text) == TWO_A


def test_rooms_may_have_names() -> None:
    assert INVENTORY.find_written("Melati / Mawar 1") == Place("Rumah Melati", "Mawar", "1")
    assert split_place("Rumah Melati Kmr Mawar TT 1") == Place("Rumah Melati", "Mawar", "1")


@pytest.mark.parametrize("text", ["Rumah Satu / 9Z", "Rumah Empat / 2A", "2A", "Rumah Satu", "", "Rumah Satu / 2"])
def test_a_bed_that_does_not_exist_or_is_not_clear_is_not_found(text: str) -> None:
    assert INVENTORY.find_written(text) is None


def test_labels_are_the_same_with_and_without_their_words() -> None:
    assert INVENTORY.find("RUMAH SATU", "Kamar 02", "TT a") == TWO_A
    assert INVENTORY.find_in_house("Rumah Dua", "10B") == Place("Rumah Dua", "10", "B")
    assert INVENTORY.find_in_house("Rumah Satu", "9Z") is None


def test_a_house_need_not_be_named_where_there_is_only_one() -> None:
    one = Inventory([TWO_A, Place("Rumah Satu", "1", "2")])
    assert one.find("", "2", "A") == one.find_written("2A") == TWO_A
    assert one.find_in_house("", "12") == Place("Rumah Satu", "1", "2")
    assert INVENTORY.find("", "2", "A") is None


def test_run_together_figures_that_fit_two_beds_are_not_guessed() -> None:
    unclear = Inventory([Place("Rumah Satu", "1", "12"), Place("Rumah Satu", "11", "2")])
    assert unclear.find_in_house("Rumah Satu", "112") is None
