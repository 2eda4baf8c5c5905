"""The blueprints of the product, and the three pages that belong to none of its capabilities."""

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from safehouse.access.current import signed
from safehouse.access.guard import public, safe_next
from safehouse.access.models import Account
from safehouse.access.permissions import Permission
from safehouse.database import session
from safehouse.web.language import LANGUAGES

pages = Blueprint("web", __name__)
A_YEAR = 365 * 24 * 60 * 60


def init_app(app: Flask) -> None:
    from safehouse.access.views import blueprints as access
    from safehouse.oversight.views import blueprints as oversight
    from safehouse.residents.views import blueprints as residents
    from safehouse.shelter.views import blueprints as shelter

    for blueprint in (pages, *access, *residents, *shelter, *oversight):
        app.register_blueprint(blueprint)


@pages.get("/")
@public
def front() -> ResponseReturnValue:
    if g.signed is None:
        return redirect(url_for("access.sign_in"), 303)
    return redirect(url_for(first_page()), 303)


def first_page() -> str:
    """The page a person starts from: the board for those who work in the houses, accounts for the security officer."""
    person = signed()
    if person.may(Permission.BOARD_READ):
        return "board.beds"
    return "accounts.listing" if person.may(Permission.ACCOUNT_ADMINISTER) else "own_account.page"


@pages.get("/help", endpoint="help")
@public
def help_by_task() -> str:
    return render_template("help.html")


@pages.post("/display")
@public
def display() -> ResponseReturnValue:
    """Language and colours: kept with the account, or in this browser before anyone has signed in."""
    language, theme = request.form.get("language"), request.form.get("theme")
    answer = redirect(safe_next(request.form.get("back")) or url_for("web.front"), 303)
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
    session.commit()
    return answer
