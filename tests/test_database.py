"""What a session may do is a promise of the database, not only of our code."""

import uuid

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from safehouse.access.models import House, Office
from safehouse.database import session_makers
from tests.conftest import ENGINES

HOUSE = {"name": "Rumah Satu", "position": 1}


@pytest.fixture(params=ENGINES)
def makers(request, new_engine, vault):
    reading, writing = session_makers(new_engine(request.param), vault=vault)
    with writing() as session:
        session.add(Office(title="Teduh", name="UPTD PPA", key_check=vault.check))
        session.add(House(**HOUSE))
        session.commit()
    return reading, writing


@pytest.mark.parametrize(
    "statement",
    [
        update(Office).values(title="Naungan"),
        delete(House),
        insert(House).values(ref=uuid.uuid4(), **HOUSE),
        text("UPDATE office SET title = 'Naungan'"),
        text("DROP TABLE house"),
    ],
    ids=["update", "delete", "insert", "as text", "drop"],
)
def test_whatever_is_carried_out_in_a_reading_session_changes_nothing(makers, statement):
    reading, writing = makers
    for _ in range(3):  # on a connection that wrote before, and again on the same one
        with reading() as session:
            assert session.scalar(select(Office.title)) == "Teduh"
            with pytest.raises(DBAPIError, match=r"read-?only"):
                session.connection().execute(statement)
        with writing() as session:
            assert session.scalar(select(House.name)) == "Rumah Satu"
            session.execute(update(House).values(position=House.position + 1))
            session.commit()
    with reading() as session:
        assert session.execute(select(Office.title, House.position).join(House, House.id > 0)).one() == ("Teduh", 4)


def test_postgresql_plans_a_repeated_statement_once_whatever_was_taken_back(new_engine):
    with new_engine("postgresql").connect() as connection:
        connection.rollback()
        assert connection.scalar(text("SHOW plan_cache_mode")) == "force_generic_plan"
        assert connection.scalar(text("SHOW jit")) == "off"
