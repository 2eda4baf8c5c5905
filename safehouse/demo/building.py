"""Making the demo's office, once, or finding it as it was left."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from safehouse import schema
from safehouse.access.hashing import Hasher
from safehouse.access.models import Account, House, Office
from safehouse.database import make_engine, session_makers
from safehouse.demo.cast import CAST, DemoAccount, Part, actor, hashed_passwords, sign_up, write_accounts
from safehouse.demo.houses import build_houses
from safehouse.demo.stage import Stage
from safehouse.demo.story import Story
from safehouse.founding import NewOffice, make_office
from safehouse.settings import Settings
from safehouse.starting import (
    CannotStart,
    OpenOffice,
    StartFault,
    database_file,
    find_root_key,
    open_office,
    opens_with,
)
from safehouse.vault.keys import CLEAR_NAME, WRAPPED_NAME, Vault, new_root_key, write_clear

OFFICE = NewOffice(
    name="UPTD PPA Kabupaten Contoh",
    title="Teduh",
    time_zone="Asia/Jakarta",
    security_officer="bayu",
    manager="hartati",
)
BEGAN_DAYS_AGO = 180


class Occupied(StrEnum):
    """Why no demo is made in this folder."""

    REAL_OFFICE = "real_office"
    KEY_GONE = "key_gone"


class NotForDemo(Exception):
    """The folder holds something else. It was not touched."""

    def __init__(self, reason: Occupied) -> None:
        super().__init__(reason)
        self.reason = reason


def open_demo(folder: Path, settings: Settings, *, now: dt.datetime) -> tuple[OpenOffice, bool]:
    """(the demo of this folder, whether it was made just now). A demo that was broken off while it was made is made
    again. Raises `NotForDemo` and `CannotStart`."""
    settings = replace(settings, data_folder=folder, database_url=None)
    if (folder / WRAPPED_NAME).exists():
        raise NotForDemo(Occupied.REAL_OFFICE)
    if not (folder / CLEAR_NAME).exists():
        if (path := database_file(settings)) and path.exists():
            raise NotForDemo(Occupied.KEY_GONE)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_clear(folder, new_root_key())
    made = _is_unfinished(settings)
    if made:
        _build(settings, now=now)
    office = open_office(settings, lambda: "", at_head=False)
    schema.upgrade(office.engine)
    return office, made


def build_demo(
    session: Session, *, vault: Vault, passwords: dict[str, tuple[str, str]], now: dt.datetime
) -> list[DemoAccount]:
    """The whole invented office in the caller's transaction."""
    began = now - dt.timedelta(days=BEGAN_DAYS_AGO)
    make_office(session, OFFICE, vault=vault, now=began, demo=True)
    accounts, told = {}, {}

    def join(part: Part, houses: Sequence[House]) -> Account:
        account, told[part.username] = sign_up(
            session,
            part,
            house_ids=[houses[at].id for at in part.houses if houses],
            password=passwords[part.username],
            now=began,
        )
        accounts[part.username] = account
        return account

    # The head came first and made the houses.
    head = join(next(part for part in CAST if part.is_head), ())
    built = build_houses(session, time_zone=OFFICE.time_zone, now=began, by=actor(head))
    for part in CAST:
        if part.username not in accounts:
            join(part, built.houses)
    secrets = {username: one.totp_secret for username, one in told.items()}
    Story(Stage(session, built, accounts, secrets, now, ZoneInfo(OFFICE.time_zone))).tell()
    return [told[part.username] for part in CAST]


def _is_unfinished(settings: Settings) -> bool:
    """Nothing there yet, or the program was stopped before the demo was complete."""
    root, _clear = find_root_key(settings.data_folder, lambda: "")
    path = database_file(settings)
    if path is None or not path.exists() or path.stat().st_size == 0:
        return True
    if not opens_with(path, Vault(root).file_key):
        raise CannotStart(StartFault.WRONG_KEY)
    engine = make_engine(settings.database, file_key=Vault(root).file_key)
    try:
        with engine.connect() as connection:
            return (
                not inspect(connection).has_table(Office.__tablename__) or connection.scalar(select(Office.id)) is None
            )
    finally:
        engine.dispose()


def _build(settings: Settings, *, now: dt.datetime) -> None:
    root, _clear = find_root_key(settings.data_folder, lambda: "")
    vault = Vault(root)
    passwords = hashed_passwords(Hasher(settings.password_memory_kib, settings.password_passes, settings.hashers))
    engine = make_engine(settings.database, file_key=vault.file_key)
    try:
        schema.upgrade(engine)
        _reading, writing = session_makers(engine, vault=vault)
        with writing() as session:
            accounts = build_demo(session, vault=vault, passwords=passwords, now=now)
            # Before the commit: an office without its accounts would be a house nobody can enter.
            write_accounts(settings.data_folder, accounts)
            session.commit()
    finally:
        engine.dispose()
