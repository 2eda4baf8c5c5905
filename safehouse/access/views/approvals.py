"""What waits for a second person, and her answer."""

import datetime as dt
import uuid

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, now, posted, signed, typed
from safehouse.access.forms.accounts import AnswerForm
from safehouse.access.guard import needs
from safehouse.access.models import Approval
from safehouse.access.operations.accounts import AccountRefused
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.approvals import ApprovalRefused, decide, find_decidable, record_refused_decision
from safehouse.access.permissions import Permission, Role
from safehouse.access.queries import Asking, askings_for, decided_askings, newly_given_access
from safehouse.access.rules.approving import (
    AFTER_RESET,
    AskedKind,
    read_reset_reason,
    read_wanted_role,
)
from safehouse.access.views.own_code import own_code
from safehouse.access.words import ACCOUNT_FAULTS, APPROVAL_FAULTS, RECOGNISED, RESET_REASONS, ROLES
from safehouse.database import session, use_session

pages = Blueprint("approvals", __name__)

DECIDED_FOR = dt.timedelta(days=7)
# A manager sees who came into her houses even when it took nobody's approval, and which managers went.
GIVEN_FOR = dt.timedelta(days=7)


@pages.get("/approvals")
@needs(Permission.APPROVAL_DECIDE)
def waiting() -> ResponseReturnValue:
    return _page(AnswerForm())


@pages.route("/approvals/<uuid:ref>", methods=["GET", "POST"])
@needs(Permission.APPROVAL_DECIDE)
def answer(ref: uuid.UUID) -> ResponseReturnValue:
    approval = find_decidable(session, ref=ref, account_id=signed().account_id, now=now()) or abort(404)
    form = AnswerForm(typed())
    if not posted():
        return redirect(url_for("approvals.waiting"), 303)
    if form.validate() and _answered(form, approval):
        return redirect(url_for("approvals.waiting"), 303)
    return _page(form, ref)


def _answered(form: AnswerForm, approval: Approval) -> bool:
    """Answer, or say in the form why not. A spent code and a counted try stay in either case."""
    subject, granted = approval.subject, form.answer.data == "approve"
    try:
        act = begin_act(session, key=act_key(), kind="approval:decide", now=now(), by=by(), subject=approval.ref)
    except AlreadyDone:
        return True
    if granted and not own_code(form, commits=False):
        # Nothing was done under this key.
        session.delete(act)
        session.commit()
        return False
    try:
        with session.begin_nested():
            decide(session, approval=approval, granted=granted, now=now(), by=by())
    except (ApprovalRefused, AccountRefused) as refused:
        session.delete(act)
        record_refused_decision(session, subject=subject, reason=refused.reason, now=now(), by=by())
        session.commit()
        words = APPROVAL_FAULTS if isinstance(refused, ApprovalRefused) else ACCOUNT_FAULTS
        form.refuse(words[refused.reason])  # type: ignore[index]
        return False
    session.commit()
    return True


def what_will_happen(asking: Asking) -> str:
    """What becomes true when this is approved, in one sentence."""
    match asking.kind:
        case AskedKind.ROLE:
            role, is_head = read_wanted_role(asking.reason)
            if is_head:
                return _("%(name)s becomes manager and head of the unit.", name=asking.subject_name)
            return _("%(name)s gets the role %(role)s.", name=asking.subject_name, role=ROLES[role])
        case AskedKind.HOUSE:
            return _(
                "%(name)s, %(role)s, works in %(house)s from then on.",
                name=asking.subject_name,
                role=ROLES[asking.subject_role] if asking.subject_role else _("No sign-in"),
                house=asking.house,
            )
        case AskedKind.FACTOR_RESET:
            return _("The second step of %(name)s is removed and all her sign-ins end.", name=asking.subject_name)
        case AskedKind.PERSON:
            return _("Names and addresses open again for %(name)s.", name=asking.subject_name)


def why_asked(asking: Asking) -> str:
    match asking.kind:
        case AskedKind.ROLE:
            return _("The new role counts from the next sign-in on.")
        case AskedKind.HOUSE:
            return _("Approve only when you know that she works there. Until then she sees nobody of this house.")
        case AskedKind.FACTOR_RESET:
            reason, recognised = read_reset_reason(asking.reason)
            return _(
                "%(reason)s. Recognised by: %(way)s. She starts again with an activation code.",
                reason=RESET_REASONS[reason],
                way=RECOGNISED[recognised],
            )
        case AskedKind.PERSON if asking.reason == AFTER_RESET:
            return _(
                "Her second step was removed and set up anew. Approve only when you have met her or know her voice."
            )
        case AskedKind.PERSON:
            return _(
                "She set up her second step with a recovery code. Approve only when you have met her or know her voice."
            )


def _page(form: AnswerForm, answering: uuid.UUID | None = None) -> ResponseReturnValue:
    """`answering`: the asking `form` came back from. Every row has a form of its own."""
    use_session(writing=False)
    me = signed().account_id
    rows = [
        (
            asking,
            what_will_happen(asking),
            why_asked(asking),
            _form_of_row(asking, form if asking.ref == answering else AnswerForm()),
        )
        for asking in askings_for(session, account_id=me, now=now())
    ]
    decided = [
        (asking, what_will_happen(asking))
        for asking in decided_askings(session, account_id=me, since=now() - DECIDED_FOR, now=now())
    ]
    given = (
        [
            (one, ROLES[one.role] if one.role else _("No sign-in"))
            for one in newly_given_access(session, account_id=me, since=now() - GIVEN_FOR, now=now())
        ]
        if signed().role is Role.MANAGER
        else None
    )
    return render_template("access/approvals.html", form=form, rows=rows, decided=decided, given=given)


def _form_of_row(asking: Asking, form: AnswerForm) -> AnswerForm:
    form.code.id = f"code-{asking.ref}"
    return form
