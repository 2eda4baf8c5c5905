"""What one resident agreed to: every answer, the ones that count today, another answer, and taking one back."""

import datetime as dt
import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import Act
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.access.queries import cleared_houses, open_agencies
from safehouse.database import session, use_session
from safehouse.residents.consents_in_words import OF_THE_WITNESS, REFUSALS, say_giver, say_item, say_state, text_of
from safehouse.residents.forms.consents import (
    OUTSIDE,
    STAFF_DECIDE,
    YES,
    BestInterestForm,
    Said,
    answer_to,
    guardian_of,
    opinion_of,
)
from safehouse.residents.models import Consent, ConsentItem, Resident, Told
from safehouse.residents.operations.consents import (
    Answer,
    ConsentRefused,
    check_until,
    mark_reported,
    record_answers,
    undo_withdrawal,
    withdraw_consent,
)
from safehouse.residents.queries.consents import (
    ConsentLine,
    consent_lines,
    find_consent,
    find_guardian,
    guardians_of,
    open_in,
    reported_persons,
)
from safehouse.residents.rules.ageing import is_child
from safehouse.residents.rules.consenting import Tongue, is_asked_herself
from safehouse.residents.views.reading import (
    NotKept,
    child_questions_fit,
    guardian_for,
    offer_witnesses,
    reading_fits,
    sitting_of,
    who_decides,
)
from safehouse.residents.views.seen import others_of, seen_resident, today_of
from safehouse.residents.words import CONSENT_ITEMS, READINGS, RELATIONSHIPS, SIGNINGS, TOLD, TONGUES
from safehouse.web.forms import NOT_CHOSEN, ChoiceField
from safehouse.web.language import day, language
from safehouse.web.shell import offer_undo

pages = Blueprint("consents", __name__)

KIND, WITHDRAW, REPORTED = "consent:answer", "consent:withdraw", "consent:reported"
offer_undo(WITHDRAW, title=_l("The consent is taken back."), endpoint="consents.undo")


@pages.route("/residents/<uuid:ref>/consents", methods=["GET", "POST"])
@needs(Permission.CONSENT_RECORD)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    resident = seen_resident(ref)
    today = today_of(resident)
    form = _form(resident, today)
    if posted() and all([form.validate(), _fits(form, resident, today)]):
        answer = _record(form, resident, today)
        if answer is not None:
            return answer
    use_session(writing=False)
    resident = seen_resident(ref)
    lines = consent_lines(session, resident=resident, today=today)
    child = is_child(resident.birth_month, resident.of_age_on, today)
    return render_template(
        "residents/consents.html",
        form=form,
        resident=resident,
        standing=[_line(one) for one in sorted(lines, key=_in_order) if one.standing],
        earlier=[_line(one) for one in lines if not one.standing],
        child=child,
        still_open=[(item, str(CONSENT_ITEMS[item])) for item in open_in(lines, child=child)],
        opinion=form._fields.get("opinion"),
        guardian=form._fields.get("guardian"),
        guardians=[
            (one, one.alias or _("somebody outside"), "" if one.alias else str(RELATIONSHIPS[one.relationship]).lower())
            for one in guardians_of(session, resident)
        ],
        accused=[
            (one.ref, str(RELATIONSHIPS[one.relationship]).lower())
            for one in reported_persons(session, resident.household_id)
        ],
        texts=[(str(CONSENT_ITEMS[item]), text_of(item, language())) for item in ConsentItem],
    )


@pages.post("/consents/<uuid:ref>/withdraw")
@needs(Permission.CONSENT_RECORD)
def withdraw(ref: uuid.UUID) -> ResponseReturnValue:
    """She takes it back, by a word: one press, and ten minutes to undo it."""
    consent, resident = _visible_consent(ref)
    to_her = resident.ref
    try:
        act = begin_act(session, key=act_key(), kind=WITHDRAW, now=now(), by=by(), subject=consent.ref, undoable=True)
        withdraw_consent(session, consent=consent, resident=resident, now=now(), by=by())
    except AlreadyDone as earlier:
        return redirect(url_for("consents.page", ref=to_her, done=earlier.act.ref), 303)
    except ConsentRefused:
        session.rollback()
        return redirect(url_for("consents.page", ref=to_her), 303)
    done = act.ref
    session.commit()
    return redirect(url_for("consents.page", ref=to_her, done=done), 303)


