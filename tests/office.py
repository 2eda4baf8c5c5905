"""An invented office for tests: real rows made by small factories, real passwords, real codes.

Nothing here stands in for our own code; only the clock is a stand-in.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.hashing import Hasher
from safehouse.access.models import (
    Account,
    AccountDiscipline,
    AccountState,
    Clearance,
    Discipline,
    House,
    Office,
    Totp,
)
from safehouse.access.permissions import Role
from safehouse.residents.models import AliasUse, Household, Resident, Sex
from safehouse.shelter.choices import (
    BedKind,
    Need,
    PlacementBasis,
    ReferralSource,
    ReferralState,
    RoomPurpose,
    Urgency,
)
from safehouse.shelter.models import Bed, Placement, Referral, ReferralNeed, ReferralPerson, Room, Stay
from safehouse.trail.models import Actor, ActorKind
from safehouse.vault.keys import Vault
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import new_key, seal

# A Saturday night, 21 November 2026, 23.40 in Jakarta.
NOW = dt.datetime(2026, 11, 21, 16, 40, tzinfo=dt.UTC)
PASSWORD = "kapal kecil menyeberang pelan"
CHEAP = Hasher(memory_kib=64, passes=1, at_once=2)
_HASH = CHEAP.hash(PASSWORD)
TREES = (
    "Kenari",
    "Merbau",
    "Ulin",
    "Damar",
    "Sengon",
    "Jati",
    "Meranti",
    "Randu",
    "Gaharu",
    "Trembesi",
    "Mahoni",
    "Pinus",
    "Sawo",
    "Waru",
    "Pulai",
    "Kemiri",
    "Ketapang",
    "Bungur",
    "Matoa",
    "Rasamala",
)


class Clock:
    """The only stand-in: a clock that stands still until a test moves it."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **span: float) -> dt.datetime:
        self.now += dt.timedelta(**span)
        return self.now


