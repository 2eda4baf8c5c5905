"""Letters to a school: a number of the year, what is asked, and a sheet that names the child and nothing else."""

import uuid
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Discipline, Office
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.access.views.own_code import own_code
from safehouse.database import end_session, session, use_session
from safehouse.services.forms.schooling import AnsweredForm, LetterForm, PaperForm
from safehouse.services.models import PlanDomain, SchoolLetter
from safehouse.services.operations.schooling import (
    NewLetter,
    SchoolRefused,
    answer_letter,
    bring_letter_back,
    make_letter,
    record_letter_printed,
    withdraw_letter,
)
from safehouse.services.queries.schooling import newest_schooling
from safehouse.services.rules.schooling import Letterhead, SchoolRefusal, letter_number, tells
from safehouse.services.school_letter_on_paper import on_paper
from safehouse.services.views.schooling import REFUSALS, education
from safehouse.services.views.seen import Seen, kept_domain
from safehouse.services.words import LETTER_KINDS
from safehouse.trail.opening import NotConfirmed, Sealed, open_values
from safehouse.web.language import day
from safehouse.web.papers import typeset
from safehouse.web.shell import offer_undo

pages = Blueprint("school_letters", __name__)

MAKE, ANSWER, WITHDRAW, PRINT = "letter:make", "letter:answer", "letter:withdraw", "letter:print"
PRINTED = "school letter printed"
offer_undo(WITHDRAW, title=_l("The letter is taken back."), endpoint="school_letters.undo_withdraw")


@pages.route("/plan-domains/<uuid:ref>/school-letters/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def new(ref: uuid.UUID) -> ResponseReturnValue:
    seen, domain = education(ref)
    form = LetterForm(typed() or None)
    if posted() and form.validate():
        wanted = NewLetter(
            kind=form["kind"].data,
            school=form["school"].data,
            from_day=form["from_day"].data,
            until=form["until"].data,
        )
        try:
            act = begin_act(session, key=act_key(), kind=MAKE, now=now(), by=by())
            letter = make_letter(
                session, domain=domain, resident=seen.resident, new=wanted, today=seen.today, now=now(), by=by()
            )
            act.subject = letter.ref
        except AlreadyDone as earlier:
            return redirect(url_for("school_letters.page", ref=earlier.act.subject), 303)
        except SchoolRefused as refused:
            session.rollback()
            field = "from_day" if refused.reason is SchoolRefusal.NO_PERIOD and not wanted.from_day else "until"
            form.refuse(REFUSALS[refused.reason], field)
        else:
            made = letter.ref
            session.commit()
            return redirect(url_for("school_letters.page", ref=made, saved="letter"), 303)
    use_session(writing=False)
    seen, domain = education(ref)
    return render_template("services/schooling/letter_new.html", form=form, seen=seen, domain=domain)


@pages.route("/school-letters/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    """The letter without the school's name: print it, say when the school answered, take it back."""
    letter, seen = _found(ref)
    form = AnsweredForm(typed() or None, answered_on=letter.answered_on or seen.today)
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=ANSWER, now=now(), by=by(), subject=ref)
            answer_letter(
                session,
                letter=letter,
                resident=seen.resident,
                answered_on=form["answered_on"].data,
                today=seen.today,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return redirect(_domain(seen, saved="school"), 303)
        except SchoolRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], "answered_on")
        else:
            session.commit()
            return redirect(_domain(seen, saved="school"), 303)
    use_session(writing=False)
    letter, seen = _found(ref)
    facts = [(_("Asks for"), LETTER_KINDS[letter.kind]), (_("Written on"), day(letter.on_day))]
    if letter.from_day:
        facts.append((_("From"), day(letter.from_day)))
    if letter.until:
        facts.append((_("Until"), day(letter.until)))
    facts.append((_("Answered on"), day(letter.answered_on) or _("Not yet")))
    return render_template(
        "services/schooling/letter.html",
        form=form,
        seen=seen,
        letter=letter,
        number=letter_number(letter.number, letter.on_day),
        facts=facts,
        withdrawn=letter.withdrawn_at is not None,
        back=_domain(seen),
    )


