"""Examinations as whoever looks after a resident's health writes them down, through the real operations."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from safehouse.access.models import Discipline
from safehouse.demo.plan_book import PlanBook
from safehouse.services.choices import CareState, Facility, Funding, LimitAnswer, TreatmentKind, VisumKind
from safehouse.services.operations.health import (
    NewLimits,
    NewTreatment,
    NewVisum,
    Whose,
    note_limits,
    note_pregnancy,
    record_treatment,
    record_visum,
)


@dataclass
class HealthBook:
    """The health of a resident whose plan this is, kept by `who`."""

    book: PlanBook
    who: str

    def treated(
        self,
        kind: TreatmentKind,
        facility: Facility,
        *,
        cost: int = 0,
        funding: Funding = Funding.JKN,
        words: str = "",
        when: dt.datetime,
    ) -> None:
        today = self.book.stage.day(when)
        new = NewTreatment(kind, facility, CareState.DONE, today, words=words, cost=cost, funding=funding)
        record_treatment(new=new, **self._about(when))

    def agreed(self, kind: TreatmentKind, facility: Facility, on_day: dt.date, *, when: dt.datetime) -> None:
        record_treatment(new=NewTreatment(kind, facility, CareState.SCHEDULED, on_day), **self._about(when))

    def visum(self, *, letter_on: dt.date, cost: int, when: dt.datetime) -> None:
        """Made on the day it is written down."""
        new = NewVisum(
            VisumKind.PHYSICAL,
            Facility.HOSPITAL,
            CareState.DONE,
            letter_number="R/000/VER",
            letter_on=letter_on,
            on_day=self.book.stage.day(when),
            report_number="000/VER",
            cost=cost,
            funding=Funding.DAK_PPA,
        )
        record_visum(new=new, **self._about(when))

    def limits(self, event_at: dt.datetime, given_at: dt.datetime, *, when: dt.datetime) -> None:
        """One help was given in time, the other was not needed."""
        new = NewLimits(event_at, LimitAnswer.GIVEN, given_at, LimitAnswer.NOT_NEEDED)
        note_limits(new=new, **self._about(when))

    def expecting(self, expected: dt.date, *, when: dt.datetime) -> None:
        about = self._about(when)
        del about["domain"]
        note_pregnancy(expected=expected, **about)

    def _about(self, when: dt.datetime) -> dict[str, Any]:
        return {
            "session": self.book.stage.session,
            "domain": self.book.domain(Discipline.HEALTH),
            "whose": Whose(self.book.resident, self.book.placement, self.book.stage.zone),
            "now": when,
            "by": self.book.stage.by(self.who),
        }
