"""An appointment: what it is for, when and where, and how she gets there safely. Fields in the order of the page."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, Length

from safehouse.services.choices import AppointmentPlace, ChildrenMeanwhile, SafeWay, Transport
from safehouse.services.words import APPOINTMENT_PLACES, CHILDREN, SAFE_WAYS, TRANSPORTS
from safehouse.web.forms import ChoiceField, ClockField, DayField, PageForm

ALONE = "alone"
LENGTHS = (
    ("30", _l("Half an hour")),
    ("60", _l("One hour")),
    ("90", _l("An hour and a half")),
    ("120", _l("Two hours")),
    ("180", _l("Three hours")),
    ("240", _l("Half a day")),
    ("480", _l("A whole day")),
)


class WhatForm(PageForm):
    """`what` is `<domain>:<kind>`."""

    what = ChoiceField(_l("What for?"), [DataRequired()])


class WhenForm(PageForm):
    day = DayField(_l("Which day?"), [DataRequired()], description=_l("For example 24 11 2026"))
    clock = ClockField(_l("What time?"), [DataRequired()], description=_l("For example 09.30"))
    minutes = ChoiceField(_l("How long?"), [DataRequired()], choices=LENGTHS)


class WhereForm(PageForm):
    """`agency` is the ref of one."""

    place = ChoiceField(
        _l("Where?"),
        [DataRequired()],
        choices=[("", _l("Choose a place")), *APPOINTMENT_PLACES.items()],
        coerce=AppointmentPlace,
    )
    agency = ChoiceField(_l("With which agency?"))


class GoingForm(PageForm):
    """`companion` is the ref of a colleague, or `ALONE`; left empty, somebody is still to be found."""

    companion = ChoiceField(_l("Who goes along?"), description=_l("Nobody goes alone unless she chose it herself."))
    transport = ChoiceField(
        _l("How does she get there?"), [DataRequired()], choices=tuple(TRANSPORTS.items()), coerce=Transport
    )
    safe_way = ChoiceField(
        _l("Which way is safe?"),
        [DataRequired()],
        choices=[("", _l("Choose a way")), *SAFE_WAYS.items()],
        coerce=SafeWay,
    )
    children = ChoiceField(
        _l("Her children meanwhile"), [DataRequired()], choices=tuple(CHILDREN.items()), coerce=ChildrenMeanwhile
    )


class DespiteForm(PageForm):
    """`seen` says which clashes were on the page when the box was ticked: a new one is shown again."""

    anyway = BooleanField(_l("Save anyway"))
    seen = HiddenField(validators=[Length(max=64)])


class AppointmentForm(WhatForm, WhenForm, WhereForm, GoingForm, DespiteForm):
    """A new one."""


class NewDayForm(WhenForm, GoingForm, DespiteForm):
    """Another day for the same."""
