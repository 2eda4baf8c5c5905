"""'My account': password, recovery codes, devices, sign-ins, and what she opened."""

import datetime as dt
import uuid

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, hasher, now, posted, signed, typed
from safehouse.access.forms.own_account import OwnCodesForm, OwnPasswordForm
from safehouse.access.guard import needs
from safehouse.access.models import Account
from safehouse.access.operations.acts import begin_act
from safehouse.access.operations.enrolling import new_recovery_codes
from safehouse.access.operations.own_account import (
    change_password,
    end_other_sign_ins,
    end_sign_in,
    find_own_device,
    find_own_sign_in,
    revoke_device,
    share_device,
)
from safehouse.access.permissions import Permission
from safehouse.access.queries import (
    done_before,
    factor_since,
    house_names,
    known_devices,
    open_sign_ins,
    readings_since,
    recovery_codes_left,
)
from safehouse.access.rules.passwords import why_not_password
from safehouse.access.views.own_code import own_code
from safehouse.access.views.sign_in import check_password, in_words
from safehouse.access.words import PASSWORD_FAULTS, READING_OF_ANOTHER_KIND, READINGS, ROLES
from safehouse.database import session, use_session
from safehouse.web.shell import office

pages = Blueprint("own_account", __name__)

A_WEEK = dt.timedelta(days=7)


@pages.get("/account")
@needs(Permission.ACCOUNT_OWN)
def page() -> ResponseReturnValue:
    me = signed()
    account = session.get_one(Account, me.account_id)
    readings: dict[str, int] = {}
    for purpose, times in readings_since(session, account_ref=me.account_ref, since=now() - A_WEEK):
        name = str(READINGS.get(purpose or "", READING_OF_ANOTHER_KIND))
        readings[name] = readings.get(name, 0) + times
    return render_template(
        "access/own_account.html",
        account=account,
        role=ROLES[me.role] if me.role else "",
        houses=house_names(session, me.account_id),
        codes_left=recovery_codes_left(session, me.account_id),
        factor_at=factor_since(session, me.account_id),
        readings=list(readings.items()),
        sign_ins=open_sign_ins(session, account_id=me.account_id, now=now(), this=me.sign_in_id),
        devices=known_devices(session, account_id=me.account_id, now=now(), sign_in=me.sign_in_id),
    )


@pages.route("/account/password", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def password() -> ResponseReturnValue:
    if _pressed_before():
        return redirect(url_for("own_account.page"), 303)
    form = OwnPasswordForm(typed())
    wait = dt.timedelta()
    if posted() and form.validate() and _new_password_fits(form):
        right, wait = _prove(form)
        if right:
            return _keep_new_password(form)
    use_session(writing=False)
    return render_template("access/own_password.html", form=form, wait=in_words(wait))


@pages.route("/account/recovery-codes", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_OWN)
def recovery_codes() -> ResponseReturnValue:
    """The new codes are the answer to the form that asked for them; they are kept nowhere in the clear."""
    if _pressed_before():
        return redirect(url_for("own_account.page"), 303)
    form = OwnCodesForm(typed())
    codes: list[str] = []
    if posted() and form.validate() and own_code(form):
        codes = _new_codes()
        session.commit()
    use_session(writing=False)
    return render_template("access/own_codes.html", form=form, codes=codes)


@pages.post("/account/devices/<uuid:ref>/revoke")
@needs(Permission.ACCOUNT_OWN)
def revoke(ref: uuid.UUID) -> ResponseReturnValue:
    device = find_own_device(session, account_id=signed().account_id, ref=ref) or abort(404)
    revoke_device(session, device=device, now=now(), by=by())
    session.commit()
    return redirect(url_for("own_account.page"), 303)


@pages.post("/account/devices/<uuid:ref>/shared")
@needs(Permission.ACCOUNT_OWN)
def share(ref: uuid.UUID) -> ResponseReturnValue:
    device = find_own_device(session, account_id=signed().account_id, ref=ref) or abort(404)
    share_device(session, device=device, now=now(), by=by())
    session.commit()
    return redirect(url_for("own_account.page"), 303)


@pages.post("/account/sign-ins/<uuid:ref>/end")
@needs(Permission.ACCOUNT_OWN)
def end_one(ref: uuid.UUID) -> ResponseReturnValue:
    sign_in = find_own_sign_in(session, account_id=signed().account_id, ref=ref) or abort(404)
    end_sign_in(session, sign_in=sign_in, now=now(), by=by())
    session.commit()
    return redirect(url_for("own_account.page"), 303)


@pages.post("/account/sign-ins/end-others")
@needs(Permission.ACCOUNT_OWN)
def end_others() -> ResponseReturnValue:
    end_other_sign_ins(session, account_id=signed().account_id, keep=signed().sign_in_id, now=now(), by=by())
    session.commit()
    return redirect(url_for("own_account.page"), 303)


def _pressed_before() -> bool:
    """The second of two presses finds password and code used up; it must not read as a mistake."""
    return posted() and done_before(session, key=act_key(), account_id=signed().account_id)


def _new_password_fits(form: OwnPasswordForm) -> bool:
    if form.new_password.data != form.new_password_again.data:
        form.refuse(_("The two do not match. Write both again."), "new_password_again")
        return False
    if form.new_password.data == form.password.data:
        form.refuse(_("This is the password you have now. Choose another one."), "new_password")
        return False
    me = signed()
    fault = why_not_password(
        form.new_password.data,
        (me.username, me.shown_name, *me.shown_name.split(), office().title, office().name, *office().name.split()),
    )
    if fault:
        form.refuse(PASSWORD_FAULTS[fault], "new_password")
    return fault is None


def _prove(form: OwnPasswordForm) -> tuple[bool, dt.timedelta]:
    """The current password, then the current code. A wrong password never uses up a code."""
    attempt, right = check_password(signed().username, form.password.data)
    if right and attempt.account_id == signed().account_id:
        return own_code(form), dt.timedelta()
    form.refuse(_("The password does not match."), "password")
    session.commit()
    return False, attempt.wait


def _keep_new_password(form: OwnPasswordForm) -> ResponseReturnValue:
    use_session(writing=False)  # no transaction is open while Argon2 runs
    fresh = hasher().hash(form.new_password.data)
    use_session(writing=True)
    begin_act(session, key=act_key(), kind="account:password", now=now(), by=by(), subject=signed().account_ref)
    account = session.get_one(Account, signed().account_id)
    change_password(session, account=account, password_hash=fresh, keep_sign_in=signed().sign_in_id, now=now(), by=by())
    session.commit()
    return redirect(url_for("own_account.page"), 303)


def _new_codes() -> list[str]:
    begin_act(session, key=act_key(), kind="account:codes", now=now(), by=by(), subject=signed().account_ref)
    return new_recovery_codes(session, account=session.get_one(Account, signed().account_id), now=now(), by=by())
