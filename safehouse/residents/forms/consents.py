"""What is asked when a consent is read: how, by whom it was heard, and one answer to each item."""

from collections.abc import Sequence
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from wtforms import Field, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.residents.models import Reading, Relationship, Signing, Told
from safehouse.residents.rules.consenting import Tongue
from safehouse.residents.words import READINGS, RELATIONSHIPS, SIGNINGS, TOLD, TONGUES
from safehouse.web.forms import ChoiceField, ChoicesField, DayField, PageForm, RowsField

OUTSIDE, STAFF_DECIDE = "outside", "staff"
YES, NO = "yes", "no"
# Who can be the guardian of a child: nobody is asked whether she is a neighbour's boss.
GUARDIAN_KINDS = (
    Relationship.MOTHER,
    Relationship.FATHER,
    Relationship.STEPFATHER,
    Relationship.SIBLING,
    Relationship.OTHER_FAMILY,
    Relationship.ACQUAINTANCE,
)


class Said(StrEnum):
    """An answer to one item. `later` is kept nowhere: it is asked again."""

    YES = "yes"
    NO = "no"
    LATER = "later"


SAID = {Said.YES: _l("Agrees"), Said.NO: _l("Does not agree"), Said.LATER: _l("Later")}


class SittingForm(PageForm):
    """One reading together. Rights and witness are offered by the view."""

    reading = ChoiceField(_l("Who reads?"), [DataRequired()], choices=tuple(READINGS.items()), coerce=Reading)
    language = ChoiceField(
        _l("Language"), [DataRequired()], choices=[("", _l("Choose the language")), *TONGUES.items()], coerce=Tongue
    )
    rights = ChoicesField(
        _l("Rights that were explained"), description=_l("Explain each in simple words, then tick it.")
    )
    signed = ChoiceField(_l("How did she answer?"), [DataRequired()], choices=tuple(SIGNINGS.items()), coerce=Signing)
    witness = ChoiceField(_l("Witness"), description=_l("Works in this house and did not read it."))
    sheet_number = StringField(
        _l("Number of the paper sheet (needed where it is on paper)"),
        [Length(max=30)],
        description=_l("At the top right of the paper. Not for spoken words."),
    )
    until = DayField(
        _l("Valid until"), description=_l("Empty means: as long as she stays. She may take it back at any time.")
    )


class BestInterestForm(SittingForm):
    """With the questions that a child brings: a guardian who lives elsewhere, and two of the staff who decide."""

    outside_name = StringField(_l("Name of the guardian"), [Length(max=120)], description=_l("Stored sealed."))
    outside_relationship = ChoiceField(
        _l("What is she to the child?"),
        coerce=Relationship,
        choices=[("", _l("Choose")), *((one, RELATIONSHIPS[one]) for one in GUARDIAN_KINDS)],
    )
    outside_phone = StringField(_l("Telephone of the guardian"), [Length(max=30)], description=_l("Stored sealed."))
    outside_reported = ChoiceField(
        _l("Is this the person who is reported?"),
        choices=((NO, _l("No")), (YES, _l("Yes")), ("unknown", _l("Not known yet"))),
    )
    reason = TextAreaField(
        _l("Why is this best for the child?"),
        [Length(max=1000)],
        description=_l("Why no guardian may decide, what the child needs now, what was considered."),
    )
    second_name = StringField(_l("User name of the colleague beside you"), [Length(max=40)])
    second_code = StringField(
        _l("Her current code"), [Length(max=12)], description=_l("She types it herself. It is used up by this.")
    )


class AgencyForm(PageForm):
    """One thing to one agency until one day; the agencies are offered by the view."""

    agency = ChoiceField(_l("Agency"))
    tells = ChoiceField(_l("What it may be told"), coerce=Told, choices=[("", _l("Choose")), *TOLD.items()])
    until = DayField(_l("Until"))
    said = ChoiceField(_l("Her answer"), choices=tuple(SAID.items()), coerce=Said)


def answer_to(label: object, *, required: bool = False) -> Field:
    """The question about one item, with nothing answered beforehand. Without an answer it is asked another time."""
    return ChoiceField(label, [DataRequired()] if required else [], choices=tuple(SAID.items()), coerce=Said)


def agencies_of(each: object, rows: int = 2) -> RowsField:
    return RowsField(
        FormField(AgencyForm), _l("What an agency may be told"), each=each, min_entries=rows, max_entries=6
    )


def guardian_of(label: object, choices: Sequence[tuple[str, object]]) -> SelectField:
    return ChoiceField(label, [DataRequired()], choices=[("", _l("Choose who decides")), *choices])


def opinion_of(label: object) -> SelectField:
    return ChoiceField(
        label,
        [DataRequired()],
        choices=((YES, _l("She wants to")), (NO, _l("She does not want to"))),
        description=_l("A no is written down and talked about."),
    )
