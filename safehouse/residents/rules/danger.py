"""How much danger a household is in, from six answers. Kept apart from the screening: an extension asks them anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from safehouse.residents.models import DangerLevel


class DangerGround(StrEnum):
    """What makes a household's nights dangerous, in the order it is asked."""

    THREAT = "threat"  # she or a child is threatened with injury or death
    WEAPON = "weapon"  # the reported person has a weapon or a network
    WORSE = "worse"  # more often or worse within this month
    KNOWS_PLACE = "knows_place"  # the reported person knows where she is
    PHONE_TRACED = "phone_traced"  # her phone or an account may be traced
    SELF_HARM = "self_harm"  # she thinks of ending her life


class Answer(StrEnum):
    """Unknown is an answer: better than a guess."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


GRAVE = frozenset({DangerGround.THREAT, DangerGround.WEAPON, DangerGround.SELF_HARM})
HIGH_FROM, GRAVE_WEIGHT, OTHER_WEIGHT = 4, 4, 2


@dataclass(frozen=True, slots=True)
class Ground:
    """One of the six as it was answered. In the clear it is one short code: `threat`, `threat?`, `threat-`."""

    ground: DangerGround
    answer: Answer

    @property
    def code(self) -> str:
        return self.ground.value + {Answer.YES: "", Answer.UNKNOWN: "?", Answer.NO: "-"}[self.answer]


def level_of(answers: Mapping[DangerGround, Answer | None]) -> DangerLevel:
    """High: one grave yes, or two others. Low: every answer is no. An unknown weighs half a yes, and so does a
    question nobody has asked yet: what is not known is never counted as safe."""
    weight = 0
    for ground in DangerGround:
        full = GRAVE_WEIGHT if ground in GRAVE else OTHER_WEIGHT
        answer = answers.get(ground)
        weight += full if answer is Answer.YES else 0 if answer is Answer.NO else full // 2
    if weight >= HIGH_FROM:
        return DangerLevel.HIGH
    return DangerLevel.MEDIUM if weight else DangerLevel.LOW


def codes_of(answers: Mapping[DangerGround, Answer | None]) -> list[str]:
    """The codes of those that were answered."""
    return [Ground(ground, answer).code for ground in DangerGround if (answer := answers.get(ground)) is not None]


def grounds_from(codes: Iterable[str]) -> list[Ground]:
    """The grounds behind stored codes: what speaks for danger first, then the unknown, then what speaks against it.
    A code of another hand is no ground."""
    found = []
    for code in codes:
        mark = code[-1:] if code[-1:] in {"?", "-"} else ""
        name = code.removesuffix(mark) if mark else code
        if name in {one.value for one in DangerGround}:
            answer = {"": Answer.YES, "?": Answer.UNKNOWN, "-": Answer.NO}[mark]
            found.append(Ground(DangerGround(name), answer))
    order = [Answer.YES, Answer.UNKNOWN, Answer.NO]
    return sorted(found, key=lambda one: (order.index(one.answer), list(DangerGround).index(one.ground)))
