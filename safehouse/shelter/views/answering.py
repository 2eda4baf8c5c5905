"""Answering a referral: what the referrer is told, once; and ten minutes to take it back."""

import uuid

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.models import Agency
from safehouse.access.operations.acts import AlreadyDone, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.access.queries import open_agencies
from safehouse.database import session, use_session
from safehouse.residents.models import DangerLevel
from safehouse.residents.queries.danger import newest_danger
from safehouse.shelter.choices import AnswerKind, ReferralState, WaitingPlace
from safehouse.shelter.forms.answering import DECLINED, NEW, AnswerForm
from safehouse.shelter.models import Referral
from safehouse.shelter.operations.answering import (
    AnswerRefusal,
    AnswerRefused,
    GivenAnswer,
    answer_referral,
    last_word,
    undo_answer,
)
from safehouse.shelter.queries.referrals import WAITING, needs_of
from safehouse.shelter.queries.screening import may_see_family
from safehouse.shelter.rules.answering import AnswerFault, Doubt, Onward, doubt_about, faults_of
from safehouse.shelter.views.families import family_in_words
from safehouse.shelter.views.finding import seen_referral
from safehouse.shelter.views.offering import FreeNow, free_now
from safehouse.shelter.views.referrals import pages
from safehouse.shelter.views.waiting import danger_in_words, span_in_words
from safehouse.shelter.words import ANSWER_KINDS, NEEDS, REFERRAL_SOURCES
from safehouse.web.language import moment, today
from safehouse.web.shell import offer_undo

KIND = "referral:answer"
offer_undo(KIND, title=_l("The referral is answered."), endpoint="referrals.undo_answering")

# fault -> (field, sentence)
FAULTS = {
    AnswerFault.NO_CALL_DAY: ("call_again", _l("Write on which day the referrer is called again.")),
    AnswerFault.CALL_DAY_PAST: ("call_again", _l("This day has passed. Write today or a later day.")),
    AnswerFault.CALL_DAY_FAR: ("call_again", _l("This is more than 60 days away. Write an earlier day.")),
    AnswerFault.NO_PLACE: ("waiting_place", _l("Choose where she is until then.")),
    AnswerFault.NO_GROUND: ("ground", _l("Choose the reason.")),
    AnswerFault.NO_ONWARD: ("onward", _l("Choose where she is sent on to, or that she does not want to.")),
    AnswerFault.TWO_ONWARDS: (
        "onward",
        _l("Two answers at once. Choose one agency, or write another one, or that she does not want to."),
    ),
}


@pages.route("/referrals/<uuid:ref>/answer", methods=["GET", "POST"])
@needs(Permission.REFERRAL_ANSWER)
def answer(ref: uuid.UUID) -> ResponseReturnValue:
    referral = seen_referral(ref)
    if referral.state is ReferralState.ACCEPTED and not may_see_family(
        session, referral=referral, account_id=signed().account_id, role=signed().role
    ):
        abort(404)
    agencies = open_agencies(session)
    form = AnswerForm(typed() or None)
    form.offer([(one.ref, one.name) for one in agencies])
    free = free_now(referral)
    if posted():
        if form.validate() and _is_complete(form) and _is_sure(form, referral, free):
            done = _answer(referral, form, agencies)
            if done is not None:
                return done
    elif _is_answered(referral):
        # Whoever presses Back after answering has done nothing forbidden.
        return redirect(url_for("referrals.listing"), 303)
    use_session(writing=False)
    referral = seen_referral(ref)
    return render_template(
        "shelter/referrals/answer.html",
        form=form,
        ref=referral.ref,
        number=referral.number,
        lead=_("%(source)s: waiting for %(span)s.", **_waits(referral)),
        facts=_facts(referral),
        free=free,
        danger=danger_in_words(_level(referral)),
        can_read_message=referral.message is not None,
    )


@pages.post("/referrals/<uuid:ref>/undo-answer")
@needs(Permission.REFERRAL_ANSWER)
def undo_answering(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=KIND, now=now(), by=by())
    referral = seen_referral(act.subject) if act.subject else abort(404)
    try:
        mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    except AlreadyDone:
        return redirect(url_for("referrals.listing"), 303)
    undo_answer(session, referral=referral, act=act, now=now(), by=by())
    session.commit()
    return redirect(url_for("referrals.listing", undone=1), 303)


