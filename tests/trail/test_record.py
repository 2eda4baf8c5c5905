"""The record only grows, in one unbroken chain, and the database itself refuses everything else."""

import datetime as dt
import threading
import uuid

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DatabaseError, StatementError

from safehouse.guards import POSTGRESQL, SQLITE
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM, TrailEntry, TrailSubject
from safehouse.trail.operations import FIRST_MAC, canonical, chain_mac, record
from safehouse.trail.queries import verify
from tests.conftest import ENGINES
from tests.office import NOW

each_engine = pytest.mark.parametrize("kind", ENGINES)


@pytest.fixture
def chain(session, clock):
    """Five entries on top of what stands; the number of the first of them."""
    first = (session.scalar(select(func.max(TrailEntry.seq))) or 0) + 1
    for act in (Act.LOCKED, Act.PLACED, Act.MOVED, Act.LEFT, Act.UNDONE):
        record(
            session,
            now=clock.forward(seconds=1),
            by=SYSTEM,
            act=act,
            subject=uuid.uuid4(),
            subjects=[uuid.uuid4(), uuid.uuid4()] if act is Act.PLACED else (),
        )
    session.commit()
    return first


def refused(session, statement, **values):
    with pytest.raises(DatabaseError) as refusal, session.begin_nested():
        session.execute(text(statement), values)
    return str(refusal.value.orig)


# What the database refuses


def test_an_entry_cannot_be_changed(session, chain):
    for column, value in (
        ("act", "'x'"),
        ("result", "'done'"),
        ("at", "at"),
        ("mac", "mac"),
        ("seq", "seq + 100"),
        ("purpose", "NULL"),
    ):
        assert "append-only" in refused(session, f"UPDATE trail_entry SET {column} = {value} WHERE seq = :n", n=chain)
    assert "append-only" in refused(session, "UPDATE trail_subject SET subject = subject")


def test_an_entry_cannot_be_deleted(session, chain):
    assert "append-only" in refused(session, "DELETE FROM trail_entry WHERE seq = :n", n=chain + 4)
    assert "append-only" in refused(session, "DELETE FROM trail_entry")
    assert "append-only" in refused(session, "DELETE FROM trail_subject")
    assert verify(session).whole


COLUMNS = "seq, at, actor_kind, actor, sign_in, act, subject, fields, purpose, result, previous_mac, mac"


def test_an_entry_cannot_be_replaced(session, chain):
    sqlite = session.get_bind().dialect.name == "sqlite"
    if sqlite:
        for verb in ("REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE"):
            refused(
                session,
                f"{verb} INTO trail_entry ({COLUMNS}) SELECT {COLUMNS} FROM trail_entry WHERE seq = :n",
                n=chain + 1,
            )
    refused(
        session,
        f"INSERT INTO trail_entry ({COLUMNS}) SELECT {COLUMNS} FROM trail_entry WHERE seq = :n "
        "ON CONFLICT (seq) DO UPDATE SET act = 'x'",
        n=chain + 1,
    )
    assert verify(session).whole


def test_an_entry_cannot_be_put_anywhere_but_at_the_end(session, chain):
    newest = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    row = {column.name: getattr(newest, column.name) for column in TrailEntry.__table__.columns}
    for seq in (0, -1, chain, chain + 1, newest.seq, newest.seq + 2, newest.seq + 1000):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(insert(TrailEntry).values({**row, "seq": seq, "previous_mac": newest.mac}))
    for mac in (newest.previous_mac, FIRST_MAC, bytes(31) + b"\x01"):
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(insert(TrailEntry).values({**row, "seq": newest.seq + 1, "previous_mac": mac}))
    assert verify(session).whole


def test_the_people_of_an_entry_cannot_be_added_to_later(session, chain):
    with pytest.raises(DatabaseError, match="newest"), session.begin_nested():
        session.execute(insert(TrailSubject).values(entry_seq=chain + 1, subject=uuid.uuid4()))


