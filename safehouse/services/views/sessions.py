"""Sessions that were recorded before: the older ones, and taking one back."""

import uuid
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, NotUndoable, begin_act, find_undoable, mark_undone
from safehouse.access.permissions import Permission
from safehouse.database import session
from safehouse.services.models import CareSession, PlanDomain
from safehouse.services.operations.sessions import SessionRefused, withdraw_session
from safehouse.services.rules.walls import Reach
from safehouse.services.views.recording import RECORD, previous
from safehouse.services.views.seen import Seen, kept_domain, seen_domain
from safehouse.services.words import DOMAINS, SESSION_KINDS
from safehouse.web.language import moment_there

pages = Blueprint("sessions", __name__)

WITHDRAW = "session:withdraw"
# More than anybody has pressed through; what is written by hand behind the question mark goes no further.
MOST_PAGES = 1000


@pages.get("/residents/<uuid:ref>/plan/<any(psychology,health,education,legal,social_work):domain>/sessions")
@needs(Permission.PLAN_READ)
def listing(ref: uuid.UUID, domain: str) -> ResponseReturnValue:
    """Every session of a domain, some at a time."""
    seen, found, _reach = seen_domain(ref, domain, least=Reach.GOALS)
    at = request.args.get("page", 1, type=int)
    if not 1 <= at <= MOST_PAGES:
        abort(404)
    shown, older = previous(seen, found, page=at)
    return render_template(
        "services/sessions/listing.html",
        seen=seen,
        domain=found,
        name=DOMAINS[found.domain],
        sessions=shown,
        older=older,
        page=at,
        keeps=seen.standing.keeps(found.domain),
    )


@pages.route("/sessions/<uuid:ref>/withdraw", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def withdraw(ref: uuid.UUID) -> ResponseReturnValue:
    """It was recorded wrongly, and somebody found out later."""
    care_session, seen, domain = found_session(ref)
    to = _page_of(seen, domain)
    if care_session.withdrawn_at is not None:
        return redirect(url_for("domains.page", **to), 303)
    if posted():
        try:
            begin_act(session, key=act_key(), kind=WITHDRAW, now=now(), by=by(), subject=ref)
            withdraw_session(session, care_session=care_session, resident=seen.resident, now=now(), by=by())
        except (AlreadyDone, SessionRefused):
            session.rollback()
        else:
            session.commit()
        return redirect(url_for("domains.page", **to, undone=1), 303)
    return render_template(
        "services/sessions/withdraw.html",
        seen=seen,
        domain=domain,
        name=DOMAINS[domain.domain],
        when=moment_there(care_session.starts_at, seen.zone),
        kind=SESSION_KINDS[care_session.kind],
    )


@pages.post("/sessions/<uuid:ref>/undo")
@needs(Permission.PLAN_KEEP)
def undo(ref: uuid.UUID) -> ResponseReturnValue:
    act = find_undoable(session, ref=ref, kind=RECORD, now=now(), by=by())
    care_session, seen, domain = found_session(act.subject or abort(404))
    to = _page_of(seen, domain)
    mark_undone(session, act=act, key=act_key(), now=now(), by=by())
    try:
        withdraw_session(session, care_session=care_session, resident=seen.resident, now=now(), by=by())
    except SessionRefused as refused:
        raise NotUndoable from refused
    session.commit()
    return redirect(url_for("domains.page", **to, undone=1), 303)


def _page_of(seen: Seen, domain: PlanDomain) -> dict[str, Any]:
    return {"ref": seen.resident.ref, "domain": domain.domain}


def found_session(ref: uuid.UUID) -> tuple[CareSession, Seen, PlanDomain]:
    """A session of a domain the person keeps; otherwise the same 404."""
    row = session.execute(
        select(CareSession, PlanDomain)
        .join(PlanDomain, PlanDomain.id == CareSession.plan_domain_id)
        .where(CareSession.ref == ref)
    ).first()
    if row is None:
        abort(404)
    return row.CareSession, kept_domain(row.PlanDomain), row.PlanDomain
