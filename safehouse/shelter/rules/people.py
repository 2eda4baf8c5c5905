"""The people the rules of the shelter see: sex and age, never a name."""

from collections.abc import Iterable
from dataclasses import dataclass

from safehouse.residents.models import Sex

INFANT_MONTHS = 12
SMALL_CHILD_MONTHS = 5 * 12
GIRLS_FROM_MONTHS = 13 * 12
PREGNANT_FROM_MONTHS = 10 * 12
ADULT_MONTHS = 18 * 12  # UU 35/2014: a child is not yet 18


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the family to place. `key` is whatever the caller knows her by; an adult's age is not needed."""

    key: int
    sex: Sex
    age_months: int | None
    adult: bool


@dataclass(frozen=True, slots=True)
class Occupant:
    """Someone who sleeps in a bed, or for whom it is held.

    `household` is None where it is unknown. `key` is the same kind of key as `Person.key`; `fit` needs it to
    leave out the person who is about to move.
    """

    household: int | None
    sex: Sex
    age_months: int | None
    adult: bool
    key: int | None = None


Someone = Person | Occupant


def is_infant(one: Someone) -> bool:
    return not one.adult and one.age_months is not None and one.age_months < INFANT_MONTHS


def is_small(one: Someone) -> bool:
    """Young enough to share a bed with the woman who cares for her."""
    return not one.adult and one.age_months is not None and one.age_months < SMALL_CHILD_MONTHS


def is_woman(one: Someone) -> bool:
    return one.adult and one.sex is Sex.FEMALE


def can_be_pregnant(sex: Sex, *, adult: bool, age_months: int | None) -> bool:
    """A woman, or a girl of ten or more; a girl whose age is not known may be."""
    return sex is Sex.FEMALE and (adult or age_months is None or age_months >= PREGNANT_FROM_MONTHS)


def is_man(one: Someone) -> bool:
    return one.adult and one.sex is Sex.MALE


def is_boy(one: Someone) -> bool:
    return not one.adult and one.sex is Sex.MALE


def is_teenage_girl(one: Someone) -> bool:
    return (
        not one.adult and one.sex is Sex.FEMALE and one.age_months is not None and one.age_months >= GIRLS_FROM_MONTHS
    )


def is_above(boy: Someone, completed_years: int) -> bool:
    """Whether a boy is older than an age counted in completed years: twelve and eleven months is still twelve."""
    return boy.age_months is not None and boy.age_months // 12 > completed_years


def sleeps_apart(one: Someone, from_years: int) -> bool:
    """Whether he may not share a room with women and girls of other families. An unknown age counts as old enough."""
    return one.sex is Sex.MALE and (one.adult or one.age_months is None or one.age_months >= from_years * 12)


def carers(family: Iterable[Person]) -> list[Person]:
    """The women of the family a small child may sleep beside.

    Where no adult came along, the eldest girl of at least 13: a mother of sixteen with her baby is one of them.
    """
    members = sorted(family, key=lambda person: person.key)
    if women := [person for person in members if is_woman(person)]:
        return women
    if any(person.adult for person in members):
        return []
    return sorted(filter(is_teenage_girl, members), key=lambda girl: -(girl.age_months or 0))[:1]
