"""What every answer carries, errors included."""

from flask import Flask, Response, g, request

from safehouse.access.signed import Signed

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
    "Strict-Transport-Security": "max-age=63072000",
}
A_YEAR = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    app.after_request(_set)


def _set(answer: Response) -> Response:
    answer.headers.extend(ALWAYS)
    if request.endpoint == "static" and answer.status_code in {200, 206, 304}:
        answer.headers["Cache-Control"] = A_YEAR if "v" in request.args else "no-cache"
        return answer
    answer.headers["Cache-Control"] = "no-store"
    signed: Signed | None = g.get("signed")
    if signed is not None and answer.status_code == 200 and answer.mimetype == "text/html" and g.get("lock_when_idle"):
        # The screen locks by itself even when nobody touches it. Pages with a text box do not reload: what was
        # typed comes back through the draft instead.
        answer.headers["Refresh"] = f"{int(signed.idle.total_seconds()) + 2}; url=/lock"
    return answer
