"""What the tables hold beyond columns and checks: triggers and exclusions, written by hand for each engine.

A batch rebuild on SQLite drops triggers silently. A migration that rebuilds a guarded table calls `drop_guards`
before and `create_guards` after; a test lists everything that must exist at head.
"""

from sqlalchemy import Connection, text

# An undone stay has no length; a sharing child takes no bed.
_SQLITE_STAY = """
SELECT RAISE(ABORT, 'stay overlaps') WHERE NOT NEW.sharing
  AND (NEW.ended_at IS NULL OR NEW.ended_at <> NEW.started_at) AND (
  EXISTS (SELECT 1 FROM (SELECT ended_at FROM stay WHERE bed_id = NEW.bed_id AND started_at <= NEW.started_at
            AND id <> NEW.id AND NOT sharing AND (ended_at IS NULL OR ended_at <> started_at)
            ORDER BY started_at DESC LIMIT 1)
          WHERE ended_at IS NULL OR ended_at > NEW.started_at)
  OR EXISTS (SELECT 1 FROM (SELECT started_at FROM stay WHERE bed_id = NEW.bed_id AND started_at > NEW.started_at
            AND id <> NEW.id AND NOT sharing AND (ended_at IS NULL OR ended_at <> started_at)
            ORDER BY started_at LIMIT 1)
          WHERE NEW.ended_at IS NULL OR started_at < NEW.ended_at));
"""

_SQLITE_CHAIN = """
SELECT RAISE(ABORT, 'trail: gap or wrong order')
  WHERE NEW.seq IS NOT COALESCE((SELECT max(seq) FROM trail_entry), 0) + 1;
SELECT RAISE(ABORT, 'trail: wrong previous mac')
  WHERE NEW.previous_mac IS NOT COALESCE((SELECT mac FROM trail_entry WHERE seq = NEW.seq - 1), zeroblob(32));
"""


def _sqlite_append_only(table: str) -> dict[str, str]:
    return {
        f"{table}_no_{verb}": f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'trail: append-only'); END"
        for verb in ("update", "delete")
    }


SQLITE: dict[str, str] = {
    # REPLACE deletes without firing a delete trigger, but only after this insert trigger has refused the number.
    "trail_entry_chain": f"CREATE TRIGGER trail_entry_chain BEFORE INSERT ON trail_entry BEGIN {_SQLITE_CHAIN} END",
    **_sqlite_append_only("trail_entry"),
    "trail_subject_newest": "CREATE TRIGGER trail_subject_newest BEFORE INSERT ON trail_subject BEGIN "
    "SELECT RAISE(ABORT, 'trail: only for the newest entry') "
    "WHERE NEW.entry_seq IS NOT (SELECT max(seq) FROM trail_entry); END",
    **_sqlite_append_only("trail_subject"),
    "stay_no_overlap_insert": f"CREATE TRIGGER stay_no_overlap_insert AFTER INSERT ON stay BEGIN {_SQLITE_STAY} END",
    "stay_no_overlap_update": "CREATE TRIGGER stay_no_overlap_update AFTER UPDATE OF bed_id, sharing, started_at, "
    f"ended_at ON stay BEGIN {_SQLITE_STAY} END",
}

_POSTGRESQL_FUNCTIONS = {
    "trail_append_only": """CREATE FUNCTION trail_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'trail: append-only'; END $$""",
    "trail_entry_chain": """CREATE FUNCTION trail_entry_chain() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE newest trail_entry%ROWTYPE;
        BEGIN
          SELECT * INTO newest FROM trail_entry ORDER BY seq DESC LIMIT 1;
          IF NEW.seq <> COALESCE(newest.seq, 0) + 1 THEN RAISE EXCEPTION 'trail: gap or wrong order'; END IF;
          IF NEW.previous_mac <> COALESCE(newest.mac, decode(repeat('00', 32), 'hex')) THEN
            RAISE EXCEPTION 'trail: wrong previous mac'; END IF;
          RETURN NEW;
        END $$""",
    "trail_subject_newest": """CREATE FUNCTION trail_subject_newest() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.entry_seq <> (SELECT max(seq) FROM trail_entry) THEN
            RAISE EXCEPTION 'trail: only for the newest entry'; END IF;
          RETURN NEW;
        END $$""",
}


def _postgresql_append_only(table: str) -> dict[str, str]:
    return {
        f"{table}_no_change": f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION trail_append_only()",
        f"{table}_no_truncate": f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_append_only()",
    }


POSTGRESQL: dict[str, str] = {
    "trail_entry_chain": "CREATE TRIGGER trail_entry_chain BEFORE INSERT ON trail_entry "
    "FOR EACH ROW EXECUTE FUNCTION trail_entry_chain()",
    **_postgresql_append_only("trail_entry"),
    "trail_subject_newest": "CREATE TRIGGER trail_subject_newest BEFORE INSERT ON trail_subject "
    "FOR EACH ROW EXECUTE FUNCTION trail_subject_newest()",
    **_postgresql_append_only("trail_subject"),
}

# The int4range spelling needs no extension: btree_gist is not to be had everywhere.
EXCLUSION = "ex_stay_bed_period"
_ADD_EXCLUSION = (
    f"ALTER TABLE stay ADD CONSTRAINT {EXCLUSION} EXCLUDE USING gist "
    "(int4range(bed_id, bed_id, '[]') WITH &&, tstzrange(started_at, ended_at) WITH &&) "
    "WHERE (NOT sharing)"
)


def create_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for statement in SQLITE.values():
            connection.exec_driver_sql(statement)
        return
    for statement in (*_POSTGRESQL_FUNCTIONS.values(), *POSTGRESQL.values(), _ADD_EXCLUSION):
        connection.execute(text(statement.replace(":", r"\:")))


def drop_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in SQLITE:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    connection.execute(text(f"ALTER TABLE stay DROP CONSTRAINT IF EXISTS {EXCLUSION}"))
    for name in POSTGRESQL:
        table = "trail_subject" if name.startswith("trail_subject") else "trail_entry"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
    for name in _POSTGRESQL_FUNCTIONS:
        connection.execute(text(f"DROP FUNCTION IF EXISTS {name}()"))
