"""What a check compares: numbers by their digests, names and plates after opening them, matters and denials as they
are. It finds; `safety` keeps what is found.

Names and plates are opened all in one reading, by the system: nobody is shown them, and the record names everyone whose
words were opened.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from safehouse.access.models import Account, AccountState
from safehouse.residents.models import (
    BlindIndex,
    ConflictKind,
    Denial,
    Household,
    IndexedKind,
    Matter,
    MatterParty,
    OwnerOfIndex,
    ReportedPerson,
    Resident,
    Side,
    StaffRelation,
)
from safehouse.residents.queries.indexing import SameNumber, same_numbers
from safehouse.residents.rules.matching import comparable_plate, same_name, same_reported
from safehouse.trail.models import SYSTEM
from safehouse.trail.opening import Sealed, open_values
from safehouse.vault.models import DataKey

# Whoever was written down so lately may be on her way here; earlier ones are compared when they come.
COMING = dt.timedelta(days=30)


# smaller household, larger household or none, account or none
Place = tuple[int, int | None, int | None, ConflictKind]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: another household or an account, and since when it could have been known."""

    kind: ConflictKind
    household_id: int
    since: dt.datetime
    other_id: int | None = None
    account_id: int | None = None

    @property
    def place(self) -> Place:
        """Whom it stands between, of two households the smaller id first."""
        if self.other_id is None:
            return (self.household_id, None, self.account_id, self.kind)
        return (min(self.household_id, self.other_id), max(self.household_id, self.other_id), None, self.kind)


def by_number(
    session: Session, household: Household, residents: Sequence[Resident], reported: Sequence[ReportedPerson]
) -> list[Finding]:
    noted = {one.ref: one.noted_at for one in reported}
    alike = same_numbers(
        session,
        [*noted, *(one.ref for one in residents)],
        among=(OwnerOfIndex.REPORTED_PERSON, OwnerOfIndex.RESIDENT, OwnerOfIndex.STAFF_RELATION),
    )
    others = _whose(session, alike)
    found = []
    for one in alike:
        if one.other not in others:
            continue
        whose, since = others[one.other]
        mine = noted.get(one.mine)
        moments = [moment for moment in (mine, since) if moment is not None]
        if one.other_kind is OwnerOfIndex.STAFF_RELATION:
            if mine is not None:
                found.append(Finding(ConflictKind.STAFF_RELATED, household.id, max(moments), account_id=whose))
        elif whose != household.id and moments:
            # Two residents of one number are one person who came back: no conflict.
            both = mine is not None and one.other_kind is OwnerOfIndex.REPORTED_PERSON
            kind = ConflictKind.SAME_REPORTED if both else ConflictKind.REPORTED_LIVES_HERE
            found.append(Finding(kind, household.id, max(moments), other_id=whose))
    return found


def _whose(session: Session, alike: Iterable[SameNumber]) -> dict[uuid.UUID, tuple[int, dt.datetime | None]]:
    """owner -> (household, or account of a relative, and when it was written down)."""
    refs: dict[OwnerOfIndex, set[uuid.UUID]] = {kind: set() for kind in OwnerOfIndex}
    for one in alike:
        refs[one.other_kind].add(one.other)
    whose: dict[uuid.UUID, tuple[int, dt.datetime | None]] = {}
    if asked := refs[OwnerOfIndex.REPORTED_PERSON]:
        for ref, household_id, noted_at in session.execute(
            select(ReportedPerson.ref, ReportedPerson.household_id, ReportedPerson.noted_at).where(
                ReportedPerson.ref.in_(asked)
            )
        ):
            whose[ref] = (household_id, noted_at)
    if asked := refs[OwnerOfIndex.RESIDENT]:
        for ref, household_id in session.execute(
            select(Resident.ref, Resident.household_id).where(Resident.ref.in_(asked))
        ):
            whose[ref] = (household_id, None)
    if asked := refs[OwnerOfIndex.STAFF_RELATION]:
        for ref, account_id, since in session.execute(
            select(StaffRelation.ref, StaffRelation.account_id, StaffRelation.since).where(
                StaffRelation.ref.in_(asked), StaffRelation.until.is_(None)
            )
        ):
            whose[ref] = (account_id, since)
    return whose


@dataclass(frozen=True, slots=True)
class _Opened:
    """One sealed word, opened for a check: whose it is, and nothing that leaves this module."""

    row: ReportedPerson | Resident | StaffRelation
    column: str
    words: str


