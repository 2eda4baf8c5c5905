"""What every page and every answer keeps to, whoever asks for what."""

import dataclasses
import re
import uuid

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy import inspect as look_at
from sqlalchemy.exc import OperationalError

from safehouse.access.guard import PUBLIC, UNSAFE, declared_access
from safehouse.access.models import Account, AccountState, Device, SignIn
from safehouse.access.permissions import Permission, Role, allows
from safehouse.schema import METADATA
from safehouse.trail.acts import Act
from safehouse.trail.models import Result, TrailEntry
from tests.browsing import Browser
from tests.office import PASSWORD, Make
from tests.web.things import OF_A_FAMILY
from tests.web.world import HIDDEN, NAMES, build, plain

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
SCRIPT = "\"'><script>alert(1)</script><img src=x>"


@pytest.fixture
def world(app, make):
    return build(app, make)


@pytest.fixture
def quiet(app, caplog):
    """Fails when an answer was a fault of ours."""
    yield
    assert [
        record.getMessage() for record in caplog.records if record.name == "safehouse" and record.levelname == "ERROR"
    ] == []


def ways(world):
    return [(rule, method) for rule in world.rules() for method in sorted(rule.methods & {"GET", *UNSAFE})]


def rows(session):
    """How many rows each table has, except the record, and what the accounts look like."""
    session.expire_all()
    session.commit()
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in METADATA.sorted_tables
        if not table.name.startswith("trail_")
    }
    looks = session.execute(select(Account.id, Account.state, Account.language, Account.theme, Account.password)).all()
    signs = session.execute(select(SignIn.id, SignIn.level, SignIn.locked_at, SignIn.ended_at)).all()
    return counts, [tuple(one) for one in looks], [tuple(one) for one in signs]


# Headers


def keeps_to_the_headers(answer):
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, name
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
    assert "preload" not in answer.headers["Strict-Transport-Security"]
    assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]


def test_every_page_carries_every_header(world, quiet):
    for rule, method in ways(world):
        browser = world.browser_for(rule)
        url = world.open_url(rule, browser)
        answer = browser.get(url) if method == "GET" else browser.post(url)
        keeps_to_the_headers(answer)
        assert answer.headers["Cache-Control"] == "no-store", (method, rule.rule)


