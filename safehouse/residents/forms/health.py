"""What is asked about a health check."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from safehouse.residents.models import Examiner, HealthOutcome
from safehouse.residents.words import EXAMINERS, HEALTH_OUTCOMES
from safehouse.web.forms import NOT_CHOSEN, ChoiceField, ClockField, DayField, PageForm


class HealthCheckForm(PageForm):
    outcome = ChoiceField(
        _l("What came of it?"), [DataRequired()], choices=tuple(HEALTH_OUTCOMES.items()), coerce=HealthOutcome
    )
    examiner = ChoiceField(
        _l("Who examined her?"),
        choices=tuple(EXAMINERS.items()),
        coerce=Examiner,
        description=_l("Needed unless she declined."),
    )
    day = DayField(
        _l("When was it?"),
        [DataRequired()],
        description=_l("It may have been before she came here. If she declined: when she was asked."),
    )
    clock = ClockField(_l("Time"), [InputRequired()], description=_l("For example 09.30"))
    words = TextAreaField(
        _l("What those who care for her must know"),
        [Length(max=500)],
        description=_l("What to do, for example rest, food, the next appointment. No findings, not what happened."),
    )

    def is_whole(self) -> bool:
        """Whoever was examined was examined by somebody."""
        if self["examiner"].data is None and self["outcome"].data is not HealthOutcome.DECLINED:
            self.refuse(NOT_CHOSEN, "examiner")
            return False
        return True
