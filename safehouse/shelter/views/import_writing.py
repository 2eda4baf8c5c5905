"""The last step of an import: short ones within the request, long ones in a thread of their own.

How far a thread has come is kept in memory alone: a second connection would have to wait for the very transaction it
reports on. A restart loses the report and nothing else; what was not committed was not written.
"""

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session, sessionmaker

from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.faults import without_values
from safehouse.shelter.operations.import_runs import finish_run
from safehouse.shelter.operations.importing import ImportOvertaken, Progress, import_files
from safehouse.shelter.queries.importing import find_run
from safehouse.shelter.rules.importing.files import Checked
from safehouse.trail.models import Actor
from safehouse.trail.queries import newest_time

log = logging.getLogger("safehouse")

LONG_FROM = 1_000  # rows; fewer are written while the person waits


class Outcome(StrEnum):
    DONE = "done"
    OVERTAKEN = "overtaken"  # somebody changed beds or stays since the check
    FAILED = "failed"


@dataclass
class UnderWay:
    """How far one import has come. Changed by its thread, read by the pages."""

    total: int
    done: int = 0
    outcome: Outcome | None = None

    def note(self, done: int) -> None:
        self.done = done


_under_way: dict[uuid.UUID, UnderWay] = {}
_starting = threading.Lock()


def under_way(ref: uuid.UUID) -> UnderWay | None:
    return _under_way.get(ref)


def told(ref: uuid.UUID) -> None:
    """Its person has read how it ended."""
    _under_way.pop(ref, None)


def bring_in(
    session: Session,
    *,
    ref: uuid.UUID,
    checked: Checked,
    key: uuid.UUID,
    now: dt.datetime,
    by: Actor,
    progress: Progress = lambda done: None,
) -> Outcome:
    """Write what was checked and throw the files away, in one transaction. A second press changes nothing."""
    run = find_run(session, account_id=by.person_id, ref=ref)
    if run is None or run.done_at is not None:
        return Outcome.DONE
    try:
        begin_act(session, key=key, kind="import:write", now=now, by=by, subject=ref)
        figures = import_files(session, checked, now=now, by=by, progress=progress)
    except AlreadyDone:
        return Outcome.DONE
    except ImportOvertaken:
        session.rollback()
        return Outcome.OVERTAKEN
    finish_run(run=run, figures=figures, now=now)
    session.commit()
    return Outcome.DONE


def bring_in_beside(
    writing: sessionmaker[Session],
    *,
    ref: uuid.UUID,
    checked: Checked,
    key: uuid.UUID,
    clock: Callable[[], dt.datetime],
    by: Actor,
) -> None:
    """The same in a thread; the pages ask `under_way`."""
    with _starting:
        already = _under_way.get(ref)
        if already is not None and already.outcome is None:
            return
        state = _under_way[ref] = UnderWay(total=len(checked.people))

    def run() -> None:
        try:
            with writing() as session:
                now = max(clock(), newest_time(session) or clock())
                state.outcome = bring_in(
                    session, ref=ref, checked=checked, key=key, now=now, by=by, progress=state.note
                )
        except Exception as fault:  # noqa: BLE001 - the page tells that it failed
            log.error("an import failed; nothing of it was written\n%s", without_values(fault))  # noqa: TRY400
            state.outcome = Outcome.FAILED

    threading.Thread(target=run, name="import", daemon=True).start()