def test_every_error_carries_every_header(browser, make, app):
    browser.sign_in(make.account())
    browser.get("/account")
    answers = {
        303: app.test_client().get("/beds"),
        400: browser.post("/lock", csrf_token="x"),
        404: browser.get("/no/such/page"),
        413: browser.post("/account/password", password="x" * 3_000_000),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        keeps_to_the_headers(answer)
        assert answer.headers["Cache-Control"] == "no-store"
    wrong_method = browser.client.put("/account")
    assert wrong_method.status_code in {404, 405}
    keeps_to_the_headers(wrong_method)
    keeps_to_the_headers(app.test_client().options("/sign-in"))
    keeps_to_the_headers(app.test_client().get("/static/nothing.css"))
    keeps_to_the_headers(app.test_client().get("/static/../safehouse/settings.py"))


def test_a_fault_of_ours_carries_every_header_and_tells_nothing(lone_app):
    app = lone_app("sqlite")

    def broken():
        raise ValueError("Trembesi lives in Jalan Pepaya")

    broken.access = PUBLIC
    app.add_url_rule("/broken", "broken", broken)
    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    keeps_to_the_headers(answer)
    page = answer.get_data(as_text=True)
    assert "Trembesi" not in page
    assert "ValueError" not in page
    assert "Traceback" not in page
    assert re.search(r"\b[0-9A-F]{8}\b", page), "the number that leads to the log"


def test_a_database_that_does_not_answer_is_a_fault_with_every_header(lone_app):
    app = lone_app("sqlite")

    def refuse(*_):
        raise OperationalError("SELECT", None, OSError("the disk is gone"))

    event.listen(app.extensions["db_engine"], "before_cursor_execute", refuse)
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == 500
    keeps_to_the_headers(answer)
    assert "disk" not in answer.get_data(as_text=True)


def test_only_static_files_are_kept_by_the_browser(app, make):
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    stylesheet = re.search(r'<link rel="stylesheet" href="([^"]+)"', page)[1]
    with client.get(stylesheet) as answer:
        keeps_to_the_headers(answer)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with client.get("/static/teduh.css") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
    with client.get("/static/teduh.js?v=1") as answer:
        assert answer.headers["Cache-Control"] == "no-store"


def test_no_page_has_a_script_a_style_or_an_outside_address(world, quiet):
    """The browser of the tests looks at every page it gets; here it gets them all."""
    for rule in world.rules():
        if "GET" in rule.methods:
            browser = world.browser_for(rule)
            browser.get(world.open_url(rule, browser))


# Cookies and identifiers


def cookies(answer):
    return answer.headers.getlist("Set-Cookie")


def test_cookies_say_nothing_and_reach_nobody_else(browser, make):
    account = make.account()
    browser.get("/sign-in")
    answers = [browser.post("/sign-in", username=account.username, password=PASSWORD)]
    browser.get("/sign-in/code")
    answers.append(browser.post("/sign-in/code", code=make.code(account)))
    found = [cookie for answer in answers for cookie in cookies(answer)]
    assert {cookie.split("=")[0] for cookie in found} == {"sid", "device", "gate"}
    for cookie in found:
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert account.username not in cookie
    (sid,) = [cookie for cookie in cookies(answers[1]) if cookie.startswith("sid=")]
    assert "Max-Age" not in sid
    assert "Expires" not in sid


def test_behind_tls_cookies_are_secure_and_bound_to_the_host(lone_app):
    app = lone_app("sqlite")
    app.extensions["settings"] = dataclasses.replace(app.extensions["settings"], https=True)
    with app.extensions["db_writing"](expire_on_commit=False) as session:
        make = Make(session, app.extensions["test_clock"])
        account = make.account()
    client = app.test_client()
    token = re.search(
        r'name="csrf_token" value="([^"]+)"',
        client.get("/sign-in", base_url="https://teduh.test").get_data(as_text=True),
    )[1]
    posted = {"base_url": "https://teduh.test", "headers": {"Origin": "https://teduh.test"}}
    answers = [
        client.get("/sign-in", base_url="https://teduh.test"),
        client.post("/display", data={"csrf_token": token, "language": "en", "theme": "dark"}, **posted),
        client.post(
            "/sign-in", data={"csrf_token": token, "username": account.username, "password": PASSWORD}, **posted
        ),
    ]
    found = [cookie for answer in answers for cookie in cookies(answer)]
    assert any(cookie.startswith("__Host-sid=") for cookie in found)
    for cookie in found:
        assert "Secure" in cookie, cookie
        assert cookie.split("=")[0].removeprefix("__Host-") in {"sid", "device", "gate", "language", "theme"}
    assert client.get("/sign-in/code", base_url="https://teduh.test").status_code == 200
    plain_client = app.test_client()
    plain_client.set_cookie("sid", client.get_cookie("__Host-sid", domain="teduh.test").value)
    assert plain_client.get("/sign-in/code").status_code == 303


def test_the_value_of_the_cookie_is_not_in_the_database(browser, make, session):
    account = make.account()
    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
    tokens = [browser.client.get_cookie(name).value for name in ("sid", "device")]
    for table in METADATA.sorted_tables:
        for row in session.execute(select(table)).all():
            told = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
            for token in tokens:
                assert token.encode() not in told, table.name


def test_the_identifier_changes_at_each_level(browser, make, app):
    account = make.account()
    seen = [browser.client.get_cookie("sid")]

    def step(answer):
        assert answer.status_code == 303
        seen.append(browser.client.get_cookie("sid").value)
        return answer

    browser.get("/sign-in")
    browser.get(step(browser.post("/sign-in", username=account.username, password=PASSWORD)).location)
    step(browser.post("/sign-in/code", code=make.code(account)))
    browser.get("/account")
    browser.post("/lock")
    browser.get("/lock")
    step(browser.post("/unlock", password=PASSWORD))
    assert len(set(seen)) == len(seen)
    for old in seen[1:-1]:
        thief = app.test_client()
        thief.set_cookie("sid", old)
        assert thief.get("/account").location.startswith("/sign-in")


def test_an_identifier_set_by_somebody_else_is_not_adopted(browser, make, app, session):
    account, planted = make.account(), "x" * 43
    for name in ("sid", "device", "gate"):
        browser.client.set_cookie(name, planted)
    assert browser.sign_in_by_hand(account, PASSWORD).status_code == 303
    assert planted not in {browser.client.get_cookie(name).value for name in ("sid", "device")}
    thief = app.test_client()
    thief.set_cookie("sid", planted)
    assert thief.get("/account").location.startswith("/sign-in")
    assert session.scalar(select(func.count()).select_from(Device).where(Device.account_id == account.id)) == 1


@pytest.mark.parametrize("value", ["", "x", "x" * 5000, "'; DROP TABLE sign_in; --", "%00", "ü", "\\x00", "a b"])
def test_a_cookie_that_is_none_of_ours_is_a_strangers(app, value):
    client = app.test_client()
    answer = client.get(
        "/account", headers={"Cookie": f"sid={value}; device={value}; gate={value}; language={value}; theme={value}"}
    )
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")


# Ends


def test_the_next_request_of_a_disabled_person_fails(browser, make, session):
    account = make.account()
    browser.sign_in(account).get("/account")
    account.state = AccountState.DISABLED
    session.commit()
    assert browser.get("/account").location == "/sign-in?next=/account"
    account.state = AccountState.ACTIVE
    session.commit()
    assert browser.get("/account").location == "/sign-in?next=/account", "and stays ended"


def test_the_next_press_of_a_disabled_person_changes_nothing(browser, make, session):
    account = make.account(Role.SECURITY_OFFICER)
    browser.sign_in(account).get("/accounts/new")
    account.state = AccountState.DISABLED
    session.commit()
    before = session.scalar(select(func.count()).select_from(Account))
    answer = browser.post("/accounts/new", shown_name="Ratna", username="ratna", role="staff")
    assert answer.location == "/sign-in"
    assert session.scalar(select(func.count()).select_from(Account)) == before


def test_an_account_that_ran_out_opens_nothing(browser, make, clock):
    import datetime as dt

    browser.sign_in(make.account(valid_until=clock.now + dt.timedelta(minutes=3)))
    assert browser.get("/account").status_code == 200
    clock.forward(minutes=3)
    assert browser.get("/account").location.startswith("/sign-in")


def test_ending_all_sign_ins_ends_them_on_other_devices_at_once(new_browser, make):
    account = make.account()
    here, there = new_browser().sign_in(account), new_browser().sign_in(account)
    assert there.get("/account").status_code == 200
    here.get("/account")
    assert here.post("/account/sign-ins/end-others", password=PASSWORD).status_code == 303
    assert there.get("/account").location.startswith("/sign-in")
    assert here.get("/account").status_code == 200


def test_after_signing_out_the_back_button_shows_nothing(browser, make):
    browser.sign_in(make.account())
    page = browser.get("/account")
    assert page.headers["Cache-Control"] == "no-store"
    answer = browser.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.client.get_cookie("sid") is None
    assert browser.get("/account").location.startswith("/sign-in")


# Forms that are not ours


def unsafe(world):
    return [(rule, method) for rule in world.rules() for method in sorted(rule.methods & UNSAFE)]


FROM_ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://jahat.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.jahat.example"},
    {"Origin": "http://localhost:81"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://jahat.example"},
)


def test_a_form_that_is_not_ours_is_refused_everywhere_and_writes_nothing(world, session, quiet):
    """Without a token, with a wrong one, with another person's, and with the right one from another site."""
    another = Browser(world.app, world.make).sign_in(world.make.account())
    another.get("/account")
    stranger = Browser(world.app, world.make)
    stranger.get("/sign-in")
    assert another.token != stranger.token
    for rule, method in unsafe(world):
        browser = world.browser_for(rule)
        url = world.open_url(rule, browser)
        before = rows(session)
        forged = [
            ({"code": "1"}, None),
            *(({"csrf_token": token}, None) for token in ("", "x", "ü" * 43, "\u0000", another.token, stranger.token)),
            *(({"csrf_token": browser.token}, headers) for headers in FROM_ELSEWHERE),
        ]
        for body, headers in forged:
            answer = browser.client.open(url, method=method, data=body, headers=headers)
            assert answer.status_code == 400, (method, rule.rule, body, headers)
            assert "<h1" in answer.get_data(as_text=True)
        assert rows(session) == before, (method, rule.rule)


def test_a_refused_form_is_in_the_record(browser, make, session):
    account = make.account()
    browser.sign_in(account)
    browser.post("/lock", csrf_token="x")
    newest = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert (newest.act, newest.result, newest.actor) == (Act.ACCESS_REFUSED, Result.REFUSED, account.ref)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},  # what browsers send under `no-referrer`
    ],
    ids=str,
)
def test_our_own_form_is_taken(browser, make, headers):
    browser.sign_in(make.account()).get("/account")
    assert browser.post("/display", language="en", headers=headers).status_code == 303


