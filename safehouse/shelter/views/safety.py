"""The safety pages of a referral: whom this family must not meet is written down before it has a bed."""

import uuid

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import posted, signed
from safehouse.access.guard import needs, opens_sealed
from safehouse.access.permissions import Permission
from safehouse.database import session
from safehouse.residents.models import Household
from safehouse.residents.views.safety import (
    Concerned,
    Find,
    conflicts_page,
    never_together_page,
    opened_page,
    reported_page,
)
from safehouse.shelter.operations.families import household_of
from safehouse.shelter.queries.referrals import WAITING, find_referral, may_know_household
from safehouse.shelter.views.finding import passed_on, seen_referral

pages = Blueprint("referral_safety", __name__)


def concerned_referral(ref: uuid.UUID) -> Find:
    """A referral that waits. Once the family has its beds, these pages stand at the resident; where it has them before
    somebody follows, they are nowhere for whoever may not see that family."""

    def find(make: bool) -> Concerned:
        referral = seen_referral(ref)
        person = signed()
        if referral.state not in WAITING or not may_know_household(
            session, referral, account_id=person.account_id, role=person.role
        ):
            abort(404)
        household = (
            household_of(session, referral=referral)
            if make
            else session.get(Household, referral.household_id)
            if referral.household_id
            else None
        )
        return Concerned(
            ref=referral.ref,
            name=_("referral R-%(number)s", number=referral.number),
            blueprint="referral_safety",
            household=household,
            home=url_for("placing.beds", ref=referral.ref),
            back=_("Beds for this referral"),
        )

    return find


@pages.route("/referrals/<uuid:ref>/reported-persons", methods=["GET", "POST"])
@needs(Permission.CONFLICT_RECORD)
def reported(ref: uuid.UUID) -> ResponseReturnValue:
    answer = reported_page(concerned_referral(ref))
    if posted() and find_referral(session, ref, account_id=signed().account_id) is None:
        return passed_on()
    return answer


@pages.post("/referrals/<uuid:ref>/reported-persons/opened")
@needs(Permission.CONFLICT_RECORD)
@opens_sealed
def reported_opened(ref: uuid.UUID) -> ResponseReturnValue:
    return opened_page(concerned_referral(ref))


@pages.route("/referrals/<uuid:ref>/never-together", methods=["GET", "POST"])
@needs(Permission.CONFLICT_RECORD)
def never_together(ref: uuid.UUID) -> ResponseReturnValue:
    return never_together_page(concerned_referral(ref))


@pages.route("/referrals/<uuid:ref>/conflicts", methods=["GET", "POST"])
@needs(Permission.CONFLICT_EXPLAIN)
@opens_sealed
def conflicts(ref: uuid.UUID) -> ResponseReturnValue:
    return conflicts_page(concerned_referral(ref))
