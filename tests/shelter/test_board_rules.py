"""What a bed is now, what is counted, and which nights are drawn: rows in, answer out."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest

from safehouse.shelter.choices import BedKind, LeaveKind, RoomPurpose
from safehouse.shelter.rules.board import (
    AgeGroup,
    BedRow,
    BoardRows,
    ClosureRow,
    Figures,
    HoldRow,
    HouseRow,
    LeaveRow,
    OtherHouse,
    RoomRow,
    StayRow,
    age_group,
    board,
    by_bed,
)
from safehouse.shelter.rules.houses import BedState
from safehouse.shelter.rules.tape import Paint, monday_of, tape

JAKARTA, JAYAPURA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
NOW = dt.datetime(2026, 11, 21, 16, 40, tzinfo=dt.UTC)  # Saturday, 23.40 in Jakarta
MONDAY = dt.date(2026, 11, 16)


def day(number: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, number)


def at(number: int, hour: int = 12, month: int = 11, zone: ZoneInfo = JAKARTA) -> dt.datetime:
    return dt.datetime(2026, month, number, hour, tzinfo=zone).astimezone(dt.UTC)


def a_bed(
    number: int, label: str = "A", kind: BedKind = BedKind.BED, hold: HoldRow | None = None, removed: bool = False
) -> BedRow:
    return BedRow(number, str(uuid.UUID(int=number)), label, kind, hold, removed)


def a_room(
    *beds: BedRow, number: int = 1, purpose: RoomPurpose = RoomPurpose.MOTHER_CHILD, removed: bool = False
) -> RoomRow:
    return RoomRow(number, str(number), purpose, False, False, False, removed, beds)


def a_house(*rooms: RoomRow, number: int = 1, zone: ZoneInfo = JAKARTA) -> HouseRow:
    return HouseRow(number, f"Rumah {number}", zone, rooms)


def a_stay(
    bed: int,
    alias: str = "Kenari",
    start: dt.datetime | None = None,
    end: dt.datetime | None = None,
    planned: dt.date | None = None,
    *,
    number: int | None = None,
    sharing: bool = False,
    born: dt.date | None = None,
    leaves: tuple[LeaveRow, ...] = (),
) -> StayRow:
    number = number or bed
    return StayRow(
        number,
        bed,
        str(uuid.UUID(int=number)),
        alias,
        "K7Q4",
        born,
        None,
        sharing,
        start or at(10),
        end,
        planned or day(30),
        True,
        leaves,
    )


def shown(
    *houses: HouseRow,
    stays: tuple[StayRow, ...] = (),
    closures: tuple[ClosureRow, ...] = (),
    others: tuple[OtherHouse, ...] = (),
    now: dt.datetime = NOW,
):
    return board(BoardRows(houses, stays, closures, others), now=now)


def drawn(
    house: HouseRow,
    stays: tuple[StayRow, ...] = (),
    closures: tuple[ClosureRow, ...] = (),
    first: dt.date = MONDAY,
    now: dt.datetime = NOW,
) -> list[list[tuple[int, Paint | None]]]:
    """Each row as (nights, kind) from the left."""
    seen = shown(house, stays=stays, closures=closures, now=now).houses[0]
    return [
        [(span.nights, span.paint) for span in row.spans] for row in tape(seen, by_bed(stays), closures, first=first)
    ]


# Now


def test_every_state_of_a_bed_is_counted_once():
    house = a_house(a_room(a_bed(1), a_bed(2), a_bed(3, hold=HoldRow(309, at(22, 3))), a_bed(4)))
    closures = (ClosureRow(None, 4, day(18), day(25), "Ranjang rusak", None),)
    seen = shown(house, stays=(a_stay(1),), closures=closures)
    assert [bed.state for bed in seen.houses[0].rooms[0].beds] == [
        BedState.FULL,
        BedState.FREE,
        BedState.HELD,
        BedState.CLOSED,
    ]
    assert seen.figures == Figures(beds=4, taken=1, free=1, held=1, closed=1, persons=1)


def test_an_extra_mattress_is_over_capacity_and_no_bed_of_the_house():
    house = a_house(a_room(a_bed(1), a_bed(2, "Kasur +1", BedKind.MATTRESS)))
    seen = shown(house, stays=(a_stay(1), a_stay(2)))
    assert seen.figures == Figures(beds=1, taken=1, persons=2, extra=1)


def test_a_mattress_nobody_lies_on_counts_for_nothing():
    assert shown(a_house(a_room(a_bed(1), a_bed(2, "Kasur +1", BedKind.MATTRESS)))).figures == Figures(beds=1, free=1)


def test_a_sharing_child_is_a_person_in_her_mothers_bed():
    stays = (a_stay(1, "Bayi Kenari", number=5, sharing=True, born=dt.date(2026, 4, 1)), a_stay(1, "Kenari"))
    seen = shown(a_house(a_room(a_bed(1), a_bed(2))), stays=stays)
    assert seen.figures == Figures(beds=2, taken=1, free=1, persons=2)
    assert [one.stay.alias for one in seen.houses[0].rooms[0].beds[0].sleepers] == ["Kenari", "Bayi Kenari"]


def test_cots_are_counted_apart_from_beds():
    house = a_house(a_room(a_bed(1), a_bed(2, "C", BedKind.COT), a_bed(3, "D", BedKind.COT)))
    seen = shown(house, stays=(a_stay(1), a_stay(2)))
    assert seen.figures == Figures(beds=1, taken=1, persons=2, cots=2, cots_free=1)


def test_houses_add_up():
    seen = shown(
        a_house(a_room(a_bed(1), number=1)), a_house(a_room(a_bed(2), number=2), number=2), stays=(a_stay(1), a_stay(2))
    )
    assert seen.figures == Figures(beds=2, taken=2, persons=2)


def test_who_is_past_the_agreed_day_is_named_adults_first_and_the_longest_first():
    stays = (
        a_stay(1, "Anak Mahoni", planned=day(1), born=dt.date(2020, 1, 1)),
        a_stay(2, "Mahoni", planned=day(17)),
        a_stay(3, "Jati", planned=day(21)),
        a_stay(4, "Ulin", planned=day(10)),
    )
    seen = shown(a_house(a_room(*(a_bed(n) for n in range(1, 5)))), stays=stays)
    assert seen.overdue == ("Ulin", "Mahoni", "Anak Mahoni")
    over = {one.stay.alias: one.days_over for bed in seen.houses[0].rooms[0].beds for one in bed.sleepers}
    assert over == {"Anak Mahoni": 20, "Mahoni": 4, "Jati": 0, "Ulin": 11}


@pytest.mark.parametrize(
    ("from_at", "due", "back", "away", "late"),
    [
        (at(20), at(22), None, True, False),
        (at(20), at(21), None, True, True),
        (at(18), at(20), at(20), False, False),
        (at(23), at(24), None, False, False),
    ],
)
def test_away_is_who_left_and_has_not_come_back(from_at, due, back, away, late):
    leave = LeaveRow(LeaveKind.HOSPITAL, from_at, due, back)
    seen = shown(a_house(a_room(a_bed(1))), stays=(a_stay(1, leaves=(leave,)),))
    sleeper = seen.houses[0].rooms[0].beds[0].sleepers[0]
    assert (sleeper.leave is not None, sleeper.late) == (away, late)
    assert seen.figures.taken == 1


def test_a_bed_someone_sleeps_in_stays_full_when_its_room_is_closed():
    closures = (ClosureRow(1, None, day(1), None, "Atap bocor", None),)
    seen = shown(a_house(a_room(a_bed(1), a_bed(2))), stays=(a_stay(1),), closures=closures)
    assert [bed.state for bed in seen.houses[0].rooms[0].beds] == [BedState.FULL, BedState.CLOSED]


def test_a_closure_somebody_ended_closes_nothing_now():
    closures = (ClosureRow(1, None, day(1), None, "Atap bocor", at(20)),)
    assert shown(a_house(a_room(a_bed(1))), closures=closures).figures.free == 1


def test_what_was_removed_is_not_on_the_board():
    seen = shown(a_house(a_room(a_bed(1), a_bed(2, removed=True)), a_room(a_bed(3), number=2, removed=True)))
    assert [[bed.row.id for bed in room.beds] for room in seen.houses[0].rooms] == [[1]]
    assert seen.figures == Figures(beds=1, free=1)


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (None, AgeGroup.ADULT),
        (dt.date(2008, 10, 1), AgeGroup.ADULT),
        (dt.date(2008, 11, 1), AgeGroup.TEENAGER),
        (dt.date(2013, 11, 1), AgeGroup.TEENAGER),
        (dt.date(2013, 12, 1), AgeGroup.CHILD),
        (dt.date(2025, 11, 1), AgeGroup.CHILD),
        (dt.date(2025, 12, 1), AgeGroup.INFANT),
    ],
)
def test_ages_are_groups(born, group):
    assert age_group(born, None, day(21)) is group


def test_places_for_families_need_free_beds_side_by_side_in_an_empty_room():
    rooms = (
        a_room(a_bed(1), a_bed(2), a_bed(3)),
        a_room(a_bed(4), a_bed(5), number=2),
        a_room(a_bed(6), a_bed(7), number=3, purpose=RoomPurpose.ADULT_WOMEN),
    )
    assert shown(a_house(*rooms)).places == {2: 2, 3: 1, 4: 0}
    assert shown(a_house(*rooms), stays=(a_stay(1),)).places == {2: 1, 3: 0, 4: 0}


def test_other_houses_show_their_free_beds_less_those_closed_there_today():
    others = (OtherHouse("Rumah Dua", JAKARTA, ((7, 71), (7, 72), (8, 81))), OtherHouse("Rumah Tiga", JAKARTA, ()))
    closures = (ClosureRow(8, None, day(20), None, "Dicat", None), ClosureRow(None, 71, day(22), None, "Dicat", None))
    assert shown(others=others, closures=closures).others == (("Rumah Dua", 2), ("Rumah Tiga", 0))


def test_the_date_is_that_of_the_house():
    midnight_in_jayapura = dt.datetime(2026, 11, 21, 15, 10, tzinfo=dt.UTC)  # 22.10 in Jakarta, 0.10 in Jayapura
    stays = (a_stay(1, planned=day(21)), a_stay(2, planned=day(21)))
    west, east = shown(
        a_house(a_room(a_bed(1))),
        a_house(a_room(a_bed(2), number=2), number=2, zone=JAYAPURA),
        stays=stays,
        now=midnight_in_jayapura,
    ).houses
    assert (west.today, east.today) == (day(21), day(22))
    assert [house.rooms[0].beds[0].sleepers[0].days_over for house in (west, east)] == [0, 1]


# Two weeks


def test_a_week_begins_on_monday():
    assert [monday_of(day(n)) for n in (15, 16, 21, 22, 23)] == [day(9), MONDAY, MONDAY, MONDAY, day(23)]


def test_the_leaving_day_is_not_drawn():
    assert drawn(a_house(a_room(a_bed(1))), (a_stay(1, start=at(18), planned=day(24)),)) == [
        [(2, None), (6, Paint.STAY), (6, None)]
    ]


def test_who_leaves_today_is_not_drawn_tonight():
    assert drawn(a_house(a_room(a_bed(1))), (a_stay(1, planned=day(21)),)) == [[(5, Paint.STAY), (9, None)]]


def test_who_left_this_morning_is_not_drawn_tonight():
    assert drawn(a_house(a_room(a_bed(1))), (a_stay(1, end=at(21, 8)),)) == [[(5, Paint.STAY), (9, None)]]


def test_a_day_without_a_night_is_not_drawn():
    assert drawn(a_house(a_room(a_bed(1))), (a_stay(1, start=at(18, 8), end=at(18, 20)),)) == [[(14, None)]]


def test_the_nights_past_the_agreed_day_are_drawn_through_tonight():
    assert drawn(a_house(a_room(a_bed(1))), (a_stay(1, planned=day(17)),)) == [
        [(1, Paint.STAY), (5, Paint.OVER), (8, None)]
    ]


def test_what_goes_on_outside_the_chart_has_a_flat_end():
    house = shown(a_house(a_room(a_bed(1)), a_room(a_bed(2), number=2))).houses[0]
    stays = (a_stay(1, start=at(10), planned=day(5, 12)), a_stay(2, start=at(16), planned=day(30)))
    (over_both,), (within,) = (row.spans for row in tape(house, by_bed(stays), (), first=MONDAY))
    assert (over_both.nights, over_both.before, over_both.after) == (14, True, True)
    assert (within.nights, within.before, within.after) == (14, False, False)


def test_nights_away_are_drawn_within_the_stay():
    leaves = (LeaveRow(LeaveKind.HOSPITAL, at(20), at(22), None), LeaveRow(LeaveKind.COURT, at(25), at(26), None))
    assert drawn(a_house(a_room(a_bed(1))), (a_stay(1, leaves=leaves),)) == [
        [(4, Paint.STAY), (2, Paint.AWAY), (3, Paint.STAY), (1, Paint.AWAY), (4, Paint.STAY)]
    ]


def test_who_has_not_come_back_is_away_tonight():
    leaves = (LeaveRow(LeaveKind.FAMILY, at(17), at(19), None),)
    assert drawn(a_house(a_room(a_bed(1))), (a_stay(1, leaves=leaves),)) == [
        [(1, Paint.STAY), (5, Paint.AWAY), (8, Paint.STAY)]
    ]


def test_a_hold_is_drawn_for_tonight_only():
    held = a_bed(1, hold=HoldRow(309, at(22, 3)))
    assert drawn(a_house(a_room(held))) == [[(5, None), (1, Paint.HELD), (8, None)]]


def test_a_closure_is_drawn_with_its_last_day_and_until_it_was_ended():
    house = a_house(a_room(a_bed(1), a_bed(2), a_bed(3)))
    closures = (
        ClosureRow(None, 1, day(18), day(25), "Ranjang rusak", None),
        ClosureRow(None, 2, day(18), None, "Dicat", None),
        ClosureRow(None, 3, day(18), None, "Dicat", at(20)),
    )
    assert drawn(house, closures=closures) == [
        [(2, None), (8, Paint.SHUT), (4, None)],
        [(2, None), (12, Paint.SHUT)],
        [(2, None), (2, Paint.SHUT), (10, None)],
    ]


def test_one_person_after_another_in_one_bed_share_a_row():
    stays = (a_stay(1, "Waru", end=at(18), number=1), a_stay(1, "Ulin", start=at(18, 20), number=2))
    assert drawn(a_house(a_room(a_bed(1))), stays) == [[(2, Paint.STAY), (12, Paint.STAY)]]


def test_children_who_share_a_bed_have_rows_of_their_own():
    born = dt.date(2026, 4, 1)
    stays = (
        a_stay(1, number=1),
        a_stay(1, "Bayi 1", number=2, sharing=True, born=born, end=at(19)),
        a_stay(1, "Bayi 2", number=3, sharing=True, born=born, planned=day(20)),
        a_stay(1, "Bayi 3", number=4, sharing=True, born=born, start=at(19)),
    )
    assert drawn(a_house(a_room(a_bed(1))), stays) == [
        [(14, Paint.STAY)],
        [(3, Paint.STAY), (11, Paint.STAY)],
        [(4, Paint.STAY), (2, Paint.OVER), (8, None)],
    ]


def test_a_mattress_that_is_gone_is_drawn_while_somebody_lay_on_it():
    house = a_house(a_room(a_bed(1), a_bed(2, "Kasur +1", BedKind.MATTRESS, removed=True)))
    stays = (a_stay(2, end=at(18)),)
    assert drawn(house, stays) == [[(14, None)], [(2, Paint.STAY), (12, None)]]
    assert drawn(house, stays, first=day(23)) == [[(14, None)]]


def test_a_night_begins_on_the_date_of_the_house():
    """She came at half past midnight in Jayapura, when it was still the day before in Jakarta."""
    stays = (a_stay(1, start=dt.datetime(2026, 11, 20, 15, 30, tzinfo=dt.UTC), planned=day(23)),)
    assert drawn(a_house(a_room(a_bed(1)), zone=JAYAPURA), stays) == [[(5, None), (2, Paint.STAY), (7, None)]]
    assert drawn(a_house(a_room(a_bed(1))), stays) == [[(4, None), (3, Paint.STAY), (7, None)]]


def test_every_row_has_fourteen_nights_whatever_the_weeks():
    house = a_house(a_room(a_bed(1, hold=HoldRow(1, at(22, 3))), a_bed(2)))
    stays = (a_stay(2, planned=day(18), leaves=(LeaveRow(LeaveKind.COURT, at(19), at(20), None),)),)
    closures = (ClosureRow(1, None, day(1), None, "Dicat", None),)
    for first in (dt.date(2000, 1, 3), day(9), MONDAY, day(23), dt.date(2099, 12, 28)):
        for row in drawn(house, stays, closures, first=first):
            assert sum(nights for nights, _ in row) == 14
