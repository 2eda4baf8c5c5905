"""Finding the referral a page is about, and leading on somebody to whom it was closed while she wrote."""

import uuid

from flask import abort, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from safehouse.access.current import as_ref, now, posted, signed
from safehouse.access.models import Act
from safehouse.access.operations.acts import UNDO_FOR
from safehouse.database import session
from safehouse.shelter.models import Referral
from safehouse.shelter.queries.referrals import find_referral, is_closed_to


def seen_referral(ref: uuid.UUID) -> Referral:
    """The referral with this reference; a missing one and one of which she must know nothing are nowhere alike."""
    referral = find_referral(session, ref, account_id=signed().account_id)
    if referral is None and posted() and _written_before(ref):
        abort(passed_on())
    return referral or abort(404)


def is_passed_on(referral: Referral) -> bool:
    """Whether what was just written has closed this referral to whoever wrote it."""
    return is_closed_to(session, referral.id, account_id=signed().account_id)


def passed_on() -> Response:
    """What she wrote is kept and a colleague goes on; nothing says why, for the reason may be she herself."""
    return redirect(url_for("referrals.listing", passed=1), 303)


def _written_before(ref: uuid.UUID) -> bool:
    """The same press came twice, and the first one closed the referral to her."""
    key = as_ref(request.form.get("act_key"))
    if key is None:
        return False
    same = select(Act.id).where(
        Act.key == key, Act.account_id == signed().account_id, Act.subject == ref, Act.at > now() - UNDO_FOR
    )
    return session.scalar(same) is not None
