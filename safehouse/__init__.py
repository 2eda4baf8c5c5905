"""Teduh: the operations system of a safe house."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from safehouse import database
from safehouse.access import guard
from safehouse.access.hashing import Hasher
from safehouse.settings import Settings
from safehouse.vault.keys import Vault, random_token

LARGEST_FORM = 1024 * 1024


class Product(Flask):
    """Flask, for views that are plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """None of ours is a coroutine. Flask looks at ten of them at each request to find that out."""
        return func


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def create_app(
    settings: Settings, *, engine: Engine, vault: Vault, clock: Callable[[], dt.datetime] = utc_now
) -> Flask:
    """The wired application. The engine's database is at the newest form and belongs to this vault."""
    from safehouse import web

    app = Product("safehouse", template_folder=str(web.templates_folder()), static_folder=str(web.static_folder()))
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_MEMORY_SIZE=LARGEST_FORM, MAX_FORM_PARTS=2000)
    app.extensions.update(
        settings=settings,
        vault=vault,
        clock=clock,
        random_token=random_token,
        hasher=Hasher(settings.password_memory_kib, settings.password_passes, settings.hashers),
    )
    database.init_app(app, engine, vault=vault)
    guard.init_app(app)
    web.init_app(app)
    return app
