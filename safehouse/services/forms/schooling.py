"""School: how she learns, a week, an examination, a letter."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, Length

from safehouse.services.choices import ExamState, LetterKind, SchoolLevel, SchoolWay
from safehouse.services.rules.schooling import USUAL_DAYS, Attended, Letterhead
from safehouse.services.words import EXAM_STATES, LETTER_KINDS, SCHOOL_LEVELS, SCHOOL_WAYS
from safehouse.web.forms import ChoiceField, DayField, PageForm

YES, NO, NOT_ASKED = "yes", "no", "not_asked"
ATTENDED = {
    Attended.ALL: _l("Every day"),
    Attended.SOME: _l("Some days"),
    Attended.NONE: _l("No day"),
}


class SchoolingForm(PageForm):
    """The names of schools are written and never shown here; left empty, what was written before stays."""

    level = ChoiceField(
        _l("Which school did she go to last?"),
        [DataRequired()],
        choices=[("", _l("Choose")), *SCHOOL_LEVELS.items()],
        coerce=SchoolLevel,
    )
    grade = IntegerField(_l("Grade"), description=_l("1 to 13"))
    last_school = StringField(
        _l("Name of that school"),
        [Length(max=120)],
        description=_l("As secret as the house. Left empty, what was written before stays."),
    )
    way = ChoiceField(
        _l("How does she go on learning?"),
        [DataRequired()],
        choices=[("", _l("Choose")), *SCHOOL_WAYS.items()],
        coerce=SchoolWay,
    )
    new_school = StringField(
        _l("Name of the new school"),
        [Length(max=120)],
        description=_l("As secret as the house. Left empty, what was written before stays."),
    )
    enrolled = ChoiceField(
        _l("Does her name stay in the records of the school (Dapodik)?"),
        [DataRequired()],
        choices=[(YES, _l("Yes")), (NO, _l("No")), (NOT_ASKED, _l("Not asked yet"))],
        default=NOT_ASKED,
    )
    silence_agreed_on = DayField(
        _l("When did the head of the school agree to keep silent?"), description=_l("Left empty: not yet.")
    )


class WeekForm(PageForm):
    """`monday` is offered by the view, the running week first."""

    monday = ChoiceField(_l("Which week?"), [DataRequired()])
    said = ChoiceField(
        _l("How many days did she learn?"), [DataRequired()], choices=tuple(ATTENDED.items()), coerce=Attended
    )
    days = IntegerField(_l("How many of them?"), description=_l("Only when it was some days."))
    of_days = IntegerField(_l("Days of school in this week"), [DataRequired()], default=USUAL_DAYS)


class ExamForm(PageForm):
    on_day = DayField(_l("Day of the school examination"), [DataRequired()])
    words = StringField(_l("What is examined?"), [Length(max=120)], description=_l("For example: mathematics."))
    state = ChoiceField(
        _l("How far is it?"),
        [DataRequired()],
        choices=tuple(EXAM_STATES.items()),
        coerce=ExamState,
        default=ExamState.PLANNED,
    )


class ExamChangeForm(PageForm):
    on_day = DayField(_l("Day of the school examination"), [DataRequired()])
    state = ChoiceField(_l("How far is it?"), [DataRequired()], choices=tuple(EXAM_STATES.items()), coerce=ExamState)


class LetterForm(PageForm):
    kind = ChoiceField(
        _l("What is the school asked?"), [DataRequired()], choices=tuple(LETTER_KINDS.items()), coerce=LetterKind
    )
    school = StringField(
        _l("Which school?"),
        [DataRequired(), Length(max=120)],
        description=_l("As it stands on the letter. It is as secret as the house."),
    )
    from_day = DayField(_l("From which day?"))
    until = DayField(_l("Until which day?"))


class AnsweredForm(PageForm):
    answered_on = DayField(_l("When did the school answer?"), [DataRequired()])


class PaperForm(PageForm):
    letterhead = ChoiceField(
        _l("What stands at the top?"),
        [DataRequired()],
        choices=[
            (Letterhead.BLANK, _l("Nothing"), _l("For paper of the department the unit belongs to.")),
            (Letterhead.OFFICE, _l("The name of the unit"), _l("Only where it does not say what the unit does.")),
        ],
        coerce=Letterhead,
        default=Letterhead.BLANK,
    )
    code = StringField(
        _l("Current code"),
        [DataRequired(), Length(max=12)],
        description=_l("The code changes every 30 seconds. You may paste it."),
    )
