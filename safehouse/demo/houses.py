"""The two invented houses: eighteen beds and a cot, a room for every purpose."""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from safehouse.access.models import House
from safehouse.access.operations.houses import HouseSettings, keep_address, make_house
from safehouse.shelter.choices import BedKind, RoomPurpose
from safehouse.shelter.models import Bed, Room
from safehouse.shelter.operations.rooms import RoomFacts, add_beds, make_room
from safehouse.trail.models import Actor

BOYS_AGE, SEPARATION_AGE = 12, 10  # completed years


@dataclass(frozen=True, slots=True)
class Plan:
    label: str
    purpose: RoomPurpose
    beds: int
    cots: int = 0
    ground_floor: bool = False
    wheelchair: bool = False
    isolation: bool = False
    beside: tuple[str, ...] = ()  # rooms before it in the list, next door


@dataclass(frozen=True, slots=True)
class HousePlan:
    name: str
    stay_limit_days: int
    address: str
    rooms: tuple[Plan, ...]


HOUSES = (
    HousePlan(
        "Rumah Satu",
        14,
        "Jalan Contoh 1, Kota Contoh",
        (
            Plan("1", RoomPurpose.MOTHER_CHILD, beds=3),
            Plan("2", RoomPurpose.ADULT_WOMEN, beds=3, beside=("1",)),
            Plan("3", RoomPurpose.INFANTS, beds=2, cots=1, ground_floor=True),
            Plan("4", RoomPurpose.GIRLS, beds=2),
        ),
    ),
    HousePlan(
        "Rumah Dua",
        30,
        "Jalan Contoh 2, Kota Contoh",
        (
            Plan("1", RoomPurpose.ANY_FAMILY, beds=4, ground_floor=True, wheelchair=True),
            Plan("2", RoomPurpose.ADULT_WOMEN, beds=2),
            Plan("3", RoomPurpose.ISOLATION, beds=1, ground_floor=True, isolation=True),
            Plan("4", RoomPurpose.MOTHER_CHILD, beds=1, beside=("1",)),
        ),
    ),
)


@dataclass(slots=True)
class Built:
    """What was built, found by what is painted on the doors: `bed("Rumah Satu", "1", "A")`."""

    houses: list[House] = field(default_factory=list)
    beds: dict[tuple[str, str, str], Bed] = field(default_factory=dict)

    def house(self, name: str) -> House:
        return next(house for house in self.houses if house.name == name)

    def bed(self, house: str, room: str, label: str) -> Bed:
        return self.beds[house, room, label]


def build_houses(session: Session, *, time_zone: str, now: dt.datetime, by: Actor) -> Built:
    """Houses, rooms and beds, made by the manager as on the pages."""
    built = Built()
    for plan in HOUSES:
        settings = HouseSettings(
            name=plan.name,
            time_zone=time_zone,
            stay_limit_days=plan.stay_limit_days,
            boys_age=BOYS_AGE,
            separation_age=SEPARATION_AGE,
        )
        house = make_house(session, settings=settings, now=now, by=by)
        keep_address(session, house=house, address=plan.address, now=now, by=by)
        built.houses.append(house)
        rooms: dict[str, Room] = {}
        for room_plan in plan.rooms:
            rooms[room_plan.label] = _room(session, house, room_plan, rooms, built, now=now, by=by)
    return built


def _room(
    session: Session,
    house: House,
    plan: Plan,
    rooms: dict[str, Room],
    built: Built,
    *,
    now: dt.datetime,
    by: Actor,
) -> Room:
    facts = RoomFacts(
        label=plan.label,
        position=len(rooms) + 1,
        purpose=plan.purpose,
        ground_floor=plan.ground_floor,
        wheelchair=plan.wheelchair,
        isolation=plan.isolation,
        adjoining=frozenset(rooms[label].id for label in plan.beside),
    )
    room = make_room(session, house=house, facts=facts, now=now, by=by)
    for kind, count in ((BedKind.BED, plan.beds), (BedKind.COT, plan.cots)):
        for bed in add_beds(session, room=room, kind=kind, count=count, now=now, by=by):
            built.beds[house.name, room.label, bed.label] = bed
    return room
