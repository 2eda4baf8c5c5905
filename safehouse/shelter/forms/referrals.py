"""Taking a referral."""

from flask_babel import lazy_gettext as _l
from wtforms import FormField, HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from safehouse.residents.models import Sex
from safehouse.shelter.choices import Need, ReferralSource, Urgency
from safehouse.shelter.words import NEEDS, REFERRAL_SOURCES, URGENCIES
from safehouse.web.forms import AgeField, ChoiceField, ChoicesField, PageForm, RowsField

SEXES = ((Sex.FEMALE, _l("Female")), (Sex.MALE, _l("Male")))
ROWS, MORE_ROWS = 4, 4


class ChildForm(PageForm):
    sex = ChoiceField(_l("Sex"), [DataRequired()], choices=SEXES, coerce=Sex)
    age = AgeField(_l("Age"), [InputRequired()])


class ReferralForm(PageForm):
    source = ChoiceField(
        _l("Who refers"),
        [DataRequired()],
        coerce=ReferralSource,
        choices=[("", _l("Choose who refers")), *REFERRAL_SOURCES.items()],
    )
    urgency = ChoiceField(
        _l("When is a place needed?"), [DataRequired()], choices=tuple(URGENCIES.items()), coerce=Urgency
    )
    women = IntegerField(_l("Adult women"), [NumberRange(0, 10)], default=1)
    men = IntegerField(_l("Men from 18 years on"), [NumberRange(0, 10)], default=0)
    children = RowsField(FormField(ChildForm), _l("Children"), each=_l("Child %(n)s"), min_entries=ROWS, max_entries=20)
    needs = ChoicesField(_l("What the room must allow"), choices=tuple(NEEDS.items()), coerce=Need)
    their_reference = StringField(
        _l("Their reference number"),
        [Length(max=60)],
        description=_l("The sender's own number, if there is one. No name."),
    )
    contact = StringField(
        _l("Number to call back"), [Length(max=120)], description=_l("Stored sealed. It never shows on lists.")
    )
    bed = HiddenField()
    pasted = HiddenField()


class NamedReferralForm(ReferralForm):
    """For a family whose people have names: they stay who they are, and it is asked who comes too and who does not.
    Who may be left out, and who was, is offered by the view."""

    named = HiddenField(default="1")
    women = IntegerField(_l("Adult women"), [NumberRange(0, 10)], default=0)
    without = ChoicesField(
        _l("Who does not come after all?"), description=_l("Her name and her answers are kept, should she come later.")
    )
    again = ChoicesField(_l("Who comes after all?"))
