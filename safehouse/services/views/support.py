"""The social and economic domain: what she was given, by whom, and who paid for it. She is never charged."""

import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs
from safehouse.access.models import Agency, Discipline
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.access.queries import open_agencies
from safehouse.database import session, use_session
from safehouse.services.forms.support import SupportForm
from safehouse.services.models import PlanDomain, Support
from safehouse.services.operations.support import (
    NewSupport,
    SupportRefused,
    bring_support_back,
    record_support,
    withdraw_support,
)
from safehouse.services.queries.support import support_rows
from safehouse.services.rules.support import SupportRefusal
from safehouse.services.rules.walls import Reach, reaches
from safehouse.services.views.domains import DETAILS, Details, InDomain, Texts
from safehouse.services.views.pressing import press, take_back
from safehouse.services.views.schooling import days_there
from safehouse.services.views.seen import Seen, found_domain, kept_domain
from safehouse.services.words import FUNDINGS, SUPPORTS
from safehouse.trail.opening import Sealed
from safehouse.web.forms import in_thousands
from safehouse.web.language import short_day
from safehouse.web.shell import offer_undo

pages = Blueprint("support", __name__)

RECORD, WITHDRAW = "support:record", "support:withdraw"
offer_undo(RECORD, title=_l("What she was given is saved."), endpoint="support.undo")
offer_undo(WITHDRAW, title=_l("It counts no more."), endpoint="support.undo_withdraw")
REFUSALS = {
    SupportRefusal.IN_FUTURE: _l("This day has not come yet. Write it down once she was given it."),
    SupportRefusal.BEFORE_ARRIVAL: _l("She was not here yet on this day. Look at the date."),
    SupportRefusal.LEFT: _l("She had left by this day. Look at the date."),
}


def sealed(found: InDomain) -> list[Sealed]:
    """What is said of each thing, for whoever keeps the domain."""
    if not found.full:
        return []
    owner = found.seen.resident.ref
    rows = support_rows(session, found.domain.id)
    return [Sealed(one, "words", owner) for one, _agency, _who in rows if one.words is not None]


def drawn(found: InDomain, texts: Texts) -> dict[str, Any]:
    if not reaches(found.reach, Reach.GOALS):
        return {"supports": None}
    shown = []
    for one, agency, who in support_rows(session, found.domain.id):
        shown.append(
            {
                "ref": one.ref,
                "what": SUPPORTS[one.kind],
                "words": texts.get((one.ref, "words"), ""),
                "day": short_day(one.on),
                "agency": agency or "",
                "who": who,
                "cost": f"Rp{in_thousands(one.cost)}" if one.cost else "",
                "funding": FUNDINGS[one.funding],
            }
        )
    return {"supports": shown}


DETAILS[Discipline.SOCIAL_WORK] = Details("services/domains/social_work.html", sealed, drawn)


@pages.route("/plan-domains/<uuid:ref>/supports/new", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def new(ref: uuid.UUID) -> ResponseReturnValue:
    seen, domain = _social(ref)
    form = SupportForm(typed() or None, on_day=seen.today)
    agencies = open_agencies(session)
    form["agency"].choices = [("", _("No agency")), *((str(one.ref), one.name) for one in agencies)]
    if posted() and form.validate():
        wanted = NewSupport(
            kind=form["kind"].data,
            on_day=form["on_day"].data,
            funding=form["funding"].data,
            words=form["words"].data or None,
            agency=_agency(form["agency"].data),
            cost=form["cost"].data,
        )
        days = days_there(seen)
        try:
            act = begin_act(session, key=act_key(), kind=RECORD, now=now(), by=by(), undoable=True)
            support = record_support(
                session,
                domain=domain,
                resident=seen.resident,
                new=wanted,
                arrived_on=days.arrived_on,
                left_on=days.left_on,
                today=days.today,
                now=now(),
                by=by(),
            )
            act.subject = support.ref
        except AlreadyDone as earlier:
            return redirect(_page(seen, done=earlier.act.ref), 303)
        except SupportRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], "on_day")
        else:
            to = _page(seen, done=act.ref)
            session.commit()
            return redirect(to, 303)
    use_session(writing=False)
    seen, domain = _social(ref)
    return render_template("services/support/new.html", form=form, seen=seen, domain=domain)


def _agency(ref: str | None) -> Agency | None:
    return session.scalar(select(Agency).where(Agency.ref == uuid.UUID(ref))) if ref else None


@pages.post("/supports/<uuid:ref>/withdraw")
@needs(Permission.PLAN_KEEP)
def withdraw(ref: uuid.UUID) -> ResponseReturnValue:
    """It was recorded wrongly."""
    return press(ref, WITHDRAW, _found, _withdraw, back=_page, unless=SupportRefused)


@pages.post("/supports/<uuid:ref>/undo")
@needs(Permission.PLAN_KEEP)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, RECORD, _found, _withdraw, back=_page, unless=SupportRefused)


@pages.post("/supports/<uuid:ref>/undo-withdraw")
@needs(Permission.PLAN_KEEP)
def undo_withdraw(ref: uuid.UUID) -> ResponseReturnValue:
    return take_back(ref, WITHDRAW, _found, _bring_back, back=_page, unless=SupportRefused)


def _withdraw(support: Support, seen: Seen) -> None:
    withdraw_support(session, support=support, resident=seen.resident, now=now(), by=by())


def _bring_back(support: Support, seen: Seen) -> None:
    bring_support_back(session, support=support, resident=seen.resident, now=now(), by=by())


def _page(seen: Seen, **more: Any) -> str:
    return url_for("domains.page", ref=seen.resident.ref, domain=Discipline.SOCIAL_WORK, **more)


def _social(ref: uuid.UUID) -> tuple[Seen, PlanDomain]:
    """A social and economic domain the person keeps; otherwise the same 404."""
    seen, domain = found_domain(ref)
    if domain.domain is not Discipline.SOCIAL_WORK:
        abort(404)
    return seen, domain


def _found(ref: uuid.UUID) -> tuple[Support, Seen]:
    row = session.execute(
        select(Support, PlanDomain).join(PlanDomain, PlanDomain.id == Support.plan_domain_id).where(Support.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.Support, kept_domain(row.PlanDomain)