def by_words(
    session: Session,
    household: Household,
    residents: Sequence[Resident],
    reported: Sequence[ReportedPerson],
    *,
    now: dt.datetime,
) -> list[Finding]:
    """By names and number plates, all opened in one reading."""
    if not any(one.name for one in residents) and not any(one.name or one.plate for one in reported):
        return []
    living = list(
        session.scalars(
            select(Resident).where(
                Resident.house_id.is_not(None), Resident.household_id != household.id, Resident.name.is_not(None)
            )
        )
    )
    relations = list(
        session.scalars(
            select(StaffRelation)
            .join(Account, Account.id == StaffRelation.account_id)
            .where(
                StaffRelation.until.is_(None),
                StaffRelation.name.is_not(None),
                Account.state != AccountState.DISABLED,
            )
        )
    )
    near = reported_near(session, now=now, but=household.id)
    if not living and not relations and not near:
        return []
    opened = _open(session, [*residents, *reported, *living, *relations, *near], now=now)
    ours = {one.ref for one in residents} | {one.ref for one in reported}
    mine = [one for one in opened if one.row.ref in ours]
    others = [one for one in opened if one.row.ref not in ours]
    niks = _nik_digests(session, {one.row.ref for one in opened})
    found = []
    for one in mine:
        for other in others:
            if _other_nik(niks, one, other):
                continue
            if (finding := _compare(one, other, household.id)) is not None:
                found.append(finding)
    return found


def _compare(one: _Opened, other: _Opened, household_id: int) -> Finding | None:
    """The conflict between two opened words, if they tell of one person."""
    if one.column != other.column:
        return None
    mine, row = one.row, other.row
    if isinstance(mine, ReportedPerson) and isinstance(row, ReportedPerson):
        if one.column == "plate":
            alike = comparable_plate(one.words) == comparable_plate(other.words) != ""
        else:
            alike = same_reported(one.words, mine.relationship, other.words, row.relationship)
        since = max(mine.noted_at, row.noted_at)
        return Finding(ConflictKind.SAME_REPORTED, household_id, since, other_id=row.household_id) if alike else None
    if not same_name(one.words, other.words):
        return None
    if isinstance(mine, ReportedPerson) and isinstance(row, StaffRelation):
        since = max(mine.noted_at, row.since)
        return Finding(ConflictKind.STAFF_RELATED, household_id, since, account_id=row.account_id)
    if isinstance(mine, ReportedPerson) and isinstance(row, Resident):
        return Finding(ConflictKind.REPORTED_LIVES_HERE, household_id, mine.noted_at, other_id=row.household_id)
    if isinstance(mine, Resident) and isinstance(row, ReportedPerson):
        return Finding(ConflictKind.REPORTED_LIVES_HERE, household_id, row.noted_at, other_id=row.household_id)
    return None


def by_matter(session: Session, household: Household, residents: Sequence[Resident]) -> list[Finding]:
    """Whoever stands on the other side of a legal matter: the reported person of it against victims and witnesses."""
    sides = session.execute(
        select(MatterParty.matter_id, MatterParty.side, Matter.opened_at)
        .join(Matter, Matter.id == MatterParty.matter_id)
        .where(MatterParty.resident_id.in_([one.id for one in residents]))
    ).all()
    if not sides:
        return []
    others: dict[int, list[tuple[int, Side]]] = {}
    for matter_id, side, other_id in session.execute(
        select(MatterParty.matter_id, MatterParty.side, Resident.household_id)
        .join(Resident, Resident.id == MatterParty.resident_id)
        .where(
            MatterParty.matter_id.in_([matter_id for matter_id, *_rest in sides]),
            Resident.household_id != household.id,
        )
    ):
        others.setdefault(matter_id, []).append((other_id, side))
    return [
        Finding(ConflictKind.OPPOSITE_SIDES, household.id, opened_at, other_id=other_id)
        for matter_id, side, opened_at in sides
        for other_id, other_side in others.get(matter_id, [])
        if (side is Side.REPORTED) != (other_side is Side.REPORTED)
    ]


def by_denial(session: Session, household: Household, residents: Sequence[Resident]) -> list[Finding]:
    rows = session.execute(
        select(Denial.account_id, Denial.since).where(
            Denial.resident_id.in_([one.id for one in residents]),
            Denial.account_id.is_not(None),
            Denial.until.is_(None),
        )
    )
    return [Finding(ConflictKind.DENIED, household.id, since, account_id=account_id) for account_id, since in rows]


