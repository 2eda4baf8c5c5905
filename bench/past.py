"""A long past: stays that ended, newest first, all of them in the 18 beds the board shows.

The database itself makes the rows from numbers. The guard against overlapping stays is taken away meanwhile and put
back afterwards; with `guarded=False` PostgreSQL goes without, because it needs minutes to build the index of its
exclusion over a million stays, and no page reads that index. PostgreSQL does not look up the parents of these rows.

Ten stays share a placement, which is less to write and nothing the board looks at. The last two years look like a busy
house, a new stay every 2.5 days in each bed; what is older stands closer together, so that a million fits into twenty
years and each bed has 55,000 of them.
"""

import datetime as dt
import uuid

from sqlalchemy import ColumnElement, Connection, Engine, case, cast, func, insert, literal, select, text
from sqlalchemy.types import Date, String

from bench.unit import Unit, resident_code
from safehouse.database import UtcDateTime
from safehouse.guards import EXCLUSION, create_guards, drop_guards
from safehouse.residents.models import AliasUse, Household, Resident, Sex
from safehouse.shelter.choices import LeaveKind, PlacementBasis, StayEnd
from safehouse.shelter.models import Leave, Placement, Stay

FORMER_RESIDENTS = 5_000
THEN = dt.datetime(2021, 3, 1, 8, 0, tzinfo=dt.UTC)
FIRST_CODE = 0
FIRST_PLACEMENT = 1_000_000
BUSY, BUSY_PITCH, BUSY_LENGTH = 290, 216_000, 172_800  # stays a bed; seconds
OLD_PITCH, OLD_LENGTH = 10_800, 9_000
# The weeks of today's board hold none of these: its rows are the same whatever came before.
GAP = dt.timedelta(days=30)
AT_ONCE = 100_000
STAYS_A_PLACEMENT = 10


def fill(engine: Engine, unit: Unit, *, now: dt.datetime, first: int, last: int, guarded: bool = True) -> None:
    """Ended stays with the numbers from `first` up to but not including `last`; 0 is the newest."""
    newest = int((now - GAP).timestamp())
    with engine.execution_options(writing=True).begin() as connection:
        if first == 0:
            _former_residents(connection, unit)
        someone = connection.scalar(select(Resident.id).where(Resident.code == resident_code(FIRST_CODE)))
        if guarded:
            drop_guards(connection)
        else:
            connection.execute(text(f"ALTER TABLE stay DROP CONSTRAINT IF EXISTS {EXCLUSION}"))
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for start in range(first, last, AT_ONCE):
            _stays(connection, unit, newest, someone or 0, start, min(start + AT_ONCE, last))
        if guarded:
            create_guards(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('placement_id_seq', (SELECT max(id) FROM placement))"))
    if engine.dialect.name == "postgresql":
        # What PostgreSQL does by itself within minutes. On SQLite the product never asks for it.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _former_residents(connection: Connection, unit: Unit) -> None:
    """People who left, each with the name she had in one of the houses a manager is asked about."""
    made = insert(Household).values(ref=uuid.uuid4()).returning(Household.id)
    household = connection.execute(made).scalar()
    rows = [
        {
            "ref": uuid.uuid4(),
            "household_id": household,
            "code": resident_code(FIRST_CODE + at),
            "alias": "Kenari",
            "sex": Sex.FEMALE,
            "birth_estimated": False,
            "arrived_by_import": True,
        }
        for at in range(FORMER_RESIDENTS)
    ]
    connection.execute(insert(Resident), rows)
    lived = select(Resident.id, Resident.alias).where(Resident.household_id == household).subquery()
    known = (literal(unit.large_houses[0]), lived.c.alias, literal(THEN, UtcDateTime), literal(THEN, UtcDateTime))
    connection.execute(
        insert(AliasUse).from_select(["resident_id", "house_id", "alias", "since", "until"], select(lived.c.id, *known))
    )


def _stays(connection: Connection, unit: Unit, newest: int, someone: int, first: int, last: int) -> None:
    sqlite = connection.dialect.name == "sqlite"
    numbers = select(literal(first).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < last - 1))
    n = numbers.c.n
    back = n // len(unit.past_beds)
    busy = back < BUSY
    start = case(
        (busy, newest - (back + 1) * BUSY_PITCH), else_=newest - BUSY * BUSY_PITCH - (back - BUSY + 1) * OLD_PITCH
    )
    end = start + case((busy, BUSY_LENGTH), else_=OLD_LENGTH)
    resident = someone + n // STAYS_A_PLACEMENT % FORMER_RESIDENTS
    bed = unit.past_beds[0] + n % len(unit.past_beds)

    def moment(seconds: ColumnElement[int]) -> ColumnElement[dt.datetime]:
        if sqlite:
            return func.strftime("%Y-%m-%d %H:%M:%S.000000", seconds, "unixepoch", type_=UtcDateTime)
        return func.to_timestamp(seconds, type_=UtcDateTime)

    def day(seconds: ColumnElement[int]) -> ColumnElement[dt.date]:
        return func.date(seconds, "unixepoch", type_=Date) if sqlite else cast(moment(seconds), Date)

    def ref() -> ColumnElement[uuid.UUID]:
        return func.lower(func.hex(func.randomblob(16))) if sqlite else func.gen_random_uuid()

    connection.execute(
        insert(Placement).from_select(
            ["id", "ref", "resident_id", "arrived_at", "limit_days", "planned_exit", "basis", "left_at"],
            select(
                FIRST_PLACEMENT + n // STAYS_A_PLACEMENT,
                ref(),
                resident,
                moment(start),
                literal(14),
                day(end),
                literal(PlacementBasis.IMPORT.value, String),
                moment(end),
            ).where(n % STAYS_A_PLACEMENT == 0),
        )
    )
    connection.execute(
        insert(Stay).from_select(
            ["placement_id", "resident_id", "bed_id", "sharing", "started_at", "ended_at", "ended_by"],
            select(
                FIRST_PLACEMENT + n // STAYS_A_PLACEMENT,
                resident,
                bed,
                literal(False),
                moment(start),
                moment(end),
                literal(StayEnd.LEFT.value, String),
            ),
        )
    )
    connection.execute(
        insert(Leave).from_select(
            ["placement_id", "kind", "from_at", "due_back", "back_at"],
            select(
                FIRST_PLACEMENT + n // STAYS_A_PLACEMENT,
                literal(LeaveKind.SCHOOL.value, String),
                moment(start + 600),
                moment(start + 3600),
                moment(start + 3000),
            ).where(n % STAYS_A_PLACEMENT == 0),
        )
    )
