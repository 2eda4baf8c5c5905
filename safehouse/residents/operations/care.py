"""What staff must know to keep her well: notes that change what they do, allergies, medicines.

Everything is sealed. The notes of one resident are opened together, in one entry of the record; a list never opens
them, it says at most how many there are.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.residents.models import Alert, AlertKind, HealthCheck, Medicine, Resident
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal

MOST_NOTES = 3
NOTES = (AlertKind.DO, AlertKind.NEVER)


class CareRefusal(StrEnum):
    AT_MOST_THREE = "at_most_three"
    OVER = "over"


class CareRefused(Exception):
    def __init__(self, reason: CareRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """A note as it is read: what to do, or never to do, or an allergy."""

    ref: uuid.UUID
    kind: AlertKind
    words: str
    since: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class ShownMedicine:
    """`times` are local hours such as `0700`, none when taken as needed. `checked` when another person must see it."""

    ref: uuid.UUID
    name: str
    dose: str
    times: tuple[str, ...]
    checked: bool = False


@dataclass(frozen=True, slots=True)
class OpenedCare:
    """What those who care for her read, opened together. `after_check` is what was written beside a health check."""

    alerts: tuple[ShownAlert, ...] = ()
    medicines: tuple[ShownMedicine, ...] = ()
    after_check: str = ""


@dataclass(frozen=True, slots=True)
class NewMedicine:
    """Without times it is taken as needed. `checker_needed` when another person must see that she takes it."""

    name: str
    dose: str
    times: tuple[dt.time, ...]
    checker_needed: bool = False


def write_alert(
    session: Session, *, resident: Resident, kind: AlertKind, words: str, now: dt.datetime, by: Actor
) -> Alert:
    """A note staff read from now on. Of `do` and `never` at most three stand: more are read by nobody.

    Raises `CareRefused`. The caller commits.
    """
    # Two who write at one moment queue here, so that the third note is not also the fourth.
    session.refresh(resident, with_for_update=True)
    if kind in NOTES and standing_notes(session, resident) >= MOST_NOTES:
        raise CareRefused(CareRefusal.AT_MOST_THREE)
    alert = Alert(resident_id=resident.id, kind=kind, since=now, by_id=by.person_id)
    alert.words = seal(session, alert, "words", words, key=key_of(session, resident.ref))
    session.add(alert)
    session.flush()
    record(session, now=now, by=by, act=Act.ALERT_WRITTEN, subject=resident.ref, purpose=kind)
    return alert


def end_alert(session: Session, *, alert: Alert, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """The note is no longer true. Raises `CareRefused` when it was ended before."""
    session.refresh(alert, with_for_update=True)
    if alert.until is not None:
        raise CareRefused(CareRefusal.OVER)
    alert.until = now
    record(session, now=now, by=by, act=Act.ALERT_ENDED, subject=resident.ref, purpose=alert.kind)


def bring_alert_back(session: Session, *, alert: Alert, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """It was ended by mistake. Raises `CareRefused` when three others have been written meanwhile."""
    session.refresh(resident, with_for_update=True)
    if alert.kind in NOTES and standing_notes(session, resident) >= MOST_NOTES:
        raise CareRefused(CareRefusal.AT_MOST_THREE)
    alert.until = None
    record(session, now=now, by=by, act=Act.ALERT_WRITTEN, subject=resident.ref, purpose=alert.kind)


def standing_notes(session: Session, resident: Resident) -> int:
    """How many notes of `do` and `never` stand for her."""
    wanted = select(func.count()).where(
        Alert.resident_id == resident.id, Alert.until.is_(None), Alert.kind.in_([*NOTES])
    )
    return session.scalar(wanted) or 0


def write_allergy(session: Session, *, resident: Resident, words: str, now: dt.datetime, by: Actor) -> Alert:
    """What she does not tolerate, beside what was written before: a new one never takes an old one off her page."""
    return write_alert(session, resident=resident, kind=AlertKind.ALLERGY, words=words, now=now, by=by)


def note_medicine(
    session: Session, *, resident: Resident, medicine: NewMedicine, now: dt.datetime, by: Actor
) -> Medicine:
    """A medicine she takes. The caller commits."""
    row = Medicine(
        resident_id=resident.id,
        times=",".join(f"{one:%H%M}" for one in sorted(set(medicine.times))),
        checker_needed=medicine.checker_needed,
        since=now,
        by_id=by.person_id,
    )
    key = key_of(session, resident.ref)
    row.name = seal(session, row, "name", medicine.name, key=key)
    if medicine.dose:
        row.dose = seal(session, row, "dose", medicine.dose, key=key)
    session.add(row)
    session.flush()
    record(session, now=now, by=by, act=Act.MEDICINE_NOTED, subject=resident.ref)
    return row


def end_medicine(session: Session, *, medicine: Medicine, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """She takes it no longer. Raises `CareRefused` when it was ended before."""
    session.refresh(medicine, with_for_update=True)
    if medicine.until is not None:
        raise CareRefused(CareRefusal.OVER)
    medicine.until = now
    record(session, now=now, by=by, act=Act.MEDICINE_ENDED, subject=resident.ref)


def bring_medicine_back(
    session: Session, *, medicine: Medicine, resident: Resident, now: dt.datetime, by: Actor
) -> None:
    """It was ended by mistake. Raises `CareRefused` when she takes it already."""
    session.refresh(medicine, with_for_update=True)
    if medicine.until is None:
        raise CareRefused(CareRefusal.OVER)
    medicine.until = None
    record(session, now=now, by=by, act=Act.MEDICINE_NOTED, subject=resident.ref)


def change_medicine(
    session: Session, *, medicine: Medicine, resident: Resident, new: NewMedicine, now: dt.datetime, by: Actor
) -> Medicine:
    """She takes it in another way from now on: the old line ends, so that what was given before stays true. Raises
    `CareRefused` when it was ended before."""
    end_medicine(session, medicine=medicine, resident=resident, now=now, by=by)
    return note_medicine(session, resident=resident, medicine=new, now=now, by=by)


def standing_alerts(session: Session, residents: Collection[Resident]) -> list[Alert]:
    """The notes that stand, the allergies first, then what must never be done. Nothing is opened."""
    rows = session.scalars(
        select(Alert).where(Alert.resident_id.in_([one.id for one in residents]), Alert.until.is_(None))
    )
    order = (AlertKind.ALLERGY, AlertKind.NEVER, AlertKind.DO)
    return sorted(rows, key=lambda one: (order.index(one.kind), one.id))


def standing_medicines(session: Session, resident: Resident) -> list[Medicine]:
    return list(
        session.scalars(
            select(Medicine).where(Medicine.resident_id == resident.id, Medicine.until.is_(None)).order_by(Medicine.id)
        )
    )


def open_alerts(session: Session, *, resident: Resident, now: dt.datetime, by: Actor) -> list[ShownAlert]:
    """The notes of this resident, opened in one entry of the record; none is written where there is no note.

    Needs a writing session; the caller commits before she shows them.
    """
    rows = standing_alerts(session, [resident])
    words = open_values(
        session, now=now, by=by, purpose="alerts", wanted=[Sealed(row, "words", resident.ref) for row in rows]
    )
    return _shown(session, rows, words)


def open_care(
    session: Session, *, resident: Resident, check: HealthCheck | None = None, now: dt.datetime, by: Actor
) -> OpenedCare:
    """Her notes and medicines, and what was written beside this health check of hers, opened in one entry. Needs a
    writing session; the caller commits first."""
    alerts, medicines = standing_alerts(session, [resident]), standing_medicines(session, resident)
    wanted = [Sealed(row, "words", resident.ref) for row in alerts]
    wanted += [Sealed(row, "name", resident.ref) for row in medicines]
    dosed = [row for row in medicines if row.dose is not None]
    wanted += [Sealed(row, "dose", resident.ref) for row in dosed]
    worded = check is not None and check.words is not None
    if worded:
        wanted.append(Sealed(check, "words", resident.ref))
    opened = open_values(session, now=now, by=by, purpose="alerts", wanted=wanted)
    after_check = opened.pop() if worded else ""
    words, rest = opened[: len(alerts)], opened[len(alerts) :]
    names, doses = rest[: len(medicines)], dict(zip((row.id for row in dosed), rest[len(medicines) :], strict=True))
    taken = tuple(
        ShownMedicine(
            row.ref, name, doses.get(row.id, ""), tuple(filter(None, row.times.split(","))), checked=row.checker_needed
        )
        for row, name in zip(medicines, names, strict=True)
    )
    return OpenedCare(tuple(_shown(session, alerts, words)), taken, after_check)


def _shown(session: Session, rows: Sequence[Alert], words: Sequence[str]) -> list[ShownAlert]:
    writers = select(Account.id, Account.shown_name).where(Account.id.in_({row.by_id for row in rows}))
    names = {number: name for number, name in session.execute(writers)}  # noqa: C416 - rows are no pairs to the types
    return [
        ShownAlert(row.ref, row.kind, said, row.since, names[row.by_id]) for row, said in zip(rows, words, strict=True)
    ]
