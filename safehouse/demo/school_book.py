"""How a child goes on learning, as whoever sees to it writes it down, through the real operations."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from safehouse.access.models import Discipline
from safehouse.demo.plan_book import PlanBook
from safehouse.services.choices import ExamState, LetterKind
from safehouse.services.models import SchoolLetter
from safehouse.services.operations.schooling import (
    NewLetter,
    NewSchooling,
    answer_letter,
    make_letter,
    note_exam,
    note_schooling,
    tell_week,
)
from safehouse.shelter.rules.tape import monday_of

SCHOOL = "SD Contoh 1"


@dataclass
class SchoolBook:
    """The schooling of a resident whose plan this is, kept by `who`."""

    book: PlanBook
    who: str
    letters: dict[LetterKind, SchoolLetter] = field(default_factory=dict)

    def learns(self, new: NewSchooling, *, when: dt.datetime) -> None:
        note_schooling(new=new, today=self.book.stage.day(when), **self._about(when))

    def letter(
        self,
        kind: LetterKind,
        school: str,
        *,
        from_day: dt.date | None = None,
        until: dt.date | None = None,
        when: dt.datetime,
    ) -> None:
        new = NewLetter(kind, school, from_day, until)
        self.letters[kind] = make_letter(new=new, today=self.book.stage.day(when), **self._about(when))

    def answered(self, kind: LetterKind, *, when: dt.datetime) -> None:
        today = self.book.stage.day(when)
        answer_letter(letter=self.letters[kind], answered_on=today, today=today, **self.book.about(self.who, when))

    def week(self, days: int, *, when: dt.datetime) -> None:
        """So many of five days of the week before this one."""
        monday = monday_of(self.book.stage.day(when)) - dt.timedelta(days=7)
        tell_week(monday=monday, days=days, of_days=5, **self._about(when))

    def exam(self, on_day: dt.date, words: str, *, when: dt.datetime) -> None:
        note_exam(on_day=on_day, words=words, state=ExamState.PLANNED, days=self.book.days(when), **self._about(when))

    def _about(self, when: dt.datetime) -> dict[str, Any]:
        return {"domain": self.book.domain(Discipline.EDUCATION), **self.book.about(self.who, when)}
