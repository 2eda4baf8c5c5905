"""Her own code once more, before something that a screen left open must not be able to do."""

import datetime as dt

from flask import current_app
from flask_babel import gettext as _

from safehouse.access.current import now, signed, source
from safehouse.access.operations.signing_in import check_code
from safehouse.database import session
from safehouse.web.forms import NOT_FILLED, PageForm

# At sign-in a slow hand is forgiven two codes; here the phone is in her hand now.
WINDOW = 1


def own_code(form: PageForm, *, commits: bool = True) -> bool:
    """Whether the code in the form's field `code` is hers and of this moment; what is wrong is said beside the field.

    A code counts once and a wrong one is counted, whatever happens next: that is committed here. A caller with
    something under way says `commits=False` and commits in every case.
    """
    field = form["code"]
    if not field.data:
        form.refuse(NOT_FILLED, "code")
        return False
    right, wait = check_code(
        session,
        signed=signed(),
        typed=field.data,
        source=source(),
        now=now(),
        wall=current_app.extensions["clock"](),
        window=WINDOW,
    )
    if commits:
        session.commit()
    if not right:
        form.refuse(_fault(wait), "code")
    return right


def _fault(wait: dt.timedelta) -> str:
    if wait > dt.timedelta(days=1):
        return _("Codes of your account no longer count on this device. Ask the security officer.")
    if wait:
        return _("Too many tries. Wait %(n)s minutes, then try again.", n=-(-int(wait.total_seconds()) // 60))
    return _("The code does not match or has changed. Write the code shown now.")
