"""The ways a matter goes through law: which stage may follow which, which code of procedure holds, what may never be
recorded, how long an order that protects her may last. Pure: days are those of the house, moments are aware."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from safehouse.access.rules.approving import digest_of
from safehouse.services.choices import ProceduralCode, ProtectionKind, Track
from safehouse.services.rules.duties import RENEW_BEFORE, months_after

# UU 20/2025: the new code of criminal procedure is in force from this day on.
KUHAP_2025_SINCE = dt.date(2026, 1, 2)
# UU 12/2022 Pasal 42: within 1 x 24 hours of a protection by the police LPSK is asked to protect her.
LPSK_TERM = dt.timedelta(hours=24)
DAYS_OF_POLICE = {ProtectionKind.POLICE_DOMESTIC: 7, ProtectionKind.POLICE_SEXUAL: 14}
MONTHS_OF_COURT = 12
# On these ways an amount is asked for or paid.
WITH_AMOUNT = frozenset({Track.RESTITUTION, Track.VICTIM_FUND})
MEDIATION = "mediation"
ANSWER_WITHIN = dt.timedelta(hours=24)


def code_for(begun: dt.date) -> ProceduralCode:
    """The code a matter follows that was begun on this day; shown to whoever records it, who may know better."""
    return ProceduralCode.KUHAP_1981 if begun < KUHAP_2025_SINCE else ProceduralCode.KUHAP_2025


# The order of stages


@dataclass(frozen=True, slots=True)
class Step:
    """A stage as it counts for the order. `again` may be reached more than once, `ends` closes the way, `aside` does
    not belong to the path everybody goes."""

    id: int
    position: int
    again: bool = False
    ends: bool = False
    aside: bool = False


def in_order(stage: Step, *, before: Sequence[Step], after: Sequence[Step], path: Collection[int]) -> bool:
    """Whether this stage may follow what was reached up to its day, and come before what was reached after it.

    `path` holds the positions of the stages everybody goes through. After an end nothing follows; the path is gone one
    stage at a time; what stands aside follows the stage of the path it hangs on; a way out may be taken at any time.
    Whatever is not in order needs a reason, and may be recorded with one.
    """
    if any(one.ends for one in before) or (stage.ends and after):
        return False
    farthest = max((one.position for one in before if not one.aside), default=-1)
    if any(not one.aside and one.position < stage.position for one in after):
        return False
    if any(one.id == stage.id for one in before) and not stage.again:
        return False
    if any(one.id == stage.id for one in after) and not stage.again:
        return False
    if stage.aside:
        return stage.ends or farthest == max((one for one in path if one < stage.position), default=-1)
    if stage.position == farthest:
        return stage.again
    return stage.position == min((one for one in path if one > farthest), default=None)


# What may not be recorded at all


class WayFault(StrEnum):
    """Why a matter cannot go this way."""

    NO_CODE = "no_code"
    SEXUAL_VIOLENCE = "sexual_violence"  # UU 12/2022 Pasal 23
    NEEDS_APPROVAL = "needs_approval"


def why_not_way(
    track: Track, *, code: ProceduralCode | None, sexual_violence: bool, child_offender: bool
) -> WayFault | None:
    """A criminal way has its code; mediation is never simply opened."""
    if track is Track.CRIMINAL and code is None:
        return WayFault.NO_CODE
    if track is not Track.MEDIATION:
        return None
    return why_not_mediate(sexual_violence=sexual_violence, child_offender=child_offender) or WayFault.NEEDS_APPROVAL


def why_not_mediate(*, sexual_violence: bool, child_offender: bool) -> WayFault | None:
    """Sexual violence is not settled outside court, unless the offender is a child (UU 12/2022 Pasal 23)."""
    return WayFault.SEXUAL_VIOLENCE if sexual_violence and not child_offender else None


class MediationReason(StrEnum):
    """Why a matter is to be mediated all the same: a closed list, so that nothing about her stands in an asking."""

    CHILD_OFFENDER = "child_offender"
    OWN_WISH = "own_wish"  # hers, after legal advice
    ABOUT_CHILDREN = "about_children"  # only custody or maintenance is talked about
    COURT_ORDERED = "court_ordered"  # a civil court asks for it first


def reasons_for(*, sexual_violence: bool, child_offender: bool) -> tuple[MediationReason, ...]:
    """Which reasons this matter leaves open: of sexual violence that the offender is a child, and nothing else."""
    if why_not_mediate(sexual_violence=sexual_violence, child_offender=child_offender):
        return ()
    if sexual_violence:
        return (MediationReason.CHILD_OFFENDER,)
    others = (MediationReason.OWN_WISH, MediationReason.ABOUT_CHILDREN, MediationReason.COURT_ORDERED)
    return (MediationReason.CHILD_OFFENDER, *others) if child_offender else others


def mediation_digest(
    matter: uuid.UUID, *, sexual_violence: bool, child_offender: bool, reason: str, parties: Collection[str]
) -> bytes:
    """What a manager agrees to: this matter as it is, for this reason, between these. Any change voids it."""
    return digest_of(MEDIATION, matter, sexual_violence, child_offender, reason, *sorted(parties))


# Orders that protect her


class OrderFault(StrEnum):
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    BEGINS_IN_FUTURE = "begins_in_future"
    TOO_LONG = "too_long"
    NOT_SEXUAL_VIOLENCE = "not_sexual_violence"
    NOT_LATER = "not_later"  # a renewal that ends no later than what it renews


def longest_until(kind: ProtectionKind, from_day: dt.date) -> dt.date | None:
    """The last day such an order may have; None where the law sets none."""
    if kind is ProtectionKind.COURT:
        return months_after(from_day, MONTHS_OF_COURT)
    days = DAYS_OF_POLICE.get(kind)
    return None if days is None else from_day + dt.timedelta(days=days)


def why_not_order(
    kind: ProtectionKind,
    *,
    from_day: dt.date,
    until: dt.date,
    today: dt.date,
    sexual_violence: bool,
    renews: dt.date | None = None,
) -> OrderFault | None:
    """`renews` is the last day of the order this one renews: it may begin on the day after that, even if that is still
    to come."""
    if kind is ProtectionKind.POLICE_SEXUAL and not sexual_violence:
        return OrderFault.NOT_SEXUAL_VIOLENCE
    if until < from_day:
        return OrderFault.ENDS_BEFORE_IT_BEGINS
    if from_day > (today if renews is None else max(today, renews + dt.timedelta(days=1))):
        return OrderFault.BEGINS_IN_FUTURE
    longest = longest_until(kind, from_day)
    if longest is not None and until > longest:
        return OrderFault.TOO_LONG
    if renews is not None and until <= renews:
        return OrderFault.NOT_LATER
    return None


def renewal_due(until: dt.date) -> dt.date:
    """The last day on which the renewal of an order is asked for (UU 23/2004 Pasal 32)."""
    return until - RENEW_BEFORE


def protected_since(from_day: dt.date, given_at: dt.datetime | None, there: ZoneInfo) -> dt.datetime:
    """When the police protected her. Where nobody knows the hour it was the first moment of the day, so that what is
    counted from it is rather early than late."""
    return given_at or dt.datetime.combine(from_day, dt.time.min, there).astimezone(dt.UTC)
