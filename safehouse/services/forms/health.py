"""What is asked about her health. No form asks what a visum says."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from safehouse.services.choices import CareState, Facility, Funding, LimitAnswer, TreatmentKind, VisumKind
from safehouse.services.words import CARE_STATES, FACILITIES, FUNDINGS, LIMIT_ANSWERS, TREATMENTS, VISUMS
from safehouse.shelter.forms.intake import HoursField
from safehouse.web.forms import ChoiceField, ClockField, DayField, PageForm, RupiahField

DAY_OF_CARE = _l("It may have been before she came here. Empty while no day is agreed.")
COST = _l("For the accounts only. She is never charged.")
NOT_FOR_VIOLENCE = _l("National health insurance does not pay for what violence caused.")


class TreatmentForm(PageForm):
    """`agency` is the ref of an agency of the address book."""

    kind = ChoiceField(
        _l("What kind of examination or treatment?"),
        [DataRequired()],
        choices=[("", _l("Choose one")), *TREATMENTS.items()],
        coerce=TreatmentKind,
    )
    facility = ChoiceField(_l("Where?"), [DataRequired()], choices=tuple(FACILITIES.items()), coerce=Facility)
    agency = ChoiceField(_l("Which one?"), description=_l("From the address book."))
    state = ChoiceField(_l("How far is it?"), [DataRequired()], choices=tuple(CARE_STATES.items()), coerce=CareState)
    on_day = DayField(_l("On which day?"), description=DAY_OF_CARE)
    words = TextAreaField(
        _l("What the health worker must know later"),
        [Length(max=600)],
        description=_l("No findings of a visum, and not what happened to her."),
    )
    cost = RupiahField(_l("Cost to the unit, in rupiah"), description=COST)
    funding = ChoiceField(
        _l("Who pays?"),
        choices=[("", _l("Not known yet")), *FUNDINGS.items()],
        coerce=Funding,
        description=NOT_FOR_VIOLENCE,
    )


class VisumForm(PageForm):
    """`asked_by` and `agency` are refs of agencies of the address book."""

    kind = ChoiceField(_l("What kind?"), [DataRequired()], choices=tuple(VISUMS.items()), coerce=VisumKind)
    asked_by = ChoiceField(_l("Who asked for it?"), description=_l("The unit of the police, from the address book."))
    letter_number = StringField(_l("Number of the letter"), [Length(max=60)])
    letter_on = DayField(
        _l("Day of the letter"), description=_l("A medical letter needs no letter of the investigator.")
    )
    facility = ChoiceField(
        _l("Where is it made?"), [DataRequired()], choices=tuple(FACILITIES.items()), coerce=Facility
    )
    agency = ChoiceField(_l("Which one?"), description=_l("From the address book."))
    state = ChoiceField(_l("How far is it?"), [DataRequired()], choices=tuple(CARE_STATES.items()), coerce=CareState)
    on_day = DayField(_l("Day of the examination"), description=DAY_OF_CARE)
    report_number = StringField(
        _l("Number of the visum"), [Length(max=60)], description=_l("The number only, never what it says.")
    )
    cost = RupiahField(_l("Cost to the unit, in rupiah"), description=COST)
    funding = ChoiceField(
        _l("Who pays?"),
        choices=[("", _l("Not known yet")), *FUNDINGS.items()],
        coerce=Funding,
        description=NOT_FOR_VIOLENCE,
    )


class MedicineForm(PageForm):
    name = StringField(_l("Medicine"), [DataRequired(), Length(max=120)])
    dose = StringField(_l("Dose"), [DataRequired(), Length(max=80)], description=_l("For example: one tablet"))
    times = HoursField(_l("Taken at"), description=_l("For example 07.00, 19.00. The shift on duty gives it then."))
    as_needed = BooleanField(_l("Only when needed"))
    checker_needed = BooleanField(_l("A second person must see that she takes it"))

    def is_whole(self) -> bool:
        """A dose has its times, or is taken when needed; never both."""
        times, as_needed = self["times"], self["as_needed"].data
        if times.errors:
            return False
        if not times.data and not as_needed:
            self.refuse(_l("A dose needs its times. Write them, or choose that it is taken only when needed."), "times")
            return False
        if times.data and as_needed:
            self.refuse(_l("Either at these times, or only when needed. Take one of them away."), "times")
            return False
        return True


class AllergyForm(PageForm):
    words = StringField(_l("Allergic to"), [DataRequired(), Length(max=300)])


class PregnancyForm(PageForm):
    expected = DayField(_l("When is the child expected?"), description=_l("Sealed. Empty while it is not known."))


class LimitsForm(PageForm):
    """Each help has its answer and, when it was given, the time."""

    day = DayField(_l("When did it happen?"), [DataRequired()], description=_l("As near as she can say. Nothing else."))
    clock = ClockField(_l("Time"), [InputRequired()], description=_l("For example 21.30"))
    hiv = ChoiceField(
        _l("Prevention of HIV, within 72 hours"), choices=tuple(LIMIT_ANSWERS.items()), coerce=LimitAnswer
    )
    hiv_day = DayField(_l("Given on"))
    hiv_clock = ClockField(_l("Given at"))
    contraception = ChoiceField(
        _l("Emergency contraception, within 120 hours"), choices=tuple(LIMIT_ANSWERS.items()), coerce=LimitAnswer
    )
    contraception_day = DayField(_l("Given on"))
    contraception_clock = ClockField(_l("Given at"))
