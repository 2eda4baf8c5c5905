"""Settings of the unit."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.forms.office import OfficeForm
from safehouse.access.guard import needs
from safehouse.access.models import Office
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.office import OfficeSettings, change_office
from safehouse.access.permissions import Permission
from safehouse.access.queries import account_history
from safehouse.access.rules.office import tells_too_much
from safehouse.database import session, use_session
from safehouse.trail.acts import Act

pages = Blueprint("office", __name__)


@pages.route("/settings", methods=["GET", "POST"])
@needs(Permission.OFFICE_ADMINISTER)
def settings() -> ResponseReturnValue:
    office = session.scalars(select(Office)).one()
    form = OfficeForm(typed() or None, obj=office)
    if posted() and form.validate():
        if tells_too_much(form.title.data):
            form.refuse(_("This name tells what kind of place this is. Choose a neutral word."), "title")
        else:
            return _save(form)
    use_session(writing=False)
    changes = account_history(session, account_ref=office.ref, acts=[Act.OFFICE_CHANGED], most=5)
    return render_template("access/settings.html", form=form, changes=changes)


def _save(form: OfficeForm) -> ResponseReturnValue:
    try:
        begin_act(session, key=act_key(), kind="office:change", now=now(), by=by())
    except AlreadyDone:
        return redirect(url_for("office.settings"), 303)
    change_office(
        session,
        wanted=OfficeSettings(**{name: form[name].data for name in OfficeSettings.__slots__}),
        now=now(),
        by=by(),
    )
    session.commit()
    return redirect(url_for("office.settings", saved=1), 303)
