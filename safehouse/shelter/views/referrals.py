"""Referrals: who waits, and taking a new one."""

import datetime as dt
import uuid

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from safehouse.access.current import act_key, as_ref, by, may, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, begin_act, find_undoable, mark_undone
from safehouse.access.operations.drafts import carried_text, keep_draft
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.models import DangerLevel, Household, Sex
from safehouse.residents.operations.people import NewPerson
from safehouse.residents.views.seen import seen_resident
from safehouse.shelter.choices import Need
from safehouse.shelter.forms.referrals import MORE_ROWS, ROWS, NamedReferralForm, ReferralForm
from safehouse.shelter.models import Referral
from safehouse.shelter.operations.taking import (
    Comings,
    NobodyComes,
    NotChangeable,
    PeopleAreNamed,
    change_referral,
    has_names,
    is_changeable,
    take_back_withdrawal,
    take_referral,
    withdraw_referral,
)
from safehouse.shelter.queries.deciding import aliases_given, standing_decision
from safehouse.shelter.queries.referrals import (
    ANSWERED_DAYS,
    WAITING,
    ReferralLine,
    family_of,
    left_out,
    referral_lines,
)
from safehouse.shelter.rules.answering import place_in_line
from safehouse.shelter.rules.people import ADULT_MONTHS, can_be_pregnant
from safehouse.shelter.views.families import called, family_in_words
from safehouse.shelter.views.finding import seen_referral
from safehouse.shelter.views.pressed import carry_pressed, pressed_bed
from safehouse.shelter.views.waiting import (
    answer_in_words,
    danger_in_words,
    next_step,
    span_in_words,
    waiting_in_words,
    what_followed,
)
from safehouse.shelter.words import REFERRAL_SOURCES, URGENCIES
from safehouse.web.language import today
from safehouse.web.shell import offer_undo

pages = Blueprint("referrals", __name__)
pages.app_url_defaults(carry_pressed)

MOST_PEOPLE = 20

offer_undo("referral:withdraw", title=_l("The referral is withdrawn."), endpoint="referrals.undo_withdrawal")


@pages.get("/referrals")
@needs(Permission.REFERRAL_TAKE)
def listing() -> ResponseReturnValue:
    """Who waits, the most endangered first; who was accepted and has not come yet; what was answered this week."""
    g.lock_when_idle = True
    lines = referral_lines(session, account_id=signed().account_id, now=now())
    waiting = sorted(
        (line for line in lines if line.state in WAITING and not line.accepted),
        key=lambda line: place_in_line(line.danger, line.taken_at),
    )
    coming = [line for line in lines if line.state in WAITING and line.accepted]
    since = now() - dt.timedelta(days=ANSWERED_DAYS)
    answered = sorted(
        # Whoever was asked to wait stands above.
        (line for line in lines if line.answered_at and line.answered_at > since and line not in waiting),
        key=lambda line: line.answered_at or line.taken_at,
        reverse=True,
    )
    return render_template(
        "shelter/referrals/listing.html",
        waiting=[_waiting_row(line) for line in waiting],
        coming=[_waiting_row(line) for line in coming],
        answered=[_answered_row(line) for line in answered],
        lead=_lead(waiting),
        bed=_bed_asked(),
        pressed=pressed_bed(),
        may_answer=may(Permission.REFERRAL_ANSWER),
        passed_on="passed" in request.args,
    )


@pages.route("/referrals/new", methods=["GET", "POST"])
@needs(Permission.REFERRAL_TAKE)
def new() -> ResponseReturnValue:
    form = ReferralForm(typed() or None, bed=_bed_asked())
    if posted() and request.form.get("more"):
        _add_lines(form)
    elif posted() and form.validate() and _family_is_possible(form):
        try:
            act = begin_act(session, key=act_key(), kind="referral:take", now=now(), by=by())
            referral = take_referral(
                session,
                source=form.source.data,
                urgency=form.urgency.data,
                people=_people(form),
                needs=form.needs.data,
                their_reference=form.their_reference.data,
                contact=form.contact.data,
                message=_pasted_message(form),
                now=now(),
                by=by(),
            )
            act.subject = referral.ref
        except AlreadyDone as earlier:
            return _saved(earlier.act.subject)
        session.commit()
        return _saved(referral.ref)
    use_session(writing=False)
    return render_template(
        "shelter/referrals/new.html",
        form=form,
        waiting=[] if posted() else already_waiting(),
        pressed=pressed_bed(),
    )


