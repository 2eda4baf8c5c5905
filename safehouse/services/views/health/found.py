"""The health domain of a resident for whoever keeps it, and what is said when something is refused."""

import uuid
from collections.abc import Sequence

from flask import abort, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from safehouse.access.models import Agency, Discipline
from safehouse.access.queries import open_agencies
from safehouse.database import session
from safehouse.residents.models import Resident
from safehouse.services.models import PlanDomain
from safehouse.services.operations.health import Whose
from safehouse.services.rules.health import HealthFault
from safehouse.services.rules.walls import Reach
from safehouse.services.views.seen import Seen, found_domain, seen_domain
from safehouse.web.forms import PageForm

FAULTS = {
    HealthFault.NO_DAY: _l("Write the day."),
    HealthFault.IN_FUTURE: _l("This day has not come yet. Write when it was done."),
    HealthFault.DAY_OVER: _l("This day is over. Say that it is done, or choose another day."),
    HealthFault.TOO_FAR: _l("This day is more than two years ahead. Look at the year again."),
    HealthFault.BEFORE_BIRTH: _l("She was not born yet on this day. Look at the year again."),
    HealthFault.AFTER_LEAVING: _l("She had left the house by this day. Nothing later belongs to this plan."),
    HealthFault.LEFT: _l("She does not live in the house any more. Nothing new is written down here."),
    HealthFault.COST_WITHOUT_FUNDING: _l("There is a cost: say who pays for it."),
    HealthFault.NO_LETTER: _l(
        "A visum needs the letter of the investigator: write its day, or choose a medical letter."
    ),
    HealthFault.LETTER_IN_FUTURE: _l("This day has not come yet. Write the day on the letter."),
    HealthFault.NOT_EXPECTED: _l("A child is expected within ten months. Look at the day again."),
    HealthFault.EXPECTED_ALREADY: _l("Somebody has written this down already. Look at it first."),
    HealthFault.OVER: _l("This was ended in the meantime."),
    HealthFault.EVENT_IN_FUTURE: _l("This time has not come yet. Write when it happened."),
    HealthFault.EVENT_LONG_AGO: _l("This is more than a year ago. No time limit runs any more."),
    HealthFault.NO_TIME: _l("It was given: write the day and the time."),
    HealthFault.NOT_GIVEN: _l("A time stands here: choose that it was given, or take the time away."),
    HealthFault.GIVEN_BEFORE: _l("This is before it happened. Look at both times again."),
    HealthFault.GIVEN_IN_FUTURE: _l("This time has not come yet. Write when it was given."),
}
FIELD_OF = {
    HealthFault.NO_DAY: "on_day",
    HealthFault.IN_FUTURE: "on_day",
    HealthFault.DAY_OVER: "on_day",
    HealthFault.TOO_FAR: "on_day",
    HealthFault.BEFORE_BIRTH: "on_day",
    HealthFault.AFTER_LEAVING: "on_day",
    HealthFault.COST_WITHOUT_FUNDING: "funding",
    HealthFault.NO_LETTER: "letter_on",
    HealthFault.LETTER_IN_FUTURE: "letter_on",
    HealthFault.NOT_EXPECTED: "expected",
    HealthFault.EXPECTED_ALREADY: "expected",
    HealthFault.EVENT_IN_FUTURE: "day",
    HealthFault.EVENT_LONG_AGO: "day",
}


def kept_health(ref: uuid.UUID) -> tuple[Seen, PlanDomain]:
    """The health domain by its own reference, if the person keeps it; otherwise the same 404."""
    seen, domain = found_domain(ref)
    if domain.domain is not Discipline.HEALTH:
        abort(404)
    return seen, domain


def health_of(resident: Resident) -> tuple[Seen, PlanDomain]:
    """The health domain of her open plan, if the person keeps it; otherwise the same 404."""
    seen, domain, _reach = seen_domain(resident.ref, Discipline.HEALTH, least=Reach.FULL)
    return seen, domain


def whose(seen: Seen) -> Whose:
    return Whose(seen.resident, seen.placement, seen.zone)


def back_to(seen: Seen, **more: object) -> str:
    """The page of the domain."""
    return url_for("domains.page", ref=seen.resident.ref, domain=Discipline.HEALTH, **more)  # type: ignore[arg-type]


def offer_agencies(form: PageForm, *fields: str, standing: Sequence[int | None] = ()) -> dict[str, Agency]:
    """The address book in these fields. An agency that was closed since stays where it stands."""
    agencies = {str(one.ref): one for one in open_agencies(session)}
    closed = [number for number in standing if number is not None and number not in {a.id for a in agencies.values()}]
    if closed:
        rows = session.scalars(select(Agency).where(Agency.id.in_(closed)).order_by(Agency.name, Agency.id))
        agencies |= {str(one.ref): one for one in rows}
    for name in fields:
        form[name].choices = [("", _("Not in the list")), *((ref, one.name) for ref, one in agencies.items())]
    return agencies


def ref_of(agencies: dict[str, Agency], number: int | None) -> str:
    return next((ref for ref, one in agencies.items() if one.id == number), "")
