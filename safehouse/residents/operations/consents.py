"""What she agreed to: one item, one answer, said by whoever may say it, with a witness who did not read it to her.

An answer is never changed: a new one takes the place of the old, and a yes can be taken back. A reported person never
decides for a child; `guardians` finds who is one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Act as ActRow
from safehouse.access.models import Agency, CoSignature
from safehouse.residents.models import (
    Consent,
    ConsentItem,
    GivenBy,
    Guardian,
    Household,
    IndexedKind,
    OwnerOfIndex,
    Reading,
    Relationship,
    ReportedPerson,
    Resident,
    Signing,
    Told,
)
from safehouse.residents.operations.guardians import Outsider, mark_guardians, record_marked
from safehouse.residents.operations.indexing import index_number
from safehouse.residents.queries.consents import decides_no_more
from safehouse.residents.rules.ageing import is_child
from safehouse.residents.rules.consent_texts import VERSION
from safehouse.residents.rules.consenting import LONGEST_DAYS, is_asked_herself, may_give
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, Result
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


class ConsentRefusal(StrEnum):
    NO_WITNESS = "no_witness"
    WITNESS_IS_READER = "witness_is_reader"
    WITNESS_DECIDES = "witness_decides"
    NO_SHEET = "no_sheet"
    NOT_HERS_TO_GIVE = "not_hers_to_give"
    GUARDIAN_IS_A_CHILD = "guardian_is_a_child"
    GUARDIAN_REPORTED = "guardian_reported"
    CHILD_NOT_ASKED = "child_not_asked"
    UNTIL_HAS_PASSED = "until_has_passed"
    UNTIL_TOO_FAR = "until_too_far"
    AGENCY_WITHOUT_END = "agency_without_end"
    ALREADY_OVER = "already_over"
    ANSWERED_SINCE = "answered_since"


class ConsentRefused(Exception):
    def __init__(self, reason: ConsentRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sitting:
    """One reading together: how, in which language, who read, who heard it, and how it was answered."""

    reading: Reading
    language: str
    signed: Signing
    reader_id: int
    witness_id: int | None
    sheet_number: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or a no to one item; to an agency, what it may be told and until when."""

    item: ConsentItem
    granted: bool
    until: dt.date | None = None
    agency: Agency | None = None
    tells: Told | None = None


@dataclass(frozen=True, slots=True)
class BestInterest:
    """Two of the staff decide for a child whose guardian may not: why, and who stood beside."""

    reason: str
    co_signature: CoSignature


def record_answers(
    session: Session,
    *,
    resident: Resident,
    answers: Sequence[Answer],
    sitting: Sitting,
    today: dt.date,
    guardian: Guardian | None = None,
    best_interest: BestInterest | None = None,
    child_agrees: bool | None = None,
    now: dt.datetime,
    by: Actor,
) -> list[Consent]:
    """Keep these answers; each takes the place of the one before it. Raises `ConsentRefused`, and then nothing is kept.

    A grown-up answers herself; for a child her guardian does, or two of the staff. `today` is the local day where she
    lives. The caller commits.
    """
    given_by = _given_by(guardian, best_interest)
    if not may_give(given_by, child=is_child(resident.birth_month, resident.of_age_on, today)):
        raise ConsentRefused(ConsentRefusal.NOT_HERS_TO_GIVE)
    if guardian is not None:
        _may_sign(session, guardian, resident, today)
    if is_asked_herself(resident.birth_month, resident.of_age_on, today) and child_agrees is None:
        raise ConsentRefused(ConsentRefusal.CHILD_NOT_ASKED)
    check_sitting(sitting, witness_needed=best_interest is None)
    if best_interest is not None and best_interest.co_signature.account_id == sitting.witness_id:
        raise ConsentRefused(ConsentRefusal.WITNESS_DECIDES)
    for answer in answers:
        check_until(answer, today)
    # Whoever writes about her at the same moment waits here; of two answers the later one stands.
    session.refresh(resident, with_for_update=True)
    for earlier in _standing(session, resident, answers):
        earlier.replaced_at = now
    session.flush()
    key = key_of(session, resident.ref)
    kept = []
    for answer in answers:
        row = Consent(
            resident_id=resident.id,
            item=answer.item,
            agency_id=answer.agency.id if answer.agency else None,
            tells=answer.tells,
            granted=answer.granted,
            text_version=VERSION,
            language=sitting.language,
            reading=sitting.reading,
            signed=sitting.signed,
            read_by_id=sitting.reader_id,
            witness_id=sitting.witness_id,
            given_by=given_by,
            guardian_id=guardian.id if guardian else None,
            co_signature_id=best_interest.co_signature.id if best_interest else None,
            child_agrees=child_agrees,
            sheet_number=sitting.sheet_number or None,
            since=now,
            until=answer.until,
        )
        if best_interest:
            row.reason = seal(session, row, "reason", best_interest.reason, key=key)
        kept.append(row)
    session.add_all(kept)
    session.flush()
    record(
        session,
        now=now,
        by=by,
        act=Act.CONSENT_RECORDED,
        subject=resident.ref,
        fields=[answer.item for answer in answers],
        purpose=given_by,
    )
    return kept


