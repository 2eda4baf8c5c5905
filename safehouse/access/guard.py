"""Every request passes here. A view that declares nothing is refused; foreign, forbidden and missing look the same.

Order: who is it, is the form ours (token and origin), is the browser live, may this person do this.
"""

import datetime as dt
import hmac
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import LoginManager
from sqlalchemy import update
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from safehouse.access.cookies import GATE, SIGN_IN, cookie_name
from safehouse.access.models import Level, SignIn
from safehouse.access.operations.drafts import keep_draft, take_draft
from safehouse.access.permissions import ONLY_CONFIRMED, Permission
from safehouse.access.rules.sign_ins import SEEN_EVERY, Standing
from safehouse.access.signed import Signed, actor_of, find_signed
from safehouse.database import end_session, session, use_session
from safehouse.trail.acts import Act
from safehouse.trail.models import Result
from safehouse.trail.opening import NotConfirmed
from safehouse.trail.operations import record

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SECOND_STEP = "second step"
ENROLLING = "enrolling"
LOCKED = "locked"
SIGNING_OUT = "signing out"
# What browsers ask for by themselves: nobody pressed anything.
ASKED_BY_BROWSERS = {"/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png", "/robots.txt"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# For everybody, and no step on the way in.
OPEN_TO_ALL = {"web.front", "web.help"}
# User name, password, code: nobody who has not signed in has more to say.
LARGEST_OF_STRANGERS = 64 * 1024


def needs(permission: Permission) -> Callable[[View], View]:
    """This view answers a person who signed in fully and whose role holds the permission."""
    return _mark(permission)


def _mark(access: object) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


public: Callable[[View], View] = _mark(PUBLIC)
second_step: Callable[[View], View] = _mark(SECOND_STEP)
enrolling: Callable[[View], View] = _mark(ENROLLING)
while_locked: Callable[[View], View] = _mark(LOCKED)
signing_out: Callable[[View], View] = _mark(SIGNING_OUT)


def opens_sealed(view: View) -> View:
    """This page opens sealed values: its GET runs in a writing session, because the reading is recorded."""
    view.opens_sealed = True  # type: ignore[attr-defined]
    return view


def takes_file(largest: int) -> Callable[[View], View]:
    """This page takes a file of up to `largest` bytes; every other page refuses so much before reading it."""

    def mark(view: View) -> View:
        view.largest = largest  # type: ignore[attr-defined]
        return view

    return mark


def declared_access(app: Flask, endpoint: str) -> object:
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "access", None)


def init_app(app: Flask) -> None:
    login = LoginManager()
    login.init_app(app, add_context_processor=False)  # no page asks for its `current_user`
    login.session_protection = None  # our own sign-in rows decide, not a signed cookie

    @login.request_loader
    def _who(_request: object) -> Signed | None:
        person: Signed | None = g.get("signed")
        return person if person is not None and person.level is Level.FULL else None

    app.before_request(check_access)


def check_access() -> Response | None:
    token = request.cookies.get(cookie_name(SIGN_IN))
    use_session(writing=False)
    signed, newest = find_signed(session, token)
    wall: dt.datetime = current_app.extensions["clock"]()
    g.now = max(wall, newest) if newest else wall
    g.signed = signed
    standing = signed.standing(g.now) if signed else Standing.OVER
    if request.endpoint is None:
        # A path nobody serves answers a stranger like any page: sign in first.
        if signed is None or standing is Standing.OVER:
            return _to_sign_in()
        return _lock(signed) if standing is Standing.LOCKED else None
    access = declared_access(current_app, request.endpoint)
    if signed and standing is Standing.OVER:
        refusal = _over(signed)
        if access is not PUBLIC:
            return refusal
        g.signed = signed = None
    if signed is None and access is not PUBLIC:
        return _to_sign_in()
    # What a locked screen may still show is shown without name, house and numbers.
    g.gate_page = standing is Standing.LOCKED
    view = current_app.view_functions[request.endpoint]
    if request.method in UNSAFE:
        request.max_content_length = _largest(view, access, signed)
        # Whoever sends her form slowly must not keep a connection to the database meanwhile.
        end_session()
        _check_form_is_ours(signed)
    answer = _by_level(access, signed, standing)
    if answer is not None:
        return answer
    if signed and standing is Standing.LIVE:
        # A request that reaches a locked browser is no sign of its person: it neither unlocks nor shortens her absence.
        _note_seen(signed)
        _return_draft(signed)
    use_session(writing=request.method in UNSAFE or getattr(view, "opens_sealed", False))
    return None


