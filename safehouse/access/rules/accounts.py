"""What an account may be: spelling of user names, what belongs to which role, first and last moments of a day."""

import datetime as dt
import re
from collections.abc import Collection
from enum import StrEnum
from zoneinfo import ZoneInfo

from safehouse.access.permissions import Role

USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?", re.ASCII)
# Whoever holds one of these sees or decides for everybody: another person has to agree first.
SECOND_PERSON = frozenset({Role.MANAGER, Role.SECURITY_OFFICER})
# Without the last of these nobody could sign in others, or decide about placements and beds.
NEVER_NONE_LEFT = frozenset({Role.MANAGER, Role.SECURITY_OFFICER})


class AccountFault(StrEnum):
    """Why an account is not made or not changed."""

    USERNAME_SPELLING = "username_spelling"
    USERNAME_TAKEN = "username_taken"
    NAME_MISSING = "name_missing"
    OFFICER_HAS_HOUSES = "officer_has_houses"
    DISCIPLINES_WITHOUT_CASEWORK = "disciplines_without_casework"
    HEAD_WITHOUT_MANAGER = "head_without_manager"
    OWN_ACCOUNT = "own_account"
    LAST_OF_ROLE = "last_of_role"
    NO_SECOND_PERSON = "no_second_person"
    WRONG_STATE = "wrong_state"
    ALREADY_ACTING = "already_acting"


def username_as_kept(typed: str) -> str:
    return typed.strip().lower()


def why_not_username(name: str) -> AccountFault | None:
    """Small letters, digits, dot and hyphen, at most 40, beginning and ending with a letter or digit."""
    return None if USERNAME.fullmatch(name) else AccountFault.USERNAME_SPELLING


def why_not_role(
    role: Role | None, *, houses: Collection[object], disciplines: Collection[object], is_head: bool
) -> AccountFault | None:
    """What does not belong to this role: houses to a security officer, disciplines to any but a caseworker."""
    if role is Role.SECURITY_OFFICER and houses:
        return AccountFault.OFFICER_HAS_HOUSES
    if disciplines and role is not Role.CASEWORKER:
        return AccountFault.DISCIPLINES_WITHOUT_CASEWORK
    if is_head and role is not Role.MANAGER:
        return AccountFault.HEAD_WITHOUT_MANAGER
    return None


def first_moment(day: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)


def last_moment(day: dt.date, zone: str) -> dt.datetime:
    """The last second of this day there: 'until 31 December' includes that day, and is shown as that day."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), ZoneInfo(zone)).astimezone(dt.UTC)
