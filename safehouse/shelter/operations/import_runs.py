"""The files of an import between the first page and the last: kept sealed, opened on record, gone when done."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from safehouse.shelter.models import ImportRun
from safehouse.shelter.rules.importing.files import (
    ORDER,
    Answers,
    answers_as_text,
    answers_from_text,
    sheet_as_text,
    sheet_from_text,
)
from safehouse.shelter.rules.importing.meanings import Kind
from safehouse.shelter.rules.importing.workbook import Sheet
from safehouse.trail.models import Actor
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.vault.operations import key_of, seal

LIFE = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """What was kept, in clear. Never longer than one request."""

    sheets: Mapping[Kind, Sheet]
    answers: Answers

    @property
    def rows(self) -> int:
        return sum(len(sheet.rows) for sheet in self.sheets.values())


def keep_run(session: Session, *, sheets: Mapping[Kind, Sheet], now: dt.datetime, by: Actor) -> ImportRun:
    """Seal these sheets with the key of whoever brings them in."""
    run = ImportRun(account_id=by.person_id, made_at=now)
    key = key_of(session, by.person_ref)
    for kind, sheet in sheets.items():
        setattr(run, kind.value, seal(session, run, kind.value, sheet_as_text(sheet), key=key))
    run.answers = seal(session, run, "answers", answers_as_text(Answers()), key=key)
    session.add(run)
    session.flush()
    return run


def keep_answers(session: Session, *, run: ImportRun, answers: Answers, by: Actor) -> None:
    run.answers = seal(session, run, "answers", answers_as_text(answers), key=key_of(session, by.person_ref))


def open_run(session: Session, *, run: ImportRun, now: dt.datetime, by: Actor) -> OpenedRun:
    """Sheets and answers in clear. The caller commits before using them: what was not recorded was not read.

    They are sealed with her own key and are full of names: raises `NotConfirmed` like any opening of a resident's.
    """
    if not by.confirmed:
        raise NotConfirmed
    kinds = [kind for kind in ORDER if getattr(run, kind.value) is not None]
    columns = [*(kind.value for kind in kinds), "answers"]
    *sheets, answers = open_values(
        session, now=now, by=by, purpose="import", wanted=[Sealed(run, column, by.person_ref) for column in columns]
    )
    return OpenedRun(
        {kind: sheet_from_text(text) for kind, text in zip(kinds, sheets, strict=True)}, answers_from_text(answers)
    )


def finish_run(*, run: ImportRun, figures: Mapping[str, int], now: dt.datetime) -> None:
    """The files are gone with this transaction; the figures stay for a day."""
    run.inventory = run.register = run.answers = None
    run.done_at = now
    run.figures = json.dumps(dict(figures))


def drop_run(session: Session, *, run: ImportRun) -> None:
    """She does not want them any more."""
    session.delete(run)


def drop_stale_imports(session: Session, now: dt.datetime) -> int:
    """Delete what was kept for longer than a day, finished or not; how many there were."""
    return len(session.scalars(delete(ImportRun).where(ImportRun.made_at <= now - LIFE).returning(ImportRun.id)).all())
