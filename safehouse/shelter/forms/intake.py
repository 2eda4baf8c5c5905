"""What is asked of one person after she has come in. Each part may be answered alone; nothing is filled in."""

import datetime as dt
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from wtforms import FormField, StringField
from wtforms.validators import Length

from safehouse.indonesian import Fault, Unreadable, read_clock
from safehouse.residents.models import Reading
from safehouse.residents.rules.consenting import Tongue
from safehouse.residents.words import READINGS, TONGUES
from safehouse.shelter.choices import KeptWhere
from safehouse.shelter.words import KEPT_WHERE
from safehouse.web.forms import ChoiceField, PageForm, ReadField, RowsField


class There(StrEnum):
    """Nothing is an answer; what is not known yet is asked again."""

    NOTHING = "nothing"
    SOMETHING = "something"
    UNKNOWN = "unknown"


THERE = {There.NOTHING: _l("No, nothing"), There.SOMETHING: _l("Yes, something"), There.UNKNOWN: _l("Not known yet")}
MOST_TIMES = 6


class HoursField(ReadField):
    """Times of day on one line: `7, 19` or `07.00 19.00`. `data` is a tuple of times, empty when as needed."""

    def read(self, text: str) -> tuple[dt.time, ...]:
        parts = text.replace(",", " ").replace(";", " ").replace(" dan ", " ").split()
        if len(parts) > MOST_TIMES:
            raise Unreadable(Fault.NOT_A_TIME)
        return tuple(sorted({read_clock(part) for part in parts}))

    def write(self, value: tuple[dt.time, ...]) -> str:
        return ", ".join(f"{one:%H.%M}" for one in value)


class MedicineForm(PageForm):
    name = StringField(_l("Medicine"), [Length(max=120)])
    dose = StringField(_l("Dose"), [Length(max=80)])
    times = HoursField(_l("Taken at"), description=_l("For example 07.00, 19.00. Empty: when needed."))


class BelongingForm(PageForm):
    what = StringField(_l("What"), [Length(max=160)])
    kept = ChoiceField(_l("Where it is kept"), choices=tuple(KEPT_WHERE.items()), coerce=KeptWhere)


class IntakeForm(PageForm):
    """Allergies, medicines, belongings and the house rules. A part without an answer is left as it is."""

    allergies = ChoiceField(_l("Allergies to medicine or food"), choices=tuple(THERE.items()), coerce=There)
    allergic_to = StringField(_l("Allergic to"), [Length(max=300)])
    medicines = ChoiceField(_l("Medicines she takes"), choices=tuple(THERE.items()), coerce=There)
    medicine_rows = RowsField(
        FormField(MedicineForm), _l("Medicines"), each=_l("Medicine %(n)s"), min_entries=2, max_entries=12
    )
    belongings = ChoiceField(_l("Things she gives into keeping"), choices=tuple(THERE.items()), coerce=There)
    belonging_rows = RowsField(
        FormField(BelongingForm), _l("Belongings"), each=_l("Thing %(n)s"), min_entries=3, max_entries=30
    )
    second_name = StringField(_l("User name of the colleague beside you"), [Length(max=40)])
    second_code = StringField(
        _l("Her current code"), [Length(max=12)], description=_l("She types it herself. It is used up by this.")
    )


class WithRulesForm(IntakeForm):
    """The house rules are read to the adults."""

    rules = ChoiceField(
        _l("Does she agree to the house rules?"), choices=(("yes", _l("Agrees")), ("no", _l("Does not agree")))
    )
    reading = ChoiceField(_l("Who reads?"), choices=tuple(READINGS.items()), coerce=Reading)
    language = ChoiceField(_l("Language"), choices=[("", _l("Choose the language")), *TONGUES.items()], coerce=Tongue)
    witness = ChoiceField(_l("Witness"), description=_l("Works in this house and did not read it."))