def test_a_stranger_without_our_cookie_cannot_post(app):
    for path in ("/sign-in", "/activation", "/display"):
        assert app.test_client().post(path, data={"csrf_token": ""}).status_code == 400


# Foreign, forbidden, missing


# What belongs to a house or to somebody who lives there. Referrals are the whole unit's while they wait.
OF_A_HOUSE = ("house", "room", "bed", "closure", "unclean", *OF_A_FAMILY)


def test_the_foreign_and_the_missing_answer_alike(app, make, session, quiet):
    """For every role and every page with a thing in its address: byte for byte the same."""
    own, other = make.house(), build(app, make)
    foreign = {kind: other.refs[kind] for kind in OF_A_HOUSE}
    tried = 0
    for role in (Role.STAFF, Role.CASEWORKER, Role.MANAGER):
        browser = Browser(app, make).sign_in(make.account(role, own))
        browser.get("/account")
        for rule, method in ways(other):
            access = declared_access(app, rule.endpoint)
            if not rule.arguments or not isinstance(access, Permission) or not allows(role, access):
                continue
            missing_url, *_ = other.urls(rule, ref=uuid.uuid4())
            missing = browser.get(missing_url) if method == "GET" else browser.post(missing_url)
            for url in other.urls(rule, **foreign):
                answer = browser.get(url) if method == "GET" else browser.post(url)
                assert answer.status_code == missing.status_code, (role, method, url)
                pages = [plain(one.get_data(as_text=True)) for one in (answer, missing)]
                assert pages[0] == pages[1], (role, method, url)
                tried += 1
            assert missing.status_code in {404, 409}, (role, method, rule.rule)
    assert tried > 50


