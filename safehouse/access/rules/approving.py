"""When one person may decide what another asked for."""

import datetime as dt
import hashlib
import json
import uuid
from enum import StrEnum

from safehouse.access.permissions import Role

ANSWER_WITHIN = dt.timedelta(hours=24)
CONFIRM_WITHIN = dt.timedelta(days=7)
# A house counts as one without a manager when it has had none for this long.
ALONE_FOR = dt.timedelta(hours=24)
# Asker and decider may not have used one browser within this time: the second person is at her own device.
DEVICE_APART = dt.timedelta(hours=1)


# What a person is to be confirmed after: kept as the reason of that asking.
AFTER_RECOVERY, AFTER_RESET = "recovery_code", "factor_reset"
HOUSE_PREFIX = "house:"


class AskedKind(StrEnum):
    ROLE = "role"  # someone becomes manager or security officer
    FACTOR_RESET = "factor_reset"  # a lost phone: the second step is taken away and set up anew
    HOUSE = "house"  # someone is let into a house: one of its managers says whether she works there
    PERSON = "person"  # a second step set up with a recovery code or after a reset: is it really she?


class ResetReason(StrEnum):
    PHONE_LOST = "phone_lost"
    PHONE_BROKEN = "phone_broken"
    PHONE_CHANGED = "phone_changed"


class Recognised(StrEnum):
    """How the security officer made sure who asks."""

    IN_PERSON = "in_person"
    VOICE = "voice"


class ApprovalFault(StrEnum):
    """Why an asking cannot be decided any more, or not by her."""

    EXPIRED = "expired"
    CHANGED = "changed"
    DECIDED = "decided"
    OWN = "own"
    SAME_DEVICE = "same_device"
    NOT_HER_HOUSE = "not_her_house"


def digest_of(kind: str, *told: object) -> bytes:
    """A digest of what exactly was asked: when anything told here has changed since, the asking is void."""
    plain = json.dumps([kind, *map(_spelt, told)], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).digest()


def person_digest(account: uuid.UUID, since: dt.datetime) -> bytes:
    """What is asked when a second step was set up anew: about this person, since then."""
    return digest_of(AskedKind.PERSON, account, since)


def wanted_role(role: Role, *, is_head: bool) -> str:
    """The role asked for as it is kept with the asking."""
    return f"{role}:head" if is_head else str(role)


def read_wanted_role(kept: str) -> tuple[Role, bool]:
    role, _, head = kept.partition(":")
    return Role(role), head == "head"


def wanted_house(house_id: int) -> str:
    """The house asked for as it is kept with the asking."""
    return f"{HOUSE_PREFIX}{house_id}"


def read_wanted_house(kept: str) -> int:
    return int(kept.removeprefix(HOUSE_PREFIX))


def reset_reason(reason: ResetReason, recognised: Recognised) -> str:
    return f"{reason}:{recognised}"


def read_reset_reason(kept: str) -> tuple[ResetReason, Recognised]:
    reason, _, recognised = kept.partition(":")
    return ResetReason(reason), Recognised(recognised)


def why_not_decide(
    *,
    now: dt.datetime,
    expires_at: dt.datetime,
    decided: bool,
    asked: bytes,
    found: bytes | None,
    own: bool,
    same_device: bool,
) -> ApprovalFault | None:
    """`asked` is the digest kept with the asking, `found` the one of things as they are now (None: gone)."""
    if own:
        return ApprovalFault.OWN
    if decided:
        return ApprovalFault.DECIDED
    if expires_at <= now:
        return ApprovalFault.EXPIRED
    if found != asked:
        return ApprovalFault.CHANGED
    if same_device:
        return ApprovalFault.SAME_DEVICE
    return None


def _spelt(value: object) -> str:
    """One spelling of one value, whichever zone or database it came from."""
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else str(value)
