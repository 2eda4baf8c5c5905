"""The education domain: how she learns, the days of a week, examinations; the names of schools behind a page of their
own, because who knows the school finds the child."""

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Discipline
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.services.forms.schooling import (
    NO,
    NOT_ASKED,
    YES,
    ExamChangeForm,
    ExamForm,
    SchoolingForm,
    WeekForm,
)
from safehouse.services.models import Exam, PlanDomain
from safehouse.services.operations.schooling import (
    Days,
    NewSchooling,
    SchoolRefused,
    change_exam,
    note_exam,
    note_schooling,
    tell_week,
)
from safehouse.services.queries.schooling import (
    exams_of,
    letter_rows,
    letters_of,
    named_schools,
    newest_schooling,
    weeks_of,
)
from safehouse.services.rules.schooling import (
    A_WEEK,
    HIGHEST_GRADE,
    MOST_DAYS,
    WEEKS_TOLD,
    SchoolRefusal,
    days_of,
    letter_number,
    weeks_to_tell,
)
from safehouse.services.rules.walls import Reach, reaches
from safehouse.services.views.domains import DETAILS, Details, InDomain, Texts
from safehouse.services.views.seen import Seen, found_domain, kept_domain
from safehouse.services.words import EXAM_STATES, LETTER_KINDS, SCHOOL_LEVELS, SCHOOL_WAYS
from safehouse.shelter.rules.tape import monday_of
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import day, short_day

pages = Blueprint("schooling", __name__)

SCHOOLING, WEEK, EXAM, EXAM_CHANGE = "school:note", "school:week", "school:exam", "school:exam_change"
OPENED = "school names"
REFUSALS = {
    SchoolRefusal.GRADE: _l("There is no such grade. Write 1 to %(most)s, or leave it empty.", most=HIGHEST_GRADE),
    SchoolRefusal.IN_FUTURE: _l("This day has not come yet. Write when it was."),
    SchoolRefusal.TOO_FAR: _l("This day is more than a year ahead. Look at the year."),
    SchoolRefusal.BEFORE_ARRIVAL: _l("She was not here yet on this day. Look at the date."),
    SchoolRefusal.LEFT: _l("She had left by this day. Look at the date."),
    SchoolRefusal.NO_SUCH_WEEK: _l("This week cannot be told. Choose one of those shown."),
    SchoolRefusal.DAYS: _l("Say how many days: at least one, and fewer than the week has."),
    SchoolRefusal.PERIOD: _l("The last day lies before the first. Correct one of them."),
    SchoolRefusal.NO_PERIOD: _l("Say from which day until which day."),
    SchoolRefusal.ANSWERED_EARLY: _l("The letter was written later than this. Look at the date."),
    SchoolRefusal.WITHDRAWN: _l("This letter was taken back in the meantime."),
}
FIELD_OF_SCHOOLING = {SchoolRefusal.GRADE: "grade", SchoolRefusal.IN_FUTURE: "silence_agreed_on"}
EXAM_LOOKS = {
    "planned": ("", "ring"),
    "taken": ("ok", "check"),
    "missed": ("care", "cross"),
    "later": ("wait", "clock"),
}


# What the page of the domain shows


def sealed(found: InDomain) -> list[Sealed]:
    """What examinations are called, for whoever keeps the domain. No name of a school: those have their own page."""
    if not found.full:
        return []
    owner = found.seen.resident.ref
    return [Sealed(one, "words", owner) for one in exams_of(session, found.domain.id) if one.words is not None]


def drawn(found: InDomain, texts: Texts) -> dict[str, Any]:
    if not reaches(found.reach, Reach.GOALS):
        return {"school": None}
    domain_id = found.domain.id
    schooling = newest_schooling(session, domain_id)
    since = monday_of(found.seen.today) - A_WEEK * (2 * WEEKS_TOLD)
    weeks = weeks_of(session, domain_id, since=since)
    facts = []
    if schooling is not None:
        facts.append((_("Goes on learning"), SCHOOL_WAYS[schooling.way]))
    if schooling is not None and found.full:
        level = str(SCHOOL_LEVELS[schooling.level])
        grade = _("%(level)s, grade %(grade)s", level=level, grade=schooling.grade) if schooling.grade else level
        facts.append((_("Went to last"), grade))
        facts.append((_("Stays in Dapodik"), _enrolled_in_words(schooling.stays_enrolled)))
        silence = schooling.silence_agreed_on
        facts.append((_("Head agreed to keep silent"), day(silence) if silence else _("Not yet")))
    return {
        "school": {
            "facts": facts,
            "weeks": [(_week(one.monday), _days(one.days, one.of_days), one.who) for one in weeks],
            "letters": [_letter(one) for one in letters_of(session, domain_id, withdrawn=found.full)],
            "exams": _exams(found, texts) if found.full else [],
            "this_week": _offered(found.seen)[:1],
            "told": bool(weeks) and weeks[0].monday == monday_of(found.seen.today),
        },
        **({"side": "services/domains/education_side.html"} if found.full else {}),
    }