def _largest(view: object, access: object, signed: Signed | None) -> int | None:
    """How much this person may send to this page; more is refused before it is read."""
    if signed is None:
        return LARGEST_OF_STRANGERS
    if request.mimetype == "multipart/form-data" and isinstance(access, Permission) and signed.may(access):
        # Text in such a form keeps its own, smaller limit; a form of another kind is text alone.
        return getattr(view, "largest", request.max_content_length)
    return request.max_content_length


def _by_level(access: object, signed: Signed | None, standing: Standing) -> Response | None:
    if access is PUBLIC:
        return None
    if signed is None:
        return _to_sign_in()
    if access is SIGNING_OUT:
        return None
    if signed.level is Level.PASSWORD:
        return None if access is SECOND_STEP else redirect(url_for("access.code"), 303)
    if signed.level is Level.ENROLLING:
        return None if access is ENROLLING else redirect(url_for("enrolment.factor"), 303)
    if standing is Standing.LOCKED:
        return None if access is LOCKED else _lock(signed)
    if access is LOCKED:
        return None
    if not isinstance(access, Permission) or not signed.may(access):
        abort(404)
    if request.method in UNSAFE and access in ONLY_CONFIRMED and signed.unconfirmed_since is not None:
        raise NotConfirmed
    return None


def csrf_token() -> str:
    """The token of this browser's forms: kept in the sign-in's own row, or derived from the gate cookie before."""
    signed: Signed | None = g.get("signed")
    if signed is not None:
        return signed.csrf
    if "gate" not in g:
        g.gate = request.cookies.get(cookie_name(GATE)) or current_app.extensions["random_token"]()
    return _gate_token(g.gate)


def _gate_token(gate: str) -> str:
    digest: bytes = current_app.extensions["vault"].digest("gate", gate)
    return digest.hex()


