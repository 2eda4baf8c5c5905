"""Forms about legal matters."""

import uuid
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from safehouse.residents.models import Side
from safehouse.residents.words import SIDES
from safehouse.web.forms import ChoiceField, ClockField, DayField, PageForm

YES, NO = "yes", "no"
NOT_IN_IT = "none"


class MatterForm(PageForm):
    """The sides are asked for each of the household and each reported person: `side_<n>`."""

    sexual_violence = ChoiceField(
        _l("Is it sexual violence?"), [DataRequired()], choices=((YES, _l("Yes")), (NO, _l("No")))
    )
    day = DayField(
        _l("When did the victim report it?"),
        description=_l("To anyone who works here or brought her. Needed for sexual violence."),
    )
    clock = ClockField(_l("Time"), description=_l("For example 09.30"))
    child_offender = ChoiceField(
        _l("Is the reported person a child?"), [DataRequired()], choices=((YES, _l("Yes")), (NO, _l("No")))
    )


def with_sides(asked: Mapping[str, tuple[object, bool]]) -> type[MatterForm]:
    """The form with a question for each of these: name of the field -> (label, may stand on any side)."""
    fields = {
        name: ChoiceField(
            label,
            [DataRequired()],
            choices=[
                *((side, SIDES[side]) for side in Side if anywhere or side is not Side.VICTIM),
                (NOT_IN_IT, _l("Not in this matter")),
            ],
        )
        for name, (label, anywhere) in asked.items()
    }
    return type("MatterWithSides", (MatterForm,), fields)


class PoliceForm(PageForm):
    day = DayField(_l("When were the police told?"), [DataRequired()])
    clock = ClockField(_l("Time"), [DataRequired()], description=_l("For example 09.30"))
    number = StringField(
        _l("Number of the police report"), [Length(max=60)], description=_l("For example LP/B/000/XI/2026.")
    )


class PartyForm(PageForm):
    other = ChoiceField(_l("Who else stands in this matter?"), [DataRequired()], coerce=uuid.UUID)
    side = ChoiceField(_l("On which side?"), [DataRequired()], choices=list(SIDES.items()), coerce=Side)
