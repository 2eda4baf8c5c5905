"""The manager says who is answerable for a resident, and for her household at once."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from safehouse.access.current import act_key, as_ref, by, now, posted, typed
from safehouse.access.guard import needs
from safehouse.access.models import Account, Discipline
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.queries import find_account
from safehouse.access.words import DISCIPLINES
from safehouse.database import session, use_session
from safehouse.residents.forms.assignments import NO, YES, AssignmentForm
from safehouse.residents.models import Resident
from safehouse.residents.operations.people import AssignmentRefusal, AssignmentRefused, assign, end_assignment
from safehouse.residents.queries.people import (
    Assignable,
    Assigned,
    assignable_caseworkers,
    open_assignments,
)
from safehouse.residents.views.seen import others_of, seen_resident

pages = Blueprint("assignments", __name__)

MANY, TOO_MANY = 15, 20
SHOWN_AS_BUTTONS = 8

REFUSALS = {
    AssignmentRefusal.NOT_A_CASEWORKER: _l("She is no active caseworker any more. Choose someone else."),
    AssignmentRefusal.NOT_HER_DISCIPLINE: _l("She no longer works in this discipline. Choose again."),
    AssignmentRefusal.ALREADY_ASSIGNED: _l("She is assigned in just this way already."),
}


@pages.route("/residents/<uuid:ref>/assignment", methods=["GET", "POST"])
@needs(Permission.ASSIGNMENT_DECIDE)
def page(ref: uuid.UUID) -> ResponseReturnValue:
    resident = seen_resident(ref)
    if posted() and "end" in request.form:
        return _end(resident)
    household = _household(resident)
    caseworkers = assignable_caseworkers(session)
    assigned = open_assignments(session, resident.id)
    form = AssignmentForm(
        typed() or None,
        who=[one.ref for one in household],
        coordinator=NO if any(one.coordinator for one in assigned) else YES,
    )
    form["who"].choices = [(str(one.ref), f"{one.alias} {one.code}") for one in household]
    form["caseworker"].choices = _choices(caseworkers)
    if posted() and form.validate():
        answer = _assign(form, resident, household)
        if answer is not None:
            return answer
    use_session(writing=False)
    resident = seen_resident(ref)
    return render_template(
        "residents/assignment.html",
        form=form,
        resident=resident,
        several=len(household) > 1,
        assigned=[(one, _role(one)) for one in open_assignments(session, resident.id)],
        as_buttons=not _too_long(caseworkers),
        nobody=not form["caseworker"].choices,
    )


def _assign(form: AssignmentForm, resident: Resident, household: Sequence[Resident]) -> ResponseReturnValue | None:
    """Assign her to everyone who is ticked, or to nobody. Who has her in just this way already stays as she is."""
    ref = resident.ref
    wanted, discipline = form["caseworker"].data.split(":")
    account = find_account(session, uuid.UUID(wanted)) or abort(404)
    changed = False
    try:
        begin_act(session, key=act_key(), kind="assignment:make", now=now(), by=by(), subject=ref)
        for one in household:
            if one.ref in form["who"].data:
                changed |= _assign_one(one, account, Discipline(discipline), form["coordinator"].data == YES)
    except AlreadyDone:
        changed = True
    except AssignmentRefused as refused:
        session.rollback()
        form.refuse(REFUSALS[refused.reason], "caseworker")
        return None
    if not changed:
        session.rollback()
        form.refuse(REFUSALS[AssignmentRefusal.ALREADY_ASSIGNED], "caseworker")
        return None
    session.commit()
    return redirect(url_for("today.resident", ref=ref, saved="assignment"), 303)


def _assign_one(resident: Resident, account: Account, discipline: Discipline, coordinator: bool) -> bool:
    try:
        assign(
            session,
            resident=resident,
            account=account,
            discipline=discipline,
            coordinator=coordinator,
            now=now(),
            by=by(),
        )
    except AssignmentRefused as refused:
        if refused.reason is AssignmentRefusal.ALREADY_ASSIGNED:
            return False
        raise
    return True


def _end(resident: Resident) -> ResponseReturnValue:
    """She is no longer answerable. Pressing twice, or two people at once, ends it once."""
    ref = resident.ref
    account = find_account(session, as_ref(request.form.get("end")) or abort(404)) or abort(404)
    try:
        begin_act(session, key=act_key(), kind="assignment:end", now=now(), by=by(), subject=ref)
        end_assignment(session, resident=resident, account=account, now=now(), by=by())
        session.commit()
    except AlreadyDone:
        pass
    return redirect(url_for("assignments.page", ref=ref, saved="assignment"), 303)


def _household(resident: Resident) -> list[Resident]:
    """She herself, then those of her household who live in a house of the manager's."""
    return [resident, *(one for one in others_of(resident) if one.house_id is not None)]


def _choices(caseworkers: Sequence[Assignable]) -> list[tuple[str, str, str]]:
    offered = []
    for one in caseworkers:
        for discipline in one.disciplines:
            label = _("%(name)s, %(discipline)s", name=one.shown_name, discipline=str(DISCIPLINES[discipline]).lower())
            offered.append((f"{one.ref}:{discipline}", label, _load(one.residents)))
    if not _too_long(caseworkers):
        return offered
    # An option of a list has one line only.
    in_one_line = [(value, _("%(name)s: %(load)s", name=label, load=load), "") for value, label, load in offered]
    return [("", _("Choose a caseworker"), ""), *in_one_line]


def _too_long(caseworkers: Sequence[Assignable]) -> bool:
    return sum(len(one.disciplines) for one in caseworkers) > SHOWN_AS_BUTTONS


def _load(residents: int) -> str:
    if residents >= TOO_MANY:
        return _("%(n)s residents, too many. Choose someone else if you can.", n=residents)
    if residents >= MANY:
        return _("%(n)s residents, that is a full load.", n=residents)
    return _("%(n)s residents", n=residents)


def _role(one: Assigned) -> str:
    role = DISCIPLINES[one.discipline]
    return _("%(discipline)s, coordinator", discipline=role) if one.coordinator else str(role)
