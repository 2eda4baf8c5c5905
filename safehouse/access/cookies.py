"""Names and lifetimes of our cookies. Over TLS they carry the `__Host-` prefix; none carries a meaning."""

import datetime as dt

from flask import current_app
from werkzeug import Response

SIGN_IN, DEVICE, GATE = "sid", "device", "gate"


def cookie_name(kind: str) -> str:
    return f"__Host-{kind}" if current_app.extensions["settings"].https else kind


def set_cookie(answer: Response, kind: str, value: str, *, life: dt.timedelta | None = None) -> None:
    """Without `life` the browser forgets it when it closes."""
    answer.set_cookie(
        cookie_name(kind),
        value,
        max_age=life,
        httponly=True,
        samesite="Strict",
        path="/",
        secure=current_app.extensions["settings"].https,
    )


def drop_cookie(answer: Response, kind: str) -> None:
    answer.delete_cookie(
        cookie_name(kind), httponly=True, samesite="Strict", path="/", secure=current_app.extensions["settings"].https
    )