@pytest.mark.parametrize(
    "address",
    [
        "/houses/not-a-uuid",
        "/houses/00000000",
        "/houses/%00",
        "/houses/..%2f..%2fetc%2fpasswd",
        "/houses/" + "a" * 5000,
        "/residents/1/move",
        "/residents/'/move",
        "/trail/",
        "/TRAIL",
        "/trail%0d%0aSet-Cookie:x=1",
        "/%F0%28",
    ],
)
def test_a_forged_address_is_a_page_that_does_not_exist(browser, make, quiet, address):
    browser.sign_in(make.account(Role.MANAGER, make.house()))
    answer = browser.get(address)
    assert answer.status_code in {404, 308}, address
    assert "x=1" not in str(answer.headers.getlist("Set-Cookie"))


def test_what_a_browser_asks_for_by_itself_is_nobodys_doing(browser, make, session):
    browser.sign_in(make.account())
    browser.get("/account")
    before = session.scalar(select(func.max(TrailEntry.seq)))
    assert browser.get("/favicon.ico").status_code == 404
    assert session.scalar(select(func.max(TrailEntry.seq))) == before
    assert browser.get("/favicon.png").status_code == 404
    assert session.scalar(select(func.max(TrailEntry.seq))) == (before or 0) + 1


# Addresses to go on to

ELSEWHERE = [
    "https://jahat.example/",
    "//jahat.example",
    "///jahat.example",
    "/\\jahat.example",
    "\\\\jahat.example",
    "http:jahat.example",
    "javascript:alert(1)",
    "/%2F/jahat.example",
    "/\tjahat.example",
    "/ /jahat.example",
    "https://localhost@jahat.example",
    "//localhost@jahat.example/account",
    "/account@jahat.example",
    "/account\r\nLocation: https://jahat.example",
    "data:text/html,x",
    "/no/such/page",
    "account",
    "/account" + "?" + "x" * 300,
    "/./\\jahat.example",
    "/;//jahat.example",
    "?//jahat.example",
    "/account\u2028//jahat.example",
    "///account",
    "/sign-out",
    "/static/teduh.css",
    "/nowhere",
    "/residents/9",
    "/account/",
    "/account//devices",
]


