"""What the migrations build is what the models describe, on both engines; every step can be taken back."""

import datetime as dt
import re
import uuid

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, select, text
from sqlalchemy.orm import Session

from safehouse import guards, schema
from safehouse.access.models import Office
from safehouse.access.permissions import Role
from safehouse.database import Base
from safehouse.shelter.queries.duties import duties
from safehouse.shelter.queries.duties.arrivals import came_before
from safehouse.shelter.rules.duties import DutyKind
from tests.architecture.source import ROOT
from tests.conftest import ENGINES

each_engine = pytest.mark.parametrize("kind", ENGINES)
VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))

# Written out by hand on purpose: Alembic sees neither triggers nor exclusions nor the condition of an index.
TRIGGERS = {
    "sqlite": {
        "trail_entry_chain",
        "trail_entry_no_update",
        "trail_entry_no_delete",
        "trail_subject_newest",
        "trail_subject_no_update",
        "trail_subject_no_delete",
        "stay_no_overlap_insert",
        "stay_no_overlap_update",
    },
    "postgresql": {
        "trail_entry_chain",
        "trail_entry_no_change",
        "trail_entry_no_truncate",
        "trail_subject_newest",
        "trail_subject_no_change",
        "trail_subject_no_truncate",
    },
}
FUNCTIONS = {"trail_append_only", "trail_entry_chain", "trail_subject_newest"}
EXCLUSIONS = {"ex_stay_bed_period"}
PARTIAL_INDEXES = {
    "uq_clearance_open",
    "ix_sign_in_open",
    "ix_resident_house",
    "uq_assignment_open_coordinator",
    "uq_assignment_open_account",
    "ix_assignment_account",
    "uq_bed_room_label",
    "uq_hold_live_bed",
    "uq_placement_open_resident",
    "uq_stay_open_bed",
    "uq_stay_open_resident",
    "uq_leave_open_placement",
    "uq_child_carer_open_placement",
    "uq_room_house_label",
    "uq_departure_standing",
    "ix_alert_resident",
    "ix_medicine_resident",
    "ix_conflict_other",
    "uq_conflict_standing_account",
    "uq_conflict_standing_households",
    "ix_denial_account",
    "uq_denial_open_account",
    "uq_cleaning_open_bed",
    "uq_consent_standing",
    "uq_decision_standing",
    "uq_extension_waiting",
    "ix_appointment_planned",
    "ix_appointment_missed",
    "uq_review_open",
    "uq_referral_answer_last_word",
}


def differences(engine):
    def ours(thing, name, kind, _reflected, _compared):
        return not (kind == "index" and name == guards.EXCLUSION)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        return compare_metadata(context, schema.METADATA)


def triggers(engine):
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        return set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))


def partial_indexes(engine):
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''"))
        else:
            rows = connection.execute(text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
        return {name for name, statement in rows if re.search(r"\bWHERE\b", statement)} - EXCLUSIONS


def exclusions(engine):
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT conname FROM pg_constraint WHERE contype = 'x'")))


def functions(engine):
    with engine.connect() as connection:
        return set(
            connection.scalars(
                text("SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'")
            )
        )


def checks(engine):
    told = inspect(engine)
    return {check["name"] for table in Base.metadata.sorted_tables for check in told.get_check_constraints(table.name)}


def guards_stand(engine):
    kind = engine.dialect.name
    assert triggers(engine) == TRIGGERS[kind]
    assert partial_indexes(engine) == PARTIAL_INDEXES
    if kind == "postgresql":
        assert exclusions(engine) == EXCLUSIONS
        assert functions(engine) == FUNCTIONS


# First: the tests can see.


@each_engine
def test_a_missing_index_trigger_or_column_is_seen(new_engine, kind):
    engine = new_engine(kind)
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("DROP INDEX uq_stay_open_bed"))
        connection.execute(
            text(
                "ALTER TABLE house DROP COLUMN separation_age"
                if kind == "postgresql"
                else "ALTER TABLE account_discipline ADD COLUMN extra INTEGER"
            )
        )
        one = min(TRIGGERS[kind])
        connection.execute(text(f"DROP TRIGGER {one}" + (" ON trail_entry" if kind == "postgresql" else "")))
    assert len(differences(engine)) >= 2
    assert triggers(engine) != TRIGGERS[kind]
    assert partial_indexes(engine) != PARTIAL_INDEXES