@dataclass
class Make:
    """Makes rows and commits them. One counter keeps names apart."""

    session: Session
    clock: Clock
    counter: int = 0
    secrets: dict[int, str] = field(default_factory=dict)

    def next(self) -> int:
        self.counter += 1
        return self.counter

    def saved(self, thing):
        self.session.add(thing)
        self.session.commit()
        return thing

    def office(self, **more) -> Office:
        vault: Vault = self.session.info["vault"]
        found = self.session.scalar(select(Office))
        return found or self.saved(
            Office(title="Teduh", name="UPTD PPA Kabupaten Contoh", key_check=vault.check, **more)
        )

    def house(self, name: str | None = None, **more) -> House:
        n = self.next()
        house = House(name=name or f"Rumah {n}", position=n, **more)
        self.session.add(house)
        self.session.flush()
        new_key(self.session, owner_kind=OwnerKind.HOUSE, owner=house.ref)
        self.session.commit()
        return house

    def account(
        self,
        role: Role | None = Role.STAFF,
        *houses: House,
        username: str | None = None,
        factor: bool = True,
        disciplines: tuple[Discipline, ...] = (),
        **more,
    ) -> Account:
        n = self.next()
        state = more.pop("state", AccountState.ACTIVE)
        account = Account(
            username=username or f"orang{n}",
            role=role,
            state=state,
            shown_name=more.pop("shown_name", f"Orang {n}"),
            made_at=self.clock.now,
            **more,
        )
        self.session.add(account)
        self.session.flush()
        key = new_key(self.session, owner_kind=OwnerKind.ACCOUNT, owner=account.ref)
        account.password = seal(self.session, account, "password", _HASH, key=key)
        if factor:
            secret = pyotp.random_base32(32)
            totp = Totp(account_id=account.id, last_step=0, confirmed_at=self.clock.now)
            totp.secret = seal(self.session, totp, "secret", secret, key=key)
            self.session.add(totp)
            self.secrets[account.id] = secret
        for house in houses:
            self.session.add(Clearance(account_id=account.id, house_id=house.id, since=self.clock.now))
        for discipline in disciplines:
            self.session.add(AccountDiscipline(account_id=account.id, discipline=discipline))
        self.session.commit()
        return account

    def code(self, account: Account, *, steps: int = 0) -> str:
        """The code her phone shows now, or some steps of 30 seconds away."""
        return pyotp.TOTP(self.secrets[account.id]).at(self.clock.now, counter_offset=steps)

    def room(
        self,
        house: House,
        label: str | None = None,
        purpose: RoomPurpose = RoomPurpose.ADULT_WOMEN,
        beds: int = 0,
        cots: int = 0,
        **more,
    ) -> Room:
        n = self.next()
        room = Room(house_id=house.id, label=label or str(n), position=n, purpose=purpose, **more)
        self.session.add(room)
        self.session.flush()
        for at in range(beds):
            self.session.add(Bed(room_id=room.id, label="ABCDEFGHIJ"[at], kind=BedKind.BED))
        for at in range(cots):
            self.session.add(Bed(room_id=room.id, label=f"Boks {at + 1}", kind=BedKind.COT))
        self.session.commit()
        return room

    def beds(self, room: Room) -> list[Bed]:
        return list(self.session.scalars(select(Bed).where(Bed.room_id == room.id).order_by(Bed.id)))

    def household(self) -> Household:
        household = Household()
        self.session.add(household)
        self.session.flush()
        new_key(self.session, owner_kind=OwnerKind.HOUSEHOLD, owner=household.ref)
        self.session.commit()
        return household

    def resident(
        self,
        bed: Bed | None = None,
        *,
        household: Household | None = None,
        sex: Sex = Sex.FEMALE,
        alias: str | None = None,
        arrived: dt.datetime | None = None,
        limit_days: int = 14,
        sharing: bool = False,
        **more,
    ) -> Resident:
        """A resident; with a bed, one who lives in it since `arrived` (an hour ago unless told)."""
        n = self.next()
        arrived = arrived or self.clock.now - dt.timedelta(hours=1)
        house = bed.room.house if bed else None
        resident = Resident(
            household_id=(household or self.household()).id,
            code=_code(n),
            sex=sex,
            alias=alias or TREES[n % len(TREES)],
            birth_estimated=False,
            house_id=more.pop("house_id", house.id if house else None),
            **more,
        )
        self.session.add(resident)
        self.session.flush()
        new_key(self.session, owner_kind=OwnerKind.RESIDENT, owner=resident.ref)
        if bed and house:
            placement = Placement(
                resident_id=resident.id,
                arrived_at=arrived,
                limit_days=limit_days,
                planned_exit=arrived.date() + dt.timedelta(days=limit_days),
                basis=PlacementBasis.DECIDED,
            )
            self.session.add(placement)
            self.session.flush()
            self.session.add(
                Stay(
                    placement_id=placement.id,
                    resident_id=resident.id,
                    bed_id=bed.id,
                    started_at=arrived,
                    sharing=sharing,
                )
            )
            self.session.add(AliasUse(resident_id=resident.id, house_id=house.id, alias=resident.alias, since=arrived))
        self.session.commit()
        return resident

    def referral(
        self,
        *children: tuple[Sex, int],
        women: int = 1,
        needs: tuple[Need, ...] = (),
        source: ReferralSource = ReferralSource.POLICE,
        by: Account | None = None,
        **more,
    ) -> Referral:
        """A family that asks for shelter: some women, and children as (sex, age in months)."""
        n = self.next()
        by = by or self.account()
        referral = Referral(
            number=n,
            source=source,
            urgency=more.pop("urgency", Urgency.NOW),
            state=more.pop("state", ReferralState.NEW),
            taken_at=self.clock.now,
            taken_by_id=by.id,
            **more,
        )
        self.session.add(referral)
        self.session.flush()
        new_key(self.session, owner_kind=OwnerKind.REFERRAL, owner=referral.ref)
        people = [(Sex.FEMALE, None)] * women + list(children)
        for position, (sex, months) in enumerate(people):
            self.session.add(
                ReferralPerson(
                    referral_id=referral.id, position=position, sex=sex, adult=months is None, age_months=months
                )
            )
        for need in needs:
            self.session.add(ReferralNeed(referral_id=referral.id, need=need))
        self.session.commit()
        return referral


def actor(account: Account) -> Actor:
    return Actor(ActorKind.ACCOUNT, account.id, account.ref, uuid.uuid4())


def _code(n: int) -> str:
    letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
    out = ""
    for _ in range(4):
        n, at = divmod(n, len(letters))
        out = letters[at] + out
    return out
