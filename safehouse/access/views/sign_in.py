"""Signing in, locking, unlocking, signing out.

Each step that hashes a password works in two transactions with Argon2 between them: no lock is held while it runs.
"""

import datetime as dt

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from safehouse.access.cookies import DEVICE, GATE, SIGN_IN, cookie_name, drop_cookie, set_cookie
from safehouse.access.current import by, hasher, now, posted, signed, source
from safehouse.access.forms.sign_in import CodeForm, PasswordForm, RecoveryForm, UnlockForm
from safehouse.access.guard import page_after, public, second_step, signing_out, while_locked
from safehouse.access.models import Account, Factor
from safehouse.access.operations.drafts import keep_draft, newest_draft
from safehouse.access.operations.enrolling import keep_password, start_enrolling
from safehouse.access.operations.signing_in import (
    Attempt,
    Started,
    begin_password,
    check_code,
    check_recovery_code,
    clear,
    clock_jumped,
    finish_password,
    forgive,
    start_fully,
    unlock,
)
from safehouse.access.operations.signing_in import lock as lock_screen
from safehouse.access.operations.signing_in import sign_out as end_sign_in
from safehouse.access.rules.sign_ins import DEVICE_LIFE, Standing, code_is_due
from safehouse.database import session, use_session

pages = Blueprint("access", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = PasswordForm(request.form if posted() else None, next=request.args.get("next"))
    wait = dt.timedelta()
    if posted() and form.validate():
        started, wait = _password(form.username.data, form.password.data)
        if started:
            answer = redirect(url_for("access.code", next=page_after(form.next.data)), 303)
            set_cookie(answer, SIGN_IN, started.token)
            return answer
        form.refuse(_("User name or password do not match."))
    return _gate("access/sign_in.html", form, wait=wait)


@pages.route("/sign-in/code", methods=["GET", "POST"])
@second_step
def code() -> ResponseReturnValue:
    form = CodeForm(request.form if posted() else None)
    wait = dt.timedelta()
    if posted() and form.validate():
        right, wait = check_code(
            session, signed=signed(), typed=form.code.data, source=source(), now=now(), wall=_wall()
        )
        jumped = not right and clock_jumped(session, account_id=signed().account_id, wall=_wall())
        if right:
            return _fully_signed_in(own_device=form.own_device.data)
        session.commit()
        if jumped:
            form.refuse(_("The clock of this system has jumped. Use a recovery code, or ask the security officer."))
        else:
            form.refuse(_("The code does not match or has changed. Write the code shown now."), "code")
    return _gate("access/code.html", form, wait=wait)


@pages.route("/sign-in/recovery", methods=["GET", "POST"])
@second_step
def recovery() -> ResponseReturnValue:
    form = RecoveryForm(request.form if posted() else None)
    wait = dt.timedelta()
    if posted() and form.validate():
        right, wait = check_recovery_code(session, signed=signed(), typed=form.code.data, source=source(), now=now())
        if right:
            started = start_enrolling(session, signed=signed(), now=now())
            session.commit()
            answer = redirect(url_for("enrolment.factor"), 303)
            set_cookie(answer, SIGN_IN, started.token)
            drop_cookie(answer, DEVICE)
            return answer
        session.commit()
        form.refuse(_("This code does not match or was used before."), "code")
    return _gate("access/recovery.html", form, wait=wait)


@pages.post("/lock")
@while_locked
def lock() -> ResponseReturnValue:
    """Press Kunci and walk away. On a page with a form the button sends along what was typed so far."""
    back = page_after(request.form.get("back"))
    if back is not None:
        typed = MultiDict((name, value) for name, value in request.form.items(multi=True) if name != "back")
        keep_draft(session, path=back, typed=typed, now=now(), by=by())
    lock_screen(session, signed=signed(), now=now())
    session.commit()
    return redirect(url_for("access.locked", next=back), 303)


@pages.get("/lock")
@while_locked
def locked() -> ResponseReturnValue:
    if signed().standing(now()) is not Standing.LOCKED:
        return redirect(page_after(request.args.get("next")) or url_for("web.front"), 303)
    return _lock_page(UnlockForm(next=page_after(request.args.get("next"))))


@pages.post("/unlock")
@while_locked
def unlock_now() -> ResponseReturnValue:
    form = UnlockForm(request.form)
    due = _code_due()
    wait = dt.timedelta()
    if form.validate():
        attempt, right = check_password(signed().username, form.password.data)
        wait = attempt.wait
        if right and attempt.account_id == signed().account_id:
            if due:
                right, wait = check_code(
                    session, signed=signed(), typed=form.code.data or "", source=source(), now=now(), wall=_wall()
                )
            if right:
                return _unlocked(with_code=due, wanted=page_after(form.next.data))
            session.commit()
            form.refuse(_("The code does not match or has changed. Write the code shown now."), "code")
        else:
            form.refuse(_("The password does not match."), "password")
    return _lock_page(form, wait=wait)


@pages.post("/sign-out")
@signing_out
def sign_out() -> ResponseReturnValue:
    end_sign_in(session, signed=signed(), now=now())
    session.commit()
    answer = redirect(url_for("access.sign_in"), 303)
    drop_cookie(answer, SIGN_IN)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def after_full_sign_in(started: Started, device_token: str, *, wanted: str | None) -> ResponseReturnValue:
    """Where a person lands: at what she had been typing, at the page she asked for, or at her first page."""
    draft = newest_draft(session, account_id=started.sign_in.account_id, now=now())
    target = _draft_target(draft) or wanted or url_for("web.front")
    session.commit()
    answer = redirect(target, 303)
    set_cookie(answer, SIGN_IN, started.token)
    set_cookie(answer, DEVICE, device_token, life=DEVICE_LIFE)
    drop_cookie(answer, GATE)
    return answer


def device_token() -> str | None:
    return request.cookies.get(cookie_name(DEVICE))


def device_label() -> str:
    """What kind of thing this browser runs on, for the list of her own devices. Never a name or an address."""
    agent = request.headers.get("User-Agent", "")
    for mark, label in (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ):
        if mark in agent:
            return label
    return "?"


def _password(username: str, password: str) -> tuple[Started | None, dt.timedelta]:
    attempt, right = check_password(username, password, finish=False)
    if attempt.turned_away:
        return None, attempt.wait
    started = finish_password(session, attempt, right=right, device_token=device_token(), now=now())
    if started:
        _rehash(attempt, password)
    session.commit()
    return started, attempt.wait


def check_password(username: str, password: str, *, finish: bool = True) -> tuple[Attempt, bool]:
    attempt = begin_password(session, username=username, device_token=device_token(), source=source(), now=now())
    if attempt.turned_away:
        session.rollback()
        return attempt, False
    session.commit()
    use_session(writing=True)
    right = hasher().matches(password, attempt.stored) and not attempt.wait
    if finish and right:
        _settle(attempt)
    elif finish:
        finish_password(session, attempt, right=False, device_token=None, now=now())
        session.commit()
    return attempt, right


def _settle(attempt: Attempt) -> None:
    """The password was right where no new sign-in follows from it: the count begins anew."""
    clear(session, subject=attempt.subject, factor=Factor.PASSWORD, known=attempt.known)
    forgive(session, source=attempt.source, known=attempt.known)
    session.commit()


def _rehash(attempt: Attempt, password: str) -> None:
    """The cost in the settings has risen since: keep the password under the new cost.

    This hashes inside the transaction, once in the life of a setting.
    """
    if attempt.stored and hasher().is_dated(attempt.stored):
        session.commit()
        fresh = hasher().hash(password)
        account = session.get_one(Account, attempt.account_id)
        keep_password(session, account=account, password_hash=fresh, now=now(), by=by())


def _fully_signed_in(*, own_device: bool) -> ResponseReturnValue:
    started, token = start_fully(
        session, signed=signed(), device_token=device_token(), own_device=own_device, label=device_label(), now=now()
    )
    return after_full_sign_in(started, token, wanted=page_after(request.args.get("next")))


def _unlocked(*, with_code: bool, wanted: str | None) -> ResponseReturnValue:
    started = unlock(session, signed=signed(), now=now(), with_code=with_code)
    draft = newest_draft(session, account_id=signed().account_id, now=now())
    session.commit()
    answer = redirect(_draft_target(draft) or wanted or url_for("web.front"), 303)
    set_cookie(answer, SIGN_IN, started.token)
    return answer


def _draft_target(draft: tuple[object, str] | None) -> str | None:
    if draft is None:
        return None
    ref, path = draft
    return page_after(f"{path}{'&' if '?' in path else '?'}draft={ref}")


def _code_due() -> bool:
    return code_is_due(now=now(), seen_at=signed().seen_at, after=signed().code_after)


def _lock_page(form: UnlockForm, *, wait: dt.timedelta = dt.timedelta()) -> str:
    g.gate_page = True
    due = _code_due()
    username = signed().username
    use_session(writing=False)
    return render_template("access/lock.html", form=form, code_due=due, username=username, wait=in_words(wait))


def _gate(template: str, form: object, *, wait: dt.timedelta) -> ResponseReturnValue:
    g.gate_page = True
    use_session(writing=False)
    answer = current_app.make_response(render_template(template, form=form, wait=in_words(wait)))
    if g.get("gate"):
        set_cookie(answer, GATE, g.gate)
    return answer


def in_words(wait: dt.timedelta) -> str:
    seconds = int(wait.total_seconds())
    if seconds <= 0:
        return ""
    if seconds > 86400:
        return _(
            "Sign-in with this name is closed here. Use a device you have used before, or ask the security officer."
        )
    if seconds < 90:
        return _("Too many tries. Wait %(n)s seconds, then try again.", n=seconds)
    return _("Too many tries. Wait %(n)s minutes, then try again.", n=-(-seconds // 60))


def _wall() -> dt.datetime:
    moment: dt.datetime = current_app.extensions["clock"]()
    return moment
