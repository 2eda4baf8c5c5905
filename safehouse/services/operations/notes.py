"""What only the author's discipline reads."""

import datetime as dt

from sqlalchemy.orm import Session

from safehouse.access.models import Discipline
from safehouse.residents.models import Resident
from safehouse.services.models import CareSession, Note, PlanDomain
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor, Result
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal


def write_note(
    session: Session,
    *,
    domain: PlanDomain,
    resident: Resident,
    discipline: Discipline,
    words: str,
    care_session: CareSession | None = None,
    now: dt.datetime,
    by: Actor,
) -> Note:
    """A note, read by those of `discipline` who are assigned to her: the one its author is assigned in. It is never
    changed; something is added by another note. The caller commits."""
    note = Note(
        plan_domain_id=domain.id,
        care_session_id=care_session.id if care_session else None,
        author_id=by.person_id,
        discipline=discipline,
        at=now,
    )
    note.words = seal(session, note, "words", words, key=key_of(session, resident.ref))
    session.add(note)
    session.flush()
    record(session, now=now, by=by, act=Act.NOTE_WRITTEN, subject=resident.ref, purpose=discipline)
    return note


def refuse_note(session: Session, *, note: Note, resident: Resident, now: dt.datetime, by: Actor) -> None:
    """Somebody asked for a note that is not for her: that she did stands in the record."""
    record(
        session,
        now=now,
        by=by,
        act=Act.NOTE_REFUSED,
        subject=resident.ref,
        purpose=note.discipline,
        result=Result.REFUSED,
    )
