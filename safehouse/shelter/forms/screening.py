"""The twelve questions on one page. Nothing is chosen beforehand."""

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FormField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.residents.forms.identifying import NikField, PhoneField
from safehouse.residents.models import DangerLevel, Relationship
from safehouse.residents.words import DANGER_LEVELS, RELATIONSHIPS
from safehouse.shelter.rules.screening import CHOICES, PARTS, WITH_DETAIL, Answers, Choice, Part, Question
from safehouse.shelter.screening_in_words import CHOICES as CHOICE_WORDS
from safehouse.shelter.screening_in_words import DETAILS, HINTS
from safehouse.shelter.screening_in_words import PARTS as PART_WORDS
from safehouse.web.forms import NOT_CHOSEN, ChoiceField, PageForm, RowsField

REPORTED_ROWS = 3


class ReportedForm(PageForm):
    relationship = ChoiceField(
        _l("Relationship to her"),
        [DataRequired()],
        choices=[("", _l("Choose")), *RELATIONSHIPS.items()],
        coerce=Relationship,
    )
    name = StringField(_l("Name"), [Length(max=120)])
    phone = PhoneField(_l("Telephone"))
    nik = NikField(_l("NIK"))
    plate = StringField(_l("Number plate"), [Length(max=20)])


class ScreeningForm(PageForm):
    """Has a choice for each part and a line for some questions: added below, from the rules."""

    reported: RowsField

    def answers(self, asked: Collection[Question]) -> Answers:
        """What was chosen and written, of the questions this person was asked."""
        chosen = {part: self[part.value].data for question in asked for part in PARTS[question]}
        details = {
            question: self[detail_name(question)].data
            for question in asked
            if question in WITH_DETAIL and self[detail_name(question)].data
        }
        if Question.REPORTED in asked and self.reported.filled:
            # Whoever writes a person down knows her or him.
            chosen[Part.KNOWN] = Choice.YES
        return Answers({part: choice for part, choice in chosen.items() if choice is not None}, details)

    def miss(self, answers: Answers, asked: Iterable[Question], *, noted: int) -> bool:
        """Say beside each part that it is still open; True where everything asked is answered."""
        for question in asked:
            for part in PARTS[question]:
                if part not in answers.chosen:
                    self.refuse(NOT_CHOSEN, part.value)
        if answers.chosen.get(Part.KNOWN) is Choice.YES and not noted and not self.reported.filled:
            self.refuse(
                _("Write down what is known of that person, or choose that it is not known yet."), Part.KNOWN.value
            )
        return not self.mistakes()

    def rows_are_possible(self) -> bool:
        """A person who must not find her is known by something."""
        for row in self.reported.filled:
            one = row.form
            if not (one.name.data or one.phone.data or one.nik.data or one.plate.data):
                one.name.errors = [_("One of these is enough: name, telephone, NIK or number plate.")]
        return not self.mistakes()


def detail_name(question: Question) -> str:
    return f"{question.value}_more"


def as_written(answers: Answers) -> dict[str, Any]:
    """The answers as the form shows them again."""
    return {
        **{part.value: choice for part, choice in answers.chosen.items()},
        **{detail_name(question): words for question, words in answers.details.items()},
    }


def _choice(part: Part) -> ChoiceField:
    choices = [(choice, CHOICE_WORDS[choice]) for choice in CHOICES[part]]
    return ChoiceField(PART_WORDS[part], choices=choices, coerce=Choice, description=HINTS.get(part, ""))


# In the order of the page, so that what is wrong is told in that order too.
for _question in Question:
    for _part in PARTS[_question]:
        setattr(ScreeningForm, _part.value, _choice(_part))
    if _question is Question.REPORTED:
        _rows = RowsField(
            FormField(ReportedForm),
            _l("Who must not find her"),
            each=_l("Person %(n)s"),
            min_entries=REPORTED_ROWS,
            max_entries=REPORTED_ROWS,
        )
        ScreeningForm.reported = _rows
    if _question in WITH_DETAIL:
        setattr(ScreeningForm, detail_name(_question), StringField(DETAILS[_question], [Length(max=200)]))


class LevelForm(PageForm):
    level = ChoiceField(
        _l("Level of danger"), [DataRequired()], choices=tuple(DANGER_LEVELS.items()), coerce=DangerLevel
    )
    why = TextAreaField(
        _l("Why do you judge otherwise?"),
        [DataRequired(), Length(max=500)],
        description=_l("Only if you judge otherwise than the answers do."),
    )
