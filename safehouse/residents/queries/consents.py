"""What she agreed to, read back: each line as it stands today, and who still has to be asked."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from safehouse.access.models import Account, AccountState, Agency, Clearance
from safehouse.residents.models import (
    Consent,
    ConsentItem,
    GivenBy,
    Guardian,
    Matter,
    MatterParty,
    Reading,
    Relationship,
    ReportedPerson,
    Resident,
    Side,
    Signing,
    Told,
)
from safehouse.residents.queries.people import denied_accounts
from safehouse.residents.rules.ageing import is_child
from safehouse.residents.rules.consenting import Given, NotNow, counts, still_open, why_not_now


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One answer, and what it is worth today: `not_now` is None where it counts."""

    ref: uuid.UUID
    item: ConsentItem
    agency: str | None
    tells: Told | None
    granted: bool
    given_by: GivenBy
    guardian: str | None  # the alias of a guardian who lives here
    relationship: Relationship | None
    child_agrees: bool | None
    reading: Reading
    language: str
    signed: Signing
    sheet_number: str | None
    read_by: str
    witness: str | None
    since: dt.datetime
    until: dt.date | None
    withdrawn_at: dt.datetime | None
    replaced: bool
    not_now: NotNow | None

    @property
    def standing(self) -> bool:
        """Whether this is her last word on it."""
        return not self.replaced and self.withdrawn_at is None


def consent_lines(session: Session, *, resident: Resident, today: dt.date) -> list[ConsentLine]:
    """Every answer she ever gave, the newest first. One statement; nothing sealed is opened."""
    reader, witness, adult = aliased(Account), aliased(Account), aliased(Resident)
    rows = session.execute(
        select(
            Consent,
            Agency.name.label("agency"),
            reader.shown_name.label("reader"),
            witness.shown_name.label("witness"),
            adult.alias.label("guardian"),
            Guardian.relationship.label("relationship"),
            decides_no_more().label("reported"),
        )
        .outerjoin(Agency, Agency.id == Consent.agency_id)
        .join(reader, reader.id == Consent.read_by_id)
        .outerjoin(witness, witness.id == Consent.witness_id)
        .outerjoin(Guardian, Guardian.id == Consent.guardian_id)
        .outerjoin(adult, adult.id == Guardian.adult_id)
        .where(Consent.resident_id == resident.id)
        .order_by(Consent.since.desc(), Consent.id.desc())
    )
    child = is_child(resident.birth_month, resident.of_age_on, today)
    return [
        ConsentLine(
            ref=row.Consent.ref,
            item=row.Consent.item,
            agency=row.agency,
            tells=row.Consent.tells,
            granted=row.Consent.granted,
            given_by=row.Consent.given_by,
            guardian=row.guardian,
            relationship=row.relationship,
            child_agrees=row.Consent.child_agrees,
            reading=row.Consent.reading,
            language=row.Consent.language,
            signed=row.Consent.signed,
            sheet_number=row.Consent.sheet_number,
            read_by=row.reader,
            witness=row.witness,
            since=row.Consent.since,
            until=row.Consent.until,
            withdrawn_at=row.Consent.withdrawn_at,
            replaced=row.Consent.replaced_at is not None,
            not_now=why_not_now(_given(row.Consent, row.reported), child=child, on=today),
        )
        for row in rows
    ]


def open_in(lines: Sequence[ConsentLine], *, child: bool) -> tuple[ConsentItem, ...]:
    """What she is still to be asked, by all she ever answered, the newest first."""
    last: dict[ConsentItem, NotNow | None] = {
        one.item: one.not_now for one in reversed(lines) if not one.replaced and one.item is not ConsentItem.AGENCY
    }
    return still_open(last, child=child)


def agreed_to(
    session: Session, *, residents: Collection[Resident], item: ConsentItem, today: dt.date
) -> frozenset[int]:
    """The ids of those whose agreement to this item counts today. One statement."""
    child = {one.id: is_child(one.birth_month, one.of_age_on, today) for one in residents}
    rows = session.execute(
        select(Consent, decides_no_more().label("reported"))
        .outerjoin(Guardian, Guardian.id == Consent.guardian_id)
        .where(
            Consent.resident_id.in_(child),
            Consent.item == item,
            Consent.withdrawn_at.is_(None),
            Consent.replaced_at.is_(None),
        )
    )
    return frozenset(
        row.Consent.resident_id
        for row in rows
        if counts(_given(row.Consent, row.reported), child=child[row.Consent.resident_id], on=today)
    )


def last_words(
    session: Session, *, residents: Collection[Resident], today: dt.date
) -> dict[int, dict[ConsentItem, NotNow | None]]:
    """Of each of them, by id: why her last answer to an item does not count today, None where it does. What agencies
    may be told is not among them. One statement."""
    child = {one.id: is_child(one.birth_month, one.of_age_on, today) for one in residents}
    rows = session.execute(
        select(Consent, decides_no_more().label("reported"))
        .outerjoin(Guardian, Guardian.id == Consent.guardian_id)
        .where(Consent.resident_id.in_(child), Consent.item != ConsentItem.AGENCY, Consent.replaced_at.is_(None))
        .order_by(Consent.id)
    )
    found: dict[int, dict[ConsentItem, NotNow | None]] = {number: {} for number in child}
    for row in rows:
        one = row.Consent
        found[one.resident_id][one.item] = why_not_now(
            _given(one, row.reported), child=child[one.resident_id], on=today
        )
    return found


