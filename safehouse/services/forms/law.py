"""Legal ways, stages, letters of the investigator, orders, mediation, and the list of stages."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.services.choices import Accompanied, NoticeCode, ProceduralCode, ProtectionKind, Track
from safehouse.services.law_in_words import NATURES
from safehouse.services.operations.stages_of_law import StageNature
from safehouse.services.rules.law import MediationReason
from safehouse.services.words import ACCOMPANIED, NOTICE_CODES, PROCEDURAL_CODES, PROTECTIONS, TRACKS
from safehouse.web.forms import ChoiceField, ClockField, DayField, PageForm, RupiahField

GRANT, REFUSE = "grant", "refuse"


class WayForm(PageForm):
    track = ChoiceField(
        _l("Which way does the matter go?"),
        [DataRequired()],
        choices=[("", _l("Choose the way")), *TRACKS.items()],
        coerce=Track,
    )
    code = ChoiceField(
        _l("Which code of criminal procedure?"),
        choices=tuple(PROCEDURAL_CODES.items()),
        coerce=ProceduralCode,
        description=_l("For a criminal case only. It follows from when the investigation began: look at it again."),
    )


class StageForm(PageForm):
    """`amount` is there on the ways on which money is asked for."""

    stage = ChoiceField(_l("Stage"), [DataRequired()], coerce=uuid.UUID)
    on_day = DayField(_l("Date of the letter"), [DataRequired()])
    number = StringField(
        _l("Letter number"),
        [Length(max=80)],
        description=_l("For example LP/B/000/XI/2026, as it stands there."),
    )
    accompanied = ChoiceField(_l("Did somebody go with her?"), choices=tuple(ACCOMPANIED.items()), coerce=Accompanied)
    amount = RupiahField(_l("Amount in rupiah"), description=_l("What was asked for, granted or paid."))
    reason = TextAreaField(
        _l("Why out of order?"),
        [Length(max=300)],
        description=_l("Only then. For example: the case was already running when she came."),
    )
    words = TextAreaField(
        _l("What came of it"), [Length(max=1000)], description=_l("Write reported person, and no other word.")
    )


class NoticeForm(PageForm):
    code = ChoiceField(
        _l("Which letter is it?"), [DataRequired()], choices=tuple(NOTICE_CODES.items()), coerce=NoticeCode
    )
    on_day = DayField(_l("Date of the letter"), [DataRequired()])
    number = StringField(_l("Letter number"), [Length(max=80)], description=_l("As it stands there."))


class OrderForm(PageForm):
    kind = ChoiceField(_l("Who gave it?"), [DataRequired()], choices=tuple(PROTECTIONS.items()), coerce=ProtectionKind)
    from_day = DayField(_l("From"), [DataRequired()])
    clock = ClockField(
        _l("At what time did the police give it?"),
        description=_l("Of sexual violence 24 hours run from then on. Left empty they count from the morning."),
    )
    until = DayField(_l("Last day"), [DataRequired()])
    number = StringField(_l("Number of the order"), [Length(max=80)], description=_l("As it stands there."))


class MediationForm(PageForm):
    reason = ChoiceField(_l("Why mediation?"), [DataRequired()], coerce=MediationReason)


class MediationAnswerForm(PageForm):
    answer = ChoiceField(
        _l("Your answer"),
        [DataRequired()],
        choices=((GRANT, _l("It may be mediated")), (REFUSE, _l("No mediation"))),
    )


class ListedStageForm(PageForm):
    name_id = StringField(_l("Name in Indonesian"), [DataRequired(), Length(max=80)])
    name_en = StringField(_l("Name in English"), [DataRequired(), Length(max=80)])
    behind = ChoiceField(_l("After which stage?"), coerce=uuid.UUID)


class NewStageForm(ListedStageForm):
    nature = ChoiceField(
        _l("What kind of stage is it?"), [DataRequired()], choices=tuple(NATURES.items()), coerce=StageNature
    )
