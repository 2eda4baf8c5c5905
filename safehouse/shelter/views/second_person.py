"""A place against advice: the reason in words, and the colleague beside her who signs with her own code."""

from flask import current_app, request
from flask_babel import gettext as _

from safehouse.access.cookies import DEVICE, cookie_name
from safehouse.access.current import by, now, source
from safehouse.access.models import Act
from safehouse.access.operations.co_signing import CoSigningRefusal, CoSigningRefused, co_sign
from safehouse.access.views.sign_in import in_words
from safehouse.database import session
from safehouse.residents.queries.people import never_beside
from safehouse.shelter.operations.placing import Override
from safehouse.web.forms import NOT_FILLED, PageForm


def second_person_is_named(form: PageForm) -> bool:
    """Asked before anything else is tried: all that is missing is said at once."""
    for name in ("reason", "second_name", "second_code"):
        if not form[name].data:
            form.refuse(NOT_FILLED, name)
    return not form.errors


def signed_beside(form: PageForm, act: Act, *, house_id: int, household_id: int | None) -> Override:
    """Her signature and the reason. Raises `CoSigningRefused`; see `co_sign` for what is done then."""
    signature = co_sign(
        session,
        act=act,
        username=form["second_name"].data,
        typed=form["second_code"].data,
        house_id=house_id,
        device_token=request.cookies.get(cookie_name(DEVICE)),
        source=source(),
        now=now(),
        wall=current_app.extensions["clock"](),
        by=by(),
        never=never_beside(session, household_id),
    )
    return Override(form["reason"].data, signature)


def refuse_signature(form: PageForm, refused: CoSigningRefused) -> None:
    """What is wrong with the name or the code, beside the field it is about."""
    if refused.reason is CoSigningRefusal.YOURSELF:
        form.refuse(_("The second person is somebody else. Ask a colleague beside you."), "second_name")
    elif refused.reason is CoSigningRefusal.WAIT:
        form.refuse(in_words(refused.wait), "second_code")
    else:
        form.refuse(
            _("Name and code do not belong together, or she does not work in this house. Try again with a new code."),
            "second_code",
        )
