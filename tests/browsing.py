"""One client for all page tests: it carries cookies and form tokens as a browser does, and looks at every page."""

import re
import uuid
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from safehouse.access.models import Account, Level
from safehouse.access.operations.signing_in import start

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
KEY = re.compile(r'name="act_key" value="([^"]+)"')


class Browser:
    """A browser. `sign_in` gives it a real signed-in row at once; `sign_in_by_hand` walks through both factors."""

    def __init__(self, app: Flask, make: Any) -> None:
        self.app, self.make = app, make
        self.client = app.test_client()
        self.account: Account | None = None
        self.token = ""
        self.page = ""

    def sign_in(self, account: Account, *, level: Level = Level.FULL) -> "Browser":
        self.account = account
        started = start(self.make.session, account_id=account.id, level=level, device=None, now=self.make.clock.now)
        if level is Level.FULL:
            started.sign_in.code_at = self.make.clock.now
        self.make.session.commit()
        self.client.set_cookie("sid", started.token)
        self.token = started.sign_in.csrf
        return self

    def sign_in_by_hand(self, account: Account, password: str) -> TestResponse:
        self.get("/sign-in")
        first = self.post("/sign-in", username=account.username, password=password)
        if first.status_code != 303:
            return first
        self.get(first.location)
        return self.post("/sign-in/code", code=self.make.code(account))

    def get(self, path: str, *, follow: bool = False, **more: Any) -> TestResponse:
        answer = self.client.get(path, follow_redirects=follow, **more)
        self._look(answer)
        return answer

    def post(
        self,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        follow: bool = False,
        fields: dict[str, Any] | None = None,
        **typed: Any,
    ) -> TestResponse:
        """Post a form as the page would: with this browser's token and a key of its own, unless told otherwise."""
        body: dict[str, Any] = {"csrf_token": self.token, "act_key": str(uuid.uuid4()), **(fields or {}), **typed}
        body = {name: value for name, value in body.items() if value is not None}
        answer = self.client.post(path, data=body, headers=headers, follow_redirects=follow)
        self._look(answer)
        return answer

    def _look(self, answer: TestResponse) -> None:
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie
        if answer.mimetype != "text/html" or answer.status_code in {302, 303}:
            return
        self.page = answer.get_data(as_text=True)
        if found := TOKEN.search(self.page):
            self.token = found[1]
        check_page(self.page)


def check_page(page: str) -> None:
    """What holds for every page we show."""
    assert page.count("<h1") == 1, "one h1 a page"
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title and title[1].split("|")[0].strip(), "a page needs its title"
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert [one for one, n in ids.items() if n > 1] == [], "ids are unique"
    for wanted in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page):
        assert set(wanted.split()) <= set(ids), f"points at nothing: {wanted}"
    for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", page, re.DOTALL):
        assert 'name="csrf_token"' in form, "a form without its token"
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", page), "inline script or style"
    assert "placeholder=" not in page and 'type="date"' not in page and 'type="time"' not in page
    for url in re.findall(r'(?:href|src|action)="([^"]+)"', page):
        assert not urlsplit(url).netloc, f"an outside address: {url}"
    assert len(page.encode()) < 400_000