DETAILS[Discipline.EDUCATION] = Details("services/domains/education.html", sealed, drawn)


def _enrolled_in_words(stays: bool | None) -> str:
    if stays is None:
        return _("Not asked yet")
    return _("Yes") if stays else _("No")


def _week(monday: dt.date) -> str:
    return _("%(first)s to %(last)s", first=short_day(monday), last=short_day(monday + dt.timedelta(days=6)))


def _days(days: int, of_days: int) -> str:
    return _("%(days)s of %(all)s days", days=days, all=of_days)


def _letter(one: Any) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "number": letter_number(one.number, one.on_day),
        "kind": LETTER_KINDS[one.kind],
        "day": short_day(one.on_day),
        "period": _("%(first)s to %(last)s", first=short_day(one.from_day), last=short_day(one.until))
        if one.from_day and one.until
        else short_day(one.from_day),
        "answered": short_day(one.answered_on),
        "withdrawn": one.withdrawn,
    }


def _exams(found: InDomain, texts: Texts) -> list[dict[str, Any]]:
    shown = []
    for one in exams_of(session, found.domain.id):
        kind, icon = EXAM_LOOKS[one.state]
        shown.append(
            {
                "ref": one.ref,
                "words": texts.get((one.ref, "words")) or _("School examination"),
                "day": short_day(one.on_day),
                "kind": kind,
                "icon": icon,
                "state": EXAM_STATES[one.state],
            }
        )
    return shown


# Writing it down


@pages.route("/plan-domains/<uuid:ref>/schooling", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def note(ref: uuid.UUID) -> ResponseReturnValue:
    """How she learns. The names of schools are written here and never shown."""
    seen, domain = education(ref)
    before = newest_schooling(session, domain.id)
    form = SchoolingForm(
        typed() or None,
        level=before.level if before else None,
        grade=before.grade if before else None,
        way=before.way if before else None,
        enrolled=_enrolled(before.stays_enrolled) if before else NOT_ASKED,
        silence_agreed_on=before.silence_agreed_on if before else None,
    )
    if posted() and form.validate():
        wanted = NewSchooling(
            level=form["level"].data,
            way=form["way"].data,
            grade=form["grade"].data,
            last_school=form["last_school"].data or None,
            new_school=form["new_school"].data or None,
            stays_enrolled={YES: True, NO: False, NOT_ASKED: None}[form["enrolled"].data],
            silence_agreed_on=form["silence_agreed_on"].data,
        )
        try:
            begin_act(session, key=act_key(), kind=SCHOOLING, now=now(), by=by(), subject=ref)
            note_schooling(
                session, domain=domain, resident=seen.resident, new=wanted, today=seen.today, now=now(), by=by()
            )
        except AlreadyDone:
            session.rollback()
            return _back(seen)
        except SchoolRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], FIELD_OF_SCHOOLING.get(refused.reason, ""))
        else:
            session.commit()
            return _back(seen)
    use_session(writing=False)
    seen, domain = education(ref)
    named = named_schools(session, domain.id)
    return render_template(
        "services/schooling/note.html",
        form=form,
        seen=seen,
        domain=domain,
        last=day(named.last.at) if named.last else "",
        new=day(named.new.at) if named.new else "",
    )


def _enrolled(stays: bool | None) -> str:
    if stays is None:
        return NOT_ASKED
    return YES if stays else NO


