"""Making an office: its key, its database, its first two people."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.orm import Session

from safehouse import schema
from safehouse.access.models import ActivationKind, Office
from safehouse.access.operations.accounts import make_account
from safehouse.access.operations.enrolling import issue_activation
from safehouse.access.permissions import Role
from safehouse.database import make_engine, session_makers
from safehouse.settings import Settings
from safehouse.starting import database_file
from safehouse.trail.acts import Act
from safehouse.trail.models import SYSTEM
from safehouse.trail.operations import record
from safehouse.vault.keys import CLEAR_NAME, WRAPPED_NAME, Vault, new_root_key, write_wrapped
from safehouse.vault.models import OwnerKind
from safehouse.vault.operations import new_key


class AlreadyThere(Exception):
    """The folder holds a key or database, or the database an office. It was not touched."""


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What `safehouse init` asks. The two user names belong to different people."""

    name: str
    title: str
    time_zone: str
    security_officer: str
    manager: str


def found_office(settings: Settings, new: NewOffice, *, passphrase: str, now: dt.datetime) -> dict[str, str]:
    """Make the office and return the activation code of each of the two accounts.

    Raises `AlreadyThere`. When it fails half-way, the files it made are gone again.
    """
    if is_taken(settings):
        raise AlreadyThere
    folder = settings.data_folder
    ours = _ours(settings)
    vault = Vault(new_root_key())
    engine = make_engine(settings.database, file_key=vault.file_key)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The key is on the disk before anything that only it can open. Of two who try at once, one writes it.
    try:
        write_wrapped(folder, vault.root, passphrase)
    except FileExistsError:
        raise AlreadyThere from None
    _reading, writing = session_makers(engine, vault=vault)
    try:
        schema.upgrade(engine)
        with writing() as session:
            make_office(session, new, vault=vault, now=now)
            codes = _people(session, new, now)
            session.commit()
    except BaseException:
        engine.dispose()
        for file in ours:
            file.unlink(missing_ok=True)
        raise
    engine.dispose()
    return codes


def is_taken(settings: Settings) -> bool:
    """Whether this place holds a key or a database, or its database an office."""
    if any(file.exists() for file in (*_ours(settings), settings.data_folder / CLEAR_NAME)):
        return True
    if database_file(settings) is not None:
        return False
    engine = make_engine(settings.database)
    try:
        return _holds_office(engine)
    finally:
        engine.dispose()


def make_office(session: Session, new: NewOffice, *, vault: Vault, now: dt.datetime, demo: bool = False) -> Office:
    """The one office row with its key and the proof of the root key."""
    office = Office(name=new.name, title=new.title, time_zone=new.time_zone, key_check=vault.check, demo=demo)
    session.add(office)
    session.flush()
    new_key(session, owner_kind=OwnerKind.OFFICE, owner=office.ref)
    record(session, now=now, by=SYSTEM, act=Act.OFFICE_MADE, subject=office.ref)
    return office


def _people(session: Session, new: NewOffice, now: dt.datetime) -> dict[str, str]:
    codes = {}
    for username, role in ((new.security_officer, Role.SECURITY_OFFICER), (new.manager, Role.MANAGER)):
        account = make_account(
            session,
            username=username,
            shown_name=username.replace(".", " ").title(),
            role=role,
            house_ids=(),
            disciplines=(),
            is_head=role is Role.MANAGER,
            valid_until=None,
            now=now,
            by=SYSTEM,
        )
        codes[username] = issue_activation(session, account=account, kind=ActivationKind.ACCOUNT, now=now, by=SYSTEM)
    return codes


def _holds_office(engine: Engine) -> bool:
    with engine.connect() as connection:
        return inspect(connection).has_table(Office.__tablename__) and bool(
            connection.scalar(select(func.count()).select_from(Office))
        )


def _ours(settings: Settings) -> list[Path]:
    return [settings.data_folder / WRAPPED_NAME, *_files_of(database_file(settings))]


def _files_of(path: Path | None) -> list[Path]:
    return [] if path is None else [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]
