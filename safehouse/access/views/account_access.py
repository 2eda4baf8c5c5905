"""Letting a person in, keeping her out, and who acts as head: the buttons on the page of one account."""

import uuid
from collections.abc import Callable

from flask import abort, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from safehouse.access.current import act_key, by, now, posted, typed
from safehouse.access.forms.accounts import DelegationForm, PressForm, ResetForm
from safehouse.access.guard import needs
from safehouse.access.models import Account
from safehouse.access.operations.accounts import (
    AccountRefused,
    delegate,
    disable_account,
    enable_account,
    end_delegation,
    end_sign_ins,
    new_code,
    release_throttle,
)
from safehouse.access.operations.acts import AlreadyDone, begin_act
from safehouse.access.operations.approvals import ask_factor_reset, ask_person
from safehouse.access.permissions import Permission
from safehouse.access.queries import find_delegation
from safehouse.access.rules.accounts import first_moment, last_moment
from safehouse.access.views.account_pages import account_page, address, again, carry_out, colleague, say, show_code
from safehouse.access.views.accounts import pages
from safehouse.database import session
from safehouse.web.language import today
from safehouse.web.shell import office


@pages.route("/accounts/<uuid:ref>/code", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def code(ref: uuid.UUID) -> ResponseReturnValue:
    """A new code to hand over: for activation, or for a forgotten password."""
    account, form = colleague(ref), PressForm()
    if not posted():
        return redirect(address(ref), 303)
    try:
        begin_act(session, key=act_key(), kind="account:code", now=now(), by=by(), subject=ref)
        plain, kind = new_code(session, account=account, now=now(), by=by())
    except AlreadyDone:
        return redirect(address(ref), 303)
    except AccountRefused as refused:
        session.rollback()
        say(form, refused)
        return account_page(ref, form)
    session.commit()
    return show_code(ref, plain, kind, made=False)


@pages.route("/accounts/<uuid:ref>/disable", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def disable(ref: uuid.UUID) -> ResponseReturnValue:
    account, form = colleague(ref), PressForm()
    if posted():
        done = carry_out(
            form, "account:disable", ref, lambda: disable_account(session, account=account, now=now(), by=by())
        )
        if done:
            return done
    return render_template("access/account_disable.html", form=form, account=again(ref))


@pages.route("/accounts/<uuid:ref>/enable", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def enable(ref: uuid.UUID) -> ResponseReturnValue:
    account, form = colleague(ref), PressForm()
    if posted():
        done = carry_out(
            form, "account:enable", ref, lambda: enable_account(session, account=account, now=now(), by=by())
        )
        if done:
            return done
    return render_template("access/account_enable.html", form=form, account=again(ref))


@pages.route("/accounts/<uuid:ref>/factor-reset", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def factor_reset(ref: uuid.UUID) -> ResponseReturnValue:
    account, form = colleague(ref), ResetForm(typed())
    if posted() and form.validate():
        done = carry_out(
            form,
            "account:factor_reset",
            ref,
            lambda: ask_factor_reset(
                session, account=account, reason=form.reason.data, recognised=form.recognised.data, now=now(), by=by()
            ),
        )
        if done:
            return done
    return render_template("access/account_reset.html", form=form, account=again(ref))


@pages.route("/accounts/<uuid:ref>/person", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def person(ref: uuid.UUID) -> ResponseReturnValue:
    """Ask a second time that someone confirms her, when nobody did within seven days."""
    return _press(ref, "account:person", lambda account: ask_person(session, account=account, now=now(), by=by()))


@pages.route("/accounts/<uuid:ref>/sign-ins/end", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def end_all_sign_ins(ref: uuid.UUID) -> ResponseReturnValue:
    return _press(ref, "account:sign_ins", lambda account: end_sign_ins(session, account=account, now=now(), by=by()))


@pages.route("/accounts/<uuid:ref>/release", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def release(ref: uuid.UUID) -> ResponseReturnValue:
    """Strangers tried her name so often that only her own devices still answer: let every device answer again."""
    return _press(
        ref, "account:release", lambda account: release_throttle(session, account=account, now=now(), by=by())
    )


@pages.route("/accounts/<uuid:ref>/delegations/new", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def new_delegation(ref: uuid.UUID) -> ResponseReturnValue:
    account, form = colleague(ref), DelegationForm(typed())
    if posted() and form.validate() and _period_fits(form):
        zone = office().time_zone
        done = carry_out(
            form,
            "delegation:make",
            ref,
            lambda: delegate(
                session,
                account=account,
                kind=form.kind.data,
                since=first_moment(form.since.data, zone),
                until=last_moment(form.until.data, zone),
                now=now(),
                by=by(),
            ),
        )
        if done:
            return done
    return render_template("access/account_delegation.html", form=form, account=again(ref))


@pages.route("/accounts/<uuid:ref>/delegations/<uuid:delegation>/end", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_ADMINISTER)
def stop_delegation(ref: uuid.UUID, delegation: uuid.UUID) -> ResponseReturnValue:
    found = find_delegation(session, account_id=colleague(ref).id, ref=delegation) or abort(404)
    return _press(
        ref,
        "delegation:end",
        lambda account: end_delegation(session, delegation=found, account_ref=account.ref, now=now(), by=by()),
    )


def _press(ref: uuid.UUID, kind: str, do: Callable[[Account], object]) -> ResponseReturnValue:
    """A button that needs no page of its own: done once, or the account's page with the reason why not."""
    account, form = colleague(ref), PressForm()
    if not posted():
        return redirect(address(ref), 303)
    return carry_out(form, kind, ref, lambda: do(account)) or account_page(ref, form)


def _period_fits(form: DelegationForm) -> bool:
    if form.until.data < form.since.data:
        form.refuse(_("The last day comes before the first day."), "until")
    elif form.until.data < today():
        form.refuse(_("These days have passed. Write days from today on."), "until")
    return not form.mistakes()
