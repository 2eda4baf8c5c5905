"""Every route declares who may open it, and the answer to everybody else is always the same.

The tests walk the map of routes: a new page is judged as soon as it exists.
"""

import ast
import re
import uuid

import pytest
from flask import url_for
from werkzeug.routing import AnyConverter

from safehouse.access.guard import (
    ENROLLING,
    LOCKED,
    PUBLIC,
    SECOND_STEP,
    SIGNING_OUT,
    declared_access,
    needs,
)
from safehouse.access.models import Level
from safehouse.access.permissions import GRANTS, Permission, Role, allows
from tests.architecture.source import MODULES, named, tree_of

# Written out by hand on purpose: whoever opens a page to strangers must say so here too.
PUBLIC_ENDPOINTS = {"static", "web.front", "web.help", "web.display", "access.sign_in", "enrolment.activation"}
ON_THE_WAY_IN = {
    SECOND_STEP: {"access.code", "access.recovery"},
    ENROLLING: {"enrolment.factor", "enrolment.recovery_codes"},
    LOCKED: {"access.lock", "access.locked", "access.unlock_now"},
    SIGNING_OUT: {"access.sign_out"},
}

# Written out by hand on purpose: whoever widens a role must say so here too.
WHO_MAY = {
    "access:account:administer": {"security_officer"},
    "access:account:own": {"staff", "caseworker", "manager", "security_officer"},
    "access:approval:decide": {"manager", "security_officer"},
    "access:house:administer": {"manager"},
    "access:house:locate": {"manager"},
    "access:office:administer": {"security_officer"},
    "oversight:trail:read": {"security_officer"},
    "residents:alert:write": {"caseworker", "manager"},
    "residents:assignment:decide": {"manager"},
    "residents:conflict:explain": {"manager"},
    "residents:conflict:record": {"caseworker", "manager"},
    "residents:consent:record": {"staff", "caseworker", "manager"},
    "residents:grant:review": {"manager", "security_officer"},
    "residents:grant:take": {"caseworker", "manager"},
    "residents:identity:open": {"caseworker", "manager"},
    "residents:identity:record": {"caseworker", "manager"},
    "residents:matter:record": {"caseworker", "manager"},
    "residents:relation:keep": {"security_officer"},
    "residents:resident:find": {"staff", "caseworker", "manager"},
    "residents:resident:read": {"staff", "caseworker", "manager"},
    "services:agenda:read": {"staff", "caseworker", "manager"},
    "services:appointment:make": {"caseworker", "manager"},
    "services:appointment:settle": {"staff", "caseworker", "manager"},
    "services:mediation:decide": {"manager"},
    "services:note:read": {"caseworker"},
    "services:plan:keep": {"caseworker"},
    "services:plan:read": {"caseworker", "manager"},
    "services:report:print": {"caseworker", "manager"},
    "services:review:decide": {"manager"},
    "services:review:write": {"caseworker"},
    "services:simfoni:fill": {"caseworker", "manager"},
    "services:stage:administer": {"manager"},
    "shelter:bed:ready": {"staff", "caseworker", "manager"},
    "shelter:board:read": {"staff", "caseworker", "manager"},
    "shelter:departure:record": {"staff", "caseworker", "manager"},
    "shelter:departure:review": {"manager"},
    "shelter:extension:ask": {"caseworker", "manager"},
    "shelter:extension:decide": {"manager"},
    "shelter:intake:record": {"staff", "caseworker", "manager"},
    "shelter:leave:record": {"staff", "caseworker", "manager"},
    "shelter:placement:confirm": {"manager"},
    "shelter:placement:decide": {"staff", "caseworker", "manager"},
    "shelter:referral:answer": {"caseworker", "manager"},
    "shelter:referral:take": {"staff", "caseworker", "manager"},
    "shelter:register:import": {"manager"},
    "shelter:screening:record": {"staff", "caseworker", "manager"},
    "shelter:stay:move": {"staff", "caseworker", "manager"},
    "today:page:read": {"staff", "caseworker", "manager"},
}

NOWHERE = uuid.UUID(int=0)
SAMPLES = {"UUIDConverter": NOWHERE, "IntegerConverter": 1}
URL = re.compile(r"(/|(/[a-z0-9]+(-[a-z0-9]+)*|/<(uuid|int|any\([a-z_,]+\)):[a-z_]+>)+)")


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def guarded(app):
    return [rule for rule in rules(app) if isinstance(declared_access(app, rule.endpoint), Permission)]


