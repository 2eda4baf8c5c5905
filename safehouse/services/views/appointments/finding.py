"""What the pages of one appointment share: which one is meant, and why something is refused, in words."""

import uuid

from flask import Blueprint, abort
from flask_babel import lazy_gettext as _l

from safehouse.access.current import signed
from safehouse.database import session
from safehouse.residents.models import Resident
from safehouse.services.models import Appointment
from safehouse.services.operations.appointments import (
    AppointmentRefusal,
)
from safehouse.services.queries.appointments import (
    Line,
    find_appointment,
    find_line,
)

pages = Blueprint("appointments", __name__)

SETTLE, ANSWER = "appointment:settle", "appointment:answer"

WORDS = {
    AppointmentRefusal.PAST: _l("This day is over. Choose today or a later day."),
    AppointmentRefusal.TOO_FAR: _l("This day is more than two years ahead. Look at the year again."),
    AppointmentRefusal.LEFT: _l("She does not live in the house any more. Nothing new can be agreed here."),
    AppointmentRefusal.LENGTH: _l("An appointment lasts a day at most."),
    AppointmentRefusal.OTHER_DOMAIN: _l("This belongs to another domain. Choose again."),
    AppointmentRefusal.NOT_TO_GO_ALONG: _l("This person cannot go along with her. Choose somebody else."),
    AppointmentRefusal.ALONE_WITH_COMPANION: _l("Either she goes alone, or somebody goes along."),
    AppointmentRefusal.LEAVES_THE_HOUSE: _l("She has to leave the house for this place. Choose another way."),
    AppointmentRefusal.SETTLED: _l("Somebody has already said what became of it. Nothing was changed."),
    AppointmentRefusal.NOT_YET: _l("Its time has not come yet. Nothing was changed."),
    AppointmentRefusal.NO_NEW_DAY: _l("Choose the new day."),
    AppointmentRefusal.NOT_MISSED: _l("This was not missed, or somebody has answered it. Nothing was changed."),
    AppointmentRefusal.GONE_ON: _l("Something has happened since, so this cannot be taken back any more."),
}
FIELD_OF = {
    AppointmentRefusal.PAST: "day",
    AppointmentRefusal.TOO_FAR: "day",
    AppointmentRefusal.LENGTH: "minutes",
    AppointmentRefusal.OTHER_DOMAIN: "what",
    AppointmentRefusal.NOT_TO_GO_ALONG: "companion",
    AppointmentRefusal.ALONE_WITH_COMPANION: "companion",
    AppointmentRefusal.LEAVES_THE_HOUSE: "safe_way",
}


def seen_line(ref: uuid.UUID) -> Line:
    person = signed()
    return find_line(session, account_id=person.account_id, role=person.role, ref=ref) or abort(404)


def found_appointment(ref: uuid.UUID) -> tuple[Appointment, Resident]:
    """The appointment and the resident, if she may see her; otherwise the same 404."""
    person = signed()
    return find_appointment(session, account_id=person.account_id, role=person.role, ref=ref) or abort(404)