def stays_here(answer):
    assert answer.status_code == 303, answer.status_code
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))
    assert "jahat.example" not in answer.location.split("?")[0]
    assert len(answer.headers.getlist("Location")) == 1


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_elsewhere(browser, make, clock, target):
    account = make.account()
    browser.get("/sign-in", query_string={"next": target})
    stays_here(browser.post("/display", language="id", back=target))
    first = browser.post("/sign-in", username=account.username, password=PASSWORD, next=target)
    if first.status_code == 200:
        return  # an invisible character: the form itself is refused
    stays_here(first)
    browser.get("/sign-in/code", query_string={"next": target})
    answer = browser.client.post(
        "/sign-in/code", query_string={"next": target}, data={"csrf_token": browser.token, "code": make.code(account)}
    )
    stays_here(answer)
    browser.get("/account")
    stays_here(browser.get("/lock", query_string={"next": target}))
    stays_here(browser.post("/display", language="id", back=target))
    stays_here(browser.post("/lock", back=target))
    browser.get("/lock", query_string={"next": target})
    stays_here(browser.post("/unlock", password=PASSWORD, next=target))


@pytest.mark.parametrize("target", [*ELSEWHERE, "/sign-in", "/sign-in/code", "/activation", "/lock"])
def test_what_is_no_page_of_ours_leads_to_the_start_page(browser, make, clock, target):
    account = make.account()
    browser.get("/sign-in")
    browser.get(browser.post("/sign-in", username=account.username, password=PASSWORD).location)
    answer = browser.client.post(
        "/sign-in/code", query_string={"next": target}, data={"csrf_token": browser.token, "code": make.code(account)}
    )
    assert (answer.status_code, answer.location) == (303, "/")
    browser.get("/account")
    assert browser.post("/lock", back=target).location == "/lock"
    browser.get("/lock")
    answer = browser.post("/unlock", password=PASSWORD, next=target)
    assert answer.status_code == 200 or answer.location == "/", answer.location


@pytest.mark.parametrize("wanted", ["/help", "/"])
def test_a_page_for_everybody_is_led_back_to(browser, make, wanted):
    browser.sign_in(make.account())
    browser.get("/account")
    assert browser.post("/lock", back=wanted).location == f"/lock?next={wanted}"
    browser.get(f"/lock?next={wanted}")
    assert browser.post("/unlock", password=PASSWORD, next=wanted).location == wanted


def test_a_page_of_ours_is_led_back_to(browser, make):
    account = make.account(Role.SECURITY_OFFICER)
    wanted = "/trail?kind=opened"
    browser.get("/sign-in", query_string={"next": wanted})
    first = browser.post("/sign-in", username=account.username, password=PASSWORD, next=wanted)
    browser.get(first.location)
    answer = browser.client.post(first.location, data={"csrf_token": browser.token, "code": make.code(account)})
    assert answer.location == wanted


# What people write


def test_a_script_somebody_wrote_is_text_on_every_page(app, make, quiet):
    """The browser of the tests refuses a page with a script; here somebody wrote one wherever she could."""
    world = build(app, make, text=SCRIPT)
    shown = 0
    for rule in world.rules():
        if "GET" not in rule.methods:
            continue
        browser = world.browser_for(rule)
        for url in world.urls(rule):
            answer = browser.get(url)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                page = answer.get_data(as_text=True)
                assert "<script" not in page, url
                assert "<img src=x" not in page, url
                shown += page.count("&lt;script&gt;")
    assert shown > 10


def test_a_script_comes_back_as_text_when_a_form_is_refused(browser, make):
    browser.sign_in(make.account(Role.SECURITY_OFFICER))
    browser.get("/accounts/new")
    answer = browser.post("/accounts/new", shown_name=SCRIPT, username=SCRIPT)
    assert answer.status_code == 200
    assert "&lt;script&gt;" in browser.page


HOSTILE = {
    "control": "a\x00b\x08c\x1b[31m",
    "long": "a" * 50_000,
    "negative": "-1",
    "huge": "9" * 60,
    "quotes": "'; DROP TABLE account; --",
    "format": "%s%n{0.__class__}%(x)s",
    "direction": "\u202eabc\u2066\ufeff",
    "emoji": "😀👩‍👧" * 20,
    "half": "\ud800",
    "path": "../../etc/passwd",
    "formula": '=HYPERLINK("http://jahat.example")',
    "reference": "00000000-0000-0000-0000-000000000000",
    "blank": "\u00a0 \u3000",
    "digits": "１２",
    "date": "31",
}


