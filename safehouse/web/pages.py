"""The blueprints of the product, and the three pages that belong to none of its capabilities."""

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from safehouse.access.current import by, now, signed
from safehouse.access.guard import public, safe_next
from safehouse.access.models import Account, Level
from safehouse.access.operations.drafts import keep_draft, without_draft
from safehouse.access.permissions import Permission
from safehouse.database import session
from safehouse.web.language import LANGUAGES

pages = Blueprint("web", __name__)
A_YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask) -> None:
    from safehouse.access.views import blueprints as access
    from safehouse.oversight.views import blueprints as oversight
    from safehouse.residents.views import blueprints as residents
    from safehouse.services.views import blueprints as services
    from safehouse.shelter.views import blueprints as shelter
    from safehouse.today.views import blueprints as today

    for blueprint in (pages, *access, *residents, *shelter, *services, *oversight, *today):
        app.register_blueprint(blueprint)


@pages.get("/")
@public
def front() -> ResponseReturnValue:
    if g.signed is None:
        return redirect(url_for("access.sign_in"), 303)
    return redirect(url_for(first_page()), 303)


def first_page() -> str:
    """The page a person starts from: what waits for her today, or accounts for the security officer."""
    person = signed()
    if person.may(Permission.TODAY_READ):
        return "today.page"
    return "accounts.listing" if person.may(Permission.ACCOUNT_ADMINISTER) else "own_account.page"


@pages.get("/help", endpoint="help")
@public
def help_by_task() -> str:
    return render_template("help.html")


@pages.post("/display")
@public
def display() -> ResponseReturnValue:
    """Language and colours: kept with the account, or in this browser before anyone has signed in."""
    # Inside, one press says what to switch to and where it stood: beside it come the fields of a half-filled form.
    to, _blank, here = request.form.get("display", "").partition(" ")
    language = to or request.form.get("language")
    theme = to or request.form.get("theme")
    back = safe_next(here or request.form.get("back"))
    answer = redirect(back or url_for("web.front"), 303)
    if g.signed is None:
        kept = {
            "language": language if language in LANGUAGES else None,
            "theme": theme if theme in {"light", "dark"} else None,
        }
        for name, value in kept.items():
            if value:
                answer.set_cookie(
                    name,
                    value,
                    samesite="Strict",
                    httponly=True,
                    max_age=A_YEAR,
                    secure=current_app.extensions["settings"].https,
                )
        return answer
    account = session.get_one(Account, signed().account_id)
    if language in LANGUAGES:
        account.language = language
    if theme in {"light", "dark"}:
        account.theme = theme
    if here and back and signed().level is Level.FULL and not g.gate_page:
        answer.location = _with_what_was_typed(back)
    session.commit()
    return answer


def _with_what_was_typed(back: str) -> str:
    """The page she was on; with a half-filled form what she had typed comes back, as after the screen was locked."""
    typed = MultiDict((name, value) for name, value in request.form.items(multi=True) if name != "display")
    draft = keep_draft(session, path=back, typed=typed, now=now(), by=by()) if by().confirmed else None
    if draft is None:
        return back
    page = without_draft(back)
    return f"{page}{'&' if '?' in page else '?'}draft={draft}"
