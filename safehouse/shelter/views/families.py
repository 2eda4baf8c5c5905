"""A family in words: how many, and children by age group. Never an exact age, never a name."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from safehouse.residents.models import Sex
from safehouse.shelter.rules.people import GIRLS_FROM_MONTHS, INFANT_MONTHS, Person


class Member(Protocol):
    @property
    def sex(self) -> Sex: ...
    @property
    def adult(self) -> bool: ...
    @property
    def age_months(self) -> int | None: ...


def family_in_words(family: Sequence[Member]) -> str:
    """For example: 1 adult woman, 1 infant, 2 children."""
    women = sum(one.adult and one.sex is Sex.FEMALE for one in family)
    men = sum(one.adult and one.sex is Sex.MALE for one in family)
    infants = sum(group(one) == "infant" for one in family)
    teenagers = sum(group(one) == "teenager" for one in family)
    children = sum(group(one) == "child" for one in family)
    parts = [
        ngettext("%(num)s adult woman", "%(num)s adult women", women) if women else "",
        ngettext("%(num)s adult man", "%(num)s adult men", men) if men else "",
        ngettext("%(num)s teenager", "%(num)s teenagers", teenagers) if teenagers else "",
        ngettext("%(num)s child", "%(num)s children", children) if children else "",
        ngettext("%(num)s infant", "%(num)s infants", infants) if infants else "",
    ]
    return ", ".join(part for part in parts if part)


def group(one: Member) -> str:
    """adult, teenager (13 to 17), child, infant (under one year)."""
    if one.adult:
        return "adult"
    if one.age_months is not None and one.age_months < INFANT_MONTHS:
        return "infant"
    return "teenager" if one.age_months is not None and one.age_months >= GIRLS_FROM_MONTHS else "child"


def person_in_words(one: Member) -> str:
    """One member of the family before she has an alias."""
    if one.adult:
        return _("Adult woman") if one.sex is Sex.FEMALE else _("Adult man")
    words = {
        ("infant", Sex.FEMALE): _("Infant girl"),
        ("infant", Sex.MALE): _("Infant boy"),
        ("child", Sex.FEMALE): _("Girl"),
        ("child", Sex.MALE): _("Boy"),
        ("teenager", Sex.FEMALE): _("Teenage girl"),
        ("teenager", Sex.MALE): _("Teenage boy"),
    }
    return words[group(one), one.sex]


def called(family: Sequence[Person]) -> dict[int, str]:
    """What each is called before there is an alias. Two girls are told apart by a number, the eldest first."""
    names = {one.key: person_in_words(one) for one in family}
    several = [name for name, n in Counter(names.values()).items() if n > 1]
    for name in several:
        alike = sorted((one for one in family if names[one.key] == name), key=lambda one: -(one.age_months or 0))
        for n, one in enumerate(alike, 1):
            names[one.key] = f"{name} {n}"
    return names