def _answer(referral: Referral, form: AnswerForm, agencies: list[Agency]) -> ResponseReturnValue | None:
    """Write it down and go on; None when it was refused, with the sentence beside its field."""
    ref, kind = referral.ref, form.kind.data
    try:
        act = begin_act(session, key=act_key(), kind=KIND, now=now(), by=by(), subject=ref, undoable=True)
        answer_referral(session, referral=referral, given=_given(form, agencies), today=today(), now=now(), by=by())
    except AlreadyDone as earlier:
        return _answered(ref, kind, earlier.act.ref)
    except AnswerRefused as refused:
        session.rollback()
        if refused.reason is AnswerRefusal.ALREADY_ANSWERED:
            form.refuse(_already(ref))
        elif refused.reason is AnswerRefusal.AGENCY_SUSPENDED:
            form.refuse(_("We work with this agency no longer. Choose another one."), "new_agency")
        _say(form, refused.faults)
        return None
    done = act.ref
    session.commit()
    return _answered(ref, kind, done)


def _answered(ref: uuid.UUID, kind: AnswerKind, done: uuid.UUID) -> ResponseReturnValue:
    if kind is AnswerKind.ACCEPTED:
        return redirect(url_for("placing.beds", ref=ref, done=done), 303)
    return redirect(url_for("referrals.listing", done=done), 303)


def _given(form: AnswerForm, agencies: list[Agency]) -> GivenAnswer:
    chosen = form.onward.data
    return GivenAnswer(
        kind=form.kind.data,
        ground=form.ground.data,
        onward=next((one for one in agencies if str(one.ref) == chosen), None),
        new_agency=form.new_agency.data or None,
        declined=chosen == DECLINED,
        call_again=form.call_again.data,
        waiting_place=form.waiting_place.data,
    )


def _is_complete(form: AnswerForm) -> bool:
    chosen = form.onward.data
    onward = Onward(chosen not in {None, NEW, DECLINED}, form.new_agency.data or None, chosen == DECLINED)
    faults = faults_of(
        form.kind.data,
        today=today(),
        call_again=form.call_again.data,
        waiting_place=form.waiting_place.data,
        ground=form.ground.data,
        onward=onward,
    )
    _say(form, faults)
    return not faults


def _is_sure(form: AnswerForm, referral: Referral, free: FreeNow) -> bool:
    """An answer against what is free now is asked about once more; with the box ticked it is given."""
    doubt = doubt_about(
        form.kind.data,
        urgency=referral.urgency,
        waiting_place=form.waiting_place.data,
        ground=form.ground.data,
        full=free.full,
        some=free.some,
    )
    if doubt is None or (form.sure.data and form.asked.data == doubt):
        return True
    form.asked.data, form.sure.data = doubt.value, False
    form.refuse(_question(doubt, form, free))
    return False


def _question(doubt: Doubt, form: AnswerForm, free: FreeNow) -> str:
    if doubt is Doubt.NOT_FULL:
        return _("There is a place still: %(place)s. Choose another reason, or offer that place.", place=free.some)
    if form.waiting_place.data is WaitingPlace.NOWHERE_SAFE:
        return _(
            "She is not safe yet and a place is needed. %(place)s meets every condition. Ask her to wait all the same?",
            place=free.full,
        )
    return _(
        "A place is needed right now. %(place)s meets every condition. Ask her to wait all the same?", place=free.full
    )


def _say(form: AnswerForm, faults: tuple[AnswerFault, ...]) -> None:
    for fault in faults:
        field, sentence = FAULTS[fault]
        if fault is AnswerFault.NO_ONWARD and form.onward.data == NEW:
            field, sentence = "new_agency", _l("Write the name of the agency.")
        form.refuse(sentence, field)


def _is_answered(referral: Referral) -> bool:
    return referral.state not in WAITING or last_word(session, referral) is not None


def _already(ref: uuid.UUID) -> str:
    """Someone else was faster: who answered what stands on the list, what was typed here stays."""
    referral = seen_referral(ref)
    word = last_word(session, referral)
    told = ANSWER_KINDS[word.kind if word else AnswerKind.ACCEPTED]
    return _("This referral was answered in the meantime: %(answer)s. Nothing of yours was written.", answer=told)


def _waits(referral: Referral) -> dict[str, object]:
    return {"source": REFERRAL_SOURCES[referral.source], "span": span_in_words(now() - referral.taken_at)}


def _level(referral: Referral) -> DangerLevel | None:
    danger = newest_danger(session, referral.household_id)
    return danger.level if danger else None


def _facts(referral: Referral) -> list[tuple[str, str]]:
    needed = ", ".join(str(NEEDS[need]) for need in sorted(needs_of(referral)))
    return [
        (_("Sent by"), f"{REFERRAL_SOURCES[referral.source]}, {moment(referral.taken_at)}"),
        (_("For"), family_in_words(referral.people)),
        *([(_("What the room must allow"), needed)] if needed else []),
        *([(_("Their reference number"), referral.their_reference)] if referral.their_reference else []),
    ]
