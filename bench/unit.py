"""An invented unit to measure: what a real one looks like on a full evening, with the same rows on both engines.

Two small houses (18 beds, 15 people) for the board, two larger ones (48 beds, 40 people) for the list of residents,
and twenty of 30 beds each for the suggestion of beds.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from safehouse import schema
from safehouse.access.hashing import Hasher
from safehouse.access.models import (
    Account,
    AccountState,
    Clearance,
    Discipline,
    House,
    Level,
    Office,
)
from safehouse.access.operations.signing_in import start
from safehouse.access.permissions import Role
from safehouse.database import session_makers
from safehouse.residents.models import AliasUse, Assignment, Household, Resident, Sex
from safehouse.shelter.choices import (
    BedKind,
    LeaveKind,
    PlacementBasis,
    ReferralSource,
    ReferralState,
    RoomPurpose,
    Urgency,
)
from safehouse.shelter.models import (
    Bed,
    Closure,
    Hold,
    Leave,
    Placement,
    Referral,
    ReferralPerson,
    Room,
    Stay,
)
from safehouse.vault.keys import Vault
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import new_keys, seal

PASSWORD = "perahu kertas di sungai kecil"
ALIASES = (
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
    "Kutilang",
    "Prenjak",
    "Gelatik",
    "Cendrawasih",
    "Murai",
    "Pipit",
    "Jalak",
    "Manyar",
    "Melati",
    "Kenanga",
    "Cempaka",
    "Dahlia",
    "Seruni",
    "Anggrek",
    "Teratai",
    "Kamboja",
    "Flamboyan",
    "Tanjung",
    "Soka",
    "Kemuning",
)
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
# Beds of each room; the first three rooms of a small house are the demo's size.
SMALL_ROOMS, LARGE_ROOMS, MANY_ROOMS = (4, 3, 2), (4,) * 6, (5,) * 6
MANY_HOUSES = 20
ON_THE_LIST = 40
SIGNING_IN = 16


@dataclass(frozen=True, slots=True)
class Unit:
    """What measurements need to know. Tokens are those of real sign-in rows; `past_beds` are the ids of the 18 beds."""

    board_token: str
    list_token: str
    manager_token: str
    officer_token: str
    board_account: int
    list_account: int
    past_beds: tuple[int, ...]
    first_monday: dt.date
    large_houses: tuple[int, ...]
    many_houses: tuple[int, ...]
    residents: tuple[uuid.UUID, ...]
    usernames: tuple[str, ...]
    referral: uuid.UUID


def build(engine: Engine, vault: Vault, *, now: dt.datetime, hasher: Hasher, many_houses: int = MANY_HOUSES) -> Unit:
    """Bring an empty database to head and fill it."""
    schema.upgrade(engine)
    _reading, writing = session_makers(engine, vault=vault)
    with writing() as session:
        unit = _Builder(session, now).unit(vault, hasher.hash(PASSWORD), many_houses)
        session.commit()
    return unit


def resident_code(number: int) -> str:
    out = ""
    for _ in range(4):
        number, at = divmod(number, len(CODE_LETTERS))
        out = CODE_LETTERS[at] + out
    return out


def _signed_in(session: Session, account_id: int, now: dt.datetime) -> str:
    started = start(session, account_id=account_id, level=Level.FULL, device=None, now=now)
    started.sign_in.code_at = now
    return started.token


class _Builder:
    def __init__(self, session: Session, now: dt.datetime) -> None:
        self.session, self.now = session, now
        self.today = now.date()
        self.numbers = count(1)
        self.people: list[Resident] = []
        self.houses: list[House] = []

    def unit(self, vault: Vault, password: str, many_houses: int) -> Unit:
        session, now = self.session, self.now
        session.add(
            Office(title="Teduh", name="UPTD PPA Kabupaten Contoh", key_check=vault.check, idle_shared_minutes=60)
        )
        session.flush()
        small = [self.house(SMALL_ROOMS) for _ in range(2)]
        large = [self.house(LARGE_ROOMS) for _ in range(2)]
        many = [self.house(MANY_ROOMS) for _ in range(many_houses)]
        on_board = self.account("malam", Role.STAFF, small)
        on_list = self.account("siang", Role.STAFF, large)
        manager = self.account("kepala", Role.MANAGER, [*small, *large])
        officer = self.account("keamanan", Role.SECURITY_OFFICER, [])
        workers = [self.account(f"pendamping{at}", Role.CASEWORKER, []) for at in range(3)]
        self.small_houses(small, on_board)
        for house in large:
            for bed in self.beds(house)[: ON_THE_LIST // 2]:
                self.resident(bed, house)
        for house in many:
            for bed in self.beds(house)[::2]:
                self.resident(bed, house)
        listed = [one for one in self.people if one.house_id in {house.id for house in large}]
        for at, resident in enumerate(self.people[:60]):
            worker = workers[at % 3]
            session.add(
                Assignment(
                    resident_id=resident.id,
                    account_id=worker.id,
                    discipline=Discipline.SOCIAL_WORK,
                    coordinator=True,
                    since=now,
                )
            )
        self.away(listed[3], LeaveKind.COURT, hours=5)
        self.away(listed[17], LeaveKind.SCHOOL, hours=-3)
        sign_ins = [self.account(f"masuk{at}", Role.STAFF, []) for at in range(SIGNING_IN)]
        # One hash serves all of these accounts; each keeps it sealed with her own key.
        accounts = [on_board, on_list, manager, officer, *workers, *sign_ins]
        keys = new_keys(session, owner_kind=OwnerKind.ACCOUNT, owners=[one.ref for one in accounts])
        for account, key in zip(accounts, keys, strict=True):
            account.password = seal(session, account, "password", password, key=key)
        resident_keys = new_keys(session, owner_kind=OwnerKind.RESIDENT, owners=[one.ref for one in self.people])
        for resident, key in zip(self.people, resident_keys, strict=True):
            resident.name = seal(session, resident, "name", "Nama Yang Hanya Contoh", key=key)
        session.flush()
        monday = self.today - dt.timedelta(days=self.today.weekday())
        return Unit(
            *(_signed_in(session, one.id, now) for one in (on_board, on_list, manager, officer)),
            board_account=on_board.id,
            list_account=on_list.id,
            past_beds=tuple(bed.id for house in small for bed in self.beds(house) if bed.kind is BedKind.BED),
            first_monday=monday,
            large_houses=tuple(house.id for house in large),
            many_houses=tuple(house.id for house in many),
            residents=tuple(one.ref for one in listed),
            usernames=tuple(one.username for one in sign_ins),
            referral=self.referral,
        )

    def house(self, rooms: Sequence[int]) -> House:
        number = len(self.houses) + 1
        house = House(name=f"Rumah {number}", position=number)
        self.session.add(house)
        self.houses.append(house)
        self.session.flush()
        purposes = (RoomPurpose.MOTHER_CHILD, RoomPurpose.ADULT_WOMEN, RoomPurpose.INFANTS)
        for position, size in enumerate(rooms):
            room = Room(
                house_id=house.id,
                label=str(position + 1),
                position=position,
                purpose=purposes[position % 3],
                ground_floor=position < 2,
            )
            self.session.add(room)
            self.session.flush()
            self.session.add_all([Bed(room_id=room.id, label="ABCDEFGH"[at], kind=BedKind.BED) for at in range(size)])
        self.session.flush()
        return house

    def beds(self, house: House) -> list[Bed]:
        return self.session.query(Bed).join(Room).where(Room.house_id == house.id).order_by(Room.position, Bed.id).all()

    def account(self, username: str, role: Role, houses: Sequence[House]) -> Account:
        account = Account(
            username=username, role=role, state=AccountState.ACTIVE, shown_name=username.title(), made_at=self.now
        )
        self.session.add(account)
        self.session.flush()
        self.session.add_all([Clearance(account_id=account.id, house_id=house.id, since=self.now) for house in houses])
        return account

    def small_houses(self, houses: Sequence[House], by: Account) -> None:
        """Of everything the board can show, one: away, late, over the agreed stay, shared, over capacity, held, closed,
        and a bed that changed hands last week."""
        one, two = (self.beds(house) for house in houses)
        first, second = houses
        for bed in one[:7]:
            self.resident(bed, first)
        for bed in two[:6]:
            self.resident(bed, second)
        self.resident(one[0], first, sharing=True, months=20)
        mattress = Bed(room_id=one[0].room_id, label="Kasur +1", kind=BedKind.MATTRESS)
        self.session.add(mattress)
        self.session.flush()
        self.resident(mattress, first, months=100)
        self.away(self.people[2], LeaveKind.HOSPITAL, hours=20)
        self.away(self.people[9], LeaveKind.FAMILY, hours=-4)
        self.session.add(Closure(bed_id=two[7].id, first_day=self.today - dt.timedelta(days=3), reason="Atap bocor"))
        referral = Referral(
            number=1,
            source=ReferralSource.POLICE,
            urgency=Urgency.NOW,
            state=ReferralState.NEW,
            taken_at=self.now,
            taken_by_id=by.id,
        )
        self.session.add(referral)
        self.session.flush()
        self.referral = referral.ref
        self.session.add(ReferralPerson(referral_id=referral.id, position=0, sex=Sex.FEMALE, adult=True))
        self.session.add(
            Hold(
                bed_id=one[8].id,
                referral_id=referral.id,
                held_at=self.now,
                expires_at=self.now + dt.timedelta(hours=4),
            )
        )
        self.session.flush()

    def resident(self, bed: Bed, house: House, *, sharing: bool = False, months: int | None = None) -> None:
        number = next(self.numbers)
        # A third are children; arrivals are spread over a fortnight, so that some are past what was agreed.
        months = months if months is not None else 15 + 7 * number % 180 if number % 3 == 0 else None
        born = None if months is None else (self.today - dt.timedelta(days=months * 30.44)).replace(day=1)
        arrived = self.now - dt.timedelta(days=number % 15, hours=2)
        household = Household()
        self.session.add(household)
        self.session.flush()
        resident = Resident(
            household_id=household.id,
            code=resident_code(100_000 + number * 1009),
            alias=ALIASES[number % len(ALIASES)],
            sex=Sex.MALE if number % 6 == 0 else Sex.FEMALE,
            birth_month=born,
            birth_estimated=False,
            house_id=house.id,
        )
        self.session.add(resident)
        self.session.flush()
        placement = Placement(
            resident_id=resident.id,
            arrived_at=arrived,
            limit_days=14,
            planned_exit=arrived.date() + dt.timedelta(days=14),
            basis=PlacementBasis.DECIDED,
        )
        self.session.add(placement)
        self.session.flush()
        self.session.add_all(
            [
                Stay(
                    placement_id=placement.id,
                    resident_id=resident.id,
                    bed_id=bed.id,
                    started_at=arrived,
                    sharing=sharing,
                ),
                AliasUse(resident_id=resident.id, house_id=house.id, alias=resident.alias, since=arrived),
            ]
        )
        self.people.append(resident)

    def away(self, resident: Resident, kind: LeaveKind, *, hours: int) -> None:
        placement = self.session.query(Placement).filter_by(resident_id=resident.id).one()
        self.session.add(
            Leave(
                placement_id=placement.id,
                kind=kind,
                from_at=self.now - dt.timedelta(hours=8),
                due_back=self.now + dt.timedelta(hours=hours),
            )
        )
        self.session.flush()
