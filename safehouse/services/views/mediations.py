"""Mediation of a matter: asked for by whoever keeps the legal plan, answered by a manager who did not ask."""

import uuid

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.guard import needs
from safehouse.access.models import Approval
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.asking import ApprovalRefused
from safehouse.access.permissions import Permission
from safehouse.access.rules.approving import ApprovalFault
from safehouse.database import session, use_session
from safehouse.residents.models import Matter
from safehouse.services.forms.law import GRANT, MediationAnswerForm, MediationForm
from safehouse.services.law_in_words import DECISION_FAULTS, MEDIATION_REASONS, REFUSALS
from safehouse.services.operations.law import LawRefusal, LawRefused, record_refused_way
from safehouse.services.operations.mediating import ask_mediation, decide_mediation
from safehouse.services.queries.law import find_asking
from safehouse.services.rules.law import MediationReason, reasons_for
from safehouse.services.rules.walls import Reach
from safehouse.services.views.law_seen import about, found_legal, here, home, matter_name, seen_through
from safehouse.services.views.seen import Seen
from safehouse.trail.acts import Act
from safehouse.trail.models import Result
from safehouse.trail.opening import NotConfirmed
from safehouse.trail.operations import record
from safehouse.web.language import moment_there

pages = Blueprint("mediations", __name__)

ASK, DECIDE = "mediation:ask", "mediation:decide"


@pages.route("/plan-domains/<uuid:ref>/mediation", methods=["GET", "POST"])
@needs(Permission.PLAN_KEEP)
def ask(ref: uuid.UUID) -> ResponseReturnValue:
    """Ask for it with a reason. Of sexual violence there is nothing to ask, unless the offender is a child."""
    seen, _domain, matter = found_legal(ref)
    if matter is None:
        abort(404)
    offered = reasons_for(sexual_violence=matter.sexual_violence, child_offender=matter.child_offender)
    form = MediationForm(typed() or None)
    form["reason"].choices = [(one, MEDIATION_REASONS[one]) for one in offered]
    if posted() and not offered:
        _refused(seen)
    elif posted() and form.validate():
        back = home(seen, saved="mediation")
        try:
            begin_act(session, key=act_key(), kind=ASK, now=now(), by=by(), subject=ref)
            ask_mediation(session, about=about(seen, matter), reason=form["reason"].data, now=now(), by=by())
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except LawRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], "reason")
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    seen, _domain, matter = found_legal(ref)
    return render_template(
        "services/law/mediation.html",
        form=form,
        seen=seen,
        home=home(seen),
        here=here(),
        matter=matter_name(matter, seen.zone) if matter else "",
        refused="" if offered else REFUSALS[LawRefusal.SEXUAL_VIOLENCE],
    )


def _refused(seen: Seen) -> None:
    """Somebody pressed for it all the same: that is written down."""
    record_refused_way(session, resident=seen.resident.ref, what="mediation", now=now(), by=by())
    session.commit()


@pages.route("/mediations/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.MEDIATION_DECIDE)
def decide(ref: uuid.UUID) -> ResponseReturnValue:
    """Whether the matter may be mediated."""
    approval, matter, asked_by, seen = _found(ref)
    form = MediationAnswerForm(typed() or None)
    if posted() and form.validate():
        back, resident = home(seen), seen.resident.ref
        try:
            begin_act(session, key=act_key(), kind=DECIDE, now=now(), by=by(), subject=ref)
            decide_mediation(
                session,
                approval=approval,
                about=about(seen, matter),
                granted=form["answer"].data == GRANT,
                now=now(),
                by=by(),
            )
        except AlreadyDone:
            session.rollback()
            return redirect(back, 303)
        except ApprovalRefused as refused:
            session.rollback()
            record(
                session,
                now=now(),
                by=by(),
                act=Act.APPROVAL_DECIDED,
                subject=resident,
                purpose=refused.reason,
                result=Result.REFUSED,
            )
            session.commit()
            form.refuse(DECISION_FAULTS[refused.reason], "answer")
        except LawRefused as refused:
            session.rollback()
            form.refuse(REFUSALS[refused.reason], "answer")
        except NotConfirmed:
            session.rollback()
            form.refuse(_("Your second step was set up again. Another person must confirm you first."), "answer")
        else:
            session.commit()
            return redirect(back, 303)
    use_session(writing=False)
    approval, matter, asked_by, seen = _found(ref)
    return render_template(
        "services/law/mediation_answer.html",
        form=form,
        seen=seen,
        home=home(seen),
        here=here(),
        asked=_("Asked by %(who)s, %(moment)s.", who=asked_by, moment=moment_there(approval.asked_at, seen.zone)),
        facts=[
            (_("Matter"), matter_name(matter, seen.zone)),
            (_("Why mediation?"), str(MEDIATION_REASONS[MediationReason(approval.reason)])),
            (_("The reported person is a child"), _("Yes") if matter.child_offender else _("No")),
            (_("Answer by"), moment_there(approval.expires_at, seen.zone)),
        ],
        closed=_closed(approval),
    )


def _closed(approval: Approval) -> str:
    """Why there is nothing to answer; empty while it waits."""
    if approval.decided_at is not None:
        return _("It was agreed to.") if approval.granted else _("It was refused.")
    return str(DECISION_FAULTS[ApprovalFault.EXPIRED]) if approval.expires_at <= now() else ""


def _found(ref: uuid.UUID) -> tuple[Approval, Matter, str, Seen]:
    """An asking about a matter of a resident this manager may see; otherwise the same 404."""
    found = find_asking(session, ref) or abort(404)
    approval, matter, asked_by = found
    return approval, matter, asked_by, seen_through(matter.id, least=Reach.GOALS)
