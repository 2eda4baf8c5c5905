"""What a person sees when something does not work: the same page for foreign, forbidden and missing, no detail ever."""

import logging
import secrets

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import HTTPException

from safehouse.access.guard import record_refusal
from safehouse.access.hashing import Busy
from safehouse.access.operations.acts import NotUndoable
from safehouse.access.operations.signing_in import SignInEnded
from safehouse.access.signed import actor_of
from safehouse.database import end_session, session, use_session
from safehouse.faults import without_values
from safehouse.trail.acts import Act
from safehouse.trail.models import Result
from safehouse.trail.opening import NotConfirmed, SealBroken
from safehouse.trail.operations import record

log = logging.getLogger("safehouse")


def init_app(app: Flask) -> None:
    app.register_error_handler(404, _not_available)
    app.register_error_handler(403, _not_available)
    app.register_error_handler(405, _not_available)
    app.register_error_handler(400, _not_ours)
    app.register_error_handler(413, _too_large)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(NotUndoable, _too_late)
    app.register_error_handler(NotConfirmed, _not_confirmed)
    app.register_error_handler(SignInEnded, _signed_out)
    app.register_error_handler(SealBroken, _seal_broken)
    app.register_error_handler(HTTPException, _other)
    app.register_error_handler(Exception, _fault)


def page(status: int, heading: str = "", lead: str = "", reference: str = "") -> tuple[str, int]:
    use_session(writing=False)
    g.error_page = True
    return render_template("error.html", heading=heading, lead=lead, reference=reference), status


def _not_available(_error: Exception) -> tuple[str, int]:
    end_session()
    record_refusal()
    return page(404)


def _not_ours(_error: Exception) -> tuple[str, int]:
    end_session()
    record_refusal()
    return page(
        400,
        _("This form is out of date"),
        _("Nothing was saved. Go back, load the page again and repeat the last step."),
    )


def _too_large(_error: Exception) -> tuple[str, int]:
    return page(
        413,
        _("Too much at once"),
        _("What you sent is too large and was not saved. Go back, shorten the text or choose a smaller file."),
    )


def _busy(_error: Exception) -> tuple[str, int]:
    return page(503, _("Many people are signing in right now"), _("Wait a few seconds, then try again."))


def _database_busy(error: OperationalError) -> tuple[str, int] | Response:
    end_session()
    if "locked" not in str(error.orig) and "busy" not in str(error.orig):
        return _fault(error)
    return page(503, _("The system is busy"), _("Nothing was saved. Go back, wait a few seconds and try again."))


def _too_late(_error: Exception) -> tuple[str, int]:
    end_session()
    record_refusal()
    return page(
        409,
        _("This can no longer be undone"),
        _("Ten minutes have passed, or it was undone already. Record what is true now instead."),
    )


def _not_confirmed(_error: Exception) -> tuple[str, int]:
    end_session()
    record_refusal()
    return page(
        403,
        _("Someone has to confirm you first"),
        _(
            "Your second step was set up again. Ask the manager or the security officer to confirm that it is "
            "you; until then names and addresses stay closed."
        ),
    )


def _signed_out(_error: Exception) -> BaseResponse:
    end_session()
    return redirect(url_for("access.sign_in"), 303)


def _seal_broken(error: SealBroken) -> tuple[str, int] | Response:
    """A value that was tampered with: an incident, written down by itself after the rollback."""
    use_session(writing=True)
    record(
        session,
        now=g.now,
        by=actor_of(g.get("signed")),
        act=Act.SEAL_BROKEN,
        subject=error.subject,
        purpose=(request.endpoint or "")[:60],
        result=Result.FAILED,
    )
    session.commit()
    return _fault(error)


def _other(error: HTTPException) -> tuple[str, int] | Response:
    if error.code and error.code >= 500:
        return _fault(error)
    return page(error.code or 500, _("This did not work"), _("Go back and try again."))


def _fault(error: Exception) -> tuple[str, int] | Response:
    """Something of ours broke. The log gets the place and a number; the page gets the number alone."""
    end_session()
    reference = secrets.token_hex(4).upper()
    log.error("fault %s at %s\n%s", reference, request.endpoint, without_values(error))
    heading = _("Something on our side went wrong")
    lead = _("Nothing was saved. Try again; what you had typed is still in the previous page.")
    try:
        return page(500, heading, lead, reference)
    except SQLAlchemyError:
        # The database itself does not answer, and a whole page needs it.
        return current_app.response_class(f"{heading}\n\n{lead}\n\n{reference}\n", 500, mimetype="text/plain")
