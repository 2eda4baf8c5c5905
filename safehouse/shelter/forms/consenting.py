"""The consent of a family that comes: one page, each adult with her own answers, the children together."""

from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import HiddenField
from wtforms.validators import DataRequired

from safehouse.residents.forms.consents import (
    OUTSIDE,
    STAFF_DECIDE,
    BestInterestForm,
    agencies_of,
    answer_to,
    guardian_of,
    opinion_of,
)
from safehouse.residents.models import ConsentItem
from safehouse.residents.rules.consenting import FOR_A_CHILD
from safehouse.web.forms import ChoiceField


@dataclass(frozen=True, slots=True)
class Asked:
    """One of the family as the page asks about her, and what. `names` are offered to whoever has no alias yet."""

    position: int
    title: str
    adult: bool
    asked_herself: bool
    items: tuple[ConsentItem, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Questions:
    """The words of the page, in its language."""

    items: dict[ConsentItem, str]
    for_children: str
    alias: str
    guardian: str
    opinion: str
    agency: str
    someone_outside: str
    two_of_staff: str


def consent_form(
    family: Sequence[Asked], words: Questions, *, deciding: Sequence[tuple[str, str]], agencies: bool
) -> type[BestInterestForm]:
    """A form that asks each of this family; nothing in it is answered beforehand. `deciding` are the adults of hers who
    may decide for a child, whether they are asked anything themselves or not."""
    adults = [one for one in family if one.adult]
    children = [one for one in family if not one.adult]
    guardians = [*deciding, (OUTSIDE, words.someone_outside), (STAFF_DECIDE, words.two_of_staff)]
    fields: dict[str, object] = {"names": HiddenField()}
    for one in family:
        if one.names:
            fields[f"alias_{one.position}"] = ChoiceField(
                words.alias % {"person": one.title}, [DataRequired()], choices=[(name, name) for name in one.names]
            )
    for one in adults:
        for item in one.items:
            fields[item_field(item, one.position)] = answer_to(words.items[item], required=item is ConsentItem.STAY)
        if agencies:
            fields[f"agencies_{one.position}"] = agencies_of(words.agency)
    for one in children:
        fields[f"guardian_{one.position}"] = guardian_of(words.guardian % {"person": one.title}, guardians)
        if one.asked_herself:
            fields[f"opinion_{one.position}"] = opinion_of(words.opinion % {"person": one.title})
    for item in FOR_A_CHILD:
        if any(item in one.items for one in children):
            label = words.for_children % {"item": words.items[item]}
            fields[item_field(item)] = answer_to(label, required=item is ConsentItem.STAY)
    return type("FamilyConsentForm", (BestInterestForm,), fields)


def item_field(item: ConsentItem, position: int | None = None) -> str:
    """The name of the question about this item: of one adult, or of all the children."""
    return f"item_{item}" if position is None else f"item_{item}_{position}"
