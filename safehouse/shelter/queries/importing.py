"""What the office's own data says while a register is brought in: beds, who had them, rows brought in before."""

import datetime as dt
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import House, Office
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.models import Resident
from safehouse.shelter.choices import BedKind, StayEnd
from safehouse.shelter.models import Bed, ImportedRow, ImportRun, Placement, Room, Stay
from safehouse.shelter.rules.importing.files import Facts, Sleeping
from safehouse.shelter.rules.importing.places import Place, house_key
from safehouse.vault.operations import vault_of

BATCH = 500
# Begins every fingerprint that was made with the office's key; a plain one is 64 digits and letters.
KEYED = "1:"


@dataclass(frozen=True, slots=True)
class BedAt:
    """A bed people may be brought into, with what its house says."""

    bed_id: int
    house_id: int
    zone: ZoneInfo
    stay_limit_days: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Workbooks of hers that wait to be brought in."""

    ref: uuid.UUID
    made_at: dt.datetime


def read_facts(session: Session, *, account_id: int, now: dt.datetime) -> Facts:
    """The facts of this person's open houses at this moment, in five statements however long their past is."""
    zone = ZoneInfo(session.scalars(select(Office.time_zone)).one())
    hers = set(session.scalars(cleared_house_ids(account_id)))
    zones: dict[str, ZoneInfo] = {}
    others = set()
    for house_id, name, time_zone, closed_at in session.execute(
        select(House.id, House.name, House.time_zone, House.closed_at).order_by(House.position, House.id)
    ):
        if house_id in hers and closed_at is None:
            zones.setdefault(house_key(name), ZoneInfo(time_zone))
        else:
            others.add(name.casefold())
    places = {
        bed_id: Place(house, room, bed)
        for bed_id, house, room, bed in session.execute(
            select(Bed.id, House.name, Room.label, Bed.label)
            .join(Room, Room.id == Bed.room_id)
            .join(House, House.id == Room.house_id)
            .where(*_beds_of(account_id))
        )
    }
    sleeping = tuple(
        Sleeping(places[bed_id], since, until)
        for bed_id, since, until in session.execute(
            select(Stay.bed_id, Stay.started_at, Stay.ended_at)
            .join(Bed, Bed.id == Stay.bed_id)
            .join(Room, Room.id == Bed.room_id)
            .join(House, House.id == Room.house_id)
            .where(*_beds_of(account_id), ~Stay.sharing, or_(Stay.ended_by.is_(None), Stay.ended_by != StayEnd.UNDONE))
        )
    )
    keyed = row_key(session)
    known = frozenset(
        mark if mark.startswith(KEYED) else keyed(mark) for mark in session.scalars(select(ImportedRow.fingerprint))
    )
    return Facts(now, zone, zones, tuple(places.values()), sleeping, known, frozenset(others), keyed)


def row_key(session: Session) -> Callable[[str], str]:
    """What turns the fingerprint of a row into the form that is kept. Days, aliases and beds can be guessed: without
    the office's key nobody may tell from the database whether a guess was in a register."""
    vault = vault_of(session)

    def keyed(print_: str) -> str:
        return KEYED + urlsafe_b64encode(vault.digest("imported-row", print_)).decode().rstrip("=")

    return keyed


def unkeyed_rows(session: Session) -> list[ImportedRow]:
    """Rows kept before fingerprints had a key."""
    return list(session.scalars(select(ImportedRow).where(~ImportedRow.fingerprint.startswith(KEYED))))


def beds_by_place(session: Session, account_id: int) -> dict[tuple[str, str, str], BedAt]:
    """Every bed of her open houses by what makes it the same bed in any spelling."""
    rows = session.execute(
        select(Bed.id, Bed.label, Room.label, House.name, House.id, House.time_zone, House.stay_limit_days)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .where(*_beds_of(account_id))
    )
    return {
        Place(house, room, bed).key: BedAt(bed_id, house_id, ZoneInfo(time_zone), limit)
        for bed_id, bed, room, house, house_id, time_zone, limit in rows
    }


def households_of_rows(session: Session, fingerprints: Collection[str]) -> dict[str, int]:
    """The household of each row that was brought in before; a row that was left out has none."""
    return {
        mark: household_id
        for chunk in _chunks(fingerprints)
        for mark, household_id in session.execute(
            select(ImportedRow.fingerprint, Resident.household_id)
            .join(Placement, Placement.id == ImportedRow.placement_id)
            .join(Resident, Resident.id == Placement.resident_id)
            .where(ImportedRow.fingerprint.in_(chunk))
        )
    }


def find_run(session: Session, *, account_id: int, ref: uuid.UUID) -> ImportRun | None:
    """Her own import; None for another's and for none alike."""
    return session.scalar(select(ImportRun).where(ImportRun.ref == ref, ImportRun.account_id == account_id))


def unfinished_runs(session: Session, *, account_id: int) -> list[Unfinished]:
    rows = session.execute(
        select(ImportRun.ref, ImportRun.made_at)
        .where(ImportRun.account_id == account_id, ImportRun.done_at.is_(None))
        .order_by(ImportRun.made_at.desc(), ImportRun.id.desc())
    )
    return [Unfinished(ref, made_at) for ref, made_at in rows]


def _beds_of(account_id: int):  # type: ignore[no-untyped-def]
    """Beds and cots in use. A mattress comes and goes with its person; no register knows it."""
    return (
        House.id.in_(cleared_house_ids(account_id)),
        House.closed_at.is_(None),
        Room.removed_at.is_(None),
        Bed.removed_at.is_(None),
        Bed.kind != BedKind.MATTRESS,
    )


def _chunks(values: Collection[str]) -> list[list[str]]:
    listed = list(values)
    return [listed[start : start + BATCH] for start in range(0, len(listed), BATCH)]