def test_the_record_cannot_be_emptied(session, chain):
    if session.get_bind().dialect.name == "postgresql":
        for table in ("trail_entry, trail_subject", "trail_subject", "trail_entry CASCADE"):
            assert "append-only" in refused(session, f"TRUNCATE {table}")
    assert verify(session).rows >= 5


def test_time_without_a_zone_is_refused(session):
    with pytest.raises(StatementError, match="time zone"):
        session.execute(select(TrailEntry).where(TrailEntry.at < dt.datetime(2026, 11, 21)))
    session.rollback()


# What verifying finds, when someone with the file has taken the guards away


@pytest.fixture
def unguarded(session, chain):
    """The same chain after someone who owns the database has dropped every trigger."""
    if session.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        for name in POSTGRESQL:
            session.execute(text(f"DROP TRIGGER {name} ON {'_'.join(name.split('_')[:2])}"))
    return chain


def test_a_whole_chain_is_whole(session, chain):
    verdict = verify(session)
    assert verdict.whole
    assert verdict.rows == chain + 4


@pytest.mark.parametrize(
    "change",
    [
        "act = 'shelter:stay:moved2'",
        "purpose = 'x'",
        "result = 'refused'",
        "fields = 'house.address'",
        "subject = NULL",
        "actor_kind = 'partner'",
        "sign_in = subject",
        "actor = subject",
    ],
)
def test_one_changed_row_is_found_and_named(session, unguarded, change):
    session.execute(text(f"UPDATE trail_entry SET {change} WHERE seq = :n"), {"n": unguarded + 2})
    verdict = verify(session)
    assert (verdict.broken, verdict.fault, verdict.rows) == (unguarded + 2, "changed", unguarded + 1)


def test_a_moved_time_is_found(session, unguarded):
    entry = session.get_one(TrailEntry, unguarded + 3)
    entry.at += dt.timedelta(microseconds=1)
    session.flush()
    assert verify(session).broken == unguarded + 3


def test_a_removed_entry_in_the_middle_is_found(session, unguarded):
    session.execute(text("DELETE FROM trail_entry WHERE seq = :n"), {"n": unguarded + 2})
    verdict = verify(session)
    assert (verdict.broken, verdict.fault) == (unguarded + 2, "gap")
    # Closing the gap by renumbering does not help.
    for n in (3, 4):
        session.execute(text("UPDATE trail_entry SET seq = seq - 1 WHERE seq = :n"), {"n": unguarded + n})
    verdict = verify(session)
    assert (verdict.broken, verdict.fault) == (unguarded + 2, "previous")


def test_two_entries_in_exchanged_order_are_found(session, unguarded):
    for old, new in ((unguarded + 2, -1), (unguarded + 3, unguarded + 2), (-1, unguarded + 3)):
        session.execute(text("UPDATE trail_entry SET seq = :new WHERE seq = :old"), {"old": old, "new": new})
    assert verify(session).broken == unguarded + 2


def test_a_person_taken_out_of_or_put_into_an_entry_is_found(session, unguarded):
    session.execute(insert(TrailSubject).values(entry_seq=unguarded + 3, subject=uuid.uuid4()))
    assert verify(session).broken == unguarded + 3
    session.execute(
        text("DELETE FROM trail_subject WHERE entry_seq IN (:a, :b)"), {"a": unguarded + 1, "b": unguarded + 3}
    )
    assert verify(session).broken == unguarded + 1


def test_a_forged_entry_needs_the_key(session, unguarded, clock):
    """Someone who holds the database but not the root key appends an entry that fits in every visible way."""
    newest = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    row = {
        "seq": newest.seq + 1,
        "at": clock.now,
        "actor_kind": "system",
        "actor": None,
        "sign_in": None,
        "act": Act.LOCKED,
        "subject": None,
        "fields": "",
        "purpose": None,
        "result": "done",
        "previous_mac": newest.mac,
    }
    session.execute(insert(TrailEntry).values(**row, mac=chain_mac(b"guessed key" * 3, newest.mac, canonical(row, []))))
    assert verify(session).broken == newest.seq + 1


