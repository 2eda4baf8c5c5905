"""Bringing an office's inventory and register in: all of it in the caller's transaction, or nothing.

Rows are written by the hundred: while this runs nobody else can write, so it has to be short.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import House
from safehouse.access.operations.houses import HouseSettings, NameTaken, make_house
from safehouse.access.queries import cleared_houses
from safehouse.residents.models import AliasUse, Household, Resident, Sex
from safehouse.residents.queries.people import resting_aliases
from safehouse.residents.rules.naming import child_alias, new_code, offered_aliases
from safehouse.shelter.choices import BedKind, Destination, PlacementBasis, StayEnd
from safehouse.shelter.models import Bed, Departure, ImportedRow, Placement, Room, Stay
from safehouse.shelter.operations.rooms import RoomFacts, make_closure, make_room
from safehouse.shelter.queries.importing import (
    BedAt,
    beds_by_place,
    households_of_rows,
    read_facts,
    row_key,
    unkeyed_rows,
)
from safehouse.shelter.queries.rooms import house_day
from safehouse.shelter.rules.importing.files import Checked, beds_taken, still_new
from safehouse.shelter.rules.importing.inventory import BedFound, InventoryCheck, RoomFound
from safehouse.shelter.rules.importing.places import house_key, label_key
from safehouse.shelter.rules.importing.problems import Problem
from safehouse.shelter.rules.importing.register import Person, RegisterCheck
from safehouse.shelter.rules.importing.times import moments
from safehouse.shelter.rules.labels import next_labels
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import new_keys, seal

BATCH = 500
# What a house has until somebody sets it otherwise on its page.
STAY_LIMIT_DAYS, BOYS_AGE, SEPARATION_AGE = 14, 12, 10
SEALED_COLUMNS = ("name", "nik", "phone")

Progress = Callable[[int], None]
Figures = dict[str, int]


class ImportOvertaken(Exception):
    """Somebody changed houses, beds or stays since the check: nothing may be written. A new check names what it is."""

    def __init__(self, problems: Sequence[Problem] = ()) -> None:
        super().__init__("changed since the check")
        self.problems = tuple(problems)


def import_files(
    session: Session, checked: Checked, *, now: dt.datetime, by: Actor, progress: Progress = lambda done: None
) -> Figures:
    """Write everything that was checked; how much of each there is. Raises `ImportOvertaken`.

    `progress` is told how many people of the register are written.
    """
    if not checked.sound:
        raise ValueError("rows that cannot be true are never written")
    figures: Figures = {"already": checked.already}
    if checked.inventory is not None:
        figures |= import_inventory(session, checked.inventory, now=now, by=by)
    if checked.register is not None:
        figures |= import_register(
            session, checked.register, left_out=checked.left_out_prints, now=now, by=by, progress=progress
        )
    return figures


# Houses, rooms and beds


def import_inventory(session: Session, check: InventoryCheck, *, now: dt.datetime, by: Actor) -> Figures:
    """Make the houses, rooms, beds, cots and closures that are not there yet. Raises `ImportOvertaken`.

    A house is found by its name among those she works in; she is cleared for a new one at once.
    """
    made: Counter[str] = Counter()
    touched: set[uuid.UUID] = set()
    houses = {house_key(house.name): house for house in reversed(cleared_houses(session, by.person_id))}
    zone = str(read_facts(session, account_id=by.person_id, now=now).zone)
    for found in check.rooms:
        key = house_key(found.house)
        if key not in houses:
            houses[key] = _new_house(session, found.house, zone, now=now, by=by)
            made["houses"] += 1
        made += _fill_room(session, houses[key], found, now=now, by=by)
        touched.add(houses[key].ref)
    if touched:
        record(
            session,
            now=now,
            by=by,
            act=Act.IMPORTED,
            fields=("house", "room", "bed", "closure"),
            purpose="inventory",
            subjects=sorted(touched),
        )
    return {name: made[name] for name in ("houses", "rooms", "beds", "cots", "closures")}


def _new_house(session: Session, name: str, zone: str, *, now: dt.datetime, by: Actor) -> House:
    settings = HouseSettings(name, zone, STAY_LIMIT_DAYS, BOYS_AGE, SEPARATION_AGE)
    try:
        return make_house(session, settings=settings, now=now, by=by)
    except NameTaken as taken:
        raise ImportOvertaken from taken


def _fill_room(session: Session, house: House, found: RoomFound, *, now: dt.datetime, by: Actor) -> Counter[str]:
    made: Counter[str] = Counter()
    rooms = list(session.scalars(select(Room).where(Room.house_id == house.id, Room.removed_at.is_(None))))
    room = next((one for one in rooms if label_key(one.label) == label_key(found.room)), None)
    if room is None:
        facts = RoomFacts(
            found.room,
            max((one.position for one in rooms), default=0) + 1,
            found.purpose,
            found.ground_floor,
            found.wheelchair,
            found.isolation,
            frozenset(),
        )
        room = make_room(session, house=house, facts=facts, now=now, by=by)
        made["rooms"] += 1
    there = list(session.scalars(select(Bed).where(Bed.room_id == room.id, Bed.removed_at.is_(None))))
    labels = {label_key(bed.label) for bed in there}
    for one in found.beds:
        if label_key(one.place.bed) in labels:
            continue
        bed = _new_bed(session, room, one.place.bed, BedKind.BED, now=now, by=by)
        made["beds"] += 1
        made["closures"] += _close(session, house, bed, one, now=now, by=by)
    cots = found.cots - sum(bed.kind is BedKind.COT for bed in there)
    used = [*(bed.label for bed in there), *(one.place.bed for one in found.beds)]
    for label in next_labels(used, max(cots, 0)):
        _new_bed(session, room, label, BedKind.COT, now=now, by=by)
        made["cots"] += 1
    return made


def _new_bed(session: Session, room: Room, label: str, kind: BedKind, *, now: dt.datetime, by: Actor) -> Bed:
    bed = Bed(room_id=room.id, label=label, kind=kind)
    session.add(bed)
    session.flush()
    record(session, now=now, by=by, act=Act.BED_MADE, subject=bed.ref)
    return bed


def _close(session: Session, house: House, bed: Bed, found: BedFound, *, now: dt.datetime, by: Actor) -> int:
    today = house_day(house, now)
    if found.closed is None or (found.closed.until is not None and found.closed.until < today):
        return 0
    make_closure(
        session,
        house=house,
        room=None,
        bed=bed,
        first_day=today,
        last_day=found.closed.until,
        reason=found.closed.words,
        now=now,
        by=by,
    )
    return 1


# People and their stays


def import_register(
    session: Session,
    check: RegisterCheck,
    *,
    left_out: Sequence[tuple[str, ...]],
    now: dt.datetime,
    by: Actor,
    progress: Progress = lambda done: None,
) -> Figures:
    """Make the residents of a register with their placements and bed periods. Raises `ImportOvertaken`.

    `left_out` are the fingerprints of rows she left out on purpose: remembered, so that a second run leaves them out
    again.
    """
    key_old_rows(session)
    facts = read_facts(session, account_id=by.person_id, now=now)
    if taken := beds_taken(check.people, facts):
        raise ImportOvertaken(taken)
    if not still_new(check.people, facts.known):
        raise ImportOvertaken
    beds = beds_by_place(session, by.person_id)
    if any(person.place.key not in beds for person in check.people):
        raise ImportOvertaken
    marks = set(facts.known)
    households = _households(session, check)
    aliases = _aliases(session, check.people, beds, now=now)
    codes = set(session.scalars(select(Resident.code)))
    refs: list[uuid.UUID] = []
    figures = {"residents": len(check.people), "living": check.living_here, "left_out": len(left_out)}
    for batch in _batches(check.people):
        refs += _write(session, batch, beds, households, aliases, codes, marks, now=now, by=by)
        progress(len(refs))
    # Last, because the row left out may be the same as one that was kept.
    session.add_all(
        [
            ImportedRow(fingerprint=mark, placement_id=None, at=now)
            for prints in left_out
            for mark in _unused(prints, marks)
        ]
    )
    if refs:
        sealed = [f"resident.{name}" for name in SEALED_COLUMNS if any(getattr(one, name) for one in check.people)]
        record(
            session,
            now=now,
            by=by,
            act=Act.IMPORTED,
            purpose="register",
            subjects=refs,
            fields=("resident", "placement", "stay", "departure", *sealed),
        )
    return figures


def key_old_rows(session: Session) -> int:
    """Fingerprints kept without a key get one; how many. What was a row before is the same row afterwards."""
    keyed = row_key(session)
    rows = unkeyed_rows(session)
    for row in rows:
        row.fingerprint = keyed(row.fingerprint)
    session.flush()
    return len(rows)


def _households(session: Session, check: RegisterCheck) -> dict[int, int]:
    """The household of each family by the row of its head: the one it got in an earlier run, or a new one."""
    rows = dict.fromkeys(person.family for person in check.people)
    known = {row: check.already_fingerprints[row] for row in rows if row in check.already_fingerprints}
    by_mark = households_of_rows(session, list(known.values()))
    found = {row: by_mark[mark] for row, mark in known.items() if mark in by_mark}
    new = [row for row in rows if row not in found]
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        made = [Household() for _row in batch]
        session.add_all(made)
        session.flush()
        new_keys(session, owner_kind=OwnerKind.HOUSEHOLD, owners=[one.ref for one in made])
        found |= {row: one.id for row, one in zip(batch, made, strict=True)}
    return found


def _aliases(
    session: Session, people: Sequence[Person], beds: Mapping[tuple[str, str, str], BedAt], *, now: dt.datetime
) -> dict[int, str]:
    """Names for those the register gives none: a tree not used in the house, a child after the adult it came with."""
    given = {person.row: person.alias for person in people if person.alias}
    nameless = [person for person in people if not person.alias]
    taken: dict[int, set[str]] = {}
    children = Counter(person.family for person in nameless if person.family != person.row)
    counted: Counter[int] = Counter()
    for person in sorted(nameless, key=lambda one: one.family != one.row):
        if person.family != person.row and person.family in given:
            counted[person.family] += 1
            given[person.row] = child_alias(given[person.family], counted[person.family], children[person.family])
            continue
        house_id = beds[person.place.key].house_id
        if house_id not in taken:
            taken[house_id] = resting_aliases(session, house_id=house_id, now=now) | set(given.values())
        given[person.row] = _free_tree(taken[house_id], seed=str(person.row))
        taken[house_id].add(given[person.row])
    return given


def _free_tree(taken: set[str], *, seed: str) -> str:
    """A tree nobody has here; when all are in use, one with a number behind it."""
    if offered := offered_aliases(taken, seed=seed, size=1):
        return offered[0]
    trees = offered_aliases((), seed=seed, size=1)
    return next(name for number in range(2, 100_000) if (name := f"{trees[0]} {number}") not in taken)


def _write(
    session: Session,
    people: Sequence[Person],
    beds: Mapping[tuple[str, str, str], BedAt],
    households: Mapping[int, int],
    aliases: Mapping[int, str],
    codes: set[str],
    marks: set[str],
    *,
    now: dt.datetime,
    by: Actor,
) -> list[uuid.UUID]:
    """One batch of people with all that belongs to them; their references."""
    residents = [
        _resident(person, beds[person.place.key], households[person.family], aliases[person.row], codes)
        for person in people
    ]
    keys = new_keys(session, owner_kind=OwnerKind.RESIDENT, owners=[one.ref for one in residents])
    for person, resident, key in zip(people, residents, keys, strict=True):
        for column in SEALED_COLUMNS:
            if value := getattr(person, column):
                setattr(resident, column, seal(session, resident, column, value, key=key))
    session.add_all(residents)
    session.flush()
    placements = [
        _placement(person, resident, beds[person.place.key], now=now)
        for person, resident in zip(people, residents, strict=True)
    ]
    session.add_all(placements)
    session.flush()
    for person, resident, placement in zip(people, residents, placements, strict=True):
        bed = beds[person.place.key]
        session.add(
            Stay(
                placement_id=placement.id,
                resident_id=resident.id,
                bed_id=bed.bed_id,
                started_at=placement.arrived_at,
                ended_at=placement.left_at,
                ended_by=StayEnd.LEFT if placement.left_at else None,
            )
        )
        session.add(
            AliasUse(
                resident_id=resident.id,
                house_id=bed.house_id,
                alias=resident.alias,
                since=placement.arrived_at,
                until=placement.left_at,
            )
        )
        if placement.left_at:
            session.add(
                Departure(
                    placement_id=placement.id,
                    at=placement.left_at,
                    place_kind=person.destination or Destination.UNKNOWN,
                    by_id=by.account_id,
                )
            )
        session.add_all(
            [
                ImportedRow(fingerprint=mark, placement_id=placement.id, at=now)
                for mark in _unused(person.fingerprints, marks)
            ]
        )
    session.flush()
    return [one.ref for one in residents]


def _unused(prints: Sequence[str], marks: set[str]) -> list[str]:
    """Those of these marks no row has yet; two rows of a file may have said the same before one was corrected."""
    new = [mark for mark in dict.fromkeys(prints) if mark not in marks]
    marks.update(new)
    return new


def _resident(person: Person, bed: BedAt, household_id: int, alias: str, codes: set[str]) -> Resident:
    code = new_code(codes)
    codes.add(code)
    return Resident(
        household_id=household_id,
        code=code,
        alias=alias,
        sex=Sex(person.sex),
        birth_month=person.birth_month,
        birth_estimated=person.birth_estimated,
        house_id=bed.house_id if person.left is None else None,
        arrived_by_import=True,
    )


def _placement(person: Person, resident: Resident, bed: BedAt, *, now: dt.datetime) -> Placement:
    arrived_at, left_at = moments(person.arrived, person.left, zone=bed.zone, now=now)
    return Placement(
        resident_id=resident.id,
        arrived_at=arrived_at,
        limit_days=bed.stay_limit_days,
        planned_exit=person.arrived + dt.timedelta(days=bed.stay_limit_days),
        basis=PlacementBasis.IMPORT,
        left_at=left_at,
    )


def _batches(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    for start in range(0, len(people), BATCH):
        yield people[start : start + BATCH]
