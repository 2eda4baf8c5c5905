"""Break-glass: half an hour with a resident somebody is not assigned to, told at once, reviewed by a third person."""

import datetime as dt
import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission, Role
from safehouse.access.views.own_code import own_code
from safehouse.database import session, use_session
from safehouse.residents.forms.identifying import GrantForm
from safehouse.residents.models import Resident
from safehouse.residents.operations.granting import GrantRefused, record_refused_grant, review_grant, take_grant
from safehouse.residents.queries.granting import Granted, find_reviewable, grants_to_review
from safehouse.residents.rules.granting import REVIEW_WITHIN
from safehouse.residents.words import GRANT_FAULTS
from safehouse.trail.opening import Sealed, open_values
from safehouse.web.language import moment

pages = Blueprint("grants", __name__)

REVIEWED_FOR = dt.timedelta(days=14)


@pages.route("/emergency-opening", methods=["GET", "POST"])
@needs(Permission.GRANT_TAKE)
def take() -> ResponseReturnValue:
    """A code of four characters, a reason, her own code: one record, thirty minutes."""
    form = GrantForm(typed() or None)
    if posted() and form.validate() and own_code(form):
        person = signed()
        try:
            act = begin_act(session, key=act_key(), kind="grant:take", now=now(), by=by())
            grant = take_grant(
                session,
                code=form.resident.data.strip().upper(),
                reason=form.reason.data,
                role=person.role,
                now=now(),
                by=by(),
            )
        except AlreadyDone as earlier:
            return redirect(url_for("today.resident", ref=earlier.act.subject), 303)
        except GrantRefused as refused:
            session.rollback()
            record_refused_grant(session, reason=refused.reason, now=now(), by=by())
            session.commit()
            form.refuse(GRANT_FAULTS[refused.reason], "resident")
        else:
            resident = session.get_one(Resident, grant.resident_id)
            act.subject = ref = resident.ref
            session.commit()
            return redirect(url_for("today.resident", ref=ref), 303)
    use_session(writing=False)
    return render_template("residents/grant.html", form=form)


@pages.get("/emergency-openings")
@needs(Permission.GRANT_REVIEW)
def listing() -> ResponseReturnValue:
    """What waits for a review, and what was reviewed lately."""
    person = signed()
    use_session(writing=False)
    grants = grants_to_review(session, account_id=person.account_id, role=person.role, since=now() - REVIEWED_FOR)
    return render_template(
        "residents/grants.html",
        waiting=[_shown(one) for one in grants if one.reviewed_at is None],
        reviewed=[_shown(one) for one in grants if one.reviewed_at is not None],
    )


@pages.route("/emergency-openings/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.GRANT_REVIEW)
@opens_sealed
def review(ref: uuid.UUID) -> ResponseReturnValue:
    """The reason she wrote, and the answer: needed, or not. The security officer judges from the record, by codes."""
    person = signed()
    grant, resident = find_reviewable(session, ref=ref, account_id=person.account_id, role=person.role) or abort(404)
    fault = ""
    if posted():
        answer = request.form.get("answer")
        if answer not in {"needed", "not_needed"}:
            fault = _("Not chosen yet.")
        else:
            try:
                begin_act(session, key=act_key(), kind="grant:review", now=now(), by=by(), subject=ref)
                review_grant(session, grant=grant, justified=answer == "needed", now=now(), by=by())
            except AlreadyDone:
                return redirect(url_for("grants.listing"), 303)
            except GrantRefused as refused:
                session.rollback()
                fault = str(GRANT_FAULTS[refused.reason])
            else:
                session.commit()
                return redirect(url_for("grants.listing"), 303)
    reason = ""
    if person.role is Role.MANAGER:
        grant, resident = find_reviewable(session, ref=ref, account_id=person.account_id, role=person.role) or abort(
            404
        )
        (reason,) = open_values(
            session, now=now(), by=by(), purpose="review", wanted=[Sealed(grant, "reason", resident.ref)]
        )
        session.commit()
    use_session(writing=False)
    rows = grants_to_review(session, account_id=person.account_id, role=person.role, since=now() - REVIEWED_FOR)
    one = next((row for row in rows if row.ref == ref), None) or abort(404)
    return render_template("residents/grant_review.html", grant=_shown(one), reason=reason, fault=fault)


def _shown(one: Granted) -> dict[str, object]:
    due = one.since + REVIEW_WITHIN
    return {
        "ref": one.ref,
        "alias": one.alias,
        "code": one.code,
        "taker": one.taker,
        "since": moment(one.since),
        "until": moment(one.until),
        "due": moment(due),
        "late": one.reviewed_at is None and due < now(),
        "reviewed": moment(one.reviewed_at),
        "reviewer": one.reviewer,
        "justified": one.justified,
    }
