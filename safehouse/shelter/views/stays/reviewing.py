"""After somebody left: the manager's look at a return to the partner, and who looks after the children who stayed."""

import uuid

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.queries.danger import newest_danger
from safehouse.residents.words import DANGER_LEVELS
from safehouse.shelter.forms.leaving import YES, LookedAfterForm, ReviewForm
from safehouse.shelter.operations.caring import name_carer
from safehouse.shelter.operations.moving import StayRefused
from safehouse.shelter.operations.reviewing import AlreadyReviewed, review_departure
from safehouse.shelter.queries.caregivers import carers_in
from safehouse.shelter.queries.departures import find_to_review, to_review
from safehouse.shelter.views.stays.finding import (
    ask_who,
    chosen,
    find_household,
    open_act,
    pages,
    refuse,
    residents_of,
    to_her_page,
)
from safehouse.web.language import moment_there

LOOKED_AFTER, REVIEW = "stay:looked_after", "departure:review"


@pages.route("/residents/<uuid:ref>/departure/review", methods=["GET", "POST"])
@needs(Permission.DEPARTURE_REVIEW)
def review(ref: uuid.UUID) -> ResponseReturnValue:
    """Two questions about those who left together, answered once. What she answers changes nothing for them."""
    form = ReviewForm(typed() or None)
    person = signed()
    if posted() and form.validate():
        try:
            begin_act(session, key=act_key(), kind=REVIEW, now=now(), by=by(), subject=ref)
        except AlreadyDone:
            return redirect(url_for("today.page", saved="review"), 303)
        families = to_review(session, account_id=person.account_id, role=person.role, now=now())
        family = find_to_review(families, ref) or abort(404)
        try:
            review_departure(
                session,
                family=family,
                safety_plan=form.safety_plan.data == YES,
                own_choice=form.own_choice.data == YES,
                now=now(),
                by=by(),
            )
        except AlreadyReviewed:
            session.rollback()
            return redirect(url_for("today.page"), 303)
        session.commit()
        return redirect(url_for("today.page", saved="review"), 303)
    use_session(writing=False)
    families = to_review(session, account_id=person.account_id, role=person.role, now=now())
    family = find_to_review(families, ref) or abort(404)
    first = family[0]
    danger = newest_danger(session, first.household_id)
    return render_template(
        "shelter/stays/review.html",
        form=form,
        ref=ref,
        first=first,
        facts=[
            (_("Left"), moment_there(first.at, first.zone)),
            *([(_("Left together"), ", ".join(f"{one.alias} {one.code}" for one in family))] if family[1:] else []),
            (_("House"), first.house),
            (_("Recorded by"), first.recorded_by or _("Nobody")),
            (_("Danger"), str(DANGER_LEVELS[danger.level]) if danger else _("Not assessed yet")),
        ],
    )


@pages.route("/residents/<uuid:ref>/looked-after", methods=["GET", "POST"])
@needs(Permission.LEAVE_RECORD)
def looked_after(ref: uuid.UUID) -> ResponseReturnValue:
    """Somebody of the house, by name, for children without an adult of their own here."""
    act, done = open_act(LOOKED_AFTER, ref) if posted() else (None, None)
    if done is not None:
        return to_her_page(ref, saved="carer")
    family = find_household(ref)
    if family is None or any(one.adult for one in family.everyone):
        return to_her_page(ref)
    one = family.one
    children = [other for other in family.seen if other.house_id == one.house_id]
    carers = carers_in(
        session,
        house_id=one.house_id,
        resident_ids=[child.id for child in children],
        for_account_id=signed().account_id,
        now=now(),
    )
    form = LookedAfterForm(typed() or None, who=[child.ref for child in children])
    ask_who(form, children)
    form["caregiver"].choices = [("", _("Choose someone")), *((carer.ref, carer.shown_name) for carer in carers)]
    if act is not None and form.validate():
        carer = next(carer for carer in carers if carer.ref == form["caregiver"].data)
        try:
            name_carer(
                session,
                children=residents_of(chosen(form, children)),
                account_id=carer.id,
                account_ref=carer.ref,
                now=now(),
                by=by(),
            )
        except StayRefused as refused:
            session.rollback()
            refuse(form, refused)
        else:
            session.commit()
            return to_her_page(ref, saved="carer")
    use_session(writing=False)
    return render_template("shelter/stays/looked_after.html", form=form, one=one, named=one.caregiver)