def decides_no_more() -> ColumnElement[bool]:
    """Beside a `Guardian`: whether she is the reported person, and what she agreed to counts no more. She was marked
    as one, or stands on that side of an open matter of the child's household."""
    child = aliased(Resident)
    on_that_side = (
        _accused(child.household_id)
        .join(child, child.id == Guardian.child_id)
        .where(MatterParty.resident_id == Guardian.adult_id)
        .correlate(Guardian)
    )
    return or_(Guardian.reported_id.is_not(None), on_that_side.exists())


def accused_in_matters(household_id: int) -> Select[int | None]:
    """A subquery of the residents who stand on the reported side of an open matter of this household."""
    return _accused(household_id)


def _accused(household_id: ColumnElement[int] | InstrumentedAttribute[int] | int) -> Select[int | None]:
    """Of its own matters, and of those of another household in which somebody else of it stands too."""
    own, beside = aliased(MatterParty), aliased(Resident)
    stands_there = (
        select(own.id)
        .join(beside, beside.id == own.resident_id)
        .where(
            own.matter_id == Matter.id,
            own.resident_id != MatterParty.resident_id,
            beside.household_id == household_id,
        )
        .correlate_except(own, beside)
    )
    return (
        select(MatterParty.resident_id)
        .join(Matter, Matter.id == MatterParty.matter_id)
        .where(
            MatterParty.resident_id.is_not(None),
            MatterParty.side == Side.REPORTED,
            Matter.closed_at.is_(None),
            or_(Matter.household_id == household_id, stands_there.exists()),
        )
    )


def find_consent(session: Session, ref: uuid.UUID) -> tuple[Consent, Resident] | None:
    row = session.execute(
        select(Consent, Resident).join(Resident, Resident.id == Consent.resident_id).where(Consent.ref == ref)
    ).first()
    return (row.Consent, row.Resident) if row else None


@dataclass(frozen=True, slots=True)
class GuardianLine:
    """Who decides for a child: an adult she lives with by her alias, or somebody outside. `reported` never decides."""

    ref: uuid.UUID
    alias: str | None
    relationship: Relationship
    reported: bool


def guardians_of(session: Session, child: Resident) -> list[GuardianLine]:
    """Everybody who was ever named as her guardian, the newest first. Nothing sealed is opened."""
    adult = aliased(Resident)
    rows = session.execute(
        select(Guardian.ref, adult.alias, Guardian.relationship, decides_no_more().label("reported"))
        .outerjoin(adult, adult.id == Guardian.adult_id)
        .where(Guardian.child_id == child.id, Guardian.until.is_(None))
        .order_by(Guardian.id.desc())
    )
    return [GuardianLine(ref, alias, kind, reported) for ref, alias, kind, reported in rows]


def find_guardian(session: Session, ref: uuid.UUID) -> tuple[Guardian, Resident] | None:
    row = session.execute(
        select(Guardian, Resident).join(Resident, Resident.id == Guardian.child_id).where(Guardian.ref == ref)
    ).first()
    return (row.Guardian, row.Resident) if row else None


def reported_persons(session: Session, household_id: int) -> list[ReportedPerson]:
    """The reported persons of this household, as they were written down."""
    return list(
        session.scalars(
            select(ReportedPerson).where(ReportedPerson.household_id == household_id).order_by(ReportedPerson.id)
        )
    )


def witnesses(
    session: Session, *, house_ids: Collection[int], reader_id: int, household_id: int | None
) -> list[tuple[uuid.UUID, int, str]]:
    """(ref, id, name) of everyone who works in these houses, is not the one who reads, and may know of this household,
    by name."""
    denied = [] if household_id is None else [Account.id.not_in(denied_accounts([household_id]))]
    rows = session.execute(
        select(Account.ref, Account.id, Account.shown_name)
        .where(
            Account.id.in_(_working_in(house_ids)),
            Account.id != reader_id,
            Account.state == AccountState.ACTIVE,
            *denied,
        )
        .order_by(Account.shown_name, Account.id)
    )
    return [(ref, number, name) for ref, number, name in rows]


def _working_in(house_ids: Collection[int]) -> Select[int]:
    return select(Clearance.account_id).where(Clearance.house_id.in_(house_ids), Clearance.until.is_(None))


def _given(consent: Consent, reported: bool) -> Given:
    return Given(
        granted=consent.granted,
        given_by=consent.given_by,
        until=consent.until,
        withdrawn=consent.withdrawn_at is not None,
        replaced=consent.replaced_at is not None,
        guardian_reported=reported,
    )
