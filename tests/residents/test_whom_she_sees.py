"""Whom a person may see is asked of the rows in hand: those who left years ago make no page of today slower."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import func, select

from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse, Resident
from safehouse.residents.queries.people import living_seen_by, seen_by
from safehouse.shelter.models import Placement

LONG_AGO = dt.datetime(2021, 3, 1, 8, 0, tzinfo=dt.UTC)


def plan_of(engine, question):
    """How SQLite finds the answer, step by step."""
    with engine.connect() as connection:
        written = question.compile(connection, compile_kwargs={"literal_binds": True})
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}")]


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER, Role.CASEWORKER])
def test_one_resident_is_found_without_going_through_everyone_who_was_ever_here(new_engine, role):
    engine = new_engine("sqlite")
    plan = plan_of(engine, select(Resident.id).where(Resident.ref == uuid.UUID(int=1), seen_by(1, role)))
    assert not [step for step in plan if step.startswith("SCAN") or "AUTOMATIC" in step], plan


def test_in_which_houses_somebody_lived_is_asked_of_her_alone(new_engine):
    question = select(Resident.id).where(Resident.ref == uuid.UUID(int=1), seen_by(1, Role.MANAGER))
    plan = plan_of(new_engine("sqlite"), question)
    assert any("ix_alias_use_resident (resident_id=? AND house_id=?)" in step for step in plan), plan


def test_those_who_live_here_are_found_by_their_houses(new_engine):
    plan = plan_of(new_engine("sqlite"), living_seen_by(1, Role.MANAGER))
    assert any("resident USING" in step and "ix_resident_house" in step for step in plan), plan


def test_her_stays_and_her_household_are_found_by_an_index(new_engine):
    engine = new_engine("sqlite")
    for question in (
        select(Placement.id).where(Placement.resident_id == 1),
        select(Resident.id).where(Resident.household_id == 1),
    ):
        plan = plan_of(engine, question)
        assert all(step.startswith("SEARCH") for step in plan), plan


@pytest.mark.parametrize("role", [*Role, None])
def test_whether_she_is_seen_is_yes_or_no_and_never_unknown(session, make, role):
    """`not seen` must find whoever is not seen: of an unknown answer both would be silent."""
    house, other = make.house(), make.house()
    account = make.account(role or Role.STAFF, house)
    here = make.resident(make.beds(make.room(house, beds=1))[0])
    elsewhere = make.resident(make.beds(make.room(other, beds=1))[0])
    gone, never_here = make.resident(), make.resident()
    for one, where in ((gone, house), (never_here, other)):
        make.saved(AliasUse(resident_id=one.id, house_id=where.id, alias="Ulin", since=LONG_AGO, until=LONG_AGO))
    seen = seen_by(account.id, role)
    answers = dict(iter(session.execute(select(Resident.id, seen))))
    assert None not in answers.values()
    whom = {Role.STAFF: {here.id}, Role.MANAGER: {here.id, gone.id}}.get(role, set())
    assert {one for one in (here.id, elsewhere.id, gone.id, never_here.id) if answers[one]} == whom
    assert session.scalar(select(func.count()).select_from(Resident).where(~seen)) == len(answers) - len(whom)
