"""Legal matters of a household, and the clock that runs until the police are told."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.residents.models import Matter, MatterParty, Relationship, ReportedPerson, Resident, Side
from safehouse.residents.rules.clocks import police_deadline


@dataclass(frozen=True, slots=True)
class Party:
    """A resident by alias and code, or a reported person by what he is to the household."""

    side: Side
    alias: str | None
    code: str | None
    relationship: Relationship | None


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter as a list shows it: nothing sealed is in it."""

    ref: uuid.UUID
    sexual_violence: bool
    child_offender: bool
    victim_reported_at: dt.datetime | None
    police_told_at: dt.datetime | None
    has_number: bool
    opened_at: dt.datetime
    opened_by: str
    parties: tuple[Party, ...]

    @property
    def due_at(self) -> dt.datetime | None:
        """Until when the police are to be told; none where no clock runs."""
        if not self.sexual_violence or self.victim_reported_at is None:
            return None
        return police_deadline(self.victim_reported_at)


def matters_of(session: Session, *, household_id: int, hidden: frozenset[int] = frozenset()) -> list[MatterLine]:
    """The matters of a household, the latest first, in two statements. `hidden` are residents who are not named to
    the person who looks."""
    rows = session.execute(
        select(Matter, Account.shown_name)
        .join(Account, Account.id == Matter.opened_by_id)
        .where(Matter.household_id == household_id, Matter.closed_at.is_(None))
        .order_by(Matter.opened_at.desc(), Matter.id.desc())
    ).all()
    parties: dict[int, list[Party]] = {}
    for matter_id, side, resident_id, alias, code, relationship in session.execute(
        select(
            MatterParty.matter_id,
            MatterParty.side,
            Resident.id,
            Resident.alias,
            Resident.code,
            ReportedPerson.relationship,
        )
        .outerjoin(Resident, Resident.id == MatterParty.resident_id)
        .outerjoin(ReportedPerson, ReportedPerson.id == MatterParty.reported_id)
        .where(MatterParty.matter_id.in_([matter.id for matter, _name in rows]))
        .order_by(MatterParty.id)
    ):
        if resident_id not in hidden:
            parties.setdefault(matter_id, []).append(Party(side, alias, code, relationship))
    return [
        MatterLine(
            matter.ref,
            matter.sexual_violence,
            matter.child_offender,
            matter.victim_reported_at,
            matter.police_told_at,
            matter.police_report_number is not None,
            matter.opened_at,
            name,
            tuple(parties.get(matter.id, ())),
        )
        for matter, name in rows
    ]
