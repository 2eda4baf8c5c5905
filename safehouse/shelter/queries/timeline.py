"""What happened in the stays of one resident, in seven statements however long they were. Nothing sealed is opened.

The caller has made sure that the person who looks may see this resident.
"""

from collections.abc import Iterable
from itertools import groupby, pairwise

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from safehouse.access.models import Account, Approval, House
from safehouse.gathered import Happening, Topic
from safehouse.shelter.choices import ExtensionAnswer, StayEnd
from safehouse.shelter.models import (
    Bed,
    Belonging,
    Decision,
    Departure,
    Extension,
    IntakeAnswer,
    Leave,
    Placement,
    Referral,
    Room,
    Screening,
    Stay,
)
from safehouse.shelter.queries.leaves import LEAVE_LASTED
from safehouse.shelter.rules.happenings import Happening as Kind
from safehouse.shelter.rules.labels import bed_name


def timeline(session: Session, *, resident_id: int) -> list[Happening]:
    """All of it, unordered."""
    return [
        *_beds(session, resident_id),
        *_leaves(session, resident_id),
        *_referrals(session, resident_id),
        *_asked_at_arrival(session, resident_id),
        *_belongings(session, resident_id),
        *_extensions(session, resident_id),
    ]


def _hers(resident_id: int) -> Select[int]:
    return select(Placement.id).where(Placement.resident_id == resident_id)


def _beds(session: Session, resident_id: int) -> Iterable[Happening]:
    """Coming, moving and leaving. Beds in which nobody slept, because it was undone, are left out."""
    rows = session.execute(
        select(
            Placement.id,
            Placement.basis,
            Placement.limit_days,
            House.name,
            Room.label,
            Bed.label,
            Stay.started_at,
            Departure.at,
            Departure.place_kind,
            Account.shown_name,
        )
        .select_from(Stay)
        .join(Placement, Placement.id == Stay.placement_id)
        .join(Bed, Bed.id == Stay.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(House, House.id == Room.house_id)
        .outerjoin(Departure, (Departure.placement_id == Placement.id) & Departure.undone_at.is_(None))
        .outerjoin(Account, Account.id == Departure.by_id)
        .where(Placement.resident_id == resident_id, Stay.ended_by.is_(None) | (Stay.ended_by != StayEnd.UNDONE))
        .order_by(Placement.id, Stay.started_at, Stay.id)
    ).all()
    for _placement, stays in groupby(rows, key=lambda row: row[0]):
        beds = list(stays)
        first = beds[0]
        place = f"{first.name}, {bed_name(first[4], first[5])}"
        yield Happening(
            Kind.ARRIVED,
            first.started_at,
            Topic.STAY,
            figures={"place": place, "basis": first.basis, "limit": first.limit_days},
        )
        for before, after in pairwise(beds):
            yield Happening(
                Kind.MOVED,
                after.started_at,
                Topic.STAY,
                figures={
                    "before": f"{before.name}, {bed_name(before[4], before[5])}",
                    "after": f"{after.name}, {bed_name(after[4], after[5])}",
                },
            )
        if first.at is not None:
            yield Happening(Kind.LEFT, first.at, Topic.STAY, first.shown_name, {"destination": first.place_kind})


def _leaves(session: Session, resident_id: int) -> Iterable[Happening]:
    rows = session.execute(
        select(Leave.kind, Leave.from_at, Leave.due_back, Leave.back_at, Leave.without_notice).where(
            Leave.placement_id.in_(_hers(resident_id)), LEAVE_LASTED
        )
    )
    for kind, from_at, due_back, back_at, without_notice in rows:
        if without_notice:
            yield Happening(Kind.LEFT_WITHOUT_NOTICE, from_at, Topic.STAY)
        else:
            yield Happening(Kind.WENT_OUT, from_at, Topic.STAY, figures={"where": kind, "due_back": due_back})
        if back_at is not None:
            yield Happening(Kind.CAME_BACK, back_at, Topic.STAY, figures={"where": kind})


def _referrals(session: Session, resident_id: int) -> Iterable[Happening]:
    """What was found before she came, and what the head decided."""
    led_here = select(Placement.referral_id).where(Placement.resident_id == resident_id)
    for level, made_at, who in session.execute(
        select(Screening.level, Screening.made_at, Account.shown_name)
        .join(Account, Account.id == Screening.made_by_id)
        .where(Screening.referral_id.in_(led_here))
    ):
        yield Happening(Kind.SCREENED, made_at, Topic.SAFETY, who, {"level": level})
    for number, granted, at, who in session.execute(
        select(Decision.number, Decision.granted, Decision.at, Account.shown_name)
        .join(Account, Account.id == Decision.by_id)
        .join(Referral, Referral.id == Decision.referral_id)
        .where(Decision.undone_at.is_(None), Referral.id.in_(led_here))
    ):
        yield Happening(Kind.DECIDED, at, Topic.PAPERS, who, {"number": number, "granted": granted})


def _asked_at_arrival(session: Session, resident_id: int) -> Iterable[Happening]:
    for item, some, at, who in session.execute(
        select(IntakeAnswer.item, IntakeAnswer.some, IntakeAnswer.at, Account.shown_name)
        .join(Account, Account.id == IntakeAnswer.by_id)
        .where(IntakeAnswer.placement_id.in_(_hers(resident_id)))
    ):
        yield Happening(Kind.INTAKE, at, Topic.CARE, who, {"asked": item, "some": some})


def _belongings(session: Session, resident_id: int) -> Iterable[Happening]:
    """How many things were listed at one time; what they are stays sealed."""
    rows = session.execute(
        select(Belonging.listed_at, Account.shown_name)
        .join(Account, Account.id == Belonging.listed_by_id)
        .where(Belonging.placement_id.in_(_hers(resident_id)))
        .order_by(Belonging.listed_at, Account.shown_name)
    ).all()
    for (at, who), things in groupby(rows, key=lambda row: (row[0], row[1])):
        yield Happening(Kind.BELONGINGS, at, Topic.PAPERS, who, {"n": len(list(things))})


def _extensions(session: Session, resident_id: int) -> Iterable[Happening]:
    decider = aliased(Account)
    rows = session.execute(
        select(Extension, Account.shown_name, decider.shown_name)
        .join(Account, Account.id == Extension.asked_by_id)
        .join(Approval, Approval.id == Extension.approval_id)
        .outerjoin(decider, decider.id == Approval.decided_by_id)
        .where(Extension.placement_id.in_(_hers(resident_id)))
    )
    for one, asker, decided_by in rows:
        asked = {"until": one.until, "reason": one.reason}
        yield Happening(Kind.EXTENSION_ASKED, one.asked_at, Topic.PAPERS, asker, asked)
        # One that nobody answered in time was closed without an answer.
        if one.decided_at is not None and one.answered is not ExtensionAnswer.LAPSED:
            answer = {"granted": one.granted, "until": one.granted_until}
            yield Happening(Kind.EXTENSION_DECIDED, one.decided_at, Topic.PAPERS, decided_by, answer)
