"""How somebody who lives in a house learns, what she was given, and the sheet of her family's case, through the real
operations."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from safehouse.access.permissions import Role
from safehouse.residents.models import Household
from safehouse.services.choices import ExamState, Funding, LetterKind, SchoolLevel, SchoolWay, SupportKind
from safehouse.services.models import PlanDomain
from safehouse.services.operations.schooling import (
    Days,
    NewLetter,
    NewSchooling,
    make_letter,
    note_exam,
    note_schooling,
    tell_week,
)
from safehouse.services.operations.simfoni import fill_sheet, mark_entered
from safehouse.services.operations.support import NewSupport, record_support
from safehouse.services.rules.simfoni import Answers
from safehouse.shelter.rules.tape import monday_of

if TYPE_CHECKING:
    from tests.web.things import Family

OF_SCHOOL = ("school_domain", "exam", "school_letter", "support_domain", "support")


def go_to_school(family: "Family", domain: PlanDomain, social: PlanDomain) -> dict[str, uuid.UUID]:
    """One of each that whoever keeps these domains writes down, and the sheet, typed once."""
    session, now, by, today = family.make.session, family.now, family.by(Role.CASEWORKER), family.today
    about = {"domain": domain, "resident": family.mother, "now": now, "by": by}
    note_schooling(
        session,
        new=NewSchooling(
            SchoolLevel.PRIMARY,
            SchoolWay.ONLINE,
            last_school=family.words("SD Melati", 120),
            new_school=family.words("SD Cendana", 120),
        ),
        today=today,
        **about,
    )
    tell_week(session, monday=monday_of(today), days=4, of_days=5, **about)
    days = Days(today - dt.timedelta(days=1), None, today)
    exam = note_exam(
        session, on_day=today, words=family.words("Matematika", 120), state=ExamState.PLANNED, days=days, **about
    )
    new = NewLetter(LetterKind.STAY_ENROLLED, family.words("SD Melati", 120))
    letter = make_letter(session, new=new, today=today, **about)
    support = record_support(
        session,
        domain=social,
        resident=family.mother,
        new=NewSupport(SupportKind.FOOD_PARCEL, today, Funding.ZAKAT, words=family.words("Sembako"), cost=150_000),
        arrived_on=days.arrived_on,
        left_on=None,
        today=today,
        now=now,
        by=by,
    )
    household = session.get_one(Household, family.mother.household_id)
    case = {"household": household, "now": now, "by": by}
    fill_sheet(session, answers=Answers({"place": "rumah_tangga"}), seen_at=None, **case)
    mark_entered(session, case_number=family.words("SIM-1", 60), **case)
    return {
        "school_domain": domain.ref,
        "exam": exam.ref,
        "school_letter": letter.ref,
        "support_domain": social.ref,
        "support": support.ref,
    }
