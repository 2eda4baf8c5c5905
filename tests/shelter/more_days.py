"""What the tests of more days share: a family in a seven-day house, who asks, who decides, and the fields of a page."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from safehouse.access.models import Discipline
from safehouse.access.permissions import Role
from safehouse.residents.models import Assignment, DangerLevel
from safehouse.residents.operations.danger import assess_danger
from safehouse.shelter.choices import ExtensionAnswer, ExtensionReason, OwnWish
from safehouse.shelter.models import Placement
from safehouse.shelter.operations.extending import (
    ExtensionRefused,
    Wanted,
    ask_extension,
    decide_extension,
    undo_decision,
)
from tests.office import actor

JAKARTA = ZoneInfo("Asia/Jakarta")
CALM = {f"danger_{one}": "no" for one in ("threat", "weapon", "worse", "knows_place", "phone_traced", "self_harm")}


class AtWork:
    """A seven-day house with a mother and her daughter in it, a caseworker who asks and managers who decide."""

    def __init__(self, make, session, clock):
        self.make, self.session, self.clock = make, session, clock
        self.house = make.house("Rumah Satu", stay_limit_days=7)
        self.room = make.room(self.house, "1", beds=4)
        self.beds = make.beds(self.room)
        household = make.household()
        self.household = household
        self.mother = make.resident(self.beds[0], household=household, alias="Kenari", arrived=clock.now, limit_days=7)
        self.daughter = make.resident(
            self.beds[1],
            household=household,
            alias="Randu",
            arrived=clock.now,
            limit_days=7,
            birth_month=dt.date(2016, 1, 1),
        )
        self.worker = make.account(
            Role.CASEWORKER, self.house, disciplines=(Discipline.SOCIAL_WORK,), shown_name="Maya"
        )
        for resident in (self.mother, self.daughter):
            make.saved(
                Assignment(
                    resident_id=resident.id,
                    account_id=self.worker.id,
                    discipline=Discipline.SOCIAL_WORK,
                    coordinator=True,
                    since=clock.now,
                )
            )
        self.manager = make.account(Role.MANAGER, self.house, shown_name="Hartati")

    @property
    def today(self):
        return self.clock.now.astimezone(JAKARTA).date()

    def day(self, n):
        """The local day n days from today."""
        return self.today + dt.timedelta(days=n)

    def danger(self, level=DangerLevel.MEDIUM):
        return assess_danger(
            self.session,
            household=self.household,
            level=level,
            grounds=["threat"],
            words=None,
            now=self.clock.now,
            by=actor(self.worker),
        )

    def ask(self, until, *residents, by=None, danger=None, way_home=None):
        rows = ask_extension(
            self.session,
            residents=residents or (self.mother, self.daughter),
            wanted=Wanted(until, ExtensionReason.LEGAL_PROCESS, OwnWish.STAY, "BAP pertama selesai", way_home),
            danger=danger or self.danger(),
            today=self.today,
            zone=JAKARTA,
            now=self.clock.now,
            by=actor(by or self.worker),
        )
        self.session.commit()
        return rows

    def decide(self, rows, answer=ExtensionAnswer.AS_ASKED, *, until=None, words=None, by=None):
        try:
            decided = decide_extension(
                self.session,
                approval_id=rows[0].approval_id,
                answer=answer,
                granted_until=until,
                words=words,
                today=self.today,
                zone=JAKARTA,
                now=self.clock.now,
                by=actor(by or self.manager),
            )
        except ExtensionRefused:
            self.session.rollback()
            raise
        self.session.commit()
        return decided

    def undo(self, rows, by=None):
        return undo_decision(
            self.session,
            approval_id=rows[0].approval_id,
            zone=JAKARTA,
            now=self.clock.now,
            by=actor(by or self.manager),
        )

    def placement(self, resident=None):
        self.session.expire_all()
        return self.session.scalars(
            select(Placement).where(Placement.resident_id == (resident or self.mother).id)
        ).one()

    def limits(self):
        """Limit and planned exit of both, in days from today."""
        return [
            (one.arrived_at.astimezone(JAKARTA).date() + dt.timedelta(days=one.limit_days), one.planned_exit)
            for one in (self.placement(self.mother), self.placement(self.daughter))
        ]


def refused(reason):
    return pytest.raises(ExtensionRefused, match=f"^{reason}$")


def boxes(day, name="until"):
    return {f"{name}-d": str(day.day), f"{name}-m": str(day.month), f"{name}-y": str(day.year)}


def typed(here, until, **more):
    return {
        "who": [str(here.mother.ref), str(here.daughter.ref)],
        "reason": "legal_process",
        "own_wish": "stay",
        "done": "BAP pertama selesai",
        **boxes(until),
        **CALM,
        **more,
    }


def url(resident):
    return f"/residents/{resident.ref}/extension"


def race(app, presses):
    gate, outcomes = threading.Barrier(len(presses)), []

    def run(press):
        with app.extensions["db_writing"]() as own:
            gate.wait()
            try:
                press(own)
                own.commit()
                outcomes.append("done")
            except ExtensionRefused as refusal:
                own.rollback()
                outcomes.append(refusal.reason)

    threads = [threading.Thread(target=run, args=(press,)) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
