"""Activation in three steps: password, second factor, recovery codes."""

import datetime as dt

import pyotp
import segno
from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from safehouse.access.cookies import GATE, SIGN_IN, set_cookie
from safehouse.access.current import by, hasher, now, posted, signed, source
from safehouse.access.forms.sign_in import ActivationForm, FactorForm, KeptCodeForm
from safehouse.access.guard import enrolling, opens_sealed, public
from safehouse.access.models import Account
from safehouse.access.operations.enrolling import (
    activate,
    bind_factor,
    check_activation,
    grouped,
    is_recovery_code,
    new_recovery_codes,
    show_factor,
)
from safehouse.access.operations.signing_in import start_fully
from safehouse.access.rules.passwords import why_not_password
from safehouse.access.views.sign_in import after_full_sign_in, device_label, device_token, in_words
from safehouse.access.words import PASSWORD_FAULTS
from safehouse.database import session, use_session
from safehouse.web.shell import office

pages = Blueprint("enrolment", __name__)


@pages.route("/activation", methods=["GET", "POST"])
@public
def activation() -> ResponseReturnValue:
    form = ActivationForm(request.form if posted() else None)
    wait = dt.timedelta()
    if posted() and form.validate() and _new_password_fits(form):
        account, wait = check_activation(
            session, username=form.username.data, typed=form.activation_code.data, source=source(), now=now()
        )
        account_id = account.id if account else None
        session.commit()
        if account_id is None:
            form.refuse(_("User name and code do not belong together, or the hour has passed. Ask for a new code."))
        else:
            fresh = hasher().hash(form.password.data)
            use_session(writing=True)
            started = activate(
                session,
                account=session.get_one(Account, account_id),
                typed=form.activation_code.data,
                password_hash=fresh,
                now=now(),
            )
            session.commit()
            if started is not None:
                answer = redirect(url_for("web.front"), 303)
                set_cookie(answer, SIGN_IN, started.token)
                return answer
            form.refuse(_("This code was used in the meantime. Ask for a new one."))
    return _gate_page("access/activation.html", form=form, wait=in_words(wait))


@pages.route("/activation/second-step", methods=["GET", "POST"])
@enrolling
@opens_sealed
def factor() -> ResponseReturnValue:
    form = FactorForm(request.form if posted() else None)
    if posted() and form.validate():
        wall = current_app.extensions["clock"]()
        bound = bind_factor(session, signed=signed(), typed=form.code.data, now=now(), wall=wall)
        if bound:
            return _show_recovery_codes()
        session.commit()
        form.refuse(_("The code does not match. Write the code shown now; check the clock of your phone."), "code")
    secret = show_factor(session, signed=signed(), now=now())
    session.commit()
    if secret is None:
        return redirect(url_for("enrolment.recovery_codes"), 303)
    address = pyotp.TOTP(secret).provisioning_uri(name=signed().username, issuer_name=office().title)
    drawn = segno.make(address, error="m").svg_inline(
        svgclass="qr", lineclass=None, omitsize=True, border=2, title=_("Code for the authenticator app")
    )
    code = Markup(drawn)  # noqa: S704 - drawn by segno from our own text
    return _gate_page("access/factor.html", form=form, secret=grouped(secret), qr=code)


@pages.route("/activation/recovery-codes", methods=["GET", "POST"])
@enrolling
def recovery_codes() -> ResponseReturnValue:
    """The codes themselves were shown once; here one of them is typed back, or new ones are made."""
    if not signed().has_factor:
        return redirect(url_for("enrolment.factor"), 303)
    if posted() and request.form.get("again"):
        return _show_recovery_codes()
    form = KeptCodeForm(request.form if posted() else None)
    if posted() and form.validate():
        account = session.get_one(Account, signed().account_id)
        if is_recovery_code(session, account=account, typed=form.code.data):
            started, token = start_fully(
                session, signed=signed(), device_token=device_token(), own_device=False, label=device_label(), now=now()
            )
            return after_full_sign_in(started, token, wanted=None)
        form.refuse(_("This is none of the codes just shown. Look at your paper, or make new codes."), "code")
    return _gate_page("access/recovery_codes.html", form=form, codes=[])


def _show_recovery_codes() -> ResponseReturnValue:
    account = session.get_one(Account, signed().account_id)
    codes = new_recovery_codes(session, account=account, now=now(), by=by())
    session.commit()
    return _gate_page("access/recovery_codes.html", form=KeptCodeForm(), codes=codes)


def _new_password_fits(form: ActivationForm) -> bool:
    if form.password.data != form.password_again.data:
        form.refuse(_("The two do not match. Write both again."), "password_again")
        return False
    fault = why_not_password(form.password.data, (form.username.data, office().title, *office().name.split()))
    if fault:
        form.refuse(PASSWORD_FAULTS[fault], "password")
    return fault is None


def _gate_page(template: str, **shown: object) -> ResponseReturnValue:
    g.gate_page = True
    use_session(writing=False)
    answer = current_app.make_response(render_template(template, **shown))
    if g.get("gate"):
        set_cookie(answer, GATE, g.gate)
    return answer
