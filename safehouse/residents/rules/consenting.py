"""Who may agree for whom, and what an agreement is worth on a day. A day is the local day where she lives.

Who is a child on that day is said by `ageing`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from safehouse.indonesian import age_in_months
from safehouse.residents.models import ConsentItem, GivenBy
from safehouse.residents.rules.ageing import is_child

ASKED_HERSELF_FROM_YEARS = 10
# Nobody can look further ahead: an agreement that should last longer is asked again.
LONGEST_DAYS = 366
# What is asked when a family comes, each apart. After-care is asked when she leaves, the house rules when she is in.
OF_AN_ADULT = (
    ConsentItem.STAY,
    ConsentItem.HEALTH_CHECK,
    ConsentItem.COUNSELLING,
    ConsentItem.LEGAL_AID,
    ConsentItem.PHOTOGRAPH,
)
FOR_A_CHILD = (ConsentItem.STAY, ConsentItem.HEALTH_CHECK, ConsentItem.COUNSELLING)


class Tongue(StrEnum):
    """In which language it was read."""

    INDONESIAN = "indonesian"
    JAVANESE = "javanese"
    SUNDANESE = "sundanese"
    MADURESE = "madurese"
    BETAWI = "betawi"
    BANJAR = "banjar"
    BUGIS = "bugis"
    MINANGKABAU = "minangkabau"
    BATAK = "batak"
    BALINESE = "balinese"
    ENGLISH = "english"
    SIGN = "sign"
    OTHER = "other"


class NotNow(StrEnum):
    """Why an agreement that was given does not count today."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    OVER = "over"
    GROWN_UP = "grown_up"  # her guardian or the staff agreed, and she is 18 now: she is asked herself
    GUARDIAN_REPORTED = "guardian_reported"


# She answered once, and what she said counts no more through nobody's wish: she is asked again.
ASKED_ANEW = frozenset({NotNow.OVER, NotNow.GROWN_UP, NotNow.GUARDIAN_REPORTED})


@dataclass(frozen=True, slots=True)
class Given:
    """What is written down of one agreement."""

    granted: bool
    given_by: GivenBy
    until: dt.date | None = None
    withdrawn: bool = False
    replaced: bool = False
    guardian_reported: bool = False


def is_asked_herself(birth_month: dt.date | None, of_age_on: dt.date | None, on: dt.date) -> bool:
    """Whether a child is old enough to be asked what she thinks. Grown-ups decide; they are not asked in this sense."""
    return (
        birth_month is not None
        and is_child(birth_month, of_age_on, on)
        and age_in_months(birth_month, on) >= ASKED_HERSELF_FROM_YEARS * 12
    )


def why_not_now(given: Given, *, child: bool, on: dt.date) -> NotNow | None:
    """Why this does not count on this day; None when it does. The last day it was given for still counts."""
    if not given.granted:
        return NotNow.REFUSED
    if given.withdrawn:
        return NotNow.WITHDRAWN
    if given.replaced:
        return NotNow.REPLACED
    if given.until is not None and on > given.until:
        return NotNow.OVER
    if given.given_by is not GivenBy.HERSELF and not child:
        return NotNow.GROWN_UP
    if given.guardian_reported:
        return NotNow.GUARDIAN_REPORTED
    return None


def counts(given: Given, *, child: bool, on: dt.date) -> bool:
    return why_not_now(given, child=child, on=on) is None


def still_open(last_words: Mapping[ConsentItem, NotNow | None], *, child: bool) -> tuple[ConsentItem, ...]:
    """What is asked of somebody who comes and has no answer yet, in the order it is asked. "Later" is no answer and is
    kept nowhere, so whatever she put off is in here; a no, and a yes taken back, are answers.

    `last_words` says of each item she ever answered why her last answer does not count today, None where it does.
    """
    asked = FOR_A_CHILD if child else OF_AN_ADULT
    return tuple(item for item in asked if item not in last_words or last_words[item] in ASKED_ANEW)


def may_give(given_by: GivenBy, *, child: bool) -> bool:
    """She agrees for herself from 18 on; before that her guardian does, or two of the staff for her good."""
    return (given_by is not GivenBy.HERSELF) == child
