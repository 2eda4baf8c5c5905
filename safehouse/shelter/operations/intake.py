"""What is asked of each person when she has come in: what she does not tolerate, what she takes, what she brought.

That something was asked is kept apart from what was answered: `nothing` is an answer, no answer means ask again.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from safehouse.access.models import CoSignature
from safehouse.residents.models import Alert, AlertKind, Resident
from safehouse.residents.operations.care import (
    NewMedicine,
    ShownAlert,
    ShownMedicine,
    note_medicine,
    open_care,
    write_allergy,
)
from safehouse.shelter.choices import IntakeItem, KeptWhere
from safehouse.shelter.models import Belonging, IntakeAnswer, Placement
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.opening import Sealed, open_values
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


@dataclass(frozen=True, slots=True)
class NewBelonging:
    what: str
    kept: KeptWhere


@dataclass(frozen=True, slots=True)
class ShownBelonging:
    """A thing of hers, as it is read."""

    ref: uuid.UUID
    what: str
    kept: KeptWhere
    listed_at: dt.datetime
    returned_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class OpenedIntake:
    """What is known of her so far, opened together."""

    allergies: tuple[ShownAlert, ...]
    medicines: tuple[ShownMedicine, ...]
    belongings: tuple[ShownBelonging, ...]


def answer_allergies(
    session: Session, *, placement: Placement, resident: Resident, words: str, now: dt.datetime, by: Actor
) -> None:
    """What she does not tolerate; no words mean nothing. An allergy that stands is never ended by this: a hurried
    "nothing" at the door must not take it off her page."""
    if words:
        write_allergy(session, resident=resident, words=words, now=now, by=by)
    some = bool(words) or has_allergy(session, resident)
    _answered(session, placement, resident, IntakeItem.ALLERGIES, some=some, now=now, by=by)


def has_allergy(session: Session, resident: Resident) -> bool:
    """Whether an allergy of hers stands now."""
    return bool(
        session.scalar(
            select(
                exists().where(Alert.resident_id == resident.id, Alert.kind == AlertKind.ALLERGY, Alert.until.is_(None))
            )
        )
    )


def answer_medicines(
    session: Session,
    *,
    placement: Placement,
    resident: Resident,
    medicines: Sequence[NewMedicine],
    now: dt.datetime,
    by: Actor,
) -> None:
    """What she takes, added to what is known; an empty list means nothing."""
    for medicine in medicines:
        note_medicine(session, resident=resident, medicine=medicine, now=now, by=by)
    _answered(session, placement, resident, IntakeItem.MEDICINES, some=bool(medicines), now=now, by=by)


def answer_belongings(
    session: Session,
    *,
    placement: Placement,
    resident: Resident,
    belongings: Sequence[NewBelonging],
    co_signature: CoSignature | None,
    now: dt.datetime,
    by: Actor,
) -> None:
    """What she brought, listed with a second person beside; an empty list means nothing, and nobody signs for it."""
    if belongings and co_signature is None:
        raise ValueError("belongings are listed by two")
    key = key_of(session, resident.ref)
    for one in belongings:
        row = Belonging(
            placement_id=placement.id,
            kept=one.kept,
            listed_at=now,
            listed_by_id=by.person_id,
            co_signature_id=co_signature.id if co_signature else None,
        )
        row.what = seal(session, row, "what", one.what, key=key)
        session.add(row)
    session.flush()
    if belongings:
        record(session, now=now, by=by, act=Act.BELONGINGS_LISTED, subject=resident.ref)
    _answered(session, placement, resident, IntakeItem.BELONGINGS, some=bool(belongings), now=now, by=by)


def give_back(session: Session, *, belonging: Belonging, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """She has it again. A second time changes nothing."""
    session.refresh(belonging, with_for_update=True)
    if belonging.returned_at is None:
        belonging.returned_at = now
        record(session, now=now, by=by, act=Act.BELONGING_RETURNED, subject=resident.ref)


def open_intake(
    session: Session, *, placement: Placement, resident: Resident, now: dt.datetime, by: Actor
) -> OpenedIntake:
    """Everything she was asked at arrival. Needs a writing session; the caller commits before she shows it."""
    care = open_care(session, resident=resident, now=now, by=by)
    return OpenedIntake(
        tuple(one for one in care.alerts if one.kind is AlertKind.ALLERGY),
        care.medicines,
        open_belongings(session, placement=placement, resident=resident, now=now, by=by),
    )


def open_belongings(
    session: Session, *, placement: Placement, resident: Resident, now: dt.datetime, by: Actor
) -> tuple[ShownBelonging, ...]:
    """What she brought, in one entry of the record. Needs a writing session; the caller commits first."""
    rows = list(session.scalars(select(Belonging).where(Belonging.placement_id == placement.id).order_by(Belonging.id)))
    opened = open_values(
        session, now=now, by=by, purpose="belongings", wanted=[Sealed(row, "what", resident.ref) for row in rows]
    )
    return tuple(
        ShownBelonging(row.ref, what, row.kept, row.listed_at, row.returned_at)
        for row, what in zip(rows, opened, strict=True)
    )


def record_receipt(session: Session, *, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """A sheet with what she brought left this computer."""
    record(session, now=now, by=by, act=Act.PAPER_PRINTED, subject=resident.ref, fields=["belongings"])


def _answered(
    session: Session,
    placement: Placement,
    resident: Resident,
    item: IntakeItem,
    *,
    some: bool,
    now: dt.datetime,
    by: Actor,
) -> None:
    """That it was asked. Asked again, the last answer counts; what was listed once stays something."""
    session.refresh(placement, with_for_update=True)
    row = session.scalar(
        select(IntakeAnswer).where(IntakeAnswer.placement_id == placement.id, IntakeAnswer.item == item)
    )
    if row is None:
        session.add(IntakeAnswer(placement_id=placement.id, item=item, some=some, at=now, by_id=by.person_id))
    else:
        kept = item is not IntakeItem.ALLERGIES and row.some
        row.some, row.at, row.by_id = some or kept, now, by.person_id
    session.flush()
    record(session, now=now, by=by, act=Act.INTAKE_RECORDED, subject=resident.ref, fields=[item])
