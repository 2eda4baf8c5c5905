"""What every folder tells the pages that gather from all of them: duties and happenings.

Both are plain and frozen. A folder's `queries/duties.py: duties(...)` and `queries/timeline.py: timeline(...)` return
them; their words and addresses are the business of `today`. Nothing sealed is in them.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Telling(StrEnum):
    """In which capacity someone is told: as staff of the house, as the caseworker who answers for her, as manager."""

    STAFF = "staff"
    WORKER = "worker"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that waits for someone. Derived from the data at every reading: what is done is simply not there.

    `kind` is a word of the folder that found it (`shelter:return:overdue`). `subject` is the reference the page to do
    it is addressed by. `due_at` is when it is late; a duty for a whole day (`all_day`) is late when that day is over
    where the house is. `told` says who is told, and since when; a moment still to come means not yet. `alias` and
    `code` name the resident where there is one, `number` the referral, `place` the house, or house and bed.
    `figures` are what its sentence needs, by name.
    """

    kind: str
    subject: uuid.UUID
    due_at: dt.datetime
    told: Mapping[Telling, dt.datetime]
    all_day: bool = False
    alias: str | None = None
    code: str | None = None
    number: int | None = None
    place: str | None = None
    time_zone: str | None = None
    figures: Mapping[str, object] = field(default_factory=dict)

    def told_to(self, telling: Telling, now: dt.datetime) -> bool:
        return telling in self.told and self.told[telling] <= now


class Topic(StrEnum):
    """By what a timeline is filtered."""

    STAY = "stay"
    CARE = "care"
    SERVICES = "services"
    SAFETY = "safety"
    PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a resident, for her timeline. `who` is the shown name of the person who wrote it
    down, None where nobody did. `figures` are what its sentence needs, by name."""

    kind: str
    at: dt.datetime
    topic: Topic
    who: str | None = None
    figures: Mapping[str, object] = field(default_factory=dict)
