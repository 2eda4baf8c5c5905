"""The product, answering on a port of this machine, with an invented office in it: the demo's, or one of a story."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyotp
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from safehouse import create_app, utc_now
from safehouse.access.models import Account, Level
from safehouse.access.operations.signing_in import start
from safehouse.demo.building import build_demo
from safehouse.demo.cast import DemoAccount, hashed_passwords
from safehouse.settings import Settings
from safehouse.vault.keys import Vault
from tests.office import CHEAP, Clock, Make


@dataclass(frozen=True)
class Site:
    """Where it answers, and who works there: `people["wulan"]` is what Bu Wulan needs to sign in."""

    app: Flask
    url: str
    people: dict[str, DemoAccount]
    clock: Callable[[], dt.datetime]

    @contextmanager
    def rows(self) -> Iterator[Session]:
        with self.app.extensions["db_writing"]() as session:
            yield session

    @contextmanager
    def making(self) -> Iterator[Make]:
        """The factories of the other tests, at the hour it is."""
        with self.rows() as session:
            yield Make(session, Clock(self.clock()), counter=900)  # beyond the numbers the demo has given

    def token_of(self, username: str, *, level: Level = Level.FULL, locked: bool = False) -> str:
        """What the cookie of a real sign-in row holds, without walking through both factors."""
        with self.rows() as session:
            account = session.scalars(select(Account).where(Account.username == username)).one()
            started = start(session, account_id=account.id, level=level, device=None, now=self.clock())
            if level is Level.FULL:
                started.sign_in.code_at = self.clock()
            if locked:
                started.sign_in.locked_at = self.clock()
            session.commit()
        return started.token

    def let_in(self, context: BrowserContext, username: str) -> None:
        """This browser is signed in as this person."""
        self.carry(context, self.token_of(username))

    def carry(self, context: BrowserContext, token: str) -> None:
        context.add_cookies([{"name": "sid", "value": token, "url": self.url}])

    def sign_in(self, page: Page, username: str) -> None:
        """Through both factors, as a person does it."""
        person = self.people[username]
        page.goto(f"{self.url}/sign-in")
        page.fill("#username", person.username)
        page.fill("#password", person.password)
        follow(page, "main form .btn")
        page.fill("#code", self.code(username))
        follow(page, "main form .btn")

    def code(self, username: str) -> str:
        """What her phone shows at the hour it is here."""
        return pyotp.TOTP(self.people[username].totp_secret).at(self.clock())


def follow(page: Page, selector: str | Locator) -> None:
    """Press what leads to another page, and wait until that page is there."""
    what = page.locator(selector).first if isinstance(selector, str) else selector
    with page.expect_navigation():
        what.click()


class Quiet(WSGIRequestHandler):
    """A server that says nothing about the pages it gave."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def code_now(secret: str) -> str:
    """What her phone shows."""
    return pyotp.TOTP(secret).at(dt.datetime.now(dt.UTC))


def demo_office(session: Session, clock: Callable[[], dt.datetime]) -> list[DemoAccount]:
    """The invented office of the demo, as everyone finds it who tries the product."""
    return build_demo(session, vault=session.info["vault"], passwords=hashed_passwords(CHEAP), now=clock())


@contextmanager
def answering(
    engine: Engine,
    vault: Vault,
    folder: Path,
    *,
    clock: Callable[[], dt.datetime] = utc_now,
    office: Callable[[Session, Callable[[], dt.datetime]], list[DemoAccount]] = demo_office,
) -> Iterator[Site]:
    """The product on this engine until the block ends, by the real clock or one that a story moves."""
    settings = Settings(data_folder=folder, password_memory_kib=64, password_passes=1)
    app = create_app(settings, engine=engine, vault=vault, clock=clock)
    app.extensions["hasher"] = CHEAP
    with app.extensions["db_writing"]() as session:
        people = office(session, clock)
        session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    answers = threading.Thread(target=server.serve_forever, name="site")
    answers.start()
    try:
        yield Site(app, f"http://127.0.0.1:{server.server_port}", {one.username: one for one in people}, clock)
    finally:
        server.shutdown()
        answers.join()
        server.server_close()
