"""Sessions and who may read what was noted of them. Nothing sealed is opened.

The view has found the resident inside `seen_by` before it asks here.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, Discipline
from safehouse.services.choices import AppointmentState, Attendance, SessionKind, SessionPlace
from safehouse.services.models import Appointment, CareSession, Note, PlanDomain
from safehouse.services.rules.sessions import KEPT_BY_A_SESSION


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session. `minutes` only where it took place; `who` recorded it; `withdrawn`: it does not count."""

    id: int
    ref: uuid.UUID
    domain: Discipline
    kind: SessionKind
    at: dt.datetime
    minutes: int | None
    place: SessionPlace
    attendance: Attendance
    ready: bool
    who: str
    withdrawn: bool


LINES = (
    select(
        CareSession.id,
        CareSession.ref,
        PlanDomain.domain,
        CareSession.kind,
        CareSession.starts_at,
        CareSession.minutes,
        CareSession.place,
        CareSession.attendance,
        CareSession.ready,
        Account.shown_name,
        CareSession.withdrawn_at.is_not(None).label("withdrawn"),
    )
    .join(PlanDomain, PlanDomain.id == CareSession.plan_domain_id)
    .join(Account, Account.id == CareSession.by_id)
)


def _lines(session: Session, wanted: Select[*tuple[Any, ...]]) -> list[SessionLine]:
    return [SessionLine(*row) for row in session.execute(wanted)]


def sessions_of_domain(
    session: Session, domain_id: int, *, withdrawn: bool, limit: int, offset: int = 0
) -> list[SessionLine]:
    """The newest sessions of a domain, in one statement; also the withdrawn ones for whoever keeps it."""
    wanted = LINES.where(CareSession.plan_domain_id == domain_id)
    if not withdrawn:
        wanted = wanted.where(CareSession.withdrawn_at.is_(None))
    newest = wanted.order_by(CareSession.starts_at.desc(), CareSession.id.desc())
    return _lines(session, newest.limit(limit).offset(offset))


def sessions_between(session: Session, plan_id: int, *, begin: dt.datetime, until: dt.datetime) -> list[SessionLine]:
    """Every session of a plan that counts and began within [begin, until), in the order of time, in one statement."""
    return _lines(
        session,
        LINES.where(
            PlanDomain.plan_id == plan_id,
            CareSession.withdrawn_at.is_(None),
            CareSession.starts_at >= begin,
            CareSession.starts_at < until,
        ).order_by(CareSession.starts_at, CareSession.id),
    )


def last_session_of(session: Session, domain_id: int) -> SessionLine | None:
    """The newest session of a domain that took place."""
    found = _lines(
        session,
        LINES.where(
            CareSession.plan_domain_id == domain_id,
            CareSession.withdrawn_at.is_(None),
            CareSession.attendance == Attendance.ATTENDED,
        )
        .order_by(CareSession.starts_at.desc(), CareSession.id.desc())
        .limit(1),
    )
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class NoteLine:
    """That there is a note on a session, whose, and of when; what it says stays closed."""

    ref: uuid.UUID
    session_id: int
    at: dt.datetime
    who: str


def notes_of_sessions(
    session: Session, session_ids: Collection[int], *, discipline: Discipline
) -> dict[int, list[NoteLine]]:
    """The notes this discipline reads, by session, in the order they were written; in one statement."""
    found: dict[int, list[NoteLine]] = {}
    for row in session.execute(
        select(Note.ref, CareSession.id, Note.at, Account.shown_name)
        .join(CareSession, CareSession.id == Note.care_session_id)
        .join(Account, Account.id == Note.author_id)
        .where(Note.discipline == discipline, CareSession.id.in_(session_ids))
        .order_by(Note.at, Note.id)
    ):
        line = NoteLine(*row)
        found.setdefault(line.session_id, []).append(line)
    return found


def notes_beside(session: Session, note: Note) -> Sequence[tuple[Note, str]]:
    """This note with all others of its discipline on the same session, and by whom, in the order they were written. A
    note without a session stands alone."""
    same = (
        Note.id == note.id
        if note.care_session_id is None
        else (Note.care_session_id == note.care_session_id) & (Note.discipline == note.discipline)
    )
    rows = session.execute(
        select(Note, Account.shown_name)
        .join(Account, Account.id == Note.author_id)
        .where(same)
        .order_by(Note.at, Note.id)
    )
    return [(note, who) for note, who in rows]


def agreed_sessions(
    session: Session, *, resident_id: int, domain: Discipline, begin: dt.datetime, until: dt.datetime
) -> list[Appointment]:
    """Appointments of a domain that a session keeps, still open, within [begin, until), in one statement."""
    return list(
        session.scalars(
            select(Appointment)
            .where(
                Appointment.resident_id == resident_id,
                Appointment.domain == domain,
                Appointment.kind.in_(KEPT_BY_A_SESSION[domain]),
                Appointment.state == AppointmentState.PLANNED,
                Appointment.at >= begin,
                Appointment.at < until,
            )
            .order_by(Appointment.at, Appointment.id)
        )
    )