def _check_form_is_ours(signed: Signed | None) -> None:
    """A form from elsewhere, or with another person's token, is refused before anything is read from it."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in {None, "same-origin", "none"} or (
        origin not in {None, "null"} and _host_of(origin) != request.host
    )
    if origin == "null" and site not in {"same-origin", "none"}:
        foreign = True
    given = request.form.get("csrf_token", "")
    if signed is not None:
        expected = signed.csrf
    else:
        gate = request.cookies.get(cookie_name(GATE))
        expected = _gate_token(gate) if gate else ""
    if foreign or not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        abort(400)


def _host_of(origin: str | None) -> str | None:
    try:
        return urlsplit(origin or "").netloc
    except ValueError:  # no browser writes such an origin
        return None


def _to_sign_in() -> Response:
    return redirect(url_for("access.sign_in", next=_wanted()), 303)


def _wanted() -> str | None:
    """The page to come back to; the pages on the way in are none."""
    if request.method != "GET" or request.endpoint is None:
        return None
    serves = isinstance(declared_access(current_app, request.endpoint), Permission)
    return request.full_path.rstrip("?") if serves else None


def _over(signed: Signed) -> Response:
    """The sign-in has lasted its time or its person is disabled. What she had typed is kept for her."""
    use_session(writing=True)
    _keep_what_was_typed(signed)
    session.execute(
        update(SignIn).where(SignIn.id == signed.sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=g.now)
    )
    record(session, now=g.now, by=signed.actor, act=Act.SIGNED_OUT, subject=signed.sign_in_ref, purpose="over")
    session.commit()
    use_session(writing=False)
    g.signed = None
    return _to_sign_in()


def _lock(signed: Signed) -> Response:
    kept = request.method in UNSAFE
    if signed.locked_at is None or kept:
        use_session(writing=True)
        _keep_what_was_typed(signed)
        if signed.locked_at is None:
            session.execute(
                update(SignIn).where(SignIn.id == signed.sign_in_id, SignIn.locked_at.is_(None)).values(locked_at=g.now)
            )
            record(session, now=g.now, by=signed.actor, act=Act.LOCKED, subject=signed.sign_in_ref, purpose="idle")
        session.commit()
        use_session(writing=False)
    return redirect(url_for("access.locked", next=_wanted()), 303)


def _keep_what_was_typed(signed: Signed) -> None:
    """What was typed on a page that can show it again. A press on a button that has no page of its own is no text."""
    if (
        request.method in UNSAFE
        and request.url_rule is not None
        and "GET" in (request.url_rule.methods or ())
        and signed.level is Level.FULL
        and hmac.compare_digest(request.form.get("csrf_token", "").encode(), signed.csrf.encode())
    ):
        keep_draft(session, path=request.full_path.rstrip("?"), typed=request.form, now=g.now, by=signed.actor)


def _note_seen(signed: Signed) -> None:
    """'Last seen' is written once a minute, so that reading pages stays reading."""
    if g.now - signed.seen_at < SEEN_EVERY:
        return
    use_session(writing=True)
    session.execute(update(SignIn).where(SignIn.id == signed.sign_in_id).values(seen_at=g.now))
    session.commit()


def _return_draft(signed: Signed) -> None:
    if request.method == "GET" and "draft" in request.args and signed.level is Level.FULL:
        use_session(writing=True)
        g.draft = take_draft(session, ref=request.args["draft"], path=request.path, now=g.now, by=signed.actor)
        session.commit()


def record_refusal() -> None:
    """Every page that was refused or not found is written down, in the same words: called by the error page."""
    if "now" in g and request.path not in ASKED_BY_BROWSERS:
        _record_refused(Act.ACCESS_REFUSED)


def record_foreign_fields() -> None:
    """A form that carried fields its page does not have, a house or a role by guess: they were ignored."""
    _record_refused(Act.FIELDS_REFUSED)


def _record_refused(act: Act) -> None:
    signed: Signed | None = g.get("signed")
    if signed is None:
        return
    use_session(writing=True)
    record(
        session,
        now=g.now,
        by=actor_of(signed),
        act=act,
        purpose=(request.endpoint or "nothing")[:60],
        result=Result.REFUSED,
    )
    session.commit()
    use_session(writing=False)


def safe_next(target: str | None) -> str | None:
    """A target given in an address, if it is a page of ours; otherwise None."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target or len(target) > 200:
        return None
    # Browsers drop tabs and line ends from an address: "/<tab>/elsewhere" is "//elsewhere" to them.
    if not target.isascii() or not target.isprintable():
        return None
    endpoint = _endpoint_of(target)
    return None if endpoint is None or endpoint == "static" else target


def page_after(target: str | None) -> str | None:
    """Where signing in or unlocking may lead: to a page for people who are in, or to one for everybody that is no
    step on the way in. Anything else is None, and she begins at the start page."""
    wanted = safe_next(target)
    endpoint = _endpoint_of(wanted) if wanted else None
    if endpoint is None:
        return None
    serves = isinstance(declared_access(current_app, endpoint), Permission)
    return wanted if serves or endpoint in OPEN_TO_ALL else None


def _endpoint_of(target: str) -> str | None:
    """What answers a GET of this address; None when nothing does, or it would lead on to another address."""
    try:
        endpoint, _arguments = current_app.url_map.bind("localhost").match(urlsplit(target).path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)
