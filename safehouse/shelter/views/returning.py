"""A resident with the number of someone who was here before: the manager says whether it is the same person."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, now, posted, signed
from safehouse.access.guard import needs
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.permissions import Permission
from safehouse.database import session, use_session
from safehouse.residents.models import Resident
from safehouse.residents.queries.identifying import PossibleReturn, possible_returns
from safehouse.residents.views.seen import seen_resident
from safehouse.shelter.operations.returning import AlreadyAnswered, answer_return

pages = Blueprint("returns", __name__)

ANSWERS = {"same": True, "another": False}


@pages.route("/residents/<uuid:ref>/returns", methods=["GET", "POST"])
@needs(Permission.CONFLICT_EXPLAIN)
def answer(ref: uuid.UUID) -> ResponseReturnValue:
    """Each earlier resident with the same NIK or telephone, one after the other."""
    resident = seen_resident(ref)
    found = _possible(resident)
    fault = ""
    if posted():
        chosen = next((one for one in found if str(one.earlier_ref) == request.form.get("earlier")), None)
        same = ANSWERS.get(request.form.get("answer", ""))
        if chosen is None or same is None:
            fault = _("Not chosen yet.")
        else:
            earlier = session.get_one(Resident, chosen.earlier_id)
            try:
                begin_act(session, key=act_key(), kind="return:answer", now=now(), by=by(), subject=ref)
                answer_return(session, resident=resident, earlier=earlier, same=same, now=now(), by=by())
            except (AlreadyDone, AlreadyAnswered):
                session.rollback()
            else:
                session.commit()
            return redirect(url_for("returns.answer", ref=ref), 303)
    use_session(writing=False)
    resident = seen_resident(ref)
    return render_template("shelter/stays/returns.html", resident=resident, found=_possible(resident), fault=fault)


def _possible(resident: Resident) -> list[PossibleReturn]:
    person = signed()
    return possible_returns(session, account_id=person.account_id, role=person.role, resident_id=resident.id)