@pages.route("/school-letters/<uuid:ref>/paper", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
@opens_sealed
def paper(ref: uuid.UUID) -> ResponseReturnValue:
    """The sheet, behind a fresh code of her own. That it was printed, and that the name was opened for it, is recorded
    before it is made."""
    letter, seen = _found(ref)
    if letter.withdrawn_at is not None:
        abort(404)
    form = PaperForm(typed() or None)
    if posted() and form.validate():
        office = session.scalars(select(Office)).one()
        if form["letterhead"].data is Letterhead.OFFICE and tells(office.name):
            form.refuse(
                _("The name of the unit says what it does. Print on paper of the department instead."), "letterhead"
            )
        elif own_code(form):
            answer = _sheet(ref, form)
            if answer is not None:
                return answer
    session.rollback()
    use_session(writing=False)
    letter, seen = _found(ref)
    return render_template(
        "services/schooling/paper.html",
        form=form,
        seen=seen,
        letter=letter,
        number=letter_number(letter.number, letter.on_day),
        named=seen.resident.name is not None,
    )


def _sheet(ref: uuid.UUID, form: PaperForm) -> Response | None:
    letter, seen = _found(ref)
    resident = seen.resident
    wanted = [Sealed(letter, "school", resident.ref)]
    if resident.name is not None:
        wanted.append(Sealed(resident, "name", resident.ref))
    try:
        texts = open_values(session, now=now(), by=by(), purpose=PRINTED, wanted=wanted)
    except NotConfirmed:
        session.rollback()
        form.refuse(_("Her name opens once another person has confirmed you. Ask a colleague meanwhile."))
        return None
    try:
        begin_act(session, key=act_key(), kind=PRINT, now=now(), by=by(), subject=ref)
        record_letter_printed(session, letter=letter, resident=resident, now=now(), by=by())
    except AlreadyDone:
        session.rollback()
        return None
    office = session.scalars(select(Office)).one()
    schooling = newest_schooling(session, letter.plan_domain_id)
    facts = on_paper(
        letter,
        school=texts[0],
        name=texts[1] if len(texts) > 1 else "",
        grade=schooling.grade if schooling else None,
        letterhead=office.name if form["letterhead"].data is Letterhead.OFFICE else "",
    )
    number = letter.number
    session.commit()
    # Nothing of the database is held while the page is set.
    end_session()
    sheet = Response(typeset("school_letter", facts), mimetype="application/pdf")
    sheet.headers["Content-Disposition"] = f'attachment; filename="lembar-{number}.pdf"'
    return sheet


@pages.post("/school-letters/<uuid:ref>/withdraw")
@needs(Permission.PLAN_KEEP)
def withdraw(ref: uuid.UUID) -> ResponseReturnValue:
    """It was never sent."""
    letter, seen = _found(ref)
    try:
        act = begin_act(session, key=act_key(), kind=WITHDRAW, now=now(), by=by(), subject=ref, undoable=True)
        withdraw_letter(session, letter=letter, resident=seen.resident, now=now(), by=by())
    except AlreadyDone as earlier:
        return redirect(_domain(seen, done=earlier.act.ref), 303)
    except SchoolRefused:
        session.rollback()
        return redirect(url_for("school_letters.page", ref=ref), 303)
    to = _domain(seen, done=act.ref)
    session.commit()
    return redirect(to, 303)


@pages.post("/school-letters/<uuid:ref>/undo-withdraw")
@needs(Permission.PLAN_KEEP)
def undo_withdraw(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=WITHDRAW, now=now(), by=by())
    if act.subject is None:
        raise NotUndoable
    letter, seen = _found(act.subject)
    to = _domain(seen, undone=1)
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    bring_letter_back(session, letter=letter, resident=seen.resident, now=now(), by=by())
    session.commit()
    return redirect(to, 303)


def _domain(seen: Seen, **more: Any) -> str:
    return url_for("domains.page", ref=seen.resident.ref, domain=Discipline.EDUCATION, **more)


def _found(ref: uuid.UUID) -> tuple[SchoolLetter, Seen]:
    """A letter of a domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(SchoolLetter, PlanDomain)
        .join(PlanDomain, PlanDomain.id == SchoolLetter.plan_domain_id)
        .where(SchoolLetter.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.SchoolLetter, kept_domain(row.PlanDomain)
