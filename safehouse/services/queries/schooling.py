"""School, as far as it is known. Nothing sealed is opened.

The view has found the resident inside `seen_by` before it asks here.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Discipline
from safehouse.services.choices import ExamState, LetterKind, SchoolLevel, SchoolWay
from safehouse.services.models import Exam, PlanDomain, Schooling, SchoolLetter, SchoolWeek


def newest_schooling(session: Session, domain_id: int) -> Schooling | None:
    """How she learns now."""
    return session.scalar(
        select(Schooling)
        .where(Schooling.plan_domain_id == domain_id)
        .order_by(Schooling.at.desc(), Schooling.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class NamedSchools:
    """The newest rows in which a name stands, closed: a name that was not written again still counts."""

    last: Schooling | None
    new: Schooling | None


def named_schools(session: Session, domain_id: int) -> NamedSchools:
    newest = (
        select(Schooling)
        .where(Schooling.plan_domain_id == domain_id)
        .order_by(Schooling.at.desc(), Schooling.id.desc())
        .limit(1)
    )
    return NamedSchools(
        session.scalar(newest.where(Schooling.last_school.is_not(None))),
        session.scalar(newest.where(Schooling.new_school.is_not(None))),
    )


@dataclass(frozen=True, slots=True)
class WeekLine:
    monday: dt.date
    days: int
    of_days: int
    who: str


def _weeks(session: Session, domain_id: int, *, begin: dt.date | None, until: dt.date | None) -> list[WeekLine]:
    wanted = (
        select(SchoolWeek.monday, SchoolWeek.days, SchoolWeek.of_days, Account.shown_name)
        .join(Account, Account.id == SchoolWeek.by_id)
        .where(SchoolWeek.plan_domain_id == domain_id)
    )
    if begin is not None:
        wanted = wanted.where(SchoolWeek.monday >= begin)
    if until is not None:
        wanted = wanted.where(SchoolWeek.monday <= until)
    return [WeekLine(*row) for row in session.execute(wanted.order_by(SchoolWeek.monday.desc()))]


def weeks_of(session: Session, domain_id: int, *, since: dt.date) -> list[WeekLine]:
    """The weeks that were told, the newest first."""
    return _weeks(session, domain_id, begin=since, until=None)


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter to a school; to which one stays closed."""

    ref: uuid.UUID
    kind: LetterKind
    number: int
    on_day: dt.date
    from_day: dt.date | None
    until: dt.date | None
    answered_on: dt.date | None
    withdrawn: bool


def letters_of(session: Session, domain_id: int, *, withdrawn: bool = False) -> list[LetterLine]:
    """The letters of a domain, the newest first; those that were taken back only for whoever keeps it."""
    wanted = select(
        SchoolLetter.ref,
        SchoolLetter.kind,
        SchoolLetter.number,
        SchoolLetter.on_day,
        SchoolLetter.from_day,
        SchoolLetter.until,
        SchoolLetter.answered_on,
        SchoolLetter.withdrawn_at.is_not(None).label("withdrawn"),
    ).where(SchoolLetter.plan_domain_id == domain_id)
    if not withdrawn:
        wanted = wanted.where(SchoolLetter.withdrawn_at.is_(None))
    return [
        LetterLine(*row) for row in session.execute(wanted.order_by(SchoolLetter.on_day.desc(), SchoolLetter.id.desc()))
    ]


def letter_rows(session: Session, domain_id: int) -> Sequence[SchoolLetter]:
    """The letters that count themselves, for whoever opens to which school they went."""
    return session.scalars(
        select(SchoolLetter)
        .where(SchoolLetter.plan_domain_id == domain_id, SchoolLetter.withdrawn_at.is_(None))
        .order_by(SchoolLetter.on_day.desc(), SchoolLetter.id.desc())
    ).all()


def exams_of(session: Session, domain_id: int) -> Sequence[Exam]:
    """The examinations of a domain, the newest first; what they are called stays closed."""
    return session.scalars(
        select(Exam).where(Exam.plan_domain_id == domain_id).order_by(Exam.on_day.desc(), Exam.id.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class SchoolBetween:
    """What a review says of school: how she learns, days learned of days there were, letters, examinations."""

    level: SchoolLevel | None
    way: SchoolWay | None
    weeks: tuple[WeekLine, ...]
    letters: tuple[LetterLine, ...]
    exams: tuple[tuple[dt.date, ExamState], ...]

    @property
    def days(self) -> int:
        return sum(one.days for one in self.weeks)

    @property
    def of_days(self) -> int:
        return sum(one.of_days for one in self.weeks)


def school_between(session: Session, plan_id: int, *, begin: dt.date, until: dt.date) -> SchoolBetween | None:
    """School from a day to a day, both among them, in five statements; None where the plan has no such domain. A week
    belongs to the day it begins on; how she learns is what counts now."""
    domain_id = session.scalar(
        select(PlanDomain.id).where(PlanDomain.plan_id == plan_id, PlanDomain.domain == Discipline.EDUCATION)
    )
    if domain_id is None:
        return None
    schooling = newest_schooling(session, domain_id)
    return SchoolBetween(
        schooling.level if schooling else None,
        schooling.way if schooling else None,
        tuple(reversed(_weeks(session, domain_id, begin=begin, until=until))),
        tuple(one for one in reversed(letters_of(session, domain_id)) if begin <= one.on_day <= until),
        tuple(
            (one.on_day, one.state) for one in reversed(exams_of(session, domain_id)) if begin <= one.on_day <= until
        ),
    )