@pytest.mark.parametrize("turn", range(4))
def test_no_form_breaks_whatever_is_written_into_it(world, session, quiet, turn):
    """Every box of every form holds something else each turn; the answer says what is wrong and is never a fault."""
    kinds = list(HOSTILE.values())
    for rule, method in unsafe(world):
        if rule.endpoint in {"access.sign_out", "access.lock"}:
            continue
        browser = world.browser_for(rule)
        url = world.open_url(rule, browser)
        browser.page = ""
        if "GET" in rule.methods:
            browser.get(url)
        hidden = dict(HIDDEN.findall(browser.page))
        names = sorted(set(NAMES.findall(browser.page)) - {"csrf_token", "act_key"}) or ["password", "code", "reason"]
        body = {
            name: kinds[(at + 4 * turn) % len(kinds)].encode("utf-8", "surrogatepass") for at, name in enumerate(names)
        }
        answer = browser.client.open(
            url,
            method=method,
            data={**body, "act_key": hidden.get("act_key", str(uuid.uuid4())), "csrf_token": browser.token},
        )
        assert answer.status_code < 500, (method, rule.rule, body)


def test_no_form_breaks_on_choices_and_keys_nobody_offered(world, quiet):
    for rule, method in unsafe(world):
        if rule.endpoint in {"access.sign_out", "access.lock"}:
            continue
        browser = world.browser_for(rule)
        url = world.open_url(rule, browser)
        browser.page = ""
        if "GET" in rule.methods:
            browser.get(url)
        names = set(NAMES.findall(browser.page)) - {"csrf_token", "act_key"}
        for key in ("", "x", str(uuid.uuid4())):
            body = {
                **{name: ["a", "b", ""] for name in names},
                "house_id": "1",
                "role": "manager",
                "id": "1",
                "owner": "1",
                "act_key": key,
                "csrf_token": browser.token,
            }
            answer = browser.client.open(url, method=method, data=body)
            assert answer.status_code < 500, (method, rule.rule, key)
            browser.get("/help")


def test_a_field_of_five_megabytes_is_too_large_everywhere(world, session, quiet):
    large = b"&note=" + b"a" * 5_000_000
    for rule, method in unsafe(world):
        browser = world.browser_for(rule)
        url = world.open_url(rule, browser)
        before = rows(session)
        answer = browser.client.open(
            url,
            method=method,
            data=f"csrf_token={browser.token}".encode() + large,
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 413, (method, rule.rule)
        assert rows(session) == before, (method, rule.rule)


def test_a_page_that_takes_files_takes_no_large_text(world):
    """Only what is a file may be large, and only up to the size the page names."""
    taking = [rule for rule in world.rules() if hasattr(world.app.view_functions[rule.endpoint], "largest")]
    assert taking
    for rule in taking:
        browser = world.browser_for(rule)
        browser.get(rule.rule)
        boundary = "tepi"
        part = 'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
        largest = world.app.view_functions[rule.endpoint].largest
        for name, more, size in (("note", "", 5_000_000), ("file", '; filename="x.xlsx"', largest)):
            body = f"--{boundary}\r\n".join(
                (
                    "",
                    part.format(name="csrf_token", more="", value=browser.token),
                    part.format(name=name, more=more, value="a" * size),
                )
            )
            answer = browser.client.post(
                rule.rule,
                data=(body + f"--{boundary}--\r\n").encode(),
                content_type=f"multipart/form-data; boundary={boundary}",
            )
            assert answer.status_code == 413, (rule.rule, name)


def test_a_form_of_thousands_of_fields_is_not_read(browser, make):
    browser.sign_in(make.account()).get("/account")
    body = {f"f{n}": "" for n in range(2500)}
    answer = browser.client.post(
        "/account/password", data={**body, "csrf_token": browser.token}, content_type="multipart/form-data"
    )
    assert answer.status_code in {400, 413}


def test_the_tables_stand_after_all_this(world, session):
    assert set(look_at(session.get_bind()).get_table_names()) >= {table.name for table in METADATA.sorted_tables}
    assert session.scalar(text("SELECT count(*) FROM account")) > 0
