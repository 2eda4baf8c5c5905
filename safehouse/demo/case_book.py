"""A matter of law as its legal companion keeps it, through the real operations."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from safehouse.demo.plan_book import PlanBook
from safehouse.residents.models import Matter, ReportedPerson, Side
from safehouse.residents.operations.matters import open_matter, tell_police
from safehouse.services.choices import Accompanied, NoticeCode, ProtectionKind, Track
from safehouse.services.models import LegalProcess, ProtectionOrder
from safehouse.services.operations.law import (
    About,
    NewOrder,
    NewStage,
    note_notice,
    open_way,
    record_order,
    record_stage,
)
from safehouse.services.queries.law import listed_stages
from safehouse.services.rules.law import code_for


@dataclass
class CaseBook:
    """The matter of a resident whose plan this is, kept by `who`."""

    book: PlanBook
    who: str
    matter: Matter = field(init=False)
    ways: dict[Track, LegalProcess] = field(default_factory=dict)
    orders: list[ProtectionOrder] = field(default_factory=list)

    def open(self, *, sexual_violence: bool, told_us: dt.datetime, when: dt.datetime) -> None:
        """She told it at that moment; whoever her family named stands on the other side."""
        session, household = self.book.stage.session, self.book.stage.household(self.book.family)
        reported = session.scalars(select(ReportedPerson.id).where(ReportedPerson.household_id == household.id))
        self.matter = open_matter(
            session,
            household=household,
            sides={self.book.resident.id: Side.VICTIM},
            reported=dict.fromkeys(reported, Side.REPORTED),
            sexual_violence=sexual_violence,
            child_offender=False,
            victim_reported_at=told_us,
            now=when,
            by=self.book.stage.by(self.who),
        )

    def tell_police(self, told_at: dt.datetime, *, when: dt.datetime) -> None:
        tell_police(
            self.book.stage.session,
            matter=self.matter,
            told_at=told_at,
            number=f"LP/B/000/{told_at.year}",
            now=when,
            by=self.book.stage.by(self.who),
        )

    def way(self, track: Track, *, when: dt.datetime) -> None:
        code = code_for(self.book.stage.day(when)) if track is Track.CRIMINAL else None
        self.ways[track] = open_way(about=self._about(when), track=track, code=code, **self._written(when))

    def stage(
        self, track: Track, key: str, *, number: str = "", amount: int | None = None, words: str = "", when: dt.datetime
    ) -> None:
        """The letter came on the day it is written down."""
        process = self.ways[track]
        stages = listed_stages(self.book.stage.session, [track], code=process.procedural_code)
        new = NewStage(
            next(one for one in stages if one.key == key),
            self.book.stage.day(when),
            number=number or None,
            accompanied=Accompanied.WORKER,
            amount=amount,
            words=words or None,
        )
        record_stage(about=self._about(when), process=process, new=new, **self._written(when))

    def notice(self, code: NoticeCode, *, when: dt.datetime) -> None:
        note_notice(
            about=self._about(when),
            code=code,
            on_day=self.book.stage.day(when),
            number=f"B/000/{code.upper()}",
            **self._written(when),
        )

    def order(self, kind: ProtectionKind, days: int, *, renews: bool = False, when: dt.datetime) -> None:
        """For so many days from now; `renews` the one before."""
        today = self.book.stage.day(when)
        new = NewOrder(kind, today, today + dt.timedelta(days=days), given_at=when, number="000/PL")
        earlier = self.orders[-1] if renews else None
        self.orders.append(record_order(about=self._about(when), new=new, renews=earlier, **self._written(when)))

    def _about(self, when: dt.datetime) -> About:
        return About(self.book.resident, self.matter, self.book.stage.day(when))

    def _written(self, when: dt.datetime) -> dict[str, Any]:
        return {"session": self.book.stage.session, "now": when, "by": self.book.stage.by(self.who)}
