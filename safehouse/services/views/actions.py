"""Steps of a plan: what will be done, by whom, until when, and what it cost the unit."""

import uuid

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.models import Agency
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.queries import find_account, open_agencies
from safehouse.database import session, use_session
from safehouse.residents.queries.people import never_beside
from safehouse.services.forms.planning import ActionChangeForm, ActionForm
from safehouse.services.models import Action, PlanDomain
from safehouse.services.operations.planning import NewAction, PlanRefusal, PlanRefused, change_action, plan_action
from safehouse.services.queries.people import colleagues
from safehouse.services.queries.plans import action_lines
from safehouse.services.views.seen import Seen, found_domain, kept_domain
from safehouse.services.words import DOMAINS
from safehouse.trail.opening import Sealed, open_values

pages = Blueprint("actions", __name__)

PLAN, CHANGE = "action:plan", "action:change"
REFUSALS = {
    PlanRefusal.NOBODY: _l("Say who does it: one of us, or an agency."),
    PlanRefusal.COST_WITHOUT_FUNDING: _l("There is a cost: say who pays for it."),
    PlanRefusal.DUE_IN_PAST: _l("This day is over. Write by when it will be done."),
    PlanRefusal.DONE_IN_FUTURE: _l("This day has not come yet. Write when it was done."),
}
FIELD_OF = {
    PlanRefusal.DUE_IN_PAST: "due",
    PlanRefusal.NOBODY: "who",
    PlanRefusal.COST_WITHOUT_FUNDING: "funding",
    PlanRefusal.DONE_IN_FUTURE: "done_on",
}


@pages.route("/plan-domains/<uuid:ref>/actions/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def new(ref: uuid.UUID) -> ResponseReturnValue:
    seen, domain = found_domain(ref)
    form = ActionForm(typed() or None)
    agencies = open_agencies(session)
    never = never_beside(session, seen.resident.household_id)
    people = [one for one in colleagues(session, house_id=seen.resident.house_id) if one.id not in never]
    form["who"].choices = [("", _("Nobody of us")), *((str(one.ref), one.shown_name) for one in people)]
    form["agency"].choices = [("", _("No agency")), *((str(one.ref), one.name) for one in agencies)]
    if posted() and form.validate():
        back = url_for("domains.page", ref=seen.resident.ref, domain=domain.domain, saved="action")
        wanted = NewAction(
            what=form["what"].data,
            due=form["due"].data,
            who=find_account(session, uuid.UUID(form["who"].data)) if form["who"].data else None,
            agency=_agency(form["agency"].data),
            cost=form["cost"].data,
            funding=form["funding"].data,
        )
        try:
            begin_act(session, key=act_key(), kind=PLAN, now=now(), by=by(), subject=ref)
            plan_action(
                session, domain=domain, resident=seen.resident, new=wanted, today=seen.today, now=now(), by=by()
            )
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except PlanRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], FIELD_OF[refused.reason])
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    seen, domain = found_domain(ref)
    return render_template("services/action_new.html", form=form, seen=seen, domain=domain, name=DOMAINS[domain.domain])


def _agency(ref: str | None) -> Agency | None:
    return session.scalar(select(Agency).where(Agency.ref == uuid.UUID(ref))) if ref else None


@pages.route("/actions/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
@opens_sealed
def change(ref: uuid.UUID) -> ResponseReturnValue:
    """How far a step has come."""
    action, seen, domain = _found(ref)
    form = ActionChangeForm(
        typed() or None,
        state=action.state,
        due=action.due,
        done_on=action.done_on,
        cost=action.cost,
        funding=action.funding,
    )
    if posted() and form.validate():
        back = url_for("domains.page", ref=seen.resident.ref, domain=domain.domain, saved="action")
        try:
            begin_act(session, key=act_key(), kind=CHANGE, now=now(), by=by(), subject=ref)
            change_action(
                session,
                action=action,
                resident=seen.resident,
                state=form["state"].data,
                due=form["due"].data,
                done_on=form["done_on"].data,
                cost=form["cost"].data,
                funding=form["funding"].data,
                today=seen.today,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except PlanRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], FIELD_OF[refused.reason])
        else:
            session.commit()
            return redirect(back, 303)
    action, seen, domain = _found(ref)
    (what,) = open_values(
        session, now=now(), by=by(), purpose="plan", wanted=[Sealed(action, "what", seen.resident.ref)]
    )
    line = next(one for one in action_lines(session, [domain.id])[domain.id] if one.action.id == action.id)
    who = ", ".join(name for name in (line.who, line.agency) if name)
    here = domain.ref
    session.commit()
    use_session(writing=False)
    seen, domain = found_domain(here)
    return render_template(
        "services/action.html", form=form, seen=seen, domain=domain, name=DOMAINS[domain.domain], what=what, who=who
    )


def _found(ref: uuid.UUID) -> tuple[Action, Seen, PlanDomain]:
    """A step of a domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(Action, PlanDomain).join(PlanDomain, PlanDomain.id == Action.plan_domain_id).where(Action.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.Action, kept_domain(row.PlanDomain), row.PlanDomain
