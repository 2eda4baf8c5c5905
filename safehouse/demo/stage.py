"""What every part of the story needs: the session, the houses, who works there, who lives there, and the day it is."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pyotp
from sqlalchemy.orm import Session

from safehouse.access.models import Account, CoSignature, House
from safehouse.access.models import Act as ActRow
from safehouse.access.operations.acts import begin_act
from safehouse.access.operations.co_signing import co_sign
from safehouse.demo.cast import actor
from safehouse.demo.houses import Built
from safehouse.residents.models import Household, Resident
from safehouse.shelter.models import Referral
from safehouse.trail.models import Actor

OUR_COMPUTER = b"the computer of the demo's office"[:32]


@dataclass
class Stage:
    """`now` is the moment the demo is made; everything lies before it. `secrets` are the second steps of the cast."""

    session: Session
    built: Built
    accounts: Mapping[str, Account]
    secrets: Mapping[str, str]
    now: dt.datetime
    zone: ZoneInfo
    families: dict[str, list[Resident]] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)

    def by(self, username: str) -> Actor:
        return actor(self.accounts[username])

    def day(self, when: dt.datetime) -> dt.date:
        return when.astimezone(self.zone).date()

    def at(self, days_ago: int, hour: int, minute: int = 0) -> dt.datetime:
        """A moment of a day before today, by the clock on the wall of the house."""
        day = self.day(self.now) - dt.timedelta(days=days_ago)
        return dt.datetime.combine(day, dt.time(hour, minute), self.zone).astimezone(dt.UTC)

    def eldest(self, alias: str) -> Resident:
        return self.families[alias][0]

    def household(self, alias: str) -> Household:
        return self.session.get_one(Household, self.eldest(alias).household_id)

    def act(self, kind: str, who: str, when: dt.datetime, subject: uuid.UUID | None = None) -> ActRow:
        return begin_act(self.session, key=uuid.uuid4(), kind=kind, now=when, by=self.by(who), subject=subject)

    def beside(self, act: ActRow, second: str, house: House, when: dt.datetime, *, who: str) -> CoSignature:
        """The second person types the code her phone showed at that moment."""
        return co_sign(
            self.session,
            act=act,
            username=second,
            typed=pyotp.TOTP(self.secrets[second]).at(when),
            house_id=house.id,
            device_token=None,
            source=OUR_COMPUTER,
            now=when,
            wall=when,
            by=self.by(who),
        )