@pages.route("/referrals/<uuid:ref>/change", methods=["GET", "POST"])
@needs(Permission.REFERRAL_TAKE)
def change(ref: uuid.UUID) -> ResponseReturnValue:
    """A wrong age or a forgotten child is put right here; nobody types the rest again."""
    referral = seen_referral(ref)
    if not is_changeable(referral):
        abort(404)
    number, decided = referral.number, standing_decision(session, referral) is not None
    form = _form_to_change(referral)
    named = isinstance(form, NamedReferralForm)
    if posted() and request.form.get("more"):
        _add_lines(form)
    elif posted() and form.validate() and _family_is_possible(form, referral):
        try:
            begin_act(session, key=act_key(), kind="referral:change", now=now(), by=by(), subject=ref)
            change_referral(
                session,
                referral=referral,
                source=form.source.data,
                urgency=form.urgency.data,
                people=_people(form),
                needs=form.needs.data,
                their_reference=form.their_reference.data,
                contact=form.contact.data,
                comings=_comings(form, referral) if isinstance(form, NamedReferralForm) else None,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            return _saved(ref)
        except NobodyComes:
            session.rollback()
            form.refuse(_("Nobody would come any more. Withdraw the referral instead."), "without")
        except NotChangeable:
            session.rollback()
            return redirect(url_for("referrals.listing"), 303)
        except PeopleAreNamed:
            session.rollback()
            form.refuse(_("They have got names in the meantime. Load the page again, then say who comes too."), "women")
        else:
            session.commit()
            return _saved(ref)
    use_session(writing=False)
    return render_template(
        "shelter/referrals/new.html", form=form, waiting=[], changing=ref, number=number, decided=decided, named=named
    )


@pages.route("/residents/<uuid:ref>/family/new", methods=["GET", "POST"])
@needs(Permission.REFERRAL_TAKE)
def joining(ref: uuid.UUID) -> ResponseReturnValue:
    """Somebody of her family follows: a referral of their own, in her household. They alone are asked and placed;
    nothing changes for those who live here. What was typed while she left waits on the page for any other family."""
    resident = seen_resident(ref)
    if resident.house_id is None:
        return _as_another_family() if posted() else abort(404)
    alias = resident.alias
    form = ReferralForm(typed() or None, data={"women": 0, "men": 0})
    if posted() and request.form.get("more"):
        _add_lines(form)
    elif posted() and form.validate() and _family_is_possible(form):
        try:
            act = begin_act(session, key=act_key(), kind="referral:take", now=now(), by=by())
            referral = take_referral(
                session,
                source=form.source.data,
                urgency=form.urgency.data,
                people=_people(form),
                needs=form.needs.data,
                their_reference=form.their_reference.data,
                contact=form.contact.data,
                joins=session.get_one(Household, resident.household_id),
                now=now(),
                by=by(),
            )
            act.subject = referral.ref
        except AlreadyDone as earlier:
            return _saved(earlier.act.subject)
        session.commit()
        return _saved(referral.ref)
    use_session(writing=False)
    return render_template("shelter/referrals/new.html", form=form, waiting=[], joining=ref, alias=alias)


@pages.post("/referrals/<uuid:ref>/withdraw")
@needs(Permission.REFERRAL_TAKE)
def withdraw(ref: uuid.UUID) -> ResponseReturnValue:
    """The family needs no place any more."""
    referral = seen_referral(ref)
    try:
        act = begin_act(
            session, key=act_key(), kind="referral:withdraw", now=now(), by=by(), subject=ref, undoable=True
        )
    except AlreadyDone as earlier:
        return redirect(url_for("referrals.listing", done=earlier.act.ref), 303)
    session.refresh(referral, with_for_update=True)
    if referral.state not in WAITING:
        abort(404)
    withdraw_referral(session, referral=referral, now=now(), by=by())
    done = act.ref
    session.commit()
    return redirect(url_for("referrals.listing", done=done), 303)


@pages.post("/referrals/<uuid:ref>/undo-withdrawal")
@needs(Permission.REFERRAL_TAKE)
def undo_withdrawal(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind="referral:withdraw", now=now(), by=by())
    referral = seen_referral(act.subject) if act.subject else abort(404)
    try:
        mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    except AlreadyDone:
        return redirect(url_for("referrals.listing"), 303)
    take_back_withdrawal(session, referral=referral, now=now(), by=by())
    session.commit()
    return redirect(url_for("referrals.listing", undone=1), 303)


def _as_another_family() -> ResponseReturnValue:
    path = url_for("referrals.new")
    draft = keep_draft(session, path=path, typed=request.form, now=now(), by=by())
    session.commit()
    return redirect(url_for("referrals.new", draft=draft), 303)


def _pasted_message(form: ReferralForm) -> str | None:
    """The message she pasted a page before: it goes under the referral's own key and is kept nowhere else."""
    ref = as_ref(form.pasted.data)
    return carried_text(session, ref=ref, now=now(), by=by(), last=True) if ref else None


def already_waiting() -> list[dict[str, object]]:
    """Beside a new referral: is it perhaps one of these?"""
    lines = referral_lines(session, account_id=signed().account_id, now=now())
    return [
        {"ref": line.ref, "number": _("R-%(number)s", number=line.number), "family": family_in_words(line.family)}
        for line in lines
        if line.state in WAITING
    ]


def _add_lines(form: ReferralForm) -> None:
    """More lines for children, as the page asked; what is typed so far comes back."""
    for _line in range(min(MORE_ROWS, MOST_PEOPLE - len(form.children.entries))):
        form.children.append_entry()


def _as_written(referral: Referral) -> dict[str, object]:
    """The referral as its form shows it. The sealed contact stays sealed: an empty box leaves it as it is."""
    children = [{"sex": one.sex, "age": one.age_months} for one in referral.people if not one.adult]
    return {
        "source": referral.source,
        "urgency": referral.urgency,
        "women": sum(one.adult and one.sex is Sex.FEMALE for one in referral.people),
        "men": sum(one.adult and one.sex is Sex.MALE for one in referral.people),
        "children": children + [{}] * max(1, ROWS - len(children)),
        "needs": [one.need for one in referral.needs],
        "their_reference": referral.their_reference,
    }


def _form_to_change(referral: Referral) -> ReferralForm:
    """What was typed before they had names tells the whole family, and is never read as people who come too; what was
    typed after that is never read as the whole family."""
    sent = typed()
    if sent.get("named") if sent else has_names(referral):
        return _named_form(referral)
    return ReferralForm(sent or None, data=_as_written(referral))


def _named_form(referral: Referral) -> NamedReferralForm:
    """Everything as it is written, but for who comes: those stay who they are, and the boxes are for others."""
    written = _as_written(referral) | {"women": 0, "men": 0, "children": [{}] * ROWS}
    form = NamedReferralForm(typed() or None, data=written)
    form.without.choices = _who_comes(referral)
    form.again.choices = [(str(one.ref), one.alias) for one in left_out(session, referral)]
    return form


def _who_comes(referral: Referral) -> list[tuple[str, str]]:
    """Position and what she is called: by her alias where she has one."""
    names, given = called(family_of(referral)), aliases_given(session, referral)
    return [
        (str(key), _("%(alias)s, %(person)s", alias=given[key], person=name) if key in given else name)
        for key, name in names.items()
    ]


def _comings(form: NamedReferralForm, referral: Referral) -> Comings:
    back = {str(one.ref): one for one in left_out(session, referral)}
    return Comings(
        today(),
        _people(form),
        {int(position) for position in form.without.data},
        [back[ref] for ref in form.again.data if ref in back],
    )


def _people(form: ReferralForm) -> list[NewPerson]:
    children = [NewPerson(row.form.sex.data, False, row.form.age.data) for row in form.children.filled]
    return (
        [NewPerson(Sex.FEMALE, True, None)] * (form.women.data or 0)
        + [NewPerson(Sex.MALE, True, None)] * (form.men.data or 0)
        + children
    )


def _family_is_possible(form: ReferralForm, referral: Referral | None = None) -> bool:
    """`referral` where it is put right: whoever has a name comes as before, unless she is left out."""
    people = _people(form)
    if isinstance(form, NamedReferralForm) and referral is not None:
        stay = [one for one in referral.people if str(one.position) not in form.without.data]
        again = [one for one in left_out(session, referral) if str(one.ref) in form.again.data]
        if not people and not stay and not again:
            form.refuse(_("Nobody would come any more. Withdraw the referral instead."), "without")
            return False
        people = [NewPerson(one.sex, one.adult, one.age_months) for one in stay] + people
        people += [NewPerson(one.sex, True, None) for one in again]
    if not people:
        form.refuse(_("Nobody to place yet. Write how many women come, or fill in a child."), "women")
    if len(people) > MOST_PEOPLE:
        form.refuse(_("More than %(n)s people. Write two referrals.", n=MOST_PEOPLE), "women")
    if Need.PREGNANT in form.needs.data and not any(
        can_be_pregnant(one.sex, adult=one.adult, age_months=one.age_months) for one in people
    ):
        form.refuse(_("Nobody of this family can be pregnant. Add her above, or take this tick away."), "needs")
    for row in form.children.filled:
        if row.form.age.data >= ADULT_MONTHS:
            row.form.age.errors = [_("From 18 years on a person counts as an adult. Count her above.")]
    return not form.mistakes()


def _saved(ref: uuid.UUID | None) -> ResponseReturnValue:
    if request.form.get("later"):
        return redirect(url_for("referrals.listing"), 303)
    if request.form.get("screen") and ref is not None:
        return redirect(url_for("referrals.screening", ref=ref), 303)
    return redirect(url_for("placing.beds", ref=ref, bed=request.form.get("bed") or None), 303)


def _bed_asked() -> str | None:
    """A free bed pressed on the board: it comes along until the beds are shown."""
    ref = as_ref(request.values.get("bed"))
    return str(ref) if ref else None


def _waiting_row(line: ReferralLine) -> dict[str, object]:
    waits, late = waiting_in_words(line, now=now(), today=today())
    bed = _bed_asked()
    return {
        "ref": line.ref,
        "number": _("R-%(number)s", number=line.number),
        "source": REFERRAL_SOURCES[line.source],
        "family": family_in_words(line.family),
        "urgency": URGENCIES[line.urgency],
        "danger": danger_in_words(line.danger),
        "waits": waits,
        "late": late,
        "step": next_step(line, today=today(), bed=bed, may_answer=may(Permission.REFERRAL_ANSWER)),
        "beds": url_for("placing.beds", ref=line.ref, bed=bed),
    }


def _answered_row(line: ReferralLine) -> dict[str, object]:
    return {
        "number": _("R-%(number)s", number=line.number),
        "source": REFERRAL_SOURCES[line.source],
        "family": family_in_words(line.family),
        "answer": answer_in_words(line),
        "took": span_in_words(line.answered_at - line.taken_at) if line.answered_at else "",
        "followed": what_followed(line),
    }


def _lead(waiting: list[ReferralLine]) -> str:
    """How things stand, in a sentence: how many wait, how long the longest, how many in high danger."""
    if not waiting:
        return _("No referral is waiting.")
    longest = span_in_words(now() - min(line.taken_at for line in waiting))
    high = sum(line.danger is DangerLevel.HIGH for line in waiting)
    if len(waiting) == 1:
        told = _("1 referral is waiting, for %(span)s.", span=longest)
    else:
        told = _("%(n)s referrals are waiting. The longest has waited %(span)s.", n=len(waiting), span=longest)
    if not high:
        return told
    return told + " " + ngettext("%(num)s is in high danger.", "%(num)s are in high danger.", high)