# What goes in


def test_a_newline_or_quote_in_a_reason_stays_one_entry(session, clock):
    before = session.scalar(select(func.count()).select_from(TrailEntry))
    for purpose in ("a\nb", 'x","y', "Mozilla/5.0\r\nfake: entry", "'; DROP TABLE trail_entry; --", "\u2028"):
        record(session, now=clock.forward(seconds=1), by=SYSTEM, act=Act.LOCKED, purpose=purpose)
    session.commit()
    assert session.scalar(select(func.count()).select_from(TrailEntry)) == before + 5
    assert verify(session).whole


def test_no_two_different_entries_are_spelled_alike():
    def row(**more):
        return {
            "seq": 1,
            "at": NOW,
            "actor_kind": "system",
            "actor": None,
            "sign_in": None,
            "act": "a",
            "subject": None,
            "fields": "",
            "purpose": None,
            "result": "done",
            **more,
        }

    ref = uuid.uuid4()
    spelled = [
        canonical(row(**more), subjects)
        for more, subjects in (
            ({}, []),
            ({"purpose": ""}, []),
            ({"purpose": "None"}, []),
            ({"fields": "null"}, []),
            ({"subject": ref}, []),
            ({}, [ref]),
            ({"actor": ref}, []),
            ({"sign_in": ref}, []),
            ({"act": 'a","done'}, []),
            ({"at": NOW + dt.timedelta(microseconds=1)}, []),
        )
    ]
    assert len(set(spelled)) == len(spelled)
    assert canonical(row(at=NOW.astimezone(dt.timezone(dt.timedelta(hours=7)))), []) == canonical(row(), [])


def test_a_user_agent_cannot_write_into_the_record(browser, make, session):
    browser.sign_in(make.account())
    before = session.scalar(select(func.count()).select_from(TrailEntry))
    browser.get("/no/such/page", headers={"User-Agent": "x" * 3000 + "\tadmin deleted everything"})
    entries = list(session.scalars(select(TrailEntry).where(TrailEntry.seq > before)))
    assert [entry.act for entry in entries] == [Act.ACCESS_REFUSED]
    assert "admin" not in (entries[0].purpose or "")


# Several at once


@each_engine
def test_parallel_writers_leave_one_unbroken_chain(lone_app, kind):
    app, faults = lone_app(kind), []
    start = threading.Barrier(8)

    def write(writer):
        try:
            start.wait()
            for turn in range(12):
                with app.extensions["db_writing"]() as session:
                    record(
                        session,
                        now=NOW,
                        by=SYSTEM,
                        act=Act.LOCKED,
                        purpose=f"{writer}/{turn}",
                        subjects=[uuid.uuid4()] if turn % 3 == 0 else (),
                    )
                    if turn % 4 == 3:
                        session.rollback()
                    else:
                        session.commit()
        except Exception as fault:  # noqa: BLE001  a thread's fault must reach the test
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with app.extensions["db_reading"]() as session:
        verdict = verify(session)
    assert verdict.whole
    assert verdict.rows == 8 * 9


@each_engine
def test_writers_that_hold_other_rows_do_not_block_each_other_for_ever(lone_app, kind):
    """One changes a row and then records, the other records and then changes the same row."""
    from safehouse.access.models import Office

    app, faults = lone_app(kind), []

    def change(record_first):
        try:
            for turn in range(15):
                with app.extensions["db_writing"]() as session:
                    if record_first:
                        record(session, now=NOW, by=SYSTEM, act=Act.OFFICE_CHANGED)
                    session.get_one(Office, 1).hold_hours = 1 + turn % 20
                    session.flush()
                    if not record_first:
                        record(session, now=NOW, by=SYSTEM, act=Act.OFFICE_CHANGED)
                    session.commit()
        except Exception as fault:  # noqa: BLE001  a thread's fault must reach the test
            faults.append(fault)

    threads = [threading.Thread(target=change, args=(n % 2 == 0,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with app.extensions["db_reading"]() as session:
        assert verify(session).rows == 60
