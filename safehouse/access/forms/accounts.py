"""Making and changing the accounts of people who work here."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from safehouse.access.models import DelegationKind, Discipline
from safehouse.access.permissions import Role
from safehouse.access.rules.approving import Recognised, ResetReason
from safehouse.access.words import DELEGATIONS, DISCIPLINES, RECOGNISED, RESET_REASONS, ROLE_HINTS, ROLES
from safehouse.web.forms import ChoiceField, ChoicesField, DayField, PageForm

NO_ROLE = "none"
ROLE_CHOICES = [
    *((role, ROLES[role], ROLE_HINTS[role]) for role in Role),
    (NO_ROLE, _l("No sign-in"), _l("Works here, for example as guard, cook or driver")),
]


def read_role(kept: str) -> Role | str:
    """A role, or `NO_ROLE`: nothing chosen is not the same as no sign-in."""
    return NO_ROLE if kept == NO_ROLE else Role(kept)


def without_blanks(chosen: list[Any] | None) -> list[Any]:
    """An empty value among boxes is no choice."""
    return [one for one in chosen or () if one is not None]


# In the order of the page: forms and their error summaries follow the order in which fields are made.
NAME = StringField(
    _l("Name"),
    [DataRequired(), Length(max=60)],
    description=_l("The name used at work; everyone who works here reads it."),
)
USERNAME = StringField(
    _l("User name"),
    [DataRequired(), Length(max=40)],
    description=_l("Small letters, digits, dot and hyphen, no blanks. It cannot be changed."),
)
ROLE = ChoiceField(_l("Role"), [DataRequired()], choices=ROLE_CHOICES, coerce=read_role)
IS_HEAD = BooleanField(_l("Head of the unit, only for a manager"))
CASEWORK = ChoicesField(
    _l("Disciplines, for a caseworker"), choices=list(DISCIPLINES.items()), coerce=Discipline, filters=[without_blanks]
)
HOUSES = ChoicesField(
    _l("Houses"),
    coerce=uuid.UUID,
    filters=[without_blanks],
    description=_l("At least one for staff and caseworkers, none for a security officer."),
)
VALID_UNTIL = DayField(_l("Valid until"), description=_l("Leave empty for permanent staff. That day still counts."))


def wanted_role(form: PageForm) -> Role | None:
    """The chosen role; None for someone who works here without signing in."""
    role = form["role"].data
    return role if isinstance(role, Role) else None


class NewAccountForm(PageForm):
    shown_name = NAME
    username = USERNAME
    role = ROLE
    is_head = IS_HEAD
    disciplines = CASEWORK
    houses = HOUSES
    valid_until = VALID_UNTIL


class FactsForm(PageForm):
    shown_name = NAME
    disciplines = CASEWORK
    houses = HOUSES
    valid_until = VALID_UNTIL


class RoleForm(PageForm):
    role = ROLE
    is_head = IS_HEAD


class ResetForm(PageForm):
    reason = ChoiceField(_l("Reason"), [DataRequired()], choices=list(RESET_REASONS.items()), coerce=ResetReason)
    recognised = ChoiceField(
        _l("You made sure who it is by"), [DataRequired()], choices=list(RECOGNISED.items()), coerce=Recognised
    )


class DelegationForm(PageForm):
    kind = ChoiceField(_l("Kind"), [DataRequired()], choices=list(DELEGATIONS.items()), coerce=DelegationKind)
    since = DayField(_l("First day"), [DataRequired()])
    until = DayField(_l("Last day"), [DataRequired()])


class AnswerForm(PageForm):
    """The answer to an asking: the pressed button says which. Saying yes takes the code her phone shows now."""

    code = StringField(_l("Your current code"), [Length(max=12)])
    answer = ChoiceField(
        _l("Decision"), [DataRequired()], choices=[("approve", _l("Approve")), ("refuse", _l("Refuse"))]
    )


class PressForm(PageForm):
    """A page with a button and nothing to fill in; refusals stand above it."""
