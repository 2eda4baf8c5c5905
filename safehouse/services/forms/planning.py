"""Opening a plan; needs, goals and steps; reading the plan to her."""

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from safehouse.access.models import Discipline
from safehouse.residents.models import Reading, Signing
from safehouse.residents.words import READINGS, SIGNINGS
from safehouse.services.choices import DOMAINS_IN_ORDER, ActionState, Funding
from safehouse.services.words import ACTION_STATES, DOMAINS, FUNDINGS, GOAL_STEPS
from safehouse.web.forms import ChoiceField, ChoicesField, DayField, PageForm, RupiahField


class OpenPlanForm(PageForm):
    """A need for each domain can be written at once; `need_<domain>`."""

    domains = ChoicesField(
        _l("Domains of the plan"),
        [DataRequired()],
        choices=[(one, DOMAINS[one]) for one in DOMAINS_IN_ORDER],
        coerce=Discipline,
        description=_l("Others can be added later."),
    )
    need_psychology = TextAreaField(_l("Psychological: what does she need?"), [Length(max=600)])
    need_health = TextAreaField(_l("Health: what does she need?"), [Length(max=600)])
    need_education = TextAreaField(_l("Education: what does she need?"), [Length(max=600)])
    need_legal = TextAreaField(_l("Legal: what does she need?"), [Length(max=600)])
    need_social_work = TextAreaField(_l("Social and economic: what does she need?"), [Length(max=600)])


class DomainsForm(PageForm):
    domains = ChoicesField(_l("Domains to add"), [DataRequired()], coerce=Discipline)


class WordsForm(PageForm):
    words = TextAreaField(_l("In a few sentences"), [DataRequired(), Length(max=1000)])


class GoalForm(PageForm):
    words = TextAreaField(
        _l("What does she want to reach?"),
        [DataRequired(), Length(max=300)],
        description=_l("In her own words, for example: I want to sleep through the night."),
    )
    measure = StringField(
        _l("By what is it seen?"), [Length(max=200)], description=_l("For example: her own sleep diary, each week.")
    )


class StepForm(PageForm):
    step = ChoiceField(
        _l("How far has it come?"), [DataRequired()], choices=[(str(n), name) for n, name in enumerate(GOAL_STEPS)]
    )


class ActionForm(PageForm):
    """`who` is the ref of a colleague, `agency` that of an agency: at least one of them."""

    what = StringField(_l("What will be done?"), [DataRequired(), Length(max=200)])
    who = ChoiceField(_l("Who of us?"), description=_l("Or an agency below: one of them does it."))
    agency = ChoiceField(_l("Which agency?"))
    due = DayField(_l("By when?"), [DataRequired()])
    cost = RupiahField(
        _l("Cost to the unit, in rupiah"), description=_l("For the accounts only. She is never charged.")
    )
    funding = ChoiceField(_l("Who pays?"), choices=[("", _l("Not known yet")), *FUNDINGS.items()], coerce=Funding)


class ActionChangeForm(PageForm):
    state = ChoiceField(
        _l("How far is it?"), [DataRequired()], choices=tuple(ACTION_STATES.items()), coerce=ActionState
    )
    due = DayField(_l("By when?"), [DataRequired()])
    done_on = DayField(_l("Done on"), description=_l("Only when it is done. Left empty it was today."))
    cost = RupiahField(
        _l("Cost to the unit, in rupiah"), description=_l("For the accounts only. She is never charged.")
    )
    funding = ChoiceField(_l("Who pays?"), choices=[("", _l("Not known yet")), *FUNDINGS.items()], coerce=Funding)


class AgreementForm(PageForm):
    reading = ChoiceField(
        _l("How did she learn what it says?"), [DataRequired()], choices=tuple(READINGS.items()), coerce=Reading
    )
    signed = ChoiceField(_l("How did she agree?"), [DataRequired()], choices=tuple(SIGNINGS.items()), coerce=Signing)
    sheet_number = StringField(
        _l("Number of the sheet"), [Length(max=30)], description=_l("On paper, with a signature or a thumb.")
    )
    witness = ChoiceField(
        _l("Who heard it?"), coerce=uuid.UUID, description=_l("Needed when she said yes without a paper.")
    )