def withdraw_consent(session: Session, *, consent: Consent, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """She takes it back, by a word; it counts no more from this moment. Raises `ConsentRefused`."""
    session.refresh(consent, with_for_update=True)
    if not consent.granted or consent.withdrawn_at is not None or consent.replaced_at is not None:
        raise ConsentRefused(ConsentRefusal.ALREADY_OVER)
    consent.withdrawn_at = now
    record(session, now=now, by=by, act=Act.CONSENT_WITHDRAWN, subject=resident.ref, fields=[consent.item])


def undo_withdrawal(session: Session, *, consent: Consent, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """It was the wrong line. Raises `ConsentRefused` when she has answered anew since."""
    session.refresh(resident, with_for_update=True)
    session.refresh(consent)
    answer = Answer(consent.item, True, tells=consent.tells, agency=_agency_of(session, consent))
    if consent.withdrawn_at is None or _standing(session, resident, [answer]):
        raise ConsentRefused(ConsentRefusal.ANSWERED_SINCE)
    consent.withdrawn_at = None
    session.flush()
    record(session, now=now, by=by, act=Act.CONSENT_RECORDED, subject=resident.ref, fields=[consent.item])


def guardian_at_home(
    session: Session, *, child: Resident, adult: Resident, relationship: Relationship, now: dt.datetime, by: Actor
) -> Guardian:
    """The adult of her household who decides for this child; noted once."""
    known = session.scalar(
        select(Guardian).where(Guardian.child_id == child.id, Guardian.adult_id == adult.id, Guardian.until.is_(None))
    )
    if known is not None:
        return known
    guardian = Guardian(child_id=child.id, adult_id=adult.id, relationship=relationship, since=now)
    session.add(guardian)
    session.flush()
    record(session, now=now, by=by, act=Act.GUARDIAN_NOTED, subject=child.ref, subjects=(adult.ref,))
    return guardian


def guardian_outside(session: Session, *, child: Resident, person: Outsider, now: dt.datetime, by: Actor) -> Guardian:
    """Someone who does not live here decides for this child: her name is sealed with the child's key, her number is
    found again by its digest. Raises `Unreadable` for a number that is none."""
    guardian = Guardian(child_id=child.id, relationship=person.relationship, since=now)
    key = key_of(session, child.ref)
    guardian.name = seal(session, guardian, "name", person.name, key=key)
    if person.phone:
        guardian.phone = seal(session, guardian, "phone", person.phone, key=key)
    session.add(guardian)
    session.flush()
    if person.phone:
        index_number(
            session,
            kind=IndexedKind.PHONE,
            owner_kind=OwnerOfIndex.GUARDIAN,
            owner=guardian.ref,
            number=person.phone,
        )
    record(session, now=now, by=by, act=Act.GUARDIAN_NOTED, subject=child.ref)
    return guardian


def mark_reported(
    session: Session, *, guardian: Guardian, reported: ReportedPerson, child: Resident, now: dt.datetime, by: Actor
) -> None:
    """This guardian is the reported person: what she agreed to counts no more from now on, for this child and for
    every other child of the household for whom she was written down."""
    guardian.reported_id = reported.id
    record_marked(session, child_ref=child.ref, now=now, by=by)
    session.flush()
    mark_guardians(session, household=session.get_one(Household, child.household_id), now=now, by=by)


def keep_refused_guardian(session: Session, *, act: ActRow, now: dt.datetime, by: Actor) -> None:
    """What was opened to find out stays in the record, and so does the refusal; the act did not happen. The caller
    commits."""
    session.delete(act)
    record(session, now=now, by=by, act=Act.CONSENT_RECORDED, subject=act.subject, result=Result.REFUSED)


def check_sitting(sitting: Sitting, *, witness_needed: bool) -> None:
    """A witness who did not read it, and a number for every sheet of paper. Raises `ConsentRefused`."""
    if sitting.witness_id is None and witness_needed:
        raise ConsentRefused(ConsentRefusal.NO_WITNESS)
    if sitting.witness_id is not None and sitting.witness_id == sitting.reader_id:
        raise ConsentRefused(ConsentRefusal.WITNESS_IS_READER)
    if sitting.signed is not Signing.SPOKEN and not sitting.sheet_number:
        raise ConsentRefused(ConsentRefusal.NO_SHEET)


def check_until(answer: Answer, today: dt.date) -> None:
    """An agreement ends on a day that is still to come, within a year; towards an agency it always ends."""
    if answer.item is ConsentItem.AGENCY and answer.granted and answer.until is None:
        raise ConsentRefused(ConsentRefusal.AGENCY_WITHOUT_END)
    if answer.until is not None and answer.until < today:
        raise ConsentRefused(ConsentRefusal.UNTIL_HAS_PASSED)
    if answer.until is not None and answer.until > today + dt.timedelta(days=LONGEST_DAYS):
        raise ConsentRefused(ConsentRefusal.UNTIL_TOO_FAR)


def _given_by(guardian: Guardian | None, best_interest: BestInterest | None) -> GivenBy:
    if best_interest is not None:
        return GivenBy.BEST_INTEREST
    return GivenBy.HERSELF if guardian is None else GivenBy.GUARDIAN


def _may_sign(session: Session, guardian: Guardian, child: Resident, today: dt.date) -> None:
    if guardian.child_id != child.id or guardian.until is not None:
        raise ConsentRefused(ConsentRefusal.NOT_HERS_TO_GIVE)
    if session.scalar(select(Guardian.id).where(Guardian.id == guardian.id, decides_no_more())):
        raise ConsentRefused(ConsentRefusal.GUARDIAN_REPORTED)
    if guardian.adult_id is not None:
        adult = session.get_one(Resident, guardian.adult_id)
        if is_child(adult.birth_month, adult.of_age_on, today):
            raise ConsentRefused(ConsentRefusal.GUARDIAN_IS_A_CHILD)


def _standing(session: Session, resident: Resident, answers: Sequence[Answer]) -> list[Consent]:
    """The answers to the same questions that stand now."""
    wanted = {(one.item, one.agency.id if one.agency else None, one.tells) for one in answers}
    rows = session.scalars(
        select(Consent).where(
            Consent.resident_id == resident.id, Consent.withdrawn_at.is_(None), Consent.replaced_at.is_(None)
        )
    )
    return [row for row in rows if (row.item, row.agency_id, row.tells) in wanted]


def _agency_of(session: Session, consent: Consent) -> Agency | None:
    return None if consent.agency_id is None else session.get_one(Agency, consent.agency_id)
