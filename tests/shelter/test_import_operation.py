"""Writing what was checked: households, aliases, moments, and what the office's own data says against it."""

import datetime as dt
import hashlib

import pytest
from sqlalchemy import select

from safehouse.access.models import Clearance
from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse, Resident
from safehouse.residents.rules.naming import TREES
from safehouse.shelter.choices import Destination, StayEnd
from safehouse.shelter.models import Departure, ImportedRow, Placement, Room, Stay
from safehouse.shelter.operations.import_runs import keep_answers, keep_run, open_run
from safehouse.shelter.operations.importing import ImportOvertaken, import_files, key_old_rows
from safehouse.shelter.queries.importing import read_facts, row_key
from safehouse.shelter.rules.importing.files import (
    Answers,
    check_files,
    read_file,
    recognise,
    sheet_as_text,
    sheet_from_text,
)
from safehouse.shelter.rules.importing.meanings import Kind, Meaning
from safehouse.shelter.rules.importing.problems import Reason
from tests.office import actor
from tests.shelter.importing.workbooks import HEADINGS, person, workbook

# Row 1 of Kenari as its fingerprint was kept before there was a key.
KENARI_WITHOUT_KEY = hashlib.sha256(b"row-1\x1f1\x1f2026-10-01\x1fkenari\x1f1/1/a").hexdigest()
INVENTORY = [("Rumah", "Kamar", "TT"), ("Rumah Satu", "1", "A"), ("", "1", "B"), ("", "2", "A"), ("", "2", "B")]


@pytest.fixture
def manager(make):
    return make.account(Role.MANAGER)


@pytest.fixture
def house(make, manager, session, clock):
    """Rumah Satu with the rooms and beds of the inventory, hers already."""
    house = make.house("Rumah Satu")
    for label in ("1", "2"):
        make.room(house, label, beds=2)
    session.add(Clearance(account_id=manager.id, house_id=house.id, since=clock.now))
    session.commit()
    return house


def room(session, label):
    return session.scalars(select(Room).where(Room.label == label)).one()


def sheets(rows, inventory=None):
    found = {Kind.REGISTER: read_file(workbook([HEADINGS, *rows]), Kind.REGISTER)}
    if inventory:
        found[Kind.INVENTORY] = read_file(workbook(inventory), Kind.INVENTORY)
    return found


def checked(session, manager, clock, rows, answers=None, inventory=None):
    facts = read_facts(session, account_id=manager.id, now=clock.now)
    return check_files(sheets(rows, inventory), answers or Answers(), facts)


def brought_in(session, manager, clock, rows, **more):
    found = checked(session, manager, clock, rows, **more)
    assert found.sound, found.problems
    figures = import_files(session, found, now=clock.now, by=actor(manager))
    session.commit()
    return figures


def test_days_become_hours_in_the_zone_of_the_house(session, manager, clock, house):
    house.time_zone = "Asia/Jayapura"
    session.commit()
    brought_in(
        session,
        manager,
        clock,
        [
            person(1, "2/11/2026", "Kenari", "1A", "9/11/2026", destination="kos"),
            person(2, "9/11/2026", "Ulin", "1A", "9/11/2026"),
            person(3, "9/11/2026", "Jati", "1A"),
        ],
    )
    first, visit, third = session.scalars(select(Stay).order_by(Stay.id)).all()
    assert first.started_at == dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC)
    assert (first.ended_at, first.ended_by) == (dt.datetime(2026, 11, 9, 1, tzinfo=dt.UTC), StayEnd.LEFT)
    assert (visit.ended_at - visit.started_at, third.ended_at) == (dt.timedelta(hours=2), None)
    departures = session.scalars(select(Departure).order_by(Departure.id)).all()
    assert [one.place_kind for one in departures] == [Destination.INDEPENDENT, Destination.UNKNOWN]
    placements = session.scalars(select(Placement).order_by(Placement.id)).all()
    assert [one.planned_exit for one in placements] == [dt.date(2026, 11, 16), *[dt.date(2026, 11, 23)] * 2]


def test_nobody_arrives_in_the_future_of_any_house(session, manager, clock, house, make):
    clock.now = dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC)  # 22 November in Jakarta
    house.time_zone = "UTC"
    session.commit()
    found = checked(session, manager, clock, [person(1, "22/11/2026", "Kenari", "1A")])
    assert [one.reason for one in found.problems[Kind.REGISTER]] == [Reason.ARRIVES_IN_FUTURE]


