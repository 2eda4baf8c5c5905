"""The unit's own settings."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from safehouse.access.words import ZONE_NAMES
from safehouse.web.forms import ChoiceField, PageForm


class OfficeForm(PageForm):
    title = StringField(
        _l("Name on screen"),
        [DataRequired(), Length(max=40)],
        description=_l("Stands in the browser's tab. Choose a word that says nothing about the place."),
    )
    name = StringField(
        _l("Name of the unit"), [DataRequired(), Length(max=120)], description=_l("Stands on letters and prints.")
    )
    time_zone = ChoiceField(_l("Time zone"), [DataRequired()], choices=list(ZONE_NAMES.items()))
    idle_shared_minutes = IntegerField(
        _l("Shared computer locks after, minutes"),
        [DataRequired(), NumberRange(1, 60)],
        description=_l("1 to 60. Usual: 5."),
    )
    idle_own_minutes = IntegerField(
        _l("Own device locks after, minutes"),
        [DataRequired(), NumberRange(1, 60)],
        description=_l("1 to 60. Usual: 15."),
    )
    code_after_minutes = IntegerField(
        _l("Unlocking asks for a code after, minutes away"),
        [DataRequired(), NumberRange(1, 240)],
        description=_l("1 to 240. Usual: 30."),
    )
    sign_in_hours = IntegerField(
        _l("A sign-in lasts at most, hours"), [DataRequired(), NumberRange(1, 12)], description=_l("1 to 12. Usual: 8.")
    )
    hold_hours = IntegerField(
        _l("A bed is held for, hours"),
        [DataRequired(), NumberRange(1, 24)],
        description=_l("1 to 24. Usual: 4. Then it is free again."),
    )
    tell_manager_after_hours = IntegerField(
        _l("The manager is told of what is late after, hours"),
        [InputRequired(), NumberRange(0, 168)],
        description=_l("0 to 168. Usual: 24. Whoever answers for it is told at once."),
    )
    plan_within_days = IntegerField(
        _l("A service plan is opened within, days"),
        [DataRequired(), NumberRange(1, 30)],
        description=_l("1 to 30. Usual: 3, from the arrival."),
    )
    review_every_months = IntegerField(
        _l("A service plan is reviewed every, months"),
        [DataRequired(), NumberRange(1, 12)],
        description=_l("1 to 12. Usual: 3."),
    )
