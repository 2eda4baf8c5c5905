"""The sheet for the national form: what was asked for it, and that it was typed."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.residents.models import Household
from safehouse.services.models import SimfoniSheet
from safehouse.services.rules.simfoni import Answers
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class SheetChanged(Exception):
    """Somebody saved the sheet meanwhile. Nothing was written."""


def fill_sheet(
    session: Session,
    *,
    household: Household,
    answers: Answers,
    seen_at: dt.datetime | None,
    now: dt.datetime,
    by: Actor,
) -> SimfoniSheet:
    """Keep the answers, sealed as one. What was typed before is to be typed again. `seen_at` is when the sheet was
    changed last as far as the person saw it; raises `SheetChanged` where that is not so any more. The caller commits.
    """
    sheet = _locked(session, household, now, by)
    if (sheet.changed_at if sheet.answers is not None else None) != seen_at:
        raise SheetChanged
    sheet.answers = seal(session, sheet, "answers", answers.text(), key=key_of(session, household.ref))
    sheet.changed_at, sheet.changed_by_id = now, by.person_id
    sheet.entered_at = sheet.entered_by_id = None
    session.flush()
    record(session, now=now, by=by, act=Act.SIMFONI_FILLED, subject=household.ref)
    return sheet


def mark_entered(
    session: Session, *, household: Household, case_number: str | None, now: dt.datetime, by: Actor
) -> SimfoniSheet:
    """Somebody has typed it into the national system, under this number where it gave one."""
    sheet = _locked(session, household, now, by)
    sheet.entered_at, sheet.entered_by_id = now, by.person_id
    if case_number:
        sheet.case_number = seal(session, sheet, "case_number", case_number, key=key_of(session, household.ref))
    session.flush()
    record(session, now=now, by=by, act=Act.SIMFONI_ENTERED, subject=household.ref)
    return sheet


def unmark_entered(session: Session, *, household: Household, now: dt.datetime, by: Actor) -> None:
    """It was not typed after all. A number that was written down stays."""
    sheet = _locked(session, household, now, by)
    sheet.entered_at = sheet.entered_by_id = None
    record(session, now=now, by=by, act=Act.SIMFONI_ENTERED, subject=household.ref, purpose="undone")


def _locked(session: Session, household: Household, now: dt.datetime, by: Actor) -> SimfoniSheet:
    """The family's one sheet, for this transaction alone."""
    wanted = select(SimfoniSheet).where(SimfoniSheet.household_id == household.id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is not None:
        return found
    made = SimfoniSheet(household_id=household.id, changed_at=now, changed_by_id=by.person_id)
    try:
        with session.begin_nested():
            session.add(made)
            session.flush()
    except IntegrityError:
        return session.scalars(wanted).one()
    return made