def test_those_without_an_alias_get_one_that_is_free_in_the_house(session, manager, clock, house, make):
    headings = [name for name in HEADINGS if name != "Nama Samaran"]

    def row(*values):
        return [value for name, value in zip(HEADINGS, values, strict=True) if name != "Nama Samaran"]

    for tree in TREES[:-2]:
        session.add(AliasUse(resident_id=make.resident().id, house_id=house.id, alias=tree, since=clock.now))
    session.commit()
    rows = [
        row(*person(1, "2/11/2026", "", "1A", companion="2")),
        row(*person(2, "2/11/2026", "", "1B", age="3 th", companion="ikut no 1")),
        row(*person(3, "2/11/2026", "", "2A", age="5 th", companion="ikut no 1")),
        row(*person(4, "3/11/2026", "", "2B")),
        row(*person(5, "1/10/2026", "", "2B", "2/10/2026")),
    ]
    facts = read_facts(session, account_id=manager.id, now=clock.now)
    found = check_files({Kind.REGISTER: read_file(workbook([headings, *rows]), Kind.REGISTER)}, Answers(), facts)
    import_files(session, found, now=clock.now, by=actor(manager))
    mother, first, second, other, third = session.scalars(
        select(Resident.alias).where(Resident.arrived_by_import).order_by(Resident.id)
    )
    assert {mother, other} | {third.removesuffix(" 2")} <= set(TREES)
    assert {mother, other} == set(TREES[-2:]) and third.endswith(" 2")
    assert (first, second) == (f"Anak {mother} 1", f"Anak {mother} 2")


def test_somebody_who_left_at_an_hour_after_the_import_says_is_in_the_way(session, manager, clock, house, make):
    """By days the bed is free on the 20th; by the hour she left it only that night."""
    bed = make.beds(make.room(house, "3", beds=1))[0]
    resident = make.resident(bed, arrived=clock.now - dt.timedelta(days=9))
    stay = session.scalars(select(Stay).where(Stay.resident_id == resident.id)).one()
    stay.ended_at, stay.ended_by = dt.datetime(2026, 11, 20, 13, tzinfo=dt.UTC), StayEnd.LEFT
    session.commit()
    found = checked(session, manager, clock, [person(1, "20/11/2026", "Kenari", "3A")])
    assert [(one.row, one.reason) for one in found.problems[Kind.REGISTER]] == [(2, Reason.BED_TAKEN)]
    stay.ended_at, stay.ended_by = stay.started_at, StayEnd.UNDONE
    session.commit()
    assert checked(session, manager, clock, [person(1, "20/11/2026", "Kenari", "3A")]).sound


def test_a_bed_that_is_gone_or_taken_since_the_check_stops_everything(session, manager, clock, house, make):
    rows = [person(1, "2/11/2026", "Kenari", "1A"), person(2, "2/11/2026", "Ulin", "2B")]
    found = checked(session, manager, clock, rows)
    make.resident(make.beds(room(session, "1"))[0])
    with pytest.raises(ImportOvertaken) as stopped:
        import_files(session, found, now=clock.now, by=actor(manager))
    assert [(one.row, one.reason) for one in stopped.value.problems] == [(2, Reason.BED_TAKEN)]
    session.rollback()
    found = checked(session, manager, clock, rows[1:])
    make.beds(room(session, "2"))[1].removed_at = clock.now
    session.commit()
    with pytest.raises(ImportOvertaken):
        import_files(session, found, now=clock.now, by=actor(manager))


def test_the_same_rows_brought_in_by_somebody_else_meanwhile_are_not_written_twice(session, manager, clock, house):
    rows = [person(1, "1/10/2026", "Kenari", "1A", "9/10/2026")]
    found = checked(session, manager, clock, rows)
    brought_in(session, manager, clock, rows)
    with pytest.raises(ImportOvertaken):
        import_files(session, found, now=clock.now, by=actor(manager))


def test_an_unsound_check_is_never_written(session, manager, clock, house):
    found = checked(session, manager, clock, [person(1, "31/11/2026", "Kenari", "1A")])
    with pytest.raises(ValueError, match="never written"):
        import_files(session, found, now=clock.now, by=actor(manager))


