"""Forms about who must not come near whom."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.residents.forms.identifying import NikField, PhoneField
from safehouse.residents.models import Relationship
from safehouse.residents.operations.safety import LiftReason
from safehouse.residents.safety_in_words import LIFT_REASONS
from safehouse.residents.words import RELATIONSHIPS
from safehouse.web.forms import ChoiceField, PageForm

SHORTEST_REASON = 10


class ReportedPersonForm(PageForm):
    """One fact is enough. Nothing is prefilled and nothing comes from elsewhere."""

    relationship = ChoiceField(
        _l("What is this person to her?"),
        [DataRequired()],
        choices=[("", _l("Choose one")), *RELATIONSHIPS.items()],
        coerce=Relationship,
    )
    name = StringField(_l("Name"), [Length(max=120)], description=_l("As she says it. One name is fine."))
    nik = NikField(_l("NIK"), description=_l("16 digits, if she knows it."))
    phone = PhoneField(_l("Telephone"), description=_l("For example 0812-0000-0001."))
    plate = StringField(_l("Number plate"), [Length(max=20)], description=_l("For example G 1234 AB."))


class NeverTogetherForm(PageForm):
    other = ChoiceField(
        _l("Must not share a house with"),
        [DataRequired()],
        coerce=uuid.UUID,
        description=_l("Everyone who came with them counts too."),
    )


class LiftForm(PageForm):
    conflict = ChoiceField(_l("Which one?"), [DataRequired()], coerce=uuid.UUID)
    reason = ChoiceField(_l("Why?"), [DataRequired()], choices=list(LIFT_REASONS.items()), coerce=LiftReason)


class RelationForm(PageForm):
    """One fact is enough."""

    name = StringField(_l("Name of the relative"), [Length(max=120)], description=_l("As on a paper, in full."))
    nik = NikField(_l("NIK"), description=_l("16 digits. It tells people of the same name apart."))
    phone = PhoneField(_l("Telephone"), description=_l("For example 0812-0000-0001."))


class DenialForm(PageForm):
    """`who` is `account:<ref>` or `agency:<ref>`."""

    who = ChoiceField(
        _l("Who must know nothing of her?"),
        [DataRequired()],
        description=_l("From the next page on, her whole family is nowhere for this person."),
    )
    stand_in = ChoiceField(
        _l("Who does that person's work for her?"),
        description=_l("Needed where this person works in her house: doses, checks and counting go on."),
    )
    reason = TextAreaField(_l("Why?"), [DataRequired(), Length(min=SHORTEST_REASON, max=1000)])