def url_of(app, rule, ref=NOWHERE):
    """An address of this route; every UUID in it is `ref`."""
    values = {name: _sample(rule._converters[name]) for name in rule.arguments}
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: ref if value == NOWHERE else value for name, value in values.items()})


def _sample(converter):
    return min(converter.items) if isinstance(converter, AnyConverter) else SAMPLES[type(converter).__name__]


def ways(app, some_rules):
    return [(rule, method) for rule in some_rules for method in sorted(rule.methods - {"OPTIONS", "HEAD"})]


# First: the tests can see.


def test_a_view_that_declares_nothing_is_seen(lone_app):
    app = lone_app("sqlite")
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    app.add_url_rule("/declared", "declared", needs(Permission.BOARD_READ)(lambda: "board"))
    assert declared_access(app, "forgotten") is None
    assert declared_access(app, "declared") is Permission.BOARD_READ
    assert {rule.endpoint for rule in guarded(app)} >= {"declared"}
    assert "forgotten" not in {rule.endpoint for rule in guarded(app)}


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("/", True),
        ("/beds", True),
        ("/sign-in/code", True),
        ("/referrals/<uuid:ref>/beds-2/<int:page>", True),
        ("/plans/<uuid:ref>/<any(health,social_work):domain>", True),
        ("/plans/<uuid:ref>/<any(Health):domain>", False),
        ("/Beds", False),
        ("/referrals/<ref>", False),
        ("/residents/<string:code>", False),
        ("/my_page", False),
        ("/beds/", False),
        ("/a--b", False),
    ],
)
def test_an_untidy_address_is_seen(url, fine):
    assert bool(URL.fullmatch(url)) is fine


def test_the_routes_are_seen_at_all(app):
    found = {rule.endpoint for rule in guarded(app)}
    assert {"trail.listing", "trail.check"} <= found
    assert len(found) > 2


# Then they judge.


def test_every_route_declares_its_access(app):
    silent = {rule.endpoint for rule in app.url_map.iter_rules() if declared_access(app, rule.endpoint) is None}
    assert silent == set(), "add @needs(...) or @public to these views"


def test_the_public_pages_are_exactly_these(app):
    found = {rule.endpoint for rule in app.url_map.iter_rules() if declared_access(app, rule.endpoint) is PUBLIC}
    assert found == PUBLIC_ENDPOINTS


@pytest.mark.parametrize("step", ON_THE_WAY_IN)
def test_the_pages_on_the_way_in_are_exactly_these(app, step):
    found = {rule.endpoint for rule in rules(app) if declared_access(app, rule.endpoint) is step}
    assert found == ON_THE_WAY_IN[step]


def test_the_access_table_is_the_agreed_one():
    assert {p.value: {r.value for r in Role if allows(r, p)} for p in Permission} == WHO_MAY


def test_every_permission_is_granted_to_someone_and_used(app):
    granted = frozenset().union(*GRANTS.values())
    used = {declared_access(app, rule.endpoint) for rule in guarded(app)}
    assert set(Permission) == granted
    assert set(Permission) - used == set(), "no page asks for these permissions"
    assert set(GRANTS) == set(Role)


def test_a_stranger_is_sent_to_sign_in_everywhere(app):
    stranger = app.test_client()
    for rule in rules(app):
        if rule.endpoint in PUBLIC_ENDPOINTS:
            continue
        for method in sorted(rule.methods):
            answer = stranger.open(url_of(app, rule), method=method)
            assert answer.status_code == 303, (method, rule.rule)
            assert answer.location.split("?")[0] == "/sign-in", (method, rule.rule)
            assert "<main" not in answer.get_data(as_text=True), (method, rule.rule)


def test_a_path_nobody_serves_answers_a_stranger_like_any_page(app):
    stranger = app.test_client()
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        answer = stranger.open("/no/such/page", method=method)
        assert (answer.status_code, answer.location) == (303, "/sign-in"), method


