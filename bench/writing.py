"""Goals 5 and 6: what the guard against overlaps, the sealing and the record add."""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bench.measuring import QUICK, Table, in_turn, ratio
from bench.past import fill
from bench.rooms import FEW, Room, Rooms
from bench.serving import page_of
from safehouse.access.current import by, now
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.guards import EXCLUSION
from safehouse.residents.models import Resident
from safehouse.shelter.choices import StayEnd
from safehouse.shelter.models import Placement, Stay
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM
from safehouse.trail.opening import KEYS, Sealed, open_values
from safehouse.trail.operations import record

STAYS_BEFORE = 5_000 if QUICK else 20_000
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# The record of forty people in one reading: why it is dearer than its goal is told in docs/performance.md.
HELD_RECORD = {"sqlite": 31, "postgresql": 22}
FIRST = dt.datetime(2003, 1, 1, tzinfo=dt.UTC)


def measure_guard(rooms: Rooms, table: Table) -> None:
    for kind in rooms.kinds:
        guarded = rooms.new(kind)
        fill(guarded.engine, guarded.unit, now=rooms.now, first=FEW, last=STAYS_BEFORE)
        bare = rooms.copy(guarded)
        with bare.engine.execution_options(writing=True).begin() as connection:
            if kind == "sqlite":
                connection.exec_driver_sql("DROP TRIGGER stay_no_overlap_insert")
                connection.exec_driver_sql("DROP TRIGGER stay_no_overlap_update")
            else:
                connection.execute(text(f"ALTER TABLE stay DROP CONSTRAINT {EXCLUSION}"))
        taken = in_turn(
            {"guarded": _inserter(guarded), "bare": _inserter(bare)},
            times={"guarded": 20, "bare": 20},
            clock=time.perf_counter,
        )
        table.add(
            "5",
            f"guarded insert with commit against an unguarded one, {ENGINES[kind]}",
            ratio(taken["guarded"], taken["bare"]),
            1.15,
        )


def _inserter(room: Room) -> Callable[[], None]:
    """Puts in one stay after the other, each in a transaction of its own."""
    beds = room.unit.past_beds
    with room.engine.connect() as connection:
        placement, resident = connection.execute(select(Placement.id, Placement.resident_id).limit(1)).one()
    writing = room.engine.execution_options(writing=True)
    made = 0

    def one() -> None:
        nonlocal made
        start = FIRST + dt.timedelta(hours=made // len(beds))
        with writing.begin() as connection:
            connection.execute(
                insert(Stay).values(
                    placement_id=placement,
                    resident_id=resident,
                    bed_id=beds[made % len(beds)],
                    sharing=False,
                    started_at=start,
                    ended_at=start + dt.timedelta(minutes=50),
                    ended_by=StayEnd.LEFT,
                )
            )
        made += 1

    return one


@dataclass(frozen=True, slots=True)
class Named:
    """A resident as far as opening her name asks."""

    ref: uuid.UUID
    name: bytes
    __tablename__ = "resident"


def measure_opening(rooms: Rooms, table: Table) -> None:
    """Shares of a list that opens forty names and records it, as pages with names will."""
    for kind in rooms.kinds:
        room = rooms.new(kind)
        _add_page(room)
        parts = _parts(room)
        taken = in_turn(parts, times=dict.fromkeys(parts, 10))

        def share(*pairs: tuple[str, str], taken: dict[str, list[float]] = taken) -> float:
            each = [sum(taken[a][at] - taken[b][at] for a, b in pairs) for at in range(len(taken["page"]))]
            return 100 * ratio(each, taken["page"])

        engine = ENGINES[kind]
        table.add(
            "6",
            f"sealing: opening 40 names in the CPU of their page, {engine}",
            share(("opened", "keyed")),
            5,
            unit="%",
        )
        recorded = share(("committed", "read"))
        table.add("6", f"record of that reading, {engine}", recorded, 20, unit="%", held=HELD_RECORD.get(kind))
        table.add(
            "-",
            f"reading and unwrapping their 40 keys, {engine}",
            share(("keyed", "recorded"), ("unwrapped", "opened")),
            unit="%",
        )


def _add_page(room: Room) -> None:
    @needs(Permission.RESIDENT_READ)
    @opens_sealed
    def names() -> object:
        open_values(session, now=now(), by=by(), purpose="bench", wanted=_wanted(session, room))
        session.commit()
        use_session(writing=False)
        return room.app.view_functions["stays.listing"]()

    room.app.add_url_rule("/bench/names", "bench.names", names)


def _parts(room: Room) -> dict[str, Callable[[], object]]:
    """The page, and sessions that do one thing more each: what is between two of them is what that thing costs."""
    known: dict[object, object] = {}

    def part(
        *, told: bool = True, keyed: bool = False, opened: bool = False, fresh: bool = False, committed: bool = False
    ) -> Callable[[], object]:
        def run() -> None:
            with room.app.extensions["db_writing"]() as own:
                wanted = _wanted(own, room)
                if not fresh:
                    own.info["ciphers"] = known
                if opened:
                    open_values(own, now=_now(), by=SYSTEM, purpose="bench", wanted=wanted)
                elif told:
                    owners = [one.owner for one in wanted]
                    record(
                        own,
                        now=_now(),
                        by=SYSTEM,
                        act=Act.VALUE_OPENED,
                        fields=("resident.name",),
                        purpose="bench",
                        subjects=owners,
                    )
                    if keyed:
                        own.execute(KEYS, {"owners": owners}).all()
                if committed:
                    own.commit()

        return run

    return {
        "page": lambda: page_of(room.app, "/bench/names", room.unit.list_token),
        "read": part(told=False),
        "recorded": part(),
        "committed": part(committed=True),
        "keyed": part(keyed=True),
        "opened": part(opened=True),
        "unwrapped": part(opened=True, fresh=True),
    }


def _wanted(own: Session, room: Room) -> Sequence[Sealed]:
    rows = own.connection().execute(select(Resident.ref, Resident.name).where(Resident.ref.in_(room.unit.residents)))
    return [Sealed(Named(ref, name or b""), "name", ref) for ref, name in rows]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