# Then they judge.


@each_engine
def test_the_migrations_give_the_tables_the_models_describe(new_engine, kind):
    assert differences(new_engine(kind)) == []


@each_engine
def test_every_trigger_partial_index_and_exclusion_stands_at_head_and_after_a_way_back(new_engine, kind):
    engine = new_engine(kind)
    guards_stand(engine)
    schema.downgrade(engine)
    schema.upgrade(engine)
    guards_stand(engine)
    assert differences(engine) == []


@each_engine
def test_every_step_can_be_taken_back(new_engine, kind):
    engine = new_engine(kind, upgraded=False)
    steps = [script.revision for script in ScriptDirectory.from_config(schema.alembic_config()).walk_revisions()][::-1]
    for before, step in zip(["base", *steps], steps, strict=False):
        schema.upgrade(engine, step)
        schema.downgrade(engine, before)
        schema.upgrade(engine, step)
    assert schema.current(engine) == schema.head()
    schema.downgrade(engine)
    assert schema.current(engine) is None
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert triggers(engine) == set()
    if kind == "postgresql":
        assert functions(engine) == set()


@each_engine
def test_the_database_holds_every_check_the_models_name(new_engine, kind):
    """Alembic's comparison does not see check constraints."""
    named = {
        str(check.name)
        for table in Base.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    assert len(named) > 40
    assert checks(new_engine(kind)) == named


def test_the_guards_are_those_written_down_here():
    assert set(guards.SQLITE) == TRIGGERS["sqlite"]
    assert set(guards.POSTGRESQL) == TRIGGERS["postgresql"]
    assert {guards.EXCLUSION} == EXCLUSIONS
    described = {
        index.name
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert described == PARTIAL_INDEXES
    for table in Base.metadata.sorted_tables:
        for index in table.indexes:
            conditions = [index.dialect_options[name]["where"] for name in ENGINES]
            assert len({str(condition) for condition in conditions}) == 1, f"{index.name} differs between the engines"


def test_migrations_are_numbered_one_after_the_other():
    assert VERSIONS
    scripts = {
        script.revision: script for script in ScriptDirectory.from_config(schema.alembic_config()).walk_revisions()
    }
    for number, path in enumerate(VERSIONS, start=1):
        assert re.fullmatch(rf"{number:04}_[a-z0-9_]+\.py", path.name)
        script = scripts[f"{number:04}"]
        assert script.down_revision == (f"{number - 1:04}" if number > 1 else None)
    assert len(scripts) == len(VERSIONS)


@each_engine
def test_an_office_on_the_first_form_comes_to_head_with_everything_it_had(new_engine, kind):
    """What stood in the tables that grow is there afterwards, and what is new has its default."""
    engine = new_engine(kind, upgraded=False)
    schema.upgrade(engine, "0001")
    at = "2026-11-21 16:40:00+00:00" if kind == "postgresql" else "2026-11-21 16:40:00.000000"
    no, ref = ("false", "'{}'") if kind == "postgresql" else ("0", "'{}'")
    rows = [
        (
            "INSERT INTO office (id, ref, title, name, time_zone, demo, key_check, idle_shared_minutes,"
            " idle_own_minutes, code_after_minutes, sign_in_hours, hold_hours) VALUES"
            f" (1, {ref}, 'Teduh', 'UPTD PPA Contoh', 'Asia/Jakarta', {no}, '\\x00', 5, 15, 30, 8, 4)"
        ),
        (
            "INSERT INTO account (id, ref, username, realm, role, is_head, state, shown_name, made_at) VALUES (1,"
            f" {ref}, 'ratna', 'house', 'staff', {no}, 'active', 'Ratna', '{at}')"
        ),
        f"INSERT INTO household (id, ref) VALUES (1, {ref})",
        (
            "INSERT INTO account (id, ref, username, realm, role, is_head, state, shown_name, made_at) VALUES (2,"
            f" {ref}, 'sri', 'house', 'manager', {no}, 'active', 'Sri', '{at}')"
        ),
        (
            "INSERT INTO house (id, ref, name, position, time_zone, stay_limit_days, boys_age, separation_age) VALUES"
            f" (1, {ref}, 'Rumah Satu', 1, 'Asia/Jakarta', 14, 12, 10)"
        ),
        f"INSERT INTO clearance (id, account_id, house_id, since) VALUES (1, 2, 1, '{at}')",
        (
            "INSERT INTO room (id, ref, house_id, label, position, purpose, ground_floor, wheelchair, isolation) VALUES"
            f" (1, {ref}, 1, '1', 1, 'adult_women', {no}, {no}, {no})"
        ),
        f"INSERT INTO bed (id, ref, room_id, label, kind) VALUES (1, {ref}, 1, 'A', 'bed')",
        (
            "INSERT INTO resident (id, ref, household_id, code, alias, sex, birth_estimated, arrived_by_import,"
            f" house_id) VALUES (1, {ref}, 1, 'K7Q4', 'Kenari', 'female', {no}, {no}, 1)"
        ),
        (
            "INSERT INTO referral (id, ref, number, source, urgency, state, taken_at, taken_by_id) VALUES"
            f" (1, {ref}, 311, 'police', 'now', 'accepted', '{at}', 1)"
        ),
        (
            "INSERT INTO placement (id, ref, resident_id, referral_id, arrived_at, limit_days, planned_exit, basis)"
            f" VALUES (1, {ref}, 1, 1, '{at}', 14, '2026-12-05', 'emergency')"
        ),
        (
            "INSERT INTO stay (id, placement_id, resident_id, bed_id, sharing, started_at)"
            f" VALUES (1, 1, 1, 1, {no}, '{at}')"
        ),
        f"INSERT INTO leave (id, placement_id, kind, from_at, due_back) VALUES (1, 1, 'court', '{at}', '{at}')",
    ]
    with engine.execution_options(writing=True).begin() as connection:
        for row in rows:
            connection.exec_driver_sql(row.format(uuid.uuid4().hex))
    schema.upgrade(engine)
    guards_stand(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT tell_manager_after_hours FROM office")) == 24
        assert connection.execute(text("SELECT number, household_id FROM referral")).one() == (311, None)
        assert connection.execute(text("SELECT kind, without_notice FROM leave")).one() == ("court", False)
        assert connection.execute(text("SELECT alias, born FROM resident")).one() == ("Kenari", None)
    # Nobody who lives here already is late with what nobody asked for when she came.
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
    with Session(engine) as session:
        since = session.scalars(select(Office.follows_arrivals_since)).one()
        assert since is not None and later - dt.timedelta(hours=1) < since < later
        waiting = duties(session, account_id=2, role=Role.MANAGER, now=later)
        assert {one.kind for one in waiting}.isdisjoint({DutyKind.CONFIRM, DutyKind.COMPLETE, DutyKind.DANGER})
        assert came_before(session, account_id=2, role=Role.MANAGER) == 1


@each_engine
def test_an_office_without_anybody_in_it_follows_arrivals_from_the_first(new_engine, kind):
    engine = new_engine(kind, upgraded=False)
    schema.upgrade(engine, "0003")
    no, ref = ("false", f"'{uuid.uuid4()}'") if kind == "postgresql" else ("0", f"'{uuid.uuid4().hex}'")
    with engine.execution_options(writing=True).begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO office (id, ref, title, name, time_zone, demo, key_check, idle_shared_minutes,"
            " idle_own_minutes, code_after_minutes, sign_in_hours, hold_hours) VALUES"
            f" (1, {ref}, 'Teduh', 'UPTD PPA Contoh', 'Asia/Jakarta', {no}, '\\x00', 5, 15, 30, 8, 4)"
        )
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT follows_arrivals_since FROM office")) is None
