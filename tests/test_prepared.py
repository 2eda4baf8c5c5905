"""A prepared question answers what SQLAlchemy would have answered, to everyone her own."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import LargeBinary, String, bindparam, func, literal, select, text, type_coerce
from sqlalchemy.exc import DatabaseError, StatementError

from bench.measuring import statements
from safehouse.access.models import Account, House, SignIn
from safehouse.access.permissions import Role
from safehouse.database import UtcDateTime
from safehouse.prepared import Prepared, RefText

NAME = bindparam("name", type_=String)


def answers(session, question, **values):
    return [tuple(row) for row in session.connection().execute(question, values)]


def test_it_answers_with_the_same_values_of_the_same_kinds(session, make):
    house = make.house("Rumah Bambu")
    for _ in range(3):
        make.account(Role.STAFF, house)
    question = (
        select(Account.id, Account.ref, Account.role, Account.state, Account.made_at, Account.password, Account.is_head)
        .where(Account.role.in_([Role.STAFF, Role.MANAGER]), Account.username != NAME)
        .order_by(Account.id)
    )
    told = Prepared(question).ask(session, name="nobody")
    assert told == answers(session, question, name="nobody") and len(told) == 3
    assert isinstance(told[0][1], uuid.UUID) and told[0][2] is Role.STAFF and told[0][4].tzinfo is not None


def test_nothing_found_is_an_empty_answer(session, make):
    assert Prepared(select(House.id).where(House.name == NAME)).ask(session, name="nowhere") == []


def test_bytes_go_in(session, make):
    digest = bindparam("digest", type_=LargeBinary)
    assert Prepared(select(SignIn.id).where(SignIn.token_digest == digest)).ask(session, digest=bytes(32)) == []


def test_a_moment_goes_in_as_its_column_says(session, make):
    account = make.account(Role.STAFF)
    later = bindparam("later", type_=UtcDateTime)
    before = Prepared(select(Account.id).where(Account.made_at < later))
    moment = account.made_at.astimezone(dt.timezone(dt.timedelta(hours=9)))
    assert before.ask(session, later=moment) == []
    assert before.ask(session, later=moment + dt.timedelta(microseconds=1)) == [(account.id,)]


def test_everyone_gets_the_answer_to_her_own_question(session, make):
    make.house("Rumah Bambu"), make.house("Rumah Jati")
    prepared = Prepared(select(House.name, literal("of the question")).where(House.name == NAME))
    for name in ("Rumah Bambu", "Rumah Jati", "Rumah Bambu"):
        assert prepared.ask(session, name=name) == [(name, "of the question")]
    with pytest.raises((KeyError, StatementError)):
        prepared.ask(session)


def test_a_ref_reads_as_it_stands_in_an_address(session, make):
    house = make.house()
    assert Prepared(select(type_coerce(House.ref, RefText))).ask(session) == [(str(house.ref),)]
    nobody = select(House.id, type_coerce(Account.ref, RefText)).outerjoin(Account, Account.id == 0)
    assert Prepared(nobody).ask(session) == [(house.id, None)]


def test_what_fails_fails_as_ever(session, make):
    prepared = Prepared(select(func.no_such_function(House.id)))
    with pytest.raises(DatabaseError):
        prepared.ask(session)
    session.rollback()
    assert session.scalar(text("SELECT 1")) == 1


def test_it_sees_what_its_own_transaction_wrote(session, make):
    session.add(House(name="Rumah Baru", position=99))
    session.flush()
    assert Prepared(select(House.name).where(House.name == NAME)).ask(session, name="Rumah Baru") == [("Rumah Baru",)]


def test_whoever_counts_statements_counts_it(session, make):
    prepared = Prepared(select(House.id))
    with statements(session.get_bind()) as seen:
        prepared.ask(session)
    assert len(seen) == 1
