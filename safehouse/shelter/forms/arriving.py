"""Arriving: the alias and the hour, and what a place against the advice asks."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from safehouse.web.forms import ChoiceField, ClockField, DayField, PageForm


class PlacingForm(PageForm):
    """Aliases are added by `with_aliases`: one question for each adult, or each child where no adult came."""

    arrived_day = DayField(_l("Date of arrival"), [DataRequired()])
    arrived_clock = ClockField(_l("At"), [InputRequired()], description=_l("For example 09.30"))
    names = HiddenField()


class AgainstAdviceForm(PlacingForm):
    reason = TextAreaField(
        _l("Why this place all the same?"),
        [DataRequired(), Length(max=500)],
        description=_l("The mother's own wish, what else was tried, until when."),
    )
    second_name = StringField(_l("User name of the colleague beside you"), [DataRequired(), Length(max=40)])
    second_code = StringField(
        _l("Her current code"),
        [DataRequired(), Length(max=12)],
        description=_l("She types it herself. It is used up by this."),
    )


def with_aliases(kind: type[PlacingForm], asked: dict[int, tuple[object, list[str]]]) -> type[PlacingForm]:
    """A form that also asks for these aliases: position in the family -> (label, names offered)."""
    fields = {
        f"alias_{position}": ChoiceField(label, [DataRequired()], choices=[(name, name) for name in names])
        for position, (label, names) in asked.items()
    }
    return type("WithAliases", (kind,), fields)
