"""What the national form asks and nobody knows yet. The choices are in the form's own words."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from safehouse.services.rules.simfoni import (
    COUNTS_AS_VICTIM,
    OF_A_REPORTED,
    OF_A_VICTIM,
    OF_THE_CASE,
    YES_NO,
    Choices,
)
from safehouse.web.forms import ChoiceField, ChoicesField, DayField, PageForm

LABELS = {
    "channel": _l("How did the first word of it come?"),
    "place": _l("Where did it happen?"),
    "domestic": _l("Domestic violence (KDRT)?"),
    "types": _l("Kind of case"),
    "violence": _l("Forms of violence"),
    "education": _l("Education"),
    "occupation": _l("Occupation"),
    "marital": _l("Marital status in the register"),
    "unregistered": _l("Married without registration (nikah siri)?"),
    "disability": _l("Kind of disability"),
    "disabled": _l("A disability?"),
    "religion": _l("Religion"),
    "citizenship": _l("Citizenship"),
    "relation": _l("What is he or she to the victim?"),
    "sex": _l("Sex"),
    "age": _l("Age group"),
    COUNTS_AS_VICTIM: _l("Does she count as a victim in this case?"),
}


class SheetForm(PageForm):
    """The fields of the case; those of each person are added by `for_case`. `seen` is when it was changed last."""

    seen = HiddenField("", [Length(max=40)])
    incident_on = DayField(_l("When did it happen?"))


class EnteredForm(PageForm):
    case_number = StringField(
        _l("Number of the case in SIMFONI-PPA"), [Length(max=60)], description=_l("Where the system gave one.")
    )


def of_person(ref: uuid.UUID) -> str:
    """What the fields about somebody begin with: by who it is and not by her place in the list, so that somebody who
    came to the family meanwhile never gets the answers of another."""
    return f"p{ref.hex[:12]}_"


def of_reported(ref: uuid.UUID) -> str:
    return f"r{ref.hex[:12]}_"


def for_case(*, asked: Sequence[str], people: Sequence[uuid.UUID], reported: Sequence[uuid.UUID]) -> type[SheetForm]:
    """A form for these people and reported persons; `asked` are the fields of people asked beside the usual ones, by
    name."""
    fields: dict[str, Any] = {f"c_{name}": _field(name, choices, many) for name, _on, choices, many in OF_THE_CASE}
    for one in map(of_person, people):
        if f"{one}{COUNTS_AS_VICTIM}" in asked:
            fields[f"{one}{COUNTS_AS_VICTIM}"] = _field(COUNTS_AS_VICTIM, YES_NO, many=False)
        fields |= {f"{one}{name}": _field(name, choices, many) for name, _on, choices, many in OF_A_VICTIM}
    for one in map(of_reported, reported):
        fields |= {f"{one}{name}": _field(name, choices, many) for name, _on, choices, many in OF_A_REPORTED}
    return type("CaseForm", (SheetForm,), fields)


def _field(name: str, choices: Choices, many: bool) -> Any:
    if many:
        return ChoicesField(LABELS[name], choices=choices)
    return ChoiceField(LABELS[name], choices=[("", _l("Not asked yet")), *choices])