@pages.post("/guardians/<uuid:ref>/reported")
@needs(Permission.CONFLICT_RECORD)
def reported(ref: uuid.UUID) -> ResponseReturnValue:
    """This guardian turned out to be a reported person: what she agreed to for the child counts no more."""
    guardian, child = find_guardian(session, ref) or abort(404)
    seen_resident(child.ref)
    to_her = url_for("consents.page", ref=child.ref)
    known = {str(one.ref): one for one in reported_persons(session, child.household_id)}
    person = known.get(request.form.get("reported", "")) or abort(404)
    try:
        begin_act(session, key=act_key(), kind=REPORTED, now=now(), by=by(), subject=child.ref)
    except AlreadyDone:
        return redirect(to_her, 303)
    mark_reported(session, guardian=guardian, reported=person, child=child, now=now(), by=by())
    session.commit()
    return redirect(to_her, 303)


@pages.post("/consents/<uuid:ref>/undo")
@needs(Permission.CONSENT_RECORD)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=WITHDRAW, now=now(), by=by())
    consent, resident = _visible_consent(act.subject or abort(404))
    to_her = resident.ref
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    try:
        undo_withdrawal(session, consent=consent, resident=resident, now=now(), by=by())
    except ConsentRefused as refused:
        raise NotUndoable from refused
    session.commit()
    return redirect(url_for("consents.page", ref=to_her, undone=1), 303)


def _visible_consent(ref: uuid.UUID) -> tuple[Consent, Resident]:
    found = find_consent(session, ref) or abort(404)
    seen_resident(found[1].ref)
    return found


def _house_id(resident: Resident) -> int:
    cleared = cleared_houses(session, signed().account_id)
    here = next((house.id for house in cleared if house.id == resident.house_id), None)
    return here or resident.house_id or next((house.id for house in cleared), 0)


def _adults(resident: Resident, today: dt.date) -> dict[str, Resident]:
    """The grown-ups of her household whom this person may see."""
    return {
        f"adult:{one.ref}": one for one in others_of(resident) if not is_child(one.birth_month, one.of_age_on, today)
    }


def _form(resident: Resident, today: dt.date) -> BestInterestForm:
    """One item at a time. For a child it also asks who decides, and from ten years on what she thinks."""
    agencies = open_agencies(session)
    fields: dict[str, Field] = {
        "item": ChoiceField(
            _l("What is asked"),
            choices=[
                ("", _l("Choose")),
                *((item, name) for item, name in CONSENT_ITEMS.items() if agencies or item is not ConsentItem.AGENCY),
            ],
            coerce=ConsentItem,
        ),
        "said": answer_to(_l("Her answer"), required=True),
    }
    if agencies:
        fields |= {
            "agency": ChoiceField(
                _l("Agency"), choices=[("", _l("Choose the agency")), *((str(a.ref), a.name) for a in agencies)]
            ),
            "tells": ChoiceField(_l("What it may be told"), choices=[("", _l("Choose")), *TOLD.items()], coerce=Told),
        }
    if is_child(resident.birth_month, resident.of_age_on, today):
        adults = [(key, one.alias) for key, one in _adults(resident, today).items()]
        outside = [
            (OUTSIDE, _("Someone who does not live here")),
            (STAFF_DECIDE, _("Nobody may: two of the staff decide")),
        ]
        fields["guardian"] = guardian_of(_("Who decides for: %(person)s", person=resident.alias), [*adults, *outside])
        if is_asked_herself(resident.birth_month, resident.of_age_on, today):
            fields["opinion"] = opinion_of(_("What does she think herself? %(person)s", person=resident.alias))
    # Whoever comes by "ask now" has said which item; nothing else is ever chosen beforehand.
    asked = next((item for item in ConsentItem if item == request.args.get("item")), None)
    form: BestInterestForm = type("AnswerForm", (BestInterestForm,), fields)(typed() or None, item=asked)
    offer_witnesses(form, {_house_id(resident)}, resident.household_id)
    return form


