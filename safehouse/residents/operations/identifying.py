"""Writing down who a resident is, and opening it again for a moment."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from safehouse.residents.models import Household, IndexedKind, OwnerOfIndex, Resident
from safehouse.residents.operations.guardians import mark_guardians
from safehouse.residents.operations.indexing import index_number
from safehouse.residents.rules.ageing import shown_of_age_on
from safehouse.residents.rules.identifying import NAMES_COMPARED, name_matches
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal

OF_THE_PERSON = ("name", "nik", "phone", "born", "home_village")
NUMBERS = ("nik", "phone")
OF_THE_HOUSEHOLD = ("address", "family_card")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who she is, as far as it is known; `born` is a local date. None is not known, or left as it is."""

    name: str | None = None
    nik: str | None = None
    phone: str | None = None
    born: dt.date | None = None
    home_village: str | None = None
    address: str | None = None
    family_card: str | None = None


def record_identity(
    session: Session, *, resident: Resident, household: Household, identity: Identity, now: dt.datetime, by: Actor
) -> list[str]:
    """Seal what is given, leave the rest as it is, and keep the digests of NIK and telephone. Answers with the names of
    the values written, in the words of the table. That a number took the place of another is a line of its own in the
    record.

    Whoever is, by what is known now, the reported person decides for no child any more; for that the system compares
    names, and shows none.
    """
    key = key_of(session, resident.ref)
    changed = [one for one in NUMBERS if getattr(identity, one) is not None and getattr(resident, one) is not None]
    written = []
    for column in OF_THE_PERSON:
        value = getattr(identity, column)
        if value is None:
            continue
        setattr(resident, column, seal(session, resident, column, str(value), key=key))
        written.append(column)
    if identity.born is not None:
        resident.birth_month, resident.birth_estimated = identity.born.replace(day=1), False
        resident.of_age_on = shown_of_age_on(identity.born, now)
    family_key = key_of(session, household.ref)
    for column in OF_THE_HOUSEHOLD:
        value = getattr(identity, column)
        if value is not None:
            setattr(household, column, seal(session, household, column, value, key=family_key))
            written.append(column)
    for kind, number in ((IndexedKind.NIK, identity.nik), (IndexedKind.PHONE, identity.phone)):
        if number is not None:
            index_number(session, kind=kind, owner_kind=OwnerOfIndex.RESIDENT, owner=resident.ref, number=number)
    first = [one for one in written if one not in changed]
    _record_written(session, resident, {None: first, "changed": changed}, now=now, by=by)
    if {"name", "nik", "phone"} & set(written):
        session.flush()
        mark_guardians(session, household=household, now=now, by=by)
    return written


def _record_written(
    session: Session, resident: Resident, written: dict[str | None, list[str]], *, now: dt.datetime, by: Actor
) -> None:
    for purpose, fields in written.items():
        if fields:
            record(
                session,
                now=now,
                by=by,
                act=Act.IDENTITY_RECORDED,
                subject=resident.ref,
                fields=fields,
                purpose=purpose,
            )


def open_identity(
    session: Session, *, resident: Resident, household: Household, purpose: str, now: dt.datetime, by: Actor
) -> Identity:
    """Who she is, in clear. The caller commits before showing it. Raises what `open_values` raises."""
    wanted = [Sealed(resident, one, resident.ref) for one in OF_THE_PERSON if getattr(resident, one) is not None]
    wanted += [Sealed(household, one, household.ref) for one in OF_THE_HOUSEHOLD if getattr(household, one) is not None]
    record(session, now=now, by=by, act=Act.IDENTITY_SHOWN, subject=resident.ref, purpose=purpose)
    opened = open_values(session, now=now, by=by, purpose=purpose, wanted=wanted)
    told: dict[str, str] = {one.column: value for one, value in zip(wanted, opened, strict=True)}
    born = told.pop("born", None)
    return Identity(**told, born=dt.date.fromisoformat(born) if born else None)


def find_by_name(
    session: Session, *, among: Sequence[Resident], sought: str, now: dt.datetime, by: Actor
) -> list[Resident]:
    """Those of these residents whose name has every word that is sought. At most `NAMES_COMPARED` are opened, in one
    recorded reading."""
    named = [one for one in among if one.name is not None][:NAMES_COMPARED]
    names = open_values(
        session, now=now, by=by, purpose="search", wanted=[Sealed(one, "name", one.ref) for one in named]
    )
    return [one for one, name in zip(named, names, strict=True) if name_matches(sought, name)]