def test_two_rows_that_said_the_same_before_one_was_corrected_are_both_known_afterwards(session, manager, clock, house):
    rows = [person(1, "1/10/2026", "Kenari", "1A", "9/10/2026"), person(1, "1/10/2026", "Kenari", "1A", "9/10/2026")]
    corrected = Answers(corrections={Kind.REGISTER: {3: {Meaning.ALIAS: "Ulin", Meaning.ROOM_BED: "1B"}}})
    brought_in(session, manager, clock, rows, answers=corrected)
    assert len(session.scalars(select(ImportedRow)).all()) == 2
    assert checked(session, manager, clock, rows).nothing_new


def test_a_row_left_out_beside_its_twin_is_known_afterwards(session, manager, clock, house):
    rows = [
        person(1, "1/10/2026", "Kenari", "1A", "9/10/2026"),
        person(1, "1/10/2026", "Kenari", "1A", "9/10/2026"),
        person(3, "1/10/2026", "Jati", "9Z"),
    ]
    brought_in(session, manager, clock, rows, answers=Answers(left_out={Kind.REGISTER: frozenset({3, 4})}))
    marks = session.scalars(select(ImportedRow).order_by(ImportedRow.id)).all()
    assert [one.placement_id is None for one in marks] == [False, True]
    again = checked(session, manager, clock, rows)
    assert again.nothing_new and again.already == 3


def test_a_house_of_other_people_is_unknown_to_the_register_and_closed_to_the_inventory(session, manager, clock, make):
    make.room(make.house("Rumah Satu"), "1", beds=2)
    found = checked(session, manager, clock, [person(1, "2/11/2026", "Kenari", "1A")])
    assert [one.reason for one in found.problems[Kind.REGISTER]] == [Reason.BED_UNKNOWN]
    found = checked(session, manager, clock, [person(1, "2/11/2026", "Kenari", "1A")], inventory=INVENTORY)
    assert [(one.row, one.reason) for one in found.problems[Kind.INVENTORY]] == [(2, Reason.HOUSE_NOT_HERS)]


def test_what_is_kept_between_two_pages_comes_back_as_it_was(session, manager, clock):
    kept = sheets([person(1, "2/11/2026", "Kenari", "1A", "=TODAY()")], INVENTORY)
    assert all(sheet_from_text(sheet_as_text(sheet)) == sheet for sheet in kept.values())
    run = keep_run(session, sheets=kept, now=clock.now, by=actor(manager))
    answers = Answers(
        {Kind.REGISTER: {"c0": "number"}}, {Kind.REGISTER: {2: {Meaning.LEFT: "-"}}}, {Kind.INVENTORY: frozenset({3})}
    )
    keep_answers(session, run=run, answers=answers, by=actor(manager))
    session.commit()
    opened = open_run(session, run=run, now=clock.now, by=actor(manager))
    assert (dict(opened.sheets), opened.answers) == (kept, answers)


def test_a_file_is_recognised_by_its_columns():
    register = [HEADINGS, person(1, "2/11/2026", "Kenari", "1A")]
    assert recognise(workbook(register))[0] is Kind.REGISTER
    assert recognise(workbook(INVENTORY))[0] is Kind.INVENTORY


def test_what_is_kept_of_a_row_cannot_be_made_again_without_the_key(session, manager, clock, house):
    """Days, aliases and beds are few: whoever reads the database could otherwise try them all."""
    rows = [person(1, "1/10/2026", "Kenari", "1A", "9/10/2026")]
    brought_in(session, manager, clock, rows)
    (kept,) = session.scalars(select(ImportedRow.fingerprint))
    assert kept == row_key(session)(KENARI_WITHOUT_KEY), "the digest as it was before it had a key"
    assert KENARI_WITHOUT_KEY not in kept and len(kept) <= 64


def test_a_row_kept_before_there_was_a_key_is_known_and_gets_one(session, manager, clock, house):
    mother, child = (
        person(1, "1/10/2026", "Kenari", "1A"),
        person(2, "1/10/2026", "Anak Kenari", "1B", age="6 th", companion="anak dari no. 1"),
    )
    brought_in(session, manager, clock, [mother])
    (row,) = session.scalars(select(ImportedRow))
    row.fingerprint = KENARI_WITHOUT_KEY
    session.commit()
    assert checked(session, manager, clock, [mother]).nothing_new
    assert brought_in(session, manager, clock, [mother, child])["residents"] == 1
    assert all(mark.startswith("1:") for mark in session.scalars(select(ImportedRow.fingerprint)))
    assert len(set(session.scalars(select(Resident.household_id)))) == 1, "the child is found her mother"
    assert key_old_rows(session) == 0