@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_the_permission_is_refused_everywhere(app, make, browser, role):
    house = make.house()
    resident = make.resident(make.beds(make.room(house, beds=1))[0])
    browser.sign_in(make.account(role, house))
    missing = browser.get("/no/such/page")
    closed = [rule for rule in guarded(app) if not allows(role, declared_access(app, rule.endpoint))]
    assert closed, "there is something this role may not do"
    for rule, method in ways(app, closed):
        url = url_of(app, rule, house.ref if rule.rule.startswith("/houses") else resident.ref)
        answer = browser.get(url) if method == "GET" else browser.post(url)
        assert (answer.status_code, _plain(answer)) == (404, _plain(missing)), (role, method, rule.rule)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_with_the_permission_is_let_in(app, make, browser, role):
    """The counterpart: refusing everybody would satisfy the test above."""
    house = make.house()
    browser.sign_in(make.account(role, house))
    opened = [rule for rule in guarded(app) if allows(role, declared_access(app, rule.endpoint))]
    assert opened
    for rule in opened:
        if "GET" in rule.methods and not rule.arguments:
            assert browser.get(rule.rule).status_code in {200, 303}, (role, rule.rule)


@pytest.mark.parametrize("level", [Level.PASSWORD, Level.ENROLLING])
def test_half_a_sign_in_opens_no_page_of_the_house(app, make, browser, level):
    browser.sign_in(make.account(Role.MANAGER, make.house()), level=level)
    for rule, method in ways(app, guarded(app)):
        url = url_of(app, rule)
        answer = browser.get(url) if method == "GET" else browser.post(url)
        assert answer.status_code == 303, (method, rule.rule)
        assert answer.location in {"/sign-in/code", "/activation/second-step"}, (method, rule.rule)


def test_a_locked_screen_opens_no_page_of_the_house(app, make, browser):
    browser.sign_in(make.account(Role.MANAGER, make.house()))
    assert browser.get("/help").status_code == 200
    assert browser.post("/lock").status_code == 303
    for rule, method in ways(app, guarded(app)):
        url = url_of(app, rule)
        answer = browser.get(url) if method == "GET" else browser.post(url)
        assert answer.status_code == 303, (method, rule.rule)
        assert answer.location.split("?")[0] == "/lock", (method, rule.rule)


def test_a_view_that_forgets_to_declare_is_refused(lone_app):
    app = lone_app("sqlite")
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_a_view_that_forgets_to_declare_is_refused_to_signed_in_people_too(lone_app):
    from tests.browsing import Browser
    from tests.office import Make

    app = lone_app("sqlite")
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    mistyped = lambda: "secret"  # noqa: E731
    mistyped.access = "shelter:board:read"
    app.add_url_rule("/mistyped", "mistyped", mistyped)
    with app.extensions["db_writing"](expire_on_commit=False) as session:
        make = Make(session, app.extensions["test_clock"])
        browsers = {role: Browser(app, make).sign_in(make.account(role)) for role in Role}
    for role, browser in browsers.items():
        for url in ("/forgotten", "/mistyped"):
            answer = browser.get(url)
            assert answer.status_code == 404, (role, url)
            assert "secret" not in answer.get_data(as_text=True)


def test_addresses_are_lower_case_with_hyphens_and_typed_parts(app):
    untidy = [rule.rule for rule in rules(app) if not URL.fullmatch(rule.rule)]
    assert untidy == []


def test_no_page_changes_something_when_it_is_only_opened(app):
    """GET and POST live on one address only where a form is shown and sent; a bare verb is POST alone."""
    verbs = re.compile(r"/(check|undo|lock-now|end|revoke|disable|enable|delete|remove|sign-out|unlock)$")
    wrong = [
        rule.rule
        for rule in rules(app)
        if verbs.search(rule.rule) and rule.methods & {"GET"} and not rule.methods & {"POST"}
    ]
    assert wrong == []


def _plain(answer):
    return re.sub(r'name="(csrf_token|act_key|back|display)" value="[^"]*"', "", answer.get_data(as_text=True))


# Break-glass


def test_break_glass_lets_somebody_look_at_one_resident_and_do_nothing():
    """Half an hour must not become a lasting right: only these pages look a resident up with it, by hand written."""
    passing = {
        named(path): sorted(
            {
                inner.name
                for inner in ast.walk(tree_of(path))
                if isinstance(inner, ast.FunctionDef)
                for call in ast.walk(inner)
                if isinstance(call, ast.Call) and any(keyword.arg == "granted" for keyword in call.keywords)
                if ast.unparse(call.func).endswith(("find_resident", "seen_resident"))
            }
        )
        for path in MODULES
    }
    assert {name: found for name, found in passing.items() if found} == {
        "residents/views/identifying.py": ["ask", "close", "shown"],
        "residents/views/seen.py": ["seen_resident"],
        "today/views/resident.py": ["resident"],
    }
