"""What is sealed is on no page, in no address, no log line and no row of the record: planted, then sought."""

import logging
import re

from sqlalchemy import select

from safehouse.access.models import House
from safehouse.residents.models import Resident
from safehouse.shelter.models import Referral
from safehouse.trail.models import TrailEntry
from safehouse.vault.operations import key_of, seal
from tests.web.world import build

COLUMNS = ((House, "address"), (Resident, "name"), (Resident, "nik"), (Resident, "phone"), (Referral, "contact"))


def plant(session):
    """A canary in every sealed column of every house, resident and referral there is."""
    planted = []
    for table, column in COLUMNS:
        for row in session.scalars(select(table)):
            canary = f"Kenanga{table.__tablename__}{column}{row.id}"
            setattr(row, column, seal(session, row, column, canary, key=key_of(session, row.ref)))
            planted.append(canary)
    session.commit()
    return planted


def test_nothing_sealed_is_on_any_page_of_anybody(app, make, session, caplog):
    world = build(app, make)
    planted = plant(session)
    assert {re.sub(r"\d+$", "", one) for one in planted} == {
        f"Kenanga{table.__tablename__}{column}" for table, column in COLUMNS
    }
    visited = 0
    with caplog.at_level(logging.DEBUG, logger="safehouse"):
        for rule in world.rules():
            if "GET" not in rule.methods:
                continue
            browser = world.browser_for(rule)
            for url in world.urls(rule):
                answer = browser.get(url)
                told = answer.get_data(as_text=True) + str(answer.headers)
                assert "Kenanga" not in told, url
                visited += 1
    assert visited > 40
    assert "Kenanga" not in caplog.text
    for entry in session.scalars(select(TrailEntry)):
        assert "Kenanga" not in f"{entry.fields}{entry.purpose}{entry.act}"
