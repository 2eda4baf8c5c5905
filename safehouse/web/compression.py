"""Pages and the stylesheet travel compressed: a slow line at night carries the board in a second instead of five.

Compressing a page that holds both a secret and something a stranger chose can leak the secret (BREACH). Here a stranger
cannot make a browser ask with our cookie (`SameSite=Strict`), so there is nothing to measure.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.utils import safe_join

LEAST_BYTES = 860  # one packet: below it nothing is won
LEVEL = 6  # a twentieth smaller than 4 for a fiftieth more of a page's work; 9 gains half a percent more
KINDS = {"text/html", "text/css", "image/svg+xml"}


def init_app(app: Flask) -> None:
    app.after_request(_compress)


def _compress(answer: Response) -> Response:
    if answer.mimetype not in KINDS or answer.status_code in {204, 206, 304}:
        return answer
    answer.vary.add("Accept-Encoding")
    if "gzip" not in request.accept_encodings or "Content-Encoding" in answer.headers:
        return answer
    if request.endpoint == "static" and answer.status_code == 200:
        body = _static(str(current_app.static_folder), str((request.view_args or {}).get("filename", "")))
        if body:
            answer.direct_passthrough = False
            # The opened file is not sent after all.
            getattr(answer.response, "close", lambda: None)()
    else:
        plain = answer.get_data()
        body = gzip.compress(plain, LEVEL, mtime=0) if len(plain) >= LEAST_BYTES else b""
    if body:
        answer.set_data(body)
        answer.headers["Content-Encoding"] = "gzip"
        # Another body than the uncompressed one: a tag that promises byte equality would lie.
        answer.headers.pop("ETag", None)
    return answer


@lru_cache(maxsize=16)
def _static(folder: str, name: str) -> bytes:
    """The files of the product change only with a new version of it: compressed once, at the best level."""
    path = safe_join(folder, name)
    if path is None:
        return b""
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)
