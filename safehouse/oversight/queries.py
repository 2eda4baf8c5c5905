"""Reading the record: entries by page, and what should be looked at first. A fixed number of statements each."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account
from safehouse.oversight.rules import (
    ADDRESS,
    KIND_OF,
    LOOK_BACK,
    REFUSED_IN_A_ROW,
    Counted,
    Kind,
    Look,
    ToLookAt,
    gravest_first,
    worth_a_look,
)
from safehouse.trail.acts import Act
from safehouse.trail.models import ActorKind, Result, TrailEntry, TrailSubject

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the record. `subjects` are refs: what they belong to is not read here."""

    seq: int
    at: dt.datetime
    actor_kind: ActorKind
    actor: uuid.UUID | None
    act: Act
    subjects: tuple[uuid.UUID, ...]
    fields: tuple[str, ...]
    purpose: str | None
    result: Result


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first, and the numbers to go on from; None where there is nothing more."""

    entries: list[Entry]
    older: int | None
    newer: int | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The last check of the whole chain."""

    at: dt.datetime
    whole: bool
    broken: str | None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page says before its list."""

    openings: int
    looks: list[ToLookAt]
    chain: Chain | None


def account_names(session: Session) -> dict[uuid.UUID, str]:
    """The shown names of everyone who ever worked for the unit, in alphabetical order."""
    rows = session.execute(select(Account.ref, Account.shown_name).order_by(func.lower(Account.shown_name), Account.id))
    return {row.ref: row.shown_name for row in rows}


def page_of_record(
    session: Session,
    *,
    account: uuid.UUID | None = None,
    kind: Kind | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    older_than: int | None = None,
    newer_than: int | None = None,
) -> Page:
    """At most 50 entries: the newest, or those on one side of an entry. Two statements.

    `account` finds what she did and what was done to her account; `until` itself is not included.
    """
    wanted = select(TrailEntry)
    if account is not None:
        wanted = wanted.where((TrailEntry.actor == account) | (TrailEntry.subject == account))
    if kind is not None:
        wanted = wanted.where(TrailEntry.act.in_([act for act, its in KIND_OF.items() if its is kind]))
    if since is not None:
        wanted = wanted.where(TrailEntry.at >= since)
    if until is not None:
        wanted = wanted.where(TrailEntry.at < until)
    forward = newer_than is not None and older_than is None
    if forward:
        wanted = wanted.where(TrailEntry.seq > newer_than).order_by(TrailEntry.seq)
    else:
        if older_than is not None:
            wanted = wanted.where(TrailEntry.seq < older_than)
        wanted = wanted.order_by(TrailEntry.seq.desc())
    rows = list(session.scalars(wanted.limit(A_PAGE + 1)))
    more, rows = len(rows) > A_PAGE, rows[:A_PAGE]
    if forward:
        rows.reverse()
    several = _subjects(session, [row.seq for row in rows])
    entries = [_entry(row, several.get(row.seq, [])) for row in rows]
    if not entries:
        return Page([], None, None)
    first, last = entries[0].seq, entries[-1].seq
    if forward:
        return Page(entries, last, first if more else None)
    return Page(entries, last if more else None, first if older_than is not None else None)


def overview(session: Session, *, now: dt.datetime) -> Overview:
    """What happened in the last 24 hours that somebody should look at. Four statements."""
    since = now - LOOK_BACK
    counted = _counted(session, since)
    chain = _last_check(session)
    looks = [*worth_a_look(counted), *_broken_seals(session, since), *_refused_sign_ins(session, since)]
    if chain is not None and not chain.whole:
        looks.append(ToLookAt(Look.CHAIN_BROKEN, chain.at))
    return Overview(sum(one.opened for one in counted), gravest_first(looks), chain)


def _subjects(session: Session, seqs: Sequence[int]) -> dict[int, list[uuid.UUID]]:
    found: dict[int, list[uuid.UUID]] = {}
    for row in session.execute(
        select(TrailSubject.entry_seq, TrailSubject.subject)
        .where(TrailSubject.entry_seq.in_(seqs))
        .order_by(TrailSubject.subject)
    ):
        found.setdefault(row.entry_seq, []).append(row.subject)
    return found


def _entry(row: TrailEntry, several: list[uuid.UUID]) -> Entry:
    alone = [] if row.subject is None else [row.subject]
    return Entry(
        row.seq,
        row.at,
        row.actor_kind,
        row.actor,
        Act(row.act),
        (*alone, *several),
        tuple(row.fields.split(",")) if row.fields else (),
        row.purpose,
        row.result,
    )


def _counted(session: Session, since: dt.datetime) -> list[Counted]:
    opened = TrailEntry.act == Act.VALUE_OPENED
    address = opened & TrailEntry.fields.contains(ADDRESS, autoescape=True)
    refused = TrailEntry.act == Act.ACCESS_REFUSED
    rows = session.execute(
        select(
            TrailEntry.actor,
            _times(opened),
            _last(opened),
            _times(address),
            _last(address),
            _times(refused),
            _last(refused),
        )
        .where(
            TrailEntry.at >= since,
            TrailEntry.actor.is_not(None),
            TrailEntry.act.in_([Act.VALUE_OPENED, Act.ACCESS_REFUSED]),
        )
        .group_by(TrailEntry.actor)
    )
    return [Counted(*row) for row in rows]


def _times(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _last(condition: ColumnElement[bool]) -> ColumnElement[dt.datetime]:
    return func.max(case((condition, TrailEntry.at)), type_=TrailEntry.at.type)


def _broken_seals(session: Session, since: dt.datetime) -> list[ToLookAt]:
    rows = session.execute(
        select(TrailEntry.subject, func.count(), func.max(TrailEntry.at, type_=TrailEntry.at.type))
        .where(TrailEntry.at >= since, TrailEntry.act == Act.SEAL_BROKEN)
        .group_by(TrailEntry.subject)
    )
    return [ToLookAt(Look.SEAL_BROKEN, at, times, subject=subject) for subject, times, at in rows]


def _refused_sign_ins(session: Session, since: dt.datetime) -> list[ToLookAt]:
    """Accounts, and the names that belong to nobody, whose last tries of one factor were all refused."""
    steps = [Act.PASSWORD_CHECKED, Act.CODE_CHECKED, Act.RECOVERY_CODE_CHECKED, Act.ACTIVATION_CHECKED]
    later = aliased(TrailEntry)
    accepted_since = (
        select(later.seq)
        .where(
            later.subject == TrailEntry.subject,
            later.seq > TrailEntry.seq,
            later.act == TrailEntry.act,
            later.result == Result.DONE,
        )
        .exists()
    )
    rows = session.execute(
        select(TrailEntry.subject, func.count(), func.max(TrailEntry.at, type_=TrailEntry.at.type))
        .where(TrailEntry.at >= since, TrailEntry.act.in_(steps), TrailEntry.result == Result.REFUSED, ~accepted_since)
        .group_by(TrailEntry.subject)
        .having(func.count() >= REFUSED_IN_A_ROW)
    )
    return [ToLookAt(Look.SIGN_IN_REFUSED, at, times, account=subject) for subject, times, at in rows]


def _last_check(session: Session) -> Chain | None:
    row = session.execute(
        select(TrailEntry.at, TrailEntry.result, TrailEntry.purpose)
        .where(TrailEntry.act == Act.CHAIN_VERIFIED)
        .order_by(TrailEntry.seq.desc())
        .limit(1)
    ).first()
    return Chain(row.at, row.result is Result.DONE, row.purpose) if row else None
