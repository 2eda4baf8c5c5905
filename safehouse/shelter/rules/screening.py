"""The twelve questions: which answers they allow, and what follows from them."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from safehouse.residents.models import DangerLevel
from safehouse.residents.rules.danger import Answer, DangerGround, codes_of, level_of
from safehouse.shelter.choices import Need
from safehouse.shelter.rules.health import HELP_IS_OF_USE_FOR, SAME_EVENT


class Question(StrEnum):
    """In the order of the page."""

    DANGER = "danger"
    REPORTED = "reported"  # who must not find her
    AVOID = "avoid"  # districts and persons to avoid
    HEALTH = "health"
    PREGNANCY = "pregnancy"
    INFANTS = "infants"
    MEDICINES = "medicines"
    MOBILITY = "mobility"
    DISABILITY = "disability"
    LANGUAGE = "language"
    FAITH = "faith"
    LEFT_BEHIND = "left_behind"


class Choice(StrEnum):
    """What can be chosen. Unknown stands last everywhere."""

    YES = "yes"
    TONIGHT = "tonight"
    LATER = "later"
    WHEELCHAIR = "wheelchair"
    STAIRS = "stairs"  # cannot climb them
    NO = "no"
    UNKNOWN = "unknown"


class Part(StrEnum):
    """What is chosen, one by one; three of the questions have several parts."""

    THREAT = "threat"
    WEAPON = "weapon"
    WORSE = "worse"
    KNOWN = "known"  # is it known who must not find her
    KNOWS_PLACE = "knows_place"
    PHONE_TRACED = "phone_traced"
    AVOID = "avoid"
    DOCTOR = "doctor"
    RECENT = "recent"  # within 72 hours: some help is only of use until then
    CONTAGIOUS = "contagious"
    SELF_HARM = "self_harm"
    PREGNANCY = "pregnancy"
    INFANTS = "infants"
    MEDICINES = "medicines"
    MOBILITY = "mobility"
    DISABILITY = "disability"
    LANGUAGE = "language"
    FAITH = "faith"
    LEFT_BEHIND = "left_behind"


PARTS: dict[Question, tuple[Part, ...]] = {
    Question.DANGER: (Part.THREAT, Part.WEAPON, Part.WORSE),
    Question.REPORTED: (Part.KNOWN, Part.KNOWS_PLACE, Part.PHONE_TRACED),
    Question.AVOID: (Part.AVOID,),
    Question.HEALTH: (Part.DOCTOR, Part.RECENT, Part.CONTAGIOUS, Part.SELF_HARM),
    Question.PREGNANCY: (Part.PREGNANCY,),
    Question.INFANTS: (Part.INFANTS,),
    Question.MEDICINES: (Part.MEDICINES,),
    Question.MOBILITY: (Part.MOBILITY,),
    Question.DISABILITY: (Part.DISABILITY,),
    Question.LANGUAGE: (Part.LANGUAGE,),
    Question.FAITH: (Part.FAITH,),
    Question.LEFT_BEHIND: (Part.LEFT_BEHIND,),
}
YES_OR_NO = (Choice.YES, Choice.NO, Choice.UNKNOWN)
CHOICES: dict[Part, tuple[Choice, ...]] = {
    **dict.fromkeys(Part, YES_OR_NO),
    Part.DOCTOR: (Choice.TONIGHT, Choice.LATER, Choice.NO, Choice.UNKNOWN),
    Part.MOBILITY: (Choice.WHEELCHAIR, Choice.STAIRS, Choice.NO, Choice.UNKNOWN),
}
# Where a short line of one's own words helps whoever comes next.
WITH_DETAIL = (
    Question.AVOID,
    Question.HEALTH,
    Question.PREGNANCY,
    Question.INFANTS,
    Question.MEDICINES,
    Question.MOBILITY,
    Question.DISABILITY,
    Question.LANGUAGE,
    Question.FAITH,
    Question.LEFT_BEHIND,
)


# What the room must allow changes with the day of birth of a baby, not with what somebody threatens: these answers may
# stand chosen when the questions are asked again another day. What is about her safety is never chosen for anybody.
OF_THE_ROOM = frozenset(
    {Question.PREGNANCY, Question.INFANTS, Question.MOBILITY, Question.DISABILITY, Question.LANGUAGE, Question.FAITH}
)


class Tonight(StrEnum):
    """What must be done before the night is over, the most pressing first."""

    NOT_ALONE = "not_alone"
    PHONE_LOCATION = "phone_location"
    ANOTHER_WAY = "another_way"
    DOCTOR = "doctor"
    MEDICINES = "medicines"
    INFANT = "infant"
    WITHIN_72_HOURS = "within_72_hours"
    INTERPRETER = "interpreter"
    FETCH_NOTHING = "fetch_nothing"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far. A part that is missing was not answered; unknown is an answer."""

    chosen: Mapping[Part, Choice] = field(default_factory=dict)
    details: Mapping[Question, str] = field(default_factory=dict)

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions of which something is still open."""
        return tuple(one for one, parts in PARTS.items() if any(part not in self.chosen for part in parts))

    @property
    def unknown(self) -> tuple[Question, ...]:
        """The questions that are answered, but with "not known yet" somewhere."""
        return tuple(
            one
            for one, parts in PARTS.items()
            if all(part in self.chosen for part in parts) and any(self.chosen[part] is Choice.UNKNOWN for part in parts)
        )

    def completed_by(self, newer: "Answers") -> "Answers":
        """These answers with the newer ones on top: what the newer leave open stays as it was."""
        return Answers({**self.chosen, **newer.chosen}, {**self.details, **newer.details})

    def of_the_room(self) -> "Answers":
        """Only what may stand chosen another day."""
        return Answers(
            {part: choice for question in OF_THE_ROOM for part in PARTS[question] if (choice := self.chosen.get(part))},
            {question: words for question, words in self.details.items() if question in OF_THE_ROOM},
        )

    def beneath(self, newer: "Answers") -> "Answers":
        """What of these still counts under newer answers to questions that came back empty: of a question about the
        room nothing, for its old answers stood on the page; of any other what was left open, and the words beside it
        only where nothing of it was answered anew."""
        anew = {question for question, parts in PARTS.items() if any(part in newer.chosen for part in parts)}
        asked = [question for question in Question if question not in OF_THE_ROOM]
        return Answers(
            {part: choice for question in asked for part in PARTS[question] if (choice := self.chosen.get(part))},
            {
                question: self.details[question]
                for question in asked
                if question in self.details and question not in anew
            },
        ).completed_by(newer)

    def written(self) -> str:
        return json.dumps({"chosen": dict(self.chosen), "details": dict(self.details)}, ensure_ascii=False)


def answers_from(text: str) -> Answers:
    kept = json.loads(text)
    return Answers(
        {Part(part): Choice(choice) for part, choice in kept["chosen"].items()},
        {Question(question): str(words) for question, words in kept["details"].items()},
    )


def danger_answers(answers: Answers) -> dict[DangerGround, Answer | None]:
    """The six answers that say how much danger there is; None where nobody has answered yet."""
    found: dict[DangerGround, Answer | None] = {}
    for ground in DangerGround:
        choice = answers.chosen.get(Part(ground.value))
        found[ground] = None if choice is None else Answer(choice.value)
    return found


def danger_of(answers: Answers) -> tuple[DangerLevel, list[str]]:
    """The level and the codes of its grounds. No codes: nothing about danger was answered."""
    asked = danger_answers(answers)
    return level_of(asked), codes_of(asked)


def needs_from(answers: Answers) -> frozenset[Need]:
    """What the room must allow, as far as the answers say so. An unknown adds nothing: nobody is kept from a bed by a
    guess."""
    chosen = answers.chosen
    found = {
        Need.PREGNANT: chosen.get(Part.PREGNANCY) is Choice.YES,
        Need.ISOLATION: chosen.get(Part.CONTAGIOUS) is Choice.YES,
        Need.WHEELCHAIR: chosen.get(Part.MOBILITY) is Choice.WHEELCHAIR,
        Need.GROUND_FLOOR: chosen.get(Part.MOBILITY) is Choice.STAIRS,
    }
    return frozenset(need for need, needed in found.items() if needed)


def wants_doctor(answers: Answers) -> bool:
    """Whether one of them should see a doctor soon: tonight, or while some help is still of use."""
    return not {Tonight.DOCTOR, Tonight.WITHIN_72_HOURS}.isdisjoint(tonight(answers))


def doctor_wanted_since(
    answers: Answers, *, anew: Answers, before: dt.datetime | None, now: dt.datetime
) -> dt.datetime | None:
    """Since when one of them should see a doctor soon; None when nothing says so.

    `anew` is what was answered this time, `before` since when the screening before wanted it. The first answer starts
    the clock, and what was only carried along starts none; that it was less than 72 hours ago, said more than 72 hours
    later, is about something else.
    """
    if not wants_doctor(answers):
        return None
    said_again = anew.chosen.get(Part.RECENT) is Choice.YES
    if before is not None and now < before + (SAME_EVENT if said_again else HELP_IS_OF_USE_FOR):
        return before
    return now if wants_doctor(anew) else None


def tonight(answers: Answers) -> tuple[Tonight, ...]:
    """What to do tonight. What is not known about a traced phone or the 72 hours counts as yes: it costs little."""
    chosen = answers.chosen
    maybe = {Choice.YES, Choice.UNKNOWN}
    due = {
        Tonight.NOT_ALONE: chosen.get(Part.SELF_HARM) is Choice.YES,
        Tonight.DOCTOR: chosen.get(Part.DOCTOR) is Choice.TONIGHT,
        Tonight.WITHIN_72_HOURS: chosen.get(Part.RECENT) in maybe,
        Tonight.PHONE_LOCATION: chosen.get(Part.PHONE_TRACED) in maybe,
        Tonight.ANOTHER_WAY: chosen.get(Part.KNOWS_PLACE) is Choice.YES,
        Tonight.MEDICINES: chosen.get(Part.MEDICINES) is Choice.YES,
        Tonight.INFANT: chosen.get(Part.INFANTS) is Choice.YES,
        Tonight.INTERPRETER: chosen.get(Part.LANGUAGE) is Choice.YES,
        Tonight.FETCH_NOTHING: chosen.get(Part.LEFT_BEHIND) is Choice.YES,
    }
    return tuple(one for one in Tonight if due[one])
