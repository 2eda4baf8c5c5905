"""Legal matters of a household, and the clock that runs until the police are told."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account
from safehouse.access.permissions import Role
from safehouse.access.queries import cleared_house_ids
from safehouse.residents.models import Matter, MatterParty, Relationship, ReportedPerson, Resident, Side
from safehouse.residents.queries.people import denied_to, seen_by
from safehouse.residents.rules.clocks import police_deadline


@dataclass(frozen=True, slots=True)
class Party:
    """A resident by alias and code, or a reported person by what he is to the household. With neither it is a resident
    whom the person who looks may not name."""

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


def matters_of(session: Session, *, household_id: int, account_id: int, role: Role | None) -> list[MatterLine]:
    """The matters of a household, the latest first, in two statements.

    A party is named to whoever sees her, or works in the house where she lives: with her code anybody could ask to be
    let in to her. Of someone who is denied to the person who looks there is no line.
    """
    rows = session.execute(
        select(Matter, Account.shown_name)
        .join(Account, Account.id == Matter.opened_by_id)
        .where(Matter.household_id == household_id, Matter.closed_at.is_(None))
        .order_by(Matter.opened_at.desc(), Matter.id.desc())
    ).all()
    parties: dict[int, list[Party]] = {}
    named = or_(
        seen_by(account_id, role),
        Resident.house_id.in_(cleared_house_ids(account_id)),
    )
    for matter_id, side, alias, code, relationship, may_name in session.execute(
        select(
            MatterParty.matter_id,
            MatterParty.side,
            Resident.alias,
            Resident.code,
            ReportedPerson.relationship,
            named,
        )
        .outerjoin(Resident, Resident.id == MatterParty.resident_id)
        .outerjoin(ReportedPerson, ReportedPerson.id == MatterParty.reported_id)
        .where(
            MatterParty.matter_id.in_([matter.id for matter, _name in rows]),
            or_(MatterParty.resident_id.is_(None), MatterParty.resident_id.not_in(denied_to(account_id))),
        )
        .order_by(MatterParty.id)
    ):
        party = Party(side, alias, code, relationship) if may_name else Party(side, None, None, relationship)
        parties.setdefault(matter_id, []).append(party)
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
