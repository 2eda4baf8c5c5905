"""Counting statements in tests of this folder."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event


@pytest.fixture
def statements(session):
    """`with statements() as count: …`: the statements this session sent meanwhile."""

    @contextmanager
    def counting():
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("SAVEPOINT", "RELEASE")):
                sent.append(statement)

        engine = session.get_bind().engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