def _fits(form: BestInterestForm, resident: Resident, today: dt.date) -> bool:
    chosen = {form["guardian"].data} if "guardian" in form else set()
    fine = reading_fits(form, witness_needed=chosen != {STAFF_DECIDE})
    fine = child_questions_fit(form, chosen) and fine
    if form["item"].data is None:
        form.refuse(NOT_CHOSEN, "item")
        return False
    if form["item"].data is ConsentItem.AGENCY:
        for name in ("agency", "tells"):
            if form[name].data is None:
                form.refuse(NOT_CHOSEN, name)
                fine = False
    if form["said"].data is Said.LATER:
        form.refuse(_("Later is written down nowhere: it stays open on this page. Ask her again another time."), "said")
        fine = False
    try:
        check_until(Answer(form["item"].data, form["said"].data is Said.YES, form["until"].data), today)
    except ConsentRefused as refused:
        form.refuse(REFUSALS[refused.reason], "until")
        fine = False
    return fine


def _record(form: BestInterestForm, resident: Resident, today: dt.date) -> ResponseReturnValue | None:
    ref = resident.ref
    try:
        act = begin_act(session, key=act_key(), kind=KIND, now=now(), by=by(), subject=ref)
    except AlreadyDone:
        return redirect(url_for("consents.page", ref=ref), 303)
    try:
        _write(form, resident, today, act)
    except NotKept:
        return None
    except ConsentRefused as refused:
        session.rollback()
        form.refuse(REFUSALS[refused.reason], "witness" if refused.reason in OF_THE_WITNESS else "item")
        return None
    session.commit()
    return redirect(url_for("consents.page", ref=ref, saved="consent"), 303)


def _write(form: BestInterestForm, resident: Resident, today: dt.date, act: Act) -> None:
    adults, choice = _adults(resident, today), form["guardian"].data if "guardian" in form else None
    guardian = best_interest = None
    house_id = _house_id(resident)
    if choice is not None:
        decided = who_decides(
            form,
            act=act,
            chosen={choice},
            household_id=resident.household_id,
            adults=[adults[choice]] if choice in adults else [],
            house_id=house_id,
            refuse_at="guardian",
        )
        guardian = guardian_for(resident, choice, decided, adults.get)
        best_interest = decided.best_interest() if choice == STAFF_DECIDE else None
    agencies = {str(one.ref): one for one in open_agencies(session)}
    yes, item = form["said"].data is Said.YES, form["item"].data
    to_agency = item is ConsentItem.AGENCY
    record_answers(
        session,
        resident=resident,
        answers=[
            Answer(
                item,
                yes,
                form["until"].data if yes else None,
                agencies[form["agency"].data] if to_agency else None,
                form["tells"].data if to_agency else None,
            )
        ],
        sitting=sitting_of(form, {house_id}, resident.household_id),
        today=today,
        guardian=guardian,
        best_interest=best_interest,
        child_agrees=form["opinion"].data == YES if "opinion" in form else None,
        now=now(),
        by=by(),
    )


def _in_order(one: ConsentLine) -> int:
    """The one item she needs to stay comes first."""
    return list(ConsentItem).index(one.item)


def _line(one: ConsentLine) -> dict[str, object]:
    """One answer as the page shows it."""
    how = _(
        "%(reading)s, %(language)s, %(signed)s",
        reading=READINGS[one.reading],
        language=str(TONGUES[Tongue(one.language)]),
        signed=str(SIGNINGS[one.signed]).lower(),
    )
    return {
        "ref": one.ref,
        "item": say_item(one),
        "state": say_state(one),
        "giver": say_giver(one),
        "refused_by_child": one.child_agrees is False,
        "since": day(one.since),
        "until": day(one.until) if one.until else "",
        "how": how,
        "sheet": one.sheet_number or "",
        "read_by": one.read_by,
        "witness": one.witness or "",
        "withdrawn": day(one.withdrawn_at) if one.withdrawn_at else "",
        "may_withdraw": one.standing and one.granted,
    }
