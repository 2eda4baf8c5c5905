"""The invented families: who came when, from whom, into which beds, and who answers for them."""

from dataclasses import dataclass

from safehouse.access.models import Discipline
from safehouse.residents.models import DangerLevel, Sex
from safehouse.residents.operations.people import NewPerson
from safehouse.residents.rules.naming import child_alias
from safehouse.shelter.choices import Destination, Need, ReferralSource

WOMAN = NewPerson(Sex.FEMALE, adult=True, age_months=None)
ONE, TWO = "Rumah Satu", "Rumah Dua"


def girl(years: int, months: int = 0) -> NewPerson:
    return NewPerson(Sex.FEMALE, adult=False, age_months=years * 12 + months)


def boy(years: int, months: int = 0) -> NewPerson:
    return NewPerson(Sex.MALE, adult=False, age_months=years * 12 + months)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A family: an alias for its eldest, who they are (eldest first), and a bed for each.

    "<" instead of a bed: beside the mother. `left` is how many days ago they went, and where to. Whoever was `planned`
    was asked everything and decided about before she came; all others came first, and the head decided next morning.
    """

    alias: str
    days_ago: int
    hour: int
    people: tuple[NewPerson, ...]
    house: str
    room: str
    beds: tuple[str, ...]
    source: ReferralSource
    by: str
    left: tuple[int, Destination] | None = None
    needs: tuple[Need, ...] = ()
    danger: DangerLevel = DangerLevel.MEDIUM
    planned: bool = False

    @property
    def names(self) -> dict[int, str]:
        """Position in the family -> alias."""
        children = len(self.people) - 1
        return {0: self.alias} | {at: child_alias(self.alias, at, children) for at in range(1, children + 1)}


GONE = (
    Arrival(
        "Merbau",
        52,
        15,
        (WOMAN, girl(8), boy(5)),
        ONE,
        "1",
        ("A", "B", "C"),
        ReferralSource.POLICE,
        "ratih",
        left=(41, Destination.EXTENDED_FAMILY),
        danger=DangerLevel.HIGH,
    ),
    Arrival(
        "Ulin", 47, 21, (WOMAN,), ONE, "2", ("A",), ReferralSource.SELF, "tari", left=(36, Destination.INDEPENDENT)
    ),
    Arrival(
        "Sawo",
        40,
        10,
        (WOMAN,),
        TWO,
        "2",
        ("A",),
        ReferralSource.SOCIAL_AFFAIRS,
        "ratih",
        left=(24, Destination.SOCIAL_HOME),
        danger=DangerLevel.LOW,
        planned=True,
    ),
    Arrival(
        "Waru",
        38,
        23,
        (WOMAN, girl(11), boy(7), girl(4)),
        TWO,
        "1",
        ("A", "B", "C", "D"),
        ReferralSource.POLICE,
        "yuni",
        left=(20, Destination.OWN_FAMILY),
        danger=DangerLevel.HIGH,
    ),
    Arrival(
        "Ketapang",
        35,
        13,
        (girl(16, 2),),
        ONE,
        "4",
        ("A",),
        ReferralSource.SCHOOL,
        "ratih",
        left=(23, Destination.EXTENDED_FAMILY),
        planned=True,
    ),
    Arrival(
        "Bungur",
        30,
        19,
        (WOMAN, boy(0, 10)),
        ONE,
        "3",
        ("A", "C"),
        ReferralSource.HEALTH,
        "tari",
        left=(18, Destination.OTHER_REGION),
    ),
    Arrival(
        "Matoa",
        26,
        9,
        (WOMAN,),
        ONE,
        "2",
        ("B",),
        ReferralSource.NGO,
        "ratih",
        left=(15, Destination.INDEPENDENT),
        danger=DangerLevel.LOW,
        planned=True,
    ),
    Arrival(
        "Meranti",
        22,
        16,
        (WOMAN,),
        ONE,
        "2",
        ("C",),
        ReferralSource.LPSK,
        "ratih",
        left=(13, Destination.LPSK),
        danger=DangerLevel.HIGH,
    ),
)

# Fourteen people live there now: these, and the family of last night.
HERE = (
    # A witness before court: she stays until the verdict.
    Arrival("Gaharu", 175, 12, (WOMAN,), TWO, "2", ("B",), ReferralSource.OTHER_UNIT, "yuni", danger=DangerLevel.HIGH),
    Arrival(
        "Jati",
        19,
        11,
        (WOMAN,),
        TWO,
        "2",
        ("A",),
        ReferralSource.VILLAGE,
        "ratih",
        danger=DangerLevel.LOW,
        planned=True,
    ),
    Arrival("Mahoni", 17, 20, (WOMAN,), ONE, "2", ("A",), ReferralSource.POLICE, "tari", danger=DangerLevel.HIGH),
    Arrival("Sengon", 12, 14, (WOMAN, boy(2, 2)), TWO, "1", ("D", "<"), ReferralSource.SAPA129, "wulan"),
    Arrival("Trembesi", 11, 13, (girl(15, 4),), ONE, "4", ("A",), ReferralSource.SCHOOL, "ratih", planned=True),
    Arrival("Pinus", 9, 8, (WOMAN,), ONE, "2", ("B",), ReferralSource.HEALTH, "wulan", needs=(Need.PREGNANT,)),
    Arrival(
        "Kenari",
        24,
        19,
        (WOMAN, girl(9), boy(6, 2), girl(3, 2)),
        ONE,
        "1",
        ("A", "B", "C", "<"),
        ReferralSource.POLICE,
        "ratih",
        danger=DangerLevel.HIGH,
    ),
    Arrival("Damar", 2, 16, (WOMAN,), TWO, "3", ("A",), ReferralSource.HEALTH, "yuni", needs=(Need.ISOLATION,)),
)
# She left a few hours ago: her bed is still to be cleaned.
JUST_LEFT = Arrival(
    "Kemiri", 8, 15, (WOMAN,), ONE, "2", ("C",), ReferralSource.NGO, "galuh", danger=DangerLevel.LOW, planned=True
)
LAST_NIGHT = Arrival(
    "Randu", 0, 0, (WOMAN, girl(0, 7)), ONE, "3", ("A", "C"), ReferralSource.POLICE, "tari", danger=DangerLevel.HIGH
)
ARRIVALS = (*GONE, *HERE, JUST_LEFT)

# (days ago, whose family, who answers for it, for what, as coordinator). The family of last night is left for the
# manager.
ASSIGNMENTS = (
    (174, "Gaharu", "ratih", Discipline.SOCIAL_WORK, True),
    (174, "Gaharu", "laras", Discipline.LEGAL, False),
    (174, "Gaharu", "galuh", Discipline.PSYCHOLOGY, False),
    (23, "Kenari", "galuh", Discipline.PSYCHOLOGY, False),
    (16, "Mahoni", "ratih", Discipline.SOCIAL_WORK, True),
    (15, "Mahoni", "laras", Discipline.LEGAL, False),
    (11, "Sengon", "galuh", Discipline.PSYCHOLOGY, True),
    (10, "Trembesi", "galuh", Discipline.PSYCHOLOGY, False),
    (10, "Trembesi", "laras", Discipline.EDUCATION, False),
    (8, "Pinus", "asri", Discipline.HEALTH, True),
    (1, "Damar", "ratih", Discipline.SOCIAL_WORK, True),
)