def relatives_by_number(session: Session, account: Account, relations: Sequence[StaffRelation]) -> list[Finding]:
    since = {one.ref: one.since for one in relations}
    alike = same_numbers(session, list(since), among=(OwnerOfIndex.REPORTED_PERSON,))
    others = _whose(session, alike)
    return [
        Finding(
            ConflictKind.STAFF_RELATED,
            others[one.other][0],
            max(since[one.mine], others[one.other][1] or since[one.mine]),
            account_id=account.id,
        )
        for one in alike
        if one.other in others
    ]


def relatives_by_name(
    session: Session, relations: Sequence[StaffRelation], near: Sequence[ReportedPerson], *, now: dt.datetime
) -> list[Finding]:
    if not near or not any(one.name for one in relations):
        return []
    opened = [one for one in _open(session, [*relations, *near], now=now) if one.column == "name"]
    niks = _nik_digests(session, {one.row.ref for one in opened})
    found = []
    for one in (one for one in opened if isinstance(one.row, StaffRelation)):
        for other in (other for other in opened if isinstance(other.row, ReportedPerson)):
            if not _other_nik(niks, one, other):
                finding = _compare(other, one, other.row.household_id)  # type: ignore[union-attr]
                found += [finding] if finding is not None else []
    return found


def reported_near(session: Session, *, now: dt.datetime, but: int | None = None) -> list[ReportedPerson]:
    """Reported persons, known by name or plate, of the households that live in a house or may be on their way."""
    lives_here = exists().where(Resident.household_id == ReportedPerson.household_id, Resident.house_id.is_not(None))
    statement = select(ReportedPerson).where(
        or_(ReportedPerson.name.is_not(None), ReportedPerson.plate.is_not(None)),
        or_(lives_here, ReportedPerson.noted_at > now - COMING),
    )
    if but is not None:
        statement = statement.where(ReportedPerson.household_id != but)
    return list(session.scalars(statement))


def _open(
    session: Session, rows: Iterable[ReportedPerson | Resident | StaffRelation], *, now: dt.datetime
) -> list[_Opened]:
    """Their names and plates in one recorded reading by the system. Whoever's key was destroyed is left out."""
    owners = _owners(session, rows := list(rows))
    wanted = [
        Sealed(row, column, owners[row.ref])
        for row in rows
        if row.ref in owners
        for column in ("name", "plate")
        if getattr(row, column, None) is not None
    ]
    words = open_values(session, now=now, by=SYSTEM, purpose="conflict check", wanted=wanted)
    return [_Opened(item.row, item.column, text) for item, text in zip(wanted, words, strict=True)]


def _owners(session: Session, rows: Sequence[ReportedPerson | Resident | StaffRelation]) -> dict[uuid.UUID, uuid.UUID]:
    """row -> whose key it is sealed with, if that key is still there."""
    households = {one.household_id for one in rows if isinstance(one, ReportedPerson)}
    accounts = {one.account_id for one in rows if isinstance(one, StaffRelation)}
    by_household = select(Household.id, Household.ref).where(Household.id.in_(households))
    by_account = select(Account.id, Account.ref).where(Account.id.in_(accounts))
    of_household = {number: ref for number, ref in session.execute(by_household)}  # noqa: C416
    of_account = {number: ref for number, ref in session.execute(by_account)}  # noqa: C416
    owners = {}
    for row in rows:
        if isinstance(row, ReportedPerson):
            owners[row.ref] = of_household[row.household_id]
        elif isinstance(row, StaffRelation):
            owners[row.ref] = of_account[row.account_id]
        else:
            owners[row.ref] = row.ref
    kept = set(
        session.scalars(
            select(DataKey.owner).where(DataKey.owner.in_(set(owners.values())), DataKey.wrapped.is_not(None))
        )
    )
    return {ref: owner for ref, owner in owners.items() if owner in kept}


def _nik_digests(session: Session, refs: Collection[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    rows = session.execute(
        select(BlindIndex.owner, BlindIndex.digest).where(
            BlindIndex.owner.in_(refs), BlindIndex.kind == IndexedKind.NIK
        )
    )
    return {owner: digest for owner, digest in rows}  # noqa: C416


def _other_nik(niks: dict[uuid.UUID, bytes], one: _Opened, other: _Opened) -> bool:
    """A NIK is for life: with two of them they are two people. A plate may be driven by either."""
    mine, theirs = niks.get(one.row.ref), niks.get(other.row.ref)
    return one.column == "name" and mine is not None and theirs is not None and mine != theirs