@pages.route("/plan-domains/<uuid:ref>/school-weeks/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def week(ref: uuid.UUID) -> ResponseReturnValue:
    """How many days of a week she learned. Every day and no day are one press on the page of the domain."""
    seen, domain = education(ref)
    offered = _offered(seen)
    form = WeekForm(typed() or None, monday=offered[0][0] if offered else None)
    form["monday"].choices = offered
    if posted() and form.validate():
        of_days = form["of_days"].data
        days = days_of(form["said"].data, form["days"].data, of_days) if 1 <= of_days <= MOST_DAYS else None
        if not 1 <= of_days <= MOST_DAYS:
            form.refuse(_("A week has 1 to %(most)s days of school.", most=MOST_DAYS), "of_days")
        elif days is None:
            form.refuse(REFUSALS[SchoolRefusal.DAYS], "days")
        else:
            try:
                begin_act(session, key=act_key(), kind=WEEK, now=now(), by=by(), subject=ref)
                tell_week(
                    session,
                    domain=domain,
                    resident=seen.resident,
                    monday=dt.date.fromisoformat(form["monday"].data),
                    days=days,
                    of_days=of_days,
                    now=now(),
                    by=by(),
                )
            except AlreadyDone:
                session.rollback()
            else:
                session.commit()
            return _back(seen)
    use_session(writing=False)
    seen, domain = education(ref)
    return render_template("services/schooling/week.html", form=form, seen=seen, domain=domain)


def _offered(seen: Seen) -> list[tuple[str, str]]:
    days = days_there(seen)
    return [
        (one.isoformat(), _week(one))
        for one in weeks_to_tell(arrived_on=days.arrived_on, left_on=days.left_on, today=days.today)
    ]


@pages.route("/plan-domains/<uuid:ref>/exams/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def exam(ref: uuid.UUID) -> ResponseReturnValue:
    seen, domain = education(ref)
    form = ExamForm(typed() or None)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=EXAM, now=now(), by=by(), subject=ref)
            note_exam(
                session,
                domain=domain,
                resident=seen.resident,
                on_day=form["on_day"].data,
                words=form["words"].data or None,
                state=form["state"].data,
                days=days_there(seen),
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return _back(seen)
        except SchoolRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], "on_day")
        else:
            session.commit()
            return _back(seen)
    use_session(writing=False)
    seen, domain = education(ref)
    return render_template("services/schooling/exam.html", form=form, seen=seen, domain=domain)


@pages.route("/exams/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def exam_change(ref: uuid.UUID) -> ResponseReturnValue:
    """What became of an examination."""
    row, seen = _found_exam(ref)
    form = ExamChangeForm(typed() or None, on_day=row.on_day, state=row.state)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=EXAM_CHANGE, now=now(), by=by(), subject=ref)
            change_exam(
                session,
                exam=row,
                resident=seen.resident,
                on_day=form["on_day"].data,
                state=form["state"].data,
                days=days_there(seen),
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return _back(seen)
        except SchoolRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], "on_day")
        else:
            session.commit()
            return _back(seen)
    use_session(writing=False)
    row, seen = _found_exam(ref)
    return render_template("services/schooling/exam_change.html", form=form, seen=seen, on_day=day(row.on_day))


def _found_exam(ref: uuid.UUID) -> tuple[Exam, Seen]:
    row = session.execute(
        select(Exam, PlanDomain).join(PlanDomain, PlanDomain.id == Exam.plan_domain_id).where(Exam.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.Exam, kept_domain(row.PlanDomain)


@pages.get("/plan-domains/<uuid:ref>/schools")
@needs(Permission.PLAN_KEEP)
@opens_sealed
def names(ref: uuid.UUID) -> ResponseReturnValue:
    """Which schools these are, for whoever keeps the domain. Each opening is recorded."""
    seen, domain = education(ref)
    owner = seen.resident.ref
    named, letters = named_schools(session, domain.id), letter_rows(session, domain.id)
    facts: list[tuple[str, dt.date | dt.datetime]] = []
    wanted = []
    if named.last:
        facts.append((_("Last school"), named.last.at))
        wanted.append(Sealed(named.last, "last_school", owner))
    if named.new:
        facts.append((_("New school"), named.new.at))
        wanted.append(Sealed(named.new, "new_school", owner))
    for one in letters:
        facts.append((_("Letter %(number)s", number=letter_number(one.number, one.on_day)), one.on_day))
        wanted.append(Sealed(one, "school", owner))
    closed = False
    texts: list[str] = []
    try:
        texts = open_values(session, now=now(), by=by(), purpose=OPENED, wanted=wanted)
    except NotConfirmed:
        session.rollback()
        closed = True
    shown = [(label, text, day(when)) for (label, when), text in zip(facts, texts, strict=False)]
    session.commit()
    use_session(writing=False)
    seen, domain = education(ref)
    return render_template("services/schooling/names.html", seen=seen, domain=domain, schools=shown, closed=closed)


# Shared with letters


def education(ref: uuid.UUID) -> tuple[Seen, PlanDomain]:
    """An education domain the person keeps; otherwise the same 404."""
    seen, domain = found_domain(ref)
    if domain.domain is not Discipline.EDUCATION:
        abort(404)
    return seen, domain


def days_there(seen: Seen) -> Days:
    """Between which days something may have happened, by the clock of her house."""
    placement = seen.placement
    left_at = placement.left_at
    return Days(
        placement.arrived_at.astimezone(seen.zone).date(),
        left_at.astimezone(seen.zone).date() if left_at else None,
        seen.today,
    )


def _back(seen: Seen) -> ResponseReturnValue:
    to = url_for("domains.page", ref=seen.resident.ref, domain=Discipline.EDUCATION, saved="school")
    return redirect(to, 303)
