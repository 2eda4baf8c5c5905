"""Houses: making, changing, closing; and the address, sealed with the house's own location key."""

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from safehouse.access.models import Clearance, House
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import key_of, new_key, seal


class AddressPurpose(StrEnum):
    """What a house's address may be opened for."""

    TRANSPORT = "transport"
    EMERGENCY_SERVICES = "emergency_services"
    OFFICIAL_LETTER = "official_letter"
    OTHER_DUTY = "other_duty"


class NameTaken(Exception):
    """Another house of the unit has this name, open or closed, in whatever mix of capitals."""


class NoAddress(Exception):
    """Nobody has written an address for this house yet."""


@dataclass(frozen=True, slots=True)
class HouseSettings:
    """What may differ from house to house. `time_zone` is an IANA name; ages are completed years."""

    name: str
    time_zone: str
    stay_limit_days: int
    boys_age: int
    separation_age: int


def make_house(session: Session, *, settings: HouseSettings, now: dt.datetime, by: Actor) -> House:
    """A new house, last in the unit's order, with a location key of its own.

    Whoever makes it is cleared for it at once: otherwise nobody could enter it to add the rooms. Raises `NameTaken`.
    """
    last = session.scalar(select(func.max(House.position))) or 0
    house = House(**asdict(settings), position=last + 1)
    _refuse_taken_name(session, settings.name, but=None)
    try:
        with session.begin_nested():
            session.add(house)
    except IntegrityError as clash:
        raise NameTaken from clash
    new_key(session, owner_kind=OwnerKind.HOUSE, owner=house.ref)
    session.add(Clearance(account_id=by.account_id, house_id=house.id, since=now))
    record(session, now=now, by=by, act=Act.HOUSE_MADE, subject=house.ref)
    record(
        session,
        now=now,
        by=by,
        act=Act.CLEARANCE_CHANGED,
        subject=by.account_ref,
        subjects=(house.ref,),
        purpose="made the house",
    )
    return house


def change_house(session: Session, *, house: House, settings: HouseSettings, now: dt.datetime, by: Actor) -> None:
    """Give the house these settings. Stays that run keep the limit they came with. Raises `NameTaken`."""
    changed = [name for name, value in asdict(settings).items() if getattr(house, name) != value]
    if not changed:
        return
    _refuse_taken_name(session, settings.name, but=house.id)
    try:
        with session.begin_nested():
            for name in changed:
                setattr(house, name, getattr(settings, name))
    except IntegrityError as clash:
        raise NameTaken from clash
    record(session, now=now, by=by, act=Act.HOUSE_CHANGED, subject=house.ref, fields=changed)


def close_house(session: Session, *, house: House, now: dt.datetime, by: Actor) -> None:
    """Out of use from now on; its history stays. The caller has seen that nobody lives in it."""
    house.closed_at = now
    record(session, now=now, by=by, act=Act.HOUSE_CLOSED, subject=house.ref)


def reopen_house(session: Session, *, house: House, now: dt.datetime, by: Actor) -> None:
    """In use again, with the rooms and beds it had."""
    house.closed_at = None
    record(session, now=now, by=by, act=Act.HOUSE_CHANGED, subject=house.ref, fields=("closed_at",))


def keep_address(session: Session, *, house: House, address: str, now: dt.datetime, by: Actor) -> None:
    """Seal the address. Whatever was written before is gone; neither is opened for this."""
    house.address = seal(session, house, "address", address, key=key_of(session, house.ref))
    record(session, now=now, by=by, act=Act.HOUSE_CHANGED, subject=house.ref, fields=("address",))


def open_address(session: Session, *, house: House, purpose: AddressPurpose, now: dt.datetime, by: Actor) -> str:
    """The address in clear. The caller commits before showing it: what was not recorded was not read.

    Raises `NoAddress`, and what `open_values` raises.
    """
    if house.address is None:
        raise NoAddress
    (address,) = open_values(session, now=now, by=by, purpose=purpose, wanted=[Sealed(house, "address", house.ref)])
    return address


def _refuse_taken_name(session: Session, name: str, *, but: int | None) -> None:
    """The table tells the same letters from each other; a person does not tell "rumah dua" from "Rumah Dua"."""
    for house_id, taken in session.execute(select(House.id, House.name)):
        if house_id != but and taken.casefold() == name.casefold():
            raise NameTaken
