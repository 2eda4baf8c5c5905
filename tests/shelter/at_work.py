"""What the tests of those who live here share: a house, somebody at work in it, and a mother with her child."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from safehouse.access.operations.acts import begin_act
from safehouse.access.permissions import Role
from safehouse.residents.models import Sex
from safehouse.shelter.choices import Destination, LeaveKind
from safehouse.shelter.models import Placement, Stay
from safehouse.shelter.operations.leaving import end_leave, start_leave
from safehouse.shelter.operations.moving import (
    DEPARTURE,
    MOVE,
    StayRefused,
    depart,
    move,
    plan_exit,
    undo_departure,
    undo_move,
)
from safehouse.shelter.queries.stays import household_here
from safehouse.shelter.rules.reasons import ReasonCode, met
from tests.office import actor

JAKARTA = ZoneInfo("Asia/Jakarta")
FINE = (met(ReasonCode.PURPOSE_FITS, purpose="adult_women"),)
HOUR = dt.timedelta(hours=1)
SMALL = dt.date(2025, 1, 1)


class AtWork:
    """A house, and somebody who does things in it."""

    def __init__(self, make, session, clock):
        self.make, self.session, self.clock = make, session, clock
        self.house = make.house("Rumah Satu")
        self.by = actor(make.account(Role.MANAGER, self.house))

    def beds(self, count=3, **more):
        return self.make.beds(self.make.room(more.pop("house", self.house), beds=count, **more))

    def act(self, kind=MOVE, subject=None):
        return begin_act(
            self.session,
            key=uuid.uuid4(),
            kind=kind,
            now=self.clock.now,
            by=self.by,
            undoable=True,
            subject=subject.ref if subject else None,
        )

    def move(self, resident, bed, *, at=None, reasons=FINE, override=None):
        act = self.act(subject=resident)
        move(
            self.session,
            resident=resident,
            bed=bed,
            reasons=reasons,
            act=act,
            moved_at=at or self.clock.now,
            now=self.clock.now,
            by=self.by,
            override=override,
        )
        self.session.flush()
        return act

    def undo_move(self, resident, act):
        undo_move(self.session, resident=resident, act=act, now=self.clock.now, by=self.by)

    def leave(self, *residents, since=None, hours=20, kind=LeaveKind.HOSPITAL):
        since = since or self.clock.now
        start_leave(
            self.session,
            residents=residents,
            kind=kind,
            from_at=since,
            due_back=since + hours * HOUR,
            now=self.clock.now,
            by=self.by,
        )

    def back(self, resident, at=None):
        end_leave(self.session, resident=resident, back_at=at or self.clock.now, now=self.clock.now, by=self.by)

    def depart(self, *residents, at=None):
        act = self.act(DEPARTURE)
        depart(
            self.session,
            residents=residents,
            at=at or self.clock.now,
            place_kind=Destination.OWN_FAMILY,
            now=self.clock.now,
            by=self.by,
            act=act,
        )
        return act

    def undo_departure(self, act):
        return undo_departure(self.session, act=act, now=self.clock.now, by=self.by)

    def plan(self, *residents, day):
        plan_exit(
            self.session,
            residents=residents,
            day=day,
            today=self.clock.now.astimezone(JAKARTA).date(),
            zone=JAKARTA,
            now=self.clock.now,
            by=self.by,
        )

    def placement(self, resident):
        return self.session.scalars(
            select(Placement).where(Placement.resident_id == resident.id).order_by(Placement.id.desc())
        ).first()

    def living(self, *residents):
        """As the pages see those who live here."""
        found = [
            one
            for household in {resident.household_id for resident in residents}
            for one in household_here(
                self.session,
                household_id=household,
                account_id=self.by.account_id,
                role=Role.MANAGER,
                now=self.clock.now,
            )
        ]
        return [one for resident in residents for one in found if one.id == resident.id]

    def stay(self, resident):
        return self.session.scalar(select(Stay).where(Stay.resident_id == resident.id, Stay.ended_at.is_(None)))


def refused(reason):
    return pytest.raises(StayRefused, match=reason)


def mother_and_child(here, bed, **more):
    household = here.make.household()
    mother = here.make.resident(bed, household=household, **more)
    child = here.make.resident(bed, household=household, sex=Sex.MALE, birth_month=SMALL, sharing=True, **more)
    return mother, child
