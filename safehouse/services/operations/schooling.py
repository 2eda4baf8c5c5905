"""How she learns: her school, the days of a week, examinations, letters to a school."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Office
from safehouse.residents.models import Resident
from safehouse.services.choices import ExamState, LetterKind, SchoolLevel, SchoolWay
from safehouse.services.models import Exam, PlanDomain, Schooling, SchoolLetter, SchoolWeek
from safehouse.services.rules.schooling import (
    HIGHEST_GRADE,
    MOST_DAYS,
    SchoolRefusal,
    fault_of_exam,
    fault_of_period,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class SchoolRefused(Exception):
    """Nothing was written. `reason` says why."""

    def __init__(self, reason: SchoolRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Days:
    """Between which days something may have happened, by the clock of her house."""

    arrived_on: dt.date
    left_on: dt.date | None
    today: dt.date


@dataclass(frozen=True, slots=True)
class NewSchooling:
    """A name that is None leaves the one that was written down before."""

    level: SchoolLevel
    way: SchoolWay
    grade: int | None = None
    last_school: str | None = None
    new_school: str | None = None
    stays_enrolled: bool | None = None
    silence_agreed_on: dt.date | None = None


def note_schooling(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    new: NewSchooling,
    today: dt.date,
    now: dt.datetime,
    by: Actor,
) -> Schooling:
    """How she learns from now on; what stood before stays. Raises `SchoolRefused`."""
    if new.grade is not None and not 1 <= new.grade <= HIGHEST_GRADE:
        raise SchoolRefused(SchoolRefusal.GRADE)
    if new.silence_agreed_on is not None and new.silence_agreed_on > today:
        raise SchoolRefused(SchoolRefusal.IN_FUTURE)
    row = Schooling(
        plan_domain_id=domain.id,
        level=new.level,
        grade=new.grade,
        way=new.way,
        stays_enrolled=new.stays_enrolled,
        silence_agreed_on=new.silence_agreed_on,
        at=now,
        by_id=by.person_id,
    )
    key = key_of(session, resident.ref)
    if new.last_school:
        row.last_school = seal(session, row, "last_school", new.last_school, key=key)
    if new.new_school:
        row.new_school = seal(session, row, "new_school", new.new_school, key=key)
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.SCHOOLING_NOTED, subject=resident.ref, purpose="schooling")
    return row


def tell_week(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    monday: dt.date,
    days: int,
    of_days: int,
    now: dt.datetime,
    by: Actor,
) -> SchoolWeek:
    """How many of a week's days she learned; of two words on one week the later counts. The caller offers only weeks
    that can be told. Raises `SchoolRefused`."""
    if monday.weekday() != 0:
        raise SchoolRefused(SchoolRefusal.NO_SUCH_WEEK)
    if not (1 <= of_days <= MOST_DAYS and 0 <= days <= of_days):
        raise SchoolRefused(SchoolRefusal.DAYS)
    told = select(SchoolWeek).where(SchoolWeek.plan_domain_id == domain.id, SchoolWeek.monday == monday)
    row = session.scalar(told.with_for_update())
    if row is None:
        row = SchoolWeek(
            plan_domain_id=domain.id, monday=monday, days=days, of_days=of_days, at=now, by_id=by.person_id
        )
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError:
            # Two told the same week in the same moment: this word came later.
            row = session.scalars(told.with_for_update()).one()
    row.days, row.of_days, row.at, row.by_id = days, of_days, now, by.person_id
    session.flush()
    record(session, now=now, by=by, act=Act.SCHOOLING_NOTED, subject=resident.ref, purpose="school week")
    return row


def note_exam(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    on_day: dt.date,
    words: str | None,
    state: ExamState,
    days: Days,
    now: dt.datetime,
    by: Actor,
) -> Exam:
    """An examination, agreed or over. Raises `SchoolRefused`."""
    _check_exam(state, on_day, days)
    row = Exam(plan_domain_id=domain.id, on_day=on_day, state=state, noted_at=now, by_id=by.person_id)
    if words:
        row.words = seal(session, row, "words", words, key=key_of(session, resident.ref))
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.SCHOOLING_NOTED, subject=resident.ref, purpose="exam")
    return row


def change_exam(
    session: Session,
    *,
    exam: Exam,
    resident: Resident,
    on_day: dt.date,
    state: ExamState,
    days: Days,
    now: dt.datetime,
    by: Actor,
) -> None:
    """What became of an examination, or on which day it is now. Raises `SchoolRefused`."""
    _check_exam(state, on_day, days)
    session.refresh(exam, with_for_update=True)
    exam.on_day, exam.state = on_day, state
    exam.changed_at, exam.changed_by_id = now, by.person_id
    record(session, now=now, by=by, act=Act.SCHOOLING_NOTED, subject=resident.ref, purpose="exam")


def _check_exam(state: ExamState, on_day: dt.date, days: Days) -> None:
    fault = fault_of_exam(state, on_day, arrived_on=days.arrived_on, left_on=days.left_on, today=days.today)
    if fault is not None:
        raise SchoolRefused(fault)


@dataclass(frozen=True, slots=True)
class NewLetter:
    kind: LetterKind
    school: str
    from_day: dt.date | None = None
    until: dt.date | None = None


def make_letter(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    new: NewLetter,
    today: dt.date,
    now: dt.datetime,
    by: Actor,
) -> SchoolLetter:
    """A letter under the next number of the year; no number is given twice, not even that of a letter taken back.
    Raises `SchoolRefused`."""
    fault = fault_of_period(new.kind, new.from_day, new.until, today=today)
    if fault is not None:
        raise SchoolRefused(fault)
    # Whoever writes a letter in the same moment waits here for her number.
    session.execute(select(Office.id).with_for_update())
    last = session.scalar(select(func.max(SchoolLetter.number)).where(SchoolLetter.year == today.year))
    row = SchoolLetter(
        plan_domain_id=domain.id,
        kind=new.kind,
        year=today.year,
        number=(last or 0) + 1,
        on_day=today,
        from_day=new.from_day,
        until=new.until,
        made_at=now,
        by_id=by.person_id,
    )
    row.school = seal(session, row, "school", new.school, key=key_of(session, resident.ref))
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.SCHOOL_LETTER_MADE, subject=resident.ref, purpose=new.kind)
    return row


def answer_letter(
    session: Session,
    *,
    letter: SchoolLetter,
    resident: Resident,
    answered_on: dt.date,
    today: dt.date,
    now: dt.datetime,
    by: Actor,
) -> None:
    """The school has answered. Raises `SchoolRefused`."""
    session.refresh(letter, with_for_update=True)
    if letter.withdrawn_at is not None:
        raise SchoolRefused(SchoolRefusal.WITHDRAWN)
    if answered_on > today:
        raise SchoolRefused(SchoolRefusal.IN_FUTURE)
    if answered_on < letter.on_day:
        raise SchoolRefused(SchoolRefusal.ANSWERED_EARLY)
    letter.answered_on = answered_on
    record(session, now=now, by=by, act=Act.SCHOOLING_NOTED, subject=resident.ref, purpose="letter answered")


def withdraw_letter(session: Session, *, letter: SchoolLetter, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """It was never sent. Its number stays used. Raises `SchoolRefused` when it was taken back before."""
    session.refresh(letter, with_for_update=True)
    if letter.withdrawn_at is not None:
        raise SchoolRefused(SchoolRefusal.WITHDRAWN)
    letter.withdrawn_at = now
    record(session, now=now, by=by, act=Act.SCHOOLING_NOTED, subject=resident.ref, purpose="letter withdrawn")


def bring_letter_back(
    session: Session, *, letter: SchoolLetter, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was taken back by mistake."""
    letter.withdrawn_at = None
    record(session, now=now, by=by, act=Act.SCHOOL_LETTER_MADE, subject=resident.ref, purpose=letter.kind)


def record_letter_printed(
    session: Session, *, letter: SchoolLetter, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """A sheet of paper with her name on it leaves this computer."""
    record(
        session,
        now=now,
        by=by,
        act=Act.PAPER_PRINTED,
        subject=resident.ref,
        fields=[f"school letter {letter.number}/{letter.year}"],
    )
