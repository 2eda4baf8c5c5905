"""Who decides that a family is placed, and in which capacity; what is still missing for an ordinary arrival."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from safehouse.access.models import DelegationKind
from safehouse.shelter.choices import DecidedAs

CONFIRM_WITHIN = dt.timedelta(hours=24)
ACTING = {DelegationKind.PLH: DecidedAs.PLH, DelegationKind.PLT: DecidedAs.PLT}


class Lacking(StrEnum):
    """What an ordinary arrival has before the door opens. Without one of these it is an emergency."""

    SCREENING = "screening"
    CONSENT = "consent"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a family is before it arrives."""

    screened: bool
    agreed: bool
    decided: bool

    @property
    def lacking(self) -> tuple[Lacking, ...]:
        known = {
            Lacking.SCREENING: self.screened,
            Lacking.CONSENT: self.agreed,
            Lacking.DECISION: self.decided,
        }
        return tuple(one for one, there in known.items() if not there)

    @property
    def prepared(self) -> bool:
        """Asked and agreed: the arrival is an ordinary one. The head may decide before it or within a day after."""
        return self.screened and self.agreed

    @property
    def rests_on_decision(self) -> bool:
        return not self.lacking


def capacity(
    *, account_id: int, is_head: bool, acting: Collection[tuple[int, DelegationKind]], any_head: bool
) -> DecidedAs | None:
    """In which capacity this manager decides, or None when somebody else does.

    `acting` and `any_head` are told of those who can take this very decision: `acting` the live delegations as
    (account, kind). An acting head decides in her name while she is away, and so does the head herself. Where neither
    a head nor anybody acting for her can, the manager decides: no emergency stays without an answer.
    """
    for who, kind in acting:
        if who == account_id:
            return ACTING[kind]
    if is_head:
        return DecidedAs.HEAD
    return None if any_head or acting else DecidedAs.MANAGER


def due_by(arrived_at: dt.datetime) -> dt.datetime:
    """An emergency is decided within a day, by the clock."""
    return arrived_at + CONFIRM_WITHIN
