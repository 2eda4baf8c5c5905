"""What every folder tells the pages that gather from all of them: duties and happenings.

Both are plain and frozen. A folder's `queries.duties(...)` and `queries.timeline(...)` return them; the words and the
addresses are the business of `today`. Nothing sealed is in them.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from enum import StrEnum


class Telling(StrEnum):
    """Who a duty is for: the one who answers for it at once; the manager at once or after the set delay; the staff of
    the house."""

    STAFF = "staff"
    WORKER = "worker"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that waits for someone. Derived from the data at every reading: done things are simply not there.

    `kind` is a word of the folder that found it (`shelter:return:overdue`). `subject` is the reference the page to do
    it is addressed by; `alias` and `code` name the resident where there is one, `number` the referral. `due_at` is
    when it is late (aware UTC); `since` when it began. `figures` are numbers its sentence needs, by name.
    """

    kind: str
    subject: uuid.UUID
    due_at: dt.datetime
    since: dt.datetime | None = None
    house_id: int | None = None
    alias: str | None = None
    code: str | None = None
    resident: uuid.UUID | None = None
    number: int | None = None
    telling: frozenset[Telling] = frozenset({Telling.WORKER})
    figures: tuple[tuple[str, object], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a resident, for her timeline, newest first. `who` is the shown name of the person who
    wrote it down, None for the system. `topic` is one of the filter's words."""

    kind: str
    at: dt.datetime
    topic: "Topic"
    who: str | None = None
    figures: tuple[tuple[str, object], ...] = field(default=())


class Topic(StrEnum):
    """By what the timeline is filtered."""

    STAY = "stay"
    CARE = "care"
    SAFETY = "safety"
    PAPERS = "papers"
