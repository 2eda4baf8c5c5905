"""The shell around every page: language, headers, errors, navigation. Known only to `create_app`, views and forms."""

from pathlib import Path

from flask import Flask

from safehouse.schema import beside_or_above


def templates_folder() -> Path:
    return beside_or_above("templates")


def static_folder() -> Path:
    return Path(__file__).parent / "static"


def init_app(app: Flask) -> None:
    from safehouse.web import compression, errors, escaping, foreign, headers, language, pages, shell, uploads

    escaping.init_app(app)
    uploads.init_app(app)
    foreign.init_app(app)
    language.init_app(app)
    headers.init_app(app)
    compression.init_app(app)
    errors.init_app(app)
    shell.init_app(app)
    pages.init_app(app)
