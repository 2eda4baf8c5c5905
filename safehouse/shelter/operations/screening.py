"""Writing a screening down. A corrected one is a new row; the newest counts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from safehouse.residents.models import Danger, DangerLevel, Household, Relationship, Resident
from safehouse.residents.operations.danger import assess_danger
from safehouse.residents.operations.safety import check_household, note_reported_person
from safehouse.residents.queries.danger import newest_danger
from safehouse.shelter.choices import ReferralState
from safehouse.shelter.models import Referral, ReferralNeed, Screening
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.queries.referrals import follows_others
from safehouse.shelter.queries.screening import newest_screening
from safehouse.shelter.rules.screening import Answers, danger_of, doctor_wanted_since, needs_from
from safehouse.trail.acts import Act
from safehouse.trail.models import Actor
from safehouse.trail.operations import record
from safehouse.vault.operations import key_of, seal

SCREENABLE = frozenset({ReferralState.NEW, ReferralState.WAITING, ReferralState.ACCEPTED})


class ScreeningRefusal(StrEnum):
    ANSWERED = "answered"  # refused or withdrawn in the meantime
    NOT_LOWERED = "not_lowered"  # staff may say that there is more danger, not that there is less


class ScreeningRefused(Exception):
    def __init__(self, reason: ScreeningRefusal):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class NewReported:
    """Someone who must not find her. One fact is enough."""

    relationship: Relationship
    name: str | None = None
    nik: str | None = None
    phone: str | None = None
    plate: str | None = None

    @property
    def known(self) -> list[str]:
        """Which of these are known."""
        return [fact for fact in ("name", "nik", "phone", "plate") if getattr(self, fact)]


def record_screening(
    session: Session,
    *,
    referral: Referral,
    answers: Answers,
    reported: Sequence[NewReported],
    anew: Answers | None = None,
    compare: bool = True,
    may_lower: bool = False,
    now: dt.datetime,
    by: Actor,
) -> Screening:
    """Seal the answers, keep the danger they lead to, and note who must not find her. The caller commits.

    Needs found here are added to the referral; none is taken away. Conflicts are checked anew each time; without
    `compare` only where the family lives in a house already, and for all others when a bed is chosen. Raises
    `ScreeningRefused`, and `Unreadable` for a number nobody can have.

    `anew` is what of the answers was given this time, all of them unless told. Answers never lower what somebody judged
    by hand, nor anything without `may_lower`, nor, where somebody follows her family, what was found for those who came
    before: the higher level stays.
    """
    session.refresh(referral, with_for_update=True)
    if referral.state not in SCREENABLE:
        raise ScreeningRefused(ScreeningRefusal.ANSWERED)
    household = household_of(session, referral=referral)
    may_lower = may_lower and not follows_others(session, referral)
    level, codes = danger_of(answers)
    last = newest_screening(session, referral.id)
    screening = Screening(
        referral_id=referral.id,
        level=level,
        grounds=",".join(codes),
        unknown=len(answers.unknown),
        unanswered=len(answers.unanswered),
        doctor_since=doctor_wanted_since(
            answers,
            anew=answers if anew is None else anew,
            before=last.doctor_since if last is not None else None,
            now=now,
        ),
        made_at=now,
        made_by_id=by.person_id,
    )
    screening.answers = seal(session, screening, "answers", answers.written(), key=key_of(session, referral.ref))
    session.add(screening)
    known = {one.need for one in referral.needs}
    session.add_all(ReferralNeed(referral_id=referral.id, need=need) for need in sorted(needs_from(answers) - known))
    session.flush()
    record(session, now=now, by=by, act=Act.SCREENED, subject=referral.ref)
    compare = compare or _lives_here(session, household)
    for one in reported:
        note_reported_person(
            session,
            household=household,
            relationship=one.relationship,
            name=one.name,
            nik=one.nik,
            phone=one.phone,
            plate=one.plate,
            compare=False,  # once for all of them
            now=now,
            by=by,
        )
    if compare:
        check_household(session, household=household, now=now, by=by)
    if codes and not _stays(newest_danger(session, household.id), level, may_lower=may_lower):
        assess_danger(session, household=household, level=level, grounds=codes, words=None, now=now, by=by)
    session.expire(referral, ["needs"])
    return screening


def _lives_here(session: Session, household: Household) -> bool:
    return bool(
        session.scalar(
            select(Resident.id).where(Resident.household_id == household.id, Resident.house_id.is_not(None)).limit(1)
        )
    )


def _stays(newest: Danger | None, level: DangerLevel, *, may_lower: bool) -> bool:
    """Whether the danger that was assessed before counts on beside answers that lead to this level."""
    if newest is None:
        return False
    order = list(DangerLevel)
    if newest.words is not None:
        # Somebody knew more than these questions ask; only somebody who says why takes that back.
        return order.index(level) <= order.index(newest.level)
    return not may_lower and order.index(level) < order.index(newest.level)


def change_level(
    session: Session,
    *,
    referral: Referral,
    level: DangerLevel,
    words: str,
    may_lower: bool,
    now: dt.datetime,
    by: Actor,
) -> None:
    """Someone judges the danger otherwise than the answers do, and says why. The caller commits.

    House staff may raise the level, never lower it. Raises `ScreeningRefused`.
    """
    session.refresh(referral, with_for_update=True)
    if referral.state not in SCREENABLE:
        raise ScreeningRefused(ScreeningRefusal.ANSWERED)
    household = household_of(session, referral=referral)
    newest = newest_danger(session, household.id)
    order = list(DangerLevel)
    if newest is not None and not may_lower and order.index(level) < order.index(newest.level):
        raise ScreeningRefused(ScreeningRefusal.NOT_LOWERED)
    codes = newest.grounds.split(",") if newest and newest.grounds else []
    assess_danger(session, household=household, level=level, grounds=codes, words=words, now=now, by=by)
